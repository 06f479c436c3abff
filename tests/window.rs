//! The window as a person uses it, by the names that are on screen.
#![cfg(feature = "window-tests")]

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use descent::app::dialogs::{Choice, FileDialogs, Purpose};
use descent::app::{App, Options};
use descent::data::Source;
use descent::session::Severity;
use descent::training::RunState;
use egui_kittest::kittest::{NodeT, Queryable};
use egui_kittest::{Harness, Node};

/// Dialogs that give the answers of a list, in order.
#[derive(Clone, Default)]
struct Scripted(Arc<Mutex<VecDeque<Choice>>>);

impl Scripted {
    fn answer(&self, choice: Choice) {
        self.0.lock().unwrap().push_back(choice);
    }
}

impl FileDialogs for Scripted {
    fn ask(&mut self, _: Purpose, _: &str, wake: Arc<dyn Fn() + Send + Sync>) -> Receiver<Choice> {
        let (sender, receiver) = bounded(1);
        let choice = self.0.lock().unwrap().pop_front().unwrap_or(Choice::Cancelled);
        sender.send(choice).unwrap();
        wake();
        receiver
    }
}

struct Window {
    harness: Harness<'static, App>,
    dialogs: Scripted,
}

impl Window {
    fn open(files: &[&Path]) -> Self {
        Self::sized(files, [1440.0, 900.0], 1.0, egui::Theme::Light)
    }

    fn sized(files: &[&Path], size: [f32; 2], scale: f32, theme: egui::Theme) -> Self {
        let dialogs = Scripted::default();
        let options = Options {
            files: files.iter().map(PathBuf::from).collect(),
            folder: None,
            dialogs: Box::new(dialogs.clone()),
            n_threads: Some(2),
        };
        let harness = Harness::builder()
            .with_size(size)
            .with_pixels_per_point(scale)
            .with_theme(theme)
            .with_step_dt(0.05)
            .build_eframe(|creation| App::new(&creation.egui_ctx, options));
        let mut window = Self { harness, dialogs };
        window.settle();
        window
    }

    /// Goes on until the condition holds.
    fn until(&mut self, what: &str, is_so: impl Fn(&App) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !is_so(self.harness.state()) {
            let messages = self.harness.state().session().messages();
            assert!(Instant::now() < deadline, "{what}: {messages:?}");
            self.harness.step();
            std::thread::yield_now();
        }
        self.harness.run_steps(3);
    }

    fn settle(&mut self) {
        self.until("data is read", |app| !app.session().is_loading());
    }

    fn node<'a>(&'a self, label: &'a str) -> Node<'a> {
        self.harness.get_by_label(label)
    }

    fn click(&mut self, label: &str) {
        self.node(label).click();
        self.harness.run_steps(3);
    }

    /// Clicks what stands last on screen under a name that is there more than once.
    fn click_last(&mut self, label: &str) {
        let node = self.harness.query_all_by_label(label).last().expect("it is there");
        node.click();
        self.harness.run_steps(3);
    }

    /// Another view in front of the data, whose words and fields are those of the settings too.
    fn look_away_from_the_table(&mut self) {
        self.harness.state_mut().show_view("gradient");
        self.harness.run_steps(3);
    }

    /// Opens a menu of choices, wherever the panel is scrolled to.
    fn choose(&mut self, label: &str) {
        let role = egui::accesskit::Role::ComboBox;
        self.harness.get_by_role_and_label(role, label).scroll_to_me();
        self.harness.run_steps(20);
        self.harness.get_by_role_and_label(role, label).click();
        self.harness.run_steps(3);
    }

