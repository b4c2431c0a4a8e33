//! What the sample region promises: that it is what its seed gives, that everything it names is
//! there, and that it looks like a region.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use passerelle_datasets::{Framework, Necessity, Scale, Table, hauts_de_france};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hauts-de-france")
}

fn table(path: &str) -> Result<Table> {
    Ok(Table::read(&dir().join(path))?)
}

fn column(path: &str, name: &'static str) -> Result<Vec<String>> {
    Ok(table(path)?
        .rows()
        .map(|row| row.get(name).map(str::to_owned))
        .collect::<std::result::Result<_, _>>()?)
}

const PEOPLE: [&str; 5] = [
    "people/aisne.csv",
    "people/nord.csv",
    "people/oise.csv",
    "people/pas-de-calais.csv",
    "people/somme.csv",
];

/// One line of a profile.
struct Line {
    person: String,
    skill: String,
    level: u8,
    evidence: String,
    date: String,
    target: String,
}

fn lines(path: &str) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for row in table(path)?.rows() {
        lines.push(Line {
            person: row.get("person")?.to_owned(),
            skill: row.get("skill")?.to_owned(),
            level: row.parse("level", |v| if v.is_empty() { Some(0) } else { v.parse().ok() })?,
            evidence: row.get("evidence")?.to_owned(),
            date: row.get("date")?.to_owned(),
            target: row.get("target")?.to_owned(),
        });
    }
    Ok(lines)
}

fn all_lines() -> Result<Vec<Line>> {
    let mut all = Vec::new();
    for path in PEOPLE {
        all.extend(lines(path)?);
    }
    Ok(all)
}

/// Where evidence of this kind stands when several pieces speak of one skill (docs/formats.md).
fn rank(evidence: &str) -> u8 {
    match evidence {
        "certification" | "vae" => 4,
        "assessed" => 3,
        "employer" => 2,
        "badge" => 1,
        _ => 0,
    }
}

/// What each person holds, by skill, once the evidence is merged.
fn held() -> Result<BTreeMap<String, HashMap<String, u8>>> {
    let mut best: BTreeMap<String, HashMap<String, (u8, String, u8)>> = BTreeMap::new();
    for line in all_lines()? {
        let skills = best.entry(line.person).or_default();
        if line.skill.is_empty() {
            continue;
        }
        // Of equal rank and date the lower level wins: it sorts as the larger.
        let key = (rank(&line.evidence), line.date, u8::MAX - line.level);
        skills.entry(line.skill).and_modify(|k| *k = key.clone().max(k.clone())).or_insert(key);
    }
    let level = |(_, _, inverse): (u8, String, u8)| u8::MAX - inverse;
    Ok(best
        .into_iter()
        .map(|(person, skills)| (person, skills.into_iter().map(|(s, k)| (s, level(k))).collect()))
        .collect())
}

#[test]
fn committed_people_are_what_the_seed_gives() -> Result {
    let drawn = hauts_de_france(&dir())?;
    for file in &drawn {
        let committed = fs::read(dir().join(&file.path))?;
        assert!(
            committed == file.bytes,
            "{} is not what the seed gives: run `cargo run -p passerelle-datasets --bin \
             make-hauts-de-france` and look at the difference",
            file.path
        );
    }
    let paths: BTreeSet<&str> = drawn.iter().map(|file| file.path.as_str()).collect();
    let people: BTreeSet<String> = fs::read_dir(dir().join("people"))?
        .map(|entry| Ok(format!("people/{}", entry?.file_name().to_string_lossy())))
        .collect::<Result<_>>()?;
    assert!(people.iter().all(|path| paths.contains(path.as_str())), "a file nobody draws");
    Ok(())
}

#[test]
fn the_readme_counts_what_is_there() -> Result {
    let readme = fs::read_to_string(dir().join("README.md"))?;
    let mut files = vec!["territories.csv", "travel.csv", "people_attributes.csv"];
    files.extend(["post_conditions.csv", "pools.csv"]);
    files.extend(["pools/agence-interim.csv", "pools/portefeuille.csv"]);
    files.extend(PEOPLE);
    files.extend([
        "framework/scales.csv",
        "framework/groups.csv",
        "framework/skills.csv",
        "framework/occupation_groups.csv",
        "framework/occupations.csv",
        "framework/job_titles.csv",
        "framework/labels.csv",
        "framework/requirements.csv",
        "framework/prerequisites.csv",
    ]);
    for path in files {
        let line = format!("| `{path}` | {} |", table(path)?.len());
        assert!(readme.contains(&line), "README.md lacks `{line}`");
        let bytes = fs::metadata(dir().join(path))?.len();
        assert!(bytes < 2_000_000, "{path} has {bytes} bytes");
    }
    Ok(())
}

