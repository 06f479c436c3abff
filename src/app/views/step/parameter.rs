//! Parameters by name: a block, and the place in it.

use crate::models::{Block, Role};
use crate::training::Plan;

/// Where a parameter is: its block, and its place along each side of the block's shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) block: usize,
    pub(super) index: Vec<usize>,
}

/// The place of the parameter that stands at `flat` in the flat vector.
pub(super) fn place(plan: &Plan, flat: usize) -> Place {
    let blocks = plan.layout.blocks();
    let block = blocks.iter().position(|block| block.range.contains(&flat)).unwrap_or_default();
    let mut rest = flat.saturating_sub(blocks[block].range.start);
    let mut index: Vec<usize> = blocks[block]
        .shape
        .iter()
        .rev()
        .map(|length| {
            let at = rest % length.max(&1);
            rest /= length.max(&1);
            at
        })
        .collect();
    index.reverse();
    Place { block, index }
}

/// Where a place of a block stands in the flat vector.
pub(super) fn flat(block: &Block, index: &[usize]) -> usize {
    let within = index.iter().zip(&block.shape).fold(0, |at, (index, length)| at * length + index);
    block.range.start + within
}

/// The name of a parameter: `x`, or `0.weight [3, 7]`.
pub(super) fn name(plan: &Plan, flat: usize) -> String {
    if let Some(letters) = letters(plan) {
        return letters[flat].to_owned();
    }
    let place = place(plan, flat);
    let index: Vec<String> = place.index.iter().map(usize::to_string).collect();
    format!("{} [{}]", plan.layout.blocks()[place.block].name, index.join(", "))
}

/// The letters of the coordinates of a surface, where it has few.
pub(super) fn letters(plan: &Plan) -> Option<&'static [&'static str]> {
    let is_point = plan.layout.blocks().iter().all(|block| block.role == Role::Coordinate);
    (is_point && plan.n_params() <= 3).then(|| &["x", "y", "z"][..plan.n_params()])
}

/// A shape in words: `64 × 32`.
pub(super) fn shape(shape: &[usize]) -> String {
    let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
    sides.join(" × ")
}

/// What the sides of a block of so many are.
pub(super) fn axes(n: usize) -> &'static [&'static str] {
    if n == 2 { &["output", "input"] } else { &["index"] }
}

/// The index of the value that is largest in size; of the first where none is a number.
pub(super) fn largest(values: &[f64]) -> usize {
    let mut found = 0;
    for (index, value) in values.iter().enumerate() {
        if value.abs() > values[found].abs() || values[found].is_nan() {
            found = index;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Source;
    use crate::experiment::Experiment;
    use crate::models::{Layout, Role};
    use crate::surfaces::Surface;
    use std::path::Path;

    #[test]
    fn places_and_the_flat_vector_agree() {
        let surface = Source::Surface(Surface::named("Rosenbrock").unwrap());
        let experiment = Experiment { data: surface, ..Experiment::default() };
        let mut plan = Plan::new("a", &experiment, 1, None, Path::new("")).unwrap();
        assert_eq!(name(&plan, 1), "y");
        plan.layout = Layout::new()
            .with("0.weight", Role::Weight, &[3, 4])
            .with("0.bias", Role::Bias, &[3])
            .with("2.weight", Role::Weight, &[2, 3]);
        assert_eq!(name(&plan, 0), "0.weight [0, 0]");
        // Row-major, as PyTorch has it: [1, 2] is behind a row of four.
        assert_eq!(name(&plan, 6), "0.weight [1, 2]");
        assert_eq!(name(&plan, 14), "0.bias [2]");
        assert_eq!(name(&plan, 20), "2.weight [1, 2]");
        for index in 0..plan.n_params() {
            let place = place(&plan, index);
            assert_eq!(flat(&plan.layout.blocks()[place.block], &place.index), index);
        }
    }

    #[test]
    fn the_largest_is_so_in_size() {
        assert_eq!(largest(&[1.0, -3.0, 2.0]), 1);
        assert_eq!(largest(&[f64::NAN, 0.0, 0.5]), 2);
        assert_eq!(largest(&[]), 0);
    }
}
