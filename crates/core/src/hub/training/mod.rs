//! Training: from measured gaps to pathways, and to a plan that the money can buy.
//!
//! - [`Offer`]: what can be bought. Certifications, blocks and modules, what each teaches, sessions,
//!   funders, budgets and dated funding rules.
#![cfg_attr(
    feature = "plan",
    doc = "- [`pathway`]: the modules that close one person's gap at least cost, with a certificate."
)]
//! - [`uncovered`]: what certifications miss, as additional modules for those who write them.
//!
//! Money is whole cents and time whole minutes, so that sums are exact.

#[cfg(feature = "plan")]
pub mod check;
#[cfg(all(feature = "plan", feature = "sample"))]
pub mod instance;
pub mod offer;
#[cfg(feature = "plan")]
pub mod pathway;
#[cfg(feature = "plan")]
pub mod plan;
pub mod uncovered;

pub use offer::{Offer, OfferReport};
