//! Vacancies: reports that are counted once.

use std::cmp::Reverse;

use hashbrown::{HashMap, HashSet};
use serde::Serialize;

use super::entry::{Entry, NONE, UNDATED};
use super::layers::Asked;
use super::need::{Causes, Horizon, Opening, SizeClass, Visibility};
use super::register::Register;
use super::same::Finder;

/// How many positions there are, as far as the reports tell.
///
/// `all` counts every report. `estimate` counts reports of the same vacancy once: for each
/// vacancy, the largest sum that one sensor reports of it. `sure` does so for reports that are
/// possibly the same as well: fewer there are not, unless every sensor reported what is not.
/// `sure ≤ estimate ≤ all`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Positions {
    /// Surely distinct ones.
    pub sure: u64,
    /// Those of the vacancies that were told apart.
    pub estimate: u64,
    /// Those of every report.
    pub all: u64,
}

impl Positions {
    /// How the estimate is made, to print beside it.
    pub const METHOD: &'static str =
        "reports of the same vacancy counted once, by the sensor that reports most of it";

    /// Adds, or takes away.
    pub(super) fn add(&mut self, other: Self, sign: i64) {
        for (own, other) in [
            (&mut self.sure, other.sure),
            (&mut self.estimate, other.estimate),
            (&mut self.all, other.all),
        ] {
            *own = if sign < 0 { *own - other } else { *own + other };
        }
    }
}

/// A vacancy: one or several reports, and what they say together.
#[derive(Clone, Debug)]
pub(super) struct Vacancy {
    /// The keys of the reports, the one that counts most first.
    pub(super) reports: Vec<u32>,
    pub(super) sector: u32,
    pub(super) occupation: u32,
    pub(super) job: u32,
    pub(super) territory: u32,
    pub(super) horizon: Horizon,
    pub(super) employer: u32,
    pub(super) size: SizeClass,
    pub(super) opening: Opening,
    pub(super) visibility: Visibility,
    pub(super) causes: Causes,
    /// The first day on which it was seen.
    pub(super) date: i32,
    pub(super) positions: Positions,
    pub(super) skills: Vec<Asked>,
    pub(super) title: u32,
}

/// The reports that one report is connected with by steps, itself among them. Ascending.
fn connected<I: Iterator<Item = u32>>(start: u32, step: impl Fn(u32) -> I) -> Vec<u32> {
    let mut reached = vec![start];
    let mut known: HashSet<u32> = HashSet::new();
    known.insert(start);
    let mut at = 0;
    while let Some(&key) = reached.get(at) {
        reached.extend(step(key).filter(|&next| known.insert(next)));
        at += 1;
    }
    reached.sort_unstable();
    reached
}

/// The reports that a report is the same or possibly the same as, whatever the number of steps.
pub(super) fn group(finder: &Finder, key: u32) -> Vec<u32> {
    if finder.links(key).is_empty() {
        return vec![key];
    }
    connected(key, |key| finder.links(key).iter().map(|link| link.to))
}

/// The reports of a group in the vacancies that they make: those connected by what is the same.
pub(super) fn same_vacancies(
    register: &Register,
    finder: &Finder,
    reports: &[u32],
) -> Vec<Vec<u32>> {
    if let [alone] = reports {
        return vec![vec![*alone]];
    }
    let mut left: Vec<u32> = reports.to_vec();
    let mut vacancies = Vec::new();
    while let Some(&key) = left.first() {
        let one = connected(key, |key| finder.same(register, key));
        left.retain(|key| one.binary_search(key).is_err());
        vacancies.push(one);
    }
    vacancies
}

