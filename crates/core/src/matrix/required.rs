//! What targets require.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::rows::{Rows, check_length, numbered};
use crate::error::{Error, Result};
use crate::skill::{SkillAxis, named};
use crate::text::Ids;

/// How much a requirement binds.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Necessity {
    /// Wanted.
    Optional = 0,
    /// Needed.
    #[default]
    Essential = 1,
    /// A licence, an authorisation, a regulated title: nothing makes up for it.
    Blocking = 2,
}

named!(Necessity, "necessity", {
    Optional = "optional",
    Essential = "essential",
    Blocking = "blocking",
});

impl Necessity {
    /// Whether essential coverage counts it: essential or blocking.
    pub fn is_essential(self) -> bool {
        self != Self::Optional
    }
}

/// One requirement: how much of a skill, and how important.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The level required, in steps of the skill's scale, at least 1.
    pub level: u16,
    /// How much it counts, in parts of the framework's weight denominator, at least 1.
    pub weight: u16,
    /// How much it binds.
    pub necessity: Necessity,
}

/// What targets require: occupations, employers' needs or certifications × skills.
///
/// A row is a target. It has at least one entry, each with a level of at least 1 and a weight of
/// at least 1, and its Σ weight × level fits in 32 bits, so that every sum over it is exact.
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use passerelle::{LevelScale, Necessity, Required, Requirement, SkillAxis};
///
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", LevelScale::new("steps", 4)?, ["weld", "read"])?);
/// let mut targets = Required::builder(&axis);
/// let requirement = Requirement { level: 3, weight: 2, necessity: Necessity::Essential };
/// targets.require("welder", "weld", requirement)?;
/// let required = targets.build()?;
/// assert_eq!(required.total(0), 6);
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Required {
    pub(crate) axis: Arc<SkillAxis>,
    pub(crate) targets: Arc<Ids>,
    pub(crate) offsets: Vec<u64>,
    pub(crate) skills: Vec<u32>,
    pub(crate) levels: Vec<u16>,
    pub(crate) weights: Vec<u16>,
    pub(crate) necessities: Vec<Necessity>,
    /// T(t) = Σ weight × level of each target.
    pub(crate) totals: Vec<u32>,
}

/// One target's requirements: four columns of the same length, skills ascending.
#[derive(Clone, Copy, Debug)]
pub struct RequiredRow<'a> {
    /// The skills' positions on the axis.
    pub skills: &'a [u32],
    /// The levels required.
    pub levels: &'a [u16],
    /// The weights.
    pub weights: &'a [u16],
    /// How much each binds.
    pub necessities: &'a [Necessity],
}

impl<'a> RequiredRow<'a> {
    /// The entries: skill and requirement, skills ascending.
    pub fn iter(self) -> impl ExactSizeIterator<Item = (u32, Requirement)> + 'a {
        (0..self.skills.len()).map(move |at| {
            let requirement = Requirement {
                level: self.levels[at],
                weight: self.weights[at],
                necessity: self.necessities[at],
            };
            (self.skills[at], requirement)
        })
    }
}

impl Required {
    /// A builder of targets on an axis.
    pub fn builder(axis: &Arc<SkillAxis>) -> RequiredBuilder {
        RequiredBuilder {
            axis: Arc::clone(axis),
            targets: Ids::new(),
            rows: RequirementRows::default(),
        }
    }

