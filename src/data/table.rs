use super::Decisions;

/// A table as read: named columns of equal length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The columns, in the order of the file.
    pub columns: Vec<Column>,
}

/// One column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The name in the header, or `column 3` where there is none.
    pub name: String,
    /// The cells.
    pub cells: Cells,
}

/// The cells of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cells {
    /// Numbers; a missing one is NaN.
    Numeric(Vec<f64>),
    /// Names from a list of levels, in order of first appearance.
    Nominal {
        /// The distinct values.
        levels: Vec<String>,
        /// For each row the index of its level; `None` where missing.
        codes: Vec<Option<u32>>,
    },
}

/// How a file was read: every decision and every repair.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct ReadReport {
    /// What stands between fields: mostly one character, `||`, or a space for any number of them.
    pub delimiter: String,
    /// The character around quoted fields.
    pub quote: char,
    /// The name of the character encoding.
    pub encoding: String,
    /// Whether the first row names the columns.
    pub header: bool,
    /// Every decision, as settings; reading with them gives the same table.
    #[serde(skip)]
    pub decisions: Decisions,
    /// Rows read.
    pub n_rows: usize,
    /// Columns read.
    pub n_columns: usize,
    /// Rows that were left out: line number and reason.
    pub skipped: Vec<(u64, String)>,
    /// Rows that were repaired: line number and what was done.
    pub repaired: Vec<(u64, String)>,
    /// Words that were taken as missing values, column by column, the commonest first.
    pub missing: Vec<MissingSpelling>,
    /// Remarks on the whole file.
    pub warnings: Vec<String>,
    /// What came of the rows, in numbers.
    #[serde(skip)]
    pub counts: ReadCounts,
}

/// A word that was taken as a missing value.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct MissingSpelling {
    /// The name of the column.
    pub column: String,
    /// The word as it is written.
    pub spelling: String,
    /// How many cells of the column say so.
    pub n: usize,
}

/// What was done to rows, and decided without certainty; also what is not listed one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadCounts {
    /// Rows above the table, and those of units.
    pub n_above: usize,
    /// All rows that were left out, these too.
    pub n_skipped: usize,
    /// Repairs; a row may have several.
    pub n_repaired: usize,
    /// Decisions that could have been others.
    pub n_guessed: usize,
}

impl Table {
    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.columns.first().map_or(0, Column::n_rows)
    }
}

impl Column {
    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        match &self.cells {
            Cells::Numeric(values) => values.len(),
            Cells::Nominal { codes, .. } => codes.len(),
        }
    }

    /// Number of missing cells.
    pub fn n_missing(&self) -> usize {
        match &self.cells {
            Cells::Numeric(values) => values.iter().filter(|value| value.is_nan()).count(),
            Cells::Nominal { codes, .. } => codes.iter().filter(|code| code.is_none()).count(),
        }
    }
}
