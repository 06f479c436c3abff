//! Averages of the parameters along the way, evaluated beside the parameters themselves.

use crate::settings::Span;

/// The rule of an average.
pub trait Average {
    /// How far the average `a` moves towards the parameters `θ` after step `t` (from 1):
    /// `a ← a + w (θ − a)`; 1 makes it a copy.
    fn weight(&self, step: u64, steps_per_epoch: u64) -> f64;

    /// After how many steps averaging begins.
    fn begins(&self, _steps_per_epoch: u64) -> u64 {
        0
    }
}

crate::family! {
    /// An average of the parameters with its settings.
    pub enum Averaging = Average {
        off::Off,
        moving_average::MovingAverage,
        polyak::Polyak,
    }
}

impl Averaging {
    /// Whether it changes nothing.
    pub fn is_off(&self) -> bool {
        matches!(self, Self::Off(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The averages of 1, 2, 3, 4, 5.
    fn averages(rule: &dyn Average) -> Vec<f64> {
        let mut average = f64::NAN;
        (1..=5)
            .map(|step| {
                let weight = rule.weight(step, 2);
                let param = step as f64;
                average = if weight == 1.0 { param } else { average + weight * (param - average) };
                average
            })
            .collect()
    }

    #[test]
    fn averages_by_hand() {
        let moving = MovingAverage { decay: 0.5 };
        assert_eq!(averages(&moving), [1.0, 1.5, 2.25, 3.125, 4.0625]);
        let all = Polyak { from: Span::Steps(0) };
        assert_eq!(averages(&all), [1.0, 1.5, 2.0, 2.5, 3.0]);
        // From the second epoch of two steps on: 3, (3 + 4)/2, (3 + 4 + 5)/3.
        let tail = Polyak { from: Span::Epochs(1.0) };
        assert_eq!(averages(&tail), [1.0, 2.0, 3.0, 3.5, 4.0]);
    }
}
