use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use egui::{
    Color32, ColorImage, FontId, Rect, Sense, Stroke, TextureHandle, TextureOptions, Ui, Vec2,
    pos2, vec2,
};

use super::axes::empty_ui;
use super::subject::{
    DataSubject, PartFilter, Shown, beside_pointer, caption, chooser, controls_ui, waiting_ui,
    waker,
};
use super::{View, ViewContext};
use crate::analysis::{
    AugmentedSamples, Latest, PARTS, Pixels, format_value, numeric_features, rows_of,
};
use crate::app::theme::{Theme, small, strong};
use crate::data::augmentation::Augment;
use crate::data::{self, Cells, ImageShape, Prepared};
use crate::session::Session;

/// Values up to which columns are looked through at once.
const FEW_VALUES: usize = 500_000;
/// Pixels along the side of a texture at most.
const MOST_PIXELS: usize = 8_192;
/// Height of the label below an image.
const LABEL: f32 = 17.0;
/// Between images.
const GAP: f32 = 8.0;

/// How large images are drawn: points along the longer side, at least.
const SIZES: [(&str, f32); 3] = [("small", 36.0), ("medium", 64.0), ("large", 128.0)];

/// The rows as images, where their columns are pixels, each with its class.
///
/// Reveals mislabelled, broken and odd samples, and what a model has to tell apart.
pub(super) struct Images {
    data: DataSubject,
    /// Height and width as a person set them.
    stated: Option<[usize; 2]>,
    size: usize,
    inverted: bool,
    /// Whether samples of the training part are shown as augmentation draws them.
    augmented: bool,
    part: PartFilter,
    class: Option<u32>,
    pixels: Latest<PixelsQuestion, Pixels>,
    rows: Latest<RowsQuestion, Vec<u32>>,
    sheet: Sheet,
}

#[derive(Clone)]
struct PixelsQuestion(Shown);

impl PartialEq for PixelsQuestion {
    fn eq(&self, other: &Self) -> bool {
        self.0.is_on(&other.0.loaded) && self.0.left_out == other.0.left_out
    }
}

#[derive(Clone)]
struct RowsQuestion {
    shown: Shown,
    part: PartFilter,
    class: Option<u32>,
}

impl PartialEq for RowsQuestion {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shown.members, &other.shown.members)
            && self.part == other.part
            && self.class == other.class
    }
}

impl Default for Images {
    fn default() -> Self {
        let pixels = |PixelsQuestion(shown): &PixelsQuestion| {
            let columns = numeric_features(shown.table(), shown.loaded.target, &shown.left_out);
            Pixels::of(shown.table(), columns)
        };
        let rows = |question: &RowsQuestion| {
            rows_of(&question.shown.members, question.part.flags(), question.class)
        };
        Self {
            data: DataSubject::default(),
            stated: None,
            size: 1,
            inverted: false,
            augmented: false,
            part: PartFilter::default(),
            class: None,
            pixels: Latest::new("pixels", pixels),
            rows: Latest::new("rows", rows),
            sheet: Sheet::default(),
        }
    }
}

impl View for Images {
    fn title(&self) -> String {
        "Images".to_owned()
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        let Some(shown) = self.data.get_rows(ui, context) else { return };
        let question = PixelsQuestion(shown.clone());
        let table = shown.table();
        let is_small = table.n_rows() * table.columns.len() <= FEW_VALUES;
        let found = self.pixels.ask(&question, is_small, || waker(ui.ctx()));
        let found = found.filter(|(asked, _)| **asked == question);
        let Some(pixels) = found.map(|(_, found)| Arc::clone(found)) else {
            return waiting_ui(ui, theme, self.pixels.has_failed(&question));
        };
        if pixels.columns.len() < 4 {
            let text = "Rows of four or more numeric columns can be seen as images, each column \
                being a pixel.";
            return empty_ui(ui, theme, "These data are no images", text);
        }
        // A choice for other data is none for these.
        self.class =
            self.class.filter(|class| (*class as usize) < shown.prepared.class_names.len());
        let changing = changing(context.session, &shown, &pixels);
        controls_ui(ui, |ui| {
            self.controls_ui(ui, theme, &shown, &pixels);
            if changing.is_some() {
                let help = "Samples of the training part as augmentation draws them for a step; \
                    those of the other parts stay as they are";
                ui.checkbox(&mut self.augmented, small("augmented")).on_hover_text(help);
            }
        });
        let changing = changing.filter(|_| self.augmented);
        let shape = match self.stated {
            Some([height, width]) => pixels.shaped(height, width),
            None => pixels.guess,
        };
        let Some(shape) = shape else {
            let n = pixels.columns.len();
            let [height, width] = pixels.most_square();
            let (title, text) = match self.stated {
                Some([height, width]) => (
                    "The shape does not fit",
                    format!(
                        "There are {n} numeric features; images of {height} × {width} pixels have \
                         {}, or {} in colour.",
                        height.saturating_mul(width),
                        height.saturating_mul(width).saturating_mul(3),
                    ),
                ),
                None => (
                    "These data do not look like images",
                    format!(
                        "To see their {n} numeric features as pixels anyway, set the height and \
                         width above, such as {height} × {width}."
                    ),
                ),
            };
            return empty_ui(ui, theme, title, &text);
        };
        let question = RowsQuestion { shown: shown.clone(), part: self.part, class: self.class };
        let rows = self.rows.ask(&question, table.n_rows() <= FEW_VALUES, || waker(ui.ctx()));
        let rows = rows.filter(|(asked, _)| **asked == question).map(|(_, rows)| Arc::clone(rows));
        let Some(rows) = rows else {
            return waiting_ui(ui, theme, self.rows.has_failed(&question));
        };
        if rows.is_empty() {
            return empty_ui(ui, theme, "No images", "No row is of this class and part.");
        }
        let seen = Seen { pixels, rows, shape, changing };
        self.grid_ui(ui, theme, &shown, &seen);
    }
}

