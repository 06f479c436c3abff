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

/// How the numbers of one block of weights can be drawn. A `[fan_out × fan_in]` block has so many
/// outputs and inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// All zero.
    Zero,
    /// Uniform in `±√(6 / (fan_in + fan_out))`.
    XavierUniform,
    /// Normal with variance `2 / (fan_in + fan_out)`.
    XavierNormal,
    /// Uniform in `±√(6 / fan_in)`.
    HeUniform,
    /// Normal with variance `2 / fan_in`.
    HeNormal,
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
    /// The start that suits it, taken when an experiment asks for no other.
    pub start: Start,
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

    /// The same layout with one more block at the end, which starts at zero.
    pub fn with(self, name: impl Into<String>, role: Role, shape: &[usize]) -> Self {
        self.with_start(name, role, shape, Start::Zero)
    }

    /// The same layout with one more block at the end, and the start that suits it.
    pub fn with_start(
        mut self,
        name: impl Into<String>,
        role: Role,
        shape: &[usize],
        start: Start,
    ) -> Self {
        let len = shape.iter().fold(1, |len: usize, n| len.saturating_mul(*n));
        let first = self.n_params();
        let range = first..first.saturating_add(len);
        self.blocks.push(Block { name: name.into(), role, shape: shape.to_vec(), range, start });
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
