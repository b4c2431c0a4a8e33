//! An index that grows and shrinks: only the blocks that change are turned round again.

use std::ops::Range;

use rayon::prelude::*;

use super::block::{BLOCK, Block, NOT_DENSE};
use super::codebook::Codebook;
use super::index::{GONE, Index, parts_of_block};
use crate::error::Result;
use crate::matrix::{Pair, Rows};
use crate::run::Run;

/// Rows taken out of blocks, or on their way into one.
#[derive(Clone, Debug)]
pub(crate) struct Loose {
    offsets: Vec<u64>,
    skills: Vec<u32>,
    levels: Vec<u16>,
    weights: Vec<u16>,
    skill_count: usize,
}

impl Loose {
    pub(crate) fn new(skill_count: usize) -> Self {
        let (skills, levels, weights) = (Vec::new(), Vec::new(), Vec::new());
        Self { offsets: vec![0], skills, levels, weights, skill_count }
    }

    pub(crate) fn push(&mut self, cells: impl Iterator<Item = (u32, Pair)>) {
        for (skill, pair) in cells {
            self.skills.push(skill);
            self.levels.push(pair.level);
            self.weights.push(pair.weight);
        }
        self.offsets.push(self.skills.len() as u64);
    }

    /// Appends rows. The error says that it was stopped.
    pub(crate) fn extend(&mut self, rows: Rows<'_>, run: &Run) -> Result<()> {
        for (at, row) in rows.iter().enumerate() {
            if at % BLOCK == 0 {
                run.go_on()?;
            }
            self.push(row.cells());
        }
        Ok(())
    }

    /// Them as they stand.
    pub(crate) fn rows(&self) -> Rows<'_> {
        let Self { offsets, skills, levels, weights, skill_count } = self;
        Rows::trusted(offsets, skills, levels, Some(weights), *skill_count)
    }
}

impl Index {
    /// All rows, in their order. O(cells + skills × blocks). The error says that it was stopped.
    pub(crate) fn to_rows(&self, run: &Run) -> Result<Loose> {
        debug_assert!(self.order.is_none(), "rows in an order of their own");
        let mut all = Loose::new(self.dense_of.len());
        self.pour(&mut all, run)?;
        Ok(all)
    }

    /// Puts rows after the last one. O(their cells and those of one block), or all of it where they
    /// bring cells that the codes have no room for. The error says that it was stopped: nothing is
    /// changed then.
    pub(crate) fn append(&mut self, added: Rows<'_>, run: &Run) -> Result<()> {
        debug_assert!(self.order.is_none(), "rows in an order of their own have no end");
        // The last block is filled up with the first of them.
        let filled = self.blocks.last().is_some_and(|block| block.len < BLOCK);
        let kept = self.blocks.len() - usize::from(filled);
        let mut changed = Loose::new(self.dense_of.len());
        for block in &self.blocks[kept..] {
            self.take_out(block, |_| true, &mut changed);
        }
        changed.extend(added, run)?;
        let codes = if kept == 0 { None } else { self.codes_with(changed.rows(), run)? };
        let Some(codes) = codes else {
            // All that there is: codes and common skills are chosen anew.
            let mut all = Loose::new(self.dense_of.len());
            for block in &self.blocks[..kept] {
                run.go_on()?;
                self.take_out(block, |_| true, &mut all);
            }
            all.extend(changed.rows(), run)?;
            *self = Self::build(all.rows(), run)?;
            return Ok(());
        };
        let blocks = self.blocks_of(changed.rows(), &codes, run)?;
        self.codes = codes;
        self.len += added.len();
        self.put_in([(kept..self.blocks.len(), blocks)]);
        Ok(())
    }

    /// Drops the rows at `places`, ascending; those after them move up. O(cells of the blocks that
    /// have one of them). The error says that it was stopped: nothing is changed then.
    pub(crate) fn remove(&mut self, places: &[u32], run: &Run) -> Result<()> {
        debug_assert!(self.order.is_none(), "places are positions");
        let gone = |place: usize| places.binary_search(&(place as u32)).is_ok();
        // Each run of blocks that lose rows is put together anew, as few blocks as it takes.
        let loses = |block: &Block| {
            let next = places.partition_point(|&place| (place as usize) < block.first);
            places.get(next).is_some_and(|&place| (place as usize) < block.first + block.len)
        };
        let mut instead = Vec::new();
        let mut from = 0;
        while from < self.blocks.len() {
            let count = self.blocks[from..].iter().take_while(|block| loses(block)).count();
            if count > 0 {
                let mut kept = Loose::new(self.dense_of.len());
                for block in &self.blocks[from..from + count] {
                    run.go_on()?;
                    self.take_out(block, |local| !gone(block.first + local), &mut kept);
                }
                let blocks = self.blocks_of(kept.rows(), &self.codes, run)?;
                instead.push((from..from + count, blocks));
            }
            from += count.max(1);
        }
        self.len -= places.len();
        self.put_in(instead);
        Ok(())
    }

