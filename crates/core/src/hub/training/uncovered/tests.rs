use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::hub::training::offer::{Block, Certification, OfferBuilder};
use crate::matrix::{Necessity, Requirement};
use crate::skill::{LevelScale, SkillAxis};

const SKILLS: u32 = 6;
const TOP: u16 = 4;

/// A certification: the targets it leads to, and (skill, level).
type Certifies = (Vec<usize>, Vec<(u32, u16)>);

/// Targets with (skill, level, weight), and certifications.
#[derive(Clone, Debug)]
struct Case {
    targets: Vec<Vec<(u32, u16, u16)>>,
    certifications: Vec<Certifies>,
    needs: Vec<u32>,
    together: u32,
}

fn axis() -> Arc<SkillAxis> {
    let ids: Vec<String> = (0..SKILLS).map(|skill| format!("s{skill}")).collect();
    let scale = LevelScale::new("steps", TOP).unwrap();
    Arc::new(SkillAxis::from_ids("laws", "1", scale, ids.iter().map(String::as_str)).unwrap())
}

fn build(case: &Case) -> (Offer, Required) {
    let axis = axis();
    let mut required = Required::builder(&axis);
    for (target, skills) in case.targets.iter().enumerate() {
        for &(skill, level, weight) in skills {
            let requirement = Requirement { level, weight, necessity: Necessity::Essential };
            required.require(&format!("t{target}"), &format!("s{skill}"), requirement).unwrap();
        }
    }
    let mut offer = OfferBuilder::new(&axis);
    for (at, (targets, skills)) in case.certifications.iter().enumerate() {
        let targets = targets.iter().map(|target| format!("t{target}")).collect();
        let certification = Certification { targets, ..Certification::default() };
        let certification = offer.certification(&format!("c{at}"), certification).unwrap();
        let block = Block { certification, ..Block::default() };
        let block = offer.block(&format!("b{at}"), block).unwrap();
        for &(skill, level) in skills {
            offer.certify(block, &format!("s{skill}"), level).unwrap();
        }
    }
    (offer.build().unwrap(), required.build().unwrap())
}

fn found(case: &Case) -> Uncovered {
    let (offer, required) = build(case);
    let options = UncoveredOptions { together: case.together };
    uncovered(&offer, &required, &case.needs, &options).unwrap()
}

fn cases() -> impl Strategy<Value = Case> {
    let requirement = (1..=TOP, 1u16..=5);
    let target = prop::collection::btree_map(0..SKILLS, requirement, 1..=5)
        .prop_map(|skills| skills.into_iter().map(|(s, (l, w))| (s, l, w)).collect::<Vec<_>>());
    prop::collection::vec(target, 1..5).prop_flat_map(|targets| {
        let count = targets.len();
        let leads_to = prop::collection::btree_set(0..count, 0..=count)
            .prop_map(|targets| targets.into_iter().collect::<Vec<_>>());
        let skills = prop::collection::btree_map(0..SKILLS, 1..=TOP, 0..=4)
            .prop_map(|skills| skills.into_iter().collect::<Vec<_>>());
        let certifications = prop::collection::vec((leads_to, skills), 0..4);
        let needs = prop::collection::vec(0u32..4, count);
        let together = prop::sample::select(vec![0, 1_000, 2_000, 5_000, 10_000]);
        (Just(targets), certifications, needs, together).prop_map(
            |(targets, certifications, needs, together)| Case {
                targets,
                certifications,
                needs,
                together,
            },
        )
    })
}

/// The level up to which any certification of a target certifies a skill.
fn certified(case: &Case, target: usize, skill: u32) -> u16 {
    case.certifications
        .iter()
        .filter(|(targets, _)| targets.contains(&target))
        .flat_map(|(_, skills)| skills)
        .filter(|(of, _)| *of == skill)
        .map(|&(_, level)| level)
        .max()
        .unwrap_or(0)
}

/// Of the needs for either skill, those for both: (both, either).
fn share(case: &Case, a: u32, b: u32) -> (u64, u64) {
    let asks = |target: usize, skill| case.targets[target].iter().any(|&(s, ..)| s == skill);
    let sum = |asked: &dyn Fn(usize) -> bool| {
        (0..case.targets.len()).filter(|&t| asked(t)).map(|t| u64::from(case.needs[t])).sum()
    };
    (sum(&|t| asks(t, a) && asks(t, b)), sum(&|t| asks(t, a) || asks(t, b)))
}

