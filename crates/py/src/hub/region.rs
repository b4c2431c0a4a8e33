//! `passerelle.recruitment.Region`: what a hub's folder holds beside its framework and people.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use passerelle::Error;
use passerelle::hub::Region as Core;
use passerelle::hub::recruitment::SeenVacancy;
use passerelle::hub::skill::{Conditions, ConditionsOf, Limits, Travel};
use passerelle::hub::training::{Public, read_publics};
use passerelle::read::ReadReport;
use pyo3::prelude::*;

use super::register::Register;
use super::scenario::Scenario;
use super::territories::Territories;
use crate::call::left_alone;
use crate::profiles::Profiles;
use crate::report;

/// The needs of a region and what they are seen with, read from a hub's folder.
///
/// It holds where people live, how far they go and which public they belong to: none of it reaches
/// a score.
///
/// Examples
/// --------
/// >>> from passerelle.recruitment import Picture, Region
/// >>> region = Region.read(hub, ps.Hub.read(hub).people)
/// >>> picture = Picture(region.register)
/// >>> len(picture.vacancies()) <= len(region.register)
/// True
#[pyclass(module = "passerelle.recruitment", frozen)]
pub struct Region {
    people: Py<Profiles>,
    territories: Py<Territories>,
    register: Py<Register>,
    travel: Travel,
    limits: Vec<Limits>,
    conditions: ConditionsOf,
    publics: Vec<Public>,
    scenarios: BTreeMap<String, Py<Scenario>>,
    reports: Vec<ReadReport>,
}

impl Region {
    /// Its people.
    pub fn people(&self) -> &Profiles {
        self.people.get()
    }

    /// Its places.
    pub fn territories(&self) -> &Territories {
        self.territories.get()
    }

    /// How long ways take.
    pub fn travel(&self) -> &Travel {
        &self.travel
    }

    /// What each person can reach, by position.
    pub fn limits(&self) -> &[Limits] {
        &self.limits
    }

    /// What a vacancy demands beside skills.
    pub fn conditions_of(&self, vacancy: &SeenVacancy) -> Conditions {
        Conditions::of_vacancy(vacancy, &self.conditions, self.territories().core())
    }

    /// What funding rules and indicators look at, by person.
    pub fn publics(&self) -> &[Public] {
        &self.publics
    }
}

#[pymethods]
impl Region {
    /// Read a hub's folder.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     A folder with ``territories.csv``, ``sensors.csv``, and ``needs.csv`` or
    ///     ``needs.jsonl``; ``jobs.csv``, ``post_conditions.csv``, ``travel.csv``,
    ///     ``people_attributes.csv``, ``pools.csv`` and ``scenarios.csv`` where they are there.
    /// people : Profiles
    ///     The people of the region, on the framework that needs are told on: with those of its
    ///     pools, where they are read by `passerelle.Hub`.
    ///
    /// Returns
    /// -------
    /// Region
    ///
    /// Raises
    /// ------
    /// FileError
    ///     A file cannot be read.
    /// DataError
    ///     One of the first three is not there, or a column is missing.
    ///
    /// Warns
    /// -----
    /// RowsDropped
    ///     Where rows could not be used; `reports` says which.
    #[staticmethod]
    fn read(path: PathBuf, people: &Bound<'_, Profiles>) -> PyResult<Self> {
        let py = people.py();
        let framework = people.get().framework();
        let (core, profiles) =
            (Arc::clone(framework.get().core()), Arc::clone(people.get().core()));
        let (region, publics) = left_alone(py, move || {
            let mut region = Core::read(&path, &core, &profiles)?.ok_or_else(|| {
                let looked_for = vec!["territories.csv", "sensors.csv", "needs.csv"];
                Error::UnknownFormat { path: path.clone(), looked_for }
            })?;
            let attributes = path.join("people_attributes.csv");
            let mut publics = vec![Public::default(); profiles.len()];
            if attributes.is_file() {
                let (read, report) = read_publics(&attributes, profiles.people())?;
                publics = read;
                region.reports.push(report);
            }
            Ok((region, publics))
        })?;
        for said in &region.reports {
            report::warn(py, said)?;
        }
        let territories = Py::new(py, Territories::of(region.territories))?;
        let register =
            Register::of(region.register, framework.clone_ref(py), territories.clone_ref(py));
        let scenarios = region
            .scenarios
            .into_iter()
            .map(|scenario| Ok((scenario.name().to_owned(), Py::new(py, Scenario::of(scenario))?)));
        Ok(Self {
            people: people.clone().unbind(),
            territories,
            register: Py::new(py, register)?,
            travel: region.travel,
            limits: region.limits,
            conditions: region.conditions,
            publics,
            scenarios: scenarios.collect::<PyResult<_>>()?,
            reports: region.reports,
        })
    }

    /// The people that it was read for.
    #[getter(people)]
    fn own_people(&self, py: Python<'_>) -> Py<Profiles> {
        self.people.clone_ref(py)
    }

    /// Its places.
    #[getter(territories)]
    fn own_territories(&self, py: Python<'_>) -> Py<Territories> {
        self.territories.clone_ref(py)
    }

    /// What sensors reported.
    #[getter]
    fn register(&self, py: Python<'_>) -> Py<Register> {
        self.register.clone_ref(py)
    }

    /// Where people live: the territory's id, by the person's.
    #[getter]
    fn places(&self) -> BTreeMap<&str, &str> {
        let (people, ids) = (self.people().core().people(), self.territories().core().ids());
        let placed = people.iter().zip(&self.limits);
        placed.filter_map(|(person, of)| Some((person, &ids[of.territory?]))).collect()
    }

    /// What ifs, by their names.
    #[getter]
    fn scenarios(&self, py: Python<'_>) -> BTreeMap<&str, Py<Scenario>> {
        self.scenarios.iter().map(|(name, one)| (name.as_str(), one.clone_ref(py))).collect()
    }

    /// What was read, what was dropped and why: a `ReadReport` for each file.
    #[getter]
    fn reports<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.reports.iter().map(|said| report::report(py, said)).collect()
    }

    fn __repr__(&self) -> String {
        let (people, places) = (self.people().core().len(), self.territories().core().len());
        format!("<passerelle.recruitment.Region: {people} people, {places} places>")
    }
}
