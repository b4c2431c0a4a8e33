//! `passerelle.training.pathway`: the modules that close one person's gap.

use passerelle::hub::training::offer::Offer as Modules;
use passerelle::hub::training::pathway::{
    Cost, Pathway, PathwayOptions, PathwayStep, Stop, When, pathway as found, pathways as found_for,
};
use passerelle::{Framework, Result};
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::argument;
use super::offer::Offer;
use super::plan::asked;
use super::table::{Columns, table};
use crate::call::How;
use crate::error::raised;
use crate::json::json as plain;
use crate::number::{Whole, whole};
use crate::occupations::{Occupation, Occupations};
use crate::profiles::{Profile, Profiles};

/// What a pathway is to keep low.
fn cost(given: &Bound<'_, PyAny>) -> PyResult<Cost> {
    match given.extract::<&str>() {
        Ok("minutes") => Ok(Cost::Minutes),
        Ok("cents") => Ok(Cost::Cents),
        Ok(other) => {
            let expected = "`minutes`, `cents`, or what an hour of the trainee's counts, in cents";
            Err(argument("cost", format!("`{other}`"), expected))
        }
        Err(_) => Ok(Cost::Mix { cents_per_hour: whole(given)? }),
    }
}

/// Where and when sessions can be followed.
fn when(
    offer: &Modules,
    start: Option<&str>,
    end: Option<&str>,
    territories: Option<Vec<String>>,
) -> PyResult<Option<When>> {
    let Some(start) = start else {
        if end.is_some() || territories.is_some() {
            let expected = "the first day of training, with `end` or `territories`";
            return Err(argument("start", "None", expected));
        }
        return Ok(None);
    };
    let mut allowed: Vec<u32> = match territories {
        None => (0u32..).take(offer.territories().len()).collect(),
        Some(ids) => {
            let positions: Result<_> = ids.iter().map(|id| offer.territory_position(id)).collect();
            positions.map_err(raised)?
        }
    };
    allowed.sort_unstable();
    allowed.dedup();
    let until = end.map(str::parse).transpose().map_err(raised)?;
    Ok(Some(When { territories: allowed, from: start.parse().map_err(raised)?, until }))
}

/// Find the modules that close a person's gap to an occupation at least cost.
///
/// Parameters
/// ----------
/// person : Profile
/// occupation : Occupation
/// offer : Offer
/// cost : {"minutes", "cents"} or int, default "minutes"
///     What to keep low: the trainee's time, the money, or both, an hour counting as so many cents.
/// coverage : float, optional
///     Close the gap until the occupation is covered to this share, in [0, 1]; all of it by default.
/// start : str, optional
///     The first day of training, such as ``"2026-09-01"``: choose sessions. Without it modules
///     have no dates, and their usual price.
/// end : str, optional
///     The last day of training.
/// territories : list of str, optional
///     The places of the offer within reach; all by default. Remote modules can be followed from
///     anywhere.
/// node_limit : int, default 2000
///     Nodes of branch and bound after which the best answer so far is given, with its bound.
/// language : str, optional
///     The language of labels; the framework's own by default.
///
/// Returns
/// -------
/// Pathway
///     It reads in a notebook; its certificate says whether anything costs less.
///
/// Raises
/// ------
/// VersionError
///     They are of different frameworks or versions.
/// ArgumentError
///     An argument out of its range.
/// UnknownIdError
///     A territory that the offer does not know.
///
/// Examples
/// --------
/// >>> from passerelle.training import Offer, pathway
/// >>> framework = ps.Framework.read_csv(hub / "framework")
/// >>> people = ps.Profiles.from_csv(hub / "people", framework)
/// >>> offer = Offer.read(hub / "training", framework)
/// >>> found = pathway(people[0], framework.occupations[0], offer)
/// >>> found.certificate["bound"] <= found.certificate["cost"]
/// True
#[pyfunction]
#[pyo3(signature = (
    person, occupation, offer, *, cost = None, coverage = None, start = None, end = None,
    territories = None, node_limit = 2_000, language = None
), text_signature = "(person, occupation, offer, *, cost='minutes', coverage=None, start=None, \
    end=None, territories=None, node_limit=2000, language=None)")]
