//! The views in tabs and splits.

use std::collections::BTreeMap;

use egui::{Color32, CornerRadius, Rect, Stroke, TextStyle, Ui, Vec2, Visuals, WidgetText};
use egui_tiles::{
    Behavior, Container, Linear, LinearDir, SimplificationOptions, TabState, Tabs, Tile, TileId,
    Tiles, Tree, UiResponse,
};

use super::theme::{Theme, space, strong};
use super::views::{Place, View, ViewContext, ViewKind, pair_is_wanted, views};
use super::widgets::within;
use crate::session::Session;

/// The height of a tab bar.
const HEADER: f32 = 34.0;
/// Free space beside the title of a tab, and where there is little room.
const TAB_SPACING: f32 = 10.0;
const NARROW_TAB_SPACING: f32 = 6.0;
/// Titles are not cut to less than this.
const LEAST_TITLE: f32 = 34.0;

/// A view in the arrangement, by its name.
type Pane = String;

/// The arrangement of the views and the views themselves.
pub(super) struct Centre {
    kinds: Vec<ViewKind>,
    views: BTreeMap<&'static str, Box<dyn View>>,
    tree: Tree<Pane>,
    /// Whether a person arranged the views; else they follow the study.
    is_arranged: bool,
    shown_for: Vec<bool>,
    /// The view that fills the centre alone for now.
    enlarged: Option<Pane>,
    /// A view that is to be in front while the views follow the study.
    front: Option<&'static str>,
    /// Whether it still has to come there.
    is_due: bool,
}

impl Centre {
    /// The views, arranged as `layout` says, or by default where it says nothing useful.
    pub(super) fn new(layout: &str) -> Self {
        let kinds = views();
        let views = kinds.iter().map(|kind| (kind.name, (kind.create)())).collect();
        let saved: Option<Tree<Pane>> = ron::from_str(layout).ok();
        let is_arranged = saved.as_ref().is_some_and(|tree| tree.root().is_some());
        let tree = saved.filter(|_| is_arranged).unwrap_or_else(|| Tree::empty(tree_id()));
        let shown_for = Vec::new();
        Self {
            kinds,
            views,
            tree,
            is_arranged,
            shown_for,
            enlarged: None,
            front: None,
            is_due: false,
        }
    }

    /// The arrangement in words, for preferences; empty while it is the default one.
    pub(super) fn layout(&self) -> String {
        if self.is_arranged {
            ron::to_string(&self.tree).unwrap_or_default()
        } else {
            String::new()
        }
    }

    /// All views with whether they are open.
    pub(super) fn open_views(&self) -> Vec<(&ViewKind, bool)> {
        self.kinds.iter().map(|kind| (kind, self.find(kind.name).is_some())).collect()
    }

    /// Opens a view or closes it.
    pub(super) fn toggle(&mut self, name: &str) {
        self.is_arranged = true;
        if let Some(tile) = self.find(name) {
            self.tree.remove_recursively(tile);
            return;
        }
        let tile = self.tree.tiles.insert_pane(name.to_owned());
        let tabs = self.tree.tiles.iter().find_map(|(id, tile)| {
            matches!(tile, Tile::Container(Container::Tabs(_))).then_some(*id)
        });
        match tabs {
            Some(tabs) => self.tree.move_tile_to_container(tile, tabs, usize::MAX, false),
            None => {
                let root = self.tree.tiles.insert_tab_tile(vec![tile]);
                self.tree = Tree::new(tree_id(), root, std::mem::take(&mut self.tree.tiles));
            }
        }
        self.show(name);
    }

    /// Brings a view to the front, opening it where needed.
    pub(super) fn show(&mut self, name: &str) {
        if self.find(name).is_none() {
            return self.toggle(name);
        }
        self.tree.make_active(|_, tile| matches!(tile, Tile::Pane(pane) if pane == name));
    }

    /// Keeps a view in front, `None` for that of the default arrangement, until a person arranges
    /// the views. One that was closed stays closed.
    pub(super) fn keep_in_front(&mut self, name: Option<&'static str>) {
        self.is_due = name.is_some();
        self.front = name;
    }

