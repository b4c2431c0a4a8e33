//! Better plans by exchange: people to better pathways, sessions opened and closed.

use super::minimum::{close, fill_or_close};
use super::seating::{Seating, Through};
use crate::error::Result;
use crate::run::Count;

/// Rounds of exchange; each ends earlier when nothing changes.
const PASSES: usize = 8;

/// Occupants asked to make room for one learner.
const ASKED: usize = 24;

/// Learners looked at while closing sessions in one pass: fewer sessions are tried where there are
/// more people.
const LOOKED_AT: usize = 3_000_000;

/// Sessions opened in place of one that is closed.
const INSTEAD: usize = 4;

/// Improves a seating in which every opened session has its people, until nothing is found.
pub(super) fn improve(seating: &mut Seating<'_>, count: &Count<'_>) -> Result<()> {
    let through = seating.through();
    for _ in 0..PASSES {
        let before = seating.value();
        count.go_on()?;
        reseat(seating);
        make_room(seating);
        open_more(seating, &through, usize::MAX);
        close_poor(seating, &through, count)?;
        if seating.value() <= before {
            break;
        }
    }
    Ok(())
}

/// The columns of a class, the most gain first, then the fewest minutes.
pub(super) fn best_first(seating: &Seating<'_>, class: usize) -> Vec<usize> {
    let pool = &seating.pools[class];
    let mut order: Vec<usize> = (0..pool.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(pool[at].gain), pool[at].minutes, at));
    order
}

/// Moves each learner to a pathway that gains more, or as much for less, where there is room.
pub(super) fn reseat(seating: &mut Seating<'_>) {
    for class in 0..seating.classes.len() {
        let order = best_first(seating, class);
        for &learner in &seating.classes[class].learners {
            if seating.may_leave(learner) {
                reseat_one(seating, class, learner, &order);
            }
        }
    }
}

fn reseat_one(seating: &mut Seating<'_>, class: usize, learner: u32, order: &[usize]) {
    let (gain, cents) = (seating.gain_of(learner), seating.cents_of(learner));
    let mark = seating.mark();
    seating.leave(learner);
    for &column in order {
        let more = seating.pools[class][column].gain;
        if more < gain {
            break;
        }
        let Some(lots) = seating.payers(class, column) else { continue };
        if more == gain && seating.price(&lots) >= cents {
            continue;
        }
        seating.take(learner, column, lots);
        if seating.within_limits() {
            return;
        }
        seating.leave(learner);
    }
    seating.undo(mark);
}

/// For each learner whom one full session keeps from a better pathway: asks those who sit in it
/// whether one loses less elsewhere than the learner gains.
fn make_room(seating: &mut Seating<'_>) {
    for class in 0..seating.classes.len() {
        let order = best_first(seating, class);
        for &learner in &seating.classes[class].learners {
            if !seating.may_leave(learner) {
                continue;
            }
            for &column in &order {
                let gain = seating.gain_of(learner);
                if seating.pools[class][column].gain <= gain {
                    break;
                }
                let full: Vec<usize> = seating
                    .sessions(class, column)
                    .filter(|&s| seating.free_seats(s) == 0)
                    .collect();
                if let [session] = full[..]
                    && swap(seating, class, learner, column, session)
                {
                    break;
                }
            }
        }
    }
}

fn swap(
    seating: &mut Seating<'_>,
    class: usize,
    learner: u32,
    column: usize,
    session: usize,
) -> bool {
    let before = seating.value();
    let mark = seating.mark();
    let mut occupants: Vec<(u64, u32)> =
        seating.sitting[session].iter().map(|&other| (seating.gain_of(other), other)).collect();
    occupants.sort_unstable();
    for &(_, other) in occupants.iter().take(ASKED) {
        if other == learner {
            continue;
        }
        // Both may sit in one session: what it can spare is told once one of them has left.
        seating.leave(learner);
        let theirs = seating.class_of[other as usize];
        let kept = seating.seats[other as usize].as_ref().is_none_or(|seat| {
            // A full session keeps its number: one leaves it, one comes.
            let keeps = |s: usize| s == session && seating.free_seats(s) == 0;
            let above = |s: usize| seating.heads(s) > seating.market.minimum[s] as usize;
            seating.sessions(theirs, seat.column).all(|s| keeps(s) || above(s))
        });
        if !kept {
            seating.undo(mark);
            continue;
        }
        seating.leave(other);
        if let Some(lots) = seating.payers(class, column) {
            seating.take(learner, column, lots);
            for at in best_first(seating, theirs) {
                if let Some(lots) = seating.payers(theirs, at) {
                    seating.take(other, at, lots);
                    break;
                }
            }
            if seating.value() > before && seating.within_limits() {
                return true;
            }
        }
        seating.undo(mark);
    }
    false
}

