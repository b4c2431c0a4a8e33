//! The fast core against plain answers: rankings equal sorting everything, matrices equal sums taken
//! skill by skill, float products equal canonical sums; the same bits at every width of vectors and
//! for any number of threads.

#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, missing_docs)]

use std::sync::Arc;

use passerelle::gap::{Figure, GapMatrix, Index, Measure, SkillGaps, credits, skill_gaps};
use passerelle::matrix::{Row, Rows};
use passerelle::rank::{
    self, Cosine, Coverage, Gap, Overlap, RawRanker, RawRows, Strategy, Sum, people_for_targets,
    targets_for_people,
};
use passerelle::run::Lanes;
use passerelle::{
    Error, Held, HeldRow, LevelScale, Necessity, Required, RequiredRow, Requirement, Run, SkillAxis,
};

/// The parts of a matrix.
#[derive(Clone, Debug, Default)]
struct Matrix {
    offsets: Vec<u64>,
    skills: Vec<u32>,
    levels: Vec<u16>,
    weights: Vec<u16>,
    skill_count: u32,
}

type Cells = Vec<(u32, u16, u16)>;

impl Matrix {
    fn of(rows: &[Cells], skill_count: u32) -> Self {
        let mut matrix = Self { offsets: vec![0], skill_count, ..Self::default() };
        for row in rows {
            for &(skill, level, weight) in row {
                matrix.skills.push(skill);
                matrix.levels.push(level);
                matrix.weights.push(weight);
            }
            matrix.offsets.push(matrix.skills.len() as u64);
        }
        matrix
    }

    fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    fn required(&self) -> Rows<'_> {
        let Self { offsets, skills, levels, weights, skill_count } = self;
        Rows::required(offsets, skills, levels, weights, *skill_count).unwrap()
    }

    fn held(&self) -> Rows<'_> {
        let Self { offsets, skills, levels, skill_count, .. } = self;
        Rows::held(offsets, skills, levels, *skill_count).unwrap()
    }
}

/// The same as matrices with ids. Targets that require nothing get one requirement.
fn matrices(people: &Matrix, targets: &Matrix) -> (Held, Required) {
    let ids: Vec<String> = (0..people.skill_count).map(|skill| format!("s{skill}")).collect();
    let scale = LevelScale::new("steps", u16::MAX).unwrap();
    let axis = SkillAxis::from_ids("test", "1", scale, ids.iter().map(String::as_str)).unwrap();
    let axis = Arc::new(axis);
    let mut held = Held::builder(&axis);
    for (at, row) in people.held().iter().enumerate() {
        held.person(&format!("p{at}")).unwrap();
        for (skill, pair) in row.cells() {
            held.hold(&format!("p{at}"), &ids[skill as usize], pair.level).unwrap();
        }
    }
    let mut required = Required::builder(&axis);
    for (at, row) in targets.required().iter().enumerate() {
        let mut require = |skill: u32, level, weight| {
            // Every third requirement is wanted, every seventh a licence.
            let necessity = match (at as u32 + skill) % 21 {
                0 | 7 | 14 => Necessity::Blocking,
                3 | 6 | 9 | 12 | 15 | 18 => Necessity::Optional,
                _ => Necessity::Essential,
            };
            let requirement = Requirement { level, weight, necessity };
            required.require(&format!("t{at}"), &ids[skill as usize], requirement).unwrap();
        };
        if row.skills().is_empty() {
            require(0, 1, 1);
        }
        for (skill, pair) in row.cells() {
            require(skill, pair.level, pair.weight);
        }
    }
    (held.build().unwrap(), required.build().unwrap())
}

