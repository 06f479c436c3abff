//! What is to be predicted.

use super::{DataError, Loaded, Progress, Scaling, TargetColumn, Task, counted};
use crate::data::features::scale::{self, Extent};
use crate::data::store::{Values, ValuesWriter};
use crate::data::{Cells, Column, RowSet};
use crate::math::Number;

/// Most classes a target may have.
pub(in crate::data) const MOST_CLASSES: usize = 1000;
/// Distinct values that are told apart, to say how many there are.
const MOST_COUNTED: usize = 10_000;
/// Numbers that are chosen from at once.
const AT_ONCE: usize = 1 << 14;
/// A numeric target with up to so many distinct whole numbers may be meant as classes.
const FEW_WHOLE_NUMBERS: usize = 20;

/// The target of the rows that have one.
pub(super) struct Target {
    /// Rows of the table that have a target.
    pub(super) rows: RowSet,
    pub(super) class_names: Vec<String>,
    values: TargetColumn,
    name: String,
    /// Bytes that may be in memory, where the targets go to files.
    memory: Option<u64>,
}

/// What the target is read with.
#[derive(Clone, Copy)]
struct Reading<'a> {
    loaded: &'a Loaded,
    name: &'a str,
    memory: Option<u64>,
    progress: &'a Progress,
}

impl Target {
    /// The target of what was loaded; in files where `memory` states how many bytes may be in memory.
    pub(super) fn of(
        loaded: &Loaded,
        task: Task,
        memory: Option<u64>,
        progress: &Progress,
        notes: &mut Vec<String>,
    ) -> Result<Self, DataError> {
        let Column { name, cells } = &loaded.table.columns[loaded.target];
        let reading = Reading { loaded, name, memory, progress };
        match (cells, task) {
            (Cells::Numeric(_), Task::Classification) => reading.distinct_numbers(notes),
            (Cells::Numeric(_), _) => reading.numbers(task, notes),
            (Cells::Nominal { .. }, Task::Regression) => {
                reading.rows(notes)?;
                Err(DataError::new(format!(
                    "the target `{name}` is not numeric, so there is no regression on it; choose another column or the task Classification"
                )))
            }
            (Cells::Nominal { levels, .. }, _) => reading.levels(levels, notes),
        }
    }

    /// Leaves out all rows but these, which are some of its own.
    pub(super) fn keep(&mut self, rows: RowSet) -> Result<(), DataError> {
        let mut own = self.rows.iter();
        let mut is_kept = || own.next().is_some_and(|row| rows.contains(row));
        let memory = self.memory;
        self.values = match &self.values {
            TargetColumn::Numbers(values) => {
                TargetColumn::Numbers(some(values, rows.len(), memory, |_| is_kept())?)
            }
            TargetColumn::Classes(classes) => {
                TargetColumn::Classes(some(classes, rows.len(), memory, |_| is_kept())?)
            }
        };
        self.rows = rows;
        Ok(())
    }

    /// The class of each sample, in classification.
    pub(super) fn classes(&self) -> Option<&Values<u32>> {
        match &self.values {
            TargetColumn::Classes(classes) => Some(classes),
            TargetColumn::Numbers(_) => None,
        }
    }

    /// The number to be predicted of each sample, unscaled, in regression.
    pub(super) fn numbers(&self) -> Option<&Values> {
        match &self.values {
            TargetColumn::Classes(_) => None,
            TargetColumn::Numbers(values) => Some(values),
        }
    }

    /// How many samples of each class each part has; `None` for regression.
    pub(super) fn counts(&self, parts: &[RowSet; 3]) -> Result<Option<[Vec<usize>; 3]>, DataError> {
        let Some(classes) = self.classes() else { return Ok(None) };
        let mut counts = [(); 3].map(|()| vec![0; self.class_names.len()]);
        let mut sample = 0;
        classes.for_each_rows(|classes| {
            for class in classes {
                if let Some(part) = parts.iter().position(|part| part.contains(sample)) {
                    counts[part][*class as usize] += 1;
                }
                sample += 1;
            }
        })?;
        Ok(Some(counts))
    }

    /// Notes classes that cannot be learnt because none of their samples is trained on.
    pub(super) fn check_parts(&self, [trained, ..]: &[Vec<usize>; 3], notes: &mut Vec<String>) {
        for (name, n_trained) in self.class_names.iter().zip(trained) {
            if *n_trained == 0 {
                notes.push(format!("class `{name}` has no sample in the training part"));
            }
        }
    }

