//! The gap skill by skill.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::matrix::{Held, HeldRow, Necessity, Required, RequiredRow};
use crate::run::Run;
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

/// Pairs worked on at a time: enough to be worth a task, few enough to balance.
const PAIRS_A_PIECE: usize = 1024;

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
            most += required.row(target).skills.len() as u64;
        }
        // 7 bytes an entry, once in the pieces and once put together.
        run.memory().check(
            "the gap vectors",
            most * 14,
            "give fewer pairs at a time, or raise the memory limit",
        )?;
        let count = run.count("pairs", pairs.len() as u64);
        let pieces: Vec<Self> = run.install(|| {
            pairs
                .par_chunks(PAIRS_A_PIECE)
                .map_init(
                    || Spoken::new(held),
                    |spoken, pairs| {
                        count.go_on()?;
                        let most = pairs.iter().map(|&(_, t)| required.row(t).skills.len()).sum();
                        let mut piece = Self::with_room(most);
                        for &(person, target) in pairs {
                            spoken.turn_to(person);
                            piece.push(spoken, required.row(target));
                        }
                        count.add(pairs.len() as u64);
                        Ok(piece)
                    },
                )
                .collect::<Result<_>>()
        })?;
        let mut all = Self { offsets: vec![0], ..Self::default() };
        for piece in pieces {
            let before = all.skills.len() as u64;
            all.offsets.extend(piece.offsets.iter().map(|end| before + end));
            all.skills.extend(piece.skills);
            all.shortfalls.extend(piece.shortfalls);
            all.classes.extend(piece.classes);
        }
        Ok(all)
    }

    /// Nothing yet, with room for some entries.
    fn with_room(most: usize) -> Self {
        Self {
            offsets: Vec::new(),
            skills: Vec::with_capacity(most),
            shortfalls: Vec::with_capacity(most),
            classes: Vec::with_capacity(most),
        }
    }

    /// Adds the gap of the person that `spoken` is turned to.
    fn push(&mut self, spoken: &Spoken<'_>, required: RequiredRow<'_>) {
        for (&skill, &level) in required.skills.iter().zip(required.levels) {
            // The held level plus 1, or 0 where the profile is silent.
            let said = spoken.said[skill as usize];
            let class = match said {
                0 => Class::Unknown,
                1 => Class::Acquire,
                said if said <= u32::from(level) => Class::Develop,
                _ => continue,
            };
            self.skills.push(skill);
            // Held below the level required, which has 16 bits.
            #[expect(clippy::cast_possible_truncation, reason = "held below a 16-bit level")]
            self.shortfalls.push(level - said.saturating_sub(1) as u16);
            self.classes.push(class);
        }
        self.offsets.push(self.skills.len() as u64);
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
