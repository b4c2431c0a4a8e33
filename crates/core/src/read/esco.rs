//! ESCO in: the European Commission's CSV packages, in any of their languages and versions.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::{Path, PathBuf};

use super::encoding::Encoding;
use super::folder::{Folder, version_in};
use super::report::{Fate, FileReport, ReadReport, Reason};
use super::table::{Column, Delimiter, Dialect, Row, Table};
use super::weights::Weights;
use crate::error::Result;
use crate::framework::{Framework, FrameworkBuilder, LabelRole};
use crate::skill::{Reuse, SkillKind};

/// What the URI of an ISCO group is, before its code.
const ISCO: &str = "http://data.europa.eu/esco/isco/C";

/// The collections whose skills take a tag.
const TAGGED: [(&str, &str); 5] = [
    ("greenSkillsCollection", "ecological"),
    ("digitalSkillsCollection", "digital"),
    ("digCompSkillsCollection", "digital"),
    ("ictSkillsCollection", "digital"),
    ("languageSkillsCollection", "language"),
];

/// How to read ESCO.
#[derive(Clone, Debug, Default)]
pub struct EscoOptions {
    encoding: Encoding,
    weights: Weights,
    version: Option<String>,
    language: Option<String>,
    labels: Vec<(PathBuf, String)>,
}

impl EscoOptions {
    /// The files' encoding; UTF-8 without this call.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// How much essential relations and the others count; 2 and 1 of 2 without this call.
    #[must_use]
    pub fn weights(mut self, weights: Weights) -> Self {
        self.weights = weights;
        self
    }

    /// The version. The files do not say it: without this call it is the one in the folder's name
    /// (`esco-1.1.1-en`), or else `unknown`; the report says which.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// The language whose `skills_xx.csv` says which skills there are; without this call English,
    /// or else the first by name. The files of other languages add labels.
    #[must_use]
    pub fn language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    /// Adds the labels of another file, in a language, joined by URI: columns `conceptUri`,
    /// `preferredLabel` and, if there, `altLabels` (separated by line breaks or bars),
    /// `hiddenLabels`, `description`. It may be called several times; the labels of ESCO's own
    /// files come first.
    #[must_use]
    pub fn with_labels(mut self, path: impl Into<PathBuf>, language: impl Into<String>) -> Self {
        self.labels.push((path.into(), language.into()));
        self
    }
}

/// Reads ESCO from a folder of its CSV files: versions 1.0 to 1.2, whatever languages are there.
///
/// - **Skills** by their URI. `knowledge` is knowledge and `skill/competence` know-how; where
///   `skillType` or `reuseLevel` is empty the kind or reuse is unspecified. Broader: the edges of
///   `broaderRelationsSkillPillar` to other skills and to skill groups, a skill having several.
///   Tags from the collections: `ecological`, `digital`, `language`.
/// - **Occupations** by their URI, within the occupations and ISCO groups of
///   `broaderRelationsOccPillar`, or else the ISCO group that their own row names.
/// - **Requirements** are the rows of `occupationSkillRelations`, at the one level of a yes/no
///   scale: see [`Weights`]. A row for an occupation or skill that is in no file is dropped and
///   reported; the published 1.1.1 has 67 of them.
/// - **Job titles** are the occupations' alternative labels, those that repeat the preferred label
///   left out.
///
/// No-break spaces become spaces; gendered labels (`x/y`) stay as they are. The skill-to-skill
/// relations are not part of a framework and stay unread.
///
/// # Errors
///
/// [`Error::File`] for `skills_xx.csv`, `occupations_xx.csv` or `occupationSkillRelations.csv` (the
/// other files may be absent), [`Error::Encoding`], [`Error::MissingColumn`], [`Error::Cycle`] when
/// a hierarchy is none.
///
/// # Example
///
/// ```no_run
/// use passerelle::read::{self, EscoOptions};
///
/// let options = EscoOptions::default().with_labels("data/skills_fr_for_1.1.1.csv", "fr");
/// let (framework, report) = read::esco("data/esco-1.1.1-en", &options)?;
/// println!("{}", framework.skill_name(0, "fr"));
/// println!("{report}");
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn esco(dir: impl AsRef<Path>, options: &EscoOptions) -> Result<(Framework, ReadReport)> {
    let folder = Folder::open(dir.as_ref())?;
    let name = folder.name();
    let (version, from) = match (&options.version, version_in(&name)) {
        (Some(version), _) => (version.as_str(), "the options"),
        (None, Some(version)) => (version, "the folder's name"),
        (None, None) => ("unknown", "nowhere: name it in the options"),
    };
    let languages = languages(&folder, options)?;
    let mut builder = Framework::builder("ESCO", version, &languages[0]);
    builder.weight_denominator(options.weights.denominator())?;
    builder.licence(
        "Commission Decision 2011/833/EU",
        "This service uses the ESCO classification of the European Commission.",
    );
    let report = ReadReport::new("ESCO", version, from);
    let mut reading = Reading {
        folder: &folder,
        options,
        builder,
        report,
        lines: HashMap::new(),
        aside: HashSet::new(),
        titles: HashSet::new(),
    };
    for language in &languages {
        reading.skills(language, *language == languages[0])?;
    }
    reading.groups("skillGroups", Pillar::Skill)?;
    reading.groups("ISCOGroups", Pillar::Occupation)?;
    let (occupations, isco) = reading.occupations(&languages[0])?;
    reading.relations(occupations)?;
    for language in &languages[1..] {
        reading.occupation_labels(language)?;
    }
    reading.broader("broaderRelationsSkillPillar", Pillar::Skill, &HashMap::new())?;
    reading.broader("broaderRelationsOccPillar", Pillar::Occupation, &isco)?;
    for (collection, tag) in TAGGED {
        reading.collection(collection, tag)?;
    }
    for (path, language) in &options.labels {
        reading.labels(path, language)?;
    }
    folder.finish(reading.builder, reading.report)
}

