use egui::{Align, Label, Layout, Rect, Sense, Stroke, Ui, UiBuilder, Vec2, pos2, vec2};

use crate::analysis::table::{ColumnSummary, date_text};
use crate::analysis::{Histogram, format_value};
use crate::app::theme::{Theme, small, strong};
use crate::app::views::pictures::class_color;
use crate::data::statistics::Detail;
use crate::data::{Cells, Column};

/// What a column is used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Role {
    /// To predict from.
    #[default]
    Feature,
    /// To be predicted.
    Target,
    /// To say how much each row counts.
    Weights,
    /// Nothing.
    Ignored,
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Self::Feature => "",
            Self::Target => " · target",
            Self::Weights => " · weights",
            Self::Ignored => " · ignored",
        }
    }
}

/// How much a card has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CardSize {
    /// Name and type.
    Low,
    /// With missing values and a histogram.
    Medium,
    /// With everything.
    Tall,
}

impl CardSize {
    /// What suits a view of this height.
    pub(super) fn for_height(height: f32) -> Self {
        match height {
            height if height >= 400.0 => Self::Tall,
            height if height >= 230.0 => Self::Medium,
            _ => Self::Low,
        }
    }

    /// In points.
    pub(super) fn height(self) -> f32 {
        match self {
            Self::Low => 44.0,
            Self::Medium => 96.0,
            Self::Tall => 148.0,
        }
    }
}

/// The word for the type of a column.
pub(super) fn kind(column: &Column, is_date: bool) -> &'static str {
    match column.cells {
        Cells::Numeric(_) if is_date => "date",
        Cells::Numeric(_) => "number",
        Cells::Nominal { .. } => "name",
    }
}

/// `none missing`, `12 missing (3 %)`.
fn missing(summary: &ColumnSummary) -> String {
    let statistics = &summary.statistics;
    let percent = 100.0 * statistics.n_missing as f64 / statistics.n_rows.max(1) as f64;
    match statistics.n_missing {
        0 => "none missing".to_owned(),
        n if percent < 1.0 => format!("{} missing", format_value(n as f64, 9)),
        n => format!("{} missing ({percent:.0} %)", format_value(n as f64, 9)),
    }
}

/// Everything that is known of a column, line by line.
pub(super) fn in_words(column: &Column, kind: &str, role: Role, summary: &ColumnSummary) -> String {
    let statistics = &summary.statistics;
    let mut lines = vec![
        column.name.clone(),
        format!("{kind}{}", role.word()),
        missing(summary),
        format!("{} different values", format_value(statistics.n_distinct as f64, 9)),
    ];
    match &statistics.detail {
        Detail::Numeric(Some(numbers)) if kind == "date" => lines.push(format!(
            "from {} to {}, median {}",
            date_text(numbers.min),
            date_text(numbers.max),
            date_text(numbers.median)
        )),
        Detail::Numeric(Some(numbers)) => lines.extend([
            format!("from {} to {}", format_value(numbers.min, 7), format_value(numbers.max, 7)),
            format!(
                "mean {}, standard deviation {}",
                format_value(numbers.mean, 7),
                format_value(numbers.std, 7)
            ),
            format!(
                "quartiles {}, {}, {}",
                format_value(numbers.quartiles[0], 7),
                format_value(numbers.median, 7),
                format_value(numbers.quartiles[1], 7)
            ),
            format!("skewness {}", format_value(numbers.skewness, 3)),
        ]),
        Detail::Numeric(None) => {}
        Detail::Nominal(counts) => {
            let most = counts.iter().take(12);
            lines.extend(most.map(|(level, n)| format!("{level}: {}", format_value(*n as f64, 9))));
            if counts.len() > 12 {
                lines.push("…".to_owned());
            }
        }
    }
    lines.join("\n")
}

/// What a card begins with.
pub(super) struct Title<'a> {
    pub(super) column: &'a Column,
    /// The word for its type.
    pub(super) kind: &'a str,
    pub(super) role: Role,
    /// Which way the rows are sorted by it.
    pub(super) sign: &'a str,
}

