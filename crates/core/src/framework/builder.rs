//! Puts a framework together, refusing what makes no sense as it comes.

use std::sync::Arc;

use super::graph::Edges;
use super::labels::{LabelRole, LabelRows};
use super::{Framework, JobTitles, Origin, Prerequisites, Taxonomy};
use crate::error::{Error, Result};
use crate::matrix::{Requirement, RequirementRows};
use crate::skill::{LevelScale, Reuse, SkillAxis, SkillKind};
use crate::text::Ids;

/// Members or groups: the nodes of one taxonomy while it grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Member(u32),
    Group(u32),
}

/// One taxonomy while it grows: labels and edges are kept by member and group, because the nodes
/// of groups are numbered after the last member.
#[derive(Clone, Debug, Default)]
struct TaxonomyRows {
    groups: Ids,
    member_labels: LabelRows,
    group_labels: LabelRows,
    broader: Vec<(Node, Node)>,
    tags: Ids,
    tagged: Vec<(Node, u32)>,
}

impl TaxonomyRows {
    /// The node of an id among the members or the groups.
    fn node(&self, what: &'static str, members: &Ids, id: &str) -> Result<Node> {
        members
            .position(id)
            .map(Node::Member)
            .or_else(|| self.groups.position(id).map(Node::Group))
            .ok_or_else(|| Error::unknown(what, id, members))
    }

    fn group(&mut self, what: &'static str, members: &Ids, id: &str) -> Result<()> {
        if members.position(id).is_some() || !self.groups.insert(id)?.1 {
            return Err(Error::Duplicate { what, id: id.to_owned() });
        }
        Ok(())
    }

    fn label(&mut self, node: Node, language: &str, role: LabelRole, text: &str) -> Result<()> {
        match node {
            Node::Member(at) => self.member_labels.push(at, language, role, text),
            Node::Group(at) => self.group_labels.push(at, language, role, text),
        }
    }

    fn tag(&mut self, node: Node, tag: &str) -> Result<()> {
        let tag = self.tags.insert(tag)?.0;
        self.tagged.push((node, tag));
        Ok(())
    }

    fn build(self, what: &'static str, members: &Ids) -> Result<Taxonomy> {
        let too_many = |count: usize| Error::TooMany {
            what: "concepts and groups",
            count: count as u64,
            limit: u64::from(u32::MAX),
        };
        let nodes = members.len() + self.groups.len();
        u32::try_from(nodes).map_err(|_| too_many(nodes))?;
        let count = u32::try_from(members.len()).map_err(|_| too_many(nodes))?;
        let place = |node: Node| match node {
            Node::Member(at) => at,
            Node::Group(at) => count + at,
        };
        let mut pairs: Vec<_> =
            self.broader.iter().map(|&(from, to)| (place(from), place(to))).collect();
        let broader = Edges::from_pairs(nodes, &mut pairs);
        if let Some(cycle) = broader.cycle() {
            let id = |node: u32| match node.checked_sub(count) {
                None => members[node].to_owned(),
                Some(group) => self.groups[group].to_owned(),
            };
            let path = cycle.into_iter().map(id).collect();
            return Err(Error::Cycle { relation: what, path });
        }
        let mut tagged: Vec<_> =
            self.tagged.iter().map(|&(node, tag)| (place(node), tag)).collect();
        let tagged = Edges::from_pairs(nodes, &mut tagged);
        let mut labels = self.member_labels;
        labels.append(self.group_labels, count)?;
        Ok(Taxonomy {
            members: count,
            groups: self.groups,
            labels: labels.build(nodes)?,
            broader,
            tags: self.tags,
            tagged,
        })
    }
}

/// Builds a [`Framework`]: skills, then occupations, then what links them.
///
/// Each call refuses what makes no sense with an error that names it, and then leaves the builder
/// as it was, so that a reader can count the row as dropped and go on.
#[derive(Clone, Debug)]
pub struct FrameworkBuilder {
    origin: Origin,
    axis: SkillAxis,
    occupations: Ids,
    skill_rows: TaxonomyRows,
    occupation_rows: TaxonomyRows,
    titles: JobTitles,
    requirements: RequirementRows,
    strict: Vec<(u32, u32)>,
    advisory: Vec<(u32, u32)>,
}

