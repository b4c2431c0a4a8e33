//! What people can reach and what posts demand, from files that no score reads.

use std::collections::BTreeMap;
use std::path::Path;

use super::limits::{Conditions, Limits};
use crate::error::Result;
use crate::hub::Territories;
use crate::hub::recruitment::Register;
use crate::hub::table::{self, Dropped, Fields};
use crate::read::{ReadReport, Reason};
use crate::text::Ids;

/// The columns that say what a person can reach.
pub(super) const COLUMNS: [&str; 7] =
    ["territory", "available_from", "max_minutes", "modes", "hours_min", "hours_max", "contracts"];

/// Reads `people_attributes.csv` for the limits of people, by their position: `person`,
/// `territory`, `available_from`, `max_minutes`, `modes`, `hours_min`, `hours_max`, `contracts`.
/// Whoever is not in the file has no limit that is known. A row that cannot be used is dropped and
/// reported; the file's other columns are not looked at.
///
/// # Errors
///
/// [`Error::File`](crate::Error::File), [`Error::MissingColumn`](crate::Error::MissingColumn) for
/// `person`, [`Error::Encoding`](crate::Error::Encoding).
pub fn read_limits(
    path: &Path,
    people: &Ids,
    places: &Territories,
) -> Result<(Vec<Limits>, ReadReport)> {
    let mut limits: Vec<Option<Limits>> = vec![None; people.len()];
    let report = table::read("people attributes", path, &["person"], &COLUMNS, |row, _| {
        let id = row.get("person");
        let Some(own) = people.position(id).map(|at| &mut limits[at as usize]) else {
            return Ok(Err((Reason::UnknownValue, id.to_owned())));
        };
        if own.is_some() {
            return Ok(Err((Reason::Duplicate, id.to_owned())));
        }
        Ok(limits_of(row, places).map(|stated| *own = Some(stated)))
    })?;
    Ok((limits.into_iter().map(Option::unwrap_or_default).collect(), report))
}

/// The limits that a row states.
pub(super) fn limits_of(row: Fields<'_>, places: &Territories) -> Result<Limits, Dropped> {
    let territory = match row.get("territory") {
        "" => None,
        place => {
            let found = places.ids().position(place);
            Some(found.ok_or_else(|| (Reason::UnknownTerritory, place.to_owned()))?)
        }
    };
    let least = row.parsed("hours_min", Reason::BadValue)?;
    let most = row.parsed("hours_max", Reason::BadValue)?;
    Ok(Limits {
        territory,
        available_from: row.date("available_from")?,
        max_minutes: row.parsed("max_minutes", Reason::BadValue)?,
        modes: table::list(row.get("modes")).map(str::to_owned).collect(),
        hours: least.or(most).map(|_| (least.unwrap_or(0), most.unwrap_or(u16::MAX))),
        contracts: table::list(row.get("contracts")).map(str::to_owned).collect(),
    })
}

/// What posts demand beside skills, by the sensor and the record of their needs.
pub type ConditionsOf = BTreeMap<(String, String), Conditions>;

/// Reads `post_conditions.csv`, what posts demand beside skills: `sensor`, `record`, `start`,
/// `hours` a week, `contract`. By sensor and record; where the work is, the need says. A row that
/// cannot be used, such as one for a need that the register does not know, is dropped and reported.
///
/// # Errors
///
/// [`Error::File`](crate::Error::File), [`Error::MissingColumn`](crate::Error::MissingColumn) for
/// `sensor` and `record`, [`Error::Encoding`](crate::Error::Encoding).
pub fn read_conditions(path: &Path, register: &Register) -> Result<(ConditionsOf, ReadReport)> {
    let mut conditions = BTreeMap::new();
    let optional = ["start", "hours", "contract"];
    let report =
        table::read("conditions of posts", path, &["sensor", "record"], &optional, |row, _| {
            let (sensor, record) = (row.get("sensor"), row.get("record"));
            if register.key(sensor, record).is_none() {
                return Ok(Err((Reason::UnknownValue, format!("{sensor}/{record}"))));
            }
            let key = (sensor.to_owned(), record.to_owned());
            if conditions.contains_key(&key) {
                return Ok(Err((Reason::Duplicate, format!("{sensor}/{record}"))));
            }
            let read = || {
                let contract = Some(row.get("contract")).filter(|kind| !kind.is_empty());
                Ok(Conditions {
                    territory: None,
                    start: row.date("start")?,
                    hours: row.parsed("hours", Reason::BadValue)?,
                    contract: contract.map(str::to_owned),
                })
            };
            Ok(read().map(|stated| drop(conditions.insert(key, stated))))
        })?;
    Ok((conditions, report))
}
