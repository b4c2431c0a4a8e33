//! `passerelle.training.uncovered`: what certifications miss.

use std::collections::HashMap;

use passerelle::hub::training::uncovered::{UncoveredOptions, uncovered as missed};
use pyo3::prelude::*;
use serde_json::{Value, json};

use super::argument;
use super::offer::Offer;
use super::table::{Columns, table};
use crate::call::How;
use crate::error::raised;
use crate::number::Whole;

const COLUMNS: Columns = &[
    ("certification", "text"),
    ("label", "text"),
    ("module", "count"),
    ("skill", "text"),
    ("skill_label", "text"),
    ("from", "count"),
    ("to", "count"),
    ("targets", "texts"),
    ("lack", "count"),
];

/// Find what certifications miss of what their occupations require, as additional modules for
/// those who write them.
///
/// Parameters
/// ----------
/// offer : Offer
/// needs : dict of str to int, optional
///     How much each occupation is needed, such as positions asked for, by its id; what is not
///     there asks for nothing. Every occupation once by default.
/// together : float, default 0.2
///     Two skills may share a module when at least this share of the needs that ask for either
///     asks for both, in [0, 1].
/// language : str, optional
///     The language of labels; the framework's own by default.
/// frame : {"pandas", "polars", "pyarrow", "duckdb"}, optional
///
/// Returns
/// -------
/// frame
///     A row for each skill of each additional ``module`` (numbered from 1 within its
///     certification, the largest lack first): the level up to which it is certified and the one
///     required, the occupations that lack it, and Σ need × weight × missing steps over them.
///
/// Raises
/// ------
/// UnknownIdError
///     An occupation that is not there.
/// ArgumentError
///     `together` out of its range, or needs too large to be summed.
#[pyfunction]
#[pyo3(signature = (offer, *, needs = None, together = 0.2, language = None, frame = None))]
pub fn uncovered<'py>(
    py: Python<'py>,
    offer: &Bound<'py, Offer>,
    needs: Option<HashMap<String, Whole<u32>>>,
    together: f64,
    language: Option<&str>,
    frame: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    if !(0.0..=1.0).contains(&together) {
        return Err(argument("together", together, "a share from 0 to 1"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is in range")]
    let options = UncoveredOptions { together: (together * 10_000.0).round() as u32 };
    let framework = offer.get().framework().get();
    let (core, language) = (framework.core(), framework.language(language));
    let (offer, required) = (offer.get().core(), core.required());
    let needs = match needs {
        None => vec![1; required.len()],
        Some(told) => {
            let mut needs = vec![0; required.len()];
            for (id, need) in told {
                needs[required.position(&id).map_err(raised)? as usize] = need.0;
            }
            needs
        }
    };
    let found = How::plain().call(py, |_| missed(offer, required, &needs, &options))?;
    let mut rows: Vec<Value> = Vec::new();
    for one in &found.enriched {
        let known = &offer.certifications()[one.certification as usize];
        for (module, number) in one.modules.iter().zip(1u32..) {
            for lacking in &module.skills {
                let targets = lacking.targets.iter().map(|&at| &required.targets()[at]);
                rows.push(json!([
                    &offer.certification_ids()[one.certification],
                    known.label,
                    number,
                    &core.axis().ids()[lacking.skill],
                    core.skill_name(lacking.skill, language),
                    lacking.from,
                    lacking.to,
                    targets.collect::<Vec<_>>(),
                    lacking.lack,
                ]));
            }
        }
    }
    table(py, COLUMNS, &rows, frame)
}
