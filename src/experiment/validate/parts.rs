//! What is wrong with the parts of an experiment taken alone.

use super::is_after;
use crate::data::batches::Batch;
use crate::data::{Augment, BUNDLED_SETS, BundledSet, Images, Source};
use crate::experiment::message::nearest;
use crate::experiment::{Cadence, Experiment};
use crate::losses::Penalty;
use crate::models::Initialization;
use crate::schedules::Stage;
use crate::settings::{SettingError, Settings, Span};

/// More steps than any run does; also what an f64 counts exactly.
const MAX_STEPS: f64 = 1e15;
const MAX_EPOCHS: f64 = 1e9;
const MAX_STARTS: usize = 10_000;

impl Experiment {
    /// What is wrong with the parts taken alone.
    pub(super) fn problems_of_parts(&self) -> Vec<SettingError> {
        let mut problems: Vec<_> = check_source(&self.data).err().into_iter().collect();
        let mut check = |part: &str, found: Result<(), SettingError>| {
            problems.extend(found.err().map(|problem| problem.within(part)));
        };
        check("model", self.model.check());
        check("loss", self.loss.check());
        check("optimizer", self.optimizer.check());
        check("schedule", self.schedule.check());
        check("sampling", self.sampling.check());
        check("clip", self.clip.check());
        check("gradient_noise", self.gradient_noise.check());
        check("averaging", self.averaging.check());
        check_stages(&self.then, &mut problems);
        problems.extend(Augment::problems(&self.augmentation));
        if let Images::Size(shape) = self.images
            && shape.n_features() == 0
        {
            let expected = "a height, a width and channels of 1 or more";
            problems.push(SettingError::new("images", shape, expected));
        }
        for (index, transform) in self.preprocessing.iter().enumerate() {
            let found = transform.check().err();
            problems
                .extend(found.map(|problem| problem.within(&format!("preprocessing[{index}]"))));
        }

        problems.extend(self.class_weights.check().err());
        self.check_split(&mut problems);
        check_penalty(&self.penalty, &mut problems);
        check_initialization(&self.initialization, &mut problems);
        check_budget(&self.budget, &mut problems);
        if !self.warmup.is_valid() {
            let expected = "Steps(n) or Epochs(n), n finite and not negative";
            problems.push(SettingError::new("warmup", self.warmup, expected));
        }
        if self.batch == Batch::Mini(0) {
            problems.push(SettingError::new("batch", 0, "a whole number of 1 or more"));
        }
        if self.accumulate == 0 {
            problems.push(SettingError::new("accumulate", 0, "a whole number of 1 or more"));
        }
        if !(1..=MAX_STARTS).contains(&self.starts) {
            let expected = format!("a whole number from 1 to {MAX_STARTS}");
            problems.push(SettingError::new("starts", self.starts, expected));
        }
        let limits = [
            ("stopping.gradient_norm", self.stopping.gradient_norm),
            ("stopping.seconds", self.stopping.seconds),
        ];
        for (name, limit) in limits {
            if let Some(limit) = limit.filter(|limit| !(limit.is_finite() && *limit > 0.0)) {
                problems.push(SettingError::new(name, limit, "a number above 0"));
            }
        }
        if let Some(loss) = self.stopping.target_loss.filter(|loss| !loss.is_finite()) {
            problems.push(SettingError::new("stopping.target_loss", loss, "a finite number"));
        }
        if self.stopping.patience == Some(0) {
            let expected = "a whole number of 1 or more";
            problems.push(SettingError::new("stopping.patience", 0, expected));
        }
        check_cadence("evaluate_every", self.evaluate_every, &mut problems);
        check_cadence("record_every", self.record_every, &mut problems);
        problems
    }

    fn check_split(&self, problems: &mut Vec<SettingError>) {
        let split = &self.split;
        let shares =
            [("train", split.train), ("validation", split.validation), ("test", split.test)];
        let n_before = problems.len();
        for (name, share) in shares {
            if !(0.0..=1.0).contains(&share) {
                let name = format!("split.{name}");
                problems.push(SettingError::new(name, share, "a number from 0 to 1"));
            }
        }
        if problems.len() > n_before {
            return;
        }
        let sum = split.train + split.validation + split.test;
        if (sum - 1.0).abs() > 1e-9 {
            let found = format!(
                "{} + {} + {} = {}",
                split.train,
                split.validation,
                split.test,
                (sum * 1e12).round() / 1e12
            );
            problems.push(SettingError::new("split", found, "three shares that add up to 1"));
        } else if split.train == 0.0 {
            problems.push(SettingError::new("split.train", 0, "a number above 0 to 1"));
        }
        problems.extend(split.check_ways().err().map(|problem| problem.within("split")));
    }
}

