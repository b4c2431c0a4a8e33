//! What must hold of gaps, rankings and explanations, against a naive dense oracle.

#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, missing_docs)]
use std::sync::Arc;

use passerelle::gap::{Eligibility, GapMatrix, Measure, SkillGaps, Standing, credits, tiles};
use passerelle::rank::{self, FITTED_NAMES, NAMES, people_for_targets, targets_for_people};
use passerelle::{
    Cancel, Error, EvidenceKind, Explanation, Framework, Held, HeldSkill, LevelScale, MemoryLimit,
    Necessity, Profiles, Required, Requirement, Run, SkillAxis, SkillKind,
};
use proptest::prelude::*;

const SKILLS: usize = 12;
const TOP: u16 = 5;

/// A world small enough to check by hand: levels required with weights, and levels held.
#[derive(Clone, Debug)]
struct World {
    targets: Vec<Vec<Option<(u16, u16, Necessity)>>>,
    people: Vec<Vec<Option<u16>>>,
}

fn necessity() -> impl Strategy<Value = Necessity> {
    prop_oneof![Just(Necessity::Optional), Just(Necessity::Essential), Just(Necessity::Blocking)]
}

fn world() -> impl Strategy<Value = World> {
    let requirement = prop::option::of((1..=TOP, 1..=4u16, necessity()));
    let target = prop::collection::vec(requirement, SKILLS).prop_map(|mut row| {
        if row.iter().all(Option::is_none) {
            row[0] = Some((1, 1, Necessity::Essential));
        }
        row
    });
    let person = prop::collection::vec(prop::option::of(0..=TOP), SKILLS);
    (prop::collection::vec(target, 1..8), prop::collection::vec(person, 0..8))
        .prop_map(|(targets, people)| World { targets, people })
}

fn axis() -> Arc<SkillAxis> {
    let ids: Vec<String> = (0..SKILLS).map(|skill| format!("s{skill}")).collect();
    let scale = LevelScale::new("steps", TOP).unwrap();
    Arc::new(SkillAxis::from_ids("law", "1", scale, ids.iter().map(String::as_str)).unwrap())
}

impl World {
    fn required(&self, axis: &Arc<SkillAxis>, order: &[usize]) -> Required {
        let mut builder = Required::builder(axis);
        for &target in order {
            for (skill, requirement) in self.targets[target].iter().enumerate() {
                if let Some((level, weight, necessity)) = *requirement {
                    let requirement = Requirement { level, weight, necessity };
                    builder
                        .require(&format!("t{target}"), &format!("s{skill}"), requirement)
                        .unwrap();
                }
            }
        }
        builder.build().unwrap()
    }

    fn held(&self, axis: &Arc<SkillAxis>, order: &[usize]) -> Held {
        let mut builder = Held::builder(axis);
        for &person in order {
            let id = format!("p{person}");
            builder.person(&id).unwrap();
            for (skill, level) in self.people[person].iter().enumerate() {
                if let Some(level) = level {
                    builder.hold(&id, &format!("s{skill}"), *level).unwrap();
                }
            }
        }
        builder.build().unwrap()
    }

    fn matrices(&self) -> (Held, Required) {
        let axis = axis();
        (self.held(&axis, &indices(&self.people)), self.required(&axis, &indices(&self.targets)))
    }
}

/// Every strategy that the library names.
fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().chain(FITTED_NAMES).copied().chain(["tversky(0,0)", "tfidf(binary)"])
}

fn indices<T>(of: &[T]) -> Vec<usize> {
    (0..of.len()).collect()
}

