//! `passerelle.Profiles`: the skills that people hold.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use numpy::PyReadonlyArray1;
use passerelle::read::{self, ProfilesOptions, ReadReport, TextColumn};
use passerelle::snapshot::{self, Snapshot};
use passerelle::{Held, HeldSkill, Profiles as Core};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyTuple};

use crate::call::{How, left_alone, short};
use crate::csr;
use crate::error::raised;
use crate::framework::{self, Framework};
use crate::json::json;
use crate::number::{Whole, whole};
use crate::occupations::{Asked, SHOWN, asked, hash, members};
use crate::report;

/// The skills that people hold, each with its evidence, on a framework.
///
/// ``people["p17"]`` is one person, by id or position; a list of ids or a slice gives some of them.
/// It never changes, and is pickled as the bytes of its snapshot with its framework.
///
/// Where several pieces of evidence speak of one skill, certification and VAE come before
/// assessment at work, then the employer, a badge, a declaration; the latest within a rank.
#[pyclass(module = "passerelle", frozen)]
pub struct Profiles {
    framework: Py<Framework>,
    core: Arc<Core>,
    report: Option<ReadReport>,
    /// The kind of frame that they came in.
    frame: Option<String>,
    held: OnceLock<Held>,
}

/// A column as `_frames.py` gives it: name, texts, codes.
type Column<'py> = (String, Vec<String>, PyReadonlyArray1<'py, i32>);

impl Profiles {
    /// On a framework.
    pub fn new(framework: &Bound<'_, Framework>, core: impl Into<Arc<Core>>) -> Self {
        let (framework, core) = (framework.clone().unbind(), core.into());
        Self { framework, core, report: None, frame: None, held: OnceLock::new() }
    }

    /// On a framework, with what their reader said.
    pub fn of(
        framework: &Bound<'_, Framework>,
        core: impl Into<Arc<Core>>,
        report: ReadReport,
    ) -> PyResult<Self> {
        Self::new(framework, core).reported(framework.py(), report)
    }

    /// With what the reader said, which is said to the user where rows were dropped.
    fn reported(mut self, py: Python<'_>, report: ReadReport) -> PyResult<Self> {
        report::warn(py, &report)?;
        self.report = Some(report);
        Ok(self)
    }

    /// The framework.
    pub fn framework(&self) -> &Py<Framework> {
        &self.framework
    }

    /// The library's own.
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// What people hold; silence on targets assessed in full is level 0. Made once.
    pub fn held(&self, py: Python<'_>) -> PyResult<&Held> {
        if let Some(held) = self.held.get() {
            return Ok(held);
        }
        let framework = self.framework.get().core();
        let (core, framework) = (Arc::clone(&self.core), Arc::clone(framework));
        let held = left_alone(py, move || core.held(&framework))?;
        Ok(self.held.get_or_init(|| held))
    }
}

#[pymethods]
impl Profiles {
    /// Read profiles from a CSV file, or from every ``.csv`` file of a folder.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     One row for each piece of evidence: columns ``person`` and ``skill``, and if wanted
    ///     ``level``, ``evidence``, ``date``, ``assessor``, ``target``.
    /// framework : Framework
    ///     The framework that the skills are of; labels are looked up where they are no ids.
    /// encoding : str, optional
    ///     ``"UTF-8"`` (the default), ``"Windows-1252"`` or ``"ISO-8859-15"``.
    ///
    /// Returns
    /// -------
    /// Profiles
    ///     Its `report` says what was kept and what was dropped.
    ///
    /// Raises
    /// ------
    /// FileError
    ///     The file is not there or cannot be read.
    /// DataError
    ///     A column is missing, or looks personal.
    ///
    /// Warns
    /// -----
    /// RowsDropped
    ///     Where rows could not be used.
    #[staticmethod]
    #[pyo3(signature = (path, framework, *, encoding = None))]
    fn from_csv(
        path: PathBuf,
        framework: &Bound<'_, Framework>,
        encoding: Option<&str>,
    ) -> PyResult<Self> {
        let encoding = framework::encoding(encoding)?;
        let core = Arc::clone(framework.get().core());
        let (profiles, report) = left_alone(framework.py(), move || {
            read::profiles(path, &core, &ProfilesOptions::default().encoding(encoding))
        })?;
        Self::of(framework, profiles, report)
    }

