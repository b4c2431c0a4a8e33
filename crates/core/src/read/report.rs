//! What a reader kept, what it dropped and why.

use std::fmt;

use serde::Serialize;

use crate::skill::named;

/// Why a row was dropped, or what is worth knowing about rows that were kept.
///
/// The names are stable: they are the keys in JSON. New ones may come.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Reason {
    /// Every field is empty.
    Blank,
    /// The row has more or fewer fields than the header.
    FieldCount,
    /// The field that names the row is empty.
    NoId,
    /// It repeats a row that was kept; the first one counts.
    Duplicate,
    /// A value is none of those that are known.
    UnknownValue,
    /// A number, a level or a date that cannot be read or lies off its scale.
    BadValue,
    /// It names an occupation that is not in the files.
    UnknownOccupation,
    /// It names an occupation that was set aside because it requires nothing.
    OccupationSetAside,
    /// It names a skill that is not in the files, or a label that does not resolve.
    UnknownSkill,
    /// It names a skill by a label that several skills share.
    AmbiguousLabel,
    /// It names a concept that is neither a skill, an occupation nor a group of these.
    UnknownConcept,
    /// It names a broader concept that is not in the files.
    UnknownBroader,
    /// It says that a concept is broader than itself.
    SelfLoop,
    /// It names a target that the framework does not have.
    UnknownTarget,
    /// An occupation that requires nothing, so that nothing can be far from it.
    RequiresNothing,
    /// It links a work context, which is not a skill.
    WorkContext,
    /// A value of a scale that is neither importance nor level.
    OtherScale,
    /// The publisher recommends not to use the value: it is too imprecise.
    Suppressed,
    /// The publisher marks the level as not relevant for the occupation.
    NotRelevant,
    /// An importance of 1, the lowest: a weight of 0.
    NoWeight,
    /// A level of 0: not required.
    NoLevel,
    /// The row that goes with it, of importance or of level, was dropped or is missing.
    OtherHalf,
    /// A text or concept that this library makes no use of.
    NotUsed,
    /// A concept without a preferred label.
    NoLabel,
    /// Apostrophes written twice, as a database export escapes them; read as one.
    DoubledApostrophe,
    /// A target named beside a skill: the row counts as evidence of the skill only.
    TargetIgnored,
    /// It names a sensor that was never declared.
    UnknownSensor,
    /// It names a territory that is not in the files.
    UnknownTerritory,
    /// A need with neither an occupation, a title nor a skill.
    NothingAsked,
    /// Its date is after the end of its validity.
    AfterValidity,
    /// Words for an occupation or a job that resolve to none: kept as words.
    UnresolvedOccupation,
    /// A label of a skill that resolves to none: kept as words.
    UnresolvedSkill,
    /// A newer revision is known: it is kept behind that one.
    Superseded,
    /// Another content is known for the same revision: the larger content hash stands.
    Conflict,
}

named!(Reason, "reason", {
    Blank = "blank",
    FieldCount = "field-count",
    NoId = "no-id",
    Duplicate = "duplicate",
    UnknownValue = "unknown-value",
    BadValue = "bad-value",
    UnknownOccupation = "unknown-occupation",
    OccupationSetAside = "occupation-set-aside",
    UnknownSkill = "unknown-skill",
    AmbiguousLabel = "ambiguous-label",
    UnknownConcept = "unknown-concept",
    UnknownBroader = "unknown-broader",
    SelfLoop = "self-loop",
    UnknownTarget = "unknown-target",
    RequiresNothing = "requires-nothing",
    WorkContext = "work-context",
    OtherScale = "other-scale",
    Suppressed = "suppressed",
    NotRelevant = "not-relevant",
    NoWeight = "no-weight",
    NoLevel = "no-level",
    OtherHalf = "other-half",
    NotUsed = "not-used",
    NoLabel = "no-label",
    DoubledApostrophe = "doubled-apostrophe",
    TargetIgnored = "target-ignored",
    UnknownSensor = "unknown-sensor",
    UnknownTerritory = "unknown-territory",
    NothingAsked = "nothing-asked",
    AfterValidity = "after-validity",
    UnresolvedOccupation = "unresolved-occupation",
    UnresolvedSkill = "unresolved-skill",
    Superseded = "superseded",
    Conflict = "conflict",
});

impl Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// How many examples of a reason are kept.
const EXAMPLES: usize = 3;

/// The longest example, in characters.
const EXAMPLE_LENGTH: usize = 80;

