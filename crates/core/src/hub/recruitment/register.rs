//! All needs that sensors reported: told once, merged in any order.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::hash::BuildHasher;
use std::mem;
use std::sync::Arc;

use hashbrown::{DefaultHashBuilder, HashTable};
use serde::Serialize;

use super::entry::{Entry, NONE, UNDATED, by_content, content_hash};
use super::layers::{Asked, Jobs, Layered, layered};
use super::need::{Need, Sensor};
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::hub::Territories;
use crate::matrix::{Required, RequiredRow};
use crate::skill::{Date, SkillAxis};
use crate::text::Ids;

/// What became of a need that was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recorded {
    /// Its key was not known.
    New,
    /// It was known, word for word: nothing changed.
    Repeated,
    /// It stands now; what stood before is kept behind it.
    Revised,
    /// A newer revision is known: it is kept behind that one.
    Superseded,
    /// Another content is known for the same revision: the larger content hash stands, and
    /// [`Register::conflicts`] reports both.
    Conflict {
        /// Whether it is this one that stands now.
        stands: bool,
    },
}

/// Two contents for the same sensor, record and revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// What stands among the two: its content hash is the larger.
    pub stands: Need,
    /// What does not.
    pub other: Need,
}

/// A sensor's record: what a need is known by, revisions aside.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    pub(crate) sensor: u32,
    pub(crate) record: u32,
    /// The entry that stands.
    pub(crate) current: u32,
    /// The entry that came last.
    last: u32,
}

/// All needs that sensors reported.
///
/// A register is a set of contents under (sensor, record, revision) keys. Recording adds to it and
/// [`Register::merge`] unites two, so that telling it the same thing twice changes nothing, and
/// layers pile up in any order with the same result. Of the contents under one record the highest
/// revision stands; of two contents under one revision that with the larger content hash (SHA-256,
/// then the content itself). The others are kept.
///
/// It takes some 250 bytes a need. Recording is O(1) and merging O(needs merged).
///
/// # Example
///
/// ```
/// use passerelle::hub::Territories;
/// use passerelle::hub::recruitment::{Need, Recorded, Register, Sensor};
/// # use passerelle::{Framework, Necessity, Requirement, SkillKind};
/// # let mut builder = Framework::builder("demo", "1", "en");
/// # builder.skill("weld", SkillKind::KnowHow)?;
/// # builder.occupation("welder")?;
/// # let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// # builder.require("welder", "weld", one)?;
/// # let framework = builder.build()?;
/// let mut places = Territories::builder();
/// places.add("lille", "commune", "Lille", &[])?;
/// let mut register = Register::new(&framework, &places.build()?.into());
/// register.declare(Sensor {
///     id: "branch".into(), kind: "branch".into(), territory: None, reliability: 80,
/// })?;
/// let need = Need {
///     sensor: "branch".into(),
///     record: "17".into(),
///     occupation: Some("welder".into()),
///     territory: "lille".into(),
///     positions: 2,
///     ..Need::default()
/// };
/// assert_eq!(register.record(&need)?, Recorded::New);
/// assert_eq!(register.record(&need)?, Recorded::Repeated, "tell us once");
/// assert_eq!(register.record(&Need { revision: 1, positions: 3, ..need })?, Recorded::Revised);
/// assert_eq!(register.needs().next().unwrap().positions, 3);
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Register {
    pub(crate) axis: Arc<SkillAxis>,
    pub(crate) required: Arc<Required>,
    pub(crate) territories: Arc<Territories>,
    pub(crate) jobs: Arc<Jobs>,
    pub(crate) sensor_ids: Ids,
    /// Everything that was ever declared of each sensor; the greatest stands.
    pub(crate) sensors: Vec<BTreeSet<Sensor>>,
    /// Records, employers, sectors, titles and unresolved words.
    pub(crate) names: Ids,
    pub(crate) entries: Vec<Entry>,
    pub(crate) keys: Vec<Key>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// The keys whose standing entry changed, in the order in which it did.
    pub(crate) changes: Vec<u32>,
    buffer: Vec<u8>,
    /// Which register this is, for views that follow one.
    pub(crate) lineage: Lineage,
}

