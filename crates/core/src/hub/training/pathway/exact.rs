//! The covering program, solved by branch and bound.
//!
//! x is 1 for a choice that is followed; y in [0, 1] says how much of a step is closed.
//!
//! - least cost: min Σ cost·x
//! - a step: Σ x of its providers ≥ 1 when everything is asked; else y ≤ Σ x, Σ weight·y ≥ asked
//! - a strict prerequisite not held: x ≤ Σ x of its providers (those that end before it begins)
//! - a module is followed once; of the sessions that run on one day, one is followed
//!
//! Without dates, modules may hold each other up in a circle (A needs B, B needs A). Where a
//! solution has such a set S, the first of S to be followed needs a provider from outside: for
//! each k in S, x(k) ≤ Σ over j in S of the providers outside S of one prerequisite that j lacks.

use microlp::{
    ComparisonOp, Error as SolverError, OptimizationDirection, Problem as Program, SolveOptions,
    SolveOutcome, Variable,
};

use super::Stop;
use super::order::{ordered, pruned};
use super::problem::{Problem, closed_by, cost_of};

/// What came of a search.
pub(super) struct Solution {
    /// Choices, in order.
    pub chosen: Vec<usize>,
    /// No set of choices that closes as much costs less.
    pub bound: u64,
    /// No set of choices closes more of what is asked.
    pub closed_bound: u64,
    pub nodes: u64,
    pub stop: Stop,
}

/// More rounds of cuts than any offer has needed; the bound holds after any of them.
const CUT_ROUNDS: usize = 40;

enum Goal {
    /// Close at least this much at least cost.
    LeastCost(u64),
    /// Close as much as there is, within what is asked.
    MostClosed,
}

/// One answer of the solver.
enum Answer {
    Found { chosen: Vec<usize>, bound: u64, proven: bool, nodes: u64 },
    Limit { nodes: u64 },
    Infeasible,
    Failed,
}

/// A choice, and those of which one at least goes with it.
struct Cut {
    choice: usize,
    support: Vec<usize>,
}

/// The best choices, from a first answer on.
pub(super) fn solve(problem: &Problem, incumbent: &[usize], node_limit: u64) -> Solution {
    let closed = closed_by(problem, incumbent).min(problem.asked);
    if closed == problem.asked {
        return least_cost(problem, incumbent, problem.asked, problem.asked, node_limit);
    }
    // The greedy answer falls short, as it may with dates: how much can be closed comes first.
    let dated = problem.choices.iter().any(|choice| choice.dates.is_some());
    let (chosen, closed_bound, nodes) = if dated {
        match search(problem, &Goal::MostClosed, incumbent, node_limit, &[]) {
            Answer::Found { chosen, bound, proven, nodes } => {
                let chosen = pruned(problem, &chosen);
                let closed = closed_by(problem, &chosen).min(problem.asked);
                let bound = if proven { closed } else { bound.min(problem.asked) };
                (chosen, bound, nodes)
            }
            Answer::Limit { nodes } => (incumbent.to_vec(), problem.asked, nodes),
            Answer::Infeasible | Answer::Failed => (incumbent.to_vec(), problem.asked, 0),
        }
    } else {
        (incumbent.to_vec(), problem.asked, 0)
    };
    let closed_now = closed_by(problem, &chosen).min(problem.asked);
    let best = if closed_now > closed { chosen } else { incumbent.to_vec() };
    let closed = closed.max(closed_now);
    let mut solution = least_cost(problem, &best, closed, closed_bound.max(closed), node_limit);
    solution.nodes += nodes;
    solution
}

