//! The hub: recruitment and skill.
#![cfg(all(feature = "hub", feature = "read"))]

mod duplicates;
mod files;
#[cfg(feature = "plan")]
mod pathways;
mod pools;
mod register;
mod skill;
#[cfg(feature = "plan")]
mod small_plans;
#[cfg(feature = "plan")]
mod training;
mod world;
