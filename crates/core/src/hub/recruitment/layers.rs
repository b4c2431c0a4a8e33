//! Three layers of requirement: occupation, job, post. The lower one overrides.

use serde::Serialize;

use super::need::AskedSkill;
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::matrix::{Necessity, RequiredRow, Requirement};
use crate::skill::{SkillAxis, named};
use crate::text::Ids;

/// Where a requirement comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Layer {
    /// What the framework says of the occupation.
    Occupation = 0,
    /// What the job asks, such as one of the occupation's titles in one sector.
    Job = 1,
    /// What one employer asks for one post.
    Post = 2,
}

named!(Layer, "layer", {
    Occupation = "occupation",
    Job = "job",
    Post = "post",
});

/// A skill that a job or a post asks for; a level of 0 takes back what the layer above asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Asked {
    pub(crate) skill: u32,
    pub(crate) level: u16,
    pub(crate) weight: u16,
    pub(crate) necessity: Necessity,
}

impl Asked {
    /// The asked skills of one row, ascending, each checked against the axis.
    pub(crate) fn checked(
        axis: &SkillAxis,
        row: &str,
        skills: &[AskedSkill],
    ) -> Result<Box<[Self]>> {
        let mut asked = Vec::with_capacity(skills.len());
        for wanted in skills {
            let skill = axis.position(&wanted.skill)?;
            let top = axis.scale(skill).top();
            if wanted.level > top {
                return Err(Error::Level {
                    row: row.to_owned(),
                    skill: wanted.skill.clone(),
                    level: wanted.level.into(),
                    least: 0,
                    top,
                });
            }
            if wanted.weight == 0 {
                let (target, skill) = (row.to_owned(), wanted.skill.clone());
                return Err(Error::ZeroWeight { target, skill });
            }
            let (level, weight, necessity) = (wanted.level, wanted.weight, wanted.necessity);
            asked.push(Self { skill, level, weight, necessity });
        }
        asked.sort_unstable();
        if let Some(twice) = asked.windows(2).find(|pair| pair[0].skill == pair[1].skill) {
            let skill = axis.ids()[twice[0].skill].to_owned();
            return Err(Error::DuplicateSkill { row: row.to_owned(), skill });
        }
        Ok(asked.into())
    }

    /// As it goes out.
    pub(crate) fn named(self, axis: &SkillAxis) -> AskedSkill {
        AskedSkill {
            skill: axis.ids()[self.skill].to_owned(),
            level: self.level,
            weight: self.weight,
            necessity: self.necessity,
        }
    }
}

/// One requirement of a post, with the layer that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Layered {
    /// The skill's position on the axis.
    pub skill: u32,
    /// What is required.
    pub requirement: Requirement,
    /// The lowest layer that speaks of it.
    pub layer: Layer,
}

/// The requirements of a post: those of its occupation, overridden by its job's, overridden by its
/// own. Skills ascend. O(entries).
pub(crate) fn layered(
    occupation: Option<RequiredRow<'_>>,
    job: &[Asked],
    post: &[Asked],
) -> Vec<Layered> {
    let row = occupation
        .into_iter()
        .flat_map(|row| row.iter())
        .map(|(skill, requirement)| Layered { skill, requirement, layer: Layer::Occupation });
    let below = |base: Vec<Layered>, over: &[Asked], layer: Layer| {
        if over.is_empty() {
            return base;
        }
        let mut base = base.into_iter().peekable();
        let mut out = Vec::with_capacity(base.len() + over.len());
        for asked in over {
            while let Some(above) = base.next_if(|above| above.skill < asked.skill) {
                out.push(above);
            }
            base.next_if(|above| above.skill == asked.skill);
            if asked.level > 0 {
                let Asked { skill, level, weight, necessity } = *asked;
                let requirement = Requirement { level, weight, necessity };
                out.push(Layered { skill, requirement, layer });
            }
        }
        out.extend(base);
        out
    };
    below(below(row.collect(), job, Layer::Job), post, Layer::Post)
}

