use std::sync::Arc;

use egui::{Color32, ColorImage, Stroke, TextureHandle, TextureOptions, Ui};
use egui_plot::{Line, PlotImage, PlotPoint, PlotPoints};

use super::axes::{Axes, Bounds, Frame, empty_ui};
use super::{View, ViewContext};
use crate::analysis::{Grid, Path, format_value};
use crate::app::theme::{Theme, small};
use crate::record::{Clock, Metric, Part};
use crate::session::{Session, SessionCommand};
use crate::surfaces::Surface;
use crate::training::Plan;

/// Bands between contours.
const N_BANDS: usize = 16;
/// Points of the picture along x and y.
const SIZE: [usize; 2] = [280, 220];
/// More coordinates than this make no start that one would write down.
const MOST_COORDINATES: usize = 64;
/// How long a click waits for a second one.
const DOUBLE_CLICK_SECONDS: f64 = 0.32;

/// A test surface from above with the paths of all visible experiments. A click sets where all of
/// them start. Where there are more than two coordinates, the first two are drawn: the surface as a slice,
/// with the others at a minimum, and the paths as they look from above.
///
/// Reveals zigzag in ravines, overshoot of momentum, and who gets stuck where.
#[derive(Default)]
pub(super) struct SurfaceMap {
    axes: Axes,
    picture: Option<Picture>,
    paths: Vec<Option<Followed>>,
    clicked: Option<(f64, [f64; 2])>,
}

struct Picture {
    surface: Surface,
    /// The first two coordinates of the minima.
    minima: Vec<[f64; 2]>,
    bounds: Bounds,
    dark: bool,
    texture: TextureHandle,
}

/// The path of a run, thinned for the present view.
struct Followed {
    plan: Arc<Plan>,
    bounds: Bounds,
    path: Path,
}

/// The surface of the selected experiment, else of the first that has one.
fn surface(session: &Session) -> Option<&Surface> {
    let entries = session.selected_entry().into_iter().chain(session.entries());
    entries.into_iter().find_map(|entry| entry.experiment.data.surface())
}

/// How many coordinates the surface has.
fn n_coordinates(session: &Session) -> usize {
    surface(session).map_or(0, |surface| surface.rule::<f64>().dimension())
}

impl SurfaceMap {
    fn picture(&mut self, ui: &Ui, theme: &Theme, surface: &Surface, bounds: Bounds) {
        let known = self.picture.as_ref().is_some_and(|picture| {
            picture.surface == *surface && picture.bounds == bounds && picture.dark == theme.dark
        });
        if known {
            return;
        }
        let rule = surface.rule::<f64>();
        let grid = Grid::sample(SIZE, bounds, |[x, y]| rule.slice(x, y));
        let minima = rule.minima();
        let lowest = minima.iter().map(|(_, value)| *value).fold(f64::INFINITY, f64::min);
        let minima = minima.iter().map(|(point, _)| [point[0], point[1]]).collect();
        let seen = grid.bounds().map_or(0.0, |(low, _)| low);
        let floor = if lowest.is_finite() { lowest.min(seen) } else { seen };
        let shades: Vec<Color32> = (0..N_BANDS)
            .map(|band| {
                let height = band as f32 / (N_BANDS - 1) as f32;
                let depth = 0.50 * (1.0 - height) + 0.03;
                theme.plot.lerp_to_gamma(theme.accent, depth)
            })
            .collect();
        let bands = grid.bands(floor, N_BANDS);
        let pixels =
            bands.iter().map(|band| band.map_or(theme.plot, |band| shades[band])).collect();
        let image = ColorImage::new(SIZE, pixels);
        let texture = match self.picture.take() {
            Some(Picture { mut texture, .. }) => {
                texture.set(image, TextureOptions::LINEAR);
                texture
            }
            None => ui.ctx().load_texture("surface", image, TextureOptions::LINEAR),
        };
        let surface = surface.clone();
        self.picture = Some(Picture { surface, minima, bounds, dark: theme.dark, texture });
    }

