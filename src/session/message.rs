use super::SessionCommand;

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Something went as asked.
    Info,
    /// Something a person should know.
    Warning,
    /// Something could not be done.
    Error,
}

/// A line for the person, with the time it happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// How much it matters.
    pub severity: Severity,
    /// What happened, where, and what would be right.
    pub text: String,
    /// When.
    pub at: std::time::SystemTime,
    /// What could be done about it.
    pub remedy: Option<Remedy>,
}

/// A way out of a problem, for a button.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// The words on the button.
    pub label: String,
    /// What it does, in order.
    pub commands: Vec<SessionCommand>,
}
