//! What the pictures of a model have in common: which experiment they show, what suits them, and
//! the colours of classes.

use std::sync::Arc;

use egui::{Color32, Ui};

use super::ViewContext;
use crate::analysis::{Answer, PredictionJob, Predictions};
use crate::app::theme::{Theme, small};
use crate::app::words;
use crate::data::{Prepared, Samples};
use crate::session::{DataState, ExperimentEntry, Session};
use crate::training::Run;

/// Colours of classes; other ones than those of runs.
///
/// Reference: P. Tol, Colour schemes, 2021 (the muted scheme).
const CLASSES: [[u8; 3]; 10] = [
    [0x33, 0x22, 0x88],
    [0xcc, 0x66, 0x77],
    [0x44, 0xaa, 0x99],
    [0xdd, 0xcc, 0x77],
    [0x88, 0x22, 0x55],
    [0x88, 0xcc, 0xee],
    [0x99, 0x99, 0x33],
    [0xaa, 0x44, 0x99],
    [0x11, 0x77, 0x33],
    [0xdd, 0xdd, 0xdd],
];

/// The colour of a class on this theme's background.
pub(super) fn class_color(theme: &Theme, class: usize) -> Color32 {
    theme.run(CLASSES[class % CLASSES.len()])
}

/// From the lowest value to the highest: even steps for the eye, and for those who see fewer colours.
///
/// Reference: S. van der Walt & N. Smith, the colour map viridis, 2015.
const VALUES: [[u8; 3]; 5] = [
    [0x44, 0x01, 0x54],
    [0x3b, 0x52, 0x8b],
    [0x21, 0x91, 0x8c],
    [0x5e, 0xc9, 0x62],
    [0xfd, 0xe7, 0x25],
];

/// The colour of a value that is this share (0 to 1) of the way from the lowest to the highest.
pub(super) fn value_color(theme: &Theme, share: f32) -> Color32 {
    let at = share.clamp(0.0, 1.0) * (VALUES.len() - 1) as f32;
    let low = (at as usize).min(VALUES.len() - 2);
    let ends = [VALUES[low], VALUES[low + 1]].map(|[r, g, b]| Color32::from_rgb(r, g, b));
    let [r, g, b, _] = ends[0].lerp_to_gamma(ends[1], at - low as f32).to_array();
    theme.run([r, g, b])
}

fn prepared(session: &Session) -> impl Iterator<Item = &Arc<Prepared>> {
    session.entries().iter().filter_map(|entry| match &entry.data {
        DataState::Ready { prepared, .. } => Some(prepared),
        _ => None,
    })
}

fn any(session: &Session, test: impl Fn(&Prepared) -> bool) -> bool {
    prepared(session).any(|data| test(data))
}

/// Whether some experiment trains on data.
pub(super) fn has_data(session: &Session) -> bool {
    let entries = session.entries();
    entries.iter().any(|entry| entry.experiment.data.surface().is_none())
}

/// Whether some experiment descends a surface.
pub(super) fn has_surface(session: &Session) -> bool {
    let entries = session.entries();
    entries.iter().any(|entry| entry.experiment.data.surface().is_some())
}

/// Whether there are classes to be told apart.
pub(super) fn has_classes(session: &Session) -> bool {
    any(session, |data| !data.class_names.is_empty())
}

/// Whether there are classes in a plane.
pub(super) fn has_plane_classes(session: &Session) -> bool {
    any(session, |data| !data.class_names.is_empty() && data.n_features() == 2)
}

/// Whether there is a number to be predicted from one feature.
pub(super) fn has_line(session: &Session) -> bool {
    any(session, |data| data.class_names.is_empty() && data.n_features() == 1)
}

/// Whether there is a number to be predicted from several features.
pub(super) fn has_numbers(session: &Session) -> bool {
    any(session, |data| data.class_names.is_empty() && data.n_features() > 1)
}

/// Whether there are more features than a plane has, so that they can be compared with one another.
pub(super) fn has_several_features(session: &Session) -> bool {
    any(session, |data| data.n_features() > 2)
}

/// Whether there may be images: as many features as a square has pixels.
pub(super) fn may_have_images(session: &Session) -> bool {
    any(session, |data| {
        let n = data.n_features();
        n >= 25 && n.isqrt() * n.isqrt() == n
    })
}

