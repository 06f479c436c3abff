//! The view of a surface: played, stepped, looked at from the side.

use descent::analysis::format_value;
use descent::data::Source;
use descent::experiment::{Cadence, Experiment, Study};
use descent::record::{Clock, Metric, Part};
use descent::session::{Session, SessionCommand};
use descent::settings::Span;
use descent::surfaces::Surface;
use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};

use crate::stage::{Stage, click, ended, show_sized, variation};

const MAP: &str = "Surface with the paths of the optimizers";
const RELIEF: &str = "Surface in 3-D with the paths of the optimizers";
const N_STEPS: u64 = 60;

/// Three runs down a valley, one of which diverges, with every `stride`th step recorded.
fn session(stride: u64) -> Session {
    let surface = Surface::named("Rosenbrock").expect("a surface of that name");
    let study = Study {
        base: Experiment {
            data: Source::Surface(surface),
            budget: Span::Steps(N_STEPS),
            record_every: Cadence::Steps(stride),
            ..Experiment::default()
        },
        compare: vec![
            variation("Rolling", "Momentum", 1e-3),
            variation("Steady", "GradientDescent", 1e-3),
            variation("Too large", "GradientDescent", 1.0),
        ],
        ..Study::default()
    };
    ended(study)
}

fn stage(stride: u64, size: [f32; 2]) -> Harness<'static, Stage> {
    show_sized("surface", session(stride), size)
}

fn key(harness: &mut Harness<'_, Stage>, key: Key) {
    harness.key_press(key);
    harness.run_steps(2);
}

/// The step on screen.
fn shown(harness: &Harness<'_, Stage>) -> u64 {
    let end = format!(" of {N_STEPS}");
    let label = harness.get_by_label_contains(&end);
    let text = label.accesskit_node().value().or_else(|| label.accesskit_node().label());
    let text = text.expect("it has words");
    let step = text.strip_prefix("step ").and_then(|text| text.split(' ').next());
    step.and_then(|step| step.parse().ok()).expect("a step")
}

/// The loss that a run recorded at a step, in words.
fn recorded(harness: &Harness<'_, Stage>, experiment: usize, step: u64) -> String {
    let run = &harness.state().session.entries()[experiment].runs[0];
    let series = run.history().series(Part::Batch, Metric::Loss, Clock::Step);
    let (steps, losses) = series.expect("losses are recorded");
    let index = steps.iter().position(|known| *known == step as f64).expect("it is recorded");
    format_value(losses[index], 4)
}

fn assert_race(harness: &Harness<'_, Stage>, step: u64) {
    assert_eq!(shown(harness), step);
    for (experiment, label) in ["Rolling", "Steady"].into_iter().enumerate() {
        let words = format!("{label}: {}", recorded(harness, experiment, step));
        harness.get_by_label(&words);
    }
}

#[test]
fn steps_back_and_forth_show_what_was_recorded() {
    let mut harness = stage(1, [900.0, 560.0]);
    assert_race(&harness, 60);
    harness.get_by_label("Too large: diverged");
    for step in [59, 58] {
        click(&mut harness, "Step back");
        assert_race(&harness, step);
    }
    click(&mut harness, "Step forward");
    assert_race(&harness, 59);
    harness.get_by_label("Step shown").set_value_accesskit(7.0);
    harness.run_steps(3);
    assert_race(&harness, 7);
}

#[test]
fn keys_step_play_and_hold() {
    let mut harness = stage(1, [900.0, 560.0]);
    key(&mut harness, Key::ArrowLeft);
    assert_race(&harness, 59);
    key(&mut harness, Key::Home);
    assert_race(&harness, 0);
    key(&mut harness, Key::ArrowRight);
    assert_race(&harness, 1);
    key(&mut harness, Key::Space);
    harness.get_by_label("Hold the playback");
    harness.run_steps(60);
    assert!(shown(&harness) > 1);
    key(&mut harness, Key::Space);
    harness.get_by_label("Play");
    key(&mut harness, Key::End);
    assert_race(&harness, 60);
    harness.get_by_label("live ▾");
}

