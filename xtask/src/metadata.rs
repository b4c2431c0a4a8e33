//! The workspace as cargo sees it.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::call::{Call, CallError};

/// The workspace: its root, its target folder (which `CARGO_TARGET_DIR` may move), its packages.
#[derive(Debug, Deserialize)]
pub struct Workspace {
    /// The folder of the workspace's `Cargo.toml`.
    #[serde(rename = "workspace_root")]
    pub root: PathBuf,
    /// Where cargo builds.
    #[serde(rename = "target_directory")]
    pub target: PathBuf,
    /// Its members.
    pub packages: Vec<Package>,
}

/// A member of the workspace.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its `Cargo.toml`.
    pub manifest_path: PathBuf,
    /// Its features, `default` among them, and what each turns on.
    pub features: BTreeMap<String, Vec<String>>,
}

/// Cargo did not say what the workspace is.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// Cargo could not read the workspace.
    #[error(transparent)]
    Call(#[from] CallError),
    /// Cargo's answer is not of the form this reads.
    #[error("`cargo metadata` answered in an unknown form: {0}")]
    Form(#[from] serde_json::Error),
    /// A package that a chore works on is gone.
    #[error("the workspace has no package `{0}`; it was renamed, or this chore is out of date")]
    NoPackage(String),
}

impl Workspace {
    /// Asks cargo about the workspace that the current folder lies in.
    pub fn read() -> Result<Self, MetadataError> {
        let answer = Call::new(cargo_program(), Path::new("."))
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .read()?;
        Ok(serde_json::from_slice(&answer)?)
    }

    /// The member of this name.
    pub fn package(&self, name: &str) -> Result<&Package, MetadataError> {
        self.packages
            .iter()
            .find(|package| package.name == name)
            .ok_or_else(|| MetadataError::NoPackage(name.into()))
    }

    /// A call of cargo at the workspace's root. Whatever it builds goes into [`Self::target`], even
    /// if `CARGO_TARGET_DIR` was given relative to another folder.
    pub fn cargo(&self) -> Call {
        self.call(cargo_program()).env("CARGO_TARGET_DIR", &self.target)
    }

    /// A call of any program at the workspace's root.
    pub fn call(&self, program: impl Into<OsString>) -> Call {
        Call::new(program, &self.root)
    }
}

/// The cargo that runs this, or else the one on the `PATH`.
fn cargo_program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_knows_its_root_and_members() {
        let workspace = Workspace::read().unwrap();
        assert!(workspace.root.join("Cargo.toml").is_file());
        let xtask = workspace.package("xtask").unwrap();
        assert_eq!(xtask.manifest_path, workspace.root.join("xtask/Cargo.toml"));
        assert!(matches!(workspace.package("no-such"), Err(MetadataError::NoPackage(_))));
    }
}
