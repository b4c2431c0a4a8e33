//! What a hub tells: every table as a file, and a report of what people there read first.
//!
//! [`Report::of`] runs the three modules one after the other, each as far as the folder has files
//! for it. Counts of people go through [`trust`](crate::trust) on the way: whatever is in the report
//! or in a file beside `plan.csv`, `certificate.json`, `matches.csv` and `best_people.csv`, which
//! name pseudonyms, may be shown.
//!
//! # Example
//!
//! ```
//! use passerelle::Run;
//! use passerelle::hub::Contents;
//! use passerelle::hub::report::{Block, Report, ReportOptions, Subject};
//!
//! # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../datasets/hauts-de-france");
//! # let folder = std::path::Path::new(folder);
//! let contents = Contents::read(folder)?;
//! // With `contents.needs()` and `contents.training(&run)?` in place of none, all three modules.
//! let subject =
//!     Subject { hub: &contents.hub, held: &contents.held, needs: None, training: None };
//! let options = ReportOptions { k: 3, scenario: None, language: "fr", files: None };
//! for block in Report::of(&subject, &options, &Run::new())?.blocks {
//!     match block {
//!         Block::Line(line) => println!("{line}"),
//!         Block::Table(table) => table.rows.iter().for_each(|row| println!("{}", row.join("\t"))),
//!     }
//! }
//! # Ok::<(), passerelle::Error>(())
//! ```

mod candidates;
mod files;
mod overview;
mod page;
mod recruitment;
mod skill;
mod training;

use std::path::Path;

use serde::Serialize;
use serde_json::Value;

pub use self::page::{Block, Table};

use self::files::Files;
use self::page::Page;
use super::recruitment::Picture;
use super::training::Training;
use super::{Hub, Region, Scenario};
use crate::error::Result;
use crate::matrix::Held;
use crate::run::Run;

/// The kind of territory by which people and needs are counted apart.
pub const AREAS: &str = "bassin";

/// What a report is about.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'s> {
    /// The framework, the people, and what was read of them.
    pub hub: &'s Hub,
    /// What the people hold of the framework's skills.
    pub held: &'s Held,
    /// The needs, and what they come to together; none: who is how far from which job, no more.
    pub needs: Option<(&'s Region, &'s Picture)>,
    /// The training on offer, and who is to be trained; only beside needs.
    pub training: Option<&'s Training>,
}

/// How a report is asked for.
#[derive(Clone, Copy, Debug)]
pub struct ReportOptions<'o> {
    /// How many matches for each person.
    pub k: usize,
    /// A scenario of the region to suppose.
    pub scenario: Option<&'o str>,
    /// The language of labels, and of the report: French (`fr`), or else English.
    pub language: &'o str,
    /// The folder to write the tables into, made where it is not there; none: they are not written.
    pub files: Option<&'o Path>,
}

/// What a hub tells.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// The report, from its first line on.
    pub blocks: Vec<Block>,
    /// Its figures, for programs.
    summary: Value,
}

/// What a part of the report is made of.
struct Input<'i> {
    subject: Subject<'i>,
    scenario: Option<&'i Scenario>,
    language: &'i str,
    files: Files<'i>,
    run: &'i Run,
}

impl Report {
    /// Runs the modules. The same input gives the same report and files, for any number of threads.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`](crate::Error::Unknown) for a scenario that is not there, before anything is
    /// written; [`Error::File`](crate::Error::File) for a file that cannot be written, those before it
    /// being whole; those of the modules.
    pub fn of(subject: &Subject<'_>, options: &ReportOptions<'_>, run: &Run) -> Result<Self> {
        let region = subject.needs.map(|(region, _)| region);
        let named = options.scenario.zip(region);
        let input = &Input {
            subject: *subject,
            scenario: named.map(|(name, region)| region.scenario(name)).transpose()?,
            language: options.language,
            files: Files::into(options.files)?,
            run,
        };
        let mut page = Page::default();
        let mut summary = overview::tell(input, options.k, &mut page)?;
        let mut modules = serde_json::Map::new();
        if let Some(needs) = subject.needs {
            modules.insert("recruitment".to_owned(), recruitment::tell(input, needs, &mut page)?);
            modules.insert("skill".to_owned(), skill::tell(input, needs, &mut page)?);
            if let Some(training) = subject.training {
                let told = training::tell(input, needs, training, &mut page)?;
                modules.insert("training".to_owned(), told);
            }
        }
        summary["modules"] = Value::Object(modules);
        input.files.json("summary.json", &summary)?;
        Ok(Self { blocks: page.blocks, summary })
    }

    /// Its figures, for programs: what `summary.json` holds.
    pub fn summary(&self) -> &(impl Serialize + use<>) {
        &self.summary
    }
}

impl Input<'_> {
    fn is_french(&self) -> bool {
        self.language == "fr"
    }

    /// The French or the English of something.
    fn say(&self, french: &'static str, english: &'static str) -> &'static str {
        if self.is_french() { french } else { english }
    }

    /// The line that says how much more of a table there is than what is shown.
    fn more(&self, rows: usize, file: &str) -> String {
        match (self.files.folder, self.is_french()) {
            (Some(_), true) => format!("… {rows} autres dans {file}"),
            (Some(_), false) => format!("… {rows} more in {file}"),
            (None, true) => format!("… {rows} autres"),
            (None, false) => format!("… {rows} more"),
        }
    }

    fn skill(&self, skill: u32) -> &str {
        self.subject.hub.framework.skill_name(skill, self.language)
    }

    fn skill_id(&self, skill: u32) -> &str {
        &self.subject.hub.framework.axis().ids()[skill]
    }

    fn skill_ids(&self, skills: &[u32]) -> String {
        skills.iter().map(|&skill| self.skill_id(skill)).collect::<Vec<_>>().join("|")
    }

    fn job(&self, occupation: u32) -> &str {
        self.subject.hub.framework.occupation_name(occupation, self.language)
    }

    fn job_id(&self, occupation: u32) -> &str {
        &self.subject.hub.framework.occupation_ids()[occupation]
    }
}
