//! What `descent data` says about a file.

use serde_json::{Value, json};

use super::prepare::counted;
use super::{Cells, Column, DataError, Loaded, ReadCounts, ReadReport, overview};

impl Column {
    /// `numeric` or `nominal`.
    pub fn type_name(&self) -> &'static str {
        match self.cells {
            Cells::Numeric(_) => "numeric",
            Cells::Nominal { .. } => "nominal",
        }
    }
}

impl ReadReport {
    /// Rows between the first and the last of the table that were left out, repairs, and guesses;
    /// all of them, also those that are not listed one by one.
    pub fn damage(&self) -> [usize; 3] {
        let ReadCounts { n_above, n_skipped, n_repaired, n_guessed } = self.counts;
        [n_skipped - n_above.min(n_skipped), n_repaired, n_guessed]
    }

    /// What a person who trains on this should know of its reading: that of `file` was left out,
    /// repaired or guessed, and settings that have no effect. Empty where all is well.
    pub fn remarks(&self, file: &str) -> Vec<String> {
        let [n_left_out, n_repaired, n_guessed] = self.damage();
        let mut counts = Vec::new();
        if n_left_out > 0 {
            counts.push(format!("{} left out", counted(n_left_out, "row", "rows")));
        }
        if n_repaired > 0 {
            counts.push(counted(n_repaired, "repair", "repairs"));
        }
        if n_guessed > 0 {
            counts.push(counted(n_guessed, "guess", "guesses"));
        }
        let mut remarks = Vec::new();
        if let Some(last) = counts.pop() {
            let first = if counts.is_empty() { "" } else { " and " };
            let counts = counts.join(", ");
            remarks.push(format!(
                "{counts}{first}{last} in reading; `descent data {file}` lists them"
            ));
        }
        let is_setting = |warning: &&String| warning.starts_with("a type is stated for ");
        remarks.extend(self.warnings.iter().filter(is_setting).cloned());
        remarks
    }
}

/// How a file was read, as one JSON object: `delimiter`, `quote`, `encoding`, `header`, `n_rows`,
/// `n_columns`, `columns` (`name`, `type`, `missing`), `skipped` (`line`, `reason`), `repaired`
/// (`line`, `what`), `warnings`, and all `decisions` as settings of a study. Delimiter, quote and encoding are null for sets that are no files.
///
/// # Errors
/// Where a temporary file with the rows can no longer be read.
pub fn json(loaded: &Loaded) -> Result<Value, DataError> {
    let report = &loaded.report;
    let is_file = !report.encoding.is_empty();
    let columns: Vec<Value> = loaded
        .table
        .columns
        .iter()
        .zip(overview(loaded)?)
        .map(|(column, known)| {
            json!({
                "name": column.name,
                "type": column.type_name(),
                "missing": known.n_missing,
            })
        })
        .collect();
    let lines = |lines: &[(u64, String)], what: &str| -> Vec<Value> {
        lines.iter().map(|(line, text)| json!({ "line": line, what: text })).collect()
    };
    Ok(json!({
        "delimiter": is_file.then_some(&report.delimiter),
        "quote": is_file.then_some(report.quote).filter(|quote| *quote != '\0'),
        "encoding": is_file.then_some(&report.encoding),
        "header": report.header,
        "n_rows": report.n_rows,
        "n_columns": report.n_columns,
        "columns": columns,
        "skipped": lines(&report.skipped, "reason"),
        "repaired": lines(&report.repaired, "what"),
        "warnings": report.warnings,
        "decisions": is_file.then_some(&report.decisions),
    }))
}