/// One row as an example of a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The line on which the row starts, counted from 1.
    pub line: u64,
    /// The value at fault, cut at 80 characters.
    pub value: String,
}

/// How many rows share a reason, and the first few of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The reason.
    pub reason: Reason,
    /// How many rows.
    pub rows: u64,
    /// The first few.
    pub examples: Vec<Example>,
}

/// What became of the rows of one file: `rows = kept + Σ dropped`, always.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileReport {
    file: String,
    rows: u64,
    kept: u64,
    dropped: Vec<Tally>,
    notes: Vec<Tally>,
}

/// What becomes of one row.
#[derive(Debug)]
pub(crate) enum Fate {
    Kept,
    Dropped(Reason, String),
}

impl Fate {
    pub(crate) fn dropped(reason: Reason, value: impl Into<String>) -> Self {
        Self::Dropped(reason, value.into())
    }
}

fn tally(tallies: &mut Vec<Tally>, reason: Reason, line: u64, value: &str) {
    let at = tallies.iter().position(|tally| tally.reason == reason).unwrap_or_else(|| {
        tallies.push(Tally { reason, rows: 0, examples: Vec::new() });
        tallies.len() - 1
    });
    let tally = &mut tallies[at];
    tally.rows += 1;
    if tally.examples.len() < EXAMPLES {
        let value = value.chars().take(EXAMPLE_LENGTH).collect();
        tally.examples.push(Example { line, value });
    }
}

impl FileReport {
    pub(crate) fn new(file: impl Into<String>) -> Self {
        Self { file: file.into(), rows: 0, kept: 0, dropped: Vec::new(), notes: Vec::new() }
    }

    /// Counts a row: the only way in, so that the sum holds.
    pub(crate) fn count(&mut self, line: u64, fate: Fate) {
        self.rows += 1;
        match fate {
            Fate::Kept => self.kept += 1,
            Fate::Dropped(reason, value) => tally(&mut self.dropped, reason, line, &value),
        }
    }

    /// Drops a row after all that was counted as kept.
    pub(crate) fn take_back(&mut self, line: u64, reason: Reason, value: &str) {
        debug_assert!(self.kept > 0, "only a kept row is taken back");
        self.kept = self.kept.saturating_sub(1);
        tally(&mut self.dropped, reason, line, value);
    }

    /// Says something about a row, whatever becomes of it.
    pub(crate) fn note(&mut self, line: u64, reason: Reason, value: &str) {
        tally(&mut self.notes, reason, line, value);
    }

    /// The file's name.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The rows in the file: records after the header line.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The rows that were used.
    pub fn kept(&self) -> u64 {
        self.kept
    }

    /// The rows that were not, by reason.
    pub fn dropped(&self) -> &[Tally] {
        &self.dropped
    }

    /// What is worth knowing beside: it changes no count, and a row may have several notes.
    pub fn notes(&self) -> &[Tally] {
        &self.notes
    }

    /// How many rows were dropped for a reason.
    pub fn dropped_for(&self, reason: Reason) -> u64 {
        rows_of(&self.dropped, reason)
    }

    /// How many rows a note is about.
    pub fn noted(&self, reason: Reason) -> u64 {
        rows_of(&self.notes, reason)
    }

    /// Whether `rows = kept + Σ dropped`. It always is; the tests ask.
    pub fn adds_up(&self) -> bool {
        self.rows == self.kept + self.dropped.iter().map(|tally| tally.rows).sum::<u64>()
    }
}

fn rows_of(tallies: &[Tally], reason: Reason) -> u64 {
    tallies.iter().filter(|tally| tally.reason == reason).map(|tally| tally.rows).sum()
}

/// What a reader kept, what it dropped and why, file by file.
///
/// What makes a result wrong is an error; what makes it smaller is a line here. Its `Display` is a
/// table for people, and it serialises for programs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReadReport {
    source: String,
    version: String,
    version_from: String,
    files: Vec<FileReport>,
    unread: Vec<String>,
}

