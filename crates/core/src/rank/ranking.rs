//! The k best of each row, both ways.

use std::sync::Arc;

use ndarray::Array2;
use rayon::prelude::*;

use super::best::{Best, Candidate};
use super::strategy::{Strategy, Sum};
use crate::error::{Error, Result};
use crate::gap::{Standing, skill_gaps};
use crate::kernel::{Postings, Term};
use crate::matrix::{Held, HeldRow, Required, RequiredRow};
use crate::run::{Count, Run};
use crate::text::Ids;

/// The k best of each row: targets for people, or people for targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    ranked: Ranked,
    rows: Arc<Ids>,
    columns: Arc<Ids>,
    positions: Array2<i32>,
    scores: Array2<f32>,
}

/// What was ranked for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ranked {
    /// Rows are people, results are targets.
    TargetsForPeople,
    /// Rows are targets, results are people.
    PeopleForTargets,
}

/// One entry of a ranking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// The position of the target (for people) or the person (for targets).
    pub position: u32,
    /// The score.
    pub score: f32,
}

impl Ranking {
    /// What was ranked for what.
    pub fn ranked(&self) -> Ranked {
        self.ranked
    }

    /// The ids of the rows: people, or targets when people were ranked for them.
    pub fn rows(&self) -> &Arc<Ids> {
        &self.rows
    }

    /// The ids of what was ranked.
    pub fn columns(&self) -> &Arc<Ids> {
        &self.columns
    }

    /// Rows × k positions of what was ranked, best first; −1 after the last result.
    pub fn positions(&self) -> &Array2<i32> {
        &self.positions
    }

    /// Rows × k scores; 0 after the last result.
    pub fn scores(&self) -> &Array2<f32> {
        &self.scores
    }

    /// A row's results, best first.
    ///
    /// # Panics
    ///
    /// When the row is not below the number of rows.
    pub fn row(&self, row: usize) -> impl Iterator<Item = Match> + '_ {
        self.positions.row(row).into_iter().zip(self.scores.row(row)).map_while(
            |(&position, &score)| {
                u32::try_from(position).ok().map(|position| Match { position, score })
            },
        )
    }
}

impl Ranking {
    /// Where each result stands, in the order of [`Ranking::row`]: eligibility and evidence, which
    /// are never part of the score. O(results × entries of both rows).
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] when the ranking is not one of these matrices.
    pub fn standings(&self, held: &Held, required: &Required) -> Result<Vec<Vec<Standing>>> {
        let (people, targets) = match self.ranked {
            Ranked::TargetsForPeople => (&self.rows, &self.columns),
            Ranked::PeopleForTargets => (&self.columns, &self.rows),
        };
        if people != held.people() || targets != required.targets() {
            let expected = "the ranking's own people and targets".to_owned();
            return Err(Error::argument("matrices", "other rows", expected));
        }
        let standing = |row, result: Match| {
            let (person, target) = match self.ranked {
                Ranked::TargetsForPeople => (row, result.position),
                Ranked::PeopleForTargets => (result.position, row),
            };
            Standing::of(held.row(person), required.row(target))
        };
        let row = |at| self.row(at).map(|result| standing(index(at), result)).collect();
        Ok((0..self.rows.len()).map(row).collect())
    }
}

/// The score of one pair, as every ranking gives it. O(entries of both rows).
pub fn score(held: HeldRow<'_>, required: RequiredRow<'_>, strategy: &dyn Strategy) -> f32 {
    let sum: u64 = skill_gaps(held, required).map(|gap| contribution(strategy.sum(), &gap)).sum();
    finish(strategy, sum, strategy.person(held), strategy.target(required))
}

/// What one skill adds to a sum.
pub(crate) fn contribution(sum: Sum, gap: &crate::gap::SkillGap) -> u64 {
    match sum {
        Sum::Credit => u64::from(gap.credit()),
        Sum::Product => {
            u64::from(gap.held.unwrap_or(0)) * u64::from(gap.weight) * u64::from(gap.required)
        }
    }
}

/// The score from an exact sum.
#[expect(clippy::cast_precision_loss, reason = "sums beyond 2⁵³ are rounded once")]
#[expect(clippy::cast_possible_truncation, reason = "rounded once, as documented")]
pub(crate) fn finish(strategy: &dyn Strategy, sum: u64, person: f64, target: f64) -> f32 {
    strategy.finish(sum as f64, person, target) as f32
}

/// The `k` best targets for each person.
///
/// Best first; equal scores by the lower target position. A target that shares no skill with a
/// person is not a result, unless the strategy [ranks it](Strategy::ranks_unshared).
///
/// # Errors
///
/// [`Error::AxisMismatch`], [`Error::Argument`] when `k` is 0, [`Error::Memory`] when people × k × 8
/// bytes pass the limit, [`Error::Cancelled`].
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use passerelle::rank::{Coverage, targets_for_people};
/// use passerelle::{Held, LevelScale, Necessity, Required, Requirement, Run, SkillAxis};
///
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", LevelScale::held(), ["weld", "read"])?);
/// let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// let mut targets = Required::builder(&axis);
/// targets.require("reader", "read", one)?;
/// targets.require("welder", "weld", one)?;
/// targets.require("welder", "read", one)?;
/// let mut people = Held::builder(&axis);
/// people.hold("p1", "weld", 1)?;
///
/// let ranking =
///     targets_for_people(&people.build()?, &targets.build()?, 5, &Coverage, &Run::new())?;
/// let best: Vec<_> = ranking.row(0).collect();
/// assert_eq!(best.len(), 1, "`reader` shares no skill");
/// assert_eq!((&ranking.columns()[best[0].position], best[0].score), ("welder", 0.5));
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn targets_for_people(
    held: &Held,
    required: &Required,
    k: usize,
    strategy: &dyn Strategy,
    run: &Run,
) -> Result<Ranking> {
    let scorer = Scorer::of(held, required, strategy)?;
    let mut ranking =
        Ranking::empty(Ranked::TargetsForPeople, held.people(), required.targets(), k, run)?;
    let count = run.count("people", held.len() as u64);
    let rows = ranking.as_rows(k);
    run.install(|| {
        rows.into_par_iter().enumerate().try_for_each_init(
            || (scorer.scratch(), Best::new(k)),
            |(sums, best), (person, (positions, scores))| {
                scorer.each(person, sums, &count, |target, score| {
                    best.offer(Candidate { score, position: target });
                })?;
                best.drain_into(positions, scores);
                Ok(())
            },
        )
    })?;
    Ok(ranking)
}

