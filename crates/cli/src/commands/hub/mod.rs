//! `passerelle hub`: a hub's folder, from what it holds to who is how far from which job.

mod people;
mod recruitment;
mod skill;
mod table;
mod training;

use std::path::Path;

use passerelle::gap::Eligibility;
use passerelle::hub::recruitment::{Picture, PictureOptions};
use passerelle::hub::training::Training;
use passerelle::hub::{Hub, OccupationView, Overview, Region};
use passerelle::{Framework, Result};

use self::people::{lone, parts, text as shown, written};
use self::table::{short, table};
use super::rank::write_ranking;
use crate::args::{self, Arguments};
use crate::write::file_error;
use crate::{progress, write};

/// Rows shown on the screen; the files hold all of them.
const SHOWN: usize = 12;

pub fn run(arguments: &Arguments, asked: &args::Hub) -> Result<()> {
    let hub = Hub::read(&asked.folder)?;
    let held = hub.profiles.held(&hub.framework)?;
    let (run, bar) = progress::run(arguments, "rank");
    let overview = Overview::of(&hub.framework, &held, asked.k, Eligibility::default(), &run)?;
    bar.finish_and_clear();
    let counts = Counts::of(&overview, hub.profiles.len() as u64)?;
    write_results(&asked.output, &hub.framework, &overview, &counts, &arguments.lang)?;
    let modules = modules(&hub, &held, asked, arguments, &run)?;
    let summary = serde_json::json!({
        "framework": hub.framework.axis().to_string(),
        "people": hub.profiles.len(),
        "occupations": hub.framework.required().len(),
        "best_coverage": {
            "p10": overview.best_coverage[0],
            "p25": overview.best_coverage[1],
            "p50": overview.best_coverage[2],
            "p75": overview.best_coverage[3],
            "p90": overview.best_coverage[4],
        },
        "eligible": counts.of_all[0],
        "to_ask": counts.of_all[1],
        "unmatched": counts.of_all[2],
        "cells_hidden": counts.hidden,
        "framework_report": hub.framework_report,
        "profiles_report": hub.profiles_report,
        "modules": modules.iter().map(|(name, _, summary)| (*name, summary)).collect::<std::collections::BTreeMap<_, _>>(),
    });
    write::json(&asked.output.join("summary.json"), &summary)?;
    if arguments.json {
        return write::print_json(&summary);
    }
    let mut text = screen(&hub, &overview, &counts, &asked.output, &arguments.lang)?;
    for (_, of_module, _) in &modules {
        text.push_str(of_module);
    }
    write::print(&text)
}

/// What an overview counts, as far as it may be shown: nothing about 1 to 10 people, nor what would
/// give it away.
struct Counts {
    /// Eligible, to ask, unmatched.
    of_all: [Option<u64>; 3],
    /// For each occupation: nearest, among best, eligible, to ask, licence only.
    occupations: Vec<[Option<u64>; 5]>,
    /// For each skill: people, to develop, to acquire, to ask.
    missing: Vec<[Option<u64>; 4]>,
    hidden: u64,
}

impl Counts {
    fn of(overview: &Overview, people: u64) -> Result<Self> {
        // Everyone is nearest to one occupation, or to none.
        let nearest: Vec<u64> = overview.occupations.iter().map(|view| view.best_for).collect();
        let (_, nearest) = parts(people, &nearest)?;
        let mut occupations = Vec::with_capacity(nearest.len());
        for (view, nearest) in overview.occupations.iter().zip(nearest) {
            let (among, of) =
                parts(view.among_best_of, &[view.eligible, view.to_ask, view.blocked_only])?;
            occupations.push([nearest, among, of[0], of[1], of[2]]);
        }
        let mut missing = Vec::with_capacity(overview.missing.len());
        for one in &overview.missing {
            let (all, of) = parts(one.people(), &[one.develop, one.acquire, one.unknown])?;
            missing.push([all, of[0], of[1], of[2]]);
        }
        let (_, apart) = parts(people, &[overview.eligible, overview.to_ask])?;
        // Whoever matches nothing is nearest to none: what is hidden there is hidden here.
        let of_all = [apart[0], apart[1], lone(overview.unmatched)];
        let cells = occupations.iter().flatten().chain(missing.iter().flatten()).chain(&of_all);
        let hidden = cells.filter(|cell| cell.is_none()).count() as u64;
        Ok(Self { of_all, occupations, missing, hidden })
    }
}

