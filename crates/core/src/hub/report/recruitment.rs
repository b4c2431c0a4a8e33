//! The recruitment module: what is needed, as far as all sensors together tell.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::files::flag;
use super::page::Page;
use super::{AREAS, Input};
use crate::error::Result;
use crate::hub::Region;
use crate::hub::recruitment::{
    AskedOverTime, Cause, Consolidated, Grouping, Pattern, Picture, Positions, SeenVacancy,
    TerritoryGroups,
};

/// Emerging skills in the report; the file holds all of them.
const EMERGING: usize = 6;

pub(super) fn tell(
    input: &Input<'_>,
    (region, picture): (&Region, &Picture),
    page: &mut Page,
) -> Result<Value> {
    let register = &region.register;
    let vacancies = picture.vacancies(register);
    let areas = TerritoryGroups::of_kind(&region.territories, AREAS)?;
    write_needs(input, &picture.consolidated(register, &Grouping::FULL, &areas))?;
    write_vacancies(input, &vacancies)?;
    let over_time = picture.lately(register);
    write_skills(input, &over_time)?;
    let everywhere = TerritoryGroups::everywhere();
    let by_sector = Grouping { sector: true, ..Grouping::default() };
    let sectors = picture.consolidated(register, &by_sector, &everywhere);
    write_breadth(input, (region, picture), &sectors)?;
    write_conflicts(input, region)?;

    let whole = picture.consolidated(register, &Grouping::default(), &everywhere);
    let positions = whole.first().map_or(Positions::default(), |row| row.positions);
    let (needs, superseded) = (register.needs().count(), register.superseded().count());
    let (sensors, conflicts) = (register.sensors().count(), register.conflicts().len());
    let Positions { sure, estimate, all } = positions;
    let distinct = vacancies.len();
    page.lines(if input.is_french() {
        format!(
            "\n── Recrutement ──\n{needs} besoins de {sensors} capteurs ({superseded} versions remplacées, {conflicts} contradictions), soit {distinct} offres distinctes\n\
             postes : {estimate} estimés, entre {sure} (sûrs) et {all} (tous les signalements) — signalements d'une même offre comptés une fois"
        )
    } else {
        let method = Positions::METHOD;
        format!(
            "\n── Recruitment ──\n{needs} needs from {sensors} sensors ({superseded} superseded, {conflicts} conflicts), which are {distinct} distinct vacancies\n\
             positions: {estimate} estimated, between {sure} (sure) and {all} (every report) — {method}"
        )
    });
    print_dropped(input, region, page);
    print_sectors(input, &sectors, page);
    let emerging = over_time.iter().filter(|one| one.pattern == Pattern::Emerging);
    let emerging: Vec<&str> = emerging.take(EMERGING).map(|one| input.skill(one.skill)).collect();
    if !emerging.is_empty() {
        let word = input.say("Compétences émergentes", "Emerging skills");
        page.lines(format!("{word} : {}…", emerging.join(" ; ")));
    }
    Ok(json!({
        "sensors": sensors,
        "needs": needs,
        "superseded": superseded,
        "conflicts": conflicts,
        "vacancies": distinct,
        "positions": positions,
        "method": Positions::METHOD,
        "reports": region.reports,
    }))
}

/// Causes and how many positions each has, as one cell.
pub(super) fn causes(of: &BTreeMap<Cause, u64>) -> String {
    of.iter().map(|(cause, count)| format!("{cause}:{count}")).collect::<Vec<_>>().join("|")
}

fn write_needs(input: &Input<'_>, rows: &[Consolidated]) -> Result<()> {
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
    input.files.csv("consolidated_needs.csv", &header, |write| {
        rows.iter().try_for_each(|row| {
            let id = row.occupation.as_deref().unwrap_or_default();
            let job = input.subject.hub.framework.occupation_ids().position(id);
            write(&[
                row.sector.as_deref().unwrap_or_default(),
                id,
                job.map_or("", |job| input.job(job)),
                &row.territory,
                row.horizon.map_or("", |horizon| horizon.name()),
                &row.vacancies.to_string(),
                &row.reports.to_string(),
                &row.positions.sure.to_string(),
                &row.positions.estimate.to_string(),
                &row.positions.all.to_string(),
                &causes(&row.causes),
                &row.calls_for_training().to_string(),
                &row.no_cause.to_string(),
                &row.created.to_string(),
                &row.replaced.to_string(),
                &row.hidden.to_string(),
            ])
        })
    })
}

fn write_vacancies(input: &Input<'_>, vacancies: &[SeenVacancy]) -> Result<()> {
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
    input.files.csv("vacancies.csv", &header, |write| {
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
    })
}

fn write_skills(input: &Input<'_>, over_time: &[AskedOverTime]) -> Result<()> {
    input.files.csv("asked_skills.csv", &["skill", "label", "pattern", "vacancies"], |write| {
        over_time.iter().try_for_each(|one| {
            let counts: Vec<String> = one.vacancies.iter().map(u64::to_string).collect();
            let (id, label) = (input.skill_id(one.skill), input.skill(one.skill));
            write(&[id, label, one.pattern.name(), &counts.join("|")])
        })
    })
}

fn write_breadth(
    input: &Input<'_>,
    (region, picture): (&Region, &Picture),
    sectors: &[Consolidated],
) -> Result<()> {
    let header = ["sector", "skill", "label", "asking", "employers", "sector_wide", "by_size"];
    input.files.csv("skill_breadth.csv", &header, |write| {
        sectors.iter().filter_map(|row| row.sector.as_deref()).try_for_each(|sector| {
            picture.breadth(&region.register, sector).iter().try_for_each(|one| {
                let sizes = one.by_size.iter();
                let sizes: Vec<String> =
                    sizes.map(|(size, (asking, seen))| format!("{size}:{asking}/{seen}")).collect();
                write(&[
                    sector,
                    input.skill_id(one.skill),
                    input.skill(one.skill),
                    &one.asking.to_string(),
                    &one.employers.to_string(),
                    flag(one.sector_wide),
                    &sizes.join("|"),
                ])
            })
        })
    })
}

fn write_conflicts(input: &Input<'_>, region: &Region) -> Result<()> {
    fn text(value: &impl Serialize) -> String {
        serde_json::to_string(value).unwrap_or_default()
    }
    let header = ["sensor", "record", "revision", "stands", "other"];
    input.files.csv("conflicts.csv", &header, |write| {
        region.register.conflicts().iter().try_for_each(|one| {
            let need = &one.stands;
            let revision = need.revision.to_string();
            write(&[&need.sensor, &need.record, &revision, &text(need), &text(&one.other)])
        })
    })
}

/// What was set aside of each file, and why.
fn print_dropped(input: &Input<'_>, region: &Region, page: &mut Page) {
    let word = input.say("lignes écartées", "rows set aside");
    let files = region.reports.iter().flat_map(|report| report.files());
    for file in files.filter(|file| file.kept() < file.rows()) {
        let dropped: Vec<String> =
            file.dropped().iter().map(|tally| format!("{} {}", tally.rows, tally.reason)).collect();
        let aside = file.rows() - file.kept();
        page.lines(format!("{} : {aside} {word} ({})", file.file(), dropped.join(", ")));
    }
}

fn print_sectors(input: &Input<'_>, sectors: &[Consolidated], page: &mut Page) {
    let header = if input.is_french() {
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
    let rows = sectors.iter().map(|row| {
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
    page.table(&header, 1, rows);
}
