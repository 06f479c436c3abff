//! Another table below the first, with names of its own.

use super::fate::Fate;
use super::shape::{SampleRow, Shape};
use crate::data::csv::cells::values::Look;

/// A row below the first two of a table, as it is looked at.
pub(in crate::data::csv) struct TableRow<F> {
    pub(in crate::data::csv) line: u64,
    /// Whether blank lines stand above it.
    pub(in crate::data::csv) after_gap: bool,
    pub(in crate::data::csv) fate: Fate,
    pub(in crate::data::csv) fields: F,
}

/// What is known of the table above a row.
pub(in crate::data::csv) trait Above {
    /// What is kept of it, so that it can end there.
    type Kept;
    /// Whether one row that goes on below names is enough where no gap stands above these.
    const ONE_IS_ENOUGH: bool;
    fn keep(&self) -> Self::Kept;
    /// Whether it has enough rows to be one.
    fn is_table(&self) -> bool;
    fn shape(&self) -> &Shape;
    fn is_numeric(&self, column: usize) -> bool;
    /// Whether a row that looks like names is one of its own.
    fn has_alike(&self, beginning: &Beginning) -> bool;
    /// Whether a row below such a one is of this table again.
    fn comes_back<'a>(
        &self,
        beginning: &Beginning,
        fields: impl Iterator<Item = &'a str> + Clone,
    ) -> bool;
}

/// Watches the rows of a table for another one that begins below it.
#[derive(Debug)]
pub(in crate::data::csv) struct Watch<K> {
    /// Whether the last row held nothing but separators.
    was_blank: bool,
    /// The last row, if it may be the title of another table, and what was known above it.
    title: Option<(SampleRow, K)>,
    /// The row that may name the columns of another table, and what was known above it.
    beginning: Option<(Beginning, K)>,
}

impl<K> Default for Watch<K> {
    fn default() -> Self {
        Self { was_blank: false, title: None, beginning: None }
    }
}

impl<K> Watch<K> {
    /// Whether the rows so far leave no question open.
    pub(in crate::data::csv) fn is_at_rest(&self) -> bool {
        !self.was_blank && !self.may_have_begun()
    }

    /// Whether the rows to come may show that another table has begun.
    pub(in crate::data::csv) fn may_have_begun(&self) -> bool {
        self.title.is_some() || self.beginning.is_some()
    }

    /// Looks at the next row. Once it is certain that another table has begun: its first row, and what
    /// was known above that.
    pub(in crate::data::csv) fn look<'a, A: Above<Kept = K>>(
        &mut self,
        row: &TableRow<impl Iterator<Item = &'a str> + Clone>,
        above: &A,
    ) -> Option<(SampleRow, K)> {
        let is_blank = matches!(row.fate, Fate::Blank);
        let after_gap = std::mem::replace(&mut self.was_blank, is_blank) || row.after_gap;
        if is_blank {
            return None;
        }
        if let Some(title) = self.title.take()
            && names_below_title(&row.fields, &above.shape().written_names, |j| above.is_numeric(j))
        {
            return Some(title);
        }
        if matches!(row.fate, Fate::Comment | Fate::Names) {
            return None;
        }
        if after_gap && above.is_table() && is_title(row.fields.clone(), &above.shape().before) {
            self.title = Some((row.owned(), above.keep()));
        }
        if let Some((mut beginning, kept)) = self.beginning.take()
            && !above.comes_back(&beginning, row.fields.clone())
            && beginning.goes_on(row.fields.clone().count(), row.fields.clone())
        {
            if beginning.is_certain() || A::ONE_IS_ENOUGH {
                return Some((beginning.row, kept));
            }
            self.beginning = Some((beginning, kept));
        } else if above.is_table() {
            let is_numeric = |j: usize| above.is_numeric(j);
            let names = Beginning::of(row, above.shape().width, after_gap, is_numeric);
            let names = names.filter(|names| !above.has_alike(names));
            self.beginning = names.map(|names| (names, above.keep()));
        }
        None
    }
}

impl<'a, F: Iterator<Item = &'a str> + Clone> TableRow<F> {
    fn owned(&self) -> SampleRow {
        (self.line, self.fields.clone().map(str::to_owned).collect())
    }
}

/// A row with which another table may begin, until the rows below it decide.
#[derive(Debug)]
pub(in crate::data::csv) struct Beginning {
    pub(in crate::data::csv) row: SampleRow,
    /// How many rows of it have yet to follow.
    n_needed: usize,
}

