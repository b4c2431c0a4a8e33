//! Plans to solve, drawn by a seed: the first public benchmark of its kind.
//!
//! Tight on purpose: money for two fifths of what everyone would cost, sessions that hardly reach
//! their minimum, prerequisites, alternatives, and a quota that binds. `docs/hub.md` tables what the
//! planner reaches on them.

use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

use super::Offer;
use super::offer::{
    Buying, FundingRule, Group, Module, OfferBuilder, RuleKind, Session, Strength, Tolerance,
};
use super::pathway::{PathwayOptions, When, pathways};
use super::plan::{Attributes, Learner};
use crate::error::{Error, Result};
use crate::matrix::{Held, Necessity, Required, Requirement};
use crate::run::Run;
use crate::skill::{Date, LevelScale, SkillAxis};

/// The size of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstanceSize {
    /// Learners, each for one target.
    pub people: u32,
    /// Modules, at least 10.
    pub modules: u32,
    /// Territories, at least 1.
    pub territories: u32,
    /// Funders, at least 1.
    pub funders: u32,
    /// Distinct kinds of people for each target: 0 draws everyone anew.
    pub kinds: u32,
}

/// Everything that a plan is made of.
#[derive(Clone, Debug)]
pub struct Instance {
    /// What can be bought.
    pub offer: Offer,
    /// What people hold.
    pub held: Held,
    /// What targets require.
    pub required: Required,
    /// Who is to be trained for what.
    pub learners: Vec<Learner>,
    /// The first day.
    pub from: Date,
}

/// Skills of a target, weights and levels.
const TARGET_SKILLS: u32 = 8;

/// Levels of every skill.
const TOP: u16 = 4;

/// Share of what everyone would cost that there is, in percent.
const MONEY: u64 = 40;

/// Axes of budgets with their shares, in hundredths of a percent.
const AXES: [(&str, u32); 3] = [("1", 5_000), ("2", 4_300), ("transverse", 700)];

struct Chance(ChaCha8Rng);

impl Chance {
    fn below(&mut self, limit: u32) -> u32 {
        // 2³² is a multiple of nothing asked for here; the bias is below limit ÷ 2³².
        u32::try_from((u64::from(self.0.next_u32()) * u64::from(limit)) >> 32).unwrap_or(0)
    }

    fn between(&mut self, least: u32, most: u32) -> u32 {
        least + self.below(most - least + 1)
    }

    fn percent(&mut self, share: u32) -> bool {
        self.below(100) < share
    }
}

impl Instance {
    /// Draws an instance; the same size and seed give the same one.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for sizes out of range, [`Error::Cancelled`].
    pub fn draw(size: InstanceSize, seed: u64, run: &Run) -> Result<Self> {
        if size.modules < 10 || size.territories == 0 || size.funders == 0 || size.people == 0 {
            let expected = "at least 1 person, 10 modules, 1 territory and 1 funder";
            return Err(Error::argument("size", format!("{size:?}"), expected));
        }
        let mut chance = Chance(ChaCha8Rng::seed_from_u64(seed));
        let from: Date = "2027-01-04".parse()?;
        let skills = size.modules;
        let ids: Vec<String> = (0..skills).map(|at| format!("s{at:04}")).collect();
        let scale = LevelScale::new("steps", TOP)?;
        let axis = SkillAxis::from_ids("instance", "1", scale, ids.iter().map(String::as_str))?;
        let axis = Arc::new(axis);
        let mut builder = OfferBuilder::new(&axis);
        modules(&mut builder, size, &ids, &mut chance)?;
        let required = targets(&axis, size, &ids, &mut chance)?;
        let (held, mut learners) = people(&axis, size, &required, &ids, from, &mut chance)?;
        money(&mut builder, size)?;
        let undated = builder.clone().build()?;
        let demand = demand(&undated, &held, &required, &learners, size, run)?;
        let total = sessions(&mut builder, &undated, &demand, size, from, &mut chance)?;
        budgets(&mut builder, size, total * MONEY / 100)?;
        let offer = builder.build()?;
        for learner in &mut learners {
            let home = learner.when.territories[0];
            learner.when.territories = reach(home, size.territories);
        }
        Ok(Self { offer, held, required, learners, from })
    }
}

/// Home and both neighbours, on a ring.
fn reach(home: u32, territories: u32) -> Vec<u32> {
    let mut reach = vec![home, (home + 1) % territories, (home + territories - 1) % territories];
    reach.sort_unstable();
    reach.dedup();
    reach
}

