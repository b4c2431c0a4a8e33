//! Sensors, jobs and needs from files: CSV, and JSON Lines for needs.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use hashbrown::HashMap;
use serde_json::Value;

use super::layers::Jobs;
use super::need::{AskedSkill, Cause, Causes, Need, Sensor};
use super::register::{Recorded, Register};
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::hub::table::{self, Dropped};
use crate::lookup::{ConceptKind, Lookup, Resolved};
use crate::matrix::{Necessity, Requirement};
use crate::read::report::{Fate, FileReport};
use crate::read::{ReadReport, Reason};
use crate::run::Run;
use crate::skill::{Date, SkillAxis, exact_parts};

const NEEDED: [&str; 3] = ["sensor", "record", "territory"];
const OPTIONAL: [&str; 17] = [
    "revision",
    "status",
    "date",
    "employer",
    "size",
    "sector",
    "occupation",
    "job",
    "title",
    "positions",
    "horizon",
    "opening",
    "visibility",
    "causes",
    "skills",
    "confidence",
    "valid_until",
];

/// A skill as a file writes it: words, level, weight, necessity.
type Written = [String; 4];

impl Register {
    /// Reads `sensors.csv`: `id`, `kind`, `territory`, `reliability` (0 to 100; empty: 50), and
    /// declares each. A row that cannot be used is dropped and reported.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::MissingColumn`], [`Error::Encoding`], [`Error::Malformed`]; nothing
    /// is declared then.
    pub fn read_sensors(&mut self, path: &Path) -> Result<ReadReport> {
        self.change_whole(|register| register.take_sensors(path))
    }

    fn take_sensors(&mut self, path: &Path) -> Result<ReadReport> {
        let optional = ["kind", "territory", "reliability"];
        table::read("sensors", path, &["id"], &optional, |row, _| {
            if row.get("id").is_empty() {
                return Ok(Err((Reason::NoId, row.get("kind").to_owned())));
            }
            let reliability = match row.parsed("reliability", Reason::BadValue) {
                Ok(reliability) => reliability.unwrap_or(50),
                Err(dropped) => return Ok(Err(dropped)),
            };
            let territory = row.get("territory");
            let declared = self.declare(Sensor {
                id: row.get("id").to_owned(),
                kind: row.get("kind").to_owned(),
                territory: (!territory.is_empty()).then(|| territory.to_owned()),
                reliability,
            });
            declared.map_or_else(table::dropped, |()| Ok(Ok(())))
        })
    }

    /// Reads needs and records them: JSON Lines where the file's name ends in `.jsonl` or
    /// `.ndjson`, else CSV. The columns, which are the keys in JSON, are those of
    /// `docs/formats.md`.
    ///
    /// Words for occupations and skills are resolved by `lookup`; what does not resolve is kept as
    /// words and noted. A row that cannot be used is dropped and reported; one that repeats what
    /// was told already counts as a duplicate. Rows in = rows kept + rows dropped.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::MissingColumn`] for `sensor`, `record` and `territory`,
    /// [`Error::Encoding`], [`Error::Malformed`], [`Error::Cancelled`]; nothing is recorded then.
    pub fn read_needs(
        &mut self,
        path: &Path,
        framework: &Framework,
        lookup: &Lookup,
        run: &Run,
    ) -> Result<ReadReport> {
        self.check_framework(framework)?;
        self.change_whole(|register| {
            let mut reader = Reader { register, framework, lookup, resolved: HashMap::new() };
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
            if [".jsonl", ".ndjson"].iter().any(|end| name.ends_with(end)) {
                return reader.json_lines(path, &name, run);
            }
            table::read("needs", path, &NEEDED, &OPTIONAL, |row, report| {
                run.go_on()?;
                let skills = written_skills(row.get("skills"));
                reader.record(&|name| Cow::Borrowed(row.get(name)), &skills, row.line(), report)
            })
        })
    }
}

