//! Profiles and needs carried from one version of a framework to another.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::error::Result;
use crate::framework::{Crosswalk, EdgeKind, Framework};
use crate::profile::{HeldSkill, Profile, Profiles};
use crate::skill::SkillAxis;

/// Where each skill and occupation of one framework goes in another.
///
/// What keeps its id is *kept*. Else an exact or close edge of a crosswalk moves it: exact before
/// close, then the surest, then the lowest id. Broader and narrower edges move nothing: they would
/// say that something is held which nobody showed; they are for a
/// [`Transfer`](crate::transfer::Transfer). The rest is *lost*, and listed.
///
/// # Example
///
/// ```
/// use passerelle::framework::{Crosswalk, Edge, EdgeKind};
/// use passerelle::migrate::Migration;
/// # use passerelle::{EvidenceKind, Framework, HeldSkill, Necessity, Profile, Profiles, Requirement, SkillKind};
/// # let version = |version: &str, skills: [&str; 2]| -> passerelle::Result<Framework> {
/// #     let mut builder = Framework::builder("demo", version, "en");
/// #     builder.occupation("welder")?;
/// #     for skill in skills {
/// #         builder.skill(skill, SkillKind::KnowHow)?;
/// #         let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// #         builder.require("welder", skill, one)?;
/// #     }
/// #     builder.build()
/// # };
/// # let held = |skill: &str| HeldSkill { skill: skill.into(), level: 1, evidence: EvidenceKind::Declared, date: None, assessor: None };
/// let (old, new) = (version("1", ["weld", "read"])?, version("2", ["weld-steel", "read"])?);
/// # let mut builder = Profiles::builder(old.axis());
/// # builder.add(&Profile { person: "p1".into(), held: vec![held("weld"), held("read")], assessed_in_full: vec![] })?;
/// # let profiles = builder.build();
/// let edge = Edge { from: "weld".into(), to: "weld-steel".into(), kind: EdgeKind::Exact, confidence: 1.0 };
/// let crosswalk = Crosswalk::new("demo 1", "demo 2", vec![edge])?;
/// let migration = Migration::new(&old, &new, Some(&crosswalk));
/// let (migrated, report) = migration.profiles(&profiles)?;
/// assert_eq!((report.kept, report.moved, report.lost), (1, 1, 0));
/// assert!(migrated.held(&new).is_ok());
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Migration {
    from: Arc<SkillAxis>,
    to: Arc<SkillAxis>,
    /// For each skill its id in the other version.
    skills: Vec<Option<String>>,
    occupations: BTreeMap<String, String>,
}

/// What became of evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MigrationReport {
    /// Pieces of evidence whose skill kept its id.
    pub kept: u64,
    /// Pieces whose skill has another id.
    pub moved: u64,
    /// Pieces whose skill is gone: left out.
    pub lost: u64,
    /// Pieces kept or moved whose level changed with the scale: rounded down to a step, but a level
    /// above 0 never to 0.
    pub rescaled: u64,
    /// For each skill lost, how many pieces spoke of it.
    pub lost_skills: BTreeMap<String, u64>,
    /// Assessments in full against an occupation that is gone: left out.
    pub lost_assessments: u64,
}

impl Migration {
    /// From one version to another, or from one framework to another.
    pub fn new(from: &Framework, to: &Framework, crosswalk: Option<&Crosswalk>) -> Self {
        let moved = |id: &str, is_there: &dyn Fn(&str) -> bool| {
            if is_there(id) {
                return Some(id.to_owned());
            }
            let edges = crosswalk?.of(id).iter();
            edges
                .filter(|edge| matches!(edge.kind, EdgeKind::Exact | EdgeKind::Close))
                .filter(|edge| is_there(&edge.to))
                .min_by(|a, b| {
                    a.kind
                        .cmp(&b.kind)
                        .then(b.confidence.total_cmp(&a.confidence))
                        .then(a.to.cmp(&b.to))
                })
                .map(|edge| edge.to.clone())
        };
        let skill = |id: &str| to.axis().ids().position(id).is_some();
        let occupation = |id: &str| to.occupation_ids().position(id).is_some();
        let occupations = from.occupation_ids().iter();
        Self {
            from: Arc::clone(from.axis()),
            to: Arc::clone(to.axis()),
            skills: from.axis().ids().iter().map(|id| moved(id, &skill)).collect(),
            occupations: occupations
                .filter_map(|id| Some((id.to_owned(), moved(id, &occupation)?)))
                .collect(),
        }
    }

    /// The id that a skill has in the other version; `None` where it is lost.
    pub fn skill(&self, id: &str) -> Option<&str> {
        self.skills[self.from.ids().position(id)? as usize].as_deref()
    }

    /// The id that an occupation has in the other version; `None` where it is lost.
    pub fn occupation(&self, id: &str) -> Option<&str> {
        self.occupations.get(id).map(String::as_str)
    }

    /// Profiles on the other version, and what became of their evidence: everyone is kept.
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`](crate::Error::AxisMismatch) for profiles of another framework.
    pub fn profiles(&self, profiles: &Profiles) -> Result<(Profiles, MigrationReport)> {
        self.from.check_same(profiles.axis())?;
        let mut report = MigrationReport::default();
        let mut builder = Profiles::builder(&self.to);
        for person in (0u32..).take(profiles.len()) {
            let old = profiles.profile(person);
            let mut new = Profile { person: old.person, ..Profile::default() };
            for held in old.held {
                match self.skill(&held.skill) {
                    None => {
                        report.lost += 1;
                        *report.lost_skills.entry(held.skill).or_default() += 1;
                    }
                    Some(skill) => {
                        let moved = skill != held.skill;
                        *(if moved { &mut report.moved } else { &mut report.kept }) += 1;
                        let level = self.level(&held, skill)?;
                        report.rescaled += u64::from(level != held.level);
                        new.held.push(HeldSkill { skill: skill.to_owned(), level, ..held });
                    }
                }
            }
            for target in old.assessed_in_full {
                match self.occupation(&target) {
                    Some(target) => new.assessed_in_full.push(target.to_owned()),
                    None => report.lost_assessments += 1,
                }
            }
            builder.add(&new)?;
        }
        Ok((builder.build(), report))
    }

    /// A level on the other version's scale.
    fn level(&self, held: &HeldSkill, skill: &str) -> Result<u16> {
        let old = u32::from(self.from.scale(self.from.position(&held.skill)?).top());
        let new = u32::from(self.to.scale(self.to.position(skill)?).top());
        let level = u32::from(held.level) * new / old;
        let least = u32::from(held.level > 0);
        Ok(u16::try_from(level.max(least)).unwrap_or(u16::MAX))
    }
}
