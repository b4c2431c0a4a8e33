//! What people can reach, from a file that no score reads.

use std::path::Path;

use super::pools::Limits;
use crate::error::Result;
use crate::hub::Territories;
use crate::hub::table;
use crate::read::{ReadReport, Reason};
use crate::text::Ids;

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
    let mut limits = vec![Limits::default(); people.len()];
    let mut seen = vec![false; people.len()];
    let optional = [
        "territory",
        "available_from",
        "max_minutes",
        "modes",
        "hours_min",
        "hours_max",
        "contracts",
    ];
    let report = table::read("people attributes", path, &["person"], &optional, |row, _| {
        let id = row.get("person");
        let Some(at) = people.position(id).map(|at| at as usize) else {
            return Ok(Err((Reason::UnknownValue, id.to_owned())));
        };
        if seen[at] {
            return Ok(Err((Reason::Duplicate, id.to_owned())));
        }
        let territory = match row.get("territory") {
            "" => None,
            place => match places.ids().position(place) {
                None => return Ok(Err((Reason::UnknownTerritory, place.to_owned()))),
                found => found,
            },
        };
        let read = || {
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
        };
        match read() {
            Ok(own) => {
                limits[at] = own;
                seen[at] = true;
                Ok(Ok(()))
            }
            Err(dropped) => Ok(Err(dropped)),
        }
    })?;
    Ok((limits, report))
}
