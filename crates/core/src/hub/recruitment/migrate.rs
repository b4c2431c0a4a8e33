//! A register carried over to another framework, or to another version of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::layers::Jobs;
use super::need::Need;
use super::register::Register;
use crate::error::Result;
use crate::framework::Framework;
use crate::hub::Territories;

/// Ids of one framework that have another name in the next, such as those of a crosswalk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renamed {
    /// Skills: the old id, and the new one.
    pub skills: BTreeMap<String, String>,
    /// Occupations: the old id, and the new one.
    pub occupations: BTreeMap<String, String>,
}

/// What became of the occupations and skills that the needs of a register name, counted by need
/// and revision.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Migrated {
    /// Mentions that are the same in the new framework.
    pub kept: u64,
    /// Mentions that have another id there.
    pub moved: u64,
    /// Mentions that the new framework does not have, or has on a shorter scale: they stay as
    /// words. By id, how many.
    pub lost: BTreeMap<String, u64>,
}

impl Register {
    /// This register on another framework and territories, with what was kept, moved and lost.
    /// What the new framework does not know stays as words: an occupation in the title, a skill
    /// among the unresolved ones. No need is dropped, and revisions stay.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`](crate::Error::Unknown) for a territory that the new ones do not have.
    pub fn migrate(
        &self,
        framework: &Framework,
        territories: &Arc<Territories>,
        jobs: &Arc<Jobs>,
        renamed: &Renamed,
    ) -> Result<(Self, Migrated)> {
        let mut register = Self::new(framework, territories).with_jobs(jobs);
        for sensor in self.sensors.iter().flatten() {
            register.declare(sensor.clone())?;
        }
        let mut report = Migrated::default();
        for at in (0u32..).take(self.entries.len()) {
            register.record(&moved(self.need(at), framework, jobs, renamed, &mut report))?;
        }
        Ok((register, report))
    }
}

fn moved(
    mut need: Need,
    framework: &Framework,
    jobs: &Jobs,
    renamed: &Renamed,
    report: &mut Migrated,
) -> Need {
    let mut follow =
        |id: String, names: &BTreeMap<String, String>, known: &dyn Fn(&str) -> bool| {
            let new = names.get(&id).unwrap_or(&id);
            if !known(new) {
                *report.lost.entry(id.clone()).or_default() += 1;
                return Err(id);
            }
            *(if *new == id { &mut report.kept } else { &mut report.moved }) += 1;
            Ok(new.clone())
        };
    if let Some(id) = need.occupation.take() {
        let known = |id: &str| framework.occupation_ids().position(id).is_some();
        match follow(id, &renamed.occupations, &known) {
            Ok(id) => need.occupation = Some(id),
            Err(id) if need.title.is_empty() => need.title = id,
            Err(_) => {}
        }
    }
    if let Some(id) = need.job.take() {
        match follow(id, &BTreeMap::new(), &|id| jobs.ids().position(id).is_some()) {
            Ok(id) => need.job = Some(id),
            Err(id) if need.title.is_empty() => need.title = id,
            Err(_) => {}
        }
    }
    for mut asked in std::mem::take(&mut need.skills) {
        let axis = framework.axis();
        let fits = |id: &str| {
            axis.ids().position(id).is_some_and(|skill| asked.level <= axis.scale(skill).top())
        };
        match follow(asked.skill, &renamed.skills, &fits) {
            // Two old skills may be one new skill: the first stays.
            Ok(id) if need.skills.iter().any(|known| known.skill == id) => {}
            Ok(id) => {
                asked.skill = id;
                need.skills.push(asked);
            }
            Err(id) => need.unresolved.push(id),
        }
    }
    need
}
