//! Learning-rate schedules: pure functions of progress, so that one can be drawn before the run.
//! Each gives a factor by which the optimizer's learning rate is multiplied.

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

/// The rule of a schedule.
pub trait Curve {
    /// The factor for the coming step; 1 leaves the optimizer's learning rate as it is.
    fn factor(&self, progress: Progress) -> f64;
}

crate::family! {
    /// A schedule with its settings.
    pub enum Schedule = Curve {
        constant::Constant,
    }
}
