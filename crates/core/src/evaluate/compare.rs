//! Contestants side by side on one task.

use serde::Serialize;

use super::{
    Estimate, Metric, Outcome, Ranks, Task, all, bootstrap, evaluate, paired_bootstrap, ranker,
};
use crate::error::Result;
use crate::framework::Framework;
use crate::run::Run;

/// How one contestant did, beside a baseline where there is one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The task's name.
    pub task: String,
    /// How many queries it asked.
    pub queries: usize,
    /// The contestant's name with its options.
    pub strategy: String,
    /// Every metric, its mean over the queries with its interval.
    pub metrics: Vec<(Metric, Estimate)>,
    /// How long a thousand queries take, on the threads of the run.
    pub seconds_per_thousand: f64,
    /// The difference, query by query, of the task's own metric with that of the baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Estimate>,
}

impl Compared {
    /// A metric's mean with its interval.
    pub fn of(&self, metric: Metric) -> Option<Estimate> {
        self.metrics.iter().find(|(own, _)| *own == metric).map(|&(_, estimate)| estimate)
    }
}

/// Who contests where this is ranked: the baseline first, if there is one, then the names that are
/// given, `all` being [everything there is](all). Each stands once.
pub fn contestants<'a>(
    names: impl IntoIterator<Item = &'a str>,
    against: Option<&'a str>,
    ranks: Ranks,
) -> Vec<&'a str> {
    let mut chosen: Vec<&str> = against.into_iter().collect();
    for name in names {
        let meant = if name == "all" { all(ranks) } else { vec![name] };
        for name in meant {
            if !chosen.contains(&name) {
                chosen.push(name);
            }
        }
    }
    chosen
}

/// Lets contestants rank for every query of a task, in the order of their names; `against` says
/// which name the others are compared with, and must be the first then.
///
/// `language` is that of the texts which some contestants read; `seed` that of the intervals.
///
/// # Errors
///
/// Those of [`ranker`] and of the contestants.
pub fn compare(
    task: &Task,
    names: &[&str],
    against: Option<&str>,
    framework: &Framework,
    (language, seed): (&str, u64),
    run: &Run,
) -> Result<Vec<Compared>> {
    let count = run.count("strategies", names.len() as u64);
    let run = &run.unobserved();
    let mut baseline: Option<Outcome> = None;
    let mut compared = Vec::with_capacity(names.len());
    for name in names {
        let contestant = ranker(name, task.ranks, framework, language, run)?;
        let outcome = evaluate(task, &contestant, run)?;
        let difference = baseline.as_ref().and_then(|baseline| {
            let (ours, theirs) = (outcome.of(task.metric)?, baseline.of(task.metric)?);
            Some(paired_bootstrap(ours, theirs, seed))
        });
        let metrics = outcome.metrics.iter().zip(&outcome.values);
        compared.push(Compared {
            task: task.name.clone(),
            queries: task.queries.len(),
            strategy: outcome.contestant.clone(),
            metrics: metrics.map(|(&metric, of)| (metric, bootstrap(of, seed))).collect(),
            seconds_per_thousand: outcome.seconds_per_thousand(),
            difference,
        });
        if against == Some(*name) {
            baseline = Some(outcome);
        }
        count.add(1);
    }
    Ok(compared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_baseline_comes_first_and_nobody_contests_twice() {
        let chosen = contestants(["cosine", "all"], Some("ochiai"), Ranks::Occupations);
        assert_eq!(chosen[..2], ["ochiai", "cosine"]);
        let mut known = all(Ranks::Occupations);
        let mut sorted = chosen.clone();
        known.sort_unstable();
        sorted.sort_unstable();
        assert_eq!(sorted, known);
    }
}
