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

    /// Asks for the start of a list to be brought near; a hint, without result.
    #[inline(always)]
    pub(crate) fn fetch<T>(self, list: &[T]) {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: SSE is part of x86-64, and a prefetch reads nothing that the program sees.
        unsafe {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            _mm_prefetch::<_MM_HINT_T0>(list.as_ptr().cast());
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = list;
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
    /// By runs of `run` chunks, the greatest sum at each place of a chunk, widened.
    fn crest_bytes(sums: &[u8], run: usize, crests: &mut Vec<[u16; 64]>);
    /// The same in 16 bits.
    fn crest_shorts(sums: &[u16], run: usize, crests: &mut Vec<[u16; 64]>);
    /// `out[i] = totals[i] - sums[i]`, past the caches where that is faster.
    fn subtract_bytes(totals: &[u16], sums: &[u8], out: &mut [u16]);
    /// The same from 16 bits.
    fn subtract_shorts(totals: &[u16], sums: &[u16], out: &mut [u16]);
    /// The greatest number that at least `k` of `values` reach; 0 where they are fewer.
    fn kth_greatest(values: &[u16], k: usize) -> u16;
}