    /// Targets from rows of positions on an axis, with a necessity beside each cell; their ids are
    /// their positions, `0`, `1`… O(cells).
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for rows of people or on an axis of another length,
    /// [`Error::ArrayLength`] where there is not a necessity for each cell, [`Error::Level`] beyond a
    /// skill's scale, [`Error::EmptyRequirement`] for a row without cells.
    ///
    /// # Example
    ///
    /// ```
    /// use std::sync::Arc;
    /// use passerelle::matrix::Rows;
    /// use passerelle::{LevelScale, Necessity, Required, SkillAxis};
    ///
    /// let axis = Arc::new(SkillAxis::from_ids("demo", "1", LevelScale::new("steps", 4)?, ["weld"])?);
    /// let rows = Rows::required(&[0, 1], &[0], &[3], &[2], 1)?;
    /// assert_eq!(Required::from_rows(&axis, rows, &[Necessity::Blocking])?.total(0), 6);
    /// # Ok::<(), passerelle::Error>(())
    /// ```
    pub fn from_rows(
        axis: &Arc<SkillAxis>,
        rows: Rows<'_>,
        necessities: &[Necessity],
    ) -> Result<Self> {
        if !rows.is_weighted() {
            return Err(Error::argument("rows", "rows of people", "rows of targets"));
        }
        rows.check_axis(axis)?;
        check_length("necessities", necessities.len(), rows.cell_count())?;
        let targets = numbered(rows.len())?;
        let mut totals = Vec::with_capacity(rows.len());
        for (target, row) in (0u32..).zip(rows.iter()) {
            let id = &targets[target];
            if row.skills().is_empty() {
                return Err(Error::EmptyRequirement { target: id.to_owned() });
            }
            for (skill, pair) in row.cells() {
                let necessity = Necessity::default();
                let requirement = Requirement { level: pair.level, weight: pair.weight, necessity };
                check_requirement(axis, id, skill, requirement)?;
            }
            let too_large = |total| Error::TotalTooLarge { target: id.to_owned(), total };
            totals.push(u32::try_from(row.total()).map_err(|_| too_large(row.total()))?);
        }
        let (offsets, skills, levels, weights) = rows.into_vecs();
        Ok(Self {
            axis: Arc::clone(axis),
            targets: Arc::new(targets),
            offsets,
            skills,
            levels,
            weights,
            necessities: necessities.to_vec(),
            totals,
        })
    }

    /// The axis that the columns are on.
    pub fn axis(&self) -> &Arc<SkillAxis> {
        &self.axis
    }

    /// The targets' ids, by row.
    pub fn targets(&self) -> &Arc<Ids> {
        &self.targets
    }

    /// How many targets there are.
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.targets.is_empty()
    }

    /// How many requirements there are in all.
    pub fn entries(&self) -> usize {
        self.skills.len()
    }

    /// A target's position.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the id most like it.
    pub fn position(&self, target: &str) -> Result<u32> {
        self.targets.position(target).ok_or_else(|| Error::unknown("target", target, &self.targets))
    }

    /// A target's requirements.
    ///
    /// # Panics
    ///
    /// When the position is not below [`Required::len`].
    pub fn row(&self, target: u32) -> RequiredRow<'_> {
        let range = self.range(target);
        RequiredRow {
            skills: &self.skills[range.clone()],
            levels: &self.levels[range.clone()],
            weights: &self.weights[range.clone()],
            necessities: &self.necessities[range],
        }
    }

    /// Where a target's entries are.
    pub(crate) fn range(&self, target: u32) -> std::ops::Range<usize> {
        let at = target as usize;
        // The entries are in memory, so their count fits in usize.
        #[expect(clippy::cast_possible_truncation)]
        let range = self.offsets[at] as usize..self.offsets[at + 1] as usize;
        range
    }

    /// A target's total T = Σ weight × level, above 0.
    ///
    /// # Panics
    ///
    /// When the position is not below [`Required::len`].
    pub fn total(&self, target: u32) -> u32 {
        self.totals[target as usize]
    }

    /// The rows as a view without ids and necessities: what kernels and buffers take.
    pub fn rows(&self) -> Rows<'_> {
        let weights = Some(&*self.weights);
        Rows::trusted(&self.offsets, &self.skills, &self.levels, weights, self.axis.len())
    }

    /// The rows of some targets, in the order given, as a matrix of their own.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`] when a target is given twice.
    ///
    /// # Panics
    ///
    /// When a position is not below [`Required::len`].
    pub fn select(&self, targets: &[u32]) -> Result<Self> {
        let mut ids = Ids::new();
        let mut rows = RequirementRows::default();
        for &target in targets {
            let (position, new) = ids.insert(&self.targets[target])?;
            if !new {
                let id = self.targets[target].to_owned();
                return Err(Error::Duplicate { what: "target", id });
            }
            for (skill, requirement) in self.row(target).iter() {
                rows.entries.push((position, skill, requirement));
            }
        }
        rows.build(Arc::clone(&self.axis), ids)
    }
}

