//! Pathways for one person and for many.

use hashbrown::HashMap;
use rayon::prelude::*;

use super::exact::{self, Solution};
use super::explain::explain;
use super::greedy::greedy;
use super::problem::{Problem, closed_by, cost_of};
use super::{Pathway, PathwayOptions};
use crate::error::{Error, Result};
use crate::hub::training::Offer;
use crate::matrix::{Held, HeldRow, Required, RequiredRow};
use crate::run::Run;

/// The pathways of many pairs, in the order of the pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct Pathways {
    /// One for each pair.
    pub pathways: Vec<Pathway>,
    /// How many problems were solved: people whose problems are equal share a solution.
    pub distinct: usize,
}

pub(super) struct Solved {
    pub solution: Solution,
    pub cost: u64,
    pub greedy: Option<u64>,
    pub closed: u64,
}

pub(super) fn solve(problem: &Problem, node_limit: u64) -> Solved {
    let incumbent = greedy(problem);
    let solution = exact::solve(problem, &incumbent, node_limit);
    let closed = |chosen: &[usize]| closed_by(problem, chosen).min(problem.asked);
    let reached = closed(&solution.chosen);
    Solved {
        cost: cost_of(problem, &solution.chosen),
        greedy: (closed(&incumbent) >= reached).then(|| cost_of(problem, &incumbent)),
        closed: reached,
        solution,
    }
}

/// The modules that close the gap of what is held to a target at least cost.
///
/// The rows are on the offer's axis. Time is that of branch and bound: exponential in the worst
/// case, and cut short by [`PathwayOptions::node_limit`].
///
/// # Errors
///
/// [`Error::Argument`] for options out of range.
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use passerelle::hub::training::offer::{Module, OfferBuilder};
/// use passerelle::hub::training::pathway::{PathwayOptions, pathway};
/// use passerelle::{Held, LevelScale, Necessity, Required, Requirement, SkillAxis};
///
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", LevelScale::held(), ["weld", "read"])?);
/// let mut offer = OfferBuilder::new(&axis);
/// offer.module("long", Module { minutes: 6000, ..Module::default() })?;
/// offer.module("short", Module { minutes: 2100, ..Module::default() })?;
/// offer.teach("long", "weld", 1)?;
/// offer.teach("long", "read", 1)?;
/// offer.teach("short", "weld", 1)?;
/// let offer = offer.build()?;
///
/// let mut targets = Required::builder(&axis);
/// let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// targets.require("welder", "weld", one)?;
/// targets.require("welder", "read", one)?;
/// let mut people = Held::builder(&axis);
/// people.hold("p1", "read", 1)?;
/// let (held, required) = (people.build()?, targets.build()?);
///
/// let found = pathway(&offer, held.row(0), required.row(0), &PathwayOptions::default())?;
/// assert_eq!(found.modules(), [1], "what is held is not taught again");
/// assert!(found.certificate.is_proven());
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn pathway(
    offer: &Offer,
    held: HeldRow<'_>,
    target: RequiredRow<'_>,
    options: &PathwayOptions,
) -> Result<Pathway> {
    options.check()?;
    let problem = Problem::of(offer, held, target, options);
    let solved = solve(&problem, options.node_limit);
    Ok(explain(offer, held, target, options, &problem, &solved))
}

/// The pathways of pairs of a person's and a target's position, in parallel; equal problems are
/// solved once.
///
/// # Errors
///
/// [`Error::AxisMismatch`], [`Error::Argument`] for a position that is not there or options out of
/// range, [`Error::Cancelled`].
pub fn pathways(
    offer: &Offer,
    held: &Held,
    required: &Required,
    pairs: &[(u32, u32)],
    options: &PathwayOptions,
    run: &Run,
) -> Result<Pathways> {
    options.check()?;
    offer.axis().check_same(held.axis())?;
    offer.axis().check_same(required.axis())?;
    for &(person, target) in pairs {
        if person as usize >= held.len() || target as usize >= required.len() {
            let expected = format!("below {} people and {} targets", held.len(), required.len());
            return Err(Error::argument("pairs", format!("({person}, {target})"), expected));
        }
    }
    let count = run.count("pathways", pairs.len() as u64);
    run.install(|| {
        let problems: Vec<Problem> = pairs
            .par_iter()
            .map(|&(person, target)| {
                count.go_on()?;
                Ok(Problem::of(offer, held.row(person), required.row(target), options))
            })
            .collect::<Result<_>>()?;
        let mut first: HashMap<&Problem, usize> = HashMap::new();
        let mut distinct: Vec<&Problem> = Vec::new();
        let which: Vec<usize> = problems
            .iter()
            .map(|problem| {
                *first.entry(problem).or_insert_with(|| {
                    distinct.push(problem);
                    distinct.len() - 1
                })
            })
            .collect();
        let solved: Vec<Solved> = distinct
            .par_iter()
            .map(|problem| {
                count.go_on()?;
                Ok(solve(problem, options.node_limit))
            })
            .collect::<Result<_>>()?;
        let pathways = pairs
            .par_iter()
            .zip(&problems)
            .zip(&which)
            .map(|((&(person, target), problem), &solution)| {
                let (held, target) = (held.row(person), required.row(target));
                count.add(1);
                explain(offer, held, target, options, problem, &solved[solution])
            })
            .collect();
        Ok(Pathways { pathways, distinct: distinct.len() })
    })
}
