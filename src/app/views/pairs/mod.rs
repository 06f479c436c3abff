//! The scatter of two columns, or of the first two principal components.

mod drawing;
mod reading;

use std::sync::Arc;

use egui::{Ui, vec2};

use super::axes::{Axes, Frame, empty_ui};
use super::subject::{
    DataSubject, PartFilter, Shown, chooser, controls_ui, legend_ui, take_wanted_pair, waiting_ui,
    waker,
};
use super::{View, ViewContext};
use crate::analysis::table::is_date;
use crate::analysis::{
    Cloud, CloudPicture, CloudQuestion, Coordinate, Latest, PARTS, PrincipalComponents, Same, Tint,
    column_varies, format_value, level_order, numeric_features,
};
use crate::app::theme::{Theme, small};
use crate::data::Cells;
use crate::data::prepare::Loaded;
use drawing::Drawing;

/// Components are found at once for tables of at most so many values.
const FEW_VALUES: usize = 100_000;
/// Points of the screen along the side of a cell of a density.
const CELL: f32 = 1.5;

/// From this size on a plot has room for words about marks and counts.
const ROOMY: egui::Vec2 = egui::Vec2::new(280.0, 150.0);

/// The rows of the selected experiment's data in the plane of two columns, coloured by class or
/// value; or in the plane of the first two principal components, with the columns that make them.
///
/// Reveals clusters, outliers, columns that say the same, and whether classes can be told apart.
pub(super) struct PairScatter {
    data: DataSubject,
    axes: Axes,
    /// The columns by name, so that they stay when the data are read again.
    columns: [String; 2],
    log: [bool; 2],
    components: bool,
    shows_loadings: bool,
    color: ColorBy,
    part: PartFilter,
    /// The columns that are shown where nobody has chosen others.
    first: Option<(SameData, [usize; 2])>,
    found: Latest<ComponentsQuestion, Option<Components>>,
    clouds: Latest<CloudQuestion, Cloud>,
    drawing: Drawing,
}

/// What colours the rows.
#[derive(Clone, Debug, Default, PartialEq)]
enum ColorBy {
    #[default]
    Target,
    Nothing,
    Column(String),
}

/// Whose components are wanted.
#[derive(Clone, PartialEq)]
struct ComponentsQuestion {
    shown: SameData,
}

/// The data with the columns that are no features.
#[derive(Clone)]
struct SameData(Shown);

impl PartialEq for SameData {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0.members, &other.0.members)
    }
}

/// An answer with its question and the words on the axes.
struct Told {
    asked: CloudQuestion,
    cloud: Arc<Cloud>,
    labels: [String; 2],
}

/// Components with the scores of all rows.
struct Components {
    fit: PrincipalComponents,
    scores: [Same<Vec<f32>>; 2],
}

impl Components {
    fn of(question: &ComponentsQuestion) -> Option<Self> {
        let shown = &question.shown.0;
        let table = shown.table();
        let columns = numeric_features(table, shown.loaded.target, &shown.left_out);
        // Of a table in a file, the rows at hand.
        let train: Vec<usize> = shown.prepared.train.rows.within(0..table.n_rows()).collect();
        let fit = PrincipalComponents::fit(table, &columns, &train)?;
        let mut scores = fit.scores(table).into_iter().map(|scores| Same(Arc::new(scores)));
        let scores = [scores.next()?, scores.next()?];
        Some(Self { fit, scores })
    }

    /// What stands along the axes.
    fn coordinates(&self) -> [Coordinate; 2] {
        let [x, y] = &self.scores;
        [Coordinate::Values(x.clone()), Coordinate::Values(y.clone())]
    }

    /// The words on the axes.
    fn labels(&self) -> [String; 2] {
        let share = |k: usize| format_value(100.0 * self.fit.shares[k], 3);
        // There is less room along y.
        [
            format!("component 1 ({} % of the variance)", share(0)),
            format!("component 2 ({} %)", share(1)),
        ]
    }
}

impl Default for PairScatter {
    fn default() -> Self {
        Self {
            data: DataSubject::default(),
            axes: Axes::default(),
            columns: Default::default(),
            log: [false; 2],
            components: false,
            shows_loadings: true,
            color: ColorBy::Target,
            part: PartFilter::default(),
            first: None,
            found: Latest::new("components", Components::of),
            clouds: Latest::new("clouds", Cloud::of),
            drawing: Drawing::default(),
        }
    }
}

