use std::sync::Arc;

use proptest::prelude::*;

use super::problem::{Problem, closed_by, cost_of};
use super::*;
use crate::hub::training::offer::{
    Buying, Module, Offer, OfferBuilder, Purpose, Session, Strength,
};
use crate::matrix::{Held, Necessity, Required, Requirement};
use crate::run::Run;
use crate::skill::{LevelScale, SkillAxis};

fn axis(skills: &[&str]) -> Arc<SkillAxis> {
    let scale = LevelScale::new("steps", 4).unwrap();
    Arc::new(SkillAxis::from_ids("demo", "1", scale, skills.iter().copied()).unwrap())
}

fn target(axis: &Arc<SkillAxis>, rows: &[(&str, u16, u16)]) -> Required {
    let mut builder = Required::builder(axis);
    for &(skill, level, weight) in rows {
        let requirement = Requirement { level, weight, necessity: Necessity::Essential };
        builder.require("t", skill, requirement).unwrap();
    }
    builder.build().unwrap()
}

fn person(axis: &Arc<SkillAxis>, rows: &[(&str, u16)]) -> Held {
    let mut builder = Held::builder(axis);
    builder.person("p").unwrap();
    for &(skill, level) in rows {
        builder.hold("p", skill, level).unwrap();
    }
    builder.build().unwrap()
}

fn module(hours: u32) -> Module {
    Module { minutes: hours * 60, cents: u64::from(hours) * 1_000, ..Module::default() }
}

/// The carmakers' path of the pact: CLÉA, then CCP2 of the CIMA title.
fn cima() -> (Offer, Required) {
    let axis = axis(&["lire", "compter", "conduire", "regler"]);
    let mut offer = OfferBuilder::new(&axis);
    offer.module("CLÉA", module(150)).unwrap();
    offer.module("CCP2", module(250)).unwrap();
    for (module, skill, level) in [
        ("CLÉA", "lire", 2),
        ("CLÉA", "compter", 2),
        ("CCP2", "conduire", 3),
        ("CCP2", "regler", 2),
    ] {
        offer.teach(module, skill, level).unwrap();
    }
    offer.prerequisite("CCP2", "lire", 1, Strength::Strict).unwrap();
    offer.prerequisite("CCP2", "compter", 2, Strength::Strict).unwrap();
    let rows = [("lire", 2, 1), ("compter", 2, 1), ("conduire", 3, 2), ("regler", 2, 1)];
    (offer.build().unwrap(), target(&axis, &rows))
}

#[test]
fn worked_example_1_the_cima_path() {
    let (offer, required) = cima();
    let modules = |rows: &[(&str, u16)]| {
        let held = person(offer.axis(), rows);
        let found =
            pathway(&offer, held.row(0), required.row(0), &PathwayOptions::default()).unwrap();
        assert!(found.certificate.is_proven());
        assert!(found.remaining.is_empty());
        found.modules().iter().map(|&m| offer.module_ids()[m].to_owned()).collect::<Vec<_>>()
    };
    let none = [("lire", 0), ("compter", 0), ("conduire", 0), ("regler", 0)];
    assert_eq!(modules(&none), ["CLÉA", "CCP2"]);
    assert_eq!(modules(&[("lire", 2), ("compter", 2)]), ["CCP2"]);
    assert_eq!(modules(&[("lire", 2), ("compter", 2), ("conduire", 3), ("regler", 2)]), [""; 0]);
    assert_eq!(modules(&[]), ["CLÉA", "CCP2"]);
}

#[test]
fn duration_follows_the_gap_and_silence_is_asked_first() {
    let (offer, required) = cima();
    let find = |rows: &[(&str, u16)]| {
        let held = person(offer.axis(), rows);
        pathway(&offer, held.row(0), required.row(0), &PathwayOptions::default()).unwrap()
    };
    let all = find(&[("conduire", 0), ("regler", 1)]);
    assert_eq!(all.minutes, 400 * 60);
    assert!(all.steps[0].ask_first, "CLÉA would teach only what the profile is silent on");
    assert!(!all.steps[1].ask_first);
    assert_eq!(all.ask, [0, 1]);
    assert_eq!(all.steps[0].prepares, [(0, true), (1, true)]);
    assert_eq!(all.steps[1].closes[1], Closed { skill: 3, from: 1, to: 2, silent: false });
    assert_eq!(find(&[("lire", 2), ("compter", 3)]).minutes, 250 * 60);
}

