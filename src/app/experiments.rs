//! The left panel: the experiments, the data they share, and over what they are repeated.

use egui::{Color32, CornerRadius, Pos2, Rect, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::orders::{Action, Order};
use super::theme::{Theme, small, strong};
use super::views::ViewContext;
use super::widgets::{bar, chip, heading, link};
use super::words;
use crate::optimizers::Optimizer;
use crate::record::{Clock, Metric, Part};
use crate::session::{ExperimentEntry, PALETTE, SessionCommand};
use crate::training::Run;

const ROW: f32 = 58.0;
const SPARKLINE: Vec2 = vec2(58.0, 24.0);

/// What the list keeps between frames.
#[derive(Debug, Default)]
pub(super) struct ExperimentList {
    /// The experiment being renamed, with the name as typed so far.
    pub renaming: Option<(usize, String)>,
    takes_focus: bool,
    /// The experiment to bring into view.
    pub scroll_to: Option<usize>,
}

impl ExperimentList {
    /// Starts renaming an experiment.
    pub(super) fn rename(&mut self, index: usize, label: &str) {
        self.renaming = Some((index, label.to_owned()));
        self.takes_focus = true;
    }

    /// Draws the heading and the list.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        context: &mut ViewContext<'_>,
        orders: &mut Vec<Order>,
    ) {
        let theme = context.theme;
        heading(ui, theme, "Experiments", |ui| {
            let add =
                link(ui, theme, "Add…").on_hover_text("Adds an experiment with another optimizer");
            egui::Popup::menu(&add).show(|ui| add_menu(ui, context, orders));
        });
        ui.spacing_mut().item_spacing.y = 2.0;
        for index in 0..context.session.entries().len() {
            self.row_ui(ui, index, context, orders);
        }
    }

    fn row_ui(
        &mut self,
        ui: &mut Ui,
        index: usize,
        context: &mut ViewContext<'_>,
        orders: &mut Vec<Order>,
    ) {
        let theme = context.theme;
        let session = context.session;
        let entry = &session.entries()[index];
        let is_selected = session.selected() == index;
        let size = vec2(ui.available_width(), ROW);
        let (rect, row) = ui.allocate_exact_size(size, Sense::click_and_drag());
        row.widget_info(|| {
            let name = format!("Experiment {}", entry.label);
            WidgetInfo::selected(egui::Role::ListItem, true, is_selected, name)
        });
        if self.scroll_to == Some(index) {
            self.scroll_to = None;
            row.scroll_to_me(None);
        }
        if !ui.is_rect_visible(rect) {
            return;
        }
        let is_lit = row.contains_pointer() || context.hovered == Some(index);
        if row.contains_pointer() {
            *context.hover = Some(index);
        }
        let fill = match (is_selected, is_lit) {
            (true, _) => theme.accent_soft,
            (false, true) => theme.field,
            (false, false) => Color32::TRANSPARENT,
        };
        ui.painter().rect_filled(rect, CornerRadius::same(8), fill);
        if row.has_focus() {
            let stroke = Stroke::new(1.0, theme.accent);
            ui.painter().rect_stroke(rect, 8.0, stroke, egui::StrokeKind::Inside);
        }

        let inner = rect.shrink(8.0);
        let color = theme.run(entry.color);
        let shown = if entry.visible { color } else { theme.faint };
        let text_left = inner.left() + 22.0;
        let has_picture = !entry.runs.is_empty();
        let text_right =
            if has_picture { inner.right() - SPARKLINE.x - 8.0 } else { inner.right() - 20.0 };

        let mut place = |rect: Rect| {
            ui.new_child(egui::UiBuilder::new().max_rect(rect).id_salt(("row", index)))
        };

        let mut part = place(Rect::from_min_size(inner.min + vec2(0.0, 1.0), Vec2::splat(16.0)));
        let colored = chip(&mut part, shown, &format!("Color of {}", entry.label));
        let colored = colored.on_hover_text("Another color");
        egui::Popup::menu(&colored).width(150.0).show(|ui| {
            ui.horizontal_wrapped(|ui| {
                for (n, own) in PALETTE.iter().enumerate() {
                    if chip(ui, theme.run(*own), &format!("Color {}", n + 1)).clicked() {
                        orders.push(Order::Session(SessionCommand::Recolor(index, *own)));
                        ui.close();
                    }
                }
            });
        });

        let eye_center = pos2(inner.left() + 6.5, inner.bottom() - 10.0);
        let mut part = place(Rect::from_center_size(eye_center, Vec2::splat(18.0)));
        let eye = eye(&mut part, theme, entry.visible, is_lit || !entry.visible, &entry.label);
        if eye.clicked() {
            let visible = !entry.visible;
            orders.push(Order::Session(SessionCommand::SetVisible(index, visible)));
        }

        let line =
            Rect::from_min_max(pos2(text_left, inner.top()), pos2(text_right, inner.top() + 18.0));
        let is_renaming = matches!(&self.renaming, Some((renamed, _)) if *renamed == index);
        if is_renaming {
            let mut part = place(line.expand2(vec2(4.0, 4.0)));
            self.name_field(&mut part, index, orders);
        } else {
            let name_color = if entry.visible { theme.text } else { theme.dim };
            let mut part = place(line);
            let name = strong(&entry.label).color(name_color);
            part.add(egui::Label::new(name).truncate().selectable(false));
        }
        let line = line.translate(vec2(0.0, 19.0));
        let mut part = place(line);
        let (text, text_color) = subtitle(entry, theme);
        let label = part.add(egui::Label::new(small(text).color(text_color)).truncate());
        label.on_hover_text(words::state(entry));

        let bar_rect = Rect::from_min_size(
            pos2(text_left, inner.bottom() - 2.0),
            vec2(inner.right() - text_left, 3.0),
        );
        if has_picture || entry.is_busy() {
            let mut part = place(bar_rect);
            let done = words::fraction_done(entry);
            bar(&mut part, bar_rect.size(), done, shown, theme.line);
        }
        if has_picture {
            let min = pos2(inner.right() - SPARKLINE.x, inner.top() + 4.0);
            sparkline(ui, Rect::from_min_size(min, SPARKLINE), entry, shown);
        }

        if row.clicked() {
            orders.push(Order::Session(SessionCommand::Select(index)));
        }
        if row.double_clicked() {
            self.rename(index, &entry.label);
        }
        if row.drag_stopped()
            && let Some(pointer) = row.interact_pointer_pos()
        {
            let rows = ((pointer.y - rect.center().y) / ROW).round() as isize;
            let to = (index as isize + rows).clamp(0, session.entries().len() as isize - 1);
            if to as usize != index {
                orders.push(Order::Session(SessionCommand::Move(index, to as usize)));
            }
        }
        row.context_menu(|ui| row_menu(ui, index, entry, session.entries().len(), orders));
    }

    fn name_field(&mut self, ui: &mut Ui, index: usize, orders: &mut Vec<Order>) {
        let Some((_, name)) = &mut self.renaming else { return };
        let field = egui::TextEdit::singleline(name)
            .desired_width(f32::INFINITY)
            .hint_text("Name of the experiment");
        let response = ui.add(field).on_hover_text("Name of the experiment");
        if std::mem::take(&mut self.takes_focus) {
            response.request_focus();
            // All of it is selected, so that typing replaces it.
            let mut state = egui::TextEdit::load_state(ui.ctx(), response.id).unwrap_or_default();
            let end = egui::text::CCursor::new(name.chars().count());
            let whole = egui::text::CCursorRange::two(egui::text::CCursor::default(), end);
            state.cursor.set_char_range(Some(whole));
            state.store(ui.ctx(), response.id);
        }
        if response.lost_focus() {
            let is_given_up = ui.input(|input| input.key_pressed(egui::Key::Escape));
            if !is_given_up {
                orders.push(Order::Session(SessionCommand::Rename(index, name.clone())));
            }
            self.renaming = None;
        }
    }
}

