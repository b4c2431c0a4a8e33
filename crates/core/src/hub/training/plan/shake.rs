//! Better plans where exchanging one session for others finds none: some sessions that one person
//! could come to are closed, and others opened in an order drawn at random; after G. Schrimpf et
//! al., *Record breaking optimization results using the ruin and recreate principle* (2000).
//!
//! What is drawn depends on nothing but the number of the try: results repeat.

use super::improve::{open_for_those_who_gain, seat_best};
use super::minimum::fill_or_close;
use super::search::mixed;
use super::seating::{Seating, Through};
use crate::error::Result;
use crate::run::Count;

/// Learners looked at in all tries: fewer are made where there are more people.
const LOOKED_AT: usize = 1_500_000;

/// Sessions closed in one try.
const CLOSED: usize = 4;

/// Sessions of which opening is tried then.
const OPENED: usize = 10;

/// Improves a seating in which every opened session has its people.
pub(super) fn shake(seating: &mut Seating<'_>, count: &Count<'_>) -> Result<()> {
    let through = seating.through();
    let learners = seating.class_of.len();
    let near: Vec<Vec<usize>> = (0..seating.classes.len()).map(|at| near(seating, at)).collect();
    let tries = LOOKED_AT / learners.max(1);
    for number in 0..tries as u64 {
        count.go_on()?;
        let drawn = |from: u64, below: usize| {
            #[expect(clippy::cast_possible_truncation, reason = "below a number of learners")]
            let drawn = (mixed(number << 32 | from) % below as u64) as usize;
            drawn
        };
        let mut near = near[seating.class_of[drawn(0, learners)]].clone();
        for at in (1..near.len()).rev() {
            near.swap(at, drawn(at as u64, at + 1));
        }
        exchange(seating, &through, &near);
    }
    Ok(())
}

/// The collective sessions that the pathways of a class pass through.
fn near(seating: &Seating<'_>, class: usize) -> Vec<usize> {
    let columns = 0..seating.pools[class].len();
    let sessions = columns.flat_map(|column| seating.sessions(class, column));
    let mut near: Vec<usize> = sessions.filter(|&one| seating.market.collective[one]).collect();
    near.sort_unstable();
    near.dedup();
    near
}

/// Closes the first opened sessions of a list and opens others of it, in its order; takes all back
/// where that closes no more, nor as much for less.
fn exchange(seating: &mut Seating<'_>, through: &Through, near: &[usize]) {
    let (before, mark) = (seating.value(), seating.mark());
    let opened = near.iter().filter(|&&session| seating.opened[session].is_some());
    let closed: Vec<usize> = opened.copied().take(CLOSED).collect();
    let mut left: Vec<u32> = Vec::new();
    for &session in &closed {
        for learner in seating.sitting[session].clone() {
            seating.leave(learner);
            left.push(learner);
        }
        seating.close(session);
    }
    let shut = near.iter().filter(|&&session| seating.opened[session].is_none());
    for session in shut.copied().take(OPENED).collect::<Vec<_>>() {
        open_for_those_who_gain(seating, through, session);
    }
    for learner in left {
        if seating.seats[learner as usize].is_none() {
            seat_best(seating, learner);
        }
    }
    fill_or_close(seating, through);
    if seating.value() <= before || !seating.within_limits() {
        seating.undo(mark);
    }
}
