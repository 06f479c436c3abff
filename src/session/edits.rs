use std::path::Path;

use super::entry::same_training;
use super::{
    ExperimentEntry, PALETTE, Session, SessionCommand, parse_color, parts, runs, write_color,
};
use crate::data::Source;
use crate::experiment::Experiment;
use crate::models::Initialization;

impl Session {
    /// Changes the study, then everything that follows from it.
    pub(super) fn edit(&mut self, command: SessionCommand) {
        use SessionCommand as C;
        let document = &mut self.document;
        let n_entries = self.entries.len();
        match command {
            C::Undo if document.undo() => self.forget_remedies(),
            C::Redo if document.redo() => self.forget_remedies(),
            C::Edit(index, experiment) => self.edit_experiment(index, &experiment),
            C::ResetPart(index, part) => {
                if let Some(entry) = self.entries.get(index) {
                    let mut experiment = entry.experiment.clone();
                    parts::copy_part(part, &document.study().base, &mut experiment);
                    self.edit_experiment(index, &experiment);
                }
            }
            C::EditBase(base) => {
                let changed = parts::differences(&document.study().base, &base);
                let gesture = format!("base {}", changed.join(" "));
                document.edit(&gesture, |study| parts::set_base(study, &base));
                if changed.contains(&"data") {
                    self.entries.iter_mut().for_each(|entry| entry.live.adapts = true);
                }
            }
            C::Add(label, experiment) => {
                document.edit("", |study| parts::insert(study, n_entries, &label, &experiment));
                self.select_new(n_entries);
            }
            C::Duplicate(index) => {
                if let Some(entry) = self.entries.get(index) {
                    let (label, experiment) = (&entry.label, &entry.experiment);
                    document.edit("", |study| parts::insert(study, index + 1, label, experiment));
                    self.select_new(index + 1);
                }
            }
            C::Delete(index) => {
                let deleted = document.edit("", |study| {
                    parts::delete(study, index);
                });
                if deleted {
                    let entry = self.entries.remove(index);
                    runs::end(entry.all_runs());
                    if self.selected > index || self.selected + 1 == n_entries {
                        self.selected = self.selected.saturating_sub(1);
                    }
                    self.forget_remedies();
                }
            }
            C::Move(from, to) => {
                let to = to.min(n_entries.saturating_sub(1));
                let moved = document.edit("", |study| {
                    if from < study.compare.len() {
                        let variation = study.compare.remove(from);
                        study.compare.insert(to, variation);
                    }
                });
                if moved {
                    let entry = self.entries.remove(from);
                    self.entries.insert(to, entry);
                    self.selected = to;
                    self.forget_remedies();
                }
            }
            C::Rename(index, label) => {
                let label = label.trim();
                if !label.is_empty() {
                    document.edit("", |study| parts::rename(study, index, label));
                }
            }
            C::Recolor(index, color) => {
                document.edit(&format!("color {index}"), |study| {
                    if let Some(variation) = parts::variation(study, index) {
                        variation.color = write_color(color);
                    }
                });
            }
            C::SetSeeds(mut seeds) => {
                let mut known = std::collections::BTreeSet::new();
                seeds.retain(|seed| known.insert(*seed));
                if !seeds.is_empty() {
                    document.edit("seeds", |study| study.seeds = seeds);
                }
            }
            C::SetTitle(title) => {
                document.edit("title", |study| study.title = title);
            }
            C::SetStart(point) => {
                // A pointer is no finer than this, and nobody wants to read 17 digits.
                let point: Vec<f64> =
                    point.iter().map(|x| format!("{x:.3e}").parse().unwrap_or(*x)).collect();
                document.edit("start", |study| {
                    let of_base = start_at(&point, &study.base.data);
                    if let Some(start) = &of_base {
                        let base =
                            Experiment { initialization: start.clone(), ..study.base.clone() };
                        parts::set_base(study, &base);
                    }
                    for variation in &mut study.compare {
                        let source = variation.data.as_ref().unwrap_or(&study.base.data);
                        let start = start_at(&point, source);
                        if start != of_base {
                            variation.initialization = start;
                        }
                    }
                });
                // All that is not up to date trains: that is every experiment that now starts
                // elsewhere, and experiments on a surface are small.
                self.sync();
                return self.run_all();
            }
            _ => {}
        }
        self.sync();
        // What was deleted may be back, or what was changed as it was.
        self.order_recorded();
    }

