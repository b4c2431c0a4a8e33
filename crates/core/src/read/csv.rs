//! The project's own CSV folder in: `docs/formats.md` is its specification.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::Path;

use super::encoding::Encoding;
use super::folder::Folder;
use super::report::{Fate, FileReport, ReadReport, Reason};
use super::table::{Column, Delimiter, Dialect, Row, Table};
use crate::error::{Error, Result};
use crate::framework::{Framework, FrameworkBuilder, LabelRole};
use crate::matrix::Requirement;
use crate::skill::{LevelScale, Reuse, SkillKind, exact_parts};

/// How to read a CSV folder.
#[derive(Clone, Copy, Debug, Default)]
pub struct CsvOptions {
    encoding: Encoding,
}

impl CsvOptions {
    /// The files' encoding. The format says UTF-8, which is the default; a spreadsheet that saves
    /// in another one can be read by naming it.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }
}

/// Reads a framework from the project's own CSV folder (`docs/formats.md`).
///
/// A row that refers to what is not there is dropped and reported; a value that cannot be read, or
/// an id given twice, is an error with its file and line, because what was meant cannot be known.
///
/// # Errors
///
/// [`Error::File`], [`Error::Encoding`], [`Error::MissingColumn`], [`Error::Value`] with file, line
/// and column, [`Error::GivenTwice`], [`Error::Malformed`], [`Error::Cycle`] in a hierarchy or in
/// the prerequisites, [`Error::TotalTooLarge`].
///
/// # Example
///
/// ```no_run
/// use passerelle::read::{self, CsvOptions};
///
/// let (framework, report) =
///     read::csv_folder("datasets/hauts-de-france/framework", &CsvOptions::default())?;
/// println!("{} skills\n{report}", framework.axis().len());
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn csv_folder(dir: impl AsRef<Path>, options: &CsvOptions) -> Result<(Framework, ReadReport)> {
    let folder = Folder::open(dir.as_ref())?;
    let dialect = Dialect::new(Delimiter::CommaOrSemicolon, options.encoding);
    let mut reading = Reading::start(&folder, dialect)?;
    reading.concepts(Kind::Skill)?;
    reading.concepts(Kind::SkillGroup)?;
    reading.concepts(Kind::OccupationGroup)?;
    reading.concepts(Kind::Occupation)?;
    reading.requirements()?;
    reading.set_aside()?;
    reading.hierarchy()?;
    reading.job_titles()?;
    reading.labels()?;
    reading.prerequisites()?;
    for file in reading.files {
        reading.report.push(file);
    }
    folder.finish(reading.builder, reading.report)
}

/// What a line of one of the four concept files adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Skill,
    SkillGroup,
    Occupation,
    OccupationGroup,
}

impl Kind {
    fn file(self) -> &'static str {
        match self {
            Self::Skill => "skills.csv",
            Self::SkillGroup => "groups.csv",
            Self::Occupation => "occupations.csv",
            Self::OccupationGroup => "occupation_groups.csv",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Skill => "skill",
            Self::SkillGroup => "group",
            Self::Occupation => "occupation",
            Self::OccupationGroup => "occupation group",
        }
    }

    fn is_skill(self) -> bool {
        matches!(self, Self::Skill | Self::SkillGroup)
    }
}

/// A concept's `broader` field, kept until every concept is known.
struct Broader {
    kind: Kind,
    line: u64,
    id: String,
    broader: String,
}

