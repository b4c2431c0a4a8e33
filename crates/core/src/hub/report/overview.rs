//! Who is how far from which job, and what is missing most.

use std::cmp::Reverse;

use serde_json::{Value, json};

use super::Input;
use super::files::written;
use super::page::{HIDDEN, Page, count, short};
use crate::error::Result;
use crate::gap::Eligibility;
use crate::hub::{Hub, Overview, ShownMissing, ShownOccupation, ShownOverview};
use crate::rank::write_ranking;

/// Rows in the report; the files hold all of them.
const SHOWN: usize = 12;

pub(super) fn tell(input: &Input<'_>, k: usize, page: &mut Page) -> Result<Value> {
    let Hub { framework, profiles, framework_report, profiles_report, pools_reports, .. } =
        input.subject.hub;
    let overview =
        Overview::of(framework, input.subject.held, k, Eligibility::default(), input.run)?;
    let shown = overview.shown()?;
    input.files.whole("matches.csv", |out| {
        write_ranking(&overview.best, &overview.standings, framework, input.language, out)?;
        Ok(())
    })?;
    write_occupations(input, &shown.occupations)?;
    write_missing(input, &shown.missing)?;
    let mut order: Vec<usize> = (0..overview.occupations.len()).collect();
    order.sort_by_key(|&at| Reverse(overview.occupations[at].best_for));
    print(input, &shown, &order, page);
    let [p10, p25, p50, p75, p90] = shown.best_coverage;
    Ok(json!({
        "framework": framework.axis().to_string(),
        "people": profiles.len(),
        "occupations": framework.required().len(),
        "best_coverage": { "p10": p10, "p25": p25, "p50": p50, "p75": p75, "p90": p90 },
        "eligible": shown.eligible,
        "to_ask": shown.to_ask,
        "unmatched": shown.unmatched,
        "cells_hidden": shown.cells_hidden,
        "framework_report": framework_report,
        "profiles_report": profiles_report,
        "pools_reports": pools_reports,
    }))
}

fn write_occupations(input: &Input<'_>, occupations: &[ShownOccupation]) -> Result<()> {
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
    input.files.csv("occupations.csv", &header, |write| {
        occupations.iter().try_for_each(|view| {
            write(&[
                input.job_id(view.occupation),
                input.job(view.occupation),
                &written(view.best_for),
                &written(view.among_best_of),
                &written(view.eligible),
                &written(view.to_ask),
                &written(view.blocked_only),
                &view.highest_coverage.to_string(),
            ])
        })
    })
}

fn write_missing(input: &Input<'_>, missing: &[ShownMissing]) -> Result<()> {
    let header = ["skill", "label", "people", "develop", "acquire", "unknown"];
    input.files.csv("missing_skills.csv", &header, |write| {
        missing.iter().try_for_each(|one| {
            write(&[
                input.skill_id(one.skill),
                input.skill(one.skill),
                &written(one.people),
                &written(one.develop),
                &written(one.acquire),
                &written(one.unknown),
            ])
        })
    })
}

