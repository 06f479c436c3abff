//! What is found out about a file before its rows are read.

use std::io::{Read, Seek, SeekFrom};

use csv::StringRecord;

use super::MOST_OUTSIDE;
use super::cells::bare::bare;
use super::cells::columns::Survey;
use super::cells::hints::Hints;
use super::cells::values::Look;
use super::dialect::Dialect;
use super::dialect::detection;
use super::dialect::separators::separated;
use super::rows::odd_rows::{Mender, whole_row};
use super::rows::open_quote::{Closing, MANY_LINES, closing, located};
use super::rows::records::{Records, builder};
use super::rows::widths::body;
use super::table::shape::{self, SampleRow, Shape, comment_mark_of, n_comments};
use super::text::encoding::{Scan, scan, unreadable};
use super::text::stream::{Gauge, Text};
use super::{LARGEST_SAMPLE, MOST_FIELDS, SAMPLE_BYTES, overrides};
use crate::data::source::encoding_named;
use crate::data::{Comment, CsvSource, DataError, DecimalSign, Footer, MissingWords, OddRows};

/// A sample with fewer lines is made larger.
const FEW_ROWS: usize = 20;

/// What is found out before the rows are read.
pub(super) struct Outline {
    pub(super) scan: Scan,
    pub(super) dialect: Dialect,
    pub(super) shape: Shape,
    /// The rows of data in the sample.
    pub(super) sample: Vec<SampleRow>,
    /// What the sample gives reason to say about each column.
    pub(super) hints: Vec<Hints>,
    /// Lines that are left out because that was stated: line and first words.
    pub(super) above: Vec<(u64, String)>,
    /// Takes rows apart that do not fit, where that is wanted.
    pub(super) mender: Option<Mender>,
    /// What was done to rows above those of data: line and words.
    pub(super) mended: Vec<(u64, String)>,
    /// Whether any row of the sample was taken apart.
    pub(super) is_mended: bool,
    /// Spellings of missing that were stated.
    pub(super) missing: Vec<String>,
    /// Whether no other words are missing values.
    pub(super) only_stated: bool,
    pub(super) footer: Footer,
    /// Whether rows that go over many lines and do not fit are read as they are.
    keeps_long_rows: bool,
}

impl Outline {
    /// A cell as it is read: without quotes and spaces around it, empty where it is missing by a
    /// spelling that was stated.
    pub(super) fn cell<'a>(&self, written: &'a str) -> &'a str {
        self.present(bare(written, self.dialect.quote))
    }

    /// The same for a cell without quotes and spaces around it.
    pub(super) fn present<'a>(&self, cell: &'a str) -> &'a str {
        if self.missing.iter().any(|spelling| spelling == cell) { "" } else { cell }
    }

    /// The rows of the table, from its first row of data.
    pub(super) fn rows<'a, R: Read + Seek>(
        &self,
        source: &'a mut R,
        hashed: bool,
    ) -> Result<Records<&'a mut R>, DataError> {
        source.rewind().map_err(unreadable)?;
        let mut records = Records::new(source, &self.scan, self.dialect, hashed);
        for _ in 0..self.shape.n_leading() {
            records.advance()?;
        }
        let refuses_long = self.mender.is_some() && !self.keeps_long_rows;
        records.of_table(self.shape.width, self.mender.clone(), refuses_long);
        Ok(records)
    }
}

pub(super) fn outline(
    source: &mut (impl Read + Seek),
    settings: &CsvSource,
) -> Result<Outline, DataError> {
    source.rewind().map_err(unreadable)?;
    let skip = settings.skip.unwrap_or(0);
    let scan = scan(&mut *source, encoding_named(&settings.encoding), skip)?;
    outline_of(source, scan, settings)
}