    /// Take profiles from a data frame.
    ///
    /// Parameters
    /// ----------
    /// frame : pandas, Polars, PyArrow, DuckDB… frame
    ///     Anything that narwhals knows, with the columns of `from_csv`: one row for each piece of
    ///     evidence. A row with a person alone is someone of whom nothing is known.
    /// framework : Framework
    ///     The framework that the skills are of; labels are looked up where they are no ids.
    /// threads, memory_limit, progress
    ///     See :ref:`long calls <long-calls>`.
    ///
    /// Returns
    /// -------
    /// Profiles
    ///
    /// Raises
    /// ------
    /// TypeError
    ///     It is no frame, or a column holds what is no text, number or date.
    /// DataError
    ///     A column is missing, or looks personal.
    ///
    /// Warns
    /// -----
    /// RowsDropped
    ///     Where rows could not be used.
    #[staticmethod]
    #[pyo3(signature = (
        frame, framework, *, threads = None, memory_limit = None, progress = None
    ))]
    fn from_frame<'py>(
        frame: &Bound<'py, PyAny>,
        framework: &Bound<'py, Framework>,
        threads: Option<Whole<usize>>,
        memory_limit: Option<&Bound<'py, PyAny>>,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let py = frame.py();
        let taken = py.import("passerelle._frames")?.getattr("columns")?.call1((frame,))?;
        let (kind, columns): (String, Vec<Column<'py>>) = taken.extract()?;
        let core = Arc::clone(framework.get().core());
        let mut texts = Vec::with_capacity(columns.len());
        for (name, values, codes) in &columns {
            texts.push(TextColumn { name, texts: values, codes: codes.as_slice()? });
        }
        let how = How::new(threads, memory_limit, progress)?;
        let (profiles, report) = how.call(py, |run| {
            read::profiles_from_columns(&texts, "frame", &core, &ProfilesOptions::default(), run)
        })?;
        let mut profiles = Self::new(framework, profiles);
        profiles.frame = Some(kind);
        profiles.reported(py, report)
    }

    /// Draw made-up people from a framework, to try things at scale.
    ///
    /// Parameters
    /// ----------
    /// framework : Framework
    /// people : int
    ///     How many.
    /// seed : int, default 1
    ///     The same seed draws the same people, everywhere.
    ///
    /// Returns
    /// -------
    /// Profiles
    ///     Of the people ``"p0"``, ``"p1"``…
    #[staticmethod]
    #[pyo3(signature = (framework, people, *, seed = 1, progress = None))]
    fn sample<'py>(
        framework: &Bound<'py, Framework>,
        people: Whole<usize>,
        #[pyo3(from_py_with = whole)] seed: u64,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let core = framework.get().core();
        let how = How::new(None, None, progress)?;
        let (profiles, _) =
            how.call(framework.py(), |run| passerelle::sample::people(core, people.0, seed, run))?;
        Ok(Self::new(framework, profiles))
    }

    /// Open a snapshot that `save` wrote; every bit of it is checked.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    /// framework : Framework
    ///     The framework that the profiles were made for.
    ///
    /// Returns
    /// -------
    /// Profiles
    ///
    /// Raises
    /// ------
    /// FileError
    ///     The file is not there or cannot be read.
    /// SnapshotError
    ///     It is no snapshot of profiles, of another version of the format, or damaged.
    /// VersionError
    ///     It was made for another framework or version.
    #[staticmethod]
    fn open(path: PathBuf, framework: &Bound<'_, Framework>) -> PyResult<Self> {
        let axis = Arc::clone(framework.get().core().axis());
        let core = left_alone(framework.py(), move || snapshot::open_profiles_file(path, &axis))?;
        Ok(Self::new(framework, core))
    }

    /// Save a snapshot, which opens at once; either whole or not at all.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///
    /// Raises
    /// ------
    /// FileError
    ///     It cannot be written.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let core = Arc::clone(&self.core);
        left_alone(py, move || Snapshot::of_profiles(&core).save(path))
    }

    /// The people's pseudonymous ids, in order.
    #[getter]
    fn ids(&self) -> Vec<&str> {
        self.core.people().iter().collect()
    }

    /// The framework that the skills are of.
    #[getter(framework)]
    fn own_framework(&self, py: Python<'_>) -> Py<Framework> {
        self.framework.clone_ref(py)
    }

    /// What the reader kept and dropped; ``None`` where nothing was read.
    #[getter]
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.report.as_ref().map(|report| report::report(py, report)).transpose()
    }

    /// The kind of frame that the profiles came in; ``None`` where they came in none.
    #[getter]
    fn _frame(&self) -> Option<&str> {
        self.frame.as_deref()
    }

    /// What people hold as a sparse matrix.
    ///
    /// Returns
    /// -------
    /// scipy.sparse.csr_array
    ///     uint16, (people, skills): the level of each skill in steps, after several pieces of
    ///     evidence of one are merged. A cell of 0 is known not to be held, an absent one unknown.
    ///     Columns are those of `Framework.skill_ids`.
    fn to_csr<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let held = self.held(py)?;
        let rows = (0u32..).take(held.len()).map(|at| held.row(at));
        csr::array_of(py, rows.map(|row| (row.skills, row.levels)), held.axis().len())
    }

    fn __len__(&self) -> usize {
        self.core.len()
    }

    fn __iter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        members(slf)
    }

    fn __contains__(&self, key: &Bound<'_, PyAny>) -> bool {
        key.extract::<&str>().is_ok_and(|id| self.core.position(id).is_ok())
    }

    fn __getitem__<'py>(
        slf: &Bound<'py, Self>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (py, own) = (slf.py(), slf.get());
        match asked(key, own.core.len(), &|id| own.core.position(id))? {
            Asked::One(position) => {
                Ok(Bound::new(py, Profile { people: slf.clone().unbind(), position })?.into_any())
            }
            Asked::Some(positions) => {
                let core = Arc::clone(&own.core);
                let core = left_alone(py, move || core.select(&positions))?;
                let mut some = Self::new(own.framework.bind(py), core);
                some.frame.clone_from(&own.frame);
                Ok(Bound::new(py, some)?.into_any())
            }
        }
    }

    fn __repr__(&self) -> String {
        format!(
            "<passerelle.Profiles on {}: {} people, {} pieces of evidence>",
            self.framework.get().core().title(),
            self.core.len(),
            self.core.entries()
        )
    }

    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let ids = self.core.people().iter().take(SHOWN);
        let rows: Vec<_> =
            ids.zip(0u32..).map(|(id, at)| (id, self.core.profile(at).held.len())).collect();
        let table = py.import("passerelle._html")?.getattr("table")?;
        table.call1((self.__repr__(), ("person", "evidence"), rows, self.core.len()))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let Ok(other) = other.cast::<Self>() else { return false };
        let other = other.get();
        let same = Arc::ptr_eq(&self.core, &other.core) || self.core == other.core;
        same && self.framework.get() == other.framework.get()
    }

    fn __hash__(&self) -> u64 {
        hash(&(self.framework.get(), self.core.len()))
    }

    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let core = Arc::clone(&self.core);
        let bytes = left_alone(py, move || Snapshot::of_profiles(&core).to_bytes())?;
        let open = py.import("passerelle._core")?.getattr("_open_profiles")?;
        let args = (PyBytes::new(py, &bytes), self.framework.bind(py), self.frame.as_deref());
        Ok((open, args.into_pyobject(py)?))
    }

    fn __copy__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __deepcopy__<'py>(slf: Bound<'py, Self>, _memo: &Bound<'py, PyAny>) -> Bound<'py, Self> {
        slf
    }
}

