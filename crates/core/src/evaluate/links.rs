//! Tasks from a file of links: (query, relevant, grade).

use std::collections::BTreeMap;
use std::path::Path;

use super::{Metric, Query, Ranks, Task};
use crate::error::{Error, Result};
use crate::framework::Framework;

/// Which columns hold what, and how grades are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkColumns<'a> {
    /// The id of the occupation that asks.
    pub query: &'a str,
    /// The id of an occupation that is relevant to it.
    pub relevant: &'a str,
    /// The grade, above 0; all are 1 without this column.
    pub grade: Option<&'a str>,
    /// Whether the grade is an order, 1 the most relevant: it becomes 1 − (order − 1) ÷ the greatest
    /// order of the query.
    pub is_order: bool,
}

impl LinkColumns<'static> {
    /// Columns `query`, `relevant` and, if there, `grade`.
    pub fn plain() -> Self {
        Self { query: "query", relevant: "relevant", grade: Some("grade"), is_order: false }
    }

    /// Those of ROME's `unix_rubrique_mobilite_v*_utf8.csv`.
    pub fn rome_mobility() -> Self {
        Self {
            query: "code_rome",
            relevant: "code_rome_cible",
            grade: Some("numero_ordre"),
            is_order: true,
        }
    }
}

/// A task from a CSV file with a header (UTF-8, separated by commas or semicolons): each occupation
/// that has links asks for the others, by what it requires, and does not rank itself.
///
/// Gives the task, and how many rows named an occupation that the framework does not have (or itself)
/// and were left out.
///
/// # Errors
///
/// [`Error::File`], [`Error::Malformed`], [`Error::MissingColumn`], [`Error::Value`] for a grade that
/// is no number above 0.
pub fn links(
    path: &Path,
    columns: &LinkColumns<'_>,
    name: &str,
    framework: &Framework,
) -> Result<(Task, u64)> {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path)
        .map_err(|source| Error::File { path: path.to_owned(), source })?;
    let text = text.trim_start_matches('\u{FEFF}');
    let header = text.lines().next().unwrap_or_default();
    let delimiter = if header.contains(';') { b';' } else { b',' };
    let mut table = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let malformed =
        |error: csv::Error| Error::Malformed { file: file.clone(), problem: error.to_string() };
    let present: Vec<String> =
        table.headers().map_err(malformed)?.iter().map(|name| name.trim().to_owned()).collect();
    let find = |wanted: &str| present.iter().position(|name| name.eq_ignore_ascii_case(wanted));
    let required = |wanted: &str| {
        find(wanted).ok_or_else(|| Error::MissingColumn {
            file: file.clone(),
            column: wanted.to_owned(),
            present: present.clone(),
        })
    };
    let (query, relevant) = (required(columns.query)?, required(columns.relevant)?);
    let grade = columns.grade.and_then(find);
    let ids = framework.occupation_ids();
    let mut linked: BTreeMap<u32, BTreeMap<u32, f64>> = BTreeMap::new();
    let mut left_out = 0;
    for row in table.records() {
        let row = row.map_err(malformed)?;
        let line = row.position().map_or(0, csv::Position::line);
        let at = |column: usize| row.get(column).unwrap_or("").trim();
        let value = match grade {
            None => 1.0,
            Some(column) => at(column)
                .replace(',', ".")
                .parse()
                .ok()
                .filter(|&value: &f64| value.is_finite() && value > 0.0)
                .ok_or_else(|| Error::Value {
                    file: file.clone(),
                    line,
                    column: present[column].clone(),
                    value: at(column).to_owned(),
                    expected: "a number above 0".to_owned(),
                })?,
        };
        match (ids.position(at(query)), ids.position(at(relevant))) {
            (Some(from), Some(to)) if from != to => {
                linked.entry(from).or_default().insert(to, value);
            }
            _ => left_out += 1,
        }
    }
    let queries = linked.into_iter().map(|(from, to)| {
        let most = to.values().copied().fold(1.0, f64::max);
        let graded =
            |(at, value)| (at, if columns.is_order { 1.0 - (value - 1.0) / most } else { value });
        let mut query = occupation_query(framework, from);
        query.relevant = to.into_iter().map(graded).collect();
        query
    });
    let queries = queries.collect();
    Ok((
        Task { name: name.to_owned(), ranks: Ranks::Occupations, metric: Metric::Map, queries },
        left_out,
    ))
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
