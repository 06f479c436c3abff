//! Which rows at the top of a table name its columns.

use std::collections::HashSet;

use super::row_names::has_row_names;
use super::shape::{SampleRow, comment_mark, n_used};
use crate::data::Header;
use crate::data::csv::cells::values::{Look, is_missing_number};
use crate::data::csv::rows::widths::body;

/// The most rows that name the columns together.
const MOST_LEVELS: usize = 5;

/// The rows that name the columns, as they look.
pub(in crate::data::csv) fn header_rows(first: &[String], data: &[SampleRow]) -> Header {
    let names_alone = || match looks_like_names(first, data) {
        true => Header::Present,
        false => Header::Absent,
    };
    let Some(((_, second), rest)) = data.split_first() else {
        return names_alone();
    };
    if is_rule(second, rest) && are_names(first, rest) {
        return Header::Units;
    }
    if let Some(n) = n_levels(first, data) {
        return Header::Rows(n);
    }
    if is_second_header(second, rest) {
        if has_levels(first, second) {
            return Header::Levels;
        }
        if looks_like_names(first, rest) {
            return Header::Units;
        }
    }
    names_alone()
}

/// Whether a row is a line that is drawn below the names, as programs for databases print it. One or
/// two signs alone are one if they are no spelling of missing further below.
fn is_rule(fields: &[String], rest: &[SampleRow]) -> bool {
    let used = || fields.iter().map(|field| field.trim()).filter(|field| !field.is_empty());
    let is_drawn = |field: &str| field.bytes().all(|byte| b"-+=|:".contains(&byte));
    let is_short = used().any(|field| field.len() <= 2);
    let is_line = used().any(|field| field.len() >= 2);
    let occur_again = || {
        let drawn: HashSet<&str> = used().collect();
        rest.iter().flat_map(|row| &row.1).any(|cell| drawn.contains(cell.trim()))
    };
    is_line && used().all(is_drawn) && !(is_short && (n_used(fields) < 2 || occur_again()))
}

/// Of how many rows the names are, where that is more than two rows: groups of columns, names, and
/// what is remarked on them stand above the first row that holds a number. A row of nothing but
/// separators may be among them.
fn n_levels(first: &[String], data: &[SampleRow]) -> Option<u8> {
    /// The fewest rows of data that show what the columns hold.
    const FEWEST: usize = 3;
    let has_number =
        |fields: &[String]| fields.iter().any(|cell| Look::of(cell.trim()).is_number());
    let n_above = data.iter().take(MOST_LEVELS).position(|(_, fields)| has_number(fields))?;
    let (above, table) = data.split_at(n_above);
    let is_text = |fields: &[String]| {
        let mut used = fields.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        used.all(|cell| Look::of(cell) == Look::Text && !is_missing_number(cell))
    };
    if n_above < 2 || table.len() < FEWEST || n_used(first) < 2 || !is_text(first) {
        return None;
    }
    let is_level = |(_, fields): &SampleRow| {
        n_used(fields) == 0 || is_text(fields) && is_second_header(fields, table)
    };
    let is_named = above.last().is_some_and(|(_, last)| n_used(last) > 0);
    (is_named && above.iter().all(is_level)).then(|| n_above as u8 + 1)
}

/// Whether the row below the names is no data: words over columns of numbers alone, and nothing in
/// it that occurs again below.
fn is_second_header(second: &[String], rest: &[SampleRow]) -> bool {
    if rest.len() < 2 || n_used(second) == 0 {
        return false;
    }
    let (mut n_numeric, mut n_units, mut n_other) = (0, 0, 0);
    for (j, text) in second.iter().enumerate() {
        let text = text.trim();
        let cells = || rest.iter().filter_map(|(_, fields)| fields.get(j)).map(|cell| cell.trim());
        let look = Look::of(text);
        let occurs_below = || cells().any(|cell| cell == text);
        let is_missing = look == Look::Text && is_missing_number(text);
        if is_missing || look.is_number() || look == Look::Text && occurs_below() {
            return false;
        }
        let n_present = cells().filter(|cell| Look::of(cell) != Look::Missing).count();
        let n_numbers = cells().filter(|cell| Look::of(cell).is_number()).count();
        if n_present > 0 && n_numbers * 5 >= n_present * 4 {
            n_numeric += usize::from(look == Look::Text);
            n_units += usize::from(is_unit(text));
        } else {
            n_other += usize::from(look == Look::Text && !is_unit(text));
        }
    }
    n_units > 0 || n_numeric >= 2 || n_numeric == 1 && n_other == 0 && second.len() > 1
}

