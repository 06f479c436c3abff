//! Files in the IDX format: a few bytes that say the type and the size of an array, and its numbers.
//!
//! ```text
//! 0 0 t d   n₁ n₂ … n_d   numbers, row by row
//! ```
//!
//! `t` is the type of the numbers, `d` how many sizes there are, each of 4 bytes; all with the
//! highest byte first. Reference: Y. LeCun, C. Cortes & C. J. C. Burges, The MNIST database of
//! handwritten digits, 1998.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use super::load::{Loaded, open};
use super::progress::{Progress, Watched};
use super::stamp::Stamp;
use super::{Cells, Column, DataError, IdxSource, ImageShape, ReadReport, Table};

/// Largest array that is read, in numbers.
const MOST_NUMBERS: u64 = 1 << 29;
/// Largest item, such as a picture, in numbers: each of them is a column.
const LARGEST_ITEM: usize = 1 << 20;
/// Most sizes that an array may have.
const MOST_SIZES: usize = 4;
/// Numbers that are read at once.
const AT_ONCE: usize = 1 << 16;

/// The types of numbers: the byte that names them, their size in bytes.
const TYPES: [(u8, usize); 6] = [(0x08, 1), (0x09, 1), (0x0b, 2), (0x0c, 4), (0x0d, 4), (0x0e, 8)];

/// Type and size of an array.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Head {
    kind: u8,
    /// Bytes of a number.
    width: usize,
    sizes: Vec<usize>,
}

/// Whether a file begins as those in the IDX format do.
pub(super) fn is_idx(start: &[u8]) -> bool {
    matches!(start, [0, 0, kind, 1..=4, ..] if TYPES.iter().any(|(byte, _)| byte == kind))
}

/// The files of pictures and labels.
pub(super) fn files(settings: &IdxSource, folder: &Path) -> Result<(PathBuf, PathBuf), DataError> {
    if settings.images.is_empty() {
        return Err(DataError::new("no file is named; give the path of a file of pictures (IDX)"));
    }
    let images = folder.join(&settings.images);
    let labels = match settings.labels.as_str() {
        "" => labels_beside(&images)?,
        path => folder.join(path),
    };
    Ok((images, labels))
}

/// The first items of an array.
pub(super) struct Items {
    /// Sizes of one item.
    sizes: Vec<usize>,
    /// Item by item.
    values: Vec<f64>,
}

impl Items {
    /// Those that are whole in the first bytes of a file.
    pub(super) fn of(bytes: &[u8]) -> Result<Self, DataError> {
        let cut = || DataError::new("the file ends within its first bytes; it was cut");
        let n_sizes = bytes.get(3).map_or(0, |n| usize::from(*n));
        let (start, rest) = bytes.split_at_checked(4 + 4 * n_sizes).ok_or_else(cut)?;
        if !is_idx(start) {
            return Err(DataError::new("this is no IDX file"));
        }
        let size = |bytes: &[u8]| bytes.iter().fold(0, |size, byte| size << 8 | usize::from(*byte));
        let sizes: Vec<usize> = start[8..].chunks_exact(4).map(size).collect();
        let n_features = sizes.iter().try_fold(1usize, |n, size| n.checked_mul(*size));
        let n_features = n_features.filter(|n| (1..=LARGEST_ITEM).contains(n)).ok_or_else(cut)?;
        let width = TYPES.iter().find(|(byte, _)| *byte == start[2]).map_or(1, |(_, width)| *width);
        let n = size(&start[4..8]).min(rest.len() / (n_features * width));
        let numbers = rest.chunks_exact(width).take(n * n_features);
        Ok(Self { sizes, values: numbers.map(|bytes| value(start[2], bytes)).collect() })
    }
}

