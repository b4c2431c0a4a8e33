//! `passerelle.recruitment.Picture`.

use std::sync::RwLock;

use passerelle::Date;
use passerelle::hub::recruitment::{
    Cause, Grouping, Picture as Core, PictureOptions, Positions, TerritoryGroups, Window,
};
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::argument;
use super::groups::territory_groups;
use super::reading::{change, look};
use super::register::Register;
use super::table::{Columns, table};
use crate::call::How;
use crate::error::raised;

const CONSOLIDATED: Columns = &[
    ("sector", "text"),
    ("occupation", "text"),
    ("label", "text"),
    ("territory", "text"),
    ("horizon", "text"),
    ("vacancies", "count"),
    ("reports", "count"),
    ("positions_sure", "count"),
    ("positions_estimate", "count"),
    ("positions_all", "count"),
    ("calls_for_training", "count"),
    ("no_cause", "count"),
    ("created", "count"),
    ("replaced", "count"),
    ("hidden", "count"),
    ("causes", "counts"),
];

const VACANCIES: Columns = &[
    ("reports", "texts"),
    ("title", "text"),
    ("employer", "text"),
    ("sector", "text"),
    ("occupation", "text"),
    ("territory", "text"),
    ("horizon", "text"),
    ("date", "day"),
    ("positions_sure", "count"),
    ("positions_estimate", "count"),
    ("positions_all", "count"),
];

const OVER_TIME: Columns =
    &[("skill", "text"), ("label", "text"), ("pattern", "text"), ("vacancies", "numbers")];

const BREADTH: Columns = &[
    ("sector", "text"),
    ("skill", "text"),
    ("label", "text"),
    ("asking", "count"),
    ("employers", "count"),
    ("sector_wide", "yes"),
];

/// Causes and their positions, every cause in its place.
pub fn causes(of: impl Fn(Cause) -> u64) -> Value {
    Cause::ALL.iter().map(|&cause| (cause.name().to_owned(), Value::from(of(cause)))).collect()
}

/// Needs as all sensors together tell of them: reports of the same vacancy counted once.
///
/// It follows its register: `update` after the register has changed.
///
/// Parameters
/// ----------
/// register : Register
/// as_of : str, optional
///     A day, such as ``"2026-06-30"``: what is no longer valid then does not count.
#[pyclass(module = "passerelle.recruitment", frozen)]
pub struct Picture {
    core: RwLock<Core>,
    register: Py<Register>,
}

impl Picture {
    /// The library's own.
    pub fn core(&self) -> &RwLock<Core> {
        &self.core
    }

    /// The register that it follows.
    pub fn register(&self) -> &Register {
        self.register.get()
    }
}

#[pymethods]
impl Picture {
    #[new]
    #[pyo3(signature = (register, *, as_of = None))]
    fn new(py: Python<'_>, register: Py<Register>, as_of: Option<&str>) -> PyResult<Self> {
        let options = match as_of {
            Some(day) => PictureOptions::default().as_of(day.parse().map_err(raised)?),
            None => PictureOptions::default(),
        };
        let own = Self { core: RwLock::new(Core::new(options)), register };
        own.update(py)?;
        Ok(own)
    }

    /// Take in what the register was told since.
    fn update(&self, py: Python<'_>) -> PyResult<()> {
        let register = self.register().core();
        How::plain().call(py, |run| change(&self.core).update_on(&look(register), run))
    }

