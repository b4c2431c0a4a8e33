//! `passerelle sample`: made-up people from a framework.

use passerelle::snapshot::Snapshot;
use passerelle::{Result, read};

use crate::args::{Arguments, Sample};
use crate::write::Whole;
use crate::{progress, source, write};

pub fn run(arguments: &Arguments, sample: &Sample) -> Result<()> {
    let framework = source::framework(&sample.framework)?;
    let (run, bar) = progress::run(arguments, "sample");
    let (people, shape) =
        passerelle::sample::people(&framework, sample.people, sample.seed, &run)?;
    bar.finish_and_clear();
    if source::is_snapshot(&sample.output) {
        Snapshot::of_profiles(&people).save(&sample.output)?;
    } else {
        let mut file = Whole::create(&sample.output)?;
        read::write_profiles(&people, file.out())?;
        file.finish()?;
    }
    if arguments.json { write::print_json(&shape) } else { write::print(&format!("{shape}\n")) }
}
