//! The modules that close one person's gap at least cost.
//!
//! For a person and a target: which modules, in which order, in which sessions. What is held is
//! skipped, strict prerequisites are met by what is held or taught earlier, and sessions neither
//! overlap nor lie out of reach. The answer is exact (branch and bound over a covering program)
//! and comes with a [`Certificate`]: proven optimal, or the bound and the distance to it.

mod exact;
pub(in crate::hub::training) mod explain;
mod greedy;
pub(in crate::hub::training) mod order;
pub(in crate::hub::training) mod problem;
mod solve;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub use solve::{Pathways, pathway, pathways};

use crate::error::{Error, Result};
use crate::skill::{Date, named};

/// What a pathway costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cost {
    /// The trainee's time, in minutes.
    #[default]
    Minutes,
    /// The money, in cents.
    Cents,
    /// Both: an hour counts as so many cents. In sixtieths of a cent.
    Mix {
        /// What an hour of the trainee's counts, in cents.
        cents_per_hour: u32,
    },
}

impl Cost {
    /// The cost of so many minutes and cents.
    pub fn of(self, minutes: u64, cents: u64) -> u64 {
        match self {
            Self::Minutes => minutes,
            Self::Cents => cents,
            Self::Mix { cents_per_hour } => cents
                .saturating_mul(60)
                .saturating_add(minutes.saturating_mul(cents_per_hour.into())),
        }
    }
}

/// How much of the gap to close.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// All of it that modules can close.
    #[default]
    Full,
    /// Until the coverage of the target is a share of its total, in hundredths of a percent, or
    /// as far as modules go.
    Coverage(u16),
}

/// When and where sessions can be followed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct When {
    /// The positions of the offer's territories that can be reached, ascending. Remote modules
    /// can be followed from anywhere.
    pub territories: Vec<u32>,
    /// The first day of training.
    pub from: Date,
    /// The last day of training.
    pub until: Option<Date>,
}

/// What is asked of a pathway.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PathwayOptions {
    /// What to keep low.
    pub cost: Cost,
    /// How much to close.
    pub asked: Asked,
    /// Sessions to choose from; `None`: modules without dates, at their usual price.
    pub when: Option<When>,
    /// Nodes of branch and bound after which the best answer so far is given, with its bound: a
    /// count and not a clock, so that results repeat. At least 1.
    pub node_limit: u64,
}

impl Default for PathwayOptions {
    fn default() -> Self {
        Self { cost: Cost::default(), asked: Asked::default(), when: None, node_limit: 2_000 }
    }
}

impl PathwayOptions {
    fn check(&self) -> Result<()> {
        if self.node_limit == 0 {
            return Err(Error::argument("node_limit", 0, "at least 1"));
        }
        match self.asked {
            Asked::Coverage(share) if share > 10_000 => {
                Err(Error::argument("asked", share, "at most 10000, which is 100 %"))
            }
            _ => Ok(()),
        }
    }
}

/// Why a search ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// The answer was proven optimal.
    Proven,
    /// The nodes ran out.
    NodeLimit,
    /// The solver could not decide; the greedy answer stands.
    Solver,
}

/// How good a pathway is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Certificate {
    /// The cost of the pathway, in the unit of its [`Cost`].
    pub cost: u64,
    /// No pathway that closes as much costs less than this.
    pub bound: u64,
    /// The cost of the greedy answer, where it closes as much.
    pub greedy: Option<u64>,
    /// Weight × steps that the pathway closes.
    pub closed: u64,
    /// No pathway closes more of what was asked than this.
    pub closed_bound: u64,
    /// Nodes of branch and bound.
    pub nodes: u64,
    /// Why the search ended.
    pub stop: Stop,
}

impl Certificate {
    /// Whether the pathway is proven to close the most, and to cost the least of those that do.
    pub fn is_proven(&self) -> bool {
        self.closed == self.closed_bound && self.cost == self.bound
    }

    /// How far the cost may be above the least, as a share of the cost: 0 when proven.
    pub fn distance(&self) -> f64 {
        if self.cost == 0 {
            return 0.0;
        }
        // Shown to people: the rounding of these integers to f64 does not matter.
        #[expect(clippy::cast_precision_loss)]
        let share = self.cost.saturating_sub(self.bound) as f64 / self.cost as f64;
        share
    }
}

/// Levels of one skill that a module closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Closed {
    /// The skill's position.
    pub skill: u32,
    /// The level before.
    pub from: u16,
    /// The level after, at most the one required.
    pub to: u16,
    /// Whether the profile is silent on it: it should be asked before it is taught.
    pub silent: bool,
}

/// An advisory prerequisite that is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Advised {
    /// The skill's position.
    pub skill: u32,
    /// The level that is better held before.
    pub level: u16,
    /// The shortest preparation that leads there, if there is one.
    pub preparation: Option<u32>,
}

/// One module of a pathway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PathwayStep {
    /// The module's position.
    pub module: u32,
    /// The session's position, for dated pathways.
    pub session: Option<u32>,
    /// The first and last day, for dated pathways.
    pub dates: Option<(Date, Date)>,
    /// The shortfalls that it closes.
    pub closes: Vec<Closed>,
    /// The strict prerequisites of later modules that it brings: skills, silent ones marked.
    pub prepares: Vec<(u32, bool)>,
    /// Whether all that it brings are skills that the profile is silent on: a positioning
    /// assessment comes first.
    pub ask_first: bool,
    /// Advisory prerequisites that are not met when it begins.
    pub advised: Vec<Advised>,
}

/// Why a shortfall remains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// No module teaches it that far.
    NoModule,
    /// Modules teach it, but none that the person can come to follow: prerequisites out of reach.
    Prerequisites,
    /// No session of such a module can be reached in time, or all overlap with the others.
    Sessions,
    /// The coverage asked is reached without it.
    NotAsked,
}

named!(Why, "why", {
    NoModule = "no-module",
    Prerequisites = "prerequisites",
    Sessions = "sessions",
    NotAsked = "not-asked",
});

/// Levels of one skill that remain to be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Remaining {
    /// The skill's position.
    pub skill: u32,
    /// The level after the pathway.
    pub from: u16,
    /// The level required.
    pub to: u16,
    /// Why it remains.
    pub why: Why,
}

/// The modules for one person and one target, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pathway {
    /// The modules, in the order to follow them; empty when nothing is missing.
    pub steps: Vec<PathwayStep>,
    /// What remains.
    pub remaining: Vec<Remaining>,
    /// The skills that the pathway would teach though the profile is silent on them: what to ask
    /// first. Ascending.
    pub ask: Vec<u32>,
    /// The trainee's time, in minutes.
    pub minutes: u64,
    /// The money, in cents.
    pub cents: u64,
    /// How good it is.
    pub certificate: Certificate,
}

impl Pathway {
    /// The modules' positions, in order.
    pub fn modules(&self) -> Vec<u32> {
        self.steps.iter().map(|step| step.module).collect()
    }
}
