//! Whole people in the sessions that were opened, by the shares of a balance.
//!
//! People are seated a part at a time, the clearest shares first; what is left is then balanced
//! again over the seats and the money left. So shares that were spread over equals come together,
//! and what the first who sit leave is priced for the others.

use super::balance::{Balance, Trail};
use super::decide::{asked, standings};
use super::improve::seat_best;
use super::minimum::{fill_or_close, keep_limits};
use super::prices::{Prices, real};
use super::room::Room;
use super::search::{ERROR, offer_at};
use super::seating::Seating;
use crate::error::Result;
use crate::hub::training::Offer;
use crate::run::Count;

/// Parts in which people are seated.
pub(super) const DIVES: usize = 20;

/// Rounds in which those left are offered more pathways.
const OFFERS: usize = 16;

/// Epochs of balancing before each part; more when fewer people are left.
const EPOCHS: usize = 8;
const MORE_EPOCHS: usize = 1;

/// Rounds after which sessions that too few people come to are closed.
const FILLED: usize = 6;

/// The people that a session may lack to stay open.
const LACKING: f64 = 0.5;

/// Of the people left, those seated in one round.
const PART: f64 = 0.25;

/// Opens the sessions decided, seats people by their shares and the others as best they can, and
/// fills or closes what has too few.
pub(super) fn dive(
    offer: &Offer,
    seating: &mut Seating<'_>,
    mut prices: Prices,
    mut trail: Trail,
    count: &Count<'_>,
) -> Result<()> {
    let (market, classes) = (seating.market, seating.classes);
    seating.quotas_wait = true;
    let mut shut = vec![true; market.capacity.len()];
    for round in 0..DIVES {
        count.go_on()?;
        if round == FILLED {
            shut.fill(false);
        }
        prices.standings = standings(seating, &shut);
        let room = Room::left(seating, &prices);
        if round < OFFERS {
            let left = |class: usize| room.people[class] > 0.0;
            offer_at((offer, market, classes), &mut seating.pools, &prices, 0, left, count)?;
        }
        let mut balance = Balance::new(market, classes, &seating.pools, &prices, room, &trail);
        balance.settle(EPOCHS + MORE_EPOCHS * round, ERROR);
        balance.put_prices(&mut prices);
        trail = balance.trail();
        count.add(1);
        if round >= FILLED {
            close_or_open(seating, &trail.shares, &mut shut);
        }
        let part = if round + 1 == DIVES { 1.0 } else { PART };
        if !seat_clearest(seating, &mut trail.shares, part) {
            break;
        }
    }
    seating.quotas_wait = false;
    let mut order: Vec<usize> = (0..classes.len()).collect();
    // Those who make room in a quota come first.
    order.sort_by_key(|&class| (!classes[class].is_counted(), class));
    for class in order {
        for &learner in &classes[class].learners {
            if seating.seats[learner as usize].is_none() {
                seat_best(seating, learner);
            }
        }
    }
    let through = seating.through();
    fill_or_close(seating, &through);
    keep_limits(seating);
    Ok(())
}

/// Seats a part of the people who have shares, the largest shares first; takes them off the
/// shares. Whether anyone was seated.
fn seat_clearest(seating: &mut Seating<'_>, shares: &mut [Vec<f64>], part: f64) -> bool {
    let mut any = false;
    // Those who make room in a quota come first, and a larger part of them.
    for counted in [true, false] {
        let part = if counted { f64::min(1.0, part * 1.5) } else { part };
        for (class, column, heads) in clearest(seating, shares, part, counted) {
            for _ in 0..heads {
                let free = |learner: &&u32| seating.seats[**learner as usize].is_none();
                let Some(&learner) = seating.classes[class].learners.iter().find(free) else {
                    break;
                };
                let Some(lots) = seating.payers(class, column) else { break };
                seating.take(learner, column, lots);
                let share = &mut shares[class][column];
                *share = (*share - 1.0).max(0.0);
                any = true;
            }
        }
    }
    any
}

/// The largest shares that come to a part of all: class, column and whole people.
fn clearest(
    seating: &Seating<'_>,
    shares: &[Vec<f64>],
    part: f64,
    counted: bool,
) -> Vec<(usize, usize, u32)> {
    let mut clear: Vec<(f64, usize, usize)> = Vec::new();
    let mut people = 0.0;
    for (class, shares) in shares.iter().enumerate() {
        if seating.classes[class].is_counted() != counted {
            continue;
        }
        for (column, &share) in shares.iter().enumerate() {
            if share > 1e-3 {
                clear.push((share, class, column));
                people += share;
            }
        }
    }
    clear.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut most = part * people;
    let mut chosen: Vec<(usize, usize, u32)> = Vec::new();
    for (share, class, column) in clear {
        // Whole people, and one more for what is left of a share.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "few people")]
        let heads = if part < 1.0 { share.round().max(1.0) } else { share.ceil() } as u32;
        chosen.push((class, column, heads));
        most -= f64::from(heads);
        if most < 0.0 && part < 1.0 {
            break;
        }
    }
    chosen
}

/// Closes the sessions to which too few people come, even with those whose shares pass through
/// them: the emptiest, a part of all. Their people sit nowhere then. Opens those that are wanted
/// enough and the fullest of the others, for the lot that most would pay by; shuts the emptiest.
fn close_or_open(seating: &mut Seating<'_>, shares: &[Vec<f64>], shut: &mut [bool]) {
    let market = seating.market;
    let coming = asked(market, &seating.pools, shares);
    let mut short: Vec<(f64, usize)> = Vec::new();
    let mut wanted: Vec<(f64, usize, u32)> = Vec::new();
    for session in (0..market.capacity.len()).filter(|&session| market.collective[session]) {
        let lots = market.lots_of[session].clone();
        let heads = real(seating.heads(session) as u64) + coming[lots.clone()].iter().sum::<f64>();
        let least = f64::from(market.minimum[session]);
        let most = lots.max_by(|&a, &b| coming[a].total_cmp(&coming[b]).then(b.cmp(&a)));
        match (seating.opened[session], most) {
            (Some(_), _) if least - heads > LACKING => short.push((least - heads, session)),
            #[expect(clippy::cast_possible_truncation, reason = "`Market::of` refuses more")]
            (None, Some(lot)) if !shut[session] => {
                wanted.push((heads / least, session, lot as u32))
            }
            _ => {}
        }
    }
    short.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    for (_, session) in short.into_iter().take(market.capacity.len() / 100 + 1) {
        for learner in seating.sitting[session].clone() {
            seating.leave(learner);
        }
        seating.close(session);
    }
    wanted.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let fullest = wanted.len().div_ceil(8);
    let emptiest = wanted.len() - wanted.len() / 4;
    for (place, (fill, session, lot)) in wanted.into_iter().enumerate() {
        if fill > 0.95 || place < fullest && fill > 0.5 {
            seating.open(lot);
        } else if fill < 0.1 || place >= emptiest {
            shut[session] = true;
        }
    }
}
