//! What each module of a solution is for, what remains, and what to ask first.

use hashbrown::HashMap;

use super::problem::{Problem, seat_price};
use super::solve::Solved;
use super::{
    Advised, Asked, Certificate, Closed, Pathway, PathwayOptions, PathwayStep, Remaining, Why,
};
use crate::gap::{SkillGap, skill_gaps};
use crate::hub::training::Offer;
use crate::hub::training::offer::{Purpose, Strength};
use crate::matrix::{HeldRow, RequiredRow};

/// Levels that are held or taught so far.
struct Levels<'a> {
    held: HeldRow<'a>,
    taught: HashMap<u32, u16>,
}

impl Levels<'_> {
    fn of(&self, skill: u32) -> u16 {
        let taught = self.taught.get(&skill).copied().unwrap_or(0);
        self.held.level(skill).unwrap_or(0).max(taught)
    }

    fn learn(&mut self, row: HeldRow<'_>) {
        for (skill, level) in row.iter() {
            let taught = self.taught.entry(skill).or_default();
            *taught = (*taught).max(level);
        }
    }
}

/// What each module of a set of choices, in their order, is for; and what remains after them.
pub(in crate::hub::training) fn steps(
    offer: &Offer,
    held: HeldRow<'_>,
    target: RequiredRow<'_>,
    options: &PathwayOptions,
    problem: &Problem,
    chosen: &[usize],
) -> (Vec<PathwayStep>, Vec<Remaining>) {
    let gaps: Vec<SkillGap> = skill_gaps(held, target).filter(|gap| gap.shortfall() > 0).collect();
    let mut levels = Levels { held, taught: HashMap::new() };
    let mut steps: Vec<PathwayStep> = Vec::new();
    for &at in chosen {
        let choice = &problem.choices[at];
        let module = problem.modules[choice.module];
        let known = &offer.modules()[module as usize];
        let taught = offer.taught().row(module);
        let closes = gaps.iter().filter_map(|gap| {
            let from = levels.of(gap.skill);
            let to = taught.level(gap.skill)?.min(gap.required);
            let silent = gap.held.is_none();
            (to > from).then_some(Closed { skill: gap.skill, from, to, silent })
        });
        let closes: Vec<Closed> = closes.collect();
        let advised = known
            .prerequisites
            .iter()
            .filter(|p| p.strength == Strength::Advisory && levels.of(p.skill) < p.level)
            .map(|p| Advised {
                skill: p.skill,
                level: p.level,
                preparation: preparation(offer, p.skill, p.level),
            })
            .collect();
        let later = &chosen[steps.len() + 1..];
        let mut prepares: Vec<(u32, bool)> = later
            .iter()
            .flat_map(|&next| {
                offer.modules()[problem.modules[problem.choices[next].module] as usize].strict()
            })
            .filter(|p| levels.of(p.skill) < p.level && taught.level(p.skill) >= Some(p.level))
            .map(|p| (p.skill, held.level(p.skill).is_none()))
            .collect();
        prepares.sort_unstable();
        prepares.dedup();
        let ask_first =
            closes.iter().all(|closed| closed.silent) && prepares.iter().all(|&(_, silent)| silent);
        levels.learn(taught);
        steps.push(PathwayStep {
            module,
            session: choice.session,
            dates: choice.dates,
            closes,
            prepares,
            ask_first,
            advised,
        });
    }
    let remaining = remaining(offer, &gaps, &levels, options, problem);
    (steps, remaining)
}

pub(super) fn explain(
    offer: &Offer,
    held: HeldRow<'_>,
    target: RequiredRow<'_>,
    options: &PathwayOptions,
    problem: &Problem,
    solved: &Solved,
) -> Pathway {
    let solution = &solved.solution;
    let (steps, remaining) = steps(offer, held, target, options, problem, &solution.chosen);
    let module = |step: &PathwayStep| &offer.modules()[step.module as usize];
    let minutes = steps.iter().map(|step| u64::from(module(step).minutes)).sum();
    let price = |step: &PathwayStep| match step.session {
        Some(session) => seat_price(offer, session),
        None => module(step).cents,
    };
    let cents = steps.iter().map(price).sum();
    let mut ask: Vec<u32> = steps
        .iter()
        .flat_map(|step| {
            let closes = step.closes.iter().filter(|c| c.silent).map(|c| c.skill);
            let prepares = step.prepares.iter().filter(|(_, silent)| *silent).map(|p| p.0);
            closes.chain(prepares).collect::<Vec<_>>()
        })
        .collect();
    ask.sort_unstable();
    ask.dedup();
    let certificate = Certificate {
        cost: solved.cost,
        bound: solution.bound,
        greedy: solved.greedy,
        closed: solved.closed,
        closed_bound: solution.closed_bound,
        nodes: solution.nodes,
        stop: solution.stop,
    };
    Pathway { steps, remaining, ask, minutes, cents, certificate }
}

/// The shortest preparation that teaches a skill to a level.
fn preparation(offer: &Offer, skill: u32, level: u16) -> Option<u32> {
    (0u32..)
        .zip(offer.modules())
        .filter(|(at, module)| {
            module.purpose == Purpose::Preparation
                && offer.taught().row(*at).level(skill) >= Some(level)
        })
        .min_by_key(|(at, module)| (module.minutes, *at))
        .map(|(at, _)| at)
}

/// What remains after the pathway, cut where the reason changes.
fn remaining(
    offer: &Offer,
    gaps: &[SkillGap],
    levels: &Levels<'_>,
    options: &PathwayOptions,
    problem: &Problem,
) -> Vec<Remaining> {
    let mut all = Vec::new();
    let course = |&module: &u32| offer.modules()[module as usize].purpose != Purpose::Positioning;
    let every: Vec<u32> = (0u32..).take(offer.modules().len()).filter(course).collect();
    let held = |skill: u32| levels.held.level(skill).unwrap_or(0);
    let mut takeable: Option<Vec<u32>> = None;
    for gap in gaps {
        let after = levels.of(gap.skill).min(gap.required);
        let most = |modules: &mut dyn Iterator<Item = u32>| {
            let level = modules.filter_map(|m| offer.taught().row(m).level(gap.skill)).max();
            level.unwrap_or(0).min(gap.required)
        };
        let offered = most(&mut every.iter().copied());
        let followable = most(&mut problem.modules.iter().copied());
        let with_sessions = options.when.is_some();
        let open = match (options.asked, with_sessions) {
            (Asked::Full, true) => Why::Sessions,
            _ => Why::NotAsked,
        };
        // Modules without a session in reach, whose prerequisites could be met if there were one.
        let reachable = if with_sessions && followable < offered {
            most(&mut takeable.get_or_insert_with(|| offer.takeable(&every, held)).iter().copied())
        } else {
            followable
        };
        let mut from = after;
        for (to, why) in [
            (followable, open),
            (reachable, Why::Sessions),
            (offered, Why::Prerequisites),
            (gap.required, Why::NoModule),
        ] {
            if to > from {
                all.push(Remaining { skill: gap.skill, from, to, why });
                from = to;
            }
        }
    }
    all
}
