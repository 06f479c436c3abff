//! What stands between and around fields: delimiter, quotes, and how both are told from a sample of the
//! text.

mod borders;
pub(super) mod detection;
mod quoting;
mod score;
pub(super) mod separators;
mod unusual;

use crate::data::{Delimiter, Escape, Quote, Quoting};
use separators::{Separator, UNIT};

/// The characters between and around fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data::csv) struct Dialect {
    pub(in crate::data::csv) delimiter: u8,
    /// 0 where there are no quotes.
    pub(in crate::data::csv) quote: u8,
    /// Whether a backslash makes a quote inside quotes a part of the field.
    pub(in crate::data::csv) escape: bool,
    /// How the file separates fields, where that is rewritten to `delimiter`.
    pub(in crate::data::csv) separator: Separator,
    /// Whether rows are quoted as a whole.
    pub(in crate::data::csv) wrapped: bool,
}

impl Dialect {
    fn of(delimiter: u8, quote: u8) -> Self {
        Self { delimiter, quote, escape: false, separator: Separator::One, wrapped: false }
    }

    /// A dialect that is stated, with double quotes.
    fn stated(delimiter: Delimiter) -> Option<Self> {
        let spread = |separator| Some(Self { separator, ..Self::of(UNIT, b'"') });
        match delimiter {
            Delimiter::Auto => None,
            Delimiter::Bars => spread(Separator::Twice(b'|')),
            Delimiter::Space => spread(Separator::Spaces(1)),
            Delimiter::Gap => spread(Separator::Spaces(2)),
            Delimiter::Twice(character) => {
                u8::try_from(character).ok().and_then(|half| spread(Separator::Twice(half)))
            }
            single => {
                let byte = single.character().and_then(|character| u8::try_from(character).ok());
                byte.map(|byte| Self::of(byte, b'"'))
            }
        }
    }

    /// The delimiter as a setting.
    pub(in crate::data::csv) fn setting(&self) -> Delimiter {
        match self.separator {
            Separator::One | Separator::Tight(_) => Delimiter::of(char::from(self.delimiter)),
            Separator::Twice(b'|') => Delimiter::Bars,
            Separator::Twice(half) => Delimiter::Twice(char::from(half)),
            Separator::Spaces(1) => Delimiter::Space,
            Separator::Spaces(_) => Delimiter::Gap,
        }
    }

    /// The quotes as a setting.
    pub(in crate::data::csv) fn quote_setting(&self) -> Quote {
        match self.quote {
            0 => Quote::None,
            b'\'' => Quote::Single,
            _ => Quote::Double,
        }
    }

    /// How a quote is written inside of quotes, as a setting.
    pub(in crate::data::csv) fn escape_setting(&self) -> Escape {
        if self.escape { Escape::Backslash } else { Escape::Doubled }
    }

    /// What separates fields in the file.
    pub(in crate::data::csv) fn separator_name(&self) -> String {
        match self.separator {
            Separator::One | Separator::Tight(_) => char::from(self.delimiter).to_string(),
            Separator::Twice(half) => char::from(half).to_string().repeat(2),
            Separator::Spaces(_) => " ".to_owned(),
        }
    }

    /// Where quotes stand, as a setting; `Auto` for the usual place, which need not be stated.
    pub(in crate::data::csv) fn quoting(&self) -> Quoting {
        match self.separator {
            _ if self.wrapped => Quoting::Rows,
            Separator::Tight(_) => Quoting::Spaced,
            _ => Quoting::Auto,
        }
    }

    /// The same with quotes behind blanks.
    fn tight(self) -> Self {
        match self.separator {
            Separator::One => Self { separator: Separator::Tight(self.delimiter), ..self },
            _ => self,
        }
    }
}

/// Delimiters that are recognised, the likelier first.
pub(in crate::data::csv) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The most rows looked at.
const MOST_ROWS: usize = 1000;
