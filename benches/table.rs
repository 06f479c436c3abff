//! The time of a frame of the data view over large tables, for everything but the rasteriser: the
//! view's own work and the tessellation. Aim: below 8 ms, whatever the table and whatever is done with it.
//!
//! One table can be given by its rows and columns: `cargo bench --bench table -- 2000000 30`.

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

/// A press and release of the first button.
fn click(pos: egui::Pos2) -> Vec<egui::Event> {
    let button = egui::PointerButton::Primary;
    let modifiers = egui::Modifiers::NONE;
    let press = |pressed| egui::Event::PointerButton { pos, button, pressed, modifiers };
    vec![egui::Event::PointerMoved(pos), press(true), press(false)]
}

fn key(key: egui::Key, modifiers: egui::Modifiers) -> Vec<egui::Event> {
    vec![egui::Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }]
}

/// A turn of the wheel over the cells.
fn wheel(delta: egui::Vec2) -> Vec<egui::Event> {
    vec![
        egui::Event::PointerMoved(egui::Pos2::ZERO + 0.5 * SIZE),
        egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta,
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Unknown,
            modifiers: egui::Modifiers::NONE,
        },
    ]
}

/// A drag of the scroll bar on the right from the top to the bottom.
fn drag(index: usize) -> Vec<egui::Event> {
    let share = index as f32 / (N_FRAMES - 1) as f32;
    let at = egui::pos2(SIZE.x - 4.0, 200.0 + share * (SIZE.y - 240.0));
    let mut events = vec![egui::Event::PointerMoved(at)];
    if index == 0 || index + 1 == N_FRAMES {
        events.push(egui::Event::PointerButton {
            pos: at,
            button: egui::PointerButton::Primary,
            pressed: index == 0,
            modifiers: egui::Modifiers::NONE,
        });
    }
    events
}

/// Reads a table of this size and draws it in all situations.
fn measure(n_rows: usize, n_columns: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large.csv");
    write_table(&path, n_rows, n_columns).expect("a file");
    let mut session = Session::new(Executor::new(Some(1)), Arc::new(|| {}));
    let start = Instant::now();
    session.apply(SessionCommand::Open(path));
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
    stage.report("scrolling by 120 points a frame", |_| wheel(egui::vec2(0.0, -120.0)));
    stage.report("sideways by 240 points a frame", |_| wheel(egui::vec2(-240.0, 0.0)));
    stage.report("dragging the bar to the end", drag);
    let row = |index: usize| egui::pos2(300.0, 300.0 + (index % 20) as f32 * 22.0);
    stage.report("pointer moving over the cells", |index| {
        vec![egui::Event::PointerMoved(row(index))]
    });
    // The first frame of each takes the order, the others wait for it.
    stage.report("while rows are sorted", |index| match index {
        0 => click(egui::pos2(200.0, 60.0)),
        _ => Vec::new(),
    });
    stage.frame(key(egui::Key::F, egui::Modifiers::COMMAND));
    stage.frame(Vec::new());
    stage.report("while a text is searched for", |index| match index {
        0 => vec![egui::Event::Text("77".to_owned())],
        _ => Vec::new(),
    });
    stage.report("from match to match", |_| key(egui::Key::Enter, egui::Modifiers::NONE));
}

fn main() {
    let numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    match *numbers.collect::<Vec<usize>>() {
        [n_rows, n_columns] => measure(n_rows, n_columns),
        _ => {
            for (n_rows, n_columns) in [(2_000_000, 30), (20_000, 2_000), (20, 10_000)] {
                measure(n_rows, n_columns);
            }
        }
    }
}
