use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use super::csv::{LEFT, is_default};
use super::{
    ColumnType, Comment, CsvSource, DecimalSign, Delimiter, Escape, Footer, Header, MissingWords,
    OddRows, Quote, Quoting,
};

/// Every decision about the reading of a file, stated or found out; where a file was read, only those
/// are `Auto` that play no role: `quoting`, `odd_rows`, `missing_words`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Decisions {
    /// What stands between fields.
    pub delimiter: Delimiter,
    /// What stands around fields.
    pub quote: Quote,
    /// How a quote is written inside of quotes.
    pub escape: Escape,
    /// The character encoding by its name on the web.
    pub encoding: String,
    /// Whether the first row of the table names the columns.
    pub header: Header,
    /// The sign between whole and fraction.
    pub decimal: DecimalSign,
    /// Lines of the file above the table.
    pub skip: u64,
    /// With what lines of comment begin.
    pub comment: Comment,
    /// Spellings of a missing value beside those of `missing_words`.
    pub missing: Vec<String>,
    /// Which words stand for a missing value.
    #[serde(skip_serializing_if = "is_default")]
    pub missing_words: MissingWords,
    /// Where quotes may stand.
    #[serde(skip_serializing_if = "is_default")]
    pub quoting: Quoting,
    /// What becomes of rows that are written in another way than the others.
    #[serde(skip_serializing_if = "is_default")]
    pub odd_rows: OddRows,
    /// Whether numbers or times are read that were not always: `5-`, `1.5D+02`, `1,00,000`, `30:15:00`.
    /// It cannot be stated; the fingerprint covers it.
    #[serde(skip_serializing_if = "is_default")]
    pub recent_spellings: bool,
    /// Where what stands below the table begins.
    pub footer: Footer,
    /// The columns and their types, in the order of the file.
    pub types: Vec<(String, ColumnType)>,
}

/// The most columns whose types are stated one by one.
const MOST_NAMED: usize = 32;

impl Decisions {
    /// The decisions as text, the same for the same decisions whichever were stated and whichever
    /// found out. Fingerprints cover it: it never changes for decisions that there were before.
    pub fn text(&self) -> String {
        let mut text = String::from("decisions 1\n");
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "delimiter {:?}\nquote {:?}\nescape {:?}\nencoding {:?}\nheader {:?}\ndecimal {:?}\n\
             skip {}\ncomment {:?}\nfooter {:?}\n",
            self.delimiter,
            self.quote,
            self.escape,
            self.encoding,
            self.header,
            self.decimal,
            self.skip,
            self.comment,
            self.footer
        );
        for spelling in &self.missing {
            let _ = writeln!(text, "missing {spelling:?}");
        }
        for (name, kind) in &self.types {
            let _ = writeln!(text, "column {name:?} {kind:?}");
        }
        // Later than the others: only where they play a role.
        let Self { missing_words, quoting, odd_rows, .. } = self;
        if *missing_words != MissingWords::Auto {
            let _ = writeln!(text, "missing words {missing_words:?}");
        }
        if *quoting != Quoting::Auto {
            let _ = writeln!(text, "quoting {quoting:?}");
        }
        if *odd_rows != OddRows::Auto {
            let _ = writeln!(text, "odd rows {odd_rows:?}");
        }
        if self.recent_spellings {
            text.push_str("spellings 2\n");
        }
        text
    }

    /// The fingerprint of data: BLAKE3 (hexadecimal) over the hash of the file's bytes (as
    /// hexadecimal digits) and [`text`](Self::text).
    pub fn fingerprint(&self, bytes: &str) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(bytes.as_bytes());
        hasher.update(b"\n");
        hasher.update(self.text().as_bytes());
        hasher.finalize().to_hex().to_string()
    }

    /// The types as settings: one by one, or where there are many columns the commonest for all
    /// that are not named.
    fn stated_types(&self) -> BTreeMap<String, ColumnType> {
        let named = || self.types.iter().cloned();
        if self.types.len() <= MOST_NAMED || self.types.iter().any(|(name, _)| name == LEFT) {
            return named().collect();
        }
        let count = |kind: ColumnType| self.types.iter().filter(|(_, k)| *k == kind).count();
        let kinds = [
            ColumnType::Numeric,
            ColumnType::NumericPoint,
            ColumnType::NumericComma,
            ColumnType::Nominal,
            ColumnType::DayFirst,
            ColumnType::MonthFirst,
            ColumnType::Text,
        ];
        let Some(common) = kinds.into_iter().max_by_key(|kind| count(*kind)) else {
            return named().collect();
        };
        let mut types: BTreeMap<_, _> = named().filter(|(_, kind)| *kind != common).collect();
        types.insert(LEFT.to_owned(), common);
        types
    }
}

