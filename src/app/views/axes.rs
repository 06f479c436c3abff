use egui::{Color32, FontId, Pos2, Rect, Response, Sense, Stroke, StrokeKind, Ui, Vec2};
use egui_plot::{AxisHints, GridMark, Plot, PlotBounds, PlotTransform, PlotUi};

use crate::analysis::{Tick, date_ticks, linear_ticks, log_ticks};
use crate::app::theme::Theme;

/// The stretch of x and of y in view; decimal logarithms on logarithmic axes.
pub(super) type Bounds = [[f64; 2]; 2];

/// How axes are to be drawn this time.
pub(super) struct Frame<'a> {
    /// What it shows, for people who cannot see it.
    pub name: &'a str,
    /// What is in view until a person zooms.
    pub whole: Bounds,
    /// Which axes are logarithmic.
    pub log: [bool; 2],
    /// The words on the axes; empty for none.
    pub labels: [&'a str; 2],
    /// Whether lines run from the ticks through the plot; not over pictures.
    pub grid: bool,
    /// The colours.
    pub theme: &'a Theme,
}

/// The result of drawing.
pub(super) struct Drawn {
    /// Of the plot's area.
    pub response: Response,
    /// From values to places on screen.
    pub transform: PlotTransform,
}

/// Axes around a plot: light grid, few round ticks; drag to zoom, scroll to zoom about the pointer,
/// drag with another button to move, double click for the whole again.
#[derive(Clone, Debug, Default)]
pub(super) struct Axes {
    zoomed: Option<Bounds>,
    drag_from: Option<Pos2>,
    /// Names at 0, 1, … along an axis instead of numbers.
    pub(super) names: [Option<Vec<String>>; 2],
    /// Whether the numbers along an axis are dates, as days since 1970-01-01.
    pub(super) is_date: [bool; 2],
}

impl Axes {
    /// What is in view when all of it is `whole`.
    pub(super) fn bounds(&self, whole: Bounds) -> Bounds {
        self.zoomed.unwrap_or(whole)
    }

    /// Shows the whole again.
    pub(super) fn reset(&mut self) {
        self.zoomed = None;
    }

    /// Whether a person has zoomed.
    pub(super) fn is_zoomed(&self) -> bool {
        self.zoomed.is_some()
    }

