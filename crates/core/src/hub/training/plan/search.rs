//! From prices to pathways to sessions to people.

use rayon::prelude::*;

use super::balance::{Balance, Trail};
use super::classes::Class;
use super::column::{Column, offered};
use super::decide::{Patience, decide};
use super::dive::dive;
use super::improve::improve;
use super::market::Market;
use super::minimum::{fill_or_close, keep_limits};
use super::prices::{Prices, real, signed};
use super::room::Room;
use super::seating::Seating;
use crate::error::Result;
use crate::hub::training::Offer;
use crate::run::Count;

/// What prices prove.
#[derive(Clone, Debug)]
pub(super) struct Proof {
    pub prices: Prices,
    /// No plan closes more, over all pathways: at these prices.
    pub all: f64,
    /// The prices of the last round.
    pub last: Prices,
}

impl Proof {
    /// No plan over these pathways of each class, from two pools, closes more.
    pub(super) fn considered(
        &self,
        market: &Market,
        classes: &[Class],
        pools: [&[Vec<Column>]; 2],
    ) -> f64 {
        let at = |prices: &Prices| {
            let worth = classes.iter().enumerate().map(|(number, class)| {
                let columns = pools.iter().flat_map(|pools| &pools[number]);
                let worth = columns.map(|column| worth(market, class, column, prices));
                real(class.learners.len() as u64) * worth.fold(0.0, f64::max)
            });
            paid(market, prices) + worth.sum::<f64>()
        };
        at(&self.prices).min(at(&self.last)).min(self.all)
    }
}

/// What a pathway is worth to someone of a class at prices, whoever of those who may pays.
fn worth(market: &Market, class: &Class, column: &Column, prices: &Prices) -> f64 {
    let price = |&choice: &usize| {
        let session = class.problem.choices[choice].session.unwrap_or_default();
        let cheapest = prices.cheapest(market, session, class.counted, Some(column.minutes));
        cheapest.map_or(f64::INFINITY, |(_, price)| price)
    };
    real(column.gain) - column.choices.iter().map(price).sum::<f64>()
}

/// Epochs of balancing before each round of offers: while pathways are few, prices need not be
/// exact, so fewer in the first rounds than when the bound is near, and most in the last.
const EPOCHS: usize = 4;
const LATE_EPOCHS: usize = 16;
const LAST_EPOCHS: usize = 60;

/// How far the bound may be above what no plan over the pathways known passes, as a share of it,
/// to be near, and near enough to end.
const NEAR: f64 = 0.05;
const ENOUGH: f64 = 0.002;

/// Pathways of a class that are looked at again when sessions are decided, beside those followed.
const KEPT: usize = 16;

/// Rounds after which pathways that are worth too little are put aside.
const TIDY: u32 = 4;

/// First offers at tastes that differ from class to class, so that not all want the same seats.
const UNLIKE: u32 = 12;

/// Where a balance is good enough.
pub(super) const ERROR: f64 = 2e-4;

/// How long to look for the sessions to open.
const PATIENCE: Patience = Patience { sharing: 12, deciding: 8, epochs: 8 };

/// Rounds, of prices aside, that a plan takes.
pub(super) const MORE_ROUNDS: u64 =
    (PATIENCE.sharing + PATIENCE.deciding + super::dive::DIVES) as u64;

pub(super) struct Searcher<'m> {
    pub offer: &'m Offer,
    pub market: &'m Market,
    pub classes: &'m [Class],
    pub pools: Vec<Vec<Column>>,
    /// Pathways that were considered, and are worth too little to be looked at again.
    pub aside: Vec<Vec<Column>>,
}

