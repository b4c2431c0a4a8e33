//! Whether a plan keeps every limit, by arithmetic of its own.
//!
//! Nothing here is shared with the planner: what is bought is added up again from the entries, and
//! held against seats, headcounts, dates, prerequisites, budgets and rules as the offer states them;
//! and the bound is computed again from the prices of the certificate.

mod bound;
mod exact;
mod worth;

use std::fmt;

use hashbrown::HashMap;
use serde::Serialize;

use exact::Looked;

use super::Offer;
use super::offer::{Base, Bearing, Buying, FundingRule, Modality, RuleKind};
use super::pathway::Asked;
use super::plan::{Entry, Learner, Plan, PlanOptions, Uncovered};
use crate::error::Result;
use crate::matrix::{Held, Required};
use crate::run::Run;
use crate::skill::Date;

/// What is wrong with a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "fault")]
#[non_exhaustive]
pub enum Fault {
    /// A position that is not there.
    Unknown {
        /// What it should name.
        what: &'static str,
        /// The position.
        position: u32,
    },
    /// A learner is in two sessions of one module, or in two that overlap.
    Overlap {
        /// The learner's position.
        learner: u32,
        /// The sessions.
        sessions: [u32; 2],
    },
    /// A session that the learner cannot reach, or not in time.
    OutOfReach {
        /// The learner's position.
        learner: u32,
        /// The session's position.
        session: u32,
    },
    /// A strict prerequisite that is neither held nor taught before.
    Prerequisite {
        /// The learner's position.
        learner: u32,
        /// The session's position.
        session: u32,
        /// The skill's position.
        skill: u32,
    },
    /// A headcount outside what the session takes.
    Headcount {
        /// The session's position.
        session: u32,
        /// The people in it.
        people: u32,
        /// The fewest and the most.
        within: [u32; 2],
    },
    /// A budget that may not pay for a session, or for someone in it.
    Payer {
        /// The session's position.
        session: u32,
        /// The budget's position, if any was named.
        budget: Option<u32>,
    },
    /// A purchase whose people or cents are not those of its entries.
    Purchase {
        /// The session's position.
        session: u32,
        /// The position of the budget that pays, if any was named.
        budget: Option<u32>,
        /// What is written, and what the entries come to: people, cents.
        written: [u64; 2],
        /// What the entries come to: people, cents.
        found: [u64; 2],
    },
    /// A budget that is passed, in cents.
    Budget {
        /// The budget's position.
        budget: u32,
        /// What is spent.
        spent: u64,
        /// What there is.
        available: u64,
    },
    /// A funding rule that is broken.
    Rule {
        /// The rule's id.
        rule: String,
    },
    /// What is said to stay open of a learner's gap is not what their entries leave.
    Open {
        /// The learner's position.
        learner: u32,
    },
    /// A learner who is said to have been named first by a rule that does not say so, or who does
    /// not sit there.
    Naming {
        /// The learner's position.
        named: u32,
    },
    /// A figure of the certificate that the entries do not give.
    Figure {
        /// Which.
        figure: &'static str,
        /// What is written.
        written: u64,
        /// What the entries give.
        found: u64,
    },
    /// A plan that is said to be proven optimal, and another is better.
    NotOptimal {
        /// What the other closes.
        closed: u64,
        /// What it costs, in cents.
        cents: u64,
    },
    /// A plan that is said to be proven optimal where plans are too many to look at each.
    NotProven,
    /// Prices that prove nothing: not one of at least 0 for each limit and each session.
    Prices,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { what, position } => write!(f, "there is no {what} {position}"),
            Self::Overlap { learner, sessions: [a, b] } => {
                write!(f, "learner {learner} cannot follow both session {a} and session {b}")
            }
            Self::OutOfReach { learner, session } => {
                write!(f, "session {session} is out of learner {learner}'s reach or time")
            }
            Self::Prerequisite { learner, session, skill } => {
                write!(f, "learner {learner} lacks skill {skill} when session {session} begins")
            }
            Self::Headcount { session, people, within: [least, most] } => {
                write!(f, "session {session} has {people} people, not {least} to {most}")
            }
            Self::Payer { session, budget: Some(budget) } => {
                write!(f, "budget {budget} may not pay for session {session}")
            }
            Self::Payer { session, budget: None } => write!(f, "nobody pays for session {session}"),
            Self::Purchase { session, written: [p, c], found: [people, cents], .. } => write!(
                f,
                "session {session} is written as {p} people and {c} cents; its entries come to {people} and {cents}"
            ),
            Self::Budget { budget, spent, available } => {
                write!(f, "budget {budget} has {available} cents and {spent} are spent")
            }
            Self::Rule { rule } => write!(f, "funding rule `{rule}` is broken"),
            Self::Open { learner } => {
                write!(f, "what stays open of learner {learner}'s gap is not what is written")
            }
            Self::Naming { named } => {
                write!(f, "no rule names learner {named} first where it is written")
            }
            Self::Figure { figure, written, found } => {
                write!(f, "`{figure}` is written as {written} and comes to {found}")
            }
            Self::NotOptimal { closed, cents } => {
                write!(f, "it is said to be optimal; a plan closes {closed} for {cents} cents")
            }
            Self::NotProven => {
                f.write_str("it is said to be optimal; there are too many plans to look at each")
            }
            Self::Prices => {
                f.write_str("there is not one price of at least 0 for each limit and session")
            }
        }
    }
}

