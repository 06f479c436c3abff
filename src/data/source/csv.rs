use std::collections::BTreeMap;

use encoding_rs::{Encoding, WINDOWS_1252};
use serde::{Deserialize, Serialize};

use super::Task;
use crate::data::Table;
use crate::data::csv::{CODE_PAGES, CodePage};
use crate::data::load::hint;
use crate::settings::SettingError;

/// A CSV file and how to use it.
///
/// Whatever is left as it is by default is found out from the file; whatever is stated is obeyed.
/// [`decided`](Self::decided) states everything that was found out, so that a study says how its
/// file was read and reads it like that for ever.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CsvSource {
    /// The file, relative to the study's own.
    pub path: String,
    /// The name of the target column; empty for the last that is used and can be
    /// learnt: whose values differ and are no more than 1000 classes.
    pub target: String,
    /// Whether the target is a number or a class; by default as the column looks.
    pub task: Task,
    /// The name of a column that says how much each sample counts in the loss; empty for all alike.
    /// It is no feature. Accuracy and R² count all alike whatever the weights.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub weights: String,
    /// Columns that are left out, such as row numbers.
    pub ignore: Vec<String>,
    /// What stands between fields; found out by default.
    pub delimiter: Delimiter,
    /// Whether the first row names the columns; found out by default.
    pub header: Header,
    /// What stands around fields that hold a delimiter or a line end; found out by default.
    #[serde(skip_serializing_if = "is_default")]
    pub quote: Quote,
    /// How a quote is written inside of quotes; found out by default.
    #[serde(skip_serializing_if = "is_default")]
    pub escape: Escape,
    /// Where quotes may stand; found out by default.
    #[serde(skip_serializing_if = "is_default")]
    pub quoting: Quoting,
    /// What becomes of single rows that are written in another way than the others.
    #[serde(skip_serializing_if = "is_default")]
    pub odd_rows: OddRows,
    /// The character encoding by its name on the web, such as `"windows-1250"` or `"shift_jis"`;
    /// empty to find it out.
    #[serde(skip_serializing_if = "is_default")]
    pub encoding: String,
    /// The sign between whole and fraction; by default as each column looks.
    #[serde(skip_serializing_if = "is_default")]
    pub decimal: DecimalSign,
    /// How many lines of the file stand above the table and are left out, 0 for none; found out by
    /// default.
    #[serde(skip_serializing_if = "is_default")]
    pub skip: Option<u64>,
    /// With what lines of comment begin; found out by default.
    #[serde(skip_serializing_if = "is_default")]
    pub comment: Comment,
    /// Spellings of a missing value, beside the usual ones unless `missing_words` says otherwise, such as `"-999"`; upper and lower case
    /// differ.
    #[serde(skip_serializing_if = "is_default")]
    pub missing: Vec<String>,
    /// Which words stand for a missing value beside these and the empty cell; found out by default.
    #[serde(skip_serializing_if = "is_default")]
    pub missing_words: MissingWords,
    /// Where totals and notes below the table begin; found out by default.
    #[serde(skip_serializing_if = "is_default")]
    pub footer: Footer,
    /// Types of columns by name; the others are as they look. `"*"` stands for all that are not
    /// named.
    #[serde(skip_serializing_if = "is_default")]
    pub types: BTreeMap<String, ColumnType>,
    /// MiB (2²⁰ bytes) that the rows may take in memory, in each run that is trained; without it all
    /// are kept there. The rows of a larger table go to a temporary file and are read again in
    /// blocks as they are needed. No result depends on it. With the sampling `Blocks` training is
    /// nearly as fast as from memory; others jump about in the file, and some keep each sample's place
    /// in the order, of this memory: `WithoutReplacement` and `ClassBalanced` 4 bytes, `Stratified` 8.
    ///
    /// Beside it stay a byte for each row at most, and the different texts of each column. While samples are made, a split by a column and
    /// a stratified one of `quantile_bins` hold that column, and so do transforms and scalings that sort
    /// (medians, quantiles, `Power`): 8 to 24 bytes for each row of it.
    ///
    /// The files have no names and are gone with the program. They take 8 bytes for each cell of the
    /// table, and 8 for each feature, target and weight of each sample; experiments share them where data, split,
    /// preprocessing and seed are the same, so that every seed has its own. They are in the folder
    /// that the variable `TMPDIR` names; without it in `/var/tmp`, since `/tmp` is memory on many systems.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<u32>,
}

/// What stands in [`CsvSource::types`] for all columns that are not named.
pub(in crate::data) const LEFT: &str = "*";

pub(super) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What stands between the fields of a CSV file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Delimiter {
    /// That with which the file looks most like a table.
    #[default]
    Auto,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// The tab character.
    Tab,
    /// `|`
    Pipe,
    /// `||`
    Bars,
    /// Any number of spaces or tabs.
    Space,
    /// At least two spaces, or a tab; a single space is part of a field.
    Gap,
    /// Another single ASCII character.
    Other(char),
    /// A character twice, such as `::`; [`Bars`](Self::Bars) is that for `|`.
    Twice(char),
}

