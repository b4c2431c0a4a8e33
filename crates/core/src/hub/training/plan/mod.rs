//! The collective plan: which sessions to open, who sits in them, and who pays.
//!
//! Of all plans within the budgets, headcounts and rules, the one that closes the most weighted
//! gap, and of those the one that costs least. Never the most "per euro": a ratio favours one tiny
//! cheap session.
//!
//! People who are the same to the plan (the same gaps to close, sessions in reach and rules) make a
//! class. Prices for money and seats are found at which what is asked for fits what there is; at
//! those prices each class is offered the pathways that are worth most to it; sessions are opened
//! and closed accordingly, people seated, and the result improved by exchange. The prices also give
//! the [`PlanCertificate`]: no plan closes more than its bound, whoever computes it again.

mod balance;
mod classes;
mod column;
mod decide;
mod dive;
mod exact;
mod greedy;
mod improve;
mod market;
mod minimum;
mod name;
mod open;
mod prices;
mod room;
mod schedule;
mod search;
mod seating;
mod solve;
mod sparse;
#[cfg(all(test, feature = "sample"))]
mod tests;
mod worth;

use serde::Serialize;

pub use open::OpenSkill;
#[cfg(feature = "trust")]
pub use open::ShownOpenSkill;
pub use solve::plan;

use super::offer::Group;
use super::pathway::{Asked, PathwayStep, Remaining, When};
use crate::error::{Error, Result};
use crate::skill::{Date, named};

/// What rules about groups of people may look at. It never reaches a gap or a score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Attributes {
    /// Of a priority district (*quartier prioritaire*).
    pub qpv: bool,
    /// Disabled.
    pub disabled: bool,
}

impl Attributes {
    /// Whether someone is of a group.
    pub fn is_of(self, group: Group) -> bool {
        match group {
            Group::Qpv => self.qpv,
            Group::Disabled => self.disabled,
        }
    }
}

/// Someone to be trained for a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Learner {
    /// The person's position.
    pub person: u32,
    /// The target's position.
    pub target: u32,
    /// How much closing a step of weight of this gap counts, at least 1: such as the positions
    /// that are to be filled.
    pub weight: u32,
    /// The id of the need that the target answers, carried to every seat; empty where there is
    /// none.
    pub need: String,
    /// Where and when sessions can be followed.
    pub when: When,
    /// What rules about groups may look at.
    pub attributes: Attributes,
}

/// How a plan is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanOptions {
    /// How much of each gap to close.
    pub asked: Asked,
    /// The day that sessions with rolling entry and no first day count as starting on.
    pub from: Date,
    /// Rounds in which pathways are offered at new prices, at least 1: fewer are taken where the
    /// bound is near before. More come nearer to the bound and take longer.
    pub rounds: u32,
}

impl PlanOptions {
    /// Everything asked, 45 rounds at most.
    pub fn new(from: Date) -> Self {
        Self { asked: Asked::Full, from, rounds: 45 }
    }

    fn check(&self) -> Result<()> {
        if self.rounds == 0 {
            return Err(Error::argument("rounds", 0, "at least 1"));
        }
        match self.asked {
            Asked::Coverage(share) if share > 10_000 => {
                Err(Error::argument("asked", share, "at most 10000, which is 100 %"))
            }
            _ => Ok(()),
        }
    }
}

/// A session that is bought, or whose seats are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Purchase {
    /// The session's position.
    pub session: u32,
    /// The budget that pays, by position; `None` for seats that are paid for already.
    pub budget: Option<u32>,
    /// The people that sit in it.
    pub people: u32,
    /// What it costs, in cents: its seats, and its opening.
    pub cents: u64,
}

/// One learner's seat in one session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The learner's position.
    pub learner: u32,
    /// What the module is for: the shortfalls that it closes, what it prepares, what to ask first.
    pub step: PathwayStep,
    /// The budget that pays for the seat, by position.
    pub budget: Option<u32>,
    /// The price of the seat, in cents, without the opening of the session.
    pub cents: u64,
}

/// Why something asked stays open though modules would close it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unmet {
    /// No module closes it, or none whose prerequisites the learner can come to meet.
    NoPathway,
    /// Modules close it, and no session of theirs is in reach, in time and payable.
    NoSession,
    /// The sessions are full.
    Seats,
    /// Too few people for a session to open.
    TooFew,
    /// No money is left that may pay for it.
    Money,
}

named!(Unmet, "why", {
    NoPathway = "no-pathway",
    NoSession = "no-session",
    Seats = "seats",
    TooFew = "too-few",
    Money = "money",
});

/// What stays open of one learner's gap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Uncovered {
    /// The learner's position.
    pub learner: u32,
    /// Weighted gap that was asked for and stays open.
    pub weight: u64,
    /// Why.
    pub why: Unmet,
    /// The shortfalls, skill by skill.
    pub remaining: Vec<Remaining>,
}

/// Equals among whom a rule decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Naming {
    /// The rule's id.
    pub rule: String,
    /// The sessions that it was about.
    pub sessions: Vec<u32>,
    /// The learner who was named.
    pub named: u32,
    /// The equal who would have been, by position.
    pub before: u32,
}

/// What a plan is compared with, and what proves how good it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanCertificate {
    /// Weighted gap that the plan closes.
    pub closed: u64,
    /// What it costs, in cents.
    pub cents: u64,
    /// Whether every plan was looked at that may be better: none closes more, and none that closes
    /// as much costs less. Tried where people, sessions and payers are few; the bounds are then
    /// what is closed.
    pub proven: bool,
    /// No plan over the pathways considered closes more.
    pub bound_considered: u64,
    /// No plan at all closes more.
    pub bound: u64,
    /// What is closed first come first served, and at what cost.
    pub greedy: (u64, u64),
    /// Classes of people who are the same to the plan.
    pub classes: u64,
    /// Pathways considered, of all classes.
    pub pathways: u64,
    /// What a unit of each limit costs, in weighted gap: budgets first, by position, then the
    /// rules that draw a line, in their order.
    pub limit_prices: Vec<f64>,
    /// What a seat of each session costs beside its money, in weighted gap.
    pub session_prices: Vec<f64>,
}

impl PlanCertificate {
    /// How far what is closed may be below the most that could be, as a share of the bound: 0 when
    /// nothing more can be closed.
    pub fn distance(&self) -> f64 {
        if self.bound == 0 {
            return 0.0;
        }
        // Shown to people: the rounding of these integers to f64 does not matter.
        #[expect(clippy::cast_precision_loss)]
        let share = self.bound.saturating_sub(self.closed) as f64 / self.bound as f64;
        share
    }
}

/// Which sessions to open, who sits in them, and who pays.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    /// What is bought, sessions ascending.
    pub purchases: Vec<Purchase>,
    /// Who sits where, by learner and then in the order of their pathway.
    pub entries: Vec<Entry>,
    /// What stays open and why, by learner.
    pub uncovered: Vec<Uncovered>,
    /// Where a rule decided among equals.
    pub namings: Vec<Naming>,
    /// How good it is.
    pub certificate: PlanCertificate,
}
