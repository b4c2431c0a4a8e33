//! Each strategy against an example worked by hand, and the laws between them.

#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, missing_docs)]
use std::sync::Arc;

use passerelle::rank::{self, fitted, score};
use passerelle::{Held, LevelScale, Necessity, Required, Requirement, SkillAxis};
use proptest::prelude::*;

const SKILLS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn axis(top: u16) -> Arc<SkillAxis> {
    let scale = LevelScale::new("steps", top).unwrap();
    Arc::new(SkillAxis::from_ids("hand", "1", scale, SKILLS).unwrap())
}

/// Rows of (skill, level, weight, essential).
type Rows<'a> = &'a [(&'a str, &'a [(&'a str, u16, u16, bool)])];

fn required(axis: &Arc<SkillAxis>, rows: Rows<'_>) -> Required {
    let mut builder = Required::builder(axis);
    for (target, row) in rows {
        for &(skill, level, weight, essential) in *row {
            let necessity = if essential { Necessity::Essential } else { Necessity::Optional };
            builder.require(target, skill, Requirement { level, weight, necessity }).unwrap();
        }
    }
    builder.build().unwrap()
}

fn held(axis: &Arc<SkillAxis>, row: &[(&str, u16)]) -> Held {
    let mut builder = Held::builder(axis);
    builder.person("p").unwrap();
    for &(skill, level) in row {
        builder.hold("p", skill, level).unwrap();
    }
    builder.build().unwrap()
}

/// One person (a 3, b 1, e 2) and one target: a 2 × 3 essential, b 4 × 1 optional, c 1 × 2 essential.
fn example() -> (Held, Required) {
    let axis = axis(5);
    let target: Rows<'_> = &[("t", &[("a", 2, 3, true), ("b", 4, 1, false), ("c", 1, 2, true)])];
    (held(&axis, &[("a", 3), ("b", 1), ("e", 2)]), required(&axis, target))
}

fn is(name: &str, expected: f64) {
    let (held, required) = example();
    let strategy = fitted(name, &required).unwrap();
    let found = score(held.row(0), required.row(0), &*strategy);
    assert!((f64::from(found) - expected).abs() < 1e-6, "{name}: {found}, not {expected}");
}

#[test]
fn each_is_its_formula_worked_by_hand() {
    // A = 3·min(2, 3) + 1·min(4, 1) + 0 = 7; T = 6 + 4 + 2 = 12.
    is("overlap", 7.0);
    is("coverage", 7.0 / 12.0);
    is("gap", -5.0);
    // Essentials: a gives 6 of 6, c 0 of 2.
    is("essential-coverage", 6.0 / 8.0);
    // (2/2 + 1/4 + 0/1) ÷ 3.
    is("level-coverage", 1.25 / 3.0);
    // Held {a, b, e}, required {a, b, c}: 2 shared of 4.
    is("jaccard", 0.5);
    is("dice", 4.0 / 6.0);
    is("ochiai", 2.0 / 3.0);
    // 2 ÷ (2 + 0.3·1 + 0.7·1).
    is("tversky(0.3,0.7)", 2.0 / 3.0);
    is("tversky(0,1)", 2.0 / 3.0);
    // Levels: Σ min = 2 + 1, Σ max = 3 + 4 + 1 + 2.
    is("ruzicka", 3.0 / 10.0);
    // Σ min = 3 of Σ r = 7 and of Σ h = 6.
    is("geometric", 3.0 / (7.0f64 * 6.0).sqrt());
    // 3·6 + 1·4 = 22; ‖h‖ = √(9 + 1 + 4), ‖w·r‖ = √(36 + 16 + 4).
    is("cosine", 22.0 / (14.0f64 * 56.0).sqrt());
}

#[test]
fn rare_skills_tell_more_in_tfidf() {
    let axis = axis(1);
    let rows: Rows<'_> = &[
        ("x", &[("a", 1, 1, true), ("b", 1, 1, true)]),
        ("y", &[("a", 1, 1, true), ("c", 1, 1, true)]),
        ("z", &[("a", 1, 1, true)]),
    ];
    let required = required(&axis, rows);
    let person = held(&axis, &[("a", 1), ("b", 1)]);
    // n = 3: idf(a) = ln(4/4) + 1 = 1, idf(b) = idf(c) = ln(4/2) + 1.
    let b = 2f64.ln() + 1.0;
    assert_eq!(rank::idf(&required)[..3], [1.0, b, b]);
    let strategy = fitted("tfidf", &required).unwrap();
    let norm = (1.0 + b * b).sqrt();
    let scores = [0, 1, 2].map(|t| score(person.row(0), required.row(t), &*strategy));
    let expected = [1.0, 1.0 / (norm * norm), 1.0 / norm];
    for (found, expected) in scores.into_iter().zip(expected) {
        assert!((f64::from(found) - expected).abs() < 1e-6, "{found}, not {expected}");
    }
}

#[test]
fn bm25_holds_long_targets_to_their_length() {
    let axis = axis(1);
    let rows: Rows<'_> = &[
        ("short", &[("a", 1, 1, true)]),
        ("long", &[("a", 1, 1, true), ("b", 1, 1, true), ("c", 1, 1, true)]),
    ];
    let required = required(&axis, rows);
    let person = held(&axis, &[("a", 1)]);
    let strategy = fitted("bm25(k1=1.2,b=0.75)", &required).unwrap();
    // n = df = 2: idf = ln(1 + 0.5/2.5) = ln 1.2; mean length 2; K = 1.2·(0.25 + 0.75·|t|/2).
    let by_hand = |length: f64| {
        let k = 1.2 * (0.25 + 0.75 * length / 2.0);
        1.2f64.ln() * 2.2 / (1.0 + k)
    };
    for (target, length) in [(0, 1.0), (1, 3.0)] {
        let found = f64::from(score(person.row(0), required.row(target), &*strategy));
        assert!((found - by_hand(length)).abs() < 1e-6, "{found}");
    }
    assert!(fitted("bm25(b=2)", &required).is_err());
    assert!(fitted("bm25(k1=-1)", &required).is_err());
}

#[derive(Clone, Debug)]
struct Pair {
    held: Vec<Option<u16>>,
    required: Vec<Option<u16>>,
}

/// Yes/no rows, and rows of levels up to 4; the target is never empty.
fn pair(top: u16) -> impl Strategy<Value = Pair> {
    let side = prop::collection::vec(prop::option::of(0..=top), SKILLS.len());
    (side.clone(), side).prop_map(|(held, mut required)| {
        required.iter_mut().for_each(|level| *level = level.filter(|&level| level > 0));
        if required.iter().all(Option::is_none) {
            required[0] = Some(1);
        }
        Pair { held, required }
    })
}

impl Pair {
    fn matrices(&self, top: u16) -> (Held, Required) {
        let axis = axis(top);
        let of = |side: &[Option<u16>]| {
            let levels = side.iter().zip(SKILLS);
            levels
                .filter_map(|(level, skill)| level.map(|level| (skill, level)))
                .collect::<Vec<_>>()
        };
        let target: Vec<_> =
            of(&self.required).into_iter().map(|(skill, level)| (skill, level, 1, true)).collect();
        (held(&axis, &of(&self.held)), required(&axis, &[("t", target.as_slice())]))
    }

    fn score(&self, top: u16, name: &str) -> f32 {
        let (held, required) = self.matrices(top);
        score(held.row(0), required.row(0), &*fitted(name, &required).unwrap())
    }

    fn turned(&self) -> Option<Self> {
        let held: Vec<_> = self.held.iter().map(|level| level.filter(|&l| l > 0)).collect();
        let some = held.iter().any(Option::is_some);
        some.then(|| Self { held: self.required.clone(), required: held })
    }
}

proptest! {
    #[test]
    fn symmetric_strategies_are_symmetric(pair in pair(4)) {
        let Some(turned) = pair.turned() else { return Ok(()) };
        for name in ["jaccard", "dice", "ruzicka", "geometric", "cosine", "ochiai", "tversky(1,1)"] {
            let (one, two) = (pair.score(4, name), turned.score(4, name));
            prop_assert!((one - two).abs() <= 1e-6, "{}: {} and {}", name, one, two);
        }
    }

    #[test]
    fn what_is_bounded_stays_within_its_bounds(pair in pair(4)) {
        for name in rank::NAMES.iter().chain(["tfidf", "tfidf(binary)", "tversky(0,0)"].iter()) {
            let score = pair.score(4, name);
            let within = match *name {
                "overlap" => score >= 0.0,
                "gap" => score <= 0.0,
                _ => (0.0..=1.0 + 1e-6).contains(&score),
            };
            prop_assert!(within, "{}: {}", name, score);
        }
        prop_assert!(pair.score(4, "bm25") >= 0.0);
    }

    #[test]
    fn tversky_1_1_is_jaccard_and_half_half_is_dice(pair in pair(4)) {
        let of = |name| pair.score(4, name).to_bits();
        prop_assert_eq!(of("tversky(1,1)"), of("jaccard"));
        prop_assert_eq!(of("tversky(0.5,0.5)"), of("dice"));
    }

    #[test]
    fn on_yes_and_no_levels_ruzicka_is_jaccard_and_geometric_is_ochiai(pair in pair(1)) {
        prop_assert_eq!(pair.score(1, "ruzicka").to_bits(), pair.score(1, "jaccard").to_bits());
        let (one, two) = (pair.score(1, "geometric"), pair.score(1, "ochiai"));
        prop_assert!((one - two).abs() <= 1e-6);
    }

    #[test]
    fn tfidf_with_equal_idf_is_cosine(pair in pair(4), factor in 0.1..10.0f64) {
        let (held, required) = pair.matrices(4);
        let equal = rank::TfIdf::with([factor; SKILLS.len()]);
        let (one, two) = (
            score(held.row(0), required.row(0), &equal),
            score(held.row(0), required.row(0), &rank::Cosine),
        );
        prop_assert!((one - two).abs() <= 1e-6, "{} and {}", one, two);
    }

    #[test]
    fn an_irrelevant_skill_never_raises_a_coverage(pair in pair(4), level in 0..=4u16) {
        let Some(free) = pair.required.iter().position(Option::is_none) else { return Ok(()) };
        let mut more = pair.clone();
        more.held[free] = Some(level);
        for name in ["coverage", "essential-coverage", "level-coverage", "overlap", "gap"] {
            prop_assert_eq!(more.score(4, name).to_bits(), pair.score(4, name).to_bits());
        }
        let mut without = pair.clone();
        without.held[free] = None;
        for name in ["jaccard", "dice", "ruzicka", "cosine", "ochiai", "tversky(1,0.2)"] {
            prop_assert!(more.score(4, name) <= without.score(4, name) + 1e-6, "{}", name);
        }
    }

    #[test]
    fn holding_more_of_what_is_required_never_lowers_a_coverage(pair in pair(4), at in 0..5usize) {
        let mut more = pair.clone();
        more.held[at] = Some(4);
        for name in ["coverage", "essential-coverage", "level-coverage", "overlap", "gap", "bm25"] {
            prop_assert!(more.score(4, name) >= pair.score(4, name), "{}", name);
        }
    }

    #[test]
    fn no_sum_below_what_is_needed_reaches_a_score(
        sum in 0..40u32, person in 0..40u32, target in 1..40u32, least in 0.01..1.0f32,
    ) {
        for name in rank::NAMES {
            let strategy = rank::strategy(name).unwrap();
            let (person, target) = (f64::from(person.max(sum)), f64::from(target.max(sum)));
            let sum = f64::from(sum);
            let Some(needed) = strategy.reach(f64::from(least), person, target) else { continue };
            if strategy.finish(sum, person, target) >= f64::from(least) {
                prop_assert!(sum >= needed - needed.abs() * 1e-12, "{}", name);
            }
        }
    }
}
