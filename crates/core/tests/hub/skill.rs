//! Skill maps against the naive way.

use std::collections::BTreeMap;

use passerelle::gap::{Eligibility, Standing, Status};
use passerelle::hub::recruitment::{
    Grouping, Picture, PictureOptions, Register, TerritoryGroups, Window,
};
use passerelle::hub::skill::{
    MapBy, PeopleGroups, Reach, SkillMap, after_training, balance, before_and_after,
    bridges_from_occupation, common_core, eligible_people, exclusions, group_gaps, near_groups,
    tension, three_way, transversality,
};
use passerelle::hub::{Factor, Scenario};
use passerelle::matrix::Taught;
use passerelle::{Framework, Held, Run};
use proptest::prelude::*;

use crate::world::{self, Chance, SKILLS};

fn people(seed: u64, count: usize, framework: &Framework) -> Held {
    let mut chance = Chance(seed);
    let mut held = Held::builder(framework.axis());
    for person in 0..count {
        let id = format!("p{person}");
        held.person(&id).unwrap();
        for skill in SKILLS {
            if chance.below(3) > 0 {
                held.hold(&id, skill, u16::try_from(chance.below(5)).unwrap()).unwrap();
            }
        }
    }
    held.build().unwrap()
}

fn groups(seed: u64, people: usize) -> PeopleGroups {
    let mut chance = Chance(seed);
    let mut groups = PeopleGroups::new();
    for name in ["x", "y", "z"] {
        groups.group(name).unwrap();
        for person in 0..people {
            if chance.below(2) == 0 {
                groups.add(name, u32::try_from(person).unwrap()).unwrap();
            }
        }
    }
    groups
}

fn pictured(seed: u64) -> (Register, Picture) {
    let mut chance = Chance(seed);
    let mut register = world::register("1");
    for _ in 0..80 {
        register.record(&world::need(&mut chance)).unwrap();
    }
    let mut picture = Picture::new(PictureOptions::default());
    picture.update(&register).unwrap();
    (register, picture)
}

fn eligible_as_their_standing_says(seed: u64, count: usize) {
    let framework = world::framework("1");
    let held = people(seed, count, &framework);
    let groups = groups(seed, count);
    let rule = Eligibility::new(0.5, 0.25).unwrap();
    let sums = eligible_people(&held, framework.required(), &groups, rule, &Run::new()).unwrap();
    for group in 0..3u32 {
        for target in 0..4u32 {
            let row = framework.required().row(target);
            let eligible = |&&person: &&u32| {
                Standing::of(held.row(person), row).status(rule) == Status::Eligible
            };
            let naive = groups.members(group).iter().filter(eligible).count() as u64;
            assert_eq!(sums[[group as usize, target as usize]], naive);
        }
    }
}

