//! The engine of passerelle in the comparison with peers: does a job through the public API and
//! answers the driver as `benches/peers/engine.py` does.
//!
//! ```sh
//! ours JOB TARGETS PEOPLE         # then `run` and `save FILE` on standard input
//! ours draw FOLDER TARGETS PEOPLE # a published framework, and 100,000 people drawn from it
//! ours peak TARGETS PEOPLE        # bytes of a whole process that ranks floats, top 10
//! ours floors                     # what this machine writes, and adds, at best
//! ```
#![allow(clippy::cast_possible_truncation, reason = "people and targets are counted in 32 bits")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufRead, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use passerelle::gap::{Index, SkillGaps};
use passerelle::matrix::Rows;
use passerelle::rank::{
    Cosine, Coverage, Gap, Overlap, Ranking, RawRanker, RawRows, Strategy, rows_for_rows_into,
    targets_for_people,
};
use passerelle::{
    Held, LevelScale, Necessity, Required, Requirement, Run, SkillAxis, read, sample,
};
use passerelle_benches::matrix_file::{MatrixFile, UnitRows};

type Outcome<T> = Result<T, Box<dyn Error>>;

const THREADS: usize = 2;
const PAIRS: usize = 100_000;

fn main() -> Outcome<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["draw", folder, targets, people] => draw(folder, targets.as_ref(), people.as_ref()),
        ["floors"] => {
            floors();
            Ok(())
        }
        ["peak", targets, people] => peak(targets.as_ref(), people.as_ref()),
        [job, targets, people] => serve(job, targets.as_ref(), people.as_ref()),
        _ => Err("give a job, targets and people".into()),
    }
}

fn serve(job: &str, targets: &Path, people: &Path) -> Outcome<()> {
    let k = job.rsplit('-').next().and_then(|k| k.parse().ok()).unwrap_or(0);
    if job.starts_with("product") {
        let (people, targets) = (UnitRows::read(people)?, UnitRows::read(targets)?);
        return answer(
            // Looked over each time, as from another language.
            || Ok(products(raw(&targets)?, raw(&people)?, k)?),
            save,
        );
    }
    let (people, targets) = (MatrixFile::read(people)?, MatrixFile::read(targets)?);
    if let Some(job) = job.strip_prefix("bare-") {
        return match job.split('-').next() {
            Some("cosine") => bare(&people, &targets, k, &Cosine),
            Some("credit") => bare(&people, &targets, k, &Overlap),
            _ => Err(format!("no job `bare-{job}`").into()),
        };
    }
    let (held, required) = both(&people, &targets)?;
    let run = Run::new().threads(THREADS);
    if job == "gap-matrix" {
        let index = Index::new(required.rows(), &run)?;
        let mut out = vec![0_u16; held.len() * required.len()];
        return answer(
            || Ok(index.gap_into(held.rows(), 0, &mut out, &run)?),
            |(), to| {
                // Once more, for the buffer is lent to what is timed.
                let mut out = vec![0_u16; required.len()];
                let mut columns = vec![0_u64; required.len()];
                let mut rows = Vec::new();
                for person in 0..held.len() {
                    index.gap_into(held.rows(), person, &mut out, &run)?;
                    rows.push(out.iter().copied().map(u64::from).sum::<u64>());
                    for (sum, &gap) in columns.iter_mut().zip(&out) {
                        *sum += u64::from(gap);
                    }
                }
                write(to, rows.iter().chain(&columns).map(|sum| sum.to_le_bytes()))
            },
        );
    }
    if job.starts_with("gap-vectors") {
        let pairs = pairs(held.len(), required.len());
        let run = Run::new().threads(1);
        return answer(
            || Ok(SkillGaps::of_pairs(&held, &required, &pairs, &run)?),
            |gaps, to| {
                write(to, gaps.offsets.iter().map(|offset| offset.to_le_bytes()))?;
                write(to, gaps.skills.iter().map(|skill| skill.to_le_bytes()))?;
                write(to, gaps.shortfalls.iter().map(|steps| steps.to_le_bytes()))
            },
        );
    }
    match job.split('-').next() {
        Some("cosine") => rank(&held, &required, k, &Cosine),
        Some("coverage") => rank(&held, &required, k, &Coverage),
        Some("gap") => rank(&held, &required, k, &Gap),
        Some("credit") => rank(&held, &required, k, &Overlap),
        _ => Err(format!("no job `{job}`").into()),
    }
}

