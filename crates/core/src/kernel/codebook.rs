//! The distinct cells of a matrix, numbered, so that a posting needs one byte for its cell.

use crate::error::Result;
use crate::matrix::{Pair, Rows};
use crate::run::Run;
use rayon::prelude::*;

/// Codes are bytes, and 0 says "not there".
pub(crate) const MOST_CODES: usize = 255;

/// Distinct cells, ascending when the book is made: code `c` is `pairs[c - 1]`.
#[derive(Clone, Debug)]
pub(crate) struct Codebook {
    pairs: Vec<Pair>,
    slots: Box<[(u32, u8)]>,
    /// Codes by weight and level, where both are small: no search then.
    direct: Vec<u8>,
    /// Levels in a row of `direct`.
    stride: usize,
}

/// Cells that codes are looked up for directly: they stay in the first-level cache.
const DIRECT: usize = 4096;

/// Rows taken before asking again whether to go on.
const ROWS_AT_ONCE: usize = 4096;

/// Slots of the open table; four times the codes it may hold.
const SLOTS: usize = 1024;

/// A cell as one number; never 0 for a required one, and 0 is handled as a key like any other.
#[inline]
fn key(pair: Pair) -> u32 {
    u32::from(pair.weight) << 16 | u32::from(pair.level)
}

#[inline]
fn slot(key: u32) -> usize {
    (key.wrapping_mul(0x9E37_79B1) >> 22) as usize
}

/// Distinct keys in the order they were met, up to [`MOST_CODES`].
struct Distinct {
    keys: Vec<u32>,
    slots: Vec<Option<u32>>,
    overflowed: bool,
}

impl Distinct {
    fn new() -> Self {
        Self { keys: Vec::new(), slots: vec![None; SLOTS], overflowed: false }
    }

    #[inline]
    fn add(&mut self, key: u32) {
        let mut at = slot(key);
        loop {
            match self.slots[at] {
                Some(found) if found == key => return,
                Some(_) => at = (at + 1) % SLOTS,
                None if self.keys.len() == MOST_CODES => {
                    self.overflowed = true;
                    return;
                }
                None => {
                    self.slots[at] = Some(key);
                    self.keys.push(key);
                    return;
                }
            }
        }
    }
}

impl Codebook {
    /// The cells of `rows`, or `None` where they are more than codes; of a run that is stopped, those
    /// of some rows.
    pub(crate) fn of(rows: Rows<'_>, run: &Run) -> Option<Self> {
        let (levels, weights) = rows.columns();
        let most = |numbers: &[u16]| {
            numbers
                .par_chunks(1 << 16)
                .take_any_while(|_| run.go_on().is_ok())
                .map(|part| part.iter().copied().fold(0, u16::max))
                .max()
                .unwrap_or(0)
        };
        let stride = usize::from(most(levels)) + 1;
        let heaviest = weights.map_or(1, most);
        let cells = stride * (usize::from(heaviest) + 1);
        if cells <= DIRECT {
            return Self::of_small(levels, weights, (stride, cells), run);
        }
        let parts = (0..rows.len())
            .into_par_iter()
            .with_min_len(2048)
            .take_any_while(|_| run.go_on().is_ok())
            .fold(Distinct::new, |mut distinct, row| {
                if !distinct.overflowed {
                    let mut last = None;
                    for (_, pair) in rows.row(row).cells() {
                        let key = key(pair);
                        if last != Some(key) {
                            distinct.add(key);
                            last = Some(key);
                        }
                    }
                }
                distinct
            })
            .collect::<Vec<_>>();
        if parts.iter().any(|part| part.overflowed) {
            return None;
        }
        let mut keys = parts.into_iter().flat_map(|part| part.keys).collect::<Vec<_>>();
        keys.sort_unstable();
        keys.dedup();
        if keys.len() > MOST_CODES {
            return None;
        }
        Some(Self::with(keys, (Vec::new(), 0)))
    }