impl Jobs {
    /// Reads `jobs.csv`: `job`, `occupation`, `skills` (as in needs). A row that cannot be used is
    /// dropped and reported.
    ///
    /// # Errors
    ///
    /// [`Error::File`], [`Error::MissingColumn`], [`Error::Encoding`], [`Error::Malformed`].
    pub fn read(path: &Path, framework: &Framework) -> Result<(Self, ReadReport)> {
        let mut jobs = Self::default();
        let report = table::read("jobs", path, &["job", "occupation", "skills"], &[], |row, _| {
            let (id, occupation) = (row.get("job"), row.get("occupation"));
            if id.is_empty() {
                return Ok(Err((Reason::NoId, occupation.to_owned())));
            }
            let asked = written_skills(row.get("skills")).into_iter().map(|written| {
                let skill = framework
                    .axis()
                    .position(&written[0])
                    .map_err(|_| (Reason::UnknownSkill, written[0].clone()))?;
                asked(framework, occupation, skill, &written)
            });
            let added = match asked.collect::<Result<Vec<_>, Dropped>>() {
                Ok(skills) => jobs.add(id, occupation, &skills, framework),
                Err(dropped) => return Ok(Err(dropped)),
            };
            added.map_or_else(table::dropped, |()| Ok(Ok(())))
        })?;
        Ok((jobs, report))
    }
}

/// The skills of a column: separated by bars, each `skill`, `skill:level`, `skill:level:weight` or
/// `skill:level:weight:necessity`.
fn written_skills(column: &str) -> Vec<Written> {
    let part = |text: &str, at: usize| text.split(':').nth(at).unwrap_or("").trim().to_owned();
    table::list(column).map(|text| [0, 1, 2, 3].map(|at| part(text, at))).collect()
}

/// A skill as it is asked. What is not written is as the occupation requires it, or else the
/// scale's top, a full weight, essential.
fn asked(
    framework: &Framework,
    occupation: &str,
    skill: u32,
    [words, level, weight, necessity]: &Written,
) -> Result<AskedSkill, Dropped> {
    let axis: &SkillAxis = framework.axis();
    let usual = framework.occupation_ids().position(occupation).and_then(|at| {
        let mut row = framework.required().row(at).iter();
        row.find(|&(required, _)| required == skill).map(|(_, requirement)| requirement)
    });
    let usual = usual.unwrap_or(Requirement {
        level: axis.scale(skill).top(),
        weight: axis.weight_denominator(),
        necessity: Necessity::Essential,
    });
    let bad = |value: &str| (Reason::BadValue, format!("{words}:{value}"));
    let level = match level.as_str() {
        "" => usual.level,
        written => axis.scale(skill).steps_of(written).map_err(|_| bad(written))?,
    };
    let weight = match weight.as_str() {
        "" => usual.weight,
        written => exact_parts(written, axis.weight_denominator())
            .and_then(|parts| u16::try_from(parts).ok())
            .filter(|&parts| parts > 0)
            .ok_or_else(|| bad(written))?,
    };
    let necessity = match necessity.as_str() {
        "" => usual.necessity,
        written => written.parse().map_err(|_| bad(written))?,
    };
    Ok(AskedSkill { skill: axis.ids()[skill].to_owned(), level, weight, necessity })
}

struct Reader<'r> {
    register: &'r mut Register,
    framework: &'r Framework,
    lookup: &'r Lookup,
    /// What words were resolved to before.
    resolved: HashMap<(ConceptKind, String), Option<u32>>,
}

/// A field by its name.
type Get<'g> = dyn Fn(&'static str) -> Cow<'g, str> + 'g;

