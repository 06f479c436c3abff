use serde::{Deserialize, Serialize};

/// What a metric is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Part {
    /// The batch of one step.
    Batch,
    /// The whole training part.
    Train,
    /// The validation part.
    Validation,
}

impl Part {
    /// All parts, in the order of [`History::tracks`].
    pub const ALL: [Self; 3] = [Self::Batch, Self::Train, Self::Validation];

    /// The word in files and on screen.
    pub fn name(self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::Train => "train",
            Self::Validation => "validation",
        }
    }
}

/// A quantity that is followed through training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Metric {
    /// The mean loss, without the penalty.
    Loss,
    /// The penalty on the weights.
    Penalty,
    /// The share of samples classified rightly.
    Accuracy,
    /// The coefficient of determination.
    R2,
    /// The Euclidean norm of the gradient, penalty included.
    GradientNorm,
    /// The Euclidean norm of the change of the parameters in the step.
    UpdateNorm,
    /// The learning rate after the schedule.
    LearningRate,
    /// The share of the steps so far whose gradient was clipped.
    ClippedShare,
    /// Which of several random starts the step belongs to, from 1.
    Start,
    /// The mean loss at the average of the parameters.
    AveragedLoss,
    /// The accuracy at the average of the parameters.
    AveragedAccuracy,
    /// The coefficient of determination at the average of the parameters.
    AveragedR2,
    /// A coordinate of a point on a surface.
    Coordinate(u8),
}

impl Metric {
    /// The word in files: `gradient_norm`.
    pub fn name(self) -> String {
        match self {
            Self::Loss => "loss".to_owned(),
            Self::Penalty => "penalty".to_owned(),
            Self::Accuracy => "accuracy".to_owned(),
            Self::R2 => "r2".to_owned(),
            Self::GradientNorm => "gradient_norm".to_owned(),
            Self::UpdateNorm => "update_norm".to_owned(),
            Self::LearningRate => "learning_rate".to_owned(),
            Self::ClippedShare => "clipped_share".to_owned(),
            Self::Start => "start".to_owned(),
            Self::AveragedLoss => "averaged_loss".to_owned(),
            Self::AveragedAccuracy => "averaged_accuracy".to_owned(),
            Self::AveragedR2 => "averaged_r2".to_owned(),
            Self::Coordinate(index) => format!("p{index}"),
        }
    }
}

/// A way to measure how far a run has come: the x axes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Clock {
    /// Parameter updates.
    #[default]
    Step,
    /// Passes over the training part.
    Epoch,
    /// Gradients computed.
    Evaluations,
    /// Samples that went into gradients.
    Samples,
    /// Seconds of training, pauses left out.
    Seconds,
}

impl Clock {
    /// All clocks, in the order of the menu.
    pub const ALL: [Self; 5] =
        [Self::Step, Self::Epoch, Self::Evaluations, Self::Samples, Self::Seconds];

    /// The words on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Epoch => "epoch",
            Self::Evaluations => "evaluations",
            Self::Samples => "samples seen",
            Self::Seconds => "seconds",
        }
    }
}

/// The clocks at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Clocks {
    /// Parameter updates done.
    pub step: u64,
    /// Gradients computed.
    pub evaluations: u64,
    /// Samples that went into them.
    pub samples: u64,
    /// Passes over the training part.
    pub epoch: f64,
    /// Seconds of training.
    pub seconds: f64,
}

/// Metrics recorded at the same moments, a column for each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// The metrics, in the order of the columns.
    pub metrics: Vec<Metric>,
    /// One column per clock, in the order of [`Clock::ALL`].
    pub clocks: [Vec<f64>; 5],
    /// One column per metric.
    pub values: Vec<Vec<f64>>,
}

impl Track {
    /// An empty track of these metrics.
    pub fn new(metrics: Vec<Metric>) -> Self {
        let values = vec![Vec::new(); metrics.len()];
        Self { metrics, clocks: Default::default(), values }
    }

    /// Number of moments recorded.
    pub fn len(&self) -> usize {
        self.clocks[0].len()
    }

    /// Whether nothing is recorded yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a moment; `values` in the order of the metrics.
    pub fn push(&mut self, clocks: Clocks, values: &[f64]) {
        let moment = [
            clocks.step as f64,
            clocks.epoch,
            clocks.evaluations as f64,
            clocks.samples as f64,
            clocks.seconds,
        ];
        for (column, value) in self.clocks.iter_mut().zip(moment) {
            column.push(value);
        }
        for (column, value) in self.values.iter_mut().zip(values) {
            column.push(*value);
        }
    }

    /// Moves all moments of `other`, which has the same metrics, to the end of this track.
    pub fn append(&mut self, other: &mut Self) {
        let columns = self.clocks.iter_mut().chain(&mut self.values);
        let added = other.clocks.iter_mut().chain(&mut other.values);
        for (column, more) in columns.zip(added) {
            column.append(more);
        }
    }

    /// The readings of a clock.
    pub fn clock(&self, clock: Clock) -> &[f64] {
        let index = Clock::ALL.iter().position(|other| *other == clock).unwrap_or(0);
        &self.clocks[index]
    }

    /// The values of a metric.
    pub fn metric(&self, metric: Metric) -> Option<&[f64]> {
        let index = self.metrics.iter().position(|other| *other == metric)?;
        Some(&self.values[index])
    }
}

/// Everything a run has recorded: a [`Track`] for each [`Part`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// The tracks, in the order of [`Part::ALL`].
    pub tracks: [Track; 3],
}

impl History {
    /// An empty history of tracks with these metrics, in the order of [`Part::ALL`].
    pub fn new(metrics: &[Vec<Metric>; 3]) -> Self {
        Self { tracks: metrics.clone().map(Track::new) }
    }

    /// Moves everything recorded in `other`, a history of the same tracks, to the end of this one.
    pub fn append(&mut self, mut other: Self) {
        for (track, more) in self.tracks.iter_mut().zip(&mut other.tracks) {
            if track.metrics.is_empty() {
                std::mem::swap(track, more);
            } else {
                track.append(more);
            }
        }
    }

    /// The track of a part.
    pub fn track(&self, part: Part) -> &Track {
        &self.tracks[part as usize]
    }

    /// The clock readings and values of a metric, where it is recorded.
    pub fn series(&self, part: Part, metric: Metric, clock: Clock) -> Option<(&[f64], &[f64])> {
        let track = self.track(part);
        Some((track.clock(clock), track.metric(metric)?))
    }
}
