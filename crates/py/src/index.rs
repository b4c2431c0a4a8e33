//! `passerelle.Index`: targets made ready once, compared with batch after batch.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use numpy::{Element, IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyUntypedArrayMethods};
use passerelle::gap::{Cell, Figure, Index as Core};
use passerelle::matrix::Rows;
use passerelle::{Result, Run, rank};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::call::How;
use crate::csr::{self, Csr, Steps};
use crate::number::{Whole, whole};
use crate::top_k::{Results, beside, results, room};

/// Targets as sparse rows of whole numbers, made ready once to be compared with people.
///
/// Parameters
/// ----------
/// required : scipy.sparse CSR, or (indptr, indices, data)
///     What each row requires: int32 or int64 indices, ascending within a row and each once;
///     levels of at least 1, uint16 (not copied) or uint8.
/// weights : scipy.sparse CSR or numpy.ndarray, optional
///     How much each cell counts, at least 1, uint16 or uint8, beside the cells of `required`; 1
///     without them. Σ weight × level of a row is at most 2³² - 1.
/// threads
///     See :ref:`long calls <long-calls>`.
///
/// Raises
/// ------
/// ArgumentError
///     Indices out of order, repeated or out of range; levels or weights of 0; a total too large.
/// TypeError
///     Arrays of another dtype, or not contiguous: the message says what to pass.
///
/// Examples
/// --------
/// >>> import numpy as np, scipy.sparse as sp
/// >>> index = ps.Index(sp.csr_matrix(np.array([[2, 0, 1], [0, 3, 0]], np.uint8)))
/// >>> held = sp.csr_matrix(np.array([[1, 1, 0]], np.uint8))
/// >>> index.gap(held)
/// array([[2, 2]], dtype=uint8)
/// >>> index.coverage(held)
/// array([[0.33333334, 0.33333334]], dtype=float32)
#[pyclass(module = "passerelle", frozen)]
pub struct Index {
    core: RwLock<Core>,
}

/// Bounds, columns and levels of targets.
type Arrays<'py> =
    (Bound<'py, PyArray1<i64>>, Bound<'py, PyArray1<i32>>, Bound<'py, PyArray1<u16>>);

/// What an index is made of again.
type State<'py> = (Arrays<'py>, Bound<'py, PyArray1<u16>>, u32);

/// An index from its rows on so many columns.
#[pyfunction]
pub fn _index<'py>(
    required: &Bound<'py, PyAny>,
    weights: &Bound<'py, PyAny>,
    columns: u32,
) -> PyResult<Index> {
    let targets = Targets::new(required, Some(weights))?;
    let core = targets.with(required.py(), How::plain(), columns, Core::new)?;
    Ok(Index { core: RwLock::new(core) })
}

/// The arrays of targets.
struct Targets<'py> {
    cells: Csr<'py>,
    levels: Steps<'py>,
    weights: Option<Steps<'py>>,
}

impl<'py> Targets<'py> {
    fn new(required: &Bound<'py, PyAny>, weights: Option<&Bound<'py, PyAny>>) -> PyResult<Self> {
        let cells = Csr::new("required", required)?;
        let weights = match weights {
            Some(weights) => Some(csr::steps("weights", &beside(&cells, weights)?)?),
            None => None,
        };
        Ok(Self { levels: cells.steps()?, cells, weights })
    }

