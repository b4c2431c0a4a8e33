//! What a hub answers: the library's own types, as JSON.

use std::path::Path;

use passerelle::Run;
use passerelle::gap::Eligibility;
use passerelle::hub::recruitment::{Consolidated, Grouping, Picture, SeenVacancy, TerritoryGroups};
use passerelle::hub::report::{AREAS, Report, ReportOptions, Subject};
use passerelle::hub::skill::{
    Areas, MapBy, Reach, ShownBalance, ShownCandidates, SkillMap, bridges, bridges_from_occupation,
    exclusions, near_groups,
};
use passerelle::hub::training::Offer;
use passerelle::hub::training::pathway::{Asked, Pathway, PathwayOptions, pathway};
use passerelle::hub::training::uncovered::{UncoveredOptions, uncovered};
use passerelle::hub::{Overview, Region};
use serde::Serialize;

use super::OpenHub;
use super::ask::{Ask, By};
use crate::status::{Fault, Status};
use crate::text::{Text, of_json};

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
    skills: Vec<ShownBalance>,
}

/// Two sectors, by name, and the skills that both look for.
#[derive(Serialize)]
struct NearSectors<'a> {
    one: &'a str,
    other: &'a str,
    similarity: f64,
    shared: Vec<u32>,
}

#[derive(Serialize)]
struct BestPeople<'a> {
    vacancy: &'a SeenVacancy,
    candidates: ShownCandidates<'a>,
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
        let (framework, held) = (&*self.framework.framework, &self.contents.held);
        let required = framework.required();
        let eligibility = Eligibility::default();
        match ask {
            Ask::Overview { k } => {
                of_json(&Overview::of(framework, held, *k, eligibility, run)?.shown()?)
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
            Ask::Patterns {} => {
                let (region, picture) = self.recruitment()?;
                of_json(&picture.lately(&region.register))
            }
            Ask::Breadth { sector } => {
                let (region, picture) = self.recruitment()?;
                of_json(&picture.breadth(&region.register, sector))
            }
            Ask::Conflicts {} => of_json(&self.recruitment()?.0.register.conflicts()),
            Ask::Tension { territories } => {
                let (region, picture) = self.recruitment()?;
                let areas = Areas::of_kind(region, territories.as_deref().unwrap_or(AREAS))?;
                let found = areas.tension((&region.register, picture), held, eligibility, run)?;
                // The region alone is hidden beside its areas too: they can be asked for.
                of_json(if territories.is_some() { &found.apart } else { &found.together })
            }
            Ask::Balance { territories, scenario } => {
                let (region, picture) = self.recruitment()?;
                let areas = Areas::of_kind(region, territories.as_deref().unwrap_or(AREAS))?;
                let scenario = scenario.as_deref().map(|name| region.scenario(name)).transpose()?;
                let needs = (&region.register, picture);
                let found = areas.balance(needs, framework, held, scenario, run)?.rows;
                let (groups, skills) = match territories {
                    Some(_) => (areas.groups(), found.apart),
                    None => (areas.everywhere(), found.together),
                };
                of_json(&Balances { groups: groups.names().iter().collect(), skills })
            }
            Ask::Bridges { occupation, person } => match (occupation, person) {
                (Some(id), None) => {
                    let from = required.position(id)?;
                    of_json(&bridges_from_occupation(required, from, None, Reach::default())?)
                }
                (None, Some(id)) => {
                    let row = held.row(held.position(id)?);
                    of_json(&bridges(row, required, None, None, Reach::default())?)
                }
                _ => {
                    let message = "`question`: give `occupation` or `person`, and not both";
                    Err(Fault::new(Status::Argument, message))
                }
            },
            Ask::NearSectors { scenario } => self.near_sectors(scenario.as_deref()),
            Ask::Exclusions { occupation } => {
                let target = required.position(occupation)?;
                of_json(&exclusions(held, required, target, eligibility, run)?.shown()?)
            }
            Ask::Candidates { k } => {
                let (region, picture) = self.recruitment()?;
                let both = region.best_people(picture, held, *k, eligibility, run)?;
                let both = both.iter().map(|(vacancy, candidates)| BestPeople {
                    vacancy,
                    candidates: candidates.shown(),
                });
                of_json(&both.collect::<Vec<_>>())
            }
            Ask::Uncovered { needs } => {
                let mut counts = vec![0; required.len()];
                for (id, &count) in needs {
                    counts[required.position(id)? as usize] = count;
                }
                let options = UncoveredOptions::default();
                of_json(&uncovered(self.offer()?, required, &counts, &options)?)
            }
            Ask::Pathway { person, target, coverage } => {
                let held = held.row(held.position(person)?);
                let target = required.row(required.position(target)?);
                let asked = coverage.map_or(Asked::Full, Asked::Coverage);
                let options = PathwayOptions { asked, ..PathwayOptions::default() };
                let offer = self.offer()?;
                let found = pathway(offer, held, target, &options)?;
                let ids = offer.module_ids();
                let modules: Vec<&str> = found.modules().iter().map(|&at| &ids[at]).collect();
                of_json(&Modules { modules, pathway: &found })
            }
            Ask::Plan {} => self.seats(run),
            Ask::OpenGaps {} => self.open_gaps(run),
            Ask::Adequacy {} => self.adequacy(run),
            Ask::Indicators {} => self.indicators(run),
            Ask::CheckPlan { folder } => self.check_plan(Path::new(folder), run),
            Ask::Report { k, scenario, language, folder } => {
                let scenario = scenario.as_deref();
                let files = folder.as_deref().map(Path::new);
                self.report(&ReportOptions { k: *k, scenario, language, files }, run)
            }
        }
    }

    fn near_sectors(&self, scenario: Option<&str>) -> Result<Text, Fault> {
        let (region, picture) = self.recruitment()?;
        let scenario = scenario.map(|name| region.scenario(name)).transpose()?;
        let (framework, everywhere) = (&self.framework.framework, TerritoryGroups::everywhere());
        let (register, by) = (&region.register, MapBy::Sector);
        let sectors = SkillMap::required(picture, register, framework, by, &everywhere, scenario)?;
        let pairs = near_groups(&sectors);
        let pairs = pairs.iter().map(|pair| NearSectors {
            one: &sectors.groups()[pair.one],
            other: &sectors.groups()[pair.other],
            similarity: pair.similarity,
            shared: pair.shared.iter().map(|&(skill, _)| skill).collect(),
        });
        of_json(&pairs.collect::<Vec<_>>())
    }

    fn report(&self, options: &ReportOptions<'_>, run: &Run) -> Result<Text, Fault> {
        let Self { contents, .. } = self;
        // A hub without needs or without training has none to plan.
        let training = match contents.needs.is_some() && self.offer.is_some() {
            true => Some(self.training(run)?),
            false => None,
        };
        let subject =
            Subject { hub: &contents.hub, held: &contents.held, needs: contents.needs(), training };
        of_json(&Report::of(&subject, options, run)?)
    }

    pub(super) fn recruitment(&self) -> Result<(&Region, &Picture), Fault> {
        self.contents.needs().ok_or_else(|| {
            let message = "the hub's folder has no needs; add territories.csv, sensors.csv and \
                           needs.csv to it";
            Fault::new(Status::Argument, message)
        })
    }

    pub(super) fn offer(&self) -> Result<&Offer, Fault> {
        let offer = self.offer.as_ref().map(|(offer, _)| offer);
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
