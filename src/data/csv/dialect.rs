//! Which characters stand between and around fields.

use std::ops::Range;

use csv::StringRecord;

use super::records::builder;
use super::values::Look;

/// The characters between and around fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    pub(super) quote: u8,
}

/// Delimiters that are recognised, the likelier first.
pub(super) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The most rows that may stand above a table, and below it.
pub(super) const MOST_OUTSIDE: usize = 60;

/// The most rows looked at.
const MOST_ROWS: usize = 1000;

/// The dialect in which `sample` looks most like a table.
///
/// ```text
/// score = c² · t · b  c: share of rows of the body that have the commonest number of fields
///                     t: share of cells in which no other delimiter is left over
///                     b: 1 less a quarter of the share of rows above and below the body
/// ```
///
/// A dialect with which the commonest row has a single field scores 0; where all do, the file is
/// one column. The first of equal scores is taken.
pub(super) fn detect(sample: &str, delimiter: Option<u8>) -> Dialect {
    let candidates: Vec<u8> = delimiter.map_or(DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    let mut best = Dialect { delimiter: candidates[0], quote: b'"' };
    let mut best_score = 0.0;
    for &delimiter in &candidates {
        let dialect = Dialect { delimiter, quote: b'"' };
        let score = score(sample, dialect);
        if score > best_score {
            (best, best_score) = (dialect, score);
        }
    }
    if !sample.contains('"') && sample.contains('\'') {
        for &delimiter in &candidates {
            let dialect = Dialect { delimiter, quote: b'\'' };
            let delimiter = char::from(delimiter);
            let fields = || sample.lines().flat_map(|line| line.split(delimiter));
            let n_opened = fields().filter(|field| field.starts_with('\'')).count();
            let n_closed = fields().filter(|field| field.ends_with('\'')).count();
            let score = score(sample, dialect);
            if n_opened > 0 && n_opened == n_closed && score >= best_score {
                (best, best_score) = (dialect, score);
            }
        }
    }
    best
}

fn score(sample: &str, dialect: Dialect) -> f64 {
    let mut reader = builder(dialect).from_reader(sample.as_bytes());
    let mut record = StringRecord::new();
    let mut widths = Vec::new();
    let (mut n_cells, mut n_clean) = (0usize, 0usize);
    while widths.len() < MOST_ROWS && matches!(reader.read_record(&mut record), Ok(true)) {
        widths.push(record.len());
        n_cells += record.len();
        n_clean += record.iter().filter(|cell| is_clean(cell.trim(), dialect)).count();
    }
    let (width, body) = body(&widths);
    if width < 2 {
        return 0.0;
    }
    let n_rows = widths[body.clone()].iter().filter(|other| **other == width).count();
    let consistency = n_rows as f64 / body.len() as f64;
    let outside = 1.0 - body.len() as f64 / widths.len() as f64;
    let clean = n_clean as f64 / n_cells as f64;
    consistency * consistency * clean * (1.0 - 0.25 * outside)
}

fn is_clean(cell: &str, dialect: Dialect) -> bool {
    let has_other =
        cell.bytes().any(|byte| DELIMITERS.contains(&byte) && byte != dialect.delimiter);
    !has_other || Look::of(cell).is_number()
}

/// The commonest number and how often it occurs; the larger of equally common ones.
pub(super) fn commonest(widths: &[usize]) -> (usize, usize) {
    let mut sorted = widths.to_vec();
    sorted.sort_unstable();
    let groups = sorted.chunk_by(|a, b| a == b);
    groups.map(|group| (group[0], group.len())).max_by_key(|(_, n)| *n).unwrap_or((0, 0))
}

/// The number of fields of most rows, and the rows from the first to the last that have it.
///
/// A few rows above or below a table do not make it ragged; where more than [`MOST_OUTSIDE`] do not
/// fit on a side, they belong to it. Where there are more such rows than rows of the table, the
/// latter are those of one width that take most of the second half.
pub(super) fn body(widths: &[usize]) -> (usize, Range<usize>) {
    let (mut width, n_rows) = commonest(widths);
    let half = &widths[widths.len() / 2..];
    let (late, n_late) = commonest(half);
    if late > width && n_late * 2 > half.len() && n_late >= 2 && n_rows <= MOST_OUTSIDE {
        width = late;
    }
    let first = widths.iter().position(|other| *other == width).unwrap_or(0);
    let last = widths.iter().rposition(|other| *other == width).unwrap_or(0);
    let start = if first <= MOST_OUTSIDE { first } else { 0 };
    let end = if last + MOST_OUTSIDE >= widths.len() { last + 1 } else { widths.len() };
    (width, start..end.min(widths.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delimiter(sample: &str) -> char {
        char::from(detect(sample, None).delimiter)
    }

    #[test]
    fn delimiters_are_told_apart() {
        assert_eq!(delimiter("a,b\n1,2\n"), ',');
        assert_eq!(delimiter("a;b\n1;2\n"), ';');
        assert_eq!(delimiter("a\tb\n1\t2\n"), '\t');
        assert_eq!(delimiter("a|b\n1|2\n"), '|');
    }

    #[test]
    fn decimal_commas_are_not_delimiters() {
        assert_eq!(delimiter("x;y\n1,5;2,5\n3,25;4,75\n"), ';');
        assert_eq!(delimiter("x\ty\n1,5\t2,5\n3,25\t4,75\n"), '\t');
    }

    #[test]
    fn delimiters_in_quotes_do_not_count() {
        assert_eq!(delimiter("name,n\n\"a;b;c\",1\n\"d;e;f\",2\n"), ',');
        assert_eq!(delimiter("name;n\n\"a, b\";1\n\"c, d\";2\n"), ';');
    }

    #[test]
    fn single_quotes_are_recognised_and_apostrophes_are_not() {
        assert_eq!(detect("a,b\n'x, y',1\n'z, w',2\n", None).quote, b'\'');
        assert_eq!(detect("a,b\nit's,1\nthat's,2\n", None).quote, b'"');
    }

    #[test]
    fn rows_outside_the_table_do_not_hide_it() {
        assert_eq!(
            delimiter("Title, of a table\nBy: me\nDate: 1, 2 or 3\n\na;b;c\n1;2;3\n4;5;6\n"),
            ';'
        );
        assert_eq!(body(&[1, 1, 2, 1, 1, 1, 4, 4, 4, 4, 4, 1, 1]), (4, 6..11));
        assert_eq!(body(&[2, 2, 3, 1, 2]), (2, 0..5));
        assert_eq!(body(&[[2; 90], [3; 90]].concat()).0, 3, "the larger of equally common ones");
    }

    #[test]
    fn one_column_is_no_table_of_letters() {
        assert_eq!(delimiter("height\n1.5\n1.6\n"), ',');
    }
}
