use std::fs::File;
use std::io::{self, BufReader, Cursor};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::bundled::BundledSet;
use super::idx::load_idx;
use super::packed::unpacked;
use super::prepare::MOST_CLASSES;
use super::progress::Progress;
use super::stamp::Stamp;
use super::store::TableStore;
use super::{
    Cells, Column, CsvSource, DataError, Generated, ImageShape, ReadReport, Source, Table, Task,
    csv,
};
use crate::math::random::{Purpose, Stream};
use crate::surfaces::Noisy;

/// A source that has been read: the table, how it was read, and its fingerprint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    /// The name on screen.
    pub name: String,
    /// The columns; where the rows are in a file, the first of them.
    pub table: Arc<Table>,
    /// All rows, where they are more than the source wants in memory.
    pub store: Option<Arc<TableStore>>,
    /// How the file was read; default for sets that are not files.
    pub report: ReadReport,
    /// The index of the target column.
    pub target: usize,
    /// BLAKE3 hash (hexadecimal) of a file's bytes and of the decisions about its reading (see
    /// [`Decisions::fingerprint`](super::Decisions::fingerprint)), or of the generated or bundled
    /// values.
    pub fingerprint: String,
    /// BLAKE3 hash (hexadecimal) of a file's bytes alone; otherwise the fingerprint.
    pub bytes: String,
    /// How the features lie in a picture, where the file says that they are pixels.
    pub image_shape: Option<ImageShape>,
}

/// Reads a source; `folder` is where relative paths start. Surfaces have no data and are refused.
///
/// Fails where the file cannot be read as a table, and where the target or an ignored column is
/// not in it. Whether the target can be learnt from is for [`prepare`](super::prepare::prepare) to
/// say, so that a table can be looked at before its target is chosen.
pub fn load(source: &Source, folder: &Path) -> Result<Arc<Loaded>, DataError> {
    load_with(source, folder, &Progress::default())
}

/// The same as [`load`], observed: `progress` says how far the reading of a file has come and can
/// end it, which is an error that says so.
pub fn load_with(
    source: &Source,
    folder: &Path,
    progress: &Progress,
) -> Result<Arc<Loaded>, DataError> {
    let loaded = match source {
        Source::Csv(settings) => load_csv(settings, folder, progress),
        Source::Idx(settings) => load_idx(settings, folder, progress),
        Source::Bundled(name) => load_bundled(name),
        Source::Generated(generated) => load_generated(generated),
        Source::Surface(surface) | Source::Noisy(Noisy { surface, .. }) => Err(DataError::new(
            format!("{} is a test surface, which has no data", surface.page().title),
        )),
    };
    loaded.map(Arc::new)
}

/// A file that was read already with another target, other ignored columns or another task, as these
/// settings want it; `None` where it has to be read again.
pub fn load_again(
    known: &Loaded,
    before: &CsvSource,
    settings: &CsvSource,
) -> Option<Result<Loaded, DataError>> {
    let decided = || before.decided(&known.report.decisions);
    (reads_alike(before, settings) || reads_alike(&decided(), settings)).then(|| {
        let in_file = |error: DataError| error.in_file(Path::new(&settings.path));
        let target = target(known, settings).map_err(in_file)?;
        let loaded = Loaded { target, ..known.clone() };
        check_weights(&loaded, settings).map_err(in_file)?;
        Ok(loaded)
    })
}

/// Whether two settings read the same table from the same file: they may differ in what its columns
/// are used for.
pub fn reads_alike(a: &CsvSource, b: &CsvSource) -> bool {
    let asks = |settings: &CsvSource| CsvSource {
        target: String::new(),
        task: Task::Auto,
        ignore: Vec::new(),
        ..settings.clone()
    };
    asks(a) == asks(b)
}

/// The first `n` rows of a CSV file, cells as written, one entry for each column.
pub fn first_rows(
    settings: &CsvSource,
    folder: &Path,
    n: usize,
) -> Result<Vec<Vec<String>>, DataError> {
    let path = folder.join(&settings.path);
    settings.check().map_err(|problem| DataError::new(problem.to_string()).in_file(&path))?;
    let file = open_table(&path, settings, &Progress::default())?;
    csv::first_rows(file, settings, n).map_err(|error| error.in_file(&path))
}

