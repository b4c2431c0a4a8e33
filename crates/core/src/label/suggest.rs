//! What may be meant by words that are no label, nor nearly one.

use serde::Serialize;

use super::matcher::{MatchOptions, Matcher};
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::lookup::Concept;
use crate::run::Run;

/// A skill or an occupation that may be meant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Suggestion {
    /// The skill or occupation.
    pub concept: Concept,
    /// How well it fits, from 0 to 1.
    pub score: f32,
    /// Whether the score reaches the threshold under which the matcher says "don't know".
    pub sure: bool,
}

/// The skills and occupations that some words may mean, best first, up to `k`: what
/// [`Lookup::find`](crate::lookup::Lookup::find) does not answer, such as a phrase with a typing
/// error in it. Equal scores: skills first, then the lower position.
///
/// The matchers are built for it, which takes a second for ESCO: keep a [`Matcher`] to ask often.
///
/// # Errors
///
/// As [`Matcher::skills`].
///
/// # Example
///
/// ```
/// use passerelle::label::suggest;
/// use passerelle::lookup::{Concept, FindOptions, Lookup};
/// use passerelle::{Framework, Necessity, Requirement, Run, SkillKind};
///
/// let mut builder = Framework::builder("demo", "1", "fr");
/// for (id, label) in [("s1", "Conduire un chariot élévateur"), ("s2", "Lire un plan")] {
///     builder.skill(id, SkillKind::KnowHow)?;
///     builder.skill_label(id, "fr", label)?;
/// }
/// builder.occupation("o")?;
/// let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// builder.require("o", "s1", one)?;
/// let framework = builder.build()?;
///
/// let typed = "chriot elevateur a conduire";
/// assert!(Lookup::build(&framework)?.find(typed, &FindOptions::new())?.is_empty());
/// let suggested = suggest(&framework, "fr", typed, 3, &Run::new())?;
/// assert_eq!(suggested[0].concept, Concept::Skill(0));
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn suggest(
    framework: &Framework,
    language: &str,
    words: &str,
    k: usize,
    run: &Run,
) -> Result<Vec<Suggestion>> {
    let options = MatchOptions::default();
    let skills = Matcher::skills(framework, language, options, run)?;
    let occupations = Matcher::occupations(framework, language, options, run)?;
    let suggestion = |concept, score| {
        let sure = f64::from(score) >= options.threshold;
        Suggestion { concept, score, sure }
    };
    let found = |matcher: &Matcher| Ok::<_, Error>(matcher.find(words, k)?.found.into_iter());
    let skills = found(&skills)?.map(|m| suggestion(Concept::Skill(m.concept), m.score));
    let occupations =
        found(&occupations)?.map(|m| suggestion(Concept::Occupation(m.concept), m.score));
    let mut suggestions: Vec<Suggestion> = skills.chain(occupations).collect();
    // Stable: skills come before occupations.
    suggestions.sort_by(|a, b| b.score.total_cmp(&a.score));
    suggestions.truncate(k);
    Ok(suggestions)
}