    /// Puts the views back to where they were at first.
    pub(super) fn reset(&mut self) {
        (self.enlarged, self.front) = (None, None);
        self.is_arranged = false;
        self.shown_for.clear();
    }

    fn find(&self, name: &str) -> Option<TileId> {
        self.tree
            .tiles
            .iter()
            .find_map(|(id, tile)| matches!(tile, Tile::Pane(pane) if pane == name).then_some(*id))
    }

    /// Follows the study with the default arrangement.
    fn arrange(&mut self, session: &Session) {
        let suits: Vec<bool> = self.kinds.iter().map(|kind| (kind.suits)(session)).collect();
        if self.is_arranged || (suits == self.shown_for && self.tree.root().is_some()) {
            return;
        }
        let mut tiles = Tiles::default();
        let mut quarter = |place: Place| {
            let in_place = self
                .kinds
                .iter()
                .zip(&suits)
                .filter(|(kind, suits)| **suits && kind.place == place);
            let panes: Vec<_> =
                in_place.map(|(kind, _)| tiles.insert_pane(kind.name.to_owned())).collect();
            (!panes.is_empty()).then(|| tiles.insert_tab_tile(panes))
        };
        let [top_left, top_right, bottom_left, bottom_right] = Place::ALL.map(&mut quarter);
        let mut split = |direction, pair: [Option<TileId>; 2], share| match pair {
            [Some(a), Some(b)] => {
                let linear = Linear::new_binary(direction, [a, b], share);
                Some(tiles.insert_container(Container::Linear(linear)))
            }
            [one, other] => one.or(other),
        };
        let left = split(LinearDir::Vertical, [top_left, bottom_left], 0.56);
        let right = split(LinearDir::Vertical, [top_right, bottom_right], 0.56);
        let root = split(LinearDir::Horizontal, [left, right], 0.56);
        self.tree = match root {
            Some(root) => Tree::new(tree_id(), root, tiles),
            None => Tree::empty(tree_id()),
        };
        self.shown_for = suits;
        self.is_due = self.front.is_some();
    }

    /// Draws the views into all of `ui`.
    pub(super) fn ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>) {
        self.arrange(context.session);
        if pair_is_wanted(ui.ctx()) {
            self.show("pairs");
        }
        if self.tree.root().is_none_or(|root| self.tree.tiles.get(root).is_none()) {
            ui.centered_and_justified(|ui| {
                ui.weak("No view is open. Open one from the View menu.");
            });
            return;
        }
        if std::mem::take(&mut self.is_due)
            && let Some(name) = self.front
            && self.find(name).is_some()
        {
            self.show(name);
        }
        let theme = *context.theme;
        self.enlarged = self.enlarged.take().filter(|name| self.find(name).is_some());
        if let Some(name) = self.enlarged.clone() {
            return self.enlarged_ui(ui, context, &name);
        }
        let mut behavior = Arrangement {
            views: &mut self.views,
            context,
            theme,
            was_edited: false,
            n_tabs: 0,
            tab_widths: Vec::new(),
            tab_spacing: TAB_SPACING,
            enlarged: None,
        };
        self.tree.ui(&mut behavior, ui);
        self.is_arranged |= behavior.was_edited;
        self.enlarged = behavior.enlarged;
        self.paint_frames(ui, &theme);
    }
}

