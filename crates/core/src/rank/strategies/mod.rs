//! The strategies that come with the library: each one a small type with its formula and source.

mod cover;
mod sets;
mod vectors;

pub use cover::{Coverage, EssentialCoverage, Gap, LevelCoverage, Overlap};
pub use sets::{Dice, Geometric, Jaccard, Ruzicka, Tversky};
pub use vectors::{Bm25, Cosine, Ochiai, TfIdf, idf};
