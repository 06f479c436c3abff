use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::time::Instant;

use super::DataError;

/// What is done with the data of a file, one after the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// A compressed file is unpacked; its bytes are those of the compressed file.
    Unpacking,
    /// The table is read.
    #[default]
    Reading,
    /// A table in a file is looked at for what is fitted to it; the bytes are those of the table, as often
    /// as its columns are mostly read.
    Fitting,
    /// Samples for training are made of the table; the bytes are those of their features.
    Preparing,
}

impl Stage {
    const ALL: [Self; 4] = [Self::Unpacking, Self::Reading, Self::Fitting, Self::Preparing];
}

/// How far the reading of a file has come, and the wish that it stop. One thread reads while
/// another looks on.
///
/// ```
/// # use descent::data::{load_with, Progress, Source};
/// let progress = Progress::default();
/// std::thread::scope(|scope| {
///     scope.spawn(|| println!("{:.0} %", 100.0 * progress.fraction()));
///     load_with(&Source::Bundled("digits".to_owned()), "".as_ref(), &progress)
/// })
/// .unwrap();
/// ```
#[derive(Debug)]
pub struct Progress {
    made: Instant,
    /// When the stage began, in microseconds since `made`.
    begun: AtomicU64,
    /// The place among [`Stage::ALL`].
    stage: AtomicU8,
    /// Size of the file.
    n_bytes: AtomicU64,
    /// Bytes to be read in all, those that are read twice counted twice.
    work: AtomicU64,
    work_done: AtomicU64,
    n_rows: AtomicU64,
    cancelled: AtomicBool,
}

impl Default for Progress {
    fn default() -> Self {
        let [n_bytes, work, work_done, n_rows, begun] = [const { AtomicU64::new(0) }; 5];
        let (stage, cancelled) = (AtomicU8::new(Stage::Reading as u8), AtomicBool::new(false));
        Self { made: Instant::now(), begun, stage, n_bytes, work, work_done, n_rows, cancelled }
    }
}

impl Progress {
    /// What is being done. Bytes, rows and the part that is done are those of this stage.
    pub fn stage(&self) -> Stage {
        Stage::ALL[usize::from(self.stage.load(Ordering::Relaxed))]
    }

    /// Since when, in seconds.
    pub fn stage_secs(&self) -> f64 {
        let begun = self.begun.load(Ordering::Relaxed) as f64 / 1e6;
        (self.made.elapsed().as_secs_f64() - begun).max(0.0)
    }

    /// Bytes in all; 0 until they are known.
    pub fn n_bytes(&self) -> u64 {
        self.n_bytes.load(Ordering::Relaxed)
    }

    /// Bytes done, of [`n_bytes`](Self::n_bytes). Where a file is read several times, each time
    /// counts for a part.
    pub fn bytes_done(&self) -> u64 {
        (self.fraction() * self.n_bytes() as f64) as u64
    }

    /// The part that is done, from 0 to 1.
    pub fn fraction(&self) -> f64 {
        let [work, done] =
            [&self.work, &self.work_done].map(|bytes| bytes.load(Ordering::Relaxed) as f64);
        if work == 0.0 { 0.0 } else { (done / work).min(1.0) }
    }

    /// Rows read so far; 0 while only the types of the columns are looked for.
    pub fn n_rows(&self) -> u64 {
        self.n_rows.load(Ordering::Relaxed)
    }

    /// Asks the reader to stop, which it does within a few milliseconds, with an error.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the reader was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// The reading of a file of `n_bytes` begins, of which some will be read several times.
    pub(super) fn begin(&self, n_bytes: u64, n_times: u64) {
        self.begin_stage(Stage::Reading, n_bytes, n_times);
    }

    /// The same for any stage.
    pub(super) fn begin_stage(&self, stage: Stage, n_bytes: u64, n_times: u64) {
        self.stage.store(stage as u8, Ordering::Relaxed);
        self.begun.store(self.made.elapsed().as_micros() as u64, Ordering::Relaxed);
        self.n_bytes.store(n_bytes, Ordering::Relaxed);
        self.work_done.store(0, Ordering::Relaxed);
        self.work.store(n_bytes * n_times, Ordering::Relaxed);
        self.n_rows.store(0, Ordering::Relaxed);
    }

