use std::ops::Range;
use std::sync::Arc;

use egui::Mesh;
use egui_plot::PlotPoint;

use super::stroke::{Pen, stroke};
use crate::analysis::{Domain, Pyramid, View};
use crate::math::elementary::double::ln;

/// How a curve is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    /// The stretch of x, in values.
    pub view: View,
    /// Whether y is logarithmic.
    pub log_y: bool,
}

/// The decimal logarithm.
pub(super) fn log10(value: f64) -> f64 {
    ln(value) * std::f64::consts::LOG10_E
}

/// A series on screen: thinned to the columns of the screen, kept until the series or the look
/// changes.
#[derive(Debug)]
pub(super) struct Curve {
    finite: Pyramid,
    positive: Pyramid,
    points: Vec<PlotPoint>,
    indices: Vec<usize>,
    made_for: Option<Look>,
    stroked: Option<(Pen, Arc<Mesh>)>,
    /// Whether the triangles are those of the points.
    is_stroked: bool,
}

impl Default for Curve {
    fn default() -> Self {
        Self {
            finite: Pyramid::new(Domain::Finite),
            positive: Pyramid::new(Domain::Positive),
            points: Vec::new(),
            indices: Vec::new(),
            made_for: None,
            stroked: None,
            is_stroked: false,
        }
    }
}

impl Curve {
    /// Takes in what `values` has grown by.
    pub(super) fn append(&mut self, values: &[f64]) {
        if values.len() > self.finite.len() {
            self.refresh(values, self.finite.len()..values.len());
        }
    }

    /// Takes in values that changed or were added.
    pub(super) fn refresh(&mut self, values: &[f64], range: Range<usize>) {
        if !range.is_empty() {
            self.finite.refresh(values, range.clone());
            self.positive.refresh(values, range);
            self.made_for = None;
        }
    }

    fn pyramid(&self, log_y: bool) -> &Pyramid {
        if log_y { &self.positive } else { &self.finite }
    }

    /// The smallest and the largest value that can be shown.
    pub(super) fn bounds(&self, values: &[f64], log_y: bool) -> Option<(f64, f64)> {
        self.pyramid(log_y).bounds(values)
    }

    /// The smallest finite value.
    pub(super) fn lowest(&self, values: &[f64]) -> Option<f64> {
        self.finite.bounds(values).map(|(low, _)| low)
    }

    /// Makes the points to be drawn, if they are not there.
    pub(super) fn look(&mut self, xs: &[f64], values: &[f64], look: Look) {
        if self.made_for == Some(look) {
            return;
        }
        self.made_for = Some(look);
        self.is_stroked = false;
        let mut indices = std::mem::take(&mut self.indices);
        self.pyramid(look.log_y).visible(xs, values, look.view, &mut indices);
        self.points.clear();
        // First only fetched, which memory does many of at a time, then computed with.
        let fetched = indices.iter().map(|index| PlotPoint { x: xs[*index], y: values[*index] });
        self.points.extend(fetched);
        for point in &mut self.points {
            if look.view.log_x {
                point.x = log10(point.x);
            }
            if look.log_y {
                point.y = log10(point.y);
            }
        }
        self.indices = indices;
    }

    /// The triangles of the curve; those of the last call where nothing has changed.
    pub(super) fn mesh(&mut self, pen: Pen) -> Arc<Mesh> {
        match &self.stroked {
            Some((known, mesh)) if *known == pen && self.is_stroked => Arc::clone(mesh),
            _ => {
                // The last frame's memory, where nobody holds it any more.
                let known = self.stroked.take().and_then(|(_, mesh)| Arc::try_unwrap(mesh).ok());
                let mesh = Arc::new(stroke(&self.points, &pen, known.unwrap_or_default()));
                self.stroked = Some((pen, Arc::clone(&mesh)));
                self.is_stroked = true;
                mesh
            }
        }
    }

    /// The points to be drawn, in the coordinates of the axes.
    pub(super) fn points(&self) -> &[PlotPoint] {
        &self.points
    }

    /// The indices of those points in the series.
    pub(super) fn indices(&self) -> &[usize] {
        &self.indices
    }
}
