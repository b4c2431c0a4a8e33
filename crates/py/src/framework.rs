//! `passerelle.Framework`: read, opened, saved, searched.

use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use passerelle::lookup::{Concept, FindOptions, How as Answered, Lookup, Match};
use passerelle::read::{
    self, CsvOptions, Encoding, EscoOptions, OnetOptions, ReadReport, RomeOptions,
};
use passerelle::snapshot::{self, Snapshot};
use passerelle::{Framework as Core, Result};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyDict, PyTuple};

use crate::call::{left_alone, short};
use crate::error::raised;
use crate::number::whole;
use crate::occupations::{Occupations, hash};
use crate::report;

/// The skills, occupations and requirements of one source, at one version.
///
/// It is made by one of its ``read_…`` functions, or by `open` from a snapshot. It never changes,
/// may be used from any number of threads, and is pickled as the bytes of its snapshot.
///
/// Examples
/// --------
/// >>> import passerelle as ps
/// >>> demo = ps.Framework.read_csv(folder)
/// >>> demo
/// <passerelle.Framework demo 1: 3 skills, 2 occupations, 4 requirements>
/// >>> demo.find("arc weldng")[0].id
/// 'weld'
#[pyclass(module = "passerelle", frozen)]
pub struct Framework {
    core: Arc<Core>,
    report: Option<ReadReport>,
    lookup: OnceLock<Lookup>,
}

type Read = (Core, ReadReport);

impl Framework {
    fn read(
        py: Python<'_>,
        read: impl FnOnce() -> Result<Read> + Send + 'static,
    ) -> PyResult<Self> {
        let (core, report) = left_alone(py, read)?;
        Ok(Self::of(core, report))
    }

    /// With what its reader said.
    pub fn of(core: impl Into<Arc<Core>>, report: ReadReport) -> Self {
        Self { core: core.into(), report: Some(report), lookup: OnceLock::new() }
    }

    /// The library's own.
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    fn opened(core: Core) -> Self {
        Self { core: Arc::new(core), report: None, lookup: OnceLock::new() }
    }

    /// The language of labels: the one asked for, or else the framework's own.
    pub fn language<'a>(&'a self, asked: Option<&'a str>) -> &'a str {
        asked.unwrap_or(&self.core.origin().language)
    }
}

/// An encoding by its name.
pub fn encoding(name: Option<&str>) -> PyResult<Encoding> {
    name.map_or(Ok(Encoding::Utf8), |name| name.parse().map_err(raised))
}

impl PartialEq for Framework {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.core, &other.core) || self.core == other.core
    }
}

impl Hash for Framework {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.core.title(), self.core.required().entries()).hash(state);
    }
}

#[pymethods]
impl Framework {
    /// Read the published files of ROME 4.0, as they come.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     The folder with the ``unix_*_utf8.csv`` files.
    /// version : str, optional
    ///     The version, where the names of the files do not tell.
    ///
    /// Returns
    /// -------
    /// Framework
    ///     Its `report` says what was kept and what was dropped, file by file.
    ///
    /// Raises
    /// ------
    /// FileError
    ///     A file is not there or cannot be read.
    /// DataError
    ///     A column is missing, or the files are not what they should be.
    #[staticmethod]
    #[pyo3(signature = (path, *, version = None))]
    fn read_rome(py: Python<'_>, path: PathBuf, version: Option<String>) -> PyResult<Self> {
        let options = RomeOptions::default();
        let options = match version {
            Some(version) => options.version(version),
            None => options,
        };
        Self::read(py, move || read::rome(path, &options))
    }

    /// Read the published CSV files of ESCO, as they come.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     The folder of the download.
    /// version : str, optional
    ///     The version, where the files do not tell.
    /// language : str, optional
    ///     The language of the files, where their names do not tell.
    ///
    /// Returns
    /// -------
    /// Framework
    ///
    /// Raises
    /// ------
    /// FileError, DataError
    ///     As `read_rome`.
    #[staticmethod]
    #[pyo3(signature = (path, *, version = None, language = None))]
    fn read_esco(
        py: Python<'_>,
        path: PathBuf,
        version: Option<String>,
        language: Option<String>,
    ) -> PyResult<Self> {
        let mut options = EscoOptions::default();
        if let Some(version) = version {
            options = options.version(version);
        }
        if let Some(language) = language {
            options = options.language(language);
        }
        Self::read(py, move || read::esco(path, &options))
    }

    /// Read the published text files of O*NET, as they come.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     The folder of the download.
    /// version : str, optional
    ///     The version, where the files do not tell.
    ///
    /// Returns
    /// -------
    /// Framework
    ///
    /// Raises
    /// ------
    /// FileError, DataError
    ///     As `read_rome`.
    #[staticmethod]
    #[pyo3(signature = (path, *, version = None))]
    fn read_onet(py: Python<'_>, path: PathBuf, version: Option<String>) -> PyResult<Self> {
        let mut options = OnetOptions::default();
        if let Some(version) = version {
            options = options.version(version);
        }
        Self::read(py, move || read::onet(path, &options))
    }

