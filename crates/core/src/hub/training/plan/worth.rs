//! What is worth most to a class at given prices, whatever the dates.

use super::prices::real;
use super::schedule::Placed;
use crate::hub::training::pathway::problem::Problem;

/// The modules of most worth: what they close less what they cost.
#[derive(Debug, Default)]
pub(super) struct Worth {
    /// Where the modules could be placed: their cost, the choices, and the lots that pay.
    pub placed: Option<(f64, Vec<usize>, Vec<u32>)>,
    /// Otherwise modules that are worth most whatever the dates: indices of
    /// [`Problem::modules`], ascending.
    pub modules: Vec<usize>,
    /// No set of modules, with what they need before, is worth more; never below 0.
    pub bound: f64,
}

/// Nodes after which what is left is not looked at, but counted in the bound.
const MOST_NODES: u32 = 4_000;

/// The most that a set of modules is worth: `weight` × what it closes of what is asked, less what it
/// costs where `place` puts it, where each module goes with a provider of every prerequisite that is
/// not held; of those worth more than `known`. `prices` are the least of each module; `place` is
/// given modules and what they are to cost at most; `dated` says that it mostly knows exactly.
///
/// Branch and bound over the modules: what is open closes each step at most once, for the least
/// share of a price that any of its modules may leave on it. What `place` does not know exactly
/// counts as if every module had its least price.
pub(super) fn worth(
    problem: &Problem,
    weight: u64,
    prices: &[f64],
    known: f64,
    dated: bool,
    place: &dyn Fn(&[usize], f64) -> Placed,
) -> Worth {
    let mut search = Search::new(problem, weight, prices, known, dated, place);
    search.descend(0, 0.0, false);
    let bound = search.best.max(search.unproven);
    let mut modules = search.unproven_set;
    modules.sort_unstable();
    Worth { placed: search.placed, modules, bound }
}

struct Search<'p> {
    problem: &'p Problem,
    weight: f64,
    prices: &'p [f64],
    /// Whether `place` knows exactly.
    dated: bool,
    place: &'p dyn Fn(&[usize], f64) -> Placed,
    /// The modules that may pay, the cheapest for what they close first.
    order: Vec<usize>,
    /// Steps by module.
    steps: Vec<Vec<usize>>,
    /// By module: whether another needs what it brings.
    provides: Vec<bool>,
    /// By step and number of modules decided: the least share of a price left on it; 1 and above:
    /// none of the modules left is worth it.
    share: Vec<Vec<f64>>,
    covered: Vec<u32>,
    state: Vec<State>,
    chosen: Vec<usize>,
    nodes: u32,
    /// What the best that was placed, or known before, is worth.
    best: f64,
    placed: Option<(f64, Vec<usize>, Vec<u32>)>,
    /// What those are worth at most that were not placed exactly, or not looked at.
    unproven: f64,
    unproven_set: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    In,
    Out,
}

impl<'p> Search<'p> {
    fn new(
        problem: &'p Problem,
        weight: u64,
        prices: &'p [f64],
        known: f64,
        dated: bool,
        place: &'p dyn Fn(&[usize], f64) -> Placed,
    ) -> Self {
        let count = problem.modules.len();
        let mut steps = vec![Vec::new(); count];
        for (at, step) in problem.steps.iter().enumerate() {
            for &module in &step.providers {
                steps[module].push(at);
            }
        }
        let mut provides = vec![false; count];
        for &provider in problem.requires.iter().flatten().flatten() {
            provides[provider] = true;
        }
        let potential: Vec<f64> = steps
            .iter()
            .map(|steps| real(weight * steps.iter().map(|&s| problem.steps[s].weight).sum::<u64>()))
            .collect();
        let mut useful: Vec<bool> =
            (0..count).map(|module| prices[module] < potential[module]).collect();
        let mut open: Vec<usize> = (0..count).filter(|&module| useful[module]).collect();
        while let Some(module) = open.pop() {
            for &provider in problem.requires[module].iter().flatten() {
                if !useful[provider] && prices[provider].is_finite() {
                    useful[provider] = true;
                    open.push(provider);
                }
            }
        }
        let ratio = |module: usize| {
            if potential[module] > 0.0 { prices[module] / potential[module] } else { f64::MAX }
        };
        let mut order: Vec<usize> = (0..count).filter(|&module| useful[module]).collect();
        order.sort_by(|&a, &b| ratio(a).total_cmp(&ratio(b)).then(a.cmp(&b)));
        let share = problem
            .steps
            .iter()
            .map(|step| {
                let mut least = vec![1.0; order.len() + 1];
                for at in (0..order.len()).rev() {
                    let closes = step.providers.binary_search(&order[at]).is_ok();
                    // A negative price (a quota in reach) is counted where the module is chosen.
                    let own = if closes { ratio(order[at]).max(0.0) } else { 1.0 };
                    least[at] = f64::min(least[at + 1], own);
                }
                least
            })
            .collect();
        Self {
            problem,
            weight: real(weight),
            prices,
            dated,
            place,
            order,
            steps,
            provides,
            share,
            covered: vec![0; problem.steps.len()],
            state: (0..count).map(|m| if useful[m] { State::Open } else { State::Out }).collect(),
            chosen: Vec::new(),
            nodes: 0,
            best: known,
            placed: None,
            unproven: 0.0,
            unproven_set: Vec::new(),
        }
    }

