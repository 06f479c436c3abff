use std::sync::Arc;

use super::gradients::{SOURCE, TOLERANCE};
use super::{Check, Comparison, Family, Measure};
use crate::math::finite_difference;
use crate::math::random::{Purpose, Stream};
use crate::surfaces::Surface;

/// How flat a surface is where its minima are published. The nearest doubles to a minimum are
/// 1e-16 off, times curvatures up to some 100.
const FLATNESS: f64 = 1e-12;

/// Two checks for each surface: its gradient at points of its domain, and its minima where it has
/// some.
pub(super) fn checks() -> Vec<Check> {
    let mut checks = Vec::new();
    for member in Surface::members() {
        let surface = (member.default)();
        checks.push(Check {
            family: Family::Surfaces,
            member: member.name.to_owned(),
            what: "gradient".to_owned(),
            source: SOURCE.to_owned(),
            measure: Measure::Scaled,
            tolerance: TOLERANCE,
            compare: Arc::new(move |comparison| {
                compare_gradients(&surface, comparison);
                Ok(())
            }),
        });
        let surface = (member.default)();
        let n_minima = surface.rule::<f64>().minima().len();
        if n_minima == 0 {
            continue;
        }
        let plural = if n_minima == 1 { "minimum" } else { "minima" };
        checks.push(Check {
            family: Family::Surfaces,
            member: member.name.to_owned(),
            what: format!("{n_minima} {plural}: value, slope 0"),
            source: "published minima".to_owned(),
            measure: Measure::Scaled,
            tolerance: FLATNESS,
            compare: Arc::new(move |comparison| {
                compare_minima(&surface, comparison);
                Ok(())
            }),
        });
    }
    checks
}

fn compare_gradients(surface: &Surface, comparison: &mut Comparison) {
    let rule = surface.rule::<f64>();
    let mut random = Stream::new(7, Purpose::Generation);
    for _ in 0..50 {
        let point = rule.domain().map(|[low, high]| random.uniform_in(low, high));
        let mut gradient = [f64::NAN; 2];
        let value = rule.value_and_gradient(&point, &mut gradient);
        let alone = rule.value(&point);
        comparison.units(value, alone, || format!("value at {point:?}"));
        let slopes = finite_difference::gradient(|at| rule.value(at), &point);
        for (found, expected) in gradient.iter().zip(slopes) {
            // Differences of large values are rounded in proportion to these.
            let size = 1.0 + expected.abs() + value.abs();
            comparison.scaled(*found, expected, size, || format!("slope at {point:?}"));
        }
    }
}

fn compare_minima(surface: &Surface, comparison: &mut Comparison) {
    let rule = surface.rule::<f64>();
    for (minimum, lowest) in rule.minima() {
        let mut gradient = [f64::NAN; 2];
        let value = rule.value_and_gradient(&minimum, &mut gradient);
        let place = format!("at {minimum:?}");
        comparison.lists(&[value], &[lowest], 1.0, &format!("value {place}"));
        comparison.lists(&gradient, &[0.0; 2], 1.0, &format!("slope {place}"));
    }
}
