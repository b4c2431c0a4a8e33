//! Labels to skills, occupations and job titles.
//!
//! People write *conductrice d'engins*, *CLEA* or *soudeur tig*; frameworks have *Conducteur /
//! Conductrice d'engins de chantier*, *CLéA* and ids. [`Lookup`] is built once from a framework's
//! labels in every language. It answers two questions:
//!
//! * [`find`](Lookup::find) — what may have been meant? Matches for someone who types and chooses:
//!   equal spellings, completions, spellings an edit or two away, the best first.
//! * [`resolve`](Lookup::resolve) — what does this label name? For files: one concept, several, or
//!   none. Nothing is guessed.
//!
//! # Example
//!
//! ```
//! use passerelle::lookup::{Concept, ConceptKind, FindOptions, How, Lookup, Resolved};
//! use passerelle::{Framework, LabelRole, Necessity, Requirement, SkillKind};
//!
//! let mut builder = Framework::builder("demo", "1", "fr");
//! builder.skill("drive", SkillKind::KnowHow)?;
//! builder.skill_label("drive", "fr", "Conduire un engin")?;
//! builder.occupation("driver")?;
//! builder.job_title("driver", "fr", "Conducteur / Conductrice d'engins", None)?;
//! let requirement = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
//! builder.require("driver", "drive", requirement)?;
//! let lookup = Lookup::build(&builder.build()?)?;
//!
//! let options = FindOptions::new();
//! let best = &lookup.find("conductrice d’engins", &options)?[0];
//! assert_eq!(best.concept, Concept::JobTitle { title: 0, occupation: 0 });
//! assert_eq!((best.label, best.how), ("Conducteur / Conductrice d'engins", How::Normalised));
//! assert_eq!(lookup.find("condui", &options)?[0].how, How::Prefix);
//! assert_eq!(lookup.find("conduire un egnin", &options)?[0].how, How::Fuzzy { edits: 1 });
//!
//! let skill = |label| lookup.resolve(label, ConceptKind::Skill);
//! assert_eq!(skill("CONDUIRE UN ENGIN"), Resolved::One(Concept::Skill(0)));
//! assert_eq!(skill("condui"), Resolved::None, "a file is not completed");
//! # Ok::<(), passerelle::Error>(())
//! ```
//!
//! # How labels are compared
//!
//! Two spellings are the same when nothing is left between them but accents, case, ligatures,
//! apostrophes, hyphens, other punctuation and spaces (compatibility forms decomposed, NFKD; `+`
//! and `#` at the end of a word are kept: C++ is not C). A label that names a job for men and for
//! women at once is found under the whole and under each form: `Agent / Agente d'entretien` also by
//! `agent d'entretien` and `agente d'entretien`, `technicien de labo/technicienne de labo` and
//! `Agent(e) d'accueil` likewise. The same holds for queries. Definitions are not searched.
//!
//! # The order of matches
//!
//! Each concept comes once, under its best label. Matches are ordered by
//!
//! 1. [`How`]: exact, normalised, prefix, fuzzy with one edit, fuzzy with two;
//! 2. the label's role: preferred, alternative, hidden (a job title is an alternative name);
//! 3. the label's length in characters, the shorter first;
//! 4. the kind, in the order of [`ConceptKind`], the position, and the order of the labels.
//!
//! Prefixes and edits are counted on the normalised spelling. A query under 4 characters is not
//! searched with edits, one under 8 with one edit, any other with two; a letter added, dropped or
//! replaced is one edit, and so are two neighbours swapped.

mod find;
mod found;
mod fuzzy;
pub(crate) mod gendered;
mod index;
mod normal;

pub use self::found::Found;

use std::fmt;

use rayon::prelude::*;
use serde::Serialize;

use self::fuzzy::Fuzzy;
pub(crate) use self::gendered::forms;
use self::index::Shelf;
pub(crate) use self::normal::normal;
use crate::error::Result;
use crate::framework::{Framework, LabelRole, Taxonomy};
use crate::run::Run;
use crate::skill::named;
use crate::text::Texts;

/// The longest query that [`Lookup::find`] takes, in characters.
pub const LONGEST_QUERY: usize = 128;
/// The most matches that [`Lookup::find`] gives.
pub const MOST_MATCHES: usize = 1000;

/// What kind of thing a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum ConceptKind {
    /// A skill.
    Skill = 0,
    /// An occupation, by its own labels.
    Occupation = 1,
    /// Another name of an occupation.
    JobTitle = 2,
    /// A group of skills.
    SkillGroup = 3,
    /// A group of occupations: a sector, a family.
    OccupationGroup = 4,
}

