//! Float products and credits equal canonical sums.

use passerelle::rank::{RawRanker, RawRows};
use passerelle::{Error, Run};

use super::{Matrix, Numbers, runs};

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
                let ranker = RawRanker::new(raw(&targets, &y), &run).unwrap();
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