/// Offers every class with people left the pathway worth most at prices, if it is worth more than
/// those known; returns how many are new, and what the prices prove over all pathways where everyone
/// is left.
pub(super) fn offer_at(
    (offer, market, classes): (&Offer, &Market, &[Class]),
    pools: &mut [Vec<Column>],
    prices: &Prices,
    unlike: u32,
    left: impl Fn(usize) -> bool + Sync,
    count: &Count<'_>,
) -> Result<(usize, f64)> {
    let offers = classes
        .par_iter()
        .enumerate()
        .map(|(number, class)| {
            count.go_on()?;
            let taste = |session: u32| taste(class, number, session, unlike);
            Ok(left(number).then(|| {
                let known = pools[number].iter().map(|column| worth(market, class, column, prices));
                // At tastes of their own, what is known counts for nothing.
                let known = if unlike == 0 { known.fold(0.0, f64::max) } else { 0.0 };
                offered((offer, market, class), prices, &taste, known)
            }))
        })
        .collect::<Result<Vec<_>>>()?;
    let mut new = 0;
    let mut bound = paid(market, prices);
    for ((offered, class), pool) in offers.into_iter().zip(classes).zip(pools) {
        let Some(offered) = offered else { continue };
        bound += real(class.learners.len() as u64) * offered.bound;
        let Some(column) = offered.column else { continue };
        if !pool.contains(&column) {
            pool.push(column);
            new += 1;
        }
    }
    Ok((new, bound))
}

impl<'m> Searcher<'m> {
    pub(super) fn new(offer: &'m Offer, market: &'m Market, classes: &'m [Class]) -> Self {
        let none = vec![Vec::new(); classes.len()];
        Self { offer, market, classes, pools: none.clone(), aside: none }
    }

    fn offer_at(
        &mut self,
        prices: &Prices,
        unlike: u32,
        count: &Count<'_>,
    ) -> Result<(usize, f64)> {
        let given = (self.offer, self.market, self.classes);
        offer_at(given, &mut self.pools, prices, unlike, |_| true, count)
    }

    fn balance(&self, prices: &Prices, trail: &Trail) -> Balance {
        let room = Room::whole(self.market, self.classes);
        Balance::new(self.market, self.classes, &self.pools, prices, room, trail)
    }

    /// Finds prices and pathways in rounds, and the least bound on the way.
    ///
    /// Pathways are offered half way between the prices that prove the least bound so far and those
    /// that the pathways known ask for: the latter jump about while pathways are few. After
    /// P. Wentges, *Weighted Dantzig–Wolfe decomposition for linear mixed-integer programming*
    /// (1997). The rounds end where the bound is near what no plan over the pathways known passes.
    pub(super) fn price(&mut self, rounds: u32, count: &Count<'_>) -> Result<(Proof, Trail)> {
        let mut prices = Prices::none(self.market);
        let (_, all) = self.offer_at(&prices, 0, count)?;
        for unlike in 1..=UNLIKE {
            self.offer_at(&prices, unlike, count)?;
        }
        let mut proof = Proof { prices: prices.clone(), all, last: prices.clone() };
        let mut trail = Trail::default();
        let mut distance = f64::INFINITY;
        for round in 1..=rounds {
            count.go_on()?;
            let last = round == rounds || distance < ENOUGH;
            let mut balance = self.balance(&prices, &trail);
            let epochs = match distance {
                _ if last => LAST_EPOCHS,
                distance if distance < NEAR => LATE_EPOCHS,
                _ => EPOCHS,
            };
            let known = balance.settle(epochs, ERROR);
            balance.put_prices(&mut prices);
            trail = balance.trail();
            let mut new = 0;
            if !last {
                new = self.offer_and_prove(prices.between(&proof.prices), &mut proof, count)?;
            }
            if new == 0 {
                new = self.offer_and_prove(prices.clone(), &mut proof, count)?;
            }
            count.add(1);
            if last {
                break;
            }
            distance = if new == 0 { 0.0 } else { (proof.all - known) / proof.all };
            if round % TIDY == 0 {
                self.keep_best(&prices, &mut trail);
            }
        }
        proof.last = prices;
        Ok((proof, trail))
    }

    /// Offers pathways at prices, which prove what follows if they prove more; how many are new.
    fn offer_and_prove(
        &mut self,
        prices: Prices,
        proof: &mut Proof,
        count: &Count<'_>,
    ) -> Result<usize> {
        let (new, all) = self.offer_at(&prices, 0, count)?;
        if all < proof.all {
            (proof.prices, proof.all) = (prices, all);
        }
        Ok(new)
    }

