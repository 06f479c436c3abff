use std::borrow::Cow;
use std::collections::HashSet;

use super::Members;
use super::members::NO_CLASS;
use crate::data::{Cells, Prepared, Table};
use crate::math::reduce;

/// Columns that are compared at most; beside a target, those that tell most about it.
pub const MOST_COMPARED: usize = 100;
/// Values that are gathered at most; from more rows every second, third, … is taken.
const MOST_VALUES: usize = 20_000_000;
/// Products of two values at most, for the same reason.
const MOST_PRODUCTS: usize = 2_000_000_000;

/// Which correlation is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CorrelationKind {
    /// Of the values: how near they lie to a straight line.
    #[default]
    Pearson,
    /// Of their ranks: how near they lie to any line that only rises or only falls.
    Spearman,
}

/// Something that is compared with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variable {
    /// A numeric column of the table.
    Column(usize),
    /// Whether a row is of the second of two classes: 1 or 0.
    SecondClass,
}

/// The correlations between numeric columns, each pair over the rows that have both.
///
/// ```text
/// r = Σ(x − x̄)(y − ȳ) / √(Σ(x − x̄)² Σ(y − ȳ)²)
/// ```
///
/// Spearman's is the same of ranks, equal values sharing the mean of their ranks. Between columns of
/// which one does not vary there is none.
///
/// Reference: K. Pearson, 1895; C. Spearman, The proof and measurement of association between two
/// things, 1904.
#[derive(Clone, Debug, PartialEq)]
pub struct Correlations {
    /// What is compared, the target first.
    pub variables: Vec<Variable>,
    /// Whether the first variable is the target.
    pub has_target: bool,
    /// Numeric columns that are not compared, being too many.
    pub n_left_out: usize,
    /// Numeric columns that are not compared, since they have not two different values.
    pub n_constant: usize,
    /// 1 where all rows were looked at, `k` where only every `k`-th was.
    pub stride: usize,
    coefficients: Vec<Option<f64>>,
    counts: Vec<u32>,
}

impl Correlations {
    /// The correlations between the target and these columns of the table.
    pub fn of(
        table: &Table,
        target: usize,
        columns: &[usize],
        data: &Prepared,
        members: &Members,
        kind: CorrelationKind,
    ) -> Self {
        let first = match data.class_names.len() {
            0 => Some(Variable::Column(target)),
            2 => Some(Variable::SecondClass),
            _ => None,
        };
        let first = first.filter(|variable| match variable {
            Variable::Column(column) => is_numeric(table, *column),
            Variable::SecondClass => true,
        });
        let varied: Vec<usize> =
            columns.iter().copied().filter(|column| column_varies(table, *column)).collect();
        let n_constant = columns.len() - varied.len();
        let chosen = strongest(table, &varied, first, members);
        let n_left_out = varied.len() - chosen.len();
        let variables: Vec<Variable> =
            first.into_iter().chain(chosen.into_iter().map(Variable::Column)).collect();
        let (n, p) = (table.n_rows(), variables.len().max(1));
        let stride = (n * p).div_ceil(MOST_VALUES).max((n * p * p / 2).div_ceil(MOST_PRODUCTS));
        let stride = stride.max(1);
        let values: Vec<Vec<f64>> = variables
            .iter()
            .map(|variable| gathered(table, members, *variable, stride).into_owned())
            .collect();
        let (coefficients, counts) = all_pairs(&values, kind);
        Self {
            has_target: first.is_some(),
            variables,
            n_left_out,
            n_constant,
            stride,
            coefficients,
            counts,
        }
    }

    /// How many variables there are.
    pub fn n(&self) -> usize {
        self.variables.len()
    }

    /// The correlation of two variables; `None` where one of them does not vary.
    pub fn coefficient(&self, a: usize, b: usize) -> Option<f64> {
        self.coefficients.get(a * self.n() + b).copied().flatten()
    }

    /// Over how many rows.
    pub fn count(&self, a: usize, b: usize) -> u32 {
        self.counts.get(a * self.n() + b).copied().unwrap_or(0)
    }
}

/// Whether a column has numbers.
fn is_numeric(table: &Table, column: usize) -> bool {
    table.columns.get(column).is_some_and(|column| matches!(column.cells, Cells::Numeric(_)))
}

/// Whether a numeric column has two different values.
pub fn column_varies(table: &Table, column: usize) -> bool {
    match table.columns.get(column).map(|column| &column.cells) {
        Some(Cells::Numeric(values)) => {
            let mut known = values.iter().filter(|value| !value.is_nan());
            known.next().is_some_and(|first| known.any(|value| value != first))
        }
        _ => false,
    }
}

/// The numeric columns that are neither the target nor left out.
pub fn numeric_features(table: &Table, target: usize, left_out: &[String]) -> Vec<usize> {
    let columns = table.columns.iter().enumerate();
    let left_out: HashSet<&String> = left_out.iter().collect();
    columns
        .filter(|(j, column)| *j != target && !left_out.contains(&column.name))
        .filter(|(_, column)| matches!(column.cells, Cells::Numeric(_)))
        .map(|(j, _)| j)
        .collect()
}

