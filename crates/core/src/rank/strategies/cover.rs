//! How much of what is required is held.

use crate::matrix::{RequiredRow, Requirement};
use crate::rank::strategy::{Strategy, Sum, View};

/// A = Σ w·min(r, h): what is held of what is required, in steps × weight; at least 0.
///
/// Right for "where is most of this person's skill of use?". It favours long requirements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overlap;

impl Strategy for Overlap {
    fn name(&self) -> &'static str {
        "overlap"
    }

    fn sum(&self) -> Sum {
        Sum::Credit
    }

    #[inline(always)]
    fn finish(&self, sum: f64, _: f64, _: f64) -> f64 {
        sum
    }

    #[inline(always)]
    fn reach(&self, score: f64, _: f64, _: f64) -> Option<f64> {
        Some(score)
    }
}

/// C = A ÷ T: the share of what is required that is held, in [0, 1].
///
/// Right for "how ready is this person?". It misleads when targets differ much in length: a short
/// requirement is soon covered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage;

impl Strategy for Coverage {
    fn name(&self) -> &'static str {
        "coverage"
    }

    fn sum(&self) -> Sum {
        Sum::Credit
    }

    fn target(&self, required: RequiredRow<'_>) -> f64 {
        View::Whole.total(required)
    }

    #[inline(always)]
    fn finish(&self, sum: f64, _: f64, target: f64) -> f64 {
        sum / target
    }

    #[inline(always)]
    fn reach(&self, score: f64, _: f64, target: f64) -> Option<f64> {
        Some(score * target)
    }
}

/// −G⁺ = A − T: minus what remains to be acquired, in steps × weight, at most 0.
///
/// Right for "what is the least training?". It favours short requirements, whoever the person is,
/// and a target that shares no skill is a result too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gap;

impl Strategy for Gap {
    fn name(&self) -> &'static str {
        "gap"
    }

    fn sum(&self) -> Sum {
        Sum::Credit
    }

    fn target(&self, required: RequiredRow<'_>) -> f64 {
        View::Whole.total(required)
    }

    #[inline(always)]
    fn finish(&self, sum: f64, _: f64, target: f64) -> f64 {
        sum - target
    }

    #[inline(always)]
    fn reach(&self, score: f64, _: f64, target: f64) -> Option<f64> {
        Some(score + target)
    }

    fn ranks_unshared(&self) -> bool {
        true
    }
}

/// Coverage over essential and blocking requirements alone, in [0, 1].
///
/// Right for "may this person go for it?", since what is optional does not make up for what is not.
/// Where a target has no essential requirement it is 1, and a ranking has no such result, as
/// nothing essential is shared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EssentialCoverage;

impl Strategy for EssentialCoverage {
    fn name(&self) -> &'static str {
        "essential-coverage"
    }

    fn sum(&self) -> Sum {
        Sum::Credit
    }

    fn view(&self) -> View {
        View::Essentials
    }

    fn target(&self, required: RequiredRow<'_>) -> f64 {
        View::Essentials.total(required)
    }

    #[inline(always)]
    fn finish(&self, sum: f64, _: f64, target: f64) -> f64 {
        if target == 0.0 { 1.0 } else { sum / target }
    }

    #[inline(always)]
    fn reach(&self, score: f64, _: f64, target: f64) -> Option<f64> {
        Some(score * target)
    }
}

/// The mean over the required skills of min(h, r) ÷ r, in [0, 1]: every skill counts the same,
/// whatever its weight.
///
/// After JCRec (Frej, Dai, Montariol, Bosselut, Käser, *Course Recommender Systems Need to Consider
/// the Job Market*, SIGIR 2024), where a person can apply from [`LevelCoverage::APPLICABLE`] on. It
/// misleads where few of many skills matter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LevelCoverage;

impl LevelCoverage {
    /// The score from which JCRec counts a job as one that the person can apply for.
    pub const APPLICABLE: f32 = 0.8;
}

impl Strategy for LevelCoverage {
    fn name(&self) -> &'static str {
        "level-coverage"
    }

    fn sum(&self) -> Sum {
        Sum::Real
    }

    fn part(&self, _: u32, held: u16, requirement: Requirement, _: f64) -> f64 {
        f64::from(held.min(requirement.level)) / f64::from(requirement.level)
    }

    #[expect(clippy::cast_precision_loss, reason = "a row is far shorter than 2⁵³")]
    fn target(&self, required: RequiredRow<'_>) -> f64 {
        required.skills.len() as f64
    }

    fn finish(&self, sum: f64, _: f64, target: f64) -> f64 {
        sum / target
    }
}
