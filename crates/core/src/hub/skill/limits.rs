//! What people can reach and what posts demand beside skills: filters that are reported and never
//! scored.

use std::hash::Hash;

use hashbrown::HashMap;
use rayon::prelude::*;
use serde::Serialize;

use super::reach_file::ConditionsOf;
use super::travel::Travel;
use crate::error::Result;
use crate::hub::Territories;
use crate::hub::recruitment::SeenVacancy;
use crate::run::Run;
use crate::skill::{Date, named};

/// What a person can reach: it filters and is reported, and no score sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Where the person lives: a territory's position.
    pub territory: Option<u32>,
    /// From when on.
    pub available_from: Option<Date>,
    /// The longest way to work, in minutes.
    pub max_minutes: Option<u32>,
    /// The modes of transport at hand, such as `car`, `public`.
    pub modes: Vec<String>,
    /// The fewest and the most hours a week.
    pub hours: Option<(u16, u16)>,
    /// The kinds of contract accepted; empty: nothing is known.
    pub contracts: Vec<String>,
}

impl Limits {
    /// Takes over what `other` states of what is not known.
    pub fn complete(&mut self, other: Self) {
        self.territory = self.territory.or(other.territory);
        self.available_from = self.available_from.or(other.available_from);
        self.max_minutes = self.max_minutes.or(other.max_minutes);
        self.hours = self.hours.or(other.hours);
        for (own, other) in [(&mut self.modes, other.modes), (&mut self.contracts, other.contracts)]
        {
            if own.is_empty() {
                *own = other;
            }
        }
    }
}

/// What a post demands beside skills.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Conditions {
    /// Where the work is: a territory's position.
    pub territory: Option<u32>,
    /// When it begins.
    pub start: Option<Date>,
    /// Hours a week.
    pub hours: Option<u16>,
    /// The kind of contract.
    pub contract: Option<String>,
}

impl Conditions {
    /// What a vacancy demands beside skills: where it is, and of the rest the first that one of its
    /// reports states.
    pub fn of_vacancy(vacancy: &SeenVacancy, stated: &ConditionsOf, places: &Territories) -> Self {
        let territory = places.ids().position(&vacancy.territory);
        let mut all = Self { territory, ..Self::default() };
        for stated in vacancy.reports.iter().filter_map(|report| stated.get(report)) {
            all.complete(stated);
        }
        all
    }

    /// Takes over what `other` states of what is not known.
    pub fn complete(&mut self, other: &Self) {
        self.territory = self.territory.or(other.territory);
        self.start = self.start.or(other.start);
        self.hours = self.hours.or(other.hours);
        self.contract = self.contract.take().or_else(|| other.contract.clone());
    }
}

/// A filter that is not skills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Filter {
    /// The person is available when the work begins.
    Availability = 0,
    /// The work is within the person's way, by one of the modes at hand.
    Travel = 1,
    /// The hours lie within those wanted.
    Hours = 2,
    /// The contract is one of those accepted.
    Contract = 3,
}

named!(Filter, "filter", {
    Availability = "availability",
    Travel = "travel",
    Hours = "hours",
    Contract = "contract",
});

impl Filter {
    /// What the filter says: `None` where either side is silent.
    pub(crate) fn passes(
        self,
        limits: &Limits,
        post: &Conditions,
        travel: &Travel,
        places: &Territories,
    ) -> Option<bool> {
        match self {
            Self::Availability => Some(limits.available_from? <= post.start?),
            Self::Travel => {
                let (from, to, most) = (limits.territory?, post.territory?, limits.max_minutes?);
                if limits.modes.is_empty() {
                    return None;
                }
                let way =
                    limits.modes.iter().filter_map(|mode| travel.minutes(places, from, to, mode));
                match way.min() {
                    Some(minutes) => Some(minutes <= most),
                    // Somewhere in the region: how far is not known.
                    None if from != to && places.lies_within(from, to) => None,
                    // A pair that is not in the table is out of reach by that mode.
                    None => Some(false),
                }
            }
            Self::Hours => {
                let (least, most) = limits.hours?;
                Some((least..=most).contains(&post.hours?))
            }
            Self::Contract => {
                let known = !limits.contracts.is_empty();
                known
                    .then_some(
                        limits.contracts.iter().any(|one| Some(one) == post.contract.as_ref()),
                    )
                    .filter(|_| post.contract.is_some())
            }
        }
    }

