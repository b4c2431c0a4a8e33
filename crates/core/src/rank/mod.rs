//! The best targets for each person, and the best people for each target.
//!
//! A [`Strategy`] gives each pair a score; [`targets_for_people`] and [`people_for_targets`] keep
//! the `k` best of each row. A score says how well skills fit. Whether a person may go for a target
//! is another column, from [`Ranking::standings`], and never part of the score. [`RawRanker`] ranks
//! rows of floats that the caller brings, by their product or their credit. Over targets that stay,
//! [`TargetIndex`] is built once, ranks for whoever comes, and takes targets in and out;
//! [`most_credit_into`] ranks by the credit alone over the index of the gaps. Who has bare arrays of
//! whole numbers ranks them as they lie with [`rows_for_rows_into`].

mod best;
mod by_scorer;
mod correlation;
mod credit;
mod greedy;
mod method;
mod mix;
mod on_rows;
mod percentile;
mod ranker;
mod ranking;
mod raw;
mod real;
mod scorer;
mod seen;
mod strategies;
mod strategy;
#[cfg(feature = "read")]
mod table;
mod target_index;
mod task;
mod threshold;
mod utility;

pub(crate) use ranking::{contribution, finish_real};

pub use by_scorer::{people_by_scorer, targets_by_scorer};
pub use correlation::Correlation;
pub use credit::most_credit_into;
pub use greedy::{Greedy, Matched};
pub use method::{Call, FITTED_NAMES, NAMES, fitted, strategy};
pub use mix::Mix;
pub use on_rows::rows_for_rows_into;
pub use percentile::percentile_gap;
pub use ranking::{
    Match, Ranked, Ranking, Scoring, people_for_targets, people_for_targets_into, score,
    targets_for_people, targets_for_people_into,
};
pub use raw::{RawRanker, RawRows};
pub use scorer::{Account, Asked, NO_RESULT, Part, PartOf, Scorer, Summed};
pub use strategies::{
    Bm25, Cosine, Coverage, Dice, EssentialCoverage, Gap, Geometric, Jaccard, LevelCoverage,
    Ochiai, Overlap, Ruzicka, TfIdf, Tversky, idf,
};
pub use strategy::{Strategy, Sum, View};
#[cfg(feature = "read")]
pub use table::write_ranking;
pub use target_index::TargetIndex;
pub use utility::{Utility, UtilityValue};
