//! Sessions in lots, who may pay for each, and the limits on money and entries.

use hashbrown::HashMap;

use crate::hub::training::Offer;
use crate::hub::training::offer::{Base, Bearing, Buying, FundingRule, Group, RuleKind, Session};
use crate::skill::Date;

/// Interchangeable sessions: one module, place, time, price of a seat and set of payers.
#[derive(Clone, Debug)]
pub(super) struct Lot {
    pub sessions: Vec<u32>,
    /// The ways to pay for one of its sessions.
    pub kinds: std::ops::Range<usize>,
}

/// Seats of a lot in sessions that one budget pays for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub lot: u32,
    /// The budget's position; `None` where it is paid already.
    pub pot: Option<u32>,
    pub funder: Option<u32>,
    pub cents_per_seat: u64,
}

/// Σ coefficient × cents spent of each budget ≤ `at_most`.
#[derive(Clone, Debug)]
pub(super) struct Limit {
    pub name: String,
    pub of: Vec<(u32, i64)>,
    pub at_most: i64,
}

/// Of the entries that a funder pays for, a share is of people of priority districts.
#[derive(Clone, Debug)]
pub(super) struct Quota {
    pub rule: String,
    pub funder: u32,
    pub basis_points: u32,
}

pub(super) struct Market<'a> {
    pub offer: &'a Offer,
    pub on: Date,
    pub lots: Vec<Lot>,
    pub lot_of: Vec<u32>,
    pub kinds: Vec<Kind>,
    pub limits: Vec<Limit>,
    pub quotas: Vec<Quota>,
    /// Schemes whose hours are those of the pathway.
    schemes: Vec<Vec<&'a FundingRule>>,
}

type LotKey<'a> = (u32, u32, Option<(Date, Date)>, Option<(Date, Date)>, u64, u32, &'a [u32], Buying);

impl<'a> Market<'a> {
    pub(super) fn new(offer: &'a Offer, on: Date) -> Self {
        let mut market = Self {
            offer,
            on,
            lots: Vec::new(),
            lot_of: Vec::new(),
            kinds: Vec::new(),
            limits: limits(offer, on),
            quotas: quotas(offer, on),
            schemes: Vec::new(),
        };
        let mut found: HashMap<LotKey<'_>, u32> = HashMap::new();
        for (position, session) in (0u32..).zip(offer.sessions()) {
            let key = (
                session.module,
                session.territory,
                session.dates,
                session.entry,
                session.cents_per_seat,
                session.axis,
                session.funders.as_slice(),
                session.buying,
            );
            let lot = *found.entry(key).or_insert_with(|| {
                market.open_lot(session);
                u32::try_from(market.lots.len() - 1).unwrap_or(u32::MAX)
            });
            market.lots[lot as usize].sessions.push(position);
            market.lot_of.push(lot);
        }
        for scheme in schemes(offer, on) {
            if bears_on(scheme[0]) == Some(Bearing::Pathway) {
                market.schemes.push(scheme);
            }
        }
        market
    }

    fn open_lot(&mut self, session: &Session) {
        let first = self.kinds.len();
        let lot = u32::try_from(self.lots.len()).unwrap_or(u32::MAX);
        let cents_per_seat = session.cents_per_seat;
        if session.buying == Buying::Existing {
            self.kinds.push(Kind { lot, pot: None, funder: None, cents_per_seat: 0 });
        } else {
            let day = session.dates.map_or(self.on, |(start, _)| start);
            let minutes = self.offer.modules()[session.module as usize].minutes.into();
            for (pot, budget) in (0u32..).zip(self.offer.budgets()) {
                let pays = session.funders.contains(&budget.funder)
                    && budget.axis == session.axis
                    && budget.covers(day)
                    && schemes(self.offer, day)
                        .iter()
                        .filter(|scheme| bears_on(scheme[0]) == Some(Bearing::Session))
                        .all(|scheme| pays(scheme, budget.funder, minutes));
                if pays {
                    let funder = Some(budget.funder);
                    self.kinds.push(Kind { lot, pot: Some(pot), funder, cents_per_seat });
                }
            }
        }
        self.lots.push(Lot { sessions: Vec::new(), kinds: first..self.kinds.len() });
    }

    /// Whether a funder may pay for someone whose pathway takes so many minutes.
    pub(super) fn pays_for_pathway(&self, funder: Option<u32>, minutes: u64) -> bool {
        funder.is_none_or(|funder| self.schemes.iter().all(|scheme| pays(scheme, funder, minutes)))
    }

    /// The fewest people with whom a session runs: none for what is paid already or by the seat.
    pub(super) fn minimum(&self, session: u32) -> u32 {
        let session = &self.offer.sessions()[session as usize];
        if session.buying == Buying::Collective { session.minimum } else { 0 }
    }

    pub(super) fn capacity(&self, session: u32) -> u32 {
        self.offer.sessions()[session as usize].capacity()
    }

