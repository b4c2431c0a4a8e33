//! `passerelle rank`: the best targets for people, or the best people for targets, into a CSV.

use std::path::Path;

use passerelle::gap::{Eligibility, Standing};
use passerelle::rank::{self, Ranked, Ranking, Scoring};
use passerelle::{Framework, Result, near};

use crate::args::{Arguments, For, Rank};
use crate::{progress, source, write};

pub fn run(arguments: &Arguments, asked: &Rank) -> Result<()> {
    let framework = source::framework(&asked.framework)?;
    let held = source::profiles(&asked.people, &framework)?.held(&framework)?;
    let credited = source::transfer(&asked.transfer, &framework)?.apply(&held)?;
    let (own, required) = (credited.held(), framework.required());
    let (run, bar) = progress::run(arguments, "rank");
    let ranking = match asked.ranked_for {
        For::People => {
            near::ranked(&asked.strategy, own, &framework, asked.k, &arguments.lang, &run)?
        }
        For::Targets => match rank::fitted(&asked.strategy, required) {
            Ok(strategy) => rank::people_for_targets(own, required, asked.k, &*strategy, &run)?,
            // What is no strategy is a scorer, or says what it expects.
            Err(_) => {
                let scorer = near::scorer(&asked.strategy, &framework, &arguments.lang, &run)?;
                rank::people_by_scorer(own, required, asked.k, &*scorer, &run)?
            }
        },
    };
    bar.finish_and_clear();
    // Where people stand comes from what they hold, not from what they are credited.
    let standings = ranking.standings(&held, required, &run)?;
    let results = write_ranking(&asked.output, &ranking, &standings, &framework, &arguments.lang)?;
    if arguments.json {
        return write::print_json(&serde_json::json!({
            "strategy": asked.strategy,
            "rows": ranking.rows().len(),
            "results": results,
            "every_pair_scored": ranking.scoring() == Scoring::Every,
            "output": asked.output.display().to_string(),
        }));
    }
    write::print(&format!(
        "{results} matches by {} for {} {} → {}{}\n",
        asked.strategy,
        ranking.rows().len(),
        if asked.ranked_for == For::People { "people" } else { "targets" },
        asked.output.display(),
        if ranking.scoring() == Scoring::Every { " (every pair scored)" } else { "" }
    ))
}

/// Writes a ranking with where each result stands; gives the number of results.
pub fn write_ranking(
    path: &Path,
    ranking: &Ranking,
    standings: &[Vec<Standing>],
    framework: &Framework,
    language: &str,
) -> Result<u64> {
    let header = [
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
    ];
    let mut results = 0;
    write::csv(path, &header, |write| {
        for (row, standings) in standings.iter().enumerate() {
            for (rank, (result, standing)) in ranking.row(row).zip(standings).enumerate() {
                let row = u32::try_from(row).unwrap_or(u32::MAX);
                let (person, target) = match ranking.ranked() {
                    Ranked::TargetsForPeople => (&ranking.rows()[row], result.position),
                    Ranked::PeopleForTargets => (&ranking.columns()[result.position], row),
                };
                write(&[
                    person,
                    &framework.occupation_ids()[target],
                    framework.occupation_name(target, language),
                    &(rank + 1).to_string(),
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
        Ok(())
    })?;
    Ok(results)
}