/// Profiles from the bytes of their snapshot.
#[pyfunction]
pub fn _open_profiles(
    py: Python<'_>,
    snapshot: PyBackedBytes,
    framework: &Bound<'_, Framework>,
    frame: Option<String>,
) -> PyResult<Profiles> {
    let axis = Arc::clone(framework.get().core().axis());
    let core = left_alone(py, move || snapshot::open_profiles(&snapshot, &axis))?;
    let mut profiles = Profiles::new(framework, core);
    profiles.frame = frame;
    Ok(profiles)
}

/// What is known of one person.
#[pyclass(module = "passerelle", frozen)]
pub struct Profile {
    people: Py<Profiles>,
    position: u32,
}

impl Profile {
    /// The profiles that this is one of.
    pub fn people(&self) -> &Py<Profiles> {
        &self.people
    }

    fn profile(&self) -> passerelle::Profile {
        self.people.get().core.profile(self.position)
    }
}

#[pymethods]
impl Profile {
    /// The pseudonymous id.
    #[getter]
    pub fn id(&self) -> &str {
        &self.people.get().core.people()[self.position]
    }

    /// The evidence: within one skill, that which counts first.
    ///
    /// Returns
    /// -------
    /// list of dict
    ///     ``skill``, ``level`` in steps (0: known not to be held), ``evidence``, and ``date`` and
    ///     ``assessor`` where they are known.
    #[getter]
    fn held<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        short(|| json(py, &self.profile().held))
    }

    fn __repr__(&self) -> String {
        let held = self.profile().held.len();
        format!("<passerelle.Profile {}: {held} pieces of evidence>", self.id())
    }

    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let (framework, profile) = (self.people.get().framework.get(), self.profile());
        let core = framework.core();
        let row = |held: &HeldSkill| {
            let at = core.axis().position(&held.skill);
            let label = at.map_or("", |at| core.skill_name(at, framework.language(None)));
            let date = held.date.map_or_else(String::new, |date| date.to_string());
            (held.skill.clone(), label, held.level, held.evidence.name(), date)
        };
        let rows: Vec<_> = profile.held.iter().map(row).collect();
        let header = ("skill", "label", "level", "evidence", "date");
        py.import("passerelle._html")?.getattr("table")?.call1((self.__repr__(), header, rows))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let Ok(other) = other.cast::<Self>() else { return false };
        let other = other.get();
        let frameworks = [self, other].map(|own| own.people.get().framework.get());
        self.profile() == other.profile() && frameworks[0] == frameworks[1]
    }

    fn __hash__(&self) -> u64 {
        hash(&self.id())
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let own = slf.get();
        let alone = short(|| own.people.get().core.select(&[own.position]).map_err(raised))?;
        let alone = Bound::new(py, Profiles::new(own.people.get().framework.bind(py), alone))?;
        let take = py.import("operator")?.getattr("getitem")?;
        Ok((take, (alone, own.id())).into_pyobject(py)?.into_any())
    }
}
