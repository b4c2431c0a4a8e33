//! The 512-bit twins of `scalar`.

use super::avx2::lowest;
use super::block::{CHUNK, STRETCH};
use super::twins::{DenseTerm, Hit, Work};
use std::arch::x86_64::*;

/// Reads 64 bytes from the start of `cells`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
fn load<T: Copy>(cells: &[T]) -> __m512i {
    assert!(size_of_val(cells) >= 64);
    // SAFETY: the slice has 64 bytes to read, as just asserted; the load asks no alignment.
    unsafe { _mm512_loadu_si512(cells.as_ptr().cast()) }
}

/// Writes 64 bytes to the start of `cells`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
fn store(cells: &mut [impl Copy], vector: __m512i) {
    assert!(size_of_val(cells) >= 64);
    // SAFETY: the slice has 64 bytes to write, as just asserted, any bits are an integer, and the
    // store asks no alignment.
    unsafe { _mm512_storeu_si512(cells.as_mut_ptr().cast(), vector) }
}

/// Reads 32 bytes from the start of `cells`.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
fn load_half(cells: &[u8]) -> __m256i {
    assert!(cells.len() >= 32);
    // SAFETY: the slice has 32 bytes to read, as just asserted; the load asks no alignment.
    unsafe { _mm256_loadu_si256(cells.as_ptr().cast()) }
}

/// What 64 codes add: `SMALL` tables have 16 entries, others 64.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
fn look_up<const SMALL: bool>(table: __m512i, codes: __m512i) -> __m512i {
    if SMALL { _mm512_shuffle_epi8(table, codes) } else { _mm512_permutexvar_epi8(codes, table) }
}

