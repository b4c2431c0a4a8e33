//! The inverted index of one side.

use super::block::{BLOCK, Block, NOT_DENSE};
use super::codebook::Codebook;
use crate::error::Result;
use crate::matrix::{Pair, Rows};
use crate::run::{Lanes, Run};
use rayon::prelude::*;

/// One side turned round: for each skill, the rows that have it.
///
/// Cells are kept as one-byte codes (see `codebook`), common skills as dense rows of codes, and
/// rows in blocks whose sums fit the first-level cache. An index may keep the rows in an order of
/// its own; results are always said in the positions of the matrix it was built from.
#[derive(Debug)]
pub(crate) struct Index {
    pub(crate) blocks: Vec<Block>,
    pub(crate) codes: Codebook,
    pub(crate) dense_of: Vec<u16>,
    pub(super) order: Option<Vec<u32>>,
    pub(super) len: usize,
    /// How many of the rows are no longer there.
    pub(super) gone: usize,
    lanes: Lanes,
}

/// The position of a row that is no longer there.
pub(crate) const GONE: u32 = u32::MAX;

impl Index {
    /// Turns `rows` round, in the order they come. Runs on the threads it is called on; the error
    /// says that it was stopped between two blocks.
    pub(crate) fn build(rows: Rows<'_>, run: &Run) -> Result<Self> {
        Self::ordered(rows, None, run)
    }

    /// Turns `rows` round with row `order[i]` at place `i`, in the same way.
    pub(crate) fn ordered(rows: Rows<'_>, order: Option<Vec<u32>>, run: &Run) -> Result<Self> {
        let lanes = run.width();
        let codes = Codebook::of(rows, run);
        run.go_on()?;
        let (dense_of, dense_count) = match &codes {
            Some(codes) => common_skills(rows, lanes.dense_share(codes.pairs().len())),
            None => (vec![NOT_DENSE; rows.skill_count() as usize], 0),
        };
        let codes = codes.unwrap_or_else(Codebook::empty);
        let place = |at: usize| order.as_ref().map_or(at, |order| order[at] as usize);
        let count = rows.len().div_ceil(BLOCK);
        let parts = parts_of_block(count);
        let blocks = (0..count)
            .into_par_iter()
            .map(|block| {
                run.go_on()?;
                let first = block * BLOCK;
                let span = (first, BLOCK.min(rows.len() - first));
                Ok(Block::build(rows, place, span, &codes, (&dense_of, dense_count), parts))
            })
            .collect::<Result<_>>()?;
        Ok(Self { blocks, codes, dense_of, order, len: rows.len(), gone: 0, lanes })
    }

    /// How many rows are indexed, those that are no longer there among them.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// How many rows are no longer there.
    pub(crate) fn gone(&self) -> usize {
        self.gone
    }

    /// How many skills its axis has.
    pub(crate) fn skill_count(&self) -> u32 {
        // As many as the rows it was built from said, in 32 bits.
        self.dense_of.len() as u32
    }

    /// The vector width its walks use.
    pub(crate) fn lanes(&self) -> Lanes {
        self.lanes
    }

    /// Bytes it keeps.
    pub(crate) fn bytes(&self) -> usize {
        let order = self.order.as_ref().map_or(0, |order| size_of_val(&**order));
        self.blocks.iter().map(Block::bytes).sum::<usize>() + order + 2 * self.dense_of.len()
    }

    /// Whether places are positions.
    pub(crate) fn is_in_order(&self) -> bool {
        self.order.is_none()
    }

    /// Whether postings carry codes rather than whole cells.
    pub(crate) fn is_coded(&self) -> bool {
        !self.codes.pairs().is_empty()
    }

    /// Whether every code fits a 16-entry table.
    pub(crate) fn is_small(&self) -> bool {
        self.codes.pairs().len() < 16
    }

    /// How many skills have dense rows.
    pub(super) fn dense_count(&self) -> usize {
        self.dense_of.iter().filter(|&&dense| dense != NOT_DENSE).count()
    }

    /// The position of the row at a place of the index: in the matrix it was built from, or as it
    /// was renumbered, and then maybe [`GONE`].
    #[inline]
    pub(crate) fn position(&self, place: usize) -> u32 {
        // There are fewer than u32::MAX rows: `Rows` refuses more.
        self.order.as_ref().map_or(place as u32, |order| order[place])
    }
}

/// Tasks that each block is cut into, where there are fewer blocks than threads.
pub(super) fn parts_of_block(blocks: usize) -> usize {
    rayon::current_num_threads().div_ceil(blocks.max(1)).min(8)
}

/// Numbers the skills that more than `share` of the rows have.
fn common_skills(rows: Rows<'_>, share: Option<f64>) -> (Vec<u16>, usize) {
    let mut dense_of = vec![NOT_DENSE; rows.skill_count() as usize];
    let Some(share) = share else { return (dense_of, 0) };
    let mut dense_count = 0;
    let least = ((rows.len() as f64 * share) as usize).max(16);
    // A part of the rows, evenly spread, tells which skills are common: the choice changes the
    // time, never a result.
    let step = (rows.len() / 8192).max(1);
    let mut counts = vec![0_u32; dense_of.len()];
    for row in (0..rows.len()).step_by(step) {
        for &skill in rows.row(row).skills() {
            counts[skill as usize] += 1;
        }
    }
    for (dense, &count) in dense_of.iter_mut().zip(&counts) {
        if count as usize * step >= least && dense_count < usize::from(NOT_DENSE) {
            // Below NOT_DENSE, so it fits.
            *dense = dense_count as u16;
            dense_count += 1;
        }
    }
    (dense_of, dense_count)
}

impl Index {
    /// Says for each row that has `skill` what `part` makes of its cell; `part` is asked once for
    /// each code where there are codes.
    pub(crate) fn each_posting(
        &self,
        skill: u32,
        part: impl Fn(Pair) -> u64,
        mut say: impl FnMut(usize, u64),
    ) {
        let mut table = [0; 256];
        for (place, &pair) in table[1..].iter_mut().zip(self.codes.pairs()) {
            *place = part(pair);
        }
        let dense = self.dense_of[skill as usize];
        for block in &self.blocks {
            let mut at = |local: usize, part: u64| {
                say(self.position(block.first + local) as usize, part);
            };
            if dense != NOT_DENSE {
                for (local, &code) in block.dense(dense)[..block.len].iter().enumerate() {
                    if code != 0 {
                        at(local, table[usize::from(code)]);
                    }
                }
            }
            if self.is_coded() {
                // The padding has code 0.
                for posting in block.postings(skill).iter().filter(|&posting| posting >> 24 != 0) {
                    at((posting & 0xFFFF) as usize, table[(posting >> 24) as usize]);
                }
            } else {
                for (posting, &pair) in block.postings(skill).iter().zip(block.details(skill)) {
                    at((posting & 0xFFFF) as usize, part(pair));
                }
            }
        }
    }
}
