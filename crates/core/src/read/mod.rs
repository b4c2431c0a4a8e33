//! Foreign files in: frameworks and profiles from files on disk, each with a report of what was
//! kept, what was dropped and why.
//!
//! - [`csv_folder`] reads a framework in the project's own format; [`write_csv_folder`] writes it.
//! - [`profiles`] reads the skills that people hold; [`write_profiles`] writes them.
//! - [`ReadReport`] says, file by file, how many rows came in, were kept, and were dropped for what
//!   reason, with the first few lines of each: `rows in = rows kept + rows dropped`, always.
//!
//! What makes a result wrong is an [`Error`](crate::Error); what makes it smaller is a line of the
//! report. Encodings are named by the caller, never guessed.
//!
//! # Example: a published framework
//!
//! ```no_run
//! use passerelle::read::{self, CsvOptions};
//!
//! let (framework, report) = read::csv_folder("my/framework", &CsvOptions::default())?;
//! println!("{} occupations, {} skills", framework.required().len(), framework.axis().len());
//! println!("{report}");
//! # Ok::<(), passerelle::Error>(())
//! ```
//!
//! # Example: whatever is in the folder
//!
//! ```no_run
//! use passerelle::read::{self, CsvOptions, ProfilesOptions};
//!
//! let (framework, _) = read::csv_folder("my/framework", &CsvOptions::default())?;
//! let (profiles, report) =
//!     read::profiles("my/people", &framework, &ProfilesOptions::default())?;
//! for file in report.files() {
//!     println!("{}: {} of {} rows", file.file(), file.kept(), file.rows());
//! }
//! # let _ = profiles;
//! # Ok::<(), passerelle::Error>(())
//! ```

mod by_label;
mod csv;
mod csv_write;
mod encoding;
mod esco;
mod folder;
mod profiles;
mod report;
mod rome;
mod table;
mod weights;

pub use by_label::{ByLabel, Found, ResolveSkill};
pub use csv::{CsvOptions, csv_folder};
pub use csv_write::write_csv_folder;
pub use encoding::Encoding;
pub use esco::{EscoOptions, esco};
pub use profiles::{ProfilesOptions, profiles, profiles_from, write_profiles};
pub use report::{Example, FileReport, ReadReport, Reason, Tally};
pub use rome::{RomeOptions, rome};
pub use weights::Weights;
