//! What the library refuses, as exceptions of `passerelle.errors`.

use std::fmt::Display;

use passerelle::Error;
use pyo3::prelude::*;

/// What the library refuses, and the argument that it is about where several are alike.
pub struct Refused {
    error: Error,
    argument: Option<&'static str>,
}

impl Refused {
    /// What is wrong with an argument.
    pub fn of(argument: &'static str) -> impl FnOnce(Error) -> Self {
        move |error| Self { error, argument: Some(argument) }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self { error, argument: None }
    }
}

/// The exception for an error of the library.
pub fn raised(refused: impl Into<Refused>) -> PyErr {
    let Refused { error, argument } = refused.into();
    Python::attach(|py| {
        let made = || {
            let class = py.import("passerelle.errors")?.getattr(class_of(&error))?;
            let about = argument.map_or_else(String::new, |argument| format!("`{argument}`, "));
            let exception = class.call1((format!("{about}{}", message(&error)),))?;
            if let Error::Unknown { what, id, nearest } = &error {
                exception.setattr("what", what)?;
                exception.setattr("id", id)?;
                exception.setattr("nearest", nearest)?;
            }
            if let Error::Memory { needed, allowed, .. } = &error {
                exception.setattr("needed", needed)?;
                exception.setattr("allowed", allowed)?;
            }
            Ok(PyErr::from_value(exception))
        };
        made().unwrap_or_else(|other: PyErr| other)
    })
}

/// The exception for a position beyond the end of a sequence.
pub fn position_beyond(position: &impl Display, length: usize) -> PyErr {
    let message = format!("position {position} is not within {length}");
    Python::attach(|py| made(py, "PositionError", &message))
}

fn made(py: Python<'_>, class: &str, message: &str) -> PyErr {
    let exception = || py.import("passerelle.errors")?.getattr(class)?.call1((message,));
    exception().map_or_else(|other| other, PyErr::from_value)
}

/// The exception for a defect of the library: a panic that was caught.
pub fn defect(panic: &(dyn std::any::Any + Send)) -> PyErr {
    let said = panic.downcast_ref::<String>().map(String::as_str);
    let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
    let message = format!("a defect of passerelle, please report it: {said}");
    Python::attach(|py| made(py, "InternalError", &message))
}

fn class_of(error: &Error) -> &'static str {
    match error {
        Error::Unknown { .. } => "UnknownIdError",
        Error::File { .. } => "FileError",
        Error::Argument { .. }
        | Error::ArrayLength { .. }
        | Error::RowBounds { .. }
        | Error::RowSkills { .. }
        | Error::RowZero { .. }
        | Error::RowTotal { .. }
        | Error::NotFinite { .. }
        | Error::CellTooNarrow { .. }
        | Error::TooMany { .. } => "ArgumentError",
        Error::AxisMismatch { .. } | Error::RegisterVersion { .. } => "VersionError",
        Error::NotSnapshot { .. }
        | Error::SnapshotVersion { .. }
        | Error::SnapshotKind { .. }
        | Error::SnapshotDamaged { .. } => "SnapshotError",
        Error::Memory { .. } => "MemoryLimitError",
        Error::Cancelled => "CancelledError",
        _ => "DataError",
    }
}

/// The library's words, with what they mean in SciPy's.
fn message(error: &Error) -> String {
    let hint = match error {
        Error::RowSkills { .. } => " (in SciPy: `matrix.sum_duplicates()`, which sorts as well)",
        Error::RowZero { .. } => " (in SciPy: `matrix.eliminate_zeros()`)",
        _ => "",
    };
    format!("{error}{hint}")
}
