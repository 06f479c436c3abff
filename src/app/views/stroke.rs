use egui::epaint::tessellator::Path;
use egui::epaint::{PathStroke, Vertex, WHITE_UV};
use egui::{Color32, Mesh, Pos2, Rect};
use egui_plot::PlotPoint;

use super::axes::Bounds;

/// Neighbouring columns from which on they are drawn as one strip, not as a line.
const LEAST_STRIP: usize = 8;
/// Heights below which a strip's edges are softened; higher columns need no soft ends.
const SOFT_BELOW: f32 = 4.0;
/// How far outside of the screen a point may lie; a curve that diverged leaves it.
const FAR: f64 = 1e6;

/// How a curve is stroked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pen {
    /// The plot's area.
    pub frame: Rect,
    /// What is in view, in the coordinates of the axes.
    pub bounds: Bounds,
    /// Columns that the frame's width is divided into, at most one for each physical pixel.
    pub n_columns: usize,
    /// The colour.
    pub color: Color32,
    /// Width of the line, in points.
    pub width: f32,
    /// Width of a physical pixel, in points.
    pub pixel: f32,
}

/// Neighbouring points of a curve in one column.
struct Column {
    index: i64,
    x: f32,
    top: f32,
    bottom: f32,
    first: usize,
    last: usize,
}

/// The triangles of a curve whose points rise in x. Where there is about a point for each column
/// or more, the curve is a strip from the top to the bottom of each column: a few vertices per
/// column, and every spike reaches its full height. Elsewhere it is a line from point to point.
/// `mesh` is overwritten, so that its memory is used again.
pub(super) fn stroke(points: &[PlotPoint], pen: &Pen, mut mesh: Mesh) -> Mesh {
    mesh.clear();
    let places: Vec<Pos2> = points.iter().map(|point| pen.place(point)).collect();
    let columns = pen.columns(&places);
    let mut line: Vec<Pos2> = Vec::new();
    let mut start = 0;
    while start < columns.len() {
        let mut end = start + 1;
        while end < columns.len() && columns[end].index - columns[end - 1].index <= 2 {
            end += 1;
        }
        let run = &columns[start..end];
        let (first, last) = (run[0].first, run[run.len() - 1].last);
        if run.len() >= LEAST_STRIP {
            line.push(places[first]);
            pen.add_line(&mut line, &mut mesh);
            pen.add_strip(run, &mut mesh);
            line.push(places[last - 1]);
        } else {
            line.extend_from_slice(&places[first..last]);
        }
        start = end;
    }
    pen.add_line(&mut line, &mut mesh);
    mesh
}

impl Pen {
    /// Where a point is on the screen.
    pub(super) fn place(&self, point: &PlotPoint) -> Pos2 {
        let [[x0, x1], [y0, y1]] = self.bounds;
        let (width, height) = (f64::from(self.frame.width()), f64::from(self.frame.height()));
        let x = f64::from(self.frame.left()) + (point.x - x0) / (x1 - x0) * width;
        let y = f64::from(self.frame.bottom()) - (point.y - y0) / (y1 - y0) * height;
        Pos2::new(x.clamp(-FAR, FAR) as f32, y.clamp(-FAR, FAR) as f32)
    }

    fn columns(&self, places: &[Pos2]) -> Vec<Column> {
        let width = self.frame.width() / self.n_columns as f32;
        let mut columns: Vec<Column> = Vec::new();
        for (at, place) in places.iter().enumerate() {
            let index = ((place.x - self.frame.left()) / width).floor();
            match columns.last_mut() {
                Some(column) if column.index == index as i64 => {
                    column.top = column.top.min(place.y);
                    column.bottom = column.bottom.max(place.y);
                    column.x = self.frame.left() + (index + 0.5) * width;
                    column.last = at + 1;
                }
                _ => columns.push(Column {
                    index: index as i64,
                    x: place.x,
                    top: place.y,
                    bottom: place.y,
                    first: at,
                    last: at + 1,
                }),
            }
        }
        columns
    }

