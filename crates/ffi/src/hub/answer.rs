//! What a hub answers: the library's own types, as JSON.

use passerelle::Run;
use passerelle::gap::Eligibility;
use passerelle::hub::recruitment::{Consolidated, Grouping, Picture, SeenVacancy, TerritoryGroups};
use passerelle::hub::skill::{
    Balance, Candidates, Conditions, MapBy, PeopleGroups, Reach, SkillMap, balance, bridges,
    bridges_from_occupation, candidates, eligible_people, exclusions, tension,
};
use passerelle::hub::training::Offer;
use passerelle::hub::training::pathway::{Asked, Pathway, PathwayOptions, pathway};
use passerelle::hub::training::uncovered::{UncoveredOptions, uncovered};
use passerelle::hub::{MissingSkill, OccupationView, Overview, Region};
use serde::Serialize;

use super::OpenHub;
use super::ask::{Ask, By};
use crate::status::{Fault, Status};
use crate::text::{Text, of_json};

/// How far everyone is from the nearest jobs.
#[derive(Serialize)]
struct Far<'a> {
    people: usize,
    /// At the 10th, 25th, 50th, 75th and 90th percentile of people.
    best_coverage: [f32; 5],
    eligible: u64,
    to_ask: u64,
    unmatched: u64,
    occupations: &'a [OccupationView],
    missing: &'a [MissingSkill],
}

/// A row of needs, with what follows from its causes.
#[derive(Serialize)]
struct Needed<'a> {
    #[serde(flatten)]
    row: &'a Consolidated,
    calls_for_training: u64,
}

/// Required beside held; `group` is a place in `groups`.
#[derive(Serialize)]
struct Balances<'a> {
    groups: Vec<&'a str>,
    skills: Vec<Balance>,
}

#[derive(Serialize)]
struct BestPeople<'a> {
    vacancy: &'a SeenVacancy,
    candidates: &'a Candidates,
}

/// A pathway, with the ids of its modules in their order.
#[derive(Serialize)]
struct Modules<'a> {
    modules: Vec<&'a str>,
    pathway: &'a Pathway,
}

