//! `passerelle.Occupations`: what people are compared with.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use passerelle::{Required, Requirement};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyInt, PySlice};

use crate::call::short;
use crate::csr;
use crate::error::{position_beyond, raised};
use crate::framework::Framework;
use crate::json::json;

/// Occupations of a framework with what they require: all of them, or some.
///
/// ``occupations["N1105"]`` is one occupation, by its id or position; a list of ids or a slice
/// gives some of them, in that order.
#[pyclass(module = "passerelle", frozen)]
pub struct Occupations {
    framework: Py<Framework>,
    required: Arc<Required>,
}

impl Occupations {
    /// All occupations of a framework.
    pub fn all(framework: &Bound<'_, Framework>) -> Self {
        let required = Arc::clone(framework.get().core().required());
        Self { framework: framework.clone().unbind(), required }
    }

    /// The framework.
    pub fn framework(&self) -> &Py<Framework> {
        &self.framework
    }

    /// What they require.
    pub fn required(&self) -> &Arc<Required> {
        &self.required
    }

    /// Whether these are all occupations of the framework, in its order.
    pub fn are_all(&self) -> bool {
        Arc::ptr_eq(&self.required, self.framework.get().core().required())
    }

    fn one(&self, py: Python<'_>, at: u32) -> PyResult<Occupation> {
        let id = &self.required.targets()[at];
        let core = self.framework.get().core();
        let position = core.required().position(id).map_err(raised)?;
        Ok(Occupation { framework: self.framework.clone_ref(py), position })
    }

    fn some(&self, py: Python<'_>, positions: &[u32]) -> PyResult<Self> {
        let required = short(|| self.required.select(positions).map_err(raised))?;
        Ok(Self { framework: self.framework.clone_ref(py), required: Arc::new(required) })
    }
}

/// A position from an index that may count from the end.
pub fn position(index: isize, length: usize) -> PyResult<u32> {
    let from_end = if index < 0 { index.checked_add_unsigned(length) } else { Some(index) };
    let at = from_end.and_then(|at| usize::try_from(at).ok()).filter(|&at| at < length);
    at.and_then(|at| u32::try_from(at).ok()).ok_or_else(|| position_beyond(&index, length))
}

/// The members of a sequence, one after the other.
pub fn members<'py>(sequence: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let builtins = sequence.py().import("builtins")?;
    let positions = builtins.getattr("range")?.call1((sequence.len()?,))?;
    builtins.getattr("map")?.call1((sequence.getattr("__getitem__")?, positions))
}

/// What stands between brackets.
pub enum Asked {
    /// One, by its position.
    One(u32),
    /// Some, in that order.
    Some(Vec<u32>),
}

/// Positions from what stands between brackets: an id, a position, a slice, a list of ids.
pub fn asked(
    key: &Bound<'_, PyAny>,
    length: usize,
    by_id: &dyn Fn(&str) -> passerelle::Result<u32>,
) -> PyResult<Asked> {
    if let Ok(id) = key.extract::<&str>() {
        return Ok(Asked::One(by_id(id).map_err(raised)?));
    }
    if let Ok(slice) = key.cast::<PySlice>() {
        let bounds = slice.indices(isize::try_from(length)?)?;
        let mut at = bounds.start;
        let mut positions = Vec::with_capacity(bounds.slicelength);
        for _ in 0..bounds.slicelength {
            positions.push(position(at, length)?);
            // Past the last one it may pass the range; it is not looked at then.
            at = at.wrapping_add(bounds.step);
        }
        return Ok(Asked::Some(positions));
    }
    if key.is_instance_of::<PyInt>() {
        let index = key.extract::<isize>().map_err(|_| position_beyond(key, length))?;
        return Ok(Asked::One(position(index, length)?));
    }
    if let Ok(index) = key.extract::<isize>() {
        // NumPy's integers.
        return Ok(Asked::One(position(index, length)?));
    }
    if let Ok(keys) = key.try_iter() {
        let mut positions = Vec::new();
        for key in keys {
            let key = key?;
            match asked(&key, length, by_id)? {
                Asked::One(at) => positions.push(at),
                Asked::Some(_) => return Err(wrong_key(&key)),
            }
        }
        return Ok(Asked::Some(positions));
    }
    Err(wrong_key(key))
}

