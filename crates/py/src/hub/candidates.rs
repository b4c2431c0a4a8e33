//! `passerelle.skill.candidates`: the best people for each vacancy.

use passerelle::Error;
use passerelle::gap::Eligibility;
use passerelle::hub::skill::{Conditions, Filter, candidates as found_by};
use passerelle::trust::{Rules, shown};
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::picture::Picture;
use super::reading::look;
use super::region::Region;
use super::table::{Columns, table};
use crate::call::How;
use crate::error::raised;
use crate::number::{Whole, whole};

const COLUMNS: Columns = &[
    ("vacancy", "text"),
    ("title", "text"),
    ("rank", "count"),
    ("person", "text"),
    ("coverage", "share"),
    ("status", "text"),
    ("licence_alone", "yes"),
    ("to_ask", "texts"),
    ("considered", "count"),
    ("set_aside", "counts"),
];

/// Find the best people for each vacancy: by skills alone, among those who can get there.
///
/// Filters on availability, travel, hours and contract are reported and never scored; where either
/// side is silent nobody is set aside, and ``to_ask`` lists the filter.
///
/// Parameters
/// ----------
/// region : passerelle.recruitment.Region
/// picture : passerelle.recruitment.Picture
///     Of the region's register, or of another on the same framework and places.
/// k : int, default 10
///     How many to keep for each vacancy, at least 1.
/// exact : bool, default False
///     Every count as it is, for use within; by default those about 1 to 10 people are left out.
/// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
/// threads, memory_limit, progress
///     See :ref:`long calls <long-calls>`.
///
/// Returns
/// -------
/// frame
///     A row for each vacancy and person, the best first: pseudonyms, and as private as profiles.
///     ``considered`` people share a skill with the vacancy; ``set_aside`` counts those of them
///     that each filter excludes.
///
/// Raises
/// ------
/// VersionError
///     The picture is on another framework.
/// ArgumentError
///     `k` of 0.
#[pyfunction]
#[pyo3(signature = (
    region, picture, k = 10, *, exact = false, frame = None, threads = None, memory_limit = None,
    progress = None
))]
#[expect(clippy::too_many_arguments, reason = "keywords, each of them optional")]
pub fn candidates<'py>(
    py: Python<'py>,
    region: &Bound<'py, Region>,
    picture: &Bound<'py, Picture>,
    #[pyo3(from_py_with = whole)] k: usize,
    exact: bool,
    frame: Option<&str>,
    threads: Option<Whole<usize>>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let how = How::new(threads, memory_limit, progress)?;
    if k == 0 {
        let (name, value, expected) = ("k", "0".to_owned(), "at least 1".to_owned());
        return Err(raised(Error::Argument { name, value, expected }));
    }
    let (region, picture) = (region.get(), picture.get());
    let held = region.people().held(py)?;
    let places = region.territories().core();
    let count = |people: u64| if exact { Some(people) } else { shown(people, Rules::default()) };
    let rows: Vec<Value> = how.call(py, |run| {
        let (register, picture) = (look(picture.register().core()), look(picture.core()));
        let (vacancies, targets) = picture.vacancy_targets(&register)?;
        let posts: Vec<Conditions> =
            vacancies.iter().map(|vacancy| region.conditions_of(vacancy)).collect();
        let found = found_by(
            held,
            &targets,
            k,
            (region.limits(), &posts),
            (region.travel(), places),
            Eligibility::default(),
            run,
        )?;
        let mut rows = Vec::new();
        for ((vacancy, id), found) in vacancies.iter().zip(targets.targets().iter()).zip(&found) {
            let aside: Value = Filter::ALL
                .iter()
                .map(|filter| {
                    let people = found.set_aside.get(filter).copied().unwrap_or(0);
                    (filter.name().to_owned(), json!(count(people)))
                })
                .collect();
            for (one, rank) in found.best.iter().zip(1u32..) {
                rows.push(json!([
                    id,
                    vacancy.title,
                    rank,
                    &held.people()[one.person],
                    one.score,
                    one.status.name(),
                    one.licence_alone,
                    one.to_ask,
                    count(found.considered),
                    aside,
                ]));
            }
        }
        Ok(rows)
    })?;
    table(py, COLUMNS, &rows, frame)
}
