//! Everything that sums say of one person and one target.

use serde::{Deserialize, Serialize};

use super::skills::skill_gaps;
use crate::error::{Error, Result};
use crate::matrix::{HeldRow, Necessity, RequiredRow};
use crate::skill::named;

/// Total, credit and known, in steps × weight, over some of a target's requirements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// T = Σ w·r.
    pub total: u32,
    /// A = Σ w·min(r, h) over the skills that the profile speaks of.
    pub credit: u32,
    /// K = Σ w·r over the skills that the profile speaks of.
    pub known: u32,
}

impl Sums {
    /// G⁺ = T − A: the gap, silence counted as not held.
    pub fn gap(self) -> u32 {
        self.total - self.credit
    }

    /// G⁻ = K − A: the gap that is known of.
    pub fn gap_lower(self) -> u32 {
        self.known - self.credit
    }

    /// C = A ÷ T, in [0, 1]; 1 where nothing is required.
    pub fn coverage(self) -> f32 {
        share(self.credit, self.total)
    }

    /// C⁺ = 1 − G⁻ ÷ T, in [C, 1]: the coverage if all that is silent were held.
    pub fn coverage_upper(self) -> f32 {
        share(self.total - self.gap_lower(), self.total)
    }

    /// κ = K ÷ T, in [0, 1]; 1 where nothing is required.
    pub fn known_share(self) -> f32 {
        share(self.known, self.total)
    }
}

/// One division in f64, rounded once to f32; the whole of nothing is 1.
pub(super) fn share(part: u32, whole: u32) -> f32 {
    if whole == 0 {
        return 1.0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "rounded once, as documented")]
    let share = (f64::from(part) / f64::from(whole)) as f32;
    share
}

/// Whether a person may go for a target as far as the profile tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Status {
    /// Essential coverage reaches the threshold and nothing blocks.
    Eligible = 0,
    /// It does not, or something blocks.
    NotEligible = 1,
    /// The profile speaks of too little to say. The answer is to ask, not to train.
    NotEnoughEvidence = 2,
}

named!(Status, "status", {
    Eligible = "eligible",
    NotEligible = "not-eligible",
    NotEnoughEvidence = "not-enough-evidence",
});

/// From where on a person is eligible, and from where on a profile says enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Eligibility {
    essential_coverage: f32,
    known_share: f32,
}

impl Default for Eligibility {
    /// An essential coverage of 0.8 and a known share of 0.25.
    fn default() -> Self {
        Self { essential_coverage: 0.8, known_share: 0.25 }
    }
}

impl Eligibility {
    /// Thresholds on essential coverage and on known share, each in [0, 1].
    ///
    /// A higher threshold on essential coverage leaves fewer people eligible; a higher one on known
    /// share sends more of them to be asked first.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] outside [0, 1].
    pub fn new(essential_coverage: f32, known_share: f32) -> Result<Self> {
        for (name, value) in
            [("essential_coverage", essential_coverage), ("known_share", known_share)]
        {
            if !(0.0..=1.0).contains(&value) {
                return Err(Error::argument(name, value, "from 0 to 1"));
            }
        }
        Ok(Self { essential_coverage, known_share })
    }
}

/// Everything that sums say of one person and one target.
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use passerelle::gap::{Eligibility, Standing, Status};
/// use passerelle::{Held, LevelScale, Necessity, Required, Requirement, SkillAxis};
///
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", LevelScale::new("steps", 4)?, ["weld", "read"])?);
/// let mut targets = Required::builder(&axis);
/// for (skill, level) in [("weld", 4), ("read", 2)] {
///     let requirement = Requirement { level, weight: 1, necessity: Necessity::Essential };
///     targets.require("welder", skill, requirement)?;
/// }
/// let mut people = Held::builder(&axis);
/// people.hold("p1", "weld", 3)?; // silent on reading
/// let standing = Standing::of(people.build()?.row(0), targets.build()?.row(0));
/// assert_eq!((standing.all.gap(), standing.all.gap_lower()), (3, 1));
/// assert_eq!(standing.all.coverage(), 0.5);
/// assert_eq!(standing.status(Eligibility::default()), Status::NotEligible);
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Over every requirement.
    pub all: Sums,
    /// Over the essential and blocking ones; all 0 where the target has none.
    pub essential: Sums,
    /// Over the blocking ones alone.
    pub blocking: Sums,
    /// Essential and blocking requirements not reached, silence counted as not held.
    pub missing_essentials: u32,
    /// Those of them that the profile speaks of.
    pub missing_essentials_known: u32,
    /// Blocking requirements not reached, silence counted as not held.
    pub blocking_shortfalls: u32,
    /// Those of them that the profile speaks of.
    pub blocking_shortfalls_known: u32,
}

