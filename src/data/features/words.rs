//! Fitted numbers in words.

/// A number with six digits at most: `38.5`, `-0.00123`, `1.5e9`.
///
/// ```
/// use descent::data::features::words::number;
/// assert_eq!(number(38.500_000_1), "38.5");
/// assert_eq!(number(-0.001_234), "-0.001234");
/// assert_eq!(number(1.5e9), "1.5e9");
/// ```
pub fn number(x: f64) -> String {
    let rounded: f64 = format!("{x:.5e}").parse().unwrap_or(x);
    match rounded.abs() {
        size if size != 0.0 && !(1e-4..1e7).contains(&size) => format!("{rounded:e}"),
        _ => format!("{rounded}"),
    }
}

/// Names in quotes, the first few of many: `` `a`, `b` and 3 more``.
pub fn listed(names: &[&str]) -> String {
    const MOST: usize = 5;
    let quoted: Vec<String> = names.iter().take(MOST).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MOST) {
        0 => quoted.join(", "),
        more => format!("{} and {more} more", quoted.join(", ")),
    }
}
