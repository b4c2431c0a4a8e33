//! The programs in `crates/ffi/clients`: built against an installed library, and run.
//!
//! They are built as a stranger would build them: compiler, pkg-config, nothing of this workspace.
//! [`sanitize`](crate::sanitize) builds and runs them once more, watched.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::call::{Call, CallError};
use crate::install::{self, InstallError, PACKAGE};
use crate::metadata::{MetadataError, Workspace};

/// Where the programs are.
pub const CLIENTS: &str = "crates/ffi/clients";

/// Warnings are errors.
const STRICT: &[&str] = &["-Wall", "-Wextra", "-Werror", "-pedantic", "-g", "-O1"];

/// The hub that they work on.
pub const HUB: &str = "datasets/hauts-de-france";

/// How many random sequences of calls are run.
pub const SEQUENCES: &str = "100000";

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
    #[error("faulty.c does `{fault}` on purpose, and that goes unseen")]
    Unseen { fault: String },
    #[error("pkg-config tells of version `{0}`, which is not the one that was installed")]
    NotFound(String),
    #[error("main_job printed {0} lines; it prints the whole main job")]
    TooLittle(usize),
}

/// Which library a program is linked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    /// The one that is loaded when the program starts.
    Shared,
    /// The one that becomes part of it.
    Static,
}

/// Where programs are built and run.
#[derive(Debug)]
pub struct Bench<'w> {
    workspace: &'w Workspace,
    prefix: PathBuf,
    verbose: bool,
    /// Options for compiling, beside those that every program is compiled with.
    pub flags: &'static [&'static str],
    /// What is linked in, beside the library.
    pub with: Vec<OsString>,
    /// A program that the clients run under, with its options; none: as they are.
    pub under: &'static [&'static str],
    /// Variables that they see.
    pub env: &'static [(&'static str, &'static str)],
}

/// Whether the programs that building takes are there: the name of the first that is not.
pub fn missing(workspace: &Workspace) -> Option<&'static str> {
    let there = |program: &&str| workspace.call(*program).arg("--version").run(false).is_ok();
    ["cc", "c++", "pkg-config"].into_iter().find(|program| !there(program))
}

/// Installs the library as anyone would, builds all of them against it and runs them; what was done,
/// in a few words.
pub fn run(workspace: &Workspace, verbose: bool) -> Result<String, ClientsError> {
    let bench = Bench::at(workspace, "clients", verbose);
    let chore = ["run", "--quiet", "--package", "xtask", "--", "install", "--prefix"];
    workspace.cargo().args(chore).arg(&bench.prefix).run(verbose)?;
    bench.is_found()?;
    let command = bench.command()?;
    let mut ran = 0;
    for linked in [Linked::Shared, Linked::Static] {
        let main_job = bench.compile("main_job.c", linked)?;
        told_by_the_command(&bench.run(&main_job, &[HUB])?, &command)?;
        for (program, words) in [
            ("wrapper.cpp", &[HUB][..]),
            ("threads.c", &[]),
            ("refusals.c", &[HUB]),
            // Where nobody watches, what it does wrong goes unseen.
            ("faulty.c", &["read"]),
        ] {
            bench.run(&bench.compile(program, linked)?, words)?;
        }
        ran += 5;
    }
    let random = bench.compile("random_calls.c", Linked::Shared)?;
    let said = bench.run(&random, &[&format!("{HUB}/framework"), SEQUENCES])?;
    ran += 1;
    let python = bench.python()?;
    let python = if python { ", Python" } else { ", no python3: its client was not run" };
    Ok(format!("{ran} programs{python}; {}", said.trim()))
}

impl<'w> Bench<'w> {
    /// A bench of this name, with nothing installed on it.
    fn at(workspace: &'w Workspace, name: &str, verbose: bool) -> Self {
        let prefix = workspace.target.join("xtask").join(name);
        Self { workspace, prefix, verbose, flags: &[], with: Vec::new(), under: &[], env: &[] }
    }

    /// Installs the library that cargo left in `built` on a bench of this name.
    pub fn new(
        workspace: &'w Workspace,
        built: &Path,
        name: &str,
        verbose: bool,
    ) -> Result<Self, ClientsError> {
        let bench = Self::at(workspace, name, verbose);
        let version = &workspace.package(PACKAGE)?.version;
        install::install(&workspace.root, built, &bench.prefix, &bench.prefix, version)?;
        Ok(bench)
    }

    /// Whether pkg-config tells of the version that was installed.
    fn is_found(&self) -> Result<(), ClientsError> {
        let version = &self.workspace.package(PACKAGE)?.version;
        let told = self.pkg_config("--modversion", Linked::Shared)?;
        if told.iter().eq([version]) { Ok(()) } else { Err(ClientsError::NotFound(told.join(" "))) }
    }

    /// What the command prints of the main job, in English.
    fn command(&self) -> Result<String, ClientsError> {
        let build = ["build", "--release", "--package", "passerelle-cli"];
        self.workspace.cargo().args(build).run(self.verbose)?;
        let command = self.workspace.target.join("release/passerelle");
        let out = self.prefix.join("out");
        let told = self.workspace.call(command).args(["--lang", "en", "hub", HUB, "-o"]);
        Ok(String::from_utf8_lossy(&told.arg(&out).read()?).into_owned())
    }

    /// Compiles one of the clients, or a program elsewhere in the workspace.
    pub fn compile(
        &self,
        source: impl AsRef<Path>,
        linked: Linked,
    ) -> Result<PathBuf, ClientsError> {
        let source = self.workspace.root.join(CLIENTS).join(source);
        let name = source.file_name().unwrap_or_default().to_string_lossy();
        let name = format!("{name}.{linked:?}").to_lowercase();
        let folder = self.prefix.join("bin");
        if let Err(source) = fs::create_dir_all(&folder) {
            return Err(ClientsError::File { path: folder, source });
        }
        let (program, object) = (folder.join(&name), folder.join(format!("{name}.o")));
        let (compiler, standard) = match source.extension().is_some_and(|of| of == "c") {
            true => ("cc", "-std=c99"),
            false => ("c++", "-std=c++17"),
        };
        let call = self.workspace.call(compiler).arg(standard).args(STRICT.to_vec());
        let call = call.args(self.flags.to_vec()).args(self.pkg_config("--cflags", linked)?);
        call.arg("-c").arg(source).arg("-o").arg(&object).run(self.verbose)?;
        let call = self.workspace.call(compiler).arg(&object).args(self.with.iter().cloned());
        let libraries = self.pkg_config("--libs", linked)?;
        let call = match linked {
            Linked::Shared => {
                let found = format!("-Wl,-rpath,{}", self.prefix.join("lib").display());
                call.args(libraries).arg(found)
            }
            // The archive by its path: `-lpasserelle` prefers the shared library.
            Linked::Static => call
                .arg(self.prefix.join("lib/libpasserelle.a"))
                .args(libraries.into_iter().filter(|one| one != "-lpasserelle")),
        };
        call.arg("-lpthread").arg("-o").arg(&program).run(self.verbose)?;
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

    /// Runs a program and gives what it printed.
    pub fn run(&self, program: &Path, words: &[&str]) -> Result<String, ClientsError> {
        let call = match self.under.split_first() {
            Some((&under, options)) => {
                self.workspace.call(under).args(options.iter().copied()).arg(program)
            }
            None => self.workspace.call(program),
        };
        let call = self.env.iter().fold(call, |call, &(name, value)| call.env(name, value));
        Ok(call.args(words.iter().copied()).run(self.verbose)?)
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
