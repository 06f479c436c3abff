//! The window as a whole: it owns the session, draws the panels, and does what they order.

mod acting;
mod asking;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::Receiver;
use egui::{CentralPanel, Frame, Margin, Panel, ViewportCommand};

use crate::app::centre::Centre;
use crate::app::dialogs::{Choice, FileDialogs, Purpose, SystemDialogs};
use crate::app::experiments::ExperimentList;
use crate::app::inspector::Inspector;
use crate::app::modals::{self, Modal};
use crate::app::orders::Order;
use crate::app::palette::Palette;
use crate::app::theme::{self, Theme, space};
use crate::app::views::ViewContext;
use crate::app::widgets::within;
use crate::app::{data_card, fonts, messages, record_card, toolbar};
use crate::session::{
    Preferences, Session, SessionCommand, Severity, ThemeChoice, WindowPreferences,
};
use crate::training::Executor;

/// The time between two frames while something trains: drawing never starves training.
const FRAME: Duration = Duration::from_millis(40);

/// The width that panels leave to the views.
const VIEWS: f32 = 508.0;

/// What the window starts with.
pub struct Options {
    /// Files to open.
    pub files: Vec<PathBuf>,
    /// Where preferences and recovered work are kept; `None` to keep none.
    pub folder: Option<PathBuf>,
    /// How to ask for files.
    pub dialogs: Box<dyn FileDialogs>,
    /// How many runs train at once; `None` for as many as there are cores.
    pub n_threads: Option<usize>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            files: Vec::new(),
            folder: Preferences::user_folder(),
            dialogs: Box::new(SystemDialogs),
            n_threads: None,
        }
    }
}

/// The window.
pub struct App {
    session: Session,
    centre: Centre,
    experiments: ExperimentList,
    inspector: Inspector,
    palette: Option<Palette>,
    modal: Option<Modal>,
    dialogs: Box<dyn FileDialogs>,
    asked: Option<(Purpose, Receiver<Choice>)>,
    /// What to do once the study is saved.
    after_save: Option<Box<Order>>,
    hovered: Option<usize>,
    window: WindowPreferences,
    /// The width for panels in the last frame.
    room: f32,
    remembered_at: Instant,
    title: String,
    may_close: bool,
    /// Whether it closes as soon as the record that is being written is whole.
    is_closing: bool,
}

impl App {
    /// A window on `ctx`.
    pub fn new(ctx: &egui::Context, options: Options) -> Self {
        fonts::install(ctx);
        theme::install(ctx);
        let executor = Executor::new(options.n_threads);
        let waker = ctx.clone();
        let wake: Arc<dyn Fn() + Send + Sync> =
            Arc::new(move || waker.request_repaint_after(FRAME));
        let session = match options.folder {
            Some(folder) => Session::with_folder(executor, wake, folder),
            None => Session::new(executor, wake),
        };
        let window = session.preferences().window.clone();
        let mut app = Self {
            centre: Centre::new(&window.layout),
            session,
            experiments: ExperimentList::default(),
            inspector: Inspector::default(),
            palette: None,
            modal: None,
            dialogs: options.dialogs,
            asked: None,
            after_save: None,
            hovered: None,
            window,
            room: 0.0,
            remembered_at: Instant::now(),
            title: String::new(),
            may_close: false,
            is_closing: false,
        };
        app.show_theme(ctx);
        ctx.set_zoom_factor(app.window.zoom.clamp(0.5, 3.0));
        let mut files = options.files.into_iter();
        if let Some(path) = files.next() {
            if crate::session::is_table(&path) {
                app.centre.keep_in_front(Some("data"));
            }
            app.session.apply(SessionCommand::Open(path));
        }
        let others: Vec<PathBuf> = files.collect();
        if let Some(recovered) = app.session.take_recovered().pop() {
            app.modal = Some(Modal::Recovered(Box::new(recovered)));
        } else if let Some(last) = app.session.messages().last()
            && last.severity == Severity::Error
        {
            app.modal = Some(Modal::Problem(last.text.clone()));
        } else if !others.is_empty() {
            app.modal = Some(Modal::Others(others));
        }
        app
    }

