//! Occupations reached over others that share their skills.

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::matrix::{HeldRow, Required, Sparse};
use crate::rank::{Account, Asked, NO_RESULT, Part, PartOf, Scorer, TfIdf, score};
use crate::run::Run;

/// Steps after which a walk has come back often enough.
const STEPS: usize = 4;

/// A random walk with restart over occupations: from those near to who asks, to those near to them.
///
/// Each occupation leads to its `k` nearest by TF-IDF cosine, with a chance in proportion; at each of
/// four steps the walk goes on with the chance `on`, or else starts again. Tong, Faloutsos and Pan,
/// *Fast Random Walk with Restart and Its Applications* (2006), cut short. It finds what shares no
/// skill with who asks but shares some with what is near: right for far bridges. It misleads where
/// one common skill links everything.
///
/// Fitting takes O(occupations² ) scores; a query O(occupations + k·steps).
#[derive(Debug)]
pub struct Walk<'a> {
    name: String,
    required: &'a Required,
    tfidf: TfIdf,
    k: usize,
    /// For each occupation, where walks from it end and how often.
    ends: Sparse,
}

impl<'a> Walk<'a> {
    /// Learns from what occupations require.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a `k` of 0 or an `on` outside of [0, 1), [`Error::Cancelled`].
    pub fn fit(required: &'a Required, k: usize, on: f64, run: &Run) -> Result<Self> {
        if k == 0 {
            return Err(Error::argument("k", k, "at least 1"));
        }
        if !(0.0..1.0).contains(&on) {
            return Err(Error::argument("on", on, "from 0 to below 1"));
        }
        let tfidf = TfIdf::fit(required).binary();
        let count = run.count("occupations", required.len() as u64);
        let targets = u32::try_from(required.len()).unwrap_or(u32::MAX);
        let step = |at: u32| {
            count.go_on()?;
            let row = required.row(at);
            let held = HeldRow { skills: row.skills, levels: row.levels };
            let near = nearest(required, &tfidf, held, Some(at), k);
            let whole: f64 = near.iter().map(|&(_, cosine)| cosine).sum();
            count.add(1);
            #[expect(clippy::cast_possible_truncation, reason = "chances, rounded once")]
            Ok(near.into_iter().map(|(to, c)| (to, (c / whole) as f32)).collect::<Vec<_>>())
        };
        let steps: Vec<Vec<(u32, f32)>> =
            run.install(|| (0..targets).into_par_iter().map(step).collect::<Result<_>>())?;
        let steps = Sparse::from_rows(targets, steps);
        let end = |at: u32| {
            let mut here = vec![0.0f64; required.len()];
            here[at as usize] = 1.0;
            let mut ends = vec![0.0f64; required.len()];
            for step in 0..=STEPS {
                let stays = if step == STEPS { 1.0 } else { 1.0 - on };
                let mut next = vec![0.0f64; required.len()];
                for (from, &chance) in here.iter().enumerate().filter(|(_, chance)| **chance > 0.0)
                {
                    ends[from] += stays * chance;
                    if step < STEPS {
                        for (to, share) in steps.cells_of(from) {
                            next[to as usize] += on * chance * f64::from(share);
                        }
                    }
                }
                here = next;
            }
            #[expect(clippy::cast_possible_truncation, reason = "chances, rounded once")]
            let cells = (0u32..).zip(ends).filter(|(_, c)| *c > 0.0).map(|(to, c)| (to, c as f32));
            cells.collect::<Vec<_>>()
        };
        let ends: Vec<Vec<(u32, f32)>> =
            run.install(|| (0..targets).into_par_iter().map(end).collect());
        let name = format!("walk(k={k},on={on})");
        Ok(Self { name, required, tfidf, k, ends: Sparse::from_rows(targets, ends) })
    }

    /// Where walks start, occupations ascending. An occupation that asks is none of them.
    fn starts(&self, asked: Asked<'_>) -> Vec<(u32, f64)> {
        let mut near = nearest(self.required, &self.tfidf, asked.held, asked.occupation, self.k);
        near.sort_by_key(|&(at, _)| at);
        near
    }
}

/// The `k` nearest by cosine, nearest first.
fn nearest(
    required: &Required,
    tfidf: &TfIdf,
    held: HeldRow<'_>,
    without: Option<u32>,
    k: usize,
) -> Vec<(u32, f64)> {
    let cosine = |at: u32| (at, f64::from(score(held, required.row(at), tfidf)));
    let all = (0u32..).take(required.len()).filter(|&at| Some(at) != without).map(cosine);
    let mut near: Vec<(u32, f64)> = all.filter(|&(_, cosine)| cosine > 0.0).collect();
    near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    near.truncate(k);
    near
}

impl Scorer for Walk<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn targets(&self) -> usize {
        self.required.len()
    }

    #[expect(clippy::cast_possible_truncation, reason = "rounded once, as every score is")]
    fn scores(&self, asked: Asked<'_>, out: &mut [f32]) {
        let mut sums = vec![0.0f64; out.len()];
        for (from, cosine) in self.starts(asked) {
            for (to, chance) in self.ends.cells_of(from as usize) {
                sums[to as usize] += cosine * f64::from(chance);
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            *out = if sum == 0.0 { NO_RESULT } else { sum as f32 };
        }
    }

    fn account(&self, asked: Asked<'_>, target: u32) -> Account {
        let chance = |from: u32| {
            let (to, chances) = self.ends.row(from as usize);
            to.binary_search(&target).ok().map(|at| f64::from(chances[at]))
        };
        let part =
            |(from, cosine)| Some(Part::new(PartOf::Occupation(from), cosine, chance(from)?));
        let parts: Vec<Part> = self.starts(asked).into_iter().filter_map(part).collect();
        if parts.is_empty() { Account::none(self) } else { Account::of(self, parts, (1.0, 1.0)) }
    }
}