impl Centre {
    /// One view in all of `ui`.
    fn enlarged_ui(&mut self, ui: &mut Ui, context: &mut ViewContext<'_>, name: &str) {
        let theme = *context.theme;
        let Some(view) = self.views.get_mut(name) else { return };
        let whole = ui.available_rect_before_wrap();
        ui.painter().rect_filled(whole, 8.0, theme.plot);
        let bar = whole.with_max_y(whole.top() + HEADER);
        let corners = CornerRadius { nw: 8, ne: 8, sw: 0, se: 0 };
        ui.painter().rect_filled(bar, corners, theme.panel);
        ui.painter().hline(bar.x_range(), bar.bottom(), Stroke::new(1.0, theme.line));
        within(ui, bar.shrink2(egui::vec2(10.0, 0.0)), left_to_right(), |ui| {
            ui.label(strong(view.title()));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if enlarge_button(ui, &theme, true).clicked() {
                    self.enlarged = None;
                }
                ui.push_id(("header", name), |ui| {
                    ui.spacing_mut().item_spacing.x = space::NORMAL;
                    view.header_ui(ui, context);
                });
            });
        });
        let inner = whole.with_min_y(bar.bottom()).shrink(1.0);
        let mut content = ui.new_child(egui::UiBuilder::new().max_rect(inner).id_salt(name));
        content.set_clip_rect(ui.clip_rect().intersect(inner));
        view.ui(&mut content, context);
        let stroke = Stroke::new(1.0, theme.line);
        ui.painter().rect_stroke(whole, 8.0, stroke, egui::StrokeKind::Inside);
        ui.advance_cursor_after_rect(whole);
    }

    /// A hairline around each view and its tab bar.
    fn paint_frames(&self, ui: &Ui, theme: &Theme) {
        for (id, tile) in self.tree.tiles.iter() {
            let is_group = matches!(tile, Tile::Container(Container::Tabs(_)));
            let rect = self.tree.tiles.rect(*id).filter(|_| is_group && self.tree.is_visible(*id));
            if let Some(rect) = rect {
                let stroke = Stroke::new(1.0, theme.line);
                ui.painter().rect_stroke(rect, 8.0, stroke, egui::StrokeKind::Inside);
            }
        }
    }
}

fn left_to_right() -> egui::Layout {
    egui::Layout::left_to_right(egui::Align::Center)
}

/// Lets a view fill the centre, or gives the others their room back.
fn enlarge_button(ui: &mut Ui, theme: &Theme, is_large: bool) -> egui::Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::splat(20.0), egui::Sense::click());
    let name = if is_large { "Show all views again" } else { "Enlarge this view" };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
    let is_lit = response.hovered() || response.has_focus();
    let stroke = Stroke::new(1.4, if is_lit { theme.text } else { theme.faint });
    let square = Rect::from_center_size(rect.center(), Vec2::splat(10.0));
    let painter = ui.painter();
    if is_large {
        painter.rect_stroke(square.shrink(1.5), 1.0, stroke, egui::StrokeKind::Middle);
    } else {
        // Two corners, drawn apart.
        let [from, to] = [square.right_top(), square.left_bottom()];
        for (corner, sign) in [(from, 1.0), (to, -1.0)] {
            painter.line_segment([corner, corner - egui::vec2(5.0 * sign, 0.0)], stroke);
            painter.line_segment([corner, corner + egui::vec2(0.0, 5.0 * sign)], stroke);
        }
    }
    response.on_hover_text(name)
}

fn tree_id() -> egui::Id {
    egui::Id::unique("views")
}

struct Arrangement<'a, 'b> {
    views: &'a mut BTreeMap<&'static str, Box<dyn View>>,
    context: &'a mut ViewContext<'b>,
    theme: Theme,
    was_edited: bool,
    /// How many tabs the bar being drawn has.
    n_tabs: usize,
    /// The widths of the titles in it, so that all tabs are in view.
    tab_widths: Vec<(TileId, f32)>,
    /// Free space beside each title.
    tab_spacing: f32,
    /// A view that is to fill the centre.
    enlarged: Option<Pane>,
}

