//! The consolidated picture of needs: it follows a register, and touches what changed.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use hashbrown::HashMap;

use super::entry::{Entry, NONE, UNDATED};
use super::layers::Layer;
use super::need::{Cause, Horizon, Opening, SizeClass, Visibility};
use super::register::Register;
use super::same::{Finder, Sameness};
use super::vacancy::{Positions, Vacancy, group, same_vacancies, vacancies};
use crate::error::{Error, Result};
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

/// What a cell of the picture is about. Positions among the register's names, occupations and
/// territories, or [`NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct CellKey {
    pub(crate) sector: u32,
    pub(crate) occupation: u32,
    pub(crate) territory: u32,
    pub(crate) horizon: Horizon,
}

/// Sums over the vacancies of a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) vacancies: u64,
    pub(crate) reports: u64,
    pub(crate) positions: Positions,
    /// Estimated positions by cause; a vacancy with several causes counts under each.
    pub(crate) causes: [u64; Cause::ALL.len()],
    /// Estimated positions of vacancies whose cause nobody states.
    pub(crate) no_cause: u64,
    pub(crate) created: u64,
    pub(crate) replaced: u64,
    pub(crate) hidden: u64,
}

impl Sums {
    /// Adds what other sums hold.
    pub(crate) fn add(&mut self, other: &Self) {
        self.vacancies += other.vacancies;
        self.reports += other.reports;
        self.positions.add(other.positions, 1);
        for (own, other) in self.causes.iter_mut().zip(other.causes) {
            *own += other;
        }
        self.no_cause += other.no_cause;
        self.created += other.created;
        self.replaced += other.replaced;
        self.hidden += other.hidden;
    }
}

/// A cell of the picture.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) sums: Sums,
    /// Where jobs and posts ask otherwise than the occupation: estimated positions by skill and
    /// level, to be added to those that the occupation requires.
    pub(crate) otherwise: HashMap<(u32, u16), i64>,
}

/// An occupation, or a skill asked beside it: what is dated, and what employers ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Sought {
    Occupation(u32),
    Skill(u32),
}

/// Months since January 1970 with the vacancies seen first in them.
pub(crate) type Months = BTreeMap<i32, i64>;

/// What one employer asks for: how many vacancies for each.
pub(crate) type Asks = Vec<(Sought, i64)>;

/// A report that is counted alone.
const ALONE: u32 = u32::MAX;
/// A report that is not counted.
const OUT: u32 = u32::MAX - 1;

