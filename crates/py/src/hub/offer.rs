//! `passerelle.training.Offer`: what can be bought.

use std::path::PathBuf;
use std::sync::Arc;

use passerelle::hub::training::{Offer as Core, OfferReport};
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::table::{Columns, table};
use crate::call::left_alone;
use crate::framework::Framework;
use crate::report;

const MODULES: Columns = &[
    ("module", "text"),
    ("label", "text"),
    ("minutes", "count"),
    ("cents", "count"),
    ("modality", "text"),
    ("purpose", "text"),
    ("sessions", "count"),
    ("providers", "texts"),
    ("blocks", "texts"),
];

const TAUGHT: Columns =
    &[("module", "text"), ("skill", "text"), ("label", "text"), ("level", "count")];

const SESSIONS: Columns = &[
    ("session", "text"),
    ("module", "text"),
    ("territory", "text"),
    ("start", "day"),
    ("end", "day"),
    ("rolling", "yes"),
    ("seats", "count"),
    ("minimum", "count"),
    ("maximum", "count"),
    ("cents_per_seat", "count"),
    ("cents_per_session", "count"),
    ("axis", "text"),
    ("funders", "texts"),
    ("buying", "text"),
];

const CERTIFICATIONS: Columns = &[
    ("certification", "text"),
    ("label", "text"),
    ("kind", "text"),
    ("blocks", "texts"),
    ("targets", "texts"),
];

const BUDGETS: Columns =
    &[("funder", "text"), ("axis", "text"), ("cents", "count"), ("start", "day"), ("end", "day")];

/// What can be bought: certifications and their blocks, modules and what each teaches, sessions,
/// funders, budgets, dated funding rules.
///
/// Money is whole cents and time whole minutes, so that sums are exact.
///
/// Examples
/// --------
/// >>> from passerelle.training import Offer
/// >>> framework = ps.Framework.read_csv(hub / "framework")
/// >>> offer = Offer.read(hub / "training", framework)
/// >>> offer
/// <passerelle.training.Offer: 112 modules, 355 sessions, 36 certifications>
#[pyclass(module = "passerelle.training", frozen)]
pub struct Offer {
    core: Arc<Core>,
    framework: Py<Framework>,
    report: OfferReport,
}

impl Offer {
    /// The library's own.
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// The framework that its skills are of.
    pub fn framework(&self) -> &Py<Framework> {
        &self.framework
    }
}

/// How many examples of what was dropped are told; the report's words have all of them.
const EXAMPLES: usize = 3;

/// The report in the form that every reader's has.
fn files(report: &OfferReport) -> Value {
    let file = |file: &passerelle::hub::training::offer::FileCount| {
        let told = |dropped: bool| {
            let own = report.findings.iter().filter(|one| one.file == file.file);
            let own: Vec<_> = own.filter(|one| one.dropped == dropped).collect();
            let few = own.iter().take(EXAMPLES);
            let few = few.map(|one| json!({ "line": one.line, "value": one.problem }));
            (own.len() as u64, few.collect::<Vec<_>>())
        };
        let ((unusable, examples), (noted, worth)) = (told(true), told(false));
        let tally = |reason: &str, rows: u64, examples: Vec<Value>| {
            (rows > 0).then(|| json!({ "reason": reason, "rows": rows, "examples": examples }))
        };
        let dropped =
            [tally("unusable", unusable, examples), tally("set-aside", file.set_aside, Vec::new())];
        json!({
            "file": file.file,
            "rows": file.rows,
            "kept": file.kept,
            "dropped": dropped.into_iter().flatten().collect::<Vec<_>>(),
            "notes": tally("worth-knowing", noted, worth).into_iter().collect::<Vec<_>>(),
        })
    };
    json!({ "source": "training", "files": report.files.iter().map(file).collect::<Vec<_>>() })
}

#[pymethods]
impl Offer {
    /// Read a folder: ``modules.csv`` and ``module_skills.csv``, and the other files of the format
    /// as far as they are there.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    /// framework : Framework
    ///     The framework that the skills are of.
    ///
    /// Returns
    /// -------
    /// Offer
    ///
    /// Raises
    /// ------
    /// FileError
    ///     A file cannot be read.
    /// DataError
    ///     One of the two files is not there, a column is missing, funding rules overlap or leave
    ///     hours that none covers.
    ///
    /// Warns
    /// -----
    /// RowsDropped
    ///     Where rows could not be used; `report` says which.
    #[staticmethod]
    fn read(path: PathBuf, framework: &Bound<'_, Framework>) -> PyResult<Self> {
        let py = framework.py();
        let axis = Arc::clone(framework.get().core().axis());
        let (core, said) = left_alone(py, move || Core::read(&path, &axis))?;
        let own =
            Self { core: Arc::new(core), framework: framework.clone().unbind(), report: said };
        if own.report.findings.iter().any(|finding| finding.dropped) {
            report::said(py, &own.report(py)?)?;
        }
        Ok(own)
    }

