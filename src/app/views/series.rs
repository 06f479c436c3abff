use std::sync::Arc;

use super::curve::{Curve, Look, log10};
use crate::analysis::{Readings, SeedStatistics, Smoothing};
use crate::record::{Clock, Metric, Part, Track};
use crate::session::ExperimentEntry;
use crate::training::{Ending, Plan, Run, RunState};

/// What a view of curves shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quantity {
    /// Of which part of the data.
    pub part: Part,
    /// Which metric.
    pub metric: Metric,
    /// Along which clock.
    pub clock: Clock,
}

impl Quantity {
    fn columns<'a>(&self, run: &'a Run) -> Option<(&'a Track, &'a [f64], &'a [f64])> {
        let track = run.history().track(self.part);
        let values = track.metric(self.metric)?;
        Some((track, track.clock(self.clock), values))
    }
}

/// The curve of one experiment: of its run, or the mean over its runs with a band. Holds what was
/// derived from the runs' histories, never a copy of them.
#[derive(Debug, Default)]
pub(super) struct Series {
    quantity: Option<Quantity>,
    plans: Vec<Arc<Plan>>,
    lengths: Vec<usize>,
    statistics: SeedStatistics,
    smoothing: Option<Smoothing>,
    main: Curve,
    lower: Curve,
    upper: Curve,
    smooth: Curve,
    band: [Vec<f64>; 3],
}

impl Series {
    /// Takes in what the runs of an experiment have recorded since the last call. Starts anew where
    /// the runs or the quantity are others. `beta` is the weight of the past in smoothing.
    pub(super) fn update(&mut self, entry: &ExperimentEntry, quantity: Quantity, beta: f64) {
        let runs = &entry.runs;
        let same = self.quantity == Some(quantity)
            && self.plans.len() == runs.len()
            && self.plans.iter().zip(runs).all(|(plan, run)| Arc::ptr_eq(plan, run.plan()))
            && self.lengths.iter().zip(runs).all(|(length, run)| {
                quantity.columns(run).map_or(0, |(_, _, values)| values.len()) >= *length
            });
        if !same {
            *self = Self {
                quantity: Some(quantity),
                plans: runs.iter().map(|run| Arc::clone(run.plan())).collect(),
                lengths: vec![0; runs.len()],
                ..Self::default()
            };
        }
        let lengths = runs.iter().map(|run| quantity.columns(run).map_or(0, |c| c.2.len()));
        let mut grown = false;
        for (known, length) in self.lengths.iter_mut().zip(lengths) {
            grown |= *known != length;
            *known = length;
        }
        if self.smoothing.as_ref().map_or(0.0, Smoothing::beta) != beta {
            self.smoothing = (beta > 0.0).then(|| Smoothing::new(beta));
            self.smooth = Curve::default();
            grown = true;
        }
        if grown {
            self.grow(entry, quantity);
        }
    }

    fn grow(&mut self, entry: &ExperimentEntry, quantity: Quantity) {
        let mut from = usize::MAX;
        if let [run] = &entry.runs[..] {
            let Some((_, _, values)) = quantity.columns(run) else { return };
            self.main.append(values);
        } else {
            let Some(plan) = self.plans.first() else { return };
            let stride = match quantity.part {
                Part::Batch => plan.record_stride,
                Part::Train | Part::Validation => plan.evaluation_stride,
            };
            let empty: &[f64] = &[];
            let readings: Vec<Readings<'_>> = entry
                .runs
                .iter()
                .map(|run| match quantity.columns(run) {
                    Some((track, clock, values)) => {
                        Readings { steps: track.clock(Clock::Step), clock, values }
                    }
                    None => Readings { steps: empty, clock: empty, values: empty },
                })
                .collect();
            let changed = self.statistics.update(&readings, stride, plan.total_steps);
            from = changed.start;
            self.main.refresh(self.statistics.mean(), changed.clone());
            self.lower.refresh(self.statistics.lower(), changed.clone());
            self.upper.refresh(self.statistics.upper(), changed);
        }
        let Some(mut smoothing) = self.smoothing.take() else { return };
        if from < smoothing.values().len() {
            // Earlier means have changed, and an average remembers them.
            smoothing = Smoothing::new(smoothing.beta());
        }
        let values = self.values(entry);
        let known = smoothing.values().len();
        smoothing.append(values);
        self.smooth.refresh(smoothing.values(), known..smoothing.values().len());
        self.smoothing = Some(smoothing);
    }

