//! One recruitment need, as one sensor saw it.

use serde::{Deserialize, Serialize};

use crate::matrix::Necessity;
use crate::skill::{Date, named};

/// How soon people are needed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Horizon {
    /// The sensor does not say.
    #[default]
    Unspecified = 0,
    /// Now.
    Immediate = 1,
    /// Within some months.
    Short = 2,
    /// Within a year or two.
    Medium = 3,
    /// Beyond.
    Long = 4,
}

named!(Horizon, "horizon", {
    Unspecified = "unspecified",
    Immediate = "immediate",
    Short = "short",
    Medium = "medium",
    Long = "long",
});

/// Why the post is open.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Opening {
    /// The sensor does not say.
    #[default]
    Unspecified = 0,
    /// A post that was not there before.
    Creation = 1,
    /// Someone left.
    Replacement = 2,
}

named!(Opening, "opening", {
    Unspecified = "unspecified",
    Creation = "creation",
    Replacement = "replacement",
});

/// Whether the need is advertised.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Visibility {
    /// The sensor does not say.
    #[default]
    Unspecified = 0,
    /// Advertised.
    Published = 1,
    /// Known to the sensor only: the hidden market.
    Hidden = 2,
}

named!(Visibility, "visibility", {
    Unspecified = "unspecified",
    Published = "published",
    Hidden = "hidden",
});

/// How many people the employer has, in the classes of the French statistics of firms.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum SizeClass {
    /// The sensor does not say.
    #[default]
    Unspecified = 0,
    /// 0 to 9.
    Micro = 1,
    /// 10 to 49.
    Small = 2,
    /// 50 to 249.
    Medium = 3,
    /// 250 and more.
    Large = 4,
}

named!(SizeClass, "size", {
    Unspecified = "unspecified",
    Micro = "micro",
    Small = "small",
    Medium = "medium",
    Large = "large",
});

/// Why a need is hard to fill. Only [`Cause::Skills`] calls for training; the others lead
/// elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Cause {
    /// People do not have the skills.
    Skills = 0,
    /// The image of the occupation or the sector.
    Image = 1,
    /// The distance between people and work.
    Distance = 2,
    /// Hours, pay, hardship.
    Conditions = 3,
    /// Retirements.
    Retirements = 4,
    /// Housing.
    Housing = 5,
    /// Childcare.
    Childcare = 6,
    /// Means of transport.
    Transport = 7,
    /// Too few candidates, without a further reason.
    Candidates = 8,
    /// Something else.
    Other = 9,
}

named!(Cause, "cause", {
    Skills = "skills",
    Image = "image",
    Distance = "distance",
    Conditions = "conditions",
    Retirements = "retirements",
    Housing = "housing",
    Childcare = "childcare",
    Transport = "transport",
    Candidates = "candidates",
    Other = "other",
});

/// A set of causes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Causes(pub(super) u16);

impl Causes {
    /// Adds a cause.
    pub fn insert(&mut self, cause: Cause) {
        self.0 |= 1 << cause as u8;
    }

    /// Whether a cause is in it.
    pub fn contains(self, cause: Cause) -> bool {
        self.0 & (1 << cause as u8) != 0
    }

    /// Whether no cause is stated.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The causes, in the order of [`Cause::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Cause> {
        Cause::ALL.iter().copied().filter(move |&cause| self.contains(cause))
    }
}

impl FromIterator<Cause> for Causes {
    fn from_iter<I: IntoIterator<Item = Cause>>(causes: I) -> Self {
        let mut set = Self::default();
        causes.into_iter().for_each(|cause| set.insert(cause));
        set
    }
}

impl Serialize for Causes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Causes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Cause>::deserialize(deserializer)?.into_iter().collect())
    }
}

/// A skill that a need or a job asks for beside, or instead of, what its occupation requires.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedSkill {
    /// The skill's id.
    pub skill: String,
    /// The level asked, in steps of the skill's scale; 0 says that the layer above asks for it and
    /// this one does not.
    pub level: u16,
    /// How much it counts, in parts of the framework's weight denominator, at least 1.
    pub weight: u16,
    /// How much it binds.
    pub necessity: Necessity,
}

/// One recruitment need, as one sensor saw it.
///
/// A need is known by its sensor, the sensor's own id of the record, and a revision. What a sensor
/// says by words that resolve to no occupation or skill is kept as words, in `title` and
/// `unresolved`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// The sensor's id.
    pub sensor: String,
    /// The sensor's own id of the record.
    pub record: String,
    /// The revision: a higher one replaces a lower one, in whatever order they arrive.
    #[serde(default)]
    pub revision: u32,
    /// Whether this revision takes the need back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// When the need was seen; a need without a date is seen at the start of time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The employer, as the sensor writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employer: Option<String>,
    /// The employer's size.
    #[serde(default)]
    pub size: SizeClass,
    /// The sector: the id of a group of occupations, or the sensor's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sector: Option<String>,
    /// The id of the occupation, where the sensor gives one or its words resolve.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occupation: Option<String>,
    /// The id of a [job](super::Jobs) between occupation and post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// The title, in the sensor's words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Where the work is: a territory's id.
    pub territory: String,
    /// How many people are needed: at least 1, unless the need is withdrawn.
    pub positions: u32,
    /// How soon.
    #[serde(default)]
    pub horizon: Horizon,
    /// Creation or replacement.
    #[serde(default)]
    pub opening: Opening,
    /// Published or hidden.
    #[serde(default)]
    pub visibility: Visibility,
    /// Why it is hard to fill.
    #[serde(default)]
    pub causes: Causes,
    /// The skills asked, in any order, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<AskedSkill>,
    /// Words for skills that did not resolve.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unresolved: Vec<String>,
    /// How sure the sensor is, in percent, 0 to 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<u8>,
    /// The last day on which it is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Date>,
}

/// Who reports needs: a branch, an employer, the employment service, a platform, a survey.
///
/// Sensors are data. A new one is a line in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Sensor {
    /// Its id.
    pub id: String,
    /// What kind of sensor, in the hub's own words.
    pub kind: String,
    /// The territory that it covers, where it covers one.
    pub territory: Option<String>,
    /// How much its word counts where sensors differ on one vacancy: 0 to 100.
    pub reliability: u8,
}
