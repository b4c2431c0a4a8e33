//! The training that a hub's folder holds, and who is to be trained.

use std::path::Path;

use super::learners::{Draw, Learners, asked, first_day, learners};
use super::plan::Attributes;
use super::plan_file::{Named, PlanFault, ReadPlan, faults_and_bound, read_plan};
use super::{Offer, OfferReport, Public, read_publics};
use crate::error::Result;
use crate::gap::Eligibility;
use crate::hub::recruitment::Picture;
use crate::hub::{Hub, Region};
use crate::matrix::Held;
use crate::read::ReadReport;
use crate::run::Run;
use crate::skill::Date;
use crate::trust::{Rules, shown};

/// What can be bought for a hub's people, and who is to be trained for which need.
#[derive(Clone, Debug)]
pub struct Training {
    /// What can be bought.
    pub offer: Offer,
    /// What was read of it, and what was dropped and why.
    pub offer_report: OfferReport,
    /// What rules and indicators look at, by person.
    pub publics: Vec<Public>,
    /// What was read of that.
    pub publics_report: Option<ReadReport>,
    /// Who is to be trained.
    pub learners: Learners,
    /// The day from which training counts.
    pub from: Date,
}

/// A plan that was read, and what checking it found.
#[derive(Clone, Debug)]
pub struct CheckedPlan {
    /// The plan and the options that it was made with.
    pub read: ReadPlan,
    /// What is wrong with it; nothing where it holds.
    pub faults: Vec<PlanFault>,
    /// Learners whose pathways were too many to look at each, so that the written bound stands for
    /// them; `None` where so few are hidden.
    pub unfinished: Option<u64>,
}

impl Training {
    /// Reads `training/` and `people_attributes.csv` of a hub's folder, and draws the
    /// [learners]: someone who was assessed in full against an occupation asks for it, the first
    /// of several. `None` without `training/`. The same folder gives the same learners.
    ///
    /// # Errors
    ///
    /// Those of [`Offer::read`], [`read_publics`], [`first_day`] and [`learners`].
    pub fn read(
        folder: &Path,
        hub: &Hub,
        held: &Held,
        (region, picture): (&Region, &Picture),
        eligibility: Eligibility,
        run: &Run,
    ) -> Result<Option<Self>> {
        let path = folder.join("training");
        if !path.is_dir() {
            return Ok(None);
        }
        let Hub { framework, profiles, .. } = hub;
        let (offer, offer_report) = Offer::read(&path, framework.axis())?;
        let path = folder.join("people_attributes.csv");
        let (publics, publics_report) = if path.is_file() {
            let (publics, report) = read_publics(&path, profiles.people())?;
            (publics, Some(report))
        } else {
            (vec![Public::default(); profiles.len()], None)
        };
        let from = first_day(&offer)?;
        let attributes: Vec<Attributes> = publics.iter().map(|one| one.attributes).collect();
        let draw = Draw {
            held,
            required: framework.required(),
            asked: &asked(framework, profiles),
            limits: &region.limits,
            attributes: &attributes,
            vacancies: &picture.vacancies(&region.register),
            travel: &region.travel,
            territories: &region.territories,
            eligibility,
        };
        let learners = learners(&draw, &offer, from, run)?;
        Ok(Some(Self { offer, offer_report, publics, publics_report, learners, from }))
    }

    /// What the positions of a plan for these learners name.
    pub fn named<'n>(&'n self, hub: &'n Hub) -> Named<'n> {
        Named {
            offer: &self.offer,
            people: hub.profiles.people(),
            targets: hub.framework.required().targets(),
            learners: &self.learners.learners,
        }
    }

    /// Reads the plan of a folder, `plan.csv` and `certificate.json`, with what is wrong with it.
    ///
    /// # Errors
    ///
    /// Those of [`read_plan`] and [`faults`](super::plan_file::faults).
    pub fn check_plan(
        &self,
        folder: &Path,
        hub: &Hub,
        held: &Held,
        run: &Run,
    ) -> Result<CheckedPlan> {
        let (named, required) = (self.named(hub), hub.framework.required());
        let (plan, certificate) = (folder.join("plan.csv"), folder.join("certificate.json"));
        let read = read_plan(&plan, &certificate, &named)?;
        let (faults, again) = faults_and_bound(&read, &named, held, required, run)?;
        let unfinished = shown(again.map_or(0, |again| again.unfinished), Rules::default());
        Ok(CheckedPlan { read, faults, unfinished })
    }
}
