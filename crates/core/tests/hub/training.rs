//! Training, worked by hand: indicators, adequacy, what stays open and why, and pathways that stop
//! and go on.

use std::sync::Arc;

use passerelle::hub::training::adequacy::{Counts, SkillAdequacy, adequacy, indicators};
use passerelle::hub::training::check::check;
use passerelle::hub::training::learners::Learners;
use passerelle::hub::training::offer::{
    Block, Budget, Buying, Certification, CertificationKind, Funder, Module, OfferBuilder, Session,
};
use passerelle::hub::training::pathway::{PathwayOptions, PathwayStep, When, pathway};
use passerelle::hub::training::plan::{Attributes, Learner, Plan, PlanOptions, Unmet, plan};
use passerelle::hub::training::{Offer, Public, after_pathway};
use passerelle::{
    Date, EvidenceKind, Held, HeldSkill, LevelScale, Necessity, Profile, Profiles, Required,
    Requirement, Run, SkillAxis,
};
use proptest::prelude::*;

fn axis(skills: &[&str]) -> Arc<SkillAxis> {
    let scale = LevelScale::new("steps", 4).unwrap();
    Arc::new(SkillAxis::from_ids("demo", "1", scale, skills.iter().copied()).unwrap())
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn required(axis: &Arc<SkillAxis>, rows: &[(&str, &str, u16, u16)]) -> Required {
    let mut builder = Required::builder(axis);
    for &(target, skill, level, weight) in rows {
        let one = Requirement { level, weight, necessity: Necessity::Essential };
        builder.require(target, skill, one).unwrap();
    }
    builder.build().unwrap()
}

fn session(module: u32, month: u32, seats: u32, minimum: u32) -> Session {
    Session {
        module,
        territory: 0,
        dates: Some((day(&format!("2027-0{month}-04")), day(&format!("2027-0{month}-26")))),
        entry: None,
        seats,
        minimum,
        maximum: seats,
        cents_per_seat: 100,
        cents_per_session: 50,
        axis: 0,
        funders: vec![0],
        buying: Buying::Collective,
    }
}

fn learner(person: u32, reach: &[u32], qpv: bool) -> Learner {
    Learner {
        person,
        target: 0,
        weight: 1,
        need: "branch/1".to_owned(),
        when: When { territories: reach.to_vec(), from: day("2027-01-04"), until: None },
        attributes: Attributes { qpv, disabled: false },
    }
}

/// An offer with one territory, one funder and one budget.
fn funded(builder: &mut OfferBuilder, cents: u64) {
    builder.territory("near").unwrap();
    let money = builder.axis("1").unwrap();
    builder.funder("region", Funder::default()).unwrap();
    let budget = Budget { funder: 0, axis: money, cents, from: None, until: None };
    builder.budget(budget).unwrap();
}

fn planned(offer: &Offer, held: &Held, required: &Required, learners: &[Learner]) -> Plan {
    let options = PlanOptions::new(day("2027-01-04"));
    let found = plan(offer, held, required, learners, &options, &Run::new()).unwrap();
    assert_eq!(check(offer, held, required, learners, &options, &found), []);
    found
}

/// Welders read (2, weight 1), weld (3, weight 2) and cut (1, weight 1). CléA teaches to read,
/// a title's module to weld, nothing to cut, and a kitchen what no need asks for.
#[test]
fn indicators_and_adequacy_are_those_worked_by_hand() {
    let axis = axis(&["read", "weld", "cut", "cook"]);
    let mut builder = OfferBuilder::new(&axis);
    for (at, kind) in
        [CertificationKind::Clea, CertificationKind::ProfessionalTitle].into_iter().enumerate()
    {
        let certification = Certification { kind, ..Certification::default() };
        let certification = builder.certification(&format!("c{at}"), certification).unwrap();
        builder.block(&format!("b{at}"), Block { certification, ..Block::default() }).unwrap();
    }
    for (id, hours, blocks, skill, level) in [
        ("clea", 60, vec![0], "read", 2),
        ("welding", 100, vec![1], "weld", 3),
        ("kitchen", 50, vec![1], "cook", 1),
    ] {
        let module = Module { minutes: hours * 60, cents: 100, blocks, ..Module::default() };
        builder.module(id, module).unwrap();
        builder.teach(id, skill, level).unwrap();
    }
    funded(&mut builder, 10_000);
    builder.session("s0", session(0, 2, 5, 1)).unwrap();
    builder.session("s1", session(1, 4, 5, 1)).unwrap();
    let offer = builder.build().unwrap();
    let required = required(
        &axis,
        &[
            ("welder", "read", 2, 1),
            ("welder", "weld", 3, 2),
            ("welder", "cut", 1, 1),
            ("cook", "cook", 1, 1),
        ],
    );
    let mut held = Held::builder(&axis);
    for (person, levels) in [("p1", [0, 1, 1]), ("p2", [2, 0, 0]), ("p3", [2, 0, 0])] {
        for (skill, level) in ["read", "weld", "cut"].into_iter().zip(levels) {
            held.hold(person, skill, level).unwrap();
        }
    }
    let held = held.build().unwrap();
    // The third lives too far away.
    let drawn = vec![learner(0, &[0], true), learner(1, &[0], false), learner(2, &[], false)];
    let plan = planned(&offer, &held, &required, &drawn);
    assert_eq!(plan.uncovered.iter().filter(|one| one.learner == 2).count(), 1);
    let learners =
        Learners { learners: drawn, positions: 5, positions_of: vec![5, 0], ..Learners::default() };
    let publics = [Some(3), None, Some(5)].map(|level| Public {
        attributes: Attributes { qpv: level == Some(3), disabled: false },
        level,
    });
    let found = indicators(&offer, &held, &required, &learners, &publics, &plan).unwrap();
    let figures: Vec<(&str, Option<u64>, Option<u64>)> =
        found.iter().map(|one| (one.id, one.numerator, one.denominator)).collect();
    let expected = [
        ("people_trained", Some(2), Some(3)),
        ("entries", Some(3), None),
        // 60 h once and 100 h twice.
        ("trainee_minutes", Some(15_600), None),
        ("mean_duration", Some(15_600), Some(2)),
        ("priority_districts", Some(2), Some(3)),
        // Of the two who are trained the diploma of one is known.
        ("below_level_4", Some(1), Some(1)),
        ("continuation", Some(1), Some(1)),
        ("adequate_purchases", Some(3), Some(3)),
        // Three times 2·1 + 3·2 + 1·1; held: 2 + 1, 2 and 2.
        ("coverage_before", Some(7), Some(27)),
        // Reading 2·1 and welding 2·2 for the first, welding 3·2 for the second.
        ("coverage_after", Some(7 + 6 + 6), Some(27)),
        ("needs_answered", Some(2), Some(5)),
        ("insertion_6_months", None, None),
        ("insertion_12_months", None, None),
        ("speciality_match", None, None),
    ];
    assert_eq!(figures, expected);
    assert!(found.iter().all(|one| !one.method.is_empty()));
    assert!(found.iter().all(|one| (one.source == "plan") == one.numerator.is_some()));
    let not_people: Vec<&str> =
        found.iter().filter(|one| one.counts == Counts::Other).map(|one| one.id).collect();
    let other =
        ["trainee_minutes", "mean_duration", "coverage_before", "coverage_after", "needs_answered"];
    assert_eq!(not_people, other);

    let found = adequacy(&offer, &held, &required, &learners, &plan).unwrap();
    let one = |skill, level, modules, taught, [seats, lacking, closed]: [u64; 3]| SkillAdequacy {
        skill,
        positions: 5,
        level,
        modules,
        taught,
        seats,
        lacking,
        closed,
    };
    let expected = [
        one(0, 2, 1, 2, [1, 1, 1]),
        one(1, 3, 1, 3, [2, 3, 2]),
        // A need without a module.
        one(2, 1, 0, 0, [0, 2, 0]),
    ];
    assert_eq!(found.skills, expected);
    assert_eq!(found.idle, [2], "a module without a need");
}

#[test]
fn what_stays_open_says_which_limit_is_in_the_way() {
    let axis = axis(&["weld"]);
    let required = required(&axis, &[("welder", "weld", 1, 1)]);
    let mut held = Held::builder(&axis);
    held.hold("p1", "weld", 0).unwrap();
    held.hold("p2", "weld", 0).unwrap();
    let held = held.build().unwrap();
    let why_near = |reach: &[u32], taught: bool, seats, minimum, cents| -> Vec<Unmet> {
        let mut builder = OfferBuilder::new(&axis);
        builder.module("m", Module { minutes: 600, cents: 100, ..Module::default() }).unwrap();
        if taught {
            builder.teach("m", "weld", 1).unwrap();
        }
        funded(&mut builder, cents);
        builder.session("s", session(0, 2, seats, minimum)).unwrap();
        let offer = builder.build().unwrap();
        let drawn = [learner(0, reach, false), learner(1, reach, false)];
        planned(&offer, &held, &required, &drawn).uncovered.iter().map(|one| one.why).collect()
    };
    let why = |taught, seats, minimum, cents| why_near(&[0], taught, seats, minimum, cents);
    assert_eq!(why(true, 2, 1, 250), [], "two seats and the opening");
    assert_eq!(why(true, 1, 1, 250), [Unmet::Seats]);
    assert_eq!(why(true, 3, 3, 350), [Unmet::TooFew; 2]);
    assert_eq!(why(true, 2, 1, 249), [Unmet::Money], "a cent short of the second seat");
    assert_eq!(why(false, 2, 1, 250), [Unmet::NoPathway; 2]);
    assert_eq!(why_near(&[], true, 2, 1, 250), [Unmet::NoSession; 2], "it is too far away");
}

/// The profile after some steps, a day each, as evidence has it.
fn followed(profile: &Profile, offer: &Offer, steps: &[PathwayStep]) -> Profile {
    let dated: Vec<PathwayStep> = (0..)
        .zip(steps)
        .map(|(at, step)| {
            let day = Date::from_days(20_000 + at).unwrap();
            PathwayStep { dates: Some((day, day)), ..step.clone() }
        })
        .collect();
    after_pathway(profile, offer, &dated).unwrap()
}

proptest! {
    /// A pathway that was suspended after any of its modules is taken up from what is held then:
    /// what was validated stays, nothing is followed twice, and what is left costs no more.
    #[test]
    fn a_suspended_pathway_goes_on_where_it_stopped(
        taught in prop::collection::vec((0..5_usize, 0..4_usize, 1..=4_u16), 1..10),
        wanted in prop::collection::vec(1..=4_u16, 4),
        before in prop::collection::vec((0..4_usize, 0..=4_u16), 0..4),
    ) {
        const SKILLS: [&str; 4] = ["a", "b", "c", "d"];
        let axis = axis(&SKILLS);
        let mut builder = OfferBuilder::new(&axis);
        for module in 0..5u32 {
            let one = Module { minutes: 60 * (1 + module), ..Module::default() };
            builder.module(&module.to_string(), one).unwrap();
        }
        for (at, &(module, skill, level)) in taught.iter().enumerate() {
            if taught[..at].iter().all(|&(m, s, _)| (m, s) != (module, skill)) {
                builder.teach(&module.to_string(), SKILLS[skill], level).unwrap();
            }
        }
        let offer = builder.build().unwrap();
        let rows: Vec<(&str, &str, u16, u16)> =
            SKILLS.into_iter().zip(&wanted).map(|(skill, &level)| ("t", skill, level, 1)).collect();
        let required = required(&axis, &rows);
        let mut start = Profile { person: "p".to_owned(), ..Profile::default() };
        for (skill, level) in before {
            if start.held.iter().all(|one| one.skill != SKILLS[skill]) {
                let (skill, evidence) = (SKILLS[skill].to_owned(), EvidenceKind::Declared);
                start.held.push(HeldSkill { skill, level, evidence, date: None, assessor: None });
            }
        }
        let solve = |profile: &Profile| {
            let mut people = Profiles::builder(&axis);
            people.add(profile).unwrap();
            let spoken = people.build().spoken();
            pathway(&offer, spoken.row(0), required.row(0), &PathwayOptions::default()).unwrap()
        };
        let whole = solve(&start);
        prop_assert!(whole.certificate.is_proven());
        for done in 0..=whole.steps.len() {
            let so_far = followed(&start, &offer, &whole.steps[..done]);
            for one in &start.held {
                prop_assert!(so_far.held.contains(one));
            }
            let rest = solve(&so_far);
            let left = &whole.modules()[done..];
            let minutes: u64 =
                left.iter().map(|&at| u64::from(offer.modules()[at as usize].minutes)).sum();
            prop_assert!(rest.minutes <= minutes);
            prop_assert!(whole.modules()[..done].iter().all(|at| !rest.modules().contains(at)));
            prop_assert_eq!(&rest.remaining, &whole.remaining);
        }
    }
}
