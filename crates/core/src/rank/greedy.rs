//! Skills matched with others like them, one to one.

use super::scorer::{Account, Asked, NO_RESULT, Part, PartOf, Scorer};
use crate::error::{Error, Result};
use crate::matrix::{HeldRow, Necessity, Required, Sparse};

/// Which requirements of a target are matched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Matched {
    /// All of them.
    #[default]
    All,
    /// Essential and blocking ones.
    Essential,
    /// The mean of both.
    Combined,
}

/// The similarity of Nesta's *Mapping Career Causeways* (2020), from what is held to a target.
///
/// Required and held skills are matched one to one, greedily: of all pairs the most similar first.
/// Each matched pair counts w(x) = 1 ÷ (1 + e^−(−43.5 + 50·x)) of its similarity x, a filter that
/// lets little through below 0.8, and the sum is divided by the number of target skills: in [0, 1].
/// Nesta combines comparisons with essential and with all skills ([`Matched::Combined`]) and, from
/// other data, of work activities and contexts, which [`Mix`](super::Mix) can add.
///
/// The similarity of skills is the caller's: Nesta took that of sentence embeddings; labels or
/// co-occurrence give others. Pairs that it does not list count 0 and a skill is 1 to itself. It is
/// right where the same skill has several ids, and misleads where labels that look alike mean
/// different things. O(pairs that are alike) for each target.
#[derive(Debug)]
pub struct Greedy<'a> {
    name: &'static str,
    required: &'a Required,
    alike: Sparse,
    matched: Matched,
}

/// The logistic filter.
fn filtered(similarity: f64) -> f64 {
    1.0 / (1.0 + (-(-43.5 + 50.0 * similarity)).exp())
}

impl<'a> Greedy<'a> {
    /// With the similarity of skills: row by row for a required skill, how similar each held one is,
    /// in [0, 1].
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a matrix that is not on the axis twice.
    pub fn new(required: &'a Required, alike: Sparse, matched: Matched) -> Result<Self> {
        let axis = required.axis().len();
        if alike.len() != axis || alike.width() as usize != axis {
            let value = format!("{} × {}", alike.len(), alike.width());
            return Err(Error::argument("alike", value, format!("{axis} × {axis}")));
        }
        let name = match matched {
            Matched::All => "greedy",
            Matched::Essential => "greedy(essential)",
            Matched::Combined => "greedy(combined)",
        };
        Ok(Self { name, required, alike, matched })
    }

    /// The pairs matched among some requirements, in the order in which they are, with similarity.
    fn pairs(&self, held: HeldRow<'_>, required: &[u32]) -> Vec<(u32, u32, f32)> {
        let holds = |skill: u32| held.level(skill).is_some_and(|level| level > 0);
        let mut all = Vec::new();
        for &skill in required {
            if holds(skill) {
                all.push((skill, skill, 1.0));
            }
            for (other, similarity) in self.alike.cells_of(skill as usize) {
                if other != skill && similarity > 0.0 && holds(other) {
                    all.push((skill, other, similarity.min(1.0)));
                }
            }
        }
        // A skill matches itself before another that is as similar.
        all.sort_by(|a, b| {
            b.2.total_cmp(&a.2).then((a.0 != a.1, a.0, a.1).cmp(&(b.0 != b.1, b.0, b.1)))
        });
        let (mut answered, mut used) = (Vec::new(), Vec::new());
        all.retain(|&(skill, other, _)| {
            let free = !answered.contains(&skill) && !used.contains(&other);
            if free {
                answered.push(skill);
                used.push(other);
            }
            free
        });
        all
    }

    /// The parts of a score: what is matched, its weight in the mean, and its filtered similarity.
    fn parts(&self, held: HeldRow<'_>, target: u32) -> Vec<Part> {
        let row = self.required.row(target);
        let essential = || {
            let row = row.iter().filter(|(_, cell)| cell.necessity != Necessity::Optional);
            row.map(|(skill, _)| skill).collect::<Vec<_>>()
        };
        let halves: Vec<(f64, Vec<u32>)> = match self.matched {
            Matched::All => vec![(1.0, row.skills.to_vec())],
            Matched::Essential => vec![(1.0, essential())],
            Matched::Combined => vec![(0.5, essential()), (0.5, row.skills.to_vec())],
        };
        let mut parts = Vec::new();
        for (share, skills) in halves {
            for (required, other, similarity) in self.pairs(held, &skills) {
                #[expect(clippy::cast_precision_loss, reason = "a row is far below 2⁵³")]
                let weight = share / skills.len() as f64;
                let of = PartOf::Answer { required, held: other };
                parts.push(Part::new(of, weight, filtered(f64::from(similarity))));
            }
        }
        parts
    }
}

impl Scorer for Greedy<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn targets(&self) -> usize {
        self.required.len()
    }

    #[expect(clippy::cast_possible_truncation, reason = "rounded once, as every score is")]
    fn scores(&self, asked: Asked<'_>, out: &mut [f32]) {
        for (out, target) in out.iter_mut().zip(0u32..) {
            let parts = self.parts(asked.held, target);
            let sum = parts.iter().map(|part| part.weight * part.value).sum::<f64>();
            *out = if parts.is_empty() { NO_RESULT } else { sum as f32 + 0.0 };
        }
    }

    fn account(&self, asked: Asked<'_>, target: u32) -> Account {
        let parts = self.parts(asked.held, target);
        if parts.is_empty() { Account::none(self) } else { Account::of(self, parts, (1.0, 1.0)) }
    }
}
