//! A run of indexed rows, turned round: by skill, who has it and how.

use super::aligned::Aligned;
use super::codebook::Codebook;
use super::twins::near;
use crate::matrix::{Pair, Row, Rows};
use rayon::prelude::*;
use std::ops::Range;

/// Rows in a block: their sums, two bytes each, stay in the first-level cache.
pub(crate) const BLOCK: usize = 16_384;

/// Rows that are compared at once; blocks are padded to whole chunks, and dense rows to
/// [`STRETCH`].
pub(crate) const CHUNK: usize = 64;

/// Rows of which the vector twins keep the sums in registers.
pub(crate) const STRETCH: usize = 256;

/// Postings come in whole groups, so that walks run without a branch for each length.
pub(crate) const PAD: usize = 4;

/// Rows between the one that is turned round and the one that is brought near.
const AHEAD: usize = 16;

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
    /// Turns round the rows `place(first..first + len)` of `rows`, in `parts` tasks.
    pub(crate) fn build(
        rows: Rows<'_>,
        place: impl Fn(usize) -> usize + Sync,
        (first, len): (usize, usize),
        codes: &Codebook,
        (dense_of, dense_count): (&[u16], usize),
        parts: usize,
    ) -> Self {
        let padded = len.div_ceil(STRETCH) * STRETCH;
        let mut dense = Aligned::new(dense_count * padded);
        // Each task has some skills, and with them some dense rows, for those are numbered alike.
        let skill_count = rows.skill_count() as usize;
        let share = skill_count.div_ceil(parts.max(1)).max(1);
        let mut rest = dense.get_mut();
        let mut tasks = Vec::new();
        for from in (0..skill_count).step_by(share) {
            let to = (from + share).min(skill_count);
            let common = dense_of[from..to].iter().filter(|&&dense| dense != NOT_DENSE).count();
            let (mine, others) = std::mem::take(&mut rest).split_at_mut(common * padded);
            rest = others;
            tasks.push((from as u32..to as u32, mine));
        }
        let turned = tasks
            .into_par_iter()
            .map(|(skills, dense)| {
                let of_block = (0..len).map(|local| {
                    // In an order of their own, rows are far from one another.
                    if local + AHEAD < len {
                        let ahead = rows.row(place(first + local + AHEAD));
                        near(ahead.skills());
                        near(ahead.levels());
                        near(ahead.weights().unwrap_or_default());
                    }
                    rows.row(place(first + local))
                });
                Part::build(of_block, skills, codes, dense_of, (dense, padded))
            })
            .collect::<Vec<_>>();
        let mut turned = turned.into_iter();
        let mut all = turned.next().unwrap_or_default();
        for part in turned {
            let before = all.postings.len() as u32;
            all.starts.extend(part.starts.iter().map(|start| before + start));
            all.postings.extend(part.postings);
            all.details.extend(part.details);
        }
        all.starts.push(all.postings.len() as u32);
        let Part { starts, postings, details } = all;
        Self { first, len, padded, starts, postings, details, dense }
    }

    /// The postings of a skill: place in the block in the low 16 bits, code in the high 8.
    #[inline]
    pub(crate) fn postings(&self, skill: u32) -> &[u32] {
        let Range { start, end } = self.span(skill);
        &self.postings[start as usize..end as usize]
    }

    /// Where the postings of a skill are among [`Self::all_postings`].
    #[inline]
    pub(super) fn span(&self, skill: u32) -> Range<u32> {
        let skill = skill as usize;
        self.starts[skill]..self.starts[skill + 1]
    }

    /// The postings of all skills.
    #[inline]
    pub(super) fn all_postings(&self) -> &[u32] {
        &self.postings
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

    /// Takes the cells of some rows away: what is left of them adds nothing. O(cells).
    pub(super) fn silence(&mut self, gone: &[bool]) {
        for (at, posting) in self.postings.iter_mut().enumerate() {
            // Padding may name places beyond the last row.
            if gone.get((*posting & 0xFFFF) as usize) == Some(&true) {
                *posting &= 0xFFFF;
                if let Some(pair) = self.details.get_mut(at) {
                    *pair = Pair { level: 0, weight: 0 };
                }
            }
        }
        if self.padded > 0 {
            for codes in self.dense.get_mut().chunks_exact_mut(self.padded) {
                for (code, _) in codes.iter_mut().zip(gone).filter(|&(_, &gone)| gone) {
                    *code = 0;
                }
            }
        }
    }

    /// Bytes it keeps.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(&*self.starts)
            + size_of_val(&*self.postings)
            + size_of_val(&*self.details)
            + self.dense.get().len()
    }
}

/// Some skills of a block.
#[derive(Default)]
struct Part {
    starts: Vec<u32>,
    postings: Vec<u32>,
    details: Vec<Pair>,
}

impl Part {
    /// Turns round what `rows` have of `skills`; codes of common ones go to `dense`, rows of
    /// `padded` cells, the first of which is the first common one of `skills`.
    fn build<'a>(
        rows: impl Iterator<Item = Row<'a>> + Clone,
        skills: Range<u32>,
        codes: &Codebook,
        dense_of: &[u16],
        (dense, padded): (&mut [u8], usize),
    ) -> Self {
        let coded = !codes.pairs().is_empty();
        let whole = skills.len() == dense_of.len();
        let own = |row: Row<'a>| {
            let of_row = row.skills();
            if whole {
                return 0..of_row.len();
            }
            let from = of_row.partition_point(|&skill| skill < skills.start);
            let to = from + of_row[from..].partition_point(|&skill| skill < skills.end);
            from..to
        };
        let mut ends = vec![0_u32; skills.len()];
        for row in rows.clone() {
            for &skill in &row.skills()[own(row)] {
                ends[(skill - skills.start) as usize] += 1;
            }
        }
        let dense_of = &dense_of[skills.start as usize..skills.end as usize];
        let first_dense = dense_of.iter().find(|&&dense| dense != NOT_DENSE).copied();
        let first_dense = usize::from(first_dense.unwrap_or(0));
        let mut sum = 0;
        for (end, &dense) in ends.iter_mut().zip(dense_of) {
            let count = if dense == NOT_DENSE { *end } else { 0 };
            // Details have no padding, for nothing can be said of a row that is not there.
            let count = if coded { count.div_ceil(PAD as u32) * PAD as u32 } else { count };
            *end = sum;
            sum += count;
        }
        let starts = ends.clone();
        let mut postings = vec![0_u32; sum as usize];
        let mut details = Vec::new();
        if !coded {
            details = vec![Pair { level: 0, weight: 0 }; sum as usize];
        }
        for (local, row) in rows.enumerate() {
            for at in own(row) {
                let (skill, pair) = ((row.skills()[at] - skills.start) as usize, row.pair(at));
                let common = dense_of[skill];
                if common != NOT_DENSE {
                    let common = usize::from(common) - first_dense;
                    dense[common * padded + local] = codes.code(pair);
                    continue;
                }
                let end = &mut ends[skill];
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
        if coded {
            // The padding has code 0, which adds nothing, to rows that differ, so that no addition
            // waits for the one before.
            let until = starts[1..].iter().copied().chain([sum]);
            for (&end, until) in ends.iter().zip(until) {
                for at in end..until {
                    postings[at as usize] = at % PAD as u32;
                }
            }
        }
        Self { starts, postings, details }
    }
}