/// An identity that a copy does not share.
#[derive(Debug, Default)]
pub(crate) struct Lineage(pub(crate) Arc<()>);

impl Clone for Lineage {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for Register {
    /// Whether both hold the same contents, in whatever order they came.
    fn eq(&self, other: &Self) -> bool {
        self.check_same(other).is_ok()
            && self.declared().eq(other.declared())
            && self.entries.len() == other.entries.len()
            && self
                .in_order()
                .into_iter()
                .zip(other.in_order())
                .all(|(one, another)| self.need(one) == other.need(another))
    }
}

impl Register {
    /// An empty register, on a framework and territories.
    pub fn new(framework: &Framework, territories: &Arc<Territories>) -> Self {
        Self {
            axis: Arc::clone(framework.axis()),
            required: Arc::clone(framework.required()),
            territories: Arc::clone(territories),
            jobs: Arc::default(),
            sensor_ids: Ids::new(),
            sensors: Vec::new(),
            names: Ids::new(),
            entries: Vec::new(),
            keys: Vec::new(),
            index: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            changes: Vec::new(),
            buffer: Vec::new(),
            lineage: Lineage::default(),
        }
    }

    /// The same, with jobs between occupations and posts.
    #[must_use]
    pub fn with_jobs(mut self, jobs: &Arc<Jobs>) -> Self {
        self.jobs = Arc::clone(jobs);
        self
    }

    /// Changes a copy, which takes this one's place where all went well: whole, or as it was.
    pub(super) fn change_whole<T>(
        &mut self,
        change: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let mut changed = self.clone();
        let done = change(&mut changed)?;
        // It has everything that this one has: views that follow this one follow it.
        changed.lineage = mem::take(&mut self.lineage);
        *self = changed;
        Ok(done)
    }

    /// Declares a sensor. Declaring it again changes nothing; declaring it otherwise keeps both, of
    /// which the greater (in the order of its fields) stands.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] territory, [`Error::Argument`] for a reliability above 100.
    pub fn declare(&mut self, sensor: Sensor) -> Result<()> {
        if let Some(territory) = &sensor.territory {
            self.territories.position(territory)?;
        }
        if sensor.reliability > 100 {
            return Err(Error::argument("reliability", sensor.reliability, "from 0 to 100"));
        }
        let (at, new) = self.sensor_ids.insert(&sensor.id)?;
        if new {
            self.sensors.push(BTreeSet::new());
        }
        self.sensors[at as usize].insert(sensor);
        Ok(())
    }

    /// The sensors, as they stand.
    pub fn sensors(&self) -> impl Iterator<Item = &Sensor> {
        self.sensors.iter().filter_map(BTreeSet::last)
    }

    /// Everything that was declared of sensors, in the order of their ids.
    pub(crate) fn declared(&self) -> impl Iterator<Item = &Sensor> {
        let mut all: Vec<_> = self.sensors.iter().flatten().collect();
        all.sort_unstable();
        all.into_iter()
    }

    /// The axis that skills are on.
    pub fn axis(&self) -> &Arc<SkillAxis> {
        &self.axis
    }

    /// What the occupations require.
    pub fn required(&self) -> &Arc<Required> {
        &self.required
    }

    /// The territories.
    pub fn territories(&self) -> &Arc<Territories> {
        &self.territories
    }

    /// How many records there are, withdrawn ones included.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// How many revisions are kept, standing or not.
    pub fn revisions(&self) -> usize {
        self.entries.len()
    }

