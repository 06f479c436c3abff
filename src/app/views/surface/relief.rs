use std::sync::Arc;

use egui::epaint::Vertex;
use egui::{
    Align2, Color32, FontId, Mesh, Painter, Pos2, Response, Sense, Stroke, TextureId, Ui, Vec2,
};

use super::scene::{Scene, SceneKey};
use super::shades::{self, Shades, floor_of, heights};
use crate::analysis::{
    Camera, Grid, HeightScale, Projection, Relief, Tick, format_short, linear_ticks, power_of_ten,
};
use crate::app::theme::Theme;
use crate::app::views::axes::Bounds;
use crate::math::elementary::double::powf;
use crate::surfaces::Surface;

/// Points of the relief along x and along y.
const SIDE: usize = 91;
/// Radians that a drag of one point turns by.
const TURN: f64 = 0.009;
/// Shares of the shade that the highest and the lowest place have.
const SHARES: [f32; 2] = [0.16, 0.80];

/// A surface from the side, shaded: drag to turn, scroll to come nearer, double click for the first
/// view again.
#[derive(Default)]
pub(super) struct ReliefView {
    /// From where a person looks at it; `None` for the first look.
    camera: Option<Camera>,
    shades: Shades,
    known: Option<Known>,
    drawn: Option<(DrawnFor, Arc<Mesh>)>,
}

struct Known {
    surface: Surface,
    bounds: Bounds,
    /// What a person chose; `None` for what suits the surface.
    wanted_log: Option<bool>,
    scale: HeightScale,
    relief: Relief,
    first_look: Camera,
}

#[derive(Clone, Copy, PartialEq)]
struct DrawnFor {
    key: SceneKey,
    dark: bool,
    texture: TextureId,
}

/// What a frame of the relief leaves.
pub(super) struct Shown<'a> {
    /// Of the picture.
    pub response: Response,
    /// Where points are.
    pub scene: Scene<'a>,
    /// What it was drawn for.
    pub key: SceneKey,
}

impl ReliefView {
    /// Whether it was turned or brought nearer.
    pub(super) fn is_moved(&self) -> bool {
        self.camera.is_some()
    }

    /// Back to the first view.
    pub(super) fn reset(&mut self) {
        self.camera = None;
    }

    /// Whether heights are drawn logarithmically.
    pub(super) fn is_log(&self) -> bool {
        self.known.as_ref().is_some_and(|known| known.scale.is_log())
    }

    fn know(&mut self, surface: &Surface, bounds: Bounds, wanted_log: Option<bool>) {
        let is_known = self.known.as_ref().is_some_and(|known| {
            known.surface == *surface && known.bounds == bounds && known.wanted_log == wanted_log
        });
        if is_known {
            return;
        }
        let values = Grid::sample([SIDE; 2], bounds, heights(surface)).values;
        let floor = floor_of(surface, &values);
        let is_log = wanted_log.unwrap_or_else(|| HeightScale::suits_log(floor, &values));
        let scale = HeightScale::new(floor, &values, is_log);
        let height = heights(surface);
        let relief = Relief::sample([SIDE; 2], bounds, |point| scale.share(height(point)));
        let (surface, first_look) = (surface.clone(), relief.first_look());
        self.known = Some(Known { surface, bounds, wanted_log, scale, relief, first_look });
        self.drawn = None;
    }

