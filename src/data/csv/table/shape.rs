//! Where the table begins, whether it has a header, and how many columns there are.

use super::header::{are_names, comment_names, header_rows, spelled, votes};
use super::names::{joined, one_line, unique};
use super::preamble::{counts_above, n_before, table_above};
use super::row_names::has_row_names;
use crate::data::csv::MOST_OUTSIDE;
use crate::data::csv::cells::values::Look;
use crate::data::csv::rows::widths::{body, commonest, n_single};
use crate::data::{Comment, CsvSource, Header};

/// The outline of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::data::csv) struct Shape {
    /// Rows that were found to stand above the table: line and first words. Its rows are read without.
    pub(in crate::data::csv) before: Vec<(u64, String)>,
    /// The sign with which comments between the rows begin.
    pub(in crate::data::csv) comment: Option<String>,
    /// Whether a row of names follows them.
    pub(in crate::data::csv) header: bool,
    /// The same, with what else stands between the names and the rows of data.
    pub(in crate::data::csv) header_rows: Header,
    /// A row of units or other remarks below the names: line and first words.
    pub(in crate::data::csv) units: Option<(u64, String)>,
    /// How many lines of the file stand above the names, or above the first row where there are none.
    pub(in crate::data::csv) n_lines_above: u64,
    /// Number of columns.
    pub(in crate::data::csv) width: usize,
    /// How many fields rows may have without a word: those behind the columns are empty.
    pub(in crate::data::csv) usual_width: usize,
    /// The names, made unique.
    pub(in crate::data::csv) names: Vec<String>,
    /// The row of names as it is written, where there is one.
    pub(in crate::data::csv) written_names: Vec<String>,
    /// Remarks on header and names.
    pub(in crate::data::csv) warnings: Vec<String>,
}

impl Shape {
    /// How many rows of the table stand in front of the first one of data.
    pub(in crate::data::csv) fn n_leading(&self) -> usize {
        match self.header_rows {
            Header::Auto | Header::Absent => 0,
            Header::Present => 1,
            Header::Units | Header::Levels => 2,
            Header::Rows(n) => usize::from(n),
        }
    }

    /// Whether a row of `n` fields is that of the names once more.
    pub(in crate::data::csv) fn is_names_again<'a>(
        &self,
        n: usize,
        field: impl Fn(usize) -> &'a str,
    ) -> bool {
        let names = &self.written_names;
        n > 1 && names.len() == n && names.iter().enumerate().all(|(j, name)| field(j) == name)
    }
}

/// With what comments begin.
const COMMENT_MARKS: [&str; 3] = ["#", "%", "//"];

/// A row of the sample: its line and its fields.
pub(in crate::data::csv) type SampleRow = (u64, Vec<String>);

/// Finds the outline from the first rows of a file, and from the lines above them that are left out
/// because that was stated.
pub(in crate::data::csv) fn detect(
    rows: &[SampleRow],
    settings: &CsvSource,
    above: &[(u64, String)],
) -> Shape {
    let header = settings.header;
    let n_before = match (settings.skip, &settings.comment) {
        (None, _) => {
            let n_comments = n_comments(rows);
            let rows = &rows[n_comments..];
            let widths: Vec<usize> = rows.iter().map(|(_, fields)| fields.len()).collect();
            let (common, _) = body(&widths);
            let n_before = match counts_above(rows, common) {
                true => 1,
                false => n_before(rows, common, header),
            };
            n_comments + table_above(rows, n_before).unwrap_or(n_before)
        }
        // Where the header is stated too, the names are what follows, even behind such a mark.
        (Some(_), Comment::Mark(mark)) if header == Header::Auto => {
            rows.iter().take_while(|row| starts(row, mark)).count()
        }
        (Some(_), _) => 0,
    };
    let (before, rest) = rows.split_at(n_before);
    let mut shape = Shape { before: before.iter().map(in_short).collect(), ..Shape::default() };
    shape.n_lines_above = rest.first().map_or(0, |(line, _)| line - 1);
    shape.comment = match &settings.comment {
        Comment::None => None,
        Comment::Mark(mark) => Some(mark.clone()),
        Comment::Auto => found_mark(before, above, rest),
    };
    let Some(((line, first), data)) = rest.split_first() else {
        return shape;
    };
    let alike = above_gap(data);
    shape.header_rows = match header {
        Header::Auto if comment_names(first, alike).is_some() => Header::Present,
        Header::Auto => header_rows(first, alike),
        stated => stated,
    };
    shape.header = shape.header_rows != Header::Absent;
    let (names_rows, data) = rest.split_at(shape.n_leading().min(rest.len()));
    shape.units = match (shape.header_rows, names_rows) {
        (Header::Units, [_, row]) => Some(in_short(row)),
        _ => None,
    };
    let common = width(if shape.header { Some(first) } else { None }, data);
    if !shape.header {
        (shape.width, shape.usual_width) = (common, common);
        shape.names = (1..=common).map(|number| format!("column {number}")).collect();
        return shape;
    }
    let mut names = match shape.header_rows {
        Header::Levels | Header::Rows(_) => {
            let levels: Vec<&[String]> = names_rows.iter().map(|row| row.1.as_slice()).collect();
            joined(&levels)
        }
        _ => first.iter().map(|name| one_line(name)).collect(),
    };
    if let Header::Rows(n) = shape.header_rows {
        shape.warnings.push(format!("the names of the columns are joined from the first {n} rows"));
    } else if first.iter().any(|name| Look::of(name.trim()) == Look::Text) {
        shape.written_names.clone_from(first);
    }
    if let Some(mark) = comment_mark(first) {
        if let Some(words) = spelled(first, mark, common) {
            shape.warnings.push(format!("the columns are named by the comment on line {line}"));
            names = words;
        } else if let Some(name) = names.first_mut()
            && name.len() > mark.len()
        {
            *name = name.trim_start_matches(mark).trim().to_owned();
        }
    }
    // A study from before names of rows were looked for states the type of the column without a name.
    let unnamed = format!("column {common}");
    let is_last_unnamed = settings.types.contains_key(&unnamed) && !names.contains(&unnamed);
    fit(&mut names, common, (*line, data), is_last_unnamed, &mut shape.warnings);
    shape.width = names.len();
    shape.usual_width = shape.width.max(common);
    shape.names = unique(names, &mut shape.warnings);
    shape
}

