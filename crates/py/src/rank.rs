//! `passerelle.rank`: the best targets for people, and the best people for targets.

use numpy::IntoPyArray;
use passerelle::gap::{Eligibility, Standing};
use passerelle::rank::{self, Ranked, Ranking};
use passerelle::{Error, evaluate, near};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::call::How;
use crate::error::raised;
use crate::occupations::Occupations;
use crate::profiles::Profiles;

/// The names of the strategies, as `rank`, `explain` and `evaluate.run` take them.
///
/// Some take options, in their order or by name: ``"tversky(0.3, 0.7)"``,
/// ``"mix(0.7*tfidf + 0.3*coverage)"``.
///
/// Returns
/// -------
/// list of str
#[pyfunction]
pub fn strategies() -> Vec<&'static str> {
    evaluate::all(evaluate::Ranks::Occupations)
}

/// A ranking as columns: a row for each result.
#[pyfunction]
#[pyo3(signature = (
    people, targets, k, strategy, best, language, standing, threads, memory_limit, progress
))]
#[expect(clippy::too_many_arguments, reason = "what `passerelle.rank` takes")]
pub fn _rank<'py>(
    py: Python<'py>,
    people: &Bound<'py, Profiles>,
    targets: &Bound<'py, Occupations>,
    k: usize,
    strategy: &str,
    best: &str,
    language: Option<&str>,
    standing: bool,
    threads: Option<usize>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyDict>> {
    let how = How::new(threads, memory_limit, progress)?;
    let ranked = match best {
        "targets" => Ranked::TargetsForPeople,
        "people" => Ranked::PeopleForTargets,
        _ => {
            let expected = "`targets` or `people`".to_owned();
            let value = format!("`{best}`");
            return Err(raised(Error::Argument { name: "best", value, expected }));
        }
    };
    let (held, targets) = (people.get().held(py)?, targets.get());
    let (required, framework) = (targets.required(), targets.framework().get());
    let language = framework.language(language);
    let (ranking, standings) = how.call(py, |run| {
        let ranking = if ranked == Ranked::TargetsForPeople && targets.are_all() {
            near::ranked(strategy, held, framework.core(), k, language, run)?
        } else {
            let strategy = rank::fitted(strategy, required)?;
            match ranked {
                Ranked::TargetsForPeople => {
                    rank::targets_for_people(held, required, k, &*strategy, run)?
                }
                Ranked::PeopleForTargets => {
                    rank::people_for_targets(held, required, k, &*strategy, run)?
                }
            }
        };
        // Where people stand is no part of the score: it stands beside it.
        let standings = if standing { Some(ranking.standings(held, required)?) } else { None };
        Ok((ranking, standings))
    })?;
    columns(py, &ranking, standings.as_deref())
}

/// The columns of a ranking, results after results, best first.
fn columns<'py>(
    py: Python<'py>,
    ranking: &Ranking,
    standings: Option<&[Vec<Standing>]>,
) -> PyResult<Bound<'py, PyDict>> {
    let (mut rows, mut positions) = (Vec::new(), Vec::new());
    let (mut ranks, mut scores) = (Vec::new(), Vec::new());
    for (row, at) in (0..ranking.rows().len()).zip(0i32..) {
        for (result, rank) in ranking.row(row).zip(1i32..) {
            rows.push(at);
            // Positions are below 2³¹: the id tables hold no more.
            positions.push(i32::try_from(result.position)?);
            ranks.push(rank);
            scores.push(result.score);
        }
    }
    let (person, target) = match ranking.ranked() {
        Ranked::TargetsForPeople => (rows, positions),
        Ranked::PeopleForTargets => (positions, rows),
    };
    let columns = PyDict::new(py);
    columns.set_item("person", person.into_pyarray(py))?;
    columns.set_item("target", target.into_pyarray(py))?;
    columns.set_item("rank", ranks.into_pyarray(py))?;
    columns.set_item("score", scores.into_pyarray(py))?;
    if let Some(standings) = standings {
        let all = || standings.iter().flatten();
        let share = |of: fn(&Standing) -> f32| all().map(of).collect::<Vec<f32>>();
        columns.set_item("coverage", share(|s| s.all.coverage()).into_pyarray(py))?;
        columns.set_item("coverage_upper", share(|s| s.all.coverage_upper()).into_pyarray(py))?;
        columns.set_item("known_share", share(|s| s.all.known_share()).into_pyarray(py))?;
        let essential = share(|s| s.essential.coverage());
        columns.set_item("essential_coverage", essential.into_pyarray(py))?;
        let count = |of: fn(&Standing) -> u32| all().map(of).collect::<Vec<u32>>();
        let missing = count(|s| s.missing_essentials);
        columns.set_item("missing_essentials", missing.into_pyarray(py))?;
        let blocking = count(|s| s.blocking_shortfalls);
        columns.set_item("blocking_shortfalls", blocking.into_pyarray(py))?;
        let status: Vec<&str> = all().map(|s| s.status(Eligibility::default()).name()).collect();
        columns.set_item("status", status)?;
    }
    Ok(columns)
}
