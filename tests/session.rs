//! A session does what it is ordered to, without a window.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, bounded};
use descent::data::{CsvSource, Generated, Source};
use descent::experiment::{Experiment, Study};
use descent::losses::TargetKind;
use descent::models::Initialization;
use descent::session::{DataState, Session, SessionCommand as C, Severity, presets};
use descent::settings::{Span, Value};
use descent::training::{Executor, RunState};

/// A session and the bell that its threads ring.
struct Bench {
    session: Session,
    bell: Receiver<()>,
}

impl Bench {
    fn new() -> Self {
        Self::with(Session::new)
    }

    fn in_folder(folder: &Path) -> Self {
        let folder = folder.to_owned();
        Self::with(|executor, wake| Session::with_folder(executor, wake, folder))
    }

    fn with(make: impl FnOnce(Executor, Arc<dyn Fn() + Send + Sync>) -> Session) -> Self {
        let (ring, bell) = bounded(1);
        let wake = Arc::new(move || {
            let _ = ring.try_send(());
        });
        Self { session: make(Executor::new(Some(2)), wake), bell }
    }

    fn until(&mut self, what: &str, is_so: impl Fn(&Session) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(180);
        loop {
            self.session.update();
            if is_so(&self.session) {
                return;
            }
            assert!(Instant::now() < deadline, "{what}: {:?}", self.session.messages());
            let pause = self.session.next_update().map_or(Duration::from_millis(200), |at| {
                at.saturating_duration_since(Instant::now())
            });
            let _ = self.bell.recv_timeout(pause.min(Duration::from_millis(200)));
        }
    }

    fn settle(&mut self) {
        self.until("settled", |session| !session.is_loading() && !session.is_busy());
    }

    fn apply(&mut self, command: C) {
        self.session.apply(command);
    }

    fn last(&self) -> &str {
        self.session.messages().last().map_or("", |message| &message.text)
    }
}

fn small_study() -> Study {
    let moons = Source::Generated((Generated::members()[0].default)());
    let mut study = presets::study_on("Moons", moons);
    study.base.budget = Span::Steps(40);
    study.compare.truncate(2);
    study
}

fn open_small(bench: &mut Bench) {
    bench.apply(C::OpenStudy(Box::new(small_study())));
    bench.settle();
}

fn all_ended(session: &Session) -> bool {
    session.entries().iter().all(|entry| {
        !entry.runs.is_empty()
            && entry.runs.iter().all(|run| matches!(run.state(), RunState::Ended(_)))
    })
}

#[test]
fn the_first_study_is_ready_to_run() {
    let mut bench = Bench::new();
    bench.settle();
    assert!(!bench.session.document().is_modified());
    for entry in bench.session.entries() {
        assert_eq!(entry.problem, None, "{}", entry.label);
        assert!(entry.plan.as_ref().is_some_and(|plan| plan.n_params() > 0));
        assert!(matches!(entry.data, DataState::Ready { .. }));
    }
}

#[test]
fn edits_are_marked_and_taken_back() {
    let mut bench = Bench::new();
    let title = bench.session.document().title();
    bench.apply(C::SetTitle("Another".into()));
    assert!(bench.session.document().is_modified());
    bench.apply(C::Undo);
    assert!(!bench.session.document().is_modified());
    assert_eq!(bench.session.document().title(), title);
    bench.apply(C::Redo);
    assert_eq!(bench.session.document().title(), "Another");
}

#[test]
fn experiments_are_duplicated_renamed_moved_and_deleted() {
    let mut bench = Bench::new();
    open_small(&mut bench);
    let last_color = bench.session.entries()[1].color;
    bench.apply(C::Duplicate(0));
    assert_eq!(bench.session.entries().len(), 3);
    assert_eq!(bench.session.entries()[2].color, last_color, "the others keep their colors");
    assert_eq!(bench.session.selected(), 1);
    let labels = |bench: &Bench| -> Vec<String> {
        bench.session.entries().iter().map(|entry| entry.label.clone()).collect()
    };
    assert_eq!(bench.session.entries()[0].experiment, bench.session.entries()[1].experiment);
    let colors: Vec<_> = bench.session.entries().iter().map(|entry| entry.color).collect();
    assert!(colors[0] != colors[1] && colors[1] != colors[2] && colors[0] != colors[2]);
    bench.apply(C::Rename(1, "  Twin ".into()));
    assert_eq!(labels(&bench)[1], "Twin");
    bench.apply(C::Rename(1, "   ".into()));
    assert_eq!(labels(&bench)[1], "Twin", "an empty name is none");
    bench.apply(C::Recolor(1, [1, 2, 3]));
    bench.apply(C::Move(1, 0));
    assert_eq!(labels(&bench)[0], "Twin");
    assert_eq!(bench.session.entries()[0].color, [1, 2, 3]);
    bench.apply(C::Delete(0));
    assert_eq!(bench.session.entries().len(), 2);
    for _ in 0..3 {
        bench.apply(C::Undo);
    }
    assert_eq!(labels(&bench)[1], "Twin");
}

