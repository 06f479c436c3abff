//! Rows that are written in another way than the others: quoted as a whole, with another delimiter,
//! with other quotes, or with a quote too many. Each is taken apart where that gives exactly as many
//! fields as the table has columns; what was done is said.

use super::open_quote::not_closed;
use super::splitter::Splitter;
use crate::data::csv::cells::columns::Type;
use crate::data::csv::cells::values::Look;
use crate::data::csv::dialect::separators::Separator;
use crate::data::csv::dialect::{DELIMITERS, Dialect};
use crate::data::csv::table::shape::comment_mark_of;

/// Takes rows apart that do not fit a table.
#[derive(Clone, Debug)]
pub(in crate::data::csv) struct Mender {
    width: usize,
    delimiter: u8,
    quote: u8,
    /// With what comments begin.
    comment: Option<String>,
    /// What the columns hold, where that is known.
    kinds: Vec<Type>,
}

/// A row that was found in the lines of another, or in its own.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::data::csv) struct Mended {
    /// How many lines it stands below the first.
    pub(in crate::data::csv) line: u64,
    pub(in crate::data::csv) fields: Vec<String>,
    /// What was done; `None` where the row is as it should be.
    pub(in crate::data::csv) what: Option<String>,
}

/// The most columns of a table whose rows are taken apart.
const MOST_COLUMNS: usize = 2000;
/// The longest text that is taken apart, and the most lines of it.
const LONGEST: usize = 1 << 16;
pub(in crate::data::csv) const MOST_LINES: usize = 200;
/// The most that quotes too many may cost a row.
const MOST_COST: u8 = 6;

impl Mender {
    /// `None` where rows of this dialect are left as they are.
    pub(in crate::data::csv) fn new(
        dialect: Dialect,
        width: usize,
        comment: Option<String>,
    ) -> Option<Self> {
        let is_single = matches!(dialect.separator, Separator::One | Separator::Tight(_));
        let is_usual = is_single && !dialect.escape && dialect.quote != 0;
        (is_usual && (2..=MOST_COLUMNS).contains(&width)).then_some(Self {
            width,
            delimiter: dialect.delimiter,
            quote: dialect.quote,
            comment,
            kinds: Vec::new(),
        })
    }

    /// The same for columns that hold this.
    pub(in crate::data::csv) fn of_columns(self, kinds: Vec<Type>) -> Self {
        Self { kinds, ..self }
    }

