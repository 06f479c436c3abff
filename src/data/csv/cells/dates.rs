//! Dates and times, as numbers.

/// Which comes first where both are numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data::csv) enum Order {
    DayFirst,
    MonthFirst,
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

const SECONDS_A_DAY: f64 = 86_400.0;

/// The days since 1970-01-01 00:00 that `text` names; a time alone is a fraction of a day, or with
/// hours beyond 23 (`30:15:00`) a duration of more.
///
/// ```text
/// 2020-01-31   2020/01/31   31.1.2020   1/31/2020   31-Jan-2020   Jan 31, 2020   2020-01
/// any of these with 12:30, 12:30:15.5, 1:30 PM, behind a space or T, then Z or +02:00
/// ```
///
/// A year of two digits lies between 1970 and 2069.
pub(in crate::data::csv) fn days(text: &str, order: Order) -> Option<f64> {
    let starts_well = text.starts_with(|first: char| first.is_ascii_alphanumeric());
    if !starts_well || !text.is_ascii() || !(4..=40).contains(&text.len()) {
        return None;
    }
    if !text.as_bytes().iter().any(u8::is_ascii_digit) {
        return None;
    }
    if let Some(time) = time_of_day(text).or_else(|| duration(text)) {
        return Some(time);
    }
    let (date, rest) = date(text, order)?;
    match rest {
        "" => Some(date),
        _ => {
            let time = rest.strip_prefix(['T', 't', ' ']).or(rest.strip_prefix(", "))?;
            Some(date + time_of_day(time.trim_start())?)
        }
    }
}

/// The same for dates such as `2020-01-31` and `2020-01-31 12:30:15`, which are one in every order;
/// `None` for all others.
pub(in crate::data::csv) fn iso_days(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let two = |at: usize| match bytes.get(at..at + 2)? {
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Some(i64::from(a - b'0') * 10 + i64::from(b - b'0')),
        _ => None,
    };
    let is = |at: usize, signs: &[u8]| bytes.get(at).is_some_and(|byte| signs.contains(byte));
    if !is(4, b"-") || !is(7, b"-") {
        return None;
    }
    let date = day_number(two(0)? * 100 + two(2)?, two(5)?, two(8)?)?;
    if bytes.len() == 10 {
        return Some(date);
    }
    let seconds = match bytes.len() {
        16 => 0,
        19 if is(16, b":") => two(17)?,
        _ => return None,
    };
    let (hours, minutes) = (two(11)?, two(14)?);
    if !is(10, b"T ") || !is(13, b":") || hours > 23 || minutes > 59 || seconds > 60 {
        return None;
    }
    Some(date + (((hours * 60 + minutes) * 60) as f64 + seconds as f64) / SECONDS_A_DAY)
}

/// Splits off digits (or letters, for the name of a month).
fn token(text: &str) -> (&str, &str) {
    let is_word = text.starts_with(|first: char| first.is_ascii_alphabetic());
    let inside = |letter: char| match is_word {
        true => letter.is_ascii_alphabetic(),
        false => letter.is_ascii_digit(),
    };
    text.split_at(text.find(|letter| !inside(letter)).unwrap_or(text.len()))
}

/// The day and what stands behind it.
fn date(text: &str, order: Order) -> Option<(f64, &str)> {
    let (a, rest) = token(text);
    let separator = rest.chars().next()?;
    if !"-/. ".contains(separator) || a.len() > 9 {
        return None;
    }
    let (b, rest) = token(&rest[1..]);
    if a.len() == 4 && rest.is_empty() && separator == '-' && b.len() == 2 {
        return Some((day_number(whole(a)?, month(b)?, 1)?, rest));
    }
    let between = match rest.strip_prefix(", ") {
        Some(rest) if month_of_name(a).is_some() => rest,
        _ => rest.strip_prefix(separator)?,
    };
    let (c, rest) = token(between);
    let (year, month, day) = if a.len() == 4 && a.as_bytes()[0].is_ascii_digit() {
        (whole(a)?, month(b)?, whole(c)?)
    } else if let Some(month) = month_of_name(a) {
        (year(c)?, month, whole(b)?)
    } else if let Some(month) = month_of_name(b) {
        (year(c)?, month, whole(a)?)
    } else if separator == ' ' {
        return None;
    } else if order == Order::DayFirst {
        (year(c)?, month(b)?, whole(a)?)
    } else {
        (year(c)?, month(a)?, whole(b)?)
    };
    Some((day_number(year, month, day)?, rest))
}

