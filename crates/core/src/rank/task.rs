//! A ranking, on its way to its strategy.
//!
//! Scores and bounds become vector code where the compiler knows the strategy. Of a `dyn Strategy`
//! only the strategy itself does: so each ranking is handed to it, once for all rows, and is carried
//! out where its type is known ([`Strategy::carry_out`]).

use super::ranker::Turned;
use super::real::Pairs;
use super::strategy::Strategy;
use crate::error::Result;

/// What is to be ranked, and where the results go.
pub struct Task<'a>(pub(super) Sums<'a>);

/// What is summed decides how it is ranked.
pub(super) enum Sums<'a> {
    /// Sums of whole numbers.
    Exact(Turned<'a>),
    /// Sums of real numbers.
    Real(Pairs<'a>),
}

impl Task<'_> {
    /// Ranks by `strategy`.
    pub(super) fn by<S: Strategy + ?Sized>(self, strategy: &S) -> Result<()> {
        match self.0 {
            Sums::Exact(turned) => turned.by(strategy),
            Sums::Real(pairs) => pairs.by(strategy),
        }
    }
}