#[test]
fn an_edit_makes_runs_stale_and_only_those_run_again() {
    let mut bench = Bench::new();
    open_small(&mut bench);
    bench.apply(C::SetSeeds(vec![1, 2]));
    bench.settle();
    bench.apply(C::RunAll);
    bench.until("all ended", all_ended);
    assert!(bench.session.is_up_to_date());
    assert_eq!(bench.session.runs_done(), (4, 4));
    let hash = |bench: &Bench, entry: usize, run: usize| {
        bench.session.entries()[entry].runs[run].hashes().to_vec()
    };
    let (first, second) = (hash(&bench, 0, 0), hash(&bench, 1, 0));

    // A longer budget keeps it from being trained again by itself before we look.
    let mut experiment = bench.session.entries()[0].experiment.clone();
    experiment.optimizer.set("learning_rate", Value::Number(0.5)).unwrap();
    bench.apply(C::Edit(0, Box::new(experiment)));
    assert!(bench.session.entries()[0].stale);
    assert!(!bench.session.entries()[1].stale);
    bench.apply(C::RunAll);
    bench.until("trained again", |session| !session.entries()[0].stale && all_ended(session));
    assert_ne!(hash(&bench, 0, 0), first);
    assert_eq!(hash(&bench, 1, 0), second);

    // Taken back, it trains to the same bits again.
    bench.apply(C::Undo);
    bench.apply(C::RunAll);
    bench.until("trained again", |session| !session.entries()[0].stale && all_ended(session));
    assert_eq!(hash(&bench, 0, 0), first);
}

#[test]
fn a_seed_more_trains_only_that_seed() {
    let mut bench = Bench::new();
    open_small(&mut bench);
    bench.apply(C::RunAll);
    bench.until("all ended", all_ended);
    bench.apply(C::SetSeeds(vec![1, 7]));
    bench.apply(C::RunAll);
    bench.until("both seeds", |session| session.runs_done() == (4, 4));
    let seeds: Vec<u64> =
        bench.session.entries()[0].runs.iter().map(|run| run.plan().seed).collect();
    assert_eq!(seeds, [1, 7]);
    bench.apply(C::SetSeeds(vec![7]));
    assert_eq!(bench.session.runs_done(), (2, 2));
}

#[test]
fn runs_are_stepped_paused_continued_and_reset() {
    let mut bench = Bench::new();
    open_small(&mut bench);
    bench.apply(C::Step(0));
    bench.until("held at the start", |session| session.entries()[0].is_paused());
    bench.apply(C::Step(0));
    bench.until("one step", |session| session.entries()[0].runs[0].clocks().step == 1);
    bench.apply(C::Run(0));
    bench.until("done", |session| {
        matches!(session.entries()[0].runs[0].state(), RunState::Ended(_))
    });
    assert_eq!(bench.session.entries()[0].runs[0].clocks().step, 40);
    bench.apply(C::ResetAll);
    assert!(bench.session.entries()[0].runs.is_empty());
}

#[test]
fn what_cannot_be_opened_leaves_everything_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    open_small(&mut bench);
    bench.apply(C::SetTitle("Mine".into()));
    let before = bench.session.document().study().clone();
    let broken = folder.path().join("broken.ron");
    std::fs::write(&broken, "Study(format: 1, title: \"x").unwrap();
    for path in [folder.path().join("missing.ron"), broken, folder.path().to_owned()] {
        bench.apply(C::Open(path.clone()));
        let message = bench.session.messages().last().unwrap();
        assert_eq!(message.severity, Severity::Error, "{}", path.display());
        assert_eq!(bench.session.document().study(), &before);
        assert!(bench.session.document().is_modified());
    }
}

#[test]
fn a_study_is_saved_and_opens_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study");
    let mut bench = Bench::in_folder(&folder.path().join("preferences"));
    open_small(&mut bench);
    bench.apply(C::SetTitle("Saved".into()));
    bench.apply(C::Recolor(0, [9, 8, 7]));
    bench.apply(C::SaveAs(path.clone()));
    assert!(!bench.session.document().is_modified(), "{}", bench.last());
    let path = path.with_extension("ron");
    assert_eq!(bench.session.document().path(), Some(path.as_path()));
    let study = bench.session.document().study().clone();
    bench.session.close();

    // The next session opens it by itself.
    let next = Bench::in_folder(&folder.path().join("preferences"));
    assert_eq!(next.session.document().study(), &study);
    assert_eq!(next.session.entries()[0].color, [9, 8, 7]);
    assert_eq!(next.session.recent_files(), [path]);
}

