//! A small CSV file, its columns found by name.

use std::path::Path;

use super::finding::{FileCount, OfferReport};
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

/// What becomes of a row that is as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "read"), expect(dead_code, reason = "registers are read with `read`"))]
pub(super) enum Fate {
    /// It is used.
    Kept,
    /// It is used, and there is something to say about it.
    KeptWith(String),
    /// It is not asked for.
    SetAside,
}

impl Table {
    /// Reads a file in UTF-8.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::Malformed`] for broken quoting or text that is not UTF-8.
    pub(super) fn read(folder: &Path, name: &str) -> Result<Self> {
        let path = folder.join(name);
        let bytes =
            std::fs::read(&path).map_err(|source| Error::File { path: path.clone(), source })?;
        let text = String::from_utf8(bytes).map_err(|error| Error::Malformed {
            file: name.to_owned(),
            problem: format!("{error}; save it in UTF-8"),
        })?;
        Self::parse(name, &text)
    }

    /// Reads text separated by `,` or `;`: the header line says which. Empty lines do not count.
    ///
    /// # Errors
    ///
    /// [`Error::Malformed`] for a text without a header line.
    pub(super) fn parse(name: &str, text: &str) -> Result<Self> {
        let malformed = |problem: String| Error::Malformed { file: name.to_owned(), problem };
        let text = text.trim_start_matches('\u{feff}');
        let header = text.lines().next().unwrap_or_default();
        let count = |separator: char| header.matches(separator).count();
        let delimiter = if count(';') > count(',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .trim(csv::Trim::All)
            // The carriage return before it is trimmed with the value: the parser's own handling
            // of CRLF puts lines off by one.
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| malformed(error.to_string()))?;
            if record.len() == 1 && record[0].is_empty() {
                continue;
            }
            let line = record.position().map_or(0, |start| {
                // The parser passes over empty lines after it has noted where it is.
                let byte = usize::try_from(start.byte()).unwrap_or(text.len());
                let empty = text.as_bytes()[byte..].iter().take_while(|&&byte| byte == b'\n');
                start.line() + empty.count() as u64
            });
            rows.push((line, record));
        }
        if rows.is_empty() {
            return Err(malformed("it is empty; a header line is needed".to_owned()));
        }
        let columns = rows.remove(0).1.iter().map(str::to_owned).collect();
        Ok(Self { file: name.to_owned(), columns, rows })
    }

    /// The file's name.
    #[cfg(feature = "read")]
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    /// Where a column is, whatever the case of its letters.
    fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.eq_ignore_ascii_case(name))
    }

    /// Refuses a file without the columns that it needs.
    pub(super) fn needs(&self, columns: &[&str]) -> Result<()> {
        match columns.iter().find(|name| self.column(name).is_none()) {
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
        self.sort(report, |row| act(row).map(|()| Fate::Kept));
    }

    /// Reads every row; `act` says what becomes of it.
    pub(super) fn sort(
        &self,
        report: &mut OfferReport,
        mut act: impl FnMut(Row<'_>) -> Result<Fate, String>,
    ) {
        let (mut kept, mut set_aside) = (0, 0);
        for (line, record) in &self.rows {
            let outcome = if record.len() == self.columns.len() {
                act(Row { table: self, record })
            } else {
                Err(format!("{} fields for {} columns", record.len(), self.columns.len()))
            };
            match outcome {
                Ok(Fate::Kept) => kept += 1,
                Ok(Fate::KeptWith(note)) => {
                    kept += 1;
                    report.note(&self.file, *line, note);
                }
                Ok(Fate::SetAside) => set_aside += 1,
                Err(problem) => report.drop_row(&self.file, *line, problem),
            }
        }
        let (file, rows) = (self.file.clone(), self.rows.len() as u64);
        report.files.push(FileCount { file, rows, kept, set_aside });
    }
}

impl<'a> Row<'a> {
    /// The value in a column.
    pub(super) fn get(self, column: &str) -> &'a str {
        self.table.column(column).and_then(|at| self.record.get(at)).unwrap_or("")
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
