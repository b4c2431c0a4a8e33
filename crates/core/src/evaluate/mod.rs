//! How well strategies rank: tasks from real frameworks, metrics with intervals, claims of "better".
//!
//! A [`Task`] is queries with what is relevant to each. A [`Contestant`] ranks for all of them;
//! [`evaluate`] gives its [`Outcome`]: one value for each query and metric, so that means have
//! intervals and two contestants compare query by query.
//!
//! Queries are split in two halves by the parity of the CRC-32 (that of zlib) of their id: what has
//! options is tuned on the even half ([`Half::Tuning`]) and reported on the odd one
//! ([`Half::Reporting`]).

mod bootstrap;
mod certainty;
mod compare;
mod draw;
mod judged;
mod links;
mod metrics;
mod named;
mod tasks;

use std::fmt;
use std::str::FromStr;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde::Serialize;

pub use bootstrap::{Estimate, RESAMPLES, bootstrap, paired_bootstrap};
pub use certainty::{Certainty, Decisions};
pub use compare::{Compared, compare, contestants};
pub use judged::{JUDGED_NAMES, Judgements, judged};
pub use links::{Grade, links};
pub use metrics::{average_precision, ndcg, precision, recall, reciprocal_rank};
pub use named::{LABEL_NAMES, Ranker, TASK_NAMES, all, ranker, task};
pub use tasks::{Drawn, Group, hidden_skills, labels, other_version, same_group, some_skills};

use crate::error::{Error, Result};
use crate::matrix::{Held, HeldRow, Required};
use crate::rank::{self, Asked, NO_RESULT, Scorer, Strategy};
use crate::run::Run;
use crate::text::Ids;

/// One query of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What it is known by, and split by.
    pub id: String,
    /// The skills held, ascending.
    pub skills: Vec<u32>,
    /// Their levels.
    pub levels: Vec<u16>,
    /// The occupation that asks, where one does.
    pub occupation: Option<u32>,
    /// The words that ask, where words do.
    pub text: String,
    /// What is not ranked for it, ascending: itself, or what it holds already.
    pub unranked: Vec<u32>,
    /// What is relevant, ascending, with its grade above 0.
    pub relevant: Vec<(u32, f64)>,
}

impl Query {
    /// What is held.
    pub fn held(&self) -> HeldRow<'_> {
        HeldRow { skills: &self.skills, levels: &self.levels }
    }

    /// Which half it is in.
    pub fn half(&self) -> Half {
        let even = crc32fast::hash(self.id.as_bytes()).is_multiple_of(2);
        if even { Half::Tuning } else { Half::Reporting }
    }
}

/// One half of a task's queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Half {
    /// Where the CRC-32 of the id is even.
    Tuning,
    /// Where it is odd.
    Reporting,
}

/// What a task ranks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ranks {
    /// Occupations, for what is held.
    Occupations,
    /// Skills, for what is held beside them.
    Skills,
    /// Skills, for words.
    Labels,
}

/// Queries, and what is relevant to each.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// The name.
    pub name: String,
    /// What is ranked.
    pub ranks: Ranks,
    /// The metric that stands for the task.
    pub metric: Metric,
    /// The queries.
    pub queries: Vec<Query>,
}

impl Task {
    /// The queries of one half.
    #[must_use]
    pub fn half(&self, half: Half) -> Self {
        let queries = self.queries.iter().filter(|query| query.half() == half).cloned().collect();
        Self { name: self.name.clone(), queries, ..*self }
    }
}

/// A metric, as in [`average_precision`] and the functions beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Average precision; its mean is MAP.
    Map,
    /// Reciprocal rank; its mean is MRR.
    Mrr,
    /// Precision at k.
    Precision(usize),
    /// Recall at k.
    Recall(usize),
    /// nDCG at k.
    Ndcg(usize),
}

impl Metric {
    /// The metrics of every outcome.
    pub const ALL: [Self; 6] = [
        Self::Ndcg(10),
        Self::Map,
        Self::Mrr,
        Self::Precision(1),
        Self::Precision(10),
        Self::Recall(20),
    ];