#[test]
fn the_region_is_as_large_as_promised() -> Result {
    let framework = Framework::read(&dir().join("framework"))?;
    assert!(framework.skills.len() >= 250);
    assert!(framework.occupations.len() >= 48);
    assert!(table("territories.csv")?.len() >= 26);
    for occupation in &framework.occupations {
        let count = occupation.requirements.len();
        assert!((15..=30).contains(&count), "{} requires {count} skills", occupation.id);
    }
    assert_eq!(held()?.len(), passerelle_datasets::people::PEOPLE);
    Ok(())
}

#[test]
fn every_id_exists_and_stands_once() -> Result {
    let unique = |path: &str| -> Result<HashSet<String>> {
        let ids = column(path, "id")?;
        let set: HashSet<String> = ids.iter().cloned().collect();
        assert_eq!(ids.len(), set.len(), "{path} holds an id twice");
        Ok(set)
    };
    let skills = unique("framework/skills.csv")?;
    let groups = unique("framework/groups.csv")?;
    assert!(skills.is_disjoint(&groups));
    let occupations = unique("framework/occupations.csv")?;
    let sectors = unique("framework/occupation_groups.csv")?;
    let territories = unique("territories.csv")?;
    let scales: HashSet<String> = column("framework/scales.csv", "scale")?.into_iter().collect();
    let people: HashSet<String> = held()?.into_keys().collect();
    let above: HashSet<String> = skills.union(&groups).cloned().collect();
    let modes = HashSet::from(["car", "public", "bike"].map(str::to_owned));

    for (path, name, known) in [
        ("framework/skills.csv", "broader", &above),
        ("framework/skills.csv", "scale", &scales),
        ("framework/groups.csv", "broader", &groups),
        ("framework/occupations.csv", "broader", &sectors),
        ("framework/occupation_groups.csv", "broader", &sectors),
        ("framework/job_titles.csv", "occupation", &occupations),
        ("framework/labels.csv", "id", &skills),
        ("framework/requirements.csv", "occupation", &occupations),
        ("framework/requirements.csv", "skill", &skills),
        ("framework/prerequisites.csv", "skill", &skills),
        ("framework/prerequisites.csv", "requires", &skills),
        ("territories.csv", "parents", &territories),
        ("travel.csv", "from", &territories),
        ("travel.csv", "to", &territories),
        ("travel.csv", "mode", &modes),
        ("people_attributes.csv", "territory", &territories),
        ("people_attributes.csv", "modes", &modes),
        ("people_attributes.csv", "person", &people),
    ] {
        for row in table(path)?.rows() {
            for id in row.list(name)? {
                assert!(known.contains(id), "{path}: no `{id}` for column {name}");
            }
        }
    }
    for line in all_lines()? {
        assert!(line.skill.is_empty() || skills.contains(&line.skill), "no skill {}", line.skill);
        assert!(line.target.is_empty() || occupations.contains(&line.target));
    }
    assert_eq!(column("people_attributes.csv", "person")?.len(), people.len());
    Ok(())
}

#[test]
fn pairs_stand_once() -> Result {
    for (path, names) in [
        ("framework/requirements.csv", vec!["occupation", "skill"]),
        ("framework/prerequisites.csv", vec!["skill", "requires"]),
        ("framework/job_titles.csv", vec!["occupation", "title", "language"]),
        ("framework/labels.csv", vec!["id", "role", "text", "language"]),
        ("framework/scales.csv", vec!["scale", "step"]),
        ("travel.csv", vec!["from", "to", "mode"]),
    ] {
        let mut seen = HashSet::new();
        for row in table(path)?.rows() {
            let key = names
                .iter()
                .map(|name| row.get(name))
                .collect::<std::result::Result<Vec<_>, _>>()?;
            assert!(seen.insert(format!("{key:?}")), "{path} holds {key:?} twice");
        }
    }
    Ok(())
}

