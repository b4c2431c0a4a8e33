use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::skill::LevelScale;

fn axis() -> Arc<SkillAxis> {
    let scale = LevelScale::new("steps", 4).unwrap();
    Arc::new(SkillAxis::from_ids("demo", "1", scale, ["a", "b", "c"]).unwrap())
}

fn write(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

const MODULES: &str = "id,label,hours,price\nm1,One,35,400\nm2,Two,\"3,5\",0\n";

fn read(files: &[(&str, &str)]) -> Result<(Offer, OfferReport)> {
    let mut all =
        vec![("modules.csv", MODULES), ("module_skills.csv", "module;skill;level\nm1;a;2\n")];
    all.retain(|(name, _)| !files.iter().any(|(given, _)| given == name));
    all.extend_from_slice(files);
    Offer::read(write(&all).path(), &axis())
}

fn problems(files: &[(&str, &str)]) -> Vec<String> {
    let (_, report) = read(files).unwrap();
    assert!(report.adds_up());
    report.findings.iter().map(|f| format!("{}:{}: {}", f.file, f.line, f.problem)).collect()
}

#[test]
fn a_folder_is_read_with_counts_that_add_up() {
    let (offer, report) = read(&[]).unwrap();
    assert_eq!((report.rows(), report.kept()), (3, 3));
    assert_eq!(offer.modules()[1].minutes, 210);
    assert_eq!(offer.taught().row(0).level(0), Some(2));
    assert_eq!(report.findings.len(), 1, "module m2 teaches nothing: {report}");
    assert!(matches!(
        Offer::read(Path::new("/nowhere"), &axis()),
        Err(Error::UnknownFormat { .. })
    ));
}

#[test]
fn a_module_that_teaches_an_unknown_skill_is_reported_with_its_line() {
    let said = problems(&[("module_skills.csv", "module,skill,level\nm1,a,2\nm1,aa,1\nm1,b,9\n")]);
    assert!(
        said[0].contains("module_skills.csv:3: unknown skill `aa`; did you mean `a`?"),
        "{said:?}"
    );
    assert!(said[1].contains("module_skills.csv:4: ") && said[1].contains("`9`"), "{said:?}");
}

const MONEY: [(&str, &str); 2] = [
    ("funders.csv", "id,label\nreg,Region\nemp,Employers\n"),
    ("budgets.csv", "funder,axis,amount\nreg,1,100\nreg,2,50.50\nreg,total,150\nemp,1,10\n"),
];

#[test]
fn a_session_without_seats_and_other_rows_that_make_no_sense_are_reported() {
    let sessions = "id,module,territory,start,end,seats,minimum,price_per_session,axis,funders,buying\n\
        s1,m1,t1,2026-09-01,2026-09-30,12,6,9000,1,reg|emp,\n\
        s2,m1,t1,2026-09-01,2026-09-30,0,0,9000,1,reg,\n\
        s3,m1,t1,2026-09-30,2026-09-01,12,6,9000,1,reg,\n\
        s4,m1,t1,2026-09-01,,12,6,9000,1,reg,\n\
        s5,m1,t1,,,12,13,9000,1,reg,\n\
        s6,m9,t1,,,12,1,9000,1,reg,\n\
        s7,m1,t1,,,12,1,9000,3,reg,\n\
        s8,m1,t1,,,12,1,9000,1,nobody,\n\
        s9,m1,t1,,,12,1,9000,,,existing\n";
    let said = problems(&[MONEY[0], MONEY[1], ("sessions.csv", sessions)]);
    let lines: Vec<&str> = said.iter().map(String::as_str).collect();
    assert!(lines[0].contains("m2") || lines[0].contains("total"), "{said:#?}");
    for (line, part) in [
        (3, "without seats"),
        (4, "2026-09-30 or later"),
        (5, "go together"),
        (6, "at most its 12 seats"),
        (7, "unknown module `m9`"),
        (8, "unknown axis `3`"),
        (9, "unknown funder `nobody`"),
    ] {
        let place = format!("sessions.csv:{line}: ");
        assert!(said.iter().any(|s| s.contains(&place) && s.contains(part)), "{line}: {said:#?}");
    }
}

#[test]
fn a_printed_total_that_does_not_add_up_is_reported_with_both_figures() {
    let said = problems(&MONEY);
    assert!(
        said.iter().any(|s| s.contains("printed for `reg` is 150 and its rows add up to 150.50")),
        "{said:?}"
    );
    // Two regions' documents print these: 795,102,990 against four times 198,775,747.
    let four = "funder,axis,amount\nreg,2019,198775747\nreg,2020,198775747\nreg,2021,198775747\n\
        reg,2022,198775747\nreg,total,795102990\n";
    let said = problems(&[MONEY[0], ("budgets.csv", four)]);
    assert!(said.iter().any(|s| s.contains("795102990") && s.contains("795102988")), "{said:?}");
}

#[test]
fn funding_rules_are_read_and_exactly_400_hours_must_be_said() {
    let head = "id,kind,funder,axis,scheme,bears_on,at_least,above,below,up_to,percent,tolerance,tolerance_kind,group,from,until\n";
    let rules = |rows: &str| format!("{head}{rows}");
    let good = rules(
        "r1,hours,emp,,employer,session,,,400,,,,,,,\n\
         r2,hours,reg,,employer,session,400,,,,,,,,,\n\
         r3,share,reg,1,,,,,,,50,5,points,,,\n\
         r4,cap,reg,2,,spend,,,,,7,,,,,\n\
         r5,quota,reg,,,,,,,,15,,,qpv,,\n\
         r6,priority,reg,,,,,,,,,,,disabled,2026-01-01,\n",
    );
    let (offer, report) =
        read(&[MONEY[0], MONEY[1], ("funding_rules.csv", good.as_str())]).unwrap();
    assert_eq!(offer.rules().len(), 6, "{report}");
    let RuleKind::Hours { range, bears_on, .. } = &offer.rules()[0].kind else { panic!() };
    assert!(range.contains(23_999) && !range.contains(24_000));
    assert_eq!(*bears_on, Bearing::Session);
    for (rows, part) in [
        (
            "r1,hours,emp,,employer,session,,,400,,,,,,,\nr2,hours,reg,,employer,session,,400,,,,,,,,\n",
            "exactly 400 h",
        ),
        (
            "r1,hours,emp,,employer,session,,,,400,,,,,,\nr2,hours,reg,,employer,session,400,,,,,,,,,\n",
            "both cover 400 h",
        ),
        (
            "r1,hours,emp,,employer,session,,,400,,,,,,,\nr2,hours,reg,,employer,pathway,400,,,,,,,,,\n",
            "bears on one thing",
        ),
        ("r1,share,reg,1,,,,,,,50,,,,,\nr2,share,reg,1,,,,,,,40,,,,,\n", "same thing"),
    ] {
        let rules = rules(rows);
        let refused = read(&[MONEY[0], MONEY[1], ("funding_rules.csv", rules.as_str())]);
        let refused = refused.unwrap_err().to_string();
        assert!(refused.contains(part), "{refused}");
    }
}

#[test]
fn lines_count_as_an_editor_counts_whatever_ends_them_and_whatever_case_columns_have() {
    for end in ["\n", "\r\n"] {
        let rows =
            ["\u{feff}Module,SKILL,level", "m1,a,2", "", "m1,nothing,1", "\"m1\",b,\"1\"", ""];
        let text = rows.join(end);
        let (offer, report) = read(&[("module_skills.csv", text.as_str())]).unwrap();
        assert_eq!(offer.taught().row(0).levels, [2, 1]);
        let lines: Vec<u64> =
            report.findings.iter().filter(|f| f.dropped).map(|f| f.line).collect();
        assert_eq!(lines, [4], "{report}");
    }
}

#[test]
fn a_circle_of_prerequisites_is_shown_and_an_outside_module_breaks_it() {
    let circle = [
        ("module_skills.csv", "module,skill,level\nm1,a,2\nm2,b,2\n"),
        ("module_prerequisites.csv", "module,skill,level\nm1,b,1\nm2,a,1\n"),
    ];
    let said = problems(&circle);
    assert!(said.iter().any(|s| s.contains("m1 → (b) → m2 → (a) → m1")), "{said:?}");
    let broken = [
        ("modules.csv", "id,label,hours\nm1,One,1\nm2,Two,1\nm3,Three,1\n"),
        ("module_skills.csv", "module,skill,level\nm1,a,2\nm2,b,2\nm3,a,1\n"),
        circle[1],
    ];
    assert!(problems(&broken).is_empty());
}

#[test]
fn certifications_hold_blocks_and_blocks_hold_skills() {
    let (offer, report) = read(&[
        (
            "certifications.csv",
            "id,label,kind,level,routes,targets\n\
             cima,CIMA,professional-title,2019:3,training|vae,H2903\n\
             old,Old,diploma,5,,\n",
        ),
        ("blocks.csv", "id,certification,label\nccp1,cima,CCP1\nccp2,cima,CCP2\nccp3,none,CCP3\n"),
        ("block_skills.csv", "block,skill,level\nccp2,a,3\nccp2,b,\n"),
        ("modules.csv", "id,label,hours,blocks\nm1,One,35,ccp2\n"),
    ])
    .unwrap();
    assert_eq!(offer.certifications()[0].blocks, [0, 1]);
    assert_eq!(offer.blocks()[1].skills, [(0, 3), (1, 4)]);
    assert_eq!(offer.modules()[0].blocks, [1]);
    let said = report.to_string();
    assert!(said.contains("a number alone is ambiguous"), "{said}");
    assert!(said.contains("unknown certification `none`"), "{said}");
}

#[test]
fn any_text_is_read_or_refused_without_a_panic() {
    use proptest::prelude::*;
    let cell = prop_oneof!["", "m1", "a", "total", "-1", "400", "2026-01-01", "\"", "é|a", ";"];
    let text = prop::collection::vec(prop::collection::vec(cell, 1..8), 0..6);
    proptest!(|(name in prop::sample::select(vec![
        "modules.csv", "module_skills.csv", "sessions.csv", "budgets.csv", "funding_rules.csv",
    ]), rows in text)| {
        let text: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
        let text = format!("id,label,hours,module,skill,funder,axis,amount,kind,territory,seats\n{}", text.join("\n"));
        if let Ok((_, report)) = read(&[MONEY[0], (name, text.as_str())]) {
            prop_assert!(report.adds_up());
        }
    });
}