impl View for PairScatter {
    fn title(&self) -> String {
        "Scatter".to_owned()
    }

    fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        let theme = context.theme;
        if let Some(pair) = take_wanted_pair(ui.ctx()) {
            (self.columns, self.components) = (pair, false);
            self.axes.reset();
        }
        let Some(shown) = self.data.get_rows(ui, context) else { return };
        let drawable = shown.drawable();
        if drawable.len() < 2 {
            let text = "A scatter takes two columns with numbers, or with few names.";
            return empty_ui(ui, theme, "There are no two columns to compare", text);
        }
        let columns = self.chosen(&shown, &drawable);
        controls_ui(ui, |ui| self.controls_ui(ui, theme, &shown, &drawable, columns));
        let found = match self.components {
            true => match self.found(ui, theme, &shown) {
                Some(found) => Some(found),
                None => return,
            },
            false => None,
        };
        let components = found.as_ref().and_then(|found| found.as_ref().as_ref());
        let (coordinates, labels) = match components {
            Some(components) => (components.coordinates(), components.labels()),
            None => {
                let labels = columns.map(|column| shown.name(column).to_owned());
                (columns.map(Coordinate::Column), labels)
            }
        };
        let question = self.question(ui, &shown, coordinates, columns);
        let (clouds, small) = (&mut self.clouds, question.is_small());
        let answer = clouds.ask(&question, small, || waker(ui.ctx()));
        let answer = answer
            .filter(|(asked, _)| asked.loaded == question.loaded && asked.axes == question.axes)
            .map(|(asked, cloud)| (asked.clone(), Arc::clone(cloud)));
        let Some((asked, cloud)) = answer.filter(|(asked, _)| asked.log == question.log) else {
            return waiting_ui(ui, theme, self.clouds.has_failed(&question));
        };
        for axis in 0..2 {
            // Logarithms can be taken of other columns, perhaps not of this one.
            self.log[axis] &= cloud.is_positive[axis];
        }
        let fit = components.map(|components| &components.fit);
        self.plot_ui(ui, theme, &shown, &Told { asked, cloud, labels }, fit);
    }
}

impl PairScatter {
    /// The columns along x and y: as chosen, else the first two features that vary.
    fn chosen(&mut self, shown: &Shown, drawable: &[usize]) -> [usize; 2] {
        let same = SameData(shown.clone());
        let first = match self.first.take().filter(|(known, _)| *known == same) {
            Some((_, first)) => first,
            None => first_pair(shown, drawable),
        };
        self.first = Some((same, first));
        [0, 1].map(|axis: usize| {
            let found = shown.column(&self.columns[axis]);
            found.filter(|column| drawable.contains(column)).unwrap_or(first[axis])
        })
    }

