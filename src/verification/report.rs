use super::{Finding, build};

/// How many checks and values there were, what came of them, in how many seconds, and in which build.
pub fn summary(findings: &[Finding], elapsed_secs: f64) -> String {
    let n_values: usize = findings.iter().map(|finding| finding.n_values).sum();
    let n_failed = findings.iter().filter(|finding| !finding.passed).count();
    let result = match n_failed {
        0 => "all ok".to_owned(),
        n => format!("{n} FAILED"),
    };
    let n_checks = findings.len();
    format!("{n_checks} checks of {n_values} values: {result}, {elapsed_secs:.1} s, {}", build())
}

/// The findings as a table for other programs: a line each, columns separated by tabs, all digits.
pub fn as_text(findings: &[Finding]) -> String {
    let mut text =
        "family\tmember\tcompared\tvalues\tlargest deviation\tmeasure\ttolerance\tsource\
        \tresult\tproblem\n"
            .to_owned();
    for finding in findings {
        let cells = [
            finding.family.name(),
            &finding.member,
            &finding.what,
            &finding.n_values.to_string(),
            &format!("{:e}", finding.largest_deviation),
            &finding.measure.to_string(),
            &format!("{:e}", finding.tolerance),
            &finding.source,
            if finding.passed { "ok" } else { "FAILED" },
            finding.problem.as_deref().unwrap_or_default(),
        ];
        text += &cells.map(|cell| cell.replace(['\t', '\n'], " ")).join("\t");
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verification::{Family, Measure};

    #[test]
    fn text_has_a_line_for_each_finding_and_all_digits() {
        let good = Finding {
            family: Family::Optimizers,
            member: "Adam".to_owned(),
            what: "trajectories".to_owned(),
            n_values: 1200,
            largest_deviation: 4.460000001e-16,
            measure: Measure::Relative,
            tolerance: 5e-13,
            source: "PyTorch".to_owned(),
            passed: true,
            problem: None,
        };
        let problem = Some("step 10:\nNaN instead of 1".to_owned());
        let largest_deviation = f64::INFINITY;
        let bad = Finding { passed: false, problem, largest_deviation, ..good.clone() };
        let text = as_text(&[good.clone(), bad.clone()]);
        let lines: Vec<_> = text.lines().skip(1).collect();
        let first =
            "optimizers\tAdam\ttrajectories\t1200\t4.460000001e-16\trelative\t5e-13\tPyTorch";
        assert_eq!(lines[0], format!("{first}\tok\t"));
        assert!(lines[1].ends_with("\tFAILED\tstep 10: NaN instead of 1"), "{text}");
        let summary = summary(&[good, bad], 1.23);
        let start = "2 checks of 2400 values: 1 FAILED, 1.2 s, descent ";
        assert!(summary.starts_with(start), "{summary}");
    }
}