/// The images that are looked at.
struct Seen {
    pixels: Arc<Pixels>,
    rows: Arc<Vec<u32>>,
    shape: ImageShape,
    changing: Option<Changing>,
}

/// What changes samples of the training part.
#[derive(Clone)]
struct Changing {
    data: Arc<Prepared>,
    list: Vec<Augment>,
    images: data::Images,
    seed: u64,
}

impl PartialEq for Changing {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.data, &other.data)
            && self.list == other.list
            && self.images == other.images
            && self.seed == other.seed
    }
}

/// The augmentation of the selected experiment, where these pixels are what it changes.
fn changing(session: &Session, shown: &Shown, pixels: &Pixels) -> Option<Changing> {
    let experiment = &session.selected_entry()?.experiment;
    let (list, images) = (&experiment.augmentation, experiment.images);
    let data = Arc::clone(&shown.prepared);
    let can = !list.is_empty()
        && data.n_features() == pixels.columns.len()
        && data.train.features.len() == data.train.n_samples() * data.n_features()
        && Augment::problems(list).is_empty()
        && Augment::problem_on(list, images, &data).is_none();
    let seed = session.document().study().seeds.first().copied().unwrap_or(1);
    can.then(|| Changing { data, list: list.clone(), images, seed })
}

impl Changing {
    /// The features of those of these rows that are trained on, as drawn for a step were they its
    /// batch, in the units of the table.
    fn drawn(&self, rows: &[u32]) -> HashMap<u32, Vec<f64>> {
        let wanted: HashSet<u32> = rows.iter().copied().collect();
        let train = self.data.train.rows.iter().map(|row| row as u32).enumerate();
        let (samples, rows): (Vec<usize>, Vec<u32>) =
            train.filter(|(_, row)| wanted.contains(row)).unzip();
        let drawn =
            AugmentedSamples::of(&self.list, self.images, &self.data, self.seed, &samples, 1);
        let raw = |(value, (shift, scale)): (&f64, &(f64, f64))| value * scale + shift;
        let row =
            |features: &[f64]| features.iter().zip(&self.data.feature_scaling).map(raw).collect();
        let width = self.data.n_features().max(1);
        let features = drawn.features.last().map_or(&[][..], Vec::as_slice);
        rows.into_iter().zip(features.chunks_exact(width).map(row)).collect()
    }
}

