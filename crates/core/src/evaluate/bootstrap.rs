//! How sure a mean over queries is.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};
use serde::Serialize;

/// How many times queries are drawn again.
pub const RESAMPLES: usize = 1000;

/// A mean with the interval in which 95 % of the means over queries drawn again lie.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// The lower end of the interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Estimate {
    /// Whether the interval lies above 0: for a difference, a claim of "better".
    pub fn is_above_0(&self) -> bool {
        self.low > 0.0
    }
}

/// The mean of one value for each query, with its interval: the 2.5 % and 97.5 % quantiles of
/// [`RESAMPLES`] means over as many queries drawn with replacement. The same seed gives the same
/// interval. Of no values everything is 0.
///
/// Efron and Tibshirani, *An Introduction to the Bootstrap* (1993), percentile interval.
///
/// # Example
///
/// ```
/// let estimate = passerelle::evaluate::bootstrap(&[0.0, 1.0, 1.0, 0.0, 1.0], 1);
/// assert_eq!(estimate.mean, 0.6);
/// assert!(estimate.low < 0.6 && estimate.high > 0.6);
/// ```
#[expect(clippy::cast_precision_loss, reason = "counts of queries")]
pub fn bootstrap(values: &[f64], seed: u64) -> Estimate {
    if values.is_empty() {
        return Estimate { mean: 0.0, low: 0.0, high: 0.0 };
    }
    let count = values.len() as u64;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = || {
        // Of 2³² numbers, so that no place is likelier by more than count ÷ 2³².
        let at = (u64::from(random.next_u32()) * count) >> 32;
        values[at as usize]
    };
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| (0..values.len()).map(|_| draw()).sum::<f64>() / count as f64)
        .collect();
    means.sort_by(f64::total_cmp);
    let mean = values.iter().sum::<f64>() / count as f64;
    Estimate { mean, low: means[RESAMPLES / 40], high: means[RESAMPLES - 1 - RESAMPLES / 40] }
}

/// The mean of `ours` − `theirs` query by query, with its interval: a claim of "better" needs one
/// [above 0](Estimate::is_above_0).
///
/// # Panics
///
/// When they are not of the same queries: of one length.
pub fn paired_bootstrap(ours: &[f64], theirs: &[f64], seed: u64) -> Estimate {
    assert_eq!(ours.len(), theirs.len(), "values of the same queries");
    let differences: Vec<f64> = ours.iter().zip(theirs).map(|(a, b)| a - b).collect();
    bootstrap(&differences, seed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_interval_and_equals_never_differ() {
        let values: Vec<f64> = (0..200).map(|at| f64::from(at % 7) / 7.0).collect();
        assert_eq!(bootstrap(&values, 7), bootstrap(&values, 7));
        let none = paired_bootstrap(&values, &values, 1);
        assert_eq!((none.low, none.mean, none.high), (0.0, 0.0, 0.0));
        assert!(!none.is_above_0());
    }

    #[test]
    fn the_interval_is_about_two_standard_errors_to_each_side() {
        let values: Vec<f64> = (0..1000).map(|at| f64::from(at % 2)).collect();
        let estimate = bootstrap(&values, 3);
        // √(¼ ÷ 1000) = 0.0158.
        for end in [estimate.mean - estimate.low, estimate.high - estimate.mean] {
            assert!((0.025..0.037).contains(&end), "{end}");
        }
    }
}