    /// Records one revision of a need. Nothing is recorded on error.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] sensor, territory, occupation, job or skill, [`Error::NothingAsked`],
    /// [`Error::AfterValidity`], [`Error::Argument`] for no position or a confidence above 100,
    /// [`Error::Level`], [`Error::ZeroWeight`], [`Error::DuplicateSkill`]. A need that is taken
    /// back is asked for its key only.
    pub fn record(&mut self, need: &Need) -> Result<Recorded> {
        let entry = self.entry(need)?;
        let sensor = self.sensor(&need.sensor)?;
        let record = self.names.insert(&need.record)?.0;
        let keys = &self.keys;
        let hash = self.hasher.hash_one((sensor, record));
        let same = |&at: &u32| {
            let key = &keys[at as usize];
            (key.sensor, key.record) == (sensor, record)
        };
        let Some(&key) = self.index.find(hash, same) else {
            let (key, at) = (self.next("records", keys.len())?, self.keep(entry, NONE, NONE)?);
            self.entries[at as usize].key = key;
            self.keys.push(Key { sensor, record, current: at, last: at });
            let (keys, hasher) = (&self.keys, &self.hasher);
            self.index.insert_unique(hash, key, |&at| {
                let key = &keys[at as usize];
                hasher.hash_one((key.sensor, key.record))
            });
            self.changes.push(key);
            return Ok(Recorded::New);
        };
        let mut conflicts = false;
        let mut at = self.keys[key as usize].last;
        while at != NONE {
            let known = &self.entries[at as usize];
            if known.revision == entry.revision {
                if known.hash == entry.hash && by_content(&self.need(at), need) == Ordering::Equal {
                    return Ok(Recorded::Repeated);
                }
                conflicts = true;
            }
            at = known.before;
        }
        let Key { current, last, .. } = self.keys[key as usize];
        let standing = &self.entries[current as usize];
        let order = (entry.revision, entry.hash)
            .cmp(&(standing.revision, standing.hash))
            .then_with(|| by_content(need, &self.need(current)));
        let stands = order == Ordering::Greater;
        let at = self.keep(entry, key, last)?;
        self.keys[key as usize].last = at;
        if stands {
            self.keys[key as usize].current = at;
            self.changes.push(key);
        }
        Ok(match (conflicts, stands) {
            (true, stands) => Recorded::Conflict { stands },
            (false, true) => Recorded::Revised,
            (false, false) => Recorded::Superseded,
        })
    }

    fn next(&self, what: &'static str, count: usize) -> Result<u32> {
        u32::try_from(count).ok().filter(|&at| at < NONE).ok_or(Error::TooMany {
            what,
            count: count as u64 + 1,
            limit: u64::from(NONE),
        })
    }

    fn keep(&mut self, entry: Entry, key: u32, before: u32) -> Result<u32> {
        let at = self.next("revisions", self.entries.len())?;
        self.entries.push(Entry { key, before, ..entry });
        Ok(at)
    }

    fn sensor(&self, id: &str) -> Result<u32> {
        self.sensor_ids.position(id).ok_or_else(|| Error::unknown("sensor", id, &self.sensor_ids))
    }

    /// A need checked and brought to positions, its key not yet known.
    fn entry(&mut self, need: &Need) -> Result<Entry> {
        self.sensor(&need.sensor)?;
        let axis = Arc::clone(&self.axis);
        let skills = Asked::checked(&axis, &need.record, &need.skills)?;
        let find = |what, id: &Option<String>, ids: &Ids| match id {
            None => Ok(NONE),
            Some(id) => ids.position(id).ok_or_else(|| Error::unknown(what, id, ids)),
        };
        let occupation = find("occupation", &need.occupation, self.required.targets())?;
        let job = find("job", &need.job, self.jobs.ids())?;
        let territory = match (need.territory.as_str(), need.withdrawn) {
            ("", true) => NONE,
            (id, _) => self.territories.position(id)?,
        };
        if let Some(confidence) = need.confidence.filter(|&confidence| confidence > 100) {
            return Err(Error::argument("confidence", confidence, "from 0 to 100 percent"));
        }
        if !need.withdrawn {
            let asks = need.occupation.is_some()
                || need.job.is_some()
                || !(need.title.is_empty() && skills.is_empty() && need.unresolved.is_empty());
            let (sensor, record) = (need.sensor.clone(), need.record.clone());
            if !asks {
                return Err(Error::NothingAsked { sensor, record });
            }
            if need.positions == 0 {
                return Err(Error::argument("positions", 0, "at least 1"));
            }
            if let (Some(date), Some(until)) = (need.date, need.valid_until)
                && date > until
            {
                return Err(Error::AfterValidity { sensor, record, date, until });
            }
        }
        let hash = content_hash(need, &mut self.buffer);
        let mut name = |text: Option<&str>| match text.filter(|text| !text.is_empty()) {
            None => Ok(NONE),
            Some(text) => Ok(self.names.insert(text)?.0),
        };
        let mut unresolved: Vec<_> = need.unresolved.iter().map(String::as_str).collect();
        unresolved.sort_unstable();
        let unresolved = unresolved.into_iter().map(|word| name(Some(word)));
        let unresolved = unresolved.collect::<Result<_>>()?;
        let days = |date: Option<Date>| date.map_or(UNDATED, Date::days);
        Ok(Entry {
            key: NONE,
            before: NONE,
            revision: need.revision,
            hash,
            date: days(need.date),
            valid_until: days(need.valid_until),
            employer: name(need.employer.as_deref())?,
            sector: name(need.sector.as_deref())?,
            title: name(Some(&need.title))?,
            occupation,
            job,
            territory,
            positions: need.positions,
            causes: need.causes,
            size: need.size,
            horizon: need.horizon,
            opening: need.opening,
            visibility: need.visibility,
            withdrawn: need.withdrawn,
            confidence: need.confidence.unwrap_or(u8::MAX),
            skills,
            unresolved,
        })
    }

