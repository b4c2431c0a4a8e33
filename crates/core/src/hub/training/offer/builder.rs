//! An offer put together piece by piece.

use std::sync::Arc;

use super::Offer;
use super::certification::{Block, Certification};
use super::funding::{Budget, Funder};
use super::module::{Module, Prerequisite};
use super::rule::{FundingRule, RuleKind, check_schemes};
use super::session::Session;
use crate::error::{Error, Result};
use crate::matrix::{Taught, TaughtBuilder};
use crate::skill::SkillAxis;
use crate::text::Ids;

/// Builds an [`Offer`], refusing what makes no sense as it comes.
#[derive(Clone, Debug)]
pub struct OfferBuilder {
    taught: TaughtBuilder,
    offer: Offer,
}

fn add<T>(
    ids: &mut Ids,
    values: &mut Vec<T>,
    what: &'static str,
    id: &str,
    value: T,
) -> Result<u32> {
    let (position, new) = ids.insert(id)?;
    if !new {
        return Err(Error::Duplicate { what, id: id.to_owned() });
    }
    values.push(value);
    Ok(position)
}

impl OfferBuilder {
    /// An empty offer on an axis.
    pub fn new(axis: &Arc<SkillAxis>) -> Self {
        let taught = Taught::builder(axis);
        let offer = Offer {
            axis: Arc::clone(axis),
            taught: Taught::empty(axis),
            modules: Vec::new(),
            session_ids: Ids::new(),
            sessions: Vec::new(),
            sessions_of: Vec::new(),
            territories: Ids::new(),
            certification_ids: Ids::new(),
            certifications: Vec::new(),
            block_ids: Ids::new(),
            blocks: Vec::new(),
            funder_ids: Ids::new(),
            funders: Vec::new(),
            axes: Ids::new(),
            budgets: Vec::new(),
            rules: Vec::new(),
        };
        Self { taught, offer }
    }

    /// The offer as it stands; what modules teach comes with [`OfferBuilder::build`].
    pub fn offer(&self) -> &Offer {
        &self.offer
    }

    /// The modules' ids as they stand.
    pub fn module_ids(&self) -> &Ids {
        self.taught.modules()
    }

    /// Adds a certification.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`].
    pub fn certification(&mut self, id: &str, certification: Certification) -> Result<u32> {
        let offer = &mut self.offer;
        let (ids, all) = (&mut offer.certification_ids, &mut offer.certifications);
        add(ids, all, "certification", id, certification)
    }

    /// Adds a block of a certification.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`], [`Error::Argument`] for a certification that is not there.
    pub fn block(&mut self, id: &str, block: Block) -> Result<u32> {
        let certification = block.certification;
        below("certification", certification, self.offer.certifications.len())?;
        let position = add(&mut self.offer.block_ids, &mut self.offer.blocks, "block", id, block)?;
        self.offer.certifications[certification as usize].blocks.push(position);
        Ok(position)
    }

    /// Says that a block certifies a skill at a level.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a block that is not there, [`Error::Unknown`] skill,
    /// [`Error::Level`], [`Error::DuplicateSkill`].
    pub fn certify(&mut self, block: u32, skill: &str, level: u16) -> Result<()> {
        below("block", block, self.offer.blocks.len())?;
        let row = self.offer.block_ids[block].to_owned();
        let position = self.skill_level(&row, skill, level)?;
        let skills = &mut self.offer.blocks[block as usize].skills;
        match skills.binary_search_by_key(&position, |&(skill, _)| skill) {
            Ok(_) => Err(Error::DuplicateSkill { row, skill: skill.to_owned() }),
            Err(at) => {
                skills.insert(at, (position, level));
                Ok(())
            }
        }
    }

    /// Adds a module.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`], [`Error::Argument`] for a block that is not there.
    pub fn module(&mut self, id: &str, module: Module) -> Result<u32> {
        for &block in &module.blocks {
            below("block", block, self.offer.blocks.len())?;
        }
        if self.taught.modules().position(id).is_some() {
            return Err(Error::Duplicate { what: "module", id: id.to_owned() });
        }
        let position = self.taught.module(id)?;
        self.offer.modules.push(module);
        self.offer.sessions_of.push(Vec::new());
        Ok(position)
    }

    /// Says up to which level a module teaches a skill.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] module or skill, [`Error::Level`] for 0 or beyond the skill's scale.
    pub fn teach(&mut self, module: &str, skill: &str, level: u16) -> Result<()> {
        self.module_position(module)?;
        self.taught.teach(module, skill, level)
    }

    /// Adds a prerequisite of a module.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] module or skill, [`Error::Level`] for 0 or beyond the skill's scale.
    pub fn prerequisite(
        &mut self,
        module: &str,
        skill: &str,
        level: u16,
        strength: super::Strength,
    ) -> Result<()> {
        let at = self.module_position(module)?;
        let skill = self.skill_level(module, skill, level)?;
        let prerequisite = Prerequisite { skill, level, strength };
        let all = &mut self.offer.modules[at as usize].prerequisites;
        if !all.contains(&prerequisite) {
            all.push(prerequisite);
        }
        Ok(())
    }

    /// The position of a territory, added when new.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] past 2³¹ − 1 territories.
    pub fn territory(&mut self, id: &str) -> Result<u32> {
        Ok(self.offer.territories.insert(id)?.0)
    }

    /// The position of a budget axis, added when new.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`] past 2³¹ − 1 axes.
    pub fn axis(&mut self, id: &str) -> Result<u32> {
        Ok(self.offer.axes.insert(id)?.0)
    }

