use std::io::{self, BufWriter, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};

use super::table::TextTable;
use super::{Stop, Success};
use crate::verification::{self, Family, Finding};

#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// Which family; all if none is named
    #[arg(value_parser = PossibleValuesParser::new(Family::ALL.map(Family::name)))]
    family: Option<String>,
    /// Print JSON lines
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &VerifyArguments) -> Result<Success, Stop> {
    let begun = Instant::now();
    let named = |name: &String| Family::ALL.into_iter().find(|family| family.name() == name);
    let findings = findings(arguments.family.as_ref().and_then(named));
    let mut out = BufWriter::new(io::stdout().lock());
    if arguments.json {
        for finding in &findings {
            writeln!(out, "{}", as_json(finding))?;
        }
    } else {
        table(&findings).write(&mut out)?;
        let failed = findings.iter().filter(|finding| !finding.passed);
        for (index, finding) in failed.enumerate() {
            if index == 0 {
                writeln!(out)?;
            }
            let problem = finding.problem.as_deref().unwrap_or_default();
            writeln!(out, "FAILED {} {}: {problem}", finding.member, finding.what)?;
        }
        let elapsed_secs = begun.elapsed().as_secs_f64();
        writeln!(out, "\n{}", verification::summary(&findings, elapsed_secs))?;
    }
    out.flush()?;
    let all_passed = findings.iter().all(|finding| finding.passed);
    Ok(if all_passed { Success::Done } else { Success::Differs })
}

/// Runs the checks on all cores; on a terminal with a line that says how far they are.
fn findings(family: Option<Family>) -> Vec<Finding> {
    let checks = verification::checks(family);
    let is_terminal = io::stderr().is_terminal();
    let n_done = AtomicUsize::new(0);
    let findings = Mutex::new(vec![None; checks.len()]);
    let cancelled = AtomicBool::new(false);
    verification::run(&checks, verification::n_cores(), &cancelled, |index, finding| {
        findings.lock().unwrap_or_else(PoisonError::into_inner)[index] = Some(finding);
        let n_done = 1 + n_done.fetch_add(1, Ordering::Relaxed);
        if is_terminal {
            let _ = write!(io::stderr(), "\r\x1b[K{n_done} of {} checks", checks.len());
        }
    });
    if is_terminal {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
    findings.into_inner().unwrap_or_else(PoisonError::into_inner).into_iter().flatten().collect()
}

fn table(findings: &[Finding]) -> TextTable {
    let mut table = TextTable::new(&[
        "<family",
        "<member",
        "<compared",
        "values",
        "largest deviation",
        "tolerance",
        "<source",
        "<",
    ]);
    let mut above = None;
    for finding in findings {
        let family = if above == Some(finding.family) { "" } else { finding.family.name() };
        above = Some(finding.family);
        table.push(vec![
            family.to_owned(),
            finding.member.clone(),
            finding.what.clone(),
            finding.n_values.to_string(),
            finding.measure.short(finding.largest_deviation),
            finding.measure.short(finding.tolerance),
            finding.source.clone(),
            if finding.passed { "ok" } else { "FAILED" }.to_owned(),
        ]);
    }
    table
}

fn as_json(finding: &Finding) -> Value {
    json!({
        "family": finding.family.name(),
        "member": finding.member,
        "what": finding.what,
        "n_values": finding.n_values,
        "largest_deviation": finding.largest_deviation,
        "measure": finding.measure.to_string(),
        "tolerance": finding.tolerance,
        "source": finding.source,
        "passed": finding.passed,
        "problem": finding.problem,
        "build": verification::build(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verification::Measure;

    fn finding(passed: bool) -> Finding {
        Finding {
            family: Family::Optimizers,
            member: "Adam".to_owned(),
            what: "trajectories".to_owned(),
            n_values: 1200,
            largest_deviation: if passed { 4.46e-16 } else { f64::INFINITY },
            measure: Measure::Relative,
            tolerance: 5e-13,
            source: "PyTorch 2.15.0".to_owned(),
            passed,
            problem: (!passed).then(|| "step 10: NaN instead of 1".to_owned()),
        }
    }

    #[test]
    fn the_table_names_each_family_once_and_says_what_failed() {
        let findings = [finding(true), finding(false)];
        let mut out = Vec::new();
        table(&findings).write(&mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<_> =
            text.lines().skip(1).map(str::split_whitespace).map(Vec::from_iter).collect();
        assert_eq!(lines[0][..3], ["optimizers", "Adam", "trajectories"]);
        assert_eq!(lines[0][3..6], ["1200", "4.5e-16", "5e-13"]);
        assert_eq!(lines[1][2..], ["1200", "∞", "5e-13", "PyTorch", "2.15.0", "FAILED"]);
    }

    #[test]
    fn a_number_that_is_none_is_null_in_json() {
        let json = as_json(&finding(false));
        assert!(json["largest_deviation"].is_null());
        assert_eq!(json["problem"], "step 10: NaN instead of 1");
    }
}
