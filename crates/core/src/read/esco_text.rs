//! ESCO's labels: where they stand, what separates them, in which language.

use std::borrow::Cow;
use std::fs::File;

use super::table::{Column, Table};
use crate::error::Result;

/// The language in `skills_fr.csv`, for `skills`.
pub(super) fn language_of<'a>(name: &'a str, what: &str) -> Option<&'a str> {
    let language = name.strip_prefix(what)?.strip_prefix('_')?.strip_suffix(".csv")?;
    let known =
        (2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_lowercase());
    known.then_some(language)
}

/// The columns of texts, those that are there.
#[derive(Clone, Copy)]
pub(super) struct TextColumns {
    pub preferred: Column,
    pub alternative: Column,
    pub hidden: Column,
    pub definition: Column,
    pub description: Column,
}

impl TextColumns {
    pub(super) fn of(table: &Table<File>) -> Result<Self> {
        Ok(Self {
            preferred: table.column("preferredLabel")?,
            alternative: table.optional("altLabels")?,
            hidden: table.optional("hiddenLabels")?,
            definition: table.optional("definition")?,
            description: table.optional("description")?,
        })
    }
}

/// What separates alternative labels in a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Between {
    /// Line breaks: skills, occupations and groups.
    Lines,
    /// Line breaks or bars: collections, and label files.
    LinesOrBars,
}

impl Between {
    pub(super) fn labels(self, field: &str) -> impl Iterator<Item = Cow<'_, str>> {
        field
            .split(move |at| at == '\n' || (at == '|' && self == Self::LinesOrBars))
            .map(spaced)
            .filter(|label| !label.is_empty())
    }
}

/// A label without no-break spaces, nor spaces around it.
pub(super) fn spaced(label: &str) -> Cow<'_, str> {
    let no_break = |c: char| matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}');
    let label = label.trim();
    if label.contains(no_break) { label.replace(no_break, " ").into() } else { label.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_language_of_its_name() {
        assert_eq!(language_of("skills_fr.csv", "skills"), Some("fr"));
        assert_eq!(language_of("skillsHierarchy_en.csv", "skills"), None);
        assert_eq!(language_of("skills.csv", "skills"), None);
    }

    #[test]
    fn labels_are_split_where_their_file_splits_them() {
        let split = |between: Between, field| between.labels(field).collect::<Vec<_>>();
        assert_eq!(split(Between::Lines, "a | b\nc\u{a0}d \n\n"), ["a | b", "c d"]);
        assert_eq!(split(Between::LinesOrBars, "a | b|c"), ["a", "b", "c"]);
        assert!(split(Between::Lines, " ").is_empty());
    }
}
