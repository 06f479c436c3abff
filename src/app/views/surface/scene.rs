use egui::{Pos2, Rect, Vec2};
use egui_plot::{PlotPoint, PlotTransform};

use crate::analysis::{Camera, Projection, Relief};
use crate::app::views::axes::Bounds;

/// How far outside of the screen a place may lie; a path that diverged leaves it.
const FAR: f32 = 1e5;
/// How far above the relief paths run, as a share of its height.
const LIFT: f64 = 0.012;

/// Where points of the plane are on the screen: on the map or on the relief.
pub(super) enum Scene<'a> {
    /// Seen from above, with axes.
    Map(PlotTransform),
    /// Seen from the side.
    Relief {
        /// The heights.
        relief: &'a Relief,
        /// The direction of view.
        view: Projection,
        /// Where the origin is.
        middle: Pos2,
        /// Points on the screen per unit of space.
        scale: f32,
    },
}

/// What a scene was drawn for; where it is the same, so are all places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SceneKey {
    /// The part of the plane in view.
    pub bounds: Bounds,
    /// The part of the screen.
    pub area: Rect,
    /// From where a relief is seen, and whether its heights are logarithmic; `None` for a map.
    pub camera: Option<(Camera, bool)>,
}

/// Places on the screen that are joined by a line.
pub(super) struct Stretch {
    /// The places.
    pub places: Vec<Pos2>,
    /// Whether the surface stands before them.
    pub is_hidden: bool,
}

impl Scene<'_> {
    /// The place of a point, and whether the surface stands before it; `None` beside the relief.
    pub(super) fn place(&self, point: [f64; 2]) -> Option<(Pos2, bool)> {
        match self {
            Self::Map(transform) => {
                let at = transform.position_from_point(&PlotPoint::from(point));
                let middle = transform.frame().center();
                let away = at - middle;
                if !(at.x.is_finite() && at.y.is_finite()) {
                    return None;
                }
                let far = away.length() / FAR;
                Some((if far > 1.0 { middle + away / far } else { at }, false))
            }
            Self::Relief { relief, view, .. } => {
                let height = relief.height(point)?;
                let place = relief.place(point, height + LIFT);
                Some((self.on_screen(place), relief.hides(place, view)))
            }
        }
    }

    /// Where a point in space is on the screen, on a relief.
    pub(super) fn on_screen(&self, place: [f64; 3]) -> Pos2 {
        match self {
            Self::Map(transform) => transform.frame().center(),
            Self::Relief { view, middle, scale, .. } => {
                let [right, up, _] = view.project(place);
                *middle + Vec2::new(right as f32, -up as f32) * *scale
            }
        }
    }

    /// Points on the screen per unit of space, on a relief.
    pub(super) fn scale(&self) -> f64 {
        match self {
            Self::Map(_) => 1.0,
            Self::Relief { scale, .. } => f64::from(*scale),
        }
    }

    /// The point of the plane that is seen at a place on the screen; `None` beside the surface.
    pub(super) fn pick(&self, at: Pos2) -> Option<[f64; 2]> {
        match self {
            Self::Map(transform) => {
                let point = transform.value_from_position(at);
                Some([point.x, point.y])
            }
            Self::Relief { relief, view, middle, scale } => {
                let away = (at - *middle) / *scale;
                relief.pick([f64::from(away.x), f64::from(-away.y)], view)
            }
        }
    }

    /// About how many points on the screen a unit of x and of y is long.
    pub(super) fn per_unit(&self) -> [f64; 2] {
        match self {
            Self::Map(transform) => {
                [transform.dpos_dvalue_x().abs(), transform.dpos_dvalue_y().abs()]
            }
            Self::Relief { relief, scale, .. } => [0, 1].map(|axis: usize| {
                let [low, high] = relief.domain[axis];
                2.0 * relief.half()[axis] / (high - low) * f64::from(*scale)
            }),
        }
    }

    /// The lines on the screen from point to point: straight on a map, along the surface on a
    /// relief.
    pub(super) fn stretches(&self, stroke: &[[f64; 2]]) -> Vec<Stretch> {
        let mut found: Vec<Stretch> = Vec::new();
        let mut goes_on = false;
        let mut add = |place: Option<(Pos2, bool)>, goes_on: &mut bool| {
            let Some((at, is_hidden)) = place else {
                *goes_on = false;
                return;
            };
            match found.last_mut().filter(|_| *goes_on) {
                Some(last) => {
                    last.places.push(at);
                    if last.is_hidden != is_hidden {
                        found.push(Stretch { places: vec![at], is_hidden });
                    }
                }
                None => found.push(Stretch { places: vec![at], is_hidden }),
            }
            *goes_on = true;
        };
        match self {
            Self::Map(_) => {
                for point in stroke {
                    add(self.place(*point), &mut goes_on);
                }
            }
            Self::Relief { relief, .. } => {
                let mut last: Option<[f64; 2]> = None;
                for pair in stroke.windows(2) {
                    let Some([from, to]) = relief.clip(pair[0], pair[1]) else {
                        goes_on = false;
                        continue;
                    };
                    if last != Some(from) {
                        goes_on = false;
                        add(self.place(from), &mut goes_on);
                    }
                    let n_parts = relief.cells_between(from, to).ceil().clamp(1.0, 400.0) as usize;
                    for part in 1..=n_parts {
                        let share = part as f64 / n_parts as f64;
                        let at =
                            [0, 1].map(|axis: usize| from[axis] + share * (to[axis] - from[axis]));
                        add(self.place(if part == n_parts { to } else { at }), &mut goes_on);
                    }
                    last = Some(to);
                }
            }
        }
        found
    }
}
