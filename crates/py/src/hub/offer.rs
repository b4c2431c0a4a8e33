//! `passerelle.training.Offer`: what can be bought.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use passerelle::hub::training::offer::{
    FileCount, Finding, LheoOptions, OfferBuilder, RncpOptions,
};
use passerelle::hub::training::{Offer as Core, OfferReport};
use passerelle::read::ByLabel;
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::table::{Columns, table};
use crate::call::left_alone;
use crate::framework::Framework;
use crate::number::Whole;
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
    // A file of several kinds of rows, `offer.xml`, is counted by kind: `offer.xml <session>`.
    let is_of = |finding: &Finding, count: &FileCount| {
        let kind = count.file.strip_prefix(&finding.file);
        kind.is_some_and(|kind| kind.is_empty() || kind.starts_with(" <"))
    };
    let told = |findings: &[&Finding]| {
        let few = findings.iter().take(EXAMPLES);
        few.map(|one| json!({ "line": one.line, "value": one.problem })).collect::<Vec<_>>()
    };
    let tally = |reason: &str, rows: u64, examples: Vec<Value>| {
        (rows > 0).then(|| json!({ "reason": reason, "rows": rows, "examples": examples }))
    };
    let file = |(at, count): (usize, &FileCount)| {
        let own: Vec<&Finding> =
            report.findings.iter().filter(|one| one.dropped && is_of(one, count)).collect();
        let unusable = tally("unusable", count.rows - count.kept - count.set_aside, told(&own));
        let aside = tally("set-aside", count.set_aside, Vec::new());
        // What is worth knowing of several kinds of rows is told once, with the first.
        let first = |one: &Finding| report.files.iter().position(|count| is_of(one, count));
        let notes: Vec<&Finding> =
            report.findings.iter().filter(|one| !one.dropped && first(one) == Some(at)).collect();
        json!({
            "file": count.file,
            "rows": count.rows,
            "kept": count.kept,
            "dropped": unusable.into_iter().chain(aside).collect::<Vec<_>>(),
            "notes": tally("worth-knowing", notes.len() as u64, told(&notes))
                .into_iter()
                .collect::<Vec<_>>(),
        })
    };
    let files: Vec<Value> = report.files.iter().enumerate().map(file).collect();
    json!({ "source": "training", "files": files })
}

/// What LHEO does not say.
struct Words {
    communes: HashMap<String, String>,
    axis: String,
    funders: Vec<String>,
    codes: BTreeMap<String, String>,
    seats: Option<u32>,
    level: Option<u16>,
}

/// An offer from what is published, with what a folder of the format adds: certifications first,
/// so that the folder gives their blocks skills, and what is bought last, for it names both.
fn published(
    framework: &passerelle::Framework,
    folder: &Path,
    rncp: Option<&Path>,
    lheo: Option<&Path>,
    words: &Words,
) -> passerelle::Result<(Core, OfferReport)> {
    let mut report = OfferReport::default();
    let mut said = |more: OfferReport| {
        report.files.extend(more.files);
        report.findings.extend(more.findings);
    };
    let mut builder = OfferBuilder::new(framework.axis());
    if let Some(folder) = rncp {
        let read = builder.rncp(folder, &RncpOptions::default())?;
        builder = read.0;
        said(read.1);
    }
    let read = builder.read(folder)?;
    builder = read.0;
    said(read.1);
    if let Some(file) = lheo {
        let codes: Vec<(&str, &str)> =
            words.codes.iter().map(|(code, id)| (code.as_str(), id.as_str())).collect();
        let funders: Vec<&str> = words.funders.iter().map(String::as_str).collect();
        let read = builder.lheo(
            file,
            &LheoOptions {
                territory: &|commune| words.communes.get(commune).cloned(),
                skills: &ByLabel::new(framework),
                level: words.level,
                axis: &words.axis,
                funder_of_code: &codes,
                funders: &funders,
                seats: words.seats,
            },
        )?;
        builder = read.0;
        said(read.1);
    }
    Ok((builder.build()?, report))
}

#[pymethods]
impl Offer {
    /// Read a folder: ``modules.csv`` and ``module_skills.csv``, and the other files of the format
    /// as far as they are there.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     With `rncp` or `lheo` every file of the folder may be missing.
    /// framework : Framework
    ///     The framework that the skills are of.
    /// rncp : str or os.PathLike, optional
    ///     A folder of France compétences' open data (``export_fiches_CSV_….csv``): certifications
    ///     and blocks, to which ``block_skills.csv`` of `path` gives skills.
    /// lheo : str or os.PathLike, optional
    ///     A file in LHEO XML: modules and sessions. The options that follow say what it does not.
    /// communes : dict of str to str, optional
    ///     The territory of each commune, by its Insee code; sessions elsewhere are dropped.
    /// axis : str, default ""
    ///     The budget axis that sessions of LHEO count on.
    /// funders : list of str, optional
    ///     Who may pay, by ids of ``funders.csv``, where no code of `codes` is given.
    /// codes : dict of str to str, optional
    ///     Funders by LHEO's ``code-financeur``.
    /// seats : int, optional
    ///     The seats of sessions that say none; without it these are dropped.
    /// level : int, optional
    ///     The level, in steps, up to which a skill named in words is taught; by default the top of
    ///     its scale.
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
    ///     A file that must be there is not, a column is missing, funding rules overlap or leave
    ///     hours that none covers, or the XML is no LHEO.
    /// UnknownIdError
    ///     A funder that ``funders.csv`` does not have.
    ///
    /// Warns
    /// -----
    /// RowsDropped
    ///     Where rows could not be used; `report` says which.
    #[staticmethod]
    #[pyo3(signature = (
        path, framework, *, rncp = None, lheo = None, communes = None, axis = "", funders = None,
        codes = None, seats = None, level = None
    ))]
    #[expect(clippy::too_many_arguments, reason = "keywords, each of them optional")]
    fn read(
        path: PathBuf,
        framework: &Bound<'_, Framework>,
        rncp: Option<PathBuf>,
        lheo: Option<PathBuf>,
        communes: Option<HashMap<String, String>>,
        axis: &str,
        funders: Option<Vec<String>>,
        codes: Option<BTreeMap<String, String>>,
        seats: Option<Whole<u32>>,
        level: Option<Whole<u16>>,
    ) -> PyResult<Self> {
        let py = framework.py();
        let core = Arc::clone(framework.get().core());
        let words = Words {
            communes: communes.unwrap_or_default(),
            axis: axis.to_owned(),
            funders: funders.unwrap_or_default(),
            codes: codes.unwrap_or_default(),
            seats: seats.map(|seats| seats.0),
            level: level.map(|level| level.0),
        };
        let (core, said) = left_alone(py, move || {
            if rncp.is_none() && lheo.is_none() {
                return Core::read(&path, core.axis());
            }
            published(&core, &path, rncp.as_deref(), lheo.as_deref(), &words)
        })?;
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
