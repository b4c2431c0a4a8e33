//! What calls through the C functions take beside the same calls in Rust: 10,000 people, 3,039
//! occupations, 201 pairs of calls, one right after the other and each first in turn. Printed: the
//! median of each, and of the differences of pairs with the middle half of them.
//!
//! Both sides read the same matrices, those behind the handles, so that where these lie in memory
//! makes no difference; both name what they ask for, and write into the same buffers.
//!
//! `cargo bench -p passerelle-ffi --bench overhead`

use std::hint::black_box;
use std::process::ExitCode;
use std::ptr;
use std::time::Instant;

use passerelle::Run;
use passerelle::gap::{Measure, measure_into, skill_gaps};
use passerelle::matrix::Rows;
use passerelle::rank::{fitted, people_for_targets_into, targets_for_people_into};
use passerelle_benches::workload::Workload;
use passerelle_ffi::gap::{SkillGap, passerelle_gap, passerelle_skill_gaps};
use passerelle_ffi::matrix::{Csr, People, Targets, passerelle_people_new, passerelle_targets_new};
use passerelle_ffi::rank::passerelle_rank;
use passerelle_ffi::status::Status;
use passerelle_ffi::table::{self, Handle};

const PEOPLE: usize = 10_000;
const PAIRS: usize = 201;
const K: usize = 10;

/// What a C call may add, in milliseconds.
const MOST: f64 = 0.05;

fn main() -> ExitCode {
    let drawn = Workload::new(PEOPLE);
    let people = handle(drawn.held.rows(), None);
    let targets = handle(drawn.required.rows(), Some(people));
    let behind = (
        table::get::<People>(people, "people").unwrap(),
        table::get::<Targets>(targets, "targets").unwrap(),
    );
    let (held, required) = (&behind.0.0, &*behind.1.0);
    let run = &Run::new();
    let mut kept = true;
    println!(
        "{:<28}{:>10}{:>10}{:>12}   middle half, ms",
        "call", "Rust, ms", "C, ms", "difference"
    );

    let mut figures = vec![0_f32; held.len() * required.len()];
    let figures = figures.as_mut_slice();
    kept &= compare(
        "gap, everyone",
        figures,
        |figures| {
            let measure = "coverage".parse::<Measure>().unwrap();
            measure_into(held, required, measure, figures, run).unwrap();
        },
        |figures| {
            let (measure, length) = ("coverage", figures.len());
            let to = figures.as_mut_ptr();
            // SAFETY: the text and the buffer are as long as is said.
            unsafe {
                passerelle_gap(people, targets, measure.as_ptr().cast(), 8, to, length, ptr::null())
            }
        },
    );
    for (name, ranked, rows) in [
        ("top 10 targets for everyone", 0, held.len()),
        ("top 10 people for all", 1, required.len()),
    ] {
        let mut best = (vec![0_i32; rows * K], vec![0_f32; rows * K]);
        kept &= compare(
            name,
            &mut best,
            |(positions, scores)| {
                let into = (&mut positions[..], &mut scores[..]);
                let by = &*fitted("coverage", required).unwrap();
                match ranked {
                    0 => targets_for_people_into(held, required, K, by, into, run).unwrap(),
                    _ => people_for_targets_into(held, required, K, by, into, run).unwrap(),
                }
            },
            |(positions, scores)| {
                let (strategy, length) = ("coverage", positions.len());
                let (positions, scores) = (positions.as_mut_ptr(), scores.as_mut_ptr());
                // SAFETY: the text and the buffers are as long as is said.
                unsafe {
                    passerelle_rank(
                        people,
                        targets,
                        ranked,
                        K,
                        strategy.as_ptr().cast(),
                        8,
                        positions,
                        scores,
                        length,
                        ptr::null(),
                    )
                }
            },
        );
    }
    let empty = SkillGap {
        skill: 0,
        required: 0,
        held: 0,
        weight: 0,
        shortfall: 0,
        necessity: 0,
        standing: 0,
    };
    let mut gaps = (vec![None; 200], vec![empty; 200]);
    kept &= compare(
        "gaps skill by skill, a pair",
        &mut gaps,
        |(gaps, _)| {
            for (place, gap) in gaps.iter_mut().zip(skill_gaps(held.row(7), required.row(7))) {
                *place = Some(gap);
            }
            black_box(&*gaps);
        },
        |(_, gaps)| {
            let mut count = 0;
            // SAFETY: the buffer is as long as is said.
            unsafe {
                passerelle_skill_gaps(
                    people,
                    7,
                    targets,
                    7,
                    gaps.as_mut_ptr(),
                    gaps.len(),
                    &mut count,
                )
            }
        },
    );
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The rows as a caller of the C functions brings them.
fn handle(rows: Rows<'_>, axis: Option<Handle>) -> Handle {
    let (mut offsets, mut skills, mut levels, mut weights) = (vec![0_u64], vec![], vec![], vec![]);
    for row in rows.iter() {
        skills.extend(row.skills());
        levels.extend(row.levels());
        weights.extend(row.weights().unwrap_or_default());
        offsets.push(skills.len() as u64);
    }
    let given = Csr {
        axis: axis.unwrap_or(0),
        skill_count: rows.skill_count(),
        offset_bytes: 8,
        offsets: offsets.as_ptr().cast(),
        rows: offsets.len() - 1,
        cells: skills.len(),
        skills: skills.as_ptr(),
        levels: levels.as_ptr(),
        weights: if axis.is_some() { weights.as_ptr() } else { ptr::null() },
        necessities: ptr::null(),
    };
    let mut made = 0;
    // SAFETY: the structure says how long its arrays are.
    let status = unsafe {
        match axis {
            Some(_) => passerelle_targets_new(&given, &mut made),
            None => passerelle_people_new(&given, &mut made),
        }
    };
    assert_eq!(status, Status::Ok);
    made
}

/// Times pairs of calls, and says what they took; whether C adds no more than it may.
fn compare<T: ?Sized>(
    name: &str,
    into: &mut T,
    rust: impl Fn(&mut T),
    c: impl Fn(&mut T) -> Status,
) -> bool {
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    let rust = |into: &mut T| timed(|| rust(into));
    let c = |into: &mut T| timed(|| assert_eq!(c(into), Status::Ok));
    rust(into);
    c(into);
    for at in 0..PAIRS {
        let (one, other) = match at % 2 {
            0 => (rust(into), c(into)),
            _ => {
                let other = c(into);
                (rust(into), other)
            }
        };
        for (of, time) in times.iter_mut().zip([one, other, other - one]) {
            of.push(time);
        }
    }
    for of in &mut times {
        of.sort_unstable_by(f64::total_cmp);
    }
    let [rust, c, difference] = &times;
    let at = |of: &[f64], quarter| of[PAIRS * quarter / 4];
    println!(
        "{name:<28}{:>10.4}{:>10.4}{:>12.4}   {:.4} to {:.4}",
        at(rust, 2),
        at(c, 2),
        at(difference, 2),
        at(difference, 1),
        at(difference, 3)
    );
    at(difference, 2) <= MOST
}

/// Milliseconds.
fn timed(call: impl FnOnce()) -> f64 {
    let start = Instant::now();
    call();
    start.elapsed().as_secs_f64() * 1e3
}
