//! Where and when a module is taught, with how many seats.

use serde::{Deserialize, Serialize};

use crate::skill::{Date, named};

/// How seats of a session are bought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Buying {
    /// As a whole session, opened or not.
    #[default]
    Collective = 0,
    /// Paid already: its seats are used first and cost the plan nothing.
    Existing = 1,
    /// Seat by seat, for people whom no session can take.
    Individual = 2,
}

named!(Buying, "buying", {
    Collective = "collective",
    Existing = "existing",
    Individual = "individual",
});

/// A session of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The module's position.
    pub module: u32,
    /// The territory's position among the offer's.
    pub territory: u32,
    /// The first and last day; `None` for rolling entry.
    pub dates: Option<(Date, Date)>,
    /// For rolling entry, the first and last day on which people may enter.
    pub entry: Option<(Date, Date)>,
    /// How many people can sit in it, at least 1: no more than `maximum`.
    pub seats: u32,
    /// The fewest people with whom it opens.
    pub minimum: u32,
    /// The most people that it may hold.
    pub maximum: u32,
    /// The price of each seat, in cents.
    pub cents_per_seat: u64,
    /// The price of the session as a whole, in cents.
    pub cents_per_session: u64,
    /// The budget axis that it counts on, by position.
    pub axis: u32,
    /// The funders that may pay for it, by position, ascending.
    pub funders: Vec<u32>,
    /// How it is bought.
    pub buying: Buying,
}

impl Session {
    /// Whether it has no start date.
    pub fn is_rolling(&self) -> bool {
        self.dates.is_none()
    }

    /// How many people it can take: its seats within its greatest headcount.
    pub fn capacity(&self) -> u32 {
        self.seats.min(self.maximum)
    }

    /// The price of opening it with a number of people, in cents; 0 for an existing one.
    pub fn cost(&self, people: u32) -> u64 {
        match self.buying {
            Buying::Existing => 0,
            Buying::Individual => self.cents_per_seat.saturating_mul(people.into()),
            Buying::Collective => self
                .cents_per_seat
                .saturating_mul(people.into())
                .saturating_add(self.cents_per_session),
        }
    }
}
