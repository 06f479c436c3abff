use std::path::Path;

use super::load::{hint, open};
use super::progress::Progress;
use super::stamp::Stamp;
use super::{Cells, CsvSource, DataError, ReadReport, Table, csv};

/// The numbers of a file as one matrix, as kernels want them.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// Number of rows.
    pub n_rows: usize,
    /// Number of columns.
    pub n_columns: usize,
    /// The names of the columns.
    pub names: Vec<String>,
    /// The numbers, row after row: `[n_rows × n_columns]`. A missing one is NaN; each is the number in
    /// the file, rounded to 64 bits and then to 32, so that what is too large for these is infinite.
    pub values: Vec<f32>,
    /// How the file was read.
    pub report: ReadReport,
    /// BLAKE3 hash (hexadecimal) of the file's bytes.
    pub fingerprint: String,
}

/// Reads the columns of a CSV file that are not ignored straight into a matrix, on all cores.
///
/// The same numbers as those of the table that [`load`](super::load()) gives, in half the memory: not
/// much more than the matrix itself. `settings.path` is relative to `folder`; target and weights are
/// columns like others.
///
/// ```
/// # use descent::data::{CsvSource, Progress, read_matrix};
/// # let folder = tempfile::tempdir().unwrap();
/// std::fs::write(folder.path().join("points.csv"), "x,y\n1,2.5\n3,\n").unwrap();
/// let settings = CsvSource { path: "points.csv".into(), ..CsvSource::default() };
/// let matrix = read_matrix(&settings, folder.path(), &Progress::default()).unwrap();
/// assert_eq!((matrix.n_rows, matrix.n_columns), (2, 2));
/// assert_eq!(matrix.values[..3], [1.0, 2.5, 3.0]);
/// assert!(matrix.values[3].is_nan());
/// ```
///
/// Fails where the file cannot be read as a table, where an ignored column is not in it, and where a
/// column that is not ignored holds words.
pub fn read_matrix(
    settings: &CsvSource,
    folder: &Path,
    progress: &Progress,
) -> Result<Matrix, DataError> {
    let path = folder.join(&settings.path);
    let in_file = |error: DataError| error.in_file(&path);
    let stamp = Stamp::of(&path);
    let file = open(&path, progress)?;
    let read = csv::read_matrix(file, settings, progress);
    progress.check().map_err(in_file)?;
    let matrix = read.map_err(in_file)?;
    stamp.check(&path).map_err(in_file)?;
    Ok(matrix)
}

impl Matrix {
    /// The columns of a table that are not ignored.
    pub(super) fn of(
        table: Table,
        report: ReadReport,
        fingerprint: String,
        ignored: &[String],
    ) -> Result<Self, DataError> {
        for name in ignored {
            let names = || table.columns.iter().map(|column| column.name.as_str());
            if !names().any(|other| other == name) {
                let hint = hint(name, names());
                return Err(DataError::new(format!(
                    "the ignored column `{name}` is not a column{hint}"
                )));
            }
        }
        let n_rows = table.n_rows();
        let mut names = Vec::new();
        let mut columns = Vec::new();
        for column in table.columns {
            if ignored.contains(&column.name) {
                continue;
            }
            let Cells::Numeric(values) = column.cells else {
                return Err(DataError::new(format!(
                    "the column `{}` holds words, and a matrix numbers alone; ignore it, or give its \
                     words numbers first",
                    column.name
                )));
            };
            names.push(column.name);
            columns.push(values);
        }
        let mut values = Vec::with_capacity(n_rows * columns.len());
        for i in 0..n_rows {
            values.extend(columns.iter().map(|column| column[i] as f32));
        }
        Ok(Self { n_rows, n_columns: columns.len(), names, values, report, fingerprint })
    }
}
