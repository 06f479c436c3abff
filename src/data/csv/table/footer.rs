//! Rows below a table that are no rows of it: totals, notes, sources.

use super::shape::{SampleRow, n_used};
use crate::data::csv::MOST_OUTSIDE;
use crate::data::csv::cells::values::Look;

/// Rows that may turn out to stand below the table: each waits until a row that surely belongs
/// to the table follows, or the file ends.
#[derive(Clone, Debug, Default)]
pub(in crate::data::csv) struct Waiting {
    rows: Vec<Candidate>,
}

/// A row that has few values or begins like a note.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(in crate::data::csv) row: SampleRow,
    /// Whether a blank line stands above it.
    pub(in crate::data::csv) after_gap: bool,
}

/// With what programs for DOS end a text.
const END_MARK: &str = "\u{1a}";

/// First words of rows that tell where a table is from.
const NOTES: [&str; 14] = [
    "source",
    "sources",
    "note",
    "notes",
    "footnote",
    "footnotes",
    "copyright",
    "©",
    "end of",
    "generated",
    "exported",
    "quelle",
    "total rows",
    "rows:",
];

/// First cells of rows that sum up the table.
const TOTALS: [&str; 12] = [
    "total",
    "totals",
    "total:",
    "grand total",
    "subtotal",
    "sum",
    "summe",
    "gesamt",
    "mean",
    "average",
    "somme",
    "overall",
];

impl Waiting {
    /// Whether `fields` could stand below a table of `width` columns.
    pub(in crate::data::csv) fn may_be<'a>(
        mut fields: impl Iterator<Item = &'a str>,
        n: usize,
        width: usize,
    ) -> bool {
        let first = fields.next().unwrap_or_default().trim();
        if n < width || first.is_empty() || first == END_MARK {
            return true;
        }
        // Most rows end here: only a word is looked at any further.
        if !first.starts_with(|letter: char| letter.is_alphabetic() || "*©#%/(".contains(letter)) {
            return false;
        }
        is_total(first) || is_note(first) || width >= 3 && fields.all(|cell| cell.trim().is_empty())
    }

    /// Whether no more rows can wait.
    pub(in crate::data::csv) fn is_full(&self) -> bool {
        self.rows.len() >= MOST_OUTSIDE
    }

    /// How many rows wait.
    pub(in crate::data::csv) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(in crate::data::csv) fn push(&mut self, row: SampleRow, after_gap: bool) {
        self.rows.push(Candidate { row, after_gap });
    }

    /// The rows that waited, which belong to the table.
    pub(in crate::data::csv) fn release(&mut self) -> impl Iterator<Item = SampleRow> {
        self.rows.drain(..).map(|candidate| candidate.row)
    }

    /// Parts the rows that wait at the end of the file: those of the table, and those below it.
    pub(in crate::data::csv) fn part(
        self,
        width: usize,
        first_is_numeric: bool,
    ) -> [Vec<SampleRow>; 2] {
        let mut table: Vec<SampleRow> = Vec::new();
        let mut below = Vec::new();
        let mut gap_seen = false;
        let judged: Vec<(bool, SampleRow)> = self
            .rows
            .into_iter()
            .map(|Candidate { row, after_gap }| {
                gap_seen |= after_gap;
                (is_below(&row.1, width, first_is_numeric, gap_seen), row)
            })
            .collect();
        let n_table = judged.iter().rposition(|(is_below, _)| !is_below).map_or(0, |last| last + 1);
        for (index, (_, row)) in judged.into_iter().enumerate() {
            if index < n_table { &mut table } else { &mut below }.push(row);
        }
        [table, below]
    }
}

