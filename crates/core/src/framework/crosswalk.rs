//! Which concepts of one framework are which of another.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::skill::named;

/// How the concept of an edge's end stands to that of its start, after SKOS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum EdgeKind {
    /// The same.
    Exact = 0,
    /// Nearly the same.
    Close = 1,
    /// More general.
    Broad = 2,
    /// More special.
    Narrow = 3,
    /// Something else that has to do with it.
    Related = 4,
}

named!(EdgeKind, "kind", {
    Exact = "exact",
    Close = "close",
    Broad = "broad",
    Narrow = "narrow",
    Related = "related",
});

impl EdgeKind {
    /// The kind seen from the other end.
    #[must_use]
    pub fn turned(self) -> Self {
        match self {
            Self::Broad => Self::Narrow,
            Self::Narrow => Self::Broad,
            same => same,
        }
    }
}

/// One pair of a crosswalk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    /// The id in the first framework.
    pub from: String,
    /// The id in the second.
    pub to: String,
    /// How the second stands to the first.
    pub kind: EdgeKind,
    /// How sure the pair is, above 0 and up to 1.
    pub confidence: f32,
}

/// Pairs of concepts of two frameworks, each pair once, by ids ascending.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Crosswalk {
    from: String,
    to: String,
    edges: Vec<Edge>,
}

impl Crosswalk {
    /// From pairs, in any order; `from` and `to` name the frameworks and their versions. Of a pair
    /// given twice the strongest kind counts (exact before close, and so on), then the greatest
    /// confidence.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a confidence that is not above 0 and at most 1.
    pub fn new(
        from: impl Into<String>,
        to: impl Into<String>,
        mut edges: Vec<Edge>,
    ) -> Result<Self> {
        if let Some(edge) = edges.iter().find(|e| !(e.confidence > 0.0 && e.confidence <= 1.0)) {
            let value = format!("{} for {} → {}", edge.confidence, edge.from, edge.to);
            return Err(Error::argument("confidence", value, "above 0 and at most 1"));
        }
        edges.sort_by(|a, b| {
            (&a.from, &a.to, a.kind)
                .cmp(&(&b.from, &b.to, b.kind))
                .then(b.confidence.total_cmp(&a.confidence))
        });
        edges.dedup_by(|later, first| later.from == first.from && later.to == first.to);
        Ok(Self { from: from.into(), to: to.into(), edges })
    }

    /// The framework that pairs start in.
    pub fn from(&self) -> &str {
        &self.from
    }

    /// The framework that they end in.
    pub fn to(&self) -> &str {
        &self.to
    }

    /// The pairs, by ids ascending.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The pairs that start at an id.
    pub fn of(&self, from: &str) -> &[Edge] {
        let start = self.edges.partition_point(|edge| edge.from.as_str() < from);
        let end = self.edges.partition_point(|edge| edge.from.as_str() <= from);
        &self.edges[start..end]
    }

    /// The same pairs the other way round.
    #[must_use]
    pub fn turned(&self) -> Self {
        let turn = |edge: &Edge| Edge {
            from: edge.to.clone(),
            to: edge.from.clone(),
            kind: edge.kind.turned(),
            confidence: edge.confidence,
        };
        let mut edges: Vec<Edge> = self.edges.iter().map(turn).collect();
        edges.sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
        Self { from: self.to.clone(), to: self.from.clone(), edges }
    }

    /// How many of some ids have a pair: the share of a source that is mapped.
    pub fn mapped<'i>(&self, ids: impl IntoIterator<Item = &'i str>) -> (usize, usize) {
        let (mut mapped, mut all) = (0, 0);
        for id in ids {
            all += 1;
            mapped += usize::from(!self.of(id).is_empty());
        }
        (mapped, all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(from: &str, to: &str, kind: EdgeKind, confidence: f32) -> Edge {
        Edge { from: from.to_owned(), to: to.to_owned(), kind, confidence }
    }

    #[test]
    fn a_pair_counts_once_and_turns_back() {
        let walk = Crosswalk::new(
            "A 1",
            "B 1",
            vec![
                edge("b", "y", EdgeKind::Broad, 0.5),
                edge("a", "x", EdgeKind::Close, 0.9),
                edge("a", "x", EdgeKind::Exact, 0.2),
            ],
        )
        .unwrap();
        assert_eq!(walk.of("a"), [edge("a", "x", EdgeKind::Exact, 0.2)]);
        assert_eq!(walk.turned().of("y")[0].kind, EdgeKind::Narrow);
        assert_eq!(walk.turned().turned(), walk);
        assert_eq!(walk.mapped(["a", "c"]), (1, 2));
        assert!(Crosswalk::new("A", "B", vec![edge("a", "b", EdgeKind::Exact, 0.0)]).is_err());
    }
}
