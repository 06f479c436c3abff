//! The picture: the surface, the paths on it, their arrows, and what the pointer does there.

use std::sync::Arc;

use egui::{Color32, Rect, Stroke, Ui, Vec2};
use egui_plot::{PlotImage, PlotPoint};

use super::follow::{Followed, InkKey, Trail};
use super::runs::{n_coordinates, trails};
use super::scene::{Scene, SceneKey};
use super::{MOST_COORDINATES, SurfaceMap, arrows, relief, shades};
use crate::analysis::{Retrace, format_value};
use crate::app::views::ViewContext;
use crate::app::views::axes::{Bounds, Frame};
use crate::session::SessionCommand;
use crate::surfaces::Surface;

/// How long a click waits for a second one.
const DOUBLE_CLICK_SECONDS: f64 = 0.32;
/// Steps that are retraced in one frame at most, to know the state of an optimizer.
const RETRACED: u64 = 4_000;
/// Width of a picture below which it has no room for words.
const NARROW: f32 = 280.0;
/// Shares of the shade that the highest and the lowest place of the map have.
const SHARES: [f32; 2] = [0.03, 0.62];

impl SurfaceMap {
    pub(super) fn picture_ui(
        &mut self,
        ui: &mut Ui,
        context: &mut ViewContext<'_>,
        surface: &Surface,
        shown: u64,
    ) {
        let theme = context.theme;
        let rule = surface.rule::<f64>();
        // Taken out, so that what is drawn can borrow it while the rest of the view is used.
        let mut relief = std::mem::take(&mut self.relief);
        let whole = fitted(rule.domain(), ui.available_size());
        let (response, point_at);
        if self.is_relief {
            let zoomed = self.axes.is_zoomed();
            let bounds = if zoomed { self.axes.bounds(whole) } else { rule.domain() };
            let drawn = relief.show(ui, theme, surface, bounds, self.log);
            self.overlay_ui(ui, context, surface, &drawn.scene, drawn.key, shown);
            response = drawn.response;
            point_at = response.hover_pos().map(|at| (at, drawn.scene.pick(at)));
        } else {
            let bounds = self.axes.bounds(whole);
            let size = ui.available_size();
            let texture = self.shades.texture(ui, theme, surface, bounds, size, SHARES);
            let frame = Frame {
                name: "Surface with the paths of the optimizers",
                whole,
                log: [false; 2],
                labels: if size.x < NARROW { [""; 2] } else { shades::axis_names(surface) },
                grid: false,
                theme,
            };
            let drawn = self.axes.show(ui, &frame, |plot| {
                let [[x0, x1], [y0, y1]] = bounds;
                let center = PlotPoint::new(0.5 * (x0 + x1), 0.5 * (y0 + y1));
                let size = [(x1 - x0) as f32, (y1 - y0) as f32];
                plot.image(PlotImage::new("surface", texture, center, size).allow_hover(false));
            });
            let key = SceneKey { bounds, area: *drawn.transform.frame(), camera: None };
            let scene = Scene::Map(drawn.transform);
            self.overlay_ui(ui, context, surface, &scene, key, shown);
            response = drawn.response;
            point_at = response.hover_pos().map(|at| (at, scene.pick(at)));
        }
        self.relief = relief;
        let point = point_at.and_then(|(_, point)| point);
        self.click(ui, context, &response, point);
        if let Some((at, point)) = point_at {
            self.hover_ui(context, surface, response, at, point);
        }
    }

