//! The command line as a person or a script meets it: exit codes, words, files.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> String {
        fs::write(self.path(name), text).unwrap();
        name.to_owned()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn descent(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_descent"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    /// Runs with these arguments, expects the exit code, and gives what was printed.
    fn expect(&self, code: i32, arguments: &[&str]) -> (String, String) {
        let output = self.descent(arguments);
        let (out, errors) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{errors}");
        assert!(!errors.contains("panicked"), "{errors}");
        (out, errors)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Two experiments on a surface: one works, one diverges.
const ROSENBROCK: &str = r#"Study(
    format: 1,
    title: "Two rates",
    base: Experiment(data: Surface(Rosenbrock), budget: Steps(50)),
    compare: [
        (label: "small", optimizer: GradientDescent(learning_rate: 0.001)),
        (label: "large, \"wild\"", optimizer: GradientDescent(learning_rate: 0.01)),
    ],
)"#;

/// A line through data of its own: `y = 2 x + 1`.
const LINE: &str = r#"Study(
    format: 1,
    title: "A line",
    base: Experiment(
        data: Csv(path: "line.csv", target: "y"),
        split: (train: 0.6, validation: 0.2, test: 0.2, stratified: false),
        optimizer: GradientDescent(learning_rate: 0.1),
        batch: Mini(4),
        budget: Epochs(20.0),
    ),
    seeds: [1, 2],
)"#;

fn line_csv() -> String {
    let rows: String = (0..20).map(|x| format!("{x},{}\n", 2 * x + 1)).collect();
    format!("x,y\n{rows}")
}

#[test]
fn results_are_a_table_and_a_diverged_run_exits_with_1() {
    let place = Place::new();
    let study = place.write("study.ron", ROSENBROCK);
    let (out, errors) = place.expect(1, &["run", &study]);
    assert_eq!(errors, "", "progress is for terminals only");
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines[0], "Two rates");
    assert!(lines[2].starts_with("experiment"), "{out}");
    assert!(lines[3].starts_with("small") && lines[3].ends_with("all 50 steps done"), "{out}");
    assert!(lines[4].contains("diverged at step "), "{out}");
    assert_eq!(place.expect(1, &["run", &study, "--quiet"]).0, "");
}

#[test]
fn json_lines_have_numbers_with_all_digits() {
    let place = Place::new();
    place.write("line.csv", &line_csv());
    let study = place.write("study.ron", LINE);
    let (out, _) = place.expect(0, &["run", &study, "--json", "--seed", "7", "--seed", "8"]);
    let lines: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["seed"], 7);
    assert_eq!(lines[1]["seed"], 8);
    assert_eq!(lines[0]["steps"], 60, "12 samples in batches of 4, 20 times");
    assert_eq!(lines[0]["ending"], "budget_spent");
    assert_eq!(lines[0]["parameters"], 2);
    assert!(lines[0]["test_loss"].as_f64().unwrap() < 0.01);
    // All digits: the metrics file says the same number.
    place.expect(0, &["run", &study, "--quiet", "--seed", "7", "--metrics", "m.csv"]);
    let last = place
        .read("m.csv")
        .lines()
        .rev()
        .find(|line| line.contains(",train,loss,"))
        .unwrap()
        .rsplit(',')
        .next()
        .unwrap()
        .parse::<f64>()
        .unwrap();
    assert_eq!(lines[0]["train_loss"].as_f64(), Some(last));
}

#[test]
fn several_seeds_have_a_mean() {
    let place = Place::new();
    place.write("line.csv", &line_csv());
    let study = place.write("study.ron", LINE);
    let (out, _) = place.expect(0, &["run", &study]);
    assert!(out.lines().any(|line| line.contains("mean ± s.d.") && line.matches('±').count() > 3));
}

#[test]
fn metrics_have_these_columns() {
    let place = Place::new();
    let study = place.write("study.ron", ROSENBROCK);
    place.expect(1, &["run", &study, "--quiet", "--metrics", "metrics.csv"]);
    let metrics = place.read("metrics.csv");
    let mut lines = metrics.lines();
    assert_eq!(
        lines.next(),
        Some("experiment,seed,step,epoch,evaluations,samples,seconds,split,metric,value")
    );
    let first: Vec<_> = lines.next().unwrap().split(',').collect();
    assert_eq!(
        (first[0], first[1], first[2], first[7], first[8]),
        ("small", "1", "0", "batch", "loss")
    );
    // f(−1.2, 1) = 2.2² + 100 · 0.44²
    assert!((first[9].parse::<f64>().unwrap() - 24.2).abs() < 1e-12);
    assert!(metrics.contains("\n\"large, \"\"wild\"\"\",1,"));
}

