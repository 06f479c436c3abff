use serde::{Deserialize, Serialize};

use super::{Plateau, Progress, Schedule};
use crate::settings::Span;

/// How often schedules change the learning rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SchedulePer {
    /// At every step.
    #[default]
    Step,
    /// At the first step of every epoch; it stays until the next.
    Epoch,
}

/// A schedule that takes over from the one before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Where in the budget it begins.
    pub at: Span,
    /// The schedule, which sees the budget from there to the next stage as its own.
    pub schedule: Schedule,
    /// What the optimizer's learning rate is multiplied by as long as it lasts.
    #[serde(default = "Stage::full_scale", skip_serializing_if = "Stage::is_full_scale")]
    pub scale: f64,
}

impl Stage {
    /// `schedule` from `at` on.
    pub fn new(at: Span, schedule: Schedule) -> Self {
        Self { at, schedule, scale: Self::full_scale() }
    }

    fn full_scale() -> f64 {
        1.0
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
    fn is_full_scale(scale: &f64) -> bool {
        *scale == Self::full_scale()
    }
}

/// The whole way of the learning rate through a run: a warm-up, the schedule, and the schedules
/// chained to it.
///
/// ```text
/// ηₖ = η min(1, (k + 1)/w) · scaleᵢ · sᵢ(k − kᵢ)        kᵢ ≤ k < kᵢ₊₁
/// ```
///
/// with `k` the steps done, `w` the steps of the warm-up, `sᵢ` the schedules and `kᵢ` where they
/// begin; the first begins after the warm-up and stands still at its first factor until then. The
/// same as PyTorch's `SequentialLR` with the milestones `kᵢ`.
///
/// Reference for the warm-up: P. Goyal et al., Accurate, large minibatch SGD: training ImageNet in 1
/// hour, 2017.
#[derive(Clone, Debug)]
pub struct Course {
    warmup_steps: u64,
    steps_per_epoch: u64,
    per: SchedulePer,
    /// Each schedule with the steps from which and until which it holds, and its scale.
    legs: Vec<Leg>,
}

#[derive(Clone, Debug)]
struct Leg {
    from: u64,
    until: u64,
    schedule: Schedule,
    scale: f64,
}

impl Course {
    /// The course of `schedule` alone over a budget of `total_steps`, behind a warm-up. A warm-up as
    /// long as the budget or longer leaves nothing to the schedule but its first factor.
    pub fn new(
        schedule: &Schedule,
        warmup_steps: u64,
        total_steps: u64,
        steps_per_epoch: u64,
    ) -> Self {
        let until = total_steps.max(warmup_steps);
        let first = Leg { from: warmup_steps, until, schedule: schedule.clone(), scale: 1.0 };
        Self { warmup_steps, steps_per_epoch, per: SchedulePer::Step, legs: vec![first] }
    }

    /// The same with further stages, in order, changed `per` step or epoch.
    pub fn chained(mut self, stages: &[Stage], per: SchedulePer) -> Self {
        self.per = per;
        for stage in stages {
            let last = self.legs.last_mut().expect("the first schedule is always there");
            let from = stage.at.steps(self.steps_per_epoch).max(last.from);
            let until = last.until.max(from);
            last.until = from;
            let Stage { schedule, scale, .. } = stage.clone();
            self.legs.push(Leg { from, until, schedule, scale });
        }
        self
    }

    /// The leg that holds for the step after `step` steps.
    fn leg(&self, step: u64) -> usize {
        self.legs.iter().rposition(|leg| leg.from <= step).unwrap_or(0)
    }

    /// The factor for the coming step, by which the optimizer's learning rate is multiplied. `plateau`
    /// is what [`observe`](Self::observe) has made of the losses so far.
    pub fn factor(&self, step: u64, plateau: &Plateau) -> f64 {
        let index = self.leg(step);
        let leg = &self.legs[index];
        let since = match self.per {
            SchedulePer::Step => step,
            SchedulePer::Epoch => step - step % self.steps_per_epoch.max(1),
        };
        let progress = Progress {
            step: since.saturating_sub(leg.from),
            total_steps: leg.until - leg.from,
            steps_per_epoch: self.steps_per_epoch,
        };
        let mut factor = leg.schedule.rule().factor(progress);
        if leg.scale != 1.0 {
            factor *= leg.scale;
        }
        if plateau.leg == index {
            factor *= plateau.factor;
        }
        if step < self.warmup_steps {
            return (step + 1) as f64 / self.warmup_steps as f64 * factor;
        }
        factor
    }

