//! Frameworks of several sources as one.

mod resolve;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use self::resolve::Resolving;
use super::crosswalk::{Crosswalk, EdgeKind};
use super::labels::LabelRole;
use super::{Framework, Taxonomy};
use crate::error::Result;
use crate::matrix::Necessity;

/// Which of the two kinds of concepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConceptOf {
    /// Skills and their groups.
    Skills,
    /// Occupations and their groups.
    Occupations,
}

/// One thing that a source says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fact {
    Skill { id: String, kind: u8, reuse: u8, scale: (String, u16, u16) },
    Occupation { id: String },
    Group { of: ConceptOf, id: String },
    Text { of: ConceptOf, id: String, language: String, role: LabelRole, text: String },
    Broader { of: ConceptOf, id: String, broader: String },
    Tag { of: ConceptOf, id: String, tag: String },
    Title { occupation: String, language: String, title: String },
    Prerequisite { skill: String, requires: String, strict: bool },
    Required { occupation: String, skill: String, asked: Required },
    Alias { of: ConceptOf, ids: (String, String) },
    Language { language: String },
}

/// A requirement on its source's own scale: level and top, weight and denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Required {
    level: (u16, u16),
    weight: (u16, u16),
    necessity: Necessity,
}

/// What several sources say, each assertion with its source: a set.
///
/// Merging is the union of sets, so that it is associative, commutative and idempotent, and nothing
/// that a source said is lost. [`Union::resolve`] makes one framework of it, as a function of the set
/// alone:
///
/// - Concepts are the same where an alias says so, directly or over others; the smallest id of them
///   stands for all. Equal ids of two sources are one concept.
/// - Kind and reuse: what most sources say, "unspecified" not counted; of as many the first in the
///   order of the enumeration.
/// - Scale of a skill: that with the highest top, then the first by name. Levels of other scales are
///   brought to it, rounded up, so that no requirement gets weaker.
/// - Requirements: the greatest level, the greatest weight, the strictest necessity.
/// - Preferred labels: that of the first source by name; those of the others become alternative ones.
/// - An edge that would close a cycle of broader concepts or prerequisites is left out: edges are
///   taken in the order of their ids.
///
/// Where sources differ, the [`Conflict`]s say so.
///
/// # Example
///
/// ```
/// use passerelle::framework::{ConceptOf, Union};
/// # use passerelle::{Framework, Necessity, Requirement, SkillKind};
/// # let source = |name: &str, skill: &str, necessity| -> passerelle::Result<Framework> {
/// #     let mut builder = Framework::builder(name, "1", "fr");
/// #     builder.skill(skill, SkillKind::KnowHow)?;
/// #     builder.occupation("soudeur")?;
/// #     builder.require("soudeur", skill, Requirement { level: 1, weight: 1, necessity })?;
/// #     builder.build()
/// # };
/// let branch = source("branche", "souder", Necessity::Blocking)?;
/// let rome = source("ROME", "100", Necessity::Essential)?;
/// let union = Union::of(&branch).alias(ConceptOf::Skills, "100", "souder").merge(&Union::of(&rome));
/// let (framework, conflicts) = union.resolve("partagé", "1")?;
/// assert_eq!(framework.required().row(0).necessities, [Necessity::Blocking]);
/// assert_eq!(conflicts.len(), 1, "the sources differ in how much it binds");
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Union {
    facts: BTreeSet<(Fact, String)>,
}

/// Where sources say different things of one concept.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Conflict {
    /// The concept, or the occupation and the skill of a requirement.
    pub concept: Vec<String>,
    /// What they differ in: `kind`, `reuse`, `scale`, `preferred label`, `level`, `weight`,
    /// `necessity`, `cycle`.
    pub about: &'static str,
    /// What each source says.
    pub said: BTreeMap<String, String>,
    /// What stands.
    pub resolved: String,
}

