//! A register of needs as sections, and back on its framework and territories.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::codec;
use super::framework::{check_length, rows};
use super::profiles::AxisMark;
use super::section::{HEADER, Opened, Sections, damaged};
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::hub::Territories;
use crate::hub::recruitment::{
    AskedSkill, Cause, Horizon, Jobs, Need, Opening, Register, Sensor, SizeClass, Visibility,
};
use crate::matrix::Necessity;
use crate::skill::Date;
use crate::text::{Ids, Texts};

/// No text, no position.
const NONE: u32 = u32::MAX;
/// No date.
const UNDATED: i32 = i32::MIN;
/// No confidence.
const UNSAID: u8 = u8::MAX;

/// The typed header: everything that is not an array.
#[derive(Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) axis: AxisMark,
    /// As id, kind, territory, reliability: everything that was declared.
    sensors: Vec<(String, String, Option<String>, u8)>,
    revisions: u32,
}

impl Header {
    /// What there is and how much of it, for a summary.
    pub(super) fn counts(&self) -> Vec<(&'static str, u64)> {
        vec![("sensors", self.sensors.len() as u64), ("revisions of needs", self.revisions.into())]
    }
}

/// Every column of a register's needs, by sensor, record, revision and content.
#[derive(Default)]
pub(super) struct Columns {
    /// Every text that a need holds, each once, by first use.
    texts: Ids,
    sensors: Vec<u32>,
    records: Vec<u32>,
    revisions: Vec<u32>,
    dates: Vec<i32>,
    valid_until: Vec<i32>,
    employers: Vec<u32>,
    sectors: Vec<u32>,
    occupations: Vec<u32>,
    jobs: Vec<u32>,
    titles: Vec<u32>,
    territories: Vec<u32>,
    positions: Vec<u32>,
    causes: Vec<u16>,
    /// Size, horizon, opening, visibility, withdrawn, confidence: a byte each.
    small: [Vec<u8>; 6],
    skill_ends: Vec<u64>,
    skills: Vec<u32>,
    levels: Vec<u16>,
    weights: Vec<u16>,
    necessities: Vec<u8>,
    unresolved_ends: Vec<u64>,
    unresolved: Vec<u32>,
}

const SMALL: [&str; 6] = [
    "needs.sizes",
    "needs.horizons",
    "needs.openings",
    "needs.visibilities",
    "needs.withdrawn",
    "needs.confidences",
];

impl Columns {
    /// The columns of a register. O(needs × log needs).
    pub(super) fn of(register: &Register) -> Result<Self> {
        let mut columns = Self { skill_ends: vec![0], unresolved_ends: vec![0], ..Self::default() };
        for at in register.in_order() {
            columns.push(register, &register.need(at))?;
        }
        Ok(columns)
    }

    fn push(&mut self, register: &Register, need: &Need) -> Result<()> {
        let texts = &mut self.texts;
        let mut text = |text: Option<&str>| match text {
            None => Ok(NONE),
            Some(text) => Ok::<_, Error>(texts.insert(text)?.0),
        };
        self.sensors.push(text(Some(&need.sensor))?);
        self.records.push(text(Some(&need.record))?);
        self.employers.push(text(need.employer.as_deref())?);
        self.sectors.push(text(need.sector.as_deref())?);
        self.occupations.push(text(need.occupation.as_deref())?);
        self.jobs.push(text(need.job.as_deref())?);
        self.titles.push(text(Some(&need.title))?);
        self.territories.push(text(Some(&need.territory))?);
        for word in &need.unresolved {
            self.unresolved.push(text(Some(word))?);
        }
        self.unresolved_ends.push(self.unresolved.len() as u64);
        let days = |date: Option<Date>| date.map_or(UNDATED, Date::days);
        self.revisions.push(need.revision);
        self.dates.push(days(need.date));
        self.valid_until.push(days(need.valid_until));
        self.positions.push(need.positions);
        self.causes.push(need.causes.iter().fold(0, |set, cause| set | 1 << cause as u16));
        let small = [
            need.size as u8,
            need.horizon as u8,
            need.opening as u8,
            need.visibility as u8,
            u8::from(need.withdrawn),
            need.confidence.unwrap_or(UNSAID),
        ];
        for (column, value) in self.small.iter_mut().zip(small) {
            column.push(value);
        }
        for asked in &need.skills {
            self.skills.push(register.axis().position(&asked.skill)?);
            self.levels.push(asked.level);
            self.weights.push(asked.weight);
            self.necessities.push(asked.necessity as u8);
        }
        self.skill_ends.push(self.skills.len() as u64);
        Ok(())
    }

