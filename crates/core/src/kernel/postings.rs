//! An inverted index of the targets, and exact sums over it.

use crate::matrix::{HeldRow, Necessity, Required};

/// What each requirement that a profile speaks of adds to its target's sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Term {
    /// w·min(r, h): the credit.
    Credit,
    /// w·r: what is known of, held or not.
    Known,
    /// h·(w·r): the product.
    Product,
    /// 1 where h ≥ r: how many requirements are met.
    Met,
    /// 1: how many requirements are known of.
    Spoken,
}

/// For each skill, the targets that require it, ascending.
#[derive(Clone, Debug)]
pub(crate) struct Postings {
    /// Where each skill's list ends.
    ends: Vec<usize>,
    targets: Vec<u32>,
    levels: Vec<u16>,
    weights: Vec<u16>,
}

impl Postings {
    /// The requirements that bind as `keep` says. O(skills + requirements).
    pub(crate) fn of(required: &Required, keep: impl Fn(Necessity) -> bool) -> Self {
        let mut ends = vec![0usize; required.axis().len() + 1];
        for (&skill, &necessity) in required.skills.iter().zip(&required.necessities) {
            ends[skill as usize + 1] += usize::from(keep(necessity));
        }
        for at in 1..ends.len() {
            ends[at] += ends[at - 1];
        }
        let kept = ends.last().copied().unwrap_or(0);
        let mut lists =
            Self { ends, targets: vec![0; kept], levels: vec![0; kept], weights: vec![0; kept] };
        for target in (0u32..).take(required.len()) {
            for (skill, requirement) in required.row(target).iter() {
                if keep(requirement.necessity) {
                    let at = lists.ends[skill as usize];
                    lists.targets[at] = target;
                    lists.levels[at] = requirement.level;
                    lists.weights[at] = requirement.weight;
                    lists.ends[skill as usize] += 1;
                }
            }
        }
        // Filling moved each start to its end, which is where the next list starts.
        lists.ends.pop();
        lists
    }

    /// Adds to each target's sum what a person's row brings. Sums but products never pass the
    /// target's total, which the builder holds to 32 bits.
    pub(crate) fn add<S: Total>(&self, row: HeldRow<'_>, term: Term, sums: &mut [S]) {
        for (skill, held) in row.iter() {
            let start = (skill as usize).checked_sub(1).map_or(0, |before| self.ends[before]);
            let list = start..self.ends[skill as usize];
            let targets = &self.targets[list.clone()];
            let levels = &self.levels[list.clone()];
            let weights = &self.weights[list];
            for ((&target, &level), &weight) in targets.iter().zip(levels).zip(weights) {
                let (weight, level, held) = (u64::from(weight), u64::from(level), u64::from(held));
                sums[target as usize].add(match term {
                    Term::Credit => weight * level.min(held),
                    Term::Known => weight * level,
                    Term::Product => weight * level * held,
                    Term::Met => u64::from(held >= level),
                    Term::Spoken => 1,
                });
            }
        }
    }
}

/// A width that sums are kept in.
pub(crate) trait Total {
    /// Adds a term, which fits by what the caller knows of the sum.
    fn add(&mut self, term: u64);
}

impl Total for u64 {
    fn add(&mut self, term: u64) {
        *self += term;
    }
}

impl Total for u32 {
    #[expect(clippy::cast_possible_truncation, reason = "totals fit in 32 bits")]
    fn add(&mut self, term: u64) {
        *self += term as u32;
    }
}