    fn follow(&mut self, session: &Session, bounds: Bounds) {
        let entries = session.entries();
        self.paths.resize_with(entries.len(), || None);
        for (entry, followed) in entries.iter().zip(&mut self.paths) {
            let Some(run) = entry.runs.first() else {
                *followed = None;
                continue;
            };
            let history = run.history();
            let coordinate =
                |index| history.series(Part::Batch, Metric::Coordinate(index), Clock::Step);
            let (Some((_, xs)), Some((_, ys))) = (coordinate(0), coordinate(1)) else {
                *followed = None;
                continue;
            };
            let known = followed.as_ref().is_some_and(|known| {
                Arc::ptr_eq(&known.plan, run.plan())
                    && known.bounds == bounds
                    && known.path.taken() <= xs.len()
            });
            if !known {
                // Half a pixel, about.
                let tolerance = (0..2)
                    .map(|axis| (bounds[axis][1] - bounds[axis][0]) / 1_500.0)
                    .fold(f64::INFINITY, f64::min);
                let (plan, path) = (Arc::clone(run.plan()), Path::new(tolerance));
                *followed = Some(Followed { plan, bounds, path });
            }
            if let Some(known) = followed {
                known.path.append(xs, ys);
            }
        }
    }
}

impl View for SurfaceMap {
    fn title(&self) -> String {
        self.picture.as_ref().map_or("Surface".to_owned(), |p| p.surface.page().title.to_owned())
    }