#[test]
fn a_table_becomes_a_study_whose_models_suit_its_target() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plants.csv");
    let mut text = "height,width,kind,yield\n".to_owned();
    for n in 0..60 {
        let kind = ["fern", "moss", "palm"][n % 3];
        text.push_str(&format!("{},{},{kind},{}\n", n * 7 % 11, n * 5 % 13, n as f64 * 0.5));
    }
    std::fs::write(&path, text).unwrap();
    let mut bench = Bench::new();
    bench.apply(C::Open(path.clone()));
    bench.settle();
    let kinds = |bench: &Bench| -> Vec<TargetKind> {
        let entries = bench.session.entries().iter();
        entries.map(|entry| entry.experiment.loss.rule::<f64>().target_kind()).collect()
    };
    assert!(kinds(&bench).iter().all(|kind| *kind == TargetKind::Number), "the last column");
    assert!(bench.session.entries().iter().all(|entry| entry.problem.is_none()));
    assert!(!bench.session.document().is_modified(), "nobody edited it yet");

    let mut base = bench.session.document().study().base.clone();
    base.data = Source::Csv(CsvSource {
        path: path.to_string_lossy().into_owned(),
        target: "kind".into(),
        ..CsvSource::default()
    });
    bench.apply(C::EditBase(Box::new(base)));
    bench.settle();
    assert!(kinds(&bench).iter().all(|kind| *kind == TargetKind::Classes));
    for entry in bench.session.entries() {
        assert_eq!(entry.problem, None, "{}", entry.label);
    }
    assert!(bench.last().contains("3 classes"), "{}", bench.last());
    bench.apply(C::RunAll);
    bench.until("all ended", all_ended);
    bench.apply(C::Undo);
    bench.settle();
    assert!(kinds(&bench).iter().all(|kind| *kind == TargetKind::Number));
}

#[test]
fn a_table_that_cannot_be_read_says_why_and_where() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.csv");
    std::fs::write(&path, "").unwrap();
    let mut bench = Bench::new();
    bench.apply(C::Open(path));
    bench.settle();
    let entry = &bench.session.entries()[0];
    assert!(matches!(entry.data, DataState::Failed(_)));
    assert!(entry.problem.is_some());
    let message = bench.session.messages().last().unwrap();
    assert_eq!(message.severity, Severity::Error);
    assert!(message.text.contains("empty.csv"), "{}", message.text);
}

#[test]
fn a_loss_that_only_grows_is_told_with_a_way_out() {
    let mut bench = Bench::new();
    let mut study = small_study();
    study.compare.truncate(1);
    bench.apply(C::OpenStudy(Box::new(study)));
    bench.settle();
    let mut experiment = bench.session.entries()[0].experiment.clone();
    let bowl = descent::surfaces::Surface::named("Quadratic").unwrap();
    experiment.data = Source::Surface(bowl);
    experiment.optimizer = descent::optimizers::Optimizer::named("GradientDescent").unwrap();
    experiment.optimizer.set("learning_rate", Value::Number(3.0)).unwrap();
    experiment.budget = descent::settings::Span::Steps(10);
    bench.apply(C::Edit(0, Box::new(experiment)));
    bench.settle();
    bench.apply(C::RunAll);
    bench.until("told", |session| {
        session.messages().iter().any(|message| message.text.contains("the loss grew from"))
    });
    let told = bench.session.messages().iter().find(|message| message.remedy.is_some()).unwrap();
    assert_eq!(told.remedy.as_ref().unwrap().label, "Try 1");
}

#[test]
fn divergence_is_told_with_a_way_out() {
    let mut bench = Bench::new();
    let mut study = small_study();
    study.compare.truncate(1);
    bench.apply(C::OpenStudy(Box::new(study)));
    bench.settle();
    let mut experiment = bench.session.entries()[0].experiment.clone();
    experiment.data = Source::Surface(descent::surfaces::Surface::named("Rosenbrock").unwrap());
    experiment.optimizer = descent::optimizers::Optimizer::named("GradientDescent").unwrap();
    experiment.optimizer.set("learning_rate", Value::Number(10.0)).unwrap();
    bench.apply(C::Edit(0, Box::new(experiment)));
    bench.settle();
    bench.apply(C::RunAll);
    bench.until("told", |session| {
        session.messages().iter().any(|message| message.text.contains("diverged at step"))
    });
    let told = bench.session.messages().iter().find(|message| message.remedy.is_some()).unwrap();
    let remedy = told.remedy.clone().unwrap();
    assert_eq!(remedy.label, "Try 3.33");
    bench.apply(remedy.commands[0].clone());
    let rate = bench.session.entries()[0].experiment.optimizer.get("learning_rate");
    assert_eq!(rate, Some(Value::Number(3.33)));
}

#[test]
fn a_start_in_the_picture_leaves_the_other_coordinates_where_they_start() {
    use descent::models::Initialization;
    use descent::surfaces::{Rosenbrock, Surface};
    let mut bench = Bench::new();
    let mut study = small_study();
    study.base.data = Source::of_surface(Surface::Rosenbrock(Rosenbrock { dimension: 4 }), 0.1);
    study.compare.truncate(2);
    study.compare[1].data = Some(Source::Surface(Surface::named("Booth").unwrap()));
    bench.apply(C::OpenStudy(Box::new(study)));
    bench.settle();
    bench.apply(C::SetStart(vec![0.5, 0.25]));
    bench.settle();
    let starts: Vec<_> =
        bench.session.entries().iter().map(|entry| &entry.experiment.initialization).collect();
    assert_eq!(*starts[0], Initialization::Explicit(vec![0.5, 0.25, -1.2, 1.0]));
    assert_eq!(*starts[1], Initialization::Explicit(vec![0.5, 0.25]));
    assert!(bench.session.entries().iter().all(|entry| entry.problem.is_none()));
}

