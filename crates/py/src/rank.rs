//! `passerelle.rank`: the best targets for people, and the best people for targets.

use numpy::IntoPyArray;
use passerelle::gap::{Eligibility, Standing, Status};
use passerelle::rank::{self, Ranked, Ranking};
use passerelle::transfer::Credited;
use passerelle::{Error, evaluate, near};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::call::How;
use crate::error::raised;
use crate::number::Whole;
use crate::occupations::Occupations;
use crate::profiles::Profiles;
use crate::transfer::{Transfers, credited};

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
    people, targets, k, strategy, best, transfer, language, standing, threads, memory_limit,
    progress
))]
#[expect(clippy::too_many_arguments, reason = "what `passerelle.rank` takes")]
pub fn _rank<'py>(
    py: Python<'py>,
    people: &Bound<'py, Profiles>,
    targets: &Bound<'py, Occupations>,
    k: Whole<usize>,
    strategy: &str,
    best: &str,
    transfer: Option<Transfers>,
    language: Option<&str>,
    standing: bool,
    threads: Option<Whole<usize>>,
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
    let credited = credited(py, transfer.as_ref(), framework.core(), held)?;
    let own = credited.as_ref().map_or(held, Credited::held);
    let columns = how.compute(py, |run| -> passerelle::Result<_> {
        // What is no sum over shared skills knows all occupations of a framework, not some.
        let ranking = if targets.are_all() {
            let by_name = match ranked {
                Ranked::TargetsForPeople => near::ranked,
                Ranked::PeopleForTargets => near::ranked_people,
            };
            by_name(strategy, own, framework.core(), k.0, language, run)?
        } else {
            let strategy = rank::fitted(strategy, required)?;
            match ranked {
                Ranked::TargetsForPeople => {
                    rank::targets_for_people(own, required, k.0, &*strategy, run)?
                }
                Ranked::PeopleForTargets => {
                    rank::people_for_targets(own, required, k.0, &*strategy, run)?
                }
            }
        };
        // Where people stand is no part of the score: it comes from what they hold themselves, not
        // from what they are credited, and stands beside it.
        let standings = if standing { ranking.standings(held, required, run)? } else { Vec::new() };
        Ok(Columns::of(&ranking, standings))
    })?;
    columns.into_dict(py, standing)
}

/// The columns of a ranking: a place for each result, row after row, best first.
#[derive(Default)]
struct Columns {
    people: Vec<u32>,
    targets: Vec<u32>,
    ranks: Vec<u32>,
    scores: Vec<f32>,
    standings: Vec<Standing>,
}

impl Columns {
    fn of(ranking: &Ranking, standings: Vec<Vec<Standing>>) -> Self {
        let mut columns = Self::default();
        for (row, at) in (0..ranking.rows().len()).zip(0u32..) {
            for (result, rank) in ranking.row(row).zip(1u32..) {
                let (person, target) = match ranking.ranked() {
                    Ranked::TargetsForPeople => (at, result.position),
                    Ranked::PeopleForTargets => (result.position, at),
                };
                columns.people.push(person);
                columns.targets.push(target);
                columns.ranks.push(rank);
                columns.scores.push(result.score);
            }
        }
        columns.standings = standings.into_iter().flatten().collect();
        columns
    }

    /// Under their names, as arrays; a status as its position in `STATUSES`.
    fn into_dict(self, py: Python<'_>, standing: bool) -> PyResult<Bound<'_, PyDict>> {
        let columns = PyDict::new(py);
        columns.set_item("person", self.people.into_pyarray(py))?;
        columns.set_item("target", self.targets.into_pyarray(py))?;
        columns.set_item("rank", self.ranks.into_pyarray(py))?;
        columns.set_item("score", self.scores.into_pyarray(py))?;
        if !standing {
            return Ok(columns);
        }
        let all = &self.standings;
        let share =
            |of: fn(&Standing) -> f32| all.iter().map(of).collect::<Vec<f32>>().into_pyarray(py);
        let count =
            |of: fn(&Standing) -> u32| all.iter().map(of).collect::<Vec<u32>>().into_pyarray(py);
        columns.set_item("coverage", share(|s| s.all.coverage()))?;
        columns.set_item("coverage_upper", share(|s| s.all.coverage_upper()))?;
        columns.set_item("known_share", share(|s| s.all.known_share()))?;
        columns.set_item("essential_coverage", share(|s| s.essential.coverage()))?;
        columns.set_item("missing_essentials", count(|s| s.missing_essentials))?;
        columns.set_item("blocking_shortfalls", count(|s| s.blocking_shortfalls))?;
        columns.set_item("status", count(|s| s.status(Eligibility::default()) as u32))?;
        Ok(columns)
    }
}

/// The names of the statuses, by position.
pub fn statuses() -> Vec<&'static str> {
    Status::ALL.iter().map(|status| status.name()).collect()
}
