//! The hub at the scale of a country's year: a million needs recorded, told apart and consolidated,
//! and the skills of a million people on a map.
//!
//! Each figure is one run of one long job, so they are printed rather than sampled. What is inside a
//! timer stands beside its figure.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use passerelle::hub::Territories;
use passerelle::hub::recruitment::{
    AskedSkill, Cause, Grouping, Horizon, Need, Picture, PictureOptions, Register, Sensor,
    SizeClass, TerritoryGroups, Window,
};
use passerelle::hub::skill::{MapBy, PeopleGroups, SkillMap};
use passerelle::{Framework, Necessity, Run, read};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

const NEEDS: usize = 1_000_000;
const MORE: usize = 1_000;
const SENSORS: usize = 50;
const PEOPLE: usize = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let Some(data) = passerelle_tests::real_data() else { return Ok(()) };
    let (framework, _) = read::framework(data.join("rome-4.60"))?;
    let run = Run::new().threads(2);
    needs(&framework, &run)?;
    people(&framework, &run)
}

/// Kilobytes that a line of `/proc/self/status` tells; 0 where there is no such file.
fn kilobytes(line: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let found = status.lines().find_map(|text| text.strip_prefix(line));
    found.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

struct Draw(ChaCha8Rng);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        usize::try_from((u128::from(self.0.next_u64()) * end as u128) >> 64).unwrap_or(0)
    }
}

/// A need of a vacancy; `sensor` and `record` are the teller's.
fn need(
    draw: &mut Draw,
    framework: &Framework,
    titles: &[Vec<&str>],
    places: &[String],
    at: usize,
) -> Need {
    let occupation = draw.below(framework.required().len());
    let position = u32::try_from(occupation).unwrap_or(0);
    let title = &titles[occupation];
    let skills = framework.required().row(position).skills;
    let mut asked: Vec<AskedSkill> = Vec::new();
    for _ in 0..draw.below(5) {
        let skill = framework.axis().ids()[skills[draw.below(skills.len())]].to_owned();
        if asked.iter().all(|one| one.skill != skill) {
            asked.push(AskedSkill { skill, level: 1, weight: 1, necessity: Necessity::Essential });
        }
    }
    let employer = draw.below(150_000);
    Need {
        sensor: format!("s{}", at % SENSORS),
        record: at.to_string(),
        date: passerelle::Date::from_days(20_000 + i32::try_from(draw.below(700)).unwrap_or(0))
            .ok(),
        employer: Some(format!("Ets {} {}", NAMES[employer % NAMES.len()], employer / NAMES.len())),
        size: SizeClass::ALL[employer % 5],
        sector: Some(format!("sector {}", occupation % 20)),
        occupation: Some(framework.occupation_ids()[position].to_owned()),
        title: title[draw.below(title.len())].to_owned(),
        territory: places[(employer + draw.below(2)) % places.len()].clone(),
        positions: 1 + u32::try_from(draw.below(4)).unwrap_or(0),
        horizon: Horizon::ALL[draw.below(5)],
        causes: (0..draw.below(3)).map(|_| Cause::ALL[draw.below(Cause::ALL.len())]).collect(),
        skills: asked,
        ..Need::default()
    }
}

const NAMES: [&str; 24] = [
    "Martin", "Bernard", "Dubois", "Thomas", "Robert", "Richard", "Petit", "Durand", "Leroy",
    "Moreau", "Simon", "Laurent", "Lefebvre", "Michel", "Garcia", "David", "Bertrand", "Roux",
    "Vincent", "Fournier", "Morel", "Girard", "Andre", "Mercier",
];