named!(ConceptKind, "kind", {
    Skill = "skill",
    Occupation = "occupation",
    JobTitle = "job-title",
    SkillGroup = "skill-group",
    OccupationGroup = "occupation-group",
});

/// What a label names, by position in the framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Concept {
    /// A skill, on the axis.
    Skill(u32),
    /// An occupation.
    Occupation(u32),
    /// Another name of an occupation.
    JobTitle {
        /// The title, among [`Framework::titles`].
        title: u32,
        /// The occupation that it names.
        occupation: u32,
    },
    /// A group of skills, among [`Taxonomy::groups`] of [`Framework::skills`].
    SkillGroup(u32),
    /// A group of occupations, among [`Taxonomy::groups`] of [`Framework::occupations`].
    OccupationGroup(u32),
}

impl Concept {
    /// What kind of thing it is.
    pub fn kind(self) -> ConceptKind {
        match self {
            Self::Skill(_) => ConceptKind::Skill,
            Self::Occupation(_) => ConceptKind::Occupation,
            Self::JobTitle { .. } => ConceptKind::JobTitle,
            Self::SkillGroup(_) => ConceptKind::SkillGroup,
            Self::OccupationGroup(_) => ConceptKind::OccupationGroup,
        }
    }

    /// The occupation that it is, or is another name of.
    pub fn occupation(self) -> Option<u32> {
        match self {
            Self::Occupation(occupation) | Self::JobTitle { occupation, .. } => Some(occupation),
            _ => None,
        }
    }
}

/// How a label answers a query; a lesser one is a better answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It is spelled like that, character by character.
    Exact,
    /// It is spelled like that but for accents, case, punctuation, or one of two forms.
    Normalised,
    /// It starts like that.
    Prefix,
    /// It is spelled like that but for some letters.
    Fuzzy {
        /// How many: 1 or 2.
        edits: u8,
    },
}

/// A label that answers a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Match<'l> {
    /// What the label names.
    pub concept: Concept,
    /// The label, as it is written in the framework.
    pub label: &'l str,
    /// The label's language.
    pub language: &'l str,
    /// What the label is to its concept.
    #[serde(serialize_with = "role_name")]
    pub role: LabelRole,
    /// How it answers the query.
    pub how: How,
}

fn role_name<S: serde::Serializer>(role: &LabelRole, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(role.name())
}

/// What a label names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved<T = Concept> {
    /// One thing.
    One(T),
    /// Several, ascending: the label alone does not say which.
    Several(Vec<T>),
    /// Nothing that is known.
    None,
}

impl<T: Ord> Resolved<T> {
    fn of(mut concepts: Vec<T>) -> Self {
        concepts.sort_unstable();
        concepts.dedup();
        match concepts.len() {
            0 => Self::None,
            1 => concepts.pop().map_or(Self::None, Self::One),
            _ => Self::Several(concepts),
        }
    }

    /// The one thing that the label names, if it is one.
    pub fn one(self) -> Option<T> {
        match self {
            Self::One(concept) => Some(concept),
            _ => None,
        }
    }
}

/// What to look for, and how much of it.
///
/// # Example
///
/// ```
/// use passerelle::lookup::{ConceptKind, FindOptions};
///
/// let options = FindOptions::new().limit(5).languages(["fr"]).kinds([ConceptKind::Skill]);
/// # let _ = options;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindOptions {
    limit: usize,
    languages: Vec<String>,
    kinds: Vec<ConceptKind>,
    fuzzy: bool,
}

impl Default for FindOptions {
    fn default() -> Self {
        use ConceptKind::{JobTitle, Occupation, Skill};
        let kinds = vec![Skill, Occupation, JobTitle];
        Self { limit: 10, languages: Vec::new(), kinds, fuzzy: true }
    }
}

impl FindOptions {
    /// Ten matches among skills, occupations and job titles, in every language, with edits.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many matches to give at most: 10 by default, [`MOST_MATCHES`] at most.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// The languages of the labels to look at, as the framework writes them; none means all, which
    /// is the default.
    #[must_use]
    pub fn languages<S: Into<String>>(mut self, languages: impl IntoIterator<Item = S>) -> Self {
        self.languages = languages.into_iter().map(Into::into).collect();
        self
    }

    /// The kinds of things to look for: by default skills, occupations and job titles.
    #[must_use]
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = ConceptKind>) -> Self {
        self.kinds = kinds.into_iter().collect();
        self
    }

    /// Whether labels an edit or two away are matches: yes by default. Without them a search that
    /// finds little takes some microseconds instead of up to two milliseconds, which shows when
    /// thousands of queries are answered, and not to someone who types.
    #[must_use]
    pub fn fuzzy(mut self, fuzzy: bool) -> Self {
        self.fuzzy = fuzzy;
        self
    }
}

