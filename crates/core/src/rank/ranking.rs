//! The k best of each row, both ways.

use std::sync::Arc;

use ndarray::Array2;
use rayon::prelude::*;

use super::ranker::{self, Asking, Part, Turned};
use super::real::Pairs;
use super::seen::{SeenHeld, SeenRequired};
use super::strategy::{Strategy, Sum};
use super::task::{Sums, Task};
use crate::error::{Error, Result};
use crate::gap::{Standing, skill_gaps};
use crate::kernel::{Asker, Term};
use crate::matrix::{Held, HeldRow, Required, RequiredRow, Requirement, Rows, check_length};
use crate::run::Run;
use crate::text::Ids;

/// The k best of each row: targets for people, or people for targets.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranking {
    ranked: Ranked,
    pub(super) scoring: Scoring,
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

impl Ranked {
    /// `k`, or how many there are to rank where that is fewer: for callers who write the results that
    /// there are, and need no room for others.
    ///
    /// # Example
    ///
    /// ```
    /// use std::sync::Arc;
    /// use passerelle::rank::Ranked;
    /// use passerelle::{Held, LevelScale, Required, SkillAxis};
    ///
    /// let scale = LevelScale::new("steps", 4)?;
    /// let axis = Arc::new(SkillAxis::from_ids("demo", "1", scale, ["weld"])?);
    /// let mut held = Held::builder(&axis);
    /// held.hold("p1", "weld", 2)?;
    /// let (held, required) = (held.build()?, Required::builder(&axis).build()?);
    /// assert_eq!(Ranked::PeopleForTargets.at_most(10, &held, &required), 1);
    /// # Ok::<(), passerelle::Error>(())
    /// ```
    pub fn at_most(self, k: usize, held: &Held, required: &Required) -> usize {
        let there = match self {
            Self::TargetsForPeople => required.len(),
            Self::PeopleForTargets => held.len(),
        };
        k.min(there.max(1))
    }
}

/// How many pairs a ranking scored. The results are the same either way; the time is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scoring {
    /// Those that could still be results, as bounds say.
    Bounded,
    /// Every pair: the strategy does not say what a score [needs](Strategy::reach), or is a
    /// [`Scorer`](super::Scorer), or its sums are real.
    Every,
}

impl Scoring {
    /// How rankings by a strategy score.
    pub fn of<S: Strategy + ?Sized>(strategy: &S) -> Self {
        let bounded = strategy.sum() != Sum::Real && strategy.reach(1.0, 1.0, 1.0).is_some();
        if bounded { Self::Bounded } else { Self::Every }
    }
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