#[test]
fn so_are_more_people_than_are_looked_at_together() {
    eligible_as_their_standing_says(1, 5_000);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn a_map_of_held_skills_counts_people(seed in any::<u64>()) {
        let framework = world::framework("1");
        let held = people(seed, 40, &framework);
        let groups = groups(seed, 40);
        let map = SkillMap::held(&held, &groups, &Run::new().threads(2)).unwrap();
        let mut naive: BTreeMap<(u32, u32, u16), u64> = BTreeMap::new();
        for group in 0..3 {
            for &person in groups.members(group) {
                for (skill, level) in held.row(person).iter() {
                    *naive.entry((group, skill, level)).or_default() += 1;
                }
            }
        }
        let got: BTreeMap<_, _> = (0..3)
            .flat_map(|group| map.row(group).iter().map(move |c| ((group, c.skill, c.level), c.count)))
            .collect();
        prop_assert_eq!(got, naive);
    }

    #[test]
    fn eligible_people_are_those_whose_standing_says_so(seed in any::<u64>()) {
        eligible_as_their_standing_says(seed, 40);
    }

    #[test]
    fn a_map_of_required_skills_counts_the_positions_of_vacancies(seed in any::<u64>()) {
        let framework = world::framework("1");
        let (register, picture) = pictured(seed);
        let everywhere = TerritoryGroups::everywhere();
        let map = SkillMap::required(
            &picture, &register, &framework, MapBy::Territory, &everywhere, None,
        ).unwrap();
        let (vacancies, targets) = picture.vacancy_targets(&register).unwrap();
        let mut naive: BTreeMap<(u32, u16), u64> = BTreeMap::new();
        for (at, vacancy) in (0u32..).zip(&vacancies) {
            for (skill, requirement) in targets.row(at).iter() {
                *naive.entry((skill, requirement.level)).or_default() += vacancy.positions.estimate;
            }
        }
        let got: BTreeMap<_, _> = map.row(0).iter().map(|c| ((c.skill, c.level), c.count)).collect();
        prop_assert_eq!(got, naive);
        // By sector and by horizon it is the same in parts.
        for by in [MapBy::Sector, MapBy::Horizon, MapBy::Occupation] {
            let parts =
                SkillMap::required(&picture, &register, &framework, by, &everywhere, None).unwrap();
            let all = |map: &SkillMap| map.table().map(|line| line.count).sum::<u64>();
            prop_assert_eq!(all(&parts), all(&map));
            prop_assert_eq!(parts.sizes().iter().sum::<u64>(), map.sizes()[0]);
        }
    }

    #[test]
    fn shortage_and_surplus_leave_nothing_that_could_be_paired(seed in any::<u64>()) {
        let framework = world::framework("1");
        let held = people(seed, 30, &framework);
        let (register, picture) = pictured(seed);
        let everywhere = TerritoryGroups::everywhere();
        let required = SkillMap::required(
            &picture, &register, &framework, MapBy::Territory, &everywhere, None,
        ).unwrap();
        let map = SkillMap::held(&held, &PeopleGroups::everyone(30).unwrap(), &Run::new()).unwrap();
        for one in balance(&required, &map).unwrap() {
            prop_assert_eq!(one.required - one.shortage, one.holders - one.surplus, "pairs");
            prop_assert!(one.holders + one.silent <= 30);
            let of = |map: &SkillMap| -> Vec<(u16, u64)> {
                let row = map.row(0).iter().filter(|cell| cell.skill == one.skill);
                row.map(|cell| (cell.level, cell.count)).collect()
            };
            // The most pairs that levels allow: for each level, demand from it on against supply.
            let (asked, spoken) = (of(&required), of(&map));
            let from = |cells: &[(u16, u64)], level: u16| {
                cells.iter().filter(|cell| cell.0 >= level).map(|cell| cell.1).sum::<u64>()
            };
            let most = (1..=4).map(|level| from(&asked, level).saturating_sub(from(&spoken, level)));
            prop_assert_eq!(one.shortage, most.max().unwrap());
        }
    }

    #[test]
    fn an_exclusion_is_what_dropping_the_requirement_changes(seed in any::<u64>()) {
        let framework = world::framework("1");
        let held = people(seed, 40, &framework);
        let rule = Eligibility::new(0.8, 0.25).unwrap();
        let required = framework.required();
        for target in 0..4u32 {
            let found = exclusions(&held, required, target, rule, &Run::new()).unwrap();
            for one in &found.requirements {
                let mut without = passerelle::Required::builder(framework.axis());
                for (skill, requirement) in required.row(target).iter() {
                    if skill != one.skill {
                        without.require("t", &framework.axis().ids()[skill], requirement).unwrap();
                    }
                }
                let without = without.build().unwrap();
                let eligible = |row: passerelle::RequiredRow<'_>, person: u32| {
                    Standing::of(held.row(person), row).status(rule) == Status::Eligible
                };
                let met = |person: u32| {
                    let level = required.row(target).iter().find(|(s, _)| *s == one.skill).unwrap().1.level;
                    held.row(person).level(one.skill) >= Some(level)
                };
                let alone = (0..40u32).filter(|&person| {
                    !eligible(required.row(target), person) && !met(person)
                        && eligible(without.row(0), person)
                }).count() as u64;
                prop_assert_eq!(one.alone, alone);
            }
        }
    }

    #[test]
    fn training_never_makes_a_gap_grow(seed in any::<u64>()) {
        let framework = world::framework("1");
        let held = people(seed, 20, &framework);
        let mut chance = Chance(seed);
        let mut taught = Taught::builder(framework.axis());
        for module in ["m1", "m2", "m3"] {
            let skill: &str = SKILLS[chance.below(8)];
            taught.teach(module, skill, u16::try_from(1 + chance.below(4)).unwrap()).unwrap();
        }
        let taught = taught.build().unwrap();
        let followed: Vec<(u32, u32)> = (0..15)
            .map(|_| (u32::try_from(chance.below(20)).unwrap(), u32::try_from(chance.below(3)).unwrap()))
            .collect();
        let after = after_training(&held, &taught, &followed).unwrap();
        for person in 0..20 {
            for target in 0..4 {
                let row = framework.required().row(target);
                for one in before_and_after(held.row(person), after.row(person), row) {
                    prop_assert!(one.after <= one.before, "skill by skill");
                }
            }
            let changed = followed.iter().any(|&(who, _)| who == person);
            prop_assert!(changed || held.row(person).levels == after.row(person).levels);
        }
    }

    #[test]
    fn the_gap_of_a_group_is_that_of_its_people(seed in any::<u64>()) {
        let framework = world::framework("1");
        let held = people(seed, 25, &framework);
        let groups = groups(seed, 25);
        let gaps = group_gaps(&held, framework.required(), &groups, &Run::new()).unwrap();
        for group in 0..3u32 {
            for target in 0..4u32 {
                let all = groups.members(group).iter().map(|&person| {
                    Standing::of(held.row(person), framework.required().row(target)).all
                });
                let (upper, lower) = all.fold((0, 0), |(upper, lower), sums| {
                    (upper + u64::from(sums.gap()), lower + u64::from(sums.gap_lower()))
                });
                let at = [group as usize, target as usize];
                prop_assert_eq!((gaps.upper[at], gaps.lower[at]), (upper, lower));
            }
        }
    }

    #[test]
    fn a_view_of_a_person_holds_every_skill_once(seed in any::<u64>()) {
        let framework = world::framework("1");
        let held = people(seed, 3, &framework);
        let (register, picture) = pictured(seed);
        let map = SkillMap::required(
            &picture, &register, &framework, MapBy::Territory, &TerritoryGroups::everywhere(), None,
        ).unwrap();
        let view = three_way(held.row(0), &map, 0);
        let mut skills: Vec<u32> = [&view.held_and_asked, &view.to_acquire, &view.to_ask, &view.held_only]
            .into_iter().flatten().map(|one| one.skill).collect();
        let count = skills.len();
        skills.sort_unstable();
        skills.dedup();
        prop_assert_eq!(skills.len(), count);
        prop_assert!(view.to_ask.iter().all(|one| one.held.is_none()));
        prop_assert!(view.held_and_asked.iter().all(|one| one.reached > 0));
    }
}

