//! One figure of a person and a target, as a column of numbers.

use super::standing::{Standing, Sums, share};
use crate::kernel::Term;
use crate::matrix::Necessity;
use crate::skill::named;

/// One figure of a person and a target.
///
/// Each that silence makes uncertain comes twice: `gap`, `coverage`… count silence as not held,
/// their twins count it as held. Names for files and commands are those of [`Measure::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Measure {
    /// C = A ÷ T, in [0, 1].
    Coverage = 0,
    /// C⁺ = 1 − G⁻ ÷ T, in [C, 1].
    CoverageUpper = 1,
    /// Coverage over essential and blocking requirements; 1 where a target has none.
    EssentialCoverage = 2,
    /// Its upper bound.
    EssentialCoverageUpper = 3,
    /// G⁺ = T − A, in steps × weight.
    Gap = 4,
    /// G⁻ = K − A, in steps × weight.
    GapLower = 5,
    /// A, in steps × weight.
    Credit = 6,
    /// κ = K ÷ T, in [0, 1].
    KnownShare = 7,
    /// How many essential and blocking requirements are not reached.
    MissingEssentials = 8,
    /// How many are known not to be.
    MissingEssentialsLower = 9,
    /// How many blocking requirements are not reached.
    BlockingShortfalls = 10,
    /// How many are known not to be.
    BlockingShortfallsLower = 11,
}

named!(Measure, "measure", {
    Coverage = "coverage",
    CoverageUpper = "coverage-upper",
    EssentialCoverage = "essential-coverage",
    EssentialCoverageUpper = "essential-coverage-upper",
    Gap = "gap",
    GapLower = "gap-lower",
    Credit = "credit",
    KnownShare = "known-share",
    MissingEssentials = "missing-essentials",
    MissingEssentialsLower = "missing-essentials-lower",
    BlockingShortfalls = "blocking-shortfalls",
    BlockingShortfallsLower = "blocking-shortfalls-lower",
});

/// How a measure comes out of at most two sums over some of the requirements.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recipe {
    /// Which requirements count.
    pub keep: fn(Necessity) -> bool,
    /// The sum that every measure needs.
    pub first: Term,
    /// The sum that some need beside it.
    pub second: Option<Term>,
    /// How the figure comes out of the whole (Σ w·r, or the number of requirements) and the sums.
    pub finish: Finish,
    /// Whether the whole is a number of requirements rather than Σ w·r.
    pub counts: bool,
}

/// A figure from a whole and two sums.
#[derive(Clone, Copy, Debug)]
pub(super) enum Finish {
    /// first ÷ whole.
    Share,
    /// 1 − (second − first) ÷ whole.
    ShareUpper,
    /// whole − first.
    Rest,
    /// second − first.
    KnownRest,
    /// The first sum itself.
    First,
}

impl Finish {
    #[inline]
    pub(super) fn of(self, whole: u32, first: u32, second: u32) -> f32 {
        match self {
            Self::Share => share(first, whole),
            Self::ShareUpper => share(whole - (second - first), whole),
            Self::Rest => number(whole - first),
            Self::KnownRest => number(second - first),
            Self::First => number(first),
        }
    }
}

fn any(_: Necessity) -> bool {
    true
}

fn essential(necessity: Necessity) -> bool {
    necessity.is_essential()
}

fn blocking(necessity: Necessity) -> bool {
    necessity == Necessity::Blocking
}

/// Whole numbers above 2²⁴ are rounded once, as documented.
#[expect(clippy::cast_precision_loss)]
fn number(value: u32) -> f32 {
    value as f32
}

impl Measure {
    pub(super) fn recipe(self) -> Recipe {
        use Finish::{First, KnownRest, Rest, Share, ShareUpper};
        use Term::{Credit, Known, Met, Spoken};
        let sums =
            |keep, first, second, finish| Recipe { keep, first, second, finish, counts: false };
        let counts =
            |keep, second, finish| Recipe { keep, first: Met, second, finish, counts: true };
        match self {
            Self::Coverage => sums(any, Credit, None, Share),
            Self::CoverageUpper => sums(any, Credit, Some(Known), ShareUpper),
            Self::EssentialCoverage => sums(essential, Credit, None, Share),
            Self::EssentialCoverageUpper => sums(essential, Credit, Some(Known), ShareUpper),
            Self::Gap => sums(any, Credit, None, Rest),
            Self::GapLower => sums(any, Credit, Some(Known), KnownRest),
            Self::Credit => sums(any, Credit, None, First),
            Self::KnownShare => sums(any, Known, None, Share),
            Self::MissingEssentials => counts(essential, None, Rest),
            Self::MissingEssentialsLower => counts(essential, Some(Spoken), KnownRest),
            Self::BlockingShortfalls => counts(blocking, None, Rest),
            Self::BlockingShortfallsLower => counts(blocking, Some(Spoken), KnownRest),
        }
    }

    /// The figure for one pair.
    pub fn of(self, standing: &Standing) -> f32 {
        let (all, essential): (Sums, Sums) = (standing.all, standing.essential);
        match self {
            Self::Coverage => all.coverage(),
            Self::CoverageUpper => all.coverage_upper(),
            Self::EssentialCoverage => essential.coverage(),
            Self::EssentialCoverageUpper => essential.coverage_upper(),
            Self::Gap => number(all.gap()),
            Self::GapLower => number(all.gap_lower()),
            Self::Credit => number(all.credit),
            Self::KnownShare => all.known_share(),
            Self::MissingEssentials => number(standing.missing_essentials),
            Self::MissingEssentialsLower => number(standing.missing_essentials_known),
            Self::BlockingShortfalls => number(standing.blocking_shortfalls),
            Self::BlockingShortfallsLower => number(standing.blocking_shortfalls_known),
        }
    }
}
