//! One measure for every person and every target.

use std::sync::Arc;

use ndarray::{Array2, ArrayView2};

use super::index::Index;
use super::measure::{Finish, Measure, Recipe};
use super::sweep::{self, Sweeper};
use crate::error::{Error, Result};
use crate::kernel;
use crate::matrix::{Held, Required, Rows, check_length};
use crate::run::{Count, Run};
use crate::text::Ids;

/// One measure for every person (rows) and every target (columns).
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use passerelle::gap::{GapMatrix, Measure};
/// use passerelle::{Held, LevelScale, Necessity, Required, Requirement, Run, SkillAxis};
///
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", LevelScale::held(), ["weld", "read"])?);
/// let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// let mut targets = Required::builder(&axis);
/// targets.require("welder", "weld", one)?;
/// targets.require("welder", "read", one)?;
/// let mut people = Held::builder(&axis);
/// people.hold("p1", "weld", 1)?;
///
/// let (held, required) = (people.build()?, targets.build()?);
/// let matrix = GapMatrix::compute(&held, &required, Measure::Coverage, &Run::new())?;
/// assert_eq!(matrix.values()[[0, 0]], 0.5);
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GapMatrix {
    people: Arc<Ids>,
    targets: Arc<Ids>,
    measure: Measure,
    values: Array2<f32>,
}

/// Some rows of a gap matrix, as they come from [`tiles`].
#[derive(Debug)]
pub struct Tile<'a> {
    /// The position of the first person.
    pub first: u32,
    /// People (rows, from `first` on) × targets.
    pub values: ArrayView2<'a, f32>,
}

/// What to call when a matrix does not fit.
const INSTEAD: &str =
    "call `gap::tiles` to take it in pieces, `rank` for the best only, or raise the memory limit";

