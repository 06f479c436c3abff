//! Which characters stand between and around fields.

use std::borrow::Cow;
use std::ops::Range;

use csv::StringRecord;

use super::borders::beside_quotes;
use super::odd_rows::whole_row;
use super::records::builder;
use super::separators::{Separator, UNIT, separated};
use super::values::Look;
use crate::data::{CsvSource, Delimiter, Escape, Quote, Quoting};

/// The characters between and around fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) delimiter: u8,
    /// 0 where there are no quotes.
    pub(super) quote: u8,
    /// Whether a backslash makes a quote inside quotes a part of the field.
    pub(super) escape: bool,
    /// How the file separates fields, where that is rewritten to `delimiter`.
    pub(super) separator: Separator,
    /// Whether rows are quoted as a whole.
    pub(super) wrapped: bool,
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
    pub(super) fn setting(&self) -> Delimiter {
        match self.separator {
            Separator::One | Separator::Tight(_) => Delimiter::of(char::from(self.delimiter)),
            Separator::Twice(b'|') => Delimiter::Bars,
            Separator::Twice(half) => Delimiter::Twice(char::from(half)),
            Separator::Spaces(1) => Delimiter::Space,
            Separator::Spaces(_) => Delimiter::Gap,
        }
    }

    /// What separates fields in the file.
    pub(super) fn separator_name(&self) -> String {
        match self.separator {
            Separator::One | Separator::Tight(_) => char::from(self.delimiter).to_string(),
            Separator::Twice(half) => char::from(half).to_string().repeat(2),
            Separator::Spaces(_) => " ".to_owned(),
        }
    }

    /// Where quotes stand, as a setting; `Auto` for the usual place, which need not be stated.
    pub(super) fn quoting(&self) -> Quoting {
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
pub(super) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The most rows that may stand above a table, and below it.
pub(super) const MOST_OUTSIDE: usize = 60;

/// The most rows looked at.
const MOST_ROWS: usize = 1000;

/// The dialect in which `sample` looks most like a table.
///
/// ```text
/// score = c² · t · b  c: share of rows of the body that have the commonest number of fields
///                     t: share of cells in which no other delimiter is left over
///                     b: 1 less a quarter of the share of rows above and below the body
/// ```
///
/// A dialect with which the commonest row has a single field scores 0; where all do, the file is
/// one column. The first of equal scores is taken.
///
/// What `settings` state is not looked for.
pub(super) fn detect(sample: &str, settings: &CsvSource) -> Dialect {
    let stated = Dialect::stated(settings.delimiter);
    let quote = match settings.quote {
        Quote::Auto | Quote::Double => b'"',
        Quote::Single => b'\'',
        Quote::None => 0,
    };
    let candidates: Vec<Dialect> = match stated {
        Some(dialect) => vec![Dialect { quote, ..dialect }],
        None => DELIMITERS.iter().map(|delimiter| Dialect::of(*delimiter, quote)).collect(),
    };
    // What stands beside quotes parts fields, whatever else is in them.
    let beside = |quote| beside_quotes(sample, quote).filter(|_| stated.is_none());
    let of_borders = match settings.quote {
        Quote::Auto => match beside(b'"') {
            None => beside(b'\'').map(|byte| parted(byte, b'\'')),
            found => found.map(|byte| parted(byte, b'"')),
        },
        Quote::None => None,
        _ => beside(quote).map(|byte| parted(byte, quote)),
    };
    let of_borders = of_borders.filter(|dialect| score(sample, *dialect) >= SURE);
    let candidates = of_borders.map_or(candidates, |dialect| vec![dialect]);
    let mut best = candidates[0];
    let mut best_score = 0.0;
    for &dialect in &candidates {
        let score = score(sample, dialect);
        // Of two that part every line alike, the one that shows numbers does so on purpose.
        let is_as_good = score > 0.0 && score >= best_score;
        if score > best_score
            || is_as_good && share_of_numbers(sample, dialect) > share_of_numbers(sample, best)
        {
            (best, best_score) = (dialect, score);
        }
    }
    if settings.quote == Quote::Auto && !sample.contains('"') && sample.contains('\'') {
        for candidate in &candidates {
            let dialect = Dialect { quote: b'\'', ..*candidate };
            let text = rewritten(sample, dialect);
            let delimiter = char::from(dialect.delimiter);
            let fields = || text.lines().flat_map(|line| line.split(delimiter));
            let n_opened = fields().filter(|field| field.starts_with('\'')).count();
            let n_closed = fields().filter(|field| field.ends_with('\'')).count();
            let score = score(sample, dialect);
            if n_opened > 0 && n_opened == n_closed && score >= best_score {
                (best, best_score) = (dialect, score);
            }
        }
    }
    if let Some(dialect) = unusual_quoting(sample, &candidates, (best, best_score), settings) {
        best = dialect;
    } else if stated.is_none() && of_borders.is_none() {
        best = unusual(sample, best, best_score).unwrap_or(best);
    }
    if stated.is_none() && is_doubled(sample, best) {
        best.separator = Separator::Twice(best.delimiter);
        best.delimiter = UNIT;
    }
    best.escape = match settings.escape {
        Escape::Auto => escapes(sample, best),
        Escape::Doubled => false,
        Escape::Backslash => true,
    };
    best
}

/// A dialect with quotes around whole rows or behind blanks, where that is stated or makes a better
/// table than `usual`.
fn unusual_quoting(
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

/// Whether every second field of every row is empty, that of the names too: the delimiter stands
/// twice. Commas and semicolons do so where a spreadsheet has empty columns.
fn is_doubled(sample: &str, dialect: Dialect) -> bool {
    if dialect.separator != Separator::One || matches!(dialect.delimiter, b',' | b';') {
        return false;
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

/// The score from which what stands beside quotes is believed.
const SURE: f64 = 0.5;

/// A dialect in which fields are parted by this character; by any number of them where it is a blank.
fn parted(byte: u8, quote: u8) -> Dialect {
    match byte {
        b' ' => Dialect { separator: Separator::Spaces(1), ..Dialect::of(UNIT, quote) },
        byte => Dialect::of(byte, quote),
    }
}

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
fn unusual(sample: &str, usual: Dialect, usual_score: f64) -> Option<Dialect> {
    let spread = |separator: Separator| Dialect { separator, ..Dialect::of(UNIT, usual.quote) };
    let n_bars = sample.matches('|').count();
    if n_bars > 0 && n_bars == 2 * sample.matches("||").count() {
        let twice = spread(Separator::Twice(b'|'));
        if usual.delimiter == b'|' || score(sample, twice) > usual_score {
            return Some(twice);
        }
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
    let is_tabbed = first_tabs > 0 && n_alike * 10 >= lines().count() * 9;
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
    let tried = UNUSUAL.iter().map(|delimiter| Dialect::of(*delimiter, usual.quote));
    let scored = tried.map(|dialect| (score(sample, dialect), dialect));
    let (best, dialect) = scored.max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (best >= 0.9).then_some(dialect)
}

/// Whether quotes inside of quotes are marked with a backslash.
fn escapes(sample: &str, dialect: Dialect) -> bool {
    let quote = char::from(dialect.quote);
    let mut rest = sample;
    while let Some(at) = rest.find(['\\', '\n']).filter(|_| sample.contains('\\')) {
        let mut after = rest[at + 1..].chars();
        if rest[at..].starts_with('\\')
            && after.next() == Some(quote)
            && after.next().is_some_and(|next| {
                !(next == '\n' || next == char::from(dialect.delimiter) || next == quote)
            })
        {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}

/// The share of cells below the first row that are numbers.
fn share_of_numbers(sample: &str, dialect: Dialect) -> f64 {
    let text = separated(sample, dialect.separator, dialect.quote);
    let mut reader = builder(dialect).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let (mut n_cells, mut n_numbers, mut n_rows) = (0usize, 0usize, 0usize);
    while n_rows < MOST_ROWS && matches!(reader.read_record(&mut record), Ok(true)) {
        n_rows += 1;
        if n_rows == 1 {
            continue; // probably names
        }
        n_cells += record.len();
        n_numbers += record.iter().filter(|cell| Look::of(cell.trim()).is_number()).count();
    }
    n_numbers as f64 / n_cells.max(1) as f64
}

/// The sample with longer separators rewritten.
fn rewritten(sample: &str, dialect: Dialect) -> Cow<'_, str> {
    match dialect.separator {
        Separator::One => Cow::Borrowed(sample),
        separator => Cow::Owned(separated(sample, separator, dialect.quote)),
    }
}

fn score(sample: &str, dialect: Dialect) -> f64 {
    let text = rewritten(sample, dialect);
    let mut reader = builder(dialect).from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut widths = Vec::new();
    let (mut n_cells, mut n_clean) = (0usize, 0usize);
    while widths.len() < MOST_ROWS && matches!(reader.read_record(&mut record), Ok(true)) {
        if dialect.wrapped
            && record.len() == 1
            && let Some(fields) = whole_row(&record[0], dialect.delimiter, dialect.quote)
        {
            record = fields.into();
        }
        widths.push(record.len());
        n_cells += record.len();
        n_clean += record.iter().filter(|cell| is_clean(cell.trim(), dialect)).count();
    }
    let (width, body) = body(&widths);
    if width < 2 {
        return 0.0;
    }
    let n_rows = widths[body.clone()].iter().filter(|other| **other == width).count();
    let consistency = n_rows as f64 / body.len() as f64;
    let outside = 1.0 - body.len() as f64 / widths.len() as f64;
    let clean = n_clean as f64 / n_cells as f64;
    consistency * consistency * clean * (1.0 - 0.25 * outside)
}

fn is_clean(cell: &str, dialect: Dialect) -> bool {
    let has_other =
        cell.bytes().any(|byte| DELIMITERS.contains(&byte) && byte != dialect.delimiter);
    !has_other || Look::of(cell).is_number()
}

/// The commonest number and how often it occurs; the larger of equally common ones.
pub(super) fn commonest(widths: &[usize]) -> (usize, usize) {
    let mut sorted = widths.to_vec();
    sorted.sort_unstable();
    let groups = sorted.chunk_by(|a, b| a == b);
    groups.map(|group| (group[0], group.len())).max_by_key(|(_, n)| *n).unwrap_or((0, 0))
}

/// The number of fields of most rows, and the rows from the first to the last that have it.
///
/// A few rows above or below a table do not make it ragged; where more than [`MOST_OUTSIDE`] do not
/// fit on a side, they belong to it. Where there are more such rows than rows of the table, the
/// latter are those of one width that take most of the second half.
pub(super) fn body(widths: &[usize]) -> (usize, Range<usize>) {
    let (mut width, n_rows) = commonest(widths);
    let half = &widths[widths.len() / 2..];
    let (late, n_late) = commonest(half);
    if late > width && n_late * 2 > half.len() && n_late >= 2 && n_rows <= MOST_OUTSIDE {
        width = late;
    }
    let first = widths.iter().position(|other| *other == width).unwrap_or(0);
    let last = widths.iter().rposition(|other| *other == width).unwrap_or(0);
    let start = if first <= MOST_OUTSIDE { first } else { 0 };
    let end = if last + MOST_OUTSIDE >= widths.len() { last + 1 } else { widths.len() };
    (width, start..end.min(widths.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(sample: &str) -> Dialect {
        super::detect(sample, &CsvSource::default())
    }

    fn delimiter(sample: &str) -> char {
        char::from(detect(sample).delimiter)
    }

    #[test]
    fn delimiters_are_told_apart() {
        assert_eq!(delimiter("a,b\n1,2\n"), ',');
        assert_eq!(delimiter("a;b\n1;2\n"), ';');
        assert_eq!(delimiter("a\tb\n1\t2\n"), '\t');
        assert_eq!(delimiter("a|b\n1|2\n"), '|');
    }

    #[test]
    fn decimal_commas_are_not_delimiters() {
        assert_eq!(delimiter("x;y\n1,5;2,5\n3,25;4,75\n"), ';');
        assert_eq!(delimiter("x\ty\n1,5\t2,5\n3,25\t4,75\n"), '\t');
    }

    #[test]
    fn delimiters_in_quotes_do_not_count() {
        assert_eq!(delimiter("name,n\n\"a;b;c\",1\n\"d;e;f\",2\n"), ',');
        assert_eq!(delimiter("name;n\n\"a, b\";1\n\"c, d\";2\n"), ';');
    }

    #[test]
    fn single_quotes_are_recognised_and_apostrophes_are_not() {
        assert_eq!(detect("a,b\n'x, y',1\n'z, w',2\n").quote, b'\'');
        assert_eq!(detect("a,b\nit's,1\nthat's,2\n").quote, b'"');
    }

    #[test]
    fn rows_outside_the_table_do_not_hide_it() {
        assert_eq!(
            delimiter("Title, of a table\nBy: me\nDate: 1, 2 or 3\n\na;b;c\n1;2;3\n4;5;6\n"),
            ';'
        );
        assert_eq!(body(&[1, 1, 2, 1, 1, 1, 4, 4, 4, 4, 4, 1, 1]), (4, 6..11));
        assert_eq!(body(&[2, 2, 3, 1, 2]), (2, 0..5));
        assert_eq!(body(&[[2; 90], [3; 90]].concat()).0, 3, "the larger of equally common ones");
    }

    #[test]
    fn rarer_separators_are_found() {
        let found = |sample: &str| detect(sample).separator_name();
        assert_eq!(found("a||b||c\n1||2||3\n4||||6\n"), "||");
        assert_eq!(found("a b c\n1 2 3\n4 5 6\n"), " ");
        assert_eq!(found("x     y    z\n1.5   2,  3\n10.5  20  30\n"), " ");
        assert_eq!(found("town       people\nNew York   8\nRio        6\n"), " ");
        assert_eq!(found("a^b\n1^2\n3^4\n"), "^");
        assert_eq!(found("a~b~c\n1~2~x\n3~4~y\n"), "~");
        assert_eq!(found("a:b:c\n1:2:x\n3:4:y\n"), ":");
        assert_eq!(found("x y\n1,5 2,5\n3,5 4,5\n5,5 6,5\n"), " ");
        assert_eq!(found("1,5 2,5\n3,5 4,5\n5,5 6,5\n"), " ");
    }

    #[test]
    fn words_times_and_grouped_numbers_are_no_columns() {
        for sample in [
            "town\nNew York\nLos Angeles\nSan Jose\n",
            "when\n2020-01-01 12:30\n2020-01-02 13:30\n",
            "time\n12:30:15\n13:30:15\n",
            "n\n1 200\n3 400\n",
            "date,town\n2020-01-01,New York\n2020-01-02,Los Angeles\n",
        ] {
            assert_eq!(detect(sample).separator_name(), ",", "{sample}");
        }
    }

    #[test]
    fn backslashes_before_quotes() {
        assert!(detect("a,b\n\"say \\\"hi\\\"\",1\n").escape);
        assert!(!detect("a,b\n\"C:\\dir\\\",1\n").escape);
    }

    #[test]
    fn quotes_stand_around_rows_or_behind_blanks() {
        let quoting = |sample: &str| detect(sample).quoting();
        assert_eq!(quoting("\"a,b\"\n\"1,\"\"x, y\"\"\"\n\"2,z\"\n"), Quoting::Rows);
        assert_eq!(quoting("a,b,c\n\"1,2,3\"\n\"4,5,6\"\n"), Quoting::Rows);
        assert_eq!(quoting("name\n\"Smith, John\"\n\"Doe, Jane\"\n"), Quoting::Auto);
        assert_eq!(
            quoting("\"City, Country\"\n\"Rome, Italy\"\n\"Bonn, Germany\"\n"),
            Quoting::Auto
        );
        assert_eq!(quoting("a, b, c\n0, \"x, y\", 3\n1, \"z, u\", 3\n"), Quoting::Spaced);
        assert_eq!(quoting("a, b, c\n0, \"x\", 3\n1, \"z\", 3\n"), Quoting::Auto);
    }

    #[test]
    fn tabs_part_empty_columns() {
        let found = |sample: &str| detect(sample).separator_name();
        assert_eq!(found("a\tb\tc\n1\t\t3\n4\t\t6\n"), "\t");
        assert_eq!(
            found("town  code   n\nNew York  a b   1\nSan Jose  c d   2\nRome  e   3\n"),
            " "
        );
        assert_eq!(
            detect("town  code   n\nNew York  a b   1\nSan Jose  c d   2\nRome  e   3\n").setting(),
            Delimiter::Gap
        );
    }

    #[test]
    fn one_column_is_no_table_of_letters() {
        assert_eq!(delimiter("height\n1.5\n1.6\n"), ',');
    }
}
