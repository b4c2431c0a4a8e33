//! Profiles in and out: one line per piece of evidence.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use hashbrown::{DefaultHashBuilder, HashTable};

use super::by_label::{ByLabel, Found, ResolveSkill};
use super::encoding::Encoding;
use super::folder::Folder;
use super::report::{Fate, FileReport, ReadReport, Reason};
use super::table::{Column, Delimiter, Dialect, Header, Row, Table};
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::profile::{EvidenceKind, EvidenceRow, NOBODY, Profiles, ProfilesBuilder, UNDATED};
use crate::run::Run;
use crate::skill::Date;

/// How to read profiles.
#[derive(Clone, Copy, Default)]
pub struct ProfilesOptions<'a> {
    encoding: Encoding,
    resolver: Option<&'a dyn ResolveSkill>,
}

impl std::fmt::Debug for ProfilesOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProfilesOptions")
            .field("encoding", &self.encoding)
            .field("resolver", &self.resolver.is_some())
            .finish()
    }
}

impl<'a> ProfilesOptions<'a> {
    /// The files' encoding; UTF-8 without this call.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// How labels that are no skill's id are turned into skills; without this call, by
    /// [`ByLabel`]. A wider search finds more and may find wrong.
    #[must_use]
    pub fn resolver(mut self, resolver: &'a dyn ResolveSkill) -> Self {
        self.resolver = Some(resolver);
        self
    }
}

/// Reads profiles from a CSV file, or from every `.csv` file of a folder in the order of their
/// names.
///
/// The columns are those of `docs/formats.md`. A row whose skill does not resolve, or whose level
/// does not fall on a step of the skill's scale, is dropped with its line in the report; its person
/// stays. Files are streamed: memory is that of the profiles, not of the files.
///
/// # Errors
///
/// [`Error::File`], [`Error::Encoding`] with the line, [`Error::MissingColumn`] for `person` and
/// `skill`, [`Error::PersonalColumn`] for a column that looks personal or a `person` that is an
/// e-mail address, [`Error::GivenTwice`] for a person in two files of a folder,
/// [`Error::Malformed`] for a folder without CSV files.
///
/// # Example
///
/// ```
/// use passerelle::read::{self, ProfilesOptions, Reason};
/// # use passerelle::{Framework, Necessity, Requirement, SkillKind};
/// # let mut builder = Framework::builder("demo", "1", "en");
/// # builder.skill("s1", SkillKind::KnowHow)?;
/// # builder.skill_label("s1", "en", "welding")?;
/// # builder.occupation("o1")?;
/// # let requirement = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// # builder.require("o1", "s1", requirement)?;
/// # let framework = builder.build()?;
/// let csv = "person,skill\np1,welding\np1,juggling\n";
/// let options = ProfilesOptions::default();
/// let (profiles, report) = read::profiles_from(csv.as_bytes(), "p.csv", &framework, &options)?;
/// assert_eq!(profiles.profile(0).held[0].skill, "s1");
/// assert_eq!(report.dropped_for(Reason::UnknownSkill), 1);
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn profiles(
    path: impl AsRef<Path>,
    framework: &Framework,
    options: &ProfilesOptions<'_>,
) -> Result<(Profiles, ReadReport)> {
    let path = path.as_ref();
    let mut reading = Reading::new(framework, options);
    if !path.is_dir() {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let table = Table::open(path, reading.dialect())?;
        reading.file(table, &name)?;
        return Ok(reading.finish());
    }
    let folder = Folder::open(path)?;
    let names: Vec<String> =
        folder.names().filter(|name| name.to_ascii_lowercase().ends_with(".csv")).collect();
    if names.is_empty() {
        let problem = "it holds no `.csv` file; profiles are one CSV file or a folder of them";
        let file = path.display().to_string();
        return Err(Error::Malformed { file, problem: problem.to_owned() });
    }
    for name in names {
        let table = folder.table(&name, reading.dialect())?;
        reading.file(table, &name)?;
    }
    Ok(reading.finish())
}

