//! ROME 4.0 in: France Travail's open data, `unix_*.csv`.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs::File;
use std::path::Path;

use super::encoding::Encoding;
use super::folder::Folder;
use super::report::{Fate, FileReport, ReadReport, Reason};
use super::table::{Delimiter, Dialect, Table};
use super::weights::Weights;
use crate::error::{Error, Result};
use crate::framework::{Framework, FrameworkBuilder, LabelRole};
use crate::skill::{Reuse, SkillKind};

/// The language of all of ROME.
const FRENCH: &str = "fr";

/// How to read ROME.
#[derive(Clone, Debug, Default)]
pub struct RomeOptions {
    encoding: Encoding,
    weights: Weights,
    version: Option<String>,
}

impl RomeOptions {
    /// The files' encoding; UTF-8 without this call. France Travail publishes each file as
    /// `…_utf8.csv` and as `…_iso8859-15.csv`: where a folder holds both, those of this encoding
    /// are read.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// How much core items ("Principale", "Émergente") and the others count; 2 and 1 of 2 without
    /// this call.
    #[must_use]
    pub fn weights(mut self, weights: Weights) -> Self {
        self.weights = weights;
        self
    }

    /// The version; without this call, that of the files' names (`_v460_`).
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }
}

/// Reads ROME 4.0 from a folder of its open data.
///
/// - **Skills** are the competences, then the savoirs, by their `code_ogr`. A *savoir-être
///   professionnel* is a soft skill, any other competence know-how, a savoir knowledge. *Transverse*
///   is [`Reuse::Transversal`] and *Technique expert* [`Reuse::Specific`]; *Technique* is left
///   unspecified, because its competences spread over no more occupations than the expert ones.
///   Broader: a competence's macro-competence, and groups for the savoirs' categories
///   (`savoirs/…`). Tags: `ecological`, `digital`.
/// - **Occupations** by their `code_rome`, within the occupation of `code_rome_parent`, their
///   domaine professionnel and its grand domaine. Tags: `regulated`, `management`, `digital`,
///   `demographic`, `ecological` (with `green` for *Emploi Vert* and `green-strategic` for *Emploi
///   stratégique pour la Transition écologique*), `brown` for *Emploi Brun*.
/// - **Requirements** are the lines of `coherence_item` that link a competence or savoir, at the one
///   level of a yes/no scale. Core items are essential and weigh more: see [`Weights`]. Lines that
///   link a work context are counted and set aside.
/// - **Job titles** are the appellations, each by its long label and, where it differs, by its short
///   one as well: two titles with one id, which is the appellation's `code_ogr`.
///
/// Of the texts, definitions are kept, one of all its phrases for each occupation.
///
/// # Errors
///
/// [`Error::File`] for `referentiel_code_rome`, `referentiel_competence`, `referentiel_savoir` or
/// `coherence_item` (the other files may be absent), [`Error::Encoding`], [`Error::MissingColumn`],
/// [`Error::Malformed`] for a folder of two versions, [`Error::Cycle`].
///
/// # Example
///
/// ```no_run
/// use passerelle::read::{self, Reason, RomeOptions};
///
/// let (framework, report) = read::rome("data/rome-4.60", &RomeOptions::default())?;
/// println!("{} requirements", framework.required().entries());
/// println!("{} work contexts set aside", report.dropped_for(Reason::WorkContext));
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn rome(dir: impl AsRef<Path>, options: &RomeOptions) -> Result<(Framework, ReadReport)> {
    let folder = Folder::open(dir.as_ref())?;
    let found = versions(&folder);
    if found.len() > 1 {
        let versions: Vec<_> = found.into_iter().collect();
        let problem = format!("files of versions {}; keep one version", versions.join(" and "));
        return Err(Error::Malformed { file: dir.as_ref().display().to_string(), problem });
    }
    let (version, from) = match (&options.version, found.first()) {
        (Some(version), _) => (version.clone(), "the options"),
        (None, Some(version)) => (version.clone(), "the files' names"),
        (None, None) => ("unknown".to_owned(), "nowhere"),
    };
    let mut builder = Framework::builder("ROME", &version, FRENCH);
    builder.weight_denominator(options.weights.denominator())?;
    let published = folder.text("version.txt").as_deref().and_then(publication);
    let published = published.map_or(String::new(), |day| format!(", mise à jour du {day}"));
    builder.licence(
        "Licence Ouverte 2.0",
        format!(
            "Source : France Travail, ROME 4.0 version {version}{published}, Licence Ouverte 2.0"
        ),
    );
    let report = ReadReport::new("ROME", &version, from);
    let mut reading = Reading { folder: &folder, options, builder, report, aside: HashSet::new() };
    reading.competences()?;
    reading.savoirs()?;
    let (occupations, lines) = reading.occupations()?;
    reading.coherence(occupations, &lines)?;
    reading.domains()?;
    reading.appellations()?;
    reading.texts()?;
    folder.finish(reading.builder, reading.report)
}

