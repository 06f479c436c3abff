//! Questions that are asked over the window, and lists that are shown there.

use std::path::{Path, PathBuf};

use egui::{Align, Layout, Ui};

use super::dialogs::Purpose;
use super::help::Help;
use super::messages;
use super::orders::{Action, Order};
use super::reference_check::ReferenceCheck;
use super::theme::{Theme, space, strong};
use super::widgets::{button, note, primary_button};
use crate::session::{Recovered, Session};

/// What lies over the window.
#[derive(Debug)]
pub(super) enum Modal {
    /// There is unsaved work, and this would lose it.
    Unsaved(Box<Order>),
    /// Asks for a path, where the system has no dialog.
    Path(Purpose, String),
    /// An earlier session left work behind.
    Recovered(Box<Recovered>),
    /// Something could not be opened; what was open still is.
    Problem(String),
    /// These files were given with the one that is open, and could not be opened beside it.
    Others(Vec<PathBuf>),
    /// The help pages.
    Help(Help),
    /// The list of messages.
    Messages,
    /// This build beside reference values.
    ReferenceCheck(ReferenceCheck),
    /// The list of keys.
    Shortcuts,
}

/// What a person answered.
#[derive(Debug)]
pub(super) enum Answer {
    /// Saves, then does what was asked.
    SaveThen(Box<Order>),
    /// Does what was asked and lets the unsaved work go.
    Discard(Box<Order>),
    /// This file is to be opened after all.
    Open(PathBuf),
    /// This path was typed.
    Path(Purpose, PathBuf),
    /// Restores left work.
    Restore(Box<Recovered>),
    /// Gives left work up for good.
    GiveUp(Box<Recovered>),
    /// Nothing more.
    Close,
}

/// Draws a modal; the answer once there is one.
pub(super) fn ui(
    ctx: &egui::Context,
    theme: &Theme,
    session: &Session,
    modal: &mut Modal,
    orders: &mut Vec<Order>,
) -> Option<Answer> {
    let mut answer = None;
    let frame = egui::Frame::window(&ctx.global_style()).inner_margin(egui::Margin::same(18));
    let response = egui::Modal::new(egui::Id::unique("modal")).frame(frame).show(ctx, |ui| {
        ui.spacing_mut().item_spacing.y = space::NORMAL;
        match modal {
            Modal::Unsaved(order) => {
                ui.set_width(400.0);
                ui.heading("Save the changes first?");
                let title = session.document().title();
                note(
                    ui,
                    theme,
                    &format!(
                        "“{title}” has changes that no file holds. Without saving they are lost."
                    ),
                );
                buttons(ui, |ui| {
                    if ui.add(primary_button(theme, "Save", "")).clicked() {
                        answer = Some(Answer::SaveThen(order.clone()));
                    }
                    if ui.add(button("Discard")).clicked() {
                        answer = Some(Answer::Discard(order.clone()));
                    }
                    if ui.add(button("Cancel")).clicked() {
                        answer = Some(Answer::Close);
                    }
                });
            }
            Modal::Path(purpose, path) => {
                answer = path_ui(ui, theme, *purpose, path, session.document().path());
            }
            Modal::Recovered(recovered) => {
                ui.set_width(400.0);
                ui.heading("Restore unsaved work?");
                let title = &recovered.study.title;
                let title = if title.is_empty() { "Untitled study" } else { title };
                note(ui, theme, &format!("The last session ended before “{title}” was saved."));
                buttons(ui, |ui| {
                    if ui.add(primary_button(theme, "Restore", "")).clicked() {
                        answer = Some(Answer::Restore(recovered.clone()));
                    }
                    if ui.add(button("Discard")).clicked() {
                        answer = Some(Answer::GiveUp(recovered.clone()));
                    }
                    if ui.add(button("Ask later")).clicked() {
                        answer = Some(Answer::Close);
                    }
                });
            }
            Modal::Problem(text) => {
                ui.set_width(440.0);
                ui.heading("That did not work");
                ui.add(egui::Label::new(text.as_str()).wrap().selectable(true));
                note(ui, theme, "What was open is as it was.");
                buttons(ui, |ui| {
                    if ui.add(primary_button(theme, "Close", "")).clicked() {
                        answer = Some(Answer::Close);
                    }
                    if ui.add(button("Open another…")).clicked() {
                        orders.push(Order::Act(Action::Open));
                        answer = Some(Answer::Close);
                    }
                });
            }
            Modal::Others(others) => {
                ui.set_width(440.0);
                ui.heading("Only the first file was opened");
                let text = "A window holds one study. These were not opened; each can take the \
                    place of the study that is open, or have a window of its own \
                    (descent FILE).";
                note(ui, theme, text);
                let height = (ctx.content_rect().height() - 220.0).clamp(80.0, 320.0);
                egui::ScrollArea::vertical().max_height(height).show(ui, |ui| {
                    for path in others {
                        ui.horizontal(|ui| {
                            let name = path.file_name().unwrap_or(path.as_os_str());
                            let name = name.to_string_lossy();
                            let open = button("Open");
                            let open = ui.add(open).on_hover_text(path.display().to_string());
                            open.widget_info(|| {
                                let name = format!("Open {name}");
                                egui::WidgetInfo::labeled(egui::Role::Button, true, name)
                            });
                            if open.clicked() {
                                answer = Some(Answer::Open(path.clone()));
                            }
                            ui.add(egui::Label::new(name.as_ref()).truncate());
                        });
                    }
                });
                close_button(ui, &mut answer);
            }
            Modal::Help(help) => {
                ui.set_width((ctx.content_rect().width() - 120.0).clamp(560.0, 820.0));
                help.ui(ui, theme);
                close_button(ui, &mut answer);
            }
            Modal::ReferenceCheck(check) => {
                ui.set_width((ctx.content_rect().width() - 72.0).clamp(560.0, 1120.0));
                check.ui(ui, theme);
                close_button(ui, &mut answer);
            }
            Modal::Messages => {
                ui.set_width(560.0);
                ui.heading("Messages");
                messages::list(ui, theme, session, orders);
                close_button(ui, &mut answer);
            }
            Modal::Shortcuts => {
                ui.set_width(380.0);
                ui.heading("Keyboard shortcuts");
                let height = (ui.ctx().content_rect().height() - 150.0).max(120.0);
                let scroll = egui::ScrollArea::vertical().max_height(height);
                scroll.show(ui, |ui| shortcuts_ui(ui, theme));
                close_button(ui, &mut answer);
            }
        }
    });
    if response.should_close() && answer.is_none() {
        answer = Some(Answer::Close);
    }
    answer
}

