//! Separators that are rarer: other signs, two of them, blanks.

use csv::StringRecord;

use super::score::{rewritten, score, share_of_numbers};
use super::separators::{Separator, UNIT};
use super::{Dialect, MOST_ROWS};
use crate::data::csv::cells::values::Look;
use crate::data::csv::rows::records::builder;

/// Delimiters of a single character that are tried where the usual ones give no table.
const UNUSUAL: [u8; 8] = [b'^', b'~', UNIT, 0x01, b':', b'!', b'#', b'&'];

/// Signs that part fields only where they part every line alike.
const ODD: [u8; 2] = [b'@', b'*'];

/// Whether all rows have the same number of fields, at least `fewest`, and those of the first row, of
/// which there are names, are not empty.
fn is_regular(sample: &str, dialect: Dialect, fewest: usize) -> bool {
    const FEWEST_ROWS: usize = 3;
    let text = rewritten(sample, dialect);
    let mut reader = builder(dialect).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let (mut width, mut n_rows) = (0, 0);
    while n_rows < MOST_ROWS && matches!(reader.read_record(&mut record), Ok(true)) {
        n_rows += 1;
        if n_rows == 1 {
            width = record.len();
            if width < fewest || record.iter().any(|name| name.trim().is_empty()) {
                return false;
            }
        } else if record.len() != width {
            return false;
        }
    }
    n_rows >= FEWEST_ROWS
}

/// A rarer separator, where it makes a better table than `usual`.
pub(super) fn unusual(sample: &str, usual: Dialect, usual_score: f64) -> Option<Dialect> {
    let spread = |separator: Separator| Dialect { separator, ..Dialect::of(UNIT, usual.quote) };
    let n_bars = sample.matches('|').count();
    if n_bars > 0 && n_bars == 2 * sample.matches("||").count() {
        let twice = spread(Separator::Twice(b'|'));
        if usual.delimiter == b'|' || score(sample, twice) > usual_score {
            return Some(twice);
        }
    }
    let colons = spread(Separator::Twice(b':'));
    if !is_regular(sample, usual, 2) && is_regular(sample, colons, 3) {
        return Some(colons);
    }
    let lines = || sample.lines().filter(|line| !line.trim().is_empty()).take(MOST_ROWS);
    let n_single = lines().filter(|line| Look::of(line.trim()).is_number()).count();
    if n_single * 2 > lines().count() || lines().count() < 2 {
        return None;
    }
    // Words are separated by spaces too: only numbers show that they stand in columns.
    let n_spaced = lines().filter(|line| line.trim().contains([' ', '\t'])).count();
    // As many tabs in nearly every line part fields, empty ones too.
    let n_tabs = |line: &str| line.matches('\t').count();
    let first_tabs = lines().next().map_or(0, n_tabs);
    let n_alike = lines().filter(|line| n_tabs(line) == first_tabs).count();
    let n_blanks = lines().filter(|line| line.trim().contains(' ')).count();
    let parts_well =
        usual.delimiter == b'\t' && usual_score > 0.5 && n_blanks * 5 <= lines().count();
    let is_tabbed = first_tabs > 0 && n_alike * 10 >= lines().count() * 9 || parts_well;
    if n_spaced * 10 >= lines().count() * 7 && !is_tabbed {
        let usual_numbers = if usual_score > 0.5 { share_of_numbers(sample, usual) } else { 0.0 };
        for (least, enough) in [(1, 0.5), (2, 0.0)] {
            let spaces = spread(Separator::Spaces(least));
            let numbers = share_of_numbers(sample, spaces);
            let better = numbers >= enough && numbers > usual_numbers + 0.2 || usual_score <= 0.5;
            let spaces_score = score(sample, spaces);
            if better && numbers >= enough && spaces_score >= 0.85 {
                // Words with single spaces in them stand further apart.
                let gaps = spread(Separator::Spaces(2));
                return Some(if score(sample, gaps) > spaces_score { gaps } else { spaces });
            }
        }
    }
    // What parts every line alike, the first one too, comes before what needs lines left out.
    if !is_regular(sample, usual, 2) {
        let plain = UNUSUAL.iter().map(|delimiter| (Dialect::of(*delimiter, usual.quote), 2));
        let odd = ODD.iter().map(|delimiter| (Dialect::of(*delimiter, usual.quote), 3));
        let mut found = plain.chain(odd).filter(|(dialect, n)| is_regular(sample, *dialect, *n));
        if let Some((dialect, _)) = found.next() {
            return Some(dialect);
        }
    }
    if usual_score > 0.5 {
        return None;
    }
    // Times and addresses have colons too: those that part fields part the names.
    let has_colons = lines().next().is_some_and(|line| line.contains(':'));
    let tried = UNUSUAL.iter().filter(|delimiter| has_colons || **delimiter != b':');
    let tried = tried.map(|delimiter| Dialect::of(*delimiter, usual.quote));
    let scored = tried.map(|dialect| (score(sample, dialect), dialect));
    let (best, dialect) = scored.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (best >= 0.9).then_some(dialect)
}

/// Whether every second field of every row is empty, that of the names too: the delimiter stands
/// twice. Commas and semicolons do so where a spreadsheet has empty columns.
pub(super) fn is_doubled(sample: &str, dialect: Dialect) -> bool {
    if dialect.separator != Separator::One || matches!(dialect.delimiter, b',' | b';') {
        return false;
    }
    // Single colons between two are those of times.
    let twice = Separator::Twice(dialect.delimiter);
    let twice = Dialect { separator: twice, ..Dialect::of(UNIT, dialect.quote) };
    if dialect.delimiter == b':' && is_regular(sample, twice, 3) {
        return true;
    }
    let mut reader = builder(dialect).from_reader(sample.as_bytes());
    let mut record = StringRecord::new();
    let (mut n_doubled, mut n_rows) = (0, 0);
    while n_rows < MOST_ROWS && matches!(reader.read_record(&mut record), Ok(true)) {
        n_rows += 1;
        if record.len() == 1 {
            continue; // a title
        }
        n_doubled += 1;
        if record.len().is_multiple_of(2)
            || record.iter().skip(1).step_by(2).any(|cell| !cell.is_empty())
        {
            return false;
        }
    }
    n_doubled >= 2 && n_doubled * 2 > n_rows
}