/// Whether the last rows of a file, when they look like `fields`, are no data. A row of as many
/// values as there are columns is one of the table unless a word stands where numbers stand above.
fn is_below(fields: &[String], width: usize, first_is_numeric: bool, after_gap: bool) -> bool {
    let n_used = n_used(fields);
    if n_used == 0 {
        return true;
    }
    let first = fields.iter().map(|field| field.trim()).find(|field| !field.is_empty());
    let first = first.unwrap_or_default();
    if n_used == 1 && first == END_MARK {
        return true;
    }
    if Look::of(first) != Look::Text {
        return false;
    }
    let begins_first = fields.first().is_some_and(|field| !field.trim().is_empty());
    let out_of_place = first_is_numeric && begins_first;
    if is_total(first) {
        return out_of_place || n_used < width || is_grand_total(fields);
    }
    // A separator inside a note makes it as wide as a table of few columns.
    if out_of_place && after_gap && is_note(first) {
        return true;
    }
    if width < 2 || n_used * 2 > width.max(2) || n_used == width {
        return false;
    }
    let n_words = first.split_whitespace().count();
    is_note(first) || out_of_place || n_used == 1 && (after_gap && n_words >= 2 || n_words >= 5)
}

fn is_total(first: &str) -> bool {
    first.len() <= 16 && TOTALS.iter().any(|word| first.eq_ignore_ascii_case(word))
}

/// A row that is called the total and holds nothing but numbers.
fn is_grand_total(fields: &[String]) -> bool {
    const WORDS: [&str; 7] =
        ["total", "totals", "total:", "grand total", "summe", "gesamt", "somme"];
    let Some((first, others)) = fields.split_first() else { return false };
    let is_called = WORDS.iter().any(|word| first.trim().eq_ignore_ascii_case(word));
    let is_number = |field: &String| Look::of(field.trim()).is_number();
    is_called && !others.is_empty() && others.iter().all(is_number)
}

fn is_note(first: &str) -> bool {
    if first.starts_with(['*', '#', '%']) || first.starts_with("//") || is_row_count(first) {
        return true;
    }
    NOTES.iter().any(|word| {
        let begins = first.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        begins && !first[word.len()..].starts_with(char::is_alphanumeric)
    })
}

/// Whether a program for databases says how many rows it found: `(3 rows)`, `3 rows selected.`
fn is_row_count(first: &str) -> bool {
    let text = first.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(first);
    let mut words = text.split_whitespace().map(|word| word.trim_end_matches('.'));
    let is_number = |word: &str| {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        digits > 0 && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b',')
    };
    words.next().is_some_and(is_number)
        && matches!(words.next(), Some("row" | "rows" | "row(s)" | "records"))
        && words.next().is_none_or(|word| {
            ["affected", "selected", "returned", "in"].iter().any(|w| word.eq_ignore_ascii_case(w))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn below(rows: &[&str], width: usize, first_is_numeric: bool) -> usize {
        let mut waiting = Waiting::default();
        for row in rows {
            let fields: Vec<String> = row.split(',').map(str::to_owned).collect();
            assert!(
                Waiting::may_be(fields.iter().map(String::as_str), fields.len(), width),
                "{row}"
            );
            waiting.push((1, fields), false);
        }
        waiting.part(width, first_is_numeric)[1].len()
    }

    #[test]
    fn notes_and_totals_stand_below() {
        assert_eq!(below(&[",,", "Source: a bureau,,"], 3, false), 2);
        assert_eq!(below(&["Total,3,4"], 3, true), 1);
        assert_eq!(below(&["Total,,4"], 3, false), 1);
        assert_eq!(below(&["Total,3,4"], 3, false), 1);
        assert_eq!(below(&["end of file"], 2, true), 1);
        assert_eq!(below(&["(3 rows)"], 2, false), 1);
        assert_eq!(below(&["(204 rows),,"], 3, true), 1);
        assert_eq!(below(&["These were all that we could find"], 2, false), 1);
    }

    #[test]
    fn rows_of_the_table_do_not() {
        assert_eq!(below(&["3"], 2, true), 0, "a row that was cut");
        assert_eq!(below(&["ann"], 2, false), 0, "the same with a name");
        assert_eq!(below(&["Total,red,4"], 3, false), 0, "a table of names");
        assert_eq!(below(&["mean,3,4"], 3, false), 0, "a table of statistics");
        assert_eq!(below(&["Source: x,,", "ann,,"], 3, false), 0, "something follows");
        assert_eq!(below(&["*,1"], 2, false), 0, "a table of signs");
    }
}
