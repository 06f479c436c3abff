//! Whether what was decided on the first part of a file is right for the whole, and the report.

use super::cells::Looks;
use super::merge::Merger;
use super::piece::Kind;
use super::plan::{Plan, have_commas, kinds};
use super::store::Store;
use super::words::Levels;
use crate::data::csv::cells::columns::{Survey, Type};
use crate::data::csv::cells::missing::{NAMIBIA, Words};
use crate::data::csv::outline::Outline;
use crate::data::csv::overrides::Roles;
use crate::data::csv::read::decisions;
use crate::data::csv::remarks::{
    begin_report, end_report, list_above, reason_below, remark_on_rows,
};
use crate::data::csv::table::fate::fate;
use crate::data::csv::table::footer::Waiting;
use crate::data::csv::table::shape::SampleRow;
use crate::data::csv::{MOST_REPORTED, overrides};
use crate::data::{CsvSource, Footer, ReadReport};
use crate::math::Number;

/// What the whole of a file shows.
pub(super) enum Completion<S> {
    Done(S, Vec<Levels>, Box<ReadReport>),
    /// The first part told other types.
    OtherKinds(Vec<Kind>),
    Unsuited,
}

pub(super) fn complete<S: Store>(
    mut merger: Merger<'_, S>,
    looks: Vec<Looks>,
    plan: &Plan,
    outline: &Outline,
    settings: &CsvSource,
) -> Completion<S> {
    if merger.overflowed {
        return Completion::Unsuited;
    }
    let mut surveys = surveys(&mut merger, &looks, plan);
    let Some(end) = end_of_table(&merger, &surveys, plan) else {
        return Completion::Unsuited;
    };
    let n_rows = merger.n_rows;
    merger.release(end);
    let below = std::mem::take(&mut merger.held);
    if merger.n_rows > n_rows {
        surveys = self::surveys(&mut merger, &looks, plan);
    }
    let Some(store) = merger.store.take().filter(|_| !merger.is_unsuited) else {
        return Completion::Unsuited;
    };
    let comma_likely = outline.dialect.delimiter != b',';
    if let (Footer::From(line), first) = (settings.footer, below.first())
        && first.map(|row| row.line) != Some(line)
    {
        return Completion::Unsuited;
    }
    let mut remarks = Vec::new();
    let types = overrides::types(&surveys, &plan.shape.names, settings, comma_likely, &mut remarks);
    let all_known = !have_commas(&surveys, &types) || !plan.kinds.contains(&Kind::Plain);
    let is_right = |(column_type, kind): (&Type, &Kind)| kind.column_type() == *column_type;
    if !all_known || !types.iter().zip(&plan.kinds).all(is_right) {
        return Completion::OtherKinds(kinds(&surveys, &types, outline));
    }
    if !weights_are_sound(&store, plan, settings) || may_be_countries(&merger, &surveys, plan) {
        return Completion::Unsuited;
    }
    let first_below: Vec<SampleRow> =
        below.first().map(|row| (row.line, row.fields.clone())).into_iter().collect();
    for row in below {
        merger.skipped.add(row.line, || reason_below(&(row.line, row.fields)));
    }
    let mut report = begin_report(outline);
    report.warnings.extend(remarks);
    let roles = Roles { has_recent: overrides::has_recent(&surveys, &types), ..Roles::default() };
    report.decisions = decisions(outline, settings, &types, &first_below, roles);
    report.n_rows = merger.n_rows;
    let n_above = list_above(outline, &mut report);
    let room = MOST_REPORTED.saturating_sub(n_above);
    report.skipped.extend(merger.skipped.first.into_iter().take(room));
    report.repaired = merger.repaired.first;
    report.missing = merger.spellings.report(&plan.shape.names, MOST_REPORTED);
    let counts = [n_above, n_above + merger.skipped.n, merger.repaired.n];
    remark_on_rows(&merger.bad, &plan.shape.names, &types, counts, &mut report);
    let words = vec![Words::Usual; types.len()];
    end_report(outline, &types, &surveys, &words, &mut report);
    Completion::Done(store, merger.words, Box::new(report))
}

/// The line of the first row below the table; `None` where more rows could be one than may wait.
fn end_of_table<S: Store>(merger: &Merger<'_, S>, surveys: &[Survey], plan: &Plan) -> Option<u64> {
    let width = plan.kinds.len();
    let mut waiting = Waiting::default();
    for row in &merger.held {
        let field = |j: usize| row.fields.get(j).map_or("", String::as_str);
        if fate(row.fields.len(), field, &plan.shape).is_read() {
            if waiting.is_full() {
                return None;
            }
            waiting.push((row.line, row.fields.clone()), row.after_gap);
        }
    }
    let first_is_numeric = surveys.first().is_some_and(Survey::is_mostly_numbers);
    let [_, below] = match merger.n_rows {
        0 => Default::default(), // what follows nothing is the table
        _ => waiting.part(width, first_is_numeric),
    };
    Some(below.first().map_or(u64::MAX, |(line, _)| *line))
}

/// What the cells of each column look like.
fn surveys<S: Store>(merger: &mut Merger<'_, S>, looks: &[Looks], plan: &Plan) -> Vec<Survey> {
    let of_held = merger.parser.cells.looks().to_vec();
    let survey = |j: usize| {
        let place = plan.places[j];
        let mut looks = looks[j].clone();
        looks.add(&of_held[j]);
        let mut survey = looks.survey;
        match (plan.kinds[j], &merger.store) {
            (Kind::Words, _) => {
                let words = &merger.words[place];
                for (level, n) in words.levels.iter().zip(&words.counts) {
                    survey.look_often(level, *n);
                }
            }
            (Kind::Plain, Some(store)) => {
                let is_missing = |value: &S::Value| value.to_f64().is_nan();
                let n_plain = if looks.n_looked_at == 0 {
                    // One is as good as many.
                    usize::from(!store.column(place).all(|value| is_missing(&value)))
                } else {
                    let n_missing = store.column(place).filter(is_missing).count();
                    merger.n_rows - looks.n_looked_at - (n_missing - looks.n_missing)
                };
                survey.add_numbers(n_plain);
            }
            _ => {}
        }
        survey
    };
    (0..plan.kinds.len()).map(survey).collect()
}

/// Whether `NA` may be a code in any column, which is found out by the other reader.
fn may_be_countries<S: Store>(merger: &Merger<'_, S>, surveys: &[Survey], plan: &Plan) -> bool {
    let mut words = plan.kinds.iter().zip(surveys).filter(|(kind, _)| **kind == Kind::Words);
    words.any(|(_, survey)| survey.has_countries()) && merger.spellings.has(NAMIBIA)
}

/// Whether all weights can be used; if not, the other reader says why.
fn weights_are_sound<S: Store>(store: &S, plan: &Plan, settings: &CsvSource) -> bool {
    let names = &plan.shape.names;
    let named = names.iter().position(|name| *name == settings.weights);
    let Some(j) = named.filter(|_| !settings.weights.is_empty()) else {
        return true;
    };
    let is_sound = |value: f64| value.is_finite() && value >= 0.0;
    plan.kinds[j] != Kind::Words
        && store.column(plan.places[j]).all(|value| is_sound(value.to_f64()))
}
