/// An order to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Go on.
    Resume,
    /// Hold after the current step.
    Pause,
    /// Do one step, then hold.
    Step,
    /// End after the current step; what was recorded stays.
    Stop,
}

/// The latest parameters of a run, for pictures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// The step they belong to.
    pub step: u64,
    /// The parameters, widened to `f64`.
    pub params: Vec<f64>,
}
