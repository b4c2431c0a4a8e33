//! Where credits come from: the hierarchy, crosswalks, what is required together.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::together::each_together;
use super::{CreditSource, Transfer};
use crate::error::{Error, Result};
use crate::framework::{Crosswalk, EdgeKind, Framework};
use crate::matrix::Required;
use crate::skill::SkillAxis;

/// Credit by nearness in the hierarchy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hierarchy {
    /// What is left of a credit for each edge crossed, above 0 and below 1: a sibling is two edges
    /// away.
    pub decay: f32,
    /// How many edges may be crossed.
    pub steps: usize,
    /// Concepts with more narrower ones than this are not crossed: what a wide group holds together
    /// is hardly alike.
    pub widest: usize,
}

impl Default for Hierarchy {
    fn default() -> Self {
        Self { decay: 0.5, steps: 2, widest: 30 }
    }
}

/// What each kind of edge credits, from 0 to 1; multiplied with its confidence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EdgeCredits {
    /// The same concept.
    pub exact: f32,
    /// Nearly the same.
    pub close: f32,
    /// From what is held to something more general.
    pub broad: f32,
    /// From what is held to something more special.
    pub narrow: f32,
    /// To something else that has to do with it.
    pub related: f32,
}

impl Default for EdgeCredits {
    fn default() -> Self {
        Self { exact: 1.0, close: 0.8, broad: 0.6, narrow: 0.3, related: 0.0 }
    }
}

impl EdgeCredits {
    fn of(self, kind: EdgeKind) -> f32 {
        match kind {
            EdgeKind::Exact => self.exact,
            EdgeKind::Close => self.close,
            EdgeKind::Broad => self.broad,
            EdgeKind::Narrow => self.narrow,
            EdgeKind::Related => self.related,
        }
    }
}

/// Credit by what targets require together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CoOccurrence {
    /// The normalised pointwise mutual information from which on a pair counts, above 0 and at most 1.
    pub threshold: f64,
    /// How many targets must require both.
    pub least: u32,
    /// How many skills each credits at most: those with the greatest information.
    pub most: usize,
    /// What a pair that is always together credits, above 0 and at most 1.
    pub share: f32,
}

impl Default for CoOccurrence {
    fn default() -> Self {
        Self { threshold: 0.5, least: 3, most: 10, share: 0.5 }
    }
}

impl Transfer {
    /// From the hierarchy: `decay` to the power of the edges between two skills, over the shortest
    /// way up and down.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a decay that is not above 0 and below 1.
    pub fn from_hierarchy(framework: &Framework, options: Hierarchy) -> Result<Self> {
        let Hierarchy { decay, steps, widest } = options;
        if !(decay > 0.0 && decay < 1.0) {
            return Err(Error::argument("decay", decay, "above 0 and below 1"));
        }
        let taxonomy = framework.skills();
        let nodes = taxonomy.broader().nodes();
        let mut narrower: Vec<Vec<u32>> = vec![Vec::new(); nodes];
        for node in (0u32..).take(nodes) {
            for &broader in taxonomy.broader().from(node) {
                narrower[broader as usize].push(node);
            }
        }
        let mut cells = Vec::new();
        for skill in 0..taxonomy.members() {
            let mut seen: BTreeMap<u32, ()> = BTreeMap::from([(skill, ())]);
            let mut here = vec![skill];
            let mut share = 1.0f32;
            for _ in 0..steps {
                share *= decay;
                let mut next = Vec::new();
                for &node in &here {
                    let below = &narrower[node as usize];
                    let below = if below.len() <= widest { below.as_slice() } else { &[] };
                    for &other in taxonomy.broader().from(node).iter().chain(below) {
                        if seen.insert(other, ()).is_none() {
                            next.push(other);
                            if other < taxonomy.members() {
                                cells.push((skill, other, share));
                            }
                        }
                    }
                }
                here = next;
            }
        }
        Self::from_cells(framework.axis(), cells, CreditSource::Hierarchy)
    }

    /// From the edges of a crosswalk whose ends are both on the axis, such as that of two frameworks
    /// in one: from each end to the other by the kind of the edge seen from there, times its
    /// confidence. Gives how many edges had an end that is not there.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a credit outside of [0, 1].
    pub fn from_crosswalk(
        axis: &Arc<SkillAxis>,
        crosswalk: &Crosswalk,
        credits: EdgeCredits,
    ) -> Result<(Self, usize)> {
        let EdgeCredits { exact, close, broad, narrow, related } = credits;
        for credit in [exact, close, broad, narrow, related] {
            if !(0.0..=1.0).contains(&credit) {
                return Err(Error::argument("credit", credit, "from 0 to 1"));
            }
        }
        let (mut cells, mut left_out) = (Vec::new(), 0);
        for edge in crosswalk.edges() {
            let ends = axis.ids().position(&edge.from).zip(axis.ids().position(&edge.to));
            let Some((from, to)) = ends else {
                left_out += 1;
                continue;
            };
            for (from, to, kind) in [(from, to, edge.kind), (to, from, edge.kind.turned())] {
                let share = credits.of(kind) * edge.confidence;
                if share > 0.0 {
                    cells.push((from, to, share));
                }
            }
        }
        Ok((Self::from_cells(axis, cells, CreditSource::Crosswalk)?, left_out))
    }

    /// From what targets require together: normalised pointwise mutual information,
    /// ln(p(s, s′) ÷ (p(s)·p(s′))) ÷ −ln p(s, s′), 1 for skills that are only required together and
    /// 0 for those that are so by chance. What is at least the threshold credits it × `share`.
    ///
    /// Church and Hanks, *Word association norms, mutual information, and lexicography* (1990), in
    /// the positive part; normalised after Bouma, *Normalized (Pointwise) Mutual Information in
    /// Collocation Extraction* (2009). O(Σ over targets of skills²).
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for an option out of its range.
    #[expect(clippy::cast_possible_truncation, reason = "shares, rounded once")]
    pub fn from_co_occurrence(required: &Required, options: CoOccurrence) -> Result<Self> {
        let CoOccurrence { threshold, least, most, share } = options;
        if !(threshold > 0.0 && threshold <= 1.0) {
            return Err(Error::argument("threshold", threshold, "above 0 and at most 1"));
        }
        if !(share > 0.0 && share <= 1.0) {
            return Err(Error::argument("share", share, "above 0 and at most 1"));
        }
        let mut cells = Vec::new();
        each_together(required, |skill, others| {
            let others = others.iter().filter(|other| other.skill != skill && other.both >= least);
            let mut near: Vec<(u32, f64)> = others
                .map(|other| (other.skill, other.normalised()))
                .filter(|&(_, information)| information >= threshold)
                .collect();
            near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            near.truncate(most);
            let credit =
                |(other, information): (u32, f64)| (skill, other, information as f32 * share);
            cells.extend(near.into_iter().map(credit));
        });
        let axis = required.axis();
        Self::from_cells(axis, cells, CreditSource::CoOccurrence)
    }
}
