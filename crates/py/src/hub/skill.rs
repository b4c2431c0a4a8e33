//! `passerelle.skill`: shortages, tension, bridges, and what keeps people out.

use passerelle::gap::Eligibility;
use passerelle::hub::skill;
use passerelle::hub::skill::{
    Bridge, MapBy, Reach, ShownBalance, ShownTension, SkillMap, Tension, bridges,
    bridges_from_occupation, eligible_people, exclusions,
};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::groups::{Asked, Places};
use super::picture::{Picture, causes};
use super::reading::look;
use super::scenario::Scenario;
use super::table::{Columns, table};
use crate::call::How;
use crate::error::raised;
use crate::number::Whole;
use crate::occupations::{Occupation, Occupations};
use crate::profiles::{Profile, Profiles};

const BALANCE: Columns = &[
    ("territory", "text"),
    ("skill", "text"),
    ("label", "text"),
    ("required", "count"),
    ("holders", "count"),
    ("silent", "count"),
    ("shortage", "count"),
    ("surplus", "count"),
];

const TENSION: Columns = &[
    ("territory", "text"),
    ("occupation", "text"),
    ("label", "text"),
    ("positions_sure", "count"),
    ("positions_estimate", "count"),
    ("positions_all", "count"),
    ("people", "count"),
    ("positions_per_person", "ratio"),
    ("calls_for_training", "count"),
    ("no_cause", "count"),
    ("causes", "counts"),
];

const BRIDGES: Columns = &[
    ("target", "text"),
    ("label", "text"),
    ("gap", "count"),
    ("gap_lower", "count"),
    ("total", "count"),
    ("coverage", "share"),
    ("known_share", "share"),
    ("near", "yes"),
    ("to_gain", "texts"),
    ("to_ask", "texts"),
    ("blocking", "texts"),
    ("licence_alone", "yes"),
];

const EXCLUSIONS: Columns = &[
    ("skill", "text"),
    ("label", "text"),
    ("necessity", "text"),
    ("short", "count"),
    ("silent", "count"),
    ("alone", "count"),
    ("people", "count"),
];

/// Set what posts require against what people hold, skill by skill.
///
/// Positions and people are paired as far as levels allow, the highest first, everyone once.
///
/// Parameters
/// ----------
/// picture : passerelle.recruitment.Picture
/// people : Profiles
/// places : dict of str to str, optional
///     Where people live: the territory's id, by the person's.
/// territories : str or dict, optional
///     As for `passerelle.recruitment.Picture.consolidated`; everyone together by default.
/// scenario : passerelle.recruitment.Scenario, optional
///     What is supposed of needs.
/// exact : bool, default False
///     Every count as it is, for use within. By default counts about 1 to 10 people are left out,
///     with those that would give them away, so that the frame may be published: areas are hidden
///     beside everyone together, and everyone together beside employment areas (places of the kind
///     ``"bassin"``), as in the command's files. Areas of other kinds are not hidden beside those.
/// language : str, optional
///     The language of labels; the framework's own by default.
/// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
/// threads, memory_limit, progress
///     See :ref:`long calls <long-calls>`.
///
/// Returns
/// -------
/// frame
///     By territory, then by skill: ``required`` positions, ``holders``, people to ask (``silent``),
///     ``shortage`` (positions that nobody is left for) and ``surplus`` (people left).
///
/// Raises
/// ------
/// VersionError
///     The register is on another framework than the people.
/// UnknownIdError
///     A person or territory that is not there.
#[pyfunction]
#[pyo3(signature = (
    picture, people, *, places = None, territories = None, scenario = None, exact = false,
    language = None, frame = None, threads = None, memory_limit = None, progress = None
))]
#[expect(clippy::too_many_arguments, reason = "keywords, each of them optional")]
pub fn balance<'py>(
    py: Python<'py>,
    picture: &Bound<'py, Picture>,
    people: &Bound<'py, Profiles>,
    places: Option<Places>,
    territories: Option<&Bound<'py, PyAny>>,
    scenario: Option<&Bound<'py, Scenario>>,
    exact: bool,
    language: Option<&str>,
    frame: Option<&str>,
    threads: Option<Whole<usize>>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let how = How::new(threads, memory_limit, progress)?;
    let (picture, people) = (picture.get(), people.get());
    let register = picture.register();
    let places_known = register.territories().get().core();
    let asked = Asked::new(people.core(), places_known, territories, places.as_ref())?;
    let framework = people.framework().get();
    let (core, language) = (framework.core(), framework.language(language));
    let held = people.held(py)?;
    let scenario = scenario.map(|scenario| scenario.get().core());
    let rows = how.call(py, |run| {
        let (register, picture) = (look(register.core()), look(picture.core()));
        let needs = (&*register, &*picture);
        let found = if exact {
            let ((groups, people), by) = (asked.groups(), MapBy::Territory);
            let required = SkillMap::required(needs.1, needs.0, core, by, groups, scenario)?;
            let rows = skill::balance(&required, &SkillMap::held(held, people, run)?)?;
            rows.iter().map(|row| row.shown(Some(row.holders), Some(row.silent))).collect()
        } else {
            asked.rows(asked.areas().balance(needs, core, held, scenario, run)?.rows)
        };
        let row = |row: &ShownBalance| {
            let territory = &asked.groups().0.names()[row.group];
            let (id, label) = (&core.axis().ids()[row.skill], core.skill_name(row.skill, language));
            json!([
                territory,
                id,
                label,
                row.required,
                row.holders,
                row.silent,
                row.shortage,
                row.surplus
            ])
        };
        Ok(found.iter().map(row).collect::<Vec<_>>())
    })?;
    table(py, BALANCE, &rows, frame)
}