fn needs(framework: &Framework, run: &Run) -> Result<(), Box<dyn Error>> {
    let mut titles: Vec<Vec<&str>> = vec![Vec::new(); framework.required().len()];
    for title in framework.titles().iter() {
        titles[title.occupation as usize].push(title.title);
    }
    for (at, own) in (0u32..).zip(&mut titles) {
        own.push(framework.occupation_name(at, "fr"));
    }
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../datasets/hauts-de-france/territories.csv");
    let (territories, _) = Territories::read(&path)?;
    let towns = territories.of_kind("commune");
    let places: Vec<String> = towns.iter().map(|&at| territories.ids()[at].to_owned()).collect();

    let mut draw = Draw(ChaCha8Rng::seed_from_u64(1));
    let mut all: Vec<Need> = Vec::with_capacity(NEEDS + MORE);
    while all.len() < NEEDS + MORE {
        let at = all.len();
        // One in ten is what another sensor told already, in another spelling.
        let again = at > 0 && draw.below(10) == 0;
        let one = if again {
            let known = all[draw.below(at)].clone();
            Need {
                sensor: format!("s{}", (at + 7) % SENSORS),
                record: at.to_string(),
                employer: known.employer.map(|name| name.to_uppercase()),
                title: format!("{} (H/F)", known.title),
                ..known
            }
        } else {
            need(&mut draw, framework, &titles, &places, at)
        };
        all.push(one);
    }
    let mut register = Register::new(framework, &Arc::new(territories));
    for at in 0..SENSORS {
        let id = format!("s{at}");
        let reliability = u8::try_from(at).unwrap_or(0);
        register.declare(Sensor { id, kind: String::new(), territory: None, reliability })?;
    }
    let more = all.split_off(NEEDS);
    let before = kilobytes("VmRSS:");
    let mut picture = Picture::new(PictureOptions::default());
    let start = Instant::now();
    for need in &all {
        register.record(need)?;
    }
    let recorded = start.elapsed();
    picture.update_on(&register, run)?;
    let whole = start.elapsed();
    let after = kilobytes("VmRSS:");
    let rate = NEEDS as f64 / whole.as_secs_f64();
    println!(
        "{NEEDS} needs from {SENSORS} sensors: recorded in {recorded:.2?}, with telling apart and consolidation {whole:.2?}: {rate:.0} needs a second, {} bytes a need",
        (after - before) * 1024 / NEEDS as u64
    );

    let start = Instant::now();
    for need in &more {
        register.record(need)?;
    }
    picture.update_on(&register, run)?;
    println!("{MORE} more, every sum updated: {:.2?}", start.elapsed());
    let areas = TerritoryGroups::of_kind(register.territories(), "bassin")?;
    let by = Grouping { occupation: true, ..Grouping::default() };
    let start = Instant::now();
    let rows = picture.consolidated(&register, &by, &areas).len();
    println!("read: {rows} rows by occupation and area in {:.2?}", start.elapsed());
    let start = Instant::now();
    let window = Window::until("2026-11-01".parse()?);
    let skills = picture.over_time(&register, None, &window).len();
    println!("read: {skills} skills over time in {:.2?}", start.elapsed());
    let start = Instant::now();
    let vacancies = picture.vacancies(&register).len();
    println!("read: {vacancies} vacancies one by one in {:.2?}", start.elapsed());
    let start = Instant::now();
    let map = SkillMap::required(&picture, &register, framework, MapBy::Territory, &areas, None)?;
    println!(
        "read: a map of required skills, {} cells, in {:.2?}",
        map.table().count(),
        start.elapsed()
    );
    Ok(())
}

fn people(framework: &Framework, run: &Run) -> Result<(), Box<dyn Error>> {
    let (people, _) = passerelle::sample::people(framework, PEOPLE, 1, run)?;
    let held = people.held(framework)?;
    drop(people);
    let mut groups = PeopleGroups::new();
    let names: Vec<String> = (0..24).map(|at| format!("area {at}")).collect();
    for person in 0..u32::try_from(held.len())? {
        groups.add(&names[person as usize % names.len()], person)?;
    }
    let matrix = (held.entries() * 6 + held.len() * 8) as u64 / 1024;
    let before = kilobytes("VmRSS:");
    // The peak counts from here on.
    let reset = std::fs::write("/proc/self/clear_refs", "5").is_ok();
    let start = Instant::now();
    let map = SkillMap::held(&held, &groups, run)?;
    let took = start.elapsed();
    let peak = kilobytes("VmHWM:");
    println!(
        "{} people × {} skills of ROME by 24 areas: {} cells in {took:.2?}; the held matrix takes {matrix} kB, the map's peak is {} kB above{}",
        held.len(),
        framework.axis().len(),
        map.table().count(),
        peak.saturating_sub(before),
        if reset { "" } else { " (peak of the whole run)" }
    );
    Ok(())
}
