//! People with equal problems, and the pathways considered for them.

use std::sync::Arc;

use hashbrown::HashMap;
use rayon::prelude::*;

use super::market::Market;
use super::{PlanOptions, Trainee};
use crate::error::Result;
use crate::hub::training::pathway::problem::Problem;
use crate::hub::training::pathway::{PathwayOptions, When};
use crate::matrix::{Held, Required};
use crate::run::Run;

/// People for whom the same pathways close the same.
pub(super) struct Class {
    pub problem: Arc<Problem>,
    /// The lot of each choice.
    pub lots: Vec<u32>,
    pub weight: u64,
    pub qpv: bool,
    /// Trainees, ascending.
    pub members: Vec<u32>,
    pub columns: Vec<Column>,
}

/// One pathway for the people of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    /// Choices of the class's problem, in order.
    pub choices: Vec<usize>,
    /// The lots of these.
    pub lots: Vec<u32>,
    /// Weighted gap closed for one person.
    pub value: u64,
    pub minutes: u64,
}

impl Class {
    /// A column from choices in order.
    pub(super) fn column(&self, market: &Market<'_>, choices: Vec<usize>) -> Column {
        let lots = choices.iter().map(|&at| self.lots[at]).collect();
        let value =
            crate::hub::training::pathway::problem::closed_by(&self.problem, &choices) * self.weight;
        let minutes = choices
            .iter()
            .map(|&at| self.problem.modules[self.problem.choices[at].module])
            .map(|module| u64::from(market.offer.modules()[module as usize].minutes))
            .sum();
        Column { choices, lots, value, minutes }
    }

    /// Adds a column unless it is there, is worth nothing or nobody may pay for it.
    pub(super) fn add(&mut self, market: &Market<'_>, choices: Vec<usize>) {
        let column = self.column(market, choices);
        let payable = column.lots.iter().all(|&lot| {
            let mut kinds = market.lots[lot as usize].kinds.clone();
            kinds.any(|kind| market.pays_for_pathway(market.kinds[kind].funder, column.minutes))
        });
        if column.value > 0 && payable && !self.columns.iter().any(|c| c.lots == column.lots) {
            self.columns.push(column);
        }
    }
}

/// The classes of some trainees, in the order of their first members.
pub(super) fn classes(
    market: &Market<'_>,
    held: &Held,
    required: &Required,
    trainees: &[Trainee],
    options: &PlanOptions,
    run: &Run,
) -> Result<Vec<Class>> {
    let count = run.count("trainees", trainees.len() as u64);
    let problems: Vec<Arc<Problem>> = trainees
        .par_iter()
        .map(|trainee| {
            count.go_on()?;
            count.add(1);
            let when = When {
                territories: trainee.territories.clone(),
                from: trainee.from.max(options.on),
                until: options.until,
            };
            let wish = PathwayOptions { when: Some(when), ..PathwayOptions::default() };
            let (held, target) = (held.row(trainee.person), required.row(trainee.target));
            let mut problem = Problem::of(market.offer, held, target, &wish);
            keep_one_choice_a_lot(market, &mut problem);
            Ok(Arc::new(problem))
        })
        .collect::<Result<_>>()?;
    let mut first: HashMap<(Arc<Problem>, bool, u32), usize> = HashMap::new();
    let mut classes: Vec<Class> = Vec::new();
    for ((at, trainee), problem) in (0u32..).zip(trainees).zip(problems) {
        let key = (Arc::clone(&problem), trainee.qpv, trainee.weight);
        let class = *first.entry(key).or_insert_with(|| {
            let session = |at: usize| problem.choices[at].session.map(|s| market.lot_of[s as usize]);
            let lots = (0..problem.choices.len()).map(|at| session(at).unwrap_or(0)).collect();
            let (weight, qpv) = (trainee.weight.into(), trainee.qpv);
            classes.push(Class { problem, lots, weight, qpv, members: vec![], columns: vec![] });
            classes.len() - 1
        });
        classes[class].members.push(at);
    }
    Ok(classes)
}

/// Sessions of one lot on the same days are one choice.
fn keep_one_choice_a_lot(market: &Market<'_>, problem: &mut Problem) {
    let mut kept = Vec::with_capacity(problem.choices.len());
    let mut ranges = Vec::with_capacity(problem.choices_of.len());
    for range in &problem.choices_of {
        let first = kept.len();
        let mut seen: Vec<(u32, Option<(crate::skill::Date, crate::skill::Date)>)> = Vec::new();
        for choice in &problem.choices[range.clone()] {
            let Some(session) = choice.session else { continue };
            let lot = market.lot_of[session as usize];
            if market.lots[lot as usize].kinds.is_empty() || seen.contains(&(lot, choice.dates)) {
                continue;
            }
            seen.push((lot, choice.dates));
            let mut choice = choice.clone();
            choice.cost = 0;
            kept.push(choice);
        }
        ranges.push(first..kept.len());
    }
    problem.choices = kept;
    problem.choices_of = ranges;
}
