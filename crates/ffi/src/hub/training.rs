//! What a hub answers about training: a plan for everyone, and what follows from it.

use std::path::Path;

use passerelle::hub::training::Training;
use passerelle::hub::training::adequacy::{Indicator, ShownAdequacy, adequacy, indicators};
use passerelle::hub::training::pathway::PathwayStep;
use passerelle::hub::training::plan::{Plan, PlanOptions, plan};
use passerelle::hub::training::plan_file::PlanRecord;
use passerelle::{Result, Run};
use serde::Serialize;

use super::OpenHub;
use crate::status::{Fault, Status};
use crate::text::{Text, of_json};

/// A plan: its certificate as certificate.json has it, and its seats.
#[derive(Serialize)]
struct Seated<'a> {
    certificate: PlanRecord,
    seats: Vec<Seat<'a>>,
}

/// A seat, with the ids of what has no position in the library's other answers.
#[derive(Serialize)]
struct Seat<'a> {
    person: &'a str,
    target: &'a str,
    need: &'a str,
    module: &'a str,
    session: Option<&'a str>,
    territory: Option<&'a str>,
    budget: Option<&'a str>,
    cents: u64,
    step: &'a PathwayStep,
}

/// Needs beside modules; modules that trace to no need, by id.
#[derive(Serialize)]
struct Fit<'a> {
    skills: Vec<ShownAdequacy>,
    idle: Vec<&'a str>,
}

/// A figure, and whether something of it is hidden.
#[derive(Serialize)]
struct Figure {
    #[serde(flatten)]
    indicator: Indicator,
    hidden: bool,
}

/// Whether a plan holds, and what is wrong with it.
#[derive(Serialize)]
struct Checked {
    holds: bool,
    seats: usize,
    closed: u64,
    bound: u64,
    proven: bool,
    unfinished: Option<u64>,
    distance: f64,
    faults: Vec<String>,
}

impl OpenHub {
    /// What there is to buy, and who is to be trained: drawn when it is first asked for, and the
    /// same whoever asks.
    pub(super) fn training(&self, run: &Run) -> Result<&Training, Fault> {
        if let Some(training) = self.training.get() {
            return Ok(training);
        }
        self.recruitment()?;
        self.offer()?;
        let lost = || Fault::new(Status::Argument, "the hub's folder has lost its training/");
        let training = self.contents.training(run)?.ok_or_else(lost)?;
        // Two threads may draw it at once: the first one that is done is kept.
        Ok(self.training.get_or_init(|| training))
    }

    /// The plan for them, in the same way.
    fn planned(&self, run: &Run) -> Result<(&Training, &Plan), Fault> {
        let training = self.training(run)?;
        if let Some(plan) = self.plan.get() {
            return Ok((training, plan));
        }
        let (held, required) = (&self.contents.held, self.framework.framework.required());
        let options = PlanOptions::new(training.from);
        let learners = &training.learners.learners;
        let plan = plan(&training.offer, held, required, learners, &options, run)?;
        Ok((training, self.plan.get_or_init(|| plan)))
    }

    pub(super) fn seats(&self, run: &Run) -> Result<Text, Fault> {
        let (training, plan) = self.planned(run)?;
        let named = training.named(&self.contents.hub);
        let (offer, budgets) = (&training.offer, named.budgets());
        let seats = plan.entries.iter().map(|entry| {
            let learner = &named.learners[entry.learner as usize];
            let session = entry.step.session;
            let place = |at: u32| &offer.territories()[offer.sessions()[at as usize].territory];
            Seat {
                person: &named.people[learner.person],
                target: &named.targets[learner.target],
                need: &learner.need,
                module: &offer.module_ids()[entry.step.module],
                session: session.map(|at| &offer.session_ids()[at]),
                territory: session.map(place),
                budget: entry.budget.map(|at| budgets[at as usize].as_str()),
                cents: entry.cents,
                step: &entry.step,
            }
        });
        let seats = seats.collect();
        let options = PlanOptions::new(training.from);
        of_json(&Seated { certificate: PlanRecord::of(plan, &options, &named), seats })
    }

    pub(super) fn open_gaps(&self, run: &Run) -> Result<Text, Fault> {
        let (training, plan) = self.planned(run)?;
        let required = self.framework.framework.required();
        let open = plan.open_skills(required, &training.learners.learners);
        of_json(&open.iter().map(|one| one.shown()).collect::<Vec<_>>())
    }

    pub(super) fn adequacy(&self, run: &Run) -> Result<Text, Fault> {
        let (Training { offer, learners, .. }, plan) = self.planned(run)?;
        let (held, required) = (&self.contents.held, self.framework.framework.required());
        let found = adequacy(offer, held, required, learners, plan)?;
        let skills = found.skills.iter().map(|one| one.shown()).collect::<Result<_>>()?;
        let idle = found.idle.iter().map(|&at| &offer.module_ids()[at]).collect();
        of_json(&Fit { skills, idle })
    }

    pub(super) fn indicators(&self, run: &Run) -> Result<Text, Fault> {
        let (Training { offer, learners, publics, .. }, plan) = self.planned(run)?;
        let (held, required) = (&self.contents.held, self.framework.framework.required());
        let found = indicators(offer, held, required, learners, publics, plan)?;
        let shown = found.into_iter().map(|one| {
            let (indicator, hidden) = one.shown()?;
            Ok(Figure { indicator, hidden })
        });
        of_json(&shown.collect::<Result<Vec<_>>>()?)
    }

    pub(super) fn check_plan(&self, folder: &Path, run: &Run) -> Result<Text, Fault> {
        let training = self.training(run)?;
        let contents = &self.contents;
        let checked = training.check_plan(folder, &contents.hub, &contents.held, run)?;
        let certificate = &checked.read.plan.certificate;
        of_json(&Checked {
            holds: checked.faults.is_empty(),
            seats: checked.read.plan.entries.len(),
            closed: certificate.closed,
            bound: certificate.bound,
            proven: certificate.proven,
            unfinished: checked.unfinished,
            distance: certificate.distance(),
            faults: checked.faults.iter().map(ToString::to_string).collect(),
        })
    }
}
