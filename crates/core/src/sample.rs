//! People drawn from a framework, to try things at scale.
//!
//! Sampled people are made up. They have what real profiles have: a main occupation and a second
//! one, skills that are merely common, levels above and below what is asked, skills known not to be
//! held, several pieces of evidence, old dates, and silence on most of what any job requires.

use std::collections::HashSet;
use std::fmt;

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};
use serde::Serialize;

use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::matrix::Required;
use crate::profile::{EvidenceKind, HeldSkill, Profiles};
use crate::run::Run;
use crate::skill::Date;

/// Skills per person at some percentiles, from a lognormal fit to p5 = 8 and p95 = 38. A table, and
/// integers between its points, so that every platform draws the same people.
const SKILLS_AT: [(u64, u64); 9] =
    [(0, 3), (1, 6), (5, 8), (25, 13), (50, 17), (75, 24), (95, 38), (99, 52), (100, 80)];

/// Evidence of each kind, of a hundred.
const EVIDENCE: [(EvidenceKind, u64); 6] = [
    (EvidenceKind::Declared, 60),
    (EvidenceKind::Assessed, 14),
    (EvidenceKind::Employer, 10),
    (EvidenceKind::Certification, 10),
    (EvidenceKind::Badge, 4),
    (EvidenceKind::Vae, 2),
];

/// The first day and the number of days that evidence is dated with: 2012 to 2025.
const FIRST_DAY: i32 = 15_340;
const DAYS: u64 = 5_114;

/// Draws before a requirement counts as run out.
const TRIES: usize = 64;

/// Assessors, of whom each person meets a few.
const ASSESSORS: u64 = 400;

/// The shape of a sample, to print and to test.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SampleShape {
    /// How many people.
    pub people: u64,
    /// Skills that profiles speak of, in all.
    pub skills: u64,
    /// Skills per person: the mean.
    pub mean: f64,
    /// Skills per person: the 5th percentile.
    pub p5: u64,
    /// Skills per person: the median.
    pub median: u64,
    /// Skills per person: the 95th percentile.
    pub p95: u64,
    /// The share of skills known not to be held (level 0).
    pub level_0: f64,
    /// The share of skills with more than one piece of evidence.
    pub several: f64,
    /// The share of skills drawn from the person's main occupation, from the second, and by
    /// popularity.
    pub origins: [f64; 3],
}

impl fmt::Display for SampleShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} people, {} skills spoken of", self.people, self.skills)?;
        writeln!(
            f,
            "skills a person: mean {:.1}, p5 {}, median {}, p95 {}",
            self.mean, self.p5, self.median, self.p95
        )?;
        writeln!(
            f,
            "from a main occupation {:.1} %, a second {:.1} %, by popularity {:.1} %",
            self.origins[0] * 100.0,
            self.origins[1] * 100.0,
            self.origins[2] * 100.0
        )?;
        write!(
            f,
            "known not to be held {:.1} %, with several pieces of evidence {:.1} %",
            self.level_0 * 100.0,
            self.several * 100.0
        )
    }
}

/// A seeded source of draws.
struct Draw(ChaCha8Rng);

impl Draw {
    /// A whole number below `bound`. The bias of the multiplication is below bound ÷ 2⁶⁴.
    fn below(&mut self, bound: u64) -> u64 {
        let wide = u128::from(self.0.next_u64()) * u128::from(bound);
        u64::try_from(wide >> 64).unwrap_or(0)
    }

    fn skills(&mut self) -> u64 {
        let (percent, within) = (self.below(100), self.below(1 << 16));
        let above = SKILLS_AT.iter().position(|&(at, _)| at > percent).unwrap_or(1);
        let ((from, low), (to, high)) = (SKILLS_AT[above - 1], SKILLS_AT[above]);
        let position = ((percent - from) << 16) + within;
        low + ((high - low) * position + ((to - from) << 15)) / ((to - from) << 16)
    }

    fn evidence(&mut self) -> EvidenceKind {
        let mut left = self.below(100);
        for (kind, share) in EVIDENCE {
            if left < share {
                return kind;
            }
            left -= share;
        }
        EvidenceKind::Declared
    }
}

