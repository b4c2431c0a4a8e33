//! What skills count towards others, by name.

use std::sync::Arc;

use passerelle::transfer::{Credited, Transfer};
use passerelle::{Framework, Held, Result, near};
use pyo3::prelude::*;

use crate::call::{How, left_alone};

/// One name of a transfer, or several that are taken together.
#[derive(Clone, FromPyObject)]
pub enum Transfers {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Transfers {
    /// The transfer that they name, on a framework's skills, from which some are learned.
    pub fn known(&self, py: Python<'_>, framework: &Arc<Framework>) -> PyResult<Transfer> {
        let (names, framework) = (self.clone(), Arc::clone(framework));
        left_alone(py, move || names.on(&framework))
    }

    fn on(&self, framework: &Framework) -> Result<Transfer> {
        let names = match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Several(names) => names,
        };
        let mut all = Transfer::new(framework.axis(), [])?;
        for name in names {
            all = all.with(&near::transfer(name, framework)?)?;
        }
        Ok(all)
    }
}

/// What people hold with what they are credited for; `None` without a transfer.
pub fn credited(
    py: Python<'_>,
    transfer: Option<&Transfers>,
    framework: &Arc<Framework>,
    held: &Held,
) -> PyResult<Option<Credited>> {
    let Some(names) = transfer else { return Ok(None) };
    let transfer = names.known(py, framework)?;
    How::plain().call(py, |run| transfer.apply_on(held, run)).map(Some)
}
