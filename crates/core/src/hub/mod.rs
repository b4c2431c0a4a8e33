//! A regional hub: needs, skills, training.
//!
//! A hub is a folder: a framework in `framework/` (or as a snapshot), people in `people/` or
//! `people.csv`. [`Hub::read`] reads it, and [`Overview`] says who is how far from which job.
//! [`Region::read`] reads what else a folder may hold: places, sensors and their needs.
//!
//! The three modules feed each other: [`recruitment`] turns what sensors saw into a picture of
//! needs; [`skill`] turns needs and profiles into maps and gaps; [`training`] turns gaps into
//! pathways.

mod folder;
mod overview;
pub mod recruitment;
mod region;
mod scenario;
pub mod skill;
mod table;
mod territory;
pub mod training;

pub use folder::Hub;
pub use overview::{MissingSkill, OccupationView, Overview};
pub use region::Region;
pub use scenario::{Factor, Scenario};
pub use territory::{Territories, TerritoriesBuilder, Territory};
