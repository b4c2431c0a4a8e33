//! What the vacancies of a picture come to: sums that take each in, and give it back.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use hashbrown::hash_map::Entry as Slot;

use super::entry::{NONE, UNDATED};
use super::layers::Layer;
use super::need::{Cause, Horizon, Opening, SizeClass, Visibility};
use super::register::Register;
use super::vacancy::{Positions, Vacancy};

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
    fn of(vacancy: &Vacancy) -> Self {
        let estimate = vacancy.positions.estimate;
        let when = |is: bool| if is { estimate } else { 0 };
        let mut sums = Self {
            vacancies: 1,
            reports: vacancy.reports.len() as u64,
            positions: vacancy.positions,
            causes: [0; _],
            no_cause: when(vacancy.causes.is_empty()),
            created: when(vacancy.opening == Opening::Creation),
            replaced: when(vacancy.opening == Opening::Replacement),
            hidden: when(vacancy.visibility == Visibility::Hidden),
        };
        for cause in vacancy.causes.iter() {
            sums.causes[cause as usize] = estimate;
        }
        sums
    }

    /// Adds what other sums hold, or takes it away.
    pub(crate) fn add(&mut self, other: &Self, sign: i64) {
        self.positions.add(other.positions, sign);
        let counts = [
            (&mut self.vacancies, other.vacancies),
            (&mut self.reports, other.reports),
            (&mut self.no_cause, other.no_cause),
            (&mut self.created, other.created),
            (&mut self.replaced, other.replaced),
            (&mut self.hidden, other.hidden),
        ];
        for (own, other) in counts.into_iter().chain(self.causes.iter_mut().zip(other.causes)) {
            *own = if sign < 0 { *own - other } else { *own + other };
        }
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

/// What one employer asks for: how many vacancies for each, in order.
pub(crate) type Asks = Vec<(Sought, i64)>;

/// What a vacancy adds to the sums, taken from the vacancy alone.
#[derive(Debug)]
pub(super) struct Share {
    cell: CellKey,
    sums: Sums,
    otherwise: Vec<((u32, u16), i64)>,
    /// Its occupation, and the skills that are asked beside it (+1) or not asked of it (−1).
    sought: Vec<(Sought, i64)>,
    month: Option<i32>,
    /// The size and the key of its employer.
    employer: Option<(SizeClass, u32)>,
}

impl Share {
    /// The share of a vacancy of an employer that is counted under a key, or [`NONE`].
    /// O(requirements).
    pub(super) fn of(register: &Register, vacancy: &Vacancy, employer: u32) -> Self {
        let &Vacancy { sector, occupation, territory, horizon, job, size, date, .. } = vacancy;
        let mut otherwise = Vec::new();
        let mut sought = Vec::new();
        if occupation != NONE {
            sought.push((Sought::Occupation(occupation), 1));
        }
        if job != NONE || !vacancy.skills.is_empty() {
            // Positions past 2⁶³ would take as many reports.
            let positions = i64::try_from(vacancy.positions.estimate).unwrap_or(i64::MAX);
            let all = register.layers(occupation, job, &vacancy.skills);
            let row = register.occupation_row(occupation);
            for (skill, requirement) in row.into_iter().flat_map(|row| row.iter()) {
                let found = all.binary_search_by_key(&skill, |one| one.skill).ok();
                if found.is_none() {
                    sought.push((Sought::Skill(skill), -1));
                }
                if found.is_none_or(|at| all[at].layer != Layer::Occupation) {
                    otherwise.push(((skill, requirement.level), -positions));
                }
            }
            for one in all.iter().filter(|one| one.layer != Layer::Occupation) {
                otherwise.push(((one.skill, one.requirement.level), positions));
                if row.is_none_or(|row| row.skills.binary_search(&one.skill).is_err()) {
                    sought.push((Sought::Skill(one.skill), 1));
                }
            }
        }
        Self {
            cell: CellKey { sector, occupation, territory, horizon },
            sums: Sums::of(vacancy),
            otherwise,
            sought,
            month: (date != UNDATED).then(|| month(date)),
            employer: (employer != NONE).then_some((size, employer)),
        }
    }
}

/// All sums of a picture. What is 0 is not kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tallies {
    pub(crate) cells: HashMap<CellKey, Cell>,
    /// By sector and what is sought.
    pub(crate) dated: HashMap<(u32, Sought), Months>,
    /// By sector, then by employer's size and key.
    pub(crate) employers: HashMap<u32, HashMap<(SizeClass, u32), Asks>>,
}

impl Tallies {
    /// Adds shares, or takes them away. Each kind of sum takes them in their order, on a thread of
    /// its own.
    pub(super) fn add(&mut self, shares: &[Share], sign: i64) {
        let Self { cells, dated, employers } = self;
        let more = || {
            rayon::join(
                || shares.iter().for_each(|share| add_dated(dated, share, sign)),
                || shares.iter().for_each(|share| add_asked(employers, share, sign)),
            )
        };
        rayon::join(|| shares.iter().for_each(|share| add_to_cell(cells, share, sign)), more);
    }
}

fn add_to_cell(cells: &mut HashMap<CellKey, Cell>, share: &Share, sign: i64) {
    let cell = cells.entry(share.cell).or_default();
    cell.sums.add(&share.sums, sign);
    for &(asked, positions) in &share.otherwise {
        match cell.otherwise.entry(asked) {
            Slot::Occupied(sum) if *sum.get() + sign * positions == 0 => {
                sum.remove();
            }
            Slot::Occupied(mut sum) => *sum.get_mut() += sign * positions,
            Slot::Vacant(none) => {
                none.insert(sign * positions);
            }
        }
    }
    if cell.sums.vacancies == 0 {
        cells.remove(&share.cell);
    }
}

fn add_dated(dated: &mut HashMap<(u32, Sought), Months>, share: &Share, sign: i64) {
    let Some(month) = share.month else { return };
    for &(sought, vacancies) in &share.sought {
        let key = (share.cell.sector, sought);
        let months = dated.entry(key).or_default();
        let count = months.entry(month).or_default();
        *count += sign * vacancies;
        if *count == 0 {
            months.remove(&month);
        }
        if months.is_empty() {
            dated.remove(&key);
        }
    }
}

fn add_asked(
    employers: &mut HashMap<u32, HashMap<(SizeClass, u32), Asks>>,
    share: &Share,
    sign: i64,
) {
    let (Some(employer), false) = (share.employer, share.sought.is_empty()) else { return };
    let of_sector = employers.entry(share.cell.sector).or_default();
    let asks = of_sector.entry(employer).or_default();
    for &(sought, vacancies) in &share.sought {
        match asks.binary_search_by_key(&sought, |&(known, _)| known) {
            Ok(at) => {
                asks[at].1 += sign * vacancies;
                if asks[at].1 == 0 {
                    asks.remove(at);
                }
            }
            Err(at) => asks.insert(at, (sought, sign * vacancies)),
        }
    }
    if asks.is_empty() {
        of_sector.remove(&employer);
    }
    if of_sector.is_empty() {
        employers.remove(&share.cell.sector);
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
    use crate::skill::Date;

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
