//! A good answer at once: the most closed for the cost, again and again.

use super::order::{ordered, pruned};
use super::problem::{Choice, Problem, cost_of};

/// Choices that close what is asked, or as much of it as comes this way. In order.
pub(super) fn greedy(problem: &Problem) -> Vec<usize> {
    let stages = stages(problem);
    let mut chosen: Vec<usize> = Vec::new();
    let mut closed = vec![false; problem.steps.len()];
    let mut done = 0;
    while done < problem.asked {
        let mut best: Option<(u64, u64, Vec<usize>)> = None;
        for at in 0..problem.choices.len() {
            let Some(bundle) = bundle(problem, &stages, &chosen, at) else { continue };
            let gain: u64 = problem
                .steps
                .iter()
                .zip(&closed)
                .filter(|(step, closed)| !**closed && provided(problem, &bundle, &step.providers))
                .map(|(step, _)| step.weight)
                .sum();
            // Beyond what is asked nothing is gained.
            let gain = gain.min(problem.asked - done);
            let cost = cost_of(problem, &bundle);
            let better = best.as_ref().is_none_or(|(most, least, _)| {
                u128::from(gain) * u128::from(*least) > u128::from(*most) * u128::from(cost)
            });
            if gain > 0 && better {
                best = Some((gain, cost, bundle));
            }
        }
        let Some((_, _, bundle)) = best else { break };
        chosen.extend(bundle);
        done = 0;
        for (step, closed) in problem.steps.iter().zip(&mut closed) {
            *closed = *closed || provided(problem, &chosen, &step.providers);
            done += if *closed { step.weight } else { 0 };
        }
    }
    let kept = pruned(problem, &chosen);
    ordered(problem, &kept).unwrap_or_default()
}

fn provided(problem: &Problem, chosen: &[usize], providers: &[usize]) -> bool {
    chosen.iter().any(|&at| providers.binary_search(&problem.choices[at].module).is_ok())
}

/// After how many others each module can be begun at the earliest: 0 for those that need none.
///
/// A module whose strict prerequisites are brought by modules of lower stages is never held up in a
/// circle, and every module that can be followed at all has such providers.
fn stages(problem: &Problem) -> Vec<usize> {
    let mut stages = vec![usize::MAX; problem.modules.len()];
    for stage in 0..problem.modules.len() {
        let ready = |module: &usize| {
            let begun = |providers: &Vec<usize>| providers.iter().any(|&p| stages[p] < stage);
            stages[*module] == usize::MAX && problem.requires[*module].iter().all(begun)
        };
        let ready: Vec<usize> = (0..problem.modules.len()).filter(ready).collect();
        if ready.is_empty() {
            break;
        }
        for module in ready {
            stages[module] = stage;
        }
    }
    stages
}

/// A choice with the cheapest choices that it needs before and that are not chosen yet; `None`
/// when it is chosen, overlaps, or cannot be had.
fn bundle(problem: &Problem, stages: &[usize], chosen: &[usize], at: usize) -> Option<Vec<usize>> {
    // Dates put choices in order; without them, stages do.
    let earlier = |other: &Choice, choice: &Choice| {
        other.before(choice)
            && (choice.dates.is_some() || stages[other.module] < stages[choice.module])
    };
    let mut bundle = Vec::new();
    let mut open = vec![at];
    while let Some(at) = open.pop() {
        let choice = &problem.choices[at];
        let taken = || chosen.iter().chain(&bundle);
        if taken().any(|&other| problem.choices[other].excludes(choice)) {
            return None;
        }
        bundle.push(at);
        for providers in &problem.requires[choice.module] {
            let provides = |other: &Choice| providers.binary_search(&other.module).is_ok();
            let held = |&other: &usize| {
                let other = &problem.choices[other];
                provides(other) && other.before(choice)
            };
            let coming = |&other: &usize| {
                let other = &problem.choices[other];
                provides(other) && earlier(other, choice)
            };
            if chosen.iter().any(held) || bundle.iter().chain(&open).any(coming) {
                continue;
            }
            let free = |other: &usize| {
                let other = &problem.choices[*other];
                earlier(other, choice)
                    && !chosen.iter().chain(&bundle).any(|&t| problem.choices[t].excludes(other))
            };
            let next = providers
                .iter()
                .flat_map(|&module| problem.choices_of[module].clone())
                .filter(free)
                .min_by_key(|&other| (problem.choices[other].cost, other))?;
            open.push(next);
        }
    }
    let all: Vec<usize> = chosen.iter().chain(&bundle).copied().collect();
    ordered(problem, &all).ok().map(|_| bundle)
}
