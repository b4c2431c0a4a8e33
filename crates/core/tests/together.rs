//! Frameworks together: transfer, union, crosswalks, versions.
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, missing_docs)]

use std::sync::Arc;

use passerelle::framework::{ConceptOf, Crosswalk, Diff, Edge, EdgeKind, Union};
use passerelle::gap::Standing;
use passerelle::migrate::Migration;
use passerelle::rank::{self, targets_for_people};
use passerelle::transfer::{CoOccurrence, EdgeCredits, Hierarchy, Transfer};
use passerelle::{
    Error, EvidenceKind, Explanation, Framework, Held, HeldSkill, LevelScale, Necessity, Profile,
    Profiles, Requirement, Run, SkillAxis, SkillKind,
};
use proptest::prelude::*;

const SKILLS: u32 = 8;
const TOP: u16 = 4;

fn one(level: u16, necessity: Necessity) -> Requirement {
    Requirement { level, weight: 1, necessity }
}

/// A small framework of one source, from bits.
fn source(name: &str, top: u16, rows: &[u32]) -> Framework {
    let mut builder = Framework::builder(name, "1", "en");
    builder.scales(vec![LevelScale::new("steps", top).unwrap()]).unwrap();
    for skill in 0..SKILLS {
        builder.skill(&format!("s{skill}"), SkillKind::KnowHow).unwrap();
        builder.skill_label(&format!("s{skill}"), "en", &format!("{name} {skill}")).unwrap();
    }
    for (at, &bits) in rows.iter().enumerate() {
        let id = format!("o{at}");
        builder.occupation(&id).unwrap();
        for skill in (0..SKILLS).filter(|skill| *skill == 0 || bits >> skill & 1 == 1) {
            let necessity = if bits >> (skill + 8) & 1 == 1 {
                Necessity::Optional
            } else {
                Necessity::Essential
            };
            let level = (bits as u16).wrapping_add(skill as u16) % top + 1;
            builder.require(&id, &format!("s{skill}"), one(level, necessity)).unwrap();
        }
    }
    builder.build().unwrap()
}

fn held(axis: &Arc<SkillAxis>, levels: &[Option<u16>]) -> Held {
    let mut builder = Held::builder(axis);
    builder.person("p").unwrap();
    for (skill, level) in levels.iter().enumerate() {
        if let Some(level) = level {
            builder.hold("p", &format!("s{skill}"), *level).unwrap();
        }
    }
    builder.build().unwrap()
}

fn levels() -> impl Strategy<Value = Vec<Option<u16>>> {
    prop::collection::vec(prop::option::of(0..=TOP), SKILLS as usize)
}

fn credits() -> impl Strategy<Value = Vec<(u32, u32, f32)>> {
    prop::collection::vec((0..SKILLS, 0..SKILLS, 0.05..=1.0f32), 0..24)
}

fn transfer(axis: &Arc<SkillAxis>, credits: &[(u32, u32, f32)]) -> Transfer {
    let ids: Vec<(String, String, f32)> =
        credits.iter().map(|&(a, b, share)| (format!("s{a}"), format!("s{b}"), share)).collect();
    Transfer::new(axis, ids.iter().map(|(a, b, share)| (a.as_str(), b.as_str(), *share))).unwrap()
}

