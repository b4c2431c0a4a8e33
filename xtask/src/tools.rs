//! Programs that a chore needs, each at a pinned version.
//!
//! One that is not on the machine at that version is installed into the target folder, so that
//! nothing outside the project changes.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use crate::call::CallError;
use crate::metadata::Workspace;

/// A program from the package registry, named as its package is.
#[derive(Debug, Clone, Copy)]
pub struct Tool {
    /// The package and its program.
    pub name: &'static str,
    /// The one version that is used.
    pub version: &'static str,
}

/// Reads licences, bans, sources and advisories of all dependencies (`deny.toml`).
pub const CARGO_DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };

/// A tool could not be installed, for want of a network most often.
#[derive(Debug, thiserror::Error)]
#[error("{name} {version} could not be installed: {reason}", reason = source.reason())]
pub struct NotInstalled {
    name: &'static str,
    version: &'static str,
    source: CallError,
}

impl Tool {
    /// The program: from the target folder or the `PATH` if it is there at the pinned version, and
    /// else installed first, which takes minutes.
    pub fn ready(&self, workspace: &Workspace, show: bool) -> Result<OsString, NotInstalled> {
        let file = format!("{}{EXE_SUFFIX}", self.name);
        let own = self.place(workspace).join("bin").join(file).into_os_string();
        for program in [own.clone(), self.name.into()] {
            if self.is_at_version(workspace, program.clone()) {
                return Ok(program);
            }
        }
        self.install(workspace, show).map_err(|source| NotInstalled {
            name: self.name,
            version: self.version,
            source,
        })?;
        Ok(own)
    }

    fn install(&self, workspace: &Workspace, show: bool) -> Result<(), CallError> {
        let build = self.place(workspace).join("build");
        let installed = workspace
            .cargo()
            .args(["install", "--locked", "--debug", self.name])
            .args(["--version", &format!("={}", self.version)])
            .arg("--root")
            .arg(self.place(workspace))
            .arg("--target-dir")
            .arg(&build)
            .env("CARGO_TERM_COLOR", "never")
            .run(show);
        // What it was built from is of no further use, and large. If it can't be removed, the next
        // `cargo clean` will.
        let _ = fs::remove_dir_all(build);
        installed.map(drop)
    }

    fn is_at_version(&self, workspace: &Workspace, program: OsString) -> bool {
        let Ok(answer) = workspace.call(program).arg("--version").read() else { return false };
        String::from_utf8_lossy(&answer).split_whitespace().any(|word| word == self.version)
    }

    fn place(&self, workspace: &Workspace) -> PathBuf {
        workspace.target.join("tools")
    }
}

/// Whether cargo-nextest is installed, at whatever version.
pub fn has_nextest(workspace: &Workspace) -> bool {
    workspace.cargo().args(["nextest", "--version"]).read().is_ok()
}
