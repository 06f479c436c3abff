use std::sync::Arc;

use egui::epaint::PathStroke;
use egui::epaint::tessellator::Path as Outline;
use egui::{Color32, Mesh, Pos2};

use super::scene::{Scene, SceneKey};
use crate::analysis::Path;
use crate::app::views::axes::Bounds;
use crate::record::{Clock, History, Metric, Part};
use crate::training::{Plan, Run};

/// The share of a path's strength that what lies ahead of the shown step has.
const AHEAD: f32 = 0.26;
/// The share that what the surface hides has.
const HIDDEN: f32 = 0.3;

/// What a run on a surface has recorded, step by step.
pub(super) struct Trail<'a> {
    steps: &'a [f64],
    xs: &'a [f64],
    ys: &'a [f64],
    losses: &'a [f64],
    /// Which of several starts each belongs to; empty where there is one.
    starts: &'a [f64],
}

impl<'a> Trail<'a> {
    /// That of a history; `None` before anything is recorded.
    pub(super) fn of(history: &'a History) -> Option<Self> {
        let series = |metric| history.series(Part::Batch, metric, Clock::Step);
        let (steps, xs) = series(Metric::Coordinate(0))?;
        let (_, ys) = series(Metric::Coordinate(1))?;
        let (_, losses) = series(Metric::Loss)?;
        let starts = series(Metric::Start).map_or(&[][..], |(_, starts)| starts);
        (!steps.is_empty()).then_some(Self { steps, xs, ys, losses, starts })
    }

    /// The last step recorded.
    pub(super) fn last_step(&self) -> u64 {
        self.steps.last().map_or(0, |step| *step as u64)
    }

    /// The index of the last record at `step` or before.
    pub(super) fn index(&self, step: u64) -> usize {
        self.steps.partition_point(|known| *known <= step as f64).max(1) - 1
    }

    /// The step of a record.
    pub(super) fn step(&self, index: usize) -> u64 {
        self.steps[index] as u64
    }

    /// The recorded steps next to `step` on either side.
    pub(super) fn neighbours(&self, step: u64) -> [Option<u64>; 2] {
        let before = self.steps.partition_point(|known| *known < step as f64);
        let after = self.steps.partition_point(|known| *known <= step as f64);
        let at = |index: usize| self.steps.get(index).map(|step| *step as u64);
        [before.checked_sub(1).and_then(at), at(after)]
    }

    /// The point of a record.
    pub(super) fn point(&self, index: usize) -> [f64; 2] {
        [self.xs[index], self.ys[index]]
    }

    /// The loss of a record.
    pub(super) fn loss(&self, index: usize) -> f64 {
        self.losses[index]
    }
}

/// The path of a run, thinned for the present view, and its triangles.
pub(super) struct Followed {
    plan: Arc<Plan>,
    bounds: Bounds,
    path: Path,
    ink: Option<(InkKey, Ink)>,
}

/// What the triangles of a path depend on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct InkKey {
    /// The places.
    pub scene: SceneKey,
    /// The index of the shown record.
    pub index: usize,
    /// The colour.
    pub color: Color32,
    /// The colour around it.
    pub around: Color32,
    /// The width.
    pub width: f32,
    /// Whether what lies ahead is drawn.
    pub ahead: bool,
    /// The width of a physical pixel.
    pub pixel: f32,
    /// How much of the path there is; filled in when it is drawn.
    pub taken: usize,
}

/// A drawn path.
#[derive(Clone)]
pub(super) struct Ink {
    /// The triangles of what lies around it and ahead of it; below all paths.
    pub ground: Arc<Mesh>,
    /// The triangles of the part that is done.
    pub mesh: Arc<Mesh>,
    /// Places along the part that is done, to find it under the pointer.
    pub places: Arc<Vec<Pos2>>,
}