    /// The need of an entry.
    pub(crate) fn need(&self, at: u32) -> Need {
        let entry = &self.entries[at as usize];
        let key = &self.keys[entry.key as usize];
        let name = |at: u32| self.names.get(at).map(str::to_owned);
        let date = |days: i32| Date::from_days(days).ok();
        Need {
            sensor: self.sensor_ids[key.sensor].to_owned(),
            record: self.names[key.record].to_owned(),
            revision: entry.revision,
            withdrawn: entry.withdrawn,
            date: date(entry.date),
            employer: name(entry.employer),
            size: entry.size,
            sector: name(entry.sector),
            occupation: self.required.targets().get(entry.occupation).map(str::to_owned),
            job: self.jobs.ids().get(entry.job).map(str::to_owned),
            title: name(entry.title).unwrap_or_default(),
            territory: self.territories.ids().get(entry.territory).unwrap_or_default().to_owned(),
            positions: entry.positions,
            horizon: entry.horizon,
            opening: entry.opening,
            visibility: entry.visibility,
            causes: entry.causes,
            skills: entry.skills.iter().map(|asked| asked.named(&self.axis)).collect(),
            unresolved: entry.unresolved.iter().filter_map(|&word| name(word)).collect(),
            confidence: (entry.confidence <= 100).then_some(entry.confidence),
            valid_until: date(entry.valid_until),
        }
    }