/// A stream of numbers: splitmix64.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }

    /// Rows of up to `cells` cells, low skills much more common than high ones.
    fn matrix(
        &mut self,
        rows: usize,
        skill_count: u32,
        cells: u64,
        (low, high): (u16, u16),
        weight: u16,
    ) -> Matrix {
        let mut row = || {
            let count = u64::from(skill_count);
            let mut skills = (0..self.below(cells + 1))
                .map(|_| {
                    let end = self.below(count).min(self.below(count)) + 1;
                    self.below(end) as u32
                })
                .collect::<Vec<_>>();
            skills.sort_unstable();
            skills.dedup();
            let mut cell = |skill| {
                let level = u64::from(low) + self.below(u64::from(high - low) + 1);
                (skill, level as u16, 1 + self.below(u64::from(weight)) as u16)
            };
            skills.into_iter().map(&mut cell).collect()
        };
        let rows: Vec<Cells> = (0..rows).map(|_| row()).collect();
        Matrix::of(&rows, skill_count)
    }
}

/// A run for each width, on some number of threads.
fn runs() -> Vec<Run> {
    let all = Lanes::available().into_iter().zip([3, 1, 2]);
    all.map(|(lanes, threads)| Run::new().lanes(lanes).threads(threads)).collect()
}

/// A score that rises with the constants, so that no bound of theirs holds: every row is scored.
#[derive(Debug)]
struct Longest;

impl Strategy for Longest {
    fn name(&self) -> &'static str {
        "longest"
    }
    fn sum(&self) -> Sum {
        Sum::Product
    }
    fn person(&self, held: HeldRow<'_>) -> f64 {
        held.skills.len() as f64
    }
    fn target(&self, required: RequiredRow<'_>) -> f64 {
        required.skills.len() as f64
    }
    fn finish(&self, sum: f64, person: f64, target: f64) -> f64 {
        sum * person + target
    }
}

/// Each row's best by sorting everything: position and bits of the score.
fn sorted(
    strategy: &dyn Strategy,
    (held, required): (&Held, &Required),
    for_people: bool,
) -> Vec<Vec<(u32, u32)>> {
    let (rows, columns) =
        if for_people { (held.len(), required.len()) } else { (required.len(), held.len()) };
    let row = |row: u32| {
        let scored = |column: u32| {
            let (p, t) = if for_people { (row, column) } else { (column, row) };
            let (held, required) = (held.row(p), required.row(t));
            let shares = || skill_gaps(held, required).any(|gap| gap.held.unwrap_or(0) > 0);
            let result = strategy.ranks_unshared() || shares();
            result.then(|| (rank::score(held, required, strategy), column))
        };
        let mut all: Vec<(f32, u32)> = (0..columns as u32).filter_map(scored).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        all.into_iter().map(|(score, at)| (at, score.to_bits())).collect()
    };
    (0..rows as u32).map(row).collect()
}

fn agree(strategy: &dyn Strategy, both: (&Held, &Required), ks: &[usize]) {
    let (held, required) = both;
    for for_people in [true, false] {
        let expected = sorted(strategy, both, for_people);
        for &k in ks {
            for run in runs() {
                let ranking = if for_people {
                    targets_for_people(held, required, k, strategy, &run).unwrap()
                } else {
                    people_for_targets(held, required, k, strategy, &run).unwrap()
                };
                assert_eq!(ranking.positions().ncols(), k);
                for (row, expected) in expected.iter().enumerate() {
                    let found: Vec<(u32, u32)> =
                        ranking.row(row).map(|m| (m.position, m.score.to_bits())).collect();
                    let expected = &expected[..k.min(expected.len())];
                    assert_eq!(found, expected, "{strategy:?}, row {row}, k {k}, {run:?}");
                }
            }
        }
    }
}

fn all(people: &Matrix, targets: &Matrix, ks: &[usize]) {
    let (held, required) = matrices(people, targets);
    for strategy in [&Cosine as &dyn Strategy, &Coverage, &Gap, &Overlap, &Longest] {
        agree(strategy, (&held, &required), ks);
    }
}