/// Whether a file of a folder is ESCO's.
pub(super) fn is_esco(name: &str) -> bool {
    language_of(name, "occupationSkillRelations").is_some()
        || name == "occupationSkillRelations.csv"
}

/// The language in `skills_fr.csv`, for `skills`.
fn language_of<'a>(name: &'a str, what: &str) -> Option<&'a str> {
    let language = name.strip_prefix(what)?.strip_prefix('_')?.strip_suffix(".csv")?;
    let known =
        (2..=3).contains(&language.len()) && language.bytes().all(|byte| byte.is_ascii_lowercase());
    known.then_some(language)
}

/// The languages of the skills, that which says what there is first.
fn languages(folder: &Folder, options: &EscoOptions) -> Result<Vec<String>> {
    let is = |name: String| language_of(&name, "skills").map(str::to_owned);
    let mut languages: Vec<String> = folder.names().filter_map(is).collect();
    let wanted = options.language.as_deref().unwrap_or("en");
    match languages.iter().position(|language| language == wanted) {
        Some(at) => languages[..=at].rotate_right(1),
        None if options.language.is_some() || languages.is_empty() => {
            return Err(folder.missing(&format!("skills_{wanted}.csv")));
        }
        None => {}
    }
    Ok(languages)
}

/// Which half of ESCO a concept is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pillar {
    Skill,
    Occupation,
}

/// The columns of texts, those that are there.
#[derive(Clone, Copy)]
struct TextColumns {
    preferred: Column,
    alternative: Column,
    hidden: Column,
    definition: Column,
    description: Column,
}

impl TextColumns {
    fn of(table: &Table<File>) -> Result<Self> {
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
enum Between {
    /// Line breaks: skills, occupations and groups.
    Lines,
    /// Line breaks or bars: collections, and label files.
    LinesOrBars,
}

impl Between {
    fn labels(self, field: &str) -> impl Iterator<Item = Cow<'_, str>> {
        field
            .split(move |at| at == '\n' || (at == '|' && self == Self::LinesOrBars))
            .map(spaced)
            .filter(|label| !label.is_empty())
    }
}

/// A label without no-break spaces, nor spaces around it.
fn spaced(label: &str) -> Cow<'_, str> {
    let no_break = |c: char| matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}');
    let label = label.trim();
    if label.contains(no_break) { label.replace(no_break, " ").into() } else { label.into() }
}

struct Reading<'a> {
    folder: &'a Folder,
    options: &'a EscoOptions,
    builder: FrameworkBuilder,
    report: ReadReport,
    /// The line of each occupation.
    lines: HashMap<String, u64>,
    aside: HashSet<String>,
    /// The job titles given so far: occupation, language and title.
    titles: HashSet<String>,
}

