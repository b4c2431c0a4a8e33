//! What a reader kept and dropped.

use passerelle::read::ReadReport;
use pyo3::prelude::*;
use serde::Serialize;

use crate::json::json;

/// The report as `passerelle.ReadReport`.
pub fn report<'py>(py: Python<'py>, report: &ReadReport) -> PyResult<Bound<'py, PyAny>> {
    of(py, report, &report.to_string())
}

/// Figures of the form that a report has, and their words, as `passerelle.ReadReport`.
pub fn of<'py>(
    py: Python<'py>,
    figures: &impl Serialize,
    words: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let class = py.import("passerelle._report")?.getattr("ReadReport")?;
    class.call1((json(py, figures)?, words))
}

/// Says to the user that rows were dropped, where some were.
pub fn warn(py: Python<'_>, report: &ReadReport) -> PyResult<()> {
    if report.kept() < report.rows() {
        said(py, &self::report(py, report)?)?;
    }
    Ok(())
}

/// Says so of a `passerelle.ReadReport`.
pub fn said(py: Python<'_>, report: &Bound<'_, PyAny>) -> PyResult<()> {
    py.import("passerelle._report")?.getattr("warn")?.call1((report,))?;
    Ok(())
}