/// Whether a text is in brackets, as units are, or one of the commonest units.
fn is_unit(text: &str) -> bool {
    const UNITS: [&str; 36] = [
        "m", "cm", "mm", "km", "s", "ms", "min", "h", "g", "kg", "mg", "t", "l", "ml", "k", "°c",
        "°f", "c", "pa", "hpa", "kpa", "bar", "v", "mv", "a", "ma", "w", "kw", "hz", "m/s", "km/h",
        "%", "eur", "usd", "unit", "units",
    ];
    let in_brackets = |open: char, close: char| text.starts_with(open) && text.ends_with(close);
    let is_bracketed = in_brackets('(', ')') || in_brackets('[', ']');
    is_bracketed && text.len() > 2 || UNITS.contains(&text.to_lowercase().as_str())
}

/// Whether the first of two rows of names spans several columns with one name: empty cells beside
/// it, or the same name again, where the second row names each column that the first does not.
fn has_levels(first: &[String], second: &[String]) -> bool {
    let is_used = |row: &[String], j: usize| row.get(j).is_some_and(|name| !name.trim().is_empty());
    let all_named = (1..second.len()).all(|j| is_used(second, j));
    let used: Vec<&str> = first.iter().map(|f| f.trim()).filter(|f| !f.is_empty()).collect();
    let distinct: HashSet<&str> = used.iter().copied().collect();
    let has_gaps = (1..first.len()).any(|j| !is_used(first, j));
    let repeats = distinct.len() < used.len();
    // Units alone tell nothing of groups, and a row of data is none.
    let fills_gaps = first.len() == second.len()
        && are_groups(first)
        && (1..first.len()).all(|j| is_used(first, j) || is_used(second, j))
        && (1..first.len())
            .any(|j| !is_used(first, j) && is_used(second, j) && !is_unit(second[j].trim()));
    first.len() > 2 && !used.is_empty() && (all_named && (has_gaps || repeats) || fills_gaps)
}

/// Whether a row holds nothing but words and years, as names of groups of columns are.
pub(super) fn are_groups(fields: &[String]) -> bool {
    let is_group = |name: &str| Look::of(name) == Look::Text || year(name).is_some();
    let mut used = fields.iter().map(|name| name.trim()).filter(|name| !name.is_empty());
    used.all(is_group)
}

/// The year that a name is.
fn year(name: &str) -> Option<i64> {
    name.trim().parse::<i64>().ok().filter(|year| (1800..=2100).contains(year))
}

/// Whether a row holds nothing but words, or words and years: it may name the columns of `data`.
pub(super) fn are_names(fields: &[String], data: &[SampleRow]) -> bool {
    let mut used = fields.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    used.all(|cell| Look::of(cell) == Look::Text) && n_used(fields) > 0 || are_years(fields, data)
}

/// Whether `first` names the columns of `data`: text over numbers speaks for it, numbers over
/// numbers and words that occur again below speak against it. Columns that are counted are named
/// with numbers.
pub(super) fn looks_like_names(first: &[String], data: &[SampleRow]) -> bool {
    if let Some(is_header) = counts_columns(first, data) {
        return is_header;
    }
    if has_sure_name(first, data) {
        return true;
    }
    match votes(first, data) {
        0 => {
            let distinct: HashSet<&str> = first.iter().map(|name| name.trim()).collect();
            let has_years = are_years(first, data);
            let is_name = |name: &String| match Look::of(name.trim()) {
                Look::Whole => has_years,
                look => look == Look::Text,
            };
            distinct.len() == first.len() && first.iter().all(is_name)
        }
        votes => votes > 0,
    }
}

/// Whether one word decides, whatever words occur again below: it stands over a column of nothing but
/// numbers, and no number of the row could go on in its column.
fn has_sure_name(first: &[String], data: &[SampleRow]) -> bool {
    /// The fewest numbers that show what a column holds.
    const FEWEST: usize = 3;
    let shift = usize::from(has_row_names(first.len(), data));
    let mut is_sure = false;
    for (j, name) in first.iter().map(|name| name.trim()).enumerate() {
        let look = Look::of(name);
        let is_word = look == Look::Text
            && name.starts_with(|sign: char| !sign.is_ascii_digit())
            && name.contains(char::is_alphabetic)
            && !is_missing_number(name);
        if !is_word && !look.is_number() {
            continue;
        }
        let (n_numbers, n_years, n_cells) = kinds_below(first, data, j + shift);
        if is_word {
            is_sure |= n_numbers >= FEWEST && n_numbers == n_cells;
        } else if n_numbers * 5 >= n_cells * 4 && !is_year_above(name, n_years, n_cells) {
            return false;
        }
    }
    is_sure
}

