//! Certifications and their blocks, from the registers of France compétences.

use std::path::{Path, PathBuf};

use hashbrown::HashMap;

use super::builder::OfferBuilder;
use super::certification::{Block, Certification, CertificationKind, LevelSystem, Route};
use super::finding::OfferReport;
use super::table::{Fate, Row, Table};
use crate::error::{Error, Result};
use crate::read::Encoding;
use crate::text::Ids;

/// How to read the registers of certifications.
#[derive(Clone, Debug, Default)]
pub struct RncpOptions<'a> {
    encoding: Encoding,
    inactive: bool,
    targets: Option<&'a Ids>,
}

impl<'a> RncpOptions<'a> {
    /// The files' encoding; UTF-8 without this call.
    #[must_use]
    pub fn encoding(mut self, encoding: Encoding) -> Self {
        self.encoding = encoding;
        self
    }

    /// Keeps certifications that are no longer registered as well; without this call they are set
    /// aside, and the rows about them.
    #[must_use]
    pub fn inactive(mut self, inactive: bool) -> Self {
        self.inactive = inactive;
        self
    }

    /// The targets that ROME codes may name; another code is reported and its row dropped. Without
    /// this call every code is kept as it stands.
    #[must_use]
    pub fn targets(mut self, targets: &'a Ids) -> Self {
        self.targets = Some(targets);
        self
    }
}

/// The files that are read: how their names begin after `export_fiches_CSV_`, up to the letter
/// that archives have been seen to break; what they must hold; whether they must be there.
const STANDARD: (&str, &[&str]) = ("Standard", &["Numero_Fiche", "Intitule", "Actif"]);
const ROME: (&str, &[&str]) = ("Rome", &["Numero_Fiche", "Codes_Rome_Code"]);
const ACCESS: (&str, &[&str]) = ("VoixdAcc", &["Numero_Fiche", "Si_Jury"]);
const BLOCKS: (&str, &[&str]) =
    ("Blocs_De_Comp", &["Numero_Fiche", "Bloc_Competences_Code", "Bloc_Competences_Libelle"]);

/// What is known of a certification by its number.
#[derive(Clone, Copy)]
enum Known {
    /// Its place among those that are kept.
    Kept(usize),
    SetAside,
}

struct Certifications {
    known: HashMap<String, Known>,
    kept: Vec<(String, Certification)>,
    report: OfferReport,
}

impl OfferBuilder {
    /// Adds the certifications of the RNCP and of the *Répertoire spécifique*, with their blocks,
    /// from the folder of France compétences' open data (`export_fiches_CSV_….csv`).
    ///
    /// A certification's id is its number (`RNCP509`, `RS5000`), a block's its code
    /// (`RNCP509BC01`); a certification leads to the ROME codes of its record. Levels are those of
    /// 2019. Kinds come from the abbreviation: `TP` is a professional title, `CQP` (or a title that
    /// begins with it) a CQP, any other a diploma; without one, a record of the RNCP is a
    /// professional title, one of the other register CLÉA if its title says so, or else specific.
    ///
    /// The export names no skills: blocks come without any, and the report says so. Give them with
    /// `block_skills.csv` and [`OfferBuilder::read`].
    ///
    /// # Errors
    ///
    /// [`Error::UnknownFormat`] without the file of records, [`Error::Malformed`] for two exports
    /// in one folder, [`Error::Encoding`], [`Error::MissingColumn`], [`Error::File`].
    ///
    /// # Example
    ///
    /// ```no_run
    /// use passerelle::hub::training::offer::{OfferBuilder, RncpOptions};
    /// use passerelle::read;
    ///
    /// let (framework, _) = read::framework("data/rome-4.60")?;
    /// let options = RncpOptions::default().targets(framework.occupation_ids());
    /// let (offer, report) =
    ///     OfferBuilder::new(framework.axis()).rncp("data/rncp".as_ref(), &options)?;
    /// println!("{} certifications\n{report}", offer.offer().certifications().len());
    /// # Ok::<(), passerelle::Error>(())
    /// ```
    pub fn rncp(mut self, folder: &Path, options: &RncpOptions<'_>) -> Result<(Self, OfferReport)> {
        let looked_for = vec!["export_fiches_CSV_Standard….csv (RNCP)"];
        let unknown = || Error::UnknownFormat { path: folder.to_owned(), looked_for };
        let records = table(folder, STANDARD, options)?.ok_or_else(unknown)?;
        let mut all = Certifications {
            known: HashMap::new(),
            kept: Vec::new(),
            report: OfferReport::default(),
        };
        all.records(&records, &self, options);
        if let Some(rome) = table(folder, ROME, options)? {
            all.rome(&rome, options);
        }
        if let Some(access) = table(folder, ACCESS, options)? {
            all.access(&access);
        }
        let blocks = table(folder, BLOCKS, options)?;
        let Certifications { known, kept, mut report } = all;
        let mut positions = Vec::with_capacity(kept.len());
        for (id, certification) in kept {
            positions.push(self.certification(&id, certification)?);
        }
        if let Some(blocks) = blocks {
            let mut count = 0u64;
            blocks.sort(&mut report, |row| {
                let Known::Kept(at) = find(&known, row)? else { return Ok(Fate::SetAside) };
                let block = Block {
                    label: single_quoted(row.get("Bloc_Competences_Libelle")),
                    certification: positions[at],
                    skills: Vec::new(),
                };
                let code = row.required("Bloc_Competences_Code")?;
                self.block(code, block).map_err(|error| error.to_string())?;
                count += 1;
                Ok(Fate::Kept)
            });
            if count > 0 {
                let problem = format!(
                    "{count} blocks come without skills, which the export does not name; give them in block_skills.csv"
                );
                report.note(blocks.file(), 0, problem);
            }
        }
        Ok((self, report))
    }
}

