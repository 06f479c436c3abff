use std::collections::BTreeSet;

use super::message::nearest;
use super::{Cadence, Experiment, Study, Variation};
use crate::data::batches::Batch;
use crate::data::{Augment, BUNDLED_SETS, BundledSet, Images, Source};
use crate::losses::Penalty;
use crate::models::Initialization;
use crate::schedules::Stage;
use crate::settings::{SettingError, Settings, Span};

/// More steps than any run does; also what an f64 counts exactly.
const MAX_STEPS: f64 = 1e15;
const MAX_EPOCHS: f64 = 1e9;
const MAX_STARTS: usize = 10_000;

impl Experiment {
    /// Every setting that is out of its permitted range, by its path: `optimizer.learning_rate`.
    /// What depends on the data (a batch larger than the training part) is left to the plan.
    pub fn problems(&self) -> Vec<SettingError> {
        let mut problems = self.problems_of_parts();
        problems.extend(self.problems_together());
        problems
    }

    /// What is wrong with parts that are right taken alone.
    fn problems_together(&self) -> impl Iterator<Item = SettingError> {
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

    /// What is wrong with the parts taken alone.
    fn problems_of_parts(&self) -> Vec<SettingError> {
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
        let is_mixing = |member: &Augment| member.kind() == crate::data::augmentation::Kind::Mixing;
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

/// Whether one point of a budget comes after another, where both are in the same unit.
fn is_after(a: Span, b: Span) -> bool {
    match (a, b) {
        (Span::Steps(a), Span::Steps(b)) => a > b,
        (Span::Epochs(a), Span::Epochs(b)) => a > b,
        _ => false,
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

/// Every setting of a study that is not permitted, by its path in the file:
/// `compare[2].optimizer.learning_rate`. Empty where the study can be run (as far as can be said
/// without its data).
pub fn validate(study: &Study) -> Vec<SettingError> {
    let mut problems = Vec::new();
    let of_base = match study.compare.is_empty() {
        true => study.base.problems(),
        false => study.base.problems_of_parts(),
    };
    problems.extend(of_base.into_iter().map(|problem| problem.within("base")));

    let of_base_together: Vec<_> = study.base.problems_together().collect();
    let mut labels = BTreeSet::new();
    for (index, variation) in study.compare.iter().enumerate() {
        let here = format!("compare[{index}]");
        check_label(variation, &here, &mut labels, &mut problems);
        let stated = variation.stated();
        let experiment = variation.applied_to(&study.base);
        let of_parts = experiment.problems_of_parts().into_iter().map(|problem| {
            let part = problem.field.split(['.', '[']).next().unwrap_or_default();
            let inherited = !stated.contains(&part);
            problem.within(if inherited { "base" } else { &here })
        });
        // A warm-up too long for a budget stated here is a matter of this experiment.
        // Where the base alone has it too, it is a matter of the base.
        let together = experiment.problems_together().map(|problem| {
            let is_of_base = of_base_together.contains(&problem);
            problem.within(if is_of_base { "base" } else { &here })
        });
        for problem in of_parts.chain(together) {
            if !problems.iter().any(|known| known.field == problem.field) {
                problems.push(problem);
            }
        }
    }

    if study.seeds.is_empty() {
        let expected = "a list with one whole number or more, such as [1]";
        problems.push(SettingError::new("seeds", "an empty list", expected));
    }
    let folds = study.experiments().into_iter().map(|(_, experiment)| experiment.split.folds);
    let has_folds = folds.max().is_some_and(|folds| folds > 1);
    let mut seen = BTreeSet::new();
    for (index, seed) in study.seeds.iter().enumerate() {
        if has_folds && *seed == 0 {
            let expected = "1 or more: with folds, seed 1 holds out the first of them";
            problems.push(SettingError::new(format!("seeds[{index}]"), 0, expected));
        }
        if !seen.insert(seed) {
            let found = format!("{seed} once more");
            problems.push(SettingError::new(
                format!("seeds[{index}]"),
                found,
                "different from the seeds before it",
            ));
        }
    }
    problems
}

fn check_label<'a>(
    variation: &'a Variation,
    here: &str,
    labels: &mut BTreeSet<&'a str>,
    problems: &mut Vec<SettingError>,
) {
    let label = variation.label.as_str();
    if label.trim().is_empty() {
        let expected = "a name for the experiment";
        problems.push(SettingError::new(format!("{here}.label"), "empty", expected));
    } else if !labels.insert(label) {
        let found = format!("{label:?} once more");
        let expected = "different from the labels before it";
        problems.push(SettingError::new(format!("{here}.label"), found, expected));
    }
    let color = variation.color.as_str();
    let digits = color.strip_prefix('#').unwrap_or_default();
    let is_color = digits.len() == 6 && digits.chars().all(|digit| digit.is_ascii_hexdigit());
    if !color.is_empty() && !is_color {
        let expected = "a colour such as \"#0072b2\"";
        problems.push(SettingError::new(format!("{here}.color"), format!("{color:?}"), expected));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Split, SplitBy, Subsample};
    use crate::experiment::Stopping;
    use crate::optimizers::{GradientDescent, Optimizer};

    fn messages(change: impl Fn(&mut Experiment)) -> Vec<String> {
        let mut experiment = Experiment::default();
        change(&mut experiment);
        experiment.problems().iter().map(ToString::to_string).collect()
    }

    fn rate(learning_rate: f64) -> Optimizer {
        Optimizer::GradientDescent(GradientDescent { learning_rate, ..Default::default() })
    }

    #[test]
    fn the_default_study_is_valid() {
        assert_eq!(validate(&Study::default()), []);
    }

    #[test]
    fn each_range_is_said() {
        let rate_of = |value| messages(|experiment| experiment.optimizer = rate(value));
        let expected = "it must be a number above 0";
        assert_eq!(rate_of(-1.0), [format!("optimizer.learning_rate is -1; {expected}")]);
        assert_eq!(rate_of(f64::NAN), [format!("optimizer.learning_rate is NaN; {expected}")]);

        assert_eq!(
            messages(|experiment| experiment.batch = Batch::Mini(0)),
            ["batch is 0; it must be a whole number of 1 or more"]
        );
        let budget = |span| messages(|experiment| experiment.budget = span);
        assert_eq!(
            budget(Span::Epochs(18_446_744_073_709_551_616.0)),
            [
                "budget is 1.8446744073709552e19 epochs; it must be above 0 and up to 1000000000 epochs"
            ]
        );
        assert_eq!(
            budget(Span::Steps(u64::MAX)),
            ["budget is 18446744073709551615 steps; it must be from 1 to 1000000000000000 steps"]
        );
        assert_eq!(
            budget(Span::Steps(0)),
            ["budget is 0 steps; it must be from 1 to 1000000000000000 steps"]
        );
        assert_eq!(
            messages(|experiment| experiment.warmup = Span::Epochs(51.0)),
            ["warmup is 51 epochs; it must be no longer than the budget of 50 epochs"]
        );
        assert_eq!(
            messages(|experiment| experiment.penalty = Penalty::L1(-0.1)),
            ["penalty is -0.1; it must be a number of 0 or more"]
        );
        assert_eq!(
            messages(|experiment| {
                experiment.penalty = Penalty::ElasticNet { l1: 1.0, l2: f64::INFINITY };
            }),
            ["penalty.l2 is inf; it must be a number of 0 or more"]
        );
        assert_eq!(
            messages(|experiment| {
                experiment.stopping = Stopping {
                    target_loss: Some(f64::NAN),
                    patience: Some(0),
                    gradient_norm: Some(0.0),
                    seconds: Some(-1.0),
                };
            }),
            [
                "stopping.gradient_norm is 0; it must be a number above 0",
                "stopping.seconds is -1; it must be a number above 0",
                "stopping.target_loss is NaN; it must be a finite number",
                "stopping.patience is 0; it must be a whole number of 1 or more"
            ]
        );
        assert_eq!(
            messages(|experiment| experiment.record_every = Cadence::Epochs(0.0)),
            ["record_every is every 0 epochs; it must be a finite number of epochs above 0"]
        );
        assert_eq!(
            messages(|experiment| {
                experiment.initialization = Initialization::Explicit(vec![0.0, f64::INFINITY]);
            }),
            ["initialization[1] is inf; it must be a finite number"]
        );
    }

    #[test]
    fn a_batch_is_large_enough_for_its_optimizer() {
        let lbfgs = |batch, data: Source| {
            messages(|experiment| {
                experiment.optimizer = Optimizer::named("Lbfgs").unwrap();
                (experiment.batch, experiment.data) = (batch, data.clone());
            })
        };
        let digits = Source::Bundled("digits".into());
        assert_eq!(
            lbfgs(Batch::Stochastic, digits.clone()),
            [
                "batch is Stochastic; it must be Full, or a large Mini, at least Mini(8), with L-BFGS, \
                 which takes curvature from the batch: fewer samples say too little of it"
            ]
        );
        assert!(lbfgs(Batch::Mini(1), digits.clone())[0].starts_with("batch is Mini(1); it must"));
        assert_eq!(lbfgs(Batch::Mini(0), digits.clone()).len(), 1);
        assert!(lbfgs(Batch::Mini(8), digits.clone()).is_empty());
        assert!(lbfgs(Batch::Full, digits).is_empty());
        let surface = Source::Surface(crate::surfaces::Surface::named("Booth").unwrap());
        assert!(lbfgs(Batch::Stochastic, surface).is_empty());
    }

    #[test]
    fn bundled_sets_are_known() {
        assert_eq!(
            messages(|experiment| experiment.data = Source::Bundled("Digit".into())),
            [
                "data is \"Digit\"; it must be one of iris, wine, breast_cancer, digits, penguins; did you mean \
                 \"digits\"?"
            ]
        );
    }

    #[test]
    fn shares_add_up() {
        let split = |train, validation, test| {
            messages(|experiment| {
                experiment.split = Split::of(train, validation, test, true);
            })
        };
        assert!(split(0.6, 0.3, 0.1).is_empty());
        assert!(split(1.0, 0.0, 0.0).is_empty());
        assert_eq!(
            split(0.7, 0.2, 0.2),
            ["split is 0.7 + 0.2 + 0.2 = 1.1; it must be three shares that add up to 1"]
        );
        assert_eq!(
            split(1.2, -0.2, 0.0),
            [
                "split.train is 1.2; it must be a number from 0 to 1",
                "split.validation is -0.2; it must be a number from 0 to 1"
            ]
        );
        assert_eq!(split(0.0, 0.5, 0.5), ["split.train is 0; it must be a number above 0 to 1"]);
    }

    #[test]
    fn ways_to_split_are_said() {
        let split = |split: Split| messages(|experiment| experiment.split = split.clone());
        let whole = Split::of(1.0, 0.0, 0.0, true);
        assert!(split(Split { folds: 5, ..whole.clone() }).is_empty());
        let cases = [
            (
                Split { folds: 1, ..whole.clone() },
                "split.folds is 1; it must be 0 for no folds, or a whole number from 2 to 1,000,000",
            ),
            (
                Split { folds: 5, by: SplitBy::Column("part".into()), ..whole.clone() },
                "split.folds is 5 with a column that says the part; it must be 0, or another way to \
                 divide: Random, Group or Time",
            ),
            (
                Split { by: SplitBy::Time(" ".into()), ..whole.clone() },
                "split.by is Time(\" \"); it must be the way with the name of a column in it",
            ),
            (
                Split { quantile_bins: 1, ..whole.clone() },
                "split.quantile_bins is 1; it must be 0 for none, or a whole number from 2 to 1,000,000",
            ),
            (
                Split { subsample: Subsample::Rows(0), ..whole.clone() },
                "split.subsample is Rows(0); it must be Rows(n) with n of 1 or more",
            ),
            (
                Split { subsample: Subsample::Share(f64::NAN), ..whole },
                "split.subsample is Share(NaN); it must be Share(s) with s above 0 and up to 1",
            ),
        ];
        for (case, message) in cases {
            assert_eq!(split(case), [message]);
        }
    }

    #[test]
    fn problems_are_named_where_they_are_stated() {
        let study = Study {
            base: Experiment { batch: Batch::Mini(0), ..Experiment::default() },
            compare: vec![
                Variation { label: "a".into(), ..Variation::default() },
                Variation {
                    label: "a".into(),
                    color: "red".into(),
                    optimizer: Some(rate(0.0)),
                    budget: Some(Span::Steps(10)),
                    warmup: Some(Span::Steps(11)),
                    ..Variation::default()
                },
                Variation::default(),
            ],
            seeds: vec![3, 4, 3],
            ..Study::default()
        };
        let fields: Vec<_> = validate(&study).into_iter().map(|problem| problem.field).collect();
        assert_eq!(
            fields,
            [
                "base.batch",
                "compare[1].label",
                "compare[1].color",
                "compare[1].optimizer.learning_rate",
                "compare[1].warmup",
                "compare[2].label",
                "seeds[2]"
            ]
        );
        let empty = Study { seeds: vec![], ..Study::default() };
        assert_eq!(
            validate(&empty)[0].to_string(),
            "seeds is an empty list; it must be a list with one whole number or more, such as [1]"
        );
    }
}
