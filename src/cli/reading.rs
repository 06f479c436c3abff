use clap::Args;

use super::Stop;
use crate::data::{
    ColumnType, Comment, CsvSource, DecimalSign, Delimiter, Escape, Footer, Header, MissingWords,
    OddRows, Quote, Quoting,
};

/// What is stated about the reading of a table; the rest is found out.
#[derive(Debug, Args)]
#[command(next_help_heading = "How to read it (found out unless stated)")]
pub(super) struct ReadingArguments {
    /// Between fields: a character, or comma, semicolon, tab, pipe, bars (||), space (any number),
    /// gap (two spaces or more)
    #[arg(long, value_name = "WHAT", value_parser = delimiter)]
    delimiter: Option<Delimiter>,
    /// Around fields: " or double, ' or single, none
    #[arg(long, value_name = "WHAT", value_parser = quote)]
    quote: Option<Quote>,
    /// A quote inside of quotes: doubled, or behind a backslash
    #[arg(long, value_name = "HOW", value_parser = escape)]
    escape: Option<Escape>,
    /// Where quotes stand: strict (directly around fields), spaced (behind blanks too), rows (around
    /// whole rows)
    #[arg(long, value_name = "WHERE", value_parser = quoting)]
    quoting: Option<Quoting>,
    /// Rows written in another way than the others: mended (taken apart where they then fit), kept
    #[arg(long, value_name = "WHAT", value_parser = odd_rows)]
    odd_rows: Option<OddRows>,
    /// The character encoding, such as utf-8, windows-1250, shift_jis, cp850
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// The first row: present (names), absent (data), units (names, then a row of units), levels
    /// (two rows of names)
    #[arg(long, value_name = "WHAT", value_parser = header)]
    header: Option<Header>,
    /// Between whole and fraction: point or comma
    #[arg(long, value_name = "SIGN", value_parser = decimal)]
    decimal: Option<DecimalSign>,
    /// How many lines above the table are left out
    #[arg(long, value_name = "LINES")]
    skip: Option<u64>,
    /// With what comments begin, or none
    #[arg(long, value_name = "MARK")]
    comment: Option<String>,
    /// A spelling of missing values; may be given again
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    missing: Vec<String>,
    /// Which words are missing values beside these and the empty cell: usual (NA, NaN, null, ?, -, …),
    /// codes (the same, but NA is Namibia in columns of codes of countries), stated (none)
    #[arg(long, value_name = "WHICH", value_parser = missing_words)]
    missing_words: Option<MissingWords>,
    /// What stands below the table: none, or the line from which all is left out
    #[arg(long, value_name = "LINE", value_parser = footer)]
    footer: Option<Footer>,
    /// The type of a column: NAME=numeric, nominal, date, day-first, month-first or text; may be
    /// given again
    #[arg(long = "type", value_name = "NAME=TYPE", value_parser = column_type)]
    types: Vec<(String, ColumnType)>,
    /// How many MiB of memory the rows may take; those of a larger table go to a temporary file, in
    /// /var/tmp or the folder named in the variable TMPDIR [default: all are kept in memory]
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..))]
    memory: Option<u32>,
}

impl ReadingArguments {
    /// The settings for a file.
    pub(super) fn settings(&self, path: &str) -> Result<CsvSource, Stop> {
        let comment = match self.comment.as_deref() {
            None => Comment::Auto,
            Some("none") => Comment::None,
            Some(mark) => Comment::Mark(mark.to_owned()),
        };
        let settings = CsvSource {
            path: path.to_owned(),
            delimiter: self.delimiter.unwrap_or_default(),
            quote: self.quote.unwrap_or_default(),
            escape: self.escape.unwrap_or_default(),
            encoding: self.encoding.clone().unwrap_or_default(),
            header: self.header.unwrap_or_default(),
            decimal: self.decimal.unwrap_or_default(),
            skip: self.skip,
            comment,
            missing: self.missing.clone(),
            missing_words: self.missing_words.unwrap_or_default(),
            quoting: self.quoting.unwrap_or_default(),
            odd_rows: self.odd_rows.unwrap_or_default(),
            footer: self.footer.unwrap_or_default(),
            types: self.types.iter().cloned().collect(),
            memory: self.memory,
            ..CsvSource::default()
        };
        settings.check().map_err(|problem| Stop::input(format!("--{problem}")))?;
        Ok(settings)
    }
}

