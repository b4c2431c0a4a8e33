//! Whatever scores targets for someone, by any rule, and accounts for each score.

use std::fmt;

use serde::Serialize;

use super::ranking::{contribution, finish_real};
use super::strategy::Strategy;
use crate::gap::skill_gaps;
use crate::matrix::{HeldRow, Required};

/// Who asks: what they hold, and which occupation they are when an occupation asks for others like
/// it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What is held.
    pub held: HeldRow<'a>,
    /// The occupation's position, for what looks at its texts; `None` for a person.
    pub occupation: Option<u32>,
}

impl<'a> From<HeldRow<'a>> for Asked<'a> {
    fn from(held: HeldRow<'a>) -> Self {
        Self { held, occupation: None }
    }
}

/// What is not a result.
pub const NO_RESULT: f32 = f32::NEG_INFINITY;

/// Scores every target for whoever asks: for rules that are no [`Strategy`], because they look
/// beyond the shared skills or at all targets at once. Built for the targets it scores.
pub trait Scorer: fmt::Debug + Send + Sync {
    /// The name with its options.
    fn name(&self) -> &str;

    /// How many targets are scored.
    fn targets(&self) -> usize;

    /// Writes the score of every target, [`NO_RESULT`] for what is none: the same bits whenever it
    /// is asked. `out` has [`Scorer::targets`] places.
    fn scores(&self, asked: Asked<'_>, out: &mut [f32]);

    /// How one target's score comes about: [`Scorer::rebuild`] gives its very bits from it.
    fn account(&self, asked: Asked<'_>, target: u32) -> Account;

    /// The score from the sum of an account's parts and its two constants: their product divides it,
    /// unless the scorer says otherwise.
    fn finish(&self, sum: f64, person: f64, target: f64) -> f64 {
        sum / (person * target)
    }

    /// The score from an account's parts and constants alone.
    #[expect(clippy::cast_possible_truncation, reason = "rounded once, as every score is")]
    fn rebuild(&self, account: &Account) -> f32 {
        if account.score == NO_RESULT {
            return NO_RESULT;
        }
        self.finish(account.sum(), account.person, account.target) as f32 + 0.0
    }
}

/// How a score comes about: Σ weight × value over its parts, finished with two constants.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Account {
    /// The scorer's name.
    pub scorer: String,
    /// The score; [`NO_RESULT`] for what is none.
    pub score: f32,
    /// What is added up, in this order.
    pub parts: Vec<Part>,
    /// The constant of who asks.
    pub person: f64,
    /// The constant of the target.
    pub target: f64,
}

/// One part of an account.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// What it is.
    pub of: PartOf,
    /// What its value is multiplied with.
    pub weight: f64,
    /// Its value.
    pub value: f64,
    /// How the value comes about, where it is a score itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
}

/// What a part is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartOf {
    /// A skill on both sides, by its position.
    Skill(u32),
    /// A required skill that another one answers, by their positions.
    Answer {
        /// What is required.
        required: u32,
        /// What is held.
        held: u32,
    },
    /// An occupation, by its position.
    Occupation(u32),
    /// A term of the formula, by its name.
    Term(String),
}

impl Account {
    /// Σ weight × value over the parts, in their order.
    pub fn sum(&self) -> f64 {
        self.parts.iter().map(|part| part.weight * part.value).sum()
    }

    /// An account whose score is put together from its parts.
    pub(crate) fn of<S: Scorer + ?Sized>(
        scorer: &S,
        parts: Vec<Part>,
        (person, target): (f64, f64),
    ) -> Self {
        let name = scorer.name().to_owned();
        let mut account = Self { scorer: name, score: 0.0, parts, person, target };
        account.score = scorer.rebuild(&account);
        account
    }

    /// The account of what is no result.
    pub(crate) fn none<S: Scorer + ?Sized>(scorer: &S) -> Self {
        let name = scorer.name().to_owned();
        Self { scorer: name, score: NO_RESULT, parts: Vec::new(), person: 1.0, target: 1.0 }
    }
}

impl Part {
    /// A part whose value stands for itself.
    pub(crate) fn new(of: PartOf, weight: f64, value: f64) -> Self {
        Self { of, weight, value, account: None }
    }
}

/// A strategy over its targets, as a scorer.
#[derive(Debug)]
pub struct Summed<'a> {
    strategy: Box<dyn Strategy>,
    required: &'a Required,
}

impl<'a> Summed<'a> {
    /// The scores of a strategy for these targets.
    pub fn new(strategy: Box<dyn Strategy>, required: &'a Required) -> Self {
        Self { strategy, required }
    }

    /// The strategy.
    pub fn strategy(&self) -> &dyn Strategy {
        &*self.strategy
    }
}

impl Scorer for Summed<'_> {
    fn name(&self) -> &str {
        self.strategy.name()
    }

    fn targets(&self) -> usize {
        self.required.len()
    }

    fn scores(&self, asked: Asked<'_>, out: &mut [f32]) {
        let person = self.strategy.person(asked.held);
        for (out, target) in out.iter_mut().zip(0u32..) {
            let required = self.required.row(target);
            let constant = self.strategy.target(required);
            let sum = skill_gaps(asked.held, required)
                .map(|gap| contribution(&*self.strategy, &gap, constant))
                .sum::<f64>();
            *out = if sum != 0.0 || self.strategy.ranks_unshared() {
                finish_real(&*self.strategy, sum, person, constant)
            } else {
                NO_RESULT
            };
        }
    }

    fn account(&self, asked: Asked<'_>, target: u32) -> Account {
        let required = self.required.row(target);
        let constant = self.strategy.target(required);
        let parts: Vec<Part> = skill_gaps(asked.held, required)
            .map(|gap| (gap.skill, contribution(&*self.strategy, &gap, constant)))
            .filter(|&(_, value)| value != 0.0)
            .map(|(skill, value)| Part::new(PartOf::Skill(skill), 1.0, value))
            .collect();
        if parts.is_empty() && !self.strategy.ranks_unshared() {
            return Account::none(self);
        }
        Account::of(self, parts, (self.strategy.person(asked.held), constant))
    }

    fn finish(&self, sum: f64, person: f64, target: f64) -> f64 {
        self.strategy.finish(sum, person, target)
    }
}
