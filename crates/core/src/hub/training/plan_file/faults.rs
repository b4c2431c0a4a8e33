//! What is wrong with a plan that was read, with the line at fault.

use std::fmt;

use hashbrown::HashMap;

use super::{Named, ReadPlan};
use crate::error::Result;
use crate::hub::training::Offer;
use crate::hub::training::check::{Fault, ProvenBound, check_and_prove};
use crate::hub::training::offer::{Buying, Purpose, Strength};
use crate::hub::training::pathway::Advised;
use crate::hub::training::plan::Entry;
use crate::matrix::{Held, Required};
use crate::run::Run;

/// Something wrong with a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFault {
    /// The line of `plan.csv` at fault, or the first of several; `None` where it is the certificate.
    pub line: Option<u64>,
    /// What is wrong.
    pub problem: String,
}

impl fmt::Display for PlanFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "plan.csv, line {line}: {}", self.problem),
            None => write!(f, "certificate: {}", self.problem),
        }
    }
}

/// What is wrong with a plan that was read, by line; nothing when it holds: the faults of
/// [`check`](crate::hub::training::check::check), and seats whose price, or what they are said to be
/// for, is not so.
///
/// # Errors
///
/// [`Error::AxisMismatch`](crate::Error::AxisMismatch), [`Error::Cancelled`](crate::Error::Cancelled).
pub fn faults(
    read: &ReadPlan,
    named: &Named<'_>,
    held: &Held,
    required: &Required,
    run: &Run,
) -> Result<Vec<PlanFault>> {
    Ok(faults_and_bound(read, named, held, required, run)?.0)
}

/// What [`faults`] finds, and what the prices prove.
pub(in crate::hub::training) fn faults_and_bound(
    read: &ReadPlan,
    named: &Named<'_>,
    held: &Held,
    required: &Required,
    run: &Run,
) -> Result<(Vec<PlanFault>, Option<ProvenBound>)> {
    named.offer.axis().check_same(held.axis())?;
    named.offer.axis().check_same(required.axis())?;
    let Named { offer, learners, .. } = *named;
    let entries = || read.lines.iter().zip(&read.plan.entries);
    let mut faults = Vec::new();
    let mut levels: HashMap<(u32, u32), u16> = HashMap::new();
    let mut of_learner: HashMap<u32, Vec<&Entry>> = HashMap::new();
    for entry in read.plan.entries.iter().rev() {
        of_learner.entry(entry.learner).or_default().push(entry);
    }
    for (&line, entry) in entries() {
        run.go_on()?;
        let mut is_not_so = |column: &str| {
            let problem = format!("`{column}` is not what the module does for this person");
            faults.push(PlanFault { line: Some(line), problem });
        };
        let learner = &learners[entry.learner as usize];
        let row = held.row(learner.person);
        let level = |skill: u32| {
            let learned = levels.get(&(entry.learner, skill)).copied();
            learned.or(row.level(skill)).unwrap_or(0)
        };
        let prerequisites = &offer.modules()[entry.step.module as usize].prerequisites;
        let advised = prerequisites.iter().filter(|one| one.strength == Strength::Advisory);
        let advised = advised.filter(|one| level(one.skill) < one.level);
        let written = entry.step.advised.iter();
        if !written.map(|one| (one.skill, one.level)).eq(advised.map(|one| (one.skill, one.level)))
            || !entry.step.advised.iter().all(|one| is_preparation(offer, one))
        {
            is_not_so("advised");
        }
        // What is still there of a learner's entries, the last one first, comes after this one.
        let later = of_learner.entry(entry.learner).or_default();
        later.pop();
        let needs =
            later.iter().flat_map(|later| offer.modules()[later.step.module as usize].strict());
        let taught = offer.taught().row(entry.step.module);
        let mut prepares: Vec<(u32, bool)> = needs
            .filter(|one| {
                level(one.skill) < one.level && taught.level(one.skill) >= Some(one.level)
            })
            .map(|one| (one.skill, row.level(one.skill).is_none()))
            .collect();
        prepares.sort_unstable();
        prepares.dedup();
        if entry.step.prepares != prepares {
            is_not_so("prepares");
        }
        let mut closes = Vec::new();
        for (skill, taught) in offer.taught().row(entry.step.module).iter() {
            let known = row.level(skill).unwrap_or(0);
            let before = levels.entry((entry.learner, skill)).or_insert(known);
            let asked = required.row(learner.target).iter().find(|(of, _)| *of == skill);
            let to = asked.map_or(0, |(_, requirement)| requirement.level.min(taught));
            if to > *before {
                closes.push((skill, *before, to, row.level(skill).is_none()));
            }
            *before = taught.max(*before);
        }
        let written = entry.step.closes.iter();
        if !written.map(|one| (one.skill, one.from, one.to, one.silent)).eq(closes) {
            is_not_so("closes");
        }
        let silent = entry.step.closes.iter().all(|one| one.silent)
            && entry.step.prepares.iter().all(|(_, silent)| *silent);
        if entry.step.ask_first != silent {
            is_not_so("ask_first");
        }
        let session = entry.step.session.and_then(|at| offer.sessions().get(at as usize));
        let price = session.map_or(0, |one| match one.buying {
            Buying::Existing => 0,
            Buying::Collective | Buying::Individual => one.cents_per_seat,
        });
        if entry.cents != price {
            let problem = format!("the price is {} cents and not {price}", entry.cents);
            faults.push(PlanFault { line: Some(line), problem });
        }
    }
    let (found, proven) =
        check_and_prove(offer, held, required, learners, &read.options, &read.plan, run)?;
    for fault in found {
        let line = entries().find(|(_, entry)| is_of(&fault, entry)).map(|(&line, _)| line);
        faults.push(PlanFault { line, problem: fault.to_string() });
    }
    faults.sort_by_key(|fault| fault.line.unwrap_or(u64::MAX));
    Ok((faults, proven))
}

/// Whether what is advised before a module is the shortest preparation for it, where one is.
fn is_preparation(offer: &Offer, advised: &Advised) -> bool {
    let modules = (0u32..).zip(offer.modules());
    let prepares = modules.filter(|&(at, module)| {
        module.purpose == Purpose::Preparation
            && offer.taught().row(at).level(advised.skill) >= Some(advised.level)
    });
    let mut minutes: Vec<(u32, u32)> = prepares.map(|(at, module)| (module.minutes, at)).collect();
    minutes.sort_unstable();
    advised.preparation == minutes.first().map(|&(_, at)| at)
}

/// Whether a fault is about a seat.
fn is_of(fault: &Fault, entry: &Entry) -> bool {
    let sits = |learner: u32, session: u32| {
        entry.learner == learner && entry.step.session == Some(session)
    };
    match *fault {
        Fault::Overlap { learner, sessions: [_, second] } => sits(learner, second),
        Fault::OutOfReach { learner, session } | Fault::Prerequisite { learner, session, .. } => {
            sits(learner, session)
        }
        Fault::Payer { session, budget } | Fault::Purchase { session, budget, .. } => {
            entry.step.session == Some(session) && entry.budget == budget
        }
        Fault::Headcount { session, .. } => entry.step.session == Some(session),
        Fault::Open { learner } => entry.learner == learner,
        Fault::Naming { named } => entry.learner == named,
        Fault::Budget { budget, .. } => entry.budget == Some(budget),
        Fault::Unknown { .. }
        | Fault::Rule { .. }
        | Fault::Figure { .. }
        | Fault::NotOptimal { .. }
        | Fault::NotProven
        | Fault::Prices => false,
    }
}
