//! Where a quote opens that is never closed.

use std::io::{BufRead, BufReader, Read, Seek};

use crate::data::DataError;
use crate::data::csv::dialect::Dialect;
use crate::data::csv::dialect::separators::Separator;
use crate::data::csv::text::encoding::Scan;
use crate::data::csv::text::stream::{Gauge, Text};

/// With what the message begins that names such a quote.
pub(super) const OPEN_QUOTE: &str = "the quote that opens";

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