#[test]
fn class_weights_go_with_the_classes() {
    use descent::losses::ClassWeights;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plants.csv");
    let rows: String =
        (0..60).map(|row| format!("{row},{},{}\n", row % 7, ["fern", "moss"][row % 2])).collect();
    std::fs::write(&path, format!("height,width,kind\n{rows}")).unwrap();
    let mut bench = Bench::new();
    bench.apply(C::Open(path));
    bench.settle();
    let mut experiment = bench.session.document().study().base.clone();
    experiment.class_weights = ClassWeights::Explicit(vec![1.0, 3.0]);
    bench.apply(C::EditBase(Box::new(experiment.clone())));
    bench.settle();
    assert_eq!(bench.session.entries()[0].problem, None);
    let Source::Csv(csv) = &mut experiment.data else { panic!("a table") };
    csv.target = "width".to_owned();
    bench.apply(C::EditBase(Box::new(experiment)));
    bench.settle();
    let entry = &bench.session.entries()[0];
    assert_eq!((&entry.problem, &entry.experiment.class_weights), (&None, &ClassWeights::Off));
}

#[test]
fn a_twin_of_an_experiment_whose_data_failed_says_so_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("empty.csv");
    std::fs::write(&path, "").unwrap();
    let mut bench = Bench::new();
    bench.apply(C::Open(path));
    bench.settle();
    bench.apply(C::Duplicate(0));
    bench.settle();
    assert!(matches!(bench.session.entries()[1].data, DataState::Failed(_)));
    assert_eq!(bench.session.entries()[1].problem, bench.session.entries()[0].problem);
}

#[test]
fn seeds_that_change_during_a_check_are_checked_in_turn() {
    let mut bench = Bench::new();
    bench.apply(C::OpenStudy(Box::new(small_study())));
    bench.apply(C::SetSeeds(vec![5]));
    bench.settle();
    for entry in bench.session.entries() {
        assert!(matches!(entry.data, DataState::Ready { .. }), "{}", entry.label);
        assert_eq!(entry.plan.as_ref().map(|plan| plan.seed), Some(5));
    }
}

#[test]
fn a_run_whose_plan_is_still_made_can_be_paused() {
    let mut bench = Bench::new();
    open_small(&mut bench);
    bench.apply(C::Run(0));
    bench.apply(C::Pause(0));
    bench.settle();
    let entry = &bench.session.entries()[0];
    assert!(entry.is_paused());
    assert_eq!(entry.runs[0].clocks().step, 0);
}

#[test]
fn runs_on_the_same_data_share_it() {
    let mut bench = Bench::new();
    open_small(&mut bench);
    bench.apply(C::SetSeeds(vec![1, 2]));
    bench.apply(C::RunAll);
    bench.until("all ended", |session| session.runs_done() == (4, 4));
    let data = |entry: usize, run: usize| {
        bench.session.entries()[entry].runs[run].plan().data.clone().unwrap()
    };
    for run in 0..2 {
        assert!(Arc::ptr_eq(&data(0, run), &data(1, run)));
    }
    assert!(!Arc::ptr_eq(&data(0, 0), &data(0, 1)), "each seed splits in its own way");
}

#[test]
fn a_study_ends_in_ron_whatever_dots_its_name_has() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let mut bench = Bench::new();
    open_small(&mut bench);
    bench.apply(C::SaveAs(file("lr 0.1")));
    assert_eq!(bench.session.document().path(), Some(&*file("lr 0.1.ron")));
    assert!(!file("lr 0.1").exists());
    bench.apply(C::SaveAs(file("lr 0.1")));
    assert_eq!(bench.session.messages().last().unwrap().severity, Severity::Info, "its own file");
    bench.apply(C::SaveAs(file("Loud.RON")));
    assert_eq!(bench.session.document().path(), Some(&*file("Loud.RON")));
}

#[test]
fn a_study_is_not_saved_over_another_whose_name_was_not_given() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    std::fs::write(file("study.ron"), "somebody's").unwrap();
    let mut bench = Bench::new();
    open_small(&mut bench);
    bench.apply(C::SetTitle("Mine".into()));
    bench.apply(C::SaveAs(file("study")));
    assert!(bench.last().contains("Save as study.ron to replace it"), "{}", bench.last());
    assert_eq!(std::fs::read_to_string(file("study.ron")).unwrap(), "somebody's");
    assert!(bench.session.document().is_modified());
    bench.apply(C::SaveAs(file("study.ron")));
    assert!(!bench.session.document().is_modified(), "{}", bench.last());
}

