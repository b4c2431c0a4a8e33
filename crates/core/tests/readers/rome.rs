//! ROME.

use super::*;
use passerelle::read::{Encoding, RomeOptions, Weights};
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
fn single_byte_files_are_read_when_named_and_refused_otherwise() {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files_of(&fixture("rome")) {
        // ISO-8859-15 is Latin-1 but for a few letters that these files do not use.
        let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        fs::write(dir.path().join(name.replace("_utf8", "_iso8859-15")), bytes).unwrap();
    }
    let latin = RomeOptions::default().encoding(Encoding::Iso8859_15);
    let (framework, _) = read::rome(dir.path(), &latin).unwrap();
    assert_eq!(framework, read_fixture().0);
    let refused = read::rome(dir.path(), &RomeOptions::default()).unwrap_err();
    assert!(matches!(refused, Error::Encoding { line: 2, .. }), "{refused}");
    // Where both are there, the one of the encoding asked for is read.
    for (name, text) in files_of(&fixture("rome")) {
        fs::write(dir.path().join(name), text).unwrap();
    }
    assert_eq!(read::rome(dir.path(), &RomeOptions::default()).unwrap().0, framework);
    assert_eq!(read::rome(dir.path(), &latin).unwrap().0, framework);
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
    let ids: std::collections::HashSet<_> = titles.iter().filter_map(|title| title.id).collect();
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
    assert_eq!(framework.occupation_name(0, "fr"), "Conducteur / Conductrice d'engins agricoles");
    assert!(framework.origin().attribution.contains("18/09/2025"));
    let dir = tempfile::tempdir().unwrap();
    let written = dir.path().join("rome");
    read::write_csv_folder(&framework, &written).unwrap();
    reads_back(&framework, &written);
}
