use std::path::Path;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::tensors::{self, TensorsError};
use super::{Layout, Role, Start};
use crate::math::Scalar;
use crate::math::random::Stream;

/// How the parameters start. Biases start at 0 with every rule but the explicit ones.
///
/// References: X. Glorot & Y. Bengio, Understanding the difficulty of training deep feedforward
/// neural networks, 2010 (Xavier); K. He, X. Zhang, S. Ren & J. Sun, Delving deep into rectifiers,
/// 2015 (He).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Initialization {
    /// What suits the model: zero for linear and logistic models; in a perceptron He for layers
    /// with ReLU-like activations, Xavier for those with sigmoid and tanh and for the last; the
    /// standard start for a surface.
    #[default]
    Auto,
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
    /// These values, in the order of the layout.
    Explicit(Vec<f64>),
    /// Tensors of this safetensors file, by the names of the blocks.
    File(String),
}

crate::pages! {
    Initialization {
        /// The start that suits the model and its activations, layer by layer.
        ///
        /// ```text
        /// linear, logistic, multinomial:   W = 0
        /// layers with ReLU and its kind:   W ~ Normal(0, 2 / n_in)              He
        /// other layers, and the last:      W ~ Uniform(±√(6 / (n_in + n_out)))  Xavier
        /// b = 0
        /// ```
        ///
        /// `W` is a layer's matrix of weights and `b` its biases, `n_in` and `n_out` are the numbers
        /// of its inputs and outputs. A surface begins at its customary start. Written
        /// `initialization: Auto`. All compared experiments of one seed begin at the same weights.
        ///
        /// When to use: nearly always; the others are there to be compared with it, and to show what
        /// a start that does not suit the activation does to the first steps.
        ///
        /// Reference: X. Glorot & Y. Bengio, Understanding the difficulty of training deep
        /// feedforward neural networks, 2010; K. He et al., Delving deep into rectifiers, 2015.
        Auto("As suits the model");

        /// All weights and biases zero.
        ///
        /// ```text
        /// W = 0,  b = 0
        /// ```
        ///
        /// `W` are the weights and `b` the biases. Written `initialization: Zero`.
        ///
        /// When to use: linear and logistic models, whose loss has one valley. In a network all
        /// units of a layer stay alike for ever and deeper ones get no gradient: choose it to see
        /// just that.
        ///
        /// Reference: D. E. Rumelhart, G. E. Hinton & R. J. Williams, Learning internal
        /// representations by error propagation, 1986, which names this symmetry.
        Zero("Zero");

        /// Uniform, as wide as keeps the variance of signals and of gradients the same from layer to
        /// layer, as far as both can be had.
        ///
        /// ```text
        /// W ~ Uniform(−a, a),   a = √(6 / (n_in + n_out))
        /// b = 0
        /// ```
        ///
        /// `W` is a layer's matrix of weights and `b` its biases, `n_in` and `n_out` are the numbers
        /// of its inputs and outputs. Written `initialization: XavierUniform`. The same as PyTorch's
        /// `xavier_uniform_` of gain 1.
        ///
        /// When to use: layers with tanh or sigmoid. With ReLU the signal halves in every layer:
        /// take He there.
        ///
        /// Reference: X. Glorot & Y. Bengio, Understanding the difficulty of training deep
        /// feedforward neural networks, 2010.
        XavierUniform("Xavier, uniform");

        /// Normal, with the variance of the uniform rule of Xavier Glorot.
        ///
        /// ```text
        /// W ~ Normal(0, σ²),   σ² = 2 / (n_in + n_out)
        /// b = 0
        /// ```
        ///
        /// `W` is a layer's matrix of weights and `b` its biases, `n_in` and `n_out` are the numbers
        /// of its inputs and outputs. Written `initialization: XavierNormal`. The same as PyTorch's
        /// `xavier_normal_` of gain 1.
        ///
        /// When to use: as the uniform one, where a published experiment started from a normal
        /// distribution; the difference is small, except for the few weights far out.
        ///
        /// Reference: X. Glorot & Y. Bengio, Understanding the difficulty of training deep
        /// feedforward neural networks, 2010.
        XavierNormal("Xavier, normal");

        /// Uniform, twice the variance: ReLU lets half of the signal through, and this makes up for
        /// it.
        ///
        /// ```text
        /// W ~ Uniform(−a, a),   a = √(6 / n_in)
        /// b = 0
        /// ```
        ///
        /// `W` is a layer's matrix of weights and `b` its biases, `n_in` is the number of its
        /// inputs. Written `initialization: HeUniform`. The same as PyTorch's `kaiming_uniform_`
        /// for `relu`.
        ///
        /// When to use: layers with ReLU, leaky ReLU, ELU, GELU or SiLU, the more the deeper the
        /// network. With tanh it saturates units from the start.
        ///
        /// Reference: K. He, X. Zhang, S. Ren & J. Sun, Delving deep into rectifiers, 2015.
        HeUniform("He, uniform");

        /// Normal, with the variance of the uniform rule of Kaiming He.
        ///
        /// ```text
        /// W ~ Normal(0, σ²),   σ² = 2 / n_in
        /// b = 0
        /// ```
        ///
        /// `W` is a layer's matrix of weights and `b` its biases, `n_in` is the number of its
        /// inputs. Written `initialization: HeNormal`. The same as PyTorch's `kaiming_normal_` for
        /// `relu`.
        ///
        /// When to use: as the uniform one, for layers with ReLU and its kind, to follow a paper
        /// that started from a normal distribution.
        ///
        /// Reference: K. He, X. Zhang, S. Ren & J. Sun, Delving deep into rectifiers, 2015.
        HeNormal("He, normal");

        /// A list of values: the start is known to the last digit.
        ///
        /// ```text
        /// θ₀ = (p₀, p₁, …)
        /// ```
        ///
        /// `θ₀` are all parameters before the first step, block by block as the
        /// message lists them where the list has another length; of a surface its coordinates. Written
        /// `initialization: Explicit([-1.2, 1.0])`.
        ///
        /// When to use: to repeat a published trajectory, or to begin anywhere on a surface, where a
        /// click on the picture states it.
        ///
        /// Reference: H. H. Rosenbrock, An automatic method for finding the greatest or least value
        /// of a function, 1960, whose start (−1.2, 1) is stated to this day.
        Explicit("Stated values");

        /// Weights of another program, or of another run, from a file.
        ///
        /// ```text
        /// θ₀ = the tensors of a safetensors file, by name
        /// ```
        ///
        /// `θ₀` are all parameters before the first step. Each block of the model has a tensor of
        /// its name and shape; PyTorch's `Linear` has the same order of bytes. Written
        /// `initialization: File("start.safetensors")`; the path starts in the folder of the study,
        /// and a record keeps the fingerprint of the file.
        ///
        /// When to use: to compare with another library from the very same start, or to go on from
        /// weights that are trained.
        ///
        /// Reference: Hugging Face, Safetensors, 2022.
        File("From a file");
    }
}

