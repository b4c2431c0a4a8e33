//! Matrices equal sums taken skill by skill; an index that changes, one built anew; a file, its cells.

use passerelle::gap::{Figure, GapMatrix, Index, Measure, SkillGaps, skill_gaps};
use passerelle::matrix::Row;
use passerelle::{Error, Run};

use super::{Cells, Matrix, Numbers, matrices, runs};

const FIGURES: [Figure; 5] =
    [Figure::Gap, Figure::GapLower, Figure::Credit, Figure::Known, Figure::Met];

/// A figure of one pair, skill by skill.
fn figure(figure: Figure, person: Row<'_>, target: Row<'_>) -> u32 {
    let (mut total, mut credit, mut known, mut met) = (0, 0, 0, 0);
    for (skill, required) in target.cells() {
        let (weight, level) = (u32::from(required.weight), u32::from(required.level));
        total += weight * level;
        if let Some((_, held)) = person.cells().find(|cell| cell.0 == skill) {
            credit += weight * level.min(held.level.into());
            known += weight * level;
            met += u32::from(held.level >= required.level);
        }
    }
    match figure {
        Figure::Gap => total - credit,
        Figure::GapLower => known - credit,
        Figure::Credit => credit,
        Figure::Known => known,
        Figure::Met => met,
    }
}

fn matrices_agree(people: &Matrix, targets: &Matrix) {
    let (held, required) = (people.held(), targets.required());
    for of in FIGURES {
        let row = |person| required.iter().map(move |target| figure(of, person, target));
        let expected: Vec<u32> = held.iter().flat_map(row).collect();
        for run in runs() {
            let index = Index::new(required, &run).unwrap();
            let mut words = vec![7_u32; expected.len()];
            index.figure_into(of, held, 0, &mut words, &run).unwrap();
            assert_eq!(words, expected, "{of:?} {run:?}");
            // One cell in, so that no row begins on a cache line.
            let mut shorts = vec![7_u16; expected.len() + 1];
            let written = index.figure_into(of, held, 0, &mut shorts[1..], &run);
            assert_eq!(written.is_ok(), index.cell_bytes() <= 2);
            let widened: Vec<u32> = shorts[1..].iter().map(|&cell| cell.into()).collect();
            assert!(written.is_err() || widened == expected, "{of:?} {run:?} in 16 bits");
            let mut bytes = vec![7_u8; expected.len()];
            let written = index.figure_into(of, held, 0, &mut bytes, &run);
            assert_eq!(written.is_ok(), index.cell_bytes() == 1);
            let widened: Vec<u32> = bytes.iter().map(|&cell| cell.into()).collect();
            assert!(written.is_err() || widened == expected, "{of:?} {run:?} in 8 bits");
            if let Err(error) = written {
                assert!(matches!(error, Error::CellTooNarrow { bytes: 1, .. }), "{error}");
                assert!(bytes.iter().all(|&cell| cell == 7), "nothing was written");
            }
        }
    }
}

#[test]
fn matrices_are_sums_skill_by_skill() {
    let mut numbers = Numbers(11);
    for (rows, high, weight) in [(3, 1, 1), (100, 5, 3), (900, 5, 3), (300, 700, 9), (300, 20, 2)] {
        let people = numbers.matrix(37, 200, 25, (0, high), 1);
        let targets = numbers.matrix(rows, 200, 25, (1, high), weight);
        matrices_agree(&people, &targets);
    }
    let people = numbers.matrix(37, 200, 25, (0, u16::MAX), 1);
    matrices_agree(&people, &numbers.matrix(90, 200, 25, (1, u16::MAX), 900));
    // Over several blocks.
    let people = numbers.matrix(3, 200, 25, (0, 5), 1);
    matrices_agree(&people, &numbers.matrix(17_000, 200, 9, (1, 5), 3));
}

#[test]
fn every_measure_has_the_same_bits_at_every_width() {
    let mut numbers = Numbers(12);
    let people = numbers.matrix(60, 150, 25, (0, 5), 1);
    let (held, required) = matrices(&people, &numbers.matrix(700, 150, 14, (1, 5), 3));
    for &measure in Measure::ALL {
        let runs = runs();
        let plain = GapMatrix::compute(&held, &required, measure, &runs[0]).unwrap();
        for run in &runs[1..] {
            let wide = GapMatrix::compute(&held, &required, measure, run).unwrap();
            assert_eq!(wide, plain, "{measure}");
        }
    }
}

