//! `passerelle.training.learners`: who is to be trained for which need.

use passerelle::gap::Eligibility;
use passerelle::hub::training::learners::{
    Draw, Learners as Core, asked, first_day, learners as drawn,
};
use passerelle::hub::training::plan::Attributes;
use passerelle::hub::training::plan_file::Named;
use passerelle::trust::{Rules, some_parts_shown};
use passerelle::{Date, Held};
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::offer::Offer;
use super::picture::Picture;
use super::reading::look;
use super::region::Region;
use super::table::{Columns, table};
use crate::call::How;
use crate::error::raised;
use crate::json::json as plain;
use crate::number::Whole;

const COLUMNS: Columns = &[
    ("person", "text"),
    ("target", "text"),
    ("label", "text"),
    ("need", "text"),
    ("start", "day"),
    ("territories", "texts"),
];

/// Who is to be trained for which need; made by `learners`.
#[pyclass(module = "passerelle.training", frozen)]
pub struct Learners {
    core: Core,
    start: Date,
    region: Py<Region>,
    offer: Py<Offer>,
}

impl Learners {
    /// The library's own.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// The day from which training counts.
    pub fn start(&self) -> Date {
        self.start
    }

    /// The region that they live in.
    pub fn region(&self) -> &Region {
        self.region.get()
    }

    /// What can be bought for them.
    pub fn offer(&self) -> &Offer {
        self.offer.get()
    }

    /// What the people of the region hold.
    pub fn held(&self, py: Python<'_>) -> PyResult<&Held> {
        self.region().people().held(py)
    }

    /// What positions name.
    pub fn named(&self) -> Named<'_> {
        let people = self.region().people();
        Named {
            offer: self.offer().core(),
            people: people.core().people(),
            targets: people.framework().get().core().occupation_ids(),
            learners: &self.core.learners,
        }
    }
}

/// Say who is to be trained for which need.
///
/// For each position whose vacancy names an occupation and *skills* among its causes, the nearest
/// person within reach who does not fit it yet; nobody for two. Who fits already is to be placed,
/// and of whom too little is known is to be asked.
///
/// Parameters
/// ----------
/// region : passerelle.recruitment.Region
/// picture : passerelle.recruitment.Picture
///     Of the region's register, or of another on the same framework and places.
/// offer : Offer
/// start : str, optional
///     The day from which training counts; the first on which there is money by default, or else
///     on which a session starts.
/// threads, memory_limit, progress
///     See :ref:`long calls <long-calls>`.
///
/// Returns
/// -------
/// Learners
///
/// Raises
/// ------
/// VersionError
///     They are of different frameworks or versions.
/// ArgumentError
///     An offer without a date, where `start` is not given.
/// UnknownIdError
///     The offer or a vacancy names a place that the region does not have.
#[pyfunction]
#[pyo3(signature = (
    region, picture, offer, *, start = None, threads = None, memory_limit = None, progress = None
))]
#[expect(clippy::too_many_arguments, reason = "keywords, each of them optional")]
pub fn learners<'py>(
    py: Python<'py>,
    region: &Bound<'py, Region>,
    picture: &Bound<'py, Picture>,
    offer: &Bound<'py, Offer>,
    start: Option<&str>,
    threads: Option<Whole<usize>>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Learners> {
    let how = How::new(threads, memory_limit, progress)?;
    let (own, picture, known) = (region.get(), picture.get(), offer.get().core());
    let start = match start {
        Some(day) => day.parse().map_err(raised)?,
        None => first_day(known).map_err(raised)?,
    };
    let people = own.people();
    let (framework, held) = (people.framework().get().core(), people.held(py)?);
    let core = how.call(py, |run| {
        let register = look(picture.register().core());
        register.check_framework(framework)?;
        known.axis().check_same(held.axis())?;
        let attributes: Vec<Attributes> = own.publics().iter().map(|one| one.attributes).collect();
        let draw = Draw {
            held,
            required: framework.required(),
            asked: &asked(framework, people.core()),
            limits: own.limits(),
            attributes: &attributes,
            vacancies: &look(picture.core()).vacancies(&register),
            travel: own.travel(),
            territories: own.territories().core(),
            eligibility: Eligibility::default(),
        };
        drawn(&draw, known, start, run)
    })?;
    Ok(Learners { core, start, region: region.clone().unbind(), offer: offer.clone().unbind() })
}

#[pymethods]
impl Learners {
    /// Give everyone, as a frame: pseudonyms, and as private as profiles.
    ///
    /// Parameters
    /// ----------
    /// language : str, optional
    ///     The language of labels; the framework's own by default.
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    ///     The occupation to be trained for and the need behind it (``sensor/record``), the first
    ///     day, and the ``territories`` of the offer within reach.
    #[pyo3(signature = (*, language = None, frame = None))]
    fn table<'py>(
        &self,
        py: Python<'py>,
        language: Option<&str>,
        frame: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let named = self.named();
        let framework = self.offer().framework().get();
        let (core, language) = (framework.core(), framework.language(language));
        let row = |one: &passerelle::hub::training::plan::Learner| {
            let label = core.occupation_name(one.target, language);
            let territories: Vec<&str> =
                one.when.territories.iter().map(|&at| &named.offer.territories()[at]).collect();
            let (person, target) = (&named.people[one.person], &named.targets[one.target]);
            json!([person, target, label, one.need, one.when.from, territories])
        };
        let rows: Vec<Value> = self.core.learners.iter().map(row).collect();
        table(py, COLUMNS, &rows, frame)
    }

    /// Say how many are to be trained, placed, asked.
    ///
    /// Parameters
    /// ----------
    /// exact : bool, default False
    ///     Every count as it is, for use within; by default those about 1 to 10 people are
    ///     ``None``, with those that would give them away.
    ///
    /// Returns
    /// -------
    /// dict
    ///     ``positions`` that call for training; people who are ``learners``, who ``fit``,
    ///     ``to_ask``, ``unmatched`` (no skill in common), ``beyond`` reach.
    #[pyo3(signature = (*, exact = false))]
    fn summary<'py>(&self, py: Python<'py>, exact: bool) -> PyResult<Bound<'py, PyAny>> {
        let core = &self.core;
        let names = ["learners", "fit", "to_ask", "unmatched", "beyond"];
        let counts =
            [core.learners.len() as u64, core.fit, core.to_ask, core.unmatched, core.beyond];
        let shown = if exact {
            counts.map(Some).to_vec()
        } else {
            let people = self.region().people().core().len() as u64;
            some_parts_shown(people, &counts, Rules::default()).map_err(raised)?.parts
        };
        let people = names.into_iter().zip(shown).map(|(name, count)| (name, json!(count)));
        let all = [("positions", json!(core.positions))].into_iter().chain(people);
        plain(py, &all.map(|(name, count)| (name.to_owned(), count)).collect::<Value>())
    }

    fn __len__(&self) -> usize {
        self.core.learners.len()
    }

    fn __repr__(&self) -> String {
        let (learners, positions) = (self.core.learners.len(), self.core.positions);
        format!("<passerelle.training.Learners: {learners} for {positions} positions>")
    }
}