    fn has(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    fn key(&mut self, key: egui::Key) {
        self.harness.key_press(key);
        self.harness.run_steps(3);
    }

    fn ctrl(&mut self, key: egui::Key) {
        self.harness.key_press_modifiers(egui::Modifiers::COMMAND, key);
        self.harness.run_steps(3);
    }

    /// Puts text in place of what a field holds.
    fn type_into(&mut self, role: egui::accesskit::Role, label: &str, text: &str) {
        self.harness.get_by_role_and_label(role, label).focus();
        self.harness.run_steps(2);
        self.ctrl(egui::Key::A);
        let field = self.harness.get_by_role_and_label(role, label);
        field.type_text(text);
        self.harness.run_steps(3);
    }

    fn app(&self) -> &App {
        self.harness.state()
    }
}

fn all_ended(app: &App) -> bool {
    let entries = app.session().entries();
    entries.iter().all(|entry| {
        !entry.runs.is_empty()
            && entry.runs.iter().all(|run| matches!(run.state(), RunState::Ended(_)))
    })
}

fn table(folder: &Path) -> PathBuf {
    let path = folder.join("plants.csv");
    let mut text = "height,width,學,yield\n".to_owned();
    for n in 0..60 {
        let kind = ["fern", "moss"][n % 2];
        text.push_str(&format!("{},{},{kind},{}\n", n * 7 % 11, n * 5 % 13, n as f64 * 0.5));
    }
    std::fs::write(&path, text).unwrap();
    path
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }
    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|error| error.to_string())
    }
}

#[test]
fn a_person_opens_a_table_chooses_the_target_runs_saves_and_reopens() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path());
    let mut window = Window::open(&[]);

    window.dialogs.answer(Choice::File(path));
    window.harness.get_all_by_label("Open CSV…").next().unwrap().click();
    window.harness.run_steps(3);
    window.settle();
    assert!(window.has("plants"), "the data card names the table");
    assert_eq!(window.app().session().document().title(), "plants");

    // The target: the third column, a class.
    window.look_away_from_the_table();
    window.choose("Target");
    window.click_last("學");
    window.settle();
    let entry = &window.app().session().entries()[0];
    assert!(matches!(&entry.experiment.data, Source::Csv(csv) if csv.target == "學"));
    assert_eq!(entry.problem, None);
    assert!(window.app().session().document().is_modified());

    // Another optimizer, with a learning rate that is not permitted at first.
    window.choose("Method");
    window.click_last("RMSprop");
    assert_eq!(window.app().session().entries()[0].experiment.optimizer.name(), "RmsProp");
    let field = egui::accesskit::Role::TextInput;
    window.type_into(field, "Learning rate η", "-1");
    assert!(window.has("Must be a number above 0"));
    let rate = |window: &Window| {
        window.app().session().entries()[0].experiment.optimizer.get("learning_rate")
    };
    assert_ne!(rate(&window), Some(descent::settings::Value::Number(-1.0)));
    window.type_into(field, "Learning rate η", "0.02");
    assert_eq!(rate(&window), Some(descent::settings::Value::Number(0.02)));
    assert!(!window.has("Must be a number above 0"));

    window.key(egui::Key::Escape);
    window.click("Run all");
    window.until("all ended", all_ended);
    let entry = &window.app().session().entries()[0];
    let track = entry.runs[0].history().track(descent::record::Part::Train);
    assert!(track.len() > 2, "the curve moved");

    let saved = folder.path().join("plants.ron");
    window.dialogs.answer(Choice::File(saved.clone()));
    window.ctrl(egui::Key::S);
    window.until("saved", |app| !app.session().document().is_modified());
    let study = window.app().session().document().study().clone();
    assert!(std::fs::read_to_string(&saved).unwrap().contains("RmsProp"));

    let reopened = Window::open(&[&saved]);
    assert_eq!(reopened.app().session().document().study(), &study);
    assert_eq!(reopened.app().session().entries()[0].problem, None);
}

#[test]
fn a_dropped_table_opens() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path());
    let mut window = Window::open(&[]);
    window.harness.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    window.harness.step();
    window.settle();
    assert_eq!(window.app().session().document().title(), "plants");
}

#[test]
fn what_cannot_be_opened_is_told_and_nothing_is_lost() {
    let mut window = Window::open(&[]);
    let before = window.app().session().document().study().clone();
    window.dialogs.answer(Choice::File("/nowhere/at/all.ron".into()));
    window.ctrl(egui::Key::O);
    window.harness.run_steps(3);
    assert!(window.has("That did not work"));
    window.click("Close");
    assert!(!window.has("That did not work"));
    assert_eq!(window.app().session().document().study(), &before);
}