/// Opens sessions that enough people gain from, as long as there is money; at most `most` of them.
fn open_more(seating: &mut Seating<'_>, through: &Through, most: usize) {
    let mut order: Vec<(u64, usize)> = (0..through.len())
        .filter(|&session| seating.market.collective[session] && seating.opened[session].is_none())
        .map(|session| (wanted(seating, through, session).iter().map(|w| w.0).sum(), session))
        .filter(|(gain, _)| *gain > 0)
        .collect();
    order.sort_by_key(|&(gain, session)| (std::cmp::Reverse(gain), session));
    let mut opened = 0;
    for (_, session) in order {
        if opened == most {
            return;
        }
        opened += usize::from(open_for_those_who_gain(seating, through, session));
    }
}

/// Who would gain from a session, the most first, up to its seats: gain, learner, column.
fn wanted(seating: &Seating<'_>, through: &Through, session: usize) -> Vec<(u64, u32, usize)> {
    let mut wanted: Vec<(u64, u32, usize)> = Vec::new();
    for &(class, column) in &through[session] {
        let (class, column) = (class as usize, column as usize);
        let possible = seating.sessions(class, column).all(|other| {
            other == session
                || seating.free_seats(other) > 0
                    && (!seating.market.collective[other] || seating.opened[other].is_some())
        });
        if !possible {
            continue;
        }
        let gain = seating.pools[class][column].gain;
        for &learner in &seating.classes[class].learners {
            let more = gain.saturating_sub(seating.gain_of(learner));
            if more > 0 {
                wanted.push((more, learner, column));
            }
        }
    }
    wanted.sort_by_key(|&(more, learner, column)| (std::cmp::Reverse(more), learner, column));
    let mut seen = hashbrown::HashSet::new();
    wanted.retain(|&(_, learner, _)| seen.insert(learner));
    wanted.truncate(2 * seating.market.capacity[session] as usize);
    wanted
}

fn open_for_those_who_gain(seating: &mut Seating<'_>, through: &Through, session: usize) -> bool {
    let before = seating.value();
    let mark = seating.mark();
    let wanted = wanted(seating, through, session);
    if wanted.len() < seating.market.minimum[session] as usize {
        return false;
    }
    for lot in seating.market.lots_of[session].clone() {
        #[expect(clippy::cast_possible_truncation, reason = "`Market::of` refuses more")]
        if !seating.open(lot as u32) {
            continue;
        }
        for &(_, learner, column) in &wanted {
            if seating.free_seats(session) == 0 {
                break;
            }
            if !seating.may_leave(learner) {
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
        let enough = seating.heads(session) >= seating.market.minimum[session] as usize;
        if enough && seating.value() > before && seating.within_limits() {
            return true;
        }
        seating.undo(mark);
    }
    false
}

/// Closes sessions one after the other where others, opened instead, gain more, or where their
/// people gain as much elsewhere for less.
fn close_poor(seating: &mut Seating<'_>, through: &Through, count: &Count<'_>) -> Result<()> {
    let mut order: Vec<(u64, usize)> = (0..through.len())
        .filter(|&session| seating.opened[session].is_some())
        .map(|session| {
            let gains = seating.sitting[session].iter().map(|&learner| {
                let class = seating.class_of[learner as usize];
                let seats = seating.seats[learner as usize].as_ref();
                let steps = seats.map_or(1, |s| seating.pools[class][s.column].choices.len());
                seating.gain_of(learner) / steps.max(1) as u64
            });
            (gains.sum(), session)
        })
        .collect();
    order.sort_unstable();
    let tries = LOOKED_AT / seating.class_of.len().max(1);
    for (_, session) in order.into_iter().take(tries) {
        count.go_on()?;
        close_one(seating, through, session);
    }
    Ok(())
}

fn close_one(seating: &mut Seating<'_>, through: &Through, session: usize) {
    let before = seating.value();
    let mark = seating.mark();
    close(seating, session);
    fill_or_close(seating, through);
    open_more(seating, through, INSTEAD);
    if seating.value() <= before || !seating.within_limits() {
        seating.undo(mark);
    }
}

/// Seats a learner who sits nowhere in the best pathway that has room, if one has.
pub(super) fn seat_best(seating: &mut Seating<'_>, learner: u32) -> bool {
    let class = seating.class_of[learner as usize];
    for column in best_first(seating, class) {
        if let Some(lots) = seating.payers(class, column) {
            seating.take(learner, column, lots);
            return true;
        }
    }
    false
}
