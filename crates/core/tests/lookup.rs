//! Lookup: labels find what they name, however they are typed.
#![cfg(feature = "lookup")]

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use passerelle::lookup::{
    Concept, ConceptKind, FindOptions, How, LONGEST_QUERY, Lookup, MOST_MATCHES, Match, Resolved,
};
use passerelle::{
    Error, Framework, FrameworkBuilder, LabelRole, Necessity, Requirement, SkillKind,
};
use proptest::prelude::*;

const ONE: Requirement = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };

/// A builder with one skill without labels, so that occupations have something to require.
fn builder() -> FrameworkBuilder {
    let mut builder = Framework::builder("demo", "1", "fr");
    builder.skill("unnamed", SkillKind::Unspecified).unwrap();
    builder
}

fn occupation(builder: &mut FrameworkBuilder, id: &str) {
    builder.occupation(id).unwrap();
    builder.require(id, "unnamed", ONE).unwrap();
}

/// Skills s0, s1… with one French label each.
fn of_skills(labels: &[&str]) -> Lookup {
    let mut builder = builder();
    for (at, label) in labels.iter().enumerate() {
        let id = format!("s{at}");
        builder.skill(&id, SkillKind::KnowHow).unwrap();
        builder.skill_label(&id, "fr", label).unwrap();
    }
    Lookup::build(&builder.build().unwrap()).unwrap()
}

fn everything() -> FindOptions {
    FindOptions::new().limit(MOST_MATCHES).kinds(ConceptKind::ALL.iter().copied())
}

fn best<'l>(lookup: &'l Lookup, query: &str) -> Match<'l> {
    let found = lookup.find(query, &everything()).unwrap();
    *found.first().unwrap_or_else(|| panic!("`{query}` finds nothing"))
}

#[test]
fn a_lookup_is_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Lookup>();
    shared::<FindOptions>();
    shared::<Match<'_>>();
    shared::<Resolved>();
}

#[test]
fn spellings_of_one_label_find_it() {
    let lookup = of_skills(&["métaux-mécanique-maintenance", "Socle CLéA", "C++", "C", "C#"]);
    for (query, skill, how) in [
        ("métaux-mécanique-maintenance", 1, How::Exact),
        (" métaux-mécanique-maintenance ", 1, How::Exact),
        ("Métaux mécanique maintenance", 1, How::Normalised),
        ("socle CLÉA", 2, How::Normalised),
        ("socle clea", 2, How::Normalised),
        ("c++", 3, How::Normalised),
        ("C", 4, How::Exact),
        ("c#", 5, How::Normalised),
        ("metaux", 1, How::Prefix),
        ("métaux mécanqiue maintenance", 1, How::Fuzzy { edits: 1 }),
        ("metau mecanique maintenence", 1, How::Fuzzy { edits: 2 }),
    ] {
        let found = best(&lookup, query);
        assert_eq!((found.concept, found.how), (Concept::Skill(skill), how), "{query}");
    }
    assert!(lookup.find("  ", &everything()).unwrap().is_empty());
    assert!(lookup.find("nothing of the sort", &everything()).unwrap().is_empty());
}

#[test]
fn a_job_is_found_by_either_form_and_by_the_whole() {
    let mut builder = builder();
    occupation(&mut builder, "o");
    let titles = [
        ("Conducteur / Conductrice d'engins", "conducteur d’engins", "CONDUCTRICE D'ENGINS"),
        ("Agent / Agente d'entretien", "agent d'entretien", "agente d'entretien"),
        (
            "technicien d’engins agricoles/technicienne d’engins agricoles",
            "technicien d'engins agricoles",
            "technicienne d'engins agricoles",
        ),
    ];
    for (title, ..) in titles {
        builder.job_title("o", "fr", title, None).unwrap();
    }
    let lookup = Lookup::build(&builder.build().unwrap()).unwrap();
    for (at, (title, first, second)) in (0u32..).zip(titles) {
        let concept = Concept::JobTitle { title: at, occupation: 0 };
        assert_eq!((best(&lookup, title).concept, best(&lookup, title).how), (concept, How::Exact));
        let inclusive = title.split(" / ").next().unwrap().to_owned() + "(e)";
        for query in [first, second] {
            let found = best(&lookup, query);
            assert_eq!((found.concept, found.label), (concept, title), "{query}");
            assert_eq!(found.how, How::Normalised, "{query}");
            assert_eq!(lookup.resolve(query, ConceptKind::JobTitle), Resolved::One(concept));
            assert_eq!(lookup.resolve_occupation(query), Resolved::One(0));
            assert_eq!(lookup.resolve(query, ConceptKind::Occupation), Resolved::None);
        }
        let start: String = second.chars().take(second.chars().count() - 3).collect();
        assert_eq!(best(&lookup, &start).how, How::Prefix, "{start}");
        assert!(lookup.find(&inclusive, &everything()).is_ok());
    }
    assert_eq!(best(&lookup, "Agent(e) d'entretien").how, How::Normalised);
    assert_eq!(best(&lookup, "conducteur·rice d'engins").how, How::Normalised);
}

