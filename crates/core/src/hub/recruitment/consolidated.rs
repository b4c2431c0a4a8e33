//! The picture by sector, occupation, territory and horizon, and by any grouping of them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::need::{Cause, Causes, Horizon};
use super::picture::{CellKey, Picture, Sums};
use super::register::Register;
use super::vacancy::Positions;
use crate::error::Result;
use crate::hub::Territories;
use crate::matrix::Required;
use crate::skill::Date;
use crate::text::Ids;

/// Groups of territories, many to many, by which needs and people are counted.
///
/// What lies in several groups counts in each, so that sums over groups may pass the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TerritoryGroups {
    pub(crate) names: Ids,
    /// The groups of each territory, ascending; `None` where there is one group for everything.
    pub(crate) of: Option<Vec<Vec<u32>>>,
}

impl TerritoryGroups {
    /// One group with everything in it, wherever it is, even what is nowhere.
    pub fn everywhere() -> Self {
        let mut names = Ids::new();
        // One id fits.
        let _ = names.insert("");
        Self { names, of: None }
    }

    /// Each territory by itself: what was reported of it, and not of what lies within.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`](crate::Error::TooMany) never for territories that are there.
    pub fn each(territories: &Territories) -> Result<Self> {
        let mut names = Ids::new();
        let mut of = Vec::with_capacity(territories.len());
        for id in territories.ids().iter() {
            of.push(vec![names.insert(id)?.0]);
        }
        Ok(Self { names, of: Some(of) })
    }

    /// The territories of one kind, such as employment areas, each with what lies within it. What
    /// was reported of a wider place is in no group.
    ///
    /// # Errors
    ///
    /// As [`TerritoryGroups::each`].
    pub fn of_kind(territories: &Territories, kind: &str) -> Result<Self> {
        let groups = territories.of_kind(kind).into_iter().map(|at| (&territories.ids()[at], [at]));
        Self::new(territories, groups)
    }

    /// Groups of the caller's own: names, each with its territories and what lies within them.
    ///
    /// # Errors
    ///
    /// As [`TerritoryGroups::each`].
    pub fn new<'a, T: AsRef<[u32]>>(
        territories: &Territories,
        groups: impl IntoIterator<Item = (&'a str, T)>,
    ) -> Result<Self> {
        let mut names = Ids::new();
        let mut of = vec![Vec::new(); territories.len()];
        for (name, members) in groups {
            let group = names.insert(name)?.0;
            for &member in members.as_ref() {
                for &within in territories.below(member) {
                    of[within as usize].push(group);
                }
            }
        }
        for groups in &mut of {
            groups.sort_unstable();
            groups.dedup();
        }
        Ok(Self { names, of: Some(of) })
    }

    /// The names of the groups, by position.
    pub fn names(&self) -> &Ids {
        &self.names
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The groups that a territory is in.
    pub(crate) fn of(&self, territory: u32) -> &[u32] {
        match &self.of {
            None => &[0],
            Some(of) => of.get(territory as usize).map_or(&[], Vec::as_slice),
        }
    }
}

/// By what needs are counted apart, beside the groups of territories.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Grouping {
    /// By sector.
    pub sector: bool,
    /// By occupation.
    pub occupation: bool,
    /// By horizon.
    pub horizon: bool,
}

impl Grouping {
    /// By sector, occupation and horizon.
    pub const FULL: Self = Self { sector: true, occupation: true, horizon: true };
}

/// Consolidated needs: one row of the picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Consolidated {
    /// The sector, where it is counted apart and known.
    pub sector: Option<String>,
    /// The id of the occupation, where it is counted apart and known.
    pub occupation: Option<String>,
    /// The group of territories; empty for what lies in none of them.
    pub territory: String,
    /// The horizon, where it is counted apart.
    pub horizon: Option<Horizon>,
    /// Vacancies: reports of the same one are one.
    pub vacancies: u64,
    /// Reports.
    pub reports: u64,
    /// Positions, with the bounds between which they lie.
    pub positions: Positions,
    /// Estimated positions by cause, for the causes that are stated. A vacancy with several causes
    /// counts under each.
    pub causes: BTreeMap<Cause, u64>,
    /// Estimated positions whose cause nobody states.
    pub no_cause: u64,
    /// Estimated positions of posts that are new.
    pub created: u64,
    /// Estimated positions that replace someone.
    pub replaced: u64,
    /// Estimated positions that are not advertised.
    pub hidden: u64,
}

impl Consolidated {
    /// Estimated positions whose cause is, among others, skills: only these call for training.
    pub fn calls_for_training(&self) -> u64 {
        self.causes.get(&Cause::Skills).copied().unwrap_or(0)
    }
}

/// A vacancy of the picture, with the reports that it was merged from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SeenVacancy {
    /// Sensor and record of each report, the one that counts most first. To split it again, drop
    /// a report from the register or make [`Sameness`](super::Sameness) stricter.
    pub reports: Vec<(String, String)>,
    /// The title, in the words of the report that counts most.
    pub title: String,
    /// The employer, in those words.
    pub employer: Option<String>,
    /// The sector.
    pub sector: Option<String>,
    /// The id of the occupation.
    pub occupation: Option<String>,
    /// The id of the narrowest place that is reported.
    pub territory: String,
    /// The horizon.
    pub horizon: Horizon,
    /// The first day on which it was seen.
    pub date: Option<Date>,
    /// Its positions.
    pub positions: Positions,
    /// Every cause that a report states.
    pub causes: Causes,
}