/// The definitions of `docs/design.md`, written out cell by cell.
fn naive(
    measure: Measure,
    held: &[Option<u16>],
    required: &[Option<(u16, u16, Necessity)>],
) -> f32 {
    let (mut total, mut credit, mut known) = (0u64, 0u64, 0u64);
    let (mut total_e, mut credit_e, mut known_e) = (0u64, 0u64, 0u64);
    let (mut missing, mut missing_known, mut blocking, mut blocking_known) = (0, 0, 0, 0);
    for (held, required) in held.iter().zip(required) {
        let Some((r, w, necessity)) = *required else { continue };
        let (r, w) = (u64::from(r), u64::from(w));
        let h = u64::from(held.unwrap_or(0));
        let essential = necessity != Necessity::Optional;
        total += w * r;
        credit += w * r.min(h);
        known += if held.is_some() { w * r } else { 0 };
        if essential {
            total_e += w * r;
            credit_e += w * r.min(h);
            known_e += if held.is_some() { w * r } else { 0 };
            missing += i32::from(h < r);
            missing_known += i32::from(h < r && held.is_some());
        }
        if necessity == Necessity::Blocking {
            blocking += i32::from(h < r);
            blocking_known += i32::from(h < r && held.is_some());
        }
    }
    let share = |part: u64, whole: u64| {
        if whole == 0 { 1.0 } else { (part as f64 / whole as f64) as f32 }
    };
    match measure {
        Measure::Coverage => share(credit, total),
        Measure::CoverageUpper => share(total - (known - credit), total),
        Measure::EssentialCoverage => share(credit_e, total_e),
        Measure::EssentialCoverageUpper => share(total_e - (known_e - credit_e), total_e),
        Measure::Gap => (total - credit) as f32,
        Measure::GapLower => (known - credit) as f32,
        Measure::Credit => credit as f32,
        Measure::KnownShare => share(known, total),
        Measure::MissingEssentials => missing as f32,
        Measure::MissingEssentialsLower => missing_known as f32,
        Measure::BlockingShortfalls => blocking as f32,
        Measure::BlockingShortfallsLower => blocking_known as f32,
    }
}