#[test]
fn tiles_make_up_the_whole_and_what_does_not_fit_is_refused() {
    let mut numbers = Numbers(13);
    let people = numbers.matrix(50, 100, 25, (0, 5), 1);
    let targets = numbers.matrix(101, 100, 9, (1, 5), 3);
    let (held, run) = (people.held(), Run::new());
    let index = Index::new(targets.required(), &run).unwrap();
    let mut whole = vec![0_u16; 50 * 101];
    index.gap_into(held, 0, &mut whole, &run).unwrap();
    for first in [0, 7, 49] {
        let mut tile = vec![0_u16; (50 - first).min(9) * 101];
        index.gap_into(held, first, &mut tile, &run).unwrap();
        assert_eq!(tile, whole[first * 101..][..tile.len()]);
    }
    let mut shares = vec![0.0_f32; 50 * 101];
    index.coverage_into(held, 0, &mut shares, &run).unwrap();
    for (at, (&share, &gap)) in shares.iter().zip(&whole).enumerate() {
        let total = index.totals()[at % 101];
        let credit = f64::from(total - u32::from(gap));
        let expected = if total == 0 { 1.0 } else { credit / f64::from(total) };
        assert_eq!(share.to_bits(), (expected as f32).to_bits());
    }
    let mut out = vec![0_u16; 102];
    assert!(matches!(
        index.gap_into(held, 0, &mut out, &run),
        Err(Error::ArrayLength { length: 102, expected: 101, .. })
    ));
    assert!(index.gap_into(held, 50, &mut out[..101], &run).is_err());
    assert!(index.gap_into(held, usize::MAX, &mut out[..101], &run).is_err());
    assert!(Index::new(held, &run).is_err());
}

#[test]
fn sums_of_groups_are_sums_of_their_pairs() {
    let mut numbers = Numbers(15);
    for (rows, high, weight) in [(50, 5, 3), (17_000, 5, 3), (80, u16::MAX, 9)] {
        let people = numbers.matrix(30, 100, 25, (0, high), 1);
        let targets = numbers.matrix(rows, 100, 12, (1, high), weight);
        let groups = (0..30).map(|_| numbers.below(5) as u32).collect::<Vec<_>>();
        let (held, required) = (people.held(), targets.required());
        for of in FIGURES {
            let mut expected = vec![0_u64; 4 * rows];
            for (person, &group) in groups.iter().enumerate().filter(|group| *group.1 < 4) {
                for target in 0..rows {
                    let cell = figure(of, held.row(person), required.row(target));
                    expected[group as usize * rows + target] += u64::from(cell);
                }
            }
            for run in runs() {
                let index = Index::new(required, &run).unwrap();
                let sums = index.group_sums(of, held, &groups, 4, &run).unwrap();
                assert_eq!(sums.as_slice().unwrap(), expected);
            }
        }
    }
}

