//! Every person's row against every block of an index, written where it belongs.

use rayon::prelude::*;

use crate::error::Result;
use crate::kernel::{Asker, BLOCK, Block, Index, Sums, Term, Walker, near};
use crate::matrix::{Row, Rows};
use crate::run::Count;

/// Rows written by one task.
const ROWS_AT_ONCE: usize = 16;

/// What one thread walks with: one or two sums of the same row.
pub(super) struct Sweeper<'i> {
    first: Walker<'i>,
    second: Option<Walker<'i>>,
    /// Both sums, widened; nothing where there is one.
    firsts: Vec<u32>,
    seconds: Vec<u32>,
}

impl<'i> Sweeper<'i> {
    pub(super) fn new(index: &'i Index, first: Term, second: Option<Term>) -> Self {
        let walker = |term| Walker::new(index, term, Asker::Person);
        let room = if second.is_some() { BLOCK } else { 0 };
        let (firsts, seconds) = (vec![0; room], vec![0; room]);
        Self { first: walker(first), second: second.map(walker), firsts, seconds }
    }

    /// The first sums of a row against a block.
    pub(super) fn one(&mut self, row: Row<'_>, block: &Block) -> Sums<'_> {
        self.first.take(row);
        self.first.walk(row, block)
    }

    /// Writes what `finish` makes of each whole with both sums of a row against a block; the second
    /// sums are 0 where there are none.
    pub(super) fn both<C>(
        &mut self,
        (row, block): (Row<'_>, &Block),
        wholes: &[u32],
        out: &mut [C],
        finish: impl Fn(u32, u32, u32) -> C,
    ) {
        let Some(second) = &mut self.second else {
            return write(self.one(row, block), wholes, out, |whole, sum| finish(whole, sum, 0));
        };
        second.take(row);
        let seconds = &mut self.seconds[..block.len];
        write(second.walk(row, block), wholes, seconds, |_, sum| sum);
        self.first.take(row);
        let firsts = &mut self.firsts[..block.len];
        write(self.first.walk(row, block), wholes, firsts, |_, sum| sum);
        for (((out, &whole), &first), &second) in
            out.iter_mut().zip(wholes).zip(&*firsts).zip(&*seconds)
        {
            *out = finish(whole, first, second);
        }
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
                    // Where rows end within a cache line, which is brought near to be shared with
                    // the next; whole lines go past the caches.
                    near(&out[width - 1..]);
                    fill(
                        sweeper,
                        people.row(first + at),
                        block,
                        &mut out[block.first..][..block.len],
                    );
                }
            }
            // Once for all rows: one after the other, they need not wait for memory.
            index.lanes().fence();
            count.add((out.len() / width) as u64);
            Ok(())
        },
    )
}

/// Writes what `cell` makes of each whole and sum. Sums are padded: they go on past `out`.
#[inline]
pub(super) fn write<C>(
    sums: Sums<'_>,
    wholes: &[u32],
    out: &mut [C],
    cell: impl Fn(u32, u32) -> C,
) {
    macro_rules! write {
        ($sums:expr, $widen:expr) => {
            for ((out, &whole), &sum) in out.iter_mut().zip(wholes).zip($sums) {
                *out = cell(whole, $widen(sum));
            }
        };
    }
    match sums {
        Sums::Bytes(sums) => write!(sums, u32::from),
        Sums::Shorts(sums) => write!(sums, u32::from),
        Sums::Words(sums) => write!(sums, |sum| sum),
        #[expect(clippy::cast_possible_truncation, reason = "no sum passes its total of 32 bits")]
        Sums::Longs(sums) => write!(sums, |sum| sum as u32),
    }
}