/// People whose scores are merged at a time when people are ranked for targets.
const PEOPLE_A_PIECE: usize = 4096;

/// The `k` best people for each target.
///
/// Best first; equal scores by the lower person position. A person who shares no skill with a
/// target is not a result, unless the strategy [ranks it](Strategy::ranks_unshared).
///
/// # Errors
///
/// As [`targets_for_people`], for targets × k × 8 bytes times the pieces under way.
pub fn people_for_targets(
    held: &Held,
    required: &Required,
    k: usize,
    strategy: &dyn Strategy,
    run: &Run,
) -> Result<Ranking> {
    let scorer = Scorer::of(held, required, strategy)?;
    let mut ranking =
        Ranking::empty(Ranked::PeopleForTargets, required.targets(), held.people(), k, run)?;
    let count = run.count("people", held.len() as u64);
    let none = || vec![Best::new(k); required.len()];
    let pieces = held.len().div_ceil(PEOPLE_A_PIECE);
    let mut best = run.install(|| {
        (0..pieces)
            .into_par_iter()
            .try_fold(none, |mut best, piece| {
                let mut sums = scorer.scratch();
                let people = piece * PEOPLE_A_PIECE..held.len().min((piece + 1) * PEOPLE_A_PIECE);
                for person in people {
                    let position = index(person);
                    scorer.each(person, &mut sums, &count, |target, score| {
                        best[target as usize].offer(Candidate { score, position });
                    })?;
                }
                Ok(best)
            })
            .try_reduce(none, |mut best, other| {
                for (best, other) in best.iter_mut().zip(other) {
                    best.merge(other);
                }
                Ok(best)
            })
    })?;
    for (best, (positions, scores)) in best.iter_mut().zip(ranking.as_rows(k)) {
        best.drain_into(positions, scores);
    }
    Ok(ranking)
}

/// Positions are below 2³¹: the id tables hold no more.
#[expect(clippy::cast_possible_truncation)]
fn index(at: usize) -> u32 {
    at as u32
}

impl Ranking {
    /// A ranking without results, in memory that is allowed.
    fn empty(
        ranked: Ranked,
        rows: &Arc<Ids>,
        columns: &Arc<Ids>,
        k: usize,
        run: &Run,
    ) -> Result<Self> {
        if k == 0 {
            return Err(Error::argument("k", 0, "at least 1"));
        }
        let needed = (rows.len() as u128 * k as u128).saturating_mul(8);
        run.memory().check(
            &format!("a ranking of {} × {k}", rows.len()),
            u64::try_from(needed).unwrap_or(u64::MAX),
            "ask for a smaller k, rank fewer rows at a time, or raise the memory limit",
        )?;
        Ok(Self {
            ranked,
            rows: Arc::clone(rows),
            columns: Arc::clone(columns),
            positions: Array2::from_elem((rows.len(), k), -1),
            scores: Array2::zeros((rows.len(), k)),
        })
    }

    /// The arrays row by row.
    fn as_rows(&mut self, k: usize) -> Vec<(&mut [i32], &mut [f32])> {
        let positions = self.positions.as_slice_mut().unwrap_or_default();
        let scores = self.scores.as_slice_mut().unwrap_or_default();
        positions.chunks_mut(k).zip(scores.chunks_mut(k)).collect()
    }
}

/// Scores of one person against every target.
struct Scorer<'a> {
    held: &'a Held,
    strategy: &'a dyn Strategy,
    term: Term,
    postings: Postings,
    targets: Vec<f64>,
}

impl<'a> Scorer<'a> {
    fn of(held: &'a Held, required: &Required, strategy: &'a dyn Strategy) -> Result<Self> {
        required.axis().check_same(held.axis())?;
        let constant = |target| strategy.target(required.row(target));
        Ok(Self {
            held,
            strategy,
            term: match strategy.sum() {
                Sum::Credit => Term::Credit,
                Sum::Product => Term::Product,
            },
            postings: Postings::of(required, |_| true),
            targets: (0u32..).take(required.len()).map(constant).collect(),
        })
    }

    fn scratch(&self) -> Vec<u64> {
        vec![0; self.targets.len()]
    }

    fn each(
        &self,
        person: usize,
        sums: &mut [u64],
        count: &Count<'_>,
        mut offer: impl FnMut(u32, f32),
    ) -> Result<()> {
        count.go_on()?;
        let row = self.held.row(index(person));
        let constant = self.strategy.person(row);
        sums.fill(0);
        self.postings.add(row, self.term, sums);
        let unshared = self.strategy.ranks_unshared();
        for ((target, &sum), &of_target) in (0u32..).zip(&*sums).zip(&self.targets) {
            if sum > 0 || unshared {
                offer(target, finish(self.strategy, sum, constant, of_target));
            }
        }
        count.add(1);
        Ok(())
    }
}