impl ReadReport {
    pub(crate) fn new(source: &str, version: &str, version_from: &str) -> Self {
        Self {
            source: source.to_owned(),
            version: version.to_owned(),
            version_from: version_from.to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn push(&mut self, file: FileReport) {
        debug_assert!(file.adds_up(), "{file:?}");
        self.files.push(file);
    }

    pub(crate) fn set_unread(&mut self, unread: Vec<String>) {
        self.unread = unread;
    }

    /// What was read: `ROME`, `ESCO`, `O*NET`, `CSV`, `profiles`.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The version, and where it was found: it is never made up.
    pub fn version(&self) -> (&str, &str) {
        (&self.version, &self.version_from)
    }

    /// The files, in the order they were read.
    pub fn files(&self) -> &[FileReport] {
        &self.files
    }

    /// The report of one file, by its name.
    pub fn file(&self, name: &str) -> Option<&FileReport> {
        self.files.iter().find(|file| file.file == name)
    }

    /// The data files of the folder that were not read, because nothing in a framework comes from
    /// them.
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// The rows of all files.
    pub fn rows(&self) -> u64 {
        self.files.iter().map(FileReport::rows).sum()
    }

    /// The rows that were used.
    pub fn kept(&self) -> u64 {
        self.files.iter().map(FileReport::kept).sum()
    }

    /// How many rows of all files were dropped for a reason.
    pub fn dropped_for(&self, reason: Reason) -> u64 {
        self.files.iter().map(|file| file.dropped_for(reason)).sum()
    }
}

impl fmt::Display for ReadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.source)?;
        if !self.version.is_empty() {
            write!(f, " {} (version from {})", self.version, self.version_from)?;
        }
        let width = self.files.iter().map(|file| file.file.chars().count()).max().unwrap_or(0);
        let width = width.max("all files".len());
        writeln!(f, "\n{:width$}  {:>9}  {:>9}  {:>9}", "file", "rows", "kept", "dropped")?;
        for file in &self.files {
            let dropped = file.rows - file.kept;
            writeln!(f, "{:width$}  {:>9}  {:>9}  {dropped:>9}", file.file, file.rows, file.kept)?;
            for tally in &file.dropped {
                write_tally(f, width, "dropped", tally)?;
            }
            for tally in &file.notes {
                write_tally(f, width, "note", tally)?;
            }
        }
        let (rows, kept) = (self.rows(), self.kept());
        writeln!(f, "{:width$}  {rows:>9}  {kept:>9}  {:>9}", "all files", rows - kept)?;
        if !self.unread.is_empty() {
            writeln!(f, "not read: {}", self.unread.join(", "))?;
        }
        Ok(())
    }
}

fn write_tally(f: &mut fmt::Formatter<'_>, width: usize, what: &str, tally: &Tally) -> fmt::Result {
    let label = format!("  {what}: {}", tally.reason);
    let rest = width + 2 * 11;
    write!(f, "{label:rest$}  {:>9}  ", tally.rows)?;
    for (at, example) in tally.examples.iter().enumerate() {
        let value = example.value.replace(['\n', '\r'], " ");
        let comma = if at == 0 { "" } else { ", " };
        write!(f, "{comma}line {}: {value}", example.line)?;
    }
    let more = tally.rows > tally.examples.len() as u64;
    writeln!(f, "{}", if more { ", …" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_in_are_rows_kept_plus_rows_dropped_whatever_happens() {
        let mut file = FileReport::new("a.csv");
        for line in 2..12 {
            let fate = if line % 3 == 0 {
                Fate::dropped(Reason::Duplicate, format!("value {line}"))
            } else {
                Fate::Kept
            };
            file.count(line, fate);
        }
        file.take_back(4, Reason::OtherHalf, "x");
        file.note(5, Reason::NoLabel, "y");
        assert!(file.adds_up());
        assert_eq!((file.rows(), file.kept()), (10, 6));
        assert_eq!(file.dropped_for(Reason::Duplicate), 3);
        assert_eq!(file.noted(Reason::NoLabel), 1);
        assert_eq!(file.dropped()[0].examples[0], Example { line: 3, value: "value 3".to_owned() });
    }

    #[test]
    fn the_table_names_reasons_lines_and_values() {
        let mut file = FileReport::new("a.csv");
        file.count(2, Fate::Kept);
        file.count(3, Fate::dropped(Reason::UnknownSkill, "on two\nlines"));
        let mut report = ReadReport::new("demo", "1", "the option");
        report.push(file);
        report.set_unread(vec!["b.csv".to_owned()]);
        let text = report.to_string();
        assert!(text.contains("demo 1 (version from the option)"), "{text}");
        assert!(text.contains("dropped: unknown-skill"), "{text}");
        assert!(text.contains("line 3: on two lines"), "{text}");
        assert!(text.contains("not read: b.csv"), "{text}");
    }
}
