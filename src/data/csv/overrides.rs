//! What the settings state, in the place of what would be found out; and all decisions together.

use std::io::{BufRead, BufReader, Read, Seek};

use csv::StringRecord;

use super::MOST_REPORTED;
use super::cells::columns::{Survey, Type, table_sign};
use super::cells::dates::Order;
use super::cells::missing::Words;
use super::cells::values::Decimal;
use super::dialect::Dialect;
use super::table::shape::{SampleRow, Shape};
use super::text::encoding::{Scan, unreadable};
use super::text::stream::{Gauge, Text};
use crate::data::load::hint;
use crate::data::source::LEFT;
use crate::data::{
    ColumnType, Comment, CsvSource, DataError, DecimalSign, Decisions, Footer, MissingWords,
    OddRows, Quoting,
};

/// The most bytes above a table that are looked at.
const MOST_ABOVE: u64 = 1 << 20;

/// The types of the columns: those stated, and for the others as they look. Names of columns that
/// are not there are remarked upon, and so are codes that make a text of numbers.
pub(super) fn types(
    surveys: &[Survey],
    names: &[String],
    settings: &CsvSource,
    comma_likely: bool,
    warnings: &mut Vec<String>,
) -> Vec<Type> {
    for name in settings.types.keys() {
        if name != LEFT && !names.contains(name) {
            let hint = hint(name, names.iter().map(String::as_str));
            warnings.push(format!("a type is stated for `{name}`, which is not a column{hint}"));
        }
    }
    for name in names.iter().filter(|name| settings.type_of(name) == Some(ColumnType::Text)) {
        warnings.push(format!("column `{name}` is stated to be text; it is not used"));
    }
    let stated = match settings.decimal {
        DecimalSign::Auto => None,
        DecimalSign::Point => Some(Decimal::Point),
        DecimalSign::Comma => Some(Decimal::Comma),
    };
    let table = table_sign(surveys, comma_likely);
    let kind = |(survey, name): (&Survey, &String)| {
        let stated = stated.or_else(|| survey.voted(table));
        let sign = || Type::Numeric(stated.unwrap_or_else(|| survey.decimal_sign(comma_likely)));
        match settings.type_of(name) {
            None => survey.column_type(stated, comma_likely),
            Some(ColumnType::Numeric) => sign(),
            Some(ColumnType::NumericPoint) => Type::Numeric(Decimal::Point),
            Some(ColumnType::NumericComma) => Type::Numeric(Decimal::Comma),
            Some(ColumnType::Nominal | ColumnType::Text) => Type::Nominal,
            Some(ColumnType::Date) => Type::Date(survey.order()),
            Some(ColumnType::DayFirst) => Type::Date(Order::DayFirst),
            Some(ColumnType::MonthFirst) => Type::Date(Order::MonthFirst),
        }
    };
    let types: Vec<Type> = surveys.iter().zip(names).map(kind).collect();
    for (survey, name) in surveys.iter().zip(names).filter(|(_, n)| settings.type_of(n).is_none()) {
        if let Some((code, n)) = survey.codes_among_numbers() {
            warnings.push(format!(
                "column `{name}` is read as text because of `{code}`, one of {n} codes with letters among its numbers (the type Numeric makes them missing)"
            ));
        }
    }
    types
}

/// Which words are missing values in each column.
pub(super) fn words(surveys: &[Survey], settings: &CsvSource) -> Vec<Words> {
    let words = settings.missing_words();
    let may_be_codes = matches!(words, MissingWords::Auto | MissingWords::Codes);
    let of = |survey: &Survey| match words {
        MissingWords::Stated => Words::None,
        _ if may_be_codes && survey.has_namibia() => Words::Codes,
        _ => Words::Usual,
    };
    surveys.iter().map(of).collect()
}

/// Which of the decisions that only some files need play a role.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Roles {
    /// Whether any row was taken apart.
    pub(super) is_mended: bool,
    /// Whether `NA` is a code in any column.
    pub(super) has_codes: bool,
    /// Whether numbers or times are read that were not always.
    pub(super) has_recent: bool,
}

/// Whether a column of numbers or dates has cells that were not always read.
pub(super) fn has_recent(surveys: &[Survey], types: &[Type]) -> bool {
    surveys.iter().zip(types).any(|(survey, kind)| *kind != Type::Nominal && survey.has_recent())
}