proptest! {
    #[test]
    fn transfer_lowers_the_upper_gap_alone(
        levels in levels(), credits in credits(), rows in prop::collection::vec(any::<u32>(), 1..4),
    ) {
        let framework = source("law", TOP, &rows);
        let before = held(framework.axis(), &levels);
        let credited = transfer(framework.axis(), &credits).apply(&before).unwrap();
        for target in 0..framework.required().len() as u32 {
            let row = framework.required().row(target);
            let (was, now) = (Standing::of(before.row(0), row).all, credited.bounds(0, row));
            prop_assert!(now.gap <= was.gap());
            prop_assert_eq!(now.gap_lower, was.gap_lower());
            prop_assert_eq!(now.known, was.known);
            prop_assert_eq!(now.gap, Standing::of(credited.held().row(0), row).all.gap());
        }
    }

    #[test]
    fn direct_evidence_wins_and_credits_are_one_step(levels in levels(), credits in credits()) {
        let framework = source("law", TOP, &[1]);
        let before = held(framework.axis(), &levels);
        let transfer = transfer(framework.axis(), &credits);
        let credited = transfer.apply(&before).unwrap();
        for skill in 0..SKILLS {
            match before.row(0).level(skill) {
                Some(level) => {
                    prop_assert_eq!(credited.held().row(0).level(skill), Some(level));
                    prop_assert_eq!(credited.source(0, skill), None);
                }
                None => {
                    // The largest of share × level over what is held itself, rounded down.
                    let given = |from| transfer.from(from).find(|&(to, ..)| to == skill);
                    let best = before.row(0).iter().filter_map(|(from, level)| {
                        let (_, share, _) = given(from)?;
                        Some((f64::from(share) * f64::from(level) + 1e-6).floor() as u16)
                    });
                    let best = best.max().filter(|&level| level > 0);
                    prop_assert_eq!(credited.held().row(0).level(skill), best);
                    prop_assert_eq!(credited.source(0, skill).is_some(), best.is_some());
                }
            }
        }
    }

    #[test]
    fn an_explanation_names_who_gave_the_credit_and_rebuilds_the_score(
        levels in levels(), credits in credits(), rows in prop::collection::vec(any::<u32>(), 1..4),
    ) {
        let framework = source("law", TOP, &rows);
        let mut builder = Profiles::builder(framework.axis());
        let held = levels.iter().enumerate().filter_map(|(skill, level)| {
            Some(HeldSkill {
                skill: format!("s{skill}"),
                level: (*level)?,
                evidence: EvidenceKind::Declared,
                date: None,
                assessor: None,
            })
        });
        let profile = Profile { person: "p".into(), held: held.collect(), ..Profile::default() };
        builder.add(&profile).unwrap();
        let profiles = builder.build();
        let transfer = transfer(framework.axis(), &credits);
        let credited = transfer.apply(&profiles.held(&framework).unwrap()).unwrap();
        for name in rank::NAMES.iter().chain(rank::FITTED_NAMES) {
            let strategy = rank::fitted(name, framework.required()).unwrap();
            let required = framework.required();
            let best =
                targets_for_people(credited.held(), required, 9, &*strategy, &Run::new()).unwrap();
            for result in best.row(0) {
                let target = &framework.occupation_ids()[result.position];
                let why = Explanation::with_transfer(
                    &profiles, "p", &framework, target, &*strategy, "en", &transfer,
                ).unwrap();
                prop_assert_eq!(why.rebuild().to_bits(), result.score.to_bits(), "{}", name);
                for term in &why.terms {
                    let skill = framework.axis().position(&term.skill).unwrap();
                    let from = credited.source(0, skill).map(|c| framework.axis().ids()[c.from].to_owned());
                    prop_assert_eq!(term.credited_by.as_ref().map(|by| by.skill.clone()), from);
                }
            }
        }
    }

    #[test]
    fn merging_is_associative_commutative_and_idempotent(
        a in prop::collection::vec(any::<u32>(), 1..3), b in prop::collection::vec(any::<u32>(), 1..3),
        c in prop::collection::vec(any::<u32>(), 1..3),
    ) {
        let a = Union::of(&source("A", 2, &a)).alias(ConceptOf::Skills, "s1", "s2");
        let b = Union::of(&source("B", 4, &b)).alias(ConceptOf::Skills, "s2", "s3");
        let c = Union::of(&source("C", 4, &c));
        prop_assert_eq!(a.merge(&b).merge(&c), a.merge(&b.merge(&c)));
        prop_assert_eq!(a.merge(&b), b.merge(&a));
        prop_assert_eq!(a.merge(&a), a.clone());
        // The resolved view is a function of the set.
        let (one, conflicts) = a.merge(&b).merge(&c).resolve("all", "1").unwrap();
        let (two, again) = c.merge(&a).merge(&b).resolve("all", "1").unwrap();
        prop_assert_eq!(&one, &two);
        prop_assert_eq!(conflicts, again);
        prop_assert!(one.axis().ids().position("s1").is_some());
        prop_assert!(one.axis().ids().position("s2").is_none(), "an alias of s1");
        prop_assert!(one.axis().ids().position("s3").is_none(), "over s2");
    }

    #[test]
    fn a_framework_alone_resolves_to_itself(rows in prop::collection::vec(any::<u32>(), 1..4)) {
        let alone = source("A", 4, &rows);
        let (resolved, conflicts) = Union::of(&alone).resolve("A", "1").unwrap();
        prop_assert!(conflicts.is_empty(), "{:?}", conflicts);
        prop_assert_eq!(resolved.required(), alone.required());
        prop_assert_eq!(resolved.axis(), alone.axis());
        prop_assert_eq!(Diff::between(&alone, &resolved), Diff {
            versions: ("A 1".into(), "A 1".into()), ..Diff::default()
        });
    }

    #[test]
    fn requirements_never_get_weaker_in_a_union(
        a in prop::collection::vec(any::<u32>(), 1..3), b in prop::collection::vec(any::<u32>(), 1..3),
    ) {
        let sources = [source("A", 2, &a), source("B", 3, &b)];
        let (all, _) = Union::of(&sources[0]).merge(&Union::of(&sources[1])).resolve("all", "1").unwrap();
        for source in &sources {
            for (id, at) in source.occupation_ids().iter().zip(0u32..) {
                let row = all.required().row(all.required().position(id).unwrap());
                for (skill, r) in source.required().row(at).iter() {
                    let merged = all.axis().position(&source.axis().ids()[skill]).unwrap();
                    let place = row.skills.binary_search(&merged).unwrap();
                    let share = |level: u16, top: u16| f64::from(level) / f64::from(top);
                    let top = all.axis().scale(merged).top();
                    let own = share(r.level, source.axis().scale(skill).top());
                    prop_assert!(share(row.levels[place], top) >= own - 1e-12);
                    prop_assert!(row.necessities[place] >= r.necessity);
                }
            }
        }
    }
}

