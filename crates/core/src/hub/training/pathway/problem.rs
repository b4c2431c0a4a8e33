//! A person and a target reduced to what decides the answer.
//!
//! Two people whose problems are equal share a solution: the same modules, levels still to close
//! with their weights and the modules that close each, prerequisites not held, costs and dates.

use super::{Asked, PathwayOptions, When};
use crate::gap::{SkillGap, skill_gaps};
use crate::hub::training::Offer;
use crate::hub::training::offer::{Modality, Purpose};
use crate::matrix::{HeldRow, RequiredRow};
use crate::skill::Date;

/// Levels of one or more skills that the same modules close.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::hub::training) struct Step {
    /// Σ weight × levels.
    pub weight: u64,
    /// The modules that close it, as indices of [`Problem::modules`], ascending.
    pub providers: Vec<usize>,
}

/// One way to follow a module.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::hub::training) struct Choice {
    /// An index of [`Problem::modules`].
    pub module: usize,
    /// The session's position, for dated problems.
    pub session: Option<u32>,
    /// The first and last day, for dated problems.
    pub dates: Option<(Date, Date)>,
    pub cost: u64,
}

impl Choice {
    /// Whether both cannot be followed by one person.
    pub(in crate::hub::training) fn excludes(&self, other: &Self) -> bool {
        self.module == other.module
            || match (self.dates, other.dates) {
                (Some((from, until)), Some((begin, end))) => from <= end && begin <= until,
                _ => false,
            }
    }

