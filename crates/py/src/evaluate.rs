//! `passerelle.evaluate`: how well strategies rank.

use std::path::PathBuf;

use passerelle::Error;
use passerelle::evaluate::{
    self, Half, JUDGED_NAMES, Judgements, Metric, TASK_NAMES, compare, contestants, judged,
};
use pyo3::prelude::*;
use serde::Serialize;

use crate::call::How;
use crate::error::raised;
use crate::framework::Framework;
use crate::json::json;
use crate::number::Whole;

/// The tasks, with what each asks.
#[pyfunction]
pub fn _tasks() -> Vec<(&'static str, &'static str)> {
    [TASK_NAMES, JUDGED_NAMES].concat()
}

/// The names of the metrics that every outcome has.
#[pyfunction]
pub fn _metric_names() -> Vec<String> {
    Metric::ALL.iter().map(Metric::to_string).collect()
}

/// Metrics of one ranking: what is ranked, best first and each once, what is relevant ascending,
/// with grades above 0.
#[pyfunction]
pub fn _metrics(
    ranked: Vec<u32>,
    relevant: Vec<(u32, f64)>,
    names: Vec<String>,
) -> PyResult<Vec<f64>> {
    let metrics: Vec<Metric> =
        names.iter().map(|name| name.parse().map_err(raised)).collect::<PyResult<_>>()?;
    Ok(metrics.iter().map(|metric| metric.of(&ranked, &relevant)).collect())
}

/// What `passerelle.evaluate.Evaluation` holds.
#[derive(Serialize)]
struct Figures {
    metric: Metric,
    left_out: u64,
    compared: Vec<evaluate::Compared>,
}

/// Contestants on one task.
#[pyfunction]
#[pyo3(signature = (
    task, framework, names, against, half, links, other, language, seed, threads, progress
))]
#[expect(clippy::too_many_arguments, reason = "what `passerelle.evaluate.run` takes")]
pub fn _evaluate<'py>(
    py: Python<'py>,
    task: &str,
    framework: &Bound<'py, Framework>,
    names: Vec<String>,
    against: Option<&str>,
    half: &str,
    links: Option<PathBuf>,
    other: Option<&Bound<'py, Framework>>,
    language: Option<&str>,
    seed: Whole<u64>,
    threads: Option<Whole<usize>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let half = match half {
        "all" => None,
        "tuning" => Some(Half::Tuning),
        "reporting" => Some(Half::Reporting),
        _ => {
            let expected = "`all`, `tuning` or `reporting`".to_owned();
            let value = format!("`{half}`");
            return Err(raised(Error::Argument { name: "half", value, expected }));
        }
    };
    let language = framework.get().language(language);
    let framework = framework.get().core();
    let other = other.map(|other| &**other.get().core());
    let figures = How::new(threads, None, progress)?.call(py, |run| {
        let given = Judgements { links: links.as_deref(), other };
        let (whole, left_out) = judged(task, framework, given, language, seed.0)?;
        let asked = half.map_or_else(|| whole.clone(), |half| whole.half(half));
        let names = contestants(names.iter().map(String::as_str), against, asked.ranks);
        let compared = compare(&asked, &names, against, framework, (language, seed.0), run)?;
        Ok(Figures { metric: asked.metric, left_out, compared })
    })?;
    json(py, &figures)
}