/// The table of the first pictures of a file with their classes.
pub(super) fn table_of(images: &Path, pictures: Items, labels: Items) -> Loaded {
    let n_features: usize = pictures.sizes.iter().product();
    let n = (pictures.values.len() / n_features.max(1)).min(labels.values.len());
    let column = |(feature, name): (usize, String)| {
        let values = pictures.values.iter().skip(feature).step_by(n_features);
        Column { name, cells: Cells::Numeric(values.take(n).copied().collect()) }
    };
    let mut columns: Vec<Column> =
        names(&pictures.sizes).into_iter().enumerate().map(column).collect();
    columns.push(Column { name: "label".to_owned(), cells: nominal(&labels.values[..n]) });
    Loaded {
        name: images.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        target: n_features,
        table: std::sync::Arc::new(Table { columns }),
        image_shape: image_shape(&pictures.sizes),
        ..Loaded::default()
    }
}

/// The shape of pictures of these sizes.
fn image_shape(sizes: &[usize]) -> Option<ImageShape> {
    match *sizes {
        [height, width] => Some(ImageShape::new(height, width)),
        [height, width, channels] => Some(ImageShape { height, width, channels }),
        _ => None,
    }
}

/// Reads pictures and labels into a table: one column for each number of a picture, named `row 1
/// column 1` and so on, and the class as `label`.
pub(super) fn load_idx(
    settings: &IdxSource,
    folder: &Path,
    progress: &Progress,
) -> Result<Loaded, DataError> {
    let (images, labels) = files(settings, folder)?;
    let mut hasher = blake3::Hasher::new();
    let in_images = |error: DataError| error.in_file(&images);
    let in_labels = |error: DataError| error.in_file(&labels);
    let unless_cancelled = |error| progress.check().err().unwrap_or(error);
    let stamps = [&images, &labels].map(|path| Stamp::of(path));
    let file = open(&images, progress).map_err(unless_cancelled)?;
    let size = size(&file).map_err(in_images)?;
    progress.begin(size, 1);
    let mut source = Hashed { source: Watched::new(file, progress), hasher: &mut hasher };
    let head = head(&mut source, size).map_err(unless_cancelled).map_err(in_images)?;
    let n = head.sizes[0];
    let n_features: usize = head.sizes[1..].iter().product(); // no overflow: not above the total
    if head.sizes.len() == 1 {
        return Err(in_images(DataError::new(
            "this is a list of labels (IDX); open the file of pictures that belongs to it",
        )));
    }
    if n_features > LARGEST_ITEM {
        return Err(in_images(DataError::new(format!(
            "a picture of {n_features} numbers is more than the 2²⁰ that are read; make the pictures smaller"
        ))));
    }
    let mut features = vec![Vec::with_capacity(n); n_features];
    let mut at = 0;
    numbers(&mut source, &head, |value| {
        features[at].push(value);
        at = if at + 1 == n_features { 0 } else { at + 1 };
    })
    .map_err(unless_cancelled)
    .map_err(in_images)?;
    let file = open(&labels, progress).map_err(unless_cancelled)?;
    let size = self::size(&file).map_err(in_labels)?;
    let mut source = Hashed { source: file, hasher: &mut hasher };
    let label_head = self::head(&mut source, size).map_err(in_labels)?;
    if label_head.sizes.len() != 1 {
        return Err(in_labels(DataError::new(
            "these are no labels: a list of numbers (IDX) is expected",
        )));
    }
    if label_head.sizes[0] != n {
        return Err(in_labels(DataError::new(format!(
            "there are {} labels for {n} pictures in {}",
            label_head.sizes[0],
            images.display()
        ))));
    }
    let mut classes = Vec::with_capacity(n);
    // −0 is 0.
    numbers(&mut source, &label_head, |value| classes.push(value + 0.0)).map_err(in_labels)?;
    stamps[0].check(&images).map_err(in_images)?;
    stamps[1].check(&labels).map_err(in_labels)?;
    progress.set_rows(n as u64);
    let n_missing = classes.iter().filter(|class| class.is_nan()).count();
    let mut report = ReadReport { n_rows: n, n_columns: n_features + 1, ..ReadReport::default() };
    if n_missing > 0 {
        report.warnings.push(format!(
            "{} no number (NaN): missing",
            if n_missing == 1 {
                "1 label is".to_owned()
            } else {
                format!("{n_missing} labels are")
            }
        ));
    }
    let mut columns: Vec<Column> = names(&head.sizes[1..])
        .into_iter()
        .zip(features)
        .map(|(name, values)| Column { name, cells: Cells::Numeric(values) })
        .collect();
    columns.push(Column { name: "label".to_owned(), cells: nominal(&classes) });
    let table = Table { columns };
    let fingerprint = hasher.finalize().to_hex().to_string();
    let image_shape = image_shape(&head.sizes[1..]);
    let name = images.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Loaded {
        store: None,
        name,
        report,
        target: table.columns.len() - 1,
        table: std::sync::Arc::new(table),
        bytes: fingerprint.clone(),
        fingerprint,
        image_shape,
    })
}

