//! What a hub answers: the library's own types, as JSON.

use passerelle::Run;
use passerelle::gap::Eligibility;
use passerelle::hub::recruitment::{Grouping, Picture, TerritoryGroups};
use passerelle::hub::skill::{
    Conditions, MapBy, PeopleGroups, Reach, SkillMap, balance, bridges, bridges_from_occupation,
    candidates, eligible_people, exclusions, tension,
};
use passerelle::hub::training::Offer;
use passerelle::hub::training::pathway::{Asked, PathwayOptions, pathway};
use passerelle::hub::training::uncovered::{UncoveredOptions, uncovered};
use passerelle::hub::{Overview, Region};
use serde::Serialize;
use serde_json::{Value, json};

use super::OpenHub;
use super::ask::{Ask, By};
use crate::status::{Fault, Status};

fn value(of: impl Serialize) -> Result<Value, Fault> {
    serde_json::to_value(of).map_err(|error| Fault::new(Status::Internal, error.to_string()))
}

impl OpenHub {
    /// The answer to a question.
    pub fn answer(&self, ask: &Ask, run: &Run) -> Result<Value, Fault> {
        let framework = &self.framework.framework;
        let required = framework.required();
        let eligibility = Eligibility::default();
        match ask {
            Ask::Overview { k } => {
                let seen = Overview::of(framework, &self.held, *k, eligibility, run)?;
                Ok(json!({
                    "people": self.held.len(),
                    "best_coverage": seen.best_coverage,
                    "eligible": seen.eligible,
                    "to_ask": seen.to_ask,
                    "unmatched": seen.unmatched,
                    "occupations": seen.occupations,
                    "missing": seen.missing,
                }))
            }
            Ask::Needs { by, territories } => {
                let (region, picture) = self.recruitment()?;
                let grouping = Grouping {
                    sector: by.contains(&By::Sector),
                    occupation: by.contains(&By::Occupation),
                    horizon: by.contains(&By::Horizon),
                };
                let areas = areas(region, territories.as_deref())?;
                value(picture.consolidated(&region.register, &grouping, &areas))
            }
            Ask::Vacancies {} => {
                let (region, picture) = self.recruitment()?;
                value(picture.vacancies(&region.register))
            }
            Ask::Tension { territories } => {
                let (region, picture) = self.recruitment()?;
                let areas = areas(region, territories.as_deref())?;
                let groups = people_of(region, &areas)?;
                let people = eligible_people(&self.held, required, &groups, eligibility, run)?;
                value(tension(picture, &region.register, &areas, &people)?)
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
                Ok(json!({"groups": groups, "skills": balance(&wanted, &held)?}))
            }
            Ask::Bridges { occupation, person } => match (occupation, person) {
                (Some(id), None) => {
                    let from = required.position(id)?;
                    value(bridges_from_occupation(required, from, None, Reach::default())?)
                }
                (None, Some(id)) => {
                    let row = self.held.row(self.held.position(id)?);
                    value(bridges(row, required, None, None, Reach::default())?)
                }
                _ => {
                    let message = "`question`: give `occupation` or `person`, and not both";
                    Err(Fault::new(Status::Argument, message))
                }
            },
            Ask::Exclusions { occupation } => {
                let target = required.position(occupation)?;
                value(exclusions(&self.held, required, target, eligibility, run)?)
            }
            Ask::Candidates { k } => self.candidates(*k, run),
            Ask::Uncovered { needs } => {
                let mut counts = vec![0; required.len()];
                for (id, &count) in needs {
                    counts[required.position(id)? as usize] = count;
                }
                let options = UncoveredOptions::default();
                value(uncovered(self.offer()?, required, &counts, &options)?)
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
                Ok(json!({"modules": modules, "pathway": found}))
            }
        }
    }

    /// The best people for each vacancy, as the command finds them.
    fn candidates(&self, k: usize, run: &Run) -> Result<Value, Fault> {
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
        let both = both.map(|(vacancy, found)| json!({"vacancy": vacancy, "candidates": found}));
        value(both.collect::<Vec<_>>())
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
