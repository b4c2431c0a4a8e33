//! Trust: aggregates about people that give nobody away.
//!
//! A published table tells more than its cells: totals minus what is shown give what is hidden. So
//! cells about few people are suppressed, and then others beside them, until somebody who has every
//! total, and the release before, can narrow no hidden cell down.
//!
//! - [`Table`] is a table with its totals, in one, two or any number of dimensions and hierarchies.
//! - [`parts_shown`] and [`some_parts_shown`] do it for counts that stand beside their sum.
//! - [`suppress`] gives a [`Release`]: what may be shown, and how much is not and why.

mod attack;
mod parts;
mod suppress;
mod table;

pub use parts::{ShownParts, parts_shown, shown, some_parts_shown};
pub use suppress::{Reason, Release, Rules, suppress};
pub use table::{Table, TableBuilder};
