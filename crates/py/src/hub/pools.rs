//! `passerelle.skill.Pools`: people of several pools, each person once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, RwLock};

use passerelle::hub::skill::Pools as Core;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::reading::{change, look};
use crate::call::How;
use crate::error::raised;
use crate::framework::Framework;
use crate::profiles::Profiles;

/// The pools of each person who is in one, by id.
pub fn by_person<'a>(
    people: &'a passerelle::Profiles,
    pools: &'a [BTreeSet<String>],
) -> BTreeMap<&'a str, Vec<&'a str>> {
    let both = people.people().iter().zip(pools).filter(|(_, own)| !own.is_empty());
    both.map(|(person, own)| (person, own.iter().map(String::as_str).collect())).collect()
}

/// Profiles from several pools, such as an employment service and a temporary agency: who is in
/// several is one person, with the evidence of all of them.
///
/// `passerelle.Hub` reads those of a hub's folder.
///
/// Parameters
/// ----------
/// framework : Framework
///     The framework that all their skills are of.
///
/// Examples
/// --------
/// >>> from passerelle.skill import Pools
/// >>> demo = ps.Framework.read_csv(folder)
/// >>> agency = frame.replace({"person": {"p1": "x1"}}).replace({"skill": {"weld": "read"}})
/// >>> pools = Pools(demo)
/// >>> pools.add("service", ps.Profiles.from_frame(frame, demo))
/// >>> pools.add("agency", ps.Profiles.from_frame(agency, demo), same_as={"x1": "p1"})
/// >>> people, pools_of = pools.unite()
/// >>> sorted(one["skill"] for one in people["p1"].held), pools_of["p1"]
/// (['read', 'weld'], ['agency', 'service'])
#[pyclass(module = "passerelle.skill", frozen)]
pub struct Pools {
    core: RwLock<Core>,
    framework: Py<Framework>,
}

#[pymethods]
impl Pools {
    #[new]
    fn new(framework: &Bound<'_, Framework>) -> Self {
        let core = RwLock::new(Core::new(framework.get().core().axis()));
        Self { core, framework: framework.clone().unbind() }
    }

    /// Add a pool.
    ///
    /// Parameters
    /// ----------
    /// name : str
    ///     Its name; people of two pools of one name are in the same.
    /// people : Profiles
    /// same_as : dict of str to str, optional
    ///     For pseudonyms of this pool those that the others know the person by.
    ///
    /// Raises
    /// ------
    /// VersionError
    ///     They are on another framework or version.
    /// UnknownIdError
    ///     A pseudonym of `same_as` that is not of this pool.
    #[pyo3(signature = (name, people, *, same_as = None))]
    fn add(
        &self,
        py: Python<'_>,
        name: &str,
        people: &Bound<'_, Profiles>,
        same_as: Option<BTreeMap<String, String>>,
    ) -> PyResult<()> {
        let people = Arc::clone(people.get().core());
        let same_as = same_as.unwrap_or_default();
        for pseudonym in same_as.keys() {
            people.position(pseudonym).map_err(raised)?;
        }
        How::plain().call(py, |_| change(&self.core).add(name, people, same_as))
    }

    /// Unite the pools.
    ///
    /// Returns
    /// -------
    /// people : Profiles
    ///     Everyone once, in the order of their ids, whatever order the pools were added in.
    /// pools : dict of str to list of str
    ///     The names of the pools of each person.
    fn unite<'py>(slf: &Bound<'py, Self>) -> PyResult<(Profiles, Bound<'py, PyDict>)> {
        let (py, own) = (slf.py(), slf.get());
        let (people, pools) = How::plain().call(py, |run| look(&own.core).build(run))?;
        let pools_of = PyDict::new(py);
        for (at, (id, own)) in people.people().iter().zip(pools).enumerate() {
            if at % (1 << 12) == 0 {
                py.check_signals()?;
            }
            pools_of.set_item(id, own.into_iter().collect::<Vec<_>>())?;
        }
        Ok((Profiles::new(own.framework.bind(py), people), pools_of))
    }
}
