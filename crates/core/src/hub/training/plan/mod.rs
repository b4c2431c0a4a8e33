//! Which sessions to open, who sits in them and who pays.
//!
//! The most weighted gap closed within every limit, then the least cost. People with equal
//! problems form a class; a column is one pathway for a class; interchangeable sessions form a
//! lot. Prices on budgets and seats (a Lagrangian dual) say which columns are worth their money
//! and bound what any plan can reach; sessions are then opened and closed, limits repaired, and
//! the plan searched further. The plan keeps every limit, and says how far from the bound it is.

mod class;
mod dual;
mod fill;
mod greedy;
mod improve;
mod market;
mod name;
mod price;
mod solve;
mod state;
#[cfg(test)]
mod tests;

pub use solve::plan;

use serde::Serialize;

use crate::skill::Date;

/// Someone to train towards a target.
///
/// What must not weigh on a score stands here, apart from profiles: the planner uses `qpv` for
/// quotas and `disabled` for tie-breaks when people are named, and neither for what a gap is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trainee {
    /// The person's row in the held matrix.
    pub person: u32,
    /// The target's row in the required matrix.
    pub target: u32,
    /// What a closed step of this target counts, from the needs for it: at least 1.
    pub weight: u32,
    /// The need that the target answers, to trace seats back to it.
    pub need: String,
    /// The positions of the offer's territories that the person can reach, ascending.
    pub territories: Vec<u32>,
    /// The first day on which the person is available.
    pub from: Date,
    /// Whether the person lives in a priority district: for quotas.
    pub qpv: bool,
    /// Whether the person is disabled: for tie-breaks on sessions whose funder says so.
    pub disabled: bool,
}

/// How to plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanOptions {
    /// The day of the plan: which rules hold, and what rolling entry counts as.
    pub on: Date,
    /// The last day of training.
    pub until: Option<Date>,
    /// Rounds of price adjustment.
    pub rounds: u32,
    /// Sessions that local search tries to do without.
    pub tries: u32,
    /// Nodes of the search for one class's best pathway.
    pub node_limit: u32,
}

impl PlanOptions {
    /// The default effort on a day.
    pub fn on(on: Date) -> Self {
        Self { on, until: None, rounds: 160, tries: 400, node_limit: 4_000 }
    }
}

/// A session that the plan uses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedSession {
    /// The session's position.
    pub session: u32,
    /// The position of the budget that pays; `None` for a session paid already.
    pub budget: Option<u32>,
    /// The trainees in it, as positions in the list that was planned for, ascending.
    pub trainees: Vec<u32>,
    /// What it costs, in cents.
    pub cents: u64,
}

/// What one trainee is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Given {
    /// The sessions' positions, in order.
    pub sessions: Vec<u32>,
    /// Their days: for rolling entry, those of the trainee.
    pub dates: Vec<(Date, Date)>,
    /// Weight × steps closed, times the trainee's weight.
    pub value: u64,
}

/// A tie between equals that a rule decided when people were named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// The rule's id.
    pub rule: String,
    /// The session that its funder pays for.
    pub session: u32,
    /// The trainee who goes first.
    pub first: u32,
    /// The equal who would have by position.
    pub before: u32,
}

/// Prices of a dual solution, from which the bounds can be computed again.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Prices {
    /// Of each limit on money, by its name: value a cent.
    pub limits: Vec<(String, f64)>,
    /// Of each quota, by its rule's id: value an entry.
    pub quotas: Vec<(String, f64)>,
    /// Above its break-even price, of a seat in each session: value a seat.
    pub rents: Vec<f64>,
}

/// How good a plan is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanCertificate {
    /// Weighted gap closed.
    pub value: u64,
    /// What the plan costs, in cents.
    pub cents: u64,
    /// Weighted gap closed by the greedy plan.
    pub greedy: u64,
    /// No plan over the pathways considered closes more.
    pub pool_bound: u64,
    /// No plan closes more.
    pub full_bound: u64,
    /// Weighted gap closed if money and seats had no limit.
    pub unlimited: u64,
    /// The pathways considered.
    pub columns: u64,
    /// Classes of people with equal problems.
    pub classes: u64,
    /// Classes whose best pathway at the prices was cut short: their bound is a relaxation.
    pub relaxed: u64,
    /// The prices behind the bounds.
    pub prices: Prices,
}

impl PlanCertificate {
    /// How far the plan may be below the best, as a share of the full bound.
    pub fn distance(&self) -> f64 {
        share_below(self.value, self.full_bound)
    }

    /// The same against the pathways considered.
    pub fn pool_distance(&self) -> f64 {
        share_below(self.value, self.pool_bound)
    }
}

/// Figures to read: the rounding of these integers to f64 does not matter.
#[expect(clippy::cast_precision_loss)]
fn share_below(value: u64, bound: u64) -> f64 {
    if bound == 0 { 0.0 } else { bound.saturating_sub(value) as f64 / bound as f64 }
}

/// Which sessions to open, for whom, paid by whom.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// The day of the plan.
    pub on: Date,
    /// The sessions in use, by position.
    pub sessions: Vec<PlannedSession>,
    /// What each trainee is given; `None`: nothing.
    pub given: Vec<Option<Given>>,
    /// Ties that rules decided.
    pub decided: Vec<Decided>,
    /// How good it is.
    pub certificate: PlanCertificate,
}
