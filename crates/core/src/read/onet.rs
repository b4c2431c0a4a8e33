//! O*NET in: the tab-separated text release.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::path::Path;

use super::encoding::Encoding;
use super::folder::{Folder, version_in};
use super::report::{Fate, FileReport, ReadReport, Reason};
use super::table::{Delimiter, Dialect, Table};
use crate::error::{Error, Result};
use crate::framework::{Framework, FrameworkBuilder, LabelRole};
use crate::matrix::{Necessity, Requirement};
use crate::skill::{LevelScale, SkillKind, exact_parts};

const ENGLISH: &str = "en";

/// Importance is rated from 1 to 5 and level from 0 to 7, both in hundredths.
const PARTS: u16 = 100;
const TOP_LEVEL: u16 = 700;
const IMPORTANCE: std::ops::RangeInclusive<u32> = 100..=500;

/// The files of ratings: the first two must be there.
const RATED: [&str; 4] = ["Skills", "Knowledge", "Abilities", "Work Activities"];

/// How to read O*NET.
#[derive(Clone, Debug)]
pub struct OnetOptions {
    encoding: Encoding,
    version: Option<String>,
    essential_from: u16,
}

impl Default for OnetOptions {
    fn default() -> Self {
        Self { encoding: Encoding::Utf8, version: None, essential_from: 300 }
    }
}

impl OnetOptions {
    /// The files' encoding; UTF-8 without this call.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// The version; without this call, that of `Read Me.txt` or else of the folder's name.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// The importance, in hundredths from 100 to 500, from which a requirement is essential; 300
    /// without this call.
    ///
    /// 3 is the step that the questionnaires call "important", the middle of 1 to 5, and 50 on the
    /// standardised scale of 0 to 100 that O*NET OnLine shows. Lower it and more is essential, so
    /// that fewer people are eligible.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] outside 100 to 500.
    pub fn essential_from(mut self, importance: u16) -> Result<Self> {
        if !IMPORTANCE.contains(&u32::from(importance)) {
            let expected = "an importance in hundredths, from 100 to 500";
            return Err(Error::argument("essential_from", importance, expected));
        }
        self.essential_from = importance;
        Ok(self)
    }
}

/// Reads O*NET from a folder of its text files.
///
/// - **Skills** are the elements that `Skills.txt` and `Knowledge.txt` rate, and `Abilities.txt` and
///   `Work Activities.txt` where these are there (`….from-xlsx.txt` is read where `….txt` is not).
///   Skills and work activities are know-how, knowledge is knowledge, abilities are left
///   unspecified. Groups and definitions come from the content model.
/// - **Occupations** by their O*NET-SOC code; those that are not rated are set aside and reported.
/// - **Requirements** join two rows on occupation and element: the weight is importance − 1, the
///   level as rated, both in hundredths. Essential from an importance of 3 on: see
///   [`OnetOptions::essential_from`].
/// - **Job titles** are the alternate titles and their short forms.
///
/// How the ratings' rows count: each is one row in. A row has at most one reason of its own, the
/// first of: suppressed by the publisher, not relevant, an importance of 1 (a weight of 0), a level
/// of 0. A row without one whose other row has one, or is missing, is dropped as
/// [`Reason::OtherHalf`]. So rows kept are twice the requirements. Since these marks overlap (the
/// levels of 0 are mostly marked as not relevant as well), the report's notes count each mark over
/// all rows.
///
/// # Errors
///
/// [`Error::File`] for `Occupation Data.txt`, `Skills.txt` or `Knowledge.txt` (the other files may
/// be absent), [`Error::Encoding`], [`Error::MissingColumn`].
///
/// # Example
///
/// ```no_run
/// use passerelle::read::{self, OnetOptions, Reason};
///
/// let (framework, report) = read::onet("data/onet-29.0", &OnetOptions::default())?;
/// println!("{} rated occupations", framework.required().len());
/// println!("{} set aside", report.dropped_for(Reason::RequiresNothing));
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn onet(dir: impl AsRef<Path>, options: &OnetOptions) -> Result<(Framework, ReadReport)> {
    let folder = Folder::open(dir.as_ref())?;
    let title = folder.text("Read Me.txt").unwrap_or_default();
    let name = folder.name();
    let (version, from) = match (&options.version, version_in(&title), version_in(&name)) {
        (Some(version), ..) => (version.as_str(), "the options"),
        (None, Some(version), _) => (version, "Read Me.txt"),
        (None, None, Some(version)) => (version, "the folder's name"),
        (None, None, None) => ("unknown", "nowhere: name it in the options"),
    };
    let mut builder = Framework::builder("O*NET", version, ENGLISH);
    builder.scales(vec![LevelScale::new("LV", TOP_LEVEL)?.unit(PARTS)?])?;
    builder.weight_denominator(PARTS)?;
    builder.licence(
        "CC BY 4.0",
        format!(
            "This product includes information from the O*NET {version} Database by the U.S. Department of Labor, Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. O*NET® is a trademark of USDOL/ETA. The information was modified: USDOL/ETA has not approved, endorsed, or tested these modifications."
        ),
    );
    let report = ReadReport::new("O*NET", version, from);
    let mut reading = Reading {
        folder: &folder,
        options,
        builder,
        report,
        lines: HashMap::new(),
        aside: HashSet::new(),
    };
    let occupations = reading.occupations()?;
    let mut rated = Vec::new();
    for (at, file) in RATED.into_iter().enumerate() {
        if let Some(found) = reading.ratings(file, at < 2)? {
            rated.push(found);
        }
    }
    reading.set_aside(occupations)?;
    for file in rated {
        reading.report.push(file);
    }
    reading.content_model()?;
    reading.titles()?;
    folder.finish(reading.builder, reading.report)
}

