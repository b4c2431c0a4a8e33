//! From prices to pathways to sessions to people.

use rayon::prelude::*;

use super::balance::Balance;
use super::classes::Class;
use super::column::{Column, offered};
use super::improve::{improve, reseat, seat_best};
use super::market::Market;
use super::minimum::{fill_or_close, keep_limits};
use super::prices::{Prices, Standing, real, signed};
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
    /// No plan over these pathways of each class closes more.
    pub(super) fn considered(
        &self,
        market: &Market,
        classes: &[Class],
        pools: &[Vec<Column>],
    ) -> f64 {
        let at = |prices: &Prices| {
            let worth = classes.iter().zip(pools).map(|(class, pool)| {
                let worth = pool.iter().map(|column| worth(market, class, column, prices));
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
        let cheapest = prices.cheapest(market, session, class.qpv, Some(column.minutes));
        cheapest.map_or(f64::INFINITY, |(_, price)| price)
    };
    real(column.gain) - column.choices.iter().map(price).sum::<f64>()
}

/// Epochs of balancing after each round of offers, before the last look, and after each round of
/// decisions. While pathways are still few, prices need not be exact.
const EPOCHS: usize = 4;
const LAST_EPOCHS: usize = 60;
const DECIDED_EPOCHS: usize = 12;

/// First offers at tastes that differ from class to class, so that not all want the same seats.
const UNLIKE: u32 = 12;

/// Where a balance is good enough.
const ERROR: f64 = 2e-4;

/// Rounds in which sessions are decided.
const DECISIONS: usize = 14;

pub(super) struct Searcher<'m> {
    pub offer: &'m Offer,
    pub market: &'m Market,
    pub classes: &'m [Class],
    pub pools: Vec<Vec<Column>>,
}

impl<'m> Searcher<'m> {
    pub(super) fn new(offer: &'m Offer, market: &'m Market, classes: &'m [Class]) -> Self {
        Self { offer, market, classes, pools: vec![Vec::new(); classes.len()] }
    }

    /// Offers every class the pathway worth most at prices; returns how many are new, and what the
    /// prices prove over all pathways.
    fn offer_at(&mut self, prices: &Prices, unlike: u32) -> (usize, f64) {
        let (offer, market) = (self.offer, self.market);
        let offers: Vec<_> = self
            .classes
            .par_iter()
            .enumerate()
            .map(|(number, class)| {
                let taste = |session: u32| taste(class, number, session, unlike);
                offered(offer, market, class, prices, &taste)
            })
            .collect();
        let mut new = 0;
        let mut bound = paid(market, prices);
        for ((offered, class), pool) in offers.into_iter().zip(self.classes).zip(&mut self.pools) {
            bound += real(class.learners.len() as u64) * offered.bound;
            let Some(column) = offered.column else { continue };
            if !pool.contains(&column) {
                pool.push(column);
                new += 1;
            }
        }
        (new, bound)
    }

    /// Finds prices and pathways in rounds, and the least bound on the way.
    pub(super) fn price(
        &mut self,
        rounds: u32,
        count: &Count<'_>,
    ) -> Result<(Proof, Vec<Vec<f64>>)> {
        let mut prices = Prices::none(self.market);
        let (_, all) = self.offer_at(&prices, 0);
        for unlike in 1..=UNLIKE {
            self.offer_at(&prices, unlike);
        }
        let mut proof = Proof { prices: prices.clone(), all, last: prices.clone() };
        let mut shares: Vec<Vec<f64>> = vec![Vec::new(); self.classes.len()];
        let mut weight = 1.0;
        for round in 0..rounds {
            count.go_on()?;
            let last = round + 1 == rounds;
            let before = Some((&shares[..], weight));
            let mut balance = Balance::new(self.market, self.classes, &self.pools, &prices, before);
            let epochs = if last { LAST_EPOCHS } else { EPOCHS };
            balance.settle(epochs, ERROR);
            balance.put_prices(&mut prices);
            (shares, weight) = (balance.shares(), balance.weight());
            let (new, all) = self.offer_at(&prices, 0);
            if all < proof.all {
                (proof.prices, proof.all) = (prices.clone(), all);
            }
            count.add(1);
            if new == 0 && !last && round > 2 {
                break;
            }
        }
        proof.last = prices;
        Ok((proof, shares))
    }

    /// Decides session by session, the clearest first, at prices that follow the decisions; then
    /// seats people by their shares.
    pub(super) fn seat(
        &mut self,
        prices: &Prices,
        shares: Vec<Vec<f64>>,
        count: &Count<'_>,
    ) -> Result<Seating<'m>> {
        let mut prices = prices.clone();
        let mut shares = shares;
        let mut weight = 1.0;
        for round in 0..DECISIONS {
            count.go_on()?;
            let before = Some((&shares[..], weight));
            let mut balance = Balance::new(self.market, self.classes, &self.pools, &prices, before);
            balance.settle(DECIDED_EPOCHS, ERROR);
            balance.put_prices(&mut prices);
            (shares, weight) = (balance.shares(), balance.weight());
            count.add(1);
            if !self.decide(&mut prices, &shares, round + 2 >= DECISIONS) {
                break;
            }
            self.offer_at(&prices, 0);
        }
        let mut seating = Seating::new(self.market, self.classes, std::mem::take(&mut self.pools));
        self.settle(&mut seating, &prices, &shares);
        improve(&mut seating, count)?;
        Ok(seating)
    }

    /// Opens the sessions that are fullest, closes those that are emptiest. Whether any was left.
    fn decide(&self, prices: &mut Prices, shares: &[Vec<f64>], all: bool) -> bool {
        let market = self.market;
        let mut asked = vec![0.0; market.lots.len()];
        for (pool, shares) in self.pools.iter().zip(shares) {
            for (column, share) in pool.iter().zip(shares) {
                for &lot in &column.lots {
                    asked[lot as usize] += share;
                }
            }
        }
        let mut free: Vec<(f64, usize, u32)> = Vec::new();
        for session in 0..market.capacity.len() {
            if !market.collective[session] || prices.standings[session] != Standing::Free {
                continue;
            }
            let lots = market.lots_of[session].clone();
            let heads: f64 = asked[lots.clone()].iter().sum();
            let most = lots.max_by(|&a, &b| asked[a].total_cmp(&asked[b]).then(b.cmp(&a)));
            let fill = heads / f64::from(market.minimum[session]);
            match most {
                #[expect(clippy::cast_possible_truncation, reason = "`Market::of` refuses more")]
                Some(lot) if fill > 0.2 => free.push((fill, session, lot as u32)),
                _ => prices.standings[session] = Standing::Closed,
            }
        }
        if free.is_empty() {
            return false;
        }
        free.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let some = if all { free.len() } else { free.len().div_ceil(5) };
        let mut left: Vec<i128> = market.limits.iter().map(|limit| limit.bound.into()).collect();
        for standing in &prices.standings {
            if let Standing::Open(lot) = *standing {
                spend(market, &mut left, lot);
            }
        }
        for &(fill, session, lot) in free.iter().take(some) {
            let mut after = left.clone();
            spend(market, &mut after, lot);
            let fits =
                after.iter().all(|left| *left >= 0) || after.iter().zip(&left).all(|(a, b)| a >= b);
            if fits && fill >= 0.6 {
                prices.standings[session] = Standing::Open(lot);
                left = after;
            } else {
                prices.standings[session] = Standing::Closed;
            }
        }
        let emptiest = free.len().div_ceil(8).min(free.len() - some);
        for &(fill, session, _) in free.iter().rev().take(emptiest) {
            if fill < 1.0 {
                prices.standings[session] = Standing::Closed;
            }
        }
        true
    }

    /// Opens the sessions decided, seats whole people by shares and the others as best they can,
    /// and closes what has too few.
    fn settle(&self, seating: &mut Seating<'m>, prices: &Prices, shares: &[Vec<f64>]) {
        for standing in &prices.standings {
            if let Standing::Open(lot) = *standing {
                seating.open(lot);
            }
        }
        let mut order: Vec<usize> = (0..self.classes.len()).collect();
        // Those who make room in a quota come first.
        order.sort_by_key(|&class| (!self.classes[class].qpv, class));
        let mut rest: Vec<(f64, usize, usize)> = Vec::new();
        let mut next = vec![0; self.classes.len()];
        for &class in &order {
            for (column, share) in shares[class].iter().enumerate() {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "at most the people of the class"
                )]
                let whole = (share + 1e-6).floor() as usize;
                for _ in 0..whole {
                    seat_next(seating, class, &mut next[class], column);
                }
                let part = share - real(whole as u64);
                if part > 1e-3 {
                    rest.push((part, class, column));
                }
            }
        }
        rest.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        for (_, class, column) in rest {
            seat_next(seating, class, &mut next[class], column);
        }
        for &class in &order {
            for &learner in &self.classes[class].learners[next[class]..] {
                seat_best(seating, learner);
            }
        }
        for _ in 0..3 {
            reseat(seating);
        }
        let through = seating.through();
        fill_or_close(seating, &through);
        keep_limits(seating);
    }

    /// The plan that is made without prices, first come first served.
    pub(super) fn greedy(&self, pools: Vec<Vec<Column>>) -> Seating<'m> {
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

fn seat_next(seating: &mut Seating<'_>, class: usize, next: &mut usize, column: usize) {
    let Some(&learner) = seating.classes[class].learners.get(*next) else { return };
    if let Some(lots) = seating.payers(class, column) {
        seating.take(learner, column, lots);
        *next += 1;
    }
}

fn spend(market: &Market, left: &mut [i128], lot: u32) {
    let lot = &market.lots[lot as usize];
    for touch in &lot.touches {
        left[touch.limit] -= i128::from(touch.opening(lot));
    }
}

/// What all the room there is costs at prices: the part of a bound that no class decides.
pub(super) fn paid(market: &Market, prices: &Prices) -> f64 {
    let limits = market.limits.iter().zip(&prices.limits);
    let limits: f64 = limits.map(|(limit, price)| price * signed(limit.bound)).sum();
    let seats = market.capacity.iter().zip(&prices.sessions);
    limits + seats.map(|(&seats, price)| price * f64::from(seats)).sum::<f64>()
}