    /// Read a folder of CSV files in passerelle's own format.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     The folder, with ``framework.csv``, ``skills.csv``, ``occupations.csv`` and
    ///     ``requirements.csv`` at least.
    /// encoding : str, optional
    ///     ``"UTF-8"`` (the default), ``"Windows-1252"`` or ``"ISO-8859-15"``.
    ///
    /// Returns
    /// -------
    /// Framework
    ///
    /// Raises
    /// ------
    /// FileError, DataError
    ///     As `read_rome`.
    #[staticmethod]
    #[pyo3(signature = (path, *, encoding = None))]
    fn read_csv(py: Python<'_>, path: PathBuf, encoding: Option<&str>) -> PyResult<Self> {
        let options = CsvOptions::default().encoding(self::encoding(encoding)?);
        Self::read(py, move || read::csv_folder(path, &options))
    }

    /// Open a snapshot that `save` wrote; every bit of it is checked.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///
    /// Returns
    /// -------
    /// Framework
    ///
    /// Raises
    /// ------
    /// FileError
    ///     The file is not there or cannot be read.
    /// SnapshotError
    ///     It is no snapshot of a framework, of another version of the format, or damaged.
    #[staticmethod]
    fn open(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        left_alone(py, move || snapshot::open_framework_file(path)).map(Self::opened)
    }

    /// Save a snapshot, which opens at once; either whole or not at all.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     A file, by custom ``*.passerelle``. One that is there is replaced.
    ///
    /// Raises
    /// ------
    /// FileError
    ///     It cannot be written.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let core = Arc::clone(&self.core);
        left_alone(py, move || Snapshot::of_framework(&core).save(path))
    }

    /// The source's name.
    #[getter]
    fn name(&self) -> &str {
        self.core.name()
    }

    /// The version.
    #[getter]
    fn version(&self) -> &str {
        self.core.version()
    }

    /// The language of texts that name none.
    #[getter(language)]
    fn own_language(&self) -> &str {
        &self.core.origin().language
    }

    /// The licence of the data, to show beside what is made of it.
    #[getter]
    fn licence(&self) -> &str {
        &self.core.origin().licence
    }

    /// The attribution to give.
    #[getter]
    fn attribution(&self) -> &str {
        &self.core.origin().attribution
    }

    /// What the reader kept and dropped; ``None`` for an opened snapshot.
    #[getter]
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.report.as_ref().map(|report| report::report(py, report)).transpose()
    }

    /// The occupations, in their order: what people are compared with.
    #[getter]
    fn occupations(slf: &Bound<'_, Self>) -> Occupations {
        Occupations::all(slf)
    }

    /// The ids of the skills, in the order of the axis: columns of sparse matrices.
    #[getter]
    fn skill_ids(&self) -> Vec<&str> {
        self.core.axis().ids().iter().collect()
    }

    /// The label of a skill.
    ///
    /// Parameters
    /// ----------
    /// skill : str
    ///     Its id.
    /// language : str, optional
    ///     The language of the label; where there is none, another one's. The framework's own by
    ///     default.
    ///
    /// Returns
    /// -------
    /// str
    ///
    /// Raises
    /// ------
    /// UnknownIdError
    ///     With the id most like it.
    #[pyo3(signature = (skill, *, language = None))]
    fn skill_label(&self, skill: &str, language: Option<&str>) -> PyResult<&str> {
        let at = self.core.axis().position(skill).map_err(raised)?;
        Ok(self.core.skill_name(at, self.language(language)))
    }

    /// Find skills, occupations and job titles by their labels.
    ///
    /// Accents, case, punctuation, one of two gendered forms, the start of a word and a typing
    /// error or two do not matter.
    ///
    /// Parameters
    /// ----------
    /// query : str
    ///     What is looked for.
    /// limit : int, default 10
    ///     How many answers to give at most.
    /// kinds : sequence of str, optional
    ///     Any of ``"skill"``, ``"occupation"``, ``"job-title"`` (these three by default),
    ///     ``"skill-group"`` and ``"occupation-group"``.
    /// languages : sequence of str, optional
    ///     The languages to look at; all by default.
    /// fuzzy : bool, default True
    ///     Whether labels a typing error or two away are answers.
    ///
    /// Returns
    /// -------
    /// list of Found
    ///     The better answer first.
    ///
    /// Raises
    /// ------
    /// ArgumentError
    ///     A limit, kind or query out of its range.
    #[pyo3(signature = (query, limit = 10, *, kinds = None, languages = None, fuzzy = true))]
    fn find(
        &self,
        py: Python<'_>,
        query: &str,
        #[pyo3(from_py_with = whole)] limit: usize,
        kinds: Option<Vec<String>>,
        languages: Option<Vec<String>>,
        fuzzy: bool,
    ) -> PyResult<Vec<Found>> {
        let mut options = FindOptions::new().limit(limit).fuzzy(fuzzy);
        if let Some(kinds) = kinds {
            let kinds = kinds.iter().map(|kind| kind.parse()).collect::<Result<Vec<_>>>();
            options = options.kinds(kinds.map_err(raised)?);
        }
        if let Some(languages) = languages {
            options = options.languages(languages);
        }
        let lookup = match self.lookup.get() {
            Some(lookup) => lookup,
            None => {
                let core = Arc::clone(&self.core);
                let built = left_alone(py, move || Lookup::build(&core))?;
                self.lookup.get_or_init(|| built)
            }
        };
        short(|| {
            let found = lookup.find(query, &options).map_err(raised)?;
            Ok(found.iter().map(|found| Found::of(&self.core, found)).collect())
        })
    }

    fn __repr__(&self) -> String {
        format!(
            "<passerelle.Framework {}: {} skills, {} occupations, {} requirements>",
            self.core.title(),
            self.core.axis().len(),
            self.core.required().len(),
            self.core.required().entries()
        )
    }

    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let rows = PyDict::new(py);
        rows.set_item("framework", self.core.title())?;
        rows.set_item("skills", self.core.axis().len())?;
        rows.set_item("occupations", self.core.required().len())?;
        rows.set_item("requirements", self.core.required().entries())?;
        rows.set_item("licence", self.licence())?;
        rows.set_item("attribution", self.attribution())?;
        py.import("passerelle._html")?.getattr("facts")?.call1((rows,))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self == other.get())
    }

    fn __hash__(&self) -> u64 {
        hash(self)
    }

    fn __copy__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __deepcopy__<'py>(slf: Bound<'py, Self>, _memo: &Bound<'py, PyAny>) -> Bound<'py, Self> {
        slf
    }

    fn __reduce__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let core = Arc::clone(&self.core);
        let bytes = left_alone(py, move || Snapshot::of_framework(&core).to_bytes())?;
        let open = py.import("passerelle._core")?.getattr("_open_framework")?;
        Ok((open, PyTuple::new(py, [PyBytes::new(py, &bytes)])?))
    }
}

