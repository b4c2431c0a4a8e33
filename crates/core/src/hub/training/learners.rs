//! Who is to be trained for which need.

use serde::Serialize;

use super::Offer;
use super::pathway::When;
use super::plan::{Attributes, Learner};
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::gap::{Eligibility, Standing, Status};
use crate::hub::Territories;
use crate::hub::recruitment::{Cause, SeenVacancy};
use crate::hub::skill::{Conditions, Filter, Limits, Travel};
use crate::matrix::{Held, Required};
use crate::profile::Profiles;
use crate::rank::{Coverage, targets_for_people};
use crate::run::Run;
use crate::skill::Date;

/// What learners are drawn from.
#[derive(Clone, Copy, Debug)]
pub struct Draw<'d> {
    /// What people hold.
    pub held: &'d Held,
    /// What occupations require.
    pub required: &'d Required,
    /// For each person the occupation that they ask for, or `None`: the nearest one; see [`asked`].
    pub asked: &'d [Option<u32>],
    /// What each person can reach.
    pub limits: &'d [Limits],
    /// What funding rules look at, for each person.
    pub attributes: &'d [Attributes],
    /// The vacancies, as [`Picture::vacancies`](crate::hub::recruitment::Picture::vacancies) gives
    /// them.
    pub vacancies: &'d [SeenVacancy],
    /// How long ways take.
    pub travel: &'d Travel,
    /// The places of vacancies, of people's homes and of the offer.
    pub territories: &'d Territories,
    /// When someone fits already.
    pub eligibility: Eligibility,
}

/// Who is to be trained, and who is not and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Learners {
    /// Those to be trained, by round of targets, target, and the nearest first.
    #[serde(skip)]
    pub learners: Vec<Learner>,
    /// Positions that call for training: of vacancies that name an occupation and, among their
    /// causes, skills.
    pub positions: u64,
    /// Positions that call for training, by occupation's position.
    #[serde(skip)]
    pub positions_of: Vec<u64>,
    /// People who fit their target already: to be placed, not trained.
    pub fit: u64,
    /// People whose profiles say too little of their target: to be asked, not trained.
    pub to_ask: u64,
    /// People who share no skill with an occupation that calls for training.
    pub unmatched: u64,
    /// People for whom no position of their targets is left within their way.
    pub beyond: u64,
}

/// The day from which training counts: the first on which there is money, or else on which a
/// session starts.
///
/// # Errors
///
/// [`Error::Argument`] for an offer without a date.
pub fn first_day(offer: &Offer) -> Result<Date> {
    let money = offer.budgets().iter().filter_map(|budget| budget.from).min();
    let starts = offer.sessions().iter();
    let starts = starts.filter_map(|one| one.dates.or(one.entry).map(|(first, _)| first));
    money.or_else(|| starts.min()).ok_or_else(|| {
        let expected = "a budget with a first day, or a session with a date";
        Error::argument("offer", "no date at all", expected)
    })
}

/// The occupation that each person asks for: the first that they were assessed against in full.
pub fn asked(framework: &Framework, profiles: &Profiles) -> Vec<Option<u32>> {
    let asked = |person| {
        let mut targets = profiles.assessed_in_full(person);
        targets.find_map(|target| framework.occupation_ids().position(target))
    };
    (0u32..).take(profiles.len()).map(asked).collect()
}

