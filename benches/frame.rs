//! The time of a frame with 32 runs of 100,000 recorded steps each, for everything but the
//! rasteriser: the view's own work and the tessellation. Aim: below 8 ms.
//!
//! Three cases: nothing has changed since the last frame; the pointer moves over the curves, which
//! shows exact values; a person zooms, so every curve is thinned anew.

use std::sync::Arc;
use std::time::{Duration, Instant};

use descent::app::theme::Theme;
use descent::app::views::{View, ViewContext, views};
use descent::app::{App, Options};
use descent::data::{Batch, Generated, Source};
use descent::experiment::{Cadence, Experiment, Study, Variation};
use descent::losses::Loss;
use descent::models::Model;
use descent::optimizers::Optimizer;
use descent::session::{Session, SessionCommand};
use descent::settings::{Span, Value};
use descent::training::Executor;

const N_RUNS: usize = 32;
const N_STEPS: u64 = 100_000;
const N_FRAMES: usize = 60;
const SIZE: egui::Vec2 = egui::Vec2::new(1280.0, 800.0);

fn study() -> Study {
    let base = Experiment {
        data: Source::Generated(Generated::named("NoisyLine").expect("a set of that name")),
        model: Model::named("Linear").expect("a model of that name"),
        loss: Loss::named("MeanSquaredError").expect("a loss of that name"),
        batch: Batch::Stochastic,
        budget: Span::Steps(N_STEPS),
        record_every: Cadence::Steps(1),
        evaluate_every: Cadence::Steps(10_000),
        ..Experiment::default()
    };
    let variation = |index: usize| {
        let mut optimizer = Optimizer::named("GradientDescent").expect("an optimizer of that name");
        let rate = Value::Number(1e-4 * (1 + index) as f64);
        optimizer.set("learning_rate", rate).expect("a permitted rate");
        Variation {
            label: format!("Rate {}", index + 1),
            optimizer: Some(optimizer),
            ..Variation::default()
        }
    };
    Study { base, compare: (0..N_RUNS).map(variation).collect(), ..Study::default() }
}

struct Stage {
    ctx: egui::Context,
    session: Session,
    view: Box<dyn View>,
    time: f64,
}

impl Stage {
    /// Draws a frame and returns what it took, with the number of vertices.
    fn frame(&mut self, events: Vec<egui::Event>) -> (Duration, usize) {
        self.time += 1.0 / 30.0;
        let input = egui::RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, SIZE)),
            time: Some(self.time),
            events,
            ..egui::RawInput::default()
        };
        let (session, view) = (&self.session, &mut self.view);
        let theme = Theme::LIGHT;
        let start = Instant::now();
        let mut output = self.ctx.run_ui(input, |ui| {
            let (mut hover, mut commands) = (None, Vec::new());
            let mut context = ViewContext {
                session,
                theme: &theme,
                hovered: None,
                hover: &mut hover,
                commands: &mut commands,
            };
            view.ui(ui, &mut context);
        });
        let meshes = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let elapsed = start.elapsed();
        // Nobody draws here, so nobody takes the textures.
        output.textures_delta.clear();
        let vertices = meshes.iter().map(|mesh| match &mesh.primitive {
            egui::epaint::Primitive::Mesh(mesh) => mesh.vertices.len(),
            egui::epaint::Primitive::Callback(_) => 0,
        });
        (elapsed, vertices.sum())
    }
}

fn report(name: &str, mut frames: Vec<(Duration, usize)>) {
    frames.sort();
    let millis = |at: usize| frames[at].0.as_secs_f64() * 1e3;
    println!(
        "{name:<32} best {:6.2} ms   median {:6.2} ms   worst {:6.2} ms   {} vertices",
        millis(0),
        millis(frames.len() / 2),
        millis(frames.len() - 1),
        frames[frames.len() / 2].1,
    );
}

fn main() {
    let mut session = Session::new(Executor::new(None), Arc::new(|| {}));
    session.apply(SessionCommand::OpenStudy(Box::new(study())));
    session.apply(SessionCommand::RunAll);
    let deadline = Instant::now() + Duration::from_secs(600);
    loop {
        session.update();
        let ran = session.entries().iter().all(|entry| !entry.runs.is_empty());
        if ran && !session.is_busy() {
            break;
        }
        assert!(Instant::now() < deadline, "the runs take too long");
        std::thread::sleep(Duration::from_millis(20));
    }
    let n_points: usize = session
        .entries()
        .iter()
        .flat_map(|entry| &entry.runs)
        .map(|run| run.history().track(descent::record::Part::Batch).len())
        .sum();
    println!("{N_RUNS} runs, {n_points} recorded steps in all, {} × {} points", SIZE.x, SIZE.y);

    let ctx = egui::Context::default();
    // A window gives the context its typefaces and styles.
    drop(App::new(&ctx, Options { folder: None, ..Options::default() }));
    let kind = views().into_iter().find(|kind| kind.name == "gradient").expect("it is in the list");
    let mut stage = Stage { ctx, session, view: (kind.create)(), time: 0.0 };
    let (first, _) = stage.frame(Vec::new());
    println!("{:<32} {:>13.2} ms", "taking in all points, once", first.as_secs_f64() * 1e3);
    for _ in 0..5 {
        stage.frame(Vec::new());
    }

    let middle = egui::Pos2::new(0.5 * SIZE.x, 0.5 * SIZE.y);
    report("unchanged", (0..N_FRAMES).map(|_| stage.frame(Vec::new())).collect());
    let moving = |index: usize| {
        let at = middle + egui::Vec2::new((index % 200) as f32, 0.0);
        vec![egui::Event::PointerMoved(at)]
    };
    report("pointer moving", (0..N_FRAMES).map(|index| stage.frame(moving(index))).collect());
    let zooming = |index: usize| {
        let factor = if index.is_multiple_of(2) { 1.02 } else { 1.0 / 1.03 };
        vec![egui::Event::PointerMoved(middle), egui::Event::Zoom(factor)]
    };
    report(
        "zooming: all thinned anew",
        (0..N_FRAMES).map(|index| stage.frame(zooming(index))).collect(),
    );
}