#[test]
fn labels_are_clean_and_their_own() -> Result {
    for path in ["framework/skills.csv", "framework/groups.csv", "framework/occupations.csv"] {
        for name in ["label_fr", "label_en"] {
            let labels = column(path, name)?;
            let distinct: HashSet<String> = labels.iter().map(|l| l.to_lowercase()).collect();
            assert_eq!(distinct.len(), labels.len(), "{path} holds a {name} twice");
            for label in labels {
                assert!(!label.is_empty(), "{path}: an empty {name}");
                assert!(!label.contains("  ") && !label.contains('|'), "{path}: `{label}`");
            }
        }
    }
    Ok(())
}

/// What points to what, by the ids' names.
type Edges = HashMap<String, Vec<String>>;

fn edges(path: &str, from: &'static str, to: &'static str, edges: &mut Edges) -> Result {
    for row in table(path)?.rows() {
        let to = row.list(to)?.into_iter().map(str::to_owned);
        edges.entry(row.get(from)?.to_owned()).or_default().extend(to);
    }
    Ok(())
}

/// Whether removing what points to nothing, again and again, leaves nothing.
fn unwinds(mut edges: Edges) -> bool {
    loop {
        let ends: HashSet<String> = (edges.values().flatten())
            .filter(|id| edges.get(*id).is_none_or(Vec::is_empty))
            .cloned()
            .collect();
        if ends.is_empty() {
            return edges.values().all(Vec::is_empty);
        }
        edges.values_mut().for_each(|to| to.retain(|id| !ends.contains(id)));
    }
}

#[test]
fn nothing_goes_round_in_circles() -> Result {
    let mut skills = Edges::new();
    edges("framework/skills.csv", "id", "broader", &mut skills)?;
    assert!(skills.values().any(|parents| parents.len() > 1), "a tree, not a DAG");
    edges("framework/groups.csv", "id", "broader", &mut skills)?;
    assert!(unwinds(skills), "a cycle in the hierarchy of skills");

    for (path, from, to) in [
        ("framework/occupation_groups.csv", "id", "broader"),
        ("framework/prerequisites.csv", "skill", "requires"),
        ("territories.csv", "id", "parents"),
    ] {
        let mut all = Edges::new();
        edges(path, from, to, &mut all)?;
        assert!(unwinds(all), "a cycle in {path}");
    }
    let two = HashMap::from([("a", "b"), ("b", "a")].map(|(a, b)| (a.into(), vec![b.into()])));
    assert!(!unwinds(two), "this test sees no cycle");
    Ok(())
}

#[test]
fn occupations_are_those_of_rome() -> Result {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let data = std::env::var_os("PASSERELLE_DATA")
        .map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let path = data.join("rome-4.60/unix_referentiel_code_rome_v460_utf8.csv");
    if !path.is_file() {
        assert_ne!(
            std::env::var("PASSERELLE_REQUIRE_DATA").as_deref(),
            Ok("1"),
            "PASSERELLE_REQUIRE_DATA=1 and no {}",
            path.display()
        );
        eprintln!("skipped: occupations_are_those_of_rome, no {}", path.display());
        return Ok(());
    }
    let rome = Table::read(&path)?;
    let mut labels = HashMap::new();
    for row in rome.rows() {
        labels.insert(row.get("code_rome")?, row.get("libelle_rome")?);
    }
    for row in table("framework/occupations.csv")?.rows() {
        let id = row.get("id")?;
        assert_eq!(labels.get(id).copied(), Some(row.get("label_fr")?), "{id} is not ROME's");
    }
    Ok(())
}

#[test]
fn the_shares_are_those_of_the_public_figures() -> Result {
    let people = table("people_attributes.csv")?;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in people.rows() {
        for name in ["qpv", "disabled", "under_26", "over_50", "rsa", "long_term"] {
            *counts.entry(name).or_default() += usize::from(row.get(name)? == "1");
        }
        *counts.entry("no diploma").or_default() += usize::from(row.get("level")? == "0");
        assert!(row.get("under_26")? == "0" || row.get("over_50")? == "0");
        let level = row.get("level")?;
        assert!(["", "0", "3", "4", "5", "6", "7"].contains(&level), "level {level}");
    }
    let expected = BTreeMap::from([
        ("qpv", 780),         // 13 %
        ("disabled", 720),    // 12 %
        ("under_26", 960),    // 16 %
        ("over_50", 1800),    // 30 %
        ("rsa", 900),         // 15 %
        ("long_term", 2910),  // 48.5 %
        ("no diploma", 2400), // 40 %: 240,000 of 600,000
    ]);
    assert_eq!(counts, expected);
    Ok(())
}