#[test]
fn matches_come_in_the_order_that_is_stated() {
    let mut builder = builder();
    for (id, label, role) in [
        ("a", "Soudage TIG", LabelRole::Alternative),
        ("b", "Soudage laser", LabelRole::Preferred),
        ("c", "soudage", LabelRole::Preferred),
        ("d", "Soudage", LabelRole::Alternative),
        ("e", "Soudag", LabelRole::Hidden),
        ("f", "Soudage à l'arc", LabelRole::Preferred),
        ("g", "Doudage", LabelRole::Preferred),
        ("h", "soudure", LabelRole::Definition),
    ] {
        builder.skill(id, SkillKind::KnowHow).unwrap();
        builder.skill_text(id, "fr", role, label).unwrap();
    }
    // The same label once more, among the other labels of a skill that is found by a better one.
    builder.skill_text("c", "fr", LabelRole::Alternative, "Soudage plastique").unwrap();
    builder.skill_text("c", "en", LabelRole::Preferred, "welding").unwrap();
    let framework = builder.build().unwrap();
    let lookup = Lookup::build(&framework).unwrap();
    let ids = |options: &FindOptions, query: &str| -> Vec<String> {
        let id = |found: Match<'_>| match found.concept {
            Concept::Skill(skill) => framework.axis().ids()[skill].to_owned(),
            other => panic!("{other:?}"),
        };
        lookup.find(query, options).unwrap().into_iter().map(id).collect()
    };
    let options = FindOptions::new();
    assert_eq!(ids(&options, "Soudage"), ["d", "c", "b", "f", "a", "g", "e"]);
    assert_eq!(ids(&options.clone().limit(3), "Soudage"), ["d", "c", "b"]);
    assert_eq!(ids(&options.clone().fuzzy(false), "Soudage"), ["d", "c", "b", "f", "a"]);
    assert_eq!(ids(&options.clone().languages(["en"]), "welding"), ["c"]);
    assert!(ids(&options.clone().languages(["fr"]), "welding").is_empty());
    assert!(ids(&options.clone().languages(["xx"]), "Soudage").is_empty());
    assert!(ids(&options.clone().kinds([ConceptKind::Occupation]), "Soudage").is_empty());
    assert!(ids(&options, "soudure").is_empty() || !ids(&options, "soudure").contains(&"h".into()));
}

#[test]
fn an_ambiguous_label_says_so_and_an_exact_one_comes_first() {
    let mut builder = builder();
    for (id, labels) in
        [("a", ["Lecture", "lire"]), ("b", ["lecture", "Lire"]), ("c", ["LIRE", "x"])]
    {
        builder.skill(id, SkillKind::KnowHow).unwrap();
        builder.skill_label(id, "fr", labels[0]).unwrap();
        builder.skill_text(id, "fr", LabelRole::Alternative, labels[1]).unwrap();
    }
    occupation(&mut builder, "o");
    occupation(&mut builder, "p");
    builder.occupation_text("o", "fr", LabelRole::Preferred, "Soudeur / Soudeuse").unwrap();
    builder.job_title("o", "fr", "Soudeur", None).unwrap();
    builder.job_title("o", "fr", "Soudeuse", None).unwrap();
    builder.job_title("p", "fr", "Chalumiste", None).unwrap();
    builder.job_title("o", "fr", "Chalumiste", None).unwrap();
    let lookup = Lookup::build(&builder.build().unwrap()).unwrap();
    let skill = |label| lookup.resolve(label, ConceptKind::Skill);
    assert_eq!(skill("Lecture"), Resolved::One(Concept::Skill(1)));
    assert_eq!(skill("LECTURE"), Resolved::Several(vec![Concept::Skill(1), Concept::Skill(2)]));
    assert_eq!(skill("LIRE"), Resolved::One(Concept::Skill(3)));
    assert_eq!(skill("liré").one(), None);
    assert_eq!(skill("lir"), Resolved::None);
    assert_eq!(skill(""), Resolved::None);
    assert_eq!(
        lookup.resolve_occupation("soudeur"),
        Resolved::One(0),
        "two labels, one occupation"
    );
    assert_eq!(lookup.resolve_occupation("chalumiste"), Resolved::Several(vec![0, 1]));
}

