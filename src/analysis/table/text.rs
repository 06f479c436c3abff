use std::borrow::Cow;
use std::fmt::Write;
use std::ops::RangeInclusive;

use crate::data::{Cells, Column, Table};

/// A cell in words, with all digits of a number; `None` where it is missing.
pub fn cell_text(column: &Column, row: usize) -> Option<Cow<'_, str>> {
    match &column.cells {
        Cells::Numeric(values) => {
            let value = values[row];
            (!value.is_nan()).then(|| Cow::Owned(value.to_string()))
        }
        Cells::Nominal { levels, codes } => {
            codes[row].map(|code| Cow::Borrowed(levels[code as usize].as_str()))
        }
    }
}

/// Cells as tab-separated text, ready for a spreadsheet: rows end with a line feed, a missing cell is
/// empty, and a tab or line end inside a cell becomes a space. `order` is the order in which rows are
/// shown, `None` for that of the table; `rows` are places in it.
pub fn copied(
    table: &Table,
    order: Option<&[u32]>,
    rows: RangeInclusive<usize>,
    columns: RangeInclusive<usize>,
    with_names: bool,
) -> String {
    let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    let columns = table.columns.get(columns).unwrap_or_default();
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
            match &column.cells {
                // Writing to a string cannot fail.
                Cells::Numeric(values) if !values[row].is_nan() => {
                    let _ = write!(text, "{}", values[row]);
                }
                _ => text.push_str(&plain(&cell_text(column, row).unwrap_or_default())),
            }
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_have_all_digits_and_no_stray_tabs() {
        let third = 1.0 / 3.0;
        let levels = vec!["a\tb".to_owned(), "c".to_owned()];
        let table = Table {
            columns: vec![
                Column { name: "x".into(), cells: Cells::Numeric(vec![third, f64::NAN, -2e-300]) },
                Column {
                    name: "y\n".into(),
                    cells: Cells::Nominal { levels, codes: vec![Some(0), Some(1), None] },
                },
            ],
        };
        let all = copied(&table, None, 0..=2, 0..=1, true);
        let tiny = format!("{}", -2e-300);
        assert_eq!(all, format!("x\ty \n0.3333333333333333\ta b\n\tc\n{tiny}\t\n"));
        assert_eq!(all.split(['\t', '\n']).nth(2).and_then(|x| x.parse().ok()), Some(third));
        let order = [2, 0, 1];
        assert_eq!(copied(&table, Some(&order), 1..=2, 1..=1, false), "a b\nc\n");
    }
}
