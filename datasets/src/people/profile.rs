use crate::Error;
use crate::chance::Chance;
use crate::framework::{Framework, Necessity, Requirement, Reuse, Scale};
use crate::people::attributes::Person;

/// The columns of a file of profiles.
pub(super) const PROFILE_HEADER: [&str; 7] =
    ["person", "skill", "level", "evidence", "date", "assessor", "target"];

/// How many people look to an occupation that is not in [`SOUGHT`], in any unit.
const SOUGHT_LEAST: u64 = 12;

/// The occupations more people look to, and how many: made up.
const SOUGHT: [(&str, u64); 28] = [
    ("F1602", 16),
    ("F1606", 18),
    ("F1703", 18),
    ("F1704", 24),
    ("G1501", 16),
    ("G1602", 16),
    ("G1603", 28),
    ("G1609", 18),
    ("G1803", 22),
    ("H2102", 14),
    ("H2105", 26),
    ("H2906", 24),
    ("H2909", 20),
    ("H2913", 14),
    ("H3301", 18),
    ("H3302", 30),
    ("I1304", 14),
    ("I1604", 14),
    ("K1302", 28),
    ("K1304", 26),
    ("K2204", 14),
    ("K2205", 36),
    ("N1101", 22),
    ("N1103", 32),
    ("N1105", 26),
    ("N1110", 20),
    ("N4101", 16),
    ("N4105", 22),
];

/// How far someone is into their trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Beginning, or starting again.
    Starting,
    /// Half-way.
    Midway,
    /// At home in the trade, with gaps in what is known of it.
    Confirmed,
    /// Nearly everything that is essential is held, and established.
    Ready,
}

/// What a piece of evidence rests on, in the words of the profile format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ground {
    Declared,
    Badge,
    Employer,
    Assessed,
    Certification,
    Vae,
}

impl Ground {
    fn word(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Badge => "badge",
            Self::Employer => "employer",
            Self::Assessed => "assessed",
            Self::Certification => "certification",
            Self::Vae => "vae",
        }
    }
}

/// One piece of evidence.
struct Evidence {
    skill: usize,
    level: u8,
    ground: Ground,
}

/// A skill that a profile may speak of.
#[derive(Debug, Clone, Copy)]
struct Likely {
    skill: usize,
    /// The level an occupation asks for; `None`: that of any occupation.
    asked: Option<u8>,
    weight: u64,
}

/// What profiles are drawn from: the framework, and how its occupations and skills go together.
pub(super) struct Career<'a> {
    framework: &'a Framework,
    /// For each occupation, how many people look to it.
    sought: Vec<u64>,
    /// For each occupation, how easy it is to begin without a diploma: the mean distance of its
    /// levels from the top, in tenths of a step.
    open: Vec<u64>,
    /// For each occupation and each other one, how near they are.
    near: Vec<Vec<u64>>,
    /// For each skill, the levels at which occupations require it.
    levels: Vec<Vec<u8>>,
}

/// A line that declares someone of whom nothing is known.
pub(super) fn silence(person: &str) -> Vec<String> {
    let mut row = vec![String::new(); PROFILE_HEADER.len()];
    person.clone_into(&mut row[0]);
    row
}

