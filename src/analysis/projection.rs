use crate::math::elementary::double::{cos, sin};

/// The least and the largest elevation, in radians: from almost level to straight from above.
const ELEVATIONS: [f64; 2] = [0.08, std::f64::consts::FRAC_PI_2];

/// From where a relief is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// The direction of the viewer in the plane, in radians from the x axis towards the y axis.
    pub azimuth: f64,
    /// How high above the plane the viewer stands, in radians: π/2 is straight above.
    pub elevation: f64,
    /// How many times larger than at first things are.
    pub zoom: f64,
}

impl Default for Camera {
    fn default() -> Self {
        Self { azimuth: -1.05, elevation: 0.8, zoom: 1.0 }
    }
}

impl Camera {
    /// Turned by so many radians, within the permitted elevations.
    pub fn turned(self, azimuth: f64, elevation: f64) -> Self {
        let [low, high] = ELEVATIONS;
        Self {
            azimuth: (self.azimuth + azimuth) % std::f64::consts::TAU,
            elevation: (self.elevation + elevation).clamp(low, high),
            ..self
        }
    }

    /// Nearer by a factor, within limits.
    pub fn nearer(self, factor: f64) -> Self {
        Self { zoom: (self.zoom * factor).clamp(0.4, 20.0), ..self }
    }

    /// The parallel projection seen from here.
    pub fn projection(&self) -> Projection {
        let (sin_a, cos_a) = (sin(self.azimuth), cos(self.azimuth));
        let (sin_e, cos_e) = (sin(self.elevation), cos(self.elevation));
        Projection {
            right: [-sin_a, cos_a, 0.0],
            up: [-cos_a * sin_e, -sin_a * sin_e, cos_e],
            toward: [cos_a * cos_e, sin_a * cos_e, sin_e],
        }
    }
}

/// A parallel projection: three unit vectors at right angles to each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    /// What points to the right in the picture.
    pub right: [f64; 3],
    /// What points up in the picture.
    pub up: [f64; 3],
    /// What points to the viewer.
    pub toward: [f64; 3],
}

impl Projection {
    /// A point in space as the picture has it: to the right, up, and towards the viewer.
    pub fn project(&self, point: [f64; 3]) -> [f64; 3] {
        [dot(self.right, point), dot(self.up, point), dot(self.toward, point)]
    }

    /// The point in space of a place in the picture: the inverse of [`project`](Self::project).
    pub fn unproject(&self, [right, up, toward]: [f64; 3]) -> [f64; 3] {
        [0, 1, 2].map(|axis: usize| {
            right * self.right[axis] + up * self.up[axis] + toward * self.toward[axis]
        })
    }
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_straight_above_the_plane_lies_as_on_a_map() {
        // The viewer stands to the south: x to the right, y up.
        let from_south = Camera { azimuth: -0.5 * std::f64::consts::PI, elevation: 0.0, zoom: 1.0 };
        let above = from_south.turned(0.0, 9.0).projection();
        let [right, up, toward] = above.project([0.3, -0.8, 0.5]);
        assert!((right - 0.3).abs() < 1e-12 && (up + 0.8).abs() < 1e-12, "{right} {up}");
        assert!((toward - 0.5).abs() < 1e-12);
    }

    #[test]
    fn height_goes_up_and_the_near_side_lies_below_the_far_one() {
        for azimuth in [-2.0, -1.0, 0.0, 1.0, 3.0] {
            let view = Camera { azimuth, ..Camera::default() }.projection();
            assert!(view.project([0.0, 0.0, 1.0])[1] > 0.5);
            let near = view.project([cos(azimuth), sin(azimuth), 0.0]);
            assert!(near[1] < -0.1 && near[2] > 0.1 && near[0].abs() < 1e-12, "{near:?}");
        }
    }

    #[test]
    fn a_place_in_the_picture_leads_back_to_its_point() {
        let view = Camera { azimuth: 0.7, elevation: 0.4, zoom: 2.0 }.projection();
        let point = [0.2, -1.3, 0.6];
        let back = view.unproject(view.project(point));
        for axis in 0..3 {
            assert!((back[axis] - point[axis]).abs() < 1e-12, "{back:?}");
        }
    }

    #[test]
    fn a_camera_stays_above_the_plane() {
        let low = Camera::default().turned(100.0, -9.0);
        assert_eq!(low.elevation, ELEVATIONS[0]);
        assert!(low.azimuth.abs() < std::f64::consts::TAU);
        assert_eq!(low.nearer(1e9).zoom, 20.0);
    }
}
