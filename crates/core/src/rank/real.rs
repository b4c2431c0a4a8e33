//! The best `k` by sums of real numbers.
//!
//! Each pair's sum has one order, ascending skills, whichever side asks and on any number of threads:
//! the skills of the row that asks are walked in their order, and each adds its part to the sums of
//! the rows that share it.

use rayon::prelude::*;

use super::best::Best;
use super::ranker::Asking;
use super::ranking::finish_real;
use super::strategy::Strategy;
use crate::error::Result;
use crate::kernel::Asker;
use crate::matrix::{Held, Necessity, Required, Requirement};
use crate::run::Count;

/// One side's rows by skill.
struct Postings<C> {
    /// Where each skill's cells start, and after the last one where they end.
    starts: Vec<usize>,
    /// The row, and its cell.
    cells: Vec<(u32, C)>,
}

impl<C: Copy> Postings<C> {
    /// From row, skill and cell, rows ascending; `cells` is called twice.
    fn new<I: Iterator<Item = (u32, u32, C)>>(
        skills: usize,
        cells: impl Fn() -> I,
        empty: C,
    ) -> Self {
        let mut starts = vec![0usize; skills + 1];
        for (_, skill, _) in cells() {
            starts[skill as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut places = vec![(0, empty); starts[skills]];
        for (row, skill, cell) in cells() {
            let at = &mut next[skill as usize];
            places[*at] = (row, cell);
            *at += 1;
        }
        Self { starts, cells: places }
    }

    fn of(&self, skill: u32) -> &[(u32, C)] {
        let at = skill as usize;
        &self.cells[self.starts[at]..self.starts[at + 1]]
    }
}

/// Both sides, one of them to be ranked for each row of the other.
pub(super) struct Pairs<'a> {
    pub(super) asker: Asker,
    pub(super) held: &'a Held,
    pub(super) required: &'a Required,
    pub(super) asking: Asking<'a>,
    pub(super) count: &'a Count<'a>,
}

impl Pairs<'_> {
    /// Ranks for each row of the side that asks; constants are those of both sides.
    pub(super) fn by<S: Strategy + ?Sized>(self, strategy: &S) -> Result<()> {
        let Self { asker, held, required, asking, count } = self;
        let skills = required.axis().len();
        let people = || (0u32..).take(held.len());
        let targets = || (0u32..).take(required.len());
        let person: Vec<f64> = people().map(|row| strategy.person(held.row(row))).collect();
        let target: Vec<f64> = targets().map(|row| strategy.target(required.row(row))).collect();
        match asker {
            Asker::Person => {
                let cells = || {
                    targets().flat_map(|row| {
                        required.row(row).iter().map(move |(skill, cell)| (row, skill, cell))
                    })
                };
                let empty = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
                let postings = Postings::new(skills, cells, empty);
                each(
                    strategy,
                    asking,
                    target.len(),
                    count,
                    |row, sums| {
                        for (skill, level) in held.row(row).iter() {
                            for &(at, cell) in postings.of(skill) {
                                let sum = &mut sums[at as usize];
                                *sum += strategy.part(skill, level, cell, target[at as usize]);
                            }
                        }
                    },
                    |row, at, sum| finish_real(strategy, sum, person[row], target[at]),
                )
            }
            Asker::Target => {
                let cells = || {
                    people().flat_map(|row| {
                        held.row(row).iter().map(move |(skill, level)| (row, skill, level))
                    })
                };
                let postings = Postings::new(skills, cells, 0);
                each(
                    strategy,
                    asking,
                    person.len(),
                    count,
                    |row, sums| {
                        for (skill, cell) in required.row(row).iter() {
                            for &(at, level) in postings.of(skill) {
                                let sum = &mut sums[at as usize];
                                *sum += strategy.part(skill, level, cell, target[row as usize]);
                            }
                        }
                    },
                    |row, at, sum| finish_real(strategy, sum, person[at], target[row]),
                )
            }
        }
    }
}

/// Walks, finishes and keeps the best for every row that asks.
fn each<S: Strategy + ?Sized>(
    strategy: &S,
    asking: Asking<'_>,
    columns: usize,
    count: &Count<'_>,
    walk: impl Fn(u32, &mut [f64]) + Sync,
    finish: impl Fn(usize, usize, f64) -> f32 + Sync,
) -> Result<()> {
    let Asking { rows, k, positions, scores } = asking;
    debug_assert_eq!(positions.len(), rows.len() * k);
    let every = strategy.ranks_unshared();
    let most = k.min(columns).max(1);
    positions.par_chunks_mut(k).zip(scores.par_chunks_mut(k)).enumerate().try_for_each_init(
        || (vec![0.0; columns], Best::new(most)),
        |(sums, best), (row, (positions, scores))| {
            count.go_on()?;
            sums.fill(0.0);
            best.clear();
            // Rows and columns have positions of 31 bits.
            walk(u32::try_from(row).unwrap_or(u32::MAX), sums);
            for (at, (&sum, position)) in sums.iter().zip(0u32..).enumerate() {
                if every || sum != 0.0 {
                    best.push(finish(row, at, sum), position);
                }
            }
            best.write(positions, scores);
            count.add(1);
            Ok(())
        },
    )
}
