//! The dialect in which a sample looks most like a table.

use super::borders::beside_quotes;
use super::quoting::unusual_quoting;
use super::score::{rewritten, score, share_of_numbers};
use super::separators::{Separator, UNIT};
use super::unusual::{is_doubled, unusual};
use super::{DELIMITERS, Dialect};
use crate::data::{CsvSource, Escape, Quote};

/// The dialect in which `sample` looks most like a table.
/// A [`score`] tells; where all dialects score 0, the file is one column. The first of equal scores is
/// taken.
///
/// What `settings` state is not looked for.
pub(in crate::data::csv) fn detect(sample: &str, settings: &CsvSource) -> Dialect {
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

/// The score from which what stands beside quotes is believed.
const SURE: f64 = 0.5;

/// A dialect in which fields are parted by this character; by any number of them where it is a blank.
fn parted(byte: u8, quote: u8) -> Dialect {
    match byte {
        b' ' => Dialect { separator: Separator::Spaces(1), ..Dialect::of(UNIT, quote) },
        byte => Dialect::of(byte, quote),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Delimiter, Quoting};

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
