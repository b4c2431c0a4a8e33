//! Candidates from several pools, each person once; filters that are reported and never scored.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::reach_file::ConditionsOf;
use super::travel::Travel;
use crate::error::{Error, Result};
use crate::gap::{Eligibility, Standing, Status};
use crate::hub::Territories;
use crate::hub::recruitment::SeenVacancy;
use crate::matrix::{Held, Required};
use crate::profile::Profiles;
use crate::rank::{Coverage, people_for_targets};
use crate::run::Run;
use crate::skill::{Date, SkillAxis, named};

/// Profiles from several pools: an employment service, a portfolio platform, a temporary agency.
///
/// A person who is in several pools is there once, with all evidence of all of them: pools that
/// share pseudonyms say so by using them, and others bring a table. Which evidence of a skill counts
/// is decided as within one pool.
///
/// # Example
///
/// ```
/// use std::collections::BTreeMap;
/// use std::sync::Arc;
/// use passerelle::hub::skill::Pools;
/// use passerelle::{EvidenceKind, HeldSkill, LevelScale, Profiles, SkillAxis};
///
/// let scale = LevelScale::new("steps", 4)?;
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", scale, ["weld", "read"])?);
/// let pool = |person: &str, skill: &str| {
///     let mut people = Profiles::builder(&axis);
///     let (skill, evidence) = (skill.to_owned(), EvidenceKind::Declared);
///     people.evidence(person, &HeldSkill { skill, level: 2, evidence, date: None, assessor: None })?;
///     Ok::<_, passerelle::Error>(people.build())
/// };
/// let mut pools = Pools::new(&axis);
/// pools.add("service", &pool("p1", "weld")?, &BTreeMap::new())?;
/// let same = BTreeMap::from([("x9".to_owned(), "p1".to_owned())]);
/// pools.add("platform", &pool("x9", "read")?, &same)?;
/// let (people, pools_of) = pools.build()?;
/// assert_eq!((people.len(), pools_of[0].len()), (1, 2), "one person, in two pools");
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Pools {
    axis: Arc<SkillAxis>,
    people: BTreeMap<String, (BTreeSet<String>, crate::profile::Profile)>,
}

impl Pools {
    /// No pools, on an axis.
    pub fn new(axis: &Arc<SkillAxis>) -> Self {
        Self { axis: Arc::clone(axis), people: BTreeMap::new() }
    }

    /// Adds a pool. `same_as` gives, for pseudonyms of this pool, those that the others know the
    /// person by. The same evidence told by two pools counts once.
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`].
    pub fn add(
        &mut self,
        name: &str,
        profiles: &Profiles,
        same_as: &BTreeMap<String, String>,
    ) -> Result<()> {
        self.axis.check_same(profiles.axis())?;
        for person in (0u32..).take(profiles.len()) {
            let profile = profiles.profile(person);
            let id = same_as.get(&profile.person).unwrap_or(&profile.person).clone();
            let (pools, known) = self.people.entry(id.clone()).or_default();
            known.person = id;
            pools.insert(name.to_owned());
            for held in profile.held {
                if !known.held.contains(&held) {
                    known.held.push(held);
                }
            }
            for target in profile.assessed_in_full {
                if !known.assessed_in_full.contains(&target) {
                    known.assessed_in_full.push(target);
                }
            }
        }
        Ok(())
    }

    /// Everyone once, in the order of their ids, and the pools that each is in: the same in
    /// whatever order the pools were added.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] past 2³¹ − 1 people.
    pub fn build(self) -> Result<(Profiles, Vec<BTreeSet<String>>)> {
        let mut builder = Profiles::builder(&self.axis);
        let mut pools_of = Vec::with_capacity(self.people.len());
        for (pools, profile) in self.people.into_values() {
            builder.add(&profile)?;
            pools_of.push(pools);
        }
        Ok((builder.build(), pools_of))
    }
}

/// What a person can reach: it filters and is reported, and no score sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
}

/// One candidate for a target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// The person's position.
    pub person: u32,
    /// The coverage of the target's requirements: skills alone.
    pub score: f32,
    /// Whether the person is eligible, as far as the profile tells.
    pub status: Status,
    /// Whether blocking requirements alone keep the person out.
    pub licence_alone: bool,
    /// The standing.
    pub standing: Standing,
    /// Filters that could not be asked, because one side is silent.
    pub to_ask: Vec<Filter>,
}

/// The best candidates for a target, and who was set aside by what.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidates {
    /// Those within every filter, the best first, ties to the lower position.
    pub best: Vec<Candidate>,
    /// How many people share a skill with the target.
    pub considered: u64,
    /// Of these, how many each filter sets aside; someone may fail several.
    pub set_aside: BTreeMap<Filter, u64>,
    /// Of these, how many fail one filter at least.
    pub outside: u64,
}

/// The best `k` people for each target, by skills alone, among those whom no filter sets aside.
///
/// `limits` has one entry for each person and `posts` one for each target. A filter on which either
/// side is silent sets nobody aside and is listed on the candidate. O(people × targets) at worst.
///
/// # Errors
///
/// [`Error::ArrayLength`] unless they do, and those of [`people_for_targets`].
pub fn candidates(
    held: &Held,
    required: &Required,
    k: usize,
    (limits, posts): (&[Limits], &[Conditions]),
    (travel, places): (&Travel, &Territories),
    eligibility: Eligibility,
    run: &Run,
) -> Result<Vec<Candidates>> {
    for (array, length, expected) in
        [("limits", limits.len(), held.len()), ("posts", posts.len(), required.len())]
    {
        if length != expected {
            let (length, expected) = (length as u64, expected as u64);
            return Err(Error::ArrayLength { array, length, expected });
        }
    }
    let ranking = people_for_targets(held, required, held.len().max(1), &Coverage, run)?;
    // Observed as a part of the ranking, or not at all.
    let run = run.unobserved();
    let count = run.count("targets", required.len() as u64);
    let of_target = |target: u32| {
        count.go_on()?;
        let post = &posts[target as usize];
        let mut found =
            Candidates { best: Vec::new(), considered: 0, set_aside: BTreeMap::new(), outside: 0 };
        for result in ranking.row(target as usize) {
            let person = result.position;
            found.considered += 1;
            let (mut outside, mut to_ask) = (false, Vec::new());
            for &filter in Filter::ALL {
                match filter.passes(&limits[person as usize], post, travel, places) {
                    Some(true) => {}
                    Some(false) => {
                        *found.set_aside.entry(filter).or_default() += 1;
                        outside = true;
                    }
                    None => to_ask.push(filter),
                }
            }
            found.outside += u64::from(outside);
            if !outside && found.best.len() < k {
                let standing = Standing::of(held.row(person), required.row(target));
                found.best.push(Candidate {
                    person,
                    score: result.score,
                    status: standing.status(eligibility),
                    licence_alone: standing.blocked_only(eligibility),
                    standing,
                    to_ask,
                });
            }
        }
        Ok(found)
    };
    // Id tables hold no more.
    let targets = u32::try_from(required.len()).unwrap_or(u32::MAX);
    run.install(|| (0..targets).into_par_iter().map(of_target).collect())
}
