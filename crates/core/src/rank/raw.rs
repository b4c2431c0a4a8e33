//! The best `k` by sums over float rows, any sign: products, or the weighted least of both.
//!
//! The canonical sum is taken as it stands: skills ascend, each product is rounded, then added.
//! Sums lie one beside the other for all rows of a block, so neither threads nor vectors touch
//! the order within one.

#![expect(clippy::cast_possible_truncation, reason = "places are below a block's length")]

use rayon::prelude::*;

use super::best::Best;
use super::ranker::rows_at_once;
use super::threshold;
use crate::error::{Error, Result};
use crate::kernel::{Work, near};
use crate::matrix::{check_bounds, check_length, check_skills, look_over};
use crate::run::{Count, Lanes, Run};

/// Sparse rows of finite floats, skills ascending.
#[derive(Clone, Copy, Debug)]
pub struct RawRows<'a> {
    offsets: &'a [u64],
    skills: &'a [u32],
    values: &'a [f32],
    skill_count: u32,
}

impl<'a> RawRows<'a> {
    /// Checks the arrays: row `i` is `offsets[i]..offsets[i + 1]` of `skills` and `values`.
    /// O(cells).
    ///
    /// # Errors
    ///
    /// [`Error::ArrayLength`], [`Error::RowBounds`], [`Error::RowSkills`], [`Error::NotFinite`], each
    /// with the first row at fault; [`Error::TooMany`] past 2³¹ − 1 rows.
    pub fn new(
        offsets: &'a [u64],
        skills: &'a [u32],
        values: &'a [f32],
        skill_count: u32,
    ) -> Result<Self> {
        let rows = Self::side_by_side(offsets, skills, values, skill_count)?;
        (0..rows.len()).try_for_each(|row| rows.check(row))?;
        Ok(rows)
    }

    /// The same on the threads of a run, which may be stopped.
    ///
    /// # Errors
    ///
    /// Those of [`RawRows::new`]; [`Error::Cancelled`].
    pub fn new_on(
        offsets: &'a [u64],
        skills: &'a [u32],
        values: &'a [f32],
        skill_count: u32,
        run: &Run,
    ) -> Result<Self> {
        let rows = Self::side_by_side(offsets, skills, values, skill_count)?;
        look_over(rows.len(), |row| rows.check(row), run)?;
        Ok(rows)
    }

    fn side_by_side(
        offsets: &'a [u64],
        skills: &'a [u32],
        values: &'a [f32],
        skill_count: u32,
    ) -> Result<Self> {
        check_length("values", values.len(), skills.len())?;
        check_bounds(offsets, skills.len())?;
        Ok(Self { offsets, skills, values, skill_count })
    }

    fn check(&self, row: usize) -> Result<()> {
        let (skills, values) = self.row(row);
        check_skills(row, skills, self.skill_count)?;
        let Some(at) = values.iter().position(|value| !value.is_finite()) else { return Ok(()) };
        Err(not_finite(row, skills[at], values[at]))
    }

