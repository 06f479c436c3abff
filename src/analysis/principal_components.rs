use nalgebra::{DMatrix, SymmetricEigen};

use crate::data::{Cells, Table};

/// Components that are computed.
const N_COMPONENTS: usize = 2;
/// Columns up to which the whole covariance matrix is decomposed; beyond, power iterations find the
/// first components alone.
const MOST_DECOMPOSED: usize = 1000;
/// Products at most for the covariance; of more rows every second, third, … is taken.
const MOST_PRODUCTS: usize = 20_000_000_000;
/// Values at most that power iterations keep in memory.
const MOST_VALUES: usize = 16_000_000;
/// Directions that power iterations follow at once, so that near-equal components are told apart.
const N_DIRECTIONS: usize = 10;
/// Power iterations at most.
const MOST_ITERATIONS: usize = 300;
/// Rows that are standardised at once.
const N_BLOCK: usize = 256;

/// The directions in which standardised columns vary most.
///
/// ```text
/// z = (x − mean) / std         Σ = ZᵀZ / n         Σ v_k = λ_k v_k,  λ₁ ≥ λ₂ ≥ …
/// score_k = z · v_k            share_k = λ_k / Σ_j λ_j
/// ```
///
/// Mean and standard deviation (of the population) are those of the rows it is fitted on; a missing
/// value counts as the mean; columns that do not vary are left out. A direction is as good as its
/// opposite: the loading of largest magnitude, the first of them where several are equal, is positive.
///
/// Reference: H. Hotelling, Analysis of a complex of statistical variables into principal
/// components, 1933.
#[derive(Clone, Debug, PartialEq)]
pub struct PrincipalComponents {
    /// The columns used.
    pub columns: Vec<usize>,
    /// The share of the variance that each component explains.
    pub shares: Vec<f64>,
    /// `loadings[component]`: a vector of length 1, one entry for each of the columns used.
    pub loadings: Vec<Vec<f64>>,
    /// How many rows it was fitted on.
    pub n_rows: usize,
    /// 1 where these are all rows, `k` where every `k`-th was taken.
    pub stride: usize,
    /// `(mean, std)` of each column used.
    scaling: Vec<(f64, f64)>,
}

impl PrincipalComponents {
    /// Those of numeric columns of a table over some of its rows; `None` where fewer than two
    /// columns vary.
    pub fn fit(table: &Table, columns: &[usize], rows: &[usize]) -> Option<Self> {
        let (n, p) = (rows.len(), columns.len());
        let stride = match p {
            0 => return None,
            p if p <= MOST_DECOMPOSED => (n * p * p).div_ceil(MOST_PRODUCTS),
            p => (n * p).div_ceil(MOST_VALUES),
        };
        let stride = stride.max(1);
        let rows: Vec<usize> = rows.iter().copied().step_by(stride).collect();
        let (columns, scaling): (Vec<usize>, Vec<(f64, f64)>) = columns
            .iter()
            .filter_map(|column| Some((*column, fitted(numbers(table, *column)?, &rows)?)))
            .unzip();
        if columns.len() < N_COMPONENTS {
            return None;
        }
        let found = Standardised { table, columns: &columns, scaling: &scaling, rows: &rows };
        let (values, vectors) =
            if columns.len() <= MOST_DECOMPOSED { found.decomposed() } else { found.iterated() };
        // The variances of standardised columns sum to their number.
        let shares = values.iter().map(|value| value / columns.len() as f64).collect();
        let loadings = vectors.into_iter().map(oriented).collect();
        Some(Self { columns, shares, loadings, n_rows: rows.len(), stride, scaling })
    }

    /// Where every row of the table lies along the components: `[component][row]`.
    pub fn scores(&self, table: &Table) -> Vec<Vec<f32>> {
        let mut scores = vec![vec![0.0_f64; table.n_rows()]; self.loadings.len()];
        for (j, (column, (mean, std))) in self.columns.iter().zip(&self.scaling).enumerate() {
            let Some(values) = numbers(table, *column) else { continue };
            for (scores, loadings) in scores.iter_mut().zip(&self.loadings) {
                let factor = loadings[j] / std;
                for (score, x) in scores.iter_mut().zip(values) {
                    *score += if x.is_finite() { (x - mean) * factor } else { 0.0 };
                }
            }
        }
        let narrow = |scores: Vec<f64>| scores.into_iter().map(|score| score as f32).collect();
        scores.into_iter().map(narrow).collect()
    }

