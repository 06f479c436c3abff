//! What is to be predicted.

use super::{DataError, Scaling, TargetColumn, Task, counted};
use crate::data::features::scale;
use crate::data::{Cells, Column};

/// Most classes a target may have.
const MOST_CLASSES: usize = 1000;
/// A numeric target with up to so many distinct whole numbers may be meant as classes.
const FEW_WHOLE_NUMBERS: usize = 20;

/// The target of the rows that have one.
pub(super) struct Target {
    /// Rows of the table that have a target.
    pub(super) rows: Vec<usize>,
    pub(super) class_names: Vec<String>,
    values: TargetColumn,
    name: String,
}

impl Target {
    pub(super) fn of(
        column: &Column,
        task: Task,
        notes: &mut Vec<String>,
    ) -> Result<Self, DataError> {
        let name = column.name.clone();
        let n_missing = column.n_missing();
        if n_missing == column.n_rows() {
            return Err(DataError::new(format!(
                "the target `{name}` is missing in all rows; choose another column"
            )));
        }
        if n_missing > 0 {
            let rows = counted(n_missing, "row", "rows");
            notes.push(format!("{rows} left out because the target `{name}` is missing"));
        }
        match (&column.cells, task) {
            (Cells::Numeric(values), Task::Classification) => Self::of_distinct(values, name),
            (Cells::Numeric(values), _) => {
                let rows: Vec<usize> =
                    (0..values.len()).filter(|row| !values[*row].is_nan()).collect();
                let values: Vec<f64> = rows.iter().map(|row| values[*row]).collect();
                if task == Task::Auto {
                    remark_on_few(&values, &name, notes);
                }
                let values = TargetColumn::Numbers(values.into());
                Ok(Self { rows, class_names: Vec::new(), values, name })
            }
            (Cells::Nominal { .. }, Task::Regression) => Err(DataError::new(format!(
                "the target `{name}` is not numeric, so there is no regression on it; choose another column or the task Classification"
            ))),
            (Cells::Nominal { levels, codes }, _) => Self::of_levels(levels, codes, name),
        }
    }

    /// Classes from the distinct numbers, in ascending order.
    fn of_distinct(values: &[f64], name: String) -> Result<Self, DataError> {
        let plain = |value: f64| value + 0.0; // −0 is 0
        let rows: Vec<usize> = (0..values.len()).filter(|row| !values[*row].is_nan()).collect();
        let mut distinct: Vec<f64> = rows.iter().map(|row| plain(values[*row])).collect();
        distinct.sort_by(f64::total_cmp);
        distinct.dedup();
        check_classes(distinct.len(), || distinct[0].to_string(), &name)?;
        let class =
            |row: &usize| distinct.partition_point(|value| *value < plain(values[*row])) as u32;
        let values = TargetColumn::Classes(rows.iter().map(class).collect());
        let class_names = distinct.iter().map(f64::to_string).collect();
        Ok(Self { rows, class_names, values, name })
    }

    /// Classes from the levels, in alphabetical order.
    fn of_levels(
        levels: &[String],
        codes: &[Option<u32>],
        name: String,
    ) -> Result<Self, DataError> {
        check_classes(levels.len(), || levels[0].clone(), &name)?;
        let mut order: Vec<usize> = (0..levels.len()).collect();
        order.sort_by(|a, b| levels[*a].cmp(&levels[*b]));
        let mut class_of_code = vec![0u32; levels.len()];
        order.iter().zip(0..).for_each(|(code, class)| class_of_code[*code] = class);
        let present = codes.iter().enumerate().filter_map(|(row, code)| Some((row, (*code)?)));
        let (rows, classes): (_, Vec<u32>) =
            present.map(|(row, code)| (row, class_of_code[code as usize])).unzip();
        let class_names = order.iter().map(|code| levels[*code].clone()).collect();
        Ok(Self { rows, class_names, values: TargetColumn::Classes(classes.into()), name })
    }

