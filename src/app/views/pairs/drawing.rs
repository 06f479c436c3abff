use std::sync::Arc;

use egui::{Color32, ColorImage, Stroke, TextureHandle, TextureOptions, Ui, vec2};
use egui_plot::{MarkerShape, PlotImage, PlotPoint, PlotPoints, PlotTransform, PlotUi, Points};

use super::super::pictures::{class_color, value_color};
use super::super::subject::{Shown, shortened};
use crate::analysis::{
    Cloud, CloudPicture, CloudQuestion, Density, PARTS, PrincipalComponents, Tint, format_value,
};
use crate::app::theme::{Theme, small};
use crate::data::Cells;
use crate::math::elementary::double::ln_1p;

/// Shades of values that are told apart.
const N_VALUES: usize = 24;
/// Columns whose loadings are drawn.
const MOST_ARROWS: usize = 8;
/// Room for the words in the lower corner.
const ROOM_BELOW: f32 = 22.0;
/// Names in the legend.
const MOST_NAMES: usize = 10;

/// A cloud made ready to be drawn: once, not in each frame.
#[derive(Default)]
pub(super) struct Drawing {
    made_of: Option<(Arc<Cloud>, CloudQuestion, bool)>,
    /// Rows by colour and part.
    series: Vec<Series>,
    texture: Option<TextureHandle>,
    /// Where the picture of a density lies.
    bounds: Option<[[f64; 2]; 2]>,
}

struct Series {
    points: Vec<PlotPoint>,
    color: Color32,
    part: usize,
}

impl Drawing {
    /// The cloud it is made of.
    pub(super) fn cloud(&self) -> Option<&Cloud> {
        self.made_of.as_ref().map(|(cloud, ..)| &**cloud)
    }

    /// Makes it ready anew, where the cloud or the colours are others than last time.
    pub(super) fn follow(
        &mut self,
        ui: &Ui,
        theme: &Theme,
        shown: &Shown,
        asked: &CloudQuestion,
        cloud: &Arc<Cloud>,
    ) {
        let is_same = self.made_of.as_ref().is_some_and(|(known, question, dark)| {
            Arc::ptr_eq(known, cloud) && question == asked && *dark == theme.dark
        });
        if is_same {
            return;
        }
        self.made_of = Some((Arc::clone(cloud), asked.clone(), theme.dark));
        self.series.clear();
        self.bounds = None;
        let palette = Palette::of(theme, shown, asked, cloud);
        match &cloud.picture {
            CloudPicture::Dots(dots) => {
                self.texture = None;
                let n_parts = PARTS.len() + 1;
                let mut groups: Vec<Option<Series>> = Vec::new();
                for dot in dots {
                    let shade = palette.index(dot.tint);
                    let part = usize::from(dot.part).min(n_parts - 1);
                    let place = shade * n_parts + part;
                    if place >= groups.len() {
                        groups.resize_with(place + 1, || None);
                    }
                    let color = palette.colors[shade];
                    let group = groups[place].get_or_insert_with(|| Series {
                        points: Vec::new(),
                        color,
                        part,
                    });
                    group.points.push(PlotPoint::new(dot.at[0], dot.at[1]));
                }
                self.series = groups.into_iter().flatten().collect();
            }
            CloudPicture::Density(density) => {
                let image = paint(density, &palette, theme);
                let options = TextureOptions::NEAREST;
                match &mut self.texture {
                    Some(texture) => texture.set(image, options),
                    None => self.texture = Some(ui.ctx().load_texture("density", image, options)),
                }
                self.bounds = Some(density.bounds);
            }
        }
    }