/// A framework from the bytes of its snapshot.
#[pyfunction]
pub fn _open_framework(py: Python<'_>, snapshot: PyBackedBytes) -> PyResult<Framework> {
    let core = left_alone(py, move || snapshot::open_framework(&snapshot))?;
    Ok(Framework::opened(core))
}

/// What a search found.
#[pyclass(module = "passerelle", frozen, get_all)]
pub struct Found {
    /// What it is: ``"skill"``, ``"occupation"``, ``"job-title"``…
    kind: &'static str,
    /// Its id.
    id: String,
    /// The label that answers the query.
    label: String,
    /// The label's language.
    language: String,
    /// How it answers: ``"exact"``, ``"normalised"``, ``"prefix"`` or ``"fuzzy"``.
    how: &'static str,
    /// The letters that differ: 0, unless `how` is ``"fuzzy"``.
    edits: u8,
    /// For a job title, the id of the occupation that it names.
    occupation: Option<String>,
}

impl Found {
    fn of(framework: &Core, found: &Match<'_>) -> Self {
        let occupation = |at: u32| framework.occupation_ids()[at].to_owned();
        let id = match found.concept {
            Concept::Skill(skill) => framework.axis().ids()[skill].to_owned(),
            Concept::Occupation(at) => occupation(at),
            Concept::JobTitle { title, .. } => {
                let title = framework.titles().get(title as usize);
                title.and_then(|title| title.id).unwrap_or_default().to_owned()
            }
            Concept::SkillGroup(group) => framework.skills().groups()[group].to_owned(),
            Concept::OccupationGroup(group) => framework.occupations().groups()[group].to_owned(),
        };
        let (how, edits) = match found.how {
            Answered::Exact => ("exact", 0),
            Answered::Normalised => ("normalised", 0),
            Answered::Prefix => ("prefix", 0),
            Answered::Fuzzy { edits } => ("fuzzy", edits),
        };
        Self {
            kind: found.concept.kind().name(),
            id,
            label: found.label.to_owned(),
            language: found.language.to_owned(),
            how,
            edits,
            occupation: found.concept.occupation().map(occupation),
        }
    }
}

#[pymethods]
impl Found {
    fn __repr__(&self) -> String {
        format!("<passerelle.Found {} {}: {} [{}]>", self.kind, self.id, self.label, self.how)
    }
}