fn rank(held: &Held, required: &Required, k: usize, strategy: &impl Strategy) -> Outcome<()> {
    let run = Run::new().threads(THREADS);
    answer(
        || Ok(targets_for_people(held, required, k, strategy, &run)?),
        |ranking: &Ranking, to| {
            write(to, ranking.positions().iter().map(|at| at.to_le_bytes()))?;
            write(to, ranking.scores().iter().map(|score| score.to_le_bytes()))
        },
    )
}

/// Ranks arrays that are looked over each time, as from another language.
fn bare(
    people: &MatrixFile,
    targets: &MatrixFile,
    k: usize,
    strategy: &impl Strategy,
) -> Outcome<()> {
    let wide = |narrow: &[u8]| narrow.iter().copied().map(u16::from).collect::<Vec<_>>();
    let (held, required, weights) =
        (wide(&people.levels), wide(&targets.levels), wide(&targets.weights));
    let (axis, run) = (targets.skill_count, Run::new().threads(THREADS));
    answer(
        || {
            let held = Rows::held_on(&people.offsets, &people.skills, &held, axis, &run)?;
            let (offsets, skills) = (&targets.offsets, &targets.skills);
            let required = Rows::required_on(offsets, skills, &required, &weights, axis, &run)?;
            let (mut at, mut scores) = (vec![0; held.len() * k], vec![0.0; held.len() * k]);
            let into = (&mut at[..], &mut scores[..]);
            rows_for_rows_into(held, required, k, strategy, into, &run)?;
            Ok((at, scores))
        },
        save,
    )
}

fn save((at, scores): &(Vec<i32>, Vec<f32>), to: &mut BufWriter<File>) -> Outcome<()> {
    write(to, at.iter().map(|at| at.to_le_bytes()))?;
    write(to, scores.iter().map(|score| score.to_le_bytes()))
}

fn raw(rows: &UnitRows) -> passerelle::Result<RawRows<'_>> {
    let run = Run::new().threads(THREADS);
    RawRows::new_on(&rows.offsets, &rows.skills, &rows.values, rows.skill_count, &run)
}

fn products(
    ranked: RawRows<'_>,
    rows: RawRows<'_>,
    k: usize,
) -> passerelle::Result<(Vec<i32>, Vec<f32>)> {
    let run = Run::new().threads(THREADS);
    let ranker = RawRanker::new(ranked, &run)?;
    let (mut at, mut scores) = (vec![0; rows.len() * k], vec![0.0; rows.len() * k]);
    ranker.rank_into(rows, k, &mut at, &mut scores, &run)?;
    Ok((at, scores))
}

/// Does the work once, then answers line after line.
fn answer<T>(
    mut work: impl FnMut() -> Outcome<T>,
    mut save: impl FnMut(&T, &mut BufWriter<File>) -> Outcome<()>,
) -> Outcome<()> {
    let mut answer = Some(work()?);
    println!("ready passerelle={}", env!("CARGO_PKG_VERSION"));
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line == "run" {
            // What a caller would keep is not kept, so that no run pays for the one before.
            drop(answer.take());
            let start = Instant::now();
            let done = work()?;
            println!("{}", start.elapsed().as_secs_f64() * 1e3);
            answer = Some(done);
        } else if let (Some(path), Some(answer)) = (line.strip_prefix("save "), &answer) {
            let mut to = BufWriter::new(File::create(path)?);
            save(answer, &mut to)?;
            to.flush()?;
            println!("saved");
        }
        io::stdout().flush()?;
    }
    Ok(())
}

fn write<const N: usize>(
    to: &mut BufWriter<File>,
    values: impl Iterator<Item = [u8; N]>,
) -> Outcome<()> {
    for value in values {
        to.write_all(&value)?;
    }
    Ok(())
}

/// Ten targets for each person in turn, spread over all.
fn pairs(people: usize, targets: usize) -> Vec<(u32, u32)> {
    let pair = |at: usize| ((at / 10 % people) as u32, (at * 7 % targets) as u32);
    (0..PAIRS).map(pair).collect()
}

