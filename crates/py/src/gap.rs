//! `passerelle.gap_matrix`: one figure for every person and every target.

use numpy::{PyArray2, PyReadwriteArray2, PyUntypedArrayMethods};
use passerelle::gap::{self, GapMatrix, Measure};
use passerelle::transfer::Credited;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::call::How;
use crate::error::raised;
use crate::number::Whole;
use crate::occupations::Occupations;
use crate::profiles::Profiles;
use crate::transfer::{Transfers, credited};

/// One figure for every person and every target.
///
/// Parameters
/// ----------
/// people : Profiles
/// targets : Occupations
/// measure : str, default "coverage"
///     ``"coverage"``, ``"essential-coverage"``, ``"known-share"`` are shares in [0, 1]; ``"gap"``
///     and ``"credit"`` are in steps × weight; ``"missing-essentials"`` and
///     ``"blocking-shortfalls"`` are counts. Silence of a profile counts as not held;
///     ``"coverage-upper"``, ``"essential-coverage-upper"``, ``"gap-lower"``,
///     ``"missing-essentials-lower"`` and ``"blocking-shortfalls-lower"`` count it as held.
/// out : numpy.ndarray, optional
///     Where to write: float32, C-contiguous, of shape (people, targets).
/// transfer : str or list of str, optional
///     As for `rank`.
/// threads, memory_limit, progress
///     See :ref:`long calls <long-calls>`.
///
/// Returns
/// -------
/// numpy.ndarray
///     float32, of shape (people, targets); `out`, where it was given.
///
/// Raises
/// ------
/// VersionError
///     People and targets are of two frameworks or versions.
/// MemoryLimitError
///     The matrix does not fit in `memory_limit` (4 GiB by default), before anything is allocated.
/// ArgumentError
///     No such measure, or `out` of another shape.
#[pyfunction]
#[pyo3(signature = (
    people, targets, measure = "coverage", *, out = None, transfer = None, threads = None,
    memory_limit = None, progress = None
))]
#[expect(clippy::too_many_arguments, reason = "keywords, each of them optional")]
pub fn gap_matrix<'py>(
    py: Python<'py>,
    people: &Bound<'py, Profiles>,
    targets: &Bound<'py, Occupations>,
    measure: &str,
    out: Option<Bound<'py, PyAny>>,
    transfer: Option<Transfers>,
    threads: Option<Whole<usize>>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let measure: Measure = measure.parse().map_err(raised)?;
    let how = How::new(threads, memory_limit, progress)?;
    let (held, targets) = (people.get().held(py)?, targets.get());
    let (required, framework) = (targets.required(), targets.framework().get().core());
    let credited = credited(py, transfer.as_ref(), framework, held)?;
    let held = credited.as_ref().map_or(held, Credited::held);
    let Some(out) = out else {
        let (rows, columns) = (held.len(), required.len());
        let bytes = rows as u128 * columns as u128 * 4;
        how.check(&format!("a matrix of {rows} × {columns}"), bytes)?;
        let matrix = how.compute(py, |run| GapMatrix::compute(held, required, measure, run))?;
        return Ok(PyArray2::from_owned_array(py, matrix.into_values()).into_any());
    };
    let wrong = || {
        let shape = (held.len(), required.len());
        PyTypeError::new_err(format!(
            "pass `out` as a writeable C-contiguous float32 array of shape {shape:?}"
        ))
    };
    let mut array: PyReadwriteArray2<'py, f32> = out.extract().map_err(|_| wrong())?;
    // A slice may be had of a matrix stored by columns too.
    if *array.as_array().shape() != [held.len(), required.len()] || !array.is_c_contiguous() {
        return Err(wrong());
    }
    let cells = array.as_slice_mut().map_err(|_| wrong())?;
    how.compute(py, |run| gap::measure_into(held, required, measure, cells, run))?;
    Ok(out)
}