fn load_csv(settings: &CsvSource, folder: &Path, progress: &Progress) -> Result<Loaded, DataError> {
    if settings.path.is_empty() {
        return Err(DataError::new("no file is named; give the path of a CSV file"));
    }
    let path = folder.join(&settings.path);
    let in_file = |error: DataError| error.in_file(&path);
    let stamp = Stamp::of(&path);
    let file = open_table(&path, settings, progress);
    progress.check().map_err(in_file)?;
    let file = file?;
    settings.check().map_err(|problem| DataError::new(problem.to_string()).in_file(&path))?;
    let read = csv::read(file, settings, progress);
    progress.check().map_err(in_file)?;
    let csv::Found { table, store, report, fingerprint: bytes } = read.map_err(in_file)?;
    stamp.check(&path).map_err(in_file)?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let fingerprint = report.decisions.fingerprint(&bytes);
    let (table, store) = (Arc::new(table), store.map(Arc::new));
    let mut loaded =
        Loaded { name, table, store, report, target: 0, fingerprint, bytes, image_shape: None };
    loaded.target = target(&loaded, settings).map_err(in_file)?;
    check_weights(&loaded, settings).map_err(in_file)?;
    Ok(loaded)
}

fn load_bundled(name: &str) -> Result<Loaded, DataError> {
    let set = BundledSet::named(name)?;
    let settings = CsvSource::default();
    let csv::Found { table, fingerprint, .. } =
        csv::read(Cursor::new(set.bytes), &settings, &Progress::default())?;
    let target = table.columns.len() - 1;
    let report = plain_report(&table);
    let table = Arc::new(table);
    // Nobody decides how a bundled set is read: its fingerprint is that of its bytes.
    let bytes = fingerprint.clone();
    Ok(Loaded {
        name: set.title.to_owned(),
        table,
        store: None,
        report,
        target,
        fingerprint,
        bytes,
        image_shape: None,
    })
}

fn load_generated(generated: &Generated) -> Result<Loaded, DataError> {
    generated.check().map_err(|error| DataError::new(error.to_string()))?;
    let rule = generated.rule();
    let table = rule.generate(&mut Stream::new(rule.seed(), Purpose::Generation));
    let fingerprint = fingerprint(&table);
    Ok(Loaded {
        name: generated.page().title.to_owned(),
        report: plain_report(&table),
        target: table.columns.len() - 1,
        bytes: fingerprint.clone(),
        fingerprint,
        image_shape: None,
        table: Arc::new(table),
        store: None,
    })
}

/// Size and nothing else: there was no file to find anything out about.
fn plain_report(table: &Table) -> ReadReport {
    ReadReport { n_rows: table.n_rows(), n_columns: table.columns.len(), ..ReadReport::default() }
}

pub(super) fn open(path: &Path, progress: &Progress) -> Result<BufReader<File>, DataError> {
    open_up_to(path, csv::LARGEST_FILE, progress)
}

/// Opens the file of a table, which may be of any size where its rows need not fit into memory.
fn open_table(
    path: &Path,
    settings: &CsvSource,
    progress: &Progress,
) -> Result<BufReader<File>, DataError> {
    let most = if settings.memory.is_some() { u64::MAX - 1 } else { csv::LARGEST_FILE };
    open_up_to(path, most, progress)
}

/// Opens a file, unpacked; of one that unpacks to more than `most` bytes, one byte more.
fn open_up_to(path: &Path, most: u64, progress: &Progress) -> Result<BufReader<File>, DataError> {
    let fail = |message: String| DataError::new(message).in_file(path);
    let explain = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound if path.is_symlink() => {
            fail("this link leads to no file".to_owned())
        }
        io::ErrorKind::NotFound => fail("there is no such file".to_owned() + &similar(path)),
        io::ErrorKind::PermissionDenied => {
            fail("there is no permission to read the file".to_owned())
        }
        _ => fail(format!("the file cannot be read: {error}")),
    };
    let about = std::fs::metadata(path).map_err(explain)?;
    if about.is_dir() {
        return Err(fail("this is a folder; a CSV file is expected".to_owned()));
    }
    if !about.is_file() {
        return Err(fail("this is not a regular file; a CSV file is expected".to_owned()));
    }
    let file = File::open(path).map_err(explain)?;
    unpacked(file, most, progress).map(BufReader::new).map_err(fail)
}

/// A hint at a file beside `path` whose name is nearly the same.
fn similar(path: &Path) -> String {
    const MOST_LOOKED_AT: usize = 1000;
    let wanted = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    let Ok(entries) = std::fs::read_dir(folder) else {
        return String::new();
    };
    let names: Vec<String> = entries
        .flatten()
        .take(MOST_LOOKED_AT)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    hint(&wanted, names.iter().map(String::as_str))
}

/// `; did you mean …?` where one of `names` is near.
pub(super) fn hint<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> String {
    const NEAR: f64 = 0.75;
    let lower = wanted.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for name in names {
        let likeness = strsim::jaro_winkler(&lower, &name.to_lowercase());
        if likeness >= NEAR && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, name));
        }
    }
    best.map_or(String::new(), |(_, name)| format!("; did you mean `{name}`?"))
}

