//! Which skills go with those that are held: learned from what occupations require together.

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::matrix::{HeldRow, Required, Sparse};
use crate::rank::{Account, Asked, NO_RESULT, Part, PartOf, Scorer, idf};
use crate::run::Run;

/// Occupations by their skills, each weighted by its idf, of length 1.
#[derive(Debug)]
struct Weighted {
    idf: Vec<f64>,
    postings: Sparse,
    rows: Sparse,
}

impl Weighted {
    #[expect(clippy::cast_possible_truncation, reason = "weights, rounded once to f32")]
    fn of(required: &Required) -> Self {
        let idf = idf(required);
        let width = u32::try_from(required.axis().len()).unwrap_or(u32::MAX);
        let row = |target| {
            let skills = required.row(target).skills.iter();
            skills.map(|&skill| (skill, idf[skill as usize] as f32)).collect::<Vec<_>>()
        };
        let rows: Vec<_> = (0u32..).take(required.len()).map(row).collect();
        let rows = Sparse::from_rows(width, rows).normalised();
        Self { postings: rows.turned(), idf, rows }
    }

    /// The cosine of each occupation with what is held.
    fn cosines(&self, held: HeldRow<'_>) -> Vec<f64> {
        let mut cosines = vec![0.0f64; self.rows.len()];
        let mut squares = 0.0;
        for (skill, _) in held.iter().filter(|&(_, level)| level > 0) {
            let own = self.idf[skill as usize];
            squares += own * own;
            for (at, value) in self.postings.cells_of(skill as usize) {
                cosines[at as usize] += own * f64::from(value);
            }
        }
        if squares > 0.0 {
            let length = squares.sqrt();
            cosines.iter_mut().for_each(|cosine| *cosine /= length);
        }
        cosines
    }
}

/// Skills by Σ of how much each occupation counts, over those that require the skill.
#[derive(Debug)]
struct Votes<'a> {
    required: &'a Required,
    weighted: Weighted,
}

impl<'a> Votes<'a> {
    fn new(required: &'a Required) -> Self {
        Self { required, weighted: Weighted::of(required) }
    }

    #[expect(clippy::cast_possible_truncation, reason = "rounded once, as every score is")]
    fn scores(&self, votes: &[(u32, f64)], out: &mut [f32]) {
        let mut sums = vec![0.0f64; out.len()];
        let mut found = vec![false; out.len()];
        for &(occupation, vote) in votes {
            for &skill in self.required.row(occupation).skills {
                sums[skill as usize] += vote;
                found[skill as usize] = true;
            }
        }
        for ((out, sum), found) in out.iter_mut().zip(sums).zip(found) {
            *out = if found { sum as f32 + 0.0 } else { NO_RESULT };
        }
    }

    fn account<S: Scorer>(&self, scorer: &S, votes: &[(u32, f64)], skill: u32) -> Account {
        let requires =
            |occupation| self.required.row(occupation).skills.binary_search(&skill).is_ok();
        let parts: Vec<Part> = votes
            .iter()
            .filter(|(occupation, _)| requires(*occupation))
            .map(|&(occupation, vote)| Part::new(PartOf::Occupation(occupation), vote, 1.0))
            .collect();
        if parts.is_empty() {
            Account::none(scorer)
        } else {
            Account::of(scorer, parts, (1.0, 1.0))
        }
    }
}

/// Scores skills by the occupations nearest to what is held: Σ cosineᵖ over the `k` nearest that
/// require the skill.
///
/// The cosine is that of TF-IDF. Nearest neighbours: Herlocker, Konstan, Borchers and Riedl, *An
/// Algorithmic Framework for Performing Collaborative Filtering* (1999). Right for "what else do such
/// people hold?", to ask about, never to assume. An occupation that asks is not its own neighbour.
#[derive(Debug)]
pub struct Neighbours<'a> {
    name: String,
    votes: Votes<'a>,
    k: usize,
    power: f64,
}

impl<'a> Neighbours<'a> {
    /// With the `k` nearest occupations, whose cosines count to a power.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a `k` of 0 or a power below 0.
    pub fn fit(required: &'a Required, k: usize, power: f64) -> Result<Self> {
        if k == 0 {
            return Err(Error::argument("k", k, "at least 1"));
        }
        if !(power.is_finite() && power >= 0.0) {
            return Err(Error::argument("power", power, "a finite number of at least 0"));
        }
        let name = format!("neighbours(k={k},power={power})");
        Ok(Self { name, votes: Votes::new(required), k, power })
    }

    /// How much each of the nearest counts, occupations ascending.
    fn nearest(&self, asked: Asked<'_>) -> Vec<(u32, f64)> {
        let cosines = self.votes.weighted.cosines(asked.held);
        let mut near: Vec<(u32, f64)> = (0u32..)
            .zip(cosines)
            .filter(|&(at, c)| c > 0.0 && Some(at) != asked.occupation)
            .collect();
        near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        near.truncate(self.k);
        near.sort_by_key(|&(at, _)| at);
        near.into_iter().map(|(at, cosine)| (at, cosine.powf(self.power))).collect()
    }
}

