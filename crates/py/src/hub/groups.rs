//! By which places and people things are counted.

use passerelle::hub::Territories;
use passerelle::hub::recruitment::TerritoryGroups;
use passerelle::hub::report::AREAS;
use passerelle::hub::skill::{Areas, ByArea, PeopleGroups};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::argument;
use crate::error::raised;

/// Where people live: their ids, and those of territories.
pub struct Places(Vec<(String, String)>);

impl<'a, 'py> FromPyObject<'a, 'py> for Places {
    type Error = PyErr;

    /// From a dictionary, with an eye on Ctrl-C: it may have everybody of a region.
    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let mut places = Vec::new();
        for (at, one) in given.cast::<PyDict>()?.iter().enumerate() {
            if at % (1 << 12) == 0 {
                given.py().check_signals()?;
            }
            places.push((one.0.extract()?, one.1.extract()?));
        }
        Ok(Self(places))
    }
}

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

/// The areas in which people are counted: those asked for, or everything together.
pub struct Asked {
    areas: Areas,
    apart: bool,
}

impl Asked {
    /// Everything together is hidden beside the areas that the command tells of, as they can be
    /// asked for too.
    pub fn new(
        people: &passerelle::Profiles,
        territories: &Territories,
        asked: Option<&Bound<'_, PyAny>>,
        places: Option<&Places>,
    ) -> PyResult<Self> {
        let groups = match asked {
            Some(_) => territory_groups(territories, asked)?,
            None => TerritoryGroups::of_kind(territories, AREAS).map_err(raised)?,
        };
        let mut of_person = vec![None; people.len()];
        for (person, place) in places.iter().flat_map(|places| &places.0) {
            let person = people.position(person).map_err(raised)?;
            of_person[person as usize] = Some(territories.position(place).map_err(raised)?);
        }
        let areas = Areas::new(groups, &of_person).map_err(raised)?;
        Ok(Self { areas, apart: asked.is_some() })
    }

    /// All areas.
    pub fn areas(&self) -> &Areas {
        &self.areas
    }

    /// What is asked for, and who is there.
    pub fn groups(&self) -> (&TerritoryGroups, &PeopleGroups) {
        let Self { areas, apart } = self;
        match apart {
            true => (areas.groups(), areas.people()),
            false => (areas.everywhere(), areas.everyone()),
        }
    }

    /// The rows of what is asked for.
    pub fn rows<T>(&self, rows: ByArea<T>) -> Vec<T> {
        if self.apart { rows.apart } else { rows.together }
    }
}