#[test]
fn unsaved_work_is_asked_about() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Window::open(&[]);
    window.click("One seed more");
    assert!(window.app().session().document().is_modified());
    window.ctrl(egui::Key::N);
    assert!(window.has("Save the changes first?"));
    window.click("Cancel");
    assert!(window.app().session().document().is_modified());
    window.ctrl(egui::Key::N);
    let saved = folder.path().join("kept.ron");
    window.dialogs.answer(Choice::File(saved.clone()));
    window.click_last("Save");
    window.until("saved and new", |app| !app.session().document().is_modified());
    assert!(saved.exists());
    assert_eq!(window.app().session().document().path(), None);
}

#[test]
fn without_a_dialog_the_path_is_typed() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path());
    let mut window = Window::open(&[]);
    window.dialogs.answer(Choice::Unavailable);
    window.ctrl(egui::Key::O);
    window.harness.run_steps(3);
    assert!(window.has("Open a study, a record or a CSV file"));
    window.node("Path of the file").focus();
    window.harness.run_steps(2);
    window.node("Path of the file").type_text(&path.to_string_lossy());
    window.harness.run_steps(2);
    window.click_last("Open");
    window.settle();
    assert_eq!(window.app().session().document().title(), "plants");
}

#[test]
fn experiments_are_hidden_duplicated_and_taken_back_by_name() {
    let mut window = Window::open(&[]);
    let n = window.app().session().entries().len();
    let label = window.app().session().entries()[1].label.clone();
    window.click(&format!("Show {label}"));
    assert!(!window.app().session().entries()[1].visible);
    window.click(&format!("Experiment {label}"));
    assert_eq!(window.app().session().selected(), 1);
    window.ctrl(egui::Key::D);
    assert_eq!(window.app().session().entries().len(), n + 1);
    window.ctrl(egui::Key::Z);
    assert_eq!(window.app().session().entries().len(), n);
}

#[test]
fn the_palette_finds_and_does() {
    let mut window = Window::open(&[]);
    window.ctrl(egui::Key::K);
    window.harness.input_mut().events.push(egui::Event::Text("theme dark".into()));
    window.harness.run_steps(3);
    window.key(egui::Key::Enter);
    window.harness.run_steps(2);
    assert_eq!(window.harness.ctx.theme(), egui::Theme::Dark);
}

#[test]
fn all_help_pages_have_all_their_glyphs() {
    // The harness panics on a character that no typeface has.
    let mut window = Window::sized(&[], [1280.0, 800.0], 1.0, egui::Theme::Light);
    window.key(egui::Key::F1);
    // The list stands in a column beside the page, all within the window.
    let place = |title: &str| window.harness.get_all_by_label(title).last().unwrap().rect();
    let (first, second) = (place("Momentum"), place("Nesterov momentum"));
    assert_eq!(first.left(), second.left());
    assert!(first.left() > 0.0 && first.right() < 1280.0 && second.top() >= first.bottom());
    window.harness.run_steps(10);
    let place = |title: &str| window.harness.get_all_by_label(title).last().unwrap().rect();
    assert_eq!(place("Momentum"), first, "the window rests where it is");
    let show = |window: &mut Window, title: &str| {
        let item = window.harness.query_all_by_label(title).last().unwrap();
        if !(120.0..680.0).contains(&item.rect().center().y) {
            item.scroll_to_me();
            window.harness.run_steps(10);
        }
        window.click_last(title);
    };
    macro_rules! visit {
            ($($family:path)*) => {
                $(for member in <$family>::members() {
                    if member.name == "Off" {
                        continue;
                    }
                    show(&mut window, member.page.title);
                    assert!(window.has(&member.page.usage().replace('`', "")), "{}", member.name);
                })*
            };
        }
    visit! {
        descent::optimizers::Optimizer descent::schedules::Schedule descent::losses::Loss
        descent::models::Model descent::activations::Activation descent::surfaces::Surface
        descent::data::Generated descent::data::Sampling
        descent::techniques::Clip descent::techniques::GradientNoise
        descent::techniques::Averaging
    }
    for pages in [
        descent::losses::ClassWeights::PAGES,
        descent::losses::Penalty::PAGES,
        descent::models::Initialization::PAGES,
    ] {
        for (name, page) in pages {
            show(&mut window, page.title);
            assert!(window.has(&page.usage().replace('`', "")), "{name}");
        }
    }
    show(&mut window, "Noisy surface");
    assert!(window.has("The standard deviation of the noise."));
}

