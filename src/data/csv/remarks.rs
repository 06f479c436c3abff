//! What a report says about a file and its columns.

use super::cells::columns::{Survey, Type};
use super::cells::dates::Order;
use super::cells::hints::Hints;
use super::cells::loose::is_infinite;
use super::cells::missing::Words;
use super::cells::values::{Decimal, Look};
use super::outline::Outline;
use super::table::shape::{SampleRow, in_short};
use super::text::encoding::Scan;
use super::{MOST_REPORTED, MOST_WARNINGS};
use crate::data::{CsvSource, DataError, Quoting, ReadCounts, ReadReport};

/// The cells of a column that had to be made missing.
#[derive(Clone, Default)]
pub(super) struct Bad {
    n: usize,
    /// The lines of the first few.
    lines: Vec<u64>,
}

impl Bad {
    pub(super) fn note(&mut self, line: u64) {
        const MOST: usize = 5;
        self.n += 1;
        if self.lines.len() < MOST {
            self.lines.push(line);
        }
    }

    fn remark(&self, name: &str, kind: Type, n_rows: usize) -> Option<String> {
        let first = self.lines.first()?;
        let lines: Vec<String> = self.lines.iter().map(u64::to_string).collect();
        let more = if self.n > self.lines.len() { ", …" } else { "" };
        let what = if matches!(kind, Type::Date(_)) { "date" } else { "finite number" };
        let (are, s, of_lines) = match self.n {
            1 => ("is", "", format!("line {first}")),
            _ => ("are", "s", format!("lines {}{more}", lines.join(", "))),
        };
        let n = self.n;
        Some(format!(
            "column `{name}`: {n} of {n_rows} values {are} no {what}{s}; made missing ({of_lines})"
        ))
    }
}

/// The report on how the file was understood, before any of its rows.
pub(super) fn begin_report(outline: &Outline) -> ReadReport {
    let mut report = ReadReport {
        delimiter: outline.dialect.separator_name(),
        quote: char::from(outline.dialect.quote),
        encoding: outline.scan.name().to_owned(),
        header: outline.shape.header,
        n_columns: outline.shape.width,
        ..ReadReport::default()
    };
    remark_on_encoding(&outline.scan, &mut report);
    match outline.dialect.quoting() {
        Quoting::Rows => {
            report
                .warnings
                .push("rows are quoted as a whole; the fields inside are read".to_owned());
        }
        Quoting::Spaced => {
            report.warnings.push("blanks in front of quotes are left out".to_owned());
        }
        Quoting::Auto | Quoting::Strict => {}
    }
    report.warnings.extend(outline.shape.warnings.iter().cloned());
    report
}

/// What the columns give reason to say, once all rows are in.
pub(super) fn end_report(
    outline: &Outline,
    types: &[Type],
    surveys: &[Survey],
    words: &[Words],
    report: &mut ReadReport,
) {
    let names = &outline.shape.names;
    let codes = names.iter().zip(words).filter(|(_, words)| **words == Words::Codes);
    let codes: Vec<&str> = codes.map(|(name, _)| name.as_str()).collect();
    if !codes.is_empty() {
        let columns = listed(&codes);
        report.warnings.push(format!(
            "`NA` is kept as a value, not missing, among the codes of countries in: {columns}"
        ));
    }
    for (name, survey) in names.iter().zip(surveys) {
        if survey.is_empty() {
            report.warnings.push(format!(
                "column `{name}` is empty: all {} values are missing; it is not used",
                report.n_rows
            ));
        }
    }
    remark_on_spellings(names, types, surveys, report);
    remark_on_hints(outline, types, surveys, report);
    if report.warnings.len() > MOST_WARNINGS {
        let n_more = report.warnings.len() - MOST_WARNINGS;
        report.warnings.truncate(MOST_WARNINGS);
        report.warnings.push(format!("and {n_more} more remarks of the same kinds"));
    }
}

/// Reports the rows above the table and of units, and what was done to them; gives the number of
/// those that are left out.
pub(super) fn list_above(outline: &Outline, report: &mut ReadReport) -> usize {
    let before = &outline.shape.before;
    for (line, text) in outline.above.iter().chain(before) {
        let reason = match text.as_str() {
            "" => "nothing but separators above the table".to_owned(),
            text => format!("stands above the table: `{text}`"),
        };
        report.skipped.push((*line, reason));
    }
    if let Some((line, text)) = &outline.shape.units {
        report.skipped.push((*line, format!("stands below the names: `{text}`")));
    }
    report.repaired.extend(outline.mended.iter().cloned());
    report.skipped.len()
}

