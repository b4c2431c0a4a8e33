//! The pathway that is worth most to a class at given prices.

use crate::hub::training::pathway::problem::Problem;

/// The best pathway at some prices.
pub(super) struct Priced {
    /// Its choices, in order; empty when nothing is worth its price.
    pub choices: Vec<usize>,
    /// No pathway is worth more than this above its price: at least 0.
    pub bound: f64,
    /// Whether the search was cut short, so that the bound is a relaxation.
    pub cut: bool,
}

struct Search<'a> {
    problem: &'a Problem,
    /// The least price of each module.
    price: Vec<f64>,
    choice_price: &'a [f64],
    weight: f64,
    /// The steps that each module closes.
    closes: Vec<Vec<usize>>,
    /// Whether another module may need it before.
    enables: Vec<bool>,
    /// Modules, the most promising first, and where each stands.
    order: Vec<usize>,
    place: Vec<usize>,
    covered: Vec<u32>,
    taken: Vec<bool>,
    nodes: u32,
    best_relaxed: f64,
    best: f64,
    best_choices: Vec<usize>,
}

/// Depth-first over modules, each taken or left. What is still to gain is at most the sum of what
/// each module left would add now, above its price: gains only shrink as more is covered. Dates are
/// decided for whole sets: they lower what is found, never the bound.
///
/// O(modules × steps) a node.
#[expect(clippy::cast_precision_loss, reason = "weights stay far below 2⁵³")]
pub(super) fn best_pathway(
    problem: &Problem,
    weight: u64,
    choice_price: &[f64],
    node_limit: u32,
) -> Priced {
    let count = problem.modules.len();
    let price: Vec<f64> = problem
        .choices_of
        .iter()
        .map(|range| choice_price[range.clone()].iter().copied().fold(f64::INFINITY, f64::min))
        .collect();
    let mut closes = vec![Vec::new(); count];
    for (at, step) in problem.steps.iter().enumerate() {
        step.providers.iter().for_each(|&module| closes[module].push(at));
    }
    let mut enables = vec![false; count];
    problem.requires.iter().flatten().flatten().for_each(|&module| enables[module] = true);
    let weight = weight as f64;
    let gain = |module: usize| {
        let closed: u64 = closes[module].iter().map(|&step| problem.steps[step].weight).sum();
        closed as f64 * weight - price[module]
    };
    let gains: Vec<f64> = (0..count).map(gain).collect();
    // What nobody needs before and is not worth its price alone is never worth it.
    let mut order: Vec<usize> = (0..count)
        .filter(|&module| price[module].is_finite() && (gains[module] > 0.0 || enables[module]))
        .collect();
    order.sort_by(|&a, &b| gains[b].total_cmp(&gains[a]).then(a.cmp(&b)));
    let mut place = vec![usize::MAX; count];
    order.iter().enumerate().for_each(|(at, &module)| place[module] = at);
    let mut search = Search {
        problem,
        price,
        choice_price,
        weight,
        closes,
        enables,
        order,
        place,
        covered: vec![0; problem.steps.len()],
        taken: vec![false; count],
        nodes: node_limit,
        best_relaxed: 0.0,
        best: 0.0,
        best_choices: Vec::new(),
    };
    let root = search.ahead(0);
    search.descend(0, 0.0);
    let cut = search.nodes == 0;
    let bound = if cut { root } else { search.best_relaxed };
    Priced { choices: search.best_choices, bound, cut }
}

