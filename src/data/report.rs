//! What `descent data` says about a file.

use std::fmt::Write;

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
/// (`line`, `what`), `warnings`. Delimiter, quote and encoding are null for sets that are no files.
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
        "delimiter": is_file.then(|| report.delimiter.to_string()),
        "quote": is_file.then(|| report.quote.to_string()),
        "encoding": is_file.then_some(&report.encoding),
        "header": report.header,
        "n_rows": report.n_rows,
        "n_columns": report.n_columns,
        "columns": columns,
        "skipped": lines(&report.skipped, "reason"),
        "repaired": lines(&report.repaired, "what"),
        "warnings": report.warnings,
    })
}

/// How a file was read, for people: a few lines of text, the last without a line end.
pub fn summary(loaded: &Loaded) -> String {
    const MOST_LISTED: usize = 10;
    let report = &loaded.report;
    let mut text = format!("{}: {} rows, {} columns", loaded.name, report.n_rows, report.n_columns);
    if !report.encoding.is_empty() {
        let delimiter = match report.delimiter {
            ',' => "comma",
            ';' => "semicolon",
            '\t' => "tab",
            '|' => "pipe",
            _ => "other",
        };
        let header = if report.header { "with a header" } else { "without a header" };
        let _ = write!(
            text,
            "\nread as {}, fields between {delimiter}s, quote {}, {header}",
            report.encoding, report.quote
        );
    }
    let columns = &loaded.table.columns;
    let width = columns.iter().map(|column| column.name.chars().count()).max().unwrap_or(0).min(40);
    for (index, column) in columns.iter().enumerate() {
        let _ = write!(text, "\n  {:width$}  {}", column.name, column.type_name());
        if let Cells::Nominal { levels, .. } = &column.cells {
            let _ = write!(text, ", {} levels", levels.len());
        }
        if column.n_missing() > 0 {
            let _ = write!(text, ", {} missing", column.n_missing());
        }
        if index == loaded.target {
            text.push_str(", target");
        }
    }
    for (what, lines) in [("skipped", &report.skipped), ("repaired", &report.repaired)] {
        for (line, reason) in lines.iter().take(MOST_LISTED) {
            let _ = write!(text, "\n{what} line {line}: {reason}");
        }
        if lines.len() > MOST_LISTED {
            let _ = write!(text, "\n{what} {} more", lines.len() - MOST_LISTED);
        }
    }
    for warning in &report.warnings {
        let _ = write!(text, "\nwarning: {warning}");
    }
    text
}