/// Every `stride`-th value of a variable; NaN where it is missing or infinite.
fn gathered<'a>(
    table: &'a Table,
    members: &Members,
    variable: Variable,
    stride: usize,
) -> Cow<'a, [f64]> {
    match variable {
        Variable::SecondClass => {
            let classes = members.classes.iter().step_by(stride);
            let number =
                |class: &u32| if *class == NO_CLASS { f64::NAN } else { f64::from(*class) };
            Cow::Owned(classes.map(number).collect())
        }
        Variable::Column(column) => match &table.columns[column].cells {
            Cells::Numeric(values) if stride == 1 && values.iter().all(|x| !x.is_infinite()) => {
                Cow::Borrowed(values)
            }
            Cells::Numeric(values) => {
                let finite = |x: &f64| if x.is_finite() { *x } else { f64::NAN };
                Cow::Owned(values.iter().step_by(stride).map(finite).collect())
            }
            Cells::Nominal { .. } => Cow::Borrowed(&[]),
        },
    }
}

/// Of too many columns those that tell most about the target, in the order of the table: by the
/// correlation, or where there are several classes by the correlation ratio.
fn strongest(
    table: &Table,
    columns: &[usize],
    target: Option<Variable>,
    members: &Members,
) -> Vec<usize> {
    if columns.len() <= MOST_COMPARED {
        return columns.to_vec();
    }
    let stride = (table.n_rows() * columns.len()).div_ceil(10 * MOST_VALUES).max(1);
    let target = target.map(|variable| gathered(table, members, variable, stride));
    let strength = |column: &usize| {
        let values = gathered(table, members, Variable::Column(*column), stride);
        let found = match &target {
            Some(target) => correlation(&values, target).0,
            None => correlation_ratio(&values, members.classes.iter().step_by(stride)),
        };
        found.map_or(-1.0, f64::abs)
    };
    let mut ordered: Vec<(f64, usize)> =
        columns.iter().map(|column| (strength(column), *column)).collect();
    ordered.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut chosen: Vec<usize> =
        ordered.into_iter().take(MOST_COMPARED).map(|(_, column)| column).collect();
    chosen.sort_unstable();
    chosen
}

type Pairs = (Vec<Option<f64>>, Vec<u32>);

fn all_pairs(values: &[Vec<f64>], kind: CorrelationKind) -> Pairs {
    let p = values.len();
    let complete: Vec<bool> =
        values.iter().map(|column| !column.iter().any(|x| x.is_nan())).collect();
    // Columns without gaps are brought to mean 0 and length 1 once; then each pair is one product.
    let units: Vec<Option<Vec<f64>>> = values
        .iter()
        .zip(&complete)
        .map(|(column, complete)| {
            complete.then(|| match kind {
                CorrelationKind::Pearson => unit(column.clone()),
                CorrelationKind::Spearman => unit(ranks(column)),
            })?
        })
        .collect();
    let (mut coefficients, mut counts) = (vec![None; p * p], vec![0; p * p]);
    for a in 0..p {
        for b in a..p {
            let (r, n) = if complete[a] && complete[b] {
                let r = match (&units[a], &units[b]) {
                    (Some(_), Some(_)) if a == b => Some(1.0),
                    (Some(x), Some(y)) => Some(reduce::dot(x, y).clamp(-1.0, 1.0)),
                    _ => None,
                };
                (r, values[a].len())
            } else {
                with_gaps(&values[a], &values[b], kind)
            };
            for place in [a * p + b, b * p + a] {
                (coefficients[place], counts[place]) = (r, n as u32);
            }
        }
    }
    (coefficients, counts)
}

/// The correlation over the rows where neither value is missing, and how many there are.
fn with_gaps(x: &[f64], y: &[f64], kind: CorrelationKind) -> (Option<f64>, usize) {
    if kind == CorrelationKind::Pearson {
        return correlation(x, y);
    }
    let both = x.iter().zip(y).filter(|(x, y)| !x.is_nan() && !y.is_nan());
    let (x, y): (Vec<f64>, Vec<f64>) = both.unzip();
    correlation(&ranks(&x), &ranks(&y))
}

/// Pearson's correlation over the rows that have both, and their number.
fn correlation(x: &[f64], y: &[f64]) -> (Option<f64>, usize) {
    let both = || x.iter().zip(y).filter(|(x, y)| !x.is_nan() && !y.is_nan());
    let (n, x_sum, y_sum) =
        both().fold((0, 0.0, 0.0), |(n, x_sum, y_sum), (x, y)| (n + 1, x_sum + x, y_sum + y));
    let (x_mean, y_mean) = (x_sum / n as f64, y_sum / n as f64);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for (x, y) in both() {
        let (dx, dy) = (x - x_mean, y - y_mean);
        xx += dx * dx;
        xy += dx * dy;
        yy += dy * dy;
    }
    let varies = varies(xx, n, x_mean) && varies(yy, n, y_mean);
    (varies.then(|| (xy / (xx.sqrt() * yy.sqrt())).clamp(-1.0, 1.0)), n)
}

