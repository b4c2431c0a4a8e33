//! Small plans, proven optimal: every plan is looked at, but those that cannot be better.
//!
//! One learner after the other is given each of their pathways, or none. At the prices that prove a
//! bound, each pathway falls short of what is worth most to its learner by so much; where what has
//! been given falls short by more than lies between the bound and the best plan known, no plan that
//! goes on from there is better. Learners of one class are equals, and given pathways in order.

use super::classes::Class;
use super::column::{Column, column};
use super::market::Market;
use super::prices::{Prices, real};
use super::search::paid;
use super::seating::Seating;
use super::solve::whole;
use crate::hub::training::Offer;
use crate::hub::training::pathway::order::ordered;
use crate::hub::training::pathway::problem::Problem;

/// Learners beyond whom plans are not looked at one by one.
const MOST_LEARNERS: usize = 100;

/// Pathways, of all classes together, beyond which plans are not looked at one by one.
const MOST_PATHWAYS: usize = 4_000;

/// Sets of sessions that are looked at for pathways.
const MOST_SETS: usize = 40_000;

/// Pathways given to learners before plans prove to be too many.
const MOST_GIVEN: u64 = 1_000_000;

/// Makes a seating one of which it is proven that none closes more, and that none that closes as
/// much costs less; false where plans are too many to tell, or where entry is rolling: on which day
/// is then for everyone to choose.
pub(super) fn prove(offer: &Offer, seating: &mut Seating<'_>, prices: &Prices) -> bool {
    let (market, classes) = (seating.market, seating.classes);
    if seating.seats.len() > MOST_LEARNERS {
        return false;
    }
    let Some(pools) = pathways(offer, market, classes) else { return false };
    let mut search = Search::new(market, classes, &pools, prices, (seating.gain, seating.cents));
    search.give(0, 0, 0.0, (0, 0));
    let (best, finished) = (search.best, search.left > 0);
    if let Some(best) = best {
        let mut better = Seating::new(market, classes, pools);
        for (learner, column) in best {
            better.seat_as_priced(learner, column);
        }
        *seating = better;
    }
    finished
}

/// All pathways of each class, unless they are too many or entry is rolling.
fn pathways(offer: &Offer, market: &Market, classes: &[Class]) -> Option<Vec<Vec<Column>>> {
    let (mut sets, mut columns) = (MOST_SETS, MOST_PATHWAYS);
    let mut pools = Vec::with_capacity(classes.len());
    for class in classes {
        let dated = class.problem.choices.iter().all(|choice| {
            choice.session.is_some_and(|s| offer.sessions()[s as usize].dates.is_some())
        });
        let mut own = Vec::new();
        if !dated || !sets_of_sessions(&class.problem, 0, &mut Vec::new(), &mut own, &mut sets) {
            return None;
        }
        let mut pool = Vec::new();
        for chosen in own {
            let minutes = |&at: &usize| {
                let module = class.problem.modules[class.problem.choices[at].module];
                u64::from(offer.modules()[module as usize].minutes)
            };
            let minutes = chosen.iter().map(minutes).sum();
            for lots in payers(market, &class.problem, &chosen, minutes) {
                columns = columns.checked_sub(1)?;
                pool.push(column(class, chosen.clone(), lots, minutes));
            }
        }
        pools.push(pool);
    }
    Some(pools)
}

/// Adds every set of choices that one person can follow, of the modules from `at` on and those
/// chosen, each in its order; false where they are too many.
fn sets_of_sessions(
    problem: &Problem,
    at: usize,
    chosen: &mut Vec<usize>,
    sets: &mut Vec<Vec<usize>>,
    left: &mut usize,
) -> bool {
    if at == problem.modules.len() {
        let Some(less) = left.checked_sub(1) else { return false };
        *left = less;
        if !chosen.is_empty()
            && let Ok(order) = ordered(problem, chosen)
        {
            sets.push(order);
        }
        return true;
    }
    if !sets_of_sessions(problem, at + 1, chosen, sets, left) {
        return false;
    }
    for choice in problem.choices_of[at].clone() {
        if chosen.iter().any(|&other| problem.choices[other].excludes(&problem.choices[choice])) {
            continue;
        }
        chosen.push(choice);
        let all = sets_of_sessions(problem, at + 1, chosen, sets, left);
        chosen.pop();
        if !all {
            return false;
        }
    }
    true
}