#[test]
fn groups_are_found_when_asked_for() {
    let mut builder = builder();
    occupation(&mut builder, "o");
    builder.occupation_group("sector").unwrap();
    let label = "métaux-mécanique-maintenance";
    builder.occupation_text("sector", "fr", LabelRole::Preferred, label).unwrap();
    let lookup = Lookup::build(&builder.build().unwrap()).unwrap();
    let query = "Métaux, mécanique, maintenance";
    assert!(lookup.find(query, &FindOptions::new()).unwrap().is_empty());
    let found = lookup.find(query, &everything()).unwrap();
    assert_eq!(found[0].concept, Concept::OccupationGroup(0));
    let resolved = lookup.resolve(query, ConceptKind::OccupationGroup);
    assert_eq!(resolved, Resolved::One(Concept::OccupationGroup(0)));
}

#[test]
fn what_is_out_of_range_is_refused() {
    let lookup = of_skills(&["Lire"]);
    let options = FindOptions::new();
    let longest = "é".repeat(LONGEST_QUERY);
    assert!(lookup.find(&longest, &options).unwrap().is_empty());
    let refused = lookup.find(&(longest + "x"), &options).unwrap_err().to_string();
    assert_eq!(refused, "`query` is 129 characters long; it must be at most 128 characters long");
    for limit in [0, MOST_MATCHES + 1] {
        let refused = lookup.find("lire", &options.clone().limit(limit));
        assert!(matches!(refused, Err(Error::Argument { name: "limit", .. })));
    }
    let nothing = Lookup::build(&Framework::builder("", "", "").build().unwrap()).unwrap();
    assert!(nothing.is_empty() && nothing.find("lire", &options).unwrap().is_empty());
}

#[test]
fn many_near_labels_stay_bounded_and_best_first() {
    let labels: Vec<String> = (0..9000).map(|at| format!("compétence {at:04}")).collect();
    let lookup = of_skills(&labels.iter().map(String::as_str).collect::<Vec<_>>());
    let found = lookup.find("competance 1234", &FindOptions::new().limit(20)).unwrap();
    assert_eq!(found.len(), 20);
    assert_eq!((found[0].label, found[0].how), ("compétence 1234", How::Fuzzy { edits: 1 }));
    assert!(found[1..].iter().all(|found| found.how == How::Fuzzy { edits: 2 }));
    let mut positions: Vec<_> = found[1..].iter().map(|found| found.concept).collect();
    assert!(positions.is_sorted(), "equal in all but position");
    positions.dedup();
    assert_eq!(positions.len(), 19);
}

/// Labels of words, a few of which share beginnings.
fn label() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-zé]{2,9}",
        Just("conduire".to_owned()),
        Just("Régler".to_owned()),
        Just("d'engins".to_owned()),
        Just("Agent / Agente".to_owned()),
    ];
    prop::collection::vec(word, 1..5).prop_map(|words| words.join(" "))
}

fn labels() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(label(), 1..25)
}

fn lookup_of(labels: &[String]) -> Lookup {
    of_skills(&labels.iter().map(String::as_str).collect::<Vec<_>>())
}

fn skill(at: usize) -> Concept {
    Concept::Skill(u32::try_from(at).unwrap() + 1)
}

