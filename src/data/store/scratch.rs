//! Numbers in a temporary file.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::data::DataError;
use crate::math::Number;

/// Bytes that pass between file and numbers at once, on the stack.
const PIECE: usize = 16 << 10;
/// Bytes of a number.
const WIDTH: usize = size_of::<f64>();

/// Numbers in a file without a name, appended and then read at any place, by any number of threads.
#[derive(Debug)]
pub(super) struct Scratch {
    file: Positioned,
    n_numbers: u64,
}

impl Scratch {
    /// An empty one.
    pub(super) fn new() -> Result<Self, DataError> {
        let file = unnamed().map_err(|error| {
            let folder = folder();
            DataError::new(format!(
                "no temporary file can be made for the rows in {}: {error}; name another folder in \
                 the variable TMPDIR",
                folder.display()
            ))
        })?;
        Ok(Self { file: Positioned::new(file), n_numbers: 0 })
    }

    /// How many numbers there are.
    pub(super) fn n_numbers(&self) -> u64 {
        self.n_numbers
    }

    /// Adds numbers behind the last.
    pub(super) fn append<V: Number>(&mut self, numbers: &[V]) -> Result<(), DataError> {
        let mut bytes = [0; PIECE];
        for numbers in numbers.chunks(PIECE / WIDTH) {
            for (bytes, number) in bytes.chunks_exact_mut(WIDTH).zip(numbers) {
                bytes.copy_from_slice(&number.to_f64().to_le_bytes());
            }
            let bytes = &bytes[..numbers.len() * WIDTH];
            self.file.append(bytes).map_err(|error| self.full(numbers.len(), &error))?;
            self.n_numbers += numbers.len() as u64;
        }
        Ok(())
    }

    fn full(&self, n_more: usize, error: &io::Error) -> DataError {
        let megabytes = ((self.n_numbers + n_more as u64) * WIDTH as u64) >> 20;
        DataError::new(format!(
            "the rows do not fit into memory (the setting `memory`) and the temporary file for them \
             cannot be written beyond {megabytes} MiB: {error}; make room on the disk, or name a \
             folder on another one in the variable TMPDIR"
        ))
    }

    /// Reads `to.len()` numbers from the one with index `first` on.
    pub(super) fn read<T: Number>(&self, first: u64, to: &mut [T]) -> io::Result<()> {
        let mut bytes = [0; PIECE];
        let mut at = first * WIDTH as u64;
        for numbers in to.chunks_mut(PIECE / WIDTH) {
            let bytes = &mut bytes[..numbers.len() * WIDTH];
            self.file.read(at, bytes)?;
            at += bytes.len() as u64;
            for (number, bytes) in numbers.iter_mut().zip(bytes.as_chunks().0) {
                *number = T::from_f64(f64::from_le_bytes(*bytes));
            }
        }
        Ok(())
    }
}

/// What is said where a temporary file can no longer be read.
pub(super) fn unreadable(error: io::Error) -> DataError {
    DataError::new(format!("the temporary file for the rows cannot be read: {error}"))
}

/// A folder that is on a disk, where there is one: `/tmp` itself is memory on many systems.
const ON_DISK: &str = "/var/tmp";

/// Where temporary files are made: the folder that the person names in `TMPDIR` comes first, then
/// one that is on a disk.
fn folder() -> PathBuf {
    let is_stated = std::env::var_os("TMPDIR").is_some();
    match !is_stated && Path::new(ON_DISK).is_dir() {
        true => ON_DISK.into(),
        false => std::env::temp_dir(),
    }
}

/// A temporary file without a name.
pub(in crate::data) fn unnamed() -> io::Result<File> {
    let folder = folder();
    let file = tempfile::tempfile_in(&folder);
    match file.is_err() && folder == Path::new(ON_DISK) {
        true => tempfile::tempfile(),
        false => file,
    }
}

/// Says before anything is written that a temporary file of so many bytes has no room. What cannot be
/// found out about a disk is no reason to refuse.
pub(in crate::data) fn check_room(n_bytes: u64) -> Result<(), DataError> {
    let folder = folder();
    match fs4::available_space(&folder) {
        Ok(room) if room < n_bytes => Err(no_room(n_bytes, room, &folder)),
        _ => Ok(()),
    }
}

