//! Matches as files and other languages take them: by ids and names rather than positions.

use serde::Serialize;

use super::{Concept, How, Match};
use crate::framework::Framework;

/// A match, with ids rather than positions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Found<'a> {
    /// The kind of what was found.
    pub kind: &'static str,
    /// Its id; empty for a job title that has none.
    pub id: &'a str,
    /// The label that matched.
    pub label: &'a str,
    /// The label's language.
    pub language: &'a str,
    /// How it matched: `exact`, `normalised`, `prefix`, `fuzzy 1`…
    pub how: String,
    /// For a job title, the id of the occupation that it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occupation: Option<&'a str>,
    /// That occupation's label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occupation_label: Option<&'a str>,
}

impl<'a> Found<'a> {
    /// A match of a framework's [`Lookup`](super::Lookup); occupations are labelled in `language`.
    ///
    /// # Panics
    ///
    /// May panic on a match of another framework.
    pub fn of(framework: &'a Framework, found: &Match<'a>, language: &str) -> Self {
        let (id, occupation) = match found.concept {
            Concept::Skill(skill) => (&framework.axis().ids()[skill], None),
            Concept::Occupation(occupation) => (&framework.occupation_ids()[occupation], None),
            Concept::JobTitle { title, occupation } => {
                let title = framework.titles().get(title as usize);
                (title.and_then(|title| title.id).unwrap_or(""), Some(occupation))
            }
            Concept::SkillGroup(group) => (&framework.skills().groups()[group], None),
            Concept::OccupationGroup(group) => (&framework.occupations().groups()[group], None),
        };
        Self {
            kind: found.concept.kind().name(),
            id,
            label: found.label,
            language: found.language,
            how: match found.how {
                How::Exact => "exact".to_owned(),
                How::Normalised => "normalised".to_owned(),
                How::Prefix => "prefix".to_owned(),
                How::Fuzzy { edits } => format!("fuzzy {edits}"),
            },
            occupation: occupation.map(|at| &framework.occupation_ids()[at]),
            occupation_label: occupation.map(|at| framework.occupation_name(at, language)),
        }
    }
}
