//! The command, run as a user runs it.

#![allow(missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

fn hub() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../datasets/hauts-de-france")
}

fn framework() -> String {
    hub().join("framework").display().to_string()
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_passerelle"))
        .args(arguments)
        .output()
        .expect("the command starts")
}

/// Runs a command that must succeed, and gives what it printed.
fn done(arguments: &[&str]) -> String {
    let output = run(arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("what is printed is UTF-8")
}

/// Runs a command that must be refused, and gives its one line.
fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    let line = String::from_utf8(output.stderr).expect("what is printed is UTF-8");
    assert_eq!(line.trim_end().lines().count(), 1, "{line}");
    line
}

fn path(folder: &TempDir, name: &str) -> String {
    folder.path().join(name).display().to_string()
}

fn people(folder: &TempDir) -> String {
    let people = path(folder, "people.csv");
    done(&["sample", &framework(), "--people", "300", "--seed", "4", "-o", &people]);
    people
}

#[test]
fn the_hub_says_who_is_how_far_and_writes_everything() {
    let folder = TempDir::new().unwrap();
    let (one, two) = (path(&folder, "one"), path(&folder, "two"));
    let hub = hub().display().to_string();
    let screen = done(&["hub", &hub, "-o", &one, "--threads", "1"]);
    assert!(screen.contains("6000 personnes"), "{screen}");
    assert!(screen.contains("Compétences qui manquent le plus"), "{screen}");
    let screen = done(&["hub", &hub, "-o", &one, "--threads", "1", "--lang", "en"]);
    assert!(screen.contains("6000 people") && screen.contains("Skills most missed"), "{screen}");
    done(&["hub", &hub, "-o", &two, "--threads", "3", "--lang", "en"]);
    for name in ["matches.csv", "occupations.csv", "missing_skills.csv", "summary.json"] {
        let bytes = fs::read(Path::new(&one).join(name)).unwrap();
        assert!(bytes.len() > 100, "{name}");
        assert_eq!(bytes, fs::read(Path::new(&two).join(name)).unwrap(), "{name}");
    }
    let summary = fs::read_to_string(Path::new(&one).join("summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["people"], 6000);
}

/// Every column of every file that counts people, and the summary.
fn no_count_is_about_1_to_10_people(folder: &Path) {
    let columns: &[(&str, &[&str])] = &[
        ("occupations.csv", &["nearest", "among_best", "eligible", "to_ask", "licence_only"]),
        ("missing_skills.csv", &["people", "develop", "acquire", "unknown"]),
        ("tension.csv", &["people"]),
        ("skill_balance.csv", &["holders"]),
        ("exclusions.csv", &["short", "silent", "alone", "people"]),
        ("best_people.csv", &["considered", "set_aside"]),
        ("open_gaps.csv", &["people"]),
        ("adequacy.csv", &["seats", "lacking", "closed"]),
        ("indicators.csv", &["numerator", "denominator"]),
    ];
    let few = |text: &str| text.parse::<u64>().is_ok_and(|count| (1..11).contains(&count));
    for (name, columns) in columns {
        let mut reader = csv::Reader::from_path(folder.join(name)).unwrap();
        let header = reader.headers().unwrap().clone();
        for row in reader.records() {
            let row = row.unwrap();
            for column in *columns {
                let at = header.iter().position(|name| name == *column).unwrap();
                let mut counts = row[at].split('|').map(|one| one.rsplit(':').next().unwrap());
                assert!(!counts.any(few), "{name}: {row:?}");
            }
        }
    }
    let summary = fs::read_to_string(folder.join("summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    let training = &summary["modules"]["training"];
    for count in [
        &summary["eligible"],
        &summary["to_ask"],
        &summary["unmatched"],
        &training["learners"],
        &training["seats"],
    ] {
        assert!(!few(&count.to_string()), "{count}");
    }
}

/// The cells of a line of a table, by the columns of characters that they take: two spaces at least
/// lie between two of them.
fn cells(line: &str) -> Vec<(std::ops::Range<usize>, String)> {
    let letters: Vec<char> = line.chars().chain([' ', ' ']).collect();
    let (mut cells, mut start) = (Vec::new(), None);
    for at in 0..letters.len() - 1 {
        match (start, letters[at] == ' ') {
            (None, false) => start = Some(at),
            (Some(from), true) if letters[at + 1] == ' ' => {
                cells.push((from..at, letters[from..at].iter().collect()));
                start = None;
            }
            _ => {}
        }
    }
    cells
}

/// Every count of people on the screen: in the columns of its tables, and in its sentences.
fn no_count_on_the_screen_is_about_1_to_10_people(screen: &str) {
    let counted = [
        "plus proche",
        "parmi les proches",
        "éligibles",
        "à interroger",
        "titre seul",
        "personnes",
        "à développer",
        "à acquérir",
        "à demander",
        "écartées par elle seule",
        "dont à interroger",
    ];
    let sentences = [
        "éligibles à l'un au moins des plus proches",
        "trop peu d'éléments pour le dire",
        "aucune compétence commune avec un métier",
        "Viviers (personnes)",
        "postes appellent une formation",
    ];
    let few = |text: &str| text.parse::<u64>().is_ok_and(|count| (1..11).contains(&count));
    let mut columns: Vec<std::ops::Range<usize>> = Vec::new();
    let (mut checked, mut said) = (0, 0);
    for line in screen.lines() {
        let cells = cells(line);
        let header = cells.iter().filter(|(_, text)| counted.contains(&text.as_str()));
        let header: Vec<_> = header.map(|(at, _)| at.clone()).collect();
        if cells.len() < 2 {
            columns.clear();
        } else if !header.is_empty() {
            columns = header;
            continue;
        }
        for (at, text) in &cells {
            if columns.iter().any(|column| at.start < column.end && column.start < at.end) {
                assert!(!few(text), "{text}: {line}");
                checked += 1;
            }
        }
        if let Some(sentence) = sentences.iter().find(|sentence| line.contains(*sentence)) {
            said += 1;
            // Positions are no people, and shares no counts.
            let people = line.split(sentence).nth(1).unwrap();
            let people = people.split('(').filter(|part| !part.contains('%')).collect::<String>();
            assert!(!people.split(|c: char| !c.is_ascii_digit()).any(few), "{line}");
        }
    }
    assert!(checked > 150 && said == sentences.len(), "{checked} cells, {said} lines: {screen}");
}

#[test]
fn a_plan_is_checked_and_one_that_was_tampered_with_is_refused_with_its_line() {
    let folder = TempDir::new().unwrap();
    let out = path(&folder, "out");
    let hub = hub().display().to_string();
    done(&["hub", &hub, "-o", &out]);
    let told = done(&["check-plan", &out, &hub]);
    assert!(told.contains("Le plan tient"), "{told}");
    let plan = Path::new(&out).join("plan.csv");
    let text = fs::read_to_string(&plan).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    let person = lines[1].split(',').next().unwrap();
    let nobody = lines[1].replacen(person, "nobody", 1);
    lines[1] = &nobody;
    fs::write(&plan, lines.join("\n")).unwrap();
    let line = refused(&["check-plan", &out, &hub]);
    assert!(line.contains("line 2, column `person`: `nobody`"), "{line}");
    let mut dear: Vec<&str> = text.lines().nth(1).unwrap().split(',').collect();
    dear[9] = "1.23";
    let dear = dear.join(",");
    lines[1] = &dear;
    fs::write(&plan, lines.join("\n")).unwrap();
    let line = refused(&["check-plan", &out, &hub]);
    assert!(line.contains("the first: plan.csv, line 2: the price is 123 cents"), "{line}");
    // A seat taken out: what is written as bought is more than the seats come to.
    lines.remove(1);
    fs::write(&plan, lines.join("\n")).unwrap();
    let line = refused(&["check-plan", &out, &hub]);
    assert!(line.contains("faults, the first:"), "{line}");
    // A bound that the prices do not prove.
    fs::write(&plan, &text).unwrap();
    let certificate = Path::new(&out).join("certificate.json");
    let mut told: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&certificate).unwrap()).unwrap();
    let closed = told["closed"].clone();
    (told["bound"], told["bound_considered"]) = (closed.clone(), closed);
    fs::write(&certificate, told.to_string()).unwrap();
    let line = refused(&["check-plan", &out, &hub]);
    assert!(line.contains("bound"), "{line}");
    let line = refused(&["check-plan", &out, &framework()]);
    assert!(line.contains("looked for"), "{line}");
}

#[test]
fn the_hub_runs_all_three_modules_on_a_region_with_needs() {
    let folder = TempDir::new().unwrap();
    let (one, two) = (path(&folder, "one"), path(&folder, "two"));
    let hub = hub().display().to_string();
    let screen = done(&["hub", &hub, "-o", &one, "--threads", "1"]);
    for shown in [
        "── Recrutement ──",
        "16 capteurs",
        "1 contradiction",
        "── Compétences ──",
        "Tension par métier",
        "pénurie",
        "Passerelles vers",
        "écarte le plus de personnes",
        "masquées",
    ] {
        assert!(screen.contains(shown), "{shown}: {screen}");
    }
    done(&["hub", &hub, "-o", &two, "--threads", "3"]);
    for name in [
        "consolidated_needs.csv",
        "vacancies.csv",
        "asked_skills.csv",
        "skill_breadth.csv",
        "conflicts.csv",
        "tension.csv",
        "skill_balance.csv",
        "bridges.csv",
        "near_sectors.csv",
        "exclusions.csv",
        "best_people.csv",
        "plan.csv",
        "certificate.json",
        "purchases.csv",
        "open_gaps.csv",
        "uncovered.csv",
        "adequacy.csv",
        "indicators.csv",
    ] {
        let bytes = fs::read(Path::new(&one).join(name)).unwrap();
        assert!(bytes.len() > 100, "{name}");
        assert_eq!(bytes, fs::read(Path::new(&two).join(name)).unwrap(), "{name}");
    }
    no_count_on_the_screen_is_about_1_to_10_people(&screen);
    let screen = screen.split("── Formation ──").nth(1).expect("training comes last");
    for shown in ["À acheter", "Qui paie", "Ce qui reste ouvert", "de l'optimum", "check-plan"] {
        assert!(screen.contains(shown), "{shown}: {screen}");
    }
    no_count_is_about_1_to_10_people(Path::new(&one));
    let screen =
        done(&["hub", &hub, "-o", &one, "--lang", "en", "--scenario", "Numérique pour tous"]);
    assert!(screen.contains("scenario : Numérique pour tous"), "{screen}");
    let line = refused(&["hub", &hub, "-o", &one, "--scenario", "nothing"]);
    assert!(line.contains("unknown scenario `nothing`"), "{line}");
}

#[test]
fn a_gap_matrix_in_tiles_is_the_same_file() {
    let folder = TempDir::new().unwrap();
    let people = people(&folder);
    let (whole, tiled) = (path(&folder, "whole.npy"), path(&folder, "tiled.npy"));
    done(&["gap", &framework(), &people, "-o", &whole]);
    done(&["gap", &framework(), &people, "--tile", "7", "-o", &tiled]);
    let bytes = fs::read(&whole).unwrap();
    assert_eq!(bytes, fs::read(&tiled).unwrap());
    assert_eq!(&bytes[..6], b"\x93NUMPY");
    let header = String::from_utf8_lossy(&bytes[..128]).into_owned();
    assert!(header.contains("(300, 62") && header.contains("<f4"), "{header}");
    let rows = fs::read_to_string(path(&folder, "whole.rows.csv")).unwrap();
    assert_eq!(rows.lines().count(), 301);
    let columns = fs::read_to_string(path(&folder, "whole.cols.csv")).unwrap();
    assert_eq!(columns.lines().count(), 63);

    let csv = path(&folder, "one.csv");
    done(&["gap", &framework(), &people, "--target", "N1101", "--measure", "gap", "-o", &csv]);
    let csv = fs::read_to_string(csv).unwrap();
    assert_eq!(csv.lines().next(), Some("person,N1101"));
    assert_eq!(csv.lines().count(), 301);
}

#[test]
fn asking_for_more_than_there_is_gives_all_and_takes_no_room() {
    let folder = TempDir::new().unwrap();
    let people = people(&folder);
    let (all, more) = (path(&folder, "all.csv"), path(&folder, "more.csv"));
    for best in ["people", "targets"] {
        let rank = ["rank", &framework(), &people, "--for", best, "-k"];
        done(&[&rank[..], &["300", "-o", &all]].concat());
        done(&[&rank[..], &["1000000000000", "-o", &more]].concat());
        assert_eq!(fs::read(&all).unwrap(), fs::read(&more).unwrap());
    }
}

#[test]
fn a_snapshot_gives_what_its_folder_gives() {
    let folder = TempDir::new().unwrap();
    let people = people(&folder);
    let snapshot = path(&folder, "hdf.passerelle");
    done(&["read", "csv", &framework(), "-o", &snapshot]);
    done(&["verify", &snapshot]);
    let (one, two) = (path(&folder, "one.csv"), path(&folder, "two.csv"));
    done(&["rank", &framework(), &people, "-k", "3", "-o", &one]);
    done(&["rank", &snapshot, &people, "-k", "3", "-o", &two]);
    assert_eq!(fs::read(&one).unwrap(), fs::read(&two).unwrap());
    let first = fs::read_to_string(&one).unwrap();
    let mut fields = first.lines().nth(1).unwrap().split(',');
    let (person, target) = (fields.next().unwrap(), fields.next().unwrap());

    let why = done(&["explain", &snapshot, &people, person, target, "--json"]);
    let why: serde_json::Value = serde_json::from_str(&why).unwrap();
    assert_eq!(why["target"], *target);
    let words = done(&["explain", &snapshot, &people, person, target]);
    assert!(words.contains(person), "{words}");

    let snapshot_of_people = path(&folder, "people.passerelle");
    done(&["sample", &snapshot, "--people", "300", "--seed", "4", "-o", &snapshot_of_people]);
    done(&["rank", &snapshot, &snapshot_of_people, "-k", "3", "-o", &two]);
    assert_eq!(fs::read(&one).unwrap(), fs::read(&two).unwrap());
}

#[test]
fn people_are_ranked_for_targets_too() {
    let folder = TempDir::new().unwrap();
    let people = people(&folder);
    let best = path(&folder, "best.csv");
    let strategy = ["--strategy", "cosine", "--for", "targets"];
    let rank = ["rank", &framework(), &people, "-k", "2", "-o", &best];
    done(&[&rank[..], &strategy].concat());
    let best = fs::read_to_string(best).unwrap();
    assert_eq!(best.lines().count(), 62 * 2 + 1);
}

#[test]
fn a_framework_says_what_it_holds_and_finds_labels() {
    let info = done(&["info", &framework()]);
    assert!(info.contains("62") && info.contains("1475"), "{info}");
    let info = done(&["info", &framework(), "--json"]);
    let info: serde_json::Value = serde_json::from_str(&info).unwrap();
    assert_eq!(info["requirements"], 1475);
    let found = done(&["find", &framework(), "conduire un chariot", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&found).unwrap();
    assert!(!found.as_array().unwrap().is_empty());
    // A typing error in a phrase: no label, but like some.
    let found = done(&["find", &framework(), "chriot elevateur a conduire", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&found).unwrap();
    let ids = found.as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap());
    // The occupation's job titles drive fork-lift trucks too.
    assert_eq!(ids.take(2).collect::<Vec<_>>(), ["N1101", "log-chariot"], "{found}");
    assert!(found[0]["score"].as_f64().unwrap() > 0.2 && found[0]["sure"].is_boolean(), "{found}");
    let said = done(&["find", &framework(), "chriot elevateur a conduire"]);
    assert!(said.starts_with("no label `chriot elevateur a conduire`; alike"), "{said}");
}

#[test]
fn people_are_ranked_by_scorers_too_and_exhaustive_rankings_say_so() {
    let folder = TempDir::new().unwrap();
    let (people, out) = (people(&folder), path(&folder, "out.csv"));
    let rank = |strategy: &str| {
        done(&[
            "rank",
            &framework(),
            &people,
            "--for",
            "targets",
            "-k",
            "2",
            "--strategy",
            strategy,
            "-o",
            &out,
        ])
    };
    assert!(rank("alike").contains("(every pair scored)"));
    assert!(!rank("coverage").contains("every pair"));
    let rows = fs::read_to_string(&out).unwrap();
    assert!(rows.lines().count() > 2, "{rows}");
}

#[test]
fn what_is_wrong_is_refused_in_one_line_that_says_what_to_do() {
    let folder = TempDir::new().unwrap();
    let people = people(&folder);
    let framework = framework();
    let out = path(&folder, "out.csv");

    let line = refused(&["gap", &framework, &people, "--target", "N1110x", "-o", &out]);
    assert!(line.contains("unknown target `N1110x`; did you mean `N11"), "{line}");
    let line = refused(&["rank", &framework, &people, "-k", "0", "-o", &out]);
    assert!(line.contains("`k` is 0; it must be at least 1"), "{line}");
    let line = refused(&["rank", &framework, &people, "--strategy", "luck", "-o", &out]);
    assert!(line.contains("coverage"), "{line}");
    let line =
        refused(&["gap", &framework, &people, "--memory", "1KiB", "-o", &path(&folder, "m.npy")]);
    assert!(line.contains("74400 bytes") && line.contains("--tile"), "{line}");
    let line = refused(&["explain", &framework, &people, "p999", "N1101"]);
    assert!(line.contains("unknown person `p999`"), "{line}");
    let line = refused(&["info", &folder.path().display().to_string()]);
    assert!(line.contains("looked for"), "{line}");
    let line = refused(&["hub", &framework]);
    assert!(line.contains("looked for"), "{line}");
    let line = refused(&["gap", &framework, &people, "-o", &path(&folder, "gaps.txt")]);
    assert!(line.contains(".npy or .csv"), "{line}");
    let line = refused(&["rank", &framework, &path(&folder, "nobody.csv"), "-o", &out]);
    assert!(line.contains("nobody.csv"), "{line}");
    let line = refused(&["verify", &people]);
    assert!(line.contains("not a passerelle snapshot"), "{line}");
    assert!(!Path::new(&out).exists(), "what was refused wrote nothing");

    let missing = run(&["rank", &framework]);
    assert_eq!(missing.status.code(), Some(2), "misuse is told apart from refusal");
}

#[test]
fn strategies_are_evaluated_into_a_table_a_csv_and_a_chart() {
    let folder = TempDir::new().unwrap();
    let (csv, svg) = (path(&folder, "out.csv"), path(&folder, "out.svg"));
    let framework = framework();
    let asked =
        ["evaluate", &framework, "--task", "from-50", "--half", "all", "--against", "ochiai"];
    let more = ["--strategy", "all", "-o", &csv, "--chart", &svg];
    let table = done(&[&asked[..], &more].concat());
    assert!(table.contains("from-50: 62 queries") && table.contains("baseline"), "{table}");
    assert!(table.contains("tversky(0.5,0.5)") && table.contains("walk(k=20,on=0.5)"), "{table}");
    let rows = fs::read_to_string(&csv).unwrap();
    assert!(rows.starts_with("task,queries,strategy,metric,mean,low,high"), "{rows}");
    assert!(fs::read_to_string(&svg).unwrap().trim_start().starts_with("<svg"));

    let links = path(&folder, "links.csv");
    fs::write(&links, "query;relevant;grade\nN1103;N1101;2\nN1103;N9999;1\n").unwrap();
    let asked = ["evaluate", &framework, "--task", "links", "--links", &links, "--half", "all"];
    let json = done(&[&asked[..], &["--strategy", "cosine", "--json"]].concat());
    assert!(json.contains("\"strategy\": \"cosine\""), "{json}");
    let line = refused(&["evaluate", &framework, "--task", "luck"]);
    assert!(line.contains("from-20"), "{line}");
}

#[test]
fn credits_versions_and_sources_go_through_the_command() {
    let folder = TempDir::new().unwrap();
    let (framework, people) = (framework(), people(&folder));
    let out = path(&folder, "out.csv");
    let asked = ["rank", &framework, &people, "-k", "3", "--transfer", "co-occurrence", "-o", &out];
    assert!(done(&asked).contains("900 matches by coverage for 300 people"));
    done(&["rank", &framework, &people, "--strategy", "alike", "-o", &out]);
    let best = fs::read_to_string(&out).unwrap();
    let first: Vec<&str> = best.lines().nth(1).unwrap().split(',').collect();
    let why = done(&["explain", &framework, &people, first[0], first[1], "--strategy", "alike"]);
    assert!(why.contains("skills: "), "{why}");

    assert!(done(&["diff", &framework, &framework]).contains("0 added, 0 removed, 0 changed"));
    let asked = ["migrate", &people, "--before", &framework, "--after", &framework, "-o", &out];
    let said = done(&asked);
    assert!(said.contains("300 people") && said.contains(" 0 moved, 0 lost"), "{said}");
    let merged = path(&folder, "merged.passerelle");
    let said = done(&["merge", &framework, &framework, "--name", "two", "-o", &merged]);
    assert!(said.contains("1 sources: 421 skills, 62 occupations"), "{said}");
    let said = done(&["propose", &framework, &framework, "-o", &out]);
    assert!(said.contains("mapped"), "{said}");
}
