//! `passerelle.recruitment.Register`.

use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use passerelle::hub::recruitment::{Jobs, Need, Recorded, Register as Core, Sensor};
use passerelle::lookup::Lookup;
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::argument;
use super::reading::{change, look};
use super::table::{Columns, table};
use super::territories::Territories;
use crate::call::{How, short};
use crate::error::raised;
use crate::framework::Framework;
use crate::json::json as plain;
use crate::number::whole;
use crate::report;

const NEEDS: Columns = &[
    ("sensor", "text"),
    ("record", "text"),
    ("revision", "count"),
    ("date", "day"),
    ("employer", "text"),
    ("size", "text"),
    ("sector", "text"),
    ("occupation", "text"),
    ("job", "text"),
    ("title", "text"),
    ("territory", "text"),
    ("positions", "count"),
    ("horizon", "text"),
    ("opening", "text"),
    ("visibility", "text"),
    ("causes", "texts"),
    ("skills", "texts"),
    ("unresolved", "texts"),
    ("confidence", "count"),
    ("valid_until", "day"),
];

/// Every need that sensors reported, told once and merged in any order.
///
/// A need is known by its sensor, the sensor's own id of the record, and a revision; the highest
/// stands. Telling the same thing twice changes nothing.
///
/// Parameters
/// ----------
/// framework : Framework
/// territories : Territories
///
/// Examples
/// --------
/// >>> import passerelle as ps
/// >>> from passerelle.recruitment import Picture, Register, Territories
/// >>> demo = ps.Framework.read_csv(folder)
/// >>> register = Register(demo, Territories([("lille", "commune", "Lille", [])]))
/// >>> register.declare("branch", reliability=80)
/// >>> need = {"sensor": "branch", "record": "1", "territory": "lille", "positions": 3}
/// >>> register.record(need | {"occupation": "welder"})
/// 'new'
/// >>> register.record(need | {"occupation": "welder"})
/// 'repeated'
/// >>> Picture(register).consolidated()[["occupation", "positions_estimate"]]
///   occupation  positions_estimate
/// 0     welder                   3
#[pyclass(module = "passerelle.recruitment", frozen)]
pub struct Register {
    core: RwLock<Core>,
    framework: Py<Framework>,
    territories: Py<Territories>,
}

impl Register {
    /// One that was read.
    pub fn of(core: Core, framework: Py<Framework>, territories: Py<Territories>) -> Self {
        Self { core: RwLock::new(core), framework, territories }
    }

    /// The library's own.
    pub fn core(&self) -> &RwLock<Core> {
        &self.core
    }

    /// The framework that needs are told on.
    pub fn framework(&self) -> &Py<Framework> {
        &self.framework
    }

    /// The places that needs are told of.
    pub fn territories(&self) -> &Py<Territories> {
        &self.territories
    }
}

fn name(recorded: Recorded) -> &'static str {
    match recorded {
        Recorded::New => "new",
        Recorded::Repeated => "repeated",
        Recorded::Revised => "revised",
        Recorded::Superseded => "superseded",
        Recorded::Conflict { stands: true } => "conflict, this one stands",
        Recorded::Conflict { stands: false } => "conflict, another stands",
    }
}

fn rows(needs: impl Iterator<Item = Need>) -> Vec<Value> {
    needs
        .map(|need| {
            let skills: Vec<&str> = need.skills.iter().map(|asked| &*asked.skill).collect();
            json!([
                need.sensor,
                need.record,
                need.revision,
                need.date,
                need.employer,
                need.size,
                need.sector,
                need.occupation,
                need.job,
                need.title,
                need.territory,
                need.positions,
                need.horizon,
                need.opening,
                need.visibility,
                need.causes,
                skills,
                need.unresolved,
                need.confidence,
                need.valid_until,
            ])
        })
        .collect()
}

#[pymethods]
impl Register {
    #[new]
    fn new(framework: &Bound<'_, Framework>, territories: &Bound<'_, Territories>) -> Self {
        let core = Core::new(framework.get().core(), territories.get().core());
        let (framework, territories) = (framework.clone().unbind(), territories.clone().unbind());
        Self::of(core, framework, territories)
    }

    /// The framework that needs are told on.
    #[getter(framework)]
    fn own_framework(&self, py: Python<'_>) -> Py<Framework> {
        self.framework.clone_ref(py)
    }

    /// The places that needs are told of.
    #[getter(territories)]
    fn own_territories(&self, py: Python<'_>) -> Py<Territories> {
        self.territories.clone_ref(py)
    }