    /// Draws the relief of a part of the plane into all of `ui`.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        surface: &Surface,
        bounds: Bounds,
        wanted_log: Option<bool>,
    ) -> Shown<'_> {
        self.know(surface, bounds, wanted_log);
        let area = ui.available_rect_before_wrap();
        let response = ui.allocate_rect(area, Sense::click_and_drag());
        let name = "Surface in 3-D with the paths of the optimizers";
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, name));
        let camera = self.interact(ui, &response);
        let texture = self.shades.texture(ui, theme, surface, bounds, area.size(), SHARES);
        let known = self.known.as_ref().expect("it was made known above");
        let (relief, view) = (&known.relief, camera.projection());
        // A box that turns never leaves the picture, and a flat one fills it well.
        let [x, y, z] = relief.half().map(|half| half as f32);
        let across = (x * x + y * y).sqrt();
        let flat = (view.up[0] * view.up[0] + view.up[1] * view.up[1]).sqrt() as f32;
        let rise = across * flat + z * view.up[2] as f32;
        let margin = Vec2::new(34.0, 26.0);
        let scale = ((0.5 * area.width() - margin.x) / across)
            .min((0.5 * area.height() - margin.y) / rise)
            .max(10.0)
            * camera.zoom as f32;
        let middle = area.center();
        let scene = Scene::Relief { relief, view, middle, scale };
        let key = SceneKey { bounds, area, camera: Some((camera, known.scale.is_log())) };
        let drawn_for = DrawnFor { key, dark: theme.dark, texture };
        let mesh = match &self.drawn {
            Some((last, mesh)) if *last == drawn_for => Arc::clone(mesh),
            _ => {
                let mesh = surface_mesh(relief, &view, &scene, theme);
                let mesh = Arc::new(Mesh { texture_id: texture, ..mesh });
                self.drawn = Some((drawn_for, Arc::clone(&mesh)));
                mesh
            }
        };
        let painter = ui.painter().with_clip_rect(area.intersect(ui.clip_rect()));
        let frame = BoxFrame {
            relief,
            view: &view,
            scene: &scene,
            theme,
            painter: &painter,
            names: shades::axis_names(surface),
        };
        frame.far_edges();
        painter.add(egui::Shape::Mesh(mesh));
        painter.add(walls_mesh(relief, &view, &scene, theme));
        frame.near_edges(&known.scale);
        Shown { response, scene, key }
    }

    fn interact(&mut self, ui: &Ui, response: &Response) -> Camera {
        if response.double_clicked() {
            self.reset();
        }
        let first_look = self.known.as_ref().map_or(Camera::default(), |known| known.first_look);
        let now = self.camera.unwrap_or(first_look);
        let mut next = now;
        if response.dragged() {
            let moved = response.drag_delta();
            next = next.turned(-TURN * f64::from(moved.x), TURN * f64::from(moved.y));
        }
        if response.contains_pointer() {
            let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta, input.zoom_delta()));
            next = next.nearer(f64::from(pinch) * powf(2.0, f64::from(scroll.y / 300.0)));
        }
        if next != now {
            self.camera = Some(next);
        }
        next
    }
}

/// The cells of the relief from the farthest to the nearest, so that near ones cover far ones.
fn surface_mesh(relief: &Relief, view: &Projection, scene: &Scene<'_>, theme: &Theme) -> Mesh {
    let [n_columns, n_rows] = relief.size;
    let mut mesh = Mesh::default();
    mesh.reserve_vertices(n_columns * n_rows);
    mesh.reserve_triangles(2 * (n_columns - 1) * (n_rows - 1));
    let space = |column: usize, row: usize| {
        relief.place(relief.node(column, row), relief.heights[row * n_columns + column])
    };
    let light = light(view);
    for row in 0..n_rows {
        for column in 0..n_columns {
            let (left, right) = (column.saturating_sub(1), (column + 1).min(n_columns - 1));
            let (low, high) = (row.saturating_sub(1), (row + 1).min(n_rows - 1));
            let (a, b) = (space(left, row), space(right, row));
            let (c, d) = (space(column, low), space(column, high));
            let slope = [(b[2] - a[2]) / (b[0] - a[0]), (d[2] - c[2]) / (d[1] - c[1])];
            let uv = Pos2::new(
                column as f32 / (n_columns - 1) as f32,
                1.0 - row as f32 / (n_rows - 1) as f32,
            );
            let pos = scene.on_screen(space(column, row));
            mesh.vertices.push(Vertex { pos, uv, color: shade(slope, light, theme) });
        }
    }
    let from_far = |n: usize, toward: f64| {
        (0..n - 1).map(move |index| if toward > 0.0 { index } else { n - 2 - index })
    };
    for row in from_far(n_rows, view.toward[1]) {
        for column in from_far(n_columns, view.toward[0]) {
            let corner = (row * n_columns + column) as u32;
            let above = corner + n_columns as u32;
            mesh.add_triangle(corner, corner + 1, above);
            mesh.add_triangle(above, corner + 1, above + 1);
        }
    }
    mesh
}

