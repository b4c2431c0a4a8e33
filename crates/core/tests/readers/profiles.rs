//! Profiles in and out.

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
    for column in ["Nom", "PRÉNOM", "e-mail", "birth_date", "Date de naissance", "NIR", "name"] {
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
            let profile = |(person, (held, targets)): (usize, (Vec<Drawn>, Vec<&str>))| Profile {
                person: format!("p;{person}"),
                held: held
                    .into_iter()
                    .map(|((skill, level, evidence, date), assessor)| {
                        let (at, id) = (0u32..).zip(axis.ids().iter()).nth(skill).unwrap();
                        HeldSkill {
                            skill: id.to_owned(),
                            level: level % (axis.scale(at).top() + 1),
                            evidence: EvidenceKind::ALL[evidence],
                            date: date.map(|days| passerelle::Date::from_days(days).unwrap()),
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
