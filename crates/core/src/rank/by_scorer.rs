//! The k best of each row by a scorer, both ways.

use rayon::prelude::*;

use super::best::Best;
use super::ranker::Asking;
use super::ranking::{Ranked, Ranking};
use super::scorer::{NO_RESULT, Scorer};
use crate::error::Result;
use crate::matrix::{Held, Required};
use crate::run::Run;

/// The `k` best targets for each person by a scorer, as [`targets_for_people`] gives them by a
/// strategy: best first, equal scores by the lower position.
///
/// [`targets_for_people`]: super::targets_for_people
///
/// # Errors
///
/// As [`targets_for_people`](super::targets_for_people); [`Error::ArrayLength`] for a scorer of other
/// targets.
///
/// [`Error::ArrayLength`]: crate::Error::ArrayLength
pub fn targets_by_scorer<S: Scorer + ?Sized>(
    held: &Held,
    required: &Required,
    k: usize,
    scorer: &S,
    run: &Run,
) -> Result<Ranking> {
    required.axis().check_same(held.axis())?;
    crate::matrix::check_length("targets", scorer.targets(), required.len())?;
    let people = held.people();
    let mut ranking = Ranking::empty(Ranked::TargetsForPeople, people, required.targets(), k, run)?;
    let count = run.count("people", held.len() as u64);
    let Asking { positions, scores, .. } = ranking.asking(held.rows(), k);
    let most = k.min(required.len()).max(1);
    run.install(|| {
        let rows = positions.par_chunks_mut(k).zip(scores.par_chunks_mut(k));
        rows.zip(0..u32::try_from(held.len()).unwrap_or(u32::MAX)).try_for_each_init(
            || (vec![NO_RESULT; required.len()], Best::new(most)),
            |(all, best), ((positions, scores), person)| {
                count.go_on()?;
                best.clear();
                scorer.scores(held.row(person).into(), all);
                for (&score, target) in all.iter().zip(0u32..) {
                    if score != NO_RESULT {
                        best.push(score, target);
                    }
                }
                best.write(positions, scores);
                count.add(1);
                Ok(())
            },
        )
    })?;
    Ok(ranking)
}

/// People whose scores are kept together, before each target takes its best of them.
const TOGETHER: usize = 256;

/// The `k` best people for each target by a scorer, as [`people_for_targets`] gives them by a
/// strategy: best first, equal scores by the lower position. It scores every pair, a few hundred
/// people at a time.
///
/// [`people_for_targets`]: super::people_for_targets
///
/// # Errors
///
/// As [`targets_by_scorer`], for targets × k × 8 bytes.
pub fn people_by_scorer<S: Scorer + ?Sized>(
    held: &Held,
    required: &Required,
    k: usize,
    scorer: &S,
    run: &Run,
) -> Result<Ranking> {
    required.axis().check_same(held.axis())?;
    let width = required.len();
    crate::matrix::check_length("targets", scorer.targets(), width)?;
    let people = held.people();
    let mut ranking = Ranking::empty(Ranked::PeopleForTargets, required.targets(), people, k, run)?;
    let count = run.count("people", held.len() as u64);
    let Asking { positions, scores, .. } = ranking.asking(required.rows(), k);
    let mut best = vec![Best::new(k.min(held.len()).max(1)); width];
    let mut all = vec![NO_RESULT; width * TOGETHER.min(held.len())];
    let order: Vec<u32> = (0u32..).take(held.len()).collect();
    run.install(|| {
        for people in order.chunks(TOGETHER) {
            let rows = all.par_chunks_mut(width.max(1)).zip(people);
            rows.try_for_each(|(row, &person)| {
                count.go_on()?;
                scorer.scores(held.row(person).into(), row);
                count.add(1);
                Ok(())
            })?;
            best.par_iter_mut().enumerate().for_each(|(target, best)| {
                for (&person, row) in people.iter().zip(all.chunks_exact(width)) {
                    if row[target] != NO_RESULT {
                        best.push(row[target], person);
                    }
                }
            });
        }
        let rows = positions.chunks_exact_mut(k).zip(scores.chunks_exact_mut(k));
        best.iter_mut().zip(rows).for_each(|(best, (positions, scores))| {
            best.write(positions, scores);
        });
        Ok(())
    })?;
    Ok(ranking)
}