#[test]
fn every_preset_opens_and_shows_at_every_size() {
    for (size, scale) in [([1024.0, 700.0], 1.0), ([1280.0, 800.0], 1.0), ([1920.0, 1080.0], 2.0)] {
        for theme in [egui::Theme::Light, egui::Theme::Dark] {
            let mut window = Window::sized(&[], size, scale, theme);
            for name in ["Pause", "Step", "Stop", "Reset"] {
                let rect = window.node(name).rect();
                assert!(rect.right() < size[0] && rect.width() > 30.0, "{name} at {size:?}");
            }
            window.key(egui::Key::F10);
            window
                .until("held", |app| app.session().entries().iter().any(|entry| entry.is_paused()));
        }
    }
    for (name, _) in descent::session::presets::PRESETS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("experiments/{name}.ron"));
        let window = Window::open(&[&path]);
        let session = window.app().session();
        let errors: Vec<_> =
            session.messages().iter().filter(|m| m.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{name}: {errors:?}");
        assert!(session.entries().iter().all(|entry| entry.problem.is_none()), "{name}");
    }
}

#[test]
fn the_last_example_is_within_reach_in_a_small_window() {
    let mut window = Window::sized(&[], [1024.0, 700.0], 1.0, egui::Theme::Light);
    let titles: Vec<String> =
        descent::session::presets::titles().into_iter().map(|t| t.1).collect();
    let (second, last) = (&titles[1], &titles[titles.len() - 1]);
    window.click("File");
    window.click("Examples");
    assert!(window.node(second).rect().top() > 0.0);
    window.node(last).scroll_to_me();
    window.harness.run_steps(20);
    assert!(window.node(last).rect().bottom() < 700.0, "{:?}", window.node(last).rect());
    window.click(last);
    assert_eq!(&window.app().session().document().title(), last);
}

#[test]
fn fields_have_the_value_that_is_set() {
    let window = Window::open(&[]);
    let field =
        window.harness.get_by_role_and_label(egui::accesskit::Role::TextInput, "Learning rate η");
    let rate = window.app().session().entries()[0].experiment.optimizer.get("learning_rate");
    assert_eq!(field.accesskit_node().value(), rate.map(|rate| rate.to_string()));
}

#[test]
fn classes_and_samples_get_weights() {
    use descent::losses::ClassWeights;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plants.csv");
    let rows: String = (0..60)
        .map(|row| format!("{row},{},{}\n", 1 + row % 7, ["fern", "moss"][row % 2]))
        .collect();
    std::fs::write(&path, format!("height,times,kind\n{rows}")).unwrap();
    let mut window = Window::open(&[&path]);
    window.look_away_from_the_table();
    let combo = egui::accesskit::Role::ComboBox;
    let choose = |window: &mut Window, row: &str, option: &str| {
        let node = window.harness.get_by_role_and_label(combo, row);
        node.scroll_to_me();
        window.harness.run_steps(3);
        window.harness.get_by_role_and_label(combo, row).click();
        window.harness.run_steps(3);
        window.click_last(option);
        window.settle();
    };
    choose(&mut window, "Class weights", "Balanced: all classes count alike");
    let entry = |window: &Window| window.app().session().entries()[0].experiment.clone();
    assert_eq!(entry(&window).class_weights, ClassWeights::Balanced);
    choose(&mut window, "Sample weights", "times");
    let Source::Csv(csv) = entry(&window).data else { panic!("a table") };
    assert_eq!((&*csv.weights, &*csv.target), ("times", "kind"));
    assert_eq!(window.app().session().entries()[0].problem, None);
    assert!(window.has("samples count by times"));
}