    /// The command that gives the selected experiment these settings, and with it all that share the
    /// parts that change: those that follow the base do, where no experiment states such a part
    /// itself. The data are changed for all, so that what is compared keeps sharing them.
    pub fn shared_edit(&self, experiment: Experiment) -> SessionCommand {
        let study = self.document.study();
        let own = Box::new(experiment.clone());
        let Some(entry) = self.entries.get(self.selected) else {
            return SessionCommand::Edit(self.selected, own);
        };
        let apart = parts::differences(&study.base, &entry.experiment);
        let is_stated = |part: &&str| {
            *part != "data" && study.compare.iter().any(|other| other.stated().contains(part))
        };
        let changed = parts::differences(&entry.experiment, &experiment);
        if changed.iter().any(|part| apart.contains(part) || is_stated(part)) {
            return SessionCommand::Edit(self.selected, own);
        }
        let mut base = study.base.clone();
        changed.iter().for_each(|part| parts::copy_part(part, &experiment, &mut base));
        SessionCommand::EditBase(Box::new(base))
    }

    fn select_new(&mut self, index: usize) {
        self.sync();
        self.selected = index.min(self.entries.len().saturating_sub(1));
        self.forget_remedies();
    }

    fn edit_experiment(&mut self, index: usize, experiment: &Experiment) {
        let Some(entry) = self.entries.get_mut(index) else { return };
        let changed = parts::differences(&entry.experiment, experiment);
        let gesture = format!("{index} {}", changed.join(" "));
        entry.live.adapts |= changed.contains(&"data");
        self.document.edit(&gesture, |study| parts::set_experiment(study, index, experiment));
    }

    /// Brings the entries in line with the study. Runs stay with the experiment they belong to.
    pub(super) fn sync(&mut self) {
        let study = self.document.study();
        let folder = self.document.folder().to_owned();
        let mut old: Vec<Option<ExperimentEntry>> =
            std::mem::take(&mut self.entries).into_iter().map(Some).collect();
        let wanted = study.experiments();
        let owners = owners(&old, &wanted);
        let seeds = study.seeds.clone();
        let colors: Vec<_> = study.compare.iter().map(|other| other.color.clone()).collect();
        let mut taken: Vec<[u8; 3]> =
            colors.iter().filter_map(|color| parse_color(color)).collect();
        let kept = owners.iter().flatten().filter_map(|&owner| old[owner].as_ref());
        taken.extend(kept.map(|entry| entry.color));
        let mut entries = Vec::with_capacity(wanted.len());
        for (index, (label, experiment)) in wanted.into_iter().enumerate() {
            let stated = colors.get(index).and_then(|color| parse_color(color));
            let kept = owners[index].and_then(|owner| old[owner].take());
            // A new one takes a color that is free, so that the others keep theirs.
            let color = stated.or(kept.as_ref().map(|entry| entry.color)).unwrap_or_else(|| {
                let own = PALETTE[index % PALETTE.len()];
                let mut candidates = std::iter::once(own).chain(PALETTE);
                candidates.find(|color| !taken.contains(color)).unwrap_or(own)
            });
            taken.push(color);
            let entry = match kept {
                Some(entry) => carried_on(entry, label, color, experiment, &seeds, &folder),
                None => ExperimentEntry::new(label, color, experiment),
            };
            entries.push(entry);
        }
        distinguish(&mut entries, &colors);
        old.iter().flatten().for_each(|entry| runs::end(entry.all_runs()));
        self.entries = entries;
        self.selected = self.selected.min(self.entries.len().saturating_sub(1));
        self.order_checks();
    }
}