fn buttons(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    ui.add_space(space::TIGHT);
    // In a row of its own: a layout from right to left takes all the height there is.
    ui.horizontal(|ui| ui.with_layout(Layout::right_to_left(Align::Center), content));
}

fn close_button(ui: &mut Ui, answer: &mut Option<Answer>) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.add(button("Close")).clicked() {
                *answer = Some(Answer::Close);
            }
        });
    });
}

/// Asks for a path; `own` is that of the open study.
fn path_ui(
    ui: &mut Ui,
    theme: &Theme,
    purpose: Purpose,
    path: &mut String,
    own: Option<&Path>,
) -> Option<Answer> {
    ui.set_width(460.0);
    ui.heading(purpose.title());
    let hint = match purpose {
        Purpose::Save | Purpose::SaveRecord => {
            "This system has no file dialog. Type where to save it."
        }
        _ => "This system has no file dialog. Type the path, or drop a file onto the window.",
    };
    note(ui, theme, hint);
    let field =
        egui::TextEdit::singleline(path).desired_width(f32::INFINITY).hint_text("Path of the file");
    let response = ui.add(field).on_hover_text("Path of the file");
    if ui.memory(|memory| memory.focused().is_none()) {
        response.request_focus();
    }
    let is_entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
    let typed = path.trim();
    let whole = match typed.strip_prefix("~/") {
        Some(rest) => directories::UserDirs::new()
            .map_or_else(|| PathBuf::from(typed), |user| user.home_dir().join(rest)),
        None => PathBuf::from(typed),
    };
    let problem = match purpose {
        _ if typed.is_empty() => None,
        Purpose::Save | Purpose::SaveRecord => whole
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())
            .map(|folder| format!("There is no folder {}.", folder.display())),
        _ if whole.is_dir() => Some("This is a folder; name a file in it.".to_owned()),
        _ if !whole.exists() => Some("There is no such file.".to_owned()),
        _ => None,
    };
    if let Some(problem) = &problem {
        ui.label(super::theme::small(problem).color(theme.bad));
    }
    let is_good = !typed.is_empty() && problem.is_none();
    let saves = matches!(purpose, Purpose::Save | Purpose::SaveRecord);
    let replaces = saves && whole.exists() && own != Some(whole.as_path());
    if replaces && is_good {
        let text = "There is a file of this name. Saving replaces it.";
        ui.label(super::theme::small(text).color(theme.warn));
    }
    // Another file is only replaced by a click on the word.
    let is_entered = is_entered && is_good && !replaces;
    let mut answer = is_entered.then(|| Answer::Path(purpose, whole.clone()));
    buttons(ui, |ui| {
        let verb = match purpose {
            _ if replaces => "Replace",
            _ if saves => "Save",
            _ => "Open",
        };
        if ui.add_enabled(is_good, primary_button(theme, verb, "")).clicked() {
            answer = Some(Answer::Path(purpose, whole));
        }
        if ui.add(button("Cancel")).clicked() {
            answer = Some(Answer::Close);
        }
    });
    answer
}

fn shortcuts_ui(ui: &mut Ui, theme: &Theme) {
    for (menu, actions) in Action::MENUS {
        ui.add_space(space::TIGHT);
        ui.label(strong(menu.to_uppercase()).size(11.0).color(theme.dim));
        for action in actions.iter().flatten() {
            let Some(shortcut) = action.shortcut() else { continue };
            let text = ui.ctx().format_shortcut(&shortcut);
            shortcut_ui(ui, theme, action.label().trim_end_matches('…'), &text);
        }
    }
    ui.add_space(space::TIGHT);
    ui.label(strong("OVER A SURFACE OR ONE STEP").size(11.0).color(theme.dim));
    for (name, keys) in [
        ("Play or hold the race", "Space"),
        ("One step back, one step on", "← →"),
        ("To the start, to the latest step", "Home End"),
    ] {
        shortcut_ui(ui, theme, name, keys);
    }
}

fn shortcut_ui(ui: &mut Ui, theme: &Theme, name: &str, keys: &str) {
    ui.horizontal(|ui| {
        ui.label(name);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(space::NORMAL);
            ui.label(egui::RichText::new(keys).color(theme.dim));
        });
    });
}
