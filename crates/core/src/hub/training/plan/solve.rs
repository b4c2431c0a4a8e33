//! A plan from learners and an offer.

use rayon::prelude::*;

use super::classes::classes;
use super::exact::prove;
use super::market::Market;
use super::name::name;
use super::search::{MORE_ROUNDS, Proof, Searcher};
use super::seating::Seating;
use super::{Entry, Learner, Plan, PlanCertificate, PlanOptions, Purchase, Uncovered, Unmet};
use crate::error::Result;
use crate::hub::training::Offer;
use crate::hub::training::pathway::explain::steps;
use crate::hub::training::pathway::{PathwayOptions, Remaining, Why};
use crate::matrix::{Held, Required};
use crate::run::Run;

/// The sessions to open for learners, who sits in them, and who pays: of all plans within the
/// limits, the one found that closes the most weighted gap, then costs the least.
///
/// Results are the same on any number of threads. Time grows with classes × rounds × the sessions in
/// reach of a class, and with learners × sessions for the exchanges at the end.
///
/// # Errors
///
/// [`Error::AxisMismatch`](crate::Error::AxisMismatch), [`Error::Argument`](crate::Error::Argument)
/// for positions, weights or options out of range, [`Error::Cancelled`](crate::Error::Cancelled).
pub fn plan(
    offer: &Offer,
    held: &Held,
    required: &Required,
    learners: &[Learner],
    options: &PlanOptions,
    run: &Run,
) -> Result<Plan> {
    options.check()?;
    let mut market = Market::of(offer, options.from)?;
    run.install(|| {
        let classes = classes((offer, &market), held, required, learners, options, run)?;
        market.keep_in_reach(&classes);
        let count = run.count("rounds", u64::from(options.rounds) + MORE_ROUNDS);
        let mut searcher = Searcher::new(offer, &market, &classes);
        let (proof, trail) = searcher.price(options.rounds, &count)?;
        let greedy = searcher.greedy();
        let mut seating = searcher.seat(&proof.prices, trail, &count)?;
        let by_hand = (greedy.gain, greedy.cents);
        if greedy.value() > seating.value() {
            seating = greedy;
            // Its pools hold all that was considered before sessions were decided.
            searcher.aside.iter_mut().for_each(Vec::clear);
        }
        let proven = prove(offer, &mut seating, &proof.prices);
        let namings = name(offer, &mut seating, learners, options.from);
        let told = Told { offer, held, required, learners, options, seating: &seating };
        let (entries, uncovered) = told.entries(run)?;
        Ok(Plan {
            purchases: told.purchases(),
            entries,
            uncovered,
            namings,
            certificate: certificate(&seating, &searcher, (&proof, proven), by_hand),
        })
    })
}

fn certificate(
    seating: &Seating<'_>,
    searcher: &Searcher<'_>,
    (proof, proven): (&Proof, bool),
    greedy: (u64, u64),
) -> PlanCertificate {
    let (classes, pools) = (searcher.classes, [&seating.pools[..], &searcher.aside]);
    let considered = proof.considered(seating.market, classes, pools);
    let pathways = seating.pools.iter().zip(&searcher.aside).map(|(pool, aside)| {
        let others = aside.iter().filter(|column| !pool.contains(column));
        (pool.len() + others.count()) as u64
    });
    PlanCertificate {
        closed: seating.gain,
        cents: seating.cents,
        proven,
        bound_considered: if proven { seating.gain } else { whole(considered) },
        bound: if proven { seating.gain } else { whole(proof.all) },
        greedy,
        classes: classes.len() as u64,
        pathways: pathways.sum(),
        limit_prices: proof.prices.limits.clone(),
        session_prices: proof.prices.sessions.clone(),
    }
}

/// The whole number that an upper bound on whole numbers proves, with a margin for rounding.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "finite and at least 0"
)]
pub(super) fn whole(bound: f64) -> u64 {
    (bound + 1e-9 * bound.abs() + 1e-6).floor().max(0.0) as u64
}

/// What is told of a seating.
struct Told<'t> {
    offer: &'t Offer,
    held: &'t Held,
    required: &'t Required,
    learners: &'t [Learner],
    options: &'t PlanOptions,
    seating: &'t Seating<'t>,
}