impl FrameworkBuilder {
    pub(super) fn new(name: String, version: String, language: String) -> Self {
        Self {
            origin: Origin { language, ..Origin::default() },
            axis: SkillAxis::empty(name, version),
            occupations: Ids::new(),
            skill_rows: TaxonomyRows::default(),
            occupation_rows: TaxonomyRows::default(),
            titles: JobTitles::default(),
            requirements: RequirementRows::default(),
            strict: Vec::new(),
            advisory: Vec::new(),
        }
    }

    /// The licence, and the attribution to give.
    pub fn licence(
        &mut self,
        licence: impl Into<String>,
        attribution: impl Into<String>,
    ) -> &mut Self {
        self.origin.licence = licence.into();
        self.origin.attribution = attribution.into();
        self
    }

    /// The level scales; the first is the framework's own. Without this call it is yes or no.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] when there is none, more than 256, or skills were already added;
    /// [`Error::Duplicate`] when two share a name.
    pub fn scales(&mut self, scales: Vec<LevelScale>) -> Result<&mut Self> {
        if scales.is_empty() || scales.len() > 256 || !self.axis.is_empty() {
            let expected = "1 to 256 scales, given before the first skill";
            return Err(Error::argument("scales", scales.len(), expected));
        }
        for (at, scale) in scales.iter().enumerate() {
            if scales[..at].iter().any(|before| before.name() == scale.name()) {
                return Err(Error::Duplicate { what: "scale", id: scale.name().to_owned() });
            }
        }
        self.axis.scales = scales;
        Ok(self)
    }

    /// How many parts make a full weight of 1; 1 without this call.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for 0.
    pub fn weight_denominator(&mut self, denominator: u16) -> Result<&mut Self> {
        if denominator == 0 {
            return Err(Error::argument("weight_denominator", 0, "at least 1"));
        }
        self.axis.weight_denominator = denominator;
        Ok(self)
    }

    /// The axis as it stands.
    pub fn axis(&self) -> &SkillAxis {
        &self.axis
    }

    /// The occupations as they stand.
    pub fn occupations(&self) -> &Ids {
        &self.occupations
    }

    /// The groups of skills as they stand.
    pub fn skill_groups(&self) -> &Ids {
        &self.skill_rows.groups
    }

    /// The groups of occupations as they stand.
    pub fn occupation_groups(&self) -> &Ids {
        &self.occupation_rows.groups
    }

    /// Adds a skill on the framework's own scale.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`].
    pub fn skill(&mut self, id: &str, kind: SkillKind) -> Result<u32> {
        self.skill_with(id, kind, Reuse::Unspecified, None)
    }

    /// Adds a skill with its reuse, and a scale by name.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`], or [`Error::Argument`] for a scale that was not given.
    pub fn skill_with(
        &mut self,
        id: &str,
        kind: SkillKind,
        reuse: Reuse,
        scale: Option<&str>,
    ) -> Result<u32> {
        let scale = match scale {
            None => 0,
            Some(name) => {
                let at = self.axis.scales.iter().position(|scale| scale.name() == name);
                let known: Vec<_> = self.axis.scales.iter().map(LevelScale::name).collect();
                at.and_then(|at| u8::try_from(at).ok()).ok_or_else(|| {
                    let expected = format!("one of {}", known.join(", "));
                    Error::argument("scale", format!("`{name}`"), expected)
                })?
            }
        };
        if self.skill_rows.groups.position(id).is_some() {
            return Err(Error::Duplicate { what: "skill", id: id.to_owned() });
        }
        self.axis.push(id, kind, reuse, scale)
    }

    /// Adds a group of skills.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`] when a skill or group has the id.
    pub fn skill_group(&mut self, id: &str) -> Result<()> {
        self.skill_rows.group("skill group", &self.axis.ids, id)
    }

