use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use egui::Context;

use crate::analysis::table::{ClassCodes, ColumnSummary, Desk, Finding, Task, findings};
use crate::data::Loaded;
use crate::experiment::Experiment;

/// News of the background are drawn this long after they came, several at once.
const PAUSE: Duration = Duration::from_millis(30);

type Summaries = Vec<(usize, Arc<ColumnSummary>)>;

/// What is known of a table, column by column as the background finds it out; those in view first.
pub(super) struct Known {
    pub(super) loaded: Arc<Loaded>,
    summaries: Vec<Option<Arc<ColumnSummary>>>,
    n_missing: usize,
    task: Task<Summaries>,
    in_view: Arc<AtomicUsize>,
    findings: Vec<Finding>,
    /// Whether these are known, if only for settings that have changed since.
    is_found: bool,
    /// The experiment for which findings were asked last.
    asked: Option<Experiment>,
    finding: Option<Task<Option<Vec<Finding>>>>,
}

impl Known {
    /// Begins to look at a table.
    pub(super) fn new(ctx: &Context, loaded: &Arc<Loaded>) -> Self {
        let n = loaded.table.columns.len();
        let in_view = Arc::new(AtomicUsize::new(0));
        let task = start(ctx, loaded, &in_view);
        Self {
            loaded: Arc::clone(loaded),
            summaries: vec![None; n],
            n_missing: n,
            task,
            in_view,
            findings: Vec::new(),
            is_found: false,
            asked: None,
            finding: None,
        }
    }

    /// Whether these data have the table that is known, be it with another target.
    pub(super) fn is_of_table(&self, loaded: &Loaded) -> bool {
        Arc::ptr_eq(&self.loaded.table, &loaded.table)
    }

    /// Takes in what was found out; asks what should be looked at once all is known.
    pub(super) fn update(&mut self, ctx: &Context, loaded: &Arc<Loaded>, experiment: &Experiment) {
        if self.loaded.target != loaded.target {
            // Histograms are coloured by other classes; the old ones stay until then.
            self.task = start(ctx, loaded, &self.in_view);
            self.n_missing = self.summaries.len();
            self.asked = None;
        }
        self.loaded = Arc::clone(loaded);
        for (index, summary) in self.task.look(std::mem::take) {
            self.n_missing = self.n_missing.saturating_sub(1);
            self.summaries[index] = Some(summary);
        }
        if let Some(found) = self.finding.as_ref().and_then(|task| task.look(Option::take)) {
            (self.findings, self.finding) = (found, None);
            self.is_found = true;
        }
        if self.n_missing > 0 || self.asked.as_ref() == Some(experiment) {
            return;
        }
        self.asked = Some(experiment.clone());
        let (experiment, data) = (experiment.clone(), Arc::clone(&self.loaded));
        let summaries: Vec<_> = self.summaries.iter().flatten().cloned().collect();
        let ctx = ctx.clone();
        let work = move |desk: &Desk<Option<Vec<Finding>>>| {
            let found = findings(&data, &experiment, &summaries);
            desk.update(|shown| *shown = Some(found));
        };
        self.finding = Some(Task::start("findings", move || ctx.request_repaint(), work));
    }

    /// What is known of a column. Columns that are asked for are looked at first.
    pub(super) fn summary(&self, index: usize) -> Option<Arc<ColumnSummary>> {
        let known = self.summaries.get(index)?.clone();
        if known.is_none() {
            self.in_view.store(index, Ordering::Relaxed);
        }
        known
    }

    /// What should be looked at; `None` while that is being found out.
    pub(super) fn findings(&self) -> Option<&[Finding]> {
        self.is_found.then_some(&*self.findings)
    }

    /// How many columns are not known yet.
    pub(super) fn n_missing(&self) -> usize {
        self.n_missing
    }
}

fn start(ctx: &Context, loaded: &Arc<Loaded>, in_view: &Arc<AtomicUsize>) -> Task<Summaries> {
    let (ctx, data, first) = (ctx.clone(), Arc::clone(loaded), Arc::clone(in_view));
    let wake = move || ctx.request_repaint_after(PAUSE);
    Task::start("summaries", wake, move |desk| summarize(&data, &first, desk))
}

fn summarize(loaded: &Loaded, in_view: &AtomicUsize, desk: &Desk<Summaries>) {
    let columns = &loaded.table.columns;
    let classes = ClassCodes::of(loaded);
    let mut is_done = vec![false; columns.len()];
    for _ in columns {
        if desk.is_stopped() {
            return;
        }
        let first = in_view.load(Ordering::Relaxed).min(columns.len());
        let mut places = (first..columns.len()).chain(0..first);
        let Some(index) = places.find(|index| !is_done[*index]) else { return };
        is_done[index] = true;
        let summary = Arc::new(ColumnSummary::of(&columns[index], &classes));
        desk.update(|found| found.push((index, summary)));
    }
}
