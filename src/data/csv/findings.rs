//! What a look at all rows of a table finds out: the types of its columns, and where it ends.

use std::io::{Read, Seek};

use csv::StringRecord;

use super::cells::columns::Survey;
use super::cells::missing::Words;
use super::outline::Outline;
use super::overrides;
use super::table::fate::fate_of;
use super::table::footer::Waiting;
use super::table::second_table::{Above, Beginning, TableRow, Watch, shares_a_word};
use super::table::shape::{SampleRow, Shape};
use crate::data::{DataError, Footer};

/// What is found out by a look at all rows.
pub(super) struct Findings {
    pub(super) surveys: Vec<Survey>,
    pub(super) n_rows: usize,
    /// Rows below the table.
    pub(super) below: Vec<SampleRow>,
    /// The line on which another table begins.
    pub(super) second: Option<u64>,
    /// Whether rows were taken apart.
    pub(super) is_mended: bool,
}

/// The most rows of a table of which a row is held against each.
const MOST_COMPARED: usize = 500;

/// What the rows so far came to.
#[derive(Clone)]
struct Tally {
    surveys: Vec<Survey>,
    n_rows: usize,
    /// Rows that may stand below the table.
    waiting: Waiting,
}

impl Tally {
    /// Adds a row of the table.
    fn add(&mut self, outline: &Outline, row: &SampleRow) {
        self.add_cells(outline, |j| row.1.get(j).map_or("", String::as_str));
    }

    fn add_record(&mut self, outline: &Outline, record: &StringRecord) {
        self.add_cells(outline, |j| record.get(j).unwrap_or_default());
    }

    fn add_cells<'a>(&mut self, outline: &Outline, cell: impl Fn(usize) -> &'a str) {
        self.n_rows += 1;
        let words = if outline.only_stated { Words::None } else { Words::Usual };
        for (j, survey) in self.surveys.iter_mut().enumerate() {
            survey.look_for(outline.cell(cell(j)), words);
        }
    }

    /// The rows that waited belong to the table.
    fn add_waiting(&mut self, outline: &Outline) {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.release().for_each(|row| self.add(outline, &row));
    }

    fn is_numeric(&self, column: usize) -> bool {
        self.surveys.get(column).is_some_and(Survey::is_mostly_numbers)
    }
}

/// What all rows above a row came to.
struct SoFar<'a> {
    outline: &'a Outline,
    tally: &'a Tally,
}

impl SoFar<'_> {
    /// Rows of the sample above a line, each of which a row is held against.
    fn rows_above(&self, line: u64) -> impl Iterator<Item = &SampleRow> {
        let rows = self.outline.sample.iter().take(MOST_COMPARED);
        rows.take_while(move |row| row.0 < line)
    }
}

impl Above for SoFar<'_> {
    type Kept = Tally;
    const ONE_IS_ENOUGH: bool = false;

    fn keep(&self) -> Tally {
        self.tally.clone()
    }

    fn is_table(&self) -> bool {
        self.tally.n_rows + self.tally.waiting.len() >= 2
    }

    fn shape(&self) -> &Shape {
        &self.outline.shape
    }

    fn is_numeric(&self, column: usize) -> bool {
        self.tally.is_numeric(column)
    }

    /// A word that stands above in its column is no name, and rows as short as others are none of
    /// another table.
    fn has_alike(&self, beginning: &Beginning) -> bool {
        let (line, fields) = &beginning.row;
        let is_short = fields.len() != self.shape().width;
        self.rows_above(*line)
            .any(|row| is_short && row.1.len() == fields.len() || beginning.shares(&row.1))
    }

    /// Words of this table in their columns.
    fn comes_back<'a>(
        &self,
        beginning: &Beginning,
        fields: impl Iterator<Item = &'a str> + Clone,
    ) -> bool {
        fields.clone().count() == self.shape().width
            && self.rows_above(beginning.row.0).any(|row| shares_a_word(fields.clone(), &row.1))
    }
}

/// Looks at all rows.
pub(super) fn survey(
    source: &mut (impl Read + Seek),
    outline: &Outline,
) -> Result<Findings, DataError> {
    let width = outline.shape.width;
    let mut tally =
        Tally { surveys: vec![Survey::default(); width], n_rows: 0, waiting: Waiting::default() };
    let mut watch = (outline.footer == Footer::Auto).then(Watch::default);
    let (mut stated_below, mut second) = (None, None);
    let mut records = outline.rows(source, false)?;
    while records.advance()? {
        let (record, line) = (&records.record, records.line);
        let fate = fate_of(record, &outline.shape);
        if let Some(watch) = &mut watch {
            let row = TableRow { line, after_gap: records.after_gap, fate, fields: record.iter() };
            if let Some((row, above)) = watch.look(&row, &SoFar { outline, tally: &tally }) {
                (tally, second) = (above, Some(row));
                break;
            }
        }
        // Another table may begin with a row that would not fit into this one.
        let is_below = match outline.footer {
            Footer::From(first) if fate.is_read() => line >= first,
            Footer::From(first) => line == first,
            _ => false,
        };
        if is_below {
            stated_below.get_or_insert_with(|| overrides::row(line, record));
        }
        if is_below || !fate.is_read() {
            continue;
        }
        let may_wait = watch.is_some() && !tally.waiting.is_full();
        if may_wait && Waiting::may_be(record.iter(), record.len(), width) {
            tally.waiting.push(overrides::row(line, record), records.after_gap);
            continue;
        }
        tally.add_waiting(outline);
        tally.add_record(outline, record);
    }
    let is_mended = outline.is_mended || records.n_mended > 0;
    // What follows nothing is the table.
    let below = match tally.n_rows {
        0 => {
            tally.add_waiting(outline);
            Vec::new()
        }
        _ => {
            let first_is_numeric = tally.is_numeric(0);
            let waiting = std::mem::take(&mut tally.waiting);
            let [table, below] = waiting.part(width, first_is_numeric);
            table.iter().for_each(|row| tally.add(outline, row));
            below
        }
    };
    let mut below = stated_below.map_or(below, |row| vec![row]);
    let line_of_second = second.as_ref().map(|(line, _)| *line);
    below.extend(second);
    let Tally { surveys, n_rows, .. } = tally;
    Ok(Findings { surveys, n_rows, below, second: line_of_second, is_mended })
}
