use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::hub::training::offer::{Block, Certification, Funder, Offer};
use crate::skill::{LevelScale, SkillAxis};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<lheo xmlns=\"http://lheo.gouv.fr/2.3\">\n<offres>\n";
const TAIL: &str = "</offres>\n</lheo>\n";

const SESSION: &str = "<session numero=\"1\"><periode><debut>20260907</debut><fin>20261030</fin></periode>\
     <cycle><effectif-minimal>6</effectif-minimal><capacite-simultanee>12</capacite-simultanee></cycle></session>\n";
const PLACE: &str = "<lieu-de-formation><coordonnees><nom>Personne</nom><adresse><ville>LILLE</ville>\
     <code-INSEE-commune>59350</code-INSEE-commune></adresse></coordonnees></lieu-de-formation>\n";

fn formation(numero: &str, inside: &str, action: &str) -> String {
    format!(
        "<formation numero=\"{numero}\">\n<intitule-formation>Soudeur &amp; m&#233;tallier</intitule-formation>\n\
         {inside}<action>\n{action}</action>\n\
         <organisme-formation-responsable><nom-organisme>Centre</nom-organisme></organisme-formation-responsable>\n\
         </formation>\n"
    )
}

fn action(sessions: &str) -> String {
    format!(
        "<modalites-enseignement>0</modalites-enseignement>{PLACE}\
         <modalites-entrees-sorties>0</modalites-entrees-sorties>\n{sessions}\
         <prix-total-TTC>2500</prix-total-TTC><nombre-heures-total>210</nombre-heures-total>\n"
    )
}