#[test]
fn samples_are_divided_by_groups_and_folds() {
    use descent::data::{SplitBy, Subsample};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("visits.csv");
    let rows: String = (0..60)
        .map(|row| format!("{row},{},p{},{}\n", row % 7, row % 12, ["ill", "well"][row % 5 / 3]))
        .collect();
    std::fs::write(&path, format!("height,day,patient,state\n{rows}")).unwrap();
    let mut window = Window::open(&[&path]);
    window.look_away_from_the_table();
    let split = |window: &Window| window.app().session().entries()[0].experiment.split.clone();
    window.choose("Split");
    window.click_last("In order of time");
    window.settle();
    assert_eq!(split(&window).by, SplitBy::Time("day".into()));
    window.choose("Split");
    window.click_last("Whole groups, at random");
    window.settle();
    assert_eq!(split(&window).by, SplitBy::Group("day".into()), "the column stays");
    window.choose("Split column");
    window.click_last("patient");
    window.settle();
    assert_eq!(split(&window).by, SplitBy::Group("patient".into()));

    window.type_into(egui::accesskit::Role::TextInput, "Folds", "5");
    window.settle();
    assert_eq!(split(&window).folds, 5);
    let alone =
        "5 folds: the seed holds out fold 1 of 5 alone; seeds 1–5 would make one cross-validation";
    assert!(window.has(alone));
    window.click("One seed for each fold");
    window.settle();
    assert_eq!(window.app().session().document().study().seeds, [1, 2, 3, 4, 5]);
    assert!(window.has("5 folds: seeds 1–5 make one cross-validation"));
    assert!(window.has("15 % test, of the rest 5 folds, by groups of `patient`"));

    window.type_into(egui::accesskit::Role::TextInput, "Rows used", "90 %");
    window.settle();
    assert_eq!(split(&window).subsample, Subsample::Share(0.9));
    let entry = &window.app().session().entries()[0];
    assert_eq!(entry.problem, None);
    let prepared = match &entry.data {
        descent::session::DataState::Ready { prepared, .. } => prepared.clone(),
        _ => panic!("the data are ready"),
    };
    let n = prepared.train.n_samples() + prepared.validation.n_samples();
    assert_eq!(n + prepared.test.n_samples(), 54);
}

/// A limit of memory is typed and taken back, and what shows the first rows only says so.
#[test]
fn a_table_larger_than_its_limit_is_kept_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("long.csv");
    let row = |row: usize| format!("{},{},{},{row}\n", row % 7, row * 31 % 101, row % 13);
    let rows: String = (0..60_000).map(row).collect();
    std::fs::write(&path, format!("a,b,c,y\n{rows}")).unwrap();
    let mut window = Window::open(&[&path]);
    let loaded = |window: &Window| match &window.app().session().entries()[0].data {
        descent::session::DataState::Ready { loaded, .. } => loaded.clone(),
        _ => panic!("the data are ready"),
    };
    let shown = |window: &Window, words: &str| {
        window.harness.query_all_by_label_contains(words).next().is_some()
    };
    assert!(loaded(&window).store.is_none() && !shown(&window, "irst 10,000"));
    window.type_into(egui::accesskit::Role::TextInput, "Memory limit", "1");
    window.settle();
    assert!(loaded(&window).store.is_some());
    assert_eq!(window.app().session().entries()[0].problem, None);
    assert!(shown(&window, "The first 10,000 of 60,000 rows: the table, its cards"));
    assert!(shown(&window, "the views of data show the first 10,000 rows"));
    window.key(egui::Key::Escape);
    window.ctrl(egui::Key::Z);
    window.settle();
    assert!(loaded(&window).store.is_none() && !shown(&window, "irst 10,000"));
}