    /// The entries in the order of sensor, record, revision, hash: the same however they came.
    pub(crate) fn in_order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0u32..).take(self.entries.len()).collect();
        order.sort_by(|&one, &other| {
            let of = |at: u32| {
                let entry = &self.entries[at as usize];
                let key = &self.keys[entry.key as usize];
                let sensor = &self.sensor_ids[key.sensor];
                (sensor, &self.names[key.record], entry.revision, entry.hash)
            };
            of(one).cmp(&of(other)).then_with(|| by_content(&self.need(one), &self.need(other)))
        });
        order
    }

    /// The needs that stand and are not withdrawn, by sensor and record.
    pub fn needs(&self) -> impl Iterator<Item = Need> + '_ {
        self.in_order().into_iter().filter(|&at| self.stands(at)).map(|at| self.need(at))
    }

    fn stands(&self, at: u32) -> bool {
        let entry = &self.entries[at as usize];
        !entry.withdrawn && self.keys[entry.key as usize].current == at
    }

    /// Every revision that no longer stands, by sensor, record and revision.
    pub fn superseded(&self) -> impl Iterator<Item = Need> + '_ {
        let behind = |&at: &u32| {
            let entry = &self.entries[at as usize];
            self.keys[entry.key as usize].current != at
        };
        self.in_order().into_iter().filter(behind).map(|at| self.need(at))
    }

    /// The contents that share a sensor, record and revision: each with the one that stands among
    /// them.
    pub fn conflicts(&self) -> Vec<Conflict> {
        let order = self.in_order();
        let same = |&one: &u32, &other: &u32| {
            let of = |at: u32| (self.entries[at as usize].key, self.entries[at as usize].revision);
            of(one) == of(other)
        };
        let mut conflicts = Vec::new();
        for group in order.chunk_by(same) {
            let Some((&last, others)) = group.split_last() else { continue };
            for &other in others {
                conflicts.push(Conflict { stands: self.need(last), other: self.need(other) });
            }
        }
        conflicts
    }

    /// Sensors that were declared in several ways: all declarations, the one that stands last.
    pub fn sensor_conflicts(&self) -> impl Iterator<Item = &BTreeSet<Sensor>> {
        self.sensors.iter().filter(|declared| declared.len() > 1)
    }

    /// Adds everything that another register holds. Associative, commutative and idempotent, up to
    /// [equality](Register::eq).
    ///
    /// # Errors
    ///
    /// [`Error::RegisterVersion`] for a register on another framework, version, jobs or
    /// territories: nothing is merged then.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        self.check_same(other)?;
        for sensor in other.declared() {
            self.declare(sensor.clone())?;
        }
        for at in (0u32..).take(other.entries.len()) {
            self.record(&other.need(at))?;
        }
        Ok(())
    }

    fn check_same(&self, other: &Self) -> Result<()> {
        let of = |register: &Self, beside: &str| {
            format!("{}, {} occupations{beside}", register.axis, register.required.len())
        };
        let beside = if self.axis.check_same(&other.axis).is_err()
            || self.required.targets() != other.required.targets()
        {
            ""
        } else if self.territories != other.territories {
            ", with other territories"
        } else if self.jobs != other.jobs {
            ", with other jobs"
        } else {
            return Ok(());
        };
        Err(Error::RegisterVersion { expected: of(self, ""), found: of(other, beside) })
    }

    /// Refuses a register made for another framework.
    ///
    /// # Errors
    ///
    /// [`Error::RegisterVersion`].
    pub fn check_framework(&self, framework: &Framework) -> Result<()> {
        if self.axis.check_same(framework.axis()).is_ok()
            && self.required.targets() == framework.occupation_ids()
        {
            return Ok(());
        }
        let (expected, found) = (framework.axis().to_string(), self.axis.to_string());
        Err(Error::RegisterVersion { expected, found })
    }

    /// The key of a sensor's record.
    pub(crate) fn key(&self, sensor: &str, record: &str) -> Option<u32> {
        let wanted = (self.sensor_ids.position(sensor)?, self.names.position(record)?);
        let same = |&at: &u32| {
            let key = &self.keys[at as usize];
            (key.sensor, key.record) == wanted
        };
        self.index.find(self.hasher.hash_one(wanted), same).copied()
    }

    /// The occupation of an entry: its own, or that of its job, or [`NONE`].
    pub(crate) fn occupation_of(&self, entry: &Entry) -> u32 {
        match (entry.occupation, entry.job) {
            (NONE, NONE) => NONE,
            (NONE, job) => self.jobs.occupation(job),
            (occupation, _) => occupation,
        }
    }

    /// What an occupation requires.
    pub(crate) fn occupation_row(&self, occupation: u32) -> Option<RequiredRow<'_>> {
        (occupation != NONE).then(|| self.required.row(occupation))
    }

    /// The requirements of an occupation, a job and a post, layer over layer.
    pub(crate) fn layers(&self, occupation: u32, job: u32, post: &[Asked]) -> Vec<Layered> {
        let job = if job == NONE { &[] } else { self.jobs.asked(job) };
        layered(self.occupation_row(occupation), job, post)
    }

    /// What a need requires, with the layer that each requirement comes from: its occupation's
    /// requirements, overridden by its job's, overridden by its own. Empty where nothing resolved.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] occupation, job or skill.
    pub fn requirements(&self, need: &Need) -> Result<Vec<Layered>> {
        let find = |what, id: &Option<String>, ids: &Ids| match id {
            None => Ok(NONE),
            Some(id) => ids.position(id).ok_or_else(|| Error::unknown(what, id, ids)),
        };
        let mut occupation = find("occupation", &need.occupation, self.required.targets())?;
        let job = find("job", &need.job, self.jobs.ids())?;
        if occupation == NONE && job != NONE {
            occupation = self.jobs.occupation(job);
        }
        let post = Asked::checked(&self.axis, &need.record, &need.skills)?;
        Ok(self.layers(occupation, job, &post))
    }
}