/// How many cells below `first` in a column are numbers, are years, and are not missing.
fn kinds_below(first: &[String], data: &[SampleRow], column: usize) -> (usize, usize, usize) {
    // Names may be repeated between the rows.
    let rows = data.iter().filter(|(_, fields)| !fields.starts_with(first));
    let cells = rows.filter_map(|(_, fields)| fields.get(column)).map(|cell| cell.trim());
    let present = cells.map(|cell| (cell, Look::of(cell))).filter(|(_, l)| *l != Look::Missing);
    present.fold((0, 0, 0), |(n_numbers, n_years, n), (cell, look)| {
        let is_year = look.is_number() && year(cell).is_some();
        (n_numbers + usize::from(look.is_number()), n_years + usize::from(is_year), n + 1)
    })
}

/// Whether a name is a year over a column of other numbers.
fn is_year_above(name: &str, n_years: usize, n_cells: usize) -> bool {
    year(name).is_some() && n_years * 2 <= n_cells
}

/// How many columns say that `first` names them, less those that say that it does not.
pub(super) fn votes(first: &[String], data: &[SampleRow]) -> i64 {
    /// The fewest words that show that a column holds no numbers.
    const FEWEST: usize = 3;
    let mut votes = 0i64;
    let has_years = are_years(first, data);
    let begins_word = first.first().is_some_and(|name| Look::of(name.trim()) == Look::Text);
    // Where the rows have names of their own, the first column is theirs.
    let shift = usize::from(has_row_names(first.len(), data));
    for (j, name) in first.iter().enumerate() {
        let name = name.trim();
        let look = match Look::of(name) {
            Look::Whole if has_years => Look::Text,
            look => look,
        };
        let cells: Vec<&str> = data
            .iter()
            // Names may be repeated between the rows.
            .filter(|(_, fields)| !fields.starts_with(first))
            .filter_map(|(_, fields)| fields.get(j + shift))
            .map(|cell| cell.trim())
            .filter(|cell| Look::of(cell) != Look::Missing)
            .collect();
        let n_numbers = cells.iter().filter(|cell| Look::of(cell).is_number()).count();
        if cells.is_empty() || look == Look::Missing {
            continue;
        }
        if n_numbers * 5 >= cells.len() * 4 {
            let n_years = cells.iter().filter(|cell| year(cell).is_some()).count();
            let n_dates = cells.iter().filter(|cell| Look::of(cell) == Look::Date).count();
            let is_of_dates = n_dates >= FEWEST && n_dates == cells.len();
            votes += match look {
                Look::Text => 1,
                Look::Whole if begins_word && is_of_dates => 1,
                _ if is_year_above(name, n_years, cells.len()) => 0,
                _ => -1,
            };
        } else if look == Look::Whole && begins_word && n_numbers == 0 && cells.len() >= FEWEST {
            votes += 1; // a number over words, dates or yes and no
        } else if cells.contains(&name) {
            votes -= 1;
        } else if look == Look::Text {
            let distinct: HashSet<&str> = cells.iter().copied().collect();
            votes += i64::from(distinct.len() * 10 <= cells.len() * 7);
        }
    }
    votes
}

/// Whether the numbers among names are years: one after the other (`item, 2019, 2020, 2021`), or at
/// least three in order over columns that hold no years. The first column may be without a name.
fn are_years(names: &[String], data: &[SampleRow]) -> bool {
    let looks = || names.iter().map(|name| Look::of(name.trim()));
    let years: Vec<i64> = names.iter().filter_map(|name| year(name)).collect();
    if years.len() < 2 || looks().filter(|look| look.is_number()).count() != years.len() {
        return false;
    }
    let has_corner = names.first().is_some_and(|corner| corner.trim().is_empty())
        && data.iter().all(|(_, row)| n_used(row) == 0 || !row[0].trim().is_empty());
    if !has_corner && !looks().any(|look| look == Look::Text) {
        return false;
    }
    let steps: Vec<i64> = years.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let in_steps = steps.iter().all(|step| *step == steps[0]);
    if in_steps && matches!(steps[0], -10..=-1 | 1..=10) {
        return true;
    }
    let in_order = steps.iter().all(|step| *step > 0) || steps.iter().all(|step| *step < 0);
    let columns = || (0..names.len()).filter(|j| year(&names[*j]).is_some());
    let cells = || data.iter().flat_map(|(_, row)| columns().filter_map(move |j| row.get(j)));
    let n_years = cells().filter(|cell| year(cell).is_some()).count();
    years.len() >= 3 && in_order && n_years * 5 <= cells().count()
}

