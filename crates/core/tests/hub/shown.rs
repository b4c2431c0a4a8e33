//! What is shown of counts of people, beside the counts.

use passerelle::gap::Eligibility;
use passerelle::hub::recruitment::{Picture, PictureOptions, TerritoryGroups};
use passerelle::hub::skill::{
    Areas, Limits, MapBy, SkillMap, balance, eligible_people, exclusions, tension,
};
use passerelle::hub::{Overview, Region};
use passerelle::{Held, Run};
use proptest::prelude::*;

use crate::world::{self, Chance, SKILLS};

/// So many people with few skills each, so that many counts are small.
fn people(chance: &mut Chance, count: usize) -> Held {
    let framework = world::framework("1");
    let mut held = Held::builder(framework.axis());
    for person in 0..count {
        let id = format!("p{person}");
        held.person(&id).unwrap();
        let share = 1 + chance.below(6);
        for skill in SKILLS {
            if chance.below(share) == 0 {
                held.hold(&id, skill, u16::try_from(chance.below(5)).unwrap()).unwrap();
            }
        }
    }
    held.build().unwrap()
}

fn region(chance: &mut Chance, people: usize) -> (Region, Picture) {
    let mut register = world::register("1");
    for _ in 0..60 {
        register.record(&world::need(chance)).unwrap();
    }
    let mut picture = Picture::new(PictureOptions::default());
    picture.update(&register).unwrap();
    let territories = world::territories();
    // Most people live in the north, some nowhere that is known.
    let home = |chance: &mut Chance| {
        let town = *chance.pick(&["a", "a", "a", "b", "b", "c", ""]);
        territories.ids().position(town)
    };
    let limits = (0..people).map(|_| Limits { territory: home(chance), ..Limits::default() });
    let limits = limits.collect();
    let region = Region {
        territories,
        register,
        travel: Default::default(),
        limits,
        conditions: Default::default(),
        scenarios: Vec::new(),
        reports: Vec::new(),
    };
    (region, picture)
}

/// What is shown is so, and is not about few people.
fn is_shown(shown: Option<u64>, count: u64) {
    if let Some(shown) = shown {
        assert_eq!(shown, count);
        assert!(!(1..=10).contains(&shown), "{shown}");
    }
}

/// Where a whole and all of its parts are shown, what they leave of it is not about few people:
/// it were told. Parts that overlap, and so are more than the whole, tell nothing.
fn is_not_told(whole: Option<u64>, parts: &[Option<u64>]) {
    let Some(whole) = whole.filter(|_| parts.iter().all(Option::is_some)) else { return };
    let rest = whole.checked_sub(parts.iter().flatten().sum());
    assert!(rest.is_none_or(|rest| !(1..=10).contains(&rest)), "{whole} less {parts:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn areas_and_the_region_are_hidden_as_one(seed in any::<u64>(), count in 20..120_usize) {
        let (chance, run) = (&mut Chance(seed), &Run::new().threads(1));
        let held = people(chance, count);
        let (region, picture) = &region(chance, count);
        let (framework, eligibility) = (&world::framework("1"), Eligibility::default());
        let areas = Areas::of_kind(region, "area").unwrap();
        let groups = [areas.groups(), areas.everywhere()];
        let who = [areas.people(), areas.everyone()];

        let shown = areas.tension((&region.register, picture), &held, eligibility, run).unwrap();
        for (of, who, rows) in
            [(groups[0], who[0], &shown.apart), (groups[1], who[1], &shown.together)]
        {
            let counts = eligible_people(&held, framework.required(), who, eligibility, run);
            let raw = tension(picture, &region.register, of, &counts.unwrap()).unwrap();
            prop_assert_eq!(raw.len(), rows.len());
            for (raw, row) in raw.iter().zip(rows) {
                prop_assert_eq!((&raw.territory, raw.occupation), (&row.territory, row.occupation));
                is_shown(row.people, raw.people);
                prop_assert_eq!(row.ratio, row.people.and(raw.ratio));
            }
        }

        let shown = areas.balance((&region.register, picture), framework, &held, None, run).unwrap();
        let map = |of: &TerritoryGroups| {
            let (register, by) = (&region.register, MapBy::Territory);
            SkillMap::required(picture, register, framework, by, of, None).unwrap()
        };
        let raw = |at: usize| {
            let spoken = SkillMap::held(&held, who[at], run).unwrap();
            balance(&map(groups[at]), &spoken).unwrap()
        };
        for (at, rows) in [&shown.rows.apart, &shown.rows.together].into_iter().enumerate() {
            let raw = raw(at);
            prop_assert_eq!(raw.len(), rows.len());
            for (raw, row) in raw.iter().zip(rows) {
                prop_assert_eq!((raw.group, raw.skill), (row.group, row.skill));
                is_shown(row.holders, raw.holders);
                is_shown(row.silent, raw.silent);
                prop_assert_eq!(row.shortage, row.holders.map(|_| raw.shortage));
                prop_assert_eq!(row.surplus, row.holders.map(|_| raw.surplus));
            }
        }
        for row in &shown.rows.together {
            let parts = shown.rows.apart.iter().filter(|part| part.skill == row.skill);
            let parts: Vec<_> = parts.map(|part| part.holders).collect();
            is_not_told(row.holders, &parts);
        }
        let mut short = raw(1);
        short.retain(|row| row.shortage > 0);
        short.sort_by_key(|row| (std::cmp::Reverse(row.shortage), row.skill));
        prop_assert_eq!(shown.in_shortage, short.iter().map(|row| row.skill).collect::<Vec<_>>());
    }

    // How many people the folder has is told in any case.
    #[test]
    fn an_overview_shows_no_few_people(seed in any::<u64>(), count in 11..120_usize) {
        let run = &Run::new().threads(1);
        let held = people(&mut Chance(seed), count);
        let (framework, eligibility) = (&world::framework("1"), Eligibility::default());
        let raw = Overview::of(framework, &held, 3, eligibility, run).unwrap();
        let shown = raw.shown().unwrap();
        prop_assert_eq!(shown.people, count as u64);
        is_shown(shown.eligible, raw.eligible);
        is_shown(shown.to_ask, raw.to_ask);
        is_shown(shown.unmatched, raw.unmatched);
        let nearest: Vec<_> = shown.occupations.iter().map(|view| view.best_for).collect();
        is_not_told(Some(shown.people), &nearest);
        for (view, raw) in shown.occupations.iter().zip(&raw.occupations) {
            is_shown(view.best_for, raw.best_for);
            is_shown(view.among_best_of, raw.among_best_of);
            is_shown(view.eligible, raw.eligible);
            is_shown(view.to_ask, raw.to_ask);
            is_shown(view.blocked_only, raw.blocked_only);
            is_not_told(view.among_best_of, &[view.eligible, view.to_ask, view.blocked_only]);
        }
        for (one, raw) in shown.missing.iter().zip(&raw.missing) {
            is_shown(one.people, raw.people());
            is_shown(one.develop, raw.develop);
            is_not_told(one.people, &[one.develop, one.acquire, one.unknown]);
        }
        let target = 0;
        let raw = exclusions(&held, framework.required(), target, eligibility, run).unwrap();
        let shown = raw.shown().unwrap();
        is_shown(shown.people, raw.people);
        is_shown(shown.eligible, raw.eligible);
        is_not_told(shown.people, &[shown.eligible]);
        for (one, raw) in shown.requirements.iter().zip(&raw.requirements) {
            prop_assert_eq!((one.skill, one.necessity), (raw.skill, raw.necessity));
            is_shown(one.short, raw.short);
            is_shown(one.alone, raw.alone);
        }
    }
}