impl Told<'_> {
    fn purchases(&self) -> Vec<Purchase> {
        let market = self.seating.market;
        let mut people = vec![0_u32; market.lots.len()];
        for seat in self.seating.seats.iter().flatten() {
            for &lot in &seat.lots {
                people[lot as usize] += 1;
            }
        }
        market
            .lots
            .iter()
            .zip(people)
            .filter(|(_, people)| *people > 0)
            .map(|(lot, people)| Purchase {
                session: lot.session,
                budget: lot.budget,
                people,
                cents: lot.fixed + lot.seat * u64::from(people),
            })
            .collect()
    }

    fn entries(&self, run: &Run) -> Result<(Vec<Entry>, Vec<Uncovered>)> {
        // Positions hold no more learners.
        let learners = u32::try_from(self.learners.len()).unwrap_or(u32::MAX);
        let told: Vec<(Vec<Entry>, Option<Uncovered>)> = (0..learners)
            .into_par_iter()
            .map(|at| {
                run.go_on()?;
                Ok(self.told_of(at))
            })
            .collect::<Result<_>>()?;
        let (entries, uncovered): (Vec<_>, Vec<_>) = told.into_iter().unzip();
        Ok((entries.into_iter().flatten().collect(), uncovered.into_iter().flatten().collect()))
    }

    /// What a learner's seats are for, and what stays open.
    fn told_of(&self, at: u32) -> (Vec<Entry>, Option<Uncovered>) {
        let learner = &self.learners[at as usize];
        let class = self.seating.class_of[at as usize];
        let problem = &self.seating.classes[class].problem;
        let seat = self.seating.seats[at as usize].as_ref();
        let column = seat.map(|seat| &self.seating.pools[class][seat.column]);
        let chosen = column.map_or(&[][..], |column| &column.choices);
        let (held, target) = (self.held.row(learner.person), self.required.row(learner.target));
        let pathways = PathwayOptions {
            asked: self.options.asked,
            when: Some(learner.when.clone()),
            ..PathwayOptions::default()
        };
        let (steps, remaining) = steps(self.offer, held, target, &pathways, problem, chosen);
        let lots = seat.map_or(&[][..], |seat| &seat.lots);
        let entries = steps.into_iter().zip(lots).map(|(step, &lot)| {
            let lot = &self.seating.market.lots[lot as usize];
            Entry { learner: at, step, budget: lot.budget, cents: lot.seat }
        });
        let uncovered = (!remaining.is_empty()).then(|| {
            let weight = u64::from(learner.weight) * problem.asked - self.seating.gain_of(at);
            let why = self.why(at, &remaining);
            Uncovered { learner: at, weight, why, remaining }
        });
        (entries.collect(), uncovered)
    }

    /// Why a learner has no better pathway than theirs.
    fn why(&self, learner: u32, remaining: &[Remaining]) -> Unmet {
        let seating = self.seating;
        let class = seating.class_of[learner as usize];
        let gain = seating.gain_of(learner);
        let problem = &seating.classes[class].problem;
        if problem.steps.is_empty() || gain == seating.classes[class].weight * problem.asked {
            let late = remaining.iter().any(|left| left.why == Why::Sessions);
            return if late { Unmet::NoSession } else { Unmet::NoPathway };
        }
        let better = (0..seating.pools[class].len())
            .filter(|&column| seating.pools[class][column].gain > gain)
            .max_by_key(|&column| (seating.pools[class][column].gain, std::cmp::Reverse(column)));
        let Some(column) = better else {
            let few = |session: u32| seating.market.too_few[session as usize];
            let few = problem.choices.iter().filter_map(|choice| choice.session).any(few);
            return if few { Unmet::TooFew } else { Unmet::NoSession };
        };
        let sessions: Vec<usize> = seating.sessions(class, column).collect();
        let closed = |s: &&usize| seating.market.collective[**s] && seating.opened[**s].is_none();
        if let Some(&session) = sessions.iter().find(closed) {
            let lots = &seating.market.lots[seating.market.lots_of[session].clone()];
            return if lots.iter().any(|lot| seating.affords(lot)) {
                Unmet::TooFew
            } else {
                Unmet::Money
            };
        }
        if sessions.iter().any(|&session| seating.free_seats(session) == 0) {
            return Unmet::Seats;
        }
        Unmet::Money
    }
}
