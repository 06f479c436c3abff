use crate::data::ImageShape;
use crate::math::Scalar;
use crate::math::elementary::double;

/// How a picture is moved: a map that says for each place of the new picture which place of the old one
/// is seen there.
///
/// ```text
/// s = A t + b        t a place of the new picture, s the place of the old one, both (y, x) in
///                    pixels down and to the right of the centre of the picture
/// ```
///
/// Between pixels the old picture is bilinear, and outside of it is the background. Several movements
/// become one map, so that a picture is blurred once at most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Movement {
    matrix: [[f64; 2]; 2],
    offset: [f64; 2],
}

impl Movement {
    /// Everything stays where it is.
    pub const NONE: Self = Self { matrix: [[1.0, 0.0], [0.0, 1.0]], offset: [0.0, 0.0] };

    /// By so many pixels down and to the right.
    pub fn shift(down: f64, right: f64) -> Self {
        Self { offset: [0.0 - down, 0.0 - right], ..Self::NONE }
    }

    /// About the centre, counter-clockwise as one looks at the picture.
    pub fn rotation(degrees: f64) -> Self {
        let angle = degrees * (std::f64::consts::PI / 180.0);
        let (sin, cos) = (double::sin(angle), double::cos(angle));
        Self { matrix: [[cos, sin], [-sin, cos]], ..Self::NONE }
    }

    /// Larger by a factor, about the centre; smaller where it is below 1.
    pub fn scaling(factor: f64) -> Self {
        Self { matrix: [[1.0 / factor, 0.0], [0.0, 1.0 / factor]], ..Self::NONE }
    }

    /// Left and right exchanged, above and below exchanged.
    pub fn flip(horizontal: bool, vertical: bool) -> Self {
        let sign = |flipped: bool| if flipped { -1.0 } else { 1.0 };
        Self { matrix: [[sign(vertical), 0.0], [0.0, sign(horizontal)]], ..Self::NONE }
    }

    /// This movement and then a `later` one, as one.
    pub fn then(self, later: Self) -> Self {
        let [a, b] = self.matrix;
        let [c, d] = later.matrix;
        let row =
            |[left, right]: [f64; 2]| [left * c[0] + right * d[0], left * c[1] + right * d[1]];
        let [y, x] = later.offset;
        let offset = [a[0] * y + a[1] * x + self.offset[0], b[0] * y + b[1] * x + self.offset[1]];
        Self { matrix: [row(a), row(b)], offset }
    }

    /// Draws the moved picture `from` into `to`; `background` is what comes in from outside.
    pub fn draw<T: Scalar>(&self, shape: ImageShape, background: T, from: &[T], to: &mut [T]) {
        let ImageShape { height, width, channels } = shape;
        if *self == Self::NONE {
            return to.copy_from_slice(from);
        }
        let centre = [(height as f64 - 1.0) / 2.0, (width as f64 - 1.0) / 2.0];
        let [[yy, yx], [xy, xx]] = self.matrix;
        // A map of the indices of pixels, from the top left corner.
        let start = [
            centre[0] + self.offset[0] - yy * centre[0] - yx * centre[1],
            centre[1] + self.offset[1] - xy * centre[0] - xx * centre[1],
        ];
        let pixels = to.chunks_exact_mut(channels);
        for (index, pixel) in pixels.enumerate() {
            let (y, x) = ((index / width) as f64, (index % width) as f64);
            let (y, x) = (start[0] + yy * y + yx * x, start[1] + xy * y + xx * x);
            let (top, left) = (y.floor(), x.floor());
            let (down, right) = (T::from_f64(y - top), T::from_f64(x - left));
            // Far outside these stop at the ends of the integers, which are outside too.
            let (top, left) = (top as i64, left as i64);
            let [above, below] = [0, 1].map(|step| row_at(top.saturating_add(step), height));
            let [before, behind] = [0, 1].map(|step| row_at(left.saturating_add(step), width));
            for (channel, value) in pixel.iter_mut().enumerate() {
                let at = |y: Option<usize>, x: Option<usize>| match (y, x) {
                    (Some(y), Some(x)) => from[(y * width + x) * channels + channel],
                    _ => background,
                };
                let upper = between(at(above, before), at(above, behind), right);
                let lower = between(at(below, before), at(below, behind), right);
                *value = between(upper, lower, down);
            }
        }
    }
}

/// The index of a row or column of pixels; none where it is outside.
fn row_at(index: i64, n: usize) -> Option<usize> {
    usize::try_from(index).ok().filter(|index| *index < n)
}