    /// What the window shows.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Brings a view to the front.
    pub fn show_view(&mut self, name: &str) {
        self.centre.show(name);
    }

    fn show_theme(&self, ctx: &egui::Context) {
        ctx.set_theme(match self.window.theme {
            ThemeChoice::System => egui::ThemePreference::System,
            ThemeChoice::Light => egui::ThemePreference::Light,
            ThemeChoice::Dark => egui::ThemePreference::Dark,
        });
    }

    fn take_files(&mut self, ctx: &egui::Context, orders: &mut Vec<Order>) {
        let dropped = ctx.input(|input| input.raw.dropped_files.clone());
        let mut paths = dropped.iter().map(|file| file.path().to_owned());
        let Some(first) = paths.next() else { return };
        let others: Vec<PathBuf> = paths.collect();
        // Asked for before the first opens: its own questions come over it.
        if !others.is_empty() {
            self.modal = Some(Modal::Others(others));
        }
        orders.push(Order::OpenFile(first));
    }

    fn drop_hint(&self, ctx: &egui::Context, theme: &Theme) {
        if ctx.input(|input| input.raw.hovered_files.is_empty()) {
            return;
        }
        let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop"));
        let painter = ctx.layer_painter(layer);
        let rect = ctx.content_rect();
        painter.rect_filled(rect, 0.0, theme.background.gamma_multiply(0.85));
        painter.text(
            rect.center(),
            egui::Align2::CENTER_CENTER,
            "Drop a CSV file, a study or a record to open it",
            egui::FontId::proportional(18.0),
            theme.accent,
        );
    }