    /// The targets of the parts, numbers scaled as fitted to the first, with `(shift, scale)`; `(0, 1)`
    /// for classes. They are taken out, so that they are not there twice.
    pub(super) fn divide(
        &mut self,
        parts: &[RowSet; 3],
        scaling: Scaling,
    ) -> Result<([TargetColumn; 3], (f64, f64)), DataError> {
        let memory = self.memory;
        match std::mem::take(&mut self.values) {
            TargetColumn::Classes(classes) => {
                let [train, validation, test] = parts
                    .each_ref()
                    .map(|part| some(&classes, part.len(), memory, |sample| part.contains(sample)));
                Ok(([train?, validation?, test?].map(TargetColumn::Classes), (0.0, 1.0)))
            }
            TargetColumn::Numbers(values) => {
                let [train, validation, test] = parts
                    .each_ref()
                    .map(|part| some(&values, part.len(), memory, |sample| part.contains(sample)));
                drop(values);
                let parts = [train?, validation?, test?];
                let mut extent = Extent::default();
                parts[0].for_each_rows(|values| extent.add(values))?;
                let (shift, scale) = scale::fit(&extent, scaling, &self.name, |look| {
                    parts[0].for_each_rows(|values| look(values))
                })?;
                let [train, validation, test] =
                    parts.map(|part| part.map(memory, |value| (value - shift) / scale));
                let parts = [train?, validation?, test?];
                Ok((parts.map(TargetColumn::Numbers), (shift, scale)))
            }
        }
    }
}

impl Reading<'_> {
    /// Shows the rows that have a target: their cells, and which places of these.
    fn for_each(
        &self,
        rows: &RowSet,
        mut look: impl FnMut(&Cells, &[usize]) -> Result<(), DataError>,
    ) -> Result<(), DataError> {
        let target = self.loaded.target;
        self.loaded.for_each_chosen(&[self.name], rows, self.progress, |table, places, _| {
            look(&table.columns[target].cells, places)
        })
    }

    /// The rows that have a target; what is left out is noted.
    fn rows(&self, notes: &mut Vec<String>) -> Result<RowSet, DataError> {
        let Self { loaded, name, .. } = *self;
        let mut rows = RowSet::new();
        loaded.for_each_rows(&[name], self.progress, |table, block| {
            match &table.columns[loaded.target].cells {
                Cells::Numeric(values) => {
                    let known = block.zip(values).filter(|(_, value)| !value.is_nan());
                    known.for_each(|(row, _)| rows.push(row));
                }
                Cells::Nominal { codes, .. } => {
                    let known = block.zip(codes).filter(|(_, code)| code.is_some());
                    known.for_each(|(row, _)| rows.push(row));
                }
            }
            Ok(())
        })?;
        if rows.is_empty() {
            return Err(DataError::new(format!(
                "the target `{name}` is missing in all rows; choose another column"
            )));
        }
        if rows.len() < loaded.n_rows() {
            let n = counted(loaded.n_rows() - rows.len(), "row", "rows");
            notes.push(format!("{n} left out because the target `{name}` is missing"));
        }
        Ok(rows)
    }

    fn numbers(&self, task: Task, notes: &mut Vec<String>) -> Result<Target, DataError> {
        let rows = self.rows(notes)?;
        let mut writer = ValuesWriter::new(rows.len(), 1, self.memory)?;
        let mut few = Few::default();
        let mut some = Vec::new();
        self.for_each(&rows, |cells, places| {
            let Cells::Numeric(values) = cells else { return Ok(()) };
            some.clear();
            some.extend(places.iter().map(|place| values[*place]));
            few.add(&some);
            writer.append(&some)
        })?;
        if task == Task::Auto {
            few.remark(rows.len(), self.name, notes);
        }
        Ok(self.target(rows, Vec::new(), TargetColumn::Numbers(writer.finish())))
    }

    /// Classes from the distinct numbers, in ascending order.
    fn distinct_numbers(&self, notes: &mut Vec<String>) -> Result<Target, DataError> {
        let plain = |value: f64| value + 0.0; // −0 is 0
        let rows = self.rows(notes)?;
        let mut distinct: Vec<f64> = Vec::new();
        self.for_each(&rows, |cells, places| {
            let Cells::Numeric(values) = cells else { return Ok(()) };
            for value in places.iter().map(|place| plain(values[*place])) {
                if let Err(place) = distinct.binary_search_by(|known| known.total_cmp(&value))
                    && distinct.len() <= MOST_COUNTED
                {
                    distinct.insert(place, value);
                }
            }
            Ok(())
        })?;
        check_classes(distinct.len(), || distinct[0].to_string(), self.name)?;
        let class = |value: f64| distinct.partition_point(|known| *known < plain(value)) as u32;
        let class_names = distinct.iter().map(f64::to_string).collect();
        let classes = self.classes(&rows, |cells, place| match cells {
            Cells::Numeric(values) => class(values[place]),
            Cells::Nominal { .. } => 0,
        })?;
        Ok(self.target(rows, class_names, classes))
    }

    /// Classes from the levels, in alphabetical order.
    fn levels(&self, levels: &[String], notes: &mut Vec<String>) -> Result<Target, DataError> {
        let rows = self.rows(notes)?;
        check_classes(levels.len(), || levels[0].clone(), self.name)?;
        let mut order: Vec<usize> = (0..levels.len()).collect();
        order.sort_by(|a, b| levels[*a].cmp(&levels[*b]));
        let mut class_of_code = vec![0u32; levels.len()];
        order.iter().zip(0..).for_each(|(code, class)| class_of_code[*code] = class);
        let class_names = order.iter().map(|code| levels[*code].clone()).collect();
        let classes = self.classes(&rows, |cells, place| match cells {
            Cells::Nominal { codes, .. } => {
                codes[place].map_or(0, |code| class_of_code[code as usize])
            }
            Cells::Numeric(_) => 0,
        })?;
        Ok(self.target(rows, class_names, classes))
    }

    fn classes(
        &self,
        rows: &RowSet,
        class: impl Fn(&Cells, usize) -> u32,
    ) -> Result<TargetColumn, DataError> {
        let mut writer = ValuesWriter::new(rows.len(), 1, self.memory)?;
        let mut classes = Vec::new();
        self.for_each(rows, |cells, places| {
            classes.clear();
            classes.extend(places.iter().map(|place| class(cells, *place)));
            writer.append(&classes)
        })?;
        Ok(TargetColumn::Classes(writer.finish()))
    }

    fn target(&self, rows: RowSet, class_names: Vec<String>, values: TargetColumn) -> Target {
        Target { rows, class_names, values, name: self.name.to_owned(), memory: self.memory }
    }
}

