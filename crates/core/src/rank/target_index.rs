//! Targets made ready once and ranked for many batches of people, while targets come and go.

use std::sync::Arc;

use super::ranker::{Asking, Part, Turned, turned};
use super::ranking::{Ranked, Ranking, Scoring};
use super::seen::{SeenHeld, SeenRequired};
use super::strategy::{Strategy, Sum};
use super::task::{Sums, Task};
use crate::error::{Error, Result};
use crate::kernel::{Asker, GONE, Index, Loose};
use crate::matrix::{Held, Required, Rows, check_positions};
use crate::run::Run;
use crate::skill::SkillAxis;
use crate::text::{Ids, Texts};

/// Targets, ready to be ranked by a strategy: built once, used for many batches of people, changed
/// as targets come and go.
///
/// It ranks as [`targets_for_people`](super::targets_for_people) does over the same targets in the
/// same order, to the last bit, without turning them round each time. Worth it where the targets are
/// many beside the people of one call; for one great batch there is nothing to gain.
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use passerelle::rank::{Coverage, TargetIndex};
/// use passerelle::{Held, LevelScale, Necessity, Required, Requirement, Run, SkillAxis};
///
/// let run = Run::new();
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", LevelScale::held(), ["weld", "read"])?);
/// let needs = |needs: &[(&str, &str)]| {
///     let mut required = Required::builder(&axis);
///     for (need, skill) in needs {
///         let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
///         required.require(need, skill, one)?;
///     }
///     required.build()
/// };
/// let mut people = Held::builder(&axis);
/// people.hold("p1", "weld", 1)?;
/// let people = people.build()?;
///
/// let morning = needs(&[("welder", "weld"), ("welder", "read"), ("reader", "read")])?;
/// let mut index = TargetIndex::new(&morning, Box::new(Coverage), &run)?;
/// index.add(&needs(&[("tacker", "weld")])?, &run)?;
/// let ranking = index.rank(&people, 2, &run)?;
/// let best: Vec<_> = ranking.row(0).map(|best| &ranking.columns()[best.position]).collect();
/// assert_eq!(best, ["tacker", "welder"]);
///
/// index.remove(&[0], &run)?; // the welder's place is taken
/// assert_eq!(index.targets().iter().collect::<Vec<_>>(), ["reader", "tacker"]);
/// assert_eq!(index.rank(&people, 2, &run)?.row(0).count(), 1);
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Debug)]
pub struct TargetIndex<S: ?Sized> {
    axis: Arc<SkillAxis>,
    targets: Arc<Ids>,
    /// Each more than twice as large as the next, but for small ones and what was lost.
    stocks: Vec<Stock>,
    strategy: Box<S>,
}

/// Some of the targets, turned round in the order of their constants. Rows that are taken out of it
/// stay, add nothing, and have no position.
#[derive(Debug)]
struct Stock {
    index: Index,
    constants: Vec<f64>,
}

/// Targets below which a stock is rather put together with what comes than asked beside it.
const SMALL: usize = 512;

impl Stock {
    fn len(&self) -> usize {
        self.index.len() - self.index.gone()
    }

    fn is_worn(&self) -> bool {
        self.index.gone() > self.len()
    }
}

impl<S: Strategy + ?Sized> TargetIndex<S> {
    /// Turns `targets` round for `strategy`. O(requirements).
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a strategy whose [sum](Sum) is of real numbers, [`Error::Cancelled`].
    pub fn new(targets: &Required, strategy: Box<S>, run: &Run) -> Result<Self> {
        if strategy.sum() == Sum::Real {
            let expected = "one that sums whole numbers: others are ranked by `targets_for_people`";
            return Err(Error::argument("strategy", format!("`{}`", strategy.name()), expected));
        }
        let axis = Arc::clone(targets.axis());
        let mut index = Self { axis, targets: Arc::default(), stocks: Vec::new(), strategy };
        index.add(targets, run)?;
        Ok(index)
    }

