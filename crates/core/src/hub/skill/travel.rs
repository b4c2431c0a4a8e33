//! How long it takes from one territory to another.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use hashbrown::HashMap;

use crate::hub::Territories;

/// Minutes from territory to territory, by mode. A pair that is not there is out of reach by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Travel {
    by_mode: BTreeMap<String, HashMap<(u32, u32), u32>>,
}

impl Travel {
    /// Says how long a way takes. Saying it again keeps the shorter.
    pub fn add(&mut self, from: u32, to: u32, mode: &str, minutes: u32) {
        let ways = self.by_mode.entry(mode.to_owned()).or_default();
        let known = ways.entry((from, to)).or_insert(minutes);
        *known = minutes.min(*known);
    }

    /// The minutes from one territory to another by a mode: those of the two, or of the nearest
    /// that they lie in.
    pub fn minutes(&self, places: &Territories, from: u32, to: u32, mode: &str) -> Option<u32> {
        let ways = self.by_mode.get(mode)?;
        let pairs = places
            .above(from)
            .iter()
            .flat_map(|&from| places.above(to).iter().map(move |&to| (from, to)));
        let known = pairs.filter_map(|(from, to)| {
            let minutes = *ways.get(&(from, to))?;
            // The narrowest pair first: it has the most territories above it.
            let depth = places.above(from).len() + places.above(to).len();
            Some((Reverse(depth), minutes))
        });
        known.min().map(|(_, minutes)| minutes)
    }

    /// Reads `travel.csv`: `from`, `to`, `mode`, `minutes`. A row that cannot be used is dropped
    /// and reported.
    ///
    /// # Errors
    ///
    /// [`Error::File`](crate::Error::File), [`Error::MissingColumn`](crate::Error::MissingColumn),
    /// [`Error::Encoding`](crate::Error::Encoding), [`Error::Malformed`](crate::Error::Malformed).
    pub fn read(
        path: &std::path::Path,
        places: &Territories,
    ) -> crate::Result<(Self, crate::read::ReadReport)> {
        use crate::read::Reason;
        let mut travel = Self::default();
        let columns = ["from", "to", "mode", "minutes"];
        let report = crate::hub::table::read("travel", path, &columns, &[], |row, _| {
            let place = |name| places.ids().position(row.get(name)).ok_or(name);
            let (from, to) = match (place("from"), place("to")) {
                (Ok(from), Ok(to)) => (from, to),
                (Err(name), _) | (_, Err(name)) => {
                    return Ok(Err((Reason::UnknownTerritory, row.get(name).to_owned())));
                }
            };
            match row.parsed("minutes", Reason::BadValue) {
                Ok(Some(minutes)) => {
                    travel.add(from, to, row.get("mode"), minutes);
                    Ok(Ok(()))
                }
                Ok(None) => Ok(Err((Reason::BadValue, String::new()))),
                Err(dropped) => Ok(Err(dropped)),
            }
        })?;
        Ok((travel, report))
    }
}
