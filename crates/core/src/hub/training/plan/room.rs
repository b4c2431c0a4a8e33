//! What there is, and what is left of it once some people sit.

use super::classes::Class;
use super::market::Market;
use super::prices::{Prices, Standing, real, signed};
use super::seating::Seating;

/// People to seat, seats and money.
#[derive(Clone, Debug)]
pub(super) struct Room {
    /// By class.
    pub people: Vec<f64>,
    /// By session: how many must come at least, and how many may.
    pub seats: Vec<(f64, f64)>,
    /// By session that lacks people: what each that comes is worth to it, in weighted gap. No
    /// price pays people more to come.
    pub stakes: Vec<f64>,
    /// By limit.
    pub limits: Vec<f64>,
}

impl Room {
    /// Everyone and everything.
    pub(super) fn whole(market: &Market, classes: &[Class]) -> Self {
        let seats = market.capacity.iter().map(|&most| (f64::NEG_INFINITY, f64::from(most)));
        Self {
            people: classes.iter().map(|class| real(class.learners.len() as u64)).collect(),
            seats: seats.collect(),
            stakes: vec![0.0; market.capacity.len()],
            limits: market.limits.iter().map(|limit| signed(limit.bound)).collect(),
        }
    }

    /// Who sits nowhere, the seats that are free and the money left.
    pub(super) fn left(seating: &Seating<'_>, prices: &Prices) -> Self {
        let market = seating.market;
        let people = seating.classes.iter().map(|class| {
            let free = |learner: &&u32| seating.seats[**learner as usize].is_none();
            real(class.learners.iter().filter(free).count() as u64)
        });
        let mut stakes = vec![0.0; seating.opened.len()];
        let mut seats = Vec::with_capacity(seating.opened.len());
        for (session, standing) in prices.standings.iter().enumerate() {
            let free = real(seating.free_seats(session) as u64);
            let heads = seating.heads(session) as u64;
            let least = u64::from(market.minimum[session]).saturating_sub(heads);
            seats.push(match *standing {
                Standing::Closed => (f64::NEG_INFINITY, 0.0),
                Standing::Open(lot) if least > 0 => {
                    let at_stake = seating.at_stake(session) + saved(market, lot, prices);
                    stakes[session] = at_stake / real(least);
                    (real(least), free)
                }
                _ => (f64::NEG_INFINITY, free),
            });
        }
        Self { people: people.collect(), seats, stakes, limits: seating.money_left() }
    }
}

/// What closing an opened session saves, in weighted gap.
fn saved(market: &Market, lot: u32, prices: &Prices) -> f64 {
    let lot = &market.lots[lot as usize];
    let saved = lot.touches.iter().map(|t| prices.limits[t.limit] * signed(t.opening(lot)));
    saved.sum::<f64>().max(0.0)
}
