//! What a call came to, as a number.

use passerelle::Error;

/// What a call came to. 0 is success; the hundreds say whose fault it is and what may help:
/// 1xx an argument of the call, 2xx what the data says, 3xx a file or its format, 4xx a limit,
/// 5xx this library, 6xx the caller's own wish. New codes may come within a block: treat those you
/// do not know as their block.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Done.
    Ok = 0,
    /// A pointer is null and must not be.
    Null = 100,
    /// A pointer is not aligned for what it points to.
    Misaligned = 101,
    /// An array or buffer does not have the length that it needs.
    Length = 102,
    /// A text is not UTF-8.
    Utf8 = 103,
    /// An argument is outside its range, or not one of its names.
    Argument = 104,
    /// A number is no handle, or one that was closed.
    Handle = 110,
    /// A handle is of another kind.
    HandleKind = 111,
    /// The data make no sense: a level beyond its scale, a row out of order…
    Data = 200,
    /// An id is not known; the message says which one is most like it.
    Unknown = 201,
    /// Matrices of two frameworks, or of two versions of one, were mixed.
    AxisMismatch = 202,
    /// A file could not be read or written.
    File = 300,
    /// A file or folder is of no format that is known.
    UnknownFormat = 301,
    /// A file is broken, or lacks something.
    Malformed = 302,
    /// A snapshot is none, damaged, of another version or of something else.
    Snapshot = 310,
    /// The result would not fit in the memory allowed.
    Memory = 400,
    /// More things than a table holds.
    TooMany = 401,
    /// This library failed where it must not: please report the message.
    Internal = 500,
    /// The caller asked to stop.
    Cancelled = 600,
}

impl Status {
    /// The code of what the library refuses.
    pub fn of(error: &Error) -> Self {
        match error {
            Error::File { .. } => Self::File,
            Error::UnknownFormat { .. } => Self::UnknownFormat,
            Error::MissingColumn { .. }
            | Error::PersonalColumn { .. }
            | Error::Encoding { .. }
            | Error::Value { .. }
            | Error::Malformed { .. }
            | Error::Credential { .. } => Self::Malformed,
            Error::NotSnapshot { .. }
            | Error::SnapshotVersion { .. }
            | Error::SnapshotKind { .. }
            | Error::SnapshotDamaged { .. } => Self::Snapshot,
            Error::Unknown { .. } => Self::Unknown,
            Error::AxisMismatch { .. } | Error::RegisterVersion { .. } => Self::AxisMismatch,
            Error::Memory { .. } => Self::Memory,
            Error::TooMany { .. } | Error::CellTooNarrow { .. } => Self::TooMany,
            Error::Argument { .. } => Self::Argument,
            Error::ArrayLength { .. } => Self::Length,
            Error::Cancelled => Self::Cancelled,
            _ => Self::Data,
        }
    }
}

/// Why a call failed: a code and one line of text.
#[derive(Debug)]
pub struct Fault {
    /// The code.
    pub status: Status,
    /// What was wrong, where, and what to do.
    pub message: String,
}

impl Fault {
    /// A fault of this code.
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::new(Status::of(&error), error.to_string())
    }
}
