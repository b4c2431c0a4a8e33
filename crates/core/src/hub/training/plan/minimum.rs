//! Sessions that have too few people: filled, or closed.

use super::improve::seat_best;
use super::seating::{Seating, Through};

/// Fills each opened session up to its minimum with those who lose least by coming, or closes it
/// where that closes more of everyone's gap; until none is short.
///
/// The nearest to their minimum are filled first; where none can be filled, a twentieth of them, the
/// farthest from it, are closed, and their people may fill others.
pub(super) fn fill_or_close(seating: &mut Seating<'_>, through: &Through) {
    loop {
        let mut short: Vec<(usize, usize)> = (0..seating.opened.len())
            .filter(|&session| seating.opened[session].is_some())
            .map(|session| (lacking(seating, session), session))
            .filter(|(lacking, _)| *lacking > 0)
            .collect();
        short.sort_unstable();
        if short.is_empty() {
            return;
        }
        let filled = short.iter().filter(|(_, session)| fill(seating, through, *session)).count();
        if filled == 0 {
            for &(_, session) in short.iter().rev().take(short.len().div_ceil(20)) {
                close(seating, session);
            }
        }
    }
}

/// Takes out whom a limit has no room for, those who gain least first, and sessions that are short
/// by it, until every limit and minimum holds. Where people of a quota left, others must too.
pub(super) fn keep_limits(seating: &mut Seating<'_>) {
    loop {
        let short = (0..seating.opened.len())
            .find(|&s| seating.opened[s].is_some() && lacking(seating, s) > 0);
        if let Some(session) = short {
            for learner in seating.sitting[session].clone() {
                seating.leave(learner);
            }
            seating.close(session);
            continue;
        }
        let Some(limit) = seating.passed() else { return };
        let least = (0u32..)
            .take(seating.class_of.len())
            .filter(|&learner| seating.weighs(learner, limit) > 0)
            .min_by_key(|&learner| (seating.gain_of(learner), learner));
        match least {
            Some(learner) => seating.leave(learner),
            // Only the opening of a session weighs on it: the last one that does goes.
            None => {
                let Some(session) = (0..seating.opened.len()).rev().find(|&s| {
                    seating.opened[s].is_some_and(|lot| seating.opening_weighs(lot, limit) > 0)
                }) else {
                    return;
                };
                for learner in seating.sitting[session].clone() {
                    seating.leave(learner);
                }
                seating.close(session);
            }
        }
    }
}

/// How many people a session lacks.
fn lacking(seating: &Seating<'_>, session: usize) -> usize {
    (seating.market.minimum[session] as usize).saturating_sub(seating.heads(session))
}

/// Brings people to a session up to its minimum; false, with nothing changed, where too few can
/// come or where closing it leaves more.
fn fill(seating: &mut Seating<'_>, through: &Through, session: usize) -> bool {
    if lacking(seating, session) == 0 {
        return true;
    }
    let mark = seating.mark();
    close(seating, session);
    let without = seating.value();
    seating.undo(mark);
    let mut coming: Vec<(i128, u32, usize)> = Vec::new();
    for &(class, column) in &through[session] {
        let (class, column) = (class as usize, column as usize);
        let gain = i128::from(seating.pools[class][column].gain);
        for &learner in &seating.classes[class].learners {
            if !seating.sitting[session].contains(&learner) {
                coming.push((i128::from(seating.gain_of(learner)) - gain, learner, column));
            }
        }
    }
    coming.sort_unstable();
    for (_, learner, column) in coming {
        if lacking(seating, session) == 0 {
            break;
        }
        if seating.sitting[session].contains(&learner) || !seating.may_leave(learner) {
            continue;
        }
        let class = seating.class_of[learner as usize];
        let own = seating.mark();
        seating.leave(learner);
        match seating.payers(class, column) {
            Some(lots) => seating.take(learner, column, lots),
            None => seating.undo(own),
        }
    }
    let enough = lacking(seating, session) == 0;
    if enough && seating.value() > without && seating.within_limits() {
        return true;
    }
    seating.undo(mark);
    false
}

/// Closes a session; its people go to the best pathway that has room for them.
pub(super) fn close(seating: &mut Seating<'_>, session: usize) {
    let people = seating.sitting[session].clone();
    for &learner in &people {
        seating.leave(learner);
    }
    seating.close(session);
    for learner in people {
        seat_best(seating, learner);
    }
}
