//! The `passerelle` command: who is how far from which job, and why.
//!
//! It translates arguments into calls of the library and results into tables and files. Rules of
//! the domain are in the library.

mod args;
mod chart;
mod commands;
mod progress;
mod source;
mod write;

use std::process::ExitCode;

use clap::Parser;
use passerelle::Error;

fn main() -> ExitCode {
    match commands::run(args::Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that closed the pipe has seen what it wanted.
        Err(Error::File { source, .. }) if source.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("passerelle: {error}{}", here(&error));
            ExitCode::FAILURE
        }
    }
}

/// What a library's advice means on the command line.
fn here(error: &Error) -> &'static str {
    match error {
        Error::Memory { .. } => {
            " (here: `--tile 1000` writes it in pieces, `--memory 8GiB` allows more)"
        }
        _ => "",
    }
}