/// The ways to pay for each of some choices, in a pathway of so many minutes.
fn payers(market: &Market, problem: &Problem, chosen: &[usize], minutes: u64) -> Vec<Vec<u32>> {
    let mut ways: Vec<Vec<u32>> = vec![Vec::new()];
    for &at in chosen {
        let session = problem.choices[at].session.unwrap_or_default();
        let of = market.lots_of[session as usize].clone();
        let pays: Vec<usize> = of.filter(|&lot| market.lots[lot].pays_for(minutes)).collect();
        let each = ways.iter().flat_map(|way| {
            pays.iter().map(|&lot| {
                #[expect(clippy::cast_possible_truncation, reason = "`Market::of` refuses more")]
                let lot = lot as u32;
                way.iter().copied().chain([lot]).collect()
            })
        });
        ways = each.take(MOST_PATHWAYS + 1).collect();
    }
    ways
}

/// A pathway that a learner may be given, or none.
struct Given {
    /// By how much it falls short of what is worth most.
    short: f64,
    /// Its position in the class' pool; `None`: no pathway.
    column: Option<usize>,
}

struct Search<'s> {
    market: &'s Market,
    classes: &'s [Class],
    pools: &'s [Vec<Column>],
    /// By class, what falls short by least first.
    given: Vec<Vec<Given>>,
    /// By place: the learner and their class, classes together.
    learners: Vec<(u32, usize)>,
    /// Whether something weighs less than nothing in a limit, by limit: it is known at the end
    /// alone whether it holds.
    may_fall: Vec<bool>,
    /// No plan closes more.
    bound: f64,
    used: Vec<i128>,
    heads: Vec<u32>,
    opened: Vec<Option<u32>>,
    /// By place, the position in `given`.
    at: Vec<usize>,
    /// What the best plan known closes and costs.
    value: (u64, u64),
    /// The best plan found: learners and their columns.
    best: Option<Vec<(u32, usize)>>,
    left: u64,
}

impl<'s> Search<'s> {
    fn new(
        market: &'s Market,
        classes: &'s [Class],
        pools: &'s [Vec<Column>],
        prices: &Prices,
        value: (u64, u64),
    ) -> Self {
        let mut bound = paid(market, prices);
        let mut given = Vec::with_capacity(classes.len());
        for (class, pool) in classes.iter().zip(pools) {
            let worth = |column: &Column| {
                let prices = column.lots.iter().map(|&lot| prices.of(market, lot, class.counted));
                real(column.gain) - prices.sum::<f64>()
            };
            let worths: Vec<f64> = pool.iter().map(worth).collect();
            let most = worths.iter().copied().fold(0.0, f64::max);
            bound += real(class.learners.len() as u64) * most;
            let some = worths.iter().enumerate();
            let some = some.map(|(at, worth)| Given { short: most - worth, column: Some(at) });
            let mut all: Vec<Given> =
                [Given { short: most, column: None }].into_iter().chain(some).collect();
            all.sort_by(|a, b| a.short.total_cmp(&b.short).then(a.column.cmp(&b.column)));
            given.push(all);
        }
        let numbered = classes.iter().enumerate();
        let learners: Vec<(u32, usize)> = numbered
            .flat_map(|(number, class)| class.learners.iter().map(move |&one| (one, number)))
            .collect();
        let mut may_fall = vec![false; market.limits.len()];
        for touch in market.lots.iter().flat_map(|lot| &lot.touches) {
            may_fall[touch.limit] |= touch.may_fall();
        }
        let sessions = market.capacity.len();
        Self {
            market,
            classes,
            pools,
            given,
            at: vec![0; learners.len()],
            learners,
            may_fall,
            bound,
            used: vec![0; market.limits.len()],
            heads: vec![0; sessions],
            opened: vec![None; sessions],
            value,
            best: None,
            left: MOST_GIVEN,
        }
    }

