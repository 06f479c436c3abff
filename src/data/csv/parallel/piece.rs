//! Reads the rows of one block.

use std::borrow::Cow;

use super::blocks::Block;
use super::cells::CellReader;
use super::fields::{Row, line_after, split};
use super::numbers::{Stretch, plain_rows};
use super::plan::Plan;
use super::rows::{Span, usual_row};
use super::words::Words;
use crate::data::csv::MOST_OUTSIDE;
use crate::data::csv::MOST_REPORTED;
use crate::data::csv::cells::bare::bare;
use crate::data::csv::cells::columns::Type;
use crate::data::csv::cells::missing::Spellings;
use crate::data::csv::remarks::flaw;
use crate::data::csv::rows::odd_rows::{MOST_LINES, Mender};
use crate::data::csv::rows::stray_quotes::{swallowed, text_behind};
use crate::data::csv::table::fate::fate;
use crate::data::csv::table::footer::Waiting;
use crate::data::csv::table::second_table::{Above, Beginning, TableRow, Watch};
use crate::data::csv::table::shape::Shape;
use crate::math::Scalar;

/// The most rows that wait at the end of a block.
const MOST_HELD: usize = 1000;

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
            Self::Plain => Type::Numeric(crate::data::csv::cells::values::Decimal::Point),
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
    /// What is odd about its quotes.
    pub(super) remark: Option<String>,
    pub(super) fields: Vec<String>,
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

impl<T: Scalar> Piece<T> {
    /// Room for the numbers of one more row.
    fn next_row(&mut self, n_numbers: usize) -> &mut [T] {
        let start = self.n_rows * n_numbers;
        if self.values.len() < start + n_numbers {
            let n = (start + n_numbers).max(2 * self.values.len());
            self.values.resize(n, T::ZERO);
        }
        &mut self.values[start..start + n_numbers]
    }

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

/// Reads blocks, one after the other.
pub(super) struct Parser<'p, T> {
    plan: &'p Plan,
    /// What is looked at adds up over all blocks, since sums have no order.
    pub(super) cells: CellReader,
    piece: Piece<T>,
    n_candidates: usize,
    /// The cells of a row that are no plain numbers.
    spans: Vec<Span>,
    /// Notices where another table may begin.
    watch: Watch<()>,
}

/// What a block knows of the table above a row: nothing that would rule out that another one begins.
struct Unknown<'p>(&'p Shape);

impl Above for Unknown<'_> {
    type Kept = ();
    const ONE_IS_ENOUGH: bool = true;

    fn keep(&self) {}

    fn is_table(&self) -> bool {
        true
    }

    fn shape(&self) -> &Shape {
        self.0
    }

    fn is_numeric(&self, _: usize) -> bool {
        true
    }

    fn has_alike(&self, _: &Beginning) -> bool {
        false
    }

    fn comes_back<'a>(&self, _: &Beginning, _: impl Iterator<Item = &'a str> + Clone) -> bool {
        false
    }
}

impl<'p, T: Scalar> Parser<'p, T> {
    pub(super) fn new(plan: &'p Plan) -> Self {
        let (cells, spans) = (CellReader::new(plan.kinds.len()), Vec::new());
        let piece = Piece::new(Vec::new(), plan.n_words);
        Self { plan, cells, piece, n_candidates: 0, spans, watch: Watch::default() }
    }