impl Reader<'_> {
    fn json_lines(&mut self, path: &Path, name: &str, run: &Run) -> Result<ReadReport> {
        let failed = |source| Error::File { path: path.to_owned(), source };
        let mut lines = BufReader::new(File::open(path).map_err(failed)?);
        let mut report = FileReport::new(name);
        let (mut bytes, mut line) = (Vec::new(), 0);
        while {
            bytes.clear();
            lines.read_until(b'\n', &mut bytes).map_err(failed)? > 0
        } {
            run.go_on()?;
            line += 1;
            let text = std::str::from_utf8(&bytes).map_err(|_| Error::Encoding {
                file: path.display().to_string(),
                line,
                encoding: "UTF-8",
            })?;
            let text = text.trim_start_matches('\u{feff}').trim();
            if text.is_empty() {
                continue;
            }
            let fate = match json_fields(text) {
                Err(dropped) => Err(dropped),
                Ok((fields, skills)) => {
                    let get = |name: &'static str| {
                        Cow::Borrowed(fields.get(name).map_or("", String::as_str))
                    };
                    self.record(&get, &skills, line, &mut report)?
                }
            };
            report.count(
                line,
                match fate {
                    Ok(()) => Fate::Kept,
                    Err((reason, value)) => Fate::dropped(reason, value),
                },
            );
        }
        let mut whole = ReadReport::new("needs", "", "");
        whole.push(report);
        Ok(whole)
    }

    /// Records one row.
    fn record(
        &mut self,
        get: &Get<'_>,
        skills: &[Written],
        line: u64,
        report: &mut FileReport,
    ) -> Result<Result<(), Dropped>> {
        let need = match self.need(get, skills, line, report) {
            Ok(need) => need,
            Err(dropped) => return Ok(Err(dropped)),
        };
        let key = || format!("{} {} revision {}", need.sensor, need.record, need.revision);
        match self.register.record(&need) {
            Err(error) => return table::dropped(error),
            Ok(Recorded::Repeated) => return Ok(Err((Reason::Duplicate, key()))),
            Ok(Recorded::Superseded) => report.note(line, Reason::Superseded, &key()),
            Ok(Recorded::Conflict { .. }) => report.note(line, Reason::Conflict, &key()),
            Ok(Recorded::New | Recorded::Revised) => {}
        }
        Ok(Ok(()))
    }

    fn need(
        &mut self,
        get: &Get<'_>,
        skills: &[Written],
        line: u64,
        report: &mut FileReport,
    ) -> Result<Need, Dropped> {
        fn parsed<T: std::str::FromStr + Default>(
            get: &Get<'_>,
            name: &'static str,
            reason: Reason,
        ) -> Result<T, Dropped> {
            match get(name).as_ref() {
                "" => Ok(T::default()),
                written => written.parse().map_err(|_| (reason, written.to_owned())),
            }
        }
        let date = |name| match get(name).as_ref() {
            "" => Ok(None),
            written => written
                .parse::<Date>()
                .map(Some)
                .map_err(|_| (Reason::BadValue, written.to_owned())),
        };
        let some = |name| Some(get(name).into_owned()).filter(|text| !text.is_empty());
        if get("record").is_empty() {
            return Err((Reason::NoId, get("title").into_owned()));
        }
        let withdrawn = match get("status").as_ref() {
            "" | "open" => false,
            "withdrawn" => true,
            other => return Err((Reason::UnknownValue, other.to_owned())),
        };
        let positions = match get("positions").as_ref() {
            "" => u32::from(!withdrawn),
            written => written.parse().map_err(|_| (Reason::BadValue, written.to_owned()))?,
        };
        let confidence = match get("confidence").as_ref() {
            "" => None,
            written => Some(written.parse().map_err(|_| (Reason::BadValue, written.to_owned()))?),
        };
        let mut causes = Causes::default();
        for cause in table::list(&get("causes")) {
            causes.insert(cause.parse().unwrap_or_else(|_| {
                report.note(line, Reason::UnknownValue, cause);
                Cause::Other
            }));
        }
        let mut title = get("title").into_owned();
        let mut occupation = None;
        for words in [get("occupation"), Cow::Borrowed(title.as_str())] {
            if occupation.is_none() && !words.is_empty() {
                occupation = self.occupation(&words);
            }
        }
        let said = get("occupation");
        if occupation.is_none() && !(said.is_empty() && title.is_empty()) {
            let words = if said.is_empty() { title.as_str() } else { &said };
            report.note(line, Reason::UnresolvedOccupation, words);
        }
        if title.is_empty() && self.framework.occupation_ids().position(&said).is_none() {
            title = said.clone().into_owned();
        }
        let mut job = some("job");
        if let Some(unknown) = job.take_if(|job| self.register.jobs.ids().position(job).is_none()) {
            report.note(line, Reason::UnresolvedOccupation, &unknown);
            title = if title.is_empty() { unknown } else { title };
        }
        let mut need = Need {
            sensor: get("sensor").into_owned(),
            record: get("record").into_owned(),
            revision: parsed(get, "revision", Reason::BadValue)?,
            withdrawn,
            date: date("date")?,
            employer: some("employer"),
            size: parsed(get, "size", Reason::UnknownValue)?,
            sector: some("sector").map(|sector| self.sector(sector)),
            occupation: occupation.map(|at| self.framework.occupation_ids()[at].to_owned()),
            job,
            title,
            territory: get("territory").into_owned(),
            positions,
            horizon: parsed(get, "horizon", Reason::UnknownValue)?,
            opening: parsed(get, "opening", Reason::UnknownValue)?,
            visibility: parsed(get, "visibility", Reason::UnknownValue)?,
            causes,
            skills: Vec::new(),
            unresolved: Vec::new(),
            confidence,
            valid_until: date("valid_until")?,
        };
        for written in skills {
            let words = written[0].as_str();
            let Some(skill) = self.skill(words) else {
                report.note(line, Reason::UnresolvedSkill, words);
                need.unresolved.push(words.to_owned());
                continue;
            };
            let of = need.occupation.as_deref().unwrap_or("");
            match asked(self.framework, of, skill, written) {
                Ok(one) if need.skills.iter().any(|known| known.skill == one.skill) => {
                    report.note(line, Reason::Duplicate, words);
                }
                Ok(one) => need.skills.push(one),
                Err((reason, value)) => {
                    report.note(line, reason, &value);
                    need.unresolved.push(value);
                }
            }
        }
        Ok(need)
    }

    fn remembered(
        &mut self,
        kind: ConceptKind,
        words: &str,
        find: impl FnOnce(&Self) -> Option<u32>,
    ) -> Option<u32> {
        let key = (kind, words.to_owned());
        if let Some(&known) = self.resolved.get(&key) {
            return known;
        }
        let found = find(self);
        self.resolved.insert(key, found);
        found
    }

    /// An occupation by its id, its labels or its other names.
    fn occupation(&mut self, words: &str) -> Option<u32> {
        self.remembered(ConceptKind::Occupation, words, |reader| {
            if let Some(at) = reader.framework.occupation_ids().position(words) {
                return Some(at);
            }
            [ConceptKind::Occupation, ConceptKind::JobTitle].into_iter().find_map(|kind| {
                let found = match reader.lookup.resolve(words, kind) {
                    Resolved::One(concept) => vec![concept],
                    Resolved::Several(concepts) => concepts,
                    Resolved::None => vec![],
                };
                let mut occupations = found.into_iter().filter_map(|one| one.occupation());
                let first = occupations.next()?;
                occupations.all(|other| other == first).then_some(first)
            })
        })
    }

    fn skill(&mut self, words: &str) -> Option<u32> {
        self.remembered(ConceptKind::Skill, words, |reader| {
            let by_id = reader.framework.axis().ids().position(words);
            by_id.or_else(|| match reader.lookup.resolve(words, ConceptKind::Skill).one()? {
                crate::lookup::Concept::Skill(skill) => Some(skill),
                _ => None,
            })
        })
    }

    /// A sector by the id of the group of occupations that its words name, or else the words.
    fn sector(&mut self, words: String) -> String {
        let groups = self.framework.occupations().groups();
        let found = self.remembered(ConceptKind::OccupationGroup, &words, |reader| {
            let by_id = groups.position(&words);
            by_id.or_else(|| {
                match reader.lookup.resolve(&words, ConceptKind::OccupationGroup).one()? {
                    crate::lookup::Concept::OccupationGroup(group) => Some(group),
                    _ => None,
                }
            })
        });
        found.map_or(words, |group| groups[group].to_owned())
    }
}