/// Draws people from a framework: about 20 skills each (5th and 95th percentiles 8 and 38), 60 %
/// from a main occupation, 20 % from a second, the rest by popularity; levels on the skills' scales,
/// 5 % of them 0; evidence and dates. The same framework, number and seed give the same people on
/// every platform. O(people × skills).
///
/// # Errors
///
/// [`Error::Argument`] for a framework without occupations, [`Error::Cancelled`],
/// [`Error::TooMany`] past 2³¹ − 1 people.
///
/// # Example
///
/// ```
/// use passerelle::{Framework, Necessity, Requirement, Run, SkillKind};
///
/// let mut builder = Framework::builder("demo", "1", "en");
/// builder.occupation("welder")?;
/// for skill in ["weld", "read", "grind", "measure"] {
///     builder.skill(skill, SkillKind::KnowHow)?;
///     let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
///     builder.require("welder", skill, one)?;
/// }
/// let (people, shape) = passerelle::sample::people(&builder.build()?, 100, 1, &Run::new())?;
/// assert_eq!((people.len(), shape.people), (100, 100));
/// # Ok::<(), passerelle::Error>(())
/// ```
pub fn people(
    framework: &Framework,
    people: usize,
    seed: u64,
    run: &Run,
) -> Result<(Profiles, SampleShape)> {
    let required = framework.required();
    if required.is_empty() {
        return Err(Error::argument("framework", framework.axis(), "one with occupations"));
    }
    let axis = framework.axis();
    let mut draw = Draw(ChaCha8Rng::seed_from_u64(seed));
    let mut builder = Profiles::builder(axis);
    let mut lengths = Vec::with_capacity(people);
    let (mut zeros, mut several, mut origins) = (0u64, 0u64, [0u64; 3]);
    let count = run.count("people", people as u64);
    let width = people.saturating_sub(1).to_string().len();
    for number in 0..people {
        count.go_on()?;
        let person = format!("p{number:0width$}");
        builder.person(&person)?;
        let wanted = draw.skills();
        let occupations = [draw.below(required.len() as u64), draw.below(required.len() as u64)];
        let mut held = HashSet::new();
        while (held.len() as u64) < wanted {
            let origin = match draw.below(100) {
                0..60 => 0,
                60..80 => 1,
                _ => 2,
            };
            // The origin is kept while a skill is looked for, so that shares hold; a short
            // requirement runs out, and what is missing then comes by popularity.
            let new = |origin: usize, draw: &mut Draw, held: &HashSet<u32>| {
                (0..TRIES)
                    .map(|_| drawn(required, occupations.get(origin).copied(), draw))
                    .find(|(skill, _)| !held.contains(skill))
            };
            let found = new(origin, &mut draw, &held).map(|found| (origin, found));
            let found = found.or_else(|| Some((2, new(2, &mut draw, &held)?)));
            // Hardly any skill is left that the person does not hold.
            let Some((origin, (skill, asked))) = found else { break };
            held.insert(skill);
            origins[origin] += 1;
            let top = axis.scale(skill).top();
            let level = if draw.below(20) == 0 {
                zeros += 1;
                0
            } else {
                let highest = u64::from(asked).saturating_mul(2).min(u64::from(top));
                u16::try_from(1 + draw.below(highest)).unwrap_or(top)
            };
            let evidence = draw.evidence();
            let mut one = HeldSkill {
                skill: axis.ids()[skill].to_owned(),
                level,
                evidence,
                date: dated(&mut draw)?,
                assessor: (evidence != EvidenceKind::Declared)
                    .then(|| format!("a{:03}", draw.below(ASSESSORS))),
            };
            builder.evidence(&person, &one)?;
            if evidence != EvidenceKind::Declared && draw.below(4) == 0 {
                // What the person had declared before it was established otherwise.
                several += 1;
                one.level = u16::try_from(draw.below(u64::from(top) + 1)).unwrap_or(top);
                one.evidence = EvidenceKind::Declared;
                one.date = dated(&mut draw)?;
                one.assessor = None;
                builder.evidence(&person, &one)?;
            }
        }
        lengths.push(held.len() as u64);
        count.add(1);
    }
    Ok((builder.build_on(run)?, shape(&mut lengths, zeros, several, origins)))
}

