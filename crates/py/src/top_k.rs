//! `passerelle.top_k`: sparse rows of floats ranked for others.

use numpy::PyArray2;
use numpy::ndarray::Array2;
use passerelle::Error;
use passerelle::rank::{Cosine, Overlap, RawRanker, RawRows, Strategy, rows_for_rows_into};
use pyo3::prelude::*;

use crate::call::How;
use crate::csr::{self, Csr};
use crate::error::{Refused, raised};
use crate::number::{Whole, whole};
use crate::rows::{People, Targets, beside, both};

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
/// Whole numbers, levels that are held and required, are ranked exactly, and faster than floats of
/// any finite value.
///
/// Parameters
/// ----------
/// held : scipy.sparse CSR, or (indptr, indices, data)
///     What each row holds: int32 or int64 indices, ascending within a row and each once; float32
///     values, or levels in uint16 or uint8. Nothing is copied but int32 `indptr`, int64 `indices`
///     and uint8.
/// required : scipy.sparse CSR, or (indptr, indices, data)
///     The rows to rank, on the same columns: floats, or levels of at least 1.
/// k : int, default 10
///     How many to keep for each row, at least 1.
/// kernel : {"dot", "min", "cosine"}, default "dot"
///     Over the shared columns ``"dot"`` is Σ x·y, of floats, which is the cosine of rows of length
///     1; ``"min"`` is Σ w·min(x, y); ``"cosine"``, of whole numbers, Σ x·w·y ÷ (‖x‖·‖w·y‖).
/// weights : scipy.sparse CSR or numpy.ndarray, optional
///     With ``"min"`` and ``"cosine"``: the weights w, cell by cell beside those of `required` and of
///     their kind; 1 without them.
/// threads, memory_limit, progress
///     See :ref:`long calls <long-calls>`.
///
/// Returns
/// -------
/// indices : numpy.ndarray
///     int32, (rows of `held`, k): rows of `required`, best first, -1 after the last result. A score
///     of 0 is no result; equal scores are in the order of positions.
/// scores : numpy.ndarray
///     float32, (rows of `held`, k), 0 after the last result. Those of floats are rounded once for
///     each product and sum, columns ascending; those of whole numbers once, as whole.
///
/// Raises
/// ------
/// ArgumentError
///     Indices out of order, repeated or out of range, values that are not finite, levels or weights
///     of `required` that are 0, `k` of 0, a kernel for the other kind of numbers.
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
/// >>> levels = [matrix.astype(np.uint16) for matrix in (held, required)]
/// >>> indices, scores = ps.top_k(*levels, k=1, kernel="cosine")
/// >>> scores.round(2).ravel()
/// array([0.63, 0.71], dtype=float32)
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
    if kernel == "cosine" || (kernel == "min" && is_whole(held)) {
        let strategy: &dyn Strategy = if kernel == "min" { &Overlap } else { &Cosine };
        return whole_numbers(how, (held, required, weights), k, strategy);
    }
    let (held, required) = (Csr::new("held", held)?, Csr::new("required", required)?);
    let columns = held.columns_beside(&required)?;
    let least = match kernel {
        "dot" if weights.is_none() => false,
        "min" => true,
        _ => {
            let expected = "`dot` without weights, `min` or `cosine`".to_owned();
            let value = format!("`{kernel}`");
            return Err(raised(Error::Argument { name: "kernel", value, expected }));
        }
    };
    let weights = weights.map(|weights| beside(&required, weights)).transpose()?;
    let weights = weights.as_ref().map(|weights| csr::floats("weights", weights)).transpose()?;
    let weights =
        weights.as_ref().map(|weights| csr::slice("weights", "data", weights)).transpose()?;
    let (held_bounds, held_skills, held_values) = (held.bounds()?, held.skills()?, held.floats()?);
    let (bounds, skills, values) = (required.bounds()?, required.skills()?, required.floats()?);
    let held_values = csr::slice("held", "data", &held_values)?;
    let values = csr::slice("required", "data", &values)?;
    let (mut positions, mut scores) = room(&how, held_bounds.len().saturating_sub(1), k)?;
    let (at, to) = buffers(&mut positions, &mut scores);
    how.compute(py, |run| -> Result<_, Refused> {
        let targets = RawRows::new_on(&bounds, &skills, values, columns, run)
            .map_err(Refused::of("required"))?;
        let people = RawRows::new_on(&held_bounds, &held_skills, held_values, columns, run)
            .map_err(Refused::of("held"))?;
        let ranker = if least {
            RawRanker::least(targets, weights, run)?
        } else {
            RawRanker::new(targets, run)?
        };
        Ok(ranker.rank_into(people, k, at, to, run)?)
    })?;
    Ok(results(py, positions, scores))
}

/// Whether the values of a matrix are whole numbers; what is no matrix is told later.
fn is_whole(held: &Bound<'_, PyAny>) -> bool {
    let kind = Csr::new("held", held)
        .and_then(|held| held.data().getattr("dtype")?.getattr("kind")?.extract::<String>());
    kind.is_ok_and(|kind| kind == "u")
}

/// The same of levels and weights that are whole numbers.
fn whole_numbers<'py>(
    how: How<'py>,
    (held, required, weights): (&Bound<'py, PyAny>, &Bound<'py, PyAny>, Option<&Bound<'py, PyAny>>),
    k: usize,
    strategy: &dyn Strategy,
) -> PyResult<Results<'py>> {
    let (people, targets) = (People::new(held)?, Targets::new(required, weights)?);
    let (people, targets) = both(&people, &targets)?;
    let (mut positions, mut scores) = room(&how, people.len(), k)?;
    let into = buffers(&mut positions, &mut scores);
    how.compute(held.py(), |run| -> Result<_, Refused> {
        Ok(rows_for_rows_into(people.rows(run)?, targets.rows(run)?, k, strategy, into, run)?)
    })?;
    Ok(results(held.py(), positions, scores))
}

/// Arrays as the library writes them.
pub fn buffers<'a>(
    positions: &'a mut Array2<i32>,
    scores: &'a mut Array2<f32>,
) -> (&'a mut [i32], &'a mut [f32]) {
    let (at, to) = (positions.as_slice_mut(), scores.as_slice_mut());
    (at.unwrap_or_default(), to.unwrap_or_default())
}