/// The file of labels that belongs to a file of pictures, by its name.
fn labels_beside(images: &Path) -> Result<PathBuf, DataError> {
    let name = images.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let plain = name.trim_end_matches(".gz").trim_end_matches(".zst");
    let labels = plain
        .replace("images", "labels")
        .replace("idx3", "idx1")
        .replace("idx4", "idx1")
        .replace("idx2", "idx1");
    let names = ["", ".gz", ".zst"].map(|ending| format!("{labels}{ending}"));
    let found = names.iter().map(|name| images.with_file_name(name)).find(|path| path.is_file());
    match found {
        Some(found) if labels != plain => Ok(found),
        None if labels != plain => Err(DataError::new(format!(
            "these are pictures (IDX), and their labels are missing: `{labels}` or `{labels}.gz` is expected beside them"
        ))
        .in_file(images)),
        _ => Err(DataError::new(
            "these are pictures (IDX), and it is not clear where their labels are; name the files as in train-images-idx3-ubyte and train-labels-idx1-ubyte, or state `labels`",
        )
        .in_file(images)),
    }
}

/// How many bytes there are, unpacked.
fn size(file: &BufReader<File>) -> Result<u64, DataError> {
    file.get_ref().metadata().map(|about| about.len()).map_err(unreadable)
}

/// Type and size of an array, which must be those of the `n_bytes` of its file.
fn head(source: &mut impl Read, n_bytes: u64) -> Result<Head, DataError> {
    let cut = || DataError::new("the file ends within its first bytes; it was cut");
    let mut start = [0; 4];
    exactly(source, &mut start, cut)?;
    if !is_idx(&start) {
        return Err(DataError::new(format!(
            "the first bytes are {:02x} {:02x} {:02x} {:02x}, so this is no IDX file (00 00 08 03 begins one of pictures, 00 00 08 01 one of labels)",
            start[0], start[1], start[2], start[3]
        )));
    }
    let mut sizes = Vec::with_capacity(MOST_SIZES);
    for _ in 0..start[3] {
        let mut size = [0; 4];
        exactly(source, &mut size, cut)?;
        sizes.push(u32::from_be_bytes(size) as usize);
    }
    if sizes.contains(&0) {
        let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
        return Err(DataError::new(format!(
            "the file says that it holds {} numbers: there is nothing in it",
            sizes.join(" × ")
        )));
    }
    let total = sizes.iter().try_fold(1u64, |total, size| total.checked_mul(*size as u64));
    if total.is_none_or(|total| total > MOST_NUMBERS) {
        let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
        return Err(DataError::new(format!(
            "the file says that it holds {} numbers, more than the 2²⁹ that are read",
            sizes.join(" × ")
        )));
    }
    let width = TYPES.iter().find(|(byte, _)| *byte == start[2]).map_or(1, |(_, width)| *width);
    let n_there = n_bytes.saturating_sub(4 + 4 * sizes.len() as u64);
    let expected = total.unwrap_or(0) * width as u64;
    let n_items = sizes.first().copied().unwrap_or(0);
    if n_there < expected {
        let of_one = expected / (n_items as u64).max(1);
        return Err(DataError::new(format!(
            "the file says that it holds {n_items} items and ends after {}; it was cut",
            n_there / of_one.max(1)
        )));
    }
    if n_there > expected {
        return Err(DataError::new(format!(
            "there is more in the file than the {n_items} items that it says it holds"
        )));
    }
    Ok(Head { kind: start[2], width, sizes })
}

