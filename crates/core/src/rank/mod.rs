//! The best targets for each person, and the best people for each target.
//!
//! A [`Strategy`] gives each pair a score; [`targets_for_people`] and [`people_for_targets`] keep
//! the `k` best of each row. A score says how well skills fit. Whether a person may go for a target
//! is another column, from [`Ranking::standings`], and never part of the score. [`RawRanker`] ranks
//! rows of floats that the caller brings, by their product or their credit.

mod best;
mod ranker;
mod ranking;
mod raw;
mod strategies;
mod strategy;
mod threshold;

pub(crate) use ranking::{contribution, finish};

pub use ranking::{Match, Ranked, Ranking, people_for_targets, score, targets_for_people};
pub use raw::{RawRanker, RawRows};
pub use strategies::{Cosine, Coverage, Gap};
pub use strategy::{NAMES, Strategy, Sum, strategy};
