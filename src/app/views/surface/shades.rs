use egui::{Color32, ColorImage, TextureHandle, TextureOptions, Ui};

use crate::analysis::{Grid, HeightScale};
use crate::app::theme::Theme;
use crate::app::views::axes::Bounds;
use crate::surfaces::Surface;

/// Bands between contours.
const N_BANDS: usize = 16;
/// Points along x and y at which the surface is computed.
const SAMPLES: [usize; 2] = [220, 170];
/// Pixels of the picture along x and y at most.
const MOST_PIXELS: [usize; 2] = [720, 560];

/// The picture of a surface from above, in bands of equal shade with lines between them.
#[derive(Default)]
pub(super) struct Shades {
    painted: Option<(Painted, TextureHandle)>,
}

#[derive(Clone, PartialEq)]
struct Painted {
    surface: Surface,
    bounds: Bounds,
    size: [usize; 2],
    dark: bool,
    shares: [f32; 2],
}

impl Shades {
    /// The texture of a part of the plane, about as fine as a picture of `size` points needs.
    /// `shares` say how much of the shade the highest and the lowest place have.
    pub(super) fn texture(
        &mut self,
        ui: &Ui,
        theme: &Theme,
        surface: &Surface,
        bounds: Bounds,
        size: egui::Vec2,
        shares: [f32; 2],
    ) -> egui::TextureId {
        let per_point = ui.ctx().pixels_per_point();
        let size = [0, 1]
            .map(|axis: usize| ((size[axis] * per_point) as usize).clamp(2, MOST_PIXELS[axis]));
        let surface = surface.clone();
        let wanted = Painted { surface, bounds, size, dark: theme.dark, shares };
        if let Some((painted, texture)) = &self.painted
            && *painted == wanted
        {
            return texture.id();
        }
        let image = paint(theme, &wanted);
        let texture = match self.painted.take() {
            Some((_, mut texture)) => {
                texture.set(image, TextureOptions::LINEAR);
                texture
            }
            None => ui.ctx().load_texture("surface", image, TextureOptions::LINEAR),
        };
        let id = texture.id();
        self.painted = Some((wanted, texture));
        id
    }
}

/// The lowest place worth a shade: the lowest known minimum, or lower where something lower is seen.
pub(super) fn floor_of(surface: &Surface, values: &[f64]) -> f64 {
    let rule = surface.rule::<f64>();
    let minima = rule.minima();
    let known = minima.iter().map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
    let seen = values.iter().copied().filter(|value| value.is_finite());
    let lowest = seen.fold(known, f64::min);
    if lowest.is_finite() { lowest } else { 0.0 }
}

/// The names of the first two coordinates.
pub(super) fn axis_names(surface: &Surface) -> [&'static str; 2] {
    if surface.rule::<f64>().dimension() == 2 { ["x", "y"] } else { ["x₁", "x₂"] }
}

/// The heights of a surface over the plane of its first two coordinates; where it has more, through
/// its first minimum.
pub(super) fn heights(surface: &Surface) -> impl Fn([f64; 2]) -> f64 {
    let rule = surface.rule::<f64>();
    move |[x, y]| rule.slice(x, y)
}

fn paint(theme: &Theme, wanted: &Painted) -> ColorImage {
    let grid = Grid::sample(SAMPLES, wanted.bounds, heights(&wanted.surface));
    let scale = HeightScale::new(floor_of(&wanted.surface, &grid.values), &grid.values, true);
    let heights: Vec<f32> =
        grid.values.iter().map(|value| (scale.share(*value) * N_BANDS as f64) as f32).collect();
    let [width, height] = wanted.size;
    let mut levels = Vec::with_capacity(width * height);
    for row in 0..height {
        let (above, down) = between(row, height, SAMPLES[1]);
        for column in 0..width {
            let (left, across) = between(column, width, SAMPLES[0]);
            let at = |row: usize, column: usize| heights[row * SAMPLES[0] + column];
            let along = |row: usize| at(row, left) + across * (at(row, left + 1) - at(row, left));
            levels.push(along(above) + down * (along(above + 1) - along(above)));
        }
    }
    let tint = theme.accent.lerp_to_gamma(theme.faint, 0.45);
    let [highest, lowest] = wanted.shares;
    let bands: Vec<Color32> = (0..N_BANDS)
        .map(|band| {
            let height = band as f32 / (N_BANDS - 1) as f32;
            theme.plot.lerp_to_gamma(tint, lowest + (highest - lowest) * height)
        })
        .collect();
    let line = if theme.dark { theme.text } else { theme.accent };
    let strength = if theme.dark { 0.26 } else { 0.34 };
    let mut pixels = Vec::with_capacity(levels.len());
    for (index, level) in levels.iter().copied().enumerate() {
        if !level.is_finite() {
            pixels.push(theme.plot);
            continue;
        }
        let (row, column) = (index / width, index % width);
        let beside = levels[if column + 1 < width { index + 1 } else { index - 1 }];
        let below = levels[if row + 1 < height { index + width } else { index - width }];
        let rise = (beside - level).abs().max((below - level).abs());
        let band = (level as usize).min(N_BANDS - 1);
        let nearest = level.round();
        // Half a pixel to either side of the contour; where contours crowd, they fade.
        let mut cover = 0.0;
        if rise > 0.0 && nearest > 0.0 && nearest < N_BANDS as f32 {
            cover = (1.1 - (level - nearest).abs() / rise).clamp(0.0, 1.0);
            cover *= (1.5 - 2.0 * rise).clamp(0.0, 1.0);
        }
        pixels.push(bands[band].lerp_to_gamma(line, strength * cover));
    }
    ColorImage::new(wanted.size, pixels)
}

/// Between which samples the middle of a pixel lies: the first of the two, and how far from it.
fn between(pixel: usize, n_pixels: usize, n_samples: usize) -> (usize, f32) {
    let at = (pixel as f32 + 0.5) / n_pixels as f32 * n_samples as f32 - 0.5;
    let at = at.clamp(0.0, (n_samples - 1) as f32);
    let first = (at as usize).min(n_samples - 2);
    (first, at - first as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contours_stand_out_from_their_bands_in_both_themes() {
        let surface = Surface::named("Quadratic").expect("a surface of that name");
        let bounds = [[-4.0, 4.0], [-4.0, 4.0]];
        for theme in [Theme::LIGHT, Theme::DARK] {
            let wanted = Painted {
                surface: surface.clone(),
                bounds,
                size: [200, 150],
                dark: theme.dark,
                shares: [0.0, 0.6],
            };
            let image = paint(&theme, &wanted);
            assert_eq!(image.size, [200, 150]);
            let brightness = |color: &Color32| i32::from(color.r()) + i32::from(color.g());
            // Down the middle column there are steps that the eye can see.
            let column: Vec<i32> =
                (0..150).map(|row| brightness(&image.pixels[row * 200 + 100])).collect();
            let n_edges = column.windows(2).filter(|pair| (pair[0] - pair[1]).abs() > 14).count();
            assert!(n_edges >= 6, "{n_edges} edges, dark: {}", theme.dark);
        }
    }

    #[test]
    fn a_pixel_lies_between_two_samples() {
        assert_eq!(between(0, 10, 10), (0, 0.0));
        assert_eq!(between(9, 10, 10), (8, 1.0));
        assert_eq!(between(2, 4, 2), (0, 0.75));
    }
}
