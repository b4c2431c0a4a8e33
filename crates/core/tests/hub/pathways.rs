//! Pathways over as many modules as one person may have before them, against shortest ways.
//!
//! Where somebody stands is the levels that they hold; a module leads from there to higher ones, and
//! takes its time. The least time to each set of levels is that of a shortest way (Dijkstra 1959),
//! and with dates that of a way through sessions in the order of their days.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use passerelle::hub::training::Offer;
use passerelle::hub::training::offer::{Buying, Module, OfferBuilder, Session, Strength};
use passerelle::hub::training::pathway::{Asked, Pathway, PathwayOptions, Stop, When, pathway};
use passerelle::{Date, Held, LevelScale, Necessity, Required, Requirement, SkillAxis};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

const SKILLS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const TOP: u16 = 3;

type Levels = [u16; SKILLS.len()];

#[derive(Clone, Debug)]
struct Drawn {
    hours: u32,
    taught: Vec<(usize, u16)>,
    needs: Vec<(usize, u16)>,
    /// The first days of its sessions.
    starts: Vec<i32>,
}

#[derive(Clone, Debug)]
struct World {
    modules: Vec<Drawn>,
    held: [Option<u16>; SKILLS.len()],
    required: [(u16, u16); SKILLS.len()],
    asked: Asked,
    dated: bool,
}

fn world(modules: std::ops::RangeInclusive<usize>, dated: bool) -> impl Strategy<Value = World> {
    let module = (
        20..150_u32,
        prop::collection::btree_map(0..SKILLS.len(), 1..=TOP, 1..4),
        prop::option::weighted(0.4, (0..SKILLS.len(), 1..TOP)),
        prop::collection::vec(0..300_i32, 3),
    );
    let module = module.prop_map(|(hours, taught, needs, starts)| Drawn {
        hours,
        taught: taught.into_iter().collect(),
        needs: needs.into_iter().collect(),
        starts,
    });
    let asked = prop_oneof![Just(Asked::Full), (3_000..=9_500_u16).prop_map(Asked::Coverage)];
    (
        prop::collection::vec(module, modules),
        prop::array::uniform6(prop::option::of(0..=TOP)),
        prop::array::uniform6((1..=TOP, 1..=4_u16)),
        asked,
    )
        .prop_map(move |(modules, held, required, asked)| World {
            modules,
            held,
            required,
            asked,
            dated,
        })
}

impl World {
    fn start(&self) -> Levels {
        self.held.map(Option::unwrap_or_default)
    }

    fn closes(&self, levels: Levels) -> u64 {
        let skills = self.required.iter().zip(self.start()).zip(levels);
        let closes = skills.map(|((&(asked, weight), held), level)| {
            u64::from(weight) * u64::from(level.min(asked).saturating_sub(held))
        });
        closes.sum()
    }

    fn asked(&self) -> u64 {
        match self.asked {
            Asked::Full => u64::MAX,
            Asked::Coverage(share) => {
                let product = |&(asked, weight): &(u16, u16)| u64::from(asked) * u64::from(weight);
                let total: u64 = self.required.iter().map(product).sum();
                let held: u64 = (self.required.iter().zip(self.start()))
                    .map(|(&(asked, weight), held)| u64::from(held.min(asked)) * u64::from(weight))
                    .sum();
                (total * u64::from(share)).div_ceil(10_000).saturating_sub(held)
            }
        }
    }

    /// Where a module leads to, if it may be begun.
    fn after(&self, module: &Drawn, levels: Levels) -> Option<Levels> {
        let ready = module.needs.iter().all(|&(skill, level)| levels[skill] >= level);
        let mut next = levels;
        for &(skill, level) in &module.taught {
            next[skill] = next[skill].max(level);
        }
        ready.then_some(next)
    }

    /// The least minutes to all levels that can be come to.
    fn shortest(&self) -> BTreeMap<Levels, u64> {
        if self.dated { self.through_sessions() } else { self.through_modules() }
    }

    fn through_modules(&self) -> BTreeMap<Levels, u64> {
        let mut known: BTreeMap<Levels, u64> = BTreeMap::new();
        let mut open = BinaryHeap::from([(Reverse(0), self.start())]);
        while let Some((Reverse(minutes), levels)) = open.pop() {
            if known.contains_key(&levels) {
                continue;
            }
            known.insert(levels, minutes);
            for module in &self.modules {
                let more = u64::from(module.hours) * 60;
                open.extend(self.after(module, levels).map(|next| (Reverse(minutes + more), next)));
            }
        }
        known
    }

    fn through_sessions(&self) -> BTreeMap<Levels, u64> {
        // On a day, the ends of what ran until the day before come first.
        type Ways = Vec<(Levels, u64)>;
        let mut days: BTreeMap<i32, (Ways, Vec<&Drawn>)> = BTreeMap::new();
        for module in &self.modules {
            for &start in &module.starts {
                days.entry(start).or_default().1.push(module);
            }
        }
        let mut known = BTreeMap::from([(self.start(), 0)]);
        while let Some((day, (ended, starting))) = days.pop_first() {
            for (levels, minutes) in ended {
                let least = known.entry(levels).or_insert(minutes);
                *least = minutes.min(*least);
            }
            for module in starting {
                let more = u64::from(module.hours) * 60;
                let ways = known.iter().filter_map(|(&levels, &minutes)| {
                    Some((self.after(module, levels)?, minutes + more))
                });
                let ways: Ways = ways.collect();
                days.entry(day + days_of(module)).or_default().0.extend(ways);
            }
        }
        known
    }

