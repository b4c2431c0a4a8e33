//! Occupations that are alike, learned from the framework alone: no model is downloaded.
//!
//! [`Alike`] compares occupations under several aspects at once; [`Regression`], [`Neighbours`] and
//! [`Wording`] say which skills go with those that are held; [`Walk`] follows occupations that share skills.
//! [`scorer`] gives each of them, and every strategy, by name.

mod aspect;
mod factors;
mod named;
mod regression;
mod walk;
mod wording;

pub use named::{
    COMPLETION_NAMES, SCORER_NAMES, completion, ranked, ranked_people, scorer, transfer,
};
pub use regression::{Neighbours, Regression};
pub use walk::Walk;
pub use wording::Wording;

use self::aspect::{Aspect, Kind};
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::rank::{Account, Asked, NO_RESULT, Scorer, idf};
use crate::run::Run;

/// How much each aspect weighs; 0 leaves one out.
///
/// Each aspect's cosine is divided by its standard deviation over pairs of occupations, so that
/// weights compare: 1 and 1 count the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aspects {
    weights: [f64; Kind::ALL.len()],
}

impl Aspects {
    /// Skills alone: the skills, the words of their labels, what is above them, and the main
    /// directions of skills and of their words.
    pub fn skills() -> Self {
        Self { weights: [1.0, 1.0, 0.5, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0] }
    }

    /// Skills and every text of the occupations: label, job titles, definition.
    pub fn texts() -> Self {
        Self { weights: [1.0, 1.0, 0.5, 0.0, 1.0, 1.0, 0.5, 1.0, 0.0, 1.0] }
    }

    /// What sort of job it is: skills and their directions, definitions, and the last words of titles
    /// (*manager*, *technician*), which say so in English.
    pub fn kinds() -> Self {
        Self { weights: [2.0, 1.0, 1.0, 0.0, 3.0, 2.0, 0.0, 0.0, 3.0, 3.0] }
    }

    /// One aspect alone.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a name that is none.
    pub fn only(aspect: &str) -> Result<Self> {
        Self { weights: [0.0; Kind::ALL.len()] }.with(aspect, 1.0)
    }

    /// The names of the aspects.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Kind::ALL.iter().map(|&(_, name)| name)
    }

    /// The weight of one aspect.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a name that is none, or a weight below 0.
    pub fn with(mut self, aspect: &str, weight: f64) -> Result<Self> {
        let names: Vec<_> = Self::names().collect();
        let Some(at) = names.iter().position(|&name| name == aspect) else {
            let expected = format!("one of {}", names.join(", "));
            return Err(Error::argument("aspect", format!("`{aspect}`"), expected));
        };
        if !(weight.is_finite() && weight >= 0.0) {
            return Err(Error::argument("weight", weight, "a finite number of at least 0"));
        }
        self.weights[at] = weight;
        Ok(self)
    }
}

/// How alike occupations are, or an occupation and a person: Σ weight × cosine over several aspects.
///
/// Texts count only where an occupation asks; a person is compared by skills. TF-IDF and cosine:
/// Salton and McGill (1983); main directions: Deerwester, Dumais, Furnas, Landauer and Harshman,
/// *Indexing by Latent Semantic Analysis* (1990). Fitting takes seconds and some 100 MB for ESCO.
///
/// Right for "which occupations are near?". It says nothing of readiness: it is no coverage.
#[derive(Debug)]
pub struct Alike<'a> {
    name: String,
    framework: &'a Framework,
    /// Each with its weight, divided by its deviation.
    aspects: Vec<(f64, Aspect)>,
}

/// Rows looked at for the deviation of an aspect.
const SAMPLED: usize = 256;

impl<'a> Alike<'a> {
    /// Learns the aspects that weigh something, from texts of a language.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] where no aspect weighs anything, [`Error::TooMany`] words,
    /// [`Error::Cancelled`].
    pub fn fit(
        framework: &'a Framework,
        aspects: Aspects,
        language: &str,
        run: &Run,
    ) -> Result<Self> {
        let mut written = Vec::new();
        let mut fitted = Vec::new();
        #[expect(clippy::cast_possible_truncation, reason = "a weight, rounded once")]
        let idf: Vec<f32> = idf(framework.required()).into_iter().map(|x| x as f32).collect();
        for ((kind, name), weight) in Kind::ALL.into_iter().zip(aspects.weights) {
            if weight > 0.0 {
                run.go_on()?;
                written.push(format!("{name}={weight}"));
                let aspect = Aspect::fit(kind, framework, language, &idf, run)?;
                let deviation = deviation(framework, &aspect);
                // An aspect that is the same for all tells nothing.
                if deviation > 0.0 {
                    fitted.push((weight / deviation, aspect));
                }
            }
        }
        if fitted.is_empty() {
            let expected = "an aspect that weighs something and differs between occupations";
            return Err(Error::argument("aspects", "nothing", expected));
        }
        Ok(Self { name: format!("alike({})", written.join(",")), framework, aspects: fitted })
    }

    fn sums(&self, asked: Asked<'_>) -> Vec<f64> {
        let mut sums = vec![0.0; self.targets()];
        for (weight, aspect) in &self.aspects {
            aspect.add(self.framework, asked, *weight, &mut sums);
        }
        sums
    }
}

/// The standard deviation of an aspect's cosines between occupations, over some of them.
#[expect(clippy::cast_precision_loss, reason = "counts of pairs")]
fn deviation(framework: &Framework, aspect: &Aspect) -> f64 {
    let required = framework.required();
    let step = required.len().div_ceil(SAMPLED).max(1);
    let (mut count, mut sum, mut squares) = (0u64, 0.0, 0.0);
    for occupation in (0u32..).take(required.len()).step_by(step) {
        let row = required.row(occupation);
        let held = crate::matrix::HeldRow { skills: row.skills, levels: row.levels };
        let mut cosines = vec![0.0; required.len()];
        let asked = Asked { held, occupation: Some(occupation) };
        aspect.add(framework, asked, 1.0, &mut cosines);
        for (at, cosine) in (0u32..).zip(cosines) {
            if at != occupation {
                count += 1;
                sum += cosine;
                squares += cosine * cosine;
            }
        }
    }
    let mean = sum / count.max(1) as f64;
    (squares / count.max(1) as f64 - mean * mean).max(0.0).sqrt()
}

impl Scorer for Alike<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn targets(&self) -> usize {
        self.framework.required().len()
    }

    #[expect(clippy::cast_possible_truncation, reason = "rounded once, as every score is")]
    fn scores(&self, asked: Asked<'_>, out: &mut [f32]) {
        for (out, sum) in out.iter_mut().zip(self.sums(asked)) {
            *out = if sum == 0.0 { NO_RESULT } else { sum as f32 };
        }
    }

    fn account(&self, asked: Asked<'_>, target: u32) -> Account {
        let part =
            |(weight, aspect): &(f64, Aspect)| aspect.part(self.framework, asked, *weight, target);
        let parts: Vec<_> = self.aspects.iter().filter_map(part).collect();
        if parts.iter().map(|part| part.weight * part.value).sum::<f64>() == 0.0 {
            return Account::none(self);
        }
        Account::of(self, parts, (1.0, 1.0))
    }
}
