//! `passerelle explain`: one person's score for one target, taken apart.

use passerelle::{Explanation, Result, rank};

use crate::args::{Arguments, Explain};
use crate::{source, write};

pub fn run(arguments: &Arguments, explain: &Explain) -> Result<()> {
    let strategy = rank::strategy(&explain.strategy)?;
    let framework = source::framework(&explain.framework)?;
    let profiles = source::profiles(&explain.people, &framework)?;
    let (person, target) = (&explain.person, &explain.target);
    let why = Explanation::of(&profiles, person, &framework, target, &*strategy, &arguments.lang)?;
    if arguments.json { write::print_json(&why) } else { write::print(&why.to_string()) }
}