    /// What stands beside the cells is finite.
    fn check_finite(&self, beside: &[f32]) -> Result<()> {
        let Some(at) = beside.iter().position(|value| !value.is_finite()) else { return Ok(()) };
        let row = self.offsets.partition_point(|&start| start <= at as u64) - 1;
        Err(not_finite(row, self.skills[at], beside[at]))
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn row(&self, row: usize) -> (&'a [u32], &'a [f32]) {
        // `new` has seen that bounds ascend up to the number of cells, which is a usize.
        let span = self.offsets[row] as usize..self.offsets[row + 1] as usize;
        (&self.skills[span.clone()], &self.values[span])
    }
}

fn not_finite(row: usize, skill: u32, value: f32) -> Error {
    let (row, value) = (row as u64, f64::from(value));
    Error::NotFinite { row, skill, value, expected: "a finite number" }
}

/// Rows in a block: their sums, four bytes each, stay in the first-level cache.
const BLOCK: usize = 8192;

/// Postings come in whole groups, so that walks run without a branch for each length.
const PAD: usize = 4;

/// Sums compared at once.
const CHUNK: usize = 64;

#[derive(Debug)]
struct Block {
    first: usize,
    len: usize,
    starts: Vec<u32>,
    /// Place in the block, value; padded with value 0, which changes no sum.
    postings: Vec<(u32, f32)>,
    /// The weights beside them, for sums of w·min(x, y): 0 for padding. Empty for products.
    weights: Vec<f32>,
}

/// What a shared skill adds to a sum.
#[derive(Clone, Copy, Debug)]
enum Part<'a> {
    /// x·y.
    Product,
    /// w·min(x, y), with the ranked rows' weights, or 1 where there are none.
    Least(Option<&'a [f32]>),
}

impl Block {
    fn build(rows: RawRows<'_>, part: Part<'_>, first: usize, len: usize) -> Self {
        let mut ends = vec![0_u32; rows.skill_count as usize + 1];
        for row in first..first + len {
            for &skill in rows.row(row).0 {
                ends[skill as usize] += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            let count = end.div_ceil(PAD as u32) * PAD as u32;
            *end = sum;
            sum += count;
        }
        let starts = ends.clone();
        let padding = (0..PAD as u32).cycle().take(sum as usize).map(|local| (local, 0.0));
        let mut postings = padding.collect::<Vec<_>>();
        let mut weights = Vec::new();
        if let Part::Least(_) = part {
            weights.resize(postings.len(), 0.0);
        }
        for local in 0..len {
            let (skills, values) = rows.row(first + local);
            let cell = rows.offsets[first + local] as usize;
            for (at, (&skill, &value)) in skills.iter().zip(values).enumerate() {
                let end = &mut ends[skill as usize];
                // A place is below BLOCK.
                postings[*end as usize] = (local as u32, value);
                if let Part::Least(given) = part {
                    weights[*end as usize] = given.map_or(1.0, |given| given[cell + at]);
                }
                *end += 1;
            }
        }
        Self { first, len, starts, postings, weights }
    }
}

/// Ranks rows of floats by their product with other rows of floats, or by the least of both: for
/// callers whose levels and weights are not whole numbers.
///
/// A product is Σ x·y over the shared skills, skills ascending, each product and each sum rounded to
/// f32: the same bits on any number of threads and at any width of vectors. Its error is at most
/// about n·2⁻²⁴ × Σ |x·y| for n shared skills. Where levels and weights are whole numbers,
/// [`targets_for_people`](super::targets_for_people) is exact, and faster.
///
/// Building is O(cells); it keeps 8 bytes for each cell, and 4 for each skill and 8,192 rows.
///
/// # Example
///
/// ```
/// use passerelle::Run;
/// use passerelle::rank::{RawRanker, RawRows};
///
/// let targets = RawRows::new(&[0, 2, 3], &[0, 1, 1], &[0.5, 0.25, 2.0], 2)?;
/// let people = RawRows::new(&[0, 1], &[1], &[4.0], 2)?;
/// let ranker = RawRanker::new(targets, &Run::new())?;
/// let (mut positions, mut scores) = ([0; 3], [0.0; 3]);
/// ranker.rank_into(people, 3, &mut positions, &mut scores, &Run::new())?;
/// assert_eq!((positions, scores), ([1, 0, -1], [8.0, 1.0, 0.0]));
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Debug)]
pub struct RawRanker {
    blocks: Vec<Block>,
    skill_count: u32,
}

impl RawRanker {
    /// Turns `rows`, which are to be ranked by their product, round.
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`].
    pub fn new(rows: RawRows<'_>, run: &Run) -> Result<Self> {
        Self::of(rows, Part::Product, run)
    }

    /// Turns `rows` round to be ranked by Σ w·min(x, y) over the shared skills: the credit, for
    /// levels and weights that are not whole numbers. `weights` stand beside the values of `rows`;
    /// without them each is 1. Keeps 4 bytes more for each cell.
    ///
    /// # Errors
    ///
    /// [`Error::ArrayLength`] where there is not a weight for each cell, [`Error::NotFinite`],
    /// [`Error::Cancelled`].
    ///
    /// # Example
    ///
    /// ```
    /// use passerelle::Run;
    /// use passerelle::rank::{RawRanker, RawRows};
    ///
    /// let targets = RawRows::new(&[0, 2, 3], &[0, 1, 1], &[0.5, 0.25, 2.0], 2)?;
    /// let people = RawRows::new(&[0, 2], &[0, 1], &[1.0, 1.5], 2)?;
    /// let ranker = RawRanker::least(targets, Some(&[3.0, 1.0, 1.0]), &Run::new())?;
    /// let (mut positions, mut scores) = ([0; 2], [0.0; 2]);
    /// ranker.rank_into(people, 2, &mut positions, &mut scores, &Run::new())?;
    /// assert_eq!((positions, scores), ([0, 1], [1.75, 1.5]));
    /// # Ok::<(), passerelle::Error>(())
    /// ```
    pub fn least(rows: RawRows<'_>, weights: Option<&[f32]>, run: &Run) -> Result<Self> {
        if let Some(weights) = weights {
            check_length("weights", weights.len(), rows.skills.len())?;
            rows.check_finite(weights)?;
        }
        Self::of(rows, Part::Least(weights), run)
    }