/// The direction of the light: from above, over the left shoulder of the viewer.
fn light(view: &Projection) -> [f64; 3] {
    let flat = [0, 1].map(|axis: usize| 0.55 * view.toward[axis] - 0.75 * view.right[axis]);
    let light = [flat[0], flat[1], 0.8];
    let length = light.iter().map(|part| part * part).sum::<f64>().sqrt();
    light.map(|part| part / length)
}

/// How bright a slope is: white is the colour of the picture itself.
fn shade(slope: [f64; 2], light: [f64; 3], theme: &Theme) -> Color32 {
    let length = (slope[0] * slope[0] + slope[1] * slope[1] + 1.0).sqrt();
    let facing = (light[2] - slope[0] * light[0] - slope[1] * light[1]) / length;
    let least = if theme.dark { 0.42 } else { 0.66 };
    let share = least + (1.0 - least) * (0.25 + 0.75 * facing).clamp(0.0, 1.0);
    Color32::from_gray((255.0 * share) as u8)
}

/// The walls below the near edges, down to the ground, so that the relief looks solid.
fn walls_mesh(relief: &Relief, view: &Projection, scene: &Scene<'_>, theme: &Theme) -> Mesh {
    let mut mesh = Mesh::default();
    for axis in 0..2 {
        let along = 1 - axis;
        let side = usize::from(view.toward[axis] > 0.0);
        if view.toward[axis].abs() < 1e-9 {
            continue;
        }
        let share = 0.30 + 0.16 * (view.toward[axis].abs() as f32);
        let color = theme.plot.lerp_to_gamma(theme.faint, share * 0.8);
        let n = relief.size[along];
        for index in 0..n {
            let mut point = [0.0; 2];
            point[axis] = relief.domain[axis][side];
            let [low, high] = relief.domain[along];
            point[along] = low + (high - low) * index as f64 / (n - 1) as f64;
            let top = scene.on_screen(relief.place(point, relief.height(point).unwrap_or(0.0)));
            let ground = scene.on_screen(relief.place(point, GROUND));
            mesh.colored_vertex(top, color);
            mesh.colored_vertex(ground, color);
            if index > 0 {
                let last = mesh.vertices.len() as u32 - 1;
                mesh.add_triangle(last - 3, last - 2, last - 1);
                mesh.add_triangle(last - 1, last - 2, last);
            }
        }
    }
    mesh
}

/// The height of the ground below the relief.
const GROUND: f64 = -0.06;

/// The edges of the box with their numbers.
struct BoxFrame<'a> {
    relief: &'a Relief,
    view: &'a Projection,
    scene: &'a Scene<'a>,
    theme: &'a Theme,
    painter: &'a Painter,
    /// The names of the coordinates.
    names: [&'static str; 2],
}