fn least_cost(
    problem: &Problem,
    incumbent: &[usize],
    closed: u64,
    closed_bound: u64,
    node_limit: u64,
) -> Solution {
    let kept = |bound, stop, nodes| Solution {
        chosen: ordered(problem, incumbent).unwrap_or_else(|_| incumbent.to_vec()),
        bound,
        closed_bound,
        nodes,
        stop,
    };
    if closed == 0 {
        return kept(0, Stop::Proven, 0);
    }
    let incumbent_cost = cost_of(problem, incumbent);
    let (mut cuts, mut nodes, mut bound) = (Vec::new(), 0, floor_cost(problem, closed));
    for _ in 0..CUT_ROUNDS {
        if bound >= incumbent_cost {
            return kept(incumbent_cost, Stop::Proven, nodes);
        }
        let (found, lower, proven) =
            match search(problem, &Goal::LeastCost(closed), incumbent, node_limit, &cuts) {
                Answer::Found { chosen, bound, proven, nodes: more } => {
                    nodes += more;
                    (chosen, bound, proven)
                }
                Answer::Limit { nodes: more } => {
                    return kept(bound, Stop::NodeLimit, nodes + more);
                }
                // A set of choices is known, so this is the solver's word against arithmetic.
                Answer::Infeasible | Answer::Failed => return kept(bound, Stop::Solver, nodes),
            };
        let found_cost = cost_of(problem, &found);
        bound = bound.max(if proven { found_cost } else { lower });
        match ordered(problem, &found) {
            Ok(_) => {
                let found = pruned(problem, &found);
                let cost = cost_of(problem, &found);
                if cost > incumbent_cost || closed_by(problem, &found) < closed {
                    return kept(bound.min(incumbent_cost), Stop::NodeLimit, nodes);
                }
                let stop = if bound >= cost { Stop::Proven } else { Stop::NodeLimit };
                let chosen = ordered(problem, &found).unwrap_or(found);
                return Solution { chosen, bound: bound.min(cost), closed_bound, nodes, stop };
            }
            Err(stuck) => {
                let inside = |module: usize| {
                    stuck.iter().any(|(at, _)| problem.choices[*at].module == module)
                };
                let mut support: Vec<usize> = stuck
                    .iter()
                    .flat_map(|(_, providers)| providers.iter().copied())
                    .filter(|&module| !inside(module))
                    .flat_map(|module| problem.choices_of[module].clone())
                    .collect();
                support.sort_unstable();
                support.dedup();
                cuts.extend(
                    stuck.iter().map(|&(choice, _)| Cut { choice, support: support.clone() }),
                );
            }
        }
    }
    kept(bound.min(incumbent_cost), Stop::NodeLimit, nodes)
}

/// A bound without a solver: when everything is asked, each step costs its cheapest provider.
fn floor_cost(problem: &Problem, closed: u64) -> u64 {
    if closed < problem.total() {
        return 0;
    }
    let cheapest = |providers: &[usize]| {
        let choices = providers.iter().flat_map(|&module| problem.choices_of[module].clone());
        choices.map(|at| problem.choices[at].cost).min().unwrap_or(0)
    };
    problem.steps.iter().map(|step| cheapest(&step.providers)).max().unwrap_or(0)
}

