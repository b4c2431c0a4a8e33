//! The consolidated picture of needs: it follows a register, and touches what changed.

use std::sync::{Arc, Weak};

use rayon::prelude::*;

use super::entry::{Entry, NONE, UNDATED};
use super::register::Register;
use super::same::{Finder, Sameness};
use super::tally::{Share, Tallies};
use super::vacancy::{Vacancy, group, same_vacancies, vacancies};
use crate::error::{Error, Result};
use crate::run::{Count, Run};
use crate::skill::Date;

/// How a picture is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct PictureOptions {
    sameness: Sameness,
    as_of: Option<Date>,
}

impl PictureOptions {
    /// When two reports are of the same vacancy.
    #[must_use]
    pub fn sameness(mut self, sameness: Sameness) -> Self {
        self.sameness = sameness;
        self
    }

    /// The day on which the picture is taken: needs whose validity ended before are left out.
    /// Without it none is.
    #[must_use]
    pub fn as_of(mut self, day: Date) -> Self {
        self.as_of = Some(day);
        self
    }
}

/// A report that is counted alone.
const ALONE: u32 = u32::MAX;
/// A report that is not counted.
const OUT: u32 = u32::MAX - 1;

/// How many groups are brought to what they add before it is added.
const AT_ONCE: usize = 1 << 14;

/// The consolidated picture of needs.
///
/// It follows one register: [`Picture::update`] takes in what was recorded since, and touches only
/// the vacancies and cells that this concerns. Reports of the same vacancy are counted once; see
/// [`Sameness`]. Whatever the order in which needs were recorded and the picture was updated, and on
/// however many threads, what it shows is the same to the byte.
///
/// # Example
///
/// ```
/// use passerelle::hub::Territories;
/// use passerelle::hub::recruitment::{Need, Picture, PictureOptions, Register, Sensor, TerritoryGroups};
/// # use passerelle::{Framework, Necessity, Requirement, SkillKind};
/// # let mut builder = Framework::builder("demo", "1", "en");
/// # builder.skill("weld", SkillKind::KnowHow)?;
/// # builder.occupation("welder")?;
/// # let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// # builder.require("welder", "weld", one)?;
/// # let framework = builder.build()?;
/// # let mut places = Territories::builder();
/// # places.add("lille", "commune", "Lille", &[])?;
/// # let mut register = Register::new(&framework, &places.build()?.into());
/// for sensor in ["branch", "agency"] {
///     let (id, kind) = (sensor.to_owned(), sensor.to_owned());
///     register.declare(Sensor { id, kind, territory: None, reliability: 50 })?;
///     register.record(&Need {
///         sensor: sensor.into(),
///         record: "1".into(),
///         date: Some("2026-03-01".parse()?),
///         employer: Some("Dupont SARL".into()),
///         occupation: Some("welder".into()),
///         title: "Soudeur (H/F)".into(),
///         territory: "lille".into(),
///         positions: 2,
///         ..Need::default()
///     })?;
/// }
/// let mut picture = Picture::new(PictureOptions::default());
/// picture.update(&register)?;
/// let all = picture.consolidated(&register, &Default::default(), &TerritoryGroups::everywhere());
/// assert_eq!((all[0].reports, all[0].vacancies), (2, 1), "told twice, counted once");
/// assert_eq!((all[0].positions.estimate, all[0].positions.all), (2, 4));
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Picture {
    options: PictureOptions,
    finder: Finder,
    /// The entry that is counted for each key, or [`NONE`].
    counted: Vec<u32>,
    /// How reliable each sensor was when its reports were counted.
    reliability: Vec<u8>,
    /// Where each key is counted: in a group, [`ALONE`] or [`OUT`].
    group_of: Vec<u32>,
    /// Reports that are the same or possibly the same, in the vacancies that they make.
    groups: Vec<Vec<Vec<u32>>>,
    free: Vec<u32>,
    pub(crate) tallies: Tallies,
    seen: usize,
    of: Weak<()>,
}

