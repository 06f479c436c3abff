//! The view of a test surface: a map or a relief with the paths of all visible experiments, played
//! step by step from what they recorded.

mod arrows;
mod follow;
mod picture;
mod race;
mod relief;
mod runs;
mod scene;
mod shades;
mod transport;

use egui::{Layout, Rect, Ui, Vec2};

use super::axes::{Axes, empty_ui};
use super::quantity::menu;
use super::{View, ViewContext};
use crate::analysis::{Playback, Retrace};
use crate::app::theme::{small, space};
use crate::app::widgets::within;
use crate::session::Session;
use crate::surfaces::Surface;
use arrows::{Arrow, Arrows};
use follow::Followed;
use relief::ReliefView;
use runs::{n_coordinates, racers, surface};
use shades::Shades;
use transport::Tape;

/// More coordinates than this make no start that one would write down.
const MOST_COORDINATES: usize = 64;
/// Seconds between two frames of a playback, at least.
const FRAME_SECONDS: f64 = 1.0 / 60.0;

/// A test surface from above or in relief with the paths of all visible experiments, which can be
/// played, stepped and looked back at. A click sets where all of them start.
///
/// Reveals zigzag in ravines, overshoot of momentum, and who gets stuck where.
#[derive(Default)]
pub(super) struct SurfaceMap {
    title: Option<&'static str>,
    axes: Axes,
    shades: Shades,
    relief: ReliefView,
    /// Whether the relief is shown, not the map.
    is_relief: bool,
    /// Whether its heights are logarithmic; `None` for what suits the surface.
    log: Option<bool>,
    playback: Playback,
    arrows: Arrows,
    hides_ahead: bool,
    paths: Vec<Option<Followed>>,
    retraced: Vec<Option<Retrace>>,
    clicked: Option<(f64, [f64; 2])>,
    /// The first two coordinates of the minima of the surface that was drawn last.
    minima: Option<(Surface, Vec<[f64; 2]>)>,
}

impl View for SurfaceMap {
    fn title(&self) -> String {
        self.title.unwrap_or("Surface").to_owned()
    }

    fn header_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        if surface(context.session).is_none() {
            return;
        }
        menu(ui, "show ▾".to_owned(), |ui| self.menu_ui(ui));
        if ui.available_width() > 210.0 {
            ui.spacing_mut().item_spacing.x = 0.0;
            for (name, is_relief, help) in [
                ("3-D", true, "From the side: drag to turn, scroll to come nearer"),
                ("contour", false, "From above: drag or scroll to zoom"),
            ] {
                let label = ui.selectable_label(self.is_relief == is_relief, small(name));
                if label.on_hover_text(help).clicked() {
                    self.is_relief = is_relief;
                }
            }
        }
        let is_moved = if self.is_relief { self.relief.is_moved() } else { self.axes.is_zoomed() };
        if is_moved && ui.available_width() > 170.0 {
            ui.add_space(space::NORMAL);
            let button = egui::Button::new(small("Show all")).frame(false);
            let help = "Back to the whole surface (double click)";
            if ui.add(button).on_hover_text(help).clicked() {
                self.axes.reset();
                self.relief.reset();
            }
        }
        // The title needs the room first.
        if ui.available_width() > 240.0 {
            ui.add_space(space::NORMAL);
            let dimension = n_coordinates(context.session);
            let text = if dimension <= MOST_COORDINATES { "click: start here" } else { "" };
            let text = small(text).color(context.theme.dim);
            let label = ui.add(egui::Label::new(text).truncate());
            if dimension > 2 {
                label.on_hover_text("A click sets where x₁ and x₂ start; the others as usual.");
            }
        }
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let Some(surface) = surface(context.session).cloned() else {
            let text = "An experiment on a test surface shows its path here, live.";
            empty_ui(ui, theme, "No surface in this study", text);
            return;
        };
        self.title = Some(surface.page().title);
        let tape = self.play(ui, context.session);
        let shown = tape.map_or(0, |tape| tape.shown);
        let racers = racers(context, shown);
        let area = ui.available_rect_before_wrap();
        let places = Places::new(area, racers.len());
        let down = Layout::top_down(egui::Align::Min);
        within(ui, places.transport, down, |ui| {
            transport::ui(ui, theme, &mut self.playback, tape);
        });
        if let Some(place) = places.race {
            within(ui, place, down, |ui| race::ui(ui, context, &racers, shown));
        }
        within(ui, places.picture, down, |ui| {
            ui.set_clip_rect(ui.clip_rect().intersect(places.picture));
            self.picture_ui(ui, context, &surface, shown);
        });
        ui.advance_cursor_after_rect(area);
    }
}

