//! The main job on ROME as it is published.

#![allow(missing_docs, clippy::cast_possible_truncation)]

use passerelle::gap::{GapMatrix, Measure};
use passerelle::rank::{Coverage, targets_for_people};
use passerelle::snapshot::{self, Snapshot};
use passerelle::{Error, Framework, MemoryLimit, Run, read, sample};

fn rome() -> Option<Framework> {
    let data = passerelle_tests::real_data()?;
    Some(read::framework(data.join("rome-4.60")).expect("ROME 4.60").0)
}

/// 10,000 people with `PASSERELLE_SLOW`, fewer otherwise.
fn people() -> usize {
    if passerelle_tests::slow() { 10_000 } else { 500 }
}

#[test]
fn the_coverage_matrix_is_the_definition_bit_for_bit() {
    let Some(rome) = rome() else { return };
    let (people, _) = sample::people(&rome, people(), 1, &Run::new()).unwrap();
    let held = people.held(&rome).unwrap();
    let required = rome.required();
    let matrix = GapMatrix::compute(&held, required, Measure::Coverage, &Run::new()).unwrap();
    assert_eq!(matrix.values().dim(), (people.len(), 1584));
    let mut levels = vec![0u64; rome.axis().len()];
    for person in 0..held.len() as u32 {
        levels.fill(0);
        for (skill, level) in held.row(person).iter() {
            levels[skill as usize] = u64::from(level);
        }
        for target in 0..required.len() as u32 {
            let (mut total, mut credit) = (0u64, 0u64);
            for (skill, requirement) in required.row(target).iter() {
                let (weight, level) = (u64::from(requirement.weight), u64::from(requirement.level));
                total += weight * level;
                credit += weight * level.min(levels[skill as usize]);
            }
            let coverage = (credit as f64 / total as f64) as f32;
            let value = matrix.values()[[person as usize, target as usize]];
            assert_eq!(value.to_bits(), coverage.to_bits(), "person {person}, target {target}");
        }
    }
}

#[test]
fn a_snapshot_of_rome_opens_as_what_was_saved() {
    let Some(rome) = rome() else { return };
    let bytes = Snapshot::of_framework(&rome).to_bytes().unwrap();
    assert_eq!(snapshot::open_framework(&bytes).unwrap(), rome);
    snapshot::verify(&bytes).unwrap();
}

#[test]
fn a_whole_region_is_refused_with_its_bytes_and_ranked_within_the_limit() {
    let Some(rome) = rome() else { return };
    let run = Run::new().memory_limit(MemoryLimit::bytes(1 << 30));
    // The refusal depends on the number of people alone, so they need not hold anything.
    let mut nobody = passerelle::Held::builder(rome.axis());
    for person in 0..600_000 {
        nobody.person(&person.to_string()).unwrap();
    }
    let nobody = nobody.build().unwrap();
    let refused = GapMatrix::compute(&nobody, rome.required(), Measure::Coverage, &run);
    let Err(Error::Memory { needed, allowed, .. }) = refused else {
        panic!("600,000 × 1,584 × 4 bytes pass 1 GiB");
    };
    assert_eq!((needed, allowed), (600_000 * 1_584 * 4, 1 << 30));
    let ranking = targets_for_people(&nobody, rome.required(), 10, &Coverage, &run).unwrap();
    assert_eq!(ranking.rows().len(), 600_000);
}
