//! The programs in `crates/ffi/clients`: built against an installed library, and run.
//!
//! They are built as a stranger would build them: compiler, pkg-config, nothing of this workspace.
//! [`sanitize`](crate::sanitize) builds and runs them once more, watched.

use std::collections::BTreeMap;
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
    #[error("main_job and the command differ, with --lang {language}: {what}")]
    Differs { language: &'static str, what: String },
    #[error("faulty.c does `{fault}` on purpose, and that goes unseen")]
    Unseen { fault: String },
    #[error("pkg-config tells of version `{0}`, which is not the one that was installed")]
    NotFound(String),
}

/// Which library a program is linked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    /// The one that is loaded when the program starts.
    Shared,
    /// The one that becomes part of it.
    Static,
}

/// What the main job gives.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    printed: String,
    tables: BTreeMap<String, Vec<u8>>,
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
    let mut ran = 0;
    // The main job takes a while: each library does it in one language.
    for (linked, language) in [(Linked::Shared, "fr"), (Linked::Static, "en")] {
        let main_job = bench.compile("main_job.c", linked)?;
        same(language, &bench.command(language)?, &bench.main_job(&main_job, language)?)?;
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

    /// What the command gives.
    fn command(&self, language: &str) -> Result<Told, ClientsError> {
        let build = ["build", "--release", "--package", "passerelle-cli"];
        self.workspace.cargo().args(build).run(self.verbose)?;
        let command = self.workspace.target.join("release/passerelle");
        self.told(|tables| {
            let call = self.workspace.call(command).args(["--lang", language, "hub", HUB, "-o"]);
            Ok(String::from_utf8_lossy(&call.arg(tables).read()?).into_owned())
        })
    }

    /// What the client gives.
    fn main_job(&self, program: &Path, language: &str) -> Result<Told, ClientsError> {
        self.told(|tables| {
            let call = self.workspace.call(program).arg(HUB).arg(tables).arg(language);
            Ok(String::from_utf8_lossy(&call.read()?).into_owned())
        })
    }

    /// What a program prints, and writes into a folder: the same for all, as its name is printed.
    fn told(
        &self,
        run: impl FnOnce(&Path) -> Result<String, ClientsError>,
    ) -> Result<Told, ClientsError> {
        let folder = self.prefix.join("tables");
        let failed = |source| ClientsError::File { path: folder.clone(), source };
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(failed)?;
        }
        let printed = run(&folder)?;
        let mut tables = BTreeMap::new();
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            tables.insert(name, fs::read(&path).map_err(failed)?);
        }
        Ok(Told { printed, tables })
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

/// Whether the client gives what the command gives, byte for byte.
fn same(language: &'static str, command: &Told, client: &Told) -> Result<(), ClientsError> {
    let differs = |what: String| Err(ClientsError::Differs { language, what });
    let lines = || command.printed.lines().zip(client.printed.lines());
    if let Some((wanted, given)) = lines().find(|(wanted, given)| wanted != given) {
        return differs(format!("`{given}` is printed where the command says `{wanted}`"));
    }
    if command.printed != client.printed || command.printed.is_empty() {
        return differs("one of them prints more than the other".to_owned());
    }
    if !command.tables.keys().eq(client.tables.keys()) || command.tables.is_empty() {
        return differs("they do not write the same tables".to_owned());
    }
    for (name, bytes) in &command.tables {
        if client.tables[name] != *bytes {
            return differs(format!("{name} has other bytes"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_gives_what_the_command_gives() {
        let told = |printed: &str, table: (&str, &[u8])| Told {
            printed: printed.to_owned(),
            tables: BTreeMap::from([(table.0.to_owned(), table.1.to_vec())]),
        };
        let wanted = told("one\ntwo\n", ("a.csv", b"1"));
        let refused = |given: Told| same("en", &wanted, &given).unwrap_err().to_string();
        assert!(same("en", &wanted, &told("one\ntwo\n", ("a.csv", b"1"))).is_ok());
        assert!(refused(told("one\ntoo\n", ("a.csv", b"1"))).contains("`too`"));
        assert!(refused(told("one\n", ("a.csv", b"1"))).contains("more"));
        assert!(refused(told("one\ntwo\n", ("b.csv", b"1"))).contains("tables"));
        assert!(refused(told("one\ntwo\n", ("a.csv", b"2"))).contains("a.csv"));
        let nothing = told("", ("a.csv", b"1"));
        assert!(same("en", &nothing, &told("", ("a.csv", b"1"))).is_err());
    }
}