/// Whether a file of a folder is ROME's.
pub(super) fn is_rome(name: &str) -> bool {
    parts(name).is_some_and(|(what, ..)| what == "referentiel_code_rome")
}

/// `unix_coherence_item_v460_utf8.csv`: what it is, its version, its encoding's name.
fn parts(name: &str) -> Option<(&str, &str, &str)> {
    let stem = name.strip_prefix("unix_")?.strip_suffix(".csv")?;
    let (rest, encoding) = stem.rsplit_once('_')?;
    let (what, version) = rest.rsplit_once("_v")?;
    let digits = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
    digits.then_some((what, version, encoding))
}

fn versions(folder: &Folder) -> BTreeSet<String> {
    folder.names().filter_map(|name| Some(parts(&name)?.1.to_owned())).collect()
}

/// The day after `Date de publication :` in `version.txt`.
fn publication(text: &str) -> Option<String> {
    let line = text.lines().find(|line| line.trim_start().starts_with("Date de publication"))?;
    let day = line.split_once(':')?.1.trim();
    (!day.is_empty()).then(|| day.to_owned())
}

struct Reading<'a> {
    folder: &'a Folder,
    options: &'a RomeOptions,
    builder: FrameworkBuilder,
    report: ReadReport,
    aside: HashSet<String>,
}

