//! What changed between two versions of a framework.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Framework;
use crate::matrix::{Necessity, Requirement};
use crate::text::Ids;

/// One requirement that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RequirementChange {
    /// The occupation's id.
    pub occupation: String,
    /// The skill's id.
    pub skill: String,
    /// What it was; `None` where it is new.
    pub before: Option<Asked>,
    /// What it is; `None` where it is gone.
    pub after: Option<Asked>,
}

/// A requirement in a form that two versions share: shares of the top and of a full weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// The level, in steps, and the top of its scale.
    pub level: (u16, u16),
    /// The weight, in parts, and how many make 1.
    pub weight: (u16, u16),
    /// How much it binds.
    pub necessity: Necessity,
}

impl Asked {
    fn same(self, other: Self) -> bool {
        let equal = |(a, of_a): (u16, u16), (b, of_b): (u16, u16)| {
            u32::from(a) * u32::from(of_b) == u32::from(b) * u32::from(of_a)
        };
        equal(self.level, other.level)
            && equal(self.weight, other.weight)
            && self.necessity == other.necessity
    }
}

/// What changed between two versions, by ids ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// The versions compared: before, after.
    pub versions: (String, String),
    /// Skills that are new.
    pub skills_added: Vec<String>,
    /// Skills that are gone.
    pub skills_removed: Vec<String>,
    /// Skills whose preferred label, in the newer version's language, is another: id, before, after.
    pub skills_renamed: Vec<(String, String, String)>,
    /// Occupations that are new.
    pub occupations_added: Vec<String>,
    /// Occupations that are gone.
    pub occupations_removed: Vec<String>,
    /// Occupations whose preferred label is another: id, before, after.
    pub occupations_renamed: Vec<(String, String, String)>,
    /// Requirements that are new.
    pub requirements_added: Vec<RequirementChange>,
    /// Requirements that are gone.
    pub requirements_removed: Vec<RequirementChange>,
    /// Requirements of another level, weight or necessity.
    pub requirements_changed: Vec<RequirementChange>,
}

impl Diff {
    /// Compares two versions by their ids. O(size × log size).
    ///
    /// # Example
    ///
    /// ```
    /// use passerelle::framework::Diff;
    /// use passerelle::{Framework, Necessity, Requirement, SkillKind};
    ///
    /// let version = |version: &str, skill: &str| -> passerelle::Result<Framework> {
    ///     let mut builder = Framework::builder("demo", version, "en");
    ///     builder.skill(skill, SkillKind::KnowHow)?;
    ///     builder.occupation("welder")?;
    ///     let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
    ///     builder.require("welder", skill, one)?;
    ///     builder.build()
    /// };
    /// let diff = Diff::between(&version("1", "weld")?, &version("2", "weld-steel")?);
    /// assert_eq!(diff.skills_removed, ["weld"]);
    /// assert_eq!(diff.requirements_added.len(), 1);
    /// # Ok::<(), passerelle::Error>(())
    /// ```
    pub fn between(before: &Framework, after: &Framework) -> Self {
        let language = &after.origin().language;
        let skill_name = |framework: &Framework, at| framework.skill_name(at, language).to_owned();
        let occupation_name =
            |framework: &Framework, at| framework.occupation_name(at, language).to_owned();
        let (old, new) = (before.axis().ids(), after.axis().ids());
        let (skills_added, skills_removed) = apart(old, new);
        let (occupations_added, occupations_removed) =
            apart(before.occupation_ids(), after.occupation_ids());
        let mut diff = Self {
            versions: (before.title(), after.title()),
            skills_added,
            skills_removed,
            skills_renamed: renamed((before, old), (after, new), skill_name),
            occupations_added,
            occupations_removed,
            occupations_renamed: renamed(
                (before, before.occupation_ids()),
                (after, after.occupation_ids()),
                occupation_name,
            ),
            ..Self::default()
        };
        let (old, mut new) = (asked(before), asked(after));
        for ((occupation, skill), was) in old {
            let change = |after| RequirementChange {
                occupation: occupation.to_owned(),
                skill: skill.to_owned(),
                before: Some(was),
                after,
            };
            match new.remove(&(occupation, skill)) {
                None => diff.requirements_removed.push(change(None)),
                Some(is) if !was.same(is) => diff.requirements_changed.push(change(Some(is))),
                Some(_) => {}
            }
        }
        let added = new.into_iter().map(|((occupation, skill), is)| RequirementChange {
            occupation: occupation.to_owned(),
            skill: skill.to_owned(),
            before: None,
            after: Some(is),
        });
        diff.requirements_added = added.collect();
        diff
    }
}

/// What is only in the second, and what is only in the first.
fn apart(before: &Ids, after: &Ids) -> (Vec<String>, Vec<String>) {
    let only = |ids: &Ids, others: &Ids| {
        let mut only: Vec<String> =
            ids.iter().filter(|id| others.position(id).is_none()).map(str::to_owned).collect();
        only.sort_unstable();
        only
    };
    (only(after, before), only(before, after))
}

fn renamed(
    (before, old): (&Framework, &Ids),
    (after, new): (&Framework, &Ids),
    name: impl Fn(&Framework, u32) -> String,
) -> Vec<(String, String, String)> {
    let both = old.iter().zip(0u32..).filter_map(|(id, at)| Some((id, at, new.position(id)?)));
    let names = both.map(|(id, was, is)| (id.to_owned(), name(before, was), name(after, is)));
    let mut renamed: Vec<_> = names.filter(|(_, was, is)| was != is).collect();
    renamed.sort_unstable();
    renamed
}

fn asked(framework: &Framework) -> BTreeMap<(&str, &str), Asked> {
    let (axis, ids) = (framework.axis(), framework.occupation_ids());
    let rows = (0u32..).take(framework.required().len());
    rows.flat_map(|row| framework.required().row(row).iter().map(move |cell| (row, cell)))
        .map(|(row, (skill, r)): (u32, (u32, Requirement))| {
            let asked = Asked {
                level: (r.level, axis.scale(skill).top()),
                weight: (r.weight, axis.weight_denominator()),
                necessity: r.necessity,
            };
            ((&ids[row], &axis.ids()[skill]), asked)
        })
        .collect()
}