#[test]
fn gap_vectors_of_pairs_in_any_order_are_those_of_each_pair() {
    let mut numbers = Numbers(16);
    let people = numbers.matrix(40, 100, 25, (0, 5), 1);
    let (held, required) = matrices(&people, &numbers.matrix(60, 100, 20, (1, 5), 3));
    let pairs: Vec<(u32, u32)> =
        (0..5000).map(|_| (numbers.below(40) as u32, numbers.below(60) as u32)).collect();
    let gaps = SkillGaps::of_pairs(&held, &required, &pairs, &Run::new()).unwrap();
    for (at, &(person, target)) in pairs.iter().enumerate() {
        let span = gaps.offsets[at] as usize..gaps.offsets[at + 1] as usize;
        let expected: Vec<_> = skill_gaps(held.row(person), required.row(target))
            .filter(|gap| gap.shortfall() > 0)
            .map(|gap| (gap.skill, gap.shortfall(), gap.class()))
            .collect();
        let found: Vec<_> =
            span.map(|at| (gaps.skills[at], gaps.shortfalls[at], gaps.classes[at])).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn an_index_that_targets_came_to_and_left_is_one_that_was_built_from_those_there_are() {
    // Few cells, many, and more than there are codes for; the last comes to a second block.
    for (top, heaviest, rows) in [(3, 2, 400), (9, 5, 500), (60, 30, 300), (3, 2, 17_000)] {
        let mut numbers = Numbers(31 + rows);
        let people = numbers.matrix(4, 60, 12, (0, top), 1);
        let all = runs();
        let few = if rows > 10_000 { 1 } else { all.len() };
        for run in all.into_iter().rev().take(few) {
            let mut there: Vec<Cells> = Vec::new();
            let none = Matrix::of(&there, 60);
            let mut index = Index::new(none.required(), &run).unwrap();
            for round in 0..6 {
                // The first rounds bring lower levels than the later ones.
                let top = 1 + top.min(round * 4);
                let more = numbers.matrix(rows as usize >> (round % 3), 60, 6, (1, top), heaviest);
                there.extend((0..more.len()).map(|at| {
                    let span = more.offsets[at] as usize..more.offsets[at + 1] as usize;
                    span.map(|at| (more.skills[at], more.levels[at], more.weights[at])).collect()
                }));
                index.add(more.required(), &run).unwrap();
                let mut left: Vec<u32> =
                    (0..20).map(|_| numbers.below(there.len() as u64) as u32).collect();
                left.sort_unstable();
                left.dedup();
                if round == 3 {
                    left = (0..there.len() as u32).collect();
                }
                index.remove(&left, &run).unwrap();
                let mut at = 0;
                there.retain(|_| {
                    at += 1;
                    left.binary_search(&(at - 1)).is_err()
                });
                let all = Matrix::of(&there, 60);
                let built = Index::new(all.required(), &run).unwrap();
                assert_eq!(index.totals(), built.totals());
                assert_eq!(index.cell_bytes(), built.cell_bytes());
                for figure in [Figure::Gap, Figure::GapLower, Figure::Known, Figure::Met] {
                    let figures = |index: &Index| {
                        let mut out = vec![0_u32; people.len() * all.len()];
                        index.figure_into(figure, people.held(), 0, &mut out, &run).unwrap();
                        out
                    };
                    assert!(figures(&index) == figures(&built), "{figure:?}, round {round}");
                }
            }
            for wrong in [&[1, 1][..], &[2, 1], &[u32::MAX]] {
                assert!(index.remove(wrong, &run).is_err());
            }
            assert!(index.add(Matrix::of(&[], 61).required(), &run).is_err());
        }
    }
}

#[test]
fn a_file_of_a_matrix_holds_the_very_cells() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.npy");
    let mut numbers = Numbers(77);
    let people = numbers.matrix(2000, 50, 8, (1, 5), 1);
    let targets = numbers.matrix(6000, 50, 8, (1, 5), 60);
    let run = Run::new();
    let index = Index::new(targets.required(), &run).unwrap();
    let mut gaps = vec![0_u16; 2000 * 6000];
    index.gap_into(people.held(), 0, &mut gaps, &run).unwrap();
    // 24 MB and 48 MB: two and three tiles, so that one is used again; the last is shorter.
    index.write_npy::<u16>(Figure::Gap, people.held(), &path, &run).unwrap();
    let file = std::fs::read(&path).unwrap();
    let (head, cells) = file.split_at(file.len() - 2 * gaps.len());
    assert!(head.starts_with(b"\x93NUMPY\x01\x00") && head.len() % 64 == 0);
    let said = String::from_utf8_lossy(&head[10..]);
    assert!(said.contains("'descr': '<u2'") && said.contains("(2000, 6000)"), "{said}");
    assert!(cells.as_chunks().0.iter().map(|&two| u16::from_le_bytes(two)).eq(gaps));
    let mut shares = vec![0_f32; 2000 * 6000];
    index.coverage_into(people.held(), 0, &mut shares, &run).unwrap();
    index.write_coverage_npy(people.held(), &path, &run).unwrap();
    let file = std::fs::read(&path).unwrap();
    let cells = &file[file.len() - 4 * shares.len()..];
    assert!(cells.as_chunks().0.iter().map(|&four| f32::from_le_bytes(four)).eq(shares));
    // What is refused, or stopped, leaves what was there and nothing else.
    let narrow = index.write_npy::<u8>(Figure::Gap, people.held(), &path, &run);
    assert!(matches!(narrow, Err(Error::CellTooNarrow { .. })));
    let cancel = passerelle::Cancel::new();
    let stopped = Run::new().cancel(&cancel).on_progress({
        let cancel = cancel.clone();
        move |_| cancel.cancel()
    });
    let done = index.write_coverage_npy(people.held(), &path, &stopped);
    assert!(matches!(done, Err(Error::Cancelled)));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(std::fs::read(&path).unwrap() == file);
    let nowhere = folder.path().join("no/m.npy");
    let failed = index.write_coverage_npy(people.held(), nowhere, &run);
    assert!(matches!(failed, Err(Error::File { .. })));
}

/// A pipe whose reader leaves stands for a disk that fills up in the midst of a matrix.
#[cfg(unix)]
#[test]
fn a_matrix_that_cannot_be_written_to_its_end_is_refused_and_leaves_nothing() {
    use std::io::Read;

    let folder = tempfile::tempdir().unwrap();
    let (path, part) = (folder.path().join("m.npy"), folder.path().join("m.npy.part"));
    assert!(std::process::Command::new("mkfifo").arg(&part).status().unwrap().success());
    let reader = std::thread::spawn(move || {
        std::fs::File::open(part).unwrap().read_exact(&mut [0; 1 << 20]).unwrap();
    });
    let mut numbers = Numbers(78);
    let people = numbers.matrix(2000, 50, 8, (1, 5), 1);
    let targets = numbers.matrix(6000, 50, 8, (1, 5), 60);
    let run = Run::new();
    let index = Index::new(targets.required(), &run).unwrap();
    let failed = index.write_npy::<u32>(Figure::Gap, people.held(), &path, &run);
    assert!(matches!(failed, Err(Error::File { path: of, .. }) if of == path));
    reader.join().unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
