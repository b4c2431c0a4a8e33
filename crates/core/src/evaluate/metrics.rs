//! How good one ranking is: plain functions on slices.
//!
//! A ranking is told as what each of its places holds, best place first: whether it is relevant, or
//! its grade. All are in [0, 1].

#![expect(clippy::cast_precision_loss, reason = "places and counts far below 2⁵³")]

/// The share of the first `k` places that hold something relevant. Divided by `k`, even where the
/// ranking is shorter or there are fewer relevant things.
///
/// # Example
///
/// ```
/// assert_eq!(passerelle::evaluate::precision(&[true, false, true], 10), 0.2);
/// ```
pub fn precision(relevant: &[bool], k: usize) -> f64 {
    if k == 0 { 0.0 } else { hits(relevant, k) / k as f64 }
}

/// The share of all `total` relevant things that the first `k` places hold; 0 where there are none.
pub fn recall(relevant: &[bool], k: usize, total: usize) -> f64 {
    if total == 0 { 0.0 } else { hits(relevant, k) / total as f64 }
}

/// 1 ÷ the first place that holds something relevant, places counted from 1; 0 where none does.
pub fn reciprocal_rank(relevant: &[bool]) -> f64 {
    relevant.iter().position(|&hit| hit).map_or(0.0, |at| 1.0 / (at as f64 + 1.0))
}

/// The mean, over all `total` relevant things, of the precision at the place of each; 0 for those
/// that the ranking does not hold. Its mean over queries is MAP.
pub fn average_precision(relevant: &[bool], total: usize) -> f64 {
    if total == 0 {
        return 0.0;
    }
    let (mut found, mut sum) = (0.0, 0.0);
    for (at, _) in relevant.iter().enumerate().filter(|(_, hit)| **hit) {
        found += 1.0;
        sum += found / (at as f64 + 1.0);
    }
    sum / total as f64
}

/// Normalised discounted cumulative gain at `k`: Σ grade ÷ log₂(place + 1) over the first `k` places,
/// over the same for the best order of `grades`, which are those of all relevant things; 0 where
/// there are none.
///
/// Järvelin and Kekäläinen, *Cumulated gain-based evaluation of IR techniques* (2002), with the grade
/// itself as gain. A binary task has grades of 1.
pub fn ndcg(ranked: &[f64], grades: &[f64], k: usize) -> f64 {
    let mut best = grades.to_vec();
    best.sort_by(|a, b| b.total_cmp(a));
    let ideal = discounted(&best, k);
    if ideal == 0.0 { 0.0 } else { discounted(ranked, k) / ideal }
}

fn discounted(grades: &[f64], k: usize) -> f64 {
    grades.iter().take(k).enumerate().map(|(at, grade)| grade / (at as f64 + 2.0).log2()).sum()
}

fn hits(relevant: &[bool], k: usize) -> f64 {
    relevant.iter().take(k).filter(|&&hit| hit).count() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand: relevant at places 1 and 3 of 5, three relevant things in all.
    const RANKED: [bool; 5] = [true, false, true, false, false];

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} and {b}");
    }

    #[test]
    fn each_is_its_definition_worked_by_hand() {
        near(precision(&RANKED, 1), 1.0);
        near(precision(&RANKED, 10), 0.2);
        near(recall(&RANKED, 3, 3), 2.0 / 3.0);
        near(reciprocal_rank(&RANKED[1..]), 0.5);
        near(average_precision(&RANKED, 3), (1.0 + 2.0 / 3.0) / 3.0);
        let gain = 2.0 + 1.0 / 4f64.log2();
        let ideal = 3.0 + 2.0 / 3f64.log2() + 1.0 / 4f64.log2();
        near(ndcg(&[2.0, 0.0, 1.0], &[1.0, 2.0, 3.0], 10), gain / ideal);
    }

    #[test]
    fn nothing_relevant_is_0_and_not_nan() {
        for value in [
            precision(&[], 10),
            precision(&RANKED, 0),
            recall(&[], 10, 0),
            reciprocal_rank(&[false]),
            average_precision(&[], 0),
            ndcg(&[], &[], 10),
        ] {
            assert_eq!(value, 0.0);
        }
    }
}
