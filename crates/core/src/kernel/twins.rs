//! The one place where a vector width is acted on.

use super::scalar;
use crate::run::{Lanes, Width};

/// A common skill of the row that asks, in one block.
#[derive(Clone, Copy)]
pub(crate) struct DenseTerm<'a> {
    /// A code for each row of the block, padding included.
    pub(crate) codes: &'a [u8],
    /// What each code adds.
    pub(crate) bytes: &'a [u8; 256],
    /// Whether what was added since the last spill must be widened before this one is added.
    pub(crate) spill: bool,
}

/// A chunk in which some sums reach what is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Hit {
    /// The chunk's number in the block.
    pub(crate) chunk: u32,
    /// One bit for each row of the chunk.
    pub(crate) mask: u64,
}

/// Plain code that is worth compiling once for each width: a closure would not do, for only what
/// is inlined takes on the width, and closures cannot be told to be.
pub(crate) trait Work {
    /// Does it; mark it `#[inline(always)]`.
    fn run(self);
}

impl Lanes {
    /// Runs `work` compiled for this width: what is inlined into it becomes vector code.
    #[inline]
    pub(crate) fn run<W: Work>(self, work: W) {
        match self.width() {
            // SAFETY: a width above `Scalar` only comes from `Lanes::detect` and `Lanes::available`, which saw
            // the features of that width on this machine.
            #[cfg(target_arch = "x86_64")]
            Width::Avx512 => unsafe { super::avx512::run(work) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Width::Avx2 => unsafe { super::avx2::run(work) },
            _ => work.run(),
        }
    }

    /// The share of rows from which a skill is worth a dense row; `None` where it never is.
    pub(crate) fn dense_share(self, codes: usize) -> Option<f64> {
        match self.width() {
            Width::Avx512 if codes < 64 => Some(0.025),
            Width::Avx2 if codes < 16 => Some(0.04),
            _ => None,
        }
    }
}

/// Cells that [`Lanes::fall_short`] may write past what it counts.
pub(crate) const FALL_ROOM: usize = 16;

/// Asks for the start of a list to be brought near; a hint, without result.
#[inline(always)]
pub(crate) fn near<T>(list: &[T]) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: SSE is part of x86-64, and a prefetch reads nothing that the program sees.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(list.as_ptr().cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = list;
}

/// Writes one twin's call per width.
macro_rules! twins {
    ($($(#[$doc:meta])* fn $name:ident($($arg:ident: $type:ty),* $(,)?) $(-> $out:ty)?;)*) => {
        impl Lanes {$(
            $(#[$doc])*
            #[inline]
            pub(crate) fn $name(self, $($arg: $type),*) $(-> $out)? {
                match self.width() {
                    // SAFETY: a width above `Scalar` only comes from `Lanes::detect` and `Lanes::available`,
                    // which saw the features of that width on this machine.
                    #[cfg(target_arch = "x86_64")]
                    Width::Avx512 => unsafe { super::avx512::$name($($arg),*) },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Width::Avx2 => unsafe { super::avx2::$name($($arg),*) },
                    _ => scalar::$name($($arg),*),
                }
            }
        )*}
    };
}

twins! {
    /// `sums[i] = Σ bytes[codes[i]]` over the terms, whose codes are all below 16 where `small`
    /// and below 64 where not. The lengths are one multiple of 256, and no sum passes a byte.
    fn lay_bytes(sums: &mut [u8], terms: &[DenseTerm<'_>], small: bool);
    /// The same in 16 bits; between two spills what is added fits a byte.
    fn lay_shorts(sums: &mut [u16], terms: &[DenseTerm<'_>], small: bool);
    /// The chunks of which some sum reaches `needs[chunk >> shift]`, written to `hits`, which has
    /// room for all; says how many. A need beyond the width counts as the greatest sum, so such
    /// chunks may be hit without reason.
    fn reach_bytes(sums: &[u8], needs: &[u16], shift: u32, hits: &mut [Hit]) -> usize;
    /// The same in 16 bits.
    fn reach_shorts(sums: &[u16], needs: &[u16], shift: u32, hits: &mut [Hit]) -> usize;
    /// The `k` greatest sums, of equal ones those that come first, written to `hits` by chunks, and
    /// the least of them. Sums of 0 are none, and where they would be needed the least is 0.
    fn best_bytes(sums: &[u8], k: usize, hits: &mut [Hit]) -> (usize, u8);
    /// By runs of `run` chunks, the greatest sum at each place of a chunk, widened.
    fn crest_bytes(sums: &[u8], run: usize, crests: &mut Vec<[u16; 64]>);
    /// The same in 16 bits.
    fn crest_shorts(sums: &[u16], run: usize, crests: &mut Vec<[u16; 64]>);
    /// `out[i] = totals[i] - sums[i]`, past the caches where that is faster: [`Lanes::fence`] comes
    /// before anyone is told that it is written.
    fn subtract_bytes(totals: &[u16], sums: &[u8], out: &mut [u16]);
    /// The same from 16 bits.
    fn subtract_shorts(totals: &[u16], sums: &[u16], out: &mut [u16]);
    /// Waits until what went past the caches is seen by every thread.
    fn fence();
    /// The requirements, `levels` of `skills`, that someone falls short of, of whom `said` has for
    /// every skill there is the held level plus 1, or 0 where the profile is silent: skill, steps
    /// missing, and 1 where it is held below its level, 2 where it is known not to be held, 3 where
    /// the profile is silent. Appended; room for all of them, and up to [`FALL_ROOM`], is made where
    /// there is none.
    fn fall_short(
        said: &[u32], skills: &[u32], levels: &[u16],
        to_skills: &mut Vec<u32>, to_shortfalls: &mut Vec<u16>, to_classes: &mut Vec<u8>,
    );
    /// The greatest number that at least `k` of `values` reach; 0 where they are fewer.
    fn kth_greatest(values: &[u16], k: usize) -> u16;
}

#[cfg(test)]
mod tests {
    use super::super::block::CHUNK;
    use super::*;

    /// Numbers that look like none: a xorshift.
    fn numbers(mut state: u64) -> impl FnMut(u64) -> u64 {
        move |end| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % end
        }
    }

    #[test]
    fn every_twin_equals_the_plain_one() {
        let mut below = numbers(7);
        for (round, codes) in [(1, 16), (2, 64), (3, 2), (5, 63)] {
            let (small, len) = (codes <= 16, round * 256);
            // What a term adds stays below a fifth of a byte, so that two fit before a spill.
            let tables: Vec<[u8; 256]> = (0..9)
                .map(|_| std::array::from_fn(|at| if at == 0 { 0 } else { below(51) as u8 }))
                .collect();
            let rows: Vec<Vec<u8>> =
                (0..9).map(|_| (0..len).map(|_| below(codes) as u8).collect()).collect();
            let term = |at: usize| DenseTerm {
                codes: &rows[at],
                bytes: &tables[at],
                spill: at > 0 && at.is_multiple_of(4),
            };
            let terms: Vec<DenseTerm<'_>> = (0..9).map(term).collect();
            let (mut bytes, mut shorts) = (vec![9; len], vec![9; len]);
            scalar::lay_bytes(&mut bytes, &terms[..4], small);
            scalar::lay_shorts(&mut shorts, &terms, small);
            let needs: Vec<u16> = (0..len / CHUNK).map(|_| 100 + below(200) as u16).collect();
            let totals: Vec<u16> = (0..len).map(|_| 500 + below(9000) as u16).collect();
            for lanes in Lanes::available() {
                let (mut out, mut wide) = (vec![1; len], vec![1; len]);
                lanes.lay_bytes(&mut out, &terms[..4], small);
                assert_eq!(out, bytes);
                lanes.lay_shorts(&mut wide, &terms, small);
                assert_eq!(wide, shorts);
                let hits = |lanes: Lanes| {
                    let mut hits = vec![Hit::default(); len / CHUNK];
                    let found = lanes.reach_bytes(&bytes, &needs, 0, &mut hits);
                    let mut wide = vec![Hit::default(); len / CHUNK];
                    let of_wide = lanes.reach_shorts(&shorts, &needs, 1, &mut wide);
                    (hits[..found].to_vec(), wide[..of_wide].to_vec())
                };
                assert_eq!(hits(lanes), hits(Lanes::SCALAR));
                // Many equals, a few of them, one great sum among zeros, and nothing.
                let narrow = |by: u8| bytes.iter().map(|&sum| sum / by).collect::<Vec<_>>();
                let lone = (0..len).map(|at| u8::from(at == 70) * 255).collect();
                for sums in [narrow(60), narrow(9), narrow(1), lone, vec![0; len]] {
                    let mut keyed: Vec<_> = sums.iter().map(|&sum| !sum).zip(0u32..).collect();
                    keyed.sort_unstable();
                    for k in [1, 2, 10, 100, len, len + 1] {
                        let mut hits = vec![Hit::default(); len / CHUNK];
                        let (found, least) = lanes.best_bytes(&sums, k, &mut hits);
                        assert_eq!(least, keyed.get(k - 1).map_or(0, |key| !key.0));
                        let places = hits[..found].iter().flat_map(|hit| {
                            let set = |bit: &u32| hit.mask >> bit & 1 == 1;
                            (0..64).filter(set).map(|bit| hit.chunk * 64 + bit)
                        });
                        let there = keyed.iter().take(k).filter(|key| !key.0 > 0);
                        let mut expected: Vec<_> = there.map(|key| key.1).collect();
                        expected.sort_unstable();
                        assert_eq!(places.collect::<Vec<_>>(), expected);
                    }
                }
                let crests = |lanes: Lanes| {
                    let mut crests = Vec::new();
                    lanes.crest_bytes(&bytes, 3, &mut crests);
                    lanes.crest_shorts(&shorts, 3, &mut crests);
                    crests
                };
                assert_eq!(crests(lanes), crests(Lanes::SCALAR));
                for start in [0, 1, 31] {
                    let rest = |lanes: Lanes| {
                        let (mut one, mut two) = (vec![0; len], vec![0; len]);
                        let (from, to) = (&totals[..len - start], start..);
                        lanes.subtract_bytes(from, &bytes[..len - start], &mut one[to.clone()]);
                        lanes.subtract_shorts(from, &shorts[..len - start], &mut two[to]);
                        (one, two)
                    };
                    assert_eq!(rest(lanes), rest(Lanes::SCALAR));
                }
                let short = |lanes: Lanes| {
                    let mut out = (vec![4], vec![5], vec![6]);
                    let said: Vec<u32> = bytes.iter().map(|&byte| u32::from(byte % 7)).collect();
                    let skills: Vec<u32> = (0u32..).take(len).step_by(3).collect();
                    let levels: Vec<u16> = totals.iter().map(|total| 1 + total % 5).collect();
                    let levels = &levels[..skills.len()];
                    // Rows of every length, one after the other.
                    for end in 0..skills.len() {
                        let (skills, levels) = (&skills[..end], &levels[..end]);
                        lanes.fall_short(&said, skills, levels, &mut out.0, &mut out.1, &mut out.2);
                    }
                    out
                };
                assert_eq!(short(lanes), short(Lanes::SCALAR));
                for k in [1, 2, 10, len, len + 1] {
                    let mut sorted = totals.clone();
                    sorted.sort_unstable_by(|a, b| b.cmp(a));
                    let expected = sorted.get(k - 1).copied().unwrap_or(0);
                    assert_eq!(lanes.kth_greatest(&totals, k), expected);
                }
            }
        }
    }
}
