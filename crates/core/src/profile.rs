//! The skills that people hold, each with its evidence.

use std::cmp::Ordering;
#[cfg(feature = "hub")]
use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::framework::{Edges, Framework};
use crate::matrix::{Held, check_level};
use crate::run::Run;
use crate::skill::{Date, SkillAxis, named};
use crate::text::Ids;

/// How it is known that a skill is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum EvidenceKind {
    /// The person says so.
    #[default]
    Declared = 0,
    /// A badge.
    Badge = 1,
    /// An employer says so.
    Employer = 2,
    /// Assessed at work.
    Assessed = 3,
    /// A certification.
    Certification = 4,
    /// Validation of experience (*validation des acquis de l'expérience*).
    Vae = 5,
}

named!(EvidenceKind, "evidence", {
    Declared = "declared",
    Badge = "badge",
    Employer = "employer",
    Assessed = "assessed",
    Certification = "certification",
    Vae = "vae",
});

impl EvidenceKind {
    /// How much it counts against other evidence: certification and VAE alike come before
    /// assessment at work, then the employer, a badge, a declaration.
    pub fn rank(self) -> u8 {
        match self {
            Self::Declared => 0,
            Self::Badge => 1,
            Self::Employer => 2,
            Self::Assessed => 3,
            Self::Certification | Self::Vae => 4,
        }
    }
}

/// One piece of evidence that a skill is held at a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldSkill {
    /// The skill's id.
    pub skill: String,
    /// The level, in steps of the skill's scale; 0 says that it is known not to be held.
    pub level: u16,
    /// How it is known.
    pub evidence: EvidenceKind,
    /// When it was established.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Who established it, a pseudonymous id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessor: Option<String>,
}

/// What is known of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// A pseudonymous id.
    pub person: String,
    /// The evidence: within one skill, that which counts first.
    pub held: Vec<HeldSkill>,
    /// The ids of targets that the person was assessed against in full: for their skills, silence
    /// is level 0.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assessed_in_full: Vec<String>,
}

/// The profiles of many people, in columns: 15 bytes a piece of evidence.
///
/// Several pieces of evidence may speak of one skill. Certification and VAE come before assessment
/// at work, then the employer, a badge, a declaration; within a rank the latest counts (no date is
/// the oldest), and between equals the lower level. Those that lost are kept.
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use passerelle::{EvidenceKind, HeldSkill, LevelScale, Profile, Profiles, SkillAxis};
///
/// let scale = LevelScale::new("steps", 4)?;
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", scale, ["weld", "read"])?);
/// let weld = |level, evidence| HeldSkill {
///     skill: "weld".to_owned(), level, evidence, date: None, assessor: None,
/// };
/// let mut builder = Profiles::builder(&axis);
/// builder.add(&Profile {
///     person: "p1".to_owned(),
///     held: vec![weld(4, EvidenceKind::Declared), weld(2, EvidenceKind::Assessed)],
///     assessed_in_full: vec![],
/// })?;
/// let profiles = builder.build();
/// assert_eq!(profiles.spoken().row(0).levels, [2], "what was assessed counts");
/// assert_eq!(profiles.profile(0).held.len(), 2, "what was declared is kept");
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Profiles {
    pub(crate) axis: Arc<SkillAxis>,
    pub(crate) people: Arc<Ids>,
    pub(crate) offsets: Vec<u64>,
    pub(crate) skills: Vec<u32>,
    pub(crate) levels: Vec<u16>,
    pub(crate) evidence: Vec<EvidenceKind>,
    /// Days since 1970, or [`UNDATED`].
    pub(crate) dates: Vec<i32>,
    /// Positions in `assessors`, or [`NOBODY`].
    pub(crate) assessor_of: Vec<u32>,
    pub(crate) assessors: Ids,
    /// The targets of `assessed`, which may be of another framework's version by now.
    pub(crate) targets: Ids,
    pub(crate) assessed: Edges,
}

