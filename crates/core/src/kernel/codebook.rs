//! The distinct cells of a matrix, numbered, so that a posting needs one byte for its cell.

use crate::matrix::{Pair, Rows};
use rayon::prelude::*;

/// Codes are bytes, and 0 says "not there".
pub(crate) const MOST_CODES: usize = 255;

/// Distinct cells, ascending when the book is made: code `c` is `pairs[c - 1]`.
#[derive(Clone, Debug)]
pub(crate) struct Codebook {
    pairs: Vec<Pair>,
    slots: Box<[(u32, u8)]>,
}

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
    /// The cells of `rows`, or `None` where they are more than codes.
    pub(crate) fn of(rows: Rows<'_>) -> Option<Self> {
        let parts = (0..rows.len())
            .into_par_iter()
            .with_min_len(2048)
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
        let mut slots = vec![(0, 0); SLOTS].into_boxed_slice();
        for (code, &key) in (1..=u8::MAX).zip(&keys) {
            let mut at = slot(key);
            while slots[at].1 != 0 {
                at = (at + 1) % SLOTS;
            }
            slots[at] = (key, code);
        }
        let pairs = keys.iter().map(|&key| Pair { level: key as u16, weight: (key >> 16) as u16 });
        Some(Self { pairs: pairs.collect(), slots })
    }

    /// A book without codes, for matrices whose postings carry their cells whole.
    pub(crate) fn empty() -> Self {
        Self { pairs: Vec::new(), slots: Box::default() }
    }

    /// The code of a cell, or 0 where it has none.
    #[inline]
    pub(crate) fn code(&self, pair: Pair) -> u8 {
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

    /// Gives codes to the cells that have none yet; whether there are enough.
    pub(crate) fn takes(&mut self, rows: Rows<'_>) -> bool {
        for row in rows.iter() {
            for (_, pair) in row.cells() {
                if self.code(pair) != 0 {
                    continue;
                }
                if self.pairs.len() == MOST_CODES {
                    return false;
                }
                self.pairs.push(pair);
                let key = key(pair);
                let mut at = slot(key);
                while self.slots[at].1 != 0 {
                    at = (at + 1) % SLOTS;
                }
                // At most MOST_CODES, which fits a byte.
                self.slots[at] = (key, self.pairs.len() as u8);
            }
        }
        true
    }

    /// The cells, by code - 1.
    pub(crate) fn pairs(&self) -> &[Pair] {
        &self.pairs
    }
}
