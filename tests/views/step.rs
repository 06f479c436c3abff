//! The view of one step: steps are chosen, parameters found, lines read.

use descent::data::{Generated, Source};
use descent::experiment::{Experiment, Study, Variation};
use descent::losses::Loss;
use descent::models::Model;
use descent::optimizers::Optimizer;
use descent::session::{Session, SessionCommand};
use descent::settings::{Span, Value};
use descent::surfaces::Surface;
use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use crate::stage::{Stage, appears, click, draw_until, ended, opened, show_sized, wait_until};

fn stage(session: Session, size: [f32; 2]) -> Harness<'static, Stage> {
    show_sized("step", session, size)
}

/// Down a bowl, by momentum.
fn bowl(n_steps: u64) -> Study {
    let mut optimizer = Optimizer::named("Momentum").expect("an optimizer of that name");
    optimizer.set("learning_rate", Value::Number(0.001)).expect("a permitted rate");
    let surface = Surface::named("Booth").expect("a surface of that name");
    let base = Experiment {
        data: Source::Surface(surface),
        optimizer,
        budget: Span::Steps(n_steps),
        ..Experiment::default()
    };
    Study { base, ..Study::default() }
}

fn moons() -> Study {
    let mut model = Model::named("Mlp").expect("a model of that name");
    model.set("hidden", Value::Counts(vec![5])).expect("a permitted width");
    let base = Experiment {
        data: Source::Generated(Generated::named("Moons").expect("a set of that name")),
        model,
        loss: Loss::named("CrossEntropy").expect("a loss of that name"),
        optimizer: Optimizer::named("Adam").expect("an optimizer of that name"),
        budget: Span::Steps(60),
        ..Experiment::default()
    };
    let slow = Variation { label: "Plain".to_owned(), ..Variation::default() };
    Study { base, compare: vec![slow], seeds: vec![1, 2], ..Study::default() }
}

/// Draws until the view is headed so.
fn reach(harness: &mut Harness<'_, Stage>, heading: &str) {
    draw_until(harness, heading, |harness| harness.query_all_by_label(heading).next().is_some());
}

/// The text of the line of this symbol.
fn line(harness: &Harness<'_, Stage>, symbol: &str) -> String {
    let start = format!("{symbol} ← ");
    let mut nodes = harness.query_all_by_label_contains(&start);
    let node = nodes.next().unwrap_or_else(|| panic!("no line of {symbol}")).accesskit_node();
    node.value().or_else(|| node.label()).unwrap_or_default()
}

#[test]
fn before_a_run_it_says_what_will_appear() {
    let harness = stage(opened(bowl(20)), [700.0, 500.0]);
    harness.get_by_label("No step yet");
    harness.get_by_label_contains("Run an experiment to look inside its steps");
}

#[test]
fn the_lines_are_those_of_the_chosen_step() {
    let session = ended(bowl(20));
    let path: Vec<f64> = {
        use descent::record::{Clock, Metric, Part};
        let history = session.entries()[0].runs[0].history();
        history.series(Part::Batch, Metric::Coordinate(0), Clock::Step).expect("x").1.to_vec()
    };
    let mut harness = stage(session, [700.0, 500.0]);
    reach(&mut harness, "x in step 20");
    let text = line(&harness, "b");
    assert!(text.starts_with("b ← β b + g: 0.9 · "), "{text}");
    assert!(text.ends_with(", momentum"), "{text}");
    // The value at the end of the line of θ is where the recorded path goes on.
    let arrives = |harness: &Harness<'_, Stage>, at: f64| {
        let text = line(harness, "θ");
        let (_, value) = text.rsplit_once(" = ").expect("a value");
        let value = value.split(',').next().unwrap_or_default().replace('−', "-");
        let value: f64 = value.parse().expect("a number");
        assert!((value - at).abs() <= 6e-5 * at.abs(), "{text}, not {at}");
    };
    arrives(&harness, path[20]);
    harness.get_by_label("Previous step").click();
    reach(&mut harness, "x in step 19");
    arrives(&harness, path[19]);
    // An arrow key over the view does the same, and Home goes to the first step.
    harness.hover_at(egui::pos2(300.0, 400.0));
    harness.run_steps(2);
    harness.key_press(egui::Key::Home);
    reach(&mut harness, "x in step 1");
    arrives(&harness, path[1]);
    assert!(line(&harness, "b").contains("0.9 · 0 + "), "{}", line(&harness, "b"));
    harness.key_press(egui::Key::ArrowRight);
    reach(&mut harness, "x in step 2");
    arrives(&harness, path[2]);
    harness.get_by_label("Latest").click();
    reach(&mut harness, "x in step 20");
    harness.get_by_label("All 2 parameters");
}

#[test]
fn a_coordinate_of_a_surface_is_chosen_by_its_letter() {
    let mut harness = stage(ended(bowl(5)), [700.0, 500.0]);
    reach(&mut harness, "x in step 5");
    harness.query_all_by_label("y").next().expect("its button").click();
    reach(&mut harness, "y in step 5");
}