/// Jobs between occupation and post: what a branch or a sector asks of an occupation.
///
/// # Example
///
/// ```
/// use passerelle::hub::recruitment::{AskedSkill, Jobs};
/// use passerelle::{Framework, Necessity, Requirement, SkillKind};
///
/// let mut builder = Framework::builder("demo", "1", "en");
/// builder.skill("weld", SkillKind::KnowHow)?;
/// builder.skill("dive", SkillKind::KnowHow)?;
/// builder.occupation("welder")?;
/// let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// builder.require("welder", "weld", one)?;
/// let framework = builder.build()?;
/// let mut jobs = Jobs::default();
/// let dive = AskedSkill {
///     skill: "dive".into(), level: 1, weight: 1, necessity: Necessity::Blocking,
/// };
/// jobs.add("underwater-welder", "welder", &[dive], &framework)?;
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jobs {
    ids: Ids,
    occupations: Vec<u32>,
    skills: Vec<Box<[Asked]>>,
}

impl Jobs {
    /// Adds a job of an occupation, with the skills in which it differs from it.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] occupation or skill, [`Error::Duplicate`], [`Error::Level`],
    /// [`Error::ZeroWeight`], [`Error::DuplicateSkill`].
    pub fn add(
        &mut self,
        job: &str,
        occupation: &str,
        skills: &[AskedSkill],
        framework: &Framework,
    ) -> Result<()> {
        let ids = framework.occupation_ids();
        let occupation = ids
            .position(occupation)
            .ok_or_else(|| Error::unknown("occupation", occupation, ids))?;
        let asked = Asked::checked(framework.axis(), job, skills)?;
        if !self.ids.insert(job)?.1 {
            return Err(Error::Duplicate { what: "job", id: job.to_owned() });
        }
        self.occupations.push(occupation);
        self.skills.push(asked);
        Ok(())
    }

    /// The jobs' ids.
    pub fn ids(&self) -> &Ids {
        &self.ids
    }

    /// The position of a job's occupation.
    pub fn occupation(&self, job: u32) -> u32 {
        self.occupations[job as usize]
    }

    pub(crate) fn asked(&self, job: u32) -> &[Asked] {
        &self.skills[job as usize]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn asked(skill: u32, level: u16, weight: u16) -> Asked {
        Asked { skill, level, weight, necessity: Necessity::Essential }
    }

    proptest! {
        #[test]
        fn the_lowest_layer_that_speaks_of_a_skill_decides(
            occupation in proptest::collection::btree_map(0u32..8, 1u16..4, 0..8),
            job in proptest::collection::btree_map(0u32..8, 0u16..4, 0..8),
            post in proptest::collection::btree_map(0u32..8, 0u16..4, 0..8),
        ) {
            let columns = |map: &std::collections::BTreeMap<u32, u16>| {
                (map.keys().copied().collect::<Vec<_>>(), map.values().copied().collect::<Vec<_>>())
            };
            let (skills, levels) = columns(&occupation);
            let weights = vec![1; skills.len()];
            let necessities = vec![Necessity::Optional; skills.len()];
            let row = RequiredRow {
                skills: &skills, levels: &levels, weights: &weights, necessities: &necessities,
            };
            let list = |map: &std::collections::BTreeMap<u32, u16>| {
                map.iter().map(|(&skill, &level)| asked(skill, level, 2)).collect::<Vec<_>>()
            };
            let got: Vec<_> = layered(Some(row), &list(&job), &list(&post))
                .into_iter()
                .map(|one| (one.skill, one.requirement.level, one.layer))
                .collect();
            let expected: Vec<_> = (0..8)
                .filter_map(|skill| {
                    let found = [
                        (post.get(&skill), Layer::Post),
                        (job.get(&skill), Layer::Job),
                        (occupation.get(&skill), Layer::Occupation),
                    ];
                    let (level, layer) =
                        found.into_iter().find_map(|(level, layer)| Some((*level?, layer)))?;
                    (level > 0).then_some((skill, level, layer))
                })
                .collect();
            prop_assert_eq!(got, expected);
        }
    }
}