#[test]
fn it_plays_at_the_chosen_speed_and_rests_at_the_end() {
    let mut harness = stage(1, [900.0, 560.0]);
    click(&mut harness, "Play");
    assert!(shown(&harness) < 3, "it starts again from the start");
    let before = shown(&harness);
    // 3 steps per second bring 60 to their end in 20 s; 100 frames are 2 s.
    harness.run_steps(100);
    let played = shown(&harness) - before;
    assert!((5..=7).contains(&played), "{played}");
    click(&mut harness, "3/s ▾");
    click(&mut harness, "30 steps per second");
    harness.run_steps(120);
    assert_race(&harness, 60);
    harness.get_by_label("Play");
    // Nothing moves: nothing is drawn again.
    harness.run_steps(30);
    assert!(harness.try_run().expect("it comes to rest") <= 2);
}

#[test]
fn where_not_every_step_is_recorded_the_nearest_is_shown() {
    let mut harness = stage(20, [900.0, 560.0]);
    click(&mut harness, "Step back");
    assert_race(&harness, 40);
    harness.get_by_label("Step shown").set_value_accesskit(33.0);
    harness.run_steps(3);
    assert_race(&harness, 20);
    click(&mut harness, "Step forward");
    assert_race(&harness, 40);
}

#[test]
fn arrows_say_how_large_they_are_and_can_be_put_away() {
    let mut harness = stage(1, [900.0, 560.0]);
    assert!(harness.query_by_label_contains("−gradient ").is_none(), "none on the latest step");
    key(&mut harness, Key::Home);
    // At (−1.2, 1), ∇f = (−215.6, −88); the rate is 0.001.
    harness.get_by_label("Rolling: −gradient 233, momentum 0, step 0.233");
    key(&mut harness, Key::ArrowRight);
    harness.get_by_label_contains("momentum 233");
    click(&mut harness, "show ▾");
    click(&mut harness, "Downhill (−gradient)");
    assert!(harness.query_by_label_contains("−gradient 4").is_none());
    harness.get_by_label_contains("Rolling: momentum 233, step");
}

#[test]
fn the_surface_is_seen_from_the_side_and_clicked_there() {
    let mut harness = stage(1, [900.0, 560.0]);
    click(&mut harness, "3-D");
    assert!(harness.query_by_label(MAP).is_none());
    let relief = harness.get_by_label(RELIEF).rect();
    assert!(harness.query_by_label("Show all").is_none());
    harness.drag_at(relief.center());
    harness.step();
    harness.hover_at(relief.center() + egui::vec2(80.0, 10.0));
    harness.step();
    harness.drop_at(relief.center() + egui::vec2(80.0, 10.0));
    harness.run_steps(30);
    assert!(harness.state().commands.is_empty(), "a drag is no click");
    click(&mut harness, "Show all");
    harness.drag_at(relief.center());
    harness.drop_at(relief.center());
    harness.run_steps(60);
    let [SessionCommand::SetStart(start)] = &harness.state().commands[..] else {
        panic!("{:?}", harness.state().commands);
    };
    assert!(start[0].abs() < 2.0 && (start[1] - 1.0).abs() < 2.0, "{start:?}");
    click(&mut harness, "contour");
    harness.get_by_label(MAP);
}

#[test]
fn a_small_view_has_everything() {
    let mut harness = stage(1, [212.0, 320.0]);
    for label in ["Play", "Step back", "Step shown", "Too large: diverged", "live ▾", "show ▾"]
    {
        let rect = harness.get_by_label(label).rect();
        assert!(rect.right() <= 212.0 && rect.bottom() <= 320.0, "{label}: {rect:?}");
    }
    let map = harness.get_by_label(MAP).rect();
    assert!(map.height() > 100.0, "{map:?}");
    click(&mut harness, "show ▾");
    click(&mut harness, "3-D surface");
    harness.get_by_label(RELIEF);
}

#[test]
fn a_click_in_the_race_selects() {
    let mut harness = stage(1, [600.0, 420.0]);
    click(&mut harness, "Too large: diverged");
    assert_eq!(harness.state().commands, [SessionCommand::Select(2)]);
}
