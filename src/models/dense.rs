use std::ops::Range;

use super::{Layout, Network, Role, Start};
use crate::activations::Activation;
use crate::math::product::{MatrixView, Product, Rows, Start as Sums, Workspace, multiply};
use crate::math::team::Team;
use crate::math::{Scalar, reduce};

/// The blocks of dense layers, named as PyTorch's `nn.Sequential` of `Linear` layers and
/// activations names them: `0.weight` `[out × in]`, `0.bias` `[out]`, `2.weight`, … `starts` gives
/// for each layer its number of outputs and the start of its weights; biases start at zero.
pub(super) fn layout(n_inputs: usize, starts: impl Iterator<Item = (usize, Start)>) -> Layout {
    let mut n_inputs = n_inputs;
    let mut layout = Layout::new();
    for (index, (n_outputs, start)) in starts.enumerate() {
        let name = 2 * index;
        layout = layout
            .with_start(format!("{name}.weight"), Role::Weight, &[n_outputs, n_inputs], start)
            .with(format!("{name}.bias"), Role::Bias, &[n_outputs]);
        n_inputs = n_outputs;
    }
    layout
}

/// A stack of dense layers: the network behind all linear models and multilayer perceptrons.
///
/// ```text
/// forward:   Z = X Wᵀ + b        A = f(Z), the next layer's X
/// backward:  dZ = dA ⊙ f′(Z)     dW = dZᵀ X     db = Σ over samples of dZ     dX = dZ W
/// ```
///
/// `X [n_samples × in]`, `W [out × in]`, `b [out]`, `Z [n_samples × out]`, all row-major.
pub(super) struct Dense<T> {
    layers: Vec<Layer<T>>,
    workspace: Workspace<T>,
    /// Samples in the last forward pass.
    n_samples: usize,
}

struct Layer<T> {
    n_inputs: usize,
    n_outputs: usize,
    weights: Range<usize>,
    biases: Range<usize>,
    /// None for the last layer.
    activation: Option<Activation>,
    /// `A`; the backward pass overwrites it with `dZ`.
    outputs: Vec<T>,
    /// `f′(Z)`; empty without activation.
    slopes: Vec<T>,
}

impl<T: Scalar> Layer<T> {
    fn forward(
        &mut self,
        params: &[T],
        inputs: &[T],
        n_samples: usize,
        workspace: &mut Workspace<T>,
        team: &Team,
    ) {
        let (weights, biases) = (&params[self.weights.clone()], &params[self.biases.clone()]);
        let product = Product {
            a: MatrixView::row_major(inputs, n_samples, self.n_inputs),
            b: MatrixView::row_major(weights, self.n_outputs, self.n_inputs).transposed(),
            start: Sums::Row(biases),
        };
        let outputs = &mut self.outputs[..n_samples * self.n_outputs];
        let slopes = match &self.activation {
            Some(_) => &mut self.slopes[..n_samples * self.n_outputs],
            None => &mut [],
        };
        multiply(product, outputs, slopes, workspace, team, |rows: Rows<'_, T>| {
            if let Some(activation) = &self.activation {
                activation.rule::<T>().apply(rows.sums, Some(rows.beside));
            }
        });
    }
}

impl<T: Scalar> Dense<T> {
    /// Layers of the widths of `hidden`, each with its activation, then one of `n_outputs` without.
    pub(super) fn new<'a>(
        n_inputs: usize,
        hidden: impl Iterator<Item = (usize, &'a Activation)>,
        n_outputs: usize,
        max_samples: usize,
    ) -> Self {
        let widths = hidden.map(|(width, activation)| (width, Some(activation.clone())));
        let (mut n_inputs, mut start) = (n_inputs, 0);
        let mut layers = Vec::new();
        for (n_outputs, activation) in widths.chain([(n_outputs, None)]) {
            let end_of_weights = start + n_outputs * n_inputs;
            let n_slopes = if activation.is_some() { max_samples * n_outputs } else { 0 };
            layers.push(Layer {
                n_inputs,
                n_outputs,
                weights: start..end_of_weights,
                biases: end_of_weights..end_of_weights + n_outputs,
                activation,
                outputs: vec![T::ZERO; max_samples * n_outputs],
                slopes: vec![T::ZERO; n_slopes],
            });
            (n_inputs, start) = (n_outputs, end_of_weights + n_outputs);
        }
        Self { layers, workspace: Workspace::default(), n_samples: 0 }
    }
}

