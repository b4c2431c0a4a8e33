//! What the training on offer in the sample region promises: that it is read whole, that what it
//! names is there, that modules can be followed, and that the money is the pact's.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use passerelle::hub::training::offer::{
    Buying, CertificationKind, LheoOptions, Modality, Offer, OfferBuilder, OfferReport, Purpose,
    RuleKind, Strength,
};
use passerelle::hub::training::pathway::{PathwayOptions, pathway};
use passerelle::hub::training::uncovered::{UncoveredOptions, uncovered, write_uncovered};
use passerelle::{Framework, Held, Necessity, Required, Requirement, read};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hauts-de-france")
}

fn framework() -> Result<Framework> {
    Ok(read::framework(dir().join("framework"))?.0)
}

fn read_all() -> Result<(Framework, Offer, OfferReport)> {
    let framework = framework()?;
    let (offer, report) = Offer::read(&dir().join("training"), framework.axis())?;
    Ok((framework, offer, report))
}

/// The ids of a written file.
fn ids(path: &str) -> Result<BTreeSet<String>> {
    let table = passerelle_datasets::Table::read(&dir().join(path))?;
    Ok(table
        .rows()
        .map(|row| row.get("id").map(str::to_owned))
        .collect::<std::result::Result<_, _>>()?)
}

#[test]
fn it_is_read_with_nothing_dropped_and_nothing_to_say() -> Result {
    let (_, offer, report) = read_all()?;
    assert!(report.findings.is_empty(), "{report}");
    assert_eq!(report.files.len(), 10, "{report}");
    assert!(offer.certifications().len() >= 15);
    assert!(offer.modules().len() >= 60);
    assert!(offer.sessions().len() >= 120);
    Ok(())
}

#[test]
fn what_it_names_is_there() -> Result {
    let (framework, offer, _) = read_all()?;
    let territories = ids("territories.csv")?;
    for territory in offer.territories().iter() {
        assert!(territories.contains(territory), "no territory {territory}");
    }
    for certification in offer.certifications() {
        for target in &certification.targets {
            assert!(framework.occupation_ids().position(target).is_some(), "no {target}");
        }
    }
    for axis in offer.axes().iter() {
        assert!(["axe-1", "axe-2", "axe-3"].contains(&axis), "axis {axis}");
    }
    Ok(())
}

#[test]
fn every_kind_of_thing_occurs() -> Result {
    let (_, offer, _) = read_all()?;
    let kinds: BTreeSet<&str> = offer.certifications().iter().map(|c| c.kind.name()).collect();
    for kind in ["diploma", "professional-title", "cqp", "ccp", "clea", "badge"] {
        assert!(kinds.contains(kind), "no {kind}");
    }
    let modalities: BTreeSet<&str> = offer.modules().iter().map(|m| m.modality.name()).collect();
    assert_eq!(modalities.len(), 7, "{modalities:?}");
    let modality = |modality: Modality| offer.modules().iter().any(|m| m.modality == modality);
    assert!(modality(Modality::Vae) && modality(Modality::Immersion));
    for purpose in [Purpose::Course, Purpose::Preparation, Purpose::Positioning] {
        assert!(offer.modules().iter().filter(|m| m.purpose == purpose).count() >= 5);
    }
    for buying in [Buying::Collective, Buying::Existing, Buying::Individual] {
        assert!(offer.sessions().iter().filter(|s| s.buying == buying).count() >= 20);
    }
    let priced = |seat: bool, session: bool| {
        let sold = offer.sessions().iter().filter(|s| s.buying == Buying::Collective);
        sold.filter(|s| (s.cents_per_seat > 0, s.cents_per_session > 0) == (seat, session)).count()
    };
    assert!(priced(true, false) >= 20 && priced(false, true) >= 20 && priced(true, true) >= 20);
    assert_eq!(priced(false, false), 0);
    let prerequisites = || offer.modules().iter().flat_map(|m| &m.prerequisites);
    for strength in [Strength::Strict, Strength::Advisory] {
        assert!(prerequisites().filter(|p| p.strength == strength).count() >= 30);
    }
    Ok(())
}