impl Arrangement<'_, '_> {
    /// Finds out how wide each title of a bar can be for all tabs to have room in what is left of it.
    fn fit_tabs(&mut self, tiles: &Tiles<Pane>, ui: &Ui, tabs: &Tabs) {
        let font = TextStyle::Button.resolve(ui.style());
        let mut width = |id: &TileId| {
            let title =
                tiles.get_pane(id).map_or(strong("").into(), |p| self.tab_title_for_pane(p));
            let galley = title.into_galley(
                ui,
                Some(egui::TextWrapMode::Extend),
                f32::INFINITY,
                font.clone(),
            );
            galley.size().x.ceil()
        };
        let visible = tabs.children.iter().filter(|id| tiles.is_visible(**id));
        let natural: Vec<(TileId, f32)> = visible.map(|id| (*id, width(id))).collect();
        let room = |spacing: f32| ui.available_width() - 2.0 * spacing * natural.len() as f32 - 2.0;
        let all: f32 = natural.iter().map(|(_, width)| width).sum();
        let is_roomy = all <= room(TAB_SPACING);
        self.tab_spacing = if is_roomy { TAB_SPACING } else { NARROW_TAB_SPACING };
        let is_active = |id: &TileId| Some(*id) == tabs.active;
        let widths: Vec<(f32, bool)> =
            natural.iter().map(|(id, width)| (*width, is_active(id))).collect();
        let fitted = fitted_widths(&widths, room(self.tab_spacing));
        self.tab_widths = natural.iter().zip(fitted).map(|((id, _), width)| (*id, width)).collect();
    }
}

/// Widths of titles that have `room` for all: the longest give way first, that of the active tab last.
fn fitted_widths(natural: &[(f32, bool)], room: f32) -> Vec<f32> {
    let with_most = |most: f32| {
        let fit = |(width, is_active): &(f32, bool)| match is_active {
            true => *width,
            false => width.min(most),
        };
        natural.iter().map(fit).collect::<Vec<f32>>()
    };
    let longest = natural.iter().map(|(width, _)| *width).fold(LEAST_TITLE, f32::max);
    let mut most = longest;
    while most > LEAST_TITLE && with_most(most).iter().sum::<f32>() > room {
        most -= 1.0;
    }
    with_most(most.max(LEAST_TITLE))
}

impl Behavior<Pane> for Arrangement<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, _: TileId, pane: &mut Pane) -> UiResponse {
        let rect = ui.max_rect();
        ui.painter().rect_filled(
            rect,
            CornerRadius { nw: 0, ne: 0, sw: 8, se: 8 },
            self.theme.plot,
        );
        let inner = rect.shrink2(egui::vec2(1.0, 1.0));
        let mut content =
            ui.new_child(egui::UiBuilder::new().max_rect(inner).id_salt(pane.as_str()));
        content.set_clip_rect(ui.clip_rect().intersect(inner));
        match self.views.get_mut(pane.as_str()) {
            Some(view) => view.ui(&mut content, self.context),
            None => {
                content.weak("This version has no such view.");
            }
        }
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> WidgetText {
        let title = self.views.get(pane.as_str()).map(|view| view.title());
        strong(title.unwrap_or_else(|| pane.clone())).into()
    }

    fn top_bar_right_ui(
        &mut self,
        tiles: &Tiles<Pane>,
        ui: &mut Ui,
        _: TileId,
        tabs: &Tabs,
        _: &mut f32,
    ) {
        self.n_tabs = tabs.children.len();
        let Some(pane) = tabs.active.and_then(|active| tiles.get_pane(&active)) else { return };
        ui.add_space(space::TIGHT);
        if enlarge_button(ui, &self.theme, false).clicked() {
            self.enlarged = Some(pane.clone());
        }
        if let Some(view) = self.views.get_mut(pane.as_str()) {
            ui.push_id(("header", pane), |ui| {
                ui.spacing_mut().item_spacing.x = space::NORMAL;
                view.header_ui(ui, self.context);
            });
        }
        self.fit_tabs(tiles, ui, tabs);
    }

    fn is_tab_closable(&self, _: &Tiles<Pane>, _: TileId) -> bool {
        false
    }

    fn tab_bar_height(&self, _: &egui::Style) -> f32 {
        HEADER
    }

    fn gap_width(&self, _: &egui::Style) -> f32 {
        space::NORMAL
    }

    fn min_size(&self) -> f32 {
        160.0
    }

    fn tab_title_spacing(&self, _: &Visuals) -> f32 {
        self.tab_spacing
    }

    fn tab_bar_color(&self, _: &Visuals) -> Color32 {
        self.theme.panel
    }

