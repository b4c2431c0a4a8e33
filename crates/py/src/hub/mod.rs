//! The hub's modules: `passerelle.recruitment`, `passerelle.skill`, `passerelle.training`.

pub mod candidates;
pub mod folder;
mod groups;
pub mod learners;
pub mod likeness;
pub mod maps;
pub mod offer;
pub mod pathway;
pub mod picture;
pub mod plan;
pub mod pools;
mod reading;
pub mod region;
pub mod register;
pub mod scenario;
pub mod skill;
mod table;
pub mod territories;
pub mod uncovered;

use passerelle::Error;
use pyo3::prelude::*;

use crate::error::raised;

/// An argument that is refused.
fn argument(name: &'static str, value: impl ToString, expected: impl Into<String>) -> PyErr {
    raised(Error::Argument { name, value: value.to_string(), expected: expected.into() })
}
