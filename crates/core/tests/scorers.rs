//! Scorers by every name: accounts rebuild scores, threads change nothing, and examples by hand.
#![cfg(feature = "label")]
#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, missing_docs)]

use passerelle::framework::LabelRole;
use passerelle::matrix::Sparse;
use passerelle::near::{self, COMPLETION_NAMES, Regression};
use passerelle::rank::{
    self, Asked, Correlation, Greedy, Matched, NO_RESULT, PartOf, Scorer, Scoring,
    targets_by_scorer,
};
use passerelle::{
    Error, Framework, Held, LevelScale, Necessity, Requirement, Run, SkillKind, rank::Summed,
};
use proptest::prelude::*;

const SKILLS: usize = 10;
const WORDS: [&str; 6] = ["weld", "steel", "plates", "read", "plans", "drive"];

/// A framework with labels, texts and a hierarchy, from bits.
fn framework(rows: &[u32], necessities: u32) -> Framework {
    let mut builder = Framework::builder("law", "1", "en");
    builder.scales(vec![LevelScale::new("steps", 4).unwrap()]).unwrap();
    builder.skill_group("g").unwrap();
    for skill in 0..SKILLS {
        let id = format!("s{skill}");
        builder.skill(&id, SkillKind::KnowHow).unwrap();
        let label = format!("{} {}", WORDS[skill % 6], WORDS[(skill * 5 + 1) % 6]);
        builder.skill_label(&id, "en", &label).unwrap();
        if skill % 3 == 0 {
            builder.skill_broader(&id, "g").unwrap();
        }
    }
    for (at, &bits) in rows.iter().enumerate() {
        let id = format!("o{at}");
        builder.occupation(&id).unwrap();
        let text = format!("{} {} worker", WORDS[at % 6], WORDS[bits as usize % 6]);
        builder.occupation_text(&id, "en", LabelRole::Preferred, &text).unwrap();
        builder.occupation_text(&id, "en", LabelRole::Definition, &format!("may {text}")).unwrap();
        builder.job_title(&id, "en", &format!("senior {text}"), None).unwrap();
        let bits = if bits.is_multiple_of(1 << SKILLS) { 1 } else { bits };
        for skill in (0..SKILLS).filter(|skill| bits >> skill & 1 == 1) {
            let level = ((bits as usize + skill) % 4 + 1) as u16;
            let optional = necessities >> skill & 1 == 1;
            let necessity = if optional { Necessity::Optional } else { Necessity::Essential };
            let requirement = Requirement { level, weight: (skill % 2 + 1) as u16, necessity };
            builder.require(&id, &format!("s{skill}"), requirement).unwrap();
        }
    }
    builder.build().unwrap()
}

fn held(framework: &Framework, bits: u32) -> Held {
    let mut builder = Held::builder(framework.axis());
    builder.person("p").unwrap();
    for skill in (0..SKILLS).filter(|skill| bits >> skill & 1 == 1) {
        builder.hold("p", &format!("s{skill}"), (skill % 5) as u16).unwrap();
    }
    builder.build().unwrap()
}

/// Every score is rebuilt from its account, for a person and for an occupation that asks.
fn accounts(scorer: &dyn Scorer, framework: &Framework, held: &Held) {
    let own = framework.required().row(0);
    let occupation = passerelle::HeldRow { skills: own.skills, levels: own.levels };
    let asked: [Asked<'_>; 2] =
        [held.row(0).into(), Asked { held: occupation, occupation: Some(0) }];
    for asked in asked {
        let mut scores = vec![NO_RESULT; scorer.targets()];
        scorer.scores(asked, &mut scores);
        let mut again = vec![0.0; scorer.targets()];
        scorer.scores(asked, &mut again);
        for (target, (&score, &again)) in (0u32..).zip(scores.iter().zip(&again)) {
            assert_eq!(score.to_bits(), again.to_bits(), "{}", scorer.name());
            assert!(score.is_finite() || score == NO_RESULT, "{}", scorer.name());
            let account = scorer.account(asked, target);
            assert_eq!(account.score.to_bits(), score.to_bits(), "{} {account:?}", scorer.name());
            assert_eq!(scorer.rebuild(&account).to_bits(), score.to_bits(), "{}", scorer.name());
        }
    }
}

/// A scorer by name; `None` where no aspect tells occupations apart, which is refused, and only of
/// `alike` and its single aspects.
fn scorer<'f>(name: &str, framework: &'f Framework, run: &Run) -> Option<Box<dyn Scorer + 'f>> {
    match near::scorer(name, framework, "en", run) {
        Ok(scorer) => Some(scorer),
        Err(Error::Argument { name: "aspects", .. }) if !rank::NAMES.contains(&name) => None,
        Err(error) => panic!("{name}: {error}"),
    }
}

