//! `passerelle evaluate`: how well strategies rank, in one table, a CSV and a chart.

use std::path::{Path, PathBuf};

use comfy_table::{Table, presets};
use passerelle::evaluate::{
    self, Certainty, Decisions, Estimate, Grade, Half, Metric, Outcome, Ranker, Task, bootstrap,
    paired_bootstrap,
};
use passerelle::read::LinkColumns;
use passerelle::{Error, Framework, Result};
use serde::Serialize;

use crate::args::{Arguments, Evaluate, EvaluatedHalf};
use crate::{chart, progress, source, write};

/// The columns of ROME's `unix_rubrique_mobilite_v*_utf8.csv`.
const MOBILITY: LinkColumns<'_> =
    LinkColumns { from: "code_rome", to: "code_rome_cible", grade: "numero_ordre" };

/// Those of a task of one's own.
const PLAIN: LinkColumns<'_> = LinkColumns { from: "query", to: "relevant", grade: "grade" };

/// One contestant's row.
#[derive(Serialize)]
struct Row {
    task: String,
    queries: usize,
    strategy: String,
    metrics: Vec<(String, Estimate)>,
    seconds_per_thousand: f64,
    /// The difference of the task's metric with that of the baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<Estimate>,
}

pub fn run(arguments: &Arguments, asked: &Evaluate) -> Result<()> {
    let framework = source::framework(&asked.framework)?;
    let language = asked.texts.as_deref().unwrap_or(&framework.origin().language);
    let whole = task(asked, &framework, language)?;
    let task = match asked.half {
        EvaluatedHalf::All => whole.clone(),
        EvaluatedHalf::Tuning => whole.half(Half::Tuning),
        EvaluatedHalf::Reporting => whole.half(Half::Reporting),
    };
    let mut names: Vec<&str> = Vec::new();
    if let Some(against) = &asked.against {
        names.push(against);
    }
    for name in &asked.strategies {
        match name.as_str() {
            "all" => names.extend(evaluate::all(task.ranks)),
            name => names.push(name),
        }
    }
    names.dedup();
    if asked.thresholds {
        return thresholds(arguments, &names, &(whole, &framework, language));
    }
    let (run, bar) = progress::run(arguments, "evaluate");
    let mut rows: Vec<Row> = Vec::new();
    let mut baseline: Option<Outcome> = None;
    for name in &names {
        let ranker = evaluate::ranker(name, task.ranks, &framework, language, &run)?;
        let outcome = evaluate::evaluate(&task, &ranker, &run)?;
        let difference = baseline.as_ref().and_then(|baseline| {
            let (ours, theirs) = (outcome.of(task.metric)?, baseline.of(task.metric)?);
            Some(paired_bootstrap(ours, theirs, asked.seed))
        });
        rows.push(row(&task, &outcome, difference, asked.seed));
        if asked.against.is_some() && baseline.is_none() {
            baseline = Some(outcome);
        }
    }
    bar.finish_and_clear();
    if let Some(path) = &asked.output {
        write_csv(path, &rows)?;
    }
    if let Some(path) = &asked.chart {
        // Under the names that were asked for, which are the shorter ones.
        let bars = names.iter().zip(&rows).map(|(name, row)| (*name, headline(&task, row)));
        chart::bars(path, &format!("{} ({})", task.name, task.metric), &bars.collect::<Vec<_>>())?;
    }
    if arguments.json {
        return write::print_json(&rows);
    }
    write::print(&text(&task, &rows))
}

