//! The hub: recruitment and skill.
#![cfg(all(feature = "hub", feature = "read"))]

mod candidates;
mod duplicates;
mod files;
#[cfg(feature = "plan")]
mod pathways;
mod pools;
mod register;
#[cfg(feature = "trust")]
mod shown;
mod skill;
#[cfg(feature = "plan")]
mod small_plans;
#[cfg(feature = "plan")]
mod training;
mod world;