impl Followed {
    /// Brings the path of a run up to date with what it has recorded.
    pub(super) fn update(known: &mut Option<Self>, run: &Run, trail: &Trail<'_>, bounds: Bounds) {
        let is_known = known.as_ref().is_some_and(|known| {
            Arc::ptr_eq(&known.plan, run.plan())
                && known.bounds == bounds
                && known.path.taken() <= trail.steps.len()
        });
        if !is_known {
            // Half a pixel, about.
            let tolerance = (0..2)
                .map(|axis| (bounds[axis][1] - bounds[axis][0]) / 1_500.0)
                .fold(f64::INFINITY, f64::min);
            let (plan, path) = (Arc::clone(run.plan()), Path::new(tolerance));
            *known = Some(Self { plan, bounds, path, ink: None });
        }
        if let Some(known) = known {
            known.path.append(trail.xs, trail.ys, trail.starts);
        }
    }

    /// The triangles of the path; those of the last call where nothing has changed.
    pub(super) fn ink(&mut self, scene: &Scene<'_>, trail: &Trail<'_>, key: InkKey) -> Ink {
        let key = InkKey { taken: self.path.taken(), ..key };
        if let Some((known, ink)) = &self.ink
            && *known == key
        {
            return ink.clone();
        }
        let ink = self.draw(scene, trail, &key);
        self.ink = Some((key, ink.clone()));
        ink
    }

    /// Where the path and all its further starts begin.
    pub(super) fn beginnings(&self) -> impl Iterator<Item = [f64; 2]> {
        self.path.beginnings()
    }

    /// How far the drawn path is from a place on the screen.
    pub(super) fn distance(&self, at: Pos2) -> f32 {
        let Some((_, ink)) = &self.ink else { return f32::INFINITY };
        let distances = ink.places.iter().map(|place| place.distance_sq(at));
        distances.fold(f32::INFINITY, f32::min).sqrt()
    }

    fn draw(&self, scene: &Scene<'_>, trail: &Trail<'_>, key: &InkKey) -> Ink {
        let here = trail.point(key.index);
        let is_here = here.iter().all(|x| x.is_finite());
        let mut done: Vec<Vec<[f64; 2]>> = self.path.strokes_until(key.index).collect();
        // The shown point itself may have been too near to the last one to be kept.
        if let Some(stroke) = done.last_mut().filter(|_| is_here) {
            stroke.push(here);
        }
        let (mut ground, mut mesh) = (Mesh::default(), Mesh::default());
        if key.ahead {
            let mut coming: Vec<Vec<[f64; 2]>> = self.path.strokes_after(key.index + 1).collect();
            if let Some(stroke) = coming.first_mut()
                && is_here
                && self.path.leads_on(key.index)
            {
                stroke.insert(0, here);
            }
            for stretch in coming.iter().flat_map(|stroke| scene.stretches(stroke)) {
                let share = if stretch.is_hidden { AHEAD * 0.5 } else { AHEAD };
                let color = key.color.gamma_multiply(share);
                add_line(&mut ground, &stretch.places, 0.8 * key.width, color, key.pixel);
            }
        }
        let done: Vec<_> = done.iter().flat_map(|stroke| scene.stretches(stroke)).collect();
        for stretch in done.iter().filter(|stretch| !stretch.is_hidden) {
            add_line(&mut ground, &stretch.places, key.width + 2.2, key.around, key.pixel);
        }
        for stretch in &done {
            let share = if stretch.is_hidden { HIDDEN } else { 1.0 };
            let color = key.color.gamma_multiply(share);
            add_line(&mut mesh, &stretch.places, key.width, color, key.pixel);
        }
        let places = done.into_iter().flat_map(|stretch| stretch.places).collect();
        Ink { ground: Arc::new(ground), mesh: Arc::new(mesh), places: Arc::new(places) }
    }
}

/// Adds a line from place to place; places less than a fifth of a pixel apart count as one.
pub(super) fn add_line(mesh: &mut Mesh, places: &[Pos2], width: f32, color: Color32, pixel: f32) {
    let mut line: Vec<Pos2> = Vec::with_capacity(places.len());
    for place in places {
        if line.last().is_none_or(|last| last.distance_sq(*place) > 0.04 * pixel * pixel) {
            line.push(*place);
        }
    }
    if line.len() > 1 {
        let mut outline = Outline::default();
        outline.add_open_points(&line);
        outline.stroke_open(pixel, &PathStroke::new(width, color), mesh);
    }
}
