//! `passerelle find`: skills, occupations and job titles by label.

use passerelle::label::{self, Suggestion};
use passerelle::lookup::{Concept, FindOptions, Found, Lookup};
use passerelle::{Framework, Result};
use serde::Serialize;

use crate::args::{Arguments, Find};
use crate::{progress, source, write};

/// What is said of one answer.
#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    found: Found<'a>,
    /// For what is no label but like one: how well it fits, from 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    score: Option<f32>,
    /// Whether the score is enough for an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    sure: Option<bool>,
}

pub fn run(arguments: &Arguments, find: &Find) -> Result<()> {
    let framework = source::framework(&find.framework)?;
    let lookup = Lookup::build(&framework)?;
    let matches = lookup.find(&find.query, &FindOptions::new().limit(find.limit))?;
    let mut found: Vec<Answer> = matches
        .iter()
        .map(|found| Found::of(&framework, found, &arguments.lang))
        .map(|found| Answer { found, score: None, sure: None })
        .collect();
    // The texts of the language asked for, where the framework has some.
    let languages = [framework.skills().labels(), framework.occupations().labels()];
    let speaks = languages.iter().any(|labels| labels.languages().contains(&arguments.lang));
    let language = if speaks { &arguments.lang } else { &framework.origin().language };
    let mut suggested = Vec::new();
    if found.is_empty() {
        let (run, bar) = progress::run(arguments, "find");
        suggested = label::suggest(&framework, language, &find.query, find.limit, &run)?;
        bar.finish_and_clear();
        found = suggested.iter().map(|like| alike(&framework, like, language)).collect();
    }
    if arguments.json {
        return write::print_json(&found);
    }
    if found.is_empty() {
        return write::print(&format!("nothing like `{}`\n", find.query));
    }
    let mut text = String::new();
    if let Some(best) = suggested.first() {
        let unsure = if best.sure { "" } else { ", and none surely" };
        text = format!("no label `{}`; alike{unsure}:\n", find.query);
    }
    for Answer { found, .. } in &found {
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

/// A suggestion, with its id.
fn alike<'a>(framework: &'a Framework, like: &Suggestion, language: &'a str) -> Answer<'a> {
    let (id, label) = match like.concept {
        Concept::Skill(at) => (&framework.axis().ids()[at], framework.skill_name(at, language)),
        Concept::Occupation(at)
        | Concept::JobTitle { occupation: at, .. }
        | Concept::SkillGroup(at)
        | Concept::OccupationGroup(at) => {
            (&framework.occupation_ids()[at], framework.occupation_name(at, language))
        }
    };
    let found = Found {
        kind: like.concept.kind().name(),
        id,
        label,
        language,
        how: format!("alike {:.2}", like.score),
        occupation: None,
        occupation_label: None,
    };
    Answer { found, score: Some(like.score), sure: Some(like.sure) }
}
