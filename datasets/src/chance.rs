//! Draws in whole numbers, so that a seed gives the same on every machine.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// The seed of the sample region. Another seed is another region.
const SEED: [u8; 32] = *b"passerelle: hauts-de-france 2026";

/// A stream of draws.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// The stream of this number. Streams are independent: one more draw in one of them leaves
    /// the others as they were.
    pub(crate) fn stream(number: u64) -> Self {
        let mut rng = ChaCha8Rng::from_seed(SEED);
        rng.set_stream(number);
        Self(rng)
    }

    /// A number from 0 up to, but not with, `end`; 0 for an `end` of 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let wide = u128::from(self.0.next_u64()) * u128::from(end);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    /// A number from `first` to `last`, both included.
    pub(crate) fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last.saturating_sub(first) + 1)
    }

    /// True this many times in a hundred.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A position, each as likely as its weight; `None` where all weights are 0.
    pub(crate) fn weighted(&mut self, weights: &[u64]) -> Option<usize> {
        let mut left = self.below(weights.iter().sum());
        weights.iter().position(|&weight| {
            let here = left < weight;
            left = left.saturating_sub(weight);
            here
        })
    }

    /// One of the choices, each as likely as the weight beside it. The first where all weigh 0.
    ///
    /// # Panics
    ///
    /// If there is no choice.
    pub(crate) fn choose<T: Copy>(&mut self, choices: &[(T, u64)]) -> T {
        let weights: Vec<u64> = choices.iter().map(|&(_, weight)| weight).collect();
        choices[self.weighted(&weights).unwrap_or(0)].0
    }

    /// Marks exactly `count` positions; those of larger weight are marked more often, those of
    /// weight 0 last.
    pub(crate) fn mark(&mut self, count: usize, weights: &[u64]) -> Vec<bool> {
        let mut keys: Vec<(u64, usize)> = (weights.iter().enumerate())
            .map(|(at, &weight)| {
                let draw = self.below(1 << 40);
                (draw.checked_div(weight).unwrap_or(u64::MAX), at)
            })
            .collect();
        keys.sort_unstable();
        let mut marked = vec![false; weights.len()];
        for &(_, at) in keys.iter().take(count) {
            marked[at] = true;
        }
        marked
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;

    #[test]
    fn a_stream_is_drawn_the_same_twice_and_differs_from_the_next() {
        let draw = |stream| {
            let mut chance = Chance::stream(stream);
            (0..8).map(|_| chance.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
    }

    #[test]
    fn exactly_as_many_are_marked_as_asked_and_weight_0_comes_last() {
        let weights: Vec<u64> = (0..100).map(|at| u64::from(at >= 40)).collect();
        let marked = Chance::stream(1).mark(60, &weights);
        assert_eq!(marked.iter().filter(|&&m| m).count(), 60);
        assert!(marked[40..].iter().all(|&m| m));
    }

    #[test]
    fn nothing_weighs_anything_then_nothing_is_drawn() {
        assert_eq!(Chance::stream(1).weighted(&[0, 0]), None);
        assert_eq!(Chance::stream(1).weighted(&[0, 3]), Some(1));
        assert_eq!(Chance::stream(1).below(0), 0);
    }
}
