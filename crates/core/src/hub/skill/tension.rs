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
    required.axis().check_same(held.axis())?;
    groups.check(held.len())?;
    let (width, skills) = (required.len(), required.axis().len());
    let mut sums = Array2::zeros((groups.len(), width));
    if width == 0 || held.is_empty() {
        return Ok(sums);
    }
    let mut of_person: Vec<Vec<u32>> = vec![Vec::new(); held.len()];
    for group in (0u32..).take(groups.len()) {
        for &person in groups.members(group) {
            of_person[person as usize].push(group);
        }
    }
    let blocking = Part::of(required, |necessity| necessity == Necessity::Blocking);
    let all = Index::new(required.rows(), run)?;
    let essential = Part::of(required, Necessity::is_essential).index(skills, run)?;
    let blocking_counts: Vec<u64> =
        blocking.offsets.windows(2).map(|ends| ends[1] - ends[0]).collect();
    let blocking = blocking.index(skills, run)?;
    let count = run.count("people", held.len() as u64);
    // Each tile runs on one thread of this run's; tiles run side by side.
    let tiles: Vec<usize> = (0..held.len()).step_by(PEOPLE).collect();
    let alone = run.clone();
    let counted: Vec<Vec<(u32, u32)>> = tiles
        .iter()
        .map(|&first| {
            count.go_on()?;
            let people = PEOPLE.min(held.len() - first);
            let mut cells =
                [vec![0u32; people * width], vec![0; people * width], vec![0; people * width]];
            let [known, credit, met] = &mut cells;
            all.figure_into(Figure::Known, held.rows(), first, known, &alone)?;
            essential.figure_into(Figure::Credit, held.rows(), first, credit, &alone)?;
            blocking.figure_into(Figure::Met, held.rows(), first, met, &alone)?;
            let found = run.install(|| {
                (0..people)
                    .into_par_iter()
                    .flat_map_iter(|person| {
                        let (known, credit, met) = (&*known, &*credit, &*met);
                        let (all, essential, blocking_counts) =
                            (&all, &essential, &blocking_counts);
                        let groups = &of_person[first + person];
                        let targets = if groups.is_empty() { 0 } else { width };
                        (0u32..).take(targets).flat_map(move |target| {
                            let (to, at) = (target as usize, person * width + target as usize);
                            let sums = |index: &Index, credit, known| Sums {
                                total: index.totals()[to],
                                credit,
                                known,
                            };
                            let short = blocking_counts[to] - u64::from(met[at]);
                            let standing = Standing {
                                all: sums(all, 0, known[at]),
                                essential: sums(essential, credit[at], 0),
                                blocking_shortfalls: u32::try_from(short).unwrap_or(u32::MAX),
                                ..Standing::default()
                            };
                            let eligible = standing.status(eligibility) == Status::Eligible;
                            let groups = if eligible { groups.as_slice() } else { &[] };
                            groups.iter().map(move |&group| (group, target))
                        })
                    })
                    .collect()
            });
            count.add(people as u64);
            Ok(found)
        })
        .collect::<Result<_>>()?;
    for (group, target) in counted.into_iter().flatten() {
        sums[[group as usize, target as usize]] += 1;
    }
    Ok(sums)
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
