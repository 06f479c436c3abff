use super::findings::{REACH, listed};
use crate::data::transforms::{DropMissing, Impute, Log, Transform, TukeyFences};
use crate::data::{Sampling, Source, Task};
use crate::experiment::Experiment;
use crate::losses::ClassWeights;

/// A change of an experiment that remedies a finding.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Leaves these columns out.
    Ignore(Vec<String>),
    /// Lets all classes count alike in the loss.
    BalanceClasses,
    /// Draws as many samples of each class.
    DrawClassesAlike,
    /// Predicts the target's values as classes.
    Classify,
    /// Fills missing numbers of these columns with the median.
    Fill(Vec<String>),
    /// Leaves out rows in which these columns have no value.
    DropRows(Vec<String>),
    /// Takes the logarithm of these columns.
    Log(Vec<String>),
    /// Brings values of these columns that are far out to where the others end.
    Clip(Vec<String>),
}

impl Change {
    /// The words on its button.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Ignore(names) if names.len() == 1 => "Ignore it",
            Self::Ignore(_) => "Ignore them",
            Self::BalanceClasses => "Weigh classes alike",
            Self::DrawClassesAlike => "Draw classes alike",
            Self::Classify => "Predict classes",
            Self::Fill(_) => "Fill with the median",
            Self::DropRows(_) => "Leave such rows out",
            Self::Log(_) => "Take the logarithm",
            Self::Clip(_) => "Clip",
        }
    }

    /// What it does, in a sentence.
    pub fn help(&self) -> String {
        match self {
            Self::Ignore(names) => {
                format!("Leaves {} out of the features; the file stays as it is.", listed(names))
            }
            Self::BalanceClasses => "Sets the class weights to balanced: in the loss every class \
                                     counts the same, however many rows it has."
                .to_owned(),
            Self::DrawClassesAlike => "Draws the samples of an epoch so that every class comes up \
                                       equally often; rows of rare classes are repeated."
                .to_owned(),
            Self::Classify => {
                "Treats every distinct value of the target as a class of its own.".to_owned()
            }
            Self::Fill(names) => format!(
                "Adds to the preprocessing: missing values of {} become the median of the training \
                 part, and a feature says where they were missing.",
                listed(names)
            ),
            Self::DropRows(names) => format!(
                "Adds to the preprocessing: rows without a value in {} are left out.",
                listed(names)
            ),
            Self::Log(names) => {
                format!("Adds to the preprocessing: the logarithm of {}.", listed(names))
            }
            Self::Clip(names) => format!(
                "Adds to the preprocessing: values of {} beyond three interquartile ranges of the \
                 training part are brought to that bound.",
                listed(names)
            ),
        }
    }

    /// What it has done, in a sentence.
    pub fn done(&self) -> String {
        match self {
            Self::Ignore(names) if names.len() == 1 => {
                format!("{} is no feature any more.", listed(names))
            }
            Self::Ignore(names) => format!("{} are no features any more.", listed(names)),
            Self::BalanceClasses => "Every class counts the same in the loss now.".to_owned(),
            Self::DrawClassesAlike => {
                "Samples of every class are drawn equally often now.".to_owned()
            }
            Self::Classify => "Every value of the target is a class now.".to_owned(),
            Self::Fill(names) => format!(
                "Missing values of {} become the median now, with a feature that says where.",
                listed(names)
            ),
            Self::DropRows(names) => {
                format!("Rows without a value in {} are left out now.", listed(names))
            }
            Self::Log(names) => format!("The logarithm is taken of {} now.", listed(names)),
            Self::Clip(names) => {
                format!("Values of {} that are far out are clipped now.", listed(names))
            }
        }
    }

    /// The experiment with the change; `None` where it has nothing of the kind to change.
    pub fn apply(&self, experiment: &Experiment) -> Option<Experiment> {
        let mut changed = experiment.clone();
        match self {
            Self::Ignore(names) => {
                let Source::Csv(csv) = &mut changed.data else { return None };
                let fresh = names.iter().filter(|name| !csv.ignore.contains(name));
                let fresh: Vec<String> = fresh.cloned().collect();
                csv.ignore.extend(fresh);
            }
            Self::BalanceClasses => changed.class_weights = ClassWeights::Balanced,
            Self::DrawClassesAlike => changed.sampling = Sampling::named("ClassBalanced")?,
            Self::Classify => {
                let Source::Csv(csv) = &mut changed.data else { return None };
                csv.task = Task::Classification;
            }
            Self::Fill(names) => {
                let fill = Impute { columns: names.clone(), indicator: true, ..Impute::default() };
                insert(&mut changed.preprocessing, Transform::Impute(fill));
            }
            Self::DropRows(names) => {
                let drop = DropMissing { columns: names.clone() };
                insert(&mut changed.preprocessing, Transform::DropMissing(drop));
            }
            Self::Log(names) => {
                let log = Log { columns: names.clone() };
                insert(&mut changed.preprocessing, Transform::Log(log));
            }
            Self::Clip(names) => {
                let clip = TukeyFences { columns: names.clone(), reach: REACH };
                insert(&mut changed.preprocessing, Transform::TukeyFences(clip));
            }
        }
        Some(changed)
    }
}

/// Adds a transform behind those that choose columns and rows, before those that scale.
fn insert(transforms: &mut Vec<Transform>, transform: Transform) {
    let chooses = |other: &Transform| {
        matches!(other.name(), "KeepColumns" | "DropColumns" | "DropMissing" | "Impute")
    };
    let place = transforms.iter().position(|other| !chooses(other)).unwrap_or(transforms.len());
    transforms.insert(place, transform);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::CsvSource;

    #[test]
    fn every_change_says_what_it_does_and_what_it_did_and_does_it() {
        let names = || vec!["a".to_owned(), "b".to_owned()];
        let changes = [
            Change::Ignore(vec!["a".to_owned()]),
            Change::Ignore(names()),
            Change::BalanceClasses,
            Change::DrawClassesAlike,
            Change::Classify,
            Change::Fill(names()),
            Change::DropRows(names()),
            Change::Log(names()),
            Change::Clip(names()),
        ];
        let before =
            Experiment { data: Source::Csv(CsvSource::default()), ..Experiment::default() };
        for change in changes {
            let after = change.apply(&before).expect("a file can be changed in every way");
            assert_ne!(after, before, "{change:?}");
            assert!(!change.label().is_empty());
            for sentence in [change.help(), change.done()] {
                assert!(sentence.ends_with('.') && sentence.len() > 20, "{sentence}");
            }
        }
    }
}