    fn resize_stroke(&self, _: &egui::Style, state: egui_tiles::ResizeState) -> Stroke {
        match state {
            egui_tiles::ResizeState::Idle => Stroke::NONE,
            _ => Stroke::new(2.0, self.theme.accent),
        }
    }

    fn tab_bg_color(&self, _: &Visuals, _: &Tiles<Pane>, _: TileId, _: &TabState) -> Color32 {
        Color32::TRANSPARENT
    }

    fn tab_outline_stroke(&self, _: &Visuals, _: &Tiles<Pane>, _: TileId, _: &TabState) -> Stroke {
        Stroke::NONE
    }

    fn tab_bar_hline_stroke(&self, _: &Visuals) -> Stroke {
        Stroke::new(1.0, self.theme.line)
    }

    fn tab_text_color(&self, _: &Visuals, _: &Tiles<Pane>, _: TileId, state: &TabState) -> Color32 {
        if state.active { self.theme.text } else { self.theme.dim }
    }

    fn tab_ui(
        &mut self,
        tiles: &mut Tiles<Pane>,
        ui: &mut Ui,
        id: egui::Id,
        tile_id: TileId,
        state: &TabState,
    ) -> egui::Response {
        let is_alone = self.n_tabs == 1;
        let title = self.tab_title_for_tile(tiles, tile_id);
        let font = TextStyle::Button.resolve(ui.style());
        let most = self.tab_widths.iter().find(|(known, _)| *known == tile_id);
        let most = most.map_or(f32::INFINITY, |(_, width)| *width);
        let galley = title.into_galley(ui, Some(egui::TextWrapMode::Truncate), most, font);
        let width = galley.size().x + 2.0 * self.tab_title_spacing(ui.visuals());
        let (_, rect) = ui.allocate_space(Vec2::new(width, ui.available_height()));
        let response = ui.interact(rect, id, egui::Sense::click_and_drag());
        response.widget_info(|| {
            egui::WidgetInfo::selected(
                egui::Role::Tab,
                ui.is_enabled(),
                state.active,
                galley.text(),
            )
        });
        let response = if galley.elided { response.on_hover_text(galley.text()) } else { response };
        if !state.is_being_dragged {
            let color =
                if state.active || response.hovered() { self.theme.text } else { self.theme.dim };
            let place = egui::Align2::LEFT_CENTER
                .align_size_within_rect(
                    galley.size(),
                    rect.shrink(self.tab_title_spacing(ui.visuals())),
                )
                .min;
            ui.painter().galley_with_override_text_color(place, galley, color);
            if state.active && !is_alone {
                let mark = Rect::from_min_max(
                    egui::pos2(rect.left() + 8.0, rect.bottom() - 2.0),
                    egui::pos2(rect.right() - 8.0, rect.bottom()),
                );
                ui.painter().rect_filled(mark, CornerRadius::same(1), self.theme.accent);
            }
        }
        self.on_tab_button(tiles, tile_id, response)
    }

    fn simplification_options(&self) -> SimplificationOptions {
        SimplificationOptions { all_panes_must_have_tabs: true, ..SimplificationOptions::default() }
    }

    fn on_edit(&mut self, action: egui_tiles::EditAction) {
        self.was_edited |= !matches!(action, egui_tiles::EditAction::TabSelected);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_titles_give_way_and_the_active_one_stays_whole() {
        let titles = [(48.0, false), (76.0, false), (48.0, false), (42.0, false), (80.0, true)];
        let natural: Vec<f32> = titles.iter().map(|(width, _)| *width).collect();
        assert_eq!(fitted_widths(&titles, 400.0), natural);
        let fitted = fitted_widths(&titles, 270.0);
        assert!(fitted.iter().sum::<f32>() <= 270.0);
        assert_eq!((fitted[4], fitted[0]), (80.0, 48.0));
        assert!(fitted[1] < 76.0);
        assert!(fitted_widths(&titles, 10.0).iter().all(|width| *width >= LEAST_TITLE));
    }
}
