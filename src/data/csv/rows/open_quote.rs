//! Where a quote opens that is never closed, and where it could be closed.

use std::io::{BufRead, BufReader, Read, Seek};

use super::splitter::Splitter;
use super::widths::commonest;

use crate::data::DataError;
use crate::data::csv::dialect::Dialect;
use crate::data::csv::dialect::separators::Separator;
use crate::data::csv::table::shape::Shape;
use crate::data::csv::text::encoding::Scan;
use crate::data::csv::text::stream::{Gauge, Text};

/// With what the message begins that names such a quote.
pub(super) const OPEN_QUOTE: &str = "the quote that opens";

/// The same for a row that is too long, and for one that goes over many lines and does not fit.
pub(super) const LONG_ROW: &str = "the row that begins here is longer than";
pub(in crate::data::csv) const MANY_LINES: &str = "the row that begins here goes over";

/// With what the first of these messages ends: the line of the row.
pub(super) fn of_row(line: u64) -> String {
    format!("(the row begins on line {line})")
}

/// A quote that is put in where one is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data::csv) struct Closing {
    pub(in crate::data::csv) line: u64,
    /// The field that it closes, counted from 1.
    pub(in crate::data::csv) field: usize,
    /// How many bytes of the line stand in front of it.
    pub(in crate::data::csv) at: usize,
    pub(in crate::data::csv) quote: u8,
}

impl Closing {
    /// Where the quote should close that `text`, a row on this line, leaves open: the row then has
    /// `width` fields, or fewer. Where that is not known, it has as many as the rows on the lines below.
    ///
    /// `None` where nearly all lines below are not such rows: they may be the text of the field. Where
    /// no line is below, the row has all its fields: one that is short may be cut off, or a remark.
    pub(in crate::data::csv) fn of<'a>(
        (line, text): (u64, &str),
        below: impl Iterator<Item = &'a str>,
        width: Option<usize>,
        dialect: Dialect,
    ) -> Option<Self> {
        const MOST_LOOKED_AT: usize = 100;
        let is_usual = dialect.separator == Separator::One && !dialect.escape && !dialect.wrapped;
        if dialect.quote == 0 || !is_usual {
            return None;
        }
        let own = Splitter::new(dialect.delimiter, dialect.quote);
        let below = below.filter(|text| !text.is_empty()).take(MOST_LOOKED_AT);
        let widths: Vec<usize> =
            below.map(|text| own.strict(text).map_or(0, |fields| fields.len())).collect();
        let (common, n) = if widths.is_empty() { (width?, 0) } else { commonest(&widths) };
        if common < 2 || width.is_some_and(|width| width != common) || n * 10 < widths.len() * 9 {
            return None;
        }
        let (before, inside) = own.until_open(text)?;
        let n_left = common.checked_sub(before.len()).filter(|n| *n > 0)?;
        let n_pieces = 1 + text.bytes().skip(inside).filter(|b| *b == dialect.delimiter).count();
        if widths.is_empty() && n_pieces < n_left {
            return None;
        }
        // Separators that are too many are inside of the quotes.
        let n_inside = n_pieces.saturating_sub(n_left) + 1;
        let pieces = text[inside..].split(char::from(dialect.delimiter)).take(n_inside);
        let n_bytes = pieces.map(|piece| piece.len() + 1).sum::<usize>() - 1;
        let field = before.len() + 1;
        Some(Self { line, field, at: inside + n_bytes, quote: dialect.quote })
    }

    /// What is said about it.
    pub(in crate::data::csv) fn remark(&self) -> String {
        not_closed(self.field)
    }
}

/// What is said about a quote that opens in a field, counted from 1.
pub(super) fn not_closed(field: usize) -> String {
    format!("the quote that opens in field {field} is not closed")
}

/// The quote that is missing on the line that an error names, if it is about one.
pub(in crate::data::csv) fn closing(
    error: &DataError,
    source: &mut (impl Read + Seek),
    scan: &Scan,
    (dialect, shape): (Dialect, &Shape),
) -> Option<Closing> {
    /// How much text is looked at.
    const MOST_BYTES: u64 = 1 << 20;
    let begins = |words: &str| error.message.starts_with(words);
    let line = error.line?;
    let is_row = begins(OPEN_QUOTE) && error.message.ends_with(&of_row(line));
    if !is_row && !begins(LONG_ROW) && !begins(MANY_LINES) {
        return None;
    }
    source.rewind().ok()?;
    let text = Text::new(source, scan, Gauge::default(), false);
    let mut rows = BufReader::new(Unlimited(text));
    for _ in 1..line {
        rows.skip_until(b'\n').ok()?;
    }
    let mut bytes = Vec::new();
    rows.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let is_cut = bytes.len() as u64 == MOST_BYTES;
    let text = if is_cut { text.rsplit_once('\n').map(|(whole, _)| whole)? } else { &text };
    // A text that does not end with the end of a line may be cut off.
    let (first, below) = text.split_once('\n')?;
    // Where the first row of a table is open, nothing is known of the others.
    let width = (line > shape.n_lines_above + 1).then_some(shape.width);
    if begins(MANY_LINES) && is_closed(text, shape.width, dialect) {
        return None;
    }
    Closing::of((line, first), below.split('\n'), width, dialect)
}

