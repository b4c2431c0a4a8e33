//! Employers at places, with their reports: who may be whom is decided once for each pair of
//! employers, however many reports there are of either.

use hashbrown::HashMap;

use super::employer::Employer;
use super::entry::UNDATED;
use crate::error::Result;
use crate::hub::Territories;
use crate::text::Ids;

/// A report, as far as it is scanned for a candidate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Report {
    pub(super) key: u32,
    pub(super) sensor: u32,
    pub(super) date: i32,
}

impl Report {
    /// Whether two reports are of two sensors, and at most so many days apart as far as both are
    /// dated.
    fn may_be(&self, other: &Self, days: u32) -> bool {
        let near = self.date.abs_diff(other.date) <= days;
        self.sensor != other.sensor && (near || self.date == UNDATED || other.date == UNDATED)
    }
}

/// An employer at a place.
#[derive(Clone, Debug)]
struct Premises {
    employer: u32,
    reports: Vec<Report>,
    /// Premises whose employer may be the same, at this place or one within it or around it: itself
    /// first.
    near: Vec<u32>,
}

/// The employers that were named, each spelling taken apart once.
#[derive(Clone, Debug, Default)]
pub(super) struct Employers {
    /// What the spellings come to: those that differ in case, accents or legal form are one.
    names: Ids,
    employers: Vec<Employer>,
    /// By the position of a spelling among a register's names.
    of_spelling: HashMap<u32, u32>,
    /// Keys of employers: words, and whole names.
    words: Ids,
    /// For each employer the positions of its keys, the whole name first.
    keys: Vec<Box<[u32]>>,
}

impl Employers {
    /// The employer of a spelling among a register's names. O(1) for one that is known.
    pub(super) fn of(&mut self, names: &Ids, spelling: u32) -> Result<u32> {
        if let Some(&known) = self.of_spelling.get(&spelling) {
            return Ok(known);
        }
        let employer = Employer::new(&names[spelling]);
        let (at, new) = self.names.insert(employer.spelled())?;
        if new {
            let keys = employer.keys().map(|key| Ok(self.words.insert(key)?.0));
            self.keys.push(keys.collect::<Result<_>>()?);
            self.employers.push(employer);
        }
        self.of_spelling.insert(spelling, at);
        Ok(at)
    }

    /// The employer of a spelling that was shown before.
    pub(super) fn get(&self, spelling: u32) -> Option<&Employer> {
        self.of_spelling.get(&spelling).map(|&at| &self.employers[at as usize])
    }

    /// What the reports of an employer are counted under: its whole name.
    pub(super) fn whole(&self, employer: u32) -> u32 {
        self.keys[employer as usize][0]
    }
}

/// The premises of all employers.
#[derive(Clone, Debug, Default)]
pub(super) struct Directory {
    premises: Vec<Premises>,
    of: HashMap<(u32, u32), u32>,
    /// By key of the employer, and place: the premises, with what
    /// [`Employer::may_be_by_starts`] takes.
    listed: HashMap<(u32, u32), Vec<(u32, u64)>>,
}

impl Directory {
    /// Takes in a report.
    pub(super) fn add(&mut self, at: u32, report: Report) {
        self.premises[at as usize].reports.push(report);
    }

    /// Forgets a report. O(reports of the employer at the place).
    pub(super) fn remove(&mut self, at: u32, key: u32) {
        self.premises[at as usize].reports.retain(|one| one.key != key);
    }

    /// The reports that may be of the same vacancy as one at some premises, as far as employers,
    /// places, sensors and dates tell; ascending. O(reports near).
    pub(super) fn candidates(&self, at: u32, report: Report, days: u32) -> Vec<u32> {
        let near = self.premises[at as usize].near.iter();
        let reports = near.flat_map(|&near| &self.premises[near as usize].reports);
        let may_be = reports.filter(|one| one.may_be(&report, days));
        let mut candidates: Vec<u32> = may_be.map(|one| one.key).collect();
        candidates.sort_unstable();
        candidates
    }

    /// The premises of an employer at a place. O(1) for what is known, and O(employers that share a
    /// word there) once.
    pub(super) fn position(
        &mut self,
        employers: &Employers,
        territories: &Territories,
        employer: u32,
        place: u32,
    ) -> u32 {
        if let Some(&known) = self.of.get(&(employer, place)) {
            return known;
        }
        // There are fewer premises than reports, whose positions have 32 bits.
        let at = u32::try_from(self.premises.len()).unwrap_or(u32::MAX);
        let own = &employers.employers[employer as usize];
        let mut near = Vec::new();
        let below = territories.below(place).iter().filter(|&&other| other != place);
        for &other in territories.above(place).iter().chain(below) {
            // The first key is the whole name: who shares it may be written apart in any way.
            for (order, &key) in employers.keys[employer as usize].iter().enumerate() {
                let listed = self.listed.get(&(key, other)).into_iter().flatten();
                let may_be = listed.filter(|&&(_, starts)| {
                    order == 0 || Employer::may_be_by_starts(starts, own.starts())
                });
                near.extend(may_be.map(|&(at, _)| at));
            }
        }
        near.sort_unstable();
        near.dedup();
        near.retain(|&other| {
            let other = self.premises[other as usize].employer;
            other == employer || own.may_be(&employers.employers[other as usize])
        });
        for &other in &near {
            self.premises[other as usize].near.push(at);
        }
        near.insert(0, at);
        self.premises.push(Premises { employer, reports: Vec::new(), near });
        self.of.insert((employer, place), at);
        for &key in &employers.keys[employer as usize] {
            self.listed.entry((key, place)).or_default().push((at, own.starts()));
        }
        at
    }
}
