//! Needs from files: what is kept, resolved, refused and counted.

use std::path::PathBuf;
use std::sync::Arc;

use passerelle::hub::recruitment::{Jobs, Picture, PictureOptions, Register, Renamed};
use passerelle::lookup::Lookup;
use passerelle::read::{ReadReport, Reason};
use passerelle::{Cancel, Error, Framework, LabelRole, Necessity, Run};

use crate::world;

/// The framework of the tests with labels.
fn labelled() -> Framework {
    let mut builder = Framework::builder("demo", "1", "fr");
    for (skill, label) in [("s0", "Souder"), ("s1", "Lire un plan")] {
        builder.skill(skill, passerelle::SkillKind::KnowHow).unwrap();
        builder.skill_label(skill, "fr", label).unwrap();
    }
    builder.occupation("welder").unwrap();
    builder.occupation_text("welder", "fr", LabelRole::Preferred, "Soudeur / Soudeuse").unwrap();
    builder.job_title("welder", "fr", "Soudeur / Soudeuse TIG", None).unwrap();
    let one = passerelle::Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
    builder.require("welder", "s0", one).unwrap();
    builder.occupation_group("industry").unwrap();
    builder.build().unwrap()
}

fn read(name: &str, text: &str) -> (Register, ReadReport) {
    let framework = labelled();
    let folder = tempfile::tempdir().unwrap();
    let path: PathBuf = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    let mut register = Register::new(&framework, &world::territories());
    register.declare(world::sensor("branch", 50)).unwrap();
    let lookup = Lookup::build(&framework).unwrap();
    let report = register.read_needs(&path, &framework, &lookup, &Run::new()).unwrap();
    for file in report.files() {
        assert!(file.adds_up());
    }
    (register, report)
}

const HEADER: &str = "sensor,record,revision,status,date,occupation,title,territory,positions,causes,skills,valid_until\n";

#[test]
fn words_resolve_or_are_kept_and_reported() {
    let rows = "branch,1,0,,2026-01-01,soudeuse tig,,a,2,skills|weather,souder:1|jongler,\n\
                branch,2,0,,2026-01-01,dompteur,Dompteur de lions,a,1,,,\n";
    let (register, report) = read("needs.csv", &format!("{HEADER}{rows}"));
    let needs: Vec<_> = register.needs().collect();
    assert_eq!(needs[0].occupation.as_deref(), Some("welder"));
    assert_eq!(needs[0].title, "soudeuse tig");
    assert_eq!(needs[0].skills[0].skill, "s0");
    assert_eq!(needs[0].unresolved, ["jongler"]);
    assert_eq!(
        (needs[1].occupation.as_deref(), needs[1].title.as_str()),
        (None, "Dompteur de lions")
    );
    let file = &report.files()[0];
    assert_eq!((file.rows(), file.kept()), (2, 2));
    for reason in [Reason::UnresolvedSkill, Reason::UnresolvedOccupation, Reason::UnknownValue] {
        assert_eq!(file.noted(reason), 1, "{reason}");
    }
}

/// The bad input that the hub must survive, each in a row: each is counted, and nothing else is.
#[test]
fn what_makes_no_sense_is_a_counted_line() {
    let cases = [
        ("branch,1,0,,,,,a,1,,,", Reason::NothingAsked),
        ("branch,2,0,,,welder,,a,-3,,,", Reason::BadValue),
        ("branch,3,0,,2026-05-01,welder,,a,1,,,2026-04-01", Reason::AfterValidity),
        ("branch,4,0,,,welder,,atlantis,1,,,", Reason::UnknownTerritory),
        ("nobody,5,0,,,welder,,a,1,,,", Reason::UnknownSensor),
        ("branch,6,0,,tomorrow,welder,,a,1,,,", Reason::BadValue),
        ("branch,7,0,perhaps,,welder,,a,1,,,", Reason::UnknownValue),
        ("branch,,0,,,welder,,a,1,,,", Reason::NoId),
        ("branch,8,0,,,welder,,a,0,,,", Reason::BadValue),
        ("branch,9,0,,,welder,,a,1,,", Reason::FieldCount),
    ];
    for (row, reason) in cases {
        let good = "branch,good,0,,,welder,,a,1,,,\n";
        let (register, report) = read("needs.csv", &format!("{HEADER}{row}\n{good}"));
        assert_eq!(report.dropped_for(reason), 1, "{row}: {report}");
        assert_eq!((report.rows(), report.kept(), register.len()), (2, 1, 1), "{row}");
    }
}

#[test]
fn repetitions_revisions_and_conflicts_are_counted() {
    let rows = "branch,1,1,,,welder,,a,2,,,\n\
                branch,1,1,,,welder,,a,2,,,\n\
                branch,1,0,,,welder,,a,1,,,\n\
                branch,1,1,,,welder,,a,3,,,\n\
                branch,2,0,,,welder,,a,1,,,\n\
                branch,2,1,withdrawn,,,,,,,,\n";
    let (register, report) = read("needs.csv", &format!("{HEADER}{rows}"));
    let file = &report.files()[0];
    assert_eq!(file.dropped_for(Reason::Duplicate), 1);
    assert_eq!((file.noted(Reason::Superseded), file.noted(Reason::Conflict)), (1, 1));
    assert_eq!((register.len(), register.needs().count(), register.conflicts().len()), (2, 1, 1));
    assert_eq!(register.superseded().count(), 3);
}

