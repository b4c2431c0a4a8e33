//! What people hold.

use std::sync::Arc;

use super::rows::{Rows, numbered};
use crate::error::{Error, Result};
use crate::skill::SkillAxis;
use crate::text::Ids;

/// What people hold: people × skills.
///
/// A row is a person. An entry says that the profile speaks of the skill, and at which level it is
/// held: 0 is *known not to be held*, and an absent entry is *unknown*.
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use passerelle::{Held, LevelScale, SkillAxis};
///
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", LevelScale::new("steps", 4)?, ["weld", "read"])?);
/// let mut people = Held::builder(&axis);
/// people.hold("p1", "weld", 3)?;
/// people.hold("p1", "read", 0)?;
/// people.person("p2")?; // of whom nothing is known
/// let held = people.build()?;
/// assert_eq!(held.row(0).levels, [3, 0]);
/// assert!(held.row(1).skills.is_empty());
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    pub(crate) axis: Arc<SkillAxis>,
    pub(crate) people: Arc<Ids>,
    pub(crate) offsets: Vec<u64>,
    pub(crate) skills: Vec<u32>,
    pub(crate) levels: Vec<u16>,
}

/// What one person holds: two columns of the same length, skills ascending.
#[derive(Clone, Copy, Debug)]
pub struct HeldRow<'a> {
    /// The skills' positions on the axis.
    pub skills: &'a [u32],
    /// The levels held; 0 is known not to be held.
    pub levels: &'a [u16],
}

impl<'a> HeldRow<'a> {
    /// The entries: skill and level, skills ascending.
    pub fn iter(self) -> impl ExactSizeIterator<Item = (u32, u16)> + 'a {
        self.skills.iter().copied().zip(self.levels.iter().copied())
    }

    /// The level held of a skill, or `None` where the profile is silent. O(log entries).
    pub fn level(self, skill: u32) -> Option<u16> {
        self.skills.binary_search(&skill).ok().map(|at| self.levels[at])
    }
}

impl Held {
    /// A builder of people on an axis.
    pub fn builder(axis: &Arc<SkillAxis>) -> HeldBuilder {
        HeldBuilder { axis: Arc::clone(axis), people: Ids::new(), entries: Vec::new() }
    }

    /// People from rows of positions on an axis; their ids are their positions, `0`, `1`…
    /// O(cells).
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for rows of targets or on an axis of another length, [`Error::Level`]
    /// beyond a skill's scale.
    ///
    /// # Example
    ///
    /// ```
    /// use std::sync::Arc;
    /// use passerelle::matrix::Rows;
    /// use passerelle::{Held, LevelScale, SkillAxis};
    ///
    /// let axis = Arc::new(SkillAxis::from_ids("demo", "1", LevelScale::new("steps", 4)?, ["weld"])?);
    /// let held = Held::from_rows(&axis, Rows::held(&[0, 1, 1], &[0], &[3], 1)?)?;
    /// assert_eq!((held.len(), held.row(0).level(0)), (2, Some(3)));
    /// assert!(Held::from_rows(&axis, Rows::held(&[0, 1], &[0], &[5], 1)?).is_err());
    /// # Ok::<(), passerelle::Error>(())
    /// ```
    pub fn from_rows(axis: &Arc<SkillAxis>, rows: Rows<'_>) -> Result<Self> {
        if rows.is_weighted() {
            return Err(Error::argument("rows", "rows of targets", "rows of people"));
        }
        rows.check_axis(axis)?;
        let people = numbered(rows.len())?;
        for (person, row) in (0u32..).zip(rows.iter()) {
            for (skill, pair) in row.cells() {
                check_level(axis, &people[person], skill, pair.level)?;
            }
        }
        let (offsets, skills, levels, _) = rows.into_vecs();
        Ok(Self { axis: Arc::clone(axis), people: Arc::new(people), offsets, skills, levels })
    }

    /// The axis that the columns are on.
    pub fn axis(&self) -> &Arc<SkillAxis> {
        &self.axis
    }

    /// The people's ids, by row.
    pub fn people(&self) -> &Arc<Ids> {
        &self.people
    }

    /// How many people there are.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// How many entries there are in all.
    pub fn entries(&self) -> usize {
        self.skills.len()
    }

    /// A person's position.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the id most like it.
    pub fn position(&self, person: &str) -> Result<u32> {
        self.people.position(person).ok_or_else(|| Error::unknown("person", person, &self.people))
    }

