//! Correlation over the whole axis.

use super::scorer::{Account, Asked, NO_RESULT, Part, PartOf, Scorer};
use super::strategy::View;
use crate::gap::skill_gaps;
use crate::matrix::{HeldRow, Required, RequiredRow};

/// Pearson's correlation of what is held (h) and of importance × level of what is required (w·r)
/// over all skills of the axis, absent ones being 0; in [−1, 1].
///
/// Pearson, *Note on regression and inheritance in the case of two parents* (1895); on O*NET's
/// importance × level vectors it compares the profiles of two occupations. Right on short axes where
/// nearly every skill is rated, such as O*NET's; on long sparse axes the means vanish and it is the
/// cosine. A row that is the same everywhere correlates with nothing: no result.
#[derive(Debug)]
pub struct Correlation<'a> {
    required: &'a Required,
    skills: f64,
}

/// Mean and standard deviation.
#[derive(Clone, Copy)]
struct Moments {
    mean: f64,
    deviation: f64,
}

impl<'a> Correlation<'a> {
    /// Correlations with these targets.
    #[expect(clippy::cast_precision_loss, reason = "an axis has fewer than 2³¹ skills")]
    pub fn new(required: &'a Required) -> Self {
        Self { required, skills: required.axis().len() as f64 }
    }

    /// Of values on some skills of the axis, the others being 0. Sums of whole numbers are exact.
    fn moments(&self, values: impl Iterator<Item = f64>) -> Moments {
        let (sum, squares) =
            values.fold((0.0, 0.0), |(sum, squares), v| (sum + v, squares + v * v));
        let mean = sum / self.skills;
        Moments { mean, deviation: (squares / self.skills - mean * mean).max(0.0).sqrt() }
    }

    fn held(&self, held: HeldRow<'_>) -> Moments {
        self.moments(held.levels.iter().map(|&level| f64::from(level)))
    }

    fn target(&self, required: RequiredRow<'_>) -> Moments {
        let cells = required.iter().filter_map(|(_, cell)| View::Whole.required(cell));
        self.moments(cells.map(|pair| f64::from(pair.weight) * f64::from(pair.level)))
    }

    /// The parts of a score, ascending by skill, and the constants.
    fn parts<'r>(
        &'r self,
        held: HeldRow<'r>,
        target: u32,
    ) -> Option<(impl Iterator<Item = (PartOf, f64)> + 'r, (f64, f64))> {
        let required = self.required.row(target);
        let (x, y) = (self.held(held), self.target(required));
        if x.deviation == 0.0 || y.deviation == 0.0 {
            return None;
        }
        let products = skill_gaps(held, required).filter_map(|gap| {
            let held = f64::from(gap.held.filter(|&held| held > 0)?);
            let asked = f64::from(gap.weight) * f64::from(gap.required);
            Some((PartOf::Skill(gap.skill), held * asked))
        });
        let means = -self.skills * x.mean * y.mean;
        let parts = products.chain([(PartOf::Term("means".to_owned()), means)]);
        Some((parts, (x.deviation * self.skills, y.deviation)))
    }
}

impl Scorer for Correlation<'_> {
    fn name(&self) -> &str {
        "correlation"
    }

    fn targets(&self) -> usize {
        self.required.len()
    }

    #[expect(clippy::cast_possible_truncation, reason = "rounded once, as every score is")]
    fn scores(&self, asked: Asked<'_>, out: &mut [f32]) {
        for (out, target) in out.iter_mut().zip(0u32..) {
            *out = match self.parts(asked.held, target) {
                None => NO_RESULT,
                Some((parts, (person, target))) => {
                    let sum = parts.map(|(_, value)| value).sum();
                    self.finish(sum, person, target) as f32 + 0.0
                }
            };
        }
    }

    fn account(&self, asked: Asked<'_>, target: u32) -> Account {
        match self.parts(asked.held, target) {
            None => Account::none(self),
            Some((parts, constants)) => {
                let parts = parts.map(|(of, value)| Part::new(of, 1.0, value)).collect();
                Account::of(self, parts, constants)
            }
        }
    }
}
