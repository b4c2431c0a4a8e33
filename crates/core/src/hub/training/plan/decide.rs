//! Which sessions take place, from how many people pass through them.

use super::column::Column;
use super::market::Market;
use super::prices::Standing;
use super::search::Searcher;

/// Opens the sessions that are fullest, closes those that are emptiest. Whether any was left.
pub(super) fn decide(
    searcher: &Searcher<'_>,
    standings: &mut [Standing],
    shares: &[Vec<f64>],
    all: bool,
) -> bool {
    let market = searcher.market;
    let asked = asked(market, &searcher.pools, shares);
    let mut free: Vec<(f64, usize, u32)> = Vec::new();
    for (session, standing) in standings.iter_mut().enumerate() {
        if !market.collective[session] || *standing != Standing::Free {
            continue;
        }
        let lots = market.lots_of[session].clone();
        let heads: f64 = asked[lots.clone()].iter().sum();
        let most = lots.max_by(|&a, &b| asked[a].total_cmp(&asked[b]).then(b.cmp(&a)));
        let fill = heads / f64::from(market.minimum[session]);
        match most {
            #[expect(clippy::cast_possible_truncation, reason = "`Market::of` refuses more")]
            Some(lot) if fill > 0.05 => free.push((fill, session, lot as u32)),
            _ => *standing = Standing::Closed,
        }
    }
    if free.is_empty() {
        return false;
    }
    free.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let some = if all { free.len() } else { free.len().div_ceil(6) };
    let mut left: Vec<i128> = market.limits.iter().map(|limit| limit.bound.into()).collect();
    for standing in &*standings {
        if let Standing::Open(lot) = *standing {
            spend(market, &mut left, lot);
        }
    }
    for &(fill, session, lot) in free.iter().take(some) {
        let mut after = left.clone();
        spend(market, &mut after, lot);
        let fits =
            after.iter().all(|left| *left >= 0) || after.iter().zip(&left).all(|(a, b)| a >= b);
        if fits && fill >= if all { 0.6 } else { 1.0 } {
            standings[session] = Standing::Open(lot);
            left = after;
        } else if !fits || all {
            standings[session] = Standing::Closed;
        }
    }
    let emptiest = free.len().div_ceil(10).min(free.len() - some);
    for &(fill, session, _) in free.iter().rev().take(emptiest) {
        if fill < 1.0 {
            standings[session] = Standing::Closed;
        }
    }
    true
}

fn spend(market: &Market, left: &mut [i128], lot: u32) {
    let lot = &market.lots[lot as usize];
    for touch in &lot.touches {
        left[touch.limit] -= i128::from(touch.opening(lot));
    }
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
