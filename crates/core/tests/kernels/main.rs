//! The fast core against plain answers, the same bits at every width of vectors and for any number of
//! threads.

#![allow(clippy::cast_possible_truncation, clippy::cast_precision_loss, missing_docs)]

mod floats;
mod matrices;
mod rankings;
mod rows;

use std::sync::Arc;

use passerelle::matrix::Rows;
use passerelle::run::Lanes;
use passerelle::{Held, LevelScale, Necessity, Required, Requirement, Run, SkillAxis};

/// The parts of a matrix.
#[derive(Clone, Debug, Default)]
struct Matrix {
    offsets: Vec<u64>,
    skills: Vec<u32>,
    levels: Vec<u16>,
    weights: Vec<u16>,
    skill_count: u32,
}

type Cells = Vec<(u32, u16, u16)>;

impl Matrix {
    fn of(rows: &[Cells], skill_count: u32) -> Self {
        let mut matrix = Self { offsets: vec![0], skill_count, ..Self::default() };
        for row in rows {
            for &(skill, level, weight) in row {
                matrix.skills.push(skill);
                matrix.levels.push(level);
                matrix.weights.push(weight);
            }
            matrix.offsets.push(matrix.skills.len() as u64);
        }
        matrix
    }

    fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    fn required(&self) -> Rows<'_> {
        let Self { offsets, skills, levels, weights, skill_count } = self;
        Rows::required(offsets, skills, levels, weights, *skill_count).unwrap()
    }

    fn held(&self) -> Rows<'_> {
        let Self { offsets, skills, levels, skill_count, .. } = self;
        Rows::held(offsets, skills, levels, *skill_count).unwrap()
    }
}

/// The same as matrices with ids. Targets that require nothing get one requirement.
fn matrices(people: &Matrix, targets: &Matrix) -> (Held, Required) {
    let ids: Vec<String> = (0..people.skill_count).map(|skill| format!("s{skill}")).collect();
    let scale = LevelScale::new("steps", u16::MAX).unwrap();
    let axis = SkillAxis::from_ids("test", "1", scale, ids.iter().map(String::as_str)).unwrap();
    let axis = Arc::new(axis);
    let mut held = Held::builder(&axis);
    for (at, row) in people.held().iter().enumerate() {
        held.person(&format!("p{at}")).unwrap();
        for (skill, pair) in row.cells() {
            held.hold(&format!("p{at}"), &ids[skill as usize], pair.level).unwrap();
        }
    }
    let mut required = Required::builder(&axis);
    for (at, row) in targets.required().iter().enumerate() {
        let mut require = |skill: u32, level, weight| {
            // Every third requirement is wanted, every seventh a licence.
            let necessity = match (at as u32 + skill) % 21 {
                0 | 7 | 14 => Necessity::Blocking,
                3 | 6 | 9 | 12 | 15 | 18 => Necessity::Optional,
                _ => Necessity::Essential,
            };
            let requirement = Requirement { level, weight, necessity };
            required.require(&format!("t{at}"), &ids[skill as usize], requirement).unwrap();
        };
        if row.skills().is_empty() {
            require(0, 1, 1);
        }
        for (skill, pair) in row.cells() {
            require(skill, pair.level, pair.weight);
        }
    }
    (held.build().unwrap(), required.build().unwrap())
}

/// A stream of numbers: splitmix64.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % end
    }

    /// Rows of up to `cells` cells, low skills much more common than high ones.
    fn matrix(
        &mut self,
        rows: usize,
        skill_count: u32,
        cells: u64,
        (low, high): (u16, u16),
        weight: u16,
    ) -> Matrix {
        let mut row = || {
            let count = u64::from(skill_count);
            let mut skills = (0..self.below(cells + 1))
                .map(|_| {
                    let end = self.below(count).min(self.below(count)) + 1;
                    self.below(end) as u32
                })
                .collect::<Vec<_>>();
            skills.sort_unstable();
            skills.dedup();
            let mut cell = |skill| {
                let level = u64::from(low) + self.below(u64::from(high - low) + 1);
                (skill, level as u16, 1 + self.below(u64::from(weight)) as u16)
            };
            skills.into_iter().map(&mut cell).collect()
        };
        let rows: Vec<Cells> = (0..rows).map(|_| row()).collect();
        Matrix::of(&rows, skill_count)
    }
}

/// A run for each width, on some number of threads.
fn runs() -> Vec<Run> {
    let all = Lanes::available().into_iter().zip([3, 1, 2]);
    all.map(|(lanes, threads)| Run::new().lanes(lanes).threads(threads)).collect()
}