/// One JSON object's fields as text, and its skills.
fn json_fields(text: &str) -> Result<(HashMap<String, String>, Vec<Written>), Dropped> {
    let bad = |value: &str| (Reason::BadValue, value.to_owned());
    let Ok(Value::Object(object)) = serde_json::from_str(text) else { return Err(bad(text)) };
    let mut fields = HashMap::new();
    let mut skills = Vec::new();
    let plain = |value: &Value| match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    for (name, value) in object {
        match (name.as_str(), value) {
            ("skills", Value::Array(list)) => {
                for skill in list {
                    let of = |name: &str| match &skill {
                        Value::Object(object) => plain(object.get(name).unwrap_or(&Value::Null)),
                        value if name == "skill" => plain(value),
                        _ => Some(String::new()),
                    };
                    let parts = ["skill", "level", "weight", "necessity"].map(of);
                    let [Some(skill), Some(level), Some(weight), Some(necessity)] = parts else {
                        return Err(bad("skills"));
                    };
                    skills.push([skill, level, weight, necessity]);
                }
            }
            ("skills", value) => {
                skills = written_skills(&plain(&value).ok_or_else(|| bad("skills"))?);
            }
            (_, Value::Array(list)) => {
                let parts: Option<Vec<_>> = list.iter().map(plain).collect();
                fields.insert(name.clone(), parts.ok_or_else(|| bad(&name))?.join("|"));
            }
            (_, value) => {
                // A key of the file's own may hold anything.
                if let Some(text) = plain(&value) {
                    fields.insert(name, text);
                } else if NEEDED.contains(&name.as_str()) || OPTIONAL.contains(&name.as_str()) {
                    return Err(bad(&name));
                }
            }
        }
    }
    Ok((fields, skills))
}
