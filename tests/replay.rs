//! The same experiment gives the same bits: for any number of threads, paused or straight, alone or
//! beside others, in debug and release builds, on every processor. The hashes below are kept for
//! ever; where one of them has to change, `record::ENGINE` changes with it.
//!
//! On a processor without AVX and FMA (an emulated one, from the package `qemu-user`):
//!
//! ```text
//! cargo test --no-default-features --test replay --no-run
//! qemu-x86_64 -cpu Nehalem target/debug/deps/replay-…
//! ```

use std::path::Path;
use std::sync::Arc;

use descent::experiment::Study;
use descent::experiment::file::read;
use descent::record::{Inputs, Record, ReplayError, plan_study, replay};
use descent::training::{Command, Executor, Plan, Run};

/// Small studies, each with the last hash of each of its runs.
const STUDIES: &[(&str, &[(u64, u64)])] = &[
    (
        r#"Study(
            format: 1,
            title: "surface",
            base: Experiment(data: Surface(Rosenbrock), budget: Steps(300)),
            compare: [
                (label: "gradient descent", optimizer: GradientDescent(learning_rate: 0.001)),
                (label: "Adam", optimizer: Adam(learning_rate: 0.02), precision: F32),
                (label: "diverging", optimizer: Momentum(learning_rate: 0.01)),
            ],
        )"#,
        &[(300, 0x23f436a68c0847e2), (300, 0xa08298ae711f41d9), (6, 0xd780a8c5631c4844)],
    ),
    (
        r#"Study(
            format: 1,
            title: "regression",
            base: Experiment(
                data: Bundled("penguins"),
                model: Linear,
                loss: MeanSquaredError,
                penalty: ElasticNet(l1: 0.001, l2: 0.01),
                optimizer: Nesterov(learning_rate: 0.02),
                schedule: Cosine(),
                warmup: Steps(5),
                batch: Mini(16),
                budget: Epochs(6.0),
            ),
            seeds: [1, 2],
        )"#,
        &[(90, 0x2e3ee756f37f64a8), (90, 0xe79e2f523c769245)],
    ),
    (
        r#"Study(
            format: 1,
            title: "classification",
            base: Experiment(
                data: Bundled("iris"),
                model: Multinomial,
                loss: CrossEntropy,
                batch: Mini(16),
                budget: Steps(60),
            ),
            compare: [
                (label: "RMSprop", optimizer: RmsProp(learning_rate: 0.01)),
                (label: "AdaGrad", optimizer: AdaGrad(learning_rate: 0.1), precision: F32),
                (label: "AdaDelta", optimizer: AdaDelta(), scaling: MinMax, shuffle: false),
                (label: "one by one", batch: Stochastic, schedule: InverseTime(decay: 0.5)),
            ],
        )"#,
        &[
            (60, 0x068b8222da03d0c0),
            (60, 0x695cb5a5e101e847),
            (60, 0x6c471c1aa5603bc2),
            (60, 0x85c0ddb76a4584a0),
        ],
    ),
    (
        r#"Study(
            format: 1,
            title: "networks",
            base: Experiment(
                data: Generated(Moons(n_samples: 200)),
                loss: BinaryCrossEntropy,
                optimizer: AdamW(learning_rate: 0.01),
                batch: Mini(20),
                budget: Steps(40),
                model: Mlp(hidden: [12, 7], activation: Tanh),
            ),
            compare: [
                (label: "tanh"),
                (label: "GELU", model: Mlp(hidden: [9], activation: Gelu), precision: F32),
                (label: "sigmoid", model: Mlp(hidden: [9], activation: Sigmoid)),
                (label: "leaky ReLU", model: Mlp(hidden: [5, 5], activation: LeakyRelu())),
            ],
        )"#,
        &[
            (40, 0xdedfa10a5a7c9313),
            (40, 0x8fc432cd2969b0b0),
            (40, 0x9d8496384fa86398),
            (40, 0xcbc9c717fce6cae5),
        ],
    ),
    (
        // A layer of a single unit.
        r#"Study(
            format: 1,
            title: "narrow",
            base: Experiment(
                data: Bundled("iris"),
                model: Mlp(hidden: [8, 1, 8], activation: Tanh),
                loss: CrossEntropy,
                optimizer: Adam(learning_rate: 0.01),
                batch: Mini(16),
                budget: Steps(60),
            ),
        )"#,
        &[(60, 0x5f68262a05520343)],
    ),
    (
        // Products large enough to be shared among threads.
        r#"Study(
            format: 1,
            title: "wide",
            base: Experiment(
                data: Bundled("digits"),
                model: Mlp(hidden: [128, 64], activation: Relu),
                loss: CrossEntropy,
                optimizer: Adam(learning_rate: 0.001),
                batch: Mini(128),
                budget: Steps(2),
                precision: F32,
            ),
        )"#,
        &[(2, 0x4b47f4330d8cbca7)],
    ),
];