    /// The sections of a register.
    pub(super) fn sections(&self, register: &Register) -> Result<Sections<'_>> {
        let sensors = register.declared().map(|sensor| {
            let Sensor { id, kind, territory, reliability } = sensor.clone();
            (id, kind, territory, reliability)
        });
        let header = Header {
            axis: AxisMark::of(register.axis()),
            sensors: sensors.collect(),
            revisions: u32::try_from(self.sensors.len()).unwrap_or(u32::MAX),
        };
        let mut out = Sections::default();
        out.bytes(HEADER, codec::encode(&header)?);
        out.texts("texts", self.texts.texts());
        for (name, column) in [
            ("needs.sensors", &self.sensors),
            ("needs.records", &self.records),
            ("needs.revisions", &self.revisions),
            ("needs.employers", &self.employers),
            ("needs.sectors", &self.sectors),
            ("needs.occupations", &self.occupations),
            ("needs.jobs", &self.jobs),
            ("needs.titles", &self.titles),
            ("needs.territories", &self.territories),
            ("needs.positions", &self.positions),
        ] {
            out.u32s(name, column);
        }
        out.i32s("needs.dates", &self.dates);
        out.i32s("needs.valid_until", &self.valid_until);
        out.u16s("needs.causes", &self.causes);
        for (name, column) in SMALL.into_iter().zip(&self.small) {
            out.bytes(name, column.as_slice());
        }
        out.u64s("needs.skills.offsets", &self.skill_ends);
        out.u32s("needs.skills", &self.skills);
        out.u16s("needs.levels", &self.levels);
        out.u16s("needs.weights", &self.weights);
        out.bytes("needs.necessities", self.necessities.as_slice());
        out.u64s("needs.unresolved.offsets", &self.unresolved_ends);
        out.u32s("needs.unresolved", &self.unresolved);
        Ok(out)
    }
}

/// The header of a snapshot of needs, and what [`on`] reads them from.
pub(super) fn read(mut from: Opened<'_>) -> Result<(Header, Read)> {
    let header: Header = codec::decode(from.bytes(HEADER)?)?;
    let texts = from.texts("texts")?;
    let mut columns = Columns {
        sensors: from.u32s("needs.sensors")?,
        records: from.u32s("needs.records")?,
        revisions: from.u32s("needs.revisions")?,
        employers: from.u32s("needs.employers")?,
        sectors: from.u32s("needs.sectors")?,
        occupations: from.u32s("needs.occupations")?,
        jobs: from.u32s("needs.jobs")?,
        titles: from.u32s("needs.titles")?,
        territories: from.u32s("needs.territories")?,
        positions: from.u32s("needs.positions")?,
        dates: from.i32s("needs.dates")?,
        valid_until: from.i32s("needs.valid_until")?,
        causes: from.u16s("needs.causes")?,
        ..Columns::default()
    };
    for (name, column) in SMALL.into_iter().zip(&mut columns.small) {
        *column = from.bytes(name)?.to_vec();
    }
    columns.skill_ends = from.u64s("needs.skills.offsets")?;
    columns.skills = from.u32s("needs.skills")?;
    columns.levels = from.u16s("needs.levels")?;
    columns.weights = from.u16s("needs.weights")?;
    columns.necessities = from.bytes("needs.necessities")?.to_vec();
    columns.unresolved_ends = from.u64s("needs.unresolved.offsets")?;
    columns.unresolved = from.u32s("needs.unresolved")?;
    from.finish()?;
    let count = header.revisions as usize;
    for (name, column) in [
        ("needs.sensors", &columns.sensors),
        ("needs.records", &columns.records),
        ("needs.revisions", &columns.revisions),
        ("needs.employers", &columns.employers),
        ("needs.sectors", &columns.sectors),
        ("needs.occupations", &columns.occupations),
        ("needs.jobs", &columns.jobs),
        ("needs.titles", &columns.titles),
        ("needs.territories", &columns.territories),
        ("needs.positions", &columns.positions),
    ] {
        check_length(name, column.len(), count)?;
    }
    check_length("needs.dates", columns.dates.len(), count)?;
    check_length("needs.valid_until", columns.valid_until.len(), count)?;
    check_length("needs.causes", columns.causes.len(), count)?;
    for (name, column) in SMALL.into_iter().zip(&columns.small) {
        check_length(name, column.len(), count)?;
    }
    super::framework::check_offsets(
        "needs.skills.offsets",
        &columns.skill_ends,
        count,
        columns.skills.len(),
    )?;
    check_length("needs.levels", columns.levels.len(), columns.skills.len())?;
    check_length("needs.weights", columns.weights.len(), columns.skills.len())?;
    check_length("needs.necessities", columns.necessities.len(), columns.skills.len())?;
    let (ends, words) = (&columns.unresolved_ends, columns.unresolved.len());
    super::framework::check_offsets("needs.unresolved.offsets", ends, count, words)?;
    Ok((header, Read { texts, columns }))
}

