//! Another table below the first, with names of its own.

use super::shape::SampleRow;
use crate::data::csv::cells::values::Look;

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
    pub(in crate::data::csv) fn of<'a>(
        line: u64,
        fields: &(impl Iterator<Item = &'a str> + Clone),
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
            .then_some(Self { row: (line, names), n_needed: if after_gap { 1 } else { 2 } })
    }

    /// Whether a row goes on where this began: as many fields, numbers among them.
    pub(in crate::data::csv) fn goes_on<'a>(
        &self,
        n: usize,
        mut fields: impl Iterator<Item = &'a str>,
    ) -> bool {
        n == self.row.1.len() && fields.any(|field| Look::of(field.trim()).is_number())
    }

    /// Whether any word stands in a row of the table too, in the same column.
    pub(in crate::data::csv) fn shares(&self, row: &[String]) -> bool {
        self.row.1.iter().zip(row).any(|(name, cell)| name.trim() == cell.trim())
    }

    /// Counts a row that goes on; whether there are enough of them.
    pub(in crate::data::csv) fn is_certain(&mut self) -> bool {
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
pub(in crate::data::csv) fn is_title<'a>(
    fields: impl Iterator<Item = &'a str>,
    above: &[(u64, String)],
) -> bool {
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
pub(in crate::data::csv) fn names_below_title<'a>(
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

    fn begins(row: &str, width: usize, after_gap: bool) -> bool {
        Beginning::of(1, &row.split(','), width, after_gap, |j| j == 1).is_some()
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
        let fields = ["name", "age"];
        let mut begun = Beginning::of(1, &fields.into_iter(), 3, false, |_| false).unwrap();
        assert!(begun.goes_on(2, ["ann", "31"].into_iter()));
        assert!(!begun.goes_on(2, ["ann", "bob"].into_iter()));
        assert!(!begun.goes_on(3, ["ann", "31", "x"].into_iter()));
        assert!(!begun.is_certain());
        assert!(begun.is_certain());
    }
}
