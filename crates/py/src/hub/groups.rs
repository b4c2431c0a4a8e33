//! By which places and people things are counted.

use std::collections::HashMap;

use passerelle::hub::Territories;
use passerelle::hub::recruitment::TerritoryGroups;
use passerelle::hub::skill::PeopleGroups;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use super::argument;
use crate::error::raised;

/// Where people live: their ids, and those of territories.
pub type Places = HashMap<String, String>;

/// Groups of territories: `None` is everywhere, a text all places of that kind, a dictionary groups
/// of one's own.
pub fn territory_groups(
    territories: &Territories,
    asked: Option<&Bound<'_, PyAny>>,
) -> PyResult<TerritoryGroups> {
    let Some(asked) = asked else { return Ok(TerritoryGroups::everywhere()) };
    if let Ok(kind) = asked.extract::<&str>() {
        let groups = TerritoryGroups::of_kind(territories, kind).map_err(raised)?;
        if groups.is_empty() {
            return Err(argument("territories", format!("`{kind}`"), "a kind of place there is"));
        }
        return Ok(groups);
    }
    let own: Vec<(String, Vec<String>)> = match asked.call_method0("items") {
        Ok(items) => items.try_iter()?.map(|item| item?.extract()).collect::<PyResult<_>>()?,
        Err(_) => {
            let said = "pass `territories` as a kind of place, or as {name: [ids]}";
            return Err(PyTypeError::new_err(said));
        }
    };
    let mut groups = Vec::with_capacity(own.len());
    for (name, ids) in &own {
        let members: passerelle::Result<Vec<u32>> =
            ids.iter().map(|id| territories.position(id)).collect();
        groups.push((name.as_str(), members.map_err(raised)?));
    }
    TerritoryGroups::new(territories, groups).map_err(raised)
}

/// The people of each of these groups, by where they live.
pub fn people_groups(
    people: &passerelle::Profiles,
    territories: &Territories,
    groups: &TerritoryGroups,
    places: Option<&Places>,
) -> PyResult<PeopleGroups> {
    let mut of_person = vec![None; people.len()];
    for (person, place) in places.into_iter().flatten() {
        let person = people.position(person).map_err(raised)?;
        of_person[person as usize] = Some(territories.position(place).map_err(raised)?);
    }
    PeopleGroups::by_territory(groups, of_person).map_err(raised)
}