type RowKey<'r> = (Option<&'r str>, Option<&'r str>, &'r str, Option<Horizon>);

impl Picture {
    /// Sums of cells under a key for each group that they are in. A cell in no group comes with
    /// `None`.
    pub(crate) fn sums<K: Ord>(
        &self,
        groups: &TerritoryGroups,
        key: impl Fn(&CellKey, Option<u32>) -> Option<K>,
    ) -> BTreeMap<K, Sums> {
        let mut sums: BTreeMap<K, Sums> = BTreeMap::new();
        for (cell_key, cell) in &self.cells {
            let of = groups.of(cell_key.territory);
            let outside = of.is_empty().then_some(None);
            for group in of.iter().copied().map(Some).chain(outside) {
                if let Some(key) = key(cell_key, group) {
                    sums.entry(key).or_default().add(&cell.sums);
                }
            }
        }
        sums
    }

    /// The needs, consolidated: rows in the order of sector, occupation, group of territories and
    /// horizon, what is not known first. O(cells).
    pub fn consolidated(
        &self,
        register: &Register,
        grouping: &Grouping,
        groups: &TerritoryGroups,
    ) -> Vec<Consolidated> {
        let rows = self.sums(groups, |key, group| -> Option<RowKey<'_>> {
            Some((
                register.names.get(key.sector).filter(|_| grouping.sector),
                register.required.targets().get(key.occupation).filter(|_| grouping.occupation),
                group.map_or("", |group| &groups.names[group]),
                grouping.horizon.then_some(key.horizon),
            ))
        });
        let row = |((sector, occupation, territory, horizon), cell): (RowKey<'_>, Sums)| {
            let causes = Cause::ALL.iter().copied().zip(cell.causes);
            Consolidated {
                sector: sector.map(str::to_owned),
                occupation: occupation.map(str::to_owned),
                territory: territory.to_owned(),
                horizon,
                vacancies: cell.vacancies,
                reports: cell.reports,
                positions: cell.positions,
                causes: causes.filter(|&(_, positions)| positions > 0).collect(),
                no_cause: cell.no_cause,
                created: cell.created,
                replaced: cell.replaced,
                hidden: cell.hidden,
            }
        };
        rows.into_iter().map(row).collect()
    }

    /// Every vacancy with its reports, in the order of the first of them. O(reports).
    pub fn vacancies(&self, register: &Register) -> Vec<SeenVacancy> {
        let mut seen = Vec::new();
        let name = |at: u32| register.names.get(at).map(str::to_owned);
        self.each_vacancy(register, |vacancy| {
            let report = |&key: &u32| {
                let key = &register.keys[key as usize];
                (register.sensor_ids[key.sensor].to_owned(), register.names[key.record].to_owned())
            };
            let territory = register.territories.ids().get(vacancy.territory);
            seen.push(SeenVacancy {
                reports: vacancy.reports.iter().map(report).collect(),
                title: name(vacancy.title).unwrap_or_default(),
                employer: name(vacancy.employer),
                sector: name(vacancy.sector),
                occupation: register.required.targets().get(vacancy.occupation).map(str::to_owned),
                territory: territory.unwrap_or_default().to_owned(),
                horizon: vacancy.horizon,
                date: Date::from_days(vacancy.date).ok(),
                positions: vacancy.positions,
                causes: vacancy.causes,
            });
        });
        seen.sort_by(|one, other| one.reports.cmp(&other.reports));
        seen
    }

    /// What each vacancy requires, as targets to match people with: those of
    /// [`Picture::vacancies`] that require something, in that order, and a matrix with a row for
    /// each, known by sensor and record of its first report (`sensor/record`).
    ///
    /// # Errors
    ///
    /// [`Error::TotalTooLarge`](crate::Error::TotalTooLarge) where weights times levels pass 32
    /// bits.
    pub fn vacancy_targets(&self, register: &Register) -> Result<(Vec<SeenVacancy>, Required)> {
        let mut rows = BTreeMap::new();
        self.each_vacancy(register, |vacancy| {
            let all = register.layers(vacancy.occupation, vacancy.job, &vacancy.skills);
            rows.insert(vacancy.reports[0], all);
        });
        let key_of = |vacancy: &SeenVacancy| {
            let (sensor, record) = vacancy.reports.first()?;
            register.key(sensor, record)
        };
        let mut seen = self.vacancies(register);
        let mut required = Required::builder(register.axis());
        let mut refused = Ok(());
        seen.retain(|vacancy| {
            let all = key_of(vacancy).and_then(|key| rows.remove(&key)).unwrap_or_default();
            for one in &all {
                let (sensor, record) = &vacancy.reports[0];
                let skill = &register.axis().ids()[one.skill];
                let added = required.require(&format!("{sensor}/{record}"), skill, one.requirement);
                refused = std::mem::replace(&mut refused, Ok(())).and(added);
            }
            !all.is_empty()
        });
        refused?;
        Ok((seen, required.build()?))
    }
}
