//! A small CSV file held in memory, its columns found by name.

use std::path::Path;

use super::finding::{FileCount, OfferReport};
use crate::error::Result;
use crate::hub::table::list;
use crate::read::Encoding;
use crate::read::table::{self, Delimiter, Dialect, Header};

/// A file's rows with the lines they start on.
pub(super) struct Table {
    file: String,
    columns: Vec<String>,
    rows: Vec<Record>,
}

/// A row's trimmed fields end to end, and where each ends.
struct Record {
    line: u64,
    text: Box<str>,
    ends: Box<[usize]>,
}

/// One row. A column that is not there reads as empty.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    table: &'a Table,
    record: &'a Record,
}

/// What becomes of a row that is as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is used.
    Kept,
    /// It is used, and there is something to say about it.
    KeptWith(String),
    /// It is not asked for.
    SetAside,
}

impl Table {
    /// Reads a file separated by `,` or `;`: the header line says which. Empty lines do not count.
    ///
    /// # Errors
    ///
    /// [`File`](crate::Error::File), [`Encoding`](crate::Error::Encoding),
    /// [`Malformed`](crate::Error::Malformed) for broken quoting or without a header line.
    pub(super) fn read(path: &Path, encoding: Encoding) -> Result<Self> {
        let mut source =
            table::Table::open(path, Dialect::new(Delimiter::CommaOrSemicolon, encoding))?;
        let mut rows = Vec::new();
        source.each_row(|row| {
            let (text, ends) = row.parts();
            rows.push(Record { line: row.line, text: text.into(), ends: ends.into() });
        })?;
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { file, columns: source.header().columns.to_vec(), rows })
    }

    /// The file's name.
    pub(super) fn file(&self) -> &str {
        &self.file
    }

    fn header(&self) -> Header<'_> {
        Header { path: Path::new(&self.file), columns: &self.columns }
    }

    fn row<'a>(&'a self, record: &'a Record) -> table::Row<'a> {
        self.header().row(record.line, &record.text, &record.ends)
    }

    /// Refuses a file without the columns that it needs.
    pub(super) fn needs(&self, columns: &[&str]) -> Result<()> {
        columns.iter().try_for_each(|name| self.header().column(name).map(drop))
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
        for record in &self.rows {
            let row = self.row(record);
            let outcome =
                if row.is_whole() { act(Row { table: self, record }) } else { Err(row.widths()) };
            match outcome {
                Ok(Fate::Kept) => kept += 1,
                Ok(Fate::KeptWith(note)) => {
                    kept += 1;
                    report.note(&self.file, record.line, note);
                }
                Ok(Fate::SetAside) => set_aside += 1,
                Err(problem) => report.drop_row(&self.file, record.line, problem),
            }
        }
        let (file, rows) = (self.file.clone(), self.rows.len() as u64);
        report.files.push(FileCount { file, rows, kept, set_aside });
    }
}

impl<'a> Row<'a> {
    /// The value in a column.
    pub(super) fn get(self, column: &str) -> &'a str {
        let found = self.table.header().optional(column);
        found.map_or("", |column| self.table.row(self.record).get(column))
    }

    /// The values in a column, separated by bars.
    pub(super) fn list(self, column: &str) -> impl Iterator<Item = &'a str> {
        list(self.get(column))
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
