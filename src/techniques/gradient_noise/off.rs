use super::Noise;

crate::settings! {
    /// Nothing is added to the gradient.
    pub struct Off("None") {}
}

impl Noise for Off {
    fn deviation(&self, _: u64) -> f64 {
        0.0
    }
}