fn check_stages(stages: &[Stage], problems: &mut Vec<SettingError>) {
    for (index, stage) in stages.iter().enumerate() {
        let here = format!("then[{index}]");
        let at = format!("{here}.at");
        // The first schedule stands before the list.
        let number = index + 2;
        let beginning = format!("the beginning of schedule {number}");
        if !stage.at.is_valid() || stage.at.check_above_zero("at").is_err() {
            let expected = "Steps(n) or Epochs(n), n finite and above 0";
            problems.push(SettingError::new(at, stage.at, expected).titled(beginning));
        } else if let Some(last) = stages[..index].last()
            && !is_after(stage.at, last.at)
            && std::mem::discriminant(&stage.at) == std::mem::discriminant(&last.at)
        {
            let expected = format!("after the stage before it, at {}", last.at);
            problems.push(SettingError::new(at, stage.at, expected).titled(beginning));
        }
        let in_schedule = stage.schedule.check().map_err(|problem| problem.within("schedule"));
        let of_stage = |problem: SettingError| {
            let setting = problem.field.trim_start_matches("schedule.").replace('_', " ");
            problem.within(&here).titled(format!("the {setting} of schedule {number}"))
        };
        problems.extend(in_schedule.err().map(of_stage));
        if !(stage.scale.is_finite() && stage.scale >= 0.0) {
            let scale = format!("{here}.scale");
            let problem = SettingError::new(scale, stage.scale, "a number of 0 or more");
            problems.push(problem.titled(format!("the scale of schedule {number}")));
        }
    }
}

fn check_source(source: &Source) -> Result<(), SettingError> {
    let within = |problem: SettingError| problem.within("data");
    match source {
        Source::Csv(csv) if csv.path.is_empty() => {
            Err(SettingError::new("data.path", "empty", "the path of a CSV file"))
        }
        Source::Csv(csv) => csv.check().map_err(within),
        Source::Idx(idx) if idx.images.is_empty() => {
            Err(SettingError::new("data.images", "empty", "the path of a file of pictures"))
        }
        Source::Idx(_) => Ok(()),
        Source::Bundled(name) => BundledSet::named(name).map(|_| ()).map_err(|_| {
            let names: Vec<_> = BUNDLED_SETS.iter().map(|set| set.name).collect();
            let hint = nearest(name, &names)
                .map_or_else(String::new, |name| format!("; did you mean {name:?}?"));
            let expected = format!("one of {}{hint}", names.join(", "));
            SettingError::new("data", format!("{name:?}"), expected)
        }),
        Source::Generated(generated) => generated.check().map_err(within),
        Source::Surface(surface) => surface.check().map_err(within),
        Source::Noisy(noisy) => noisy.check().map_err(within),
    }
}

fn check_penalty(penalty: &Penalty, problems: &mut Vec<SettingError>) {
    let (l1, l2) = penalty.strengths();
    let strengths = match penalty {
        Penalty::ElasticNet { .. } => [("penalty.l1", l1), ("penalty.l2", l2)],
        _ => [("penalty", l1), ("penalty", l2)],
    };
    for (name, strength) in strengths {
        if !(strength.is_finite() && strength >= 0.0) {
            problems.push(SettingError::new(name, strength, "a number of 0 or more"));
        }
    }
}

fn check_initialization(initialization: &Initialization, problems: &mut Vec<SettingError>) {
    match initialization {
        Initialization::Explicit(values) if values.is_empty() => {
            let expected = "a list with one number for each parameter";
            problems.push(SettingError::new("initialization", "an empty list", expected));
        }
        Initialization::Explicit(values) => {
            if let Some(index) = values.iter().position(|value| !value.is_finite()) {
                let name = format!("initialization[{index}]");
                problems.push(SettingError::new(name, values[index], "a finite number"));
            }
        }
        Initialization::File(path) if path.is_empty() => {
            let expected = "the path of a safetensors file";
            problems.push(SettingError::new("initialization", "an empty path", expected));
        }
        _ => {}
    }
}

fn check_budget(budget: &Span, problems: &mut Vec<SettingError>) {
    let expected = match *budget {
        Span::Steps(steps) if steps == 0 || steps as f64 > MAX_STEPS => {
            format!("from 1 to {MAX_STEPS} steps")
        }
        Span::Epochs(epochs) if !(epochs > 0.0 && epochs <= MAX_EPOCHS) => {
            format!("above 0 and up to {MAX_EPOCHS} epochs")
        }
        _ => return,
    };
    problems.push(SettingError::new("budget", budget, expected));
}

fn check_cadence(name: &str, cadence: Cadence, problems: &mut Vec<SettingError>) {
    match cadence {
        Cadence::Steps(0) => {
            problems.push(SettingError::new(name, "every 0 steps", "1 step or more"));
        }
        Cadence::Epochs(epochs) if !(epochs.is_finite() && epochs > 0.0) => {
            let found = format!("every {epochs} epochs");
            problems.push(SettingError::new(name, found, "a finite number of epochs above 0"));
        }
        _ => {}
    }
}