    fn controls_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        shown: &Shown,
        drawable: &[usize],
        columns: [usize; 2],
    ) {
        for (name, components, help) in [
            ("columns", false, "Any two columns"),
            (
                "components",
                true,
                "The first two principal components of the standardised numeric features",
            ),
        ] {
            let label = ui.selectable_label(self.components == components, small(name));
            if label.on_hover_text(help).clicked() && self.components != components {
                self.components = components;
                self.axes.reset();
            }
        }
        if self.components {
            let response = ui.checkbox(&mut self.shows_loadings, small("loadings"));
            let question = ComponentsQuestion { shown: SameData(shown.clone()) };
            let known = self.found.known(&question).and_then(|found| found.as_ref().as_ref());
            if let Some(components) = known {
                response.on_hover_ui(|ui| {
                    drawing::loadings_table_ui(ui, theme, shown, &components.fit);
                });
            }
        } else {
            let entries: Vec<(usize, &str)> =
                drawable.iter().map(|column| (*column, shown.name(*column))).collect();
            for (axis, name) in ["x", "y"].into_iter().enumerate() {
                let label = format!("Column along {name}");
                if let Some(column) =
                    chooser(ui, &label, &format!("{name}: "), &entries, columns[axis])
                {
                    shown.name(column).clone_into(&mut self.columns[axis]);
                    // The other one stays, also where nobody has chosen it.
                    shown.name(columns[1 - axis]).clone_into(&mut self.columns[1 - axis]);
                    self.log[axis] = false;
                    self.axes.reset();
                }
                self.log_ui(ui, axis, name);
            }
        }
        let mut entries =
            vec![(None, shown.name(shown.loaded.target)), (Some(usize::MAX), "nothing")];
        let others = drawable.iter().filter(|column| **column != shown.loaded.target);
        entries.extend(others.map(|column| (Some(*column), shown.name(*column))));
        let current = match &self.color {
            ColorBy::Target => None,
            ColorBy::Nothing => Some(usize::MAX),
            ColorBy::Column(name) => {
                shown.column(name).filter(|column| *column != shown.loaded.target)
            }
        };
        if let Some(chosen) = chooser(ui, "Colour of the rows", "colour: ", &entries, current) {
            self.color = match chosen {
                None => ColorBy::Target,
                Some(usize::MAX) => ColorBy::Nothing,
                Some(column) => ColorBy::Column(shown.name(column).to_owned()),
            };
        }
        self.part.ui(ui, &shown.prepared);
    }

    fn log_ui(&mut self, ui: &mut Ui, axis: usize, name: &str) {
        let known = self.drawing.cloud();
        let is_offered = self.log[axis] || known.is_some_and(|cloud| cloud.is_positive[axis]);
        let label = egui::Button::selectable(self.log[axis], small("log"));
        let response = ui.add_enabled(is_offered, label);
        let label = format!("Logarithmic {name} axis");
        response.widget_info(|| {
            egui::WidgetInfo::selected(egui::Role::CheckBox, is_offered, self.log[axis], &label)
        });
        let why = "Logarithms are taken where all values are above 0.";
        if response.on_hover_text(&label).on_disabled_hover_text(why).clicked() {
            self.log[axis] = !self.log[axis];
            self.axes.reset();
        }
    }

    /// The components, of which there is at least one; `None` where that is not known yet or there
    /// are none, which is then said.
    fn found(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        shown: &Shown,
    ) -> Option<Arc<Option<Components>>> {
        let table = shown.table();
        let is_small = table.n_rows() * table.columns.len() <= FEW_VALUES;
        let question = ComponentsQuestion { shown: SameData(shown.clone()) };
        let answer = self.found.ask(&question, is_small, || waker(ui.ctx()));
        let answer = answer.filter(|(asked, _)| **asked == question);
        let Some(found) = answer.map(|(_, found)| Arc::clone(found)) else {
            waiting_ui(ui, theme, self.found.has_failed(&question));
            return None;
        };
        if found.is_none() {
            let text = "Principal components take two numeric features that vary.";
            empty_ui(ui, theme, "There are no components", text);
            return None;
        }
        Some(found)
    }

    fn question(
        &self,
        ui: &Ui,
        shown: &Shown,
        axes: [Coordinate; 2],
        columns: [usize; 2],
    ) -> CloudQuestion {
        let mut question = CloudQuestion::new(&shown.loaded, &shown.members, axes);
        if !self.components {
            let is_numeric = |column: usize| {
                let column = shown.table().columns.get(column);
                column.is_some_and(|column| matches!(column.cells, Cells::Numeric(_)))
            };
            question.log = [0, 1].map(|axis| self.log[axis] && is_numeric(columns[axis]));
        }
        question.tint = match &self.color {
            ColorBy::Nothing => Tint::Plain,
            ColorBy::Column(name) if *name != shown.name(shown.loaded.target) => {
                shown.column(name).map_or(Tint::Plain, Tint::Column)
            }
            _ if shown.prepared.is_classification() => Tint::Class,
            _ => Tint::Column(shown.loaded.target),
        };
        question.parts = self.part.flags();
        if !question.is_small() {
            // Coarse steps, so that a person who resizes a view does not wait all the time.
            let room = ui.available_size();
            question.cells =
                [0, 1].map(|axis| (((room[axis] / CELL) as usize) / 32 * 32).clamp(64, 1600));
            question.window = self.axes.is_zoomed().then(|| self.axes.bounds([[0.0, 1.0]; 2]));
        }
        question
    }

    fn plot_ui(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        shown: &Shown,
        told: &Told,
        fit: Option<&PrincipalComponents>,
    ) {
        let Told { asked, cloud, labels } = told;
        self.drawing.follow(ui, theme, shown, asked, cloud);
        for axis in 0..2 {
            self.axes.names[axis] = match &asked.axes[axis] {
                Coordinate::Column(column) => names_along(&shown.loaded, *column),
                Coordinate::Values(_) => None,
            };
            self.axes.is_date[axis] = matches!(&asked.axes[axis],
                Coordinate::Column(column) if is_date(&shown.loaded, *column));
        }
        let room = ui.available_size() - vec2(60.0, 44.0);
        let frame = Frame {
            name: "Scatter",
            whole: cloud.whole,
            log: asked.log,
            labels: [&labels[0], &labels[1]],
            grid: matches!(cloud.picture, CloudPicture::Dots(_)),
            theme,
        };
        let drawing = &self.drawing;
        let drawn = self.axes.show(ui, &frame, |plot| drawing.draw(plot, room));
        let area = *drawn.transform.frame();
        if let Some(fit) = fit.filter(|_| self.shows_loadings) {
            drawing::loadings_ui(ui, theme, shown, &drawn.transform, fit);
        }
        // In a small plot the words would hide the rows.
        let is_roomy = area.width() >= ROOMY.x && area.height() >= ROOMY.y;
        legend_ui(ui, theme, area, &self.drawing.legend(theme, shown, asked, is_roomy));
        if is_roomy {
            count_ui(ui, theme, area, cloud, fit);
        }
        reading::ui(ui, theme, shown, told, &drawn);
    }
}