/// Set the positions of each occupation against the people who are eligible for it.
///
/// Someone eligible for three occupations counts in all three.
///
/// Parameters
/// ----------
/// picture, people, places, territories, exact, language, frame, threads, memory_limit, progress
///     As for `balance`.
///
/// Returns
/// -------
/// frame
///     The highest ``positions_per_person`` first, within each territory; it is null where there
///     is nobody, or where how many there are is left out. Only ``calls_for_training`` of the
///     estimated positions ask for skills that people do not have.
///
/// Raises
/// ------
/// VersionError, UnknownIdError
///     As for `balance`.
#[pyfunction]
#[pyo3(signature = (
    picture, people, *, places = None, territories = None, exact = false, language = None,
    frame = None, threads = None, memory_limit = None, progress = None
))]
#[expect(clippy::too_many_arguments, reason = "keywords, each of them optional")]
pub fn tension<'py>(
    py: Python<'py>,
    picture: &Bound<'py, Picture>,
    people: &Bound<'py, Profiles>,
    places: Option<Places>,
    territories: Option<&Bound<'py, PyAny>>,
    exact: bool,
    language: Option<&str>,
    frame: Option<&str>,
    threads: Option<Whole<usize>>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let how = How::new(threads, memory_limit, progress)?;
    let (picture, people) = (picture.get(), people.get());
    let register = picture.register();
    let places_known = register.territories().get().core();
    let asked = Asked::new(people.core(), places_known, territories, places.as_ref())?;
    let framework = people.framework().get();
    let (core, language) = (framework.core(), framework.language(language));
    let held = people.held(py)?;
    let rows = how.call(py, |run| {
        let (register, picture) = (look(register.core()), look(picture.core()));
        register.check_framework(core)?;
        let eligibility = Eligibility::default();
        let found = if exact {
            let (groups, people) = asked.groups();
            let eligible = eligible_people(held, core.required(), people, eligibility, run)?;
            let rows = skill::tension(&picture, &register, groups, &eligible)?;
            let all_of = |row: Tension| {
                let people = Some(row.people);
                row.shown(people)
            };
            rows.into_iter().map(all_of).collect()
        } else {
            asked.rows(asked.areas().tension((&*register, &*picture), held, eligibility, run)?)
        };
        let row = |row: &ShownTension| {
            let id = &core.occupation_ids()[row.occupation];
            let label = core.occupation_name(row.occupation, language);
            let of_cause = |cause| row.causes.get(&cause).copied().unwrap_or(0);
            let at = row.positions;
            json!([
                row.territory,
                id,
                label,
                at.sure,
                at.estimate,
                at.all,
                row.people,
                row.ratio,
                row.calls_for_training,
                row.no_cause,
                causes(of_cause),
            ])
        };
        Ok(found.iter().map(row).collect::<Vec<_>>())
    })?;
    table(py, TENSION, &rows, frame)
}

