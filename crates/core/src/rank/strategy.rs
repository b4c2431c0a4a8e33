//! What a matching strategy is.

use std::fmt;

use super::task::Task;
use crate::error::Result;
use crate::matrix::{HeldRow, Pair, RequiredRow, Requirement};

/// What a strategy sums over the skills that a person and a target share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sum {
    /// Σ w·min(r, h): the credit, in steps × weight. Exact.
    Credit,
    /// Σ h·(w·r): the product of what is held and what is required. Exact.
    Product,
    /// Σ [`Strategy::part`]: real numbers, added in the order of the axis in f64.
    Real,
}

/// How a strategy sees both sides before it sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// As they are.
    #[default]
    Whole,
    /// Levels alone: every weight is 1.
    Levels,
    /// Required or not, held above 0 or not: every level and weight is 1.
    Sets,
    /// What is essential or blocking; what is optional is set aside.
    Essentials,
}

impl View {
    /// How a requirement is seen; `None` when it is set aside.
    #[inline]
    pub fn required(self, requirement: Requirement) -> Option<Pair> {
        let Requirement { level, weight, necessity } = requirement;
        match self {
            Self::Whole => Some(Pair { level, weight }),
            Self::Levels => Some(Pair { level, weight: 1 }),
            Self::Sets => Some(Pair { level: 1, weight: 1 }),
            Self::Essentials => necessity.is_essential().then_some(Pair { level, weight }),
        }
    }

    /// How a held level is seen.
    #[inline]
    pub fn held(self, level: u16) -> u16 {
        if self == Self::Sets { level.min(1) } else { level }
    }

    /// Σ weight × level of a target as seen: exact.
    pub fn total(self, required: RequiredRow<'_>) -> f64 {
        let seen = required.iter().filter_map(|(_, requirement)| self.required(requirement));
        seen.map(|pair| f64::from(pair.weight) * f64::from(pair.level)).sum()
    }

    /// Σ level of a person as seen: exact.
    pub fn amount(self, held: HeldRow<'_>) -> f64 {
        held.levels.iter().map(|&level| f64::from(self.held(level))).sum()
    }
}

/// A matching strategy: score = finish(sum, a constant of the person, a constant of the target).
///
/// A new strategy is one small type. The score must not fall when the sum rises.
///
/// # Example
///
/// The share of the shared levels in all levels of both sides:
///
/// ```
/// use passerelle::rank::{Strategy, Sum};
/// use passerelle::{HeldRow, RequiredRow};
///
/// #[derive(Debug)]
/// struct Dice;
///
/// impl Strategy for Dice {
///     fn name(&self) -> &str { "dice" }
///     fn sum(&self) -> Sum { Sum::Credit }
///     fn person(&self, held: HeldRow<'_>) -> f64 {
///         held.levels.iter().map(|&level| f64::from(level)).sum()
///     }
///     fn target(&self, required: RequiredRow<'_>) -> f64 {
///         required.iter().map(|(_, r)| f64::from(r.weight) * f64::from(r.level)).sum()
///     }
///     fn finish(&self, sum: f64, person: f64, target: f64) -> f64 {
///         2.0 * sum / (person + target)
///     }
/// }
/// ```
pub trait Strategy: fmt::Debug + Send + Sync {
    /// The name used in files and commands.
    fn name(&self) -> &str;

    /// What is summed over the shared skills.
    fn sum(&self) -> Sum;

    /// How both sides are seen before an exact sum; as they are, unless said.
    fn view(&self) -> View {
        View::Whole
    }

    /// What one skill adds to a [`Sum::Real`]: finite, not negative, 0 where nothing is held.
    /// `target` is the target's constant.
    fn part(&self, skill: u32, held: u16, requirement: Requirement, target: f64) -> f64 {
        let _ = (skill, held, requirement, target);
        0.0
    }

    /// The constant of a person, such as a norm; 0 unless said.
    fn person(&self, held: HeldRow<'_>) -> f64 {
        let _ = held;
        0.0
    }

    /// The constant of a target; 0 unless said.
    fn target(&self, required: RequiredRow<'_>) -> f64 {
        let _ = required;
        0.0
    }

    /// The score from the sum and both constants: finite, and not falling when the sum rises. It is
    /// rounded once to f32.
    fn finish(&self, sum: f64, person: f64, target: f64) -> f64;

    /// The least real sum whose score is `score`, up to a relative error of 1e-12. Given it,
    /// rankings skip what cannot be a result; without it (`None`) every row is scored: the same
    /// results, more time, and [`Ranking::scoring`](super::Ranking::scoring) says so.
    ///
    /// It must not decrease when either constant grows, which is to say that a greater constant
    /// never makes a better score. It answers always or never, whatever the arguments; a score that
    /// no sum reaches may be answered with any sum above those that are possible.
    fn reach(&self, score: f64, person: f64, target: f64) -> Option<f64> {
        let _ = (score, person, target);
        None
    }

    /// Whether a target whose sum is 0, because it shares no skill, is a result too. Most strategies
    /// have nothing to say of it.
    fn ranks_unshared(&self) -> bool {
        false
    }

    /// Ranks by this strategy, in code that is compiled for it, so that a `dyn Strategy` ranks as
    /// fast as its type does. Not to be written anew: nobody else can do anything with a task.
    #[doc(hidden)]
    fn carry_out(&self, task: Task<'_>) -> Result<()> {
        task.by(self)
    }
}