impl Beginning {
    /// The row as a beginning, if it looks like names of columns: nothing but different words, and
    /// either another number of fields than the table has columns or, behind blank lines, words where
    /// the table has numbers.
    fn of<'a>(
        TableRow { line, fields, .. }: &TableRow<impl Iterator<Item = &'a str> + Clone>,
        width: usize,
        after_gap: bool,
        is_numeric: impl Fn(usize) -> bool,
    ) -> Option<Self> {
        let n = fields.clone().count();
        if n < 2 || n == width && !(after_gap && (0..n).any(is_numeric)) {
            return None;
        }
        let is_name = |field: &str| Look::of(field.trim()) == Look::Text;
        if !fields.clone().all(is_name) {
            return None;
        }
        let names: Vec<String> = fields.clone().map(str::to_owned).collect();
        let is_new = |(j, name): (usize, &String)| !names[..j].contains(name);
        let few = names.len() <= MOST_COMPARED;
        (!few || names.iter().enumerate().all(is_new))
            .then_some(Self { row: (*line, names), n_needed: if after_gap { 1 } else { 2 } })
    }

    /// Whether a row goes on where this began: as many fields, numbers among them.
    fn goes_on<'a>(&self, n: usize, mut fields: impl Iterator<Item = &'a str>) -> bool {
        n == self.row.1.len() && fields.any(|field| Look::of(field.trim()).is_number())
    }

    /// Whether any word stands in a row of the table too, in the same column.
    pub(in crate::data::csv) fn shares(&self, row: &[String]) -> bool {
        self.row.1.iter().zip(row).any(|(name, cell)| name.trim() == cell.trim())
    }

    /// Counts a row that goes on; whether there are enough of them.
    fn is_certain(&mut self) -> bool {
        self.n_needed = self.n_needed.saturating_sub(1);
        self.n_needed == 0
    }
}

/// Whether a word stands in both rows, in the same column.
pub(in crate::data::csv) fn shares_a_word<'a>(
    fields: impl Iterator<Item = &'a str>,
    row: &[String],
) -> bool {
    let is_word = |field: &str| Look::of(field) == Look::Text;
    fields.map(str::trim).zip(row).any(|(field, cell)| field == cell.trim() && is_word(field))
}

/// Whether a row may be the title of another table: one piece of text, which does not stand above the
/// first table too, as it does on each page of a report.
fn is_title<'a>(fields: impl Iterator<Item = &'a str>, above: &[(u64, String)]) -> bool {
    let mut used = fields.map(str::trim).filter(|field| !field.is_empty());
    let (Some(title), None) = (used.next(), used.next()) else { return false };
    let of_page =
        |word: &str| title.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    Look::of(title) == Look::Text
        && !["page", "seite", "página", "pagina"].into_iter().any(of_page)
        && !above.iter().any(|(_, text)| *text == title.chars().take(40).collect::<String>())
}

/// Whether the row below such a title names columns: different words, one of which names the same
/// column of the first table, or stands where that has numbers.
fn names_below_title<'a>(
    fields: &(impl Iterator<Item = &'a str> + Clone),
    names: &[String],
    is_numeric: impl Fn(usize) -> bool,
) -> bool {
    let used = fields.clone().map(str::trim).enumerate().filter(|(_, field)| !field.is_empty());
    let is_known = |(j, field): (usize, &str)| {
        is_numeric(j) || names.get(j).is_some_and(|name| name.trim() == field)
    };
    used.clone().nth(1).is_some()
        && used.clone().all(|(_, field)| Look::of(field) == Look::Text)
        && used.clone().any(is_known)
}

/// The most names of which each is held against the others.
const MOST_COMPARED: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    fn row_of<F>(fields: F) -> TableRow<F> {
        TableRow { line: 1, after_gap: false, fate: Fate::Fits, fields }
    }

    fn begins(row: &str, width: usize, after_gap: bool) -> bool {
        Beginning::of(&row_of(row.split(',')), width, after_gap, |j| j == 1).is_some()
    }

    #[test]
    fn words_begin_a_table() {
        assert!(begins("name,age", 3, false));
        assert!(begins("id,name,age,size", 3, false));
        assert!(begins("id,name,age", 3, true));
        assert!(!begins("id,name,age", 3, false), "no gap");
        assert!(!begins("id,2,age", 3, true), "a number");
        assert!(!begins("id,,age,x", 3, true), "an empty name");
        assert!(!begins("id,id", 3, true), "a name twice");
        assert!(!begins("note", 3, true));
    }

    #[test]
    fn rows_with_numbers_go_on() {
        let row = row_of(["name", "age"].into_iter());
        let mut begun = Beginning::of(&row, 3, false, |_| false).unwrap();
        assert!(begun.goes_on(2, ["ann", "31"].into_iter()));
        assert!(!begun.goes_on(2, ["ann", "bob"].into_iter()));
        assert!(!begun.goes_on(3, ["ann", "31", "x"].into_iter()));
        assert!(!begun.is_certain());
        assert!(begun.is_certain());
    }
}