impl CsvSource {
    /// The same file and use of it, with every decision stated that was taken when it was read.
    /// Reading it again gives the same table and the same fingerprint.
    pub fn decided(&self, decisions: &Decisions) -> Self {
        Self {
            delimiter: decisions.delimiter,
            quote: decisions.quote,
            escape: decisions.escape,
            encoding: decisions.encoding.clone(),
            header: decisions.header,
            decimal: decisions.decimal,
            skip: Some(decisions.skip),
            comment: decisions.comment.clone(),
            missing: self.missing.clone(),
            missing_words: decisions.missing_words,
            quoting: decisions.quoting,
            odd_rows: decisions.odd_rows,
            footer: decisions.footer,
            types: decisions.stated_types(),
            path: self.path.clone(),
            target: self.target.clone(),
            task: self.task,
            weights: self.weights.clone(),
            ignore: self.ignore.clone(),
            memory: self.memory,
        }
    }

    /// The same file and use of it, with every decision to be found out again.
    pub fn undecided(&self) -> Self {
        Self {
            path: self.path.clone(),
            target: self.target.clone(),
            task: self.task,
            weights: self.weights.clone(),
            ignore: self.ignore.clone(),
            memory: self.memory,
            missing: self.missing.clone(),
            missing_words: match self.missing_words {
                // Goes with the spellings.
                MissingWords::Stated => MissingWords::Stated,
                _ => MissingWords::Auto,
            },
            ..Self::default()
        }
    }

    /// The decisions that are stated, for people: the name of the setting and its value.
    pub fn stated(&self) -> Vec<(&'static str, String)> {
        let mut all = Vec::new();
        let mut add = |name, is_stated: bool, value: String| {
            if is_stated {
                all.push((name, value));
            }
        };
        let word = |value: &dyn std::fmt::Debug| format!("{value:?}").to_lowercase();
        add("delimiter", self.delimiter != Delimiter::Auto, word(&self.delimiter));
        add("header", self.header != Header::Auto, word(&self.header));
        add("quote", self.quote != Quote::Auto, word(&self.quote));
        add("escape", self.escape != Escape::Auto, word(&self.escape));
        add("encoding", !self.encoding.is_empty(), self.encoding.clone());
        add("decimal", self.decimal != DecimalSign::Auto, word(&self.decimal));
        add("skip", self.skip.is_some(), self.skip.unwrap_or(0).to_string());
        let comment = match &self.comment {
            Comment::Mark(mark) => mark.clone(),
            other => word(other),
        };
        add("comment", self.comment != Comment::Auto, comment);
        add("missing", !self.missing.is_empty(), self.missing.join(", "));
        let words = self.missing_words;
        add("missing_words", words != MissingWords::Auto, word(&words));
        add("quoting", self.quoting != Quoting::Auto, word(&self.quoting));
        add("odd_rows", self.odd_rows != OddRows::Auto, word(&self.odd_rows));
        add("footer", self.footer != Footer::Auto, word(&self.footer));
        let types = self.types.iter().map(|(name, kind)| format!("{name}: {}", kind.name()));
        add("types", !self.types.is_empty(), types.collect::<Vec<_>>().join(", "));
        all
    }

    /// Whether every decision is stated.
    pub fn is_decided(&self) -> bool {
        self.delimiter != Delimiter::Auto
            && self.quote != Quote::Auto
            && self.escape != Escape::Auto
            && !self.encoding.is_empty()
            && self.header != Header::Auto
            && self.decimal != DecimalSign::Auto
            && self.skip.is_some()
            && self.comment != Comment::Auto
            && self.footer != Footer::Auto
            && !self.types.is_empty()
    }
}
