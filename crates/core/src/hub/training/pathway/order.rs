//! The order in which modules can be followed.

use super::problem::Problem;

/// The choices in an order in which every strict prerequisite is held or taught earlier; or, when
/// there is none, those that cannot be placed, each with the providers of a prerequisite that it
/// lacks.
///
/// Dated choices come by date. Others come as early as their prerequisites allow, by position.
pub(in crate::hub::training) fn ordered(
    problem: &Problem,
    chosen: &[usize],
) -> Result<Vec<usize>, Vec<(usize, Vec<usize>)>> {
    let mut left: Vec<usize> = chosen.to_vec();
    left.sort_unstable_by_key(|&at| {
        let choice = &problem.choices[at];
        (choice.dates.map(|(start, _)| start), choice.module)
    });
    let mut order: Vec<usize> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let lacking = |at: usize| {
            let choice = &problem.choices[at];
            problem.requires[choice.module].iter().find(|providers| {
                !order.iter().any(|&earlier| {
                    let earlier = &problem.choices[earlier];
                    providers.binary_search(&earlier.module).is_ok() && earlier.before(choice)
                })
            })
        };
        match left.iter().position(|&at| lacking(at).is_none()) {
            Some(next) => {
                let at = left.remove(next);
                order.push(at);
            }
            None => {
                return Err(left
                    .iter()
                    .map(|&at| (at, lacking(at).cloned().unwrap_or_default()))
                    .collect());
            }
        }
    }
    Ok(order)
}

/// Takes out what is not needed, the dearest first: what is left closes as much of what is asked,
/// in a possible order.
pub(in crate::hub::training) fn pruned(problem: &Problem, chosen: &[usize]) -> Vec<usize> {
    let mut kept = chosen.to_vec();
    let mut by_cost = chosen.to_vec();
    by_cost.sort_unstable_by_key(|&at| (std::cmp::Reverse(problem.choices[at].cost), at));
    let needed = super::problem::closed_by(problem, chosen).min(problem.asked);
    for at in by_cost {
        let without: Vec<usize> = kept.iter().copied().filter(|&other| other != at).collect();
        if super::problem::closed_by(problem, &without) >= needed
            && ordered(problem, &without).is_ok()
        {
            kept = without;
        }
    }
    kept
}
