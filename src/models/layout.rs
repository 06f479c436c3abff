use std::ops::Range;

/// What a block of parameters is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Weights: multiplied with inputs; penalties apply to them.
    Weight,
    /// Biases: added; never penalised.
    Bias,
    /// Coordinates of a point on a test surface.
    Coordinate,
}

/// One named part of the flat parameter vector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// The name, as PyTorch would have it: `0.weight`.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The shape, row-major: `[n_outputs, n_inputs]` for the weights of a dense layer.
    pub shape: Vec<usize>,
    /// Where it lies in the flat vector.
    pub range: Range<usize>,
}

/// The blocks of a flat parameter vector, in order, without gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    blocks: Vec<Block>,
}

impl Layout {
    /// A layout without blocks.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same layout with one more block at the end.
    pub fn with(mut self, name: impl Into<String>, role: Role, shape: &[usize]) -> Self {
        let start = self.n_params();
        let range = start..start + shape.iter().product::<usize>();
        self.blocks.push(Block { name: name.into(), role, shape: shape.to_vec(), range });
        self
    }

    /// The blocks, in order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The length of the flat vector.
    pub fn n_params(&self) -> usize {
        self.blocks.last().map_or(0, |block| block.range.end)
    }
}