    /// Does something with their rows, on at least so many columns.
    fn with<T: Send>(
        &self,
        py: Python<'py>,
        how: How<'py>,
        columns: u32,
        work: impl FnOnce(Rows<'_>, &Run) -> Result<T> + Send,
    ) -> PyResult<T> {
        let (bounds, skills) = (self.cells.bounds()?, self.cells.skills()?);
        let (levels, columns) = (self.levels.slice()?, self.cells.columns()?.max(columns));
        let ones;
        let weights = match &self.weights {
            Some(weights) => weights.slice()?,
            None => {
                ones = vec![1; levels.len()];
                &*ones
            }
        };
        how.call(py, |run| work(Rows::required(&bounds, &skills, levels, weights, columns)?, run))
    }
}

impl Index {
    fn read(&self) -> RwLockReadGuard<'_, Core> {
        self.core.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Core> {
        self.core.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with people and the targets.
    fn with_people<'py, T: Send>(
        &self,
        held: &Bound<'py, PyAny>,
        how: How<'py>,
        work: impl FnOnce(&Core, Rows<'_>, &Run) -> Result<T> + Send,
    ) -> PyResult<T> {
        let held_cells = Csr::new("held", held)?;
        let (bounds, skills) = (held_cells.bounds()?, held_cells.skills()?);
        let (levels, columns) = (held_cells.steps()?, held_cells.columns()?);
        let levels = levels.slice()?;
        how.call(held.py(), |run| {
            let people = Rows::held(&bounds, &skills, levels, columns)?;
            work(&self.read(), people, run)
        })
    }

    /// A matrix of people × targets, written by `fill` into `out` or an array of its own.
    fn matrix<'py, C: Element + Default + Copy + Send>(
        &self,
        held: &Bound<'py, PyAny>,
        out: Option<&Bound<'py, PyAny>>,
        how: How<'py>,
        fill: impl FnOnce(&Core, Rows<'_>, &mut [C], &Run) -> Result<()> + Send,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = held.py();
        let cells = Csr::new("held", held)?;
        let shape = (cells.bounds()?.len().saturating_sub(1), self.read().width());
        let mut array = match out {
            Some(out) => {
                let of = numpy::dtype::<C>(py);
                let wrong = || {
                    PyTypeError::new_err(format!(
                        "pass `out` as a writeable C-contiguous {of} array of shape {shape:?}"
                    ))
                };
                let array = out.cast::<PyArray2<C>>().map_err(|_| wrong())?;
                if array.shape() != [shape.0, shape.1] || !array.is_c_contiguous() {
                    return Err(wrong());
                }
                array.try_readwrite().map_err(|_| wrong())?
            }
            None => {
                let bytes = shape.0 as u128 * shape.1 as u128 * size_of::<C>() as u128;
                how.check(&format!("a matrix of {} × {}", shape.0, shape.1), bytes)?;
                PyArray2::<C>::zeros(py, shape, false).readwrite()
            }
        };
        let buffer = array.as_slice_mut()?;
        // Targets that come or go meanwhile make the buffer one of another length, which is refused.
        self.with_people(held, how, |core, people, run| fill(core, people, buffer, run))?;
        Ok(array.as_any().clone())
    }

    fn figure<'py, C: Element + Cell + Default + Copy + Send>(
        &self,
        figure: Figure,
        held: &Bound<'py, PyAny>,
        out: Option<&Bound<'py, PyAny>>,
        how: How<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.matrix::<C>(held, out, how, |core, people, buffer, run| {
            core.figure_into(figure, people, 0, buffer, run)
        })
    }

    /// A figure in the dtype asked for, that of `out`, or the narrowest that holds every total.
    fn figure_as<'py>(
        &self,
        figure: Figure,
        held: &Bound<'py, PyAny>,
        dtype: Option<&Bound<'py, PyAny>>,
        out: Option<&Bound<'py, PyAny>>,
        how: How<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = held.py();
        let given = out.and_then(|out| out.getattr("dtype").ok());
        let bytes = match dtype.or(given.as_ref()) {
            None => self.read().cell_bytes(),
            Some(dtype) => {
                let dtype = py.import("numpy")?.getattr("dtype")?.call1((dtype,))?;
                let kind: String = dtype.getattr("kind")?.extract()?;
                let bytes: usize = dtype.getattr("itemsize")?.extract()?;
                if kind != "u" || bytes > 4 || !dtype.getattr("isnative")?.extract::<bool>()? {
                    let said = format!("dtype {dtype}; pass uint8, uint16 or uint32");
                    return Err(PyTypeError::new_err(said));
                }
                bytes
            }
        };
        match bytes {
            1 => self.figure::<u8>(figure, held, out, how),
            2 => self.figure::<u16>(figure, held, out, how),
            _ => self.figure::<u32>(figure, held, out, how),
        }
    }
}

