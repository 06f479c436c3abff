//! Reads the rows of one block.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::MOST_REPORTED;
use super::super::columns::{Survey, Type};
use super::super::dialect::MOST_OUTSIDE;
use super::super::footer::Waiting;
use super::super::missing::Spellings;
use super::super::odd_rows::Mender;
use super::super::outline::{Fate, bare, fate};
use super::super::remarks::flaw;
use super::super::second_table::Beginning;
use super::super::stray_quotes::swallowed;
use super::super::values::{is_missing, is_missing_number};
use super::Plan;
use super::blocks::Block;
use super::fields::{line_after, split};
use super::numbers::{plain_number, plain_rows};
use crate::math::Scalar;

/// The most rows that wait at the end of a block.
const MOST_HELD: usize = 1000;

/// What stands for a missing word.
pub(super) const MISSING: u32 = u32::MAX;

/// How the cells of a column are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Numbers with a decimal point, of which only others are looked at closely.
    Plain,
    /// Numbers or dates that are all looked at.
    Looked(Type),
    Words,
}

impl Kind {
    pub(super) fn column_type(self) -> Type {
        match self {
            Self::Plain => Type::Numeric(super::super::values::Decimal::Point),
            Self::Looked(column_type) => column_type,
            Self::Words => Type::Nominal,
        }
    }
}

/// Messages with their lines: the first ones and the number of all.
#[derive(Default)]
pub(super) struct Listed {
    pub(super) n: usize,
    pub(super) first: Vec<(u64, String)>,
}

impl Listed {
    pub(super) fn add(&mut self, line: u64, what: impl FnOnce() -> String) {
        self.n += 1;
        if self.first.len() < MOST_REPORTED {
            self.first.push((line, what()));
        }
    }
}

/// A row that may stand below the table, or follows one.
pub(super) struct Held {
    pub(super) line: u64,
    pub(super) after_gap: bool,
    /// Whether no row stands above it in the block.
    pub(super) is_first: bool,
    pub(super) fields: Vec<String>,
}

/// The words of a column in a block.
#[derive(Default)]
pub(super) struct Words {
    /// In the order in which they first appear.
    pub(super) levels: Vec<String>,
    pub(super) codes: Vec<u32>,
    index: HashMap<String, u32>,
}

impl Words {
    /// Adds a cell; whether it is there.
    fn add(&mut self, cell: &str) -> bool {
        let code = if is_missing(cell) {
            MISSING
        } else if let Some(code) = self.index.get(cell) {
            *code
        } else {
            // A block has fewer cells than 2³².
            let code = self.levels.len() as u32;
            self.index.insert(cell.to_owned(), code);
            self.levels.push(cell.to_owned());
            code
        };
        self.codes.push(code);
        code != MISSING
    }
}

/// What a block came to. Lines are counted from its beginning, the first as 0.
pub(super) struct Piece<T> {
    /// The numbers, row after row.
    pub(super) values: Vec<T>,
    /// For each column of words.
    pub(super) words: Vec<Words>,
    pub(super) n_rows: usize,
    pub(super) n_lines: u64,
    /// How many rows there are in all, those left out too.
    pub(super) n_records: usize,
    pub(super) skipped: Listed,
    pub(super) repaired: Listed,
    /// Column and line of cells made missing.
    pub(super) bad: Vec<(usize, u64)>,
    /// Words taken as missing values.
    pub(super) spellings: Spellings,
    /// The last rows, if they may stand below the table.
    pub(super) held: Vec<Held>,
    /// Whether any row surely belongs to the table.
    pub(super) is_sure: bool,
    /// Whether more rows than can wait came to the end.
    pub(super) overflowed: bool,
    pub(super) ends_in_gap: bool,
}

impl<T> Piece<T> {
    /// Nothing yet. What is left in `values` is written over.
    fn new(values: Vec<T>, n_words: usize) -> Self {
        Self {
            values,
            words: (0..n_words).map(|_| Words::default()).collect(),
            n_rows: 0,
            n_lines: 0,
            n_records: 0,
            skipped: Listed::default(),
            repaired: Listed::default(),
            bad: Vec::new(),
            spellings: Spellings::default(),
            held: Vec::new(),
            is_sure: false,
            overflowed: false,
            ends_in_gap: false,
        }
    }
}

/// The looks of the cells of a column that were looked at.
#[derive(Clone, Default)]
pub(super) struct Looks {
    pub(super) survey: Survey,
    pub(super) n_looked_at: usize,
    /// Of these, how many are no number.
    pub(super) n_missing: usize,
}

