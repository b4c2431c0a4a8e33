//! The best people for each vacancy.

use std::collections::BTreeMap;

use super::Input;
use super::files::{flag, lone, written};
use super::page::{Page, count};
use crate::error::Result;
use crate::gap::{Eligibility, Status};
use crate::hub::Region;
use crate::hub::recruitment::{Picture, SeenVacancy};
use crate::hub::skill::Candidates;

/// Candidates of each vacancy.
const K: usize = 10;

/// What there is to say of vacancies and people together.
pub(super) struct Matched<'i> {
    pub vacancies: usize,
    pub with_somebody_eligible: u64,
    /// People in each pool.
    pub in_pools: BTreeMap<&'i str, u64>,
    pub in_several_pools: u64,
}

pub(super) fn tell<'i>(
    input: &'i Input<'_>,
    (region, picture): (&Region, &Picture),
    page: &mut Page,
) -> Result<Matched<'i>> {
    let held = input.subject.held;
    let both = region.best_people(picture, held, K, Eligibility::default(), input.run)?;
    write(input, &both)?;
    let mut matched = Matched {
        vacancies: both.len(),
        with_somebody_eligible: 0,
        in_pools: BTreeMap::new(),
        in_several_pools: 0,
    };
    for (_, found) in &both {
        let somebody = found.best.iter().any(|one| one.status == Status::Eligible);
        matched.with_somebody_eligible += u64::from(somebody);
    }
    for pools in &input.subject.hub.pools {
        matched.in_several_pools += u64::from(pools.len() > 1);
        for pool in pools {
            *matched.in_pools.entry(pool.as_str()).or_default() += 1;
        }
    }
    if !matched.in_pools.is_empty() {
        let each = |(pool, &people): (&&str, &u64)| format!("{pool} {}", count(lone(people)));
        let of_each: Vec<String> = matched.in_pools.iter().map(each).collect();
        page.lines(format!(
            "\n{} : {} ; {} {}",
            input.say("Viviers (personnes)", "Pools (people)"),
            of_each.join(", "),
            input.say("dans plusieurs, comptées une fois :", "in several, counted once:"),
            count(lone(matched.in_several_pools)),
        ));
    }
    Ok(matched)
}

fn write(input: &Input<'_>, both: &[(SeenVacancy, Candidates)]) -> Result<()> {
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
    let people = input.subject.held.people();
    input.files.csv("best_people.csv", &header, |write| {
        both.iter().try_for_each(|(vacancy, found)| {
            let (sensor, record) = &vacancy.reports[0];
            let found = found.shown();
            let aside = found.set_aside.iter();
            let aside: Vec<String> =
                aside.map(|(filter, &count)| format!("{filter}:{}", written(count))).collect();
            found.best.iter().zip(1..).try_for_each(|(one, rank): (_, u32)| {
                let to_ask: Vec<&str> = one.to_ask.iter().map(|filter| filter.name()).collect();
                let pools = &input.subject.hub.pools[one.person as usize];
                let pools: Vec<&str> = pools.iter().map(String::as_str).collect();
                write(&[
                    &format!("{sensor}/{record}"),
                    &vacancy.title,
                    &rank.to_string(),
                    &people[one.person],
                    &one.score.to_string(),
                    one.status.name(),
                    flag(one.licence_alone),
                    &to_ask.join("|"),
                    &written(found.considered),
                    &aside.join("|"),
                    &pools.join("|"),
                ])
            })
        })
    })
}
