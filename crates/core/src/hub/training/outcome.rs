//! What a person holds after training.

use super::Offer;
use super::pathway::PathwayStep;
use crate::error::{Error, Result};
use crate::profile::{EvidenceKind, HeldSkill, Profile};

/// A profile once a pathway was followed to its end: each skill that a module teaches above the
/// level that counts so far, as evidence that names the session (`session:` and its id, or
/// `module:` for pathways without dates) and its last day. Modules that lead to a block of a
/// certification give `certification`, others `assessed`.
///
/// What is held at that level or above gets no further evidence, so that the gap never grows on
/// any skill; where evidence of a higher rank says less, it goes on counting, that of an earlier
/// module of the pathway too. Evidence stands with
/// that which counts first before the rest, as [`Profile::held`] asks. O(evidence × skills taught).
///
/// # Errors
///
/// [`Error::Argument`] for a module or session that the offer does not have.
pub fn after_pathway(profile: &Profile, offer: &Offer, steps: &[PathwayStep]) -> Result<Profile> {
    let mut after = profile.clone();
    for step in steps {
        let module = offer.modules().get(step.module as usize).ok_or_else(|| {
            let expected = format!("below {} modules", offer.modules().len());
            Error::argument("module", step.module, expected)
        })?;
        let assessor = match step.session {
            None => format!("module:{}", &offer.module_ids()[step.module]),
            Some(at) => match offer.session_ids().get(at) {
                Some(id) => format!("session:{id}"),
                None => {
                    let expected = format!("below {} sessions", offer.sessions().len());
                    return Err(Error::argument("session", at, expected));
                }
            },
        };
        let evidence = match module.blocks.is_empty() {
            true => EvidenceKind::Assessed,
            false => EvidenceKind::Certification,
        };
        let date = step.dates.map(|(_, last)| last);
        for (skill, level) in offer.taught().row(step.module).iter() {
            let skill = &offer.axis().ids()[skill];
            let known = after.held.iter().position(|one| one.skill == skill);
            if known.is_some_and(|at| after.held[at].level >= level) {
                continue;
            }
            let assessor = Some(assessor.clone());
            let told = HeldSkill { skill: skill.to_owned(), level, evidence, date, assessor };
            let counts = |one: &HeldSkill| {
                (told.evidence.rank(), told.date) > (one.evidence.rank(), one.date)
            };
            let own = after.held.iter().enumerate().filter(|(_, one)| one.skill == skill);
            let (mut before, mut last) = (None, None);
            for (at, one) in own {
                last = Some(at + 1);
                before = before.or(counts(one).then_some(at));
            }
            after.held.insert(before.or(last).unwrap_or(after.held.len()), told);
        }
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::gap::skill_gaps;
    use crate::hub::training::offer::{Block, Certification, Module, OfferBuilder};
    use crate::matrix::{Necessity, Required, Requirement};
    use crate::profile::Profiles;
    use crate::skill::{Date, LevelScale, SkillAxis};

    const KINDS: [EvidenceKind; 6] = [
        EvidenceKind::Declared,
        EvidenceKind::Badge,
        EvidenceKind::Employer,
        EvidenceKind::Assessed,
        EvidenceKind::Certification,
        EvidenceKind::Vae,
    ];
    const SKILLS: [&str; 5] = ["a", "b", "c", "d", "e"];

    fn offer(axis: &Arc<SkillAxis>, taught: &[(usize, usize, u16)]) -> Offer {
        let mut builder = OfferBuilder::new(axis);
        let certification = builder.certification("title", Certification::default()).unwrap();
        let block = Block { certification, ..Block::default() };
        let block = builder.block("block", block).unwrap();
        for module in 0..4 {
            let blocks = if module % 2 == 0 { vec![block] } else { vec![] };
            let one = Module { minutes: 60, blocks, ..Module::default() };
            builder.module(&module.to_string(), one).unwrap();
        }
        let mut told = std::collections::BTreeSet::new();
        for &(module, skill, level) in taught {
            if told.insert((module, skill)) {
                builder.teach(&module.to_string(), SKILLS[skill], level).unwrap();
            }
        }
        builder.build().unwrap()
    }

    proptest! {
        #[test]
        fn after_a_pathway_the_upper_gap_never_grows_on_any_skill(
            held in prop::collection::vec(
                (0..5_usize, 0..=4_u16, 0..6_usize, prop::option::of(0..4_i32)), 0..12),
            taught in prop::collection::vec((0..4_usize, 0..5_usize, 1..=4_u16), 0..12),
            followed in prop::collection::vec((0..4_u32, prop::option::of(0..4_i32)), 0..5),
        ) {
            let scale = LevelScale::new("steps", 4).unwrap();
            let axis =
                Arc::new(SkillAxis::from_ids("demo", "1", scale, SKILLS).unwrap());
            let offer = offer(&axis, &taught);
            let date = |days: Option<i32>| days.map(|days| Date::from_days(20_000 + days).unwrap());
            let mut builder = Profiles::builder(&axis);
            builder.person("p").unwrap();
            for &(skill, level, kind, days) in &held {
                let (skill, evidence) = (SKILLS[skill].to_owned(), KINDS[kind]);
                let one = HeldSkill { skill, level, evidence, date: date(days), assessor: None };
                builder.evidence("p", &one).unwrap();
            }
            let profiles = builder.build();
            let before = profiles.profile(0);
            let step = |&(module, days): &(u32, Option<i32>)| PathwayStep {
                module,
                session: None,
                dates: date(days).map(|day| (day, day)),
                closes: vec![],
                prepares: vec![],
                ask_first: false,
                advised: vec![],
            };
            let steps: Vec<PathwayStep> = followed.iter().map(step).collect();
            let after = after_pathway(&before, &offer, &steps).unwrap();
            for one in &before.held {
                prop_assert!(after.held.contains(one), "no evidence is lost");
            }
            for one in after.held.iter().filter(|one| !before.held.contains(one)) {
                prop_assert!(one.assessor.as_ref().is_some_and(|of| of.starts_with("module:")));
            }
            let mut builder = Profiles::builder(&axis);
            builder.add(&after).unwrap();
            let told = builder.build();
            let mut required = Required::builder(&axis);
            for skill in SKILLS {
                let one = Requirement { level: 4, weight: 1, necessity: Necessity::Essential };
                required.require("job", skill, one).unwrap();
            }
            let required = required.build().unwrap();
            let shortfalls = |profiles: &Profiles| {
                let spoken = profiles.spoken();
                let gaps = skill_gaps(spoken.row(0), required.row(0));
                gaps.map(|gap| gap.shortfall()).collect::<Vec<_>>()
            };
            for (after, before) in shortfalls(&told).into_iter().zip(shortfalls(&profiles)) {
                prop_assert!(after <= before);
            }
            // What the profile is silent on and one module alone teaches is held afterwards; of
            // several, evidence of a higher rank counts though it say less.
            for &(module, _) in &followed {
                for (skill, level) in offer.taught().row(module).iter() {
                    let elsewhere = |&(other, _): &(u32, Option<i32>)| {
                        other != module && offer.taught().row(other).level(skill).is_some()
                    };
                    let known = before.held.iter().any(|one| one.skill == axis.ids()[skill])
                        || followed.iter().any(elsewhere);
                    let now = told.spoken().row(0).level(skill).unwrap_or(0);
                    prop_assert!(known || now >= level);
                }
            }
        }
    }
}
