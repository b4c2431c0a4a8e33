//! O*NET.

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