    fn add_line(&self, line: &mut Vec<Pos2>, mesh: &mut Mesh) {
        if line.len() > 1 {
            let mut path = Path::default();
            path.add_open_points(line);
            let stroke = PathStroke::new(self.width, self.color);
            path.stroke_open(self.pixel, &stroke, mesh);
        }
        line.clear();
    }

    fn add_strip(&self, run: &[Column], mesh: &mut Mesh) {
        let mut extents: Vec<[f32; 2]> = Vec::with_capacity(run.len());
        for (at, column) in run.iter().enumerate() {
            let [mut top, mut bottom] = [column.top, column.bottom];
            // Neighbours meet half-way, so that steep parts do not break up.
            let before = at.checked_sub(1).map(|before| &run[before]);
            for other in before.into_iter().chain(run.get(at + 1)) {
                top = top.min(0.5 * (column.top + other.bottom.min(column.top)));
                bottom = bottom.max(0.5 * (column.bottom + other.top.max(column.bottom)));
            }
            // What is steep is wide enough as it is.
            let pad = 0.5 * (self.width - 0.5 * (bottom - top)).max(self.pixel);
            extents.push([top - pad, bottom + pad]);
        }
        let mut before: Option<[u32; 4]> = None;
        for (at, (column, [top, bottom])) in run.iter().zip(&extents).enumerate() {
            let corners = self.add_column(column.x, *top, *bottom, mesh);
            if let Some(before) = before {
                for edge in 0..3 {
                    let [a, b, c, d] =
                        [before[edge], before[edge + 1], corners[edge], corners[edge + 1]];
                    if a != b || c != d {
                        mesh.add_triangle(a, b, c);
                        mesh.add_triangle(c, b, d);
                    }
                }
            }
            before = Some(corners);
            // Where neither neighbour stands beside it, as in a spike or in a steep fall, the strip is
            // thinner than a pixel.
            let next = extents.get(at + 1).or(extents.get(at.wrapping_sub(1)));
            let right = next.copied().unwrap_or([*top, *bottom]);
            let left = at.checked_sub(1).map_or(right, |left| extents[left]);
            let between = match left[1] < right[0] {
                true => [left[1], right[0]],
                false => [right[1], left[0]],
            };
            let alone = [
                [*top, left[0].min(right[0])],
                [left[1].max(right[1]), *bottom],
                [between[0].max(*top), between[1].min(*bottom)],
            ];
            let width = (0.75 * self.width).max(self.pixel);
            for [from, to] in alone {
                if to - from > 2.0 * self.pixel {
                    let area = Rect::from_x_y_ranges(
                        column.x - 0.5 * width..=column.x + 0.5 * width,
                        from..=to,
                    );
                    mesh.add_colored_rect(area, self.color);
                }
            }
        }
    }