impl<'a> Career<'a> {
    pub(super) fn new(framework: &'a Framework) -> Result<Self, Error> {
        let occupations = &framework.occupations;
        if let Some((id, _)) = SOUGHT.iter().find(|(id, _)| occupations.iter().all(|o| o.id != *id))
        {
            let what = format!("no occupation `{id}`: take it out of SOUGHT in profile.rs");
            return Err(Error::Unmatched { what });
        }
        let sought = (occupations.iter())
            .map(|o| SOUGHT.iter().find(|(id, _)| *id == o.id).map_or(SOUGHT_LEAST, |&(_, n)| n))
            .collect();
        let mastery = |r: &&Requirement| framework.skills[r.skill].scale == Scale::Mastery;
        let open = (occupations.iter())
            .map(|occupation| {
                let levels = || occupation.requirements.iter().filter(mastery).map(|r| r.level);
                let ease: u64 = levels().map(|level| 10 * u64::from(4 - level)).sum();
                let count = u64::try_from(levels().count()).unwrap_or(u64::MAX).max(1);
                ease / count + 1
            })
            .collect();
        let mut levels = vec![Vec::new(); framework.skills.len()];
        for requirement in occupations.iter().flat_map(|o| &o.requirements) {
            levels[requirement.skill].push(requirement.level);
        }
        let near = (occupations.iter())
            .map(|a| {
                (occupations.iter())
                    .map(|b| {
                        let shared: u64 = (b.requirements.iter())
                            .filter(|r| a.requirements.iter().any(|s| s.skill == r.skill))
                            .map(|_| 1)
                            .sum();
                        if a.id == b.id { 0 } else { shared * shared + 1 }
                    })
                    .collect()
            })
            .collect();
        Ok(Self { framework, sought, open, near, levels })
    }

    /// The lines of someone's profile. `departement` is the one that collects it.
    pub(super) fn profile(
        &self,
        person: &Person,
        departement: &str,
        chance: &mut Chance,
    ) -> Vec<Vec<String>> {
        let main = chance.weighted(&self.wish(person)).unwrap_or(0);
        let second = chance.weighted(&self.near[main]).unwrap_or(0);
        let stage = if person.no_diploma {
            chance.choose(&[
                (Stage::Starting, 40),
                (Stage::Midway, 48),
                (Stage::Confirmed, 7),
                (Stage::Ready, 5),
            ])
        } else {
            chance.choose(&[
                (Stage::Starting, 20),
                (Stage::Midway, 50),
                (Stage::Confirmed, 18),
                (Stage::Ready, 12),
            ])
        };

        let mut evidence = Vec::new();
        for (skill, level) in self.skills(person, stage, main, second, chance) {
            let level = self.held(person, stage, skill, level, chance);
            evidence.extend(self.established(skill, level, chance));
        }
        self.heal(&mut evidence);
        evidence.sort_by_key(|e| e.skill);

        let mut rows = Vec::new();
        if stage != Stage::Starting && chance.percent(4) {
            rows.push(vec![
                person.id.clone(),
                String::new(),
                String::new(),
                Ground::Assessed.word().to_owned(),
                date(person, chance),
                assessor(Ground::Assessed, departement, chance),
                self.framework.occupations[main].id.clone(),
            ]);
        }
        for e in evidence {
            rows.push(vec![
                person.id.clone(),
                self.framework.skills[e.skill].id.clone(),
                e.level.to_string(),
                e.ground.word().to_owned(),
                if chance.percent(6) { String::new() } else { date(person, chance) },
                assessor(e.ground, departement, chance),
                String::new(),
            ]);
        }
        rows
    }

    /// How much someone leans to each occupation.
    fn wish(&self, person: &Person) -> Vec<u64> {
        let open = self.open.iter().map(|&open| if person.no_diploma { open } else { 1 });
        self.sought.iter().zip(open).map(|(sought, open)| sought * open).collect()
    }

