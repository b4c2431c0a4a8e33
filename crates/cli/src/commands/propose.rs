//! `passerelle propose`: which concepts of one framework are which of another, by their labels.

use passerelle::Result;
use passerelle::label::{MatchOptions, Vocabulary, propose};

use crate::args::{Arguments, Concepts, Propose};
use crate::{progress, source, write};

pub fn run(arguments: &Arguments, asked: &Propose) -> Result<()> {
    let (from, to) = (source::framework(&asked.from)?, source::framework(&asked.to)?);
    let vocabulary = match asked.of {
        Concepts::Skills => Vocabulary::Skills,
        Concepts::Occupations => Vocabulary::Occupations,
    };
    let options = match asked.threshold {
        Some(threshold) => MatchOptions { threshold, ..MatchOptions::default() },
        None => MatchOptions::default(),
    };
    let (run, bar) = progress::run(arguments, "propose");
    let proposal = propose(&from, &to, vocabulary, &arguments.lang, options, &run)?;
    bar.finish_and_clear();
    let header = ["from", "to", "kind", "confidence", "nearest"];
    write::csv(&asked.output, &header, |record| {
        for edge in proposal.crosswalk.edges() {
            let confidence = edge.confidence.to_string();
            record(&[&edge.from, &edge.to, edge.kind.name(), &confidence, ""])?;
        }
        for (id, near) in &proposal.unmapped {
            let (nearest, score) = near.clone().unwrap_or_default();
            record(&[id, "", "", &score.to_string(), &nearest])?;
        }
        Ok(())
    })?;
    let (mapped, unmapped) = (proposal.crosswalk.edges().len(), proposal.unmapped.len());
    if arguments.json {
        return write::print_json(&serde_json::json!({
            "from": proposal.crosswalk.from(),
            "to": proposal.crosswalk.to(),
            "mapped": mapped,
            "unmapped": unmapped,
            "output": asked.output.display().to_string(),
        }));
    }
    write::print(&format!(
        "{} → {}: {mapped} mapped, {unmapped} not → {}\n",
        proposal.crosswalk.from(),
        proposal.crosswalk.to(),
        asked.output.display()
    ))
}
