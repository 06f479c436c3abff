//! What the runs of a study recorded on its surface, and how far the longest of them came.

use super::follow::Trail;
use super::race::{self, Racer};
use super::transport::Tape;
use crate::analysis::Playback;
use crate::app::views::ViewContext;
use crate::session::Session;
use crate::surfaces::Surface;
use crate::training::{Ending, RunState};

/// The surface of the selected experiment, else of the first that has one.
pub(super) fn surface(session: &Session) -> Option<&Surface> {
    let entries = session.selected_entry().into_iter().chain(session.entries());
    entries.into_iter().find_map(|entry| entry.experiment.data.surface())
}

/// How many coordinates the surface has.
pub(super) fn n_coordinates(session: &Session) -> usize {
    surface(session).map_or(0, |surface| surface.rule::<f64>().dimension())
}

/// Visible experiments with what their first runs recorded on a surface.
pub(super) fn trails(session: &Session) -> impl Iterator<Item = (usize, Trail<'_>)> {
    let drawn = surface(session);
    let entries = session.entries().iter().enumerate();
    entries.filter(|(_, entry)| entry.visible).filter_map(move |(index, entry)| {
        let run = entry.runs.first()?;
        // A path on another surface has no place in this picture.
        if run.plan().surface.as_ref() != drawn {
            return None;
        }
        Some((index, Trail::of(run.history())?))
    })
}

/// The tape of all visible runs: as long as the longest of them.
pub(super) fn tape(session: &Session, playback: &Playback) -> Option<Tape> {
    let last = trails(session).map(|(_, trail)| trail.last_step()).max()?;
    let wanted = playback.shown(last);
    // Where not every step is recorded, the nearest before it that some run has.
    let shown = trails(session).map(|(_, trail)| trail.step(trail.index(wanted))).max()?;
    let (mut before, mut after) = (None, None);
    for (_, trail) in trails(session) {
        let [earlier, later] = trail.neighbours(shown);
        before = before.max(earlier);
        after = after.into_iter().chain(later).min();
    }
    Some(Tape { last, shown, neighbours: [before, after], grows: session.is_busy() })
}

/// The runs at a step.
pub(super) fn racers(context: &ViewContext<'_>, shown: u64) -> Vec<Racer> {
    let entries = context.session.entries();
    let mut racers: Vec<Racer> = trails(context.session)
        .map(|(experiment, trail)| {
            let entry = &entries[experiment];
            let index = trail.index(shown);
            let ending = entry.runs.first().map(|run| run.state());
            let has_diverged = matches!(
                ending,
                Some(RunState::Ended(Ending::Diverged { step })) if *step <= shown
            );
            Racer {
                experiment,
                label: entry.label.clone(),
                color: context.theme.run(entry.color),
                step: trail.step(index),
                loss: trail.loss(index),
                has_diverged,
            }
        })
        .collect();
    race::sort(&mut racers);
    racers
}
