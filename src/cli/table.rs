use std::io::{self, Write};

/// Rows of text in columns that line up. The first column is flush left, the others right.
pub(super) struct TextTable {
    rows: Vec<Vec<String>>,
    /// Columns flush left.
    left: Vec<bool>,
}

impl TextTable {
    /// A table with a header; columns whose title begins with `<` are flush left.
    pub(super) fn new(header: &[&str]) -> Self {
        let left = header.iter().map(|title| title.starts_with('<')).collect();
        let title = |title: &&str| title.strip_prefix('<').unwrap_or(title).to_owned();
        let titles = header.iter().map(title).collect();
        Self { rows: vec![titles], left }
    }

    pub(super) fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// Writes the table; columns that are empty below the header are left out.
    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let n_columns = self.left.len();
        let used: Vec<bool> = (0..n_columns)
            .map(|column| self.rows[1..].iter().any(|row| !row[column].is_empty()))
            .collect();
        let width = |text: &str| text.chars().count();
        let widths: Vec<usize> = (0..n_columns)
            .map(|column| self.rows.iter().map(|row| width(&row[column])).max().unwrap_or(0))
            .collect();
        for row in &self.rows {
            let mut line = String::new();
            for column in (0..n_columns).filter(|column| used[*column]) {
                let space = " ".repeat(widths[column] - width(&row[column]));
                let cell = match self.left[column] {
                    true => format!("{}{space}", row[column]),
                    false => format!("{space}{}", row[column]),
                };
                if !line.is_empty() {
                    line += "  ";
                }
                line += &cell;
            }
            writeln!(out, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// At most `most` characters of a text that may hold anything, with what would break the line, or
/// turn its direction, as an escape.
pub(super) fn in_one_line(text: &str, most: usize) -> String {
    let is_unseen = |sign: char| {
        sign.is_control()
            || matches!(sign, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let mut shown = String::new();
    for (index, sign) in text.chars().enumerate() {
        if index == most {
            shown.push('…');
            break;
        }
        match is_unseen(sign) {
            true => shown.extend(sign.escape_default()),
            false => shown.push(sign),
        }
    }
    shown
}

/// Five significant digits; nothing for what is not there.
pub(super) fn short_number(value: Option<f64>) -> String {
    match value {
        None => String::new(),
        Some(x) if !x.is_finite() => x.to_string(),
        Some(0.0) => "0".to_owned(),
        Some(x) if x.abs() >= 1e5 || x.abs() < 1e-3 => format!("{x:.4e}"),
        Some(x) => {
            let before_point = x.abs().log10().floor() as i32 + 1;
            format!("{x:.*}", (5 - before_point.max(0)).max(0) as usize)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_empty_ones_vanish() {
        let mut table = TextTable::new(&["<name", "loss", "test", "<ending"]);
        table.push(vec!["Adam".into(), "1.5".into(), String::new(), "done".into()]);
        table.push(vec!["学".into(), "10.25".into(), String::new(), "stopped".into()]);
        let mut out = Vec::new();
        table.write(&mut out).unwrap();
        let expected = "name   loss  ending\nAdam    1.5  done\n学     10.25  stopped\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn numbers_have_five_digits() {
        let shown = [0.0, 0.123456789, 12.3456789, 99999.4, 123456.0, 1e-9, -2.5, f64::INFINITY];
        let expected =
            ["0", "0.12346", "12.346", "99999", "1.2346e5", "1.0000e-9", "-2.5000", "inf"];
        for (value, expected) in shown.into_iter().zip(expected) {
            assert_eq!(short_number(Some(value)), expected);
        }
        assert_eq!(short_number(None), "");
    }
}
