//! `passerelle.Index`: targets made ready once, compared with batch after batch.

use std::sync::{Arc, PoisonError, RwLock};

use numpy::{Element, IntoPyArray, PyArray1, PyArray2, PyArrayMethods, PyUntypedArrayMethods};
use passerelle::gap::{Cell, Figure, Index as Core};
use passerelle::matrix::Rows;
use passerelle::{Result, Run, rank};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::call::How;
use crate::error::Refused;
use crate::number::{Whole, whole};
use crate::rows::{People, Targets};
use crate::top_k::{Results, buffers, results, room};

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
    /// Taken out to be looked at, so that nothing waits while others compute with it.
    core: RwLock<Arc<Core>>,
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
    Index::of(required.py(), How::plain(), &Targets::new(required, Some(weights))?, columns)
}

impl Index {
    /// An index of targets on at least so many columns.
    fn of(py: Python<'_>, how: How<'_>, targets: &Targets<'_>, columns: u32) -> PyResult<Self> {
        let cells = targets.cells_from(columns)?;
        let core =
            how.compute(py, |run| -> Result<_, Refused> { Ok(Core::new(cells.rows(run)?, run)?) })?;
        Ok(Self { core: RwLock::new(Arc::new(core)) })
    }

    /// The targets as they are now.
    fn core(&self, py: Python<'_>) -> Arc<Core> {
        // Another thread may hold the lock while it changes them, and need the interpreter to end.
        py.detach(|| Arc::clone(&self.core.read().unwrap_or_else(PoisonError::into_inner)))
    }

    /// Changes the targets, beside those that somebody still computes with.
    fn change(
        &self,
        py: Python<'_>,
        change: impl FnOnce(&mut Core, &Run) -> Result<()> + Send,
    ) -> PyResult<()> {
        How::plain().call(py, |run| {
            let mut core = self.core.write().unwrap_or_else(PoisonError::into_inner);
            if let Some(core) = Arc::get_mut(&mut core) {
                return change(core, run);
            }
            let mut own = Core::new(core.to_rows(run)?.rows(), run)?;
            change(&mut own, run)?;
            *core = Arc::new(own);
            Ok(())
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
        let core = self.core(py);
        let people = People::new(held)?;
        let cells = people.cells_on(core.skill_count())?;
        let shape = (cells.len(), core.width());
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
        how.compute(py, |run| -> Result<_, Refused> {
            Ok(fill(&core, cells.rows(run)?, buffer, run)?)
        })?;
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
            None => self.core(py).cell_bytes(),
            // The names that Rust and Polars have, where NumPy's own are no others.
            Some(dtype) if matches!(dtype.extract(), Ok("u16")) => 2,
            Some(dtype) if matches!(dtype.extract(), Ok("u32")) => 4,
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
        Self::of(required.py(), how, &Targets::new(required, weights)?, 0)
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
        let (core, people) = (self.core(held.py()), People::new(held)?);
        let cells = people.cells_on(core.skill_count())?;
        let (mut positions, mut credits) = room(&how, cells.len(), k)?;
        let (at, to) = buffers(&mut positions, &mut credits);
        how.compute(held.py(), |run| -> Result<_, Refused> {
            Ok(rank::most_credit_into(&core, cells.rows(run)?, k, at, to, run)?)
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
    ///     uint8, uint16 or uint32 (``"u16"`` and ``"u32"`` for short); by default that of `out`, or
    ///     the narrowest that holds every total.
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
        let (py, targets) = (required.py(), Targets::new(required, weights)?);
        let cells = targets.cells_from(self.core(py).skill_count())?;
        let rows = How::plain().compute(py, |run| cells.rows(run))?;
        self.change(py, |core, run| core.add(rows, run))
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
        self.change(py, |core, run| core.remove(&positions, run))
    }

    /// The total of each target: Σ weight × level.
    ///
    /// Returns
    /// -------
    /// numpy.ndarray
    ///     uint32, of shape (targets,).
    #[getter]
    fn totals<'py>(&self, py: Python<'py>) -> Bound<'py, PyArray1<u32>> {
        PyArray1::from_slice(py, self.core(py).totals())
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
        let core = self.core(py);
        let (bounds, skills, levels, weights) = How::plain().compute(py, |run| -> Result<_> {
            let targets = core.to_rows(run)?;
            let rows = targets.rows();
            let cells = rows.cell_count();
            let (mut bounds, mut skills) = (vec![0], Vec::with_capacity(cells));
            let (mut levels, mut weights) = (Vec::with_capacity(cells), Vec::with_capacity(cells));
            for (at, row) in rows.iter().enumerate() {
                if at % (1 << 12) == 0 {
                    run.go_on()?;
                }
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
        Ok((made, (required, weights, self.columns(py))))
    }

    fn __copy__(&self, py: Python<'_>) -> Self {
        Self { core: RwLock::new(self.core(py)) }
    }

    fn __deepcopy__(&self, py: Python<'_>, _memo: &Bound<'_, PyAny>) -> Self {
        self.__copy__(py)
    }

    /// How many columns the targets have.
    #[getter]
    fn columns(&self, py: Python<'_>) -> u32 {
        self.core(py).skill_count()
    }

    fn __len__(&self, py: Python<'_>) -> usize {
        self.core(py).width()
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let core = self.core(py);
        let (targets, columns) = (core.width(), core.skill_count());
        format!(
            "<passerelle.Index: {targets} targets on {columns} columns, {} bytes>",
            core.bytes()
        )
    }
}