impl Reading<'_> {
    /// The file that holds something: that of the encoding asked for, or else the only one.
    fn find(&self, what: &str) -> Option<String> {
        let is = |name: &String| parts(name).is_some_and(|(found, ..)| found == what);
        let wanted = match self.options.encoding {
            Encoding::Utf8 => "utf8",
            Encoding::Windows1252 | Encoding::Iso8859_15 => "iso8859-15",
        };
        let names: Vec<String> = self.folder.names().filter(is).collect();
        let own = names.iter().find(|name| parts(name).is_some_and(|(.., at)| at == wanted));
        own.or_else(|| names.first()).cloned()
    }

    fn open(&self, what: &str) -> Result<Option<(Table<File>, FileReport)>> {
        let Some(name) = self.find(what) else { return Ok(None) };
        let dialect = Dialect::new(Delimiter::Comma, self.options.encoding);
        Ok(Some((self.folder.table(&name, dialect)?, FileReport::new(name))))
    }

    fn open_required(&self, what: &str) -> Result<(Table<File>, FileReport)> {
        let missing = || self.folder.missing(&format!("unix_{what}_v…_utf8.csv"));
        self.open(what)?.ok_or_else(missing)
    }

    fn competences(&mut self) -> Result<()> {
        let (mut table, mut report) = self.open_required("referentiel_competence")?;
        let (id, label) = (table.column("code_ogr")?, table.column("libelle_competence")?);
        let (category, sub) = (table.column("cat_comp")?, table.column("sous_cat_comp")?);
        let (definition, broader) =
            (table.optional("definition")?, table.optional("code_ogr_macro_comp")?);
        let transitions = [
            ("ecological", table.optional("transition_eco")?),
            ("digital", table.optional("transition_num")?),
        ];
        let mut within: Vec<(u64, String, String)> = Vec::new();
        table.each(&mut report, |row, report| {
            let id = row.get(id);
            let kind = match row.get(category) {
                "Savoir-faire" => SkillKind::KnowHow,
                "Savoir-être professionnel" => SkillKind::Soft,
                other => {
                    report.note(row.line, Reason::UnknownValue, other);
                    SkillKind::KnowHow
                }
            };
            let reuse = match row.get(sub) {
                "Transverse" => Reuse::Transversal,
                "Technique expert" => Reuse::Specific,
                _ => Reuse::Unspecified,
            };
            if let Some(fate) = self.refuse_skill(id) {
                return Ok(fate);
            }
            self.builder.skill_with(id, kind, reuse, None)?;
            self.builder.skill_label(id, FRENCH, row.get(label))?;
            let definition = row.get(definition);
            self.builder.skill_text(id, FRENCH, LabelRole::Definition, definition)?;
            for (tag, column) in transitions {
                if row.get(column) == "O" {
                    self.builder.skill_tag(id, tag)?;
                }
            }
            let broader = row.get(broader);
            if !broader.is_empty() {
                within.push((row.line, id.to_owned(), broader.to_owned()));
            }
            Ok(Fate::Kept)
        })?;
        for (line, id, broader) in within {
            if id == broader {
                report.note(line, Reason::SelfLoop, &id);
            } else if self.builder.axis().ids().position(&broader).is_none() {
                report.note(line, Reason::UnknownBroader, &broader);
            } else {
                self.builder.skill_broader(&id, &broader)?;
            }
        }
        self.report.push(report);
        Ok(())
    }

    /// Why a skill cannot be added, if it cannot.
    fn refuse_skill(&self, id: &str) -> Option<Fate> {
        if id.is_empty() {
            return Some(Fate::dropped(Reason::NoId, id));
        }
        let known = self.builder.axis().ids().position(id).is_some()
            || self.builder.skill_groups().position(id).is_some();
        known.then(|| Fate::dropped(Reason::Duplicate, id))
    }

    fn savoirs(&mut self) -> Result<()> {
        let (mut table, mut report) = self.open_required("referentiel_savoir")?;
        let (id, label) = (table.column("code_ogr_savoir")?, table.column("libelle_savoir")?);
        let (category, sub) =
            (table.optional("categorie_savoir")?, table.optional("sous_categorie_savoir")?);
        let transitions = [
            ("ecological", table.optional("transition_eco")?),
            ("digital", table.optional("transition_num")?),
        ];
        table.each(&mut report, |row, _| {
            let id = row.get(id);
            if let Some(fate) = self.refuse_skill(id) {
                return Ok(fate);
            }
            self.builder.skill(id, SkillKind::Knowledge)?;
            self.builder.skill_label(id, FRENCH, row.get(label))?;
            for (tag, column) in transitions {
                if row.get(column) == "O" {
                    self.builder.skill_tag(id, tag)?;
                }
            }
            // Categories have no codes of their own: their path of names is their id.
            let mut path = "savoirs".to_owned();
            let mut above: Option<String> = None;
            for name in [row.get(category), row.get(sub)] {
                if name.is_empty() {
                    continue;
                }
                path = format!("{path}/{name}");
                if self.builder.skill_groups().position(&path).is_none() {
                    self.builder.skill_group(&path)?;
                    self.builder.skill_label(&path, FRENCH, name)?;
                    if let Some(above) = &above {
                        self.builder.skill_broader(&path, above)?;
                    }
                }
                above = Some(path.clone());
            }
            if let Some(group) = above {
                self.builder.skill_broader(id, &group)?;
            }
            Ok(Fate::Kept)
        })?;
        self.report.push(report);
        Ok(())
    }

    /// Adds the occupations; their file is reported when it is known which of them require
    /// something. Gives the line of each.
    fn occupations(&mut self) -> Result<(FileReport, HashMap<String, u64>)> {
        let (mut table, mut report) = self.open_required("referentiel_code_rome")?;
        let (id, label) = (table.column("code_rome")?, table.column("libelle_rome")?);
        let eco = table.optional("transition_eco")?;
        let yes_no = [
            ("digital", table.optional("transition_num")?),
            ("demographic", table.optional("transition_demo")?),
            ("regulated", table.optional("emploi_reglemente")?),
            ("management", table.optional("emploi_cadre")?),
        ];
        let parent = table.optional("code_rome_parent")?;
        let mut lines = HashMap::new();
        let mut within: Vec<(u64, String, String)> = Vec::new();
        table.each(&mut report, |row, report| {
            let id = row.get(id);
            if id.is_empty() {
                return Ok(Fate::dropped(Reason::NoId, row.get(label)));
            }
            if self.builder.occupations().position(id).is_some() {
                return Ok(Fate::dropped(Reason::Duplicate, id));
            }
            self.builder.occupation(id)?;
            lines.insert(id.to_owned(), row.line);
            self.builder.occupation_text(id, FRENCH, LabelRole::Preferred, row.get(label))?;
            let tags: &[&str] = match row.get(eco) {
                "" | "Emploi Blanc" => &[],
                "Emploi Vert" => &["ecological", "green"],
                "Emploi Brun" => &["brown"],
                strategic if strategic.starts_with("Emploi stratégique") => {
                    &["ecological", "green-strategic"]
                }
                other => {
                    report.note(row.line, Reason::UnknownValue, other);
                    &[]
                }
            };
            let flags = yes_no.iter().filter(|(_, column)| row.get(*column) == "O");
            for tag in tags.iter().chain(flags.map(|(tag, _)| tag)) {
                self.builder.occupation_tag(id, tag)?;
            }
            let parent = row.get(parent);
            // Most of the parents are of the version before: an occupation may be its own.
            if !parent.is_empty() && parent != id {
                within.push((row.line, id.to_owned(), parent.to_owned()));
            }
            Ok(Fate::Kept)
        })?;
        for (line, id, parent) in within {
            if self.builder.occupations().position(&parent).is_some() {
                self.builder.occupation_broader(&id, &parent)?;
            } else {
                report.note(line, Reason::UnknownBroader, &parent);
            }
        }
        Ok((report, lines))
    }

    /// The codes of work contexts, which `coherence_item` mixes with skills.
    fn contexts(&mut self) -> Result<HashSet<String>> {
        let mut contexts = HashSet::new();
        let Some((mut table, mut report)) = self.open("referentiel_contexte_travail")? else {
            return Ok(contexts);
        };
        let id = table.column("code_ogr")?;
        table.each(&mut report, |row, _| {
            let new = contexts.insert(row.get(id).to_owned());
            Ok(if new { Fate::Kept } else { Fate::dropped(Reason::Duplicate, row.get(id)) })
        })?;
        self.report.push(report);
        Ok(contexts)
    }

    fn coherence(
        &mut self,
        mut occupations: FileReport,
        lines: &HashMap<String, u64>,
    ) -> Result<()> {
        let contexts = self.contexts()?;
        let (mut table, mut report) = self.open_required("coherence_item")?;
        let (occupation, item) = (table.column("code_rome")?, table.column("code_ogr")?);
        let core = table.column("coeur_metier")?;
        let mut seen: HashSet<(u32, u32)> = HashSet::new();
        table.each(&mut report, |row, report| {
            let (occupation, item) = (row.get(occupation), row.get(item));
            let Some(skill) = self.builder.axis().ids().position(item) else {
                let context = contexts.contains(item);
                let reason = if context { Reason::WorkContext } else { Reason::UnknownSkill };
                return Ok(Fate::dropped(reason, item));
            };
            let Some(target) = self.builder.occupations().position(occupation) else {
                return Ok(Fate::dropped(Reason::UnknownOccupation, occupation));
            };
            if !seen.insert((target, skill)) {
                return Ok(Fate::dropped(Reason::Duplicate, format!("{occupation}, {item}")));
            }
            let core = match row.get(core) {
                "" => false,
                "Principale" | "Émergente" => true,
                other => {
                    report.note(row.line, Reason::UnknownValue, other);
                    false
                }
            };
            let requirement = self.options.weights.requirement(core);
            self.builder.require(occupation, item, requirement)?;
            Ok(Fate::Kept)
        })?;
        for id in self.builder.set_aside_empty()? {
            let line = lines.get(&id).copied().unwrap_or(0);
            occupations.take_back(line, Reason::RequiresNothing, &id);
            self.aside.insert(id);
        }
        self.report.push(occupations);
        self.report.push(report);
        Ok(())
    }

    /// Why a row about an occupation is dropped, if it is.
    fn refuse_occupation(&self, id: &str) -> Option<Fate> {
        let aside = self.aside.contains(id);
        let known = self.builder.occupations().position(id).is_some();
        let reason = if aside { Reason::OccupationSetAside } else { Reason::UnknownOccupation };
        (!known).then(|| Fate::dropped(reason, id))
    }

    fn domains(&mut self) -> Result<()> {
        let Some((mut table, mut report)) = self.open("cr_gd_dp")? else { return Ok(()) };
        let id = table.column("code_rome")?;
        // The publisher's spelling, and the one it may take one day.
        let either = |table: &Table<File>, name: &str, other: &str| match table.optional(other)? {
            column if column.is_there() => Ok(column),
            _ => table.column(name),
        };
        let domain = either(&table, "code_domaine_professionel", "code_domaine_professionnel")?;
        let domain_label =
            either(&table, "libelle_domaine_professionel", "libelle_domaine_professionnel")?;
        let (field, field_label) =
            (table.column("code_grand_domaine")?, table.column("libelle_grand_domaine")?);
        table.each(&mut report, |row, _| {
            let id = row.get(id);
            if let Some(fate) = self.refuse_occupation(id) {
                return Ok(fate);
            }
            let mut above: Option<&str> = None;
            for (group, label) in
                [(row.get(field), row.get(field_label)), (row.get(domain), row.get(domain_label))]
            {
                if group.is_empty() || self.builder.occupations().position(group).is_some() {
                    continue;
                }
                if self.builder.occupation_groups().position(group).is_none() {
                    self.builder.occupation_group(group)?;
                    self.builder.occupation_text(group, FRENCH, LabelRole::Preferred, label)?;
                    if let Some(above) = above {
                        self.builder.occupation_broader(group, above)?;
                    }
                }
                above = Some(group);
            }
            Ok(match above {
                Some(group) => {
                    self.builder.occupation_broader(id, group)?;
                    Fate::Kept
                }
                None => Fate::dropped(Reason::UnknownBroader, id),
            })
        })?;
        self.report.push(report);
        Ok(())
    }

    fn appellations(&mut self) -> Result<()> {
        let Some((mut table, mut report)) = self.open("referentiel_appellation")? else {
            return Ok(());
        };
        let (id, occupation) = (table.column("code_ogr")?, table.column("code_rome")?);
        let long = table.column("libelle_appellation_long")?;
        let short = table.optional("libelle_appellation_court")?;
        let mut seen = HashSet::new();
        table.each(&mut report, |row, _| {
            let (id, occupation) = (row.get(id), row.get(occupation));
            if let Some(fate) = self.refuse_occupation(occupation) {
                return Ok(fate);
            }
            if row.get(long).is_empty() {
                return Ok(Fate::dropped(Reason::NoLabel, id));
            }
            if !seen.insert(id.to_owned()) {
                return Ok(Fate::dropped(Reason::Duplicate, id));
            }
            let own = (!id.is_empty()).then_some(id);
            self.builder.job_title(occupation, FRENCH, row.get(long), own)?;
            if row.get(short) != row.get(long) {
                self.builder.job_title(occupation, FRENCH, row.get(short), own)?;
            }
            Ok(Fate::Kept)
        })?;
        self.report.push(report);
        Ok(())
    }

    fn texts(&mut self) -> Result<()> {
        let Some((mut table, mut report)) = self.open("texte")? else { return Ok(()) };
        let (occupation, kind) = (table.column("code_rome")?, table.column("libelle_type_texte")?);
        let (position, text) = (table.column("position_phrase")?, table.column("libelle_texte")?);
        let mut phrases: Vec<Vec<(u32, String)>> = vec![vec![]; self.builder.occupations().len()];
        table.each(&mut report, |row, report| {
            let id = row.get(occupation);
            if row.get(kind) != "definition" {
                return Ok(Fate::dropped(Reason::NotUsed, row.get(kind)));
            }
            if let Some(fate) = self.refuse_occupation(id) {
                return Ok(fate);
            }
            let Ok(position) = row.get(position).parse::<u32>() else {
                return Ok(Fate::dropped(Reason::BadValue, row.get(position)));
            };
            let mut text = row.get(text).to_owned();
            if text.contains("''") {
                report.note(row.line, Reason::DoubledApostrophe, id);
                text = text.replace("''", "'");
            }
            if let Some(at) = self.builder.occupations().position(id) {
                phrases[at as usize].push((position, text));
            }
            Ok(Fate::Kept)
        })?;
        let ids: Vec<String> = self.builder.occupations().iter().map(str::to_owned).collect();
        for (id, mut phrases) in ids.iter().zip(phrases) {
            phrases.sort_by_key(|&(position, _)| position);
            let text: Vec<_> = phrases.into_iter().map(|(_, text)| text).collect();
            self.builder.occupation_text(id, FRENCH, LabelRole::Definition, &text.join(" "))?;
        }
        self.report.push(report);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_known_by_its_name() {
        let name = "unix_coherence_item_v460_utf8.csv";
        assert_eq!(parts(name), Some(("coherence_item", "460", "utf8")));
        assert!(is_rome("unix_referentiel_code_rome_v460_iso8859-15.csv"));
        assert!(!is_rome("unix_referentiel_code_rome_riasec_v460_utf8.csv"));
        for other in ["unix_item_utf8.csv", "unix_item_v_utf8.csv", "item_v460_utf8.csv", "x.csv"] {
            assert_eq!(parts(other), None, "{other}");
        }
        assert_eq!(publication("a\nDate de publication : 18/09/2025\n").unwrap(), "18/09/2025");
        assert_eq!(publication("nothing"), None);
    }
}
