use super::table::date_text;
use crate::math::elementary::double::{ln, powf};

/// A labelled place on an axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where: the value itself on a linear axis, its decimal logarithm on a logarithmic one.
    pub at: f64,
    /// The label.
    pub label: String,
}

/// `10^x`.
pub fn power_of_ten(exponent: f64) -> f64 {
    powf(10.0, exponent)
}

/// Round places between `from` and `to`, at most about `n_most`: multiples of 1, 2 or 5 times a
/// power of ten.
pub fn linear_ticks(from: f64, to: f64, n_most: usize) -> Vec<Tick> {
    let width = to - from;
    if !(width.is_finite() && width > 0.0) {
        return Vec::new();
    }
    let rough = width / n_most.max(1) as f64;
    let power = powf(10.0, (ln(rough) / std::f64::consts::LN_10).floor());
    let step = [1.0, 2.0, 5.0, 10.0]
        .map(|factor| factor * power)
        .into_iter()
        .find(|step| *step >= rough * (1.0 - 1e-9))
        .unwrap_or(10.0 * power);
    let first = (from / step - 1e-9).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    (first..=last)
        .map(|index| {
            // Rounded to a digit beyond the step's own, so that 3 × 0.1 reads 0.3.
            let at = index as f64 * step;
            Tick { at, label: format_short(at, step) }
        })
        .collect()
}

