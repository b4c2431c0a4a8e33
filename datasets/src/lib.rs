//! Small hubs written for passerelle, and the people drawn for them.
//!
//! A hub here is a folder: a framework, its territories and the training on offer, which people
//! wrote and edit by hand, and the people, travel times and training sessions, which this crate
//! draws. What is drawn is committed beside what
//! is written, and a test compares the two: the same seed and the same framework give the same
//! bytes on every machine, for whole numbers are all that is computed with.
//!
//! - [`hauts_de_france`] gives the drawn files of `datasets/hauts-de-france`;
//! - [`Framework`] and [`Territories`] are what it reads, and no more of them than drawing needs:
//!   the real readers are the library's;
//! - [`people::draw`] draws the people, [`travel::draw`] the travel times, [`training::draw`] the
//!   sessions.
//!
//! # Example: the files of the sample region
//!
//! ```no_run
//! # fn main() -> Result<(), passerelle_datasets::Error> {
//! for file in passerelle_datasets::hauts_de_france("datasets/hauts-de-france".as_ref())? {
//!     println!("{}: {} bytes", file.path, file.bytes.len());
//! }
//! # Ok(())
//! # }
//! ```

mod chance;
mod error;
mod framework;
pub mod people;
mod table;
mod territory;
pub mod training;
pub mod travel;

use std::path::Path;

pub use error::Error;
pub use framework::{Framework, Necessity, Occupation, Requirement, Reuse, Scale, Skill};
pub use table::Table;
pub use territory::{Bassin, Territories};

/// A drawn file: where it belongs in the hub's folder, and its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Path inside the hub's folder, with `/` between its parts.
    pub path: String,
    /// The whole content, UTF-8 CSV with LF line ends.
    pub bytes: Vec<u8>,
}

/// The drawn files of the folder `dir`, which holds the written ones: `framework/`,
/// `territories.csv` and `training/modules.csv`.
///
/// # Errors
///
/// What is written cannot be read, or names something that is not there.
pub fn hauts_de_france(dir: &Path) -> Result<Vec<File>, Error> {
    let framework = Framework::read(&dir.join("framework"))?;
    let territories = Territories::read(&dir.join("territories.csv"))?;
    let mut files = people::draw(&framework, &territories)?;
    files.push(travel::draw(&territories)?);
    files.push(training::draw(&dir.join("training/modules.csv"), &territories)?);
    Ok(files)
}

/// Writes rows of text as CSV, the header first.
pub(crate) fn csv_bytes(rows: impl IntoIterator<Item = Vec<String>>) -> Result<Vec<u8>, Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(&row).map_err(Error::Write)?;
    }
    writer.into_inner().map_err(|e| Error::Write(e.into_error().into()))
}
