//! The sparse matrices on the skill axis: what targets require, what people hold and what
//! modules teach.
//!
//! Both are stored by rows (CSR): the entries of a row stand together, skills ascending. A matrix
//! is built once, checked as it is built, and never changes.

mod held;
mod required;
mod rows;
mod sparse;
mod taught;

pub(crate) use held::check_level;
pub use held::{Held, HeldBuilder, HeldRow};
pub(crate) use required::RequirementRows;
pub use required::{Necessity, Required, RequiredBuilder, RequiredRow, Requirement};
pub use rows::{Pair, Row, Rows};
pub(crate) use rows::{check_bounds, check_length, check_positions, check_skills, look_over};
pub use sparse::Sparse;
pub use taught::{Taught, TaughtBuilder};
