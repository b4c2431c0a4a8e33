//! What training modules teach.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::matrix::HeldRow;
use crate::skill::SkillAxis;
use crate::text::Ids;

/// What modules teach: modules × skills.
///
/// A row is a module. An entry says up to which level a skill is taught, at least 1: whoever has
/// followed the module holds it at that level or above.
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use passerelle::matrix::Taught;
/// use passerelle::{LevelScale, SkillAxis};
///
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", LevelScale::new("steps", 4)?, ["weld", "read"])?);
/// let mut modules = Taught::builder(&axis);
/// modules.teach("arc", "weld", 3)?;
/// let taught = modules.build()?;
/// assert_eq!(taught.row(0).level(0), Some(3));
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Taught {
    axis: Arc<SkillAxis>,
    modules: Arc<Ids>,
    offsets: Vec<usize>,
    skills: Vec<u32>,
    levels: Vec<u16>,
}

impl Taught {
    /// A builder of modules on an axis.
    pub fn builder(axis: &Arc<SkillAxis>) -> TaughtBuilder {
        TaughtBuilder { axis: Arc::clone(axis), modules: Ids::new(), entries: Vec::new() }
    }

    /// No modules on an axis.
    pub fn empty(axis: &Arc<SkillAxis>) -> Self {
        Self {
            axis: Arc::clone(axis),
            modules: Arc::new(Ids::new()),
            offsets: vec![0],
            skills: Vec::new(),
            levels: Vec::new(),
        }
    }

    /// The axis that the columns are on.
    pub fn axis(&self) -> &Arc<SkillAxis> {
        &self.axis
    }

    /// The modules' ids, by row.
    pub fn modules(&self) -> &Arc<Ids> {
        &self.modules
    }

    /// How many modules there are.
    pub fn len(&self) -> usize {
        self.modules.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty()
    }

    /// What a module teaches; levels are at least 1.
    ///
    /// # Panics
    ///
    /// When the position is not below [`Taught::len`].
    pub fn row(&self, module: u32) -> HeldRow<'_> {
        let range = self.offsets[module as usize]..self.offsets[module as usize + 1];
        HeldRow { skills: &self.skills[range.clone()], levels: &self.levels[range] }
    }
}

/// Builds [`Taught`] entry by entry, refusing what makes no sense as it comes.
#[derive(Clone, Debug)]
pub struct TaughtBuilder {
    axis: Arc<SkillAxis>,
    modules: Ids,
    entries: Vec<(u32, u32, u16)>,
}

impl TaughtBuilder {
    /// Adds a module that teaches nothing yet; adding one again changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] past 2³¹ − 1 modules.
    pub fn module(&mut self, module: &str) -> Result<u32> {
        Ok(self.modules.insert(module)?.0)
    }

    /// The modules as they stand.
    pub fn modules(&self) -> &Ids {
        &self.modules
    }

    /// Says up to which level a module teaches a skill. The module is added when new. Nothing is
    /// added on error.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] skill, [`Error::Level`] for 0 or beyond the skill's scale.
    pub fn teach(&mut self, module: &str, skill: &str, level: u16) -> Result<()> {
        let skill = self.axis.position(skill)?;
        let top = self.axis.scale(skill).top();
        if level == 0 || level > top {
            return Err(Error::Level {
                row: module.to_owned(),
                skill: self.axis.ids()[skill].to_owned(),
                level: level.into(),
                least: 1,
                top,
            });
        }
        let module = self.module(module)?;
        self.entries.push((module, skill, level));
        Ok(())
    }

    /// The matrix. O(entries × log entries).
    ///
    /// # Errors
    ///
    /// [`Error::DuplicateSkill`] when a module has a skill twice.
    pub fn build(mut self) -> Result<Taught> {
        self.entries.sort_unstable();
        for pair in self.entries.windows(2) {
            if (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1) {
                return Err(Error::DuplicateSkill {
                    row: self.modules[pair[0].0].to_owned(),
                    skill: self.axis.ids()[pair[0].1].to_owned(),
                });
            }
        }
        let mut offsets = vec![0; self.modules.len() + 1];
        for &(module, ..) in &self.entries {
            offsets[module as usize + 1] += 1;
        }
        for at in 1..offsets.len() {
            offsets[at] += offsets[at - 1];
        }
        Ok(Taught {
            axis: self.axis,
            modules: Arc::new(self.modules),
            offsets,
            skills: self.entries.iter().map(|&(_, skill, _)| skill).collect(),
            levels: self.entries.iter().map(|&(.., level)| level).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::skill::LevelScale;

    #[test]
    fn rows_refuse_what_makes_no_sense() {
        let scale = LevelScale::new("steps", 4).unwrap();
        let axis = Arc::new(SkillAxis::from_ids("demo", "1", scale, ["a", "b"]).unwrap());
        let mut builder = Taught::builder(&axis);
        builder.module("m0").unwrap();
        builder.teach("m1", "b", 2).unwrap();
        builder.teach("m1", "a", 4).unwrap();
        for level in [0, 5] {
            assert!(matches!(builder.teach("m1", "a", level), Err(Error::Level { .. })));
        }
        assert!(matches!(builder.teach("m1", "z", 1), Err(Error::Unknown { .. })));
        let taught = builder.clone().build().unwrap();
        assert!(taught.row(0).skills.is_empty());
        assert_eq!((taught.row(1).skills, taught.row(1).levels), (&[0, 1][..], &[4, 2][..]));
        builder.teach("m1", "b", 3).unwrap();
        assert!(matches!(builder.build(), Err(Error::DuplicateSkill { .. })));
    }
}