    /// Give the needs, consolidated, as a frame.
    ///
    /// Parameters
    /// ----------
    /// by : list of {"sector", "occupation", "horizon"}, default all three
    ///     By what they are counted apart.
    /// territories : str or dict, optional
    ///     Counted apart by the places of a kind, such as ``"bassin"``, or by groups of one's own,
    ///     ``{name: [ids]}``; what lies in two groups counts in both. Everything together by
    ///     default.
    /// language : str, optional
    ///     The language of labels; the framework's own by default.
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    ///     Positions lie between ``positions_sure`` and ``positions_all``; all further counts are
    ///     of ``positions_estimate``. ``causes`` counts by cause; only those of skills call for
    ///     training.
    #[pyo3(signature = (*, by = None, territories = None, language = None, frame = None))]
    fn consolidated<'py>(
        &self,
        py: Python<'py>,
        by: Option<Vec<String>>,
        territories: Option<&Bound<'py, PyAny>>,
        language: Option<&str>,
        frame: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut grouping = if by.is_some() { Grouping::default() } else { Grouping::FULL };
        for one in by.iter().flatten() {
            match one.as_str() {
                "sector" => grouping.sector = true,
                "occupation" => grouping.occupation = true,
                "horizon" => grouping.horizon = true,
                _ => {
                    let expected = "`sector`, `occupation` or `horizon`";
                    return Err(argument("by", format!("`{one}`"), expected));
                }
            }
        }
        let framework = self.register().framework().get();
        let language = framework.language(language);
        let groups = territory_groups(look(self.register().core()).territories(), territories)?;
        let label = |id: &Option<String>| {
            let at = id.as_ref().and_then(|id| framework.core().occupation_ids().position(id));
            at.map(|at| framework.core().occupation_name(at, language).to_owned())
        };
        let rows = How::plain().call(py, |_| {
            let register = look(self.register().core());
            let rows = look(&self.core).consolidated(&register, &grouping, &groups);
            let row = |row: &passerelle::hub::recruitment::Consolidated| {
                let Positions { sure, estimate, all } = row.positions;
                let of_cause = |cause| row.causes.get(&cause).copied().unwrap_or(0);
                json!([
                    row.sector,
                    row.occupation,
                    label(&row.occupation),
                    row.territory,
                    row.horizon,
                    row.vacancies,
                    row.reports,
                    sure,
                    estimate,
                    all,
                    row.calls_for_training(),
                    row.no_cause,
                    row.created,
                    row.replaced,
                    row.hidden,
                    causes(of_cause),
                ])
            };
            Ok(rows.iter().map(row).collect::<Vec<_>>())
        })?;
        table(py, CONSOLIDATED, &rows, frame)
    }

    /// Give every vacancy with the reports that it was merged from, as a frame.
    ///
    /// Parameters
    /// ----------
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    ///     ``reports`` lists ``sensor/record``, the one that counts most first.
    #[pyo3(signature = (*, frame = None))]
    fn vacancies<'py>(&self, py: Python<'py>, frame: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let rows: Vec<Value> = How::plain().call(py, |_| {
            let vacancies = look(&self.core).vacancies(&look(self.register().core()));
            let row = |one: passerelle::hub::recruitment::SeenVacancy| {
                let reports: Vec<String> = one
                    .reports
                    .iter()
                    .map(|(sensor, record)| format!("{sensor}/{record}"))
                    .collect();
                let Positions { sure, estimate, all } = one.positions;
                json!([
                    reports,
                    one.title,
                    one.employer,
                    one.sector,
                    one.occupation,
                    one.territory,
                    one.horizon,
                    one.date,
                    sure,
                    estimate,
                    all,
                ])
            };
            Ok(vacancies.into_iter().map(row).collect())
        })?;
        table(py, VACANCIES, &rows, frame)
    }

    /// Tell the skills that are asked for again and again from those that emerge, as a frame.
    ///
    /// Parameters
    /// ----------
    /// until : str
    ///     The last day of the eight quarters looked at, such as ``"2026-06-30"``.
    /// sector : str, optional
    ///     One sector; all by default.
    /// language : str, optional
    ///     The language of labels; the framework's own by default.
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    ///     ``pattern`` is ``"recurrent"``, ``"emerging"`` or ``"occasional"``; ``vacancies`` counts
    ///     those of each quarter, the oldest first.
    #[pyo3(signature = (until, *, sector = None, language = None, frame = None))]
    fn over_time<'py>(
        &self,
        py: Python<'py>,
        until: &str,
        sector: Option<&str>,
        language: Option<&str>,
        frame: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let until: Date = until.parse().map_err(raised)?;
        let framework = self.register().framework().get();
        let (core, language) = (framework.core(), framework.language(language));
        let rows: Vec<Value> = How::plain().call(py, |_| {
            let register = look(self.register().core());
            let told = look(&self.core).over_time(&register, sector, &Window::until(until));
            let row = |one: passerelle::hub::recruitment::AskedOverTime| {
                let (id, label) =
                    (&core.axis().ids()[one.skill], core.skill_name(one.skill, language));
                json!([id, label, one.pattern, one.vacancies])
            };
            Ok(told.into_iter().map(row).collect())
        })?;
        table(py, OVER_TIME, &rows, frame)
    }

    /// Say how widely the employers of each sector ask for each skill, as a frame.
    ///
    /// Parameters
    /// ----------
    /// language : str, optional
    ///     The language of labels; the framework's own by default.
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    ///     Of ``employers`` seen, ``asking``; ``sector_wide`` where at least half of three or more
    ///     do.
    #[pyo3(signature = (*, language = None, frame = None))]
    fn breadth<'py>(
        &self,
        py: Python<'py>,
        language: Option<&str>,
        frame: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let framework = self.register().framework().get();
        let (core, language) = (framework.core(), framework.language(language));
        let rows: Vec<Value> = How::plain().call(py, |_| {
            let (register, picture) = (look(self.register().core()), look(&self.core));
            let by_sector = Grouping { sector: true, ..Grouping::default() };
            let everywhere = TerritoryGroups::everywhere();
            let sectors = picture.consolidated(&register, &by_sector, &everywhere);
            let of_sector = |sector: String| {
                let row = |one: passerelle::hub::recruitment::Breadth| {
                    let (id, label) =
                        (&core.axis().ids()[one.skill], core.skill_name(one.skill, language));
                    json!([sector, id, label, one.asking, one.employers, one.sector_wide])
                };
                picture.breadth(&register, &sector).into_iter().map(row).collect::<Vec<_>>()
            };
            Ok(sectors.into_iter().filter_map(|row| row.sector).flat_map(of_sector).collect())
        })?;
        table(py, BREADTH, &rows, frame)
    }

    fn __repr__(&self) -> String {
        let register = look(self.register().core());
        let whole = look(&self.core).consolidated(
            &register,
            &Grouping::default(),
            &TerritoryGroups::everywhere(),
        );
        let (vacancies, Positions { sure, estimate, all }) =
            whole.first().map_or((0, Positions::default()), |row| (row.vacancies, row.positions));
        format!(
            "<passerelle.recruitment.Picture: {vacancies} vacancies, {estimate} positions \
             ({sure} to {all})>"
        )
    }
}
