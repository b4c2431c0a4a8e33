//! Tension: needs against the people who cover them.

use std::collections::BTreeMap;

use ndarray::Array2;
use rayon::prelude::*;
use serde::Serialize;

use super::groups::PeopleGroups;
use crate::error::{Error, Result};
use crate::gap::{Eligibility, Figure, Index, Standing, Status, Sums};
use crate::hub::recruitment::{Cause, Picture, Positions, Register, TerritoryGroups};
use crate::matrix::{Held, Necessity, Required, Rows};
use crate::run::Run;

/// Some of a matrix's requirements, as arrays.
struct Part {
    offsets: Vec<u64>,
    skills: Vec<u32>,
    levels: Vec<u16>,
    weights: Vec<u16>,
}

impl Part {
    fn of(required: &Required, wanted: impl Fn(Necessity) -> bool) -> Self {
        let mut part = Self { offsets: vec![0], skills: vec![], levels: vec![], weights: vec![] };
        for target in (0u32..).take(required.len()) {
            for (skill, requirement) in required.row(target).iter() {
                if wanted(requirement.necessity) {
                    part.skills.push(skill);
                    part.levels.push(requirement.level);
                    part.weights.push(requirement.weight);
                }
            }
            part.offsets.push(part.skills.len() as u64);
        }
        part
    }

    fn index(&self, skills: usize, run: &Run) -> Result<Index> {
        let skills = u32::try_from(skills).unwrap_or(u32::MAX);
        let (offsets, levels, weights) = (&self.offsets, &self.levels, &self.weights);
        Index::new(Rows::required(offsets, &self.skills, levels, weights, skills)?, run)
    }
}

/// People compared at a time.
const PEOPLE: usize = 2048;

/// How many people of each group are [eligible](Status::Eligible) for each target: groups ×
/// targets. O(requirements met), in parallel.
///
/// # Errors
///
/// [`Error::AxisMismatch`], [`Error::Argument`] for a person who is not there,
/// [`Error::Cancelled`].
pub fn eligible_people(
    held: &Held,
    required: &Required,
    groups: &PeopleGroups,
    eligibility: Eligibility,
    run: &Run,
) -> Result<Array2<u64>> {
    let [counts] = eligible_of_each(held, required, [groups], eligibility, run)?;
    Ok(counts)
}

/// The same for several groupings of the same people, each of whom is looked at once.
pub(super) fn eligible_of_each<const N: usize>(
    held: &Held,
    required: &Required,
    groupings: [&PeopleGroups; N],
    eligibility: Eligibility,
    run: &Run,
) -> Result<[Array2<u64>; N]> {
    required.axis().check_same(held.axis())?;
    for groups in groupings {
        groups.check(held.len())?;
    }
    let (width, skills) = (required.len(), required.axis().len());
    let mut counts = groupings.map(|groups| Array2::zeros((groups.len(), width)));
    if width == 0 {
        return Ok(counts);
    }
    let all = Index::new(required.rows(), run)?;
    let essential = Part::of(required, Necessity::is_essential).index(skills, run)?;
    let blocking = Part::of(required, |necessity| necessity == Necessity::Blocking);
    let blocking_counts: Vec<u64> =
        blocking.offsets.windows(2).map(|ends| ends[1] - ends[0]).collect();
    let blocking = blocking.index(skills, run)?;
    let is_eligible = |target: usize, known: u32, credit: u32, met: u32| {
        let sums = |index: &Index, credit, known| {
            let total = index.totals()[target];
            Sums { total, credit, known }
        };
        let short = blocking_counts[target] - u64::from(met);
        let standing = Standing {
            all: sums(&all, 0, known),
            essential: sums(&essential, credit, 0),
            blocking_shortfalls: u32::try_from(short).unwrap_or(u32::MAX),
            ..Standing::default()
        };
        standing.status(eligibility) == Status::Eligible
    };
    let (count, alone) = (run.count("people", held.len() as u64), run.unobserved());
    let [mut known, mut credit, mut met] = [const { Vec::<u32>::new() }; 3];
    for first in (0..held.len()).step_by(PEOPLE) {
        count.go_on()?;
        let people = first..held.len().min(first + PEOPLE);
        for cells in [&mut known, &mut credit, &mut met] {
            cells.resize(people.len() * width, 0);
        }
        all.figure_into(Figure::Known, held.rows(), first, &mut known, &alone)?;
        essential.figure_into(Figure::Credit, held.rows(), first, &mut credit, &alone)?;
        blocking.figure_into(Figure::Met, held.rows(), first, &mut met, &alone)?;
        run.install(|| {
            let rows = known.par_chunks_mut(width).zip(credit.par_chunks(width));
            rows.zip(met.par_chunks(width)).for_each(|((known, credit), met)| {
                for (target, known) in known.iter_mut().enumerate() {
                    // 1 where someone is eligible, in place of what is known.
                    *known = is_eligible(target, *known, credit[target], met[target]).into();
                }
            });
            for (groups, counts) in groupings.iter().zip(&mut counts) {
                let counts = counts.as_slice_mut().unwrap_or_default().par_chunks_mut(width);
                groups.among(&people).into_par_iter().zip(counts).for_each(|(members, counts)| {
                    for &person in members {
                        let eligible = &known[(person as usize - first) * width..][..width];
                        for (count, &eligible) in counts.iter_mut().zip(eligible) {
                            *count += u64::from(eligible);
                        }
                    }
                });
            }
        });
        count.add(people.len() as u64);
    }
    Ok(counts)
}

