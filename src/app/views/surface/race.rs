use egui::{Align2, Color32, FontId, Rect, Sense, TextWrapMode, Ui, Vec2, WidgetInfo, WidgetText};

use crate::analysis::format_value;
use crate::app::theme::{Theme, strong};
use crate::app::views::ViewContext;
use crate::session::SessionCommand;

/// Height of a line.
const LINE: f32 = 19.0;
/// Width of a cell with a name, and of one without.
const WIDTHS: [f32; 2] = [146.0, 62.0];
/// Width of a view below which cells have no names.
const NAMES: f32 = 290.0;
/// Width of a view from which on the race stands beside the picture.
pub(super) const BESIDE: f32 = 560.0;
/// Width of the race beside the picture.
pub(super) const COLUMN: f32 = 178.0;
/// Lines below the picture at most.
const MOST_LINES: usize = 3;

/// A run at the shown step.
pub(super) struct Racer {
    /// Its experiment.
    pub experiment: usize,
    /// Its name.
    pub label: String,
    /// Its colour.
    pub color: Color32,
    /// The recorded step nearest before the shown one.
    pub step: u64,
    /// The loss there.
    pub loss: f64,
    /// Whether it diverged there.
    pub has_diverged: bool,
}

/// Puts the lowest loss first; what is not a number, and what diverged, last.
pub(super) fn sort(racers: &mut [Racer]) {
    let key = |racer: &Racer| if racer.has_diverged { f64::INFINITY } else { racer.loss };
    racers.sort_by(|a, b| {
        let (a, b) = (key(a), key(b));
        a.is_nan().cmp(&b.is_nan()).then(a.total_cmp(&b))
    });
}

/// The height that the race takes below a picture of this width.
pub(super) fn height(width: f32, n_racers: usize) -> f32 {
    let n_lines = n_racers.div_ceil(columns(width)).min(MOST_LINES);
    if n_racers == 0 { 0.0 } else { LINE * n_lines as f32 + 4.0 }
}

fn columns(width: f32) -> usize {
    let cell = WIDTHS[usize::from(width < NAMES)];
    ((width / cell) as usize).max(1)
}

/// The runs with their losses at the shown step, the lowest first.
pub(super) fn ui(ui: &mut Ui, context: &mut ViewContext<'_>, racers: &[Racer], shown: u64) {
    let theme = *context.theme;
    let area = ui.available_rect_before_wrap();
    let n_columns = if area.width() < COLUMN + 20.0 && area.height() > 4.0 * LINE {
        1
    } else {
        columns(area.width())
    };
    let has_names = n_columns == 1 && area.width() > 120.0 || area.width() >= NAMES;
    let n_lines = ((area.height() / LINE) as usize).max(1);
    let mut n_shown = racers.len().min(n_lines * n_columns);
    if n_shown < racers.len() {
        // The last cell says how many more there are.
        n_shown = n_shown.saturating_sub(1);
    }
    let size = Vec2::new(area.width() / n_columns as f32, LINE);
    let cell = |index: usize| {
        let at = Vec2::new((index % n_columns) as f32, (index / n_columns) as f32);
        Rect::from_min_size(
            area.min + at * size,
            size - Vec2::new(if has_names { 10.0 } else { 2.0 }, 0.0),
        )
    };
    for (index, racer) in racers.iter().take(n_shown).enumerate() {
        cell_ui(ui, context, racer, cell(index), has_names, shown);
    }
    if n_shown < racers.len() {
        let text = format!("and {} more", racers.len() - n_shown);
        let at = cell(n_shown).left_center();
        let font = FontId::proportional(12.0);
        ui.painter().text(at, Align2::LEFT_CENTER, text, font, theme.faint);
    }
    ui.advance_cursor_after_rect(area);
}

