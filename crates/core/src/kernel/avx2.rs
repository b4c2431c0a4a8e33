//! The 256-bit twins of `scalar`.

use super::block::{CHUNK, STRETCH};
use super::twins::{DenseTerm, Hit, Work};
use std::arch::x86_64::*;

/// Reads 32 bytes from the start of `cells`.
#[inline]
#[target_feature(enable = "avx2,bmi2,popcnt")]
fn load<T: Copy>(cells: &[T]) -> __m256i {
    assert!(size_of_val(cells) >= 32);
    // SAFETY: the slice has 32 bytes to read, as just asserted; the load asks no alignment.
    unsafe { _mm256_loadu_si256(cells.as_ptr().cast()) }
}

/// Writes 32 bytes to the start of `cells`.
#[inline]
#[target_feature(enable = "avx2,bmi2,popcnt")]
fn store(cells: &mut [impl Copy], vector: __m256i) {
    assert!(size_of_val(cells) >= 32);
    // SAFETY: the slice has 32 bytes to write, as just asserted, any bits are an integer, and the
    // store asks no alignment.
    unsafe { _mm256_storeu_si256(cells.as_mut_ptr().cast(), vector) }
}

/// The first 16 entries of a table, twice, for the in-lane shuffle.
#[inline]
#[target_feature(enable = "avx2,bmi2,popcnt")]
fn table_of(bytes: &[u8; 256]) -> __m256i {
    // SAFETY: the array has 16 bytes to read; the load asks no alignment.
    _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
}

