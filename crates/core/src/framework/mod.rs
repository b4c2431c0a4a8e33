//! A source's skills, occupations and requirements, at one version.

mod builder;
mod crosswalk;
mod diff;
mod graph;
mod labels;
mod union;

use std::sync::Arc;

pub use builder::FrameworkBuilder;
pub use crosswalk::{Crosswalk, Edge, EdgeKind};
pub use diff::{Asked, Diff, RequirementChange};
pub use graph::Edges;
pub use labels::{Label, LabelRole, Labels};
pub use union::{ConceptOf, Conflict, Union};

use crate::matrix::Required;
use crate::skill::SkillAxis;
use crate::text::{Ids, Texts};

/// Where a framework comes from, to show beside what is made of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The language of texts that name none.
    pub language: String,
    /// The licence of the data.
    pub licence: String,
    /// The attribution to give.
    pub attribution: String,
}

/// Concepts of one kind (skills or occupations) with the groups above them.
///
/// Nodes 0 to `members − 1` are the concepts themselves, by position; those from `members` on are
/// groups, which nobody holds or requires as such. Broader edges go from a node to the more general
/// ones and form no cycle, though a node may have several.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Taxonomy {
    pub(crate) members: u32,
    pub(crate) groups: Ids,
    pub(crate) labels: Labels,
    pub(crate) broader: Edges,
    pub(crate) tags: Ids,
    pub(crate) tagged: Edges,
}

impl Taxonomy {
    /// How many nodes are concepts rather than groups.
    pub fn members(&self) -> u32 {
        self.members
    }

    /// The ids of the groups: group `g` is node `members + g`.
    pub fn groups(&self) -> &Ids {
        &self.groups
    }

    /// The texts of every node.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// From each node to the broader ones.
    pub fn broader(&self) -> &Edges {
        &self.broader
    }

    /// The tags of a node, such as `ecological`, `digital`, `regulated`.
    pub fn tags(&self, node: u32) -> impl Iterator<Item = &str> + '_ {
        self.tagged.from(node).iter().map(|&tag| &self.tags[tag])
    }

    /// All tags in use.
    pub fn all_tags(&self) -> &Ids {
        &self.tags
    }

    /// A node's preferred label, in the language asked for or else in another.
    pub fn label(&self, node: u32, language: &str) -> Option<&str> {
        self.labels.preferred(node, language)
    }
}

/// Other names under which occupations are known: ROME's appellations, ESCO's alternative labels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobTitles {
    /// The title's own id where its source gives one, or else empty.
    pub(crate) ids: Texts,
    pub(crate) occupations: Vec<u32>,
    pub(crate) languages: Vec<String>,
    pub(crate) language_of: Vec<u8>,
    pub(crate) texts: Texts,
}

/// One job title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JobTitle<'a> {
    /// The title's own id, where its source gives one.
    pub id: Option<&'a str>,
    /// The position of the occupation that it names.
    pub occupation: u32,
    /// The language.
    pub language: &'a str,
    /// The title.
    pub title: &'a str,
}

impl JobTitles {
    /// How many titles there are.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The title at a position, if there is one.
    pub fn get(&self, position: usize) -> Option<JobTitle<'_>> {
        let id = self.ids.get(position)?;
        Some(JobTitle {
            id: (!id.is_empty()).then_some(id),
            occupation: self.occupations[position],
            language: &self.languages[usize::from(self.language_of[position])],
            title: &self.texts[position],
        })
    }

    /// The titles, in order.
    pub fn iter(&self) -> impl Iterator<Item = JobTitle<'_>> + '_ {
        (0..self.len()).filter_map(|position| self.get(position))
    }
}

/// A source's skills, occupations and requirements, at one version.
///
/// Occupation `i` is row `i` of [`Framework::required`]: every occupation requires something.
/// Cloning is a deep copy; share one behind an `Arc`.
///
/// # Example
///
/// ```
/// use passerelle::{Framework, Necessity, Requirement, SkillKind};
///
/// let mut builder = Framework::builder("demo", "1", "en");
/// builder.skill("weld", SkillKind::KnowHow)?;
/// builder.skill_label("weld", "en", "welding")?;
/// builder.occupation("welder")?;
/// let requirement = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// builder.require("welder", "weld", requirement)?;
/// let framework = builder.build()?;
/// assert_eq!(framework.skills().label(0, "en"), Some("welding"));
/// assert_eq!(framework.required().len(), 1);
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Framework {
    pub(crate) origin: Origin,
    pub(crate) axis: Arc<SkillAxis>,
    pub(crate) required: Arc<Required>,
    pub(crate) skills: Taxonomy,
    pub(crate) occupations: Taxonomy,
    pub(crate) titles: JobTitles,
    pub(crate) prerequisites: Prerequisites,
}

/// Which skills come before which, as positions on the axis. Strict and advisory edges together
/// form no cycle.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prerequisites {
    /// Nobody learns the skill without these.
    pub strict: Edges,
    /// The skill is better learned after these; they never exclude.
    pub advisory: Edges,
}

impl Framework {
    /// A builder; `language` is that of texts that name none.
    pub fn builder(
        name: impl Into<String>,
        version: impl Into<String>,
        language: impl Into<String>,
    ) -> FrameworkBuilder {
        FrameworkBuilder::new(name.into(), version.into(), language.into())
    }

    /// The framework's name.
    pub fn name(&self) -> &str {
        self.axis.framework()
    }

    /// The framework's version.
    pub fn version(&self) -> &str {
        self.axis.version()
    }

    /// Name and version, as reports write them.
    pub fn title(&self) -> String {
        format!("{} {}", self.name(), self.version())
    }

    /// Language, licence and attribution.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The skills in their order: ids, kinds, scales.
    pub fn axis(&self) -> &Arc<SkillAxis> {
        &self.axis
    }

    /// What each occupation requires.
    pub fn required(&self) -> &Arc<Required> {
        &self.required
    }

    /// The skills' labels, groups, hierarchy and tags.
    pub fn skills(&self) -> &Taxonomy {
        &self.skills
    }

    /// The occupations' labels, groups, hierarchy and tags.
    pub fn occupations(&self) -> &Taxonomy {
        &self.occupations
    }

    /// The occupations' ids, by position.
    pub fn occupation_ids(&self) -> &Arc<Ids> {
        self.required.targets()
    }

    /// Other names of the occupations.
    pub fn titles(&self) -> &JobTitles {
        &self.titles
    }

    /// Which skills come before which.
    pub fn prerequisites(&self) -> &Prerequisites {
        &self.prerequisites
    }

    /// A skill's label in a language, or else in another, or else its id.
    pub fn skill_name(&self, skill: u32, language: &str) -> &str {
        self.skills.label(skill, language).unwrap_or_else(|| &self.axis.ids()[skill])
    }

    /// An occupation's label in a language, or else in another, or else its id.
    pub fn occupation_name(&self, occupation: u32, language: &str) -> &str {
        self.occupations
            .label(occupation, language)
            .unwrap_or_else(|| &self.occupation_ids()[occupation])
    }
}