#[test]
fn a_trajectory_has_every_parameter_from_the_start() {
    let place = Place::new();
    let study = place.write("study.ron", ROSENBROCK);
    place.expect(1, &["run", &study, "--quiet", "--trajectory", "t.csv"]);
    let trajectory = place.read("t.csv");
    let mut lines = trajectory.lines();
    assert_eq!(lines.next(), Some("experiment,seed,step,evaluations,loss,p0,p1"));
    let numbers = |line: &str| -> Vec<f64> {
        line.split(',').skip(1).map(|field| field.parse().unwrap()).collect()
    };
    let start = lines.next().unwrap();
    assert!(start.ends_with(",-1.2000000000000000e0,1.0000000000000000e0"), "{start}");
    assert_eq!(numbers(start)[1..3], [0.0, 0.0]);
    // θ₁ = θ₀ − 0.001 ∇f(θ₀), with ∇f(−1.2, 1) = (−215.6, −88).
    let first = numbers(lines.next().unwrap());
    assert_eq!(first[1..3], [1.0, 1.0]);
    assert!((first[4] - (-1.2 + 0.2156)).abs() < 1e-15, "{first:?}");
    assert!((first[5] - 1.088).abs() < 1e-15, "{first:?}");
    let of_small = trajectory.lines().filter(|line| line.starts_with("small,")).count();
    assert_eq!(of_small, 51, "the start and 50 steps");
}

#[test]
fn a_record_replays_and_a_changed_one_does_not() {
    let place = Place::new();
    place.write("line.csv", &line_csv());
    let study = place.write("study.ron", LINE);
    place.expect(0, &["run", &study, "--quiet", "--save", "a.record", "--threads", "2"]);
    let (out, _) = place.expect(0, &["replay", "a.record", "--threads", "1"]);
    assert_eq!(out, "A line, seed 1: equal (61 hashes)\nA line, seed 2: equal (61 hashes)\n");

    // One digit of one hash: the step is named.
    let record = place.read("a.record");
    let at = record.find("(5, \"").unwrap() + 5;
    let digit = if &record[at..=at] == "0" { "1" } else { "0" };
    place.write("b.record", &format!("{}{digit}{}", &record[..at], &record[at + 1..]));
    let (out, _) = place.expect(1, &["replay", "b.record"]);
    assert!(
        out.starts_with("A line, seed 1: first differing recorded step 5; equal at 4\n"),
        "{out}"
    );

    // One byte of the data: said before training.
    place.write("line.csv", &line_csv().replace("19,39", "19,38"));
    let (out, errors) = place.expect(2, &["replay", "a.record"]);
    assert_eq!(out, "");
    assert!(
        errors.starts_with("a.record: in “A line”: the data changed since: its fingerprint was "),
        "{errors}"
    );
    assert!(errors.contains(", now it is "), "{errors}");

    // Another version of the arithmetic.
    place.write("c.record", &record.replace("engine: 1,", "engine: 0,"));
    let (_, errors) = place.expect(2, &["replay", "c.record"]);
    assert!(errors.contains("the record was made with version 0 of the arithmetic"), "{errors}");

    let (_, errors) = place.expect(2, &["replay", &study]);
    assert_eq!(
        errors,
        "study.ron: this is a study; expected a record, as `descent run STUDY --save RECORD` writes \
         it\n"
    );
}

#[test]
fn check_says_what_would_run() {
    let place = Place::new();
    place.write("line.csv", &line_csv());
    let study = place.write("study.ron", LINE);
    let (out, _) = place.expect(0, &["check", &study]);
    assert_eq!(
        out,
        "A line\n\n\
         experiment  parameters  steps  runs  train  validation  test  features  data\n\
         A line               2     60     2     12           4     4         1  line\n\n\
         1 experiment × 2 seeds = 2 runs, 120 steps in all\n"
    );
}

#[test]
fn problems_are_all_listed_with_their_places() {
    let place = Place::new();
    place.write("line.csv", &line_csv());
    let study = place.write(
        "study.ron",
        r#"Study(
    format: 1,
    base: Experiment(data: Csv(path: "line.csv"), batch: Mini(500)),
    compare: [
        (label: "a"),
        (label: "b", data: Csv(path: "lime.csv"), batch: Full),
    ],
)"#,
    );
    let (out, errors) = place.expect(2, &["check", &study]);
    assert_eq!(out, "");
    let lines: Vec<_> = errors.lines().collect();
    assert_eq!(lines.len(), 2, "{errors}");
    assert!(
        lines[0].starts_with("study.ron:3:63: in “a”: batch is Mini(500); it must be from 1 to 14"),
        "{errors}"
    );
    assert!(lines[1].starts_with("study.ron:6:"), "{errors}");
    assert!(lines[1].contains("lime.csv: there is no such file; did you mean `line.csv`?"));
}

