//! How far people are from targets.
//!
//! For a person and a target, each required skill is held at its level, held below it, known not to
//! be held, or unknown because the profile is silent. Silence gives every figure two bounds; the
//! upper gap, which counts silence as not held, is the default.
//!
//! | figure | formula | |
//! |---|---|---|
//! | total | T = Σ w·r | over the target's requirements |
//! | credit | A = Σ w·min(r, h) | over those the profile speaks of |
//! | known | K = Σ w·r | over those the profile speaks of |
//! | gap | G⁺ = T − A, at least G⁻ = K − A | |
//! | coverage | C = A ÷ T, at most C⁺ = 1 − G⁻ ÷ T | |
//! | known share | κ = K ÷ T | |
//!
//! Sums are exact integers; a share is one division of 64-bit floats, rounded once to 32 bits.
//! [`Standing`] gives all of it for one pair, [`SkillGaps`] skill by skill, and [`GapMatrix`] one
//! [`Measure`] for everyone. [`Index`] keeps targets ready for batch after batch, and writes into the
//! caller's buffers.

mod groups;
mod index;
mod matrix;
mod measure;
mod npy;
mod skills;
mod standing;
mod sweep;
mod update;

pub use index::{Cell, Figure, Index};
pub use matrix::{GapMatrix, Tile, credits, measure_into, tiles};
pub use measure::Measure;
pub use skills::{Class, SkillGap, SkillGaps, skill_gaps};
pub use standing::{Eligibility, Standing, Status, Sums};
pub use update::IndexRows;
