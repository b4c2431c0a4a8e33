//! Texts of concepts, by language and role.

use crate::error::Result;
use crate::skill::named;
use crate::text::Texts;

/// What a text is to its concept, after SKOS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum LabelRole {
    /// The name to show, one per language.
    Preferred = 0,
    /// Another name.
    Alternative = 1,
    /// A name to search by and not to show, such as a common misspelling.
    Hidden = 2,
    /// What the concept means.
    Definition = 3,
}

named!(LabelRole, "role", {
    Preferred = "preferred",
    Alternative = "alternative",
    Hidden = "hidden",
    Definition = "definition",
});

/// One text of a concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label<'a> {
    /// The language, a BCP 47 code such as `fr`.
    pub language: &'a str,
    /// What the text is to its concept.
    pub role: LabelRole,
    /// The text.
    pub text: &'a str,
}

/// The texts of concepts 0, 1, 2…, those of one concept together, in the order they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Labels {
    pub(crate) languages: Vec<String>,
    /// Where each concept's texts end.
    pub(crate) ends: Vec<u32>,
    /// The language of each text, as a position in `languages`.
    pub(crate) language_of: Vec<u8>,
    pub(crate) roles: Vec<LabelRole>,
    pub(crate) texts: Texts,
}

impl Labels {
    /// The texts of a concept, in the order they came.
    pub fn of(&self, concept: u32) -> impl Iterator<Item = Label<'_>> + '_ {
        let at = concept as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let end = self.ends.get(at).copied().unwrap_or(0);
        (start.unwrap_or(0) as usize..end as usize).map(|text| Label {
            language: &self.languages[usize::from(self.language_of[text])],
            role: self.roles[text],
            text: &self.texts[text],
        })
    }

    /// A concept's preferred label: in the language asked for, or else in the first that there is.
    pub fn preferred(&self, concept: u32, language: &str) -> Option<&str> {
        let mut first = None;
        for label in self.of(concept).filter(|label| label.role == LabelRole::Preferred) {
            if label.language == language {
                return Some(label.text);
            }
            first = first.or(Some(label.text));
        }
        first
    }

    /// The languages that occur.
    pub fn languages(&self) -> &[String] {
        &self.languages
    }

    /// How many concepts there are.
    pub fn concepts(&self) -> usize {
        self.ends.len()
    }

    /// How many texts there are in all.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

/// Texts in the order they come, before those of one concept are brought together.
#[derive(Clone, Debug, Default)]
pub(crate) struct LabelRows {
    languages: Vec<String>,
    rows: Vec<(u32, u8, LabelRole)>,
    texts: Texts,
}

impl LabelRows {
    /// Adds a text, unless it is empty. When built, a text that the concept has already in that
    /// language counts once, and a second preferred label becomes an alternative one.
    pub(crate) fn push(
        &mut self,
        concept: u32,
        language: &str,
        role: LabelRole,
        text: &str,
    ) -> Result<()> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(());
        }
        let language = self.language(language)?;
        self.rows.push((concept, language, role));
        self.texts.push(text)
    }

    fn language(&mut self, language: &str) -> Result<u8> {
        let known = self.languages.iter().position(|known| known == language);
        let at = known.unwrap_or(self.languages.len());
        let number = u8::try_from(at).map_err(|_| crate::Error::TooMany {
            what: "languages in one framework",
            count: at as u64 + 1,
            limit: 256,
        })?;
        if known.is_none() {
            self.languages.push(language.to_owned());
        }
        Ok(number)
    }

    /// Adds the texts of other concepts, numbered after the first `offset`.
    pub(crate) fn append(&mut self, other: Self, offset: u32) -> Result<()> {
        for (&(concept, language, role), text) in other.rows.iter().zip(other.texts.iter()) {
            let language = &other.languages[usize::from(language)];
            self.push(offset + concept, language, role, text)?;
        }
        Ok(())
    }

    /// Gives the concepts new positions and drops the texts of those without one.
    pub(crate) fn renumber(&mut self, new: &[Option<u32>]) -> Result<()> {
        let old = std::mem::take(self);
        for (&(concept, language, role), text) in old.rows.iter().zip(old.texts.iter()) {
            if let Some(concept) = new[concept as usize] {
                self.push(concept, &old.languages[usize::from(language)], role, text)?;
            }
        }
        Ok(())
    }

    pub(crate) fn build(self, concepts: usize) -> Result<Labels> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        // Preferred labels first, so that a repetition elsewhere never hides them.
        order.sort_by_key(|&at| (self.rows[at].0, self.rows[at].2 != LabelRole::Preferred));
        let mut labels = Labels { languages: self.languages, ..Labels::default() };
        let mut rest = order.as_slice();
        let mut seen: Vec<(u8, &str)> = Vec::new();
        for concept in (0u32..).take(concepts) {
            let (own, after) =
                rest.split_at(rest.partition_point(|&at| self.rows[at].0 == concept));
            rest = after;
            seen.clear();
            let mut named = Vec::new();
            for &at in own {
                let (_, language, mut role) = self.rows[at];
                let text = &self.texts[at];
                if seen.contains(&(language, text)) {
                    continue;
                }
                seen.push((language, text));
                if role == LabelRole::Preferred {
                    if named.contains(&language) {
                        role = LabelRole::Alternative;
                    } else {
                        named.push(language);
                    }
                }
                labels.language_of.push(language);
                labels.roles.push(role);
                labels.texts.push(text)?;
            }
            labels.ends.push(u32::try_from(labels.texts.len()).map_err(|_| {
                crate::Error::TooMany {
                    what: "labels in one framework",
                    count: labels.texts.len() as u64,
                    limit: u64::from(u32::MAX),
                }
            })?);
        }
        Ok(labels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_a_concept_stand_together_without_repetitions() {
        let mut rows = LabelRows::default();
        for (concept, language, role, text) in [
            (1, "fr", LabelRole::Alternative, "soudeur"),
            (0, "fr", LabelRole::Preferred, " Lire "),
            (1, "en", LabelRole::Preferred, "welder"),
            (1, "fr", LabelRole::Preferred, "soudeur"),
            (1, "fr", LabelRole::Preferred, "soudeuse"),
            (1, "fr", LabelRole::Hidden, ""),
        ] {
            rows.push(concept, language, role, text).unwrap();
        }
        let labels = rows.build(3).unwrap();
        assert_eq!(labels.preferred(0, "fr"), Some("Lire"));
        assert_eq!(labels.preferred(1, "fr"), Some("soudeur"));
        assert_eq!(labels.preferred(1, "de"), Some("welder"), "the first there is");
        assert_eq!(labels.preferred(2, "fr"), None);
        let roles: Vec<_> = labels.of(1).map(|label| (label.text, label.role)).collect();
        assert_eq!(
            roles,
            [
                ("welder", LabelRole::Preferred),
                ("soudeur", LabelRole::Preferred),
                ("soudeuse", LabelRole::Alternative)
            ]
        );
    }
}
