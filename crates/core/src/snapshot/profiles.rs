//! Profiles as sections, and back on the axis that they were made on.

use std::cmp::Ordering;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::codec;
use super::framework::{
    check_below, check_length, check_offsets, check_unique, checksum, edges, ids, put_edges, rows,
    tops,
};
use super::section::{HEADER, Opened, Sections, damaged};
use crate::error::{Error, Result};
use crate::framework::Edges;
use crate::profile::{EvidenceKind, EvidenceRow, NOBODY, Profiles, UNDATED};
use crate::skill::{Date, SkillAxis};
use crate::text::Ids;

/// The typed header: everything that is not an array.
#[derive(Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) axis: AxisMark,
    people: u32,
    assessors: u32,
    targets: u32,
    entries: u64,
}

/// What an axis is known by where it is not at hand.
#[derive(PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AxisMark {
    pub(super) framework: String,
    pub(super) version: String,
    skills: u32,
    /// CRC-32 of the ids' bytes, then of where each one ends.
    ids: u32,
    /// CRC-32 of each skill's scale: its top, then its steps to the unit.
    scales: u32,
}

impl AxisMark {
    pub(super) fn of(axis: &SkillAxis) -> Self {
        let mut scales = crc32fast::Hasher::new();
        for &scale in &axis.scale_of {
            let scale = &axis.scales[usize::from(scale)];
            let [a, b] = scale.top().to_le_bytes();
            let [c, d] = scale.steps_per_unit().to_le_bytes();
            scales.update(&[a, b, c, d]);
        }
        Self {
            framework: axis.framework.clone(),
            version: axis.version.clone(),
            skills: u32::try_from(axis.len()).unwrap_or(u32::MAX),
            ids: checksum(axis.ids.texts()),
            scales: scales.finalize(),
        }
    }

    pub(super) fn check_same(&self, axis: &SkillAxis) -> Result<()> {
        let expected = Self::of(axis);
        if *self == expected {
            return Ok(());
        }
        let mut found = format!("{} {} ({} skills", self.framework, self.version, self.skills);
        if (&self.framework, &self.version) == (&expected.framework, &expected.version) {
            if self.ids != expected.ids {
                found.push_str(", with other ids");
            } else {
                found.push_str(", on other scales");
            }
        }
        found.push(')');
        Err(Error::AxisMismatch { expected: axis.to_string(), found })
    }
}

impl Header {
    /// What there is and how much of it, for a summary.
    pub(super) fn counts(&self) -> Vec<(&'static str, u64)> {
        vec![
            ("people", self.people.into()),
            ("pieces of evidence", self.entries),
            ("skills of the framework", self.axis.skills.into()),
        ]
    }
}

/// The sections of profiles.
pub(super) fn sections(profiles: &Profiles) -> Result<Sections<'_>> {
    let count = |ids: &Ids| u32::try_from(ids.len()).unwrap_or(u32::MAX);
    let header = Header {
        axis: AxisMark::of(&profiles.axis),
        people: count(&profiles.people),
        assessors: count(&profiles.assessors),
        targets: count(&profiles.targets),
        entries: profiles.entries() as u64,
    };
    let mut out = Sections::default();
    out.bytes(HEADER, codec::encode(&header)?);
    out.texts("people.ids", profiles.people.texts());
    out.texts("assessors.ids", profiles.assessors.texts());
    out.texts("targets.ids", profiles.targets.texts());
    out.u64s("evidence.offsets", &profiles.offsets);
    out.u32s("evidence.skills", &profiles.skills);
    out.u16s("evidence.levels", &profiles.levels);
    out.bytes("evidence.kinds", profiles.evidence.iter().map(|&e| e as u8).collect::<Vec<_>>());
    out.i32s("evidence.dates", &profiles.dates);
    out.u32s("evidence.assessors", &profiles.assessor_of);
    put_edges(&mut out, "assessed", &profiles.assessed);
    Ok(out)
}

/// Profiles without their axis: what can be checked by itself is.
pub(super) struct Columns {
    pub(super) header: Header,
    people: Ids,
    assessors: Ids,
    targets: Ids,
    offsets: Vec<u64>,
    skills: Vec<u32>,
    levels: Vec<u16>,
    evidence: Vec<EvidenceKind>,
    dates: Vec<i32>,
    assessor_of: Vec<u32>,
    assessed: Edges,
}