#[test]
fn profiles_hold_what_real_ones_do() -> Result {
    let framework = Framework::read(&dir().join("framework"))?;
    let scale: HashMap<&str, Scale> =
        framework.skills.iter().map(|skill| (skill.id.as_str(), skill.scale)).collect();
    let people = held()?;
    let all = all_lines()?;
    let spoken: Vec<&Line> = all.iter().filter(|line| !line.skill.is_empty()).collect();

    let mean = spoken.len() * 10 / people.len();
    assert!((120..=160).contains(&mean), "{mean} tenths of a row for each person");
    let zero = spoken.iter().filter(|line| line.level == 0).count() * 1000 / spoken.len();
    assert!((30..=60).contains(&zero), "{zero} in a thousand at level 0");
    for line in &spoken {
        assert!(line.level <= scale[line.skill.as_str()].top(), "{} {}", line.person, line.skill);
        assert!(line.date.is_empty() || ("2009".."2026-07").contains(&line.date.as_str()));
    }
    for year in ["2009", "2026"] {
        assert!(spoken.iter().any(|line| line.date.starts_with(year)), "nothing of {year}");
    }
    assert!(spoken.iter().any(|line| line.date.is_empty()), "everything is dated");
    let kinds: BTreeSet<&str> = spoken.iter().map(|line| line.evidence.as_str()).collect();
    assert_eq!(kinds.len(), 6, "{kinds:?}");

    let mut pieces: HashMap<(&str, &str), Vec<(&str, u8)>> = HashMap::new();
    for line in &spoken {
        let about = pieces.entry((&line.person, &line.skill)).or_default();
        about.push((&line.evidence, line.level));
    }
    let disagree = pieces.values().filter(|p| p.iter().any(|&(_, l)| l != p[0].1)).count();
    assert!(disagree > 1000, "{disagree} skills on which the evidence disagrees");

    let full = all.iter().filter(|line| !line.target.is_empty()).count();
    assert!((60..=600).contains(&full), "{full} people assessed in full");
    let unknown = people.values().filter(|skills| skills.is_empty()).count();
    assert_eq!(unknown, passerelle_datasets::people::UNKNOWN);

    let mut files: HashMap<String, &str> = HashMap::new();
    for path in PEOPLE {
        for line in lines(path)? {
            let file = files.entry(line.person).or_insert(path);
            assert_eq!(*file, path, "someone stands in two files");
        }
    }
    Ok(())
}

#[test]
fn what_is_held_never_rests_on_what_is_known_to_be_lacking() -> Result {
    let framework = Framework::read(&dir().join("framework"))?;
    for (person, skills) in held()? {
        for &(skill, requires) in &framework.strict {
            let level = |at: usize| skills.get(&framework.skills[at].id);
            let broken = level(skill).is_some_and(|&l| l > 0) && level(requires) == Some(&0);
            assert!(
                !broken,
                "{person} holds {} without {}",
                framework.skills[skill].id, framework.skills[requires].id
            );
        }
    }
    Ok(())
}

#[test]
fn profiles_say_nothing_of_what_must_not_weigh() -> Result {
    let attributes = fs::read_to_string(dir().join("people_attributes.csv"))?;
    let kept_apart: HashSet<&str> =
        attributes.lines().next().unwrap_or_default().split(',').collect();
    for path in PEOPLE {
        let text = fs::read_to_string(dir().join(path))?;
        let header = text.lines().next().unwrap_or_default();
        for column in header.split(',').filter(|&column| !["person", "level"].contains(&column)) {
            assert!(!kept_apart.contains(column), "{path} has a column {column}");
        }
        assert_eq!(header, "person,skill,level,evidence,date,assessor,target");
    }
    Ok(())
}