#[test]
fn blocking_requirements_are_never_credited() {
    let mut builder = Framework::builder("demo", "1", "en");
    for skill in ["drive", "licence", "load"] {
        builder.skill(skill, SkillKind::KnowHow).unwrap();
    }
    builder.occupation("driver").unwrap();
    builder.require("driver", "licence", one(1, Necessity::Blocking)).unwrap();
    builder.require("driver", "load", one(1, Necessity::Essential)).unwrap();
    let framework = builder.build().unwrap();
    let credits = [("drive", "licence", 1.0), ("drive", "load", 1.0)];
    let transfer = Transfer::new(framework.axis(), credits).unwrap();
    let transfer = transfer.never_blocking(framework.required()).unwrap();
    assert_eq!(transfer.from(0).map(|(to, ..)| to).collect::<Vec<_>>(), [2]);
}

#[test]
fn hierarchies_credit_by_the_edges_between() {
    let mut builder = Framework::builder("demo", "1", "en");
    for skill in ["weld", "weld-steel", "weld-gas", "sew"] {
        builder.skill(skill, SkillKind::KnowHow).unwrap();
    }
    builder.skill_group("g").unwrap();
    for (skill, broader) in
        [("weld-steel", "weld"), ("weld-gas", "weld"), ("weld", "g"), ("sew", "g")]
    {
        builder.skill_broader(skill, broader).unwrap();
    }
    builder.occupation("o").unwrap();
    builder.require("o", "weld", one(1, Necessity::Essential)).unwrap();
    let framework = builder.build().unwrap();
    let transfer = Transfer::from_hierarchy(&framework, Hierarchy::default()).unwrap();
    let from = |skill| transfer.from(skill).map(|(to, share, _)| (to, share)).collect::<Vec<_>>();
    assert_eq!(from(1), [(0, 0.5), (2, 0.25)], "the broader one, then the sibling");
    assert_eq!(from(0), [(1, 0.5), (2, 0.5), (3, 0.25)]);
    let narrow = Hierarchy { widest: 1, ..Hierarchy::default() };
    let transfer = Transfer::from_hierarchy(&framework, narrow).unwrap();
    assert_eq!(transfer.from(1).count(), 1, "a wide concept is not crossed down");
}

#[test]
fn what_is_always_together_has_the_whole_share() {
    let mut builder = Framework::builder("demo", "1", "en");
    for skill in ["a", "b", "c"] {
        builder.skill(skill, SkillKind::KnowHow).unwrap();
    }
    for (at, skills) in
        [&["a", "b"][..], &["a", "b"], &["a", "b"], &["c"], &["c", "a"]].iter().enumerate()
    {
        builder.occupation(&format!("o{at}")).unwrap();
        for skill in *skills {
            builder.require(&format!("o{at}"), skill, one(1, Necessity::Essential)).unwrap();
        }
    }
    let framework = builder.build().unwrap();
    let options = CoOccurrence::default();
    let transfer = Transfer::from_co_occurrence(framework.required(), options).unwrap();
    // p(a) = 4/5, p(b) = p(a, b) = 3/5: ln(1 ÷ 0.8) ÷ −ln 0.6 = 0.4368, under the threshold.
    assert!(transfer.is_empty());
    let options = CoOccurrence { threshold: 0.4, ..options };
    let transfer = Transfer::from_co_occurrence(framework.required(), options).unwrap();
    let expected = (1.0f64 / 0.8).ln() / -(0.6f64.ln()) * 0.5;
    let found: Vec<_> = transfer.from(1).collect();
    assert_eq!(found.len(), 1);
    assert!((f64::from(found[0].1) - expected).abs() < 1e-6);
}

