//! Of a table that is larger than its limit, nothing is kept in memory for each row: neither while samples are
//! made nor while they are trained on. Every byte is counted where it is allocated.

// Only a global allocator sees every allocation, and its trait is an unsafe one.
#![allow(unsafe_code)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};

use descent::data::sampling::Blocks;
use descent::data::{Batch, CsvSource, Sampling, Source, load};
use descent::experiment::Experiment;
use descent::losses::Loss;
use descent::math::team::Team;
use descent::models::Model;
use descent::training::{Plan, trainer};

static LIVE: AtomicIsize = AtomicIsize::new(0);
static PEAK: AtomicIsize = AtomicIsize::new(0);

fn add(n_bytes: isize) {
    let live = LIVE.fetch_add(n_bytes, Ordering::Relaxed) + n_bytes;
    PEAK.fetch_max(live, Ordering::Relaxed);
}

/// The system's allocator, which knows how many bytes there are.
struct Counting;

// SAFETY: every call is handed on as it is to the system's allocator, which keeps the contract.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size() as isize);
        // SAFETY: the caller's promises are those that `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        add(-(layout.size() as isize));
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes that there were at a time during `work`, beside those from before.
fn most<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = LIVE.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    let done = work();
    ((PEAK.load(Ordering::Relaxed) - before) as usize, done)
}

/// Numbers with gaps, words, weights, and what is to be predicted: a class or a number.
fn write_table(path: &Path, n_rows: usize) {
    let mut text = "a,b,colour,w,c,y\n".to_owned();
    for row in 0..n_rows {
        let (a, b) = (row * 7919 % 1000, row * 104_729 % 997);
        let gap = if row % 19 == 0 { String::new() } else { format!("0.{b:03}") };
        let colour = ["red", "green", "blue"][a % 3];
        let class = ["no", "yes"][usize::from(a + b > 1000)];
        writeln!(text, "{a},{gap},{colour},{},{class},{}", 1 + b % 3, a + 2 * b).unwrap();
    }
    std::fs::write(path, text).unwrap();
}

fn source(path: &Path, [target, other]: [&str; 2]) -> Source {
    Source::Csv(CsvSource {
        path: path.to_string_lossy().into_owned(),
        target: target.to_owned(),
        ignore: vec![other.to_owned()],
        weights: "w".to_owned(),
        memory: Some(1),
        ..CsvSource::default()
    })
}

/// The most bytes while samples are made of a table, and while it is trained on for an epoch and evaluated.
fn bytes(data: Source, model: &str, loss: &str) -> [usize; 2] {
    let experiment = Experiment {
        data,
        model: Model::named(model).unwrap(),
        loss: Loss::named(loss).unwrap(),
        batch: Batch::Mini(512),
        sampling: Sampling::Blocks(Blocks { block: 256, window: 4 }),
        ..Experiment::default()
    };
    let loaded = load(&experiment.data, Path::new("")).unwrap();
    let plan = || Plan::new("t", &experiment, 1, Some(&loaded), Path::new("")).unwrap();
    let (preparing, plan) = most(plan);
    let (training, ()) = most(|| {
        let (n_steps, mut trainer) = (plan.steps_per_epoch, trainer(Arc::new(plan)));
        let team = Team::solo();
        (0..n_steps).for_each(|_| trainer.step(&team));
        assert!(trainer.objective(&team).is_finite());
    });
    [preparing, training]
}

/// One test, since others beside it would be counted too.
#[test]
fn nothing_is_kept_for_each_row() {
    let folder = tempfile::tempdir().unwrap();
    let table = |n_rows: usize| {
        let path = folder.path().join(format!("{n_rows}.csv"));
        write_table(&path, n_rows);
        path
    };
    // Reading keeps blocks, whatever the table: here it has 58 MB.
    let large = source(&table(1_200_000), ["c", "y"]);
    let (reading, loaded) = most(|| load(&large, Path::new("")).unwrap());
    assert!(reading < 40_000_000, "{reading} bytes");
    drop(loaded);
    // A set of rows has a bit for each of them, of which there are a few; a number would have 32 or 64.
    let (few, many) = (100_000, 300_000);
    let paths = [few, many].map(table);
    for (columns, model, loss) in
        [(["c", "y"], "Logistic", "BinaryCrossEntropy"), (["y", "c"], "Linear", "MeanSquaredError")]
    {
        let [small, large] = paths.each_ref().map(|path| bytes(source(path, columns), model, loss));
        let bits = |phase: usize| 8 * large[phase].saturating_sub(small[phase]) / (many - few);
        assert!(bits(0) < 16, "{} bits a row while samples are made", bits(0));
        assert!(bits(1) < 4, "{} bits a row while training", bits(1));
    }
}
