//! What is required together, and how much more often than by chance.

use crate::matrix::Required;

/// A skill that is required together with another one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Together {
    pub(crate) skill: u32,
    /// Targets that require both.
    pub(crate) both: u32,
    /// The share of targets that require both.
    joint: f64,
    /// What that share would be by chance.
    chance: f64,
}

impl Together {
    /// Pointwise mutual information, ln(p(s, s′) ÷ (p(s)·p(s′))).
    pub(crate) fn information(&self) -> f64 {
        (self.joint / self.chance).ln()
    }

    /// The same over −ln p(s, s′), up to 1; 0 where every target requires both, of which nothing is
    /// learned.
    pub(crate) fn normalised(&self) -> f64 {
        if self.joint < 1.0 { (self.information() / -self.joint.ln()).min(1.0) } else { 0.0 }
    }
}

/// Says for each skill, ascending, the skills that are required together with it, itself included,
/// in no order that matters. O(Σ over targets of skills²).
#[expect(clippy::cast_precision_loss, reason = "counts of targets")]
pub(crate) fn each_together(required: &Required, mut say: impl FnMut(u32, &[Together])) {
    let axis = required.axis();
    let mut targets_of: Vec<Vec<u32>> = vec![Vec::new(); axis.len()];
    for target in (0u32..).take(required.len()) {
        for &skill in required.row(target).skills {
            targets_of[skill as usize].push(target);
        }
    }
    let share_of = |targets: usize| targets as f64 / required.len() as f64;
    let mut counts = vec![0u32; axis.len()];
    let (mut met, mut near): (Vec<u32>, Vec<Together>) = (Vec::new(), Vec::new());
    for skill in (0u32..).take(axis.len()) {
        let own = &targets_of[skill as usize];
        for &target in own {
            for &other in required.row(target).skills {
                if counts[other as usize] == 0 {
                    met.push(other);
                }
                counts[other as usize] += 1;
            }
        }
        near.clear();
        near.extend(met.drain(..).map(|other| {
            let both = std::mem::take(&mut counts[other as usize]);
            let chance = share_of(own.len()) * share_of(targets_of[other as usize].len());
            Together { skill: other, both, joint: share_of(both as usize), chance }
        }));
        say(skill, &near);
    }
}