impl GapMatrix {
    /// Computes a measure for every pair.
    ///
    /// O(requirements met + people × targets), in parallel; the same bits on any number of threads.
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`], [`Error::Memory`] before anything is allocated when people ×
    /// targets × 4 bytes pass the limit, [`Error::Cancelled`].
    pub fn compute(held: &Held, required: &Required, measure: Measure, run: &Run) -> Result<Self> {
        let sums = MeasureSums::of(held, required, measure, run)?;
        let cells = cells(held.len(), required.len(), 4, run)?;
        let mut values = vec![0f32; cells];
        let count = run.count("people", held.len() as u64);
        run.install(|| sums.fill(held, 0, &mut values, &count))?;
        Ok(Self {
            people: Arc::clone(held.people()),
            targets: Arc::clone(required.targets()),
            measure,
            values: array(values, held.len(), required.len())?,
        })
    }

    /// The people's ids, by row.
    pub fn people(&self) -> &Arc<Ids> {
        &self.people
    }

    /// The targets' ids, by column.
    pub fn targets(&self) -> &Arc<Ids> {
        &self.targets
    }

    /// The measure.
    pub fn measure(&self) -> Measure {
        self.measure
    }

    /// The figures: people × targets.
    pub fn values(&self) -> &Array2<f32> {
        &self.values
    }

    /// The figures alone.
    pub fn into_values(self) -> Array2<f32> {
        self.values
    }
}

/// Writes a measure for every pair into the caller's buffer: people × targets, by rows. The figures
/// are those of [`GapMatrix::compute`], bit for bit.
///
/// # Errors
///
/// [`Error::AxisMismatch`], [`Error::ArrayLength`] for a buffer of another length: nothing is written
/// then. [`Error::Cancelled`], after which it is written in part.
pub fn measure_into(
    held: &Held,
    required: &Required,
    measure: Measure,
    out: &mut [f32],
    run: &Run,
) -> Result<()> {
    check_length("out", out.len(), held.len().saturating_mul(required.len()))?;
    let sums = MeasureSums::of(held, required, measure, run)?;
    let count = run.count("people", held.len() as u64);
    run.install(|| sums.fill(held, 0, out, &count))
}

/// A measure for every pair, some people at a time, in order: for what does not fit in memory.
///
/// Each tile has `rows` people, the last one what is left. The figures are those of
/// [`GapMatrix::compute`], bit for bit. The tile's memory is used again for the next one.
///
/// # Errors
///
/// As [`GapMatrix::compute`], for one tile; [`Error::Argument`] when `rows` is 0; or what `each`
/// returns, which ends the work.
pub fn tiles(
    held: &Held,
    required: &Required,
    measure: Measure,
    rows: usize,
    run: &Run,
    mut each: impl FnMut(Tile<'_>) -> Result<()>,
) -> Result<()> {
    if rows == 0 {
        return Err(Error::argument("rows", 0, "at least 1"));
    }
    let sums = MeasureSums::of(held, required, measure, run)?;
    let mut values = vec![0f32; cells(rows.min(held.len()), required.len(), 4, run)?];
    let count = run.count("people", held.len() as u64);
    for first in (0..held.len()).step_by(rows) {
        let people = rows.min(held.len() - first);
        let values = &mut values[..people * required.len()];
        run.install(|| sums.fill(held, first, values, &count))?;
        let values = ArrayView2::from_shape((people, required.len()), &*values)
            .map_err(|_| Error::argument("rows", rows, "a shape that fits in memory"))?;
        let first = u32::try_from(first).map_err(|_| Error::TooMany {
            what: "people",
            count: first as u64,
            limit: u64::from(u32::MAX),
        })?;
        each(Tile { first, values })?;
    }
    Ok(())
}

/// The exact credit A = Σ w·min(r, h) for every pair: people × targets, in steps × weight.
///
/// # Errors
///
/// As [`GapMatrix::compute`].
pub fn credits(held: &Held, required: &Required, run: &Run) -> Result<Array2<u32>> {
    required.axis().check_same(held.axis())?;
    let mut values = vec![0u32; cells(held.len(), required.len(), 4, run)?];
    Index::new(required.rows(), run)?.credit_into(held.rows(), 0, &mut values, run)?;
    array(values, held.len(), required.len())
}

/// The index and wholes that a measure's sums run over.
struct MeasureSums {
    recipe: Recipe,
    index: kernel::Index,
    wholes: Vec<u32>,
}

impl MeasureSums {
    fn of(held: &Held, required: &Required, measure: Measure, run: &Run) -> Result<Self> {
        required.axis().check_same(held.axis())?;
        let recipe = measure.recipe();
        let whole = |target| {
            let row = required.row(target).iter().filter(|(_, r)| (recipe.keep)(r.necessity));
            row.map(
                |(_, r)| {
                    if recipe.counts { 1 } else { u32::from(r.weight) * u32::from(r.level) }
                },
            )
            .sum()
        };
        Ok(Self {
            recipe,
            index: index_of(required, &recipe, run)?,
            wholes: (0u32..).take(required.len()).map(whole).collect(),
        })
    }

    /// Fills the rows of the people from `first` on.
    fn fill(&self, held: &Held, first: usize, values: &mut [f32], count: &Count<'_>) -> Result<()> {
        // Chosen outside of the loop over cells, so that each becomes a loop of its own.
        let people = (held.rows(), first);
        match self.recipe.finish {
            Finish::Share => {
                self.fill_by(people, values, count, |w, a, b| Finish::Share.of(w, a, b))
            }
            Finish::ShareUpper => {
                self.fill_by(people, values, count, |w, a, b| Finish::ShareUpper.of(w, a, b))
            }
            Finish::Rest => self.fill_by(people, values, count, |w, a, b| Finish::Rest.of(w, a, b)),
            Finish::KnownRest => {
                self.fill_by(people, values, count, |w, a, b| Finish::KnownRest.of(w, a, b))
            }
            Finish::First => {
                self.fill_by(people, values, count, |w, a, b| Finish::First.of(w, a, b))
            }
        }
    }

    fn fill_by(
        &self,
        people: (Rows<'_>, usize),
        values: &mut [f32],
        count: &Count<'_>,
        finish: impl Fn(u32, u32, u32) -> f32 + Sync,
    ) -> Result<()> {
        let sweeper = || Sweeper::new(&self.index, self.recipe.first, self.recipe.second);
        sweep::fill(&self.index, people, values, count, sweeper, |sweeper, row, block, out| {
            let wholes = &self.wholes[block.first..][..block.len];
            sweeper.both((row, block), wholes, out, &finish);
        })
    }
}

/// The requirements that a recipe counts, turned round.
fn index_of(required: &Required, recipe: &Recipe, run: &Run) -> Result<kernel::Index> {
    let kept = |at: usize| (recipe.keep)(required.necessities[at]);
    if (0..required.entries()).all(kept) {
        return run.install(|| kernel::Index::build(required.rows(), run));
    }
    let (mut skills, mut levels, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    let mut offsets = Vec::with_capacity(required.len() + 1);
    offsets.push(0);
    for target in (0u32..).take(required.len()) {
        for (skill, r) in required.row(target).iter().filter(|(_, r)| (recipe.keep)(r.necessity)) {
            skills.push(skill);
            levels.push(r.level);
            weights.push(r.weight);
        }
        offsets.push(skills.len() as u64);
    }
    let axis = required.axis().len();
    let rows = Rows::trusted(&offsets, &skills, &levels, Some(&weights), axis);
    run.install(|| kernel::Index::build(rows, run))
}

/// The number of cells of a matrix that fits in the memory allowed.
fn cells(rows: usize, columns: usize, bytes: u64, run: &Run) -> Result<usize> {
    let cells = rows as u128 * columns as u128;
    let needed = u64::try_from(cells * u128::from(bytes)).unwrap_or(u64::MAX);
    run.memory().check(&format!("a matrix of {rows} × {columns}"), needed, INSTEAD)?;
    usize::try_from(cells).map_err(|_| Error::TooMany {
        what: "cells",
        count: u64::try_from(cells).unwrap_or(u64::MAX),
        limit: usize::MAX as u64,
    })
}

fn array<T>(values: Vec<T>, rows: usize, columns: usize) -> Result<Array2<T>> {
    Array2::from_shape_vec((rows, columns), values)
        .map_err(|_| Error::argument("shape", format!("({rows}, {columns})"), "one that fits"))
}
