//! Rows of whole numbers as callers pass them: levels that people hold, and that targets require.

use std::borrow::Cow;

use passerelle::matrix::Rows;
use passerelle::{Error, Run};
use pyo3::prelude::*;

use crate::csr::{self, Csr, Steps};
use crate::error::{Refused, raised};

/// People, as the caller passed them.
pub struct People<'py> {
    cells: Csr<'py>,
    levels: Steps<'py>,
}

impl<'py> People<'py> {
    /// From the argument `held`.
    pub fn new(held: &Bound<'py, PyAny>) -> PyResult<Self> {
        let cells = Csr::new("held", held)?;
        Ok(Self { levels: cells.steps()?, cells })
    }

    /// Their arrays, beside targets on so many columns.
    pub fn cells_on(&self, columns: u32) -> PyResult<PeopleCells<'_>> {
        let said = self.cells.columns_said();
        let own = said.map_or_else(|| self.cells.columns(), Ok)?;
        if own > columns || said.is_some_and(|said| said < columns) {
            let (name, value) = ("held", format!("on {own} columns"));
            let expected = format!(
                "on the {columns} of the index, which has those of the SciPy matrix `required`"
            );
            return Err(raised(Error::Argument { name, value, expected }));
        }
        self.cells(columns)
    }

    fn cells(&self, columns: u32) -> PyResult<PeopleCells<'_>> {
        Ok(PeopleCells {
            bounds: self.cells.bounds()?,
            skills: self.cells.skills()?,
            levels: self.levels.slice()?,
            columns,
        })
    }
}

/// Arrays of people as the library reads them.
pub struct PeopleCells<'a> {
    bounds: Cow<'a, [u64]>,
    skills: Cow<'a, [u32]>,
    levels: &'a [u16],
    columns: u32,
}

impl PeopleCells<'_> {
    /// How many people.
    pub fn len(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }

    /// As rows of the library.
    pub fn rows(&self, run: &Run) -> Result<Rows<'_>, Refused> {
        Rows::held_on(&self.bounds, &self.skills, self.levels, self.columns, run)
            .map_err(Refused::of("held"))
    }
}

/// Targets, as the caller passed them.
pub struct Targets<'py> {
    cells: Csr<'py>,
    levels: Steps<'py>,
    weights: Option<Steps<'py>>,
}

impl<'py> Targets<'py> {
    /// From the arguments `required` and `weights`.
    pub fn new(
        required: &Bound<'py, PyAny>,
        weights: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let cells = Csr::new("required", required)?;
        let weights = match weights {
            Some(weights) => Some(csr::steps("weights", &beside(&cells, weights)?)?),
            None => None,
        };
        Ok(Self { levels: cells.steps()?, cells, weights })
    }

    /// Their arrays, on at least so many columns where it was not said on how many.
    pub fn cells_from(&self, least: u32) -> PyResult<TargetCells<'_>> {
        self.cells(self.cells.columns()?.max(least))
    }

    fn cells(&self, columns: u32) -> PyResult<TargetCells<'_>> {
        let levels = self.levels.slice()?;
        let weights = match &self.weights {
            Some(weights) => Cow::Borrowed(weights.slice()?),
            None => Cow::Owned(csr::each(self.cells.data().py(), levels, |_| 1)?),
        };
        Ok(TargetCells {
            bounds: self.cells.bounds()?,
            skills: self.cells.skills()?,
            levels,
            weights,
            columns,
        })
    }
}

/// Arrays of targets as the library reads them.
pub struct TargetCells<'a> {
    bounds: Cow<'a, [u64]>,
    skills: Cow<'a, [u32]>,
    levels: &'a [u16],
    weights: Cow<'a, [u16]>,
    columns: u32,
}

impl TargetCells<'_> {
    /// As rows of the library.
    pub fn rows(&self, run: &Run) -> Result<Rows<'_>, Refused> {
        let Self { bounds, skills, levels, weights, columns } = self;
        Rows::required_on(bounds, skills, levels, weights, *columns, run)
            .map_err(Refused::of("required"))
    }
}

/// The arrays of both, on the same columns.
pub fn both<'a>(
    people: &'a People<'_>,
    targets: &'a Targets<'_>,
) -> PyResult<(PeopleCells<'a>, TargetCells<'a>)> {
    let columns = people.cells.columns_beside(&targets.cells)?;
    Ok((people.cells(columns)?, targets.cells(columns)?))
}

/// Weights that stand beside the cells of a matrix: their data, of a matrix like it or alone.
pub fn beside<'py>(matrix: &Csr<'py>, weights: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if weights.hasattr("dtype")? && !weights.hasattr("indptr")? {
        return Ok(weights.clone());
    }
    let weights = Csr::new("weights", weights)?;
    if !matrix.stands_as(&weights)? {
        let expected = "of the same cells as `required`".to_owned();
        let value = "of other cells".to_owned();
        return Err(raised(Error::Argument { name: "weights", value, expected }));
    }
    Ok(weights.data().clone())
}
