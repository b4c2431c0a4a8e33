//! What was read of an offer, and what was not and why.

use std::fmt;

use serde::Serialize;

/// A row that was dropped, or something worth knowing about what was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file.
    pub file: String,
    /// The line, counted from 1; 0 when it is about the whole file.
    pub line: u64,
    /// What is wrong and what to do.
    pub problem: String,
    /// Whether the row was dropped for it.
    pub dropped: bool,
}

/// The rows of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileCount {
    /// The file.
    pub file: String,
    /// Rows after the header line.
    pub rows: u64,
    /// Rows that were used.
    pub kept: u64,
    /// Rows that are what they should be and that are not asked for, such as certifications that
    /// are no longer registered.
    pub set_aside: u64,
}

/// What was read of an offer: `rows = kept + set aside + dropped findings`, always.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OfferReport {
    /// The files, in the order they were read.
    pub files: Vec<FileCount>,
    /// What is wrong, in the order it was found.
    pub findings: Vec<Finding>,
}

impl OfferReport {
    /// The rows of all files.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }

    /// The rows that were used.
    pub fn kept(&self) -> u64 {
        self.files.iter().map(|file| file.kept).sum()
    }

    /// The rows that are not asked for.
    pub fn set_aside(&self) -> u64 {
        self.files.iter().map(|file| file.set_aside).sum()
    }

    /// Whether the counts add up. They always do; the tests ask.
    pub fn adds_up(&self) -> bool {
        let dropped = self.findings.iter().filter(|finding| finding.dropped).count() as u64;
        self.rows() == self.kept() + self.set_aside() + dropped
    }

    pub(super) fn note(&mut self, file: &str, line: u64, problem: String) {
        self.findings.push(Finding { file: file.to_owned(), line, problem, dropped: false });
    }

    pub(super) fn drop_row(&mut self, file: &str, line: u64, problem: String) {
        self.findings.push(Finding { file: file.to_owned(), line, problem, dropped: true });
    }
}

impl fmt::Display for OfferReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            write!(f, "{}: {} rows, {} kept", file.file, file.rows, file.kept)?;
            match file.set_aside {
                0 => writeln!(f)?,
                rows => writeln!(f, ", {rows} set aside")?,
            }
        }
        for finding in &self.findings {
            let what = if finding.dropped { "dropped" } else { "note" };
            match finding.line {
                0 => writeln!(f, "{what}: {}: {}", finding.file, finding.problem)?,
                line => writeln!(f, "{what}: {}, line {line}: {}", finding.file, finding.problem)?,
            }
        }
        Ok(())
    }
}