/// What a module gives: its name, what goes on the screen, and its part of the summary.
type Module = (&'static str, String, serde_json::Value);

/// Runs the modules that the folder has files for, one after the other: each writes its own files.
fn modules(
    hub: &Hub,
    held: &passerelle::Held,
    asked: &args::Hub,
    arguments: &Arguments,
    run: &passerelle::Run,
) -> Result<Vec<Module>> {
    let language = &arguments.lang;
    let mut done = Vec::new();
    if let Some(region) = Region::read(&asked.folder, &hub.framework, &hub.profiles)? {
        let scenario = asked.scenario.as_deref().map(|name| region.scenario(name)).transpose()?;
        let mut picture = Picture::new(PictureOptions::default());
        picture.update(&region.register)?;
        let (framework, output) = (&hub.framework, &asked.output);
        let (text, summary) = recruitment::run(&region, &picture, framework, output, language)?;
        done.push(("recruitment", text, summary));
        let input =
            skill::Input { region: &region, picture: &picture, framework, held, scenario, run };
        let (text, summary) = skill::run(&input, output, language)?;
        done.push(("skill", text, summary));
        let seen = (&region, &picture);
        let (run, bar) = progress::run(arguments, "plan");
        let eligibility = Eligibility::default();
        if let Some(training) = Training::read(&asked.folder, hub, held, seen, eligibility, &run)? {
            let (region, training) = (&region, &training);
            let input = training::Input { hub, region, training, held, run: &run };
            let (text, summary) = training::run(&input, output, language)?;
            done.push(("training", text, summary));
        }
        bar.finish_and_clear();
    }
    Ok(done)
}

/// The phrases of one language.
struct Words {
    people: &'static str,
    occupations: &'static str,
    requirements: &'static str,
    read: [&'static str; 5],
    how_far: &'static str,
    spread: [&'static str; 3],
    counts: [&'static str; 3],
    jobs: &'static str,
    job_columns: [&'static str; 8],
    missing: &'static str,
    missing_columns: [&'static str; 5],
    more: &'static str,
    hidden: &'static str,
    files: &'static str,
    why: &'static str,
}

const ENGLISH: Words = Words {
    people: "people",
    occupations: "occupations",
    requirements: "requirements",
    read: ["framework", "people", "rows read", "kept", "set aside"],
    how_far: "How far from the nearest job (coverage of its requirements)",
    spread: ["a tenth of the people below", "half below", "a tenth above"],
    counts: [
        "eligible for at least one of their best",
        "too little known to say",
        "no skill in common with any job",
    ],
    jobs: "Jobs by the number of people nearest to them",
    job_columns: [
        "job",
        "",
        "nearest",
        "among best",
        "eligible",
        "to ask",
        "licence only",
        "highest",
    ],
    missing: "Skills most missed for the nearest job",
    missing_columns: ["skill", "people", "to develop", "to acquire", "to ask"],
    more: "more in",
    hidden: "cells about people hidden: 1 to 10 people, or to protect them",
    files: "Everything is in",
    why: "Why one person has one score: passerelle explain FRAMEWORK PEOPLE PERSON JOB",
};

const FRENCH: Words = Words {
    people: "personnes",
    occupations: "métiers",
    requirements: "compétences attendues",
    read: ["référentiel", "personnes", "lignes lues", "gardées", "écartées"],
    how_far: "À quelle distance du métier le plus proche (part couverte de ce qui est attendu)",
    spread: ["un dixième des personnes sous", "la moitié sous", "un dixième au-dessus de"],
    counts: [
        "éligibles à l'un au moins des plus proches",
        "trop peu d'éléments pour le dire",
        "aucune compétence commune avec un métier",
    ],
    jobs: "Métiers, selon le nombre de personnes dont c'est le plus proche",
    job_columns: [
        "métier",
        "",
        "plus proche",
        "parmi les proches",
        "éligibles",
        "à interroger",
        "titre seul",
        "maximum",
    ],
    missing: "Compétences qui manquent le plus pour le métier le plus proche",
    missing_columns: ["compétence", "personnes", "à développer", "à acquérir", "à demander"],
    more: "autres dans",
    hidden: "cases sur des personnes masquées : 1 à 10 personnes, ou pour les protéger",
    files: "Tout est dans",
    why: "Pourquoi une personne a un score : passerelle explain RÉFÉRENTIEL PERSONNES PERSONNE MÉTIER",
};

/// What a person at a hub reads first.
fn screen(
    hub: &Hub,
    overview: &Overview,
    counts: &Counts,
    output: &Path,
    language: &str,
) -> Result<String> {
    let words = if language == "fr" { &FRENCH } else { &ENGLISH };
    let framework = &hub.framework;
    let people = hub.profiles.len();
    let share = |count: Option<u64>| {
        let Some(count) = count else { return people::HIDDEN.to_owned() };
        // Shown with one decimal, so f64 is exact enough for any count of people.
        #[expect(clippy::cast_precision_loss)]
        let percent = count as f64 * 100.0 / people.max(1) as f64;
        format!("{count} ({percent:.1} %)")
    };
    let mut text = format!(
        "{} {}\n{people} {} · {} {} · {} {}\n",
        framework.name(),
        framework.version(),
        words.people,
        framework.required().len(),
        words.occupations,
        framework.required().entries(),
        words.requirements,
    );
    let [of_framework, of_people, rows, kept, aside] = words.read;
    for (what, report) in [(of_framework, &hub.framework_report), (of_people, &hub.profiles_report)]
    {
        let dropped = report.rows() - report.kept();
        let (read, left) = (report.rows(), report.kept());
        text.push_str(&format!("{what}: {read} {rows}, {left} {kept}, {dropped} {aside}\n"));
    }
    let [p10, _, p50, _, p90] = overview.best_coverage.map(|coverage| coverage * 100.0);
    let [below, half, above] = words.spread;
    text.push_str(&format!(
        "\n{}\n{below} {p10:.0} %, {half} {p50:.0} %, {above} {p90:.0} %\n",
        words.how_far
    ));
    for (what, count) in words.counts.iter().zip(counts.of_all) {
        text.push_str(&format!("{what}: {}\n", share(count)));
    }

    text.push_str(&format!("\n{}\n", words.jobs));
    let mut views: Vec<(&OccupationView, [Option<u64>; 5])> =
        overview.occupations.iter().zip(counts.occupations.iter().copied()).collect();
    views.sort_by_key(|(view, _)| (std::cmp::Reverse(view.best_for), view.occupation));
    let rows = views.iter().take(SHOWN).map(|(view, counts)| {
        let [nearest, among, eligible, to_ask, licence] = counts.map(shown);
        vec![
            framework.occupation_ids()[view.occupation].to_owned(),
            short(framework.occupation_name(view.occupation, language), 44),
            nearest,
            among,
            eligible,
            to_ask,
            licence,
            format!("{:.0} %", view.highest_coverage * 100.0),
        ]
    });
    text.push_str(&table(&words.job_columns, rows, 2));
    if views.len() > SHOWN {
        text.push_str(&format!("… {} {} occupations.csv\n", views.len() - SHOWN, words.more));
    }

    text.push_str(&format!("\n{}\n", words.missing));
    let rows = overview.missing.iter().zip(&counts.missing).take(SHOWN).map(|(missing, counts)| {
        let [people, develop, acquire, unknown] = counts.map(shown);
        let label = short(framework.skill_name(missing.skill, language), 60);
        vec![label, people, develop, acquire, unknown]
    });
    text.push_str(&table(&words.missing_columns, rows, 1));
    text.push_str(&format!("{} : {} {}\n", people::HIDDEN, counts.hidden, words.hidden));
    text.push_str(&format!(
        "\n{} {}: matches.csv, occupations.csv, missing_skills.csv, summary.json\n{}\n",
        words.files,
        output.display(),
        words.why
    ));
    Ok(text)
}

fn write_results(
    folder: &Path,
    framework: &Framework,
    overview: &Overview,
    counts: &Counts,
    language: &str,
) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|source| file_error(folder, source))?;
    let matches = folder.join("matches.csv");
    write_ranking(&matches, &overview.best, &overview.standings, framework, language)?;
    let header = [
        "occupation",
        "label",
        "nearest",
        "among_best",
        "eligible",
        "to_ask",
        "licence_only",
        "highest_coverage",
    ];
    write::csv(&folder.join("occupations.csv"), &header, |write| {
        overview.occupations.iter().zip(&counts.occupations).try_for_each(|(view, counts)| {
            let [nearest, among, eligible, to_ask, licence] = counts.map(written);
            write(&[
                &framework.occupation_ids()[view.occupation],
                framework.occupation_name(view.occupation, language),
                &nearest,
                &among,
                &eligible,
                &to_ask,
                &licence,
                &view.highest_coverage.to_string(),
            ])
        })
    })?;
    let header = ["skill", "label", "people", "develop", "acquire", "unknown"];
    write::csv(&folder.join("missing_skills.csv"), &header, |write| {
        overview.missing.iter().zip(&counts.missing).try_for_each(|(missing, counts)| {
            let [people, develop, acquire, unknown] = counts.map(written);
            write(&[
                &framework.axis().ids()[missing.skill],
                framework.skill_name(missing.skill, language),
                &people,
                &develop,
                &acquire,
                &unknown,
            ])
        })
    })
}