    /// What a person holds.
    ///
    /// # Panics
    ///
    /// When the position is not below [`Held::len`].
    pub fn row(&self, person: u32) -> HeldRow<'_> {
        let at = person as usize;
        // The entries are in memory, so their count fits in usize.
        #[expect(clippy::cast_possible_truncation)]
        let range = self.offsets[at] as usize..self.offsets[at + 1] as usize;
        HeldRow { skills: &self.skills[range.clone()], levels: &self.levels[range] }
    }

    /// The rows as a view without ids: what kernels and buffers take.
    pub fn rows(&self) -> Rows<'_> {
        Rows::trusted(&self.offsets, &self.skills, &self.levels, None, self.axis.len())
    }

    /// The rows of some people, in the order given, as a matrix of their own.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`] when a person is given twice.
    ///
    /// # Panics
    ///
    /// When a position is not below [`Held::len`].
    pub fn select(&self, people: &[u32]) -> Result<Self> {
        let mut ids = Ids::new();
        let mut offsets = vec![0u64];
        let (mut skills, mut levels) = (Vec::new(), Vec::new());
        for &person in people {
            if !ids.insert(&self.people[person])?.1 {
                let id = self.people[person].to_owned();
                return Err(Error::Duplicate { what: "person", id });
            }
            let row = self.row(person);
            skills.extend_from_slice(row.skills);
            levels.extend_from_slice(row.levels);
            offsets.push(skills.len() as u64);
        }
        let axis = Arc::clone(&self.axis);
        Ok(Self { axis, people: Arc::new(ids), offsets, skills, levels })
    }

    /// The matrix from sorted entries: person, skill, level.
    pub(crate) fn from_sorted(
        axis: Arc<SkillAxis>,
        people: Arc<Ids>,
        entries: impl IntoIterator<Item = (u32, u32, u16)>,
    ) -> Self {
        let entries = entries.into_iter();
        let mut skills = Vec::with_capacity(entries.size_hint().0);
        let mut levels = Vec::with_capacity(entries.size_hint().0);
        let mut offsets = vec![0u64; people.len() + 1];
        for (person, skill, level) in entries {
            skills.push(skill);
            levels.push(level);
            offsets[person as usize + 1] += 1;
        }
        for at in 1..offsets.len() {
            offsets[at] += offsets[at - 1];
        }
        Self { axis, people, offsets, skills, levels }
    }
}

/// Builds [`Held`] entry by entry, refusing what makes no sense as it comes.
#[derive(Clone, Debug)]
pub struct HeldBuilder {
    axis: Arc<SkillAxis>,
    people: Ids,
    entries: Vec<(u32, u32, u16)>,
}

impl HeldBuilder {
    /// Adds a person of whom nothing is known yet; adding one again changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] past 2³¹ − 1 people.
    pub fn person(&mut self, person: &str) -> Result<u32> {
        Ok(self.people.insert(person)?.0)
    }

    /// Says at which level a person holds a skill: 0 says that it is known not to be held. The
    /// person is added when new. Nothing is added on error.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] skill, [`Error::Level`] beyond the skill's scale: each names the person
    /// and the skill.
    pub fn hold(&mut self, person: &str, skill: &str, level: u16) -> Result<()> {
        let skill = self.axis.position(skill)?;
        check_level(&self.axis, person, skill, level)?;
        let person = self.people.insert(person)?.0;
        self.entries.push((person, skill, level));
        Ok(())
    }

    /// The matrix. O(entries × log entries).
    ///
    /// # Errors
    ///
    /// [`Error::DuplicateSkill`] when a row has a skill twice: several pieces of evidence are for
    /// [`Profiles`](crate::Profiles), which merges them.
    pub fn build(mut self) -> Result<Held> {
        self.entries.sort_unstable();
        for pair in self.entries.windows(2) {
            if (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1) {
                return Err(Error::DuplicateSkill {
                    row: self.people[pair[0].0].to_owned(),
                    skill: self.axis.ids[pair[0].1].to_owned(),
                });
            }
        }
        Ok(Held::from_sorted(self.axis, Arc::new(self.people), self.entries))
    }
}

/// Refuses a held level beyond the skill's scale.
pub(crate) fn check_level(axis: &SkillAxis, person: &str, skill: u32, level: u16) -> Result<()> {
    let top = axis.scale(skill).top();
    if level > top {
        return Err(Error::Level {
            row: person.to_owned(),
            skill: axis.ids[skill].to_owned(),
            level: level.into(),
            least: 0,
            top,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::skill::LevelScale;

    #[test]
    fn rows_keep_level_0_and_refuse_what_makes_no_sense() {
        let scale = LevelScale::new("steps", 4).unwrap();
        let axis = Arc::new(SkillAxis::from_ids("demo", "1", scale, ["a", "b"]).unwrap());
        let mut builder = Held::builder(&axis);
        builder.hold("p", "b", 2).unwrap();
        builder.hold("p", "a", 0).unwrap();
        assert!(matches!(builder.hold("p", "a", 5), Err(Error::Level { .. })));
        assert!(matches!(builder.hold("p", "z", 1), Err(Error::Unknown { .. })));
        let held = builder.clone().build().unwrap();
        assert_eq!(held.row(0).skills, [0, 1]);
        assert_eq!((held.row(0).level(0), held.row(0).level(1)), (Some(0), Some(2)));
        builder.hold("p", "b", 3).unwrap();
        assert!(matches!(builder.build(), Err(Error::DuplicateSkill { .. })));
    }
}