/// What is wrong with a plan for these learners; nothing, when it keeps every limit and its figures
/// are those of its entries. The options are those that it was made with.
///
/// The bound is computed again by branch and bound over the modules of each learner, those who are
/// the same once ([`proven_bound`] tells what came of it); the rest is O(entries × prerequisites +
/// rules × purchases). Where the certificate says `proven`, every plan that may be better is looked
/// at.
pub fn check(
    offer: &Offer,
    held: &Held,
    required: &Required,
    learners: &[Learner],
    options: &PlanOptions,
    plan: &Plan,
) -> Vec<Fault> {
    let run = &Run::new();
    check_and_prove(offer, held, required, learners, options, plan, run)
        .map_or_else(|_| unreachable!("nobody stops it"), |(faults, _)| faults)
}

/// What [`check`] finds, and what the prices prove; that is not looked at where a position is not
/// there. The error says that it was stopped.
pub(super) fn check_and_prove(
    offer: &Offer,
    held: &Held,
    required: &Required,
    learners: &[Learner],
    options: &PlanOptions,
    plan: &Plan,
    run: &Run,
) -> Result<(Vec<Fault>, Option<ProvenBound>)> {
    let mut faults = Vec::new();
    for entry in &plan.entries {
        let session = entry.step.session.unwrap_or(u32::MAX);
        if entry.learner as usize >= learners.len() {
            faults.push(Fault::Unknown { what: "learner", position: entry.learner });
        }
        if session as usize >= offer.sessions().len() {
            faults.push(Fault::Unknown { what: "session", position: session });
        }
    }
    if !faults.is_empty() {
        return Ok((faults, None));
    }
    let checker = Checker { offer, held, required, learners, options, run };
    let mut pathways: HashMap<u32, Vec<&Entry>> = HashMap::new();
    for entry in &plan.entries {
        pathways.entry(entry.learner).or_default().push(entry);
    }
    let mut order: Vec<_> = pathways.into_iter().collect();
    order.sort_unstable_by_key(|(learner, _)| *learner);
    let mut closed = 0;
    for (learner, mut entries) in checker.until_stopped(order) {
        entries.sort_by_key(|entry| entry.step.dates);
        closed += checker.pathway(learner, &entries, &mut faults);
    }
    let cents = checker.purchases(plan, &mut faults);
    checker.rules(plan, &mut faults);
    checker.open(plan, &mut faults);
    checker.namings(plan, &mut faults);
    for (figure, written, found) in
        [("closed", plan.certificate.closed, closed), ("cents", plan.certificate.cents, cents)]
    {
        if written != found {
            faults.push(Fault::Figure { figure, written, found });
        }
    }
    let known = &plan.certificate;
    let proven = checker.bound(plan);
    match proven {
        None => faults.push(Fault::Prices),
        // The prices prove no less than this; more may be written.
        Some(_) if known.proven => {
            if known.bound != closed {
                let (written, found) = (known.bound, closed);
                faults.push(Fault::Figure { figure: "bound", written, found });
            }
            // Others are held against what this one closes and costs: only where that is so.
            if faults.is_empty() {
                match checker.better(plan) {
                    Looked::Optimal => {}
                    Looked::Better { closed, cents } => {
                        faults.push(Fault::NotOptimal { closed, cents });
                    }
                    Looked::TooMany => faults.push(Fault::NotProven),
                }
            }
        }
        Some(proven) if known.bound < proven.at_least => {
            let (written, found) = (known.bound, proven.bound);
            faults.push(Fault::Figure { figure: "bound", written, found });
        }
        Some(_) => {}
    }
    let (figure, written) = ("bound_considered", known.bound_considered);
    if written < closed || written > known.bound {
        faults.push(Fault::Figure { figure, written, found: closed });
    }
    // What was found before it was stopped is not all there is.
    run.go_on()?;
    Ok((faults, proven))
}