/// What a person at a hub reads first; `order` is that of the jobs.
fn print(input: &Input<'_>, shown: &ShownOverview, order: &[usize], page: &mut Page) {
    read(input, shown, page);
    far(input, shown, page);

    page.lines(input.say(
        "\nMétiers, selon le nombre de personnes dont c'est le plus proche",
        "\nJobs by the number of people nearest to them",
    ));
    let header = [
        input.say("métier", "job"),
        "",
        input.say("plus proche", "nearest"),
        input.say("parmi les proches", "among best"),
        input.say("éligibles", "eligible"),
        input.say("à interroger", "to ask"),
        input.say("titre seul", "licence only"),
        input.say("maximum", "highest"),
    ];
    let rows = order.iter().take(SHOWN).map(|&at| {
        let view = &shown.occupations[at];
        vec![
            input.job_id(view.occupation).to_owned(),
            short(input.job(view.occupation), 44),
            count(view.best_for),
            count(view.among_best_of),
            count(view.eligible),
            count(view.to_ask),
            count(view.blocked_only),
            format!("{:.0} %", view.highest_coverage * 100.0),
        ]
    });
    page.table(&header, 2, rows);
    if order.len() > SHOWN {
        page.lines(input.more(order.len() - SHOWN, "occupations.csv"));
    }

    page.lines(input.say(
        "\nCompétences qui manquent le plus pour le métier le plus proche",
        "\nSkills most missed for the nearest job",
    ));
    let header = [
        input.say("compétence", "skill"),
        input.say("personnes", "people"),
        input.say("à développer", "to develop"),
        input.say("à acquérir", "to acquire"),
        input.say("à demander", "to ask"),
    ];
    let rows = shown.missing.iter().take(SHOWN).map(|one| {
        let label = short(input.skill(one.skill), 60);
        let [people, develop, acquire, unknown] =
            [one.people, one.develop, one.acquire, one.unknown].map(count);
        vec![label, people, develop, acquire, unknown]
    });
    page.table(&header, 1, rows);
    let hidden = input.say(
        "cases sur des personnes masquées : 1 à 10 personnes, ou pour les protéger",
        "cells about people hidden: 1 to 10 people, or to protect them",
    );
    page.lines(format!("{HIDDEN} : {} {hidden}", shown.cells_hidden));
    if let Some(folder) = input.files.folder {
        let all = input.say("Tout est dans", "Everything is in");
        let names = "matches.csv, occupations.csv, missing_skills.csv, summary.json";
        page.lines(format!("\n{all} {}: {names}", folder.display()));
        page.lines(input.say(
            "Pourquoi une personne a un score : passerelle explain RÉFÉRENTIEL PERSONNES PERSONNE MÉTIER",
            "Why one person has one score: passerelle explain FRAMEWORK PEOPLE PERSON JOB",
        ));
    }
}

/// What was read.
fn read(input: &Input<'_>, shown: &ShownOverview, page: &mut Page) {
    let Hub { framework, framework_report, profiles_report, .. } = input.subject.hub;
    page.lines(framework.title());
    page.lines(format!(
        "{} {} · {} {} · {} {}",
        shown.people,
        input.say("personnes", "people"),
        framework.required().len(),
        input.say("métiers", "occupations"),
        framework.required().entries(),
        input.say("compétences attendues", "requirements"),
    ));
    let [rows, left, aside] = if input.is_french() {
        ["lignes lues", "gardées", "écartées"]
    } else {
        ["rows read", "kept", "set aside"]
    };
    for (what, report) in [
        (input.say("référentiel", "framework"), framework_report),
        (input.say("personnes", "people"), profiles_report),
    ] {
        let (read, kept) = (report.rows(), report.kept());
        let dropped = read - kept;
        page.lines(format!("{what}: {read} {rows}, {kept} {left}, {dropped} {aside}"));
    }
}

/// How far everyone is.
fn far(input: &Input<'_>, shown: &ShownOverview, page: &mut Page) {
    page.lines(input.say(
        "\nÀ quelle distance du métier le plus proche (part couverte de ce qui est attendu)",
        "\nHow far from the nearest job (coverage of its requirements)",
    ));
    let [p10, _, p50, _, p90] = shown.best_coverage.map(|coverage| coverage * 100.0);
    page.lines(if input.is_french() {
        format!("un dixième des personnes sous {p10:.0} %, la moitié sous {p50:.0} %, un dixième au-dessus de {p90:.0} %")
    } else {
        format!("a tenth of the people below {p10:.0} %, half below {p50:.0} %, a tenth above {p90:.0} %")
    });
    let share = |count: Option<u64>| {
        let Some(count) = count else { return HIDDEN.to_owned() };
        // Shown with one decimal, so f64 is exact enough for any count of people.
        #[expect(clippy::cast_precision_loss)]
        let percent = count as f64 * 100.0 / shown.people.max(1) as f64;
        format!("{count} ({percent:.1} %)")
    };
    for (what, of) in [
        (
            input.say(
                "éligibles à l'un au moins des plus proches",
                "eligible for at least one of their best",
            ),
            shown.eligible,
        ),
        (input.say("trop peu d'éléments pour le dire", "too little known to say"), shown.to_ask),
        (
            input
                .say("aucune compétence commune avec un métier", "no skill in common with any job"),
            shown.unmatched,
        ),
    ] {
        page.lines(format!("{what}: {}", share(of)));
    }
}
