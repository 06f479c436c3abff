//! Learning-rate schedules: pure functions of progress (and, for one of them, of the losses shown to
//! it), so that they can be drawn before the run. Each gives a factor by which the optimizer's
//! learning rate is multiplied. They know nothing of optimizers; a [`Course`] puts a warm-up in front
//! of any of them and chains others to it.

mod course;

pub use course::{Course, SchedulePer, Stage};
pub use reduce_on_plateau::Plateau;

use crate::settings::Span;

/// Where a run stands, as a schedule sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Steps done since the schedule began (after any warm-up): 0 for the first step.
    pub step: u64,
    /// Steps from the beginning of the schedule to the end of the budget.
    pub total_steps: u64,
    /// Steps in one epoch.
    pub steps_per_epoch: u64,
}

impl Progress {
    /// How many whole spans of `every` are done. A span shorter than a step counts as one step.
    fn whole_spans(&self, every: Span) -> u64 {
        self.step / every.steps(self.steps_per_epoch).max(1)
    }

    /// The part of the budget that is done, from 0 to 1.
    fn fraction(&self) -> f64 {
        if self.step >= self.total_steps {
            return if self.step == 0 { 0.0 } else { 1.0 };
        }
        self.step as f64 / self.total_steps as f64
    }
}

/// The rule of a schedule.
pub trait Curve {
    /// The factor for the coming step; 1 leaves the optimizer's learning rate as it is.
    fn factor(&self, progress: Progress) -> f64;

    /// Whether it looks at the losses, so that its course is not known beforehand.
    fn watches(&self) -> bool {
        false
    }

    /// Sees the watched loss after an evaluation, and changes [`Plateau::factor`], by which the
    /// factor is multiplied. Most schedules do not look.
    fn observe(&self, _loss: f64, _plateau: &mut Plateau) {}
}