impl OpenHub {
    /// The answer to a question.
    pub fn answer(&self, ask: &Ask, run: &Run) -> Result<Text, Fault> {
        let framework = &self.framework.framework;
        let required = framework.required();
        let eligibility = Eligibility::default();
        match ask {
            Ask::Overview { k } => {
                let seen = Overview::of(framework, &self.held, *k, eligibility, run)?;
                of_json(&Far {
                    people: self.held.len(),
                    best_coverage: seen.best_coverage,
                    eligible: seen.eligible,
                    to_ask: seen.to_ask,
                    unmatched: seen.unmatched,
                    occupations: &seen.occupations,
                    missing: &seen.missing,
                })
            }
            Ask::Needs { by, territories } => {
                let (region, picture) = self.recruitment()?;
                let grouping = Grouping {
                    sector: by.contains(&By::Sector),
                    occupation: by.contains(&By::Occupation),
                    horizon: by.contains(&By::Horizon),
                };
                let areas = areas(region, territories.as_deref())?;
                let rows = picture.consolidated(&region.register, &grouping, &areas);
                let needed = rows
                    .iter()
                    .map(|row| Needed { row, calls_for_training: row.calls_for_training() });
                of_json(&needed.collect::<Vec<_>>())
            }
            Ask::Vacancies {} => {
                let (region, picture) = self.recruitment()?;
                of_json(&picture.vacancies(&region.register))
            }
            Ask::Tension { territories } => {
                let (region, picture) = self.recruitment()?;
                let areas = areas(region, territories.as_deref())?;
                let groups = people_of(region, &areas)?;
                let people = eligible_people(&self.held, required, &groups, eligibility, run)?;
                of_json(&tension(picture, &region.register, &areas, &people)?)
            }
            Ask::Balance { territories, scenario } => {
                let (region, picture) = self.recruitment()?;
                let areas = areas(region, territories.as_deref())?;
                let scenario = scenario.as_deref().map(|name| region.scenario(name)).transpose()?;
                let (register, by) = (&region.register, MapBy::Territory);
                let wanted =
                    SkillMap::required(picture, register, framework, by, &areas, scenario)?;
                let held = SkillMap::held(&self.held, &people_of(region, &areas)?, run)?;
                let groups: Vec<&str> = areas.names().iter().collect();
                of_json(&Balances { groups, skills: balance(&wanted, &held)? })
            }
            Ask::Bridges { occupation, person } => match (occupation, person) {
                (Some(id), None) => {
                    let from = required.position(id)?;
                    of_json(&bridges_from_occupation(required, from, None, Reach::default())?)
                }
                (None, Some(id)) => {
                    let row = self.held.row(self.held.position(id)?);
                    of_json(&bridges(row, required, None, None, Reach::default())?)
                }
                _ => {
                    let message = "`question`: give `occupation` or `person`, and not both";
                    Err(Fault::new(Status::Argument, message))
                }
            },
            Ask::Exclusions { occupation } => {
                let target = required.position(occupation)?;
                of_json(&exclusions(&self.held, required, target, eligibility, run)?)
            }
            Ask::Candidates { k } => self.candidates(*k, run),
            Ask::Uncovered { needs } => {
                let mut counts = vec![0; required.len()];
                for (id, &count) in needs {
                    counts[required.position(id)? as usize] = count;
                }
                let options = UncoveredOptions::default();
                of_json(&uncovered(self.offer()?, required, &counts, &options)?)
            }
            Ask::Pathway { person, target, coverage } => {
                let held = self.held.row(self.held.position(person)?);
                let target = required.row(required.position(target)?);
                let asked = coverage.map_or(Asked::Full, Asked::Coverage);
                let options = PathwayOptions { asked, ..PathwayOptions::default() };
                let offer = self.offer()?;
                let found = pathway(offer, held, target, &options)?;
                let ids = offer.module_ids();
                let modules: Vec<&str> = found.modules().iter().map(|&at| &ids[at]).collect();
                of_json(&Modules { modules, pathway: &found })
            }
        }
    }

    /// The best people for each vacancy, as the command finds them.
    fn candidates(&self, k: usize, run: &Run) -> Result<Text, Fault> {
        let (region, picture) = self.recruitment()?;
        let (vacancies, targets) = picture.vacancy_targets(&region.register)?;
        let post = |territory: &str| Conditions {
            territory: region.territories.ids().position(territory),
            ..Conditions::default()
        };
        let posts: Vec<Conditions> = vacancies.iter().map(|one| post(&one.territory)).collect();
        let found = candidates(
            &self.held,
            &targets,
            k,
            (&region.limits, &posts),
            (&region.travel, &region.territories),
            Eligibility::default(),
            run,
        )?;
        let both = vacancies.iter().zip(&found);
        let both = both.map(|(vacancy, candidates)| BestPeople { vacancy, candidates });
        of_json(&both.collect::<Vec<_>>())
    }

    fn recruitment(&self) -> Result<(&Region, &Picture), Fault> {
        let (region, picture) = self.recruitment.as_ref().ok_or_else(|| {
            let message = "the hub's folder has no needs; add territories.csv, sensors.csv and \
                           needs.csv to it";
            Fault::new(Status::Argument, message)
        })?;
        Ok((region, picture))
    }

    fn offer(&self) -> Result<&Offer, Fault> {
        let offer = self.training.as_ref().map(|(offer, _)| offer);
        offer.ok_or_else(|| {
            let message = "the hub's folder has no training on offer; add training/ to it";
            Fault::new(Status::Argument, message)
        })
    }
}

fn areas(region: &Region, kind: Option<&str>) -> Result<TerritoryGroups, Fault> {
    Ok(match kind {
        Some(kind) => TerritoryGroups::of_kind(&region.territories, kind)?,
        None => TerritoryGroups::everywhere(),
    })
}

fn people_of(region: &Region, areas: &TerritoryGroups) -> Result<PeopleGroups, Fault> {
    let places = region.limits.iter().map(|limits| limits.territory);
    Ok(PeopleGroups::by_territory(areas, places)?)
}
