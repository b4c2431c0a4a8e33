//! The house rules that can be read off the tracked files.
//!
//! Each rule is a function from one file to the findings in it. A rule is here because breaking it
//! is a mistake every time; what needs judgement is for the reader of a change.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::call::CallError;
use crate::metadata::Workspace;
use crate::rooms::Rooms;

/// The largest a tracked file may be, in bytes.
const LARGEST: u64 = 2_000_000;

/// Where the order of the library's rooms is written.
const DESIGN: &str = "docs/design.md";

/// One place where a rule is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file, relative to the workspace's root.
    path: String,
    /// The line, counted from 1, where there is one.
    line: Option<usize>,
    /// What is wrong, and what to do.
    what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.path, self.what),
            None => write!(f, "{}: {}", self.path, self.what),
        }
    }
}

/// The rules could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum HouseError {
    /// Git did not list the tracked files.
    #[error(transparent)]
    Git(#[from] CallError),
    /// A tracked file is there and can't be read.
    #[error("{path}: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// What a check of all tracked files saw.
#[derive(Debug, Default)]
pub struct Survey {
    /// How many files were read.
    pub files: usize,
    /// Where rules are broken, by file.
    pub findings: Vec<Finding>,
}

/// Checks every tracked file of the workspace.
pub fn survey(workspace: &Workspace) -> Result<Survey, HouseError> {
    let listed = workspace.call("git").args(["ls-files", "-z"]).read()?;
    let listed = String::from_utf8_lossy(&listed);
    let mut survey = Survey::default();
    let design = fs::read_to_string(workspace.root.join(DESIGN)).unwrap_or_default();
    let rooms = Rooms::read(&design);
    if rooms.is_none() {
        let what = "the list of the library's rooms is not found (see xtask/src/rooms.rs)".into();
        survey.findings.push(Finding { path: DESIGN.into(), line: None, what });
    }
    for path in listed.split_terminator('\0') {
        let place = workspace.root.join(path);
        // A file deleted and not committed yet, and a link, have no content of their own.
        let Ok(about) = place.symlink_metadata() else { continue };
        if !about.is_file() {
            continue;
        }
        survey.files += 1;
        if about.len() > LARGEST {
            let what = format!("{} bytes; a tracked file has {LARGEST} at most", about.len());
            survey.findings.push(Finding { path: path.into(), line: None, what });
        }
        let content =
            fs::read(&place).map_err(|source| HouseError::File { path: place, source })?;
        let Ok(text) = String::from_utf8(content) else { continue };
        let file = File { path, text: &text };
        survey.findings.extend(file.findings(&workspace.root));
        survey.findings.extend(rooms.iter().flat_map(|rooms| file.rooms_below(rooms)));
    }
    survey.findings.extend(unlinted_members(workspace)?);
    if !listed.split_terminator('\0').any(|path| path == "Cargo.lock") {
        let what = "not tracked; commit it, so that every build is of the same versions".into();
        survey.findings.push(Finding { path: "Cargo.lock".into(), line: None, what });
    }
    Ok(survey)
}

/// Members that do not take the workspace's lints.
fn unlinted_members(workspace: &Workspace) -> Result<Vec<Finding>, HouseError> {
    let mut findings = Vec::new();
    for package in &workspace.packages {
        let path = &package.manifest_path;
        let manifest = fs::read_to_string(path)
            .map_err(|source| HouseError::File { path: path.clone(), source })?;
        if !takes_workspace_lints(&manifest) {
            let path = path.strip_prefix(&workspace.root).unwrap_or(path);
            findings.push(Finding {
                path: path.display().to_string(),
                line: None,
                what: "the shared lints are not taken; add `[lints]` with `workspace = true`"
                    .into(),
            });
        }
    }
    Ok(findings)
}

fn takes_workspace_lints(manifest: &str) -> bool {
    let mut lines = manifest.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.any(|line| line == "[lints]") && lines.next() == Some("workspace = true")
}

/// A tracked file of text.
struct File<'a> {
    /// Relative to the workspace's root.
    path: &'a str,
    text: &'a str,
}

/// Names that say nothing of what is inside.
const EMPTY_NAMES: &[&str] = &["common", "helper", "helpers", "manager", "misc", "util", "utils"];

