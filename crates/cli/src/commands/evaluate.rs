//! `passerelle evaluate`: how well strategies rank, in one table, a CSV and a chart.

use std::path::Path;

use comfy_table::{Table, presets};
use passerelle::evaluate::{
    self, Certainty, Compared, Decisions, Estimate, Half, Judgements, Metric, Ranker, Task,
};
use passerelle::{Error, Framework, Result};

use crate::args::{Arguments, Evaluate, EvaluatedHalf};
use crate::{chart, progress, source, write};

pub fn run(arguments: &Arguments, asked: &Evaluate) -> Result<()> {
    let framework = source::framework(&asked.framework)?;
    let language = asked.texts.as_deref().unwrap_or(&framework.origin().language);
    let whole = task(asked, &framework, language)?;
    let task = match asked.half {
        EvaluatedHalf::All => whole.clone(),
        EvaluatedHalf::Tuning => whole.half(Half::Tuning),
        EvaluatedHalf::Reporting => whole.half(Half::Reporting),
    };
    let (given, against) = (asked.strategies.iter().map(String::as_str), asked.against.as_deref());
    let names = evaluate::contestants(given, against, task.ranks);
    if asked.thresholds {
        return thresholds(arguments, &names, &(whole, &framework, language));
    }
    let (run, bar) = progress::run(arguments, "evaluate");
    let how = (language, asked.seed);
    let rows = evaluate::compare(&task, &names, against, &framework, how, &run)?;
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

/// The task that was asked for.
fn task(asked: &Evaluate, framework: &Framework, language: &str) -> Result<Task> {
    let other = asked.other.as_deref().map(source::framework).transpose()?;
    // ROME's folder holds its file of mobilities.
    let own = Some(&*asked.framework).filter(|own| asked.task == "mobility" && own.is_dir());
    let given = Judgements { links: asked.links.as_deref().or(own), other: other.as_ref() };
    let (task, left_out) = evaluate::judged(&asked.task, framework, given, language, asked.seed)?;
    if left_out > 0 {
        let file = given.links.unwrap_or(&asked.framework).display();
        eprintln!(
            "passerelle: {file}: {left_out} links left out, of occupations that are not there"
        );
    }
    Ok(task)
}

fn headline(task: &Task, row: &Compared) -> Estimate {
    row.of(task.metric).unwrap_or(Estimate { mean: 0.0, low: 0.0, high: 0.0 })
}

fn text(task: &Task, rows: &[Compared]) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    let others: Vec<Metric> =
        Metric::ALL.into_iter().filter(|&metric| metric != task.metric).collect();
    let compared = rows.iter().any(|row| row.difference.is_some());
    let mut header = vec!["strategy".to_owned(), task.metric.to_string(), "95 %".to_owned()];
    header.extend(others.iter().map(ToString::to_string));
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
        for &metric in &others {
            let value = row.of(metric);
            cells.push(value.map_or_else(String::new, |e| format!("{:.4}", e.mean)));
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

fn write_csv(path: &Path, rows: &[Compared]) -> Result<()> {
    let header =
        ["task", "queries", "strategy", "metric", "mean", "low", "high", "seconds_per_thousand"];
    write::csv(path, &header, |record| {
        for row in rows {
            for (metric, estimate) in &row.metrics {
                record(&[
                    &row.task,
                    &row.queries.to_string(),
                    &row.strategy,
                    &metric.to_string(),
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