/// Reads profiles in CSV from anywhere; `name` stands for the file in errors and in the report.
///
/// # Errors
///
/// As [`profiles`].
pub fn profiles_from(
    reader: impl Read,
    name: &str,
    framework: &Framework,
    options: &ProfilesOptions<'_>,
) -> Result<(Profiles, ReadReport)> {
    let mut reading = Reading::new(framework, options);
    let table = Table::new(Path::new(name), reader, reading.dialect())?;
    reading.file(table, name)?;
    Ok(reading.finish())
}

/// The names of columns that hold personal data, in lower case, accents and separators off.
const PERSONAL: &[&str] = &[
    "address",
    "adresse",
    "birth",
    "birthdate",
    "birthday",
    "birthplace",
    "contact",
    "courriel",
    "dateofbirth",
    "datedenaissance",
    "datenaissance",
    "dob",
    "email",
    "emailaddress",
    "adresseemail",
    "adressemail",
    "familyname",
    "firstname",
    "forename",
    "fullname",
    "givenname",
    "iban",
    "insee",
    "lastname",
    "lieudenaissance",
    "lieunaissance",
    "mail",
    "maidenname",
    "middlename",
    "mobile",
    "name",
    "naissance",
    "nationalid",
    "nationality",
    "nationalite",
    "nir",
    "nom",
    "nomcomplet",
    "nomdefamille",
    "nomdenaissance",
    "nomdusage",
    "nometprenom",
    "nomfamille",
    "nomjeunefille",
    "nomnaissance",
    "nomprenom",
    "nomusage",
    "numerosecu",
    "numerosecuritesociale",
    "numsecu",
    "patronyme",
    "personname",
    "phone",
    "phonenumber",
    "portable",
    "postaladdress",
    "prenom",
    "prenomnom",
    "prenoms",
    "socialsecuritynumber",
    "ssn",
    "street",
    "surname",
    "tel",
    "telephone",
];

/// Whether a column's name says that it holds personal data.
fn looks_personal(column: &str) -> bool {
    let plain: String = column
        .chars()
        .flat_map(char::to_lowercase)
        .filter_map(|letter| match letter {
            'é' | 'è' | 'ê' | 'ë' => Some('e'),
            'à' | 'â' => Some('a'),
            'ô' => Some('o'),
            'î' | 'ï' => Some('i'),
            'ç' => Some('c'),
            _ => letter.is_alphanumeric().then_some(letter),
        })
        .collect();
    PERSONAL.contains(&plain.as_str())
}

pub(super) struct Columns {
    person: Column,
    skill: Column,
    level: Column,
    evidence: Column,
    date: Column,
    assessor: Column,
    target: Column,
}

/// What one row says.
enum Said {
    Held(EvidenceRow),
    Assessed,
    Alone,
}

