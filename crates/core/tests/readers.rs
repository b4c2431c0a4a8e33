//! The readers on small folders written for them, one trap after another, against golden outputs,
//! and on the publishers' real files where these are at hand.
//!
//! `PASSERELLE_BLESS=1` writes the golden outputs anew: read the difference before you commit it.
#![cfg(feature = "read")]

use std::fs;
use std::path::{Path, PathBuf};

use passerelle::read::{self, CsvOptions, ProfilesOptions, ReadReport, Reason};
use passerelle::{Error, Framework};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// Writes a folder of files and gives its path.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

fn adds_up(report: &ReadReport) {
    for file in report.files() {
        assert!(file.adds_up(), "{file:?}");
        let dropped: u64 = file.dropped().iter().map(|tally| tally.rows).sum();
        assert_eq!(file.rows(), file.kept() + dropped, "{}", file.file());
        for tally in file.dropped().iter().chain(file.notes()) {
            assert!(tally.examples.len() as u64 <= tally.rows);
            assert!(tally.examples.is_sorted_by_key(|example| example.line), "{tally:?}");
        }
    }
}

/// Every file under a folder, by its path within, in order.
fn files_of(dir: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().to_string_lossy().replace('\\', "/");
                files.push((name, fs::read_to_string(path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

fn compare(name: &str, made: &Path, report: &ReadReport) {
    adds_up(report);
    fs::write(made.join("report.txt"), report.to_string()).unwrap();
    let json = serde_json::to_string_pretty(report).unwrap() + "\n";
    fs::write(made.join("report.json"), json).unwrap();
    let golden = fixture(&format!("{name}.golden"));
    if std::env::var_os("PASSERELLE_BLESS").is_some() {
        let _ = fs::remove_dir_all(&golden);
        for (file, text) in files_of(made) {
            let path = golden.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    let (made, golden) = (files_of(made), files_of(&golden));
    let names = |files: &[(String, String)]| files.iter().map(|f| f.0.clone()).collect::<Vec<_>>();
    assert_eq!(names(&made), names(&golden), "{name}");
    for ((file, made), (_, golden)) in made.iter().zip(&golden) {
        assert_eq!(made, golden, "{name}/{file}");
    }
}

/// Compares a framework, written as a CSV folder, and its report with what was golden.
fn golden(name: &str, framework: &Framework, report: &ReadReport) {
    let made = tempfile::tempdir().unwrap();
    let written = made.path().join("framework");
    read::write_csv_folder(framework, &written).unwrap();
    compare(name, made.path(), report);
    reads_back(framework, &written);
}

/// What was written reads back as the same framework, which is written the same.
fn reads_back(framework: &Framework, written: &Path) {
    let (again, report) = read::csv_folder(written, &CsvOptions::default()).unwrap();
    assert_eq!(report.rows(), report.kept(), "{report}");
    assert_eq!(again.axis(), framework.axis());
    assert_eq!(again.required(), framework.required());
    assert_eq!(again.origin(), framework.origin());
    assert_eq!(again.prerequisites(), framework.prerequisites());
    assert_eq!(again.skills().broader(), framework.skills().broader());
    assert_eq!(again.occupations().broader(), framework.occupations().broader());
    assert_eq!(again.titles().len(), framework.titles().len());
    let twice = tempfile::tempdir().unwrap();
    let second = twice.path().join("framework");
    read::write_csv_folder(&again, &second).unwrap();
    assert_eq!(files_of(written), files_of(&second));
}

mod own_csv {
    use super::*;

    fn read_fixture() -> (Framework, ReadReport) {
        read::csv_folder(fixture("csv"), &CsvOptions::default()).unwrap()
    }

    #[test]
    fn the_folder_and_its_report_are_golden() {
        let (framework, report) = read_fixture();
        golden("csv", &framework, &report);
    }

    #[test]
    fn marks_line_ends_semicolons_and_decimal_commas_are_read() {
        let (framework, report) = read_fixture();
        let axis = framework.axis();
        assert_eq!(axis.len(), 6);
        assert_eq!(axis.scale(axis.position("plans").unwrap()).top(), 700);
        let row = framework.required().row(0);
        assert_eq!((row.levels, row.weights), (&[3, 250, 1][..], &[3, 2, 4][..]));
        assert_eq!(framework.skill_name(1, "fr"), "Percer", "spaces around a value do not count");
        let skills = report.file("skills.csv").unwrap();
        let lines = |reason: Reason| {
            let of = |tally: &&read::Tally| tally.reason == reason;
            skills.dropped().iter().find(of).unwrap().examples[0].line
        };
        // Two breaks are within quotes and one line is empty.
        assert_eq!((lines(Reason::NoId), lines(Reason::FieldCount)), (11, 12));
        assert_eq!(skills.noted(Reason::UnknownBroader), 1);
        assert_eq!(skills.noted(Reason::NoLabel), 1);
        let occupations = report.file("occupations.csv").unwrap();
        assert_eq!(occupations.dropped_for(Reason::RequiresNothing), 1);
        assert_eq!(report.dropped_for(Reason::OccupationSetAside), 2);
    }

    const FRAMEWORK: (&str, &str) = ("framework.csv", "key,value\nname,Demo\nversion,1\n");
    const SKILLS: (&str, &str) = ("skills.csv", "id,label_fr\na,A\nb,B\n");
    const OCCUPATIONS: (&str, &str) = ("occupations.csv", "id,label_fr\nx,X\n");
    const REQUIREMENTS: (&str, &str) = ("requirements.csv", "occupation,skill\nx,a\n");

    fn refused(changed: &[(&str, &str)]) -> Error {
        let mut files = vec![FRAMEWORK, SKILLS, OCCUPATIONS, REQUIREMENTS];
        for &change in changed {
            files.retain(|file| file.0 != change.0);
            if !change.1.is_empty() {
                files.push(change);
            }
        }
        let dir = folder(&files);
        read::csv_folder(dir.path(), &CsvOptions::default()).unwrap_err()
    }

    #[test]
    fn the_least_folder_is_read() {
        let dir = folder(&[FRAMEWORK, SKILLS, OCCUPATIONS, REQUIREMENTS]);
        let (framework, report) = read::csv_folder(dir.path(), &CsvOptions::default()).unwrap();
        assert_eq!(framework.axis().scales()[0].name(), "held");
        assert_eq!(framework.required().entries(), 1);
        assert_eq!(framework.origin().language, "fr");
        assert_eq!(report.rows(), report.kept());
    }

    #[test]
    fn what_makes_the_result_wrong_is_an_error_that_says_where() {
        let text = |changed: &[(&str, &str)]| refused(changed).to_string();
        for (file, content, expected) in [
            ("framework.csv", "key,value\nname,Demo\n", "no line gives `version`"),
            (
                "framework.csv",
                "key,value\nname,A\nname,B\n",
                "`name` is given in framework.csv, line 2",
            ),
            ("framework.csv", "key,value\nweight_denominator,0\n", "line 2, column `value`: `0`"),
            (
                "skills.csv",
                "id,label_fr\na,A\na,B\n",
                "`a` is given in skills.csv, line 2 and again in skills.csv, line 3",
            ),
            (
                "skills.csv",
                "id,kind\na,soft\n",
                "no column `label_fr`; the columns are `id`, `kind`",
            ),
            ("skills.csv", "id,label_fr,kind\na,A,hard\n", "`hard` is not knowledge, know-how"),
            ("skills.csv", "id,label_fr,scale\na,A,fin\n", "`fin` is not a scale of scales.csv"),
            (
                "groups.csv",
                "id,label_fr\na,A\n",
                "group `a` is given in skills.csv, line 2 and again in groups.csv, line 2",
            ),
            ("scales.csv", "scale,step,label\nm,0,none\n", "has no step above 0"),
            ("scales.csv", "scale,step,label\nm,1,a\nm,1,b\n", "line 3, column `step`"),
            ("scales.csv", "scale,step,label,unit\nm,1,a,2\nm,2,b,3\n", "line 3, column `unit`"),
            ("requirements.csv", "occupation,skill,level\nx,a,0\n", "line 2, column `level`: `0`"),
            (
                "requirements.csv",
                "occupation,skill,level\nx,a,0.5\n",
                "line 2, column `level`: `0.5`",
            ),
            (
                "requirements.csv",
                "occupation,skill,weight\nx,a,0.5\n",
                "line 2, column `weight`: `0.5`",
            ),
            (
                "requirements.csv",
                "occupation,skill,necessity\nx,a,maybe\n",
                "`maybe` is not optional",
            ),
            (
                "requirements.csv",
                "occupation,skill,weight\nx,a,1\nx,a,2\n",
                "requirement `x, a` is given in requirements.csv, line 2 and again",
            ),
            (
                "requirements.csv",
                "occupation,skill\nx,\"a\nx,b\n",
                "the row of line 2 is never closed",
            ),
            (
                "labels.csv",
                "of,id,role,text\nperson,a,preferred,A\n",
                "`person` is not skill, group",
            ),
            ("labels.csv", "of,id,role,text\nskill,a,best,A\n", "`best` is not preferred"),
            (
                "prerequisites.csv",
                "skill,requires\na,b\nb,a\n",
                "prerequisites form a cycle: a → b → a",
            ),
            ("prerequisites.csv", "skill,requires,strength\na,b,often\n", "`often` is not strict"),
        ] {
            let refused = text(&[(file, content)]);
            assert!(refused.contains(expected), "{file}: {refused}");
            assert!(!refused.contains('\n'), "one line: {refused}");
        }
        for required in ["framework.csv", "skills.csv", "occupations.csv", "requirements.csv"] {
            let refused = refused(&[(required, "")]);
            assert!(matches!(&refused, Error::File { path, .. } if path.ends_with(required)));
        }
        let nothing = text(&[("skills.csv", "id;label_fr;kind\na;A\nb;B\n")]);
        assert!(nothing.contains("no occupation is left"), "{nothing}");
        let broader = ("skills.csv", "id,label_fr,broader\na,A,b\nb,B,a\n");
        assert!(matches!(refused(&[broader]), Error::Cycle { .. }));
    }

    #[test]
    fn a_folder_is_written_in_full_or_not_at_all() {
        let (framework, _) = read_fixture();
        let dir = tempfile::tempdir().unwrap();
        let there = dir.path().join("there");
        fs::create_dir(&there).unwrap();
        let refused = read::write_csv_folder(&framework, &there).unwrap_err();
        assert!(matches!(refused, Error::File { .. }), "{refused}");
        let nowhere = dir.path().join("no/where");
        assert!(read::write_csv_folder(&framework, nowhere).is_err());
        let mut builder = Framework::builder("demo", "1", "fr");
        builder.weight_denominator(3).unwrap();
        builder.skill("a", passerelle::SkillKind::Soft).unwrap();
        builder.occupation("x").unwrap();
        let third = passerelle::Requirement {
            level: 1,
            weight: 1,
            necessity: passerelle::Necessity::Essential,
        };
        builder.require("x", "a", third).unwrap();
        let thirds = dir.path().join("thirds");
        let refused = read::write_csv_folder(&builder.build().unwrap(), &thirds).unwrap_err();
        assert!(matches!(refused, Error::Argument { name: "weight", .. }), "{refused}");
        let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().path()).collect();
        assert_eq!(left, [there]);
    }
}

mod profiles {
    use proptest::prelude::*;

    use super::*;
    use passerelle::read::{Encoding, Found};
    use passerelle::{EvidenceKind, HeldSkill, Profile, Profiles};

    fn framework() -> Framework {
        read::csv_folder(fixture("csv"), &CsvOptions::default()).unwrap().0
    }

    fn read_text(text: &str) -> Result<(Profiles, ReadReport), Error> {
        let options = ProfilesOptions::default();
        read::profiles_from(text.as_bytes(), "p.csv", &framework(), &options)
    }

    fn written(profiles: &Profiles) -> String {
        let mut bytes = Vec::new();
        read::write_profiles(profiles, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_profiles_and_their_report_are_golden() {
        let (profiles, report) =
            read::profiles(fixture("profiles"), &framework(), &ProfilesOptions::default()).unwrap();
        let made = tempfile::tempdir().unwrap();
        fs::write(made.path().join("profiles.csv"), written(&profiles)).unwrap();
        compare("profiles", made.path(), &report);
    }

    #[test]
    fn every_person_stays_whatever_becomes_of_their_rows() {
        let (profiles, report) =
            read::profiles(fixture("profiles"), &framework(), &ProfilesOptions::default()).unwrap();
        let people: Vec<_> = profiles.people().iter().collect();
        assert_eq!(people, ["p1", "p2", "p3", "p4", "s1"], "p5's row was cut short");
        for (reason, rows) in [
            (Reason::Duplicate, 3),
            (Reason::BadValue, 3),
            (Reason::UnknownSkill, 1),
            (Reason::UnknownTarget, 1),
            (Reason::UnknownValue, 1),
            (Reason::NoId, 2),
            (Reason::Blank, 1),
            (Reason::FieldCount, 1),
        ] {
            assert_eq!(report.dropped_for(reason), rows, "{reason}: {report}");
        }
        assert_eq!(report.file("nord.csv").unwrap().noted(Reason::TargetIgnored), 1);
        assert!(report.file("lisez-moi.txt").is_none());
        let p2 = profiles.profile(1);
        assert_eq!(p2.assessed_in_full, ["soudeur"]);
        assert_eq!(p2.held.iter().map(|held| held.level).collect::<Vec<_>>(), [0, 700]);
    }

    #[test]
    fn an_ambiguous_label_is_reported_and_another_resolver_may_be_brought() {
        let text = "person,skill\np,A\np,B\np,C\n";
        let resolver = |label: &str| match label {
            "A" => Found::Skill(0),
            "B" => Found::Several,
            _ => Found::Nothing,
        };
        let options = ProfilesOptions::default().resolver(&resolver);
        let (profiles, report) =
            read::profiles_from(text.as_bytes(), "p.csv", &framework(), &options).unwrap();
        assert_eq!(profiles.entries(), 1);
        assert_eq!(report.dropped_for(Reason::AmbiguousLabel), 1);
        assert_eq!(report.dropped_for(Reason::UnknownSkill), 1);
        let beyond = |_: &str| Found::Skill(99);
        let options = ProfilesOptions::default().resolver(&beyond);
        let read = read::profiles_from(text.as_bytes(), "p.csv", &framework(), &options).unwrap();
        assert_eq!(read.1.dropped_for(Reason::UnknownSkill), 3, "a wrong position is no skill");
    }

    #[test]
    fn personal_columns_and_addresses_are_refused() {
        for column in ["Nom", "PRÉNOM", "e-mail", "birth_date", "Date de naissance", "NIR", "name"]
        {
            let refused = read_text(&format!("person,skill,{column}\n")).unwrap_err();
            assert!(matches!(&refused, Error::PersonalColumn { column: at, .. } if at == column));
        }
        let refused = read_text("person,skill\nann@example.org,souder\n").unwrap_err();
        assert!(matches!(&refused, Error::PersonalColumn { .. }));
        assert!(!refused.to_string().contains("ann"), "what is personal is not repeated");
        assert!(read_text("person,skill,nomenclature,prenommage\n").is_ok());
    }

    #[test]
    fn a_person_in_two_files_is_refused_with_both() {
        let dir = folder(&[
            ("a.csv", "person,skill\np,souder\nq,souder\n"),
            ("b.csv", "person,skill\nr,souder\nq,percer\n"),
        ]);
        let options = ProfilesOptions::default();
        let refused = read::profiles(dir.path(), &framework(), &options).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "person `q` is given in a.csv, line 3 and again in b.csv, line 3; keep one"
        );
    }

    #[test]
    fn a_missing_file_column_or_encoding_is_a_clear_error() {
        let framework = framework();
        let options = ProfilesOptions::default();
        let missing = read::profiles("no/such.csv", &framework, &options).unwrap_err();
        assert!(matches!(missing, Error::File { .. }));
        let empty = tempfile::tempdir().unwrap();
        let refused = read::profiles(empty.path(), &framework, &options).unwrap_err().to_string();
        assert!(refused.contains("no `.csv` file"), "{refused}");
        let refused = read_text("personne,skill\n").unwrap_err();
        assert!(matches!(&refused, Error::MissingColumn { column, present, .. }
            if column == "person" && present.len() == 2));
        let latin = b"person,skill\np,Travailler en \xE9quipe\n";
        let read = |options: &ProfilesOptions<'_>| {
            read::profiles_from(latin.as_slice(), "p.csv", &framework, options)
        };
        assert!(matches!(read(&options), Err(Error::Encoding { line: 2, .. })));
        let (profiles, _) = read(&options.encoding(Encoding::Windows1252)).unwrap();
        assert_eq!(profiles.profile(0).held[0].skill, "equipe");
    }

    /// Skill, level, kind of evidence and date, before they are fitted to the framework; assessor.
    type Drawn = ((usize, u16, usize, Option<i32>), Option<String>);

    fn arbitrary_profiles() -> impl Strategy<Value = Vec<Profile>> {
        let held = (0usize..6, any::<u16>(), 0usize..6, proptest::option::of(-200_000i32..200_000))
            .prop_flat_map(|(skill, level, evidence, date)| {
                let assessor = proptest::option::of("[a-z;,\"é]{1,4}");
                (Just((skill, level, evidence, date)), assessor)
            });
        let targets = proptest::sample::subsequence(vec!["soudeur", "monteur"], 0..=2);
        proptest::collection::vec((proptest::collection::vec(held, 0..8), targets), 0..6).prop_map(
            |people| {
                let framework = framework();
                let axis = framework.axis();
                let profile =
                    |(person, (held, targets)): (usize, (Vec<Drawn>, Vec<&str>))| Profile {
                        person: format!("p;{person}"),
                        held: held
                            .into_iter()
                            .map(|((skill, level, evidence, date), assessor)| {
                                let (at, id) = (0u32..).zip(axis.ids().iter()).nth(skill).unwrap();
                                HeldSkill {
                                    skill: id.to_owned(),
                                    level: level % (axis.scale(at).top() + 1),
                                    evidence: EvidenceKind::ALL[evidence],
                                    date: date
                                        .map(|days| passerelle::Date::from_days(days).unwrap()),
                                    assessor,
                                }
                            })
                            .collect(),
                        assessed_in_full: targets.into_iter().map(str::to_owned).collect(),
                    };
                people.into_iter().enumerate().map(profile).collect()
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_reads_back_as_the_same_profiles(people in arbitrary_profiles()) {
            let framework = framework();
            let mut builder = Profiles::builder(framework.axis());
            for profile in &people {
                builder.add(profile).unwrap();
            }
            let profiles = builder.build();
            let text = written(&profiles);
            let (again, report) = read_text(&text).unwrap();
            prop_assert_eq!(report.rows(), report.kept());
            prop_assert_eq!(again.people(), profiles.people());
            for person in 0..u32::try_from(profiles.len()).unwrap() {
                prop_assert_eq!(again.profile(person), profiles.profile(person));
            }
            prop_assert_eq!(written(&again), text);
        }

        #[test]
        fn any_bytes_are_profiles_or_an_error_and_the_counts_add_up(
            rows in proptest::collection::vec(
                proptest::collection::vec(
                    prop_oneof![
                        Just("p1"), Just("souder"), Just("soudeur"), Just("1"), Just("assessed"),
                        Just("2026-01-01"), Just(""), Just("\""), Just("\n"), Just("é"), Just("a@b"),
                    ],
                    0..8,
                ),
                0..12,
            ),
            noise in proptest::collection::vec(any::<u8>(), 0..4),
        ) {
            let mut text = String::from("person,skill,level,evidence,date,assessor,target\n");
            for row in rows {
                text += &row.join(",");
                text.push('\n');
            }
            let bytes = [text.as_bytes(), &noise].concat();
            let options = ProfilesOptions::default();
            let read = read::profiles_from(bytes.as_slice(), "p.csv", &framework(), &options);
            if let Ok((profiles, report)) = read {
                adds_up(&report);
                prop_assert!(profiles.entries() as u64 <= report.kept());
            }
        }
    }
}

/// The folder of the publishers' real files: `PASSERELLE_DATA`, or `../shared/data` beside the
/// workspace. Where it is absent the test says so and passes, unless `PASSERELLE_REQUIRE_DATA=1`.
fn real(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("PASSERELLE_DATA").map_or_else(beside, PathBuf::from);
    let folder = data.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var_os("PASSERELLE_REQUIRE_DATA").is_some_and(|value| value == "1");
    assert!(!required, "{}: not there, and PASSERELLE_REQUIRE_DATA is 1", folder.display());
    println!("skipped: no real data at {}; set PASSERELLE_DATA", folder.display());
    None
}

mod rome {
    use super::*;
    use passerelle::read::{RomeOptions, Weights};
    use passerelle::{Necessity, Reuse, SkillKind};

    fn read_fixture() -> (Framework, ReadReport) {
        read::rome(fixture("rome"), &RomeOptions::default()).unwrap()
    }

    #[test]
    fn the_folder_and_its_report_are_golden() {
        let (framework, report) = read_fixture();
        golden("rome", &framework, &report);
    }

    #[test]
    fn competences_savoirs_and_work_contexts_are_told_apart() {
        let (framework, report) = read_fixture();
        let axis = framework.axis();
        let kind = |id: &str| axis.kind(axis.position(id).unwrap());
        assert_eq!(axis.len(), 11, "what is used by no occupation is a skill all the same");
        assert_eq!((kind("101"), kind("301")), (SkillKind::KnowHow, SkillKind::Knowledge));
        assert_eq!(kind("202"), SkillKind::Soft);
        let reuse = |id: &str| axis.reuse(axis.position(id).unwrap());
        assert_eq!(reuse("101"), Reuse::Unspecified);
        assert_eq!((reuse("102"), reuse("103")), (Reuse::Specific, Reuse::Transversal));
        let items = report.file("unix_coherence_item_v901_utf8.csv").unwrap();
        assert_eq!(items.dropped_for(Reason::WorkContext), 2);
        assert_eq!(items.dropped_for(Reason::Duplicate), 1);
        assert_eq!(items.dropped_for(Reason::UnknownSkill), 1);
        assert_eq!(items.dropped_for(Reason::UnknownOccupation), 1);
        assert_eq!(items.noted(Reason::UnknownValue), 1, "Secondaire");
        assert_eq!((items.rows(), items.kept()), (11, 6));
    }

    #[test]
    fn core_items_are_essential_and_weigh_more() {
        let (framework, _) = read_fixture();
        let necessity = |row: u32| framework.required().row(row).necessities.to_vec();
        assert_eq!(necessity(0), [Necessity::Essential, Necessity::Optional]);
        assert_eq!(framework.required().row(0).weights, [2, 1]);
        // Émergente is core as well, and a value that is not known is not.
        assert_eq!(framework.required().row(1).weights, [2, 1, 1]);
        let options = RomeOptions::default().weights(Weights::new(5, 2, 10).unwrap());
        let (framework, _) = read::rome(fixture("rome"), &options).unwrap();
        assert_eq!(framework.required().row(0).weights, [5, 2]);
        assert_eq!(framework.axis().weight_denominator(), 10);
        assert!(Weights::new(1, 0, 1).is_err());
    }

    #[test]
    fn the_version_is_that_of_the_files_names() {
        let (framework, report) = read_fixture();
        assert_eq!((framework.name(), framework.version()), ("ROME", "901"));
        assert_eq!(report.version(), ("901", "the files' names"));
        let (framework, _) =
            read::rome(fixture("rome"), &RomeOptions::default().version("test")).unwrap();
        assert_eq!(framework.version(), "test");
        let dir = folder(&[("unix_item_v1_utf8.csv", ""), ("unix_item_v2_utf8.csv", "")]);
        let refused = read::rome(dir.path(), &RomeOptions::default()).unwrap_err().to_string();
        assert!(refused.contains("files of versions 1 and 2"), "{refused}");
        let empty = folder(&[]);
        let refused = read::rome(empty.path(), &RomeOptions::default()).unwrap_err().to_string();
        assert!(refused.contains("referentiel_competence"), "{refused}");
    }

    #[test]
    fn the_real_files_give_the_published_figures() {
        let Some(folder) = real("rome-4.60") else { return };
        let (framework, report) = read::rome(folder, &RomeOptions::default()).unwrap();
        adds_up(&report);
        println!("{report}");
        assert_eq!(framework.version(), "460");
        assert_eq!(framework.required().len(), 1_584);
        assert_eq!(framework.axis().len(), 33_671);
        let file = |name: &str| report.file(&format!("unix_{name}_v460_utf8.csv")).unwrap();
        assert_eq!(file("referentiel_competence").kept(), 18_317);
        assert_eq!(file("referentiel_savoir").kept(), 15_354);
        assert_eq!(framework.required().entries(), 90_556);
        let items = file("coherence_item");
        assert_eq!((items.rows(), items.kept()), (104_219, 90_556));
        assert_eq!(items.dropped_for(Reason::WorkContext), 13_663);
        let titles = framework.titles();
        let ids: std::collections::HashSet<_> =
            titles.iter().filter_map(|title| title.id).collect();
        assert_eq!((ids.len(), file("referentiel_appellation").kept()), (13_120, 13_120));
        assert_eq!(titles.len(), 13_120 + 2_190, "2,190 have a short label of their own");
        let soft = (0..33_671).filter(|&at| framework.axis().kind(at) == SkillKind::Soft).count();
        assert_eq!(soft, 16);
        // 1,561 competences and 2,132 savoirs are used by no occupation.
        let mut used = vec![false; framework.axis().len()];
        for occupation in 0..1_584 {
            for &skill in framework.required().row(occupation).skills {
                used[skill as usize] = true;
            }
        }
        let unused = |range: std::ops::Range<usize>| used[range].iter().filter(|u| !**u).count();
        assert_eq!((unused(0..18_317), unused(18_317..33_671)), (1_561, 2_132));
        let essential = (0..1_584)
            .flat_map(|at| framework.required().row(at).necessities)
            .filter(|necessity| necessity.is_essential())
            .count();
        assert_eq!(essential, 18_900 + 1_731);
        assert_eq!(
            framework.occupation_name(0, "fr"),
            "Conducteur / Conductrice d'engins agricoles"
        );
        assert!(framework.origin().attribution.contains("18/09/2025"));
        let dir = tempfile::tempdir().unwrap();
        let written = dir.path().join("rome");
        read::write_csv_folder(&framework, &written).unwrap();
        reads_back(&framework, &written);
    }
}

mod esco {
    use super::*;
    use passerelle::read::EscoOptions;
    use passerelle::{LabelRole, Necessity, Reuse, SkillKind};

    const SKILL: &str = "http://data.europa.eu/esco/skill/";

    fn read_fixture() -> (Framework, ReadReport) {
        let options =
            EscoOptions::default().version("9.9").with_labels(fixture("esco_labels_fr.csv"), "fr");
        read::esco(fixture("esco"), &options).unwrap()
    }

    #[test]
    fn the_folder_and_its_report_are_golden() {
        let (framework, report) = read_fixture();
        golden("esco", &framework, &report);
    }

    #[test]
    fn relations_of_an_absent_occupation_are_dropped_and_reported() {
        let (framework, report) = read_fixture();
        let relations = report.file("occupationSkillRelations.csv").unwrap();
        assert_eq!((relations.rows(), relations.kept()), (10, 5));
        assert_eq!(relations.dropped_for(Reason::UnknownOccupation), 2);
        assert_eq!(relations.dropped_for(Reason::UnknownSkill), 1);
        assert_eq!(relations.dropped_for(Reason::Duplicate), 1);
        assert_eq!(relations.dropped_for(Reason::UnknownValue), 1);
        let necessities = |row| framework.required().row(row).necessities.to_vec();
        assert_eq!(necessities(0), [Necessity::Essential, Necessity::Optional]);
        assert_eq!(necessities(2), [Necessity::Optional], "no essential skill at all");
        assert_eq!(framework.required().row(0).weights, [2, 1]);
    }

    #[test]
    fn the_hierarchy_has_several_parents_and_no_loop() {
        let (framework, report) = read_fixture();
        let skills = framework.skills();
        assert_eq!(skills.broader().from(0).len(), 2);
        let edges = report.file("broaderRelationsSkillPillar.csv").unwrap();
        for reason in
            [Reason::UnknownBroader, Reason::UnknownConcept, Reason::SelfLoop, Reason::Duplicate]
        {
            assert_eq!(edges.dropped_for(reason), 1, "{reason}");
        }
        assert_eq!((edges.rows(), edges.kept()), (9, 5));
        // Where the pillar gives no place, the ISCO group of the occupation's own row does.
        let occupations = framework.occupations();
        let above = |row: u32| occupations.broader().from(row).to_vec();
        let group = |id: &str| {
            let at =
                occupations.groups().position(&format!("http://data.europa.eu/esco/isco/C{id}"));
            at.map(|at| at + occupations.members()).unwrap()
        };
        assert_eq!(above(0), [group("7317")]);
        assert_eq!(above(1), [0]);
        assert!(above(2).is_empty(), "its group is in no file");
        assert_eq!(report.unread(), ["skillSkillRelations.csv"]);
    }

    #[test]
    fn empty_kinds_are_unspecified_and_labels_are_mended() {
        let (framework, report) = read_fixture();
        let axis = framework.axis();
        let at = |id: &str| axis.position(&format!("{SKILL}{id}")).unwrap();
        assert_eq!(axis.len(), 6);
        assert_eq!(axis.kind(at("odd")), SkillKind::Unspecified);
        assert_eq!(axis.reuse(at("odd")), Reuse::Unspecified);
        assert_eq!(axis.reuse(at("rods")), Reuse::Transferable);
        assert_eq!(report.file("skills_en.csv").unwrap().noted(Reason::UnknownValue), 2);
        assert_eq!(framework.skill_name(at("willow"), "en"), "kinds of willow");
        assert_eq!(framework.skill_name(at("weave"), "en"), "weave baskets");
        let labels = |id: &str, role| {
            let of = framework.skills().labels().of(at(id));
            let own = of.filter(move |label| label.role == role);
            own.map(|label| (label.language.to_owned(), label.text.to_owned())).collect::<Vec<_>>()
        };
        let pairs = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>()
        };
        // The preferred label is not repeated among the alternative ones.
        assert_eq!(
            labels("weave", LabelRole::Alternative),
            pairs(&[("en", "plait baskets"), ("en", "basket weaving"), ("fr", "vanner")])
        );
        assert_eq!(labels("weave", LabelRole::Hidden), pairs(&[("en", "wieve"), ("en", "weeve")]));
        // In collections and in label files alternative labels stand between bars.
        assert_eq!(
            labels("willow", LabelRole::Alternative),
            pairs(&[
                ("en", "willow lore"),
                ("en", "osier lore"),
                ("fr", "saules"),
                ("fr", "osiers")
            ])
        );
        assert_eq!(framework.skill_name(at("willow"), "fr"), "variétés de saules");
        let tags = |id: &str| framework.skills().tags(at(id)).collect::<Vec<_>>();
        assert_eq!((tags("willow"), tags("odd")), (vec!["ecological"], vec!["digital"]));
    }

    #[test]
    fn alternative_labels_of_occupations_are_job_titles() {
        let (framework, report) = read_fixture();
        let titles: Vec<_> =
            framework.titles().iter().map(|title| (title.language, title.title)).collect();
        assert_eq!(
            titles,
            [
                ("en", "basket weaver"),
                ("en", "wicker worker"),
                ("fr", "vannier"),
                ("fr", "vannière"),
                ("fr", "faiseur de paniers"),
            ]
        );
        assert_eq!(framework.occupation_name(0, "fr"), "vannier/vannière", "gender stays as it is");
        assert_eq!(report.file("occupations_en.csv").unwrap().dropped_for(Reason::Duplicate), 1);
        assert_eq!(report.dropped_for(Reason::RequiresNothing), 1);
        assert_eq!(report.dropped_for(Reason::OccupationSetAside), 3);
    }

    #[test]
    fn the_version_and_the_language_are_never_made_up() {
        let (_, report) = read::esco(fixture("esco"), &EscoOptions::default()).unwrap();
        assert_eq!(report.version(), ("unknown", "nowhere: name it in the options"));
        let french = EscoOptions::default().language("fr");
        let (framework, _) = read::esco(fixture("esco"), &french).unwrap();
        assert_eq!(framework.origin().language, "fr");
        assert_eq!(framework.axis().len(), 3);
        let refused = read::esco(fixture("esco"), &EscoOptions::default().language("de"));
        assert!(refused.unwrap_err().to_string().contains("skills_de.csv"));
    }

    #[test]
    fn the_real_files_give_the_published_figures() {
        let Some(folder) = real("esco-1.1.1-en") else { return };
        let french = folder.join("../esco-fr/derived_skills_fr_for_1.1.1.csv");
        let options = EscoOptions::default().with_labels(&french, "fr");
        let (framework, report) = read::esco(folder, &options).unwrap();
        adds_up(&report);
        println!("{report}");
        assert_eq!(report.version(), ("1.1.1", "the folder's name"));
        assert_eq!(framework.axis().len(), 13_896);
        assert_eq!(framework.required().len(), 3_007);
        assert_eq!(framework.required().entries(), 123_788);
        let relations = report.file("occupationSkillRelations.csv").unwrap();
        assert_eq!((relations.rows(), relations.kept()), (123_855, 123_788));
        assert_eq!(relations.dropped_for(Reason::UnknownOccupation), 67);
        let labels = report.file("derived_skills_fr_for_1.1.1.csv").unwrap();
        assert_eq!((labels.rows(), labels.kept()), (13_696, 13_696));
        let in_french = (0..13_896)
            .filter(|&skill| {
                let of = framework.skills().labels().of(skill);
                let mut own = of.filter(|label| label.role == LabelRole::Preferred);
                own.any(|label| label.language == "fr")
            })
            .count();
        assert_eq!(in_french, 13_696);
        let edges = report.file("broaderRelationsSkillPillar.csv").unwrap();
        assert_eq!(edges.rows() - edges.kept(), 7);
        let count = |kind| (0..13_896).filter(|&at| framework.axis().kind(at) == kind).count();
        assert_eq!(count(SkillKind::Unspecified), 6);
        assert_eq!(count(SkillKind::Knowledge), 3_059);
        let reuse = |reuse| (0..13_896).filter(|&at| framework.axis().reuse(at) == reuse).count();
        assert_eq!(reuse(Reuse::Unspecified), 5);
        let stray = |text: &str| text.contains('\u{a0}') || text.trim() != text;
        assert!((0..13_896).all(|at| !stray(framework.skill_name(at, "en"))));
    }

    #[test]
    fn the_version_before_reads_as_well() {
        let Some(folder) = real("esco-1.1.0-en") else { return };
        let (framework, report) = read::esco(folder, &EscoOptions::default()).unwrap();
        adds_up(&report);
        assert_eq!(framework.version(), "1.1.0");
        assert_eq!((framework.axis().len(), framework.required().len()), (13_891, 3_008));
        assert_eq!(framework.required().entries(), 123_852);
    }

    #[test]
    fn french_labels_of_1_2_join_by_uri_and_the_doubled_rows_once() {
        let (Some(folder), Some(french)) = (real("esco-1.1.1-en"), real("esco-fr")) else { return };
        let options =
            EscoOptions::default().with_labels(french.join("v1.2.x/occupations_fr.csv"), "fr");
        let (framework, report) = read::esco(folder, &options).unwrap();
        adds_up(&report);
        let labels = report.file("occupations_fr.csv").unwrap();
        assert_eq!(labels.rows(), 3_043);
        assert_eq!(labels.dropped_for(Reason::Duplicate), 4);
        assert!(framework.occupation_name(0, "fr").contains('/'));
    }
}

mod onet {
    use super::*;
    use passerelle::read::OnetOptions;
    use passerelle::{Necessity, SkillKind};

    fn read_fixture() -> (Framework, ReadReport) {
        read::onet(fixture("onet"), &OnetOptions::default()).unwrap()
    }

    #[test]
    fn the_folder_and_its_report_are_golden() {
        let (framework, report) = read_fixture();
        golden("onet", &framework, &report);
    }

    #[test]
    fn importance_and_level_make_one_requirement_in_hundredths() {
        let (framework, report) = read_fixture();
        let (axis, required) = (framework.axis(), framework.required());
        assert_eq!((axis.scales()[0].top(), axis.weight_denominator()), (700, 100));
        let row = required.row(0);
        assert_eq!((row.weights, row.levels), (&[312, 199, 100][..], &[350, 700, 201][..]));
        let (optional, essential) = (Necessity::Optional, Necessity::Essential);
        assert_eq!(row.necessities, [essential, optional, optional], "2.99 is below 3");
        assert_eq!(required.row(1).necessities, [essential], "3 is not");
        assert_eq!(report.version(), ("0.9", "Read Me.txt"));
        let rated: u64 = ["Skills.from-xlsx.txt", "Knowledge.txt"]
            .map(|name| report.file(name).unwrap().kept())
            .iter()
            .sum();
        assert_eq!(rated, 2 * required.entries() as u64, "two rows a requirement");
        let options = OnetOptions::default().essential_from(200).unwrap();
        let (framework, _) = read::onet(fixture("onet"), &options).unwrap();
        assert_eq!(framework.required().row(0).necessities, [essential; 3]);
        let kind = |id: &str| axis.kind(axis.position(id).unwrap());
        assert_eq!((kind("2.A.1.a"), kind("2.C.1.a")), (SkillKind::KnowHow, SkillKind::Knowledge));
    }

    #[test]
    fn what_the_publisher_marks_is_honoured_and_counted_by_reason() {
        let (framework, report) = read_fixture();
        let skills = report.file("Skills.from-xlsx.txt").unwrap();
        for (reason, rows) in [
            (Reason::Suppressed, 1),
            (Reason::NotRelevant, 1),
            (Reason::NoWeight, 1),
            (Reason::NoLevel, 1),
            (Reason::OtherHalf, 3),
            (Reason::Duplicate, 1),
            (Reason::UnknownOccupation, 1),
            (Reason::BadValue, 2),
            (Reason::OtherScale, 1),
        ] {
            assert_eq!(skills.dropped_for(reason), rows, "{reason}: {report}");
        }
        assert_eq!(skills.noted(Reason::NotRelevant), 2, "one of them is suppressed as well");
        // The 13-column release and the 15-column one are read alike.
        let knowledge = report.file("Knowledge.txt").unwrap();
        assert_eq!((knowledge.rows(), knowledge.kept()), (4, 2));
        let occupations = report.file("Occupation Data.txt").unwrap();
        assert_eq!(occupations.dropped_for(Reason::RequiresNothing), 2);
        assert_eq!(framework.required().len(), 2);
        assert_eq!(framework.skill_name(2, "en"), "Counting \"rods\"", "quotes are only quotes");
    }

    #[test]
    fn the_real_files_give_the_published_figures() {
        let Some(folder) = real("onet-29.0") else { return };
        let (framework, report) = read::onet(folder, &OnetOptions::default()).unwrap();
        adds_up(&report);
        println!("{report}");
        assert_eq!(framework.version(), "29.0");
        let occupations = report.file("Occupation Data.txt").unwrap();
        assert_eq!((occupations.rows(), occupations.kept()), (1_016, 879));
        assert_eq!(occupations.dropped_for(Reason::RequiresNothing), 137);
        assert_eq!(framework.required().len(), 879);
        assert_eq!(framework.axis().len(), 35 + 33);
        let rated = ["Skills.from-xlsx.txt", "Knowledge.from-xlsx.txt"];
        let sum = |count: &dyn Fn(&read::FileReport) -> u64| -> u64 {
            rated.iter().map(|name| count(report.file(name).unwrap())).sum()
        };
        assert_eq!(sum(&|file| file.rows()), 61_530 + 58_014);
        // The marks over all rows: they overlap. 4,902 level rows are suppressed, and 19 rows of
        // importance as well.
        assert_eq!(sum(&|file| file.noted(Reason::Suppressed)), 4_902 + 19);
        assert_eq!(sum(&|file| file.noted(Reason::NotRelevant)), 9_241);
        assert_eq!(sum(&|file| file.noted(Reason::NoWeight)), 2_793);
        assert_eq!(sum(&|file| file.noted(Reason::NoLevel)), 2_749);
        // One reason a row, in that order: every level of 0 is not relevant or suppressed as well.
        assert_eq!(sum(&|file| file.dropped_for(Reason::Suppressed)), 4_921);
        assert_eq!(sum(&|file| file.dropped_for(Reason::NotRelevant)), 9_241 - 3_733);
        assert_eq!(sum(&|file| file.dropped_for(Reason::NoWeight)), 2_793 - 18);
        assert_eq!(sum(&|file| file.dropped_for(Reason::NoLevel)), 0);
        assert_eq!(framework.required().entries(), 49_361);
        assert_eq!(sum(&|file| file.kept()), 2 * 49_361);
    }
}

mod any_folder {
    use super::*;

    #[test]
    fn a_folder_is_recognised_by_its_files() {
        for (name, source) in
            [("csv", "CSV"), ("rome", "ROME"), ("esco", "ESCO"), ("onet", "O*NET")]
        {
            let (framework, report) = read::framework(fixture(name)).unwrap();
            assert_eq!(report.source(), source);
            assert!(!framework.required().is_empty());
            adds_up(&report);
        }
    }

    #[test]
    fn an_unknown_folder_says_what_was_looked_for() {
        let refused = read::framework(fixture("profiles")).unwrap_err();
        let Error::UnknownFormat { looked_for, .. } = &refused else { panic!("{refused}") };
        assert_eq!(looked_for.len(), 4);
        assert!(refused.to_string().contains("Occupation Data.txt (O*NET)"), "{refused}");
        assert!(matches!(read::framework("no/such/folder"), Err(Error::File { .. })));
        let file = fixture("csv").join("skills.csv");
        assert!(matches!(read::framework(file), Err(Error::File { .. })));
    }
}
