use std::collections::HashMap;
use std::path::Path;

use crate::{Error, Table};

/// What drawing people needs of a framework in the CSV folder format.
#[derive(Debug, Clone)]
pub struct Framework {
    /// The skills, in the order of `skills.csv`; a skill's position is its index here.
    pub skills: Vec<Skill>,
    /// The occupations, in the order of `occupations.csv`.
    pub occupations: Vec<Occupation>,
    /// Strict prerequisites: (skill, the skill it requires), as positions.
    pub strict: Vec<(usize, usize)>,
}

/// A skill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skill {
    /// Its stable id.
    pub id: String,
    /// Whether it is a soft skill.
    pub soft: bool,
    /// How widely it is used.
    pub reuse: Reuse,
    /// The scale it is measured on.
    pub scale: Scale,
}

/// How widely a skill is used, as its author says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// In all or most occupations.
    Transversal,
    /// In a few occupations.
    Transferable,
    /// In one occupation or hardly more.
    Specific,
}

/// The scales of the sample region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Four steps, from a notion to passing it on.
    Mastery,
    /// The six steps of the CEFR, A1 to C2.
    Language,
    /// Held or not: licences and authorisations.
    Licence,
}

impl Scale {
    /// The highest step.
    #[must_use]
    pub fn top(self) -> u8 {
        match self {
            Self::Mastery => 4,
            Self::Language => 6,
            Self::Licence => 1,
        }
    }
}

/// An occupation and what it requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupation {
    /// Its ROME code.
    pub id: String,
    /// What it requires, in the order of `requirements.csv`.
    pub requirements: Vec<Requirement>,
}

/// One skill an occupation requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// Position of the skill.
    pub skill: usize,
    /// Level required, in steps of the skill's scale.
    pub level: u8,
    /// How much it counts.
    pub weight: u8,
    /// Whether it can be done without.
    pub necessity: Necessity,
}

/// Whether a requirement can be done without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Necessity {
    /// Useful.
    Optional,
    /// Needed.
    Essential,
    /// Needed, and nothing makes up for it.
    Blocking,
}

impl Framework {
    /// Reads `skills.csv`, `occupations.csv`, `requirements.csv` and `prerequisites.csv` of a
    /// folder.
    ///
    /// # Errors
    ///
    /// A file or a column is not there, or a value is unknown.
    pub fn read(dir: &Path) -> Result<Self, Error> {
        let mut skills = Vec::new();
        let mut position = HashMap::new();
        let table = Table::read(&dir.join("skills.csv"))?;
        for row in table.rows() {
            let id = row.get("id")?;
            position.insert(id.to_owned(), skills.len());
            skills.push(Skill {
                id: id.to_owned(),
                soft: row.get("kind")? == "soft",
                reuse: row.parse("reuse", |reuse| match reuse {
                    "transversal" => Some(Reuse::Transversal),
                    "transferable" => Some(Reuse::Transferable),
                    "specific" => Some(Reuse::Specific),
                    _ => None,
                })?,
                scale: row.parse("scale", |scale| match scale {
                    "maîtrise" => Some(Scale::Mastery),
                    "cecrl" => Some(Scale::Language),
                    "oui-non" => Some(Scale::Licence),
                    _ => None,
                })?,
            });
        }

        let mut occupations = Vec::new();
        let mut occupation_at = HashMap::new();
        let table = Table::read(&dir.join("occupations.csv"))?;
        for row in table.rows() {
            let id = row.get("id")?.to_owned();
            occupation_at.insert(id.clone(), occupations.len());
            occupations.push(Occupation { id, requirements: Vec::new() });
        }

        let table = Table::read(&dir.join("requirements.csv"))?;
        for row in table.rows() {
            let occupation = row.parse("occupation", |id| occupation_at.get(id).copied())?;
            let skill = row.parse("skill", |id| position.get(id).copied())?;
            let top = skills[skill].scale.top();
            occupations[occupation].requirements.push(Requirement {
                skill,
                level: row
                    .parse("level", |v| v.parse().ok().filter(|level| (1..=top).contains(level)))?,
                weight: row.parse("weight", |v| v.parse().ok().filter(|&weight| weight > 0))?,
                necessity: row.parse("necessity", |v| match v {
                    "optional" => Some(Necessity::Optional),
                    "essential" => Some(Necessity::Essential),
                    "blocking" => Some(Necessity::Blocking),
                    _ => None,
                })?,
            });
        }

        let mut strict = Vec::new();
        let table = Table::read(&dir.join("prerequisites.csv"))?;
        for row in table.rows() {
            if row.get("strength")? == "strict" {
                let skill = row.parse("skill", |id| position.get(id).copied())?;
                let requires = row.parse("requires", |id| position.get(id).copied())?;
                strict.push((skill, requires));
            }
        }
        Ok(Self { skills, occupations, strict })
    }
}