#[test]
fn the_reference_check_shows_every_member_and_can_be_stopped_and_run_again() {
    let mut window = Window::sized(&[], [1024.0, 700.0], 1.0, egui::Theme::Dark);
    window.click("Help");
    window.click("Reference check…");
    assert!(window.has("Reference check"));
    let deadline = Instant::now() + Duration::from_secs(60);
    let wait_for = |window: &mut Window, label: &str| {
        while !window.has(label) {
            assert!(Instant::now() < deadline, "{label}");
            window.harness.step();
            std::thread::yield_now();
        }
    };
    // The first rows, as on the command line.
    wait_for(&mut window, "Copy as text");
    let n_checks = descent::verification::checks(None).len();
    assert!(window.has(&format!("✔ All {n_checks} checks passed")));
    assert!(window.has("GradientDescent") && window.has("✔ ok") && window.has("PyTorch 2.15.0"));
    // Sorted by the largest deviation from large to small, units in the last place come first.
    window.click("largest deviation");
    window.click("largest deviation ▴");
    assert!(window.has("2 ulp") && !window.has("GradientDescent"));

    window.node("Copy as text").click();
    let copied = (0..3).find_map(|_| {
        window.harness.step();
        let commands = &window.harness.output().platform_output.commands;
        commands.iter().find_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    });
    // A summary, the names of the columns, and a line for each check.
    assert_eq!(copied.expect("something is copied").lines().count(), 2 + n_checks);

    window.click("Run again");
    if window.has("Cancel") {
        window.click("Cancel");
    }
    wait_for(&mut window, "Copy as text");
    window.click("Close");
    assert!(!window.has("Reference check"));
}

#[test]
fn transforms_are_added_moved_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plants.csv");
    let rows: String = (0..60)
        .map(|row| format!("{},{},{}\n", row * row, ["red", "blue"][row % 2], 3 * row))
        .collect();
    std::fs::write(&path, format!("height,colour,weight\n{rows}")).unwrap();
    let mut window = Window::open(&[&path]);
    let names = |window: &Window| -> Vec<&'static str> {
        let entry = &window.app().session().entries()[0];
        entry.experiment.preprocessing.iter().map(|transform| transform.name()).collect()
    };
    let add = |window: &mut Window, title: &str| {
        window.node("Add a transform").scroll_to_me();
        window.harness.run_steps(20);
        window.click("Add a transform");
        window.click_last(title);
        window.settle();
    };
    let press = |window: &mut Window, label: &str| {
        window.node(label).scroll_to_me();
        window.harness.run_steps(20);
        window.click(label);
        window.settle();
    };
    add(&mut window, "Logarithm");
    add(&mut window, "One-hot encoding");
    assert_eq!(names(&window), ["Log", "OneHot"]);
    press(&mut window, "Move 2 up");
    assert_eq!(names(&window), ["OneHot", "Log"]);
    press(&mut window, "Remove 1");
    assert_eq!(names(&window), ["Log"]);
    press(&mut window, "How the 3 features are made");
    let made = window.harness.query_all_by_label_contains("log(height): sgn(x) ln(1 + |x|)");
    assert_eq!(made.count(), 1);
    // One that is dropped can be no feature, and is said beside the transform that asks for it.
    add(&mut window, "Drop columns");
    press(&mut window, "Move 2 up");
    assert_eq!(names(&window), ["DropColumns", "Log"]);
    let problem = &window.app().session().entries()[0].problem;
    assert_eq!(*problem, None, "the logarithm is of all that is left");
}

/// A file with a small study of two experiments.
fn small_study(folder: &Path) -> PathBuf {
    use descent::experiment::{Experiment, Study, Variation};
    let optimizer = |name: &str| descent::optimizers::Optimizer::named(name).unwrap();
    let booth = descent::surfaces::Surface::named("Booth").unwrap();
    let base = Experiment {
        data: Source::Surface(booth),
        budget: descent::settings::Span::Steps(80),
        ..Experiment::default()
    };
    let variation = |name: &str| Variation {
        label: name.to_owned(),
        optimizer: Some(optimizer(name)),
        ..Variation::default()
    };
    let compare = vec![variation("Adam"), variation("RmsProp")];
    let study = Study { title: "Two".to_owned(), base, compare, ..Study::default() };
    let path = folder.join("two.ron");
    descent::experiment::file::save(&path, &study).unwrap();
    path
}

