//! What can go wrong, where, and what to do about it.

use std::path::PathBuf;

/// A result with this library's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that this library refuses.
///
/// Each variant carries what was wrong and where as fields; its message is one line that also says
/// what to do. New variants may come: match with a wildcard arm.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error("{path}: {source}; check the path and its permissions", path = path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A folder holds no framework that is known.
    #[error(
        "{path}: no known framework format; looked for {looked_for}",
        path = path.display(),
        looked_for = looked_for.join(", ")
    )]
    UnknownFormat {
        /// The folder.
        path: PathBuf,
        /// The files that would have told the format.
        looked_for: Vec<&'static str>,
    },
    /// A file lacks a column.
    #[error(
        "{file}: no column `{column}`; the columns are {present}: rename one or add it",
        present = list(present)
    )]
    MissingColumn {
        /// The file.
        file: String,
        /// The column that was looked for.
        column: String,
        /// The columns that are there.
        present: Vec<String>,
    },
    /// A file has a column that may hold personal data.
    #[error(
        "{file}: column `{column}` looks personal; profiles hold pseudonymous ids only: remove it"
    )]
    PersonalColumn {
        /// The file.
        file: String,
        /// The column.
        column: String,
    },
    /// A file is not in the encoding that was named.
    #[error("{file}, line {line}: not valid {encoding}; name the file's encoding")]
    Encoding {
        /// The file.
        file: String,
        /// The first line at fault, counted from 1.
        line: u64,
        /// The encoding that was expected.
        encoding: &'static str,
    },
    /// A value in a file cannot be read.
    #[error("{file}, line {line}, column `{column}`: `{value}` is not {expected}")]
    Value {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: u64,
        /// The column.
        column: String,
        /// The value.
        value: String,
        /// What it should be.
        expected: String,
    },
    /// A file's structure is broken.
    #[error("{file}: {problem}")]
    Malformed {
        /// The file.
        file: String,
        /// What is wrong, where.
        problem: String,
    },
    /// An id occurs twice where it may occur once.
    #[error("{what} `{id}` occurs twice; ids are unique: remove or rename one")]
    Duplicate {
        /// What the id names: a skill, a target, a person.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// Two lines of files give the same thing, and only one of them can be right.
    #[error("{what} `{id}` is given in {first} and again in {again}; keep one")]
    GivenTwice {
        /// What is given: a skill, an occupation, a requirement, a person.
        what: &'static str,
        /// Its id.
        id: String,
        /// The file and line that gave it first.
        first: String,
        /// The file and line that gave it again.
        again: String,
    },
    /// An id that is not known.
    #[error("unknown {what} `{id}`{hint}", hint = did_you_mean(nearest.as_deref()))]
    Unknown {
        /// What the id should name: a skill, a target, a person.
        what: &'static str,
        /// The id.
        id: String,
        /// The known id most like it.
        nearest: Option<String>,
    },
    /// The same skill is required twice by one target, or held twice in one row.
    #[error("row `{row}` has skill `{skill}` twice; keep one")]
    DuplicateSkill {
        /// The target or person.
        row: String,
        /// The skill.
        skill: String,
    },
    /// A level lies beyond the skill's scale, or is 0 where a level is required.
    #[error("row `{row}`, skill `{skill}`: level {level} is not within {least}..={top}")]
    Level {
        /// The target or person.
        row: String,
        /// The skill.
        skill: String,
        /// The level, in steps.
        level: u32,
        /// The lowest level allowed.
        least: u16,
        /// The scale's top.
        top: u16,
    },
    /// A decimal does not fall on a step of its scale, or a weight on a part of its denominator.
    #[error(
        "row `{row}`, skill `{skill}`: {what} {value} does not fall on one of {steps} to the unit"
    )]
    OffStep {
        /// The target or person.
        row: String,
        /// The skill.
        skill: String,
        /// `level` or `weight`.
        what: &'static str,
        /// The value as written.
        value: String,
        /// How many steps make 1.
        steps: u16,
    },
    /// A requirement that weighs nothing.
    #[error(
        "target `{target}`, skill `{skill}`: a weight of 0 requires nothing; leave the row out"
    )]
    ZeroWeight {
        /// The target.
        target: String,
        /// The skill.
        skill: String,
    },
    /// A target that requires nothing.
    #[error("target `{target}` requires no skill, so nothing can be far from it; leave it out")]
    EmptyRequirement {
        /// The target.
        target: String,
    },
    /// A target's Σ weight × level passes what exact 32-bit sums hold.
    #[error(
        "target `{target}`: its weights times levels sum to {total}, above {limit}; use a smaller weight denominator or coarser steps",
        limit = u32::MAX
    )]
    TotalTooLarge {
        /// The target.
        target: String,
        /// The sum.
        total: u64,
    },
    /// A relation that must not come back to where it started does.
    #[error("{relation} form a cycle: {path}; remove one of these edges", path = path.join(" → "))]
    Cycle {
        /// The relation.
        relation: &'static str,
        /// The ids along the cycle, the first one repeated at the end.
        path: Vec<String>,
    },
    /// Matrices of two frameworks, or of two versions of one, were mixed.
    #[error(
        "made for {found}, used with {expected}; migrate it, or read both with the same framework"
    )]
    AxisMismatch {
        /// The framework in use.
        expected: String,
        /// The framework it was made for.
        found: String,
    },
    /// A digital credential that cannot be read, or that does not hold.
    #[error("{file}: {problem}")]
    Credential {
        /// The file.
        file: String,
        /// What is wrong.
        problem: CredentialProblem,
    },
    /// A recruitment need that asks for nothing.
    #[error(
        "need `{record}` of sensor `{sensor}` names no occupation, no title and no skill; give one of them"
    )]
    NothingAsked {
        /// The sensor.
        sensor: String,
        /// The sensor's own id of the record.
        record: String,
    },
    /// A recruitment need dated after the end of its validity.
    #[error(
        "need `{record}` of sensor `{sensor}` is dated {date}, after its validity ends on {until}; mend one of the dates"
    )]
    AfterValidity {
        /// The sensor.
        sensor: String,
        /// The sensor's own id of the record.
        record: String,
        /// The date.
        date: crate::skill::Date,
        /// The last day of its validity.
        until: crate::skill::Date,
    },
    /// A register of needs made for another framework, version or territories.
    #[error(
        "the register was made for {found}, used with {expected}; call `Register::migrate` with the new framework first"
    )]
    RegisterVersion {
        /// The framework in use.
        expected: String,
        /// The framework that the register was made for.
        found: String,
    },
    /// Funding rules that overlap, or that leave something to no rule.
    #[error("funding rules of `{scheme}`: {problem}")]
    FundingRules {
        /// The scheme, or the first rule at fault.
        scheme: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A result would not fit in the memory allowed.
    #[error("{what} takes {needed} bytes and {allowed} are allowed; {instead}")]
    Memory {
        /// What was asked for.
        what: String,
        /// The bytes it takes.
        needed: u64,
        /// The bytes allowed.
        allowed: u64,
        /// What to call or to set instead.
        instead: &'static str,
    },
    /// An argument outside its range.
    #[error("`{name}` is {value}; it must be {expected}")]
    Argument {
        /// The argument.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it must be.
        expected: String,
    },
    /// A value that is not a finite number, or not allowed to be negative.
    #[error("row {row}, skill {skill}: {value} is not {expected}")]
    NotFinite {
        /// The row's position.
        row: u64,
        /// The skill's position.
        skill: u32,
        /// The value.
        value: f64,
        /// What it must be.
        expected: &'static str,
    },
    /// Arrays that stand side by side differ in length.
    #[error("`{array}` has {length} entries; pass {expected}")]
    ArrayLength {
        /// The array that is off.
        array: &'static str,
        /// Its length.
        length: u64,
        /// The length it needs.
        expected: u64,
    },
    /// The offsets of sparse rows do not ascend from 0 to the number of cells.
    #[error(
        "row {row}: its bounds do not ascend within the cells; pass rows + 1 offsets, from 0 to the number of cells"
    )]
    RowBounds {
        /// The row's position.
        row: u64,
    },
    /// The skills of a sparse row are out of order, repeated or beyond the axis.
    #[error(
        "row {row}: its skills are not strictly ascending below {skill_count}; sort the row and keep each skill once"
    )]
    RowSkills {
        /// The row's position.
        row: u64,
        /// How many skills the axis has.
        skill_count: u32,
    },
    /// A sparse row requires a level or a weight of 0.
    #[error("row {row} requires a level or a weight of 0; leave such cells out")]
    RowZero {
        /// The row's position.
        row: u64,
    },
    /// A sparse row's Σ weight × level passes what exact 32-bit sums hold.
    #[error(
        "row {row}: its weights times levels sum to {total}, above {limit}; use smaller weights or coarser steps",
        limit = u32::MAX
    )]
    RowTotal {
        /// The row's position.
        row: u64,
        /// The sum.
        total: u64,
    },
    /// A target's total does not fit the cells that were passed.
    #[error(
        "target {target} has a total of {total}, more than {bytes} bytes hold; pass wider cells"
    )]
    CellTooNarrow {
        /// The target's position.
        target: u64,
        /// Its total.
        total: u32,
        /// The bytes of a cell.
        bytes: u8,
    },
    /// More things than a table can hold.
    #[error("{count} {what}, above the {limit} that fit")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many there are.
        count: u64,
        /// How many fit.
        limit: u64,
    },
    /// The bytes are not a snapshot.
    #[error("not a passerelle snapshot: {problem}")]
    NotSnapshot {
        /// How that shows.
        problem: String,
    },
    /// A snapshot written by another version of the format.
    #[error(
        "snapshot format {found}, this library reads {supported}; use the passerelle that wrote it, or read the source files again"
    )]
    SnapshotVersion {
        /// The snapshot's format version.
        found: u32,
        /// The version that this library reads.
        supported: u32,
    },
    /// A snapshot of something else.
    #[error("the snapshot holds {found}, not {expected}")]
    SnapshotKind {
        /// What was asked for.
        expected: &'static str,
        /// What it holds.
        found: String,
    },
    /// A snapshot that was cut short or changed.
    #[error("the snapshot is damaged: {problem}; restore it or read the source files again")]
    SnapshotDamaged {
        /// Where, and how it shows.
        problem: String,
    },
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

