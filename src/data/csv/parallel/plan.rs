//! What is decided on the first part of a file, if it is of the usual kind.

use std::hash::{BuildHasher, RandomState};
use std::io::{Cursor, Read, Seek};

use encoding_rs::UTF_8;

use super::blocks::ends_with_row;
use super::fields::line_after;
use super::numbers::plain_number;
use super::piece::Kind;
use crate::data::csv::SAMPLE_BYTES;
use crate::data::csv::cells::columns::{Survey, Type};
use crate::data::csv::cells::hints::Hints;
use crate::data::csv::cells::values::Decimal;
use crate::data::csv::dialect::Dialect;
use crate::data::csv::dialect::separators::Separator;
use crate::data::csv::outline::{Outline, outline_of};
use crate::data::csv::rows::odd_rows::Mender;
use crate::data::csv::table::shape::Shape;
use crate::data::csv::text::encoding::{scan, unreadable};
use crate::data::source::encoding_named;
use crate::data::{CsvSource, DataError, Footer, MissingWords};

/// How the rows of a file are read.
pub(super) struct Plan {
    pub(super) shape: Shape,
    pub(super) delimiter: u8,
    pub(super) quote: u8,
    pub(super) kinds: Vec<Kind>,
    /// How many columns are kept as numbers, and how many as words.
    pub(super) n_numbers: usize,
    pub(super) n_words: usize,
    /// Whether all are plain numbers.
    pub(super) is_plain: bool,
    /// Whether no row that begins with a plain number is a comment or that of the names again.
    pub(super) numbers_are_data: bool,
    /// For the hashes of words: different at each reading, so that nobody foresees them.
    pub(super) seed: u64,
    /// The place of each column among those of its kind.
    pub(super) places: Vec<usize>,
    pub(super) n_leading: usize,
    /// Lines above those that are passed over.
    pub(super) n_skipped_lines: u64,
    /// Whether rows at the end may stand below the table.
    pub(super) has_footer: bool,
    /// Whether another table may stand there.
    pub(super) has_second: bool,
    /// Takes rows apart that do not fit, which is left to the other reader.
    pub(super) mender: Option<Mender>,
}

impl Plan {
    pub(super) fn new(outline: &Outline, kinds: Vec<Kind>, settings: &CsvSource) -> Self {
        let (mut n_words, mut n_numbers) = (0, 0);
        let places = kinds.iter().map(|kind| {
            let n = if *kind == Kind::Words { &mut n_words } else { &mut n_numbers };
            *n += 1;
            *n - 1
        });
        let places = places.collect();
        let Shape { comment, written_names, .. } = &outline.shape;
        let begins_number = |byte: &u8| b"0123456789.- ".contains(byte);
        let is_number = |name: &String| plain_number(name.trim()).is_some();
        let is_mark = |mark: &String| mark.as_bytes().first().is_none_or(begins_number);
        Self {
            shape: outline.shape.clone(),
            numbers_are_data: !comment.as_ref().is_some_and(is_mark)
                && !written_names.first().is_some_and(is_number),
            seed: RandomState::new().hash_one(0),
            delimiter: outline.dialect.delimiter,
            quote: outline.dialect.quote,
            n_numbers,
            places,
            n_words,
            is_plain: kinds.iter().all(|kind| *kind == Kind::Plain),
            n_leading: outline.shape.n_leading(),
            n_skipped_lines: outline.scan.skip,
            has_footer: settings.footer != Footer::Kept,
            has_second: settings.footer == Footer::Auto,
            mender: outline.mender.clone(),
            kinds,
        }
    }
}

/// What the first part of a file shows, if it is of the usual kind.
pub(super) fn outline(
    source: &mut (impl Read + Seek),
    settings: &CsvSource,
    n_bytes: u64,
    largest_file: u64,
) -> Result<Option<Outline>, DataError> {
    /// What the encoding is told by.
    const FEWEST_BYTES: usize = 4096;
    if n_bytes > largest_file {
        return Ok(None);
    }
    source.rewind().map_err(unreadable)?;
    let mut start = Vec::new();
    source.take(SAMPLE_BYTES).read_to_end(&mut start).map_err(unreadable)?;
    if n_bytes > start.len() as u64 {
        let end = start.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        if end < FEWEST_BYTES {
            return Ok(None);
        }
        start.truncate(end);
    }
    let stated = encoding_named(&settings.encoding);
    if !settings.missing.is_empty()
        || settings.missing_words == MissingWords::Stated
        || !settings.encoding.is_empty() && stated.map(|charset| charset.encoding) != Some(UTF_8)
    {
        return Ok(None);
    }
    // What is wrong with a file is said by the other reader.
    let Ok(scan) = scan(Cursor::new(&start), stated, settings.skip.unwrap_or(0)) else {
        return Ok(None);
    };
    if scan.encoding != UTF_8 || scan.not_utf_8_line.is_some() || scan.guessed_utf_16 {
        return Ok(None);
    }
    let outline = outline_of(source, scan, settings)?;
    let dialect = outline.dialect;
    let is_usual = |byte: u8| {
        byte.is_ascii() && !byte.is_ascii_alphanumeric() && !b"\0 \r\n+-.".contains(&byte)
    };
    let fits = dialect.separator == Separator::One
        && !dialect.escape
        && !dialect.wrapped
        && !outline.is_mended
        && is_usual(dialect.delimiter)
        && is_usual(dialect.quote)
        && dialect.quote != dialect.delimiter
        && outline.shape.width > 0
        && goes_on(&start, outline.scan.skip, dialect);
    Ok(fits.then_some(outline))
}

/// Whether the first part of a file goes on behind this many lines, with no quote open.
fn goes_on(start: &[u8], n: u64, dialect: Dialect) -> bool {
    let mut at = 0;
    for _ in 0..n {
        let Some(end) = start[at..].iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            return false;
        };
        at = line_after(start, at + end);
    }
    let above = &start[..at];
    at < start.len() && (n == 0 || ends_with_row(above, dialect.delimiter, dialect.quote))
}

/// How the columns are read. Where any number has a comma, it takes a look at all numbers to know
/// what points and commas mean.
pub(super) fn kinds(surveys: &[Survey], types: &[Type], outline: &Outline) -> Vec<Kind> {
    let have_commas = have_commas(surveys, types);
    let kind = |(column_type, hints): (&Type, &Hints)| match *column_type {
        Type::Numeric(Decimal::Point) if !have_commas && !hints.has_unclear_points => Kind::Plain,
        Type::Nominal => Kind::Words,
        other => Kind::Looked(other),
    };
    types.iter().zip(&outline.hints).map(kind).collect()
}

/// Whether any column of numbers has commas.
pub(super) fn have_commas(surveys: &[Survey], types: &[Type]) -> bool {
    let is_number = |kind: &Type| matches!(kind, Type::Numeric(_));
    surveys.iter().zip(types).any(|(survey, kind)| is_number(kind) && survey.has_commas())
}