    /// Paths, minima, points and arrows.
    fn overlay_ui(
        &mut self,
        ui: &Ui,
        context: &ViewContext<'_>,
        surface: &Surface,
        scene: &Scene<'_>,
        key: SceneKey,
        shown: u64,
    ) {
        let theme = context.theme;
        let painter = ui.painter().with_clip_rect(key.area.intersect(ui.clip_rect()));
        let (hovered, selected) = (context.hovered, context.session.selected());
        let entries = context.session.entries();
        self.paths.resize_with(entries.len(), || None);
        self.retraced.resize_with(entries.len(), || None);
        let mut trails: Vec<(usize, Trail<'_>)> = trails(context.session).collect();
        // The selected one and the one under the pointer are on top.
        trails.sort_by_key(|(index, _)| {
            u8::from(*index == selected) + 2 * u8::from(hovered == Some(*index))
        });
        let visible: Vec<usize> = trails.iter().map(|(index, _)| *index).collect();
        for (index, path) in self.paths.iter_mut().enumerate() {
            if !visible.contains(&index) {
                *path = None;
            }
        }
        let color = |index: usize| {
            let faded = hovered.is_some_and(|hovered| hovered != index);
            theme.run(entries[index].color).gamma_multiply(if faded { 0.3 } else { 1.0 })
        };
        let mut lines = Vec::with_capacity(trails.len());
        for (index, trail) in &trails {
            let Some(run) = entries[*index].runs.first() else { continue };
            let path = &mut self.paths[*index];
            Followed::update(path, run, trail, key.bounds);
            let Some(path) = path else { continue };
            let ink_key = InkKey {
                scene: key,
                index: trail.index(shown),
                color: color(*index),
                around: theme.plot.gamma_multiply(0.55),
                width: if hovered == Some(*index) { 2.6 } else { 1.8 },
                ahead: !self.hides_ahead,
                pixel: 1.0 / ui.ctx().pixels_per_point(),
                taken: 0,
            };
            let ink = path.ink(scene, trail, ink_key);
            painter.add(egui::Shape::Mesh(ink.ground));
            lines.push(egui::Shape::Mesh(ink.mesh));
        }
        painter.extend(lines);
        if self.minima.as_ref().is_none_or(|(known, _)| known != surface) {
            let minima = surface.rule::<f64>().minima();
            let first_two = minima.iter().map(|(point, _)| [point[0], point[1]]).collect();
            self.minima = Some((surface.clone(), first_two));
        }
        if let Some((_, minima)) = &self.minima {
            relief::minima_ui(&painter, theme, minima, scene);
        }
        let dimension = surface.rule::<f64>().dimension();
        if dimension > 2 {
            let text = format!("a slice: x₁ and x₂ of {dimension}, the others at the minimum");
            let corner = painter.clip_rect().left_bottom() + Vec2::new(6.0, -5.0);
            let font = egui::FontId::proportional(11.0);
            let place = painter.text(corner, egui::Align2::LEFT_BOTTOM, &text, font, theme.dim);
            let response = ui.interact(place, ui.scope_id().with("slice"), egui::Sense::hover());
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &text));
        }
        for (index, _) in &trails {
            let path = self.paths[*index].as_ref();
            let starts = path.into_iter().flat_map(Followed::beginnings);
            for (at, _) in starts.filter_map(|start| scene.place(start)) {
                painter.circle(at, 3.5, theme.plot, Stroke::new(1.5, color(*index)));
            }
        }
        if !self.playback.is_live() {
            self.arrows_ui(ui, context, &painter, scene, &trails, shown, &color);
        }
        for (index, trail) in &trails {
            if let Some((at, is_hidden)) = scene.place(trail.point(trail.index(shown))) {
                arrows::dot(&painter, theme, at, color(*index), is_hidden);
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "they are the parts of one picture")]
    fn arrows_ui(
        &mut self,
        ui: &Ui,
        context: &ViewContext<'_>,
        painter: &egui::Painter,
        scene: &Scene<'_>,
        trails: &[(usize, Trail<'_>)],
        shown: u64,
        color: &dyn Fn(usize) -> Color32,
    ) {
        // Every step taken again costs as much as the surface has coordinates.
        if self.arrows.on == [false; 3] || n_coordinates(context.session) > MOST_COORDINATES {
            return;
        }
        let front = context.session.selected();
        let front = if trails.iter().any(|(index, _)| *index == front) {
            front
        } else {
            trails.first().map_or(front, |(index, _)| *index)
        };
        for (index, trail) in trails {
            if !(self.arrows.of_all || *index == front) {
                continue;
            }
            let Some(run) = context.session.entries()[*index].runs.first() else { continue };
            let record = trail.index(shown);
            let retraced = &mut self.retraced[*index];
            if !retraced.as_ref().is_some_and(|known| Arc::ptr_eq(known.plan(), run.plan())) {
                *retraced = Some(Retrace::new(Arc::clone(run.plan())));
            }
            let (Some(retrace), Some(surface)) = (retraced, &run.plan().surface) else { continue };
            let step = trail.step(record);
            let Some(moment) = retrace.moment(step, RETRACED) else {
                if !retrace.ends_before(step) {
                    ui.ctx().request_repaint();
                }
                continue;
            };
            let from = trail.point(record);
            // A run that was not trained by its plan alone is no run to retrace.
            if moment.params.get(..2) != Some(&from[..]) {
                continue;
            }
            let vectors = arrows::vectors(surface, moment);
            let chosen =
                [0, 1, 2].map(|arrow: usize| vectors[arrow].filter(|_| self.arrows.on[arrow]));
            arrows::draw(painter, context.theme, scene, from, chosen, color(*index));
            if *index == front {
                let area = painter.clip_rect();
                let words = arrows::words(chosen);
                if area.width() > 0.8 * NARROW {
                    arrows::legend_ui(painter, context.theme, area, chosen, color(*index));
                }
                let label = &context.session.entries()[*index].label;
                let words = format!("{label}: {words}");
                let id = ui.scope_id().with("sizes of the arrows");
                let response = ui.interact(
                    Rect::from_min_size(area.min, Vec2::new(130.0, 50.0)),
                    id,
                    egui::Sense::empty(),
                );
                response.widget_info(|| {
                    egui::WidgetInfo::labeled(egui::Role::Label, true, words.clone())
                });
            }
        }
    }

    /// One click sets the start, two show the whole: waits a moment to know which it is.
    fn click(
        &mut self,
        ui: &Ui,
        context: &mut ViewContext<'_>,
        response: &egui::Response,
        point: Option<[f64; 2]>,
    ) {
        let now = ui.input(|input| input.time);
        if response.double_clicked() {
            self.clicked = None;
        } else if let Some(point) = point
            .filter(|_| response.clicked() && n_coordinates(context.session) <= MOST_COORDINATES)
        {
            self.clicked = Some((now, point));
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
    }

    /// Which path and which height is under the pointer.
    fn hover_ui(
        &self,
        context: &mut ViewContext<'_>,
        surface: &Surface,
        response: egui::Response,
        at: egui::Pos2,
        point: Option<[f64; 2]>,
    ) {
        let near =
            |path: &Option<Followed>| path.as_ref().map_or(f32::INFINITY, |path| path.distance(at));
        let distances = self.paths.iter().map(near).enumerate();
        let nearest = distances.min_by(|a, b| a.1.total_cmp(&b.1)).filter(|(_, d)| *d < 12.0);
        let mut lines = Vec::new();
        if let Some((index, _)) = nearest {
            *context.hover = Some(index);
            if let Some(entry) = context.session.entries().get(index) {
                lines.push(entry.label.clone());
            }
        }
        if let Some(point) = point {
            let value = shades::heights(surface)(point);
            let [x, y, value] = [point[0], point[1], value].map(|x| format_value(x, 4));
            lines.push(format!("({x}, {y})   f = {value}"));
        }
        if !lines.is_empty() && !response.dragged() {
            response.on_hover_text_at_pointer(lines.join("\n"));
        }
    }
}

/// A domain made wider or higher, so that a unit has the same length along both sides of `size`.
fn fitted(domain: Bounds, size: Vec2) -> Bounds {
    let room = [f64::from(size.x - 44.0).max(1.0), f64::from(size.y - 40.0).max(1.0)];
    let widths = [0, 1].map(|axis: usize| domain[axis][1] - domain[axis][0]);
    let per_point = (widths[0] / room[0]).max(widths[1] / room[1]);
    [0, 1].map(|axis: usize| {
        let extra = 0.5 * (per_point * room[axis] - widths[axis]);
        [domain[axis][0] - extra, domain[axis][1] + extra]
    })
}
