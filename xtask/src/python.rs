//! The Python package, built and tested in an environment under the target folder.
//!
//! An environment holds the packages of a list at their pinned versions, and is made anew when that
//! list changes. The wheel is built in that of [`TESTS`], and installed into the others.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::call::{Call, CallError};
use crate::metadata::Workspace;

/// The package's folder, from the workspace's root.
pub const FOLDER: &str = "crates/py";

/// The oldest Python that the package is for, as its `pyproject.toml` says.
const OLDEST: (u32, u32) = (3, 11);

/// The interpreters looked for, the first that is new enough being taken.
const INTERPRETERS: &[&str] =
    &["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11"];

/// The packages that an environment holds.
#[derive(Debug, Clone, Copy)]
pub struct Packages {
    /// The list, from the package's folder.
    list: &'static str,
    /// The environment's place, from the target folder.
    place: &'static str,
}

/// What the package is built and tested with.
pub const TESTS: Packages = Packages { list: "requirements.txt", place: "xtask/python" };

/// What ranking on clusters is tested with: Spark and Ray.
pub const CLUSTER: Packages =
    Packages { list: "cluster/requirements.txt", place: "xtask/python-cluster" };

/// Why there is no environment.
#[derive(Debug, thiserror::Error)]
pub enum NoEnvironment {
    /// No interpreter is new enough.
    #[error("there is no Python {}.{} or later on the PATH", OLDEST.0, OLDEST.1)]
    NoPython,
    /// The pinned packages could not be installed, for want of a network most often.
    #[error("the packages of {FOLDER}/{list} could not be installed: {}", source.reason())]
    Packages {
        /// Their list.
        list: &'static str,
        /// What pip said.
        source: CallError,
    },
    /// The environment's own files.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// An environment with the packages of a list.
#[derive(Debug)]
pub struct Environment<'w> {
    workspace: &'w Workspace,
    place: PathBuf,
}

impl<'w> Environment<'w> {
    /// The environment, made if it is not there as the list of packages has it.
    pub fn ready(
        workspace: &'w Workspace,
        packages: Packages,
        show: bool,
    ) -> Result<Self, NoEnvironment> {
        let own = Self { workspace, place: workspace.target.join(packages.place) };
        let list = workspace.root.join(FOLDER).join(packages.list);
        let stamp = own.place.join("requirements.txt");
        let wanted = read(&list)?;
        if read(&stamp).is_ok_and(|there| there == wanted) {
            return Ok(own);
        }
        let python = interpreter(workspace).ok_or(NoEnvironment::NoPython)?;
        let made = workspace
            .call(python)
            .args(["-m", "venv", "--clear"])
            .arg(&own.place)
            .run(show)
            .and_then(|_| {
                let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
                own.python().args(pip).arg(&list).run(show)
            });
        made.map_err(|source| NoEnvironment::Packages { list: packages.list, source })?;
        // Written last: an environment that was made in part is made again.
        fs::write(&stamp, wanted).map_err(|source| NoEnvironment::File { path: stamp, source })?;
        Ok(own)
    }

    /// Builds the wheel with this environment's maturin; gives its file.
    pub fn wheel(&self, show: bool) -> Result<PathBuf, InstallError> {
        let wheels = self.workspace.target.join("xtask/wheels");
        match fs::remove_dir_all(&wheels) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(InstallError::File { path: wheels, source });
            }
            _ => {}
        }
        let build = ["-m", "maturin", "build", "--release", "--locked", "--manifest-path"];
        self.python()
            .args(build)
            .arg(self.folder().join("Cargo.toml"))
            .arg("--out")
            .arg(&wheels)
            .env("CARGO_TARGET_DIR", &self.workspace.target)
            .run(show)?;
        only_file(&wheels)
    }

    /// Installs a wheel in the place of the one before.
    pub fn install(&self, wheel: &Path, show: bool) -> Result<(), InstallError> {
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        self.python().args(pip).args(["--no-deps", "--force-reinstall"]).arg(wheel).run(show)?;
        Ok(())
    }

    /// A call of the environment's Python in the package's folder.
    pub fn python(&self) -> Call {
        let bin = if cfg!(windows) { "Scripts" } else { "bin" };
        let python = self.place.join(bin).join(format!("python{EXE_SUFFIX}"));
        Call::new(python, &self.folder())
    }

    fn folder(&self) -> PathBuf {
        self.workspace.root.join(FOLDER)
    }
}

/// Why the package is not installed.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// It could not be built or installed.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The folder of wheels.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

fn read(path: &Path) -> Result<String, NoEnvironment> {
    fs::read_to_string(path).map_err(|source| NoEnvironment::File { path: path.into(), source })
}

fn only_file(folder: &Path) -> Result<PathBuf, InstallError> {
    let failed = |source| InstallError::File { path: folder.into(), source };
    let first = fs::read_dir(folder).map_err(failed)?.next();
    let none = || failed(io::Error::new(io::ErrorKind::NotFound, "maturin left no wheel"));
    Ok(first.ok_or_else(none)?.map_err(failed)?.path())
}

/// The first interpreter that is new enough.
fn interpreter(workspace: &Workspace) -> Option<&'static str> {
    let ask = "import sys; print(*sys.version_info[:2])";
    INTERPRETERS.iter().copied().find(|program| {
        let answer = workspace.call(*program).args(["-c", ask]).read();
        answer.is_ok_and(|answer| is_new_enough(&String::from_utf8_lossy(&answer)))
    })
}

/// Whether an answer such as `3 11` is a version that will do.
fn is_new_enough(answer: &str) -> bool {
    let mut numbers = answer.split_whitespace().map(str::parse::<u32>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) >= OLDEST,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_compared_number_by_number() {
        for (answer, enough) in [
            ("3 11\n", true),
            ("3 9", false),
            ("3 20", true),
            ("4 0", true),
            ("2 7", false),
            ("", false),
        ] {
            assert_eq!(is_new_enough(answer), enough, "{answer}");
        }
    }
}