impl Scorer for Neighbours<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn targets(&self) -> usize {
        self.votes.required.axis().len()
    }

    fn scores(&self, asked: Asked<'_>, out: &mut [f32]) {
        self.votes.scores(&self.nearest(asked), out);
    }

    fn account(&self, asked: Asked<'_>, target: u32) -> Account {
        self.votes.account(self, &self.nearest(asked), target)
    }
}

/// Scores skills by kernel ridge regression over occupations: each counts as much as it takes to
/// explain what is held best, given all the others, so that ten near twins do not count ten times.
///
/// With the kernel cosineᵖ of TF-IDF rows and a ridge λ, weights are (K + λI)⁻¹·k. Saunders,
/// Gammerman and Vovk, *Ridge Regression Learning Algorithm in Dual Variables* (1998); as a
/// recommender it is the linear autoencoder of Steck, *Embarrassingly Shallow Autoencoders for Sparse
/// Data* (2019), in the dual. An occupation that asks is left out exactly, as if it had never been
/// learned from.
///
/// Fitting is O(occupations³) and keeps 8 bytes for each pair of occupations, 12 on the way; a query
/// is O(occupations × those that share a skill with it).
#[derive(Debug)]
pub struct Regression<'a> {
    name: String,
    votes: Votes<'a>,
    power: f64,
    inverse: Inverse,
}

impl<'a> Regression<'a> {
    /// Learns from what occupations require.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a power below 0 or a ridge that is not above 0, [`Error::Memory`],
    /// [`Error::Cancelled`].
    pub fn fit(required: &'a Required, power: f64, ridge: f64, run: &Run) -> Result<Self> {
        if !(power.is_finite() && power >= 0.0) {
            return Err(Error::argument("power", power, "a finite number of at least 0"));
        }
        if !(ridge.is_finite() && ridge > 0.0) {
            return Err(Error::argument("ridge", ridge, "a finite number above 0"));
        }
        let size = required.len();
        run.memory().check(
            &format!("a kernel of {size} × {size} occupations"),
            (size as u64).saturating_mul(size as u64).saturating_mul(12),
            "choose `neighbours`, or raise the memory limit",
        )?;
        let votes = Votes::new(required);
        let row = |at: u32| {
            let row = required.row(at);
            let held = HeldRow { skills: row.skills, levels: row.levels };
            let mut row = kernel(&votes.weighted, held, power);
            row[at as usize] += ridge;
            row
        };
        let targets = u32::try_from(size).unwrap_or(u32::MAX);
        let rows = run.install(|| (0..targets).into_par_iter().map(row).collect::<Vec<_>>());
        // Each is factored, and then inverted.
        let count = run.count("occupations", 2 * size as u64);
        let inverse = run.install(|| Cholesky::of(rows, &count)?.inverse(&count))?;
        let name = format!("regression(power={power},ridge={ridge})");
        Ok(Self { name, votes, power, inverse })
    }

    /// How much each occupation counts.
    fn weights(&self, asked: Asked<'_>) -> Vec<(u32, f64)> {
        let mut kernel = kernel(&self.votes.weighted, asked.held, self.power);
        let mut weights;
        if let Some(own) = asked.occupation {
            // (K₋ + λI)⁻¹ of all but one, from the inverse of all: its part through that one goes.
            kernel[own as usize] = 0.0;
            weights = self.inverse.times(&kernel);
            let one = self.inverse.row(own as usize);
            let share = weights[own as usize] / one[own as usize];
            weights.iter_mut().zip(one).for_each(|(weight, one)| *weight -= share * one);
        } else {
            weights = self.inverse.times(&kernel);
        }
        (0u32..).zip(weights).filter(|&(at, _)| Some(at) != asked.occupation).collect()
    }
}

fn kernel(weighted: &Weighted, held: HeldRow<'_>, power: f64) -> Vec<f64> {
    let mut cosines = weighted.cosines(held);
    cosines.iter_mut().for_each(|cosine| *cosine = cosine.max(0.0).powf(power));
    cosines
}

impl Scorer for Regression<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn targets(&self) -> usize {
        self.votes.required.axis().len()
    }

    fn scores(&self, asked: Asked<'_>, out: &mut [f32]) {
        self.votes.scores(&self.weights(asked), out);
    }

    fn account(&self, asked: Asked<'_>, target: u32) -> Account {
        self.votes.account(self, &self.weights(asked), target)
    }
}

/// The lower factor of a symmetric matrix, by rows.
#[derive(Debug)]
struct Cholesky {
    rows: Vec<Vec<f64>>,
}

/// Rows of the factor worked on together.
const BLOCK: usize = 64;