impl Search<'_> {
    #[expect(clippy::cast_precision_loss)]
    fn gain(&self, module: usize) -> f64 {
        let open = |&&step: &&usize| self.covered[step] == 0;
        let closed: u64 =
            self.closes[module].iter().filter(open).map(|&s| self.problem.steps[s].weight).sum();
        closed as f64 * self.weight - self.price[module]
    }

    fn ahead(&self, from: usize) -> f64 {
        self.order[from..].iter().map(|&module| self.gain(module).max(0.0)).sum()
    }

    fn descend(&mut self, from: usize, surplus: f64) {
        if self.nodes == 0 {
            return;
        }
        self.nodes -= 1;
        // A margin, so that equals do not hide behind rounding.
        if surplus + self.ahead(from) <= self.best_relaxed + 1e-9 {
            return;
        }
        if surplus > self.best_relaxed
            && let Some(modules) = self.in_order()
        {
            self.best_relaxed = surplus;
            if let Some((choices, extra)) = self.schedule(&modules)
                && surplus - extra > self.best
            {
                self.best = surplus - extra;
                self.best_choices = choices;
            }
        }
        let Some(&module) = self.order.get(from) else { return };
        let gain = self.gain(module);
        if gain > 0.0 || self.enables[module] {
            self.taken[module] = true;
            if self.can_be_met(module, from + 1) {
                for at in 0..self.closes[module].len() {
                    self.covered[self.closes[module][at]] += 1;
                }
                self.descend(from + 1, surplus + gain);
                for at in 0..self.closes[module].len() {
                    self.covered[self.closes[module][at]] -= 1;
                }
            }
            self.taken[module] = false;
        }
        // Left out: what is taken already may have needed it.
        let needed = self.enables[module]
            && (0..self.taken.len())
                .any(|other| self.taken[other] && !self.can_be_met(other, from + 1));
        if !needed {
            self.descend(from + 1, surplus);
        }
    }

    /// Whether each prerequisite of a module has a provider that is taken or still to come.
    fn can_be_met(&self, module: usize, from: usize) -> bool {
        self.problem.requires[module].iter().all(|providers| {
            providers.iter().any(|&p| {
                self.taken[p] || (self.place[p] != usize::MAX && self.place[p] >= from)
            })
        })
    }

    /// The modules taken in an order that prerequisites allow, if there is one.
    fn in_order(&self) -> Option<Vec<usize>> {
        let mut left: Vec<usize> = (0..self.taken.len()).filter(|&m| self.taken[m]).collect();
        let mut order: Vec<usize> = Vec::with_capacity(left.len());
        while !left.is_empty() {
            let met = |&module: &usize| {
                self.problem.requires[module]
                    .iter()
                    .all(|providers| providers.iter().any(|p| order.contains(p)))
            };
            let next = left.iter().position(met)?;
            let module = left.remove(next);
            order.push(module);
        }
        Some(order)
    }

    /// Sessions for modules in order, and what they cost above the least prices.
    fn schedule(&self, modules: &[usize]) -> Option<(Vec<usize>, f64)> {
        let mut chosen = Vec::with_capacity(modules.len());
        let mut tries = 400;
        if !self.place_sessions(modules, &mut chosen, &mut tries) {
            return None;
        }
        let extra = chosen
            .iter()
            .map(|&at| self.choice_price[at] - self.price[self.problem.choices[at].module])
            .sum();
        let order = crate::hub::training::pathway::order::ordered(self.problem, &chosen).ok()?;
        Some((order, extra))
    }

    fn place_sessions(&self, modules: &[usize], chosen: &mut Vec<usize>, tries: &mut u32) -> bool {
        let Some((&module, rest)) = modules.split_first() else { return true };
        let mut choices: Vec<usize> = self.problem.choices_of[module].clone().collect();
        choices.sort_by(|&a, &b| {
            self.choice_price[a].total_cmp(&self.choice_price[b]).then(a.cmp(&b))
        });
        for at in choices {
            if *tries == 0 || !self.choice_price[at].is_finite() {
                return false;
            }
            *tries -= 1;
            let choice = &self.problem.choices[at];
            let clear = !chosen.iter().any(|&other| self.problem.choices[other].excludes(choice));
            let ready = self.problem.requires[module].iter().all(|providers| {
                chosen.iter().any(|&other| {
                    let other = &self.problem.choices[other];
                    providers.binary_search(&other.module).is_ok() && other.before(choice)
                })
            });
            if clear && ready {
                chosen.push(at);
                if self.place_sessions(rest, chosen, tries) {
                    return true;
                }
                chosen.pop();
            }
        }
        false
    }
}
