use super::{Augmentation, Kind, Movement};
use crate::math::Scalar;
use crate::math::random::Stream;
use crate::settings::{Bounds, SettingError};

crate::settings! {
    /// Moves each picture a little, up or down and to the left or right, so that a model does not
    /// depend on where in the frame a thing stands.
    ///
    /// ```text
    /// x′(y, x) = x(y − u, x − v)        u, v ~ U(−d, d), whole numbers where shifts are whole
    /// ```
    ///
    /// `x` is the picture and `(y, x)` a pixel of it; `u` and `v` are drawn afresh for each sample of
    /// each step. What comes in from outside is black, the value 0 before scaling; parts of a pixel are
    /// bilinear. All pixels have to be scaled alike (scaling `Together` or `Off`). The same as
    /// torchvision's `RandomAffine` with `translate`, which is whole too.
    ///
    /// When to use: pictures whose subject is not always in the same place, first of all with
    /// networks without convolutions, to which a shifted picture is a new one. A tenth of the width
    /// is a fair start; on the small digits that is one pixel. Not where the place means something.
    ///
    /// Reference: P. Y. Simard, D. Steinkraus & J. C. Platt, Best practices for convolutional neural
    /// networks applied to visual document analysis, 2003.
    pub struct Shift("Shift pictures") {
        /// The farthest shift, in pixels, each way.
        pixels("d"): f64 = 1.0, Bounds::above_up_to(0.0, 1000.0).logarithmic();
        /// Whether pictures move by whole pixels, which blurs nothing.
        whole(""): bool = true;
    }
    check Shift::check_whole
}

impl Shift {
    fn check_whole(&self) -> Result<(), SettingError> {
        if self.whole && self.pixels < 1.0 {
            let expected = "1 or more where shifts are by whole pixels";
            return Err(SettingError::new("pixels", self.pixels, expected));
        }
        Ok(())
    }
}

impl<T: Scalar> Augmentation<T> for Shift {
    fn kind(&self) -> Kind {
        Kind::Movement
    }

    fn movement(&self, stream: &mut Stream) -> Movement {
        let mut draw = || match self.whole {
            true => {
                let most = self.pixels.floor() as u32;
                f64::from(stream.below(2 * most + 1)) - f64::from(most)
            }
            false => stream.uniform_in(-self.pixels, self.pixels),
        };
        let down = draw();
        Movement::shift(down, draw())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::random::Purpose;

    /// 25 shifts of up to two pixels, all alike likely: 4,000 draws each, standard deviation 62.
    #[test]
    fn whole_shifts_are_all_alike_likely() {
        let shift = Shift { pixels: 2.9, whole: true };
        let mut stream = Stream::new(1, Purpose::Augmentation);
        let mut counts = vec![0_i32; 25];
        for _ in 0..100_000 {
            let drawn = <Shift as Augmentation<f64>>::movement(&shift, &mut stream);
            let is_this = |n: &usize| {
                Movement::shift((n / 5) as f64 - 2.0, (n % 5) as f64 - 2.0) == drawn
            };
            counts[(0..25).find(is_this).unwrap()] += 1;
        }
        assert!(counts.iter().all(|count| (count - 4000).abs() < 310), "{counts:?}");
    }
}