    /// Leaves out all rows but these, which are some of its own in the same order.
    pub(super) fn keep(&mut self, rows: Vec<usize>) {
        let mut kept = rows.iter().peekable();
        let mut is_kept = self.rows.iter().map(|row| kept.next_if_eq(&row).is_some());
        match &mut self.values {
            TargetColumn::Numbers(values) => {
                let kept = values.iter().copied().filter(|_| is_kept.next() == Some(true));
                *values = kept.collect();
            }
            TargetColumn::Classes(classes) => {
                let kept = classes.iter().copied().filter(|_| is_kept.next() == Some(true));
                *classes = kept.collect();
            }
        }
        self.rows = rows;
    }

    /// The class of each sample; empty for regression.
    pub(super) fn classes(&self) -> &[u32] {
        match &self.values {
            TargetColumn::Classes(classes) => classes,
            TargetColumn::Numbers(_) => &[],
        }
    }

    /// The number to be predicted of each sample, unscaled; empty for classification.
    pub(super) fn numbers(&self) -> &[f64] {
        match &self.values {
            TargetColumn::Classes(_) => &[],
            TargetColumn::Numbers(values) => values,
        }
    }

    /// Notes classes that cannot be learnt because none of their samples is trained on.
    pub(super) fn check_parts(&self, parts: &[Vec<usize>; 3], notes: &mut Vec<String>) {
        let classes = self.classes();
        if classes.is_empty() {
            return;
        }
        let mut trained = vec![false; self.class_names.len()];
        parts[0].iter().for_each(|sample| trained[classes[*sample] as usize] = true);
        for (name, trained) in self.class_names.iter().zip(trained) {
            if !trained {
                notes.push(format!("class `{name}` has no sample in the training part"));
            }
        }
    }

    /// The targets of the parts, numbers scaled as fitted to the first, with `(shift, scale)`; `(0, 1)`
    /// for classes. They are taken out, so that they are not in memory twice.
    pub(super) fn divide(
        &mut self,
        parts: &[Vec<usize>; 3],
        scaling: Scaling,
    ) -> Result<([TargetColumn; 3], (f64, f64)), DataError> {
        match std::mem::take(&mut self.values) {
            TargetColumn::Classes(classes) => {
                let taken =
                    |part: &Vec<usize>| part.iter().map(|sample| classes[*sample]).collect();
                Ok((parts.each_ref().map(|part| TargetColumn::Classes(taken(part))), (0.0, 1.0)))
            }
            TargetColumn::Numbers(values) => {
                let taken = |part: &Vec<usize>| part.iter().map(|sample| values[*sample]).collect();
                let mut taken: [Vec<f64>; 3] = parts.each_ref().map(taken);
                drop(values);
                let (shift, scale) = scale::fit(&taken[0], scaling, &self.name)?;
                for value in taken.iter_mut().flatten() {
                    *value = (*value - shift) / scale;
                }
                Ok((taken.map(|values| TargetColumn::Numbers(values.into())), (shift, scale)))
            }
        }
    }
}

fn check_classes(n: usize, first: impl Fn() -> String, name: &str) -> Result<(), DataError> {
    if n == 1 {
        return Err(DataError::new(format!(
            "the target `{name}` has one class only, `{}`; two or more are needed to learn a difference",
            first()
        )));
    }
    if n > MOST_CLASSES {
        return Err(DataError::new(format!(
            "the target `{name}` has {n} distinct values; up to {MOST_CLASSES} classes are possible (is it a number to be predicted by regression, or a text?)"
        )));
    }
    Ok(())
}

fn remark_on_few(values: &[f64], name: &str, notes: &mut Vec<String>) {
    if values.iter().any(|value| value.floor() != *value) {
        return;
    }
    let mut distinct: Vec<f64> = Vec::new();
    for value in values {
        if !distinct.contains(value) {
            distinct.push(*value);
        }
        if distinct.len() > FEW_WHOLE_NUMBERS {
            return;
        }
    }
    if values.len() >= 3 * distinct.len() {
        notes.push(format!(
            "the target `{name}` has only {} and is predicted as a number; the task Classification would make classes of them",
            counted(distinct.len(), "distinct whole number", "distinct whole numbers")
        ));
    }
}
