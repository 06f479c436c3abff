use std::borrow::Cow;
use std::ops::RangeInclusive;

use crate::data::{Cells, Column, ColumnType, Loaded};

/// A cell in words, with all digits of a number; a date as `2024-02-13`, with the time where there is
/// one. `None` where it is missing.
pub fn cell_text(column: &Column, is_date: bool, row: usize) -> Option<Cow<'_, str>> {
    match &column.cells {
        Cells::Numeric(values) => {
            let value = values[row];
            let text = || if is_date { date_text(value) } else { value.to_string() };
            (!value.is_nan()).then(|| Cow::Owned(text()))
        }
        Cells::Nominal { levels, codes } => {
            codes[row].map(|code| Cow::Borrowed(levels[code as usize].as_str()))
        }
    }
}

/// Whether the numbers of a column are dates, as days since 1970-01-01.
pub fn is_date(loaded: &Loaded, column: usize) -> bool {
    let kind = loaded.report.decisions.types.get(column).map(|(_, kind)| *kind);
    matches!(kind, Some(ColumnType::Date | ColumnType::DayFirst | ColumnType::MonthFirst))
}

/// A day in the calendar, from days since 1970-01-01.
pub fn date_text(days: f64) -> String {
    const FARTHEST: f64 = 3e6;
    const SECONDS: f64 = 86_400.0;
    if days.abs() > FARTHEST {
        return days.to_string();
    }
    let seconds = (days * SECONDS).round() as i64;
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Counted from the first of March of a year that 400 divides, so that a leap day ends its year.
    let since = day + 719_468;
    let (cycle, in_cycle) = (since.div_euclid(146_097), since.rem_euclid(146_097));
    let year_in = (in_cycle - in_cycle / 1460 + in_cycle / 36_524 - in_cycle / 146_096) / 365;
    let in_year = in_cycle - (365 * year_in + year_in / 4 - year_in / 100);
    let month_from_march = (5 * in_year + 2) / 153;
    let day = in_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = 400 * cycle + year_in + i64::from(month <= 2);
    let date = format!("{year:04}-{month:02}-{day:02}");
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    match (hour, minute, second) {
        (0, 0, 0) => date,
        (_, _, 0) => format!("{date} {hour:02}:{minute:02}"),
        _ => format!("{date} {hour:02}:{minute:02}:{second:02}"),
    }
}

/// Cells as tab-separated text, ready for a spreadsheet: rows end with a line feed, a missing cell is
/// empty, and a tab or line end inside a cell becomes a space. `order` is the order in which rows are
/// shown, `None` for that of the table; `rows` are places in it.
pub fn copied(
    loaded: &Loaded,
    order: Option<&[u32]>,
    rows: RangeInclusive<usize>,
    columns: RangeInclusive<usize>,
    with_names: bool,
) -> String {
    let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let first = *columns.start();
    let columns = loaded.table.columns.get(columns).unwrap_or_default();
    let dates: Vec<bool> = (0..columns.len()).map(|index| is_date(loaded, first + index)).collect();
    let mut text = String::new();
    if with_names {
        let names: Vec<String> = columns.iter().map(|column| plain(&column.name)).collect();
        text = names.join("\t");
        text.push('\n');
    }
    for place in rows {
        let row = order.map_or(place, |order| order[place] as usize);
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                text.push('\t');
            }
            let cell = cell_text(column, dates[index], row).unwrap_or_default();
            text.push_str(&plain(&cell));
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::table::test_support::loaded;

    #[test]
    fn copies_have_all_digits_and_no_stray_tabs() {
        let third = 1.0 / 3.0;
        let levels = vec!["a\tb".to_owned(), "c".to_owned()];
        let table = loaded(vec![
            Column { name: "x".into(), cells: Cells::Numeric(vec![third, f64::NAN, -2e-300]) },
            Column {
                name: "y\n".into(),
                cells: Cells::Nominal { levels, codes: vec![Some(0), Some(1), None] },
            },
        ]);
        let all = copied(&table, None, 0..=2, 0..=1, true);
        let tiny = format!("{}", -2e-300);
        assert_eq!(all, format!("x\ty \n0.3333333333333333\ta b\n\tc\n{tiny}\t\n"));
        assert_eq!(all.split(['\t', '\n']).nth(2).and_then(|x| x.parse().ok()), Some(third));
        let order = [2, 0, 1];
        assert_eq!(copied(&table, Some(&order), 1..=2, 1..=1, false), "a b\nc\n");
    }

    #[test]
    fn days_are_written_as_dates() {
        let texts = [0.0, -1.0, 19_782.0, 11_016.0, 19_754.5, -141_427.0 + 1.0 / 86_400.0];
        let expected = [
            "1970-01-01",
            "1969-12-31",
            "2024-02-29",
            "2000-02-29",
            "2024-02-01 12:00",
            "1582-10-15 00:00:01",
        ];
        assert_eq!(texts.map(date_text), expected);
        assert_eq!(date_text(1e9), "1000000000");
    }
}