/// Some of the numbers, `n` of them, by their places.
fn some<V: Number>(
    values: &Values<V>,
    n: usize,
    memory: Option<u64>,
    mut is_wanted: impl FnMut(usize) -> bool,
) -> Result<Values<V>, DataError> {
    let mut writer = ValuesWriter::new(n, 1, memory)?;
    let (mut wanted, mut place, mut result) = (Vec::new(), 0, Ok(()));
    values.for_each_rows(|values| {
        for values in values.chunks(AT_ONCE) {
            wanted.clear();
            wanted.extend((place..).zip(values).filter(|(at, _)| is_wanted(*at)).map(|(_, v)| *v));
            place += values.len();
            if result.is_ok() {
                result = writer.append(&wanted);
            }
        }
    })?;
    result.map(|()| writer.finish())
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
            "the target `{name}` has {} distinct values; up to {MOST_CLASSES} classes are possible (is it a number to be predicted by regression, or a text?)",
            if n > MOST_COUNTED { format!("more than {MOST_COUNTED}") } else { n.to_string() }
        )));
    }
    Ok(())
}

/// Whether a numeric target has few distinct values, all whole numbers.
#[derive(Default)]
struct Few {
    distinct: Vec<f64>,
    /// Whether a number is not whole, or there are too many.
    are_many: bool,
}

impl Few {
    fn add(&mut self, values: &[f64]) {
        for value in values {
            if self.are_many {
                return;
            }
            if !self.distinct.contains(value) {
                self.distinct.push(*value);
            }
            self.are_many = value.floor() != *value || self.distinct.len() > FEW_WHOLE_NUMBERS;
        }
    }

    fn remark(&self, n: usize, name: &str, notes: &mut Vec<String>) {
        if !self.are_many && n >= 3 * self.distinct.len() {
            notes.push(format!(
                "the target `{name}` has only {} and is predicted as a number; the task Classification would make classes of them",
                counted(self.distinct.len(), "distinct whole number", "distinct whole numbers")
            ));
        }
    }
}