/// For each wanted experiment the old entry that becomes it: the same name and settings first,
/// then the same name, then the same settings.
fn owners(old: &[Option<ExperimentEntry>], wanted: &[(String, Experiment)]) -> Vec<Option<usize>> {
    let mut owners = vec![None; wanted.len()];
    let mut taken = vec![false; old.len()];
    for round in 0..4 {
        for (index, (label, experiment)) in wanted.iter().enumerate() {
            if owners[index].is_some() {
                continue;
            }
            let suits = |entry: &ExperimentEntry| match round {
                0 => entry.label == *label && entry.experiment == *experiment,
                1 => entry.label == *label,
                2 => entry.experiment == *experiment,
                _ => false,
            };
            let found = (0..old.len())
                .find(|&owner| !taken[owner] && old[owner].as_ref().is_some_and(suits))
                .or((round == 3 && index < old.len() && !taken[index]).then_some(index))
                .filter(|_| round < 3 || old.len() == wanted.len());
            if let Some(owner) = found {
                taken[owner] = true;
                owners[index] = Some(owner);
            }
        }
    }
    owners
}

/// An entry with what the study now says about it.
fn carried_on(
    mut entry: ExperimentEntry,
    label: String,
    color: [u8; 3],
    experiment: Experiment,
    seeds: &[u64],
    folder: &Path,
) -> ExperimentEntry {
    entry.label = label;
    entry.color = color;
    let was_first = entry.plan.as_ref().map(|plan| plan.seed);
    if entry.experiment != experiment || was_first.is_some_and(|seed| Some(&seed) != seeds.first())
    {
        entry.live.unchecked = true;
    }
    entry.experiment = experiment;
    if entry.experiment.data.surface().is_some() {
        entry.data = super::DataState::None;
        entry.loaded = None;
    }
    let (kept, dropped) = std::mem::take(&mut entry.runs)
        .into_iter()
        .partition(|run| seeds.contains(&run.plan().seed));
    entry.runs = kept;
    runs::end(&dropped);
    let is_stale = |run: &crate::training::Run| {
        let plan = run.plan();
        !same_training(&plan.experiment, &entry.live.folder, &entry.experiment, folder)
    };
    entry.stale = entry.runs.iter().any(is_stale);
    if entry.stale {
        runs::plan_rerun(&mut entry);
    } else {
        entry.live.rerun_at = None;
    }
    entry
}

/// The start at `point`, on a surface. What the point does not say, such as the coordinates that a picture
/// does not show, is as in the customary start.
fn start_at(point: &[f64], source: &Source) -> Option<Initialization> {
    let mut start = source.surface()?.rule::<f64>().start();
    for (coordinate, stated) in start.iter_mut().zip(point) {
        *coordinate = *stated;
    }
    Some(Initialization::Explicit(start))
}

/// Gives entries whose colour the study does not state a colour that no other has, while there
/// are such.
fn distinguish(entries: &mut [ExperimentEntry], stated: &[String]) {
    for index in 0..entries.len() {
        let is_stated = stated.get(index).is_some_and(|color| parse_color(color).is_some());
        let color = entries[index].color;
        let is_twin = |(other, entry): (usize, &ExperimentEntry)| {
            other != index
                && entry.color == color
                && (other < index
                    || stated.get(other).is_some_and(|color| parse_color(color).is_some()))
        };
        if !is_stated && entries.iter().enumerate().any(is_twin) {
            let is_free = |color: &&[u8; 3]| entries.iter().all(|entry| entry.color != **color);
            if let Some(free) = PALETTE.iter().find(is_free) {
                entries[index].color = *free;
            }
        }
    }
}
