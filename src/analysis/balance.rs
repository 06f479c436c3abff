use super::members::{PARTS, samples};
use super::{Histogram, Members};
use crate::data::{Cells, DataError, Prepared, Samples, Table, TargetColumn};

/// Bins of the histograms of a numeric target.
const N_BINS: usize = 40;
/// From this ratio of the commonest to the rarest class on, the imbalance is worth a remark.
const WORTH_A_REMARK: f64 = 3.0;

/// How the target is distributed in each part of the data.
#[derive(Clone, Debug, PartialEq)]
pub enum Balance {
    /// How often each class occurs: `counts[class][part]`.
    Classes(Vec<[u32; 3]>),
    /// A numeric target, in its own units.
    Numbers {
        /// Counts by bin and part.
        histogram: Histogram,
        /// What each part is on average; `None` for an empty one.
        summary: [Option<Average>; 3],
    },
}

/// Number, mean and standard deviation (of the population) of some values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Average {
    /// How many there are.
    pub n: usize,
    /// Their mean.
    pub mean: f64,
    /// Their standard deviation.
    pub std: f64,
}

impl Average {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Option<Self> {
        let finite = values.filter(|value| value.is_finite());
        let n = finite.clone().count();
        let mean = finite.clone().sum::<f64>() / n as f64;
        let variance = finite.map(|value| (value - mean) * (value - mean)).sum::<f64>() / n as f64;
        (n > 0).then(|| Self { n, mean, std: variance.sqrt() })
    }
}

impl Balance {
    /// The balance of the target, the column `target` of the table; `None` where a temporary file with the
    /// targets can no longer be read.
    pub fn of(data: &Prepared, members: &Members, table: &Table, target: usize) -> Option<Self> {
        if data.is_classification() {
            let mut counts = vec![[0; 3]; data.class_names.len()];
            for (part, samples) in samples(data).into_iter().enumerate() {
                let TargetColumn::Classes(classes) = &samples.targets else { continue };
                let count = |classes: &[u32]| {
                    for class in classes {
                        if let Some(count) = counts.get_mut(*class as usize) {
                            count[part] += 1;
                        }
                    }
                };
                classes.for_each_rows(count).ok()?;
            }
            return Some(Self::Classes(counts));
        }
        let last = samples(data).iter().filter_map(|samples| samples.rows.highest()).max();
        if last.is_some_and(|last| last >= table.n_rows()) {
            return Self::of_scaled(data).ok();
        }
        let Cells::Numeric(values) = &table.columns.get(target)?.cells else { return None };
        let part = |row: usize| members.parts.get(row).map_or(PARTS.len(), |part| *part as usize);
        let histogram = Histogram::new(values, N_BINS, PARTS.len(), part);
        let summary = samples(data).map(|samples| {
            Average::of(samples.rows.iter().filter_map(|row| values.get(row).copied()))
        });
        Some(Self::Numbers { histogram, summary })
    }

    /// The balance of a numeric target of which the table at hand has the first rows only: by the samples,
    /// some at a time.
    fn of_scaled(data: &Prepared) -> Result<Self, DataError> {
        let (shift, scale) = data.target_scaling;
        let for_each = |samples: &Samples, look: &mut dyn FnMut(f64)| match &samples.targets {
            TargetColumn::Numbers(values) => values.for_each_rows(|values| {
                let values = values.iter().map(|y| y * scale + shift);
                values.filter(|value| value.is_finite()).for_each(&mut *look);
            }),
            TargetColumn::Classes(_) => Ok(()),
        };
        let mut range = [f64::INFINITY, f64::NEG_INFINITY];
        let mut summary = [None; 3];
        for (samples, summary) in samples(data).into_iter().zip(&mut summary) {
            let (mut n, mut sum) = (0, 0.0);
            for_each(samples, &mut |value| {
                range = [range[0].min(value), range[1].max(value)];
                (n, sum) = (n + 1, sum + value);
            })?;
            *summary = (n > 0).then(|| Average { n, mean: sum / n as f64, std: 0.0 });
        }
        let mut histogram = Histogram::empty(range, N_BINS, PARTS.len());
        for (part, (samples, summary)) in samples(data).into_iter().zip(&mut summary).enumerate() {
            let Some(Average { n, mean, std }) = summary else { continue };
            let mut squares = 0.0;
            for_each(samples, &mut |value| {
                squares += (value - *mean) * (value - *mean);
                histogram.add(value, part);
            })?;
            *std = (squares / *n as f64).sqrt();
        }
        Ok(Self::Numbers { histogram, summary })
    }