    /// The most of what is asked that can be closed, and the least minutes for it.
    fn best(&self) -> (u64, u64) {
        let all = self
            .shortest()
            .into_iter()
            .map(|(levels, minutes)| (self.closes(levels).min(self.asked()), Reverse(minutes)));
        let (closed, Reverse(minutes)) = all.max().unwrap();
        (closed, minutes)
    }

    fn found(&self, node_limit: u64) -> Pathway {
        let scale = LevelScale::new("steps", TOP).unwrap();
        let axis = Arc::new(SkillAxis::from_ids("demo", "1", scale, SKILLS).unwrap());
        let from: Date = "2027-01-04".parse().unwrap();
        let offer = self.offer(&axis, from);
        let mut held = Held::builder(&axis);
        held.person("p").unwrap();
        let mut required = Required::builder(&axis);
        for (at, skill) in SKILLS.iter().enumerate() {
            if let Some(level) = self.held[at] {
                held.hold("p", skill, level).unwrap();
            }
            let (level, weight) = self.required[at];
            let one = Requirement { level, weight, necessity: Necessity::Essential };
            required.require("t", skill, one).unwrap();
        }
        let (held, required) = (held.build().unwrap(), required.build().unwrap());
        let when = self.dated.then(|| When { territories: vec![0], from, until: None });
        let asked = self.asked;
        let options = PathwayOptions { asked, when, node_limit, ..PathwayOptions::default() };
        pathway(&offer, held.row(0), required.row(0), &options).unwrap()
    }

    fn offer(&self, axis: &Arc<SkillAxis>, from: Date) -> Offer {
        let mut offer = OfferBuilder::new(axis);
        offer.territory("near").unwrap();
        offer.axis("1").unwrap();
        for (number, drawn) in (0_u32..).zip(&self.modules) {
            let id = format!("m{number}");
            let minutes = drawn.hours * 60;
            offer.module(&id, Module { minutes, ..Module::default() }).unwrap();
            for &(skill, level) in &drawn.taught {
                offer.teach(&id, SKILLS[skill], level).unwrap();
            }
            for &(skill, level) in &drawn.needs {
                offer.prerequisite(&id, SKILLS[skill], level, Strength::Strict).unwrap();
            }
            for (at, &start) in drawn.starts.iter().enumerate().filter(|_| self.dated) {
                let day = |after| Date::from_days(from.days() + after).unwrap();
                let session = Session {
                    module: number,
                    territory: 0,
                    dates: Some((day(start), day(start + days_of(drawn) - 1))),
                    entry: None,
                    seats: 10,
                    minimum: 1,
                    maximum: 10,
                    cents_per_seat: 0,
                    cents_per_session: 0,
                    axis: 0,
                    funders: Vec::new(),
                    buying: Buying::Existing,
                };
                offer.session(&format!("{id}-{at}"), session).unwrap();
            }
        }
        offer.build().unwrap()
    }
}

fn days_of(module: &Drawn) -> i32 {
    i32::try_from(module.hours.div_ceil(7)).unwrap()
}

fn cases(few: u32, many: u32) -> ProptestConfig {
    let slow = std::env::var("PASSERELLE_SLOW").is_ok_and(|value| value == "1");
    ProptestConfig::with_cases(if slow { many } else { few })
}

/// Nodes enough for every world drawn here.
const ENOUGH: u64 = 100_000;

proptest! {
    #![proptest_config(cases(24, 2_000))]

    #[test]
    fn a_pathway_over_40_modules_is_a_shortest_way(world in world(20..=40, false)) {
        let found = world.found(ENOUGH);
        prop_assert_eq!((found.certificate.closed, found.minutes), world.best());
        prop_assert!(found.certificate.is_proven(), "{:?}", found.certificate);
    }

    #[test]
    fn a_dated_pathway_over_40_modules_is_a_shortest_way(world in world(10..=40, true)) {
        let found = world.found(ENOUGH);
        prop_assert_eq!((found.certificate.closed, found.minutes), world.best());
        prop_assert!(found.certificate.is_proven(), "{:?}", found.certificate);
    }
}

#[test]
fn where_nodes_run_out_the_best_so_far_stands_with_its_bound() {
    let mut runner = TestRunner::deterministic();
    let mut cut_short = 0;
    for _ in 0..60 {
        let drawn = world(30..=40, true).new_tree(&mut runner).unwrap().current();
        let found = drawn.found(1);
        let (closed, minutes) = drawn.best();
        let known = found.certificate;
        assert!(known.closed <= closed && closed.min(drawn.asked()) <= known.closed_bound);
        assert!(known.bound <= known.cost, "{known:?}");
        assert_eq!(known.cost, found.minutes);
        if known.closed == closed {
            assert!(known.bound <= minutes && minutes <= known.cost, "{known:?} {minutes}");
        }
        if known.stop == Stop::NodeLimit {
            cut_short += 1;
            assert!(!known.is_proven() || known.cost == minutes);
            assert!((0.0..=1.0).contains(&known.distance()));
        }
    }
    assert!(cut_short > 5, "{cut_short}");
}
