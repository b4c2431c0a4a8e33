//! The project's own CSV folder out.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::framework::{Framework, LabelRole, Taxonomy};
use crate::skill::{LevelScale, Reuse, SkillKind, exact_parts};
use crate::text::Ids;

/// Writes a framework as a CSV folder (`docs/formats.md`), to read it again with
/// [`csv_folder`](super::csv_folder) or to edit it by hand.
///
/// The folder must not be there yet. It is written beside its place and then renamed, so that it
/// is there in full or not at all.
///
/// # Errors
///
/// [`Error::File`]; [`Error::Argument`] for what the format cannot say: an id or tag that holds a
/// bar, or a weight or level that no decimal writes exactly (thirds).
pub fn write_csv_folder(framework: &Framework, dir: impl AsRef<Path>) -> Result<()> {
    let dir = dir.as_ref();
    let failed = |path: &Path, source| Error::File { path: path.to_owned(), source };
    if dir.exists() {
        let exists = io::Error::new(io::ErrorKind::AlreadyExists, "it is there already");
        return Err(failed(dir, exists));
    }
    let name = dir.file_name().unwrap_or(dir.as_os_str()).to_string_lossy();
    let beside = dir.with_file_name(format!(".{name}.{}.part", std::process::id()));
    fs::create_dir(&beside).map_err(|source| failed(&beside, source))?;
    let guard = RemoveUnlessDone(Some(beside));
    if let Some(beside) = &guard.0 {
        Writing { framework, dir: beside }.all()?;
        fs::rename(beside, dir).map_err(|source| failed(dir, source))?;
    }
    guard.done();
    Ok(())
}

/// Removes the unfinished folder when writing fails.
struct RemoveUnlessDone(Option<PathBuf>);

impl RemoveUnlessDone {
    fn done(mut self) {
        self.0 = None;
    }
}

impl Drop for RemoveUnlessDone {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // The error that led here says more than one of this.
            let _ = fs::remove_dir_all(path);
        }
    }
}

struct Writing<'a> {
    framework: &'a Framework,
    dir: &'a Path,
}

type Csv = csv::Writer<File>;

