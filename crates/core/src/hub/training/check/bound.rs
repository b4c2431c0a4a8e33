//! The bound that a certificate's prices prove, computed again.
//!
//! At any prices of limits and seats that are at least 0, no plan closes more than what all the
//! room costs, and for each learner the most that a set of modules closes beyond its price: each
//! module in a session, whoever of those who may pays, sessions one after the other, each after a
//! provider of what it needs. Modules count that close something or prepare for what does: nobody
//! sits in one for the sake of a quota. A collective session charges each seat as if it were full,
//! or as if all were in it who may come; and none is in it where fewer may come than must.
//!
//! Where entry is rolling, or who pays depends on how long a whole pathway is, dates do not count:
//! that proves no less.

use hashbrown::HashMap;

use super::worth::{LearnerWorth, Way, most};
use super::{Checker, Learner, Plan, ProvenBound};
use crate::hub::training::offer::{
    Base, Bearing, Buying, FundingRule, HourRange, Modality, Prerequisite, Purpose, RuleKind,
    Session,
};
use crate::hub::training::pathway::Asked;
use crate::hub::training::plan::Attributes;
use crate::skill::Date;

/// Whether someone is of a priority district, and disabled.
const GROUPS: [Attributes; 4] = [
    Attributes { qpv: false, disabled: false },
    Attributes { qpv: true, disabled: false },
    Attributes { qpv: false, disabled: true },
    Attributes { qpv: true, disabled: true },
];

/// The prices of a certificate, by what they are the prices of.
pub(super) struct Prices<'p> {
    budgets: &'p [f64],
    /// By rule: 0 for those that draw no line.
    rules: Vec<f64>,
    sessions: &'p [f64],
    /// By session: how many people can be in it, of those who may come.
    heads: Vec<u32>,
}