#[test]
fn wrong_input_exits_with_2_and_a_sentence() {
    let place = Place::new();
    fs::create_dir(place.path("folder")).unwrap();
    place.write("newer.ron", "Study(format: 99)");
    place.write(
        "rate.ron",
        "Study(format: 1, base: Experiment(optimizer: GradientDescent(learning_rate: -1)))",
    );
    let cases: [(&[&str], &str); 6] = [
        (&["run", "missing.ron"], "missing.ron: there is no such file\n"),
        (&["check", "folder"], "folder: this is a folder; expected a study file\n"),
        (
            &["run", "newer.ron"],
            "newer.ron:1:15: the file has format 99, from a newer version of Descent; this one \
             reads up to format 1\n",
        ),
        (
            &["run", "rate.ron"],
            "rate.ron:1:77: base.optimizer.learning_rate is -1; it must be a number above 0\n",
        ),
        (&["replay", "folder"], "folder: this is a folder; expected a record file\n"),
        (&["data", "folder"], "folder: this is a folder; a CSV file is expected\n"),
    ];
    for (arguments, expected) in cases {
        let (out, errors) = place.expect(2, arguments);
        assert_eq!((out.as_str(), errors.as_str()), ("", expected), "{arguments:?}");
    }
    let (_, errors) = place.expect(2, &["list", "optimisers"]);
    assert!(errors.contains("optimizers"), "{errors}");
    place.expect(2, &["run"]);
    place.expect(0, &["--help"]);
    place.expect(0, &["--version"]);
}

