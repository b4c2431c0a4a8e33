//! Pairs of ids in: crosswalks between frameworks, and links that say what is relevant to what.

use std::path::Path;

use super::encoding::Encoding;
use super::report::{Fate, FileReport, ReadReport, Reason};
use super::table::{Delimiter, Dialect, Table};
use crate::error::Result;
use crate::framework::{Crosswalk, Edge, EdgeKind};

/// One row of a file of links.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The first id.
    pub from: String,
    /// The second.
    pub to: String,
    /// A number above 0; 1 where the file has none.
    pub grade: f64,
}

/// Which columns a file of links has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LinkColumns<'a> {
    /// The first id.
    pub from: &'a str,
    /// The second.
    pub to: &'a str,
    /// The number, where the file has this column.
    pub grade: &'a str,
}

/// Links from a CSV file with a header, in UTF-8, separated by commas or semicolons. A row without
/// ids, or whose grade is no number above 0, is dropped and reported.
///
/// # Errors
///
/// [`Error::File`](crate::Error::File), [`Error::Encoding`](crate::Error::Encoding),
/// [`Error::MissingColumn`](crate::Error::MissingColumn).
pub fn links(path: impl AsRef<Path>, columns: &LinkColumns<'_>) -> Result<(Vec<Link>, FileReport)> {
    let path = path.as_ref();
    let mut table = Table::open(path, Dialect::new(Delimiter::CommaOrSemicolon, Encoding::Utf8))?;
    let mut report = FileReport::new(file_name(path));
    let (from, to) = (table.column(columns.from)?, table.column(columns.to)?);
    let grade = table.optional(columns.grade)?;
    let mut links = Vec::new();
    table.each(&mut report, |row, _| {
        let (from, to) = (row.get(from), row.get(to));
        if from.is_empty() || to.is_empty() {
            return Ok(Fate::dropped(Reason::NoId, format!("{from} → {to}")));
        }
        let Some(grade) = number(row.get(grade)) else {
            return Ok(Fate::dropped(Reason::BadValue, row.get(grade)));
        };
        links.push(Link { from: from.to_owned(), to: to.to_owned(), grade });
        Ok(Fate::Kept)
    })?;
    Ok((links, report))
}

/// A crosswalk from a CSV file, whose columns tell its format:
///
/// - ours: `from`, `to` and, if there, `kind` (`exact`, `close`, `broad`, `narrow`, `related`; close
///   without it) and `confidence` (above 0, up to 1; 1 without it)
/// - Nesta's of ESCO occupations and O*NET: `concept_uri`, `onet_code`, `confidence`; all close. Its
///   confidence is 0.5, 1 or 2: halved, so that the highest is 1
/// - of ROME (version 3) and ISCO-08: `Code ROME`, `Code ISCO08`; the ISCO group is the broader.
///   ISCO codes get back the leading zeros that they lost
///
/// `from` and `to` name the two frameworks.
///
/// # Errors
///
/// As [`links`].
pub fn crosswalk(path: impl AsRef<Path>, from: &str, to: &str) -> Result<(Crosswalk, ReadReport)> {
    let path = path.as_ref();
    let mut table = Table::open(path, Dialect::new(Delimiter::CommaOrSemicolon, Encoding::Utf8))?;
    let mut report = FileReport::new(file_name(path));
    let rome = table.optional("Code ROME")?.is_there();
    let nesta = table.optional("concept_uri")?.is_there();
    let (first, second, default) = match (rome, nesta) {
        (true, _) => ("Code ROME", "Code ISCO08", EdgeKind::Broad),
        (_, true) => ("concept_uri", "onet_code", EdgeKind::Close),
        _ => ("from", "to", EdgeKind::Close),
    };
    let most_sure = if nesta { 2.0 } else { 1.0 };
    let (first, second) = (table.column(first)?, table.column(second)?);
    let (kind, confidence) = (table.optional("kind")?, table.optional("confidence")?);
    let mut edges = Vec::new();
    table.each(&mut report, |row, _| {
        let (from, mut to) = (row.get(first).to_owned(), row.get(second).to_owned());
        if from.is_empty() || to.is_empty() {
            return Ok(Fate::dropped(Reason::NoId, format!("{from} → {to}")));
        }
        if rome {
            to = format!("{to:0>4}");
        }
        let kind = match row.get(kind) {
            "" => default,
            written => match written.parse() {
                Ok(kind) => kind,
                Err(_) => return Ok(Fate::dropped(Reason::UnknownValue, written)),
            },
        };
        let sure = number(row.get(confidence)).map(|sure| sure / most_sure);
        let Some(confidence) = sure.filter(|&sure| sure <= 1.0) else {
            return Ok(Fate::dropped(Reason::BadValue, row.get(confidence)));
        };
        #[expect(clippy::cast_possible_truncation, reason = "a confidence, rounded once")]
        edges.push(Edge { from, to, kind, confidence: confidence as f32 });
        Ok(Fate::Kept)
    })?;
    let mut whole = ReadReport::new("crosswalk", &format!("{from} → {to}"), "the options");
    whole.push(report);
    Ok((Crosswalk::new(from, to, edges)?, whole))
}

/// A number above 0; 1 for an empty field.
fn number(text: &str) -> Option<f64> {
    if text.is_empty() {
        return Some(1.0);
    }
    let number: f64 = text.replace(',', ".").parse().ok()?;
    (number.is_finite() && number > 0.0).then_some(number)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