/// The second line: what the experiment is, or what is the matter with it.
fn subtitle(entry: &ExperimentEntry, theme: &Theme) -> (String, Color32) {
    let state = words::state(entry);
    if entry.problem.is_some() {
        return (state, theme.bad);
    }
    if state.contains("diverged") || state.contains("failed") {
        return (state, theme.bad);
    }
    if entry.runs.is_empty() || state == "done" {
        return (words::summary(entry), theme.dim);
    }
    if state == "recorded: done" {
        return (format!("recorded · {}", words::summary(entry)), theme.dim);
    }
    (state, theme.dim)
}

fn row_menu(
    ui: &mut Ui,
    index: usize,
    entry: &ExperimentEntry,
    n_entries: usize,
    orders: &mut Vec<Order>,
) {
    use SessionCommand as C;
    let mut item = |ui: &mut Ui, is_enabled: bool, text: &str, order: Order| {
        if ui.add_enabled(is_enabled, egui::Button::new(text)).clicked() {
            orders.push(order);
        }
    };
    let is_busy = entry.is_busy();
    item(ui, true, "Run", Order::Session(C::Run(index)));
    item(ui, is_busy, "Pause", Order::Session(C::Pause(index)));
    item(ui, true, "Step", Order::Session(C::Step(index)));
    item(ui, is_busy || entry.is_paused(), "Stop", Order::Session(C::Stop(index)));
    item(ui, !entry.runs.is_empty(), "Reset", Order::Session(C::Reset(index)));
    ui.separator();
    item(ui, true, "Duplicate", Order::Session(C::Duplicate(index)));
    item(ui, true, "Rename…", Order::Rename(index));
    item(ui, index > 0, "Move up", Order::Session(C::Move(index, index.saturating_sub(1))));
    item(ui, index + 1 < n_entries, "Move down", Order::Session(C::Move(index, index + 1)));
    ui.separator();
    item(ui, n_entries > 1, "Delete", Order::Session(C::Delete(index)));
}