impl Looks {
    pub(super) fn add(&mut self, other: &Self) {
        self.survey.add(other.survey, 1);
        self.n_looked_at += other.n_looked_at;
        self.n_missing += other.n_missing;
    }
}

/// Reads blocks, one after the other.
pub(super) struct Parser<'p, T> {
    plan: &'p Plan,
    /// What is looked at adds up over all blocks, since sums have no order.
    pub(super) looks: Vec<Looks>,
    piece: Piece<T>,
    n_candidates: usize,
    /// Where another table may begin.
    second: Option<Beginning>,
    /// Whether the last row held nothing but separators.
    was_blank: bool,
}

impl<'p, T: Scalar> Parser<'p, T> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let looks = vec![Looks::default(); plan.kinds.len()];
        let piece = Piece::new(Vec::new(), plan.n_words);
        Self { plan, looks, piece, n_candidates: 0, second: None, was_blank: false }
    }

    /// Reads a block, into a buffer that is used again; `None` where it is no clean text.
    pub(super) fn parse(&mut self, block: &Block, values: Vec<T>) -> Option<Piece<T>> {
        let text = block.text()?;
        let bytes = block.padded();
        let plan = self.plan;
        self.piece = Piece::new(values, plan.n_words);
        self.n_candidates = 0;
        (self.second, self.was_blank) = (None, false);
        let (mut at, mut line, mut line_after_row) = (0, 0, 0);
        let mut fields: Vec<Cow<'_, str>> = Vec::new();
        let mut n_leading = 0;
        if block.index == 0 {
            n_leading = plan.n_leading;
            for _ in 0..plan.n_skipped_lines {
                let end = bytes[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r'))?;
                at = line_after(bytes, at + end);
                line += 1;
            }
            line_after_row = line;
            if at > text.len() {
                return None;
            }
            if at == 0 && text.starts_with('\u{feff}') {
                at = '\u{feff}'.len_utf8();
                if text[at..].starts_with('\u{feff}') {
                    return None;
                }
            }
        }
        while at < text.len() {
            if matches!(bytes[at], b'\n' | b'\r') {
                at = line_after(bytes, at);
                line += 1;
                continue;
            }
            if plan.is_plain
                && n_leading == 0
                && self.piece.held.is_empty()
                && self.second.is_none()
            {
                let (width, values) = (plan.kinds.len(), &mut self.piece.values);
                let n_values = self.piece.n_rows * width;
                let stretch = plain_rows(bytes, at, plan.delimiter, width, values, n_values);
                if stretch.n_rows > 0 {
                    self.piece.n_rows += stretch.n_rows;
                    self.piece.n_records += stretch.n_rows;
                    self.piece.is_sure = true;
                    self.piece.overflowed = false;
                    at = stretch.end;
                    line += stretch.n_rows as u64;
                    line_after_row = line;
                    continue;
                }
            }
            let (next, n_lines, is_odd) = split(text, at, plan.delimiter, plan.quote, &mut fields);
            let (n, width) = (fields.len(), plan.kinds.len());
            if is_odd
                || n_lines > 1 && swallowed(n, |j| &fields[j], width, plan.delimiter).is_some()
            {
                return None;
            }
            if n_leading > 0 {
                n_leading -= 1;
            } else {
                let after_gap = line > line_after_row;
                if self.is_odd_row(&text[at..next], &fields) || self.is_second(after_gap, &fields) {
                    return None;
                }
                self.row(line, line > line_after_row, &fields);
            }
            at = next;
            line += n_lines;
            line_after_row = line;
        }
        self.piece.n_lines = line;
        self.piece.ends_in_gap = line > line_after_row;
        (n_leading == 0 && self.second.is_none()).then(|| self.finish())
    }

    /// Whether the other reader takes a row apart.
    fn is_odd_row(&self, text: &str, fields: &[Cow<'_, str>]) -> bool {
        let concerned = |mender: &&Mender| mender.concerns(fields.len(), |j| &fields[j]);
        self.plan.mender.as_ref().filter(concerned).is_some_and(|mender| {
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            let joins = mender.joins(fields.len(), |j| &fields[j]);
            mender.rows(&text, fields.len(), joins).is_some()
        })
    }

    /// Whether another table may have begun, as far as a block shows that.
    fn is_second(&mut self, after_gap: bool, fields: &[Cow<'_, str>]) -> bool {
        let plan = self.plan;
        let width = plan.kinds.len();
        // Most rows end here.
        let is_beside_others = !after_gap && !self.was_blank && self.piece.n_records > 0;
        if is_beside_others
            && self.second.is_none()
            && fields.len() == width
            && !fields[0].is_empty()
        {
            return false;
        }
        let fate = fate(fields.len(), |j| &fields[j], &plan.shape);
        let after_gap = after_gap || self.was_blank;
        self.was_blank = matches!(fate, Fate::Blank);
        if !plan.has_second || matches!(fate, Fate::Blank | Fate::Comment | Fate::Names) {
            return false;
        }
        let row = fields.iter().map(|field| &**field);
        if self.second.take().is_some_and(|begun| begun.goes_on(fields.len(), row.clone())) {
            return true;
        }
        // What stands above the block is not known, nor what the columns hold in the end.
        let after_gap = after_gap || self.piece.n_records == 0;
        self.second = Beginning::of(0, &row, width, after_gap, |_| true);
        false
    }

    /// What was read, complete.
    pub(super) fn finish(&mut self) -> Piece<T> {
        let fresh = Piece::new(Vec::new(), self.plan.n_words);
        let mut piece = std::mem::replace(&mut self.piece, fresh);
        piece.values.truncate(piece.n_rows * self.plan.n_numbers);
        piece
    }

    fn row(&mut self, line: u64, after_gap: bool, fields: &[Cow<'_, str>]) {
        let width = self.plan.kinds.len();
        let is_first = self.piece.n_records == 0;
        self.piece.n_records += 1;
        let is_read = fate(fields.len(), |j| &fields[j], &self.plan.shape).is_read();
        let may_be = is_read
            && self.plan.has_footer
            && Waiting::may_be(fields.iter().map(|f| &**f), fields.len(), width);
        let waits = match is_read {
            true => may_be && !self.piece.overflowed && self.n_candidates < MOST_OUTSIDE,
            false => !self.piece.held.is_empty(),
        };
        if waits && self.piece.held.len() < MOST_HELD {
            self.n_candidates += usize::from(is_read);
            let fields = fields.iter().map(|field| field.to_string()).collect();
            self.piece.held.push(Held { line, after_gap, is_first, fields });
            return;
        }
        if may_be || waits {
            self.piece.overflowed = true;
        } else if is_read {
            self.piece.overflowed = false;
            self.piece.is_sure = true;
        }
        if is_read || waits {
            self.n_candidates = 0;
            for held in std::mem::take(&mut self.piece.held) {
                self.take(held.line, &held.fields);
            }
        }
        self.take(line, fields);
    }

    /// Reads a row that belongs to the table, or notes why it does not.
    pub(super) fn take(&mut self, line: u64, fields: &[impl AsRef<str>]) {
        let plan = self.plan;
        let field = |j: usize| fields.get(j).map_or("", AsRef::as_ref);
        let width = plan.kinds.len();
        let piece = &mut self.piece;
        let fate = fate(fields.len(), field, &plan.shape);
        if !fate.is_read() {
            piece.skipped.add(line, || fate.reason(fields.len(), field(0), width));
            return;
        }
        if let Some(what) = fate.repair(width) {
            piece.repaired.add(line, || what);
        }
        let start = piece.n_rows * plan.n_numbers;
        if piece.values.len() < start + plan.n_numbers {
            let n = (start + plan.n_numbers).max(2 * piece.values.len());
            piece.values.resize(n, T::ZERO);
        }
        piece.n_rows += 1;
        let mut slots = piece.values[start..start + plan.n_numbers].iter_mut();
        let mut words = piece.words.iter_mut();
        for (j, kind) in plan.kinds.iter().enumerate() {
            let cell = bare(field(j), plan.quote);
            if *kind == Kind::Words {
                if let Some(words) = words.next() {
                    let is_there = words.add(cell);
                    if !is_there {
                        piece.spellings.add(j, cell, 1);
                    }
                }
                continue;
            }
            let plain = match kind {
                Kind::Plain if cell.is_empty() => Some(f64::NAN),
                Kind::Plain => plain_number(cell),
                _ => None,
            };
            let value = plain.unwrap_or_else(|| {
                let looks = &mut self.looks[j];
                looks.survey.look(cell);
                looks.n_looked_at += 1;
                let value = kind.column_type().number(cell);
                if value.is_none() {
                    looks.n_missing += 1;
                    if is_missing_number(cell) {
                        piece.spellings.add(j, cell, 1);
                    } else {
                        let name = &plan.shape.names[j];
                        piece.repaired.add(line, || flaw(cell, kind.column_type(), name));
                        piece.bad.push((j, line));
                    }
                }
                value.unwrap_or(f64::NAN)
            });
            if let Some(slot) = slots.next() {
                *slot = T::from_f64(value);
            }
        }
    }
}
