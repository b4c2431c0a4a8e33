//! Whether what is bought fits what is needed, and the indicators of a plan.

use hashbrown::{HashMap, HashSet};
use serde::Serialize;

use super::Offer;
use super::learners::Learners;
use super::offer::{CertificationKind, Purpose};
use super::plan::{Entry, Plan};
use super::public::Public;
use crate::error::{Error, Result};
use crate::matrix::{Held, Required};
#[cfg(feature = "trust")]
use crate::trust::{Rules, shown, some_parts_shown};

/// One skill: what is needed of it, what is offered, and what is bought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SkillAdequacy {
    /// The skill's position.
    pub skill: u32,
    /// Positions that call for training, of the occupations that require it.
    pub positions: u64,
    /// The highest level that these require.
    pub level: u16,
    /// Modules that teach it. None: a need that traces to no module.
    pub modules: u64,
    /// The highest level that they teach.
    pub taught: u16,
    /// Seats bought in modules that teach it.
    pub seats: u64,
    /// Learners whose target requires it above what they hold.
    pub lacking: u64,
    /// Those of them whom the plan brings to the level required.
    pub closed: u64,
}

/// A [`SkillAdequacy`] as far as it may be shown.
#[cfg(feature = "trust")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ShownAdequacy {
    /// The skill's position.
    pub skill: u32,
    /// Positions that call for training, of the occupations that require it.
    pub positions: u64,
    /// The highest level that these require.
    pub level: u16,
    /// Modules that teach it.
    pub modules: u64,
    /// The highest level that they teach.
    pub taught: u16,
    /// Seats bought in modules that teach it.
    pub seats: Option<u64>,
    /// Learners whose target requires it above what they hold.
    pub lacking: Option<u64>,
    /// Those of them whom the plan brings to the level required.
    pub closed: Option<u64>,
}

#[cfg(feature = "trust")]
impl SkillAdequacy {
    /// What of it may be shown: nothing about 1 to 10 people, nor what would give it away.
    ///
    /// # Errors
    ///
    /// Those of [`some_parts_shown`].
    pub fn shown(&self) -> Result<ShownAdequacy> {
        let Self { skill, positions, level, modules, taught, .. } = *self;
        let learners = some_parts_shown(self.lacking, &[self.closed], Rules::default())?;
        let (lacking, closed) = (learners.whole, learners.parts[0]);
        let seats = shown(self.seats, Rules::default());
        Ok(ShownAdequacy { skill, positions, level, modules, taught, seats, lacking, closed })
    }
}

/// Whether what is bought fits what is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Adequacy {
    /// The skills that positions which call for training require, by position.
    pub skills: Vec<SkillAdequacy>,
    /// Modules that teach none of them: modules that trace to no need.
    pub idle: Vec<u32>,
}

/// Sets needs, offer and plan side by side, skill by skill. O(requirements + modules × skills +
/// learners × requirements).
///
/// # Errors
///
/// [`Error::AxisMismatch`], [`Error::Argument`] for positions of another length than the targets.
pub fn adequacy(
    offer: &Offer,
    held: &Held,
    required: &Required,
    learners: &Learners,
    plan: &Plan,
) -> Result<Adequacy> {
    offer.axis().check_same(required.axis())?;
    offer.axis().check_same(held.axis())?;
    if learners.positions_of.len() != required.len() {
        let expected = format!("one for each of {} targets", required.len());
        return Err(Error::argument("positions", learners.positions_of.len(), expected));
    }
    let blank = |skill| SkillAdequacy { skill, ..SkillAdequacy::default() };
    let mut skills: Vec<SkillAdequacy> = (0u32..).take(offer.axis().len()).map(blank).collect();
    for (target, &positions) in (0u32..).zip(&learners.positions_of) {
        for (skill, requirement) in required.row(target).iter().filter(|_| positions > 0) {
            let own = &mut skills[skill as usize];
            own.positions += positions;
            own.level = own.level.max(requirement.level);
        }
    }
    let mut idle = Vec::new();
    for module in (0u32..).take(offer.modules().len()) {
        let mut needed = false;
        for (skill, level) in offer.taught().row(module).iter() {
            let own = &mut skills[skill as usize];
            own.modules += 1;
            own.taught = own.taught.max(level);
            needed |= own.positions > 0;
        }
        if !needed {
            idle.push(module);
        }
    }
    let mut reached: HashMap<(u32, u32), u16> = HashMap::new();
    for entry in &plan.entries {
        for (skill, level) in offer.taught().row(entry.step.module).iter() {
            skills[skill as usize].seats += 1;
            let known = reached.entry((entry.learner, skill)).or_default();
            *known = (*known).max(level);
        }
    }
    for (at, learner) in (0u32..).zip(&learners.learners) {
        let row = held.row(learner.person);
        for (skill, requirement) in required.row(learner.target).iter() {
            if row.level(skill).unwrap_or(0) < requirement.level {
                let own = &mut skills[skill as usize];
                own.lacking += 1;
                let after = reached.get(&(at, skill)).copied().unwrap_or(0);
                own.closed += u64::from(after >= requirement.level);
            }
        }
    }
    skills.retain(|skill| skill.positions > 0);
    Ok(Adequacy { skills, idle })
}

