use super::{Camera, Projection};

/// Half the height of the box in which a relief stands; its longer side is 2.
const HALF_HEIGHT: f64 = 0.38;
/// The shorter side of the box is at least this share of the longer one.
const LEAST_SIDE: f64 = 0.62;
/// Azimuths of which the one that shows most is taken: x runs to the right in all of them.
const AZIMUTHS: [f64; 6] = [-1.05, -1.3, -0.5, -1.85, -2.1, -2.65];
/// Points of the grid from one that is looked at to the next, to find out how much is seen.
const SPARSE: usize = 7;
/// Halvings of the stretch in which a ray meets the surface.
const N_HALVINGS: usize = 20;

/// A surface as a relief in a box: heights from 0 to 1 on a regular grid over a part of the plane,
/// edges included. Points of the plane become points in space, centred on the origin, and places in
/// a picture become points of the plane again.
#[derive(Clone, Debug, PartialEq)]
pub struct Relief {
    /// Points along x and along y.
    pub size: [usize; 2],
    /// `[low, high]` of x and of y.
    pub domain: [[f64; 2]; 2],
    /// The heights, row by row, the row with the smallest y first.
    pub heights: Vec<f64>,
    /// Half the sides of the box.
    half: [f64; 3],
}

impl Relief {
    /// The relief of a function that gives heights from 0 to 1; what is not finite stands highest.
    pub fn sample(
        size: [usize; 2],
        domain: [[f64; 2]; 2],
        mut height: impl FnMut([f64; 2]) -> f64,
    ) -> Self {
        let widths = domain.map(|[low, high]| high - low);
        let longer = widths[0].max(widths[1]);
        let [x, y] = widths.map(|width| (width / longer).max(LEAST_SIDE));
        let at = |axis: usize, index: usize| {
            domain[axis][0] + widths[axis] * index as f64 / (size[axis] - 1) as f64
        };
        let mut heights = Vec::with_capacity(size[0] * size[1]);
        for row in 0..size[1] {
            for column in 0..size[0] {
                let height = height([at(0, column), at(1, row)]);
                heights.push(if height.is_finite() { height.clamp(0.0, 1.0) } else { 1.0 });
            }
        }
        Self { size, domain, heights, half: [x, y, HALF_HEIGHT] }
    }

    /// Half the sides of the box, along x, y and upwards.
    pub fn half(&self) -> [f64; 3] {
        self.half
    }

    /// The height above a point of the plane, between the points of the grid; `None` outside.
    pub fn height(&self, point: [f64; 2]) -> Option<f64> {
        let mut cell = [0; 2];
        let mut share = [0.0; 2];
        for axis in 0..2 {
            let [low, high] = self.domain[axis];
            let n_cells = self.size[axis] - 1;
            let at = (point[axis] - low) / (high - low) * n_cells as f64;
            if !(at >= -1e-9 && at <= n_cells as f64 + 1e-9) {
                return None;
            }
            cell[axis] = (at.max(0.0) as usize).min(n_cells - 1);
            share[axis] = at - cell[axis] as f64;
        }
        let corner = |column: usize, row: usize| {
            self.heights[(cell[1] + row) * self.size[0] + cell[0] + column]
        };
        let along = |row: usize| corner(0, row) + share[0] * (corner(1, row) - corner(0, row));
        Some(along(0) + share[1] * (along(1) - along(0)))
    }

    /// A point of the plane at a height, in space.
    pub fn place(&self, point: [f64; 2], height: f64) -> [f64; 3] {
        let across = |axis: usize| {
            let [low, high] = self.domain[axis];
            (2.0 * (point[axis] - low) / (high - low) - 1.0) * self.half[axis]
        };
        [across(0), across(1), (2.0 * height - 1.0) * self.half[2]]
    }

    /// The point of the plane below a point in space, and its height there: the inverse of
    /// [`place`](Self::place).
    pub fn below(&self, place: [f64; 3]) -> ([f64; 2], f64) {
        let point = [0, 1].map(|axis: usize| {
            let [low, high] = self.domain[axis];
            low + 0.5 * (place[axis] / self.half[axis] + 1.0) * (high - low)
        });
        (point, 0.5 * (place[2] / self.half[2] + 1.0))
    }

    /// The part of a line between two points of the plane that lies in the domain.
    pub fn clip(&self, from: [f64; 2], to: [f64; 2]) -> Option<[[f64; 2]; 2]> {
        let (mut first, mut last) = (0.0_f64, 1.0_f64);
        for axis in 0..2 {
            let along = to[axis] - from[axis];
            let [low, high] = self.domain[axis];
            if along.is_nan() {
                return None;
            }
            if along == 0.0 {
                if !(low..=high).contains(&from[axis]) {
                    return None;
                }
                continue;
            }
            let ends = [(low - from[axis]) / along, (high - from[axis]) / along];
            first = first.max(ends[0].min(ends[1]));
            last = last.min(ends[0].max(ends[1]));
        }
        if first > last {
            return None;
        }
        let at = |share: f64| match share {
            0.0 => from,
            1.0 => to,
            _ => [0, 1].map(|axis: usize| {
                let [low, high] = self.domain[axis];
                (from[axis] + share * (to[axis] - from[axis])).clamp(low, high)
            }),
        };
        Some([at(first), at(last)])
    }