proptest! {
    #[test]
    fn every_measure_is_its_definition(world in world(), rows in 1..5usize) {
        let (held, required) = world.matrices();
        for &measure in Measure::ALL {
            let matrix = GapMatrix::compute(&held, &required, measure, &Run::new()).unwrap();
            for (p, person) in world.people.iter().enumerate() {
                for (t, target) in world.targets.iter().enumerate() {
                    let expected = naive(measure, person, target);
                    let value = matrix.values()[[p, t]];
                    prop_assert_eq!(value.to_bits(), expected.to_bits(), "{} {} {}", measure, p, t);
                    let standing = Standing::of(held.row(p as u32), required.row(t as u32));
                    prop_assert_eq!(measure.of(&standing).to_bits(), expected.to_bits());
                }
            }
            let mut seen = 0;
            tiles(&held, &required, measure, rows, &Run::new(), |tile| {
                assert_eq!(tile.first as usize, seen);
                for (at, row) in tile.values.outer_iter().enumerate() {
                    assert_eq!(row, matrix.values().row(seen + at));
                }
                seen += tile.values.nrows();
                Ok(())
            }).unwrap();
            prop_assert_eq!(seen, world.people.len());
        }
        let exact = credits(&held, &required, &Run::new()).unwrap();
        for ((p, t), &credit) in exact.indexed_iter() {
            let standing = Standing::of(held.row(p as u32), required.row(t as u32));
            prop_assert_eq!(credit, standing.all.credit);
        }
    }

    #[test]
    fn coverage_lies_in_0_to_1_and_bounds_are_in_order(world in world()) {
        let (held, required) = world.matrices();
        for p in 0..held.len() as u32 {
            for t in 0..required.len() as u32 {
                let standing = Standing::of(held.row(p), required.row(t));
                for sums in [standing.all, standing.essential] {
                    prop_assert!(sums.gap_lower() <= sums.gap());
                    prop_assert!((0.0..=1.0).contains(&sums.coverage()));
                    prop_assert!(sums.coverage() <= sums.coverage_upper());
                    prop_assert!(sums.coverage_upper() <= 1.0);
                }
                prop_assert!(standing.blocking_shortfalls_known <= standing.blocking_shortfalls);
                prop_assert!(standing.missing_essentials_known <= standing.missing_essentials);
            }
        }
    }

    #[test]
    fn raising_a_level_never_raises_either_bound(world in world(), skill in 0..SKILLS) {
        let (before, required) = world.matrices();
        let mut raised = world.clone();
        for person in &mut raised.people {
            if let Some(level) = &mut person[skill] {
                *level = (*level + 1).min(TOP);
            }
        }
        let (after, _) = raised.matrices();
        for p in 0..before.len() as u32 {
            for t in 0..required.len() as u32 {
                let one = Standing::of(before.row(p), required.row(t)).all;
                let two = Standing::of(after.row(p), required.row(t)).all;
                prop_assert!(two.gap() <= one.gap() && two.gap_lower() <= one.gap_lower());
            }
        }
    }

    #[test]
    fn speaking_of_a_silent_skill_narrows_the_bounds(
        world in world(), skill in 0..SKILLS, level in 0..=TOP,
    ) {
        let (before, required) = world.matrices();
        let mut spoken = world.clone();
        for person in &mut spoken.people {
            person[skill] = person[skill].or(Some(level));
        }
        let (after, _) = spoken.matrices();
        for p in 0..before.len() as u32 {
            for t in 0..required.len() as u32 {
                let one = Standing::of(before.row(p), required.row(t)).all;
                let two = Standing::of(after.row(p), required.row(t)).all;
                prop_assert!(two.gap() <= one.gap() && two.gap_lower() >= one.gap_lower());
            }
        }
    }

    #[test]
    fn permuting_rows_permutes_matrices_exactly_and_rankings_up_to_ties(
        world in world(), seed in any::<u64>(),
    ) {
        let shuffled = |length: usize| {
            let mut order: Vec<usize> = (0..length).collect();
            order.sort_by_key(|&at| (at as u64 + 1).wrapping_mul(seed | 1).rotate_left(17));
            order
        };
        let axis = axis();
        let (people, targets) = (shuffled(world.people.len()), shuffled(world.targets.len()));
        let (held, required) = world.matrices();
        let (held2, required2) = (world.held(&axis, &people), world.required(&axis, &targets));
        let compute = |held, required| {
            GapMatrix::compute(held, required, Measure::Coverage, &Run::new()).unwrap()
        };
        let (one, two) = (compute(&held, &required), compute(&held2, &required2));
        for (p2, &p) in people.iter().enumerate() {
            for (t2, &t) in targets.iter().enumerate() {
                prop_assert_eq!(one.values()[[p, t]].to_bits(), two.values()[[p2, t2]].to_bits());
            }
        }
        for name in NAMES {
            // What is learned from targets depends on their order in the last bit.
            let strategy = rank::strategy(name).unwrap();
            let ranked = |held, required| {
                targets_for_people(held, required, 3, &*strategy, &Run::new()).unwrap()
            };
            let (one, two) = (ranked(&held, &required), ranked(&held2, &required2));
            for (p2, &p) in people.iter().enumerate() {
                let scores = |ranking: &rank::Ranking, row| {
                    ranking.row(row).map(|m| m.score.to_bits()).collect::<Vec<_>>()
                };
                prop_assert_eq!(scores(&one, p), scores(&two, p2));
            }
        }
    }

    #[test]
    fn a_ranking_is_everything_sorted_and_both_ways_agree(world in world(), k in 1..10usize) {
        let (held, required) = world.matrices();
        for name in names() {
            let strategy = rank::fitted(name, &required).unwrap();
            let run = Run::new();
            let targets = targets_for_people(&held, &required, k, &*strategy, &run).unwrap();
            let people = people_for_targets(&held, &required, k, &*strategy, &run).unwrap();
            let scored = |p: u32, t: u32| {
                let (held, required) = (held.row(p), required.row(t));
                let view = strategy.view();
                let seen = |s| required.iter().any(|(at, r)| at == s && view.required(r).is_some());
                let shared = held.iter().any(|(s, l)| l > 0 && seen(s));
                let score = rank::score(held, required, &*strategy);
                (shared || strategy.ranks_unshared()).then_some(score)
            };
            let sorted = |mut all: Vec<(f32, u32)>| {
                all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
                all.truncate(k);
                all.into_iter().map(|(score, at)| (at, score.to_bits())).collect::<Vec<_>>()
            };
            let row = |ranking: &rank::Ranking, at: u32| {
                ranking.row(at as usize).map(|m| (m.position, m.score.to_bits())).collect::<Vec<_>>()
            };
            for p in 0..held.len() as u32 {
                let all = (0..required.len() as u32).filter_map(|t| Some((scored(p, t)?, t)));
                prop_assert_eq!(row(&targets, p), sorted(all.collect()), "{}", name);
                let results = targets.row(p as usize).count();
                prop_assert!(targets.positions().row(p as usize).iter().skip(results).all(|&i| i == -1));
                prop_assert!(targets.scores().row(p as usize).iter().skip(results).all(|&s| s == 0.0));
            }
            for t in 0..required.len() as u32 {
                let all = (0..held.len() as u32).filter_map(|p| Some((scored(p, t)?, p)));
                prop_assert_eq!(row(&people, t), sorted(all.collect()), "{}", name);
            }
            let standings = targets.standings(&held, &required, &Run::new()).unwrap();
            for (p, row) in standings.iter().enumerate() {
                for (standing, result) in row.iter().zip(targets.row(p)) {
                    let pair = (held.row(p as u32), required.row(result.position));
                    prop_assert_eq!(*standing, Standing::of(pair.0, pair.1));
                    standing.status(Eligibility::default());
                }
            }
        }
    }

    #[test]
    fn threads_do_not_change_a_bit(world in world()) {
        let (held, required) = world.matrices();
        let cosine = rank::strategy("cosine").unwrap();
        let tfidf = rank::fitted("tfidf", &required).unwrap();
        let results = |threads| {
            let run = Run::new().threads(threads);
            (
                GapMatrix::compute(&held, &required, Measure::CoverageUpper, &run).unwrap(),
                targets_for_people(&held, &required, 3, &*cosine, &run).unwrap(),
                people_for_targets(&held, &required, 3, &*cosine, &run).unwrap(),
                targets_for_people(&held, &required, 3, &*tfidf, &run).unwrap(),
                people_for_targets(&held, &required, 3, &*tfidf, &run).unwrap(),
            )
        };
        let one = results(1);
        for threads in [2, 3, 8] {
            prop_assert_eq!(&results(threads), &one);
        }
    }

    #[test]
    fn an_explanation_rebuilds_its_score(world in world()) {
        let (framework, profiles) = explained(&world);
        let held = profiles.held(&framework).unwrap();
        for name in names() {
            let strategy = rank::fitted(name, framework.required()).unwrap();
            let run = Run::new();
            let ranking =
                targets_for_people(&held, framework.required(), 3, &*strategy, &run).unwrap();
            for (p, person) in profiles.people().iter().enumerate() {
                for result in ranking.row(p) {
                    let target = &framework.occupation_ids()[result.position];
                    let why =
                        Explanation::of(&profiles, person, &framework, target, &*strategy, "en")
                            .unwrap();
                    prop_assert_eq!(why.score.to_bits(), result.score.to_bits());
                    prop_assert_eq!(why.rebuild().to_bits(), result.score.to_bits());
                    let json = serde_json::to_value(&why).unwrap();
                    prop_assert_eq!(json["terms"].as_array().unwrap().len(), why.terms.len());
                    prop_assert!(why.to_string().contains(person));
                }
            }
        }
    }

    #[test]
    fn gap_vectors_of_pairs_are_those_of_each_pair(world in world()) {
        let (held, required) = world.matrices();
        let pairs: Vec<(u32, u32)> = (0..held.len() as u32)
            .flat_map(|p| (0..required.len() as u32).map(move |t| (p, t)))
            .collect();
        let gaps = SkillGaps::of_pairs(&held, &required, &pairs, &Run::new()).unwrap();
        prop_assert_eq!(gaps.len(), pairs.len());
        for (at, &(p, t)) in pairs.iter().enumerate() {
            let range = gaps.offsets[at] as usize..gaps.offsets[at + 1] as usize;
            let row = required.row(t);
            let gap: u32 = range
                .map(|e| {
                    let at = row.skills.binary_search(&gaps.skills[e]).unwrap();
                    u32::from(row.weights[at]) * u32::from(gaps.shortfalls[e])
                })
                .sum();
            prop_assert_eq!(gap, Standing::of(held.row(p), row).all.gap());
        }
    }
}

