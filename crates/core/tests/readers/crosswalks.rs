//! Published crosswalks, as they come.

use passerelle::framework::EdgeKind;

use super::*;

#[test]
fn nestas_confidences_are_halved_and_no_row_is_lost() {
    let dir = folder(&[(
        "nesta.csv",
        "id,onet_code,confidence,concept_uri\n1,11-1011.00,2.0,a\n2,11-1031.00,0.5,b\n3,,1.0,c\n4,x,3,d\n",
    )]);
    let (walk, report) = read::crosswalk(dir.path().join("nesta.csv"), "ESCO", "O*NET").unwrap();
    adds_up(&report);
    assert_eq!((report.rows(), report.kept()), (4, 2));
    let edges: Vec<_> = walk.edges().iter().map(|e| (&*e.from, &*e.to, e.confidence)).collect();
    assert_eq!(edges, [("a", "11-1011.00", 1.0), ("b", "11-1031.00", 0.25)]);
}

#[test]
fn nestas_crosswalk_pairs_esco_occupations_with_onet() {
    let (Some(data), Some(onet)) = (real("crosswalks"), real("onet-29.0")) else { return };
    let file = data.join("nesta/esco_onet_crosswalk_Nov2020.csv");
    let (walk, report) = read::crosswalk(file, "ESCO 1.0", "O*NET 2010").unwrap();
    adds_up(&report);
    assert_eq!((report.rows(), report.kept(), walk.edges().len()), (1680, 1680, 1680));
    assert!(walk.edges().iter().all(|edge| edge.kind == EdgeKind::Close));
    let sure =
        |confidence: f32| walk.edges().iter().filter(|edge| edge.confidence == confidence).count();
    assert_eq!([sure(0.25), sure(0.5), sure(1.0)], [65, 1100, 515]);
    // It was made for ESCO 1.0 and O*NET-SOC 2010: some codes are gone since.
    let (esco, _) = read::framework(real("esco-1.1.1-en").unwrap()).unwrap();
    let (onet, _) = read::framework(onet).unwrap();
    let there = |ids: &passerelle::text::Ids, id: &str| ids.position(id).is_some();
    let from = walk.edges().iter().filter(|e| there(esco.occupation_ids(), &e.from)).count();
    let to = walk.edges().iter().filter(|e| there(onet.occupation_ids(), &e.to)).count();
    assert_eq!((from, to), (1679, 1315));
}

#[test]
fn rome_3_codes_have_isco_groups_of_four_digits_and_are_parents_in_rome_4() {
    let (Some(data), Some(rome)) = (real("crosswalks"), real("rome-4.60")) else { return };
    let (walk, report) =
        read::crosswalk(data.join("ROME_to_ISCO-08.csv"), "ROME 3", "ISCO-08").unwrap();
    adds_up(&report);
    assert_eq!((report.rows(), report.kept(), walk.edges().len()), (532, 532, 532));
    assert!(walk.edges().iter().all(|e| e.to.len() == 4 && e.kind == EdgeKind::Broad));
    assert_eq!(walk.of("K1701")[0].to, "0310", "the leading zero is back");
    // The table from the other side says the same.
    let (other, _) =
        read::crosswalk(data.join("ISCO-08_to_ROME.csv"), "ROME 3", "ISCO-08").unwrap();
    assert_eq!(walk, other);
    // Every code of version 3 is an occupation or a parent of version 4.
    let (rome, _) = read::framework(rome).unwrap();
    let ids: Vec<&str> = walk.edges().iter().map(|e| e.from.as_str()).collect();
    let found = ids.iter().filter(|id| rome.occupation_ids().position(id).is_some()).count();
    assert_eq!(found, 532);
}
