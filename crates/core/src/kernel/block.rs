//! A run of indexed rows, turned round: by skill, who has it and how.

use super::aligned::Aligned;
use super::codebook::Codebook;
use crate::matrix::{Pair, Rows};

/// Rows in a block: their sums, two bytes each, stay in the first-level cache.
pub(crate) const BLOCK: usize = 16_384;

/// Rows that are compared at once; blocks are padded to whole chunks, and dense rows to
/// [`STRETCH`].
pub(crate) const CHUNK: usize = 64;

/// Rows of which the vector twins keep the sums in registers.
pub(crate) const STRETCH: usize = 256;

/// Postings come in whole groups, so that walks run without a branch for each length.
pub(crate) const PAD: usize = 8;

/// Marks a skill that has no dense row.
pub(crate) const NOT_DENSE: u16 = u16::MAX;

/// Up to [`BLOCK`] consecutive rows of an index.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Place of the first row in the index's own order.
    pub(crate) first: usize,
    /// Rows, without the padding.
    pub(crate) len: usize,
    /// Rows, with the padding.
    pub(crate) padded: usize,
    /// By skill, where its postings start; one more at the end.
    starts: Vec<u32>,
    /// Place in the block (low 16 bits) and code (high 8 bits).
    postings: Vec<u32>,
    /// The cells of the postings, where there are too many for codes; else empty.
    details: Vec<Pair>,
    /// A row of codes for each common skill, 0 where it is absent.
    dense: Aligned<u8>,
}

impl Block {
    /// Turns round the rows `place(first..first + len)` of `rows`.
    pub(crate) fn build(
        rows: Rows<'_>,
        place: impl Fn(usize) -> usize,
        (first, len): (usize, usize),
        codes: &Codebook,
        (dense_of, dense_count): (&[u16], usize),
    ) -> Self {
        let padded = len.div_ceil(STRETCH) * STRETCH;
        let coded = !codes.pairs().is_empty();
        let mut ends = vec![0_u32; rows.skill_count() as usize + 1];
        for at in first..first + len {
            for &skill in rows.row(place(at)).skills() {
                ends[skill as usize] += 1;
            }
        }
        let mut sum = 0;
        for (skill, end) in ends.iter_mut().enumerate() {
            let sparse = dense_of.get(skill).is_none_or(|&dense| dense == NOT_DENSE);
            let count = if sparse { *end } else { 0 };
            // Details have no padding, for nothing can be said of a row that is not there.
            let count = if coded { count.div_ceil(PAD as u32) * PAD as u32 } else { count };
            *end = sum;
            sum += count;
        }
        let starts = ends.clone();
        // The padding has code 0, which adds nothing, to rows that differ, so that no addition waits
        // for the one before.
        let mut postings = (0..PAD as u32).cycle().take(sum as usize).collect::<Vec<_>>();
        let mut details = Vec::new();
        if !coded {
            details = vec![Pair { level: 0, weight: 0 }; sum as usize];
        }
        let mut dense = Aligned::new(dense_count * padded);
        let codes_of_dense = dense.get_mut();
        for local in 0..len {
            let row = rows.row(place(first + local));
            for (skill, pair) in row.cells() {
                let common = dense_of[skill as usize];
                if common != NOT_DENSE {
                    codes_of_dense[usize::from(common) * padded + local] = codes.code(pair);
                    continue;
                }
                let end = &mut ends[skill as usize];
                let at = *end as usize;
                *end += 1;
                // `local` is below BLOCK, so it keeps to the low 16 bits.
                if coded {
                    postings[at] = u32::from(codes.code(pair)) << 24 | local as u32;
                } else {
                    postings[at] = local as u32;
                    details[at] = pair;
                }
            }
        }
        Self { first, len, padded, starts, postings, details, dense }
    }

    /// The postings of a skill: place in the block in the low 16 bits, code in the high 8.
    #[inline]
    pub(crate) fn postings(&self, skill: u32) -> &[u32] {
        let skill = skill as usize;
        &self.postings[self.starts[skill] as usize..self.starts[skill + 1] as usize]
    }

    /// The cells beside [`Self::postings`], where the index is not coded.
    #[inline]
    pub(crate) fn details(&self, skill: u32) -> &[Pair] {
        let skill = skill as usize;
        &self.details[self.starts[skill] as usize..self.starts[skill + 1] as usize]
    }

    /// The codes of a common skill, one for each row and for the padding.
    #[inline]
    pub(crate) fn dense(&self, dense: u16) -> &[u8] {
        &self.dense.get()[usize::from(dense) * self.padded..][..self.padded]
    }

    /// Bytes it keeps.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.starts)
            + size_of_val(&*self.postings)
            + size_of_val(&*self.details)
            + self.dense.get().len()
    }
}
