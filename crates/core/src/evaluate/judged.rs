//! Tasks by name, those that somebody judged included.

use std::path::{Path, PathBuf};

use super::{Grade, Task, links, other_version, task};
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::read::LinkColumns;

/// The columns of ROME's `unix_rubrique_mobilite_v…_utf8.csv`.
const MOBILITY: LinkColumns<'_> =
    LinkColumns { from: "code_rome", to: "code_rome_cible", grade: "numero_ordre" };

/// Those of links of one's own.
const OWN: LinkColumns<'_> = LinkColumns { from: "query", to: "relevant", grade: "grade" };

/// The tasks that need more than the framework, with what each asks.
pub const JUDGED_NAMES: &[(&str, &str)] = &[
    ("mobility", "the occupations that ROME's experts say one may move to, the nearest first"),
    ("links", "what a file of one's own says is relevant"),
    ("other-version", "the same occupation, from what another version requires of it"),
];

/// What tasks need beside the framework.
#[derive(Clone, Copy, Debug, Default)]
pub struct Judgements<'a> {
    /// For `mobility` ROME's folder, or its file of mobilities; for `links` a CSV file of `query`,
    /// `relevant` and, if there, `grade`.
    pub links: Option<&'a Path>,
    /// For `other-version` the version whose occupations ask.
    pub other: Option<&'a Framework>,
}

/// A task by its name, and how many links were left out: those that name an occupation which the
/// framework does not have, and those that cannot be read.
///
/// # Errors
///
/// [`Error::Argument`] for a name that is neither one of [`JUDGED_NAMES`] nor of
/// [`TASK_NAMES`](super::TASK_NAMES), or where what it needs is not given; those of [`links`].
///
/// # Example
///
/// ```
/// use passerelle::evaluate::{Judgements, judged};
/// use passerelle::{Framework, Necessity, Requirement, SkillKind};
///
/// let mut builder = Framework::builder("demo", "1", "en");
/// builder.skill("weld", SkillKind::KnowHow)?;
/// builder.occupation("welder")?;
/// let essential = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// builder.require("welder", "weld", essential)?;
/// let framework = builder.build()?;
///
/// let (task, left_out) = judged("from-50", &framework, Judgements::default(), "en", 1)?;
/// assert_eq!((task.queries.len(), left_out), (1, 0));
/// assert!(judged("mobility", &framework, Judgements::default(), "en", 1).is_err());
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn judged(
    name: &str,
    framework: &Framework,
    given: Judgements<'_>,
    language: &str,
    seed: u64,
) -> Result<(Task, u64)> {
    let needs = |name, expected: &str| Error::argument(name, "not given", expected);
    match name {
        "mobility" => {
            let folder = given.links.ok_or_else(|| {
                needs("links", "ROME's folder, or its unix_rubrique_mobilite_v…_utf8.csv")
            })?;
            links(&mobility_file(folder)?, &MOBILITY, Grade::Place, name, framework)
        }
        "links" => {
            let file = given.links;
            let file = file.ok_or_else(|| needs("links", "a CSV of query, relevant, grade"))?;
            let stem = file.file_stem().unwrap_or_default().to_string_lossy();
            links(file, &OWN, Grade::Relevance, &stem, framework)
        }
        "other-version" => {
            let other = given.other.ok_or_else(|| needs("other", "the framework that asks"))?;
            Ok((other_version(framework, other, name), 0))
        }
        _ => Ok((task(name, framework, language, seed)?, 0)),
    }
}

/// ROME's file of mobilities, where its folder is given; any other path as it is.
fn mobility_file(path: &Path) -> Result<PathBuf> {
    let failed = |source| Error::File { path: path.to_owned(), source };
    if !path.is_dir() {
        return Ok(path.to_owned());
    }
    let mut files = Vec::new();
    for entry in path.read_dir().map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with("unix_rubrique_mobilite_v") && name.ends_with("_utf8.csv") {
            files.push(entry.path());
        }
    }
    // The last of several versions.
    files.into_iter().max().ok_or_else(|| {
        let expected = "a folder with unix_rubrique_mobilite_v…_utf8.csv, or such a file";
        Error::argument("links", path.display().to_string(), expected)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Necessity, Requirement, SkillKind};

    #[test]
    fn mobilities_are_read_from_romes_folder_or_their_file_and_missed_by_name() {
        let mut builder = Framework::builder("demo", "1", "fr");
        builder.skill("s", SkillKind::KnowHow).unwrap();
        for id in ["A1", "A2"] {
            builder.occupation(id).unwrap();
            let requirement = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
            builder.require(id, "s", requirement).unwrap();
        }
        let framework = builder.build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let read = |path: &Path| {
            let given = Judgements { links: Some(path), other: None };
            judged("mobility", &framework, given, "fr", 1)
        };
        let refused = read(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("unix_rubrique_mobilite_v"), "{refused}");
        let file = folder.path().join("unix_rubrique_mobilite_v460_utf8.csv");
        let rows = "code_rome,code_rome_cible,numero_ordre\nA1,A2,1\nA1,A9,2\n";
        std::fs::write(&file, rows).unwrap();
        let (task, left_out) = read(folder.path()).unwrap();
        assert_eq!((task.name.as_str(), task.queries.len(), left_out), ("mobility", 1, 1));
        assert_eq!(read(&file).unwrap(), (task, left_out));
    }

    #[test]
    fn no_name_stands_for_two_tasks() {
        for (name, _) in JUDGED_NAMES {
            assert!(super::super::TASK_NAMES.iter().all(|(other, _)| name != other), "{name}");
        }
    }
}