    /// The columns with the longest arrows, at most `n` of them: the column with its loadings on
    /// both components.
    pub fn strongest(&self, n: usize) -> Vec<(usize, [f64; 2])> {
        let arrows = self.columns.iter().enumerate();
        let mut arrows: Vec<_> = arrows
            .map(|(j, column)| (*column, [self.loadings[0][j], self.loadings[1][j]]))
            .collect();
        let length = |[x, y]: [f64; 2]| x * x + y * y;
        arrows.sort_by(|a, b| length(b.1).total_cmp(&length(a.1)));
        arrows.truncate(n);
        arrows
    }
}

fn numbers(table: &Table, column: usize) -> Option<&[f64]> {
    match &table.columns.get(column)?.cells {
        Cells::Numeric(values) => Some(values),
        Cells::Nominal { .. } => None,
    }
}

/// Mean and standard deviation over the rows; `None` where the values do not vary. Gaps are filled
/// with the mean, so they make the deviation smaller.
fn fitted(values: &[f64], rows: &[usize]) -> Option<(f64, f64)> {
    let known = || rows.iter().map(|row| values[*row]).filter(|x| x.is_finite());
    let mean = known().sum::<f64>() / known().count() as f64;
    let squares: f64 = known().map(|x| (x - mean) * (x - mean)).sum();
    let std = (squares / rows.len() as f64).sqrt();
    (std.is_finite() && std > 1e-13 * mean.abs()).then_some((mean, std))
}

/// The standardised values of some rows.
struct Standardised<'a> {
    table: &'a Table,
    columns: &'a [usize],
    scaling: &'a [(f64, f64)],
    rows: &'a [usize],
}

type Components = (Vec<f64>, Vec<Vec<f64>>);

impl Standardised<'_> {
    /// Of these rows, `[rows × columns]`.
    fn block(&self, rows: &[usize]) -> DMatrix<f64> {
        let mut block = DMatrix::zeros(rows.len(), self.columns.len());
        for (j, (column, (mean, std))) in self.columns.iter().zip(self.scaling).enumerate() {
            let Some(values) = numbers(self.table, *column) else { continue };
            for (z, row) in block.column_mut(j).iter_mut().zip(rows) {
                let x = values[*row];
                *z = if x.is_finite() { (x - mean) / std } else { 0.0 };
            }
        }
        block
    }

    /// Through the covariance matrix.
    fn decomposed(&self) -> Components {
        let p = self.columns.len();
        let mut covariance = DMatrix::zeros(p, p);
        for rows in self.rows.chunks(N_BLOCK) {
            let block = self.block(rows);
            covariance.gemm(1.0, &block.transpose(), &block, 1.0);
        }
        covariance /= self.rows.len() as f64;
        leading(SymmetricEigen::new(covariance))
    }

    /// Through power iterations on several directions at once, from directions that are fixed.
    fn iterated(&self) -> Components {
        let (n, p) = (self.rows.len(), self.columns.len());
        let all = self.block(self.rows);
        let transposed = all.transpose();
        // Multiples of an irrational number, modulo 1: as irregular as needed, and always the same.
        let mut directions = DMatrix::from_fn(p, N_DIRECTIONS, |row, column| {
            ((row * N_DIRECTIONS + column + 1) as f64 * 0.618_033_988_749_894_9).fract() - 0.5
        });
        directions = directions.qr().q();
        let mut before = f64::INFINITY;
        let mut pass = 0;
        loop {
            let turned = &transposed * (&all * &directions) / n as f64;
            let eigen = SymmetricEigen::new(directions.tr_mul(&turned));
            let (values, vectors) = leading(eigen);
            let sum: f64 = values.iter().sum();
            let is_last = pass + 1 == MOST_ITERATIONS || (sum - before).abs() <= 1e-13 * sum;
            if is_last {
                let inside = vectors.into_iter().map(nalgebra::DVector::from_vec);
                let vectors = inside.map(|inside| (&directions * inside).as_slice().to_vec());
                return (values, vectors.collect());
            }
            before = sum;
            directions = turned.qr().q();
            pass += 1;
        }
    }
}

/// The components of largest variance.
fn leading(eigen: SymmetricEigen<f64, nalgebra::Dyn>) -> Components {
    let mut order: Vec<usize> = (0..eigen.eigenvalues.len()).collect();
    order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
    let first = order.into_iter().take(N_COMPONENTS);
    first
        .map(|k| {
            (eigen.eigenvalues[k].max(0.0), eigen.eigenvectors.column(k).iter().copied().collect())
        })
        .unzip()
}

