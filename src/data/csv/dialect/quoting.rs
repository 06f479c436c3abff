//! Quotes in other places than around single fields.

use csv::StringRecord;

use super::score::score;
use super::separators::Separator;
use super::{Dialect, MOST_ROWS};
use crate::data::csv::rows::odd_rows::whole_row;
use crate::data::csv::rows::records::builder;
use crate::data::csv::rows::widths::commonest;
use crate::data::{CsvSource, Quoting};

/// A dialect with quotes around whole rows or behind blanks, where that is stated or makes a better
/// table than `usual`.
pub(super) fn unusual_quoting(
    sample: &str,
    candidates: &[Dialect],
    usual: (Dialect, f64),
    settings: &CsvSource,
) -> Option<Dialect> {
    let with_quotes = candidates.iter().filter(|dialect| dialect.quote != 0);
    let best_of = |dialects: &mut dyn Iterator<Item = Dialect>| {
        let scored = dialects.map(|dialect| (score(sample, dialect), dialect));
        scored.max_by(|(a, _), (b, _)| a.total_cmp(b))
    };
    let mut wrapped = with_quotes
        .clone()
        .filter(|dialect| dialect.separator == Separator::One)
        .map(|dialect| Dialect { wrapped: true, ..*dialect });
    let mut tight = with_quotes.map(|dialect| dialect.tight());
    match settings.quoting() {
        Quoting::Rows => return best_of(&mut wrapped).map(|(_, dialect)| dialect),
        Quoting::Spaced => return best_of(&mut tight).map(|(_, dialect)| dialect),
        Quoting::Strict => return None,
        Quoting::Auto => {}
    }
    let (usual, usual_score) = usual;
    let quote = char::from(usual.quote);
    if sample.lines().take(MOST_ROWS).any(|line| line.starts_with(quote) && line.ends_with(quote)) {
        let found = best_of(&mut wrapped.filter(|dialect| is_wrapped(sample, *dialect)));
        if let Some((_, dialect)) = found.filter(|(score, _)| *score > usual_score) {
            return Some(dialect);
        }
    }
    let has_blanks = sample.contains(&format!("{} {quote}", char::from(usual.delimiter)));
    let tight = usual.tight();
    (has_blanks && usual.quote != 0 && score(sample, tight) > usual_score).then_some(tight)
}

/// Whether most rows are quoted as a whole and hold as many fields as the first row.
fn is_wrapped(sample: &str, dialect: Dialect) -> bool {
    let (mut widths, mut n_wrapped) = (Vec::new(), 0);
    let mut reader = builder(dialect).from_reader(sample.as_bytes());
    let mut record = StringRecord::new();
    while widths.len() < MOST_ROWS && matches!(reader.read_record(&mut record), Ok(true)) {
        let fields = whole_row(&record[0], dialect.delimiter, dialect.quote);
        let fields = fields.filter(|_| record.len() == 1);
        n_wrapped += usize::from(fields.is_some());
        widths.push(fields.map_or(record.len(), |fields| fields.len()));
    }
    let (width, n) = commonest(&widths);
    width > 1 && widths[0] == width && n * 10 >= widths.len() * 9 && n_wrapped * 2 > widths.len()
}
