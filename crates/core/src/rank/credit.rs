//! The most credit, over an index of targets that was built once.

use super::ranker::{Asking, Part, Turned};
use super::strategies::Overlap;
use super::strategy::Strategy as _;
use super::task::{Sums, Task};
use crate::error::{Error, Result};
use crate::gap::Index;
use crate::kernel::Asker;
use crate::matrix::{Rows, check_length};
use crate::run::Run;

/// The `k` targets with the most credit, Σ w·min(r, h), for each person, into buffers of
/// `people.len() × k`: positions and credits, greatest first, of equal ones the lower position, padded
/// with −1 and 0. Credits above 2²⁴ are rounded once to f32. A target of no shared skill is no result.
///
/// # Errors
///
/// [`Error::Argument`] when `k` is 0 or people are on a longer axis, [`Error::ArrayLength`] for a
/// buffer of another length: nothing is written then. [`Error::Cancelled`], after which the buffers
/// are written in part.
///
/// # Example
///
/// ```
/// use passerelle::gap::Index;
/// use passerelle::matrix::Rows;
/// use passerelle::{Run, rank};
///
/// let run = Run::new();
/// let targets = Rows::required(&[0, 2, 3], &[0, 1, 1], &[2, 1, 4], &[3, 1, 2], 2)?;
/// let people = Rows::held(&[0, 2], &[0, 1], &[1, 4], 2)?;
/// let index = Index::new(targets, &run)?;
/// let (mut positions, mut credits) = ([0; 3], [0.0; 3]);
/// rank::most_credit_into(&index, people, 3, &mut positions, &mut credits, &run)?;
/// assert_eq!((positions, credits), ([1, 0, -1], [8.0, 4.0, 0.0]));
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn most_credit_into(
    index: &Index,
    people: Rows<'_>,
    k: usize,
    positions: &mut [i32],
    credits: &mut [f32],
    run: &Run,
) -> Result<()> {
    if k == 0 {
        return Err(Error::argument("k", 0, "at least 1"));
    }
    index.check_axis(people)?;
    check_length("positions", positions.len(), people.len().saturating_mul(k))?;
    check_length("credits", credits.len(), people.len().saturating_mul(k))?;
    let count = run.count("people", people.len() as u64);
    count.go_on()?;
    run.install(|| {
        // A credit is no matter of constants, so that the index's own order is theirs.
        let constants = vec![0.0; index.width()];
        Overlap.carry_out(Task(Sums::Exact(Turned {
            asker: Asker::Person,
            parts: vec![Part::new(index.turned(), &constants)],
            lanes: index.turned().lanes(),
            asking: Asking { rows: people, k, positions, scores: credits },
            own: &|_| 0.0,
            count: &count,
        })))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Cells = Vec<Vec<(u16, u16)>>;

    /// Rows on four skills, of levels and weights; a level of 0 is no cell.
    fn arrays(rows: &Cells) -> (Vec<u64>, Vec<u32>, Vec<u16>, Vec<u16>) {
        let mut out = (vec![0], Vec::new(), Vec::new(), Vec::new());
        for row in rows {
            for (&(level, weight), skill) in row.iter().zip(0..) {
                if level > 0 {
                    out.1.push(skill);
                    out.2.push(level);
                    out.3.push(weight);
                }
            }
            out.0.push(out.1.len() as u64);
        }
        out
    }

    fn rows(most: usize) -> impl Strategy<Value = Cells> {
        let row = prop::collection::vec((0..4u16, 1..4u16), 4);
        prop::collection::vec(row, 0..most)
    }

    proptest! {
        #[test]
        fn the_most_credit_is_that_of_all_pairs(
            targets in rows(80), later in rows(20), people in rows(12), k in 1..6usize
        ) {
            let run = Run::new().threads(2);
            let (first, second) = (arrays(&targets), arrays(&later));
            let held = arrays(&people);
            let one = Rows::required(&first.0, &first.1, &first.2, &first.3, 4).unwrap();
            let two = Rows::required(&second.0, &second.1, &second.2, &second.3, 4).unwrap();
            let people_rows = Rows::held(&held.0, &held.1, &held.2, 4).unwrap();
            let mut index = Index::new(one, &run).unwrap();
            index.add(two, &run).unwrap();
            let all: Cells = targets.iter().chain(&later).cloned().collect();
            let mut positions = vec![0; people.len() * k];
            let mut credits = vec![9.0; people.len() * k];
            most_credit_into(&index, people_rows, k, &mut positions, &mut credits, &run).unwrap();
            for (at, person) in people.iter().enumerate() {
                let credit = |target: &Vec<(u16, u16)>| -> u16 {
                    person.iter().zip(target).map(|(h, r)| r.1 * h.0.min(r.0)).sum()
                };
                let mut best: Vec<(u16, i32)> =
                    all.iter().map(credit).zip(0..).filter(|&(credit, _)| credit > 0).collect();
                best.sort_by_key(|&(credit, at)| (std::cmp::Reverse(credit), at));
                best.resize(k, (0, -1));
                let span = at * k..(at + 1) * k;
                let (expected, at): (Vec<f32>, Vec<i32>) =
                    best.into_iter().map(|(credit, at)| (f32::from(credit), at)).unzip();
                prop_assert_eq!(&credits[span.clone()], &expected);
                prop_assert_eq!(&positions[span], &at);
            }
        }
    }

    #[test]
    fn what_cannot_be_ranked_is_refused() {
        let run = Run::new();
        let targets = Rows::required(&[0, 1], &[0], &[1], &[1], 2).unwrap();
        let index = Index::new(targets, &run).unwrap();
        let rank = |axis, k, cells: usize| {
            let people = Rows::held(&[0, 1], &[0], &[1], axis).unwrap();
            let (mut positions, mut credits) = (vec![7; cells], vec![7.0; cells]);
            let done = most_credit_into(&index, people, k, &mut positions, &mut credits, &run);
            assert!(done.is_ok() || positions.iter().all(|&at| at == 7));
            done
        };
        assert!(rank(2, 3, 3).is_ok());
        assert!(matches!(rank(2, 0, 0), Err(Error::Argument { name: "k", .. })));
        assert!(matches!(rank(3, 3, 3), Err(Error::Argument { name: "people", .. })));
        assert!(matches!(rank(2, 3, 4), Err(Error::ArrayLength { array: "positions", .. })));
    }
}