    /// What it looks at of a person; the rest as if nothing were known.
    fn side_of_person(self, limits: &Limits) -> Limits {
        let Limits { territory, available_from, max_minutes, hours, .. } = *limits;
        let nothing = Limits::default();
        match self {
            Self::Availability => Limits { available_from, ..nothing },
            Self::Travel => {
                Limits { territory, max_minutes, modes: limits.modes.clone(), ..nothing }
            }
            Self::Hours => Limits { hours, ..nothing },
            Self::Contract => Limits { contracts: limits.contracts.clone(), ..nothing },
        }
    }

    /// What it looks at of a post.
    fn side_of_post(self, post: &Conditions) -> Conditions {
        let Conditions { territory, start, hours, .. } = *post;
        let nothing = Conditions::default();
        match self {
            Self::Availability => Conditions { start, ..nothing },
            Self::Travel => Conditions { territory, ..nothing },
            Self::Hours => Conditions { hours, ..nothing },
            Self::Contract => Conditions { contract: post.contract.clone(), ..nothing },
        }
    }
}

/// What all filters say of a person and a post: one bit for each filter in each half.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said(u8);

impl Said {
    fn of(filter: Filter, passes: Option<bool>) -> Self {
        let bit = 1 << filter as u8;
        Self(match passes {
            Some(true) => 0,
            Some(false) => bit,
            None => bit << 4,
        })
    }

    fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether a filter sets the person aside.
    pub(super) fn sets_aside(self, filter: Filter) -> bool {
        self.0 & 1 << filter as u8 != 0
    }

    /// Whether any filter does.
    pub(super) fn is_outside(self) -> bool {
        self.0 & 0xF != 0
    }

    /// The filters that could not be asked.
    pub(super) fn to_ask(self) -> Vec<Filter> {
        let silent = |filter: &&Filter| self.0 & 1 << (**filter as u8 + 4) != 0;
        Filter::ALL.iter().filter(silent).copied().collect()
    }
}

/// What filters say of people and posts. Each is asked once for all people, and for all posts, that
/// are the same in what it looks at.
pub(super) struct Answers(Vec<Answer>);

/// What one filter says.
struct Answer {
    /// The row of each person, and the column of each post.
    of_person: Vec<u32>,
    of_post: Vec<u32>,
    /// Rows of a person's side × columns of a post's.
    said: Vec<Said>,
    columns: usize,
}

impl Answers {
    /// Asks all filters.
    pub(super) fn new(
        (limits, posts): (&[Limits], &[Conditions]),
        (travel, places): (&Travel, &Territories),
        run: &Run,
    ) -> Result<Self> {
        let answer = |&filter: &Filter| {
            let (people, of_person) = alike(limits, |limits| filter.side_of_person(limits));
            let (posts, of_post) = alike(posts, |post| filter.side_of_post(post));
            let columns = posts.len();
            run.memory().check(
                "what filters say of people and posts",
                people.len() as u64 * columns as u64,
                "take fewer people or posts at a time, or raise the memory limit",
            )?;
            let mut said = vec![Said::default(); people.len() * columns];
            run.install(|| {
                let rows = said.par_chunks_mut(columns.max(1)).zip(&people);
                rows.try_for_each(|(row, person)| {
                    run.go_on()?;
                    for (said, post) in row.iter_mut().zip(&posts) {
                        *said = Said::of(filter, filter.passes(person, post, travel, places));
                    }
                    Ok(())
                })
            })?;
            Ok(Answer { of_person, of_post, said, columns })
        };
        Filter::ALL.iter().map(answer).collect::<Result<_>>().map(Self)
    }

    /// What they say of one person and the posts from `first` on.
    pub(super) fn of(&self, person: usize, first: usize) -> impl Iterator<Item = Said> {
        let [availability, travel, hours, contract] = [0, 1, 2, 3].map(|filter: usize| {
            let Answer { of_person, of_post, said, columns } = &self.0[filter];
            let row = &said[of_person[person] as usize * columns..][..*columns];
            of_post[first..].iter().map(move |&post| row[post as usize])
        });
        let both = availability.zip(travel).zip(hours.zip(contract));
        both.map(|((a, b), (c, d))| a.and(b).and(c.and(d)))
    }
}

/// The sides of all that differ, in the order in which they come, and the place of each one's.
fn alike<T, S: Clone + Eq + Hash>(all: &[T], side: impl Fn(&T) -> S) -> (Vec<S>, Vec<u32>) {
    let mut places: HashMap<S, u32> = HashMap::new();
    let mut sides = Vec::new();
    let of = all.iter().map(|one| {
        *places.entry(side(one)).or_insert_with_key(|side| {
            sides.push(side.clone());
            // Id tables hold no more people and posts.
            u32::try_from(sides.len() - 1).unwrap_or(u32::MAX)
        })
    });
    let of = of.collect();
    (sides, of)
}
