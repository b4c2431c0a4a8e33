//! `passerelle.recruitment.Territories`.

use std::path::PathBuf;
use std::sync::Arc;

use passerelle::hub::Territories as Core;
use passerelle::read::ReadReport;
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::table::{Columns, table};
use crate::call::{left_alone, short};
use crate::error::raised;
use crate::report;

const COLUMNS: Columns =
    &[("territory", "text"), ("kind", "text"), ("label", "text"), ("within", "texts")];

/// Places, and what lies within what: many to many, no tree.
///
/// Parameters
/// ----------
/// places : list of (id, kind, label, parents)
///     `parents` is a list of the ids of the places that it lies in, in any order.
///
/// Raises
/// ------
/// UnknownIdError
///     A parent that is not there.
/// DataError
///     An id twice, or a place within itself.
///
/// Examples
/// --------
/// >>> from passerelle.recruitment import Territories
/// >>> Territories([("59", "departement", "Nord", []), ("lille", "commune", "Lille", ["59"])])
/// <passerelle.recruitment.Territories: 2 places>
#[pyclass(module = "passerelle.recruitment", frozen)]
pub struct Territories {
    core: Arc<Core>,
    report: Option<ReadReport>,
}

impl Territories {
    /// The library's own.
    pub fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Places that were read with others.
    pub fn of(core: Arc<Core>) -> Self {
        Self { core, report: None }
    }
}

#[pymethods]
impl Territories {
    #[new]
    fn new(places: Vec<(String, String, String, Vec<String>)>) -> PyResult<Self> {
        short(|| {
            let mut builder = Core::builder();
            for (id, kind, label, parents) in &places {
                let parents: Vec<&str> = parents.iter().map(String::as_str).collect();
                builder.add(id, kind, label, &parents).map_err(raised)?;
            }
            Ok(Self::of(Arc::new(builder.build().map_err(raised)?)))
        })
    }

    /// Read ``territories.csv``: columns ``id``, ``kind``, ``label``, ``parents``.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///
    /// Returns
    /// -------
    /// Territories
    ///
    /// Raises
    /// ------
    /// FileError
    ///     The file is not there or cannot be read.
    /// DataError
    ///     A column is missing, or a place lies within itself.
    #[staticmethod]
    fn read(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        let (core, report) = left_alone(py, move || Core::read(&path))?;
        Ok(Self { core: Arc::new(core), report: Some(report) })
    }

    /// The ids, in order.
    #[getter]
    fn ids(&self) -> Vec<&str> {
        self.core.ids().iter().collect()
    }

    /// What the reader kept and dropped; ``None`` where nothing was read.
    #[getter]
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.report.as_ref().map(|report| report::report(py, report)).transpose()
    }

    /// Give every place as a frame.
    ///
    /// Parameters
    /// ----------
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    ///     ``territory``, ``kind``, ``label``, and ``within``: all that it lies in, itself included.
    #[pyo3(signature = (*, frame = None))]
    fn table<'py>(&self, py: Python<'py>, frame: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let ids = self.core.ids();
        let row = |at: u32| {
            let place = self.core.get(at);
            let above: Vec<&str> = self.core.above(at).iter().map(|&at| &ids[at]).collect();
            json!([place.id, place.kind, place.label, above])
        };
        let rows: Vec<Value> = (0u32..).take(self.core.len()).map(row).collect();
        table(py, COLUMNS, &rows, frame)
    }

    fn __len__(&self) -> usize {
        self.core.len()
    }

    fn __contains__(&self, id: &str) -> bool {
        self.core.ids().position(id).is_some()
    }

    fn __repr__(&self) -> String {
        format!("<passerelle.recruitment.Territories: {} places>", self.core.len())
    }
}
