//! Sparse rows as SciPy and NumPy hold them, read where they lie.
//!
//! What is of the width that the library reads is borrowed: int32 skills, int64 bounds, float32
//! values, uint16 levels. Bounds of int32 are widened, skills of int64 narrowed and levels of uint8
//! widened, in one pass.

use std::borrow::Cow;

use numpy::{Element, IntoPyArray, PyArray1, PyArrayMethods, PyReadonlyArray1};
use passerelle::Error;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::error::raised;

/// Whole numbers of a width that SciPy uses.
enum Whole<'py> {
    Int32(PyReadonlyArray1<'py, i32>),
    Int64(PyReadonlyArray1<'py, i64>),
}

/// Sparse rows: a SciPy CSR matrix or array, or `(indptr, indices, data)`.
pub struct Csr<'py> {
    bounds: Whole<'py>,
    skills: Whole<'py>,
    data: Bound<'py, PyAny>,
    /// How many skills the axis has, where that was said.
    columns: Option<u32>,
    name: &'static str,
}

impl<'py> Csr<'py> {
    /// From what the caller passed as the argument `name`.
    pub fn new(name: &'static str, given: &Bound<'py, PyAny>) -> PyResult<Self> {
        if let Ok(triple) = given.cast::<PyTuple>() {
            if triple.len() != 3 {
                return Err(PyTypeError::new_err(format!(
                    "`{name}` has {} parts; pass (indptr, indices, data)",
                    triple.len()
                )));
            }
            let [bounds, skills, data] =
                [triple.get_item(0)?, triple.get_item(1)?, triple.get_item(2)?];
            return Self::of(name, &bounds, &skills, data, None);
        }
        let format = given.getattr("format").and_then(|format| format.extract::<String>());
        match format.as_deref() {
            Ok("csr") => {}
            Ok(other) => {
                let said = format!("`{name}` is a {other} matrix; pass it as CSR: `.tocsr()`");
                return Err(PyTypeError::new_err(said));
            }
            Err(_) => {
                return Err(PyTypeError::new_err(format!(
                    "`{name}` is {}; pass a SciPy CSR matrix, or (indptr, indices, data)",
                    given.get_type().name()?
                )));
            }
        }
        let Ok((_, columns)) = given.getattr("shape")?.extract::<(usize, usize)>() else {
            let said = format!("`{name}` is one row without columns; pass it as rows × columns");
            return Err(PyTypeError::new_err(said));
        };
        let columns = u32::try_from(columns)
            .map_err(|_| PyTypeError::new_err(format!("`{name}` has {columns} columns")))?;
        let (bounds, skills) = (given.getattr("indptr")?, given.getattr("indices")?);
        Self::of(name, &bounds, &skills, given.getattr("data")?, Some(columns))
    }

    fn of(
        name: &'static str,
        bounds: &Bound<'py, PyAny>,
        skills: &Bound<'py, PyAny>,
        data: Bound<'py, PyAny>,
        columns: Option<u32>,
    ) -> PyResult<Self> {
        let bounds = whole(name, "indptr", bounds)?;
        let skills = whole(name, "indices", skills)?;
        Ok(Self { bounds, skills, data, columns, name })
    }