    /// Whether a row that was read as these fields may have to be taken apart.
    pub(in crate::data::csv) fn concerns<'a>(
        &self,
        n: usize,
        field: impl Fn(usize) -> &'a str,
    ) -> bool {
        let quote = char::from(self.quote);
        n != self.width
            || quote != '\'' && field(0).starts_with('\'')
            || (0..n).any(|j| field(j).contains(quote))
    }

    /// Whether a delimiter stands in any of the fields.
    pub(in crate::data::csv) fn joins<'a>(
        &self,
        n: usize,
        field: impl Fn(usize) -> &'a str,
    ) -> bool {
        (0..n).any(|j| field(j).contains(char::from(self.delimiter)))
    }

    /// The rows in the text of one that was read as `n` fields, with delimiters in them where it
    /// `joins`; `None` where it is as it should be,
    /// or nothing gives as many fields as the table has columns.
    pub(in crate::data::csv) fn rows(
        &self,
        text: &str,
        n: usize,
        joins: bool,
    ) -> Option<Vec<Mended>> {
        let text = text.trim_matches('\n');
        let is_comment = self.comment.as_ref().is_some_and(|mark| text.starts_with(mark));
        if text.len() > LONGEST || text.is_empty() || is_comment || comment_mark_of(text).is_some()
        {
            return None;
        }
        if !text.contains('\n') {
            let (fields, what) = self.row(text, n, joins)?;
            return Some(vec![Mended { line: 0, fields, what: Some(what) }]);
        }
        if let Some(fields) = self.apart(text) {
            return Some(vec![Mended { line: 0, fields, what: Some(AS_A_WHOLE.to_owned()) }]);
        }
        // A quote that opened in one line took others into its field.
        let own = Splitter::new(self.delimiter, self.quote);
        if own.strict(text).is_some_and(|fields| fields.len() == self.width) {
            return None;
        }
        let mut rows = Vec::new();
        for (index, line) in text.split('\n').enumerate().filter(|(_, line)| !line.is_empty()) {
            if rows.len() >= MOST_LINES {
                return None;
            }
            let strict = own.strict(line).filter(|fields| fields.len() == self.width);
            let (fields, what) = match strict {
                Some(fields) => (fields, None),
                None => self.row(line, 0, true).map(|(fields, what)| (fields, Some(what)))?,
            };
            rows.push(Mended { line: index as u64, fields, what });
        }
        rows.iter().any(|row| row.what.is_some()).then_some(rows)
    }

    /// The fields of a row on one line, and what was done.
    fn row(&self, line: &str, n: usize, joins: bool) -> Option<(Vec<String>, String)> {
        let own = Splitter::new(self.delimiter, self.quote);
        let strict = own.strict(line);
        let is_right = strict.as_ref().is_some_and(|fields| fields.len() == self.width);
        let fits = |fields: &Vec<String>| fields.len() == self.width;
        if is_right {
            return self.other_quotes(line, true).or_else(|| merged(strict?));
        }
        if let Some(fields) = self.apart(line) {
            return Some((fields, AS_A_WHOLE.to_owned()));
        }
        if let Some(fields) = self.other_quotes(line, false) {
            return Some(fields);
        }
        if let Some(found) = strict.as_ref().and_then(|fields| self.without_empty(fields)) {
            return Some(found);
        }
        let quote = char::from(self.quote);
        let spaced = own.spaced();
        if let Some(fields) = spaced.strict(line).filter(fits) {
            return Some((fields, "quotes behind blanks are read as quotes".to_owned()));
        }
        if line.contains(quote) && strict.is_none() {
            for cost in 1..=MOST_COST {
                let with_letters = n != self.width || joins;
                if let Some((mut fields, stray)) = own.lenient(line, self.width, cost, with_letters)
                {
                    let read = match self.kinds.get(stray) {
                        Some(kind) if *kind != Type::Nominal => {
                            fields[stray] = fields[stray].replace(quote, "");
                            "left out"
                        }
                        _ => "read as a letter",
                    };
                    let what = format!("a quote too many in field {}; it is {read}", stray + 1);
                    return Some((fields, what));
                }
            }
            if let Some(found) = self.unclosed(line) {
                return Some(found);
            }
        }
        // Few fields may be prose.
        if n == self.width || self.width < 3 {
            return None;
        }
        let others = DELIMITERS.into_iter().filter(|other| *other != self.delimiter);
        others.into_iter().find_map(|other| {
            let is_prose = line.contains(&format!("{} ", char::from(other)));
            let splitter = Splitter::new(other, self.quote);
            let fields = splitter.strict(line).filter(|fields| !is_prose && fits(fields))?;
            let name = |byte: u8| match byte {
                b'\t' => "tabs".to_owned(),
                byte => format!("`{}`", char::from(byte)),
            };
            let what = format!("fields separated by {}, not {}", name(other), name(self.delimiter));
            Some((fields, what))
        })
    }

    /// The fields of a row with a quote that opens and is not closed: what stands behind it is part of
    /// its field but for as many fields as are missing, at the end.
    fn unclosed(&self, line: &str) -> Option<(Vec<String>, String)> {
        let (mut fields, inside) = Splitter::new(self.delimiter, self.quote).until_open(line)?;
        let n_left = self.width.checked_sub(fields.len()).filter(|n| *n > 0)?;
        let index = fields.len();
        let mut pieces: Vec<&str> =
            line[inside..].rsplitn(n_left, char::from(self.delimiter)).collect();
        pieces.reverse();
        fields.extend(pieces.into_iter().map(str::to_owned));
        let fits_all =
            || self.kinds.iter().zip(&fields).all(|(kind, cell)| fits(*kind, cell) != Some(false));
        let is_right = fields.len() == self.width && self.kinds.len() == self.width && fits_all();
        is_right.then(|| (fields, not_closed(index + 1)))
    }

    /// The fields without an empty one that is too many, where what the others hold shows which: taken
    /// out, no other field is out of place, and behind it stands a number or a date that fits.
    fn without_empty(&self, fields: &[String]) -> Option<(Vec<String>, String)> {
        if fields.len() != self.width + 1 || self.kinds.len() != self.width {
            return None;
        }
        let fit = |j: usize, field: usize| fits(self.kinds[j], &fields[field]);
        let add = |(is_right, n_fit): (bool, usize), fit: Option<bool>| {
            (is_right && fit != Some(false), n_fit + usize::from(fit == Some(true)))
        };
        // Of the columns from each one on, with what is one field further behind: whether nothing is out
        // of place, and how many values fit.
        let mut behind = vec![(true, 0); self.width + 1];
        for j in (0..self.width).rev() {
            behind[j] = add(behind[j + 1], fit(j, j + 1));
        }
        let (mut above, mut best, mut is_equal) = ((true, 0), None, false);
        for at in 0..=self.width {
            let is_first = at == 0 || fields[at - 1] != fields[at];
            if fields[at].trim().is_empty() && is_first && above.0 && behind[at].0 {
                let n_fit = above.1 + behind[at].1;
                let most = best.map(|(most, _)| most);
                is_equal = most == Some(n_fit) || is_equal && most > Some(n_fit);
                if most < Some(n_fit) {
                    best = Some((n_fit, at));
                }
            }
            if at < self.width {
                above = add(above, fit(at, at));
            }
        }
        let (_, at) = best.filter(|_| !is_equal)?;
        let rest = [&fields[..at], &fields[at + 1..]].concat();
        let is_shown = |j: usize| {
            self.kinds[j] != Type::Nominal && fits(self.kinds[j], &rest[j]) == Some(true)
        };
        if !(at..self.width).any(is_shown) {
            return None;
        }
        Some((rest, format!("an empty field too many, field {}; it is left out", at + 1)))
    }

    /// The fields of a row that is quoted as a whole, as it is written.
    fn apart(&self, text: &str) -> Option<Vec<String>> {
        let fields = Splitter::new(self.delimiter, self.quote).strict(text)?;
        let (first, others) = fields.split_first()?;
        let is_whole = text.as_bytes().first() == Some(&self.quote)
            && others.iter().all(|field| field.trim().is_empty());
        let fields = whole_row(first, self.delimiter, self.quote).filter(|_| is_whole)?;
        (fields.len() == self.width).then_some(fields)
    }

    /// The fields of a row with the other kind of quotes: around all fields where there are as many
    /// as columns in any case, otherwise around any.
    fn other_quotes(&self, line: &str, around_all: bool) -> Option<(Vec<String>, String)> {
        let other = if self.quote == b'"' { b'\'' } else { b'"' };
        let splitter = Splitter::new(self.delimiter, other);
        let fields = splitter.strict(line).filter(|fields| fields.len() == self.width)?;
        let n_quoted = splitter.n_quoted(line);
        let n_used = fields.iter().filter(|field| !field.is_empty()).count();
        let is_quoted = if around_all { n_quoted >= n_used.max(2) } else { n_quoted > 0 };
        let what =
            format!("quoted with {} instead of {}", char::from(other), char::from(self.quote));
        is_quoted.then_some((fields, what))
    }
}

