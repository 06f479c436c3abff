//! The views as a person meets them: found by their words, clicked, and read.

use std::sync::Arc;
use std::time::{Duration, Instant};

use descent::app::theme::Theme;
use descent::app::views::{View, ViewContext, views};
use descent::app::{App, Options};
use descent::data::{Generated, Source};
use descent::experiment::{Cadence, Experiment, Study, Variation};
use descent::losses::Loss;
use descent::models::Model;
use descent::optimizers::Optimizer;
use descent::session::{Session, SessionCommand};
use descent::settings::{Span, Value};
use descent::surfaces::Surface;
use descent::training::Executor;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

/// A view alone in a window, with the session it reads.
struct Stage {
    session: Session,
    view: Box<dyn View>,
    commands: Vec<SessionCommand>,
    hovered: Option<usize>,
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
        let theme = Theme::of(ui.ctx());
        let mut hover = None;
        let mut context = ViewContext {
            session: &self.session,
            theme: &theme,
            hovered: self.hovered,
            hover: &mut hover,
            commands: &mut self.commands,
        };
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        ui.allocate_ui_with_layout(egui::vec2(ui.available_width(), 30.0), layout, |ui| {
            self.view.header_ui(ui, &mut context);
        });
        self.view.ui(ui, &mut context);
        self.hovered = hover;
    }
}

fn optimizer(name: &str, rate: f64) -> Option<Optimizer> {
    let mut optimizer = Optimizer::named(name)?;
    optimizer.set("learning_rate", Value::Number(rate)).ok()?;
    Some(optimizer)
}

fn variation(label: &str, name: &str, rate: f64) -> Variation {
    let optimizer = optimizer(name, rate);
    Variation { label: label.to_owned(), optimizer, ..Variation::default() }
}

fn study(data: Source, model: &str, loss: &str, seeds: &[u64]) -> Study {
    Study {
        base: Experiment {
            data,
            model: Model::named(model).expect("a model of that name"),
            loss: Loss::named(loss).expect("a loss of that name"),
            budget: Span::Steps(60),
            record_every: Cadence::Steps(1),
            ..Experiment::default()
        },
        compare: vec![
            variation("Steady", "GradientDescent", 0.02),
            variation("Adaptive", "Adam", 0.02),
        ],
        seeds: seeds.to_vec(),
        ..Study::default()
    }
}

fn generated(name: &str) -> Source {
    Source::Generated(Generated::named(name).expect("a set of that name"))
}

fn ravine(steps: u64) -> Study {
    let surface = Surface::named("Rosenbrock").expect("a surface of that name");
    let mut study = study(Source::Surface(surface), "Linear", "MeanSquaredError", &[1]);
    study.base.budget = Span::Steps(steps);
    study.compare = vec![
        variation("Steady", "GradientDescent", 1e-3),
        variation("Too large", "GradientDescent", 1.0),
    ];
    study
}

/// A session on this study, after all its runs have ended.
fn ended(study: Study) -> Session {
    let mut session = Session::new(Executor::new(Some(2)), Arc::new(|| {}));
    session.apply(SessionCommand::OpenStudy(Box::new(study)));
    wait_until(&mut session, |session| {
        let entries = session.entries();
        entries.iter().all(|entry| !matches!(entry.data, descent::session::DataState::Loading))
    });
    session.apply(SessionCommand::RunAll);
    wait_until(&mut session, |session| {
        session.entries().iter().all(|entry| !entry.runs.is_empty()) && !session.is_busy()
    });
    session
}

fn wait_until(session: &mut Session, done: impl Fn(&Session) -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        session.update();
        if done(session) {
            return;
        }
        assert!(Instant::now() < deadline, "nothing happened: {:?}", session.messages());
        std::thread::yield_now();
    }
}

fn stage(name: &str, session: Session) -> Harness<'static, Stage> {
    let kind = views().into_iter().find(|kind| kind.name == name).expect("a view of that name");
    let view = (kind.create)();
    let state = Stage { session, view, commands: Vec::new(), hovered: None, is_dressed: false };
    let mut harness = Harness::builder()
        .with_size([900.0, 560.0])
        .with_step_dt(0.02)
        .build_ui_state(|ui, stage: &mut Stage| stage.ui(ui), state);
    harness.run_steps(4);
    harness
}