/// Reads a document, with two skills, one certification of two blocks and two funders known.
fn read_with(text: &[u8], seats: Option<u32>) -> Result<(Offer, OfferReport)> {
    let axis = SkillAxis::from_ids("demo", "1", LevelScale::new("steps", 4)?, ["weld", "read"])?;
    let mut builder = OfferBuilder::new(&Arc::new(axis));
    for id in ["region", "other"] {
        builder.funder(id, Funder::default())?;
    }
    let certification = builder.certification("RNCP474", Certification::default())?;
    for id in ["RNCP474BC01", "RNCP474BC02"] {
        builder.block(id, Block { certification, ..Block::default() })?;
    }
    let skills = |phrase: &str| match phrase {
        "Souder" => Found::Skill(0),
        "Lire un plan" => Found::Skill(1),
        _ => Found::Nothing,
    };
    let options = LheoOptions {
        territory: &|commune| (commune == "59350").then(|| "ze-3216".to_owned()),
        skills: &skills,
        level: Some(3),
        axis: "axe-1",
        funder_of_code: &[("2", "region")],
        funders: &["other"],
        seats,
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("offre.xml");
    std::fs::write(&path, text).unwrap();
    let (builder, report) = builder.lheo(&path, &options)?;
    assert!(report.adds_up(), "{report}");
    Ok((builder.build()?, report))
}

fn read(formations: &str) -> (Offer, OfferReport) {
    read_with(format!("{HEAD}{formations}{TAIL}").as_bytes(), None).unwrap()
}

fn said(report: &OfferReport) -> Vec<(u64, &str, bool)> {
    report.findings.iter().map(|f| (f.line, f.problem.as_str(), f.dropped)).collect()
}

#[test]
fn an_action_is_a_module_and_its_sessions_are_sessions() {
    let inside = "<objectif-formation>&lt;ul&gt;&lt;li&gt;Souder&lt;/li&gt;&lt;/ul&gt;</objectif-formation>\n\
         <contenu-formation><![CDATA[- Lire un plan.\n- Rêver]]></contenu-formation>\n\
         <certification><code-RNCP>474</code-RNCP></certification>\n";
    let (offer, report) = read(&formation("f1", inside, &action(SESSION)));
    assert_eq!(offer.module_ids().iter().collect::<Vec<_>>(), ["f1"]);
    let module = &offer.modules()[0];
    assert_eq!(module.label, "Soudeur & métallier");
    assert_eq!((module.minutes, module.cents), (210 * 60, 250_000));
    assert_eq!(module.providers, ["Centre"]);
    assert_eq!(module.blocks, [0, 1]);
    assert_eq!(offer.taught().row(0).levels, [3, 3]);
    let session = &offer.sessions()[0];
    assert_eq!(&offer.session_ids()[0], "f1/1");
    assert_eq!(&offer.territories()[session.territory], "ze-3216");
    let (from, until) = session.dates.unwrap();
    assert_eq!((from.to_string(), until.to_string()), ("2026-09-07".into(), "2026-10-30".into()));
    assert_eq!((session.seats, session.minimum, session.cents_per_seat), (12, 6, 250_000));
    assert_eq!(session.funders, [1], "the funders of the options, where the file names none");
    assert_eq!(said(&report).len(), 1);
    assert!(said(&report)[0].1.contains("1 of 3 phrases of `f1`") && !said(&report)[0].2);
    let counts: Vec<_> = report.files.iter().map(|f| (f.file.as_str(), f.rows, f.kept)).collect();
    assert_eq!(counts, [("offre.xml <action>", 1, 1), ("offre.xml <session>", 1, 1)]);
    let all = format!("{offer:?}{report}");
    assert!(!all.contains("Personne"), "contacts are not looked at");
}

#[test]
fn entry_at_any_time_ends_as_many_days_before_the_last_as_the_module_takes() {
    let permanent = action(SESSION).replace("sorties>0", "sorties>1");
    let (offer, _) = read(&formation("f1", "", &permanent));
    let (from, until) = offer.sessions()[0].entry.unwrap();
    // 210 hours are six weeks of seven days: from 19 September to 30 October.
    assert_eq!((from.to_string(), until.to_string()), ("2026-09-07".into(), "2026-09-19".into()));
    let unknown = permanent.replace("20260907", "00000000").replace("20261030", "99999999");
    let (offer, report) = read(&formation("f1", "", &unknown));
    assert!(offer.sessions()[0].is_rolling() && offer.sessions()[0].entry.is_none(), "{report}");
}

#[test]
fn blocks_and_funders_that_are_named_come_before_all_others() {
    let session = SESSION.replace(
        "</session>",
        "<blocs-competences><bloc-competences><code-bloc>RNCP474BC02</code-bloc></bloc-competences>\
         <bloc-competences><code-bloc>RNCP1BC01</code-bloc></bloc-competences></blocs-competences></session>",
    );
    let paid = action(&session)
        + "<organisme-financeur><code-financeur>2</code-financeur></organisme-financeur>\
           <organisme-financeur><code-financeur>7</code-financeur></organisme-financeur>";
    let inside = "<certification><code-RNCP>RNCP474</code-RNCP></certification>";
    let (offer, report) = read(&formation("f1", inside, &paid));
    assert_eq!(offer.modules()[0].blocks, [1]);
    assert_eq!(offer.sessions()[0].funders, [0]);
    let said = report.to_string();
    assert!(said.contains("unknown block `RNCP1BC01`"), "{said}");
    assert!(said.contains("no funder is known for `code-financeur` 7"), "{said}");
}

#[test]
fn seats_are_those_paid_for_where_one_session_shares_them_or_those_of_the_options() {
    let bare = "<session><periode><debut>20260907</debut><fin>20261030</fin></periode></session>";
    let paid = action(bare)
        + "<organisme-financeur><code-financeur>2</code-financeur><nb-places-financees>8</nb-places-financees></organisme-financeur>\
           <organisme-financeur><code-financeur>2</code-financeur><nb-places-financees>4</nb-places-financees></organisme-financeur>";
    let (offer, _) = read(&formation("f1", "", &paid));
    assert_eq!(offer.sessions()[0].seats, 12);
    let text = format!("{HEAD}{}{TAIL}", formation("f1", "", &action(bare)));
    let (offer, report) = read_with(text.as_bytes(), None).unwrap();
    assert!(offer.sessions().is_empty());
    assert!(report.to_string().contains("no number of seats"), "{report}");
    let (offer, _) = read_with(text.as_bytes(), Some(15)).unwrap();
    assert_eq!(offer.sessions()[0].seats, 15);
}

#[test]
fn what_cannot_be_used_is_dropped_with_its_line_and_counted() {
    let closed = SESSION.replace("</session>", "<etat-recrutement>2</etat-recrutement></session>");
    let month = SESSION.replace("20260907", "20260900").replace("numero=\"1\"", "numero=\"2\"");
    let wrong = SESSION.replace("20260907", "7/9/2026").replace("numero=\"1\"", "numero=\"3\"");
    let again = SESSION.to_owned() + SESSION;
    let all = closed + &month + &wrong + &again;
    let formations = formation("f1", "", &action(&all))
        + &formation("f1", "", &action(SESSION))
        + &formation("f2", "", &action(SESSION).replace("59350", "75056"))
        + &formation("f3", "", &action(SESSION).replace("210", "0"))
        + &formation("f4", "", &action(SESSION).replace("2500", "sur devis"))
        + "<formation numero=\"f5\"/>\n";
    let (offer, report) = read(&formations);
    let (actions, sessions) = (&report.files[0], &report.files[1]);
    assert_eq!((actions.rows, actions.kept), (5, 3));
    assert_eq!((sessions.rows, sessions.kept, sessions.set_aside), (9, 2, 1));
    assert_eq!(offer.sessions().len(), 2);
    let said = said(&report);
    for (part, dropped) in [
        ("its days are not all known", true),
        ("`7/9/2026` is no date", true),
        ("session `f1/1` occurs twice", true),
        ("module `f1` occurs twice", true),
        ("its action `f1` was dropped", true),
        ("the commune `75056` is in no known territory", true),
        ("no number of hours", true),
        ("the price `sur devis` is no amount", false),
        ("formation `f5` has no <action>", false),
    ] {
        let found = said.iter().find(|(_, text, _)| text.contains(part));
        assert_eq!(found.map(|f| f.2), Some(dropped), "{part}: {said:#?}");
    }
    let line = said.iter().find(|(_, text, _)| text.contains("7/9/2026")).unwrap().0;
    let text = format!("{HEAD}{formations}");
    let as_an_editor_counts = text.lines().position(|l| l.contains("7/9/2026")).unwrap() + 1;
    assert_eq!(line, as_an_editor_counts as u64);
}

#[test]
fn several_actions_are_several_modules_and_remote_ones_need_no_place() {
    let remote = action(SESSION).replace(PLACE, "").replace("enseignement>0", "enseignement>2");
    let two =
        formation("", "", &format!("{}</action>\n<action numero=\"soir\">{remote}", action("")));
    let (offer, report) = read(&two);
    let ids: Vec<&str> = offer.module_ids().iter().collect();
    assert_eq!(ids, ["formation-1/1", "formation-1/soir"], "{report}");
    assert_eq!(offer.modules()[1].modality, Modality::Remote);
    assert_eq!(&offer.territories()[offer.sessions()[0].territory], REMOTE);
}

#[test]
fn a_prefix_of_the_namespace_changes_nothing() {
    let text = format!("{HEAD}{}{TAIL}", formation("f1", "", &action(SESSION)));
    let plain = read_with(text.as_bytes(), None).unwrap();
    let prefixed = text
        .replace("<?xml", "<!xml")
        .replace("</", "</l:")
        .replace('<', "<l:")
        .replace("<l:/l:", "</l:")
        .replace("<l:!xml", "<?xml")
        .replace("xmlns=", "xmlns:l=");
    assert_eq!(read_with(prefixed.as_bytes(), None).unwrap(), plain);
}

#[test]
fn the_encoding_is_the_one_that_the_document_declares() {
    let text = format!("{HEAD}{}{TAIL}", formation("f1", "", &action(SESSION)));
    let mut latin: Vec<u8> = text.replace("UTF-8", "ISO-8859-1").into_bytes();
    let at = latin.windows(6).position(|w| w == b"&#233;").unwrap();
    latin.splice(at..at + 6, [0xE9]);
    let (offer, _) = read_with(&latin, None).unwrap();
    assert_eq!(offer.modules()[0].label, "Soudeur & métallier");
    let undeclared: Vec<u8> = latin[latin.iter().position(|&b| b == b'\n').unwrap() + 1..].to_vec();
    assert!(matches!(read_with(&undeclared, None), Err(Error::Encoding { line: 4, .. })));
    let other = text.replace("UTF-8", "EBCDIC");
    assert!(read_with(other.as_bytes(), None).unwrap_err().to_string().contains("EBCDIC"));
}

#[test]
fn what_is_no_lheo_is_refused_with_its_line() {
    let refused = |text: &str| read_with(text.as_bytes(), None).unwrap_err().to_string();
    assert!(refused("").contains("expected <lheo>"));
    assert!(refused("\n\n<html/>").contains("line 3: the root is <html>"));
    assert!(refused(&format!("{HEAD}<formation>\n</action>")).contains("line 5"));
    assert!(refused(&format!("{HEAD}<formation>&bomb;</formation>{TAIL}")).contains("`bomb`"));
    assert!(refused(&format!("{HEAD}{}", "<formation>".repeat(100))).contains("within each other"));
    assert!(refused(&format!("{HEAD}<formation>")).contains("ends within"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_without_a_panic(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "<formation numero=\"1\">", "</formation>", "<action>", "</action>", "<session>",
            "</session>", "<periode>", "<debut>", "20260101", "</debut>", "&amp;", "&x;", "<!--",
            "-->", "<![CDATA[", "]]>", "<", ">", "é", "\u{0}", "<cycle/>", SESSION, PLACE,
        ]), 0..12),
        head in prop::bool::ANY,
    ) {
        let text = pieces.concat();
        let text = if head { format!("{HEAD}{text}{TAIL}") } else { text };
        let _ = read_with(text.as_bytes(), Some(1));
    }
}