#[test]
fn a_scenario_multiplies_what_it_names_and_says_its_name() {
    let framework = world::framework("1");
    let (register, picture) = pictured(7);
    let everywhere = TerritoryGroups::everywhere();
    let map = |scenario: Option<&Scenario>| {
        SkillMap::required(&picture, &register, &framework, MapBy::Territory, &everywhere, scenario)
            .unwrap()
    };
    let doubled = Factor { skill: Some(0), thousandths: 2000, ..Factor::default() };
    let scenario = Scenario::new("twice s0", vec![doubled]).unwrap();
    let (usual, twice) = (map(None), map(Some(&scenario)));
    assert_eq!((usual.scenario(), twice.scenario()), (None, Some("twice s0")));
    assert!(usual.row(0).iter().any(|cell| cell.skill == 0));
    for (one, other) in usual.row(0).iter().zip(twice.row(0)) {
        let factor = if one.skill == 0 { 2 } else { 1 };
        assert_eq!(
            (one.skill, one.level, one.count * factor),
            (other.skill, other.level, other.count)
        );
    }
    assert!(Scenario::new("", vec![]).is_err());
    assert!(Scenario::new("x", vec![Factor { thousandths: 1, ..Factor::default() }]).is_err());
}

#[test]
fn tension_sets_needs_against_people_with_causes() {
    let framework = world::framework("1");
    let (register, picture) = pictured(3);
    let held = people(3, 50, &framework);
    let groups = TerritoryGroups::everywhere();
    let people = eligible_people(
        &held,
        framework.required(),
        &PeopleGroups::everyone(50).unwrap(),
        Eligibility::new(0.3, 0.1).unwrap(),
        &Run::new(),
    )
    .unwrap();
    let rows = tension(&picture, &register, &groups, &people).unwrap();
    assert!(!rows.is_empty() && rows.len() <= 4);
    let by = Grouping { occupation: true, ..Grouping::default() };
    let needs = picture.consolidated(&register, &by, &groups);
    for row in &rows {
        let id = &framework.occupation_ids()[row.occupation];
        let same = needs.iter().find(|need| need.occupation.as_deref() == Some(id)).unwrap();
        assert_eq!(
            (row.positions, row.calls_for_training),
            (same.positions, same.calls_for_training())
        );
        assert_eq!(row.people, people[[0, row.occupation as usize]]);
        assert_eq!(row.ratio.is_none(), row.people == 0);
    }
    assert!(rows.is_sorted_by(|a, b| {
        a.ratio.unwrap_or(f64::INFINITY) >= b.ratio.unwrap_or(f64::INFINITY)
    }));
}

