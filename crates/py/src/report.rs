//! What a reader kept and dropped.

use passerelle::read::ReadReport;
use pyo3::prelude::*;

use crate::json::json;

/// The report as `passerelle.ReadReport`.
pub fn report<'py>(py: Python<'py>, report: &ReadReport) -> PyResult<Bound<'py, PyAny>> {
    let class = py.import("passerelle._report")?.getattr("ReadReport")?;
    class.call1((json(py, report)?, report.to_string()))
}
