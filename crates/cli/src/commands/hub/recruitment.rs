//! The recruitment module: what is needed, as far as all sensors together tell.

use std::path::Path;

use passerelle::hub::Region;
use passerelle::hub::recruitment::{Grouping, Picture, Positions, TerritoryGroups, Window};
use passerelle::{Date, Framework, Result};

use super::table::table;
use crate::write;

/// Writes the module's files, and gives what goes on the screen and into the summary.
pub fn run(
    region: &Region,
    picture: &Picture,
    framework: &Framework,
    folder: &Path,
    language: &str,
) -> Result<(String, serde_json::Value)> {
    let register = &region.register;
    let vacancies = picture.vacancies(register);
    let areas = TerritoryGroups::of_kind(&region.territories, "bassin")?;
    let rows = picture.consolidated(register, &Grouping::FULL, &areas);
    let header = [
        "sector",
        "occupation",
        "label",
        "territory",
        "horizon",
        "vacancies",
        "reports",
        "positions_sure",
        "positions_estimate",
        "positions_all",
        "causes",
        "calls_for_training",
        "no_cause",
        "created",
        "replaced",
        "hidden",
    ];
    write::csv(&folder.join("consolidated_needs.csv"), &header, |write| {
        rows.iter().try_for_each(|row| {
            let occupation = row.occupation.as_deref().unwrap_or_default();
            let causes: Vec<String> =
                row.causes.iter().map(|(cause, count)| format!("{cause}:{count}")).collect();
            write(&[
                row.sector.as_deref().unwrap_or_default(),
                occupation,
                name(framework, occupation, language),
                &row.territory,
                row.horizon.map_or("", |horizon| horizon.name()),
                &row.vacancies.to_string(),
                &row.reports.to_string(),
                &row.positions.sure.to_string(),
                &row.positions.estimate.to_string(),
                &row.positions.all.to_string(),
                &causes.join("|"),
                &row.calls_for_training().to_string(),
                &row.no_cause.to_string(),
                &row.created.to_string(),
                &row.replaced.to_string(),
                &row.hidden.to_string(),
            ])
        })
    })?;
    let header = [
        "reports",
        "title",
        "employer",
        "sector",
        "occupation",
        "territory",
        "horizon",
        "date",
        "positions_sure",
        "positions_estimate",
        "positions_all",
    ];
    write::csv(&folder.join("vacancies.csv"), &header, |write| {
        vacancies.iter().try_for_each(|one| {
            let reports: Vec<String> =
                one.reports.iter().map(|(sensor, record)| format!("{sensor}/{record}")).collect();
            write(&[
                &reports.join("|"),
                &one.title,
                one.employer.as_deref().unwrap_or_default(),
                one.sector.as_deref().unwrap_or_default(),
                one.occupation.as_deref().unwrap_or_default(),
                &one.territory,
                one.horizon.name(),
                &one.date.map(|date| date.to_string()).unwrap_or_default(),
                &one.positions.sure.to_string(),
                &one.positions.estimate.to_string(),
                &one.positions.all.to_string(),
            ])
        })
    })?;
    let last: Option<Date> = vacancies.iter().filter_map(|one| one.date).max();
    let over_time = match last {
        Some(last) => picture.over_time(register, None, &Window::until(last)),
        None => Vec::new(),
    };
    write::csv(
        &folder.join("asked_skills.csv"),
        &["skill", "label", "pattern", "vacancies"],
        |write| {
            over_time.iter().try_for_each(|one| {
                let counts: Vec<String> = one.vacancies.iter().map(u64::to_string).collect();
                write(&[
                    &framework.axis().ids()[one.skill],
                    framework.skill_name(one.skill, language),
                    one.pattern.name(),
                    &counts.join("|"),
                ])
            })
        },
    )?;
    let header = ["sector", "skill", "label", "asking", "employers", "sector_wide", "by_size"];
    let by_sector = Grouping { sector: true, ..Grouping::default() };
    let sectors = picture.consolidated(register, &by_sector, &TerritoryGroups::everywhere());
    write::csv(&folder.join("skill_breadth.csv"), &header, |write| {
        sectors.iter().filter_map(|row| row.sector.as_deref()).try_for_each(|sector| {
            picture.breadth(register, sector).iter().try_for_each(|one| {
                let sizes = one.by_size.iter();
                let sizes: Vec<String> =
                    sizes.map(|(size, (asking, seen))| format!("{size}:{asking}/{seen}")).collect();
                write(&[
                    sector,
                    &framework.axis().ids()[one.skill],
                    framework.skill_name(one.skill, language),
                    &one.asking.to_string(),
                    &one.employers.to_string(),
                    if one.sector_wide { "1" } else { "0" },
                    &sizes.join("|"),
                ])
            })
        })
    })?;
    let conflicts = register.conflicts();
    write::csv(
        &folder.join("conflicts.csv"),
        &["sensor", "record", "revision", "stands", "other"],
        |write| {
            conflicts.iter().try_for_each(|one| {
                let text = |need| serde_json::to_string(need).unwrap_or_default();
                let need = &one.stands;
                write(&[
                    &need.sensor,
                    &need.record,
                    &need.revision.to_string(),
                    &text(need),
                    &text(&one.other),
                ])
            })
        },
    )?;

    let french = language == "fr";
    let whole =
        picture.consolidated(register, &Grouping::default(), &TerritoryGroups::everywhere());
    let whole = whole.first();
    let positions = whole.map_or(Positions::default(), |row| row.positions);
    let (standing, behind) = (register.needs().count(), register.superseded().count());
    let sensors = register.sensors().count();
    let mut text = if french {
        format!(
            "\n── Recrutement ──\n{standing} besoins de {sensors} capteurs ({behind} versions remplacées, {} contradictions), soit {} offres distinctes\n\
             postes : {} estimés, entre {} (sûrs) et {} (tous les signalements) — signalements d'une même offre comptés une fois\n",
            conflicts.len(),
            vacancies.len(),
            positions.estimate,
            positions.sure,
            positions.all
        )
    } else {
        format!(
            "\n── Recruitment ──\n{standing} needs from {sensors} sensors ({behind} superseded, {} conflicts), which are {} distinct vacancies\n\
             positions: {} estimated, between {} (sure) and {} (every report) — {}\n",
            conflicts.len(),
            vacancies.len(),
            positions.estimate,
            positions.sure,
            positions.all,
            Positions::METHOD
        )
    };
    for report in &region.reports {
        for file in report.files().iter().filter(|file| file.kept() < file.rows()) {
            let dropped: Vec<String> = file
                .dropped()
                .iter()
                .map(|tally| format!("{} {}", tally.rows, tally.reason))
                .collect();
            let word = if french { "lignes écartées" } else { "rows set aside" };
            text.push_str(&format!(
                "{} : {} {word} ({})\n",
                file.file(),
                file.rows() - file.kept(),
                dropped.join(", ")
            ));
        }
    }
    let columns = if french {
        [
            "secteur",
            "offres",
            "sûrs",
            "estimés",
            "tous",
            "appellent une formation",
            "cause non dite",
        ]
    } else {
        ["sector", "vacancies", "sure", "estimated", "all", "call for training", "no cause stated"]
    };
    let shown = sectors.iter().map(|row| {
        vec![
            row.sector.clone().unwrap_or_else(|| "—".to_owned()),
            row.vacancies.to_string(),
            row.positions.sure.to_string(),
            row.positions.estimate.to_string(),
            row.positions.all.to_string(),
            row.calls_for_training().to_string(),
            row.no_cause.to_string(),
        ]
    });
    text.push_str(&table(&columns, shown, 1));
    let emerging = over_time
        .iter()
        .filter(|one| one.pattern == passerelle::hub::recruitment::Pattern::Emerging);
    let emerging: Vec<&str> =
        emerging.take(6).map(|one| framework.skill_name(one.skill, language)).collect();
    if !emerging.is_empty() {
        let word = if french { "Compétences émergentes" } else { "Emerging skills" };
        text.push_str(&format!("{word} : {}…\n", emerging.join(" ; ")));
    }
    let summary = serde_json::json!({
        "sensors": sensors,
        "needs": standing,
        "superseded": behind,
        "conflicts": conflicts.len(),
        "vacancies": vacancies.len(),
        "positions": positions,
        "method": Positions::METHOD,
        "reports": region.reports,
    });
    Ok((text, summary))
}

/// An occupation's label by its id.
pub fn name<'f>(framework: &'f Framework, id: &str, language: &str) -> &'f str {
    let at = framework.occupation_ids().position(id);
    at.map_or("", |at| framework.occupation_name(at, language))
}