/// The outline of a file and what `look` makes of it. Where that comes upon a row whose quote is never
/// closed, the quote is closed, if it is clear where, and all is looked at again.
pub(super) fn looked_at<S: Read + Seek, T>(
    source: &mut S,
    settings: &CsvSource,
    mut look: impl FnMut(&mut S, &Outline) -> Result<T, DataError>,
) -> Result<(Outline, T), DataError> {
    /// The most quotes that are closed: for each, all above it is looked at again.
    const MOST_CLOSED: usize = 16;
    /// The same in a large file, and from how many bytes on it is one.
    const MOST_CLOSED_IN_LARGE: usize = 4;
    const LARGE: u64 = 64 << 20;
    let mut outline = outline(source, settings)?;
    let n_bytes = source.seek(SeekFrom::End(0)).map_err(unreadable)?;
    let most_closed = if n_bytes > LARGE { MOST_CLOSED_IN_LARGE } else { MOST_CLOSED };
    loop {
        let error = match look(source, &outline) {
            Ok(found) => return Ok((outline, found)),
            Err(error) => error,
        };
        let Outline { scan, dialect, shape, .. } = &outline;
        let may_close = settings.odd_rows() != OddRows::Kept && scan.closings.len() < most_closed;
        let closing = closing(&error, source, scan, (*dialect, shape));
        let is_new = |new: &Closing| scan.closings.iter().all(|closing| closing.line != new.line);
        if let Some(closing) = closing.filter(|new| may_close && is_new(new)) {
            let mut closed = scan.clone();
            closed.closings.push(closing);
            closed.closings.sort_by_key(|closing| closing.line);
            // Where the table begins is found out again.
            closed.skip = settings.skip.unwrap_or(0);
            let again = outline_of(source, closed, settings)?;
            // It is a quote where the file is still taken for one with such quotes.
            if again.dialect.quote != dialect.quote {
                return Err(located(error, source, scan, *dialect));
            }
            outline = again;
        } else if error.message.starts_with(MANY_LINES) && !outline.keeps_long_rows {
            outline.keeps_long_rows = true;
        } else {
            return Err(located(error, source, scan, *dialect));
        }
    }
}

/// The outline of a file whose encoding is known.
///
/// Where lines stand above the table, it is that of the file without them, with what was found so far
/// stated: so a reading that finds out where the table begins, and one to which that is stated, see
/// the same text and decide alike.
pub(super) fn outline_of(
    source: &mut (impl Read + Seek),
    scan: Scan,
    settings: &CsvSource,
) -> Result<Outline, DataError> {
    let above = overrides::lines_above(source, &scan)?;
    let (text, is_whole) = sample_text(source, &scan)?;
    let dialect = detection::detect(below_comments(&text), settings);
    refuse_too_many_fields(&text, dialect)?;
    let text = separated(&text, dialect.separator, dialect.quote);
    let (mut leading, texts) = sample_rows(&text, dialect, is_whole);
    let is_kept = settings.odd_rows() == OddRows::Kept;
    let mended = if is_kept { Vec::new() } else { mend(&mut leading, &texts, dialect, settings) };
    if scan.closings.is_empty()
        && !is_kept
        && let Some(closing) = closing_of_names(&leading, &texts, dialect)
    {
        let closed = Scan { closings: vec![closing], ..scan.clone() };
        let closed = outline_of(source, closed, settings)?;
        let is_same = closed.dialect.quote == dialect.quote;
        if is_same && closed.shape.header && closed.shape.n_lines_above == closing.line - 1 {
            return Ok(closed);
        }
    }
    let mut shape = shape::detect(&leading, settings, &above);
    if shape.n_lines_above > scan.skip {
        let mut scan = Scan { skip: shape.n_lines_above, ..scan };
        scan.closings.retain(|closing| closing.line > scan.skip);
        let below = outline_of(source, scan, &overrides::below(settings, dialect, &shape))?;
        shape = Shape { before: shape.before, ..below.shape };
        return Ok(Outline { above, shape, ..below });
    }
    if shape.width == 1 {
        shape.warnings.extend(regular_sign(&text));
    }
    let sample = leading.split_off(shape.n_leading().min(leading.len()));
    let last_leading = leading.last().map_or(0, |(line, _)| *line);
    let of_table = |(line, _): &(u64, String)| *line > shape.n_lines_above;
    let closed = scan.closings.iter().map(|closing| (closing.line, closing.remark()));
    let mended: Vec<(u64, String)> = mended.into_iter().chain(closed).collect();
    let is_mended = mended.iter().any(of_table);
    let of_names = |row: &(u64, String)| of_table(row) && row.0 <= last_leading;
    let mended = mended.into_iter().filter(of_names).collect();
    let mender = if is_kept { None } else { mender(dialect, &shape, &sample) };
    let hints = hints(dialect, &shape, &sample, settings);
    Ok(Outline {
        scan,
        dialect,
        shape,
        sample,
        hints,
        above,
        mender,
        mended,
        is_mended,
        missing: settings.missing.clone(),
        only_stated: settings.missing_words == MissingWords::Stated,
        footer: settings.footer,
        keeps_long_rows: false,
    })
}

