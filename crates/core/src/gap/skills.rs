//! The gap skill by skill.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::kernel::{FALL_ROOM, near};
use crate::matrix::{Held, HeldRow, Necessity, Required, RequiredRow};
use crate::run::{Count, Lanes, Run};
use crate::skill::named;

/// Where a person stands on one required skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Class {
    /// Held at the level required or above.
    Maintain = 0,
    /// Held below it.
    Develop = 1,
    /// Known not to be held.
    Acquire = 2,
    /// The profile is silent.
    Unknown = 3,
}

named!(Class, "class", {
    Maintain = "maintain",
    Develop = "develop",
    Acquire = "acquire",
    Unknown = "unknown",
});

/// One required skill of a target, and what a person holds of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SkillGap {
    /// The skill's position on the axis.
    pub skill: u32,
    /// The level required, in steps.
    pub required: u16,
    /// The level held, in steps; `None` where the profile is silent.
    pub held: Option<u16>,
    /// The requirement's weight.
    pub weight: u16,
    /// How much the requirement binds.
    pub necessity: Necessity,
}

impl SkillGap {
    /// The steps missing, silence counted as not held.
    pub fn shortfall(self) -> u16 {
        self.required.saturating_sub(self.held.unwrap_or(0))
    }

    /// The steps known to be missing: 0 where the profile is silent.
    pub fn shortfall_known(self) -> u16 {
        self.held.map_or(0, |held| self.required.saturating_sub(held))
    }

    /// Where the person stands.
    pub fn class(self) -> Class {
        match self.held {
            None => Class::Unknown,
            Some(0) => Class::Acquire,
            Some(held) if held < self.required => Class::Develop,
            Some(_) => Class::Maintain,
        }
    }

    /// w·min(r, h): what the skill adds to the credit.
    pub fn credit(self) -> u32 {
        u32::from(self.weight) * u32::from(self.required - self.shortfall())
    }
}

/// What a person holds of each skill that a target requires, skills ascending.
/// O(entries of both rows).
pub fn skill_gaps<'a>(
    held: HeldRow<'a>,
    required: RequiredRow<'a>,
) -> impl Iterator<Item = SkillGap> + 'a {
    let mut at = 0;
    required.iter().map(move |(skill, requirement)| {
        while held.skills.get(at).is_some_and(|&spoken| spoken < skill) {
            at += 1;
        }
        let spoken = held.skills.get(at) == Some(&skill);
        SkillGap {
            skill,
            required: requirement.level,
            held: spoken.then(|| held.levels[at]),
            weight: requirement.weight,
            necessity: requirement.necessity,
        }
    })
}

/// Gap vectors of many pairs: pairs × skills, by rows.
///
/// Row `i` has an entry for each required skill that pair `i` falls short of or is silent on,
/// skills ascending. What is held at its level or above has no entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkillGaps {
    /// Where each pair's entries start, and after the last one where they end.
    pub offsets: Vec<u64>,
    /// The skills' positions on the axis.
    pub skills: Vec<u32>,
    /// The steps missing, silence counted as not held: at least 1.
    pub shortfalls: Vec<u16>,
    /// Develop, acquire or unknown.
    pub classes: Vec<Class>,
}

/// Pairs between two looks at whether to go on; their classes stay in the nearer caches until they
/// go to the result.
const PAIRS_A_PIECE: usize = 256;

/// Pairs between the one that is looked at and the one whose target's row is brought near.
const AHEAD: usize = 4;