pub(super) struct Reading<'a> {
    framework: &'a Framework,
    options: &'a ProfilesOptions<'a>,
    builder: ProfilesBuilder,
    pub(super) report: ReadReport,
    labels: OnceCell<ByLabel>,
    resolved: HashMap<String, Found>,
    /// The file and line that named each person first.
    first: Vec<(u32, u64)>,
    /// Positions in the builder's rows, to find repetitions without a copy of them.
    seen: HashTable<u32>,
    hasher: DefaultHashBuilder,
    assessed: HashSet<(u32, u32)>,
    alone: HashSet<u32>,
    files: Vec<String>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(framework: &'a Framework, options: &'a ProfilesOptions<'a>) -> Self {
        Self {
            framework,
            options,
            builder: Profiles::builder(framework.axis()),
            report: ReadReport::new("profiles", "", ""),
            labels: OnceCell::new(),
            resolved: HashMap::new(),
            first: Vec::new(),
            seen: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            assessed: HashSet::new(),
            alone: HashSet::new(),
            files: Vec::new(),
        }
    }

    fn dialect(&self) -> Dialect {
        Dialect::new(Delimiter::CommaOrSemicolon, self.options.encoding)
    }

    fn finish(self) -> (Profiles, ReadReport) {
        (self.builder.build(), self.report)
    }

    pub(super) fn finish_on(self, run: &Run) -> Result<(Profiles, ReadReport)> {
        Ok((self.builder.build_on(run)?, self.report))
    }

    fn file<R: Read>(&mut self, mut table: Table<R>, name: &str) -> Result<()> {
        let columns = self.begin(table.header(), name)?;
        let mut report = FileReport::new(name);
        table.each(&mut report, |row, report| self.row(row, &columns, report))?;
        self.report.push(report);
        Ok(())
    }

    /// Begins a file: which columns are looked at.
    pub(super) fn begin(&mut self, header: Header<'_>, name: &str) -> Result<Columns> {
        if let Some(column) = header.columns.iter().find(|column| looks_personal(column)) {
            return Err(Error::PersonalColumn { file: name.to_owned(), column: column.clone() });
        }
        self.files.push(name.to_owned());
        Ok(Columns {
            person: header.column("person")?,
            skill: header.column("skill")?,
            level: header.optional("level")?,
            evidence: header.optional("evidence")?,
            date: header.optional("date")?,
            assessor: header.optional("assessor")?,
            target: header.optional("target")?,
        })
    }

    pub(super) fn row(
        &mut self,
        row: &Row<'_>,
        columns: &Columns,
        report: &mut FileReport,
    ) -> Result<Fate> {
        let id = row.get(columns.person);
        if id.is_empty() {
            return Ok(Fate::dropped(Reason::NoId, row.get(columns.skill)));
        }
        let person = self.person(id, row.line)?;
        Ok(match self.said(person, row, columns, report)? {
            Ok(Said::Held(evidence)) if self.repeats(&evidence) => {
                Fate::dropped(Reason::Duplicate, row.get(columns.skill))
            }
            Ok(Said::Held(evidence)) => {
                self.keep(evidence)?;
                Fate::Kept
            }
            Ok(Said::Assessed) => {
                let target = row.get(columns.target);
                match self.framework.occupation_ids().position(target) {
                    None => Fate::dropped(Reason::UnknownTarget, target),
                    Some(at) if !self.assessed.insert((person, at)) => {
                        Fate::dropped(Reason::Duplicate, target)
                    }
                    Some(_) => {
                        self.builder.assessed_in_full(id, target)?;
                        Fate::Kept
                    }
                }
            }
            Ok(Said::Alone) if self.alone.insert(person) => Fate::Kept,
            Ok(Said::Alone) => Fate::dropped(Reason::Duplicate, ""),
            Err((reason, value)) => Fate::dropped(reason, value),
        })
    }

    fn person(&mut self, id: &str, line: u64) -> Result<u32> {
        let file = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        if let Some(person) = self.builder.people().position(id) {
            let (first, first_line) = self.first[person as usize];
            if first != file {
                let place =
                    |file: u32, line| format!("{}, line {line}", self.files[file as usize - 1]);
                return Err(Error::GivenTwice {
                    what: "person",
                    id: id.to_owned(),
                    first: place(first, first_line),
                    again: place(file, line),
                });
            }
            return Ok(person);
        }
        if id.contains('@') {
            let file = self.files.last().cloned().unwrap_or_default();
            return Err(Error::PersonalColumn { file, column: "person".to_owned() });
        }
        self.first.push((file, line));
        self.builder.person(id)
    }

    /// What a row says, or why it says nothing that can be used.
    fn said(
        &mut self,
        person: u32,
        row: &Row<'_>,
        columns: &Columns,
        report: &mut FileReport,
    ) -> Result<Result<Said, (Reason, String)>> {
        let refuse = |reason, value: &str| Ok(Err((reason, value.to_owned())));
        let (name, target) = (row.get(columns.skill), row.get(columns.target));
        let level = row.get(columns.level);
        if name.is_empty() {
            return match (target, level) {
                (_, "") if !target.is_empty() => Ok(Ok(Said::Assessed)),
                ("", "") if row.get(columns.evidence).is_empty() => Ok(Ok(Said::Alone)),
                _ => refuse(Reason::NoId, level),
            };
        }
        let axis = self.framework.axis();
        let found = match axis.ids().position(name) {
            Some(skill) => Found::Skill(skill),
            None => self.resolve(name),
        };
        let skill = match found {
            Found::Skill(skill) if (skill as usize) < axis.len() => skill,
            Found::Several => return refuse(Reason::AmbiguousLabel, name),
            _ => return refuse(Reason::UnknownSkill, name),
        };
        let scale = axis.scale(skill);
        let steps = if level.is_empty() { Ok(scale.top()) } else { scale.steps_of(level) };
        let Ok(level) = steps else { return refuse(Reason::BadValue, level) };
        let evidence = match row.get(columns.evidence) {
            "" => EvidenceKind::default(),
            written => match written.parse() {
                Ok(evidence) => evidence,
                Err(_) => return refuse(Reason::UnknownValue, written),
            },
        };
        let date = match row.get(columns.date) {
            "" => UNDATED,
            written => match written.parse::<Date>() {
                Ok(date) => date.days(),
                Err(_) => return refuse(Reason::BadValue, written),
            },
        };
        let assessor = match row.get(columns.assessor) {
            "" => NOBODY,
            id => self.builder.assessor(id)?,
        };
        if !target.is_empty() {
            report.note(row.line, Reason::TargetIgnored, target);
        }
        Ok(Ok(Said::Held(EvidenceRow { person, skill, level, evidence, date, assessor })))
    }

    fn resolve(&mut self, label: &str) -> Found {
        if let Some(&found) = self.resolved.get(label) {
            return found;
        }
        let found = match self.options.resolver {
            Some(resolver) => resolver.resolve_skill(label),
            None => self.labels.get_or_init(|| ByLabel::new(self.framework)).resolve_skill(label),
        };
        self.resolved.insert(label.to_owned(), found);
        found
    }

    fn repeats(&self, evidence: &EvidenceRow) -> bool {
        let rows = self.builder.rows();
        let hash = self.hasher.hash_one(evidence);
        self.seen.find(hash, |&at| rows[at as usize] == *evidence).is_some()
    }

    fn keep(&mut self, evidence: EvidenceRow) -> Result<()> {
        let rows = self.builder.rows();
        let at = u32::try_from(rows.len()).map_err(|_| Error::TooMany {
            what: "pieces of evidence in one reading",
            count: rows.len() as u64 + 1,
            limit: u64::from(u32::MAX),
        })?;
        let hasher = &self.hasher;
        let hash = hasher.hash_one(evidence);
        self.seen.insert_unique(hash, at, |&at| hasher.hash_one(rows[at as usize]));
        self.builder.push(evidence);
        Ok(())
    }
}

