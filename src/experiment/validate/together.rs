//! What is wrong with parts of an experiment that are right taken alone.

use super::is_after;
use crate::data::Augment;
use crate::data::augmentation::Kind;
use crate::data::batches::Batch;
use crate::experiment::Experiment;
use crate::settings::SettingError;

impl Experiment {
    /// What is wrong with parts that are right taken alone.
    pub(super) fn problems_together(&self) -> impl Iterator<Item = SettingError> {
        let problems = [
            self.warmup_problem(),
            self.stages_problem(),
            self.sampling_problem(),
            self.batch_problem(),
            self.mixing_problem(),
            self.search_problem(),
        ];
        problems.into_iter().flatten()
    }

    /// Where warm-up and budget are in the same unit they can be compared before the data is known.
    fn warmup_problem(&self) -> Option<SettingError> {
        let too_long = is_after(self.warmup, self.budget);
        let expected = format!("no longer than the budget of {}", self.budget);
        too_long.then(|| SettingError::new("warmup", self.warmup, expected))
    }

    /// Stages that begin before the warm-up has ended or after the budget has.
    fn stages_problem(&self) -> Option<SettingError> {
        let mut stages = self.then.iter().enumerate();
        stages.find_map(|(index, stage)| {
            let expected = if is_after(self.warmup, stage.at) {
                format!("after the warm-up of {}", self.warmup)
            } else if is_after(stage.at, self.budget) {
                format!("within the budget of {}", self.budget)
            } else {
                return None;
            };
            let problem = SettingError::new(format!("then[{index}].at"), stage.at, expected);
            Some(problem.titled(format!("the beginning of schedule {}", index + 2)))
        })
    }

    /// What needs batches smaller than the whole.
    fn sampling_problem(&self) -> Option<SettingError> {
        let is_usual = self.sampling.is_usual();
        if !is_usual && !self.shuffle {
            let found = format!("{} with shuffle: false", self.sampling.name());
            let expected = "WithoutReplacement where samples keep the order of the file";
            return Some(SettingError::new("sampling", found, expected));
        }
        if self.batch != Batch::Full || self.data.surface().is_some() {
            return None;
        }
        if self.accumulate > 1 {
            let found = format!("{} with the batch Full", self.accumulate);
            let expected = "1, for a full batch has all samples already, or the batch Mini(n)";
            return Some(SettingError::new("accumulate", found, expected));
        }
        let found = format!("{} with the batch Full", self.sampling.name());
        let expected = "WithoutReplacement, or the batch Mini(n)";
        (!is_usual).then(|| SettingError::new("sampling", found, expected))
    }

    /// A batch that is too small for what the optimizer reads from it.
    fn batch_problem(&self) -> Option<SettingError> {
        let (size, found) = match self.batch {
            Batch::Stochastic => (1, "Stochastic".to_owned()),
            Batch::Mini(size) if size > 0 => (size, format!("Mini({size})")),
            _ => return None,
        };
        let least = self.optimizer.rule::<f64>().min_batch();
        let in_step = size.saturating_mul(self.accumulate.max(1));
        if in_step >= least || self.data.surface().is_some() {
            return None;
        }
        let title = self.optimizer.page().title;
        let expected = format!(
            "Full, or a large Mini, at least Mini({least}), with {title}, which takes curvature from \
             the batch: fewer samples say too little of it"
        );
        Some(SettingError::new("batch", found, expected))
    }

    /// A sample that would be mixed with itself.
    fn mixing_problem(&self) -> Option<SettingError> {
        let is_mixing = |member: &Augment| member.kind() == Kind::Mixing;
        let index = self.augmentation.iter().position(is_mixing)?;
        let is_single = matches!(self.batch, Batch::Stochastic | Batch::Mini(1));
        if !is_single || self.accumulate > 1 || self.data.surface().is_some() {
            return None;
        }
        let found = format!("{} with batches of one sample", self.augmentation[index].name());
        let expected = "with Full or Mini(2) or more: a sample alone has no other to be mixed with";
        Some(SettingError::new(format!("augmentation[{index}]"), found, expected))
    }

    /// What a line search cannot have: it compares the objective with its own gradient.
    fn search_problem(&self) -> Option<SettingError> {
        if !self.optimizer.rule::<f64>().searches() {
            return None;
        }
        let changes = [
            ("clip", self.clip.name(), !self.clip.is_off()),
            ("gradient_noise", self.gradient_noise.name(), !self.gradient_noise.is_off()),
        ];
        let (part, name, _) = changes.into_iter().find(|(_, _, is_on)| *is_on)?;
        let found = format!("{name} with {}", self.optimizer.name());
        let expected = "Off: its line search needs the gradient as it is";
        Some(SettingError::new(part, found, expected))
    }
}