    /// Gives each row, by the position that it had, another one, or takes it away: what is left of
    /// it adds nothing to the sums of [`Term::Credit`](super::Term) and
    /// [`Term::Product`](super::Term). O(rows + cells of the blocks that lose one).
    pub(crate) fn renumber(&mut self, new: impl Fn(u32) -> Option<u32> + Sync) {
        let Self { blocks, order, .. } = self;
        // Rows are fewer than u32::MAX: `Rows` refuses more.
        let order = order.get_or_insert_with(|| (0u32..).take(self.len).collect());
        let mut rest = &mut order[..];
        let mut tasks = Vec::new();
        for block in blocks {
            let (own, others) = std::mem::take(&mut rest).split_at_mut(block.len);
            rest = others;
            tasks.push((block, own));
        }
        let lose = |(block, own): (&mut Block, &mut [u32])| {
            let mut gone = vec![false; own.len()];
            let mut lost = 0;
            for (position, gone) in own.iter_mut().zip(&mut gone) {
                if *position != GONE {
                    *position = new(*position).unwrap_or(GONE);
                    *gone = *position == GONE;
                    lost += usize::from(*gone);
                }
            }
            if lost > 0 {
                block.silence(&gone);
            }
            lost
        };
        self.gone += tasks.into_par_iter().map(lose).sum::<usize>();
    }

    /// Appends the rows that are still there, in the index's own order. O(cells). The error says that
    /// it was stopped.
    pub(crate) fn pour(&self, to: &mut Loose, run: &Run) -> Result<()> {
        for block in &self.blocks {
            run.go_on()?;
            self.take_out(block, |local| self.position(block.first + local) != GONE, to);
        }
        Ok(())
    }

    /// Copies the rows of a block that are to be kept.
    fn take_out(&self, block: &Block, keep: impl Fn(usize) -> bool, to: &mut Loose) {
        let mut rows = vec![Vec::new(); block.len];
        for (skill, &dense) in (0..).zip(&self.dense_of) {
            self.each_cell(block, skill, dense, |local, pair| rows[local].push((skill, pair)));
        }
        for (local, row) in rows.into_iter().enumerate() {
            if keep(local) {
                to.push(row.into_iter());
            }
        }
    }

    /// Says each row of a block that has `skill`, and how.
    fn each_cell(&self, block: &Block, skill: u32, dense: u16, mut say: impl FnMut(usize, Pair)) {
        let pairs = self.codes.pairs();
        if dense != NOT_DENSE {
            for (local, &code) in block.dense(dense)[..block.len].iter().enumerate() {
                if code != 0 {
                    say(local, pairs[usize::from(code) - 1]);
                }
            }
        } else if self.is_coded() {
            // The padding has code 0.
            for posting in block.postings(skill).iter().filter(|&posting| posting >> 24 != 0) {
                say((posting & 0xFFFF) as usize, pairs[(posting >> 24) as usize - 1]);
            }
        } else {
            for (posting, &pair) in block.postings(skill).iter().zip(block.details(skill)) {
                say((posting & 0xFFFF) as usize, pair);
            }
        }
    }

    /// The codes with those of `rows` beside them; `None` where they do not do.
    fn codes_with(&self, rows: Rows<'_>, run: &Run) -> Result<Option<Codebook>> {
        let mut codes = self.codes.clone();
        let fits = !self.is_coded() || codes.takes(rows, run)?;
        let still_few = self.lanes().dense_share(codes.pairs().len()).is_some();
        Ok((fits && (self.dense_count() == 0 || still_few)).then_some(codes))
    }

    /// Rows turned round into blocks of their own.
    fn blocks_of(&self, rows: Rows<'_>, codes: &Codebook, run: &Run) -> Result<Vec<Block>> {
        let dense = (&*self.dense_of, self.dense_count());
        let count = rows.len().div_ceil(BLOCK);
        let parts = parts_of_block(count);
        let block = |block| {
            run.go_on()?;
            let start = block * BLOCK;
            let span = (start, BLOCK.min(rows.len() - start));
            Ok(Block::build(rows, |at| at, span, codes, dense, parts))
        };
        (0..count).into_par_iter().map(block).collect()
    }

    /// Puts blocks in the place of others; ranges ascend.
    fn put_in(
        &mut self,
        instead: impl IntoIterator<Item = (Range<usize>, Vec<Block>), IntoIter: DoubleEndedIterator>,
    ) {
        // From the last one on, so that ranges before it stay what they are.
        for (range, blocks) in instead.into_iter().rev() {
            self.blocks.splice(range, blocks);
        }
        let mut first = 0;
        for block in &mut self.blocks {
            block.first = first;
            first += block.len;
        }
    }
}
