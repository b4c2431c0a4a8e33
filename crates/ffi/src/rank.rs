//! The k best, both ways.

use std::ffi::c_char;

use passerelle::near;
use passerelle::rank::{fitted, people_for_targets_into, targets_for_people_into};

use crate::argument::{buffer, check_length, text};
use crate::framework::OpenFramework;
use crate::guard::guard;
use crate::matrix::{People, Targets};
use crate::run::{Options, run};
use crate::status::{Fault, Status};
use crate::table::{self, Handle};

/// What is ranked for what.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ranked {
    /// The best targets for each person: rows are people.
    TargetsForPeople = 0,
    /// The best people for each target: rows are targets.
    PeopleForTargets = 1,
}

impl Ranked {
    fn of(number: i32) -> Result<Self, Fault> {
        match number {
            0 => Ok(Self::TargetsForPeople),
            1 => Ok(Self::PeopleForTargets),
            other => {
                let message =
                    format!("`ranked` is {other}; 0 is targets for people, 1 people for targets");
                Err(Fault::new(Status::Argument, message))
            }
        }
    }
}

/// The `k` best of each row by a strategy, best first, ties by the lower position:
/// `positions[row * k + place]` and `scores` beside it, `length` = rows × `k` entries each. A row
/// with fewer results ends in position −1 and score 0. Whoever shares no skill is no result, but
/// for `gap`.
///
/// `ranked` is one of passerelle_ranked. `strategy` is the name of one, with its options where it
/// has some: `coverage`, `essential-coverage`, `gap`, `overlap`, `level-coverage`, `jaccard`,
/// `ruzicka`, `dice`, `tversky(0.3,0.7)`, `geometric`, `cosine`, `ochiai`, `tfidf`,
/// `bm25(k1=1.2,b=0.75)`. A score says how well skills fit; whether somebody may go for a target is
/// another question, which no score answers (see passerelle_explain).
///
/// On PASSERELLE_STATUS_CANCELLED the buffers are written in part; on any other failure they are
/// not written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_rank(
    people: Handle,
    targets: Handle,
    ranked: i32,
    k: usize,
    strategy: *const c_char,
    strategy_length: usize,
    positions: *mut i32,
    scores: *mut f32,
    length: usize,
    options: *const Options,
) -> Status {
    guard(|| {
        let held = &table::get::<People>(people, "people")?.0;
        let required = &table::get::<Targets>(targets, "targets")?.0;
        // SAFETY: the caller gives a text, two buffers of `length` numbers, and options or null.
        let (strategy, positions, scores, run) = unsafe {
            let strategy = fitted(text(strategy, strategy_length, "strategy")?, required)?;
            let positions = buffer(positions, length, "positions")?;
            (strategy, positions, buffer(scores, length, "scores")?, run(options)?)
        };
        let buffers = (positions, scores);
        match Ranked::of(ranked)? {
            Ranked::TargetsForPeople => {
                targets_for_people_into(held, required, k, &*strategy, buffers, &run)?;
            }
            Ranked::PeopleForTargets => {
                people_for_targets_into(held, required, k, &*strategy, buffers, &run)?;
            }
        }
        Ok(())
    })
}

/// The same with a framework's occupations as targets, by whatever scores them: a strategy of
/// passerelle_rank, or a scorer that passerelle_capabilities names, such as `alike(texts)`,
/// `walk(k=20,on=0.5)` or `mix(0.7*tfidf + 0.3*coverage)`. Scorers learn from the framework with
/// each call and score every pair; some read its texts in `language` (`fr`, `en`…).
///
/// On any failure the buffers are not written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn passerelle_rank_occupations(
    people: Handle,
    framework: Handle,
    ranked: i32,
    k: usize,
    scorer: *const c_char,
    scorer_length: usize,
    language: *const c_char,
    language_length: usize,
    positions: *mut i32,
    scores: *mut f32,
    length: usize,
    options: *const Options,
) -> Status {
    guard(|| {
        let held = &table::get::<People>(people, "people")?.0;
        let framework = &table::get::<OpenFramework>(framework, "framework")?.framework;
        // SAFETY: the caller gives two texts, two buffers of `length` numbers, and options or null.
        let (scorer, language, positions, scores, run) = unsafe {
            let scorer = text(scorer, scorer_length, "scorer")?;
            let language = text(language, language_length, "language")?;
            let positions = buffer(positions, length, "positions")?;
            (scorer, language, positions, buffer(scores, length, "scores")?, run(options)?)
        };
        let required = framework.required();
        let (ranked, rows) = match Ranked::of(ranked)? {
            way @ Ranked::TargetsForPeople => (way, held.len()),
            way @ Ranked::PeopleForTargets => (way, required.len()),
        };
        check_length("positions", length, rows.saturating_mul(k))?;
        let best = match ranked {
            Ranked::TargetsForPeople => near::ranked(scorer, held, framework, k, language, &run)?,
            Ranked::PeopleForTargets => {
                near::ranked_people(scorer, held, framework, k, language, &run)?
            }
        };
        // Both are whole: a ranking has its own arrays, and the buffers were seen to be as long.
        for (place, &position) in positions.iter_mut().zip(best.positions()) {
            *place = position;
        }
        for (place, &score) in scores.iter_mut().zip(best.scores()) {
            *place = score;
        }
        Ok(())
    })
}