fn whole(text: &str) -> Option<i64> {
    let fits = (1..=4).contains(&text.len()) && text.as_bytes()[0].is_ascii_digit();
    fits.then(|| text.parse().ok())?
}

fn year(text: &str) -> Option<i64> {
    match text.len() {
        4 => whole(text),
        2 => whole(text).map(|year| if year < 70 { 2000 + year } else { 1900 + year }),
        _ => None,
    }
}

fn month(text: &str) -> Option<i64> {
    month_of_name(text).or_else(|| whole(text))
}

fn month_of_name(text: &str) -> Option<i64> {
    let start = text.get(..3)?.to_ascii_lowercase();
    let index = MONTHS.iter().position(|month| *month == start)?;
    const LONG: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let known = text.len() == 3 || LONG[index].starts_with(&text.to_ascii_lowercase());
    known.then_some(index as i64 + 1)
}

/// Days from 1970-01-01 in the Gregorian calendar; `None` where there is no such day.
fn day_number(year: i64, month: i64, day: i64) -> Option<f64> {
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, 28 + i64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if year < 1 || !(1..=12).contains(&month) {
        return None;
    }
    let before: i64 = lengths[..month as usize - 1].iter().sum();
    if !(1..=lengths[month as usize - 1]).contains(&day) {
        return None;
    }
    let past = year - 1;
    let leap_days = past / 4 - past / 100 + past / 400;
    const EPOCH: i64 = 1969 * 365 + 1969 / 4 - 1969 / 100 + 1969 / 400;
    Some((past * 365 + leap_days + before + day - 1 - EPOCH) as f64)
}

/// The time of day as a fraction of a day, less its distance from Greenwich where that is given.
fn time_of_day(text: &str) -> Option<f64> {
    let (hours, rest) = token(text);
    let (minutes, mut rest) = token(rest.strip_prefix(':')?);
    let mut seconds = 0.0;
    if let Some(tail) = rest.strip_prefix(':') {
        let fraction = |letter: char| !letter.is_ascii_digit() && letter != '.';
        let (digits, tail) = tail.split_at(tail.find(fraction).unwrap_or(tail.len()));
        let is_sound = digits.starts_with(|first: char| first.is_ascii_digit());
        seconds = is_sound.then(|| digits.parse::<f64>().ok())??;
        rest = tail;
    }
    if hours.len() > 2 || minutes.len() != 2 {
        return None;
    }
    let (mut hours, minutes) = (whole(hours)?, whole(minutes)?);
    let half = rest.trim_start().to_ascii_lowercase();
    if let [half @ (b'a' | b'p'), b'm', ..] = half.as_bytes() {
        if !(1..=12).contains(&hours) {
            return None;
        }
        hours = hours % 12 + if *half == b'p' { 12 } else { 0 };
        rest = rest.trim_start()[2..].trim_start();
    }
    if hours > 23 || minutes > 59 || seconds >= 61.0 {
        return None;
    }
    let east = match rest.trim_start() {
        "" | "Z" | "z" | "UTC" | "GMT" => 0,
        zone => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let (h, m) = token(zone.strip_prefix(['+', '-'])?);
            let (h, m) = if h.len() == 4 { h.split_at(2) } else { (h, m.trim_start_matches(':')) };
            sign * (whole(h)? * 60 + if m.is_empty() { 0 } else { whole(m)? })
        }
    };
    Some((((hours * 60 + minutes - east) * 60) as f64 + seconds) / SECONDS_A_DAY)
}

/// Whether a cell is a time of more than a day.
pub(super) fn is_duration(text: &str) -> bool {
    is_time(text) && time_of_day(text).is_none() && duration(text).is_some()
}

