//! People who are the same to a plan, put together.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::market::Market;
use super::{Attributes, Learner, PlanOptions};
use crate::error::{Error, Result};
use crate::hub::training::Offer;
use crate::hub::training::pathway::PathwayOptions;
use crate::hub::training::pathway::problem::Problem;
use crate::matrix::{Held, Required};
use crate::run::Run;

/// People whose pathways, gains and prices are the same.
#[derive(Debug)]
pub(super) struct Class {
    pub problem: Problem,
    /// How much closing a step of weight counts.
    pub weight: u64,
    /// The groups that they are of, of those that quotas count.
    pub counted: Attributes,
    /// The learners, by position, ascending.
    pub learners: Vec<u32>,
}

impl Class {
    /// Whether a quota counts them: they make room in it for others.
    pub(super) fn is_counted(&self) -> bool {
        self.counted != Attributes::default()
    }
}

/// The classes in the order of their first learner.
///
/// Two learners are of one class when all that decides their pathways is equal: what each module
/// closes for them, the prerequisites they lack, the sessions in their reach, the coverage asked,
/// how much they count, and the groups that they are of and that quotas count. Nothing else about
/// them is looked at.
pub(super) fn classes(
    (offer, market): (&Offer, &Market),
    held: &Held,
    required: &Required,
    learners: &[Learner],
    options: &PlanOptions,
    run: &Run,
) -> Result<Vec<Class>> {
    offer.axis().check_same(held.axis())?;
    offer.axis().check_same(required.axis())?;
    for (at, learner) in learners.iter().enumerate() {
        if learner.person as usize >= held.len() || learner.target as usize >= required.len() {
            let expected = format!("below {} people and {} targets", held.len(), required.len());
            let value = format!("({}, {}) of learner {at}", learner.person, learner.target);
            return Err(Error::argument("learners", value, expected));
        }
        if learner.weight == 0 {
            return Err(Error::argument("weight", format!("0 of learner {at}"), "at least 1"));
        }
    }
    let count = run.count("learners", learners.len() as u64);
    let problems: Vec<Problem> = learners
        .par_iter()
        .map(|learner| {
            count.go_on()?;
            let pathways = PathwayOptions {
                asked: options.asked,
                when: Some(learner.when.clone()),
                ..PathwayOptions::default()
            };
            let (held, target) = (held.row(learner.person), required.row(learner.target));
            let problem = Problem::of(offer, held, target, &pathways);
            count.add(1);
            Ok(problem)
        })
        .collect::<Result<_>>()?;
    let mut numbers: HashMap<(Problem, u32, Attributes), usize> = HashMap::new();
    let mut members: Vec<Vec<u32>> = Vec::new();
    for ((problem, learner), at) in problems.into_iter().zip(learners).zip(0u32..) {
        let key = (problem, learner.weight, market.counted(learner.attributes));
        let number = *numbers.entry(key).or_insert_with(|| {
            members.push(Vec::new());
            members.len() - 1
        });
        members[number].push(at);
    }
    let mut classes: Vec<(usize, Class)> = numbers
        .into_iter()
        .map(|((problem, weight, counted), number)| {
            let learners = std::mem::take(&mut members[number]);
            (number, Class { problem, weight: weight.into(), counted, learners })
        })
        .collect();
    classes.sort_unstable_by_key(|(number, _)| *number);
    Ok(classes.into_iter().map(|(_, class)| class).collect())
}