    /// How many cells of the grid long a line between two points of the plane is.
    pub fn cells_between(&self, from: [f64; 2], to: [f64; 2]) -> f64 {
        let cells = [0, 1].map(|axis: usize| {
            let [low, high] = self.domain[axis];
            (to[axis] - from[axis]) / (high - low) * (self.size[axis] - 1) as f64
        });
        (cells[0] * cells[0] + cells[1] * cells[1]).sqrt()
    }

    /// The first look at it: from the side from which most of its valleys is seen.
    pub fn first_look(&self) -> Camera {
        let mut best = (f64::NEG_INFINITY, Camera::default());
        for azimuth in AZIMUTHS {
            let camera = Camera { azimuth, ..Camera::default() };
            let view = camera.projection();
            let mut seen = 0.0;
            for row in (SPARSE / 2..self.size[1]).step_by(SPARSE) {
                for column in (SPARSE / 2..self.size[0]).step_by(SPARSE) {
                    let height = self.heights[row * self.size[0] + column];
                    let place = self.place(self.node(column, row), height);
                    if !self.hides(place, &view) {
                        let depth = (1.0 - height) * (1.0 - height);
                        seen += depth * depth;
                    }
                }
            }
            // A later one has to be clearly better.
            if seen > 1.05 * best.0 || best.0 < 0.0 {
                best = (seen, camera);
            }
        }
        best.1
    }

    /// The point of the plane below a point of the grid.
    pub fn node(&self, column: usize, row: usize) -> [f64; 2] {
        let index = [column, row];
        [0, 1].map(|axis: usize| {
            let [low, high] = self.domain[axis];
            low + (high - low) * index[axis] as f64 / (self.size[axis] - 1) as f64
        })
    }

    /// Whether the surface stands between a point in space and the viewer.
    pub fn hides(&self, place: [f64; 3], view: &Projection) -> bool {
        let step = 1.0 / self.size[0].max(self.size[1]) as f64;
        let mut along = step;
        // The box is at most that long.
        while along < 4.0 {
            let (point, height) = self.below(moved(place, view.toward, along));
            if height > 1.0 {
                return false;
            }
            match self.height(point) {
                Some(surface) if surface > height + 2e-3 => return true,
                Some(_) => along += step,
                None => return false,
            }
        }
        false
    }

    /// The point of the plane that is seen at a place in the picture (to the right and up, as
    /// [`Projection::project`] has it); `None` beside the relief.
    pub fn pick(&self, [right, up]: [f64; 2], view: &Projection) -> Option<[f64; 2]> {
        let start = view.unproject([right, up, 0.0]);
        let away = view.toward.map(|part| -part);
        // The stretch of the ray inside of the box.
        let (mut from, mut to) = (-4.0_f64, 4.0_f64);
        for axis in 0..3 {
            if away[axis].abs() < 1e-12 {
                if start[axis].abs() > self.half[axis] {
                    return None;
                }
                continue;
            }
            let ends =
                [-self.half[axis], self.half[axis]].map(|side| (side - start[axis]) / away[axis]);
            from = from.max(ends[0].min(ends[1]));
            to = to.min(ends[0].max(ends[1]));
        }
        let is_below = |along: f64| {
            let (point, height) = self.below(moved(start, away, along));
            self.height(point).is_some_and(|surface| height <= surface)
        };
        if from > to {
            return None;
        }
        let n_steps = 2 * self.size[0].max(self.size[1]) + 1;
        let step = (to - from) / n_steps as f64;
        let first = (0..=n_steps).find(|index| is_below(from + *index as f64 * step))?;
        let mut far = from + first as f64 * step;
        let mut near = if first == 0 { far } else { far - step };
        for _ in 0..N_HALVINGS {
            let middle = 0.5 * (near + far);
            if is_below(middle) {
                far = middle;
            } else {
                near = middle;
            }
        }
        Some(self.below(moved(start, away, far)).0)
    }
}

