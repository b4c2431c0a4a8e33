//! The project's chores, in Rust: `cargo xtask CHORE`.
//!
//! `cargo xtask test` is the README's test command; `.ci/run` calls it with `--ci`. A chore is one
//! file with its options and its `run`, and one variant of [`Chore`]. What chores share:
//!
//! - [`call`]: a command line that is run, its output kept, and told in full when it fails;
//! - [`metadata`]: the workspace as cargo sees it;
//! - [`tools`]: programs that a chore needs, installed into the target folder at a pinned version;
//! - [`debian`]: programs that come in a Debian package;
//! - [`python`]: the Python package, in environments of its own;
//! - [`java`]: what Spark runs on;
//! - [`report`]: what steps say while they run, and the table at the end;
//! - [`clients`]: the programs that call the C library, built and run;
//! - [`sanitize`]: the same, watched by valgrind and sanitizers;
//! - [`front_doors`]: the same questions asked in Rust, C, Python and on the command line;
//! - [`house`]: the house rules that can be read off the tracked files;
//! - [`rooms`]: the one of them that is about the order of the library's rooms.

mod bench;
mod call;
mod clients;
mod counts;
mod debian;
mod front_doors;
mod header;
mod house;
mod install;
mod java;
mod metadata;
mod python;
mod report;
mod rooms;
mod sanitize;
mod test;
mod tools;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's chores.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Xtask {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Check everything: formatting, lints, tests, documentation, the main job, the house rules.
    Test(test::Options),
    /// Measure speed beside other projects.
    Bench(bench::Options),
    /// Write the C header anew.
    Header(header::Options),
    /// Build the C library and install it with its headers.
    Install(install::Options),
}

fn main() -> ExitCode {
    let done = match Xtask::parse().chore {
        Chore::Test(options) => test::run(&options).map_err(|error| error.to_string()),
        Chore::Bench(options) => bench::run(&options).map_err(|error| error.to_string()),
        Chore::Header(options) => header::run(&options).map_err(|error| error.to_string()),
        Chore::Install(options) => install::run(&options).map_err(|error| error.to_string()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Xtask::command().debug_assert();
    }
}
