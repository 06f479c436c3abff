//! What becomes of each row below the names: it is read, or left out for a reason.

use csv::StringRecord;

use super::shape::Shape;

/// What becomes of a row that has another number of fields than the table has columns.
#[derive(Clone, Copy)]
pub(in crate::data::csv) enum Fate {
    Fits,
    Padded(usize),
    /// More fields than the others have, and nothing in them.
    Surplus(usize),
    TooLong,
    Blank,
    Comment,
    /// The row of names once more.
    Names,
}

/// The fate of a row of `n` fields.
pub(in crate::data::csv) fn fate<'a>(
    n: usize,
    field: impl Fn(usize) -> &'a str,
    shape: &Shape,
) -> Fate {
    let width = shape.width;
    if shape.comment.as_ref().is_some_and(|mark| field(0).starts_with(mark)) {
        Fate::Comment
    } else if n == width && width > 1 && (0..n).all(|j| field(j).is_empty()) {
        Fate::Blank
    } else if n == width && shape.is_names_again(n, &field) {
        Fate::Names
    } else if n == width {
        Fate::Fits
    } else if n == 1 && field(0).trim().is_empty() {
        Fate::Blank
    } else if n < width {
        Fate::Padded(width - n)
    } else if (width..n).all(|j| field(j).trim().is_empty()) {
        if n <= shape.usual_width { Fate::Fits } else { Fate::Surplus(n - width) }
    } else {
        Fate::TooLong
    }
}

pub(in crate::data::csv) fn fate_of(record: &StringRecord, shape: &Shape) -> Fate {
    fate(record.len(), |j| &record[j], shape)
}

impl Fate {
    pub(in crate::data::csv) fn is_read(self) -> bool {
        matches!(self, Self::Fits | Self::Padded(_) | Self::Surplus(_))
    }

    /// What is done about a row that is read all the same.
    pub(in crate::data::csv) fn repair(self, width: usize) -> Option<String> {
        match self {
            Self::Padded(n) => {
                let values = if n == 1 { "value" } else { "values" };
                Some(format!("{} of {width} fields; the last {n} {values} made missing", width - n))
            }
            Self::Surplus(n) => {
                let empty = if n == 1 { "1 is" } else { &format!("{n} are") };
                Some(format!(
                    "{} fields instead of {width}; the last {empty} empty and left out",
                    width + n
                ))
            }
            _ => None,
        }
    }

    /// Why a row of `n` fields is left out.
    pub(in crate::data::csv) fn reason(self, n: usize, first: &str, width: usize) -> String {
        match (self, n) {
            (Self::Names, _) => "the names of the columns again".to_owned(),
            (Self::Blank, 2..) => "nothing but separators".to_owned(),
            (Self::Comment, _) => {
                let comment: String = first.trim().chars().take(40).collect();
                format!("a comment: `{comment}`")
            }
            (_, 1) => "nothing but spaces".to_owned(),
            (_, n) => format!("{n} fields instead of {width}"),
        }
    }
}