    /// Where rows start and end. A negative bound becomes one beyond every array.
    pub fn bounds(&self) -> PyResult<Cow<'_, [u64]>> {
        Ok(match &self.bounds {
            Whole::Int64(bounds) => {
                Cow::Borrowed(bytemuck::cast_slice(slice(self.name, "indptr", bounds)?))
            }
            Whole::Int32(bounds) => {
                let bounds = slice(self.name, "indptr", bounds)?;
                Cow::Owned(each(self.data.py(), bounds, |bound| i64::from(bound).cast_unsigned())?)
            }
        })
    }

    /// The skills of the cells. A negative one becomes one beyond every axis.
    pub fn skills(&self) -> PyResult<Cow<'_, [u32]>> {
        Ok(match &self.skills {
            Whole::Int32(skills) => {
                Cow::Borrowed(bytemuck::cast_slice(slice(self.name, "indices", skills)?))
            }
            Whole::Int64(skills) => {
                let skills = slice(self.name, "indices", skills)?;
                let narrow = |skill| u32::try_from(skill).unwrap_or(u32::MAX);
                Cow::Owned(each(self.data.py(), skills, narrow)?)
            }
        })
    }

    /// How many skills the axis has, where that was said.
    pub fn columns_said(&self) -> Option<u32> {
        self.columns
    }

    /// The same, or else just enough.
    pub fn columns(&self) -> PyResult<u32> {
        if let Some(columns) = self.columns {
            return Ok(columns);
        }
        let most = self.skills()?.iter().max().copied();
        if most.is_some_and(|most| most > i32::MAX.unsigned_abs()) {
            let (value, expected) = ("of negative indices".to_owned(), "from 0 on".to_owned());
            return Err(raised(Error::Argument { name: self.name, value, expected }));
        }
        Ok(most.map_or(0, |most| most + 1))
    }

    /// How many skills the axis has on which both stand: as was said of either, or else just enough.
    pub fn columns_beside(&self, other: &Self) -> PyResult<u32> {
        match (self.columns, other.columns) {
            (Some(own), Some(others)) if own != others => {
                let value = format!("a matrix of {own} columns");
                let expected = format!("on the {others} columns of `{}`", other.name);
                Err(raised(Error::Argument { name: self.name, value, expected }))
            }
            (None, None) => Ok(self.columns()?.max(other.columns()?)),
            (own, others) => Ok(own.or(others).unwrap_or(0)),
        }
    }

    /// The values of the cells, as floats.
    pub fn floats(&self) -> PyResult<PyReadonlyArray1<'py, f32>> {
        floats(self.name, &self.data)
    }

    /// The values of the cells, as steps of a level.
    pub fn steps(&self) -> PyResult<Steps<'py>> {
        steps(self.name, &self.data)
    }

    /// Whether the cells of another stand where these do.
    pub fn stands_as(&self, other: &Self) -> PyResult<bool> {
        Ok(self.bounds()? == other.bounds()? && self.skills()? == other.skills()?)
    }

    /// The values, of whatever type.
    pub fn data(&self) -> &Bound<'py, PyAny> {
        &self.data
    }
}

/// Levels or weights in 16 bits: where they lie, or widened from 8.
pub enum Steps<'py> {
    /// Where they lie.
    Lie(PyReadonlyArray1<'py, u16>),
    /// Widened.
    Widened(Vec<u16>),
}

impl Steps<'_> {
    /// The numbers.
    pub fn slice(&self) -> PyResult<&[u16]> {
        match self {
            Self::Lie(steps) => slice("levels", "data", steps),
            Self::Widened(steps) => Ok(steps),
        }
    }
}

/// Floats of an argument.
pub fn floats<'py>(name: &str, data: &Bound<'py, PyAny>) -> PyResult<PyReadonlyArray1<'py, f32>> {
    let cast = "astype(np.float32)`, or with the kernel `min` or `cosine` whole numbers: \
                `.astype(np.uint16)";
    array(data).ok_or_else(|| wrong(name, "data", data, "float32", cast))
}

/// Levels or weights of an argument.
pub fn steps<'py>(name: &str, data: &Bound<'py, PyAny>) -> PyResult<Steps<'py>> {
    if let Some(steps) = array::<u16>(data) {
        return Ok(Steps::Lie(steps));
    }
    match array::<u8>(data) {
        Some(steps) => {
            Ok(Steps::Widened(each(data.py(), slice(name, "data", &steps)?, u16::from)?))
        }
        None => Err(wrong(name, "data", data, "uint16 or uint8", "astype(np.uint16)")),
    }
}