/// The world as a framework and profiles.
fn explained(world: &World) -> (Framework, Profiles) {
    let mut builder = Framework::builder("law", "1", "en");
    builder.scales(vec![LevelScale::new("steps", TOP).unwrap()]).unwrap();
    for skill in 0..SKILLS {
        builder.skill(&format!("s{skill}"), SkillKind::KnowHow).unwrap();
    }
    for (t, target) in world.targets.iter().enumerate() {
        builder.occupation(&format!("t{t}")).unwrap();
        for (skill, requirement) in target.iter().enumerate() {
            if let Some((level, weight, necessity)) = *requirement {
                let requirement = Requirement { level, weight, necessity };
                builder.require(&format!("t{t}"), &format!("s{skill}"), requirement).unwrap();
            }
        }
    }
    let framework = builder.build().unwrap();
    let mut builder = Profiles::builder(framework.axis());
    for (p, person) in world.people.iter().enumerate() {
        builder.person(&format!("p{p}")).unwrap();
        for (skill, level) in person.iter().enumerate() {
            if let Some(level) = *level {
                let held = HeldSkill {
                    skill: format!("s{skill}"),
                    level,
                    evidence: EvidenceKind::Declared,
                    date: None,
                    assessor: None,
                };
                builder.evidence(&format!("p{p}"), &held).unwrap();
            }
        }
        if p % 3 == 0 {
            builder.assessed_in_full(&format!("p{p}"), "t0").unwrap();
        }
    }
    (framework, builder.build())
}