#[expect(clippy::too_many_arguments, reason = "keywords, each of them optional")]
pub fn pathway<'py>(
    py: Python<'py>,
    person: &Bound<'py, Profile>,
    occupation: &Bound<'py, Occupation>,
    offer: &Bound<'py, Offer>,
    cost: Option<&Bound<'py, PyAny>>,
    coverage: Option<f64>,
    start: Option<&str>,
    end: Option<&str>,
    territories: Option<Vec<String>>,
    #[pyo3(from_py_with = whole)] node_limit: u64,
    language: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    let (profile, occupation, offer) = (person.get(), occupation.get(), offer.get().core());
    let when = when(offer, start, end, territories)?;
    let options = options(cost, coverage, when, node_limit)?;
    let people = profile.people().get();
    let framework = occupation.framework().get();
    let (core, language) = (framework.core(), framework.language(language));
    let held = people.held(py)?;
    let pathway = How::plain().call(py, |_| {
        let required = core.required();
        offer.axis().check_same(held.axis())?;
        offer.axis().check_same(required.axis())?;
        let person = people.core().position(profile.id())?;
        let target = required.position(occupation.id())?;
        found(offer, held.row(person), required.row(target), &options)
    })?;
    let told = Told { offer, core, language }.pathway(&pathway, options.cost);
    let made = py.import("passerelle._pathway")?.getattr("Pathway")?;
    made.call1((profile.id(), occupation.id(), plain(py, &told)?))
}

/// What both functions are asked, as the library has it.
fn options(
    cost: Option<&Bound<'_, PyAny>>,
    coverage: Option<f64>,
    when: Option<When>,
    node_limit: u64,
) -> PyResult<PathwayOptions> {
    let cost = cost.map(self::cost).transpose()?.unwrap_or_default();
    Ok(PathwayOptions { cost, asked: asked(coverage)?, when, node_limit })
}

const PATHWAYS: Columns = &[
    ("person", "text"),
    ("occupation", "text"),
    ("modules", "texts"),
    ("sessions", "texts"),
    ("minutes", "count"),
    ("cents", "count"),
    ("remaining", "texts"),
    ("to_ask", "texts"),
    ("cost", "count"),
    ("bound", "count"),
    ("proven", "yes"),
];

/// Find the pathways of many people, in parallel; people whose problems are equal share a solution.
///
/// Parameters
/// ----------
/// people : Profiles
/// occupations : Occupations
/// offer : Offer
/// pairs : list of (str, str)
///     Who wants to go where: ids of people and, beside them, of occupations, such as
///     ``zip(best["person"], best["target"])`` of a ranking.
/// cost, coverage, start, end, territories, node_limit
///     As for `pathway`, and the same for all.
/// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
/// threads, memory_limit, progress
///     See :ref:`long calls <long-calls>`.
///
/// Returns
/// -------
/// frame
///     A row for each pair, in their order: ``modules`` in the order to follow them, their
///     ``sessions`` where there is a `start`, ``minutes`` and ``cents`` in all, the skills that are
///     ``remaining``, those to ask about first (``to_ask``), the ``cost`` in the unit of `cost`, and
///     the ``bound`` below which none can be that closes as much; ``proven`` where both are one.
///     Pseudonyms, and as private as profiles.
///
/// Raises
/// ------
/// VersionError, ArgumentError
///     As for `pathway`.
/// UnknownIdError
///     A person, occupation or territory that is not there.
///
/// Examples
/// --------
/// >>> from passerelle.training import Offer, pathways
/// >>> region = ps.Hub.read(hub)
/// >>> offer = Offer.read(hub / "training", region.framework)
/// >>> some = region.people[:20]
/// >>> best = ps.rank(some, region.framework.occupations, k=1)
/// >>> pairs = zip(best["person"], best["target"])
/// >>> found = pathways(some, region.framework.occupations, offer, pairs)
/// >>> len(found) == len(best)
/// True
#[pyfunction]
#[pyo3(signature = (
    people, occupations, offer, pairs, *, cost = None, coverage = None, start = None, end = None,
    territories = None, node_limit = 2_000, frame = None, threads = None, memory_limit = None,
    progress = None
), text_signature = "(people, occupations, offer, pairs, *, cost='minutes', coverage=None, \
    start=None, end=None, territories=None, node_limit=2000, frame=None, threads=None, \
    memory_limit=None, progress=None)")]
