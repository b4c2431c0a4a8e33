//! Rows of the library as a frame.

use pyo3::prelude::*;
use serde_json::Value;

use crate::json::json;

/// The columns of a table: names, and what is in them as `_tables.py` calls it.
pub type Columns = &'static [(&'static str, &'static str)];

/// Rows, each an array with a value for each column, as a frame of a kind.
pub fn table<'py>(
    py: Python<'py>,
    columns: Columns,
    rows: &[Value],
    kind: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let frame = py.import("passerelle._tables")?.getattr("frame")?;
    frame.call1((columns.to_vec(), json(py, &rows)?, kind))
}