impl Images {
    fn controls_ui(&mut self, ui: &mut Ui, theme: &Theme, shown: &Shown, pixels: &Pixels) {
        let shape =
            pixels.guess.map_or_else(|| pixels.most_square(), |shape| [shape.height, shape.width]);
        let mut stated = self.stated.unwrap_or(shape);
        caption(ui, theme, "pixels");
        let most = pixels.columns.len();
        let mut is_changed = false;
        for (place, name) in stated.iter_mut().zip(["Height in pixels", "Width in pixels"]) {
            let field = egui::DragValue::new(place).range(1..=most).speed(0.1);
            let response = ui.add(field).on_hover_text(name);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, true, name));
            is_changed |= response.changed();
        }
        if is_changed {
            self.stated = Some(stated);
        }
        if self.stated.is_some() {
            let help = "Back to the shape that the data look like";
            if ui.small_button("reset").on_hover_text(help).clicked() {
                self.stated = None;
            }
        } else if pixels.guess.is_none() && ui.small_button("show").clicked() {
            self.stated = Some(shape);
        }
        let names = &shown.prepared.class_names;
        if !names.is_empty() {
            let mut entries: Vec<(Option<u32>, &str)> = vec![(None, "all classes")];
            let classes = names.iter().enumerate();
            entries.extend(classes.map(|(class, name)| (Some(class as u32), name.as_str())));
            if let Some(class) = chooser(ui, "Class", "", &entries, self.class) {
                self.class = class;
            }
        }
        self.part.ui(ui, &shown.prepared);
        let sizes: Vec<(usize, &str)> =
            SIZES.iter().enumerate().map(|(index, (name, _))| (index, *name)).collect();
        if let Some(size) = chooser(ui, "Size of the images", "", &sizes, self.size) {
            self.size = size;
        }
        let help = "The lowest value white and the highest black, as ink on paper";
        ui.checkbox(&mut self.inverted, small("inverted")).on_hover_text(help);
    }

    fn grid_ui(&mut self, ui: &mut Ui, theme: &Theme, shown: &Shown, seen: &Seen) {
        let Seen { pixels, rows, shape, changing } = seen;
        let shape = *shape;
        let longer = shape.height.max(shape.width) as f32;
        let (_, wanted) = SIZES[self.size.min(SIZES.len() - 1)];
        // Whole points for each pixel, so that all are equally large.
        let scale =
            if longer < wanted { (wanted / longer).round().max(1.0) } else { wanted / longer };
        let image = vec2(shape.width as f32, shape.height as f32) * scale;
        let cell = vec2(image.x.max(30.0), image.y + LABEL) + Vec2::splat(GAP);
        let margin = 10.0;
        let across = (ui.available_width() - 2.0 * margin) / cell.x;
        let n_across = (across as usize).clamp(1, MOST_PIXELS / shape.width.clamp(1, MOST_PIXELS));
        let n_lines = rows.len().div_ceil(n_across);
        let text = match rows.len() {
            1 => "1 image".to_owned(),
            n => format!("{} images", format_value(n as f64, 12)),
        };
        ui.horizontal(|ui| {
            ui.add_space(margin);
            ui.label(small(format!("{text} of {shape} pixels")).color(theme.faint));
        });
        ui.spacing_mut().item_spacing = Vec2::ZERO;
        let area = egui::ScrollArea::vertical().auto_shrink([false, false]);
        area.show_rows(ui, cell.y, n_lines, |ui, lines| {
            let first = lines.start * n_across;
            let last = (lines.end * n_across).min(rows.len());
            let made = Made {
                pixels: Arc::clone(pixels),
                rows: Arc::clone(rows),
                shape,
                first,
                last,
                n_across,
                inverted: self.inverted,
                changing: changing.clone(),
            };
            let size = vec2(ui.available_width(), cell.y * lines.len() as f32);
            let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
            response.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::Image, true, format!("{text} of {shape}"))
            });
            let corner = rect.min + vec2(margin, 0.0);
            let texture = self.sheet.texture(ui, shown, &made);
            let hovered = response.hover_pos().and_then(|at| {
                let place = (at - corner) / cell;
                let is_inside = place.x >= 0.0 && place.x < n_across as f32 && place.y >= 0.0;
                let index = first + place.y as usize * n_across + place.x as usize;
                (is_inside && index < last).then_some(index)
            });
            let painter = ui.painter();
            for index in first..last {
                let place = index - first;
                let (line, across) = (place / n_across, place % n_across);
                let at = corner + vec2(across as f32, line as f32) * cell;
                let left = 0.5 * (cell.x - GAP - image.x);
                let area = Rect::from_min_size(at + vec2(left, 0.0), image);
                painter.image(texture, area, made.place(index), Color32::WHITE);
                let is_hovered = hovered == Some(index);
                let color = if is_hovered { theme.accent } else { theme.line };
                let stroke = Stroke::new(1.0, color);
                painter.rect_stroke(area, 0, stroke, egui::StrokeKind::Outside);
                let label = label(shown, rows[index] as usize);
                let mut job = egui::text::LayoutJob::simple_singleline(
                    label,
                    FontId::proportional(11.0),
                    theme.dim,
                );
                job.wrap = egui::text::TextWrapping::truncate_at_width(cell.x - GAP);
                let galley = painter.layout_job(job);
                let middle = area.center().x - 0.5 * galley.size().x;
                painter.galley(pos2(middle, area.bottom() + 2.0), galley, theme.dim);
            }
            if let Some(index) = hovered {
                let row = rows[index] as usize;
                beside_pointer(ui, &response, |ui| {
                    row_ui(ui, theme, shown, row);
                    let longest = 200.0 / longer;
                    let size = vec2(shape.width as f32, shape.height as f32) * longest;
                    let (area, _) = ui.allocate_exact_size(size, Sense::hover());
                    ui.painter().image(texture, area, made.place(index), Color32::WHITE);
                });
            }
        });
    }
}

