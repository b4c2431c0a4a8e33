//! Scorers by name, as the command and other languages write them.

use super::{Alike, Aspects, Neighbours, Regression, Walk, Wording};
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::matrix::Held;
use crate::rank::{
    self, Call, Correlation, FITTED_NAMES, Greedy, Matched, Mix, NAMES, Ranking, Scorer, Summed,
    fitted,
};
use crate::run::Run;
use crate::transfer::{CoOccurrence, Hierarchy, Transfer};

/// The names that [`scorer`] knows beside those of strategies.
pub const SCORER_NAMES: &[&str] =
    &["correlation", "greedy", "alike", "ppmi", "svd", "walk", "mix", "rrf"];

/// The names that [`completion`] knows.
pub const COMPLETION_NAMES: &[&str] = &["neighbours", "regression", "wording", "mix", "rrf"];

/// What scores a framework's occupations, by its name and options: every strategy, and
///
/// - `correlation`, `greedy`, `greedy(essential)`, `greedy(combined)` (skills alike by their labels)
/// - `alike`, `alike(texts)`, `alike(kinds)`, `alike(skills=1,words=0.5,…)`: see [`Aspects`]
/// - `ppmi` (skills that are required together), `svd` (main directions of skills): one aspect each
/// - `walk(k=20,on=0.5)`
/// - `mix(0.7*tfidf + 0.3*coverage)`, `rrf(k=60, 1*tfidf + 1*alike)`
///
/// # Errors
///
/// [`Error::Argument`] for a name or option that is none, and what the scorer refuses.
///
/// # Example
///
/// ```
/// use passerelle::near::scorer;
/// # use passerelle::{Framework, Necessity, Requirement, SkillKind};
/// use passerelle::Run;
///
/// # let mut builder = Framework::builder("demo", "1", "en");
/// # for (job, skill) in [("welder", "weld"), ("fitter", "fit")] {
/// #     builder.skill(skill, SkillKind::KnowHow)?;
/// #     builder.occupation(job)?;
/// #     let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// #     builder.require(job, skill, one)?;
/// # }
/// # let framework = builder.build()?;
/// let mix = scorer("mix(0.7*tfidf + 0.3*coverage)", &framework, "en", &Run::new())?;
/// assert_eq!(mix.name(), "mix(0.7*tfidf + 0.3*coverage)");
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn scorer<'a>(
    name: &str,
    framework: &'a Framework,
    language: &str,
    run: &Run,
) -> Result<Box<dyn Scorer + 'a>> {
    let call: Call = name.parse()?;
    let required = framework.required();
    Ok(match call.name.as_str() {
        "correlation" => {
            let [] = call.options(&[])?;
            Box::new(Correlation::new(required))
        }
        "greedy" => {
            let matched = match call.arguments.as_slice() {
                [] => Matched::All,
                [(None, what)] if what == "essential" => Matched::Essential,
                [(None, what)] if what == "combined" => Matched::Combined,
                _ => {
                    let expected = "`greedy`, `greedy(essential)` or `greedy(combined)`";
                    return Err(Error::argument("strategy", format!("`{call}`"), expected));
                }
            };
            let alike = crate::label::alike_by_label(framework, language, 20, run)?;
            Box::new(Greedy::new(required, alike, matched)?)
        }
        "alike" => Box::new(Alike::fit(framework, aspects(&call)?, language, run)?),
        "ppmi" => {
            let [] = call.options(&[])?;
            Box::new(Alike::fit(framework, Aspects::only("together")?, language, run)?)
        }
        "svd" => {
            let [] = call.options(&[])?;
            Box::new(Alike::fit(framework, Aspects::only("factors")?, language, run)?)
        }
        "walk" => {
            let [k, on] = call.options(&[("k", 20.0), ("on", 0.5)])?;
            Box::new(Walk::fit(required, whole("k", k)?, on, run)?)
        }
        "mix" | "rrf" => Box::new(mixed(call, |name| scorer(name, framework, language, run))?),
        known if NAMES.contains(&known) || FITTED_NAMES.contains(&known) => {
            Box::new(Summed::new(fitted(name, required)?, required))
        }
        _ => return Err(call.unknown(&[NAMES, FITTED_NAMES, SCORER_NAMES].concat())),
    })
}

