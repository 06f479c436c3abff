//! The views in the centre of the window: curves, tables, pictures. Each is one file and one line
//! in [`views`]; the View menu, the default layout and the tests follow from that list. A view
//! reads the session and pushes commands; it never changes anything itself.

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
    vec![]
}