#[test]
fn sessions_start_from_september_2026_on_and_open_with_most_of_their_seats() -> Result {
    let (_, offer, _) = read_all()?;
    for (session, id) in offer.sessions().iter().zip(offer.session_ids().iter()) {
        let (from, until) = session.dates.or(session.entry).expect("neither dates nor entry");
        assert!(from.to_string().as_str() >= "2026-09-01", "{id} begins on {from}");
        assert!(until.to_string().as_str() < "2028", "{id} ends on {until}");
        let fewest = if session.is_rolling() { 1 } else { session.seats / 2 };
        assert!((fewest..=session.capacity()).contains(&session.minimum), "{id}");
    }
    assert!(offer.sessions().iter().any(|s| s.is_rolling()));
    let binding = offer.sessions().iter().filter(|s| s.capacity() < s.seats).count();
    assert!(binding >= 5, "the greatest headcount never leaves a seat empty");
    Ok(())
}

#[test]
fn a_preparatory_sas_lasts_one_to_four_weeks() -> Result {
    let (_, offer, _) = read_all()?;
    for module in offer.modules().iter().filter(|m| m.purpose == Purpose::Preparation) {
        assert!((7..=28).contains(&module.calendar_days()), "{}", module.label);
    }
    Ok(())
}

#[test]
fn every_module_can_be_come_to_by_someone_who_holds_nothing() -> Result {
    let (_, offer, _) = read_all()?;
    let all: Vec<u32> = (0u32..).take(offer.modules().len()).collect();
    assert_eq!(offer.takeable(&all, |_| 0), all);
    Ok(())
}

#[test]
fn what_the_framework_puts_first_a_module_teaches_or_asks_for() -> Result {
    let (framework, offer, _) = read_all()?;
    let strict = &framework.prerequisites().strict;
    for (module, id) in (0u32..).zip(offer.module_ids().iter()) {
        let row = offer.taught().row(module);
        let known = &offer.modules()[module as usize];
        for &skill in row.skills {
            for &before in strict.from(skill) {
                let asked = known.prerequisites.iter().any(|p| p.skill == before);
                let (skill, first) =
                    (&framework.axis().ids()[skill], &framework.axis().ids()[before]);
                assert!(asked || row.level(before).is_some(), "{id}: {skill} without {first}");
            }
        }
    }
    Ok(())
}

#[test]
fn modules_teach_the_blocks_that_they_lead_to() -> Result {
    let (_, offer, _) = read_all()?;
    for (module, id) in (0u32..).zip(offer.module_ids().iter()) {
        let (row, known) = (offer.taught().row(module), &offer.modules()[module as usize]);
        if known.modality == Modality::Vae {
            continue;
        }
        for &block in &known.blocks {
            for &(skill, level) in &offer.blocks()[block as usize].skills {
                let asked = known.strict().any(|p| p.skill == skill && p.level >= level);
                let name = &offer.axis().ids()[skill];
                assert!(asked || row.level(skill) >= Some(level), "{id}: {name} at {level}");
            }
        }
    }
    let with_blocks = |kind| {
        let known = offer.certifications().iter().filter(|c| c.kind == kind);
        known.filter(|c| !c.blocks.is_empty()).count()
    };
    assert!(with_blocks(CertificationKind::ProfessionalTitle) >= 5);
    Ok(())
}

/// The sum of weight × level of a target, and how much of it modules can close.
fn closable(offer: &Offer, required: &Required, target: u32) -> (u64, u64) {
    let taught = |skill| {
        let modules = (0u32..).take(offer.modules().len());
        modules.filter_map(|module| offer.taught().row(module).level(skill)).max().unwrap_or(0)
    };
    let sum = |level: &dyn Fn(u32, u16) -> u16| {
        required
            .row(target)
            .iter()
            .map(|(skill, r)| u64::from(r.weight) * u64::from(level(skill, r.level)))
            .sum()
    };
    (sum(&|_, level| level), sum(&|skill, level| level.min(taught(skill))))
}