/// Why parameters could not be set.
#[derive(Debug, Error)]
pub enum InitializationError {
    /// The list is too short or too long.
    #[error("{found} initial values are given; the model has {expected} parameters: {blocks}")]
    Length {
        /// Length of the list.
        found: usize,
        /// Number of parameters.
        expected: usize,
        /// The blocks with their shapes.
        blocks: String,
    },
    /// A value is infinite or not a number.
    #[error(
        "initial value {index} (in {block}) is {found:e} in {precision}; it must be a finite number"
    )]
    NotFinite {
        /// Where in the flat vector, from 0.
        index: usize,
        /// The name of the block there.
        block: String,
        /// The value.
        found: f64,
        /// The number type: what is finite in `f64` may be too large for `f32`.
        precision: &'static str,
    },
    /// The file does not fit.
    #[error("initial values from {path}: {reason}")]
    File {
        /// The file.
        path: String,
        /// What is wrong with it.
        reason: TensorsError,
    },
}

impl Initialization {
    /// The name in files.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Auto => "Auto",
            Self::Zero => "Zero",
            Self::XavierUniform => "XavierUniform",
            Self::XavierNormal => "XavierNormal",
            Self::HeUniform => "HeUniform",
            Self::HeNormal => "HeNormal",
            Self::Explicit(_) => "Explicit",
            Self::File(_) => "File",
        }
    }

    /// Fills `params` for `layout`, drawing from `stream` block by block. Values are drawn in `f64`
    /// and then rounded, so that runs in both precisions start alike. The coordinates of a surface
    /// are left as they are, except by [`Explicit`](Self::Explicit) and [`File`](Self::File).
    pub fn fill<T: Scalar>(
        &self,
        layout: &Layout,
        stream: &mut Stream,
        params: &mut [T],
    ) -> Result<(), InitializationError> {
        assert_eq!(params.len(), layout.n_params());
        match self {
            Self::Auto => draw(layout, None, stream, params),
            Self::Zero => draw(layout, Some(Start::Zero), stream, params),
            Self::XavierUniform => draw(layout, Some(Start::XavierUniform), stream, params),
            Self::XavierNormal => draw(layout, Some(Start::XavierNormal), stream, params),
            Self::HeUniform => draw(layout, Some(Start::HeUniform), stream, params),
            Self::HeNormal => draw(layout, Some(Start::HeNormal), stream, params),
            Self::Explicit(values) => return copy(layout, values, params),
            Self::File(path) => {
                let values = tensors::read(layout, Path::new(path))
                    .map_err(|reason| InitializationError::File { path: path.clone(), reason })?;
                return copy(layout, &values, params);
            }
        }
        Ok(())
    }
}