/// The learners of an offer: for each position that calls for training, the nearest person who
/// does not fit it yet.
///
/// A position calls for training when its vacancy names an occupation and *skills* among its
/// causes. Everyone's targets are the occupation that they ask for, where it has such a position,
/// and then the five of these that they cover most of ([`Coverage`]; of equals the lower position).
/// Whoever fits the first already, or of whom too little is known, is set aside and counted. The
/// others take the positions of their first target, those who cover most of it first (then the
/// lower position of the person), each the first vacancy with a position left that no limit of
/// theirs rules out; those for whom none is left go on to their second target, and so on, past
/// those that they fit or of which too little is known. So no more people are trained for an
/// occupation than it has positions, and nobody for two. Every learner's gap counts alike (weight
/// 1): needs decide who learns what, and requirements what counts most within it. Sessions are in
/// reach where the way to them is within the person's limits or not known, from
/// `from` or the day on which the person is available.
///
/// O(people × occupations that call for training), in parallel, and then learners × territories.
///
/// # Errors
///
/// [`Error::AxisMismatch`], [`Error::Argument`] for lists of another length than the people or a
/// position that is not there, [`Error::Unknown`] place or occupation of a vacancy,
/// [`Error::Cancelled`].
pub fn learners(draw: &Draw<'_>, offer: &Offer, from: Date, run: &Run) -> Result<Learners> {
    let Draw { held, required, .. } = *draw;
    let count = held.len();
    for (name, len) in [
        ("asked", draw.asked.len()),
        ("limits", draw.limits.len()),
        ("attributes", draw.attributes.len()),
    ] {
        if len != count {
            return Err(Error::argument(name, len, format!("one for each of {count} people")));
        }
    }
    let mut found = Learners { positions_of: vec![0; required.len()], ..Learners::default() };
    let mut posts: Vec<Vec<Post>> = required.targets().iter().map(|_| Vec::new()).collect();
    for vacancy in draw.vacancies.iter().filter(|one| one.causes.contains(Cause::Skills)) {
        let Some(occupation) = &vacancy.occupation else { continue };
        let target = required
            .targets()
            .position(occupation)
            .ok_or_else(|| Error::unknown("occupation", occupation, required.targets()))?;
        let territory = match vacancy.territory.as_str() {
            "" => None,
            id => Some(draw.territories.position(id)?),
        };
        let (sensor, record) = &vacancy.reports[0];
        let left = vacancy.positions.estimate;
        found.positions_of[target as usize] += left;
        found.positions += left;
        let need = format!("{sensor}/{record}");
        posts[target as usize].push(Post { territory, left, need });
    }
    let targets = targets(draw, &found.positions_of, run)?;
    let status = |person: u32, target: u32| {
        Standing::of(held.row(person), required.row(target)).status(draw.eligibility)
    };
    let mut waiting: Vec<u32> = Vec::new();
    for (person, targets) in (0u32..).zip(&targets) {
        run.go_on()?;
        match targets.first().map(|&target| status(person, target)) {
            None => found.unmatched += 1,
            Some(Status::Eligible) => found.fit += 1,
            Some(Status::NotEnoughEvidence) => found.to_ask += 1,
            Some(Status::NotEligible) => waiting.push(person),
        }
    }
    let places = places(draw, offer)?;
    for round in 0..=NEAREST {
        let mut order: Vec<(u32, u32, f32)> = Vec::new();
        for &person in &waiting {
            run.go_on()?;
            let Some(&target) = targets[person as usize].get(round) else { continue };
            let standing = Standing::of(held.row(person), required.row(target));
            if standing.status(draw.eligibility) == Status::NotEligible {
                order.push((target, person, standing.all.coverage()));
            }
        }
        order.sort_by(|one, other| {
            let nearer = other.2.total_cmp(&one.2);
            one.0.cmp(&other.0).then(nearer).then(one.1.cmp(&other.1))
        });
        let mut placed = Vec::new();
        for (target, person, _) in order {
            run.go_on()?;
            let limits = &draw.limits[person as usize];
            let passes = |post: &&mut Post| {
                let conditions = Conditions { territory: post.territory, ..Conditions::default() };
                let ends = (draw.travel, draw.territories);
                post.left > 0
                    && Filter::Travel.passes(limits, &conditions, ends.0, ends.1) != Some(false)
            };
            let Some(post) = posts[target as usize].iter_mut().find(passes) else { continue };
            post.left -= 1;
            placed.push(person);
            let available = limits.available_from.unwrap_or(from).max(from);
            let territories = in_reach(draw, limits, &places);
            let when = When { territories, from: available, until: None };
            let attributes = draw.attributes[person as usize];
            let need = post.need.clone();
            found.learners.push(Learner { person, target, weight: 1, need, when, attributes });
        }
        placed.sort_unstable();
        waiting.retain(|person| placed.binary_search(person).is_err());
    }
    found.beyond = waiting.len() as u64;
    Ok(found)
}

/// A vacancy with positions left.
struct Post {
    territory: Option<u32>,
    left: u64,
    need: String,
}

/// How many targets a person has beside the one that they ask for.
const NEAREST: usize = 5;

/// Each person's targets among the occupations that have positions.
fn targets(draw: &Draw<'_>, positions: &[u64], run: &Run) -> Result<Vec<Vec<u32>>> {
    let needed: Vec<u32> =
        (0u32..).zip(positions).filter(|(_, left)| **left > 0).map(|(at, _)| at).collect();
    if needed.is_empty() {
        return Ok(vec![Vec::new(); draw.held.len()]);
    }
    let targets = draw.required.select(&needed)?;
    let ranking = targets_for_people(draw.held, &targets, NEAREST, &Coverage, run)?;
    let of_person = draw.asked.iter().enumerate().map(|(person, asked)| {
        let asked = asked.filter(|target| needed.binary_search(target).is_ok());
        let near = ranking.row(person).map(|one| needed[one.position as usize]);
        asked.into_iter().chain(near.filter(|&target| Some(target) != asked)).collect()
    });
    Ok(of_person.collect())
}

/// Where each of the offer's territories lies.
fn places(draw: &Draw<'_>, offer: &Offer) -> Result<Vec<u32>> {
    offer.territories().iter().map(|id| draw.territories.position(id)).collect()
}

/// The offer's territories that no limit rules out, ascending.
fn in_reach(draw: &Draw<'_>, limits: &Limits, places: &[u32]) -> Vec<u32> {
    let reached = |place: u32| {
        let there = Conditions { territory: Some(place), ..Conditions::default() };
        Filter::Travel.passes(limits, &there, draw.travel, draw.territories) != Some(false)
    };
    (0u32..).zip(places).filter(|&(_, &place)| reached(place)).map(|(at, _)| at).collect()
}