    /// What opening costs beside the seats, in cents.
    pub(super) fn opening(&self, session: u32) -> u64 {
        let session = &self.offer.sessions()[session as usize];
        if session.buying == Buying::Collective { session.cents_per_session } else { 0 }
    }
}

/// The hours schemes whose rules hold on a day, each with its rules.
fn schemes(offer: &Offer, day: Date) -> Vec<Vec<&FundingRule>> {
    let mut all: Vec<(&str, Vec<&FundingRule>)> = Vec::new();
    for rule in offer.rules().iter().filter(|rule| rule.holds(day)) {
        if let RuleKind::Hours { scheme, .. } = &rule.kind {
            match all.iter_mut().find(|(name, _)| name == scheme) {
                Some((_, rules)) => rules.push(rule),
                None => all.push((scheme, vec![rule])),
            }
        }
    }
    all.into_iter().map(|(_, rules)| rules).collect()
}

fn bears_on(rule: &FundingRule) -> Option<Bearing> {
    match rule.kind {
        RuleKind::Hours { bears_on, .. } => Some(bears_on),
        _ => None,
    }
}

/// Whether a scheme lets a funder pay for so many minutes: it does not name the funder, or it names
/// it for these.
fn pays(scheme: &[&FundingRule], funder: u32, minutes: u64) -> bool {
    let mut named = false;
    for rule in scheme {
        if let RuleKind::Hours { funder: of, range, .. } = rule.kind
            && of == funder
        {
            if range.contains(minutes) {
                return true;
            }
            named = true;
        }
    }
    !named
}

fn amount(cents: u64) -> i64 {
    i64::try_from(cents).unwrap_or(i64::MAX)
}

fn limits(offer: &Offer, on: Date) -> Vec<Limit> {
    let mut limits = Vec::new();
    let name = |what: &str, pot: u32| {
        let budget = &offer.budgets()[pot as usize];
        let (funder, axis) = (&offer.funder_ids()[budget.funder], &offer.axes()[budget.axis]);
        match what {
            "" => format!("{funder}/{axis}#{pot}"),
            what => format!("{funder}/{axis}#{pot}/{what}"),
        }
    };
    let holding = |pick: &dyn Fn(&RuleKind) -> bool| {
        offer.rules().iter().filter(|r| r.holds(on)).find(|r| pick(&r.kind)).map(|r| &r.kind)
    };
    for (pot, budget) in (0u32..).zip(offer.budgets()) {
        // The budgets of one funder and period stand together.
        let peers: Vec<u32> = (0u32..)
            .zip(offer.budgets())
            .filter(|(_, other)| {
                (other.funder, other.from, other.until) == (budget.funder, budget.from, budget.until)
            })
            .map(|(peer, _)| peer)
            .collect();
        let total: u64 = peers.iter().map(|&peer| offer.budgets()[peer as usize].cents).sum();
        let part = |points: u32| {
            amount(u64::try_from(u128::from(total) * u128::from(points) / 10_000).unwrap_or(u64::MAX))
        };
        let share = holding(&|kind| {
            matches!(kind, RuleKind::Share { funder, axis, .. }
                if (*funder, *axis) == (budget.funder, budget.axis))
        });
        let at_most = match share {
            Some(RuleKind::Share { basis_points, tolerance, .. }) => {
                part(tolerance.most(*basis_points))
            }
            _ => amount(budget.cents),
        };
        limits.push(Limit { name: name("", pot), of: vec![(pot, 1)], at_most });
        if peers.first() == Some(&pot) && peers.len() > 1 {
            let of = peers.iter().map(|&peer| (peer, 1)).collect();
            limits.push(Limit { name: name("all", pot), of, at_most: amount(total) });
        }
        for rule in offer.rules().iter().filter(|rule| rule.holds(on)) {
            let RuleKind::Cap { funder, axis, basis_points, of } = rule.kind else { continue };
            if (funder, axis) != (budget.funder, budget.axis) {
                continue;
            }
            let points = i64::from(basis_points);
            limits.push(match of {
                Base::Budget => Limit {
                    name: name(&rule.id, pot),
                    of: vec![(pot, 1)],
                    at_most: part(basis_points),
                },
                Base::Spend => Limit {
                    name: name(&rule.id, pot),
                    of: peers
                        .iter()
                        .map(|&peer| (peer, if peer == pot { 10_000 - points } else { -points }))
                        .collect(),
                    at_most: 0,
                },
            });
        }
    }
    limits
}

fn quotas(offer: &Offer, on: Date) -> Vec<Quota> {
    offer
        .rules()
        .iter()
        .filter(|rule| rule.holds(on))
        .filter_map(|rule| match rule.kind {
            RuleKind::Quota { funder, group: Group::Qpv, basis_points } => {
                Some(Quota { rule: rule.id.clone(), funder, basis_points })
            }
            _ => None,
        })
        .collect()
}