    /// Reads a block, into a buffer that is used again; `None` where it is no clean text.
    pub(super) fn parse(&mut self, block: &Block, values: Vec<T>) -> Option<Piece<T>> {
        let text = block.text()?;
        let bytes = block.padded();
        let plan = self.plan;
        self.piece = Piece::new(values, plan.n_words);
        self.n_candidates = 0;
        self.watch = Watch::default();
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
            let after_gap = line > line_after_row;
            if n_leading == 0 && self.piece.held.is_empty() && self.is_beside_others(after_gap) {
                let stretch = self.usual_rows(text, bytes, at, line);
                if stretch.n_rows > 0 {
                    at = stretch.end;
                    line += stretch.n_rows as u64;
                    line_after_row = line;
                    continue;
                }
            }
            let row = split(text, at, plan.delimiter, plan.quote, &mut fields);
            if row.is_unclear {
                return None;
            }
            if n_leading > 0 {
                n_leading -= 1;
            } else if self.is_odd(&text[at..row.next], row.n_lines, &fields)
                || self.is_second(after_gap, &fields)
            {
                return None;
            } else {
                self.any_row(line, after_gap, &row, &fields);
            }
            at = row.next;
            line += row.n_lines;
            line_after_row = line;
        }
        self.piece.n_lines = line;
        self.piece.ends_in_gap = line > line_after_row;
        (n_leading == 0 && !self.watch.may_have_begun()).then(|| self.finish())
    }

    /// Whether the other reader takes a row apart.
    fn is_odd(&self, text: &str, n_lines: u64, fields: &[Cow<'_, str>]) -> bool {
        let fits = fields.len() == self.plan.kinds.len();
        let concerned = |mender: &&Mender| mender.concerns(fields.len(), |j| &fields[j]);
        self.plan.mender.as_ref().filter(concerned).is_some_and(|mender| {
            if n_lines > MOST_LINES as u64 && !fits {
                return true;
            }
            let text = text.replace("\r\n", "\n").replace('\r', "\n");
            let joins = mender.joins(fields.len(), |j| &fields[j]);
            mender.rows(&text, fields.len(), joins).is_some()
        })
    }

    /// Whether a row stands directly below another one with something in it, and no other table may
    /// have begun.
    fn is_beside_others(&self, after_gap: bool) -> bool {
        !after_gap && self.watch.is_at_rest() && self.piece.n_records > 0
    }

    /// Whether another table may have begun, as far as a block shows that.
    fn is_second(&mut self, after_gap: bool, fields: &[Cow<'_, str>]) -> bool {
        let plan = self.plan;
        let is_usual = || fields.len() == plan.kinds.len() && !fields[0].is_empty();
        // Most rows end here.
        if !plan.has_second || self.is_beside_others(after_gap) && is_usual() {
            return false;
        }
        let row = TableRow {
            line: 0,
            // What stands above the block is not known.
            after_gap: after_gap || self.piece.n_records == 0,
            fate: fate(fields.len(), |j| &fields[j], &plan.shape),
            fields: fields.iter().map(|field| &**field),
        };
        self.watch.look(&row, &Unknown(&plan.shape)).is_some()
    }

    /// What was read, complete.
    pub(super) fn finish(&mut self) -> Piece<T> {
        let fresh = Piece::new(Vec::new(), self.plan.n_words);
        let mut piece = std::mem::replace(&mut self.piece, fresh);
        piece.values.truncate(piece.n_rows * self.plan.n_numbers);
        let of_words = |(_, kind): &(usize, &Kind)| **kind == Kind::Words;
        for (j, _) in self.plan.kinds.iter().enumerate().filter(of_words) {
            let words = piece.words[self.plan.places[j]].missing();
            words.for_each(|(word, n)| piece.spellings.add(j, word, n));
        }
        piece
    }

    /// Reads rows in which nothing is odd, as many as there are.
    fn usual_rows(&mut self, text: &str, bytes: &[u8], start: usize, line: u64) -> Stretch {
        /// Rows of numbers with something odd between them are soon rows of numbers again.
        const FEW: usize = 8;
        let plan = self.plan;
        let mut stretch = Stretch { end: start, n_rows: 0 };
        if plan.is_plain && plan.numbers_are_data {
            let (width, values) = (plan.kinds.len(), &mut self.piece.values);
            let n_values = self.piece.n_rows * width;
            stretch = plain_rows(bytes, start, plan.delimiter, width, values, n_values);
            self.piece.n_rows += stretch.n_rows;
        }
        let most = if plan.is_plain { FEW } else { usize::MAX };
        let mut spans = std::mem::take(&mut self.spans);
        if stretch.n_rows == 0 {
            while stretch.end < text.len() && stretch.n_rows < most {
                let numbers = self.piece.next_row(plan.n_numbers);
                let next = usual_row(bytes, stretch.end, plan, numbers, &mut spans);
                let is_usual = |_: &usize| {
                    self.begins_data(text, stretch.end, &spans) && self.are_sound(text, &spans)
                };
                let Some(next) = next.filter(is_usual) else {
                    break;
                };
                self.take_usual(line + stretch.n_rows as u64, text, &spans);
                stretch.end = next;
                stretch.n_rows += 1;
            }
        }
        self.spans = spans;
        self.piece.n_records += stretch.n_rows;
        if stretch.n_rows > 0 {
            self.piece.is_sure = true;
            self.piece.overflowed = false;
        }
        stretch
    }

    /// Whether the first cell of a row leaves no doubt that the row belongs to the table.
    fn begins_data(&mut self, text: &str, start: usize, spans: &[Span]) -> bool {
        let plan = self.plan;
        let Some(first) = spans.first().filter(|first| first.column == 0) else {
            return plan.numbers_are_data;
        };
        let written = &text[first.start..first.end];
        let cell = bare(written, plan.quote);
        let begins_comment =
            |mark: &String| text[start..].starts_with(mark) || written.starts_with(mark);
        if cell.is_empty()
            || first.has_quotes
            || plan.shape.comment.as_ref().is_some_and(begins_comment)
        {
            return false;
        }
        let may_end = || {
            let is_name = plan.shape.written_names.first().is_some_and(|name| name == cell);
            is_name || Waiting::may_be(std::iter::once(cell), 1, 1)
        };
        match (plan.kinds[0], self.piece.words.first_mut()) {
            (Kind::Words, Some(words)) => !words.may_end(cell, plan.seed, may_end),
            _ => !may_end(),
        }
    }

    /// Whether no quote is inside of a cell, which may have to be taken apart.
    fn are_sound(&self, text: &str, spans: &[Span]) -> bool {
        let quote = self.plan.quote;
        let has_quote = |span: &Span| {
            let cell = &text.as_bytes()[span.start..span.end];
            let is_wrapped = span.column == 0 && cell.first() == Some(&b'\'');
            span.has_quotes || is_wrapped || memchr::memchr(quote, cell).is_some()
        };
        self.plan.mender.is_none() || !spans.iter().any(has_quote)
    }

    /// Adds a row whose plain numbers are in their places already.
    fn take_usual(&mut self, line: u64, text: &str, spans: &[Span]) {
        let plan = self.plan;
        let start = self.piece.n_rows * plan.n_numbers;
        self.piece.n_rows += 1;
        for span in spans {
            let written = &text[span.start..span.end];
            let mut cell = Cow::Borrowed(bare(written, plan.quote));
            if span.has_quotes {
                let [one, two] = [1, 2].map(|n| char::from(plan.quote).to_string().repeat(n));
                cell = Cow::Owned(bare(&written.replace(&two, &one), plan.quote).to_owned());
            }
            let place = plan.places[span.column];
            if plan.kinds[span.column] == Kind::Words {
                self.piece.words[place].add(&cell, plan.seed);
            } else {
                self.piece.values[start + place] = self.number(span.column, &cell, line);
            }
        }
    }

    /// Reads any other row, or the rows that are inside a field of it.
    fn any_row(&mut self, line: u64, after_gap: bool, row: &Row, fields: &[Cow<'_, str>]) {
        let (n, width) = (fields.len(), self.plan.kinds.len());
        let (delimiter, quote) = (self.plan.delimiter, self.plan.quote);
        let swallowed = match row.n_lines {
            1 => None,
            _ => swallowed(n, |j| &fields[j], width, delimiter),
        };
        let Some(found) = swallowed else {
            let remark = row.behind.map(text_behind);
            return self.row(line, after_gap, remark, fields);
        };
        let mut remark = Some(found.remark());
        if !found.is_certain {
            return self.row(line, after_gap, remark, fields);
        }
        let n_above = fields[..found.field].iter().flat_map(|field| field.bytes());
        let first = line + n_above.filter(|byte| *byte == b'\n').count() as u64;
        let fields: Vec<&str> = fields.iter().map(|field| &**field).collect();
        for (index, (below, row)) in found.rows(&fields, delimiter, quote).into_iter().enumerate() {
            let row: Vec<Cow<'_, str>> = row.into_iter().map(Cow::Owned).collect();
            self.row(first + below, after_gap && index == 0, remark.take(), &row);
        }
    }

    fn row(&mut self, line: u64, after_gap: bool, remark: Option<String>, fields: &[Cow<'_, str>]) {
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
            self.piece.held.push(Held { line, after_gap, is_first, remark, fields });
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
                self.take(held.line, held.remark, &held.fields);
            }
        }
        self.take(line, remark, fields);
    }

    /// Reads a row that belongs to the table, or notes why it does not.
    pub(super) fn take(&mut self, line: u64, remark: Option<String>, fields: &[impl AsRef<str>]) {
        let plan = self.plan;
        let field = |j: usize| fields.get(j).map_or("", AsRef::as_ref);
        let width = plan.kinds.len();
        let piece = &mut self.piece;
        let fate = fate(fields.len(), field, &plan.shape);
        if !fate.is_read() {
            piece.skipped.add(line, || fate.reason(fields.len(), field(0), width));
            return;
        }
        for what in fate.repair(width).into_iter().chain(remark) {
            piece.repaired.add(line, || what);
        }
        piece.next_row(plan.n_numbers);
        let start = piece.n_rows * plan.n_numbers;
        piece.n_rows += 1;
        for (j, kind) in plan.kinds.iter().enumerate() {
            let cell = bare(field(j), plan.quote);
            let place = plan.places[j];
            if *kind == Kind::Words {
                self.piece.words[place].add(cell, plan.seed);
            } else {
                self.piece.values[start + place] = self.number(j, cell, line);
            }
        }
    }

    /// The number in a cell; what is none is noted.
    fn number(&mut self, j: usize, cell: &str, line: u64) -> T {
        let found = self.cells.read(self.plan, j, cell);
        if found.is_bad {
            let column_type = self.plan.kinds[j].column_type();
            let name = &self.plan.shape.names[j];
            self.piece.repaired.add(line, || flaw(cell, column_type, name));
            self.piece.bad.push((j, line));
        } else if found.value.is_nan() {
            self.piece.spellings.add(j, cell, 1);
        }
        T::from_f64(found.value)
    }
}
