use super::{Augmentation, Kind, Movement};
use crate::math::Scalar;
use crate::math::random::Stream;
use crate::settings::Bounds;

crate::settings! {
    /// Mirrors some of the pictures, so that a model does not depend on which way a thing faces.
    ///
    /// ```text
    /// x′(y, x) = x(y, W − 1 − x) with probability p        left and right exchanged
    /// x′(y, x) = x(H − 1 − y, x) with probability q        above and below exchanged
    /// ```
    ///
    /// `x` is a picture of `H` rows of `W` pixels; both are drawn afresh, apart from each other, for
    /// each sample of each step. Nothing is blurred and nothing comes in from outside. The same as
    /// torchvision's `RandomHorizontalFlip` and `RandomVerticalFlip`.
    ///
    /// When to use: things that may face either way, such as animals and vehicles: ½ from left to right;
    /// from above to below only for pictures taken from above or through a microscope. Not for digits
    /// and letters: mirrored they are others, or none.
    ///
    /// Reference: A. Krizhevsky, I. Sutskever & G. E. Hinton, ImageNet classification with deep
    /// convolutional neural networks, 2012.
    pub struct Flip("Flip pictures") {
        /// The part of the samples whose left and right are exchanged.
        horizontal("p"): f64 = 0.5, Bounds::closed(0.0, 1.0);
        /// The part of the samples whose above and below are exchanged.
        vertical("q"): f64 = 0.0, Bounds::closed(0.0, 1.0);
    }
}

impl<T: Scalar> Augmentation<T> for Flip {
    fn kind(&self) -> Kind {
        Kind::Movement
    }

    fn movement(&self, stream: &mut Stream) -> Movement {
        let horizontal = stream.uniform() < self.horizontal;
        Movement::flip(horizontal, stream.uniform() < self.vertical)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::random::Purpose;

    #[test]
    fn as_many_are_flipped_as_was_asked_for() {
        let flip = Flip { horizontal: 0.25, vertical: 1.0 };
        let mut stream = Stream::new(1, Purpose::Augmentation);
        let mut drawn = || <Flip as Augmentation<f64>>::movement(&flip, &mut stream);
        let n = (0..10_000).filter(|_| drawn() == Movement::flip(true, true)).count();
        // Standard deviation 43.
        assert!((n as i64 - 2500).abs() < 200, "{n}");
        assert!((0..100).all(|_| drawn() != Movement::flip(true, false)));
    }
}