/// Prints from which score on contestants should answer: chosen on one half, reported on the other.
fn thresholds(
    arguments: &Arguments,
    names: &[&str],
    (task, framework, language): &(Task, &Framework, &str),
) -> Result<()> {
    let (run, bar) = progress::run(arguments, "evaluate");
    let mut chosen = Vec::new();
    for name in names {
        let Ranker::Matcher(name, matcher) =
            evaluate::ranker(name, task.ranks, framework, language, &run)?
        else {
            let value = format!("`{}`", task.name);
            return Err(Error::Argument {
                name: "thresholds",
                value,
                expected: "--task labels".into(),
            });
        };
        let of = |half| Certainty::of(&task.half(half).queries, &matcher, &run);
        let best = of(Half::Tuning)?.best().threshold;
        let reported = of(Half::Reporting)?;
        let steps = (1..10).map(|tenth| f64::from(tenth) / 10.0);
        let decisions: Vec<Decisions> =
            std::iter::once(best).chain(steps).map(|threshold| reported.at(threshold)).collect();
        chosen.push((name, decisions));
    }
    bar.finish_and_clear();
    if arguments.json {
        return write::print_json(&chosen);
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.set_header(["strategy", "threshold", "precision", "recall", "refused", "right"]);
    for (name, decisions) in &chosen {
        for (at, one) in decisions.iter().enumerate() {
            let mark = if at == 0 { " (chosen)" } else { "" };
            let shares = [one.precision, one.recall, one.refused, one.right()];
            let mut cells = vec![name.clone(), format!("{:.2}{mark}", one.threshold)];
            cells.extend(shares.map(|share| format!("{share:.4}")));
            table.add_row(cells);
        }
    }
    let queries = task.half(Half::Reporting).queries.len();
    write::print(&format!("{}: {queries} queries of the reporting half\n{table}\n", task.name))
}

fn row(task: &Task, outcome: &Outcome, difference: Option<Estimate>, seed: u64) -> Row {
    let metrics = outcome.metrics.iter().zip(&outcome.values);
    Row {
        task: task.name.clone(),
        queries: task.queries.len(),
        strategy: outcome.contestant.clone(),
        metrics: metrics
            .map(|(metric, values)| (metric.to_string(), bootstrap(values, seed)))
            .collect(),
        seconds_per_thousand: outcome.seconds_per_thousand(),
        difference,
    }
}

/// The task that was asked for.
fn task(asked: &Evaluate, framework: &Framework, language: &str) -> Result<Task> {
    let needs = |name: &'static str, expected: &str| Error::Argument {
        name,
        value: "not given".to_owned(),
        expected: expected.to_owned(),
    };
    match asked.task.as_str() {
        "mobility" => {
            let file = match &asked.links {
                Some(file) => file.clone(),
                None => mobility_file(&asked.framework)
                    .ok_or_else(|| needs("links", "ROME's unix_rubrique_mobilite_v*_utf8.csv"))?,
            };
            links(&file, &MOBILITY, Grade::Place, "mobility", framework)
        }
        "links" => {
            let file = asked.links.as_ref();
            let file = file.ok_or_else(|| needs("links", "a CSV of query, relevant, grade"))?;
            let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            links(file, &PLAIN, Grade::Relevance, &name, framework)
        }
        "other-version" => {
            let other = asked.other.as_ref();
            let other = other.ok_or_else(|| needs("other", "the framework that asks"))?;
            Ok(evaluate::other_version(framework, &source::framework(other)?, "other-version"))
        }
        name => evaluate::task(name, framework, language, asked.seed),
    }
}

fn links(
    file: &Path,
    columns: &LinkColumns<'_>,
    grade: Grade,
    name: &str,
    framework: &Framework,
) -> Result<Task> {
    let (task, left_out) = evaluate::links(file, columns, grade, name, framework)?;
    if left_out > 0 {
        eprintln!(
            "passerelle: {}: {left_out} links left out, of occupations that are not there",
            file.display()
        );
    }
    Ok(task)
}

/// ROME's file of mobilities, in ROME's own folder.
fn mobility_file(folder: &Path) -> Option<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    files.into_iter().find(|path| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("unix_rubrique_mobilite_"))
    })
}

fn headline(task: &Task, row: &Row) -> Estimate {
    let name = task.metric.to_string();
    let own = row.metrics.iter().find(|(metric, _)| *metric == name);
    own.map_or(Estimate { mean: 0.0, low: 0.0, high: 0.0 }, |(_, estimate)| *estimate)
}

fn text(task: &Task, rows: &[Row]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let others: Vec<String> = Metric::ALL
        .iter()
        .filter(|&&metric| metric != task.metric)
        .map(ToString::to_string)
        .collect();
    let compared = rows.iter().any(|row| row.difference.is_some());
    let mut header = vec!["strategy".to_owned(), task.metric.to_string(), "95 %".to_owned()];
    header.extend(others.iter().cloned());
    header.push("s/1000".to_owned());
    if compared {
        header.push("difference".to_owned());
    }
    table.set_header(header);
    for row in rows {
        let own = headline(task, row);
        let mut cells = vec![
            row.strategy.clone(),
            format!("{:.4}", own.mean),
            format!("{:.4} to {:.4}", own.low, own.high),
        ];
        for name in &others {
            let value = row.metrics.iter().find(|(metric, _)| metric == name);
            cells.push(value.map_or_else(String::new, |(_, e)| format!("{:.4}", e.mean)));
        }
        cells.push(format!("{:.3}", row.seconds_per_thousand));
        if compared {
            cells.push(row.difference.map_or_else(
                || "baseline".to_owned(),
                |d| format!("{:+.4} ({:+.4} to {:+.4})", d.mean, d.low, d.high),
            ));
        }
        table.add_row(cells);
    }
    format!("{}: {} queries\n{table}\n", task.name, task.queries.len())
}

fn write_csv(path: &Path, rows: &[Row]) -> Result<()> {
    let header =
        ["task", "queries", "strategy", "metric", "mean", "low", "high", "seconds_per_thousand"];
    write::csv(path, &header, |record| {
        for row in rows {
            for (metric, estimate) in &row.metrics {
                record(&[
                    &row.task,
                    &row.queries.to_string(),
                    &row.strategy,
                    metric,
                    &estimate.mean.to_string(),
                    &estimate.low.to_string(),
                    &estimate.high.to_string(),
                    &row.seconds_per_thousand.to_string(),
                ])?;
            }
        }
        Ok(())
    })
}
