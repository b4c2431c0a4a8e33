//! What may be shown of the people whom the module counts: by area and in all areas together, hidden
//! as one, so that no difference tells of few people.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::tension::eligible_of_each;
use super::{
    Balance, Candidate, Candidates, Filter, MapBy, PeopleGroups, SkillMap, Tension, balance,
    tension,
};
use crate::error::Result;
use crate::framework::Framework;
use crate::gap::Eligibility;
use crate::hub::recruitment::{Cause, Picture, Positions, Register, TerritoryGroups};
use crate::hub::{Region, Scenario};
use crate::matrix::Held;
use crate::run::Run;
use crate::trust::{Rules, ShownParts, shown, some_parts_shown};

/// The areas of a region, and who lives where.
#[derive(Clone, Debug)]
pub struct Areas {
    areas: TerritoryGroups,
    everywhere: TerritoryGroups,
    by_area: PeopleGroups,
    together: PeopleGroups,
}

/// Rows by area, and for all areas together.
#[derive(Clone, Debug, PartialEq)]
pub struct ByArea<T> {
    /// Rows of each area.
    pub apart: Vec<T>,
    /// Rows of the whole region.
    pub together: Vec<T>,
    /// How many counts of people by area are hidden, those counted of which nothing is needed.
    pub hidden: u64,
}

/// A [`Tension`] as far as it may be shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownTension {
    /// The group of territories.
    pub territory: String,
    /// The occupation's position.
    pub occupation: u32,
    /// Positions needed.
    pub positions: Positions,
    /// People of the group who are eligible for it; `None` where that is hidden.
    pub people: Option<u64>,
    /// Estimated positions for each person; `None` where there is nobody, and where people are
    /// hidden.
    pub ratio: Option<f64>,
    /// Estimated positions by cause, for the causes that are stated.
    pub causes: BTreeMap<Cause, u64>,
    /// Estimated positions whose cause nobody states.
    pub no_cause: u64,
    /// Estimated positions whose cause is, among others, skills: only these call for training.
    pub calls_for_training: u64,
}

/// A [`Balance`] as far as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ShownBalance {
    /// The group's position among the areas; 0 for all together.
    pub group: u32,
    /// The skill's position on the axis.
    pub skill: u32,
    /// Positions that require it.
    pub required: u64,
    /// People who hold it above level 0; `None` where that is hidden.
    pub holders: Option<u64>,
    /// People whose profiles are silent on it; `None` where that is hidden.
    pub silent: Option<u64>,
    /// Positions for which nobody is left who holds it; hidden with the holders.
    pub shortage: Option<u64>,
    /// People who are left when every position is filled; hidden with the holders.
    pub surplus: Option<u64>,
}

/// Balances as far as they may be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownBalances {
    /// By area and together; by group, then by skill.
    pub rows: ByArea<ShownBalance>,
    /// The skills that are short of people in the region, the most first: their order is told even
    /// where the figures are hidden.
    pub in_shortage: Vec<u32>,
    /// The skills that the region requires or holds, those with most people left first.
    pub by_surplus: Vec<u32>,
}

/// [`Candidates`] as far as it may be shown how many they are.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownCandidates<'c> {
    /// Those within every filter, the best first: the people that are looked for.
    pub best: &'c [Candidate],
    /// How many people share a skill with the target.
    pub considered: Option<u64>,
    /// Of these, how many each filter sets aside.
    pub set_aside: BTreeMap<Filter, Option<u64>>,
}

impl Areas {
    /// Groups of territories, and the territory of each person; `None` where it is not known.
    ///
    /// # Errors
    ///
    /// As [`PeopleGroups::by_territory`].
    pub fn new(areas: TerritoryGroups, of_person: &[Option<u32>]) -> Result<Self> {
        let everywhere = TerritoryGroups::everywhere();
        let people = |groups| PeopleGroups::by_territory(groups, of_person.iter().copied());
        let (by_area, together) = (people(&areas)?, people(&everywhere)?);
        Ok(Self { areas, everywhere, by_area, together })
    }

    /// The territories of one kind, such as employment areas.
    ///
    /// # Errors
    ///
    /// As [`TerritoryGroups::of_kind`].
    pub fn of_kind(region: &Region, kind: &str) -> Result<Self> {
        let places: Vec<_> = region.limits.iter().map(|limits| limits.territory).collect();
        Self::new(TerritoryGroups::of_kind(&region.territories, kind)?, &places)
    }

    /// The areas.
    pub fn groups(&self) -> &TerritoryGroups {
        &self.areas
    }

    /// All areas together, and whatever else is in the region.
    pub fn everywhere(&self) -> &TerritoryGroups {
        &self.everywhere
    }

    /// Who lives in which area.
    pub fn people(&self) -> &PeopleGroups {
        &self.by_area
    }

    /// Everyone, wherever they live.
    pub fn everyone(&self) -> &PeopleGroups {
        &self.together
    }

