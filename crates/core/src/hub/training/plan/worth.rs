//! What is worth most to a class at given prices, whatever the dates.

use super::prices::real;
use crate::hub::training::pathway::problem::Problem;

/// The modules of most worth: what they close less what they cost.
#[derive(Clone, Debug, Default)]
pub(super) struct Worth {
    /// Indices of [`Problem::modules`], ascending.
    pub modules: Vec<usize>,
    /// No set of modules, with what they need before, is worth more; never below 0.
    pub bound: f64,
}

/// Nodes after which the bound of the root stands.
const MOST_NODES: u32 = 4_000;

/// The most that a set of modules is worth: `weight` × what it closes of what is asked, less the
/// prices, where each module goes with a provider of every prerequisite that is not held. In which
/// order and on which days does not count, so no pathway is worth more than [`Worth::bound`].
///
/// Branch and bound over the modules: what is open closes each step at most once, for the least
/// share of a price that any of its modules may leave on it.
pub(super) fn worth(problem: &Problem, weight: u64, prices: &[f64]) -> Worth {
    let mut search = Search::new(problem, weight, prices);
    let (closes, earns) = search.open(0);
    let root = closes + earns;
    search.descend(0, 0.0);
    let bound = if search.nodes > MOST_NODES { root.max(search.best) } else { search.best };
    let mut modules = search.best_set;
    modules.sort_unstable();
    Worth { modules, bound }
}

struct Search<'p> {
    problem: &'p Problem,
    weight: f64,
    prices: &'p [f64],
    /// The modules that may pay, the cheapest for what they close first.
    order: Vec<usize>,
    /// Steps by module.
    steps: Vec<Vec<usize>>,
    /// By step and number of modules decided: the least share of a price left on it; 1 and above:
    /// none of the modules left is worth it.
    share: Vec<Vec<f64>>,
    covered: Vec<u32>,
    state: Vec<State>,
    chosen: Vec<usize>,
    nodes: u32,
    best: f64,
    best_set: Vec<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    In,
    Out,
}

impl<'p> Search<'p> {
    fn new(problem: &'p Problem, weight: u64, prices: &'p [f64]) -> Self {
        let count = problem.modules.len();
        let mut steps = vec![Vec::new(); count];
        for (at, step) in problem.steps.iter().enumerate() {
            for &module in &step.providers {
                steps[module].push(at);
            }
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
            order,
            steps,
            share,
            covered: vec![0; problem.steps.len()],
            state: (0..count).map(|m| if useful[m] { State::Open } else { State::Out }).collect(),
            chosen: Vec::new(),
            nodes: 0,
            best: 0.0,
            best_set: Vec::new(),
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

    fn descend(&mut self, at: usize, paid: f64) {
        self.nodes += 1;
        if self.nodes > MOST_NODES || !self.supported(true) {
            return;
        }
        let closed = self.closed();
        let asked = self.weight * real(self.problem.asked);
        let value = f64::min(self.weight * real(closed), asked) - paid;
        if value > self.best && self.supported(false) {
            self.best = value;
            self.best_set.clone_from(&self.chosen);
        }
        let (closes, earns) = self.open(at);
        // Beyond what is asked, closing counts for nothing.
        let bound = f64::min(self.weight * real(closed) + closes, asked) + earns - paid;
        if at == self.order.len() || bound <= self.best {
            return;
        }
        let module = self.order[at];
        self.state[module] = State::In;
        self.chosen.push(module);
        for &step in &self.steps[module] {
            self.covered[step] += 1;
        }
        self.descend(at + 1, paid + self.prices[module]);
        for &step in &self.steps[module] {
            self.covered[step] -= 1;
        }
        self.chosen.pop();
        self.state[module] = State::Out;
        self.descend(at + 1, paid);
        self.state[module] = State::Open;
    }
}