fn wrong_key(key: &Bound<'_, PyAny>) -> PyErr {
    let of = key.get_type();
    PyTypeError::new_err(format!(
        "{of} between brackets; pass an id, a position, a slice, or a list of ids"
    ))
}

#[pymethods]
impl Occupations {
    /// The ids, in order.
    #[getter]
    fn ids(&self) -> Vec<&str> {
        self.required.targets().iter().collect()
    }

    /// The labels, in order.
    ///
    /// Parameters
    /// ----------
    /// language : str, optional
    ///     The language; where there is no label in it, another one's. The framework's own by
    ///     default.
    ///
    /// Returns
    /// -------
    /// list of str
    #[pyo3(signature = (language = None))]
    pub fn labels(&self, language: Option<&str>) -> PyResult<Vec<&str>> {
        let framework = self.framework.get();
        let language = framework.language(language);
        let label = |id| {
            let at = framework.core().required().position(id)?;
            Ok(framework.core().occupation_name(at, language))
        };
        self.required.targets().iter().map(label).collect::<passerelle::Result<_>>().map_err(raised)
    }

    /// What they require as sparse matrices.
    ///
    /// Returns
    /// -------
    /// levels, weights : scipy.sparse.csr_array
    ///     uint16, (occupations, skills): the level of each requirement in steps, and its weight in
    ///     parts of the framework's denominator. Columns are those of `Framework.skill_ids`.
    ///
    /// Examples
    /// --------
    /// >>> levels, weights = ps.Framework.read_csv(folder).occupations.to_csr()
    /// >>> levels.toarray()
    /// array([[1, 1, 0],
    ///        [0, 1, 1]], dtype=uint16)
    /// >>> len(ps.Index(levels, weights))
    /// 2
    fn to_csr<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
        let rows = || (0u32..).take(self.required.len()).map(|at| self.required.row(at));
        let columns = self.required.axis().len();
        let levels = csr::array_of(py, rows().map(|row| (row.skills, row.levels)), columns)?;
        let weights = csr::array_of(py, rows().map(|row| (row.skills, row.weights)), columns)?;
        Ok((levels, weights))
    }

    fn __len__(&self) -> usize {
        self.required.len()
    }

    fn __iter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        members(slf)
    }

    fn __contains__(&self, key: &Bound<'_, PyAny>) -> bool {
        key.extract::<&str>().is_ok_and(|id| self.required.position(id).is_ok())
    }

    fn __getitem__<'py>(
        &self,
        py: Python<'py>,
        key: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        match asked(key, self.required.len(), &|id| self.required.position(id))? {
            Asked::One(at) => Ok(Bound::new(py, self.one(py, at)?)?.into_any()),
            Asked::Some(positions) => Ok(Bound::new(py, self.some(py, &positions)?)?.into_any()),
        }
    }

    fn __repr__(&self) -> String {
        format!(
            "<passerelle.Occupations {}: {} occupations, {} requirements>",
            self.framework.get().core().title(),
            self.required.len(),
            self.required.entries()
        )
    }

    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let ids = self.required.targets().iter().take(SHOWN);
        let labels = self.labels(None)?;
        let entries = |at| self.required.row(at).skills.len();
        let rows: Vec<_> =
            ids.zip(labels).zip(0u32..).map(|((i, l), at)| (i, l, entries(at))).collect();
        let header = ("id", "occupation", "requirements");
        let table = py.import("passerelle._html")?.getattr("table")?;
        table.call1((self.__repr__(), header, rows, self.required.len()))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let getter = py.import("operator")?.getattr("attrgetter")?.call1(("occupations",))?;
        let all = (getter, (slf.get().framework.bind(py),));
        if slf.get().are_all() {
            return Ok(all.into_pyobject(py)?.into_any());
        }
        let whole = Bound::new(py, Self::all(slf.get().framework.bind(py)))?;
        let take = py.import("operator")?.getattr("getitem")?;
        Ok((take, (whole, slf.get().ids())).into_pyobject(py)?.into_any())
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let Ok(other) = other.cast::<Self>() else { return false };
        let other = other.get();
        let same = Arc::ptr_eq(&self.required, &other.required) || self.required == other.required;
        same && self.framework.get() == other.framework.get()
    }

    fn __hash__(&self) -> u64 {
        hash(&(self.framework.get(), self.required.len(), self.required.entries()))
    }

    fn __copy__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    fn __deepcopy__<'py>(slf: Bound<'py, Self>, _memo: &Bound<'py, PyAny>) -> Bound<'py, Self> {
        slf
    }
}

