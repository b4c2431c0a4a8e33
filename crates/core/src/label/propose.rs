//! A source's vocabulary mapped to another by its labels.

use serde::Serialize;

use super::matcher::{LabelMatches, MatchOptions, Matcher};
use crate::error::Result;
use crate::framework::{Crosswalk, Edge, EdgeKind, Framework};
use crate::lookup::normal;
use crate::run::Run;

/// Which concepts are mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Vocabulary {
    /// Skills.
    Skills,
    /// Occupations.
    Occupations,
}

/// A crosswalk to look through and correct, and what it leaves.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The pairs, each with its confidence: labels that are the same are exact, the others close.
    pub crosswalk: Crosswalk,
    /// What is unmapped: the id, and the best that was found, if anything was.
    pub unmapped: Vec<(String, Option<(String, f32)>)>,
}

/// Proposes which concepts of `to` those of `from` are, by their preferred labels in a language.
///
/// The confidence is the score of the match; what stays under the threshold is unmapped, and listed.
/// A proposal is for people to look through: labels that look alike may mean different things.
///
/// # Errors
///
/// As [`Matcher::skills`]; [`Error::Cancelled`](crate::Error::Cancelled).
pub fn propose(
    from: &Framework,
    to: &Framework,
    vocabulary: Vocabulary,
    language: &str,
    options: MatchOptions,
    run: &Run,
) -> Result<Proposal> {
    let (matcher, ids, taxonomy) = match vocabulary {
        Vocabulary::Skills => {
            (Matcher::skills(to, language, options, run)?, from.axis().ids(), from.skills())
        }
        Vocabulary::Occupations => {
            let matcher = Matcher::occupations(to, language, options, run)?;
            (matcher, &**from.occupation_ids(), from.occupations())
        }
    };
    let label = |at: u32| taxonomy.label(at, language).unwrap_or(&ids[at]).to_owned();
    let labels: Vec<String> = (0..taxonomy.members()).map(label).collect();
    let target = |at: u32| match vocabulary {
        Vocabulary::Skills => (&to.axis().ids()[at], to.skill_name(at, language)),
        Vocabulary::Occupations => (&to.occupation_ids()[at], to.occupation_name(at, language)),
    };
    let (mut edges, mut unmapped) = (Vec::new(), Vec::new());
    let found = matcher.find_all(&labels, 1, run)?;
    for ((id, own), LabelMatches { answer, found }) in ids.iter().zip(&labels).zip(found) {
        let Some(best) = answer else {
            let near = found.first().map(|near| (target(near.concept).0.to_owned(), near.score));
            unmapped.push((id.to_owned(), near));
            continue;
        };
        let (to, name) = target(best.concept);
        let kind = if normal(own) == normal(name) { EdgeKind::Exact } else { EdgeKind::Close };
        edges.push(Edge { from: id.to_owned(), to: to.to_owned(), kind, confidence: best.score });
    }
    let crosswalk = Crosswalk::new(from.title(), to.title(), edges)?;
    Ok(Proposal { crosswalk, unmapped })
}
