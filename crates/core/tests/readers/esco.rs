//! ESCO.

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
        let at = occupations.groups().position(&format!("http://data.europa.eu/esco/isco/C{id}"));
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
        pairs(&[("en", "willow lore"), ("en", "osier lore"), ("fr", "saules"), ("fr", "osiers")])
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
