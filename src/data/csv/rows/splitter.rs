//! The fields of one row of text, also where quotes in it are too many.

/// The most fields that are read in search of the right ones, where a long one counts as several.
const MOST_STEPS: usize = 20_000;
/// What one quote too many costs, at the beginning of a field and inside of quotes.
const COST_OF_LETTER: u8 = 3;
const COST_OF_INNER: u8 = 1;

/// Splits one row, given as text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Splitter {
    delimiter: u8,
    quote: u8,
    /// Whether blanks may stand in front of an opening quote.
    is_spaced: bool,
}

/// The search for a reading with a given number of fields.
struct Search {
    width: usize,
    with_letters: bool,
    n_steps: usize,
    fields: Vec<String>,
    /// The field with the first quote too many.
    stray: Option<usize>,
}

impl Splitter {
    pub(in crate::data::csv) fn new(delimiter: u8, quote: u8) -> Self {
        Self { delimiter, quote, is_spaced: false }
    }

    /// The same, with blanks in front of opening quotes.
    pub(super) fn spaced(self) -> Self {
        Self { is_spaced: true, ..self }
    }

    /// The fields, where every quote that opens is closed at the end of its field.
    pub(in crate::data::csv) fn strict(&self, text: &str) -> Option<Vec<String>> {
        let mut fields = Vec::new();
        let mut at = 0;
        loop {
            let (field, end) = match self.opened(text, at) {
                Some(inside) => self.closed(text, inside, 0)?,
                None => self.unquoted(text, at),
            };
            fields.push(field);
            match text.as_bytes().get(end) {
                None => return Some(fields),
                Some(_) => at = end + 1,
            }
        }
    }

    /// The fields in front of one whose quote never closes, and the place behind that quote.
    pub(super) fn until_open(&self, text: &str) -> Option<(Vec<String>, usize)> {
        let mut fields = Vec::new();
        let mut at = 0;
        loop {
            let (field, end) = match self.opened(text, at) {
                Some(inside) if !text[inside..].contains(char::from(self.quote)) => {
                    return Some((fields, inside));
                }
                Some(inside) => self.closed(text, inside, 0)?,
                None => self.unquoted(text, at),
            };
            fields.push(field);
            at = end + 1;
            if at > text.len() {
                return None;
            }
        }
    }

    /// How many fields are quoted, in a text that [`strict`](Self::strict) reads.
    pub(super) fn n_quoted(&self, text: &str) -> usize {
        let (mut n, mut at) = (0, 0);
        loop {
            let end = match self.opened(text, at).map(|inside| self.closed(text, inside, 0)) {
                Some(Some((_, end))) => {
                    n += 1;
                    end
                }
                _ => self.unquoted(text, at).1,
            };
            if end >= text.len() {
                return n;
            }
            at = end + 1;
        }
    }

    /// `width` fields, where quotes that are too many cost no more than `cost` in all; and the field
    /// with the first of these.
    /// Only where `with_letters` may a quote at the beginning of a field be none.
    pub(super) fn lenient(
        &self,
        text: &str,
        width: usize,
        cost: u8,
        with_letters: bool,
    ) -> Option<(Vec<String>, usize)> {
        let mut search =
            Search { width, with_letters, n_steps: 0, fields: Vec::new(), stray: None };
        let found = self.search(text, 0, cost, &mut search);
        found.then(|| search.stray.map(|stray| (search.fields, stray)))?
    }

    fn search(&self, text: &str, start: usize, cost: u8, search: &mut Search) -> bool {
        let n_before = search.fields.len();
        let mut at = start;
        loop {
            search.n_steps += 1;
            if search.fields.len() == search.width || search.n_steps > MOST_STEPS {
                break;
            }
            let Some(inside) = self.opened(text, at) else {
                let (field, end) = self.unquoted(text, at);
                search.fields.push(field);
                if end >= text.len() {
                    if search.fields.len() == search.width && search.stray.is_some() {
                        return true;
                    }
                    break;
                }
                at = end + 1;
                continue;
            };
            let index = search.fields.len();
            // As it should be, then with quotes inside that are letters, then as a letter itself.
            let inner = (0..=cost / COST_OF_INNER).map(|n| (n * COST_OF_INNER, true));
            let letter =
                (search.with_letters && cost >= COST_OF_LETTER).then_some((COST_OF_LETTER, false));
            for (price, is_quoted) in inner.chain(letter) {
                let read = match is_quoted {
                    true => self.closed(text, inside, price / COST_OF_INNER),
                    false => Some(self.unquoted(text, at)),
                };
                let Some((field, end)) = read else { continue };
                search.n_steps += 1 + field.len() / 16;
                let stray = search.stray;
                search.fields.push(field);
                if price > 0 {
                    search.stray.get_or_insert(index);
                }
                let is_found = match end >= text.len() {
                    true => search.fields.len() == search.width && search.stray.is_some(),
                    false => self.search(text, end + 1, cost - price, search),
                };
                if is_found {
                    return true;
                }
                search.fields.truncate(index);
                search.stray = stray;
            }
            break;
        }
        search.fields.truncate(n_before);
        false
    }

    /// The place behind the quote with which the field at `start` opens, if it does.
    fn opened(&self, text: &str, start: usize) -> Option<usize> {
        let bytes = &text.as_bytes()[start..];
        let n_blanks = match self.is_spaced {
            true => bytes.iter().take_while(|byte| **byte == b' ').count(),
            false => 0,
        };
        (bytes.get(n_blanks) == Some(&self.quote)).then_some(start + n_blanks + 1)
    }

    /// The field from `start` to the next delimiter, and the place of that.
    fn unquoted(&self, text: &str, start: usize) -> (String, usize) {
        let bytes = text.as_bytes();
        let n = memchr::memchr(self.delimiter, &bytes[start..]).unwrap_or(bytes.len() - start);
        (text[start..start + n].to_owned(), start + n)
    }

    /// The field from `start`, inside of quotes, and the place of what ends it; so many quotes are
    /// letters that are not written twice. `None` where none closes.
    fn closed(&self, text: &str, start: usize, n_inner: u8) -> Option<(String, usize)> {
        let bytes = text.as_bytes();
        let mut field = String::new();
        let (mut from, mut n_left) = (start, n_inner);
        loop {
            let end = from + memchr::memchr(self.quote, &bytes[from..])?;
            let ends = |at: usize| {
                let blanks = |byte: &&u8| **byte == b' ' && self.delimiter != b' ';
                let behind = at + bytes[at..].iter().take_while(blanks).count();
                (bytes.get(behind).is_none_or(|byte| *byte == self.delimiter), behind)
            };
            if bytes.get(end + 1) == Some(&self.quote) {
                field += &text[from..=end];
                from = end + 2;
                // `"so "called""`: one that is too many, and one that closes.
                if let (true, behind) = ends(from)
                    && n_left == 1
                {
                    return Some((field, behind));
                }
                continue;
            }
            let (is_end, behind) = ends(end + 1);
            if is_end && n_left == 0 {
                field += &text[from..end];
                return Some((field, behind));
            }
            n_left = n_left.checked_sub(1)?;
            field += &text[from..=end];
            from = end + 1;
        }
    }
}
