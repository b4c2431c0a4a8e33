//! Whole numbers as arguments.

use pyo3::exceptions::{PyOverflowError, PyValueError};
use pyo3::prelude::*;

/// A whole number from 0: what is negative or too large is a `ValueError`, not an `OverflowError`.
#[derive(Clone, Copy)]
pub struct Whole<T>(pub T);

impl<'a, 'py, T: FromPyObject<'a, 'py, Error = PyErr>> FromPyObject<'a, 'py> for Whole<T> {
    type Error = PyErr;

    fn extract(given: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        given.extract().map(Self).map_err(|error: PyErr| {
            if error.is_instance_of::<PyOverflowError>(given.py()) {
                let largest = 8 * size_of::<T>();
                let said = format!(
                    "{} is out of range; pass a number from 0, below 2**{largest}",
                    &*given
                );
                return PyValueError::new_err(said);
            }
            error
        })
    }
}

/// The same for an argument that has a default.
pub fn whole<'py, T>(given: &Bound<'py, PyAny>) -> PyResult<T>
where
    T: for<'a> FromPyObject<'a, 'py, Error = PyErr>,
{
    Whole::extract(given.as_borrowed()).map(|number| number.0)
}