#[test]
fn every_occupation_is_within_reach_of_some_and_not_of_most() -> Result {
    let framework = Framework::read(&dir().join("framework"))?;
    let people = held()?;
    for occupation in &framework.occupations {
        let id = &occupation.id;
        let (mut near, mut eligible) = (0, 0);
        for skills in people.values() {
            let (mut total, mut credit, mut free) = (0, 0, true);
            for r in &occupation.requirements {
                let held = skills.get(&framework.skills[r.skill].id).copied().unwrap_or(0);
                if r.necessity != Necessity::Optional {
                    total += u32::from(r.weight) * u32::from(r.level);
                    credit += u32::from(r.weight) * u32::from(r.level.min(held));
                }
                free &= r.necessity != Necessity::Blocking || held >= r.level;
            }
            if credit * 5 >= total * 4 {
                near += 1;
                eligible += usize::from(free);
            }
        }
        assert!(near >= 2, "{near} people cover four fifths of what is essential for {id}");
        assert!(eligible >= 1, "nobody near {id} holds what blocks it");
        assert!(near * 20 < people.len(), "{near} people are near {id}: too easy to tell anything");
    }
    Ok(())
}

#[test]
fn neighbours_share_skills_at_levels_of_their_own() -> Result {
    let framework = Framework::read(&dir().join("framework"))?;
    let mut levels: HashMap<usize, BTreeSet<u8>> = HashMap::new();
    for a in &framework.occupations {
        for r in &a.requirements {
            levels.entry(r.skill).or_default().insert(r.level);
        }
        let nearest = (framework.occupations.iter())
            .filter(|b| b.id != a.id)
            .map(|b| {
                let shared = |skill| b.requirements.iter().any(|r| r.skill == skill);
                a.requirements.iter().filter(|r| shared(r.skill)).count()
            })
            .max();
        assert!(nearest >= Some(6), "{} shares no more than {nearest:?} skills", a.id);
    }
    let differ = levels.values().filter(|levels| levels.len() > 1).count();
    assert!(differ >= 150, "{differ} skills are required at more than one level");
    assert_eq!(levels.len(), framework.skills.len(), "a skill that nothing requires");
    Ok(())
}

#[test]
fn travel_takes_time_and_not_everything_is_reached() -> Result {
    let mut minutes = HashMap::new();
    for row in table("travel.csv")?.rows() {
        let time: u32 = row.parse("minutes", |v| v.parse().ok().filter(|&time| time > 0))?;
        minutes.insert(
            (row.get("from")?.to_owned(), row.get("to")?.to_owned(), row.get("mode")?.to_owned()),
            time,
        );
    }
    for ((from, to, mode), time) in &minutes {
        let back = minutes.get(&(to.clone(), from.clone(), mode.clone()));
        assert_eq!(back, Some(time), "{from} - {to} by {mode}");
    }
    let count = |wanted: &str| minutes.keys().filter(|(_, _, mode)| mode == wanted).count();
    assert_eq!(count("car"), 24 * 24);
    assert!(count("public") < count("car") && count("bike") < count("public"));
    Ok(())
}

#[test]
fn needs_come_from_many_sensors_in_every_sector() -> Result {
    let needs = table("needs.csv")?;
    let sensors: HashSet<String> = column("sensors.csv", "id")?.into_iter().collect();
    let groups: HashSet<String> =
        column("framework/occupation_groups.csv", "id")?.into_iter().collect();
    let (mut told, mut sectors, mut words) = (BTreeMap::new(), BTreeSet::new(), 0);
    let occupations: HashSet<String> =
        column("framework/occupations.csv", "id")?.into_iter().collect();
    for row in needs.rows() {
        *told.entry(row.get("sensor")?.to_owned()).or_insert(0) += 1;
        let (sector, occupation) = (row.get("sector")?, row.get("occupation")?);
        assert!(groups.contains(sector), "{sector}");
        sectors.insert(sector.to_owned());
        words += usize::from(!occupation.is_empty() && !occupations.contains(occupation));
    }
    let undeclared: Vec<_> = told.keys().filter(|sensor| !sensors.contains(*sensor)).collect();
    assert_eq!(undeclared, ["reseau-social"], "one line is wrong on purpose");
    assert!(told.values().sum::<i32>() >= 150 && told.len() >= 6);
    assert_eq!(sectors.len(), groups.len() - 2, "every sector, but the two that group them");
    assert!(words >= 10, "occupations in words: {words}");
    Ok(())
}
