//! What is wrong with a plan that was read, with the line at fault.

use std::fmt;

use super::{Named, ReadPlan};
use crate::error::Result;
use crate::hub::training::check::{Fault, check};
use crate::hub::training::offer::Buying;
use crate::hub::training::plan::Entry;
use crate::matrix::{Held, Required};

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
/// [`check`], and seats whose price, or what they are said to close, is not so.
///
/// # Errors
///
/// [`Error::AxisMismatch`](crate::Error::AxisMismatch).
pub fn faults(
    read: &ReadPlan,
    named: &Named<'_>,
    held: &Held,
    required: &Required,
) -> Result<Vec<PlanFault>> {
    named.offer.axis().check_same(held.axis())?;
    named.offer.axis().check_same(required.axis())?;
    let Named { offer, learners, .. } = *named;
    let entries = || read.lines.iter().zip(&read.plan.entries);
    let mut faults = Vec::new();
    let mut levels: hashbrown::HashMap<(u32, u32), u16> = hashbrown::HashMap::new();
    for (&line, entry) in entries() {
        let learner = &learners[entry.learner as usize];
        let row = held.row(learner.person);
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
            let problem = "`closes` is not what the module closes of this person's gap";
            faults.push(PlanFault { line: Some(line), problem: problem.to_owned() });
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
    for fault in check(offer, held, required, learners, &read.options, &read.plan) {
        let line = entries().find(|(_, entry)| is_of(&fault, entry)).map(|(&line, _)| line);
        faults.push(PlanFault { line, problem: fault.to_string() });
    }
    faults.sort_by_key(|fault| fault.line.unwrap_or(u64::MAX));
    Ok(faults)
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
        Fault::Payer { session, budget } => {
            entry.step.session == Some(session) && entry.budget == budget
        }
        Fault::Headcount { session, .. } | Fault::Purchase { session, .. } => {
            entry.step.session == Some(session)
        }
        Fault::Budget { budget, .. } => entry.budget == Some(budget),
        Fault::Unknown { .. } | Fault::Rule { .. } | Fault::Figure { .. } | Fault::Prices => false,
    }
}
