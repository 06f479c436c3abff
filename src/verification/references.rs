//! Files of reference values: rows of cells below a header, with their sources on top.

use std::str::FromStr;

use serde::de::DeserializeOwned;

use crate::experiment::file::ron_options;

/// A file of reference values, built in, and how near they have to be met.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reference {
    pub(super) text: &'static str,
    pub(super) tolerance: f64,
}

/// A row of a file.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) cells: Vec<&'static str>,
    source: &'static str,
    tolerance: f64,
    file: usize,
}

impl Row {
    /// The text in a cell; nothing where the row is too short.
    pub(super) fn text(&self, cell: usize) -> &'static str {
        self.cells.get(cell).copied().unwrap_or_default()
    }

    /// The number in a cell.
    pub(super) fn number<N: FromStr>(&self, cell: usize) -> Result<N, String> {
        let text = self.text(cell);
        text.parse().map_err(|_| format!("{}: “{text}” is no number", self.cells.join(" ")))
    }
}

impl Reference {
    /// The rows below the header. Lines on top that begin with `#` say where the values come from:
    /// the first begins with the library and its version (what follows a comma is for those who compute
    /// them anew); each further one may name another source for some members, as in
    /// `# Adan, AdaMomentum: paper, in NumPy 2.4.6`.
    fn rows(&self, file: usize, separator: char) -> Vec<Row> {
        let mut remarks = self.text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim);
        let source = remarks.next().unwrap_or_default();
        let source = source.split_once(',').map_or(source, |(source, _)| source);
        let own: Vec<(&str, &str)> = remarks
            .filter_map(|line| line.split_once(':'))
            .flat_map(|(names, from)| names.split(',').map(move |name| (name.trim(), from.trim())))
            .collect();
        let lines = self.text.lines().skip_while(|line| line.starts_with('#')).skip(1);
        let row = |line: &'static str| {
            let cells: Vec<_> = line.split(separator).collect();
            let own = own.iter().find(|(name, _)| *name == name_in(cells[0]));
            let source = own.map_or(source, |own| own.1);
            Row { source, cells, tolerance: self.tolerance, file }
        };
        lines.map(row).collect()
    }
}

/// What there is for one member from one source in one file.
pub(super) struct Group {
    /// The index of the file; 0 where there are no rows.
    pub(super) file: usize,
    pub(super) member: String,
    pub(super) source: String,
    pub(super) tolerance: f64,
    pub(super) rows: Vec<Row>,
}

/// The rows of all files by the member that their first cell names, by source and by file. Members
/// without rows have an empty group, and rows of names that are not there a group of their own, so
/// that neither passes unseen.
pub(super) fn groups(names: &[&str], references: &[Reference], separator: char) -> Vec<Group> {
    let files = references.iter().enumerate();
    let rows: Vec<Row> = files.flat_map(|(file, text)| text.rows(file, separator)).collect();
    let mut groups = Vec::new();
    for (member, rows) in by_member(names, &rows, |row| name_in(row.text(0))) {
        let group = |rows: &[Row]| Group {
            file: rows.first().map_or(0, |row| row.file),
            member: member.clone(),
            source: rows.first().map_or("none", |row| row.source).to_owned(),
            tolerance: rows.first().map_or(0.0, |row| row.tolerance),
            rows: rows.to_vec(),
        };
        if rows.is_empty() {
            groups.push(group(&[]));
        }
        groups.extend(rows.chunk_by(|a, b| (a.source, a.file) == (b.source, b.file)).map(group));
    }
    groups
}

/// The rows of every member in `names`, some of them perhaps none; then those of names that are not
/// there.
pub(super) fn by_member<R: Clone>(
    names: &[&str],
    rows: &[R],
    name_of: impl Fn(&R) -> &str,
) -> Vec<(String, Vec<R>)> {
    let of = |name: &str| rows.iter().filter(|row| name_of(row) == name).cloned().collect();
    let mut all: Vec<(String, Vec<R>)> =
        names.iter().map(|name| ((*name).to_owned(), of(name))).collect();
    for row in rows {
        let name = name_of(row);
        if !all.iter().any(|(known, _)| known == name) {
            all.push((name.to_owned(), of(name)));
        }
    }
    all
}

/// `Adam(learning_rate: 0.1)` → `Adam`.
pub(super) fn name_in(settings: &str) -> &str {
    settings.split('(').next().unwrap_or_default().trim()
}

/// Settings as in a study file: `Name(field: value, …)` or `Name`.
pub(super) fn member<F: DeserializeOwned>(settings: &str) -> Result<F, String> {
    let named = ron_options().from_str(settings);
    let with_brackets = |_| ron_options().from_str(&format!("{settings}()"));
    named.or_else(with_brackets).map_err(|error| format!("{settings}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_stand_on_top() {
        let text = "# Library 1.0, f64, Python\n# A, B: the paper\nx;y\nA();1\nC;2";
        let groups = groups(&["A", "C"], &[Reference { text, tolerance: 0.5 }], ';');
        let found: Vec<_> = groups.iter().map(|group| (&*group.member, &*group.source)).collect();
        assert_eq!(found, [("A", "the paper"), ("C", "Library 1.0")]);
        assert_eq!((groups[0].tolerance, groups[0].rows[0].number::<u64>(1)), (0.5, Ok(1)));
        let problem = groups[0].rows[0].number::<u64>(0);
        assert_eq!(problem, Err("A() 1: “A()” is no number".to_owned()));
    }

    #[test]
    fn members_without_rows_and_rows_without_members_stay() {
        let found = by_member(&["A", "B"], &["A(1)", "C", "A(2)"], |row| name_in(row));
        let expected = [("A", vec!["A(1)", "A(2)"]), ("B", vec![]), ("C", vec!["C"])];
        assert_eq!(found, expected.map(|(name, rows)| (name.to_owned(), rows)));
    }
}
