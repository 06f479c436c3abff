//! Matrix products with the same bits for any vector width and any number of threads.

mod blocked;
mod fused;
mod kernel;
mod matrix_vector;
mod pack;
mod tile;

use super::Scalar;
use super::team::Team;
use blocked::{Blocked, PANEL_LEN, packed_rows_len};
pub use kernel::Kernel;
use matrix_vector::MatrixVector;

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

    /// `n_rows` rows from row `first` on.
    fn rows_from(self, first: usize, n_rows: usize) -> Self {
        Self { data: &self.data[first * self.row_stride..], n_rows, ..self }
    }
}

/// Packing buffers for products, kept between calls so that no product allocates twice.
#[derive(Clone, Debug, Default)]
pub struct Workspace<T> {
    /// One for each part that a thread may take.
    buffers: Vec<Buffers<T>>,
}

#[derive(Clone, Debug, Default)]
struct Buffers<T> {
    panel: Vec<T>,
    packed_rows: Vec<T>,
}

/// Vectors at the start of a cache line load fastest.
const CACHE_LINE_BYTES: usize = 64;

/// The first `len` elements of `buffer` from the start of a cache line on; grows it if need be.
#[inline(always)]
fn aligned<T: Scalar>(buffer: &mut Vec<T>, len: usize) -> &mut [T] {
    if len == 0 {
        return &mut [];
    }
    let margin = CACHE_LINE_BYTES / size_of::<T>();
    if buffer.len() < len + margin {
        buffer.resize(len + margin, T::ZERO);
    }
    let start = buffer.as_ptr().align_offset(CACHE_LINE_BYTES).min(margin);
    &mut buffer[start..][..len]
}

/// What the sums of a product start from.
#[derive(Clone, Copy, Debug)]
pub enum Start<'a, T> {
    /// `C` as it is: the product is added to it.
    Kept,
    /// Zero, whatever `C` holds.
    Zero,
    /// Every row of `C` from this one, whatever `C` holds.
    Row(&'a [T]),
}

/// A product to be computed: `C = start + A·B` for row-major `C [m × n]`.
#[derive(Clone, Copy, Debug)]
pub struct Product<'a, T> {
    /// `A [m × depth]`.
    pub a: MatrixView<'a, T>,
    /// `B [depth × n]`.
    pub b: MatrixView<'a, T>,
    /// What the sums start from.
    pub start: Start<'a, T>,
}

/// Some finished rows of a product, and the rows of other numbers that lie beside them.
#[derive(Debug)]
pub struct Rows<'a, T> {
    /// The index of the first of these rows.
    pub first: usize,
    /// The rows of `C`.
    pub sums: &'a mut [T],
    /// Their share of the numbers beside `C`.
    pub beside: &'a mut [T],
}

/// `C += A·B` for row-major `C [m × n]`: each element of `C` is the start of one chain of fused
/// multiply-adds over `k = 0, 1, …`, whatever the processor, the blocking and the threads.
///
/// The outputs are split among the `team` where that saves time. Nothing is allocated but, the first
/// time that a size needs them, larger buffers in `workspace`.
pub fn multiply_add<T: Scalar>(
    a: MatrixView<'_, T>,
    b: MatrixView<'_, T>,
    c: &mut [T],
    workspace: &mut Workspace<T>,
    team: &Team,
) {
    multiply(Product { a, b, start: Start::Kept }, c, &mut [], workspace, team, |_| ());
}

