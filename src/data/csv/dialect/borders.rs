//! What stands beside quotes: the surest sign of what parts fields.

/// The character that stands in front of quotes that open and behind those that close, in nearly all
/// places of a text; `None` where there are few or no such places, or the characters differ. Blanks
/// between it and the quote are passed over, unless there is nothing else.
pub(super) fn beside_quotes(text: &str, quote: u8) -> Option<u8> {
    const FEWEST: usize = 4;
    let bytes = text.as_bytes();
    let mut counts = [0usize; 256];
    let mut n = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(quote, &bytes[at..]) {
        let open = at + found;
        at = open + 1;
        if open > 0 && bytes[open - 1].is_ascii_alphanumeric() {
            continue; // an apostrophe, or inches
        }
        let Some(close) = closing(bytes, open + 1, quote) else { break };
        at = close + 1;
        let before = bytes[..open].iter().rev();
        let behind = bytes[close + 1..].iter();
        for byte in [outside(before), outside(behind)].into_iter().flatten() {
            counts[usize::from(byte)] += 1;
            n += 1;
        }
    }
    let (byte, most) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
    let byte = u8::try_from(byte).ok()?;
    let may_part = byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b".-_()".contains(&byte);
    (n >= FEWEST && most * 10 >= n * 9 && may_part).then_some(byte)
}

/// The place of the quote that closes; two are a letter.
fn closing(bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start;
    loop {
        at += memchr::memchr(quote, &bytes[at..])?;
        if bytes.get(at + 1) != Some(&quote) {
            return Some(at);
        }
        at += 2;
    }
}

/// The first character that is no blank, or a blank where a letter follows; none at the end of a line.
fn outside<'b>(mut bytes: impl Iterator<Item = &'b u8>) -> Option<u8> {
    let first = *bytes.next()?;
    let byte = if first == b' ' { *bytes.find(|byte| **byte != b' ')? } else { first };
    let is_end = matches!(first, b'\n' | b'\r') || first == b' ' && matches!(byte, b'\n' | b'\r');
    let is_word = first == b' ' && (byte.is_ascii_alphanumeric() || byte == b'"' || byte == b'\'');
    match is_word {
        _ if is_end => None,
        true => Some(b' '),
        false => Some(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_parts_fields_stands_beside_quotes() {
        let found = |text: &str| beside_quotes(text, b'"').map(char::from);
        assert_eq!(found("\"001\"^\"12:30\"^\"a, b\"\n\"002\"^\"1\"^\"c\"\n"), Some('^'));
        assert_eq!(
            found("25|\"{\"\"a\"\": 6, \"\"b\"\": 1}\"|x\n26|\"{\"\"a\"\": 7}\"|y\n"),
            Some('|')
        );
        assert_eq!(found("a, \"x, y\", 3\nb, \"z\", 4\n"), Some(','));
        assert_eq!(found("1 \"New York\" 3\n2 \"Rome\" 4\n"), Some(' '));
        assert_eq!(found("1,48\" pipe,3\n2,24\" pipe,4\n"), None);
        assert_eq!(found("say \"a\", or \"b\"; then \"c\"!\n"), None);
        assert_eq!(beside_quotes("a,'it''s, so',48\"\nb,'x',24\"\n", b'\''), Some(b','));
        assert_eq!(beside_quotes("it's,that's\nwe're,don't\n", b'\''), None);
    }
}