    /// Its value for one ranking: positions, best first and each once, and what is relevant in the
    /// order of positions, with grades above 0.
    pub fn of(self, ranked: &[u32], relevant: &[(u32, f64)]) -> f64 {
        let grade = |target: &u32| {
            relevant.binary_search_by_key(target, |&(at, _)| at).map_or(0.0, |at| relevant[at].1)
        };
        if let Self::Ndcg(k) = self {
            let ranked: Vec<f64> = ranked.iter().take(k).map(grade).collect();
            let grades: Vec<f64> = relevant.iter().map(|&(_, grade)| grade).collect();
            return ndcg(&ranked, &grades, k);
        }
        let hits: Vec<bool> = ranked.iter().map(|target| grade(target) > 0.0).collect();
        match self {
            Self::Map => average_precision(&hits, relevant.len()),
            Self::Mrr => reciprocal_rank(&hits),
            Self::Precision(k) => precision(&hits, k),
            Self::Recall(k) => recall(&hits, k, relevant.len()),
            Self::Ndcg(_) => unreachable!("returned above"),
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Map => f.pad("MAP"),
            Self::Mrr => f.pad("MRR"),
            Self::Precision(k) => f.pad(&format!("P@{k}")),
            Self::Recall(k) => f.pad(&format!("R@{k}")),
            Self::Ndcg(k) => f.pad(&format!("nDCG@{k}")),
        }
    }
}

impl FromStr for Metric {
    type Err = Error;

    /// From how it is shown: `MAP`, `MRR`, `nDCG@10`, `P@1`, `R@20`, with any k from 1.
    fn from_str(name: &str) -> Result<Self> {
        let expected = "MAP, MRR, nDCG@k, P@k or R@k, with k from 1";
        let unknown = || Error::argument("metric", format!("`{name}`"), expected);
        let (kind, k) = match name {
            "MAP" => return Ok(Self::Map),
            "MRR" => return Ok(Self::Mrr),
            _ => name.split_once('@').ok_or_else(unknown)?,
        };
        let k = k.parse().ok().filter(|&k| k > 0).ok_or_else(unknown)?;
        match kind {
            "nDCG" => Ok(Self::Ndcg(k)),
            "P" => Ok(Self::Precision(k)),
            "R" => Ok(Self::Recall(k)),
            _ => Err(unknown()),
        }
    }
}

impl Serialize for Metric {
    /// As it is shown: `MAP`, `P@10`…
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Whatever ranks for queries.
pub trait Contestant: Sync {
    /// The name with its options.
    fn name(&self) -> String;

    /// For each query everything that is ranked, best first: positions, without what the query
    /// [leaves out](Query::unranked). What is no result comes last, the lower position first.
    ///
    /// # Errors
    ///
    /// What the rankings give, and [`Error::Cancelled`].
    fn rank(&self, queries: &[Query], run: &Run) -> Result<Vec<Vec<u32>>>;
}

/// A strategy, on the fast core.
#[derive(Debug)]
pub struct Fast<'a> {
    /// The strategy.
    pub strategy: &'a dyn Strategy,
    /// The occupations that are ranked.
    pub required: &'a Required,
}

impl Contestant for Fast<'_> {
    fn name(&self) -> String {
        self.strategy.name().to_owned()
    }

    fn rank(&self, queries: &[Query], run: &Run) -> Result<Vec<Vec<u32>>> {
        let mut ids = Ids::new();
        let mut entries = Vec::new();
        for (query, at) in queries.iter().zip(0u32..) {
            ids.insert(&at.to_string())?;
            entries.extend(query.held().iter().map(|(skill, level)| (at, skill, level)));
        }
        let axis = std::sync::Arc::clone(self.required.axis());
        let held = Held::from_sorted(axis, ids.into(), entries);
        let (required, k) = (self.required, self.required.len());
        let ranking = rank::targets_for_people(&held, required, k, self.strategy, run)?;
        Ok(queries
            .iter()
            .enumerate()
            .map(|(at, query)| whole(ranking.row(at).map(|m| m.position), k, &query.unranked))
            .collect())
    }
}

