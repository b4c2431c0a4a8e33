//! The registers of certifications as France compétences publishes them.

#![allow(missing_docs)]

use std::sync::Arc;

use passerelle::hub::training::offer::{
    CertificationKind, LevelSystem, OfferBuilder, RncpOptions, Route,
};
use passerelle::{LevelScale, SkillAxis, read};

#[test]
fn the_sample_is_read_whole_with_counts_that_add_up() {
    let Some(data) = passerelle_tests::real_data() else { return };
    let folder = data.join("crosswalks/rncp-sample-2024-02-22");
    let axis = SkillAxis::from_ids("none", "1", LevelScale::held(), ["a"]).unwrap();
    let builder = || OfferBuilder::new(&Arc::new(axis.clone()));

    let (registered, report) = builder().rncp(&folder, &RncpOptions::default()).unwrap();
    assert!(report.adds_up(), "{report}");
    assert!(report.findings.iter().all(|finding| !finding.dropped), "{report}");
    let ids: Vec<&str> = registered.offer().certification_ids().iter().collect();
    assert_eq!(ids, ["RS5000", "RS6117"], "all others are no longer registered");
    let kinds: Vec<_> = registered.offer().certifications().iter().map(|c| c.kind).collect();
    assert_eq!(kinds, [CertificationKind::Specific, CertificationKind::Cqp]);

    let options = RncpOptions::default().inactive(true);
    let (all, report) = builder().rncp(&folder, &options).unwrap();
    assert!(report.adds_up(), "{report}");
    let counts: Vec<_> = report.files.iter().map(|f| (f.rows, f.kept, f.set_aside)).collect();
    // Of the ways to a certification, seven are to sit the examination alone.
    assert_eq!(counts, [(9, 9, 0), (15, 15, 0), (34, 27, 7), (6, 6, 0)], "{report}");
    let offer = all.build().unwrap();
    let cap = &offer.certifications()[0];
    assert_eq!(cap.kind, CertificationKind::Diploma);
    assert_eq!(cap.level, Some(LevelSystem::Of2019(3)));
    assert_eq!(cap.targets, ["I1203"]);
    assert_eq!(cap.routes, [Route::Vae, Route::Training]);
    assert_eq!(cap.blocks.len(), 6);
    let position = offer.certification_ids().position("RNCP19468").unwrap();
    assert_eq!(offer.certifications()[position as usize].level, None, "no level of 2019 yet");
}

#[test]
fn codes_that_rome_does_not_have_are_reported() {
    let Some(data) = passerelle_tests::real_data() else { return };
    let (rome, _) = read::framework(data.join("rome-4.60")).unwrap();
    let options = RncpOptions::default().inactive(true).targets(rome.occupation_ids());
    let folder = data.join("crosswalks/rncp-sample-2024-02-22");
    let (offer, report) = OfferBuilder::new(rome.axis()).rncp(&folder, &options).unwrap();
    assert!(report.adds_up(), "{report}");
    for certification in offer.offer().certifications() {
        for code in &certification.targets {
            assert!(rome.occupation_ids().position(code).is_some(), "{code}");
        }
    }
}
