//! The real window on a virtual display: the program starts, shows a study, and closes when asked.
//!
//! Needs `Xvfb` and `xwininfo`; with `xdotool` the window is also closed by its own shortcut. Where
//! they are not installed the test says so and ends, but with `CI` set it fails.
#![cfg(feature = "window-tests")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENCE: Duration = Duration::from_secs(30);

const STUDY: &str = r#"Study(
    format: 1,
    title: "Smoke without fire",
    base: Experiment(data: Bundled("iris"), loss: CrossEntropy, model: Multinomial, budget: Epochs(2.0)),
    compare: [(label: "A"), (label: "B", precision: F32)],
)"#;

/// A process that ends with the test, however the test ends.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// A display that nobody sees, and its name.
fn display() -> (Process, String) {
    let mut server = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb starts");
    let mut number = String::new();
    let output = server.stdout.take().expect("Xvfb was started with a pipe");
    let server = Process(server);
    BufReader::new(output).read_line(&mut number).expect("Xvfb names its display");
    assert!(!number.trim().is_empty(), "Xvfb found no free display");
    (server, format!(":{}", number.trim()))
}

/// The window whose title contains `title`, once there is one.
fn window(display: &str, title: &str) -> Option<String> {
    let tree = Command::new("xwininfo")
        .args(["-display", display, "-root", "-tree"])
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("xwininfo runs");
    let tree = String::from_utf8_lossy(&tree.stdout).into_owned();
    let line = tree.lines().find(|line| line.contains(title))?;
    line.split_whitespace().next().map(str::to_owned)
}

/// Waits until `found` has something; a program that ended meanwhile is a failure.
fn wait_for<T>(program: &mut Process, what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        if let Some(status) = program.0.try_wait().expect("the program can be asked") {
            panic!("the program ended with {status} before: {what}");
        }
        assert!(start.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain for: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn start(display: &str, home: &Path, study: &Path) -> Process {
    let program = Command::new(env!("CARGO_BIN_EXE_descent"))
        .arg(study)
        .env("DISPLAY", display)
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_CONFIG_HOME")
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn();
    Process(program.expect("the program starts"))
}

#[test]
fn the_window_comes_up_on_a_study_and_closes_when_asked() {
    let missing: Vec<&str> =
        ["Xvfb", "xwininfo"].into_iter().filter(|program| !is_installed(program)).collect();
    if !missing.is_empty() {
        let reason = format!("not tested: {} not installed", missing.join(" and "));
        assert!(std::env::var_os("CI").is_none(), "{reason}");
        eprintln!("{reason}");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let study = home.path().join("smoke.ron");
    std::fs::write(&study, STUDY).unwrap();
    let (_server, display) = display();
    let began = Instant::now();
    let mut program = start(&display, home.path(), &study);
    // The study is named in the title after the first frame.
    let id = wait_for(&mut program, "a window with the study's title", || {
        window(&display, "Smoke without fire")
    });
    eprintln!("first frame after {} ms", began.elapsed().as_millis());
    if !is_installed("xdotool") {
        eprintln!("not closed by its shortcut: xdotool not installed");
        return;
    }
    let quit = || {
        let mut keys = Command::new("xdotool");
        keys.args(["windowfocus", id.as_str(), "sleep", "0.3", "key", "ctrl+q"]);
        keys.env("DISPLAY", &display).stderr(Stdio::null()).status().expect("xdotool runs");
    };
    let began = Instant::now();
    let status = loop {
        quit();
        if let Some(status) = program.0.try_wait().unwrap() {
            break status;
        }
        assert!(began.elapsed() < PATIENCE, "the window did not close");
        std::thread::sleep(Duration::from_millis(200));
    };
    assert!(status.success(), "{status}");
}