/// Builds [`Required`] row by row, refusing what makes no sense as it comes.
#[derive(Clone, Debug)]
pub struct RequiredBuilder {
    axis: Arc<SkillAxis>,
    targets: Ids,
    rows: RequirementRows,
}

impl RequiredBuilder {
    /// Adds a target, with no requirement yet; adding it again changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] past 2³¹ − 1 targets.
    pub fn target(&mut self, target: &str) -> Result<u32> {
        Ok(self.targets.insert(target)?.0)
    }

    /// Adds a requirement of a target, which is added when it is new. Nothing is added on error.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] skill, [`Error::Level`] of 0 or beyond the skill's scale,
    /// [`Error::ZeroWeight`], [`Error::DuplicateSkill`]: each names the target and the skill.
    pub fn require(&mut self, target: &str, skill: &str, requirement: Requirement) -> Result<()> {
        let position = self.axis.position(skill)?;
        check_requirement(&self.axis, target, position, requirement)?;
        let row = self.targets.insert(target)?.0;
        self.rows.push(&self.axis, row, target, position, requirement)
    }

    /// The matrix.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyRequirement`] for a target without requirements, [`Error::TotalTooLarge`].
    pub fn build(self) -> Result<Required> {
        self.rows.build(self.axis, self.targets)
    }
}

fn check_requirement(
    axis: &SkillAxis,
    target: &str,
    skill: u32,
    requirement: Requirement,
) -> Result<()> {
    let top = axis.scale(skill).top();
    if requirement.level == 0 || requirement.level > top {
        return Err(Error::Level {
            row: target.to_owned(),
            skill: axis.ids[skill].to_owned(),
            level: requirement.level.into(),
            least: 1,
            top,
        });
    }
    if requirement.weight == 0 {
        return Err(Error::ZeroWeight {
            target: target.to_owned(),
            skill: axis.ids[skill].to_owned(),
        });
    }
    Ok(())
}

/// Requirement rows in the order they came: what the builders of targets and frameworks share.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequirementRows {
    entries: Vec<(u32, u32, Requirement)>,
    seen: HashSet<(u32, u32)>,
}

impl RequirementRows {
    /// Adds a row; `target_id` is for the error.
    pub(crate) fn push(
        &mut self,
        axis: &SkillAxis,
        target: u32,
        target_id: &str,
        skill: u32,
        requirement: Requirement,
    ) -> Result<()> {
        check_requirement(axis, target_id, skill, requirement)?;
        if !self.seen.insert((target, skill)) {
            return Err(Error::DuplicateSkill {
                row: target_id.to_owned(),
                skill: axis.ids[skill].to_owned(),
            });
        }
        self.entries.push((target, skill, requirement));
        Ok(())
    }

    /// Whether each of `targets` targets has a row.
    pub(crate) fn covered(&self, targets: usize) -> Vec<bool> {
        let mut covered = vec![false; targets];
        for &(target, ..) in &self.entries {
            covered[target as usize] = true;
        }
        covered
    }

    /// Gives the targets new positions; those without one must have no row.
    pub(crate) fn renumber(&mut self, new: &[Option<u32>]) {
        for (target, ..) in &mut self.entries {
            *target = new[*target as usize].expect("a target with rows keeps a position");
        }
    }

