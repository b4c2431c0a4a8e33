//! Prices of money and seats, at which what is asked for fits what there is.

use super::Attributes;
use super::market::{Lot, Market};

/// Whether a session takes place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Standing {
    /// Not decided: each seat bears its part of the price of opening.
    #[default]
    Free,
    /// Opened and paid for by a lot.
    Open(u32),
    /// It does not take place.
    Closed,
}

/// What a unit of each limit and a seat of each session cost, in weighted gap.
#[derive(Clone, Debug)]
pub(super) struct Prices {
    /// By limit, at least 0.
    pub limits: Vec<f64>,
    /// By session: at least 0, but where an open one lacks people.
    pub sessions: Vec<f64>,
    pub standings: Vec<Standing>,
    /// By lot: how many people the price of opening is shared among while it is not decided.
    pub sharing: Vec<f64>,
}

impl Prices {
    /// Everything for nothing.
    pub(super) fn none(market: &Market) -> Self {
        Self {
            limits: vec![0.0; market.limits.len()],
            sessions: vec![0.0; market.capacity.len()],
            standings: vec![Standing::Free; market.capacity.len()],
            sharing: Self::full(market),
        }
    }

    /// Each lot's opening shared among all that its session takes: no plan pays less for a seat.
    pub(super) fn full(market: &Market) -> Vec<f64> {
        let most = |lot: &Lot| f64::from(market.capacity[lot.session as usize].max(1));
        market.lots.iter().map(most).collect()
    }

    /// Half way to others.
    pub(super) fn between(&self, others: &Self) -> Self {
        let mean = |one: &[f64], other: &[f64]| {
            one.iter().zip(other).map(|(a, b)| f64::midpoint(*a, *b)).collect()
        };
        Self {
            limits: mean(&self.limits, &others.limits),
            sessions: mean(&self.sessions, &others.sessions),
            standings: self.standings.clone(),
            sharing: self.sharing.clone(),
        }
    }

    /// What a seat of a lot costs someone; infinite where it cannot be had.
    ///
    /// A session that is not opened yet charges each seat its part of the opening: in bounds as if
    /// it were full. Where money spent is worth something (a cap of what is spent), as if it were
    /// at its minimum: no plan gets more for it.
    pub(super) fn of(&self, market: &Market, number: u32, counted: Attributes) -> f64 {
        let lot = &market.lots[number as usize];
        let session = lot.session as usize;
        let fixed = match self.standings[session] {
            Standing::Closed => return f64::INFINITY,
            Standing::Open(open) if open != number => return f64::INFINITY,
            Standing::Open(_) => 0.0,
            Standing::Free => real(lot.fixed),
        };
        let money = self.cent(lot);
        let minimum = f64::from(market.minimum[session].max(1));
        let heads = if money >= 0.0 { self.sharing[number as usize] } else { minimum };
        let entries: f64 = lot
            .touches
            .iter()
            .map(|touch| self.limits[touch.limit] * signed(touch.head(counted)))
            .sum();
        let money = money * (real(lot.seat) + fixed / heads);
        money + entries + self.sessions[session]
    }

    /// What a cent of a lot costs.
    fn cent(&self, lot: &Lot) -> f64 {
        lot.touches.iter().map(|touch| self.limits[touch.limit] * signed(touch.cent)).sum()
    }

    /// The lot of a session that costs someone least, of those that pay for a pathway of so many
    /// minutes (or of any length); the first of equals.
    pub(super) fn cheapest(
        &self,
        market: &Market,
        session: u32,
        counted: Attributes,
        minutes: Option<u64>,
    ) -> Option<(u32, f64)> {
        let mut best: Option<(u32, f64)> = None;
        for at in market.lots_of[session as usize].clone() {
            if minutes.is_some_and(|minutes| !market.lots[at].pays_for(minutes)) {
                continue;
            }
            // There are fewer than 2³² sessions × budgets: `Market::of` refuses more.
            #[expect(clippy::cast_possible_truncation)]
            let number = at as u32;
            let price = self.of(market, number, counted);
            if price.is_finite() && best.is_none_or(|(_, least)| price < least) {
                best = Some((number, price));
            }
        }
        best
    }
}

/// Amounts are below 2⁵³ but for budgets of more than 90 billion euros, which are rounded.
#[expect(clippy::cast_precision_loss)]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss)]
pub(super) fn signed(count: i64) -> f64 {
    count as f64
}
