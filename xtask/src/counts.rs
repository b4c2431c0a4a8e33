//! Instructions that parts of the core take, counted by valgrind and compared with those that are
//! committed: time lies on a shared machine, instructions do not.
//!
//! Valgrind knows no AVX-512, so this watches the AVX2 and the plain paths.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::call::CallError;
use crate::metadata::Workspace;

const PARTS: [&str; 6] = ["index", "cosine", "coverage", "gap-matrix", "gap-vectors", "floats"];
const LANES: [&str; 2] = ["avx2", "scalar"];

/// What a count may rise or fall by, in hundredths.
const TOLERANCE: u64 = 4;

/// What is said where nothing can be compared.
pub const OTHER_COMPILER: &str = "the committed counts are of another compiler; `cargo xtask bench counts --write` takes them anew";

/// Counts, as they are committed.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// The compiler they were taken with: another makes other instructions.
    compiler: String,
    /// By part and width of vectors.
    instructions: BTreeMap<String, u64>,
}

/// Counts that could not be had, or are not what is committed.
#[derive(Debug, thiserror::Error)]
pub enum CountsError {
    /// A program did not do its work.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The committed counts could not be read or written.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// The committed counts or valgrind's answer are of an unknown form.
    #[error("{0}")]
    Form(String),
    /// Counts beyond the tolerance.
    #[error(
        "instructions changed by more than {TOLERANCE} %: {0}\nif that is meant, `cargo xtask bench counts --write` and commit the file"
    )]
    Changed(String),
}

/// The file of committed counts.
fn file(workspace: &Workspace) -> PathBuf {
    workspace.root.join("benches/records/instructions.json")
}

/// Counts anew.
pub fn count(workspace: &Workspace) -> Result<Counts, CountsError> {
    let build = ["build", "--release", "--package", "passerelle-benches", "--bin", "counted"];
    workspace.cargo().args(build).run(false)?;
    let mut instructions = BTreeMap::new();
    for lanes in LANES {
        for part in PARTS {
            let of = |times| taken(workspace, lanes, part, times);
            let (once, thrice) = (of("1")?, of("3")?);
            instructions.insert(format!("{part}, {lanes}"), thrice.saturating_sub(once) / 2);
        }
    }
    Ok(Counts { compiler: compiler(workspace)?, instructions })
}

/// Counts anew and writes them down.
pub fn write(workspace: &Workspace) -> Result<(), CountsError> {
    let path = file(workspace);
    let text = serde_json::to_string_pretty(&count(workspace)?);
    let text = text.map_err(|error| CountsError::Form(error.to_string()))?;
    fs::write(&path, text + "\n").map_err(|source| CountsError::File { path, source })
}

/// Counts anew and compares: what to say of it, or `None` where the compiler is another one.
pub fn check(workspace: &Workspace) -> Result<Option<String>, CountsError> {
    let path = file(workspace);
    let text = fs::read_to_string(&path).map_err(|source| CountsError::File { path, source })?;
    let expected: Counts =
        serde_json::from_str(&text).map_err(|error| CountsError::Form(error.to_string()))?;
    if expected.compiler != compiler(workspace)? {
        return Ok(None);
    }
    let found = count(workspace)?;
    let changed = changes(&expected.instructions, &found.instructions);
    if changed.is_empty() {
        Ok(Some(format!("{} counts within {TOLERANCE} %", found.instructions.len())))
    } else {
        Err(CountsError::Changed(changed.join("; ")))
    }
}

/// The counts that differ by more than the tolerance, or are on one side alone.
fn changes(expected: &BTreeMap<String, u64>, found: &BTreeMap<String, u64>) -> Vec<String> {
    let names = expected.keys().chain(found.keys().filter(|&name| !expected.contains_key(name)));
    let changed = |name: &String| {
        let (before, after) = (expected.get(name), found.get(name));
        match (before, after) {
            (Some(&before), Some(&after)) if before.abs_diff(after) * 100 <= before * TOLERANCE => {
                None
            }
            _ => Some(format!("{name}: {before:?} committed, {after:?} counted")),
        }
    };
    names.filter_map(changed).collect()
}

/// Instructions of a whole process.
fn taken(workspace: &Workspace, lanes: &str, part: &str, times: &str) -> Result<u64, CountsError> {
    let counted = workspace.target.join("release/counted");
    let out = workspace.target.join("counted.out");
    let mut option = std::ffi::OsString::from("--callgrind-out-file=");
    option.push(&out);
    workspace
        .call("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg(option)
        .arg(counted)
        .args([part, times])
        .env("PASSERELLE_LANES", lanes)
        .run(false)?;
    let text = fs::read_to_string(&out);
    let text = text.map_err(|source| CountsError::File { path: out, source })?;
    let total = text.lines().rev().find_map(|line| line.strip_prefix("totals: "));
    let total = total.and_then(|total| total.trim().parse().ok());
    total.ok_or_else(|| CountsError::Form("valgrind wrote no totals".into()))
}

fn compiler(workspace: &Workspace) -> Result<String, CountsError> {
    let answer = workspace.call("rustc").arg("--version").read()?;
    Ok(String::from_utf8_lossy(&answer).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_may_change_within_the_tolerance_alone() {
        let counts = |count| BTreeMap::from([("a".to_owned(), count)]);
        assert!(changes(&counts(1000), &counts(1040)).is_empty());
        assert!(changes(&counts(1000), &counts(960)).is_empty());
        assert_eq!(changes(&counts(1000), &counts(1041)).len(), 1);
        assert_eq!(changes(&counts(1000), &BTreeMap::new()).len(), 1);
        assert_eq!(changes(&BTreeMap::new(), &counts(1)).len(), 1);
    }
}
