//! Both sides as vectors on the skill axis.

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::matrix::{HeldRow, Required, RequiredRow, Requirement};
use crate::rank::strategy::{Strategy, Sum, View};

/// The cosine of the angle between held levels and weighted required levels, in [0, 1].
///
/// Σ h·(w·r) ÷ (‖h‖·‖w·r‖), after Salton and McGill, *Introduction to Modern Information
/// Retrieval* (1983). Right for "which jobs look like this person?". It misleads about readiness:
/// holding more than is asked, or other things beside, lowers it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cosine;

impl Strategy for Cosine {
    fn name(&self) -> &'static str {
        "cosine"
    }

    fn sum(&self) -> Sum {
        Sum::Product
    }

    fn person(&self, held: HeldRow<'_>) -> f64 {
        held.levels.iter().map(|&level| f64::from(level) * f64::from(level)).sum::<f64>().sqrt()
    }

    fn target(&self, required: RequiredRow<'_>) -> f64 {
        let squared = |(_, r): (u32, Requirement)| {
            let value = f64::from(r.weight) * f64::from(r.level);
            value * value
        };
        required.iter().map(squared).sum::<f64>().sqrt()
    }

    #[inline(always)]
    fn finish(&self, sum: f64, person: f64, target: f64) -> f64 {
        // Nothing held is an angle to nothing: 0, not NaN.
        if person == 0.0 { 0.0 } else { sum / (person * target) }
    }

    #[inline(always)]
    fn reach(&self, score: f64, person: f64, target: f64) -> Option<f64> {
        Some(score * (person * target))
    }
}

/// The cosine of both sides as sets, |H ∩ R| ÷ √(|H|·|R|), in [0, 1].
///
/// Ochiai, *Zoogeographical studies on the soleoid fishes found in Japan and its neighbouring
/// regions* (1957). The plain baseline of rankings: symmetric, blind to levels and weights.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ochiai;

impl Strategy for Ochiai {
    fn name(&self) -> &'static str {
        "ochiai"
    }

    fn sum(&self) -> Sum {
        Sum::Credit
    }

    fn view(&self) -> View {
        View::Sets
    }

    fn person(&self, held: HeldRow<'_>) -> f64 {
        View::Sets.amount(held).sqrt()
    }

    fn target(&self, required: RequiredRow<'_>) -> f64 {
        View::Sets.total(required).sqrt()
    }

    #[inline(always)]
    fn finish(&self, sum: f64, person: f64, target: f64) -> f64 {
        if person == 0.0 { 0.0 } else { sum / (person * target) }
    }

    #[inline(always)]
    fn reach(&self, score: f64, person: f64, target: f64) -> Option<f64> {
        Some(score * (person * target))
    }
}

/// How telling each skill is: idf = ln((n + 1) ÷ (df + 1)) + 1 over the `n` targets, `df` of which
/// require it. At least 1, and ln(n + 1) + 1 for a skill that none requires.
#[expect(clippy::cast_precision_loss, reason = "counts below 2³¹")]
pub fn idf(required: &Required) -> Vec<f64> {
    let mut frequency = vec![0u32; required.axis().len()];
    for target in (0u32..).take(required.len()) {
        for &skill in required.row(target).skills {
            frequency[skill as usize] += 1;
        }
    }
    let more = required.len() as f64 + 1.0;
    frequency.iter().map(|&df| (more / (f64::from(df) + 1.0)).ln() + 1.0).collect()
}

/// The cosine with each skill weighted by its [`idf`], in [0, 1]: rare skills tell more.
///
/// Spärck Jones, *A statistical interpretation of term specificity and its application in
/// retrieval* (1972); Salton and McGill (1983) for the cosine. It misleads where what everyone needs
/// is what matters, such as a language or a licence.
#[derive(Clone, Debug)]
pub struct TfIdf {
    squares: Arc<[f64]>,
    view: View,
}

impl TfIdf {
    /// Learns the idf of each skill from what targets require. O(requirements).
    pub fn fit(required: &Required) -> Self {
        Self::with(idf(required))
    }

    /// With a factor for each skill of the axis, which must be finite and not negative.
    pub fn with(factors: impl IntoIterator<Item = f64>) -> Self {
        let squares = factors.into_iter().map(|factor| factor * factor).collect();
        Self { squares, view: View::Whole }
    }

    /// Looks at both sides as sets: levels and weights set aside.
    #[must_use]
    pub fn binary(mut self) -> Self {
        self.view = View::Sets;
        self
    }
}

