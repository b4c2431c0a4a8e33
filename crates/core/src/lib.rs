//! passerelle
#![deny(missing_docs)]

pub mod error;
pub mod framework;
#[cfg(feature = "lookup")]
pub mod lookup;
pub mod matrix;
pub mod profile;
pub mod run;
pub mod skill;
#[cfg(feature = "snapshot")]
pub mod snapshot;
pub mod text;

pub use error::{Error, Result};
pub use framework::{Framework, FrameworkBuilder, LabelRole};
pub use matrix::{Held, HeldRow, Necessity, Required, RequiredRow, Requirement};
pub use profile::{Decay, EvidenceKind, HeldSkill, Profile, Profiles};
pub use run::{Cancel, MemoryLimit, Progress, Run};
pub use skill::{Date, LevelScale, Reuse, SkillAxis, SkillKind};
pub use text::{Ids, Texts};
