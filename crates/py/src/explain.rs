//! `passerelle.explain`: why a person has the score that they have.

use passerelle::{Explanation, rank};
use pyo3::prelude::*;

use crate::call::short;
use crate::error::raised;
use crate::json::json;
use crate::occupations::Occupation;
use crate::profiles::Profile;

/// Explain a person's score for an occupation.
///
/// Parameters
/// ----------
/// person : Profile
///     One of `Profiles`: ``people["p17"]``.
/// target : Occupation
///     One of `Occupations`: ``rome.occupations["N1105"]``.
/// strategy : str, default "coverage"
///     One whose score is a sum over skills.
/// language : str, optional
///     The language of labels and words; the framework's own by default.
///
/// Returns
/// -------
/// Explanation
///     Which requirement was answered by which held skill, on which evidence, and what that added.
///     It reads in a notebook; ``str()`` gives plain words, ``.to_dict()`` every figure.
///
/// Raises
/// ------
/// VersionError
///     Person and target are of two frameworks or versions.
/// ArgumentError
///     No such strategy.
#[pyfunction]
#[pyo3(signature = (person, target, strategy = "coverage", *, language = None))]
pub fn explain<'py>(
    py: Python<'py>,
    person: &Bound<'py, Profile>,
    target: &Bound<'py, Occupation>,
    strategy: &str,
    language: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let (person, target) = (person.get(), target.get());
    let framework = target.framework().get();
    let profiles = person.people().get();
    let language = framework.language(language);
    let (figures, words, rebuilt) = short(|| {
        let core = framework.core();
        let strategy = rank::fitted(strategy, core.required()).map_err(raised)?;
        let (id, target) = (person.id(), target.id());
        let why = Explanation::of(profiles.core(), id, core, target, &*strategy, language)
            .map_err(raised)?;
        Ok((json(py, &why)?, why.to_string(), why.rebuild()))
    })?;
    py.import("passerelle._explanation")?.getattr("Explanation")?.call1((figures, words, rebuilt))
}