/// Whether the row with which a text begins has all its quotes closed where it ends, and another row of
/// the table, of `width` fields, follows: then its lines are the text of a field.
fn is_closed(text: &str, width: usize, dialect: Dialect) -> bool {
    let own = Splitter::new(dialect.delimiter, dialect.quote);
    let mut is_open = false;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        is_open ^= line.bytes().filter(|byte| *byte == dialect.quote).count() % 2 == 1;
        if !is_open {
            break;
        }
    }
    let (row, below) = text.split_at(end);
    let next = below.lines().find(|line| !line.is_empty());
    !is_open
        && own.strict(row.trim_end_matches('\n')).is_some()
        && next.and_then(|line| own.strict(line)).is_some_and(|fields| fields.len() == width)
}

/// The same error, with the column of the quote where that is what it is about.
pub(in crate::data::csv) fn located(
    mut error: DataError,
    source: &mut (impl Read + Seek),
    scan: &Scan,
    dialect: Dialect,
) -> DataError {
    if error.message.starts_with(OPEN_QUOTE)
        && dialect.separator == Separator::One
        && source.rewind().is_ok()
        && let Some((line, column)) = open_quote(source, scan, dialect)
        && error.line == Some(line)
    {
        error.column = Some(column);
    }
    error
}

/// Line and column of the quote in which the text ends.
fn open_quote(source: impl Read, scan: &Scan, dialect: Dialect) -> Option<(u64, u64)> {
    let text = Text::new(source, scan, Gauge::default(), false);
    let (mut line, mut opened, mut closed) = (0, None, None);
    let mut at_start_of_field = true;
    let mut is_escaped = false;
    let mut rows = BufReader::new(Unlimited(text));
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        if rows.read_until(b'\n', &mut bytes).ok()? == 0 {
            return opened;
        }
        line += 1;
        let mut n_characters = 0;
        for &byte in &bytes {
            // The bytes behind the first of a letter are no characters.
            n_characters += u64::from(byte & 0xc0 != 0x80);
            if opened.is_some() {
                match byte {
                    _ if is_escaped => is_escaped = false,
                    b'\\' if dialect.escape => is_escaped = true,
                    // A doubled quote closes, and opens again as below.
                    byte if byte == dialect.quote => {
                        (closed, opened, at_start_of_field) = (opened, None, true);
                    }
                    _ => {}
                }
                continue;
            }
            if byte == dialect.quote && at_start_of_field {
                opened = closed.or(Some((line, n_characters)));
            }
            closed = None;
            at_start_of_field = byte == dialect.delimiter || byte == b'\n';
        }
    }
}

/// Text whose rows may be of any length.
struct Unlimited<R>(Text<R>);

impl<R: Read> Read for Unlimited<R> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.0.new_row();
        self.0.read(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::CsvSource;
    use crate::data::csv::dialect::detection::detect;

    fn closed(line: &str, below: &[&str]) -> Option<String> {
        let dialect = detect("a,b,c\n1,2,3\n4,5,6\n", &CsvSource::default());
        let closing = Closing::of((7, line), below.iter().copied(), Some(3), dialect)?;
        assert_eq!(closing.line, 7);
        let (before, behind) = line.split_at(closing.at);
        Some(format!("{before}\"{behind}"))
    }

    #[test]
    fn a_quote_closes_where_the_row_is_as_wide_as_others() {
        let below = ["1,2,3", "4,\"5, 6\",7"];
        let found = |line: &str| closed(line, &below).unwrap_or_default();
        assert_eq!(found("1,\"a,2"), "1,\"a\",2");
        assert_eq!(found("1,\"a, b, c,2"), "1,\"a, b, c\",2");
        assert_eq!(found("\"x\",1,\"é"), "\"x\",1,\"é\"");
        assert_eq!(found("1,\"a"), "1,\"a\"", "a row that is too short");
        assert_eq!(closed("1,\"a,2", &[]).as_deref(), Some("1,\"a\",2"), "the last line");
        assert_eq!(closed("1,\"a", &[]), None, "a last line that may be cut off");
    }

    #[test]
    fn other_quotes_are_left_alone() {
        assert_eq!(closed("1,\"a,2", &["some words", "more, of them"]), None, "no rows below");
        assert_eq!(closed("1,\"a, b", &["one, of two", "three, four"]), None, "rows of others");
        assert_eq!(closed("1,2,3,\"a", &["1,2,3"]), None, "behind the last column");
        assert_eq!(closed("1,\"a\",2", &["1,2,3"]), None, "closed");
        assert_eq!(closed("1,a\",2", &["1,2,3"]), None, "not opened");
    }
}
