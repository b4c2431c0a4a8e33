//! The hub: recruitment and skill.
#![cfg(all(feature = "hub", feature = "read"))]

mod duplicates;
mod register;
mod world;
