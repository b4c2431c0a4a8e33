//! Small plans against every plan there is, and the checker against rules written a second time.
//!
//! The oracle below knows worlds of plain numbers and nothing of the library: it lists every set of
//! sessions that a learner can follow, by every payer, and every way to give one to each learner.

use std::sync::Arc;

use passerelle::hub::training::Offer;
use passerelle::hub::training::check::check;
use passerelle::hub::training::offer::{
    Base, Bearing, Budget, Buying, Funder, FundingRule, Group, HourRange, Module, OfferBuilder,
    RuleKind, Session, Strength, Tolerance,
};
use passerelle::hub::training::pathway::{PathwayStep, Remaining, When, Why};
use passerelle::hub::training::plan::{
    Attributes, Entry, Learner, Plan, PlanCertificate, PlanOptions, Purchase, Uncovered, Unmet,
    plan,
};
use passerelle::{Date, Held, LevelScale, Necessity, Required, Requirement, Run, SkillAxis};
use proptest::prelude::*;

const SKILLS: [&str; 3] = ["a", "b", "c"];
const HOURS: [u32; 3] = [35, 70, 105];

#[derive(Clone, Debug)]
struct DrawnModule {
    hours: usize,
    taught: Vec<(usize, u16)>,
    needs: Option<(usize, u16)>,
}

#[derive(Clone, Debug)]
struct DrawnSession {
    module: usize,
    territory: u32,
    week: i32,
    weeks: i32,
    seats: u32,
    minimum: u32,
    seat_cents: u64,
    fixed_cents: u64,
    axis: u32,
    funders: Vec<u32>,
    buying: Buying,
}

#[derive(Clone, Debug)]
struct DrawnLearner {
    held: Vec<u16>,
    required: Vec<(u16, u16)>,
    weight: u32,
    reach: Vec<u32>,
    qpv: bool,
    disabled: bool,
}

#[derive(Clone, Debug)]
struct World {
    modules: Vec<DrawnModule>,
    sessions: Vec<DrawnSession>,
    learners: Vec<DrawnLearner>,
    /// By funder and axis.
    budgets: [[u64; 2]; 2],
    /// A quota of the first funder, in hundredths of a percent.
    quota: Option<(Group, u32)>,
    /// A cap of the first funder's second axis, of what there is or what is spent.
    cap: Option<(Base, u32)>,
    /// Hours of a pathway under which the first funder pays, and from which the second.
    hours: Option<u64>,
}

fn modules() -> impl Strategy<Value = Vec<DrawnModule>> {
    let module = (
        0..HOURS.len(),
        prop::collection::btree_map(0..SKILLS.len(), 1..=2_u16, 1..3),
        prop::option::weighted(0.3, (0..SKILLS.len(), 1..=2_u16)),
    );
    let module = module.prop_map(|(hours, taught, needs)| {
        let taught = taught.into_iter().collect();
        DrawnModule { hours, taught, needs }
    });
    prop::collection::vec(module, 2..4)
}

fn session() -> impl Strategy<Value = DrawnSession> {
    let place = (0..3_usize, 0..2_u32, 0..5_i32, 1..3_i32);
    let buying = prop_oneof![
        6 => Just(Buying::Collective),
        1 => Just(Buying::Existing),
        1 => Just(Buying::Individual),
    ];
    let money = (0..60_u64, 0..120_u64, 0..2_u32, prop::collection::btree_set(0..2_u32, 1..3));
    (place, (1..=3_u32, 1..=3_u32), money, buying).prop_map(
        |((module, territory, week, weeks), (seats, minimum), money, buying)| {
            let (seat_cents, fixed_cents, axis, funders) = money;
            let (minimum, funders) = (minimum.min(seats), funders.into_iter().collect());
            DrawnSession {
                module,
                territory,
                week,
                weeks,
                seats,
                minimum,
                seat_cents,
                fixed_cents,
                axis,
                funders,
                buying,
            }
        },
    )
}