    /// A preferred label of a skill or skill group.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`].
    pub fn skill_label(&mut self, id: &str, language: &str, text: &str) -> Result<()> {
        self.skill_text(id, language, LabelRole::Preferred, text)
    }

    /// A text of a skill or skill group. Empty texts and repetitions are left out.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`].
    pub fn skill_text(
        &mut self,
        id: &str,
        language: &str,
        role: LabelRole,
        text: &str,
    ) -> Result<()> {
        let node = self.skill_rows.node("skill", &self.axis.ids, id)?;
        self.skill_rows.label(node, language, role, text)
    }

    /// Says that a skill or group lies within a broader one.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`]; a cycle shows when the framework is built.
    pub fn skill_broader(&mut self, id: &str, broader: &str) -> Result<()> {
        let from = self.skill_rows.node("skill", &self.axis.ids, id)?;
        let to = self.skill_rows.node("skill", &self.axis.ids, broader)?;
        self.skill_rows.broader.push((from, to));
        Ok(())
    }

    /// Tags a skill or skill group.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`].
    pub fn skill_tag(&mut self, id: &str, tag: &str) -> Result<()> {
        let node = self.skill_rows.node("skill", &self.axis.ids, id)?;
        self.skill_rows.tag(node, tag)
    }

    /// Says that a skill is learned after another.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`]; a cycle shows when the framework is built.
    pub fn prerequisite(&mut self, skill: &str, requires: &str, strict: bool) -> Result<()> {
        let pair = (self.axis.position(skill)?, self.axis.position(requires)?);
        if strict { &mut self.strict } else { &mut self.advisory }.push(pair);
        Ok(())
    }

    /// Adds an occupation.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`].
    pub fn occupation(&mut self, id: &str) -> Result<u32> {
        let duplicate = || Error::Duplicate { what: "occupation", id: id.to_owned() };
        if self.occupation_rows.groups.position(id).is_some() {
            return Err(duplicate());
        }
        match self.occupations.insert(id)? {
            (position, true) => Ok(position),
            (_, false) => Err(duplicate()),
        }
    }

    /// Adds a group of occupations.
    ///
    /// # Errors
    ///
    /// [`Error::Duplicate`] when an occupation or group has the id.
    pub fn occupation_group(&mut self, id: &str) -> Result<()> {
        self.occupation_rows.group("occupation group", &self.occupations, id)
    }

    /// A text of an occupation or occupation group. Empty texts and repetitions are left out.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`].
    pub fn occupation_text(
        &mut self,
        id: &str,
        language: &str,
        role: LabelRole,
        text: &str,
    ) -> Result<()> {
        let node = self.occupation_rows.node("occupation", &self.occupations, id)?;
        self.occupation_rows.label(node, language, role, text)
    }

    /// Says that an occupation or group lies within a broader one.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`]; a cycle shows when the framework is built.
    pub fn occupation_broader(&mut self, id: &str, broader: &str) -> Result<()> {
        let from = self.occupation_rows.node("occupation", &self.occupations, id)?;
        let to = self.occupation_rows.node("occupation", &self.occupations, broader)?;
        self.occupation_rows.broader.push((from, to));
        Ok(())
    }

    /// Tags an occupation or occupation group.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`].
    pub fn occupation_tag(&mut self, id: &str, tag: &str) -> Result<()> {
        let node = self.occupation_rows.node("occupation", &self.occupations, id)?;
        self.occupation_rows.tag(node, tag)
    }

    /// Another name of an occupation, with its own id where its source gives one.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`].
    pub fn job_title(
        &mut self,
        occupation: &str,
        language: &str,
        title: &str,
        id: Option<&str>,
    ) -> Result<()> {
        let occupation = self
            .occupations
            .position(occupation)
            .ok_or_else(|| Error::unknown("occupation", occupation, &self.occupations))?;
        self.titles.push(occupation, language, title, id.unwrap_or(""))
    }

