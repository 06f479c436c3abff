use super::{Augmentation, Kind, Movement};
use crate::math::Scalar;
use crate::math::random::Stream;
use crate::settings::Bounds;

crate::settings! {
    /// Turns each picture a little about its centre, so that a model does not depend on how straight a
    /// thing stands.
    ///
    /// ```text
    /// x′(t) = x(R₋ₐ t)        a ~ U(−φ, φ)        R the rotation by an angle, t a place from the centre
    /// ```
    ///
    /// `x` is the picture; the angle `a` is drawn afresh for each sample of each step. Between pixels it
    /// is bilinear, and what comes in from outside is black, the value 0 before scaling. All pixels
    /// have to be scaled alike (scaling `Together` or `Off`). The same as torchvision's
    /// `RandomRotation` with bilinear interpolation.
    ///
    /// When to use: handwriting and photographs taken by hand: 5 to 15 degrees. Large angles only where
    /// things have no upright side, as seen from above or through a microscope: a 6 that is turned by
    /// 180 degrees is a 9.
    ///
    /// Reference: P. Y. Simard, D. Steinkraus & J. C. Platt, Best practices for convolutional neural
    /// networks applied to visual document analysis, 2003.
    pub struct Rotate("Rotate pictures") {
        /// The largest angle, in degrees, either way.
        degrees("φ"): f64 = 10.0, Bounds::above_up_to(0.0, 180.0);
    }
}

impl<T: Scalar> Augmentation<T> for Rotate {
    fn kind(&self) -> Kind {
        Kind::Movement
    }

    fn movement(&self, stream: &mut Stream) -> Movement {
        Movement::rotation(stream.uniform_in(-self.degrees, self.degrees))
    }
}