fn study(index: usize) -> Study {
    read(STUDIES[index].0, Path::new("study")).unwrap_or_else(|error| panic!("{error}"))
}

fn plans(study: &Study) -> Vec<Arc<Plan>> {
    plan_study(study, Path::new(".")).unwrap_or_else(|problems| panic!("{}", problems[0])).plans
}

fn train(plans: Vec<Arc<Plan>>, n_threads: usize) -> Vec<Run> {
    let mut runs = Executor::new(Some(n_threads)).start_all(plans, false, Arc::new(|| ()));
    runs.iter_mut().for_each(Run::wait);
    runs
}

fn hashes(runs: &[Run]) -> Vec<Vec<(u64, u64)>> {
    runs.iter().map(|run| run.hashes().to_vec()).collect()
}

#[test]
fn the_bits_are_those_recorded_for_ever() {
    let mut all_equal = true;
    for (index, (_, recorded)) in STUDIES.iter().enumerate() {
        let study = study(index);
        let last: Vec<_> =
            train(plans(&study), 2).iter().map(|run| *run.hashes().last().unwrap()).collect();
        if last != *recorded {
            all_equal = false;
            let list: Vec<_> =
                last.iter().map(|(step, hash)| format!("({step}, 0x{hash:016x})")).collect();
            println!("{}: &[{}],", study.title, list.join(", "));
        }
    }
    assert!(all_equal, "the hashes differ from those recorded");
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    for index in 0..STUDIES.len() {
        let plans = plans(&study(index));
        let alone: Vec<_> =
            plans.iter().flat_map(|plan| hashes(&train(vec![plan.clone()], 1))).collect();
        for n_threads in [1, 2, 8] {
            assert_eq!(hashes(&train(plans.clone(), n_threads)), alone, "{n_threads} threads");
        }
        for (plan, alone) in plans.iter().zip(&alone) {
            assert_eq!(
                hashes(&train(vec![plan.clone()], 8)),
                std::slice::from_ref(alone),
                "a team of 8"
            );
        }
    }
}

#[test]
fn pauses_and_single_steps_change_nothing() {
    for index in [0, 2, 3] {
        let plans = plans(&study(index));
        let straight = hashes(&train(plans.clone(), 2));
        let executor = Executor::new(Some(1));
        let mut runs = executor.start_all(plans, true, Arc::new(|| ()));
        for run in &mut runs {
            run.wait();
            for _ in 0..3 {
                let before = run.clocks().step;
                run.command(Command::Step);
                // A pause before the step is reported too; it is not the one to wait for.
                while run.clocks().step == before && run.outcome().is_none() {
                    run.receive();
                    std::thread::yield_now();
                }
            }
            run.command(Command::Resume);
            run.command(Command::Pause);
            run.command(Command::Resume);
        }
        for run in &mut runs {
            while run.outcome().is_none() {
                run.receive();
                std::thread::yield_now();
            }
        }
        assert_eq!(hashes(&runs), straight, "{}", STUDIES[index].0);
    }
}

