//! A regional hub: needs, skills, training.
//!
//! A hub is a folder: a framework in `framework/` (or as a snapshot), people in `people/` or
//! `people.csv`. [`Hub::read`] reads it, and [`Overview`] says who is how far from which job.

#[cfg(feature = "read")]
mod folder;
mod overview;
pub mod recruitment;
#[cfg(feature = "read")]
mod table;
mod territory;
pub mod training;

#[cfg(feature = "read")]
pub use folder::Hub;
pub use overview::{MissingSkill, OccupationView, Overview};
pub use territory::{Territories, TerritoriesBuilder, Territory};
