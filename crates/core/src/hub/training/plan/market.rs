//! Who may pay for which session, and what money may be spent on: the limits of a plan.
//!
//! Every limit is one line of whole numbers: Σ coefficient × amount ≤ bound, over the cents of what
//! is bought and over the entries that are paid for.

use super::Attributes;
use super::classes::Class;
use crate::error::{Error, Result};
use crate::hub::training::Offer;
use crate::hub::training::offer::{
    Base, Bearing, Budget, Buying, FundingRule, Group, HourRange, RuleKind,
};
use crate::skill::Date;

/// A session as one budget pays for it, or as it is paid for already.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lot {
    pub session: u32,
    /// The budget's position; `None` for seats that are paid for already.
    pub budget: Option<u32>,
    /// The price of a seat, in cents.
    pub seat: u64,
    /// The price of opening it, in cents.
    pub fixed: u64,
    /// The minutes that a whole pathway may have for this funder to pay; any, where empty.
    hours: Vec<HourRange>,
    /// What it weighs in each limit that it touches.
    pub touches: Vec<Touch>,
}

impl Lot {
    /// Whether its funder may pay for someone whose pathway lasts so long.
    pub(super) fn pays_for(&self, minutes: u64) -> bool {
        self.hours.is_empty() || self.hours.iter().any(|range| range.contains(minutes))
    }
}

/// What a lot weighs in one limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Touch {
    pub limit: usize,
    /// For each cent.
    pub cent: i64,
    /// For each entry of someone who is not of the group that a quota counts, and of someone who
    /// is.
    entry: [i64; 2],
    group: Group,
}

/// What a limit is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// A budget, by position.
    Budget(u32),
    /// A funding rule, by position.
    Rule(u32),
}

/// A line that a plan keeps to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Limit {
    pub source: Source,
    pub bound: i64,
    /// Whether it is drawn by who enters, not by what is spent: a quota.
    pub quota: bool,
}

/// What there is to buy, and who may pay.
#[derive(Clone, Debug)]
pub(super) struct Market {
    pub lots: Vec<Lot>,
    /// The lots of each session, cheapest budget first in the order of the budgets.
    pub lots_of: Vec<std::ops::Range<usize>>,
    pub limits: Vec<Limit>,
    /// The groups that quotas count.
    quotas: Vec<Group>,
    /// Whether who may pay depends on the length of a whole pathway.
    pub by_length: bool,
    /// By session: how many people it takes.
    pub capacity: Vec<u32>,
    /// By session: the fewest people with whom it opens.
    pub minimum: Vec<u32>,
    /// By session: whether it must be opened as a whole.
    pub collective: Vec<bool>,
    /// By session: whether too few can come for it to open.
    pub too_few: Vec<bool>,
}

/// Where amounts would pass what 64 bits hold with their coefficients.
const MOST_CENTS: u64 = 1 << 48;

impl Market {
    /// The market of an offer. Sessions without a start count as starting on their first entry, or
    /// else on `from`.
    pub(super) fn of(offer: &Offer, from: Date) -> Result<Self> {
        let budgets = offer.budgets().iter().map(|budget| ("budget", budget.cents));
        let prices = offer.sessions().iter().flat_map(|session| {
            [
                ("price_per_session", session.cents_per_session),
                ("price_per_seat", session.cents_per_seat),
            ]
        });
        if let Some((name, cents)) = budgets.chain(prices).find(|&(_, cents)| cents > MOST_CENTS) {
            return Err(Error::argument(name, cents, "at most 2⁴⁸ cents"));
        }
        let limits = limits(offer);
        let quotas = offer.rules().iter().filter_map(|rule| match rule.kind {
            RuleKind::Quota { group, .. } => Some(group),
            _ => None,
        });
        let mut market = Self {
            lots: Vec::new(),
            lots_of: Vec::new(),
            limits,
            quotas: quotas.collect(),
            by_length: false,
            capacity: Vec::new(),
            minimum: Vec::new(),
            collective: Vec::new(),
            too_few: vec![false; offer.sessions().len()],
        };
        for (at, session) in (0u32..).zip(offer.sessions()) {
            let first = market.lots.len();
            let day = day_of(offer, at, from);
            if session.buying == Buying::Existing {
                let (hours, touches) = (Vec::new(), Vec::new());
                let lot = Lot { session: at, budget: None, seat: 0, fixed: 0, hours, touches };
                market.lots.push(lot);
            } else {
                let lots = (0u32..).zip(offer.budgets()).filter_map(|(number, budget)| {
                    let pays = budget.axis == session.axis
                        && budget.covers(day)
                        && session.funders.binary_search(&budget.funder).is_ok();
                    pays.then(|| market.lot(offer, at, number, day)).flatten()
                });
                let lots: Vec<Lot> = lots.collect();
                market.lots.extend(lots);
            }
            market.lots_of.push(first..market.lots.len());
            market.capacity.push(session.capacity());
            let collective = session.buying == Buying::Collective;
            market.minimum.push(if collective { session.minimum.max(1) } else { 0 });
            market.collective.push(collective);
        }
        market.by_length = market.lots.iter().any(|lot| !lot.hours.is_empty());
        let (count, limit) = (market.lots.len() as u64, u64::from(u32::MAX));
        if count > limit {
            return Err(Error::TooMany { what: "sessions × budgets that may pay", count, limit });
        }
        Ok(market)
    }