/// The table, ready for [`look_up`].
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
fn table_of<const SMALL: bool>(bytes: &[u8; 256]) -> __m512i {
    if SMALL {
        // SAFETY: the array has 16 bytes to read; the load asks no alignment.
        _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(bytes.as_ptr().cast()) })
    } else {
        load(bytes)
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(crate) fn lay_bytes(sums: &mut [u8], terms: &[DenseTerm<'_>], small: bool) {
    if small { lay_bytes_as::<true>(sums, terms) } else { lay_bytes_as::<false>(sums, terms) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
fn lay_bytes_as<const SMALL: bool>(sums: &mut [u8], terms: &[DenseTerm<'_>]) {
    for (stretch, sums) in sums.chunks_exact_mut(STRETCH).enumerate() {
        let mut parts = [_mm512_setzero_si512(); 4];
        for term in terms {
            let table = table_of::<SMALL>(term.bytes);
            let codes = &term.codes[stretch * STRETCH..][..STRETCH];
            for (part, at) in parts.iter_mut().zip([0, 64, 128, 192]) {
                *part = _mm512_add_epi8(*part, look_up::<SMALL>(table, load(&codes[at..])));
            }
        }
        for (part, at) in parts.into_iter().zip([0, 64, 128, 192]) {
            store(&mut sums[at..], part);
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(crate) fn lay_shorts(sums: &mut [u16], terms: &[DenseTerm<'_>], small: bool) {
    if small { lay_shorts_as::<true>(sums, terms) } else { lay_shorts_as::<false>(sums, terms) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
fn lay_shorts_as<const SMALL: bool>(sums: &mut [u16], terms: &[DenseTerm<'_>]) {
    for (stretch, sums) in sums.chunks_exact_mut(STRETCH).enumerate() {
        let mut parts = [_mm512_setzero_si512(); 4];
        let mut wide = [_mm512_setzero_si512(); 8];
        for term in terms {
            if term.spill {
                spill(&mut wide, &mut parts);
            }
            let table = table_of::<SMALL>(term.bytes);
            let codes = &term.codes[stretch * STRETCH..][..STRETCH];
            for (part, at) in parts.iter_mut().zip([0, 64, 128, 192]) {
                *part = _mm512_add_epi8(*part, look_up::<SMALL>(table, load(&codes[at..])));
            }
        }
        spill(&mut wide, &mut parts);
        for (wide, at) in wide.into_iter().zip([0, 32, 64, 96, 128, 160, 192, 224]) {
            store(&mut sums[at..], wide);
        }
    }
}

/// Adds the bytes to the 16-bit sums and clears them.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
fn spill(wide: &mut [__m512i; 8], parts: &mut [__m512i; 4]) {
    for (part, wide) in parts.iter_mut().zip(wide.chunks_exact_mut(2)) {
        let (low, high) = (_mm512_castsi512_si256(*part), _mm512_extracti64x4_epi64::<1>(*part));
        wide[0] = _mm512_add_epi16(wide[0], _mm512_cvtepu8_epi16(low));
        wide[1] = _mm512_add_epi16(wide[1], _mm512_cvtepu8_epi16(high));
        *part = _mm512_setzero_si512();
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(crate) fn reach_bytes(sums: &[u8], needs: &[u16], shift: u32, hits: &mut [Hit]) -> usize {
    let mut count = 0;
    for (sums, chunk) in sums.as_chunks::<CHUNK>().0.iter().zip(0..) {
        let need = needs[chunk as usize >> shift].min(0xFF);
        let mask = _mm512_cmpge_epu8_mask(load(sums), _mm512_set1_epi8(need as i8));
        // Written always and counted where there is one, so that nothing branches.
        hits[count] = Hit { chunk, mask };
        count += usize::from(mask != 0);
    }
    count
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(crate) fn reach_shorts(sums: &[u16], needs: &[u16], shift: u32, hits: &mut [Hit]) -> usize {
    let mut count = 0;
    for (sums, chunk) in sums.as_chunks::<CHUNK>().0.iter().zip(0..) {
        let need = _mm512_set1_epi16(needs[chunk as usize >> shift] as i16);
        let low = _mm512_cmpge_epu16_mask(load(sums), need);
        let high = _mm512_cmpge_epu16_mask(load(&sums[32..]), need);
        let mask = u64::from(low) | u64::from(high) << 32;
        hits[count] = Hit { chunk, mask };
        count += usize::from(mask != 0);
    }
    count
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(crate) fn best_bytes(sums: &[u8], k: usize, hits: &mut [Hit]) -> (usize, u8) {
    let count = |sums: &[u8], least: u8| {
        let least = _mm512_set1_epi8(least as i8);
        let reached = |sums: &[u8; CHUNK]| _mm512_cmpge_epu8_mask(load(sums), least).count_ones();
        sums.as_chunks::<CHUNK>().0.iter().map(reached).sum::<u32>() as usize
    };
    let (least, above) = super::scalar::kth_of_bytes(sums, k, count);
    let needed = _mm512_set1_epi8(least.max(1) as i8);
    let mut found = 0;
    for (sums, chunk) in sums.as_chunks::<CHUNK>().0.iter().zip(0..) {
        let mask = _mm512_cmpge_epu8_mask(load(sums), needed);
        // Written always and counted where there is one, so that nothing branches.
        hits[found] = Hit { chunk, mask };
        found += usize::from(mask != 0);
    }
    if least > 0 {
        let mut before = 0;
        for Hit { chunk, mask } in &mut hits[..found] {
            let equal = _mm512_cmpeq_epu8_mask(load(&sums[*chunk as usize * CHUNK..]), needed);
            *mask &= !equal | lowest(equal, k - above, &mut before);
        }
    }
    (found, least)
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(crate) fn crest_bytes(sums: &[u8], run: usize, crests: &mut Vec<[u16; 64]>) {
    for sums in sums.chunks(run * CHUNK) {
        let mut most = _mm512_setzero_si512();
        for chunk in sums.chunks_exact(CHUNK) {
            most = _mm512_max_epu8(most, load(chunk));
        }
        let mut crest = [0; 64];
        store(&mut crest[..32], _mm512_cvtepu8_epi16(_mm512_castsi512_si256(most)));
        store(&mut crest[32..], _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64::<1>(most)));
        crests.push(crest);
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(crate) fn crest_shorts(sums: &[u16], run: usize, crests: &mut Vec<[u16; 64]>) {
    for sums in sums.chunks(run * CHUNK) {
        let mut most = [_mm512_setzero_si512(); 2];
        for chunk in sums.chunks_exact(CHUNK) {
            most[0] = _mm512_max_epu16(most[0], load(chunk));
            most[1] = _mm512_max_epu16(most[1], load(&chunk[32..]));
        }
        let mut crest = [0; 64];
        store(&mut crest[..32], most[0]);
        store(&mut crest[32..], most[1]);
        crests.push(crest);
    }
}

/// Cells before the first one on a cache line.
#[inline]
fn before_line(out: &[u16]) -> usize {
    out.as_ptr().align_offset(64).min(out.len())
}

/// Writes the first 32 cells of `out` past the caches; they begin a cache line.
#[inline]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
fn stream(out: &mut [u16], vector: __m512i) {
    assert!(out.len() >= 32 && out.as_ptr().addr().is_multiple_of(64));
    // SAFETY: 64 bytes may be written and they begin a cache line, as just asserted.
    unsafe { _mm512_stream_si512(out.as_mut_ptr().cast(), vector) }
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(crate) fn subtract_bytes(totals: &[u16], sums: &[u8], out: &mut [u16]) {
    let (totals, sums) = (&totals[..out.len()], &sums[..out.len()]);
    let head = before_line(out);
    super::scalar::subtract_bytes(&totals[..head], &sums[..head], &mut out[..head]);
    let mut at = head;
    while at + 32 <= out.len() {
        let sum = _mm512_cvtepu8_epi16(load_half(&sums[at..]));
        stream(&mut out[at..], _mm512_sub_epi16(load(&totals[at..]), sum));
        at += 32;
    }
    super::scalar::subtract_bytes(&totals[at..], &sums[at..], &mut out[at..]);
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(crate) fn subtract_shorts(totals: &[u16], sums: &[u16], out: &mut [u16]) {
    let (totals, sums) = (&totals[..out.len()], &sums[..out.len()]);
    let head = before_line(out);
    super::scalar::subtract_shorts(&totals[..head], &sums[..head], &mut out[..head]);
    let mut at = head;
    while at + 32 <= out.len() {
        stream(&mut out[at..], _mm512_sub_epi16(load(&totals[at..]), load(&sums[at..])));
        at += 32;
    }
    super::scalar::subtract_shorts(&totals[at..], &sums[at..], &mut out[at..]);
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(crate) fn fence() {
    _mm_sfence();
}

/// Does `work`, whose inlined code is compiled for this width.
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(crate) fn run<W: Work>(work: W) {
    work.run();
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(crate) fn kth_greatest(values: &[u16], k: usize) -> u16 {
    let (whole, rest) = values.as_chunks::<32>();
    let mut last = [0; 32];
    last[..rest.len()].copy_from_slice(rest);
    let last = load(&last);
    let mut most = last;
    for values in whole {
        most = _mm512_max_epu16(most, load(values));
    }
    let reached = |tried: u16| {
        let least = _mm512_set1_epi16(tried as i16);
        let mut reached = _mm512_cmpge_epu16_mask(last, least).count_ones();
        for values in whole {
            reached += _mm512_cmpge_epu16_mask(load(values), least).count_ones();
        }
        reached as usize >= k
    };
    let mut numbers = [0_u16; 32];
    store(&mut numbers, most);
    let most = numbers.into_iter().fold(0, u16::max);
    // Mostly it is not far below the greatest: half the bits are left to find then.
    let near = most.saturating_sub(0xFF);
    let (mut found, bits) = if near > 0 && reached(near) { (near, 8) } else { (0, 16) };
    for bit in (0..bits).step_by(2).rev() {
        // Two bits in three counts that do not wait for one another. Never of 0, so the zeros that
        // fill the last vector are not counted; at most `most` counts.
        let tries = [1, 2, 3].map(|more| found.saturating_add(more << bit));
        for (tried, reached) in tries.into_iter().zip(tries.map(reached)) {
            found = if reached { tried } else { found };
        }
    }
    found
}

#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi2,popcnt")]
pub(crate) fn fall_short(
    said: &[u32],
    skills: &[u32],
    levels: &[u16],
    to_skills: &mut Vec<u32>,
    to_shortfalls: &mut Vec<u16>,
    to_classes: &mut Vec<u8>,
) {
    assert_eq!(skills.len(), levels.len());
    let room = skills.len().next_multiple_of(16);
    to_skills.reserve(room);
    to_shortfalls.reserve(room);
    to_classes.reserve(room);
    let (more_skills, more_shortfalls, more_classes) = (
        to_skills.spare_capacity_mut(),
        to_shortfalls.spare_capacity_mut(),
        to_classes.spare_capacity_mut(),
    );
    let end = _mm512_set1_epi32(i32::try_from(said.len()).unwrap_or(i32::MAX));
    let mut count = 0;
    for (skills, levels) in skills.chunks(16).zip(levels.chunks(16)) {
        let there = u16::MAX >> (16 - skills.len());
        // SAFETY: one bit of the mask for each skill, and nothing else is read.
        let skills = unsafe { _mm512_maskz_loadu_epi32(there, skills.as_ptr().cast()) };
        // SAFETY: as above, for there are as many levels.
        let levels = unsafe { _mm256_maskz_loadu_epi16(there, levels.as_ptr().cast()) };
        let levels = _mm512_cvtepu16_epi32(levels);
        let spoken = _mm512_mask_cmplt_epu32_mask(there, skills, end);
        let silent = _mm512_setzero_si512();
        // SAFETY: only what is below the end is read, which is no more than there is.
        let said = unsafe {
            _mm512_mask_i32gather_epi32::<4>(silent, spoken, skills, said.as_ptr().cast())
        };
        let short = _mm512_mask_cmple_epu32_mask(there, said, levels);
        // Held, or 0 where it is not or nobody knows.
        let one = _mm512_set1_epi32(1);
        let held = _mm512_sub_epi32(_mm512_max_epu32(said, one), one);
        let steps = _mm512_cvtepi32_epi16(_mm512_sub_epi32(levels, held));
        let two = _mm512_set1_epi32(2);
        let classes = _mm512_sub_epi32(_mm512_set1_epi32(3), _mm512_min_epu32(said, two));
        let classes = _mm512_cvtepi32_epi8(classes);
        // Whole vectors are written, of which only what is counted stays.
        store(&mut more_skills[count..], _mm512_maskz_compress_epi32(short, skills));
        let steps = _mm256_maskz_compress_epi16(short, steps);
        let to = &mut more_shortfalls[count..][..16];
        // SAFETY: there are 16 cells of two bytes to write; the store asks no alignment.
        unsafe { _mm256_storeu_si256(to.as_mut_ptr().cast(), steps) };
        let classes = _mm_maskz_compress_epi8(short, classes);
        let to = &mut more_classes[count..][..16];
        // SAFETY: there are 16 bytes to write; the store asks no alignment.
        unsafe { _mm_storeu_si128(to.as_mut_ptr().cast(), classes) };
        count += short.count_ones() as usize;
    }
    // SAFETY: from each length on, `count` cells were written, within the room that was reserved:
    // each vector's first cells are those it counts, and the next vector begins after them.
    unsafe {
        to_skills.set_len(to_skills.len() + count);
        to_shortfalls.set_len(to_shortfalls.len() + count);
        to_classes.set_len(to_classes.len() + count);
    }
}