/// `; there are `a`, `b` and 3 more`, for who named a column that is like none.
fn known_columns(table: &Table) -> String {
    const MOST: usize = 5;
    let names = table.columns.iter().take(MOST).map(|column| format!("`{}`", column.name));
    let names = names.collect::<Vec<_>>().join(", ");
    match table.columns.len().saturating_sub(MOST) {
        0 => format!("; there are {names}"),
        more => format!("; there are {names} and {more} more"),
    }
}

/// Whether values differ, and classes are not too many.
fn can_be_learnt(column: &Column, task: Task) -> bool {
    match &column.cells {
        Cells::Numeric(values) => {
            let mut present = values.iter().filter(|value| !value.is_nan());
            present.next().is_some_and(|first| present.any(|value| value != first))
        }
        Cells::Nominal { levels, .. } => {
            task != Task::Regression && (2..=MOST_CLASSES).contains(&levels.len())
        }
    }
}

/// The index of the target column: the one named, or the last that can be learnt; where there is none, the last
/// that has values.
fn target(loaded: &Loaded, settings: &CsvSource) -> Result<usize, DataError> {
    let table = &*loaded.table;
    let find = |what: &str, wanted: &str| {
        let names = || table.columns.iter().map(|column| column.name.as_str());
        names().position(|name| name == wanted).ok_or_else(|| {
            let hint = match hint(wanted, names()) {
                hint if hint.is_empty() => known_columns(table),
                hint => hint,
            };
            DataError::new(format!("{what} `{wanted}` is not a column{hint}"))
        })
    };
    for name in &settings.ignore {
        find("the ignored column", name)?;
    }
    if settings.target.is_empty() {
        let can_be = |name: &String| !settings.is_left_out(name) && *name != settings.weights;
        let candidates =
            || (0..table.columns.len()).rev().filter(|&index| can_be(&table.columns[index].name));
        let has_values = |column: &Column| column.n_missing() < column.n_rows();
        let can_be_learnt = |column: &Column| can_be_learnt(column, settings.task);
        let tests: [&dyn Fn(&Column) -> bool; 2] = [&can_be_learnt, &has_values];
        for is_so in tests {
            for index in candidates() {
                // Of a table in a file the first rows mostly say it.
                let column = &table.columns[index];
                if is_so(column) || loaded.any_rows(&column.name, index, is_so)? {
                    return Ok(index);
                }
            }
        }
        return candidates()
            .next()
            .ok_or_else(|| DataError::new("all columns are ignored; one must be the target"));
    }
    let index = find("the target", &settings.target)?;
    if settings.ignore.contains(&settings.target) {
        return Err(DataError::new(format!(
            "the target `{}` is also listed among the ignored columns; take it off that list",
            settings.target
        )));
    }
    if settings.is_left_out(&settings.target) {
        return Err(DataError::new(format!(
            "the target `{}` is stated to be text, which is not used; give it the type Nominal or Numeric",
            settings.target
        )));
    }
    Ok(index)
}

/// The column of weights is there, is not the target, and has a weight above 0. Its cells were
/// checked as they were read.
fn check_weights(loaded: &Loaded, settings: &CsvSource) -> Result<(), DataError> {
    let (table, target) = (&loaded.table, loaded.target);
    let name = &settings.weights;
    if name.is_empty() {
        return Ok(());
    }
    let Some(index) = table.columns.iter().position(|column| column.name == *name) else {
        let hint = hint(name, table.columns.iter().map(|column| column.name.as_str()));
        return Err(DataError::new(format!(
            "the column of weights `{name}` is not a column{hint}"
        )));
    };
    if index == target {
        return Err(DataError::new(format!(
            "the column `{name}` is the target and cannot hold the weights too; choose another"
        )));
    }
    let has_weight = |column: &Column| match &column.cells {
        Cells::Numeric(weights) => weights.iter().any(|weight| *weight > 0.0),
        Cells::Nominal { .. } => false,
    };
    match loaded.any_rows(name, index, has_weight)? {
        true => Ok(()),
        false => Err(DataError::new(format!(
            "the weights in column `{name}` are all 0; at least one must be above 0"
        ))),
    }
}

/// BLAKE3 hash of names, levels and the values' bits, in the order of the columns.
fn fingerprint(table: &Table) -> String {
    let mut hasher = blake3::Hasher::new();
    for Column { name, cells } in &table.columns {
        hasher.update(name.as_bytes());
        hasher.update(&[0]);
        match cells {
            Cells::Numeric(values) => {
                values.iter().for_each(|value| {
                    hasher.update(&value.to_le_bytes());
                });
            }
            Cells::Nominal { levels, codes } => {
                for level in levels {
                    hasher.update(level.as_bytes());
                    hasher.update(&[0]);
                }
                for code in codes {
                    hasher.update(&code.unwrap_or(u32::MAX).to_le_bytes());
                }
            }
        }
    }
    hasher.finalize().to_hex().to_string()
}