/// What reports say, for a group in its vacancies. `entry` has what is counted for each key, and
/// `reliability` that of each sensor.
pub(super) fn vacancies<'r>(
    register: &'r Register,
    reliability: &[u8],
    entry: &impl Fn(u32) -> &'r Entry,
    group: &[Vec<u32>],
) -> Vec<Vacancy> {
    let of = |reports: &Vec<u32>| of_reports(register, reliability, entry, reports.clone());
    let mut vacancies: Vec<_> = group.iter().map(of).collect();
    if vacancies.len() < 2 {
        return vacancies;
    }
    // Should all of it be one vacancy, the sensor that reports most of it is sure of that much.
    let mut by_sensor: HashMap<u32, u64> = HashMap::new();
    for &key in group.iter().flatten() {
        let sensor = register.keys[key as usize].sensor;
        *by_sensor.entry(sensor).or_default() += u64::from(entry(key).positions);
    }
    let most = by_sensor
        .into_iter()
        .max_by_key(|&(sensor, positions)| (positions, Reverse(&register.sensor_ids[sensor])));
    let Some((most, _)) = most else { return vacancies };
    for vacancy in &mut vacancies {
        let of_most = |&&key: &&u32| register.keys[key as usize].sensor == most;
        let positions = |&key: &u32| u64::from(entry(key).positions);
        vacancy.positions.sure = vacancy.reports.iter().filter(of_most).map(positions).sum();
    }
    vacancies
}

/// What reports of one vacancy say together: for each field, the first that states it, in the
/// order of reliability, date, sensor and record; every cause; the narrowest place; the first day.
fn of_reports<'r>(
    register: &'r Register,
    reliability: &[u8],
    entry: &impl Fn(u32) -> &'r Entry,
    mut reports: Vec<u32>,
) -> Vacancy {
    if reports.len() > 1 {
        reports.sort_by_cached_key(|&key| {
            let known = &register.keys[key as usize];
            let reliability = reliability[known.sensor as usize];
            let date = entry(key).date;
            let (sensor, record) =
                (&register.sensor_ids[known.sensor], &register.names[known.record]);
            (Reverse(reliability), Reverse(date), sensor.to_owned(), record.to_owned())
        });
    }
    let entries = || reports.iter().map(|&key| entry(key));
    let first = |of: fn(&Entry) -> u32| entries().map(of).find(|&at| at != NONE).unwrap_or(NONE);
    fn stated<'e, T: PartialEq + Default>(
        mut entries: impl Iterator<Item = &'e Entry>,
        of: fn(&Entry) -> T,
    ) -> T {
        entries
            .find_map(|entry| Some(of(entry)).filter(|of| *of != T::default()))
            .unwrap_or_default()
    }
    let occupation =
        entries().map(|entry| register.occupation_of(entry)).find(|&at| at != NONE).unwrap_or(NONE);
    let depth = |at: u32| if at == NONE { 0 } else { register.territories.above(at).len() };
    let narrowest = entries()
        .map(|entry| entry.territory)
        .fold(NONE, |best, at| if depth(at) > depth(best) { at } else { best });
    let mut by_sensor: Vec<(u32, u64)> = Vec::new();
    for &key in &reports {
        let (sensor, positions) =
            (register.keys[key as usize].sensor, u64::from(entry(key).positions));
        match by_sensor.iter_mut().find(|(known, _)| *known == sensor) {
            Some((_, sum)) => *sum += positions,
            None => by_sensor.push((sensor, positions)),
        }
    }
    let estimate = by_sensor.iter().map(|&(_, sum)| sum).max().unwrap_or(0);
    let all = by_sensor.iter().map(|&(_, sum)| sum).sum();
    let mut skills: Vec<Asked> = Vec::new();
    for asked in entries().flat_map(|entry| &entry.skills) {
        if let Err(at) = skills.binary_search_by_key(&asked.skill, |known| known.skill) {
            skills.insert(at, *asked);
        }
    }
    let date = entries().map(|entry| entry.date).filter(|&date| date != UNDATED).min();
    Vacancy {
        sector: first(|entry| entry.sector),
        occupation,
        job: first(|entry| entry.job),
        territory: narrowest,
        horizon: stated(entries(), |entry| entry.horizon),
        employer: first(|entry| entry.employer),
        size: stated(entries(), |entry| entry.size),
        opening: stated(entries(), |entry| entry.opening),
        visibility: stated(entries(), |entry| entry.visibility),
        causes: Causes(entries().fold(0, |causes, entry| causes | entry.causes.0)),
        date: date.unwrap_or(UNDATED),
        positions: Positions { sure: estimate, estimate, all },
        skills,
        title: first(|entry| entry.title),
        reports,
    }
}
