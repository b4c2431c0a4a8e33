//! Groups of people: by territory, by public, by training followed.

use std::ops::Range;

use crate::error::{Error, Result};
use crate::hub::recruitment::TerritoryGroups;
use crate::text::Ids;

/// Groups of people, many to many: publics overlap, and someone may have followed two trainings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleGroups {
    names: Ids,
    members: Vec<Vec<u32>>,
}

impl PeopleGroups {
    /// No groups.
    pub fn new() -> Self {
        Self::default()
    }

    /// One group of everyone.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] never for one name.
    pub fn everyone(people: usize) -> Result<Self> {
        let mut groups = Self::new();
        groups.group("")?;
        groups.members[0] = (0u32..).take(people).collect();
        Ok(groups)
    }

    /// People by the groups of territories that theirs is in; `None` for people whose territory is
    /// not known, who are in no group. Every group is there, with or without people.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] never for groups that are there.
    pub fn by_territory(
        territories: &TerritoryGroups,
        of_person: impl IntoIterator<Item = Option<u32>>,
    ) -> Result<Self> {
        let mut groups = Self::new();
        for name in territories.names().iter() {
            groups.group(name)?;
        }
        for (person, territory) in (0u32..).zip(of_person) {
            if territories.of.is_none() {
                groups.members[0].push(person);
            } else if let Some(territory) = territory {
                for &group in territories.of(territory) {
                    groups.members[group as usize].push(person);
                }
            }
        }
        Ok(groups)
    }

    /// Adds a group, empty yet; adding it again changes nothing.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] past 2³¹ − 1 groups.
    pub fn group(&mut self, name: &str) -> Result<u32> {
        let (group, new) = self.names.insert(name)?;
        if new {
            self.members.push(Vec::new());
        }
        Ok(group)
    }

    /// Adds a person, by position, to a group, which is added when it is new.
    ///
    /// # Errors
    ///
    /// As [`PeopleGroups::group`].
    pub fn add(&mut self, name: &str, person: u32) -> Result<()> {
        let group = self.group(name)? as usize;
        if let Err(at) = self.members[group].binary_search(&person) {
            self.members[group].insert(at, person);
        }
        Ok(())
    }

    /// The groups' names.
    pub fn names(&self) -> &Ids {
        &self.names
    }

    /// The people of a group, ascending.
    pub fn members(&self, group: u32) -> &[u32] {
        &self.members[group as usize]
    }

    /// The people of each group who are among some, ascending.
    pub(super) fn among(&self, some: &Range<usize>) -> Vec<&[u32]> {
        let of_group = |members: &Vec<u32>| {
            let before = |end| members.partition_point(|&person| (person as usize) < end);
            before(some.start)..before(some.end)
        };
        self.members.iter().map(|members| &members[of_group(members)]).collect()
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The groups of each person, as rounds in which everyone is in one group at most; `u32::MAX`
    /// for none.
    pub(super) fn rounds(&self, people: usize) -> Vec<Vec<u32>> {
        let mut rounds: Vec<Vec<u32>> = Vec::new();
        let mut seen = vec![0usize; people];
        for (group, members) in (0u32..).zip(&self.members) {
            for &person in members {
                let round = &mut seen[person as usize];
                if rounds.len() == *round {
                    rounds.push(vec![u32::MAX; people]);
                }
                rounds[*round][person as usize] = group;
                *round += 1;
            }
        }
        rounds
    }

    /// Refuses people who are not there.
    pub(super) fn check(&self, people: usize) -> Result<()> {
        let beyond = self.members.iter().flatten().find(|&&person| person as usize >= people);
        match beyond {
            None => Ok(()),
            Some(person) => {
                Err(Error::argument("groups", person, format!("people below {people}")))
            }
        }
    }
}
