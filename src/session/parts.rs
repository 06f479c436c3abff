//! Editing a study as a value: the base, and variations that state what differs.

use crate::experiment::{Experiment, Study, Variation};

/// Declares what is done for each part of an experiment, by the part's name.
macro_rules! for_each_part {
    ($($part:ident)*) => {
        /// The names of the parts in which two experiments differ.
        pub(super) fn differences(a: &Experiment, b: &Experiment) -> Vec<&'static str> {
            let mut names = Vec::new();
            $(if a.$part != b.$part { names.push(stringify!($part)); })*
            names
        }

        /// Copies one part; an unknown name changes nothing.
        pub(super) fn copy_part(part: &str, from: &Experiment, to: &mut Experiment) {
            match part {
                $(stringify!($part) => to.$part = from.$part.clone(),)*
                _ => {}
            }
        }

        /// Makes a variation not state a part.
        pub(super) fn unstate(variation: &mut Variation, part: &str) {
            match part {
                $(stringify!($part) => variation.$part = None,)*
                _ => {}
            }
        }
    };
}
for_each_part! {
    data split scaling model initialization loss class_weights penalty optimizer schedule then
    schedule_per warmup batch shuffle sampling accumulate images augmentation clip gradient_noise averaging
    starts budget stopping precision evaluate_every record_every
}

/// Writes the lone experiment of a study without variations as a variation.
fn spell_out(study: &mut Study) {
    if study.compare.is_empty() {
        let label = if study.title.is_empty() { "Experiment 1" } else { &study.title };
        study.compare.push(Variation { label: label.to_owned(), ..Variation::default() });
    }
}

/// Changes the settings of an experiment.
pub(super) fn set_experiment(study: &mut Study, index: usize, experiment: &Experiment) {
    if study.compare.is_empty() {
        study.base = experiment.clone();
    } else if let Some(variation) = study.compare.get_mut(index) {
        let color = std::mem::take(&mut variation.color);
        let label = std::mem::take(&mut variation.label);
        *variation = Variation { color, ..Variation::between(label, &study.base, experiment) };
    }
}

/// Changes the base; variations lose what they state themselves of the changed parts.
pub(super) fn set_base(study: &mut Study, base: &Experiment) {
    for part in differences(&study.base, base) {
        for variation in &mut study.compare {
            unstate(variation, part);
        }
    }
    study.base = base.clone();
}

/// Adds an experiment at `index`.
pub(super) fn insert(study: &mut Study, index: usize, label: &str, experiment: &Experiment) {
    spell_out(study);
    let label = free_label(study, label);
    let variation = Variation::between(label, &study.base, experiment);
    study.compare.insert(index.min(study.compare.len()), variation);
}

/// Removes an experiment; the last one stays.
pub(super) fn delete(study: &mut Study, index: usize) -> bool {
    let exists = study.compare.len() > 1 && index < study.compare.len();
    if exists {
        study.compare.remove(index);
    }
    exists
}

/// The variation at `index`, to be recoloured.
pub(super) fn variation(study: &mut Study, index: usize) -> Option<&mut Variation> {
    spell_out(study);
    study.compare.get_mut(index)
}

/// Names an experiment; `label 2`, ... where another has that name.
pub(super) fn rename(study: &mut Study, index: usize, label: &str) {
    spell_out(study);
    let Some(own) = study.compare.get_mut(index) else { return };
    own.label.clear();
    study.compare[index].label = free_label(study, label);
}

/// `label`, or `label 2`, ... where it is taken.
fn free_label(study: &Study, label: &str) -> String {
    let is_taken = |name: &str| study.compare.iter().any(|other| other.label == name);
    if !is_taken(label) {
        return label.to_owned();
    }
    let stem = label.trim_end_matches(|letter: char| letter.is_ascii_digit()).trim_end();
    let stem = if stem.is_empty() { label } else { stem };
    (2..).map(|n| format!("{stem} {n}")).find(|name| !is_taken(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::batches::Batch;
    use crate::settings::Span;

    fn study() -> Study {
        let compare = vec![
            Variation { label: "a".into(), ..Variation::default() },
            Variation { label: "b".into(), batch: Some(Batch::Full), ..Variation::default() },
        ];
        Study { compare, ..Study::default() }
    }

    #[test]
    fn every_part_of_an_experiment_is_known() {
        let base = Experiment::default();
        let mut other = base.clone();
        other.batch = Batch::Full;
        other.budget = Span::Steps(7);
        assert_eq!(differences(&base, &other), ["batch", "budget"]);
        let mut copy = base.clone();
        for part in Variation::PARTS {
            copy_part(part, &other, &mut copy);
        }
        assert_eq!(copy, other);
        // The list of parts here is that of the experiment.
        let known =
            ["data", "split", "scaling", "model", "initialization", "loss", "class_weights"];
        assert!(Variation::PARTS.starts_with(&known));
        assert_eq!(Variation::PARTS.len(), 28);
    }

    #[test]
    fn an_edit_states_only_what_differs_and_keeps_the_color() {
        let mut study = study();
        study.compare[0].color = "#123456".into();
        let mut experiment = study.base.clone();
        experiment.shuffle = false;
        set_experiment(&mut study, 0, &experiment);
        assert_eq!(study.compare[0].stated(), ["shuffle"]);
        assert_eq!(study.compare[0].color, "#123456");
        assert_eq!(study.experiments()[0], ("a".to_owned(), experiment));
    }

    #[test]
    fn an_edit_of_the_base_reaches_every_experiment() {
        let mut study = study();
        let mut base = study.base.clone();
        base.batch = Batch::Mini(5);
        set_base(&mut study, &base);
        assert!(
            study.experiments().iter().all(|(_, experiment)| experiment.batch == Batch::Mini(5))
        );
    }

    #[test]
    fn a_lone_base_becomes_a_variation_once_there_is_another() {
        let mut study = Study { title: "Lone".into(), ..Study::default() };
        let experiment = study.base.clone();
        insert(&mut study, 1, "Lone", &experiment);
        let labels: Vec<_> = study.compare.iter().map(|other| other.label.as_str()).collect();
        assert_eq!(labels, ["Lone", "Lone 2"]);
        assert!(delete(&mut study, 0));
        assert!(!delete(&mut study, 0), "one experiment always stays");
    }
}