fn modules(
    builder: &mut OfferBuilder,
    size: InstanceSize,
    skills: &[String],
    chance: &mut Chance,
) -> Result<()> {
    for at in 0..size.modules {
        let id = format!("m{at:04}");
        let hours = 35 * chance.between(1, 10);
        let cents = u64::from(hours) * u64::from(chance.between(800, 1_400));
        builder.module(&id, Module { minutes: hours * 60, cents, ..Module::default() })?;
        // Neighbouring modules teach neighbouring skills, so that each skill has alternatives.
        let mut taught = Vec::new();
        for _ in 0..chance.between(2, 4) {
            let skill = (at + chance.below(5)) % size.modules;
            if !taught.contains(&skill) {
                taught.push(skill);
                let level = u16::try_from(chance.between(2, TOP.into())).unwrap_or(TOP);
                builder.teach(&id, &skills[skill as usize], level)?;
            }
        }
        // Three in ten need something that an earlier module teaches.
        if at >= 5 && chance.percent(30) {
            let skill = skills[(at - 1 - chance.below(4)) as usize].clone();
            builder.prerequisite(&id, &skill, 1, Strength::Strict)?;
        }
    }
    Ok(())
}

fn targets(
    axis: &Arc<SkillAxis>,
    size: InstanceSize,
    skills: &[String],
    chance: &mut Chance,
) -> Result<Required> {
    let mut builder = Required::builder(axis);
    for at in 0..size.modules / 3 {
        let mut chosen: Vec<u32> = Vec::new();
        while chosen.len() < TARGET_SKILLS as usize {
            let skill = (at * 3 + chance.below(3 * TARGET_SKILLS)) % size.modules;
            if !chosen.contains(&skill) {
                chosen.push(skill);
            }
            if chosen.len() == size.modules as usize {
                break;
            }
        }
        for skill in chosen {
            let level = u16::try_from(chance.between(1, 3)).unwrap_or(1);
            let weight = u16::try_from(chance.between(1, 3)).unwrap_or(1);
            let requirement = Requirement { level, weight, necessity: Necessity::Essential };
            builder.require(&format!("t{at:04}"), &skills[skill as usize], requirement)?;
        }
    }
    builder.build()
}

fn people(
    axis: &Arc<SkillAxis>,
    size: InstanceSize,
    required: &Required,
    skills: &[String],
    from: Date,
    chance: &mut Chance,
) -> Result<(Held, Vec<Learner>)> {
    let targets = u32::try_from(required.len()).unwrap_or(1);
    let mut kinds: Vec<Vec<(u32, u16)>> = Vec::new();
    let hold = |target: u32, chance: &mut Chance| -> Vec<(u32, u16)> {
        let row = required.row(target).iter();
        row.filter_map(|(skill, requirement)| {
            // A quarter of what is asked is held, a quarter in part, a quarter not, a quarter unknown.
            let level = match chance.below(4) {
                0 => requirement.level,
                1 => requirement.level - 1,
                2 => 0,
                _ => return None,
            };
            Some((skill, level))
        })
        .collect()
    };
    for target in 0..targets {
        for _ in 0..size.kinds {
            kinds.push(hold(target, chance));
        }
    }
    let mut held = Held::builder(axis);
    let mut learners = Vec::new();
    for person in 0..size.people {
        let id = format!("p{person:06}");
        held.person(&id)?;
        let target = chance.below(targets);
        let holds = match size.kinds {
            0 => hold(target, chance),
            kinds_each => {
                let kind = target * kinds_each + chance.below(kinds_each);
                kinds[kind as usize].clone()
            }
        };
        for (skill, level) in holds {
            held.hold(&id, &skills[skill as usize], level)?;
        }
        // Territories as unlike as towns: of two drawn, the first in the list more often.
        let home = chance.below(size.territories).min(chance.below(size.territories));
        learners.push(Learner {
            person,
            target,
            weight: 1,
            need: format!("t{target:04}"),
            when: When { territories: vec![home], from, until: None },
            attributes: Attributes { qpv: chance.percent(13), disabled: chance.percent(12) },
        });
    }
    Ok((held.build()?, learners))
}

fn money(builder: &mut OfferBuilder, size: InstanceSize) -> Result<()> {
    for (axis, _) in AXES {
        builder.axis(axis)?;
    }
    for funder in 0..size.funders {
        builder.funder(&format!("f{funder}"), super::offer::Funder::default())?;
    }
    for territory in 0..size.territories {
        builder.territory(&format!("z{territory:02}"))?;
    }
    Ok(())
}

