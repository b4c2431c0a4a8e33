//! Programs that come in a Debian package: installed where this runs as root on such a system, as
//! CI does, and asked for elsewhere.

use crate::call::CallError;
use crate::metadata::Workspace;

/// A program and the package that brings it.
#[derive(Debug, Clone, Copy)]
pub struct Package {
    /// The program.
    pub program: &'static str,
    /// The package.
    pub name: &'static str,
}

/// Watches a program's memory, and counts its instructions.
pub const VALGRIND: Package = Package { program: "valgrind", name: "valgrind" };

/// A program that is not there.
#[derive(Debug, thiserror::Error)]
#[error("there is no `{}`: `apt-get install {}`{}", .package.program, .package.name, why(.tried))]
pub struct Absent {
    package: Package,
    /// Why it could not be installed; nothing where that was not tried.
    tried: Option<CallError>,
}

fn why(tried: &Option<CallError>) -> String {
    tried.as_ref().map(|error| format!(" failed: {}", error.reason())).unwrap_or_default()
}

impl Package {
    /// Sees to it that the program is there.
    pub fn ready(self, workspace: &Workspace, show: bool) -> Result<(), Absent> {
        let absent = |tried| Absent { package: self, tried };
        if self.is_there(workspace) {
            return Ok(());
        }
        if !is_root(workspace) {
            return Err(absent(None));
        }
        let apt = |words: &[&str]| {
            workspace.call("apt-get").args(words).env("DEBIAN_FRONTEND", "noninteractive").run(show)
        };
        // The list of packages may be old or none; where it cannot be had anew, installing says why.
        let _ = apt(&["update", "--quiet"]);
        apt(&["install", "--yes", "--quiet", "--no-install-recommends", self.name])
            .map_err(|error| absent(Some(error)))?;
        if self.is_there(workspace) { Ok(()) } else { Err(absent(None)) }
    }

    fn is_there(self, workspace: &Workspace) -> bool {
        workspace.call(self.program).arg("--version").run(false).is_ok()
    }
}

fn is_root(workspace: &Workspace) -> bool {
    workspace.call("id").arg("-u").read().is_ok_and(|user| user.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_there_is_ready_and_another_is_asked_for() {
        let workspace = Workspace::read().unwrap();
        let there = Package { program: "cargo", name: "cargo" };
        assert!(there.ready(&workspace, false).is_ok());
        let absent = Absent { package: VALGRIND, tried: None };
        assert_eq!(absent.to_string(), "there is no `valgrind`: `apt-get install valgrind`");
    }
}
