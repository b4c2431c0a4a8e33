//! The table for certifiers.

use std::io::{self, Write};
use std::path::PathBuf;

use super::Uncovered;
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::hub::training::Offer;

/// Writes what certifications miss as CSV, one row a skill: the certification, the number of the
/// additional module within it (from 1), the skill, the level certified (0: none) and the one
/// required, as written on the skill's scale, the targets that lack it, separated by bars, and what
/// it counts. Labels are in `language` where there are any.
///
/// # Errors
///
/// [`Error::AxisMismatch`] for another framework than the offer's, [`Error::File`] with what the
/// writer said.
pub fn write_uncovered(
    found: &Uncovered,
    offer: &Offer,
    framework: &Framework,
    language: &str,
    writer: impl Write,
) -> Result<()> {
    offer.axis().check_same(framework.axis())?;
    let mut csv = csv::Writer::from_writer(writer);
    write_rows(found, offer, framework, language, &mut csv).map_err(|error| Error::File {
        path: PathBuf::from("uncovered"),
        source: match error.into_kind() {
            csv::ErrorKind::Io(source) => source,
            kind => io::Error::other(format!("{kind:?}")),
        },
    })
}

fn write_rows<W: Write>(
    found: &Uncovered,
    offer: &Offer,
    framework: &Framework,
    language: &str,
    csv: &mut csv::Writer<W>,
) -> csv::Result<()> {
    csv.write_record([
        "certification",
        "certification_label",
        "module",
        "skill",
        "skill_label",
        "certified",
        "required",
        "targets",
        "lack",
    ])?;
    for enrichment in &found.enriched {
        let certification = enrichment.certification;
        let label = &offer.certifications()[certification as usize].label;
        for (number, module) in (1u32..).zip(&enrichment.modules) {
            for lacking in &module.skills {
                let scale = offer.axis().scale(lacking.skill);
                let targets: Vec<&str> =
                    lacking.targets.iter().map(|&t| &framework.occupation_ids()[t]).collect();
                csv.write_record([
                    &offer.certification_ids()[certification],
                    label.as_str(),
                    &number.to_string(),
                    &offer.axis().ids()[lacking.skill],
                    framework.skill_name(lacking.skill, language),
                    &scale.written(lacking.from),
                    &scale.written(lacking.to),
                    &targets.join("|"),
                    &lacking.lack.to_string(),
                ])?;
            }
        }
    }
    csv.flush()?;
    Ok(())
}