/// What the prices of a plan's certificate prove, computed again; `None` where they are not one
/// number of at least 0 for each limit and session.
pub fn proven_bound(
    offer: &Offer,
    held: &Held,
    required: &Required,
    learners: &[Learner],
    options: &PlanOptions,
    plan: &Plan,
) -> Option<ProvenBound> {
    let run = &Run::new();
    Checker { offer, held, required, learners, options, run }.bound(plan)
}

/// A bound that prices prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ProvenBound {
    /// No plan closes more.
    pub bound: u64,
    /// The prices prove no less: `bound`, but where a learner's search was not finished.
    pub at_least: u64,
    /// The learners whose pathways were too many to look at: what no pathway of theirs passes
    /// stands for them, and a certificate is not refused for it.
    pub unfinished: u64,
}

struct Checker<'c> {
    offer: &'c Offer,
    held: &'c Held,
    required: &'c Required,
    learners: &'c [Learner],
    options: &'c PlanOptions,
    run: &'c Run,
}

fn session_of(entry: &Entry) -> u32 {
    entry.step.session.unwrap_or(u32::MAX)
}

impl Checker<'_> {
    /// All of them, or as many as come before it is stopped: what comes of those is thrown away.
    fn until_stopped<T>(&self, all: impl IntoIterator<Item = T>) -> impl Iterator<Item = T> {
        all.into_iter().take_while(|_| self.run.go_on().is_ok())
    }

    /// Checks one learner's entries, by date; returns the weighted gap that they close.
    fn pathway(&self, at: u32, entries: &[&Entry], faults: &mut Vec<Fault>) -> u64 {
        let learner = &self.learners[at as usize];
        let minutes: u64 = entries.iter().map(|entry| self.minutes(session_of(entry))).sum();
        let held = self.held.row(learner.person);
        let mut levels: HashMap<u32, u16> = held.iter().collect();
        for (place, entry) in entries.iter().enumerate() {
            let number = session_of(entry);
            let session = &self.offer.sessions()[number as usize];
            let module = &self.offer.modules()[session.module as usize];
            if !self.in_reach(learner, entry) {
                faults.push(Fault::OutOfReach { learner: at, session: number });
            }
            for other in &entries[..place] {
                let other_session = &self.offer.sessions()[session_of(other) as usize];
                let same = other_session.module == session.module;
                let meet = match (other.step.dates, entry.step.dates) {
                    (Some((_, until)), Some((start, _))) => start <= until,
                    _ => true,
                };
                if same || meet {
                    let sessions = [session_of(other), number];
                    faults.push(Fault::Overlap { learner: at, sessions });
                }
            }
            for needed in module.strict() {
                if levels.get(&needed.skill).copied().unwrap_or(0) < needed.level {
                    let skill = needed.skill;
                    faults.push(Fault::Prerequisite { learner: at, session: number, skill });
                }
            }
            if !self.may_pay(number, entry.budget, minutes) {
                faults.push(Fault::Payer { session: number, budget: entry.budget });
            }
            for (skill, level) in self.offer.taught().row(session.module).iter() {
                let known = levels.entry(skill).or_default();
                *known = (*known).max(level);
            }
        }
        self.closes(learner, &levels)
    }

    /// The weighted gap that is closed for a learner who comes to such levels.
    fn closes(&self, learner: &Learner, levels: &HashMap<u32, u16>) -> u64 {
        let held = self.held.row(learner.person);
        let closes = self.required.row(learner.target).iter().map(|(skill, requirement)| {
            let before = held.level(skill).unwrap_or(0).min(requirement.level);
            let after = levels.get(&skill).copied().unwrap_or(0).min(requirement.level);
            u64::from(requirement.weight) * u64::from(after - before)
        });
        let closes = match self.options.asked {
            Asked::Full => closes.sum::<u64>(),
            Asked::Coverage(share) => {
                let target = self.required.row(learner.target);
                let (mut total, mut credit) = (0, 0);
                for (skill, requirement) in target.iter() {
                    let level = held.level(skill).unwrap_or(0).min(requirement.level);
                    total += u64::from(requirement.weight) * u64::from(requirement.level);
                    credit += u64::from(requirement.weight) * u64::from(level);
                }
                let asked = (total * u64::from(share)).div_ceil(10_000).saturating_sub(credit);
                closes.sum::<u64>().min(asked)
            }
        };
        u64::from(learner.weight) * closes
    }

    fn minutes(&self, session: u32) -> u64 {
        let module = self.offer.sessions()[session as usize].module;
        self.offer.modules()[module as usize].minutes.into()
    }

    fn in_reach(&self, learner: &Learner, entry: &Entry) -> bool {
        let session = &self.offer.sessions()[session_of(entry) as usize];
        let module = &self.offer.modules()[session.module as usize];
        let near = module.modality == Modality::Remote
            || learner.when.territories.contains(&session.territory);
        let Some((start, end)) = entry.step.dates else { return false };
        let as_stated = match (session.dates, session.entry) {
            (Some(dates), _) => dates == (start, end),
            (None, Some((first, last))) => first <= start && start <= last,
            (None, None) => true,
        };
        let days = i64::from(end.days()) - i64::from(start.days()) + 1;
        let whole = session.dates.is_some() || days == i64::from(module.calendar_days());
        near && as_stated
            && whole
            && learner.when.from <= start
            && learner.when.until.is_none_or(|until| end <= until)
    }

    fn day(&self, session: u32) -> Date {
        let session = &self.offer.sessions()[session as usize];
        match (session.dates, session.entry) {
            (Some((first, _)), _) | (None, Some((first, _))) => first,
            (None, None) => self.options.from,
        }
    }

    /// Whether a budget may pay for a session, and for someone in it whose pathway is so long.
    fn may_pay(&self, number: u32, budget: Option<u32>, minutes: u64) -> bool {
        let session = &self.offer.sessions()[number as usize];
        let Some(budget) = budget else { return session.buying == Buying::Existing };
        let Some(budget) = self.offer.budgets().get(budget as usize) else { return false };
        let day = self.day(number);
        let rules = self.offer.rules().iter().filter(|rule| rule.holds(day));
        let mut schemes: HashMap<&str, bool> = HashMap::new();
        for rule in rules {
            if let RuleKind::Hours { scheme, funder, range, bears_on } = &rule.kind
                && *funder == budget.funder
            {
                let hours = match bears_on {
                    Bearing::Pathway => minutes,
                    Bearing::Session => self.minutes(number),
                };
                *schemes.entry(scheme).or_default() |= range.contains(hours);
            }
        }
        session.buying != Buying::Existing
            && session.funders.contains(&budget.funder)
            && session.axis == budget.axis
            && budget.covers(day)
            && schemes.values().all(|holds| *holds)
    }

    /// Checks headcounts, prices and budgets; returns what all purchases cost.
    fn purchases(&self, plan: &Plan, faults: &mut Vec<Fault>) -> u64 {
        let mut found: HashMap<(u32, Option<u32>), u64> = HashMap::new();
        let mut heads: HashMap<u32, u32> = HashMap::new();
        for entry in &plan.entries {
            *found.entry((session_of(entry), entry.budget)).or_default() += 1;
            *heads.entry(session_of(entry)).or_default() += 1;
        }
        let mut written: HashMap<(u32, Option<u32>), (u64, u64)> = HashMap::new();
        for purchase in &plan.purchases {
            let (people, cents) = written.entry((purchase.session, purchase.budget)).or_default();
            *people += u64::from(purchase.people);
            *cents = cents.saturating_add(purchase.cents);
        }
        let mut keys: Vec<_> = found.keys().chain(written.keys()).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        let (mut spent, mut all) = (vec![0_u64; self.offer.budgets().len()], 0);
        let mut opened: HashMap<u32, u32> = HashMap::new();
        for (number, budget) in keys {
            let people = found.get(&(number, budget)).copied().unwrap_or(0);
            let Some(session) = self.offer.sessions().get(number as usize) else {
                faults.push(Fault::Unknown { what: "session", position: number });
                continue;
            };
            let cents = session.cost(u32::try_from(people).unwrap_or(u32::MAX));
            let (p, c) = written.get(&(number, budget)).copied().unwrap_or((0, 0));
            if (p, c) != (people, cents) {
                let (written, found) = ([p, c], [people, cents]);
                faults.push(Fault::Purchase { session: number, budget, written, found });
            }
            all += cents;
            if let Some(spent) = budget.and_then(|budget| spent.get_mut(budget as usize)) {
                *spent += cents;
            }
            *opened.entry(number).or_default() += 1;
            if session.buying == Buying::Collective && opened[&number] > 1 {
                faults.push(Fault::Payer { session: number, budget });
            }
        }
        let mut heads: Vec<_> = heads.into_iter().collect();
        heads.sort_unstable();
        for (number, people) in heads {
            let session = &self.offer.sessions()[number as usize];
            let least = if session.buying == Buying::Collective { session.minimum } else { 1 };
            if people < least || people > session.capacity() {
                let within = [least, session.capacity()];
                faults.push(Fault::Headcount { session: number, people, within });
            }
        }
        for ((number, budget), &spent) in (0u32..).zip(self.offer.budgets()).zip(&spent) {
            if spent > budget.cents {
                let available = budget.cents;
                faults.push(Fault::Budget { budget: number, spent, available });
            }
        }
        all
    }

    /// Checks shares, caps and quotas.
    fn rules(&self, plan: &Plan, faults: &mut Vec<Fault>) {
        for rule in self.offer.rules() {
            let holds = match rule.kind {
                RuleKind::Share { funder, axis, basis_points, tolerance } => {
                    let most = tolerance.most(basis_points);
                    self.spent(plan, rule, funder, Some(axis)) * 10_000
                        <= self.available(rule, funder) * u128::from(most)
                }
                RuleKind::Cap { funder, axis, basis_points, of } => {
                    let whole = match of {
                        Base::Budget => self.available(rule, funder),
                        Base::Spend => self.spent(plan, rule, funder, None),
                    };
                    self.spent(plan, rule, funder, Some(axis)) * 10_000
                        <= whole * u128::from(basis_points)
                }
                RuleKind::Quota { funder, group, basis_points } => {
                    let paid = |entry: &&Entry| {
                        self.funder(entry.budget) == Some(funder)
                            && rule.holds(self.day(session_of(entry)))
                    };
                    let of_group = |entry: &&Entry| {
                        self.learners[entry.learner as usize].attributes.is_of(group)
                    };
                    let all = plan.entries.iter().filter(paid).count() as u128;
                    let group = plan.entries.iter().filter(paid).filter(of_group).count() as u128;
                    group * 10_000 >= all * u128::from(basis_points)
                }
                RuleKind::Hours { .. } | RuleKind::Priority { .. } => true,
            };
            if !holds {
                faults.push(Fault::Rule { rule: rule.id.clone() });
            }
        }
    }

    /// Checks that what is said to stay open is what the entries leave of each gap.
    fn open(&self, plan: &Plan, faults: &mut Vec<Fault>) {
        let mut taught: HashMap<(u32, u32), u16> = HashMap::new();
        for entry in &plan.entries {
            let module = self.offer.sessions()[session_of(entry) as usize].module;
            for (skill, level) in self.offer.taught().row(module).iter() {
                let known = taught.entry((entry.learner, skill)).or_default();
                *known = (*known).max(level);
            }
        }
        let mut written: HashMap<u32, Vec<&Uncovered>> = HashMap::new();
        for one in &plan.uncovered {
            written.entry(one.learner).or_default().push(one);
        }
        for (at, learner) in (0u32..).zip(self.learners) {
            let held = self.held.row(learner.person);
            let (mut left, mut weight) = (Vec::new(), 0);
            for (skill, requirement) in self.required.row(learner.target).iter() {
                let taught = taught.get(&(at, skill)).copied().unwrap_or(0);
                let level = held.level(skill).unwrap_or(0).max(taught);
                if level < requirement.level {
                    left.push((skill, level, requirement.level));
                    let steps = u64::from(requirement.level - level);
                    weight += u64::from(learner.weight) * u64::from(requirement.weight) * steps;
                }
            }
            let told = written.remove(&at).unwrap_or_default();
            let mut ranges: Vec<(u32, u16, u16)> = Vec::new();
            for one in told.iter().flat_map(|one| &one.remaining) {
                match ranges.last_mut() {
                    Some((skill, _, to)) if (*skill, *to) == (one.skill, one.from) => *to = one.to,
                    _ => ranges.push((one.skill, one.from, one.to)),
                }
            }
            if ranges != left || told.len() > 1 || told.iter().any(|one| one.weight > weight) {
                faults.push(Fault::Open { learner: at });
            }
        }
        let mut unknown: Vec<u32> = written.into_keys().collect();
        unknown.sort_unstable();
        faults.extend(unknown.into_iter().map(|learner| Fault::Open { learner }));
    }

    /// Checks that whoever is said to have been named first is of the group that a rule names on
    /// one of the sessions, sits there, and that the equal who would have been is not of it.
    fn namings(&self, plan: &Plan, faults: &mut Vec<Fault>) {
        for naming in &plan.namings {
            let sits = |session: u32| {
                plan.entries.iter().find(|e| e.learner == naming.named && session_of(e) == session)
            };
            let seats: Option<Vec<&Entry>> = naming.sessions.iter().map(|&s| sits(s)).collect();
            let seats = seats.unwrap_or_default();
            let says = self.offer.rules().iter().any(|rule| {
                let RuleKind::Priority { funder, group } = rule.kind else { return false };
                let who = [naming.named, naming.before].map(|at| {
                    self.learners.get(at as usize).is_some_and(|l| l.attributes.is_of(group))
                });
                let pays = |entry: &&Entry| {
                    self.funder(entry.budget) == Some(funder)
                        && rule.holds(self.day(session_of(entry)))
                };
                rule.id == naming.rule && who == [true, false] && seats.iter().any(pays)
            });
            if !says {
                faults.push(Fault::Naming { named: naming.named });
            }
        }
    }

    fn funder(&self, budget: Option<u32>) -> Option<u32> {
        Some(self.offer.budgets().get(budget? as usize)?.funder)
    }

    /// What a funder spends while a rule holds, on an axis or on all.
    fn spent(&self, plan: &Plan, rule: &FundingRule, funder: u32, axis: Option<u32>) -> u128 {
        plan.purchases
            .iter()
            .filter(|purchase| {
                self.funder(purchase.budget) == Some(funder)
                    && rule.holds(self.day(purchase.session))
                    && axis.is_none_or(|axis| {
                        self.offer.sessions()[purchase.session as usize].axis == axis
                    })
            })
            .map(|purchase| u128::from(purchase.cents))
            .sum()
    }

    fn available(&self, rule: &FundingRule, funder: u32) -> u128 {
        let budgets = self.offer.budgets().iter().filter(|budget| {
            budget.funder == funder && budget.from.is_none_or(|from| rule.holds(from))
        });
        budgets.map(|budget| u128::from(budget.cents)).sum()
    }
}
