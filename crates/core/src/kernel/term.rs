//! What one shared skill adds to a sum.

use crate::matrix::Pair;

/// What is added up over the skills that a person and a target share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Term {
    /// w·min(r, h): the credit.
    Credit,
    /// w·r: what is known of, held or not.
    Known,
    /// h·(w·r): the product.
    Product,
    /// 1 where h ≥ r: how many requirements are met.
    Met,
    /// 1: how many requirements are known of.
    Spoken,
}

/// Which side asks; the other side is indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Asker {
    /// A person asks, targets are indexed.
    Person,
    /// A target asks, people are indexed.
    Target,
}

impl Term {
    /// The part of one skill, required as `required` says and held at `held`.
    #[inline]
    pub(crate) fn part(self, required: Pair, held: u16) -> u64 {
        let weight = u64::from(required.weight);
        match self {
            Self::Credit => weight * u64::from(required.level.min(held)),
            Self::Known => weight * u64::from(required.level),
            Self::Product => u64::from(held) * weight * u64::from(required.level),
            Self::Met => u64::from(held >= required.level),
            Self::Spoken => 1,
        }
    }

    /// The same, said by who asks.
    #[inline]
    pub(crate) fn part_asked(self, asker: Asker, asking: Pair, indexed: Pair) -> u64 {
        match asker {
            Asker::Person => self.part(indexed, asking.level),
            Asker::Target => self.part(asking, indexed.level),
        }
    }
}