/// The clock in the table beside the pointer.
fn reading(harness: &Harness<'_, Stage>) -> String {
    let nodes = harness.query_all_by_label_contains("step ");
    let texts = nodes.filter_map(|node| node.accesskit_node().value());
    texts.into_iter().find(|text| text.starts_with("step ")).unwrap_or_default()
}

fn click(harness: &mut Harness<'_, Stage>, at: egui::Pos2) {
    harness.event(egui::Event::PointerMoved(at));
    for pressed in [true, false] {
        harness.event(egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed,
            modifiers: egui::Modifiers::NONE,
        });
        harness.step();
    }
}

/// Draws until something with these words is there.
fn draw_until(harness: &mut Harness<'_, Stage>, words: &str) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while harness.query_by_label_contains(words).is_none() {
        assert!(Instant::now() < deadline, "{words:?} does not appear");
        harness.step();
    }
}

#[test]
fn every_view_draws_every_kind_of_study_before_and_after_it_ran() {
    let studies = [
        || study(generated("Moons"), "Mlp", "CrossEntropy", &[1, 2]),
        || study(generated("NoisyLine"), "Linear", "MeanSquaredError", &[1]),
        || ravine(50),
    ];
    for make in studies {
        let fresh = Session::new(Executor::new(Some(1)), Arc::new(|| {}));
        for session in [fresh, ended(make())] {
            let mut harness = stage("curves", session);
            for kind in views() {
                harness.state_mut().view = (kind.create)();
                harness.run_steps(3);
                assert!(!harness.state().view.title().is_empty());
            }
        }
    }
}

#[test]
fn an_empty_view_says_what_will_appear() {
    let session = Session::new(Executor::new(Some(1)), Arc::new(|| {}));
    let harness = stage("curves", session);
    harness.get_by_label("No curves yet");
    harness.get_by_label_contains("Press Run");
}

#[test]
fn the_metric_and_the_clock_are_chosen_from_menus() {
    let mut harness =
        stage("curves", ended(study(generated("Moons"), "Mlp", "CrossEntropy", &[1])));
    assert_eq!(harness.state().view.title(), "Validation loss");
    harness.get_by_label("metric ▾").click();
    harness.run_steps(3);
    harness.get_by_label("Validation accuracy").click();
    harness.run_steps(3);
    assert_eq!(harness.state().view.title(), "Validation accuracy");
    harness.get_by_label("x: step ▾").click();
    harness.run_steps(3);
    harness.get_by_label("samples seen").click();
    harness.run_steps(3);
    harness.get_by_label("x: samples seen ▾");
    harness.get_by_label("linear").click();
    harness.run_steps(2);
}

#[test]
fn the_pointer_reads_values_and_highlights_an_experiment() {
    let mut harness = stage("curves", ended(ravine(200)));
    let plot = harness.get_by_label("Training loss").rect();
    harness.hover_at(plot.center());
    harness.run_steps(4);
    assert!(reading(&harness).starts_with("step "));
    harness.get_by_label("Steady");
    // Beside the curve itself, its experiment is highlighted in all views.
    let found = (0..40).any(|row| {
        let y = plot.top() + plot.height() * row as f32 / 40.0;
        harness.hover_at(egui::pos2(plot.center().x, y));
        harness.run_steps(2);
        harness.state().hovered == Some(0)
    });
    assert!(found, "the curve is nowhere near the pointer");
}

#[test]
fn a_drag_zooms_and_a_double_click_shows_all_again() {
    let mut harness =
        stage("curves", ended(study(generated("Moons"), "Mlp", "CrossEntropy", &[1])));
    let plot = harness.get_by_label("Validation loss").rect();
    let probe = plot.left_center() + egui::vec2(0.9 * plot.width(), 0.0);
    harness.hover_at(probe);
    harness.run_steps(3);
    let before = reading(&harness);
    harness.drag_at(plot.left_top() + 0.1 * plot.size());
    harness.step();
    harness.hover_at(plot.left_top() + 0.5 * plot.size());
    harness.step();
    harness.drop_at(plot.left_top() + 0.5 * plot.size());
    harness.run_steps(3);
    harness.hover_at(probe);
    harness.run_steps(3);
    assert_ne!(reading(&harness), before);
    click(&mut harness, probe);
    click(&mut harness, probe);
    harness.run_steps(4);
    assert_eq!(reading(&harness), before);
}

