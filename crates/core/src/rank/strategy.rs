//! What a matching strategy is.

use std::fmt;

use super::strategies::{Cosine, Coverage, Gap};
use crate::error::{Error, Result};
use crate::matrix::{HeldRow, RequiredRow};

/// What a strategy sums over the skills that a person and a target share. Both are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sum {
    /// Σ w·min(r, h): the credit, in steps × weight.
    Credit,
    /// Σ h·(w·r): the product of what is held and what is required.
    Product,
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

    /// The constant of a person, such as a norm.
    fn person(&self, held: HeldRow<'_>) -> f64;

    /// The constant of a target.
    fn target(&self, required: RequiredRow<'_>) -> f64;

    /// The score from the sum and both constants: finite, and not falling when the sum rises. It is
    /// rounded once to f32.
    fn finish(&self, sum: f64, person: f64, target: f64) -> f64;

    /// The least real sum whose score is `score`, up to a relative error of 1e-12. Given it,
    /// rankings skip what cannot be a result; without it (`None`) every row is scored: the same
    /// results, more time.
    ///
    /// It must not decrease when either constant grows, which is to say that a greater constant
    /// never makes a better score. It answers always or never, whatever the arguments; a score that
    /// no sum reaches may be answered with any sum above those that are possible.
    fn reach(&self, score: f64, person: f64, target: f64) -> Option<f64> {
        let _ = (score, person, target);
        None
    }

    /// Whether a target that shares no skill is a result too. Most strategies have nothing to say
    /// of it.
    fn ranks_unshared(&self) -> bool {
        false
    }
}

/// The names that [`strategy`] knows.
pub const NAMES: &[&str] = &["coverage", "gap", "cosine"];

/// A strategy by its name.
///
/// # Errors
///
/// [`Error::Argument`] for a name that is not one of [`NAMES`].
///
/// # Example
///
/// ```
/// assert_eq!(passerelle::rank::strategy("cosine")?.name(), "cosine");
/// assert!(passerelle::rank::strategy("luck").is_err());
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn strategy(name: &str) -> Result<Box<dyn Strategy>> {
    Ok(match name {
        "coverage" => Box::new(Coverage),
        "gap" => Box::new(Gap),
        "cosine" => Box::new(Cosine),
        _ => {
            let expected = format!("one of {}", NAMES.join(", "));
            return Err(Error::argument("strategy", format!("`{name}`"), expected));
        }
    })
}