    /// Gives a pathway to each learner from a place on, of those not before `first` where they are
    /// equals of the one before; `short` and `value` are those of what was given.
    fn give(&mut self, place: usize, first: usize, short: f64, value: (u64, u64)) {
        let Some(&(_, class)) = self.learners.get(place) else {
            self.weigh(value);
            return;
        };
        for at in first..self.given[class].len() {
            let Given { short: more, column } = self.given[class][at];
            let most = whole(self.bound - short - more);
            if most < self.value.0 || self.left == 0 {
                return;
            }
            if most == self.value.0 && value.1 >= self.value.1 {
                continue;
            }
            self.left -= 1;
            self.at[place] = at;
            let next = self.learners.get(place + 1);
            let first = if next.is_some_and(|&(_, of)| of == class) { at } else { 0 };
            let Some(column) = column else {
                self.give(place + 1, first, short + more, value);
                continue;
            };
            let opened = self.opens(class, column);
            let (gain, cents) = self.put(class, column, &opened, 1);
            if self.fits(class, column, self.learners.len() - place - 1) {
                let value = (value.0 + gain, value.1 + cents);
                self.give(place + 1, first, short + more, value);
            }
            self.put(class, column, &opened, -1);
        }
    }

    /// The lots of a column whose sessions are not opened yet.
    fn opens(&self, class: usize, column: usize) -> Vec<u32> {
        let lots = self.pools[class][column].lots.iter().copied();
        let shut = |lot: &u32| {
            let session = self.market.lots[*lot as usize].session as usize;
            self.market.collective[session] && self.opened[session].is_none()
        };
        lots.filter(shut).collect()
    }

    /// Gives a column to someone of a class, or takes it back; what it closes and costs.
    fn put(&mut self, class: usize, column: usize, opened: &[u32], sign: i128) -> (u64, u64) {
        let column = &self.pools[class][column];
        let mut cents = 0;
        for &number in &column.lots {
            let lot = &self.market.lots[number as usize];
            let opens = opened.contains(&number);
            for touch in &lot.touches {
                let opening = if opens { touch.opening(lot) } else { 0 };
                let entry = touch.entry(lot, self.classes[class].counted);
                self.used[touch.limit] += sign * i128::from(opening + entry);
            }
            cents += lot.seat + if opens { lot.fixed } else { 0 };
            let session = lot.session as usize;
            if sign > 0 {
                self.heads[session] += 1;
            } else {
                self.heads[session] -= 1;
            }
            if opens {
                self.opened[session] = (sign > 0).then_some(number);
            }
        }
        (column.gain, cents)
    }

    /// Whether what was given may still become a plan, with a column just put and so many learners
    /// to come.
    fn fits(&self, class: usize, column: usize, coming: usize) -> bool {
        let holds = |&number: &u32| {
            let lot = &self.market.lots[number as usize];
            let session = lot.session as usize;
            let heads = self.heads[session];
            let payer = !self.market.collective[session] || self.opened[session] == Some(number);
            let enough = heads as usize + coming >= self.market.minimum[session] as usize;
            let within = lot.touches.iter().all(|t| self.may_fall[t.limit] || self.holds(t.limit));
            payer && heads <= self.market.capacity[session] && enough && within
        };
        self.pools[class][column].lots.iter().all(holds)
    }

    fn holds(&self, limit: usize) -> bool {
        self.used[limit] <= self.market.limits[limit].bound.into()
    }

    /// Keeps a plan that is better than the best, where every limit and minimum holds.
    fn weigh(&mut self, value: (u64, u64)) {
        let better = value.0 > self.value.0 || value.0 == self.value.0 && value.1 < self.value.1;
        let filled = |session: usize| {
            self.opened[session].is_none() || self.heads[session] >= self.market.minimum[session]
        };
        if better
            && (0..self.used.len()).all(|limit| self.holds(limit))
            && (0..self.heads.len()).all(filled)
        {
            self.value = value;
            let given = self.learners.iter().zip(&self.at);
            let given = given.filter_map(|(&(learner, class), &at)| {
                Some((learner, self.given[class][at].column?))
            });
            self.best = Some(given.collect());
        }
    }
}
