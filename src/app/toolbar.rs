//! Menus, title, and the buttons that start and stop.

use egui::{Align, Layout, Ui, vec2};

use super::centre::Centre;
use super::orders::{Action, Order};
use super::theme::{Theme, small, space, strong};
use super::widgets::{bar, button, primary_button};
use super::words;
use crate::session::{Session, SessionCommand, ThemeChoice, presets};

/// The menus, the title, and the way to the palette.
pub(super) fn menu_bar(
    ui: &mut Ui,
    theme: &Theme,
    session: &Session,
    centre: &Centre,
    orders: &mut Vec<Order>,
) {
    let whole = ui.max_rect();
    let menus = egui::MenuBar::new().ui(ui, |ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.label(strong("Descent"));
        ui.add_space(space::TIGHT);
        for (name, actions) in Action::MENUS {
            ui.menu_button(egui::RichText::new(name).color(theme.dim), |ui| {
                ui.set_min_width(240.0);
                for action in actions {
                    match action {
                        Some(action) => item(ui, *action, session, orders),
                        None => drop(ui.separator()),
                    }
                    if *action == Some(Action::OpenCsv) {
                        open_menus(ui, session, orders);
                    }
                }
                if name == "View" {
                    view_menu(ui, session, centre, orders);
                }
            });
        }
        ui.cursor().left()
    });
    let left = menus.inner;
    let right_width = 210.0;
    let right = egui::Rect::from_min_max(
        egui::pos2(whole.right() - right_width, whole.top()),
        whole.right_bottom(),
    );
    super::widgets::within(ui, right, Layout::right_to_left(Align::Center), |ui| {
        let key = egui::Button::new(small("Ctrl K").size(11.0).color(theme.faint));
        let text = small("Search or run a command").color(theme.faint);
        let keys = ui.add(key.min_size(vec2(0.0, 22.0)).small());
        let words = ui.add(egui::Button::new(text).frame(false));
        if keys.clicked() || words.clicked() {
            orders.push(Order::Act(Action::Palette));
        }
    });
    title(ui, theme, session, left + space::GROUP, right.left() - space::GROUP);
}

fn title(ui: &Ui, theme: &Theme, session: &Session, left: f32, right: f32) {
    let document = session.document();
    let mut job = egui::text::LayoutJob::default();
    let format = |color| egui::TextFormat {
        font_id: egui::FontId::proportional(13.0),
        color,
        ..Default::default()
    };
    job.append(&document.title(), 0.0, format(theme.text));
    if document.is_modified() {
        job.append(" · not saved", 0.0, format(theme.faint));
    }
    job.wrap = egui::text::TextWrapping::truncate_at_width((right - left).max(40.0));
    let galley = ui.painter().layout_job(job);
    let whole = ui.max_rect();
    let centered = whole.center().x - galley.size().x / 2.0;
    let x = centered.clamp(left, (right - galley.size().x).max(left));
    let place = egui::pos2(x, whole.center().y - galley.size().y / 2.0);
    let rect = egui::Rect::from_min_size(place, galley.size());
    let response = ui.interact(rect, ui.scope_id().with("title"), egui::Sense::hover());
    let path = document.path().map(|path| path.display().to_string());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, galley.text()));
    ui.painter().galley(place, galley, theme.text);
    response.on_hover_text(path.unwrap_or_else(|| "This study has no file yet.".to_owned()));
}

fn item(ui: &mut Ui, action: Action, session: &Session, orders: &mut Vec<Order>) {
    let mut button = egui::Button::new(action.label());
    if let Some(shortcut) = action.shortcut() {
        button = button.shortcut_text(ui.ctx().format_shortcut(&shortcut));
    }
    if ui.add_enabled(action.is_enabled(session), button).clicked() {
        orders.push(Order::Act(action));
    }
}

