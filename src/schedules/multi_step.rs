use super::{Curve, Progress};
use crate::math::power::power;
use crate::settings::{Bounds, SettingError, Span};

crate::settings! {
    /// Keeps the learning rate, and lowers it at once at each of a list of moments.
    ///
    /// ```text
    /// ηₜ = η γᵏ            k = how many of the milestones m are ≤ ⌊steps done / P⌋
    /// ```
    ///
    /// For when it is known where progress stalls. PyTorch's `MultiStepLR`, stepped once per epoch,
    /// is this with `P` of one epoch.
    ///
    /// When to use: repeating a published recipe, which often names its epochs. Milestones at half
    /// and at three quarters of the budget are the common start; set them to your own, because in
    /// runs of fewer than 30 epochs the defaults do nothing.
    ///
    /// Reference: K. He, X. Zhang, S. Ren & J. Sun, Deep residual learning for image recognition,
    /// 2016.
    pub struct MultiStep("Multi-step decay") {
        /// When the rate falls, in rising order, counted in spans.
        milestones("m"): Vec<usize> = vec![30, 60], Bounds::closed(1.0, 1e12);
        /// What each fall leaves of the rate.
        factor("γ"): f64 = 0.1, Bounds::above_up_to(0.0, 1.0);
        /// The span that milestones count.
        every("P"): Span = Span::Epochs(1.0);
    }
    check MultiStep::check_order
}

impl MultiStep {
    fn check_order(&self) -> Result<(), SettingError> {
        match self.milestones.is_sorted_by(|a, b| a < b) {
            true => Ok(()),
            false => {
                let found = format!("{:?}", self.milestones);
                Err(SettingError::new("milestones", found, "in rising order, each once".to_owned()))
            }
        }
    }
}

impl Curve for MultiStep {
    fn factor(&self, progress: Progress) -> f64 {
        let spans = progress.whole_spans(self.every);
        let passed = self.milestones.iter().filter(|moment| **moment as u64 <= spans).count();
        power(self.factor, passed as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    #[test]
    fn milestones_out_of_order_are_refused() {
        let schedule = MultiStep { milestones: vec![60, 30], ..MultiStep::default() };
        assert_eq!(
            schedule.check().unwrap_err().to_string(),
            "milestones is [60, 30]; it must be in rising order, each once"
        );
    }
}