#[test]
fn every_family_is_listed() {
    let place = Place::new();
    for family in [
        "optimizers",
        "schedules",
        "losses",
        "models",
        "surfaces",
        "datasets",
        "activations",
        "sampling",
        "techniques",
        "class-weights",
        "penalties",
        "initialization",
    ] {
        let (out, _) = place.expect(0, &["list", family]);
        let (json, _) = place.expect(0, &["list", family, "--json"]);
        for line in json.lines() {
            let entry: serde_json::Value = serde_json::from_str(line).unwrap();
            let name = entry["name"].as_str().unwrap();
            assert!(out.lines().any(|line| line == name), "{name}");
            let usage = entry["usage"].as_str().unwrap();
            let has_page = !name.starts_with("Bundled");
            assert_eq!(
                out.contains(&format!("    when to use: {usage}\n    reference: ")),
                has_page,
                "{name}"
            );
            for setting in entry["settings"].as_array().unwrap() {
                let name = setting["name"].as_str().unwrap();
                assert!(out.contains(&format!("    {name} = ")), "{name}");
            }
        }
    }
    let (out, _) = place.expect(0, &["list"]);
    assert!(out.starts_with("optimizers ("), "{out}");
    assert!(out.contains("\npenalties (3)\n    L1, L2, ElasticNet\n"), "{out}");
    let example = "`descent list optimizers` says what each is, with formula and settings.\n";
    assert!(out.ends_with(example), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let (json, _) = place.expect(0, &["list", "--json"]);
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(first["members"][0], "GradientDescent");
    let (out, _) = place.expect(0, &["list", "optimizers"]);
    assert!(out.starts_with("GradientDescent\n"), "{out}");
    assert!(out.contains("    learning_rate = 0.01 (a number above 0)\n"), "{out}");
    let (out, _) = place.expect(0, &["list", "surfaces"]);
    let (start, minimum) = ("    start: (-8, 8)\n", "    minimum: 0 at (1, 3)\n");
    let domain = "    domain: x from -10 to 10, y from -10 to 10\n";
    assert!(out.contains(&format!("{start}{minimum}{domain}    when to use: ")), "{out}");
    assert!(out.contains("    minimum: none\n"), "saddles have none: {out}");
    let (json, _) = place.expect(0, &["list", "surfaces", "--json"]);
    let booth = json.lines().find(|line| line.contains("\"Booth\"")).unwrap();
    let booth: serde_json::Value = serde_json::from_str(booth).unwrap();
    assert_eq!(booth["minima"], serde_json::json!([{ "point": [1.0, 3.0], "value": 0.0 }]));
}

#[test]
fn data_says_how_a_file_was_read() {
    let place = Place::new();
    place.write("d.csv", "name;size\nann;1,5\nbo;2,5\ncy;\nann;4\n");
    let (out, _) = place.expect(0, &["data", "d.csv"]);
    assert!(out.starts_with("delimiter    semicolon"), "{out}");
    assert!(out.contains("rows         4\n"), "{out}");
    let (out, _) = place.expect(0, &["data", "d.csv", "--rows", "3"]);
    assert_eq!(out, "[\"ann\",\"1,5\"]\n[\"bo\",\"2,5\"]\n[\"cy\",\"\"]\n");
    place.write("missing.csv", "a,b\n1,NA\n\"say \"\"x\"\"\",?\n 3 , \"4\"\n");
    let (out, _) = place.expect(0, &["data", "missing.csv", "--rows", "9"]);
    assert_eq!(out, "[\"1\",\"NA\"]\n[\"say \\\"x\\\"\",\"?\"]\n[\" 3 \",\"4\"]\n");
    place.write("names.csv", "a,b,c\n");
    let (_, errors) = place.expect(2, &["data", "names.csv", "--rows", "2"]);
    assert!(errors.contains("there is a header but no rows of data below it"), "{errors}");
    let (json, _) = place.expect(0, &["data", "d.csv", "--json", "--rows", "2"]);
    let object: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(object["delimiter"], ";");
    assert_eq!(object["columns"][0]["type"], "nominal");
    assert_eq!(object["rows"][1], serde_json::json!(["bo", "2,5"]));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let shell = |command: &str| {
        Command::new("sh")
            .args(["-c", command])
            .env("DESCENT", env!("CARGO_BIN_EXE_descent"))
            .output()
            .unwrap()
    };
    let output = shell("\"$DESCENT\" list optimizers --json | true");
    assert_eq!(text(&output.stderr), "");
}

#[cfg(not(feature = "gui"))]
#[test]
fn without_a_window_there_is_a_sentence() {
    let (out, errors) = Place::new().expect(2, &[]);
    assert_eq!(out, "");
    assert!(errors.starts_with("this descent was built without its window"), "{errors}");
}

#[test]
fn outputs_that_would_be_lost_are_refused_before_training() {
    let place = Place::new();
    let study = place.write("study.ron", ROSENBROCK);
    fs::create_dir(place.path("folder")).unwrap();
    let refuses = |arguments: &[&str], sentence: &str| {
        let all: Vec<_> = ["run", &study].into_iter().chain(arguments.iter().copied()).collect();
        let (out, errors) = place.expect(2, &all);
        assert_eq!(out, "", "nothing was trained");
        assert_eq!(errors, format!("{sentence}\n"));
    };
    refuses(
        &["--save", "./study.ron"],
        "./study.ron: --save would overwrite the study; give it a file of its own",
    );
    assert_eq!(place.read("study.ron"), ROSENBROCK);
    refuses(
        &["--metrics", "out.csv", "--trajectory", "./out.csv"],
        "./out.csv: --trajectory would overwrite --metrics; give it a file of its own",
    );
    place.write("line.csv", &line_csv());
    place.write(
        "on_line.ron",
        "Study(format: 1, base: Experiment(batch: Full, data: Csv(path: \"line.csv\")))",
    );
    let (_, errors) = place.expect(2, &["run", "on_line.ron", "--metrics", "./line.csv"]);
    assert!(errors.contains("--metrics would overwrite the study's data"), "{errors}");
    assert_eq!(place.read("line.csv"), line_csv());
    refuses(&["--save", "folder"], "folder: this is a folder; expected a file to write to");
    refuses(
        &["--metrics", "nowhere/metrics.csv"],
        "nowhere/metrics.csv: the file cannot be written: there is no folder `nowhere`",
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named() {
    let place = Place::new();
    let study = place.write("study.ron", ROSENBROCK);
    for option in ["--metrics", "--trajectory", "--save"] {
        let (out, errors) = place.expect(2, &["run", &study, option, "/dev/full"]);
        assert!(out.contains("small"), "the results are not lost with the file: {out}");
        assert!(errors.starts_with("/dev/full: "), "{errors}");
        assert!(errors.contains("No space left"), "{errors}");
    }
}

#[cfg(unix)]
#[test]
fn files_are_written_even_if_nobody_reads_the_table() {
    let place = Place::new();
    let study = place.write("study.ron", ROSENBROCK);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = Command::new(env!("CARGO_BIN_EXE_descent"))
        .args(["run", &study, "--save", "record", "--metrics", "metrics.csv"])
        .current_dir(place.0.path())
        .stdout(writer)
        .status()
        .unwrap();
    assert!(status.code() != Some(2));
    assert!(place.read("record").starts_with("Record("));
    assert!(place.read("metrics.csv").lines().count() > 50);
}

#[test]
fn each_command_says_what_it_was_given_instead() {
    let place = Place::new();
    let study = place.write("study.ron", ROSENBROCK);
    let table = place.write("line.csv", &line_csv());
    place.expect(1, &["run", &study, "--quiet", "--save", "a.record"]);
    let says = |arguments: &[&str], part: &str| {
        let (_, errors) = place.expect(2, arguments);
        assert!(errors.contains(part), "{arguments:?}: {errors}");
    };
    says(&["run", &table], "line.csv: this is a table of data; expected a study");
    says(&["check", "a.record"], "a.record: this is a record; expected a study");
    says(&["replay", &table], "line.csv: this is no record; expected a file that");
    says(&["data", &study], "study.ron: a CSV file is expected; this is a study");
    says(&["data", "a.record"], "a.record: a CSV file is expected; this is a record");
}

#[cfg(unix)]
#[test]
fn ctrl_c_keeps_what_the_runs_came_to() {
    let place = Place::new();
    let long = ROSENBROCK.replace("Steps(50)", "Steps(1000000000), record_every: Steps(1000000)");
    place.write("long.ron", &long.replace("0.01)", "0.0001)"));
    let child = Command::new(env!("CARGO_BIN_EXE_descent"))
        .args(["run", "long.ron", "--save", "long.record"])
        .current_dir(place.0.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(1));
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    let (out, errors) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(130), "{out}{errors}");
    assert!(out.contains("stopped at step"), "{out}");
    assert!(place.path("long.record").exists());
}

#[test]
fn a_budget_of_no_step_is_refused() {
    let place = Place::new();
    let text = r#"Study(format: 1, base: Experiment(data: Bundled("iris"), budget: Epochs(0.01),
        model: Multinomial, loss: CrossEntropy))"#;
    place.write("short.ron", text);
    let (_, errors) = place.expect(2, &["run", "short.ron"]);
    assert!(
        errors.contains("budget is 0.01 epochs; it must be a stretch of at least one step"),
        "{errors}"
    );
}

