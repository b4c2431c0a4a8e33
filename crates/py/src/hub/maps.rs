//! `passerelle.skill.required_map` and `held_map`: groups × (skill, level).

use std::collections::BTreeMap;

use passerelle::hub::skill::{MapBy, PeopleGroups, SkillMap};
use passerelle::trust::{Rules, some_parts_shown};
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::groups::territory_groups;
use super::picture::Picture;
use super::reading::look;
use super::scenario::Scenario;
use super::table::{Columns, table};
use crate::call::How;
use crate::error::raised;
use crate::number::Whole;
use crate::profiles::Profiles;

const REQUIRED: Columns = &[
    ("group", "text"),
    ("skill", "text"),
    ("label", "text"),
    ("level", "count"),
    ("positions", "count"),
    ("scenario", "text"),
];

const HELD: Columns = &[
    ("group", "text"),
    ("skill", "text"),
    ("label", "text"),
    ("level", "count"),
    ("people", "count"),
];

/// Map what needs require: positions by group, skill and level.
///
/// Parameters
/// ----------
/// picture : passerelle.recruitment.Picture
/// by : {"territory", "sector", "occupation", "horizon"}, default "territory"
///     By what positions are counted apart.
/// territories : str or dict, optional
///     With ``by="territory"``: as for `passerelle.recruitment.Picture.consolidated`; everything
///     together by default.
/// scenario : passerelle.recruitment.Scenario, optional
///     What is supposed; its name stands in every row.
/// language : str, optional
///     The language of labels; the framework's own by default.
/// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
///
/// Returns
/// -------
/// frame
///     ``positions`` (estimated) that require the skill at that level, in steps of its scale. The
///     group is ``""`` for everything together, and for needs without a sector or occupation.
///
/// Raises
/// ------
/// ArgumentError
///     Another `by`, or a kind of place that there is not.
#[pyfunction]
#[pyo3(signature = (
    picture, *, by = "territory", territories = None, scenario = None, language = None, frame = None
))]
pub fn required_map<'py>(
    py: Python<'py>,
    picture: &Bound<'py, Picture>,
    by: &str,
    territories: Option<&Bound<'py, PyAny>>,
    scenario: Option<&Bound<'py, Scenario>>,
    language: Option<&str>,
    frame: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let by: MapBy = by.parse().map_err(raised)?;
    let picture = picture.get();
    let register = picture.register();
    let groups = territory_groups(register.territories().get().core(), territories)?;
    let framework = register.framework().get();
    let (core, language) = (framework.core(), framework.language(language));
    let scenario = scenario.map(|scenario| scenario.get().core());
    let rows: Vec<Value> = How::plain().call(py, |_| {
        let (register, picture) = (look(register.core()), look(picture.core()));
        let map = SkillMap::required(&picture, &register, core, by, &groups, scenario)?;
        let row = |line: passerelle::hub::skill::MapLine<'_>| {
            let at = core.axis().ids().position(line.skill);
            let label = at.map(|at| core.skill_name(at, language));
            json!([line.group, line.skill, label, line.level, line.count, line.scenario])
        };
        Ok(map.table().map(row).collect())
    })?;
    table(py, REQUIRED, &rows, frame)
}

/// Map what people hold: people by group, skill and level.
///
/// Parameters
/// ----------
/// people : Profiles
/// groups : dict of str to list of str, optional
///     The ids of the people of each group; everyone together by default. Who is in two counts in
///     both.
/// exact : bool, default False
///     Every count as it is, for use within. By default counts about 1 to 10 people are left out,
///     with those that would give them away beside the size of their group.
/// language : str, optional
///     The language of labels; the framework's own by default.
/// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
/// threads, memory_limit, progress
///     See :ref:`long calls <long-calls>`.
///
/// Returns
/// -------
/// frame
///     ``people`` who hold the skill at that level, in steps of its scale; level 0 is known not to
///     be held, and whoever is silent is in no row.
///
/// Raises
/// ------
/// UnknownIdError
///     A person who is not there.
#[pyfunction]
#[pyo3(signature = (
    people, *, groups = None, exact = false, language = None, frame = None, threads = None,
    memory_limit = None, progress = None
))]
#[expect(clippy::too_many_arguments, reason = "keywords, each of them optional")]
pub fn held_map<'py>(
    py: Python<'py>,
    people: &Bound<'py, Profiles>,
    groups: Option<BTreeMap<String, Vec<String>>>,
    exact: bool,
    language: Option<&str>,
    frame: Option<&str>,
    threads: Option<Whole<usize>>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let how = How::new(threads, memory_limit, progress)?;
    let people = people.get();
    let framework = people.framework().get();
    let (core, language) = (framework.core(), framework.language(language));
    let held = people.held(py)?;
    let rows: Vec<Value> = how.call(py, |run| {
        let groups = match groups {
            None => PeopleGroups::everyone(held.len())?,
            Some(told) => {
                let mut groups = PeopleGroups::new();
                for (name, members) in &told {
                    groups.group(name)?;
                    for id in members {
                        groups.add(name, people.core().position(id)?)?;
                    }
                }
                groups
            }
        };
        let map = SkillMap::held(held, &groups, run)?;
        let mut rows = Vec::new();
        for (group, &size) in (0u32..).zip(map.sizes()) {
            for cells in map.skills(group) {
                let counts: Vec<u64> = cells.iter().map(|cell| cell.count).collect();
                let shown = if exact {
                    counts.into_iter().map(Some).collect()
                } else {
                    some_parts_shown(size, &counts, Rules::default())?.parts
                };
                for (cell, people) in cells.iter().zip(shown) {
                    let (id, label) =
                        (&core.axis().ids()[cell.skill], core.skill_name(cell.skill, language));
                    rows.push(json!([&map.groups()[group], id, label, cell.level, people]));
                }
            }
        }
        Ok(rows)
    })?;
    table(py, HELD, &rows, frame)
}