#[test]
fn json_lines_say_the_same_as_csv() {
    let lines = r#"{"sensor":"branch","record":"1","territory":"a","occupation":"welder","positions":2,"causes":["skills","image"],"skills":[{"skill":"Lire un plan","level":1,"necessity":"blocking"},"souder"]}

{"sensor":"branch","record":2,"territory":"a","title":"Soudeur TIG","skills":"souder:1"}
{"sensor":"branch","record":"3","territory":["a",{}]}
not json
[1]
"#;
    let (register, report) = read("needs.jsonl", lines);
    assert_eq!((report.rows(), report.kept()), (5, 2));
    assert_eq!(report.dropped_for(Reason::BadValue), 3);
    let rows = "branch,1,0,,,welder,,a,2,skills|image,Lire un plan:1::blocking|souder,\n\
                branch,2,0,,,,Soudeur TIG,a,1,,souder:1,\n";
    let (same, _) = read("needs.csv", &format!("{HEADER}{rows}"));
    assert!(register == same);
}

#[test]
fn a_register_of_another_version_is_refused_and_can_be_migrated() {
    let (register, _) =
        read("needs.csv", &format!("{HEADER}branch,1,0,,,welder,,a,1,,s0:1|s1:1,\n"));
    let next = world::framework("2");
    let refused = register.check_framework(&next).unwrap_err();
    assert!(matches!(refused, Error::RegisterVersion { .. }));
    let renamed = Renamed {
        skills: [("s0".to_owned(), "s7".to_owned()), ("s1".to_owned(), "gone".to_owned())].into(),
        occupations: [].into(),
    };
    let (moved, report) =
        register.migrate(&next, &world::territories(), &Arc::default(), &renamed).unwrap();
    assert_eq!((report.kept, report.moved, report.lost.len()), (1, 1, 1));
    let need = moved.needs().next().unwrap();
    assert_eq!(
        (need.skills[0].skill.as_str(), need.unresolved.as_slice()),
        ("s7", &["s1".to_owned()][..])
    );
    assert!(moved.check_framework(&next).is_ok());
}

#[test]
fn jobs_and_sensors_are_read() {
    let framework = labelled();
    let folder = tempfile::tempdir().unwrap();
    let jobs = folder.path().join("jobs.csv");
    std::fs::write(
        &jobs,
        "job,occupation,skills\ntig,welder,s1:1::blocking\ntig,welder,\nx,king,\ny,welder,juggle\n",
    )
    .unwrap();
    let (jobs, report) = Jobs::read(&jobs, &framework).unwrap();
    assert_eq!((jobs.ids().len(), report.kept(), report.rows()), (1, 1, 4));
    let sensors = folder.path().join("sensors.csv");
    std::fs::write(
        &sensors,
        "id,kind,territory,reliability\ns,branch,north,80\nt,survey,,\nu,x,atlantis,1\nv,x,,101\n,x,,\n",
    )
    .unwrap();
    let mut register = Register::new(&framework, &world::territories()).with_jobs(&Arc::new(jobs));
    let report = register.read_sensors(&sensors).unwrap();
    assert_eq!((report.kept(), report.rows()), (2, 5));
    assert_eq!(register.sensors().count(), 2);
}

#[test]
fn a_file_that_cannot_be_read_to_its_end_records_nothing() {
    let framework = labelled();
    let lookup = Lookup::build(&framework).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let need = |record| {
        format!(
            "{{\"sensor\":\"branch\",\"record\":\"{record}\",\"territory\":\"a\",\"occupation\":\"welder\"}}\n"
        )
    };
    let written = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let mut register = Register::new(&framework, &world::territories());
    register.declare(world::sensor("branch", 50)).unwrap();
    let good = written("good.jsonl", need(1).as_bytes());
    let report = register.read_needs(&good, &framework, &lookup, &Run::new()).unwrap();
    assert_eq!((report.kept(), register.len()), (1, 1));
    let mut picture = Picture::new(PictureOptions::default());
    picture.update(&register).unwrap();

    let before = register.clone();
    let broken = written("broken.jsonl", &[need(2).as_bytes(), b"\xFF\n"].concat());
    let refused = register.read_needs(&broken, &framework, &lookup, &Run::new()).unwrap_err();
    assert!(matches!(refused, Error::Encoding { line: 2, .. }), "{refused}");
    let cancel = Cancel::new();
    cancel.cancel();
    let more = written("more.jsonl", need(2).as_bytes());
    let stopped = register.read_needs(&more, &framework, &lookup, &Run::new().cancel(&cancel));
    assert!(matches!(stopped, Err(Error::Cancelled)));
    assert_eq!((register.len(), &register), (1, &before));

    // A picture follows its register through what it reads.
    register.read_needs(&more, &framework, &lookup, &Run::new()).unwrap();
    picture.update(&register).unwrap();
    assert_eq!(picture.vacancies(&register).len(), 2);
}