fn demo() -> (Held, Required) {
    let world = World {
        targets: vec![vec![Some((3, 2, Necessity::Essential)); SKILLS]; 3],
        people: vec![vec![Some(1); SKILLS]; 4],
    };
    world.matrices()
}

#[test]
fn what_does_not_fit_is_refused_before_anything_is_allocated() {
    let (held, required) = demo();
    let run = Run::new().memory_limit(MemoryLimit::bytes(47));
    let refused = GapMatrix::compute(&held, &required, Measure::Gap, &run).unwrap_err();
    assert!(
        matches!(refused, Error::Memory { needed: 48, allowed: 47, .. }),
        "4 people × 3 targets × 4 bytes: {refused}"
    );
    assert!(refused.to_string().contains("tiles"), "{refused}");
    let coverage = rank::strategy("coverage").unwrap();
    let refused = targets_for_people(&held, &required, 2, &*coverage, &run).unwrap_err();
    assert!(matches!(refused, Error::Memory { needed: 64, .. }), "{refused}");
}

#[test]
fn arguments_out_of_range_are_refused() {
    let (held, required) = demo();
    let coverage = rank::strategy("coverage").unwrap();
    let refused = targets_for_people(&held, &required, 0, &*coverage, &Run::new()).unwrap_err();
    assert_eq!(refused.to_string(), "`k` is 0; it must be at least 1");
    assert!(tiles(&held, &required, Measure::Gap, 0, &Run::new(), |_| Ok(())).is_err());
    assert!(SkillGaps::of_pairs(&held, &required, &[(4, 0)], &Run::new()).is_err());
}

#[test]
fn a_cancelled_run_stops() {
    let (held, required) = demo();
    let cancel = Cancel::new();
    cancel.cancel();
    let run = Run::new().cancel(&cancel);
    let stopped = GapMatrix::compute(&held, &required, Measure::Gap, &run);
    assert!(matches!(stopped, Err(Error::Cancelled)));
    let coverage = rank::strategy("coverage").unwrap();
    let stopped = people_for_targets(&held, &required, 1, &*coverage, &run);
    assert!(matches!(stopped, Err(Error::Cancelled)));
}

#[test]
fn public_types_cross_threads() {
    fn check<T: Send + Sync>() {}
    check::<Framework>();
    check::<Profiles>();
    check::<Held>();
    check::<Required>();
    check::<GapMatrix>();
    check::<rank::Ranking>();
    check::<Explanation<'_>>();
    check::<Error>();
    check::<Run>();
}
