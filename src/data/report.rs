//! What `descent data` says about a file.

use serde_json::{Value, json};

use super::{Cells, Column, Loaded};

impl Column {
    /// `numeric` or `nominal`.
    pub fn type_name(&self) -> &'static str {
        match self.cells {
            Cells::Numeric(_) => "numeric",
            Cells::Nominal { .. } => "nominal",
        }
    }
}

/// How a file was read, as one JSON object: `delimiter`, `quote`, `encoding`, `header`, `n_rows`,
/// `n_columns`, `columns` (`name`, `type`, `missing`), `skipped` (`line`, `reason`), `repaired`
/// (`line`, `what`), `warnings`, and all `decisions` as settings of a study. Delimiter, quote and encoding are null for sets that are no files.
pub fn json(loaded: &Loaded) -> Value {
    let report = &loaded.report;
    let is_file = !report.encoding.is_empty();
    let columns: Vec<Value> = loaded
        .table
        .columns
        .iter()
        .map(|column| {
            json!({
                "name": column.name,
                "type": column.type_name(),
                "missing": column.n_missing(),
            })
        })
        .collect();
    let lines = |lines: &[(u64, String)], what: &str| -> Vec<Value> {
        lines.iter().map(|(line, text)| json!({ "line": line, what: text })).collect()
    };
    json!({
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
    })
}
