//! Separators of more than one character.

/// What stands between fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data::csv) enum Separator {
    /// One character.
    One,
    /// The same character twice.
    Twice(u8),
    /// At least so many spaces or tabs; those at the ends of a line are none.
    Spaces(usize),
    /// This one character, behind which blanks may stand before a quote; these are left out.
    Tight(u8),
}

/// What stands for such a separator once it has been recognised: the character that ASCII has for it.
pub(in crate::data::csv) const UNIT: u8 = 0x1f;

/// The most blanks behind which a quote is looked for.
const MOST_BLANKS: usize = 1 << 16;

/// Puts [`UNIT`] in the place of separators outside of quotes, one piece of text after the other.
#[derive(Clone, Debug)]
pub(in crate::data::csv) struct Separation {
    separator: Separator,
    quote: u8,
    in_quotes: bool,
    /// Whether the last character was a quote that closed, unless another follows.
    has_closed: bool,
    at_start_of_line: bool,
    at_start_of_field: bool,
    /// Characters that may become a separator.
    held: Vec<u8>,
}

impl Separation {
    pub(in crate::data::csv) fn new(separator: Separator, quote: u8) -> Self {
        Self {
            separator,
            quote,
            in_quotes: false,
            has_closed: false,
            at_start_of_line: true,
            at_start_of_field: true,
            held: Vec::new(),
        }
    }

    /// Rewrites `text`; what may go on in the next piece is kept back.
    pub(in crate::data::csv) fn pass(&mut self, text: &mut Vec<u8>) {
        if self.separator == Separator::One {
            return;
        }
        let piece = std::mem::take(text);
        text.reserve(piece.len() + self.held.len());
        if let Separator::Tight(delimiter) = self.separator {
            piece.into_iter().for_each(|byte| self.tighten(byte, delimiter, text));
            return;
        }
        for byte in piece {
            let may_separate = !self.in_quotes
                && match self.separator {
                    Separator::One | Separator::Tight(_) => false,
                    Separator::Twice(half) => byte == half,
                    Separator::Spaces(_) => byte == b' ' || byte == b'\t',
                };
            if may_separate {
                // However many spaces there are, a few tell how they separate.
                if self.held.len() < 2 || matches!(self.separator, Separator::Twice(_)) {
                    self.held.push(byte);
                }
                if let Separator::Twice(_) = self.separator
                    && self.held.len() == 2
                {
                    self.held.clear();
                    text.push(UNIT);
                    self.at_start_of_field = true;
                }
                continue;
            }
            self.let_go(text, byte == b'\n');
            self.look_at_quote(byte);
            self.at_start_of_line = byte == b'\n' && !self.in_quotes;
            self.at_start_of_field = self.at_start_of_line;
            text.push(byte);
        }
    }

    /// Opens and closes quotes; two inside of quotes are a letter.
    fn look_at_quote(&mut self, byte: u8) {
        let is_quote = byte == self.quote;
        let opens = is_quote && (self.at_start_of_field || self.has_closed);
        self.has_closed = is_quote && self.in_quotes;
        self.in_quotes = if self.in_quotes { !is_quote } else { opens };
    }

    /// Writes a character; blanks at the beginning of a field wait for what follows.
    fn tighten(&mut self, byte: u8, delimiter: u8, text: &mut Vec<u8>) {
        if self.at_start_of_field && byte == b' ' && self.held.len() < MOST_BLANKS {
            self.held.push(byte);
            return;
        }
        if byte != self.quote {
            text.append(&mut self.held);
        }
        self.held.clear();
        self.look_at_quote(byte);
        self.at_start_of_field = !self.in_quotes && (byte == delimiter || byte == b'\n');
        text.push(byte);
    }

    /// Writes what was held: a separator, or the characters themselves.
    fn let_go(&mut self, text: &mut Vec<u8>, line_ends: bool) {
        if self.held.is_empty() {
            return;
        }
        match self.separator {
            Separator::Spaces(_) if self.at_start_of_line || line_ends => {}
            Separator::Spaces(least) if self.held.len() >= least || self.held.contains(&b'\t') => {
                text.push(UNIT);
                self.at_start_of_field = true;
            }
            _ => text.extend_from_slice(&self.held),
        }
        self.held.clear();
    }

    /// Writes what is held at the end of the file.
    pub(in crate::data::csv) fn end(&mut self, text: &mut Vec<u8>) {
        self.let_go(text, true);
    }
}

/// The whole of `text` with its separators rewritten.
pub(in crate::data::csv) fn separated(text: &str, separator: Separator, quote: u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut separation = Separation::new(separator, quote);
    separation.pass(&mut bytes);
    separation.end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_are_rewritten() {
        let spaces = |least, text: &str| separated(text, Separator::Spaces(least), b'"');
        assert_eq!(spaces(1, "  a  b c \n\td\te\n"), "a\u{1f}b\u{1f}c\nd\u{1f}e\n");
        assert_eq!(spaces(2, "New York   8\nRome  3"), "New York\u{1f}8\nRome\u{1f}3");
        assert_eq!(spaces(1, "\"a b\" it's"), "\"a b\"\u{1f}it's");
        assert_eq!(spaces(1, "\"a \"\"b c\"\"\" d"), "\"a \"\"b c\"\"\"\u{1f}d");
        let twice = |text: &str| separated(text, Separator::Twice(b'|'), b'"');
        assert_eq!(twice("a||b|c||||\"x||y\"\n"), "a\u{1f}b|c\u{1f}\u{1f}\"x||y\"\n");
    }

    #[test]
    fn blanks_before_quotes_are_left_out() {
        let tight = |text: &str| separated(text, Separator::Tight(b','), b'"');
        assert_eq!(tight("0,  \"x, \"\"y\", 3\n \"a\", b\n"), "0,\"x, \"\"y\", 3\n\"a\", b\n");
        let mut separation = Separation::new(Separator::Tight(b','), b'"');
        for _ in 0..4 {
            separation.pass(&mut b" ".repeat(MOST_BLANKS));
            assert!(separation.held.len() <= MOST_BLANKS);
        }
        let far = format!("0,{}\"x\"\n", " ".repeat(MOST_BLANKS + 1));
        assert_eq!(tight(&far), far, "no quote so far behind");
    }

    #[test]
    fn pieces_may_end_anywhere() {
        let text = "a   \"b  c\"  d \n e  f\n";
        let whole = separated(text, Separator::Spaces(2), b'"');
        for cut in 0..text.len() {
            let mut separation = Separation::new(Separator::Spaces(2), b'"');
            let [mut a, mut b] =
                [&text.as_bytes()[..cut], &text.as_bytes()[cut..]].map(<[u8]>::to_vec);
            separation.pass(&mut a);
            separation.pass(&mut b);
            separation.end(&mut b);
            a.extend(b);
            assert_eq!(String::from_utf8(a).unwrap(), whole, "{cut}");
        }
    }
}
