//! `passerelle find`: skills, occupations and job titles by label.

use passerelle::Result;
use passerelle::lookup::{FindOptions, Found, Lookup};

use crate::args::{Arguments, Find};
use crate::{source, write};

pub fn run(arguments: &Arguments, find: &Find) -> Result<()> {
    let framework = source::framework(&find.framework)?;
    let lookup = Lookup::build(&framework)?;
    let matches = lookup.find(&find.query, &FindOptions::new().limit(find.limit))?;
    let found: Vec<Found> =
        matches.iter().map(|found| Found::of(&framework, found, &arguments.lang)).collect();
    if arguments.json {
        return write::print_json(&found);
    }
    if found.is_empty() {
        return write::print(&format!("nothing like `{}`\n", find.query));
    }
    let mut text = String::new();
    for found in &found {
        text.push_str(&format!(
            "{:<11} {:<12} {}  [{}]",
            found.kind, found.id, found.label, found.how
        ));
        if let (Some(id), Some(label)) = (found.occupation, found.occupation_label) {
            text.push_str(&format!("  → {id} {label}"));
        }
        text.push('\n');
    }
    write::print(&text)
}