#[test]
fn rankings_are_everything_sorted() {
    let mut numbers = Numbers(1);
    for (rows, skills, cells) in [(1, 5, 3), (70, 40, 12), (700, 300, 30), (2500, 900, 20)] {
        let people = numbers.matrix(40, skills, cells, (0, 5), 1);
        let targets = numbers.matrix(rows, skills, cells, (1, 5), 3);
        all(&people, &targets, &[1, 3, 10, rows + 3]);
    }
}

#[test]
fn rankings_over_several_blocks_are_everything_sorted() {
    let mut numbers = Numbers(2);
    let people = numbers.matrix(6, 400, 20, (0, 5), 1);
    let targets = numbers.matrix(33_000, 400, 9, (1, 5), 3);
    let (held, required) = matrices(&people, &targets);
    agree(&Cosine, (&held, &required), &[1, 100]);
    agree(&Gap, (&held, &required), &[10]);
    agree(&Longest, (&held, &required), &[10]);
}

#[test]
fn equal_scores_come_in_the_order_of_positions() {
    let people = Matrix::of(&vec![vec![(1, 1, 1), (4, 1, 1)]; 70], 8);
    let targets = Matrix::of(&vec![vec![(1, 2, 3), (4, 1, 1)]; 200], 8);
    all(&people, &targets, &[10]);
}

#[test]
fn one_huge_list_and_rows_without_anything_rank_alike() {
    // Every target has skill 0, of which some people have nothing but; some have nothing at all.
    let mut numbers = Numbers(6);
    let mut targets: Vec<Cells> = Vec::new();
    for _ in 0..900 {
        let level = 1 + numbers.below(5) as u16;
        let other = 1 + numbers.below(300) as u32;
        targets.push(vec![(0, level, 1 + numbers.below(3) as u16), (other, level, 1)]);
    }
    let people: Vec<Cells> = (0..40)
        .map(|person| match person % 3 {
            0 => Vec::new(),
            1 => vec![(0, 5, 1)],
            _ => vec![(0, 2, 1), (1 + numbers.below(300) as u32, 3, 1)],
        })
        .collect();
    all(&Matrix::of(&people, 301), &Matrix::of(&targets, 301), &[1, 10, 900, 1000]);
}

#[test]
fn many_codes_and_great_levels_rank_alike() {
    let mut numbers = Numbers(3);
    for (high, weight) in [(15, 1), (16, 1), (63, 1), (64, 1), (16, 16), (255, 1), (256, 1)] {
        let people = numbers.matrix(20, 60, 12, (0, high), 1);
        let targets = numbers.matrix(400, 60, 12, (1, high), weight);
        all(&people, &targets, &[5]);
    }
    let people = numbers.matrix(30, 60, 12, (0, u16::MAX), 1);
    let targets = numbers.matrix(500, 60, 12, (1, u16::MAX), 3);
    all(&people, &targets, &[7]);
    let targets = Matrix::of(&vec![vec![(0, u16::MAX, u16::MAX)]; 300], 2);
    let people = Matrix::of(&[vec![(0, u16::MAX, 1)], vec![(0, 0, 1)]], 2);
    all(&people, &targets, &[7]);
}

/// Sums of exactly 255, 256, 65,535 and 65,536, where a width ends.
#[test]
fn sums_at_the_edge_of_a_width_rank_alike() {
    for (cells, level) in [(51, 5), (64, 4), (255, 257), (256, 256), (17, 15)] {
        let cells = (0..cells).map(|skill| (skill, level, 1)).collect::<Vec<_>>();
        let people = Matrix::of(&vec![cells.clone(); 2], 300);
        let mut rows = vec![cells; 100];
        rows.push(vec![(3, 1, 1)]);
        let (held, required) = matrices(&people, &Matrix::of(&rows, 300));
        // Sums themselves are scores, which tests the edges of widths.
        agree(&Overlap, (&held, &required), &[3, 101]);
        agree(&Gap, (&held, &required), &[3, 101]);
    }
}

