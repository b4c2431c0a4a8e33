//! The Java that Spark runs on.

use std::path::Path;

use crate::call::{Call, CallError};
use crate::metadata::Workspace;

/// The oldest that Spark 4 runs on.
const OLDEST: u32 = 17;

/// Debian's package of it, without what a screen needs.
const PACKAGE: &str = "openjdk-17-jre-headless";

/// Why there is no Java.
#[derive(Debug, thiserror::Error)]
pub enum NoJava {
    /// There is none, or too old a one, and nothing that could install it.
    #[error("there is no Java {OLDEST} or later; install it, or name its folder in JAVA_HOME")]
    Missing,
    /// It could not be installed, for want of a network most often.
    #[error("Java {OLDEST} could not be installed: {}", .0.reason())]
    Package(CallError),
}

/// Sees that there is a Java as Spark looks for it: in `JAVA_HOME`, else on the `PATH`. On Debian
/// it is installed, where one may do that.
pub fn ready(workspace: &Workspace, show: bool) -> Result<(), NoJava> {
    if is_there(workspace) {
        return Ok(());
    }
    if !may_install(workspace) {
        return Err(NoJava::Missing);
    }
    let install = ["install", "--yes", "--no-install-recommends", PACKAGE];
    let installed = apt(workspace).args(["update"]).run(show).and_then(|_| {
        apt(workspace).args(install).env("DEBIAN_FRONTEND", "noninteractive").run(show)
    });
    installed.map_err(NoJava::Package)?;
    if is_there(workspace) { Ok(()) } else { Err(NoJava::Missing) }
}

fn is_there(workspace: &Workspace) -> bool {
    let home = std::env::var_os("JAVA_HOME");
    let program = home.map_or("java".into(), |home| Path::new(&home).join("bin/java"));
    // It says its version where others say what went wrong.
    let said = workspace.call(program).arg("-version").run(false);
    said.is_ok_and(|said| version(&said).is_some_and(|version| version >= OLDEST))
}

fn apt(workspace: &Workspace) -> Call {
    workspace.call("apt-get").arg("--quiet")
}

/// Whether this is Debian or its like, and its administrator asks.
fn may_install(workspace: &Workspace) -> bool {
    let user = workspace.call("id").arg("-u").read();
    user.is_ok_and(|user| user.trim_ascii() == b"0")
        && apt(workspace).arg("--version").read().is_ok()
}

/// The number in an answer such as `openjdk version "17.0.15" 2025-04-15`.
fn version(said: &str) -> Option<u32> {
    let (_, quoted) = said.split_once(" version \"")?;
    quoted.split(['.', '"', '-']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_number_of_a_version_is_its_own() {
        for (said, number) in [
            ("openjdk version \"17.0.15\" 2025-04-15\nOpenJDK Runtime", Some(17)),
            ("Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version \"25\" 2025-09-16", Some(25)),
            ("java version \"1.8.0_391\"", Some(1)),
            ("openjdk version \"26-ea\"", Some(26)),
            ("java: not found", None),
        ] {
            assert_eq!(version(said), number, "{said}");
        }
    }
}