impl Picture {
    /// A picture of nothing yet.
    pub fn new(options: PictureOptions) -> Self {
        Self {
            options,
            finder: Finder::new(options.sameness),
            counted: Vec::new(),
            reliability: Vec::new(),
            group_of: Vec::new(),
            groups: Vec::new(),
            free: Vec::new(),
            tallies: Tallies::default(),
            seen: 0,
            of: Weak::new(),
        }
    }

    /// Takes in what the register recorded since the last call, on all cores. O(changes ×
    /// candidates for each).
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for another register than the one that it follows, or a copy of it;
    /// [`Error::TooMany`] past 4 GiB of employers' names.
    pub fn update(&mut self, register: &Register) -> Result<()> {
        self.update_on(register, &Run::new())
    }

    /// The same on the threads of a run, seen and stopped by it. A picture that was stopped shows
    /// nothing, and its next update draws it anew.
    ///
    /// # Errors
    ///
    /// Those of [`Picture::update`]; [`Error::Cancelled`].
    pub fn update_on(&mut self, register: &Register, run: &Run) -> Result<()> {
        let lineage = Arc::downgrade(&register.lineage.0);
        if self.counted.is_empty() {
            self.of = lineage;
        } else if !self.of.ptr_eq(&lineage) {
            let expected = "the register that the picture follows, or a new picture";
            return Err(Error::argument("register", "another one", expected));
        }
        let followed = run.install(|| self.follow(register, run));
        if followed.is_err() {
            // Half an update is none.
            *self = Self::new(self.options);
        }
        followed
    }

    fn follow(&mut self, register: &Register, run: &Run) -> Result<()> {
        let reliability: Vec<u8> = register.sensors().map(|sensor| sensor.reliability).collect();
        let changed = self.changed(register, &reliability);
        // Each is compared, and counted.
        let count = run.count("steps", 2 * changed.len() as u64);
        self.counted.resize(register.keys.len(), NONE);
        self.group_of.resize(register.keys.len(), OUT);
        // What is connected with a change is taken out, and put back as it is connected then.
        let mut touched = self.take_out(register, changed.iter().copied());
        self.reliability = reliability;
        for &key in &changed {
            let at = self.counted[key as usize];
            if at != NONE {
                self.finder.remove(key, &register.entries[at as usize]);
            }
            let at = register.keys[key as usize].current;
            let counts = self.counts(&register.entries[at as usize]);
            self.counted[key as usize] = if counts { at } else { NONE };
        }
        let mut come = changed;
        come.retain(|&key| self.counted[key as usize] != NONE);
        self.finder.add(register, &come, &count)?;
        // A change may join what stood apart.
        let linked = come.iter().flat_map(|&key| self.finder.links(key)).map(|link| link.to);
        let linked: Vec<u32> = linked.collect();
        touched.extend(come);
        touched.extend(self.take_out(register, linked.into_iter()));
        self.put_back(register, &touched, &count)?;
        self.seen = register.changes.len();
        Ok(())
    }

    /// The keys whose reports are to be counted anew, ascending: those that changed, and those of
    /// sensors that are trusted otherwise than before.
    fn changed(&self, register: &Register, reliability: &[u8]) -> Vec<u32> {
        let mut changed: Vec<u32> = register.changes[self.seen..].to_vec();
        let otherwise: Vec<bool> =
            self.reliability.iter().zip(reliability).map(|(old, new)| old != new).collect();
        if otherwise.contains(&true) {
            let of_those = (0u32..).zip(&register.keys).filter(|(_, key)| {
                otherwise.get(key.sensor as usize).is_some_and(|&otherwise| otherwise)
            });
            changed.extend(of_those.map(|(key, _)| key));
        }
        changed.sort_unstable();
        changed.dedup();
        changed
    }

