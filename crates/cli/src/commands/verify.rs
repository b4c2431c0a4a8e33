//! `passerelle verify`: a snapshot checked from end to end.

use passerelle::{Result, snapshot};

use crate::args::{Arguments, Verify};
use crate::write;

pub fn run(arguments: &Arguments, verify: &Verify) -> Result<()> {
    let summary = snapshot::verify_file(&verify.file)?;
    if arguments.json {
        return write::print_json(&summary);
    }
    let mut text = format!(
        "{}: whole\n{} snapshot, format {}, of {} {}\n",
        verify.file.display(),
        summary.kind,
        summary.format,
        summary.framework,
        summary.version
    );
    for (what, count) in &summary.counts {
        text.push_str(&format!("{count:>12} {what}\n"));
    }
    text.push_str(&format!("{:>12} bytes in {} sections\n", summary.bytes, summary.sections.len()));
    write::print(&text)
}
