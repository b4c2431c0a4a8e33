//! `passerelle.gap_vectors`: what pairs of people and targets lack, skill by skill.

use std::sync::Arc;

use numpy::{PyArray1, PyArrayMethods, PyReadonlyArray1};
use passerelle::gap::SkillGaps;
use passerelle::matrix::Rows;
use passerelle::{Error, Held, LevelScale, Necessity, Required, SkillAxis};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::call::How;
use crate::csr::{Csr, scipy_array};
use crate::error::{Refused, raised};
use crate::number::Whole;
use crate::occupations::Occupations;
use crate::profiles::Profiles;

/// What pairs of people and targets lack: a sparse row of shortfalls for each pair.
///
/// Parameters
/// ----------
/// people : Profiles, scipy.sparse CSR, or (indptr, indices, data)
///     Levels held, as `Index.gap` takes them.
/// targets : Occupations, scipy.sparse CSR, or (indptr, indices, data)
///     Of the same kind as `people`: occupations, or levels required as `Index` takes them, at
///     least one in each row.
/// pairs : (array of int, array of int)
///     Positions of people and, beside them, of targets: int32 or int64. Pairs of one person in a
///     row take less time.
/// threads, memory_limit, progress
///     See :ref:`long calls <long-calls>`.
///
/// Returns
/// -------
/// scipy.sparse.csr_array
///     uint16, of shape (pairs, skills): the steps missing, silence counted as not held. What is
///     held at its level or above has no cell.
///
/// Raises
/// ------
/// VersionError
///     People and targets are of two frameworks or versions.
/// ArgumentError
///     A position that is not there, or arrays of two lengths.
/// MemoryLimitError
///     Twice the cells at most do not fit in `memory_limit`.
/// TypeError
///     Arrays of another dtype, or people and targets of two kinds.
///
/// Examples
/// --------
/// >>> demo = ps.Framework.read_csv(folder)
/// >>> people = ps.Profiles.from_frame(frame, demo)
/// >>> ps.gap_vectors(people, demo.occupations, ([0, 1], [0, 1])).toarray()
/// array([[0, 1, 0],
///        [0, 0, 0]], dtype=uint16)
#[pyfunction]
#[pyo3(signature = (people, targets, pairs, *, threads = None, memory_limit = None, progress = None))]
pub fn gap_vectors<'py>(
    py: Python<'py>,
    people: &Bound<'py, PyAny>,
    targets: &Bound<'py, PyAny>,
    pairs: &Bound<'py, PyAny>,
    threads: Option<Whole<usize>>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let how = How::new(threads, memory_limit, progress)?;
    let Ok((of_people, of_targets)) = pairs.extract::<(Bound<'py, PyAny>, Bound<'py, PyAny>)>()
    else {
        let said = "pass `pairs` as a tuple of two arrays: positions of people, and of targets";
        return Err(PyTypeError::new_err(said));
    };
    let (of_people, of_targets) =
        (positions("people", &of_people)?, positions("targets", &of_targets)?);
    let pairs = paired(py, of_people.as_slice()?, of_targets.as_slice()?)?;
    let (gaps, skills) = match (people.cast::<Profiles>(), targets.cast::<Occupations>()) {
        (Ok(people), Ok(targets)) => {
            let (held, required) = (people.get().held(py)?, targets.get().required());
            let gaps = how.compute(py, |run| SkillGaps::of_pairs(held, required, &pairs, run))?;
            (gaps, required.axis().len())
        }
        (Err(_), Err(_)) => of_arrays(py, how, people, targets, &pairs)?,
        _ => {
            let said = "pass Profiles and Occupations, or two CSR matrices";
            return Err(PyTypeError::new_err(said));
        }
    };
    scipy_array(py, gaps.offsets, gaps.skills, gaps.shortfalls, skills)
}

/// Positions of an argument, as a flat array of int64.
fn positions<'py>(
    name: &'static str,
    given: &Bound<'py, PyAny>,
) -> PyResult<PyReadonlyArray1<'py, i64>> {
    let numpy = given.py().import("numpy")?;
    let array = numpy.getattr("asarray")?.call1((given,))?;
    let kind: String = array.getattr("dtype")?.getattr("kind")?.extract()?;
    let flat: usize = array.getattr("ndim")?.extract()?;
    let length: usize = array.getattr("size")?.extract()?;
    if flat != 1 || (length > 0 && !matches!(kind.as_str(), "i" | "u")) {
        let dtype = array.getattr("dtype")?;
        let said = format!("positions of {name} are {dtype}; pass a flat array of int32 or int64");
        return Err(PyTypeError::new_err(said));
    }
    let array = numpy.getattr("ascontiguousarray")?.call1((array, "int64"))?;
    Ok(array.cast::<PyArray1<i64>>()?.try_readonly()?)
}

/// Pairs of positions, with an eye on Ctrl-C.
fn paired(py: Python<'_>, people: &[i64], targets: &[i64]) -> PyResult<Vec<(u32, u32)>> {
    if people.len() != targets.len() {
        let (length, expected) = (targets.len() as u64, people.len() as u64);
        return Err(raised(Error::ArrayLength { array: "pairs", length, expected }));
    }
    let position = |at: i64| {
        u32::try_from(at).map_err(|_| {
            let (value, expected) = (at.to_string(), "of positions from 0, below 2**32".to_owned());
            raised(Error::Argument { name: "pairs", value, expected })
        })
    };
    let mut pairs = Vec::with_capacity(people.len());
    for (people, targets) in people.chunks(1 << 20).zip(targets.chunks(1 << 20)) {
        py.check_signals()?;
        for (&person, &target) in people.iter().zip(targets) {
            pairs.push((position(person)?, position(target)?));
        }
    }
    Ok(pairs)
}

/// The same for bare arrays, on an axis of numbered skills.
fn of_arrays<'py>(
    py: Python<'py>,
    how: How<'py>,
    people: &Bound<'py, PyAny>,
    targets: &Bound<'py, PyAny>,
    pairs: &[(u32, u32)],
) -> PyResult<(SkillGaps, usize)> {
    let (held, required) = (Csr::new("people", people)?, Csr::new("targets", targets)?);
    let columns = held.columns_beside(&required)?;
    let (held_bounds, held_skills, held_levels) = (held.bounds()?, held.skills()?, held.steps()?);
    let (bounds, skills, levels) = (required.bounds()?, required.skills()?, required.steps()?);
    let (held_levels, levels) = (held_levels.slice()?, levels.slice()?);
    let gaps = how.compute(py, |run| -> Result<_, Refused> {
        let held = Rows::held_on(&held_bounds, &held_skills, held_levels, columns, run)
            .map_err(Refused::of("people"))?;
        let weights = vec![1; levels.len()];
        let required = Rows::required_on(&bounds, &skills, levels, &weights, columns, run)
            .map_err(Refused::of("targets"))?;
        let most = held_levels.iter().chain(levels).max().copied().unwrap_or(1);
        let ids: Vec<String> = (0..columns).map(|skill| skill.to_string()).collect();
        let scale = LevelScale::new("steps", most.max(1))?;
        let axis = SkillAxis::from_ids("arrays", "1", scale, ids.iter().map(String::as_str))?;
        let axis = Arc::new(axis);
        let necessities = vec![Necessity::Optional; levels.len()];
        let required = Required::from_rows(&axis, required, &necessities)?;
        Ok(SkillGaps::of_pairs(&Held::from_rows(&axis, held)?, &required, pairs, run)?)
    })?;
    Ok((gaps, columns as usize))
}