/// Words that mark what is not finished. (Put together here so as not to be found here.)
const UNFINISHED: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME")];

/// Folders at the root of a machine under which people and builds keep their own files.
const MACHINE_FOLDERS: &[&str] = &["home", "root", "Users", "work", "workspace"];

/// How paths into those folders start.
fn machine_paths() -> Vec<String> {
    let unix = MACHINE_FOLDERS.iter().map(|folder| format!("/{folder}/"));
    unix.chain([r":\Users\".into()]).collect()
}

/// What only some rooms of the crates may use, and why.
const FENCES: &[(&str, &[&str], &str)] = &[
    ("bincode::", &["crates/core/src/snapshot"], "the file format outlives the serialiser"),
    ("memmap2::", &["crates/core/src/snapshot"], "there is one mmap, in its own file"),
    ("clap::", &["crates/cli"], "the library has no terminal in it"),
    ("indicatif::", &["crates/cli"], "the library has no terminal in it"),
    ("pyo3::", &["crates/py"], "the library has no Python in it"),
    ("build_global", &[], "the thread pool is our own; the global one hangs after a fork"),
];

impl File<'_> {
    fn findings(&self, root: &Path) -> Vec<Finding> {
        let mut findings = self.machine_paths(root);
        if self.is_source() {
            findings.extend(self.empty_name());
            findings.extend(self.unfinished());
        }
        if self.path.ends_with(".rs") {
            findings.extend(self.ignored_tests());
            findings.extend(self.broken_fences());
        }
        findings
    }

    fn is_source(&self) -> bool {
        let extension = Path::new(self.path).extension().and_then(|e| e.to_str());
        matches!(extension, Some("rs" | "py" | "pyi" | "c" | "h" | "hpp" | "cpp" | "toml" | "sh"))
            || self.path == ".ci/run"
    }

    fn finding(&self, line: Option<usize>, what: String) -> Finding {
        Finding { path: self.path.into(), line, what }
    }

    /// The lines with their numbers, counted from 1.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// A path that exists on one machine: a personal or build folder, or this clone's own place.
    fn machine_paths(&self, root: &Path) -> Vec<Finding> {
        // A root such as `/src` would be found in many an innocent line.
        let root = root.to_str().filter(|_| root.components().count() > 2);
        let usual = machine_paths();
        let mut findings = Vec::new();
        for (number, line) in self.lines() {
            let usual = usual.iter().find(|start| starts_a_path(line, start, true));
            let own = root.filter(|root| starts_a_path(line, root, false));
            if let Some(found) = usual.map(String::as_str).or(own) {
                let what =
                    format!("an absolute path of one machine (`{found}…`); make it relative");
                findings.push(self.finding(Some(number), what));
            }
        }
        findings
    }

    fn empty_name(&self) -> Option<Finding> {
        let bare = self.path.rsplit_once('.').map_or(self.path, |(stem, _)| stem);
        let name = bare.split('/').find(|part| EMPTY_NAMES.contains(part))?;
        let what = format!("`{name}` says nothing of what is inside; name the one idea");
        Some(self.finding(None, what))
    }

    fn unfinished(&self) -> Vec<Finding> {
        let marks = |line: &str| {
            line.split(|c: char| !c.is_alphanumeric() && c != '_')
                .find(|word| UNFINISHED.contains(word))
                .map(|word| {
                    format!("`{word}` marks what is not finished; finish it or open an issue")
                })
        };
        let found = self.lines().filter_map(|(number, line)| Some((number, marks(line)?)));
        found.map(|(number, what)| self.finding(Some(number), what)).collect()
    }

    fn ignored_tests(&self) -> Vec<Finding> {
        self.lines()
            .filter(|(_, line)| line.trim_start().starts_with("#[ignore"))
            .map(|(number, _)| {
                let what = "a test switched off; a slow one asks `passerelle_tests::slow()`".into();
                self.finding(Some(number), what)
            })
            .collect()
    }

    fn rooms_below(&self, rooms: &Rooms<'_>) -> Vec<Finding> {
        let below = rooms.used_below(self.path, self.text).into_iter();
        below
            .map(|(line, room)| {
                let what = format!("`{room}` is a room below this one in {DESIGN}");
                self.finding(Some(line), what)
            })
            .collect()
    }

    fn broken_fences(&self) -> Vec<Finding> {
        if !self.path.starts_with("crates/") {
            return Vec::new();
        }
        let mut findings = Vec::new();
        for (word, rooms, why) in FENCES {
            if rooms.iter().any(|room| Path::new(self.path).starts_with(room)) {
                continue;
            }
            let used = |line: &str| !line.trim_start().starts_with("//") && line.contains(word);
            for (number, _) in self.lines().filter(|(_, line)| used(line)) {
                let place = if rooms.is_empty() {
                    "nowhere".into()
                } else {
                    format!("in {}", rooms.join(", "))
                };
                let what = format!("`{word}` belongs {place}: {why}");
                findings.push(self.finding(Some(number), what));
            }
        }
        findings
    }
}

/// Whether `path` stands in `line` as the start of an absolute path, not as a part of a longer one
/// (`{root}/home/x`, a web address). With `goes_on`, a name must follow it.
fn starts_a_path(line: &str, path: &str, goes_on: bool) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let drive = path.starts_with(':');
        let starts = before.is_none_or(|c| {
            if drive {
                c.is_ascii_alphabetic()
            } else {
                !c.is_alphanumeric() && !"_.-/})]>~*".contains(c)
            }
        });
        let after = line[at + path.len()..].chars().next();
        starts && (!goes_on || after.is_some_and(|c| c.is_alphanumeric() || "._".contains(c)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(path: &str, text: &str) -> Vec<String> {
        let file = File { path, text };
        file.findings(Path::new("/srv/ci/clone")).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_machine_path_is_found_in_any_text() {
        for folder in machine_paths() {
            let line = if folder.starts_with(':') {
                format!("read C{folder}ann")
            } else {
                format!("read `{folder}ann`")
            };
            let found = findings("docs/hub.md", &format!("first\n{line}\n"));
            assert_eq!(found.len(), 1, "{line}");
            assert!(found[0].starts_with("docs/hub.md:2: an absolute path"), "{found:?}");
        }
        assert_eq!(findings("data.csv", "p1,/srv/ci/clone/out").len(), 1, "the clone's own place");
    }

    #[test]
    fn a_part_of_a_longer_path_is_no_machine_path() {
        for line in [
            "see https://example.org/home/page",
            "{root}/home/out, $OUT/home/x, ../home/x, ~/home/x",
            "the folders under /home/ are people's",
            "crates/core/home/x",
        ] {
            assert_eq!(findings("docs/hub.md", line), [""; 0], "{line}");
        }
    }

    #[test]
    fn a_file_says_what_is_inside() {
        assert_eq!(findings("crates/core/src/utils.rs", "").len(), 1);
        assert_eq!(findings("crates/core/tests/common/mod.rs", "").len(), 1);
        assert_eq!(findings("crates/core/src/gap/matrix.rs", ""), [""; 0]);
    }

    #[test]
    fn what_is_not_finished_is_found_in_sources_only() {
        let text = format!("// {}: later", UNFINISHED[0]);
        assert_eq!(findings("crates/core/src/gap.rs", &text).len(), 1);
        assert_eq!(findings("docs/design.md", &text), [""; 0]);
    }

    #[test]
    fn a_test_switched_off_is_found() {
        let text = "    #[ignore = \"slow\"]\n    fn law() {}";
        assert_eq!(findings("crates/core/src/gap.rs", text).len(), 1);
    }

    #[test]
    fn only_the_snapshot_room_knows_the_serialiser() {
        let text = "use bincode::config;";
        assert_eq!(findings("crates/core/src/snapshot/codec.rs", text), [""; 0]);
        let found = findings("crates/core/src/gap/matrix.rs", text);
        assert_eq!(
            found,
            ["crates/core/src/gap/matrix.rs:1: `bincode::` belongs in crates/core/src/snapshot: \
              the file format outlives the serialiser"]
        );
        let comment = "// as bincode::config would";
        assert_eq!(findings("crates/core/src/gap/matrix.rs", comment), [""; 0]);
    }

    #[test]
    fn a_member_takes_the_workspace_lints() {
        assert!(takes_workspace_lints("[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n"));
        assert!(!takes_workspace_lints("[package]\nname = \"a\"\n"));
        assert!(!takes_workspace_lints("[lints.rust]\nworkspace = true\n"));
    }
}