impl<T: Scalar> Network<T> for Dense<T> {
    fn forward(&mut self, params: &[T], inputs: &[T], n_samples: usize, team: &Team) -> &[T] {
        self.n_samples = n_samples;
        for index in 0..self.layers.len() {
            let (before, rest) = self.layers.split_at_mut(index);
            let layer = &mut rest[0];
            let inputs = match before.last() {
                Some(previous) => &previous.outputs[..n_samples * layer.n_inputs],
                None => inputs,
            };
            layer.forward(params, inputs, n_samples, &mut self.workspace, team);
        }
        self.layers.last().map_or(&[], |last| &last.outputs[..n_samples * last.n_outputs])
    }

    fn backward(
        &mut self,
        params: &[T],
        inputs: &[T],
        output_gradient: &mut [T],
        gradient: &mut [T],
        team: &Team,
    ) {
        let n_samples = self.n_samples;
        for index in (0..self.layers.len()).rev() {
            let (before, rest) = self.layers.split_at_mut(index);
            let layer = &mut rest[0];
            let n_entries = n_samples * layer.n_outputs;
            let (weight_gradient, bias_gradient) =
                gradient[layer.weights.start..layer.biases.end].split_at_mut(layer.weights.len());
            let is_last = layer.activation.is_none();
            let delta = match &layer.activation {
                Some(_) => &layer.outputs[..n_entries],
                None => &output_gradient[..n_entries],
            };
            let delta = MatrixView::row_major(delta, n_samples, layer.n_outputs);
            let inputs = match before.last() {
                Some(previous) => &previous.outputs[..n_samples * layer.n_inputs],
                None => inputs,
            };
            let inputs = MatrixView::row_major(inputs, n_samples, layer.n_inputs);

            let product = Product { a: delta.transposed(), b: inputs, start: Sums::Zero };
            let workspace = &mut self.workspace;
            multiply(product, weight_gradient, bias_gradient, workspace, team, |rows| {
                match rows.beside {
                    // The only output of all samples: one long sum.
                    [single] if is_last && delta.n_columns == 1 => {
                        *single = reduce::sum(delta.data)
                    }
                    sums => sum_columns(delta, rows.first, sums),
                }
            });

            if let Some(previous) = before.last_mut() {
                let weights = &params[layer.weights.clone()];
                let weights = MatrixView::row_major(weights, layer.n_outputs, layer.n_inputs);
                let input_gradient = &mut previous.outputs[..n_samples * layer.n_inputs];
                let slopes = &previous.slopes;
                let product = Product { a: delta, b: weights, start: Sums::Zero };
                multiply(product, input_gradient, &mut [], workspace, team, |rows| {
                    scale(rows.sums, &slopes[rows.first * layer.n_inputs..]);
                });
            }
        }
    }
}

/// `sums[j] = Σᵢ matrix[i][first + j]`, each in the order of the rows.
fn sum_columns<T: Scalar>(matrix: MatrixView<'_, T>, first: usize, sums: &mut [T]) {
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || {
            sums.fill(T::ZERO);
            for row in matrix.data.chunks_exact(matrix.n_columns) {
                for (sum, entry) in sums.iter_mut().zip(&row[first..]) {
                    *sum += *entry;
                }
            }
        },
    );
}

/// `values ← values ⊙ factors`.
fn scale<T: Scalar>(values: &mut [T], factors: &[T]) {
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || {
            for (value, factor) in values.iter_mut().zip(factors) {
                *value *= *factor;
            }
        },
    );
}
