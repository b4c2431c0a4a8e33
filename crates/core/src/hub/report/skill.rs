//! The skill module: what is short, which bridges there are, who fits, and what keeps people out.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::files::{flag, lone, written};
use super::page::{Page, count, short};
use super::recruitment::causes;
use super::{AREAS, Input, candidates};
use crate::error::Result;
use crate::gap::Eligibility;
use crate::hub::recruitment::{Picture, TerritoryGroups};
use crate::hub::skill::{
    Areas, Bridge, ByArea, Exclusion, MapBy, Reach, ShownBalance, ShownExclusion, ShownTension,
    SkillMap, bridges_from_occupation, exclusions, near_groups,
};
use crate::hub::{Region, Scenario};

/// Rows in the report; the files hold all of them.
const SHOWN: usize = 10;

/// Bridges from each occupation in the file.
const BRIDGES: usize = 5;

type Needs<'n> = (&'n Region, &'n Picture);

pub(super) fn tell(input: &Input<'_>, needs: Needs<'_>, page: &mut Page) -> Result<Value> {
    page.lines(format!("\n── {} ──", input.say("Compétences", "Skills")));
    if let Some(scenario) = input.scenario {
        page.lines(format!("{} : {}", input.say("scénario", "scenario"), scenario.name()));
    }
    let areas = Areas::of_kind(needs.0, AREAS)?;
    let both = (&needs.0.register, needs.1);
    let tension = areas.tension(both, input.subject.held, Eligibility::default(), input.run)?;
    tell_tension(input, &tension, page)?;
    let hidden_by_balance = tell_balance(input, needs, &areas, page)?;
    let needed: Vec<u32> = tension.together.iter().map(|row| row.occupation).collect();
    tell_bridges(input, &needed, page)?;
    write_near_sectors(input, needs)?;
    let hidden_by_exclusions = tell_exclusions(input, &needed, page)?;
    let matched = candidates::tell(input, needs, page)?;

    let hidden = tension.hidden + hidden_by_balance + hidden_by_exclusions;
    let (with_somebody, total) = (matched.with_somebody_eligible, matched.vacancies);
    page.lines(if input.is_french() {
        format!(
            "\nMeilleures personnes par offre : {with_somebody} offres sur {total} ont au moins une personne éligible à portée (date, trajet, horaires et contrat filtrent et sont dits, jamais notés)\n\
             {hidden} cases sur des personnes masquées (1 à 10 personnes, ou pour les protéger)"
        )
    } else {
        format!(
            "\nBest people for each vacancy: {with_somebody} of {total} have somebody eligible within reach (dates, travel, hours and contracts filter and are reported, never scored)\n\
             {hidden} cells about people hidden (1 to 10 people, or to protect them)"
        )
    });
    if input.files.folder.is_some() {
        let files = input.say("Fichiers :", "Files:");
        page.lines(format!(
            "{files} consolidated_needs, vacancies, asked_skills, skill_breadth, conflicts, tension, skill_balance, bridges, near_sectors, exclusions, best_people (.csv)"
        ));
    }
    let pools = matched.in_pools.iter().map(|(&pool, &people)| (pool, lone(people)));
    Ok(json!({
        "scenario": input.scenario.map(Scenario::name),
        "vacancies_matched": total,
        "vacancies_with_somebody_eligible": with_somebody,
        "pools": pools.collect::<BTreeMap<_, _>>(),
        "people_in_several_pools": lone(matched.in_several_pools),
        "cells_hidden": hidden,
    }))
}

