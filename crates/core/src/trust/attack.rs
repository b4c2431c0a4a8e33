//! What somebody can work out of a published table: the bounds of each hidden cell, by linear
//! programming.
//!
//! Hidden cells are unknowns of 0 or more; each sum that holds one is an equation. The least and
//! the greatest value of an unknown under these are what an attacker knows (the audit of tabular
//! suppression as in Fischetti and Salazar-González, "Models and algorithms for optimizing cell
//! suppression in tabular data with linear constraints", JASA 95, 2000).

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, SolveOutcome, Variable};

/// One equation over hidden cells: Σ coefficient × cell = rest.
#[derive(Clone, Debug)]
pub(super) struct Equation {
    pub(super) terms: Vec<(u32, i8)>,
    pub(super) rest: i64,
}

/// A cell, the interval that must stay possible, and what is known to be possible so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hidden {
    pub(super) cell: u32,
    pub(super) wanted: (f64, f64),
    pub(super) reached: (f64, f64),
}

impl Hidden {
    fn safe_below(&self) -> bool {
        self.reached.0 <= self.wanted.0 + SLACK
    }

    fn safe_above(&self) -> bool {
        self.reached.1 + SLACK >= self.wanted.1
    }
}

/// The solver works in floats; counts are whole.
const SLACK: f64 = 1e-6;

/// The first cell of a component that can be narrowed further than it may be, if there is one.
/// What each solution shows to be possible is kept, so that few cells need one of their own.
pub(super) fn narrowed(hidden: &mut [Hidden], equations: &[Equation]) -> Option<u32> {
    for at in 0..hidden.len() {
        for direction in [OptimizationDirection::Maximize, OptimizationDirection::Minimize] {
            let up = matches!(direction, OptimizationDirection::Maximize);
            let one = &hidden[at];
            if if up { one.safe_above() } else { one.safe_below() } {
                continue;
            }
            // A solver that gives up shows nothing to be possible: the cell counts as narrowed.
            let Some(values) = extreme(hidden, equations, at, direction) else {
                return Some(hidden[at].cell);
            };
            for (one, value) in hidden.iter_mut().zip(values) {
                one.reached = (one.reached.0.min(value), one.reached.1.max(value));
            }
            let one = &hidden[at];
            if !(if up { one.safe_above() } else { one.safe_below() }) {
                return Some(one.cell);
            }
        }
    }
    None
}

/// The values of all cells where one of them is as large, or as small, as it can be. Nothing needs
/// to be larger than what is wanted, which bounds the program.
fn extreme(
    hidden: &[Hidden],
    equations: &[Equation],
    of: usize,
    direction: OptimizationDirection,
) -> Option<Vec<f64>> {
    let mut program = Problem::new(direction);
    let variables: Vec<Variable> = hidden
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let top = if at == of { one.wanted.1 } else { f64::INFINITY };
            program.add_var(if at == of { 1.0 } else { 0.0 }, (0.0, top))
        })
        .collect();
    for equation in equations {
        let terms: Vec<(Variable, f64)> = equation
            .terms
            .iter()
            .filter_map(|&(cell, sign)| {
                let at = hidden.binary_search_by_key(&cell, |one| one.cell).ok()?;
                Some((variables[at], f64::from(sign)))
            })
            .collect();
        // Counts of people are far below 2⁵³.
        #[expect(clippy::cast_precision_loss)]
        program.add_constraint(terms, ComparisonOp::Eq, equation.rest as f64);
    }
    match program.solve_with(SolveOptions::default()) {
        Ok(SolveOutcome::Solution(solution)) => {
            Some(variables.iter().map(|&variable| solution[variable]).collect())
        }
        _ => None,
    }
}