    pub(super) fn add_bytes(&self, n: u64) {
        self.work_done.fetch_add(n, Ordering::Relaxed);
    }

    pub(super) fn set_rows(&self, n: u64) {
        self.n_rows.store(n, Ordering::Relaxed);
    }

    /// Ends the reading where that was asked for.
    pub(super) fn check(&self) -> Result<(), DataError> {
        if self.is_cancelled() {
            return Err(DataError::new("the reading was cancelled"));
        }
        Ok(())
    }
}

/// A source whose reading is counted, and fails once it is cancelled.
pub(super) struct Watched<'a, R> {
    source: R,
    progress: &'a Progress,
}

impl<'a, R> Watched<'a, R> {
    pub(super) fn new(source: R, progress: &'a Progress) -> Self {
        Self { source, progress }
    }
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.progress.check().map_err(io::Error::other)?;
        let n = self.source.read(out)?;
        self.progress.add_bytes(n as u64);
        Ok(n)
    }
}

impl<R: Seek> Seek for Watched<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.source.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::Path;

    use super::*;
    use crate::data::{CsvSource, Recipe, Source, Split, load_with, prepare_with};

    #[test]
    fn reading_is_followed_and_cancelled() {
        let folder = tempfile::tempdir().unwrap();
        let text: String = std::iter::once("x,y\n".to_owned())
            .chain((0..5000).map(|i| format!("{i},{}\n", 2 * i)))
            .collect();
        let path = folder.path().join("numbers.csv");
        std::fs::write(&path, &text).unwrap();
        let path = path.to_string_lossy().into_owned();
        let source = Source::Csv(CsvSource { path, ..CsvSource::default() });

        let progress = Progress::default();
        assert_eq!((progress.fraction(), progress.n_bytes()), (0.0, 0));
        load_with(&source, Path::new(""), &progress).unwrap();
        assert_eq!(progress.n_bytes(), text.len() as u64);
        assert_eq!(progress.bytes_done(), text.len() as u64);
        assert_eq!(progress.n_rows(), 5000);

        progress.cancel();
        let error = load_with(&source, Path::new(""), &progress).unwrap_err();
        assert_eq!(error.message, "the reading was cancelled");
    }

    #[test]
    fn every_stage_is_followed_and_cancelled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("numbers.csv.gz");
        let level = flate2::Compression::fast();
        let mut packed =
            flate2::write::GzEncoder::new(std::fs::File::create(&path).unwrap(), level);
        let text: String = (0..5000).map(|i| format!("{i},{}\n", 2 * i)).collect();
        packed.write_all(text.as_bytes()).unwrap();
        packed.finish().unwrap();
        let n_packed = std::fs::metadata(&path).unwrap().len();
        let path = path.to_string_lossy().into_owned();
        let source = Source::Csv(CsvSource { path, ..CsvSource::default() });

        let progress = Progress::default();
        let unpacked = crate::data::packed::unpacked(
            std::fs::File::open(source.paths()[0]).unwrap(),
            1 << 30,
            &progress,
        );
        assert_eq!(progress.stage(), Stage::Unpacking);
        assert_eq!((progress.n_bytes(), progress.fraction()), (n_packed, 1.0));
        assert_eq!(unpacked.unwrap().metadata().unwrap().len(), text.len() as u64);

        let loaded = load_with(&source, Path::new(""), &progress).unwrap();
        assert_eq!((progress.stage(), progress.n_rows()), (Stage::Reading, 5000));
        assert_eq!(progress.n_bytes(), text.len() as u64);

        let prepare = || {
            let (split, recipe) = (Split::default(), Recipe::default());
            prepare_with(&loaded, &source, &split, &recipe, 1, &progress)
        };
        let prepared = prepare().unwrap();
        let n_bytes = 5000 * 8 * prepared.n_features() as u64;
        assert_eq!((progress.stage(), progress.bytes_done()), (Stage::Preparing, n_bytes));

        progress.cancel();
        assert!(prepare().unwrap_err().message.contains("cancelled"));
        let error = load_with(&source, Path::new(""), &progress).unwrap_err();
        assert_eq!(error.message, "the reading was cancelled");
    }
}