struct Reading<'a> {
    folder: &'a Folder,
    dialect: Dialect,
    language: String,
    builder: FrameworkBuilder,
    report: ReadReport,
    files: Vec<FileReport>,
    broader: Vec<Broader>,
    /// Where each id was given first: skills and groups, occupations and their groups.
    given: [HashMap<String, (&'static str, u64)>; 2],
    aside: HashSet<String>,
}

impl<'a> Reading<'a> {
    fn start(folder: &'a Folder, dialect: Dialect) -> Result<Self> {
        let (head, head_report) = Head::read(folder, dialect)?;
        let mut builder = Framework::builder(&head.name, &head.version, &head.language);
        builder.licence(head.licence, head.source);
        builder.weight_denominator(head.weight_denominator)?;
        let mut files = vec![head_report];
        if folder.has("scales.csv") {
            let (scales, report) = scales(folder.table("scales.csv", dialect)?)?;
            if !scales.is_empty() {
                builder.scales(scales)?;
            }
            files.push(report);
        }
        Ok(Self {
            folder,
            dialect,
            builder,
            report: ReadReport::new("CSV", &head.version, "framework.csv"),
            language: head.language,
            files,
            broader: Vec::new(),
            given: [HashMap::new(), HashMap::new()],
            aside: HashSet::new(),
        })
    }

    /// Opens a file: an optional one only if it is there.
    fn open(&self, name: &str, required: bool) -> Result<Option<(Table<File>, FileReport)>> {
        if !self.folder.has(name) {
            return if required { Err(self.folder.missing(name)) } else { Ok(None) };
        }
        Ok(Some((self.folder.table(name, self.dialect)?, FileReport::new(name))))
    }

    fn concepts(&mut self, kind: Kind) -> Result<()> {
        let required = matches!(kind, Kind::Skill | Kind::Occupation);
        let Some((mut table, mut report)) = self.open(kind.file(), required)? else {
            return Ok(());
        };
        let id = table.column("id")?;
        let labels = table.prefixed("label_");
        if labels.is_empty() {
            let label = format!("label_{}", self.language);
            return Err(table.column(&label).err().unwrap_or_else(|| self.folder.missing(&label)));
        }
        let own = OwnColumns {
            kind: table.optional("kind")?,
            reuse: table.optional("reuse")?,
            scale: table.optional("scale")?,
            tags: table.optional("tags")?,
            broader: table.optional("broader")?,
        };
        table.each(&mut report, |row, report| {
            let name = row.get(id);
            if name.is_empty() {
                return Ok(Fate::dropped(Reason::NoId, row.get(labels[0].1)));
            }
            let given = &mut self.given[usize::from(!kind.is_skill())];
            if let Some(&(file, line)) = given.get(name) {
                return Err(Error::GivenTwice {
                    what: kind.what(),
                    id: name.to_owned(),
                    first: format!("{file}, line {line}"),
                    again: format!("{}, line {}", kind.file(), row.line),
                });
            }
            given.insert(name.to_owned(), (kind.file(), row.line));
            self.concept(kind, name, row, own)?;
            let mut labelled = false;
            for (language, column) in &labels {
                let text = row.get(*column);
                labelled |= !text.is_empty();
                self.text(kind, name, language, LabelRole::Preferred, text)?;
            }
            if !labelled {
                report.note(row.line, Reason::NoLabel, name);
            }
            for tag in bars(row.get(own.tags)) {
                if kind.is_skill() {
                    self.builder.skill_tag(name, tag)?;
                } else {
                    self.builder.occupation_tag(name, tag)?;
                }
            }
            let broader = row.get(own.broader);
            if !broader.is_empty() {
                let (id, broader) = (name.to_owned(), broader.to_owned());
                self.broader.push(Broader { kind, line: row.line, id, broader });
            }
            Ok(Fate::Kept)
        })?;
        self.files.push(report);
        Ok(())
    }

    fn concept(&mut self, kind: Kind, id: &str, row: &Row<'_>, own: OwnColumns) -> Result<()> {
        match kind {
            Kind::SkillGroup => self.builder.skill_group(id),
            Kind::OccupationGroup => self.builder.occupation_group(id),
            Kind::Occupation => self.builder.occupation(id).map(drop),
            Kind::Skill => {
                let kind: SkillKind = named(row, own.kind, "knowledge, know-how, soft or empty")?;
                let expected = "transversal, transferable, specific or empty";
                let reuse: Reuse = named(row, own.reuse, expected)?;
                let scale = row.get(own.scale);
                let scales = self.builder.axis().scales();
                if !scale.is_empty() && !scales.iter().any(|known| known.name() == scale) {
                    return Err(row.refuse(own.scale, "a scale of scales.csv"));
                }
                let scale = (!scale.is_empty()).then_some(scale);
                self.builder.skill_with(id, kind, reuse, scale).map(drop)
            }
        }
    }

    fn text(
        &mut self,
        kind: Kind,
        id: &str,
        language: &str,
        role: LabelRole,
        text: &str,
    ) -> Result<()> {
        if kind.is_skill() {
            self.builder.skill_text(id, language, role, text)
        } else {
            self.builder.occupation_text(id, language, role, text)
        }
    }

    fn requirements(&mut self) -> Result<()> {
        let name = "requirements.csv";
        let Some((mut table, mut report)) = self.open(name, true)? else { return Ok(()) };
        let (occupation, skill) = (table.column("occupation")?, table.column("skill")?);
        let (level, weight) = (table.optional("level")?, table.optional("weight")?);
        let necessity = table.optional("necessity")?;
        let mut seen: HashMap<(u32, u32), (Requirement, u64)> = HashMap::new();
        table.each(&mut report, |row, _| {
            let (target, id) = (row.get(occupation), row.get(skill));
            let Some(target_at) = self.builder.occupations().position(target) else {
                return Ok(Fate::dropped(Reason::UnknownOccupation, target));
            };
            let Some(skill_at) = self.builder.axis().ids().position(id) else {
                return Ok(Fate::dropped(Reason::UnknownSkill, id));
            };
            let axis = self.builder.axis();
            let requirement = Requirement {
                level: level_of(row, level, axis.scale(skill_at))?,
                weight: weight_of(row, weight, axis.weight_denominator())?,
                necessity: named(row, necessity, "optional, essential, blocking or empty")?,
            };
            if let Some(&(before, line)) = seen.get(&(target_at, skill_at)) {
                if before == requirement {
                    return Ok(Fate::dropped(Reason::Duplicate, format!("{target}, {id}")));
                }
                return Err(Error::GivenTwice {
                    what: "requirement",
                    id: format!("{target}, {id}"),
                    first: format!("{name}, line {line}"),
                    again: format!("{name}, line {}", row.line),
                });
            }
            seen.insert((target_at, skill_at), (requirement, row.line));
            self.builder.require(target, id, requirement)?;
            Ok(Fate::Kept)
        })?;
        self.files.push(report);
        Ok(())
    }

    /// Takes out the occupations that require nothing, and says so beside the file that named them.
    fn set_aside(&mut self) -> Result<()> {
        let aside = self.builder.set_aside_empty()?;
        let file = self.files.iter_mut().find(|file| file.file() == Kind::Occupation.file());
        if let Some(file) = file {
            for id in &aside {
                let line = self.given[1].get(id).map_or(0, |&(_, line)| line);
                file.take_back(line, Reason::RequiresNothing, id);
            }
        }
        self.aside = aside.into_iter().collect();
        Ok(())
    }

    fn hierarchy(&mut self) -> Result<()> {
        for Broader { kind, line, id, broader } in std::mem::take(&mut self.broader) {
            if !kind.is_skill() && self.aside.contains(&id) {
                continue;
            }
            for parent in bars(&broader) {
                let known = self.given[usize::from(!kind.is_skill())].contains_key(parent);
                if !known || (!kind.is_skill() && self.aside.contains(parent)) {
                    let file = self.files.iter_mut().find(|file| file.file() == kind.file());
                    if let Some(file) = file {
                        file.note(line, Reason::UnknownBroader, parent);
                    }
                } else if kind.is_skill() {
                    self.builder.skill_broader(&id, parent)?;
                } else {
                    self.builder.occupation_broader(&id, parent)?;
                }
            }
        }
        Ok(())
    }

    fn job_titles(&mut self) -> Result<()> {
        let Some((mut table, mut report)) = self.open("job_titles.csv", false)? else {
            return Ok(());
        };
        let (occupation, title) = (table.column("occupation")?, table.column("title")?);
        let (language, own) = (table.optional("language")?, table.optional("id")?);
        let mut seen: HashSet<[String; 4]> = HashSet::new();
        table.each(&mut report, |row, _| {
            let (id, text) = (row.get(occupation), row.get(title));
            let own = row.get(own);
            if text.is_empty() {
                return Ok(Fate::dropped(Reason::NoId, id));
            }
            if self.builder.occupations().position(id).is_none() {
                return Ok(Fate::dropped(self.no_occupation(id), id));
            }
            let language = or(row.get(language), &self.language);
            if !seen.insert([id, text, language, own].map(str::to_owned)) {
                return Ok(Fate::dropped(Reason::Duplicate, text));
            }
            self.builder.job_title(id, language, text, (!own.is_empty()).then_some(own))?;
            Ok(Fate::Kept)
        })?;
        self.files.push(report);
        Ok(())
    }

    fn no_occupation(&self, id: &str) -> Reason {
        if self.aside.contains(id) { Reason::OccupationSetAside } else { Reason::UnknownOccupation }
    }

    fn labels(&mut self) -> Result<()> {
        let Some((mut table, mut report)) = self.open("labels.csv", false)? else {
            return Ok(());
        };
        let (of, id) = (table.column("of")?, table.column("id")?);
        let (role, text) = (table.column("role")?, table.column("text")?);
        let language = table.optional("language")?;
        table.each(&mut report, |row, _| {
            let kind = match row.get(of) {
                "skill" => Kind::Skill,
                "group" => Kind::SkillGroup,
                "occupation" => Kind::Occupation,
                "occupation_group" => Kind::OccupationGroup,
                _ => {
                    return Err(row.refuse(of, "skill, group, occupation or occupation_group"));
                }
            };
            let Ok(role) = row.get(role).parse::<LabelRole>() else {
                return Err(row.refuse(role, "preferred, alternative, hidden or definition"));
            };
            let name = row.get(id);
            let known = match kind {
                Kind::Skill => self.builder.axis().ids(),
                Kind::SkillGroup => self.builder.skill_groups(),
                Kind::Occupation => self.builder.occupations(),
                Kind::OccupationGroup => self.builder.occupation_groups(),
            };
            if known.position(name).is_none() {
                let reason = match kind {
                    Kind::Occupation => self.no_occupation(name),
                    Kind::Skill => Reason::UnknownSkill,
                    _ => Reason::UnknownConcept,
                };
                return Ok(Fate::dropped(reason, name));
            }
            if row.get(text).is_empty() {
                return Ok(Fate::dropped(Reason::Blank, name));
            }
            let language = or(row.get(language), &self.language).to_owned();
            self.text(kind, name, &language, role, row.get(text))?;
            Ok(Fate::Kept)
        })?;
        self.files.push(report);
        Ok(())
    }

    fn prerequisites(&mut self) -> Result<()> {
        let Some((mut table, mut report)) = self.open("prerequisites.csv", false)? else {
            return Ok(());
        };
        let (skill, requires) = (table.column("skill")?, table.column("requires")?);
        let strength = table.optional("strength")?;
        table.each(&mut report, |row, _| {
            let strict = match row.get(strength) {
                "" | "strict" => true,
                "advisory" => false,
                _ => return Err(row.refuse(strength, "strict, advisory or empty")),
            };
            for id in [row.get(skill), row.get(requires)] {
                if self.builder.axis().ids().position(id).is_none() {
                    return Ok(Fate::dropped(Reason::UnknownSkill, id));
                }
            }
            self.builder.prerequisite(row.get(skill), row.get(requires), strict)?;
            Ok(Fate::Kept)
        })?;
        self.files.push(report);
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct OwnColumns {
    kind: Column,
    reuse: Column,
    scale: Column,
    tags: Column,
    broader: Column,
}

/// What `framework.csv` says.
struct Head {
    name: String,
    version: String,
    language: String,
    weight_denominator: u16,
    licence: String,
    source: String,
}

impl Head {
    fn read(folder: &Folder, dialect: Dialect) -> Result<(Self, FileReport)> {
        let file = "framework.csv";
        if !folder.has(file) {
            return Err(folder.missing(file));
        }
        let mut table = folder.table(file, dialect)?;
        let mut report = FileReport::new(file);
        let (key, value) = (table.column("key")?, table.column("value")?);
        let mut values: HashMap<&'static str, (String, u64)> = HashMap::new();
        let mut weight_denominator = 1;
        table.each(&mut report, |row, _| {
            const KEYS: [&str; 6] =
                ["name", "version", "language", "weight_denominator", "licence", "source"];
            let Some(known) = KEYS.into_iter().find(|known| *known == row.get(key)) else {
                return Ok(Fate::dropped(Reason::UnknownValue, row.get(key)));
            };
            if known == "weight_denominator" && !row.get(value).is_empty() {
                let parsed = row.get(value).parse().ok().filter(|&parts: &u16| parts > 0);
                let Some(parts) = parsed else {
                    return Err(row.refuse(value, "a whole number from 1 to 65535"));
                };
                weight_denominator = parts;
            }
            let entry = (row.get(value).to_owned(), row.line);
            if let Some((_, line)) = values.insert(known, entry) {
                return Err(Error::GivenTwice {
                    what: "key",
                    id: known.to_owned(),
                    first: format!("{file}, line {line}"),
                    again: format!("{file}, line {}", row.line),
                });
            }
            Ok(Fate::Kept)
        })?;
        let mut take = |key| values.remove(key).map(|(value, _)| value).unwrap_or_default();
        let head = Self {
            name: take("name"),
            version: take("version"),
            language: take("language"),
            weight_denominator,
            licence: take("licence"),
            source: take("source"),
        };
        for (key, value) in [("name", &head.name), ("version", &head.version)] {
            if value.is_empty() {
                let problem = format!("no line gives `{key}`; add `{key}` and its value");
                let file = folder.path().join(file).display().to_string();
                return Err(Error::Malformed { file, problem });
            }
        }
        let language = or(&head.language, "fr").to_owned();
        Ok((Self { language, ..head }, report))
    }
}

/// One scale while its lines are read.
struct Scale {
    name: String,
    unit: Option<u16>,
    steps: HashMap<u16, String>,
}

fn scales(mut table: Table<File>) -> Result<(Vec<LevelScale>, FileReport)> {
    let (name, step, label) =
        (table.column("scale")?, table.column("step")?, table.column("label")?);
    let unit = table.optional("unit")?;
    let mut report = FileReport::new("scales.csv");
    let mut scales: Vec<Scale> = Vec::new();
    table.each(&mut report, |row, _| {
        let id = row.get(name);
        if id.is_empty() {
            return Ok(Fate::dropped(Reason::NoId, row.get(label)));
        }
        let Ok(number) = row.get(step).parse::<u16>() else {
            return Err(row.refuse(step, "a step: a whole number from 0 to 65535"));
        };
        let parts = match row.get(unit) {
            "" => None,
            written => match written.parse().ok().filter(|&parts: &u16| parts > 0) {
                Some(parts) => Some(parts),
                None => return Err(row.refuse(unit, "a whole number of steps from 1 to 65535")),
            },
        };
        let at = scales.iter().position(|scale| scale.name == id).unwrap_or_else(|| {
            scales.push(Scale { name: id.to_owned(), unit: parts, steps: HashMap::new() });
            scales.len() - 1
        });
        let scale = &mut scales[at];
        if scale.unit.unwrap_or(1) != parts.unwrap_or(1) {
            return Err(row.refuse(unit, "the unit of the scale's other lines"));
        }
        if scale.steps.insert(number, row.get(label).to_owned()).is_some() {
            return Err(row.refuse(step, "a step that the scale does not have yet"));
        }
        Ok(Fate::Kept)
    })?;
    let mut built = Vec::new();
    for Scale { name, unit, mut steps } in scales {
        let top = steps.keys().copied().max().unwrap_or(0);
        if top == 0 {
            let problem = format!("scale `{name}` has no step above 0; add its steps");
            return Err(Error::Malformed { file: "scales.csv".to_owned(), problem });
        }
        let scale = LevelScale::new(name, top)?.unit(unit.unwrap_or(1))?;
        // Steps above the last named one have no name, rather than an empty one.
        let named = steps.iter().filter(|(_, label)| !label.is_empty()).map(|(&step, _)| step);
        let last = named.max().unwrap_or(0);
        let names: Vec<_> =
            (1..=last).map(|step| steps.remove(&step).unwrap_or_default()).collect();
        built.push(scale.step_names(names));
    }
    Ok((built, report))
}

fn level_of(row: &Row<'_>, column: Column, scale: &LevelScale) -> Result<u16> {
    let written = row.get(column);
    if written.is_empty() {
        return Ok(scale.top());
    }
    scale.steps_of(written).ok().filter(|&level| level > 0).ok_or_else(|| {
        let (top, unit) = (scale.written(scale.top()), scale.steps_per_unit());
        let name = scale.name();
        row.refuse(
            column,
            format!("a level above 0 and up to {top}, in steps of 1/{unit}, of scale `{name}`"),
        )
    })
}

fn weight_of(row: &Row<'_>, column: Column, denominator: u16) -> Result<u16> {
    let written = match row.get(column) {
        "" => "1",
        written => written,
    };
    exact_parts(written, denominator)
        .and_then(|weight| u16::try_from(weight).ok())
        .filter(|&weight| weight > 0)
        .ok_or_else(|| {
            row.refuse(
                column,
                format!("a weight above 0 that is a whole number of 1/{denominator}, at most 65535 of them"),
            )
        })
}

/// The value of a column that holds one of a few names; empty is the default.
fn named<T: Default + std::str::FromStr>(
    row: &Row<'_>,
    column: Column,
    expected: &str,
) -> Result<T> {
    match row.get(column) {
        "" => Ok(T::default()),
        written => written.parse().map_err(|_| row.refuse(column, expected)),
    }
}

/// The values of a field that holds several, separated by a bar.
fn bars(field: &str) -> impl Iterator<Item = &str> {
    field.split('|').map(str::trim).filter(|value| !value.is_empty())
}

fn or<'a>(value: &'a str, default: &'a str) -> &'a str {
    if value.is_empty() { default } else { value }
}
