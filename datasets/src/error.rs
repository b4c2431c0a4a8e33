use std::fmt;
use std::path::PathBuf;

/// Why a hub could not be drawn.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// A file could not be read as CSV.
    Read {
        /// The file.
        path: PathBuf,
        /// What the CSV reader says.
        source: csv::Error,
    },
    /// A file lacks a column.
    MissingColumn {
        /// The file.
        path: PathBuf,
        /// The column that is not there.
        column: &'static str,
    },
    /// A value is none of those that can stand there.
    BadValue {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1, the header included.
        line: u64,
        /// The column.
        column: &'static str,
        /// The value as written.
        value: String,
    },
    /// The generator's own tables speak of something the folder does not hold, or the reverse.
    Unmatched {
        /// What is missing, in words.
        what: String,
    },
    /// Rows could not be written as CSV.
    Write(csv::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { path, source } => write!(f, "{}: {source}", path.display()),
            Self::MissingColumn { path, column } => {
                write!(f, "{}: no column `{column}`", path.display())
            }
            Self::BadValue { path, line, column, value } => {
                write!(f, "{}:{line}: `{value}` cannot stand in column `{column}`", path.display())
            }
            Self::Unmatched { what } => write!(f, "{what}"),
            Self::Write(source) => write!(f, "rows could not be written as CSV: {source}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } | Self::Write(source) => Some(source),
            _ => None,
        }
    }
}
