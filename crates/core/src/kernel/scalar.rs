//! The plain twins: what the vector twins must equal.

use super::block::CHUNK;
use super::twins::{DenseTerm, Hit};

pub(crate) fn lay_bytes(sums: &mut [u8], terms: &[DenseTerm<'_>], _small: bool) {
    sums.fill(0);
    for term in terms {
        for (sum, &code) in sums.iter_mut().zip(term.codes) {
            *sum = sum.wrapping_add(term.bytes[usize::from(code)]);
        }
    }
}

pub(crate) fn lay_shorts(sums: &mut [u16], terms: &[DenseTerm<'_>], _small: bool) {
    sums.fill(0);
    for term in terms {
        for (sum, &code) in sums.iter_mut().zip(term.codes) {
            *sum = sum.wrapping_add(u16::from(term.bytes[usize::from(code)]));
        }
    }
}

pub(crate) fn reach_bytes(sums: &[u8], needs: &[u16], shift: u32, hits: &mut [Hit]) -> usize {
    reach(sums, needs, shift, hits, |need| need.min(0xFF) as u8)
}

pub(crate) fn reach_shorts(sums: &[u16], needs: &[u16], shift: u32, hits: &mut [Hit]) -> usize {
    reach(sums, needs, shift, hits, |need| need)
}

#[inline]
fn reach<T: Copy + Ord>(
    sums: &[T],
    needs: &[u16],
    shift: u32,
    hits: &mut [Hit],
    narrow: impl Fn(u16) -> T,
) -> usize {
    let mut count = 0;
    for (sums, chunk) in sums.as_chunks::<CHUNK>().0.iter().zip(0..) {
        let need = narrow(needs[chunk as usize >> shift]);
        // Most chunks have no hit: ask for one first, which compiles to vector code.
        if sums.iter().fold(0_u8, |any, &sum| any | u8::from(sum >= need)) == 0 {
            continue;
        }
        let bit = |mask, (at, &sum)| mask | u64::from(sum >= need) << at;
        let mask = sums.iter().enumerate().fold(0, bit);
        hits[count] = Hit { chunk, mask };
        count += 1;
    }
    count
}

pub(crate) fn crest_bytes(sums: &[u8], run: usize, crests: &mut Vec<[u16; 64]>) {
    for sums in sums.chunks(run * CHUNK) {
        let mut crest = [0_u8; CHUNK];
        for chunk in sums.chunks_exact(CHUNK) {
            for (most, &sum) in crest.iter_mut().zip(chunk) {
                *most = (*most).max(sum);
            }
        }
        crests.push(crest.map(u16::from));
    }
}

pub(crate) fn crest_shorts(sums: &[u16], run: usize, crests: &mut Vec<[u16; 64]>) {
    for sums in sums.chunks(run * CHUNK) {
        let mut crest = [0_u16; CHUNK];
        for chunk in sums.chunks_exact(CHUNK) {
            for (most, &sum) in crest.iter_mut().zip(chunk) {
                *most = (*most).max(sum);
            }
        }
        crests.push(crest);
    }
}

/// Stripes of sums whose greatest give a first bound to [`kth_of_bytes`].
const STRIPES: usize = 2 * CHUNK;

/// The greatest number that at least `k` of `sums` reach, and how many pass it; 0, and all that are
/// not, where those are fewer. `count` says how many of whole chunks of sums reach a number. Takes on
/// the width of the twin that it is inlined into.
#[inline(always)]
pub(super) fn kth_of_bytes(
    sums: &[u8],
    k: usize,
    count: impl Fn(&[u8], u8) -> usize,
) -> (u8, usize) {
    let mut greatest = [0_u8; STRIPES];
    for sums in sums.as_chunks::<STRIPES>().0 {
        for (most, &sum) in greatest.iter_mut().zip(sums) {
            *most = (*most).max(sum);
        }
    }
    // Each stripe has one sum that reaches its greatest: mostly it is very near. Bit by bit, so that
    // no branch depends on the values.
    let mut least = 0_u8;
    for bit in (0..8).rev() {
        let tried = least | 1 << bit;
        least = if count(&greatest, tried) >= k { tried } else { least };
    }
    let (mut end, mut above, mut step) = (1 + u16::from(u8::MAX), 0, 1);
    while u16::from(least) + 1 < end {
        let half = u16::midpoint(u16::from(least), end);
        // Below `end`, so it fits.
        let tried = half.min(u16::from(least) + step) as u8;
        let reached = count(sums, tried);
        if reached >= k {
            (least, step) = (tried, 2 * step);
        } else {
            (end, above) = (u16::from(tried), reached);
        }
    }
    (least, above)
}

/// How many of `sums`, whole stripes, reach `least`.
#[inline]
fn count(sums: &[u8], least: u8) -> usize {
    // Stripes are few enough for their count to fit a byte.
    let reached = |part: &[u8; STRIPES]| part.iter().fold(0, |sum, &v| sum + u8::from(v >= least));
    sums.as_chunks().0.iter().map(|part| usize::from(reached(part))).sum()
}

pub(crate) fn best_bytes(sums: &[u8], k: usize, hits: &mut [Hit]) -> (usize, u8) {
    let (least, above) = kth_of_bytes(sums, k, count);
    // One need for all chunks, of which there are fewer.
    let found = reach_bytes(sums, &[u16::from(least.max(1))], u16::BITS, hits);
    if least > 0 {
        let mut equals = k - above;
        for Hit { chunk, mask } in &mut hits[..found] {
            let mut left = *mask;
            while left != 0 {
                let at = left.trailing_zeros();
                left &= left - 1;
                if sums[*chunk as usize * CHUNK + at as usize] == least {
                    *mask ^= u64::from(equals == 0) << at;
                    equals = equals.saturating_sub(1);
                }
            }
        }
    }
    (found, least)
}

pub(crate) fn subtract_bytes(totals: &[u16], sums: &[u8], out: &mut [u16]) {
    for ((out, &total), &sum) in out.iter_mut().zip(totals).zip(sums) {
        *out = total.wrapping_sub(u16::from(sum));
    }
}

pub(crate) fn subtract_shorts(totals: &[u16], sums: &[u16], out: &mut [u16]) {
    for ((out, &total), &sum) in out.iter_mut().zip(totals).zip(sums) {
        *out = total.wrapping_sub(sum);
    }
}

pub(crate) fn fence() {}

#[inline]
pub(crate) fn kth_greatest(values: &[u16], k: usize) -> u16 {
    // Bit by bit, so that no branch depends on the values.
    let mut found = 0_u16;
    for bit in (0..16).rev() {
        let tried = found | 1 << bit;
        let reached = |part: &[u16]| part.iter().fold(0_u16, |sum, &v| sum + u16::from(v >= tried));
        // A part is short enough for its count to fit.
        let reached = values.chunks(1024).map(|part| usize::from(reached(part))).sum::<usize>();
        found = if reached >= k { tried } else { found };
    }
    found
}

pub(crate) fn fall_short(
    said: &[u32],
    skills: &[u32],
    levels: &[u16],
    to_skills: &mut Vec<u32>,
    to_shortfalls: &mut Vec<u16>,
    to_classes: &mut Vec<u8>,
) {
    to_skills.reserve(skills.len());
    to_shortfalls.reserve(skills.len());
    to_classes.reserve(skills.len());
    // Of one length, so that one check holds for all three.
    let more_skills = &mut to_skills.spare_capacity_mut()[..skills.len()];
    let more_shortfalls = &mut to_shortfalls.spare_capacity_mut()[..skills.len()];
    let more_classes = &mut to_classes.spare_capacity_mut()[..skills.len()];
    let mut count = 0;
    for (&skill, &level) in skills.iter().zip(levels) {
        let said = said[skill as usize];
        // Written always and counted where there is one: which, no processor could foretell.
        more_skills[count].write(skill);
        more_shortfalls[count].write(level.wrapping_sub(said.saturating_sub(1) as u16));
        more_classes[count].write(3 - said.min(2) as u8);
        count += usize::from(said <= u32::from(level));
    }
    // SAFETY: from each length on, `count` cells were written within the room there is.
    unsafe {
        to_skills.set_len(to_skills.len() + count);
        to_shortfalls.set_len(to_shortfalls.len() + count);
        to_classes.set_len(to_classes.len() + count);
    }
}
