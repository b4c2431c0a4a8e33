//! What a plan says beside its seats.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Named;
use crate::error::{Error, Result};
use crate::hub::training::pathway::{Asked, Remaining};
use crate::hub::training::plan::{Naming, Plan, PlanCertificate, PlanOptions, Purchase, Uncovered};
use crate::skill::Date;
use crate::text::Ids;

/// The form that is written.
const FORM: u32 = 1;

/// A plan's certificate file: what is bought, what stays open, the figures and the prices that
/// prove them. Everything in ids; money in cents; prices as decimal texts that read back to the
/// same bits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRecord {
    form: u32,
    axis: String,
    /// Coverage asked, in hundredths of a percent; nothing for all of it.
    asked: Option<u16>,
    from: Date,
    rounds: u32,
    closed: u64,
    cents: u64,
    proven: bool,
    bound_considered: u64,
    bound: u64,
    first_come: [u64; 2],
    classes: u64,
    pathways: u64,
    limit_prices: Vec<String>,
    session_prices: Vec<String>,
    purchases: Vec<Bought>,
    open: Vec<Open>,
    namings: Vec<Preferred>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bought {
    session: String,
    budget: Option<String>,
    people: u32,
    cents: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    person: String,
    target: String,
    weight: u64,
    why: String,
    remaining: Vec<Left>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Left {
    skill: String,
    from: u16,
    to: u16,
    why: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Preferred {
    rule: String,
    sessions: Vec<String>,
    named: [String; 2],
    before: [String; 2],
}

fn malformed(problem: String) -> Error {
    Error::Malformed { file: "the plan's certificate".to_owned(), problem }
}

fn reason<T: FromStr>(name: &str) -> Result<T> {
    name.parse().map_err(|_| malformed(format!("`{name}` is no known reason")))
}

fn position(what: &'static str, id: &str, ids: &Ids) -> Result<u32> {
    ids.position(id).ok_or_else(|| Error::unknown(what, id, ids))
}

fn price(text: &String) -> Result<f64> {
    let price: Option<f64> = text.parse().ok().filter(|price: &f64| price.is_finite());
    price.ok_or_else(|| malformed(format!("`{text}` is no price")))
}

impl PlanRecord {
    /// What a plan made with these options says beside its seats.
    pub fn of(plan: &Plan, options: &PlanOptions, named: &Named<'_>) -> Self {
        let budgets = named.budgets();
        let session = |at: u32| named.offer.session_ids()[at].to_owned();
        let learner = |at: u32| {
            let learner = &named.learners[at as usize];
            [&named.people[learner.person], &named.targets[learner.target]].map(str::to_owned)
        };
        let left = |one: &Remaining| Left {
            skill: named.skill(one.skill).to_owned(),
            from: one.from,
            to: one.to,
            why: one.why.name().to_owned(),
        };
        let open = |one: &Uncovered| {
            let [person, target] = learner(one.learner);
            let why = one.why.name().to_owned();
            let remaining = one.remaining.iter().map(left).collect();
            Open { person, target, weight: one.weight, why, remaining }
        };
        let certificate = &plan.certificate;
        let prices = |prices: &[f64]| prices.iter().map(|price| format!("{price:?}")).collect();
        let bought = |one: &Purchase| Bought {
            session: session(one.session),
            budget: one.budget.map(|at| budgets[at as usize].clone()),
            people: one.people,
            cents: one.cents,
        };
        let naming = |one: &Naming| Preferred {
            rule: one.rule.clone(),
            sessions: one.sessions.iter().map(|&at| session(at)).collect(),
            named: learner(one.named),
            before: learner(one.before),
        };
        Self {
            form: FORM,
            axis: named.offer.axis().to_string(),
            asked: match options.asked {
                Asked::Full => None,
                Asked::Coverage(share) => Some(share),
            },
            from: options.from,
            rounds: options.rounds,
            closed: certificate.closed,
            cents: certificate.cents,
            proven: certificate.proven,
            bound_considered: certificate.bound_considered,
            bound: certificate.bound,
            first_come: [certificate.greedy.0, certificate.greedy.1],
            classes: certificate.classes,
            pathways: certificate.pathways,
            limit_prices: prices(&certificate.limit_prices),
            session_prices: prices(&certificate.session_prices),
            purchases: plan.purchases.iter().map(bought).collect(),
            open: plan.uncovered.iter().map(open).collect(),
            namings: plan.namings.iter().map(naming).collect(),
        }
    }

    /// The options, and a plan without its entries.
    pub(super) fn plan(&self, named: &Named<'_>) -> Result<(PlanOptions, Plan)> {
        let axis = named.offer.axis().to_string();
        if self.form != FORM || self.axis != axis {
            return Err(malformed(format!(
                "it is of form {} and {}; this reads form {FORM} and {axis}",
                self.form, self.axis
            )));
        }
        let budgets = named.budgets();
        let session = |id: &String| position("session", id, named.offer.session_ids());
        let learner = |[person, target]: [&String; 2]| named.learner(person, target);
        let left = |one: &Left| {
            Ok(Remaining {
                skill: position("skill", &one.skill, named.offer.axis().ids())?,
                from: one.from,
                to: one.to,
                why: reason(&one.why)?,
            })
        };
        let open = |one: &Open| {
            Ok(Uncovered {
                learner: learner([&one.person, &one.target])?,
                weight: one.weight,
                why: reason(&one.why)?,
                remaining: one.remaining.iter().map(left).collect::<Result<_>>()?,
            })
        };
        let bought = |one: &Bought| {
            let budget = one.budget.as_ref().map(|key| budget(&budgets, key)).transpose()?;
            let session = session(&one.session)?;
            Ok(Purchase { session, budget, people: one.people, cents: one.cents })
        };
        let naming = |one: &Preferred| {
            Ok(Naming {
                rule: one.rule.clone(),
                sessions: one.sessions.iter().map(session).collect::<Result<_>>()?,
                named: learner(one.named.each_ref())?,
                before: learner(one.before.each_ref())?,
            })
        };
        let asked = self.asked.map_or(Asked::Full, Asked::Coverage);
        let options = PlanOptions { asked, from: self.from, rounds: self.rounds };
        let certificate = PlanCertificate {
            closed: self.closed,
            cents: self.cents,
            proven: self.proven,
            bound_considered: self.bound_considered,
            bound: self.bound,
            greedy: (self.first_come[0], self.first_come[1]),
            classes: self.classes,
            pathways: self.pathways,
            limit_prices: self.limit_prices.iter().map(price).collect::<Result<_>>()?,
            session_prices: self.session_prices.iter().map(price).collect::<Result<_>>()?,
        };
        let plan = Plan {
            purchases: self.purchases.iter().map(bought).collect::<Result<_>>()?,
            entries: Vec::new(),
            uncovered: self.open.iter().map(open).collect::<Result<_>>()?,
            namings: self.namings.iter().map(naming).collect::<Result<_>>()?,
            certificate,
        };
        Ok((options, plan))
    }
}

impl Named<'_> {
    /// A learner's position.
    fn learner(&self, person: &str, target: &str) -> Result<u32> {
        let (at, of) =
            (position("person", person, self.people)?, position("target", target, self.targets)?);
        let found = self.learners.iter().position(|one| (one.person, one.target) == (at, of));
        let found = found.and_then(|at| u32::try_from(at).ok());
        found.ok_or_else(|| {
            let expected = "a person who is to be trained for that target";
            Error::argument("learner", format!("{person} for {target}"), expected)
        })
    }
}

/// A budget's position by what it is known by.
pub(super) fn budget(budgets: &[String], key: &str) -> Result<u32> {
    let found = budgets.iter().position(|known| known == key);
    let found = found.and_then(|at| u32::try_from(at).ok());
    found.ok_or_else(|| malformed(format!("there is no budget `{key}`")))
}