/// The text of the first lines, and whether there are no others.
fn sample_text(source: &mut (impl Read + Seek), scan: &Scan) -> Result<(String, bool), DataError> {
    source.rewind().map_err(unreadable)?;
    let mut text = Vec::new();
    let mut reader = Text::new(&mut *source, scan, Gauge::default(), false);
    let mut is_whole = false;
    let mut size = SAMPLE_BYTES;
    // Wide tables need more than the usual sample to show a few rows.
    while !is_whole && size <= LARGEST_SAMPLE {
        let missing = size - text.len() as u64;
        (&mut reader).take(missing).read_to_end(&mut text).map_err(unreadable)?;
        is_whole = (text.len() as u64) < size;
        if text.iter().filter(|byte| **byte == b'\n').count() >= FEW_ROWS {
            break;
        }
        size *= 4;
    }
    let mut text = String::from_utf8_lossy(&text).into_owned();
    if !is_whole && let Some(end) = text.rfind('\n') {
        text.truncate(end + 1);
    }
    if !is_whole && !text.trim_start_matches('\n').contains('\n') {
        let line = scan.skip + 1;
        let most = LARGEST_SAMPLE >> 20;
        return Err(DataError::at(
            line,
            format!(
                "this line is longer than {most} MiB; the first rows of a table are expected to be shorter"
            ),
        ));
    }
    Ok((text, is_whole))
}

/// The text below comments, where they are more than stand above a table otherwise.
fn below_comments(text: &str) -> &str {
    let mut lines = text.split_inclusive('\n');
    let comments = lines.by_ref().take_while(|line| comment_mark_of(line).is_some());
    let (n, end) = comments.fold((0, 0), |(n, end), line| (n + 1, end + line.len()));
    if n > MOST_OUTSIDE && end < text.len() { &text[end..] } else { text }
}

/// What takes rows of a table apart, with what its columns hold.
fn mender(dialect: Dialect, shape: &Shape, sample: &[SampleRow]) -> Option<Mender> {
    let mut surveys = vec![Survey::default(); shape.width];
    for (_, fields) in sample.iter().filter(|(_, fields)| fields.len() == shape.width) {
        surveys.iter_mut().zip(fields).for_each(|(survey, cell)| survey.look(cell));
    }
    let comma_likely = dialect.delimiter != b',';
    let kinds = surveys.iter().map(|survey| survey.column_type(None, comma_likely)).collect();
    let mender = Mender::new(dialect, shape.width, shape.comment.clone());
    mender.map(|mender| mender.of_columns(kinds))
}

/// What the sample gives reason to say about each column.
fn hints(
    dialect: Dialect,
    shape: &Shape,
    sample: &[SampleRow],
    settings: &CsvSource,
) -> Vec<Hints> {
    let hints = (0..shape.width).map(|j| {
        let cells = sample.iter().filter_map(|(_, fields)| fields.get(j)).map(String::as_str);
        let is_stated =
            settings.decimal != DecimalSign::Auto || settings.type_of(&shape.names[j]).is_some();
        Hints::of(cells, dialect.delimiter == b';' && !is_stated)
    });
    hints.collect()
}

/// An error for a line with more fields than any table has: each would take more memory than its text.
fn refuse_too_many_fields(text: &str, dialect: Dialect) -> Result<(), DataError> {
    for (line, row) in (1..).zip(text.lines()) {
        let n_delimiters = row.bytes().filter(|byte| *byte == dialect.delimiter).count();
        if n_delimiters >= MOST_FIELDS {
            return Err(DataError::at(
                line,
                format!(
                    "there are more than {MOST_FIELDS} fields here, with `{}` between them; no table has as many",
                    dialect.separator_name()
                ),
            ));
        }
    }
    Ok(())
}

