//! `passerelle hub`: a hub's folder, from what it holds to who is how far from which job.

use std::path::Path;

use comfy_table::{CellAlignment, Table, presets};
use passerelle::gap::Eligibility;
use passerelle::hub::{Hub, OccupationView, Overview};
use passerelle::{Framework, Result};

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
    write_results(&asked.output, &hub.framework, &overview, &arguments.lang)?;
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
        "eligible": overview.eligible,
        "to_ask": overview.to_ask,
        "unmatched": overview.unmatched,
        "framework_report": hub.framework_report,
        "profiles_report": hub.profiles_report,
    });
    write::json(&asked.output.join("summary.json"), &summary)?;
    if arguments.json {
        return write::print_json(&summary);
    }
    write::print(&screen(&hub, &overview, &asked.output, &arguments.lang))
}

/// What a person at a hub reads first.
fn screen(hub: &Hub, overview: &Overview, output: &Path, language: &str) -> String {
    let framework = &hub.framework;
    let people = hub.profiles.len();
    let share = |count: u64| {
        // Shown with one decimal, so f64 is exact enough for any count of people.
        #[expect(clippy::cast_precision_loss)]
        let percent = count as f64 * 100.0 / people.max(1) as f64;
        format!("{count} ({percent:.1} %)")
    };
    let mut text = format!(
        "{}\n{people} people · {} occupations · {} requirements\n",
        framework.axis(),
        framework.required().len(),
        framework.required().entries(),
    );
    for (what, report) in [("framework", &hub.framework_report), ("people", &hub.profiles_report)] {
        text.push_str(&format!(
            "{what}: {} rows read, {} kept, {} set aside\n",
            report.rows(),
            report.kept(),
            report.rows() - report.kept()
        ));
    }
    let [p10, _, p50, _, p90] = overview.best_coverage.map(|coverage| coverage * 100.0);
    text.push_str(&format!(
        "\nHow far from the nearest job (coverage of its requirements)\n\
         a tenth of the people below {p10:.0} %, half below {p50:.0} %, a tenth above {p90:.0} %\n\
         eligible for at least one of their best: {}\n\
         too little known to say: {}\n\
         no skill in common with any job: {}\n",
        share(overview.eligible),
        share(overview.to_ask),
        share(overview.unmatched),
    ));

    text.push_str("\nJobs by the number of people nearest to them\n");
    let mut table = table(&[
        "job", "", "nearest", "among best", "eligible", "to ask", "licence only", "highest",
    ]);
    let mut views: Vec<&OccupationView> = overview.occupations.iter().collect();
    views.sort_by_key(|view| (std::cmp::Reverse(view.best_for), view.occupation));
    for view in views.iter().take(SHOWN) {
        table.add_row([
            framework.occupation_ids()[view.occupation].to_owned(),
            short(framework.occupation_name(view.occupation, language), 44),
            view.best_for.to_string(),
            view.among_best_of.to_string(),
            view.eligible.to_string(),
            view.to_ask.to_string(),
            view.blocked_only.to_string(),
            format!("{:.0} %", view.highest_coverage * 100.0),
        ]);
    }
    align(&mut table, 2);
    text.push_str(&format!("{table}\n"));
    if views.len() > SHOWN {
        text.push_str(&format!("… and {} more in occupations.csv\n", views.len() - SHOWN));
    }

    text.push_str("\nSkills most missed for the nearest job\n");
    let mut table = self::table(&["skill", "people", "to develop", "to acquire", "to ask"]);
    for missing in overview.missing.iter().take(SHOWN) {
        table.add_row([
            short(framework.skill_name(missing.skill, language), 60),
            missing.people().to_string(),
            missing.develop.to_string(),
            missing.acquire.to_string(),
            missing.unknown.to_string(),
        ]);
    }
    align(&mut table, 1);
    text.push_str(&format!("{table}\n"));
    text.push_str(&format!(
        "\nEverything is in {}: matches.csv, occupations.csv, missing_skills.csv, summary.json\n\
         Why one person has one score: passerelle explain FRAMEWORK PEOPLE PERSON JOB\n",
        output.display()
    ));
    text
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header);
    table
}

/// Numbers to the right, from a column on.
fn align(table: &mut Table, from: usize) {
    for column in table.column_iter_mut().skip(from) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

/// A label cut to a width, whole words where that is easy.
fn short(label: &str, width: usize) -> String {
    if label.chars().count() <= width {
        return label.to_owned();
    }
    let cut: String = label.chars().take(width - 1).collect();
    format!("{}…", cut.trim_end())
}

fn write_results(
    folder: &Path,
    framework: &Framework,
    overview: &Overview,
    language: &str,
) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|source| file_error(folder, source))?;
    let matches = folder.join("matches.csv");
    write_ranking(&matches, &overview.best, &overview.standings, framework, language)?;
    let header = [
        "occupation", "label", "nearest", "among_best", "eligible", "to_ask", "licence_only",
        "highest_coverage",
    ];
    write::csv(&folder.join("occupations.csv"), &header, |write| {
        overview.occupations.iter().try_for_each(|view| {
            write(&[
                &framework.occupation_ids()[view.occupation],
                framework.occupation_name(view.occupation, language),
                &view.best_for.to_string(),
                &view.among_best_of.to_string(),
                &view.eligible.to_string(),
                &view.to_ask.to_string(),
                &view.blocked_only.to_string(),
                &view.highest_coverage.to_string(),
            ])
        })
    })?;
    let header = ["skill", "label", "people", "develop", "acquire", "unknown"];
    write::csv(&folder.join("missing_skills.csv"), &header, |write| {
        overview.missing.iter().try_for_each(|missing| {
            write(&[
                &framework.axis().ids()[missing.skill],
                framework.skill_name(missing.skill, language),
                &missing.people().to_string(),
                &missing.develop.to_string(),
                &missing.acquire.to_string(),
                &missing.unknown.to_string(),
            ])
        })
    })
}
