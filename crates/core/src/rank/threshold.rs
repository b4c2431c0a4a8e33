//! A first bound for a row's results, from the greatest sums of its stretches.
//!
//! Each place of a chunk, over a run of chunks, is a *stripe*. The greatest sum of a stripe,
//! finished with the stripe's least favourable constant, is a score that one row of the stripe
//! reaches; so the k-th greatest of those is a score that k rows reach.

use super::best;
use crate::run::Lanes;

/// Runs that a block is cut into: enough that constants hardly vary within one.
const RUNS: usize = 12;

/// Chunks in a run.
pub(crate) fn chunks_per_run(chunks: usize) -> usize {
    chunks.div_ceil(RUNS).max(1)
}

/// Folds the crests of a run so that about six stripes stand for each of the `k` results, and
/// says how many stripes are left in each run.
#[inline(always)]
pub(crate) fn fold(crests: &mut [[u16; 64]], k: usize) -> usize {
    let mut places = 64;
    while places > 4 && crests.len() * places / 2 >= 6 * k {
        places /= 2;
        for crest in &mut *crests {
            let (low, high) = crest.split_at_mut(places);
            for (low, &mut high) in low.iter_mut().zip(high) {
                *low = (*low).max(high);
            }
        }
    }
    places
}

/// The k-th greatest of `scores`, rounded down to 16 bits; `-∞` where there are fewer.
#[inline(always)]
pub(crate) fn kth_greatest(scores: &[f32], k: usize, halves: &mut Vec<u16>, lanes: Lanes) -> f32 {
    if scores.len() < k {
        return f32::NEG_INFINITY;
    }
    halves.resize(scores.len(), 0);
    for (half, &score) in halves.iter_mut().zip(scores) {
        // The upper half: what is cut off only lowers the bound.
        *half = (best::ascending(score) >> 16) as u16;
    }
    let score = best::from_ascending(u32::from(lanes.kth_greatest(halves, k)) << 16);
    // Below the least finite number lie bits of NaN: no bound then.
    if score.is_nan() { f32::NEG_INFINITY } else { score }
}