/// A requirement of an occupation; or of any, which draws skills by popularity.
fn drawn(required: &Required, occupation: Option<u64>, draw: &mut Draw) -> (u32, u16) {
    let (skills, levels) = match occupation {
        Some(occupation) => {
            let row = required.row(u32::try_from(occupation).unwrap_or(0));
            (row.skills, row.levels)
        }
        None => (required.skills.as_slice(), required.levels.as_slice()),
    };
    let at = usize::try_from(draw.below(skills.len() as u64)).unwrap_or(0);
    (skills[at], levels[at])
}

/// A date, or none for one piece of evidence in ten.
fn dated(draw: &mut Draw) -> Result<Option<Date>> {
    if draw.below(10) == 0 {
        return Ok(None);
    }
    let day = i32::try_from(draw.below(DAYS)).unwrap_or(0);
    Date::from_days(FIRST_DAY + day).map(Some)
}

#[expect(clippy::cast_precision_loss, reason = "figures to read")]
fn shape(lengths: &mut [u64], zeros: u64, several: u64, origins: [u64; 3]) -> SampleShape {
    lengths.sort_unstable();
    let at = |percent: usize| {
        lengths.get((lengths.len().saturating_sub(1)) * percent / 100).copied().unwrap_or(0)
    };
    let skills: u64 = lengths.iter().sum();
    let share = |part: u64| if skills == 0 { 0.0 } else { part as f64 / skills as f64 };
    SampleShape {
        people: lengths.len() as u64,
        skills,
        mean: if lengths.is_empty() { 0.0 } else { skills as f64 / lengths.len() as f64 },
        p5: at(5),
        median: at(50),
        p95: at(95),
        level_0: share(zeros),
        several: share(several),
        origins: origins.map(share),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::{Necessity, Requirement};
    use crate::skill::{LevelScale, SkillKind};

    /// 40 occupations of 60 skills each out of 800, on a scale of 5.
    fn framework() -> Framework {
        let mut builder = Framework::builder("demo", "1", "en");
        builder.scales(vec![LevelScale::new("steps", 5).unwrap()]).unwrap();
        for skill in 0..800 {
            builder.skill(&format!("s{skill}"), SkillKind::KnowHow).unwrap();
        }
        for occupation in 0..40u16 {
            let id = format!("o{occupation}");
            builder.occupation(&id).unwrap();
            for at in 0..60u16 {
                let level = 1 + (at + occupation) % 5;
                let one = Requirement { level, weight: 1, necessity: Necessity::Essential };
                let skill = (u32::from(occupation) * 19 + u32::from(at)) % 800;
                builder.require(&id, &format!("s{skill}"), one).unwrap();
            }
        }
        builder.build().unwrap()
    }

    #[test]
    fn people_have_the_shape_that_is_promised() {
        let (people, shape) = people(&framework(), 20_000, 7, &Run::new()).unwrap();
        assert_eq!(people.len(), 20_000);
        assert!((19.0..=21.0).contains(&shape.mean), "{shape}");
        assert!((7..=9).contains(&shape.p5) && (36..=40).contains(&shape.p95), "{shape}");
        assert!((0.045..=0.055).contains(&shape.level_0), "{shape}");
        for (origin, expected) in shape.origins.iter().zip([0.6, 0.2, 0.2]) {
            assert!((origin - expected).abs() < 0.01, "{shape}");
        }
        let held = people.spoken();
        assert_eq!(held.entries() as u64, shape.skills);
        assert!(people.entries() > held.entries(), "some skills have several pieces of evidence");
    }

    #[test]
    fn the_same_seed_gives_the_same_people() {
        let draw = |seed| people(&framework(), 50, seed, &Run::new()).unwrap().0;
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
    }
}