impl Reading<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::new(Delimiter::Comma, self.options.encoding)
    }

    fn open(&self, name: &str) -> Result<(Table<File>, FileReport)> {
        if !self.folder.has(name) {
            return Err(self.folder.missing(name));
        }
        Ok((self.folder.table(name, self.dialect())?, FileReport::new(name)))
    }

    /// The files of a kind, by language: `skillGroups_en.csv`, `skillGroups_fr.csv`.
    fn by_language(&self, what: &str) -> Vec<(String, String)> {
        let own = |name: String| Some((language_of(&name, what)?.to_owned(), name));
        self.folder.names().filter_map(own).collect()
    }

    /// A file that has no language, though since 1.2 its name may have one all the same.
    fn without_language(&self, what: &str) -> Option<String> {
        let plain = format!("{what}.csv");
        let own = || self.by_language(what).into_iter().next().map(|(_, name)| name);
        if self.folder.has(&plain) { Some(plain) } else { own() }
    }

    fn is_group(&self, pillar: Pillar, uri: &str) -> bool {
        match pillar {
            Pillar::Skill => self.builder.skill_groups().position(uri).is_some(),
            Pillar::Occupation => self.builder.occupation_groups().position(uri).is_some(),
        }
    }

    fn is_member(&self, pillar: Pillar, uri: &str) -> bool {
        match pillar {
            Pillar::Skill => self.builder.axis().ids().position(uri).is_some(),
            Pillar::Occupation => self.builder.occupations().position(uri).is_some(),
        }
    }

    fn is_known(&self, pillar: Pillar, uri: &str) -> bool {
        self.is_member(pillar, uri) || self.is_group(pillar, uri)
    }

    fn text(
        &mut self,
        pillar: Pillar,
        uri: &str,
        language: &str,
        role: LabelRole,
        text: &str,
    ) -> Result<()> {
        match pillar {
            Pillar::Skill => self.builder.skill_text(uri, language, role, text),
            Pillar::Occupation => self.builder.occupation_text(uri, language, role, text),
        }
    }

    /// Adds the texts of a row to a concept that is there.
    fn texts(
        &mut self,
        pillar: Pillar,
        row: &Row<'_>,
        uri: &str,
        language: &str,
        columns: TextColumns,
        between: Between,
    ) -> Result<()> {
        let preferred = spaced(row.get(columns.preferred));
        self.text(pillar, uri, language, LabelRole::Preferred, &preferred)?;
        let occupation = pillar == Pillar::Occupation && self.is_member(pillar, uri);
        for label in between.labels(row.get(columns.alternative)) {
            if !occupation {
                self.text(pillar, uri, language, LabelRole::Alternative, &label)?;
            } else if label != preferred
                && self.titles.insert(format!("{uri}\n{language}\n{label}"))
            {
                self.builder.job_title(uri, language, &label, None)?;
            }
        }
        for label in between.labels(row.get(columns.hidden)) {
            self.text(pillar, uri, language, LabelRole::Hidden, &label)?;
        }
        for column in [columns.definition, columns.description] {
            let text = spaced(row.get(column));
            self.text(pillar, uri, language, LabelRole::Definition, &text)?;
        }
        Ok(())
    }

    /// The skills, or what another language calls them.
    fn skills(&mut self, language: &str, first: bool) -> Result<()> {
        let (mut table, mut report) = self.open(&format!("skills_{language}.csv"))?;
        let uri = table.column("conceptUri")?;
        let (kind, reuse) = (table.column("skillType")?, table.optional("reuseLevel")?);
        let columns = TextColumns::of(&table)?;
        let mut seen = HashSet::new();
        table.each(&mut report, |row, report| {
            let uri = row.get(uri);
            if uri.is_empty() {
                return Ok(Fate::dropped(Reason::NoId, row.get(columns.preferred)));
            }
            if !first && !self.is_member(Pillar::Skill, uri) {
                return Ok(Fate::dropped(Reason::UnknownSkill, uri));
            }
            if !seen.insert(uri.to_owned()) {
                return Ok(Fate::dropped(Reason::Duplicate, uri));
            }
            if first {
                let mut unknown = |value| {
                    report.note(row.line, Reason::UnknownValue, value);
                };
                let kind = match row.get(kind) {
                    "" => SkillKind::Unspecified,
                    "knowledge" => SkillKind::Knowledge,
                    "skill/competence" | "skill" => SkillKind::KnowHow,
                    other => {
                        unknown(other);
                        SkillKind::Unspecified
                    }
                };
                let reuse = match row.get(reuse) {
                    "" => Reuse::Unspecified,
                    "transversal" => Reuse::Transversal,
                    "cross-sector" => Reuse::Transferable,
                    "sector-specific" | "occupation-specific" => Reuse::Specific,
                    other => {
                        unknown(other);
                        Reuse::Unspecified
                    }
                };
                self.builder.skill_with(uri, kind, reuse, None)?;
            }
            self.texts(Pillar::Skill, row, uri, language, columns, Between::Lines)?;
            Ok(Fate::Kept)
        })?;
        self.report.push(report);
        Ok(())
    }

    /// The groups of a pillar, in every language there is.
    fn groups(&mut self, what: &str, pillar: Pillar) -> Result<()> {
        for (language, name) in self.by_language(what) {
            let (mut table, mut report) = self.open(&name)?;
            let uri = table.column("conceptUri")?;
            let columns = TextColumns::of(&table)?;
            let mut seen = HashSet::new();
            table.each(&mut report, |row, _| {
                let uri = row.get(uri);
                if uri.is_empty() {
                    return Ok(Fate::dropped(Reason::NoId, row.get(columns.preferred)));
                }
                if self.is_member(pillar, uri) || !seen.insert(uri.to_owned()) {
                    return Ok(Fate::dropped(Reason::Duplicate, uri));
                }
                if !self.is_group(pillar, uri) {
                    match pillar {
                        Pillar::Skill => self.builder.skill_group(uri)?,
                        Pillar::Occupation => self.builder.occupation_group(uri)?,
                    }
                }
                self.texts(pillar, row, uri, &language, columns, Between::Lines)?;
                Ok(Fate::Kept)
            })?;
            self.report.push(report);
        }
        Ok(())
    }

    /// The occupations, and the ISCO group that each names. Their report is finished when it is
    /// known which of them require something.
    fn occupations(&mut self, language: &str) -> Result<(FileReport, HashMap<String, String>)> {
        let (mut table, mut report) = self.open(&format!("occupations_{language}.csv"))?;
        let (uri, group) = (table.column("conceptUri")?, table.optional("iscoGroup")?);
        let columns = TextColumns::of(&table)?;
        let mut isco = HashMap::new();
        table.each(&mut report, |row, report| {
            let uri = row.get(uri);
            if uri.is_empty() {
                return Ok(Fate::dropped(Reason::NoId, row.get(columns.preferred)));
            }
            // Four occupations of 1.2 stand twice, apart only by the day they were changed.
            if self.is_known(Pillar::Occupation, uri) {
                return Ok(Fate::dropped(Reason::Duplicate, uri));
            }
            self.builder.occupation(uri)?;
            self.lines.insert(uri.to_owned(), row.line);
            self.texts(Pillar::Occupation, row, uri, language, columns, Between::Lines)?;
            let group = row.get(group);
            if !group.is_empty() {
                let group = format!("{ISCO}{group}");
                if self.is_group(Pillar::Occupation, &group) {
                    isco.insert(uri.to_owned(), group);
                } else {
                    report.note(row.line, Reason::UnknownBroader, &group);
                }
            }
            Ok(Fate::Kept)
        })?;
        Ok((report, isco))
    }

    fn relations(&mut self, mut occupations: FileReport) -> Result<()> {
        let name = self.without_language("occupationSkillRelations");
        let missing = || self.folder.missing("occupationSkillRelations.csv");
        let (mut table, mut report) = self.open(&name.ok_or_else(missing)?)?;
        let (occupation, skill) = (table.column("occupationUri")?, table.column("skillUri")?);
        let relation = table.column("relationType")?;
        let mut seen: HashSet<(u32, u32)> = HashSet::new();
        table.each(&mut report, |row, _| {
            let (occupation, skill) = (row.get(occupation), row.get(skill));
            let Some(target) = self.builder.occupations().position(occupation) else {
                return Ok(Fate::dropped(Reason::UnknownOccupation, occupation));
            };
            let Some(at) = self.builder.axis().ids().position(skill) else {
                return Ok(Fate::dropped(Reason::UnknownSkill, skill));
            };
            let core = match row.get(relation) {
                "essential" => true,
                "optional" => false,
                other => return Ok(Fate::dropped(Reason::UnknownValue, other)),
            };
            if !seen.insert((target, at)) {
                return Ok(Fate::dropped(Reason::Duplicate, skill));
            }
            self.builder.require(occupation, skill, self.options.weights.requirement(core))?;
            Ok(Fate::Kept)
        })?;
        for uri in self.builder.set_aside_empty()? {
            let line = self.lines.get(&uri).copied().unwrap_or(0);
            occupations.take_back(line, Reason::RequiresNothing, &uri);
            self.aside.insert(uri);
        }
        self.report.push(occupations);
        self.report.push(report);
        Ok(())
    }

    /// What another language calls the occupations.
    fn occupation_labels(&mut self, language: &str) -> Result<()> {
        let name = format!("occupations_{language}.csv");
        if !self.folder.has(&name) {
            return Ok(());
        }
        let (table, report) = self.open(&name)?;
        self.label_rows(table, report, language, Between::Lines)
    }

    /// The labels of a file beside ESCO's own.
    fn labels(&mut self, path: &Path, language: &str) -> Result<()> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let table = Table::open(path, self.dialect())?;
        self.label_rows(table, FileReport::new(name), language, Between::LinesOrBars)
    }

    fn label_rows(
        &mut self,
        mut table: Table<File>,
        mut report: FileReport,
        language: &str,
        between: Between,
    ) -> Result<()> {
        let uri = table.column("conceptUri")?;
        let columns = TextColumns::of(&table)?;
        let mut seen = HashSet::new();
        table.each(&mut report, |row, _| {
            let uri = row.get(uri);
            let known =
                [Pillar::Skill, Pillar::Occupation].into_iter().find(|at| self.is_known(*at, uri));
            let Some(pillar) = known else {
                return Ok(Fate::dropped(self.unknown(uri), uri));
            };
            if !seen.insert(uri.to_owned()) {
                return Ok(Fate::dropped(Reason::Duplicate, uri));
            }
            self.texts(pillar, row, uri, language, columns, between)?;
            Ok(Fate::Kept)
        })?;
        self.report.push(report);
        Ok(())
    }

    fn unknown(&self, uri: &str) -> Reason {
        if self.aside.contains(uri) { Reason::OccupationSetAside } else { Reason::UnknownConcept }
    }

    /// The edges of a pillar, then the ISCO groups of occupations that they give no place.
    fn broader(
        &mut self,
        what: &str,
        pillar: Pillar,
        isco: &HashMap<String, String>,
    ) -> Result<()> {
        let mut placed: HashSet<String> = HashSet::new();
        if let Some(name) = self.without_language(what) {
            let (mut table, mut report) = self.open(&name)?;
            let (uri, broader) = (table.column("conceptUri")?, table.column("broaderUri")?);
            let mut seen: HashSet<(String, String)> = HashSet::new();
            table.each(&mut report, |row, _| {
                let (uri, broader) = (row.get(uri), row.get(broader));
                if !self.is_known(pillar, uri) {
                    return Ok(Fate::dropped(self.unknown(uri), uri));
                }
                if !self.is_known(pillar, broader) {
                    return Ok(Fate::dropped(Reason::UnknownBroader, broader));
                }
                if uri == broader {
                    return Ok(Fate::dropped(Reason::SelfLoop, uri));
                }
                if !seen.insert((uri.to_owned(), broader.to_owned())) {
                    return Ok(Fate::dropped(Reason::Duplicate, uri));
                }
                self.edge(pillar, uri, broader)?;
                placed.insert(uri.to_owned());
                Ok(Fate::Kept)
            })?;
            self.report.push(report);
        }
        for (uri, group) in isco {
            if !placed.contains(uri) && self.is_member(pillar, uri) {
                self.edge(pillar, uri, group)?;
            }
        }
        Ok(())
    }

    fn edge(&mut self, pillar: Pillar, uri: &str, broader: &str) -> Result<()> {
        match pillar {
            Pillar::Skill => self.builder.skill_broader(uri, broader),
            Pillar::Occupation => self.builder.occupation_broader(uri, broader),
        }
    }

    /// The skills of a collection: a tag, and labels where the collection is in a language that
    /// the skills are not.
    fn collection(&mut self, what: &str, tag: &str) -> Result<()> {
        for (language, name) in self.by_language(what) {
            let (mut table, mut report) = self.open(&name)?;
            let uri = table.column("conceptUri")?;
            let columns = TextColumns::of(&table)?;
            table.each(&mut report, |row, _| {
                let uri = row.get(uri);
                if !self.is_known(Pillar::Skill, uri) {
                    return Ok(Fate::dropped(Reason::UnknownSkill, uri));
                }
                self.builder.skill_tag(uri, tag)?;
                self.texts(Pillar::Skill, row, uri, &language, columns, Between::LinesOrBars)?;
                Ok(Fate::Kept)
            })?;
            self.report.push(report);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_language_of_its_name() {
        assert_eq!(language_of("skills_fr.csv", "skills"), Some("fr"));
        assert_eq!(language_of("skillsHierarchy_en.csv", "skills"), None);
        assert_eq!(language_of("skills.csv", "skills"), None);
        assert!(is_esco("occupationSkillRelations.csv"));
        assert!(is_esco("occupationSkillRelations_fr.csv"));
    }

    #[test]
    fn labels_are_split_where_their_file_splits_them() {
        let split = |between: Between, field| between.labels(field).collect::<Vec<_>>();
        assert_eq!(split(Between::Lines, "a | b\nc\u{a0}d \n\n"), ["a | b", "c d"]);
        assert_eq!(split(Between::LinesOrBars, "a | b|c"), ["a", "b", "c"]);
        assert!(split(Between::Lines, " ").is_empty());
    }
}
