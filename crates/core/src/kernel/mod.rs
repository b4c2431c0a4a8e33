//! The one walk: sums over an inverted index of the targets.
//!
//! For each skill, the index lists the targets that require it. To compare a person with every
//! target, walk the lists of the skills that the person holds and add to one sum per target: the
//! work grows with the requirements that are met, not with people × targets.

mod postings;

pub(crate) use postings::{Postings, Term};