/// From `a` to `b`: exact at `a`, and where both are equal.
fn between<T: Scalar>(a: T, b: T, share: T) -> T {
    a + share * (b - a)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: ImageShape = ImageShape::new(3, 4);

    /// 1 to 12, row by row.
    fn picture() -> Vec<f64> {
        (1..=12).map(f64::from).collect()
    }

    fn moved(movement: Movement) -> Vec<f64> {
        let mut to = vec![f64::NAN; 12];
        movement.draw(SHAPE, -1.0, &picture(), &mut to);
        to
    }

    #[test]
    fn shifts_by_whole_pixels_are_exact() {
        assert_eq!(moved(Movement::NONE), picture());
        assert_eq!(moved(Movement::shift(0.0, 0.0)), picture());
        let down_and_left = [-1.0, -1.0, -1.0, -1.0, 2.0, 3.0, 4.0, -1.0, 6.0, 7.0, 8.0, -1.0];
        assert_eq!(moved(Movement::shift(1.0, -1.0)), down_and_left);
        assert_eq!(moved(Movement::shift(1e300, -1e300)), [-1.0; 12]);
    }

    #[test]
    fn between_pixels_it_is_bilinear() {
        // Half a pixel to the right: the mean of a pixel and the one on its left.
        let half = moved(Movement::shift(0.0, 0.5));
        assert_eq!(half[..4], [0.0, 1.5, 2.5, 3.5]);
        // ¾ of the row itself and ¼ of the one below.
        assert_eq!(moved(Movement::shift(-0.25, 0.0))[..4], [2.0, 3.0, 4.0, 5.0]);
    }

    #[test]
    fn flips_are_exact() {
        let mirrored = [4.0, 3.0, 2.0, 1.0, 8.0, 7.0, 6.0, 5.0, 12.0, 11.0, 10.0, 9.0];
        assert_eq!(moved(Movement::flip(true, false)), mirrored);
        let upside_down = [9.0, 10.0, 11.0, 12.0, 5.0, 6.0, 7.0, 8.0, 1.0, 2.0, 3.0, 4.0];
        assert_eq!(moved(Movement::flip(false, true)), upside_down);
    }

    /// `numpy.rot90` and `torchvision.transforms.functional.rotate(…, 90)`: counter-clockwise.
    #[test]
    fn a_quarter_turn_is_counter_clockwise() {
        let shape = ImageShape::new(3, 3);
        let from: Vec<f64> = (1..=9).map(f64::from).collect();
        let mut to = vec![0.0; 9];
        Movement::rotation(90.0).draw(shape, 0.0, &from, &mut to);
        let expected = [3.0, 6.0, 9.0, 2.0, 5.0, 8.0, 1.0, 4.0, 7.0];
        // cos 90° is 6·10⁻¹⁷ rather than 0.
        assert!(to.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-14), "{to:?}");
    }

    #[test]
    fn several_movements_are_done_in_order_and_as_one() {
        let shift = Movement::shift(0.0, 1.0);
        // Shifted to the right and then turned, what was shifted points upwards.
        let both = shift.then(Movement::rotation(90.0));
        let other = Movement::rotation(90.0).then(shift);
        let shape = ImageShape::new(3, 3);
        let from = [0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
        let place = |movement: Movement| {
            let mut to = vec![0.0; 9];
            movement.draw(shape, 0.0, &from, &mut to);
            to.iter().position(|value| *value > 0.99)
        };
        assert_eq!((place(both), place(other)), (Some(1), Some(5)));
        let there_and_back = Movement::scaling(2.0).then(Movement::scaling(0.5));
        assert_eq!(there_and_back, Movement::NONE);
        // Twice as large: of 4 pixels in a row those ¼ to either side of the middle.
        let enlarged = moved(Movement::scaling(2.0));
        assert_eq!(enlarged[4..8], [5.75, 6.25, 6.75, 7.25]);
    }

    /// From `tests/references/movements.py`.
    #[test]
    fn places_are_those_of_scipy() {
        let turned = Movement::rotation(30.0);
        let larger = Movement::scaling(1.25);
        let all = Movement::rotation(-100.0)
            .then(Movement::scaling(0.8))
            .then(Movement::shift(0.3, -0.7));
        let cases = [
            (
                turned,
                [
                    0.037100752766422995,
                    2.153126156550862,
                    4.968911086754464,
                    4.983339501604594,
                    2.200961894323342,
                    5.06698729810778,
                    7.933012701892219,
                    10.799038105676658,
                    3.5310889132455356,
                    8.031088913245537,
                    9.106492786682557,
                    3.7225181904670004,
                ],
            ),
            (larger, [2.1, 2.9, 3.7, 4.5, 5.3, 6.1, 6.9, 7.7, 8.5, 9.3, 10.1, 10.9]),
            (
                all,
                [
                    6.3838955858519695,
                    4.260874790941798,
                    0.029093743216029033,
                    -1.0,
                    9.739966567205142,
                    5.3629495616918765,
                    0.6874236512196723,
                    -1.0,
                    10.866817351767189,
                    5.7257183646224865,
                    0.5209272976945241,
                    -1.0,
                ],
            ),
        ];
        for (movement, expected) in cases {
            let found = moved(movement);
            // A place is right to some roundings of numbers up to 4, and a value differs by up to 13 between pixels.
            let near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-13);
            assert!(near, "{found:?} {expected:?}");
        }
    }

    #[test]
    fn colours_move_together() {
        let shape = ImageShape { channels: 3, ..ImageShape::new(1, 2) };
        let mut to = [0.0_f32; 6];
        let from = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        Movement::shift(0.0, 1.0).draw(shape, 9.0, &from, &mut to);
        assert_eq!(to, [9.0, 9.0, 9.0, 1.0, 2.0, 3.0]);
    }
}
