//! An experiment with its data and a seed, checked: whatever can be refused is refused here, so that
//! training only counts on it.

mod checks;

use std::path::Path;
use std::sync::Arc;

use thiserror::Error;

use self::checks::check_targets;
use super::objective::CHUNK;
use crate::data::prepare::prepare_as;
use crate::data::{DataError, Fold, Loaded, Prepared};
use crate::experiment::{Cadence, Experiment};
use crate::math::random::{Purpose, Stream};
use crate::models::{Initialization, InitializationError, Layout, Role};
use crate::record::Metric;
use crate::schedules::Course;
use crate::settings::SettingError;
use crate::surfaces::Surface;

/// Coordinates of a surface that are recorded at every recorded step.
pub(super) const MAX_COORDINATES: usize = 8;

/// The most steps a budget may have.
const MAX_STEPS: u64 = 1_000_000_000_000_000;

/// Steps recorded in a run, evaluations and hashes, where their cadence is left to the program.
const RECORDED_STEPS: u64 = 10_000;
const EVALUATIONS: u64 = 200;
const HASHES: u64 = 1_000;

/// An experiment with a seed, checked against its data and ready to run. Immutable and shared.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The name of the experiment.
    pub label: String,
    /// The experiment.
    pub experiment: Experiment,
    /// The seed.
    pub seed: u64,
    /// The data; `None` for a surface.
    pub data: Option<Arc<Prepared>>,
    /// The surface, where there is no data.
    pub surface: Option<Surface>,
    /// The blocks of the parameters.
    pub layout: Layout,
    /// Outputs of the model; 1 for a surface.
    pub n_outputs: usize,
    /// Samples to train on; 0 for a surface.
    pub n_train: usize,
    /// Samples in a step; 0 for a surface.
    pub batch_size: usize,
    /// Samples in one evaluation of the gradient, of which a step may take several.
    pub micro_batch_size: usize,
    /// The parameters at the start, where they are not drawn from the seed.
    pub start: Option<Vec<f64>>,
    /// Steps in one epoch.
    pub steps_per_epoch: u64,
    /// Steps of one start.
    pub steps_per_start: u64,
    /// Steps in the whole budget: of all starts.
    pub total_steps: u64,
    /// Steps between two recorded steps.
    pub record_stride: u64,
    /// Steps between two evaluations.
    pub evaluation_stride: u64,
    /// Steps between two hashes of the parameters.
    pub hash_stride: u64,
    /// Where the run is to stop as if a person had stopped it; `None` to train to its end.
    pub stop_at: Option<u64>,
}

