use super::Average;

crate::settings! {
    /// Only the parameters themselves are evaluated.
    pub struct Off("None") {}
}

impl Average for Off {
    fn weight(&self, _: u64, _: u64) -> f64 {
        1.0
    }
}