/// The `k` best of a framework's occupations for each person, by whatever scores them: a strategy of
/// [`fitted`], or a [`scorer`].
///
/// # Errors
///
/// Those of [`scorer`], [`rank::targets_for_people`] and [`rank::targets_by_scorer`].
///
/// # Example
///
/// ```
/// use passerelle::near::ranked;
/// # use passerelle::{Framework, Necessity, Requirement, SkillKind};
/// use passerelle::Run;
///
/// # let mut builder = Framework::builder("demo", "1", "en");
/// # for (job, skill) in [("welder", "weld"), ("fitter", "fit")] {
/// #     builder.skill(skill, SkillKind::KnowHow)?;
/// #     builder.occupation(job)?;
/// #     let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// #     builder.require(job, skill, one)?;
/// # }
/// # let framework = builder.build()?;
/// let mut people = passerelle::Held::builder(framework.axis());
/// people.hold("p1", "fit", 1)?;
/// let held = people.build()?;
/// for name in ["coverage", "mix(0.7*tfidf + 0.3*coverage)"] {
///     let best = ranked(name, &held, &framework, 1, "en", &Run::new())?;
///     assert_eq!(best.row(0).next().map(|m| m.position), Some(1));
/// }
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn ranked(
    name: &str,
    held: &Held,
    framework: &Framework,
    k: usize,
    language: &str,
    run: &Run,
) -> Result<Ranking> {
    let required = framework.required();
    match fitted(name, required) {
        Ok(strategy) => rank::targets_for_people(held, required, k, &*strategy, run),
        Err(_) => {
            let scorer = scorer(name, framework, language, run)?;
            rank::targets_by_scorer(held, required, k, &*scorer, run)
        }
    }
}

/// The `k` best people for each of a framework's occupations, as [`ranked`] gives the occupations for
/// each person.
///
/// # Errors
///
/// Those of [`scorer`], [`rank::people_for_targets`] and [`rank::people_by_scorer`].
pub fn ranked_people(
    name: &str,
    held: &Held,
    framework: &Framework,
    k: usize,
    language: &str,
    run: &Run,
) -> Result<Ranking> {
    let required = framework.required();
    match fitted(name, required) {
        Ok(strategy) => rank::people_for_targets(held, required, k, &*strategy, run),
        // What is no strategy is a scorer, or says what it expects.
        Err(_) => {
            let scorer = scorer(name, framework, language, run)?;
            rank::people_by_scorer(held, required, k, &*scorer, run)
        }
    }
}

/// What scores a framework's skills for what is held, by its name and options:
/// `neighbours(k=20,power=4)`, `regression(power=1.5,ridge=0.2)`, `wording` (labels that share
/// words), and their mixes: `mix(regression + 0.25*wording)`, `rrf(k=60, regression + wording)`.
///
/// # Errors
///
/// As [`scorer`].
pub fn completion<'a>(
    name: &str,
    framework: &'a Framework,
    language: &str,
    run: &Run,
) -> Result<Box<dyn Scorer + 'a>> {
    let call: Call = name.parse()?;
    let required = framework.required();
    Ok(match call.name.as_str() {
        "neighbours" => {
            let [k, power] = call.options(&[("k", 20.0), ("power", 4.0)])?;
            Box::new(Neighbours::fit(required, whole("k", k)?, power)?)
        }
        "regression" => {
            let [power, ridge] = call.options(&[("power", 1.5), ("ridge", 0.2)])?;
            Box::new(Regression::fit(required, power, ridge, run)?)
        }
        "wording" => {
            let [] = call.options(&[])?;
            Box::new(Wording::fit(framework, language)?)
        }
        "mix" | "rrf" => Box::new(mixed(call, |name| completion(name, framework, language, run))?),
        _ => return Err(call.unknown(COMPLETION_NAMES)),
    })
}