impl SkillGaps {
    /// The gap vectors of pairs of a person's and a target's position.
    ///
    /// O(entries of both rows of every pair); in parallel. Pairs of one person in a row take less time.
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`], [`Error::Argument`] for a position that is not there,
    /// [`Error::Memory`] when twice the entries at most would not fit, [`Error::Cancelled`].
    pub fn of_pairs(
        held: &Held,
        required: &Required,
        pairs: &[(u32, u32)],
        run: &Run,
    ) -> Result<Self> {
        required.axis().check_same(held.axis())?;
        let mut most = 0u64;
        for &(person, target) in pairs {
            if person as usize >= held.len() || target as usize >= required.len() {
                let expected =
                    format!("below {} people and {} targets", held.len(), required.len());
                return Err(Error::argument("pairs", format!("({person}, {target})"), expected));
            }
            most += required.range(target).len() as u64;
        }
        // 7 bytes an entry, once in the parts and once put together.
        run.memory().check(
            "the gap vectors",
            most * 14,
            "give fewer pairs at a time, or raise the memory limit",
        )?;
        let count = run.count("pairs", pairs.len() as u64);
        let parts: Vec<Self> = run.install(|| {
            // One part for each thread, so that one thread alone puts nothing together.
            let length = pairs.len().div_ceil(rayon::current_num_threads()).max(1);
            pairs
                .par_chunks(length)
                .map(|pairs| Self::of_part((held, required), pairs, &count, run.width()))
                .collect::<Result<_>>()
        })?;
        let mut parts = parts.into_iter();
        let mut all = parts.next().unwrap_or_default();
        all.offsets.insert(0, 0);
        for part in parts {
            let before = all.skills.len() as u64;
            all.offsets.extend(part.offsets.iter().map(|end| before + end));
            append(&mut all.skills, &part.skills, run)?;
            append(&mut all.shortfalls, &part.shortfalls, run)?;
            append(&mut all.classes, &part.classes, run)?;
        }
        Ok(all)
    }

    /// The gap vectors of some pairs, without the first offset.
    fn of_part(
        (held, required): (&Held, &Required),
        pairs: &[(u32, u32)],
        count: &Count<'_>,
        lanes: Lanes,
    ) -> Result<Self> {
        let most: usize = pairs.iter().map(|&(_, target)| required.range(target).len()).sum();
        let mut part = Self {
            offsets: Vec::with_capacity(pairs.len() + 1),
            skills: Vec::with_capacity(most + FALL_ROOM),
            shortfalls: Vec::with_capacity(most + FALL_ROOM),
            classes: Vec::with_capacity(most),
        };
        let mut spoken = Spoken::new(held);
        let mut classes = Vec::new();
        for pairs in pairs.chunks(PAIRS_A_PIECE) {
            count.go_on()?;
            for (at, &(person, target)) in pairs.iter().enumerate() {
                if let Some(&(_, target)) = pairs.get(at + AHEAD) {
                    bring_near(required.row(target));
                }
                spoken.turn_to(person);
                let row = required.row(target);
                lanes.fall_short(
                    &spoken.said,
                    row.skills,
                    row.levels,
                    &mut part.skills,
                    &mut part.shortfalls,
                    &mut classes,
                );
                part.offsets.push(part.skills.len() as u64);
            }
            part.classes.extend(classes.iter().map(|&class| match class {
                1 => Class::Develop,
                2 => Class::Acquire,
                _ => Class::Unknown,
            }));
            classes.clear();
            count.add(pairs.len() as u64);
        }
        Ok(part)
    }

    /// How many pairs there are.
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Adds a part, which may be hundreds of megabytes, with looks at whether to go on.
fn append<T: Copy>(all: &mut Vec<T>, part: &[T], run: &Run) -> Result<()> {
    all.reserve(part.len());
    for piece in part.chunks(1 << 22) {
        run.go_on()?;
        all.extend_from_slice(piece);
    }
    Ok(())
}

/// Brings the start of a row near, where rows are not read in their order: what follows is foretold.
fn bring_near(row: RequiredRow<'_>) {
    near(row.skills);
    near(row.skills.get(16..).unwrap_or_default());
    near(row.levels);
}

/// What one person's profile says, by skill: pairs of one person in a row are read from it without
/// another walk through the profile.
struct Spoken<'h> {
    held: &'h Held,
    person: Option<u32>,
    /// The held level plus 1; 0 where the profile is silent.
    said: Vec<u32>,
}

impl<'h> Spoken<'h> {
    fn new(held: &'h Held) -> Self {
        Self { held, person: None, said: vec![0; held.axis().len()] }
    }

    fn turn_to(&mut self, person: u32) {
        if self.person == Some(person) {
            return;
        }
        if let Some(before) = self.person {
            for &skill in self.held.row(before).skills {
                self.said[skill as usize] = 0;
            }
        }
        for (skill, level) in self.held.row(person).iter() {
            self.said[skill as usize] = u32::from(level) + 1;
        }
        self.person = Some(person);
    }
}
