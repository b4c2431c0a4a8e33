//! Who pays, and how much there is.

use crate::skill::Date;

/// Someone who pays for training: a region, the employment service, employers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Funder {
    /// The name people read.
    pub label: String,
}

/// What a funder has for an axis during a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Budget {
    /// The funder's position.
    pub funder: u32,
    /// The axis' position.
    pub axis: u32,
    /// The amount, in cents.
    pub cents: u64,
    /// The first day of sessions that it pays for; `None`: from ever.
    pub from: Option<Date>,
    /// The last day on which such a session may start; `None`: for ever.
    pub until: Option<Date>,
}

impl Budget {
    /// Whether it pays for sessions that start on a day.
    pub fn covers(&self, day: Date) -> bool {
        within(self.from, self.until, day)
    }
}

/// Whether a day lies between two, both counted.
pub(super) fn within(from: Option<Date>, until: Option<Date>, day: Date) -> bool {
    from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
}
