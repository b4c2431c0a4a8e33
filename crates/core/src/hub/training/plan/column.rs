//! A pathway that a class may be offered, and the one that is worth most to it.

use super::classes::Class;
use super::market::Market;
use super::prices::{Prices, real};
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

/// The pathway worth most to a class at prices: the best modules whatever the dates, in the
/// cheapest sessions that follow one another; where none do, without the module worth least.
/// `taste` is added to the price of a seat in a session; the bound holds where it is 0.
pub(super) fn offered(
    offer: &Offer,
    market: &Market,
    class: &Class,
    prices: &Prices,
    taste: &dyn Fn(u32) -> f64,
) -> Offered {
    let problem = &class.problem;
    let pay = |choice: usize, minutes: Option<u64>| {
        let session = problem.choices[choice].session.unwrap_or_default();
        let (lot, price) = prices.cheapest(market, session, class.qpv, minutes)?;
        Some((lot, price + taste(session)))
    };
    let least: Vec<f64> = problem
        .choices_of
        .iter()
        .map(|choices| {
            let prices = choices.clone().filter_map(|at| Some(pay(at, None)?.1));
            prices.fold(f64::INFINITY, f64::min)
        })
        .collect();
    let best = worth(problem, class.weight, &least);
    let mut modules = best.modules;
    while !modules.is_empty() {
        let minutes: u64 = modules.iter().map(|&m| minutes_of(offer, problem, m)).sum();
        let scheduled = schedule(problem, &modules, &|choice| pay(choice, Some(minutes)));
        if let Some((choices, lots)) = scheduled {
            let column = column(class, choices, lots, minutes);
            return Offered { column: Some(column), bound: best.bound };
        }
        drop_least(class, &least, &mut modules);
    }
    Offered { column: None, bound: best.bound }
}

pub(super) fn minutes_of(offer: &Offer, problem: &Problem, module: usize) -> u64 {
    offer.modules()[problem.modules[module] as usize].minutes.into()
}

fn column(class: &Class, choices: Vec<usize>, lots: Vec<u32>, minutes: u64) -> Column {
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

/// Placements tried for one set of modules.
const MOST_PLACED: u32 = 600;

/// The cheapest choice of each module, such that none excludes another and each comes after a
/// provider of what it needs; with the lot that pays for each.
fn schedule(
    problem: &Problem,
    modules: &[usize],
    pay: &dyn Fn(usize) -> Option<(u32, f64)>,
) -> Option<(Vec<usize>, Vec<u32>)> {
    let mut ways: Vec<Vec<(usize, u32, f64)>> = Vec::with_capacity(modules.len());
    for &module in modules {
        let choices = problem.choices_of[module].clone();
        let mut of: Vec<_> = choices
            .filter_map(|at| pay(at).map(|(lot, price)| (at, lot, price)))
            .filter(|(.., price)| price.is_finite())
            .collect();
        // The cheapest first, and of equals the one that ends first: it leaves most room.
        let end = |at: usize| problem.choices[at].dates.map(|(_, until)| until);
        of.sort_by(|a, b| a.2.total_cmp(&b.2).then(end(a.0).cmp(&end(b.0))).then(a.0.cmp(&b.0)));
        ways.push(of);
    }
    let mut search = Schedule {
        problem,
        modules,
        ways: &ways,
        placed: Vec::new(),
        left: MOST_PLACED,
        best: None,
    };
    search.place(0.0);
    let (_, mut placed) = search.best?;
    placed.sort_by_key(|&(at, _)| (problem.choices[at].dates, at));
    Some(placed.into_iter().unzip())
}

struct Schedule<'s> {
    problem: &'s Problem,
    modules: &'s [usize],
    ways: &'s [Vec<(usize, u32, f64)>],
    placed: Vec<(usize, u32)>,
    left: u32,
    best: Option<(f64, Vec<(usize, u32)>)>,
}

impl Schedule<'_> {
    fn place(&mut self, paid: f64) {
        if self.placed.len() == self.modules.len() {
            if self.best.as_ref().is_none_or(|(least, _)| paid < *least) {
                self.best = Some((paid, self.placed.clone()));
            }
            return;
        }
        // The first module that is not placed and whose providers are.
        let placed = |module: usize| {
            self.placed.iter().any(|&(at, _)| self.problem.choices[at].module == module)
        };
        let ready = |&at: &usize| {
            !placed(self.modules[at])
                && self.problem.requires[self.modules[at]]
                    .iter()
                    .all(|p| p.iter().any(|&m| placed(m)))
        };
        let Some(next) = (0..self.modules.len()).find(ready) else { return };
        for &(at, lot, price) in &self.ways[next] {
            if self.left == 0 || self.best.as_ref().is_some_and(|(least, _)| paid + price >= *least)
            {
                return;
            }
            self.left -= 1;
            let choice = &self.problem.choices[at];
            let fits = self.placed.iter().all(|&(p, _)| !self.problem.choices[p].excludes(choice))
                && self.problem.requires[choice.module].iter().all(|providers| {
                    self.placed.iter().any(|&(p, _)| {
                        let earlier = &self.problem.choices[p];
                        providers.binary_search(&earlier.module).is_ok() && earlier.before(choice)
                    })
                });
            if fits {
                self.placed.push((at, lot));
                self.place(paid + price);
                self.placed.pop();
            }
        }
    }
}
