//! `passerelle.top_k`: sparse rows of floats ranked for others.

use numpy::PyArray2;
use numpy::ndarray::Array2;
use passerelle::Error;
use passerelle::rank::{RawRanker, RawRows};
use pyo3::prelude::*;

use crate::call::How;
use crate::csr::{self, Csr};
use crate::error::raised;
use crate::number::{Whole, whole};

/// The results of a ranking: positions and scores, rows × k.
pub type Results<'py> = (Bound<'py, PyArray2<i32>>, Bound<'py, PyArray2<f32>>);

/// Arrays for the results of `rows` rows, which the memory allowed holds.
pub fn room(how: &How<'_>, rows: usize, k: usize) -> PyResult<(Array2<i32>, Array2<f32>)> {
    how.check(&format!("a ranking of {rows} × {k}"), rows as u128 * k as u128 * 8)?;
    Ok((Array2::zeros((rows, k)), Array2::zeros((rows, k))))
}

/// The results as Python's, without a copy.
pub fn results(py: Python<'_>, positions: Array2<i32>, scores: Array2<f32>) -> Results<'_> {
    (PyArray2::from_owned_array(py, positions), PyArray2::from_owned_array(py, scores))
}

/// The best rows of one sparse matrix for each row of another.
///
/// For finite floats that are not whole numbers of a framework's steps; where they are, `Index` is
/// exact and faster.
///
/// Parameters
/// ----------
/// held : scipy.sparse CSR, or (indptr, indices, data)
///     What each row holds: int32 or int64 indices, ascending within a row and each once; float32
///     values. Nothing is copied but int32 `indptr` and int64 `indices`.
/// required : scipy.sparse CSR, or (indptr, indices, data)
///     The rows to rank, on the same columns.
/// k : int, default 10
///     How many to keep for each row, at least 1.
/// kernel : {"dot", "min"}, default "dot"
///     ``"dot"`` is Σ x·y over the shared columns, ``"min"`` is Σ w·min(x, y).
/// weights : scipy.sparse CSR or numpy.ndarray, optional
///     With ``"min"``: the weights w, cell by cell beside those of `required`; 1 without them.
/// threads, memory_limit, progress
///     See :ref:`long calls <long-calls>`.
///
/// Returns
/// -------
/// indices : numpy.ndarray
///     int32, (rows of `held`, k): rows of `required`, best first, -1 after the last result. A score
///     of 0 is no result; equal scores are in the order of positions.
/// scores : numpy.ndarray
///     float32, (rows of `held`, k): rounded once for each product and sum, columns ascending; 0
///     after the last result.
///
/// Raises
/// ------
/// ArgumentError
///     Indices out of order, repeated or out of range, values that are not finite, `k` of 0.
/// TypeError
///     Arrays of another dtype, or not contiguous: the message says what to pass.
///
/// Examples
/// --------
/// >>> import numpy as np, scipy.sparse as sp
/// >>> held = sp.csr_matrix(np.array([[1, 2, 0], [0, 0, 3]], np.float32))
/// >>> required = sp.csr_matrix(np.array([[1, 0, 0], [0, 1, 1]], np.float32))
/// >>> ps.top_k(held, required, k=2)
/// (array([[ 1,  0],
///         [ 1, -1]], dtype=int32), array([[2., 1.],
///         [3., 0.]], dtype=float32))
#[pyfunction]
#[pyo3(signature = (
    held, required, k = 10, *, kernel = "dot", weights = None, threads = None,
    memory_limit = None, progress = None
))]
#[expect(clippy::too_many_arguments, reason = "keywords, each of them optional")]
pub fn top_k<'py>(
    py: Python<'py>,
    held: &Bound<'py, PyAny>,
    required: &Bound<'py, PyAny>,
    #[pyo3(from_py_with = whole)] k: usize,
    kernel: &str,
    weights: Option<&Bound<'py, PyAny>>,
    threads: Option<Whole<usize>>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Results<'py>> {
    let how = How::new(threads, memory_limit, progress)?;
    let (held, required) = (Csr::new("held", held)?, Csr::new("required", required)?);
    let least = match kernel {
        "dot" if weights.is_none() => false,
        "min" => true,
        _ => {
            let expected = "`dot` without weights, or `min`".to_owned();
            let value = format!("`{kernel}`");
            return Err(raised(Error::Argument { name: "kernel", value, expected }));
        }
    };
    let weights = weights.map(|weights| beside(&required, weights)).transpose()?;
    let weights = weights.as_ref().map(|weights| csr::floats("weights", weights)).transpose()?;
    let weights =
        weights.as_ref().map(|weights| csr::slice("weights", "data", weights)).transpose()?;
    let columns = held.columns()?.max(required.columns()?);
    let (held_bounds, held_skills, held_values) = (held.bounds()?, held.skills()?, held.floats()?);
    let (bounds, skills, values) = (required.bounds()?, required.skills()?, required.floats()?);
    let held_values = csr::slice("held", "data", &held_values)?;
    let values = csr::slice("required", "data", &values)?;
    let (mut positions, mut scores) = room(&how, held_bounds.len().saturating_sub(1), k)?;
    let (at, to) = (positions.as_slice_mut(), scores.as_slice_mut());
    let (at, to) = (at.unwrap_or_default(), to.unwrap_or_default());
    how.call(py, |run| {
        let targets = RawRows::new(&bounds, &skills, values, columns)?;
        let people = RawRows::new(&held_bounds, &held_skills, held_values, columns)?;
        let ranker = if least {
            RawRanker::least(targets, weights, run)?
        } else {
            RawRanker::new(targets, run)
        };
        ranker.rank_into(people, k, at, to, run)
    })?;
    Ok(results(py, positions, scores))
}

/// Weights that stand beside the cells of a matrix: their data, of a matrix like it or alone.
pub fn beside<'py>(matrix: &Csr<'py>, weights: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if weights.hasattr("dtype")? && !weights.hasattr("indptr")? {
        return Ok(weights.clone());
    }
    let weights = Csr::new("weights", weights)?;
    if !matrix.stands_as(&weights)? {
        let expected = "of the same cells as `required`".to_owned();
        let value = "of other cells".to_owned();
        return Err(raised(Error::Argument { name: "weights", value, expected }));
    }
    Ok(weights.data().clone())
}