/// A scorer.
#[derive(Debug)]
pub struct Scored<'a>(pub &'a dyn Scorer);

impl Contestant for Scored<'_> {
    fn name(&self) -> String {
        self.0.name().to_owned()
    }

    fn rank(&self, queries: &[Query], run: &Run) -> Result<Vec<Vec<u32>>> {
        let count = run.count("queries", queries.len() as u64);
        let rank = |query: &Query| {
            count.go_on()?;
            let mut scores = vec![NO_RESULT; self.0.targets()];
            let asked = Asked { held: query.held(), occupation: query.occupation };
            self.0.scores(asked, &mut scores);
            count.add(1);
            Ok(by_score(&scores, &query.unranked))
        };
        run.install(|| queries.par_iter().map(rank).collect())
    }
}

/// Positions by their scores, best first, without some.
pub(crate) fn by_score(scores: &[f32], unranked: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0u32..).take(scores.len()).collect();
    let score = |&at: &u32| scores[at as usize];
    order.sort_by(|a, b| score(b).total_cmp(&score(a)).then(a.cmp(b)));
    order.retain(|at| unranked.binary_search(at).is_err());
    order
}

/// Results, then all other positions below `count`, without some.
fn whole(results: impl Iterator<Item = u32>, count: usize, unranked: &[u32]) -> Vec<u32> {
    let mut listed = vec![false; count];
    let mut order: Vec<u32> = results.inspect(|&at| listed[at as usize] = true).collect();
    order.extend((0u32..).take(count).filter(|&at| !listed[at as usize]));
    order.retain(|at| unranked.binary_search(at).is_err());
    order
}

/// How a contestant did.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The contestant's name.
    pub contestant: String,
    /// The metrics.
    pub metrics: Vec<Metric>,
    /// For each metric one value for each query, in the order of the queries.
    pub values: Vec<Vec<f64>>,
    /// How long the contestant ranked, on the threads of the run.
    pub elapsed: Duration,
}

impl Outcome {
    /// The values of a metric, one for each query.
    pub fn of(&self, metric: Metric) -> Option<&[f64]> {
        let at = self.metrics.iter().position(|&own| own == metric)?;
        Some(&self.values[at])
    }

    /// A metric's mean with its interval.
    pub fn estimate(&self, metric: Metric, seed: u64) -> Option<Estimate> {
        self.of(metric).map(|values| bootstrap(values, seed))
    }

    /// Seconds for a thousand queries, on the threads of the run.
    #[expect(clippy::cast_precision_loss, reason = "counts of queries")]
    pub fn seconds_per_thousand(&self) -> f64 {
        let queries = self.values.first().map_or(0, Vec::len);
        self.elapsed.as_secs_f64() * 1000.0 / queries.max(1) as f64
    }
}

/// Lets a contestant rank for every query of a task, and measures how well.
///
/// # Errors
///
/// Those of the contestant.
pub fn evaluate(task: &Task, contestant: &dyn Contestant, run: &Run) -> Result<Outcome> {
    let start = Instant::now();
    let rankings = contestant.rank(&task.queries, run)?;
    let elapsed = start.elapsed();
    let metrics = Metric::ALL.to_vec();
    let values = metrics
        .iter()
        .map(|metric| {
            let both = task.queries.par_iter().zip(&rankings);
            both.map(|(query, ranked)| metric.of(ranked, &query.relevant)).collect()
        })
        .collect();
    Ok(Outcome { contestant: contestant.name(), metrics, values, elapsed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_is_named_as_it_is_shown() {
        for metric in Metric::ALL.into_iter().chain([Metric::Recall(1), Metric::Ndcg(1000)]) {
            assert_eq!(metric.to_string().parse::<Metric>().unwrap(), metric);
        }
        for name in ["", "map", "P", "P@", "P@0", "P@-1", "F@3", "MAP@10", "nDCG@1.5"] {
            let refused = name.parse::<Metric>().unwrap_err().to_string();
            assert!(refused.contains("`metric`") && refused.contains("nDCG@k"), "{refused}");
        }
    }
}