/// An experiment with its first run and the data of that run.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    /// The index of the experiment.
    pub index: usize,
    /// The experiment.
    pub entry: &'a ExperimentEntry,
    /// Its first run.
    pub run: &'a Run,
    /// The data of that run.
    pub data: &'a Arc<Prepared>,
}

impl Subject<'_> {
    /// What its model makes of these features: asks for the newest outputs, and gives the latest there
    /// are. `key` tells the pictures of one view apart.
    pub(super) fn ask(
        &self,
        background: &mut Background,
        ctx: &egui::Context,
        key: u64,
        features: &Arc<Vec<f64>>,
    ) -> Option<Answer> {
        let job = PredictionJob {
            plan: Arc::clone(self.run.plan()),
            snapshot: self.run.snapshot(),
            features: Arc::clone(features),
        };
        background.get(ctx).ask(key, job)
    }

    /// Its name and how far it is, where the tabs have room beside them.
    pub(super) fn name_ui(&self, ui: &mut Ui, theme: &Theme) {
        if ui.available_width() > 420.0 {
            let text = format!("{} · step {}", self.entry.label, self.run.snapshot().step);
            ui.add(egui::Label::new(small(text).color(theme.dim)).truncate());
        }
    }
}

/// Visible experiments that have a run on data that passes `test`.
pub(super) fn subjects<'a>(
    session: &'a Session,
    test: impl Fn(&Prepared) -> bool,
) -> Vec<Subject<'a>> {
    let mut found = Vec::new();
    for (index, entry) in session.entries().iter().enumerate().filter(|(_, e)| e.visible) {
        let Some(run) = entry.runs.first() else { continue };
        if let Some(data) = run.plan().data.as_ref().filter(|data| test(data)) {
            found.push(Subject { index, entry, run, data });
        }
    }
    found
}

/// Of these, the selected one, else the first.
pub(super) fn front<'a>(
    context: &ViewContext<'_>,
    subjects: &[Subject<'a>],
) -> Option<Subject<'a>> {
    let selected = context.session.selected();
    subjects.iter().find(|subject| subject.index == selected).or(subjects.first()).copied()
}

/// The thread that computes predictions, started when first needed.
#[derive(Default)]
pub(super) struct Background(Option<Predictions>);

impl Background {
    /// The thread.
    pub(super) fn get(&mut self, ctx: &egui::Context) -> &Predictions {
        self.0.get_or_insert_with(|| {
            let ctx = ctx.clone();
            Predictions::new(move || ctx.request_repaint())
        })
    }
}

/// Something derived from data once, kept as long as the data are the same.
pub(super) struct PerData<T> {
    data: Option<Arc<Prepared>>,
    value: Option<Arc<T>>,
}

impl<T> Default for PerData<T> {
    fn default() -> Self {
        Self { data: None, value: None }
    }
}

impl<T> PerData<T> {
    /// The value, made by `make` where the data are others than last time.
    pub(super) fn get(
        &mut self,
        data: &Arc<Prepared>,
        make: impl FnOnce(&Prepared) -> T,
    ) -> Arc<T> {
        match (&self.data, &self.value) {
            (Some(known), Some(value)) if Arc::ptr_eq(known, data) => Arc::clone(value),
            _ => {
                let value = Arc::new(make(data));
                (self.data, self.value) = (Some(Arc::clone(data)), Some(Arc::clone(&value)));
                value
            }
        }
    }
}

/// The part of the data that pictures of generalisation look at: validation, or training where
/// there is none; with its name.
pub(super) fn watched(data: &Prepared) -> (&Samples, &'static str) {
    if data.validation.rows.is_empty() {
        (&data.train, "training")
    } else {
        (&data.validation, "validation")
    }
}

/// `, first 10,000 of 2,000,000 samples`, where the others are in a file; otherwise nothing.
pub(super) fn at_hand(samples: &Samples) -> String {
    let [shown, all] = [samples.n_at_hand(), samples.n_samples()].map(|n| n as u64);
    match shown < all {
        true => format!(", first {} of {} samples", words::count(shown), words::count(all)),
        false => String::new(),
    }
}
