//! The views of a study: its curves, results, differences, surfaces and models.

use descent::app::views::views;
use descent::data::{Generated, Source};
use descent::experiment::{Cadence, Experiment, Study};
use descent::losses::Loss;
use descent::models::Model;
use descent::session::SessionCommand;
use descent::settings::{Span, Value};
use descent::surfaces::Surface;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use crate::stage::{
    Stage, appears, click, click_at, empty, ended, is_ready, opened, show, show_sized, variation,
    view, wait_until,
};

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

/// The clock in the table beside the pointer.
fn reading(harness: &Harness<'_, Stage>) -> String {
    let nodes = harness.query_all_by_label_contains("step ");
    let texts = nodes.filter_map(|node| node.accesskit_node().value());
    texts.into_iter().find(|text| text.starts_with("step ")).unwrap_or_default()
}

#[test]
fn every_view_draws_every_kind_of_study_before_and_after_it_ran() {
    let studies = [
        || study(generated("Moons"), "Mlp", "CrossEntropy", &[1, 2]),
        || study(generated("NoisyLine"), "Linear", "MeanSquaredError", &[1]),
        || ravine(50),
    ];
    for make in studies {
        let fresh = empty();
        for session in [fresh, ended(make())] {
            let mut harness = show("curves", session);
            for kind in views() {
                harness.state_mut().view = view(kind.name);
                harness.run_steps(3);
                assert!(!harness.state().view.title().is_empty());
            }
        }
    }
}

#[test]
fn an_empty_view_says_what_will_appear() {
    let session = empty();
    let harness = show("curves", session);
    harness.get_by_label("No curves yet");
    harness.get_by_label_contains("Press Run");
}

#[test]
fn the_metric_and_the_clock_are_chosen_from_menus() {
    let mut harness = show("curves", ended(study(generated("Moons"), "Mlp", "CrossEntropy", &[1])));
    assert_eq!(harness.state().view.title(), "Validation loss");
    click(&mut harness, "metric ▾");
    click(&mut harness, "Validation accuracy");
    assert_eq!(harness.state().view.title(), "Validation accuracy");
    click(&mut harness, "x: step ▾");
    click(&mut harness, "samples seen");
    harness.get_by_label("x: samples seen ▾");
    click(&mut harness, "linear");
}

#[test]
fn the_pointer_reads_values_and_highlights_an_experiment() {
    let mut harness = show("curves", ended(ravine(200)));
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
    let mut harness = show("curves", ended(study(generated("Moons"), "Mlp", "CrossEntropy", &[1])));
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
    click_at(&mut harness, probe);
    click_at(&mut harness, probe);
    harness.run_steps(4);
    assert_eq!(reading(&harness), before);
}

#[test]
fn results_are_sorted_by_a_click_and_selected_by_another() {
    let mut harness = show("results", ended(ravine(200)));
    harness.get_by_label_contains("diverged at step");
    harness.get_by_label("all steps done");
    let above = |harness: &Harness<'_, Stage>| {
        harness.get_by_label("Too large").rect().top() < harness.get_by_label("Steady").rect().top()
    };
    assert!(!above(&harness));
    click(&mut harness, "experiment");
    assert!(!above(&harness), "S comes before T");
    click(&mut harness, "experiment ▴");
    assert!(above(&harness));
    let row = harness.get_by_label("Too large").rect();
    harness.drag_at(row.center());
    harness.drop_at(row.center());
    harness.run_steps(2);
    assert!(harness.state().commands.contains(&SessionCommand::Select(1)));
}

#[test]
fn clipping_has_a_column_where_something_is_clipped() {
    let mut harness = show("results", ended(ravine(200)));
    harness.run_steps(2);
    assert!(harness.query_by_label("clipped").is_none());
    let mut clipped = ravine(200);
    clipped.base.clip = descent::techniques::Clip::named("Norm").unwrap();
    let mut harness = show("results", ended(clipped));
    harness.run_steps(2);
    harness.get_by_label("clipped");
    assert!(harness.query_all_by_label_contains(" %").next().is_some());
}

#[test]
fn the_ending_is_in_sight_in_a_narrow_table() {
    let harness = show_sized("results", ended(ravine(200)), [420.0, 300.0]);
    let ending = harness.get_by_label_contains("diverged at step").rect();
    assert!(ending.left() > 100.0 && ending.right() <= 420.0, "{ending:?}");
    let loss = harness.get_by_label("loss").rect();
    assert!(loss.right() < ending.left(), "{loss:?}");
}

#[test]
fn several_seeds_give_a_mean_with_an_interval() {
    let harness =
        show("results", ended(study(generated("Moons"), "Mlp", "CrossEntropy", &[1, 2, 3])));
    harness.get_by_label("mean ± 95 % interval, n = 3");
    assert!(harness.get_all_by_label_contains(" ± ").count() > 4);
}

#[test]
fn only_settings_that_differ_are_compared() {
    let harness = show("differences", ended(ravine(20)));
    harness.get_by_label("optimizer: learning rate");
    harness.get_by_label("0.001");
    assert!(harness.query_by_label("batch").is_none());
}

#[test]
fn a_click_on_the_surface_sets_the_start() {
    let mut harness = show("surface", ended(ravine(50)));
    let map = harness.get_by_label("Surface with the paths of the optimizers").rect();
    click_at(&mut harness, map.center());
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
        let mut harness = show("surface", ended(study));
        harness.get_by_label_contains(&format!("slice: x₁ and x₂ of {n}"));
        let map = harness.get_by_label("Surface with the paths of the optimizers").rect();
        click_at(&mut harness, map.center());
        harness.run_steps(62);
        let n_starts = harness.state().commands.len();
        assert_eq!(n_starts, usize::from(n == 3), "a list of so many numbers is no start");
    }
}

#[test]
fn pictures_of_a_model_appear_once_it_has_run() {
    let mut study = study(generated("Moons"), "Mlp", "CrossEntropy", &[1]);
    study.base.budget = Span::Steps(300);
    let mut harness = show("boundary", ended(study.clone()));
    harness.get_by_label("Decision boundary");
    appears(&mut harness, "step 300");
    let mut harness = show("confusion", ended(study));
    appears(&mut harness, "step 300");
}

#[test]
fn the_data_view_shows_types_and_missing_values_and_changes_the_target() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("plants.csv");
    let rows: String =
        (0..60).map(|row| format!("{},{},{}\n", row, row % 7, ["fern", "moss"][row % 2])).collect();
    std::fs::write(&path, format!("height,width,kind\n,1,fern\n{rows}")).expect("a file");
    let mut session = empty();
    session.apply(SessionCommand::Open(path));
    wait_until(&mut session, is_ready);
    let mut harness = show("data", session);
    appears(&mut harness, "1 missing");
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
        show("augmentation", opened(study))
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
    let mut harness = show("coefficients", session);
    harness.get_by_label("(intercept)");
    harness.get_by_label("flipper length in mm");
    harness.get_by_label_contains("Steady · best weights");
    let height = |harness: &Harness<'_, Stage>| {
        let node = harness.get_by_label("(intercept)");
        node.rect().top()
    };
    let before = height(&harness);
    click(&mut harness, "largest first");
    assert!(height(&harness) > before, "the constant is no feature and comes last");

    let network = ended(study(generated("Moons"), "Mlp", "CrossEntropy", &[1]));
    show("coefficients", network).get_by_label("No coefficients yet");
}
