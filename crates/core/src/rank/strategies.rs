//! The strategies that come with the library.

use super::strategy::{Strategy, Sum};
use crate::matrix::{HeldRow, RequiredRow};

/// Σ w·r: the total of a target.
fn total(required: RequiredRow<'_>) -> f64 {
    required.iter().map(|(_, r)| f64::from(r.weight) * f64::from(r.level)).sum()
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

    fn person(&self, _: HeldRow<'_>) -> f64 {
        0.0
    }

    fn target(&self, required: RequiredRow<'_>) -> f64 {
        total(required)
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

    fn person(&self, _: HeldRow<'_>) -> f64 {
        0.0
    }

    fn target(&self, required: RequiredRow<'_>) -> f64 {
        total(required)
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

/// The cosine of the angle between held levels and weighted required levels, in [0, 1].
///
/// Σ h·(w·r) ÷ (‖h‖·‖w·r‖), after Salton and McGill, *Introduction to Modern Information
/// Retrieval* (1983). Right for "which jobs look like this person?". It misleads about readiness:
/// holding more than is asked, or other things beside, lowers it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cosine;

impl Strategy for Cosine {
    fn name(&self) -> &'static str {
        "cosine"
    }

    fn sum(&self) -> Sum {
        Sum::Product
    }

    fn person(&self, held: HeldRow<'_>) -> f64 {
        held.levels.iter().map(|&level| f64::from(level) * f64::from(level)).sum::<f64>().sqrt()
    }

    fn target(&self, required: RequiredRow<'_>) -> f64 {
        let squared = |(_, r): (u32, crate::Requirement)| {
            let value = f64::from(r.weight) * f64::from(r.level);
            value * value
        };
        required.iter().map(squared).sum::<f64>().sqrt()
    }

    #[inline(always)]
    fn finish(&self, sum: f64, person: f64, target: f64) -> f64 {
        // Nothing held is an angle to nothing: 0, not NaN.
        if person == 0.0 { 0.0 } else { sum / (person * target) }
    }

    #[inline(always)]
    fn reach(&self, score: f64, person: f64, target: f64) -> Option<f64> {
        Some(score * (person * target))
    }
}