fn learner() -> impl Strategy<Value = DrawnLearner> {
    (
        prop::collection::vec(0..=2_u16, SKILLS.len()),
        prop::collection::vec((0..=2_u16, 1..=3_u16), SKILLS.len()),
        1..=2_u32,
        prop_oneof![Just(vec![0]), Just(vec![1]), Just(vec![0, 1])],
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(|(held, mut required, weight, reach, qpv, disabled)| {
            required[0].0 = required[0].0.max(1);
            DrawnLearner { held, required, weight, reach, qpv, disabled }
        })
}

fn world() -> impl Strategy<Value = World> {
    let group = prop_oneof![Just(Group::Qpv), Just(Group::Disabled)];
    let base = prop_oneof![Just(Base::Budget), Just(Base::Spend)];
    (
        modules(),
        prop::collection::vec(session(), 2..5),
        prop::collection::vec(learner(), 1..4),
        prop::array::uniform2(prop::array::uniform2(0..400_u64)),
        prop::option::weighted(0.3, (group, 1_000..6_000_u32)),
        prop::option::weighted(0.3, (base, 2_000..8_000_u32)),
        prop::option::weighted(0.2, Just(70 * 60_u64)),
    )
        .prop_map(|(modules, mut sessions, mut learners, budgets, quota, cap, hours)| {
            for session in &mut sessions {
                session.module %= modules.len();
            }
            // Equals are common: they must not be told apart, nor looked at twice.
            if learners.len() > 2 {
                learners[2] = learners[0].clone();
            }
            World { modules, sessions, learners, budgets, quota, cap, hours }
        })
}

/// The sessions that one learner follows, and the budget that pays for each: funder × 2 + axis.
type Pathway = Vec<(usize, Option<usize>)>;

impl World {
    fn days(&self, session: usize) -> (i32, i32) {
        let one = &self.sessions[session];
        (one.week * 7, one.week * 7 + one.weeks * 7 - 3)
    }

    /// The levels after a pathway, or `None` where it cannot be followed and paid for by its payers.
    fn levels(&self, learner: usize, pathway: &Pathway) -> Option<Vec<u16>> {
        let who = &self.learners[learner];
        let mut order: Vec<usize> = pathway.iter().map(|seat| seat.0).collect();
        order.sort_by_key(|&session| self.days(session));
        let minutes: u64 = order.iter().map(|&s| self.minutes(s)).sum();
        let mut levels = who.held.clone();
        for (place, &session) in order.iter().enumerate() {
            let one = &self.sessions[session];
            let module = &self.modules[one.module];
            let before = &order[..place];
            let after = before.iter().all(|&other| self.days(other).1 < self.days(session).0);
            let other = before.iter().all(|&other| self.sessions[other].module != one.module);
            let ready = module.needs.is_none_or(|(skill, level)| levels[skill] >= level);
            if !(after && other && ready && who.reach.contains(&one.territory)) {
                return None;
            }
            for &(skill, level) in &module.taught {
                levels[skill] = levels[skill].max(level);
            }
        }
        let paid = |&(session, budget): &(usize, Option<usize>)| {
            let one = &self.sessions[session];
            match budget {
                None => one.buying == Buying::Existing,
                Some(budget) => {
                    let (funder, axis) = (budget / 2, budget % 2);
                    let hours = self.hours.is_none_or(|most| (minutes < most) == (funder == 0));
                    one.buying != Buying::Existing
                        && one.axis as usize == axis
                        && one.funders.contains(&u32::try_from(funder).unwrap())
                        && hours
                }
            }
        };
        pathway.iter().all(paid).then_some(levels)
    }

    fn minutes(&self, session: usize) -> u64 {
        u64::from(HOURS[self.modules[self.sessions[session].module].hours]) * 60
    }

    fn closes(&self, learner: usize, levels: &[u16]) -> u64 {
        let who = &self.learners[learner];
        let skills = who.required.iter().zip(&who.held).zip(levels);
        let closed = skills.map(|((&(asked, weight), &held), &level)| {
            u64::from(weight) * u64::from(level.min(asked).saturating_sub(held))
        });
        u64::from(who.weight) * closed.sum::<u64>()
    }

    /// The modules that a learner can come to follow: with a session in reach, and each prepared for
    /// by what is held or by another of them.
    fn followed(&self, learner: usize) -> Vec<bool> {
        let who = &self.learners[learner];
        let mut followed = vec![false; self.modules.len()];
        let mut levels = who.held.clone();
        for _ in 0..self.modules.len() {
            for (at, one) in self.modules.iter().enumerate() {
                let near = self
                    .sessions
                    .iter()
                    .any(|s| s.module == at && who.reach.contains(&s.territory));
                if near && one.needs.is_none_or(|(skill, level)| levels[skill] >= level) {
                    followed[at] = true;
                    for &(skill, level) in &one.taught {
                        levels[skill] = levels[skill].max(level);
                    }
                }
            }
        }
        followed
    }

    /// Whether a module closes something for a learner, or teaches what one that does needs: one
    /// that the learner can come to follow.
    fn is_useful(&self, learner: usize, module: usize) -> bool {
        let (who, followed) = (&self.learners[learner], self.followed(learner));
        let mut wanted: Vec<(usize, u16)> = (0..SKILLS.len())
            .filter(|&skill| who.held[skill] < who.required[skill].0)
            .map(|skill| (skill, who.held[skill] + 1))
            .collect();
        let mut useful = vec![false; self.modules.len()];
        while let Some((skill, least)) = wanted.pop() {
            for (at, one) in self.modules.iter().enumerate().filter(|&(at, _)| followed[at]) {
                let teaches = one.taught.iter().any(|&(s, level)| s == skill && level >= least);
                if teaches && !useful[at] {
                    useful[at] = true;
                    wanted.extend(one.needs.filter(|&(skill, level)| who.held[skill] < level));
                }
            }
        }
        useful[module]
    }

    /// Every pathway of a learner, the empty one too.
    fn pathways(&self, learner: usize) -> Vec<Pathway> {
        let mut all: Vec<Pathway> = vec![Vec::new()];
        for (session, one) in self.sessions.iter().enumerate() {
            if !self.is_useful(learner, one.module) {
                continue;
            }
            for at in 0..all.len() {
                for payer in [None, Some(0), Some(1), Some(2), Some(3)] {
                    let mut longer = all[at].clone();
                    longer.push((session, payer));
                    all.push(longer);
                }
            }
            // What may pay depends on the whole length: it is looked at in the end.
            let plausible = |pathway: &Pathway| {
                pathway.iter().all(|&(session, payer)| {
                    let one = &self.sessions[session];
                    let axis = payer.is_none_or(|budget| budget % 2 == one.axis as usize);
                    axis && payer.is_none() == (one.buying == Buying::Existing)
                })
            };
            all.retain(plausible);
        }
        all.retain(|pathway| self.levels(learner, pathway).is_some());
        all
    }

    /// What a whole plan costs, or `None` where it breaks a limit.
    fn cents(&self, given: &[&Pathway]) -> Option<u64> {
        let mut seats: Vec<(usize, Option<usize>, usize)> = Vec::new();
        for (learner, pathway) in given.iter().enumerate() {
            seats.extend(pathway.iter().map(|&(session, payer)| (session, payer, learner)));
        }
        let (mut spent, mut all) = ([0_u64; 4], 0);
        for (number, one) in self.sessions.iter().enumerate() {
            let own: Vec<_> = seats.iter().filter(|seat| seat.0 == number).collect();
            let heads = u32::try_from(own.len()).unwrap();
            if heads == 0 {
                continue;
            }
            let collective = one.buying == Buying::Collective;
            if heads > one.seats
                || collective && (heads < one.minimum || own.iter().any(|seat| seat.1 != own[0].1))
            {
                return None;
            }
            for (place, seat) in own.iter().enumerate() {
                let Some(budget) = seat.1 else { continue };
                let opening = if collective && place == 0 { one.fixed_cents } else { 0 };
                spent[budget] += one.seat_cents + opening;
                all += one.seat_cents + opening;
            }
        }
        let whole = self.budgets.as_flattened();
        if spent.iter().zip(whole).any(|(spent, budget)| spent > budget) {
            return None;
        }
        if let Some((base, share)) = self.cap {
            let of = match base {
                Base::Budget => whole[0] + whole[1],
                Base::Spend => spent[0] + spent[1],
            };
            if spent[1] * 10_000 > of * u64::from(share) {
                return None;
            }
        }
        if let Some((group, share)) = self.quota {
            let paid = seats.iter().filter(|seat| seat.1.is_some_and(|budget| budget < 2));
            let (mut entries, mut inside) = (0, 0);
            for &(.., learner) in paid {
                let who = &self.learners[learner];
                entries += 1;
                inside += u64::from(match group {
                    Group::Qpv => who.qpv,
                    Group::Disabled => who.disabled,
                });
            }
            if inside * 10_000 < entries * u64::from(share) {
                return None;
            }
        }
        Some(all)
    }

    /// The most that a plan closes, and the least that one costs that does, by looking at all.
    fn best(&self) -> (u64, u64) {
        let pathways: Vec<Vec<Pathway>> =
            (0..self.learners.len()).map(|learner| self.pathways(learner)).collect();
        let gains: Vec<Vec<u64>> = pathways
            .iter()
            .enumerate()
            .map(|(learner, pathways)| {
                let levels = |pathway| self.levels(learner, pathway).unwrap();
                pathways.iter().map(|pathway| self.closes(learner, &levels(pathway))).collect()
            })
            .collect();
        let mut best = (0, 0);
        let mut at = vec![0; pathways.len()];
        loop {
            let closed: u64 = at.iter().enumerate().map(|(learner, &at)| gains[learner][at]).sum();
            if closed >= best.0 {
                let given: Vec<&Pathway> =
                    at.iter().enumerate().map(|(learner, &at)| &pathways[learner][at]).collect();
                if let Some(cents) = self.cents(&given)
                    && (closed > best.0 || cents < best.1)
                {
                    best = (closed, cents);
                }
            }
            let Some(next) = (0..at.len()).find(|&one| at[one] + 1 < pathways[one].len()) else {
                return best;
            };
            at[next] += 1;
            at[..next].fill(0);
        }
    }

    fn build(&self) -> Built {
        let scale = LevelScale::new("steps", 2).unwrap();
        let axis = SkillAxis::from_ids("demo", "1", scale, SKILLS).unwrap();
        let axis = Arc::new(axis);
        let mut offer = OfferBuilder::new(&axis);
        for (at, drawn) in self.modules.iter().enumerate() {
            let id = format!("m{at}");
            let minutes = HOURS[drawn.hours] * 60;
            offer.module(&id, Module { minutes, cents: 100, ..Module::default() }).unwrap();
            for &(skill, level) in &drawn.taught {
                offer.teach(&id, SKILLS[skill], level).unwrap();
            }
            if let Some((skill, level)) = drawn.needs {
                offer.prerequisite(&id, SKILLS[skill], level, Strength::Strict).unwrap();
            }
        }
        for id in ["near", "far"] {
            offer.territory(id).unwrap();
        }
        for id in ["1", "2"] {
            offer.axis(id).unwrap();
        }
        for id in ["region", "state"] {
            offer.funder(id, Funder::default()).unwrap();
        }
        for (funder, budgets) in (0_u32..).zip(self.budgets) {
            for (axis, cents) in (0_u32..).zip(budgets) {
                offer.budget(Budget { funder, axis, cents, from: None, until: None }).unwrap();
            }
        }
        let mut rule = |id: &str, kind| {
            offer.rule(FundingRule { id: id.to_owned(), kind, from: None, until: None }).unwrap();
        };
        if let Some((group, basis_points)) = self.quota {
            rule("quota", RuleKind::Quota { funder: 0, group, basis_points });
        }
        if let Some((of, basis_points)) = self.cap {
            rule("cap", RuleKind::Cap { funder: 0, axis: 1, basis_points, of });
        }
        if let Some(below) = self.hours {
            for (funder, from, below) in [(0, 0, Some(below)), (1, below, None)] {
                let (scheme, bears_on) = ("aid".to_owned(), Bearing::Pathway);
                let range = HourRange { from, below };
                let id = format!("hours-{funder}");
                rule(&id, RuleKind::Hours { scheme, funder, range, bears_on });
            }
        }
        // An axis' share may be anything: it rules nothing out.
        let tolerance = Tolerance::Points(0);
        rule("share", RuleKind::Share { funder: 1, axis: 0, basis_points: 10_000, tolerance });
        let from: Date = "2027-01-04".parse().unwrap();
        for (at, drawn) in self.sessions.iter().enumerate() {
            let (start, end) = self.days(at);
            let day = |after: i32| Date::from_days(from.days() + after).unwrap();
            let session = Session {
                module: u32::try_from(drawn.module).unwrap(),
                territory: drawn.territory,
                dates: Some((day(start), day(end))),
                entry: None,
                seats: drawn.seats,
                minimum: drawn.minimum,
                maximum: drawn.seats,
                cents_per_seat: drawn.seat_cents,
                cents_per_session: drawn.fixed_cents,
                axis: drawn.axis,
                funders: drawn.funders.clone(),
                buying: drawn.buying,
            };
            offer.session(&format!("s{at}"), session).unwrap();
        }
        let (mut held, mut required) = (Held::builder(&axis), Required::builder(&axis));
        let mut learners = Vec::new();
        for (at, drawn) in (0_u32..).zip(&self.learners) {
            for (skill, &level) in SKILLS.iter().zip(&drawn.held) {
                held.hold(&format!("p{at}"), skill, level).unwrap();
            }
            for (skill, &(level, weight)) in SKILLS.iter().zip(&drawn.required) {
                if level > 0 {
                    let one = Requirement { level, weight, necessity: Necessity::Essential };
                    required.require(&format!("t{at}"), skill, one).unwrap();
                }
            }
            // Equals ask for the same.
            let like = self.learners.iter().position(|one| one.required == drawn.required);
            learners.push(Learner {
                person: at,
                target: u32::try_from(like.unwrap()).unwrap(),
                weight: drawn.weight,
                need: String::new(),
                when: When { territories: drawn.reach.clone(), from, until: None },
                attributes: Attributes { qpv: drawn.qpv, disabled: drawn.disabled },
            });
        }
        Built {
            offer: offer.build().unwrap(),
            held: held.build().unwrap(),
            required: required.build().unwrap(),
            learners,
            options: PlanOptions { rounds: 10, ..PlanOptions::new(from) },
        }
    }
}

struct Built {
    offer: Offer,
    held: Held,
    required: Required,
    learners: Vec<Learner>,
    options: PlanOptions,
}

impl Built {
    fn plan(&self, threads: usize) -> Plan {
        let Self { offer, held, required, learners, options } = self;
        plan(offer, held, required, learners, options, &Run::new().threads(threads)).unwrap()
    }

    fn faults(&self, plan: &Plan) -> Vec<String> {
        let Self { offer, held, required, learners, options } = self;
        let faults = check(offer, held, required, learners, options, plan);
        faults.iter().map(ToString::to_string).collect()
    }

    /// A plan that gives these pathways and is true in every figure.
    fn told(&self, world: &World, given: &[&Pathway]) -> Plan {
        let mut told = Plan {
            purchases: Vec::new(),
            entries: Vec::new(),
            uncovered: Vec::new(),
            namings: Vec::new(),
            certificate: PlanCertificate {
                closed: 0,
                cents: 0,
                proven: false,
                bound_considered: u64::MAX,
                bound: u64::MAX,
                greedy: (0, 0),
                classes: 0,
                pathways: 0,
                limit_prices: Vec::new(),
                session_prices: vec![0.0; world.sessions.len()],
            },
        };
        // Budgets, the share, and the quota and the cap where they are.
        let limits = 5 + usize::from(world.quota.is_some()) + usize::from(world.cap.is_some());
        told.certificate.limit_prices = vec![0.0; limits];
        for (learner, pathway) in (0_u32..).zip(given) {
            let who = &world.learners[learner as usize];
            let mut levels = who.held.clone();
            let mut seats = (*pathway).clone();
            seats.sort_by_key(|seat| world.days(seat.0));
            for (session, payer) in seats {
                let number = u32::try_from(session).unwrap();
                let known = &self.offer.sessions()[session];
                for &(skill, level) in &world.modules[world.sessions[session].module].taught {
                    levels[skill] = levels[skill].max(level);
                }
                let step = PathwayStep {
                    module: known.module,
                    session: Some(number),
                    dates: known.dates,
                    closes: Vec::new(),
                    prepares: Vec::new(),
                    ask_first: false,
                    advised: Vec::new(),
                };
                let budget = payer.map(|budget| u32::try_from(budget).unwrap());
                let cents = budget.map_or(0, |_| known.cents_per_seat);
                told.entries.push(Entry { learner, step, budget, cents });
                let of = |one: &&mut Purchase| (one.session, one.budget) == (number, budget);
                match told.purchases.iter_mut().find(of) {
                    Some(one) => one.people += 1,
                    None => {
                        told.purchases.push(Purchase { session: number, budget, people: 1, cents });
                    }
                }
            }
            told.certificate.closed += world.closes(learner as usize, &levels);
            let remaining: Vec<Remaining> = (0_u32..)
                .zip(who.required.iter().zip(&levels))
                .filter(|(_, (asked, level))| **level < asked.0)
                .map(|(skill, (asked, &from))| Remaining {
                    skill,
                    from,
                    to: asked.0,
                    why: Why::Sessions,
                })
                .collect();
            if !remaining.is_empty() {
                told.uncovered.push(Uncovered { learner, weight: 0, why: Unmet::Money, remaining });
            }
        }
        for one in &mut told.purchases {
            one.cents = self.offer.sessions()[one.session as usize].cost(one.people);
            told.certificate.cents += one.cents;
        }
        told
    }
}

fn cases(few: u32, many: u32) -> ProptestConfig {
    let slow = std::env::var("PASSERELLE_SLOW").is_ok_and(|value| value == "1");
    ProptestConfig::with_cases(if slow { many } else { few })
}

proptest! {
    #![proptest_config(cases(48, 2_000))]

    #[test]
    fn a_small_plan_is_the_best_of_all_plans_and_proven(world in world()) {
        let built = world.build();
        let found = built.plan(2);
        let (closed, cents) = world.best();
        prop_assert_eq!(built.faults(&found), Vec::<String>::new());
        let known = &found.certificate;
        prop_assert_eq!((known.closed, known.cents), (closed, cents));
        prop_assert!(known.proven);
        prop_assert_eq!((known.bound, known.bound_considered), (closed, closed));
        prop_assert_eq!(built.plan(1), found);
    }

    #[test]
    fn a_plan_that_is_not_the_best_is_never_taken_for_it(world in world(), drawn in any::<[prop::sample::Index; 3]>()) {
        let built = world.build();
        let pathways: Vec<Vec<Pathway>> =
            (0..world.learners.len()).map(|learner| world.pathways(learner)).collect();
        let given: Vec<&Pathway> =
            pathways.iter().zip(&drawn).map(|(of, at)| &of[at.index(of.len())]).collect();
        let mut told = built.told(&world, &given);
        prop_assume!(world.cents(&given).is_some());
        told.certificate.bound = told.certificate.closed;
        told.certificate.bound_considered = told.certificate.closed;
        told.certificate.proven = true;
        let best = world.best() == (told.certificate.closed, told.certificate.cents);
        prop_assert_eq!(built.faults(&told).is_empty(), best);
    }

    #[test]
    fn the_checker_takes_what_keeps_every_rule_and_nothing_else(
        world in world(),
        drawn in prop::collection::vec(prop::collection::vec((any::<prop::sample::Index>(), 0..5_usize), 0..3), 3),
    ) {
        let built = world.build();
        let given: Vec<Pathway> = (0..world.learners.len())
            .map(|learner| {
                drawn[learner]
                    .iter()
                    .map(|&(at, payer)| {
                        let session = at.index(world.sessions.len());
                        let one = &world.sessions[session];
                        // Mostly a payer of the axis, so that something holds.
                        let axis = one.axis as usize;
                        let payer = match payer {
                            0 if one.buying == Buying::Existing => None,
                            0 | 1 => Some(axis),
                            2 => Some(2 + axis),
                            3 => one.buying.ne(&Buying::Existing).then_some(one.funders[0] as usize * 2 + axis),
                            _ => Some(1 - axis),
                        };
                        (session, payer)
                    })
                    .collect()
            })
            .collect();
        let given: Vec<&Pathway> = given.iter().collect();
        let follows = (0..given.len()).all(|at| world.levels(at, given[at]).is_some());
        let holds = follows && world.cents(&given).is_some();
        let told = built.told(&world, &given);
        let faults = built.faults(&told);
        prop_assert_eq!(faults.is_empty(), holds, "{:?}", faults);
    }
}
