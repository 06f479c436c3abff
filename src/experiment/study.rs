use serde::{Deserialize, Serialize};

use super::{Experiment, Variation};
use crate::data::Source;

/// One file, one window: experiments to be compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// The version of the file's format.
    pub format: u32,
    /// The title on screen.
    #[serde(default)]
    pub title: String,
    /// What this study shows, for the person who opens it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// What the experiments have in common.
    #[serde(default)]
    pub base: Experiment,
    /// The experiments; where empty, the base alone is one.
    #[serde(default)]
    pub compare: Vec<Variation>,
    /// Each experiment is run once with each seed.
    #[serde(default = "first_seed")]
    pub seeds: Vec<u64>,
}

fn first_seed() -> Vec<u64> {
    vec![1]
}

impl Study {
    /// The format that this version of the program writes.
    pub const FORMAT: u32 = 1;

    /// The experiments with their labels, in order.
    pub fn experiments(&self) -> Vec<(String, Experiment)> {
        if self.compare.is_empty() {
            let label = match self.title.trim() {
                "" => "experiment",
                title => title,
            };
            return vec![(label.to_owned(), self.base.clone())];
        }
        self.compare
            .iter()
            .map(|variation| (variation.label.clone(), variation.applied_to(&self.base)))
            .collect()
    }

    /// States another source wherever `old` is stated.
    pub fn replace_source(&mut self, old: &Source, new: &Source) {
        let stated = self.compare.iter_mut().filter_map(|variation| variation.data.as_mut());
        std::iter::once(&mut self.base.data)
            .chain(stated)
            .filter(|source| *source == old)
            .for_each(|source| *source = new.clone());
    }
}

impl Default for Study {
    fn default() -> Self {
        Self {
            format: Self::FORMAT,
            title: String::new(),
            notes: String::new(),
            base: Experiment::default(),
            compare: Vec::new(),
            seeds: first_seed(),
        }
    }
}
