//! People from several pools, each person once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::error::Result;
use crate::profile::Profiles;
use crate::skill::SkillAxis;

/// Profiles from several pools: an employment service, a portfolio platform, a temporary agency.
///
/// A person who is in several pools is there once, with all evidence of all of them: pools that
/// share pseudonyms say so by using them, and others bring a table. Which evidence of a skill counts
/// is decided as within one pool.
///
/// # Example
///
/// ```
/// use std::collections::BTreeMap;
/// use std::sync::Arc;
/// use passerelle::hub::skill::Pools;
/// use passerelle::{EvidenceKind, HeldSkill, LevelScale, Profiles, SkillAxis};
///
/// let scale = LevelScale::new("steps", 4)?;
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", scale, ["weld", "read"])?);
/// let pool = |person: &str, skill: &str| {
///     let mut people = Profiles::builder(&axis);
///     let (skill, evidence) = (skill.to_owned(), EvidenceKind::Declared);
///     people.evidence(person, &HeldSkill { skill, level: 2, evidence, date: None, assessor: None })?;
///     Ok::<_, passerelle::Error>(people.build())
/// };
/// let mut pools = Pools::new(&axis);
/// pools.add("service", &pool("p1", "weld")?, &BTreeMap::new())?;
/// let same = BTreeMap::from([("x9".to_owned(), "p1".to_owned())]);
/// pools.add("platform", &pool("x9", "read")?, &same)?;
/// let (people, pools_of) = pools.build()?;
/// assert_eq!((people.len(), pools_of[0].len()), (1, 2), "one person, in two pools");
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pools {
    axis: Arc<SkillAxis>,
    people: BTreeMap<String, (BTreeSet<String>, crate::profile::Profile)>,
}

impl Pools {
    /// No pools, on an axis.
    pub fn new(axis: &Arc<SkillAxis>) -> Self {
        Self { axis: Arc::clone(axis), people: BTreeMap::new() }
    }

    /// Adds a pool. `same_as` gives, for pseudonyms of this pool, those that the others know the
    /// person by. The same evidence told by two pools counts once.
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`].
    pub fn add(
        &mut self,
        name: &str,
        profiles: &Profiles,
        same_as: &BTreeMap<String, String>,
    ) -> Result<()> {
        self.axis.check_same(profiles.axis())?;
        for person in (0u32..).take(profiles.len()) {
            let profile = profiles.profile(person);
            let id = same_as.get(&profile.person).unwrap_or(&profile.person).clone();
            let (pools, known) = self.people.entry(id.clone()).or_default();
            known.person = id;
            pools.insert(name.to_owned());
            for held in profile.held {
                if !known.held.contains(&held) {
                    known.held.push(held);
                }
            }
            for target in profile.assessed_in_full {
                if !known.assessed_in_full.contains(&target) {
                    known.assessed_in_full.push(target);
                }
            }
        }
        Ok(())
    }

    /// Everyone once, in the order of their ids, and the pools that each is in: the same in
    /// whatever order the pools were added.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] past 2³¹ − 1 people.
    pub fn build(self) -> Result<(Profiles, Vec<BTreeSet<String>>)> {
        let mut builder = Profiles::builder(&self.axis);
        let mut pools_of = Vec::with_capacity(self.people.len());
        for (pools, profile) in self.people.into_values() {
            builder.add(&profile)?;
            pools_of.push(pools);
        }
        Ok((builder.build(), pools_of))
    }
}
