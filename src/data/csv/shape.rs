//! Where the table begins, whether it has a header, and how many columns there are.

use std::collections::HashSet;

use super::dialect::{MOST_OUTSIDE, body};
use super::values::{Look, is_missing_number};
use crate::data::{Comment, CsvSource, Header};

/// The outline of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shape {
    /// Rows in front of the table: line and first words.
    pub(super) before: Vec<(u64, String)>,
    /// The sign with which comments between the rows begin.
    pub(super) comment: Option<String>,
    /// Whether a row of names follows them.
    pub(super) header: bool,
    /// The same, with what else stands between the names and the rows of data.
    pub(super) header_rows: Header,
    /// A row of units or other remarks below the names: line and first words.
    pub(super) units: Option<(u64, String)>,
    /// How many lines of the file stand above the names, or above the first row where there are none.
    pub(super) n_lines_above: u64,
    /// Number of columns.
    pub(super) width: usize,
    /// How many fields rows may have without a word: those behind the columns are empty.
    pub(super) usual_width: usize,
    /// The names, made unique.
    pub(super) names: Vec<String>,
    /// The row of names as it is written, where there is one.
    pub(super) written_names: Vec<String>,
    /// Remarks on header and names.
    pub(super) warnings: Vec<String>,
}

impl Shape {
    /// How many rows stand in front of the first row of data.
    pub(super) fn n_leading(&self) -> usize {
        let n_names = match self.header_rows {
            Header::Auto | Header::Absent => 0,
            Header::Present => 1,
            Header::Units | Header::Levels => 2,
        };
        self.before.len() + n_names
    }

    /// Whether a row of `n` fields is that of the names once more.
    pub(super) fn is_names_again<'a>(&self, n: usize, field: impl Fn(usize) -> &'a str) -> bool {
        let names = &self.written_names;
        n > 1 && names.len() == n && names.iter().enumerate().all(|(j, name)| field(j) == name)
    }
}

/// With what comments begin.
const COMMENT_MARKS: [&str; 3] = ["#", "%", "//"];

/// A row of the sample: its line and its fields.
pub(super) type SampleRow = (u64, Vec<String>);