/// Why a digital credential is refused.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialProblem {
    /// It is neither JSON nor XML that can be read.
    #[error("neither JSON nor XML that can be read; pass the credential as it was issued")]
    Unreadable,
    /// It is none of the kinds that are known.
    #[error(
        "not an Open Badge 2.0 or 3.0, a CLR 2.0 or a European digital credential; pass one of these"
    )]
    NotACredential,
    /// A field is missing.
    #[error("no `{field}`; ask the issuer for a whole credential")]
    Missing {
        /// The field.
        field: &'static str,
    },
    /// A field is not what the standard says.
    #[error("`{field}` is not what the standard says; ask the issuer for a valid credential")]
    Wrong {
        /// The field.
        field: &'static str,
    },
    /// It names its badge by an address only.
    #[error("its badge is at {address}; fetch that and pass it with the credential")]
    BadgeNotGiven {
        /// The address.
        address: String,
    },
    /// It has expired.
    #[error("it expired on {until}; ask for a renewed one")]
    Expired {
        /// Its last day.
        until: crate::skill::Date,
    },
    /// It is issued later than today.
    #[error("it is issued on {from}, later than today; check the date")]
    NotYet {
        /// Its first day.
        from: crate::skill::Date,
    },
    /// It ends before it begins.
    #[error("it ends on {until}, before it begins on {from}; ask the issuer to mend it")]
    EndsBeforeItBegins {
        /// Its first day.
        from: crate::skill::Date,
        /// Its last day.
        until: crate::skill::Date,
    },
    /// It says itself that it is revoked.
    #[error("it was revoked; it proves nothing any more")]
    Revoked,
}

impl Error {
    /// The error for an unknown id, with the known id most like it.
    pub(crate) fn unknown(what: &'static str, id: &str, known: &crate::text::Ids) -> Self {
        Self::Unknown { what, id: id.to_owned(), nearest: known.nearest(id).map(str::to_owned) }
    }

    /// The error for an argument outside its range.
    pub(crate) fn argument(
        name: &'static str,
        value: impl ToString,
        expected: impl Into<String>,
    ) -> Self {
        Self::Argument { name, value: value.to_string(), expected: expected.into() }
    }
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|id| format!("; did you mean `{id}`?")).unwrap_or_default()
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_that_says_what_to_do() {
        let error = Error::Unknown {
            what: "target",
            id: "N1150".to_owned(),
            nearest: Some("N1105".to_owned()),
        };
        assert_eq!(error.to_string(), "unknown target `N1150`; did you mean `N1105`?");
        let error = Error::Cycle {
            relation: "prerequisites",
            path: vec!["a".to_owned(), "b".to_owned(), "a".to_owned()],
        };
        assert_eq!(
            error.to_string(),
            "prerequisites form a cycle: a → b → a; remove one of these edges"
        );
    }
}