    /// What the modules from `at` on may still close, less the least of their prices, and what
    /// negative prices pay.
    fn open(&self, at: usize) -> (f64, f64) {
        let steps = self.problem.steps.iter().zip(&self.share).zip(&self.covered);
        let closes = steps
            .filter(|(_, covered)| **covered == 0)
            .map(|((step, share), _)| self.weight * real(step.weight) * (1.0 - share[at]))
            .sum();
        let earns = self.order[at..].iter().map(|&module| (-self.prices[module]).max(0.0));
        (closes, earns.sum())
    }

    /// The weight of the steps that the modules chosen close.
    fn closed(&self) -> u64 {
        let steps = self.problem.steps.iter().zip(&self.covered);
        steps.filter(|(_, covered)| **covered > 0).map(|(step, _)| step.weight).sum()
    }

    /// Whether every module chosen has, for each prerequisite, a provider that is chosen, or (`may`)
    /// still open.
    fn supported(&self, may: bool) -> bool {
        self.chosen.iter().all(|&module| {
            self.problem.requires[module].iter().all(|providers| {
                providers
                    .iter()
                    .any(|&p| self.state[p] == State::In || may && self.state[p] == State::Open)
            })
        })
    }

    /// `grown`: whether the last module was chosen; the others were placed already.
    fn descend(&mut self, at: usize, mut paid: f64, grown: bool) {
        self.nodes += 1;
        if !self.supported(true) {
            return;
        }
        let closed = self.closed();
        let (more, earns) = self.open(at);
        let asked = self.weight * real(self.problem.asked);
        let closes = f64::min(self.weight * real(closed), asked);
        // Beyond what is asked, closing counts for nothing.
        let most = f64::min(self.weight * real(closed) + more, asked) + earns;
        if grown && most - paid > self.best.max(self.unproven) {
            paid = self.place_chosen(closes, paid, most);
        }
        let bound = most - paid;
        if at == self.order.len() || bound <= self.best.max(self.unproven) {
            return;
        }
        if self.nodes > MOST_NODES {
            self.unproven = bound;
            return;
        }
        let module = self.order[at];
        if !self.is_spare(module, |step| self.covered[step] > 0) {
            self.state[module] = State::In;
            self.chosen.push(module);
            for &step in &self.steps[module] {
                self.covered[step] += 1;
            }
            self.descend(at + 1, paid + self.prices[module], true);
            for &step in &self.steps[module] {
                self.covered[step] -= 1;
            }
            self.chosen.pop();
        }
        self.state[module] = State::Out;
        self.descend(at + 1, paid, false);
        self.state[module] = State::Open;
    }

    /// Whether a module is not missed in a set: the others close as much, cost no more and need
    /// nothing of it, and are looked at on their own.
    fn is_spare(&self, module: usize, closed_by_others: impl Fn(usize) -> bool) -> bool {
        self.prices[module] >= 0.0
            && !self.provides[module]
            && self.steps[module].iter().all(|&step| closed_by_others(step))
    }

    /// Places the modules chosen, which close so much and cost at least so much, where that may be
    /// worth more than what is known; returns what they cost at least with others, that close no
    /// more than `most` together.
    fn place_chosen(&mut self, closes: f64, paid: f64, most: f64) -> f64 {
        // Others may come to bring what these need, and then they cost less.
        let alone = self.chosen.iter().all(|&module| self.problem.requires[module].is_empty());
        let spare = |&module: &usize| self.is_spare(module, |step| self.covered[step] > 1);
        let better = closes - paid > self.best.max(self.unproven)
            && self.supported(false)
            && !self.chosen.iter().any(spare);
        let tells = alone && self.dated;
        if !(better || tells) {
            return paid;
        }
        let limit = if tells { most } else { closes } - self.best;
        let Placed { way, exact } = (self.place)(&self.chosen, limit);
        if better && !exact {
            self.unproven = closes - paid;
            self.unproven_set.clone_from(&self.chosen);
        }
        let cost = match &way {
            Some((cost, ..)) => *cost,
            None => limit,
        };
        if let Some(way) = way.filter(|(cost, ..)| closes - cost > self.best) {
            self.best = closes - way.0;
            self.placed = Some(way);
        }
        if alone && exact { f64::max(paid, cost) } else { paid }
    }
}