#[test]
fn saved_in_another_folder_a_study_finds_its_files_before_and_after_undo() {
    let folder = tempfile::tempdir().unwrap();
    let [old, new] = ["old", "new"].map(|name| folder.path().join(name));
    for folder in [&old, &new] {
        std::fs::create_dir(folder).unwrap();
    }
    let mut study = small_study();
    study.base.data = Source::Csv(CsvSource { path: "a.csv".into(), ..CsvSource::default() });
    study.base.initialization = Initialization::File("a.safetensors".into());
    let mut bench = Bench::new();
    bench.apply(C::OpenStudy(Box::new(study)));
    bench.apply(C::SaveAs(old.join("study.ron")));
    // A study without a file starts where the program does; from here on in `old`.
    let mut base = bench.session.document().study().base.clone();
    base.data = Source::Csv(CsvSource { path: "b.csv".into(), ..CsvSource::default() });
    base.initialization = Initialization::File("b.safetensors".into());
    bench.apply(C::EditBase(Box::new(base.clone())));
    base.data = Source::Csv(CsvSource { path: "c.csv".into(), ..CsvSource::default() });
    bench.apply(C::SetTitle("Between".into()));
    bench.apply(C::EditBase(Box::new(base)));
    bench.apply(C::Undo);
    bench.apply(C::SaveAs(new.join("study.ron")));
    let paths = |bench: &Bench| match &bench.session.document().study().base {
        Experiment {
            data: Source::Csv(csv), initialization: Initialization::File(start), ..
        } => [csv.path.clone(), start.clone()].map(std::path::PathBuf::from),
        other => panic!("{other:?}"),
    };
    assert_eq!(paths(&bench), [old.join("b.csv"), old.join("b.safetensors")]);
    bench.apply(C::Redo);
    assert_eq!(paths(&bench), [old.join("c.csv"), old.join("b.safetensors")]);
    (0..2).for_each(|_| bench.apply(C::Undo));
    assert_eq!(paths(&bench), [old.join("b.csv"), old.join("b.safetensors")]);
}

#[test]
fn an_experiment_does_not_take_the_name_of_another() {
    let mut bench = Bench::new();
    open_small(&mut bench);
    let first = bench.session.entries()[0].label.clone();
    bench.apply(C::Rename(1, first.clone()));
    assert_eq!(bench.session.entries()[0].label, first);
    assert_ne!(bench.session.entries()[1].label, first);
    assert!(bench.session.entries()[1].label.ends_with(" 2"));
    bench.apply(C::Rename(0, first.clone()));
    assert_eq!(bench.session.entries()[0].label, first, "its own name is free");
    assert_eq!(descent::experiment::validate(bench.session.document().study()), []);
}

#[test]
fn what_cannot_run_is_saved_all_the_same_and_says_why_it_cannot() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    open_small(&mut bench);
    for (budget, warmup, problem) in [(0, 0, "budget is 0 steps"), (10, 11, "warmup is 11 steps")] {
        let mut experiment = bench.session.entries()[0].experiment.clone();
        (experiment.budget, experiment.warmup) = (Span::Steps(budget), Span::Steps(warmup));
        bench.apply(C::Edit(0, Box::new(experiment)));
        bench.settle();
        let told = bench.session.entries()[0].problem.clone().unwrap_or_default();
        assert!(told.starts_with(problem), "{told}");
        assert!(matches!(bench.session.entries()[0].data, DataState::Ready { .. }));
        bench.apply(C::SaveAs(folder.path().join("study.ron")));
        assert!(!bench.session.document().is_modified());
        let message = bench.session.messages().last().unwrap();
        assert_eq!(message.severity, Severity::Warning);
        assert!(message.text.contains(problem), "{}", message.text);
    }
}

#[test]
fn nothing_is_due_while_an_order_to_train_again_waits_for_plans() {
    let mut bench = Bench::new();
    open_small(&mut bench);
    bench.apply(C::Run(0));
    bench.until("ended", |session| session.runs_done() == (1, 1));
    let steeper = |bench: &mut Bench, rate: f64| {
        let mut experiment = bench.session.entries()[0].experiment.clone();
        experiment.optimizer.set("learning_rate", Value::Number(rate)).unwrap();
        bench.apply(C::Edit(0, Box::new(experiment)));
    };
    steeper(&mut bench, 0.02);
    assert!(bench.session.next_update().is_some());
    bench.apply(C::Run(0));
    steeper(&mut bench, 0.03);
    assert_eq!(bench.session.next_update(), None);
    bench.until("trained as set last", |session| {
        let entry = &session.entries()[0];
        !entry.stale && !entry.is_busy()
    });
}