    fn columns<'a>(&'a self, entry: &'a ExperimentEntry) -> Option<(&'a [f64], &'a [f64])> {
        if let [run] = &entry.runs[..] {
            let (_, clock, values) = self.quantity?.columns(run)?;
            Some((clock, values))
        } else {
            Some((self.statistics.x(), self.statistics.mean()))
        }
    }

    /// The clock at each moment.
    pub(super) fn xs<'a>(&'a self, entry: &'a ExperimentEntry) -> &'a [f64] {
        self.columns(entry).map_or(&[], |(xs, _)| xs)
    }

    /// The values as recorded, or their means.
    pub(super) fn values<'a>(&'a self, entry: &'a ExperimentEntry) -> &'a [f64] {
        self.columns(entry).map_or(&[], |(_, values)| values)
    }

    /// Half the width of the 95 % interval at a moment and the number of runs behind it.
    pub(super) fn interval(&self, moment: usize) -> Option<(f64, u32)> {
        let (mean, upper) =
            (self.statistics.mean().get(moment)?, self.statistics.upper().get(moment)?);
        Some((upper - mean, self.statistics.n(moment)))
    }

    /// The smallest and the largest value on the curve or its band.
    pub(super) fn bounds(&self, entry: &ExperimentEntry, log_y: bool) -> Option<(f64, f64)> {
        let (mut low, mut high) = self.main.bounds(self.values(entry), log_y)?;
        if let Some((lower, _)) = self.lower.bounds(self.statistics.lower(), log_y) {
            low = low.min(lower);
        }
        if let Some((_, upper)) = self.upper.bounds(self.statistics.upper(), log_y) {
            high = high.max(upper);
        }
        // With few seeds the band can be far wider than the curves; it must not flatten them.
        let (floor, ceiling) = self.main.bounds(self.values(entry), log_y)?;
        if log_y {
            low = low.max(floor / 10.0);
            high = high.min(ceiling * 10.0);
        } else {
            low = low.max(floor - (ceiling - floor));
            high = high.min(ceiling + (ceiling - floor));
        }
        Some((low, high))
    }

    /// The smallest finite value.
    pub(super) fn lowest(&self, entry: &ExperimentEntry) -> Option<f64> {
        self.main.lowest(self.values(entry))
    }

    /// Whether some values cannot be shown on a logarithmic axis.
    pub(super) fn has_not_positive(&self, entry: &ExperimentEntry) -> bool {
        self.lowest(entry).is_some_and(|low| low <= 0.0)
    }

    /// Makes the points for this look; `bottom` is the y where a band ends that goes below what a
    /// logarithmic axis can show.
    pub(super) fn look(&mut self, entry: &ExperimentEntry, look: Look, bottom: f64) {
        let mut main = std::mem::take(&mut self.main);
        main.look(self.xs(entry), self.values(entry), look);
        let mut smooth = std::mem::take(&mut self.smooth);
        if let Some(smoothing) = &self.smoothing {
            smooth.look(self.xs(entry), smoothing.values(), look);
        }
        (self.main, self.smooth) = (main, smooth);
        if entry.runs.len() > 1 {
            self.look_at_band(look, bottom);
        }
    }

    fn look_at_band(&mut self, look: Look, bottom: f64) {
        let (lower, upper) = (self.statistics.lower(), self.statistics.upper());
        let (xs, mean) = (self.statistics.x(), self.statistics.mean());
        self.lower.look(xs, lower, Look { log_y: false, ..look });
        self.upper.look(xs, upper, look);
        let [band_xs, lows, highs] = &mut self.band;
        band_xs.clear();
        lows.clear();
        highs.clear();
        let (mut a, mut b) = (0, 0);
        let (first, second) = (self.lower.indices(), self.upper.indices());
        while a < first.len() || b < second.len() {
            let moment = match (first.get(a), second.get(b)) {
                (Some(x), Some(y)) => *x.min(y),
                (Some(x), None) => *x,
                (None, Some(y)) => *y,
                (None, None) => break,
            };
            a += usize::from(first.get(a) == Some(&moment));
            b += usize::from(second.get(b) == Some(&moment));
            let place = |value: f64| match look.log_y {
                true if value > 0.0 => log10(value).max(bottom),
                true => bottom,
                false => value,
            };
            let (mut low, mean, high) = (lower[moment], mean[moment], upper[moment]);
            if look.log_y && mean > 0.0 {
                // Near or below zero, where such an axis has no end, the lower edge goes as far
                // below the mean as the upper one above: by the same factor.
                low = low.max(mean * (mean / high));
            }
            band_xs.push(if look.view.log_x { log10(xs[moment]) } else { xs[moment] });
            lows.push(place(low));
            highs.push(place(high));
        }
    }

    /// The curve to be drawn and the smoothed curve, where smoothing is on.
    pub(super) fn curves(&mut self) -> (&mut Curve, Option<&mut Curve>) {
        (&mut self.main, self.smoothing.as_ref().map(|_| &mut self.smooth))
    }

    /// The curve to be drawn.
    pub(super) fn main(&self) -> &Curve {
        &self.main
    }

    /// The x, the lower and the upper edge of the band; empty for one run.
    pub(super) fn band(&self) -> [&[f64]; 3] {
        [&self.band[0], &self.band[1], &self.band[2]]
    }
}

/// The reading of one clock.
pub(super) fn reading(run: &Run, clock: Clock) -> f64 {
    let clocks = run.clocks();
    match clock {
        Clock::Step => clocks.step as f64,
        Clock::Epoch => clocks.epoch,
        Clock::Evaluations => clocks.evaluations as f64,
        Clock::Samples => clocks.samples as f64,
        Clock::Seconds => clocks.seconds,
    }
}

/// The step at which a run diverged, if it did.
pub(super) fn diverged_at(run: &Run) -> Option<u64> {
    match run.state() {
        RunState::Ended(Ending::Diverged { step }) => Some(*step),
        _ => None,
    }
}