    /// Keeps the pathways of each class that people follow, and of the others those worth most at
    /// prices; puts the rest aside.
    fn keep_best(&mut self, prices: &Prices, trail: &mut Trail) {
        let (market, classes) = (self.market, self.classes);
        let pools = self.pools.par_iter_mut().zip(&mut self.aside).zip(&mut trail.shares);
        pools.enumerate().for_each(|(number, ((pool, aside), shares))| {
            shares.resize(pool.len(), 0.0);
            let mut order: Vec<(bool, f64, usize)> = pool
                .iter()
                .enumerate()
                .map(|(at, column)| {
                    (shares[at] > 1e-3, worth(market, &classes[number], column, prices), at)
                })
                .collect();
            order.sort_by(|a, b| b.0.cmp(&a.0).then(b.1.total_cmp(&a.1)).then(a.2.cmp(&b.2)));
            let followed = order.iter().filter(|(followed, ..)| *followed).count();
            let mut kept: Vec<usize> =
                order.iter().take(followed.max(KEPT)).map(|(.., at)| *at).collect();
            kept.sort_unstable();
            let mut columns = std::mem::take(pool).into_iter().zip(std::mem::take(shares));
            for at in 0..order.len() {
                let Some((column, share)) = columns.next() else { break };
                if kept.binary_search(&at).is_ok() {
                    pool.push(column);
                    shares.push(share);
                } else if !aside.contains(&column) {
                    aside.push(column);
                }
            }
        });
    }

    /// Decides which sessions take place, seats people by their shares, and improves what comes of
    /// it.
    pub(super) fn seat(
        &mut self,
        prices: &Prices,
        mut trail: Trail,
        count: &Count<'_>,
    ) -> Result<Seating<'m>> {
        let mut prices = prices.clone();
        self.keep_best(&prices, &mut trail);
        let mut seating = Seating::new(self.market, self.classes, std::mem::take(&mut self.pools));
        decide(self.offer, &mut seating, &mut prices, &mut trail, PATIENCE, count)?;
        dive(self.offer, &mut seating, prices, trail, count)?;
        improve(&mut seating, count)?;
        Ok(seating)
    }

    /// The plan that is made without prices, first come first served, of all that was considered.
    pub(super) fn greedy(&self) -> Seating<'m> {
        let mut pools = self.pools.clone();
        for (pool, aside) in pools.iter_mut().zip(&self.aside) {
            let known = pool.len();
            let others = aside.iter().filter(|column| !pool[..known].contains(column)).cloned();
            let others: Vec<Column> = others.collect();
            pool.extend(others);
        }
        let mut seating = Seating::new(self.market, self.classes, pools);
        super::greedy::fill(&mut seating);
        let through = seating.through();
        fill_or_close(&mut seating, &through);
        keep_limits(&mut seating);
        seating
    }
}

/// What a class would rather give than sit in a session: drawn from the numbers of both, up to what
/// all of its gap is worth; nothing where classes are not to be unlike.
fn taste(class: &Class, number: usize, session: u32, unlike: u32) -> f64 {
    if unlike == 0 {
        return 0.0;
    }
    // Two rounds of the mixing of SplitMix64 (Steele, Lea and Flood, 2014).
    let mut drawn = (number as u64) << 32 ^ u64::from(session) ^ u64::from(unlike) << 56;
    for _ in 0..2 {
        drawn = drawn.wrapping_add(0x9E37_79B9_7F4A_7C15);
        drawn = (drawn ^ drawn >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        drawn = (drawn ^ drawn >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        drawn ^= drawn >> 31;
    }
    let share = real(drawn >> 32) / f64::from(u32::MAX);
    share * real(class.weight * class.problem.asked) * f64::from(unlike) / (2.0 * f64::from(UNLIKE))
}

/// What all the room there is costs at prices: the part of a bound that no class decides.
pub(super) fn paid(market: &Market, prices: &Prices) -> f64 {
    let limits = market.limits.iter().zip(&prices.limits);
    let limits: f64 = limits.map(|(limit, price)| price * signed(limit.bound)).sum();
    let seats = market.capacity.iter().zip(&prices.sessions);
    limits + seats.map(|(&seats, price)| price * f64::from(seats)).sum::<f64>()
}
