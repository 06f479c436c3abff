use egui::epaint::Vertex;
use egui::{Color32, FontId, Mesh, Painter, Pos2, Rect, Stroke, Vec2};

use super::follow::add_line;
use super::scene::Scene;
use crate::analysis::{Moment, format_value};
use crate::app::theme::Theme;
use crate::surfaces::Surface;

/// Length of the arrows that show a direction alone, in points.
const DIRECTION: f64 = 46.0;
/// A step is drawn at least so long.
const LEAST_STEP: f64 = 16.0;
/// Parts of an arrow, so that it follows a relief.
const N_PARTS: usize = 12;

/// An arrow at the point of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrow {
    /// Against the gradient.
    Downhill,
    /// What the optimizer carries into the step.
    Momentum,
    /// Where it really goes.
    Step,
}

impl Arrow {
    /// All arrows, in the order of the menu.
    pub(super) const ALL: [Self; 3] = [Self::Downhill, Self::Momentum, Self::Step];

    /// The words in the menu.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Downhill => "Downhill (−gradient)",
            Self::Momentum => "Momentum",
            Self::Step => "Actual step",
        }
    }

    /// What it means, for a tooltip.
    pub(super) fn help(self) -> &'static str {
        match self {
            Self::Downhill => {
                "The direction of steepest descent at the shown point, −∇f. Always equally long; \
                 the corner says how steep it is."
            }
            Self::Momentum => {
                "The direction in which the gradients of earlier steps pull (momentum or first \
                 moment, with its sign turned), as the optimizer carries it into the step. Always \
                 equally long; the corner says its size. Only for optimizers that keep one."
            }
            Self::Step => {
                "Where the optimizer goes from here, true to scale. A step too short to be seen is \
                 drawn longer, with an open head."
            }
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Downhill => "−gradient",
            Self::Momentum => "momentum",
            Self::Step => "step",
        }
    }
}

/// Which arrows are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arrows {
    /// Those of [`Arrow::ALL`].
    pub on: [bool; 3],
    /// Those of all visible runs, not of the selected one alone.
    pub of_all: bool,
}

impl Default for Arrows {
    fn default() -> Self {
        Self { on: [true; 3], of_all: false }
    }
}

/// The vectors at a moment: against the gradient, against the momentum, and to the next point.
pub(super) fn vectors(surface: &Surface, moment: &Moment) -> [Option<[f64; 2]>; 3] {
    let rule = surface.rule::<f64>();
    let mut gradient = vec![0.0; moment.params.len()];
    rule.value_and_gradient(&moment.params, &mut gradient);
    let plane = |vector: &[f64]| Some([*vector.first()?, *vector.get(1)?]);
    let turned = |vector: &[f64]| plane(vector).map(|vector| vector.map(|part| -part));
    let here = plane(&moment.params);
    let next = moment.next_params.as_deref().and_then(plane);
    let step = here.zip(next).map(|(here, next)| [next[0] - here[0], next[1] - here[1]]);
    [turned(&gradient), moment.momentum.as_deref().and_then(turned), step]
}

/// Draws one run's arrows from a point, the step in the run's colour; what each is, in words.
pub(super) fn draw(
    painter: &Painter,
    theme: &Theme,
    scene: &Scene<'_>,
    from: [f64; 2],
    vectors: [Option<[f64; 2]>; 3],
    color: Color32,
) {
    let per_unit = scene.per_unit();
    let pixel = 1.0 / painter.pixels_per_point();
    for (arrow, vector) in Arrow::ALL.into_iter().zip(vectors) {
        let Some(vector) = vector else { continue };
        let seen = [vector[0] * per_unit[0], vector[1] * per_unit[1]];
        let length = (seen[0] * seen[0] + seen[1] * seen[1]).sqrt();
        if !(length > 0.0 && length.is_finite()) {
            continue;
        }
        let is_step = arrow == Arrow::Step;
        let wanted = if is_step { length.max(LEAST_STEP) } else { DIRECTION };
        let share = wanted / length;
        let points: Vec<[f64; 2]> = (0..=N_PARTS)
            .map(|part| {
                let share = share * part as f64 / N_PARTS as f64;
                [from[0] + share * vector[0], from[1] + share * vector[1]]
            })
            .collect();
        let places: Vec<Pos2> =
            scene.stretches(&points).into_iter().flat_map(|stretch| stretch.places).collect();
        let pen = ArrowPen {
            color: if is_step { color } else { theme.text },
            around: theme.plot,
            width: if is_step { 2.6 } else { 1.5 },
            is_dashed: arrow == Arrow::Momentum,
            is_open: is_step && length < LEAST_STEP,
            pixel,
        };
        painter.add(pen.mesh(&places));
    }
}

/// How an arrow looks.
struct ArrowPen {
    color: Color32,
    around: Color32,
    width: f32,
    is_dashed: bool,
    is_open: bool,
    pixel: f32,
}

impl ArrowPen {
    fn mesh(&self, places: &[Pos2]) -> Mesh {
        let mut mesh = Mesh::default();
        let (Some(first), Some(tip)) = (places.first(), places.last()) else { return mesh };
        let head = 5.0 + 1.6 * self.width;
        // The head points along the last part that is long enough to have a direction.
        let behind = places.iter().rev().find(|place| place.distance(*tip) > 0.6 * head);
        let along = (*tip - *behind.unwrap_or(first)).normalized();
        let neck = *tip - along * head;
        let mut shaft: Vec<Pos2> =
            places.iter().copied().take_while(|place| place.distance(*tip) > head).collect();
        shaft.push(neck);
        let side = along.rot90() * (0.42 * head);
        let corners = [*tip, neck + side, neck - side];
        add_line(&mut mesh, &shaft, self.width + 2.4, self.around, self.pixel);
        let outline = [corners[1], corners[0], corners[2], corners[1], corners[0]];
        add_line(&mut mesh, &outline, 3.0, self.around, self.pixel);
        if self.is_dashed {
            for dash in dashes(&shaft, 5.0, 3.5) {
                add_line(&mut mesh, &dash, self.width, self.color, self.pixel);
            }
        } else {
            add_line(&mut mesh, &shaft, self.width, self.color, self.pixel);
        }
        if self.is_open {
            triangle(&mut mesh, corners, self.around);
        } else {
            triangle(&mut mesh, corners, self.color);
        }
        add_line(&mut mesh, &outline, 1.2, self.color, self.pixel);
        mesh
    }
}

