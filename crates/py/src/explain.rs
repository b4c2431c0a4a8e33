//! `passerelle.explain`: why a person has the score that they have.

use passerelle::rank::{self, Account, Part, PartOf};
use passerelle::transfer::Transfer;
use passerelle::{Explanation, Framework, near};
use pyo3::prelude::*;
use serde_json::{Value, json};

use crate::call::{How, short};
use crate::error::raised;
use crate::json::json as plain;
use crate::occupations::Occupation;
use crate::profiles::Profile;
use crate::transfer::Transfers;

/// Explain a person's score for an occupation.
///
/// Parameters
/// ----------
/// person : Profile
///     One of `Profiles`: ``people["p17"]``.
/// target : Occupation
///     One of `Occupations`: ``rome.occupations["N1105"]``.
/// strategy : str, default "coverage"
///     One of `strategies`, with its options.
/// transfer : str or list of str, optional
///     As for `rank`.
/// language : str, optional
///     The language of labels and words; the framework's own by default.
///
/// Returns
/// -------
/// Explanation or Account
///     Which requirement was answered by which held skill, on which evidence, and what that added.
///     For a strategy that is no sum over shared skills, the parts that add up to the score. Both
///     read in a notebook; ``str()`` gives plain words, ``.to_dict()`` every figure.
///
/// Raises
/// ------
/// VersionError
///     Person and target are of two frameworks or versions.
/// ArgumentError
///     No such strategy.
#[pyfunction]
#[pyo3(signature = (person, target, strategy = "coverage", *, transfer = None, language = None))]
pub fn explain<'py>(
    py: Python<'py>,
    person: &Bound<'py, Profile>,
    target: &Bound<'py, Occupation>,
    strategy: &str,
    transfer: Option<Transfers>,
    language: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let (person, target) = (person.get(), target.get());
    let framework = target.framework().get();
    let profiles = person.people().get();
    let language = framework.language(language);
    let core = framework.core();
    let (id, occupation) = (person.id(), target.id());
    let transfer = match &transfer {
        Some(transfer) => transfer.known(py, core)?,
        None => Transfer::new(core.axis(), []).map_err(raised)?,
    };
    let made = |module: &str, class: &str| py.import(module)?.getattr(class);
    if let Some(strategy) = short(|| Ok(rank::fitted(strategy, core.required()).ok()))? {
        let (figures, words, rebuilt) = short(|| {
            let people = profiles.core();
            let why = Explanation::with_transfer(
                people, id, core, occupation, &*strategy, language, &transfer,
            );
            let why = why.map_err(raised)?;
            Ok((plain(py, &why)?, why.to_string(), why.rebuild()))
        })?;
        return made("passerelle._explanation", "Explanation")?.call1((figures, words, rebuilt));
    }
    let (account, rebuilt) = How::plain().call(py, |run| {
        let scorer = near::scorer(strategy, core, language, run)?;
        let alone = profiles.core().select(&[profiles.core().position(id)?])?.held(core)?;
        let held = transfer.apply(&alone)?;
        let target = core.required().position(occupation)?;
        let account = scorer.account(held.held().row(0).into(), target);
        let rebuilt = scorer.rebuild(&account);
        Ok((account, rebuilt))
    })?;
    let figures = plain(py, &parts(&account, core, language))?;
    made("passerelle._account", "Account")?.call1((id, occupation, figures, rebuilt))
}

/// An account with labels for what its parts are of.
fn parts(account: &Account, framework: &Framework, language: &str) -> Value {
    let skill = |at: u32| framework.skill_name(at, language);
    let part = |part: &Part| {
        let of = match &part.of {
            PartOf::Skill(at) => skill(*at).to_owned(),
            PartOf::Answer { required, held } => {
                format!("{} ← {}", skill(*required), skill(*held))
            }
            PartOf::Occupation(at) => framework.occupation_name(*at, language).to_owned(),
            PartOf::Term(term) => term.clone(),
        };
        let own = part.account.as_ref().map(|own| parts(own, framework, language));
        json!({ "of": of, "weight": part.weight, "value": part.value, "account": own })
    };
    json!({
        "scorer": account.scorer,
        "score": account.score,
        "sum": account.sum(),
        "person_constant": account.person,
        "target_constant": account.target,
        "parts": account.parts.iter().map(part).collect::<Vec<_>>(),
    })
}
