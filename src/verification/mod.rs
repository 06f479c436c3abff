//! The reference check: this build, on this machine, against values from elsewhere. Stored
//! trajectories and values of other libraries, true values of elementary functions, published
//! minima, and central differences beside every gradient written by hand. The tests, `descent
//! verify` and the window's page all run these [`checks`]. Knows the families and the arithmetic, and
//! nothing of experiments, files or windows.
//!
//! The values stand in `tests/references/` beside the scripts that computed them, and are built in.
//! Every list here is made from a family's list of members, so a member without a reference is a
//! check that fails.

mod background;
mod comparison;
mod functions;
mod gradients;
mod networks;
mod optimizers;
mod products;
mod references;
mod report;
mod schedules;
mod surfaces;
mod techniques;

pub use background::Background;
pub use comparison::{Comparison, Measure};
pub use report::{as_text, summary};

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Trajectories of optimizers.
    Optimizers,
    /// Factors of schedules.
    Schedules,
    /// Limits on gradients, noise, averages of parameters.
    Techniques,
    /// Losses and their gradients.
    Losses,
    /// Activations and their slopes.
    Activations,
    /// Models: gradients, and what training makes of them.
    Models,
    /// Test surfaces: gradients and minima.
    Surfaces,
    /// Elementary functions.
    Functions,
    /// Matrix products.
    Products,
}

impl Family {
    /// All families, in the order of the table.
    pub const ALL: [Self; 9] = [
        Self::Optimizers,
        Self::Schedules,
        Self::Techniques,
        Self::Losses,
        Self::Activations,
        Self::Models,
        Self::Surfaces,
        Self::Functions,
        Self::Products,
    ];

    /// The name, as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Optimizers => "optimizers",
            Self::Schedules => "schedules",
            Self::Techniques => "techniques",
            Self::Losses => "losses",
            Self::Activations => "activations",
            Self::Models => "models",
            Self::Surfaces => "surfaces",
            Self::Functions => "functions",
            Self::Products => "products",
        }
    }

    fn checks(self) -> Vec<Check> {
        match self {
            Self::Optimizers => optimizers::checks(&optimizers::REFERENCES),
            Self::Schedules => schedules::checks(&schedules::REFERENCES),
            Self::Techniques => techniques::checks(&techniques::REFERENCES),
            Self::Losses => [networks::losses(), gradients::losses()].concat(),
            Self::Activations => [networks::activations(), gradients::activations()].concat(),
            Self::Models => [gradients::models(), networks::models()].concat(),
            Self::Surfaces => surfaces::checks(),
            Self::Functions => functions::checks(functions::REFERENCES),
            Self::Products => products::checks(),
        }
    }
}

/// The checks of a family, or of all; those of one member stand together.
pub fn checks(family: Option<Family>) -> Vec<Check> {
    let families = Family::ALL.into_iter().filter(|one| family.is_none_or(|family| family == *one));
    let sorted = |family: Family| {
        let mut checks = family.checks();
        let names: Vec<_> = checks.iter().map(|check| check.member.clone()).collect();
        checks.sort_by_key(|check| names.iter().position(|name| *name == check.member));
        checks
    };
    families.flat_map(sorted).collect()
}

type Compare = dyn Fn(&mut Comparison) -> Result<(), String> + Send + Sync;

/// One member beside one source of reference values.
#[derive(Clone)]
pub struct Check {
    /// The family of the member.
    pub family: Family,
    /// The member's name, as in files.
    pub member: String,
    /// What is compared.
    pub what: String,
    /// Where the reference values come from.
    pub source: String,
    /// How deviations are measured.
    pub measure: Measure,
    /// The largest deviation that passes.
    pub tolerance: f64,
    compare: Arc<Compare>,
}

impl Check {
    /// Compares. A mistake in the code under test becomes a finding that did not pass.
    pub fn run(&self) -> Finding {
        let mut comparison = Comparison::default();
        let ended = catch_unwind(AssertUnwindSafe(|| (self.compare)(&mut comparison)));
        let ended = ended.unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<String>().map(String::as_str);
            let said = said.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(format!("a mistake in the program itself: {}", said.unwrap_or("no reason given")))
        });
        let problem = match ended {
            Err(problem) => Some(problem),
            Ok(()) if comparison.n_values() == 0 => {
                Some("there are no reference values".to_owned())
            }
            // What is no number deviates without bound.
            Ok(()) if comparison.largest_deviation() > self.tolerance => {
                Some(comparison.worst().to_owned())
            }
            Ok(()) => None,
        };
        Finding {
            family: self.family,
            member: self.member.clone(),
            what: self.what.clone(),
            n_values: comparison.n_values(),
            largest_deviation: comparison.largest_deviation(),
            measure: self.measure,
            tolerance: self.tolerance,
            source: self.source.clone(),
            passed: problem.is_none(),
            problem,
        }
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.family.name(), self.member, self.what)
    }
}