proptest! {
    #[test]
    fn certified_and_additional_levels_reach_what_is_required_and_nothing_else_is_asked(
        case in cases()
    ) {
        let found = found(&case);
        for (at, (targets, _)) in case.certifications.iter().enumerate() {
            let at = u32::try_from(at).unwrap();
            let enriched = found.enriched.iter().find(|e| e.certification == at);
            let modules = enriched.map_or(&[][..], |e| &e.modules);
            let lacking: Vec<&Lacking> = modules.iter().flat_map(|m| &m.skills).collect();
            let mut sum = 0;
            let mut skills = BTreeSet::new();
            for &target in targets.iter().filter(|&&target| case.needs[target] > 0) {
                for &(skill, level, weight) in &case.targets[target] {
                    let from = certified(&case, target, skill);
                    if from >= level {
                        continue;
                    }
                    skills.insert(skill);
                    sum += u64::from(case.needs[target]) * u64::from(weight) * u64::from(level - from);
                    let one = lacking.iter().find(|l| l.skill == skill).unwrap();
                    prop_assert!(one.from <= from && level <= one.to);
                    prop_assert!(one.targets.contains(&u32::try_from(target).unwrap()));
                }
            }
            prop_assert_eq!(skills.len(), lacking.len(), "each skill in one module, no other one");
            prop_assert_eq!(enriched.map_or(0, |e| e.lack), sum);
            prop_assert_eq!(modules.iter().map(|m| m.lack).sum::<u64>(), sum);
        }
    }

    #[test]
    fn every_two_skills_of_a_module_are_asked_for_together_and_no_two_modules_could_be_one(
        case in cases()
    ) {
        let reaches = |a: u32, b: u32| {
            let (both, either) = share(&case, a, b);
            both * 10_000 >= either * u64::from(case.together)
        };
        for enriched in found(&case).enriched {
            let groups: Vec<Vec<u32>> = enriched.modules.iter()
                .map(|m| m.skills.iter().map(|s| s.skill).collect()).collect();
            for group in &groups {
                prop_assert!(group.is_sorted());
                prop_assert!(group.iter().all(|&a| group.iter().all(|&b| reaches(a, b))));
            }
            for (at, one) in groups.iter().enumerate() {
                for other in &groups[at + 1..] {
                    prop_assert!(!one.iter().all(|&a| other.iter().all(|&b| reaches(a, b))));
                }
            }
        }
    }

    #[test]
    fn doubling_every_need_doubles_what_is_lacking_and_groups_alike(case in cases()) {
        let once = found(&case);
        let twice = found(&Case { needs: case.needs.iter().map(|n| n * 2).collect(), ..case });
        let shape = |found: &Uncovered| -> Vec<Vec<Vec<u32>>> {
            found.enriched.iter().map(|e| e.modules.iter()
                .map(|m| m.skills.iter().map(|s| s.skill).collect()).collect()).collect()
        };
        prop_assert_eq!(shape(&once), shape(&twice));
        for (a, b) in once.enriched.iter().zip(&twice.enriched) {
            prop_assert_eq!((a.lack * 2, a.needs * 2), (b.lack, b.needs));
        }
    }
}

#[test]
fn a_module_completes_what_the_certification_covers() {
    // Required {a, b, c, d, soft}, certified {a, b, c}: the additional module is {d, soft}.
    let case = Case {
        targets: vec![(0..5).map(|skill| (skill, 1, 1)).collect()],
        certifications: vec![(vec![0], vec![(0, 1), (1, 1), (2, 1)])],
        needs: vec![1],
        together: UncoveredOptions::default().together,
    };
    let found = found(&case);
    let modules = &found.enriched[0].modules;
    assert_eq!(modules.len(), 1);
    assert_eq!(modules[0].skills.iter().map(|s| s.skill).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn what_nobody_certifies_and_what_leads_nowhere_is_said() {
    let case = Case {
        targets: vec![vec![(0, 1, 1)], vec![(1, 1, 1)], vec![(1, 2, 1)]],
        certifications: vec![(vec![0, 9], vec![(0, 4)])],
        needs: vec![3, 1, 0],
        together: 0,
    };
    let found = found(&case);
    assert!(found.enriched.is_empty(), "all that is needed of t0 is certified");
    assert_eq!(found.uncertified, [1], "nobody needs t2");
    assert_eq!(found.unknown_targets, [(0, "t9".to_owned())]);
}

#[test]
fn needs_that_make_no_sense_are_refused() {
    let case = Case {
        targets: vec![vec![(0, 4, 5)]; 2],
        certifications: Vec::new(),
        needs: vec![1, 1],
        together: 0,
    };
    let (offer, required) = build(&case);
    let refused = |needs: &[u32], together| {
        uncovered(&offer, &required, needs, &UncoveredOptions { together }).unwrap_err().to_string()
    };
    assert!(refused(&[1], 0).contains("one for each of the 2 targets"));
    assert!(refused(&[1, 1], 10_001).contains("at most 10000"));
    let scale = LevelScale::new("fine", u16::MAX).unwrap();
    let axis = Arc::new(SkillAxis::from_ids("fine", "1", scale, ["s"]).unwrap());
    let mut heavy = Required::builder(&axis);
    for target in ["t0", "t1"] {
        let (level, weight) = (u16::MAX, u16::MAX);
        let requirement = Requirement { level, weight, necessity: Necessity::Optional };
        heavy.require(target, "s", requirement).unwrap();
    }
    let (heavy, offer) = (heavy.build().unwrap(), OfferBuilder::new(&axis).build().unwrap());
    let sums = |needs: &[u32]| uncovered(&offer, &heavy, needs, &UncoveredOptions::default());
    assert!(sums(&[u32::MAX, 0]).is_ok());
    assert!(sums(&[u32::MAX; 2]).unwrap_err().to_string().contains("smaller needs"));
    assert!(uncovered(&offer, &required, &[1, 1], &UncoveredOptions::default()).is_err());
}