/// The rows of the sample, and the text of each; the last may be cut and is left out unless it is the
/// only one.
fn sample_rows(text: &str, dialect: Dialect, is_whole: bool) -> (Vec<SampleRow>, Vec<&str>) {
    let mut reader = builder(dialect).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let (mut rows, mut texts) = (Vec::new(), Vec::new());
    let (mut start, mut n_lines) = (0, 0);
    while let Ok(true) = reader.read_record(&mut record) {
        let end = usize::try_from(reader.position().byte()).unwrap_or(text.len());
        let row = text.get(start..end).unwrap_or_default();
        // Blank lines above a row are passed over with it.
        let n_blank = row.bytes().take_while(|byte| *byte == b'\n').count() as u64;
        let line = n_lines + n_blank + 1;
        n_lines += row.bytes().filter(|byte| *byte == b'\n').count() as u64;
        texts.push(row);
        start = end;
        if dialect.wrapped
            && record.len() == 1
            && let Some(fields) = whole_row(&record[0], dialect.delimiter, dialect.quote)
        {
            record = fields.into();
        }
        rows.push((line, record.iter().map(|cell| bare(cell, dialect.quote).to_owned()).collect()));
    }
    if !is_whole && rows.len() > 1 {
        rows.pop();
        texts.pop();
    }
    (rows, texts)
}

/// Says which sign stands equally often in every line of a single column.
fn regular_sign(text: &str) -> Option<String> {
    const SIGNS: [char; 17] =
        ['@', '*', '~', '^', '!', '$', '&', '=', '+', ';', '|', '#', '§', 'þ', '¦', '¬', '/'];
    const FEWEST_LINES: usize = 3;
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(FEW_ROWS);
    // A column of dates has as many strokes in every line too.
    let count = |line: &str, sign: char| match Look::of(line.trim()) {
        Look::Date => 0,
        _ => line.matches(sign).count(),
    };
    let sign = SIGNS.into_iter().find(|sign| {
        let n = lines().next().map_or(0, |line| count(line, *sign));
        n > 0 && lines().all(|line| count(line, *sign) == n)
    })?;
    (lines().count() >= FEWEST_LINES).then(|| {
        format!(
            "read as one column, though `{sign}` stands equally often in every line; if it parts fields, state it as the delimiter"
        )
    })
}

/// The quote that is missing in the first row of a table, where that has taken rows below into a field.
fn closing_of_names(rows: &[SampleRow], texts: &[&str], dialect: Dialect) -> Option<Closing> {
    let n_comments = n_comments(rows);
    let widths: Vec<usize> = rows[n_comments..].iter().map(|(_, fields)| fields.len()).collect();
    let (width, _) = body(&widths);
    let mender = Mender::new(dialect, width, None)?;
    let text = |index: usize| texts[index].trim_matches('\n');
    let index = (n_comments..rows.len()).find(|index| text(*index).contains('\n'))?;
    let ((line, fields), above) = (&rows[index], &rows[n_comments..index]);
    let joins = mender.joins(fields.len(), |j| &fields[j]);
    let apart = mender.rows(text(index), fields.len(), joins)?;
    if apart.len() < 2 || above.iter().any(|(_, fields)| fields.len() == width) {
        return None;
    }
    let (first, rest) = text(index).split_once('\n')?;
    let below = texts[index + 1..].iter().flat_map(|text| text.lines());
    Closing::of((*line, first), rest.lines().chain(below), None, dialect)
}

/// Takes rows of the sample apart that do not fit the others; gives their lines and what was done.
fn mend(
    sample: &mut [SampleRow],
    texts: &[&str],
    dialect: Dialect,
    settings: &CsvSource,
) -> Vec<(u64, String)> {
    let comment = match &settings.comment {
        Comment::Mark(mark) => Some(mark.clone()),
        _ => None,
    };
    let rows = &sample[n_comments(sample)..];
    let widths: Vec<usize> = rows.iter().map(|(_, fields)| fields.len()).collect();
    let Some(mender) = Mender::new(dialect, body(&widths).0, comment) else { return Vec::new() };
    let mut mended = Vec::new();
    for ((line, fields), text) in sample.iter_mut().zip(texts) {
        if !mender.concerns(fields.len(), |j| &fields[j]) {
            continue;
        }
        // What stands in several lines is taken apart as the rows are read.
        let joins = mender.joins(fields.len(), |j| &fields[j]);
        let rows = mender.rows(text, fields.len(), joins).filter(|rows| rows.len() == 1);
        if let Some(row) = rows.and_then(|mut rows| rows.pop()) {
            *fields = row.fields.iter().map(|cell| bare(cell, dialect.quote).to_owned()).collect();
            mended.extend(row.what.map(|what| (*line, what)));
        }
    }
    mended
}
