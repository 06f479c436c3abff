use super::{Desk, cell_text, is_date};
use crate::data::{Cells, Column, Loaded};

/// Places kept; who has more wants a longer text.
const MOST: usize = 100_000;
/// Rows between two looks at whether anybody waits.
const BLOCK: usize = 4096;

/// Where a text occurs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Place of the row in the order shown, and column; row by row.
    pub cells: Vec<(u32, u32)>,
    /// Whether there are more than are listed.
    pub is_cut: bool,
    /// Rows looked at.
    pub n_rows: usize,
}

/// Says whether a cell contains a text, small letters and capitals being alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matcher {
    wanted: String,
}

impl Matcher {
    /// Looks for `text`; an empty one is nowhere.
    pub fn new(text: &str) -> Self {
        Self { wanted: text.trim().to_lowercase() }
    }

    /// Whether there is nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// Whether `text` contains it.
    pub fn is_in(&self, text: &str) -> bool {
        if self.is_empty() {
            return false;
        }
        if text.is_ascii() && self.wanted.is_ascii() {
            let (text, wanted) = (text.as_bytes(), self.wanted.as_bytes());
            return text.windows(wanted.len()).any(|window| window.eq_ignore_ascii_case(wanted));
        }
        text.to_lowercase().contains(&self.wanted)
    }

    /// Whether a number can contain it at all.
    fn may_be_number(&self) -> bool {
        self.wanted.chars().all(|letter| "0123456789.-: inf".contains(letter))
    }
}

/// What to look at in a column.
enum Cue<'a> {
    Nothing,
    /// Whether they are dates.
    Numbers(&'a Column, bool),
    /// Which levels contain the text.
    Levels(Vec<bool>, &'a [Option<u32>]),
}

/// Finds a text in the cells of a table, as they are written with all digits, row by row in the order
/// shown (`None` for that of the table). Leaves what it has on the desk as it goes on.
pub fn find(loaded: &Loaded, order: Option<&[u32]>, matcher: &Matcher, desk: &Desk<Found>) {
    let table = &loaded.table;
    let cue = |(index, column)| (index as u32, cue_of(column, is_date(loaded, index), matcher));
    let cues: Vec<(u32, Cue<'_>)> = table
        .columns
        .iter()
        .enumerate()
        .map(cue)
        .filter(|(_, cue)| !matches!(cue, Cue::Nothing))
        .collect();
    let n_rows = table.n_rows();
    let mut n_found = 0;
    for first in (0..n_rows).step_by(BLOCK) {
        if desk.is_stopped() {
            return;
        }
        let last = (first + BLOCK).min(n_rows);
        let mut cells = Vec::new();
        for place in first..last {
            let row = order.map_or(place, |order| order[place] as usize);
            for (column, cue) in &cues {
                let is_match = match cue {
                    Cue::Nothing => false,
                    Cue::Numbers(column, is_date) => {
                        cell_text(column, *is_date, row).is_some_and(|text| matcher.is_in(&text))
                    }
                    Cue::Levels(levels, codes) => {
                        codes[row].is_some_and(|code| levels[code as usize])
                    }
                };
                if is_match {
                    cells.push((place as u32, *column));
                }
            }
        }
        n_found += cells.len();
        let is_cut = n_found > MOST;
        desk.update(|found| {
            found.cells.append(&mut cells);
            found.cells.truncate(MOST);
            found.is_cut = is_cut;
            found.n_rows = last;
        });
        if is_cut {
            return;
        }
    }
}

fn cue_of<'a>(column: &'a Column, is_date: bool, matcher: &Matcher) -> Cue<'a> {
    match &column.cells {
        Cells::Numeric(_) if matcher.may_be_number() => Cue::Numbers(column, is_date),
        Cells::Numeric(_) => Cue::Nothing,
        Cells::Nominal { levels, codes } => {
            let levels: Vec<bool> = levels.iter().map(|level| matcher.is_in(level)).collect();
            if levels.contains(&true) { Cue::Levels(levels, codes) } else { Cue::Nothing }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::table::Task;
    use crate::analysis::table::test_support::loaded;

    fn search(table: Loaded, order: Option<Vec<u32>>, text: &str) -> Found {
        let matcher = Matcher::new(text);
        let (news, woken) = crossbeam_channel::bounded(1);
        let wake = move || {
            let _ = news.try_send(());
        };
        let table = Arc::new(table);
        let task = Task::start("search", wake, move |desk| {
            find(&table, order.as_deref(), &matcher, desk);
        });
        while !task.is_done() {
            woken.recv().expect("news");
        }
        task.look(|found| found.clone())
    }

    fn table() -> Loaded {
        let levels = ["Rot", "grün", "GRÜNLICH"].map(str::to_owned).to_vec();
        loaded(vec![
            Column { name: "x".into(), cells: Cells::Numeric(vec![12.5, f64::NAN, 0.125]) },
            Column {
                name: "c".into(),
                cells: Cells::Nominal { levels, codes: vec![Some(2), Some(1), Some(0)] },
            },
        ])
    }

    #[test]
    fn texts_are_found_row_by_row() {
        assert_eq!(search(table(), None, "12").cells, [(0, 0), (2, 0)]);
        assert_eq!(search(table(), None, " Grün").cells, [(0, 1), (1, 1)]);
        assert_eq!(search(table(), Some(vec![2, 1, 0]), "grün").cells, [(1, 1), (2, 1)]);
        assert_eq!(search(table(), None, "ROT").cells, [(2, 1)]);
        assert_eq!(search(table(), None, "n").cells, [(0, 1), (1, 1)], "not the NaN");
        assert_eq!(search(table(), None, "").cells, []);
        assert_eq!(search(table(), None, "12").n_rows, 3);
    }

    #[test]
    fn too_many_places_are_cut() {
        let values = vec![7.0; MOST + 5000];
        let column = Column { name: "x".into(), cells: Cells::Numeric(values) };
        let found = search(loaded(vec![column]), None, "7");
        assert_eq!((found.cells.len(), found.is_cut), (MOST, true));
    }
}