/// The window trains through a session; the command line is the program itself.
#[test]
fn the_command_line_comes_to_the_same_bits() {
    let mut bench = Bench::new();
    open_small(&mut bench);
    bench.apply(C::SetSeeds(vec![1, 2]));
    bench.settle();
    // Held and stepped in one, straight on in the other.
    bench.apply(C::Step(0));
    bench.until("held at the start", |session| session.entries()[0].is_paused());
    bench.apply(C::Step(0));
    bench.apply(C::RunAll);
    bench.until("all ended", all_ended);
    let runs = bench.session.entries().iter().flat_map(|entry| &entry.runs);
    let mut in_session: Vec<(String, u64, String)> = runs
        .map(|run| {
            let hash = run.hashes().last().map(|(_, hash)| format!("{hash:016x}"));
            (run.plan().label.clone(), run.plan().seed, hash.unwrap())
        })
        .collect();

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("study.ron");
    descent::experiment::file::save(&path, bench.session.document().study()).unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_descent"))
        .args(["run", path.to_str().unwrap(), "--json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let mut alone: Vec<(String, u64, String)> = lines
        .lines()
        .map(|line| {
            let run: serde_json::Value = serde_json::from_str(line).unwrap();
            let text = |name: &str| run[name].as_str().unwrap().to_owned();
            (text("experiment"), run["seed"].as_u64().unwrap(), text("hash"))
        })
        .collect();
    in_session.sort();
    alone.sort();
    assert_eq!(in_session.len(), 4);
    assert_eq!(in_session, alone);
}

/// Sets 0 and 1 of a table with two columns that a line fits.
fn line_table(path: &Path, slope: f64) {
    let rows = (0..40).map(|n| format!("{n},{}\n", slope * f64::from(n) + f64::from(n % 3)));
    std::fs::write(path, format!("x,y\n{}", rows.collect::<String>())).unwrap();
}

/// A session that has run a study on the table beside it and saved study and record.
fn record_of_a_table(folder: &Path) -> std::path::PathBuf {
    line_table(&folder.join("line.csv"), 0.5);
    let mut bench = Bench::new();
    bench.apply(C::Open(folder.join("line.csv")));
    bench.settle();
    let mut base = bench.session.document().study().base.clone();
    base.budget = Span::Steps(60);
    bench.apply(C::EditBase(Box::new(base)));
    bench.apply(C::SetSeeds(vec![3, 1]));
    bench.apply(C::SaveAs(folder.join("line.ron")));
    bench.settle();
    let record = folder.join("line.record");
    bench.apply(C::SaveRecord(record.clone()));
    let early = bench.session.take_refusal().expect("nothing has run");
    assert!(early.contains("seed 3, has not ended as it is set now; Run all first"), "{early}");
    assert!(!record.exists());
    bench.apply(C::RunAll);
    bench.settle();
    assert!(all_ended(&bench.session));
    bench.apply(C::SaveRecord(folder.join("line.csv")));
    assert!(bench.session.take_refusal().unwrap().contains("overwrite the study's data"));
    bench.apply(C::SaveRecord(record.clone()));
    bench.settle();
    assert_eq!(bench.session.take_refusal(), None);
    assert!(bench.last().starts_with("Saved the record"), "{}", bench.last());
    record
}

fn replayed(bench: &mut Bench) -> String {
    // Others may speak meanwhile.
    let verdicts = |session: &Session| -> Vec<String> {
        let texts = session.messages().iter().map(|message| message.text.clone());
        texts.filter(|text| text.starts_with("Replay of ")).collect()
    };
    let n_before = verdicts(&bench.session).len();
    bench.apply(C::Replay);
    bench.until("replayed", |session| {
        let is_done = session.record().is_some_and(|open| !open.replaying().is_busy());
        is_done && verdicts(session).len() > n_before
    });
    verdicts(&bench.session).pop().unwrap_or_default()
}

#[test]
fn a_record_opens_as_it_was_recorded_and_replays_to_the_same_bits() {
    let folder = tempfile::tempdir().unwrap();
    let record = record_of_a_table(folder.path());
    let kept = descent::record::Record::load(&record).unwrap();

    let mut bench = Bench::new();
    bench.apply(C::Open(record.clone()));
    bench.settle();
    let told: Vec<_> = bench.session.messages().iter().map(|message| &*message.text).collect();
    assert!(told.iter().any(|text| text.starts_with("Opened line.record: ")), "{told:?}");
    assert!(!bench.session.document().is_modified());
    assert_eq!(bench.session.document().path(), None, "saving never falls on the record");
    assert_eq!(bench.session.document().study().seeds, [3, 1]);
    let n_experiments = bench.session.entries().len();
    for (number, entry) in bench.session.entries().iter().enumerate() {
        assert!(!entry.stale && entry.problem.is_none(), "{:?}", entry.problem);
        assert_eq!(entry.runs.len(), 2);
        for (place, run) in entry.runs.iter().enumerate() {
            let was = &kept.runs[number * 2 + place];
            assert!(run.is_recorded());
            assert_eq!(run.plan().seed, was.seed);
            assert_eq!(*run.history(), was.history);
            assert_eq!(run.outcome(), was.outcome.as_ref());
            assert_eq!(run.snapshot().params, was.last.values().unwrap());
            assert_eq!(run.snapshot().step, 60);
            assert_eq!(run.clocks().step, 60);
            assert_eq!(run.best_params(), was.best.values().as_deref());
        }
    }
    assert!(bench.session.is_up_to_date(), "there is nothing to run");

    let verdict = replayed(&mut bench);
    let all = format!("All {} runs are equal, bit for bit", 2 * n_experiments);
    assert!(verdict.starts_with(&format!("Replay of line.record. {all}")), "{verdict}");
    // What the window wrote, the command line replays.
    let again = descent::record::replay(&kept, &record, &Executor::new(Some(2))).unwrap();
    assert!(again.iter().all(|run| run.difference.is_none() && run.n_compared > 1));

    // Saved again untouched it is the same record; after an edit it is refused.
    let copy = folder.path().join("copy.record");
    bench.apply(C::SaveRecord(copy.clone()));
    bench.settle();
    assert_eq!(descent::record::Record::load(&copy).unwrap(), kept);
    let mut other = bench.session.entries()[0].experiment.clone();
    other.budget = Span::Steps(61);
    bench.apply(C::Edit(0, Box::new(other)));
    assert!(bench.session.entries()[0].stale);
    bench.apply(C::SaveRecord(copy));
    assert!(bench.session.take_refusal().is_some());
    // The record can still be replayed: it is what was recorded, not what is set now.
    assert!(replayed(&mut bench).contains(&all));
}

#[test]
fn a_replay_says_where_the_first_difference_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = record_of_a_table(folder.path());
    let mut record = descent::record::Record::load(&path).unwrap();
    let run = &mut record.runs[1];
    let (before, at) = (run.hashes[4].0, run.hashes[5].0);
    run.hashes[5].1 = "0123456789abcdef".to_owned();
    record.save(&path).unwrap();
    let mut bench = Bench::new();
    bench.apply(C::Open(path));
    bench.settle();
    let verdict = replayed(&mut bench);
    let n = record.runs.len();
    let where_it_is = format!(
        "1 of {n} differ. {}, seed 1: first differing recorded step {at}; equal at {before}",
        record.runs[1].experiment
    );
    assert!(verdict.contains(&where_it_is), "{verdict}");
    assert_eq!(bench.session.messages().last().unwrap().severity, Severity::Warning);
}

#[test]
fn a_record_whose_data_changed_is_shown_and_not_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let path = record_of_a_table(folder.path());
    let table = folder.path().join("line.csv");

    // Without its data there are no runs to show, until they are back.
    std::fs::rename(&table, folder.path().join("away")).unwrap();
    let mut bench = Bench::new();
    bench.apply(C::Open(path.clone()));
    bench.settle();
    assert!(bench.session.entries().iter().all(|entry| entry.runs.is_empty()));
    let told = bench.session.messages().iter().any(|message| {
        message.severity == Severity::Error && message.text.contains("are not shown: ")
    });
    assert!(told, "{:?}", bench.session.messages());
    bench.apply(C::Replay);
    assert!(bench.last().contains("line.record cannot be replayed: what “"), "{}", bench.last());
    std::fs::rename(folder.path().join("away"), &table).unwrap();
    bench.apply(C::ReadAgain);
    bench.settle();
    assert!(bench.session.entries().iter().all(|entry| entry.runs.len() == 2));
    assert!(replayed(&mut bench).contains("are equal, bit for bit"));

    line_table(&table, 0.75);
    let kept = descent::record::Record::load(&path).unwrap();
    let mut bench = Bench::new();
    bench.apply(C::Open(path));
    bench.settle();
    assert!(bench.session.entries().iter().all(|entry| entry.runs.len() == 2));
    let changed = bench.session.messages().iter().filter(|message| {
        message.severity == Severity::Warning && message.text.contains("the data changed since")
    });
    assert_eq!(changed.count(), 1, "{:?}", bench.session.messages());
    bench.apply(C::Replay);
    assert!(bench.last().contains("cannot be replayed: in “"), "{}", bench.last());

    // What was recorded of the old data is no record of the new: all of it or nothing is saved.
    let copy = folder.path().join("copy.record");
    bench.apply(C::SaveRecord(copy.clone()));
    bench.settle();
    assert_eq!(descent::record::Record::load(&copy).unwrap(), kept);
    std::fs::remove_file(&copy).unwrap();
    bench.apply(C::Rename(0, "Another".into()));
    bench.apply(C::SaveRecord(copy.clone()));
    bench.settle();
    let refusal = bench.session.take_refusal().expect("the data are not what they were");
    assert!(refusal.contains("the data changed since"), "{refusal}");
    assert!(!copy.exists());
}