/// Finds the outline from the first rows of a file, and from the lines above them that are left out
/// because that was stated.
pub(super) fn detect(rows: &[SampleRow], settings: &CsvSource, above: &[(u64, String)]) -> Shape {
    let header = settings.header;
    let widths: Vec<usize> = rows.iter().map(|(_, fields)| fields.len()).collect();
    let (common, _) = body(&widths);
    let n_before = match (settings.skip, &settings.comment) {
        (None, _) => n_before(rows, common, header),
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
    let Some(((_, first), data)) = rest.split_first() else {
        return shape;
    };
    shape.header_rows = match header {
        Header::Auto => header_rows(first, data),
        stated => stated,
    };
    shape.header = shape.header_rows != Header::Absent;
    let mut data = if shape.header { data } else { rest };
    let mut second: &[String] = &[];
    if let (Header::Units | Header::Levels, Some((row, others))) =
        (shape.header_rows, data.split_first())
    {
        data = others;
        second = &row.1;
        shape.units = (shape.header_rows == Header::Units).then(|| in_short(row));
    }
    let widths: Vec<usize> = data.iter().map(|(_, fields)| fields.len()).collect();
    let (mut common, _) = body(&widths);
    let n_common = widths.iter().filter(|width| **width == common).count();
    if shape.header && widths.iter().filter(|width| **width == first.len()).count() == n_common {
        common = first.len();
    }
    if !shape.header {
        (shape.width, shape.usual_width) = (common, common);
        shape.names = (1..=common).map(|number| format!("column {number}")).collect();
        return shape;
    }
    if first.iter().any(|name| Look::of(name.trim()) == Look::Text) {
        shape.written_names.clone_from(first);
    }
    let mut names: Vec<String> = match shape.header_rows {
        Header::Levels => joined(first, second),
        _ => first.iter().map(|name| one_line(name)).collect(),
    };
    if let Some(mark) = comment_mark(first)
        && let Some(name) = names.first_mut()
        && name.len() > mark.len()
    {
        *name = name.trim_start_matches(mark).trim().to_owned();
    }
    while names.len() > common.max(1) && names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    let is_counted = data.iter().zip(1u64..).all(|((_, fields), number)| {
        fields.first().is_some_and(|field| field.trim() == number.to_string())
    });
    let ends_empty =
        || data.iter().all(|(_, fields)| fields.last().is_none_or(|last| last.trim().is_empty()));
    if common == names.len() + 1 && is_counted && !ends_empty() {
        shape.warnings.push("the first column, which counts the rows, has no name".to_owned());
        names.insert(0, "row".to_owned());
    }
    if common > names.len() {
        let extra_is_used = data.iter().any(|(_, fields)| {
            fields.len() == common
                && fields[names.len()..].iter().any(|cell| !cell.trim().is_empty())
        });
        if extra_is_used {
            shape.warnings.push(format!(
                "the header names {} columns, but most rows have {common}; the others are numbered",
                names.len()
            ));
            names.resize(common, String::new());
        }
    }
    shape.width = names.len();
    shape.usual_width = shape.width.max(common);
    shape.names = unique(names, &mut shape.warnings);
    shape
}

/// How many rows stand above the table: titles, comments, `key: value` and blank rows.
///
/// One piece of text where the table has several columns is no row of it. Rows that hold a few
/// values more could be ragged ones; they stand above the table only if a row of names follows.
fn n_before(rows: &[SampleRow], common: usize, header: Header) -> usize {
    let mut n_certain = 0;
    let mut all_certain = true;
    for (index, (_, fields)) in rows.iter().enumerate().take(MOST_OUTSIDE) {
        let tail = &rows[index + 1..];
        if tail.is_empty() || tail.len() == 1 && !is_hint(fields) && header != Header::Absent {
            break;
        }
        if comment_mark(fields).is_some() && fields.len() >= common {
            // Names behind a comment sign, unless names follow.
            let next = tail.iter().position(|(_, fields)| comment_mark(fields).is_none());
            let names_itself = next == Some(0) && {
                let (_, after) = &tail[0];
                after.len() == fields.len()
                    && !(tail.len() > 1 && looks_like_names(after, &tail[1..]))
                    && looks_like_names(fields, tail)
            };
            if names_itself || next.is_none() {
                break;
            }
            if all_certain {
                n_certain = index + 1;
            }
        } else if is_remark(fields, common) || comment_mark(fields).is_some() {
            if all_certain {
                n_certain = index + 1;
            }
        } else if may_stand_above(fields, common) {
            all_certain = false;
        } else if !all_certain {
            let is_table = fields.len() >= common
                && fields.iter().all(|field| Look::of(field.trim()) == Look::Text)
                && looks_like_names(fields, tail);
            return if is_table { index } else { n_certain };
        } else {
            break;
        }
    }
    n_certain
}

/// The hint at the delimiter that some spreadsheets write.
fn is_hint(fields: &[String]) -> bool {
    fields.first().is_some_and(|field| field.trim().starts_with("sep="))
}

/// A title or comment above a table: one piece of text where the table has several columns.
fn is_remark(fields: &[String], common: usize) -> bool {
    let text = fields.first().is_some_and(|field| Look::of(field.trim()) == Look::Text);
    is_hint(fields) || common > 1 && fields.len() < common && n_used(fields) == 1 && text
}

/// A row with so few values that it may be a title or a `key, value` above a table.
fn may_stand_above(fields: &[String], common: usize) -> bool {
    let n_used = n_used(fields);
    n_used == 0 || common >= 3 && n_used < common
}

/// How many fields are not empty.
pub(super) fn n_used(fields: &[String]) -> usize {
    fields.iter().filter(|field| !field.trim().is_empty()).count()
}

/// The sign with which a comment begins, if the row does.
pub(super) fn comment_mark(fields: &[String]) -> Option<&'static str> {
    comment_mark_of(fields.first()?)
}

/// The sign with which a comment begins, if the text does.
pub(super) fn comment_mark_of(text: &str) -> Option<&'static str> {
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

