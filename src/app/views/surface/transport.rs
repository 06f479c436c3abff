use egui::{Key, Modifiers, Pos2, Rect, Response, Sense, Stroke, Ui, Vec2, WidgetInfo};

use crate::analysis::{Playback, format_value};
use crate::app::theme::{Theme, small};
use crate::app::views::quantity::menu;

/// Height of a row of controls.
const ROW: f32 = 26.0;
/// Height of the row of words below it, where there is no room beside it.
const WORDS: f32 = 22.0;
/// Width below which the controls take two rows.
const ONE_ROW: f32 = 430.0;

/// What a transport is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tape {
    /// The last recorded step.
    pub last: u64,
    /// The step shown.
    pub shown: u64,
    /// The recorded steps before and after it.
    pub neighbours: [Option<u64>; 2],
    /// Whether runs go on.
    pub grows: bool,
}

/// The height that the controls take at this width.
pub(super) fn height(width: f32) -> f32 {
    if width < ONE_ROW { ROW + WORDS + 2.0 } else { ROW + 6.0 }
}

#[derive(Clone, Copy, PartialEq)]
enum Icon {
    Back,
    Play,
    Hold,
    Forward,
}

/// Step back, play, step forward, the slider of steps, the speed.
pub(super) fn ui(ui: &mut Ui, theme: &Theme, playback: &mut Playback, tape: Option<Tape>) {
    let is_narrow = ui.available_width() < ONE_ROW;
    ui.add_enabled_ui(tape.is_some(), |ui| {
        let tape = tape.unwrap_or(Tape { last: 0, shown: 0, neighbours: [None; 2], grows: false });
        ui.spacing_mut().item_spacing = Vec2::new(4.0, 0.0);
        ui.horizontal(|ui| {
            ui.set_height(ROW);
            buttons_ui(ui, theme, playback, &tape);
            if is_narrow {
                slider_ui(ui, playback, &tape, ui.available_width());
            } else {
                let right = egui::Layout::right_to_left(egui::Align::Center);
                ui.with_layout(right, |ui| {
                    speed_ui(ui, theme, playback, &tape);
                    ui.add_space(4.0);
                    step_ui(ui, theme, &tape);
                    ui.add_space(4.0);
                    slider_ui(ui, playback, &tape, ui.available_width());
                });
            }
        });
        if is_narrow {
            ui.horizontal(|ui| {
                ui.set_height(WORDS);
                step_ui(ui, theme, &tape);
                let right = egui::Layout::right_to_left(egui::Align::Center);
                ui.with_layout(right, |ui| speed_ui(ui, theme, playback, &tape));
            });
        }
    });
}

fn buttons_ui(ui: &mut Ui, theme: &Theme, playback: &mut Playback, tape: &Tape) {
    let [before, after] = tape.neighbours;
    let back = icon_button(ui, theme, Icon::Back, "Step back", before.is_some());
    if let (true, Some(step)) = (back.on_hover_text("One step back (←)").clicked(), before) {
        playback.show(step);
    }
    let now = ui.input(|input| input.time);
    if playback.is_playing() {
        let hold = icon_button(ui, theme, Icon::Hold, "Hold the playback", true);
        if hold.on_hover_text("Hold here (Space)").clicked() {
            playback.hold();
        }
    } else {
        let play = icon_button(ui, theme, Icon::Play, "Play", tape.last > 0);
        let help = "Play what was recorded, from the start where the end is shown (Space)";
        if play.on_hover_text(help).clicked() {
            playback.play(now, tape.last);
        }
    }
    let forward = icon_button(ui, theme, Icon::Forward, "Step forward", after.is_some());
    if let (true, Some(step)) = (forward.on_hover_text("One step forward (→)").clicked(), after) {
        playback.show(step);
    }
}

fn slider_ui(ui: &mut Ui, playback: &mut Playback, tape: &Tape, width: f32) {
    let mut step = tape.shown;
    ui.spacing_mut().slider_width = (width - 8.0).max(30.0);
    // The handle follows the height of fields, which is more than it needs.
    ui.spacing_mut().interact_size.y = 16.0;
    let slider = egui::Slider::new(&mut step, 0..=tape.last.max(1)).show_value(false);
    let response = ui.add(slider);
    response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), step as f64, "Step shown"));
    if response.changed() {
        playback.show(step);
    }
}

fn step_ui(ui: &mut Ui, theme: &Theme, tape: &Tape) {
    let number = |step: u64| format_value(step as f64, 6);
    let text = format!("step {} of {}", number(tape.shown), number(tape.last));
    ui.add(egui::Label::new(small(text).color(theme.dim)).extend());
}