/// The rows above the first one of nothing but separators, if they are enough to show what the columns
/// hold: another table may follow it.
fn above_gap(data: &[SampleRow]) -> &[SampleRow] {
    const FEWEST: usize = 5;
    let end = data.iter().position(|(_, fields)| n_used(fields) == 0);
    &data[..end.filter(|end| *end >= FEWEST).unwrap_or(data.len())]
}

/// The number of columns: that of most rows of data, or that of the header where as many rows have
/// it, or where they are a table that another, wider one follows.
fn width(header: Option<&Vec<String>>, data: &[SampleRow]) -> usize {
    let widths: Vec<usize> = data.iter().map(|(_, fields)| fields.len()).collect();
    // Below names, rows whose last cells are left out may come first.
    let below = n_single(&widths).map(|n| commonest(&widths[n..]).0);
    let of_names = below.filter(|width| header.is_some_and(|first| first.len() == *width));
    let common = of_names.unwrap_or_else(|| body(&widths).0);
    let count = |n: usize| widths.iter().filter(|width| **width == n).count();
    let Some(first) = header.filter(|first| first.len() != common) else { return common };
    let own = first.len();
    let end = widths.iter().position(|width| *width > own).unwrap_or(data.len());
    let is_other = own >= 3
        && (2..=MOST_OUTSIDE).contains(&count(own))
        && data.get(end..).and_then(<[SampleRow]>::split_first).is_some_and(
            |((_, names), rest)| {
                are_names(names, rest) && names.len() == common && votes(names, rest) > 0
            },
        );
    if count(own) == count(common) || is_other { own } else { common }
}

/// Makes as many names as there are columns: `common`, unless there are more names that could be of
/// a column. The names stand on `line`.
fn fit(
    names: &mut Vec<String>,
    common: usize,
    (line, data): (u64, &[SampleRow]),
    is_last_unnamed: bool,
    warnings: &mut Vec<String>,
) {
    while names.len() > common.max(1) && names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    let n_named = names.iter().filter(|name| !name.is_empty()).count();
    let are_wide = data.iter().any(|(_, fields)| fields.len() > common);
    if names.len() > common && n_named == common && common > 1 && !are_wide {
        let gap = names.iter().position(String::is_empty).map_or(0, |gap| gap + 1);
        warnings.push(format!(
            "the header on line {line} has {} fields, but the rows have {common}; field {gap} of it, which is empty, is left out",
            names.len()
        ));
        names.retain(|name| !name.is_empty());
    }
    if common == names.len() + 1 && !is_last_unnamed && has_row_names(names.len(), data) {
        let is_counted = data.iter().zip(1u64..).all(|((_, fields), number)| {
            fields.first().is_some_and(|field| field.trim() == number.to_string())
        });
        warnings.push(match is_counted {
            true => "the first column, which counts the rows, has no name".to_owned(),
            false => format!(
                "the header on line {line} is one name short; the first column, which names the rows, has none"
            ),
        });
        let is_free = !names.iter().any(|name| name == "row");
        names.insert(0, if is_free { "row".to_owned() } else { String::new() });
    }
    if common > names.len() {
        let extra_is_used = data.iter().any(|(_, fields)| {
            fields.len() == common
                && fields[names.len()..].iter().any(|cell| !cell.trim().is_empty())
        });
        if extra_is_used {
            warnings.push(format!(
                "the header names {} columns, but most rows have {common}; the others are numbered",
                names.len()
            ));
            names.resize(common, String::new());
        } else {
            let left_out = match common - names.len() {
                1 => "the last, which is empty, is left out",
                _ => "those behind, which are empty, are left out",
            };
            warnings.push(format!(
                "the header names {} columns, but most rows have {common} fields; {left_out}",
                names.len()
            ));
        }
    }
}

