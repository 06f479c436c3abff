//! The program: the command line, and without a command the window.

use std::process::ExitCode;

fn main() -> ExitCode {
    descent::cli::run(std::env::args_os())
}