pub(crate) const UNDATED: i32 = i32::MIN;
pub(crate) const NOBODY: u32 = u32::MAX;

/// How levels fade with the age of their evidence. Off unless asked for.
///
/// A level loses one step for each full period since its evidence was dated, and never falls below
/// 1: what was held long ago is not known not to be held. Undated evidence does not fade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decay {
    /// The day to count from.
    pub today: Date,
    /// The days that cost one step, at least 1.
    pub days_per_step: u32,
}

impl Decay {
    fn apply(self, level: u16, date: i32) -> u16 {
        if level == 0 || date == UNDATED {
            return level;
        }
        let days = i64::from(self.today.days()) - i64::from(date);
        let steps = days.max(0) / i64::from(self.days_per_step.max(1));
        u16::try_from(i64::from(level) - steps).unwrap_or(0).max(1)
    }
}

impl Profiles {
    /// A builder of profiles on an axis.
    pub fn builder(axis: &Arc<SkillAxis>) -> ProfilesBuilder {
        ProfilesBuilder {
            axis: Arc::clone(axis),
            people: Ids::new(),
            rows: Vec::new(),
            assessors: Ids::new(),
            targets: Ids::new(),
            assessed: Vec::new(),
        }
    }

    /// The axis that the skills are on.
    pub fn axis(&self) -> &Arc<SkillAxis> {
        &self.axis
    }

    /// The people's ids, by position.
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

    /// How many pieces of evidence there are in all.
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

    pub(crate) fn range(&self, person: u32) -> std::ops::Range<usize> {
        let at = person as usize;
        // The entries are in memory, so their count fits in usize.
        #[expect(clippy::cast_possible_truncation)]
        let range = self.offsets[at] as usize..self.offsets[at + 1] as usize;
        range
    }

    fn held_skill(&self, at: usize) -> HeldSkill {
        HeldSkill {
            skill: self.axis.ids()[self.skills[at]].to_owned(),
            level: self.levels[at],
            evidence: self.evidence[at],
            date: (self.dates[at] != UNDATED)
                .then(|| Date::from_days(self.dates[at]).ok())
                .flatten(),
            assessor: self.assessors.get(self.assessor_of[at]).map(str::to_owned),
        }
    }

    /// What is known of one person.
    ///
    /// # Panics
    ///
    /// When the position is not below [`Profiles::len`].
    pub fn profile(&self, person: u32) -> Profile {
        Profile {
            person: self.people[person].to_owned(),
            held: self.range(person).map(|at| self.held_skill(at)).collect(),
            assessed_in_full: self.assessed_in_full(person).map(str::to_owned).collect(),
        }
    }

    /// The evidence that counts for a person's skill, if the profile speaks of it.
    ///
    /// # Panics
    ///
    /// When the position is not below [`Profiles::len`].
    pub fn evidence(&self, person: u32, skill: u32) -> Option<HeldSkill> {
        let range = self.range(person);
        let first = self.skills[range.clone()].partition_point(|&at| at < skill) + range.start;
        (first < range.end && self.skills[first] == skill).then(|| self.held_skill(first))
    }