/// The first two features that vary, those that tell something before others; else any two columns.
fn first_pair(shown: &Shown, drawable: &[usize]) -> [usize; 2] {
    let features = numeric_features(shown.table(), shown.loaded.target, &shown.left_out);
    let varied = features.iter().copied().filter(|column| column_varies(shown.table(), *column));
    let (telling, others): (Vec<usize>, Vec<usize>) =
        varied.partition(|column| is_telling(shown, *column));
    let varied: Vec<usize> = telling.into_iter().chain(others).take(2).collect();
    let rest = drawable.iter().copied().filter(|column| !varied.contains(column));
    let mut offered = varied.iter().copied().chain(rest);
    let first = offered.next().unwrap_or(0);
    [first, offered.next().unwrap_or(first)]
}

/// Whether a column says more about a row than when it was written or its number: no date, and not
/// rising from each of the first rows to the next.
fn is_telling(shown: &Shown, column: usize) -> bool {
    const FIRST: usize = 200;
    let rises = match shown.table().columns.get(column).map(|column| &column.cells) {
        Some(Cells::Numeric(values)) => {
            let first = &values[..values.len().min(FIRST)];
            first.iter().all(|value| value.fract() == 0.0) && first.is_sorted_by(|a, b| a < b)
        }
        _ => false,
    };
    !rises && !is_date(&shown.loaded, column)
}

/// The names along an axis; `None` where it has numbers.
fn names_along(loaded: &Loaded, column: usize) -> Option<Vec<String>> {
    match &loaded.table.columns.get(column)?.cells {
        Cells::Nominal { levels, .. } => {
            Some(level_order(levels).into_iter().map(|level| levels[level].clone()).collect())
        }
        Cells::Numeric(_) => None,
    }
}

/// How many rows there are, and what was left out, in the lower corner.
fn count_ui(
    ui: &Ui,
    theme: &Theme,
    area: egui::Rect,
    cloud: &Cloud,
    fit: Option<&PrincipalComponents>,
) {
    let count = |n: usize| format_value(n as f64, 12);
    let mut text = match cloud.n_rows {
        1 => "1 row".to_owned(),
        n => format!("{} rows", count(n)),
    };
    if cloud.n_missing > 0 {
        text += &format!(" · {} without a value are not drawn", count(cloud.n_missing));
    }
    if let Some(fit) = fit {
        text += &format!(" · components of {} {} rows", count(fit.n_rows), PARTS[0]);
        if fit.stride > 1 {
            text += &format!(" (one of every {})", fit.stride);
        }
    }
    let font = egui::FontId::proportional(11.0);
    let painter = ui.painter().with_clip_rect(area);
    let galley = painter.layout(text, font, theme.faint, area.width() - 16.0);
    let at = area.right_bottom() - galley.size() - vec2(8.0, 5.0);
    let back = egui::Rect::from_min_size(at, galley.size()).expand2(vec2(3.0, 0.5));
    painter.rect_filled(back, 2, theme.plot.gamma_multiply(0.8));
    painter.galley(at, galley, theme.faint);
}
