//! The skill module: what is short, which bridges there are, who fits, and what keeps people out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use passerelle::gap::{Eligibility, Status};
use passerelle::hub::recruitment::{Picture, TerritoryGroups};
use passerelle::hub::skill::{
    Conditions, Exclusion, MapBy, PeopleGroups, Reach, SkillMap, balance, bridges_from_occupation,
    candidates, eligible_people, exclusions, near_groups, tension,
};
use passerelle::hub::{Region, Scenario};
use passerelle::{Framework, Held, Result, Run};

use super::people::{lone, parts, text as shown_count, written};
use super::table::{short, table};
use crate::write;

/// Rows shown on the screen; the files hold all of them.
const SHOWN: usize = 10;

/// What the module works on.
pub struct Input<'a> {
    pub region: &'a Region,
    pub picture: &'a Picture,
    pub framework: &'a Framework,
    pub held: &'a Held,
    pub pools: &'a [BTreeSet<String>],
    pub scenario: Option<&'a Scenario>,
    pub run: &'a Run,
}

/// How many people are in each pool, and in more than one.
fn pooled(pools: &[BTreeSet<String>]) -> (BTreeMap<&str, u64>, u64) {
    let mut of_each = BTreeMap::new();
    for pool in pools.iter().flatten() {
        *of_each.entry(pool.as_str()).or_default() += 1;
    }
    (of_each, pools.iter().filter(|own| own.len() > 1).count() as u64)
}

