//! `passerelle.skill`: what sectors and occupations have in common.

use passerelle::hub::recruitment::TerritoryGroups;
use passerelle::hub::skill::{self, MapBy, SkillMap, near_groups};
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::picture::Picture;
use super::reading::look;
use super::scenario::Scenario;
use super::table::{Columns, table};
use crate::call::{How, short};
use crate::error::raised;
use crate::number::whole;
use crate::occupations::Occupations;

const NEAR: Columns =
    &[("one", "text"), ("other", "text"), ("similarity", "ratio"), ("shared", "texts")];

const CORE: Columns = &[
    ("skill", "text"),
    ("label", "text"),
    ("occupation", "text"),
    ("occupations", "count"),
    ("level", "count"),
];

const USES: Columns =
    &[("skill", "text"), ("label", "text"), ("occupations", "count"), ("reuse", "text")];

/// Find the sectors whose needs look for the same skills.
///
/// Parameters
/// ----------
/// picture : passerelle.recruitment.Picture
/// scenario : passerelle.recruitment.Scenario, optional
///     What is supposed of needs.
/// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
///
/// Returns
/// -------
/// frame
///     A row for each pair of sectors that share a skill, the nearest first. ``similarity``, in
///     [0, 1], is Σ min ÷ Σ max of the shares of positions that require each skill; ``shared`` lists
///     the skills of both, that which counts most first.
///
/// Examples
/// --------
/// >>> from passerelle.recruitment import Picture, Region
/// >>> from passerelle.skill import near_sectors
/// >>> region = Region.read(hub, ps.Hub.read(hub).people)
/// >>> near_sectors(Picture(region.register))["similarity"].is_monotonic_decreasing
/// True
#[pyfunction]
#[pyo3(signature = (picture, *, scenario = None, frame = None))]
pub fn near_sectors<'py>(
    py: Python<'py>,
    picture: &Bound<'py, Picture>,
    scenario: Option<&Bound<'py, Scenario>>,
    frame: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let picture = picture.get();
    let register = picture.register();
    let core = register.framework().get().core();
    let scenario = scenario.map(|scenario| scenario.get().core());
    let rows: Vec<Value> = How::plain().call(py, |_| {
        let (register, picture) = (look(register.core()), look(picture.core()));
        let everywhere = TerritoryGroups::everywhere();
        let by = MapBy::Sector;
        let sectors = SkillMap::required(&picture, &register, core, by, &everywhere, scenario)?;
        let row = |pair: skill::NearGroups| {
            let shared: Vec<&str> =
                pair.shared.iter().map(|&(skill, _)| &core.axis().ids()[skill]).collect();
            let names = sectors.groups();
            json!([&names[pair.one], &names[pair.other], pair.similarity, shared])
        };
        Ok(near_groups(&sectors).into_iter().map(row).collect())
    })?;
    table(py, NEAR, &rows, frame)
}

/// Tell the common core of a family of occupations from what each has beside it.
///
/// Parameters
/// ----------
/// occupations : Occupations
///     The family, at least one.
/// percent : int, default 100
///     The share of the family that must require a skill of the core, from 1 to 100.
/// language : str, optional
///     The language of labels; the framework's own by default.
/// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
///
/// Returns
/// -------
/// frame
///     First the skills of the core, with no ``occupation``: how many ``occupations`` require each,
///     and the highest ``level``. Then, for each ``occupation`` in their order, its own skills
///     outside the core, with the level that it requires.
///
/// Raises
/// ------
/// ArgumentError
///     No occupation, or `percent` out of its range.
///
/// Examples
/// --------
/// >>> from passerelle.skill import common_core
/// >>> told = common_core(demo.occupations, frame="pyarrow")
/// >>> list(zip(told["skill"].to_pylist(), told["occupation"].to_pylist()))
/// [('read', None), ('weld', 'welder'), ('team', 'fitter')]
#[pyfunction]
#[pyo3(signature = (occupations, percent = 100, *, language = None, frame = None))]
pub fn common_core<'py>(
    py: Python<'py>,
    occupations: &Bound<'py, Occupations>,
    #[pyo3(from_py_with = whole)] percent: u8,
    language: Option<&str>,
    frame: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let (required, framework) = (occupations.get().required(), occupations.get().framework().get());
    let (core, language) = (framework.core(), framework.language(language));
    let family: Vec<u32> = (0u32..).take(required.len()).collect();
    let (found, uses) = short(|| {
        let found = skill::common_core(required, &family, percent).map_err(raised)?;
        Ok((found, skill::transversality(required)))
    })?;
    let told = |skill: u32| (&core.axis().ids()[skill], core.skill_name(skill, language));
    let mut rows = Vec::new();
    for (skill, count, level) in found.core {
        let (id, label) = told(skill);
        rows.push(json!([id, label, null, count, level]));
    }
    for (&at, specific) in family.iter().zip(found.specific) {
        for (skill, requirement) in required.row(at).iter() {
            if specific.binary_search(&skill).is_ok() {
                let (id, label) = told(skill);
                let count = uses[skill as usize].occupations;
                rows.push(json!([id, label, &required.targets()[at], count, requirement.level]));
            }
        }
    }
    table(py, CORE, &rows, frame)
}

/// Say how widely each skill is used, from the requirements themselves.
///
/// Parameters
/// ----------
/// occupations : Occupations
/// language : str, optional
///     The language of labels; the framework's own by default.
/// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
///
/// Returns
/// -------
/// frame
///     A row for each skill of the framework: how many ``occupations`` require it, and its ``reuse``:
///     ``"unspecified"`` where none does, ``"specific"`` where one does, ``"transversal"`` where at
///     least half of them do, ``"transferable"`` where several do.
///
/// Examples
/// --------
/// >>> from passerelle.skill import transversality
/// >>> transversality(demo.occupations)[["skill", "reuse"]].values.tolist()
/// [['weld', 'specific'], ['read', 'transversal'], ['team', 'specific']]
#[pyfunction]
#[pyo3(signature = (occupations, *, language = None, frame = None))]
pub fn transversality<'py>(
    py: Python<'py>,
    occupations: &Bound<'py, Occupations>,
    language: Option<&str>,
    frame: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let (required, framework) = (occupations.get().required(), occupations.get().framework().get());
    let (core, language) = (framework.core(), framework.language(language));
    let row = |(skill, used): (u32, skill::Use)| {
        let label = core.skill_name(skill, language);
        json!([&core.axis().ids()[skill], label, used.occupations, used.reuse.name()])
    };
    let rows: Vec<Value> = (0u32..).zip(skill::transversality(required)).map(row).collect();
    table(py, USES, &rows, frame)
}
