//! What rules about groups of people and indicators look at, from a file that no score reads.

use super::plan::Attributes;
#[cfg(feature = "read")]
use crate::{
    error::Result,
    hub::table,
    read::{ReadReport, Reason},
    text::Ids,
};

/// What is known of one person beside skills.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Public {
    /// What funding rules look at.
    pub attributes: Attributes,
    /// The level of the highest diploma in the nomenclature of 2019, 0 without one; `None` where
    /// it is not known.
    pub level: Option<u8>,
}

/// Reads `people_attributes.csv` for the publics of people, by their position: `person`, `qpv` and
/// `disabled` (`0` or `1`; empty: `0`), `level` (0 to 8, or empty). Whoever is not in the file
/// belongs to no public that is known. A row that cannot be used is dropped and reported; the
/// file's other columns are not looked at.
///
/// # Errors
///
/// [`Error::File`](crate::Error::File), [`Error::MissingColumn`](crate::Error::MissingColumn) for
/// `person`, [`Error::Encoding`](crate::Error::Encoding).
#[cfg(feature = "read")]
pub fn read_publics(path: &std::path::Path, people: &Ids) -> Result<(Vec<Public>, ReadReport)> {
    let mut publics: Vec<Option<Public>> = vec![None; people.len()];
    let optional = ["qpv", "disabled", "level"];
    let report = table::read("people attributes", path, &["person"], &optional, |row, _| {
        let id = row.get("person");
        let Some(known) = people.position(id).map(|at| &mut publics[at as usize]) else {
            return Ok(Err((Reason::UnknownValue, id.to_owned())));
        };
        if known.is_some() {
            return Ok(Err((Reason::Duplicate, id.to_owned())));
        }
        let flag = |name| match row.get(name) {
            "" | "0" => Ok(false),
            "1" => Ok(true),
            value => Err((Reason::BadValue, value.to_owned())),
        };
        let read = || {
            let level: Option<u8> = row.parsed("level", Reason::BadValue)?;
            if level.is_some_and(|level| level > 8) {
                return Err((Reason::BadValue, row.get("level").to_owned()));
            }
            let attributes = Attributes { qpv: flag("qpv")?, disabled: flag("disabled")? };
            Ok(Public { attributes, level })
        };
        Ok(read().map(|public| *known = Some(public)))
    })?;
    Ok((publics.into_iter().map(Option::unwrap_or_default).collect(), report))
}

#[cfg(all(test, feature = "read"))]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_a_counted_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("people_attributes.csv");
        let text = "person,qpv,disabled,level\na,1,0,3\nb,yes,,\na,0,0,\nz,,,\nc,,1,9\n";
        std::fs::write(&path, text).unwrap();
        let mut people = Ids::new();
        for id in ["a", "b", "c"] {
            people.insert(id).unwrap();
        }
        let (publics, report) = read_publics(&path, &people).unwrap();
        assert_eq!((report.rows(), report.kept()), (5, 1));
        assert!(publics[0].attributes.qpv && publics[0].level == Some(3));
        assert_eq!(publics[1..], [Public::default(), Public::default()]);
    }
}