#[test]
fn a_concrete_strategy_and_a_boxed_one_rank_alike_on_any_number_of_threads() {
    let mut numbers = Numbers(4);
    let people = numbers.matrix(500, 300, 20, (0, 5), 1);
    let targets = numbers.matrix(800, 300, 12, (1, 5), 3);
    let (held, required) = matrices(&people, &targets);
    let boxed = rank::strategy("cosine").unwrap();
    let one = targets_for_people(&held, &required, 10, &*boxed, &Run::new().threads(1)).unwrap();
    let matrix = |run: &Run| {
        let gaps = GapMatrix::compute(&held, &required, Measure::GapLower, run).unwrap();
        (gaps, credits(&held, &required, run).unwrap())
    };
    let first = matrix(&Run::new().threads(1));
    for threads in 2..=8 {
        let run = Run::new().threads(threads);
        let ranking = targets_for_people(&held, &required, 10, &Cosine, &run).unwrap();
        assert_eq!(ranking, one);
        assert_eq!(matrix(&run), first);
    }
}

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

fn raw<'a>(matrix: &'a Matrix, values: &'a [f32]) -> RawRows<'a> {
    RawRows::new(&matrix.offsets, &matrix.skills, values, matrix.skill_count).unwrap()
}

/// Skills ascend; what `part` makes of both values and the target's cell is rounded, then added.
fn canonical(
    people: (&Matrix, &[f32]),
    targets: (&Matrix, &[f32]),
    k: usize,
    part: impl Fn(f32, f32, usize) -> f32,
) -> Vec<(i32, u32)> {
    let cells = |(matrix, values): (&Matrix, &[f32]), row: usize| {
        let span = matrix.offsets[row] as usize..matrix.offsets[row + 1] as usize;
        let skills = matrix.skills[span.clone()].iter().copied();
        skills.zip(values[span].iter().copied()).collect::<Vec<_>>()
    };
    let mut all = Vec::new();
    for person in 0..people.0.len() {
        let held = cells(people, person);
        let mut found = Vec::new();
        for target in 0..targets.0.len() {
            let required = cells(targets, target);
            let mut sum = 0.0_f32;
            for &(skill, x) in &held {
                if let Ok(at) = required.binary_search_by_key(&skill, |cell| cell.0) {
                    let cell = targets.0.offsets[target] as usize + at;
                    sum += part(x, required[at].1, cell);
                }
            }
            if sum != 0.0 {
                found.push((sum, target as i32));
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        found.truncate(k);
        found.resize(k, (0.0, -1));
        all.extend(found.into_iter().map(|(sum, at)| (at, sum.to_bits())));
    }
    all
}

#[test]
fn float_products_of_any_sign_are_canonical_sums() {
    for (signed, rows, ks) in [
        (false, 1, &[1, 3][..]),
        (true, 700, &[1, 10, 800]),
        (false, 700, &[10]),
        (true, 17_000, &[10]),
    ] {
        let mut numbers = Numbers(21 + rows as u64);
        let people = numbers.matrix(30, 200, 20, (1, 5), 1);
        let targets = numbers.matrix(rows, 200, 14, (1, 5), 3);
        let mut values = |matrix: &Matrix| {
            let mut value = || {
                let value = numbers.below(1 << 20) as f32 / 37.0 + 0.001;
                if signed && numbers.below(2) == 0 { -value } else { value }
            };
            matrix.skills.iter().map(|_| value()).collect::<Vec<f32>>()
        };
        let (x, y) = (values(&people), values(&targets));
        for &k in ks {
            let expected = canonical((&people, &x), (&targets, &y), k, |x, y, _| x * y);
            for run in runs() {
                let (mut at, mut scores) = (vec![0; 30 * k], vec![0.0; 30 * k]);
                let ranker = RawRanker::new(raw(&targets, &y), &run);
                ranker.rank_into(raw(&people, &x), k, &mut at, &mut scores, &run).unwrap();
                let found = at.iter().zip(&scores).map(|(&at, score)| (at, score.to_bits()));
                assert_eq!(found.collect::<Vec<_>>(), expected, "k {k}, {run:?}");
            }
        }
    }
}

#[test]
fn float_credits_of_any_sign_are_canonical_sums() {
    for (signed, weighted, rows) in [(false, true, 700), (true, true, 9000), (true, false, 60)] {
        let mut numbers = Numbers(5 + rows as u64);
        let people = numbers.matrix(30, 200, 20, (1, 5), 1);
        let targets = numbers.matrix(rows, 200, 14, (1, 5), 3);
        let mut values = |count: usize| {
            let mut value = || {
                let value = numbers.below(1 << 20) as f32 / 37.0 + 0.001;
                if signed && numbers.below(2) == 0 { -value } else { value }
            };
            (0..count).map(|_| value()).collect::<Vec<f32>>()
        };
        let (x, y) = (values(people.skills.len()), values(targets.skills.len()));
        let weights = values(targets.skills.len());
        let weights = weighted.then_some(&*weights);
        let least = |x: f32, y: f32, at: usize| weights.map_or(1.0, |w| w[at]) * x.min(y);
        let expected = canonical((&people, &x), (&targets, &y), 10, least);
        for run in runs() {
            let (mut at, mut scores) = (vec![0; 300], vec![0.0; 300]);
            let ranker = RawRanker::least(raw(&targets, &y), weights, &run).unwrap();
            ranker.rank_into(raw(&people, &x), 10, &mut at, &mut scores, &run).unwrap();
            let found = at.iter().zip(&scores).map(|(&at, score)| (at, score.to_bits()));
            assert_eq!(found.collect::<Vec<_>>(), expected, "{run:?}");
        }
        let ranked = raw(&targets, &y);
        assert!(RawRanker::least(ranked, Some(&[1.0]), &Run::new()).is_err());
        let infinite = vec![f32::INFINITY; y.len()];
        let refused = RawRanker::least(ranked, Some(&infinite), &Run::new());
        assert!(matches!(refused, Err(Error::NotFinite { .. })));
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
    // 24 MB and 48 MB: one tile, and two of which the last is shorter.
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

#[test]
fn rows_that_are_not_sound_are_refused_with_the_row() {
    let held = |offsets: &[u64], skills: &[u32], levels: &[u16]| {
        Rows::held(offsets, skills, levels, 3).map(|_| ()).unwrap_err().to_string()
    };
    assert_eq!(held(&[0, 1], &[1], &[]), "`levels` has 0 entries; pass 1");
    for offsets in [&[][..], &[1, 1], &[0, 2], &[0, 0], &[0, 1, 0, 1]] {
        assert!(held(offsets, &[1], &[1]).contains("bounds"), "{offsets:?}");
    }
    assert!(held(&[0, 1, 3], &[0, 2, 1], &[1, 1, 1]).starts_with("row 1: its skills"));
    assert!(held(&[0, 1], &[3], &[1]).starts_with("row 0: its skills"));
    let required = |level, weight| {
        let (levels, weights) = ([1, level], [1, weight]);
        let rows = Rows::required(&[0, 0, 2], &[0, 1], &levels, &weights, 2);
        rows.map(|_| ()).unwrap_err().to_string()
    };
    assert!(required(0, 1).starts_with("row 1 requires a level"));
    assert!(required(1, 0).starts_with("row 1 requires a level"));
    let (levels, weights) = ([u16::MAX; 2], [u16::MAX; 2]);
    let total = Rows::required(&[0, 2], &[0, 1], &levels, &weights, 2);
    assert!(matches!(total, Err(Error::RowTotal { row: 0, total: 8_589_672_450 })));
    for value in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        let values = [1.0, value];
        let refused = RawRows::new(&[0, 0, 2, 2], &[1, 2], &values, 3);
        assert!(matches!(refused, Err(Error::NotFinite { row: 1, skill: 2, .. })));
    }
}
