//! Matrix products with the same bits for any vector width and any number of threads.

mod blocked;
mod kernel;
mod pack;
mod tile;

use super::Scalar;
use super::team::Team;
use blocked::{Blocked, PANEL_LEN};
pub use kernel::Kernel;

/// A view of a matrix: element `(row, column)` is `data[row · row_stride + column · column_stride]`.
#[derive(Clone, Copy, Debug)]
pub struct MatrixView<'a, T> {
    /// The elements.
    pub data: &'a [T],
    /// Number of rows.
    pub n_rows: usize,
    /// Number of columns.
    pub n_columns: usize,
    /// Distance between the starts of two rows.
    pub row_stride: usize,
    /// Distance between two neighbours in a row.
    pub column_stride: usize,
}

impl<'a, T> MatrixView<'a, T> {
    /// A row-major matrix, `[n_rows × n_columns]`.
    pub fn row_major(data: &'a [T], n_rows: usize, n_columns: usize) -> Self {
        assert_eq!(data.len(), n_rows * n_columns);
        Self { data, n_rows, n_columns, row_stride: n_columns, column_stride: 1 }
    }

    /// The same elements with rows and columns exchanged; copies nothing.
    pub fn transposed(self) -> Self {
        Self {
            data: self.data,
            n_rows: self.n_columns,
            n_columns: self.n_rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }
}

/// Packing buffers for products, kept between calls so that no product allocates twice.
#[derive(Debug, Default)]
pub struct Workspace<T> {
    panels: Vec<T>,
}

/// Numbers are 4 or 8 bytes long; a cache line is 64.
const CACHE_LINE: usize = 16;

impl<T: Scalar> Workspace<T> {
    /// The packing buffer of one thread, at the start of a cache line.
    fn panel(&mut self, _thread: usize) -> &mut [T] {
        if self.panels.is_empty() {
            self.panels.resize(PANEL_LEN + CACHE_LINE, T::ZERO);
        }
        let start = self.panels.as_ptr().align_offset(64).min(CACHE_LINE);
        &mut self.panels[start..][..PANEL_LEN]
    }
}

/// `C += A·B` for row-major `C [m × n]`: each element of `C` is the start of one chain of fused
/// multiply-adds over `k = 0, 1, …`, whatever the processor, the blocking and the threads.
pub fn multiply_add<T: Scalar>(
    a: MatrixView<'_, T>,
    b: MatrixView<'_, T>,
    c: &mut [T],
    workspace: &mut Workspace<T>,
    _team: &Team,
) {
    let (m, n, depth) = (a.n_rows, b.n_columns, a.n_columns);
    assert_eq!(depth, b.n_rows);
    assert_eq!(c.len(), m * n);
    if m == 0 || n == 0 || depth == 0 {
        return;
    }
    pulp::Arch::new().dispatch(Blocked { a, b, c, panel: workspace.panel(0) });
}
