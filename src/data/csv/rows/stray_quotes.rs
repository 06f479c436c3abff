//! Quotes that are not what they seem: one that is never closed and takes the rows below into its
//! field, and one with text directly behind it.

use std::collections::VecDeque;

/// A field that holds lines which look like rows of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::data::csv) struct Swallowed {
    /// The field, counted from 0.
    pub(in crate::data::csv) field: usize,
    pub(in crate::data::csv) n_lines: usize,
    /// Whether nearly all lines are rows, so that they are read as such.
    pub(in crate::data::csv) is_certain: bool,
}

/// The first of `n` fields that looks as if its quote had swallowed rows of a table of `width`
/// columns: with the fields beside it, its first and its last line are whole rows, and so are most
/// lines between them. Separators with a space behind them are those of prose.
pub(in crate::data::csv) fn swallowed<'a>(
    n: usize,
    field: impl Fn(usize) -> &'a str,
    width: usize,
    delimiter: u8,
) -> Option<Swallowed> {
    // Lines of few separators look like rows by chance.
    const FEWEST_SEPARATORS: usize = 2;
    const FEWEST_CERTAIN: usize = 4;
    if width < 2 || n == 0 {
        return None;
    }
    let cells = |line: &str| {
        let bytes = line.as_bytes();
        let parts = |at: &usize| bytes[*at] == delimiter && bytes.get(at + 1) != Some(&b' ');
        1 + (0..bytes.len()).filter(parts).count()
    };
    (0..n).find_map(|j| {
        let (first, rest) = field(j).split_once('\n')?;
        let (between, last) = rest.rsplit_once('\n')?;
        if j + cells(first) != width || cells(last) + n - j - 1 != width {
            return None;
        }
        let lines = || between.split('\n').filter(|line| !line.is_empty());
        let n_between = lines().count();
        let n_rows = lines().filter(|line| cells(line) == width).count();
        let n_separators = n_rows * (width - 1);
        (n_separators >= FEWEST_SEPARATORS && n_rows * 2 >= n_between).then(|| Swallowed {
            field: j,
            n_lines: 2 + between.split('\n').count(),
            is_certain: n_separators >= FEWEST_CERTAIN && n_rows * 10 >= n_between * 9,
        })
    })
}

impl Swallowed {
    /// What is said about it.
    pub(in crate::data::csv) fn remark(&self) -> String {
        let read = if self.is_certain { "; they are read as rows" } else { "" };
        format!(
            "the quote that opens in field {} spans {} lines that look like rows of the table{read}; is a quote not closed?",
            self.field + 1,
            self.n_lines
        )
    }

    /// The rows, each with the number of lines it stands below the first; both quotes are letters.
    pub(in crate::data::csv) fn rows(
        &self,
        fields: &[&str],
        delimiter: u8,
        quote: u8,
    ) -> VecDeque<(u64, Vec<String>)> {
        let (delimiter, quote) = (char::from(delimiter), char::from(quote));
        let last = self.n_lines - 1;
        let row = |(index, line): (usize, &str)| {
            let mut line = line.to_owned();
            let mut row: Vec<String> = Vec::new();
            if index == 0 {
                row.extend(fields[..self.field].iter().map(|field| (*field).to_owned()));
                line.insert(0, quote);
            } else if index == last {
                line.push(quote);
            }
            row.extend(line.split(delimiter).map(str::to_owned));
            if index == last {
                row.extend(fields[self.field + 1..].iter().map(|field| (*field).to_owned()));
            }
            (index as u64, row)
        };
        let is_row = |(index, line): &(usize, &str)| [0, last].contains(index) || !line.is_empty();
        fields[self.field].split('\n').enumerate().filter(is_row).map(row).collect()
    }
}

/// What is said about text behind the closing quote of a field, counted from 1.
pub(in crate::data::csv) fn text_behind(field: usize) -> String {
    format!("text stands directly behind the closing quote of field {field}")
}

/// Finds text directly behind a closing quote, which a reader of rows adds to the field in silence.
#[derive(Debug)]
pub(in crate::data::csv) struct Behind {
    delimiter: u8,
    quote: u8,
    has_escape: bool,
    place: Place,
    /// Line and field of what follows.
    line: u64,
    field: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Start,
    Unquoted,
    Quoted,
    Escaped,
    Closed,
}

impl Behind {
    pub(in crate::data::csv) fn new(delimiter: u8, quote: u8, has_escape: bool) -> Self {
        Self { delimiter, quote, has_escape, place: Place::Start, line: 1, field: 1 }
    }

    /// Goes through the text that follows; gives line and field of each find to `found`.
    pub(in crate::data::csv) fn pass(&mut self, text: &[u8], mut found: impl FnMut(u64, usize)) {
        for &byte in text {
            let is_quote = byte == self.quote;
            if byte == b'\n' {
                self.line += 1;
            }
            self.place = match self.place {
                Place::Quoted if is_quote => Place::Closed,
                Place::Quoted if self.has_escape && byte == b'\\' => Place::Escaped,
                Place::Quoted | Place::Escaped => Place::Quoted,
                Place::Closed if is_quote => Place::Quoted,
                Place::Start if is_quote => Place::Quoted,
                _ if byte == b'\n' => {
                    self.field = 1;
                    Place::Start
                }
                _ if byte == self.delimiter => {
                    self.field += 1;
                    Place::Start
                }
                Place::Closed if byte.is_ascii_whitespace() => Place::Closed,
                Place::Closed => {
                    found(self.line, self.field);
                    Place::Unquoted
                }
                Place::Start | Place::Unquoted => Place::Unquoted,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fields: &[&str], width: usize) -> Option<Swallowed> {
        swallowed(fields.len(), |j| fields[j], width, b',')
    }

    #[test]
    fn rows_inside_a_field_are_found() {
        let fields = ["1", "a,2\n3,b,4\n5,c,6\n7,d", "8"];
        let found = of(&fields, 3).unwrap();
        assert_eq!((found.field, found.n_lines, found.is_certain), (1, 4, true));
        let rows = found.rows(&fields, b',', b'"');
        assert_eq!(rows[0], (0, ["1", "\"a", "2"].map(str::to_owned).to_vec()));
        assert_eq!(rows[3], (3, ["7", "d\"", "8"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn prose_is_left_alone() {
        assert_eq!(of(&["1", "Dear all,\nhello, world\nbye, now", "8"], 3), None);
        assert_eq!(of(&["1", "a,2\n7,d", "8"], 3), None);
        assert_eq!(of(&["1", "one\ntwo\nthree"], 2), None);
    }

    #[test]
    fn text_behind_a_closing_quote() {
        let mut found = Vec::new();
        Behind::new(b',', b'"', false).pass(
            b"\"a\"\"b\",\"c\" ,d\"e\"\n1,\"in\nk\"black\n",
            |line, field| {
                found.push((line, field));
            },
        );
        assert_eq!(found, [(3, 2)]);
    }
}