#[test]
fn data_that_are_set_otherwise_meanwhile_have_not_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = record_of_a_table(folder.path());
    let other = folder.path().join("other.csv");
    line_table(&other, 2.0);
    let mut bench = Bench::new();
    bench.apply(C::Open(path));
    // The record is there, and its table is not read yet.
    bench.until("open", |session| session.record().is_some());
    let mut edited = bench.session.entries()[0].experiment.clone();
    if let Source::Csv(csv) = &mut edited.data {
        csv.path = other.to_string_lossy().into_owned();
    }
    bench.apply(C::Edit(0, Box::new(edited)));
    bench.settle();
    let warned = bench.session.messages().iter().find(|message| message.text.contains("changed"));
    assert!(warned.is_none(), "{warned:?}");
    assert!(bench.session.entries()[0].stale);
    assert_eq!(bench.session.record().unwrap().problem(), None);
    bench.apply(C::Undo);
    bench.settle();
    for entry in bench.session.entries() {
        assert!(!entry.stale && entry.runs.len() == 2 && entry.runs[0].is_recorded());
    }
    assert!(replayed(&mut bench).contains("are equal, bit for bit"));
}

#[test]
fn an_experiment_that_comes_back_has_its_recorded_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = record_of_a_table(folder.path());
    let kept = descent::record::Record::load(&path).unwrap();
    let mut bench = Bench::new();
    bench.apply(C::Open(path));
    bench.settle();
    bench.apply(C::Delete(0));
    bench.apply(C::Undo);
    bench.settle();
    assert!(bench.session.entries().iter().all(|entry| entry.runs.len() == 2));
    assert!(bench.session.is_up_to_date());
    let copy = folder.path().join("copy.record");
    bench.apply(C::SaveRecord(copy.clone()));
    bench.settle();
    assert_eq!(descent::record::Record::load(&copy).unwrap(), kept);
    // Where a person took them away they do not come back by themselves.
    bench.apply(C::Reset(0));
    bench.apply(C::SetTitle("Another".into()));
    bench.apply(C::ReadAgain);
    bench.settle();
    assert!(bench.session.entries()[0].runs.is_empty());
}

