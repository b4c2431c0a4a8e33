//! Utility: how well a target fits, from several sides at once.

use serde::Serialize;

use crate::error::{Error, Result};

/// The utility of an opportunity for a person, as Tabiya's matching engine defines it.
///
/// U = max(0, (0.2·location + 0.5·essential + 0.2·optional + 0.1·groups) − 0.5·gap share), where
/// *essential* is the mean over the essential skills of the greatest similarity with a held one,
/// *optional* the similarity of what is held with the optional skills together, *groups* the share
/// of the target's skill groups that are held, and the *gap share* that of essential skills whose
/// greatest similarity is below 0.35.
///
/// Source: the utility of `tabiya-tech/shp-matching-algorithm`, `skills_match.py` (2026). What it
/// takes from elsewhere stays the caller's input: location (there 1 for the same city, 0.7 for the
/// same province, 0.3 otherwise) and group recall. **Place of residence must not weigh on a score
/// about a person's skills**: leave location at the same value for all unless the law of the place
/// allows otherwise.
///
/// # Example
///
/// ```
/// use passerelle::rank::Utility;
///
/// // Two of three essential skills held; the third is like none.
/// let utility = Utility { location: 1.0, optional: 0.5, groups: 0.5, ..Utility::default() };
/// let value = utility.of(&[1.0, 1.0, 0.2])?;
/// let core = 0.2 * 1.0 + 0.5 * (2.2 / 3.0) + 0.2 * 0.5 + 0.1 * 0.5;
/// assert!((value.score - (core - 0.5 / 3.0)).abs() < 1e-12);
/// assert!(!value.eligible);
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Utility {
    /// How near the place is, in [0, 1].
    pub location: f64,
    /// How similar what is held is to the optional skills, in [0, 1].
    pub optional: f64,
    /// The share of the target's skill groups that the person has, in [0, 1].
    pub groups: f64,
    /// Weights of location, essential, optional and groups; they need not sum to 1.
    pub weights: [f64; 4],
    /// What a gap share of 1 costs.
    pub penalty: f64,
    /// The similarity from which an essential skill counts as met.
    pub threshold: f64,
}

impl Default for Utility {
    fn default() -> Self {
        Self {
            location: 0.0,
            optional: 0.0,
            groups: 0.0,
            weights: [0.2, 0.5, 0.2, 0.1],
            penalty: 0.5,
            threshold: 0.35,
        }
    }
}

/// A utility, and what it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct UtilityValue {
    /// The utility, in [0, 1].
    pub score: f64,
    /// The mean of the essential similarities.
    pub essential: f64,
    /// The share of essential skills below the threshold.
    pub gap_share: f64,
    /// Whether none is below it.
    pub eligible: bool,
}

impl Utility {
    /// From the greatest similarity of each essential skill with a held one.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a value outside of [0, 1], or weights that are negative or all 0.
    #[expect(clippy::cast_precision_loss, reason = "a row is far below 2⁵³")]
    pub fn of(&self, essentials: &[f64]) -> Result<UtilityValue> {
        let given = [self.location, self.optional, self.groups];
        for &value in given.iter().chain(essentials) {
            if !(0.0..=1.0).contains(&value) {
                return Err(Error::argument("utility", value, "values from 0 to 1"));
            }
        }
        let whole: f64 = self.weights.iter().sum();
        if !(whole.is_finite() && whole > 0.0 && self.weights.iter().all(|&w| w >= 0.0)) {
            let value = format!("{:?}", self.weights);
            return Err(Error::argument("weights", value, "at least 0, and not all of them 0"));
        }
        let count = essentials.len().max(1) as f64;
        let essential = essentials.iter().sum::<f64>() / count;
        let missing = essentials.iter().filter(|&&similarity| similarity < self.threshold).count();
        let gap_share = missing as f64 / count;
        let [location, essentials, optional, groups] = self.weights;
        let core = location * self.location
            + essentials * essential
            + optional * self.optional
            + groups * self.groups;
        let score = (core / whole - self.penalty * gap_share).max(0.0);
        Ok(UtilityValue { score, essential, gap_share, eligible: missing == 0 })
    }
}