#[test]
fn pilot_sectors_have_their_modules_and_some_needs_have_none() -> Result {
    let (framework, offer, _) = read_all()?;
    let occupations = framework.occupations();
    let pilots = ["industrie", "construction", "transport", "logistique", "agroalimentaire"];
    let (mut all, mut closed) = (0, 0);
    for target in (0u32..).take(framework.required().len()) {
        let id = &framework.occupation_ids()[target];
        let (total, part) = closable(&offer, framework.required(), target);
        all += total;
        closed += part;
        let members = occupations.members();
        let of_a_pilot = occupations.broader().from(target).iter().any(|&sector| {
            let group = &occupations.groups()[sector - members];
            pilots.contains(&group)
        });
        if of_a_pilot {
            assert!(part * 100 >= total * 80, "modules close {part} of {total} of {id}");
        }
    }
    assert!(closed * 100 >= all * 85 && closed * 100 <= all * 95, "{closed} of {all}");
    let taught = |&skill: &u32| {
        (0u32..).take(offer.modules().len()).any(|m| offer.taught().row(m).level(skill).is_some())
    };
    let without = (0u32..).take(framework.axis().len()).filter(|skill| !taught(skill)).count();
    assert!(without >= 30, "{without} skills that no module teaches");
    Ok(())
}

#[test]
fn budgets_are_a_hundredth_of_the_pacts_and_its_printed_totals_are_checked() -> Result {
    let (framework, offer, _) = read_all()?;
    let sum = |offer: &Offer, funder: &str| -> u64 {
        let funder = offer.funder_ids().position(funder).expect("no such funder");
        offer.budgets().iter().filter(|b| b.funder == funder).map(|b| b.cents).sum()
    };
    // A hundredth of 189,840,375 and of 198,775,747 euros, in cents.
    assert_eq!(sum(&offer, "etat"), 189_840_375);
    assert_eq!(sum(&offer, "region"), 198_775_747);

    let folder = tempfile::tempdir()?;
    for file in std::fs::read_dir(dir().join("training"))? {
        let file = file?;
        std::fs::copy(file.path(), folder.path().join(file.file_name()))?;
    }
    std::fs::rename(folder.path().join("budgets_pact.csv"), folder.path().join("budgets.csv"))?;
    // Sessions and rules speak of other years and of funders that the pact has no budget for.
    std::fs::remove_file(folder.path().join("sessions.csv"))?;
    let (pact, report) = Offer::read(folder.path(), framework.axis())?;
    assert_eq!(sum(&pact, "etat"), 74_536_150_000);
    assert_eq!(sum(&pact, "region"), 79_510_298_800);
    let said: Vec<&str> = report.findings.iter().map(|f| f.problem.as_str()).collect();
    assert_eq!(said.len(), 1, "{report}");
    assert!(said[0].contains("795102990") && said[0].contains("795102988"), "{report}");
    Ok(())
}

#[test]
fn the_rules_of_the_pact_are_all_there() -> Result {
    let (_, offer, _) = read_all()?;
    let mut found = BTreeSet::new();
    for rule in offer.rules() {
        found.insert(match rule.kind {
            RuleKind::Hours { range, .. }
                if range.contains(300 * 60) && !range.contains(301 * 60) =>
            {
                "up to 300 h"
            }
            RuleKind::Hours { range, .. }
                if range.contains(400 * 60) && !range.contains(399 * 60) =>
            {
                "from 400 h"
            }
            RuleKind::Hours { .. } => "the others",
            RuleKind::Share { basis_points: 5_000, .. } => "half",
            RuleKind::Share { basis_points: 4_300, .. } => "43 %",
            RuleKind::Cap { basis_points: 700, .. } => "7 %",
            RuleKind::Quota { basis_points: 1_500, .. } => "15 %",
            RuleKind::Priority { .. } => "first",
            _ => "unexpected",
        });
    }
    let expected =
        ["15 %", "43 %", "7 %", "first", "from 400 h", "half", "the others", "up to 300 h"];
    assert_eq!(found.into_iter().collect::<Vec<_>>(), expected);
    assert!(
        offer.modules().iter().any(|m| m.minutes == 400 * 60),
        "no module of exactly 400 h to decide on"
    );
    Ok(())
}

