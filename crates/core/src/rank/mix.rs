//! Several scorers at once.

use super::scorer::{Account, Asked, NO_RESULT, Part, PartOf, Scorer};
use crate::error::{Error, Result};

/// Σ weight × score over several scorers of the same targets.
///
/// Mix what has a common range: scores in [0, 1] such as `coverage`, `jaccard` or `tfidf`, or ranks
/// through [`Mix::ranks`]. What a part has no result for counts 0; a target is a result when it is
/// one of any part.
///
/// Reciprocal rank fusion: Cormack, Clarke and Büttcher, *Reciprocal Rank Fusion outperforms
/// Condorcet and individual Rank Learning Methods* (2009).
#[derive(Debug)]
pub struct Mix<'a> {
    name: String,
    parts: Vec<(f64, Box<dyn Scorer + 'a>)>,
    /// The k of reciprocal ranks, where ranks are mixed instead of scores.
    ranks: Option<f64>,
}

impl<'a> Mix<'a> {
    /// Mixes scores.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] without parts, for a weight that is not finite, or for parts that score
    /// different targets.
    pub fn scores(parts: Vec<(f64, Box<dyn Scorer + 'a>)>) -> Result<Self> {
        Self::new("mix", parts, None)
    }

    /// Mixes 1 ÷ (k + rank), ranks from 1; the usual `k` is 60.
    ///
    /// # Errors
    ///
    /// As [`Mix::scores`], and for a `k` that is below 0.
    pub fn ranks(k: f64, parts: Vec<(f64, Box<dyn Scorer + 'a>)>) -> Result<Self> {
        if !(k.is_finite() && k >= 0.0) {
            return Err(Error::argument("k", k, "a finite number of at least 0"));
        }
        Self::new("rrf", parts, Some(k))
    }

    fn new(
        name: &str,
        parts: Vec<(f64, Box<dyn Scorer + 'a>)>,
        ranks: Option<f64>,
    ) -> Result<Self> {
        let targets = parts.first().map(|(_, part)| part.targets());
        let Some(targets) = targets else {
            return Err(Error::argument("parts", 0, "at least one scorer"));
        };
        for (weight, part) in &parts {
            if !weight.is_finite() {
                return Err(Error::argument("weight", weight, "a finite number"));
            }
            if part.targets() != targets {
                let expected = format!("scorers of the same {targets} targets");
                return Err(Error::argument("parts", part.targets(), expected));
            }
        }
        let written: Vec<_> =
            parts.iter().map(|(weight, part)| format!("{weight}*{}", part.name())).collect();
        let mut name = format!("{name}({})", written.join(" + "));
        if let Some(k) = ranks {
            name.insert_str("rrf(".len(), &format!("k={k}, "));
        }
        Ok(Self { name, parts, ranks })
    }

    /// The values of every part for every target, part by part.
    fn values(&self, asked: Asked<'_>) -> Vec<Vec<f32>> {
        let of = |(_, part): &(f64, Box<dyn Scorer + 'a>)| {
            let mut scores = vec![NO_RESULT; part.targets()];
            part.scores(asked, &mut scores);
            scores
        };
        self.parts.iter().map(of).collect()
    }

    /// A part's value of a target with a score at a place.
    fn value(&self, score: f32, place: usize) -> f64 {
        match self.ranks {
            None => f64::from(score),
            #[expect(clippy::cast_precision_loss, reason = "places below 2³¹")]
            Some(k) => 1.0 / (k + place as f64 + 1.0),
        }
    }
}

/// The place of every target by its score, from 0; of equal scores the lower position first.
pub(crate) fn places(scores: &[f32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| scores[b].total_cmp(&scores[a]).then(a.cmp(&b)));
    let mut places = vec![0; scores.len()];
    for (place, target) in order.into_iter().enumerate() {
        places[target] = place;
    }
    places
}

impl Scorer for Mix<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn targets(&self) -> usize {
        self.parts[0].1.targets()
    }

    #[expect(clippy::cast_possible_truncation, reason = "rounded once, as every score is")]
    fn scores(&self, asked: Asked<'_>, out: &mut [f32]) {
        let mut sums = vec![0.0f64; out.len()];
        let mut found = vec![false; out.len()];
        for ((weight, _), scores) in self.parts.iter().zip(self.values(asked)) {
            let places = self.ranks.map(|_| places(&scores));
            for (at, &score) in scores.iter().enumerate() {
                if score != NO_RESULT {
                    let place = places.as_ref().map_or(0, |places| places[at]);
                    sums[at] += weight * self.value(score, place);
                    found[at] = true;
                }
            }
        }
        for ((out, sum), found) in out.iter_mut().zip(sums).zip(found) {
            *out = if found { self.finish(sum, 1.0, 1.0) as f32 + 0.0 } else { NO_RESULT };
        }
    }

    fn account(&self, asked: Asked<'_>, target: u32) -> Account {
        let at = target as usize;
        let mut parts = Vec::new();
        for ((weight, part), scores) in self.parts.iter().zip(self.values(asked)) {
            if scores[at] == NO_RESULT {
                continue;
            }
            let place = self.ranks.map_or(0, |_| places(&scores)[at]);
            parts.push(Part {
                of: PartOf::Term(part.name().to_owned()),
                weight: *weight,
                value: self.value(scores[at], place),
                account: Some(part.account(asked, target)),
            });
        }
        if parts.is_empty() { Account::none(self) } else { Account::of(self, parts, (1.0, 1.0)) }
    }
}