/// The hash of what makes two things equal, or of a part of it.
pub fn hash(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// Rows that a notebook shows.
pub const SHOWN: usize = 10;

/// One occupation of a framework.
#[pyclass(module = "passerelle", frozen)]
pub struct Occupation {
    framework: Py<Framework>,
    position: u32,
}

impl Occupation {
    /// The framework.
    pub fn framework(&self) -> &Py<Framework> {
        &self.framework
    }
}

#[pymethods]
impl Occupation {
    /// The id.
    #[getter]
    pub fn id(&self) -> &str {
        &self.framework.get().core().occupation_ids()[self.position]
    }

    /// The label, in the framework's language.
    #[getter]
    fn label(&self) -> &str {
        let framework = self.framework.get();
        framework.core().occupation_name(self.position, framework.language(None))
    }

    /// What it requires.
    ///
    /// Returns
    /// -------
    /// list of dict
    ///     In the order of the axis: ``skill`` (the id), ``label``, ``level`` in steps, ``weight`` in
    ///     parts of the framework's denominator, and ``necessity``: ``"optional"``, ``"essential"``
    ///     or ``"blocking"``.
    #[getter]
    fn requirements<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let framework = self.framework.get();
        let core = framework.core();
        let entry = |(skill, requirement): (u32, Requirement)| {
            serde_json::json!({
                "skill": core.axis().ids()[skill],
                "label": core.skill_name(skill, framework.language(None)),
                "level": requirement.level,
                "weight": requirement.weight,
                "necessity": requirement.necessity.name(),
            })
        };
        json(py, &core.required().row(self.position).iter().map(entry).collect::<Vec<_>>())
    }

    fn __repr__(&self) -> String {
        format!("<passerelle.Occupation {}: {}>", self.id(), self.label())
    }

    fn _repr_html_<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let framework = self.framework.get();
        let core = framework.core();
        let row = |(skill, requirement): (u32, Requirement)| {
            let label = core.skill_name(skill, framework.language(None));
            let necessity = requirement.necessity.name();
            (&core.axis().ids()[skill], label, requirement.level, requirement.weight, necessity)
        };
        let rows: Vec<_> = core.required().row(self.position).iter().map(row).collect();
        let header = ("skill", "label", "level", "weight", "necessity");
        py.import("passerelle._html")?.getattr("table")?.call1((self.__repr__(), header, rows))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        let Ok(other) = other.cast::<Self>() else { return false };
        let other = other.get();
        self.position == other.position && self.framework.get() == other.framework.get()
    }

    fn __hash__(&self) -> u64 {
        hash(&(self.framework.get(), self.position))
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let all = Bound::new(py, Occupations::all(slf.get().framework.bind(py)))?;
        let take = py.import("operator")?.getattr("getitem")?;
        Ok((take, (all, slf.get().id())).into_pyobject(py)?.into_any())
    }
}
