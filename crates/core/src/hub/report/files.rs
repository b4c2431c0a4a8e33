//! The tables as files.

use std::io::Write;
use std::path::Path;

use serde::Serialize;

use crate::error::Result;
use crate::file::{Whole, create_folder, write_csv, write_json};
use crate::trust::{Rules, shown};

/// The folder that tables are written into, or nowhere.
#[derive(Clone, Copy)]
pub(super) struct Files<'f> {
    pub folder: Option<&'f Path>,
}

impl<'f> Files<'f> {
    /// Makes the folder where it is not there yet.
    pub fn into(folder: Option<&'f Path>) -> Result<Self> {
        folder.map(create_folder).transpose()?;
        Ok(Self { folder })
    }

    /// A CSV file of the rows that `write` gives.
    pub fn csv(
        self,
        name: &str,
        header: &[&str],
        write: impl FnOnce(&mut dyn FnMut(&[&str]) -> Result<()>) -> Result<()>,
    ) -> Result<()> {
        self.folder.map_or(Ok(()), |folder| write_csv(&folder.join(name), header, write))
    }

    /// A value as JSON.
    pub fn json(self, name: &str, value: &impl Serialize) -> Result<()> {
        self.folder.map_or(Ok(()), |folder| write_json(&folder.join(name), value))
    }

    /// A file of whatever `write` writes.
    pub fn whole(self, name: &str, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
        let Some(folder) = self.folder else { return Ok(()) };
        let mut file = Whole::create(&folder.join(name))?;
        write(file.out())?;
        file.finish()
    }
}

/// A count that no shown total contains.
pub(super) fn lone(count: u64) -> Option<u64> {
    shown(count, Rules::default())
}

/// A count in a file: empty where it is hidden.
pub(super) fn written(count: Option<u64>) -> String {
    count.map(|count| count.to_string()).unwrap_or_default()
}

/// A yes or a no in a file.
pub(super) fn flag(holds: bool) -> &'static str {
    if holds { "1" } else { "0" }
}
