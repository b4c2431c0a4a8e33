//! The project's own CSV folder.

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
        ("skills.csv", "id,kind\na,soft\n", "no column `label_fr`; the columns are `id`, `kind`"),
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
        ("requirements.csv", "occupation,skill,level\nx,a,0.5\n", "line 2, column `level`: `0.5`"),
        (
            "requirements.csv",
            "occupation,skill,weight\nx,a,0.5\n",
            "line 2, column `weight`: `0.5`",
        ),
        ("requirements.csv", "occupation,skill,necessity\nx,a,maybe\n", "`maybe` is not optional"),
        (
            "requirements.csv",
            "occupation,skill,weight\nx,a,1\nx,a,2\n",
            "requirement `x, a` is given in requirements.csv, line 2 and again",
        ),
        ("requirements.csv", "occupation,skill\nx,\"a\nx,b\n", "the row of line 2 is never closed"),
        ("labels.csv", "of,id,role,text\nperson,a,preferred,A\n", "`person` is not skill, group"),
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