/// Round days between two, as days since 1970-01-01, at most about `n_most`: beginnings of years or
/// months, or days a whole number of weeks or days apart; within a day, as on a linear axis.
pub fn date_ticks(from: f64, to: f64, n_most: usize) -> Vec<Tick> {
    const FARTHEST: f64 = 3e6;
    const EPOCH: i64 = 12 * 1970;
    let rough = (to - from) / n_most.max(1) as f64;
    if !(rough > 0.25 && from.abs() < FARTHEST && to.abs() < FARTHEST) {
        return linear_ticks(from, to, n_most);
    }
    if rough <= 14.0 {
        let step = [1.0, 2.0, 7.0, 14.0].into_iter().find(|step| *step >= rough).unwrap_or(14.0);
        let (first, last) = ((from / step).ceil() as i64, (to / step).floor() as i64);
        let tick = |at: f64| Tick { at, label: date_text(at) };
        return (first..=last).map(|index| tick(index as f64 * step)).collect();
    }
    // In months; years come by 1, 2 or 5 times a power of ten.
    let months = rough / 30.5;
    let stride = [1.0, 2.0, 3.0, 6.0, 12.0].into_iter().find(|step| *step >= months);
    let stride = stride.unwrap_or_else(|| {
        let power = powf(10.0, (ln(months / 12.0) / std::f64::consts::LN_10).floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter();
        12.0 * step.map(f64::ceil).find(|step| 12.0 * step >= months).unwrap_or(10.0 * power)
    }) as i64;
    // Counted from the year 0, so that years are round.
    let month = |days: f64| (days / 30.436_875).floor() as i64 + EPOCH;
    let (first, last) = ((month(from) - 1).div_euclid(stride), (month(to) + 1).div_euclid(stride));
    (first..=last)
        .map(|index| index * stride)
        .map(|month| (month, first_of_month(month - EPOCH)))
        .filter(|(_, at)| (from..=to).contains(at))
        .map(|(month, at)| {
            let date = date_text(at);
            let shown =
                if stride >= 12 && month % 12 == 0 { date.len() - 6 } else { date.len() - 3 };
            Tick { at, label: date[..shown].to_owned() }
        })
        .collect()
}

/// The day on which a month begins, counted from that of January 1970; days since then.
fn first_of_month(month: i64) -> f64 {
    // Years that begin in March have their leap day at the end.
    let from_march = month - 2;
    let (year, in_year) = (1970 + from_march.div_euclid(12), from_march.rem_euclid(12));
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let before = 365 * year + leap_days + (153 * in_year + 2) / 5;
    (before - 719_468) as f64
}

/// Round places between two decimal logarithms, at most about `n_most`: powers of ten, with 2 and 5
/// between them where there is room; where less than one power of ten is in view, as on a linear
/// axis.
pub fn log_ticks(from: f64, to: f64, n_most: usize) -> Vec<Tick> {
    let decades = to - from;
    if !(decades.is_finite() && decades > 0.0) {
        return Vec::new();
    }
    let power = |exponent: f64| powf(10.0, exponent);
    if decades < 0.7 {
        let plain = linear_ticks(power(from), power(to), n_most);
        let positive = plain.into_iter().filter(|tick| tick.at > 0.0);
        return positive
            .map(|tick| Tick { at: ln(tick.at) / std::f64::consts::LN_10, ..tick })
            .collect();
    }
    let n_most = n_most.max(2) as f64;
    let stride = (decades / n_most).ceil().max(1.0) as i64;
    let between: &[f64] = if decades * 3.0 <= n_most { &[1.0, 2.0, 5.0] } else { &[1.0] };
    let first = from.floor() as i64;
    let mut ticks = Vec::new();
    for exponent in (first..=to.ceil() as i64).filter(|exponent| exponent.rem_euclid(stride) == 0) {
        for factor in between {
            let at = exponent as f64 + ln(*factor) / std::f64::consts::LN_10;
            if at >= from - 1e-9 && at <= to + 1e-9 {
                let value = factor * power(exponent as f64);
                ticks.push(Tick { at, label: format_short(value, value) });
            }
        }
    }
    ticks
}

/// A short label for a round number: `25 k`, `0.05`, `1e-5`. `step` is the distance to the next
/// label and decides the number of decimals.
pub fn format_short(value: f64, step: f64) -> String {
    let size = value.abs();
    if size < step.abs() * 1e-6 {
        return "0".to_owned();
    }
    let decimals = |step: f64| {
        let digits = -(ln(step.abs()) / std::f64::consts::LN_10 + 1e-9).floor();
        if digits > 0.0 { digits as usize } else { 0 }
    };
    let sign = if value < 0.0 { "−" } else { "" };
    let digits = |unit: f64| format!("{:.*}", decimals(step / unit), size / unit);
    if !(1e-3 * 0.999..1e12).contains(&size) {
        let text = format!("{:e}", format!("{size:.2e}").parse::<f64>().unwrap_or(size));
        return format!("{sign}{text}");
    }
    if size >= 1e9 {
        format!("{sign}{} G", digits(1e9))
    } else if size >= 1e6 {
        format!("{sign}{} M", digits(1e6))
    } else if size >= 1e4 {
        format!("{sign}{} k", digits(1e3))
    } else {
        format!("{sign}{}", digits(1.0))
    }
}

/// A value with about `significant` digits: `0.06123`, `1.2e-7`, `1,234,567`.
pub fn format_value(value: f64, significant: usize) -> String {
    if value.is_nan() {
        return "not a number".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞".to_owned() } else { "−∞".to_owned() };
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let sign = if value < 0.0 { "−" } else { "" };
    let size = value.abs();
    if size.fract() == 0.0 && size < 1e15 {
        return format!("{sign}{}", grouped(&format!("{size}")));
    }
    if !(1e-4..1e6).contains(&size) {
        return format!("{sign}{:.*e}", significant.saturating_sub(1), size);
    }
    let before = if size >= 1.0 { (ln(size) / std::f64::consts::LN_10) as i64 + 1 } else { 0 };
    let zeros = if size < 1.0 { (-(ln(size) / std::f64::consts::LN_10)) as i64 } else { 0 };
    let decimals = (significant as i64 - before + zeros).max(0) as usize;
    format!("{sign}{size:.decimals$}")
}

/// Digits in groups of three: `1234567` → `1,234,567`.
pub fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &[Tick]) -> Vec<&str> {
        ticks.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn dates_have_round_days_months_and_years() {
        let labels = |from: f64, to: f64, n: usize| {
            let ticks = date_ticks(from, to, n);
            assert!(ticks.iter().all(|tick| (from..=to).contains(&tick.at)));
            ticks.into_iter().map(|tick| tick.label).collect::<Vec<_>>()
        };
        for month in -3000..3000_i64 {
            let text = date_text(first_of_month(month));
            let (year, month) = (1970 + month.div_euclid(12), month.rem_euclid(12) + 1);
            assert_eq!(text, format!("{year:04}-{month:02}-01"));
        }
        // 19358 is 2023-01-01.
        assert_eq!(
            labels(19358.0, 19361.5, 4),
            ["2023-01-01", "2023-01-02", "2023-01-03", "2023-01-04"]
        );
        assert_eq!(labels(19350.0, 19540.0, 4), ["2023-01", "2023-03", "2023-05", "2023-07"]);
        assert_eq!(labels(19300.0, 20500.0, 4), ["2023", "2024", "2025", "2026"]);
        assert_eq!(labels(0.0, 20000.0, 4), ["1980", "2000", "2020"]);
        assert_eq!(labels(0.0, 1.0, 5), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
    }

    #[test]
    fn linear_ticks_are_round_and_few() {
        assert_eq!(labels(&linear_ticks(0.0, 75_000.0, 4)), ["0", "20 k", "40 k", "60 k"]);
        assert_eq!(
            labels(&linear_ticks(-0.31, 0.32, 7)),
            ["−0.3", "−0.2", "−0.1", "0", "0.1", "0.2", "0.3"]
        );
        assert!(linear_ticks(1.0, 1.0, 5).is_empty());
        for n_most in 2..9 {
            let ticks = linear_ticks(0.137, 8.91, n_most);
            assert!((1..=n_most + 1).contains(&ticks.len()), "{n_most}: {}", ticks.len());
        }
    }

    #[test]
    fn log_ticks_stand_at_powers_of_ten() {
        let ticks = log_ticks(-2.0, 0.5, 8);
        assert_eq!(labels(&ticks), ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2"]);
        assert!((ticks[1].at + 1.698_970_004_336_018_7).abs() < 1e-12);
        assert_eq!(
            labels(&log_ticks(-12.0, 0.0, 5)),
            ["1e-12", "1e-9", "1e-6", "0.001", "1"].map(str::to_owned).to_vec()
        );
        assert_eq!(labels(&log_ticks(0.1, 0.2, 4)), ["1.3", "1.4", "1.5"]);
    }

    #[test]
    fn values_keep_their_significant_digits() {
        assert_eq!(format_value(0.061_234_5, 4), "0.06123");
        assert_eq!(format_value(-12.345_67, 4), "−12.35");
        assert_eq!(format_value(1.25e-7, 3), "1.25e-7");
        assert_eq!(format_value(1_234_567.0, 4), "1,234,567");
        assert_eq!(format_value(0.5, 4), "0.5000");
        assert_eq!(format_value(f64::INFINITY, 4), "∞");
    }
}