    /// Draws the axes into all of `ui`, with what `build` adds.
    pub(super) fn show<'a>(
        &mut self,
        ui: &mut Ui,
        frame: &Frame<'a>,
        build: impl FnOnce(&mut PlotUi<'a>) + 'a,
    ) -> Drawn {
        // Room for half a label at the right and for the upper end of the curves.
        let mut area = ui.available_rect_before_wrap();
        area.min += egui::vec2(4.0, 10.0);
        area.max -= egui::vec2(18.0, 4.0);
        let mut inner = ui.new_child(egui::UiBuilder::new().max_rect(area));
        let ui = &mut inner;
        let theme = frame.theme;
        let size = ui.available_size();
        let bounds = self.bounds(frame.whole);
        let n_ticks = [size.x / 90.0, size.y / 48.0].map(|n| (n as usize).clamp(2, 9));
        let mut ticks: [Vec<Tick>; 2] = [0, 1].map(|axis| {
            let [from, to] = bounds[axis];
            if let Some(names) = &self.names[axis] {
                named_ticks(names, from, to, n_ticks[axis])
            } else if frame.log[axis] {
                log_ticks(from, to, n_ticks[axis])
            } else if self.is_date[axis] {
                date_ticks(from, to, n_ticks[axis])
            } else {
                linear_ticks(from, to, n_ticks[axis])
            }
        });
        // A label in the corner would run into that of the other axis.
        let [_, ref mut rising] = ticks;
        rising.retain(|tick| tick.at - bounds[1][0] > 0.015 * (bounds[1][1] - bounds[1][0]));
        let marks: [Vec<GridMark>; 2] = [0, 1].map(|axis| {
            // A large step size: every mark is drawn alike, none fades out.
            let step_size = bounds[axis][1] - bounds[axis][0];
            ticks[axis].iter().map(|tick| GridMark { value: tick.at, step_size }).collect()
        });
        let hints = |axis: usize| {
            let hints = if axis == 0 { AxisHints::new_x() } else { AxisHints::new_y() };
            let words = egui::RichText::new(frame.labels[axis]).size(12.0).color(theme.dim);
            hints
                .tick_label_color(theme.faint)
                .tick_label_font(FontId::proportional(11.0))
                .label(if frame.labels[axis].is_empty() { "".into() } else { words })
        };
        let (x_ticks, y_ticks) = (ticks[0].clone(), ticks[1].clone());
        let text = move |ticks: &[Tick], mark: GridMark| {
            let found = ticks.iter().find(|tick| tick.at == mark.value);
            found.map_or_else(String::new, |tick| tick.label.clone())
        };
        let [x_marks, y_marks] = marks;
        let plot = Plot::new(frame.name.to_owned())
            .custom_x_axes(vec![hints(0).formatter(move |mark, _| text(&x_ticks, mark))])
            .custom_y_axes(vec![
                hints(1).formatter(move |mark, _| text(&y_ticks, mark)).min_thickness(36.0),
            ])
            .x_grid_spacer(move |_| x_marks.clone())
            .y_grid_spacer(move |_| y_marks.clone())
            .grid_color(theme.grid)
            .grid_fade(0.0)
            .show_grid(frame.grid)
            .show_background(false)
            .show_x(false)
            .show_y(false)
            .allow_axis_zoom_drag(false)
            .allow_zoom(false)
            .allow_drag(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_double_click_reset(false)
            .set_margin_fraction(Vec2::ZERO)
            .sense(Sense::click_and_drag());
        let drawn = plot.show(ui, move |plot_ui| {
            let [[x0, x1], [y0, y1]] = bounds;
            plot_ui.set_plot_bounds(PlotBounds::from_min_max([x0, y0], [x1, y1]));
            build(plot_ui);
        });
        let drawn = Drawn { response: drawn.response, transform: drawn.transform };
        let name = frame.name.to_owned();
        drawn
            .response
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name.clone()));
        self.interact(ui, frame, &drawn);
        drawn
    }

    fn interact(&mut self, ui: &Ui, frame: &Frame<'_>, drawn: &Drawn) {
        let (response, transform) = (&drawn.response, &drawn.transform);
        let shown = transform.bounds();
        let now: Bounds = [0, 1].map(|axis| [shown.min()[axis], shown.max()[axis]]);
        let mut next = now;
        if response.double_clicked() {
            self.zoomed = None;
            ui.ctx().request_repaint();
            return;
        }
        if response.drag_started_by(egui::PointerButton::Primary) {
            self.drag_from = ui.input(|input| input.pointer.press_origin());
        }
        let pointer = ui.input(|input| input.pointer.latest_pos());
        if let (Some(from), Some(to)) = (self.drag_from, pointer) {
            let mut area = Rect::from_two_pos(from, to).intersect(response.rect);
            // A flat box means one axis alone.
            if area.height() < 10.0 {
                area = Rect::from_x_y_ranges(area.x_range(), response.rect.y_range());
            } else if area.width() < 10.0 {
                area = Rect::from_x_y_ranges(response.rect.x_range(), area.y_range());
            }
            if response.dragged_by(egui::PointerButton::Primary) {
                let painter = ui.painter().with_clip_rect(response.rect);
                painter.rect(
                    area,
                    2,
                    frame.theme.accent.gamma_multiply(0.10),
                    Stroke::new(1.0, frame.theme.accent),
                    StrokeKind::Inside,
                );
            }
            if response.drag_stopped() {
                self.drag_from = None;
                if from.distance(to) > 6.0 {
                    let (a, b) = (
                        transform.value_from_position(area.left_bottom()),
                        transform.value_from_position(area.right_top()),
                    );
                    next = [[a.x, b.x], [a.y, b.y]];
                }
            }
        }
        let moves = [egui::PointerButton::Secondary, egui::PointerButton::Middle];
        if moves.iter().any(|button| response.dragged_by(*button)) {
            let delta = response.drag_delta();
            let per_point = transform.dvalue_dpos();
            for axis in 0..2 {
                let shift = -f64::from(delta[axis]) * per_point[axis];
                next[axis] = next[axis].map(|edge| edge + shift);
            }
        }
        if let (true, Some(at)) = (response.contains_pointer(), response.hover_pos()) {
            let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta, input.zoom_delta()));
            let factor = f64::from(pinch) * f64::from(scroll.y / 300.0).exp2();
            if factor != 1.0 {
                let center = transform.value_from_position(at);
                for (axis, center) in [center.x, center.y].into_iter().enumerate() {
                    next[axis] = next[axis].map(|edge| center + (edge - center) / factor);
                }
            }
            if scroll.x != 0.0 {
                let shift = -f64::from(scroll.x) * transform.dvalue_dpos()[0];
                next[0] = next[0].map(|edge| edge + shift);
            }
        }
        let sound = (0..2).all(|axis| {
            let [from, to] = next[axis];
            let whole = frame.whole[axis][1] - frame.whole[axis][0];
            from.is_finite() && to - from > 1e-9 * whole && to - from < 1e3 * whole
        });
        if next != now && sound {
            self.zoomed = Some(next);
            ui.ctx().request_repaint();
        }
    }
}

/// A tick at each name in view, or at every second, third, … where they are many.
fn named_ticks(names: &[String], from: f64, to: f64, n_most: usize) -> Vec<Tick> {
    const MOST_LETTERS: usize = 14;
    let short = |name: &String| match name.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.clone(),
    };
    let in_view = || (0..names.len()).filter(|index| (from..=to).contains(&(*index as f64)));
    let stride = in_view().count().div_ceil(n_most).max(1);
    in_view()
        .filter(|index| index % stride == 0)
        .map(|index| Tick { at: index as f64, label: short(&names[index]) })
        .collect()
}

/// Quiet tables: no lines between columns, the row under the pointer tinted, text of the selected
/// row as it is elsewhere.
pub(in crate::app) fn quiet_table(ui: &mut Ui, theme: &Theme) {
    let visuals = ui.visuals_mut();
    visuals.widgets.noninteractive.bg_stroke = Stroke::NONE;
    visuals.widgets.hovered.bg_fill = theme.field;
    visuals.selection.stroke.color = theme.text;
    ui.spacing_mut().item_spacing.x = 10.0;
}

/// A sentence in the middle of a view that has nothing to show yet.
pub(super) fn empty_ui(ui: &mut Ui, theme: &Theme, title: &str, text: &str) {
    let area = ui.available_rect_before_wrap();
    let width = (area.width() - 48.0).clamp(80.0, 380.0);
    let place = Rect::from_center_size(area.center(), Vec2::new(width, 64.0));
    ui.scope_builder(egui::UiBuilder::new().max_rect(place), |ui| {
        ui.vertical_centered(|ui| {
            ui.label(crate::app::theme::strong(title).color(theme.dim));
            ui.add_space(4.0);
            ui.label(crate::app::theme::small(text).color(theme.faint));
        });
    });
    ui.advance_cursor_after_rect(area);
}

/// A small square in a run's colour, as in the list of experiments.
pub(super) fn swatch_ui(ui: &mut Ui, color: Color32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(11.0), Sense::hover());
    ui.painter().rect_filled(rect, 3, color);
}
