use std::io::{self, Write};
use std::sync::Arc;

use super::exports::quoted;
use crate::math::team::Team;
use crate::training::{Plan, Run, Trainer, trainer};

/// Trains the runs again, step by step, and writes the whole parameter vector at the start, at every
/// recorded step and at the end (of every start), with the objective over the whole training part
/// there. Runs give the same bits however they are driven, so these are the parameters of the runs in
/// the record.
pub(super) fn write(out: &mut impl Write, runs: &[Run], n_threads: usize) -> io::Result<()> {
    let n_params = runs.iter().map(|run| run.plan().n_params()).max().unwrap_or(0);
    write!(out, "experiment,seed,step,evaluations,loss")?;
    for index in 0..n_params {
        write!(out, ",p{index}")?;
    }
    writeln!(out)?;
    let team = Team::new(n_threads);
    let mut params = Vec::new();
    for run in runs {
        let cut_at = run.outcome().and_then(|outcome| outcome.ending.cut_at());
        let plan = &Arc::new(run.plan().again(cut_at));
        let mut trainer = trainer(plan.clone());
        write_row(out, plan, &mut *trainer, &team, &mut params)?;
        let mut written = trainer.clocks().step;
        while trainer.ending().is_none() {
            trainer.step(&team);
            let step = trainer.clocks().step;
            let due = step.is_multiple_of(plan.record_stride)
                || step.is_multiple_of(plan.steps_per_start)
                || trainer.ending().is_some();
            if due && step != written {
                write_row(out, plan, &mut *trainer, &team, &mut params)?;
                written = step;
            }
        }
    }
    Ok(())
}

fn write_row(
    out: &mut impl Write,
    plan: &Plan,
    trainer: &mut dyn Trainer,
    team: &Team,
    params: &mut Vec<f64>,
) -> io::Result<()> {
    let clocks = trainer.clocks();
    let loss = trainer.objective(team);
    trainer.copy_params(params);
    let label = quoted(&plan.label)?;
    // 17 significant digits: enough to name every f64.
    write!(out, "{label},{},{},{},{loss:.16e}", plan.seed, clocks.step, clocks.evaluations)?;
    for param in params {
        write!(out, ",{param:.16e}")?;
    }
    writeln!(out)
}