#[test]
fn a_record_is_saved_opened_and_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = Window::open(&[&small_study(folder.path())]);
    window.click("Run all");
    window.until("all ended", all_ended);
    let path = folder.path().join("two.record");
    window.dialogs.answer(Choice::File(path.clone()));
    window.click("File");
    window.click("Save record…");
    window.until("saved", |app| !app.session().is_loading() && path.exists());

    let mut window = Window::open(&[]);
    window.dialogs.answer(Choice::File(path.clone()));
    window.ctrl(egui::Key::O);
    window.until("opened", |app| app.session().record().is_some());
    window.settle();
    window.until("shown", all_ended);
    let (software, machine) = {
        let record = window.app().session().record().unwrap().record();
        (record.software.clone(), record.machine.clone())
    };
    assert!(window.has(&format!("2 runs, recorded by {software} on {machine}")));
    let marked = window.harness.query_all_by_label_contains("recorded · ").count();
    assert_eq!(marked, 2, "both experiments are marked");
    window.harness.state_mut().show_view("results");
    window.harness.run_steps(3);
    let cells = window.harness.query_all_by_label_contains("recorded: all steps done").count();
    assert_eq!(cells, 2);
    window.click_last("Replay");
    let busy = |app: &App| app.session().record().is_none_or(|open| open.replaying().is_busy());
    window.until("replayed", |app| !busy(app));
    let equal = "✔ All 2 runs are equal, bit for bit: ";
    assert!(window.harness.query_all_by_label_contains(equal).next().is_some());

    // One hash that is not what it was.
    let mut record = descent::record::Record::load(&path).unwrap();
    record.runs[1].hashes[3].1 = "0123456789abcdef".to_owned();
    let (before, at) = (record.runs[1].hashes[2].0, record.runs[1].hashes[3].0);
    record.save(&path).unwrap();
    let mut window = Window::open(&[&path]);
    window.until("shown", all_ended);
    window.click_last("Replay");
    window.until("replayed", |app| !busy(app));
    assert!(window.has("✖ 1 of 2 differ"));
    let place = format!("RmsProp, seed 1: first differing recorded step {at}; equal at {before}");
    assert!(window.has(&place));

    // What is damaged is told over the window, and what is open stays.
    std::fs::write(&path, "Record(\n    format: 1,\n    engine: ").unwrap();
    window.dialogs.answer(Choice::File(path));
    window.ctrl(egui::Key::O);
    window.until("read", |app| !app.session().is_loading());
    assert!(window.has("That did not work"));
    assert!(window.app().session().record().is_some());
}

#[test]
fn of_several_files_the_first_opens_and_the_others_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (small_study(folder.path()), table(folder.path()));
    let mut window = Window::open(&[&first, &second]);
    assert_eq!(window.app().session().document().title(), "Two");
    assert!(window.has("Only the first file was opened"));
    window.click("Open plants.csv");
    window.settle();
    assert!(!window.has("Only the first file was opened"));
    assert_eq!(window.app().session().document().title(), "plants");

    for path in [first, second] {
        window.harness.input_mut().dropped_files.push(Arc::new(Dropped(path)));
    }
    window.harness.run_steps(3);
    window.settle();
    assert_eq!(window.app().session().document().title(), "Two");
    assert!(window.has("Open plants.csv"));
}

#[test]
fn the_initialization_is_explained() {
    let mut window = Window::open(&[]);
    window.node("Explain the initialization").scroll_to_me();
    window.harness.run_steps(20);
    window.click("Explain the initialization");
    let (_, page) = &descent::models::Initialization::PAGES[0];
    assert!(window.has(&page.usage().replace('`', "")));
}