/// Whether a sum of squared differences from the mean is more than rounding makes of equal values.
fn varies(sum: f64, n: usize, mean: f64) -> bool {
    n > 1 && (sum / n as f64).sqrt() > 1e-13 * mean.abs()
}

/// Brought to mean 0 and length 1; `None` where it does not vary.
fn unit(mut values: Vec<f64>) -> Option<Vec<f64>> {
    let mean = reduce::sum(&values) / values.len() as f64;
    values.iter_mut().for_each(|x| *x -= mean);
    let sum = reduce::sum_of_squares(&values);
    let length = sum.sqrt();
    varies(sum, values.len(), mean).then(|| {
        values.iter_mut().for_each(|x| *x /= length);
        values
    })
}

/// The ranks of values, from 1; equal ones share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.sort_unstable_by(|a, b| values[*a as usize].total_cmp(&values[*b as usize]));
    let mut ranks = vec![0.0; values.len()];
    let mut begun = 0;
    for equal in order.chunk_by(|a, b| values[*a as usize] == values[*b as usize]) {
        let rank = begun as f64 + 0.5 * (equal.len() + 1) as f64;
        equal.iter().for_each(|row| ranks[*row as usize] = rank);
        begun += equal.len();
    }
    ranks
}

/// How much of a column's variation lies between classes: √(between / total), from 0 to 1.
fn correlation_ratio<'a>(
    values: &[f64],
    classes: impl Iterator<Item = &'a u32> + Clone,
) -> Option<f64> {
    let known = || {
        let pairs = values.iter().zip(classes.clone());
        pairs.filter(|(x, class)| !x.is_nan() && **class != NO_CLASS)
    };
    let mut of_class: Vec<(f64, f64)> = Vec::new();
    let (mut n, mut sum) = (0.0, 0.0);
    for (x, class) in known() {
        let class = *class as usize;
        if class >= of_class.len() {
            of_class.resize(class + 1, (0.0, 0.0));
        }
        of_class[class].0 += 1.0;
        of_class[class].1 += x;
        (n, sum) = (n + 1.0, sum + x);
    }
    let mean = sum / n;
    let between = of_class.iter().filter(|(n, _)| *n > 0.0);
    let between: f64 = between.map(|(n, sum)| n * (sum / n - mean) * (sum / n - mean)).sum();
    let total: f64 = known().map(|(x, _)| (x - mean) * (x - mean)).sum();
    varies(total, n as usize, mean).then(|| (between / total).clamp(0.0, 1.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Column;

    #[test]
    fn equal_values_share_their_rank() {
        assert_eq!(ranks(&[30.0, 10.0, 20.0, 10.0]), [4.0, 1.5, 3.0, 1.5]);
        assert_eq!(ranks(&[-0.0, 0.0]), [1.5, 1.5]);
    }

    #[test]
    fn gaps_are_left_out_pair_by_pair_and_constants_have_no_correlation() {
        let gap = f64::NAN;
        let columns = [
            vec![1.0, 2.0, 3.0, 4.0, 5.0],
            vec![2.0, gap, 6.0, 8.0, 10.0],
            vec![gap, 1.0, 9.0, 25.0, 16.0],
            vec![7.1; 5],
        ];
        let (r, n) = all_pairs(&columns, CorrelationKind::Pearson);
        assert!((r[1].unwrap() - 1.0).abs() < 1e-15);
        assert_eq!((n[1], n[2], n[4 + 2]), (4, 4, 3));
        assert_eq!((r[3], r[15], r[0]), (None, None, Some(1.0)));
        // 1, 9, 25, 16 beside 2, 3, 4, 5: ranks 1, 2, 4, 3 beside 1, 2, 3, 4.
        let (rho, _) = all_pairs(&columns, CorrelationKind::Spearman);
        assert!((rho[2].unwrap() - 0.8).abs() < 1e-15);
    }

    #[test]
    fn of_too_many_columns_those_that_tell_most_stay() {
        let n = MOST_COMPARED + 5;
        let value = |j: usize, row: usize| match j {
            3 | 90 => row as f64 + (j + row) as f64 % 2.0,
            _ => ((row * 7919 + j * 104_729) % 1009) as f64,
        };
        let column = |j: usize| Column {
            name: format!("x{j}"),
            cells: Cells::Numeric((0..200).map(|row| value(j, row)).collect()),
        };
        let mut table = Table { columns: (0..n).map(column).collect() };
        let target = Cells::Numeric((0..200).map(f64::from).collect());
        table.columns.push(Column { name: "y".into(), cells: target });
        let columns = numeric_features(&table, n, &["x7".to_owned()]);
        assert_eq!(columns.len(), n - 1);
        let by_value = strongest(&table, &columns, Some(Variable::Column(n)), &Members::default());
        let classes = (0..200).map(|row| row / 50).collect();
        let members = Members { parts: vec![0; 200], classes };
        let by_class = strongest(&table, &columns, None, &members);
        for chosen in [by_value, by_class] {
            assert_eq!(chosen.len(), MOST_COMPARED);
            assert!(chosen.contains(&3) && chosen.contains(&90) && chosen.is_sorted());
        }
    }
}