fn copy<T: Scalar>(
    layout: &Layout,
    values: &[f64],
    params: &mut [T],
) -> Result<(), InitializationError> {
    if values.len() != params.len() {
        let blocks = layout.blocks().iter().map(|block| {
            let shape: Vec<_> = block.shape.iter().map(ToString::to_string).collect();
            format!("{} [{}]", block.name, shape.join(" × "))
        });
        return Err(InitializationError::Length {
            found: values.len(),
            expected: params.len(),
            blocks: blocks.collect::<Vec<_>>().join(", "),
        });
    }
    for (index, (param, value)) in params.iter_mut().zip(values).enumerate() {
        *param = T::from_f64(*value);
        if !param.is_finite() {
            let block = layout.blocks().iter().find(|block| block.range.contains(&index));
            return Err(InitializationError::NotFinite {
                index,
                block: block.map_or_else(String::new, |block| block.name.clone()),
                found: *value,
                precision: std::any::type_name::<T>(),
            });
        }
    }
    Ok(())
}

/// Draws every block of weights by `start`, or where none is given by the start that suits it.
fn draw<T: Scalar>(layout: &Layout, start: Option<Start>, stream: &mut Stream, params: &mut [T]) {
    for block in layout.blocks() {
        let params = &mut params[block.range.clone()];
        match block.role {
            Role::Coordinate => {}
            Role::Bias => params.fill(T::ZERO),
            Role::Weight => {
                let fan_out = block.shape.first().copied().unwrap_or(1) as f64;
                let fan_in = block.shape[1..].iter().product::<usize>() as f64;
                let start = start.unwrap_or(block.start);
                let scale = match start {
                    Start::Zero => 0.0,
                    Start::XavierUniform => (6.0 / (fan_in + fan_out)).sqrt(),
                    Start::XavierNormal => (2.0 / (fan_in + fan_out)).sqrt(),
                    Start::HeUniform => (6.0 / fan_in).sqrt(),
                    Start::HeNormal => (2.0 / fan_in).sqrt(),
                };
                for param in params {
                    *param = T::from_f64(match start {
                        Start::Zero => 0.0,
                        Start::XavierUniform | Start::HeUniform => stream.uniform_in(-scale, scale),
                        Start::XavierNormal | Start::HeNormal => scale * stream.normal(),
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activations::{Activation, Sigmoid};
    use crate::math::random::Purpose;
    use crate::models::{Mlp, Model};

    fn filled<T: Scalar>(
        initialization: &Initialization,
        layout: &Layout,
    ) -> Result<Vec<T>, InitializationError> {
        let mut params = vec![T::from_f64(9.0); layout.n_params()];
        let stream = &mut Stream::new(7, Purpose::Initialization);
        initialization.fill(layout, stream, &mut params).map(|()| params)
    }

    fn mlp() -> Model {
        let activations =
            vec![Activation::named("Relu").unwrap(), Activation::Sigmoid(Sigmoid::default())];
        Model::Mlp(Mlp { hidden: vec![300, 200], activations, ..Mlp::default() })
    }

    /// Mean, variance and largest magnitude of the weights of one layer.
    fn moments(params: &[f64], layout: &Layout, name: &str) -> (f64, f64, f64) {
        let block = layout.blocks().iter().find(|block| block.name == name).unwrap();
        let values = &params[block.range.clone()];
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n;
        (mean, variance, values.iter().fold(0.0, |largest, x| largest.max(x.abs())))
    }

    #[test]
    fn draws_have_the_variance_of_the_rule_and_uniform_ones_stay_within_it() {
        let layout = mlp().rule::<f64>().layout(100, 50);
        // 2.weight is [200 × 300]; a uniform variable in ±a has variance a²/3.
        let (xavier, he) = (2.0 / 500.0, 2.0 / 300.0);
        for (rule, expected, limit) in [
            (Initialization::XavierUniform, xavier, Some((6.0f64 / 500.0).sqrt())),
            (Initialization::XavierNormal, xavier, None),
            (Initialization::HeUniform, he, Some((6.0f64 / 300.0).sqrt())),
            (Initialization::HeNormal, he, None),
        ] {
            let params = filled::<f64>(&rule, &layout).unwrap();
            let (mean, variance, largest) = moments(&params, &layout, "2.weight");
            // 60 000 draws: both are within 4 standard errors, under 3 % of the variance.
            assert!(mean.abs() < 4.0 * (expected / 60_000.0).sqrt(), "{rule:?}: mean {mean}");
            assert!((variance / expected - 1.0).abs() < 0.03, "{rule:?}: variance {variance}");
            match limit {
                Some(limit) => assert!(largest <= limit && largest > 0.99 * limit, "{rule:?}"),
                None => assert!(largest > 3.0 * expected.sqrt(), "{rule:?}"),
            }
            assert_eq!(moments(&params, &layout, "2.bias").2, 0.0, "{rule:?}");
        }
    }

    #[test]
    fn auto_suits_each_layer() {
        let layout = mlp().rule::<f64>().layout(100, 50);
        let starts: Vec<_> = layout
            .blocks()
            .iter()
            .filter(|block| block.role == Role::Weight)
            .map(|block| block.start)
            .collect();
        assert_eq!(starts, [Start::HeNormal, Start::XavierUniform, Start::XavierUniform]);
        let params = filled::<f64>(&Initialization::Auto, &layout).unwrap();
        let variance = moments(&params, &layout, "0.weight").1;
        assert!((variance / (2.0 / 100.0) - 1.0).abs() < 0.04, "{variance}");
        for name in ["Linear", "Logistic", "Multinomial"] {
            let layout = Model::named(name).unwrap().rule::<f64>().layout(5, 2);
            assert_eq!(filled::<f64>(&Initialization::Auto, &layout).unwrap(), [0.0; 12]);
        }
    }

    #[test]
    fn both_precisions_start_alike_and_one_seed_always_the_same() {
        let layout = mlp().rule::<f64>().layout(10, 3);
        let double = filled::<f64>(&Initialization::Auto, &layout).unwrap();
        let single = filled::<f32>(&Initialization::Auto, &layout).unwrap();
        assert!(double.iter().zip(&single).all(|(double, single)| *double as f32 == *single));
        assert_eq!(double, filled::<f64>(&Initialization::Auto, &layout).unwrap());
    }

    #[test]
    fn explicit_values_must_be_as_many_as_the_parameters_and_finite() {
        let layout = Model::named("Multinomial").unwrap().rule::<f64>().layout(2, 2);
        let explicit =
            |values: &[f64]| filled::<f32>(&Initialization::Explicit(values.to_vec()), &layout);
        let values = [1.0, 2.0, 3.0, 4.0, 5.0, 0.5];
        assert_eq!(explicit(&values).unwrap(), values.map(|x| x as f32));
        assert_eq!(
            explicit(&values[..4]).unwrap_err().to_string(),
            "4 initial values are given; the model has 6 parameters: \
             0.weight [2 × 2], 0.bias [2]"
        );
        assert_eq!(
            explicit(&[1.0, 2.0, 3.0, 4.0, 5.0, 1e300]).unwrap_err().to_string(),
            "initial value 5 (in 0.bias) is 1e300 in f32; it must be a finite number"
        );
    }

    #[test]
    fn a_file_of_tensors_starts_a_model_in_either_precision() {
        let layout = Model::named("Linear").unwrap().rule::<f64>().layout(2, 1);
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let bytes = tensors::to_bytes(&layout, &[0.25f64, -1.5, 3.0]);
        std::io::Write::write_all(&mut file, &bytes).unwrap();
        let start = Initialization::File(file.path().display().to_string());
        assert_eq!(filled::<f32>(&start, &layout).unwrap(), [0.25, -1.5, 3.0]);
        let wider = Model::named("Linear").unwrap().rule::<f64>().layout(3, 1);
        assert!(
            filled::<f32>(&start, &wider)
                .unwrap_err()
                .to_string()
                .ends_with("the tensor 0.weight has shape [1, 2]; it must have [1, 3]")
        );
    }

    #[test]
    fn coordinates_of_a_surface_are_left_to_the_trainer() {
        let layout = Layout::new().with("x", Role::Coordinate, &[2]);
        assert_eq!(filled::<f64>(&Initialization::Zero, &layout).unwrap(), [9.0, 9.0]);
        let explicit = Initialization::Explicit(vec![1.0, 2.0]);
        assert_eq!(filled::<f64>(&explicit, &layout).unwrap(), [1.0, 2.0]);
    }
}
