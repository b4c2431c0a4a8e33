//! The programs in `crates/ffi/clients`: built against an installed library, and run.
//!
//! They are built as a stranger would build them: compiler, pkg-config, nothing of this workspace.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::call::{Call, CallError};
use crate::install::{self, InstallError, PACKAGE};
use crate::metadata::{MetadataError, Workspace};

/// Where the programs are.
const CLIENTS: &str = "crates/ffi/clients";

/// Warnings are errors.
const STRICT: &[&str] = &["-Wall", "-Wextra", "-Werror", "-pedantic", "-g", "-O1"];

/// The hub that they work on.
const HUB: &str = "datasets/hauts-de-france";

/// How many random sequences of calls are run.
const SEQUENCES: &str = "100000";

/// Why the clients failed.
#[derive(Debug, thiserror::Error)]
pub enum ClientsError {
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error(transparent)]
    Call(#[from] CallError),
    #[error(transparent)]
    Install(#[from] InstallError),
    #[error("{path}: {source}", path = path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("`{line}` is printed by main_job and not by the command, or in another order")]
    Differs { line: String },
    #[error("main_job printed {0} lines; it prints the whole main job")]
    TooLittle(usize),
}

/// Which library a program is linked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Linked {
    Shared,
    Static,
}

/// What programs are built with and run under.
struct Bench<'w> {
    workspace: &'w Workspace,
    prefix: PathBuf,
    verbose: bool,
    /// Options that every compiler call gets.
    flags: Vec<String>,
    /// A program that the clients run under, with its options.
    under: Vec<String>,
}

/// Whether the programs that building takes are there: the name of the first that is not.
pub fn missing(workspace: &Workspace) -> Option<&'static str> {
    let there = |program: &&str| workspace.call(*program).arg("--version").run(false).is_ok();
    ["cc", "c++", "pkg-config"].into_iter().find(|program| !there(program))
}

/// Builds and runs all of them; what was done, in a few words.
pub fn run(workspace: &Workspace, verbose: bool) -> Result<String, ClientsError> {
    workspace.cargo().args(["build", "--package", PACKAGE]).run(verbose)?;
    let built = workspace.target.join("debug");
    let bench = Bench::new(workspace, &built, "clients", verbose)?;
    let command = bench.command()?;
    let mut ran = 0;
    for linked in [Linked::Shared, Linked::Static] {
        let main_job = bench.compile("main_job.c", linked)?;
        told_by_the_command(&bench.run(&main_job, &[HUB])?, &command)?;
        bench.run(&bench.compile("wrapper.cpp", linked)?, &[HUB])?;
        bench.run(&bench.compile("threads.c", linked)?, &[])?;
        ran += 3;
    }
    let random = bench.compile("random_calls.c", Linked::Shared)?;
    let said = bench.run(&random, &[&format!("{HUB}/framework"), SEQUENCES])?;
    ran += 1;
    let python = bench.python()?;
    let python = if python { ", Python" } else { ", no python3: its client was not run" };
    Ok(format!("{ran} programs{python}; {}", said.trim()))
}

impl<'w> Bench<'w> {
    fn new(
        workspace: &'w Workspace,
        built: &Path,
        name: &str,
        verbose: bool,
    ) -> Result<Self, ClientsError> {
        let prefix = workspace.target.join("xtask").join(name);
        let version = &workspace.package(PACKAGE)?.version;
        install::install(&workspace.root, built, &prefix, &prefix, version)?;
        Ok(Self { workspace, prefix, verbose, flags: Vec::new(), under: Vec::new() })
    }

    /// What the command prints of the main job, in English.
    fn command(&self) -> Result<String, ClientsError> {
        let out = self.prefix.join("out");
        let hub = ["run", "--quiet", "--", "--lang", "en", "hub", HUB, "-o"];
        let told = self.workspace.cargo().args(hub).arg(&out).read()?;
        Ok(String::from_utf8_lossy(&told).into_owned())
    }

