//! A hub's folder.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::skill::{Pooled, read_pools};
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::profile::Profiles;
use crate::read::{self, ProfilesOptions, ReadReport};

/// What a hub's folder holds.
#[derive(Clone, Debug)]
pub struct Hub {
    /// What jobs require.
    pub framework: Arc<Framework>,
    /// What was read of it, and what was dropped and why.
    pub framework_report: ReadReport,
    /// What people hold.
    pub profiles: Arc<Profiles>,
    /// What was read of them, and what was dropped and why.
    pub profiles_report: ReadReport,
    /// The pools of each person, by position.
    pub pools: Vec<BTreeSet<String>>,
    /// What was read of pools, and what was dropped and why.
    pub pools_reports: Vec<ReadReport>,
}

impl Hub {
    /// Reads a hub's folder: `framework/` in any known format, and `people/` or `people.csv`;
    /// `pools/` and `pools.csv` where they are there. A person in several pools is there once.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownFormat`] when either is missing, and what their readers refuse.
    pub fn read(folder: &Path) -> Result<Self> {
        let framework = folder.join("framework");
        let people =
            ["people", "people.csv"].into_iter().map(|name| folder.join(name)).find(|p| p.exists());
        let (true, Some(people)) = (framework.is_dir(), people) else {
            return Err(Error::UnknownFormat {
                path: folder.to_owned(),
                looked_for: vec!["framework/", "people/ or people.csv"],
            });
        };
        let (framework, framework_report) = read::framework(&framework)?;
        let (profiles, profiles_report) =
            read::profiles(&people, &framework, &ProfilesOptions::default())?;
        let Pooled { profiles, pools, reports: pools_reports } =
            read_pools(folder, &framework, profiles)?;
        Ok(Self {
            framework: Arc::new(framework),
            framework_report,
            profiles: Arc::new(profiles),
            profiles_report,
            pools,
            pools_reports,
        })
    }
}
