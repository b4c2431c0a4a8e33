//! Matrices from the caller's arrays and results into the caller's buffers: the same as with ids and
//! results of their own.
#![allow(missing_docs)]

use std::sync::Arc;

use passerelle::gap::{GapMatrix, Measure, measure_into};
use passerelle::matrix::Rows;
use passerelle::rank::{
    fitted, people_for_targets, people_for_targets_into, targets_for_people,
    targets_for_people_into,
};
use passerelle::{Error, Held, LevelScale, Necessity, Required, Requirement, Run, SkillAxis};
use proptest::prelude::*;

const SKILLS: u32 = 6;
const TOP: u16 = 4;

/// A cell: level, weight, necessity; none where there is no requirement.
type Cell = Option<(u16, u16, usize)>;

fn axis() -> Arc<SkillAxis> {
    let ids: Vec<String> = (0..SKILLS).map(|skill| format!("s{skill}")).collect();
    let scale = LevelScale::new("steps", TOP).unwrap();
    Arc::new(SkillAxis::from_ids("test", "1", scale, ids.iter().map(String::as_str)).unwrap())
}

fn rows(least: u16) -> impl Strategy<Value = Vec<Vec<Cell>>> {
    let cell = proptest::option::of((least..=TOP, 1..4_u16, 0..3_usize));
    proptest::collection::vec(proptest::collection::vec(cell, SKILLS as usize), 1..9)
}

/// Rows as arrays: offsets, skills, levels, weights, necessities.
#[derive(Default)]
struct Arrays(Vec<u64>, Vec<u32>, Vec<u16>, Vec<u16>, Vec<Necessity>);

fn arrays(rows: &[Vec<Cell>]) -> Arrays {
    let mut all = Arrays(vec![0], vec![], vec![], vec![], vec![]);
    for row in rows {
        for (skill, cell) in (0..).zip(row) {
            if let &Some((level, weight, necessity)) = cell {
                all.1.push(skill);
                all.2.push(level);
                all.3.push(weight);
                all.4.push(Necessity::ALL[necessity]);
            }
        }
        all.0.push(all.1.len() as u64);
    }
    all
}

/// People both ways: from arrays, and cell by cell.
fn people(axis: &Arc<SkillAxis>, rows: &[Vec<Cell>]) -> (Held, Held) {
    let Arrays(offsets, skills, levels, ..) = arrays(rows);
    let given = Rows::held(&offsets, &skills, &levels, SKILLS).unwrap();
    let mut built = Held::builder(axis);
    for (person, row) in rows.iter().enumerate() {
        built.person(&person.to_string()).unwrap();
        for (skill, cell) in row.iter().enumerate() {
            if let &Some((level, ..)) = cell {
                built.hold(&person.to_string(), &format!("s{skill}"), level).unwrap();
            }
        }
    }
    (Held::from_rows(axis, given).unwrap(), built.build().unwrap())
}

/// Targets both ways; each requires something.
fn targets(axis: &Arc<SkillAxis>, rows: &[Vec<Cell>]) -> (Required, Required) {
    let Arrays(offsets, skills, levels, weights, necessities) = arrays(rows);
    let given = Rows::required(&offsets, &skills, &levels, &weights, SKILLS).unwrap();
    let mut built = Required::builder(axis);
    for (target, row) in rows.iter().enumerate() {
        for (skill, cell) in row.iter().enumerate() {
            if let &Some((level, weight, necessity)) = cell {
                let necessity = Necessity::ALL[necessity];
                let requirement = Requirement { level, weight, necessity };
                built.require(&target.to_string(), &format!("s{skill}"), requirement).unwrap();
            }
        }
    }
    (Required::from_rows(axis, given, &necessities).unwrap(), built.build().unwrap())
}

fn requiring() -> impl Strategy<Value = Vec<Vec<Cell>>> {
    rows(1).prop_map(|mut rows| {
        for row in &mut rows {
            if row.iter().all(Option::is_none) {
                row[0] = Some((1, 1, 1));
            }
        }
        rows
    })
}

