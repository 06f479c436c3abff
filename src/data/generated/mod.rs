//! Generated toy sets: small problems in one or two dimensions that can be seen whole.

use super::Table;
use crate::math::random::Stream;

/// The rule of a generated set.
pub trait Generator: Sync {
    /// Draws the table; the last column is the target.
    fn generate(&self, stream: &mut Stream) -> Table;

    /// The seed of the data, which is not that of the run: every run sees the same set.
    fn seed(&self) -> u64;
}

crate::family! {
    /// A generated set with its settings.
    pub enum Generated = Generator {
        moons::Moons,
    }
}
