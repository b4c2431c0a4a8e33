//! Certifications, their blocks, and the skills of each block.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::skill::named;

/// What a certification is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum CertificationKind {
    /// A diploma (*diplôme*).
    #[default]
    Diploma = 0,
    /// A professional title (*titre professionnel*).
    ProfessionalTitle = 1,
    /// A branch's certificate (*CQP*).
    Cqp = 2,
    /// A block that is certified on its own (*bloc*).
    Block = 3,
    /// A certificate of a title (*CCP*).
    Ccp = 4,
    /// The certificate of basic knowledge (*CLÉA*).
    Clea = 5,
    /// A badge.
    Badge = 6,
    /// A certification or authorisation of the specific register (*Répertoire spécifique*).
    Specific = 7,
}

named!(CertificationKind, "certification kind", {
    Diploma = "diploma",
    ProfessionalTitle = "professional-title",
    Cqp = "cqp",
    Block = "block",
    Ccp = "ccp",
    Clea = "clea",
    Badge = "badge",
    Specific = "specific",
});

/// How a certification is obtained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum Route {
    /// By training.
    #[default]
    Training = 0,
    /// By validation of experience (*VAE*).
    Vae = 1,
}

named!(Route, "route", { Training = "training", Vae = "vae" });

/// A level of qualification, with the French nomenclature that it is of.
///
/// The nomenclatures run against each other: in that of 1969 level V is below IV, in that of 2019
/// level 3 is below 4. So `5` alone is refused.
///
/// # Example
///
/// ```
/// use passerelle::hub::training::offer::LevelSystem;
///
/// assert_eq!("2019:4".parse::<LevelSystem>()?, LevelSystem::Of2019(4));
/// assert_eq!("1969:IV".parse::<LevelSystem>()?.in_2019(), 4);
/// assert!("5".parse::<LevelSystem>().is_err());
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LevelSystem {
    /// The nomenclature of 1969: 6 (VI, the lowest) to 1 (I).
    Of1969(u8),
    /// The nomenclature of 2019: 1 to 8.
    Of2019(u8),
}

impl LevelSystem {
    /// The level in the nomenclature of 2019 (decree 2019-14 of 8 January 2019): V is 3, IV is 4,
    /// III is 5, II is 6 and I is 7 (or 8, which I does not tell); VI is taken as 2.
    pub fn in_2019(self) -> u8 {
        match self {
            Self::Of1969(level) => 8 - level.clamp(1, 6),
            Self::Of2019(level) => level,
        }
    }
}

impl FromStr for LevelSystem {
    type Err = Error;

    /// Reads `2019:4` or `1969:IV`.
    fn from_str(text: &str) -> Result<Self> {
        let refused = || {
            Error::argument(
                "level",
                format!("`{text}`"),
                "`2019:` and 1 to 8, or `1969:` and VI to I: a number alone is ambiguous",
            )
        };
        let (system, level) = text.split_once(':').ok_or_else(refused)?;
        match system.trim() {
            "2019" => match level.trim().parse::<u8>() {
                Ok(level @ 1..=8) => Ok(Self::Of2019(level)),
                _ => Err(refused()),
            },
            "1969" => ["I", "II", "III", "IV", "V", "VI"]
                .iter()
                .zip(1u8..)
                .find(|(roman, _)| roman.eq_ignore_ascii_case(level.trim()))
                .map(|(_, level)| Self::Of1969(level))
                .ok_or_else(refused),
            _ => Err(refused()),
        }
    }
}

impl std::fmt::Display for LevelSystem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Of1969(level) => {
                let romans = ["I", "II", "III", "IV", "V", "VI"];
                write!(f, "1969:{}", romans[usize::from((*level).clamp(1, 6) - 1)])
            }
            Self::Of2019(level) => write!(f, "2019:{level}"),
        }
    }
}

/// A certification: blocks, which hold skills.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certification {
    /// The name people read.
    pub label: String,
    /// What it is.
    pub kind: CertificationKind,
    /// Its level, where it has one.
    pub level: Option<LevelSystem>,
    /// How it is obtained.
    pub routes: Vec<Route>,
    /// The ids of the targets (occupations) that it leads to.
    pub targets: Vec<String>,
    /// Its blocks, by position, ascending.
    pub blocks: Vec<u32>,
}

/// A part of a certification that is certified on its own, and stays once it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The name people read.
    pub label: String,
    /// The certification's position.
    pub certification: u32,
    /// Its skills with the level certified, skills ascending.
    pub skills: Vec<(u32, u16)>,
}
