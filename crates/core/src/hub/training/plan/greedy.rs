//! The plan that is made without prices, first come first served: what every plan is compared with.

use super::improve::best_first;
use super::seating::Seating;

/// Gives each learner, in order, the pathway that closes the most, and opens the sessions that it
/// needs as long as there is money. Nobody is moved afterwards.
pub(super) fn fill(seating: &mut Seating<'_>) {
    for learner in 0..seating.class_of.len() {
        let class = seating.class_of[learner];
        for column in best_first(seating, class) {
            let mark = seating.mark();
            if open_all(seating, class, column)
                && let Some(lots) = seating.payers(class, column)
            {
                #[expect(clippy::cast_possible_truncation, reason = "learners are fewer than 2³²")]
                seating.take(learner as u32, column, lots);
                break;
            }
            seating.undo(mark);
        }
    }
}

/// Opens what a pathway needs; false where one of its sessions cannot be paid for.
fn open_all(seating: &mut Seating<'_>, class: usize, column: usize) -> bool {
    let minutes = seating.pools[class][column].minutes;
    for session in seating.sessions(class, column).collect::<Vec<_>>() {
        if !seating.market.collective[session] || seating.opened[session].is_some() {
            continue;
        }
        let opened = seating.market.lots_of[session].clone().any(|lot| {
            #[expect(clippy::cast_possible_truncation, reason = "`Market::of` refuses more")]
            let number = lot as u32;
            seating.market.lots[lot].pays_for(minutes) && seating.open(number)
        });
        if !opened {
            return false;
        }
    }
    true
}