/// How many seats of each module people of each territory would take, were there money for all,
/// by territory and module.
fn demand(
    offer: &Offer,
    held: &Held,
    required: &Required,
    learners: &[Learner],
    size: InstanceSize,
    run: &Run,
) -> Result<Vec<Vec<u32>>> {
    let pairs: Vec<(u32, u32)> = learners.iter().map(|l| (l.person, l.target)).collect();
    // The greedy answer is near enough to draw sessions for.
    let options = PathwayOptions { node_limit: 1, ..PathwayOptions::default() };
    let found = pathways(offer, held, required, &pairs, &options, run)?;
    let mut demand = vec![vec![0; size.modules as usize]; size.territories as usize];
    for (pathway, learner) in found.pathways.iter().zip(learners) {
        for module in pathway.modules() {
            demand[learner.when.territories[0] as usize][module as usize] += 1;
        }
    }
    Ok(demand)
}

/// Sessions for what would be asked for, in two halves of the year, and what all of it would cost.
fn sessions(
    builder: &mut OfferBuilder,
    offer: &Offer,
    demand: &[Vec<u32>],
    size: InstanceSize,
    from: Date,
    chance: &mut Chance,
) -> Result<u64> {
    let mut total = 0;
    let axes: Vec<u32> = (0u32..).take(AXES.len()).collect();
    for (territory, demand) in (0u32..).zip(demand) {
        for ((module, known), &heads) in (0u32..).zip(offer.modules()).zip(demand) {
            if heads == 0 {
                continue;
            }
            total += known.cents * u64::from(heads);
            let seats = heads.clamp(4, 16);
            for number in 0..heads.div_ceil(seats) {
                let start = from.days() + i32::try_from(chance.below(330)).unwrap_or(0);
                let end = start + i32::try_from(known.calendar_days()).unwrap_or(1) - 1;
                // Two parts in five of a full session are the room and the teacher.
                let fixed = known.cents * 2 / 5 * u64::from(seats);
                let kind = chance.below(10);
                let session = Session {
                    module,
                    territory,
                    dates: Some((Date::from_days(start)?, Date::from_days(end)?)),
                    entry: None,
                    seats,
                    minimum: (seats * 3 / 4).max(2),
                    maximum: seats,
                    cents_per_seat: known.cents - known.cents * 2 / 5,
                    cents_per_session: fixed,
                    axis: axes[match chance.below(100) {
                        0..50 => 0,
                        50..93 => 1,
                        _ => 2,
                    }],
                    funders: (0..size.funders).filter(|&f| f == 0 || chance.percent(50)).collect(),
                    buying: Buying::Collective,
                };
                let session = match kind {
                    0 => Session { buying: Buying::Existing, minimum: 1, axis: axes[0], ..session },
                    1 => Session {
                        buying: Buying::Individual,
                        minimum: 1,
                        cents_per_seat: known.cents * 5 / 4,
                        cents_per_session: 0,
                        ..session
                    },
                    _ => session,
                };
                builder.session(&format!("z{territory:02}-m{module:04}-{number}"), session)?;
            }
        }
    }
    Ok(total)
}

/// The first funder has three fifths of the money, the others share the rest.
fn budgets(builder: &mut OfferBuilder, size: InstanceSize, total: u64) -> Result<()> {
    for funder in 0..size.funders {
        let own = match (funder, size.funders) {
            (_, 1) => total,
            (0, _) => total * 3 / 5,
            (_, funders) => total * 2 / 5 / u64::from(funders - 1),
        };
        for (axis, (_, share)) in (0u32..).zip(AXES) {
            let cents = own * u64::from(share) / 10_000;
            builder.budget(super::offer::Budget {
                funder,
                axis,
                cents,
                from: None,
                until: None,
            })?;
        }
    }
    let rule = |id: &str, kind| FundingRule { id: id.to_owned(), kind, from: None, until: None };
    builder
        .rule(rule("qpv", RuleKind::Quota { funder: 0, group: Group::Qpv, basis_points: 1_500 }))?;
    builder.rule(rule(
        "transverse",
        RuleKind::Share { funder: 0, axis: 2, basis_points: 700, tolerance: Tolerance::Points(0) },
    ))?;
    builder.rule(rule("disabled", RuleKind::Priority { funder: 0, group: Group::Disabled }))?;
    Ok(())
}