fn open_menus(ui: &mut Ui, session: &Session, orders: &mut Vec<Order>) {
    ui.menu_button("Open recent", |ui| {
        if session.recent_files().is_empty() {
            ui.weak("No file was opened yet");
        }
        for path in session.recent_files() {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            let button = ui.button(name.as_ref());
            if button.on_hover_text(path.display().to_string()).clicked() {
                orders.push(Order::OpenFile(path.clone()));
            }
        }
    });
    if !presets::PRESETS.is_empty() {
        ui.menu_button("Examples", |ui| {
            // There are more of them than a small window has room for.
            egui::ScrollArea::vertical().show(ui, |ui| {
                for (index, (_, title)) in presets::titles().iter().enumerate() {
                    if ui.button(title).clicked() {
                        orders.push(Order::OpenPreset(index));
                    }
                }
            });
        });
    }
}

fn view_menu(ui: &mut Ui, session: &Session, centre: &Centre, orders: &mut Vec<Order>) {
    ui.separator();
    ui.menu_button("Theme", |ui| {
        let now = session.preferences().window.theme;
        for (choice, text) in [
            (ThemeChoice::System, "As the system"),
            (ThemeChoice::Light, "Light"),
            (ThemeChoice::Dark, "Dark"),
        ] {
            if ui.radio(now == choice, text).clicked() {
                orders.push(Order::Theme(choice));
                ui.close();
            }
        }
    });
    ui.separator();
    for (kind, is_open) in centre.open_views() {
        let mut is_checked = is_open;
        if ui.checkbox(&mut is_checked, kind.title).clicked() {
            orders.push(Order::ToggleView(kind.name));
        }
    }
}

/// The row of buttons and the progress of the runs.
pub(super) fn toolbar(ui: &mut Ui, theme: &Theme, session: &Session, orders: &mut Vec<Order>) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 10.0;
        let is_done = session.is_up_to_date() && !session.is_busy();
        let text = if is_done { "▶  Run again" } else { "▶  Run all" };
        let run = ui.add(primary_button(theme, text, "F5"));
        run.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &text[5..]));
        if run.on_hover_text(Action::RunAll.help()).clicked() {
            orders.push(Order::Act(Action::RunAll));
        }
        let is_paused =
            !session.is_busy() && session.entries().iter().any(|entry| entry.is_paused());
        for action in [Action::Pause, Action::Step, Action::Stop, Action::Reset] {
            let is_enabled = action.is_enabled(session);
            if action == Action::Pause && is_paused {
                if ui.add(button("Continue")).clicked() {
                    orders.push(Order::Session(SessionCommand::RunAll));
                }
                continue;
            }
            let response = ui.add_enabled(is_enabled, button(action.label()));
            let key = action.shortcut().map(|key| ui.ctx().format_shortcut(&key));
            let help = format!("{} {}", action.help(), key.unwrap_or_default());
            if response.on_hover_text(help).clicked() {
                orders.push(Order::Act(action));
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| progress(ui, theme, session));
    });
}

fn progress(ui: &mut Ui, theme: &Theme, session: &Session) {
    let (n_done, n_runs) = session.runs_done();
    if n_runs == 0 {
        let text = if session.is_busy() { "Preparing…" } else { "" };
        ui.label(egui::RichText::new(text).color(theme.dim));
        return;
    }
    let dim = |text: String| egui::Label::new(egui::RichText::new(text).color(theme.dim)).extend();
    if session.is_busy() {
        if let Some(seconds) = session.seconds_left() {
            ui.add(dim(format!("{} left", words::duration(seconds))));
        }
        let rate = session.samples_per_second();
        if rate > 0.0 {
            ui.add(dim(format!("{} samples/s", words::short(rate))));
        }
    }
    let (done, all) = session.progress();
    let fraction = done as f32 / all.max(1) as f32;
    let counted = format!("{n_done} of {}", words::counted(n_runs as u64, "run", "runs"));
    let room = ui.available_width() - 90.0;
    if room > 60.0 {
        let size = vec2(room.min(260.0), 6.0);
        let response = bar(ui, size, fraction, theme.accent, theme.line);
        response.widget_info(|| {
            let mut info =
                egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Progress");
            info.value = Some(f64::from(fraction));
            info
        });
    }
    ui.add(dim(counted));
}