#[pymethods]
impl Index {
    #[new]
    #[pyo3(signature = (required, weights = None, *, threads = None))]
    fn new<'py>(
        required: &Bound<'py, PyAny>,
        weights: Option<&Bound<'py, PyAny>>,
        threads: Option<Whole<usize>>,
    ) -> PyResult<Self> {
        let how = How::new(threads, None, None)?;
        let targets = Targets::new(required, weights)?;
        let core = targets.with(required.py(), how, 0, Core::new)?;
        Ok(Self { core: RwLock::new(core) })
    }

    /// The targets with the most credit, Σ w·min(level required, level held), for each person.
    ///
    /// Parameters
    /// ----------
    /// held : scipy.sparse CSR, or (indptr, indices, data)
    ///     Levels held, uint16 or uint8; a cell of 0 is known not to be held.
    /// k : int, default 10
    ///     How many to keep for each person, at least 1.
    /// threads, memory_limit, progress
    ///     See :ref:`long calls <long-calls>`.
    ///
    /// Returns
    /// -------
    /// indices : numpy.ndarray
    ///     int32, (people, k): targets, best first, -1 after the last result.
    /// credits : numpy.ndarray
    ///     float32, (people, k): exact up to 2²⁴; 0 after the last result.
    ///
    /// Raises
    /// ------
    /// ArgumentError, TypeError
    ///     As `Index`; `k` of 0.
    #[pyo3(signature = (held, k = 10, *, threads = None, memory_limit = None, progress = None))]
    fn top_k<'py>(
        &self,
        held: &Bound<'py, PyAny>,
        #[pyo3(from_py_with = whole)] k: usize,
        threads: Option<Whole<usize>>,
        memory_limit: Option<&Bound<'py, PyAny>>,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Results<'py>> {
        let how = How::new(threads, memory_limit, progress)?;
        let rows = Csr::new("held", held)?.bounds()?.len().saturating_sub(1);
        let (mut positions, mut credits) = room(&how, rows, k)?;
        let (at, to) = (positions.as_slice_mut(), credits.as_slice_mut());
        let (at, to) = (at.unwrap_or_default(), to.unwrap_or_default());
        self.with_people(held, how, |core, people, run| {
            rank::most_credit_into(core, people, k, at, to, run)
        })?;
        Ok(results(held.py(), positions, credits))
    }

    /// The gap of every person and target: total - credit, in steps × weight, exact.
    ///
    /// Parameters
    /// ----------
    /// held : scipy.sparse CSR, or (indptr, indices, data)
    ///     Levels held, uint16 or uint8; a cell of 0 is known not to be held, an absent one counts
    ///     as not held.
    /// dtype : dtype, optional
    ///     uint8, uint16 or uint32; by default that of `out`, or the narrowest that holds every
    ///     total.
    /// out : numpy.ndarray, optional
    ///     Where to write: C-contiguous, of shape (people, targets).
    /// threads, memory_limit, progress
    ///     See :ref:`long calls <long-calls>`.
    ///
    /// Returns
    /// -------
    /// numpy.ndarray
    ///     Of shape (people, targets); `out`, where it was given.
    ///
    /// Raises
    /// ------
    /// ArgumentError, TypeError
    ///     As `Index`; a total that does not fit `dtype`.
    /// MemoryLimitError
    ///     The matrix does not fit in `memory_limit`.
    #[pyo3(signature = (
        held, dtype = None, out = None, *, threads = None, memory_limit = None, progress = None
    ))]
    fn gap<'py>(
        &self,
        held: &Bound<'py, PyAny>,
        dtype: Option<&Bound<'py, PyAny>>,
        out: Option<&Bound<'py, PyAny>>,
        threads: Option<Whole<usize>>,
        memory_limit: Option<&Bound<'py, PyAny>>,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let how = How::new(threads, memory_limit, progress)?;
        self.figure_as(Figure::Gap, held, dtype, out, how)
    }

    /// The credit of every person and target: Σ w·min(level required, level held), exact.
    ///
    /// Parameters, results and errors are those of `gap`.
    #[pyo3(signature = (
        held, dtype = None, out = None, *, threads = None, memory_limit = None, progress = None
    ))]
    fn credit<'py>(
        &self,
        held: &Bound<'py, PyAny>,
        dtype: Option<&Bound<'py, PyAny>>,
        out: Option<&Bound<'py, PyAny>>,
        threads: Option<Whole<usize>>,
        memory_limit: Option<&Bound<'py, PyAny>>,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let how = How::new(threads, memory_limit, progress)?;
        self.figure_as(Figure::Credit, held, dtype, out, how)
    }

    /// The coverage of every person and target: credit ÷ total, rounded once to float32.
    ///
    /// A target that requires nothing has coverage 1. Parameters, results and errors are those of
    /// `gap`, but that `out` is float32.
    #[pyo3(signature = (
        held, out = None, *, threads = None, memory_limit = None, progress = None
    ))]
    fn coverage<'py>(
        &self,
        held: &Bound<'py, PyAny>,
        out: Option<&Bound<'py, PyAny>>,
        threads: Option<Whole<usize>>,
        memory_limit: Option<&Bound<'py, PyAny>>,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let how = How::new(threads, memory_limit, progress)?;
        self.matrix::<f32>(held, out, how, |core, people, buffer, run| {
            core.coverage_into(people, 0, buffer, run)
        })
    }

    /// Add targets after the last one, as if the index had been built from all of them.
    ///
    /// Parameters
    /// ----------
    /// required, weights
    ///     As of `Index`, on no more columns.
    ///
    /// Raises
    /// ------
    /// ArgumentError, TypeError
    ///     As `Index`; nothing is changed then.
    #[pyo3(signature = (required, weights = None))]
    fn add<'py>(
        &self,
        required: &Bound<'py, PyAny>,
        weights: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let targets = Targets::new(required, weights)?;
        let columns = self.read().skill_count();
        targets.with(required.py(), How::plain(), columns, |rows, run| self.write().add(rows, run))
    }

    /// Remove targets; those after them move up.
    ///
    /// Parameters
    /// ----------
    /// positions : sequence of int
    ///     Ascending, each once.
    ///
    /// Raises
    /// ------
    /// ArgumentError
    ///     Positions out of order or beyond the last target; nothing is changed then.
    fn remove(&self, py: Python<'_>, positions: Vec<Whole<u32>>) -> PyResult<()> {
        let positions: Vec<u32> = positions.into_iter().map(|at| at.0).collect();
        How::plain().call(py, |run| self.write().remove(&positions, run))
    }

    /// The total of each target: Σ weight × level.
    ///
    /// Returns
    /// -------
    /// numpy.ndarray
    ///     uint32, of shape (targets,).
    #[getter]
    fn totals<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<u32>> {
        PyArray1::from_slice(py, self.read().totals())
    }

    /// The targets as sparse rows: those that it was built from, with what came and went.
    ///
    /// Returns
    /// -------
    /// required : (indptr, indices, data)
    ///     int64, int32, uint16: levels, indices ascending within a row.
    /// weights : numpy.ndarray
    ///     uint16, beside the cells.
    fn rows<'py>(&self, py: Python<'py>) -> PyResult<(Arrays<'py>, Bound<'py, PyArray1<u16>>)> {
        let (bounds, skills, levels, weights) = How::plain().call(py, |_| {
            let targets = self.read().to_rows();
            let rows = targets.rows();
            let (mut bounds, mut skills) = (vec![0], Vec::with_capacity(rows.cell_count()));
            let (mut levels, mut weights) = (Vec::new(), Vec::new());
            for row in rows.iter() {
                for (skill, pair) in row.cells() {
                    // Positions on an axis are below 2³¹.
                    skills.push(skill.cast_signed());
                    levels.push(pair.level);
                    weights.push(pair.weight);
                }
                bounds.push(i64::try_from(skills.len()).unwrap_or(i64::MAX));
            }
            Ok((bounds, skills, levels, weights))
        })?;
        let arrays = (bounds.into_pyarray(py), skills.into_pyarray(py), levels.into_pyarray(py));
        Ok((arrays, weights.into_pyarray(py)))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, State<'py>)> {
        let made = py.import("passerelle._core")?.getattr("_index")?;
        let (required, weights) = self.rows(py)?;
        Ok((made, (required, weights, self.columns())))
    }

    fn __copy__(&self, py: Python<'_>) -> PyResult<Self> {
        let columns = self.columns();
        let core = How::plain().call(py, |run| {
            let targets = self.read().to_rows();
            debug_assert_eq!(targets.rows().skill_count(), columns);
            Core::new(targets.rows(), run)
        })?;
        Ok(Self { core: RwLock::new(core) })
    }

    fn __deepcopy__(&self, py: Python<'_>, _memo: &Bound<'_, PyAny>) -> PyResult<Self> {
        self.__copy__(py)
    }

    /// How many columns the targets have.
    #[getter]
    fn columns(&self) -> u32 {
        self.read().skill_count()
    }

    fn __len__(&self) -> usize {
        self.read().width()
    }

    fn __repr__(&self) -> String {
        let core = self.read();
        let (targets, columns) = (core.width(), core.skill_count());
        format!(
            "<passerelle.Index: {targets} targets on {columns} columns, {} bytes>",
            core.bytes()
        )
    }
}