impl Certifications {
    fn records(&mut self, table: &Table, builder: &OfferBuilder, options: &RncpOptions<'_>) {
        let Self { known, kept, report } = self;
        let there = &builder.offer().certification_ids;
        table.sort(report, |row| {
            let id = row.required("Numero_Fiche")?;
            if known.contains_key(id) || there.position(id).is_some() {
                return Err(format!("certification `{id}` is there already; the first one counts"));
            }
            match row.get("Actif") {
                "ACTIVE" => {}
                "INACTIVE" if options.inactive => {}
                "INACTIVE" => {
                    known.insert(id.to_owned(), Known::SetAside);
                    return Ok(Fate::SetAside);
                }
                other => return Err(format!("`Actif` is `{other}`, not ACTIVE or INACTIVE")),
            }
            let written = row.get("Nomenclature_Europe_Niveau");
            let level = written.strip_prefix("NIV").and_then(|level| level.parse().ok());
            let level = level.filter(|level| (1..=8).contains(level)).map(LevelSystem::Of2019);
            known.insert(id.to_owned(), Known::Kept(kept.len()));
            let certification = Certification {
                label: single_quoted(row.get("Intitule")),
                kind: kind(id, row.get("Abrege_Libelle"), row.get("Intitule")),
                level,
                ..Certification::default()
            };
            kept.push((id.to_owned(), certification));
            // REPRISE: no level of the European framework yet.
            if level.is_some() || ["", "REPRISE"].contains(&written) {
                return Ok(Fate::Kept);
            }
            Ok(Fate::KeptWith(format!("`{written}` is no level; `{id}` is left without")))
        });
    }

    fn rome(&mut self, table: &Table, options: &RncpOptions<'_>) {
        let Self { known, kept, report } = self;
        table.sort(report, |row| {
            let Known::Kept(at) = find(known, row)? else { return Ok(Fate::SetAside) };
            let code = row.required("Codes_Rome_Code")?;
            if let Some(targets) = options.targets
                && targets.position(code).is_none()
            {
                return Err(Error::unknown("target", code, targets).to_string());
            }
            let targets = &mut kept[at].1.targets;
            if targets.iter().any(|target| target == code) {
                return Err(format!("`{code}` is given twice; the first one counts"));
            }
            targets.push(code.to_owned());
            Ok(Fate::Kept)
        });
    }

    fn access(&mut self, table: &Table) {
        let Self { known, kept, report } = self;
        table.sort(report, |row| {
            let Known::Kept(at) = find(known, row)? else { return Ok(Fate::SetAside) };
            let way = row.required("Si_Jury")?;
            let route = match way {
                "Par expérience" => Route::Vae,
                _ if way.starts_with("Après un parcours de formation") => Route::Training,
                _ if way.starts_with("En contrat d") => Route::Training,
                // To sit the examination alone is neither.
                "Par candidature individuelle" => return Ok(Fate::SetAside),
                _ => return Err(format!("`{way}` is no way to a certification that is known")),
            };
            let routes = &mut kept[at].1.routes;
            if !routes.contains(&route) {
                routes.push(route);
            }
            Ok(Fate::Kept)
        });
    }
}

fn find(known: &HashMap<String, Known>, row: Row<'_>) -> Result<Known, String> {
    let id = row.required("Numero_Fiche")?;
    known.get(id).copied().ok_or_else(|| format!("no record of certification `{id}`"))
}