    /// Read ``jobs.csv``, the layer between occupations and posts; before any need is recorded.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///
    /// Returns
    /// -------
    /// ReadReport
    fn read_jobs<'py>(&self, py: Python<'py>, path: PathBuf) -> PyResult<Bound<'py, PyAny>> {
        let framework = self.framework.get().core();
        let said = How::plain().call(py, |_| {
            let (jobs, report) = Jobs::read(&path, framework)?;
            let mut own = change(&self.core);
            *own = own.clone().with_jobs(&Arc::new(jobs));
            Ok(report)
        })?;
        report::report(py, &said)
    }

    /// Read ``sensors.csv``: columns ``id``, ``kind``, ``territory``, ``reliability``.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///
    /// Returns
    /// -------
    /// ReadReport
    ///
    /// Raises
    /// ------
    /// FileError
    ///     The file is not there or cannot be read.
    /// DataError
    ///     A column is missing.
    fn read_sensors<'py>(&self, py: Python<'py>, path: PathBuf) -> PyResult<Bound<'py, PyAny>> {
        let said = How::plain().call(py, |_| change(&self.core).read_sensors(&path))?;
        report::report(py, &said)
    }

    /// Read needs and record them: JSON Lines, or CSV.
    ///
    /// Words for occupations and skills are looked up; what is not found is kept as words.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///
    /// Returns
    /// -------
    /// ReadReport
    ///
    /// Raises
    /// ------
    /// FileError
    ///     The file is not there or cannot be read.
    /// DataError
    ///     A column is missing.
    fn read_needs<'py>(&self, py: Python<'py>, path: PathBuf) -> PyResult<Bound<'py, PyAny>> {
        let framework = self.framework.get().core();
        let said = How::plain().call(py, |run| {
            let lookup = Lookup::build(framework)?;
            change(&self.core).read_needs(&path, framework, &lookup, run)
        })?;
        report::report(py, &said)
    }

    /// Declare who reports needs.
    ///
    /// Parameters
    /// ----------
    /// sensor : str
    /// kind : str, optional
    ///     In one's own words: branch, employer, survey…
    /// territory : str, optional
    ///     The territory that it covers.
    /// reliability : int, default 50
    ///     How much its word counts where sensors differ, from 0 to 100.
    ///
    /// Raises
    /// ------
    /// UnknownIdError
    ///     No such territory.
    /// ArgumentError
    ///     A reliability above 100.
    #[pyo3(signature = (sensor, *, kind = "", territory = None, reliability = 50))]
    fn declare(
        &self,
        sensor: &str,
        kind: &str,
        territory: Option<String>,
        #[pyo3(from_py_with = whole)] reliability: u8,
    ) -> PyResult<()> {
        let (id, kind) = (sensor.to_owned(), kind.to_owned());
        let sensor = Sensor { id, kind, territory, reliability };
        short(|| change(&self.core).declare(sensor).map_err(raised))
    }

    /// Record one revision of a need.
    ///
    /// Parameters
    /// ----------
    /// need : dict
    ///     ``sensor``, ``record``, ``territory``, ``positions``, and whatever is known of the other
    ///     columns of `needs`; ``skills`` is a list of ``{"skill", "level", "weight",
    ///     "necessity"}``. ``{"withdrawn": True}`` takes a record back.
    ///
    /// Returns
    /// -------
    /// str
    ///     ``"new"``, ``"repeated"``, ``"revised"``, ``"superseded"``, or ``"conflict, …"`` with
    ///     which of the two stands.
    ///
    /// Raises
    /// ------
    /// ArgumentError
    ///     A key that is no column, a value that does not fit, no position, nothing asked.
    /// UnknownIdError
    ///     A sensor, territory, occupation or skill that is not there.
    fn record(&self, need: &Bound<'_, PyAny>) -> PyResult<&'static str> {
        let text: String = need.py().import("json")?.getattr("dumps")?.call1((need,))?.extract()?;
        short(|| {
            let need: Need = serde_json::from_str(&text)
                .map_err(|error| argument("need", error, "a need's columns"))?;
            change(&self.core).record(&need).map(name).map_err(raised)
        })
    }

    /// Add everything that another register holds; in any order, with the same result.
    ///
    /// Parameters
    /// ----------
    /// other : Register
    ///
    /// Raises
    /// ------
    /// VersionError
    ///     It is on another framework, version, jobs or territories; nothing is merged then.
    fn merge(&self, py: Python<'_>, other: &Self) -> PyResult<()> {
        How::plain().call(py, |_| {
            // A register may be merged with itself, or two with each other at once.
            let theirs = look(&other.core).clone();
            change(&self.core).merge(&theirs)
        })
    }

    /// Give the needs that stand, as a frame.
    ///
    /// Parameters
    /// ----------
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    #[pyo3(signature = (*, frame = None))]
    fn needs<'py>(&self, py: Python<'py>, frame: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let needs = How::plain().call(py, |_| Ok(rows(look(&self.core).needs())))?;
        table(py, NEEDS, &needs, frame)
    }

    /// Give the revisions that no longer stand, as a frame.
    ///
    /// Parameters
    /// ----------
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    #[pyo3(signature = (*, frame = None))]
    fn superseded<'py>(&self, py: Python<'py>, frame: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let needs = How::plain().call(py, |_| Ok(rows(look(&self.core).superseded())))?;
        table(py, NEEDS, &needs, frame)
    }

    /// Give the contents that share a sensor, record and revision.
    ///
    /// Returns
    /// -------
    /// list of dict
    ///     ``stands`` and ``other``, each a need.
    fn conflicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let conflicts = How::plain().call(py, |_| Ok(look(&self.core).conflicts()))?;
        plain(py, &conflicts)
    }

    /// Give the sensors that were declared.
    ///
    /// Returns
    /// -------
    /// list of dict
    fn sensors<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        plain(py, &look(&self.core).sensors().collect::<Vec<_>>())
    }

    fn __len__(&self) -> usize {
        look(&self.core).len()
    }

    fn __eq__(&self, other: &Self) -> bool {
        std::ptr::eq(self, other) || *look(&self.core) == *look(&other.core)
    }

    fn __repr__(&self) -> String {
        let core = look(&self.core);
        format!(
            "<passerelle.recruitment.Register on {}: {} records of {} sensors>",
            self.framework.get().core().title(),
            core.len(),
            core.sensors().count()
        )
    }
}