fn add_menu(ui: &mut Ui, context: &ViewContext<'_>, orders: &mut Vec<Order>) {
    if ui.button("Copy of the selected").clicked() {
        orders.push(Order::Act(Action::Duplicate));
    }
    ui.separator();
    let Some(selected) = context.session.selected_entry() else { return };
    for member in Optimizer::members() {
        let button = ui.button(member.page.title);
        if button.on_hover_text(member.page.summary()).clicked() {
            let mut experiment = selected.experiment.clone();
            experiment.optimizer = (member.default)();
            let label = member.page.title.to_owned();
            orders.push(Order::Session(SessionCommand::Add(label, Box::new(experiment))));
        }
    }
}

/// Whether an experiment is shown in the views, as an eye to click.
fn eye(ui: &mut Ui, theme: &Theme, visible: bool, is_drawn: bool, label: &str) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(18.0), Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(egui::Role::CheckBox, true, visible, format!("Show {label}"))
    });
    if is_drawn || response.hovered() || response.has_focus() {
        let color = if response.hovered() || response.has_focus() { theme.text } else { theme.dim };
        let stroke = Stroke::new(1.2, color);
        let center = rect.center();
        let lid = |sign: f32| -> Vec<Pos2> {
            (0..=12)
                .map(|n| {
                    let t = n as f32 / 6.0 - 1.0;
                    center + vec2(t * 6.0, sign * 4.0 * (1.0 - t * t))
                })
                .collect()
        };
        ui.painter().line(lid(1.0), stroke);
        ui.painter().line(lid(-1.0), stroke);
        ui.painter().circle_filled(center, 1.8, color);
        if !visible {
            let slash = [center + vec2(-5.0, 5.0), center + vec2(5.0, -5.0)];
            ui.painter().line_segment(slash, Stroke::new(1.4, color));
        }
    }
    let help = if visible { "Hide in the views" } else { "Show in the views" };
    response.on_hover_text(help)
}

/// The validation loss of the first seed, or the training loss where there is none, on a
/// logarithmic scale.
fn sparkline(ui: &Ui, rect: Rect, entry: &ExperimentEntry, color: Color32) {
    let Some(run) = entry.runs.first() else { return };
    let Some(values) = loss_of(run) else { return };
    let n = values.len();
    let columns = n.min(rect.width() as usize);
    if columns < 2 {
        return;
    }
    let sampled: Vec<f32> = (0..columns)
        .map(|column| values[column * (n - 1) / (columns - 1)].max(1e-12).log10() as f32)
        .collect();
    let finite = || sampled.iter().copied().filter(|y| y.is_finite());
    let low = finite().fold(f32::INFINITY, f32::min);
    let high = finite().fold(f32::NEG_INFINITY, f32::max);
    if low > high {
        return;
    }
    let done = words::fraction_done(entry).max(0.02);
    let height = (high - low).max(0.05);
    let points = sampled.iter().enumerate().filter(|(_, y)| y.is_finite()).map(|(column, y)| {
        let x = rect.left() + done * rect.width() * column as f32 / (columns - 1) as f32;
        pos2(x, rect.bottom() - (y - low) / height * rect.height())
    });
    ui.painter().line(points.collect(), Stroke::new(1.5, color));
}

fn loss_of(run: &Run) -> Option<&[f64]> {
    [Part::Validation, Part::Train, Part::Batch]
        .into_iter()
        .filter_map(|part| run.history().series(part, Metric::Loss, Clock::Step))
        .map(|(_, values)| values)
        .find(|values| values.len() > 1)
}
