//! Candidates for posts against the slow way.

use std::collections::BTreeMap;

use passerelle::gap::{Eligibility, Standing};
use passerelle::hub::Territories;
use passerelle::hub::skill::{
    Candidate, Candidates, Conditions, Filter, Limits, Travel, candidates,
};
use passerelle::{Date, Held, Necessity, Required, Requirement, Run};
use proptest::prelude::*;

use crate::world::{self, Chance, SKILLS};

/// Everyone looked at for every target, the slow way.
fn naive(
    (held, required): (&Held, &Required),
    k: usize,
    (limits, posts): (&[Limits], &[Conditions]),
    passes: impl Fn(Filter, &Limits, &Conditions) -> Option<bool>,
) -> Vec<Candidates> {
    let of = |target: u32| {
        let post = &posts[target as usize];
        let mut found =
            Candidates { best: vec![], considered: 0, set_aside: BTreeMap::new(), outside: 0 };
        for person in (0u32..).take(held.len()) {
            let standing = Standing::of(held.row(person), required.row(target));
            if standing.all.credit == 0 {
                continue;
            }
            found.considered += 1;
            let said = |&filter: &Filter| passes(filter, &limits[person as usize], post);
            let aside: Vec<Filter> =
                Filter::ALL.iter().copied().filter(|f| said(f) == Some(false)).collect();
            for &filter in &aside {
                *found.set_aside.entry(filter).or_default() += 1;
            }
            if !aside.is_empty() {
                found.outside += 1;
                continue;
            }
            found.best.push(Candidate {
                person,
                score: standing.all.coverage(),
                status: standing.status(Eligibility::default()),
                licence_alone: standing.blocked_only(Eligibility::default()),
                standing,
                to_ask: Filter::ALL.iter().copied().filter(|f| said(f).is_none()).collect(),
            });
        }
        found.best.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.person.cmp(&b.person)));
        found.best.truncate(k);
        found
    };
    (0u32..).take(required.len()).map(of).collect()
}

/// Whether what is found is what the slow way finds, on made-up people and posts.
fn found_as_expected(seed: u64, (people, targets): (usize, usize), k: usize) {
    let framework = world::framework("1");
    let places = world::territories();
    let mut chance = Chance(seed);
    let mut held = Held::builder(framework.axis());
    for person in 0..people {
        let id = format!("p{person}");
        held.person(&id).unwrap();
        for skill in SKILLS {
            if chance.below(2) > 0 {
                held.hold(&id, skill, narrow(chance.below(5))).unwrap();
            }
        }
    }
    let held = held.build().unwrap();
    let mut required = Required::builder(framework.axis());
    for target in 0..targets {
        let id = format!("t{target}");
        required.target(&id).unwrap();
        for (at, skill) in SKILLS.into_iter().enumerate() {
            if at == target % SKILLS.len() || chance.below(2) > 0 {
                let (level, weight) = (narrow(chance.below(4) + 1), narrow(chance.below(3) + 1));
                let necessity = *chance.pick(Necessity::ALL);
                required.require(&id, skill, Requirement { level, weight, necessity }).unwrap();
            }
        }
    }
    let required = required.build().unwrap();
    let limits: Vec<Limits> = (0..people).map(|_| limits(&mut chance, &places)).collect();
    let posts: Vec<Conditions> = (0..targets).map(|_| post(&mut chance, &places)).collect();
    let mut travel = Travel::default();
    for _ in 0..10 {
        let (from, to) = (place(&mut chance, &places), place(&mut chance, &places));
        let mode = *chance.pick(&["car", "bike"]);
        let minutes = u32::from(narrow(chance.below(40)));
        if let (Some(from), Some(to)) = (from, to) {
            travel.add(from, to, mode, minutes);
        }
    }
    let sought = (&limits[..], &posts[..]);
    let passes = |filter: Filter, limits: &Limits, post: &Conditions| {
        asked_again(filter, limits, post, &travel, &places)
    };
    let expected = naive((&held, &required), k, sought, passes);
    for threads in [1, 3] {
        let (ways, rule) = ((&travel, &*places), Eligibility::default());
        let run = Run::new().threads(threads);
        let found = candidates(&held, &required, k, sought, ways, rule, &run).unwrap();
        assert_eq!(found, expected);
    }
}

fn narrow(number: usize) -> u16 {
    u16::try_from(number).unwrap()
}

fn place(chance: &mut Chance, places: &Territories) -> Option<u32> {
    let at = u32::try_from(chance.below(places.len())).unwrap();
    Some(at).filter(|_| chance.below(4) > 0)
}

fn day(chance: &mut Chance) -> Option<Date> {
    let day = format!("2026-09-{:02}", chance.below(5) + 1);
    Some(day.parse().unwrap()).filter(|_| chance.below(3) > 0)
}

fn some(chance: &mut Chance, from: &[&str]) -> Vec<String> {
    let kept: Vec<&&str> = from.iter().filter(|_| chance.below(2) == 0).collect();
    kept.into_iter().map(|&one| one.to_owned()).collect()
}

fn limits(chance: &mut Chance, places: &Territories) -> Limits {
    Limits {
        territory: place(chance, places),
        available_from: day(chance),
        max_minutes: Some(10 * u32::from(narrow(chance.below(4)))).filter(|_| chance.below(3) > 0),
        modes: some(chance, &["car", "bike"]),
        hours: Some((20, 25 + narrow(chance.below(15)))).filter(|_| chance.below(3) > 0),
        contracts: some(chance, &["cdi", "cdd"]),
    }
}

fn post(chance: &mut Chance, places: &Territories) -> Conditions {
    Conditions {
        territory: place(chance, places),
        start: day(chance),
        hours: Some(30).filter(|_| chance.below(3) > 0),
        contract: some(chance, &["cdi", "cdd"]).pop(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn candidates_are_those_that_looking_at_everyone_finds(
        seed in any::<u64>(), people in 0usize..120, targets in 0usize..150, k in 0usize..7,
    ) {
        found_as_expected(seed, (people, targets), k);
    }
}

#[test]
fn so_are_those_of_more_people_than_are_looked_at_together() {
    found_as_expected(1, (1_200, 1_000), 20);
}

/// What a filter says, as docs/hub.md has it.
fn asked_again(
    filter: Filter,
    limits: &Limits,
    post: &Conditions,
    travel: &Travel,
    places: &Territories,
) -> Option<bool> {
    match filter {
        Filter::Availability => Some(post.start? >= limits.available_from?),
        Filter::Hours => {
            let (hours, (least, most)) = (post.hours?, limits.hours?);
            Some(least <= hours && hours <= most)
        }
        Filter::Contract => match (&post.contract, &limits.contracts[..]) {
            (None, _) | (_, []) => None,
            (Some(contract), accepted) => Some(accepted.contains(contract)),
        },
        Filter::Travel => {
            let (from, to) = (limits.territory?, post.territory?);
            let most = limits.max_minutes?;
            if limits.modes.is_empty() {
                return None;
            }
            let ways: Vec<u32> = limits
                .modes
                .iter()
                .filter_map(|mode| travel.minutes(places, from, to, mode))
                .collect();
            match ways.iter().min() {
                Some(&shortest) => Some(shortest <= most),
                None if from != to && places.lies_within(from, to) => None,
                None => Some(false),
            }
        }
    }
}
