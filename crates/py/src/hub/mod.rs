//! The hub's modules: `passerelle.recruitment`, `passerelle.skill`.

mod groups;
pub mod picture;
mod reading;
pub mod register;
pub mod skill;
mod table;
pub mod territories;

use passerelle::Error;
use pyo3::prelude::*;

use crate::error::raised;

/// An argument that is refused.
fn argument(name: &'static str, value: impl ToString, expected: impl Into<String>) -> PyErr {
    raised(Error::Argument { name, value: value.to_string(), expected: expected.into() })
}