/// Writes the module's files, and gives what goes on the screen and into the summary.
pub fn run(
    input: &Input<'_>,
    folder: &Path,
    language: &str,
) -> Result<(String, serde_json::Value)> {
    let Input { region, picture, framework, held, pools, scenario, run } = *input;
    let french = language == "fr";
    let say = |fr: &'static str, en: &'static str| if french { fr } else { en };
    let (register, required) = (&region.register, framework.required());
    let eligibility = Eligibility::default();
    let areas = TerritoryGroups::of_kind(&region.territories, "bassin")?;
    let everywhere = TerritoryGroups::everywhere();
    let places = || region.limits.iter().map(|limits| limits.territory);
    let by_area = PeopleGroups::by_territory(&areas, places())?;
    let together = PeopleGroups::by_territory(&everywhere, places())?;
    let mut hidden = 0;

    // Tension, by area and together: the file and the screen are hidden as one.
    let people = eligible_people(held, required, &by_area, eligibility, run)?;
    let all_people = eligible_people(held, required, &together, eligibility, run)?;
    let mut may_show = Vec::with_capacity(required.len());
    for (column, whole) in people.columns().into_iter().zip(&all_people) {
        let shown = parts(*whole, &column.to_vec())?;
        hidden += shown.1.iter().filter(|count| count.is_none()).count();
        may_show.push(shown);
    }
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
    let rows = tension(picture, register, &areas, &people)?;
    write::csv(&folder.join("tension.csv"), &header, |write| {
        rows.iter().try_for_each(|row| {
            let area = areas.names().position(&row.territory).unwrap_or(0);
            let count = may_show[row.occupation as usize].1[area as usize];
            let ratio = row.ratio.filter(|_| count.is_some());
            let causes: Vec<String> =
                row.causes.iter().map(|(cause, count)| format!("{cause}:{count}")).collect();
            write(&[
                &row.territory,
                &framework.occupation_ids()[row.occupation],
                framework.occupation_name(row.occupation, language),
                &row.positions.sure.to_string(),
                &row.positions.estimate.to_string(),
                &row.positions.all.to_string(),
                &written(count),
                &ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
                &row.calls_for_training.to_string(),
                &row.no_cause.to_string(),
                &causes.join("|"),
            ])
        })
    })?;
    let overall = tension(picture, register, &everywhere, &all_people)?;
    let mut text = format!("\n── {} ──\n", say("Compétences", "Skills"));
    if let Some(scenario) = scenario {
        text.push_str(&format!("{} : {}\n", say("scénario", "scenario"), scenario.name()));
    }
    text.push_str(say(
        "Tension par métier (région) : postes estimés pour une personne qui couvre le métier\n",
        "Tension by occupation (region): estimated positions for one person who covers it\n",
    ));
    let columns = if french {
        ["métier", "", "postes", "personnes", "tension", "appellent une formation"]
    } else {
        ["job", "", "positions", "people", "tension", "call for training"]
    };
    let shown_rows = overall.iter().take(SHOWN).map(|row| {
        let people = may_show[row.occupation as usize].0;
        let ratio = match (people, row.ratio) {
            (Some(_), Some(ratio)) => format!("{ratio:.2}"),
            (Some(_), None) => "∞".to_owned(),
            (None, _) => String::new(),
        };
        vec![
            framework.occupation_ids()[row.occupation].to_owned(),
            short(framework.occupation_name(row.occupation, language), 44),
            row.positions.estimate.to_string(),
            shown_count(people),
            ratio,
            row.calls_for_training.to_string(),
        ]
    });
    text.push_str(&table(&columns, shown_rows, 2));

    // Shortages and surpluses.
    let map = |groups: &TerritoryGroups| {
        SkillMap::required(picture, register, framework, MapBy::Territory, groups, scenario)
    };
    let (wanted, spoken) = (map(&areas)?, SkillMap::held(held, &by_area, run)?);
    let rows = balance(&wanted, &spoken)?;
    let mut holders = vec![vec![0u64; areas.len()]; framework.axis().len()];
    for row in &rows {
        holders[row.skill as usize][row.group as usize] = row.holders;
    }
    let mut regional = balance(&map(&everywhere)?, &SkillMap::held(held, &together, run)?)?;
    let mut wholes = vec![0u64; holders.len()];
    for row in &regional {
        wholes[row.skill as usize] = row.holders;
    }
    let mut may_show = Vec::with_capacity(holders.len());
    for (&whole, counts) in wholes.iter().zip(&holders) {
        let shown = parts(whole, counts)?;
        hidden += shown.1.iter().filter(|count| count.is_none()).count();
        may_show.push(shown);
    }
    let header =
        ["territory", "skill", "label", "required", "holders", "shortage", "surplus", "scenario"];
    let name = scenario.map_or("", Scenario::name);
    write::csv(&folder.join("skill_balance.csv"), &header, |write| {
        rows.iter().try_for_each(|row| {
            let people = may_show[row.skill as usize].1[row.group as usize];
            let (shortage, surplus) = row.beside(people);
            write(&[
                &areas.names()[row.group],
                &framework.axis().ids()[row.skill],
                framework.skill_name(row.skill, language),
                &row.required.to_string(),
                &written(people),
                &written(shortage),
                &written(surplus),
                name,
            ])
        })
    })?;
    regional.sort_by_key(|row| (std::cmp::Reverse(row.shortage), row.skill));
    text.push_str(say("\nCompétences en pénurie (région)\n", "\nSkills in shortage (region)\n"));
    let columns = if french {
        ["compétence", "postes", "personnes", "manque", "à interroger"]
    } else {
        ["skill", "positions", "people", "shortage", "to ask"]
    };
    let list = |rows: &[passerelle::hub::skill::Balance],
                figure: fn(&passerelle::hub::skill::Balance) -> u64| {
        let rows: Vec<Vec<String>> = rows
            .iter()
            .filter(|row| figure(row) > 0)
            .take(SHOWN)
            .map(|row| {
                let people = may_show[row.skill as usize].0;
                vec![
                    short(framework.skill_name(row.skill, language), 56),
                    row.required.to_string(),
                    shown_count(people),
                    people.map_or(String::new(), |_| figure(row).to_string()),
                    shown_count(lone(row.silent)),
                ]
            })
            .collect();
        table(&columns, rows, 1)
    };
    text.push_str(&list(&regional, |row| row.shortage));
    regional.sort_by_key(|row| (std::cmp::Reverse(row.surplus), row.skill));
    let surplus: Vec<&str> =
        regional.iter().take(5).map(|row| framework.skill_name(row.skill, language)).collect();
    text.push_str(&format!("{} : {}…\n", say("En surplus", "In surplus"), surplus.join(" ; ")));

    // Bridges.
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
    let ids = |skills: &[u32]| {
        let ids: Vec<&str> = skills.iter().map(|&skill| &framework.axis().ids()[skill]).collect();
        ids.join("|")
    };
    let mut best: Vec<(u32, passerelle::hub::skill::Bridge)> = Vec::new();
    write::csv(&folder.join("bridges.csv"), &header, |write| {
        (0u32..).take(required.len()).try_for_each(|from| {
            let bridges = bridges_from_occupation(required, from, None, Reach::default())?;
            for bridge in bridges.into_iter().take(5) {
                write(&[
                    &framework.occupation_ids()[from],
                    framework.occupation_name(from, language),
                    &framework.occupation_ids()[bridge.target],
                    framework.occupation_name(bridge.target, language),
                    &bridge.gap.to_string(),
                    &bridge.total.to_string(),
                    &bridge.coverage.to_string(),
                    if bridge.near { "1" } else { "0" },
                    &ids(&bridge.to_ask),
                    &ids(&bridge.blocking),
                    if bridge.licence_alone { "1" } else { "0" },
                ])?;
                best.push((from, bridge));
            }
            Ok(())
        })
    })?;
    text.push_str(say(
        "\nPasserelles vers les métiers en tension\n",
        "\nBridges to the jobs in tension\n",
    ));
    let columns = if french {
        ["vers", "depuis", "couvert", "titre seul"]
    } else {
        ["to", "from", "covered", "licence only"]
    };
    let to: Vec<u32> = overall.iter().take(SHOWN).map(|row| row.occupation).collect();
    let mut nearest: Vec<(u32, u32, f32, bool)> = Vec::new();
    for &target in &to {
        let from = (0u32..).take(required.len()).filter(|&from| from != target);
        let found = from
            .map(|from| {
                bridges_from_occupation(required, from, None, Reach::default())
                    .map(|all| (from, all))
            })
            .collect::<Result<Vec<_>>>()?;
        let found = found.into_iter().filter_map(|(from, all)| {
            all.into_iter().find(|bridge| bridge.target == target).map(|bridge| (from, bridge))
        });
        if let Some((from, bridge)) = found.min_by_key(|(from, bridge)| (bridge.gap, *from)) {
            nearest.push((target, from, bridge.coverage, bridge.licence_alone));
        }
    }
    let yes = say("oui", "yes");
    let rows = nearest.iter().map(|&(to, from, coverage, licence)| {
        vec![
            short(framework.occupation_name(to, language), 40),
            short(framework.occupation_name(from, language), 40),
            format!("{:.0} %", coverage * 100.0),
            if licence { yes.to_owned() } else { String::new() },
        ]
    });
    text.push_str(&table(&columns, rows, 2));

    // Sectors that look for the same skills.
    let sectors =
        SkillMap::required(picture, register, framework, MapBy::Sector, &everywhere, scenario)?;
    let near = near_groups(&sectors);
    write::csv(
        &folder.join("near_sectors.csv"),
        &["one", "other", "similarity", "shared"],
        |write| {
            near.iter().try_for_each(|pair| {
                let shared: Vec<u32> = pair.shared.iter().map(|&(skill, _)| skill).collect();
                let (one, other) = (&sectors.groups()[pair.one], &sectors.groups()[pair.other]);
                write(&[one, other, &format!("{:.4}", pair.similarity), &ids(&shared)])
            })
        },
    )?;

    // What keeps most people out of each job that is needed.
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
    let mut kept_out: Vec<(u32, Exclusion, [Option<u64>; 2])> = Vec::new();
    let needed: Vec<u32> = overall.iter().map(|row| row.occupation).collect();
    write::csv(&folder.join("exclusions.csv"), &header, |write| {
        needed.iter().try_for_each(|&occupation| {
            let found = exclusions(held, required, occupation, eligibility, run)?;
            for one in &found.requirements {
                let shown = one.shown(found.people)?;
                if one.alone > 0 && kept_out.last().is_none_or(|&(last, ..)| last != occupation) {
                    kept_out.push((occupation, *one, [shown.alone, shown.alone_silent]));
                }
                hidden += usize::from(shown.alone.is_none());
                write(&[
                    &framework.occupation_ids()[occupation],
                    framework.occupation_name(occupation, language),
                    &framework.axis().ids()[one.skill],
                    framework.skill_name(one.skill, language),
                    one.necessity.name(),
                    &written(shown.short),
                    &written(shown.silent),
                    &written(shown.alone),
                    &written(shown.people),
                ])?;
            }
            Ok(())
        })
    })?;
    kept_out.sort_by_key(|&(occupation, one, _)| (std::cmp::Reverse(one.alone), occupation));
    text.push_str(say(
        "\nL'exigence qui, à elle seule, écarte le plus de personnes\n",
        "\nThe requirement that alone keeps most people out\n",
    ));
    let columns = if french {
        ["métier", "exigence", "écartées par elle seule", "dont à interroger"]
    } else {
        ["job", "requirement", "kept out by it alone", "of whom to ask"]
    };
    let rows = kept_out.iter().take(SHOWN).map(|&(occupation, one, [alone, to_ask])| {
        vec![
            short(framework.occupation_name(occupation, language), 40),
            short(framework.skill_name(one.skill, language), 44),
            shown_count(alone),
            shown_count(to_ask),
        ]
    });
    text.push_str(&table(&columns, rows, 2));

    // The best people for each vacancy.
    let (vacancies, targets) = picture.vacancy_targets(register)?;
    let posts: Vec<Conditions> = vacancies.iter().map(|one| region.conditions_of(one)).collect();
    let found = candidates(
        held,
        &targets,
        SHOWN,
        (&region.limits, &posts),
        (&region.travel, &region.territories),
        eligibility,
        run,
    )?;
    let header = [
        "vacancy",
        "title",
        "rank",
        "person",
        "coverage",
        "status",
        "licence_alone",
        "to_ask",
        "considered",
        "set_aside",
        "pools",
    ];
    let mut with_somebody = 0;
    write::csv(&folder.join("best_people.csv"), &header, |write| {
        vacancies.iter().zip(&found).try_for_each(|(vacancy, found)| {
            let (sensor, record) = &vacancy.reports[0];
            let aside = found.set_aside.iter();
            let aside: Vec<String> = aside
                .map(|(filter, &count)| format!("{filter}:{}", written(lone(count))))
                .collect();
            with_somebody += u64::from(found.best.iter().any(|one| one.status == Status::Eligible));
            found.best.iter().zip(1..).try_for_each(|(one, rank): (_, u32)| {
                let to_ask: Vec<&str> = one.to_ask.iter().map(|filter| filter.name()).collect();
                let pools: Vec<&str> =
                    pools[one.person as usize].iter().map(String::as_str).collect();
                write(&[
                    &format!("{sensor}/{record}"),
                    &vacancy.title,
                    &rank.to_string(),
                    &held.people()[one.person],
                    &one.score.to_string(),
                    one.status.name(),
                    if one.licence_alone { "1" } else { "0" },
                    &to_ask.join("|"),
                    &written(lone(found.considered)),
                    &aside.join("|"),
                    &pools.join("|"),
                ])
            })
        })
    })?;
    let total = vacancies.len();
    let (in_pools, in_several) = pooled(pools);
    if !in_pools.is_empty() {
        let of_each: Vec<String> = in_pools
            .iter()
            .map(|(pool, &count)| format!("{pool} {}", shown_count(lone(count))))
            .collect();
        text.push_str(&format!(
            "\n{} : {} ; {} {}\n",
            say("Viviers (personnes)", "Pools (people)"),
            of_each.join(", "),
            say("dans plusieurs, comptées une fois :", "in several, counted once:"),
            shown_count(lone(in_several)),
        ));
    }
    text.push_str(&if french {
        format!(
            "\nMeilleures personnes par offre : {with_somebody} offres sur {total} ont au moins une personne éligible à portée (date, trajet, horaires et contrat filtrent et sont dits, jamais notés)\n\
             {hidden} cases sur des personnes masquées (1 à 10 personnes, ou pour les protéger)\n\
             Fichiers : consolidated_needs, vacancies, asked_skills, skill_breadth, conflicts, tension, skill_balance, bridges, near_sectors, exclusions, best_people (.csv)\n"
        )
    } else {
        format!(
            "\nBest people for each vacancy: {with_somebody} of {total} have somebody eligible within reach (dates, travel, hours and contracts filter and are reported, never scored)\n\
             {hidden} cells about people hidden (1 to 10 people, or to protect them)\n\
             Files: consolidated_needs, vacancies, asked_skills, skill_breadth, conflicts, tension, skill_balance, bridges, near_sectors, exclusions, best_people (.csv)\n"
        )
    });
    let summary = serde_json::json!({
        "scenario": scenario.map(Scenario::name),
        "vacancies_matched": total,
        "vacancies_with_somebody_eligible": with_somebody,
        "pools": in_pools.iter().map(|(&pool, &count)| (pool, lone(count))).collect::<BTreeMap<_, _>>(),
        "people_in_several_pools": lone(in_several),
        "cells_hidden": hidden,
    });
    Ok((text, summary))
}
