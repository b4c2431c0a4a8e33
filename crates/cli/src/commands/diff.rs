//! `passerelle diff`: what changed between two versions of a framework.

use passerelle::Result;
use passerelle::framework::Diff;

use crate::args::{Arguments, Compare};
use crate::{source, write};

pub fn run(arguments: &Arguments, asked: &Compare) -> Result<()> {
    let (before, after) = (source::framework(&asked.before)?, source::framework(&asked.after)?);
    let diff = Diff::between(&before, &after);
    if let Some(path) = &asked.output {
        write::json(path, &diff)?;
    }
    if arguments.json {
        return write::print_json(&diff);
    }
    write::print(&format!(
        "{} → {}\n  skills        {} added, {} removed, {} renamed\n  occupations   {} added, \
         {} removed, {} renamed\n  requirements  {} added, {} removed, {} changed\n",
        diff.versions.0,
        diff.versions.1,
        diff.skills_added.len(),
        diff.skills_removed.len(),
        diff.skills_renamed.len(),
        diff.occupations_added.len(),
        diff.occupations_removed.len(),
        diff.occupations_renamed.len(),
        diff.requirements_added.len(),
        diff.requirements_removed.len(),
        diff.requirements_changed.len(),
    ))
}