impl Writing<'_> {
    fn all(&self) -> Result<()> {
        let framework = self.framework;
        self.file("framework.csv", true, |csv| self.head(csv))?;
        let scales = framework.axis().scales();
        self.file("scales.csv", scales != [LevelScale::held()], |csv| self.scales(csv))?;
        let (skills, occupations) = (framework.skills(), framework.occupations());
        self.file("skills.csv", true, |csv| self.skills(csv))?;
        self.file("groups.csv", !skills.groups().is_empty(), |csv| {
            concepts(csv, skills, framework.axis().ids(), true)
        })?;
        self.file("occupations.csv", true, |csv| {
            concepts(csv, occupations, framework.occupation_ids(), false)
        })?;
        self.file("occupation_groups.csv", !occupations.groups().is_empty(), |csv| {
            concepts(csv, occupations, framework.occupation_ids(), true)
        })?;
        self.file("job_titles.csv", !framework.titles().is_empty(), |csv| self.titles(csv))?;
        self.file("labels.csv", true, |csv| self.labels(csv))?;
        self.file("requirements.csv", true, |csv| self.requirements(csv))?;
        let before = framework.prerequisites();
        let any = !before.strict.is_empty() || !before.advisory.is_empty();
        self.file("prerequisites.csv", any, |csv| self.prerequisites(csv))
    }

    fn file(
        &self,
        name: &str,
        wanted: bool,
        write: impl FnOnce(&mut Csv) -> csv::Result<()>,
    ) -> Result<()> {
        if !wanted {
            return Ok(());
        }
        let path = self.dir.join(name);
        let run = || {
            let mut csv = csv::Writer::from_path(&path)?;
            write(&mut csv)?;
            csv.flush()?;
            Ok(())
        };
        run().map_err(|error: csv::Error| match error.into_kind() {
            csv::ErrorKind::Io(source) => match source.downcast::<Error>() {
                Ok(refused) => refused,
                Err(source) => Error::File { path: path.clone(), source },
            },
            kind => {
                Error::Malformed { file: path.display().to_string(), problem: format!("{kind:?}") }
            }
        })
    }

    fn head(&self, csv: &mut Csv) -> csv::Result<()> {
        let (framework, origin) = (self.framework, self.framework.origin());
        csv.write_record(["key", "value"])?;
        csv.write_record(["name", framework.name()])?;
        csv.write_record(["version", framework.version()])?;
        csv.write_record(["language", &origin.language])?;
        let denominator = framework.axis().weight_denominator().to_string();
        csv.write_record(["weight_denominator", &denominator])?;
        csv.write_record(["licence", &origin.licence])?;
        csv.write_record(["source", &origin.attribution])
    }

    fn scales(&self, csv: &mut Csv) -> csv::Result<()> {
        csv.write_record(["scale", "step", "label", "unit"])?;
        for scale in self.framework.axis().scales() {
            let unit = scale.steps_per_unit().to_string();
            for step in 1..=scale.top() {
                let name = scale.step_name(step);
                if name.is_some() || step == scale.top() {
                    let step = step.to_string();
                    csv.write_record([scale.name(), &step, name.unwrap_or(""), &unit])?;
                }
            }
        }
        Ok(())
    }

    fn skills(&self, csv: &mut Csv) -> csv::Result<()> {
        let (axis, skills) = (self.framework.axis(), self.framework.skills());
        let languages = preferred_languages(skills, 0..skills.members());
        let mut header = header(&languages);
        header.extend(["kind", "reuse", "scale"].map(str::to_owned));
        csv.write_record(&header)?;
        for skill in 0..skills.members() {
            let mut record = concept(skills, axis.ids(), skill, &languages)?;
            let kind = axis.kind(skill);
            let reuse = axis.reuse(skill);
            let own = axis.scale(skill).name() == axis.scales()[0].name();
            record.push(if kind == SkillKind::Unspecified { "" } else { kind.name() }.to_owned());
            record.push(if reuse == Reuse::Unspecified { "" } else { reuse.name() }.to_owned());
            record.push(if own { "" } else { axis.scale(skill).name() }.to_owned());
            csv.write_record(&record)?;
        }
        Ok(())
    }

    fn titles(&self, csv: &mut Csv) -> csv::Result<()> {
        csv.write_record(["occupation", "title", "language", "id"])?;
        for title in self.framework.titles().iter() {
            let occupation = &self.framework.occupation_ids()[title.occupation];
            let id = title.id.unwrap_or("");
            csv.write_record([occupation, title.title, title.language, id])?;
        }
        Ok(())
    }

    fn labels(&self, csv: &mut Csv) -> csv::Result<()> {
        csv.write_record(["of", "id", "role", "text", "language"])?;
        let framework = self.framework;
        for (taxonomy, ids, of) in [
            (framework.skills(), framework.axis().ids(), ["skill", "group"]),
            (
                framework.occupations(),
                framework.occupation_ids(),
                ["occupation", "occupation_group"],
            ),
        ] {
            for node in nodes(taxonomy) {
                let of = of[usize::from(node >= taxonomy.members())];
                let id = id(taxonomy, ids, node);
                let texts = taxonomy.labels().of(node);
                for label in texts.filter(|label| label.role != LabelRole::Preferred) {
                    csv.write_record([of, id, label.role.name(), label.text, label.language])?;
                }
            }
        }
        Ok(())
    }

    fn requirements(&self, csv: &mut Csv) -> csv::Result<()> {
        csv.write_record(["occupation", "skill", "level", "weight", "necessity"])?;
        let (axis, required) = (self.framework.axis(), self.framework.required());
        let denominator = axis.weight_denominator();
        for (target, id) in (0u32..).zip(required.targets().iter()) {
            for (skill, requirement) in required.row(target).iter() {
                let scale = axis.scale(skill);
                let level = scale.written(requirement.level);
                if scale.steps_of(&level).ok() != Some(requirement.level) {
                    return Err(cannot_write("level", &level));
                }
                let weight = (f64::from(requirement.weight) / f64::from(denominator)).to_string();
                if exact_parts(&weight, denominator) != Some(requirement.weight.into()) {
                    return Err(cannot_write("weight", &weight));
                }
                let necessity = requirement.necessity.name();
                csv.write_record([id, &axis.ids()[skill], &level, &weight, necessity])?;
            }
        }
        Ok(())
    }

    fn prerequisites(&self, csv: &mut Csv) -> csv::Result<()> {
        csv.write_record(["skill", "requires", "strength"])?;
        let before = self.framework.prerequisites();
        let ids = self.framework.axis().ids();
        for (edges, strength) in [(&before.strict, "strict"), (&before.advisory, "advisory")] {
            for (skill, id) in (0u32..).zip(ids.iter()) {
                for &requires in edges.from(skill) {
                    csv.write_record([id, &ids[requires], strength])?;
                }
            }
        }
        Ok(())
    }
}