    /// Adds it to a plot that is `room` large.
    pub(super) fn draw<'a>(&'a self, plot: &mut PlotUi<'a>, room: egui::Vec2) {
        if let (Some(texture), Some([[x0, x1], [y0, y1]])) = (&self.texture, self.bounds) {
            let center = PlotPoint::new(0.5 * (x0 + x1), 0.5 * (y0 + y1));
            let size = [(x1 - x0) as f32, (y1 - y0) as f32];
            plot.image(PlotImage::new("density", texture.id(), center, size).allow_hover(false));
        }
        let n_points: usize = self.series.iter().map(|series| series.points.len()).sum();
        let radius = match n_points {
            0..=500 => 3.0,
            501..=5_000 => 2.3,
            _ => 1.6,
        };
        // So small that they cover no more than a third of a small plot.
        let third = room.x.max(1.0) * room.y.max(1.0) / 3.0;
        let radius =
            (third / (n_points.max(1) as f32 * std::f32::consts::PI)).sqrt().clamp(1.0, radius);
        for (index, series) in self.series.iter().enumerate() {
            let points = Points::new(format!("rows {index}"), PlotPoints::Borrowed(&series.points));
            let points = match series.part {
                0 => points.shape(MarkerShape::Circle).filled(true).radius(radius),
                1 => points.shape(MarkerShape::Circle).filled(false).radius(radius + 0.4),
                2 => points.shape(MarkerShape::Diamond).filled(false).radius(radius + 0.8),
                _ => points.shape(MarkerShape::Cross).radius(radius),
            };
            plot.points(points.color(series.color.gamma_multiply(0.85)).allow_hover(false));
        }
    }

    /// What the colours mean, and the marks where there is room.
    pub(super) fn legend(
        &self,
        theme: &Theme,
        shown: &Shown,
        asked: &CloudQuestion,
        is_roomy: bool,
    ) -> Vec<(Option<Color32>, String)> {
        let Some(cloud) = self.cloud() else { return Vec::new() };
        let palette = Palette::of(theme, shown, asked, cloud);
        let mut lines = palette.legend;
        if !is_roomy {
            lines.truncate(6);
            return lines;
        }
        let mut seen = [false; 4];
        self.series.iter().for_each(|series| seen[series.part.min(3)] = true);
        if seen.iter().filter(|seen| **seen).count() > 1 {
            let marks =
                ["filled: training", "rings: validation", "diamonds: test", "crosses: no target"];
            let marks: Vec<&str> = marks
                .into_iter()
                .zip(seen)
                .filter(|(_, seen)| *seen)
                .map(|(mark, _)| mark)
                .collect();
            lines.push((None, marks.join(", ")));
        }
        if let CloudPicture::Density(density) = &cloud.picture {
            let highest = format_value(f64::from(density.highest()), 9);
            lines.push((None, format!("density: up to {highest} rows in a cell")));
        }
        lines
    }
}

/// The colours of a cloud.
struct Palette {
    colors: Vec<Color32>,
    /// Of values; `None` for classes and levels, which are indices.
    range: Option<[f64; 2]>,
    /// How many classes or levels have colours; the last colour is for rows without.
    n_kinds: usize,
    legend: Vec<(Option<Color32>, String)>,
}

impl Palette {
    fn of(theme: &Theme, shown: &Shown, asked: &CloudQuestion, cloud: &Cloud) -> Self {
        let plain = Self {
            colors: vec![class_color(theme, 0), class_color(theme, 0)],
            range: None,
            n_kinds: 1,
            legend: Vec::new(),
        };
        let named = |names: &[String]| {
            let mut colors: Vec<Color32> =
                (0..names.len()).map(|index| class_color(theme, index)).collect();
            let entry = |(name, color): (&String, &Color32)| (Some(*color), name.clone());
            let mut legend: Vec<_> =
                names.iter().zip(&colors).take(MOST_NAMES).map(entry).collect();
            if names.len() > MOST_NAMES {
                legend
                    .push((None, format!("and {} more, colours repeat", names.len() - MOST_NAMES)));
            }
            colors.push(theme.faint);
            Self { colors, range: None, n_kinds: names.len(), legend }
        };
        match asked.tint {
            Tint::Plain => plain,
            Tint::Class => named(&shown.prepared.class_names),
            Tint::Column(column) => match shown.table().columns.get(column) {
                None => plain,
                Some(found) => match (&found.cells, cloud.tint_range) {
                    (Cells::Nominal { levels, .. }, _) => named(levels),
                    (Cells::Numeric(_), None) => plain,
                    (Cells::Numeric(_), Some([low, high])) => {
                        let shade = |index: usize| {
                            value_color(theme, (index as f32 + 0.5) / N_VALUES as f32)
                        };
                        let mut colors: Vec<Color32> = (0..N_VALUES).map(shade).collect();
                        colors.push(theme.faint);
                        let line = |share: f32| {
                            let value = low + (high - low) * f64::from(share);
                            (Some(value_color(theme, share)), format_value(value, 4))
                        };
                        let mut legend = vec![(None, found.name.clone())];
                        legend.extend([1.0, 0.5, 0.0].map(line));
                        Self { colors, range: Some([low, high]), n_kinds: N_VALUES, legend }
                    }
                },
            },
        }
    }

    /// The colour's index for a class, level or value.
    fn index(&self, tint: f32) -> usize {
        if tint.is_nan() {
            return self.colors.len() - 1;
        }
        let index = match self.range {
            None => tint as usize,
            Some([low, high]) if high > low => {
                let share = (f64::from(tint) - low) / (high - low);
                ((share * N_VALUES as f64) as usize).min(N_VALUES - 1)
            }
            Some(_) => N_VALUES / 2,
        };
        index.min(self.n_kinds.max(1) - 1)
    }
}