    fn header_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        if surface(context.session).is_none() {
            return;
        }
        if self.axes.is_zoomed() {
            let button = egui::Button::new(small("Show all")).frame(false);
            if ui.add(button).on_hover_text("Back to the whole surface").clicked() {
                self.axes.reset();
            }
        }
        // The title needs the room first.
        if ui.available_width() < 240.0 {
            return;
        }
        let dimension = n_coordinates(context.session);
        let text = match dimension {
            2 => "click: start here".to_owned(),
            n => {
                format!("slice: x₁ and x₂ of {n}, the others at the minimum; paths seen from above")
            }
        };
        let text = small(text).color(context.theme.dim);
        let label = ui.add(egui::Label::new(text).truncate());
        if (3..=MOST_COORDINATES).contains(&dimension) {
            label.on_hover_text("A click sets where x₁ and x₂ start; the others as usual.");
        }
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let Some(surface) = surface(context.session).cloned() else {
            let text = "An experiment on a test surface shows its path here, live.";
            empty_ui(ui, theme, "No surface in this study", text);
            return;
        };
        let rule = surface.rule::<f64>();
        let whole = fitted(rule.domain(), ui.available_size());
        let bounds = self.axes.bounds(whole);
        self.picture(ui, theme, &surface, bounds);
        self.follow(context.session, bounds);
        let frame = Frame {
            name: "Surface with the paths of the optimizers",
            whole,
            log: [false; 2],
            labels: if rule.dimension() == 2 { ["x", "y"] } else { ["x₁", "x₂"] },
            grid: false,
            theme,
        };
        let (hovered, selected) = (context.hovered, context.session.selected());
        let texture = self.picture.as_ref().map(|picture| picture.texture.id());
        let mut shown: Vec<(usize, Color32, Vec<PlotPoint>)> = Vec::new();
        for (index, followed) in self.paths.iter().enumerate() {
            let entry = &context.session.entries()[index];
            if let Some(followed) = followed.as_ref().filter(|_| entry.visible) {
                let faded = hovered.is_some_and(|hovered| hovered != index);
                let color = theme.run(entry.color);
                let color = color.gamma_multiply(if faded { 0.3 } else { 1.0 });
                let points = followed.path.points().iter().map(|point| PlotPoint::from(*point));
                shown.push((index, color, points.collect()));
            }
        }
        shown.sort_by_key(|(index, ..)| {
            u8::from(*index == selected) + 2 * u8::from(hovered == Some(*index))
        });
        let shown = &shown;
        let drawn = self.axes.show(ui, &frame, |plot| {
            let [[x0, x1], [y0, y1]] = bounds;
            if let Some(texture) = texture {
                let center = PlotPoint::new(0.5 * (x0 + x1), 0.5 * (y0 + y1));
                let size = [(x1 - x0) as f32, (y1 - y0) as f32];
                plot.image(PlotImage::new("surface", texture, center, size).allow_hover(false));
            }
            for (index, color, points) in shown {
                let width = if hovered == Some(*index) { 2.6 } else { 1.8 };
                let line = Line::new(format!("path {index}"), PlotPoints::Borrowed(points));
                let line = line.stroke(Stroke::new(width, *color));
                plot.line(line.allow_band(false).allow_hover(false));
            }
        });
        let painter = ui.painter().with_clip_rect(*drawn.transform.frame());
        let place = |point: &PlotPoint| drawn.transform.position_from_point(point);
        for point in self.picture.iter().flat_map(|picture| &picture.minima) {
            let at = place(&PlotPoint::from(*point));
            for (dx, dy) in [(5.0, 0.0), (0.0, 5.0)] {
                let ends = [at - egui::vec2(dx, dy), at + egui::vec2(dx, dy)];
                painter.line_segment(ends, Stroke::new(4.0, theme.plot));
                painter.line_segment(ends, Stroke::new(1.8, theme.text));
            }
        }
        for (_, color, points) in shown {
            if let (Some(first), Some(last)) = (points.first(), points.last()) {
                painter.circle(place(first), 3.5, theme.plot, Stroke::new(1.5, *color));
                painter.circle(place(last), 4.5, *color, Stroke::new(1.5, theme.plot));
            }
        }
        // One click sets the start, two show the whole: wait a moment to know which it is.
        let now = ui.input(|input| input.time);
        if drawn.response.double_clicked() {
            self.clicked = None;
        } else if let Some(at) = drawn
            .response
            .interact_pointer_pos()
            .filter(|_| drawn.response.clicked() && rule.dimension() <= MOST_COORDINATES)
        {
            let point = drawn.transform.value_from_position(at);
            self.clicked = Some((now, [point.x, point.y]));
        }
        if let Some((since, start)) = self.clicked {
            if now - since > DOUBLE_CLICK_SECONDS {
                self.clicked = None;
                context.commands.push(SessionCommand::SetStart(start.to_vec()));
            } else {
                // A little more than what is left, since frames come a little early.
                let left = (since + DOUBLE_CLICK_SECONDS - now).max(0.0) + 0.05;
                let wait = std::time::Duration::from_secs_f64(left);
                ui.ctx().request_repaint_after(wait);
            }
        }
        // Which path and which height is under the pointer.
        let Some(at) = drawn.response.hover_pos() else { return };
        let point = drawn.transform.value_from_position(at);
        let distance = |points: &[PlotPoint]| {
            points.iter().map(|point| place(point).distance(at)).fold(f32::INFINITY, f32::min)
        };
        let nearest = shown.iter().map(|(index, _, points)| (distance(points), *index));
        let nearest = nearest.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(near, _)| *near < 12.0);
        if let Some((_, index)) = nearest {
            *context.hover = Some(index);
        }
        let value = rule.slice(point.x, point.y);
        let mut text = format!(
            "({}, {})   f = {}",
            format_value(point.x, 4),
            format_value(point.y, 4),
            format_value(value, 4)
        );
        if let Some((_, index)) = nearest {
            text = format!("{}\n{text}", context.session.entries()[index].label);
        }
        drawn.response.on_hover_text_at_pointer(text);
    }
}

/// A domain made wider or higher, so that a unit has the same length along both sides of `size`.
fn fitted(domain: Bounds, size: egui::Vec2) -> Bounds {
    let room = [f64::from(size.x - 44.0).max(1.0), f64::from(size.y - 40.0).max(1.0)];
    let widths = [0, 1].map(|axis: usize| domain[axis][1] - domain[axis][0]);
    let per_point = (widths[0] / room[0]).max(widths[1] / room[1]);
    [0, 1].map(|axis: usize| {
        let extra = 0.5 * (per_point * room[axis] - widths[axis]);
        [domain[axis][0] - extra, domain[axis][1] + extra]
    })
}