    /// The skills a profile speaks of, each once, and a level at which an occupation asks for it.
    fn skills(
        &self,
        person: &Person,
        stage: Stage,
        main: usize,
        second: usize,
        chance: &mut Chance,
    ) -> Vec<(usize, u8)> {
        let mut drawn: Vec<(usize, u8)> = Vec::new();
        let more = match stage {
            Stage::Starting => chance.between(4, 9),
            Stage::Midway => chance.between(11, 17),
            Stage::Confirmed => chance.between(14, 21),
            Stage::Ready => {
                for r in &self.framework.occupations[main].requirements {
                    let likely = if r.necessity == Necessity::Optional { 40 } else { 96 };
                    if chance.percent(likely) {
                        drawn.push((r.skill, r.level));
                    }
                }
                chance.between(1, 4)
            }
        };
        let main = self.pool(&self.framework.occupations[main].requirements, person, stage);
        let second = self.pool(&self.framework.occupations[second].requirements, person, stage);
        let noise = self.noise(person);
        for _ in 0..more {
            let pool = chance.choose(&[(&main, 60), (&second, 20), (&noise, 20)]);
            let weights: Vec<u64> = (pool.iter())
                .map(|likely| {
                    let known = drawn.iter().any(|&(known, _)| known == likely.skill);
                    if known { 0 } else { likely.weight }
                })
                .collect();
            if let Some(Likely { skill, asked, .. }) = chance.weighted(&weights).map(|at| pool[at])
            {
                let any: Vec<(u8, u64)> = self.levels[skill].iter().map(|&l| (l, 1)).collect();
                drawn.push((skill, asked.unwrap_or_else(|| chance.choose(&any))));
            }
        }
        drawn
    }

    /// An occupation's skills, each with how likely it is to be spoken of.
    fn pool(&self, requirements: &[Requirement], person: &Person, stage: Stage) -> Vec<Likely> {
        (requirements.iter())
            .map(|r| {
                let skill = &self.framework.skills[r.skill];
                let weight =
                    u64::from(r.weight) * if r.necessity == Necessity::Optional { 3 } else { 10 };
                let licence = skill.scale == Scale::Licence && stage == Stage::Starting;
                let weight = if licence { weight / 3 } else { weight };
                Likely {
                    skill: r.skill,
                    asked: Some(r.level),
                    weight: self.lean(r.skill, person, weight),
                }
            })
            .collect()
    }

    /// Every skill an occupation asks for, as likely as many occupations ask for it.
    fn noise(&self, person: &Person) -> Vec<Likely> {
        (self.levels.iter().enumerate())
            .map(|(skill, levels)| {
                let asked = u64::try_from(levels.len()).unwrap_or(u64::MAX);
                let licence = self.framework.skills[skill].scale == Scale::Licence;
                let weight = if licence { asked } else { 4 * asked };
                Likely { skill, asked: None, weight: self.lean(skill, person, weight) }
            })
            .collect()
    }

    /// People without a diploma speak above all of what serves everywhere.
    fn lean(&self, skill: usize, person: &Person, weight: u64) -> u64 {
        let skill = &self.framework.skills[skill];
        match (person.no_diploma, skill.reuse) {
            (true, Reuse::Transversal) => weight * 4,
            (true, Reuse::Specific) => weight / 2 + 1,
            _ => weight,
        }
    }

    /// The level someone holds of a skill that is asked for at `level`.
    fn held(
        &self,
        person: &Person,
        stage: Stage,
        skill: usize,
        level: u8,
        chance: &mut Chance,
    ) -> u8 {
        let Framework { skills, .. } = self.framework;
        match skills[skill].scale {
            Scale::Licence if skills[skill].id == "hab-b" && person.drives() => 1,
            Scale::Licence => u8::from(chance.percent(match stage {
                Stage::Starting => 55,
                Stage::Midway => 72,
                Stage::Confirmed => 90,
                Stage::Ready => 96,
            })),
            Scale::Language if skills[skill].id.starts_with("lang-fr") => chance.choose(&[
                (6, if person.no_diploma { 30 } else { 60 }),
                (5, 25),
                (4, 15),
                (3, 8),
                (2, 6),
                (1, if stage == Stage::Ready { 0 } else { 3 }),
            ]),
            scale => {
                let known_not = if stage == Stage::Ready { 1 } else { 5 };
                if chance.percent(known_not) {
                    return 0;
                }
                // One step over, as asked, one step under, two under.
                let [over, just, under, two] = match stage {
                    Stage::Starting => [4, 30, 40, 26],
                    Stage::Midway => [10, 48, 34, 8],
                    Stage::Confirmed => [20, 62, 16, 2],
                    Stage::Ready => [26, 69, 5, 0],
                };
                let steps = chance.choose(&[
                    (level + 1, over),
                    (level, just),
                    (level.saturating_sub(1), under),
                    (level.saturating_sub(2), two),
                ]);
                steps.clamp(1, scale.top())
            }
        }
    }