fn tell_tension(input: &Input<'_>, tension: &ByArea<ShownTension>, page: &mut Page) -> Result<()> {
    let header = [
        "territory",
        "occupation",
        "label",
        "positions_sure",
        "positions_estimate",
        "positions_all",
        "people",
        "positions_per_person",
        "calls_for_training",
        "no_cause",
        "causes",
    ];
    input.files.csv("tension.csv", &header, |write| {
        tension.apart.iter().try_for_each(|row| {
            write(&[
                &row.territory,
                input.job_id(row.occupation),
                input.job(row.occupation),
                &row.positions.sure.to_string(),
                &row.positions.estimate.to_string(),
                &row.positions.all.to_string(),
                &written(row.people),
                &row.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
                &row.calls_for_training.to_string(),
                &row.no_cause.to_string(),
                &causes(&row.causes),
            ])
        })
    })?;
    page.lines(input.say(
        "Tension par métier (région) : postes estimés pour une personne qui couvre le métier",
        "Tension by occupation (region): estimated positions for one person who covers it",
    ));
    let header = if input.is_french() {
        ["métier", "", "postes", "personnes", "tension", "appellent une formation"]
    } else {
        ["job", "", "positions", "people", "tension", "call for training"]
    };
    let rows = tension.together.iter().take(SHOWN).map(|row| {
        let ratio = match (row.people, row.ratio) {
            (Some(_), Some(ratio)) => format!("{ratio:.2}"),
            (Some(_), None) => "∞".to_owned(),
            (None, _) => String::new(),
        };
        vec![
            input.job_id(row.occupation).to_owned(),
            short(input.job(row.occupation), 44),
            row.positions.estimate.to_string(),
            count(row.people),
            ratio,
            row.calls_for_training.to_string(),
        ]
    });
    page.table(&header, 2, rows);
    Ok(())
}

/// Shortages and surpluses; gives how many counts of people are hidden.
fn tell_balance(
    input: &Input<'_>,
    needs: Needs<'_>,
    areas: &Areas,
    page: &mut Page,
) -> Result<u64> {
    let framework = &input.subject.hub.framework;
    let both = (&needs.0.register, needs.1);
    let found = areas.balance(both, framework, input.subject.held, input.scenario, input.run)?;
    let header =
        ["territory", "skill", "label", "required", "holders", "shortage", "surplus", "scenario"];
    let scenario = input.scenario.map_or("", Scenario::name);
    input.files.csv("skill_balance.csv", &header, |write| {
        found.rows.apart.iter().try_for_each(|row| {
            write(&[
                &areas.groups().names()[row.group],
                input.skill_id(row.skill),
                input.skill(row.skill),
                &row.required.to_string(),
                &written(row.holders),
                &written(row.shortage),
                &written(row.surplus),
                scenario,
            ])
        })
    })?;
    page.lines(input.say("\nCompétences en pénurie (région)", "\nSkills in shortage (region)"));
    let header = if input.is_french() {
        ["compétence", "postes", "personnes", "manque", "à interroger"]
    } else {
        ["skill", "positions", "people", "shortage", "to ask"]
    };
    let of: BTreeMap<u32, &ShownBalance> =
        found.rows.together.iter().map(|row| (row.skill, row)).collect();
    let rows = found.in_shortage.iter().take(SHOWN).map(|skill| {
        let row = of[skill];
        vec![
            short(input.skill(row.skill), 56),
            row.required.to_string(),
            count(row.holders),
            row.shortage.map(|shortage| shortage.to_string()).unwrap_or_default(),
            count(row.silent),
        ]
    });
    page.table(&header, 1, rows);
    let surplus: Vec<&str> =
        found.by_surplus.iter().take(5).map(|&skill| input.skill(skill)).collect();
    page.lines(format!("{} : {}…", input.say("En surplus", "In surplus"), surplus.join(" ; ")));
    Ok(found.rows.hidden)
}

fn tell_bridges(input: &Input<'_>, needed: &[u32], page: &mut Page) -> Result<()> {
    let required = input.subject.hub.framework.required();
    let shown = &needed[..needed.len().min(SHOWN)];
    let mut from_each = Vec::with_capacity(required.len());
    for from in (0u32..).take(required.len()) {
        let mut all = bridges_from_occupation(required, from, None, Reach::default())?;
        let mut place = 0;
        all.retain(|bridge| {
            place += 1;
            place <= BRIDGES || shown.contains(&bridge.target)
        });
        from_each.push(all);
    }
    let header = [
        "from",
        "from_label",
        "to",
        "to_label",
        "gap",
        "total",
        "coverage",
        "near",
        "to_ask",
        "blocking",
        "licence_alone",
    ];
    input.files.csv("bridges.csv", &header, |write| {
        (0u32..).zip(&from_each).try_for_each(|(from, bridges)| {
            bridges.iter().take(BRIDGES).try_for_each(|bridge| {
                write(&[
                    input.job_id(from),
                    input.job(from),
                    input.job_id(bridge.target),
                    input.job(bridge.target),
                    &bridge.gap.to_string(),
                    &bridge.total.to_string(),
                    &bridge.coverage.to_string(),
                    flag(bridge.near),
                    &input.skill_ids(&bridge.to_ask),
                    &input.skill_ids(&bridge.blocking),
                    flag(bridge.licence_alone),
                ])
            })
        })
    })?;
    page.lines(
        input.say("\nPasserelles vers les métiers en tension", "\nBridges to the jobs in tension"),
    );
    let header = if input.is_french() {
        ["vers", "depuis", "couvert", "titre seul"]
    } else {
        ["to", "from", "covered", "licence only"]
    };
    let nearest = |target: u32| -> Option<(u32, &Bridge)> {
        let from = (0u32..).zip(&from_each).filter(|&(from, _)| from != target);
        let found = from.filter_map(|(from, all)| {
            all.iter().find(|bridge| bridge.target == target).map(|bridge| (from, bridge))
        });
        found.min_by_key(|(from, bridge)| (bridge.gap, *from))
    };
    let rows = shown.iter().filter_map(|&to| nearest(to));
    let rows = rows.map(|(from, bridge)| {
        vec![
            short(input.job(bridge.target), 40),
            short(input.job(from), 40),
            format!("{:.0} %", bridge.coverage * 100.0),
            if bridge.licence_alone { input.say("oui", "yes") } else { "" }.to_owned(),
        ]
    });
    page.table(&header, 2, rows);
    Ok(())
}