/// The consolidated picture of needs.
///
/// It follows one register: [`Picture::update`] takes in what was recorded since, and touches only
/// the vacancies and cells that this concerns. Reports of the same vacancy are counted once; see
/// [`Sameness`]. Whatever the order in which needs were recorded and the picture was updated, what
/// it shows is the same to the byte.
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
    /// Where each key is counted: in a group, [`ALONE`] or [`OUT`].
    group_of: Vec<u32>,
    /// Reports that are the same or possibly the same, in the vacancies that they make.
    groups: Vec<Vec<Vec<u32>>>,
    free: Vec<u32>,
    pub(crate) cells: HashMap<CellKey, Cell>,
    pub(crate) dated: HashMap<(u32, Sought), Months>,
    /// By sector, then by employer's size and key.
    pub(crate) employers: HashMap<u32, HashMap<(SizeClass, u32), Asks>>,
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
            group_of: Vec::new(),
            groups: Vec::new(),
            free: Vec::new(),
            cells: HashMap::new(),
            dated: HashMap::new(),
            employers: HashMap::new(),
            seen: 0,
            of: Weak::new(),
        }
    }

    /// Takes in what the register recorded since the last call. O(changes × candidates for each).
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for another register than the one that it follows, or a copy of it;
    /// [`Error::TooMany`] past 4 GiB of employers' names.
    pub fn update(&mut self, register: &Register) -> Result<()> {
        let lineage = Arc::downgrade(&register.lineage.0);
        if self.counted.is_empty() {
            self.of = lineage;
        } else if !self.of.ptr_eq(&lineage) {
            let expected = "the register that the picture follows, or a new picture";
            return Err(Error::argument("register", "another one", expected));
        }
        let mut changed: Vec<u32> = register.changes[self.seen..].to_vec();
        changed.sort_unstable();
        changed.dedup();
        self.counted.resize(register.keys.len(), NONE);
        self.group_of.resize(register.keys.len(), OUT);
        // What is connected with a change is taken out, and put back as it is connected then.
        let mut touched = Vec::new();
        for &key in &changed {
            self.take_out(register, key, &mut touched)?;
        }
        for &key in &changed {
            let at = self.counted[key as usize];
            if at != NONE {
                self.finder.remove(register, key, &register.entries[at as usize])?;
            }
            let at = register.keys[key as usize].current;
            let counts = self.counts(&register.entries[at as usize]);
            self.counted[key as usize] = if counts { at } else { NONE };
        }
        for &key in &changed {
            let at = self.counted[key as usize];
            if at == NONE {
                continue;
            }
            self.finder.add(register, key, &register.entries[at as usize])?;
            touched.push(key);
            // A change may join what stood apart.
            let linked: Vec<u32> = self.finder.links(key).iter().map(|link| link.to).collect();
            for other in linked {
                self.take_out(register, other, &mut touched)?;
            }
        }
        for key in touched {
            let at = key as usize;
            if self.counted[at] != NONE && self.group_of[at] == OUT {
                self.put_back(register, key)?;
            }
        }
        self.seen = register.changes.len();
        Ok(())
    }

    /// Whether a need is counted at all.
    fn counts(&self, entry: &Entry) -> bool {
        let valid = |day: Date| entry.valid_until == UNDATED || day.days() <= entry.valid_until;
        !entry.withdrawn && self.options.as_of.is_none_or(valid)
    }

    /// Takes a report and what is counted with it out of the sums.
    fn take_out(&mut self, register: &Register, key: u32, touched: &mut Vec<u32>) -> Result<()> {
        let group = match self.group_of[key as usize] {
            OUT => return Ok(()),
            ALONE => vec![vec![key]],
            at => {
                self.free.push(at);
                std::mem::take(&mut self.groups[at as usize])
            }
        };
        self.count(register, &group, -1)?;
        for key in group.into_iter().flatten() {
            self.group_of[key as usize] = OUT;
            touched.push(key);
        }
        Ok(())
    }

    /// Counts a report, and what is connected with it now.
    fn put_back(&mut self, register: &Register, key: u32) -> Result<()> {
        let reports = group(&self.finder, key);
        let group = same_vacancies(register, &self.finder, &reports);
        self.count(register, &group, 1)?;
        let at = if reports.len() == 1 {
            ALONE
        } else {
            let at = self.free.pop().unwrap_or_else(|| {
                self.groups.push(Vec::new());
                // There are fewer groups than keys, whose positions have 32 bits.
                u32::try_from(self.groups.len() - 1).unwrap_or(OUT)
            });
            self.groups[at as usize] = group;
            at
        };
        for key in reports {
            self.group_of[key as usize] = at;
        }
        Ok(())
    }

    /// Adds the vacancies of a group to the sums, or takes them away.
    fn count(&mut self, register: &Register, group: &[Vec<u32>], sign: i64) -> Result<()> {
        for vacancy in vacancies(register, &self.counted, group) {
            self.count_one(register, &vacancy, sign)?;
        }
        Ok(())
    }

    fn count_one(&mut self, register: &Register, vacancy: &Vacancy, sign: i64) -> Result<()> {
        let Vacancy { sector, occupation, territory, horizon, .. } = *vacancy;
        let estimate = vacancy.positions.estimate;
        let more = |own: &mut u64, other: u64| {
            *own = if sign < 0 { *own - other } else { *own + other };
        };
        let key = CellKey { sector, occupation, territory, horizon };
        let cell = self.cells.entry(key).or_default();
        let sums = &mut cell.sums;
        more(&mut sums.vacancies, 1);
        more(&mut sums.reports, vacancy.reports.len() as u64);
        sums.positions.add(vacancy.positions, sign);
        for cause in vacancy.causes.iter() {
            more(&mut sums.causes[cause as usize], estimate);
        }
        if vacancy.causes.is_empty() {
            more(&mut sums.no_cause, estimate);
        }
        match vacancy.opening {
            Opening::Creation => more(&mut sums.created, estimate),
            Opening::Replacement => more(&mut sums.replaced, estimate),
            Opening::Unspecified => {}
        }
        if vacancy.visibility == Visibility::Hidden {
            more(&mut sums.hidden, estimate);
        }
        // Positions past 2⁶³ would take as many reports.
        let signed = sign * i64::try_from(estimate).unwrap_or(i64::MAX);
        let mut beside: Vec<(u32, i64)> = Vec::new();
        if vacancy.job != NONE || !vacancy.skills.is_empty() {
            let all = register.layers(occupation, vacancy.job, &vacancy.skills);
            let own: Vec<_> = register.occupation_row(occupation).into_iter().collect();
            let own = || own.iter().flat_map(|row| row.iter());
            for (skill, requirement) in own() {
                let found = all.binary_search_by_key(&skill, |one| one.skill);
                if found.is_err() {
                    beside.push((skill, -sign));
                }
                if found.is_err() || found.is_ok_and(|at| all[at].layer != Layer::Occupation) {
                    let asked = (skill, requirement.level);
                    *cell.otherwise.entry(asked).or_default() -= signed;
                }
            }
            for one in all.iter().filter(|one| one.layer != Layer::Occupation) {
                let asked = (one.skill, one.requirement.level);
                *cell.otherwise.entry(asked).or_default() += signed;
                if own().all(|(skill, _)| skill != one.skill) {
                    beside.push((one.skill, sign));
                }
            }
            cell.otherwise.retain(|_, positions| *positions != 0);
        }
        if cell.sums.vacancies == 0 {
            self.cells.remove(&key);
        }
        let coded = (occupation != NONE).then_some((Sought::Occupation(occupation), sign));
        let sought =
            coded.into_iter().chain(beside.into_iter().map(|(at, sign)| (Sought::Skill(at), sign)));
        let employer = match vacancy.employer {
            NONE => NONE,
            name => self.finder.employer_key(register, name)?,
        };
        for (sought, sign) in sought {
            if vacancy.date != UNDATED {
                let months = self.dated.entry((sector, sought)).or_default();
                add_to(months, month(vacancy.date), sign);
                if months.is_empty() {
                    self.dated.remove(&(sector, sought));
                }
            }
            if employer != NONE {
                let of_sector = self.employers.entry(sector).or_default();
                let asks = of_sector.entry((vacancy.size, employer)).or_default();
                match asks.iter().position(|(known, _)| *known == sought) {
                    Some(at) => {
                        asks[at].1 += sign;
                        if asks[at].1 == 0 {
                            asks.swap_remove(at);
                        }
                    }
                    None => asks.push((sought, sign)),
                }
                if asks.is_empty() {
                    of_sector.remove(&(vacancy.size, employer));
                }
            }
        }
        Ok(())
    }

    /// The vacancies in their groups, to be shown one by one.
    pub(super) fn each_vacancy(&self, register: &Register, mut act: impl FnMut(Vacancy)) {
        for (key, &at) in (0u32..).zip(&self.group_of) {
            match at {
                OUT => {}
                ALONE => {
                    vacancies(register, &self.counted, &[vec![key]]).into_iter().for_each(&mut act)
                }
                at => {
                    let group = &self.groups[at as usize];
                    if group.iter().flatten().min() == Some(&key) {
                        vacancies(register, &self.counted, group).into_iter().for_each(&mut act);
                    }
                }
            }
        }
    }
}

fn add_to(months: &mut Months, month: i32, sign: i64) {
    let count = months.entry(month).or_default();
    *count += sign;
    if *count == 0 {
        months.remove(&month);
    }
}

/// Months since January 1970 of a day.
pub(crate) fn month(days: i32) -> i32 {
    // The years of the calendar repeat every 400 years, which are 146,097 days and 4,800 months;
    // civil-from-days of Howard Hinnant ("chrono-compatible low-level date algorithms").
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day = shifted.rem_euclid(146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let march_based = (5 * of_year + 2) / 153;
    let (month, carried) =
        if march_based < 10 { (march_based + 2, 0) } else { (march_based - 10, 1) };
    (era * 400 + year + carried - 1970) * 12 + month
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_of_days() {
        for (day, expected) in [
            ("1970-01-01", 0),
            ("1970-01-31", 0),
            ("1970-02-01", 1),
            ("1969-12-31", -1),
            ("2000-02-29", 30 * 12 + 1),
            ("2026-06-30", 56 * 12 + 5),
        ] {
            assert_eq!(month(day.parse::<Date>().unwrap().days()), expected, "{day}");
        }
    }
}
