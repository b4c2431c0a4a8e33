//! Laws of registers and of the picture that follows one.

use passerelle::hub::recruitment::{
    Grouping, Need, Picture, PictureOptions, Recorded, Register, TerritoryGroups,
};
use passerelle::{Cancel, Error, Run};
use proptest::prelude::*;

use crate::world::{self, Chance};

fn recorded(needs: &[Need]) -> Register {
    let mut register = world::register("1");
    for need in needs {
        register.record(need).unwrap();
    }
    register
}

fn merged(one: &Register, other: &Register) -> Register {
    let mut all = one.clone();
    all.merge(other).unwrap();
    all
}

fn needs(seed: u64, count: usize) -> Vec<Need> {
    let mut chance = Chance(seed);
    (0..count).map(|_| world::need(&mut chance)).collect()
}

/// Everything that a picture shows, in bytes.
fn shown(register: &Register, picture: &Picture) -> String {
    let territories = register.territories();
    let each = TerritoryGroups::each(territories).unwrap();
    let areas = TerritoryGroups::of_kind(territories, "area").unwrap();
    let by_sector = Grouping { sector: true, ..Grouping::default() };
    serde_json::to_string(&(
        picture.vacancies(register),
        picture.consolidated(register, &Grouping::FULL, &each),
        picture.consolidated(register, &by_sector, &areas),
        register.superseded().collect::<Vec<_>>(),
        register.conflicts(),
    ))
    .unwrap()
}

fn picture_of(register: &Register) -> Picture {
    let mut picture = Picture::new(PictureOptions::default());
    picture.update(register).unwrap();
    picture
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn merging_is_associative_commutative_and_idempotent(seed in any::<u64>()) {
        let all = needs(seed, 90);
        let [a, b, c] = [&all[..30], &all[20..60], &all[50..]].map(recorded);
        prop_assert!(merged(&merged(&a, &b), &c) == merged(&a, &merged(&b, &c)));
        prop_assert!(merged(&a, &b) == merged(&b, &a));
        prop_assert!(merged(&a, &a) == a);
        prop_assert!(merged(&a, &b) == recorded(&all[..60]));
    }

    #[test]
    fn recording_again_changes_nothing(seed in any::<u64>()) {
        let all = needs(seed, 60);
        let once = recorded(&all);
        let mut again = once.clone();
        for need in &all {
            prop_assert_eq!(again.record(need).unwrap(), Recorded::Repeated);
        }
        prop_assert!(again == once);
    }

    #[test]
    fn what_is_recorded_comes_back(seed in any::<u64>()) {
        let all = needs(seed, 60);
        let register = recorded(&all);
        let sorted = |need: &Need| {
            let mut need = need.clone();
            need.skills.sort_by(|a, b| a.skill.cmp(&b.skill));
            need
        };
        let known: Vec<Need> = register.needs().chain(register.superseded()).collect();
        for need in &all {
            prop_assert!(need.withdrawn || known.contains(&sorted(need)));
        }
    }

    #[test]
    fn the_bounds_enclose_the_estimate(seed in any::<u64>()) {
        let register = recorded(&needs(seed, 120));
        let picture = picture_of(&register);
        let rows = picture.consolidated(&register, &Grouping::FULL, &TerritoryGroups::everywhere());
        for row in &rows {
            let positions = row.positions;
            prop_assert!(positions.sure <= positions.estimate);
            prop_assert!(positions.estimate <= positions.all);
        }
        let standing: Vec<_> = register.needs().collect();
        let all: u64 = standing.iter().map(|need| u64::from(need.positions)).sum();
        prop_assert_eq!(rows.iter().map(|row| row.positions.all).sum::<u64>(), all);
        prop_assert_eq!(rows.iter().map(|row| row.reports).sum::<u64>(), standing.len() as u64);
    }

    #[test]
    fn a_picture_that_follows_shows_what_a_new_one_shows(seed in any::<u64>()) {
        let mut register = world::register("1");
        let mut picture = Picture::new(PictureOptions::default());
        for (at, need) in needs(seed, 100).iter().enumerate() {
            register.record(need).unwrap();
            if at % 7 == 0 {
                picture.update(&register).unwrap();
            }
        }
        picture.update(&register).unwrap();
        prop_assert_eq!(shown(&register, &picture), shown(&register, &picture_of(&register)));
    }
}