/// What a check found.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The family of the member.
    pub family: Family,
    /// The member's name, as in files.
    pub member: String,
    /// What was compared.
    pub what: String,
    /// How many numbers.
    pub n_values: usize,
    /// The largest deviation of one of them from its reference; infinite where a number is none.
    pub largest_deviation: f64,
    /// How deviations are measured.
    pub measure: Measure,
    /// The largest deviation that passes.
    pub tolerance: f64,
    /// Where the reference values come from.
    pub source: String,
    /// Whether there were values and all of them passed.
    pub passed: bool,
    /// Why it did not pass: the worst value, or what went wrong.
    pub problem: Option<String>,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}, {}: {} values, largest deviation {:e} {} (tolerance {:e}; {})",
            self.family.name(),
            self.member,
            self.what,
            self.n_values,
            self.largest_deviation,
            self.measure,
            self.tolerance,
            self.source,
        )?;
        match &self.problem {
            None => f.write_str(" ok"),
            Some(problem) => write!(f, " FAILED: {problem}"),
        }
    }
}

/// Runs the checks on `n_threads` threads, the caller's among them, and hands every finding with the
/// index of its check to `report` as soon as it is there. Once `is_cancelled`, no further check
/// begins.
pub fn run(
    checks: &[Check],
    n_threads: usize,
    is_cancelled: &AtomicBool,
    report: impl Fn(usize, Finding) + Sync,
) {
    let next = AtomicUsize::new(0);
    let work = || {
        while !is_cancelled.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(check) = checks.get(index) else { return };
            report(index, check.run());
        }
    };
    std::thread::scope(|scope| {
        for index in 1..n_threads.min(checks.len()) {
            let name = format!("verification-{index}");
            // Where the system refuses, the others do it all.
            let _ = std::thread::Builder::new().name(name).spawn_scoped(scope, work);
        }
        work();
    });
}

/// How many threads there are cores for.
pub fn n_cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get)
}

/// Version, processor, system and kind of this build: what the findings are about.
pub fn build() -> String {
    let kind = if cfg!(debug_assertions) { "debug" } else { "release" };
    let (version, arch, system) =
        (env!("CARGO_PKG_VERSION"), std::env::consts::ARCH, std::env::consts::OS);
    format!("descent {version}, {arch}-{system}, {kind} build")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(member: &str, compare: fn(&mut Comparison) -> Result<(), String>) -> Check {
        Check {
            family: Family::Schedules,
            member: member.to_owned(),
            what: "numbers".to_owned(),
            source: "by head".to_owned(),
            measure: Measure::Relative,
            tolerance: 0.1,
            compare: Arc::new(compare),
        }
    }

    fn one(comparison: &mut Comparison, found: f64) -> Result<(), String> {
        comparison.relative(found, 2.0, || "the only one".to_owned());
        Ok(())
    }

    #[test]
    fn a_check_passes_only_with_values_that_are_near_enough() {
        let passed = |compare| check("A", compare).run().passed;
        assert!(passed(|comparison| one(comparison, 2.1)));
        assert!(!passed(|comparison| one(comparison, 2.3)));
        assert!(!passed(|comparison| one(comparison, f64::NAN)));
        assert!(!passed(|comparison| one(comparison, f64::INFINITY)));
        assert!(!passed(|_| Err("no".to_owned())));
        assert!(!passed(|_| Ok(())), "nothing compared");
        let finding = check("A", |comparison| one(comparison, 2.5)).run();
        assert_eq!(finding.problem.as_deref(), Some("the only one: 2.5 instead of 2"));
        assert_eq!((finding.n_values, finding.largest_deviation), (1, 0.25));
    }

    #[test]
    fn a_panic_is_a_finding_and_the_others_go_on() {
        let checks =
            [check("A", |_| panic!("out of paper")), check("B", |comparison| one(comparison, 2.0))];
        for n_threads in [1, 2] {
            let findings = std::sync::Mutex::new(vec![None, None]);
            run(&checks, n_threads, &AtomicBool::new(false), |index, finding| {
                findings.lock().unwrap()[index] = Some(finding);
            });
            let findings = findings.into_inner().unwrap();
            let problem = findings[0].as_ref().unwrap().problem.as_ref().unwrap();
            assert!(problem.ends_with("out of paper"), "{problem}");
            assert!(findings[1].as_ref().unwrap().passed);
        }
    }

    #[test]
    fn nothing_begins_once_it_is_cancelled() {
        let checks = [check("A", |_| Ok(())), check("B", |_| Ok(())), check("C", |_| Ok(()))];
        let (cancelled, seen) = (AtomicBool::new(false), AtomicUsize::new(0));
        run(&checks, 1, &cancelled, |_, _| {
            seen.fetch_add(1, Ordering::Relaxed);
            cancelled.store(true, Ordering::Relaxed);
        });
        assert_eq!(seen.into_inner(), 1);
    }
}
