//! What a plan closes, purchase by purchase, and leaves open, skill by skill.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Learner, Plan, Unmet};
use crate::matrix::{Required, RequiredRow};
#[cfg(feature = "trust")]
use crate::trust::{Rules, shown};

/// What stays open of one skill for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OpenSkill {
    /// The skill's position.
    pub skill: u32,
    /// Why.
    pub why: Unmet,
    /// The people for whom it stays open.
    pub people: u64,
    /// Weighted gap that stays open.
    pub weight: u64,
}

/// An [`OpenSkill`] as far as it may be shown.
#[cfg(feature = "trust")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ShownOpenSkill {
    /// The skill's position.
    pub skill: u32,
    /// Why.
    pub why: Unmet,
    /// The people for whom it stays open; `None` where that is hidden.
    pub people: Option<u64>,
    /// Weighted gap that stays open; hidden with the people, as it would tell how many they are.
    pub weight: Option<u64>,
}

#[cfg(feature = "trust")]
impl OpenSkill {
    /// What of it may be shown: nothing about 1 to 10 people.
    pub fn shown(&self) -> ShownOpenSkill {
        let Self { skill, why, .. } = *self;
        let people = shown(self.people, Rules::default());
        ShownOpenSkill { skill, why, people, weight: people.map(|_| self.weight) }
    }
}

impl Plan {
    /// The weighted gap that each purchase closes, by session and budget. O(entries ×
    /// requirements).
    ///
    /// # Panics
    ///
    /// When the plan is not of these learners and targets.
    pub fn closed_by_purchase(
        &self,
        required: &Required,
        learners: &[Learner],
    ) -> BTreeMap<(u32, Option<u32>), u64> {
        let mut closed = BTreeMap::new();
        for entry in &self.entries {
            let learner = &learners[entry.learner as usize];
            let target = required.row(learner.target);
            let gain: u64 = entry
                .step
                .closes
                .iter()
                .map(|one| weight_of(target, one.skill) * u64::from(one.to - one.from))
                .sum();
            let session = entry.step.session.unwrap_or(u32::MAX);
            *closed.entry((session, entry.budget)).or_default() += gain * u64::from(learner.weight);
        }
        closed
    }

    /// What stays open of the learners that the plan was made for, the most first, then by skill
    /// and reason. O(what remains × requirements).
    ///
    /// # Panics
    ///
    /// When the plan is not of these learners and targets.
    pub fn open_skills(&self, required: &Required, learners: &[Learner]) -> Vec<OpenSkill> {
        let mut sums: BTreeMap<(u32, Unmet), (u64, u64)> = BTreeMap::new();
        for one in &self.uncovered {
            let target = required.row(learners[one.learner as usize].target);
            let mut skills: BTreeMap<u32, u64> = BTreeMap::new();
            for left in &one.remaining {
                let steps = u64::from(left.to - left.from);
                *skills.entry(left.skill).or_default() += weight_of(target, left.skill) * steps;
            }
            for (skill, more) in skills {
                let (people, weight) = sums.entry((skill, one.why)).or_default();
                (*people, *weight) = (*people + 1, *weight + more);
            }
        }
        let open = |((skill, why), (people, weight))| OpenSkill { skill, why, people, weight };
        let mut open: Vec<OpenSkill> = sums.into_iter().map(open).collect();
        open.sort_by_key(|one| (Reverse(one.weight), one.skill, one.why));
        open
    }
}

/// A requirement's weight; 0 where the target does not require the skill.
fn weight_of(target: RequiredRow<'_>, skill: u32) -> u64 {
    let found = target.iter().find(|(of, _)| *of == skill);
    found.map_or(0, |(_, requirement)| u64::from(requirement.weight))
}