/// Sectors that look for the same skills.
fn write_near_sectors(input: &Input<'_>, (region, picture): Needs<'_>) -> Result<()> {
    let (framework, everywhere) = (&input.subject.hub.framework, TerritoryGroups::everywhere());
    let (register, scenario) = (&region.register, input.scenario);
    let sectors =
        SkillMap::required(picture, register, framework, MapBy::Sector, &everywhere, scenario)?;
    input.files.csv("near_sectors.csv", &["one", "other", "similarity", "shared"], |write| {
        near_groups(&sectors).iter().try_for_each(|pair| {
            let shared: Vec<u32> = pair.shared.iter().map(|&(skill, _)| skill).collect();
            let (one, other) = (&sectors.groups()[pair.one], &sectors.groups()[pair.other]);
            write(&[one, other, &format!("{:.4}", pair.similarity), &input.skill_ids(&shared)])
        })
    })
}

/// What keeps most people out of each job that is needed; gives how many counts are hidden.
fn tell_exclusions(input: &Input<'_>, needed: &[u32], page: &mut Page) -> Result<u64> {
    let (held, required) = (input.subject.held, input.subject.hub.framework.required());
    let mut all: Vec<(u32, Exclusion, ShownExclusion)> = Vec::new();
    // The requirement of each job that comes first, where it keeps anybody out alone.
    let mut first = Vec::new();
    for &occupation in needed {
        let found = exclusions(held, required, occupation, Eligibility::default(), input.run)?;
        if found.requirements.first().is_some_and(|one| one.alone > 0) {
            first.push(all.len());
        }
        for one in &found.requirements {
            all.push((occupation, *one, one.shown(found.people)?));
        }
    }
    let header = [
        "occupation",
        "label",
        "skill",
        "skill_label",
        "necessity",
        "short",
        "silent",
        "alone",
        "people",
    ];
    input.files.csv("exclusions.csv", &header, |write| {
        all.iter().try_for_each(|(occupation, one, shown)| {
            write(&[
                input.job_id(*occupation),
                input.job(*occupation),
                input.skill_id(one.skill),
                input.skill(one.skill),
                one.necessity.name(),
                &written(shown.short),
                &written(shown.silent),
                &written(shown.alone),
                &written(shown.people),
            ])
        })
    })?;
    first.sort_by_key(|&at| (Reverse(all[at].1.alone), all[at].0));
    page.lines(input.say(
        "\nL'exigence qui, à elle seule, écarte le plus de personnes",
        "\nThe requirement that alone keeps most people out",
    ));
    let header = if input.is_french() {
        ["métier", "exigence", "écartées par elle seule", "dont à interroger"]
    } else {
        ["job", "requirement", "kept out by it alone", "of whom to ask"]
    };
    let rows = first.iter().take(SHOWN).map(|&at| {
        let (occupation, one, shown) = &all[at];
        vec![
            short(input.job(*occupation), 40),
            short(input.skill(one.skill), 44),
            count(shown.alone),
            count(shown.alone_silent),
        ]
    });
    page.table(&header, 2, rows);
    Ok(all.iter().filter(|(_, _, shown)| shown.alone.is_none()).count() as u64)
}