fn how(lookup: &Lookup, query: &str, fuzzy: bool, concept: Concept) -> Option<How> {
    let found = lookup.find(query, &everything().fuzzy(fuzzy)).unwrap();
    found.iter().find(|found| found.concept == concept).map(|found| found.how)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_label_finds_itself(labels in labels()) {
        let lookup = lookup_of(&labels);
        for (at, label) in labels.iter().enumerate() {
            prop_assert_eq!(how(&lookup, label, false, skill(at)), Some(How::Exact), "{}", label);
            prop_assert!(lookup.resolve(label, ConceptKind::Skill) != Resolved::None);
        }
    }

    #[test]
    fn capitals_and_lost_accents_do_not_matter(labels in labels()) {
        let lookup = lookup_of(&labels);
        for (at, label) in labels.iter().enumerate() {
            for query in [label.to_uppercase(), label.replace('é', "e"), label.replace('\'', "’")] {
                let expected = if query == *label { How::Exact } else { How::Normalised };
                prop_assert_eq!(how(&lookup, &query, false, skill(at)), Some(expected), "{}", query);
            }
        }
    }

    #[test]
    fn every_beginning_finds_its_label(labels in labels(), cut in 1usize..30) {
        let lookup = lookup_of(&labels);
        for (at, label) in labels.iter().enumerate() {
            let query: String = label.chars().take(cut).collect();
            let found = how(&lookup, &query, false, skill(at));
            prop_assert!(found.is_some_and(|how| how <= How::Prefix), "{query}: {found:?}");
        }
    }

    #[test]
    fn one_edit_still_finds_a_label(
        labels in prop::collection::vec("[a-z]{5,9}( [a-z]{2,9}){0,3}", 1..25),
        place in any::<prop::sample::Index>(),
        edit in 0..4,
        letter in "[a-z]",
    ) {
        let lookup = lookup_of(&labels);
        let letter = letter.chars().next().unwrap();
        for (at, label) in labels.iter().enumerate() {
            let mut typed: Vec<char> = label.chars().collect();
            let place = place.index(typed.len() - 1);
            // Spaces stay where they are: which words there are is not what is tested.
            if typed[place] == ' ' || typed[place + 1] == ' ' {
                continue;
            }
            match edit {
                0 => typed.insert(place, letter),
                1 => typed[place] = letter,
                2 => typed.swap(place, place + 1),
                _ => { typed.remove(place); }
            }
            let typed: String = typed.into_iter().collect();
            let found = how(&lookup, &typed, true, skill(at));
            let near = |how| how <= How::Prefix || how == How::Fuzzy { edits: 1 };
            prop_assert!(found.is_some_and(near), "{label} as {typed}: {found:?}");
        }
    }

    #[test]
    fn any_query_gives_ordered_matches_within_the_limit(
        labels in labels(),
        query in "\\PC{0,128}",
        limit in 1usize..20,
    ) {
        let lookup = lookup_of(&labels);
        let found = lookup.find(&query, &FindOptions::new().limit(limit)).unwrap();
        prop_assert!(found.len() <= limit);
        prop_assert!(found.is_sorted_by_key(|found| (found.how, found.role)));
        let concepts: HashSet<_> = found.iter().map(|found| found.concept).collect();
        prop_assert_eq!(concepts.len(), found.len());
        let _ = lookup.resolve(&query, ConceptKind::Skill);
    }
}

/// The publishers' own files, or a line that says that they are not there.
fn real_data(folder: &str) -> Option<PathBuf> {
    let data = std::env::var_os("PASSERELLE_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = data.join(folder);
    if path.is_dir() {
        return Some(path);
    }
    let required = std::env::var("PASSERELLE_REQUIRE_DATA").is_ok_and(|asked| asked == "1");
    assert!(!required, "PASSERELLE_REQUIRE_DATA=1 and no {}", path.display());
    eprintln!("skipped: no real data at {}", path.display());
    None
}

/// Some columns of a file, by name.
fn columns<const N: usize>(path: &Path, names: [&str; N]) -> Vec<[String; N]> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = names.map(|name| {
        let same = |column: &str| column.trim_start_matches('\u{FEFF}') == name;
        header.iter().position(same).unwrap_or_else(|| panic!("no column {name}"))
    });
    reader.records().map(|row| row.unwrap()).map(|row| at.map(|at| row[at].to_owned())).collect()
}

/// ROME's labels: competences and savoirs as skills, appellations as job titles.
fn rome() -> Option<Framework> {
    let folder = real_data("rome-4.60")?;
    let file = |name: &str| folder.join(format!("unix_{name}_v460_utf8.csv"));
    let mut builder = builder();
    for (name, names) in [
        ("referentiel_competence", ["code_ogr", "libelle_competence"]),
        ("referentiel_savoir", ["code_ogr_savoir", "libelle_savoir"]),
    ] {
        for [id, label] in columns(&file(name), names) {
            builder.skill(&id, SkillKind::Unspecified).unwrap();
            builder.skill_label(&id, "fr", &label).unwrap();
        }
    }
    for [id, label] in columns(&file("referentiel_code_rome"), ["code_rome", "libelle_rome"]) {
        occupation(&mut builder, &id);
        builder.occupation_text(&id, "fr", LabelRole::Preferred, &label).unwrap();
    }
    let names = ["code_rome", "libelle_appellation_long", "code_ogr"];
    for [occupation, title, id] in columns(&file("referentiel_appellation"), names) {
        builder.job_title(&occupation, "fr", &title, Some(&id)).unwrap();
    }
    Some(builder.build().unwrap())
}