/// The picture of a density: the mean of the colours in each cell, the stronger the more rows it has.
fn paint(density: &Density, palette: &Palette, theme: &Theme) -> ColorImage {
    let highest = ln_1p(f64::from(density.highest())).max(1e-9);
    let n_shades = density.n_shades;
    let pixel = |cell: usize| {
        let count = density.counts[cell];
        if count == 0 {
            return Color32::TRANSPARENT;
        }
        let color = if n_shades == 0 {
            let mean = density.means[cell];
            palette.colors[palette.index(mean)]
        } else {
            let shades = &density.shades[cell * n_shades..][..n_shades];
            let mut mixed = [0.0_f32; 3];
            for (index, n) in shades.iter().enumerate().filter(|(_, n)| **n > 0) {
                let last = index + 1 == n_shades;
                let color = match last {
                    true => theme.faint,
                    false => palette.colors[index.min(palette.colors.len() - 1)],
                };
                for (sum, part) in mixed.iter_mut().zip(color.to_array()) {
                    *sum += f32::from(part) * *n as f32 / count as f32;
                }
            }
            Color32::from_rgb(mixed[0] as u8, mixed[1] as u8, mixed[2] as u8)
        };
        let strength = 0.22 + 0.78 * (ln_1p(f64::from(count)) / highest) as f32;
        color.gamma_multiply(strength)
    };
    ColorImage::new(density.size, (0..density.counts.len()).map(pixel).collect())
}

/// Arrows from the middle: how much each of the strongest columns has in the two components.
pub(super) fn loadings_ui(
    ui: &Ui,
    theme: &Theme,
    shown: &Shown,
    transform: &PlotTransform,
    fit: &PrincipalComponents,
) {
    let area = *transform.frame();
    let painter = ui.painter().with_clip_rect(area);
    let origin = transform.position_from_point(&PlotPoint::new(0.0, 0.0));
    let arrows = fit.strongest(MOST_ARROWS);
    let longest = arrows.iter().map(|(_, [x, y])| (x * x + y * y).sqrt()).fold(1e-12, f64::max);
    let reach = 0.38 * area.width().min(area.height());
    let font = egui::FontId::proportional(11.0);
    let mut taken: Vec<egui::Rect> = Vec::new();
    for (column, [x, y]) in arrows {
        let along = vec2((x / longest) as f32, -(y / longest) as f32) * reach;
        arrow(&painter, origin, along, Stroke::new(1.3, theme.text));
        let text = shown.name(column);
        let short = text.chars().take(24).collect::<String>();
        let galley = painter.layout_no_wrap(short, font.clone(), theme.text);
        let size = galley.size();
        let side = if along.x >= 0.0 {
            vec2(4.0, -0.5 * size.y)
        } else {
            vec2(-4.0 - size.x, -0.5 * size.y)
        };
        let mut rect = egui::Rect::from_min_size(origin + along + side, size);
        // Names of neighbouring arrows stand below one another, as long as there is room.
        for _ in 0..MOST_ARROWS {
            match taken.iter().find(|other| other.intersects(rect)) {
                Some(other) => rect = rect.translate(vec2(0.0, other.bottom() - rect.top() + 1.0)),
                None => break,
            }
        }
        if rect.bottom() > area.bottom() - ROOM_BELOW {
            continue;
        }
        painter.rect_filled(rect.expand2(vec2(3.0, 0.0)), 2, theme.plot.gamma_multiply(0.8));
        painter.galley(rect.min, galley, theme.text);
        taken.push(rect);
    }
}

fn arrow(painter: &egui::Painter, from: egui::Pos2, along: egui::Vec2, stroke: Stroke) {
    let tip = from + along;
    painter.line_segment([from, tip], stroke);
    if along.length() > 1.0 {
        let back = -along.normalized() * 6.5;
        let side = back.rot90() * 0.45;
        for end in [back + side, back - side] {
            painter.line_segment([tip, tip + end], stroke);
        }
    }
}

/// The loadings of the strongest columns in numbers.
pub(super) fn loadings_table_ui(
    ui: &mut Ui,
    theme: &Theme,
    shown: &Shown,
    fit: &PrincipalComponents,
) {
    ui.label(small("Loadings of the strongest columns").color(theme.dim));
    let grid = egui::Grid::new("loadings").num_columns(3).min_row_height(16.0);
    grid.spacing([12.0, 3.0]).show(ui, |ui| {
        ui.label("");
        ui.label(small("component 1").color(theme.dim));
        ui.label(small("component 2").color(theme.dim));
        ui.end_row();
        for (column, loadings) in fit.strongest(2 * MOST_ARROWS) {
            ui.label(small(shortened(shown.name(column), 32)));
            for loading in loadings {
                let sign = if loading < 0.0 { "−" } else { "" };
                ui.label(small(format!("{sign}{:.3}", loading.abs())));
            }
            ui.end_row();
        }
    });
}
