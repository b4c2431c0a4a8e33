//! Seeded targets and people in the shape of a Europe-wide framework: 13,939 skills, 3,039
//! occupations of some 40 skills that come in groups, people who hold some 21, most of them of one
//! or two occupations, and a few skills that everyone seems to have.

use std::sync::Arc;

use passerelle::{Held, LevelScale, Necessity, Required, Requirement, SkillAxis};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

const SKILLS: usize = 13_939;
const OCCUPATIONS: usize = 3_039;
const GROUPS: usize = 436;
const SKILLS_OF_GROUP: usize = 110;

/// Targets and people on one axis.
#[derive(Debug)]
pub struct Workload {
    /// 3,039 occupations; levels 1 to 5, weight 3 where essential, else 1.
    pub required: Required,
    /// People; levels 1 to 5.
    pub held: Held,
}

impl Workload {
    /// The same for the same number of people.
    ///
    /// # Panics
    ///
    /// Never: what it builds is sound.
    pub fn new(people: usize) -> Self {
        let ids: Vec<String> = (0..SKILLS).map(|skill| format!("s{skill}")).collect();
        let scale = LevelScale::new("steps", 5).expect("a scale");
        let axis = SkillAxis::from_ids("workload", "1", scale, ids.iter().map(String::as_str));
        let axis = Arc::new(axis.expect("distinct ids"));
        let mut draw = Draw(ChaCha8Rng::seed_from_u64(20_240_601));
        let common = Popularity::new(SKILLS, 1.0, 80.0, &mut draw);
        let everyday = Popularity::new(SKILLS, 1.15, 3.0, &mut draw);
        let pools = pools(&common, &mut draw);
        let occupations: Vec<Vec<usize>> = (0..OCCUPATIONS)
            .map(|_| {
                let pool = &pools[draw.below(GROUPS)];
                let length = draw.length(42.0, 0.42, 8, 140);
                let one = |draw: &mut Draw| match draw.share() < 0.8 {
                    true => pool[draw.within(SKILLS_OF_GROUP, 1.15)],
                    false => common.draw(draw),
                };
                distinct((0..length).map(|_| one(&mut draw)).collect())
            })
            .collect();
        let mut required = Required::builder(&axis);
        for (at, skills) in occupations.iter().enumerate() {
            for &skill in skills {
                let level = draw.level(&[0.08, 0.30, 0.68, 0.90]);
                let essential = draw.share() < 0.53;
                let weight = if essential { 3 } else { 1 };
                let necessity = if essential { Necessity::Essential } else { Necessity::Optional };
                let requirement = Requirement { level, weight, necessity };
                required.require(&format!("t{at}"), &ids[skill], requirement).expect("sound");
            }
        }
        let chosen = Popularity::new(OCCUPATIONS, 0.75, 5.0, &mut draw);
        let mut held = Held::builder(&axis);
        for at in 0..people {
            let length = draw.length(21.0, 0.45, 3, 120);
            let mine = [chosen.draw(&mut draw), chosen.draw(&mut draw)];
            let one = |draw: &mut Draw| {
                let share = draw.share();
                if share >= 0.8 {
                    return everyday.draw(draw);
                }
                let skills = &occupations[mine[usize::from(share >= 0.6)]];
                skills[draw.below(skills.len())]
            };
            for skill in distinct((0..length).map(|_| one(&mut draw)).collect()) {
                let level = draw.level(&[0.12, 0.39, 0.72, 0.91]);
                held.hold(&format!("p{at}"), &ids[skill], level).expect("sound");
            }
        }
        Self { required: required.build().expect("sound"), held: held.build().expect("sound") }
    }
}

/// Each group's skills: some of its own, the rest common ones.
fn pools(common: &Popularity, draw: &mut Draw) -> Vec<Vec<usize>> {
    let order = draw.shuffled(SKILLS);
    let own = order.chunks_exact(SKILLS / GROUPS).take(GROUPS);
    own.map(|own| {
        let rest = (own.len()..SKILLS_OF_GROUP).map(|_| common.draw(draw));
        own.iter().copied().chain(rest).collect()
    })
    .collect()
}

fn distinct(mut skills: Vec<usize>) -> Vec<usize> {
    skills.sort_unstable();
    skills.dedup();
    skills
}

/// Things whose share falls with their rank as 1 ÷ (rank + q)^a.
struct Popularity {
    order: Vec<usize>,
    /// The share of all up to each rank.
    up_to: Vec<f64>,
}

impl Popularity {
    fn new(count: usize, a: f64, q: f64, draw: &mut Draw) -> Self {
        let mut sum = 0.0;
        let mut up_to: Vec<f64> = (0u32..)
            .take(count)
            .map(|rank| {
                sum += (f64::from(rank) + q).powf(-a);
                sum
            })
            .collect();
        up_to.iter_mut().for_each(|share| *share /= sum);
        Self { order: draw.shuffled(count), up_to }
    }

    fn draw(&self, draw: &mut Draw) -> usize {
        let share = draw.share();
        let rank = self.up_to.partition_point(|&up_to| up_to < share);
        self.order[rank.min(self.order.len() - 1)]
    }
}

struct Draw(ChaCha8Rng);

impl Draw {
    /// In [0, 1).
    fn share(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / f64::from(u32::MAX).next_up()
    }

    fn below(&mut self, end: usize) -> usize {
        self.within(end, 1.0)
    }

    /// Below `end`, the first more often where `power` is above 1.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below `end`")]
    #[expect(clippy::cast_precision_loss, reason = "some thousands")]
    fn within(&mut self, end: usize, power: f64) -> usize {
        ((end as f64 * self.share().powf(power)) as usize).min(end - 1)
    }

    /// Log-normal around a median.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most `most`")]
    fn length(&mut self, median: f64, sigma: f64, least: u32, most: u32) -> u32 {
        let normal = (-2.0 * (1.0 - self.share()).ln()).sqrt()
            * (std::f64::consts::TAU * self.share()).cos();
        ((median.ln() + sigma * normal).exp()).clamp(f64::from(least), f64::from(most)) as u32
    }

    /// 1 to 5, by the shares up to each.
    fn level(&mut self, up_to: &[f64; 4]) -> u16 {
        let share = self.share();
        (1..=4).zip(up_to).find(|&(_, &up_to)| share < up_to).map_or(5, |(level, _)| level)
    }

    fn shuffled(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        for at in (1..count).rev() {
            order.swap(at, self.below(at + 1));
        }
        order
    }
}
