//! Skills found by their labels, letter for letter or nearly.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::framework::{Framework, LabelRole};

/// What a label resolves to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// One skill, by its position.
    Skill(u32),
    /// Several skills share the label; nothing is guessed.
    Several,
    /// No skill has it.
    Nothing,
}

/// Turns labels into skills while a file is read.
///
/// [`ByLabel`] is the one that readers use by themselves; bring your own for a wider search.
pub trait ResolveSkill {
    /// The skill that a label names.
    fn resolve_skill(&self, label: &str) -> Found;
}

impl<F: Fn(&str) -> Found> ResolveSkill for F {
    fn resolve_skill(&self, label: &str) -> Found {
        self(label)
    }
}

/// Finds skills by their labels in any language: exactly, or else with cases, spaces and the form
/// of apostrophes set aside.
///
/// Within each of these a preferred label comes before the other ones, so that the name of a skill
/// is not ambiguous because it is also an alternative name of another. Two skills under one label
/// of the same rank are ambiguous.
///
/// # Example
///
/// ```
/// use passerelle::read::{ByLabel, Found, ResolveSkill};
/// use passerelle::{Framework, Necessity, Requirement, SkillKind};
///
/// let mut builder = Framework::builder("demo", "1", "fr");
/// builder.skill("s1", SkillKind::KnowHow)?;
/// builder.skill_label("s1", "fr", "Conduire l’engin")?;
/// builder.occupation("o1")?;
/// let requirement = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// builder.require("o1", "s1", requirement)?;
/// let labels = ByLabel::new(&builder.build()?);
/// assert_eq!(labels.resolve_skill("conduire  l'engin"), Found::Skill(0));
/// assert_eq!(labels.resolve_skill("conduire"), Found::Nothing);
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct ByLabel {
    exact: HashMap<String, Named>,
    loose: HashMap<String, Named>,
}

#[derive(Clone, Copy, Debug)]
struct Named {
    preferred: bool,
    skill: Option<u32>,
}

impl ByLabel {
    /// Indexes every label of a framework's skills. O(text).
    pub fn new(framework: &Framework) -> Self {
        let mut index = Self::default();
        let labels = framework.skills().labels();
        for skill in 0..framework.skills().members() {
            for label in labels.of(skill).filter(|label| label.role != LabelRole::Definition) {
                let preferred = label.role == LabelRole::Preferred;
                add(&mut index.exact, label.text.to_owned(), skill, preferred);
                add(&mut index.loose, loosened(label.text), skill, preferred);
            }
        }
        index
    }
}

impl ResolveSkill for ByLabel {
    fn resolve_skill(&self, label: &str) -> Found {
        let named = self.exact.get(label).or_else(|| self.loose.get(&loosened(label)));
        named.map_or(Found::Nothing, |named| named.skill.map_or(Found::Several, Found::Skill))
    }
}

fn add(index: &mut HashMap<String, Named>, label: String, skill: u32, preferred: bool) {
    let new = Named { preferred, skill: Some(skill) };
    match index.entry(label) {
        Entry::Vacant(entry) => {
            entry.insert(new);
        }
        Entry::Occupied(mut entry) => {
            let known = entry.get_mut();
            if preferred && !known.preferred {
                *known = new;
            } else if preferred == known.preferred && known.skill != Some(skill) {
                known.skill = None;
            }
        }
    }
}

fn loosened(label: &str) -> String {
    let mut text = String::with_capacity(label.len());
    for word in label.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.extend(word.replace('’', "'").chars().flat_map(char::to_lowercase));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::{Necessity, Requirement};
    use crate::skill::SkillKind;

    #[test]
    fn preferred_labels_come_first_and_shared_ones_are_ambiguous() {
        let mut builder = Framework::builder("demo", "1", "fr");
        for (skill, preferred, other) in
            [("a", "Souder", "assembler"), ("b", "Assembler", "monter"), ("c", "Poser", "monter")]
        {
            builder.skill(skill, SkillKind::KnowHow).unwrap();
            builder.skill_label(skill, "fr", preferred).unwrap();
            builder.skill_text(skill, "fr", LabelRole::Alternative, other).unwrap();
            builder.skill_text(skill, "fr", LabelRole::Definition, "une compétence").unwrap();
        }
        builder.occupation("o").unwrap();
        let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
        builder.require("o", "a", one).unwrap();
        let labels = ByLabel::new(&builder.build().unwrap());
        for (label, found) in [
            ("Assembler", Found::Skill(1)),
            ("assembler", Found::Skill(0)),
            ("ASSEMBLER", Found::Skill(1)),
            ("monter", Found::Several),
            ("\u{a0}souder ", Found::Skill(0)),
            ("une compétence", Found::Nothing),
            ("", Found::Nothing),
        ] {
            assert_eq!(labels.resolve_skill(label), found, "{label}");
        }
    }
}
