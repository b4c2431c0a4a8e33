//! `passerelle.training.plan`: which sessions to open, who sits in them, and who pays.

use std::path::PathBuf;

use passerelle::hub::training::adequacy::{adequacy, indicators};
use passerelle::hub::training::pathway::Asked;
use passerelle::hub::training::plan::{OpenSkill, Plan as Core, PlanOptions, plan as planned};
use passerelle::hub::training::plan_file::{PlanRecord, ReadPlan, faults, read_plan, write_plan};
use passerelle::trust::{Rules, shown, some_parts_shown};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use serde_json::{Value, json};

use super::argument;
use super::learners::Learners;
use super::table::{Columns, table};
use crate::call::How;
use crate::json::json as plain;
use crate::number::Whole;

const SEATS: Columns = &[
    ("person", "text"),
    ("target", "text"),
    ("need", "text"),
    ("module", "text"),
    ("session", "text"),
    ("territory", "text"),
    ("start", "day"),
    ("end", "day"),
    ("budget", "text"),
    ("cents", "count"),
    ("ask_first", "yes"),
];

const PURCHASES: Columns = &[
    ("session", "text"),
    ("module", "text"),
    ("label", "text"),
    ("territory", "text"),
    ("start", "day"),
    ("end", "day"),
    ("seats", "count"),
    ("budget", "text"),
    ("cents", "count"),
];

const OPEN: Columns = &[
    ("skill", "text"),
    ("label", "text"),
    ("why", "text"),
    ("people", "count"),
    ("weight", "count"),
];

const ADEQUACY: Columns = &[
    ("skill", "text"),
    ("label", "text"),
    ("positions", "count"),
    ("level", "count"),
    ("modules", "count"),
    ("taught", "count"),
    ("seats", "count"),
    ("lacking", "count"),
    ("closed", "count"),
];

const INDICATORS: Columns = &[
    ("indicator", "text"),
    ("numerator", "count"),
    ("denominator", "count"),
    ("hidden", "yes"),
    ("method", "text"),
    ("source", "text"),
];

/// Which sessions to open, who sits in them, and who pays; made by `plan`, or read from its files.
#[pyclass(module = "passerelle.training", frozen)]
pub struct Plan {
    /// With the lines of its seats in ``plan.csv``.
    read: ReadPlan,
    learners: Py<Learners>,
}

impl Plan {
    fn core(&self) -> &Core {
        &self.read.plan
    }

    fn told(&self) -> &Learners {
        self.learners.get()
    }
}

/// A share of a target's total as hundredths of a percent.
pub fn asked(coverage: Option<f64>) -> PyResult<Asked> {
    let Some(share) = coverage else { return Ok(Asked::Full) };
    if !(0.0..=1.0).contains(&share) {
        return Err(argument("coverage", share, "a share from 0 to 1"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in range")]
    Ok(Asked::Coverage((share * 10_000.0).round() as u16))
}

/// Plan training for everyone: the sessions to open, who sits in them, and who pays.
///
/// Of all plans within budgets, headcounts and rules, the one found that closes the most weighted
/// gap, then costs least. `Plan.certificate` says how far from the most possible it is at worst.
///
/// Parameters
/// ----------
/// learners : Learners
/// coverage : float, optional
///     Close each gap until the target is covered to this share, in [0, 1]; all of it by default.
/// rounds : int, default 45
///     Rounds in which pathways are offered at new prices, at least 1; more come nearer to the
///     bound and take longer.
/// threads, memory_limit, progress
///     See :ref:`long calls <long-calls>`.
///
/// Returns
/// -------
/// Plan
///     The same for any number of threads.
///
/// Raises
/// ------
/// ArgumentError
///     `coverage` or `rounds` out of its range.
///
/// Examples
/// --------
/// >>> from passerelle.recruitment import Picture, Region
/// >>> from passerelle.training import Offer, learners, plan
/// >>> framework = ps.Framework.read_csv(hub / "framework")
/// >>> region = Region.read(hub, ps.Profiles.from_csv(hub / "people", framework))
/// >>> offer = Offer.read(hub / "training", framework)
/// >>> bought = plan(learners(region, Picture(region.register), offer), rounds=2)
/// >>> bought.check()
/// []
#[pyfunction]
#[pyo3(signature = (
    learners, *, coverage = None, rounds = 45, threads = None, memory_limit = None, progress = None
))]
pub fn plan<'py>(
    py: Python<'py>,
    learners: &Bound<'py, Learners>,
    coverage: Option<f64>,
    #[pyo3(from_py_with = crate::number::whole)] rounds: u32,
    threads: Option<Whole<usize>>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Plan> {
    let how = How::new(threads, memory_limit, progress)?;
    let told = learners.get();
    let options = PlanOptions { asked: asked(coverage)?, rounds, ..PlanOptions::new(told.start()) };
    let held = told.held(py)?;
    let offer = told.offer();
    let required = offer.framework().get().core().required();
    let to_train = &told.core().learners;
    let plan =
        how.call(py, |run| planned(offer.core(), held, required, to_train, &options, run))?;
    // As `save` writes them: a line for each seat, below the header.
    let lines = (2..).take(plan.entries.len()).collect();
    Ok(Plan { read: ReadPlan { plan, options, lines }, learners: learners.clone().unbind() })
}