    fn update_title(&mut self, ctx: &egui::Context) {
        let document = self.session.document();
        let mark = if document.is_modified() { " (not saved)" } else { "" };
        let title = format!("{}{mark} – Descent", document.title());
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    fn remember_window(&mut self, ctx: &egui::Context, is_last: bool) {
        if !is_last && self.remembered_at.elapsed() < Duration::from_secs(5) {
            return;
        }
        self.remembered_at = Instant::now();
        let size = ctx.input(|input| input.viewport().inner_rect).map(|rect| rect.size());
        if let Some(size) = size.filter(|size| size.x >= 640.0 && size.y >= 400.0) {
            self.window.size = [size.x * self.window.zoom, size.y * self.window.zoom];
        }
        self.window.layout = self.centre.layout();
        self.session.remember_window(self.window.clone());
    }

    fn panels(&mut self, ui: &mut egui::Ui, theme: &Theme, orders: &mut Vec<Order>) {
        let frame =
            |x: i8, y: i8| Frame::new().fill(theme.panel).inner_margin(Margin::symmetric(x, y));
        Panel::top("menu").exact_size(34.0).frame(frame(12, 3)).show(ui, |ui| {
            toolbar::menu_bar(ui, theme, &self.session, &self.centre, orders);
        });
        Panel::top("toolbar").exact_size(46.0).frame(frame(12, 6)).show(ui, |ui| {
            toolbar::toolbar(ui, theme, &self.session, orders);
        });
        Panel::bottom("messages").exact_size(26.0).frame(frame(12, 2)).show(ui, |ui| {
            messages::line(ui, theme, &self.session, orders);
        });
        let mut commands = Vec::new();
        let mut hover = None;
        let mut context = ViewContext {
            session: &self.session,
            theme,
            hovered: self.hovered,
            hover: &mut hover,
            commands: &mut commands,
        };
        // On a small screen the views need the room more than the panels do.
        let room = ui.max_rect().width() - VIEWS;
        if (room - self.room).abs() > 0.5 {
            // Another size of the window: panels start from the widths that they remember.
            self.room = room;
            ui.data_mut(|data| data.remove_by_type::<egui::PanelState>());
        }
        let left_most = (room * 0.425).clamp(220.0, 420.0);
        let right_most = (room * 0.575).clamp(296.0, 480.0);
        let left = Panel::left("left")
            .default_size(self.window.left_width.min(left_most))
            .size_range(220.0..=left_most)
            .frame(frame(12, 8))
            .show(ui, |ui| {
                ui.take_available_width();
                let rect = ui.available_rect_before_wrap();
                let down = egui::Layout::top_down(egui::Align::Min);
                within(ui, rect, down, |ui| {
                    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                        record_card::record_ui(ui, &mut context, orders);
                        self.experiments.ui(ui, &mut context, orders);
                        ui.spacing_mut().item_spacing.y = space::TIGHT;
                        ui.add_space(space::NORMAL);
                        data_card::data_ui(ui, &mut context, orders);
                        ui.add_space(space::NORMAL);
                        data_card::seeds_ui(ui, &mut context, orders);
                    });
                });
            });
        let right = Panel::right("right")
            .default_size(self.window.right_width.min(right_most))
            .size_range(296.0..=right_most)
            .frame(frame(12, 8))
            .show(ui, |ui| {
                ui.take_available_width();
                let rect = ui.available_rect_before_wrap();
                let down = egui::Layout::top_down(egui::Align::Min);
                within(ui, rect, down, |ui| self.inspector.ui(ui, &mut context, orders));
            });
        // A width that a small window forced is none to remember.
        let (left, right) = (left.response.rect.width(), right.response.rect.width());
        if left < left_most - 0.5 {
            self.window.left_width = left;
        }
        if right < right_most - 0.5 {
            self.window.right_width = right;
        }
        let ground = Frame::new().fill(theme.background).inner_margin(Margin::same(8));
        CentralPanel::default().frame(ground).show(ui, |ui| {
            self.centre.ui(ui, &mut context);
        });
        self.hovered = hover;
        orders.extend(commands.into_iter().map(Order::Session));
    }
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _: &mut eframe::Frame) {
        self.session.update();
        self.take_choice(ctx);
        if let Some(refusal) = self.session.take_refusal() {
            // A window that closes now could not say so.
            (self.may_close, self.is_closing) = (false, false);
            self.modal = Some(Modal::Problem(refusal));
        }
        if ctx.input(|input| input.viewport().close_requested()) {
            self.close(ctx);
        } else if self.is_closing && !self.session.is_saving() {
            self.is_closing = false;
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
        if self.session.is_busy() || self.session.is_loading() {
            ctx.request_repaint_after(FRAME);
        }
        if let Some(at) = self.session.next_update() {
            ctx.request_repaint_after(at.saturating_duration_since(Instant::now()));
        }
        self.update_title(ctx);
        self.remember_window(ctx, false);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let theme = Theme::of(&ctx);
        let mut orders = Vec::new();
        self.take_keys(&ctx, &mut orders);
        self.take_files(&ctx, &mut orders);
        self.panels(ui, &theme, &mut orders);
        self.drop_hint(&ctx, &theme);
        if let Some(mut palette) = self.palette.take() {
            let stays = palette.ui(&ctx, &theme, &self.session, &self.centre, &mut orders);
            self.palette = stays.then_some(palette);
        }
        if let Some(mut modal) = self.modal.take() {
            let answer = modals::ui(&ctx, &theme, &self.session, &mut modal, &mut orders);
            self.modal = Some(modal);
            if let Some(answer) = answer {
                self.answer(&ctx, answer);
            }
        }
        let is_anything = !orders.is_empty();
        for order in orders {
            self.execute(&ctx, order);
        }
        if is_anything {
            ctx.request_repaint();
        }
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        self.session.remember_window(self.window.clone());
        self.session.close();
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }

    fn persist_egui_memory(&self) -> bool {
        false
    }
}
