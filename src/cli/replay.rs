use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::{Stop, Success};
use crate::record::{Record, replay};
use crate::training::Executor;

#[derive(Debug, Args)]
pub(super) struct ReplayArguments {
    /// The record, as `descent run STUDY --save RECORD` writes it
    record: PathBuf,
    /// Use this many cores [default: all]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=4096))]
    threads: Option<u64>,
}

pub(super) fn run(arguments: &ReplayArguments) -> Result<Success, Stop> {
    let path = &arguments.record;
    let record = Record::load(path).map_err(Stop::input)?;
    let executor = Executor::new(arguments.threads.map(|n| n as usize));
    let replayed = replay(&record, path, &executor)
        .map_err(|error| Stop::input(format!("{}: {error}", path.display())))?;
    let mut out = io::stdout().lock();
    let mut differs = false;
    for run in replayed {
        differs |= run.difference.is_some();
        writeln!(out, "{run}")?;
    }
    Ok(if differs { Success::Differs } else { Success::Done })
}