    /// The same where levels and weights are small.
    fn of_small(
        levels: &[u16],
        weights: Option<&[u16]>,
        (stride, cells): (usize, usize),
        run: &Run,
    ) -> Option<Self> {
        let seen = (0..levels.len().div_ceil(1 << 16))
            .into_par_iter()
            .take_any_while(|_| run.go_on().is_ok())
            .fold(
                || vec![0_u8; cells],
                |mut seen, part| {
                    let span = part << 16..((part + 1) << 16).min(levels.len());
                    match weights {
                        Some(weights) => {
                            for (&level, &weight) in levels[span.clone()].iter().zip(&weights[span])
                            {
                                seen[usize::from(weight) * stride + usize::from(level)] = 1;
                            }
                        }
                        None => {
                            for &level in &levels[span] {
                                seen[stride + usize::from(level)] = 1;
                            }
                        }
                    }
                    seen
                },
            )
            .reduce_with(|mut one, other| {
                one.iter_mut().zip(other).for_each(|(one, other)| *one |= other);
                one
            })
            .unwrap_or_else(|| vec![0; cells]);
        let there = seen.iter().enumerate().filter(|&(_, &seen)| seen != 0);
        // Small numbers, both, as was asked.
        let keys = there.map(|(at, _)| (((at / stride) << 16) | (at % stride)) as u32);
        let keys = keys.collect::<Vec<_>>();
        (keys.len() <= MOST_CODES).then(|| Self::with(keys, (vec![0; cells], stride)))
    }

    /// The book of these keys, at most [`MOST_CODES`].
    fn with(keys: Vec<u32>, (direct, stride): (Vec<u8>, usize)) -> Self {
        let slots = vec![(0, 0); SLOTS].into_boxed_slice();
        let mut book = Self { pairs: Vec::new(), slots, direct, stride };
        for key in keys {
            book.give(Pair { level: key as u16, weight: (key >> 16) as u16 });
        }
        book
    }

    /// Gives the next code to a cell that has none.
    fn give(&mut self, pair: Pair) {
        self.pairs.push(pair);
        // At most MOST_CODES, which fits a byte.
        let code = self.pairs.len() as u8;
        let key = key(pair);
        let mut at = slot(key);
        while self.slots[at].1 != 0 {
            at = (at + 1) % SLOTS;
        }
        self.slots[at] = (key, code);
        if let Some(place) = self.place(pair) {
            self.direct[place] = code;
        }
    }

    /// Where the code of a cell can be looked up.
    #[inline]
    fn place(&self, pair: Pair) -> Option<usize> {
        let place = usize::from(pair.weight) * self.stride + usize::from(pair.level);
        (usize::from(pair.level) < self.stride && place < self.direct.len()).then_some(place)
    }

    /// A book without codes, for matrices whose postings carry their cells whole.
    pub(crate) fn empty() -> Self {
        Self { pairs: Vec::new(), slots: Box::default(), direct: Vec::new(), stride: 0 }
    }

    /// The code of a cell, or 0 where it has none.
    #[inline]
    pub(crate) fn code(&self, pair: Pair) -> u8 {
        if let Some(place) = self.place(pair) {
            return self.direct[place];
        }
        let key = key(pair);
        let mut at = slot(key);
        loop {
            let (found, code) = self.slots[at];
            if code == 0 || found == key {
                return code;
            }
            at = (at + 1) % SLOTS;
        }
    }

    /// Gives codes to the cells that have none yet; whether there are enough. The error says that
    /// it was stopped.
    pub(crate) fn takes(&mut self, rows: Rows<'_>, run: &Run) -> Result<bool> {
        for (at, row) in rows.iter().enumerate() {
            if at % ROWS_AT_ONCE == 0 {
                run.go_on()?;
            }
            for (_, pair) in row.cells() {
                if self.code(pair) != 0 {
                    continue;
                }
                if self.pairs.len() == MOST_CODES {
                    return Ok(false);
                }
                self.give(pair);
            }
        }
        Ok(true)
    }

    /// The cells, by code - 1.
    pub(crate) fn pairs(&self) -> &[Pair] {
        &self.pairs
    }
}