/// The fields of a row in which one has a quote between letters and a later one ends with a quote:
/// they are left as they are, but that is said.
fn merged(fields: Vec<String>) -> Option<(Vec<String>, String)> {
    let is_inside = |field: &String| {
        let bytes = field.as_bytes();
        let letters = |three: &[u8]| {
            three[0].is_ascii_alphanumeric() && three[1] == b'"' && three[2].is_ascii_alphabetic()
        };
        field.matches('"').count() == 1 && bytes.windows(3).any(letters)
    };
    let ends = |field: &String| field.matches('"').count() == 1 && field.ends_with('"');
    let first = fields.iter().position(is_inside)?;
    let last = first + fields[first..].iter().position(ends)?;
    let what = format!(
        "the quote inside of field {} seems to close in field {}; is a delimiter missing?",
        first + 1,
        last + 1
    );
    Some((fields, what))
}

/// Whether a cell is what a column of this type holds; `None` where that cannot be said.
fn fits(kind: Type, cell: &str) -> Option<bool> {
    let look = Look::of(cell.trim());
    match (kind, look) {
        (_, Look::Missing) => None,
        (Type::Date(_), look) => Some(look == Look::Date),
        (Type::Numeric(_), look) => Some(look.is_number() && look != Look::Date),
        (Type::Nominal, Look::Text) => Some(true),
        (Type::Nominal, _) => None,
    }
}

/// What is said of a row that is quoted as a whole.
const AS_A_WHOLE: &str = "the row is quoted as a whole; its fields are read";

