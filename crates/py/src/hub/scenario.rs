//! `passerelle.recruitment.Scenario`.

use passerelle::hub::recruitment::Horizon;
use passerelle::hub::{Factor, Scenario as Core};
use pyo3::prelude::*;
use serde::Deserialize;

use super::argument;
use crate::call::short;
use crate::error::raised;
use crate::framework::Framework;
use crate::json::json;

/// What if: factors on needs and requirements, under a name that every result bears.
///
/// Parameters
/// ----------
/// framework : Framework
/// name : str
/// factors : list of dict
///     Each has a ``factor`` from 0 to 1000 with at most three digits after the point, and what it
///     bears on: ``skill``, ``occupation`` (ids), ``tag`` (of skills or occupations), ``sector``,
///     ``horizon``. Factors that bear on the same thing multiply.
///
/// Raises
/// ------
/// ArgumentError
///     No name, a factor out of its range, one that bears on nothing, or another key.
/// UnknownIdError
///     A skill or occupation that is not there.
///
/// Examples
/// --------
/// >>> from passerelle.recruitment import Scenario
/// >>> demo = ps.Framework.read_csv(folder)
/// >>> Scenario(demo, "more welding", [{"skill": "weld", "factor": 1.5}])
/// <passerelle.recruitment.Scenario more welding: 1 factors>
#[pyclass(module = "passerelle.recruitment", frozen)]
pub struct Scenario {
    core: Core,
}

/// A factor as Python tells it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    skill: Option<String>,
    tag: Option<String>,
    occupation: Option<String>,
    sector: Option<String>,
    horizon: Option<Horizon>,
    factor: f64,
}

impl Scenario {
    /// One that was read.
    pub fn of(core: Core) -> Self {
        Self { core }
    }

    /// The library's own.
    pub fn core(&self) -> &Core {
        &self.core
    }
}

fn thousandths(factor: f64) -> PyResult<u32> {
    let (scaled, most) = (factor * 1000.0, 1_000_000.0);
    let whole = scaled.round();
    if !(0.0..=most).contains(&whole) || (scaled - whole).abs() > 1e-6 {
        let expected = "a number from 0 to 1000 with at most three digits after the point";
        return Err(argument("factor", factor, expected));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in range")]
    Ok(whole as u32)
}

#[pymethods]
impl Scenario {
    #[new]
    fn new(
        framework: &Bound<'_, Framework>,
        name: String,
        factors: &Bound<'_, PyAny>,
    ) -> PyResult<Self> {
        let dumps = framework.py().import("json")?.getattr("dumps")?;
        let text: String = dumps.call1((factors,))?.extract()?;
        let core = framework.get().core();
        short(|| {
            let told: Vec<Told> = serde_json::from_str(&text)
                .map_err(|error| argument("factors", error, "a list of factors"))?;
            let factor = |told: Told| {
                let skill = told.skill.map(|id| core.axis().position(&id)).transpose();
                let occupation =
                    told.occupation.map(|id| core.required().position(&id)).transpose();
                Ok(Factor {
                    skill: skill.map_err(raised)?,
                    tag: told.tag,
                    occupation: occupation.map_err(raised)?,
                    sector: told.sector,
                    horizon: told.horizon,
                    thousandths: thousandths(told.factor)?,
                })
            };
            let factors = told.into_iter().map(factor).collect::<PyResult<_>>()?;
            Ok(Self { core: Core::new(name, factors).map_err(raised)? })
        })
    }

    /// Its name.
    #[getter]
    fn name(&self) -> &str {
        self.core.name()
    }

    /// Its factors, skills and occupations by their positions, in thousandths.
    #[getter]
    fn factors<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        json(py, &self.core.factors())
    }

    fn __repr__(&self) -> String {
        let (name, factors) = (self.core.name(), self.core.factors().len());
        format!("<passerelle.recruitment.Scenario {name}: {factors} factors>")
    }
}