/// The class of a row, or its target.
fn label(shown: &Shown, row: usize) -> String {
    if let Some(class) = shown.members.get().class(row) {
        return shown.prepared.class_names.get(class as usize).cloned().unwrap_or_default();
    }
    match shown.table().columns.get(shown.loaded.target).map(|column| &column.cells) {
        Some(Cells::Numeric(values)) => {
            let value = values.get(row).filter(|value| !value.is_nan());
            value.map_or_else(|| "missing".to_owned(), |value| format_value(*value, 4))
        }
        _ => "missing".to_owned(),
    }
}

fn row_ui(ui: &mut Ui, theme: &Theme, shown: &Shown, row: usize) {
    let part = shown.members.get().parts.get(row);
    let part = part.and_then(|part| PARTS.get(usize::from(*part))).map_or("no part", |part| part);
    let number = format_value((row + 1) as f64, 12);
    ui.label(strong(format!("{}: {}", shown.prepared.target_name, label(shown, row))));
    ui.label(small(format!("row {number} · {part}")).color(theme.dim));
}

/// The images in view on one texture, made anew when others come into view.
#[derive(Default)]
struct Sheet {
    made: Option<(Made, TextureHandle)>,
}

/// What a sheet was made of.
#[derive(Clone)]
struct Made {
    pixels: Arc<Pixels>,
    rows: Arc<Vec<u32>>,
    shape: ImageShape,
    first: usize,
    last: usize,
    n_across: usize,
    inverted: bool,
    changing: Option<Changing>,
}

impl PartialEq for Made {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.pixels, &other.pixels)
            && Arc::ptr_eq(&self.rows, &other.rows)
            && (self.shape, self.first, self.last) == (other.shape, other.first, other.last)
            && (self.n_across, self.inverted) == (other.n_across, other.inverted)
            && self.changing == other.changing
    }
}

impl Made {
    fn n_lines(&self) -> usize {
        (self.last - self.first).div_ceil(self.n_across).max(1)
    }

    /// Where an image lies on the sheet, as shares of its size.
    fn place(&self, index: usize) -> Rect {
        let place = index - self.first;
        let size = vec2(1.0 / self.n_across as f32, 1.0 / self.n_lines() as f32);
        let at = vec2((place % self.n_across) as f32, (place / self.n_across) as f32) * size;
        Rect::from_min_size(pos2(at.x, at.y), size)
    }

    /// The sheet.
    fn paint(&self, shown: &Shown) -> ColorImage {
        let ImageShape { height, width, channels } = self.shape;
        let size = [self.n_across * width, self.n_lines() * height];
        let mut image = ColorImage::filled(size, Color32::TRANSPARENT);
        let in_view = &self.rows[self.first..self.last];
        let drawn = self.changing.as_ref().map(|changing| changing.drawn(in_view));
        for index in self.first..self.last {
            let place = index - self.first;
            let corner =
                (place / self.n_across) * height * size[0] + (place % self.n_across) * width;
            let row = self.rows[index] as usize;
            let changed = drawn.as_ref().and_then(|drawn| drawn.get(&self.rows[index]));
            let mut values: Box<dyn Iterator<Item = u8>> = match changed {
                Some(values) => Box::new(values.iter().map(|x| self.pixels.brightness(*x))),
                None => Box::new(self.pixels.image(shown.table(), row)),
            };
            let turned = |value: u8| if self.inverted { 255 - value } else { value };
            for y in 0..height {
                for x in 0..width {
                    let mut next = || turned(values.next().unwrap_or(0));
                    let color = match channels {
                        3 => Color32::from_rgb(next(), next(), next()),
                        _ => Color32::from_gray(next()),
                    };
                    image.pixels[corner + y * size[0] + x] = color;
                }
            }
        }
        image
    }
}

impl Sheet {
    fn texture(&mut self, ui: &Ui, shown: &Shown, wanted: &Made) -> egui::TextureId {
        if let Some((made, texture)) = &self.made
            && made == wanted
        {
            return texture.id();
        }
        let image = wanted.paint(shown);
        let options = TextureOptions::NEAREST;
        let texture = match self.made.take() {
            Some((_, mut texture)) => {
                texture.set(image, options);
                texture
            }
            None => ui.ctx().load_texture("images", image, options),
        };
        let id = texture.id();
        self.made = Some((wanted.clone(), texture));
        id
    }
}