#[test]
fn occupations_that_share_nothing_are_alike_in_no_aspect() {
    let framework = framework(&[96, 5], 0);
    assert!(scorer("alike", &framework, &Run::new()).is_none());
    assert!(scorer("walk(k=2)", &framework, &Run::new()).is_some());
}

/// Whether a strategy says what a score needs.
fn is_bounded(name: &str) -> bool {
    !["level-coverage", "tfidf", "bm25"].contains(&name)
}

fn names() -> Vec<&'static str> {
    let more = [
        "correlation",
        "greedy",
        "greedy(essential)",
        "greedy(combined)",
        "alike",
        "alike(texts)",
        "alike(kinds,names=1)",
        "ppmi",
        "svd",
        "walk(k=2)",
        "mix(0.7*tfidf + 0.3*coverage)",
        "rrf(k=10, tfidf + 2*alike)",
        "mix(bm25, -0.5*gap)",
    ];
    [rank::NAMES, rank::FITTED_NAMES, &more].concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn an_account_rebuilds_its_score(
        rows in prop::collection::vec(0..1u32 << SKILLS, 2..7), optional in any::<u32>(),
        person in 0..1u32 << SKILLS,
    ) {
        let framework = framework(&rows, optional);
        let held = held(&framework, person);
        for name in names() {
            let Some(scorer) = scorer(name, &framework, &Run::new()) else { continue };
            accounts(&*scorer, &framework, &held);
        }
        for name in COMPLETION_NAMES {
            let scorer = near::completion(name, &framework, &Run::new()).unwrap();
            accounts(&*scorer, &framework, &held);
        }
    }

    #[test]
    fn threads_and_the_way_to_a_score_change_no_bit(
        rows in prop::collection::vec(0..1u32 << SKILLS, 2..7), person in 0..1u32 << SKILLS,
    ) {
        let framework = framework(&rows, 0);
        let (held, required) = (held(&framework, person), framework.required());
        for name in names() {
            let rank = |threads| {
                let run = Run::new().threads(threads);
                let scorer = scorer(name, &framework, &run)?;
                Some(targets_by_scorer(&held, required, 3, &*scorer, &run).unwrap())
            };
            prop_assert_eq!(rank(1), rank(3), "{}", name);
        }
        for name in rank::NAMES.iter().chain(rank::FITTED_NAMES) {
            let strategy = rank::fitted(name, required).unwrap();
            let fast =
                rank::targets_for_people(&held, required, 3, &*strategy, &Run::new()).unwrap();
            let summed = Summed::new(strategy, required);
            let slow = targets_by_scorer(&held, required, 3, &summed, &Run::new()).unwrap();
            prop_assert_eq!(fast.positions(), slow.positions(), "{}", name);
            prop_assert_eq!(fast.scores(), slow.scores(), "{}", name);
            prop_assert_eq!(slow.scoring(), Scoring::Every);
            prop_assert_eq!(fast.scoring() == Scoring::Bounded, is_bounded(name), "{}", name);
        }
    }

    #[test]
    fn people_by_a_scorer_are_those_of_its_strategy(
        rows in prop::collection::vec(1..1u32 << SKILLS, 2..5),
        people in prop::collection::vec(0..1u32 << SKILLS, 1..40), k in 1usize..50,
    ) {
        let framework = framework(&rows, 0);
        let mut builder = Held::builder(framework.axis());
        // Past the number that is scored together.
        for (at, bits) in people.iter().cycle().take(300).enumerate() {
            let id = format!("p{at}");
            builder.person(&id).unwrap();
            for skill in (0..SKILLS).filter(|skill| bits >> skill & 1 == 1) {
                builder.hold(&id, &format!("s{skill}"), (skill % 5) as u16).unwrap();
            }
        }
        let (held, required, run) = (builder.build().unwrap(), framework.required(), Run::new());
        for name in ["coverage", "gap", "tfidf"] {
            let strategy = rank::fitted(name, required).unwrap();
            let fast = rank::people_for_targets(&held, required, k, &*strategy, &run).unwrap();
            let summed = Summed::new(strategy, required);
            let slow = rank::people_by_scorer(&held, required, k, &summed, &run).unwrap();
            prop_assert_eq!(fast.positions(), slow.positions(), "{}", name);
            prop_assert_eq!(fast.scores(), slow.scores(), "{}", name);
        }
    }

    /// Leaving an occupation out of the factored kernel is the same as never having had it.
    #[test]
    fn a_regression_forgets_who_asks(
        rows in prop::collection::vec(1..1u32 << SKILLS, 3..7), person in 1..1u32 << SKILLS,
    ) {
        let all = framework(&rows, 0);
        let others = framework(&rows[..rows.len() - 1], 0);
        let held = held(&all, person);
        let last = rows.len() as u32 - 1;
        // With the idf of each: the same where no skill's is learned, so compare by a power of 0,
        // where every pair that shares nothing or anything is 1.
        let fit = |framework| Regression::fit(framework, 0.0, 0.5, &Run::new()).unwrap();
        let (with, without) = (fit(all.required()), fit(others.required()));
        let (mut one, mut two) = (vec![0.0; SKILLS], vec![0.0; SKILLS]);
        with.scores(Asked { held: held.row(0), occupation: Some(last) }, &mut one);
        without.scores(held.row(0).into(), &mut two);
        for (one, two) in one.iter().zip(&two) {
            let both = one.is_finite() && two.is_finite();
            prop_assert!(!both || (one - two).abs() < 1e-4, "{} and {}", one, two);
            prop_assert!(*two == NO_RESULT || both, "{} and {}", one, two);
        }
    }
}

