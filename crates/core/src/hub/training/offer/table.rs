//! A small CSV file, its columns found by name.

use std::path::Path;

use super::finding::{FileCount, Finding, OfferReport};
use crate::error::{Error, Result};

/// A file's rows with the lines they start on.
pub(super) struct Table {
    file: String,
    columns: Vec<String>,
    rows: Vec<(u64, csv::StringRecord)>,
}

/// One row. A column that is not there reads as empty.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    record: &'a csv::StringRecord,
}

impl Table {
    /// Reads a file separated by `,` or `;`: the header line says which.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::Malformed`] for broken quoting or text that is not UTF-8.
    pub(super) fn read(folder: &Path, name: &str) -> Result<Self> {
        let path = folder.join(name);
        let text =
            std::fs::read(&path).map_err(|source| Error::File { path: path.clone(), source })?;
        let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&text);
        let header = text.split(|&byte| byte == b'\n').next().unwrap_or_default();
        let count = |byte: u8| header.iter().filter(|&&b| b == byte).count();
        let delimiter = if count(b';') > count(b',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text);
        let malformed = |error: csv::Error| Error::Malformed {
            file: name.to_owned(),
            problem: error.to_string(),
        };
        let columns = reader.headers().map_err(malformed)?.iter().map(str::to_owned).collect();
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(malformed)?;
            rows.push((record.position().map_or(0, csv::Position::line), record));
        }
        Ok(Self { file: name.to_owned(), columns, rows })
    }

    /// Refuses a file without the columns that it needs.
    pub(super) fn needs(&self, columns: &[&str]) -> Result<()> {
        match columns.iter().find(|name| !self.columns.iter().any(|column| column == *name)) {
            None => Ok(()),
            Some(missing) => Err(Error::MissingColumn {
                file: self.file.clone(),
                column: (*missing).to_owned(),
                present: self.columns.clone(),
            }),
        }
    }

    /// Reads every row; one that `act` refuses is dropped and reported with its line.
    pub(super) fn each(
        &self,
        report: &mut OfferReport,
        mut act: impl FnMut(Row<'_>) -> Result<(), String>,
    ) {
        let mut kept = 0;
        for (line, record) in &self.rows {
            let outcome = if record.len() == self.columns.len() {
                act(Row { table: self, record })
            } else {
                Err(format!("{} fields for {} columns", record.len(), self.columns.len()))
            };
            match outcome {
                Ok(()) => kept += 1,
                Err(problem) => report.findings.push(Finding {
                    file: self.file.clone(),
                    line: *line,
                    problem,
                    dropped: true,
                }),
            }
        }
        let (file, rows) = (self.file.clone(), self.rows.len() as u64);
        report.files.push(FileCount { file, rows, kept });
    }
}

impl<'a> Row<'a> {
    /// The value in a column.
    pub(super) fn get(self, column: &str) -> &'a str {
        let at = self.table.columns.iter().position(|name| name == column);
        at.and_then(|at| self.record.get(at)).unwrap_or("")
    }

    /// The values in a column, separated by bars.
    pub(super) fn list(self, column: &str) -> impl Iterator<Item = &'a str> {
        self.get(column).split('|').map(str::trim).filter(|value| !value.is_empty())
    }

    /// The value in a column, which must be there.
    pub(super) fn required(self, column: &str) -> Result<&'a str, String> {
        match self.get(column) {
            "" => Err(format!("`{column}` is empty; give it")),
            value => Ok(value),
        }
    }

    /// The value in a column made into something else, or the default where it is empty.
    pub(super) fn parse<T>(
        self,
        column: &str,
        default: T,
        expected: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, String> {
        match self.get(column) {
            "" => Ok(default),
            value => read(value).ok_or_else(|| format!("`{column}` is `{value}`, not {expected}")),
        }
    }
}
