//! Emerging, recurrent or occasional; sector-wide or firm-specific.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::need::SizeClass;
use super::picture::Picture;
use super::register::Register;
use super::tally::Sought;
use crate::error::{Error, Result};
use crate::skill::{Date, named};

/// How a skill comes and goes in what employers ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Pattern {
    /// Asked in at least the share of periods that makes it lasting: it calls for a structural
    /// response.
    Recurrent = 0,
    /// Not asked in the first half of the window, and in at least two periods of the second: it
    /// calls for a complementary response.
    Emerging = 1,
    /// Asked now and then: it calls for a complementary response.
    Occasional = 2,
}

named!(Pattern, "pattern", {
    Recurrent = "recurrent",
    Emerging = "emerging",
    Occasional = "occasional",
});

impl Pattern {
    /// Whether training programmes are the answer, rather than something beside them.
    pub fn calls_for_structure(self) -> bool {
        self == Self::Recurrent
    }
}

/// The window over which patterns are told apart: periods of equal length that end with the month
/// of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    until: Date,
    periods: u16,
    months: u16,
    recurrent: u16,
}

impl Window {
    /// Eight quarters up to a day; recurrent is what is asked in at least half of them.
    pub fn until(until: Date) -> Self {
        Self { until, periods: 8, months: 3, recurrent: 4 }
    }

    /// So many periods of so many months, and in how many of them a skill is asked at least to be
    /// recurrent. Few long periods call more skills recurrent.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for fewer than two periods, none of a month, or more recurrent ones
    /// than periods.
    pub fn periods(mut self, periods: u16, months: u16, recurrent: u16) -> Result<Self> {
        if periods < 2 || months == 0 || recurrent == 0 || recurrent > periods {
            let value = format!("{periods} of {months} months, {recurrent} for recurrent");
            let expected = "at least 2 periods of at least 1 month, recurrent within them";
            return Err(Error::argument("periods", value, expected));
        }
        (self.periods, self.months, self.recurrent) = (periods, months, recurrent);
        Ok(self)
    }

    /// The period of a month, from 0 for the oldest.
    fn period(&self, month: i32) -> Option<usize> {
        let back = super::tally::month(self.until.days()) - month;
        let period = u16::try_from(back).ok()? / self.months;
        (period < self.periods).then(|| usize::from(self.periods - 1 - period))
    }
}

/// A skill as employers ask for it over time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AskedOverTime {
    /// The skill's position on the axis.
    pub skill: u32,
    /// Vacancies seen first in each period, the oldest first.
    pub vacancies: Vec<u64>,
    /// What they make.
    pub pattern: Pattern,
}

/// How widely the employers of a sector ask for a skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Breadth {
    /// The skill's position on the axis.
    pub skill: u32,
    /// Employers that ask for it.
    pub asking: u64,
    /// Employers of the sector that were seen.
    pub employers: u64,
    /// The same by size class: asking, and seen. An employer seen in two classes counts in both.
    pub by_size: BTreeMap<SizeClass, (u64, u64)>,
    /// Whether at least half of them do, of three or more: sector-wide rather than firm-specific.
    pub sector_wide: bool,
}

impl Picture {
    /// [`Picture::over_time`] in all sectors, over the eight quarters up to the last vacancy that
    /// has a date; nothing where none has.
    pub fn lately(&self, register: &Register) -> Vec<AskedOverTime> {
        let last = self.vacancies(register).iter().filter_map(|one| one.date).max();
        last.map_or_else(Vec::new, |last| self.over_time(register, None, &Window::until(last)))
    }

    /// The skills that vacancies seen in a window ask for, through their occupations and beside
    /// them, in one sector or in all. By skill; those that nothing in the window asks for are left
    /// out. Vacancies without a date count nowhere. O(months × requirements).
    pub fn over_time(
        &self,
        register: &Register,
        sector: Option<&str>,
        window: &Window,
    ) -> Vec<AskedOverTime> {
        let periods = usize::from(window.periods);
        let mut asked: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
        for (&(of, sought), months) in &self.tallies.dated {
            if sector.is_some_and(|sector| register.names.get(of) != Some(sector)) {
                continue;
            }
            let mut counts = vec![0i64; periods];
            for (&month, &count) in months {
                if let Some(period) = window.period(month) {
                    counts[period] += count;
                }
            }
            for skill in skills_of(register, sought) {
                let sums = asked.entry(skill).or_insert_with(|| vec![0; periods]);
                sums.iter_mut().zip(&counts).for_each(|(sum, more)| *sum += more);
            }
        }
        let told = asked.into_iter().filter_map(|(skill, counts)| {
            let counts: Vec<u64> =
                counts.into_iter().map(|count| u64::try_from(count).unwrap_or(0)).collect();
            let in_use = |counts: &[u64]| counts.iter().filter(|&&count| count > 0).count();
            let (first, second) = counts.split_at(periods / 2);
            let pattern = match (in_use(first), in_use(second)) {
                (0, 0) => return None,
                (0, recent) if recent >= 2 => Pattern::Emerging,
                (early, recent) if early + recent >= usize::from(window.recurrent) => {
                    Pattern::Recurrent
                }
                _ => Pattern::Occasional,
            };
            Some(AskedOverTime { skill, vacancies: counts, pattern })
        });
        told.collect()
    }

    /// How widely the employers of a sector ask for each skill, through the occupations that they
    /// look for and beside them. By skill. O(what each employer asks for).
    pub fn breadth(&self, register: &Register, sector: &str) -> Vec<Breadth> {
        let mut asking: BTreeMap<u32, BTreeSet<(SizeClass, u32)>> = BTreeMap::new();
        let mut seen: BTreeSet<(SizeClass, u32)> = BTreeSet::new();
        for (&of, employers) in &self.tallies.employers {
            if register.names.get(of) != Some(sector) {
                continue;
            }
            for (&employer, asks) in employers {
                seen.insert(employer);
                let mut skills: BTreeMap<u32, i64> = BTreeMap::new();
                for &(sought, count) in asks {
                    for skill in skills_of(register, sought) {
                        *skills.entry(skill).or_default() += count;
                    }
                }
                for (skill, _) in skills.into_iter().filter(|&(_, count)| count > 0) {
                    asking.entry(skill).or_default().insert(employer);
                }
            }
        }
        let distinct = |of: &BTreeSet<(SizeClass, u32)>| {
            of.iter().map(|&(_, employer)| employer).collect::<BTreeSet<_>>().len() as u64
        };
        let employers = distinct(&seen);
        let breadth = |(skill, of): (u32, BTreeSet<(SizeClass, u32)>)| {
            let mut by_size: BTreeMap<SizeClass, (u64, u64)> = BTreeMap::new();
            for &(size, _) in &seen {
                by_size.entry(size).or_default().1 += 1;
            }
            for &(size, _) in &of {
                by_size.entry(size).or_default().0 += 1;
            }
            let asking = distinct(&of);
            let sector_wide = asking >= 3 && asking * 2 >= employers;
            Breadth { skill, asking, employers, by_size, sector_wide }
        };
        asking.into_iter().map(breadth).collect()
    }
}

/// The skills that something sought stands for.
fn skills_of(register: &Register, sought: Sought) -> Vec<u32> {
    match sought {
        Sought::Occupation(occupation) => register.required.row(occupation).skills.to_vec(),
        Sought::Skill(skill) => vec![skill],
    }
}