/// A number with about four digits and no more than it takes: `3.3`, `1,501`, `1.2e-7`.
fn short(value: f64) -> String {
    let text = format_value(value, 4);
    match text.split_once('.') {
        Some(_) if !text.contains('e') => {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        _ => text,
    }
}

/// Draws what is known of a column into `rect`.
pub(super) fn card_ui(
    ui: &mut Ui,
    theme: &Theme,
    rect: Rect,
    size: CardSize,
    &Title { column, kind, role, sign }: &Title<'_>,
    summary: Option<&ColumnSummary>,
) {
    let area = rect.shrink2(vec2(6.0, 5.0));
    let layout = Layout::top_down(Align::Min);
    let mut content = ui.new_child(UiBuilder::new().max_rect(area).layout(layout));
    let ui = &mut content;
    ui.set_clip_rect(ui.clip_rect().intersect(rect));
    ui.spacing_mut().item_spacing.y = 0.0;
    let line = |ui: &mut Ui, text: egui::RichText| {
        ui.add(Label::new(text).truncate().show_tooltip_when_elided(false));
    };
    let color = match role {
        Role::Target => theme.accent,
        Role::Ignored => theme.faint,
        _ => theme.text,
    };
    let name = column.name.split_whitespace().collect::<Vec<_>>().join(" ");
    line(ui, strong(format!("{name}{sign}")).color(color));
    line(ui, small(format!("{kind}{}", role.word())).color(theme.dim));
    if size == CardSize::Low {
        return;
    }
    let Some(summary) = summary else {
        return line(ui, small("…").color(theme.faint));
    };
    let statistics = &summary.statistics;
    let color = if statistics.n_missing == 0 { theme.faint } else { theme.warn };
    line(ui, small(missing(summary)).color(color));
    if size == CardSize::Tall {
        let n = format_value(statistics.n_distinct as f64, 9);
        line(ui, small(format!("{n} different")).color(theme.dim));
        let (range, mean) = match &statistics.detail {
            Detail::Numeric(Some(numbers)) if kind == "date" => {
                (format!("{} …", date_text(numbers.min)), date_text(numbers.max))
            }
            Detail::Numeric(Some(numbers)) => (
                format!("{} … {}", short(numbers.min), short(numbers.max)),
                format!("{} ± {}", short(numbers.mean), short(numbers.std)),
            ),
            Detail::Numeric(None) => ("all missing".to_owned(), String::new()),
            Detail::Nominal(counts) => {
                let level = |place: usize| {
                    counts.get(place).map_or(String::new(), |(level, n)| format!("{level}: {n}"))
                };
                (level(0), level(1))
            }
        };
        line(ui, small(range).color(theme.dim));
        line(ui, small(mean).color(theme.dim));
    }
    ui.add_space(3.0);
    let height = (area.bottom() - ui.cursor().top()).max(12.0);
    let (rect, _) = ui.allocate_exact_size(Vec2::new(area.width(), height), Sense::hover());
    histogram_ui(ui, theme, rect, &summary.histogram, role);
}

fn histogram_ui(ui: &Ui, theme: &Theme, rect: Rect, histogram: &Histogram, role: Role) {
    let highest = histogram.highest().max(1) as f32;
    let n_bins = histogram.counts.len().max(1) as f32;
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let width = (rect.width() / n_bins).min(14.0);
    let fade = if role == Role::Ignored { 0.4 } else { 1.0 };
    for (bin, counts) in histogram.counts.iter().enumerate() {
        let left = rect.left() + bin as f32 * width;
        let mut bottom = rect.bottom();
        for (class, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let height = (rect.height() - 2.0) * *count as f32 / highest;
            let area = Rect::from_min_max(
                pos2(left, bottom - height.max(0.5)),
                pos2(left + (width - 1.0).max(0.5), bottom),
            );
            let color = if counts.len() > 1 { class_color(theme, class) } else { theme.faint };
            painter.rect_filled(area, 0, color.gamma_multiply(fade));
            bottom -= height;
        }
    }
    let base = rect.left_bottom();
    let end = base + vec2(width * n_bins, 0.0);
    painter.line_segment([base, end], Stroke::new(1.0, theme.line));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_on_cards_have_no_more_digits_than_needed() {
        let texts = [-2.2, 43.2, 20.0, 6.54321, 0.0].map(short);
        assert_eq!(texts, ["−2.2", "43.2", "20", "6.543", "0"]);
    }
}