impl Standing {
    /// The standing of a person towards a target. O(entries of both rows).
    pub fn of(held: HeldRow<'_>, required: RequiredRow<'_>) -> Self {
        let mut standing = Self::default();
        for gap in skill_gaps(held, required) {
            let weight = u32::from(gap.weight);
            let total = weight * u32::from(gap.required);
            let credit = weight * u32::from(gap.required - gap.shortfall());
            let known = if gap.held.is_some() { total } else { 0 };
            let add = |sums: &mut Sums| {
                sums.total += total;
                sums.credit += credit;
                sums.known += known;
            };
            add(&mut standing.all);
            if gap.necessity.is_essential() {
                add(&mut standing.essential);
                let missing = u32::from(gap.shortfall() > 0);
                let known = u32::from(gap.shortfall_known() > 0);
                standing.missing_essentials += missing;
                standing.missing_essentials_known += known;
                if gap.necessity == Necessity::Blocking {
                    add(&mut standing.blocking);
                    standing.blocking_shortfalls += missing;
                    standing.blocking_shortfalls_known += known;
                }
            }
        }
        standing
    }

    /// Whether the target requires nothing essential, so that essential coverage says nothing.
    pub fn no_essentials(self) -> bool {
        self.essential.total == 0
    }

    /// Whether the person may go for the target, as far as the profile tells.
    ///
    /// A blocking requirement that is known not to be met decides at once; short of that, too small
    /// a known share leaves it open. Silence on a blocking requirement is not eligibility.
    pub fn status(self, eligibility: Eligibility) -> Status {
        if self.blocking_shortfalls_known > 0 {
            Status::NotEligible
        } else if self.all.known_share() < eligibility.known_share {
            Status::NotEnoughEvidence
        } else if self.blocking_shortfalls == 0
            && self.essential.coverage() >= eligibility.essential_coverage
        {
            Status::Eligible
        } else {
            Status::NotEligible
        }
    }

    /// Whether blocking requirements alone keep the person out: the skills would be enough.
    ///
    /// The answer is then a licence or an authorisation rather than a course.
    pub fn blocked_only(self, eligibility: Eligibility) -> bool {
        let (essential, blocking) = (self.essential, self.blocking);
        let beside = Sums {
            total: essential.total - blocking.total,
            credit: essential.credit - blocking.credit,
            known: essential.known - blocking.known,
        };
        self.blocking_shortfalls > 0
            && self.all.known_share() >= eligibility.known_share
            && beside.coverage() >= eligibility.essential_coverage
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_lie_in_0_to_1() {
        assert!(Eligibility::new(0.0, 1.0).is_ok());
        for wrong in [-0.1, 1.1, f32::NAN] {
            assert!(Eligibility::new(wrong, 0.5).is_err());
            assert!(Eligibility::new(0.5, wrong).is_err());
        }
    }

    #[test]
    fn little_evidence_is_not_a_low_score() {
        let all = Sums { total: 10, credit: 1, known: 2 };
        let standing = Standing { all, essential: all, ..Standing::default() };
        assert_eq!(standing.status(Eligibility::default()), Status::NotEnoughEvidence);
        let blocked = Standing { blocking_shortfalls: 1, blocking_shortfalls_known: 1, ..standing };
        assert_eq!(blocked.status(Eligibility::default()), Status::NotEligible);
    }

    #[test]
    fn silence_on_a_licence_is_not_eligibility() {
        let all = Sums { total: 10, credit: 9, known: 9 };
        let standing = Standing { all, essential: all, ..Standing::default() };
        assert_eq!(standing.status(Eligibility::default()), Status::Eligible);
        let silent = Standing { blocking_shortfalls: 1, ..standing };
        assert_eq!(silent.status(Eligibility::default()), Status::NotEligible);
    }
}
