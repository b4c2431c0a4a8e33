//! A score taken apart, and put together again.
//!
//! An explanation says of one person and one target which requirement was answered by which held
//! skill, on which evidence, and what that added to the score; what the score was divided by; and
//! where the person stands. [`Explanation::rebuild`] puts the parts together and gives the score's
//! very bits.

mod words;

use serde::Serialize;

use crate::error::Result;
use crate::framework::Framework;
use crate::gap::{Class, Eligibility, SkillGap, Standing, Status, skill_gaps};
use crate::matrix::Necessity;
use crate::profile::{HeldSkill, Profiles};
use crate::rank::{Strategy, Sum, contribution, finish_real};
use crate::transfer::{CreditSource, Transfer};

/// One required skill in an explanation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Term {
    /// The skill's id.
    pub skill: String,
    /// The skill's label in the language asked for.
    pub label: String,
    /// The level required, in steps.
    pub required: u16,
    /// The level held, in steps; `None` where the profile is silent.
    pub held: Option<u16>,
    /// The top of the skill's scale, in steps.
    pub top: u16,
    /// The requirement's weight, in parts of the framework's denominator.
    pub weight: u16,
    /// How much the requirement binds.
    pub necessity: Necessity,
    /// Where the person stands on it.
    pub class: Class,
    /// The steps missing, silence counted as not held.
    pub shortfall: u16,
    /// What the skill adds to the strategy's sum: a whole number, unless the strategy sums reals.
    pub contribution: f64,
    /// The skill that gave the credit, where the profile is silent and another one answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credited_by: Option<CreditedBy>,
    /// The evidence that counts for it; none where the profile is silent, or where level 0 follows
    /// from an assessment in full.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<HeldSkill>,
}

/// A held skill that gives credit towards a silent one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CreditedBy {
    /// The held skill's id.
    pub skill: String,
    /// Its label in the language asked for.
    pub label: String,
    /// How much of it counts.
    pub share: f32,
    /// Where that comes from.
    pub source: CreditSource,
}

/// A skill that is held above or beside what is required.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Surplus {
    /// The skill's id.
    pub skill: String,
    /// The skill's label in the language asked for.
    pub label: String,
    /// The level held, in steps.
    pub held: u16,
    /// The level required, in steps; 0 where it is not required at all.
    pub required: u16,
}

/// Why a person has the score that they have for a target.
///
/// `Display` gives it in plain words, in French when the language asked for is `fr` and in English
/// otherwise; `Serialize` gives every figure.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation<'s> {
    /// The framework's name and version.
    pub framework: String,
    /// The person's pseudonymous id.
    pub person: String,
    /// The target's id.
    pub target: String,
    /// The target's label.
    pub target_label: String,
    /// The strategy's name.
    #[serde(rename = "strategy")]
    pub strategy_name: String,
    /// The score.
    pub score: f32,
    /// Every required skill, in the order of the axis.
    pub terms: Vec<Term>,
    /// What is held above or beside what is required.
    pub surplus: Vec<Surplus>,
    /// The strategy's constant of the person.
    pub person_constant: f64,
    /// The strategy's constant of the target.
    pub target_constant: f64,
    /// The sums over all requirements and over the essential ones.
    pub standing: Standing,
    /// Whether the person may go for the target, as far as the profile tells.
    pub status: Status,
    /// The language of labels and words.
    pub language: String,
    #[serde(skip)]
    strategy: &'s dyn Strategy,
}