proptest! {
    #[test]
    fn arrays_make_the_matrix_that_its_cells_make(held in rows(0), required in requiring()) {
        let axis = axis();
        let (given, built) = people(&axis, &held);
        prop_assert_eq!(given.len(), built.len());
        for at in (0..).take(built.len()) {
            prop_assert_eq!(given.people().get(at), built.people().get(at));
            prop_assert!(given.row(at).iter().eq(built.row(at).iter()));
        }
        let (given, built) = targets(&axis, &required);
        prop_assert_eq!(given.len(), built.len());
        for at in (0..).take(built.len()) {
            prop_assert_eq!(given.targets().get(at), built.targets().get(at));
            prop_assert_eq!(given.total(at), built.total(at));
            prop_assert!(given.row(at).iter().eq(built.row(at).iter()));
        }
    }

    #[test]
    fn a_buffer_gets_the_matrix_that_is_computed(held in rows(0), required in requiring()) {
        let (axis, run) = (axis(), &Run::new());
        let (held, required) = (people(&axis, &held).0, targets(&axis, &required).0);
        let mut figures = vec![f32::NAN; held.len() * required.len()];
        for measure in Measure::ALL.iter().copied() {
            measure_into(&held, &required, measure, &mut figures, run).unwrap();
            let matrix = GapMatrix::compute(&held, &required, measure, run).unwrap();
            let same = figures.iter().zip(matrix.values()).all(|(a, b)| a.to_bits() == b.to_bits());
            prop_assert!(same, "{}", measure);
        }
    }

    #[test]
    fn buffers_get_the_ranking_that_is_made(
        held in rows(0),
        required in requiring(),
        k in 1..12_usize,
        name in proptest::sample::select(&["coverage", "cosine", "bm25", "gap", "jaccard"][..]),
    ) {
        let (axis, run) = (axis(), &Run::new());
        let (held, required) = (people(&axis, &held).0, targets(&axis, &required).0);
        let strategy = &*fitted(name, &required).unwrap();
        for (both_ways, rows) in [(true, held.len()), (false, required.len())] {
            let (mut positions, mut scores) = (vec![7; rows * k], vec![7.0; rows * k]);
            let into = (&mut positions[..], &mut scores[..]);
            let made = if both_ways {
                targets_for_people_into(&held, &required, k, strategy, into, run).unwrap();
                targets_for_people(&held, &required, k, strategy, run).unwrap()
            } else {
                people_for_targets_into(&held, &required, k, strategy, into, run).unwrap();
                people_for_targets(&held, &required, k, strategy, run).unwrap()
            };
            prop_assert!(positions.iter().eq(made.positions()));
            prop_assert!(scores.iter().map(|s| s.to_bits()).eq(made.scores().iter().map(|s| s.to_bits())));
        }
    }
}

#[test]
fn buffers_of_another_length_are_refused_and_not_written() {
    let (axis, run) = (axis(), &Run::new());
    let cell = Some((1, 1, 1));
    let held = people(&axis, &[vec![cell; 6], vec![None; 6]]).0;
    let required = targets(&axis, &[vec![cell; 6]]).0;
    for length in [0, 1, 3] {
        let mut figures = vec![7.0; length];
        let refused = measure_into(&held, &required, Measure::Coverage, &mut figures, run);
        assert!(matches!(refused, Err(Error::ArrayLength { .. })), "{refused:?}");
        assert!(figures.iter().all(|&figure| figure == 7.0));
        let strategy = &*fitted("coverage", &required).unwrap();
        let (mut positions, mut scores) = (vec![7; length], vec![7.0; 2]);
        let into = (&mut positions[..], &mut scores[..]);
        let refused = targets_for_people_into(&held, &required, 1, strategy, into, run);
        assert!(matches!(refused, Err(Error::ArrayLength { .. })), "{refused:?}");
        assert!(positions.iter().all(|&position| position == 7) && scores == [7.0, 7.0]);
    }
}

#[test]
fn arrays_that_do_not_fit_the_axis_are_refused() {
    let axis = axis();
    let wide = Rows::held(&[0, 1], &[6], &[1], 7).unwrap();
    assert!(matches!(Held::from_rows(&axis, wide), Err(Error::Argument { .. })));
    let high = Rows::held(&[0, 1], &[0], &[TOP + 1], SKILLS).unwrap();
    assert!(matches!(Held::from_rows(&axis, high), Err(Error::Level { .. })));
    let none = Rows::required(&[0, 0], &[], &[], &[], SKILLS).unwrap();
    let refused = Required::from_rows(&axis, none, &[]);
    assert!(matches!(refused, Err(Error::EmptyRequirement { .. })));
    let one = Rows::required(&[0, 1], &[0], &[1], &[1], SKILLS).unwrap();
    assert!(matches!(Required::from_rows(&axis, one, &[]), Err(Error::ArrayLength { .. })));
    let person = Rows::held(&[0, 1], &[0], &[1], SKILLS).unwrap();
    let refused = Required::from_rows(&axis, person, &[Necessity::Optional]);
    assert!(matches!(refused, Err(Error::Argument { .. })));
}
