use std::borrow::Cow;
use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{FontId, Galley, Ui};

use crate::analysis::format_value;
use crate::analysis::table::cell_text;
use crate::data::{Cells, Column};

/// Letters of a cell that are laid out; no column is as wide.
pub(super) const MOST_LETTERS: usize = 160;
/// Decimals by which numbers of a column are aligned at most.
const MOST_DECIMALS: usize = 8;
/// Rows from all over a column that tell how its numbers are written.
const SAMPLED: usize = 128;
/// About the width of a letter, in points; of one of the wide scripts it is twice that.
const LETTER: f32 = 7.3;
/// How narrow and how wide a column is to begin with; one with gaps has more to say.
const FIRST_WIDTHS: [f32; 3] = [96.0, 118.0, 210.0];

/// A cell as it is drawn: short, on one line.
pub(super) fn shown(column: &Column, is_date: bool, row: usize) -> Option<String> {
    match &column.cells {
        Cells::Numeric(_) if is_date => cell_text(column, true, row).map(Cow::into_owned),
        Cells::Numeric(values) => {
            let value = values[row];
            // As short as it is exact, where that is short.
            let exact = || Some(value.to_string()).filter(|exact| exact.len() <= 12);
            let rounded = || format_value(value, 6).replace(',', "");
            (!value.is_nan()).then(|| exact().unwrap_or_else(rounded))
        }
        Cells::Nominal { .. } => {
            let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
            let text = cell_text(column, false, row)?;
            Some(text.chars().take(MOST_LETTERS).map(plain).collect())
        }
    }
}

/// A cell with all that a tooltip has room for.
pub(super) fn long(column: &Column, is_date: bool, row: usize) -> String {
    const MOST: usize = 2000;
    let text = cell_text(column, is_date, row).unwrap_or_default();
    let mut long: String = text.chars().take(MOST).collect();
    if long.len() < text.len() {
        long.push('…');
    }
    long
}

pub(super) fn laid_out(
    ui: &Ui,
    text: &str,
    font: &FontId,
    color: egui::Color32,
    width: f32,
) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font.clone(), color);
    job.wrap = TextWrapping::truncate_at_width(width.max(8.0));
    ui.painter().layout_job(job)
}

/// Rows from all over a table.
fn sampled(n_rows: usize, n: usize) -> impl Iterator<Item = usize> {
    (0..n_rows).step_by(n_rows.div_ceil(n).max(1))
}

/// Digits behind the decimal point; `None` where there is a power of ten.
fn decimals(text: &str) -> Option<usize> {
    if text.contains('e') {
        return None;
    }
    Some(text.split_once('.').map_or(0, |(_, behind)| behind.len()))
}

/// How many decimals the numbers of a column have at most, so that their points can stand below one
/// another.
pub(super) fn most_decimals(column: &Column, is_date: bool) -> usize {
    let Cells::Numeric(values) = &column.cells else { return 0 };
    if is_date {
        return 0;
    }
    let texts = sampled(values.len(), SAMPLED).filter_map(|row| shown(column, false, row));
    texts.filter_map(|text| decimals(&text)).max().unwrap_or(0).min(MOST_DECIMALS)
}

/// What has to stay free behind a number for its point to stand below the others': digits, and
/// whether the place of a point.
pub(super) fn free_behind(text: &str, most: usize) -> (usize, bool) {
    match decimals(text) {
        Some(n) if n < most => (most - n, n == 0),
        _ => (0, false),
    }
}

/// How wide a column is to begin with: for its name and what `n` of its cells hold.
pub(super) fn fitting_width(column: &Column, is_date: bool, n: usize) -> f32 {
    let width = |text: &str| {
        let letters = text.chars().take(MOST_LETTERS);
        letters.map(|letter| if letter >= '\u{1100}' { 2.0 * LETTER } else { LETTER }).sum::<f32>()
    };
    let [least, with_gaps, most] = FIRST_WIDTHS;
    let mut wanted = width(&column.name).max(least - 2.0 * super::PADDING);
    for row in sampled(column.n_rows(), n) {
        wanted = wanted.max(match shown(column, is_date, row) {
            Some(text) => width(&text),
            None => with_gaps - 2.0 * super::PADDING,
        });
    }
    (wanted + 2.0 * super::PADDING).min(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: Vec<f64>) -> Column {
        Column { name: "x".into(), cells: Cells::Numeric(values) }
    }

    #[test]
    fn cells_are_drawn_short_on_one_line() {
        let column = numbers(vec![0.1, 1.0 / 3.0, f64::NAN, -12345678.0]);
        let texts: Vec<_> = (0..4).map(|row| shown(&column, false, row)).collect();
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(texts, [some("0.1"), some("0.333333"), None, some("-12345678")]);
        let levels = vec!["two\nlines".to_owned(), "x".repeat(5000)];
        let codes = vec![Some(0), Some(1)];
        let column = Column { name: "y".into(), cells: Cells::Nominal { levels, codes } };
        assert_eq!(shown(&column, false, 0), some("two lines"));
        assert_eq!(shown(&column, false, 1).map(|text| text.len()), Some(MOST_LETTERS));
    }

    #[test]
    fn points_stand_below_one_another() {
        let column = numbers(vec![25.9, 20.0, f64::NAN, 3.125]);
        let most = most_decimals(&column, false);
        assert_eq!(most, 3);
        let free = |row: usize| free_behind(&shown(&column, false, row).unwrap(), most);
        assert_eq!([free(0), free(1), free(3)], [(2, false), (3, true), (0, false)]);
        assert_eq!(most_decimals(&column, true), 0, "dates have none");
        assert_eq!(free_behind("1e-30", 3), (0, false));
        assert_eq!(most_decimals(&numbers(vec![1.0, 2.0]), false), 0);
    }

    #[test]
    fn a_column_is_as_wide_as_what_it_holds_within_bounds() {
        let fits = |name: &str, value: f64| {
            let column = Column { name: name.into(), cells: Cells::Numeric(vec![value; 50]) };
            fitting_width(&column, false, 10)
        };
        assert_eq!(fits("n", 1.0), FIRST_WIDTHS[0]);
        assert_eq!(fits("n", f64::NAN), FIRST_WIDTHS[1]);
        assert_eq!(fits(&"long ".repeat(30), 1.0), FIRST_WIDTHS[2]);
        let named = fits("a name of 23 letters ...", 1.0);
        assert!(named > FIRST_WIDTHS[0] && named < FIRST_WIDTHS[2], "{named}");
    }
}
