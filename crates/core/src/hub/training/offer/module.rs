//! What is taught, and what must be known before.

use serde::{Deserialize, Serialize};

use crate::skill::named;

/// How a module is taught.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Modality {
    /// In class (*présentiel*).
    #[default]
    InClass = 0,
    /// Remote (*à distance*): reached from everywhere.
    Remote = 1,
    /// Partly in class, partly remote (*mixte*).
    Blended = 2,
    /// At the workplace (*AFEST, FIT*).
    Workplace = 3,
    /// Alternating between school and work (*alternance*).
    Alternating = 4,
    /// Immersion in a firm (*immersion*).
    Immersion = 5,
    /// Validation of experience (*VAE*).
    Vae = 6,
}

named!(Modality, "modality", {
    InClass = "in-class",
    Remote = "remote",
    Blended = "blended",
    Workplace = "workplace",
    Alternating = "alternating",
    Immersion = "immersion",
    Vae = "vae",
});

/// What a module is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Purpose {
    /// Teaches skills.
    #[default]
    Course = 0,
    /// Prepares for courses (*SAS*): one to four weeks.
    Preparation = 1,
    /// Finds out what is held, and teaches nothing (*positionnement*).
    Positioning = 2,
}

named!(Purpose, "purpose", {
    Course = "course",
    Preparation = "preparation",
    Positioning = "positioning",
});

/// How much a prerequisite binds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Strength {
    /// Must be held, or taught earlier in the pathway.
    #[default]
    Strict = 0,
    /// Better held: never excludes, may add a preparatory step.
    Advisory = 1,
}

named!(Strength, "strength", { Strict = "strict", Advisory = "advisory" });

/// A skill to hold before a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Prerequisite {
    /// The skill's position.
    pub skill: u32,
    /// The level, in steps, at least 1.
    pub level: u16,
    /// How much it binds.
    pub strength: Strength,
}

/// A module: something taught as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// The name people read.
    pub label: String,
    /// How long it lasts for a trainee, in minutes.
    pub minutes: u32,
    /// The usual price of a seat, in cents: what pathways without sessions count.
    pub cents: u64,
    /// The calendar days that it takes, for rolling entry; 0: seven for each 35 hours begun.
    pub days: u32,
    /// How it is taught.
    pub modality: Modality,
    /// What it is for.
    pub purpose: Purpose,
    /// Who gives it.
    pub providers: Vec<String>,
    /// The blocks that it leads to, by position.
    pub blocks: Vec<u32>,
    /// What to hold before.
    pub prerequisites: Vec<Prerequisite>,
}

impl Module {
    /// The prerequisites that must be met.
    pub fn strict(&self) -> impl Iterator<Item = Prerequisite> + '_ {
        self.prerequisites.iter().copied().filter(|p| p.strength == Strength::Strict)
    }

    /// The calendar days that it takes when people enter at any time: as stated, or else seven for
    /// each 35 hours begun.
    pub fn calendar_days(&self) -> u32 {
        if self.days > 0 { self.days } else { self.minutes.div_ceil(35 * 60) * 7 }.max(1)
    }
}
