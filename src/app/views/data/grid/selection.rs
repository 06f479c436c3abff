use std::ops::RangeInclusive;

use egui::Key;

/// A block of cells, by places of rows in the order shown and by columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    pub(super) anchor: [usize; 2],
    pub(super) head: [usize; 2],
}

impl Selection {
    /// One cell.
    pub(super) fn cell(at: [usize; 2]) -> Self {
        Self { anchor: at, head: at }
    }

    /// The rows (axis 0) or columns (axis 1) in it.
    pub(super) fn range(&self, axis: usize) -> RangeInclusive<usize> {
        let (a, b) = (self.anchor[axis], self.head[axis]);
        a.min(b)..=a.max(b)
    }

    pub(super) fn contains(&self, place: usize, column: usize) -> bool {
        self.range(0).contains(&place) && self.range(1).contains(&column)
    }

    pub(super) fn n_cells(&self) -> usize {
        self.range(0).count() * self.range(1).count()
    }
}

/// How the keys move through a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Strides {
    /// The last row and column.
    pub(super) last: [usize; 2],
    /// Rows in view but one.
    pub(super) page: usize,
    /// Whether arrows go all the way.
    pub(super) jumps: bool,
    /// Whether the block grows instead of moving.
    pub(super) extends: bool,
}

/// The keys that move through a table.
pub(super) const KEYS: [Key; 8] = [
    Key::ArrowDown,
    Key::ArrowUp,
    Key::ArrowRight,
    Key::ArrowLeft,
    Key::PageDown,
    Key::PageUp,
    Key::Home,
    Key::End,
];

/// What is selected after one of [`KEYS`]; the first cell where nothing was.
pub(super) fn moved(now: Option<Selection>, key: Key, strides: &Strides) -> Selection {
    let Some(now) = now else { return Selection::cell([0, 0]) };
    let (Strides { last, page, jumps, extends }, [row, column]) = (*strides, now.head);
    let [row, column] = match key {
        Key::ArrowDown => [if jumps { last[0] } else { row + 1 }, column],
        Key::ArrowUp => [if jumps { 0 } else { row.saturating_sub(1) }, column],
        Key::ArrowRight => [row, if jumps { last[1] } else { column + 1 }],
        Key::ArrowLeft => [row, if jumps { 0 } else { column.saturating_sub(1) }],
        Key::PageDown => [row + page, column],
        Key::PageUp => [row.saturating_sub(page), column],
        Key::Home => [if jumps { 0 } else { row }, 0],
        Key::End => [if jumps { last[0] } else { row }, last[1]],
        _ => [row, column],
    };
    let head = [row.min(last[0]), column.min(last[1])];
    Selection { anchor: if extends { now.anchor } else { head }, head }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_move_jump_and_extend_and_stop_at_the_edges() {
        let plain = Strides { last: [99, 4], page: 20, jumps: false, extends: false };
        let jumps = Strides { jumps: true, ..plain };
        let extends = Strides { extends: true, ..plain };
        let at = |row: usize, column: usize| Some(Selection::cell([row, column]));
        let head = |now, key, strides: &Strides| moved(now, key, strides).head;
        assert_eq!(moved(None, Key::ArrowDown, &plain), Selection::cell([0, 0]));
        let expected = [
            (Key::ArrowDown, [51, 2], [99, 2]),
            (Key::ArrowUp, [49, 2], [0, 2]),
            (Key::ArrowRight, [50, 3], [50, 4]),
            (Key::ArrowLeft, [50, 1], [50, 0]),
            (Key::PageDown, [70, 2], [70, 2]),
            (Key::PageUp, [30, 2], [30, 2]),
            (Key::Home, [50, 0], [0, 0]),
            (Key::End, [50, 4], [99, 4]),
        ];
        assert_eq!(expected.map(|(key, ..)| key), KEYS);
        for (key, to, far) in expected {
            assert_eq!((head(at(50, 2), key, &plain), head(at(50, 2), key, &jumps)), (to, far));
        }
        assert_eq!(head(at(95, 0), Key::PageDown, &plain), [99, 0]);
        assert_eq!(head(at(3, 0), Key::PageUp, &plain), [0, 0]);
        assert_eq!(head(at(0, 4), Key::ArrowRight, &plain), [0, 4]);
        let block = moved(at(50, 2), Key::PageDown, &extends);
        assert_eq!((block.anchor, block.head, block.n_cells()), ([50, 2], [70, 2], 21));
    }
}
