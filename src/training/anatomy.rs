//! One step of a run, taken apart: trained again up to it, and looked at from inside.

use std::sync::Arc;

use super::checkpoint::Checkpoint;
use super::trainer::{Trainer, trainer};
use super::{Plan, objective::ObjectiveValue};
use crate::math::team::Team;
use crate::optimizers::{Coordinate, Equation, OptimizerState};
use crate::record::{Metric, Part};

/// Steps between two looks at whether anybody still waits; large models are looked at in each.
const LOOK_EVERY: u64 = 16;
const LARGE: usize = 4096;

/// Checkpoints kept on the way, so that going back is short; fewer where they are large.
const MOST_CHECKPOINTS: u64 = 64;
const MOST_BYTES: u64 = 64 << 20;

/// Everything that one step had and left, widened to `f64`.
#[derive(Clone, Debug)]
pub struct Anatomy {
    /// The plan of the run.
    pub plan: Arc<Plan>,
    /// Which step: 1 is the first.
    pub step: u64,
    /// Which of several random starts it belongs to, from 0.
    pub start: u64,
    /// The loss and the penalty of the step's batch, at the parameters before it.
    pub value: ObjectiveValue<f64>,
    /// The learning rate of the step.
    pub learning_rate: f64,
    /// The Euclidean norm of the gradient before it was clipped and noise was added.
    pub gradient_norm: f64,
    /// The gradient `[n_params]` as it was given to the optimizer.
    pub gradient: Vec<f64>,
    /// The parameters `[n_params]` before the step and after it.
    pub params: [Vec<f64>; 2],
    /// The optimizer's state before the step and after it.
    pub states: [OptimizerState<f64>; 2],
}

impl Anatomy {
    /// What the step did to one parameter.
    ///
    /// # Panics
    /// Where there is no parameter of this index.
    pub fn coordinate(&self, index: usize) -> Coordinate<'_> {
        let mut blocks = self.plan.layout.blocks().iter().map(|block| &block.range);
        let block = blocks.find(|range| range.contains(&index)).expect("blocks have no gaps");
        let ([before, after], [had, left]) = (&self.params, &self.states);
        Coordinate {
            index,
            block: block.clone(),
            learning_rate: self.learning_rate,
            gradient: &self.gradient,
            params: [before, after],
            before: had,
            after: left,
        }
    }

    /// The lines of the optimizer's formula for one parameter, with their numbers.
    ///
    /// # Panics
    /// Where there is no parameter of this index.
    pub fn equations(&self, index: usize) -> Vec<Equation> {
        self.plan.experiment.optimizer.rule::<f64>().equations(&self.coordinate(index))
    }

    /// The state vectors after the step that have one entry for each parameter, with their names and
    /// their places among all.
    pub fn vectors(&self) -> impl Iterator<Item = (usize, &'static str, &[f64])> {
        let rule = self.plan.experiment.optimizer.rule::<f64>();
        let named = rule.vectors().iter().zip(&self.states[1].vectors).enumerate();
        let n_params = self.params[0].len();
        let single = named.filter(move |(index, (_, vector))| {
            vector.len() == n_params && !rule.is_work_space(*index)
        });
        single.map(|(index, (name, vector))| (index, *name, vector.as_slice()))
    }

    /// How far each parameter went: `θ` after the step less `θ` before it.
    pub fn update(&self) -> Vec<f64> {
        let [before, after] = &self.params;
        after.iter().zip(before).map(|(after, before)| after - before).collect()
    }
}

/// Takes steps of one run apart. The run is trained again from its start, to the same bits; a later
/// step goes on from where the last one was taken, an earlier one from a checkpoint kept on the way.
pub struct Anatomist {
    plan: Arc<Plan>,
    /// The same with every step recorded, which changes no parameter.
    recorded: Arc<Plan>,
    trainer: Box<dyn Trainer>,
    checkpoints: Vec<Checkpoint>,
    checkpoint_stride: u64,
    team: Team,
}