/// The matrices on an axis of numbered skills.
fn both(people: &MatrixFile, targets: &MatrixFile) -> Outcome<(Held, Required)> {
    let ids: Vec<String> = (0..targets.skill_count).map(|skill| format!("s{skill}")).collect();
    let levels = people.levels.iter().chain(&targets.levels);
    let scale = LevelScale::new("steps", u16::from(levels.max().copied().unwrap_or(1)))?;
    let axis = SkillAxis::from_ids("workload", "1", scale, ids.iter().map(String::as_str))?;
    let axis = Arc::new(axis);
    let mut required = Required::builder(&axis);
    for row in 0..targets.len() {
        for (skill, level, weight) in targets.row(row) {
            let (level, weight) = (u16::from(level), u16::from(weight));
            let requirement = Requirement { level, weight, necessity: Necessity::Essential };
            required.require(&format!("t{row}"), &ids[skill as usize], requirement)?;
        }
    }
    let mut held = Held::builder(&axis);
    for row in 0..people.len() {
        let id = format!("p{row}");
        held.person(&id)?;
        for (skill, level, _) in people.row(row) {
            held.hold(&id, &ids[skill as usize], u16::from(level))?;
        }
    }
    Ok((held.build()?, required.build()?))
}

fn draw(folder: &str, targets: &Path, people: &Path) -> Outcome<()> {
    let (framework, _) = read::framework(folder)?;
    let (drawn, shape) = sample::people(&framework, 100_000, 1, &Run::new())?;
    eprintln!("{shape:?}");
    let held = drawn.held(&framework)?;
    for (rows, path) in [(framework.required().rows(), targets), (held.rows(), people)] {
        let mut matrix = MatrixFile { skill_count: rows.skill_count(), ..MatrixFile::default() };
        matrix.offsets.push(0);
        for row in rows.iter() {
            // Level 0, known not to be held, is nothing to every engine here.
            for (skill, pair) in row.cells().filter(|(_, pair)| pair.level > 0) {
                matrix.skills.push(skill);
                matrix.levels.push(u8::try_from(pair.level)?);
                matrix.weights.push(u8::try_from(pair.weight)?);
            }
            matrix.offsets.push(matrix.skills.len() as u64);
        }
        matrix.write(path)?;
    }
    Ok(())
}

/// Prints inputs, outputs, index and the peak of the process, in bytes.
fn peak(targets: &Path, people: &Path) -> Outcome<()> {
    let (people, targets) = (UnitRows::read(people)?, UnitRows::read(targets)?);
    let bytes = |of: &UnitRows| 8 * of.offsets.len() + 8 * of.skills.len();
    let (inputs, index) = (bytes(&people), bytes(&targets));
    let (at, scores) = products(raw(&targets)?, raw(&people)?, 10)?;
    let outputs = size_of_val(&*at) + size_of_val(&*scores);
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kilobytes: usize = line.trim().trim_end_matches(" kB").parse()?;
    println!("people {inputs} targets {index} results {outputs} peak {}", kilobytes * 1024);
    Ok(())
}

/// Prints the rate at which values that are not 0 are written, and the time of one addition at a
/// place that nothing foretells, in sums that fit the first-level cache.
fn floors() {
    let mut bytes = vec![1_u8; 1 << 30];
    for threads in [1, THREADS] {
        let mut times = Vec::new();
        for round in 0..7 {
            let start = Instant::now();
            let share = bytes.len() / threads;
            std::thread::scope(|scope| {
                for part in bytes.chunks_mut(share) {
                    // The system's own fill goes past the caches for so much.
                    scope.spawn(move || part.fill(round + 1));
                }
            });
            times.push(start.elapsed().as_secs_f64());
        }
        times.sort_by(f64::total_cmp);
        println!("{threads} threads write {:.1} GB/s", (1 << 30) as f64 / times[3] / 1e9);
    }
    let mut state = 1_u32;
    let places: Vec<u16> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 20) as u16
    })
    .take(1 << 22)
    .collect();
    let mut sums = [0_u16; 1 << 12];
    let start = Instant::now();
    for &place in &places {
        let sum = &mut sums[usize::from(place) % (1 << 12)];
        *sum = sum.wrapping_add(place);
    }
    let each = start.elapsed().as_secs_f64() * 1e9 / places.len() as f64;
    println!("1 thread adds in {each:.2} ns ({} at the first)", sums[0]);
}