pub(super) fn read(mut from: Opened<'_>) -> Result<Columns> {
    let header: Header = codec::decode(from.bytes(HEADER)?)?;
    let people = ids(&mut from, "people.ids", header.people)?;
    let assessors = ids(&mut from, "assessors.ids", header.assessors)?;
    let targets = ids(&mut from, "targets.ids", header.targets)?;
    let offsets = from.u64s("evidence.offsets")?;
    let skills = from.u32s("evidence.skills")?;
    let levels = from.u16s("evidence.levels")?;
    let evidence = from.variants("evidence.kinds", EvidenceKind::ALL)?;
    let dates = from.i32s("evidence.dates")?;
    let assessor_of = from.u32s("evidence.assessors")?;
    let assessed = edges(&mut from, "assessed", people.len(), targets.len())?;
    from.finish()?;
    if header.entries != skills.len() as u64 {
        return Err(damaged("evidence.skills", "its length is not the one in the header"));
    }
    check_offsets("evidence.offsets", &offsets, people.len(), skills.len())?;
    check_length("evidence.levels", levels.len(), skills.len())?;
    check_length("evidence.kinds", evidence.len(), skills.len())?;
    check_length("evidence.dates", dates.len(), skills.len())?;
    check_length("evidence.assessors", assessor_of.len(), skills.len())?;
    check_below("evidence.skills", skills.iter().copied(), header.axis.skills as usize)?;
    let named = assessor_of.iter().copied().filter(|&assessor| assessor != NOBODY);
    check_below("evidence.assessors", named, assessors.len())?;
    let dated = || dates.iter().copied().filter(|&date| date != UNDATED);
    for date in dated().min().into_iter().chain(dated().max()) {
        Date::from_days(date).map_err(|error| damaged("evidence.dates", error))?;
    }
    if !rows(&offsets).all(|row| skills[row].is_sorted()) {
        return Err(damaged("evidence.skills", "the skills of a person do not ascend"));
    }
    Ok(Columns {
        header,
        people,
        assessors,
        targets,
        offsets,
        skills,
        levels,
        evidence,
        dates,
        assessor_of,
        assessed,
    })
}

impl Columns {
    /// The profiles, on the axis that they were made on and no other.
    pub(super) fn on(self, axis: &Arc<SkillAxis>) -> Result<Profiles> {
        self.header.axis.check_same(axis)?;
        let tops = tops(axis);
        let beyond = self
            .skills
            .iter()
            .zip(&self.levels)
            .find(|&(&skill, &level)| level > tops[usize::from(axis.scale_of[skill as usize])]);
        if let Some((&skill, &level)) = beyond {
            let problem = format!("level {level} is beyond the scale of `{}`", &axis.ids[skill]);
            return Err(damaged("evidence.levels", problem));
        }
        Ok(Profiles {
            axis: Arc::clone(axis),
            people: Arc::new(self.people),
            offsets: self.offsets,
            skills: self.skills,
            levels: self.levels,
            evidence: self.evidence,
            dates: self.dates,
            assessor_of: self.assessor_of,
            assessors: self.assessors,
            targets: self.targets,
            assessed: self.assessed,
        })
    }

    /// What opening leaves out because nothing is indexed by it: ids are unique, and the evidence
    /// of each skill stands in the order in which it counts.
    pub(super) fn check(&self) -> Result<()> {
        check_unique("people.ids.bytes", self.people.iter())?;
        check_unique("assessors.ids.bytes", self.assessors.iter())?;
        check_unique("targets.ids.bytes", self.targets.iter())?;
        let entry = |at: usize| EvidenceRow {
            person: 0,
            skill: self.skills[at],
            level: self.levels[at],
            evidence: self.evidence[at],
            date: self.dates[at],
            assessor: self.assessor_of[at],
        };
        for row in rows(&self.offsets) {
            for at in row.start + 1..row.end {
                let (before, after) = (entry(at - 1), entry(at));
                if before.counts_before(&after, &self.assessors) != Ordering::Less {
                    let problem = "evidence of one skill is not in the order in which it counts";
                    return Err(damaged("evidence.skills", problem));
                }
            }
        }
        Ok(())
    }
}
