//! A ranking as a table.

use std::io::Write;

use super::{Ranked, Ranking};
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::gap::{Eligibility, Standing};

/// Writes a ranking as CSV, one row a result: both ids, the target's label in `language`, the rank
/// from 1, the score, and where the person stands. Gives the number of results.
///
/// # Errors
///
/// [`Error::File`] with what the writer said.
///
/// # Panics
///
/// When the standings are not the ranking's, or its targets not the framework's.
pub fn write_ranking(
    ranking: &Ranking,
    standings: &[Vec<Standing>],
    framework: &Framework,
    language: &str,
    writer: impl Write,
) -> Result<u64> {
    let mut csv = csv::Writer::from_writer(writer);
    let mut write = || -> csv::Result<u64> {
        csv.write_record([
            "person",
            "target",
            "label",
            "rank",
            "score",
            "coverage",
            "coverage_upper",
            "known_share",
            "essential_coverage",
            "missing_essentials",
            "blocking_shortfalls",
            "status",
        ])?;
        let mut results = 0;
        for (row, standings) in (0_u32..).zip(standings) {
            for (rank, (result, standing)) in
                (1_u32..).zip(ranking.row(row as usize).zip(standings))
            {
                let (person, target) = match ranking.ranked() {
                    Ranked::TargetsForPeople => (&ranking.rows()[row], result.position),
                    Ranked::PeopleForTargets => (&ranking.columns()[result.position], row),
                };
                csv.write_record([
                    person,
                    &framework.occupation_ids()[target],
                    framework.occupation_name(target, language),
                    &rank.to_string(),
                    &result.score.to_string(),
                    &standing.all.coverage().to_string(),
                    &standing.all.coverage_upper().to_string(),
                    &standing.all.known_share().to_string(),
                    &standing.essential.coverage().to_string(),
                    &standing.missing_essentials.to_string(),
                    &standing.blocking_shortfalls.to_string(),
                    standing.status(Eligibility::default()).name(),
                ])?;
                results += 1;
            }
        }
        csv.flush()?;
        Ok(results)
    };
    write().map_err(|error| Error::File { path: "ranking.csv".into(), source: error.into() })
}