    /// Whether bounds skipped what could not be a result, or every pair was scored.
    pub fn scoring(&self) -> Scoring {
        self.scoring
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
    /// are never part of the score. O(results × entries of both rows), in parallel.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] when the ranking is not one of these matrices, [`Error::Cancelled`].
    pub fn standings(
        &self,
        held: &Held,
        required: &Required,
        run: &Run,
    ) -> Result<Vec<Vec<Standing>>> {
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
        // Observed as a part of the ranking, or not at all.
        let run = run.unobserved();
        let count = run.count("rows", self.rows.len() as u64);
        let row = |at| {
            count.go_on()?;
            Ok(self.row(at).map(|result| standing(index(at), result)).collect())
        };
        run.install(|| (0..self.rows.len()).into_par_iter().map(row).collect())
    }
}

/// The score of one pair, as every ranking gives it. O(entries of both rows).
pub fn score<S: Strategy + ?Sized>(
    held: HeldRow<'_>,
    required: RequiredRow<'_>,
    strategy: &S,
) -> f32 {
    let target = strategy.target(required);
    let sum = skill_gaps(held, required).map(|gap| contribution(strategy, &gap, target)).sum();
    finish_real(strategy, sum, strategy.person(held), target)
}

/// What one skill adds to a sum. Whole numbers below 2⁴⁸ where the sum is exact, so that their sum
/// in f64 is too: a total has 32 bits and a level 16.
#[expect(clippy::cast_precision_loss, reason = "below 2⁴⁸, as above")]
pub(crate) fn contribution<S: Strategy + ?Sized>(
    strategy: &S,
    gap: &crate::gap::SkillGap,
    target: f64,
) -> f64 {
    let requirement =
        Requirement { level: gap.required, weight: gap.weight, necessity: gap.necessity };
    let held = gap.held.unwrap_or(0);
    let term = match strategy.sum() {
        Sum::Credit => Term::Credit,
        Sum::Product => Term::Product,
        Sum::Real => return strategy.part(gap.skill, held, requirement, target),
    };
    let view = strategy.view();
    view.required(requirement).map_or(0.0, |seen| term.part(seen, view.held(held)) as f64)
}

/// The score from an exact sum; −0 counts as 0, so that equal scores are the same bits.
#[expect(clippy::cast_precision_loss, reason = "sums beyond 2⁵³ are rounded once")]
#[inline(always)]
pub(crate) fn finish<S: Strategy + ?Sized>(
    strategy: &S,
    sum: u64,
    person: f64,
    target: f64,
) -> f32 {
    finish_real(strategy, sum as f64, person, target)
}

/// The score from a sum.
#[expect(clippy::cast_possible_truncation, reason = "rounded once, as documented")]
#[inline(always)]
pub(crate) fn finish_real<S: Strategy + ?Sized>(
    strategy: &S,
    sum: f64,
    person: f64,
    target: f64,
) -> f32 {
    strategy.finish(sum, person, target) as f32 + 0.0
}

/// The `k` best targets for each person.
///
/// Best first; equal scores by the lower target position. A target that shares no skill with a
/// person, of those that the strategy [looks at](Strategy::view), is not a result, unless the strategy
/// [ranks it](Strategy::ranks_unshared).
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
pub fn targets_for_people<S: Strategy + ?Sized>(
    held: &Held,
    required: &Required,
    k: usize,
    strategy: &S,
    run: &Run,
) -> Result<Ranking> {
    required.axis().check_same(held.axis())?;
    let mut ranking =
        Ranking::empty(Ranked::TargetsForPeople, held.people(), required.targets(), k, run)?;
    ranking.scoring = Scoring::of(strategy);
    fill_targets(held, required, strategy, ranking.asking(held.rows(), k), run)?;
    Ok(ranking)
}

/// The same into the caller's buffers: people × k positions and scores, by rows, as
/// [`Ranking::positions`] and [`Ranking::scores`] have them, bit for bit.
///
/// # Errors
///
/// [`Error::AxisMismatch`], [`Error::Argument`] when `k` is 0, [`Error::ArrayLength`] for a buffer of
/// another length: nothing is written then. [`Error::Cancelled`], after which the buffers are written
/// in part.
pub fn targets_for_people_into<S: Strategy + ?Sized>(
    held: &Held,
    required: &Required,
    k: usize,
    strategy: &S,
    (positions, scores): (&mut [i32], &mut [f32]),
    run: &Run,
) -> Result<()> {
    required.axis().check_same(held.axis())?;
    let asking = Asking::into(held.rows(), k, positions, scores)?;
    fill_targets(held, required, strategy, asking, run)
}

fn fill_targets<S: Strategy + ?Sized>(
    held: &Held,
    required: &Required,
    strategy: &S,
    asking: Asking<'_>,
    run: &Run,
) -> Result<()> {
    let count = run.count("people", held.len() as u64);
    count.go_on()?;
    if strategy.sum() == Sum::Real {
        let asker = Asker::Person;
        let pairs = Pairs { asker, held, required, asking, count: &count };
        return run.install(|| strategy.carry_out(Task(Sums::Real(pairs))));
    }
    let (people, targets) = (SeenHeld::of(held, strategy), SeenRequired::of(required, strategy));
    let asking = Asking { rows: people.rows(), ..asking };
    run.install(|| {
        let constant = |target| strategy.target(required.row(target));
        let (index, constants) = ranker::turned(targets.rows(), constant, run)?;
        strategy.carry_out(Task(Sums::Exact(Turned {
            asker: Asker::Person,
            parts: vec![Part::new(&index, &constants)],
            lanes: run.width(),
            asking,
            own: &|person| strategy.person(held.row(person)),
            count: &count,
        })))
    })
}

/// The `k` best people for each target.
///
/// Best first; equal scores by the lower person position. A person who shares no skill with a
/// target, of those that the strategy [looks at](Strategy::view), is not a result, unless the strategy
/// [ranks it](Strategy::ranks_unshared).
///
/// The people are indexed for it, which takes about as much memory again as `held`: where that is
/// too much, rank [some people](Held::select) at a time.
///
/// # Errors
///
/// As [`targets_for_people`], for targets × k × 8 bytes.
pub fn people_for_targets<S: Strategy + ?Sized>(
    held: &Held,
    required: &Required,
    k: usize,
    strategy: &S,
    run: &Run,
) -> Result<Ranking> {
    required.axis().check_same(held.axis())?;
    let mut ranking =
        Ranking::empty(Ranked::PeopleForTargets, required.targets(), held.people(), k, run)?;
    ranking.scoring = Scoring::of(strategy);
    fill_people(held, required, strategy, ranking.asking(required.rows(), k), run)?;
    Ok(ranking)
}

/// The same into the caller's buffers: targets × k positions and scores, by rows.
///
/// # Errors
///
/// As [`targets_for_people_into`].
pub fn people_for_targets_into<S: Strategy + ?Sized>(
    held: &Held,
    required: &Required,
    k: usize,
    strategy: &S,
    (positions, scores): (&mut [i32], &mut [f32]),
    run: &Run,
) -> Result<()> {
    required.axis().check_same(held.axis())?;
    let asking = Asking::into(required.rows(), k, positions, scores)?;
    fill_people(held, required, strategy, asking, run)
}

fn fill_people<S: Strategy + ?Sized>(
    held: &Held,
    required: &Required,
    strategy: &S,
    asking: Asking<'_>,
    run: &Run,
) -> Result<()> {
    let count = run.count("targets", required.len() as u64);
    count.go_on()?;
    if strategy.sum() == Sum::Real {
        let asker = Asker::Target;
        let pairs = Pairs { asker, held, required, asking, count: &count };
        return run.install(|| strategy.carry_out(Task(Sums::Real(pairs))));
    }
    let (people, targets) = (SeenHeld::of(held, strategy), SeenRequired::of(required, strategy));
    let asking = Asking { rows: targets.rows(), ..asking };
    run.install(|| {
        let constant = |person| strategy.person(held.row(person));
        let (index, constants) = ranker::turned(people.rows(), constant, run)?;
        strategy.carry_out(Task(Sums::Exact(Turned {
            asker: Asker::Target,
            parts: vec![Part::new(&index, &constants)],
            lanes: run.width(),
            asking,
            own: &|target| strategy.target(required.row(target)),
            count: &count,
        })))
    })
}

/// Positions are below 2³¹: the id tables hold no more.
#[expect(clippy::cast_possible_truncation)]
fn index(at: usize) -> u32 {
    at as u32
}

impl<'a> Asking<'a> {
    /// Asks for the `k` best of each of `rows` into buffers that the caller gives.
    pub(super) fn into(
        rows: Rows<'a>,
        k: usize,
        positions: &'a mut [i32],
        scores: &'a mut [f32],
    ) -> Result<Self> {
        if k == 0 {
            return Err(Error::argument("k", 0, "at least 1"));
        }
        let cells = rows.len().saturating_mul(k);
        check_length("positions", positions.len(), cells)?;
        check_length("scores", scores.len(), cells)?;
        positions.fill(-1);
        scores.fill(0.0);
        Ok(Self { rows, k, positions, scores })
    }
}

impl Ranking {
    /// A ranking without results, in memory that is allowed.
    pub(super) fn empty(
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
            scoring: Scoring::Every,
            rows: Arc::clone(rows),
            columns: Arc::clone(columns),
            positions: Array2::from_elem((rows.len(), k), -1),
            scores: Array2::zeros((rows.len(), k)),
        })
    }

    /// The rows that ask, with the arrays to fill.
    pub(super) fn asking<'a>(&'a mut self, rows: Rows<'a>, k: usize) -> Asking<'a> {
        let positions = self.positions.as_slice_mut().unwrap_or_default();
        let scores = self.scores.as_slice_mut().unwrap_or_default();
        Asking { rows, k, positions, scores }
    }
}