#[test]
fn verify_compares_this_build_with_references() {
    let place = Place::new();
    let (out, errors) = place.expect(0, &["verify", "schedules"]);
    assert_eq!(errors, "");
    let line = out.lines().find(|line| line.contains(" Cosine ")).unwrap();
    assert!(line.contains("PyTorch 2.15.0") && line.ends_with("ok"), "{line}");
    let last = out.lines().last().unwrap();
    assert!(last.contains(" values: all ok, ") && last.contains("descent 0.1.0, "), "{last}");

    let (out, _) = place.expect(0, &["verify", "losses", "--json"]);
    let lines: Vec<serde_json::Value> =
        out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let huber: Vec<_> = lines.iter().filter(|line| line["member"] == "Huber").collect();
    assert_eq!(
        huber.len(),
        3,
        "beside PyTorch, plain and weighted, and beside central differences"
    );
    for line in huber {
        assert_eq!((&line["family"], &line["passed"]), (&"losses".into(), &true.into()));
        assert!(line["n_values"].as_u64().unwrap() > 50);
        let [deviation, tolerance] =
            ["largest_deviation", "tolerance"].map(|key| line[key].as_f64());
        assert!(0.0 < deviation.unwrap() && deviation < tolerance);
    }

    let (out, errors) = place.expect(2, &["verify", "optimisers"]);
    assert_eq!(out, "");
    assert!(errors.contains("a similar value exists: 'optimizers'"), "{errors}");
}

/// Where the clock ends a run depends on the machine. Replay and the trajectory go as far as it went.
#[test]
fn what_the_clock_ended_is_repeated_as_far_as_it_went() {
    let place = Place::new();
    let study = place.write(
        "clock.ron",
        "Study(format: 1, title: \"\", base: Experiment(data: Surface(Booth), \
         optimizer: GradientDescent(learning_rate: 1e-9), budget: Steps(1000000000000), \
         stopping: (seconds: 0.02)), compare: [], seeds: [1])",
    );
    let (out, _) = place.expect(
        0,
        &["run", &study, "--json", "--save", "clock.record", "--trajectory", "path.csv"],
    );
    let run: serde_json::Value = serde_json::from_str(out.trim()).unwrap();
    assert_eq!(run["ending"], "time_spent");
    let (out, _) = place.expect(0, &["replay", "clock.record"]);
    // The start and where it was ended.
    assert!(out.contains("equal (2 hashes)"), "{out}");
    let path = place.read("path.csv");
    let last = path.lines().last().unwrap();
    let step: u64 = last.split(',').nth(2).unwrap().parse().unwrap();
    assert_eq!(Some(step), run["steps"].as_u64());
}

