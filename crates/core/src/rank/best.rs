//! The best results met so far, and the score that the next must reach.
#![expect(clippy::cast_possible_truncation, reason = "halves of a 64-bit key")]

/// A result as one number: lower is better, and of equal scores the lower position.
#[inline(always)]
pub(crate) fn key(score: f32, position: u32) -> u64 {
    u64::from(!ascending(score)) << 32 | u64::from(position)
}

/// The score of a key.
#[inline(always)]
pub(crate) fn score(key: u64) -> f32 {
    from_ascending(!(key >> 32) as u32)
}

/// The position of a key.
#[inline(always)]
pub(crate) fn position(key: u64) -> u32 {
    key as u32
}

/// Bits that compare as the numbers do; -0 counts as 0.
#[inline(always)]
pub(crate) fn ascending(score: f32) -> u32 {
    let bits = (score + 0.0).to_bits();
    if bits >> 31 == 1 { !bits } else { bits | 1 << 31 }
}

/// The number of [`ascending`] bits.
#[inline(always)]
pub(crate) fn from_ascending(bits: u32) -> f32 {
    f32::from_bits(if bits >> 31 == 1 { bits & !(1 << 31) } else { !bits })
}

/// Keys that are sorted by counting.
const FEW: usize = 64;

/// Keys that one is compared with at once.
const AT_ONCE: usize = 16;

/// Up to `k` best results, with room to collect more before choosing.
#[derive(Clone, Debug)]
pub(crate) struct Best {
    k: usize,
    /// Whether what comes has a greater position than all before, and so comes after its equals.
    ordered: bool,
    keys: Vec<u64>,
    /// The least score that may still be a result.
    least: f32,
}

impl Best {
    pub(crate) fn new(k: usize) -> Self {
        Self { k, ordered: false, keys: Vec::new(), least: f32::NEG_INFINITY }
    }

    /// For results that come in the order of their positions: fewer equals are kept then.
    pub(crate) fn ordered(k: usize) -> Self {
        Self { ordered: true, ..Self::new(k) }
    }

    pub(crate) fn clear(&mut self) {
        self.keys.clear();
        self.least = f32::NEG_INFINITY;
    }

    /// The least score that may still be a result; `-∞` while there are fewer than `k`.
    #[inline(always)]
    pub(crate) fn least(&self) -> f32 {
        self.least
    }

    /// Learns that `k` results reach `score`.
    pub(crate) fn raise(&mut self, score: f32) {
        self.least = self.least.max(score);
    }

    /// Learns that `k` of the results kept reach `score`: equals that come after all of them are none.
    #[inline(always)]
    fn outdo(&mut self, score: f32) {
        self.raise(if self.ordered { score.next_up() } else { score });
    }

    /// Sorts by counting, for each key, those before it: more comparisons, and no branch that a
    /// processor would have to foretell.
    #[inline(always)]
    fn sort_few(&mut self) {
        let count = self.keys.len();
        let mut keys = [u64::MAX; FEW];
        keys[..count].copy_from_slice(&self.keys);
        // By place: how many keys come before. Each key is held against many places at once.
        let mut before = [[0_u64; AT_ONCE]; FEW / AT_ONCE];
        for (part, before) in
            keys.as_chunks::<AT_ONCE>().0.iter().zip(&mut before).take(count.div_ceil(AT_ONCE))
        {
            // To the padding, rather than so many: a loop whose length is open is not turned inside
            // out, which would cost more.
            for &other in keys.iter().take_while(|&&other| other != u64::MAX) {
                for (before, &key) in before.iter_mut().zip(part) {
                    *before += u64::from(other < key);
                }
            }
        }
        for (&key, &before) in keys[..count].iter().zip(before.as_flattened()) {
            // Keys are distinct, for positions are.
            self.keys[before as usize] = key;
        }
    }

    #[inline(always)]
    pub(crate) fn push(&mut self, score: f32, position: u32) {
        if score >= self.least {
            self.keys.push(key(score, position));
            if self.keys.len() >= 2 * self.k + 64 {
                self.settle();
            } else if self.ordered && self.keys.len() == self.k {
                let worst = self.keys.iter().copied().fold(0, u64::max);
                self.outdo(self::score(worst));
            }
        }
    }

    /// Keeps the best `k`, and asks their score of what comes.
    pub(crate) fn settle(&mut self) {
        if self.k == 0 {
            self.keys.clear();
            self.least = f32::INFINITY;
        } else if self.keys.len() >= self.k {
            let (_, &mut worst, _) = self.keys.select_nth_unstable(self.k - 1);
            self.keys.truncate(self.k);
            self.outdo(score(worst));
        }
    }

    /// Writes the results, best first, and pads.
    #[inline(always)]
    pub(crate) fn write(&mut self, positions: &mut [i32], scores: &mut [f32]) {
        if self.keys.len() > FEW.max(2 * self.k) {
            self.settle();
        }
        if self.keys.len() <= FEW {
            self.sort_few();
        } else {
            self.keys.sort_unstable();
        }
        self.keys.truncate(self.k);
        let found = self.keys.len();
        let out = positions.iter_mut().zip(scores.iter_mut());
        for ((at, out), &key) in out.zip(&self.keys) {
            // Positions are below 2³¹: neither id tables nor sparse rows hold more.
            (*at, *out) = (position(key).cast_signed(), score(key));
        }
        positions[found..].fill(-1);
        scores[found..].fill(0.0);
    }
}
