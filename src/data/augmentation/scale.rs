use super::{Augmentation, Kind, Movement};
use crate::math::Scalar;
use crate::math::random::Stream;
use crate::settings::{Bounds, SettingError};

crate::settings! {
    /// Makes each picture a little larger or smaller about its centre, so that a model does not depend
    /// on how near a thing was.
    ///
    /// ```text
    /// x′(t) = x(t / f)        f ~ U(s, l)        t a place from the centre
    /// ```
    ///
    /// `x` is the picture; the factor `f` is drawn afresh for each sample of each step, and is the same
    /// in height and width. Between pixels it is bilinear, and what comes in from outside is black, the
    /// value 0 before scaling. All pixels have to be scaled alike (scaling `Together` or `Off`). The same
    /// as torchvision's `RandomAffine` with `scale`.
    ///
    /// When to use: subjects that are now larger and now smaller in their frame. From 0.9 to 1.1 is a
    /// fair start. Factors above 1 cut off what stands at the rim, which may be what tells two
    /// classes apart.
    ///
    /// Reference: P. Y. Simard, D. Steinkraus & J. C. Platt, Best practices for convolutional neural
    /// networks applied to visual document analysis, 2003.
    pub struct Scale("Scale pictures") {
        /// The smallest factor.
        smallest("s"): f64 = 0.9, Bounds::closed(0.1, 10.0);
        /// The largest factor.
        largest("l"): f64 = 1.1, Bounds::closed(0.1, 10.0);
    }
    check Scale::check_order
}

impl Scale {
    fn check_order(&self) -> Result<(), SettingError> {
        if self.smallest > self.largest {
            let expected = format!("at most the largest factor, {}", self.largest);
            return Err(SettingError::new("smallest", self.smallest, expected));
        }
        Ok(())
    }
}

impl<T: Scalar> Augmentation<T> for Scale {
    fn kind(&self) -> Kind {
        Kind::Movement
    }

    fn movement(&self, stream: &mut Stream) -> Movement {
        let factor = self.smallest + (self.largest - self.smallest) * stream.uniform();
        Movement::scaling(factor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::random::Purpose;

    #[test]
    fn the_factor_1_changes_nothing() {
        let scale = Scale { smallest: 1.0, largest: 1.0 };
        let mut stream = Stream::new(1, Purpose::Augmentation);
        let movement = <Scale as Augmentation<f64>>::movement(&scale, &mut stream);
        assert_eq!(movement, Movement::NONE);
    }
}