impl BoxFrame<'_> {
    /// The sides of the domain (0 low, 1 high) that are nearest to the viewer, along x and y.
    fn near(&self) -> [usize; 2] {
        [0, 1].map(|axis: usize| usize::from(self.view.toward[axis] > 0.0))
    }

    fn at(&self, sides: [usize; 2], height: f64) -> Pos2 {
        let point = [0, 1].map(|axis: usize| self.relief.domain[axis][sides[axis]]);
        self.scene.on_screen(self.relief.place(point, height))
    }

    /// What the relief may cover.
    fn far_edges(&self) {
        let [x, y] = self.near();
        let far = [1 - x, 1 - y];
        let stroke = Stroke::new(1.0, self.theme.grid.lerp_to_gamma(self.theme.faint, 0.25));
        for height in [GROUND, 1.0] {
            for corner in [[x, 1 - y], [1 - x, y]] {
                self.painter.line_segment([self.at(far, height), self.at(corner, height)], stroke);
            }
        }
        self.painter.line_segment([self.at(far, GROUND), self.at(far, 1.0)], stroke);
    }

    /// What lies before the relief, with the numbers.
    fn near_edges(&self, scale: &HeightScale) {
        let theme = self.theme;
        let near = self.near();
        // Heights stand at the outermost corner on the left.
        let ends = [[near[0], 1 - near[1]], [1 - near[0], near[1]]];
        let is_left = self.at(ends[0], 0.0).x < self.at(ends[1], 0.0).x;
        let left = ends[usize::from(!is_left)];
        let stroke = Stroke::new(1.0, theme.faint);
        for axis in 0..2 {
            let mut other = near;
            other[axis] = 1 - near[axis];
            let ends = [self.at(near, GROUND), self.at(other, GROUND)];
            self.painter.line_segment(ends, stroke);
            let [low, high] = self.relief.domain[axis];
            let ticks = linear_ticks(low, high, (ends[0].distance(ends[1]) / 52.0) as usize);
            let across = 1 - axis;
            // So many points away from the edge, whatever the size.
            let away = |points: f64| points / self.scene.scale();
            let place = |at: f64, out: f64| {
                let mut point = [at; 2];
                point[across] = self.relief.domain[across][near[across]];
                let mut place = self.relief.place(point, GROUND);
                place[across] += out * (2.0 * near[across] as f64 - 1.0);
                self.scene.on_screen(place)
            };
            for tick in &ticks {
                let (from, to) = (place(tick.at, 0.0), place(tick.at, away(4.0)));
                self.painter.line_segment([from, to], stroke);
                // There the numbers of the height begin.
                let far = if near[axis] == 1 { tick.at - low } else { high - tick.at };
                if other == left && far < 0.06 * (high - low) {
                    continue;
                }
                self.number(place(tick.at, away(14.0)), Align2::CENTER_CENTER, &tick.label);
            }
            let middle = place(0.5 * (low + high), away(36.0));
            let name = self.names[axis];
            let font = FontId::proportional(12.0);
            self.painter.text(middle, Align2::CENTER_CENTER, name, font, theme.dim);
        }
        let (foot, top) = (self.at(left, GROUND), self.at(left, 1.0));
        self.painter.line_segment([foot, top], stroke);
        let length = self.at(left, 0.0).distance(self.at(left, 1.0));
        for tick in height_ticks(scale, (length / 24.0) as usize) {
            let at = self.at(left, tick.at);
            self.painter.line_segment([at, at - Vec2::new(4.0, 0.0)], stroke);
            self.number(at - Vec2::new(6.0, 0.0), Align2::RIGHT_CENTER, &tick.label);
        }
        self.number(top - Vec2::new(0.0, 9.0), Align2::CENTER_BOTTOM, "f");
    }

    fn number(&self, at: Pos2, align: Align2, text: &str) {
        let painter = self.painter;
        painter.text(at, align, text, FontId::proportional(11.0), self.theme.faint);
    }
}

/// Round values along the height, where they stand: `at` is the share of the height.
fn height_ticks(scale: &HeightScale, n_most: usize) -> Vec<Tick> {
    let n_most = n_most.clamp(2, 8);
    let (low, high) = (scale.value(0.0), scale.value(1.0));
    if !scale.is_log() {
        let ticks = linear_ticks(low, high, n_most).into_iter();
        return ticks.map(|tick| Tick { at: scale.share(tick.at), ..tick }).collect();
    }
    // Powers of ten from the highest down, as far as they are apart.
    let least = 0.8 / n_most as f64;
    let powers: Vec<f64> = (-9..=9).map(|exponent| power_of_ten(f64::from(exponent))).collect();
    let above = powers.iter().rev().copied();
    let below = powers.iter().map(|power| -power);
    let mut ticks: Vec<Tick> = Vec::new();
    for value in above.chain(below).filter(|value| *value > low && *value <= high) {
        let at = scale.share(value);
        if at > 0.7 * least && ticks.last().is_none_or(|last| last.at - at >= least) {
            ticks.push(Tick { at, label: format_short(value, value.abs()) });
        }
    }
    let is_zero = low.abs() < 1e-9 * (high - low);
    let floor = if is_zero { "0".to_owned() } else { format_short(low, 0.1 * low.abs()) };
    ticks.push(Tick { at: 0.0, label: floor });
    ticks
}

/// The marks of the minima.
pub(super) fn minima_ui(painter: &Painter, theme: &Theme, minima: &[[f64; 2]], scene: &Scene<'_>) {
    for point in minima {
        let Some((at, is_hidden)) = scene.place(*point) else { continue };
        let share = if is_hidden { 0.4 } else { 1.0 };
        for (width, color) in [(4.0, theme.plot), (1.8, theme.text)] {
            for arm in [Vec2::new(5.0, 0.0), Vec2::new(0.0, 5.0)] {
                let stroke = Stroke::new(width, color.gamma_multiply(share));
                painter.line_segment([at - arm, at + arm], stroke);
            }
        }
    }
}