    /// The targets that a person was assessed against in full.
    pub fn assessed_in_full(&self, person: u32) -> impl Iterator<Item = &str> + '_ {
        self.assessed.from(person).iter().map(|&target| &self.targets[target])
    }

    /// What people hold, as far as their profiles speak of it: the evidence that counts.
    /// O(evidence).
    pub fn spoken(&self) -> Held {
        self.merged(None)
    }

    /// What people hold, where silence on the skills of a target that they were assessed against
    /// in full is level 0.
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`] with another framework's profiles, [`Error::Unknown`] for a target
    /// that the framework does not have.
    pub fn held(&self, framework: &Framework) -> Result<Held> {
        self.held_with(framework, None)
    }

    /// The same, with levels that fade with the age of their evidence.
    ///
    /// # Errors
    ///
    /// As [`Profiles::held`].
    pub fn held_with(&self, framework: &Framework, decay: Option<Decay>) -> Result<Held> {
        framework.axis().check_same(&self.axis)?;
        if self.assessed.is_empty() {
            return Ok(self.merged(decay));
        }
        let required = framework.required();
        let targets: Vec<u32> =
            self.targets.iter().map(|id| required.position(id)).collect::<Result<_>>()?;
        let spoken = self.merged(decay);
        let mut entries: Vec<(u32, u32, u16)> = Vec::with_capacity(spoken.entries());
        for person in (0u32..).take(self.len()) {
            let row = spoken.row(person);
            let first = entries.len();
            entries.extend(row.iter().map(|(skill, level)| (person, skill, level)));
            let mut silent: Vec<u32> = Vec::new();
            for &target in self.assessed.from(person) {
                silent.extend(required.row(targets[target as usize]).skills);
            }
            silent.sort_unstable();
            silent.dedup();
            silent.retain(|skill| row.skills.binary_search(skill).is_err());
            entries.extend(silent.iter().map(|&skill| (person, skill, 0)));
            entries[first..].sort_unstable();
        }
        Ok(Held::from_sorted(Arc::clone(&self.axis), Arc::clone(&self.people), entries))
    }

    /// The profiles of some people, in the order given.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`] when a person is given twice.
    ///
    /// # Panics
    ///
    /// When a position is not below [`Profiles::len`].
    pub fn select(&self, people: &[u32]) -> Result<Self> {
        let mut builder = Self::builder(&self.axis);
        for &from in people {
            let id = &self.people[from];
            if builder.people.position(id).is_some() {
                return Err(Error::Duplicate { what: "person", id: id.to_owned() });
            }
            builder.take(id, self, from)?;
        }
        Ok(builder.build())
    }

    /// The first piece of evidence of each skill: rows are sorted so that it is the one that counts.
    fn merged(&self, decay: Option<Decay>) -> Held {
        let mut offsets = Vec::with_capacity(self.offsets.len());
        let mut skills = Vec::with_capacity(self.entries());
        let mut levels = Vec::with_capacity(self.entries());
        offsets.push(0);
        for person in (0u32..).take(self.len()) {
            let mut before = None;
            for at in self.range(person) {
                let (skill, level) = (self.skills[at], self.levels[at]);
                if before != Some(skill) {
                    skills.push(skill);
                    levels.push(decay.map_or(level, |decay| decay.apply(level, self.dates[at])));
                    before = Some(skill);
                }
            }
            offsets.push(skills.len() as u64);
        }
        let (axis, people) = (Arc::clone(&self.axis), Arc::clone(&self.people));
        Held { axis, people, offsets, skills, levels }
    }
}

/// One piece of evidence, by positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct EvidenceRow {
    pub person: u32,
    pub skill: u32,
    pub level: u16,
    pub evidence: EvidenceKind,
    pub date: i32,
    pub assessor: u32,
}

impl EvidenceRow {
    /// The order of evidence: by person and skill, and within a skill what counts first.
    pub(crate) fn counts_before(&self, other: &Self, assessors: &Ids) -> Ordering {
        (self.person, self.skill)
            .cmp(&(other.person, other.skill))
            .then(other.evidence.rank().cmp(&self.evidence.rank()))
            .then(other.date.cmp(&self.date))
            .then(self.level.cmp(&other.level))
            .then((self.evidence as u8).cmp(&(other.evidence as u8)))
            .then_with(|| assessors.get(self.assessor).cmp(&assessors.get(other.assessor)))
    }
}

/// Builds [`Profiles`], refusing what makes no sense as it comes.
#[derive(Clone, Debug)]
pub struct ProfilesBuilder {
    axis: Arc<SkillAxis>,
    people: Ids,
    rows: Vec<EvidenceRow>,
    assessors: Ids,
    targets: Ids,
    assessed: Vec<(u32, u32)>,
}