impl Strategy for TfIdf {
    fn name(&self) -> &str {
        if self.view == View::Sets { "tfidf(binary)" } else { "tfidf" }
    }

    fn sum(&self) -> Sum {
        Sum::Real
    }

    fn part(&self, skill: u32, held: u16, requirement: Requirement, _: f64) -> f64 {
        let Some(pair) = self.view.required(requirement) else { return 0.0 };
        let required = f64::from(pair.weight) * f64::from(pair.level);
        self.squares[skill as usize] * (f64::from(self.view.held(held)) * required)
    }

    fn person(&self, held: HeldRow<'_>) -> f64 {
        let squared = |(skill, level): (u32, u16)| {
            let level = f64::from(self.view.held(level));
            self.squares[skill as usize] * (level * level)
        };
        held.iter().map(squared).sum::<f64>().sqrt()
    }

    fn target(&self, required: RequiredRow<'_>) -> f64 {
        let squared = |(skill, requirement): (u32, Requirement)| {
            let pair = self.view.required(requirement)?;
            let value = f64::from(pair.weight) * f64::from(pair.level);
            Some(self.squares[skill as usize] * (value * value))
        };
        required.iter().filter_map(squared).sum::<f64>().sqrt()
    }

    fn finish(&self, sum: f64, person: f64, target: f64) -> f64 {
        let norms = person * target;
        if norms == 0.0 { 0.0 } else { sum / norms }
    }
}

/// BM25: Σ over the shared skills of ln(1 + (n − df + ½) ÷ (df + ½)) · f·(k₁ + 1) ÷ (f + K), where
/// K = k₁·(1 − b + b·|t| ÷ mean |t|), f is w·r over its mean in the framework and |t| = Σ f. At
/// least 0, without an upper bound.
///
/// Robertson and Zaragoza, *The Probabilistic Relevance Framework: BM25 and Beyond* (2009), with the
/// idf that is never negative. A long target is held to its length by `b`; what a person holds
/// counts once, at whatever level. Scores of two people do not compare.
#[derive(Clone, Debug)]
pub struct Bm25 {
    name: String,
    idf: Arc<[f64]>,
    k1: f64,
    b: f64,
    mean_cell: f64,
    mean_length: f64,
}

impl Bm25 {
    /// Learns frequencies and lengths from what targets require. `k1` is how fast more of one skill
    /// stops to count (usually 1.2, 0 for at once), `b` how much length counts against a target
    /// (usually 0.75, from 0 to 1). O(requirements).
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a `k1` below 0 or a `b` outside of [0, 1].
    #[expect(clippy::cast_precision_loss, reason = "counts and totals far below 2⁵³")]
    pub fn fit(required: &Required, k1: f64, b: f64) -> Result<Self> {
        if !(k1.is_finite() && k1 >= 0.0) {
            return Err(Error::argument("k1", k1, "a finite number of at least 0"));
        }
        if !(0.0..=1.0).contains(&b) {
            return Err(Error::argument("b", b, "from 0 to 1"));
        }
        let mut frequency = vec![0u32; required.axis().len()];
        let mut total = 0.0;
        for target in (0u32..).take(required.len()) {
            let row = required.row(target);
            row.skills.iter().for_each(|&skill| frequency[skill as usize] += 1);
            total += View::Whole.total(row);
        }
        let (targets, cells) = (required.len() as f64, required.entries() as f64);
        let idf = |&df: &u32| {
            let df = f64::from(df);
            (1.0 + (targets - df + 0.5) / (df + 0.5)).ln()
        };
        Ok(Self {
            name: format!("bm25(k1={k1},b={b})"),
            idf: frequency.iter().map(idf).collect(),
            k1,
            b,
            mean_cell: total / cells.max(1.0),
            mean_length: cells / targets.max(1.0),
        })
    }
}

impl Strategy for Bm25 {
    fn name(&self) -> &str {
        &self.name
    }

    fn sum(&self) -> Sum {
        Sum::Real
    }

    fn part(&self, skill: u32, held: u16, requirement: Requirement, target: f64) -> f64 {
        if held == 0 {
            return 0.0;
        }
        let value = f64::from(requirement.weight) * f64::from(requirement.level);
        let frequency = value / self.mean_cell;
        self.idf[skill as usize] * (frequency * (self.k1 + 1.0)) / (frequency + target)
    }

    fn target(&self, required: RequiredRow<'_>) -> f64 {
        let length = View::Whole.total(required) / self.mean_cell;
        self.k1 * (1.0 - self.b + self.b * length / self.mean_length)
    }

    fn finish(&self, sum: f64, _: f64, _: f64) -> f64 {
        sum
    }
}