    /// [`tension()`] in each area and in the region, people hidden as one.
    ///
    /// # Errors
    ///
    /// Those of [`eligible_people`](super::eligible_people) and [`tension()`].
    pub fn tension(
        &self,
        (register, picture): (&Register, &Picture),
        held: &Held,
        eligibility: Eligibility,
        run: &Run,
    ) -> Result<ByArea<ShownTension>> {
        let both = [&self.by_area, &self.together];
        let [people, all] = eligible_of_each(held, register.required(), both, eligibility, run)?;
        let may_show: Vec<ShownParts> = people
            .columns()
            .into_iter()
            .zip(&all)
            .map(|(column, &whole)| some_parts_shown(whole, &column.to_vec(), Rules::default()))
            .collect::<Result<_>>()?;
        let apart = tension(picture, register, &self.areas, &people)?.into_iter().map(|row| {
            let area = self.areas.names().position(&row.territory).unwrap_or(0);
            let people = may_show[row.occupation as usize].parts[area as usize];
            row.shown(people)
        });
        let apart = apart.collect();
        let together = tension(picture, register, &self.everywhere, &all)?.into_iter();
        let together = together.map(|row| {
            let people = may_show[row.occupation as usize].whole;
            row.shown(people)
        });
        Ok(ByArea { apart, together: together.collect(), hidden: hidden(&may_show) })
    }

    /// [`balance()`] in each area and in the region, people hidden as one; with a scenario supposed.
    ///
    /// # Errors
    ///
    /// Those of [`SkillMap::required`], [`SkillMap::held`] and [`balance()`].
    pub fn balance(
        &self,
        (register, picture): (&Register, &Picture),
        framework: &Framework,
        held: &Held,
        scenario: Option<&Scenario>,
        run: &Run,
    ) -> Result<ShownBalances> {
        let rows = |groups: &TerritoryGroups, people: &PeopleGroups| {
            let by = MapBy::Territory;
            let asked = SkillMap::required(picture, register, framework, by, groups, scenario)?;
            balance(&asked, &SkillMap::held(held, people, run)?)
        };
        let apart = rows(&self.areas, &self.by_area)?;
        let mut together = rows(&self.everywhere, &self.together)?;
        let holders = self.beside_each_other(framework, &apart, &together, |row| row.holders)?;
        let silent = self.beside_each_other(framework, &apart, &together, |row| row.silent)?;
        let apart = apart.iter().map(|row| {
            let (skill, area) = (row.skill as usize, row.group as usize);
            row.shown(holders[skill].parts[area], silent[skill].parts[area])
        });
        let shown = together.iter().map(|row| {
            let skill = row.skill as usize;
            row.shown(holders[skill].whole, silent[skill].whole)
        });
        let hidden = hidden(&holders);
        let rows = ByArea { apart: apart.collect(), together: shown.collect(), hidden };
        together.sort_by_key(|row| (Reverse(row.surplus), row.skill));
        let by_surplus = together.iter().map(|row| row.skill).collect();
        together.retain(|row| row.shortage > 0);
        together.sort_by_key(|row| (Reverse(row.shortage), row.skill));
        let in_shortage = together.iter().map(|row| row.skill).collect();
        Ok(ShownBalances { rows, in_shortage, by_surplus })
    }

    /// A count of people for each skill, by area beside all together.
    fn beside_each_other(
        &self,
        framework: &Framework,
        apart: &[Balance],
        together: &[Balance],
        count: fn(&Balance) -> u64,
    ) -> Result<Vec<ShownParts>> {
        let skills = framework.axis().len();
        let mut parts = vec![vec![0; self.areas.len()]; skills];
        for row in apart {
            parts[row.skill as usize][row.group as usize] = count(row);
        }
        let mut wholes = vec![0; skills];
        for row in together {
            wholes[row.skill as usize] = count(row);
        }
        let both = wholes.iter().zip(&parts);
        both.map(|(&whole, parts)| some_parts_shown(whole, parts, Rules::default())).collect()
    }
}

fn hidden(shown: &[ShownParts]) -> u64 {
    shown.iter().flat_map(|one| &one.parts).filter(|count| count.is_none()).count() as u64
}

impl Tension {
    /// What may be shown of it beside as many people; the ratio would tell how many they are.
    pub fn shown(self, people: Option<u64>) -> ShownTension {
        let Self { territory, occupation, positions, ratio, causes, no_cause, .. } = self;
        let (ratio, calls_for_training) =
            (ratio.filter(|_| people.is_some()), self.calls_for_training);
        ShownTension {
            territory,
            occupation,
            positions,
            people,
            ratio,
            causes,
            no_cause,
            calls_for_training,
        }
    }
}

impl Balance {
    /// What may be shown of it beside as many holders, and as many of whom the profile is silent.
    pub fn shown(&self, holders: Option<u64>, silent: Option<u64>) -> ShownBalance {
        let (shortage, surplus) = self.beside(holders);
        let Self { group, skill, required, .. } = *self;
        ShownBalance { group, skill, required, holders, silent, shortage, surplus }
    }
}

impl Candidates {
    /// Who they are, and how many there were to choose from as far as it may be shown.
    pub fn shown(&self) -> ShownCandidates<'_> {
        let lone = |count| shown(count, Rules::default());
        ShownCandidates {
            best: &self.best,
            considered: lone(self.considered),
            set_aside: self
                .set_aside
                .iter()
                .map(|(&filter, &count)| (filter, lone(count)))
                .collect(),
        }
    }
}