    fn of(rows: RawRows<'_>, part: Part<'_>, run: &Run) -> Result<Self> {
        let blocks = run.install(|| {
            (0..rows.len().div_ceil(BLOCK))
                .into_par_iter()
                .map(|block| {
                    run.go_on()?;
                    let first = block * BLOCK;
                    Ok(Block::build(rows, part, first, BLOCK.min(rows.len() - first)))
                })
                .collect::<Result<_>>()
        })?;
        Ok(Self { blocks, skill_count: rows.skill_count })
    }

    /// The `k` greatest products for each of `rows`, into buffers of `rows.len() × k`: positions
    /// and products, greatest first, of equal ones the lower position, padded with −1 and 0. A
    /// product of 0 is not a result, nor one that passes the range of f32.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] when `k` is 0 or the rows are on a longer axis, [`Error::ArrayLength`]
    /// for a buffer of another length: nothing is written then. [`Error::Cancelled`], after which
    /// the buffers are written in part.
    pub fn rank_into(
        &self,
        rows: RawRows<'_>,
        k: usize,
        positions: &mut [i32],
        scores: &mut [f32],
        run: &Run,
    ) -> Result<()> {
        if k == 0 {
            return Err(Error::argument("k", 0, "at least 1"));
        }
        if rows.skill_count > self.skill_count {
            let value = format!("on an axis of {} skills", rows.skill_count);
            let expected = format!("on the ranked rows' axis of {} skills", self.skill_count);
            return Err(Error::argument("rows", value, expected));
        }
        check_length("positions", positions.len(), rows.len().saturating_mul(k))?;
        check_length("scores", scores.len(), rows.len().saturating_mul(k))?;
        let count = run.count("rows", rows.len() as u64);
        count.go_on()?;
        if rows.is_empty() {
            return Ok(());
        }
        run.install(|| self.rank(rows, k, positions, scores, (&count, run.width())))
    }

    fn rank(
        &self,
        rows: RawRows<'_>,
        k: usize,
        positions: &mut [i32],
        scores: &mut [f32],
        (count, lanes): (&Count<'_>, Lanes),
    ) -> Result<()> {
        let most = self.blocks.last().map_or(1, |block| block.first + block.len).min(k);
        let batch_rows = rows_at_once(rows.len(), self.blocks.len());
        let cells = batch_rows.saturating_mul(k);
        let batches = positions.par_chunks_mut(cells).zip(scores.par_chunks_mut(cells));
        batches.enumerate().try_for_each_init(
            || (vec![0.0; BLOCK], vec![Best::ordered(most); batch_rows], Scratch::default()),
            |(sums, best, scratch), (batch, (positions, scores))| {
                count.go_on()?;
                let first = batch * batch_rows;
                let done = positions.len() / k;
                lanes.run(Batch {
                    ranker: self,
                    lanes,
                    rows,
                    first,
                    k,
                    most,
                    sums,
                    best,
                    scratch,
                    positions,
                    scores,
                });
                count.add(done as u64);
                Ok(())
            },
        )
    }
}

#[derive(Default)]
struct Scratch {
    crests: Vec<f32>,
    halves: Vec<u16>,
}

struct Batch<'b> {
    ranker: &'b RawRanker,
    lanes: Lanes,
    rows: RawRows<'b>,
    first: usize,
    k: usize,
    most: usize,
    sums: &'b mut [f32],
    best: &'b mut [Best],
    scratch: &'b mut Scratch,
    positions: &'b mut [i32],
    scores: &'b mut [f32],
}