/// The library's error on its way through a writer that knows only its own.
fn cannot_write(name: &'static str, value: &str) -> csv::Error {
    let expected = "a value that a decimal writes exactly, or an id or tag without a bar";
    io::Error::other(Error::argument(name, value, expected)).into()
}

fn nodes(taxonomy: &Taxonomy) -> impl Iterator<Item = u32> {
    (0u32..).take(taxonomy.members() as usize + taxonomy.groups().len())
}

fn id<'a>(taxonomy: &'a Taxonomy, members: &'a Ids, node: u32) -> &'a str {
    match node.checked_sub(taxonomy.members()) {
        None => &members[node],
        Some(group) => &taxonomy.groups()[group],
    }
}

/// The languages in which some of the nodes have a preferred label.
fn preferred_languages(taxonomy: &Taxonomy, nodes: impl Iterator<Item = u32>) -> Vec<String> {
    let languages = taxonomy.labels().languages();
    let mut found = vec![false; languages.len()];
    for node in nodes {
        for label in taxonomy.labels().of(node).filter(|at| at.role == LabelRole::Preferred) {
            if let Some(at) = languages.iter().position(|known| known == label.language) {
                found[at] = true;
            }
        }
    }
    let named = languages.iter().zip(found).filter(|(_, found)| *found);
    named.map(|(language, _)| language.clone()).collect()
}

fn header(languages: &[String]) -> Vec<String> {
    let mut header = vec!["id".to_owned()];
    if languages.is_empty() {
        // The format asks for one label column, even where nothing has a label.
        header.push("label_en".to_owned());
    }
    header.extend(languages.iter().map(|language| format!("label_{language}")));
    header.extend(["broader".to_owned(), "tags".to_owned()]);
    header
}

fn concept(
    taxonomy: &Taxonomy,
    members: &Ids,
    node: u32,
    languages: &[String],
) -> csv::Result<Vec<String>> {
    let mut record = vec![id(taxonomy, members, node).to_owned()];
    if languages.is_empty() {
        record.push(String::new());
    }
    for language in languages {
        let own = taxonomy.labels().of(node);
        let label = own
            .filter(|label| label.role == LabelRole::Preferred)
            .find(|label| label.language == language)
            .map_or("", |label| label.text);
        record.push(label.to_owned());
    }
    let broader = taxonomy.broader().from(node).iter().map(|&at| id(taxonomy, members, at));
    record.push(barred("broader", broader)?);
    record.push(barred("tags", taxonomy.tags(node))?);
    Ok(record)
}

fn barred<'a>(name: &'static str, values: impl Iterator<Item = &'a str>) -> csv::Result<String> {
    let values: Vec<_> = values.collect();
    match values.iter().find(|value| value.contains('|')) {
        Some(value) => Err(cannot_write(name, value)),
        None => Ok(values.join("|")),
    }
}

fn concepts(csv: &mut Csv, taxonomy: &Taxonomy, members: &Ids, groups: bool) -> csv::Result<()> {
    let wanted = |node: &u32| (*node >= taxonomy.members()) == groups;
    let languages = preferred_languages(taxonomy, nodes(taxonomy).filter(wanted));
    csv.write_record(header(&languages))?;
    for node in nodes(taxonomy).filter(wanted) {
        csv.write_record(concept(taxonomy, members, node, &languages)?)?;
    }
    Ok(())
}
