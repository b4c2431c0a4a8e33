//! A pathway that a class may be offered, and the one that is worth most to it.

use super::classes::Class;
use super::market::Market;
use super::prices::{Prices, real};
use super::schedule::{Placed, Way, schedule};
use super::worth::worth;
use crate::hub::training::Offer;
use crate::hub::training::pathway::problem::{Problem, closed_by};

/// A pathway as a class may follow it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    /// The choices of the class' problem, in order.
    pub choices: Vec<usize>,
    /// The lot that pays for each of them, as it was priced.
    pub lots: Vec<u32>,
    /// Weighted gap that it closes for one learner.
    pub gain: u64,
    pub minutes: u64,
}

/// What a class can gain at most, and the pathway found for it.
pub(super) struct Offered {
    pub column: Option<Column>,
    /// No pathway of the class is worth more at these prices.
    pub bound: f64,
}

/// The pathway worth most to a class at prices: the best modules in the cheapest sessions that
/// follow one another; none where it is worth no more than `known`. `taste` is added to the price of
/// a seat in a session; the bound holds where it is 0.
///
/// Where entry is rolling, or who pays depends on how long the whole pathway is, the bound is that
/// of the best modules whatever the dates, and the pathway is theirs where they can be scheduled.
pub(super) fn offered(
    (offer, market, class): (&Offer, &Market, &Class),
    prices: &Prices,
    taste: &dyn Fn(u32) -> f64,
    known: f64,
) -> Offered {
    let problem = &class.problem;
    let ways_of = |module: usize, minutes: Option<u64>| {
        ways(problem, module, &|choice| {
            let session = problem.choices[choice].session.unwrap_or_default();
            let (lot, price) = prices.cheapest(market, session, class.counted, minutes)?;
            Some((lot, price + taste(session)))
        })
    };
    let cheapest: Vec<Vec<Way>> =
        (0..problem.modules.len()).map(|module| ways_of(module, None)).collect();
    let least: Vec<f64> =
        cheapest.iter().map(|ways| ways.first().map_or(f64::INFINITY, |way| way.price)).collect();
    let rolling = |way: &Way| {
        let session = problem.choices[way.choice].session.unwrap_or_default();
        offer.sessions()[session as usize].dates.is_none()
    };
    let rolls: Vec<bool> = cheapest.iter().map(|ways| ways.iter().any(rolling)).collect();
    let minutes_of = |modules: &[usize]| -> u64 {
        modules
            .iter()
            .map(|&m| u64::from(offer.modules()[problem.modules[m] as usize].minutes))
            .sum()
    };
    let place = |modules: &[usize], most: f64| -> Placed {
        if !market.by_length {
            let ways: Vec<&[Way]> = modules.iter().map(|&m| &cheapest[m][..]).collect();
            let mut placed = schedule(problem, modules, &ways, most);
            placed.exact &= !modules.iter().any(|&m| rolls[m]);
            return placed;
        }
        let minutes = Some(minutes_of(modules));
        let ways: Vec<Vec<Way>> = modules.iter().map(|&m| ways_of(m, minutes)).collect();
        let ways: Vec<&[Way]> = ways.iter().map(|ways| &ways[..]).collect();
        Placed { exact: false, ..schedule(problem, modules, &ways, most) }
    };
    let dated = !market.by_length && !rolls.contains(&true);
    let mut best = worth(problem, class.weight, &least, known, dated, &place);
    // What is worth most whatever the dates may have no dates that fit: then without the module
    // that is worth least.
    while best.placed.is_none() && !best.modules.is_empty() {
        drop_least(class, &least, &mut best.modules);
        best.placed = place(&best.modules, f64::INFINITY).way;
    }
    let placed = best.placed.filter(|(_, choices, _)| !choices.is_empty());
    let column = placed.map(|(_, choices, lots)| {
        let modules: Vec<usize> = choices.iter().map(|&at| problem.choices[at].module).collect();
        column(class, choices, lots, minutes_of(&modules))
    });
    Offered { column, bound: best.bound }
}

pub(super) fn column(class: &Class, choices: Vec<usize>, lots: Vec<u32>, minutes: u64) -> Column {
    let closed = closed_by(&class.problem, &choices).min(class.problem.asked);
    Column { choices, lots, gain: class.weight * closed, minutes }
}

/// Takes out the module that is worth least, and those that are then without a provider.
fn drop_least(class: &Class, prices: &[f64], modules: &mut Vec<usize>) {
    let problem = &class.problem;
    let closes = |without: usize| {
        let closes = |providers: &[usize]| {
            modules.iter().any(|m| *m != without && providers.binary_search(m).is_ok())
        };
        let steps = problem.steps.iter().filter(|step| closes(&step.providers));
        real(class.weight * steps.map(|step| step.weight).sum::<u64>())
    };
    let worst = (0..modules.len()).max_by(|&a, &b| {
        let left = |at: usize| closes(modules[at]) + prices[modules[at]];
        left(a).total_cmp(&left(b)).then(a.cmp(&b))
    });
    if let Some(worst) = worst {
        modules.remove(worst);
    }
    while let Some(at) = modules.iter().position(|&module| {
        problem.requires[module]
            .iter()
            .any(|providers| !modules.iter().any(|m| providers.binary_search(m).is_ok()))
    }) {
        modules.remove(at);
    }
}

/// The ways to follow a module, the cheapest first, and of equals the one that ends first: it
/// leaves most room.
fn ways(problem: &Problem, module: usize, pay: &dyn Fn(usize) -> Option<(u32, f64)>) -> Vec<Way> {
    let choices = problem.choices_of[module].clone();
    let mut ways: Vec<Way> = choices
        .filter_map(|choice| pay(choice).map(|(lot, price)| Way { choice, lot, price }))
        .filter(|way| way.price.is_finite())
        .collect();
    let end = |way: &Way| problem.choices[way.choice].dates.map(|(_, until)| until);
    ways.sort_by(|a, b| {
        a.price.total_cmp(&b.price).then(end(a).cmp(&end(b))).then(a.choice.cmp(&b.choice))
    });
    ways
}
