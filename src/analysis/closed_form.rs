use nalgebra::{DMatrix, DVector};

use crate::data::store::rows_at_once;
use crate::data::{DataError, TargetColumn};
use crate::experiment::Experiment;
use crate::losses::{Loss, Penalty};
use crate::models::Model;
use crate::training::Plan;

/// Features beyond which the normal equations are not worth solving for a comparison.
const MAX_FEATURES: usize = 500;
/// Iterations for each singular value, of which a few are enough.
const ITERATIONS_OF_ONE: usize = 1000;

/// Where gradient descent on a linear regression is going: the minimum, computed directly.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosedForm {
    /// The weights, then the bias: the order of the model's parameters.
    pub params: Vec<f64>,
    /// The objective there, penalty included, over the training part.
    pub objective: f64,
}

impl ClosedForm {
    /// The minimum of a linear regression with mean squared error and no penalty or an L2 penalty
    /// `λ`; `None` for every other experiment, where there are more than 500 features, and where the numbers are
    /// too large to be summed.
    ///
    /// ```text
    /// minimise  1/n Σᵢ (w·xᵢ + b − yᵢ)² + λ/2 ‖w‖²
    /// (2/n X̃ᵀX̃ + λ D) θ = 2/n X̃ᵀy        X̃ = [X 1],  D = diag(1, …, 1, 0)
    /// ```
    ///
    /// Where samples have weights, the means over samples are the weighted ones. Where features depend on one another the shortest of the many solutions is taken.
    ///
    /// Reference: A. E. Hoerl & R. W. Kennard, Ridge regression, 1970.
    pub fn of(plan: &Plan) -> Option<Self> {
        let Experiment { model, loss, penalty, .. } = &plan.experiment;
        let strength = match penalty {
            Penalty::Off => 0.0,
            Penalty::L2(strength) => *strength,
            Penalty::L1(_) | Penalty::ElasticNet { .. } => return None,
        };
        let train = &plan.data.as_ref()?.train;
        let (Model::Linear(_), Loss::MeanSquaredError(_), TargetColumn::Numbers(targets)) =
            (model, loss, &train.targets)
        else {
            return None;
        };
        let n = train.n_samples();
        let width = plan.data.as_ref()?.n_features();
        if n == 0 || width > MAX_FEATURES {
            return None;
        }
        // Each row times the root of its share: the sums of squares are then the weighted ones.
        let mut total = 0.0;
        let add = |weights: &[f64]| weights.iter().for_each(|weight| total += weight);
        train.weights.for_each_rows(add).ok()?;
        let is_weighted = train.weights.n_values() > 0;
        let n_rows = n;
        let n = if is_weighted { 1.0 } else { n as f64 };
        // Some rows at a time, for they may be in a file; the same in memory, so that sums are the same.
        let at_once = rows_at_once(width);
        let for_each_rows = |look: &mut dyn FnMut(DMatrix<f64>, DVector<f64>)| {
            let mut rows = vec![0.0; at_once.min(n_rows) * width];
            let mut weights = vec![0.0; if is_weighted { at_once.min(n_rows) } else { 0 }];
            for first in (0..n_rows).step_by(at_once) {
                let n_rows = at_once.min(n_rows - first);
                train.features.read((first * width) as u64, &mut rows[..n_rows * width])?;
                let mut design = DMatrix::from_fn(n_rows, width + 1, |row, column| {
                    if column < width { rows[row * width + column] } else { 1.0 }
                });
                let mut some_targets = DVector::zeros(n_rows);
                targets.read(first as u64, some_targets.as_mut_slice())?;
                if is_weighted {
                    train.weights.read(first as u64, &mut weights[..n_rows])?;
                    for (row, weight) in weights[..n_rows].iter().enumerate() {
                        let root = (weight / total).sqrt();
                        design.row_mut(row).scale_mut(root);
                        some_targets[row] *= root;
                    }
                }
                look(design, some_targets);
            }
            Ok::<_, DataError>(())
        };
        let mut normal = DMatrix::zeros(width + 1, width + 1);
        let mut right = DVector::zeros(width + 1);
        for_each_rows(&mut |design, targets| {
            normal += design.tr_mul(&design) * (2.0 / n);
            right += design.tr_mul(&targets) * (2.0 / n);
        })
        .ok()?;
        for weight in 0..width {
            normal[(weight, weight)] += strength;
        }
        if !normal.iter().chain(&right).all(|sum| sum.is_finite()) {
            return None;
        }
        let largest = normal.diagonal().max();
        let most_iterations = ITERATIONS_OF_ONE * (width + 1);
        let svd = normal.try_svd(true, true, 5.0 * f64::EPSILON, most_iterations)?;
        let solution = svd.solve(&right, largest * 1e-12).ok()?;
        let mut misses = 0.0;
        for_each_rows(&mut |design, targets| {
            misses += (design * &solution - targets).norm_squared() / n;
        })
        .ok()?;
        let weights = solution.rows(0, width).norm_squared();
        let objective = misses + strength / 2.0 * weights;
        Some(Self { params: solution.as_slice().to_vec(), objective })
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::data::{Generated, Scaling, Source, Split, load};
    use crate::math::finite_difference;
    use crate::math::team::Team;
    use crate::settings::Span;
    use crate::training::trainer;

    #[test]
    fn no_step_leads_lower_with_or_without_a_penalty() {
        for penalty in [Penalty::Off, Penalty::L2(0.3)] {
            let experiment = Experiment {
                data: Source::Generated(Generated::named("NoisyLine").unwrap()),
                split: Split::of(1.0, 0.0, 0.0, false),
                scaling: Scaling::Standardize,
                penalty,
                budget: Span::Steps(1),
                ..Experiment::default()
            };
            let loaded = load(&experiment.data, Path::new(".")).unwrap();
            let plan_at = |params: &[f64]| {
                let mut experiment = experiment.clone();
                experiment.initialization =
                    crate::models::Initialization::Explicit(params.to_vec());
                Plan::new("", &experiment, 1, Some(&loaded), Path::new(".")).unwrap()
            };
            let objective = |at: &[f64]| trainer(plan_at(at).into()).objective(&Team::solo());
            let found = ClosedForm::of(&plan_at(&[0.0, 0.0])).unwrap();
            assert!((objective(&found.params) - found.objective).abs() < 1e-12);
            let gradient = finite_difference::gradient(objective, &found.params);
            assert!(gradient.iter().all(|slope| slope.abs() < 1e-8), "{gradient:?}");
        }
    }
}