    /// The targets' ids, by position.
    pub fn targets(&self) -> &Arc<Ids> {
        &self.targets
    }

    /// The strategy that ranks.
    pub fn strategy(&self) -> &S {
        &self.strategy
    }

    /// Bytes that are kept beside the ids.
    pub fn bytes(&self) -> usize {
        let stock = |stock: &Stock| stock.index.bytes() + size_of_val(&*stock.constants);
        self.stocks.iter().map(stock).sum()
    }

    /// Adds targets after the last one.
    ///
    /// They are turned round beside those there are, with as many of the latest as they are half of,
    /// or 512: adding targets one by one takes O(log targets) times what adding them at once does.
    /// Beside that, O(targets) for the ids.
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`], [`Error::Duplicate`] for an id that is there, [`Error::TooMany`] past
    /// 2³¹ − 1 targets, [`Error::Cancelled`]: nothing is changed then.
    pub fn add(&mut self, targets: &Required, run: &Run) -> Result<()> {
        self.axis.check_same(targets.axis())?;
        let mut ids = Ids::clone(&self.targets);
        let mut positions = Vec::with_capacity(targets.len());
        for id in targets.targets().iter() {
            let (position, new) = ids.insert(id)?;
            if !new {
                return Err(Error::Duplicate { what: "target", id: id.to_owned() });
            }
            positions.push(position);
        }
        let constant = |target| self.strategy.target(targets.row(target));
        let constants = (0u32..).take(targets.len()).map(constant).collect();
        let seen = SeenRequired::of(targets, &*self.strategy);
        run.install(|| Stocks(&mut self.stocks).add(seen.rows(), positions, constants, run))?;
        self.targets = Arc::new(ids);
        Ok(())
    }

    /// Removes the targets at `positions`, which are in ascending order; those after them move up.
    ///
    /// O(targets), and one look at each requirement beside which one is removed, 16,384 targets at a
    /// time: nothing is turned round again but what has lost more than half of its targets.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for positions that do not ascend or are beyond the last target,
    /// [`Error::Cancelled`]: nothing is changed then. What is asked to stop once targets are gone
    /// leaves it to a later change to turn round what has lost more than half.
    pub fn remove(&mut self, positions: &[u32], run: &Run) -> Result<()> {
        check_positions(positions, self.targets.len())?;
        run.go_on()?;
        let mut texts = Texts::new();
        let mut gone = positions.iter().peekable();
        for (position, id) in (0u32..).zip(self.targets.iter()) {
            if gone.next_if_eq(&&position).is_none() {
                texts.push(id)?;
            }
        }
        self.targets = Arc::new(Ids::from_unique(texts));
        run.install(|| Stocks(&mut self.stocks).remove(positions, self.axis.len(), run))
    }

    /// The `k` best targets for each person, as
    /// [`targets_for_people`](super::targets_for_people) gives them.
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`], [`Error::Argument`] when `k` is 0, [`Error::Memory`] when people × k
    /// × 8 bytes pass the limit, [`Error::Cancelled`].
    pub fn rank(&self, held: &Held, k: usize, run: &Run) -> Result<Ranking> {
        self.axis.check_same(held.axis())?;
        let ranked = Ranked::TargetsForPeople;
        let mut ranking = Ranking::empty(ranked, held.people(), &self.targets, k, run)?;
        ranking.scoring = Scoring::of(&*self.strategy);
        self.fill(held, ranking.asking(held.rows(), k), run)?;
        Ok(ranking)
    }

    /// The same into the caller's buffers: people × k positions and scores, by rows.
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`], [`Error::Argument`] when `k` is 0, [`Error::ArrayLength`] for a
    /// buffer of another length: nothing is written then. [`Error::Cancelled`], after which the
    /// buffers are written in part.
    pub fn rank_into(
        &self,
        held: &Held,
        k: usize,
        (positions, scores): (&mut [i32], &mut [f32]),
        run: &Run,
    ) -> Result<()> {
        self.axis.check_same(held.axis())?;
        self.fill(held, Asking::into(held.rows(), k, positions, scores)?, run)
    }

    fn fill(&self, held: &Held, asking: Asking<'_>, run: &Run) -> Result<()> {
        let count = run.count("people", held.len() as u64);
        count.go_on()?;
        let strategy = &*self.strategy;
        let people = SeenHeld::of(held, strategy);
        let asking = Asking { rows: people.rows(), ..asking };
        let parts = self.stocks.iter().map(|stock| Part::new(&stock.index, &stock.constants));
        let turned = Turned {
            asker: Asker::Person,
            parts: parts.collect(),
            lanes: run.width(),
            asking,
            own: &|person| strategy.person(held.row(person)),
            count: &count,
        };
        run.install(|| strategy.carry_out(Task(Sums::Exact(turned))))
    }
}

/// The stocks of an index while they change.
struct Stocks<'a>(&'a mut Vec<Stock>);

impl Stocks<'_> {
    /// Turns `rows` round, with the stocks that are worn or hardly larger. The error says that it was
    /// stopped: nothing is changed then.
    fn add(
        &mut self,
        rows: Rows<'_>,
        mut positions: Vec<u32>,
        mut constants: Vec<f64>,
        run: &Run,
    ) -> Result<()> {
        let worn = self.0.iter().filter(|stock| stock.is_worn());
        let mut count = rows.len() + worn.map(Stock::len).sum::<usize>();
        let mut taken: Vec<bool> = self.0.iter().map(Stock::is_worn).collect();
        for (next, taken) in self.0.iter().zip(&mut taken).rev().filter(|(_, taken)| !**taken) {
            if next.len() > SMALL.max(2 * count) {
                break;
            }
            count += next.len();
            *taken = true;
        }
        let mut loose = Loose::new(rows.skill_count() as usize);
        let mut all = rows;
        if taken.contains(&true) {
            loose.extend(rows, run)?;
            let taken = self.0.iter().zip(&taken).filter(|(_, taken)| **taken);
            for (Stock { index, constants: own }, _) in taken {
                index.pour(&mut loose, run)?;
                let there = (0..index.len()).map(|place| (index.position(place), own[place]));
                for (position, constant) in there.filter(|&(position, _)| position != GONE) {
                    positions.push(position);
                    constants.push(constant);
                }
            }
            all = loose.rows();
        }
        let stock = if count == 0 {
            None
        } else {
            let (mut index, constants) = turned(all, |row| constants[row as usize], run)?;
            index.renumber(|row| Some(positions[row as usize]));
            Some(Stock { index, constants })
        };
        let mut taken = taken.into_iter();
        self.0.retain(|_| !taken.next().unwrap_or_default());
        if let Some(stock) = stock {
            let at = self.0.partition_point(|other| other.len() > count);
            self.0.insert(at, stock);
        }
        Ok(())
    }

    /// Takes the rows at `gone`, ascending, away.
    fn remove(&mut self, gone: &[u32], skill_count: usize, run: &Run) -> Result<()> {
        let new = |position| match gone.binary_search(&position) {
            Ok(_) => None,
            // At most as many come before as there are positions, in 32 bits.
            #[expect(clippy::cast_possible_truncation, reason = "as above")]
            Err(before) => Some(position - before as u32),
        };
        self.0.iter_mut().for_each(|stock| stock.index.renumber(new));
        if self.0.iter().any(Stock::is_worn) {
            let none = Loose::new(skill_count);
            match self.add(none.rows(), Vec::new(), Vec::new(), run) {
                // Worn stocks say what is asked of them as others do, only slower.
                Err(Error::Cancelled) => {}
                done => return done,
            }
        }
        Ok(())
    }
}