/// The one of two opposite directions whose largest entry is positive. Entries that differ by
/// rounding alone are equally large.
fn oriented(mut direction: Vec<f64>) -> Vec<f64> {
    let largest = direction.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    let first = direction.iter().find(|x| x.abs() >= largest * (1.0 - 1e-9));
    if first.is_some_and(|x| *x < 0.0) {
        direction.iter_mut().for_each(|x| *x = -*x);
    }
    direction
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Column;

    fn table(columns: Vec<Vec<f64>>) -> Table {
        let column = |values| Column { name: String::new(), cells: Cells::Numeric(values) };
        Table { columns: columns.into_iter().map(column).collect() }
    }

    /// Two columns whose correlation is r have the variances 1 + r and 1 − r along (1, 1) and
    /// (1, −1).
    #[test]
    fn two_columns_have_their_components_on_the_diagonals() {
        let table =
            table(vec![vec![1.0, 2.0, 3.0, 4.0], vec![5.0; 4], vec![10.0, 30.0, 20.0, 40.0]]);
        let found = PrincipalComponents::fit(&table, &[0, 1, 2], &[0, 1, 2, 3]).unwrap();
        assert_eq!(found.columns, [0, 2]);
        assert!((found.shares[0] - 0.9).abs() < 1e-12 && (found.shares[1] - 0.1).abs() < 1e-12);
        let half = 0.5_f64.sqrt();
        for (loading, expected) in found.loadings.iter().flatten().zip([half, half, half, -half]) {
            assert!((loading - expected).abs() < 1e-12, "{:?}", found.loadings);
        }
        // The first row is −1.34… standard deviations from the mean in both.
        let scores = found.scores(&table);
        let expected = -1.5 / 1.25_f64.sqrt() * 2.0_f64.sqrt();
        assert!((f64::from(scores[0][0]) - expected).abs() < 1e-6 && scores[1][0].abs() < 1e-6);
    }

    #[test]
    fn fewer_than_two_columns_that_vary_have_no_components() {
        let table = table(vec![vec![1.0, 2.0], vec![3.0, 3.0], vec![f64::NAN; 2]]);
        assert_eq!(PrincipalComponents::fit(&table, &[0, 1, 2], &[0, 1]), None);
        assert_eq!(PrincipalComponents::fit(&table, &[], &[0, 1]), None);
    }

    #[test]
    fn gaps_count_as_the_mean_and_only_the_rows_named_are_fitted() {
        let gap = f64::NAN;
        let table = table(vec![vec![1.0, 2.0, 3.0, gap, 900.0], vec![2.0, 4.5, 6.0, 4.0, -900.0]]);
        let found = PrincipalComponents::fit(&table, &[0, 1], &[0, 1, 2, 3]).unwrap();
        assert_eq!(found.n_rows, 4);
        assert!((found.scaling[0].0 - 2.0).abs() < 1e-12);
        assert!(found.scores(&table).iter().flatten().all(|score| score.is_finite()));
    }

    /// Power iterations against the whole decomposition of the same columns.
    #[test]
    fn power_iterations_find_the_same_components() {
        let value = |row: usize, j: usize| {
            let noise = ((row * 7919 + j * 104_729) % 1009) as f64 / 1009.0;
            let (a, b) = (row as f64 / 60.0, (row % 7) as f64 / 7.0);
            noise + a * (j % 5) as f64 - 2.0 * b * (j % 3) as f64
        };
        let table = table((0..40).map(|j| (0..60).map(|row| value(row, j)).collect()).collect());
        let rows: Vec<usize> = (0..60).collect();
        let columns: Vec<usize> = (0..40).collect();
        let scaling: Vec<_> =
            (0..40).map(|j| fitted(numbers(&table, j).unwrap(), &rows).unwrap()).collect();
        let found =
            Standardised { table: &table, columns: &columns, scaling: &scaling, rows: &rows };
        let ((exact, directions), (near, others)) = (found.decomposed(), found.iterated());
        for k in 0..N_COMPONENTS {
            assert!((exact[k] - near[k]).abs() < 1e-9 * exact[k], "{exact:?} {near:?}");
            let (a, b) = (oriented(directions[k].clone()), oriented(others[k].clone()));
            let far = a.iter().zip(&b).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
            assert!(far < 1e-5, "{far}");
        }
    }
}