/// Says where another table begins.
pub(super) fn another_table(line: u64) -> String {
    format!(
        "another table begins on line {line}; it is not read (leave out the {} lines above it, with `skip`, to read it instead)",
        line - 1
    )
}

/// Why a row below the table is left out.
pub(super) fn reason_below(row: &SampleRow) -> String {
    match in_short(row).1.as_str() {
        "" => "nothing but separators below the table".to_owned(),
        text => format!("stands below the table: `{text}`"),
    }
}

/// What is wrong with a cell that is made missing.
pub(super) fn flaw(cell: &str, kind: Type, name: &str) -> String {
    let what = match kind {
        _ if is_infinite(cell) => "is infinite",
        Type::Numeric(_) if Look::of(cell).is_number() && is_too_large(cell) => {
            "is too large for a number of 64 bits"
        }
        Type::Date(_) => "is not a date",
        _ => "is not a number",
    };
    let cell: String = cell.chars().take(40).collect();
    format!("`{cell}` in column `{name}` {what}; made missing")
}

/// Whether digits spell more than the largest number.
fn is_too_large(cell: &str) -> bool {
    let plain = cell.replace(',', ".");
    plain.parse().is_ok_and(|value: f64| value.is_infinite())
}

/// Says how many cells and rows were repaired or left out.
pub(super) fn remark_on_rows(
    bad: &[Bad],
    names: &[String],
    types: &[Type],
    [n_above, n_skipped, n_repaired]: [usize; 3],
    report: &mut ReadReport,
) {
    report.counts = ReadCounts { n_above, n_skipped, n_repaired, ..report.counts };
    for ((bad, name), kind) in bad.iter().zip(names).zip(types) {
        report.warnings.extend(bad.remark(name, *kind, report.n_rows));
    }
    for (n, what) in [(n_skipped, "skipped"), (n_repaired, "repaired")] {
        if n > MOST_REPORTED {
            let more = n - MOST_REPORTED;
            report
                .warnings
                .push(format!("{more} more rows were {what} than are listed ({n} in all)"));
        }
    }
}

pub(super) fn nothing_to_read(outline: &Outline, settings: &CsvSource) -> DataError {
    if let Some(n @ 1..) = settings.skip {
        let lines = if n == 1 { "line that is".to_owned() } else { format!("{n} lines that are") };
        DataError::new(format!(
            "there is no row of data below the {lines} left out above the table"
        ))
    } else if outline.shape.header {
        DataError::new("there is a header but no rows of data below it")
    } else {
        DataError::new("there are only blank lines; a table with a header is expected")
    }
}

pub(super) fn remark_on_encoding(scan: &Scan, report: &mut ReadReport) {
    report.counts.n_guessed +=
        usize::from(scan.not_utf_8_line.is_some()) + usize::from(scan.guessed_utf_16);
    if let Some(line) = scan.not_utf_8_line.filter(|_| scan.is_stated) {
        report.warnings.push(format!(
            "line {line} is not UTF-8, though that was stated; what cannot be read became \u{fffd}"
        ));
    } else if let Some(line) = scan.not_utf_8_line.filter(|_| scan.is_damaged()) {
        report.warnings.push(format!(
            "line {line} is not UTF-8, though nearly all of the file is; what cannot be read became \u{fffd}"
        ));
    } else if let Some(line) = scan.not_utf_8_line {
        report.warnings.push(format!(
            "line {line} is not UTF-8; the file was read as {} (if letters look wrong, save it as UTF-8 or state its encoding with `--encoding`, such as `macintosh`)",
            scan.name()
        ));
    }
    if scan.guessed_utf_16 {
        let name = scan.name();
        report.warnings.push(format!("no byte order mark; the file was read as {name}"));
    }
}