    /// What is to be pointed out: how unequal the classes of the training part are, or which are
    /// not in it at all.
    pub fn remark(&self, class_names: &[String]) -> Option<String> {
        let Self::Classes(counts) = self else { return None };
        let name = |class: usize| class_names.get(class).map_or("", String::as_str);
        let absent: Vec<&str> =
            (0..counts.len()).filter(|class| counts[*class][0] == 0).map(name).collect();
        match absent.as_slice() {
            [] => {}
            [one] => return Some(format!("No training sample is of the class {one}.")),
            more => {
                let list = more.iter().take(5).copied().collect::<Vec<_>>().join(", ");
                let dots = if more.len() > 5 { ", …" } else { "" };
                let n = more.len();
                return Some(format!("No training sample is of {n} classes: {list}{dots}."));
            }
        }
        let in_training = |class: &usize| counts[*class][0];
        let rarest = (0..counts.len()).min_by_key(in_training)?;
        let commonest = (0..counts.len()).rev().max_by_key(in_training)?;
        let ratio = f64::from(in_training(&commonest)) / f64::from(in_training(&rarest));
        (ratio >= WORTH_A_REMARK).then(|| {
            let ratio = super::format_value(ratio, 2);
            format!(
                "Unbalanced: {} occurs {ratio} times as often as {} in the training part. A loss \
                 with class weights, or class-balanced sampling, makes up for it; accuracy alone \
                 will look better than it is.",
                name(commonest),
                name(rarest)
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::prepare::load;
    use crate::data::{Scaling, Source, Split, prepare};

    /// A table with its first rows only gives the same as one with all.
    #[test]
    fn samples_say_what_rows_in_a_file_do_not() {
        let wine = Source::Bundled("wine".to_owned());
        let mut loaded = (*load(&wine, std::path::Path::new(".")).unwrap()).clone();
        loaded.target = loaded.table.columns.iter().position(|c| c.name == "alcohol").unwrap();
        let source = Source::Csv(crate::data::CsvSource::default());
        let split = Split::of(0.5, 0.3, 0.2, false);
        let data = prepare(&loaded, &source, &split, Scaling::Standardize, 1).unwrap();
        let members = Members::of(&data, loaded.table.n_rows());
        let whole = Balance::of(&data, &members, &loaded.table, loaded.target).unwrap();
        let n_samples = samples(&data).map(Samples::n_samples);
        let Balance::Numbers { summary: expected, .. } = whole else { panic!("numbers") };
        let Balance::Numbers { summary, histogram } = Balance::of_scaled(&data).unwrap() else {
            panic!("numbers")
        };
        for (found, expected) in summary.iter().flatten().zip(expected.iter().flatten()) {
            assert_eq!(found.n, expected.n);
            assert!((found.mean - expected.mean).abs() < 1e-12);
            assert!((found.std - expected.std).abs() < 1e-12);
        }
        let counted = histogram
            .counts
            .iter()
            .fold([0; 3], |sum, bin| std::array::from_fn(|part| sum[part] + bin[part] as usize));
        assert_eq!(counted, n_samples);
    }

    fn of_bundled(name: &str) -> (Prepared, Balance) {
        let source = Source::Bundled(name.to_owned());
        let loaded = load(&source, std::path::Path::new(".")).unwrap();
        let split = Split::default();
        let data = prepare(&loaded, &source, &split, Scaling::Standardize, 1).unwrap();
        let members = Members::of(&data, loaded.table.n_rows());
        let balance = Balance::of(&data, &members, &loaded.table, loaded.target).unwrap();
        (data, balance)
    }

    #[test]
    fn classes_are_counted_in_each_part() {
        let (data, balance) = of_bundled("iris");
        assert_eq!(balance, Balance::Classes(vec![[35, 8, 7], [35, 8, 7], [35, 7, 8]]));
        assert_eq!(balance.remark(&data.class_names), None);
    }

    #[test]
    fn a_numeric_target_keeps_its_units() {
        let (data, balance) = of_bundled("penguins");
        let Balance::Numbers { histogram, summary } = balance else { panic!("numbers") };
        assert_eq!(histogram.range, [2700.0, 6300.0]);
        let n: u32 = histogram.counts.iter().flatten().sum();
        assert_eq!(n as usize, 342);
        let train = summary[0].unwrap();
        assert_eq!(train.n, data.train.n_samples());
        // The scaling of the target was fitted on the same values.
        assert!((train.mean - data.target_scaling.0).abs() < 1e-9);
        assert!((train.std - data.target_scaling.1).abs() < 1e-9);
    }

    #[test]
    fn imbalance_is_pointed_out_with_its_ratio() {
        let names = ["healthy".to_owned(), "ill".to_owned()];
        let remark = |counts: [[u32; 3]; 2]| Balance::Classes(counts.to_vec()).remark(&names);
        assert_eq!(remark([[29, 0, 0], [10, 0, 0]]), None);
        let text = remark([[130, 1, 1], [10, 1, 1]]).unwrap();
        assert!(text.starts_with("Unbalanced: healthy occurs 13 times as often as ill"), "{text}");
        let absent = remark([[5, 1, 1], [0, 1, 1]]).unwrap();
        assert_eq!(absent, "No training sample is of the class ill.");
    }
}
