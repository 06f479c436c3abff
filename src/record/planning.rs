use std::path::Path;
use std::sync::Arc;

use crate::data::{DataError, Loaded, Prepared, Progress, Source, load_with, prepare_with};
use crate::experiment::{Experiment, Study};
use crate::models::Initialization;
use crate::training::{Plan, PlanError};

/// All runs of a study, checked and ready.
#[derive(Clone, Debug, Default)]
pub struct PlannedStudy {
    /// The plans: all seeds of the first experiment, then all of the second, and so on.
    pub plans: Vec<Arc<Plan>>,
    /// What each experiment reads, as it is now.
    pub inputs: Vec<Inputs>,
    /// The files that were read, each with every decision about its reading stated.
    pub decided: Vec<(Source, Source)>,
    /// Of the files that were read, what should be known before they are trusted.
    pub remarks: Vec<(Source, String)>,
}

impl PlannedStudy {
    /// What should be known of the reading of this source.
    pub fn remarks_on<'a>(&'a self, source: &'a Source) -> impl Iterator<Item = &'a str> {
        let of_source = self.remarks.iter().filter(move |(known, _)| known == source);
        of_source.map(|(_, remark)| remark.as_str())
    }

    /// The study with every decision stated about the reading of its files.
    pub fn decided(&self, study: &Study) -> Study {
        let mut study = study.clone();
        self.decided.iter().for_each(|(source, decided)| study.replace_source(source, decided));
        study
    }
}

/// Fingerprints (BLAKE3, hexadecimal) of the files and sets that an experiment reads; empty where
/// it reads none.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    /// The label of the experiment.
    pub experiment: String,
    /// The data: of a file, its bytes and the decisions about its reading.
    pub data: String,
    /// Of a file, its bytes alone. Empty in records of a time when the fingerprint of data was
    /// that of the bytes; decisions are not compared with those.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub bytes: String,
    /// The file of initial parameters.
    pub initialization: String,
}

impl Inputs {
    /// What an experiment reads: data as `loaded` (`None` for a surface), and its file of initial
    /// parameters, if it has one, as it is now. `folder` is where relative paths start.
    pub fn of(
        label: &str,
        experiment: &Experiment,
        loaded: Option<&Loaded>,
        folder: &Path,
    ) -> Self {
        let initialization = match &experiment.initialization {
            // A file that cannot be read is refused, with reasons, by the plan.
            Initialization::File(path) => std::fs::read(folder.join(path))
                .map_or_else(|_| String::new(), |bytes| blake3::hash(&bytes).to_hex().to_string()),
            _ => String::new(),
        };
        let data = loaded.map_or_else(String::new, |loaded| loaded.fingerprint.clone());
        let is_file = |loaded: &&Loaded| loaded.bytes != loaded.fingerprint;
        let bytes = loaded.filter(is_file).map_or_else(String::new, |it| it.bytes.clone());
        Self { experiment: label.to_owned(), data, bytes, initialization }
    }
}

/// An experiment of a study that cannot be run.
#[derive(Debug)]
pub struct ExperimentProblem {
    /// Its place in the study's list.
    pub index: usize,
    /// Its label.
    pub label: String,
    /// Why.
    pub error: PlanError,
}

impl std::fmt::Display for ExperimentProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "in “{}”: {}", self.label, self.error)
    }
}

/// Data that several experiments share, read once.
struct Shelf<'p> {
    progress: &'p Progress,
    loaded: Vec<(Source, Result<Arc<Loaded>, DataError>)>,
    prepared: Vec<(Experiment, u64, Arc<Prepared>)>,
}

impl<'p> Shelf<'p> {
    fn new(progress: &'p Progress) -> Self {
        Self { progress, loaded: Vec::new(), prepared: Vec::new() }
    }

    fn load(&mut self, source: &Source, folder: &Path) -> Result<Arc<Loaded>, DataError> {
        if let Some((_, found)) = self.loaded.iter().find(|(known, _)| known == source) {
            return found.clone();
        }
        let found = load_with(source, folder, self.progress);
        self.loaded.push((source.clone(), found.clone()));
        found
    }

