//! A regional hub: needs, skills, training.
//!
//! A hub is a folder: a framework in `framework/` (or as a snapshot), people in `people/` or
//! `people.csv`. [`Hub::read`] reads it, and [`Overview`] says who is how far from which job.
//! [`Region::read`] reads what else a folder may hold: places, sensors and their needs, and
//! [`Contents::read`] all of it.
//!
//! The three modules feed each other: [`recruitment`] turns what sensors saw into a picture of
//! needs; [`skill`] turns needs and profiles into maps and gaps; [`training`] turns gaps into
//! pathways.
#![cfg_attr(
    feature = "report",
    doc = "[`report`] runs all three, and tells what they found: as tables, and as a text to read."
)]

mod contents;
mod folder;
mod overview;
pub mod recruitment;
mod region;
#[cfg(feature = "report")]
pub mod report;
mod scenario;
pub mod skill;
mod table;
mod territory;
pub mod training;

pub use contents::Contents;
pub use folder::Hub;
pub use overview::{MissingSkill, OccupationView, Overview};
#[cfg(feature = "trust")]
pub use overview::{ShownMissing, ShownOccupation, ShownOverview};
pub use region::Region;
pub use scenario::{Factor, Scenario};
pub use territory::{Territories, TerritoriesBuilder, Territory};