    /// What was read, and what was dropped and why.
    #[getter]
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        report::of(py, &files(&self.report), &self.report.to_string())
    }

    /// Give the modules, as a frame.
    ///
    /// Parameters
    /// ----------
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    ///     ``minutes`` of the trainee's time and ``cents`` at the usual price.
    #[pyo3(signature = (*, frame = None))]
    fn modules<'py>(&self, py: Python<'py>, frame: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let core = &self.core;
        let row = |(at, one): (u32, &passerelle::hub::training::offer::Module)| {
            let blocks: Vec<&str> = one.blocks.iter().map(|&at| &core.block_ids()[at]).collect();
            json!([
                &core.module_ids()[at],
                one.label,
                one.minutes,
                one.cents,
                one.modality.name(),
                one.purpose.name(),
                core.sessions_of(at).len(),
                one.providers,
                blocks,
            ])
        };
        let rows: Vec<Value> = (0u32..).zip(core.modules()).map(row).collect();
        table(py, MODULES, &rows, frame)
    }

    /// Give what modules teach, as a frame: a row for each module and skill, with the level.
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
    #[pyo3(signature = (*, language = None, frame = None))]
    fn taught<'py>(
        &self,
        py: Python<'py>,
        language: Option<&str>,
        frame: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (core, framework) = (&self.core, self.framework.get());
        let (known, language) = (framework.core(), framework.language(language));
        let of_module = |(at, id): (u32, &str)| {
            let row = |(skill, level): (u32, u16)| {
                json!([id, &core.axis().ids()[skill], known.skill_name(skill, language), level])
            };
            core.taught().row(at).iter().map(row).collect::<Vec<_>>()
        };
        let rows: Vec<Value> = (0u32..).zip(core.module_ids().iter()).flat_map(of_module).collect();
        table(py, TAUGHT, &rows, frame)
    }

    /// Give the sessions, as a frame.
    ///
    /// Parameters
    /// ----------
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    ///     ``start`` and ``end`` of the session, or of the entries where these are ``rolling``;
    ///     ``seats`` that are paid for already, and how many people it takes at least and at most.
    #[pyo3(signature = (*, frame = None))]
    fn sessions<'py>(&self, py: Python<'py>, frame: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let core = &self.core;
        let row = |(at, one): (u32, &passerelle::hub::training::offer::Session)| {
            let days = one.dates.or(one.entry);
            let funders: Vec<&str> = one.funders.iter().map(|&at| &core.funder_ids()[at]).collect();
            json!([
                &core.session_ids()[at],
                &core.module_ids()[one.module],
                &core.territories()[one.territory],
                days.map(|days| days.0),
                days.map(|days| days.1),
                one.is_rolling(),
                one.seats,
                one.minimum,
                one.maximum,
                one.cents_per_seat,
                one.cents_per_session,
                &core.axes()[one.axis],
                funders,
                one.buying.name(),
            ])
        };
        let rows: Vec<Value> = (0u32..).zip(core.sessions()).map(row).collect();
        table(py, SESSIONS, &rows, frame)
    }

    /// Give the certifications with the occupations that they lead to, as a frame.
    ///
    /// Parameters
    /// ----------
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    #[pyo3(signature = (*, frame = None))]
    fn certifications<'py>(
        &self,
        py: Python<'py>,
        frame: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let core = &self.core;
        let row = |(id, one): (&str, &passerelle::hub::training::offer::Certification)| {
            let blocks: Vec<&str> = one.blocks.iter().map(|&at| &core.block_ids()[at]).collect();
            json!([id, one.label, one.kind.name(), blocks, one.targets])
        };
        let rows: Vec<Value> =
            core.certification_ids().iter().zip(core.certifications()).map(row).collect();
        table(py, CERTIFICATIONS, &rows, frame)
    }

    /// Give the money there is, as a frame: a row for each budget.
    ///
    /// Parameters
    /// ----------
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    #[pyo3(signature = (*, frame = None))]
    fn budgets<'py>(&self, py: Python<'py>, frame: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let core = &self.core;
        let row = |one: &passerelle::hub::training::offer::Budget| {
            let (funder, axis) = (&core.funder_ids()[one.funder], &core.axes()[one.axis]);
            json!([funder, axis, one.cents, one.from, one.until])
        };
        table(py, BUDGETS, &core.budgets().iter().map(row).collect::<Vec<_>>(), frame)
    }

    fn __len__(&self) -> usize {
        self.core.modules().len()
    }

    fn __contains__(&self, key: &Bound<'_, PyAny>) -> bool {
        key.extract::<&str>().is_ok_and(|id| self.core.module_ids().position(id).is_some())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.core == other.core
    }

    fn __repr__(&self) -> String {
        format!(
            "<passerelle.training.Offer: {} modules, {} sessions, {} certifications>",
            self.core.modules().len(),
            self.core.sessions().len(),
            self.core.certifications().len()
        )
    }
}