/// The arrays of a snapshot of needs.
pub(super) struct Read {
    texts: Texts,
    columns: Columns,
}

/// The register, on the framework that it was made on. Each need is recorded anew, so that what a
/// register refuses is refused here.
pub(super) fn on(
    (header, Read { texts, columns }): (Header, Read),
    framework: &Framework,
    territories: &Arc<Territories>,
    jobs: &Arc<Jobs>,
) -> Result<Register> {
    header.axis.check_same(framework.axis()).map_err(|error| match error {
        Error::AxisMismatch { expected, found } => Error::RegisterVersion { expected, found },
        other => other,
    })?;
    let mut register = Register::new(framework, territories).with_jobs(jobs);
    for (id, kind, territory, reliability) in header.sensors {
        register.declare(Sensor { id, kind, territory, reliability })?;
    }
    let text = |at: u32| match texts.get(at as usize) {
        Some(text) => Ok(Some(text.to_owned())),
        None if at == NONE => Ok(None),
        None => Err(damaged("texts", format!("there is no text {at}"))),
    };
    let some = |at: u32| Ok::<_, Error>(text(at)?.unwrap_or_default());
    let date = |days: i32| match days {
        UNDATED => Ok(None),
        days => Date::from_days(days).map(Some).map_err(|error| damaged("needs.dates", error)),
    };
    let skill_rows = rows(&columns.skill_ends);
    for (at, (asked, words)) in skill_rows.zip(rows(&columns.unresolved_ends)).enumerate() {
        let mut need = Need {
            sensor: some(columns.sensors[at])?,
            record: some(columns.records[at])?,
            revision: columns.revisions[at],
            withdrawn: columns.small[4][at] == 1,
            date: date(columns.dates[at])?,
            employer: text(columns.employers[at])?,
            size: variant(SMALL[0], SizeClass::ALL, columns.small[0][at])?,
            sector: text(columns.sectors[at])?,
            occupation: text(columns.occupations[at])?,
            job: text(columns.jobs[at])?,
            title: some(columns.titles[at])?,
            territory: some(columns.territories[at])?,
            positions: columns.positions[at],
            horizon: variant(SMALL[1], Horizon::ALL, columns.small[1][at])?,
            opening: variant(SMALL[2], Opening::ALL, columns.small[2][at])?,
            visibility: variant(SMALL[3], Visibility::ALL, columns.small[3][at])?,
            causes: Cause::ALL
                .iter()
                .copied()
                .filter(|&cause| columns.causes[at] & 1 << cause as u16 != 0)
                .collect(),
            confidence: Some(columns.small[5][at]).filter(|&percent| percent != UNSAID),
            valid_until: date(columns.valid_until[at])?,
            ..Need::default()
        };
        for at in asked {
            let skill = framework.axis().ids().get(columns.skills[at]);
            let skill = skill.ok_or_else(|| damaged("needs.skills", "there is no such skill"))?;
            need.skills.push(AskedSkill {
                skill: skill.to_owned(),
                level: columns.levels[at],
                weight: columns.weights[at],
                necessity: variant("needs.necessities", Necessity::ALL, columns.necessities[at])?,
            });
        }
        for at in words {
            need.unresolved.push(some(columns.unresolved[at])?);
        }
        register.record(&need)?;
    }
    Ok(register)
}

fn variant<T: Copy>(section: &'static str, all: &[T], number: u8) -> Result<T> {
    let found = all.get(usize::from(number)).copied();
    found.ok_or_else(|| damaged(section, format!("{number} is none of its values")))
}