/// What an indicator counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Counts {
    /// People, or seats that people take: to be suppressed where they are few.
    People,
    /// Minutes, weights or positions.
    Other,
}

/// One figure of a plan, with what it is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Indicator {
    /// What it is known by.
    pub id: &'static str,
    /// The part; `None` where nothing was observed, which is not 0.
    pub numerator: Option<u64>,
    /// The whole; `None` for a count of its own.
    pub denominator: Option<u64>,
    /// What both count.
    pub counts: Counts,
    /// What is counted, and how.
    pub method: &'static str,
    /// Where it comes from.
    pub source: &'static str,
}

#[cfg(feature = "trust")]
impl Indicator {
    /// It as far as it may be shown, and whether something of it is hidden: counts about 1 to 10
    /// people, and those that would give them away. A hidden figure is `None`.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a part that is more than its whole.
    pub fn shown(self) -> Result<(Self, bool)> {
        let rules = Rules::default();
        let (numerator, denominator) = match (self.counts, self.numerator, self.denominator) {
            (Counts::People, Some(part), Some(whole)) => {
                let shown = some_parts_shown(whole, &[part], rules)?;
                (shown.parts[0], shown.whole)
            }
            (Counts::People, part, whole) => {
                let alone = |count| shown(count, rules);
                (part.and_then(alone), whole.and_then(alone))
            }
            (Counts::Other, part, whole) => (part, whole),
        };
        let hidden = (numerator, denominator) != (self.numerator, self.denominator);
        Ok((Self { numerator, denominator, ..self }, hidden))
    }
}