#[test]
fn results_are_sorted_by_a_click_and_selected_by_another() {
    let mut harness = stage("results", ended(ravine(200)));
    harness.get_by_label_contains("diverged at step");
    harness.get_by_label("all steps done");
    let above = |harness: &Harness<'_, Stage>| {
        harness.get_by_label("Too large").rect().top() < harness.get_by_label("Steady").rect().top()
    };
    assert!(!above(&harness));
    harness.get_by_label("experiment").click();
    harness.run_steps(2);
    assert!(!above(&harness), "S comes before T");
    harness.get_by_label("experiment ▴").click();
    harness.run_steps(2);
    assert!(above(&harness));
    let row = harness.get_by_label("Too large").rect();
    harness.drag_at(row.center());
    harness.drop_at(row.center());
    harness.run_steps(2);
    assert!(harness.state().commands.contains(&SessionCommand::Select(1)));
}

#[test]
fn clipping_has_a_column_where_something_is_clipped() {
    let mut harness = stage("results", ended(ravine(200)));
    harness.run_steps(2);
    assert!(harness.query_by_label("clipped").is_none());
    let mut clipped = ravine(200);
    clipped.base.clip = descent::techniques::Clip::named("Norm").unwrap();
    let mut harness = stage("results", ended(clipped));
    harness.run_steps(2);
    harness.get_by_label("clipped");
    assert!(harness.query_all_by_label_contains(" %").next().is_some());
}

#[test]
fn the_ending_is_in_sight_in_a_narrow_table() {
    let mut harness = stage("results", ended(ravine(200)));
    harness.set_size(egui::vec2(420.0, 300.0));
    harness.run_steps(4);
    let ending = harness.get_by_label_contains("diverged at step").rect();
    assert!(ending.left() > 100.0 && ending.right() <= 420.0, "{ending:?}");
    let loss = harness.get_by_label("loss").rect();
    assert!(loss.right() < ending.left(), "{loss:?}");
}

#[test]
fn several_seeds_give_a_mean_with_an_interval() {
    let harness =
        stage("results", ended(study(generated("Moons"), "Mlp", "CrossEntropy", &[1, 2, 3])));
    harness.get_by_label("mean ± 95 % interval, n = 3");
    assert!(harness.get_all_by_label_contains(" ± ").count() > 4);
}

#[test]
fn only_settings_that_differ_are_compared() {
    let harness = stage("differences", ended(ravine(20)));
    harness.get_by_label("optimizer: learning rate");
    harness.get_by_label("0.001");
    assert!(harness.query_by_label("batch").is_none());
}

#[test]
fn a_click_on_the_surface_sets_the_start() {
    let mut harness = stage("surface", ended(ravine(50)));
    let map = harness.get_by_label("Surface with the paths of the optimizers").rect();
    click(&mut harness, map.center());
    harness.run_steps(2);
    assert!(harness.state().commands.is_empty(), "it waits whether a second click follows");
    harness.run_steps(60);
    let [SessionCommand::SetStart(start)] = &harness.state().commands[..] else {
        panic!("{:?}", harness.state().commands);
    };
    // The middle of the Rosenbrock domain.
    assert!(start[0].abs() < 0.1 && (start[1] - 1.0).abs() < 0.1, "{start:?}");
}

#[test]
fn a_surface_of_many_dimensions_is_drawn_as_a_slice() {
    for (n, noise) in [(3, 0.5), (100_000, 0.0)] {
        let mut study = ravine(20);
        let mut surface = Surface::named("Rosenbrock").expect("a surface of that name");
        surface.set("dimension", Value::Count(n)).expect("a dimension");
        study.base.data = Source::of_surface(surface, noise);
        let mut harness = stage("surface", ended(study));
        harness.get_by_label_contains(&format!("slice: x₁ and x₂ of {n}"));
        let map = harness.get_by_label("Surface with the paths of the optimizers").rect();
        click(&mut harness, map.center());
        harness.run_steps(62);
        let n_starts = harness.state().commands.len();
        assert_eq!(n_starts, usize::from(n == 3), "a list of so many numbers is no start");
    }
}