/// How many rows begin a file with comments or with prose, where they are more than stand above a table
/// otherwise; the last of them are left to be looked at.
pub(in crate::data::csv) fn n_comments(rows: &[SampleRow]) -> usize {
    const LEFT: usize = 10;
    let n = rows.iter().take_while(|(_, fields)| comment_mark(fields).is_some()).count();
    let n = n.max(n_prose(rows));
    if n > MOST_OUTSIDE && n < rows.len() { n - LEFT } else { 0 }
}

/// How many rows below prose are looked at.
pub(in crate::data::csv) const MOST_BELOW: usize = 10;

/// How many rows of prose begin a file, if they are more than stand above a table otherwise.
fn n_prose(rows: &[SampleRow]) -> usize {
    let widths: Vec<usize> = rows.iter().map(|(_, fields)| fields.len()).collect();
    n_single(&widths).filter(|n| is_prose(rows.split_at(*n))).unwrap_or(0)
}

/// Whether rows of a single field are prose above a table and no values of a column: text, of which
/// most are sentences, or below which names of columns stand.
pub(in crate::data::csv) fn is_prose((above, below): (&[SampleRow], &[SampleRow])) -> bool {
    const FEWEST_WORDS: usize = 3;
    let look = |cell: &String| Look::of(cell.trim());
    let is_text = |(_, fields): &SampleRow| matches!(look(&fields[0]), Look::Text | Look::Missing);
    let is_sentence =
        |(_, fields): &&SampleRow| fields[0].split_whitespace().count() >= FEWEST_WORDS;
    let are_sentences = || above.iter().filter(is_sentence).count() * 2 > above.len();
    let are_named = || {
        let Some(((_, names), rows)) = below.split_first() else { return false };
        let is_number = |cell: Option<&String>| cell.is_some_and(|cell| look(cell).is_number());
        let is_numeric =
            |j| rows.iter().take(MOST_BELOW - 1).all(|(_, fields)| is_number(fields.get(j)));
        names.iter().all(|name| look(name) == Look::Text) && (0..names.len()).any(is_numeric)
    };
    above.iter().all(is_text) && (are_sentences() || are_named())
}

/// How many fields are not empty.
pub(in crate::data::csv) fn n_used(fields: &[String]) -> usize {
    fields.iter().filter(|field| !field.trim().is_empty()).count()
}

/// The sign with which a comment begins, if the row does.
pub(super) fn comment_mark(fields: &[String]) -> Option<&'static str> {
    comment_mark_of(fields.first()?)
}

/// The sign with which a comment begins, if the text does.
pub(in crate::data::csv) fn comment_mark_of(text: &str) -> Option<&'static str> {
    let first = text.trim_start();
    COMMENT_MARKS.into_iter().find(|mark| first.starts_with(mark))
}

/// Whether a row begins with `mark`.
fn starts((_, fields): &SampleRow, mark: &str) -> bool {
    fields.first().is_some_and(|first| first.starts_with(mark))
}

/// The sign with which comments begin that stand above the table or, where other rows of the
/// table never begin with it, between its rows.
fn found_mark(before: &[SampleRow], above: &[(u64, String)], rest: &[SampleRow]) -> Option<String> {
    let above = above.iter().find_map(|(_, text)| comment_mark_of(text));
    let mark = before.iter().find_map(|(_, fields)| comment_mark(fields)).or(above);
    if let Some(mark) = mark {
        let n = rest.iter().filter(|row| starts(row, mark)).count();
        return (n * 2 <= rest.len()).then(|| mark.to_owned());
    }
    let (_, table) = rest.split_first()?;
    let widths: Vec<usize> = table.iter().map(|(_, fields)| fields.len()).collect();
    let (common, _) = body(&widths);
    let short = |row: &&SampleRow| row.1.len() < common;
    let mark = table.iter().filter(short).find_map(|(_, fields)| comment_mark(fields))?;
    let mut marked = table.iter().filter(|row| starts(row, mark));
    let n = marked.clone().count();
    (marked.all(|row| row.1.len() != common) && n * 5 <= table.len()).then(|| mark.to_owned())
}