    /// Compiles one of the programs.
    fn compile(&self, source: &str, linked: Linked) -> Result<PathBuf, ClientsError> {
        let name = format!("{source}.{linked:?}").to_lowercase();
        let program = self.prefix.join("bin").join(name);
        let folder = self.prefix.join("bin");
        fs::create_dir_all(&folder)
            .map_err(|source| ClientsError::File { path: folder, source })?;
        let (compiler, standard) =
            if source.ends_with(".c") { ("cc", "-std=c99") } else { ("c++", "-std=c++17") };
        let mut call = self.workspace.call(compiler).arg(standard).args(STRICT).args(&self.flags);
        call = call.args(self.pkg_config("--cflags", Linked::Shared)?);
        call = call.arg(self.workspace.root.join(CLIENTS).join(source)).arg("-o").arg(&program);
        call = match linked {
            Linked::Shared => call
                .args(self.pkg_config("--libs", linked)?)
                .arg(format!("-Wl,-rpath,{}", self.prefix.join("lib").display())),
            // The archive by its path: `-lpasserelle` prefers the shared library.
            Linked::Static => call.arg(self.prefix.join("lib/libpasserelle.a")).args(
                self.pkg_config("--libs", linked)?.into_iter().filter(|one| one != "-lpasserelle"),
            ),
        };
        call.arg("-lpthread").run(self.verbose)?;
        Ok(program)
    }

    fn pkg_config(&self, what: &str, linked: Linked) -> Result<Vec<String>, ClientsError> {
        let mut call = self.workspace.call("pkg-config").args([what, "passerelle"]);
        if linked == Linked::Static {
            call = call.arg("--static");
        }
        let told = call.env("PKG_CONFIG_PATH", self.prefix.join("lib/pkgconfig")).read()?;
        Ok(String::from_utf8_lossy(&told).split_whitespace().map(str::to_owned).collect())
    }

    fn run(&self, program: &Path, words: &[&str]) -> Result<String, ClientsError> {
        let call = match self.under.split_first() {
            Some((under, options)) => self.workspace.call(under).args(options).arg(program),
            None => self.workspace.call(program),
        };
        Ok(call.args(words).run(self.verbose)?)
    }

    /// Runs the client that has the header alone; whether there is a Python to run it.
    fn python(&self) -> Result<bool, ClientsError> {
        if self.workspace.call("python3").arg("--version").run(false).is_err() {
            return Ok(false);
        }
        let lib =
            self.prefix.join("lib").join(format!("libpasserelle{}", std::env::consts::DLL_SUFFIX));
        let client = self.workspace.root.join(CLIENTS).join("client.py");
        let header = self.prefix.join("include/passerelle.h");
        let call: Call = self.workspace.call("python3").arg(client).arg(lib).arg(header).arg(HUB);
        call.run(self.verbose)?;
        Ok(true)
    }
}

/// Whether each line of the program stands in what the command prints, in its order.
fn told_by_the_command(program: &str, command: &str) -> Result<(), ClientsError> {
    let mut lines = command.lines();
    for line in program.lines() {
        if !lines.any(|told| told == line) {
            return Err(ClientsError::Differs { line: line.to_owned() });
        }
    }
    let count = program.lines().count();
    if count < 60 { Err(ClientsError::TooLittle(count)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_program_is_one_of_the_command() {
        let told = (0..80).map(|at| format!("line {at}\n")).collect::<String>();
        let some = (0..70).map(|at| format!("line {at}\n")).collect::<String>();
        assert!(told_by_the_command(&some, &told).is_ok());
        assert!(told_by_the_command("line 1\n", &told).is_err());
        assert!(told_by_the_command(&format!("{some}line 3\n"), &told).is_err());
        assert!(told_by_the_command(&format!("other\n{some}"), &told).is_err());
    }
}
