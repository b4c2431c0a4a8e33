//! Skill: from needs and profiles to maps and gaps.
//!
//! - [`SkillMap`] counts what is required and what is held, by territory, sector, occupation,
//!   horizon or public; [`balance()`] sets one against the other.
//! - [`tension()`] sets needs against the people who cover them.
//! - [`bridges()`], [`near_groups`], [`common_core`], [`transversality`], [`exclusions`],
//!   [`three_way`], [`group_gaps`] and [`before_and_after`] read the maps.
//! - [`Pools`] and [`candidates()`] match people from several pools with posts.
//!
//! Everything here counts people; before figures about people are published they go through
//! [`trust`](crate::trust).
#![cfg_attr(
    feature = "trust",
    doc = "What has `shown` in its name has been there; [`Areas`] counts by area and in the region, hidden as one."
)]
//!
//! # Example: what is short
//!
//! ```
//! use passerelle::hub::Territories;
//! use passerelle::hub::recruitment::{Need, Picture, PictureOptions, Register, Sensor, TerritoryGroups};
//! use passerelle::hub::skill::{MapBy, PeopleGroups, SkillMap, balance};
//! use passerelle::{Framework, Held, Necessity, Requirement, Run, SkillKind};
//!
//! let mut builder = Framework::builder("demo", "1", "en");
//! builder.skill("weld", SkillKind::KnowHow)?;
//! builder.occupation("welder")?;
//! let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
//! builder.require("welder", "weld", one)?;
//! let framework = builder.build()?;
//!
//! let mut places = Territories::builder();
//! places.add("lille", "commune", "Lille", &[])?;
//! let mut register = Register::new(&framework, &places.build()?.into());
//! register.declare(Sensor { id: "s".into(), kind: "branch".into(), territory: None, reliability: 80 })?;
//! register.record(&Need {
//!     sensor: "s".into(), record: "1".into(), occupation: Some("welder".into()),
//!     territory: "lille".into(), positions: 3, ..Need::default()
//! })?;
//! let mut picture = Picture::new(PictureOptions::default());
//! picture.update(&register)?;
//! let everywhere = TerritoryGroups::everywhere();
//! let required =
//!     SkillMap::required(&picture, &register, &framework, MapBy::Territory, &everywhere, None)?;
//!
//! let mut people = Held::builder(framework.axis());
//! people.hold("p1", "weld", 1)?;
//! let held = SkillMap::held(&people.build()?, &PeopleGroups::everyone(1)?, &Run::new())?;
//! let short = balance(&required, &held)?[0];
//! assert_eq!((short.required, short.holders, short.shortage), (3, 1, 2));
//! # Ok::<(), passerelle::Error>(())
//! ```

mod bridges;
mod candidates;
mod exclusion;
mod groups;
mod likeness;
mod limits;
mod maps;
mod pool_file;
mod pools;
mod reach_file;
#[cfg(feature = "trust")]
mod shown;
mod tension;
mod travel;
mod views;

pub use bridges::{
    Bridge, Progressed, Reach, after_training, before_and_after, bridges, bridges_from_occupation,
};
pub use candidates::{Candidate, Candidates, candidates};
pub use exclusion::{Exclusion, Exclusions, exclusions};
#[cfg(feature = "trust")]
pub use exclusion::{ShownExclusion, ShownExclusions};
pub use groups::PeopleGroups;
pub use likeness::{CommonCore, NearGroups, Use, common_core, near_groups, transversality};
pub use limits::{Conditions, Filter, Limits};
pub use maps::{Balance, MapBy, MapCell, MapLine, SkillMap, balance};
pub use pool_file::{Pooled, read_pool_limits, read_pools};
pub use pools::Pools;
pub use reach_file::{ConditionsOf, read_conditions, read_limits};
#[cfg(feature = "trust")]
pub use shown::{Areas, ByArea, ShownBalance, ShownBalances, ShownCandidates, ShownTension};
pub use tension::{Tension, eligible_people, tension};
pub use travel::Travel;
pub use views::{GroupGaps, LocalSkill, ThreeWay, group_gaps, three_way};
