//! Whether a plan that is said to be proven optimal is: every plan that may be better is looked at.
//!
//! Each learner is given each set of sessions that they can follow, by any payers, or none. At the
//! certificate's prices a set is worth less than the best to its learner by so much; no plan is
//! better in which that adds up to more than lies between the prices' bound and what is closed.

use hashbrown::HashMap;

use super::bound::{Prices, whole};
use super::{Checker, Learner, Plan};
use crate::hub::training::offer::Buying;
use crate::hub::training::pathway::PathwayStep;
use crate::hub::training::plan::{Entry, Purchase};
use crate::skill::Date;

/// Sets of sessions with their payers, of all learners, that are looked at.
const MOST_SETS: usize = 200_000;

/// Sets given to learners that are looked at.
const MOST_GIVEN: u64 = 20_000_000;

/// What came of looking for a better plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looked {
    /// There is none.
    Optimal,
    /// One that closes and costs so much.
    Better { closed: u64, cents: u64 },
    /// There are too many plans to tell, or entry is rolling.
    TooMany,
}

/// Sessions that a learner can follow, and who pays.
struct Set {
    seats: Vec<(u32, Option<u32>)>,
    closes: u64,
    cents: u64,
    /// By how much it is worth less than the best.
    short: f64,
}

impl Checker<'_> {
    /// Looks for a plan that closes more than one, or as much for less.
    pub(super) fn better(&self, plan: &Plan) -> Looked {
        let Some(prices) = self.prices(plan) else { return Looked::TooMany };
        let equals = self.equals();
        let mut bound = self.room(&prices);
        let (mut sets, mut left) = (Vec::with_capacity(equals.len()), MOST_SETS);
        for (learner, equals) in self.until_stopped(&equals) {
            let Some((own, most)) = self.sets(learner, &prices, &mut left) else {
                return Looked::TooMany;
            };
            bound += most * f64::from(u32::try_from(equals.len()).unwrap_or(u32::MAX));
            sets.push(own);
        }
        if sets.len() < equals.len() {
            return Looked::TooMany;
        }
        let order = equals.iter().enumerate();
        let order = order.flat_map(|(number, (_, own))| own.iter().map(move |&at| (at, number)));
        let mut search = Search {
            checker: self,
            value: (plan.certificate.closed, plan.certificate.cents),
            template: plan,
            sets,
            order: order.collect(),
            bound,
            sessions: HashMap::new(),
            spent: vec![0; self.offer.budgets().len()],
            given: Vec::new(),
            left: MOST_GIVEN,
        };
        match search.give(0, 0, 0.0, (0, 0)) {
            Some((closed, cents)) => Looked::Better { closed, cents },
            None if search.left == 0 => Looked::TooMany,
            None => Looked::Optimal,
        }
    }

    /// All sets for a learner, those worth most first, and what these are worth.
    fn sets(
        &self,
        learner: &Learner,
        prices: &Prices<'_>,
        left: &mut usize,
    ) -> Option<(Vec<Set>, f64)> {
        let mut sessions: Vec<(Date, Date, u32)> = Vec::new();
        for module in self.useful(learner, |session| self.may_follow(learner, session)) {
            for &session in self.offer.sessions_of(module) {
                if self.may_follow(learner, session) {
                    let (start, end) = self.offer.sessions()[session as usize].dates?;
                    sessions.push((start, end, session));
                }
            }
        }
        sessions.sort_unstable();
        let levels: HashMap<u32, u16> = self.held.row(learner.person).iter().collect();
        let mut open = vec![(Vec::new(), None, levels)];
        let mut sets: Vec<Set> = Vec::new();
        // A set goes on with each session that begins after its last and that it prepares for.
        while let Some((chosen, last, levels)) = open.pop() {
            let closes = self.closes(learner, &levels);
            for seats in self.paid_for(&chosen) {
                *left = left.checked_sub(1)?;
                let seat = |&(session, budget): &(u32, Option<u32>)| {
                    self.price(prices, session, budget, learner.attributes)
                };
                let worth = real(closes) - seats.iter().map(seat).sum::<f64>();
                if !worth.is_finite() {
                    // One of its sessions cannot open.
                    continue;
                }
                let cents = |&(session, budget): &(u32, Option<u32>)| {
                    budget.map_or(0, |_| self.offer.sessions()[session as usize].cents_per_seat)
                };
                let cents = seats.iter().map(cents).sum();
                sets.push(Set { seats, closes, cents, short: -worth });
            }
            for &(start, end, session) in &sessions {
                let module = self.offer.sessions()[session as usize].module;
                let known = &self.offer.modules()[module as usize];
                let same = |&other: &u32| self.offer.sessions()[other as usize].module == module;
                let held = |skill: u32| levels.get(&skill).copied().unwrap_or(0);
                if last.is_some_and(|last| start <= last)
                    || chosen.iter().any(same)
                    || known.strict().any(|needed| held(needed.skill) < needed.level)
                {
                    continue;
                }
                let mut levels = levels.clone();
                for (skill, level) in self.offer.taught().row(module).iter() {
                    let known = levels.entry(skill).or_default();
                    *known = (*known).max(level);
                }
                let chosen = chosen.iter().copied().chain([session]).collect();
                open.push((chosen, Some(end), levels));
            }
        }
        let most = sets.iter().map(|set| -set.short).fold(0.0, f64::max);
        for set in &mut sets {
            set.short += most;
        }
        sets.sort_by(|a, b| a.short.total_cmp(&b.short).then_with(|| a.seats.cmp(&b.seats)));
        Some((sets, most))
    }

    /// Sessions that one person follows, with all who may pay for each.
    fn paid_for(&self, chosen: &[u32]) -> Vec<Vec<(u32, Option<u32>)>> {
        let minutes = chosen.iter().map(|&session| self.minutes(session)).sum();
        let budgets = (0u32..).take(self.offer.budgets().len());
        let payers: Vec<Option<u32>> = [None].into_iter().chain(budgets.map(Some)).collect();
        let mut ways = vec![Vec::new()];
        for &session in chosen {
            let pays = |&payer: &Option<u32>| self.may_pay(session, payer, minutes);
            let pays: Vec<Option<u32>> = payers.iter().copied().filter(pays).collect();
            let longer = ways.iter().flat_map(|way: &Vec<(u32, Option<u32>)>| {
                pays.iter().map(|&payer| way.iter().copied().chain([(session, payer)]).collect())
            });
            ways = longer.collect();
        }
        ways
    }
}