/// Writes profiles as CSV, in the format that [`profiles`] reads: people in their order, the
/// evidence of each by skill with that which counts first.
///
/// Reading it again with the same framework gives the same profiles.
///
/// # Errors
///
/// [`Error::File`] with what the writer said.
pub fn write_profiles(profiles: &Profiles, writer: impl Write) -> Result<()> {
    let mut csv = csv::Writer::from_writer(writer);
    write_rows(profiles, &mut csv).map_err(|error| Error::File {
        path: PathBuf::from("profiles"),
        source: match error.into_kind() {
            csv::ErrorKind::Io(source) => source,
            kind => io::Error::other(format!("{kind:?}")),
        },
    })
}

fn write_rows<W: Write>(profiles: &Profiles, csv: &mut csv::Writer<W>) -> csv::Result<()> {
    csv.write_record(["person", "skill", "level", "evidence", "date", "assessor", "target"])?;
    for person in (0u32..).take(profiles.len()) {
        let id = &profiles.people()[person];
        let mut nothing = true;
        for at in profiles.range(person) {
            nothing = false;
            let skill = profiles.skills[at];
            let level = profiles.axis().scale(skill).written(profiles.levels[at]);
            let date = Date::from_days(profiles.dates[at]).map(|date| date.to_string());
            csv.write_record([
                id,
                &profiles.axis().ids()[skill],
                &level,
                profiles.evidence[at].name(),
                date.as_deref().unwrap_or(""),
                profiles.assessors.get(profiles.assessor_of[at]).unwrap_or(""),
                "",
            ])?;
        }
        for target in profiles.assessed_in_full(person) {
            nothing = false;
            csv.write_record([id, "", "", "", "", "", target])?;
        }
        if nothing {
            csv.write_record([id, "", "", "", "", "", ""])?;
        }
    }
    csv.flush()?;
    Ok(())
}