/// Hands over all numbers of an array.
fn numbers(
    source: &mut impl Read,
    head: &Head,
    mut take: impl FnMut(f64),
) -> Result<(), DataError> {
    let total: usize = head.sizes.iter().product();
    let mut buffer = vec![0; AT_ONCE.min(total.max(1)) * head.width];
    let mut n_read = 0;
    while n_read < total {
        let n = AT_ONCE.min(total - n_read);
        let bytes = &mut buffer[..n * head.width];
        exactly(source, bytes, || DataError::new("the file changed while it was read"))?;
        bytes.chunks_exact(head.width).for_each(|number| take(value(head.kind, number)));
        n_read += n;
    }
    Ok(())
}

fn value(kind: u8, bytes: &[u8]) -> f64 {
    match (kind, bytes) {
        (0x09, [a]) => f64::from(i8::from_be_bytes([*a])),
        (0x0b, [a, b]) => f64::from(i16::from_be_bytes([*a, *b])),
        (0x0c, &[a, b, c, d]) => f64::from(i32::from_be_bytes([a, b, c, d])),
        (0x0d, &[a, b, c, d]) => f64::from(f32::from_be_bytes([a, b, c, d])),
        (0x0e, bytes) => bytes.try_into().map_or(f64::NAN, f64::from_be_bytes),
        (_, bytes) => bytes.first().map_or(f64::NAN, |byte| f64::from(*byte)),
    }
}

/// Where each number of a picture stands in it.
fn names(sizes: &[usize]) -> Vec<String> {
    let mut names = Vec::new();
    match *sizes {
        [height, width] => {
            for row in 1..=height {
                names.extend((1..=width).map(|column| format!("row {row} column {column}")));
            }
        }
        [height, width, channels] => {
            for row in 1..=height {
                for column in 1..=width {
                    let name = |channel| format!("row {row} column {column} channel {channel}");
                    names.extend((1..=channels).map(name));
                }
            }
        }
        _ => names.extend((1..=sizes.iter().product()).map(|number| format!("value {number}"))),
    }
    names
}

/// Labels as classes, the smallest number first; NaN is none.
fn nominal(labels: &[f64]) -> Cells {
    let mut distinct = labels.to_vec();
    distinct.retain(|label| !label.is_nan());
    distinct.sort_by(f64::total_cmp);
    distinct.dedup();
    let code = |label: &f64| {
        let found = distinct.binary_search_by(|known| known.total_cmp(label)).ok();
        found.and_then(|index| u32::try_from(index).ok())
    };
    let codes = labels.iter().map(code).collect();
    Cells::Nominal { levels: distinct.iter().map(f64::to_string).collect(), codes }
}

fn unreadable(error: io::Error) -> DataError {
    DataError::new(format!("the file cannot be read: {error}"))
}

/// Fills `bytes`; where the file ends before, the error is `cut`.
fn exactly(
    source: &mut impl Read,
    bytes: &mut [u8],
    cut: impl FnOnce() -> DataError,
) -> Result<(), DataError> {
    source.read_exact(bytes).map_err(|error| match error.kind() {
        io::ErrorKind::UnexpectedEof => cut(),
        _ => unreadable(error),
    })
}

/// Hashes what is read.
struct Hashed<'a, R> {
    source: R,
    hasher: &'a mut blake3::Hasher,
}

impl<R: Read> Read for Hashed<'_, R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.source.read(out)?;
        self.hasher.update(&out[..n]);
        Ok(n)
    }
}
