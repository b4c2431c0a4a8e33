//! The readers on small folders written for them, one trap after another, against golden outputs,
//! and on the publishers' real files where these are at hand.
//!
//! `PASSERELLE_BLESS=1` writes the golden outputs anew: read the difference before you commit it.
#![cfg(feature = "read")]

mod any_folder;
mod crosswalks;
mod esco;
mod onet;
mod own_csv;
mod profiles;
mod rome;

use std::fs;
use std::path::{Path, PathBuf};

use passerelle::read::{self, CsvOptions, ProfilesOptions, ReadReport, Reason};
use passerelle::{Error, Framework};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Writes a folder of files and gives its path.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

fn adds_up(report: &ReadReport) {
    for file in report.files() {
        assert!(file.adds_up(), "{file:?}");
        let dropped: u64 = file.dropped().iter().map(|tally| tally.rows).sum();
        assert_eq!(file.rows(), file.kept() + dropped, "{}", file.file());
        for tally in file.dropped().iter().chain(file.notes()) {
            assert!(tally.examples.len() as u64 <= tally.rows);
            assert!(tally.examples.is_sorted_by_key(|example| example.line), "{tally:?}");
        }
    }
}

/// Every file under a folder, by its path within, in order.
fn files_of(dir: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_string_lossy().replace('\\', "/");
                files.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

fn compare(name: &str, made: &Path, report: &ReadReport) {
    adds_up(report);
    fs::write(made.join("report.txt"), report.to_string()).unwrap();
    let json = serde_json::to_string_pretty(report).unwrap() + "\n";
    fs::write(made.join("report.json"), json).unwrap();
    let golden = fixture(&format!("{name}.golden"));
    if std::env::var_os("PASSERELLE_BLESS").is_some() {
        let _ = fs::remove_dir_all(&golden);
        for (file, text) in files_of(made) {
            let path = golden.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let (made, golden) = (files_of(made), files_of(&golden));
    let names = |files: &[(String, String)]| files.iter().map(|f| f.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&made), names(&golden), "{name}");
    for ((file, made), (_, golden)) in made.iter().zip(&golden) {
        assert_eq!(made, golden, "{name}/{file}");
    }
}

/// Compares a framework, written as a CSV folder, and its report with what was golden.
fn golden(name: &str, framework: &Framework, report: &ReadReport) {
    let made = tempfile::tempdir().unwrap();
    let written = made.path().join("framework");
    read::write_csv_folder(framework, &written).unwrap();
    compare(name, made.path(), report);
    reads_back(framework, &written);
}

/// What was written reads back as the same framework, which is written the same.
fn reads_back(framework: &Framework, written: &Path) {
    let (again, report) = read::csv_folder(written, &CsvOptions::default()).unwrap();
    assert_eq!(report.rows(), report.kept(), "{report}");
    assert_eq!(again.axis(), framework.axis());
    assert_eq!(again.required(), framework.required());
    assert_eq!(again.origin(), framework.origin());
    assert_eq!(again.prerequisites(), framework.prerequisites());
    assert_eq!(again.skills().broader(), framework.skills().broader());
    assert_eq!(again.occupations().broader(), framework.occupations().broader());
    assert_eq!(again.titles().len(), framework.titles().len());
    let twice = tempfile::tempdir().unwrap();
    let second = twice.path().join("framework");
    read::write_csv_folder(&again, &second).unwrap();
    assert_eq!(files_of(written), files_of(&second));
}

/// The folder of the publishers' real files: `PASSERELLE_DATA`, or `../shared/data` beside the
/// workspace. Where it is absent the test says so and passes, unless `PASSERELLE_REQUIRE_DATA=1`.
fn real(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("PASSERELLE_DATA").map_or_else(beside, PathBuf::from);
    let folder = data.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var_os("PASSERELLE_REQUIRE_DATA").is_some_and(|value| value == "1");
    assert!(!required, "{}: not there, and PASSERELLE_REQUIRE_DATA is 1", folder.display());
    println!("skipped: no real data at {}; set PASSERELLE_DATA", folder.display());
    None
}