/// A line through data of its own is told in the units of the file, whatever was done to it.
#[test]
fn coefficients_and_predictions_are_in_the_units_of_the_data() {
    let place = Place::new();
    let rows: String = (0..40)
        .map(|x| format!("{x},{},{}\n", ["b", "a"][x % 2], 3 * x + 10 * (x % 2) + 7))
        .collect();
    place.write("line.csv", &format!("x,c,y\n{rows}"));
    let study = LINE
        .replace("batch: Mini(4)", "batch: Full")
        .replace("GradientDescent(learning_rate: 0.1)", "Lbfgs")
        .replace("Epochs(20.0)", "Steps(300)")
        .replace(
            "        budget",
            "        preprocessing: [OneHot(drop_first: true), MinMax()],\n        budget",
        );
    let study = place.write("study.ron", &study);
    let files = ["--coefficients", "c.csv", "--predictions", "p.csv"];
    place.expect(0, &[&["run", &study, "--quiet", "--seed", "4"][..], &files].concat());
    let text = place.read("c.csv");
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some(
            "experiment,seed,step,output,feature,coefficient,in_original_units,scaled_coefficient,note"
        )
    );
    for (line, (feature, expected)) in
        lines.by_ref().zip([("(intercept)", 17.0), ("x", 3.0), ("c = b", -10.0)])
    {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!((fields[1], fields[3], fields[4], fields[6]), ("4", "y", feature, "true"));
        assert!(fields[2].parse::<u64>().unwrap() <= 300, "{line}");
        let value: f64 = fields[5].parse().unwrap();
        // L-BFGS ends where hardly anything changes.
        assert!((value - expected).abs() < 1e-3, "{line}");
    }
    assert_eq!(lines.next(), None);
    let text = place.read("p.csv");
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("experiment,seed,step,part,row,target,prediction"));
    let mut n_rows = 0;
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let x = fields[4].parse::<usize>().unwrap() - 1;
        assert_eq!(fields[5], (3 * x + 10 * (x % 2) + 7).to_string(), "{line}");
        let predicted: f64 = fields[6].parse().unwrap();
        assert!((predicted - fields[5].parse::<f64>().unwrap()).abs() < 1e-2, "{line}");
        n_rows += 1;
    }
    assert_eq!(n_rows, 40);

    let classes = place.write(
        "classes.ron",
        r#"Study(format: 1, base: Experiment(data: Bundled("iris"), model: Multinomial,
            loss: CrossEntropy, budget: Steps(20)))"#,
    );
    place.expect(0, &[&["run", &classes, "--quiet"][..], &files].concat());
    let text = place.read("p.csv");
    assert!(
        text.starts_with("experiment,seed,step,part,row,target,prediction,probability of setosa,")
    );
    let line = text.lines().nth(1).unwrap();
    let sum: f64 = line.split(',').skip(7).map(|field| field.parse::<f64>().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-12, "{line}");
    assert!(place.read("c.csv").contains(",logit of versicolor,petal length in cm,"));

    let surface = place.write("surface.ron", ROSENBROCK);
    let (_, errors) = place.expect(2, &["run", &surface, "--coefficients", "c.csv"]);
    assert!(errors.starts_with("--coefficients: no experiment has a linear"), "{errors}");
    let (_, errors) = place.expect(2, &["run", &surface, "--predictions", "p.csv"]);
    assert!(errors.starts_with("--predictions: the study is on surfaces"), "{errors}");
}

#[test]
fn check_says_how_each_feature_is_made() {
    let place = Place::new();
    place.write("line.csv", &line_csv());
    let listed = "        preprocessing: [Log()],\n        budget";
    let study = place.write("study.ron", &LINE.replace("        budget", listed));
    let (out, _) = place.expect(0, &["check", &study]);
    assert!(out.contains("features, fitted on the training part with seed 1"), "{out}");
    assert!(out.contains("log(x)  sgn(x) ln(1 + |x|); (x − "), "{out}");
    let (out, _) = place.expect(0, &["check", &study, "--json"]);
    let line: serde_json::Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
    assert_eq!((&line["runs"], &line["features"][0]["name"]), (&2.into(), &"log(x)".into()));

    let wrong = LINE.replace(
        "        budget",
        "        preprocessing: [Log(columns: [\"xx\"])],\n        budget",
    );
    let study = place.write("wrong.ron", &wrong);
    let (_, errors) = place.expect(2, &["check", &study]);
    assert!(errors.starts_with("wrong.ron:9:"), "{errors}");
    assert!(errors.contains("preprocessing[0] (Log): `xx` is not a column"), "{errors}");
}

