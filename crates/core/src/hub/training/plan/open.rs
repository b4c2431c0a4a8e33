//! What a plan leaves open, skill by skill.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::{Learner, Plan, Unmet};
use crate::matrix::Required;

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

impl Plan {
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
                let found = target.iter().find(|(of, _)| *of == left.skill);
                let weight = found.map_or(0, |(_, requirement)| u64::from(requirement.weight));
                *skills.entry(left.skill).or_default() += weight * u64::from(left.to - left.from);
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