#[test]
fn greedy_matches_the_most_similar_first_and_each_once() {
    let framework = framework(&[0b111], 0);
    // Required s0, s1, s2; held s3 and s4. s3 is like s0 (0.95) and like s1 (0.9); s4 like s0 (0.92).
    let mut rows = vec![Vec::new(); SKILLS];
    rows[0] = vec![(3, 0.95), (4, 0.92)];
    rows[1] = vec![(3, 0.9)];
    let alike = Sparse::from_rows(SKILLS as u32, rows);
    let scorer = Greedy::new(framework.required(), alike, Matched::All).unwrap();
    let mut builder = Held::builder(framework.axis());
    builder.hold("p", "s3", 1).unwrap();
    builder.hold("p", "s4", 1).unwrap();
    let held = builder.build().unwrap();
    let account = scorer.account(held.row(0).into(), 0);
    // s0 takes s3; s1 has none left, since s4 is not like it.
    assert_eq!(account.parts.len(), 1);
    assert_eq!(account.parts[0].of, PartOf::Answer { required: 0, held: 3 });
    let w = 1.0 / (1.0 + (-(-43.5 + 50.0 * f64::from(0.95f32))).exp());
    assert!((f64::from(account.score) - w / 3.0).abs() < 1e-6);
    // The filter lets half through at 0.87 and hardly anything at 0.8, as published.
    let at = |x: f64| 1.0 / (1.0 + (43.5 - 50.0 * x).exp());
    assert!((at(0.87) - 0.5).abs() < 1e-9 && at(0.8) < 0.03 && at(1.0) > 0.998);
}

#[test]
fn correlation_is_pearsons_over_the_axis() {
    let framework = framework(&[0b11], 0);
    let row = framework.required().row(0);
    let y: Vec<f64> = (0..SKILLS as u32)
        .map(|s| {
            let at = row.skills.binary_search(&s);
            at.map_or(0.0, |at| f64::from(row.weights[at]) * f64::from(row.levels[at]))
        })
        .collect();
    let x = [0.0, 1.0, 0.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let mut builder = Held::builder(framework.axis());
    builder.hold("p", "s1", 1).unwrap();
    builder.hold("p", "s3", 3).unwrap();
    let held = builder.build().unwrap();
    let mean = |v: &[f64]| v.iter().sum::<f64>() / SKILLS as f64;
    let (mx, my) = (mean(&x), mean(&y));
    let cov: f64 = x.iter().zip(&y).map(|(a, b)| (a - mx) * (b - my)).sum();
    let norm = |v: &[f64], m: f64| v.iter().map(|a| (a - m) * (a - m)).sum::<f64>().sqrt();
    let expected = cov / (norm(&x, mx) * norm(&y, my));
    let found = Correlation::new(framework.required()).account(held.row(0).into(), 0).score;
    assert!((f64::from(found) - expected).abs() < 1e-6, "{found} and {expected}");
}

#[test]
fn names_that_are_none_are_refused_with_those_that_are() {
    let framework = framework(&[1, 2], 0);
    for wrong in ["luck", "alike(height=1)", "mix()", "mix(x*gap)", "walk(k=0)", "greedy(some)"] {
        let refused = near::scorer(wrong, &framework, "en", &Run::new());
        assert!(refused.is_err(), "{wrong}");
    }
    let said = near::scorer("luck", &framework, "en", &Run::new()).unwrap_err().to_string();
    assert!(said.contains("coverage") && said.contains("alike"), "{said}");
    assert!(near::completion("luck", &framework, &Run::new()).is_err());
}
