//! passerelle
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::cast_possible_truncation))]

pub mod error;
pub mod explain;
pub mod framework;
pub mod gap;
mod kernel;
pub mod matrix;
pub mod profile;
pub mod rank;
pub mod run;
#[cfg(feature = "sample")]
pub mod sample;
pub mod skill;
pub mod text;

pub use error::{Error, Result};
pub use explain::Explanation;
pub use framework::{Framework, FrameworkBuilder, LabelRole};
pub use matrix::{Held, HeldRow, Necessity, Required, RequiredRow, Requirement};
pub use profile::{Decay, EvidenceKind, HeldSkill, Profile, Profiles};
pub use run::{Cancel, MemoryLimit, Progress, Run};
pub use skill::{Date, LevelScale, Reuse, SkillAxis, SkillKind};
pub use text::{Ids, Texts};