#[test]
fn pictures_of_a_model_appear_once_it_has_run() {
    let mut study = study(generated("Moons"), "Mlp", "CrossEntropy", &[1]);
    study.base.budget = Span::Steps(300);
    let mut harness = stage("boundary", ended(study.clone()));
    harness.get_by_label("Decision boundary");
    draw_until(&mut harness, "step 300");
    let mut harness = stage("confusion", ended(study));
    draw_until(&mut harness, "step 300");
}

#[test]
fn the_data_view_shows_types_and_missing_values_and_changes_the_target() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plants.csv");
    let rows: String =
        (0..60).map(|row| format!("{},{},{}\n", row, row % 7, ["fern", "moss"][row % 2])).collect();
    std::fs::write(&path, format!("height,width,kind\n,1,fern\n{rows}")).expect("a file");
    let mut session = Session::new(Executor::new(Some(1)), Arc::new(|| {}));
    session.apply(SessionCommand::Open(path));
    wait_until(&mut session, |session| {
        session
            .entries()
            .iter()
            .all(|entry| matches!(entry.data, descent::session::DataState::Ready { .. }))
    });
    let mut harness = stage("data", session);
    draw_until(&mut harness, "1 missing");
    harness.get_by_label("name · target");
    harness.get_by_role_and_label(egui::accesskit::Role::ComboBox, "Target").click();
    harness.run_steps(3);
    harness.get_by_role_and_label(egui::accesskit::Role::Button, "width").click();
    harness.run_steps(3);
    let target = harness.state().commands.iter().find_map(|command| match command {
        SessionCommand::EditBase(experiment) | SessionCommand::Edit(_, experiment) => {
            match &experiment.data {
                Source::Csv(source) => Some(source.target.clone()),
                _ => None,
            }
        }
        _ => None,
    });
    assert_eq!(target.as_deref(), Some("width"));
}

/// Pictures beside their draws, points of rows, and a sentence where nothing is changed or can be.
#[test]
fn augmentation_is_shown_before_any_run() {
    use descent::data::{Augment, Scaling};
    let on = |data: Source, list: &[&str], scaling: Scaling| {
        let mut study = study(data, "Multinomial", "CrossEntropy", &[1]);
        study.base.augmentation = list.iter().filter_map(|name| Augment::named(name)).collect();
        study.base.scaling = scaling;
        let mut session = Session::new(Executor::new(Some(1)), Arc::new(|| {}));
        session.apply(SessionCommand::OpenStudy(Box::new(study)));
        wait_until(&mut session, |session| {
            let entries = session.entries();
            entries.iter().all(|entry| !matches!(entry.data, descent::session::DataState::Loading))
        });
        stage("augmentation", session)
    };
    let digits = || Source::Bundled("digits".to_owned());
    let all = Augment::NAMES;
    let harness = on(digits(), all, Scaling::Together);
    harness.get_by_label_contains("8 pictures as they are and as augmentation makes them");
    let harness = on(digits(), all, Scaling::Standardize);
    harness.get_by_label_contains("scaled alike");
    let harness = on(digits(), &[], Scaling::Together);
    harness.get_by_label("Samples are trained on as they are");
    let rows = Source::Bundled("iris".to_owned());
    let harness = on(rows.clone(), &["Noise", "Mixup"], Scaling::Standardize);
    assert!(harness.query_by_label("Samples are trained on as they are").is_none());
    let harness = on(rows, &["Flip"], Scaling::Standardize);
    harness.get_by_label_contains("not known to be the pixels of pictures");
}

#[test]
fn coefficients_are_listed_by_feature_and_by_size() {
    let session =
        ended(study(Source::Bundled("penguins".into()), "Linear", "MeanSquaredError", &[1]));
    let mut harness = stage("coefficients", session);
    harness.get_by_label("(intercept)");
    harness.get_by_label("flipper length in mm");
    harness.get_by_label_contains("Steady · best weights");
    let height = |harness: &Harness<'_, Stage>| {
        let node = harness.get_by_label("(intercept)");
        node.rect().top()
    };
    let before = height(&harness);
    harness.get_by_label("largest first").click();
    harness.run_steps(3);
    assert!(height(&harness) > before, "the constant is no feature and comes last");

    let network = ended(study(generated("Moons"), "Mlp", "CrossEntropy", &[1]));
    stage("coefficients", network).get_by_label("No coefficients yet");
}