/// The product, as [`multiply_add`] computes it; then `finish` on its rows, by the thread that has
/// them at hand. `beside` holds as many numbers for each row of `C` as `finish` wants to write there.
///
/// # Panics
/// Where lengths do not fit.
pub fn multiply<T: Scalar>(
    product: Product<'_, T>,
    c: &mut [T],
    beside: &mut [T],
    workspace: &mut Workspace<T>,
    team: &Team,
    finish: impl Fn(Rows<'_, T>) + Sync,
) {
    multiply_split(product, c, beside, workspace, team, finish, MIN_WORK_PER_THREAD);
}

/// The same with another least number of multiply-adds for each thread.
fn multiply_split<T: Scalar>(
    product: Product<'_, T>,
    c: &mut [T],
    beside: &mut [T],
    workspace: &mut Workspace<T>,
    team: &Team,
    finish: impl Fn(Rows<'_, T>) + Sync,
    min_work: usize,
) {
    let Product { a, b, start } = product;
    let (m, n, depth) = (a.n_rows, b.n_columns, a.n_columns);
    assert_eq!(depth, b.n_rows);
    assert_eq!(c.len(), m * n);
    if m == 0 {
        return;
    }
    assert!(beside.len().is_multiple_of(m), "as many numbers beside each row");
    if m > 1 && n > 1 && depth > 0 {
        let rows_per_part = rows_per_part(m, n * depth, team, min_work);
        let n_parts = m.div_ceil(rows_per_part);
        if workspace.buffers.len() < n_parts {
            workspace.buffers.resize(n_parts, Buffers::default());
        }
        let rows = Rows { first: 0, sums: c, beside };
        let buffers = &mut workspace.buffers[..n_parts];
        let work = |rows: Rows<'_, T>, buffers: &mut Buffers<T>| {
            let a = a.rows_from(rows.first, rows.sums.len() / n);
            multiply_rows(Product { a, b, start }, rows.sums, buffers);
            finish(rows);
        };
        return split(rows, m, rows_per_part, buffers, team, &work);
    }
    match start {
        Start::Kept => {}
        Start::Zero => c.fill(T::ZERO),
        Start::Row([single]) => c.fill(*single),
        Start::Row(row) => c.chunks_exact_mut(n.max(1)).for_each(|c| c.copy_from_slice(row)),
    }
    if n == 0 || depth == 0 {
        // Nothing to add.
    } else if m == 1 {
        // A single row of outputs is as contiguous as a single column.
        multiply_vector(b.transposed(), a.data, a.column_stride, c, team, min_work);
    } else {
        multiply_vector(a, b.data, b.row_stride, c, team, min_work);
    }
    finish(Rows { first: 0, sums: c, beside });
}

/// Multiply-adds that are worth waking another thread for: some tens of microseconds.
const MIN_WORK_PER_THREAD: usize = 1 << 20;

/// How many rows of outputs, each of `work` multiply-adds, one thread takes.
fn rows_per_part(n_rows: usize, work: usize, team: &Team, min_work: usize) -> usize {
    if team.n_threads() == 1 {
        return n_rows;
    }
    let n_parts = (n_rows.saturating_mul(work) / min_work).clamp(1, team.n_threads());
    n_rows.div_ceil(n_parts)
}

/// Shares `n_rows` rows among the team, with one of the buffers for each part.
fn split<T: Scalar>(
    rows: Rows<'_, T>,
    n_rows: usize,
    rows_per_part: usize,
    buffers: &mut [Buffers<T>],
    team: &Team,
    work: &(impl Fn(Rows<'_, T>, &mut Buffers<T>) + Sync),
) {
    if let [single] = buffers {
        return work(rows, single);
    }
    let Rows { first, sums, beside } = rows;
    let (left, right) = buffers.split_at_mut(buffers.len() / 2);
    let n_left = left.len() * rows_per_part;
    let (left_sums, right_sums) = sums.split_at_mut(n_left * (sums.len() / n_rows));
    let (left_beside, right_beside) = beside.split_at_mut(n_left * (beside.len() / n_rows));
    let left_rows = Rows { first, sums: left_sums, beside: left_beside };
    let right_rows = Rows { first: first + n_left, sums: right_sums, beside: right_beside };
    team.join(
        || split(left_rows, n_left, rows_per_part, left, team, work),
        || split(right_rows, n_rows - n_left, rows_per_part, right, team, work),
    );
}

fn multiply_rows<T: Scalar>(product: Product<'_, T>, c: &mut [T], buffers: &mut Buffers<T>) {
    let panel = aligned(&mut buffers.panel, PANEL_LEN);
    let n_packed = packed_rows_len(product.a, product.b.n_columns);
    let packed_rows = aligned(&mut buffers.packed_rows, n_packed);
    pulp::Arch::new().dispatch(Blocked { product, c, panel, packed_rows });
}

fn multiply_vector<T: Scalar>(
    a: MatrixView<'_, T>,
    x: &[T],
    x_stride: usize,
    y: &mut [T],
    team: &Team,
    min_work: usize,
) {
    let rows = rows_per_part(a.n_rows, a.n_columns, team, min_work);
    team.for_each_rows(y, 1, rows, |first, y| {
        let a = a.rows_from(first, y.len());
        pulp::Arch::new().dispatch(MatrixVector { a, x, x_stride, y });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::random::{Purpose, Stream};

    fn random<T: Scalar>(len: usize, stream: &mut Stream) -> Vec<T> {
        (0..len).map(|_| T::from_f64(stream.uniform_in(-1.0, 1.0))).collect()
    }

    /// The law: one chain per output, from `C` on, in the order of `k`.
    fn multiply_add_plainly<T: Scalar>(a: MatrixView<'_, T>, b: MatrixView<'_, T>, c: &mut [T]) {
        for i in 0..a.n_rows {
            for j in 0..b.n_columns {
                let sum = &mut c[i * b.n_columns + j];
                for k in 0..a.n_columns {
                    *sum = a.data[i * a.row_stride + k * a.column_stride]
                        .mul_add(b.data[k * b.row_stride + j * b.column_stride], *sum);
                }
            }
        }
    }

    fn compare<T: Scalar>(m: usize, depth: usize, n: usize, team: &Team) {
        let stream = &mut Stream::new((m * 1000 + depth * 100 + n) as u64, Purpose::Generation);
        let (a, b, c) = (
            random::<T>(m * depth, stream),
            random::<T>(depth * n, stream),
            random::<T>(m * n, stream),
        );
        let mut workspace = Workspace::default();
        for a in
            [MatrixView::row_major(&a, m, depth), MatrixView::row_major(&a, depth, m).transposed()]
        {
            for b in [
                MatrixView::row_major(&b, depth, n),
                MatrixView::row_major(&b, n, depth).transposed(),
            ] {
                for start in [Start::Kept, Start::Zero, Start::Row(&c[..n])] {
                    let (mut fast, mut plain) = (c.clone(), c.clone());
                    let mut beside = vec![T::ZERO; 2 * m];
                    let finish = |rows: Rows<'_, T>| {
                        for (i, beside) in rows.beside.as_chunks_mut().0.iter_mut().enumerate() {
                            *beside = [rows.sums[i * n], T::from_f64((rows.first + i) as f64)];
                        }
                    };
                    let product = Product { a, b, start };
                    multiply_split(
                        product,
                        &mut fast,
                        &mut beside,
                        &mut workspace,
                        team,
                        finish,
                        1,
                    );
                    match start {
                        Start::Kept => {}
                        Start::Zero => plain.fill(T::ZERO),
                        Start::Row(row) => plain = row.repeat(m),
                    }
                    multiply_add_plainly(a, b, &mut plain);
                    for (i, (fast, plain)) in fast.iter().zip(&plain).enumerate() {
                        assert_eq!(
                            fast.to_bits_u64(),
                            plain.to_bits_u64(),
                            "{m} × {depth} × {n}, strides {} and {}, element {i}",
                            a.column_stride,
                            b.column_stride,
                        );
                    }
                    for (i, beside) in beside.as_chunks().0.iter().enumerate() {
                        assert_eq!(*beside, [fast[i * n], T::from_f64(i as f64)], "row {i}");
                    }
                }
            }
        }
    }

    #[test]
    fn every_small_shape_has_the_bits_of_the_plain_chain() {
        let team = Team::solo();
        for m in [1, 2, 3, 4, 5, 6, 7, 9, 13, 25] {
            for depth in [1, 3, 8, 17] {
                for n in [1, 2, 4, 5, 8, 9, 16, 17, 24, 33, 67] {
                    compare::<f32>(m, depth, n, &team);
                    compare::<f64>(m, depth, n, &team);
                }
            }
        }
    }

    #[test]
    fn blocks_over_every_dimension_keep_the_bits_of_the_plain_chain() {
        let team = Team::solo();
        for (m, depth, n) in
            [(5, 300, 40), (391, 24, 66), (30, 530, 20), (1, 700, 90), (70, 700, 1)]
        {
            compare::<f32>(m, depth, n, &team);
            compare::<f64>(m, depth, n, &team);
        }
    }

    #[test]
    fn any_number_of_threads_gives_the_bits_of_the_plain_chain() {
        for n_threads in [2, 3, 8] {
            let team = Team::new(n_threads);
            for (m, depth, n) in [(2, 9, 40), (7, 20, 33), (50, 30, 20), (1, 30, 90), (100, 30, 1)]
            {
                assert!(rows_per_part(m.max(n), depth, &team, 1) < m.max(n), "work is split");
                compare::<f32>(m, depth, n, &team);
                compare::<f64>(m, depth, n, &team);
            }
        }
    }

    #[test]
    fn views_into_a_larger_matrix_read_only_their_elements() {
        // Columns 1 and 3 of a [3 × 4] matrix, times a [2 × 2] one, by hand.
        let data = [0.0, 1.0, 9.0, 2.0, 0.0, 3.0, 9.0, 4.0, 0.0, 5.0, 9.0, 6.0];
        let a = MatrixView {
            data: &data[1..],
            n_rows: 3,
            n_columns: 2,
            row_stride: 4,
            column_stride: 2,
        };
        let b = [1.0, 10.0, 100.0, 1000.0];
        let mut c = [0.5; 6];
        multiply_add(
            a,
            MatrixView::row_major(&b, 2, 2),
            &mut c,
            &mut Workspace::default(),
            &Team::solo(),
        );
        assert_eq!(c, [201.5, 2010.5, 403.5, 4030.5, 605.5, 6050.5]);
    }

    #[test]
    fn a_product_without_terms_leaves_the_sums_as_they_are() {
        let mut c = [1.0f32, 2.0];
        let (a, b) = (MatrixView::row_major(&[], 2, 0), MatrixView::row_major(&[], 0, 1));
        multiply_add(a, b, &mut c, &mut Workspace::default(), &Team::solo());
        assert_eq!(c, [1.0, 2.0]);
    }
}
