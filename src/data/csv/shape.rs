//! Where the table begins, whether it has a header, and how many columns there are.

use std::collections::HashSet;

use super::dialect::commonest;
use super::values::Look;
use crate::data::source::Header;

/// The outline of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Shape {
    /// Rows in front of the table: line and first words.
    pub(super) before: Vec<(u64, String)>,
    /// Whether a row of names follows them.
    pub(super) header: bool,
    /// Number of columns.
    pub(super) width: usize,
    /// The names, made unique.
    pub(super) names: Vec<String>,
    /// Remarks on header and names.
    pub(super) warnings: Vec<String>,
}

impl Shape {
    /// How many rows stand in front of the first row of data.
    pub(super) fn n_leading(&self) -> usize {
        self.before.len() + usize::from(self.header)
    }
}

/// A row of the sample: its line and its fields.
pub(super) type SampleRow = (u64, Vec<String>);

/// The most rows that may stand in front of a table.
const MOST_BEFORE: usize = 20;

/// Finds the outline from the first rows of a file.
pub(super) fn detect(rows: &[SampleRow], header: Header) -> Shape {
    let widths: Vec<usize> = rows.iter().map(|(_, fields)| fields.len()).collect();
    let (common, _) = commonest(&widths);
    let mut shape = Shape::default();
    let mut rest = rows;
    while let [(line, fields), tail @ ..] = rest
        && shape.before.len() < MOST_BEFORE
        && tail.len() > 1
        && is_remark(fields, common)
    {
        shape.before.push((*line, fields[0].trim().chars().take(40).collect()));
        rest = tail;
    }
    let Some(((_, first), data)) = rest.split_first() else {
        return shape;
    };
    shape.header = match header {
        Header::Present => true,
        Header::Absent => false,
        Header::Auto => looks_like_names(first, data),
    };
    let data = if shape.header { data } else { rest };
    let widths: Vec<usize> = data.iter().map(|(_, fields)| fields.len()).collect();
    let (mut common, n_common) = commonest(&widths);
    if shape.header && widths.iter().filter(|width| **width == first.len()).count() == n_common {
        common = first.len();
    }
    if !shape.header {
        shape.width = common;
        shape.names = (1..=common).map(|number| format!("column {number}")).collect();
        return shape;
    }
    let mut names: Vec<String> = first.iter().map(|name| one_line(name)).collect();
    while names.len() > common.max(1) && names.last().is_some_and(String::is_empty) {
        names.pop();
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
    shape.names = unique(names, &mut shape.warnings);
    shape
}

/// A title or comment above a table: one piece of text where the table has several columns.
fn is_remark(fields: &[String], common: usize) -> bool {
    // The hint at the delimiter that some spreadsheets write.
    if fields.first().is_some_and(|field| field.trim().starts_with("sep=")) {
        return true;
    }
    let n_used = fields.iter().filter(|field| !field.trim().is_empty()).count();
    let text = fields.first().is_some_and(|field| Look::of(field.trim()) == Look::Text);
    common > 1 && fields.len() < common && n_used == 1 && text
}

/// Whether `first` names the columns of `data`: text over numbers speaks for it, numbers over
/// numbers and words that occur again below speak against it.
fn looks_like_names(first: &[String], data: &[SampleRow]) -> bool {
    let mut votes = 0i64;
    for (j, name) in first.iter().enumerate() {
        let name = name.trim();
        let look = Look::of(name);
        let cells: Vec<&str> = data
            .iter()
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
        detect(&rows, Header::Auto)
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
        let wide = shape("x,y\na,1,2\nb,3,4");
        assert_eq!(wide.names, ["x", "y", "column 3"]);
        assert_eq!(
            wide.warnings[0],
            "the header names 2 columns, but most rows have 3; the others are numbered"
        );
    }
}