    /// The pieces of evidence that speak of a skill held at `level`: mostly one, sometimes two or
    /// three that do not quite agree.
    fn established(&self, skill: usize, level: u8, chance: &mut Chance) -> Vec<Evidence> {
        use Ground::{Assessed, Badge, Certification, Declared, Employer, Vae};
        let about = &self.framework.skills[skill];
        let ground = if level == 0 {
            chance.choose(&[(Declared, 45), (Assessed, 55)])
        } else if about.scale == Scale::Licence {
            chance.choose(&[(Certification, 72), (Declared, 20), (Employer, 8)])
        } else if about.soft {
            chance.choose(&[(Declared, 55), (Assessed, 20), (Employer, 19), (Badge, 6)])
        } else {
            chance.choose(&[
                (Declared, 50),
                (Assessed, 16),
                (Employer, 14),
                (Badge, 8),
                (Certification, 9),
                (Vae, 3),
            ])
        };
        let mut evidence = vec![Evidence { skill, level, ground }];
        if level == 0 || about.scale == Scale::Licence || !chance.percent(9) {
            return evidence;
        }
        // People think a little more of themselves than those who watch them work.
        let second = if ground == Declared {
            let lower = chance.percent(55);
            Evidence {
                skill,
                level: if lower { level.saturating_sub(1).max(1) } else { level },
                ground: chance.choose(&[(Assessed, 70), (Employer, 30)]),
            }
        } else {
            let higher = chance.percent(55);
            Evidence {
                skill,
                level: if higher { (level + 1).min(about.scale.top()) } else { level },
                ground: Declared,
            }
        };
        evidence.push(second);
        if chance.percent(12) {
            evidence.push(Evidence { skill, level, ground: Employer });
        }
        evidence
    }

    /// What is held cannot rest on what is known not to be held: such a prerequisite is given its
    /// first step, and what it requires in turn.
    fn heal(&self, evidence: &mut [Evidence]) {
        loop {
            let broken = self.framework.strict.iter().find_map(|&(skill, requires)| {
                let held = evidence.iter().any(|e| e.skill == skill && e.level > 0);
                let lacks = evidence.iter().position(|e| e.skill == requires && e.level == 0);
                lacks.filter(|_| held)
            });
            match broken {
                Some(at) => evidence[at].level = 1,
                None => return,
            }
        }
    }
}

/// The day on which something was established, from 2009 to June 2026, mostly of late.
fn date(person: &Person, chance: &mut Chance) -> String {
    let year = chance.choose(&[
        (2026, 20),
        (2025, 21),
        (2024, 15),
        (2023, 11),
        (2022, 8),
        (2021, 6),
        (2020, 4),
        (2019, 3),
        (2018, 3),
        (2017, 2),
        (2016, 2),
        (2015, 1),
        (2014, 1),
        (2013, 1),
        (2012, 1),
        (2011, 1),
        (2010, 1),
        (2009, 1),
    ]);
    let year = if person.under_26 { year.max(2019) } else { year };
    let month = chance.between(1, if year == 2026 { 6 } else { 12 });
    format!("{year}-{month:02}-{:02}", chance.between(1, 28))
}

/// Who established it, as an id that names nobody.
fn assessor(ground: Ground, departement: &str, chance: &mut Chance) -> String {
    let departement = departement.trim_start_matches("dep-");
    match ground {
        Ground::Declared => String::new(),
        Ground::Badge => format!("bdg-{:02}", chance.between(1, 25)),
        Ground::Employer => format!("ent-{departement}-{:03}", chance.between(1, 400)),
        Ground::Assessed => format!("cep-{departement}-{:02}", chance.between(1, 40)),
        Ground::Certification | Ground::Vae => format!("cert-{:02}", chance.between(1, 60)),
    }
}
