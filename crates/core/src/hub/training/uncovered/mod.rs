//! What certifications miss, grouped into additional modules for those who write them.
//!
//! An occupation requires skills; the certifications that lead to it certify some of them, up to a
//! level. What is required beyond that is uncovered, and counts as much as the occupation is
//! needed. For each certification, the uncovered skills of the occupations that it leads to are
//! grouped by how often they are asked for together.

mod together;
mod write;

#[cfg(test)]
mod tests;

use hashbrown::HashMap;
use serde::Serialize;

pub use write::write_uncovered;

use super::Offer;
use crate::error::{Error, Result};
use crate::matrix::Required;

/// How uncovered skills are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct UncoveredOptions {
    /// Two skills may share a module when, of the needs that ask for either, at least this share
    /// asks for both; in hundredths of a percent. 0 puts all that a certification misses in one
    /// module, 10,000 only what is always asked for together. 2,000 (a fifth) without more:
    /// higher gives many small modules, lower mixes a trade with what every job asks for.
    pub together: u32,
}

impl Default for UncoveredOptions {
    fn default() -> Self {
        Self { together: 2_000 }
    }
}

/// A skill that is required and not certified that far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lacking {
    /// The skill's position.
    pub skill: u32,
    /// The level up to which it is certified, the lowest over the targets; 0 where it is not.
    pub from: u16,
    /// The level required, the highest over the targets.
    pub to: u16,
    /// The targets that lack it, by position, ascending.
    pub targets: Vec<u32>,
    /// Σ need × weight × missing steps over these targets.
    pub lack: u64,
}

/// A module that would complete a certification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AdditionalModule {
    /// What it would teach, skills ascending.
    pub skills: Vec<Lacking>,
    /// The sum of what its skills lack.
    pub lack: u64,
}

/// A certification and what would complete it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Enrichment {
    /// The certification's position.
    pub certification: u32,
    /// The needs of the targets that it leads to.
    pub needs: u64,
    /// The sum of what its modules lack.
    pub lack: u64,
    /// The modules, the largest lack first, then the lowest skill.
    pub modules: Vec<AdditionalModule>,
}

/// What the certifications of an offer miss.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Uncovered {
    /// The certifications that miss something, by position.
    pub enriched: Vec<Enrichment>,
    /// Targets that are needed and that no certification leads to, by position.
    pub uncertified: Vec<u32>,
    /// Certifications (by position) and ids that they lead to and that are no target.
    pub unknown_targets: Vec<(u32, String)>,
}

/// What the certifications of an offer miss of what targets require.
///
/// A skill of a target is certified up to the highest level of any certification that leads to the
/// target, whoever's it is: a second certification of an occupation is not asked for what the
/// first one has. `needs` says how much each target is needed (positions asked for, say), by its
/// position; a target of no need asks for nothing.
///
/// Skills are grouped by complete linkage (T. Sørensen, *A method of establishing groups of equal
/// amplitude in plant sociology*, 1948) of their Jaccard similarity over the needs that ask for
/// them: every two skills of a module are asked for together often enough. Shares are compared
/// exactly, and ties go to the lowest skills.
///
/// O(requirements + Σ over certifications of missing skills² × (missing skills + targets)).
///
/// # Errors
///
/// [`Error::AxisMismatch`]; [`Error::Argument`] for needs of another length than the targets,
/// needs too large to be summed, or a share above 10,000.
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use passerelle::hub::training::offer::{Block, Certification, OfferBuilder};
/// use passerelle::hub::training::uncovered::{UncoveredOptions, uncovered};
/// use passerelle::{LevelScale, Necessity, Required, Requirement, SkillAxis};
///
/// let ids = ["a", "b", "c", "d", "soft"];
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", LevelScale::held(), ids)?);
/// let mut targets = Required::builder(&axis);
/// for skill in ids {
///     let requirement = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
///     targets.require("line operator", skill, requirement)?;
/// }
/// let mut offer = OfferBuilder::new(&axis);
/// let title = Certification { targets: vec!["line operator".into()], ..Default::default() };
/// let certification = offer.certification("title", title)?;
/// let block = offer.block("all", Block { certification, ..Default::default() })?;
/// for skill in ["a", "b", "c"] {
///     offer.certify(block, skill, 1)?;
/// }
///
/// let found =
///     uncovered(&offer.build()?, &targets.build()?, &[150], &UncoveredOptions::default())?;
/// let module = &found.enriched[0].modules[0];
/// let skills: Vec<&str> = module.skills.iter().map(|s| &axis.ids()[s.skill]).collect();
/// assert_eq!((skills, module.lack), (vec!["d", "soft"], 300));
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn uncovered(
    offer: &Offer,
    required: &Required,
    needs: &[u32],
    options: &UncoveredOptions,
) -> Result<Uncovered> {
    offer.axis().check_same(required.axis())?;
    check(required, needs, options)?;
    let mut found = Uncovered::default();
    let mut certifications_of = vec![Vec::new(); required.len()];
    for (certification, known) in (0u32..).zip(offer.certifications()) {
        for id in &known.targets {
            match required.targets().position(id) {
                Some(target) => certifications_of[target as usize].push(certification),
                None => found.unknown_targets.push((certification, id.clone())),
            }
        }
    }
    let mut missing: Vec<Vec<Missing>> = Vec::with_capacity(required.len());
    let mut asked: HashMap<u32, Vec<(u32, u32)>> = HashMap::new();
    for ((target, &need), certifications) in (0u32..).zip(needs).zip(&certifications_of) {
        missing.push(Vec::new());
        if need == 0 {
            continue;
        }
        for &skill in required.row(target).skills {
            asked.entry(skill).or_default().push((target, need));
        }
        if certifications.is_empty() {
            found.uncertified.push(target);
        } else {
            missing[target as usize] = missing_of(offer, required, target, certifications);
        }
    }
    for (certification, known) in (0u32..).zip(offer.certifications()) {
        let mut targets: Vec<u32> =
            known.targets.iter().filter_map(|id| required.targets().position(id)).collect();
        targets.sort_unstable();
        targets.dedup();
        let lacking = lacking(&targets, &missing, needs);
        if lacking.is_empty() {
            continue;
        }
        let mut modules: Vec<AdditionalModule> = together::groups(&lacking, &asked, options)
            .into_iter()
            .map(|skills| AdditionalModule { lack: skills.iter().map(|s| s.lack).sum(), skills })
            .collect();
        modules.sort_by_key(|module| (std::cmp::Reverse(module.lack), module.skills[0].skill));
        found.enriched.push(Enrichment {
            certification,
            needs: targets.iter().map(|&target| u64::from(needs[target as usize])).sum(),
            lack: modules.iter().map(|module| module.lack).sum(),
            modules,
        });
    }
    Ok(found)
}

