//! The time of a frame of the data view over a table of 2 million rows × 30 columns, for everything
//! but the rasteriser: the view's own work and the tessellation. Aim: a few ms, whatever the table.
//!
//! The rows and columns can be given as arguments: `cargo bench --bench table -- 2000000 30`.

use std::io::{BufWriter, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use descent::app::theme::Theme;
use descent::app::views::{View, ViewContext, views};
use descent::app::{App, Options};
use descent::session::{DataState, Session, SessionCommand};
use descent::training::Executor;

const N_FRAMES: usize = 60;
const SIZE: egui::Vec2 = egui::Vec2::new(1280.0, 800.0);

struct Stage {
    ctx: egui::Context,
    session: Session,
    view: Box<dyn View>,
    time: f64,
}

impl Stage {
    /// Draws a frame and returns what it took.
    fn frame(&mut self, events: Vec<egui::Event>) -> Duration {
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
        drop(self.ctx.tessellate(output.shapes, output.pixels_per_point));
        let elapsed = start.elapsed();
        output.textures_delta.clear();
        elapsed
    }

    fn report(&mut self, name: &str, events: impl Fn(usize) -> Vec<egui::Event>) {
        let mut frames: Vec<_> = (0..N_FRAMES).map(|index| self.frame(events(index))).collect();
        frames.sort();
        let millis = |at: usize| frames[at].as_secs_f64() * 1e3;
        println!(
            "{name:<34} best {:6.2} ms   median {:6.2} ms   worst {:6.2} ms",
            millis(0),
            millis(frames.len() / 2),
            millis(frames.len() - 1),
        );
    }
}

/// Writes a table of numbers that are quick to read.
fn write_table(path: &std::path::Path, n_rows: usize, n_columns: usize) -> std::io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    let names: Vec<String> = (0..n_columns).map(|column| format!("x{column}")).collect();
    writeln!(out, "{}", names.join(","))?;
    for row in 0..n_rows {
        let cell = |column: usize| ((row * 7919 + column * 104_729) % 1000).to_string();
        let cells: Vec<String> = (0..n_columns).map(cell).collect();
        writeln!(out, "{}", cells.join(","))?;
    }
    out.flush()
}

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let (n_rows, n_columns) = (numbers.next().unwrap_or(2_000_000), numbers.next().unwrap_or(30));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.csv");
    write_table(&path, n_rows, n_columns).expect("a file");
    let mut session = Session::new(Executor::new(Some(1)), Arc::new(|| {}));
    session.apply(SessionCommand::Open(path));
    let start = Instant::now();
    while !session.entries().iter().all(|entry| matches!(entry.data, DataState::Ready { .. })) {
        session.update();
        assert!(start.elapsed() < Duration::from_secs(600), "reading takes too long");
        std::thread::sleep(Duration::from_millis(5));
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{n_rows} rows × {n_columns} columns, read and prepared in {seconds:.1} s");

    let ctx = egui::Context::default();
    // A window gives the context its typefaces and styles.
    drop(App::new(&ctx, Options { folder: None, ..Options::default() }));
    let kind = views().into_iter().find(|kind| kind.name == "data").expect("it is in the list");
    let mut stage = Stage { ctx, session, view: (kind.create)(), time: 0.0 };
    println!("{:<34} {:>11.2} ms", "first frame", stage.frame(Vec::new()).as_secs_f64() * 1e3);
    stage.frame(Vec::new());
    stage.report("while columns are summarised", |_| Vec::new());
    std::thread::sleep(Duration::from_secs(8));
    stage.report("unchanged", |_| Vec::new());
    let middle = egui::Pos2::new(0.5 * SIZE.x, 0.5 * SIZE.y);
    let scrolled = |delta: f32| {
        vec![
            egui::Event::PointerMoved(middle),
            egui::Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: egui::vec2(0.0, delta),
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Unknown,
                modifiers: egui::Modifiers::NONE,
            },
        ]
    };
    stage.report("scrolling by 120 points a frame", |_| scrolled(-120.0));
    let row = |index: usize| egui::pos2(300.0, 300.0 + (index % 20) as f32 * 22.0);
    stage.report("pointer moving over the cells", |index| {
        vec![egui::Event::PointerMoved(row(index))]
    });
}
