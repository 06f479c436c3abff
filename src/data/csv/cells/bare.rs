//! A cell without what stands around it.

/// A cell without spaces and invisible signs around it.
fn trimmed(cell: &str) -> &str {
    match cell.as_bytes() {
        [first, .., last] if !first.is_ascii() || !last.is_ascii() => {
            let is_invisible = |sign: char| matches!(sign, '\u{feff}' | '\u{200b}'..='\u{200d}');
            cell.trim_matches(|sign: char| sign.is_whitespace() || is_invisible(sign))
        }
        _ => cell.trim(),
    }
}

/// A cell without the spaces around it, and without quotes that stand behind such a space, where
/// they are part of the field for a strict reader.
pub(in crate::data::csv) fn bare(cell: &str, quote: u8) -> &str {
    let trimmed = trimmed(cell);
    let quote = char::from(quote);
    if !cell.starts_with(' ') || trimmed.len() < 2 {
        return trimmed;
    }
    let inner = trimmed.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner.map_or(trimmed, str::trim)
}

/// A cell with its spaces, unless they stand in front of a quote.
pub(in crate::data::csv) fn as_written(cell: &str, quote: u8) -> &str {
    let is_quoted = cell.trim().starts_with(char::from(quote));
    if is_quoted { bare(cell, quote) } else { cell }
}
