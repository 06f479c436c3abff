//! The command line: `run`, `replay`, `check`, `list`, `data`, `verify`, and without a command the
//! window.
//! Results go to the standard output, everything else to the error output. Exit codes: 0 done, 1 a
//! run diverged, a replay differed or a verification failed, 2 the input is wrong, 130 stopped by Ctrl-C.

mod check;
mod data;
mod exports;
mod followed;
mod list;
mod outputs;
mod progress;
mod reading;
mod replay;
mod results;
mod run;
mod table;
mod trajectory;
mod units;
mod verify;
mod window;

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Gradient-descent experiments that train side by side and replay to the same bits.
#[derive(Debug, Parser)]
#[command(name = "descent", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Order>,
    /// A study, a record or a CSV file to open in the window; without one, the study that was open
    /// last. Of several the first opens, and the window offers the others
    files: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Order {
    /// Train all experiments of a study and print what they come to
    Run(run::RunArguments),
    /// Train the runs of a record again and compare the hashes of their parameters
    Replay(replay::ReplayArguments),
    /// Check a study without training; say what would run
    Check(check::CheckArguments),
    /// List the members of a family with their settings and defaults
    List(list::ListArguments),
    /// Say how a CSV file is read
    Data(data::DataArguments),
    /// Compare this build, on this machine, with reference values from elsewhere
    Verify(verify::VerifyArguments),
}

/// Why a command ended early.
#[derive(Debug)]
enum Stop {
    /// The input is wrong: exit code 2 with this message.
    Input(String),
    /// The reader of our output went away: nothing more to say.
    Output(io::Error),
}

impl Stop {
    fn input(message: impl Display) -> Self {
        Self::Input(message.to_string())
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// What went as asked, and what did not but is no mistake of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Success {
    Done,
    /// A run diverged, a replay differed, or a reference was not met.
    Differs,
    /// A person stopped it; what was done until then is written.
    Interrupted,
}

impl Success {
    /// The exit code.
    fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Differs => 1,
            // As shells have it: 128 and the number of the signal.
            Self::Interrupted => 130,
        }
    }
}

/// Does what the arguments (the first is the program's name) ask for.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    std::panic::set_hook(Box::new(|panic| {
        // Runs catch their own panics and report them; the rest is told here in one line.
        let place = panic.location().map_or_else(String::new, |place| format!(" ({place})"));
        let said = panic.payload_as_str().unwrap_or("no reason given").replace('\n', " ");
        let _ = writeln!(io::stderr(), "descent: a mistake in the program itself: {said}{place}");
    }));
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are not mistakes; clap knows where each belongs.
            let _ = error.print();
            return ExitCode::from(u8::from(error.use_stderr()) * 2);
        }
    };
    let done = std::panic::catch_unwind(|| match arguments.command {
        Some(Order::Run(arguments)) => run::run(&arguments),
        Some(Order::Replay(arguments)) => replay::run(&arguments),
        Some(Order::Check(arguments)) => check::run(&arguments),
        Some(Order::List(arguments)) => list::run(&arguments),
        Some(Order::Data(arguments)) => data::run(&arguments),
        Some(Order::Verify(arguments)) => verify::run(&arguments),
        None => window::run(arguments.files),
    });
    match done {
        Ok(Ok(success)) => ExitCode::from(success.code()),
        Err(_) => ExitCode::from(1),
        Ok(Err(Stop::Input(message))) => {
            let _ = writeln!(io::stderr(), "{message}");
            ExitCode::from(2)
        }
        Ok(Err(Stop::Output(error))) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Ok(Err(Stop::Output(error))) => {
            let _ = writeln!(
                io::stderr(),
                "the results could not be written to the standard output: {error}"
            );
            ExitCode::from(2)
        }
    }
}
