//! `passerelle find`: skills, occupations and job titles by label.

use passerelle::lookup::{Concept, FindOptions, How, Lookup, Match};
use passerelle::{Framework, Result};
use serde::Serialize;

use crate::args::{Arguments, Find};
use crate::{source, write};

/// One match, with ids rather than positions.
#[derive(Serialize)]
struct Found<'a> {
    kind: &'static str,
    id: &'a str,
    label: &'a str,
    language: &'a str,
    how: String,
    /// For a job title, the occupation that it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    occupation: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    occupation_label: Option<&'a str>,
}

pub fn run(arguments: &Arguments, find: &Find) -> Result<()> {
    let framework = source::framework(&find.framework)?;
    let lookup = Lookup::build(&framework)?;
    let matches = lookup.find(&find.query, &FindOptions::new().limit(find.limit))?;
    let found: Vec<Found> =
        matches.iter().map(|found| said(&framework, found, &arguments.lang)).collect();
    if arguments.json {
        return write::print_json(&found);
    }
    if found.is_empty() {
        return write::print(&format!("nothing like `{}`\n", find.query));
    }
    let mut text = String::new();
    for found in &found {
        text.push_str(&format!(
            "{:<11} {:<12} {}  [{}]",
            found.kind, found.id, found.label, found.how
        ));
        if let (Some(id), Some(label)) = (found.occupation, found.occupation_label) {
            text.push_str(&format!("  → {id} {label}"));
        }
        text.push('\n');
    }
    write::print(&text)
}

fn said<'a>(framework: &'a Framework, found: &Match<'a>, language: &str) -> Found<'a> {
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
    Found {
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