    /// Leaves out the sessions that fewer can come to than must, and the seats that nobody is there
    /// to take: openings are shared by no more than can come.
    pub(super) fn keep_in_reach(&mut self, classes: &[Class]) {
        let mut coming = vec![0_usize; self.capacity.len()];
        for class in classes {
            let sessions = class.problem.choices.iter().filter_map(|choice| choice.session);
            let mut sessions: Vec<u32> = sessions.collect();
            sessions.sort_unstable();
            sessions.dedup();
            for session in sessions {
                coming[session as usize] += class.learners.len();
            }
        }
        for (session, coming) in coming.into_iter().enumerate() {
            let coming = u32::try_from(coming).unwrap_or(u32::MAX);
            self.capacity[session] = self.capacity[session].min(coming);
            if coming < self.minimum[session] {
                self.too_few[session] = true;
                self.lots_of[session].end = self.lots_of[session].start;
            }
        }
    }

    /// Of the groups that someone is of, those that quotas count.
    pub(super) fn counted(&self, attributes: Attributes) -> Attributes {
        let counted = |group| attributes.is_of(group) && self.quotas.contains(&group);
        Attributes { qpv: counted(Group::Qpv), disabled: counted(Group::Disabled) }
    }

    /// The lot of a session and a budget, unless the hours of the session are for someone else.
    fn lot(&self, offer: &Offer, at: u32, number: u32, day: Date) -> Option<Lot> {
        let session = &offer.sessions()[at as usize];
        let budget = &offer.budgets()[number as usize];
        let minutes = offer.modules()[session.module as usize].minutes.into();
        let mut hours: Option<Vec<HourRange>> = None;
        for bearing in [Bearing::Session, Bearing::Pathway] {
            for ranges in scheme_ranges(offer, budget.funder, bearing, day) {
                match bearing {
                    Bearing::Session if !ranges.iter().any(|r| r.contains(minutes)) => return None,
                    Bearing::Session => {}
                    Bearing::Pathway => {
                        hours = Some(match hours {
                            None => ranges,
                            Some(known) => both(&known, &ranges),
                        });
                    }
                }
            }
        }
        if hours.as_ref().is_some_and(Vec::is_empty) {
            return None;
        }
        let touches = (0..self.limits.len())
            .filter_map(|limit| self.touch(offer, limit, number, budget, day))
            .collect();
        let fixed =
            if session.buying == Buying::Collective { session.cents_per_session } else { 0 };
        Some(Lot {
            session: at,
            budget: Some(number),
            seat: session.cents_per_seat,
            fixed,
            hours: hours.unwrap_or_default(),
            touches,
        })
    }

    /// What a budget's purchases on a day weigh in a limit.
    fn touch(
        &self,
        offer: &Offer,
        limit: usize,
        number: u32,
        budget: &Budget,
        day: Date,
    ) -> Option<Touch> {
        let none = Touch { limit, cent: 0, entry: [0, 0], group: Group::Qpv };
        let cents = |cent: i64| (cent != 0).then_some(Touch { cent, ..none });
        let rule = match self.limits[limit].source {
            Source::Budget(of) => return cents(i64::from(of == number)),
            Source::Rule(rule) => &offer.rules()[rule as usize],
        };
        if !rule.holds(day) {
            return None;
        }
        match rule.kind {
            RuleKind::Share { funder, axis, .. }
            | RuleKind::Cap { funder, axis, of: Base::Budget, .. } => {
                cents(i64::from(funder == budget.funder && axis == budget.axis))
            }
            RuleKind::Cap { funder, axis, basis_points, of: Base::Spend } => {
                let own = if axis == budget.axis { WHOLE } else { 0 };
                cents(if funder == budget.funder { own - i64::from(basis_points) } else { 0 })
            }
            RuleKind::Quota { funder, basis_points, group } if funder == budget.funder => {
                let share = i64::from(basis_points);
                Some(Touch { entry: [share, share - WHOLE], group, ..none })
            }
            _ => None,
        }
    }
}

