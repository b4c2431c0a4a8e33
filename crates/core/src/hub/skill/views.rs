//! A person in a territory; the gap of a group, and by the training that people followed.

use ndarray::Array2;
use serde::Serialize;

use super::groups::PeopleGroups;
use super::maps::{MapCell, SkillMap};
use crate::error::Result;
use crate::gap::{Figure, Index};
use crate::matrix::{Held, HeldRow, Required};
use crate::run::Run;

/// One skill in a [`ThreeWay`] view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LocalSkill {
    /// The skill's position on the axis.
    pub skill: u32,
    /// The level held; `None` where the profile is silent.
    pub held: Option<u16>,
    /// Positions that ask for it locally.
    pub asked: u64,
    /// Those of them whose level the person reaches.
    pub reached: u64,
}

/// What a person holds, what local needs ask, and what is between them. Each list has what is asked
/// most first, then by skill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ThreeWay {
    /// Held, and asked for at a level that is reached for one position at least.
    pub held_and_asked: Vec<LocalSkill>,
    /// Asked for, and known not to be held or held below every level asked: to acquire.
    pub to_acquire: Vec<LocalSkill>,
    /// Asked for, and the profile is silent: to ask.
    pub to_ask: Vec<LocalSkill>,
    /// Held, and asked for by nobody here.
    pub held_only: Vec<LocalSkill>,
}

/// The three-way view of a person and one row of a map of required skills. O(entries of both).
pub fn three_way(held: HeldRow<'_>, required: &SkillMap, group: u32) -> ThreeWay {
    let mut view = ThreeWay::default();
    for cells in required.skills(group) {
        let skill = cells[0].skill;
        let level = held.level(skill);
        let sum = |cells: &[MapCell]| cells.iter().map(|cell| cell.count).sum();
        let reach = cells.partition_point(|cell| Some(cell.level) <= level);
        let one =
            LocalSkill { skill, held: level, asked: sum(cells), reached: sum(&cells[..reach]) };
        match level {
            None => view.to_ask.push(one),
            Some(_) if one.reached == 0 => view.to_acquire.push(one),
            Some(_) => view.held_and_asked.push(one),
        }
    }
    let row = required.row(group);
    for (skill, level) in held.iter() {
        if level > 0 && row.binary_search_by_key(&skill, |cell| cell.skill).is_err() {
            let one = LocalSkill { skill, held: Some(level), asked: 0, reached: 0 };
            view.held_only.push(one);
        }
    }
    for list in [&mut view.held_and_asked, &mut view.to_acquire, &mut view.to_ask] {
        list.sort_by_key(|one| (std::cmp::Reverse(one.asked), one.skill));
    }
    view
}

/// The gap of groups of people: groups × targets, exact sums in steps × weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupGaps {
    /// People of each group.
    pub people: Vec<u64>,
    /// Σ T − A, silence counted as not held.
    pub upper: Array2<u64>,
    /// Σ K − A, silence counted as held.
    pub lower: Array2<u64>,
}

/// The gap of each group towards each target: of a public, a territory, or those who followed one
/// training. Groups may overlap. O(entries + for each group the postings of its skills).
///
/// # Errors
///
/// [`Error::AxisMismatch`](crate::Error::AxisMismatch),
/// [`Error::Argument`](crate::Error::Argument) for a person who is not there,
/// [`Error::Memory`](crate::Error::Memory), [`Error::Cancelled`](crate::Error::Cancelled).
pub fn group_gaps(
    held: &Held,
    required: &Required,
    groups: &PeopleGroups,
    run: &Run,
) -> Result<GroupGaps> {
    required.axis().check_same(held.axis())?;
    groups.check(held.len())?;
    let index = Index::new(required.rows(), run)?;
    let mut upper = Array2::zeros((groups.len(), required.len()));
    let mut lower = upper.clone();
    for round in groups.rounds(held.len()) {
        for (figure, sums) in [(Figure::Gap, &mut upper), (Figure::GapLower, &mut lower)] {
            *sums += &index.group_sums(figure, held.rows(), &round, groups.len(), run)?;
        }
    }
    let people = (0u32..).take(groups.len()).map(|group| groups.members(group).len() as u64);
    Ok(GroupGaps { people: people.collect(), upper, lower })
}
