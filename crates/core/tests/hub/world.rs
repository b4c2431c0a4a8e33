//! A small region to test in: places, a framework, and needs drawn from a seed.

use std::sync::Arc;

use passerelle::hub::Territories;
use passerelle::hub::recruitment::{AskedSkill, Cause, Horizon, Need, Register, Sensor, SizeClass};
use passerelle::{Framework, LevelScale, Necessity, Requirement, SkillKind};

/// Whole numbers from a seed (SplitMix64 of Steele, Lea and Flood, 2014): enough for tests.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap()
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

pub const OCCUPATIONS: [&str; 4] = ["welder", "driver", "cook", "mason"];
pub const SKILLS: [&str; 8] = ["s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7"];

pub fn framework(version: &str) -> Framework {
    let mut builder = Framework::builder("demo", version, "fr");
    builder.scales(vec![LevelScale::new("steps", 4).unwrap()]).unwrap();
    for skill in SKILLS {
        builder.skill(skill, SkillKind::KnowHow).unwrap();
    }
    for (at, occupation) in OCCUPATIONS.into_iter().enumerate() {
        builder.occupation(occupation).unwrap();
        for (step, skill) in SKILLS[at..at + 4].iter().enumerate() {
            let necessity = *[Necessity::Essential, Necessity::Optional, Necessity::Blocking]
                .get(step)
                .unwrap_or(&Necessity::Essential);
            let level = u16::try_from(1 + (at + step) % 4).unwrap();
            builder
                .require(occupation, skill, Requirement { level, weight: 2, necessity })
                .unwrap();
        }
    }
    builder.build().unwrap()
}

pub fn territories() -> Arc<Territories> {
    let mut places = Territories::builder();
    places.add("region", "region", "", &[]).unwrap();
    for (area, parents) in [("north", &["region"][..]), ("south", &["region"])] {
        places.add(area, "area", "", parents).unwrap();
    }
    for (town, area) in [("a", "north"), ("b", "north"), ("c", "south"), ("d", "south")] {
        places.add(town, "town", "", &[area]).unwrap();
    }
    Arc::new(places.build().unwrap())
}

pub fn sensor(id: &str, reliability: u8) -> Sensor {
    Sensor { id: id.to_owned(), kind: "test".to_owned(), territory: None, reliability }
}

pub fn register(version: &str) -> Register {
    let mut register = Register::new(&framework(version), &territories());
    for (id, reliability) in [("branch", 80), ("service", 60), ("platform", 40)] {
        register.declare(sensor(id, reliability)).unwrap();
    }
    register
}

/// A need drawn by chance, among few enough things that duplicates, revisions and conflicts come.
pub fn need(chance: &mut Chance) -> Need {
    let occupation = *chance.pick(&OCCUPATIONS);
    let title = match occupation {
        "welder" => ["Soudeur", "Soudeuse TIG", "SOUDEUR (H/F)"],
        "driver" => ["Chauffeur PL", "Conducteur poids lourd", "Conducteur SPL"],
        "cook" => ["Cuisinier", "Cuisinier / Cuisinière", "Commis de cuisine"],
        _ => ["Maçon", "Maçon coffreur", "MACON"],
    };
    let mut skills: Vec<AskedSkill> = Vec::new();
    for _ in 0..chance.below(3) {
        let skill = *chance.pick(&SKILLS);
        if skills.iter().all(|asked| asked.skill != skill) {
            skills.push(AskedSkill {
                skill: skill.to_owned(),
                level: u16::try_from(chance.below(5)).unwrap(),
                weight: 1,
                necessity: Necessity::Essential,
            });
        }
    }
    Need {
        sensor: (*chance.pick(&["branch", "service", "platform"])).to_owned(),
        record: chance.below(60).to_string(),
        revision: u32::try_from(chance.below(2)).unwrap(),
        withdrawn: chance.below(20) == 0,
        date: Some(format!("2026-0{}-1{}", 1 + chance.below(6), chance.below(9)).parse().unwrap()),
        employer: (chance.below(8) > 0).then(|| {
            (*chance.pick(&["Dupont SARL", "DUPONT", "Durand", "Martin & fils"])).to_owned()
        }),
        size: SizeClass::ALL[chance.below(5)],
        sector: (chance.below(4) > 0)
            .then(|| (*chance.pick(&["industry", "transport"])).to_owned()),
        occupation: (chance.below(6) > 0).then(|| occupation.to_owned()),
        title: (*chance.pick(&title)).to_owned(),
        territory: (*chance.pick(&["a", "a", "b", "c", "d", "north"])).to_owned(),
        positions: u32::try_from(1 + chance.below(5)).unwrap(),
        horizon: Horizon::ALL[chance.below(5)],
        causes: (0..chance.below(3)).map(|_| *chance.pick(Cause::ALL)).collect(),
        skills,
        ..Need::default()
    }
}