    /// Says what an occupation requires.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] occupation or skill, [`Error::Level`] of 0 or beyond the skill's scale,
    /// [`Error::ZeroWeight`], [`Error::DuplicateSkill`].
    pub fn require(
        &mut self,
        occupation: &str,
        skill: &str,
        requirement: Requirement,
    ) -> Result<()> {
        let row = self
            .occupations
            .position(occupation)
            .ok_or_else(|| Error::unknown("occupation", occupation, &self.occupations))?;
        let skill = self.axis.position(skill)?;
        self.requirements.push(&self.axis, row, occupation, skill, requirement)
    }

    /// Takes out the occupations that require nothing, with their labels, and gives their ids, for
    /// the report. Without this call they are an error.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`], which cannot happen to what was added already.
    pub fn set_aside_empty(&mut self) -> Result<Vec<String>> {
        let covered = self.requirements.covered(self.occupations.len());
        let (mut kept, mut aside) = (Ids::new(), Vec::new());
        let mut new = Vec::with_capacity(covered.len());
        for (id, &covered) in self.occupations.iter().zip(&covered) {
            if covered {
                new.push(Some(kept.insert(id)?.0));
            } else {
                aside.push(id.to_owned());
                new.push(None);
            }
        }
        if aside.is_empty() {
            return Ok(aside);
        }
        let renumber = |node: Node| match node {
            Node::Member(at) => new[at as usize].map(Node::Member),
            Node::Group(_) => Some(node),
        };
        let rows = &mut self.occupation_rows;
        rows.member_labels.renumber(&new)?;
        rows.broader = rows
            .broader
            .iter()
            .filter_map(|&(from, to)| Some((renumber(from)?, renumber(to)?)))
            .collect();
        rows.tagged =
            rows.tagged.iter().filter_map(|&(node, tag)| Some((renumber(node)?, tag))).collect();
        self.titles.renumber(&new)?;
        self.requirements.renumber(&new);
        self.occupations = kept;
        Ok(aside)
    }

    /// The framework.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyRequirement`] for an occupation without requirements, [`Error::Cycle`] in a
    /// hierarchy or in the prerequisites, [`Error::TotalTooLarge`].
    pub fn build(self) -> Result<Framework> {
        let axis = Arc::new(self.axis);
        let skills = self.skill_rows.build("broader skills", &axis.ids)?;
        let occupations = self.occupation_rows.build("broader occupations", &self.occupations)?;
        let (mut strict, mut advisory) = (self.strict, self.advisory);
        let mut both = [strict.as_slice(), advisory.as_slice()].concat();
        if let Some(cycle) = Edges::from_pairs(axis.len(), &mut both).cycle() {
            let path = cycle.into_iter().map(|skill| axis.ids[skill].to_owned()).collect();
            return Err(Error::Cycle { relation: "prerequisites", path });
        }
        let prerequisites = Prerequisites {
            strict: Edges::from_pairs(axis.len(), &mut strict),
            advisory: Edges::from_pairs(axis.len(), &mut advisory),
        };
        let required = Arc::new(self.requirements.build(Arc::clone(&axis), self.occupations)?);
        let (origin, titles) = (self.origin, self.titles);
        Ok(Framework { origin, axis, required, skills, occupations, titles, prerequisites })
    }
}

impl JobTitles {
    fn push(&mut self, occupation: u32, language: &str, title: &str, id: &str) -> Result<()> {
        let title = title.trim();
        if title.is_empty() {
            return Ok(());
        }
        let known = self.languages.iter().position(|known| known == language);
        let at = known.unwrap_or(self.languages.len());
        let number = u8::try_from(at).map_err(|_| Error::TooMany {
            what: "languages in one framework",
            count: at as u64 + 1,
            limit: 256,
        })?;
        if known.is_none() {
            self.languages.push(language.to_owned());
        }
        self.ids.push(id)?;
        self.texts.push(title)?;
        self.language_of.push(number);
        self.occupations.push(occupation);
        Ok(())
    }