/// Where the parts of the view are.
struct Places {
    picture: Rect,
    race: Option<Rect>,
    transport: Rect,
}

impl Places {
    fn new(area: Rect, n_racers: usize) -> Self {
        let width = area.width();
        let inner = area.shrink2(Vec2::new(10.0, 0.0));
        let mut top = area.bottom() - transport::height(inner.width());
        let transport = Rect::from_min_max(egui::pos2(inner.left(), top), inner.max);
        let mut picture = Rect::from_min_max(area.min, egui::pos2(area.right(), top));
        let mut race = None;
        if n_racers > 0 && width >= race::BESIDE {
            let left = area.right() - race::COLUMN - 8.0;
            race = Some(Rect::from_min_max(
                egui::pos2(left, area.top() + 12.0),
                egui::pos2(area.right() - 8.0, top),
            ));
            picture.max.x = left;
        } else {
            let height = race::height(inner.width(), n_racers);
            // The picture comes first.
            if n_racers > 0 && top - area.top() - height > 110.0 {
                top -= height;
                race = Some(Rect::from_min_max(
                    egui::pos2(inner.left(), top),
                    egui::pos2(inner.right(), top + height),
                ));
                picture.max.y = top;
            }
        }
        Self { picture, race, transport }
    }
}

impl SurfaceMap {
    /// Moves the playback on, and sees to it that the next step is drawn in time.
    fn play(&mut self, ui: &Ui, session: &Session) -> Option<Tape> {
        let mut tape = runs::tape(session, &self.playback)?;
        transport::take_keys(ui, &mut self.playback, &tape);
        let now = ui.input(|input| input.time);
        self.playback.advance(now, tape.last, tape.grows);
        tape = runs::tape(session, &self.playback)?;
        if let Some(seconds) = self.playback.next_in(tape.last) {
            let wait = std::time::Duration::from_secs_f64(seconds.max(FRAME_SECONDS));
            ui.ctx().request_repaint_after(wait);
        }
        Some(tape)
    }

    fn menu_ui(&mut self, ui: &mut Ui) {
        for (name, is_relief) in [("Contour", false), ("3-D surface", true)] {
            if ui.radio(self.is_relief == is_relief, name).clicked() {
                self.is_relief = is_relief;
            }
        }
        ui.separator();
        ui.label(small("Arrows at the shown step").weak());
        for (arrow, on) in Arrow::ALL.into_iter().zip(&mut self.arrows.on) {
            ui.checkbox(on, arrow.label()).on_hover_text(arrow.help());
        }
        ui.checkbox(&mut self.arrows.of_all, "For every experiment")
            .on_hover_text("At every visible experiment's point, not at the selected one's alone");
        ui.separator();
        let mut ahead = !self.hides_ahead;
        let help = "Draws what lies ahead of the shown step faintly";
        ui.checkbox(&mut ahead, "Path ahead").on_hover_text(help);
        self.hides_ahead = !ahead;
        let mut is_log = self.log.unwrap_or_else(|| self.relief.is_log());
        let help = "Equal ratios of height above the lowest place are about equally high; without \
                    it, steep walls leave nothing to see of the valley. In 3-D only";
        if ui.checkbox(&mut is_log, "Logarithmic height").on_hover_text(help).changed() {
            self.log = Some(is_log);
        }
    }
}