/// The line of a row and its first words.
pub(in crate::data::csv) fn in_short((line, fields): &SampleRow) -> (u64, String) {
    let used: Vec<&str> = fields.iter().map(|f| f.trim()).filter(|f| !f.is_empty()).collect();
    (*line, used.join(" ").chars().take(40).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Shape {
        let rows: Vec<SampleRow> = text
            .lines()
            .zip(1..)
            .map(|(line, number)| (number, line.split(',').map(str::to_owned).collect()))
            .collect();
        detect(&rows, &CsvSource::default(), &[])
    }

    #[test]
    fn headers_are_recognised() {
        assert!(shape("x,y\n1,2\n3,4").header);
        assert!(!shape("1,2\n3,4\n5,6").header);
        assert!(!shape("5.1,setosa\n4.9,setosa\n6.2,virginica").header);
        assert!(shape("colour,size\nred,large\nblue,small\nred,small\nblue,large").header);
        assert!(!shape("red,large\nblue,small\nred,small\nblue,large").header);
        assert!(shape("name,city\nAnn,Rome").header);
        assert!(shape(",x\n1,2.5\n2,3.5").header);
    }

    #[test]
    fn titles_above_the_table_are_passed_over() {
        let shape = shape("Measurements of 1998\n# by hand\nx,y,z\n1,2,3\n4,5,6\n7,8,9");
        assert_eq!(shape.before.len(), 2);
        assert_eq!(shape.before[1], (2, "# by hand".to_owned()));
        assert_eq!(shape.names, ["x", "y", "z"]);
    }

    fn n_before(text: &str) -> usize {
        shape(text).before.len()
    }

    #[test]
    fn metadata_and_comments_stand_above_the_table() {
        assert_eq!(n_before("Station,Berlin\nDate,2020\n,,\nx,y,z\n1,2,3\n4,5,6\n7,8,9"), 3);
        assert_eq!(n_before("A title,,\n,,\nx,y,z\n1,2,3\n4,5,6\n7,8,9"), 2);
        assert_eq!(n_before("# a, b\n// c\n% d\nx,y\n1,2\n4,5\n7,8"), 3);
        assert_eq!(n_before("# one\nx\n1\n2\n3"), 1);
        let named = shape("# by hand\n# x,y\n1,2\n4,5\n7,8");
        assert_eq!((named.before.len(), named.names), (1, vec!["x".to_owned(), "y".to_owned()]));
    }

    #[test]
    fn rows_of_the_table_stay_in_it() {
        assert_eq!(n_before("x,y\na,1,2\nb,3,4\nc,5,6"), 0, "a short header");
        assert_eq!(n_before("a,,\nb,1,2\nc,3,4\nd,5,6"), 0, "a first row with gaps");
        assert_eq!(n_before("#,name,x\n1,a,2\n2,b,4\n3,c,6"), 0, "a column of numbers");
        assert_eq!(n_before("word\nred\nblue\ngreen"), 0);
        assert_eq!(n_before("#1,2\n#2,3\n#3,4"), 0, "a column of marked numbers");
        assert_eq!(shape("#1,2\n#2,3\n#3,4").comment, None);
    }

    #[test]
    fn names_are_made_unique_and_said() {
        let shape = shape("x,x,,x (2),x\n1,2,3,4,5\n1,2,3,4,5");
        assert_eq!(shape.names, ["x", "x (3)", "column 3", "x (2)", "x (4)"]);
        assert_eq!(shape.warnings.len(), 3);
        assert_eq!(shape.warnings[1], "column 3 has no name and is called `column 3`");
    }

    #[test]
    fn width_follows_the_rows() {
        assert_eq!(shape("x,y,\n1,2\n3,4").width, 2, "a trailing comma in the header alone");
        assert_eq!(shape("x,y\n1,2,\n3,4,").width, 2, "trailing commas in the rows alone");
        assert_eq!(shape("x,y\n1,5,6\n2,7,8\n3,7,8").names, ["row", "x", "y"], "numbered rows");
        let named = shape("x,y\na,1,2\nb,3,4");
        assert_eq!(named.names, ["row", "x", "y"], "rows with names");
        let wide = shape("x,y\na,1,2\na,3,4");
        assert_eq!(wide.names, ["x", "y", "column 3"]);
        assert_eq!(
            wide.warnings[0],
            "the header names 2 columns, but most rows have 3; the others are numbered"
        );
    }
}