/// What stands around fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quote {
    /// As it looks.
    #[default]
    Auto,
    /// `"`
    Double,
    /// `'`
    Single,
    /// Nothing: quotes are characters like others.
    None,
}

/// How a quote is written inside of quotes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Escape {
    /// As it looks.
    #[default]
    Auto,
    /// Twice.
    Doubled,
    /// Behind a backslash.
    Backslash,
}

/// Where the quotes of a CSV file may stand.
///
/// In a source that states everything else, `Auto` is `Strict`: what plays no role is not stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quoting {
    /// As it looks.
    #[default]
    Auto,
    /// Directly at the beginning of a field: `1,"a, b",2`.
    Strict,
    /// Behind blanks too: `1, "a, b", 2`.
    Spaced,
    /// Around whole rows, inside of which those of fields are doubled: `"1,""a, b"",2"`.
    Rows,
}

/// What becomes of single rows that are written in another way than the others: quoted as a whole,
/// with another delimiter, with other quotes, with a quote too many.
///
/// In a source that states everything else, `Auto` is `Kept`: what plays no role is not stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OddRows {
    /// They are taken apart where that gives exactly the columns of the table.
    #[default]
    Auto,
    /// The same.
    Mended,
    /// They are read like the others, which mostly gives too few or too many fields.
    Kept,
}

/// Which words stand for a missing value, beside the empty cell and those of
/// [`CsvSource::missing`].
///
/// In a source that states everything else, `Auto` is `Usual`: what plays no role is not stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MissingWords {
    /// The usual ones; `NA` is Namibia where all other values of a column are codes of countries.
    #[default]
    Auto,
    /// The usual ones: `NA`, `n/a`, `NaN`, `null`, `none`, `?`, `-`, ….
    Usual,
    /// The usual ones, but for `NA` in columns of codes of countries.
    Codes,
    /// None.
    Stated,
}

/// The sign between whole and fraction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DecimalSign {
    /// As each column looks.
    #[default]
    Auto,
    /// `1.5`; a comma may part groups of digits.
    Point,
    /// `1,5`; a point may part groups of digits.
    Comma,
}

/// Whether the first row of a CSV file names the columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Header {
    /// As it looks.
    #[default]
    Auto,
    /// It does.
    Present,
    /// It is a row of data.
    Absent,
    /// It does, and a row of units or other remarks follows, which is left out.
    Units,
    /// The first two rows do: `2020` above `rain` gives `2020 rain`.
    Levels,
    /// The first so many rows do, in the same way: groups, names, and what is remarked on them.
    Rows(u8),
}

/// With what lines of comment begin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comment {
    /// As it looks above the table.
    #[default]
    Auto,
    /// There are no comments.
    None,
    /// With this, such as `"#"`.
    Mark(String),
}

/// Where totals and notes below a table begin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Footer {
    /// As it looks.
    #[default]
    Auto,
    /// All rows belong to the table.
    Kept,
    /// This line of the file and all below it are left out.
    From(u64),
}

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnType {
    /// Numbers, with the decimal sign of the file.
    Numeric,
    /// Numbers such as `1.5`, whatever the others are.
    NumericPoint,
    /// Numbers such as `1,5`, whatever the others are.
    NumericComma,
    /// Names of classes or kinds, even where they look like numbers.
    Nominal,
    /// Dates and times, as days since 1970-01-01; day or month first as it looks.
    Date,
    /// The same, with the day first: `31/12/2020`.
    DayFirst,
    /// The same, with the month first: `12/31/2020`.
    MonthFirst,
    /// Text that nothing is learnt from; it is left out.
    Text,
}

impl Delimiter {
    /// The single character; `None` where it is to be found out, or is none.
    pub fn character(self) -> Option<char> {
        match self {
            Self::Auto | Self::Bars | Self::Space | Self::Gap | Self::Twice(_) => None,
            Self::Comma => Some(','),
            Self::Semicolon => Some(';'),
            Self::Tab => Some('\t'),
            Self::Pipe => Some('|'),
            Self::Other(character) => Some(character),
        }
    }

    /// The delimiter that is this character.
    pub fn of(character: char) -> Self {
        match character {
            ',' => Self::Comma,
            ';' => Self::Semicolon,
            '\t' => Self::Tab,
            '|' => Self::Pipe,
            ' ' => Self::Space,
            other => Self::Other(other),
        }
    }
}

impl ColumnType {
    /// Its name on screen and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Numeric => "numeric",
            Self::NumericPoint => "numeric with a point",
            Self::NumericComma => "numeric with a comma",
            Self::Nominal => "nominal",
            Self::Date => "date",
            Self::DayFirst => "date, day first",
            Self::MonthFirst => "date, month first",
            Self::Text => "text",
        }
    }
}

