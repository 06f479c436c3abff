use std::io::{self, Read, Seek, SeekFrom};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::DataError;

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
#[derive(Debug, Default)]
pub struct Progress {
    /// Size of the file.
    n_bytes: AtomicU64,
    /// Bytes to be read in all, those that are read twice counted twice.
    work: AtomicU64,
    work_done: AtomicU64,
    n_rows: AtomicU64,
    cancelled: AtomicBool,
}

impl Progress {
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
    use std::path::Path;

    use super::*;
    use crate::data::{CsvSource, Source, load_with};

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
}