fn whole<'py>(name: &str, part: &str, given: &Bound<'py, PyAny>) -> PyResult<Whole<'py>> {
    if let Some(numbers) = array(given) {
        return Ok(Whole::Int32(numbers));
    }
    match array(given) {
        Some(numbers) => Ok(Whole::Int64(numbers)),
        None => Err(wrong(name, part, given, "int32 or int64", "astype(np.int64)")),
    }
}

fn array<'py, T: Element>(given: &Bound<'py, PyAny>) -> Option<PyReadonlyArray1<'py, T>> {
    given.cast::<PyArray1<T>>().ok()?.try_readonly().ok()
}

/// Numbers in another width, with an eye on Ctrl-C.
pub fn each<T: Copy, U>(py: Python<'_>, numbers: &[T], to: impl Fn(T) -> U) -> PyResult<Vec<U>> {
    let mut all = Vec::with_capacity(numbers.len());
    for some in numbers.chunks(1 << 20) {
        py.check_signals()?;
        all.extend(some.iter().map(|&number| to(number)));
    }
    Ok(all)
}

/// The cells of a contiguous array.
pub fn slice<'a, T: Element>(
    name: &str,
    part: &str,
    array: &'a PyReadonlyArray1<'_, T>,
) -> PyResult<&'a [T]> {
    array.as_slice().map_err(|_| {
        let said =
            format!("`{part}` of `{name}` is not contiguous; pass np.ascontiguousarray of it");
        PyTypeError::new_err(said)
    })
}

fn wrong(name: &str, part: &str, given: &Bound<'_, PyAny>, wanted: &str, cast: &str) -> PyErr {
    let of = |what: &str| given.getattr(what).map(|is| is.to_string()).ok();
    let is = match (of("dtype"), of("ndim")) {
        (Some(dtype), Some(ndim)) => format!("{dtype} of {ndim} dimensions"),
        _ => given.get_type().name().map_or_else(|_| "no array".to_owned(), |it| it.to_string()),
    };
    let said = format!("`{part}` of `{name}` is {is}; pass a flat array of {wanted}: `.{cast}`");
    PyTypeError::new_err(said)
}

/// Rows of the library, skills and values, as a `scipy.sparse.csr_array`.
pub fn array_of<'a, 'py>(
    py: Python<'py>,
    rows: impl IntoIterator<Item = (&'a [u32], &'a [u16])>,
    columns: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let (mut bounds, mut skills, mut values) = (vec![0], Vec::new(), Vec::new());
    for (row, (own, levels)) in rows.into_iter().enumerate() {
        if row % (1 << 12) == 0 {
            py.check_signals()?;
        }
        skills.extend_from_slice(own);
        values.extend_from_slice(levels);
        bounds.push(skills.len() as u64);
    }
    scipy_array(py, bounds, skills, values, columns)
}

/// Rows by their bounds as a `scipy.sparse.csr_array`, which has one width for bounds and indices:
/// 32 bits where all fit.
pub fn scipy_array(
    py: Python<'_>,
    bounds: Vec<u64>,
    skills: Vec<u32>,
    values: Vec<u16>,
    columns: usize,
) -> PyResult<Bound<'_, PyAny>> {
    let shape = (bounds.len() - 1, columns);
    // Positions on an axis are below 2³¹, and bounds grow up to the last.
    let (skills, bounds) = if i32::try_from(skills.len()).is_ok() {
        let bounds = each(py, &bounds, |at| i32::try_from(at).unwrap_or(i32::MAX))?;
        let skills: Vec<i32> = bytemuck::cast_vec(skills);
        (skills.into_pyarray(py).into_any(), bounds.into_pyarray(py).into_any())
    } else {
        let skills = each(py, &skills, i64::from)?;
        let bounds: Vec<i64> = bytemuck::cast_vec(bounds);
        (skills.into_pyarray(py).into_any(), bounds.into_pyarray(py).into_any())
    };
    let cells = (values.into_pyarray(py), skills, bounds);
    py.import("scipy.sparse")?.getattr("csr_array")?.call1((cells, shape))
}