#[test]
fn advisory_prerequisites_never_exclude_and_name_a_preparation() {
    let axis = axis(&["a", "b"]);
    let mut offer = OfferBuilder::new(&axis);
    offer.module("m", module(70)).unwrap();
    offer.module("sas", Module { purpose: Purpose::Preparation, ..module(35) }).unwrap();
    offer.teach("m", "a", 2).unwrap();
    offer.teach("sas", "b", 1).unwrap();
    offer.prerequisite("m", "b", 1, Strength::Advisory).unwrap();
    let offer = offer.build().unwrap();
    let (held, required) = (person(&axis, &[("b", 0)]), target(&axis, &[("a", 2, 1)]));
    let found = pathway(&offer, held.row(0), required.row(0), &PathwayOptions::default()).unwrap();
    assert_eq!(found.modules(), [0]);
    assert_eq!(found.steps[0].advised, [Advised { skill: 1, level: 1, preparation: Some(1) }]);
}

#[test]
fn what_cannot_be_closed_says_why() {
    let axis = axis(&["a", "b", "c", "key"]);
    let mut offer = OfferBuilder::new(&axis);
    for (id, skill, level) in [("m1", "a", 2), ("m2", "b", 4)] {
        offer.module(id, module(35)).unwrap();
        offer.teach(id, skill, level).unwrap();
    }
    offer.prerequisite("m2", "key", 1, Strength::Strict).unwrap();
    let offer = offer.build().unwrap();
    let required = target(&axis, &[("a", 3, 1), ("b", 2, 1), ("c", 1, 1)]);
    let held = person(&axis, &[]);
    let found = pathway(&offer, held.row(0), required.row(0), &PathwayOptions::default()).unwrap();
    let why: Vec<_> = found.remaining.iter().map(|r| (r.skill, r.from, r.to, r.why)).collect();
    let expected =
        [(0, 2, 3, Why::NoModule), (1, 0, 2, Why::Prerequisites), (2, 0, 1, Why::NoModule)];
    assert_eq!(why, expected);
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn sessions_neither_overlap_nor_lie_out_of_reach() {
    let axis = axis(&["a", "b"]);
    let mut offer = OfferBuilder::new(&axis);
    let near = offer.territory("near").unwrap();
    let far = offer.territory("far").unwrap();
    let money = offer.axis("1").unwrap();
    for (id, skill) in [("m1", "a"), ("m2", "b")] {
        offer.module(id, module(35)).unwrap();
        offer.teach(id, skill, 1).unwrap();
    }
    offer.prerequisite("m2", "a", 1, Strength::Strict).unwrap();
    let session = |module, territory, from: &str, until: &str, cents| Session {
        module,
        territory,
        dates: Some((day(from), day(until))),
        entry: None,
        seats: 10,
        minimum: 1,
        maximum: 10,
        cents_per_seat: cents,
        cents_per_session: 0,
        axis: money,
        funders: vec![],
        buying: Buying::Existing,
    };
    for (id, session) in [
        ("early", session(1, near, "2026-09-01", "2026-09-10", 100)),
        ("first", session(0, near, "2026-09-07", "2026-09-20", 100)),
        ("cheap", session(0, far, "2026-09-01", "2026-09-05", 1)),
        ("late", session(1, near, "2026-09-21", "2026-09-30", 900)),
    ] {
        offer.session(id, session).unwrap();
    }
    let offer = offer.build().unwrap();
    let (held, required) = (person(&axis, &[]), target(&axis, &[("a", 1, 1), ("b", 1, 1)]));
    let find = |territories: Vec<u32>, until: Option<&str>| {
        let when = When { territories, from: day("2026-09-01"), until: until.map(day) };
        let options =
            PathwayOptions { when: Some(when), cost: Cost::Cents, ..PathwayOptions::default() };
        pathway(&offer, held.row(0), required.row(0), &options).unwrap()
    };
    let sessions = |found: &Pathway| {
        found
            .steps
            .iter()
            .map(|s| &offer.session_ids()[s.session.unwrap()])
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(sessions(&find(vec![near], None)), ["first", "late"]);
    // From far away the first module ends later than the early session of the second begins.
    assert_eq!(sessions(&find(vec![near, far], None)), ["cheap", "late"]);
    let cut = find(vec![near], Some("2026-09-25"));
    assert_eq!(sessions(&cut), ["first"]);
    assert_eq!(cut.remaining, [Remaining { skill: 1, from: 0, to: 1, why: Why::Sessions }]);
    assert!(find(vec![], None).steps.is_empty());
}

#[test]
fn a_circle_is_entered_from_outside_or_not_at_all() {
    let axis = axis(&["a", "b"]);
    let circle = |outside: bool| {
        let mut offer = OfferBuilder::new(&axis);
        for (id, skill, other) in [("m1", "a", "b"), ("m2", "b", "a")] {
            offer.module(id, module(10)).unwrap();
            offer.teach(id, skill, 4).unwrap();
            offer.prerequisite(id, other, 1, Strength::Strict).unwrap();
        }
        if outside {
            offer.module("m3", module(500)).unwrap();
            offer.teach("m3", "a", 1).unwrap();
        }
        offer.build().unwrap()
    };
    let required = target(&axis, &[("a", 4, 1), ("b", 4, 1)]);
    let find = |offer: &Offer, rows: &[(&str, u16)]| {
        let held = person(&axis, rows);
        pathway(offer, held.row(0), required.row(0), &PathwayOptions::default()).unwrap()
    };
    assert!(find(&circle(false), &[]).steps.is_empty());
    assert_eq!(find(&circle(false), &[("b", 1)]).modules(), [0, 1]);
    let found = find(&circle(true), &[]);
    assert_eq!(found.modules(), [2, 1, 0]);
    assert!(found.certificate.is_proven());
}

#[test]
fn the_cheapest_provider_may_need_what_it_would_prepare() {
    // `short` is the cheapest way to what `end` needs, but needs `end` itself.
    let axis = axis(&["a", "b"]);
    let mut offer = OfferBuilder::new(&axis);
    for (id, hours, skill, level) in
        [("long", 34, "b", 3), ("short", 1, "b", 3), ("end", 1, "a", 1)]
    {
        offer.module(id, module(hours)).unwrap();
        offer.teach(id, skill, level).unwrap();
    }
    offer.prerequisite("short", "a", 1, Strength::Strict).unwrap();
    offer.prerequisite("end", "b", 3, Strength::Strict).unwrap();
    let offer = offer.build().unwrap();
    let (held, required) = (person(&axis, &[("b", 2)]), target(&axis, &[("a", 1, 1)]));
    let found = pathway(&offer, held.row(0), required.row(0), &PathwayOptions::default()).unwrap();
    assert_eq!(found.modules(), [0, 2]);
    assert!(found.certificate.is_proven());
}

/// Hours, skills taught up to a level, prerequisites.
type TaughtSkills = (u32, Vec<(usize, u16)>, Vec<(usize, u16)>);

/// A small offer, person and target, drawn.
#[derive(Clone, Debug)]
struct World {
    taught: Vec<TaughtSkills>,
    held: Vec<Option<u16>>,
    required: Vec<(u16, u16)>,
    asked: Asked,
}

const SKILLS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn world() -> impl Strategy<Value = World> {
    let teaches = prop::collection::btree_map(0..SKILLS.len(), 1..=4u16, 1..4);
    let requires = prop::collection::btree_map(0..SKILLS.len(), 1..=3u16, 0..2);
    let module = (1..40u32, teaches, requires)
        .prop_map(|(h, t, r)| (h, t.into_iter().collect(), r.into_iter().collect()));
    let asked = prop_oneof![Just(Asked::Full), (0..=10_000u16).prop_map(Asked::Coverage)];
    (
        prop::collection::vec(module, 1..10),
        prop::collection::vec(prop::option::of(0..=4u16), SKILLS.len()),
        prop::collection::vec((1..=4u16, 1..=3u16), SKILLS.len()),
        asked,
    )
        .prop_map(|(taught, held, required, asked)| World { taught, held, required, asked })
}

impl World {
    fn build(&self) -> (Offer, Held, Required) {
        let axis = axis(&SKILLS);
        let mut offer = OfferBuilder::new(&axis);
        for (at, (hours, taught, requires)) in self.taught.iter().enumerate() {
            let id = format!("m{at}");
            offer.module(&id, module(*hours)).unwrap();
            for &(skill, level) in taught {
                offer.teach(&id, SKILLS[skill], level).unwrap();
            }
            for &(skill, level) in requires {
                offer.prerequisite(&id, SKILLS[skill], level, Strength::Strict).unwrap();
            }
        }
        let held: Vec<_> =
            SKILLS.iter().zip(&self.held).filter_map(|(&s, level)| Some((s, (*level)?))).collect();
        let rows: Vec<_> = SKILLS
            .iter()
            .zip(&self.required)
            .map(|(&s, &(level, weight))| (s, level, weight))
            .collect();
        (offer.build().unwrap(), person(&axis, &held), target(&axis, &rows))
    }

    /// The most that can be closed of what is asked, and the least minutes for it, by trying every
    /// set of modules.
    fn brute_force(&self) -> (u64, u64) {
        let held = |skill: usize| self.held[skill].unwrap_or(0);
        let gap = |levels: &[u16]| -> u64 {
            self.required
                .iter()
                .zip(levels)
                .map(|(&(r, w), &l)| u64::from(w) * u64::from(r.saturating_sub(l)))
                .sum()
        };
        let start: Vec<u16> = (0..SKILLS.len()).map(held).collect();
        let total: u64 = self.required.iter().map(|&(r, w)| u64::from(w) * u64::from(r)).sum();
        let asked = match self.asked {
            Asked::Full => u64::MAX,
            Asked::Coverage(share) => {
                (total * u64::from(share)).div_ceil(10_000).saturating_sub(total - gap(&start))
            }
        };
        let mut best = (0, 0);
        for set in 0u32..1 << self.taught.len() {
            let mut levels = start.clone();
            let mut left: Vec<usize> =
                (0..self.taught.len()).filter(|&m| set & (1 << m) != 0).collect();
            let minutes: u64 = left.iter().map(|&m| u64::from(self.taught[m].0) * 60).sum();
            while let Some(at) = left.iter().position(|&m| {
                self.taught[m].2.iter().all(|&(skill, level)| levels[skill] >= level)
            }) {
                for &(skill, level) in &self.taught[left.remove(at)].1 {
                    levels[skill] = levels[skill].max(level);
                }
            }
            if !left.is_empty() {
                continue;
            }
            let closed = (gap(&start) - gap(&levels)).min(asked);
            if closed > best.0 || closed == best.0 && minutes < best.1 {
                best = (closed, minutes);
            }
        }
        best
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn a_pathway_costs_what_brute_force_finds(world in world()) {
        let (offer, held, required) = world.build();
        let options = PathwayOptions { asked: world.asked, ..PathwayOptions::default() };
        let found = pathway(&offer, held.row(0), required.row(0), &options).unwrap();
        let (closed, minutes) = world.brute_force();
        prop_assert_eq!(found.certificate.closed, closed);
        prop_assert_eq!(found.minutes, minutes);
        prop_assert!(found.certificate.is_proven(), "{:?}", found.certificate);
        prop_assert_eq!(found.certificate.cost, minutes);
    }

    #[test]
    fn equal_problems_share_a_solution_and_threads_change_nothing(worlds in prop::collection::vec(world(), 1..3)) {
        for world in &worlds {
            let (offer, held, required) = world.build();
            let options = PathwayOptions::default();
            let pairs = [(0, 0), (0, 0), (0, 0)];
            let one = pathways(&offer, &held, &required, &pairs, &options, &Run::new().threads(1)).unwrap();
            let three = pathways(&offer, &held, &required, &pairs, &options, &Run::new().threads(3)).unwrap();
            prop_assert_eq!(&one, &three);
            prop_assert_eq!(one.distinct, 1);
        }
    }

    #[test]
    fn the_greedy_answer_closes_as_much_in_a_possible_order(world in world()) {
        let (offer, held, required) = world.build();
        let options = PathwayOptions { asked: world.asked, ..PathwayOptions::default() };
        let problem = Problem::of(&offer, held.row(0), required.row(0), &options);
        let chosen = greedy::greedy(&problem);
        prop_assert!(order::ordered(&problem, &chosen).is_ok());
        let (closed, minutes) = world.brute_force();
        prop_assert_eq!(closed_by(&problem, &chosen).min(problem.asked), closed);
        prop_assert!(cost_of(&problem, &chosen) >= minutes);
    }
}