/// An encoding of the web, or a code page of DOS in its place.
#[derive(Clone, Copy, Debug)]
pub(in crate::data) struct Charset {
    pub(in crate::data) encoding: &'static Encoding,
    pub(in crate::data) page: Option<&'static CodePage>,
}

/// The encoding that a name on the web or of DOS means.
pub(in crate::data) fn encoding_named(name: &str) -> Option<Charset> {
    let encoding = Encoding::for_label_no_replacement(name.trim().as_bytes());
    let page = if encoding.is_none() { Some(CodePage::named(name)?) } else { None };
    Some(Charset { encoding: encoding.unwrap_or(WINDOWS_1252), page })
}

/// Names of encodings that a misspelt one may have meant.
const ENCODINGS: [&str; 30] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "windows-874",
    "iso-8859-1",
    "iso-8859-2",
    "iso-8859-5",
    "iso-8859-7",
    "iso-8859-15",
    "latin1",
    "macintosh",
    "koi8-r",
    "koi8-u",
    "ibm866",
    "shift_jis",
    "euc-jp",
    "iso-2022-jp",
    "euc-kr",
    "big5",
    "gbk",
    "gb18030",
];

impl CsvSource {
    /// Where quotes may stand; `Auto` where that is to be found out.
    pub(in crate::data) fn quoting(&self) -> Quoting {
        if self.quoting == Quoting::Auto && self.is_decided() {
            Quoting::Strict
        } else {
            self.quoting
        }
    }

    /// What becomes of rows that are written in another way than the others.
    pub(in crate::data) fn odd_rows(&self) -> OddRows {
        if self.odd_rows == OddRows::Auto && self.is_decided() {
            OddRows::Kept
        } else {
            self.odd_rows
        }
    }

    /// Which words stand for a missing value; `Auto` where that is to be found out.
    pub(in crate::data) fn missing_words(&self) -> MissingWords {
        match self.missing_words {
            MissingWords::Auto if self.is_decided() => MissingWords::Usual,
            words => words,
        }
    }

    /// The type stated for a column.
    pub fn type_of(&self, column: &str) -> Option<ColumnType> {
        self.types.get(column).or_else(|| self.types.get(LEFT)).copied()
    }

    /// Whether the column is no feature: one of [`ignore`](Self::ignore), or stated to be text.
    pub fn is_left_out(&self, column: &str) -> bool {
        self.ignore.iter().any(|name| name == column)
            || self.type_of(column) == Some(ColumnType::Text)
    }

    /// The names of the columns that are no features.
    pub fn left_out(&self, table: &Table) -> Vec<String> {
        let names = table.columns.iter().map(|column| &column.name);
        names.filter(|name| self.is_left_out(name)).cloned().collect()
    }

    /// The most bytes that the rows may take in memory, where that is limited.
    pub(in crate::data) fn memory_bytes(&self) -> Option<u64> {
        self.memory.map(|mebibytes| u64::from(mebibytes) << 20)
    }

    /// Whether what is stated can be, whatever the file holds.
    ///
    /// # Errors
    /// The first setting that cannot, with what would be right.
    pub fn check(&self) -> Result<(), SettingError> {
        if let Delimiter::Other(character) | Delimiter::Twice(character) = self.delimiter
            && (!character.is_ascii()
                || character.is_ascii_alphanumeric()
                || matches!(character, '"' | '\'' | '\n' | '\r' | '\0' | ' '))
        {
            let expected = "an ASCII character that is no letter, digit, quote, space or line end";
            return Err(SettingError::new("delimiter", format!("{character:?}"), expected));
        }
        if !self.encoding.is_empty() && encoding_named(&self.encoding).is_none() {
            let hint = hint(
                &self.encoding,
                ENCODINGS.into_iter().chain(CODE_PAGES.iter().map(|page| page.name)),
            );
            let expected = format!("an encoding such as utf-8 or windows-1252{hint}");
            return Err(SettingError::new("encoding", format!("{:?}", self.encoding), expected));
        }
        if let Comment::Mark(mark) = &self.comment
            && (mark.trim().is_empty() || mark.contains(['\n', '\r']))
        {
            let expected = "signs with which comments begin, such as \"#\"";
            return Err(SettingError::new("comment", format!("{mark:?}"), expected));
        }
        if self.memory == Some(0) {
            return Err(SettingError::new("memory", 0, "a whole number of MiB, 1 or more"));
        }
        match self.footer {
            Footer::From(line) if line <= self.skip.unwrap_or(0) => {
                let expected = "a line below the beginning of the table, counted from 1";
                Err(SettingError::new("footer", line, expected))
            }
            _ => Ok(()),
        }
    }
}
