//! What a hub's folder holds beside its framework and people.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::recruitment::{Jobs, Picture, Register, SeenVacancy};
use super::skill::{
    Candidates, Conditions, ConditionsOf, Limits, Travel, candidates, read_conditions, read_limits,
    read_pool_limits,
};
use super::{Scenario, Territories};
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::gap::Eligibility;
use crate::lookup::Lookup;
use crate::matrix::Held;
use crate::profile::Profiles;
use crate::read::ReadReport;
use crate::run::Run;
use crate::text::Ids;

/// The needs of a region, and what they are seen with.
#[derive(Clone, Debug)]
pub struct Region {
    /// Its places.
    pub territories: Arc<Territories>,
    /// What sensors reported.
    pub register: Register,
    /// How long ways take.
    pub travel: Travel,
    /// What each person can reach, by position.
    pub limits: Vec<Limits>,
    /// What posts demand beside skills, by sensor and record.
    pub conditions: ConditionsOf,
    /// What ifs.
    pub scenarios: Vec<Scenario>,
    /// What was read, and what was dropped and why.
    pub reports: Vec<ReadReport>,
}

impl Region {
    /// Reads a hub's folder: `territories.csv`, `sensors.csv`, and `needs.csv` or `needs.jsonl`;
    /// `jobs.csv`, `post_conditions.csv`, `travel.csv`, `people_attributes.csv`, `pools.csv` and
    /// `scenarios.csv` where they are there.
    /// `None` where a folder has none of the first three.
    ///
    /// # Errors
    ///
    /// What their readers refuse.
    pub fn read(folder: &Path, framework: &Framework, people: &Profiles) -> Result<Option<Self>> {
        let there = |name: &str| Some(folder.join(name)).filter(|path| path.is_file());
        let needs = there("needs.csv").or_else(|| there("needs.jsonl"));
        let (Some(places), Some(sensors), Some(needs)) =
            (there("territories.csv"), there("sensors.csv"), needs)
        else {
            return Ok(None);
        };
        let (territories, report) = Territories::read(&places)?;
        let territories = Arc::new(territories);
        let mut reports = vec![report];
        let mut register = Register::new(framework, &territories);
        if let Some(path) = there("jobs.csv") {
            let (jobs, report) = Jobs::read(&path, framework)?;
            register = register.with_jobs(&Arc::new(jobs));
            reports.push(report);
        }
        reports.push(register.read_sensors(&sensors)?);
        let lookup = Lookup::build(framework)?;
        reports.push(register.read_needs(&needs, framework, &lookup, &Run::new())?);
        let mut conditions = BTreeMap::new();
        if let Some(path) = there("post_conditions.csv") {
            let read = read_conditions(&path, &register)?;
            conditions = read.0;
            reports.push(read.1);
        }
        let mut travel = Travel::default();
        if let Some(path) = there("travel.csv") {
            let read = Travel::read(&path, &territories)?;
            travel = read.0;
            reports.push(read.1);
        }
        let mut limits = vec![Limits::default(); people.len()];
        if let Some(path) = there("people_attributes.csv") {
            let read = read_limits(&path, people.people(), &territories)?;
            limits = read.0;
            reports.push(read.1);
        }
        if let Some(path) = there("pools.csv") {
            let report = read_pool_limits(&path, people.people(), &territories, &mut limits)?;
            reports.push(report);
        }
        let mut scenarios = Vec::new();
        if let Some(path) = there("scenarios.csv") {
            let read = Scenario::read(&path, framework)?;
            scenarios = read.0;
            reports.push(read.1);
        }
        Ok(Some(Self { territories, register, travel, limits, conditions, scenarios, reports }))
    }

    /// What a vacancy demands beside skills, as [`Conditions::of_vacancy`] has it.
    pub fn conditions_of(&self, vacancy: &SeenVacancy) -> Conditions {
        Conditions::of_vacancy(vacancy, &self.conditions, &self.territories)
    }

    /// The best `k` people for each vacancy that requires something, in their order: by skills
    /// alone, among those whom nothing sets aside that a post demands beside skills.
    ///
    /// # Errors
    ///
    /// Those of [`Picture::vacancy_targets`] and [`candidates`].
    pub fn best_people(
        &self,
        picture: &Picture,
        held: &Held,
        k: usize,
        eligibility: Eligibility,
        run: &Run,
    ) -> Result<Vec<(SeenVacancy, Candidates)>> {
        let (vacancies, targets) = picture.vacancy_targets(&self.register)?;
        let posts: Vec<Conditions> = vacancies.iter().map(|one| self.conditions_of(one)).collect();
        let filters = (&*self.limits, &*posts);
        let ways = (&self.travel, &*self.territories);
        let found = candidates(held, &targets, k, filters, ways, eligibility, run)?;
        Ok(vacancies.into_iter().zip(found).collect())
    }

    /// A scenario by its name.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the name most like it.
    pub fn scenario(&self, name: &str) -> Result<&Scenario> {
        self.scenarios.iter().find(|scenario| scenario.name() == name).ok_or_else(|| {
            let mut names = Ids::new();
            for scenario in &self.scenarios {
                // Too many names would only cost the hint.
                let _ = names.insert(scenario.name());
            }
            Error::unknown("scenario", name, &names)
        })
    }
}