    /// Shows the schedule that held for the last of `step` steps the watched loss after it.
    pub fn observe(&self, step: u64, loss: f64, plateau: &mut Plateau) {
        let Some(last) = step.checked_sub(1) else { return };
        let index = self.leg(last);
        if plateau.leg != index {
            *plateau = Plateau { leg: index, ..Plateau::default() };
        }
        self.legs[index].schedule.rule().observe(loss, plateau);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Cosine, Linear, ReduceOnPlateau, StepDecay};
    use super::*;

    fn factors(course: &Course, n: u64) -> Vec<f64> {
        (0..n).map(|step| course.factor(step, &Plateau::default())).collect()
    }

    #[test]
    fn warm_up_climbs_in_equal_stairs_and_hands_over() {
        let linear = Schedule::Linear(Linear { end_factor: 0.0 });
        let course = Course::new(&linear, 4, 8, 1);
        assert_eq!(factors(&course, 8), [0.25, 0.5, 0.75, 1.0, 1.0, 0.75, 0.5, 0.25]);
        let course = Course::new(&linear, 0, 4, 1);
        assert_eq!(factors(&course, 4), [1.0, 0.75, 0.5, 0.25]);
        // Longer than the budget: it just never ends.
        assert_eq!(factors(&Course::new(&linear, 100, 10, 1), 10)[9], 0.1);
    }

    /// Each stage has its own stretch as its budget: 4 steps, 2 steps, 4 steps.
    #[test]
    fn stages_follow_each_other() {
        let linear = Schedule::Linear(Linear { end_factor: 0.0 });
        let constant = Schedule::named("Constant").unwrap();
        let stages = [
            Stage { scale: 0.5, ..Stage::new(Span::Epochs(2.0), constant) },
            Stage::new(Span::Steps(6), linear.clone()),
        ];
        let course = Course::new(&linear, 0, 10, 2).chained(&stages, SchedulePer::Step);
        let expected = [1.0, 0.75, 0.5, 0.25, 0.5, 0.5, 1.0, 0.75, 0.5, 0.25];
        assert_eq!(factors(&course, 10), expected);
        let course = Course::new(&linear, 0, 10, 2).chained(&stages, SchedulePer::Epoch);
        assert_eq!(factors(&course, 10), [1.0, 1.0, 0.5, 0.5, 0.5, 0.5, 1.0, 1.0, 0.5, 0.5]);
    }

    /// Only the schedule that watched the losses is changed by them.
    #[test]
    fn a_plateau_belongs_to_its_own_stage() {
        let watching = Schedule::ReduceOnPlateau(ReduceOnPlateau {
            factor: 0.5,
            patience: 0,
            ..ReduceOnPlateau::default()
        });
        let cosine = Schedule::Cosine(Cosine { end_factor: 0.0 });
        let course = Course::new(&cosine, 0, 20, 1)
            .chained(&[Stage::new(Span::Steps(10), watching)], SchedulePer::Step);
        let mut plateau = Plateau::default();
        for step in 0..=10 {
            course.observe(step, 1.0, &mut plateau);
        }
        assert_eq!(course.factor(9, &plateau), course.factor(9, &Plateau::default()));
        assert_eq!(course.factor(10, &plateau), 1.0);
        course.observe(11, 1.0, &mut plateau);
        course.observe(12, 1.0, &mut plateau);
        assert_eq!(course.factor(12, &plateau), 0.5);
        let falls = Schedule::StepDecay(StepDecay { factor: 0.5, every: Span::Steps(1) });
        assert_eq!(Course::new(&falls, 0, 20, 1).factor(2, &plateau), 0.25);
    }
}
