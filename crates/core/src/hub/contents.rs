//! All that a hub's folder holds.

use std::path::{Path, PathBuf};

use super::recruitment::{Picture, PictureOptions};
#[cfg(feature = "plan")]
use super::training::Training;
use super::{Hub, Region};
use crate::error::Result;
#[cfg(feature = "plan")]
use crate::gap::Eligibility;
use crate::matrix::Held;
#[cfg(feature = "plan")]
use crate::run::Run;

/// A hub's folder, read.
#[derive(Debug)]
pub struct Contents {
    folder: PathBuf,
    /// The framework, the people, and what was read of them.
    pub hub: Hub,
    /// What the people hold of the framework's skills.
    pub held: Held,
    /// The needs, and what they come to together, where the folder has any.
    pub needs: Option<(Region, Picture)>,
}

impl Contents {
    /// Reads a folder, without its training.
    ///
    /// # Errors
    ///
    /// Those of [`Hub::read`] and [`Region::read`].
    pub fn read(folder: &Path) -> Result<Self> {
        let hub = Hub::read(folder)?;
        let held = hub.profiles.held(&hub.framework)?;
        let mut needs = None;
        if let Some(region) = Region::read(folder, &hub.framework, &hub.profiles)? {
            let mut picture = Picture::new(PictureOptions::default());
            picture.update(&region.register)?;
            needs = Some((region, picture));
        }
        Ok(Self { folder: folder.to_owned(), hub, held, needs })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The needs.
    pub fn needs(&self) -> Option<(&Region, &Picture)> {
        self.needs.as_ref().map(|(region, picture)| (region, picture))
    }

    /// Reads the training on offer, and draws who is to be trained for the needs; `None` where the
    /// folder lacks either.
    ///
    /// # Errors
    ///
    /// Those of [`Training::read`].
    #[cfg(feature = "plan")]
    pub fn training(&self, run: &Run) -> Result<Option<Training>> {
        let Some(needs) = self.needs() else { return Ok(None) };
        let Self { folder, hub, held, .. } = self;
        Training::read(folder, hub, held, needs, Eligibility::default(), run)
    }
}