impl Anatomist {
    /// At the start of a run of this plan.
    pub fn new(plan: Arc<Plan>) -> Self {
        let recorded = Arc::new(Plan { record_stride: 1, ..plan.again(None) });
        let (rule, n_params) = (plan.experiment.optimizer.rule::<f64>(), plan.n_params());
        let lengths = (0..rule.vectors().len()).map(|vector| rule.vector_length(vector, n_params));
        // The parameters, the best ones and the state.
        let bytes = 8 * (2 * n_params + lengths.sum::<usize>()) as u64;
        let n_checkpoints = (MOST_BYTES / bytes.max(1)).min(MOST_CHECKPOINTS);
        let checkpoint_stride = match n_checkpoints {
            0 => u64::MAX,
            n => plan.total_steps.div_ceil(n).max(LOOK_EVERY),
        };
        let trainer = trainer(recorded.clone());
        let (checkpoints, team) = (Vec::new(), Team::solo());
        Self { plan, recorded, trainer, checkpoints, checkpoint_stride, team }
    }

    /// The plan of the run.
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Takes a step apart, 1 being the first. `goes_on` is told every few steps how many are done and
    /// how many there are to do; where it answers no, the answer is `None`, and the next question
    /// goes on from there. It is `None`, too, where the run has no such step.
    pub fn take_apart(
        &mut self,
        step: u64,
        goes_on: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Option<Anatomy> {
        if step == 0 || step > self.plan.total_steps {
            return None;
        }
        self.go_back_before(step);
        let from = self.trainer.clocks().step;
        let look_every = if self.plan.n_params() < LARGE { LOOK_EVERY } else { 1 };
        while self.trainer.clocks().step + 1 < step {
            let done = self.trainer.clocks().step;
            if done.is_multiple_of(look_every) {
                // What was recorded so far is not needed.
                self.trainer.take_history();
                self.trainer.take_hashes();
                if !goes_on(done - from, step - from) {
                    return None;
                }
            }
            self.keep_checkpoint(done);
            self.trainer.step(&self.team);
            if self.trainer.clocks().step == done {
                return None;
            }
        }
        self.trainer.begin(&self.team);
        self.trainer.take_history();
        let before = self.trainer.checkpoint();
        self.trainer.step(&self.team);
        let after = self.trainer.checkpoint();
        if after.clocks.step != step {
            return None;
        }
        let history = self.trainer.take_history();
        let batch = history.track(Part::Batch);
        // A path on a surface records its end behind its last step.
        let recorded = |metric| batch.metric(metric).and_then(|values| values.first().copied());
        let mut gradient = Vec::new();
        self.trainer.copy_gradient(&mut gradient);
        let state = |checkpoint: &Checkpoint| OptimizerState {
            step: checkpoint.optimizer_step,
            vectors: checkpoint.optimizer_vectors.clone(),
            scalars: checkpoint.optimizer_scalars.clone(),
        };
        let states = [state(&before), state(&after)];
        Some(Anatomy {
            plan: self.plan.clone(),
            step,
            start: before.start.index,
            value: ObjectiveValue {
                loss: recorded(Metric::Loss)?,
                penalty: recorded(Metric::Penalty).unwrap_or(0.0),
            },
            learning_rate: recorded(Metric::LearningRate)?,
            gradient_norm: recorded(Metric::GradientNorm)?,
            gradient,
            params: [before.params, after.params],
            states,
        })
    }

    /// Makes sure that the step is still to come.
    fn go_back_before(&mut self, step: u64) {
        if self.trainer.clocks().step < step {
            return;
        }
        self.trainer = trainer(self.recorded.clone());
        let earlier = self.checkpoints.iter().rfind(|checkpoint| checkpoint.clocks.step < step);
        if let Some(checkpoint) = earlier {
            self.trainer.restore(checkpoint);
        }
    }

    fn keep_checkpoint(&mut self, done: u64) {
        let is_new = self.checkpoints.last().is_none_or(|last| last.clocks.step < done);
        if done > 0 && is_new && done.is_multiple_of(self.checkpoint_stride) {
            self.checkpoints.push(self.trainer.checkpoint());
        }
    }
}