    /// Adds the vertices of a column from above to below: transparent, full, full, transparent.
    fn add_column(&self, x: f32, top: f32, bottom: f32, mesh: &mut Mesh) -> [u32; 4] {
        let mut add = |y: f32, color: Color32| {
            mesh.vertices.push(Vertex { pos: Pos2::new(x, y), uv: WHITE_UV, color });
            mesh.vertices.len() as u32 - 1
        };
        if bottom - top > SOFT_BELOW {
            let (first, last) = (add(top, self.color), add(bottom, self.color));
            return [first, first, last, last];
        }
        let soft = 0.5 * self.pixel;
        [
            add(top - soft, Color32::TRANSPARENT),
            add(top + soft, self.color),
            add(bottom - soft, self.color),
            add(bottom + soft, Color32::TRANSPARENT),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pen() -> Pen {
        Pen {
            frame: Rect::from_min_size(Pos2::ZERO, egui::vec2(100.0, 100.0)),
            bounds: [[0.0, 100.0], [0.0, 100.0]],
            n_columns: 100,
            color: Color32::RED,
            width: 1.6,
            pixel: 1.0,
        }
    }

    /// Whether a place lies in a triangle.
    fn covered(mesh: &Mesh, at: Pos2) -> bool {
        mesh.indices.chunks(3).any(|corners| {
            let [a, b, c] = [0, 1, 2].map(|corner| mesh.vertices[corners[corner] as usize].pos);
            let side = |p: Pos2, q: Pos2| (q - p).rot90().dot(at - p);
            let sides = [side(a, b), side(b, c), side(c, a)];
            sides.iter().all(|s| *s >= 0.0) || sides.iter().all(|s| *s <= 0.0)
        })
    }

    #[test]
    fn a_spike_reaches_its_full_height_without_a_gap() {
        for n_points in [60, 100, 200] {
            let points: Vec<PlotPoint> = (0..n_points)
                .map(|index| {
                    let x = 100.0 * (index as f64 + 0.5) / n_points as f64;
                    PlotPoint::new(x, if index == n_points / 2 { 95.0 } else { 10.0 })
                })
                .collect();
            let mesh = stroke(&points, &pen(), Mesh::default());
            assert!(mesh.is_valid());
            for height in 6..90 {
                let row = height as f32 + 0.5;
                let lit = (0..100).any(|x| covered(&mesh, Pos2::new(x as f32 + 0.5, row)));
                assert!(lit, "{n_points} points: nothing at {row}");
            }
        }
    }

    /// As L-BFGS falls: a few steps of large jumps, one after the other, then a floor; several in a
    /// column, or one in each.
    #[test]
    fn a_fall_in_large_jumps_has_no_gap() {
        let heights = [95.0, 94.0, 93.0, 80.0, 60.0, 58.0, 57.0, 56.0, 30.0, 12.0];
        for (shift, per_column) in [0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9]
            .into_iter()
            .flat_map(|shift| [1, 3, 4].map(|per_column| (shift, per_column)))
        {
            let points: Vec<PlotPoint> = (0..90 * per_column)
                .map(|index| {
                    let x = f64::from(index) / f64::from(per_column) + shift;
                    PlotPoint::new(x, heights[index.min(9) as usize])
                })
                .collect();
            let mut pen = pen();
            // The frame need not begin with a pixel.
            pen.frame = pen.frame.translate(egui::vec2(shift as f32 * 0.7, 0.0));
            let mesh = stroke(&points, &pen, Mesh::default());
            for row in 7..87 {
                let row = row as f32 + 0.5;
                let lit = (0..14).any(|x| covered(&mesh, Pos2::new(x as f32 + 0.5, row)));
                assert!(lit, "{shift}, {per_column} a column: nothing at {row}");
            }
        }
    }

    #[test]
    fn a_dense_curve_costs_a_few_vertices_per_column() {
        let points: Vec<PlotPoint> = (0..200)
            .map(|index| PlotPoint::new(index as f64 / 2.0, f64::from(index % 2) * 80.0))
            .collect();
        let mesh = stroke(&points, &pen(), Mesh::default());
        assert!(mesh.vertices.len() <= 3 * 100, "{} vertices", mesh.vertices.len());
        let smooth: Vec<PlotPoint> =
            (0..200).map(|index| PlotPoint::new(index as f64 / 2.0, 50.0)).collect();
        assert!(stroke(&smooth, &pen(), Mesh::default()).vertices.len() <= 4 * 100 + 8);
    }

    #[test]
    fn few_points_are_joined_by_lines() {
        let points = [(0.0, 0.0), (50.0, 50.0), (100.0, 0.0)].map(|(x, y)| PlotPoint::new(x, y));
        let mesh = stroke(&points, &pen(), Mesh::default());
        assert!(covered(&mesh, Pos2::new(25.0, 75.0)) && covered(&mesh, Pos2::new(75.0, 75.0)));
        assert!(!covered(&mesh, Pos2::new(50.0, 75.0)));
    }

    #[test]
    fn a_curve_that_left_the_screen_stays_finite() {
        let points: Vec<PlotPoint> =
            (0..100).map(|index| PlotPoint::new(f64::from(index), 10f64.powi(3 * index))).collect();
        let mesh = stroke(&points, &pen(), Mesh::default());
        assert!(mesh.vertices.iter().all(|vertex| vertex.pos.is_finite()));
    }
}
