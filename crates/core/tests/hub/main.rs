//! The hub: recruitment and skill.
#![cfg(all(feature = "hub", feature = "read"))]

mod duplicates;
mod files;
mod register;
mod skill;
mod world;
