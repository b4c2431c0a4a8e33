//! Pools from files: who is in which, under which pseudonym, and what people can reach as the pools
//! know it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::limits::Limits;
use super::pools::Pools;
use super::reach_file::limits_of;
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::hub::{Territories, table};
use crate::profile::Profiles;
use crate::read::{self, ProfilesOptions, ReadReport, Reason};
use crate::run::Run;
use crate::text::Ids;

/// Everyone of a hub's folder once, and the pools that each is in.
#[derive(Clone, Debug)]
pub struct Pooled {
    /// The people, with the evidence of all pools.
    pub profiles: Profiles,
    /// The pools of each person, by position.
    pub pools: Vec<BTreeSet<String>>,
    /// What was read, and what was dropped and why.
    pub reports: Vec<ReadReport>,
}

/// Unites the people of a folder with those of its pools: `pools/` has profiles, one file a pool and
/// named as it; `pools.csv` says by `pool`, `person` and `same_as` who is in which, and whom the hub
/// knows by another pseudonym. Without either everyone is in no pool, and nothing changes.
///
/// A row is dropped and reported that names nobody, that gives a person two identities, or that
/// repeats what was said.
///
/// # Errors
///
/// What [`read::profiles`] refuses, [`Error::MissingColumn`] for `pool` and `person`.
pub fn read_pools(folder: &Path, framework: &Framework, people: Profiles) -> Result<Pooled> {
    let (profiles_in, list) = (folder.join("pools"), folder.join("pools.csv"));
    let mut reports = Vec::new();
    let mut of_pool: BTreeMap<String, Profiles> = BTreeMap::new();
    for path in files_in(&profiles_in)? {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let (profiles, report) = read::profiles(&path, framework, &ProfilesOptions::default())?;
        of_pool.insert(name, profiles);
        reports.push(report);
    }
    let mut same_as: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut members: BTreeSet<(String, String)> = BTreeSet::new();
    if list.is_file() {
        let known = |id: &str| {
            people.people().position(id).is_some()
                || of_pool.values().any(|pool| pool.people().position(id).is_some())
        };
        let optional = ["same_as"];
        reports.push(table::read("pools", &list, &["pool", "person"], &optional, |row, _| {
            let (pool, person, other) = (row.get("pool"), row.get("person"), row.get("same_as"));
            let id = if other.is_empty() { person } else { other };
            if pool.is_empty() {
                return Ok(Err((Reason::NoId, person.to_owned())));
            }
            if !known(id) {
                return Ok(Err((Reason::UnknownValue, id.to_owned())));
            }
            let identities = same_as.entry(pool.to_owned()).or_default();
            if identities.contains_key(person) {
                return Ok(Err((Reason::Duplicate, person.to_owned())));
            }
            identities.insert(person.to_owned(), id.to_owned());
            members.insert((id.to_owned(), pool.to_owned()));
            Ok(Ok(()))
        })?);
    }
    if of_pool.is_empty() && members.is_empty() {
        let pools = vec![BTreeSet::new(); people.len()];
        return Ok(Pooled { profiles: people, pools, reports });
    }
    let mut pools = Pools::new(framework.axis());
    // The folder's own people are in no pool that has a name.
    pools.add("", people, BTreeMap::new())?;
    for (name, profiles) in of_pool {
        pools.add(&name, profiles, same_as.remove(&name).unwrap_or_default())?;
    }
    let (profiles, mut pools) = pools.build(&Run::new())?;
    for own in &mut pools {
        own.remove("");
    }
    for (person, pool) in members {
        if let Some(at) = profiles.people().position(&person) {
            pools[at as usize].insert(pool);
        }
    }
    Ok(Pooled { profiles, pools, reports })
}

/// The CSV files of a folder in the order of their names, if it is there.
fn files_in(folder: &Path) -> Result<BTreeSet<PathBuf>> {
    if !folder.is_dir() {
        return Ok(BTreeSet::new());
    }
    let failed = |source| Error::File { path: folder.to_owned(), source };
    let mut files = BTreeSet::new();
    for entry in folder.read_dir().map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv")) {
            files.insert(path);
        }
    }
    Ok(files)
}

/// Reads what `pools.csv` says of people's limits into those of `limits` that nothing is known of:
/// the columns of [`read_limits`](super::read_limits), any of them. What was said before stands,
/// and of several pools the first line that says it.
///
/// # Errors
///
/// As [`read_limits`](super::read_limits).
pub fn read_pool_limits(
    path: &Path,
    people: &Ids,
    places: &Territories,
    limits: &mut [Limits],
) -> Result<ReadReport> {
    let optional = [&["same_as"], &super::reach_file::COLUMNS[..]].concat();
    table::read("limits in pools", path, &["pool", "person"], &optional, |row, _| {
        let (person, other) = (row.get("person"), row.get("same_as"));
        let id = if other.is_empty() { person } else { other };
        let Some(at) = people.position(id) else {
            return Ok(Err((Reason::UnknownValue, id.to_owned())));
        };
        Ok(limits_of(row, places).map(|stated| limits[at as usize].complete(stated)))
    })
}