    /// Sorts the rows into a matrix.
    pub(crate) fn build(mut self, axis: Arc<SkillAxis>, targets: Ids) -> Result<Required> {
        self.entries.sort_unstable_by_key(|&(target, skill, _)| (target, skill));
        let mut offsets = Vec::with_capacity(targets.len() + 1);
        offsets.push(0u64);
        let mut totals = Vec::with_capacity(targets.len());
        let mut rest = self.entries.as_slice();
        for (target, id) in (0u32..).zip(targets.iter()) {
            let (row, after) = rest.split_at(rest.partition_point(|&(at, ..)| at == target));
            if row.is_empty() {
                return Err(Error::EmptyRequirement { target: id.to_owned() });
            }
            let total: u64 =
                row.iter().map(|(_, _, r)| u64::from(r.weight) * u64::from(r.level)).sum();
            totals.push(
                u32::try_from(total)
                    .map_err(|_| Error::TotalTooLarge { target: id.to_owned(), total })?,
            );
            offsets.push(offsets[target as usize] + row.len() as u64);
            rest = after;
        }
        Ok(Required {
            axis,
            targets: Arc::new(targets),
            offsets,
            skills: self.entries.iter().map(|&(_, skill, _)| skill).collect(),
            levels: self.entries.iter().map(|(_, _, r)| r.level).collect(),
            weights: self.entries.iter().map(|(_, _, r)| r.weight).collect(),
            necessities: self.entries.iter().map(|(_, _, r)| r.necessity).collect(),
            totals,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::skill::LevelScale;

    fn axis() -> Arc<SkillAxis> {
        let scale = LevelScale::new("steps", 4).unwrap();
        Arc::new(SkillAxis::from_ids("demo", "1", scale, ["a", "b", "c"]).unwrap())
    }

    fn at(level: u16, weight: u16) -> Requirement {
        Requirement { level, weight, necessity: Necessity::Essential }
    }

    #[test]
    fn rows_come_out_sorted_whatever_the_order_they_came_in() {
        let mut builder = Required::builder(&axis());
        for (target, skill, level) in [("y", "c", 1), ("x", "b", 2), ("y", "a", 3), ("x", "a", 4)] {
            builder.require(target, skill, at(level, 2)).unwrap();
        }
        let required = builder.build().unwrap();
        assert_eq!(required.targets().iter().collect::<Vec<_>>(), ["y", "x"]);
        assert_eq!(required.row(0).skills, [0, 2]);
        assert_eq!(required.row(0).levels, [3, 1]);
        assert_eq!(required.total(1), 12);
        let only = required.select(&[1]).unwrap();
        assert_eq!(only.row(0).levels, required.row(1).levels);
        assert!(matches!(required.select(&[1, 1]), Err(Error::Duplicate { .. })));
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_row() {
        let mut builder = Required::builder(&axis());
        let refused = |result: Result<()>| result.unwrap_err().to_string();
        assert_eq!(
            refused(builder.require("x", "a", at(5, 1))),
            "row `x`, skill `a`: level 5 is not within 1..=4"
        );
        assert!(matches!(builder.require("x", "a", at(0, 1)), Err(Error::Level { .. })));
        assert!(matches!(builder.require("x", "a", at(1, 0)), Err(Error::ZeroWeight { .. })));
        assert!(matches!(builder.require("x", "z", at(1, 1)), Err(Error::Unknown { .. })));
        builder.require("x", "a", at(1, 1)).unwrap();
        assert_eq!(
            refused(builder.require("x", "a", at(2, 1))),
            "row `x` has skill `a` twice; keep one"
        );
        assert_eq!(builder.clone().build().unwrap().entries(), 1, "what was refused left nothing");
        builder.target("empty").unwrap();
        assert!(
            matches!(builder.build(), Err(Error::EmptyRequirement { target }) if target == "empty")
        );
    }

    #[test]
    fn a_total_beyond_32_bits_is_refused() {
        let scale = LevelScale::new("fine", u16::MAX).unwrap();
        let axis = Arc::new(SkillAxis::from_ids("demo", "1", scale, ["a", "b"]).unwrap());
        let mut builder = Required::builder(&axis);
        builder.require("x", "a", at(u16::MAX, u16::MAX)).unwrap();
        assert!(builder.clone().build().is_ok());
        builder.require("x", "b", at(u16::MAX, u16::MAX)).unwrap();
        assert!(matches!(builder.build(), Err(Error::TotalTooLarge { .. })));
    }
}
