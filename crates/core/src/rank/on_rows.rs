//! Rankings of bare arrays: rows of whole numbers, without ids or an axis.

use super::ranker::{self, Asking, Part, Turned};
use super::strategy::{Strategy, Sum, View};
use super::task::{Sums, Task};
use crate::error::{Error, Result};
use crate::kernel::Asker;
use crate::matrix::{HeldRow, Necessity, RequiredRow, Rows};
use crate::run::Run;

/// The `k` best of `targets` for each of `people`, into buffers of `people.len() × k`: what
/// [`targets_for_people_into`](super::targets_for_people_into) writes for matrices of these rows,
/// bit for bit, without a copy of them.
///
/// Rows say nothing of necessities, so that the strategy must see both sides
/// [as they are](View::Whole), and sum whole numbers: overlap, coverage, gap, cosine. A target that
/// requires nothing shares nothing.
///
/// # Errors
///
/// [`Error::Argument`] when `k` is 0, the strategy is another, people are on a longer axis or
/// either side is the other's; [`Error::ArrayLength`] for a buffer of another length: nothing is
/// written then. [`Error::Cancelled`], after which the buffers are written in part.
///
/// # Example
///
/// ```
/// use passerelle::Run;
/// use passerelle::matrix::Rows;
/// use passerelle::rank::{Cosine, rows_for_rows_into};
///
/// let targets = Rows::required(&[0, 2, 3], &[0, 1, 1], &[3, 4, 2], &[1, 1, 1], 2)?;
/// let people = Rows::held(&[0, 1], &[1], &[5], 2)?;
/// let (mut positions, mut scores) = ([0; 3], [0.0; 3]);
/// let into = (&mut positions[..], &mut scores[..]);
/// rows_for_rows_into(people, targets, 3, &Cosine, into, &Run::new())?;
/// assert_eq!((positions, scores), ([1, 0, -1], [1.0, 0.8, 0.0]));
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn rows_for_rows_into<S: Strategy + ?Sized>(
    people: Rows<'_>,
    targets: Rows<'_>,
    k: usize,
    strategy: &S,
    (positions, scores): (&mut [i32], &mut [f32]),
    run: &Run,
) -> Result<()> {
    if strategy.sum() == Sum::Real || strategy.view() != View::Whole {
        let expected = "one that sums whole numbers of both sides as they are";
        return Err(Error::argument("strategy", strategy.name(), expected));
    }
    if people.is_weighted() || !targets.is_weighted() {
        return Err(Error::argument("rows", "of the other side", "people, and targets"));
    }
    if people.skill_count() > targets.skill_count() {
        let value = format!("on an axis of {} skills", people.skill_count());
        let expected = format!("on the targets' axis of {} skills", targets.skill_count());
        return Err(Error::argument("people", value, expected));
    }
    let asking = Asking::into(people, k, positions, scores)?;
    let count = run.count("people", people.len() as u64);
    count.go_on()?;
    let longest = targets.iter().map(|row| row.skills().len()).max().unwrap_or(0);
    let unsaid = vec![Necessity::default(); longest];
    let target = |at: u32| {
        let row = targets.row(at as usize);
        strategy.target(RequiredRow {
            skills: row.skills(),
            levels: row.levels(),
            weights: row.weights().unwrap_or_default(),
            necessities: &unsaid[..row.skills().len()],
        })
    };
    let person = |at: u32| {
        let row = people.row(at as usize);
        strategy.person(HeldRow { skills: row.skills(), levels: row.levels() })
    };
    run.install(|| {
        let (index, constants) = ranker::turned(targets, target, run)?;
        strategy.carry_out(Task(Sums::Exact(Turned {
            asker: Asker::Person,
            parts: vec![Part::new(&index, &constants)],
            lanes: run.width(),
            asking,
            own: &person,
            count: &count,
        })))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use proptest::strategy::Strategy;

    use super::super::{
        Coverage, EssentialCoverage, Gap, LevelCoverage, Overlap, targets_for_people_into,
    };
    use super::*;
    use crate::matrix::{Held, Required};
    use crate::rank::{Cosine, Strategy as Matching};
    use crate::skill::{LevelScale, SkillAxis};

    type Cells = Vec<Vec<(u16, u16)>>;

    /// Rows on five skills, of levels and weights; a level of 0 is no cell where `least` is 1.
    fn arrays(rows: &Cells, least: u16) -> (Vec<u64>, Vec<u32>, Vec<u16>, Vec<u16>) {
        let mut out = (vec![0], Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            for (&(level, weight), skill) in row.iter().zip(0..) {
                if level >= least {
                    out.1.push(skill);
                    out.2.push(level);
                    out.3.push(weight);
                }
            }
            out.0.push(out.1.len() as u64);
        }
        out
    }

    fn rows(levels: std::ops::Range<u16>, most: usize) -> impl Strategy<Value = Cells> {
        let row = prop::collection::vec((levels, 1..4u16), 1..5);
        prop::collection::vec(row, 1..most)
    }

    proptest! {
        #[test]
        fn bare_rows_rank_as_matrices_do(
            targets in rows(1..5, 90), people in rows(0..5, 12), k in 1..6usize
        ) {
            let run = Run::new().threads(2);
            let scale = LevelScale::new("steps", 4).unwrap();
            let axis = SkillAxis::from_ids("demo", "1", scale, ["a", "b", "c", "d", "e"]).unwrap();
            let axis = Arc::new(axis);
            let (required, held) = (arrays(&targets, 1), arrays(&people, 0));
            let bare = Rows::required(&required.0, &required.1, &required.2, &required.3, 5).unwrap();
            let asking = Rows::held(&held.0, &held.1, &held.2, 5).unwrap();
            let unsaid = vec![Necessity::default(); bare.cell_count()];
            let of_targets = Required::from_rows(&axis, bare, &unsaid).unwrap();
            let of_people = Held::from_rows(&axis, asking).unwrap();
            let strategies: [&dyn Matching; 4] = [&Cosine, &Coverage, &Gap, &Overlap];
            for strategy in strategies {
                let empty = || (vec![7; people.len() * k], vec![7.0; people.len() * k]);
                let (mut one, mut other) = (empty(), empty());
                let into = (&mut one.0[..], &mut one.1[..]);
                rows_for_rows_into(asking, bare, k, strategy, into, &run).unwrap();
                let into = (&mut other.0[..], &mut other.1[..]);
                targets_for_people_into(&of_people, &of_targets, k, strategy, into, &run).unwrap();
                prop_assert_eq!(one, other);
            }
        }
    }

    #[test]
    fn a_target_that_requires_nothing_is_no_result_and_no_nan() {
        let targets = Rows::required(&[0, 0, 1, 1], &[0], &[2], &[1], 1).unwrap();
        let people = Rows::held(&[0, 1, 1], &[0], &[1], 1).unwrap();
        let (mut positions, mut scores) = ([0; 6], [9.0; 6]);
        let into = (&mut positions[..], &mut scores[..]);
        rows_for_rows_into(people, targets, 3, &Cosine, into, &Run::new()).unwrap();
        assert_eq!(positions, [1, -1, -1, -1, -1, -1]);
        assert_eq!(scores, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn what_cannot_be_ranked_is_refused_and_nothing_written() {
        let run = Run::new();
        let targets = Rows::required(&[0, 1], &[0], &[1], &[1], 2).unwrap();
        let people = |axis| Rows::held(&[0, 1], &[0], &[1], axis).unwrap();
        let rank = |people, targets, k, cells: usize, strategy: &dyn Matching| {
            let (mut positions, mut scores) = (vec![7; cells], vec![7.0; cells]);
            let into = (&mut positions[..], &mut scores[..]);
            let done = rows_for_rows_into(people, targets, k, strategy, into, &run);
            assert!(done.is_ok() || positions.iter().all(|&at| at == 7));
            done.map_err(|error| error.to_string())
        };
        let refused = |done: Result<(), String>, said: &str| {
            assert!(done.unwrap_err().contains(said), "{said}");
        };
        assert!(rank(people(2), targets, 3, 3, &Cosine).is_ok());
        refused(rank(people(2), targets, 0, 0, &Cosine), "`k`");
        refused(rank(people(3), targets, 3, 3, &Cosine), "`people`");
        refused(rank(people(2), targets, 3, 4, &Cosine), "positions");
        refused(rank(targets, people(2), 3, 3, &Cosine), "`rows`");
        refused(rank(people(2), targets, 3, 3, &EssentialCoverage), "`strategy`");
        refused(rank(people(2), targets, 3, 3, &LevelCoverage), "`strategy`");
    }
}
