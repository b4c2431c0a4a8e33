//! Foreign files in: frameworks and profiles from files on disk, each with a report of what was
//! kept, what was dropped and why.
//!
//! - [`framework()`] reads a folder of any known format; [`rome()`], [`esco()`], [`onet()`] and
//!   [`csv_folder`] read one of them, with its options. [`write_csv_folder`] writes the last.
//! - [`profiles()`] reads the skills that people hold; [`write_profiles`] writes them.
//! - [`credential()`] reads what one badge or other credential says that someone holds, and
//!   [`read_portfolio`] the canonical JSON form of profiles, which [`write_portfolio`] writes.
//! - [`ReadReport`] says, file by file, how many rows came in, were kept, and were dropped for what
//!   reason, with the first few lines of each: `rows in = rows kept + rows dropped`, always.
//!
//! What makes a result wrong is an [`Error`]; what makes it smaller is a line of the
//! report. Encodings are named by the caller, never guessed.
//!
//! # Example: a published framework
//!
//! ```no_run
//! use passerelle::read::{self, RomeOptions};
//!
//! let (framework, report) = read::rome("data/rome-4.60", &RomeOptions::default())?;
//! println!("{} occupations, {} skills", framework.required().len(), framework.axis().len());
//! println!("{report}");
//! # Ok::<(), passerelle::Error>(())
//! ```
//!
//! # Example: whatever is in the folder
//!
//! ```no_run
//! use passerelle::read::{self, ProfilesOptions};
//!
//! let (framework, _) = read::framework("my/framework")?;
//! let (profiles, report) =
//!     read::profiles("my/people", &framework, &ProfilesOptions::default())?;
//! for file in report.files() {
//!     println!("{}: {} of {} rows", file.file(), file.kept(), file.rows());
//! }
//! # let _ = profiles;
//! # Ok::<(), passerelle::Error>(())
//! ```

mod by_label;
mod credential;
mod credential_signed;
mod credential_xml;
mod csv;
mod csv_head;
mod csv_write;
mod encoding;
mod esco;
mod esco_text;
mod folder;
mod links;
mod onet;
mod portfolio;
mod profile_columns;
mod profiles;
pub(crate) mod report;
mod rome;
pub(crate) mod table;
mod weights;

use std::path::Path;

use crate::error::{Error, Result};
use crate::framework::Framework;

pub use by_label::{ByLabel, Found, ResolveSkill};
pub use credential::{CredentialOptions, CredentialReading, credential};
pub use csv::{CsvOptions, csv_folder};
pub use csv_write::write_csv_folder;
pub use encoding::Encoding;
pub use esco::{EscoOptions, esco};
pub use links::{Link, LinkColumns, crosswalk, links};
pub use onet::{OnetOptions, onet};
pub use portfolio::{PORTFOLIO_FORMAT, read_portfolio, write_portfolio};
pub use profile_columns::{TextColumn, profiles_from_columns};
pub use profiles::{ProfilesOptions, profiles, profiles_from, write_profiles};
pub use report::{Example, FileReport, ReadReport, Reason, Tally};
pub use rome::{RomeOptions, rome};
pub use weights::Weights;

/// Reads a framework from a folder of any known format, recognised by the files in it, with the
/// default options of its reader.
///
/// # Errors
///
/// [`Error::UnknownFormat`] with the files that were looked for, [`Error::File`] when there is no
/// such folder, and those of [`rome()`], [`esco()`], [`onet()`] and [`csv_folder`].
///
/// # Example
///
/// ```
/// use passerelle::{Error, read};
///
/// let folder = tempfile::tempdir().unwrap();
/// let refused = read::framework(folder.path()).unwrap_err();
/// assert!(refused.to_string().contains("looked for framework.csv (a CSV folder)"));
/// ```
pub fn framework(dir: impl AsRef<Path>) -> Result<(Framework, ReadReport)> {
    let dir = dir.as_ref();
    let folder = folder::Folder::open(dir)?;
    if folder.has("framework.csv") {
        return csv_folder(dir, &CsvOptions::default());
    }
    if folder.names().any(|name| rome::is_rome(&name)) {
        return rome(dir, &RomeOptions::default());
    }
    if folder.names().any(|name| esco::is_esco(&name)) {
        return esco(dir, &EscoOptions::default());
    }
    if folder.names().any(|name| onet::is_onet(&name)) {
        return onet(dir, &OnetOptions::default());
    }
    Err(Error::UnknownFormat {
        path: dir.to_owned(),
        looked_for: vec![
            "framework.csv (a CSV folder)",
            "unix_referentiel_code_rome_v…_utf8.csv (ROME)",
            "occupationSkillRelations.csv (ESCO)",
            "Occupation Data.txt (O*NET)",
        ],
    })
}