#[test]
fn on_any_number_of_threads_a_picture_shows_the_same() {
    let all = needs(8, 600);
    let pictures = (1..=8).map(|threads| {
        let run = Run::new().threads(threads);
        let mut register = world::register("1");
        let mut picture = Picture::new(PictureOptions::default());
        for some in all.chunks(250) {
            for need in some {
                register.record(need).unwrap();
            }
            picture.update_on(&register, &run).unwrap();
        }
        shown(&register, &picture)
    });
    let pictures: Vec<String> = pictures.collect();
    assert!(pictures[0].len() > 10_000);
    for (at, picture) in pictures.iter().enumerate() {
        assert_eq!(*picture, pictures[0], "{} threads", at + 1);
    }
}

#[test]
fn a_sensor_that_is_trusted_otherwise_counts_otherwise() {
    let mut register = recorded(&needs(4, 200));
    let mut picture = picture_of(&register);
    let before = shown(&register, &picture);
    // The greatest declaration stands.
    register.declare(world::sensor("platform", 100)).unwrap();
    picture.update(&register).unwrap();
    let after = shown(&register, &picture);
    assert_ne!(after, before);
    assert_eq!(after, shown(&register, &picture_of(&register)));
}

#[test]
fn a_picture_that_was_stopped_is_drawn_anew() {
    let mut register = recorded(&needs(6, 100));
    let mut picture = picture_of(&register);
    for need in needs(7, 100) {
        register.record(&need).unwrap();
    }
    let cancel = Cancel::new();
    cancel.cancel();
    let stopped = picture.update_on(&register, &Run::new().cancel(&cancel));
    assert!(matches!(stopped, Err(Error::Cancelled)));
    assert!(picture.vacancies(&register).is_empty());
    picture.update(&register).unwrap();
    assert_eq!(shown(&register, &picture), shown(&register, &picture_of(&register)));
}

/// Worked example 4 of the specification.
#[test]
fn the_same_150_visits_in_100_orders_and_groupings_give_one_map() {
    let mut chance = Chance(2026);
    // A visit reports one to four needs.
    let visits: Vec<Vec<Need>> = (0..150)
        .map(|_| (0..1 + chance.below(4)).map(|_| world::need(&mut chance)).collect())
        .collect();
    let all = recorded(&visits.concat());
    let expected = shown(&all, &picture_of(&all));
    assert!(expected.len() > 10_000 && !all.conflicts().is_empty());
    for _ in 0..100 {
        let mut order: Vec<&Vec<Need>> = visits.iter().collect();
        chance.shuffle(&mut order);
        // Visits pile up in registers of their own, which are merged two by two in any order.
        let mut piles: Vec<Register> = Vec::new();
        let mut rest = &order[..];
        while !rest.is_empty() {
            let (some, after) = rest.split_at((1 + chance.below(40)).min(rest.len()));
            let mut register = world::register("1");
            let mut picture = Picture::new(PictureOptions::default());
            for visit in some {
                for need in *visit {
                    register.record(need).unwrap();
                }
                picture.update(&register).unwrap();
            }
            piles.push(register);
            rest = after;
        }
        while piles.len() > 1 {
            let one = piles.swap_remove(chance.below(piles.len()));
            let at = chance.below(piles.len());
            piles[at].merge(&one).unwrap();
        }
        let register = piles.pop().unwrap();
        assert_eq!(shown(&register, &picture_of(&register)), expected);
    }
}

#[test]
fn the_larger_content_hash_stands_whichever_came_first() {
    let mut chance = Chance(1);
    let one = Need { withdrawn: false, revision: 3, ..world::need(&mut chance) };
    let other = Need { positions: one.positions + 1, ..one.clone() };
    let (first, second) = (recorded(&[one.clone(), other.clone()]), recorded(&[other, one]));
    assert!(first == second);
    assert_eq!(first.needs().collect::<Vec<_>>(), second.needs().collect::<Vec<_>>());
    assert_eq!(first.conflicts().len(), 1, "both are reported");
    assert_eq!(first.conflicts(), second.conflicts());
}

