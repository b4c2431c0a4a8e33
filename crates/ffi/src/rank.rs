//! The k best, both ways.

use std::ffi::c_char;

use passerelle::rank::{fitted, people_for_targets_into, targets_for_people_into};

use crate::argument::{buffer, text};
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
        match ranked {
            0 => targets_for_people_into(held, required, k, &*strategy, buffers, &run)?,
            1 => people_for_targets_into(held, required, k, &*strategy, buffers, &run)?,
            other => {
                let message =
                    format!("`ranked` is {other}; 0 is targets for people, 1 people for targets");
                return Err(Fault::new(Status::Argument, message));
            }
        }
        Ok(())
    })
}