/// Says how numbers and dates were read that could be read in another way.
pub(super) fn remark_on_spellings(
    names: &[String],
    types: &[Type],
    surveys: &[Survey],
    report: &mut ReadReport,
) {
    type Test = fn(Type, &Survey) -> bool;
    let is_number = |kind: Type| matches!(kind, Type::Numeric(_));
    let groups: [(&str, Test); 6] = [
        ("decimal commas in", |kind, _| kind == Type::Numeric(Decimal::Comma)),
        ("thousands separators left out in", |kind, survey| match kind {
            Type::Numeric(decimal) => survey.has_groups(decimal),
            _ => false,
        }),
        ("`1,234` could be 1234 or 1.234 and is read as a fraction in", |kind, survey| {
            kind == Type::Numeric(Decimal::Comma) && survey.is_ambiguous()
        }),
        ("percent signs (12.5% is read as 0.125) in", |_, survey| survey.n_percent > 0),
        ("signs of money left out in", |_, survey| survey.n_currency > 0),
        (
            "numbers in parentheses or with the minus behind them read as negative in",
            |_, survey| survey.n_negative > 0,
        ),
    ];
    let dates: [(&str, Test); 4] = [
        ("dates read as days since 1970-01-01 in", |_, survey| !survey.has_only_times()),
        ("times read as fractions of a day in", |_, survey| survey.has_only_times()),
        (
            "nothing shows whether day or month comes first; read as month, day in",
            |kind, survey| kind == Type::Date(Order::MonthFirst) && survey.order_is_guessed(),
        ),
        (
            "nothing shows whether day or month comes first; read as day, month in",
            |kind, survey| kind == Type::Date(Order::DayFirst) && survey.order_is_guessed(),
        ),
    ];
    let is_date = |kind: Type| matches!(kind, Type::Date(_));
    let all = groups.iter().map(|group| (group, true)).chain(dates.iter().map(|d| (d, false)));
    for ((what, test), of_numbers) in all {
        let names: Vec<&str> = names
            .iter()
            .zip(types)
            .zip(surveys)
            .filter(|((_, kind), survey)| {
                let is_of_these = if of_numbers { is_number(**kind) } else { is_date(**kind) };
                is_of_these && test(**kind, survey)
            })
            .map(|((name, _), _)| name.as_str())
            .collect();
        if !names.is_empty() {
            let is_guess = what.contains("nothing shows") || what.contains("could be");
            report.counts.n_guessed += usize::from(is_guess);
            report.warnings.push(format!("{what}: {}", listed(&names)));
        }
    }
}

/// Says what the first rows show that is lost or has to be known.
pub(super) fn remark_on_hints(
    outline: &Outline,
    types: &[Type],
    surveys: &[Survey],
    report: &mut ReadReport,
) {
    type Test = fn(Type, &Hints, &Survey) -> bool;
    let is_number: fn(Type) -> bool = |kind| matches!(kind, Type::Numeric(_));
    let tests: [(&str, &str, bool, Test); 5] = [
        ("leading zeros are lost in", "; the type Nominal keeps them", true, |_, hints, _| {
            hints.has_leading_zeros
        }),
        (
            "of more than 15 digits the last are not exact in",
            "; the type Nominal keeps them",
            true,
            |_, hints, _| hints.is_long,
        ),
        ("different signs of money read as if they were one in", "", true, |_, hints, _| {
            hints.has_currencies
        }),
        (
            "nothing shows whether `1.234` is 1234 or a fraction; read as a fraction in",
            "",
            true,
            |kind, hints, survey| {
                let is_point = kind == Type::Numeric(Decimal::Point);
                is_point && hints.has_unclear_points && survey.has_unclear_points()
            },
        ),
        ("years of two digits read as 1970 to 2069 in", "", false, |kind, hints, _| {
            matches!(kind, Type::Date(_)) && hints.has_short_years
        }),
    ];
    let columns = outline.shape.names.iter().zip(types).zip(&outline.hints);
    for ((name, _), hints) in columns.filter(|((_, kind), _)| is_number(**kind)) {
        if let Some(nines) = hints.stand_in {
            report.warnings.push(format!(
                "{nines} stands far from all other values of `{name}`; if it means a missing value, state it (`--missing {nines}`)"
            ));
        }
    }
    for (what, remedy, of_numbers, test) in tests {
        let columns = outline.shape.names.iter().zip(types).zip(&outline.hints).zip(surveys);
        let names: Vec<&str> = columns
            .filter(|(((_, kind), hints), survey)| {
                is_number(**kind) == of_numbers && test(**kind, hints, survey)
            })
            .map(|(((name, _), _), _)| name.as_str())
            .collect();
        if !names.is_empty() {
            report.warnings.push(format!("{what}: {}{remedy}", listed(&names)));
        }
    }
}

pub(super) fn listed(names: &[&str]) -> String {
    const MOST: usize = 5;
    let mut text =
        names.iter().take(MOST).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        text += &format!(" and {} more", names.len() - MOST);
    }
    text
}