#[test]
fn runs_without_hashes_are_not_called_equal() {
    let folder = tempfile::tempdir().unwrap();
    let path = record_of_a_table(folder.path());
    let mut record = descent::record::Record::load(&path).unwrap();
    let n = record.runs.len();
    let verdict = |record: &descent::record::Record| {
        record.save(&path).unwrap();
        let mut bench = Bench::new();
        bench.apply(C::Open(path.clone()));
        bench.settle();
        let verdict = replayed(&mut bench);
        assert_eq!(bench.session.messages().last().unwrap().severity, Severity::Warning);
        assert!(!bench.session.record().unwrap().replaying().is_equal());
        verdict
    };
    // As a run leaves it that failed before it began.
    record.runs[0].hashes.clear();
    let some = verdict(&record);
    assert!(some.contains(&format!("{} of {n} runs are equal", n - 1)), "{some}");
    assert!(some.contains("The others left no hashes"), "{some}");
    record.runs.iter_mut().for_each(|run| run.hashes.clear());
    let none = verdict(&record);
    assert!(none.contains("nothing to compare") && !none.contains("equal"), "{none}");
    let again = descent::record::replay(&record, &path, &Executor::new(Some(1))).unwrap();
    assert!(again[0].to_string().ends_with("seed 3: nothing to compare, it left no hashes"));
}

#[test]
fn a_record_is_whole_when_the_session_is_closed_and_never_falls_on_initial_parameters() {
    let folder = tempfile::tempdir().unwrap();
    let mut bench = Bench::new();
    open_small(&mut bench);
    bench.apply(C::RunAll);
    bench.settle();
    let path = folder.path().join("small.record");
    bench.apply(C::SaveRecord(path.clone()));
    assert!(bench.session.is_saving());
    bench.session.close();
    assert!(descent::record::Record::load(&path).is_ok());

    let start = folder.path().join("start.safetensors");
    std::fs::write(&start, "kept").unwrap();
    let mut base = small_study().base;
    base.initialization = Initialization::File(start.to_string_lossy().into_owned());
    bench.apply(C::EditBase(Box::new(base)));
    bench.apply(C::SaveRecord(start.clone()));
    let refusal = bench.session.take_refusal().expect("the study starts from it");
    assert!(refusal.contains("overwrite the study's initial parameters"), "{refusal}");
    assert_eq!(std::fs::read_to_string(start).unwrap(), "kept");
}

#[test]
fn a_damaged_record_is_refused_and_what_is_open_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = record_of_a_table(folder.path());
    let text = std::fs::read_to_string(&path).unwrap();
    let mut bench = Bench::new();
    bench.settle();
    let before = bench.session.document().study().clone();
    let cut = folder.path().join("cut.record");
    std::fs::write(&cut, &text[..text.len() / 2]).unwrap();
    bench.apply(C::Open(cut));
    bench.settle();
    let refusal = bench.session.take_refusal().expect("it is damaged");
    assert!(refusal.starts_with("Could not open ") && refusal.contains("damaged"), "{refusal}");
    assert_eq!(bench.session.document().study(), &before);

    // A run too few, and parameters that are not those of the model.
    let mut record = descent::record::Record::load(&path).unwrap();
    let short = folder.path().join("short.record");
    record.runs.pop();
    record.save(&short).unwrap();
    bench.apply(C::Open(short.clone()));
    bench.settle();
    assert!(bench.session.take_refusal().unwrap().contains("its runs are not those of its study"));
    // Runs in another order: the command line says the same.
    let mut record = descent::record::Record::load(&path).unwrap();
    record.runs.swap(0, 1);
    record.save(&short).unwrap();
    bench.apply(C::Open(short.clone()));
    bench.settle();
    assert!(bench.session.take_refusal().unwrap().contains("its runs are not those of its study"));
    let replayed = descent::record::replay(&record, &short, &Executor::new(Some(1)));
    assert!(matches!(replayed, Err(descent::record::ReplayError::Runs)), "{replayed:?}");
    let mut record = descent::record::Record::load(&path).unwrap();
    record.runs[0].last = descent::record::Parameters::new(Default::default(), &[1.0; 7]);
    let other = folder.path().join("other.record");
    record.save(&other).unwrap();
    bench.apply(C::Open(other));
    bench.settle();
    assert!(bench.session.messages().iter().any(|message| message.text.contains("it has 7 last")));

    // A table whose first column is called Record is a table.
    let table = folder.path().join("Record.csv");
    std::fs::write(&table, "Record,format\n1,2\n2,3\n").unwrap();
    assert!(descent::session::is_table(&table) && !descent::session::is_table(&path));
}