/// A framework's labels, ready to be looked up. It keeps a copy of them, and may be used from any
/// number of threads.
///
/// # Example
///
/// See [the module](self).
pub struct Lookup {
    /// All labels, the better answer first: by role, length, kind, position.
    texts: Texts,
    concepts: Vec<Concept>,
    roles: Vec<LabelRole>,
    language_of: Vec<u16>,
    languages: Vec<String>,
    shelves: Vec<Shelf>,
    fuzzy: Fuzzy,
}

impl fmt::Debug for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup")
            .field("labels", &self.len())
            .field("languages", &self.languages)
            .finish_non_exhaustive()
    }
}

/// A label on its way into the index.
struct Name<'f> {
    concept: Concept,
    role: LabelRole,
    language: u16,
    text: &'f str,
}

/// The labels of a framework, with the languages that they are in.
#[derive(Default)]
struct Names<'f> {
    languages: Vec<String>,
    list: Vec<Name<'f>>,
}

impl<'f> Names<'f> {
    fn push(&mut self, concept: Concept, role: LabelRole, language: &str, text: &'f str) {
        let at = self.languages.iter().position(|known| known == language).unwrap_or_else(|| {
            self.languages.push(language.to_owned());
            self.languages.len() - 1
        });
        // Skills, occupations and titles have 256 languages each at most.
        let language = u16::try_from(at).unwrap_or(u16::MAX);
        self.list.push(Name { concept, role, language, text });
    }

    fn taxonomy(
        &mut self,
        taxonomy: &'f Taxonomy,
        member: impl Fn(u32) -> Concept,
        group: impl Fn(u32) -> Concept,
    ) {
        let members = taxonomy.members();
        for node in (0u32..).take(taxonomy.labels().concepts()) {
            let concept = node.checked_sub(members).map_or_else(|| member(node), &group);
            for label in taxonomy.labels().of(node) {
                if label.role != LabelRole::Definition {
                    self.push(concept, label.role, label.language, label.text);
                }
            }
        }
    }
}

impl Lookup {
    /// Indexes the labels of a framework: of its skills and occupations with their groups, and its
    /// job titles, in every language. O(text × log labels), on all cores: a quarter of a second for
    /// ROME's 48,000 labels, half a second for ESCO's 165,000 in two languages, on two cores. Keep
    /// it rather than build it for each query.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`](crate::Error::TooMany) when the labels together pass 4 GiB.
    pub fn build(framework: &Framework) -> Result<Self> {
        let mut names = Names::default();
        names.taxonomy(framework.skills(), Concept::Skill, Concept::SkillGroup);
        names.taxonomy(framework.occupations(), Concept::Occupation, Concept::OccupationGroup);
        for (title, job) in (0u32..).zip(framework.titles().iter()) {
            let concept = Concept::JobTitle { title, occupation: job.occupation };
            names.push(concept, LabelRole::Alternative, job.language, job.title);
        }
        Run::new().install(|| Self::of(names))
    }

    fn of(names: Names<'_>) -> Result<Self> {
        let Names { languages, mut list } = names;
        // Stable, so that the order of labels decides last.
        list.par_sort_by_cached_key(|name| {
            (name.role, name.text.chars().count(), name.concept.kind(), name.concept)
        });
        let mut texts = Texts::new();
        for name in &list {
            texts.push(name.text)?;
        }
        let mut keys: Vec<_> = list
            .par_iter()
            .enumerate()
            .flat_map_iter(|(at, name)| {
                let at = u32::try_from(at).expect("labels in 4 GiB of text");
                let shelf = (name.concept.kind(), name.language);
                let forms = forms(name.text).into_iter().flatten();
                forms.chain([normal(name.text)]).map(move |key| (shelf, key, at))
            })
            .collect();
        keys.par_sort_unstable();
        let shelves = keys
            .chunk_by_mut(|a, b| a.0 == b.0)
            .collect::<Vec<_>>()
            .into_par_iter()
            .map(|keys| {
                let (kind, language) = keys[0].0;
                let pairs = keys.iter_mut().map(|(_, key, at)| (std::mem::take(key), *at));
                Shelf::new(kind as u8, language, pairs)
            })
            .collect();
        Ok(Self {
            texts,
            concepts: list.iter().map(|name| name.concept).collect(),
            roles: list.iter().map(|name| name.role).collect(),
            language_of: list.iter().map(|name| name.language).collect(),
            languages,
            shelves,
            fuzzy: Fuzzy::new(),
        })
    }

    /// How many labels are indexed.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The languages that labels are in.
    pub fn languages(&self) -> &[String] {
        &self.languages
    }
}