/// Find the bridges from a person or an occupation to occupations, near or far.
///
/// Parameters
/// ----------
/// start : Profile or Occupation
///     An occupation stands for someone who meets its requirements and of whom nothing else is
///     known.
/// targets : Occupations
/// near : float, default 0.6
///     The share of a target's requirements from which on it is near, in [0, 1].
/// language : str, optional
///     The language of labels; the framework's own by default.
/// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
///
/// Returns
/// -------
/// frame
///     The smallest ``gap`` first. ``to_gain`` is known to be short, ``to_ask`` is not known,
///     ``blocking`` are licences and titles; ``licence_alone`` where nothing else is missing.
///
/// Raises
/// ------
/// VersionError
///     They are of two frameworks.
/// ArgumentError
///     `near` outside [0, 1].
#[pyfunction(name = "bridges")]
#[pyo3(signature = (start, targets, *, near = 0.6, language = None, frame = None))]
pub fn bridges_from<'py>(
    py: Python<'py>,
    start: &Bound<'py, PyAny>,
    targets: &Bound<'py, Occupations>,
    near: f32,
    language: Option<&str>,
    frame: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let targets = targets.get();
    let (framework, required) = (targets.framework().get(), targets.required());
    let (core, language) = (framework.core(), framework.language(language));
    let reach = Reach::near(near).map_err(raised)?;
    let found: Vec<Bridge> = if let Ok(profile) = start.cast::<Profile>() {
        let people = profile.get().people().get();
        let held = people.held(py)?;
        let person = people.core().position(profile.get().id()).map_err(raised)?;
        How::plain().call(py, |_| {
            required.axis().check_same(held.axis())?;
            bridges(held.row(person), required, None, None, reach)
        })?
    } else if let Ok(from) = start.cast::<Occupation>() {
        let id = from.get().id();
        let own = from.get().framework().get().core().required();
        How::plain().call(py, |_| {
            required.axis().check_same(own.axis())?;
            let at = own.position(id)?;
            // Among all, so that it is told from the targets by what it is and not by where.
            let mut found = bridges_from_occupation(own, at, None, reach)?;
            found.retain_mut(|bridge| {
                let position = required.targets().position(&own.targets()[bridge.target]);
                bridge.target = position.unwrap_or(u32::MAX);
                position.is_some()
            });
            Ok(found)
        })?
    } else {
        return Err(PyTypeError::new_err("pass a Profile or an Occupation as `start`"));
    };
    let names = |skills: &[u32]| -> Vec<&str> {
        skills.iter().map(|&skill| &core.axis().ids()[skill]).collect()
    };
    let labels = targets.labels(Some(language))?;
    let row = |one: &Bridge| {
        let (id, label) = (&required.targets()[one.target], labels[one.target as usize]);
        json!([
            id,
            label,
            one.gap,
            one.gap_lower,
            one.total,
            one.coverage,
            one.known_share,
            one.near,
            names(&one.to_gain),
            names(&one.to_ask),
            names(&one.blocking),
            one.licence_alone,
        ])
    };
    table(py, BRIDGES, &found.iter().map(row).collect::<Vec<Value>>(), frame)
}

/// Say which single requirement of an occupation keeps most people out.
///
/// Parameters
/// ----------
/// people : Profiles
/// occupation : Occupation
/// exact, language, frame, threads, memory_limit, progress
///     As for `balance`.
///
/// Returns
/// -------
/// frame
///     For each requirement the people known to be ``short`` of it, those whose profiles are
///     ``silent`` on it, and those whom it keeps out ``alone``: who would be eligible without it.
///
/// Raises
/// ------
/// VersionError
///     They are of two frameworks.
#[pyfunction(name = "exclusions")]
#[pyo3(signature = (
    people, occupation, *, exact = false, language = None, frame = None, threads = None,
    memory_limit = None, progress = None
))]
#[expect(clippy::too_many_arguments, reason = "keywords, each of them optional")]
pub fn excluding<'py>(
    py: Python<'py>,
    people: &Bound<'py, Profiles>,
    occupation: &Bound<'py, Occupation>,
    exact: bool,
    language: Option<&str>,
    frame: Option<&str>,
    threads: Option<Whole<usize>>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let how = How::new(threads, memory_limit, progress)?;
    let held = people.get().held(py)?;
    let framework = occupation.get().framework().get();
    let (core, language) = (framework.core(), framework.language(language));
    let at = core.required().position(occupation.get().id()).map_err(raised)?;
    let rows = how.call(py, |run| {
        let found = exclusions(held, core.required(), at, Eligibility::default(), run)?;
        let row = |one: &skill::Exclusion| {
            let (id, label) = (&core.axis().ids()[one.skill], core.skill_name(one.skill, language));
            let name = one.necessity.name();
            if exact {
                return Ok(json!([
                    id,
                    label,
                    name,
                    one.short,
                    one.silent,
                    one.alone,
                    found.people
                ]));
            }
            let shown = one.shown(found.people)?;
            Ok(json!([id, label, name, shown.short, shown.silent, shown.alone, shown.people]))
        };
        found.requirements.iter().map(row).collect::<passerelle::Result<Vec<Value>>>()
    })?;
    table(py, EXCLUSIONS, &rows, frame)
}