/// The indicators of a plan, in a fixed order. What only later observation can tell (insertion,
/// the match of training and job) is there without a figure: missing is not 0.
/// O(entries + learners × requirements).
///
/// # Errors
///
/// [`Error::Argument`] for publics of another length than the people.
pub fn indicators(
    offer: &Offer,
    held: &Held,
    required: &Required,
    learners: &Learners,
    publics: &[Public],
    plan: &Plan,
) -> Result<Vec<Indicator>> {
    if publics.len() != held.len() {
        let expected = format!("one for each of {} people", held.len());
        return Err(Error::argument("publics", publics.len(), expected));
    }
    let public = |entry: &Entry| publics[learners.learners[entry.learner as usize].person as usize];
    let entries = plan.entries.len() as u64;
    let seats = |wanted: &dyn Fn(&Entry) -> bool| {
        plan.entries.iter().filter(|entry| wanted(entry)).count() as u64
    };
    let minutes: u64 = plan
        .entries
        .iter()
        .map(|entry| u64::from(offer.modules()[entry.step.module as usize].minutes))
        .sum();
    let mut trained: Vec<&Entry> = plan.entries.iter().collect();
    trained.dedup_by_key(|entry| entry.learner);
    let people = trained.len() as u64;
    let levels: Vec<u8> = trained.iter().filter_map(|entry| public(entry).level).collect();
    let (key, continued) = continuation(offer, plan);
    let mut total = 0;
    let mut credit = 0;
    for learner in &learners.learners {
        for (skill, requirement) in required.row(learner.target).iter() {
            let level = held.row(learner.person).level(skill).unwrap_or(0).min(requirement.level);
            total += u64::from(requirement.weight) * u64::from(requirement.level);
            credit += u64::from(requirement.weight) * u64::from(level);
        }
    }
    let closes = seats(&|entry| !entry.step.closes.is_empty() || !entry.step.prepares.is_empty());
    let indicator = |id, numerator: Option<u64>, denominator, counts, method| {
        let source = if numerator.is_some() { "plan" } else { "to be observed" };
        Indicator { id, numerator, denominator, counts, method, source }
    };
    use Counts::{Other, People};
    Ok(vec![
        indicator(
            "people_trained",
            Some(people),
            Some(learners.learners.len() as u64),
            People,
            "learners with a seat ÷ learners",
        ),
        indicator(
            "entries",
            Some(entries),
            None,
            People,
            "seats taken, one for each module of each person",
        ),
        indicator(
            "trainee_minutes",
            Some(minutes),
            None,
            Other,
            "minutes of the module of each seat",
        ),
        indicator(
            "mean_duration",
            Some(minutes),
            Some(people),
            Other,
            "trainee minutes ÷ people trained",
        ),
        indicator(
            "priority_districts",
            Some(seats(&|entry| public(entry).attributes.qpv)),
            Some(entries),
            People,
            "entries of people of priority districts ÷ entries",
        ),
        indicator(
            "below_level_4",
            Some(levels.iter().filter(|&&level| level < 4).count() as u64),
            Some(levels.len() as u64),
            People,
            "people trained whose highest diploma is below level 4 of 2019 (IV of 1969) ÷ people trained whose level is known",
        ),
        indicator(
            "continuation",
            Some(continued),
            Some(key),
            People,
            "people who go on to a module of another certification ÷ people in a preparation or a module of CléA",
        ),
        indicator(
            "adequate_purchases",
            Some(closes),
            Some(entries),
            People,
            "seats that close a gap or prepare for one that does ÷ seats",
        ),
        indicator(
            "coverage_before",
            Some(credit),
            Some(total),
            Other,
            "Σ weight × level held, at most the level required ÷ Σ weight × level required, over learners and their targets; silence counts as 0",
        ),
        indicator(
            "coverage_after",
            Some(credit + plan.certificate.closed),
            Some(total),
            Other,
            "the same with what the plan closes",
        ),
        indicator(
            "needs_answered",
            Some(people),
            Some(learners.positions),
            Other,
            "people trained, each for one position ÷ positions that call for training",
        ),
        indicator(
            "insertion_6_months",
            None,
            None,
            People,
            "people in work six months after ÷ people who finished",
        ),
        indicator(
            "insertion_12_months",
            None,
            None,
            People,
            "people in work twelve months after ÷ people who finished",
        ),
        indicator(
            "speciality_match",
            None,
            None,
            People,
            "people in work in the occupation that they were trained for ÷ people in work",
        ),
    ])
}

/// People in a preparation or a module of CléA, and those of them who go on to another
/// certification's module.
fn continuation(offer: &Offer, plan: &Plan) -> (u64, u64) {
    let kinds = |entry: &Entry| {
        let module = &offer.modules()[entry.step.module as usize];
        let certification = |&block: &u32| {
            let block = &offer.blocks()[block as usize];
            offer.certifications()[block.certification as usize].kind
        };
        let clea = module.blocks.iter().any(|at| certification(at) == CertificationKind::Clea);
        let other = module.blocks.iter().any(|at| certification(at) != CertificationKind::Clea);
        (module.purpose == Purpose::Preparation || clea, other && !clea)
    };
    let mut key: HashSet<u32> = HashSet::new();
    let mut continued: HashSet<u32> = HashSet::new();
    for entry in &plan.entries {
        let (is_key, qualifies) = kinds(entry);
        if qualifies && key.contains(&entry.learner) {
            continued.insert(entry.learner);
        }
        if is_key {
            key.insert(entry.learner);
        }
    }
    (key.len() as u64, continued.len() as u64)
}