fn speed_ui(ui: &mut Ui, theme: &Theme, playback: &mut Playback, tape: &Tape) {
    let speed = playback.speed(tape.last);
    let name = |speed: f64| format!("{}/s", format_value(speed, 6));
    let text =
        if playback.is_live() { "live ▾".to_owned() } else { format!("{} ▾", name(speed)) };
    let response = ui.scope(|ui| {
        menu(ui, text, |ui| {
            for choice in Playback::speeds() {
                let plural = if *choice == 1.0 { "step" } else { "steps" };
                let text = format!("{} {plural} per second", format_value(*choice, 6));
                let is_on = *choice == speed && !playback.is_live();
                if ui.selectable_label(is_on, text).clicked() {
                    playback.set_speed(*choice);
                    if playback.is_live() {
                        playback.play(ui.input(|input| input.time), tape.last);
                    }
                }
            }
            ui.separator();
            let live = ui.selectable_label(playback.is_live(), "As fast as it goes (live)");
            if live.on_hover_text("Always the latest step of every run (End)").clicked() {
                playback.go_live();
            }
        });
    });
    response.response.on_hover_text("Steps played per second");
    if playback.is_live() && tape.grows {
        let (rect, _) = ui.allocate_exact_size(Vec2::splat(8.0), Sense::hover());
        ui.painter().circle_filled(rect.center(), 3.5, theme.ok);
    }
}

/// The keys of the transport, where no widget has the keyboard and no dialog is open.
pub(super) fn take_keys(ui: &Ui, playback: &mut Playback, tape: &Tape) {
    let ctx = ui.ctx();
    let is_free =
        ctx.memory(|memory| memory.focused().is_none() && memory.allows_interaction(ui.layer_id()));
    if !is_free || egui::Popup::is_any_open(ctx) {
        return;
    }
    let count = |key| ctx.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
    let [before, after] = tape.neighbours;
    // A key that is held comes several times in a slow frame.
    let far = |steps: usize, one: u64| tape.shown.abs_diff(one) * steps.saturating_sub(1) as u64;
    if let (steps @ 1.., Some(step)) = (count(Key::ArrowLeft), before) {
        playback.show(step.saturating_sub(far(steps, step)));
    }
    if let (steps @ 1.., Some(step)) = (count(Key::ArrowRight), after) {
        playback.show((step + far(steps, step)).min(tape.last));
    }
    if count(Key::Home) > 0 {
        playback.show(0);
    }
    if count(Key::End) > 0 {
        playback.go_live();
    }
    if count(Key::Space) % 2 == 1 {
        if playback.is_playing() {
            playback.hold();
        } else {
            playback.play(ctx.input(|input| input.time), tape.last);
        }
    }
}

fn icon_button(ui: &mut Ui, theme: &Theme, icon: Icon, name: &str, enabled: bool) -> Response {
    ui.add_enabled_ui(enabled, |ui| {
        let (rect, response) = ui.allocate_exact_size(Vec2::new(26.0, 24.0), Sense::click());
        let visuals = ui.style().interact(&response);
        let painter = ui.painter();
        painter.rect(
            rect,
            visuals.corner_radius,
            visuals.weak_bg_fill,
            visuals.bg_stroke,
            egui::StrokeKind::Inside,
        );
        let color = if ui.is_enabled() { visuals.fg_stroke.color } else { theme.faint };
        let at = rect.center();
        let triangle = |tip: f32, back: f32| {
            let corners = vec![
                at + Vec2::new(tip, 0.0),
                at + Vec2::new(back, -5.0),
                at + Vec2::new(back, 5.0),
            ];
            painter.add(egui::Shape::convex_polygon(corners, color, Stroke::NONE));
        };
        let bar = |x: f32, width: f32| {
            let middle = Pos2::new(at.x + x, at.y);
            let bar = Rect::from_center_size(middle, Vec2::new(width, 10.0));
            painter.rect_filled(bar, 0, color);
        };
        match icon {
            Icon::Play => triangle(5.5, -3.5),
            Icon::Hold => {
                bar(-2.8, 3.0);
                bar(2.8, 3.0);
            }
            Icon::Back => {
                triangle(-3.5, 4.5);
                bar(-5.0, 1.8);
            }
            Icon::Forward => {
                triangle(3.5, -4.5);
                bar(5.0, 1.8);
            }
        }
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), name));
        if response.has_focus() {
            let ring = Stroke::new(1.5, theme.accent);
            painter.rect_stroke(rect, visuals.corner_radius, ring, egui::StrokeKind::Outside);
        }
        response
    })
    .inner
}