/// Whether a file of a folder is O*NET's.
pub(super) fn is_onet(name: &str) -> bool {
    name == "Occupation Data.txt"
}

/// A row of ratings that has no reason of its own to be dropped.
struct Rating {
    line: u64,
    pair: (u32, u32),
    is_level: bool,
    value: u16,
}

struct Reading<'a> {
    folder: &'a Folder,
    options: &'a OnetOptions,
    builder: FrameworkBuilder,
    report: ReadReport,
    /// The line of each occupation.
    lines: HashMap<String, u64>,
    aside: HashSet<String>,
}

impl Reading<'_> {
    fn open(&self, what: &str) -> Result<Option<(Table<File>, FileReport)>> {
        let names = [format!("{what}.txt"), format!("{what}.from-xlsx.txt")];
        let Some(name) = names.into_iter().find(|name| self.folder.has(name)) else {
            return Ok(None);
        };
        let dialect = Dialect::new(Delimiter::Tab, self.options.encoding);
        Ok(Some((self.folder.table(&name, dialect)?, FileReport::new(name))))
    }

    fn open_required(&self, what: &str) -> Result<(Table<File>, FileReport)> {
        self.open(what)?.ok_or_else(|| self.folder.missing(&format!("{what}.txt")))
    }

    /// Adds the occupations; their report is finished when it is known which of them are rated.
    fn occupations(&mut self) -> Result<FileReport> {
        let (mut table, mut report) = self.open_required("Occupation Data")?;
        let (id, title) = (table.column("O*NET-SOC Code")?, table.column("Title")?);
        let description = table.optional("Description")?;
        table.each(&mut report, |row, _| {
            let id = row.get(id);
            if id.is_empty() {
                return Ok(Fate::dropped(Reason::NoId, row.get(title)));
            }
            if self.lines.insert(id.to_owned(), row.line).is_some() {
                return Ok(Fate::dropped(Reason::Duplicate, id));
            }
            self.builder.occupation(id)?;
            for (role, column) in
                [(LabelRole::Preferred, title), (LabelRole::Definition, description)]
            {
                self.builder.occupation_text(id, ENGLISH, role, row.get(column))?;
            }
            Ok(Fate::Kept)
        })?;
        Ok(report)
    }

    /// Reads one file of ratings, adds its elements as skills and its pairs as requirements.
    fn ratings(&mut self, what: &str, required: bool) -> Result<Option<FileReport>> {
        let opened = if required { Some(self.open_required(what)?) } else { self.open(what)? };
        let Some((mut table, mut report)) = opened else { return Ok(None) };
        let (occupation, element) = (table.column("O*NET-SOC Code")?, table.column("Element ID")?);
        let (name, scale) = (table.column("Element Name")?, table.column("Scale ID")?);
        let value = table.column("Data Value")?;
        let (suppress, irrelevant) =
            (table.optional("Recommend Suppress")?, table.optional("Not Relevant")?);
        let mut ratings: Vec<Rating> = Vec::new();
        let mut seen: HashSet<(u32, u32, bool)> = HashSet::new();
        table.each(&mut report, |row, report| {
            let (occupation, element) = (row.get(occupation), row.get(element));
            let is_level = match row.get(scale) {
                "IM" => false,
                "LV" => true,
                other => return Ok(Fate::dropped(Reason::OtherScale, other)),
            };
            let Some(target) = self.builder.occupations().position(occupation) else {
                return Ok(Fate::dropped(Reason::UnknownOccupation, occupation));
            };
            if element.is_empty() {
                return Ok(Fate::dropped(Reason::NoId, row.get(name)));
            }
            let skill = self.skill(element, row.get(name))?;
            if !seen.insert((target, skill, is_level)) {
                return Ok(Fate::dropped(Reason::Duplicate, format!("{occupation}, {element}")));
            }
            let value = match (exact_parts(row.get(value), PARTS), is_level) {
                (Some(level), true) if level <= u32::from(TOP_LEVEL) => level,
                (Some(importance), false) if IMPORTANCE.contains(&importance) => importance - 100,
                _ => return Ok(Fate::dropped(Reason::BadValue, row.get(value))),
            };
            let nothing = if is_level { Reason::NoLevel } else { Reason::NoWeight };
            let marks = [
                (row.get(suppress) == "Y", Reason::Suppressed),
                (row.get(irrelevant) == "Y", Reason::NotRelevant),
                (value == 0, nothing),
            ];
            let pair = || format!("{occupation}, {element}");
            let mut first = None;
            for (_, reason) in marks.into_iter().filter(|(marked, _)| *marked) {
                report.note(row.line, reason, &pair());
                first = first.or(Some(reason));
            }
            if let Some(reason) = first {
                return Ok(Fate::dropped(reason, pair()));
            }
            // Both are at most 700.
            let value = u16::try_from(value).unwrap_or(u16::MAX);
            ratings.push(Rating { line: row.line, pair: (target, skill), is_level, value });
            Ok(Fate::Kept)
        })?;
        self.join(&ratings, &mut report)?;
        Ok(Some(report))
    }

    /// The skill of an element, added when it is new.
    fn skill(&mut self, element: &str, name: &str) -> Result<u32> {
        if let Some(skill) = self.builder.axis().ids().position(element) {
            return Ok(skill);
        }
        let kind = if element.starts_with("2.C") {
            SkillKind::Knowledge
        } else if element.starts_with("2.") || element.starts_with("4.") {
            SkillKind::KnowHow
        } else {
            SkillKind::Unspecified
        };
        let skill = self.builder.skill(element, kind)?;
        self.builder.skill_label(element, ENGLISH, name)?;
        Ok(skill)
    }

    /// Joins importance with level: a row that is left alone is dropped after all.
    fn join(&mut self, ratings: &[Rating], report: &mut FileReport) -> Result<()> {
        let mut levels: HashMap<(u32, u32), u16> = HashMap::new();
        let mut weights: HashMap<(u32, u32), u16> = HashMap::new();
        for rating in ratings {
            let half = if rating.is_level { &mut levels } else { &mut weights };
            half.insert(rating.pair, rating.value);
        }
        for rating in ratings {
            let (target, skill) = rating.pair;
            let target = self.builder.occupations()[target].to_owned();
            let element = self.builder.axis().ids()[skill].to_owned();
            let other = if rating.is_level { &weights } else { &levels };
            let Some(&other) = other.get(&rating.pair) else {
                let pair = format!("{target}, {element}");
                report.take_back(rating.line, Reason::OtherHalf, &pair);
                continue;
            };
            if rating.is_level {
                continue;
            }
            let essential = rating.value + 100 >= self.options.essential_from;
            let necessity = if essential { Necessity::Essential } else { Necessity::Optional };
            let requirement = Requirement { level: other, weight: rating.value, necessity };
            self.builder.require(&target, &element, requirement)?;
        }
        Ok(())
    }

    fn set_aside(&mut self, mut occupations: FileReport) -> Result<()> {
        for id in self.builder.set_aside_empty()? {
            let line = self.lines.get(&id).copied().unwrap_or(0);
            occupations.take_back(line, Reason::RequiresNothing, &id);
            self.aside.insert(id);
        }
        self.report.push(occupations);
        Ok(())
    }

    /// Definitions of the skills, and the groups above them: `2.A` is above `2.A.1`.
    fn content_model(&mut self) -> Result<()> {
        let Some((mut table, mut report)) = self.open("Content Model Reference")? else {
            return Ok(());
        };
        let (id, name) = (table.column("Element ID")?, table.column("Element Name")?);
        let description = table.optional("Description")?;
        let skills: Vec<String> = self.builder.axis().ids().iter().map(str::to_owned).collect();
        let groups: HashSet<&str> = skills.iter().flat_map(|id| above(id)).collect();
        let mut seen: HashSet<String> = HashSet::new();
        table.each(&mut report, |row, _| {
            let id = row.get(id);
            let skill = self.builder.axis().ids().position(id).is_some();
            if !skill && !groups.contains(id) {
                return Ok(Fate::dropped(Reason::NotUsed, id));
            }
            if !seen.insert(id.to_owned()) {
                return Ok(Fate::dropped(Reason::Duplicate, id));
            }
            if !skill {
                self.builder.skill_group(id)?;
                self.builder.skill_label(id, ENGLISH, row.get(name))?;
            }
            let definition = row.get(description);
            self.builder.skill_text(id, ENGLISH, LabelRole::Definition, definition)?;
            Ok(Fate::Kept)
        })?;
        let mut groups: Vec<String> =
            self.builder.skill_groups().iter().map(str::to_owned).collect();
        groups.extend(skills);
        for id in &groups {
            let known = |parent: &&str| {
                self.builder.skill_groups().position(parent).is_some()
                    || self.builder.axis().ids().position(parent).is_some()
            };
            let parent = above(id).find(known);
            if let Some(parent) = parent {
                self.builder.skill_broader(id, parent)?;
            }
        }
        self.report.push(report);
        Ok(())
    }

    fn titles(&mut self) -> Result<()> {
        let Some((mut table, mut report)) = self.open("Alternate Titles")? else {
            return Ok(());
        };
        let (id, title) = (table.column("O*NET-SOC Code")?, table.column("Alternate Title")?);
        let short = table.optional("Short Title")?;
        let mut seen: HashSet<(u32, String)> = HashSet::new();
        table.each(&mut report, |row, _| {
            let (id, title) = (row.get(id), row.get(title));
            let Some(occupation) = self.builder.occupations().position(id) else {
                let aside = self.aside.contains(id);
                let reason =
                    if aside { Reason::OccupationSetAside } else { Reason::UnknownOccupation };
                return Ok(Fate::dropped(reason, id));
            };
            if title.is_empty() {
                return Ok(Fate::dropped(Reason::NoLabel, id));
            }
            let mut add = |title: &str| {
                let new = seen.insert((occupation, title.to_owned()));
                if new {
                    self.builder.job_title(id, ENGLISH, title, None)?;
                }
                Ok::<bool, Error>(new)
            };
            let new = add(title)?;
            let short = row.get(short);
            let short_new = !matches!(short, "" | "n/a") && add(short)?;
            Ok(if new || short_new { Fate::Kept } else { Fate::dropped(Reason::Duplicate, title) })
        })?;
        self.report.push(report);
        Ok(())
    }
}

/// The elements above one, the nearest first: `2.A.1`, `2.A` and `2` above `2.A.1.a`.
fn above(id: &str) -> impl Iterator<Item = &str> {
    fn parent(id: &str) -> Option<&str> {
        id.rsplit_once('.').map(|(parent, _)| parent)
    }
    std::iter::successors(parent(id), |id| parent(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_above_an_element_is_in_its_id() {
        assert_eq!(above("2.A.1.a").collect::<Vec<_>>(), ["2.A.1", "2.A", "2"]);
        assert_eq!(above("2").count(), 0);
    }

    #[test]
    fn the_threshold_of_essential_is_an_importance() {
        assert!(OnetOptions::default().essential_from(100).is_ok());
        for wrong in [0, 99, 501] {
            assert!(OnetOptions::default().essential_from(wrong).is_err(), "{wrong}");
        }
    }
}