#[test]
fn folds_are_said_by_check_and_beside_results() {
    let place = Place::new();
    place.write("line.csv", &line_csv());
    let text = |seeds: &str| {
        format!(
            "Study(format: 1, base: Experiment(data: Csv(path: \"line.csv\"), model: Linear, \
             split: (train: 0.8, validation: 0.0, test: 0.2, folds: 2, subsample: Rows(15)), \
             loss: MeanSquaredError, batch: Full, budget: Steps(2)), \
             compare: [(label: \"a\"), (label: \"b\", split: ())], seeds: {seeds})"
        )
    };
    let study = place.write("study.ron", &text("[1, 2]"));
    let (out, _) = place.expect(0, &["check", &study]);
    let remarks = out.split_once("steps in all\n").unwrap().1;
    assert_eq!(
        remarks,
        "in “a”: split: 20 % test, of the rest 2 folds, at random, of 15 rows drawn\n\
         in “a”: 2 folds: seeds 1–2 make one cross-validation\n\
         in “a”: note: 15 of 20 samples drawn, the same for all seeds\n"
    );
    let (out, _) = place.expect(0, &["run", &study]);
    assert!(out.contains("2 (fold 2 of 2)"), "{out}");
    let (out, _) = place.expect(0, &["run", &study, "--json"]);
    let folds: Vec<_> = out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["fold"].clone())
        .collect();
    assert_eq!(folds, [1.into(), 2.into(), serde_json::Value::Null, serde_json::Value::Null]);

    let half = place.write("half.ron", &text("[2]"));
    let (out, _) = place.expect(0, &["check", &half]);
    let warning = "in “a”: warning: 2 folds: the seed holds out fold 2 of 2 alone; seeds 1–2 would make one cross-validation\n";
    assert!(out.contains(warning), "{out}");
    let zero = place.write("zero.ron", &text("[1, 0]"));
    let (_, errors) = place.expect(2, &["check", &zero]);
    assert!(
        errors.ends_with(
            "seeds[1] is 0; it must be 1 or more: with folds, seed 1 holds out the first of them\n"
        ),
        "{errors}"
    );
}

/// A file with a short row, a word among numbers, dates of either order, and a column of two numbers.
fn damaged_csv() -> String {
    let row =
        |i: usize| format!("{i},{:02}/{:02}/2023,{},{}\n", i % 9 + 1, i % 11 + 1, i * i, i % 2);
    let mut text = String::from("id,day,x,y\n");
    for i in 1..=40 {
        text += &match i {
            7 => "7,01/02/2023\n".to_owned(),
            9 => "9,01/03/2023,oops,1,2,3,4\n".to_owned(),
            12 => "12,01/02/2023,many,0\n".to_owned(),
            _ => row(i),
        };
    }
    text
}

#[test]
fn damage_of_a_file_is_said_before_training() {
    let place = Place::new();
    place.write("d.csv", &damaged_csv());
    let study = place.write(
        "study.ron",
        r#"Study(format: 1, base: Experiment(data: Csv(path: "d.csv", types: {"yy": Nominal}),
            split: (train: 0.5, validation: 0.25, test: 0.25, subsample: Rows(100), quantile_bins: 30),
            model: Linear, loss: MeanSquaredError, batch: Full, budget: Steps(2)))"#,
    );
    let remark =
        "note: 1 row left out, 2 repairs and 1 guess in reading; `descent data d.csv` lists them\n";
    let mistyped = "note: a type is stated for `yy`, which is not a column; did you mean `y`?\n";
    let (out, _) = place.expect(0, &["check", &study]);
    assert!(out.contains(remark) && out.contains(mistyped), "{out}");
    assert!(out.contains("note: all 38 samples are used: a subsample of 100 is more"), "{out}");
    assert!(out.contains("note: 30 quantile_bins of 38 samples have fewer than 3 each"), "{out}");
    let (out, _) = place.expect(0, &["check", &study, "--json"]);
    let line: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(line["notes"][0], remark.trim_start_matches("note: ").trim_end());
    let (_, errors) = place.expect(0, &["run", &study, "--predictions", "p.csv"]);
    assert!(errors.contains(remark) && errors.contains(mistyped), "{errors}");
    let (_, errors) = place.expect(0, &["run", &study, "--quiet"]);
    assert_eq!(errors, "");

    // Rows are those of `--rows`: the one that was left out is not counted.
    let (rows, _) = place.expect(0, &["data", "d.csv", "--rows", "99"]);
    let rows: Vec<Vec<String>> =
        rows.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let text = place.read("p.csv");
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let row = &rows[fields[4].parse::<usize>().unwrap() - 1];
        assert_eq!(row[3], fields[5], "{line}");
    }
    place.write("line.csv", &line_csv());
    let study = place.write("clean.ron", LINE);
    let (out, _) = place.expect(0, &["check", &study]);
    assert!(!out.contains("in reading"), "{out}");
}

