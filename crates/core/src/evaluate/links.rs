//! Tasks from a file of links: (query, relevant, grade).

use std::collections::BTreeMap;
use std::path::Path;

use super::{Metric, Query, Ranks, Task};
use crate::error::Result;
use crate::framework::Framework;
use crate::read::{self, LinkColumns};

/// What the grade of a link says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grade {
    /// How relevant it is.
    Relevance,
    /// Its place, 1 for the most relevant: it becomes 1 − (place − 1) ÷ the last place of the query.
    Place,
}

/// A task from a CSV file with a header: each occupation that has links asks for the others, by what
/// it requires, and does not rank itself.
///
/// Gives the task, and how many rows were left out: those that cannot be read, and those that name
/// an occupation which the framework does not have, or the same twice.
///
/// # Errors
///
/// Those of [`read::links`].
pub fn links(
    path: &Path,
    columns: &LinkColumns<'_>,
    grade: Grade,
    name: &str,
    framework: &Framework,
) -> Result<(Task, u64)> {
    let (links, report) = read::links(path, columns)?;
    let ids = framework.occupation_ids();
    let mut linked: BTreeMap<u32, BTreeMap<u32, f64>> = BTreeMap::new();
    let mut left_out = report.rows() - report.kept();
    for link in links {
        match (ids.position(&link.from), ids.position(&link.to)) {
            (Some(from), Some(to)) if from != to => {
                linked.entry(from).or_default().insert(to, link.grade);
            }
            _ => left_out += 1,
        }
    }
    let query = |(from, to): (u32, BTreeMap<u32, f64>)| {
        let last = to.values().copied().fold(1.0, f64::max);
        let graded = |(at, value)| match grade {
            Grade::Relevance => (at, value),
            Grade::Place => (at, 1.0 - (value - 1.0) / last),
        };
        let mut query = occupation_query(framework, from);
        query.relevant = to.into_iter().map(graded).collect();
        query
    };
    let queries = linked.into_iter().map(query).collect();
    let name = name.to_owned();
    Ok((Task { name, ranks: Ranks::Occupations, metric: Metric::Map, queries }, left_out))
}

/// An occupation that asks for others by what it requires.
pub(super) fn occupation_query(framework: &Framework, occupation: u32) -> Query {
    let row = framework.required().row(occupation);
    Query {
        id: framework.occupation_ids()[occupation].to_owned(),
        skills: row.skills.to_vec(),
        levels: row.levels.to_vec(),
        occupation: Some(occupation),
        text: String::new(),
        unranked: vec![occupation],
        relevant: Vec::new(),
    }
}