#[test]
fn crosswalk_edges_credit_by_their_kind_from_each_end() {
    let scale = LevelScale::held();
    let axis =
        Arc::new(SkillAxis::from_ids("both", "1", scale, ["r:weld", "e:weld-steel"]).unwrap());
    let edge =
        |to: &str, kind| Edge { from: "r:weld".into(), to: to.into(), kind, confidence: 0.5 };
    let edges = vec![edge("e:weld-steel", EdgeKind::Narrow), edge("gone", EdgeKind::Exact)];
    let crosswalk = Crosswalk::new("R 1", "E 1", edges).unwrap();
    let (transfer, left_out) =
        Transfer::from_crosswalk(&axis, &crosswalk, EdgeCredits::default()).unwrap();
    assert_eq!(left_out, 1);
    // Who welds is credited 0.3 × 0.5 of welding steel; who welds steel 0.6 × 0.5 of welding.
    assert_eq!(transfer.from(0).next().map(|(_, share, _)| share), Some(0.15));
    assert_eq!(transfer.from(1).next().map(|(_, share, _)| share), Some(0.3));
}

#[test]
fn evidence_is_kept_moved_or_lost_and_never_disappears() {
    let (old, new) = (source("v", 2, &[0]), {
        let mut builder = Framework::builder("v", "2", "en");
        builder.scales(vec![LevelScale::new("steps", 4).unwrap()]).unwrap();
        for skill in ["s0", "t1"] {
            builder.skill(skill, SkillKind::KnowHow).unwrap();
        }
        builder.occupation("o0").unwrap();
        builder.require("o0", "s0", one(1, Necessity::Essential)).unwrap();
        builder.build().unwrap()
    });
    let held = |skill: &str, level| HeldSkill {
        skill: skill.to_owned(),
        level,
        evidence: EvidenceKind::Declared,
        date: None,
        assessor: None,
    };
    let mut builder = Profiles::builder(old.axis());
    let people = [("p", vec![held("s0", 1), held("s1", 2), held("s2", 1)]), ("q", vec![])];
    for (person, held) in people {
        let assessed_in_full = vec!["o0".to_owned()];
        builder.add(&Profile { person: person.into(), held, assessed_in_full }).unwrap();
    }
    let profiles = builder.build();
    let edge = |from: &str, to: &str, kind, confidence| Edge {
        from: from.into(),
        to: to.into(),
        kind,
        confidence,
    };
    let edges = vec![
        edge("s1", "t1", EdgeKind::Close, 0.4),
        edge("s1", "s0", EdgeKind::Broad, 1.0),
        edge("s2", "t1", EdgeKind::Narrow, 1.0),
    ];
    let crosswalk = Crosswalk::new("v 1", "v 2", edges).unwrap();
    let (migrated, report) =
        Migration::new(&old, &new, Some(&crosswalk)).profiles(&profiles).unwrap();
    assert_eq!((report.kept, report.moved, report.lost), (1, 1, 1));
    assert_eq!(report.kept + report.moved + report.lost, profiles.entries() as u64);
    assert_eq!(report.lost_skills.get("s2"), Some(&1));
    assert_eq!(migrated.len(), 2, "everyone is kept");
    let held = migrated.held(&new).unwrap();
    assert_eq!(held.row(0).levels, [2, 4], "1 of 2 steps is 2 of 4");
    assert!(matches!(profiles.held(&new), Err(Error::AxisMismatch { .. })), "unmapped versions");
}

#[test]
fn two_versions_of_esco_differ_as_counted() {
    let Some(data) = passerelle_data() else { return };
    let version = |version: &str| {
        passerelle::read::framework(data.join(format!("esco-{version}-en"))).unwrap().0
    };
    let (before, after) = (version("1.1.0"), version("1.1.1"));
    let diff = Diff::between(&before, &after);
    // 607 rows of the files differ: 302 are gone and 305 new. 67 more are of an occupation that
    // 1.1.1 no longer has, though its relations still name it.
    let gone = diff.requirements_removed.iter();
    let (of_gone, of_others): (Vec<_>, Vec<_>) =
        gone.partition(|change| diff.occupations_removed.contains(&change.occupation));
    assert_eq!((of_gone.len(), of_others.len()), (67, 302));
    assert_eq!((diff.requirements_added.len(), diff.requirements_changed.len()), (305, 0));
}

/// The folder of the publishers' real files, as in the tests of readers.
fn passerelle_data() -> Option<std::path::PathBuf> {
    let beside = || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("PASSERELLE_DATA").map_or_else(beside, Into::into);
    let is_there = data.join("esco-1.1.1-en").is_dir() && data.join("esco-1.1.0-en").is_dir();
    let asked = std::env::var_os("PASSERELLE_REQUIRE_DATA").is_some_and(|value| value == "1");
    assert!(is_there || !asked, "no real data, and PASSERELLE_REQUIRE_DATA is 1");
    if !is_there {
        println!("skipped: no real data; set PASSERELLE_DATA");
    }
    is_there.then_some(data)
}
