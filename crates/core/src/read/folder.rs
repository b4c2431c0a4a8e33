//! A folder of files, and which of them were read.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::report::{FileReport, ReadReport};
use super::table::{Dialect, Table};
use crate::error::{Error, Result};
use crate::framework::{Framework, FrameworkBuilder};

/// A folder, the names of its files in order, and those that were opened.
pub(super) struct Folder {
    path: PathBuf,
    names: BTreeSet<String>,
    opened: RefCell<BTreeSet<String>>,
}

impl Folder {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let failed = |source| Error::File { path: path.to_owned(), source };
        let mut names = BTreeSet::new();
        for entry in path.read_dir().map_err(failed)? {
            let entry = entry.map_err(failed)?;
            // A file without a UTF-8 name is none of those that are looked for.
            if let Ok(name) = entry.file_name().into_string()
                && entry.path().is_file()
            {
                names.insert(name);
            }
        }
        Ok(Self { path: path.to_owned(), names, opened: RefCell::default() })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The folder's own name, as far as it has one.
    pub(super) fn name(&self) -> String {
        let full = self.path.canonicalize().unwrap_or_else(|_| self.path.clone());
        full.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// The names of its files, ascending.
    pub(super) fn names(&self) -> impl Iterator<Item = String> + '_ {
        self.names.iter().cloned()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Opens a file as a table.
    pub(super) fn table(&self, name: &str, dialect: Dialect) -> Result<Table<File>> {
        self.opened.borrow_mut().insert(name.to_owned());
        Table::open(&self.path.join(name), dialect)
    }

    /// The text of a small file, if it is there and is UTF-8.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = std::fs::read_to_string(self.path.join(name)).ok()?;
        self.opened.borrow_mut().insert(name.to_owned());
        Some(text)
    }

    /// The error for a file that must be there and is not.
    pub(super) fn missing(&self, name: &str) -> Error {
        Error::File {
            path: self.path.join(name),
            source: io::Error::new(io::ErrorKind::NotFound, "there is no such file"),
        }
    }

    /// The framework and its report, once everything was read.
    pub(super) fn finish(
        &self,
        builder: FrameworkBuilder,
        mut report: ReadReport,
    ) -> Result<(Framework, ReadReport)> {
        report.set_unread(self.unread());
        if builder.occupations().is_empty() {
            let most = report.files().iter().flat_map(FileReport::dropped);
            let reason = most.max_by_key(|tally| tally.rows).map_or_else(String::new, |tally| {
                format!(": {} rows were dropped as {}", tally.rows, tally.reason)
            });
            let file = self.path.display().to_string();
            let problem = format!("no occupation is left that requires a skill{reason}");
            return Err(Error::Malformed { file, problem });
        }
        Ok((builder.build()?, report))
    }

    /// The data files that were not opened.
    fn unread(&self) -> Vec<String> {
        let opened = self.opened.borrow();
        self.names
            .iter()
            .filter(|name| !opened.contains(*name))
            .filter(|name| {
                let name = name.to_ascii_lowercase();
                name.ends_with(".csv") || name.ends_with(".txt") || name.ends_with(".tsv")
            })
            .cloned()
            .collect()
    }
}

/// A version as it stands in a name or a title: `1.1.1` in `esco-1.1.1-en`, `1.2.x`, `29.0`.
pub(super) fn version_in(text: &str) -> Option<&str> {
    let is_version = |word: &str| {
        let mut parts = word.split('.');
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        parts.next().is_some_and(digits)
            && word.contains('.')
            && parts.all(|part| digits(part) || part == "x")
    };
    text.split(|c: char| !c.is_alphanumeric() && c != '.')
        .map(|word| word.strip_prefix(['v', 'V']).unwrap_or(word))
        .find(|word| is_version(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_in_a_name_or_not_at_all() {
        for (name, version) in [
            ("esco-1.1.1-en", Some("1.1.1")),
            ("ESCO dataset - v1.2.0 - classification - fr - csv", Some("1.2.0")),
            ("v1.2.x", Some("1.2.x")),
            ("O*NET 29.0 Database", Some("29.0")),
            ("esco", None),
            ("2024", None),
            ("a.b", None),
            ("", None),
        ] {
            assert_eq!(version_in(name), version, "{name}");
        }
    }
}
