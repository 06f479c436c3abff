//! The fields of one row, quoted or not.

use std::borrow::Cow;

/// What was found out about a row while it was split.
pub(super) struct Row {
    /// The start of the next row.
    pub(super) next: usize,
    /// The number of lines that the row takes.
    pub(super) n_lines: u64,
    /// The first field, counted from 1, with text behind its closing quote.
    pub(super) behind: Option<usize>,
    /// Whether a quote is in such a text, behind a space, where it is not clear what it means.
    pub(super) is_unclear: bool,
}

/// Splits the row at `start` into `fields`. The row has an end.
///
/// A quote opens where a field begins; inside, two are one. What stands behind the closing quote
/// belongs to the field as it is.
pub(super) fn split<'t>(
    text: &'t str,
    start: usize,
    delimiter: u8,
    quote: u8,
    fields: &mut Vec<Cow<'t, str>>,
) -> Row {
    let bytes = text.as_bytes();
    let mut at = start;
    let mut row = Row { next: start, n_lines: 1, behind: None, is_unclear: false };
    fields.clear();
    loop {
        let from = at;
        let mut field = Cow::Borrowed("");
        if bytes.get(at) == Some(&quote) {
            let (inside, end) = quoted(text, at + 1, quote);
            row.n_lines += inside.bytes().filter(|byte| *byte == b'\n').count() as u64;
            field = inside;
            at = end;
        }
        let tail = at;
        let is_end = |byte: &u8| *byte == delimiter || matches!(byte, b'\n' | b'\r');
        at += bytes[at..].iter().position(is_end).unwrap_or(bytes.len() - at);
        if tail == from {
            field = Cow::Borrowed(&text[from..at]);
        } else if tail < at {
            let behind = bytes[tail..at].trim_ascii_start();
            row.is_unclear |= behind.first() == Some(&quote);
            if !behind.is_empty() {
                row.behind.get_or_insert(fields.len() + 1);
            }
            field.to_mut().push_str(&text[tail..at]);
        }
        fields.push(field);
        match bytes.get(at) {
            Some(byte) if *byte == delimiter => at += 1,
            _ => {
                row.next = line_after(bytes, at);
                return row;
            }
        }
    }
}

/// The start of the line behind the end of a line.
pub(super) fn line_after(bytes: &[u8], end: usize) -> usize {
    match &bytes[end..] {
        [b'\r', b'\n', ..] => end + 2,
        [_, ..] => end + 1,
        [] => end,
    }
}

/// The text from `start` to the closing quote, and the place behind that.
fn quoted(text: &str, start: usize, quote: u8) -> (Cow<'_, str>, usize) {
    let bytes = text.as_bytes();
    let mut inside = Cow::Borrowed("");
    let mut from = start;
    loop {
        let end = memchr::memchr(quote, &bytes[from..]).map_or(bytes.len(), |n| from + n);
        let is_doubled = bytes.get(end + 1) == Some(&quote);
        let piece = &text[from..if is_doubled { end + 1 } else { end }];
        let piece = match piece.contains('\r') {
            true => Cow::Owned(piece.replace("\r\n", "\n").replace('\r', "\n")),
            false => Cow::Borrowed(piece),
        };
        inside = if inside.is_empty() { piece } else { inside + piece };
        if !is_doubled {
            return (inside, (end + 1).min(bytes.len()));
        }
        from = end + 2;
    }
}

#[cfg(test)]
mod tests {
    use csv::{ReaderBuilder, StringRecord};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        /// Rows without an open quote are split as the library for CSV does it.
        #[test]
        fn as_the_library_splits(text in "[ab\"\",,\u{e9}\n]{0,20}") {
            let text = text + "\n";
            let mut reader = ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes());
            let mut record = StringRecord::new();
            let mut fields = Vec::new();
            let mut at = 0;
            let mut line = 1;
            while reader.read_record(&mut record).unwrap() {
                while text[at..].starts_with('\n') {
                    at += 1;
                    line += 1;
                }
                let Row { next, n_lines, .. } = split(&text, at, b',', b'"', &mut fields);
                if next < text.len() || reader.position().line() == line + n_lines {
                    prop_assert_eq!(&fields[..], &record.iter().collect::<Vec<_>>()[..]);
                    prop_assert_eq!(reader.position().line(), line + n_lines);
                }
                at = next;
                line += n_lines;
            }
        }
    }

    #[test]
    fn line_ends_inside_quotes_are_of_one_kind() {
        let mut fields = Vec::new();
        let text = "\"a\r\nb\rc\"\"\r\n\"x,2\r\n3\r\n";
        let Row { next, n_lines, .. } = split(text, 0, b',', b'"', &mut fields);
        assert_eq!((&fields[..], n_lines), (&["a\nb\nc\"\nx".into(), "2".into()][..], 4));
        assert_eq!(&text[next..], "3\r\n");
    }
}
