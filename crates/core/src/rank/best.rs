//! The k best of what is offered.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A score with the position that it belongs to. The greater one is the worse one: a lower score,
/// or between equal scores the later position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Candidate {
    pub score: f32,
    pub position: u32,
}

impl Eq for Candidate {}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.position.cmp(&other.position))
    }
}

/// The k best candidates offered so far. What it ends with does not depend on the order of offers.
#[derive(Clone, Debug)]
pub(super) struct Best {
    k: usize,
    worst_first: BinaryHeap<Candidate>,
}

impl Best {
    pub(super) fn new(k: usize) -> Self {
        Self { k, worst_first: BinaryHeap::new() }
    }

    pub(super) fn offer(&mut self, candidate: Candidate) {
        if self.worst_first.len() < self.k {
            self.worst_first.push(candidate);
        } else if let Some(mut worst) = self.worst_first.peek_mut()
            && candidate < *worst
        {
            *worst = candidate;
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        for candidate in other.worst_first {
            self.offer(candidate);
        }
    }

    /// Writes what was kept, best first, and leaves nothing.
    pub(super) fn drain_into(&mut self, positions: &mut [i32], scores: &mut [f32]) {
        let kept = std::mem::take(&mut self.worst_first).into_sorted_vec();
        for ((candidate, position), score) in kept.iter().zip(positions).zip(scores) {
            // Positions are below 2³¹: the id tables hold no more.
            *position = candidate.position.cast_signed();
            *score = candidate.score;
        }
    }
}