#[test]
fn every_label_of_rome_finds_itself_and_its_forms() {
    let Some(framework) = rome() else { return };
    let lookup = Lookup::build(&framework).unwrap();
    assert_eq!(lookup.len(), 18_317 + 15_354 + 1_584 + 13_120);
    let options = FindOptions::new().limit(50).fuzzy(false);
    let found_how = |query: &str, concept: Concept| {
        let found = lookup.find(query, &options).unwrap();
        found.iter().find(|found| found.concept == concept).map(|found| found.how)
    };
    let (mut gendered, mut both_forms) = (0, 0);
    for (at, job) in (0u32..).zip(framework.titles().iter()) {
        let concept = Concept::JobTitle { title: at, occupation: job.occupation };
        if job.title.chars().count() > LONGEST_QUERY {
            assert_eq!(lookup.resolve(job.title, ConceptKind::JobTitle), Resolved::One(concept));
            continue;
        }
        assert_eq!(found_how(job.title, concept), Some(How::Exact), "{}", job.title);
        let capitals = job.title.to_uppercase();
        let how = found_how(&capitals, concept);
        assert!(how.is_some_and(|how| how <= How::Normalised), "{capitals}");
        // "A / B rest", the usual pattern: "A rest" and "B rest" must find it.
        let Some((first, second)) = job.title.split_once(" / ") else { continue };
        if first.contains(' ') {
            continue;
        }
        gendered += 1;
        let rest = second.split_once(' ').map_or("", |(_, rest)| rest);
        let forms = [format!("{first} {rest}"), second.to_owned()];
        both_forms += usize::from(
            forms
                .iter()
                .all(|form| found_how(form, concept).is_some_and(|how| how <= How::Normalised)),
        );
    }
    assert!(both_forms * 1000 >= gendered * 995, "{both_forms} of {gendered}");
    for skill in 0..framework.skills().members() {
        let Some(label) = framework.skills().label(skill, "fr") else { continue };
        if label.chars().count() <= LONGEST_QUERY {
            assert_eq!(found_how(label, Concept::Skill(skill)), Some(How::Exact), "{label}");
        }
        assert_ne!(lookup.resolve(label, ConceptKind::Skill), Resolved::None, "{label}");
    }
    let best = |query: &str| lookup.find(query, &FindOptions::new()).unwrap()[0].label.to_owned();
    assert!(best("agente d'entretien").starts_with("Agent / Agente d'entretien"));
    assert!(best("conductrice d'engins de chan").starts_with("Conducteur / Conductrice d'engins"));
    assert_eq!(best("langage c++"), "Langage C++");
    assert!(best("Boulangre").starts_with("Boulanger"));
}

#[test]
fn ambiguous_labels_of_esco_come_back_as_several() {
    let Some(folder) = real_data("esco-1.1.1-en") else { return };
    let mut builder = builder();
    let mut skills_of: HashMap<String, HashSet<u32>> = HashMap::new();
    let names = ["conceptUri", "preferredLabel", "altLabels"];
    for [id, preferred, alternative] in columns(&folder.join("skills_en.csv"), names) {
        let skill = builder.skill(&id, SkillKind::Unspecified).unwrap();
        builder.skill_label(&id, "en", &preferred).unwrap();
        for label in alternative.lines() {
            builder.skill_text(&id, "en", LabelRole::Alternative, label).unwrap();
        }
        for label in alternative.lines().chain([&*preferred]).map(str::trim) {
            if !label.is_empty() {
                skills_of.entry(label.to_owned()).or_default().insert(skill);
            }
        }
    }
    let lookup = Lookup::build(&builder.build().unwrap()).unwrap();
    let mut ambiguous = 0;
    for (label, skills) in &skills_of {
        let mut skills: Vec<_> = skills.iter().map(|&skill| Concept::Skill(skill)).collect();
        skills.sort_unstable();
        let resolved = lookup.resolve(label, ConceptKind::Skill);
        match skills.as_slice() {
            [one] => assert_eq!(resolved, Resolved::One(*one), "{label}"),
            _ => {
                ambiguous += 1;
                assert_eq!(resolved, Resolved::Several(skills), "{label}");
            }
        }
    }
    assert_eq!(ambiguous, 696, "as they are written");
    let mut folded: HashMap<String, HashSet<u32>> = HashMap::new();
    for (label, skills) in &skills_of {
        folded.entry(label.to_lowercase()).or_default().extend(skills);
    }
    folded.retain(|_, skills| skills.len() > 1);
    assert_eq!(folded.len(), 706, "with cases folded");
    for label in folded.keys() {
        // No label ends like this, so that none is found exactly.
        let resolved = lookup.resolve(&format!("{label} !"), ConceptKind::Skill);
        assert!(matches!(resolved, Resolved::Several(_)), "{label}: {resolved:?}");
    }
}