impl ProfilesBuilder {
    /// The axis that the skills are on.
    pub fn axis(&self) -> &Arc<SkillAxis> {
        &self.axis
    }

    /// The people as they stand.
    pub fn people(&self) -> &Ids {
        &self.people
    }

    /// Adds someone of whom nothing is known yet; adding one again changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] past 2³¹ − 1 people.
    pub fn person(&mut self, person: &str) -> Result<u32> {
        Ok(self.people.insert(person)?.0)
    }

    /// Adds a whole profile. Nothing is added on error.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`] when the person is there already, [`Error::Unknown`] skill,
    /// [`Error::Level`] beyond the skill's scale.
    pub fn add(&mut self, profile: &Profile) -> Result<()> {
        if self.people.position(&profile.person).is_some() {
            return Err(Error::Duplicate { what: "person", id: profile.person.clone() });
        }
        for held in &profile.held {
            let skill = self.axis.position(&held.skill)?;
            check_level(&self.axis, &profile.person, skill, held.level)?;
        }
        self.person(&profile.person)?;
        for held in &profile.held {
            self.evidence(&profile.person, held)?;
        }
        for target in &profile.assessed_in_full {
            self.assessed_in_full(&profile.person, target)?;
        }
        Ok(())
    }

    /// Adds a piece of evidence; the person is added when new. Nothing is added on error.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] skill, [`Error::Level`] beyond the skill's scale: each names the person
    /// and the skill.
    pub fn evidence(&mut self, person: &str, held: &HeldSkill) -> Result<()> {
        let skill = self.axis.position(&held.skill)?;
        check_level(&self.axis, person, skill, held.level)?;
        let assessor = match &held.assessor {
            Some(assessor) => self.assessors.insert(assessor)?.0,
            None => NOBODY,
        };
        let person = self.people.insert(person)?.0;
        self.rows.push(EvidenceRow {
            person,
            skill,
            level: held.level,
            evidence: held.evidence,
            date: held.date.map_or(UNDATED, Date::days),
            assessor,
        });
        Ok(())
    }

    /// Adds a piece of evidence by positions that the caller has checked, with its level.
    pub(crate) fn push(&mut self, row: EvidenceRow) {
        self.rows.push(row);
    }

    /// Adds what other profiles on the same axis tell of a person, under an id.
    pub(crate) fn take(&mut self, id: &str, of: &Profiles, from: u32) -> Result<()> {
        let person = self.person(id)?;
        for at in of.range(from) {
            let assessor = match of.assessors.get(of.assessor_of[at]) {
                Some(assessor) => self.assessor(assessor)?,
                None => NOBODY,
            };
            let (skill, level, date) = (of.skills[at], of.levels[at], of.dates[at]);
            let evidence = of.evidence[at];
            self.push(EvidenceRow { person, skill, level, evidence, date, assessor });
        }
        for target in of.assessed_in_full(from) {
            self.assessed_in_full(id, target)?;
        }
        Ok(())
    }