#[test]
fn parameters_of_a_network_are_found_by_size_and_by_place() {
    let mut harness = stage(ended(moons()), [700.0, 700.0]);
    reach(&mut harness, "0.weight [0, 0] in step 60");
    assert!(line(&harness, "m").ends_with(", first moment"), "{}", line(&harness, "m"));
    let blocks = harness.get_by_role_and_label(Role::ComboBox, "Parameter");
    assert_eq!(blocks.accesskit_node().value().as_deref(), Some("0.weight"));
    blocks.click();
    harness.run_steps(3);
    harness.get_by_label_contains("2.weight   2 × 5").click();
    reach(&mut harness, "2.weight [0, 0] in step 60");
    click(&mut harness, "Largest gradient");
    let plan = harness.state().session.entries()[0].runs[0].plan().clone();
    let mut anatomist = descent::training::Anatomist::new(plan.clone());
    let step = anatomist.take_apart(60, &mut |_, _| true).expect("a step");
    // The first of equal ones: the gradients of two classes mirror each other.
    let largest = (0..plan.n_params())
        .rev()
        .max_by(|a, b| step.gradient[*a].abs().total_cmp(&step.gradient[*b].abs()))
        .expect("a parameter");
    let lines = step.equations(largest);
    let value = lines.last().expect("a line").written();
    assert!(line(&harness, "θ").contains(&format!(" = {value}, ")), "{}", line(&harness, "θ"));
}

#[test]
fn every_vector_has_its_histogram_with_counts_under_the_pointer() {
    let mut harness = stage(ended(moons()), [700.0, 1000.0]);
    appears(&mut harness, "in step 60");
    harness.get_by_label_contains("Over all 27 parameters");
    for name in ["gradient", "update", "first moment", "second moment"] {
        harness.get_by_label(&format!("Histogram of {name}"));
    }
    let rect = harness.get_by_label("Histogram of gradient").rect();
    harness.hover_at(rect.left_top() + egui::vec2(3.0, 20.0));
    harness.run_steps(60);
    let node = harness.get_by_label_contains("n 27 · ").accesskit_node();
    let text = node.value().or_else(|| node.label()).unwrap_or_default();
    assert!(text.contains(" to ") && text.contains(" parameter"), "{text}");
    assert!(text.contains("min ") && text.contains("median ") && text.contains(" zero"), "{text}");
}

#[test]
fn nothing_hangs_over_the_edge_of_a_narrow_view() {
    for size in [[270.0, 310.0], [440.0, 380.0], [1100.0, 700.0]] {
        for study in [bowl(30), moons()] {
            let mut harness = stage(ended(study), size);
            appears(&mut harness, "in step");
            for label in ["Previous step", "Next step", "Latest", "Largest update"] {
                let rect = harness.get_by_label(label).rect();
                let inside = rect.left() >= 0.0 && rect.right() <= size[0];
                // The header has the first 36 points.
                assert!(inside && rect.bottom() <= 236.0, "{label} at {rect:?} in {size:?}");
            }
            let nodes = harness.query_all_by_label_contains(" ← ");
            for node in nodes {
                let rect = node.rect();
                assert!(rect.right() <= size[0], "{rect:?} in {size:?}");
            }
        }
    }
}

#[test]
fn long_work_can_be_cancelled_and_taken_up_again() {
    let mut study = bowl(100_000_000);
    study.base.optimizer.set("learning_rate", Value::Number(1e-9)).expect("a permitted rate");
    let mut session = opened(study);
    session.apply(SessionCommand::RunAll);
    wait_until(&mut session, |session| {
        let run = session.entries()[0].runs.first();
        run.is_some_and(|run| run.clocks().step > 400_000)
    });
    session.apply(SessionCommand::StopAll);
    wait_until(&mut session, |session| !session.is_busy());
    let n_done = session.entries()[0].runs[0].clocks().step;
    let mut harness = stage(session, [700.0, 500.0]);
    appears(&mut harness, "Cancel");
    harness.get_by_label("Cancel").click();
    appears(&mut harness, "was given up");
    harness.get_by_label("Go on").click();
    reach(&mut harness, &format!("x in step {n_done}"));
}

#[test]
fn it_says_how_much_was_clipped_and_how_strong_the_noise_was() {
    use descent::techniques::{Clip, GradientNoise};
    let mut study = bowl(20);
    study.base.clip = Clip::named("Norm").expect("a limit of that name");
    let mut harness = stage(ended(study.clone()), [900.0, 700.0]);
    appears(&mut harness, "gradient clipped from norm ");
    study.base.clip.set("limit", Value::Number(1e6)).expect("a permitted limit");
    let mut harness = stage(ended(study.clone()), [900.0, 700.0]);
    appears(&mut harness, "gradient not clipped: its norm ");
    study.base.clip = Clip::named("Value").expect("a limit of that name");
    let mut harness = stage(ended(study.clone()), [900.0, 700.0]);
    appears(&mut harness, " of 2 entries of the gradient clipped to ±1");
    study.base.gradient_noise = GradientNoise::named("Annealed").expect("a noise of that name");
    let mut harness = stage(ended(study), [900.0, 700.0]);
    appears(&mut harness, "gradient with noise of deviation σ ");
}