/// What is stated of a file once it is known where its table begins: all that the lines above it have
/// a part in.
pub(super) fn below(settings: &CsvSource, dialect: Dialect, shape: &Shape) -> CsvSource {
    CsvSource {
        delimiter: dialect.setting(),
        quote: dialect.quote_setting(),
        escape: dialect.escape_setting(),
        header: shape.header_rows,
        skip: Some(shape.n_lines_above),
        comment: comment_setting(shape),
        // Not `Auto`, which means something else once all is stated.
        quoting: match dialect.quoting() {
            Quoting::Auto => Quoting::Strict,
            stated => stated,
        },
        odd_rows: match settings.odd_rows() {
            OddRows::Kept => OddRows::Kept,
            _ => OddRows::Mended,
        },
        ..settings.clone()
    }
}

fn comment_setting(shape: &Shape) -> Comment {
    shape.comment.clone().map_or(Comment::None, Comment::Mark)
}

/// Everything that was decided, stated or found out.
pub(super) fn decisions(
    settings: &CsvSource,
    scan: &Scan,
    dialect: Dialect,
    shape: &Shape,
    types: &[Type],
    below: &[SampleRow],
    Roles { is_mended, has_codes, has_recent }: Roles,
) -> Decisions {
    let has_comma = types.contains(&Type::Numeric(Decimal::Comma));
    let decimal = match settings.decimal {
        DecimalSign::Auto if has_comma => DecimalSign::Comma,
        DecimalSign::Auto => DecimalSign::Point,
        stated => stated,
    };
    let kind = |(name, kind): (&String, &Type)| {
        let kind = match (kind, decimal) {
            _ if settings.type_of(name) == Some(ColumnType::Text) => ColumnType::Text,
            (Type::Nominal, _) => ColumnType::Nominal,
            (Type::Date(Order::DayFirst), _) => ColumnType::DayFirst,
            (Type::Date(Order::MonthFirst), _) => ColumnType::MonthFirst,
            (Type::Numeric(Decimal::Point), DecimalSign::Comma) => ColumnType::NumericPoint,
            (Type::Numeric(Decimal::Comma), DecimalSign::Point) => ColumnType::NumericComma,
            (Type::Numeric(_), _) => ColumnType::Numeric,
        };
        (name.clone(), kind)
    };
    Decisions {
        delimiter: dialect.setting(),
        quote: dialect.quote_setting(),
        escape: dialect.escape_setting(),
        encoding: match scan.page {
            Some(page) => page.name.to_owned(),
            None => scan.encoding.name().to_ascii_lowercase(),
        },
        header: shape.header_rows,
        decimal,
        skip: shape.n_lines_above,
        comment: comment_setting(shape),
        missing: settings.missing.clone(),
        missing_words: match settings.missing_words() {
            MissingWords::Stated => MissingWords::Stated,
            _ if has_codes => MissingWords::Codes,
            _ => MissingWords::Auto,
        },
        quoting: dialect.quoting(),
        odd_rows: match settings.odd_rows {
            OddRows::Kept => OddRows::Kept,
            _ if is_mended => OddRows::Mended,
            _ => OddRows::Auto,
        },
        recent_spellings: has_recent,
        footer: below.first().map_or(Footer::Kept, |(line, _)| Footer::From(*line)),
        types: shape.names.iter().zip(types).map(kind).collect(),
    }
}

/// The lines that are left out above the table, as far as they are reported: line and first words.
pub(super) fn lines_above(
    source: &mut (impl Read + Seek),
    scan: &Scan,
) -> Result<Vec<(u64, String)>, DataError> {
    if scan.skip == 0 {
        return Ok(Vec::new());
    }
    source.rewind().map_err(unreadable)?;
    let whole = Scan { skip: 0, ..scan.clone() };
    let text = BufReader::new(Text::new(source, &whole, Gauge::default(), false).take(MOST_ABOVE));
    let n = usize::try_from(scan.skip).unwrap_or(usize::MAX).min(MOST_REPORTED);
    let mut lines = Vec::new();
    for (line, number) in text.split(b'\n').take(n).zip(1..) {
        let line = line.map_err(unreadable)?;
        let text: String = String::from_utf8_lossy(&line).trim().chars().take(40).collect();
        if !text.is_empty() {
            lines.push((number, text));
        }
    }
    Ok(lines)
}

/// A row, kept.
pub(super) fn row(line: u64, record: &StringRecord) -> SampleRow {
    (line, record.iter().map(str::to_owned).collect())
}
