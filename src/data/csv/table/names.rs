//! The names of columns, as the rows at the top of a table give them.

use std::collections::{HashMap, HashSet};

/// Names of several levels: each reaches as far as the next one of its level or of one above it
/// begins, and over columns that have a name below it.
///
/// ```text
/// item, 2020,      , 2021,
///     , qty , price, qty , price   →   item, 2020 qty, 2020 price, 2021 qty, 2021 price
/// ```
pub(super) fn joined(rows: &[&[String]]) -> Vec<String> {
    let width = rows.iter().map(|row| row.len()).max().unwrap_or(0);
    let mut reaching = vec![String::new(); rows.len()];
    let mut names = Vec::with_capacity(width);
    for j in 0..width {
        let mut begins = false;
        let mut lowest = None;
        for (level, row) in rows.iter().enumerate() {
            let name = row.get(j).map(|name| one_line(name)).unwrap_or_default();
            if !name.is_empty() {
                (begins, lowest) = (true, Some(level));
                reaching[level] = name;
            } else if begins {
                reaching[level].clear();
            }
        }
        let parts = &reaching[..lowest.map_or(0, |lowest| lowest + 1)];
        let used: Vec<&str> =
            parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        // Rows of names that say the same are one.
        let is_same = rows.len() > 2 && used.iter().all(|part| *part == used[0]);
        let used = if is_same { &used[..used.len().min(1)] } else { &used };
        names.push(used.join(" "));
    }
    names
}

pub(super) fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Gives empty names a number and repeated ones a suffix.
pub(super) fn unique(names: Vec<String>, warnings: &mut Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> =
        names.iter().filter(|name| !name.is_empty()).cloned().collect();
    let mut seen = HashSet::new();
    // The next number of each name that occurs again.
    let mut next: HashMap<String, usize> = HashMap::new();
    let mut result = Vec::with_capacity(names.len());
    for (index, name) in names.into_iter().enumerate() {
        let number = index + 1;
        let base = if name.is_empty() { format!("column {number}") } else { name.clone() };
        let is_free =
            if name.is_empty() { !taken.contains(&base) } else { seen.insert(name.clone()) };
        let chosen = if is_free {
            base
        } else {
            let next = next.entry(base.clone()).or_insert(2);
            loop {
                let new = format!("{base} ({next})");
                *next += 1;
                if !taken.contains(&new) {
                    break new;
                }
            }
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

    #[test]
    fn levels_reach_over_what_is_named_below() {
        let rows = ["item,2020,,2021,,", ",qty,price,qty,price,"].map(|row| {
            let cells: Vec<String> = row.split(',').map(str::to_owned).collect();
            cells
        });
        let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
        let expected = ["item", "2020 qty", "2020 price", "2021 qty", "2021 price", ""];
        assert_eq!(joined(&rows), expected);
    }

    #[test]
    fn a_group_ends_where_one_above_it_ends() {
        let rows = ["staff,,,all", "low,,high,", "n,share,n,n"].map(|row| {
            let cells: Vec<String> = row.split(',').map(str::to_owned).collect();
            cells
        });
        let rows: Vec<&[String]> = rows.iter().map(Vec::as_slice).collect();
        let expected = ["staff low n", "staff low share", "staff high n", "all n"];
        assert_eq!(joined(&rows), expected);
    }
}