#[pymethods]
impl Plan {
    /// Read a plan from the files that `save` writes.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     The folder of ``plan.csv`` and ``certificate.json``.
    /// learners : Learners
    ///     Those that it was made for.
    ///
    /// Returns
    /// -------
    /// Plan
    ///
    /// Raises
    /// ------
    /// FileError, DataError, UnknownIdError
    ///     A file is not there, or a line names what it must not; `check` finds what is wrong
    ///     beyond that.
    #[staticmethod]
    fn read(path: PathBuf, learners: &Bound<'_, Learners>) -> PyResult<Self> {
        let (plan, certificate) = (path.join("plan.csv"), path.join("certificate.json"));
        let told = learners.get();
        let read =
            How::plain().call(learners.py(), |_| read_plan(&plan, &certificate, &told.named()))?;
        Ok(Self { read, learners: learners.clone().unbind() })
    }

    /// Write ``plan.csv``, a line for each seat, and ``certificate.json``, which proves it.
    ///
    /// They hold pseudonyms, and are as private as profiles.
    ///
    /// Parameters
    /// ----------
    /// path : str or os.PathLike
    ///     A folder, made where it is not there. Each file is written whole or not at all.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        let (seats, record) = How::plain().call(py, |_| {
            let named = self.told().named();
            let mut seats = Vec::new();
            write_plan(self.core(), &named, &mut seats)?;
            Ok((seats, PlanRecord::of(self.core(), &self.read.options, &named)))
        })?;
        let files = PyDict::new(py);
        files.set_item("plan.csv", PyBytes::new(py, &seats))?;
        files.set_item("certificate.json", plain(py, &record)?)?;
        py.import("passerelle._files")?.getattr("write")?.call1((path, files))?;
        Ok(())
    }

    /// Say what is wrong with the plan; nothing, when it holds.
    ///
    /// Every limit is looked at, every figure computed again from the seats, and the bound by
    /// branch and bound over each learner's modules.
    ///
    /// Returns
    /// -------
    /// list of str
    ///     Each with the line of ``plan.csv`` at fault.
    fn check(&self, py: Python<'_>) -> PyResult<Vec<String>> {
        let told = self.told();
        let held = told.held(py)?;
        let found = How::plain().call(py, |run| {
            let required = told.offer().framework().get().core().required();
            faults(&self.read, &told.named(), held, required, run)
        })?;
        Ok(found.iter().map(ToString::to_string).collect())
    }

    /// How good the plan is.
    ///
    /// Returns
    /// -------
    /// dict
    ///     ``closed``, the weighted gap that it closes, and ``cents``; ``proven`` where every plan
    ///     was looked at that may be better, as where people are few; no plan closes more than
    ///     ``bound``, none over the pathways considered more than ``bound_considered``;
    ///     ``distance`` from the bound as a share of it, 0 when nothing more can be closed;
    ///     ``first_come``, what first come first served closes, and at what cost.
    #[getter]
    fn certificate<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let known = &self.core().certificate;
        let (closed, cents) = known.greedy;
        plain(
            py,
            &json!({
                "closed": known.closed,
                "cents": known.cents,
                "proven": known.proven,
                "bound": known.bound,
                "bound_considered": known.bound_considered,
                "distance": known.distance(),
                "first_come": { "closed": closed, "cents": cents },
                "classes": known.classes,
                "pathways": known.pathways,
            }),
        )
    }

    /// Give who sits where, as a frame: pseudonyms, and as private as profiles.
    ///
    /// Parameters
    /// ----------
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    ///     By learner, and then in the order of their pathway. With ``ask_first`` all that the
    ///     module brings are skills that the profile is silent on.
    #[pyo3(signature = (*, frame = None))]
    fn seats<'py>(&self, py: Python<'py>, frame: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let named = self.told().named();
        let budgets = named.budgets();
        let row = |one: &passerelle::hub::training::plan::Entry| {
            let learner = &named.learners[one.learner as usize];
            let (offer, step) = (named.offer, &one.step);
            let session = step.session.map(|at| (at, &offer.sessions()[at as usize]));
            json!([
                &named.people[learner.person],
                &named.targets[learner.target],
                learner.need,
                &offer.module_ids()[step.module],
                session.map(|(at, _)| &offer.session_ids()[at]),
                session.map(|(_, session)| &offer.territories()[session.territory]),
                step.dates.map(|dates| dates.0),
                step.dates.map(|dates| dates.1),
                one.budget.map(|at| budgets[at as usize].as_str()),
                one.cents,
                step.ask_first,
            ])
        };
        table(py, SEATS, &self.core().entries.iter().map(row).collect::<Vec<_>>(), frame)
    }

    /// Give the sessions to buy, as a frame.
    ///
    /// Parameters
    /// ----------
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    ///     ``seats`` taken and what they cost with the opening, by the budget that pays; null for
    ///     seats that are paid for already.
    #[pyo3(signature = (*, frame = None))]
    fn purchases<'py>(&self, py: Python<'py>, frame: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let named = self.told().named();
        let budgets = named.budgets();
        let row = |one: &passerelle::hub::training::plan::Purchase| {
            let offer = named.offer;
            let session = &offer.sessions()[one.session as usize];
            let days = session.dates.or(session.entry);
            json!([
                &offer.session_ids()[one.session],
                &offer.module_ids()[session.module],
                offer.modules()[session.module as usize].label,
                &offer.territories()[session.territory],
                days.map(|days| days.0),
                days.map(|days| days.1),
                one.people,
                one.budget.map(|at| budgets[at as usize].as_str()),
                one.cents,
            ])
        };
        table(py, PURCHASES, &self.core().purchases.iter().map(row).collect::<Vec<_>>(), frame)
    }

    /// Give what stays open and why, skill by skill, as a frame.
    ///
    /// Parameters
    /// ----------
    /// exact : bool, default False
    ///     Every count as it is, for use within; by default those about 1 to 10 people are left
    ///     out, with the weight that would tell them.
    /// language : str, optional
    ///     The language of labels; the framework's own by default.
    /// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
    ///
    /// Returns
    /// -------
    /// frame
    ///     The most weighted gap first. ``why`` is ``"no-pathway"``, ``"no-session"``,
    ///     ``"seats"``, ``"too-few"`` or ``"money"``.
    #[pyo3(signature = (*, exact = false, language = None, frame = None))]
    fn open_skills<'py>(
        &self,
        py: Python<'py>,
        exact: bool,
        language: Option<&str>,
        frame: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let told = self.told();
        let framework = told.offer().framework().get();
        let (core, language) = (framework.core(), framework.language(language));
        let open = self.core().open_skills(core.required(), &told.core().learners);
        let row = |one: &OpenSkill| {
            let people = if exact { Some(one.people) } else { shown(one.people, Rules::default()) };
            let (id, label) = (&core.axis().ids()[one.skill], core.skill_name(one.skill, language));
            json!([id, label, one.why.name(), people, people.map(|_| one.weight)])
        };
        table(py, OPEN, &open.iter().map(row).collect::<Vec<_>>(), frame)
    }

    /// Set what is needed, offered and bought side by side, skill by skill, as a frame.
    ///
    /// Parameters
    /// ----------
    /// exact, language, frame
    ///     As for `open_skills`.
    ///
    /// Returns
    /// -------
    /// frame
    ///     ``positions`` that call for training and the highest ``level`` that they require;
    ///     ``modules`` that teach it and the highest level ``taught``; ``seats`` bought; learners
    ///     ``lacking`` it, and those of them for whom it is ``closed``.
    #[pyo3(signature = (*, exact = false, language = None, frame = None))]
    fn adequacy<'py>(
        &self,
        py: Python<'py>,
        exact: bool,
        language: Option<&str>,
        frame: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (told, rules) = (self.told(), Rules::default());
        let framework = told.offer().framework().get();
        let (core, language) = (framework.core(), framework.language(language));
        let held = told.held(py)?;
        let rows: Vec<Value> = How::plain().call(py, |_| {
            let (offer, required) = (told.offer().core(), core.required());
            let found = adequacy(offer, held, required, told.core(), self.core())?;
            let row = |one: &passerelle::hub::training::adequacy::SkillAdequacy| {
                let (seats, lacking, closed) = if exact {
                    (Some(one.seats), Some(one.lacking), Some(one.closed))
                } else {
                    let people = some_parts_shown(one.lacking, &[one.closed], rules)?;
                    (shown(one.seats, rules), people.whole, people.parts[0])
                };
                let (id, label) =
                    (&core.axis().ids()[one.skill], core.skill_name(one.skill, language));
                let of = (one.positions, one.level, one.modules, one.taught);
                Ok(json!([id, label, of.0, of.1, of.2, of.3, seats, lacking, closed]))
            };
            found.skills.iter().map(row).collect()
        })?;
        table(py, ADEQUACY, &rows, frame)
    }

    /// Give the indicators of the plan, as a frame.
    ///
    /// Parameters
    /// ----------
    /// exact, frame
    ///     As for `open_skills`.
    ///
    /// Returns
    /// -------
    /// frame
    ///     Each with what it is made of and how it is counted. What only later observation can
    ///     tell is null, which is not 0; with ``hidden`` a figure is left out.
    #[pyo3(signature = (*, exact = false, frame = None))]
    fn indicators<'py>(
        &self,
        py: Python<'py>,
        exact: bool,
        frame: Option<&str>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let told = self.told();
        let held = told.held(py)?;
        let rows: Vec<Value> = How::plain().call(py, |_| {
            let (offer, publics) = (told.offer(), told.region().publics());
            let required = offer.framework().get().core().required();
            let found =
                indicators(offer.core(), held, required, told.core(), publics, self.core())?;
            let row = |one: passerelle::hub::training::adequacy::Indicator| {
                let (one, hidden) = if exact { (one, false) } else { one.shown()? };
                let (id, part, whole) = (one.id, one.numerator, one.denominator);
                Ok(json!([id, part, whole, hidden, one.method, one.source]))
            };
            found.into_iter().map(row).collect()
        })?;
        table(py, INDICATORS, &rows, frame)
    }

    fn __len__(&self) -> usize {
        self.core().entries.len()
    }

    fn __repr__(&self) -> String {
        let (seats, sessions) = (self.core().entries.len(), self.core().purchases.len());
        let percent = self.core().certificate.distance() * 100.0;
        format!(
            "<passerelle.training.Plan: {seats} seats of {sessions} purchases, within {percent:.1} % of the most that can be closed>"
        )
    }
}