fn triangle(mesh: &mut Mesh, corners: [Pos2; 3], color: Color32) {
    let first = mesh.vertices.len() as u32;
    for pos in corners {
        mesh.vertices.push(Vertex { pos, uv: egui::epaint::WHITE_UV, color });
    }
    mesh.add_triangle(first, first + 1, first + 2);
}

/// Parts of a line of the length `on`, with gaps of the length `off`.
fn dashes(line: &[Pos2], on: f32, off: f32) -> Vec<Vec<Pos2>> {
    let mut found: Vec<Vec<Pos2>> = Vec::new();
    let (mut is_on, mut left) = (true, on);
    let mut dash: Vec<Pos2> = line.first().copied().into_iter().collect();
    for pair in line.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        while from.distance(to) > left {
            from += (to - from).normalized() * left;
            dash.push(from);
            if is_on {
                found.push(std::mem::take(&mut dash));
            }
            dash = vec![from];
            is_on = !is_on;
            left = if is_on { on } else { off };
        }
        left -= from.distance(to);
        dash.push(to);
    }
    if is_on && dash.len() > 1 {
        found.push(dash);
    }
    found
}

/// How large a vector is, in words.
fn size_of(arrow: Arrow, [x, y]: [f64; 2]) -> String {
    format!("{} {}", arrow.name(), format_value((x * x + y * y).sqrt(), 3))
}

/// How large the arrows are, in words.
pub(super) fn words(vectors: [Option<[f64; 2]>; 3]) -> String {
    let sizes = Arrow::ALL.into_iter().zip(vectors);
    let sizes = sizes.filter_map(|(arrow, vector)| Some(size_of(arrow, vector?)));
    sizes.collect::<Vec<_>>().join(", ")
}

/// The arrows and their sizes, in the corner of the picture.
pub(super) fn legend_ui(
    painter: &Painter,
    theme: &Theme,
    area: Rect,
    vectors: [Option<[f64; 2]>; 3],
    color: Color32,
) {
    let mut at = area.left_top() + Vec2::new(8.0, 7.0);
    for (arrow, vector) in Arrow::ALL.into_iter().zip(vectors) {
        let Some(vector) = vector else { continue };
        let text = size_of(arrow, vector);
        let galley = painter.layout_no_wrap(text, FontId::proportional(11.0), theme.text);
        let line = Rect::from_min_size(at, galley.size() + Vec2::new(28.0, 0.0));
        painter.rect_filled(line.expand2(Vec2::new(4.0, 1.0)), 3, theme.plot.gamma_multiply(0.78));
        let pen = ArrowPen {
            color: if arrow == Arrow::Step { color } else { theme.text },
            around: Color32::TRANSPARENT,
            width: if arrow == Arrow::Step { 2.4 } else { 1.4 },
            is_dashed: arrow == Arrow::Momentum,
            is_open: false,
            pixel: 1.0 / painter.pixels_per_point(),
        };
        let y = line.center().y;
        painter.add(pen.mesh(&[Pos2::new(at.x, y), Pos2::new(at.x + 23.0, y)]));
        painter.galley(at + Vec2::new(28.0, 0.0), galley, theme.text);
        at.y += line.height() + 2.0;
    }
}

/// The point of a run, with a rim that lifts it off the picture.
pub(super) fn dot(painter: &Painter, theme: &Theme, at: Pos2, color: Color32, is_hidden: bool) {
    let share = if is_hidden { 0.45 } else { 1.0 };
    let rim = Stroke::new(1.6, theme.plot.gamma_multiply(share));
    painter.circle(at, 4.5, color.gamma_multiply(share), rim);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_have_their_length_around_corners() {
        let line = [(0.0, 0.0), (4.0, 0.0), (4.0, 20.0)].map(|(x, y)| Pos2::new(x, y));
        let found = dashes(&line, 6.0, 4.0);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0], [(0.0, 0.0), (4.0, 0.0), (4.0, 2.0)].map(|(x, y)| Pos2::new(x, y)));
        assert_eq!(found[1], [(4.0, 6.0), (4.0, 12.0)].map(|(x, y)| Pos2::new(x, y)));
    }

    #[test]
    fn vectors_point_downhill_and_to_the_next_point() {
        let surface = Surface::named("Booth").expect("a surface of that name");
        let moment = Moment {
            step: 3,
            params: vec![1.0, 2.0],
            momentum: Some(vec![0.5, -1.0]),
            next_params: Some(vec![1.5, 1.0]),
        };
        // (x + 2y − 7)² + (2x + y − 5)² at (1, 2): −2 and −1, so ∇f = (−8, −10).
        let [downhill, momentum, step] = vectors(&surface, &moment);
        assert_eq!((downhill, momentum), (Some([8.0, 10.0]), Some([-0.5, 1.0])));
        assert_eq!(step, Some([0.5, -1.0]));
        let last = Moment { momentum: None, next_params: None, ..moment };
        assert_eq!(vectors(&surface, &last)[1..], [None, None]);
    }
}
