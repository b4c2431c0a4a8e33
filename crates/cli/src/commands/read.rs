//! `passerelle read`: a publisher's files into a snapshot.

use passerelle::Result;
use passerelle::read::{self, CsvOptions, EscoOptions, OnetOptions, RomeOptions};
use passerelle::snapshot::Snapshot;

use crate::args::{Arguments, Format, Read};
use crate::write;

pub fn run(arguments: &Arguments, asked: &Read) -> Result<()> {
    let (framework, report) = match asked.format {
        Format::Rome => {
            let mut options = RomeOptions::default();
            if let Some(version) = &asked.framework_version {
                options = options.version(version);
            }
            read::rome(&asked.folder, &options)?
        }
        Format::Esco => {
            let mut options = EscoOptions::default();
            if let Some(version) = &asked.framework_version {
                options = options.version(version);
            }
            for labels in &asked.labels {
                options = options.with_labels(labels, &arguments.lang);
            }
            read::esco(&asked.folder, &options)?
        }
        Format::Onet => {
            let mut options = OnetOptions::default();
            if let Some(version) = &asked.framework_version {
                options = options.version(version);
            }
            read::onet(&asked.folder, &options)?
        }
        Format::Csv => read::csv_folder(&asked.folder, &CsvOptions::default())?,
    };
    Snapshot::of_framework(&framework).save(&asked.output)?;
    if arguments.json {
        return write::print_json(&report);
    }
    write::print(&format!(
        "{report}\n{}: {} occupations, {} requirements → {}\n",
        framework.axis(),
        framework.required().len(),
        framework.required().entries(),
        asked.output.display()
    ))
}
