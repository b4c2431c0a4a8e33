//! Demand and supply by their ranks, for maps.

use crate::error::{Error, Result};

/// For each skill the percentile of its demand minus that of its supply, in [−1, 1]: above 0 it is
/// asked for more than it is held, as ranks go.
///
/// A percentile is the share of skills with a lower figure plus half of those with the same one, so
/// that the mean is ½. Ranks compare what counts do not, such as a thousand vacancies and a hundred
/// thousand people; they say nothing of how many. After the skill gap of the SKILLAB project.
///
/// # Errors
///
/// [`Error::ArrayLength`] unless both are of one length.
///
/// # Example
///
/// ```
/// use passerelle::rank::percentile_gap;
///
/// // The third skill is asked for most and held least.
/// let gap = percentile_gap(&[10, 20, 90, 50], &[500, 400, 3, 100])?;
/// assert_eq!(gap, [-0.75, -0.25, 0.75, 0.25]);
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn percentile_gap(demand: &[u64], supply: &[u64]) -> Result<Vec<f64>> {
    if demand.len() != supply.len() {
        let (length, expected) = (supply.len() as u64, demand.len() as u64);
        return Err(Error::ArrayLength { array: "supply", length, expected });
    }
    let both = percentiles(demand).into_iter().zip(percentiles(supply));
    Ok(both.map(|(demand, supply)| demand - supply).collect())
}

/// The percentile of each figure among all.
#[expect(clippy::cast_precision_loss, reason = "counts of skills")]
fn percentiles(figures: &[u64]) -> Vec<f64> {
    let mut sorted = figures.to_vec();
    sorted.sort_unstable();
    let percentile = |&figure: &u64| {
        let below = sorted.partition_point(|&other| other < figure);
        let up_to = sorted.partition_point(|&other| other <= figure);
        (below + up_to) as f64 / (2 * sorted.len()) as f64
    };
    figures.iter().map(percentile).collect()
}
