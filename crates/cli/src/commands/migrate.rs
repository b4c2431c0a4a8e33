//! `passerelle migrate`: profiles carried from one version of a framework to another.

use passerelle::migrate::Migration;
use passerelle::snapshot::Snapshot;
use passerelle::{Result, read};

use crate::args::{Arguments, Migrate};
use crate::{source, write};

pub fn run(arguments: &Arguments, asked: &Migrate) -> Result<()> {
    let (before, after) = (source::framework(&asked.before)?, source::framework(&asked.after)?);
    let profiles = source::profiles(&asked.people, &before)?;
    let crosswalk = asked.crosswalk.as_ref().map(|path| {
        read::crosswalk(path, &before.title(), &after.title()).map(|(crosswalk, _)| crosswalk)
    });
    let crosswalk = crosswalk.transpose()?;
    let migration = Migration::new(&before, &after, crosswalk.as_ref());
    let (profiles, report) = migration.profiles(&profiles)?;
    if source::is_snapshot(&asked.output) {
        Snapshot::of_profiles(&profiles).save(&asked.output)?;
    } else {
        let mut file = write::Whole::create(&asked.output)?;
        read::write_profiles(&profiles, file.out())?;
        file.finish()?;
    }
    if arguments.json {
        return write::print_json(&report);
    }
    let mut text = format!(
        "{} people: {} pieces of evidence kept, {} moved, {} lost; {} on another scale; {} \
         assessments in full lost → {}\n",
        profiles.len(),
        report.kept,
        report.moved,
        report.lost,
        report.rescaled,
        report.lost_assessments,
        asked.output.display()
    );
    for (skill, pieces) in &report.lost_skills {
        text.push_str(&format!("  lost: {skill} ({pieces})\n"));
    }
    write::print(&text)
}