fn delimiter(text: &str) -> Result<Delimiter, String> {
    let mut characters = text.chars();
    Ok(match text {
        "auto" => Delimiter::Auto,
        "comma" => Delimiter::Comma,
        "semicolon" => Delimiter::Semicolon,
        "tab" | "\\t" => Delimiter::Tab,
        "pipe" => Delimiter::Pipe,
        "bars" | "||" => Delimiter::Bars,
        "space" => Delimiter::Space,
        "gap" => Delimiter::Gap,
        _ => match (characters.next(), characters.next()) {
            (Some(character), None) => Delimiter::of(character),
            (Some(first), Some(second)) if first == second && text.len() == 2 => {
                Delimiter::Twice(first)
            }
            _ => {
                return Err(
                    "it must be one character, the same twice, or comma, semicolon, tab, pipe, bars, space \
                            or gap"
                        .to_owned(),
                );
            }
        },
    })
}

fn one_of<T: Copy>(text: &str, all: &[(&str, T)]) -> Result<T, String> {
    let found = all.iter().find(|(name, _)| *name == text);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        format!("it must be one of {}", names.join(", "))
    })
}

fn quote(text: &str) -> Result<Quote, String> {
    let all = [
        ("double", Quote::Double),
        ("single", Quote::Single),
        ("none", Quote::None),
        ("auto", Quote::Auto),
        ("\"", Quote::Double),
        ("'", Quote::Single),
        ("", Quote::None),
    ];
    one_of(text, &all)
}

fn escape(text: &str) -> Result<Escape, String> {
    let all = [
        ("doubled", Escape::Doubled),
        ("backslash", Escape::Backslash),
        ("auto", Escape::Auto),
        ("\\", Escape::Backslash),
    ];
    one_of(text, &all)
}

fn quoting(text: &str) -> Result<Quoting, String> {
    let all = [
        ("strict", Quoting::Strict),
        ("spaced", Quoting::Spaced),
        ("rows", Quoting::Rows),
        ("auto", Quoting::Auto),
    ];
    one_of(text, &all)
}

fn odd_rows(text: &str) -> Result<OddRows, String> {
    one_of(text, &[("mended", OddRows::Mended), ("kept", OddRows::Kept), ("auto", OddRows::Auto)])
}

fn missing_words(text: &str) -> Result<MissingWords, String> {
    let all = [
        ("usual", MissingWords::Usual),
        ("codes", MissingWords::Codes),
        ("stated", MissingWords::Stated),
        ("auto", MissingWords::Auto),
    ];
    one_of(text, &all)
}

/// The most rows that can be stated to name the columns.
const MOST_NAMES: u8 = 20;

fn header(text: &str) -> Result<Header, String> {
    let all = [
        ("present", Header::Present),
        ("absent", Header::Absent),
        ("units", Header::Units),
        ("levels", Header::Levels),
        ("auto", Header::Auto),
    ];
    match text.parse() {
        Ok(n @ 1..=MOST_NAMES) => Ok(Header::Rows(n)),
        _ => one_of(text, &all),
    }
}

fn decimal(text: &str) -> Result<DecimalSign, String> {
    let all = [
        ("point", DecimalSign::Point),
        ("comma", DecimalSign::Comma),
        ("auto", DecimalSign::Auto),
        (".", DecimalSign::Point),
        (",", DecimalSign::Comma),
    ];
    one_of(text, &all)
}

fn footer(text: &str) -> Result<Footer, String> {
    match text {
        "none" => Ok(Footer::Kept),
        "auto" => Ok(Footer::Auto),
        line => line
            .parse()
            .map(Footer::From)
            .map_err(|_| "it must be none, auto, or the number of a line".to_owned()),
    }
}

fn column_type(text: &str) -> Result<(String, ColumnType), String> {
    let all = [
        ("numeric", ColumnType::Numeric),
        ("numeric-point", ColumnType::NumericPoint),
        ("numeric-comma", ColumnType::NumericComma),
        ("nominal", ColumnType::Nominal),
        ("date", ColumnType::Date),
        ("day-first", ColumnType::DayFirst),
        ("month-first", ColumnType::MonthFirst),
        ("text", ColumnType::Text),
    ];
    let (name, kind) = text
        .rsplit_once('=')
        .ok_or("it must be the name of a column, =, and a type, such as zip=nominal")?;
    one_of(kind, &all).map(|kind| (name.to_owned(), kind))
}
