//! Every person's row against every block of an index, written where it belongs.

use rayon::prelude::*;

use crate::error::Result;
use crate::kernel::{Asker, BLOCK, Block, Index, Sums, Term, Walker};
use crate::matrix::{Row, Rows};
use crate::run::Count;

/// Rows written by one task.
const ROWS_AT_ONCE: usize = 16;

/// What one thread walks with: one or two sums of the same row.
pub(super) struct Sweeper<'i> {
    first: Walker<'i>,
    second: Option<Walker<'i>>,
    /// The second sums, widened.
    seconds: Vec<u32>,
}

impl<'i> Sweeper<'i> {
    pub(super) fn new(index: &'i Index, first: Term, second: Option<Term>) -> Self {
        let walker = |term| Walker::new(index, term, Asker::Person);
        let seconds = if second.is_some() { vec![0; BLOCK] } else { Vec::new() };
        Self { first: walker(first), second: second.map(walker), seconds }
    }

    /// The first sums of a row against a block.
    pub(super) fn one(&mut self, row: Row<'_>, block: &Block) -> Sums<'_> {
        self.first.take(row);
        self.first.walk(row, block)
    }

    /// Both sums of a row against a block; the second are 0 where there are none.
    pub(super) fn both(
        &mut self,
        row: Row<'_>,
        block: &Block,
        mut say: impl FnMut(usize, u32, u32),
    ) {
        let Some(second) = &mut self.second else {
            return each_sum(self.one(row, block), block.len, |at, sum| say(at, sum, 0));
        };
        second.take(row);
        let seconds = &mut self.seconds[..block.len];
        each_sum(second.walk(row, block), block.len, |at, sum| seconds[at] = sum);
        self.first.take(row);
        each_sum(self.first.walk(row, block), block.len, |at, sum| say(at, sum, seconds[at]));
    }
}

/// Fills `out` with the rows of `people` from `first` on: `fill` is given a person's row, a block
/// and the part of the person's row of `out` that the block's targets have. `out` is whole rows.
pub(super) fn fill<'i, C: Send>(
    index: &'i Index,
    (people, first): (Rows<'_>, usize),
    out: &mut [C],
    count: &Count<'_>,
    sweeper: impl Fn() -> Sweeper<'i> + Send + Sync,
    fill: impl Fn(&mut Sweeper<'i>, Row<'_>, &Block, &mut [C]) + Sync,
) -> Result<()> {
    count.go_on()?;
    let width = index.len();
    if width == 0 {
        return Ok(());
    }
    out.par_chunks_mut(ROWS_AT_ONCE * width).enumerate().try_for_each_init(
        sweeper,
        |sweeper, (task, out)| {
            count.go_on()?;
            let first = first + task * ROWS_AT_ONCE;
            for block in &index.blocks {
                for (at, out) in out.chunks_exact_mut(width).enumerate() {
                    fill(
                        sweeper,
                        people.row(first + at),
                        block,
                        &mut out[block.first..][..block.len],
                    );
                }
            }
            count.add((out.len() / width) as u64);
            Ok(())
        },
    )
}

/// Hands over the first `len` sums, each with its place.
#[inline]
pub(super) fn each_sum(sums: Sums<'_>, len: usize, mut say: impl FnMut(usize, u32)) {
    match sums {
        Sums::Bytes(sums) => {
            sums[..len].iter().enumerate().for_each(|(at, &sum)| say(at, sum.into()))
        }
        Sums::Shorts(sums) => {
            sums[..len].iter().enumerate().for_each(|(at, &sum)| say(at, sum.into()))
        }
        Sums::Words(sums) => sums[..len].iter().enumerate().for_each(|(at, &sum)| say(at, sum)),
        // No sum passes its target's total, which fits 32 bits.
        #[expect(clippy::cast_possible_truncation, reason = "totals fit 32 bits")]
        Sums::Longs(sums) => {
            sums[..len].iter().enumerate().for_each(|(at, &sum)| say(at, sum as u32));
        }
    }
}
