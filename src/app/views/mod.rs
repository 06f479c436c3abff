//! The views in the centre of the window: curves, tables, pictures. Each is one file and one line
//! in [`views`]; the View menu, the default layout and the tests follow from that list. A view
//! reads the session and pushes commands; it never changes anything itself.

mod augmentation;
mod axes;
mod boundary;
mod coefficients;
mod confusion;
mod correlations;
mod curve;
mod curves;
mod data;
mod differences;
mod endings;
mod fit;
mod hover;
mod images;
mod pairs;
mod pictures;
mod quantity;
mod results;
mod scatter;
mod series;
mod step;
mod stroke;
mod subject;
mod surface;
mod target;

pub(super) use axes::quiet_table;
pub(super) use subject::pair_is_wanted;

use super::theme::Theme;
use crate::session::{Session, SessionCommand};

/// What a view is given to draw with.
pub struct ViewContext<'a> {
    /// The open study, its runs and its data.
    pub session: &'a Session,
    /// The colours.
    pub theme: &'a Theme,
    /// The experiment under the pointer anywhere in the window, to be highlighted.
    pub hovered: Option<usize>,
    /// Set this to the experiment under the pointer in this view.
    pub hover: &'a mut Option<usize>,
    /// Orders from the person, done after the frame.
    pub commands: &'a mut Vec<SessionCommand>,
}

/// A picture of the session.
pub trait View {
    /// The title on its tab.
    fn title(&self) -> String;

    /// Its own controls (log or linear, which clock, ...), at the right end of the tab bar, added
    /// from right to left.
    fn header_ui(&mut self, ui: &mut egui::Ui, context: &mut ViewContext<'_>) {
        let _ = (ui, context);
    }

    /// Draws it into all of `ui`.
    fn ui(&mut self, ui: &mut egui::Ui, context: &mut ViewContext<'_>);
}

/// The quarter of the default layout in which a view opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The large quarter.
    TopLeft,
    /// Right of it.
    TopRight,
    /// Below it.
    BottomLeft,
    /// In the last corner.
    BottomRight,
}

impl Place {
    /// All quarters.
    pub const ALL: [Self; 4] = [Self::TopLeft, Self::TopRight, Self::BottomLeft, Self::BottomRight];
}

/// A view for menus and layouts.
#[derive(Clone, Copy)]
pub struct ViewKind {
    /// Its name in the saved layout; never changes.
    pub name: &'static str,
    /// The words in the View menu.
    pub title: &'static str,
    /// Where it opens.
    pub place: Place,
    /// Whether it has something to show for this session, so that the default layout has it.
    pub suits: fn(&Session) -> bool,
    /// Makes one.
    pub create: fn() -> Box<dyn View>,
}

/// All views, in the order of the menu. In a quarter, the first that suits is in front.
pub fn views() -> Vec<ViewKind> {
    vec![
        ViewKind {
            name: "curves",
            title: "Loss curves",
            place: Place::TopLeft,
            suits: |_| true,
            create: || Box::new(curves::Curves::loss()),
        },
        ViewKind {
            name: "quality",
            title: "Accuracy or R² curves",
            place: Place::TopLeft,
            suits: pictures::has_data,
            create: || Box::new(curves::Curves::quality()),
        },
        ViewKind {
            name: "step",
            title: "One step",
            place: Place::TopLeft,
            suits: |_| true,
            create: || Box::new(step::StepView::default()),
        },
        ViewKind {
            name: "surface",
            title: "Surface",
            place: Place::TopRight,
            suits: pictures::has_surface,
            create: || Box::new(surface::SurfaceMap::default()),
        },
        ViewKind {
            name: "boundary",
            title: "Decision boundary",
            place: Place::TopRight,
            suits: pictures::has_plane_classes,
            create: || Box::new(boundary::Boundary::default()),
        },
        ViewKind {
            name: "fit",
            title: "Fitted line",
            place: Place::TopRight,
            suits: pictures::has_line,
            create: || Box::new(fit::Fit::default()),
        },
        ViewKind {
            name: "confusion",
            title: "Confusion matrix",
            place: Place::TopRight,
            suits: pictures::has_classes,
            create: || Box::new(confusion::ConfusionMatrix::default()),
        },
        ViewKind {
            name: "scatter",
            title: "Predicted against actual",
            place: Place::TopRight,
            suits: pictures::has_numbers,
            create: || Box::new(scatter::Scatter::default()),
        },
        ViewKind {
            name: "images",
            title: "Images",
            place: Place::TopRight,
            suits: pictures::may_have_images,
            create: || Box::new(images::Images::default()),
        },
        ViewKind {
            name: "correlations",
            title: "Correlations",
            place: Place::TopRight,
            suits: pictures::has_several_features,
            create: || Box::new(correlations::CorrelationMap::default()),
        },
        ViewKind {
            name: "results",
            title: "Results",
            place: Place::BottomLeft,
            suits: |_| true,
            create: || Box::new(results::Results::default()),
        },
        ViewKind {
            name: "differences",
            title: "What differs",
            place: Place::BottomLeft,
            suits: |_| true,
            create: || Box::new(differences::Differences),
        },
        ViewKind {
            name: "pairs",
            title: "Scatter",
            place: Place::BottomLeft,
            suits: pictures::has_data,
            create: || Box::new(pairs::PairScatter::default()),
        },
        ViewKind {
            name: "target",
            title: "Target",
            place: Place::BottomLeft,
            suits: pictures::has_data,
            create: || Box::new(target::Target::default()),
        },
        ViewKind {
            name: "coefficients",
            title: "Coefficients",
            place: Place::BottomLeft,
            suits: coefficients::suits,
            create: || Box::new(coefficients::Coefficients::default()),
        },
        ViewKind {
            name: "gradient",
            title: "Gradient norm",
            place: Place::BottomRight,
            suits: |_| true,
            create: || Box::new(curves::Curves::gradient_norm()),
        },
        ViewKind {
            name: "data",
            title: "Data",
            place: Place::BottomRight,
            suits: pictures::has_data,
            create: || Box::new(data::DataTable::default()),
        },
        ViewKind {
            name: "augmentation",
            title: "Augmentation",
            place: Place::BottomRight,
            suits: augmentation::has_augmentation,
            create: || Box::new(augmentation::Augmentation::default()),
        },
    ]
}