    /// Whether a need is counted at all.
    fn counts(&self, entry: &Entry) -> bool {
        let valid = |day: Date| entry.valid_until == UNDATED || day.days() <= entry.valid_until;
        !entry.withdrawn && self.options.as_of.is_none_or(valid)
    }

    /// Takes reports and what is counted with them out of the sums, and says which those are.
    fn take_out(&mut self, register: &Register, keys: impl Iterator<Item = u32>) -> Vec<u32> {
        let (mut taken, mut groups) = (Vec::new(), Vec::new());
        for key in keys {
            let group = match self.group_of[key as usize] {
                OUT => continue,
                ALONE => vec![vec![key]],
                at => {
                    self.free.push(at);
                    std::mem::take(&mut self.groups[at as usize])
                }
            };
            for &key in group.iter().flatten() {
                self.group_of[key as usize] = OUT;
                taken.push(key);
            }
            groups.push(group);
        }
        for groups in groups.chunks(AT_ONCE) {
            let shares = groups.par_iter().flat_map_iter(|group| self.shares(register, group));
            let shares: Vec<Share> = shares.collect();
            self.tallies.add(&shares, -1);
        }
        taken
    }

    /// Counts those of some reports that are out, each with what is connected with it now.
    fn put_back(&mut self, register: &Register, keys: &[u32], count: &Count<'_>) -> Result<()> {
        let mut connected: Vec<Vec<u32>> = Vec::new();
        for &key in keys {
            let at = key as usize;
            if self.counted[at] != NONE && self.group_of[at] == OUT {
                let reports = group(&self.finder, key);
                for &key in &reports {
                    self.group_of[key as usize] = ALONE;
                }
                connected.push(reports);
            }
        }
        for connected in connected.chunks(AT_ONCE) {
            count.go_on()?;
            let told = connected.par_iter().map(|reports| {
                let group = same_vacancies(register, &self.finder, reports);
                (self.shares(register, &group), group)
            });
            let (shares, groups): (Vec<Vec<Share>>, Vec<_>) = told.unzip();
            self.tallies.add(&shares.into_iter().flatten().collect::<Vec<_>>(), 1);
            for (reports, group) in connected.iter().zip(groups) {
                count.add(reports.len() as u64);
                if reports.len() > 1 {
                    self.keep(reports, group);
                }
            }
        }
        Ok(())
    }

    fn keep(&mut self, reports: &[u32], group: Vec<Vec<u32>>) {
        let at = self.free.pop().unwrap_or_else(|| {
            self.groups.push(Vec::new());
            // There are fewer groups than keys, whose positions have 32 bits.
            u32::try_from(self.groups.len() - 1).unwrap_or(OUT)
        });
        self.groups[at as usize] = group;
        for &key in reports {
            self.group_of[key as usize] = at;
        }
    }

    /// What the vacancies of a group add to the sums.
    fn shares(&self, register: &Register, group: &[Vec<u32>]) -> Vec<Share> {
        let share = |vacancy: &Vacancy| {
            Share::of(register, vacancy, self.finder.employer_key(vacancy.employer))
        };
        self.vacancies_of(register, group).iter().map(share).collect()
    }

    fn vacancies_of(&self, register: &Register, group: &[Vec<u32>]) -> Vec<Vacancy> {
        let entry = |key: u32| &register.entries[self.counted[key as usize] as usize];
        vacancies(register, &self.reliability, &entry, group)
    }

    /// The vacancies in their groups, to be shown one by one.
    pub(super) fn each_vacancy(&self, register: &Register, act: impl FnMut(Vacancy)) {
        let groups = (0u32..).zip(&self.group_of).filter_map(|(key, &at)| match at {
            OUT => None,
            ALONE => Some(vec![vec![key]]),
            at => {
                let group = &self.groups[at as usize];
                (group.iter().flatten().min() == Some(&key)).then(|| group.clone())
            }
        });
        groups.flat_map(|group| self.vacancies_of(register, &group)).for_each(act);
    }
}