impl Touch {
    /// What opening a lot adds to the limit.
    pub(super) fn opening(self, lot: &Lot) -> i64 {
        self.cent * lot.fixed.cast_signed()
    }

    /// What an entry adds to the limit, of someone of such groups.
    pub(super) fn entry(self, lot: &Lot, counted: Attributes) -> i64 {
        // Prices are below 2⁴⁸ and coefficients below 2¹⁴.
        self.cent * lot.seat.cast_signed() + self.head(counted)
    }

    /// What an entry adds to the limit beside its money.
    pub(super) fn head(self, counted: Attributes) -> i64 {
        self.entry[usize::from(counted.is_of(self.group))]
    }

    /// Whether something may take away from what is used of the limit.
    pub(super) fn may_fall(self) -> bool {
        self.cent < 0 || self.entry.iter().any(|&entry| entry < 0)
    }
}

/// The whole, in hundredths of a percent.
const WHOLE: i64 = 10_000;

/// The first day of a session: for rolling entry the first on which people may enter.
pub(super) fn day_of(offer: &Offer, session: u32, from: Date) -> Date {
    let session = &offer.sessions()[session as usize];
    session.dates.or(session.entry).map_or(from, |(first, _)| first)
}

/// The lines that budgets and rules draw.
fn limits(offer: &Offer) -> Vec<Limit> {
    let whole = |cents: u64| i64::try_from(cents).unwrap_or(i64::MAX);
    let budgets = (0u32..).zip(offer.budgets()).map(|(number, budget)| Limit {
        source: Source::Budget(number),
        bound: whole(budget.cents),
        quota: false,
    });
    let rules = (0u32..).zip(offer.rules()).filter_map(|(number, rule)| {
        let bound = match rule.kind {
            RuleKind::Share { funder, basis_points, tolerance, .. } => {
                part(available(offer, rule, funder), tolerance.most(basis_points))
            }
            RuleKind::Cap { funder, basis_points, of: Base::Budget, .. } => {
                part(available(offer, rule, funder), basis_points)
            }
            RuleKind::Cap { of: Base::Spend, .. } => 0,
            RuleKind::Quota { .. } => 0,
            _ => return None,
        };
        let quota = matches!(rule.kind, RuleKind::Quota { .. });
        Some(Limit { source: Source::Rule(number), bound, quota })
    });
    budgets.chain(rules).collect()
}

/// What a funder has while a rule holds: the budgets that begin while it does.
fn available(offer: &Offer, rule: &FundingRule, funder: u32) -> u64 {
    let holds = |budget: &&Budget| {
        budget.funder == funder && budget.from.is_none_or(|from| rule.holds(from))
    };
    offer.budgets().iter().filter(holds).map(|budget| budget.cents).sum()
}

/// A share in hundredths of a percent, rounded down.
fn part(cents: u64, basis_points: u32) -> i64 {
    let part = u128::from(cents) * u128::from(basis_points) / 10_000;
    i64::try_from(part).unwrap_or(i64::MAX)
}

/// For each scheme that names a funder and holds on a day, the ranges that are that funder's.
fn scheme_ranges(offer: &Offer, funder: u32, bearing: Bearing, day: Date) -> Vec<Vec<HourRange>> {
    let mut schemes: Vec<(&str, Vec<HourRange>)> = Vec::new();
    for rule in offer.rules().iter().filter(|rule| rule.holds(day)) {
        let RuleKind::Hours { scheme, funder: of, range, bears_on } = &rule.kind else { continue };
        if *of != funder || *bears_on != bearing {
            continue;
        }
        match schemes.iter_mut().find(|(name, _)| name == scheme) {
            Some((_, ranges)) => ranges.push(*range),
            None => schemes.push((scheme, vec![*range])),
        }
    }
    schemes.into_iter().map(|(_, ranges)| ranges).collect()
}

/// The hours that lie in a range of both lists.
fn both(one: &[HourRange], other: &[HourRange]) -> Vec<HourRange> {
    let mut all = Vec::new();
    for a in one {
        for b in other {
            let from = a.from.max(b.from);
            let below = match (a.below, b.below) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
            if below.is_none_or(|below| from < below) {
                all.push(HourRange { from, below });
            }
        }
    }
    all
}
