//! `cargo xtask bench`: measures that take more than `cargo bench`.

use std::process::Command;

use clap::{Args, Subcommand};

use crate::counts::{self, CountsError};
use crate::metadata::{MetadataError, Workspace};
use crate::python::{self, Environment, InstallError};

/// What is measured.
#[derive(Debug, Args)]
pub struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Instructions that parts of the core take, compared with those that are committed.
    Counts {
        /// Write them down as what is expected from now on.
        #[arg(long)]
        write: bool,
    },
    /// passerelle beside other projects on the same work; `-- --help` tells its options.
    #[command(disable_help_flag = true)]
    Peers {
        /// Options of the comparison.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
}

/// A measure that did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// Cargo did not say what the workspace is.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// The wheel of the Python package could not be built.
    #[error(transparent)]
    Install(#[from] InstallError),
    /// Instructions could not be counted, or changed.
    #[error(transparent)]
    Counts(#[from] CountsError),
    /// A program could not be started.
    #[error("{0} could not be run: {1}")]
    NotRun(&'static str, std::io::Error),
}

/// Builds what measures, and runs it with this terminal; whether it came to its end.
pub fn run(options: &Options) -> Result<bool, BenchError> {
    let workspace = Workspace::read()?;
    let options = match &options.what {
        What::Peers { options } => options,
        What::Counts { write: true } => {
            counts::write(&workspace)?;
            return Ok(true);
        }
        What::Counts { write: false } => {
            let said = counts::check(&workspace)?;
            println!("{}", said.unwrap_or_else(|| counts::OTHER_COMPILER.to_owned()));
            return Ok(true);
        }
    };
    let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--release", "--package", "passerelle-benches", "--bins"])
        .env("CARGO_TARGET_DIR", &workspace.target)
        .current_dir(&workspace.root)
        .status()
        .map_err(|source| BenchError::NotRun("cargo", source))?;
    if !built.success() {
        return Ok(false);
    }
    let mut peers = Command::new(workspace.target.join("release/peers"));
    match Environment::ready(&workspace, python::TESTS, false) {
        Ok(environment) => {
            peers.arg("--wheel").arg(environment.wheel(false)?);
        }
        Err(absent) => println!("without the Python package: {absent}"),
    }
    let measured = peers
        .args(options)
        .current_dir(&workspace.root)
        .status()
        .map_err(|source| BenchError::NotRun("peers", source))?;
    Ok(measured.success())
}
