//! Free labels to skills and occupations, ranked by how well they fit.
//!
//! [`Matcher`] answers with a score, alternatives and "don't know"; [`propose`] maps the vocabulary of
//! one framework to that of another, with a confidence for each pair and a list of what is left;
//! [`suggest`] answers words that lookup does not know.

mod alike;
mod bm25;
mod matcher;
mod propose;
mod suggest;
mod terms;
mod words;

pub use alike::alike_by_label;
pub use matcher::{LabelMatch, LabelMatches, MatchOptions, Matcher};
pub use propose::{Proposal, Vocabulary, propose};
pub use suggest::{Suggestion, suggest};
pub use terms::Terms;
pub(crate) use terms::idf_of;
pub use words::{Words, runs};