impl<'s> Explanation<'s> {
    /// Explains the score of a person for an occupation.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`](crate::Error::Unknown) person or target, with the id most like it;
    /// [`Error::AxisMismatch`](crate::Error::AxisMismatch).
    ///
    /// # Example
    ///
    /// ```
    /// use passerelle::rank::Coverage;
    /// use passerelle::{Explanation, Framework, Necessity, Profiles, Requirement, SkillKind};
    ///
    /// let mut builder = Framework::builder("demo", "1", "en");
    /// builder.skill("weld", SkillKind::KnowHow)?;
    /// builder.skill_label("weld", "en", "welding")?;
    /// builder.occupation("welder")?;
    /// let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
    /// builder.require("welder", "weld", one)?;
    /// let framework = builder.build()?;
    /// let mut people = Profiles::builder(framework.axis());
    /// people.person("p1")?;
    /// let profiles = people.build();
    ///
    /// let why = Explanation::of(&profiles, "p1", &framework, "welder", &Coverage, "en")?;
    /// assert_eq!(why.score, 0.0);
    /// assert_eq!(why.rebuild().to_bits(), why.score.to_bits());
    /// assert!(why.to_string().contains("welding"));
    /// # Ok::<(), passerelle::Error>(())
    /// ```
    pub fn of(
        profiles: &Profiles,
        person: &str,
        framework: &Framework,
        target: &str,
        strategy: &'s dyn Strategy,
        language: &str,
    ) -> Result<Self> {
        let none = Transfer::new(framework.axis(), [])?;
        Self::with_transfer(profiles, person, framework, target, strategy, language, &none)
    }

    /// The same, where held skills give credit towards silent ones: each credit names the skill that
    /// gave it. Where the person stands comes from what is held alone.
    ///
    /// # Errors
    ///
    /// As [`Explanation::of`].
    pub fn with_transfer(
        profiles: &Profiles,
        person: &str,
        framework: &Framework,
        target: &str,
        strategy: &'s dyn Strategy,
        language: &str,
        transfer: &Transfer,
    ) -> Result<Self> {
        let position = profiles.position(person)?;
        let row = framework.required().position(target)?;
        let required = framework.required().row(row);
        // Alone, so that one explanation does not merge everyone's evidence.
        let alone = transfer.apply(&profiles.select(&[position])?.held(framework)?)?;
        let held = alone.held().row(0);
        let credited_by = |skill| {
            let credit = alone.source(0, skill)?;
            Some(CreditedBy {
                skill: framework.axis().ids()[credit.from].to_owned(),
                label: framework.skill_name(credit.from, language).to_owned(),
                share: credit.share,
                source: credit.source,
            })
        };
        let axis = framework.axis();
        let target_constant = strategy.target(required);
        let term = |gap: SkillGap| Term {
            skill: axis.ids()[gap.skill].to_owned(),
            label: framework.skill_name(gap.skill, language).to_owned(),
            required: gap.required,
            held: gap.held,
            top: axis.scale(gap.skill).top(),
            weight: gap.weight,
            necessity: gap.necessity,
            class: gap.class(),
            shortfall: gap.shortfall(),
            contribution: contribution(strategy, &gap, target_constant),
            credited_by: credited_by(gap.skill),
            evidence: profiles.evidence(position, gap.skill),
        };
        let own = alone.before().row(0);
        let surplus = own.iter().filter_map(|(skill, level)| {
            let asked = required.skills.binary_search(&skill);
            let asked = asked.map_or(0, |at| required.levels[at]);
            (level > asked).then(|| Surplus {
                skill: axis.ids()[skill].to_owned(),
                label: framework.skill_name(skill, language).to_owned(),
                held: level,
                required: asked,
            })
        });
        let standing = Standing::of(own, required);
        let mut explanation = Self {
            framework: format!("{} {}", axis.framework(), axis.version()),
            person: person.to_owned(),
            target: target.to_owned(),
            target_label: framework.occupation_name(row, language).to_owned(),
            strategy_name: strategy.name().to_owned(),
            score: 0.0,
            terms: skill_gaps(held, required).map(term).collect(),
            surplus: surplus.collect(),
            person_constant: strategy.person(held),
            target_constant,
            standing,
            status: standing.status(Eligibility::default()),
            language: language.to_owned(),
            strategy,
        };
        explanation.score = explanation.rebuild();
        Ok(explanation)
    }

    /// The score from the terms and the constants alone: the same bits as every ranking gives.
    pub fn rebuild(&self) -> f32 {
        let sum = self.terms.iter().map(|term| term.contribution).sum();
        finish_real(self.strategy, sum, self.person_constant, self.target_constant)
    }

    /// What the strategy sums.
    pub fn sum(&self) -> Sum {
        self.strategy.sum()
    }
}