fn moved(place: [f64; 3], direction: [f64; 3], by: f64) -> [f64; 3] {
    [0, 1, 2].map(|axis: usize| place[axis] + by * direction[axis])
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOMAIN: [[f64; 2]; 2] = [[-2.0, 4.0], [10.0, 14.0]];

    fn slope() -> Relief {
        Relief::sample([7, 9], DOMAIN, |[x, y]| 0.1 * (x + 2.0) + 0.1 * (y - 10.0))
    }

    #[test]
    fn heights_between_the_points_of_the_grid_are_interpolated() {
        let relief = slope();
        for point in [[-2.0, 10.0], [4.0, 14.0], [0.3, 11.7], [3.999, 13.2]] {
            let expected = 0.1 * (point[0] + 2.0) + 0.1 * (point[1] - 10.0);
            let height = relief.height(point).expect("a point of the domain");
            assert!((height - expected).abs() < 1e-12, "{point:?} {height}");
        }
        assert_eq!(relief.height([4.1, 12.0]), None);
        assert_eq!(relief.height([f64::NAN, 12.0]), None);
    }

    #[test]
    fn the_box_is_centred_and_a_place_leads_back() {
        let relief = slope();
        assert_eq!(relief.place([1.0, 12.0], 0.5), [0.0; 3]);
        let (point, height) = relief.below(relief.place([3.1, 10.4], 0.9));
        assert!((point[0] - 3.1).abs() < 1e-12 && (point[1] - 10.4).abs() < 1e-12);
        assert!((height - 0.9).abs() < 1e-12);
    }

    /// What is seen at the place of a point that is not hidden is that point.
    #[test]
    fn a_point_is_picked_where_it_is_drawn() {
        let bowl = Relief::sample([81, 81], [[-1.0, 1.0]; 2], |[x, y]| 0.5 * (x * x + y * y));
        let mut n_seen = 0;
        for azimuth in [-2.4, -0.9, 0.2, 1.7] {
            let view = Camera { azimuth, elevation: 0.6, zoom: 1.0 }.projection();
            for point in [[0.0, 0.0], [0.5, -0.3], [-0.7, 0.7], [0.9, 0.9], [-0.2, -0.8]] {
                let place = bowl.place(point, bowl.height(point).expect("inside"));
                if bowl.hides(place, &view) {
                    continue;
                }
                n_seen += 1;
                let [right, up, _] = view.project(place);
                let found = bowl.pick([right, up], &view).expect("it is seen");
                for axis in 0..2 {
                    assert!((found[axis] - point[axis]).abs() < 0.02, "{found:?} {point:?}");
                }
            }
        }
        assert!(n_seen >= 12, "{n_seen}");
    }

    #[test]
    fn a_wall_hides_what_lies_behind_it() {
        let wall =
            Relief::sample(
                [41, 41],
                [[-1.0, 1.0]; 2],
                |[x, _]| {
                    if x.abs() < 0.1 { 1.0 } else { 0.0 }
                },
            );
        let view = Camera { azimuth: 0.0, elevation: 0.3, zoom: 1.0 }.projection();
        let at = |x: f64| wall.place([x, 0.0], wall.height([x, 0.0]).expect("inside"));
        assert!(wall.hides(at(-0.3), &view));
        assert!(!wall.hides(at(0.3), &view) && !wall.hides(at(0.0), &view));
        assert!(!wall.hides(at(-0.3), &Camera::default().turned(0.0, 9.0).projection()));
    }

    #[test]
    fn a_line_is_clipped_to_the_domain() {
        let relief = slope();
        let inside = [[0.0, 11.0], [1.0, 12.0]];
        assert_eq!(relief.clip(inside[0], inside[1]), Some(inside));
        assert_eq!(relief.clip([0.0, 12.0], [8.0, 12.0]), Some([[0.0, 12.0], [4.0, 12.0]]));
        assert_eq!(relief.clip([-6.0, 12.0], [8.0, 12.0]), Some([[-2.0, 12.0], [4.0, 12.0]]));
        assert_eq!(relief.clip([5.0, 12.0], [8.0, 12.0]), None);
        assert_eq!(relief.clip([0.0, 9.0], [f64::NAN, 9.0]), None);
        assert_eq!(relief.cells_between([0.0, 11.0], [1.0, 11.0]), 1.0);
    }

    /// A ravine along x is looked at along x, so that its floor is seen.
    #[test]
    fn the_first_look_sees_into_the_valley() {
        let ravine = |axis: usize| {
            Relief::sample([61, 61], [[-1.0, 1.0]; 2], move |point| 2.0 * point[axis].abs())
        };
        for axis in 0..2 {
            let toward = ravine(axis).first_look().projection().toward;
            assert!(toward[1 - axis].abs() > toward[axis].abs(), "{toward:?}");
        }
    }

    #[test]
    fn beside_the_relief_nothing_is_picked() {
        let view = Camera::default().projection();
        assert_eq!(slope().pick([3.0, 0.0], &view), None);
        assert_eq!(slope().pick([0.0, 2.0], &view), None);
    }

    #[test]
    fn what_is_not_finite_stands_highest() {
        let relief = Relief::sample([2, 2], DOMAIN, |_| f64::NAN);
        assert_eq!(relief.heights, [1.0; 4]);
    }
}
