use std::path::{Path, PathBuf};

use crate::Error;

/// A CSV file held in memory, its columns found by name.
#[derive(Debug, Clone)]
pub struct Table {
    path: PathBuf,
    header: csv::StringRecord,
    rows: Vec<csv::StringRecord>,
}

/// One line of a [`Table`].
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    table: &'a Table,
    record: &'a csv::StringRecord,
}

impl Table {
    /// Reads a comma-separated UTF-8 file with one header line.
    ///
    /// # Errors
    ///
    /// The file is not there, is not UTF-8, or has a line of another length than its header.
    pub fn read(path: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Read { path: path.to_owned(), source };
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).map_err(failed)?;
        let header = reader.headers().map_err(failed)?.clone();
        let rows = reader.records().collect::<Result<_, _>>().map_err(failed)?;
        Ok(Self { path: path.to_owned(), header, rows })
    }

    /// Number of lines under the header.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is nothing under the header.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The lines in the order of the file.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|record| Row { table: self, record })
    }
}

impl<'a> Row<'a> {
    /// The value in a column.
    ///
    /// # Errors
    ///
    /// The file has no such column.
    pub fn get(&self, column: &'static str) -> Result<&'a str, Error> {
        let at = self.table.header.iter().position(|name| name == column);
        at.and_then(|at| self.record.get(at))
            .ok_or_else(|| Error::MissingColumn { path: self.table.path.clone(), column })
    }

    /// The values in a column whose values are separated by a bar.
    ///
    /// # Errors
    ///
    /// The file has no such column.
    pub fn list(&self, column: &'static str) -> Result<Vec<&'a str>, Error> {
        Ok(self.get(column)?.split('|').map(str::trim).filter(|v| !v.is_empty()).collect())
    }

    /// The value in a column, made into something else; `None` from `read` is an error that says
    /// where the value stands.
    ///
    /// # Errors
    ///
    /// The file has no such column, or `read` does not know the value.
    pub fn parse<T>(
        &self,
        column: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Error> {
        let value = self.get(column)?;
        read(value).ok_or_else(|| Error::BadValue {
            path: self.table.path.clone(),
            line: self.record.position().map_or(0, csv::Position::line),
            column,
            value: value.to_owned(),
        })
    }
}
