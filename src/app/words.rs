//! Numbers and states in words.

use crate::analysis::grouped;
use crate::session::ExperimentEntry;
use crate::settings::Value;
use crate::training::{Ending, Run, RunState};

/// `1234567` → `1,234,567`.
pub(super) fn count(n: u64) -> String {
    grouped(&n.to_string())
}

/// `1` → `1 step`, `2` → `2 steps`.
pub(super) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

/// A rate with a unit that fits: `1.9 M`.
pub(super) fn short(x: f64) -> String {
    match x {
        x if x >= 1e9 => format!("{:.1} G", x / 1e9),
        x if x >= 1e6 => format!("{:.1} M", x / 1e6),
        x if x >= 1e4 => format!("{:.0} k", x / 1e3),
        x if x >= 1e3 => format!("{:.1} k", x / 1e3),
        x => format!("{x:.0}"),
    }
}

/// `0:06`, `12:30`, `1:02:03`.
pub(super) fn duration(seconds: f64) -> String {
    let whole = seconds.clamp(0.0, 1e9).ceil() as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// Four significant digits, short: `0.0610`, `1.2e-7`.
pub(super) fn number(x: f64) -> String {
    if !x.is_finite() {
        return if x.is_nan() { "not a number".to_owned() } else { x.to_string() };
    }
    let size = x.abs();
    if size != 0.0 && !(1e-4..1e6).contains(&size) {
        return format!("{x:.3e}");
    }
    let digits = if size >= 1000.0 {
        0
    } else if size >= 100.0 {
        1
    } else if size >= 10.0 {
        2
    } else {
        4
    };
    format!("{x:.digits$}")
}

/// Why a run ended, short.
pub(super) fn ending(ending: &Ending) -> String {
    match ending {
        Ending::BudgetSpent { .. } => "done".to_owned(),
        Ending::TargetReached { step, .. } => format!("target reached at step {}", count(*step)),
        Ending::EarlyStopped { step, .. } => format!("stopped early at step {}", count(*step)),
        Ending::Converged { step, .. } => format!("gradient norm reached at step {}", count(*step)),
        Ending::TimeSpent { step, .. } => format!("time spent at step {}", count(*step)),
        Ending::Diverged { step } => format!("diverged at step {}", count(*step)),
        Ending::Stopped { step } => format!("stopped at step {}", count(*step)),
        Ending::Failed { message } => format!("failed: {message}"),
    }
}

/// Where an experiment stands, in words; whether its runs were read from a record.
pub(super) fn state(entry: &ExperimentEntry) -> String {
    let text = bare_state(entry);
    if is_recorded(entry) && !entry.stale { format!("recorded: {text}") } else { text }
}

/// Whether all runs of an experiment were read from a record.
pub(super) fn is_recorded(entry: &ExperimentEntry) -> bool {
    !entry.runs.is_empty() && entry.runs.iter().all(Run::is_recorded)
}

fn bare_state(entry: &ExperimentEntry) -> String {
    if let Some(problem) = &entry.problem {
        return format!("cannot run: {problem}");
    }
    if entry.runs.is_empty() {
        return if entry.is_busy() { "preparing".to_owned() } else { "not run yet".to_owned() };
    }
    if entry.stale {
        return "settings changed, run again".to_owned();
    }
    let n = entry.runs.len();
    let in_state =
        |is: &dyn Fn(&RunState) -> bool| entry.runs.iter().filter(|run| is(run.state())).count();
    let running = in_state(&|state| *state == RunState::Running);
    let paused = in_state(&|state| *state == RunState::Paused);
    let queued = in_state(&|state| *state == RunState::Queued);
    let ended = in_state(&|state| matches!(state, RunState::Ended(_)));
    if paused > 0 && running == 0 {
        return "paused".to_owned();
    }
    if running > 0 {
        return if n == 1 { "running".to_owned() } else { format!("running, {ended} of {n} done") };
    }
    if queued > 0 {
        return if ended == 0 { "queued".to_owned() } else { format!("{ended} of {n} done") };
    }
    let diverged = in_state(&|state| matches!(state, RunState::Ended(Ending::Diverged { .. })));
    if diverged > 0 && n > 1 {
        return format!("{diverged} of {n} diverged");
    }
    let endings = entry.runs.iter().map(|run| match run.state() {
        RunState::Ended(why) => ending(why),
        _ => String::new(),
    });
    let mut endings: Vec<String> = endings.collect();
    endings.dedup();
    if endings.len() == 1 { endings.remove(0) } else { "done".to_owned() }
}

/// How far an experiment is, from 0 to 1.
pub(super) fn fraction_done(entry: &ExperimentEntry) -> f32 {
    let share = |run: &Run| match run.state() {
        RunState::Ended(_) => 1.0,
        _ => run.clocks().step as f32 / run.plan().total_steps.max(1) as f32,
    };
    if entry.runs.is_empty() {
        return 0.0;
    }
    entry.runs.iter().map(share).sum::<f32>() / entry.runs.len() as f32
}

/// What tells an experiment from others in one line: `0.001 · cosine`.
pub(super) fn summary(entry: &ExperimentEntry) -> String {
    let experiment = &entry.experiment;
    let title = experiment.optimizer.page().title;
    let is_named = entry.label.to_lowercase().contains(&title.to_lowercase());
    let mut words = Vec::new();
    if !is_named {
        words.push(title.to_owned());
    }
    if let Some(rate @ Value::Number(_)) = experiment.optimizer.get("learning_rate") {
        words.push(rate.to_string());
    }
    let stages = experiment.then.iter().map(|stage| &stage.schedule);
    let schedules = std::iter::once(&experiment.schedule).chain(stages);
    let titles: Vec<_> = schedules.map(|schedule| schedule.page().title.to_lowercase()).collect();
    words.push(titles.join(" → "));
    words.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(count(999), "999");
        assert_eq!(counted(1, "step", "steps"), "1 step");
        assert_eq!(short(1_900_000.0), "1.9 M");
        assert_eq!(duration(5.2), "0:06");
        assert_eq!(duration(3723.0), "1:02:03");
        assert_eq!(number(0.061), "0.0610");
        assert_eq!(number(1.2e-7), "1.200e-7");
        assert_eq!(number(f64::NAN), "not a number");
    }
}
