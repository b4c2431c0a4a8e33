//! What passerelle's tests share: where the real data is, and whether slow tests run.
//!
//! Publishers' own files (ROME, ESCO, O*NET…) are not part of the project. A test that reads them
//! asks [`real_data`] for their folder, and ends early where there is none:
//!
//! ```
//! # fn whole_rome_is_read() {
//! let Some(data) = passerelle_tests::real_data() else { return };
//! assert!(data.join("rome-4.60").is_dir());
//! # }
//! ```
//!
//! | variable | meaning |
//! |---|---|
//! | `PASSERELLE_DATA` | the folder of real data; by default `../shared/data`, beside the clone |
//! | `PASSERELLE_REQUIRE_DATA=1` | a test that finds no real data fails |
//! | `PASSERELLE_SLOW=1` | slow tests run |
//!
//! Tests that cross crates (the front doors give the same bits; golden files) are the integration
//! tests of this package.

use std::env;
use std::error::Error;
use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write};
use std::panic::Location;
use std::path::{Path, PathBuf};

/// The variable that names the folder of real data.
pub const DATA: &str = "PASSERELLE_DATA";

/// The variable that, set to `1`, makes a test fail where it finds no real data.
pub const REQUIRE_DATA: &str = "PASSERELLE_REQUIRE_DATA";

/// The variable that, set to `1`, makes slow tests run.
pub const SLOW: &str = "PASSERELLE_SLOW";

/// The folder of real data, or `None` where there is none, which one line on stderr then says.
///
/// The line starts with `skipped: ` and names the place of the call. It is written past the test
/// harness, which would hide it in a test that passes.
///
/// # Panics
///
/// Where there is no real data and `PASSERELLE_REQUIRE_DATA` is `1`.
#[track_caller]
pub fn real_data() -> Option<PathBuf> {
    found_or_skipped(data_folder(), is_set(REQUIRE_DATA), &mut io::stderr())
}

/// Whether slow tests run; where they don't, one line on stderr says so, as in [`real_data`].
#[track_caller]
pub fn slow() -> bool {
    let runs = is_set(SLOW);
    if !runs {
        say_skipped(&format!("a slow test; set {SLOW}=1 to run it"), &mut io::stderr());
    }
    runs
}

/// Where the real data is: the folder that `PASSERELLE_DATA` names, or else `../shared/data`
/// beside the workspace's root. Nothing is printed.
///
/// # Errors
///
/// [`NoData`] where that is not a folder. A name in the variable is never passed over for the
/// default.
pub fn data_folder() -> Result<PathBuf, NoData> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    locate(env::var_os(DATA), package.parent().unwrap_or(package))
}

/// There is no folder of real data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoData {
    looked_at: PathBuf,
    named: bool,
}

impl NoData {
    /// The folder that was looked for.
    pub fn looked_at(&self) -> &Path {
        &self.looked_at
    }
}

impl fmt::Display for NoData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let looked_at = self.looked_at.display();
        if self.named {
            write!(f, "no real data: {DATA} names {looked_at}, which is not a folder")
        } else {
            write!(f, "no real data: {looked_at} is not a folder; set {DATA} to where it is")
        }
    }
}

impl Error for NoData {}

/// The rule of [`data_folder`], on given facts. An empty variable counts as not set.
fn locate(named: Option<OsString>, root: &Path) -> Result<PathBuf, NoData> {
    let (looked_at, named) = match named.filter(|name| !name.is_empty()) {
        // A relative name starts at the workspace's root, whatever folder a test is run from.
        Some(name) => (root.join(name), true),
        None => (root.parent().unwrap_or(root).join("shared/data"), false),
    };
    if looked_at.is_dir() { Ok(looked_at) } else { Err(NoData { looked_at, named }) }
}

#[track_caller]
fn found_or_skipped(
    found: Result<PathBuf, NoData>,
    required: bool,
    out: &mut dyn Write,
) -> Option<PathBuf> {
    match found {
        Ok(folder) => Some(folder),
        Err(why) if required => panic!("{why} ({REQUIRE_DATA}=1 asks for it)"),
        Err(why) => {
            say_skipped(&why.to_string(), out);
            None
        }
    }
}

/// Says so on `out`, which is the handle of stderr and not `eprintln!`: the test harness captures
/// only the macros.
#[track_caller]
fn say_skipped(why: &str, out: &mut dyn Write) {
    let place = Location::caller();
    // In one write, so that lines of tests that run together don't mix. A stderr that is closed is
    // no reason for a test to fail.
    let line = format!("skipped: {}:{}: {why}\n", place.file(), place.line());
    let _ = out.write_all(line.as_bytes());
}

fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| value == "1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_name_the_data_is_looked_for_beside_the_clone() {
        let top = tempfile::tempdir().unwrap();
        let clone = top.path().join("clone");
        let data = top.path().join("shared/data");

        let why = locate(None, &clone).unwrap_err();
        assert_eq!(why.looked_at(), data);
        assert!(why.to_string().contains("set PASSERELLE_DATA"), "{why}");

        std::fs::create_dir_all(&data).unwrap();
        assert_eq!(locate(None, &clone), Ok(data.clone()));
        assert_eq!(locate(Some(OsString::new()), &clone), Ok(data));
    }

    #[test]
    fn a_named_folder_wins_and_is_never_passed_over() {
        let top = tempfile::tempdir().unwrap();
        let clone = top.path().join("clone");
        std::fs::create_dir_all(top.path().join("shared/data")).unwrap();
        std::fs::create_dir_all(clone.join("mine")).unwrap();

        assert_eq!(locate(Some("mine".into()), &clone), Ok(clone.join("mine")));
        let absolute = clone.join("mine");
        assert_eq!(locate(Some(absolute.clone().into()), &clone), Ok(absolute));
        let why = locate(Some("absent".into()), &clone).unwrap_err();
        assert!(why.to_string().starts_with("no real data: PASSERELLE_DATA names"), "{why}");
    }

    #[test]
    fn absent_data_is_a_skip_told_in_one_line() {
        let absent = NoData { looked_at: "nowhere".into(), named: true };
        let mut said = Vec::new();
        assert_eq!(found_or_skipped(Err(absent), false, &mut said), None);
        let said = String::from_utf8(said).unwrap();
        assert!(said.starts_with("skipped: ") && said.ends_with("not a folder\n"), "{said}");
        assert!(said.contains(file!()), "the place of the call: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }

    #[test]
    #[should_panic(expected = "PASSERELLE_REQUIRE_DATA=1 asks for it")]
    fn absent_data_that_is_required_is_a_failure() {
        let absent = NoData { looked_at: "nowhere".into(), named: true };
        found_or_skipped(Err(absent), true, &mut io::sink());
    }
}