/// What one target requires beyond what is certified.
#[derive(Clone, Copy)]
struct Missing {
    skill: u32,
    from: u16,
    to: u16,
    weight: u16,
}

fn check(required: &Required, needs: &[u32], options: &UncoveredOptions) -> Result<()> {
    if needs.len() != required.len() {
        let expected = format!("one for each of the {} targets", required.len());
        return Err(Error::argument("needs", format!("{} values", needs.len()), expected));
    }
    if options.together > 10_000 {
        let expected = "at most 10000, which is 100 %";
        return Err(Error::argument("together", options.together, expected));
    }
    // All later sums are parts of this one.
    let sum = (0u32..).zip(needs).try_fold(0u64, |sum, (target, &need)| {
        u64::from(need).checked_mul(required.total(target).into())?.checked_add(sum)
    });
    match sum {
        Some(_) => Ok(()),
        None => Err(Error::argument("needs", "a sum above 2^64", "smaller needs")),
    }
}

fn missing_of(
    offer: &Offer,
    required: &Required,
    target: u32,
    certifications: &[u32],
) -> Vec<Missing> {
    let mut certified: HashMap<u32, u16> = HashMap::new();
    for &certification in certifications {
        for &block in &offer.certifications()[certification as usize].blocks {
            for &(skill, level) in &offer.blocks()[block as usize].skills {
                let known = certified.entry(skill).or_default();
                *known = level.max(*known);
            }
        }
    }
    let row = required.row(target).iter();
    row.filter_map(|(skill, requirement)| {
        let from = certified.get(&skill).copied().unwrap_or(0);
        let missing = Missing { skill, from, to: requirement.level, weight: requirement.weight };
        (from < requirement.level).then_some(missing)
    })
    .collect()
}

/// What targets miss together, skills ascending.
fn lacking(targets: &[u32], missing: &[Vec<Missing>], needs: &[u32]) -> Vec<Lacking> {
    let mut all: HashMap<u32, Lacking> = HashMap::new();
    for &target in targets {
        for found in &missing[target as usize] {
            let lacking = all.entry(found.skill).or_insert_with(|| Lacking {
                skill: found.skill,
                from: found.from,
                to: found.to,
                targets: Vec::new(),
                lack: 0,
            });
            lacking.from = lacking.from.min(found.from);
            lacking.to = lacking.to.max(found.to);
            lacking.targets.push(target);
            lacking.lack += u64::from(needs[target as usize])
                * u64::from(found.weight)
                * u64::from(found.to - found.from);
        }
    }
    let mut all: Vec<Lacking> = all.into_values().collect();
    all.sort_unstable_by_key(|lacking| lacking.skill);
    all
}
