//! What is drawn for a query: the same for the same id and seed, whatever the other queries.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// Draws for one query.
pub(super) struct Draw(ChaCha8Rng);

impl Draw {
    pub(super) fn of(id: &str, seed: u64) -> Self {
        let hash = u64::from(crc32fast::hash(id.as_bytes()));
        Self(ChaCha8Rng::seed_from_u64(seed << 32 | hash))
    }

    /// A number below `count`, which is below 2³².
    pub(super) fn below(&mut self, count: usize) -> usize {
        ((u64::from(self.0.next_u32()) * count as u64) >> 32) as usize
    }

    /// Some of a list, in the list's order.
    pub(super) fn some<T: Copy + Ord>(&mut self, of: &[T], count: usize) -> Vec<T> {
        let mut rest = of.to_vec();
        let count = count.min(rest.len());
        for at in 0..count {
            let other = at + self.below(rest.len() - at);
            rest.swap(at, other);
        }
        rest.truncate(count);
        rest.sort_unstable();
        rest
    }
}

/// A share of a count, rounded half up, at least 1 where there is anything.
#[expect(clippy::cast_precision_loss, reason = "counts of skills")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a usize")]
pub(super) fn share_of(count: usize, share: f64) -> usize {
    ((count as f64 * share).round() as usize).clamp(count.min(1), count)
}