    /// Numbers the assessors and targets of profiles in the order of their ids, whoever comes first.
    #[cfg(feature = "hub")]
    pub(crate) fn number_in_order<'p>(
        &mut self,
        all: impl Iterator<Item = &'p Profiles> + Clone,
    ) -> Result<()> {
        let assessors: BTreeSet<&str> = all.clone().flat_map(|own| own.assessors.iter()).collect();
        let targets: BTreeSet<&str> = all.flat_map(|own| own.targets.iter()).collect();
        for assessor in assessors {
            self.assessors.insert(assessor)?;
        }
        for target in targets {
            self.targets.insert(target)?;
        }
        Ok(())
    }

    /// The evidence as it came.
    #[cfg(feature = "read")]
    pub(crate) fn rows(&self) -> &[EvidenceRow] {
        &self.rows
    }

    /// The position of an assessor, added when new.
    pub(crate) fn assessor(&mut self, assessor: &str) -> Result<u32> {
        Ok(self.assessors.insert(assessor)?.0)
    }

    /// Says that a person was assessed against a target in full. The target is looked up when the
    /// profiles meet a framework.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] past 2³¹ − 1 people or targets.
    pub fn assessed_in_full(&mut self, person: &str, target: &str) -> Result<()> {
        let person = self.people.insert(person)?.0;
        let target = self.targets.insert(target)?.0;
        self.assessed.push((person, target));
        Ok(())
    }

    /// The profiles. The same piece of evidence given twice counts once.
    /// O(evidence × log evidence of a person).
    pub fn build(self) -> Profiles {
        self.build_on(&Run::new()).unwrap_or_else(|_| unreachable!("nobody stops it"))
    }

    /// The same, which may be stopped.
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`].
    pub fn build_on(mut self, run: &Run) -> Result<Profiles> {
        let mut starts = vec![0; self.people.len() + 1];
        for row in &self.rows {
            starts[row.person as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut rows = self.rows;
        if !rows.is_sorted_by_key(|row| row.person) {
            rows = by_person(&rows, &starts, run)?;
        }
        let mut built = Profiles {
            offsets: Vec::with_capacity(starts.len()),
            skills: Vec::with_capacity(rows.len()),
            levels: Vec::with_capacity(rows.len()),
            evidence: Vec::with_capacity(rows.len()),
            dates: Vec::with_capacity(rows.len()),
            assessor_of: Vec::with_capacity(rows.len()),
            assessed: Edges::from_pairs(self.people.len(), &mut self.assessed),
            axis: self.axis,
            people: Arc::new(self.people),
            assessors: self.assessors,
            targets: self.targets,
        };
        built.offsets.push(0);
        for (person, span) in starts.windows(2).enumerate() {
            if person % ROWS_AT_ONCE == 0 {
                run.go_on()?;
            }
            let own = &mut rows[span[0]..span[1]];
            // Within a skill the evidence that counts comes first.
            own.sort_unstable_by(|a, b| a.counts_before(b, &built.assessors));
            let mut before = None;
            for &row in own.iter().filter(|&&row| before.replace(row) != Some(row)) {
                built.skills.push(row.skill);
                built.levels.push(row.level);
                built.evidence.push(row.evidence);
                built.dates.push(row.date);
                built.assessor_of.push(row.assessor);
            }
            built.offsets.push(built.skills.len() as u64);
        }
        Ok(built)
    }
}

/// Rows taken before asking again whether to go on.
const ROWS_AT_ONCE: usize = 4096;

/// Rows by person, whose rows begin at `starts`; otherwise in their order.
fn by_person(rows: &[EvidenceRow], starts: &[usize], run: &Run) -> Result<Vec<EvidenceRow>> {
    let (mut sorted, mut places) = (rows.to_vec(), starts.to_vec());
    for some in rows.chunks(ROWS_AT_ONCE) {
        run.go_on()?;
        for row in some {
            let place = &mut places[row.person as usize];
            sorted[*place] = *row;
            *place += 1;
        }
    }
    Ok(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::{Necessity, Requirement};
    use crate::skill::{LevelScale, SkillKind};

    fn axis() -> Arc<SkillAxis> {
        let scale = LevelScale::new("steps", 4).unwrap();
        Arc::new(SkillAxis::from_ids("demo", "1", scale, ["a", "b", "c"]).unwrap())
    }

    fn held(level: u16, evidence: EvidenceKind, date: &str) -> HeldSkill {
        let date = (!date.is_empty()).then(|| date.parse().unwrap());
        HeldSkill { skill: "a".to_owned(), level, evidence, date, assessor: None }
    }

    #[test]
    fn evidence_is_merged_by_rank_then_date_then_the_lower_level() {
        use EvidenceKind::{Assessed, Certification, Declared, Vae};
        let cases = [
            (vec![held(4, Declared, "2026-01-01"), held(2, Assessed, "2010-01-01")], 2),
            (vec![held(3, Certification, "2020-01-01"), held(1, Vae, "2021-01-01")], 1),
            (vec![held(3, Declared, ""), held(1, Declared, "2001-01-01")], 1),
            (vec![held(3, Declared, "2020-01-01"), held(2, Declared, "2020-01-01")], 2),
            (vec![held(3, Declared, ""), held(0, Declared, "")], 0),
        ];
        for (evidence, expected) in cases {
            for reversed in [false, true] {
                let mut builder = Profiles::builder(&axis());
                let mut evidence = evidence.clone();
                if reversed {
                    evidence.reverse();
                }
                for held in &evidence {
                    builder.evidence("p", held).unwrap();
                }
                let profiles = builder.build();
                assert_eq!(profiles.spoken().row(0).levels, [expected], "{evidence:?}");
                assert_eq!(profiles.profile(0).held.len(), 2, "what lost is kept");
                assert_eq!(profiles.evidence(0, 0).unwrap().level, expected);
                assert_eq!(profiles.evidence(0, 1), None);
            }
        }
    }

    #[test]
    fn a_person_twice_is_refused_and_adds_nothing() {
        let mut builder = Profiles::builder(&axis());
        let person = |id: &str| Profile { person: id.to_owned(), ..Profile::default() };
        builder.add(&person("p")).unwrap();
        assert!(matches!(builder.add(&person("p")), Err(Error::Duplicate { .. })));
        let mut wrong = person("q");
        wrong.held = vec![held(1, EvidenceKind::Declared, ""), held(9, EvidenceKind::Declared, "")];
        assert!(matches!(builder.add(&wrong), Err(Error::Level { .. })));
        assert_eq!(builder.build().len(), 1);
    }

    #[test]
    fn assessed_in_full_turns_silence_into_level_0_for_that_target_only() {
        let mut framework = Framework::builder("demo", "1", "en");
        for skill in ["a", "b", "c"] {
            framework.skill(skill, SkillKind::KnowHow).unwrap();
        }
        let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
        for (occupation, skills) in [("x", ["a", "b"]), ("y", ["b", "c"])] {
            framework.occupation(occupation).unwrap();
            for skill in skills {
                framework.require(occupation, skill, one).unwrap();
            }
        }
        let framework = framework.build().unwrap();
        let mut builder = Profiles::builder(framework.axis());
        builder.evidence("p", &held(1, EvidenceKind::Declared, "")).unwrap();
        builder.assessed_in_full("p", "x").unwrap();
        builder.person("q").unwrap();
        let profiles = builder.clone().build();
        let held = profiles.held(&framework).unwrap();
        assert_eq!((held.row(0).skills, held.row(0).levels), (&[0, 1][..], &[1, 0][..]));
        assert!(held.row(1).skills.is_empty());
        assert_eq!(profiles.spoken().row(0).skills, [0]);
        builder.assessed_in_full("q", "X1").unwrap();
        assert!(matches!(builder.build().held(&framework), Err(Error::Unknown { .. })));
    }

    #[test]
    fn levels_fade_only_when_asked_and_never_to_0() {
        let decay = Decay { today: "2026-01-01".parse().unwrap(), days_per_step: 365 };
        let day = |text: &str| text.parse::<Date>().unwrap().days();
        assert_eq!(decay.apply(4, day("2025-06-01")), 4);
        assert_eq!(decay.apply(4, day("2023-12-31")), 2);
        assert_eq!(decay.apply(4, day("1990-01-01")), 1);
        assert_eq!(decay.apply(0, day("1990-01-01")), 0);
        assert_eq!(decay.apply(4, day("2030-01-01")), 4, "a date to come does not raise");
        assert_eq!(decay.apply(4, UNDATED), 4);
    }
}
