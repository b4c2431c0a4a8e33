//! `passerelle.Hub`: a hub's folder.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use passerelle::hub::Hub as Core;
use passerelle::read::ReadReport;
use pyo3::prelude::*;

use super::pools::by_person;
use crate::call::left_alone;
use crate::framework::Framework;
use crate::profiles::Profiles;
use crate::report;

/// A hub's folder: what jobs require and what people hold, everyone of all pools once.
///
/// `passerelle.recruitment.Region` and `passerelle.training.Offer` read the rest of it.
///
/// Examples
/// --------
/// >>> ps.Hub.read(hub)
/// <passerelle.Hub: 6000 people, 62 occupations, 2 pools>
#[pyclass(module = "passerelle", frozen)]
pub struct Hub {
    framework: Py<Framework>,
    people: Py<Profiles>,
    pools: Vec<BTreeSet<String>>,
    reports: Vec<ReadReport>,
}

#[pymethods]
impl Hub {
    /// Read a folder.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     A folder with ``framework/``, of any known format, and ``people/`` or ``people.csv``;
    ///     ``pools/`` and ``pools.csv`` where they are there. Who is in several pools is there once,
    ///     with the evidence of all.
    ///
    /// Returns
    /// -------
    /// Hub
    ///
    /// Raises
    /// ------
    /// FileError
    ///     A file cannot be read.
    /// DataError
    ///     One of the first two is not there, or a column is missing.
    ///
    /// Warns
    /// -----
    /// RowsDropped
    ///     Where rows could not be used; `reports` says which.
    #[staticmethod]
    fn read(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let core = left_alone(py, move || Core::read(&path))?;
        let framework =
            Bound::new(py, Framework::of(core.framework, core.framework_report.clone()))?;
        let people = Profiles::of(&framework, core.profiles, core.profiles_report.clone())?;
        for said in &core.pools_reports {
            report::warn(py, said)?;
        }
        let mut reports = vec![core.framework_report, core.profiles_report];
        reports.extend(core.pools_reports);
        let people = Py::new(py, people)?;
        Ok(Self { framework: framework.unbind(), people, pools: core.pools, reports })
    }

    /// What jobs require.
    #[getter]
    fn framework(&self, py: Python<'_>) -> Py<Framework> {
        self.framework.clone_ref(py)
    }

    /// What people hold: those of the folder and of its pools.
    #[getter]
    fn people(&self, py: Python<'_>) -> Py<Profiles> {
        self.people.clone_ref(py)
    }

    /// The pools of each person who is in one.
    ///
    /// Returns
    /// -------
    /// dict of str to list of str
    #[getter]
    fn pools(&self) -> BTreeMap<&str, Vec<&str>> {
        by_person(self.people.get().core(), &self.pools)
    }

    /// What was read, what was dropped and why: a `ReadReport` for the framework, for the people
    /// and for each file of pools.
    #[getter]
    fn reports<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.reports.iter().map(|said| report::report(py, said)).collect()
    }

    fn __repr__(&self) -> String {
        let names: BTreeSet<&String> = self.pools.iter().flatten().collect();
        format!(
            "<passerelle.Hub: {} people, {} occupations, {} pools>",
            self.people.get().core().len(),
            self.framework.get().core().required().len(),
            names.len()
        )
    }
}
