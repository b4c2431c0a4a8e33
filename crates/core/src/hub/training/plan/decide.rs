//! Which sessions take place.
//!
//! As long as it is not decided whether a session takes place, those who sit in it share the price
//! of its opening: first as if it were full, then more and more by how many they are. So sessions
//! that few come to grow dear and lose people to those that fill, whoever pays; after D. Kim and
//! P. Pardalos, *A solution approach to the fixed charge network flow problem using a dynamic slope
//! scaling procedure* (1999). What is full then is opened, what is empty shut.

use super::balance::{Balance, Trail};
use super::column::Column;
use super::market::Market;
use super::prices::{Prices, Standing, real, signed};
use super::room::Room;
use super::search::{ERROR, offer_at};
use super::seating::Seating;
use crate::error::Result;
use crate::hub::training::Offer;
use crate::run::Count;

/// How long to look for what to open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// Rounds in which openings come to be shared by those who come.
    pub sharing: usize,
    /// Rounds after them in which sessions are opened and shut.
    pub deciding: usize,
    /// Epochs of balancing in each.
    pub epochs: usize,
}

/// The least part of a full session among whom its opening is shared.
const LEAST_PART: f64 = 0.2;

/// Opens sessions for those who sit nowhere, with the money that is left.
pub(super) fn decide(
    offer: &Offer,
    seating: &mut Seating<'_>,
    prices: &mut Prices,
    trail: &mut Trail,
    patience: Patience,
    count: &Count<'_>,
) -> Result<()> {
    let (market, classes) = (seating.market, seating.classes);
    let mut shut = vec![false; market.capacity.len()];
    prices.sharing = Prices::full(market);
    for round in 0..patience.sharing + patience.deciding {
        count.go_on()?;
        prices.standings = standings(seating, &shut);
        let room = Room::left(seating, prices);
        if round > 0 {
            let left = |class: usize| room.people[class] > 0.0;
            offer_at((offer, market, classes), &mut seating.pools, prices, 0, left, count)?;
        }
        let mut balance = Balance::new(market, classes, &seating.pools, prices, room, trail);
        balance.settle(patience.epochs, ERROR);
        balance.put_prices(prices);
        *trail = balance.trail();
        let asked = asked(market, &seating.pools, &trail.shares);
        let strength = real(round as u64 + 1) / real(patience.sharing as u64);
        share(market, &asked, strength.min(1.0), &mut prices.sharing);
        count.add(1);
        if round >= patience.sharing {
            let last = round + 1 == patience.sharing + patience.deciding;
            if !open(seating, &asked, &mut shut, last) {
                break;
            }
        }
    }
    prices.standings = standings(seating, &vec![true; market.capacity.len()]);
    prices.sharing = Prices::full(market);
    Ok(())
}

/// What can still be sat in: of what is not opened yet, all but what is shut.
pub(super) fn standings(seating: &Seating<'_>, shut: &[bool]) -> Vec<Standing> {
    let standing = |session: usize| match seating.opened[session] {
        _ if seating.free_seats(session) == 0 => Standing::Closed,
        Some(lot) => Standing::Open(lot),
        None if seating.market.collective[session] && shut[session] => Standing::Closed,
        None => Standing::Free,
    };
    (0..seating.opened.len()).map(standing).collect()
}

/// Among how many people each lot's opening is shared next: with all its strength those who come.
fn share(market: &Market, asked: &[f64], strength: f64, sharing: &mut [f64]) {
    for ((lot, &asked), sharing) in market.lots.iter().zip(asked).zip(sharing) {
        let most = f64::from(market.capacity[lot.session as usize].max(1));
        let part = (asked / most).clamp(LEAST_PART, 1.0);
        *sharing = f64::midpoint(*sharing, most * part.powf(strength));
    }
}

/// Opens the sessions that are fullest, as far as there is money for them and those who come, and
/// shuts those that are emptiest; at last, all. Whether any was left.
fn open(seating: &mut Seating<'_>, asked: &[f64], shut: &mut [bool], last: bool) -> bool {
    let market = seating.market;
    let mut free: Vec<(f64, f64, usize, u32)> = Vec::new();
    for (session, shut) in shut.iter_mut().enumerate() {
        if !market.collective[session] || *shut || seating.opened[session].is_some() {
            continue;
        }
        let lots = market.lots_of[session].clone();
        let heads: f64 = asked[lots.clone()].iter().sum();
        let most = lots.max_by(|&a, &b| asked[a].total_cmp(&asked[b]).then(b.cmp(&a)));
        let fill = heads / f64::from(market.minimum[session]);
        match most {
            #[expect(clippy::cast_possible_truncation, reason = "`Market::of` refuses more")]
            Some(lot) if fill > 0.05 => free.push((fill, heads, session, lot as u32)),
            _ => *shut = true,
        }
    }
    free.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
    let mut left = seating.money_left();
    let (first, end) = (free.len().div_ceil(3), free.len());
    for (place, (fill, heads, session, number)) in free.into_iter().enumerate() {
        let lot = &market.lots[number as usize];
        let spent = |limit: usize| -> f64 {
            let own = lot.touches.iter().filter(|touch| touch.limit == limit);
            own.map(|t| signed(t.cent) * (real(lot.fixed) + heads * real(lot.seat))).sum()
        };
        let fits = lot.touches.iter().all(|t| spent(t.limit) <= left[t.limit].max(0.0));
        if fill >= if last { 0.7 } else { 1.0 } && (place < first || last) && fits {
            if seating.open(number) {
                for touch in &lot.touches {
                    left[touch.limit] -= spent(touch.limit);
                }
            }
        } else if last || fill < 0.3 && place >= end - end.div_ceil(4) {
            shut[session] = true;
        }
    }
    end > 0
}

/// How many people would sit in each lot by their shares.
pub(super) fn asked(market: &Market, pools: &[Vec<Column>], shares: &[Vec<f64>]) -> Vec<f64> {
    let mut asked = vec![0.0; market.lots.len()];
    for (pool, shares) in pools.iter().zip(shares) {
        for (column, share) in pool.iter().zip(shares) {
            for &lot in &column.lots {
                asked[lot as usize] += share;
            }
        }
    }
    asked
}
