//! `passerelle rank`: the best targets for people, or the best people for targets, into a CSV.

use passerelle::rank::{Ranked, Scoring, write_ranking};
use passerelle::{Result, near};

use crate::args::{Arguments, For, Rank};
use crate::write::Whole;
use crate::{progress, source, write};

pub fn run(arguments: &Arguments, asked: &Rank) -> Result<()> {
    let framework = source::framework(&asked.framework)?;
    let held = source::profiles(&asked.people, &framework)?.held(&framework)?;
    let credited = source::transfer(&asked.transfer, &framework)?.apply(&held)?;
    let (own, required) = (credited.held(), framework.required());
    let (run, bar) = progress::run(arguments, "rank");
    let (strategy, language) = (&asked.strategy, &arguments.lang);
    // A file has a row for each result that there is.
    let k = |ranked: Ranked| ranked.at_most(asked.k, own, required);
    let ranking = match asked.ranked_for {
        For::People => {
            let k = k(Ranked::TargetsForPeople);
            near::ranked(strategy, own, &framework, k, language, &run)?
        }
        For::Targets => {
            let k = k(Ranked::PeopleForTargets);
            near::ranked_people(strategy, own, &framework, k, language, &run)?
        }
    };
    bar.finish_and_clear();
    // Where people stand comes from what they hold, not from what they are credited.
    let standings = ranking.standings(&held, required, &run)?;
    let mut file = Whole::create(&asked.output)?;
    let results = write_ranking(&ranking, &standings, &framework, &arguments.lang, file.out())?;
    file.finish()?;
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