struct Search<'s> {
    checker: &'s Checker<'s>,
    /// The plan that is held against others.
    template: &'s Plan,
    /// What it closes and costs.
    value: (u64, u64),
    /// By number of equal learners.
    sets: Vec<Vec<Set>>,
    /// Learners with their number, equals together.
    order: Vec<(u32, usize)>,
    bound: f64,
    /// Who pays for each collective session, and the people in each.
    sessions: HashMap<u32, (Option<u32>, u32)>,
    spent: Vec<u64>,
    /// By place in the order, the set given.
    given: Vec<usize>,
    left: u64,
}

impl Search<'_> {
    /// Gives sets to the learners from a place on, not before `first` where equals have the same;
    /// what a better plan closes and costs, if one is found.
    fn give(
        &mut self,
        place: usize,
        first: usize,
        short: f64,
        (closed, cents): (u64, u64),
    ) -> Option<(u64, u64)> {
        let Some(&(_, number)) = self.order.get(place) else {
            let better = closed > self.value.0 || closed == self.value.0 && cents < self.value.1;
            return (better && self.holds()).then_some((closed, cents));
        };
        for at in first..self.sets[number].len() {
            let more = short + self.sets[number][at].short;
            let most = whole(self.bound - more);
            let stopped = self.checker.run.go_on().is_err();
            if most < self.value.0 || self.left == 0 || stopped {
                return None;
            }
            if most == self.value.0 && cents >= self.value.1 {
                continue;
            }
            self.left -= 1;
            let mark = (self.sessions.clone(), self.spent.clone());
            if let Some(paid) = self.put(number, at) {
                self.given.push(at);
                let same = self.order.get(place + 1).is_some_and(|next| next.1 == number);
                let value = (closed + self.sets[number][at].closes, cents + paid);
                let found = self.give(place + 1, if same { at } else { 0 }, more, value);
                if found.is_some() {
                    return found;
                }
                self.given.pop();
            }
            (self.sessions, self.spent) = mark;
        }
        None
    }

    /// Puts someone in the sessions of a set; what that costs, or `None` where a session, its payer
    /// or a budget cannot take it.
    fn put(&mut self, number: usize, at: usize) -> Option<u64> {
        let set = &self.sets[number][at];
        let mut cents = set.cents;
        for &(session, budget) in &set.seats {
            let known = &self.checker.offer.sessions()[session as usize];
            let collective = known.buying == Buying::Collective;
            let (payer, heads) = self.sessions.entry(session).or_insert((budget, 0));
            let mut own = if budget.is_some() { known.cents_per_seat } else { 0 };
            if collective && *heads == 0 {
                own += known.cents_per_session;
                cents += known.cents_per_session;
            }
            *heads += 1;
            if *heads > known.capacity() || collective && *payer != budget {
                return None;
            }
            if let Some(budget) = budget {
                let spent = &mut self.spent[budget as usize];
                *spent += own;
                if *spent > self.checker.offer.budgets()[budget as usize].cents {
                    return None;
                }
            }
        }
        Some(cents)
    }

    /// Whether what was given keeps every headcount and rule.
    fn holds(&self) -> bool {
        let mut plan = Plan { entries: Vec::new(), purchases: Vec::new(), ..self.template.clone() };
        let mut bought: HashMap<(u32, Option<u32>), u32> = HashMap::new();
        for (&(learner, number), &at) in self.order.iter().zip(&self.given) {
            for &(session, budget) in &self.sets[number][at].seats {
                *bought.entry((session, budget)).or_default() += 1;
                let step = PathwayStep {
                    module: self.checker.offer.sessions()[session as usize].module,
                    session: Some(session),
                    dates: None,
                    closes: Vec::new(),
                    prepares: Vec::new(),
                    ask_first: false,
                    advised: Vec::new(),
                };
                plan.entries.push(Entry { learner, step, budget, cents: 0 });
            }
        }
        for ((session, budget), people) in bought {
            let cents = self.checker.offer.sessions()[session as usize].cost(people);
            plan.purchases.push(Purchase { session, budget, people, cents });
        }
        let mut faults = Vec::new();
        self.checker.purchases(&plan, &mut faults);
        self.checker.rules(&plan, &mut faults);
        faults.is_empty()
    }
}

/// Weighted gaps are far below 2⁵³.
#[expect(clippy::cast_precision_loss)]
fn real(count: u64) -> f64 {
    count as f64
}