    fn renumber(&mut self, new: &[Option<u32>]) -> Result<()> {
        let mut kept = Self::default();
        for title in self.iter() {
            if let Some(occupation) = new[title.occupation as usize] {
                kept.push(occupation, title.language, title.title, title.id.unwrap_or(""))?;
            }
        }
        *self = kept;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::Necessity;

    const ONE: Requirement = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };

    fn demo() -> FrameworkBuilder {
        let mut builder = Framework::builder("demo", "1", "en");
        for skill in ["a", "b", "c"] {
            builder.skill(skill, SkillKind::KnowHow).unwrap();
        }
        builder.skill_group("g").unwrap();
        for occupation in ["x", "empty", "y"] {
            builder.occupation(occupation).unwrap();
            builder.occupation_text(occupation, "en", LabelRole::Preferred, occupation).unwrap();
        }
        builder.require("x", "a", ONE).unwrap();
        builder.require("y", "b", ONE).unwrap();
        builder
    }

    #[test]
    fn an_occupation_that_requires_nothing_is_an_error_or_set_aside() {
        let mut builder = demo();
        builder.job_title("empty", "en", "nobody", None).unwrap();
        builder.job_title("y", "en", "why", Some("7")).unwrap();
        builder.occupation_broader("y", "empty").unwrap();
        assert!(matches!(builder.clone().build(), Err(Error::EmptyRequirement { .. })));
        assert_eq!(builder.set_aside_empty().unwrap(), ["empty"]);
        let framework = builder.build().unwrap();
        assert_eq!(framework.occupation_ids().iter().collect::<Vec<_>>(), ["x", "y"]);
        assert_eq!(framework.occupation_name(1, "en"), "y");
        assert_eq!(framework.required().row(1).skills, [1]);
        let titles: Vec<_> = framework.titles().iter().collect();
        assert_eq!((titles.len(), titles[0].occupation, titles[0].id), (1, 1, Some("7")));
        assert!(framework.occupations().broader().is_empty());
    }

    #[test]
    fn groups_are_nodes_after_the_members() {
        let mut builder = demo();
        builder.skill_broader("a", "g").unwrap();
        builder.skill_broader("a", "b").unwrap();
        builder.skill_label("g", "fr", "groupe").unwrap();
        builder.skill_tag("g", "digital").unwrap();
        builder.set_aside_empty().unwrap();
        let skills = builder.build().unwrap().skills().clone();
        assert_eq!(skills.members(), 3);
        assert_eq!(skills.broader().from(0), [1, 3]);
        assert_eq!(skills.label(3, "fr"), Some("groupe"));
        assert_eq!(skills.tags(3).collect::<Vec<_>>(), ["digital"]);
    }

    #[test]
    fn cycles_are_refused_and_named() {
        let mut builder = demo();
        builder.prerequisite("a", "b", true).unwrap();
        builder.prerequisite("b", "c", false).unwrap();
        builder.prerequisite("c", "a", true).unwrap();
        builder.set_aside_empty().unwrap();
        let refused = builder.build().unwrap_err().to_string();
        assert_eq!(refused, "prerequisites form a cycle: a → b → c → a; remove one of these edges");
        let mut builder = demo();
        builder.skill_broader("a", "g").unwrap();
        builder.skill_broader("g", "a").unwrap();
        builder.set_aside_empty().unwrap();
        assert!(matches!(builder.build(), Err(Error::Cycle { .. })));
    }

    #[test]
    fn ids_are_unique_among_skills_and_groups() {
        let mut builder = demo();
        assert!(matches!(builder.skill_group("a"), Err(Error::Duplicate { .. })));
        assert!(matches!(builder.skill("g", SkillKind::Soft), Err(Error::Duplicate { .. })));
        assert!(matches!(builder.occupation("x"), Err(Error::Duplicate { .. })));
        assert!(builder.skill_with("d", SkillKind::Soft, Reuse::Specific, Some("none")).is_err());
    }
}
