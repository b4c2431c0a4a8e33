//! What if: scenarios that reweight needs and requirements.

use serde::Serialize;

use super::recruitment::Horizon;
use crate::error::{Error, Result};
use crate::framework::Framework;

/// One factor of a scenario, on what it names; what it does not name it does not look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Factor {
    /// A skill's position.
    pub skill: Option<u32>,
    /// A tag of skills or of occupations, such as `energy`.
    pub tag: Option<String>,
    /// An occupation's position.
    pub occupation: Option<u32>,
    /// A sector, as needs name it.
    pub sector: Option<String>,
    /// A horizon.
    pub horizon: Option<Horizon>,
    /// The factor in thousandths: 2000 doubles.
    pub thousandths: u32,
}

/// A scenario: factors under a name, which every result names that it bears on.
///
/// A factor on a tag bears on needs of the occupations that carry it, and on requirements of the
/// skills that do. Factors that bear on the same thing multiply. The whole is rounded to a
/// thousandth, and what it is applied to, to a whole number, halves up.
///
/// # Example
///
/// ```
/// use passerelle::hub::{Factor, Scenario};
///
/// let doubled = Factor { tag: Some("energy".into()), thousandths: 2000, ..Factor::default() };
/// let scenario = Scenario::new("energy transition 2030", vec![doubled])?;
/// assert_eq!(scenario.name(), "energy transition 2030");
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Scenario {
    name: String,
    factors: Vec<Factor>,
}

impl Scenario {
    /// A scenario.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] without a name, for a factor above 1000, or for one that names nothing.
    pub fn new(name: impl Into<String>, factors: Vec<Factor>) -> Result<Self> {
        let name = name.into();
        if name.is_empty() {
            return Err(Error::argument("name", "empty", "a name to show beside the results"));
        }
        for factor in &factors {
            if factor.thousandths > 1_000_000 {
                return Err(Error::argument("factor", factor.thousandths, "at most 1000"));
            }
            let named = [
                factor.skill.is_some(),
                factor.tag.is_some(),
                factor.occupation.is_some(),
                factor.sector.is_some(),
                factor.horizon.is_some(),
            ];
            if !named.contains(&true) {
                let expected = "on a skill, tag, occupation, sector or horizon";
                return Err(Error::argument("factor", "on nothing", expected));
            }
        }
        Ok(Self { name, factors })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its factors.
    pub fn factors(&self) -> &[Factor] {
        &self.factors
    }

    /// Reads `scenarios.csv`: `scenario`, `skill`, `tag`, `occupation`, `sector`, `horizon`,
    /// `factor` (a decimal with at most three digits after the point). Scenarios in the order of
    /// their first line; a row that cannot be used is dropped and reported.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::MissingColumn`], [`Error::Encoding`], [`Error::Malformed`].
    pub fn read(
        path: &std::path::Path,
        framework: &Framework,
    ) -> Result<(Vec<Self>, crate::read::ReadReport)> {
        use crate::read::Reason;
        let mut scenarios: Vec<Self> = Vec::new();
        let optional = ["skill", "tag", "occupation", "sector", "horizon"];
        let report =
            super::table::read("scenarios", path, &["scenario", "factor"], &optional, |row, _| {
                let text = |name| Some(row.get(name)).filter(|text| !text.is_empty());
                let unknown = |reason, name| Ok(Err((reason, row.get(name).to_owned())));
                let find = |name, ids: &crate::text::Ids| match text(name) {
                    None => Ok(None),
                    Some(id) => ids.position(id).map(Some).ok_or(()),
                };
                let Ok(skill) = find("skill", framework.axis().ids()) else {
                    return unknown(Reason::UnknownSkill, "skill");
                };
                let Ok(occupation) = find("occupation", framework.occupation_ids()) else {
                    return unknown(Reason::UnknownOccupation, "occupation");
                };
                let horizon = match row.parsed("horizon", Reason::UnknownValue) {
                    Ok(horizon) => horizon,
                    Err(dropped) => return Ok(Err(dropped)),
                };
                let Some(thousandths) = crate::skill::exact_parts(row.get("factor"), 1000) else {
                    return unknown(Reason::BadValue, "factor");
                };
                let factor = Factor {
                    skill,
                    tag: text("tag").map(str::to_owned),
                    occupation,
                    sector: text("sector").map(str::to_owned),
                    horizon,
                    thousandths,
                };
                match Self::new(row.get("scenario"), vec![factor]) {
                    Err(error) => super::table::dropped(error),
                    Ok(one) => {
                        match scenarios.iter_mut().find(|known| known.name == one.name) {
                            Some(known) => known.factors.extend(one.factors),
                            None => scenarios.push(one),
                        }
                        Ok(Ok(()))
                    }
                }
            })?;
        Ok((scenarios, report))
    }

    /// The factor on a requirement of a need, in thousandths. Occupation `None` where it is not
    /// known.
    pub(crate) fn on(
        &self,
        framework: &Framework,
        (sector, occupation, horizon): (Option<&str>, Option<u32>, Horizon),
        skill: u32,
    ) -> u64 {
        let mut product = 1_000;
        for factor in &self.factors {
            let tagged = factor.tag.as_deref().is_none_or(|tag| {
                framework.skills().tags(skill).any(|own| own == tag)
                    || occupation
                        .is_some_and(|at| framework.occupations().tags(at).any(|own| own == tag))
            });
            if tagged
                && factor.skill.is_none_or(|wanted| wanted == skill)
                && factor.occupation.is_none_or(|wanted| Some(wanted) == occupation)
                && factor.sector.as_deref().is_none_or(|wanted| Some(wanted) == sector)
                && factor.horizon.is_none_or(|wanted| wanted == horizon)
            {
                product = (product * u64::from(factor.thousandths) + 500) / 1_000;
                product = product.min(1_000_000_000);
            }
        }
        product
    }
}