#[test]
fn maps_are_read() {
    let framework = world::framework("1");
    let required = framework.required();
    // welder s0..s3, driver s1..s4, cook s2..s5, mason s3..s6.
    let core = common_core(required, &[0, 1, 2], 100).unwrap();
    assert_eq!(core.core.iter().map(|one| one.0).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(core.specific, [vec![0, 1], vec![1, 4], vec![4, 5]]);
    let core = common_core(required, &[0, 1, 2], 60).unwrap();
    assert_eq!(core.core.iter().map(|one| one.0).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert!(common_core(required, &[], 50).is_err() && common_core(required, &[9], 50).is_err());
    let uses: Vec<u32> = transversality(required).iter().map(|one| one.occupations).collect();
    assert_eq!(uses, [1, 2, 3, 4, 3, 2, 1, 0]);
    let bridges = bridges_from_occupation(required, 0, None, Reach::default()).unwrap();
    assert_eq!(bridges.iter().map(|bridge| bridge.target).collect::<Vec<_>>().len(), 3);
    assert!(bridges.is_sorted_by_key(|bridge| bridge.gap));
    assert!(bridges.iter().all(|bridge| bridge.gap_after_training.is_none()));

    let (register, picture) = pictured(11);
    let map = SkillMap::required(
        &picture,
        &register,
        &framework,
        MapBy::Sector,
        &TerritoryGroups::everywhere(),
        None,
    )
    .unwrap();
    let near = near_groups(&map);
    assert_eq!(near.len(), 3, "without a sector, industry, transport");
    assert!(near.iter().all(|pair| pair.similarity > 0.0 && pair.similarity <= 1.0));
    let window = Window::until("2026-06-30".parse().unwrap()).periods(6, 1, 3).unwrap();
    let told = picture.over_time(&register, None, &window);
    let vacancies = picture.vacancies(&register);
    let s3: u64 = told.iter().find(|one| one.skill == 3).unwrap().vacancies.iter().sum();
    let dated = vacancies.iter().filter(|one| one.date.is_some()).count() as u64;
    assert!(s3 > 0 && s3 <= dated);
    let breadth = picture.breadth(&register, "industry");
    assert!(breadth.iter().all(|one| one.asking <= one.employers && one.asking > 0));
}
