//! What skills jobs require, what skills people hold, how far apart they are, and which training
//! closes the gap.
//!
//! Everything is a sparse matrix on one [`SkillAxis`]: what targets require ([`Required`]), what
//! people hold ([`Held`]). A gap is one row taken from another; a ranking keeps the best of many;
//! an explanation takes one score apart.
//!
//! # The types that matter
//!
//! - [`Framework`]: a source's skills, occupations and requirements, at one version. [`read`] reads
//!   ROME, ESCO, O*NET and CSV folders; [`snapshot`] opens one at once.
//! - [`Profiles`]: the skills that people hold, each with its evidence.
//! - [`gap::GapMatrix`] and [`gap::Standing`]: how far, for everyone or for one pair.
//! - [`rank::Ranking`] and [`Explanation`]: the best, and why.
//!
//! # Example: how far is everyone from every job
//!
//! ```
//! use passerelle::gap::{GapMatrix, Measure};
//! use passerelle::{Framework, Held, Necessity, Requirement, Run, SkillKind};
//!
//! let mut builder = Framework::builder("demo", "1", "en");
//! builder.occupation("welder")?;
//! for skill in ["weld", "read-plans"] {
//!     builder.skill(skill, SkillKind::KnowHow)?;
//!     let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
//!     builder.require("welder", skill, one)?;
//! }
//! let framework = builder.build()?;
//! let mut people = Held::builder(framework.axis());
//! people.hold("p1", "weld", 1)?;
//!
//! let (held, required) = (people.build()?, framework.required());
//! let coverage = GapMatrix::compute(&held, required, Measure::Coverage, &Run::new())?;
//! assert_eq!(coverage.values()[[0, 0]], 0.5);
//! # Ok::<(), passerelle::Error>(())
//! ```
//!
//! # Example: the best jobs for each person, and why
//!
//! ```
//! use passerelle::rank::{Cosine, targets_for_people};
//! use passerelle::{Explanation, Run};
//!
//! # use passerelle::{Framework, Necessity, Requirement, SkillKind};
//! # let mut builder = Framework::builder("demo", "1", "en");
//! # for job in ["welder", "fitter", "cook"] {
//! #     builder.occupation(job)?;
//! #     for skill in ["a", "b", "c", "d", "e"] {
//! #         let id = format!("{job}-{skill}");
//! #         builder.skill(&id, SkillKind::KnowHow)?;
//! #         let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
//! #         builder.require(job, &id, one)?;
//! #     }
//! # }
//! # let framework = builder.build()?;
//! let (people, _) = passerelle::sample::people(&framework, 100, 1, &Run::new())?;
//! let held = people.held(&framework)?;
//! let best = targets_for_people(&held, framework.required(), 3, &Cosine, &Run::new())?;
//! let first = best.row(0).next().expect("someone who shares a skill");
//! let job = &framework.occupation_ids()[first.position];
//! let why = Explanation::of(&people, &people.people()[0], &framework, job, &Cosine, "en")?;
//! assert_eq!(why.rebuild().to_bits(), first.score.to_bits());
//! # Ok::<(), passerelle::Error>(())
//! ```
//!
//! # Trade-offs, and when not to use it
//!
//! Levels and weights are whole numbers, so that sums are exact: a caller with continuous values
//! chooses how many steps make 1. Skills are matched by identity on one framework; free text goes
//! through [`lookup`] first. It is a library for one machine's memory: 600,000 people with 20
//! skills each take some 200 MB.
//!
//! # Rooms, in the order data flows
//!
//! [`error`], [`run`], [`text`], [`skill`] → [`matrix`] → [`framework`] → [`lookup`] → [`profile`] →
//! [`sample`], [`read`] → [`transfer`], [`migrate`] → [`gap`], [`rank`], [`explain`] → [`label`] →
//! [`near`] → [`evaluate`] → [`trust`] → [`hub`]; [`snapshot`] beside them. A room
//! uses rooms before it, never after.
//!
//! # Features
//!
//! All are on by default. Without any of them the axis, frameworks, profiles, matrices, gaps,
//! rankings and explanations remain.
//!
//! | feature | adds |
//! |---|---|
//! | `lookup` | [`lookup`]: labels to skills, occupations and job titles |
//! | `read` | [`read`]: ROME, ESCO, O*NET, CSV folders and profiles (needs `lookup`) |
//! | `evaluate` | [`evaluate`]: how well strategies rank, with intervals |
//! | `label` | [`label`]: free labels ranked; [`near`]: occupations that are alike |
//! | `sample` | [`sample`]: made-up people from a framework |
//! | `snapshot` | [`snapshot`]: one file that opens at once |
//! | `hub` | [`hub`]: a region's folder (with `read`): needs, skill maps, the training on offer |
//! | `trust` | [`trust`]: tables about people that give nobody away |
//! | `plan` | [`hub::training::pathway`]: pathways at least cost, with a certificate (needs `hub`) |
//! | `report` | [`hub::report`]: what a hub's modules tell, as tables and as a text (needs `plan` and `trust`) |
#![deny(missing_docs)]
#![cfg_attr(test, allow(clippy::cast_possible_truncation))]

pub mod error;
#[cfg(feature = "evaluate")]
pub mod evaluate;
pub mod explain;
#[cfg(feature = "report")]
pub mod file;
pub mod framework;
pub mod gap;
#[cfg(feature = "hub")]
pub mod hub;
mod kernel;
#[cfg(feature = "label")]
pub mod label;
#[cfg(feature = "lookup")]
pub mod lookup;
pub mod matrix;
pub mod migrate;
#[cfg(feature = "label")]
pub mod near;
pub mod profile;
pub mod rank;
#[cfg(feature = "read")]
pub mod read;
pub mod run;
#[cfg(feature = "sample")]
pub mod sample;
pub mod skill;
#[cfg(feature = "snapshot")]
pub mod snapshot;
pub mod text;
pub mod transfer;
#[cfg(feature = "trust")]
pub mod trust;

pub use error::{CredentialProblem, Error, Result};
pub use explain::Explanation;
pub use framework::{Framework, FrameworkBuilder, LabelRole};
pub use matrix::{Held, HeldRow, Necessity, Required, RequiredRow, Requirement};
pub use profile::{Decay, EvidenceKind, HeldSkill, Profile, Profiles};
pub use run::{Cancel, MemoryLimit, Progress, Run};
pub use skill::{Date, LevelScale, Reuse, SkillAxis, SkillKind};
pub use text::{Ids, Texts};

/// The README's example, compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
