//! `passerelle.rank`: the best targets for people, and the best people for targets.

use numpy::IntoPyArray;
use passerelle::gap::{Eligibility, Standing, Status};
use passerelle::rank::{self, Ranked, Ranking};
use passerelle::transfer::Credited;
use passerelle::{Error, Run, evaluate, near};
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
    // A frame has a row for each result that there is.
    let k = ranked.at_most(k.0, own, required);
    let columns = how.compute(py, |run| -> passerelle::Result<_> {
        // What is no sum over shared skills knows all occupations of a framework, not some.
        let ranking = if targets.are_all() {
            let by_name = match ranked {
                Ranked::TargetsForPeople => near::ranked,
                Ranked::PeopleForTargets => near::ranked_people,
            };
            by_name(strategy, own, framework.core(), k, language, run)?
        } else {
            let strategy = rank::fitted(strategy, required)?;
            match ranked {
                Ranked::TargetsForPeople => {
                    rank::targets_for_people(own, required, k, &*strategy, run)?
                }
                Ranked::PeopleForTargets => {
                    rank::people_for_targets(own, required, k, &*strategy, run)?
                }
            }
        };
        // Where people stand is no part of the score: it comes from what they hold themselves, not
        // from what they are credited, and stands beside it.
        let standings = if standing { ranking.standings(held, required, run)? } else { Vec::new() };
        Columns::of(&ranking, standings, run)
    })?;
    columns.into_dict(py, standing)
}

/// What a standing has a share of, in [0, 1].
const SHARES: [&str; 4] = ["coverage", "coverage_upper", "known_share", "essential_coverage"];

/// What it has a count of; a status is its position in `STATUSES`.
const COUNTS: [&str; 3] = ["missing_essentials", "blocking_shortfalls", "status"];

/// Rows taken before asking again whether to go on.
const ROWS_AT_ONCE: usize = 4096;

/// The columns of a ranking: a place for each result, row after row, best first.
#[derive(Default)]
struct Columns {
    people: Vec<u32>,
    targets: Vec<u32>,
    ranks: Vec<u32>,
    scores: Vec<f32>,
    shares: [Vec<f32>; 4],
    counts: [Vec<u32>; 3],
}

impl Columns {
    fn of(ranking: &Ranking, standings: Vec<Vec<Standing>>, run: &Run) -> passerelle::Result<Self> {
        let mut columns = Self::default();
        for (row, at) in (0..ranking.rows().len()).zip(0u32..) {
            if row % ROWS_AT_ONCE == 0 {
                run.go_on()?;
            }
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
        for (row, standings) in standings.into_iter().enumerate() {
            if row % ROWS_AT_ONCE == 0 {
                run.go_on()?;
            }
            standings.iter().for_each(|standing| columns.stand(standing));
        }
        Ok(columns)
    }

    fn stand(&mut self, of: &Standing) {
        let (all, essential) = (&of.all, &of.essential);
        let shares =
            [all.coverage(), all.coverage_upper(), all.known_share(), essential.coverage()];
        let status = of.status(Eligibility::default()) as u32;
        let counts = [of.missing_essentials, of.blocking_shortfalls, status];
        self.shares.iter_mut().zip(shares).for_each(|(column, share)| column.push(share));
        self.counts.iter_mut().zip(counts).for_each(|(column, count)| column.push(count));
    }

    /// Under their names, as arrays.
    fn into_dict(self, py: Python<'_>, standing: bool) -> PyResult<Bound<'_, PyDict>> {
        let columns = PyDict::new(py);
        columns.set_item("person", self.people.into_pyarray(py))?;
        columns.set_item("target", self.targets.into_pyarray(py))?;
        columns.set_item("rank", self.ranks.into_pyarray(py))?;
        columns.set_item("score", self.scores.into_pyarray(py))?;
        if standing {
            for (name, shares) in SHARES.into_iter().zip(self.shares) {
                columns.set_item(name, shares.into_pyarray(py))?;
            }
            for (name, counts) in COUNTS.into_iter().zip(self.counts) {
                columns.set_item(name, counts.into_pyarray(py))?;
            }
        }
        Ok(columns)
    }
}

/// The names of the statuses, by position.
pub fn statuses() -> Vec<&'static str> {
    Status::ALL.iter().map(|status| status.name()).collect()
}