/// Rows of which the sums stay in registers.
const SPAN: usize = STRETCH / 2;

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(crate) fn lay_bytes(sums: &mut [u8], terms: &[DenseTerm<'_>], small: bool) {
    if !small {
        return super::scalar::lay_bytes(sums, terms, small);
    }
    for (span, sums) in sums.chunks_exact_mut(SPAN).enumerate() {
        let mut parts = [_mm256_setzero_si256(); 4];
        for term in terms {
            let table = table_of(term.bytes);
            let codes = &term.codes[span * SPAN..][..SPAN];
            for (part, at) in parts.iter_mut().zip([0, 32, 64, 96]) {
                let added = _mm256_shuffle_epi8(table, load(&codes[at..]));
                *part = _mm256_add_epi8(*part, added);
            }
        }
        for (part, at) in parts.into_iter().zip([0, 32, 64, 96]) {
            store(&mut sums[at..], part);
        }
    }
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(crate) fn lay_shorts(sums: &mut [u16], terms: &[DenseTerm<'_>], small: bool) {
    if !small {
        return super::scalar::lay_shorts(sums, terms, small);
    }
    for (span, sums) in sums.chunks_exact_mut(SPAN).enumerate() {
        let mut parts = [_mm256_setzero_si256(); 4];
        let mut wide = [_mm256_setzero_si256(); 8];
        for term in terms {
            if term.spill {
                spill(&mut wide, &mut parts);
            }
            let table = table_of(term.bytes);
            let codes = &term.codes[span * SPAN..][..SPAN];
            for (part, at) in parts.iter_mut().zip([0, 32, 64, 96]) {
                let added = _mm256_shuffle_epi8(table, load(&codes[at..]));
                *part = _mm256_add_epi8(*part, added);
            }
        }
        spill(&mut wide, &mut parts);
        for (wide, at) in wide.into_iter().zip([0, 16, 32, 48, 64, 80, 96, 112]) {
            store(&mut sums[at..], wide);
        }
    }
}

/// Adds the bytes to the 16-bit sums and clears them.
#[inline]
#[target_feature(enable = "avx2,bmi2,popcnt")]
fn spill(wide: &mut [__m256i; 8], parts: &mut [__m256i; 4]) {
    for (part, wide) in parts.iter_mut().zip(wide.chunks_exact_mut(2)) {
        let (low, high) = (_mm256_castsi256_si128(*part), _mm256_extracti128_si256::<1>(*part));
        wide[0] = _mm256_add_epi16(wide[0], _mm256_cvtepu8_epi16(low));
        wide[1] = _mm256_add_epi16(wide[1], _mm256_cvtepu8_epi16(high));
        *part = _mm256_setzero_si256();
    }
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(crate) fn reach_bytes(sums: &[u8], needs: &[u16], shift: u32, hits: &mut [Hit]) -> usize {
    let mut count = 0;
    for (sums, chunk) in sums.as_chunks::<CHUNK>().0.iter().zip(0..) {
        let need = _mm256_set1_epi8(needs[chunk as usize >> shift].min(0xFF) as i8);
        let half = |sums: &[u8]| {
            let sums = load(sums);
            // a >= b for unsigned bytes: the greater of both is a.
            let reached = _mm256_cmpeq_epi8(_mm256_max_epu8(sums, need), sums);
            _mm256_movemask_epi8(reached) as u32
        };
        let mask = u64::from(half(sums)) | u64::from(half(&sums[32..])) << 32;
        // Written always and counted where there is one, so that nothing branches.
        hits[count] = Hit { chunk, mask };
        count += usize::from(mask != 0);
    }
    count
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(crate) fn reach_shorts(sums: &[u16], needs: &[u16], shift: u32, hits: &mut [Hit]) -> usize {
    let mut count = 0;
    for (sums, chunk) in sums.as_chunks::<CHUNK>().0.iter().zip(0..) {
        let need = _mm256_set1_epi16(needs[chunk as usize >> shift] as i16);
        let reached = |sums: &[u16]| {
            let sums = load(sums);
            // a >= b for unsigned numbers: the greater of both is a.
            _mm256_cmpeq_epi16(_mm256_max_epu16(sums, need), sums)
        };
        let half = |sums: &[u16]| {
            let packed = _mm256_packs_epi16(reached(sums), reached(&sums[16..]));
            // Packing works within 128-bit lanes: put the quarters back in order.
            let packed = _mm256_permute4x64_epi64::<0b11_01_10_00>(packed);
            _mm256_movemask_epi8(packed) as u32
        };
        let mask = u64::from(half(sums)) | u64::from(half(&sums[32..])) << 32;
        hits[count] = Hit { chunk, mask };
        count += usize::from(mask != 0);
    }
    count
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(crate) fn best_bytes(sums: &[u8], k: usize, hits: &mut [Hit]) -> (usize, u8) {
    let bits = |mask: __m256i| u64::from(_mm256_movemask_epi8(mask) as u32);
    // Which bytes of a chunk reach a number, and which are it.
    let reached = |sums: &[u8], least: __m256i| {
        let half = |sums: &[u8]| {
            let sums = load(sums);
            // a >= b for unsigned bytes: the greater of both is a.
            bits(_mm256_cmpeq_epi8(_mm256_max_epu8(sums, least), sums))
        };
        half(sums) | half(&sums[32..]) << 32
    };
    let equal = |sums: &[u8], least: __m256i| {
        let half = |sums: &[u8]| bits(_mm256_cmpeq_epi8(load(sums), least));
        half(sums) | half(&sums[32..]) << 32
    };
    let count = |sums: &[u8], least: u8| {
        let least = _mm256_set1_epi8(least as i8);
        let reached = |sums: &[u8; CHUNK]| reached(sums, least).count_ones();
        sums.as_chunks::<CHUNK>().0.iter().map(reached).sum::<u32>() as usize
    };
    let (least, above) = super::scalar::kth_of_bytes(sums, k, count);
    let needed = _mm256_set1_epi8(least.max(1) as i8);
    let mut found = 0;
    for (sums, chunk) in sums.as_chunks::<CHUNK>().0.iter().zip(0..) {
        let mask = reached(sums, needed);
        // Written always and counted where there is one, so that nothing branches.
        hits[found] = Hit { chunk, mask };
        found += usize::from(mask != 0);
    }
    if least > 0 {
        let mut before = 0;
        for Hit { chunk, mask } in &mut hits[..found] {
            let equal = equal(&sums[*chunk as usize * CHUNK..], needed);
            *mask &= !equal | lowest(equal, k - above, &mut before);
        }
    }
    (found, least)
}

/// The lowest bits of `mask`, as many as are left of `most` after those `before`, which it adds to.
#[inline]
#[target_feature(enable = "bmi2,popcnt")]
pub(super) fn lowest(mask: u64, most: usize, before: &mut usize) -> u64 {
    let left = most.saturating_sub(*before).min(64) as u32;
    *before += mask.count_ones() as usize;
    _pdep_u64(_bzhi_u64(u64::MAX, left), mask)
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(crate) fn crest_bytes(sums: &[u8], run: usize, crests: &mut Vec<[u16; 64]>) {
    // Plain code under this width's features compiles to the same vectors.
    super::scalar::crest_bytes(sums, run, crests);
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(crate) fn crest_shorts(sums: &[u16], run: usize, crests: &mut Vec<[u16; 64]>) {
    for sums in sums.chunks(run * CHUNK) {
        let mut most = [_mm256_setzero_si256(); 4];
        for chunk in sums.chunks_exact(CHUNK) {
            for (most, at) in most.iter_mut().zip([0, 16, 32, 48]) {
                *most = _mm256_max_epu16(*most, load(&chunk[at..]));
            }
        }
        let mut crest = [0; 64];
        for (most, at) in most.into_iter().zip([0, 16, 32, 48]) {
            store(&mut crest[at..], most);
        }
        crests.push(crest);
    }
}

/// Writes the first 16 cells of `out` past the caches; they begin half a cache line.
#[inline]
#[target_feature(enable = "avx2,bmi2,popcnt")]
fn stream(out: &mut [u16], vector: __m256i) {
    assert!(out.len() >= 16 && out.as_ptr().addr().is_multiple_of(32));
    // SAFETY: 32 bytes may be written and they are aligned to 32, as just asserted.
    unsafe { _mm256_stream_si256(out.as_mut_ptr().cast(), vector) }
}

/// Reads 16 bytes from the start of `cells`.
#[inline]
#[target_feature(enable = "avx2,bmi2,popcnt")]
fn load_half(cells: &[u8]) -> __m128i {
    assert!(cells.len() >= 16);
    // SAFETY: the slice has 16 bytes to read, as just asserted; the load asks no alignment.
    unsafe { _mm_loadu_si128(cells.as_ptr().cast()) }
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(crate) fn subtract_bytes(totals: &[u16], sums: &[u8], out: &mut [u16]) {
    let (totals, sums) = (&totals[..out.len()], &sums[..out.len()]);
    let head = out.as_ptr().align_offset(64).min(out.len());
    super::scalar::subtract_bytes(&totals[..head], &sums[..head], &mut out[..head]);
    let mut at = head;
    // Both halves of a line, so that lines are written whole.
    while at + 32 <= out.len() {
        for at in [at, at + 16] {
            let sum = _mm256_cvtepu8_epi16(load_half(&sums[at..]));
            stream(&mut out[at..], _mm256_sub_epi16(load(&totals[at..]), sum));
        }
        at += 32;
    }
    super::scalar::subtract_bytes(&totals[at..], &sums[at..], &mut out[at..]);
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(crate) fn subtract_shorts(totals: &[u16], sums: &[u16], out: &mut [u16]) {
    let (totals, sums) = (&totals[..out.len()], &sums[..out.len()]);
    let head = out.as_ptr().align_offset(64).min(out.len());
    super::scalar::subtract_shorts(&totals[..head], &sums[..head], &mut out[..head]);
    let mut at = head;
    // Both halves of a line, so that lines are written whole.
    while at + 32 <= out.len() {
        for at in [at, at + 16] {
            stream(&mut out[at..], _mm256_sub_epi16(load(&totals[at..]), load(&sums[at..])));
        }
        at += 32;
    }
    super::scalar::subtract_shorts(&totals[at..], &sums[at..], &mut out[at..]);
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(crate) fn fence() {
    _mm_sfence();
}

/// Does `work`, whose inlined code is compiled for this width.
#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(crate) fn run<W: Work>(work: W) {
    work.run();
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(crate) fn kth_greatest(values: &[u16], k: usize) -> u16 {
    // Plain code under this width's features compiles to the same vectors.
    super::scalar::kth_greatest(values, k)
}

#[target_feature(enable = "avx2,bmi2,popcnt")]
pub(crate) fn fall_short(
    said: &[u32],
    skills: &[u32],
    levels: &[u16],
    to_skills: &mut Vec<u32>,
    to_shortfalls: &mut Vec<u16>,
    to_classes: &mut Vec<u8>,
) {
    // There is no instruction that moves what is counted together: the plain loop is as good.
    super::scalar::fall_short(said, skills, levels, to_skills, to_shortfalls, to_classes);
}