    fn prepare(
        &mut self,
        experiment: &Experiment,
        seed: u64,
        loaded: &Loaded,
    ) -> Result<Arc<Prepared>, DataError> {
        let known = self.prepared.iter().find(|(other, other_seed, _)| {
            *other_seed == seed
                && other.data == experiment.data
                && other.split == experiment.split
                && other.recipe() == experiment.recipe()
        });
        if let Some((_, _, prepared)) = known {
            return Ok(prepared.clone());
        }
        let Experiment { data, split, .. } = experiment;
        let recipe = experiment.recipe();
        let prepared = prepare_with(loaded, data, split, &recipe, seed, self.progress)?;
        let prepared = Arc::new(prepared);
        self.prepared.push((experiment.clone(), seed, prepared.clone()));
        Ok(prepared)
    }
}

/// Reads what the inputs of a study are now, without planning any run.
///
/// # Errors
/// Every experiment whose data cannot be read.
pub fn inputs(study: &Study, folder: &Path) -> Result<Vec<Inputs>, Vec<ExperimentProblem>> {
    let progress = Progress::default();
    let mut shelf = Shelf::new(&progress);
    let mut problems = Vec::new();
    let mut inputs = Vec::new();
    for (index, (label, experiment)) in study.experiments().into_iter().enumerate() {
        match inputs_of(&mut shelf, &label, &experiment, folder) {
            Ok((found, _)) => inputs.push(found),
            Err(error) => problems.push(ExperimentProblem { index, label, error: error.into() }),
        }
    }
    if problems.is_empty() { Ok(inputs) } else { Err(problems) }
}

fn inputs_of(
    shelf: &mut Shelf<'_>,
    label: &str,
    experiment: &Experiment,
    folder: &Path,
) -> Result<(Inputs, Option<Arc<Loaded>>), DataError> {
    let loaded = match experiment.data.surface() {
        Some(_) => None,
        None => Some(shelf.load(&experiment.data, folder)?),
    };
    Ok((Inputs::of(label, experiment, loaded.as_deref(), folder), loaded))
}

/// Reads the data of a study and plans all its runs. `folder` is where relative paths start.
///
/// # Errors
/// Every experiment that cannot be run, with the reason.
pub fn plan_study(study: &Study, folder: &Path) -> Result<PlannedStudy, Vec<ExperimentProblem>> {
    plan_study_with(study, folder, &Progress::default())
}

/// The same as [`plan_study`], observed: `progress` says how far the reading of the file that is read
/// now has come, and can end it.
pub fn plan_study_with(
    study: &Study,
    folder: &Path,
    progress: &Progress,
) -> Result<PlannedStudy, Vec<ExperimentProblem>> {
    let mut shelf = Shelf::new(progress);
    let mut problems = Vec::new();
    let mut planned = PlannedStudy::default();
    for (index, (label, experiment)) in study.experiments().into_iter().enumerate() {
        let plans = plan_experiment(&mut shelf, &label, &experiment, &study.seeds, folder);
        match plans {
            Ok((inputs, plans)) => {
                planned.inputs.push(inputs);
                planned.plans.extend(plans);
            }
            Err(error) => problems.push(ExperimentProblem { index, label, error }),
        }
    }
    for (source, loaded) in &shelf.loaded {
        let decided = loaded.as_ref().ok().map(|loaded| &loaded.report.decisions);
        if let Some(decided) = decided.and_then(|decisions| source.decided(decisions)) {
            planned.decided.push((source.clone(), decided));
        }
        if let (Source::Csv(settings), Ok(loaded)) = (source, loaded) {
            let path = folder.join(&settings.path);
            let file = path.strip_prefix(".").unwrap_or(&path).display().to_string();
            let remarks = loaded.report.remarks(&file).into_iter();
            planned.remarks.extend(remarks.map(|remark| (source.clone(), remark)));
        }
    }
    if problems.is_empty() { Ok(planned) } else { Err(problems) }
}

fn plan_experiment(
    shelf: &mut Shelf<'_>,
    label: &str,
    experiment: &Experiment,
    seeds: &[u64],
    folder: &Path,
) -> Result<(Inputs, Vec<Arc<Plan>>), PlanError> {
    let (inputs, loaded) = inputs_of(shelf, label, experiment, folder)?;
    let plan = |&seed: &u64| {
        let data = match &loaded {
            Some(loaded) => Some(shelf.prepare(experiment, seed, loaded)?),
            None => None,
        };
        Plan::with_data(label, experiment, seed, data, folder).map(Arc::new)
    };
    let plans = seeds.iter().map(plan).collect::<Result<_, PlanError>>()?;
    Ok((inputs, plans))
}