impl Union {
    /// What one framework says.
    pub fn of(framework: &Framework) -> Self {
        let mut union = Self::default();
        let source = framework.title();
        let mut say = |fact| {
            union.facts.insert((fact, source.clone()));
        };
        let axis = framework.axis();
        say(Fact::Language { language: framework.origin().language.clone() });
        for (id, at) in axis.ids().iter().zip(0u32..) {
            let scale = axis.scale(at);
            say(Fact::Skill {
                id: id.to_owned(),
                kind: axis.kind(at) as u8,
                reuse: axis.reuse(at) as u8,
                scale: (scale.name().to_owned(), scale.top(), scale.steps_per_unit()),
            });
        }
        for id in framework.occupation_ids().iter() {
            say(Fact::Occupation { id: id.to_owned() });
        }
        let halves = [
            (ConceptOf::Skills, framework.skills(), axis.ids()),
            (ConceptOf::Occupations, framework.occupations(), &**framework.occupation_ids()),
        ];
        for (of, taxonomy, ids) in halves {
            let id = |node: u32| node_id(taxonomy, ids, node);
            taxonomy.groups().iter().for_each(|id| say(Fact::Group { of, id: id.to_owned() }));
            for node in (0u32..).take(taxonomy.broader().nodes()) {
                for label in taxonomy.labels().of(node) {
                    say(Fact::Text {
                        of,
                        id: id(node),
                        language: label.language.to_owned(),
                        role: label.role,
                        text: label.text.to_owned(),
                    });
                }
                for &broader in taxonomy.broader().from(node) {
                    say(Fact::Broader { of, id: id(node), broader: id(broader) });
                }
                taxonomy.tags(node).for_each(|tag| {
                    say(Fact::Tag { of, id: id(node), tag: tag.to_owned() });
                });
            }
        }
        for title in framework.titles().iter() {
            say(Fact::Title {
                occupation: framework.occupation_ids()[title.occupation].to_owned(),
                language: title.language.to_owned(),
                title: title.title.to_owned(),
            });
        }
        let prerequisites = framework.prerequisites();
        for (edges, strict) in [(&prerequisites.strict, true), (&prerequisites.advisory, false)] {
            for skill in (0u32..).take(edges.nodes()) {
                for &requires in edges.from(skill) {
                    let (skill, requires) = (&axis.ids()[skill], &axis.ids()[requires]);
                    say(Fact::Prerequisite {
                        skill: skill.to_owned(),
                        requires: requires.to_owned(),
                        strict,
                    });
                }
            }
        }
        for (occupation, at) in framework.occupation_ids().iter().zip(0u32..) {
            for (skill, r) in framework.required().row(at).iter() {
                say(Fact::Required {
                    occupation: occupation.to_owned(),
                    skill: axis.ids()[skill].to_owned(),
                    asked: Required {
                        level: (r.level, axis.scale(skill).top()),
                        weight: (r.weight, axis.weight_denominator()),
                        necessity: r.necessity,
                    },
                });
            }
        }
        union
    }

    /// Says that two ids are one concept.
    #[must_use]
    pub fn alias(mut self, of: ConceptOf, a: &str, b: &str) -> Self {
        let ids = if a <= b { (a, b) } else { (b, a) };
        let ids = (ids.0.to_owned(), ids.1.to_owned());
        self.facts.insert((Fact::Alias { of, ids }, "alias".to_owned()));
        self
    }

    /// Says that the ends of a crosswalk's exact edges are one concept. Other edges are for a
    /// [`Transfer`](crate::transfer::Transfer).
    #[must_use]
    pub fn aliases(mut self, of: ConceptOf, crosswalk: &Crosswalk) -> Self {
        for edge in crosswalk.edges().iter().filter(|edge| edge.kind == EdgeKind::Exact) {
            self = self.alias(of, &edge.from, &edge.to);
        }
        self
    }

    /// What either says.
    #[must_use]
    pub fn merge(&self, other: &Self) -> Self {
        Self { facts: self.facts.union(&other.facts).cloned().collect() }
    }

    /// The sources, by name.
    pub fn sources(&self) -> BTreeSet<&str> {
        let named = self.facts.iter().filter(|(fact, _)| !matches!(fact, Fact::Alias { .. }));
        named.map(|(_, source)| source.as_str()).collect()
    }

    /// How many assertions there are.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// One framework by the rule of this type, under a name and version of its own, and where sources
    /// differ. The other ids of a concept become hidden labels, by which it is found.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] when the weights' denominators have no common one below 65536,
    /// [`Error::Duplicate`] when a concept is a skill or occupation in one source and a group in
    /// another.
    ///
    /// [`Error::Argument`]: crate::Error::Argument
    /// [`Error::Duplicate`]: crate::Error::Duplicate
    pub fn resolve(&self, name: &str, version: &str) -> Result<(Framework, Vec<Conflict>)> {
        Resolving::new(self).resolve(name, version)
    }
}

fn node_id(taxonomy: &Taxonomy, ids: &crate::text::Ids, node: u32) -> String {
    match node.checked_sub(taxonomy.members()) {
        None => ids[node].to_owned(),
        Some(group) => taxonomy.groups()[group].to_owned(),
    }
}