/// An experiment that cannot be run.
#[derive(Debug, Error)]
pub enum PlanError {
    /// A setting is not permitted.
    #[error(transparent)]
    Setting(#[from] SettingError),
    /// The data cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The initial parameters do not fit.
    #[error(transparent)]
    Initialization(#[from] InitializationError),
}

impl Plan {
    /// Checks an experiment against loaded data (`None` for a surface) and fixes all numbers.
    /// `folder` is where relative paths (of initial weights) start.
    pub fn new(
        label: &str,
        experiment: &Experiment,
        seed: u64,
        loaded: Option<&Loaded>,
        folder: &Path,
    ) -> Result<Self, PlanError> {
        let prepared = loaded
            .map(|loaded| {
                let Experiment { data, split, .. } = experiment;
                prepare_as(loaded, data, split, &experiment.recipe(), seed).map(Arc::new)
            })
            .transpose()?;
        Self::with_data(label, experiment, seed, prepared, folder)
    }

    /// As [`Plan::new`], with data already prepared for this experiment and seed, so that runs can
    /// share them.
    pub fn with_data(
        label: &str,
        experiment: &Experiment,
        seed: u64,
        data: Option<Arc<Prepared>>,
        folder: &Path,
    ) -> Result<Self, PlanError> {
        if let Some(problem) = experiment.problems().into_iter().next() {
            return Err(problem.into());
        }
        let mut plan = match (experiment.data.surface(), data) {
            (Some(surface), _) => Self::on_surface(label, experiment, seed, surface),
            (_, Some(data)) => Self::on_data(label, experiment, seed, data)?,
            (_, None) => return Err(DataError::new("no data are loaded").into()),
        };
        plan.fix_strides()?;
        plan.check_stages()?;
        plan.check_averaging()?;
        plan.check_state()?;
        plan.fix_start(folder)?;
        Ok(plan)
    }

    /// The fold that this run holds out; `None` where there are no folds.
    pub fn fold(&self) -> Option<Fold> {
        self.data.as_ref().and_then(|_| self.experiment.split.fold(self.seed))
    }

    /// The seed, and the fold where there is one: `3 (fold 3 of 5)`.
    pub fn seed_in_words(&self) -> String {
        match self.fold() {
            Some(fold) => format!("{} ({fold})", self.seed),
            None => self.seed.to_string(),
        }
    }

    fn on_surface(label: &str, experiment: &Experiment, seed: u64, surface: &Surface) -> Self {
        let rule = surface.rule::<f64>();
        let layout = Layout::new().with("point", Role::Coordinate, &[rule.dimension()]);
        Self {
            surface: Some(surface.clone()),
            start: Some(rule.start()),
            ..Self::bare(label, experiment, seed, layout)
        }
    }

    /// A plan with neither data nor surface nor steps yet.
    fn bare(label: &str, experiment: &Experiment, seed: u64, layout: Layout) -> Self {
        Self {
            label: label.to_owned(),
            experiment: experiment.clone(),
            seed,
            data: None,
            surface: None,
            layout,
            n_outputs: 1,
            n_train: 0,
            batch_size: 0,
            micro_batch_size: 0,
            start: None,
            steps_per_epoch: 1,
            steps_per_start: 0,
            total_steps: 0,
            record_stride: 1,
            evaluation_stride: 1,
            hash_stride: 1,
            stop_at: None,
        }
    }

    fn on_data(
        label: &str,
        experiment: &Experiment,
        seed: u64,
        data: Arc<Prepared>,
    ) -> Result<Self, PlanError> {
        let n_outputs = check_targets(experiment, &data)?;
        let n_train = data.train.n_samples();
        if let crate::data::batches::Batch::Mini(size) = experiment.batch
            && (size == 0 || size > n_train)
        {
            let expected =
                format!("from 1 to {n_train}, the number of training samples, or the batch Full");
            return Err(SettingError::new("batch", format!("Mini({size})"), expected).into());
        }
        let micro_batch_size = experiment.batch.size(n_train);
        let most = n_train.div_ceil(micro_batch_size);
        if experiment.accumulate > most {
            let expected = format!(
                "from 1 to {most}: {n_train} training samples make {most} batches of {micro_batch_size}"
            );
            return Err(SettingError::new("accumulate", experiment.accumulate, expected).into());
        }
        if experiment.sampling.rule().needs_classes() && !data.is_classification() {
            let expected = format!(
                "WithoutReplacement or WithReplacement: the target “{}” has no classes",
                data.target_name
            );
            return Err(SettingError::new("sampling", experiment.sampling.name(), expected).into());
        }
        let batch_size = (micro_batch_size * experiment.accumulate).min(n_train);
        let (last, least) = (n_train % batch_size, experiment.optimizer.rule::<f64>().min_batch());
        if last > 0 && last < least {
            let found = format!("of {batch_size} samples with {}", experiment.optimizer.name());
            let expected = format!(
                "such that the last of an epoch has {least} samples or more: of {n_train} it is left {last}"
            );
            return Err(SettingError::new("batch", found, expected).into());
        }
        let n_features = data.n_features();
        let n_largest = [&data.train, &data.validation, &data.test].map(|part| part.n_samples());
        let n_largest = n_largest.into_iter().fold(0, usize::max);
        experiment.model.check_size(n_features, n_outputs, n_largest.min(CHUNK))?;
        let layout = experiment.model.rule::<f64>().layout(n_features, n_outputs);
        Ok(Self {
            n_outputs,
            n_train,
            batch_size,
            micro_batch_size,
            steps_per_epoch: n_train.div_ceil(batch_size) as u64,
            data: Some(data),
            ..Self::bare(label, experiment, seed, layout)
        })
    }

    fn fix_strides(&mut self) -> Result<(), SettingError> {
        let experiment = &self.experiment;
        self.steps_per_start = experiment.budget.steps(self.steps_per_epoch);
        self.total_steps = self.steps_per_start.saturating_mul(experiment.starts.max(1) as u64);
        if self.total_steps == 0 {
            let expected = "a stretch of at least one step".to_owned();
            return Err(SettingError::new("budget", experiment.budget, expected));
        }
        if self.total_steps > MAX_STEPS {
            let expected = format!("at most {MAX_STEPS} steps in all");
            return Err(SettingError::new("budget", experiment.budget, expected));
        }
        let every = |cadence: Cadence, auto: u64| match cadence {
            Cadence::Auto => auto,
            Cadence::Steps(steps) => steps,
            Cadence::Epochs(epochs) => (epochs * self.steps_per_epoch as f64).round() as u64,
        };
        // The norms of a recorded step cost a few passes over the parameters; for large models
        // that is worth doing only now and then.
        let worth = (self.n_params() as u64 / 5_000).clamp(1, 10);
        let recorded = self.total_steps.div_ceil(RECORDED_STEPS).max(worth);
        let evaluated = match self.surface {
            Some(_) => recorded,
            None => self.total_steps.div_ceil(EVALUATIONS).max(self.steps_per_epoch),
        };
        self.record_stride = every(experiment.record_every, recorded).max(1);
        self.evaluation_stride = every(experiment.evaluate_every, evaluated).max(1);
        self.hash_stride = self.total_steps.div_ceil(HASHES).max(1);
        Ok(())
    }

    /// Reads explicit starting values, and tries them out in the precision of the run.
    fn fix_start(&mut self, folder: &Path) -> Result<(), PlanError> {
        let initialization = match &self.experiment.initialization {
            Initialization::File(path) => {
                Initialization::File(folder.join(path).to_string_lossy().into_owned())
            }
            Initialization::Explicit(values) => Initialization::Explicit(values.clone()),
            _ => return Ok(()),
        };
        let mut stream = Stream::new(self.seed, Purpose::Initialization);
        let mut start = vec![0.0; self.n_params()];
        initialization.fill(&self.layout, &mut stream, &mut start)?;
        if self.experiment.precision == crate::experiment::Precision::F32 {
            let mut narrow = vec![0.0_f32; self.n_params()];
            initialization.fill(&self.layout, &mut stream, &mut narrow)?;
        }
        if self.experiment.starts > 1 && self.surface.is_none() {
            let expected = "1 where the initial parameters are given, or drawn ones";
            return Err(SettingError::new("starts", self.experiment.starts, expected).into());
        }
        self.start = Some(start);
        Ok(())
    }

    /// The same run, trained again: it ends where it did, `stop_at` where a person or the clock had
    /// stopped it, and not by the clock a second time.
    pub fn again(&self, stop_at: Option<u64>) -> Self {
        let mut plan = Self { stop_at, ..self.clone() };
        plan.experiment.stopping.seconds = None;
        plan
    }

    /// Number of parameters.
    pub fn n_params(&self) -> usize {
        self.layout.n_params()
    }

    /// Steps of warm-up.
    pub fn warmup_steps(&self) -> u64 {
        self.experiment.warmup.steps(self.steps_per_epoch)
    }

    /// The learning rate's way through one start, as a factor.
    pub fn course(&self) -> Course {
        let Experiment { schedule, then, schedule_per, .. } = &self.experiment;
        Course::new(schedule, self.warmup_steps(), self.steps_per_start, self.steps_per_epoch)
            .chained(then, *schedule_per)
    }

    /// Whether gradients may be clipped.
    pub(super) fn clips(&self) -> bool {
        !self.experiment.clip.is_off()
    }

    /// Whether an average of the parameters is kept.
    pub(super) fn averages(&self) -> bool {
        !self.experiment.averaging.is_off()
    }

    /// The metrics that a run of this plan records for each part.
    pub(super) fn tracks(&self) -> [Vec<Metric>; 3] {
        let mut batch = vec![
            Metric::Loss,
            Metric::Penalty,
            Metric::GradientNorm,
            Metric::UpdateNorm,
            Metric::LearningRate,
        ];
        batch.extend(self.clips().then_some(Metric::ClippedShare));
        batch.extend((self.experiment.starts > 1).then_some(Metric::Start));
        let Some(data) = &self.data else {
            let n_coordinates = self.n_params().min(MAX_COORDINATES);
            batch.extend((0..n_coordinates).map(|index| Metric::Coordinate(index as u8)));
            let mut whole = vec![Metric::Loss, Metric::Penalty];
            whole.extend(self.averages().then_some(Metric::AveragedLoss));
            return [batch, whole, Vec::new()];
        };
        let (quality, averaged) = match data.is_classification() {
            true => (Metric::Accuracy, Metric::AveragedAccuracy),
            false => (Metric::R2, Metric::AveragedR2),
        };
        let mut whole = vec![Metric::Loss, Metric::Penalty, quality];
        if self.averages() {
            whole.extend([Metric::AveragedLoss, averaged]);
        }
        let validation = if data.validation.n_samples() > 0 { whole.clone() } else { Vec::new() };
        [batch, whole, validation]
    }
}