/// Whether a row that counts the columns, 0, 1, 2, … or 1, 2, 3, …, names them, as programs do where
/// there are no names; `None` where it does not count. The first column may be without a name.
///
/// It is a row of data where the others could go on like this: whole numbers in equal steps, the same
/// numbers in another order, a square of distances.
fn counts_columns(first: &[String], data: &[SampleRow]) -> Option<bool> {
    /// The fewest columns of which whole numbers are counted.
    const FEWEST: usize = 5;
    let has_corner = first.first().is_some_and(|corner| corner.trim().is_empty());
    let names = &first[usize::from(has_corner)..];
    let start = names.first()?.trim().parse::<u64>().ok().filter(|start| *start <= 1)?;
    let counts = names.iter().zip(start..).all(|(name, n)| name.trim() == n.to_string());
    if names.len() < 2 || !counts {
        return None;
    }
    let rows: Vec<&[String]> = data
        .iter()
        .map(|(_, fields)| fields.as_slice())
        .filter(|fields| fields.len() == first.len())
        .collect();
    if has_corner {
        return Some(!rows.is_empty() && rows.iter().all(|row| !row[0].trim().is_empty()));
    }
    let looks = |j: usize| {
        rows.iter().map(move |row| Look::of(row[j].trim())).filter(|look| *look != Look::Missing)
    };
    let n_columns = |is_of: &dyn Fn(usize) -> bool| (0..first.len()).filter(|j| is_of(*j)).count();
    let of_words =
        |j: usize| 2 * looks(j).filter(|look| !look.is_number()).count() > looks(j).count();
    let of_fractions =
        |j: usize| 2 * looks(j).filter(|look| *look != Look::Whole).count() > looks(j).count();
    if rows.len() < 2 {
        return Some(false);
    }
    // Where the first column goes on counting, it counts the rows.
    let counts_rows =
        rows.iter().zip(start + 1..).all(|(row, number)| row[0].trim() == number.to_string());
    let has_fractions = first.len() >= 3 && 2 * n_columns(&of_fractions) > first.len();
    if n_columns(&of_words) > 0 || has_fractions {
        return Some(n_columns(&of_words) > 0 || !counts_rows);
    }
    let whole = |row: &&[String]| -> Option<Vec<i64>> {
        row.iter().map(|cell| cell.trim().parse().ok()).collect()
    };
    let in_steps = |row: &Vec<i64>| {
        let step = |pair: &[i64]| pair[1].wrapping_sub(pair[0]);
        step(row) != 0 && row.windows(2).all(|pair| step(pair) == step(row))
    };
    let own: Vec<i64> = (start as i64..).take(first.len()).collect();
    let reordered = |mut row: Vec<i64>| {
        row.sort_unstable();
        row == own
    };
    let rows_of_whole = || rows.iter().filter_map(whole);
    Some(
        first.len() >= FEWEST
            && rows.len() + 1 != first.len()
            && !rows_of_whole().any(|row| in_steps(&row))
            && !rows_of_whole().all(reordered),
    )
}

/// The names that a comment spells directly above the first row of `data`: as many words as there
/// are columns, most of them of numbers, and no other names follow.
pub(super) fn comment_names(fields: &[String], data: &[SampleRow]) -> Option<Vec<String>> {
    let mark = comment_mark(fields)?;
    let ((_, after), rest) = data.split_first()?;
    if comment_mark(after).is_some() || !rest.is_empty() && looks_like_names(after, rest) {
        return None;
    }
    let widths: Vec<usize> = data.iter().map(|(_, fields)| fields.len()).collect();
    let (width, _) = body(&widths);
    let names = spelled(fields, mark, width)?;
    let distinct: HashSet<&String> = names.iter().collect();
    let is_text = |name: &String| Look::of(name) == Look::Text;
    let is_numeric = |j: &usize| {
        let cells =
            data.iter().filter_map(|(_, row)| row.get(*j)).map(|cell| Look::of(cell.trim()));
        let [n, n_numbers] = cells
            .filter(|look| *look != Look::Missing)
            .fold([0, 0], |[n, m], l| [n + 1, m + usize::from(l.is_number())]);
        n > 0 && n_numbers * 5 >= n * 4
    };
    let n_numeric = (0..width).filter(is_numeric).count();
    (2 * n_numeric > width && distinct.len() == width && names.iter().all(is_text)).then_some(names)
}

/// The words of a comment that is not divided like the rows, if there are `width` of them.
pub(super) fn spelled(fields: &[String], mark: &str, width: usize) -> Option<Vec<String>> {
    if fields.len() == width || width < 2 {
        return None;
    }
    let strip = |field: &String| field.trim().trim_start_matches(mark).trim().to_owned();
    let words: Vec<String> = match fields {
        [first, others @ ..] if others.len() == width && strip(first).is_empty() => {
            others.iter().map(|name| name.trim().to_owned()).collect()
        }
        [text] => {
            let text = strip(text);
            let apart = |sign: char| -> Vec<String> {
                text.split(sign).map(|name| name.trim().to_owned()).collect()
            };
            let mut ways = [',', ';', '\t', '|'].map(apart).into_iter();
            ways.find(|words| words.len() == width)
                .unwrap_or_else(|| text.split_whitespace().map(str::to_owned).collect())
        }
        _ => return None,
    };
    (words.len() == width && words.iter().all(|name| !name.is_empty())).then_some(words)
}