    /// Whether it can have ended before the other begins: always, without dates.
    pub(in crate::hub::training) fn before(&self, other: &Self) -> bool {
        match (self.dates, other.dates) {
            (Some((_, end)), Some((start, _))) => end < start,
            _ => true,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(in crate::hub::training) struct Problem {
    /// The modules that may be of use, ascending.
    pub modules: Vec<u32>,
    /// The ways to follow them, by module.
    pub choices: Vec<Choice>,
    /// The choices of each module.
    pub choices_of: Vec<std::ops::Range<usize>>,
    /// What can be closed.
    pub steps: Vec<Step>,
    /// For each module, the providers of each strict prerequisite that is not held.
    pub requires: Vec<Vec<Vec<usize>>>,
    /// Σ weight of the steps to close.
    pub asked: u64,
}

impl Problem {
    pub(in crate::hub::training) fn total(&self) -> u64 {
        self.steps.iter().map(|step| step.weight).sum()
    }

    pub(in crate::hub::training) fn is_full(&self) -> bool {
        self.asked == self.total()
    }

    pub(in crate::hub::training) fn of(
        offer: &Offer,
        held: HeldRow<'_>,
        target: RequiredRow<'_>,
        options: &PathwayOptions,
    ) -> Self {
        let gaps: Vec<SkillGap> = skill_gaps(held, target).collect();
        let level = |skill: u32| held.level(skill).unwrap_or(0);
        let modules = relevant(offer, &gaps, level, options);
        let mut problem = Self { modules, ..Self::default() };
        problem.steps = problem.steps(offer, &gaps);
        problem.requires =
            problem.modules.iter().map(|&m| problem.requires(offer, m, level)).collect();
        for (at, &module) in problem.modules.iter().enumerate() {
            let first = problem.choices.len();
            problem.choices.extend(choices(offer, module, at, options));
            problem.choices_of.push(first..problem.choices.len());
        }
        problem.asked = asked(&gaps, options.asked).min(problem.total());
        problem
    }

    /// The levels to close, cut where a module stops, those with the same providers together.
    fn steps(&self, offer: &Offer, gaps: &[SkillGap]) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for gap in gaps.iter().filter(|gap| gap.shortfall() > 0) {
            let held = gap.held.unwrap_or(0);
            let taught: Vec<(u16, usize)> = self
                .modules
                .iter()
                .enumerate()
                .filter_map(|(at, &module)| {
                    let level = offer.taught().row(module).level(gap.skill)?.min(gap.required);
                    (level > held).then_some((level, at))
                })
                .collect();
            let mut ends: Vec<u16> = taught.iter().map(|&(level, _)| level).collect();
            ends.sort_unstable();
            ends.dedup();
            let mut from = held;
            for to in ends {
                let providers: Vec<usize> =
                    taught.iter().filter(|(level, _)| *level >= to).map(|&(_, at)| at).collect();
                let weight = u64::from(gap.weight) * u64::from(to - from);
                match steps.iter_mut().find(|step| step.providers == providers) {
                    Some(step) => step.weight += weight,
                    None => steps.push(Step { weight, providers }),
                }
                from = to;
            }
        }
        steps.sort_by(|a, b| a.providers.cmp(&b.providers));
        steps
    }

    fn requires(&self, offer: &Offer, module: u32, level: impl Fn(u32) -> u16) -> Vec<Vec<usize>> {
        let mut requires: Vec<Vec<usize>> = offer.modules()[module as usize]
            .strict()
            .filter(|p| level(p.skill) < p.level)
            .map(|p| {
                let teaches =
                    |&m: &u32| m != module && offer.taught().row(m).level(p.skill) >= Some(p.level);
                (0..self.modules.len()).filter(|&at| teaches(&self.modules[at])).collect()
            })
            .collect();
        requires.sort_unstable();
        requires.dedup();
        requires
    }
}

/// The weight to close for a coverage: what is asked of the total, less what is held.
fn asked(gaps: &[SkillGap], asked: Asked) -> u64 {
    match asked {
        Asked::Full => u64::MAX,
        Asked::Coverage(share) => {
            let total: u64 =
                gaps.iter().map(|gap| u64::from(gap.weight) * u64::from(gap.required)).sum();
            let credit: u64 = gaps.iter().map(|gap| u64::from(gap.credit())).sum();
            (total * u64::from(share)).div_ceil(10_000).saturating_sub(credit)
        }
    }
}

/// The modules that close something, those that these need before, and so on: as far as the person
/// can come to follow them.
fn relevant(
    offer: &Offer,
    gaps: &[SkillGap],
    level: impl Fn(u32) -> u16,
    options: &PathwayOptions,
) -> Vec<u32> {
    let open = |&module: &u32| {
        offer.modules()[module as usize].purpose != Purpose::Positioning
            && options.when.as_ref().is_none_or(|when| {
                offer.sessions_of(module).iter().any(|&s| !spans(offer, s, when).is_empty())
            })
    };
    let all: Vec<u32> = (0u32..).take(offer.modules().len()).filter(open).collect();
    let takeable = offer.takeable(&all, &level);
    let mut wanted: Vec<(u32, u16)> = gaps
        .iter()
        .filter(|gap| gap.shortfall() > 0)
        .map(|gap| (gap.skill, gap.held.unwrap_or(0) + 1))
        .collect();
    let mut chosen = vec![false; takeable.len()];
    while let Some((skill, least)) = wanted.pop() {
        for (at, &module) in takeable.iter().enumerate() {
            if !chosen[at] && offer.taught().row(module).level(skill) >= Some(least) {
                chosen[at] = true;
                let module = &offer.modules()[module as usize];
                wanted.extend(
                    module
                        .strict()
                        .filter(|p| level(p.skill) < p.level)
                        .map(|p| (p.skill, p.level)),
                );
            }
        }
    }
    takeable.iter().zip(chosen).filter(|(_, chosen)| *chosen).map(|(&module, _)| module).collect()
}

fn choices(offer: &Offer, module: u32, at: usize, options: &PathwayOptions) -> Vec<Choice> {
    let known = &offer.modules()[module as usize];
    let Some(when) = &options.when else {
        let cost = options.cost.of(known.minutes.into(), known.cents);
        return vec![Choice { module: at, session: None, dates: None, cost }];
    };
    let mut choices = Vec::new();
    for &session in offer.sessions_of(module) {
        let cost = options.cost.of(known.minutes.into(), seat_price(offer, session));
        for dates in spans(offer, session, when) {
            choices.push(Choice { module: at, session: Some(session), dates: Some(dates), cost });
        }
    }
    choices
}

/// What one seat costs when the session is full, in cents, rounded up.
pub(in crate::hub::training) fn seat_price(offer: &Offer, session: u32) -> u64 {
    let session = &offer.sessions()[session as usize];
    session.cents_per_seat + session.cents_per_session.div_ceil(session.capacity().into())
}

/// The days on which someone can follow a session: its own, or, for rolling entry, from the first
/// possible day and every four weeks for a year: what is optimal is so among these entries.
fn spans(offer: &Offer, session: u32, when: &When) -> Vec<(Date, Date)> {
    let known = &offer.sessions()[session as usize];
    let module = &offer.modules()[known.module as usize];
    if module.modality != Modality::Remote
        && when.territories.binary_search(&known.territory).is_err()
    {
        return Vec::new();
    }
    let fits = |&(from, until): &(Date, Date)| {
        when.from <= from && when.until.is_none_or(|last| until <= last)
    };
    if let Some(dates) = known.dates {
        return Some(dates).filter(fits).into_iter().collect();
    }
    let (first, last) = match known.entry {
        Some((from, until)) => (from.max(when.from), Some(until)),
        None => (when.from, None),
    };
    let days = i32::try_from(module.calendar_days()).unwrap_or(i32::MAX);
    let mut starts = vec![first.days()];
    for number in 1..=ROLLING_STARTS {
        starts.push(first.days().saturating_add(number.saturating_mul(ROLLING_EVERY)));
    }
    starts
        .into_iter()
        .filter_map(|start| {
            let end = Date::from_days(start.checked_add(days - 1)?).ok()?;
            Some((Date::from_days(start).ok()?, end))
        })
        .filter(|(start, _)| last.is_none_or(|last| *start <= last))
        .filter(fits)
        .collect()
}

/// Rolling entry is tried on the first possible day and so many times after.
const ROLLING_STARTS: i32 = 12;

/// Days between two entries that are tried.
const ROLLING_EVERY: i32 = 28;

/// The cost of a set of choices.
pub(in crate::hub::training) fn cost_of(problem: &Problem, chosen: &[usize]) -> u64 {
    chosen.iter().map(|&at| problem.choices[at].cost).sum()
}

/// What a set of choices closes.
pub(in crate::hub::training) fn closed_by(problem: &Problem, chosen: &[usize]) -> u64 {
    let mut taken = vec![false; problem.modules.len()];
    for &at in chosen {
        taken[problem.choices[at].module] = true;
    }
    let closes = |step: &&Step| step.providers.iter().any(|&module| taken[module]);
    problem.steps.iter().filter(closes).map(|step| step.weight).sum()
}
