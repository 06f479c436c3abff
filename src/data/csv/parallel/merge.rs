//! Puts the pieces of a file together, in its order.

use std::collections::BTreeMap;

use super::piece::{Held, Listed, Parser, Piece};
use super::plan::Plan;
use super::store::Store;
use super::words::Levels;
use crate::data::DataError;
use crate::data::csv::cells::missing::Spellings;
use crate::data::csv::remarks::Bad;
use crate::data::progress::Progress;

/// What the blocks so far came to.
pub(super) struct Merger<'p, S: Store> {
    plan: &'p Plan,
    progress: &'p Progress,
    n_bytes: u64,
    /// Most bytes of the table in memory.
    largest: u64,
    /// None before the first rows.
    pub(super) store: Option<S>,
    pub(super) words: Vec<Levels>,
    /// Of the latest piece, for each column of words the level of each row.
    codes: Vec<Vec<Option<u32>>>,
    pub(super) n_rows: usize,
    /// The line with which the next piece begins.
    line: u64,
    pub(super) skipped: Listed,
    pub(super) repaired: Listed,
    pub(super) bad: Vec<Bad>,
    pub(super) spellings: Spellings,
    /// Rows that may stand below the table, with their lines.
    pub(super) held: Vec<Held>,
    pub(super) overflowed: bool,
    in_gap: bool,
    /// Reads rows that were held.
    pub(super) parser: Parser<'p, S::Value>,
    /// The index of the piece to come.
    next: usize,
    waiting: BTreeMap<usize, (Piece<S::Value>, u64)>,
    /// Buffers to be used again.
    spare: Vec<Vec<S::Value>>,
    /// Whether the file is not one that can be read in this way.
    pub(super) is_unsuited: bool,
    /// Why the numbers can no longer be kept; then it is not read any further.
    pub(super) failure: Option<DataError>,
}

impl<'p, S: Store> Merger<'p, S> {
    pub(super) fn new(plan: &'p Plan, n_bytes: u64, largest: u64, progress: &'p Progress) -> Self {
        Self {
            plan,
            progress,
            n_bytes,
            largest,
            store: None,
            words: (0..plan.n_words).map(|_| Levels::default()).collect(),
            codes: vec![Vec::new(); plan.n_words],
            n_rows: 0,
            line: 1,
            skipped: Listed::default(),
            repaired: Listed::default(),
            bad: vec![Bad::default(); plan.kinds.len()],
            spellings: Spellings::default(),
            held: Vec::new(),
            overflowed: false,
            in_gap: false,
            parser: Parser::new(plan),
            next: 0,
            waiting: BTreeMap::new(),
            spare: Vec::new(),
            is_unsuited: false,
            failure: None,
        }
    }

    /// A buffer for the numbers of a block.
    pub(super) fn buffer(&mut self) -> Vec<S::Value> {
        self.spare.pop().unwrap_or_default()
    }

    /// How many pieces wait for one before them.
    pub(super) fn n_waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Takes the piece that a block of `n_bytes` came to, and adds those whose turn it is.
    pub(super) fn take(&mut self, index: usize, piece: Piece<S::Value>, n_bytes: u64) {
        self.waiting.insert(index, (piece, n_bytes));
        while let Some((piece, n_bytes)) = self.waiting.remove(&self.next) {
            self.next += 1;
            if !self.is_unsuited {
                self.add(piece, n_bytes);
            }
        }
    }

    fn add(&mut self, mut piece: Piece<S::Value>, n_bytes: u64) {
        if piece.n_records > 0 {
            if self.in_gap
                && let Some(first) = piece.held.first_mut().filter(|row| row.is_first)
            {
                first.after_gap = true;
            }
            self.in_gap = piece.ends_in_gap;
            if piece.is_sure || piece.overflowed {
                self.release(u64::MAX);
                self.overflowed = piece.overflowed;
            } else if !self.held.is_empty() && piece.skipped.n > 0 {
                self.is_unsuited = true; // where these belong is not known yet
                return;
            }
        } else {
            self.in_gap |= piece.ends_in_gap;
        }
        let (line, n_lines) = (self.line, piece.n_lines);
        self.held.extend(piece.held.drain(..).map(|row| Held { line: row.line + line, ..row }));
        self.append(piece, line, n_bytes);
        self.line += n_lines;
        self.progress.set_rows(self.n_rows as u64);
    }

    /// Adds the rows above line `end` that waited to the table.
    pub(super) fn release(&mut self, end: u64) {
        if self.held.iter().all(|row| row.line >= end) {
            return;
        }
        for row in std::mem::take(&mut self.held) {
            if row.line < end {
                self.parser.take(row.line, row.remark, &row.fields);
            } else {
                self.held.push(row);
            }
        }
        let mut piece = self.parser.finish();
        S::arrange(&mut piece.values, self.plan.n_numbers, &mut Vec::new());
        self.append(piece, 0, 0);
    }

    /// Adds rows, whose lines are counted from `line`.
    fn append(&mut self, piece: Piece<S::Value>, line: u64, n_bytes: u64) {
        if piece.n_rows > 0 {
            self.n_rows += piece.n_rows;
            let store = self.store.get_or_insert_with(|| {
                // As if the rows to come were about as long: room that is never used costs nothing.
                let share = self.n_bytes as f64 / n_bytes.max(1) as f64;
                let n_rows = if n_bytes == 0 { 0.0 } else { piece.n_rows as f64 * share * 1.02 };
                let most = match S::IS_IN_MEMORY {
                    true => self.largest / 8 / self.plan.kinds.len() as u64,
                    false => u64::MAX,
                };
                let n_rows = n_rows.min(most as f64) as usize + 64;
                S::new(self.plan.n_numbers, self.plan.n_words, n_rows)
            });
            for ((all, words), codes) in self.words.iter_mut().zip(piece.words).zip(&mut self.codes)
            {
                self.is_unsuited |= !all.add(&words, codes);
            }
            if let Err(error) = store.add(&piece.values).and_then(|()| store.add_words(&self.codes))
            {
                self.is_unsuited = true;
                self.failure.get_or_insert(error);
            }
        }
        for (all, some) in
            [(&mut self.skipped, piece.skipped), (&mut self.repaired, piece.repaired)]
        {
            let n_more = some.n - some.first.len();
            some.first.into_iter().for_each(|(at, what)| all.add(line + at, || what));
            all.n += n_more;
        }
        self.spellings.add_all(&piece.spellings);
        piece.bad.iter().for_each(|(column, at)| self.bad[*column].note(line + at));
        self.spare.push(piece.values);
        let n_cells = self.n_rows as u64 * self.plan.kinds.len() as u64;
        self.is_unsuited |= S::IS_IN_MEMORY && n_cells * 8 > self.largest;
    }
}