crate::family! {
    /// A schedule with its settings.
    pub enum Schedule = Curve {
        constant::Constant,
        inverse_time::InverseTime,
        step_decay::StepDecay,
        multi_step::MultiStep,
        exponential::Exponential,
        linear::Linear,
        polynomial::Polynomial,
        cosine::Cosine,
        warm_restarts::WarmRestarts,
        one_cycle::OneCycle,
        cyclic::Cyclic,
        reduce_on_plateau::ReduceOnPlateau,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{Settings, Value};

    /// Each member with settings, and its factors after 0, 1, 2, 5 and 9 steps of 10, three steps
    /// to the epoch, by head.
    fn expected() -> Vec<(Schedule, [f64; 5])> {
        let every = Span::Epochs(1.0);
        vec![
            (Schedule::Constant(Constant {}), [1.0; 5]),
            (
                Schedule::InverseTime(InverseTime { decay: 1.0, every }),
                [1.0, 1.0, 1.0, 1.0 / 2.0, 1.0 / 4.0],
            ),
            (
                Schedule::StepDecay(StepDecay { factor: 0.5, every: Span::Steps(5) }),
                [1.0, 1.0, 1.0, 0.5, 0.5],
            ),
            (
                Schedule::MultiStep(MultiStep { milestones: vec![1, 3], factor: 0.5, every }),
                [1.0, 1.0, 1.0, 0.5, 0.25],
            ),
            (
                Schedule::Exponential(Exponential { factor: 0.5, every }),
                [1.0, 1.0, 1.0, 0.5, 0.125],
            ),
            (Schedule::Linear(Linear { end_factor: 0.5 }), [1.0, 0.95, 0.9, 0.75, 0.55]),
            (
                Schedule::Polynomial(Polynomial { power: 2.0, end_factor: 0.5 }),
                [1.0, 0.905, 0.82, 0.625, 0.505],
            ),
            (
                // (1 + cos 18°)/2, (1 + cos 36°)/2, ½, (1 + cos 162°)/2; cos 36° = (1 + √5)/4.
                Schedule::Cosine(Cosine { end_factor: 0.0 }),
                [
                    1.0,
                    0.975_528_258_147_576_8,
                    0.5 + (1.0 + 5f64.sqrt()) / 8.0,
                    0.5,
                    0.024_471_741_852_423_234,
                ],
            ),
            (
                // Waves of 3 and 6 steps: (1 + cos 60°)/2, cos 120°; then 2 of 6; then 0 of 12.
                Schedule::WarmRestarts(WarmRestarts {
                    period: every,
                    multiplier: 2,
                    end_factor: 0.0,
                }),
                [1.0, 0.75, 0.25, 0.75, 1.0],
            ),
            (
                // Up for 4 steps (½ of 10, less one), down for 5: from ½ to 1, then to ¼.
                Schedule::OneCycle(OneCycle { climb: 0.5, start_divisor: 2.0, end_divisor: 2.0 }),
                [
                    0.5,
                    0.5 + 0.25 * (1.0 - 0.5f64.sqrt()),
                    0.75,
                    0.25 + 0.375 * (1.0 + (1.0 + 5f64.sqrt()) / 4.0),
                    0.25,
                ],
            ),
            (
                // Up for 2, down for 2; after 5 steps one cycle is done, after 9 two.
                Schedule::Cyclic(Cyclic {
                    low: 0.5,
                    up: Span::Steps(2),
                    down: Span::Steps(2),
                    cycle_factor: 0.5,
                    step_factor: 1.0,
                }),
                [0.5, 0.75, 1.0, 0.625, 0.5625],
            ),
            // Nothing to watch: it stands still.
            (Schedule::ReduceOnPlateau(ReduceOnPlateau::default()), [1.0; 5]),
        ]
    }

    fn at(step: u64) -> Progress {
        Progress { step, total_steps: 10, steps_per_epoch: 3 }
    }

    #[test]
    fn every_member_has_its_row_and_its_factors() {
        let names: Vec<_> = expected().iter().map(|row| row.0.name()).collect();
        assert_eq!(names, Schedule::NAMES);
        for (schedule, factors) in expected() {
            for (step, factor) in [0, 1, 2, 5, 9].into_iter().zip(factors) {
                let found = schedule.rule().factor(at(step));
                assert!((found - factor).abs() < 1e-15, "{} {step} {found}", schedule.name());
            }
        }
    }

    #[test]
    fn defaults_are_valid_start_at_one_and_stay_within() {
        for member in Schedule::members() {
            let schedule = (member.default)();
            assert_eq!(schedule.check(), Ok(()));
            // Two of them begin with a climb.
            let start = match member.name {
                "OneCycle" => 0.04,
                "Cyclic" => 0.1,
                _ => 1.0,
            };
            assert!((schedule.rule().factor(at(0)) - start).abs() < 1e-15, "{}", member.name);
            // Also past the end of the budget, without one, and without epochs.
            for (step, total_steps, steps_per_epoch) in
                [(9, 10, 3), (10, 10, 3), (1000, 10, 3), (0, 0, 0), (5, 0, 0), (u64::MAX, 10, 1)]
            {
                let progress = Progress { step, total_steps, steps_per_epoch };
                let factor = schedule.rule().factor(progress);
                assert!((0.0..=1.0).contains(&factor), "{} {progress:?} {factor}", member.name);
            }
        }
    }

    #[test]
    fn files_round_trip() {
        use ron::extensions::Extensions;
        let options = ron::Options::default().with_default_extension(
            Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES,
        );
        for (schedule, _) in expected() {
            let text = options.to_string(&schedule).unwrap();
            assert_eq!(options.from_str::<Schedule>(&text).unwrap(), schedule, "{text}");
        }
        assert_eq!(options.to_string(&Schedule::Constant(Constant {})).unwrap(), "Constant");
        let read: Schedule = options.from_str("StepDecay(every: Epochs(4))").unwrap();
        let every = Span::Epochs(4.0);
        assert_eq!(read, Schedule::StepDecay(StepDecay { every, ..StepDecay::default() }));
    }

    #[test]
    fn settings_out_of_range_are_refused() {
        let mut exponential = Exponential::default();
        assert!(exponential.set("factor", Value::Number(0.0)).is_err());
        assert!(exponential.set("factor", Value::Number(1.5)).is_err());
        assert!(exponential.set("every", Value::Span(Span::Epochs(-1.0))).is_err());
        assert!(InverseTime::default().set("decay", Value::Number(-0.1)).is_err());
        assert!(Linear::default().set("end_factor", Value::Number(-0.1)).is_err());
        assert!(Cosine::default().set("end_factor", Value::Number(f64::NAN)).is_err());
    }
}
