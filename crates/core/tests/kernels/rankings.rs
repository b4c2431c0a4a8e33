//! Rankings equal sorting everything.

use passerelle::gap::{GapMatrix, Measure, credits, skill_gaps};
use passerelle::rank::{
    self, Cosine, Coverage, Gap, Overlap, Strategy, Sum, people_for_targets, targets_for_people,
};
use passerelle::{Held, HeldRow, Required, RequiredRow, Run};

use super::{Cells, Matrix, Numbers, matrices, runs};

/// A score that rises with the constants, so that no bound of theirs holds: every row is scored.
#[derive(Debug)]
pub(super) struct Longest;

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

/// Half the credit, rounded down: other sums have equal scores, and nobody has a constant.
#[derive(Debug)]
struct Halves {
    unshared: bool,
}

impl Strategy for Halves {
    fn name(&self) -> &'static str {
        "halves"
    }
    fn sum(&self) -> Sum {
        Sum::Credit
    }
    fn finish(&self, sum: f64, _: f64, _: f64) -> f64 {
        (sum / 2.0).floor()
    }
    fn reach(&self, score: f64, _: f64, _: f64) -> Option<f64> {
        Some(2.0 * score.ceil())
    }
    fn ranks_unshared(&self) -> bool {
        self.unshared
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

/// Where sums are few and small, most of them are equal, within blocks and across.
#[test]
fn small_sums_without_constants_rank_alike() {
    let mut numbers = Numbers(8);
    for (rows, ks) in [(5, &[1, 4, 9][..]), (1300, &[1, 10, 100, 1301]), (17_000, &[10])] {
        let people = numbers.matrix(12, 60, 14, (0, 1), 1);
        let targets = numbers.matrix(rows, 60, 9, (1, 1), 2);
        let (held, required) = matrices(&people, &targets);
        let halves = [Halves { unshared: false }, Halves { unshared: true }];
        for strategy in [&Overlap as &dyn Strategy, &halves[0], &halves[1]] {
            agree(strategy, (&held, &required), ks);
        }
    }
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
