//! Recruitment: from what many sensors saw to one picture of needs.
//!
//! - [`Register`] holds every [`Need`] that sensors reported, told once and merged in any order.
//! - [`Picture`] follows a register: reports of the same vacancy are counted once ([`Sameness`]),
//!   and needs are consolidated by sector, occupation, territory and horizon.
//! - [`Grouping`] and [`TerritoryGroups`] say by what the picture is looked at.
//! - [`Jobs`] are the layer between an occupation and a post.

mod consolidated;
mod employer;
mod entry;
mod layers;
mod migrate;
mod need;
mod pattern;
mod picture;
mod premises;
#[cfg(feature = "read")]
mod read;
mod register;
mod same;
mod title;
mod vacancy;

pub use consolidated::{Consolidated, Grouping, SeenVacancy, TerritoryGroups};
pub use layers::{Jobs, Layer, Layered};
pub use migrate::{Migrated, Renamed};
pub use need::{AskedSkill, Cause, Causes, Horizon, Need, Opening, Sensor, SizeClass, Visibility};
pub use pattern::{AskedOverTime, Breadth, Pattern, Window};
pub use picture::{Picture, PictureOptions};
pub use register::{Conflict, Recorded, Register};
pub use same::Sameness;
pub use vacancy::Positions;