impl Checker<'_> {
    /// What the certificate's prices prove: no plan closes more. `None` where they are not one
    /// number of at least 0 for each limit and session.
    pub(super) fn bound(&self, plan: &Plan) -> Option<ProvenBound> {
        let prices = self.prices(plan)?;
        let cheapest: Vec<[f64; 4]> = (0u32..)
            .take(self.offer.sessions().len())
            .map(|session| GROUPS.map(|who| self.seat(&prices, session, who)))
            .collect();
        let by_length = self.by_length();
        let room = self.room(&prices);
        let (mut at_most, mut at_least, mut unfinished) = (room, room, 0);
        for (learner, equals) in self.until_stopped(self.equals()) {
            let worth = self.worth(learner, &cheapest, by_length);
            let count = equals.len() as u64;
            at_most += real(count.into()) * worth.at_most;
            let surely = if worth.finished { worth.at_most } else { worth.found };
            at_least += real(count.into()) * surely;
            unfinished += if worth.finished { 0 } else { count };
        }
        Some(ProvenBound { bound: whole(at_most), at_least: whole(at_least), unfinished })
    }

    /// Whether who pays for some session depends on how long a whole pathway is.
    fn by_length(&self) -> bool {
        let sessions = (0u32..).take(self.offer.sessions().len());
        let mut payers = sessions.flat_map(|number| {
            (0u32..).take(self.offer.budgets().len()).map(move |budget| (number, budget))
        });
        payers.any(|(number, budget)| {
            let (funder, day) = (self.offer.budgets()[budget as usize].funder, self.day(number));
            let asks = |rule: &FundingRule| {
                rule.holds(day)
                    && matches!(rule.kind, RuleKind::Hours { funder: of, bears_on: Bearing::Pathway, .. } if of == funder)
            };
            self.offer.rules().iter().any(asks) && self.may_ever_pay(number, budget)
        })
    }

    pub(super) fn prices<'p>(&self, plan: &'p Plan) -> Option<Prices<'p>> {
        let certificate = &plan.certificate;
        let (limits, sessions) = (&certificate.limit_prices, &certificate.session_prices);
        let fair = |price: &f64| price.is_finite() && *price >= 0.0;
        let (budgets, mut others) = limits.split_at_checked(self.offer.budgets().len())?;
        let mut rules = Vec::with_capacity(self.offer.rules().len());
        for rule in self.offer.rules() {
            rules.push(match rule.kind {
                RuleKind::Hours { .. } | RuleKind::Priority { .. } => 0.0,
                _ => {
                    let (&price, rest) = others.split_first()?;
                    others = rest;
                    price
                }
            });
        }
        let whole = others.is_empty() && sessions.len() == self.offer.sessions().len();
        (whole && limits.iter().chain(sessions).all(fair)).then_some(Prices {
            budgets,
            rules,
            sessions,
            heads: self.heads(),
        })
    }

    /// Learners who are the same to every session, module and rule, with one of them.
    pub(super) fn equals(&self) -> Vec<(&Learner, Vec<u32>)> {
        let mut numbers = HashMap::new();
        let mut all: Vec<(&Learner, Vec<u32>)> = Vec::new();
        for (at, learner) in self.until_stopped((0u32..).zip(self.learners)) {
            let held: Vec<(u32, u16)> = self.held.row(learner.person).iter().collect();
            let key = (learner.target, learner.weight, learner.attributes, &learner.when, held);
            let number = *numbers.entry(key).or_insert(all.len());
            if number == all.len() {
                all.push((learner, Vec::new()));
            }
            all[number].1.push(at);
        }
        all
    }

    /// How many people can be in each session: no more than may come; nobody where fewer may than
    /// must.
    fn heads(&self) -> Vec<u32> {
        let mut coming = vec![0_u64; self.offer.sessions().len()];
        for (learner, equals) in self.until_stopped(self.equals()) {
            let follows = |session: u32| self.may_follow(learner, session);
            for module in self.useful(learner, follows) {
                let sessions = self.offer.sessions_of(module).iter().copied();
                for session in sessions.filter(|&session| follows(session)) {
                    coming[session as usize] += equals.len() as u64;
                }
            }
        }
        let most = |(session, coming): (&Session, u64)| {
            let most = session.capacity().min(u32::try_from(coming).unwrap_or(u32::MAX));
            let least = if session.buying == Buying::Collective { session.minimum } else { 0 };
            if most < least { 0 } else { most }
        };
        self.offer.sessions().iter().zip(coming).map(most).collect()
    }

    /// What all the money and all the seats cost.
    pub(super) fn room(&self, prices: &Prices<'_>) -> f64 {
        let budgets = self.offer.budgets().iter().zip(prices.budgets);
        let mut sum: f64 = budgets.map(|(budget, price)| price * real(budget.cents.into())).sum();
        for (rule, price) in self.offer.rules().iter().zip(&prices.rules) {
            let allowed = match rule.kind {
                RuleKind::Share { funder, basis_points, tolerance, .. } => {
                    self.available(rule, funder) * u128::from(tolerance.most(basis_points)) / 10_000
                }
                RuleKind::Cap { funder, basis_points, of: Base::Budget, .. } => {
                    self.available(rule, funder) * u128::from(basis_points) / 10_000
                }
                _ => 0,
            };
            sum += price * real(allowed);
        }
        let seats = prices.heads.iter().zip(prices.sessions);
        sum + seats.map(|(&heads, price)| price * f64::from(heads)).sum::<f64>()
    }

    /// What a seat of a session costs at least, whoever pays; infinite where nobody may.
    fn seat(&self, prices: &Prices<'_>, number: u32, who: Attributes) -> f64 {
        if self.offer.sessions()[number as usize].buying == Buying::Existing {
            return self.price(prices, number, None, who);
        }
        let payers = (0u32..).take(self.offer.budgets().len());
        let payers = payers.filter(|&budget| self.may_ever_pay(number, budget));
        let paid = payers.map(|budget| self.price(prices, number, Some(budget), who));
        paid.fold(f64::INFINITY, f64::min)
    }

    /// What a seat of a session costs someone at least where a budget pays, or where it is paid for
    /// already.
    pub(super) fn price(
        &self,
        prices: &Prices<'_>,
        number: u32,
        budget: Option<u32>,
        who: Attributes,
    ) -> f64 {
        let session = &self.offer.sessions()[number as usize];
        if prices.heads[number as usize] == 0 {
            return f64::INFINITY;
        }
        let paid = budget.map_or(0.0, |budget| self.paid(prices, number, session, budget, who));
        prices.sessions[number as usize] + paid
    }

    /// Whether a budget may pay for someone in a session, however long their pathway.
    fn may_ever_pay(&self, number: u32, budget: u32) -> bool {
        let ranges = self.offer.rules().iter().filter_map(|rule| match rule.kind {
            RuleKind::Hours { range: HourRange { from, .. }, .. } => Some(from),
            _ => None,
        });
        // Where lengths that all ranges hold exist, one of them is where some range begins.
        ranges.chain([0]).any(|minutes| self.may_pay(number, Some(budget), minutes))
    }

    fn paid(
        &self,
        prices: &Prices<'_>,
        number: u32,
        session: &Session,
        budget: u32,
        who: Attributes,
    ) -> f64 {
        let (funder, day) = (self.offer.budgets()[budget as usize].funder, self.day(number));
        let (mut cent, mut entry) = (prices.budgets[budget as usize], 0.0);
        let holds = |rule: &FundingRule| rule.holds(day);
        let rules = self.offer.rules().iter().zip(&prices.rules);
        for (rule, price) in rules.filter(|(rule, _)| holds(rule)) {
            match rule.kind {
                RuleKind::Share { funder: of, axis, .. }
                | RuleKind::Cap { funder: of, axis, of: Base::Budget, .. }
                    if of == funder && axis == session.axis =>
                {
                    cent += price;
                }
                RuleKind::Cap { funder: of, axis, basis_points, of: Base::Spend }
                    if of == funder =>
                {
                    let own = if axis == session.axis { 10_000.0 } else { 0.0 };
                    cent += price * (own - f64::from(basis_points));
                }
                RuleKind::Quota { funder: of, basis_points, group } if of == funder => {
                    let own = if who.is_of(group) { 10_000.0 } else { 0.0 };
                    entry += price * (f64::from(basis_points) - own);
                }
                _ => {}
            }
        }
        // Money that is worth something where it is spent is worth most where fewest share it.
        let most = prices.heads[number as usize];
        let heads = if cent >= 0.0 { most } else { session.minimum };
        let opening = match session.buying {
            Buying::Collective => real(session.cents_per_session.into()) / f64::from(heads.max(1)),
            _ => 0.0,
        };
        cent * (real(session.cents_per_seat.into()) + opening) + entry
    }

    /// The most that modules close for a learner, in weighted gap, beyond their prices.
    fn worth(&self, learner: &Learner, cheapest: &[[f64; 4]], by_length: bool) -> LearnerWorth {
        let held = self.held.row(learner.person);
        let level = |skill: u32| held.level(skill).unwrap_or(0);
        let group = GROUPS.iter().position(|&who| who == learner.attributes).unwrap_or_default();
        let seats = |module: u32| {
            let sessions = self.offer.sessions_of(module).iter().copied();
            let sessions = sessions.filter(|&session| self.may_follow(learner, session));
            sessions.map(|session| (session, cheapest[session as usize][group]))
        };
        let price = |module: u32| seats(module).map(|seat| seat.1).fold(f64::INFINITY, f64::min);
        let modules = self.useful(learner, |session| {
            self.may_follow(learner, session) && cheapest[session as usize][group].is_finite()
        });
        let mut steps: Vec<(u32, u16, f64)> = Vec::new();
        let (mut total, mut credit) = (0, 0);
        for (skill, requirement) in self.required.row(learner.target).iter() {
            let (weight, had) = (requirement.weight, level(skill).min(requirement.level));
            total += u64::from(weight) * u64::from(requirement.level);
            credit += u64::from(weight) * u64::from(had);
            let weight = f64::from(weight) * f64::from(learner.weight);
            steps.extend((had + 1..=requirement.level).map(|level| (skill, level, weight)));
        }
        let asked = match self.options.asked {
            Asked::Full => f64::INFINITY,
            Asked::Coverage(share) => {
                let asked = (total * u64::from(share)).div_ceil(10_000).saturating_sub(credit);
                f64::from(learner.weight) * real(asked.into())
            }
        };
        let teaches = |module: u32, skill: u32, least: u16| {
            self.offer.taught().row(module).level(skill) >= Some(least)
        };
        let mut ways: Vec<Way> = modules
            .into_iter()
            .map(|module| {
                let closes = |at: &usize| teaches(module, steps[*at].0, steps[*at].1);
                let closes: Vec<usize> = (0..steps.len()).filter(closes).collect();
                let most: f64 = closes.iter().map(|&at| steps[at].2).sum();
                let price = price(module);
                let ratio = if most > 0.0 { price / most } else { f64::INFINITY };
                let mut sessions: Vec<(f64, Option<(Date, Date)>)> = seats(module)
                    .map(|(s, price)| (price, self.offer.sessions()[s as usize].dates))
                    .filter(|(price, _)| price.is_finite())
                    .collect();
                sessions.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                Way { module, price, sessions, closes, ratio, needs: Vec::new() }
            })
            .collect();
        ways.sort_by(|a, b| a.ratio.total_cmp(&b.ratio).then(a.module.cmp(&b.module)));
        let needs = |way: &Way| {
            let lacking = self.offer.modules()[way.module as usize].strict();
            let lacking = lacking.filter(|needed| level(needed.skill) < needed.level);
            let providers = |needed: Prerequisite| {
                let provides = |at: &usize| {
                    ways[*at].module != way.module
                        && teaches(ways[*at].module, needed.skill, needed.level)
                };
                (0..ways.len()).filter(provides).collect::<Vec<usize>>()
            };
            lacking.map(providers).collect::<Vec<_>>()
        };
        let needs: Vec<_> = ways.iter().map(needs).collect();
        for (way, needs) in ways.iter_mut().zip(needs) {
            way.needs = needs;
        }
        most(&ways, &steps.iter().map(|step| step.2).collect::<Vec<f64>>(), asked, by_length)
    }

    /// The modules with an open session that close something for a learner, or prepare for what
    /// does: a seat answers a gap.
    pub(super) fn useful(&self, learner: &Learner, open: impl Fn(u32) -> bool) -> Vec<u32> {
        let held = self.held.row(learner.person);
        let level = |skill: u32| held.level(skill).unwrap_or(0);
        let taken = |&module: &u32| {
            self.offer.modules()[module as usize].purpose != Purpose::Positioning
                && self.offer.sessions_of(module).iter().any(|&session| open(session))
        };
        let all: Vec<u32> = (0u32..).take(self.offer.modules().len()).filter(taken).collect();
        let modules = self.offer.takeable(&all, level);
        let mut useful = vec![false; modules.len()];
        let row = self.required.row(learner.target).iter();
        let mut wanted: Vec<(u32, u16)> = row
            .filter(|(skill, requirement)| level(*skill) < requirement.level)
            .map(|(skill, _)| (skill, level(skill) + 1))
            .collect();
        while let Some((skill, least)) = wanted.pop() {
            for (useful, &module) in useful.iter_mut().zip(&modules) {
                if !*useful && self.offer.taught().row(module).level(skill) >= Some(least) {
                    *useful = true;
                    let needs = self.offer.modules()[module as usize].strict();
                    let lacking = needs.filter(|needed| level(needed.skill) < needed.level);
                    wanted.extend(lacking.map(|needed| (needed.skill, needed.level)));
                }
            }
        }
        modules.into_iter().zip(useful).filter(|(_, useful)| *useful).map(|(m, _)| m).collect()
    }

    /// Whether a session is in a learner's reach on some of its days.
    pub(super) fn may_follow(&self, learner: &Learner, number: u32) -> bool {
        let session = &self.offer.sessions()[number as usize];
        let module = &self.offer.modules()[session.module as usize];
        let near = module.modality == Modality::Remote
            || learner.when.territories.contains(&session.territory);
        let in_time = match session.dates {
            Some((start, end)) => {
                learner.when.from <= start && learner.when.until.is_none_or(|until| end <= until)
            }
            None => {
                let first = session.entry.map_or(learner.when.from, |(first, _)| first);
                let start = first.max(learner.when.from);
                let days = i64::from(start.days()) + i64::from(module.calendar_days()) - 1;
                session.entry.is_none_or(|(_, last)| start <= last)
                    && learner.when.until.is_none_or(|until| days <= i64::from(until.days()))
            }
        };
        near && in_time
    }
}

/// The whole number that a sum proves, with more than the rounding of it, and less than the
/// planner's own margin.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "finite and at least 0"
)]
pub(super) fn whole(bound: f64) -> u64 {
    (bound + 1e-10 * bound.abs() + 1e-7).floor().max(0.0) as u64
}

/// Cents are far below 2⁵³.
#[expect(clippy::cast_precision_loss)]
fn real(count: u128) -> f64 {
    count as f64
}