/// The rows that name the columns, as they look.
fn header_rows(first: &[String], data: &[SampleRow]) -> Header {
    let Some(((_, second), rest)) = data.split_first() else {
        return if looks_like_names(first, data) { Header::Present } else { Header::Absent };
    };
    if is_rule(second) && looks_like_names(first, rest) {
        return Header::Units;
    }
    if is_second_header(second, rest) {
        if has_levels(first, second) {
            return Header::Levels;
        }
        if looks_like_names(first, rest) {
            return Header::Units;
        }
    }
    if looks_like_names(first, data) { Header::Present } else { Header::Absent }
}

/// Whether a row is a line that is drawn below the names, as programs for databases print it.
fn is_rule(fields: &[String]) -> bool {
    let is_drawn = |field: &String| {
        let field = field.trim();
        field.len() >= 3 && field.bytes().all(|byte| b"-+=|".contains(&byte))
    };
    n_used(fields) > 0 && fields.iter().filter(|field| !field.trim().is_empty()).all(is_drawn)
}

/// Whether the row below the names is no data: words over columns of numbers alone, and nothing in
/// it that occurs again below.
fn is_second_header(second: &[String], rest: &[SampleRow]) -> bool {
    if rest.len() < 2 || n_used(second) == 0 {
        return false;
    }
    let (mut n_numeric, mut n_units, mut n_other) = (0, 0, 0);
    for (j, text) in second.iter().enumerate() {
        let text = text.trim();
        let cells = || rest.iter().filter_map(|(_, fields)| fields.get(j)).map(|cell| cell.trim());
        let look = Look::of(text);
        if look == Look::Text && is_missing_number(text) || look.is_number() {
            return false;
        }
        let n_present = cells().filter(|cell| Look::of(cell) != Look::Missing).count();
        let n_numbers = cells().filter(|cell| Look::of(cell).is_number()).count();
        if n_present > 0 && n_numbers * 5 >= n_present * 4 {
            n_numeric += usize::from(look == Look::Text);
            n_units += usize::from(is_unit(text));
        } else if look == Look::Text && cells().any(|cell| cell == text) {
            return false;
        } else {
            n_other += usize::from(look == Look::Text && !is_unit(text));
        }
    }
    n_units > 0 || n_numeric >= 2 || n_numeric == 1 && n_other == 0 && second.len() > 1
}

/// Whether a text is in brackets, as units are, or one of the commonest units.
fn is_unit(text: &str) -> bool {
    const UNITS: [&str; 36] = [
        "m", "cm", "mm", "km", "s", "ms", "min", "h", "g", "kg", "mg", "t", "l", "ml", "k", "°c",
        "°f", "c", "pa", "hpa", "kpa", "bar", "v", "mv", "a", "ma", "w", "kw", "hz", "m/s", "km/h",
        "%", "eur", "usd", "unit", "units",
    ];
    let in_brackets = |open: char, close: char| text.starts_with(open) && text.ends_with(close);
    let is_bracketed = in_brackets('(', ')') || in_brackets('[', ']');
    is_bracketed && text.len() > 2 || UNITS.contains(&text.to_lowercase().as_str())
}

/// Whether the first of two rows of names spans several columns with one name: empty cells beside
/// it, or the same name again, where the second row names each column.
fn has_levels(first: &[String], second: &[String]) -> bool {
    let all_named = second.iter().skip(1).all(|name| !name.trim().is_empty());
    let used: Vec<&str> = first.iter().map(|f| f.trim()).filter(|f| !f.is_empty()).collect();
    let distinct: HashSet<&str> = used.iter().copied().collect();
    let has_gaps = first.iter().skip(1).any(|name| name.trim().is_empty());
    let repeats = distinct.len() < used.len();
    all_named && first.len() > 2 && !used.is_empty() && (has_gaps || repeats)
}

/// Names of two levels: that of the first row reaches as far as the next one begins.
fn joined(first: &[String], second: &[String]) -> Vec<String> {
    let mut upper = String::new();
    let mut names = Vec::with_capacity(second.len().max(first.len()));
    for j in 0..second.len().max(first.len()) {
        let cell = |row: &[String]| row.get(j).map(|name| one_line(name)).unwrap_or_default();
        let (above, below) = (cell(first), cell(second));
        if !above.is_empty() {
            upper = above;
        }
        let name = format!("{upper} {below}");
        names.push(name.trim().to_owned());
    }
    names
}

