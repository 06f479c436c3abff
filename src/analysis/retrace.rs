use std::fmt;
use std::sync::Arc;

use crate::math::team::Team;
use crate::training::{Checkpoint, Plan, Trainer, trainer};

/// Steps between two checkpoints at first; more, when they become many.
const STRIDE: u64 = 256;
/// Checkpoints kept at most.
const MOST: usize = 64;
/// Steps after which what the trainer recorded is thrown away.
const RECORDED: u64 = 512;

/// What an optimizer has before a step, and what it makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// The step that comes.
    pub step: u64,
    /// The parameters before it.
    pub params: Vec<f64>,
    /// The optimizer's momentum, a mean of gradients it has seen; `None` where it keeps none.
    pub momentum: Option<Vec<f64>>,
    /// The parameters after the step; `None` where no step follows.
    pub next_params: Option<Vec<f64>>,
}

/// The state of a run's optimizer at any step, which no record has: the run's plan is trained again,
/// to the same bits, from the nearest checkpoint on. For small problems, whose steps take about a
/// microsecond.
pub struct Retrace {
    plan: Arc<Plan>,
    trainer: Box<dyn Trainer>,
    /// Of rising steps; the first is the start.
    checkpoints: Vec<Checkpoint>,
    stride: u64,
    /// Where the run ended, once it was met.
    end: Option<u64>,
    moment: Option<Moment>,
}

impl fmt::Debug for Retrace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Retrace").field("moment", &self.moment).finish_non_exhaustive()
    }
}

impl Retrace {
    /// Of a run of this plan.
    pub fn new(plan: Arc<Plan>) -> Self {
        let trainer = trainer(Arc::new(plan.again(None)));
        let checkpoints = vec![trainer.checkpoint()];
        Self { plan, trainer, checkpoints, stride: STRIDE, end: None, moment: None }
    }

    /// The plan.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// The moment before `step`, counted from 0, doing at most `most_steps` steps now. `None` where
    /// that was not enough (the next call goes on), or where the run does not come so far.
    pub fn moment(&mut self, step: u64, most_steps: u64) -> Option<&Moment> {
        let known = self.moment.as_ref().is_some_and(|moment| moment.step == step);
        if !known {
            if self.end.is_some_and(|end| step > end) {
                return None;
            }
            self.approach(step, most_steps);
            if self.trainer.clocks().step != step {
                return None;
            }
            self.moment = Some(self.look());
        }
        self.moment.as_ref()
    }

    /// Whether the run does not come to this step.
    pub fn ends_before(&self, step: u64) -> bool {
        self.end.is_some_and(|end| step > end)
    }

    fn approach(&mut self, step: u64, most_steps: u64) {
        let now = self.trainer.clocks().step;
        let nearest = self.checkpoints.partition_point(|known| known.clocks.step <= step);
        // The start is never after a step.
        let nearest = &self.checkpoints[nearest.max(1) - 1];
        if now > step || nearest.clocks.step > now {
            self.trainer.restore(nearest);
        }
        let team = Team::solo();
        for _ in 0..most_steps {
            let before = self.trainer.clocks().step;
            if before >= step {
                break;
            }
            self.trainer.step(&team);
            let now = self.trainer.clocks().step;
            if now == before {
                self.end = Some(before);
                break;
            }
            if now.is_multiple_of(RECORDED) {
                self.forget();
            }
            let last = self.checkpoints.last().map_or(0, |last| last.clocks.step);
            if now >= last + self.stride {
                self.checkpoints.push(self.trainer.checkpoint());
                if self.checkpoints.len() > MOST {
                    self.stride *= 2;
                    let mut index = 0;
                    self.checkpoints.retain(|_| {
                        index += 1;
                        index % 2 == 1
                    });
                }
            }
        }
        self.forget();
    }

    fn forget(&mut self) {
        self.trainer.take_history();
        self.trainer.take_hashes();
    }

