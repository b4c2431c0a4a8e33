//! Profiles from columns in memory: what a data frame holds.

use std::path::Path;

use super::profiles::{ProfilesOptions, Reading};
use super::report::{FileReport, ReadReport};
use super::table::Header;
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::matrix::check_length;
use crate::profile::Profiles;
use crate::run::Run;

/// Rows between two looks at whether to go on.
const ROWS_AT_ONCE: usize = 4096;

/// A column of texts, each of which may be stored once for many rows.
#[derive(Clone, Copy, Debug)]
pub struct TextColumn<'a> {
    /// The column's name.
    pub name: &'a str,
    /// The texts.
    pub texts: &'a [String],
    /// For each row the position of its text; a negative number where it has none.
    pub codes: &'a [i32],
}

impl TextColumn<'_> {
    fn text(&self, row: usize) -> &str {
        usize::try_from(self.codes[row]).map_or("", |code| self.texts[code].trim())
    }

    fn check(&self, rows: usize) -> Result<()> {
        check_length("codes", self.codes.len(), rows)?;
        let beyond = |&&code: &&i32| usize::try_from(code).is_ok_and(|at| at >= self.texts.len());
        if let Some(code) = self.codes.iter().find(beyond) {
            let expected = format!("below the {} texts of `{}`", self.texts.len(), self.name);
            return Err(Error::argument("codes", code, expected));
        }
        Ok(())
    }
}

/// Reads profiles from columns, which are those of [`profiles`](super::profiles()); `name` stands
/// for the file in errors and in the report, whose lines are rows counted from 1.
///
/// O(rows), and no more memory than the profiles take.
///
/// # Errors
///
/// As [`profiles_from`](super::profiles_from); [`Error::ArrayLength`] where a column is not as long
/// as the first, [`Error::Argument`] for a code beyond its texts, [`Error::Cancelled`].
///
/// # Example
///
/// ```
/// use passerelle::read::{self, ProfilesOptions, Reason, TextColumn};
/// # use passerelle::{Framework, Necessity, Requirement, Run, SkillKind};
/// # let mut builder = Framework::builder("demo", "1", "en");
/// # builder.skill("weld", SkillKind::KnowHow)?;
/// # builder.occupation("o1")?;
/// # let requirement = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// # builder.require("o1", "weld", requirement)?;
/// # let framework = builder.build()?;
/// let people = ["p1".to_owned(), "p2".to_owned()];
/// let skills = ["weld".to_owned(), "juggle".to_owned()];
/// let columns = [
///     TextColumn { name: "person", texts: &people, codes: &[0, 0, 1] },
///     TextColumn { name: "skill", texts: &skills, codes: &[0, 1, -1] },
/// ];
/// let options = ProfilesOptions::default();
/// let (profiles, report) =
///     read::profiles_from_columns(&columns, "frame", &framework, &options, &Run::new())?;
/// assert_eq!((profiles.len(), profiles.entries()), (2, 1));
/// assert_eq!(report.dropped_for(Reason::UnknownSkill), 1);
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn profiles_from_columns(
    columns: &[TextColumn<'_>],
    name: &str,
    framework: &Framework,
    options: &ProfilesOptions<'_>,
    run: &Run,
) -> Result<(Profiles, ReadReport)> {
    let rows = columns.first().map_or(0, |column| column.codes.len());
    columns.iter().try_for_each(|column| column.check(rows))?;
    let names: Vec<String> = columns.iter().map(|column| column.name.trim().to_owned()).collect();
    let header = Header { path: Path::new(name), columns: &names };
    let mut reading = Reading::new(framework, options);
    let places = reading.begin(header, name)?;
    let mut report = FileReport::new(name);
    let (mut text, mut ends) = (String::new(), Vec::new());
    let count = run.count("rows", rows as u64);
    for start in (0..rows).step_by(ROWS_AT_ONCE) {
        count.go_on()?;
        let end = rows.min(start + ROWS_AT_ONCE);
        for at in start..end {
            text.clear();
            ends.clear();
            for column in columns {
                text.push_str(column.text(at));
                ends.push(text.len());
            }
            let row = header.row(at as u64 + 1, &text, &ends);
            row.judge(&mut report, &mut |row, report| reading.row(row, &places, report))?;
        }
        count.add((end - start) as u64);
    }
    reading.report.push(report);
    reading.finish_on(run)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::matrix::{Necessity, Requirement};
    use crate::read::profiles_from;
    use crate::skill::SkillKind;

    fn demo() -> Framework {
        let mut builder = Framework::builder("demo", "1", "en");
        let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
        builder.occupation("o").unwrap();
        for skill in ["a", "b"] {
            builder.skill(skill, SkillKind::KnowHow).unwrap();
            builder.require("o", skill, one).unwrap();
        }
        builder.build().unwrap()
    }

    const NAMES: [&str; 7] = ["person", "skill", "level", "evidence", "date", "assessor", "target"];
    const TEXTS: [&[&str]; 7] = [
        &["p", " q ", "r"],
        &["a", "b", "z"],
        &["0", "1", "9"],
        &["badge", "luck"],
        &["2025-01-31", "soon"],
        &["x"],
        &["o", "w"],
    ];

    proptest! {
        #[test]
        fn columns_are_read_as_the_same_rows_in_a_file(
            rows in prop::collection::vec(prop::array::uniform7(-1i32..3), 0..40)
        ) {
            let texts = TEXTS.map(|texts| texts.iter().map(|&t| t.to_owned()).collect::<Vec<_>>());
            let clip = |at: usize, code: i32| code.min(texts[at].len() as i32 - 1);
            let codes: Vec<Vec<i32>> =
                (0..7).map(|at| rows.iter().map(|row| clip(at, row[at])).collect()).collect();
            let columns: Vec<_> = (0..7)
                .map(|at| TextColumn { name: NAMES[at], texts: &texts[at], codes: &codes[at] })
                .collect();
            let mut csv = NAMES.join(",");
            for row in 0..rows.len() {
                let fields: Vec<_> = columns.iter().map(|column| column.text(row)).collect();
                csv.push('\n');
                csv.push_str(&fields.join(","));
            }
            let (framework, options) = (demo(), ProfilesOptions::default());
            let file = profiles_from(csv.as_bytes(), "f", &framework, &options).unwrap();
            let ours =
                profiles_from_columns(&columns, "f", &framework, &options, &Run::new()).unwrap();
            prop_assert_eq!(&ours.0, &file.0);
            prop_assert_eq!(ours.1.kept(), file.1.kept());
            prop_assert_eq!(ours.1.rows(), rows.len() as u64);
        }
    }

    #[test]
    fn columns_that_do_not_stand_side_by_side_are_refused() {
        let (texts, framework, options) = (["a".to_owned()], demo(), ProfilesOptions::default());
        let column = |name, codes| TextColumn { name, texts: &texts, codes };
        let read = |columns: &[TextColumn<'_>]| {
            profiles_from_columns(columns, "f", &framework, &options, &Run::new()).unwrap_err()
        };
        let uneven = read(&[column("person", &[0, 0]), column("skill", &[0])]);
        assert!(matches!(uneven, Error::ArrayLength { length: 1, expected: 2, .. }), "{uneven}");
        let beyond = read(&[column("person", &[0]), column("skill", &[1])]);
        assert!(matches!(beyond, Error::Argument { .. }), "{beyond}");
        let lacking = read(&[column("person", &[0])]);
        assert!(matches!(lacking, Error::MissingColumn { .. }), "{lacking}");
        assert!(matches!(read(&[]), Error::MissingColumn { .. }));
    }
}
