//! Where a view is tested: alone in a window, with a session that it reads and commands.

use std::sync::Arc;
use std::time::{Duration, Instant};

use descent::app::theme::Theme;
use descent::app::views::{View, ViewContext, views};
use descent::app::{App, Options};
use descent::experiment::{Study, Variation};
use descent::optimizers::Optimizer;
use descent::session::{DataState, Session, SessionCommand};
use descent::settings::Value;
use descent::training::Executor;
use egui::{Event, Modifiers, PointerButton, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

const PATIENCE: Duration = Duration::from_secs(60);

/// A view alone in a window, with the session it reads.
pub(crate) struct Stage {
    pub(crate) session: Session,
    pub(crate) view: Box<dyn View>,
    /// Every command that the view gave. Each was carried out after its frame.
    pub(crate) commands: Vec<SessionCommand>,
    /// The experiment that is highlighted in all views.
    pub(crate) hovered: Option<usize>,
    /// What was copied last.
    pub(crate) copied: String,
    is_dressed: bool,
}

impl Stage {
    fn ui(&mut self, ui: &mut egui::Ui) {
        if !self.is_dressed {
            // A window gives the context its typefaces and styles; they are there from the next
            // frame on.
            drop(App::new(ui.ctx(), Options { folder: None, ..Options::default() }));
            self.is_dressed = true;
            ui.ctx().request_repaint();
            return;
        }
        self.session.update();
        let theme = Theme::of(ui.ctx());
        let (mut hover, mut commands) = (None, Vec::new());
        let mut context = ViewContext {
            session: &self.session,
            theme: &theme,
            hovered: self.hovered,
            hover: &mut hover,
            commands: &mut commands,
        };
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        ui.allocate_ui_with_layout(egui::vec2(ui.available_width(), 30.0), layout, |ui| {
            self.view.header_ui(ui, &mut context);
        });
        self.view.ui(ui, &mut context);
        self.hovered = hover;
        for command in commands {
            self.commands.push(command.clone());
            self.session.apply(command);
        }
        ui.output(|output| {
            for command in &output.commands {
                if let egui::OutputCommand::CopyText(text) = command {
                    self.copied.clone_from(text);
                }
            }
        });
    }
}

/// A new view of this name in the list of views.
pub(crate) fn view(name: &str) -> Box<dyn View> {
    let kind = views().into_iter().find(|kind| kind.name == name).expect("a view of that name");
    (kind.create)()
}

/// The view of this name on a session.
pub(crate) fn show(name: &str, session: Session) -> Harness<'static, Stage> {
    show_sized(name, session, [900.0, 560.0])
}

pub(crate) fn show_sized(name: &str, session: Session, size: [f32; 2]) -> Harness<'static, Stage> {
    let stage = Stage {
        session,
        view: view(name),
        commands: Vec::new(),
        hovered: None,
        copied: String::new(),
        is_dressed: false,
    };
    let mut harness = Harness::builder()
        .with_size(size)
        .with_step_dt(0.02)
        .build_ui_state(|ui, stage: &mut Stage| stage.ui(ui), stage);
    harness.run_steps(4);
    harness
}

/// A session on nothing yet.
pub(crate) fn empty() -> Session {
    Session::new(Executor::new(Some(2)), Arc::new(|| {}))
}

/// A session on this study, with its data read or refused.
pub(crate) fn opened(study: Study) -> Session {
    let mut session = empty();
    session.apply(SessionCommand::OpenStudy(Box::new(study)));
    wait_until(&mut session, |session| !session.is_loading());
    session
}

/// A session on this study, after all its runs have ended.
pub(crate) fn ended(study: Study) -> Session {
    let mut session = opened(study);
    session.apply(SessionCommand::RunAll);
    wait_until(&mut session, |session| {
        session.entries().iter().all(|entry| !entry.runs.is_empty()) && !session.is_busy()
    });
    session
}

/// Whether all experiments have their data.
pub(crate) fn is_ready(session: &Session) -> bool {
    session.entries().iter().all(|entry| matches!(entry.data, DataState::Ready { .. }))
}

pub(crate) fn wait_until(session: &mut Session, done: impl Fn(&Session) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        session.update();
        if done(session) {
            return;
        }
        assert!(Instant::now() < deadline, "nothing happened: {:?}", session.messages());
        std::thread::yield_now();
    }
}

/// Draws until the view is as it should be.
pub(crate) fn draw_until(
    harness: &mut Harness<'_, Stage>,
    what: &str,
    done: impl Fn(&Harness<'_, Stage>) -> bool,
) {
    let deadline = Instant::now() + PATIENCE;
    while !done(harness) {
        assert!(Instant::now() < deadline, "{what:?} does not come");
        harness.step();
    }
    harness.run_steps(2);
}

/// Draws until something with these words is there.
pub(crate) fn appears(harness: &mut Harness<'_, Stage>, words: &str) {
    draw_until(harness, words, |harness| {
        harness.query_all_by_label_contains(words).next().is_some()
    });
}

/// Clicks what has exactly these words.
pub(crate) fn click(harness: &mut Harness<'_, Stage>, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(3);
}

/// Presses a button of the mouse and lets it go.
pub(crate) fn press(
    harness: &mut Harness<'_, Stage>,
    at: Pos2,
    button: PointerButton,
    modifiers: Modifiers,
) {
    harness.event(Event::PointerMoved(at));
    for pressed in [true, false] {
        let event = Event::PointerButton { pos: at, button, pressed, modifiers };
        harness.event_modifiers(event, modifiers);
        harness.step();
    }
    harness.run_steps(2);
}

pub(crate) fn click_at(harness: &mut Harness<'_, Stage>, at: Pos2) {
    press(harness, at, PointerButton::Primary, Modifiers::NONE);
}

/// A variation with another optimizer at this learning rate.
pub(crate) fn variation(label: &str, optimizer: &str, learning_rate: f64) -> Variation {
    let mut optimizer = Optimizer::named(optimizer).expect("an optimizer of that name");
    let rate = Value::Number(learning_rate);
    optimizer.set("learning_rate", rate).expect("a permitted rate");
    Variation { label: label.to_owned(), optimizer: Some(optimizer), ..Variation::default() }
}
