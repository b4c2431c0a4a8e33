//! People from several pools, each person once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::error::Result;
use crate::profile::Profiles;
use crate::run::Run;
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
/// use passerelle::{EvidenceKind, HeldSkill, LevelScale, Profiles, Run, SkillAxis};
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
/// pools.add("service", pool("p1", "weld")?, BTreeMap::new())?;
/// let same = BTreeMap::from([("x9".to_owned(), "p1".to_owned())]);
/// pools.add("platform", pool("x9", "read")?, same)?;
/// let (people, pools_of) = pools.build(&Run::new())?;
/// assert_eq!((people.len(), pools_of[0].len()), (1, 2), "one person, in two pools");
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pools {
    axis: Arc<SkillAxis>,
    pools: Vec<Pool>,
}

#[derive(Clone, Debug)]
struct Pool {
    name: String,
    people: Arc<Profiles>,
    same_as: BTreeMap<String, String>,
}

/// People taken before asking again whether to go on.
const PEOPLE: usize = 4096;

impl Pools {
    /// No pools, on an axis.
    pub fn new(axis: &Arc<SkillAxis>) -> Self {
        Self { axis: Arc::clone(axis), pools: Vec::new() }
    }

    /// Adds a pool. `same_as` gives, for pseudonyms of this pool, those that the others know the
    /// person by. The same evidence told by two pools counts once.
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`](crate::Error::AxisMismatch).
    pub fn add(
        &mut self,
        name: &str,
        people: impl Into<Arc<Profiles>>,
        same_as: BTreeMap<String, String>,
    ) -> Result<()> {
        let people = people.into();
        self.axis.check_same(people.axis())?;
        self.pools.push(Pool { name: name.to_owned(), people, same_as });
        Ok(())
    }

    /// Everyone once, in the order of their ids, and the pools that each is in: the same in
    /// whatever order the pools were added. O(evidence + people × log people).
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`](crate::Error::TooMany) past 2³¹ − 1 people,
    /// [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn build(&self, run: &Run) -> Result<(Profiles, Vec<BTreeSet<String>>)> {
        let mut told: BTreeMap<&str, Vec<(&Pool, u32)>> = BTreeMap::new();
        for pool in &self.pools {
            for (person, id) in (0u32..).zip(pool.people.people().iter()) {
                if (person as usize).is_multiple_of(PEOPLE) {
                    run.go_on()?;
                }
                let id = pool.same_as.get(id).map_or(id, String::as_str);
                told.entry(id).or_default().push((pool, person));
            }
        }
        let mut builder = Profiles::builder(&self.axis);
        builder.number_in_order(self.pools.iter().map(|pool| &*pool.people))?;
        let mut pools_of = Vec::with_capacity(told.len());
        for (at, (id, told)) in told.into_iter().enumerate() {
            if at % PEOPLE == 0 {
                run.go_on()?;
            }
            for &(pool, person) in &told {
                builder.take(id, &pool.people, person)?;
            }
            pools_of.push(told.into_iter().map(|(pool, _)| pool.name.clone()).collect());
        }
        Ok((builder.build_on(run)?, pools_of))
    }
}
