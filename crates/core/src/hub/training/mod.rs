//! Training: from measured gaps to pathways, and to a plan that the money can buy.
//!
//! - [`Offer`]: what can be bought. Certifications, blocks and modules, what each teaches, sessions,
//!   funders, budgets and dated funding rules.
#![cfg_attr(
    feature = "plan",
    doc = "- [`pathway`]: the modules that close one person's gap at least cost, with a certificate."
)]
#![cfg_attr(
    feature = "plan",
    doc = "- [`learners`] says who is to be trained for which need, [`plan`] what to buy for them, [`check`] whether it holds, and [`adequacy`](adequacy::adequacy) and [`indicators`](adequacy::indicators) how well it fits."
)]
//! - [`uncovered`]: what certifications miss, as additional modules for those who write them.
//!
//! Money is whole cents and time whole minutes, so that sums are exact.

#[cfg(feature = "plan")]
pub mod adequacy;
#[cfg(feature = "plan")]
pub mod check;
#[cfg(all(feature = "plan", feature = "read"))]
mod folder;
#[cfg(all(feature = "plan", feature = "sample"))]
pub mod instance;
#[cfg(feature = "plan")]
pub mod learners;
pub mod offer;
#[cfg(feature = "plan")]
mod outcome;
#[cfg(feature = "plan")]
pub mod pathway;
#[cfg(feature = "plan")]
pub mod plan;
#[cfg(all(feature = "plan", feature = "read"))]
pub mod plan_file;
#[cfg(feature = "plan")]
mod public;
pub mod uncovered;

#[cfg(all(feature = "plan", feature = "read"))]
pub use folder::{CheckedPlan, Training};
pub use offer::{Offer, OfferReport};
#[cfg(feature = "plan")]
pub use outcome::after_pathway;
#[cfg(feature = "plan")]
pub use public::Public;
#[cfg(all(feature = "plan", feature = "read"))]
pub use public::read_publics;