#[test]
fn a_record_survives_its_file_and_replays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.ron");
    let study = study(1);
    let planned = plan_study(&study, folder.path()).unwrap();
    let runs = train(planned.plans, 2);
    let record = Record::new(&study, folder.path(), planned.inputs, &runs);
    record.save(&path).unwrap();
    let again = Record::load(&path).unwrap();
    assert_eq!(again, record);
    assert_eq!(again.study(&path).unwrap(), study);
    let last = again.runs[0].last.values().unwrap();
    assert_eq!(last, runs[0].snapshot().params);
    let replayed = replay(&again, &path, &Executor::new(Some(1))).unwrap();
    assert_eq!(replayed.len(), 2);
    for run in replayed {
        assert_eq!(run.difference, None);
        assert!(run.n_compared > 50);
    }
}

#[test]
fn tampered_hashes_and_other_data_are_found() {
    let study = study(2);
    let planned = plan_study(&study, Path::new(".")).unwrap();
    let runs = train(planned.plans, 2);
    let record = Record::new(&study, Path::new("."), planned.inputs, &runs);
    let here = Path::new("record.ron");
    let executor = Executor::new(Some(2));

    let mut tampered = record.clone();
    tampered.runs[1].hashes[41].1 = "0".repeat(16);
    let replayed = replay(&tampered, here, &executor).unwrap();
    let steps: Vec<_> = replayed
        .iter()
        .map(|run| run.difference.as_ref().map(|found| (found.step, found.equal_at)))
        .collect();
    assert_eq!(steps, [None, Some((41, Some(40))), None, None]);

    let mut other = record.clone();
    let then = Inputs { data: "0".repeat(64), ..other.inputs[2].clone() };
    other.inputs[2] = then.clone();
    match replay(&other, here, &executor) {
        Err(ReplayError::Changed { experiment, what: "data", was, is }) => {
            assert_eq!((experiment, was), ("AdaDelta".to_owned(), then.data));
            assert_eq!(is, record.inputs[2].data);
        }
        found => panic!("{found:?}"),
    }
}

/// What was decided about the reading of a file is in the record, as settings, and in the
/// fingerprint. Records of a time when it was not are compared by the bytes alone.
#[test]
fn records_know_how_their_files_were_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.csv");
    let rows: String = (0..12).map(|k| format!("{k};{},5\n", 2 * k)).collect();
    std::fs::write(&file, format!("x;y\n{rows}")).unwrap();
    let text = "Study(format: 1, base: (data: Csv(path: \"t.csv\"), model: Linear, loss: MeanSquaredError, batch: Full, budget: Epochs(3)))";
    let study = descent::experiment::file::read(text, Path::new("study.ron")).unwrap();
    let planned = plan_study(&study, folder.path()).unwrap();
    let decided = planned.decided(&study);
    let runs = train(planned.plans.clone(), 1);
    let record = Record::new(&decided, folder.path(), planned.inputs, &runs);
    let here = folder.path().join("record.ron");
    let executor = Executor::new(Some(1));
    let with_decisions =
        ["delimiter: Semicolon", "decimal: Comma", "encoding: \"utf-8\"", "skip: "];
    for stated in with_decisions {
        assert!(record.study.contains(stated), "{stated} in {}", record.study);
    }
    assert!(replay(&record, &here, &executor).unwrap()[0].difference.is_none());

    let mut old = Record::new(&study, folder.path(), record.inputs.clone(), &runs);
    let bytes = blake3::hash(&std::fs::read(&file).unwrap()).to_hex().to_string();
    assert_eq!(old.inputs[0].bytes, bytes);
    old.inputs[0].data = std::mem::take(&mut old.inputs[0].bytes);
    assert!(replay(&old, &here, &executor).unwrap()[0].difference.is_none());

    let mut other = record.clone();
    other.study = record.study.replace("\"x\": NumericPoint", "\"x\": Nominal");
    assert_ne!(other.study, record.study);
    let changed = |record: &Record| match replay(record, &here, &executor) {
        Err(ReplayError::Changed { what, .. }) => what,
        found => panic!("{found:?}"),
    };
    assert_eq!(changed(&other), "way in which the data is read");
    std::fs::write(&file, format!("x;y\n{rows}1;2\n")).unwrap();
    assert_eq!(changed(&record), "data");
    assert_eq!(changed(&old), "data");
}
