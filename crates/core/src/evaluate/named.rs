//! Tasks and contestants by name.

use super::tasks::{Drawn, Group, hidden_skills, labels, same_group, some_skills};
use super::{Contestant, Fast, Query, Ranks, Scored, Task, by_score};
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::label::{MatchOptions, Matcher};
use crate::matrix::{Necessity, Required};
use crate::near;
use crate::rank::{self, Call, NO_RESULT, Scorer, Strategy};
use crate::run::Run;

/// The tasks that a framework gives by itself, with what each asks.
pub const TASK_NAMES: &[(&str, &str)] = &[
    ("same-parent", "occupations of the same parent (ROME)"),
    ("same-group", "occupations of the same group (ESCO: ISCO of 4 digits)"),
    ("same-group-above", "occupations of the same group above (ESCO: ISCO of 3 digits)"),
    ("from-20", "the occupation, from 20 % of its essential skills"),
    ("from-50", "the occupation, from 50 % of its essential skills"),
    ("from-20-noise", "the same from 20 %, with half as many skills of nobody in particular"),
    ("from-50-noise", "the same from 50 %, with half as many skills of nobody in particular"),
    ("optional-only", "the occupation, from half of its optional skills"),
    ("siblings", "the occupation, from half of its essentials, half of which a sibling replaces"),
    ("completion", "20 % of an occupation's skills, from the others"),
    ("labels", "the skill, from one of its alternative labels"),
];

/// What contests where labels are asked for.
pub const LABEL_NAMES: &[&str] = &["characters", "words", "texts", "matcher"];

/// A task by its name. See [`judged`](super::judged) for those that need more than the framework.
///
/// # Errors
///
/// [`Error::Argument`] for a name that is not one of [`TASK_NAMES`].
pub fn task(name: &str, framework: &Framework, language: &str, seed: u64) -> Result<Task> {
    let drawn = |drawn: Drawn| Ok(some_skills(framework, drawn, name, seed));
    match name {
        "same-parent" => Ok(same_group(framework, Group::Parent, name)),
        "same-group" => Ok(same_group(framework, Group::Above(0), name)),
        "same-group-above" => Ok(same_group(framework, Group::Above(1), name)),
        "from-20" => drawn(Drawn::essentials(0.2)),
        "from-50" => drawn(Drawn::essentials(0.5)),
        "from-20-noise" => drawn(Drawn { noise: 0.5, ..Drawn::essentials(0.2) }),
        "from-50-noise" => drawn(Drawn { noise: 0.5, ..Drawn::essentials(0.5) }),
        "optional-only" => drawn(Drawn { of: Necessity::Optional, ..Drawn::essentials(0.5) }),
        "siblings" => drawn(Drawn { substituted: 0.5, ..Drawn::essentials(0.5) }),
        "completion" => Ok(hidden_skills(framework, 0.2, name, seed)),
        "labels" => Ok(labels(framework, language, name, seed)),
        _ => {
            let names: Vec<_> = TASK_NAMES.iter().map(|&(name, _)| name).collect();
            let expected = format!("one of {}", names.join(", "));
            Err(Error::argument("task", format!("`{name}`"), expected))
        }
    }
}

/// The names of everything that contests where this is ranked.
pub fn all(ranks: Ranks) -> Vec<&'static str> {
    match ranks {
        Ranks::Occupations => [
            rank::NAMES,
            rank::FITTED_NAMES,
            &[
                "tfidf(binary)",
                "correlation",
                "greedy(combined)",
                "ppmi",
                "svd",
                "walk",
                "alike",
                "alike(texts)",
                "alike(kinds)",
            ],
        ]
        .concat(),
        Ranks::Skills => {
            vec!["neighbours", "regression", "wording", "mix(regression + 0.25*wording)"]
        }
        Ranks::Labels => LABEL_NAMES.to_vec(),
    }
}

/// A contestant, with what it learned.
#[derive(Debug)]
pub enum Ranker<'a> {
    /// A strategy on the fast core.
    Strategy(Box<dyn Strategy>, &'a Required),
    /// A scorer of occupations or skills.
    Scorer(Box<dyn Scorer + 'a>),
    /// A matcher of labels.
    Matcher(String, Box<Matcher>),
}

/// A contestant by its name and options.
///
/// # Errors
///
/// [`Error::Argument`] for a name that is none, and what the contestant refuses.
pub fn ranker<'a>(
    name: &str,
    ranks: Ranks,
    framework: &'a Framework,
    language: &str,
    run: &Run,
) -> Result<Ranker<'a>> {
    match ranks {
        Ranks::Skills => Ok(Ranker::Scorer(near::completion(name, framework, language, run)?)),
        Ranks::Occupations => match rank::fitted(name, framework.required()) {
            Ok(strategy) => Ok(Ranker::Strategy(strategy, framework.required())),
            Err(_) => Ok(Ranker::Scorer(near::scorer(name, framework, language, run)?)),
        },
        Ranks::Labels => {
            let call: Call = name.parse()?;
            let known = MatchOptions { other_labels: false, ..MatchOptions::default() };
            let [characters, words, texts] = known.weights;
            let weights = match call.name.as_str() {
                "characters" => [1.0, 0.0, 0.0],
                "words" => [0.0, 1.0, 0.0],
                "texts" => [0.0, 0.0, 1.0],
                "matcher" => {
                    call.options(&[("characters", characters), ("words", words), ("texts", texts)])?
                }
                _ => return Err(call.unknown(LABEL_NAMES)),
            };
            let options = MatchOptions { weights, ..known };
            let matcher = Matcher::skills(framework, language, options, run)?;
            Ok(Ranker::Matcher(call.to_string(), Box::new(matcher)))
        }
    }
}

impl Contestant for Ranker<'_> {
    fn name(&self) -> String {
        match self {
            Self::Strategy(strategy, _) => strategy.name().to_owned(),
            Self::Scorer(scorer) => scorer.name().to_owned(),
            Self::Matcher(name, _) => name.clone(),
        }
    }

    fn rank(&self, queries: &[Query], run: &Run) -> Result<Vec<Vec<u32>>> {
        match self {
            Self::Strategy(strategy, required) => {
                Fast { strategy: &**strategy, required }.rank(queries, run)
            }
            Self::Scorer(scorer) => Scored(&**scorer).rank(queries, run),
            Self::Matcher(_, matcher) => {
                let texts: Vec<&str> = queries.iter().map(|query| query.text.as_str()).collect();
                let found = matcher.find_all(&texts, usize::MAX, run)?;
                let both = queries.iter().zip(found);
                Ok(both
                    .map(|(query, found)| {
                        let mut scores = vec![NO_RESULT; matcher.concepts() as usize];
                        for one in found.found {
                            scores[one.concept as usize] = one.score;
                        }
                        by_score(&scores, &query.unranked)
                    })
                    .collect())
            }
        }
    }
}