fn search(
    problem: &Problem,
    goal: &Goal,
    incumbent: &[usize],
    node_limit: u64,
    cuts: &[Cut],
) -> Answer {
    let direction = match goal {
        Goal::LeastCost(_) => OptimizationDirection::Minimize,
        Goal::MostClosed => OptimizationDirection::Maximize,
    };
    let unit = unit(problem);
    let mut program = Program::new(direction);
    let least_cost = matches!(goal, Goal::LeastCost(_));
    let x: Vec<Variable> = problem
        .choices
        .iter()
        .map(|choice| {
            program.add_binary_var(if least_cost { real(choice.cost / unit) } else { 0.0 })
        })
        .collect();
    let covering = matches!(goal, Goal::LeastCost(closed) if *closed == problem.total());
    let mut warm: Vec<(Variable, f64)> = Vec::new();
    let mut weighted: Vec<(Variable, f64)> = Vec::new();
    for step in &problem.steps {
        let mut row = Row::default();
        row.add_modules(problem, &x, &step.providers, 1.0);
        if covering {
            program.add_constraint(row.0, ComparisonOp::Ge, 1.0);
        } else {
            let y = program.add_var(if least_cost { 0.0 } else { real(step.weight) }, (0.0, 1.0));
            row.0.push((y, -1.0));
            program.add_constraint(row.0, ComparisonOp::Ge, 0.0);
            weighted.push((y, real(step.weight)));
            let closes = closed_by_module(problem, incumbent, &step.providers);
            warm.push((y, f64::from(u8::from(closes))));
        }
    }
    match goal {
        Goal::LeastCost(closed) if !covering => {
            program.add_constraint(weighted, ComparisonOp::Ge, real(*closed));
        }
        Goal::MostClosed if !problem.is_full() => {
            program.add_constraint(weighted, ComparisonOp::Le, real(problem.asked));
        }
        _ => {}
    }
    for (at, choice) in problem.choices.iter().enumerate() {
        for providers in &problem.requires[choice.module] {
            let mut row = Row(vec![(x[at], -1.0)]);
            for &module in providers {
                for other in problem.choices_of[module].clone() {
                    if problem.choices[other].before(choice) {
                        row.0.push((x[other], 1.0));
                    }
                }
            }
            program.add_constraint(row.0, ComparisonOp::Ge, 0.0);
        }
    }
    for choices in problem.choices_of.iter().filter(|choices| choices.len() > 1) {
        let row: Vec<_> = choices.clone().map(|at| (x[at], 1.0)).collect();
        program.add_constraint(row, ComparisonOp::Le, 1.0);
    }
    for row in cliques(problem) {
        let row: Vec<_> = row.into_iter().map(|at| (x[at], 1.0)).collect();
        program.add_constraint(row, ComparisonOp::Le, 1.0);
    }
    for cut in cuts {
        let mut row: Vec<_> = cut.support.iter().map(|&at| (x[at], 1.0)).collect();
        row.push((x[cut.choice], -1.0));
        program.add_constraint(row, ComparisonOp::Ge, 0.0);
    }
    for (at, &variable) in x.iter().enumerate() {
        warm.push((variable, f64::from(u8::from(incumbent.contains(&at)))));
    }
    let mut options = SolveOptions::default();
    options.node_limit = Some(node_limit);
    options.warm_start = Some(warm);
    match program.solve_with(options) {
        Ok(SolveOutcome::Solution(solution)) => {
            let proven = solution.status() == microlp::SolutionStatus::Optimal;
            let stats = solution.stats();
            let chosen = (0..x.len()).filter(|&at| solution.var_value(x[at]) > 0.5).collect();
            let bound = match stats.best_bound {
                Some(bound) if least_cost => at_least(bound).saturating_mul(unit),
                Some(bound) => at_most(bound),
                None if least_cost => 0,
                None => u64::MAX,
            };
            Answer::Found { chosen, bound, proven, nodes: stats.nodes_solved }
        }
        Ok(SolveOutcome::Interrupted(interrupted)) => {
            Answer::Limit { nodes: interrupted.stats().nodes_solved }
        }
        Err(SolverError::Infeasible) => Answer::Infeasible,
        Err(_) => Answer::Failed,
    }
}

#[derive(Default)]
struct Row(Vec<(Variable, f64)>);

impl Row {
    fn add_modules(&mut self, problem: &Problem, x: &[Variable], modules: &[usize], by: f64) {
        for &module in modules {
            self.0.extend(problem.choices_of[module].clone().map(|at| (x[at], by)));
        }
    }
}

fn closed_by_module(problem: &Problem, chosen: &[usize], providers: &[usize]) -> bool {
    chosen.iter().any(|&at| providers.binary_search(&problem.choices[at].module).is_ok())
}

/// For each day on which a session starts, the choices that run on it: one of them at most. One
/// row a start is enough, because of intervals that overlap one starts within the other.
fn cliques(problem: &Problem) -> Vec<Vec<usize>> {
    let mut starts: Vec<_> = problem.choices.iter().filter_map(|c| Some(c.dates?.0)).collect();
    starts.sort_unstable();
    starts.dedup();
    let mut rows: Vec<Vec<usize>> = starts
        .into_iter()
        .map(|day| {
            let runs = |at: &usize| {
                problem.choices[*at].dates.is_some_and(|(from, until)| from <= day && day <= until)
            };
            (0..problem.choices.len()).filter(runs).collect()
        })
        .filter(|row: &Vec<usize>| row.len() > 1)
        .collect();
    rows.dedup();
    rows
}

/// The greatest common divisor of the costs: the solver works in multiples of it.
fn unit(problem: &Problem) -> u64 {
    let gcd = |mut a: u64, mut b: u64| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    problem.choices.iter().fold(0, |unit, choice| gcd(unit, choice.cost)).max(1)
}

/// Costs and weights stay far below 2⁵³, where f64 is exact.
#[expect(clippy::cast_precision_loss)]
fn real(count: u64) -> f64 {
    count as f64
}

/// The whole number that a lower bound on whole numbers proves, with a margin for rounding.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn at_least(bound: f64) -> u64 {
    let margin = 1e-6 * bound.abs().max(1.0);
    if bound.is_finite() { (bound - margin).ceil().max(0.0) as u64 } else { 0 }
}

/// The same for an upper bound.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn at_most(bound: f64) -> u64 {
    let margin = 1e-6 * bound.abs().max(1.0);
    if bound.is_finite() { (bound + margin).floor().max(0.0) as u64 } else { u64::MAX }
}
