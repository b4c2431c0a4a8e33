//! What can be bought: certifications, modules, sessions, and the money for them.

mod builder;
mod certification;
mod finding;
mod funding;
pub mod lheo;
mod module;
mod quantity;
mod reach;
mod read;
mod rncp;
mod rule;
mod session;
mod table;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use builder::OfferBuilder;
pub use certification::{Block, Certification, CertificationKind, LevelSystem, Route};
pub use finding::{FileCount, Finding, OfferReport};
pub use funding::{Budget, Funder};
pub use lheo::LheoOptions;
pub use module::{Modality, Module, Prerequisite, Purpose, Strength};
pub use quantity::{euros, hours, percent, read_cents, read_minutes};
pub use rncp::RncpOptions;
pub use rule::{Base, Bearing, FundingRule, Group, HourRange, RuleKind, Tolerance};
pub use session::{Buying, Session};

use crate::error::{Error, Result};
use crate::matrix::Taught;
use crate::skill::SkillAxis;
use crate::text::Ids;

/// What can be bought, on one skill axis.
///
/// Ids are found by position; positions of one kind never mix with those of another. It is built
/// once, checked as it is built, and never changes.
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use passerelle::hub::training::offer::{Module, OfferBuilder};
/// use passerelle::{LevelScale, SkillAxis};
///
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", LevelScale::held(), ["weld", "read"])?);
/// let mut offer = OfferBuilder::new(&axis);
/// offer.module("m1", Module { minutes: 35 * 60, cents: 40_000, ..Module::default() })?;
/// offer.teach("m1", "weld", 1)?;
/// let offer = offer.build()?;
/// assert_eq!(offer.taught().row(0).levels, [1]);
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub(super) axis: Arc<SkillAxis>,
    pub(super) taught: Taught,
    pub(super) modules: Vec<Module>,
    pub(super) session_ids: Ids,
    pub(super) sessions: Vec<Session>,
    /// The sessions of each module, by position.
    pub(super) sessions_of: Vec<Vec<u32>>,
    pub(super) territories: Ids,
    pub(super) certification_ids: Ids,
    pub(super) certifications: Vec<Certification>,
    pub(super) block_ids: Ids,
    pub(super) blocks: Vec<Block>,
    pub(super) funder_ids: Ids,
    pub(super) funders: Vec<Funder>,
    pub(super) axes: Ids,
    pub(super) budgets: Vec<Budget>,
    pub(super) rules: Vec<FundingRule>,
}

impl Offer {
    /// The skill axis.
    pub fn axis(&self) -> &Arc<SkillAxis> {
        &self.axis
    }

    /// What modules teach: modules × skills. Its rows are the modules' positions.
    pub fn taught(&self) -> &Taught {
        &self.taught
    }

    /// The modules' ids, by position.
    pub fn module_ids(&self) -> &Ids {
        self.taught.modules()
    }

    /// The modules, by position.
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// A module's position.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the id most like it.
    pub fn module_position(&self, id: &str) -> Result<u32> {
        self.module_ids()
            .position(id)
            .ok_or_else(|| Error::unknown("module", id, self.module_ids()))
    }

    /// The sessions' ids, by position.
    pub fn session_ids(&self) -> &Ids {
        &self.session_ids
    }

    /// The sessions, by position.
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// The positions of a module's sessions, ascending.
    ///
    /// # Panics
    ///
    /// When the module's position is not below the number of modules.
    pub fn sessions_of(&self, module: u32) -> &[u32] {
        &self.sessions_of[module as usize]
    }

    /// The territories that sessions take place in.
    pub fn territories(&self) -> &Ids {
        &self.territories
    }

    /// A territory's position among those of the offer.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the id most like it.
    pub fn territory_position(&self, id: &str) -> Result<u32> {
        self.territories
            .position(id)
            .ok_or_else(|| Error::unknown("territory", id, &self.territories))
    }

    /// The certifications' ids, by position.
    pub fn certification_ids(&self) -> &Ids {
        &self.certification_ids
    }

    /// The certifications, by position.
    pub fn certifications(&self) -> &[Certification] {
        &self.certifications
    }

    /// The blocks' ids, by position.
    pub fn block_ids(&self) -> &Ids {
        &self.block_ids
    }

    /// The blocks, by position.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The funders' ids, by position.
    pub fn funder_ids(&self) -> &Ids {
        &self.funder_ids
    }

    /// The funders, by position.
    pub fn funders(&self) -> &[Funder] {
        &self.funders
    }

    /// The axes that budgets are split by.
    pub fn axes(&self) -> &Ids {
        &self.axes
    }

    /// The budgets.
    pub fn budgets(&self) -> &[Budget] {
        &self.budgets
    }

    /// The funding rules.
    pub fn rules(&self) -> &[FundingRule] {
        &self.rules
    }
}
