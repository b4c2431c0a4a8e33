//! Which of several equals sits where.

use super::market::{Market, day_of};
use super::seating::{Seat, Seating};
use super::{Learner, Naming};
use crate::hub::training::Offer;
use crate::hub::training::offer::{Group, RuleKind};
use crate::skill::Date;

/// Gives the seats of each class to its people: the best first, in the order of their positions; but
/// where a rule says that disabled people go first on what a funder pays for, they do, and it is
/// noted. Nothing else about a plan changes: the people of a class are equals.
pub(super) fn name(
    offer: &Offer,
    seating: &mut Seating<'_>,
    learners: &[Learner],
    from: Date,
) -> Vec<Naming> {
    let mut namings = Vec::new();
    for (number, class) in seating.classes.iter().enumerate() {
        let mut seats: Vec<(Seat, Option<&str>)> = class
            .learners
            .iter()
            .filter_map(|&learner| seating.seats[learner as usize].clone())
            .map(|seat| {
                let rule = priority(offer, seating.market, &seat, from);
                (seat, rule)
            })
            .collect();
        let gain = |seat: &Seat| seating.pools[number][seat.column].gain;
        seats.sort_by(|(a, a_rule), (b, b_rule)| {
            let key = |seat: &Seat, rule: &Option<&str>| {
                (std::cmp::Reverse(gain(seat)), rule.is_none(), seat.column)
            };
            key(a, a_rule).cmp(&key(b, b_rule)).then_with(|| a.lots.cmp(&b.lots))
        });
        let mut left = class.learners.clone();
        let mut given: Vec<(u32, Seat)> = Vec::with_capacity(seats.len());
        for (seat, rule) in seats {
            let disabled =
                left.iter().position(|&learner| learners[learner as usize].attributes.disabled);
            let at = rule.and(disabled).unwrap_or(0);
            if let (Some(rule), true) = (rule, at > 0) {
                namings.push(Naming {
                    rule: rule.to_owned(),
                    sessions: seat
                        .lots
                        .iter()
                        .map(|&lot| seating.market.lots[lot as usize].session)
                        .collect(),
                    named: left[at],
                    before: left[0],
                });
            }
            given.push((left.remove(at), seat));
        }
        for &learner in &class.learners {
            seating.seats[learner as usize] = None;
        }
        for (learner, seat) in given {
            seating.seats[learner as usize] = Some(seat);
        }
    }
    namings
}

/// The rule that puts disabled people first on one of the sessions of a seat.
fn priority<'o>(offer: &'o Offer, market: &Market, seat: &Seat, from: Date) -> Option<&'o str> {
    seat.lots.iter().find_map(|&number| {
        let lot = &market.lots[number as usize];
        let funder = offer.budgets()[lot.budget? as usize].funder;
        let day = day_of(offer, lot.session, from);
        let rules = offer.rules().iter().filter(|rule| rule.holds(day));
        rules
            .filter(|rule| {
                let RuleKind::Priority { funder: of, group } = rule.kind else { return false };
                of == funder && group == Group::Disabled
            })
            .map(|rule| rule.id.as_str())
            .next()
    })
}