impl Cholesky {
    /// Factors a positive definite matrix. Each number has one order of sums, whatever the threads.
    fn of(mut rows: Vec<Vec<f64>>, count: &crate::run::Count<'_>) -> Result<Self> {
        let size = rows.len();
        for start in (0..size).step_by(BLOCK) {
            count.go_on()?;
            let end = (start + BLOCK).min(size);
            let (before, below) = rows.split_at_mut(end);
            let block = &mut before[start..];
            for at in 0..block.len() {
                let (above, own) = block.split_at_mut(at);
                let own = &mut own[0];
                // What stands before the block was done with the blocks before.
                for (column, other) in (start..).zip(above.iter()) {
                    own[column] =
                        (own[column] - dot(&own[..column], &other[..column])) / other[column];
                }
                let diagonal = start + at;
                // The ridge keeps it above 0 but for rounding.
                let left = own[diagonal] - dot(&own[..diagonal], &own[..diagonal]);
                own[diagonal] = left.max(f64::MIN_POSITIVE).sqrt();
                own.truncate(diagonal + 1);
            }
            let factored = &before[start..end];
            below.par_iter_mut().for_each(|row| {
                for (at, other) in factored.iter().enumerate() {
                    let column = start + at;
                    row[column] =
                        (row[column] - dot(&row[..column], &other[..column])) / other[column];
                }
            });
            count.add((end - start) as u64);
        }
        Ok(Self { rows })
    }

    /// The inverse: a block of columns at a time, so that a row of the factor serves them all.
    fn inverse(&self, count: &crate::run::Count<'_>) -> Result<Inverse> {
        let size = self.rows.len();
        let starts: Vec<usize> = (0..size).step_by(COLUMNS).collect();
        let columns = starts
            .into_par_iter()
            .map(|start| {
                count.go_on()?;
                let columns = self.columns(start);
                count.add(COLUMNS.min(size - start) as u64);
                Ok((start, columns))
            })
            .collect::<Result<Vec<_>>>()?;
        let mut cells = vec![0.0; size * size];
        for (start, columns) in columns {
            for (row, values) in (start..).zip(columns) {
                for (column, value) in (start..size).zip(values) {
                    cells[row * size + column] = value;
                    cells[column * size + row] = value;
                }
            }
        }
        Ok(Inverse { size, cells })
    }

    /// What the columns from `start` on have of the inverse from row `start` on; the rest is its
    /// mirror image.
    fn columns(&self, start: usize) -> Vec<[f64; COLUMNS]> {
        let mut values = vec![[0.0; COLUMNS]; self.rows.len() - start];
        values.iter_mut().take(COLUMNS).enumerate().for_each(|(at, value)| value[at] = 1.0);
        for at in 0..values.len() {
            let row = &self.rows[start + at][start..];
            let (before, own) = values.split_at_mut(at);
            let own = &mut own[0];
            for (factor, value) in row.iter().zip(before) {
                own.iter_mut().zip(value).for_each(|(own, value)| *own -= factor * *value);
            }
            own.iter_mut().for_each(|own| *own /= row[at]);
        }
        for at in (0..values.len()).rev() {
            let row = &self.rows[start + at][start..];
            let (before, own) = values.split_at_mut(at);
            let own = &mut own[0];
            own.iter_mut().for_each(|own| *own /= row[at]);
            for (factor, value) in row.iter().zip(before) {
                value.iter_mut().zip(&*own).for_each(|(value, own)| *value -= factor * own);
            }
        }
        values
    }
}

/// Columns solved for together.
const COLUMNS: usize = 8;

/// The inverse of a symmetric matrix, by rows.
#[derive(Debug)]
struct Inverse {
    size: usize,
    cells: Vec<f64>,
}

impl Inverse {
    fn row(&self, at: usize) -> &[f64] {
        &self.cells[at * self.size..][..self.size]
    }

    /// Its product with values, of which many are 0: row by row, in their order.
    fn times(&self, values: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.size];
        for (at, &value) in values.iter().enumerate().filter(|(_, value)| **value != 0.0) {
            sums.iter_mut().zip(self.row(at)).for_each(|(sum, cell)| *sum += value * cell);
        }
        sums
    }
}

/// Σ a·b in eight sums side by side, added at the end: one order, that vectors can take.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0f64; 8];
    let (a, a_rest) = a.as_chunks::<8>();
    let (b, b_rest) = b.as_chunks::<8>();
    for (a, b) in a.iter().zip(b) {
        for at in 0..8 {
            sums[at] += a[at] * b[at];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_undoes_what_it_was_made_of() {
        let size = 150;
        let cell = |a: usize, b: usize| {
            let apart = a.abs_diff(b) as f64;
            (-apart / 7.0).exp() + if a == b { 0.5 } else { 0.0 }
        };
        let rows: Vec<Vec<f64>> =
            (0..size).map(|a| (0..size).map(|b| cell(a, b)).collect()).collect();
        let run = Run::new();
        let count = run.count("rows", 1);
        let inverse = Cholesky::of(rows.clone(), &count).unwrap().inverse(&count).unwrap();
        let wanted: Vec<f64> = (0..size).map(|at| (at % 5) as f64 - 2.0).collect();
        let values: Vec<f64> =
            rows.iter().map(|row| row.iter().zip(&wanted).map(|(a, b)| a * b).sum()).collect();
        for (value, wanted) in inverse.times(&values).iter().zip(&wanted) {
            assert!((value - wanted).abs() < 1e-9, "{value} and {wanted}");
        }
    }
}
