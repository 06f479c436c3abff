use std::ops::Range;

use super::{Accumulator, t_quantile_975};

/// What one run contributes to the statistics: columns of equal length that grow at their end.
#[derive(Clone, Copy, Debug)]
pub struct Readings<'a> {
    /// The step of each moment, rising.
    pub steps: &'a [f64],
    /// The clock of the x axis at each moment.
    pub clock: &'a [f64],
    /// The metric at each moment.
    pub values: &'a [f64],
}

/// Mean and 95 % interval of a metric over the runs of one experiment (one per seed), at each
/// recorded step, kept up to date as the runs grow: work in proportion to what is new.
///
/// ```text
/// mean ± t · s / √n        t: Student's 97.5 % quantile for n − 1 degrees
/// ```
///
/// `n` is the number of runs that have reached the step with a finite value; with one run there is
/// a mean but no interval. The x of a step is the mean of the runs' clocks there. Moments off the
/// common stride (a run's last one, where it ended early) do not take part, since no other seed has
/// them.
#[derive(Clone, Debug, Default)]
pub struct SeedStatistics {
    steps: Vec<f64>,
    clocks: Vec<Accumulator>,
    values: Vec<Accumulator>,
    taken: Vec<usize>,
    quantiles: Vec<f64>,
    x: Vec<f64>,
    mean: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
}

impl SeedStatistics {
    /// Takes in what the runs have grown by since the last call; the runs keep their order. Moments
    /// take part where the step is a multiple of `stride` or equal to `total_steps`. Returns the
    /// range of moments that changed.
    pub fn update(&mut self, runs: &[Readings<'_>], stride: u64, total_steps: u64) -> Range<usize> {
        self.taken.resize(runs.len(), 0);
        let (mut first, mut end) = (usize::MAX, 0);
        for (run, readings) in runs.iter().enumerate() {
            let len = readings.steps.len().min(readings.values.len()).min(readings.clock.len());
            let from = self.taken[run];
            self.taken[run] = len.max(from);
            let mut place = from;
            for moment in from..len {
                let step = readings.steps[moment];
                let whole = step as u64;
                if !whole.is_multiple_of(stride.max(1)) && whole != total_steps {
                    continue;
                }
                // Runs of one experiment record the same steps, so the place is nearly always known.
                if self.steps.get(place) != Some(&step) {
                    place = self.steps.partition_point(|other| *other < step);
                    if self.steps.get(place) != Some(&step) {
                        if place < self.steps.len() {
                            continue;
                        }
                        self.push(step);
                    }
                }
                self.clocks[place].add(readings.clock[moment]);
                self.values[place].add(readings.values[moment]);
                (first, end) = (first.min(place), end.max(place + 1));
                place += 1;
            }
        }
        if end == 0 { 0..0 } else { self.finish(first..end) }
    }

    fn push(&mut self, step: f64) {
        self.steps.push(step);
        self.clocks.push(Accumulator::default());
        self.values.push(Accumulator::default());
        for column in [&mut self.x, &mut self.mean, &mut self.lower, &mut self.upper] {
            column.push(f64::NAN);
        }
    }

    fn finish(&mut self, changed: Range<usize>) -> Range<usize> {
        for place in changed.clone() {
            let value = self.values[place];
            while self.quantiles.len() <= value.n as usize {
                self.quantiles.push(t_quantile_975(self.quantiles.len().saturating_sub(1)));
            }
            let half = value.half_interval_with(self.quantiles[value.n as usize]);
            self.mean[place] = if value.n == 0 { f64::NAN } else { value.mean };
            self.lower[place] = value.mean - half;
            self.upper[place] = value.mean + half;
        }
        // Where fewer runs have come so far, a mean of seconds could run backwards; x must not.
        let mut place = changed.start;
        while place < self.x.len() {
            let before = if place == 0 { f64::NEG_INFINITY } else { self.x[place - 1] };
            let x = self.clocks[place].mean.max(before);
            if place >= changed.end && self.x[place] == x {
                break;
            }
            self.x[place] = x;
            place += 1;
        }
        changed
    }

    /// The clock at each moment; never falls.
    pub fn x(&self) -> &[f64] {
        &self.x
    }

    /// The mean at each moment; NaN where no run has a finite value.
    pub fn mean(&self) -> &[f64] {
        &self.mean
    }

    /// The lower end of the interval; NaN where fewer than two runs have come.
    pub fn lower(&self) -> &[f64] {
        &self.lower
    }

    /// The upper end of the interval.
    pub fn upper(&self) -> &[f64] {
        &self.upper
    }

    /// How many runs the mean at a moment is made of.
    pub fn n(&self, moment: usize) -> u32 {
        self.values.get(moment).map_or(0, |all| all.n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings<'a>(steps: &'a [f64], values: &'a [f64]) -> Readings<'a> {
        Readings { steps, clock: steps, values }
    }

    #[test]
    fn growing_runs_give_what_finished_ones_give() {
        let steps: Vec<f64> = (0..50).map(|index| f64::from(index * 10)).collect();
        let runs: Vec<Vec<f64>> = (0..4)
            .map(|run| (0..50).map(|index| f64::from((index * 7 + run * 13) % 11)).collect())
            .collect();
        let mut grown = SeedStatistics::default();
        for stage in 1..=10 {
            let parts: Vec<_> = runs
                .iter()
                .enumerate()
                .map(|(run, values)| (stage * 5 * (run + 1)).min(values.len()))
                .zip(&runs)
                .map(|(len, values)| readings(&steps[..len], &values[..len]))
                .collect();
            grown.update(&parts, 10, 490);
        }
        assert_eq!(grown.x(), steps);
        for moment in 0..50 {
            let plain: Accumulator = runs.iter().map(|values| values[moment]).collect();
            assert!((grown.mean()[moment] - plain.mean).abs() < 1e-12);
            assert!((grown.upper()[moment] - plain.mean - plain.half_interval()).abs() < 1e-12);
            assert_eq!(grown.n(moment), 4);
        }
    }

    #[test]
    fn a_run_that_ended_early_does_not_bend_the_mean() {
        let mut statistics = SeedStatistics::default();
        let early = readings(&[0.0, 10.0, 13.0], &[4.0, 2.0, 100.0]);
        let whole = readings(&[0.0, 10.0, 20.0, 25.0], &[2.0, 4.0, 1.0, 0.5]);
        let changed = statistics.update(&[early, whole], 10, 25);
        assert_eq!(changed, 0..4);
        assert_eq!(statistics.x(), [0.0, 10.0, 20.0, 25.0]);
        assert_eq!(statistics.mean(), [3.0, 3.0, 1.0, 0.5]);
        assert!(statistics.lower()[2].is_nan());
        // n = 2: t = 12.706, s = √2, so the half width is 12.706.
        assert!((statistics.upper()[0] - 3.0 - 12.706_204_736).abs() < 1e-8);
    }

    #[test]
    fn x_never_runs_backwards() {
        let steps = [0.0, 1.0, 2.0];
        let slow = Readings { steps: &steps[..2], clock: &[0.0, 9.0], values: &[1.0, 1.0] };
        let quick = Readings { steps: &steps, clock: &[0.0, 1.0, 2.0], values: &[1.0; 3] };
        let mut statistics = SeedStatistics::default();
        statistics.update(&[slow, quick], 1, 2);
        assert_eq!(statistics.x(), [0.0, 5.0, 5.0]);
    }
}