/// The line of a row and its first words.
pub(super) fn in_short((line, fields): &SampleRow) -> (u64, String) {
    let used: Vec<&str> = fields.iter().map(|f| f.trim()).filter(|f| !f.is_empty()).collect();
    (*line, used.join(" ").chars().take(40).collect())
}

/// Whether `first` names the columns of `data`: text over numbers speaks for it, numbers over
/// numbers and words that occur again below speak against it.
fn looks_like_names(first: &[String], data: &[SampleRow]) -> bool {
    let mut votes = 0i64;
    let has_years = are_years(first);
    for (j, name) in first.iter().enumerate() {
        let name = name.trim();
        let look = match Look::of(name) {
            Look::Whole if has_years => Look::Text,
            look => look,
        };
        let cells: Vec<&str> = data
            .iter()
            // Names may be repeated between the rows.
            .filter(|(_, fields)| fields != first)
            .filter_map(|(_, fields)| fields.get(j))
            .map(|cell| cell.trim())
            .filter(|cell| Look::of(cell) != Look::Missing)
            .collect();
        let n_numbers = cells.iter().filter(|cell| Look::of(cell).is_number()).count();
        if cells.is_empty() || look == Look::Missing {
            continue;
        }
        if n_numbers * 5 >= cells.len() * 4 {
            votes += if look == Look::Text { 1 } else { -1 };
        } else if cells.contains(&name) {
            votes -= 1;
        } else if look == Look::Text {
            let distinct: HashSet<&str> = cells.iter().copied().collect();
            votes += i64::from(distinct.len() * 10 <= cells.len() * 7);
        }
    }
    if votes != 0 {
        return votes > 0;
    }
    let distinct: HashSet<&str> = first.iter().map(|name| name.trim()).collect();
    distinct.len() == first.len() && first.iter().all(|name| Look::of(name.trim()) == Look::Text)
}

/// Whether the numbers among names are years, one after the other: `item, 2019, 2020, 2021`.
fn are_years(names: &[String]) -> bool {
    let looks = || names.iter().map(|name| Look::of(name.trim()));
    let years: Vec<i64> = names.iter().filter_map(|name| name.trim().parse().ok()).collect();
    let in_steps = years.windows(3).all(|years| years[1] - years[0] == years[2] - years[1]);
    years.len() >= 2
        && years.iter().all(|year| (1800..=2100).contains(year))
        && matches!(years[1] - years[0], -10..=-1 | 1..=10)
        && in_steps
        && looks().any(|look| look == Look::Text)
        && looks().filter(|look| look.is_number()).count() == years.len()
}

fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Gives empty names a number and repeated ones a suffix.
fn unique(names: Vec<String>, warnings: &mut Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> =
        names.iter().filter(|name| !name.is_empty()).cloned().collect();
    let mut seen = HashSet::new();
    let mut result = Vec::with_capacity(names.len());
    for (index, name) in names.into_iter().enumerate() {
        let number = index + 1;
        let base = if name.is_empty() { format!("column {number}") } else { name.clone() };
        let is_free =
            if name.is_empty() { !taken.contains(&base) } else { seen.insert(name.clone()) };
        let chosen = if is_free {
            base
        } else {
            (2..).map(|k| format!("{base} ({k})")).find(|new| !taken.contains(new)).unwrap_or(base)
        };
        if name.is_empty() {
            warnings.push(format!("column {number} has no name and is called `{chosen}`"));
        } else if chosen != name {
            warnings.push(format!(
                "the name `{name}` occurs again; column {number} is called `{chosen}`"
            ));
        }
        taken.insert(chosen.clone());
        result.push(chosen);
    }
    result
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
        let wide = shape("x,y\na,1,2\nb,3,4");
        assert_eq!(wide.names, ["x", "y", "column 3"]);
        assert_eq!(
            wide.warnings[0],
            "the header names 2 columns, but most rows have 3; the others are numbered"
        );
    }
}