    /// The moment where the trainer stands; it does the step and stands behind it then.
    fn look(&mut self) -> Moment {
        self.trainer.begin(&Team::solo());
        let checkpoint = self.trainer.checkpoint();
        let step = checkpoint.clocks.step;
        let rule = self.plan.experiment.optimizer.rule::<f64>();
        let kept = |name: &&str| ["momentum", "first_moment"].contains(name);
        let momentum = rule.vectors().iter().position(kept);
        let momentum = momentum.and_then(|index| checkpoint.optimizer_vectors.get(index));
        let n_params = checkpoint.params.len();
        let momentum = momentum.filter(|vector| vector.len() == n_params).cloned();
        self.trainer.step(&Team::solo());
        let mut next_params = None;
        if self.trainer.clocks().step > step {
            let mut params = Vec::new();
            self.trainer.copy_params(&mut params);
            next_params = Some(params);
        }
        Moment { step, params: checkpoint.params, momentum, next_params }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::data::Source;
    use crate::experiment::Experiment;
    use crate::optimizers::Optimizer;
    use crate::record::{Clock, Metric, Part};
    use crate::settings::{Span, Value};
    use crate::surfaces::Surface;

    fn plan(optimizer: &str, rate: f64, steps: u64) -> Arc<Plan> {
        let mut optimizer = Optimizer::named(optimizer).unwrap();
        optimizer.set("learning_rate", Value::Number(rate)).unwrap();
        let experiment = Experiment {
            data: Source::Surface(Surface::named("Rosenbrock").unwrap()),
            optimizer,
            budget: Span::Steps(steps),
            ..Experiment::default()
        };
        Arc::new(Plan::new("A", &experiment, 1, None, Path::new("")).unwrap())
    }

    /// Forwards, backwards, far ahead: the point of each moment is the recorded one, bit by bit.
    #[test]
    fn every_moment_is_that_of_the_record() {
        for name in ["GradientDescent", "Momentum", "Adam"] {
            let plan = plan(name, 1e-3, 3_000);
            let mut whole = trainer(Arc::clone(&plan));
            while whole.ending().is_none() {
                whole.step(&Team::solo());
            }
            let history = whole.take_history();
            let series = |axis| history.series(Part::Batch, Metric::Coordinate(axis), Clock::Step);
            let (xs, ys) = (series(0).unwrap().1, series(1).unwrap().1);
            let mut retrace = Retrace::new(plan);
            for step in [0, 1, 2, 1, 2_999, 700, 699, 3_000, 0, 1_500] {
                let moment = retrace.moment(step, u64::MAX).unwrap();
                let at = step as usize;
                assert_eq!(moment.params, [xs[at], ys[at]], "{name} {step}");
                let next = (step < 3_000).then(|| vec![xs[at + 1], ys[at + 1]]);
                assert_eq!(moment.next_params, next, "{name} {step}");
            }
            assert_eq!(retrace.moment(3_001, u64::MAX), None);
            assert!(retrace.ends_before(3_001));
        }
    }

    /// θ ← θ − η (β v + g), with the v that is carried into the step.
    #[test]
    fn the_momentum_carried_in_and_the_gradient_make_the_step() {
        let plan = plan("Momentum", 1e-3, 100);
        let rule = Surface::named("Rosenbrock").unwrap();
        let mut retrace = Retrace::new(plan);
        assert_eq!(retrace.moment(0, 9).unwrap().momentum, Some(vec![0.0, 0.0]));
        let moment = retrace.moment(40, 99).unwrap().clone();
        let mut gradient = [0.0; 2];
        rule.rule::<f64>().value_and_gradient(&moment.params, &mut gradient);
        let (momentum, next) = (moment.momentum.unwrap(), moment.next_params.unwrap());
        for axis in 0..2 {
            let step = -1e-3 * (0.9 * momentum[axis] + gradient[axis]);
            assert!((next[axis] - moment.params[axis] - step).abs() < 1e-15);
        }
    }

    #[test]
    fn a_rule_without_momentum_has_none_and_patience_is_kept() {
        let mut retrace = Retrace::new(plan("AdaGrad", 0.1, 100_000));
        assert_eq!(retrace.moment(50_000, 20_000), None);
        assert_eq!(retrace.moment(50_000, 20_000), None);
        assert_eq!(retrace.moment(50_000, 20_000).unwrap().momentum, None);
        assert!(retrace.checkpoints.len() <= MOST);
    }

    #[test]
    fn a_run_that_diverges_ends_there() {
        let mut retrace = Retrace::new(plan("GradientDescent", 1.0, 1_000));
        assert_eq!(retrace.moment(900, u64::MAX), None);
        assert!(retrace.ends_before(900));
        assert!(retrace.moment(2, 10).is_some());
    }
}
