//! A plan as files: `plan.csv`, a line for each seat, and its certificate as JSON. They say in ids
//! what a [`Plan`] says in positions, and read back to the same plan.

mod certificate;
mod faults;
mod read;
#[cfg(all(test, feature = "sample"))]
mod tests;

use std::io::Write;

pub use certificate::PlanRecord;
pub(super) use faults::faults_and_bound;
pub use faults::{PlanFault, faults};
pub use read::{ReadPlan, read_plan};

use super::Offer;
use super::offer::euros;
use super::plan::{Entry, Learner, Plan};
use crate::error::{Error, Result};
use crate::hub::training::pathway::{Advised, Closed};
use crate::text::Ids;

const COLUMNS: [&str; 14] = [
    "person",
    "target",
    "need",
    "module",
    "session",
    "territory",
    "start",
    "end",
    "budget",
    "price",
    "closes",
    "prepares",
    "ask_first",
    "advised",
];

/// What the positions of a plan name.
#[derive(Clone, Copy, Debug)]
pub struct Named<'n> {
    /// What can be bought.
    pub offer: &'n Offer,
    /// The ids of people.
    pub people: &'n Ids,
    /// The ids of targets.
    pub targets: &'n Ids,
    /// Who the plan is for.
    pub learners: &'n [Learner],
}

impl<'n> Named<'n> {
    /// What each budget is known by: `funder/axis` and, where it has one, `/first day`; of several
    /// with the same, those after the first with `#2`, `#3`…
    pub fn budgets(&self) -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        let mut known: hashbrown::HashMap<String, u32> = hashbrown::HashMap::new();
        for budget in self.offer.budgets() {
            let funder = &self.offer.funder_ids()[budget.funder];
            let axis = &self.offer.axes()[budget.axis];
            let from = budget.from.map(|from| format!("/{from}")).unwrap_or_default();
            let key = format!("{funder}/{axis}{from}");
            let count = known.entry(key.clone()).or_default();
            *count += 1;
            keys.push(if *count == 1 { key } else { format!("{key}#{count}") });
        }
        keys
    }

    /// The skill's id.
    fn skill(&self, skill: u32) -> &'n str {
        &self.offer.axis().ids()[skill]
    }

    fn closes(&self, closes: &[Closed]) -> String {
        let one = |one: &Closed| {
            let silent = if one.silent { "?" } else { "" };
            format!("{}:{}:{}{silent}", self.skill(one.skill), one.from, one.to)
        };
        closes.iter().map(one).collect::<Vec<_>>().join("|")
    }

    fn prepares(&self, prepares: &[(u32, bool)]) -> String {
        let one = |&(skill, silent): &(u32, bool)| {
            format!("{}{}", self.skill(skill), if silent { "?" } else { "" })
        };
        prepares.iter().map(one).collect::<Vec<_>>().join("|")
    }

    fn advised(&self, advised: &[Advised]) -> String {
        let one = |one: &Advised| {
            let module = one.preparation.map(|at| &self.offer.module_ids()[at]);
            format!("{}:{}:{}", self.skill(one.skill), one.level, module.unwrap_or_default())
        };
        advised.iter().map(one).collect::<Vec<_>>().join("|")
    }

    /// The fields of a line, in the order of the columns.
    fn fields(&self, entry: &Entry, budgets: &[String]) -> [String; 14] {
        let learner = &self.learners[entry.learner as usize];
        let session = entry.step.session.map(|at| (at, &self.offer.sessions()[at as usize]));
        let id = session.map(|(at, _)| &self.offer.session_ids()[at]);
        let place = session.map(|(_, one)| &self.offer.territories()[one.territory]);
        let day = |of: fn(&(crate::Date, crate::Date)) -> crate::Date| {
            entry.step.dates.as_ref().map(|dates| of(dates).to_string()).unwrap_or_default()
        };
        [
            self.people[learner.person].to_owned(),
            self.targets[learner.target].to_owned(),
            learner.need.clone(),
            self.offer.module_ids()[entry.step.module].to_owned(),
            id.unwrap_or_default().to_owned(),
            place.unwrap_or_default().to_owned(),
            day(|dates| dates.0),
            day(|dates| dates.1),
            entry.budget.map(|at| budgets[at as usize].clone()).unwrap_or_default(),
            euros(entry.cents),
            self.closes(&entry.step.closes),
            self.prepares(&entry.step.prepares),
            if entry.step.ask_first { "1" } else { "0" }.to_owned(),
            self.advised(&entry.step.advised),
        ]
    }
}

/// Writes who sits where as `plan.csv`, a line for each seat, by learner and then in the order of
/// their pathway. The file holds pseudonyms, and is as private as profiles.
///
/// # Errors
///
/// [`Error::File`] with what the writer said.
///
/// # Panics
///
/// When the plan is not of these learners and this offer.
pub fn write_plan(plan: &Plan, named: &Named<'_>, writer: impl Write) -> Result<()> {
    let budgets = named.budgets();
    let mut csv = csv::Writer::from_writer(writer);
    let mut write = || -> csv::Result<()> {
        csv.write_record(COLUMNS)?;
        for entry in &plan.entries {
            csv.write_record(named.fields(entry, &budgets))?;
        }
        Ok(csv.flush()?)
    };
    write().map_err(|error| Error::File { path: "plan.csv".into(), source: error.into() })
}