/// A transfer between a framework's skills, by its name and options:
/// `hierarchy(decay=0.5,steps=2,widest=30)`, `co-occurrence(threshold=0.5,least=3,most=10,share=0.5)`.
/// It never credits what blocks an occupation.
///
/// # Errors
///
/// [`Error::Argument`] for a name or option that is none.
pub fn transfer(name: &str, framework: &Framework) -> Result<Transfer> {
    let call: Call = name.parse()?;
    let made = match call.name.as_str() {
        "hierarchy" => {
            let own = Hierarchy::default();
            let [decay, steps, widest] =
                call.options(&[("decay", own.decay.into()), ("steps", 2.0), ("widest", 30.0)])?;
            #[expect(clippy::cast_possible_truncation, reason = "a decay, rounded once")]
            let decay = decay as f32;
            let (steps, widest) = (whole("steps", steps)?, whole("widest", widest)?);
            Transfer::from_hierarchy(framework, Hierarchy { decay, steps, widest })?
        }
        "co-occurrence" => {
            let [threshold, least, most, share] = call.options(&[
                ("threshold", 0.5),
                ("least", 3.0),
                ("most", 10.0),
                ("share", 0.5),
            ])?;
            let least = u32::try_from(whole("least", least)?).unwrap_or(u32::MAX);
            #[expect(clippy::cast_possible_truncation, reason = "a share, rounded once")]
            let share = share as f32;
            let options = CoOccurrence { threshold, least, most: whole("most", most)?, share };
            Transfer::from_co_occurrence(framework.required(), options)?
        }
        _ => {
            let expected = "one of hierarchy, co-occurrence";
            return Err(Error::argument("transfer", format!("`{}`", call.name), expected));
        }
    };
    made.never_blocking(framework.required())
}

fn aspects(call: &Call) -> Result<Aspects> {
    let mut arguments = call.arguments.as_slice();
    let mut aspects = match arguments.first() {
        Some((None, preset)) if preset == "texts" => {
            arguments = &arguments[1..];
            Aspects::texts()
        }
        Some((None, preset)) if preset == "kinds" => {
            arguments = &arguments[1..];
            Aspects::kinds()
        }
        _ => Aspects::skills(),
    };
    for (key, value) in arguments {
        let weight = value.parse::<f64>().ok();
        let (Some(key), Some(weight)) = (key, weight) else {
            let expected =
                "`alike`, `alike(texts)`, `alike(kinds)`, or weights: `alike(words=0.5)`";
            return Err(Error::argument("strategy", format!("`{call}`"), expected));
        };
        aspects = aspects.with(key, weight)?;
    }
    Ok(aspects)
}

/// A `mix` or an `rrf` of scorers that are made by name: `mix(0.7*tfidf + 0.3*coverage)`, or separated
/// by commas; a weight of 1 where none is given.
fn mixed<'a>(
    mut call: Call,
    make: impl Fn(&str) -> Result<Box<dyn Scorer + 'a>>,
) -> Result<Mix<'a>> {
    let mut k = 60.0;
    if let ("rrf", Some((Some(key), value))) = (call.name.as_str(), call.arguments.first())
        && key == "k"
    {
        k = value
            .parse()
            .map_err(|_| Error::argument("k", format!("`{value}`"), "a number such as 60"))?;
        call.arguments.remove(0);
    }
    let mut parts = Vec::new();
    for (key, value) in &call.arguments {
        if key.is_some() {
            let expected = "parts such as `0.7*tfidf + 0.3*coverage`";
            return Err(Error::argument("strategy", format!("`{call}`"), expected));
        }
        for part in summands(value) {
            let (weight, name) = match part.split_once('*') {
                Some((weight, name)) if !weight.contains('(') => {
                    let weight = weight.trim().parse().map_err(|_| {
                        Error::argument("weight", format!("`{}`", weight.trim()), "a number")
                    })?;
                    (weight, name)
                }
                _ => (1.0, part),
            };
            parts.push((weight, make(name.trim())?));
        }
    }
    if call.name == "rrf" { Mix::ranks(k, parts) } else { Mix::scores(parts) }
}

/// What pluses separate, outside of parentheses.
fn summands(text: &str) -> Vec<&str> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0i32, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            '+' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found
}

/// A whole number that was written as an option.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked before")]
fn whole(name: &'static str, value: f64) -> Result<usize> {
    if value.fract() == 0.0 && (1.0..1e9).contains(&value) {
        Ok(value as usize)
    } else {
        Err(Error::argument(name, value, "a whole number of at least 1"))
    }
}