fn kind(id: &str, abbreviation: &str, label: &str) -> CertificationKind {
    let specific = id.starts_with("RS");
    let label = label.to_lowercase();
    match abbreviation {
        "TP" => CertificationKind::ProfessionalTitle,
        _ if abbreviation == "CQP"
            || label.starts_with("cqp")
            || label.starts_with("certificat de qualification professionnelle") =>
        {
            CertificationKind::Cqp
        }
        _ if specific && (label.contains("cléa") || label.contains("clea")) => {
            CertificationKind::Clea
        }
        "" if specific => CertificationKind::Specific,
        "" => CertificationKind::ProfessionalTitle,
        _ => CertificationKind::Diploma,
    }
}

/// Apostrophes written twice, as a database export escapes them, are one.
fn single_quoted(text: &str) -> String {
    text.replace("''", "'")
}

/// The file of the export whose name begins so, read, or `None` where there is none.
fn table(
    folder: &Path,
    (stem, columns): (&str, &[&str]),
    options: &RncpOptions<'_>,
) -> Result<Option<Table>> {
    let failed = |source| Error::File { path: folder.to_owned(), source };
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        // The accents of the names are broken in the archives: what is left is compared.
        let name = entry.file_name().to_string_lossy().into_owned();
        let rest = name.strip_prefix("export_fiches_CSV_").and_then(|name| name.strip_prefix(stem));
        if rest.is_some() && name.ends_with(".csv") {
            found.push(entry.path());
        }
    }
    found.sort();
    let (path, again) = match found.as_slice() {
        [] => return Ok(None),
        [path, rest @ ..] => (path, rest),
    };
    if let [again, ..] = again {
        return Err(Error::Malformed {
            file: path.display().to_string(),
            problem: format!("so is {}; keep the files of one export", again.display()),
        });
    }
    let table = Table::read(path, options.encoding)?;
    table.needs(columns)?;
    Ok(Some(table))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::skill::{LevelScale, SkillAxis};

    const RECORDS: &str = "\"Id\";\"Numero_Fiche\";\"Intitule\";\"Abrege_Libelle\";\"Nomenclature_Europe_Niveau\";\"Actif\"\r\n\
        \"1\";\"RNCP1\";\"Soudeur d''atelier\";\"TP\";\"NIV3\";\"ACTIVE\"\r\n\
        \"2\";\"RNCP2\";\"Boulanger\";\"CAP\";\"NIV3\";\"INACTIVE\"\r\n\
        \"3\";\"RS3\";\"Socle de connaissances et de compétences (CléA)\";;;\"ACTIVE\"\r\n\
        \"4\";\"RNCP4\";\"CQP Tourier\";;\"REPRISE\";\"ACTIVE\"\r\n\
        \"5\";\"RNCP5\";\"Chef de projet\";;\"NIV9\";\"ACTIVE\"\r\n\
        \"6\";\"RNCP1\";\"Encore\";;;\"ACTIVE\"\r\n\
        \"7\";\"RS7\";\"Exploiter\";;;\"ON\"\r\n";

    fn write(files: &[(&str, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    fn read(
        files: &[(&str, &[u8])],
        options: &RncpOptions<'_>,
    ) -> Result<(OfferBuilder, OfferReport)> {
        let axis = SkillAxis::from_ids("demo", "1", LevelScale::held(), ["a"]).unwrap();
        OfferBuilder::new(&Arc::new(axis)).rncp(write(files).path(), options)
    }

    #[test]
    fn certifications_come_with_kind_level_blocks_targets_and_routes() {
        let (offer, report) = read(
            &[
                ("export_fiches_CSV_Standard_2026_01_02.csv", RECORDS.as_bytes()),
                (
                    "export_fiches_CSV_Rome_2026_01_02.csv",
                    b"\"Numero_Fiche\";\"Codes_Rome_Code\"\r\n\"RNCP1\";\"H2913\"\r\n\"RNCP1\";\"H2913\"\r\n\"RNCP1\";\"Z9999\"\r\n\"RNCP2\";\"D1102\"\r\n\"RNCP9\";\"D1102\"\r\n",
                ),
                (
                    "export_fiches_CSV_VoixdAcc\u{251c}\u{bf}s_2026_01_02.csv",
                    "\"Numero_Fiche\";\"Si_Jury\"\r\n\"RNCP1\";\"Par expérience\"\r\n\"RNCP1\";\"En contrat d’apprentissage\"\r\n\"RNCP1\";\"Après un parcours de formation continue\"\r\n\"RNCP1\";\"Par candidature individuelle\"\r\n\"RNCP1\";\"Par courrier\"\r\n".as_bytes(),
                ),
                (
                    "export_fiches_CSV_Blocs_De_Comp_tences.csv",
                    "\"Numero_Fiche\";\"Bloc_Competences_Code\";\"Bloc_Competences_Libelle\"\r\n\"RNCP1\";\"RNCP1BC01\";\"Souder à l''arc\"\r\n\"RNCP2\";\"RNCP2BC01\";\"Pétrir\"\r\n\"RNCP1\";\"RNCP1BC01\";\"Encore\"\r\n".as_bytes(),
                ),
                ("export_fiches_CSV_Partenaires.csv", b"\xFF not read"),
            ],
            &RncpOptions::default().targets(&["H2913", "D1102"].iter().fold(Ids::new(), |mut ids, id| {
                ids.insert(id).unwrap();
                ids
            })),
        )
        .unwrap();
        let offer = offer.build().unwrap();
        assert_eq!(
            offer.certification_ids().iter().collect::<Vec<_>>(),
            ["RNCP1", "RS3", "RNCP4", "RNCP5"]
        );
        let title = &offer.certifications()[0];
        assert_eq!(title.label, "Soudeur d'atelier");
        assert_eq!(title.level, Some(LevelSystem::Of2019(3)));
        assert_eq!(title.targets, ["H2913"]);
        assert_eq!(title.routes, [Route::Vae, Route::Training]);
        assert_eq!(title.blocks, [0]);
        assert_eq!(offer.blocks()[0].label, "Souder à l'arc");
        let kinds: Vec<&str> = offer.certifications().iter().map(|c| c.kind.name()).collect();
        assert_eq!(kinds, ["professional-title", "clea", "cqp", "professional-title"]);
        assert!(report.adds_up(), "{report}");
        let counts: Vec<_> =
            report.files.iter().map(|file| (file.rows, file.kept, file.set_aside)).collect();
        assert_eq!(counts, [(7, 4, 1), (5, 1, 1), (5, 3, 1), (3, 1, 1)]);
        let said: Vec<(u64, &str)> =
            report.findings.iter().map(|f| (f.line, f.problem.as_str())).collect();
        for (line, part) in [
            (7, "`RNCP1` is there already"),
            (8, "`Actif` is `ON`"),
            (6, "`NIV9` is no level"),
            (3, "given twice"),
            (4, "unknown target `Z9999`"),
            (6, "no record of certification `RNCP9`"),
            (6, "`Par courrier`"),
            (4, "block `RNCP1BC01` occurs twice"),
            (0, "1 blocks come without skills"),
        ] {
            assert!(
                said.iter().any(|(at, text)| *at == line && text.contains(part)),
                "{part}: {said:#?}"
            );
        }
        assert_eq!(said.len(), 9);
    }

    #[test]
    fn inactive_ones_are_kept_when_asked_and_encodings_are_named() {
        let (offer, _) = read(
            &[("export_fiches_CSV_Standard.csv", RECORDS.as_bytes())],
            &RncpOptions::default().inactive(true),
        )
        .unwrap();
        assert_eq!(offer.offer().certifications()[1].kind, CertificationKind::Diploma);
        let latin = b"Numero_Fiche;Intitule;Actif\nRNCP1;M\xE9canicien;ACTIVE\n";
        let files: [(&str, &[u8]); 1] = [("export_fiches_CSV_Standard.csv", latin)];
        let refused = read(&files, &RncpOptions::default()).unwrap_err();
        assert!(matches!(refused, Error::Encoding { line: 2, .. }), "{refused}");
        let options = RncpOptions::default().encoding(Encoding::Windows1252);
        let (offer, _) = read(&files, &options).unwrap();
        assert_eq!(offer.offer().certifications()[0].label, "Mécanicien");
    }

    #[test]
    fn what_is_no_export_is_refused() {
        let options = RncpOptions::default();
        assert!(matches!(read(&[], &options), Err(Error::UnknownFormat { .. })));
        let twice: [(&str, &[u8]); 2] = [
            ("export_fiches_CSV_Standard_2026_01_01.csv", b"x"),
            ("export_fiches_CSV_Standard_2026_01_02.csv", b"x"),
        ];
        assert!(read(&twice, &options).unwrap_err().to_string().contains("one export"));
        let other: [(&str, &[u8]); 1] = [("export_fiches_CSV_Standard.csv", b"Numero;Actif\n")];
        assert!(matches!(read(&other, &options), Err(Error::MissingColumn { .. })));
    }
}