/// Whether a cell that [`days`] reads is a time without a date.
pub(super) fn is_time(text: &str) -> bool {
    token(text).1.starts_with(':')
}

/// Hours, minutes and seconds in days, however many hours.
fn duration(text: &str) -> Option<f64> {
    let (hours, rest) = token(text);
    let (minutes, rest) = token(rest.strip_prefix(':')?);
    let (seconds, rest) = token(rest.strip_prefix(':')?);
    let are_two = minutes.len() == 2 && seconds.len() == 2;
    let (hours, minutes, seconds) = (whole(hours)?, whole(minutes)?, whole(seconds)?);
    let is_sound = are_two && rest.is_empty() && minutes < 60 && seconds < 60;
    is_sound.then(|| ((hours * 60 + minutes) * 60 + seconds) as f64 / SECONDS_A_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        // Python: (datetime.date(y, m, d) - datetime.date(1970, 1, 1)).days
        for (text, expected) in [
            ("1970-01-01", 0.0),
            ("2000-02-29", 11_016.0),
            ("1900-03-01", -25_508.0),
            ("2020/12/31", 18_627.0),
            ("31.12.2020", 18_627.0),
            ("31/12/20", 18_627.0),
            ("31-Dec-2020", 18_627.0),
            ("Dec 31, 2020", 18_627.0),
            ("December 31, 2020", 18_627.0),
            ("31 dec 2020", 18_627.0),
            ("2020-12", 18_597.0),
            ("0001-01-01", -719_162.0),
            ("2020-12-31T12:00:00Z", 18_627.5),
            ("2020-12-31 18:00", 18_627.75),
            ("2020-12-31T12:00:00+06:00", 18_627.25),
            ("31/12/2020 6:00 PM", 18_627.75),
            ("06:00:00", 0.25),
            ("24:00:00", 1.0),
            ("100:30:00", 4.1875),
        ] {
            assert_eq!(days(text, Order::DayFirst), Some(expected), "{text}");
        }
        assert_eq!(days("3/4/2020", Order::DayFirst), days("2020-04-03", Order::DayFirst));
        assert_eq!(days("3/4/2020", Order::MonthFirst), days("2020-03-04", Order::DayFirst));
    }

    #[test]
    fn usual_dates_are_read_alike() {
        let texts = [
            "2020-01-31",
            "2020-02-30",
            "0000-01-01",
            "0001-01-01",
            "9999-12-31",
            "2020-13-01",
            "2020-1-01",
            "2020/01/31",
            "2020-01-31 12:30",
            "2020-01-31T23:59:60",
            "2020-01-31T24:00",
            "2020-01-31 12:30:61",
            "2020-01-31 12:60",
            "2020-01-31 12:30:15",
            "2020-01-31  2:30",
            "2020-01-31 12:30:1",
            "2020-01-31 12:30Z",
            "2020-01-31x12:30",
            "+020-01-31",
            "20-01-2031",
        ];
        for text in texts {
            for order in [Order::DayFirst, Order::MonthFirst] {
                let expected = days(text, order);
                match iso_days(text) {
                    Some(found) => assert_eq!(expected.map(f64::to_bits), Some(found.to_bits())),
                    None => assert!(!texts[..1].contains(&text)),
                }
            }
        }
        assert!(["2020-01-31 12:30", "2020-01-31T23:59:60"].iter().all(|t| iso_days(t).is_some()));
        assert_eq!(iso_days("2020-02-30"), None);
    }

    #[test]
    fn other_texts_are_no_dates() {
        for text in [
            "2021-02-29",
            "13/13/2020",
            "2020-1-1x",
            "1.5",
            "1.2.3.4",
            "12-34-56",
            "march",
            "mayor 1",
            "25:00",
            "25:00:61",
            "25:60:00",
            "1 25:00:00",
            "12:5",
            "10 20 2020",
            "2020",
            "a-b-c",
            "1//2",
            "12:30:",
            "1-2-345",
            "may be 2020",
        ] {
            assert_eq!(days(text, Order::DayFirst), None, "{text}");
        }
    }
}