/// The carmakers' path as a target: all that CLÉA and the second CCP of the CIMA title certify.
fn cima_path(offer: &Offer) -> Result<Required> {
    let mut targets = Required::builder(offer.axis());
    for id in ["clea", "cima-ccp2-seul"] {
        let certification = offer.certification_ids().position(id).expect("no such certification");
        for &block in &offer.certifications()[certification as usize].blocks {
            for &(skill, level) in &offer.blocks()[block as usize].skills {
                let requirement = Requirement { level, weight: 1, necessity: Necessity::Essential };
                targets.require("cima-path", &offer.axis().ids()[skill], requirement)?;
            }
        }
    }
    Ok(targets.build()?)
}

#[test]
fn the_carmakers_path_is_clea_then_the_second_ccp_and_skips_what_is_held() -> Result {
    let (_, offer, _) = read_all()?;
    let target = cima_path(&offer)?;
    let module = |id: &str| offer.module_position(id);
    let (clea, ccp2) = (module("clea")?, module("cima-ccp2")?);
    for (held, expected) in
        [(vec![], vec![clea, ccp2]), (vec![clea], vec![ccp2]), (vec![clea, ccp2], vec![])]
    {
        let mut people = Held::builder(offer.axis());
        people.person("p")?;
        for module in held {
            for (skill, level) in offer.taught().row(module).iter() {
                people.hold("p", &offer.axis().ids()[skill], level)?;
            }
        }
        let people = people.build()?;
        let options = PathwayOptions::default();
        let found = pathway(&offer, people.row(0), target.row(0), &options)?;
        assert_eq!(found.modules(), expected);
        assert!(found.certificate.is_proven() && found.remaining.is_empty());
    }
    Ok(())
}