#[test]
fn what_makes_no_sense_is_refused_and_nothing_is_recorded() {
    let mut register = world::register("1");
    let good = Need { withdrawn: false, ..world::need(&mut Chance(5)) };
    type Expected = fn(&Error) -> bool;
    let wrong: [(Need, Expected); 7] = [
        (Need { sensor: "nobody".into(), ..good.clone() }, |e| {
            matches!(e, Error::Unknown { what: "sensor", .. })
        }),
        (Need { territory: "z".into(), ..good.clone() }, |e| {
            matches!(e, Error::Unknown { what: "territory", .. })
        }),
        (Need { positions: 0, ..good.clone() }, |e| {
            matches!(e, Error::Argument { name: "positions", .. })
        }),
        (Need { valid_until: Some("2020-01-01".parse().unwrap()), ..good.clone() }, |e| {
            matches!(e, Error::AfterValidity { .. })
        }),
        (Need { occupation: None, title: String::new(), skills: vec![], ..good.clone() }, |e| {
            matches!(e, Error::NothingAsked { .. })
        }),
        (Need { occupation: Some("king".into()), ..good.clone() }, |e| {
            matches!(e, Error::Unknown { what: "occupation", .. })
        }),
        (Need { confidence: Some(101), ..good.clone() }, |e| {
            matches!(e, Error::Argument { name: "confidence", .. })
        }),
    ];
    for (need, expected) in wrong {
        let refused = register.record(&need).unwrap_err();
        assert!(expected(&refused), "{refused}");
        assert!(register.is_empty(), "{refused}");
    }
    let refused = register.merge(&world::register("2")).unwrap_err();
    assert!(matches!(refused, Error::RegisterVersion { .. }));
    assert!(refused.to_string().contains("Register::migrate"), "{refused}");
}

#[test]
fn a_picture_follows_one_register() {
    let register = recorded(&needs(3, 5));
    let mut picture = picture_of(&register);
    assert!(picture.update(&register.clone()).is_err());
    assert!(picture.update(&register).is_ok());
}

#[cfg(feature = "snapshot")]
mod snapshots {
    use std::sync::Arc;

    use passerelle::snapshot::{self, Kind, Snapshot};

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20))]

        #[test]
        fn a_register_comes_back_and_its_bytes_do_not_depend_on_the_order(seed in any::<u64>()) {
            let mut all = needs(seed, 80);
            let register = recorded(&all);
            let bytes = Snapshot::of_needs(&register).to_bytes().unwrap();
            let (framework, places) = (world::framework("1"), world::territories());
            let opened =
                snapshot::open_needs(&bytes, &framework, &places, &Arc::default()).unwrap();
            prop_assert!(opened == register);
            prop_assert_eq!(snapshot::kind(&bytes).unwrap(), Kind::Needs);
            prop_assert!(snapshot::verify(&bytes).is_ok());
            Chance(seed).shuffle(&mut all);
            let shuffled = Snapshot::of_needs(&recorded(&all)).to_bytes().unwrap();
            prop_assert_eq!(&shuffled, &bytes);
        }

        #[test]
        fn a_changed_byte_is_refused_or_means_nothing_else(seed in any::<u64>(), at in any::<usize>()) {
            let bytes = Snapshot::of_needs(&recorded(&needs(seed, 20))).to_bytes().unwrap();
            let mut changed = bytes.clone();
            changed[at % bytes.len()] ^= 1;
            let (framework, places) = (world::framework("1"), world::territories());
            prop_assert!(snapshot::open_needs(&changed, &framework, &places, &Arc::default()).is_err());
        }
    }

    #[test]
    fn a_register_of_another_version_is_refused_with_the_way_out() {
        let bytes = Snapshot::of_needs(&recorded(&needs(1, 5))).to_bytes().unwrap();
        let (next, places) = (world::framework("2"), world::territories());
        let refused = snapshot::open_needs(&bytes, &next, &places, &Arc::default()).unwrap_err();
        assert!(matches!(refused, Error::RegisterVersion { .. }));
        assert!(refused.to_string().contains("Register::migrate"), "{refused}");
    }
}
