//! What skills count towards others, by name.

use passerelle::transfer::{Credited, Transfer};
use passerelle::{Framework, Held, Result, near};
use pyo3::prelude::*;

use crate::call::How;

/// One name of a transfer, or several that are taken together.
#[derive(FromPyObject)]
pub enum Transfers {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Transfers {
    /// The transfer that they name, on a framework's skills.
    pub fn on(&self, framework: &Framework) -> Result<Transfer> {
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
    framework: &Framework,
    held: &Held,
) -> PyResult<Option<Credited>> {
    let apply =
        |transfer: &Transfers| How::plain().call(py, |_| transfer.on(framework)?.apply(held));
    transfer.map(apply).transpose()
}