fn no_room(n_bytes: u64, room: u64, folder: &Path) -> DataError {
    DataError::new(format!(
        "the rows do not fit into memory (the setting `memory`), the temporary file for them needs \
         about {} MiB, and {} has room for {} MiB; make room on the disk, or name a folder on another \
         one in the variable TMPDIR",
        n_bytes.div_ceil(1 << 20),
        folder.display(),
        room >> 20
    ))
}

/// A file that is written at its end and read anywhere.
#[cfg(any(unix, windows))]
#[derive(Debug)]
struct Positioned(File);

#[cfg(any(unix, windows))]
impl Positioned {
    fn new(file: File) -> Self {
        Self(file)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    #[cfg(unix)]
    fn read(&self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(&self.0, bytes, at)
    }

    #[cfg(windows)]
    fn read(&self, mut at: u64, mut bytes: &mut [u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match std::os::windows::fs::FileExt::seek_read(&self.0, bytes, at)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                n => (at, bytes) = (at + n as u64, &mut bytes[n..]),
            }
        }
        Ok(())
    }
}

/// Where the system reads at the file's one position only, threads take turns.
#[cfg(not(any(unix, windows)))]
#[derive(Debug)]
struct Positioned(std::sync::Mutex<File>);

#[cfg(not(any(unix, windows)))]
impl Positioned {
    fn new(file: File) -> Self {
        Self(std::sync::Mutex::new(file))
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner).write_all(bytes)
    }

    fn read(&self, at: u64, bytes: &mut [u8]) -> io::Result<()> {
        use io::{Read, Seek};
        let mut file = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        file.seek(io::SeekFrom::Start(at))?;
        file.read_exact(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk that is full, and one that will be: one sentence each.
    #[test]
    fn what_has_no_room_is_said() {
        let error = check_room(u64::MAX).unwrap_err().message;
        let start = "the rows do not fit into memory (the setting `memory`), the temporary file for \
                     them needs about 17592186044416 MiB, and ";
        assert!(error.starts_with(start), "{error}");
        assert!(error.ends_with("name a folder on another one in the variable TMPDIR"), "{error}");
        check_room(0).unwrap();
        if let Ok(full) = File::options().write(true).open("/dev/full") {
            let mut scratch = Scratch { file: Positioned::new(full), n_numbers: 1 << 17 };
            let error = scratch.append(&[1.0; 10]).unwrap_err().message;
            let start = "the rows do not fit into memory (the setting `memory`) and the temporary \
                         file for them cannot be written beyond 1 MiB: ";
            assert!(error.starts_with(start), "{error}");
        }
    }

    #[test]
    fn numbers_come_back_with_their_bits_from_any_place() {
        let odd = [-0.0, f64::NAN, f64::INFINITY, 5e-324, 1.0 / 3.0];
        let number = |i: usize| if i % 1000 < 5 { odd[i % 1000] } else { i as f64 };
        let all: Vec<f64> = (0..10_000).map(number).collect();
        let mut scratch = Scratch::new().unwrap();
        all.chunks(2999).for_each(|some| scratch.append(some).unwrap());
        assert_eq!(scratch.n_numbers(), 10_000);
        for (first, n) in [(0, 10_000), (17, 1), (2045, 4100), (9_999, 1), (10_000, 0)] {
            let mut found = vec![7.0_f64; n];
            scratch.read(first as u64, &mut found).unwrap();
            let same = found.iter().zip(&all[first..]).all(|(a, b)| a.to_bits() == b.to_bits());
            assert!(same, "{first} {n}");
            let mut narrow = vec![7.0_f32; n];
            scratch.read(first as u64, &mut narrow).unwrap();
            let pairs = narrow.iter().zip(&all[first..]);
            assert!(pairs.into_iter().all(|(a, b)| a.to_bits() == (*b as f32).to_bits()));
        }
        assert!(scratch.read(9_999, &mut [0.0_f64; 2]).is_err(), "beyond the end");
    }
}
