//! One part of the core, some times over, for an instruction counter to watch:
//! `counted PART TIMES`. Two numbers of times tell what one takes, whatever making the input took.

use std::hint::black_box;

use passerelle::Run;
use passerelle::gap::{Index, SkillGaps};
use passerelle::rank::{Cosine, Coverage, RawRanker, RawRows, targets_for_people};
use passerelle_benches::workload::Workload;

const PEOPLE: usize = 1000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let (part, times) = (args.next().ok_or("name a part")?, args.next().ok_or("how often?")?);
    let Workload { required, held } = &Workload::new(PEOPLE);
    let run = &Run::new().threads(1);
    let index = Index::new(required.rows(), run)?;
    let mut gaps = vec![0_u16; held.len() * required.len()];
    let pairs: Vec<_> = (0u32..).map(|at| (at / 10, at * 7 % 3039)).take(10 * PEOPLE).collect();
    let values = |entries: usize| vec![0.5_f32; entries];
    let (people, targets) = (held.rows(), required.rows());
    let offsets = |rows: passerelle::matrix::Rows<'_>| {
        let ends = rows.iter().scan(0, |end, row| {
            *end += row.skills().len() as u64;
            Some(*end)
        });
        std::iter::once(0).chain(ends).collect::<Vec<u64>>()
    };
    let skills = |rows: passerelle::matrix::Rows<'_>| {
        rows.iter().flat_map(|row| row.skills().to_vec()).collect::<Vec<u32>>()
    };
    let (of_people, of_targets) =
        ((offsets(people), skills(people)), (offsets(targets), skills(targets)));
    let (x, y) = (values(of_people.1.len()), values(of_targets.1.len()));
    let asking = RawRows::new(&of_people.0, &of_people.1, &x, people.skill_count())?;
    let ranked = RawRows::new(&of_targets.0, &of_targets.1, &y, targets.skill_count())?;
    let (mut at, mut scores) = (vec![0; 10 * PEOPLE], vec![0.0; 10 * PEOPLE]);
    for _ in 0..times.parse::<u32>()? {
        match part.as_str() {
            "index" => drop(black_box(Index::new(required.rows(), run)?)),
            "cosine" => drop(black_box(targets_for_people(held, required, 10, &Cosine, run)?)),
            "coverage" => drop(black_box(targets_for_people(held, required, 10, &Coverage, run)?)),
            "gap-matrix" => index.gap_into(people, 0, black_box(&mut gaps), run)?,
            "gap-vectors" => drop(black_box(SkillGaps::of_pairs(held, required, &pairs, run)?)),
            "floats" => {
                RawRanker::new(ranked, run)?.rank_into(asking, 10, &mut at, &mut scores, run)?
            }
            _ => return Err(format!("no part `{part}`").into()),
        }
    }
    Ok(())
}