fn cell_ui(
    ui: &mut Ui,
    context: &mut ViewContext<'_>,
    racer: &Racer,
    rect: Rect,
    has_name: bool,
    shown: u64,
) {
    let theme = context.theme;
    let value =
        if racer.has_diverged { "diverged".to_owned() } else { format_value(racer.loss, 4) };
    let short = match (has_name, racer.has_diverged) {
        (true, _) => value.clone(),
        (false, true) => "∞".to_owned(),
        (false, false) => format_value(racer.loss, 2),
    };
    let id = ui.scope_id().with(("racer", racer.experiment));
    let response = ui.interact(rect, id, Sense::click());
    let words = format!("{}: {value}", racer.label);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), &words));
    let is_hovered = response.hovered() || context.hovered == Some(racer.experiment);
    let is_front = is_hovered || context.session.selected() == racer.experiment;
    if is_hovered {
        ui.painter().rect_filled(rect.expand2(Vec2::new(3.0, 0.0)), 4, theme.field);
    }
    let chip = Rect::from_center_size(rect.left_center() + Vec2::new(5.0, 0.0), Vec2::splat(9.0));
    ui.painter().rect_filled(chip, 2, racer.color);
    let color = if racer.has_diverged { theme.bad } else { theme.text };
    let font = FontId::proportional(12.0);
    let number = ui.painter().layout_no_wrap(short, font, color);
    let text_left = rect.left() + 15.0;
    let room = rect.right() - number.size().x - 8.0 - text_left;
    let y = rect.center().y - 0.5 * number.size().y;
    if has_name && room > 20.0 {
        let name = if is_front {
            strong(&racer.label).size(12.0)
        } else {
            egui::RichText::new(&racer.label).size(12.0)
        };
        let name = WidgetText::from(name.color(theme.dim.lerp_to_gamma(theme.text, 0.5)));
        let wrap = Some(TextWrapMode::Truncate);
        let name = name.into_galley(ui, wrap, room, egui::TextStyle::Small);
        let at = egui::pos2(text_left, rect.center().y - 0.5 * name.size().y);
        ui.painter().galley(at, name, theme.text);
        ui.painter().galley(egui::pos2(rect.right() - number.size().x, y), number, color);
    } else {
        ui.painter().galley(egui::pos2(text_left, y), number, color);
    }
    if response.hovered() {
        *context.hover = Some(racer.experiment);
    }
    if response.clicked() {
        context.commands.push(SessionCommand::Select(racer.experiment));
    }
    response.on_hover_ui(|ui| tooltip_ui(ui, theme, racer, shown));
}

fn tooltip_ui(ui: &mut Ui, theme: &Theme, racer: &Racer, shown: u64) {
    ui.label(strong(&racer.label));
    let step = format_value(racer.step as f64, 6);
    let text = if racer.has_diverged {
        format!("diverged at step {step}; the last loss was {}", format_value(racer.loss, 6))
    } else if racer.step < shown {
        format!("loss {} at step {step}, its last before this one", format_value(racer.loss, 6))
    } else {
        format!("loss {} at step {step}", format_value(racer.loss, 6))
    };
    ui.label(crate::app::theme::small(text).color(theme.dim));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_loss_leads_and_what_diverged_comes_last() {
        let racer = |experiment: usize, loss: f64, has_diverged: bool| Racer {
            experiment,
            label: String::new(),
            color: Color32::RED,
            step: 0,
            loss,
            has_diverged,
        };
        let mut racers = [
            racer(0, f64::NAN, false),
            racer(1, 1e-9, true),
            racer(2, 3.0, false),
            racer(3, -1.0, false),
        ];
        sort(&mut racers);
        let order: Vec<usize> = racers.iter().map(|racer| racer.experiment).collect();
        assert_eq!(order, [3, 2, 1, 0]);
    }

    #[test]
    fn cells_get_names_where_there_is_room() {
        assert_eq!((columns(195.0), columns(345.0)), (3, 2));
        assert_eq!(height(345.0, 5), 3.0 * LINE + 4.0);
        assert_eq!(height(345.0, 50), 3.0 * LINE + 4.0);
        assert_eq!(height(345.0, 0), 0.0);
    }
}