/// The fields inside a field that holds a whole row; `None` where it is a single one, or two that
/// could be words with a comma between them.
pub(in crate::data::csv) fn whole_row(
    field: &str,
    delimiter: u8,
    quote: u8,
) -> Option<Vec<String>> {
    let fields = Splitter::new(delimiter, quote).strict(field)?;
    let is_prose = fields.len() == 2 && fields[1].starts_with(' ');
    (fields.len() > 1 && !is_prose).then_some(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::csv::cells::values::Decimal;

    fn mended(line: &str, width: usize) -> Option<(String, String)> {
        let mender =
            Mender { width, delimiter: b',', quote: b'"', comment: None, kinds: Vec::new() };
        let rows = mender.rows(line, 0, true)?;
        let rows: Vec<String> = rows.iter().map(|row| row.fields.join("|")).collect();
        let what = mender.rows(line, 0, true)?.into_iter().find_map(|row| row.what)?;
        Some((rows.join(" / "), what))
    }

    #[test]
    fn rows_are_taken_apart() {
        for (line, width, fields, what) in [
            ("\"1,2,\"\"x, y\"\",3\"", 4, "1|2|x, y|3", "as a whole"),
            ("\"1,2,3\",", 3, "1|2|3", "as a whole"),
            ("1;2;\"a;b\"", 3, "1|2|a;b", "separated by `;`"),
            ("1\t2,5\t3", 3, "1|2,5|3", "separated by tabs"),
            ("0, \"x, y\", 3", 3, "0|x, y| 3", "behind blanks"),
            ("1,'a, b',3", 3, "1|a, b|3", "quoted with '"),
            ("'1','2','3'", 3, "1|2|3", "quoted with '"),
            ("\"1,2,\"a, b\",3", 4, "\"1|2|a, b|3", "too many in field 1"),
            ("1,\"\"a, b\",3", 3, "1|\"a, b|3", "too many in field 2"),
            ("1,2,\"", 3, "1|2|\"", "too many in field 3"),
            ("1,\"said \"yes\"\",3", 3, "1|said \"yes\"|3", "too many in field 2"),
            ("1,\"a 24\" wheel, new\",3", 3, "1|a 24\" wheel, new|3", "too many in field 2"),
        ] {
            let found = mended(line, width).unwrap_or_default();
            assert_eq!(found.0, fields, "{line}");
            assert!(found.1.contains(what), "{line}: {}", found.1);
        }
    }

    #[test]
    fn an_empty_field_too_many_is_left_out_where_types_show_it() {
        let number = Type::Numeric(Decimal::Point);
        let mender = Mender {
            width: 4,
            delimiter: b',',
            quote: b'"',
            comment: None,
            kinds: vec![number, Type::Nominal, number, Type::Nominal],
        };
        let fields = |line: &str| mender.rows(line, 5, false).map(|rows| rows[0].fields.join("|"));
        assert_eq!(fields("2,,ink,20,x").unwrap(), "2|ink|20|x");
        assert_eq!(fields("2,\"ink, red,20,x").unwrap(), "2|ink, red|20|x", "never closed");
        assert_eq!(fields("\"2,\"ink, red\",20,x").unwrap(), "2|ink, red|20|x", "a number");
        assert_eq!(fields("2,ink,,20,").unwrap(), "2|ink|20|");
        assert_eq!(fields("2,ink,20,,"), None, "nothing but separators behind the row");
        assert_eq!(fields("2,ink,20,x,"), None, "the same");
        assert_eq!(fields("2,,ink,x,y"), None, "nothing fits");
    }

    #[test]
    fn other_rows_are_left_alone() {
        for (line, width) in [
            ("1,2", 3),
            ("1,2,3,4", 3),
            ("\"Smith, John\"", 2),
            ("Source: a; b; c", 3),
            ("a;b", 2),
            ("# 1;2;3", 3),
            ("1,2,3", 3),
            ("it's,'tis,3", 3),
            ("1,\"a\"\"b\",3", 3),
        ] {
            assert_eq!(mended(line, width), None, "{line}");
        }
    }

    #[test]
    fn lines_in_a_field_become_rows() {
        let text = "1,a,\"\n2,\"x, y\",\"z\"\n";
        assert_eq!(mended(text, 3).unwrap().0, "1|a|\" / 2|x, y|z");
        assert_eq!(mended("1,\"a\nb\",3\n", 3), None, "a field of two lines");
    }
}