#[test]
fn an_offer_of_another_office_joins_it_by_commune_and_by_the_names_of_skills() -> Result {
    let (framework, mine, _) = read_all()?;
    // Employment areas of communes: the parent that is one.
    let table = passerelle_datasets::Table::read(&dir().join("territories.csv"))?;
    let mut areas = std::collections::HashMap::new();
    for row in table.rows() {
        let area = row.list("parents")?.into_iter().find(|parent| parent.starts_with("ze-"));
        if let (Some(commune), Some(area)) = (row.get("id")?.strip_prefix("com-"), area) {
            areas.insert(commune.to_owned(), area.to_owned());
        }
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("offre.xml");
    std::fs::write(
        &path,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<lheo xmlns=\"http://lheo.gouv.fr/2.3\"><offres>\n\
         <formation numero=\"carif-1\"><intitule-formation>Laveur de vitres</intitule-formation>\n\
         <objectif-formation>- Laver des surfaces vitrées ;\n- Laver une façade depuis une nacelle ou sur cordes\n- Autre chose</objectif-formation>\n\
         <action><modalites-enseignement>0</modalites-enseignement>\n\
         <lieu-de-formation><coordonnees><adresse><code-INSEE-commune>59512</code-INSEE-commune></adresse></coordonnees></lieu-de-formation>\n\
         <modalites-entrees-sorties>0</modalites-entrees-sorties>\n\
         <session numero=\"1\"><periode><debut>20270104</debut><fin>20270205</fin></periode></session>\n\
         <prix-total-TTC>1800</prix-total-TTC><nombre-heures-total>175</nombre-heures-total>\n\
         <organisme-financeur><code-financeur>2</code-financeur><nb-places-financees>10</nb-places-financees></organisme-financeur>\n\
         </action></formation></offres></lheo>\n",
    )?;
    let skills = read::ByLabel::new(&framework);
    let options = LheoOptions {
        territory: &|commune| areas.get(commune).cloned(),
        skills: &skills,
        level: Some(3),
        axis: "axe-1",
        funder_of_code: &[("2", "region")],
        funders: &[],
        seats: None,
    };
    let (builder, _) = OfferBuilder::new(framework.axis()).read(&dir().join("training"))?;
    let (builder, report) = builder.lheo(&path, &options)?;
    let offer = builder.build()?;
    assert_eq!(offer.modules().len(), mine.modules().len() + 1);
    let module = offer.module_position("carif-1")?;
    for skill in ["prop-vitres", "prop-nacelle"] {
        let skill = framework.axis().position(skill)?;
        assert_eq!(offer.taught().row(module).level(skill), Some(3), "{report}");
    }
    let session = &offer.sessions()[offer.sessions_of(module)[0] as usize];
    assert_eq!(&offer.territories()[session.territory], "ze-3218");
    assert_eq!((session.seats, session.funders.len()), (10, 1));
    assert_eq!(report.findings.len(), 1, "what names no skill is said: {report}");
    Ok(())
}

#[test]
fn certifications_miss_some_of_what_is_required_and_modules_would_complete_them() -> Result {
    let (framework, offer, _) = read_all()?;
    let required: &Arc<Required> = framework.required();
    let needs = vec![1; required.len()];
    let found = uncovered(&offer, required, &needs, &UncoveredOptions::default())?;
    assert!(found.enriched.len() >= 10, "{} certifications", found.enriched.len());
    assert!(found.unknown_targets.is_empty());
    assert!(!found.uncertified.is_empty(), "no occupation is left without a certification");
    for enriched in &found.enriched {
        assert!(enriched.modules.iter().any(|m| m.skills.len() >= 2), "nothing goes together");
    }
    let mut table = Vec::new();
    write_uncovered(&found, &offer, &framework, "fr", &mut table)?;
    let table = String::from_utf8(table)?;
    let skills: usize =
        found.enriched.iter().flat_map(|e| &e.modules).map(|m| m.skills.len()).sum();
    assert_eq!(table.lines().count(), skills + 1, "one line a skill and the header");
    let title = "Titre professionnel Conducteur d'installations et de machines automatisées";
    let line = |module: u32, rest: &str| format!("cima,{title},{module},{rest}\n");
    assert!(
        table.contains(&line(4, "prod-palett,Palettiser et filmer une charge,0,2,H3301,2")),
        "{table}"
    );
    Ok(())
}

/// A title without accents, hyphens, feminine endings and "de", in capitals.
fn bare(title: &str) -> String {
    let mut text = title.to_uppercase();
    for (from, to) in [
        ("À", "A"),
        ("Â", "A"),
        ("Ç", "C"),
        ("É", "E"),
        ("È", "E"),
        ("Ê", "E"),
        ("Î", "I"),
        ("Ô", "O"),
        ("Û", "U"),
        ("’", "'"),
        ("-", " "),
        ("(TRICE)", ""),
        ("(NE)", ""),
        ("(ERE)", ""),
        ("(E)", ""),
    ] {
        text = text.replace(from, to);
    }
    text.split_whitespace().filter(|&word| word != "DE").collect::<Vec<_>>().join(" ")
}

#[test]
fn titles_and_levels_are_those_of_the_register() -> Result {
    let Some(data) = passerelle_tests::real_data() else { return Ok(()) };
    let path = data.join("crosswalks/kit_apprentissage_rncp_v3.0.csv");
    // Title, abbreviation and level of the diplomas and titles that apprentices can prepare for.
    let mut register: Vec<(String, String, String)> = Vec::new();
    for row in csv::ReaderBuilder::new().delimiter(b';').flexible(true).from_path(&path)?.records()
    {
        let row = row?;
        let get = |at| row.get(at).unwrap_or("");
        let title = get(1).rsplit_once(" (").map_or(get(1), |(title, _)| title);
        register.push((bare(title), get(4).to_owned(), get(3).replace("niveau", "2019:")));
    }
    let (_, offer, _) = read_all()?;
    let mut found = BTreeSet::new();
    for (certification, id) in offer.certifications().iter().zip(offer.certification_ids().iter()) {
        let kinds = [
            ("Titre professionnel ", "TP"),
            ("Baccalauréat professionnel ", "BAC PRO"),
            ("CAP ", "CAP"),
            ("BTS ", "BTS"),
        ];
        let Some((title, kind)) = kinds.iter().find_map(|(words, kind)| {
            Some((bare(certification.label.strip_prefix(words)?), *kind))
        }) else {
            continue;
        };
        for (known, abbreviation, level) in &register {
            if known.starts_with(&title) && abbreviation == kind {
                let ours = certification.level.map(|level| level.to_string());
                assert_eq!(ours.as_ref(), Some(level), "{id}");
                found.insert(id);
            }
        }
    }
    assert!(found.len() >= 20, "only {found:?}");
    for id in ["cima", "tp-tmi", "bacpro-mspc", "cap-boucher", "bts-gtla"] {
        assert!(found.contains(id), "{id} is not in the register");
    }
    Ok(())
}