/// The tension on one occupation in one group of territories.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tension {
    /// The group of territories.
    pub territory: String,
    /// The occupation's position.
    pub occupation: u32,
    /// Positions needed.
    pub positions: Positions,
    /// People of the group who are eligible for it. One person may be eligible for several.
    pub people: u64,
    /// Estimated positions for each person; `None` where there is nobody.
    pub ratio: Option<f64>,
    /// Estimated positions by cause, for the causes that are stated.
    pub causes: BTreeMap<Cause, u64>,
    /// Estimated positions whose cause nobody states.
    pub no_cause: u64,
    /// Estimated positions whose cause is, among others, skills: only these call for training.
    pub calls_for_training: u64,
}

/// The tension on each occupation that is needed, by group of territories in their order, the
/// highest ratio first (nobody at all before any), then by occupation.
///
/// `people` is what [`eligible_people`] gives for the same groups and the framework's occupations.
///
/// # Errors
///
/// [`Error::ArrayLength`] for a matrix of another shape.
pub fn tension(
    picture: &Picture,
    register: &Register,
    groups: &TerritoryGroups,
    people: &Array2<u64>,
) -> Result<Vec<Tension>> {
    let shape = (groups.len(), register.required().len());
    if people.dim() != shape {
        let (length, expected) = (people.len() as u64, (shape.0 * shape.1) as u64);
        return Err(Error::ArrayLength { array: "people", length, expected });
    }
    let sums = picture.sums(groups, |key, group| {
        let coded = (key.occupation as usize) < shape.1;
        group.filter(|_| coded).map(|group| (group, key.occupation))
    });
    let mut rows: Vec<(u32, Tension)> = sums
        .into_iter()
        .map(|((group, occupation), cell)| {
            let people = people[[group as usize, occupation as usize]];
            let causes: BTreeMap<Cause, u64> =
                Cause::ALL.iter().copied().zip(cell.causes).collect();
            // Counts of positions and people are far below 2⁵³.
            #[expect(clippy::cast_precision_loss)]
            let ratio = (people > 0).then(|| cell.positions.estimate as f64 / people as f64);
            let row = Tension {
                territory: groups.names()[group].to_owned(),
                occupation,
                positions: cell.positions,
                people,
                ratio,
                calls_for_training: causes[&Cause::Skills],
                causes: causes.into_iter().filter(|&(_, positions)| positions > 0).collect(),
                no_cause: cell.no_cause,
            };
            (group, row)
        })
        .collect();
    let ratio = |row: &Tension| row.ratio.unwrap_or(f64::INFINITY);
    rows.sort_by(|(one_group, one), (other_group, other)| {
        let by_ratio = ratio(other).total_cmp(&ratio(one));
        let by_positions = other.positions.estimate.cmp(&one.positions.estimate);
        one_group
            .cmp(other_group)
            .then(by_ratio)
            .then(by_positions)
            .then(one.occupation.cmp(&other.occupation))
    });
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}