    /// Adds a funder.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`].
    pub fn funder(&mut self, id: &str, funder: Funder) -> Result<u32> {
        add(&mut self.offer.funder_ids, &mut self.offer.funders, "funder", id, funder)
    }

    /// Adds a budget.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a funder or an axis that is not there, or a period that ends before
    /// it begins.
    pub fn budget(&mut self, budget: Budget) -> Result<()> {
        below("funder", budget.funder, self.offer.funders.len())?;
        below("axis", budget.axis, self.offer.axes.len())?;
        if let (Some(from), Some(until)) = (budget.from, budget.until)
            && until < from
        {
            return Err(Error::argument("until", until, format!("{from} or later")));
        }
        self.offer.budgets.push(budget);
        Ok(())
    }

    /// Adds a funding rule. Whether the rules fit together is checked at the end.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a funder or an axis that is not there, or an empty range of hours.
    pub fn rule(&mut self, rule: FundingRule) -> Result<()> {
        let (funder, axis) = match &rule.kind {
            RuleKind::Hours { funder, range, .. } => {
                if range.below.is_some_and(|below| below <= range.from) {
                    let expected = "a range that holds some hours";
                    return Err(Error::argument("hours", &rule.id, expected));
                }
                (*funder, None)
            }
            RuleKind::Share { funder, axis, .. } | RuleKind::Cap { funder, axis, .. } => {
                (*funder, Some(*axis))
            }
            RuleKind::Quota { funder, .. } | RuleKind::Priority { funder, .. } => (*funder, None),
        };
        below("funder", funder, self.offer.funders.len())?;
        below("axis", axis.unwrap_or(0), self.offer.axes.len().max(1))?;
        self.offer.rules.push(rule);
        Ok(())
    }

    /// Adds a session.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`]; [`Error::Argument`] for a module, territory, axis or funder that is
    /// not there, no seats, a greatest headcount below the least, or dates that end before they
    /// begin.
    pub fn session(&mut self, id: &str, mut session: Session) -> Result<u32> {
        below("module", session.module, self.offer.modules.len())?;
        below("territory", session.territory, self.offer.territories.len())?;
        below("axis", session.axis, self.offer.axes.len())?;
        session.funders.sort_unstable();
        session.funders.dedup();
        for &funder in &session.funders {
            below("funder", funder, self.offer.funders.len())?;
        }
        if session.capacity() == 0 {
            return Err(Error::argument(
                "seats",
                0,
                "at least 1: a session without seats trains nobody",
            ));
        }
        if session.minimum > session.capacity() {
            let expected = format!("at most its {} seats", session.capacity());
            return Err(Error::argument("minimum", session.minimum, expected));
        }
        for (from, until) in session.dates.into_iter().chain(session.entry) {
            if until < from {
                return Err(Error::argument("end", until, format!("{from} or later")));
            }
        }
        let module = session.module as usize;
        let offer = &mut self.offer;
        let position = add(&mut offer.session_ids, &mut offer.sessions, "session", id, session)?;
        offer.sessions_of[module].push(position);
        Ok(position)
    }

    /// The offer, once its parts fit together.
    ///
    /// # Errors
    ///
    /// [`Error::FundingRules`] for overlapping rules or hours that none covers,
    /// [`Error::DuplicateSkill`] when a module teaches a skill twice.
    pub fn build(self) -> Result<Offer> {
        let mut offer = self.offer;
        check_schemes(&offer.rules)?;
        check_shares(&offer)?;
        offer.taught = self.taught.build()?;
        Ok(offer)
    }

    fn module_position(&self, id: &str) -> Result<u32> {
        let modules = self.taught.modules();
        modules.position(id).ok_or_else(|| Error::unknown("module", id, modules))
    }

    fn skill_level(&self, row: &str, skill: &str, level: u16) -> Result<u32> {
        let position = self.offer.axis.position(skill)?;
        let top = self.offer.axis.scale(position).top();
        if level == 0 || level > top {
            return Err(Error::Level {
                row: row.to_owned(),
                skill: skill.to_owned(),
                level: level.into(),
                least: 1,
                top,
            });
        }
        Ok(position)
    }
}

fn below(name: &'static str, position: u32, count: usize) -> Result<()> {
    if (position as usize) < count {
        return Ok(());
    }
    Err(Error::argument(name, position, format!("a position below {count}")))
}

/// Refuses two rules that set one axis' share on one day.
fn check_shares(offer: &Offer) -> Result<()> {
    for (at, first) in offer.rules.iter().enumerate() {
        for second in &offer.rules[at + 1..] {
            let same = match (&first.kind, &second.kind) {
                (
                    RuleKind::Share { funder: f, axis: a, .. },
                    RuleKind::Share { funder: g, axis: b, .. },
                ) => (f, a) == (g, b),
                (
                    RuleKind::Quota { funder: f, group: a, .. },
                    RuleKind::Quota { funder: g, group: b, .. },
                ) => (f, a) == (g, b),
                _ => false,
            };
            let starts = [first.from, second.from].into_iter().flatten().max();
            let overlap = match starts {
                Some(day) => first.holds(day) && second.holds(day),
                // Neither has a beginning, so both hold on the earliest day of all.
                None => true,
            };
            if same && overlap {
                return Err(Error::FundingRules {
                    scheme: first.id.clone(),
                    problem: format!(
                        "`{}` says the same thing over the same days; keep one",
                        second.id
                    ),
                });
            }
        }
    }
    Ok(())
}
