//! How much requirements count where their source says yes or no.

use crate::error::{Error, Result};
use crate::matrix::{Necessity, Requirement};

/// How much core and other requirements count, where their source knows no levels: ROME's core
/// items and ESCO's essential relations against the others.
///
/// The default is 2 of 2 for core and 1 of 2 for the others. Core requirements are
/// [`Essential`](Necessity::Essential), the others [`Optional`](Necessity::Optional).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weights {
    denominator: u16,
    core: u16,
    other: u16,
}

impl Default for Weights {
    fn default() -> Self {
        Self { denominator: 2, core: 2, other: 1 }
    }
}

impl Weights {
    /// Weights in parts of a denominator.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] when one of them is 0: what weighs nothing is not required.
    pub fn new(core: u16, other: u16, denominator: u16) -> Result<Self> {
        for (name, value) in [("core", core), ("other", other), ("denominator", denominator)] {
            if value == 0 {
                return Err(Error::argument(name, value, "at least 1"));
            }
        }
        Ok(Self { denominator, core, other })
    }

    pub(super) fn denominator(self) -> u16 {
        self.denominator
    }

    pub(super) fn requirement(self, core: bool) -> Requirement {
        let (weight, necessity) = match core {
            true => (self.core, Necessity::Essential),
            false => (self.other, Necessity::Optional),
        };
        Requirement { level: 1, weight, necessity }
    }
}