impl Work for Batch<'_> {
    #[inline(always)]
    fn run(mut self) {
        let count = self.positions.len() / self.k;
        for best in &mut self.best[..count] {
            best.clear();
        }
        let ranker = self.ranker;
        for (number, block) in ranker.blocks.iter().enumerate() {
            for at in 0..count {
                self.block(block, at, number + 1 == ranker.blocks.len());
            }
        }
        let out = self.positions.chunks_exact_mut(self.k).zip(self.scores.chunks_exact_mut(self.k));
        for (best, (positions, scores)) in self.best.iter_mut().zip(out) {
            best.write(positions, scores);
        }
    }
}

impl Batch<'_> {
    #[inline(always)]
    fn block(&mut self, block: &Block, at: usize, last: bool) {
        let padded = block.len.div_ceil(CHUNK) * CHUNK;
        let sums: &mut [f32; BLOCK] =
            (&mut *self.sums).try_into().unwrap_or_else(|_| unreachable!("sums are BLOCK long"));
        sums[..padded].fill(0.0);
        let (skills, values) = self.rows.row(self.first + at);
        for &skill in skills {
            let start = block.starts[skill as usize] as usize;
            near(block.postings.get(start..).unwrap_or_default());
        }
        for (&skill, &held) in skills.iter().zip(values) {
            let skill = skill as usize;
            let span = block.starts[skill] as usize..block.starts[skill + 1] as usize;
            if !block.weights.is_empty() {
                for (&(local, value), &weight) in
                    block.postings[span.clone()].iter().zip(&block.weights[span])
                {
                    let least = if value < held { value } else { held };
                    sums[local as usize % BLOCK] += weight * least;
                }
                continue;
            }
            for group in block.postings[span].as_chunks::<PAD>().0 {
                for &(local, value) in group {
                    let sum = &mut sums[local as usize % BLOCK];
                    *sum += held * value;
                }
            }
        }
        let best = &mut self.best[at];
        let whole = &sums[..block.len / CHUNK * CHUNK];
        if best.least() == f32::NEG_INFINITY {
            best.raise(first_bound(whole, self.most, self.scratch, self.lanes));
        }
        for (chunk, sums) in sums[..padded].as_chunks::<CHUNK>().0.iter().enumerate() {
            let least = best.least();
            let reached = |sum: f32| (sum >= least) & (sum != 0.0);
            if !sums.iter().fold(false, |any, &sum| any | reached(sum)) {
                continue;
            }
            for (place, &sum) in sums.iter().enumerate() {
                if reached(sum) && sum.is_finite() {
                    // Positions fit 32 bits: `RawRows` refuses more.
                    best.push(sum, (block.first + chunk * CHUNK + place) as u32);
                }
            }
        }
        if !last {
            best.settle();
        }
    }
}

/// A product that `k` rows reach: the k-th greatest of the greatest of stripes.
#[inline(always)]
fn first_bound(sums: &[f32], k: usize, scratch: &mut Scratch, lanes: Lanes) -> f32 {
    let runs = (3 * k).div_ceil(CHUNK).clamp(1, 16);
    let run = (sums.len() / CHUNK).div_ceil(runs).max(1) * CHUNK;
    scratch.crests.clear();
    for sums in sums.chunks(run) {
        let mut crest = [f32::NEG_INFINITY; CHUNK];
        for chunk in sums.as_chunks::<CHUNK>().0 {
            for (most, &sum) in crest.iter_mut().zip(chunk) {
                *most = if sum > *most { sum } else { *most };
            }
        }
        // A greatest sum of 0 may stand for a row without result.
        let crest = crest.map(|most| if most == 0.0 { f32::NEG_INFINITY } else { most });
        // One that passes the range is no result.
        let crest = crest.map(|most| if most.is_finite() { most } else { f32::NEG_INFINITY });
        scratch.crests.extend_from_slice(&crest);
    }
    threshold::kth_greatest(&scratch.crests, k, &mut scratch.halves, lanes)
}