#[expect(clippy::too_many_arguments, reason = "keywords, each of them optional")]
pub fn pathways<'py>(
    py: Python<'py>,
    people: &Bound<'py, Profiles>,
    occupations: &Bound<'py, Occupations>,
    offer: &Bound<'py, Offer>,
    pairs: &Bound<'py, PyAny>,
    cost: Option<&Bound<'py, PyAny>>,
    coverage: Option<f64>,
    start: Option<&str>,
    end: Option<&str>,
    territories: Option<Vec<String>>,
    #[pyo3(from_py_with = whole)] node_limit: u64,
    frame: Option<&str>,
    threads: Option<Whole<usize>>,
    memory_limit: Option<&Bound<'py, PyAny>>,
    progress: Option<Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyAny>> {
    let how = How::new(threads, memory_limit, progress)?;
    let (people, targets, offer) = (people.get(), occupations.get(), offer.get().core());
    let when = when(offer, start, end, territories)?;
    let options = options(cost, coverage, when, node_limit)?;
    let pairs: Vec<(String, String)> =
        pairs.try_iter()?.map(|pair| pair?.extract()).collect::<PyResult<_>>()?;
    let (held, required) = (people.held(py)?, targets.required());
    let rows: Vec<Value> = how.compute(py, |run| -> Result<_> {
        let position = |(person, target): &(String, String)| {
            Ok((people.core().position(person)?, required.position(target)?))
        };
        let asked: Vec<(u32, u32)> = pairs.iter().map(position).collect::<Result<_>>()?;
        let all = found_for(offer, held, required, &asked, &options, run)?;
        let skill = |at: u32| &offer.axis().ids()[at];
        let row = |((person, target), found): (&(String, String), &Pathway)| {
            let steps = found.steps.iter();
            let modules: Vec<&str> =
                steps.clone().map(|step| &offer.module_ids()[step.module]).collect();
            let sessions: Vec<&str> =
                steps.filter_map(|step| Some(&offer.session_ids()[step.session?])).collect();
            let remaining: Vec<&str> = found.remaining.iter().map(|one| skill(one.skill)).collect();
            let ask: Vec<&str> = found.ask.iter().map(|&at| skill(at)).collect();
            let known = &found.certificate;
            json!([
                person,
                target,
                modules,
                sessions,
                found.minutes,
                found.cents,
                remaining,
                ask,
                known.cost,
                known.bound,
                known.is_proven(),
            ])
        };
        Ok(pairs.iter().zip(&all.pathways).map(row).collect())
    })?;
    table(py, PATHWAYS, &rows, frame)
}

/// Positions as ids and labels.
struct Told<'t> {
    offer: &'t Modules,
    core: &'t Framework,
    language: &'t str,
}

impl Told<'_> {
    fn skill(&self, skill: u32) -> Value {
        let (id, label) =
            (&self.core.axis().ids()[skill], self.core.skill_name(skill, self.language));
        json!({ "skill": id, "label": label })
    }

    fn levels(&self, skill: u32, from: u16, to: u16, more: (&str, Value)) -> Value {
        let mut told = self.skill(skill);
        told["from"] = from.into();
        told["to"] = to.into();
        told[more.0] = more.1;
        told
    }

    fn step(&self, step: &PathwayStep) -> Value {
        let offer = self.offer;
        let module = &offer.modules()[step.module as usize];
        let session = step.session.map(|at| (at, &offer.sessions()[at as usize]));
        let closes = step.closes.iter();
        let closes = closes
            .map(|one| self.levels(one.skill, one.from, one.to, ("silent", one.silent.into())));
        let advised = step.advised.iter().map(|one| {
            let mut told = self.skill(one.skill);
            told["level"] = one.level.into();
            told["preparation"] = json!(one.preparation.map(|at| &offer.module_ids()[at]));
            told
        });
        json!({
            "module": &offer.module_ids()[step.module],
            "label": module.label,
            "minutes": module.minutes,
            "session": session.map(|(at, _)| &offer.session_ids()[at]),
            "territory": session.map(|(_, session)| &offer.territories()[session.territory]),
            "start": step.dates.map(|dates| dates.0),
            "end": step.dates.map(|dates| dates.1),
            "closes": closes.collect::<Vec<_>>(),
            "prepares": step.prepares.iter().map(|&(at, _)| self.skill(at)).collect::<Vec<_>>(),
            "ask_first": step.ask_first,
            "advised": advised.collect::<Vec<_>>(),
        })
    }

    fn pathway(&self, found: &Pathway, cost: Cost) -> Value {
        let remaining = found.remaining.iter();
        let remaining = remaining
            .map(|one| self.levels(one.skill, one.from, one.to, ("why", one.why.name().into())));
        let (known, unit) = (
            &found.certificate,
            match cost {
                Cost::Minutes => "minutes",
                Cost::Cents => "cents",
                Cost::Mix { .. } => "sixtieths of a cent",
            },
        );
        json!({
            "steps": found.steps.iter().map(|step| self.step(step)).collect::<Vec<_>>(),
            "remaining": remaining.collect::<Vec<_>>(),
            "ask": found.ask.iter().map(|&at| self.skill(at)).collect::<Vec<_>>(),
            "minutes": found.minutes,
            "cents": found.cents,
            "certificate": {
                "cost": known.cost,
                "unit": unit,
                "bound": known.bound,
                "first_come": known.greedy,
                "closed": known.closed,
                "closed_bound": known.closed_bound,
                "proven": known.is_proven(),
                "stop": match known.stop {
                    Stop::Proven => "proven",
                    Stop::NodeLimit => "node-limit",
                    Stop::Solver => "solver",
                },
            },
        })
    }
}