#[test]
fn equal_causes_are_one_line_and_values_stay_in_theirs() {
    let place = Place::new();
    let mut text = format!("\"a\nb\",word,{}\n", "n".repeat(60));
    for i in 0..200 {
        text += &match i {
            20..24 => format!("w{i},z,1\n"),
            40..43 => "1,z\n1,z,3,4,5\n".to_owned(),
            _ => format!("{i},\"{}\",2\n", ["two\nlines", "a"][i % 2]),
        };
    }
    place.write("long.csv", &text);
    let (out, _) = place.expect(0, &["data", "long.csv"]);
    assert!(
        out.contains(&format!("{}…", "n".repeat(40))) && !out.contains(&"n".repeat(41)),
        "{out}"
    );
    assert!(out.contains(": a, two\\nlines, z"), "{out}");
    assert!(out.contains("`w20`, `w21`, `w22`, … in column `a b` are not a number"), "{out}");
    assert_eq!(out.lines().filter(|line| line.starts_with("repaired: lines")).count(), 2, "{out}");
    assert_eq!(out.lines().filter(|line| line.starts_with("left out: lines")).count(), 1, "{out}");
    let (json, _) = place.expect(0, &["data", "long.csv", "--json"]);
    let object: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(object["repaired"].as_array().unwrap().len(), 7);
    assert_eq!(object["columns"][1]["levels"], serde_json::json!(["a", "two\nlines", "z"]));
}

#[test]
fn classes_of_numbers_have_a_remedy_and_weights_their_names() {
    let place = Place::new();
    place.write("d.csv", &damaged_csv());
    let study = |data: &str| {
        format!(
            "Study(format: 1, base: Experiment(data: Csv(path: \"d.csv\"{data}), model: Logistic, \
             loss: BinaryCrossEntropy, class_weights: Explicit([1.0, 2.5]), batch: Full, budget: Steps(2)), \
             compare: [(label: \"a\"), (label: \"b\", budget: Steps(3))])"
        )
    };
    let wrong = place.write("wrong.ron", &study(""));
    let (_, errors) = place.expect(2, &["check", &wrong]);
    assert_eq!(errors.lines().count(), 1, "{errors}");
    assert!(errors.contains("in “a”, “b”: loss is BinaryCrossEntropy"), "{errors}");
    assert!(
        errors.ends_with(
            "; or state `task: Classification` in Csv(…), so that its 2 numbers are classes\n"
        ),
        "{errors}"
    );
    let right = place.write("right.ron", &study(", task: Classification"));
    let (out, _) = place.expect(0, &["check", &right]);
    assert!(out.contains("\nclass weights: 0 1, 1 2.5\n"), "{out}");
}

#[test]
fn values_as_they_are_in_a_file_are_named_in_a_study() {
    let place = Place::new();
    let message = |data: &str, split: &str| {
        let study = place.write(
            "study.ron",
            &format!(
                "Study(format: 1, base: Experiment(data: Csv(path: \"d.csv\", {data}), \
                 split: (train: 0.7, {split})))"
            ),
        );
        let (_, errors) = place.expect(2, &["check", &study]);
        errors.trim_end().split_once(": ").unwrap().1.to_owned()
    };
    assert_eq!(
        message("delimiter: \";\"", ""),
        "delimiter: found `\";\"`; expected one of Auto, Comma, Semicolon, Tab, Pipe, Bars, Space, \
         Gap, Other('^'); did you mean `Semicolon`?"
    );
    assert_eq!(
        message("decimal: \",\"", ""),
        "decimal: found `\",\"`; expected one of Auto, Point, Comma; did you mean `Comma`?"
    );
    assert_eq!(
        message("task: \"Classification\"", ""),
        "task: found `\"Classification\"`; expected one of Auto, Classification, Regression; did \
         you mean `Classification`?"
    );
    assert_eq!(
        message("missing: \"xx\"", ""),
        "missing: found `\"xx\"`; expected a list in brackets, such as [\"xx\"]"
    );
    assert_eq!(
        message("memory: \"64MB\"", ""),
        "memory: found `\"64MB\"`; expected a whole number of MiB without a unit, such as 256"
    );
    assert_eq!(
        message("types: [\"zip\"]", ""),
        "types: found `[\"zip\"`; expected names of columns with types in braces, such as {\"zip\": Nominal}"
    );
    assert_eq!(
        message("", "subsample: 0.25"),
        "subsample: found `0.25`; expected one of Off, Rows(1000), Share(0.25); did you mean \
         `Share(0.25)`?"
    );
}
