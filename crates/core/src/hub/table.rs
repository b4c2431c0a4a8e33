//! One CSV file of a hub's folder, its columns found by name.

use std::path::Path;

use crate::error::{Error, Result};
use crate::read::report::{Fate, FileReport};
use crate::read::table::{Column, Delimiter, Dialect, Row, Table};
use crate::read::{Encoding, ReadReport, Reason};
use crate::skill::Date;

/// One row's fields.
#[derive(Clone, Copy)]
pub(super) struct Fields<'r> {
    row: &'r Row<'r>,
    columns: &'r [(&'static str, Column)],
}

/// Why a row is dropped: the reason, and the value at fault.
pub(super) type Dropped = (Reason, String);

impl<'r> Fields<'r> {
    /// The value in a column; empty where the file does not have it.
    pub(super) fn get(self, name: &str) -> &'r str {
        let found = self.columns.iter().find(|(known, _)| *known == name);
        debug_assert!(found.is_some(), "{name} was not declared");
        found.map_or("", |&(_, column)| self.row.get(column))
    }

    /// The line on which the row starts.
    pub(super) fn line(self) -> u64 {
        self.row.line
    }

    /// A value made into something else, or nothing where it is empty.
    pub(super) fn parsed<T: std::str::FromStr>(
        self,
        name: &str,
        reason: Reason,
    ) -> Result<Option<T>, Dropped> {
        match self.get(name) {
            "" => Ok(None),
            value => value.parse().map(Some).map_err(|_| (reason, value.to_owned())),
        }
    }

    /// A date, or nothing where it is empty.
    pub(super) fn date(self, name: &str) -> Result<Option<Date>, Dropped> {
        self.parsed(name, Reason::BadValue)
    }
}

/// Reads every row of a file. What `act` drops is counted by reason.
///
/// # Errors
///
/// [`Error::File`], [`Error::MissingColumn`] for a column of `needed`, and those of `act`.
pub(super) fn read(
    source: &str,
    path: &Path,
    needed: &[&'static str],
    optional: &[&'static str],
    mut act: impl FnMut(Fields<'_>, &mut FileReport) -> Result<Result<(), Dropped>>,
) -> Result<ReadReport> {
    let dialect = Dialect::new(Delimiter::CommaOrSemicolon, Encoding::Utf8);
    let mut table = Table::open(path, dialect)?;
    let mut columns = Vec::with_capacity(needed.len() + optional.len());
    for &name in needed {
        columns.push((name, table.column(name)?));
    }
    for &name in optional {
        columns.push((name, table.optional(name)?));
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let mut report = FileReport::new(name);
    table.each(&mut report, |row, report| {
        Ok(match act(Fields { row, columns: &columns }, report)? {
            Ok(()) => Fate::Kept,
            Err((reason, value)) => Fate::dropped(reason, value),
        })
    })?;
    let mut whole = ReadReport::new(source, "", "");
    whole.push(report);
    Ok(whole)
}

/// The values of a list separated by bars.
pub(super) fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split('|').map(str::trim).filter(|value| !value.is_empty())
}

/// What an error of the typed calls is in a report of rows, where it is one.
pub(super) fn dropped(error: Error) -> Result<Result<(), Dropped>> {
    let reason = match &error {
        Error::Duplicate { id, .. } => (Reason::Duplicate, id.clone()),
        Error::Unknown { what, id, .. } => {
            let reason = match *what {
                "sensor" => Reason::UnknownSensor,
                "territory" => Reason::UnknownTerritory,
                "occupation" | "target" => Reason::UnknownOccupation,
                "skill" => Reason::UnknownSkill,
                _ => Reason::UnknownValue,
            };
            (reason, id.clone())
        }
        Error::NothingAsked { record, .. } => (Reason::NothingAsked, record.clone()),
        Error::AfterValidity { record, .. } => (Reason::AfterValidity, record.clone()),
        Error::Argument { name, value, .. } => (Reason::BadValue, format!("{name} {value}")),
        Error::Level { skill, level, .. } => (Reason::BadValue, format!("{skill} {level}")),
        Error::ZeroWeight { skill, .. } => (Reason::NoWeight, skill.clone()),
        Error::DuplicateSkill { skill, .. } => (Reason::Duplicate, skill.clone()),
        _ => return Err(error),
    };
    Ok(Err(reason))
}
