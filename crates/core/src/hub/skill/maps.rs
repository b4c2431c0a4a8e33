//! Skill maps: what is required, what is held, and what is short.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use rayon::prelude::*;
use serde::Serialize;

use super::groups::PeopleGroups;
use crate::error::{Error, Result};
use crate::framework::Framework;
use crate::hub::Scenario;
use crate::hub::recruitment::{Horizon, Picture, Register, TerritoryGroups};
use crate::matrix::Held;
use crate::run::Run;
use crate::skill::{SkillAxis, named};
use crate::text::Ids;

/// By what a map of required skills has its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u8)]
pub enum MapBy {
    /// Groups of territories.
    Territory = 0,
    /// Sectors; the empty name for needs without one.
    Sector = 1,
    /// Occupations; the empty name for needs without one.
    Occupation = 2,
    /// Horizons.
    Horizon = 3,
}

named!(MapBy, "by", {
    Territory = "territory",
    Sector = "sector",
    Occupation = "occupation",
    Horizon = "horizon",
});

/// A skill map: groups × (skill, level), a sparse matrix of counts.
///
/// In a map of required skills a cell says how many positions require the skill at that level; in
/// one of held skills, how many people hold it at that level, where level 0 is known not to be held
/// and people who are silent are in no cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillMap {
    axis: Arc<SkillAxis>,
    groups: Ids,
    sizes: Vec<u64>,
    offsets: Vec<usize>,
    cells: Vec<MapCell>,
    scenario: Option<String>,
}

/// One cell of a [`SkillMap`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct MapCell {
    /// The skill's position on the axis.
    pub skill: u32,
    /// The level, in steps.
    pub level: u16,
    /// Positions, or people.
    pub count: u64,
}

/// One line of the tidy table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MapLine<'m> {
    /// The group.
    pub group: &'m str,
    /// The skill's id.
    pub skill: &'m str,
    /// The level, in steps.
    pub level: u16,
    /// Positions, or people.
    pub count: u64,
    /// The scenario that it supposes, if any.
    pub scenario: Option<&'m str>,
}

impl SkillMap {
    /// The groups, which are the rows.
    pub fn groups(&self) -> &Ids {
        &self.groups
    }

    /// The axis that the skills are on.
    pub fn axis(&self) -> &Arc<SkillAxis> {
        &self.axis
    }

    /// How many positions or people each group has.
    pub fn sizes(&self) -> &[u64] {
        &self.sizes
    }

    /// The scenario that it supposes, if any.
    pub fn scenario(&self) -> Option<&str> {
        self.scenario.as_deref()
    }

    /// The cells of a group, by skill and level; empty for a position that is not there.
    pub fn row(&self, group: u32) -> &[MapCell] {
        let at = group as usize;
        if at + 1 >= self.offsets.len() {
            return &[];
        }
        &self.cells[self.offsets[at]..self.offsets[at + 1]]
    }

    /// The cells of a group, skill by skill.
    pub fn skills(&self, group: u32) -> impl Iterator<Item = &[MapCell]> {
        self.row(group).chunk_by(|one, other| one.skill == other.skill)
    }

    /// The map as a tidy table: a line for each cell, by group, skill and level.
    pub fn table(&self) -> impl Iterator<Item = MapLine<'_>> {
        (0u32..).zip(self.groups.iter()).flat_map(move |(at, group)| {
            self.row(at).iter().map(move |cell| MapLine {
                group,
                skill: &self.axis.ids()[cell.skill],
                level: cell.level,
                count: cell.count,
                scenario: self.scenario(),
            })
        })
    }

    fn from_rows(axis: &Arc<SkillAxis>, groups: Ids, rows: Vec<(u64, Vec<MapCell>)>) -> Self {
        let mut map = Self {
            axis: Arc::clone(axis),
            groups,
            sizes: Vec::with_capacity(rows.len()),
            offsets: vec![0],
            cells: Vec::new(),
            scenario: None,
        };
        for (size, cells) in rows {
            map.sizes.push(size);
            map.cells.extend(cells);
            map.offsets.push(map.cells.len());
        }
        map
    }

    /// What needs require, from the picture: estimated positions by skill and level, through the
    /// three layers of requirement. Rows in the order of their names, for territories in that of
    /// the groups. O(cells × requirements).
    ///
    /// # Errors
    ///
    /// [`Error::RegisterVersion`] for another framework than the register's.
    ///
    /// # Example
    ///
    /// See [the module](super).
    pub fn required(
        picture: &Picture,
        register: &Register,
        framework: &Framework,
        by: MapBy,
        territories: &TerritoryGroups,
        scenario: Option<&Scenario>,
    ) -> Result<Self> {
        register.check_framework(framework)?;
        // The cells of each row, those that nothing tells apart in it added up.
        type Alike<'r> = (u32, Option<&'r str>, Horizon);
        type Row<'r> = BTreeMap<Alike<'r>, (u64, HashMap<(u32, u16), i64>)>;
        let mut rows: BTreeMap<&str, Row<'_>> = BTreeMap::new();
        if by == MapBy::Territory {
            rows.extend(territories.names().iter().map(|name| (name, Row::new())));
        }
        for (key, cell) in &picture.tallies.cells {
            let sector = register.names.get(key.sector);
            let names: Vec<&str> = match by {
                MapBy::Territory => {
                    let of = territories.of(key.territory).iter();
                    of.map(|&group| &territories.names()[group]).collect()
                }
                MapBy::Sector => vec![sector.unwrap_or_default()],
                MapBy::Occupation => {
                    vec![framework.occupation_ids().get(key.occupation).unwrap_or_default()]
                }
                MapBy::Horizon => vec![key.horizon.name()],
            };
            let alike = match scenario {
                Some(_) => (key.occupation, sector, key.horizon),
                None => (key.occupation, None, Horizon::Unspecified),
            };
            for name in names {
                let sums = rows.entry(name).or_default().entry(alike).or_default();
                sums.0 += cell.sums.positions.estimate;
                for (&asked, &more) in &cell.otherwise {
                    *sums.1.entry(asked).or_default() += more;
                }
            }
        }
        let sum = |row: &Row<'_>| {
            let mut sums: HashMap<(u32, u16), i128> = HashMap::new();
            for (&(occupation, sector, horizon), (positions, otherwise)) in row {
                let coded = framework.occupation_ids().get(occupation).map(|_| occupation);
                let need = (sector, coded, horizon);
                let factor = |skill| scenario.map_or(1_000, |one| one.on(framework, need, skill));
                let required = coded.map(|at| framework.required().row(at));
                let usual = required
                    .into_iter()
                    .flat_map(|row| row.iter())
                    .map(|(skill, one)| ((skill, one.level), i128::from(*positions)));
                let beside = otherwise.iter().map(|(&asked, &more)| (asked, i128::from(more)));
                for (asked, positions) in usual.chain(beside) {
                    *sums.entry(asked).or_default() += positions * i128::from(factor(asked.0));
                }
            }
            let mut cells: Vec<MapCell> = sums
                .into_iter()
                .filter_map(|((skill, level), thousandths)| {
                    let count = u64::try_from((thousandths + 500).div_euclid(1_000)).unwrap_or(0);
                    (count > 0).then_some(MapCell { skill, level, count })
                })
                .collect();
            cells.sort_unstable();
            (row.values().map(|(positions, _)| positions).sum(), cells)
        };
        let mut groups = Ids::new();
        let names: Vec<&str> = match by {
            MapBy::Territory => territories.names().iter().collect(),
            _ => rows.keys().copied().collect(),
        };
        let mut ordered = Vec::with_capacity(names.len());
        for name in names {
            groups.insert(name)?;
            ordered.push(rows.remove(name).unwrap_or_default());
        }
        let out = Run::new().install(|| ordered.par_iter().map(sum).collect());
        let mut map = Self::from_rows(framework.axis(), groups, out);
        map.scenario = scenario.map(|scenario| scenario.name().to_owned());
        Ok(map)
    }

    /// What people hold: people by skill and level, for each group. O(entries of their rows), in
    /// parallel; the same for any number of threads.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for a person who is not there, [`Error::Cancelled`].
    ///
    /// # Example
    ///
    /// ```
    /// use std::sync::Arc;
    /// use passerelle::hub::skill::{PeopleGroups, SkillMap};
    /// use passerelle::{Held, LevelScale, Run, SkillAxis};
    ///
    /// let scale = LevelScale::new("steps", 4)?;
    /// let axis = Arc::new(SkillAxis::from_ids("demo", "1", scale, ["weld", "read"])?);
    /// let mut people = Held::builder(&axis);
    /// people.hold("p1", "weld", 3)?;
    /// people.hold("p2", "weld", 3)?;
    /// let held = people.build()?;
    /// let map = SkillMap::held(&held, &PeopleGroups::everyone(2)?, &Run::new())?;
    /// let line = map.table().next().unwrap();
    /// assert_eq!((line.skill, line.level, line.count), ("weld", 3, 2));
    /// # Ok::<(), passerelle::Error>(())
    /// ```
    pub fn held(held: &Held, groups: &PeopleGroups, run: &Run) -> Result<Self> {
        groups.check(held.len())?;
        let axis = held.axis();
        // Where each skill's levels start among the counts, which stand side by side.
        let mut starts = Vec::with_capacity(axis.len() + 1);
        let mut end = 0usize;
        for skill in (0u32..).take(axis.len()) {
            starts.push(end);
            end += usize::from(axis.scale(skill).top()) + 1;
        }
        starts.push(end);
        let tasks: Vec<(u32, &[u32])> = (0u32..)
            .take(groups.len())
            .flat_map(|group| groups.members(group).chunks(PEOPLE).map(move |some| (group, some)))
            .collect();
        let total = tasks.iter().map(|(_, some)| some.len() as u64).sum();
        let count = run.count("people", total);
        // By task: the group, and the people who hold a skill at a level.
        type Counted = (u32, Vec<(u32, u32, u16)>);
        let counted: Vec<Counted> = run.install(|| {
            tasks
                .par_iter()
                .map_init(
                    || (vec![0u32; end], Vec::new()),
                    |(counts, touched), &(group, people)| {
                        count.go_on()?;
                        for &person in people {
                            for (skill, level) in held.row(person).iter() {
                                let slot = &mut counts[starts[skill as usize] + usize::from(level)];
                                if *slot == 0 {
                                    touched.push((skill, level));
                                }
                                *slot += 1;
                            }
                        }
                        touched.sort_unstable();
                        let cells = touched.drain(..).map(|(skill, level)| {
                            let slot = &mut counts[starts[skill as usize] + usize::from(level)];
                            (skill, std::mem::take(slot), level)
                        });
                        let cells = cells.collect();
                        count.add(people.len() as u64);
                        Ok((group, cells))
                    },
                )
                .collect::<Result<_>>()
        })?;
        let mut rows = Vec::with_capacity(groups.len());
        let mut parts = counted.into_iter().peekable();
        for group in (0u32..).take(groups.len()) {
            let mut sums: BTreeMap<(u32, u16), u64> = BTreeMap::new();
            while let Some((_, cells)) = parts.next_if(|&(of, _)| of == group) {
                for (skill, people, level) in cells {
                    *sums.entry((skill, level)).or_default() += u64::from(people);
                }
            }
            let cells =
                sums.into_iter().map(|((skill, level), count)| MapCell { skill, level, count });
            rows.push((groups.members(group).len() as u64, cells.collect()));
        }
        Ok(Self::from_rows(axis, groups.names().clone(), rows))
    }
}

/// People counted at a time: enough to be worth a task, few enough to balance.
const PEOPLE: usize = 1 << 15;

/// Needs and people of one skill in one group: shortage and surplus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Balance {
    /// The group's position among the map's groups.
    pub group: u32,
    /// The skill's position on the axis.
    pub skill: u32,
    /// Positions that require it.
    pub required: u64,
    /// People who hold it above level 0.
    pub holders: u64,
    /// People of the group whose profiles are silent on it: to be asked before anything is taught.
    pub silent: u64,
    /// Positions for which nobody is left who holds it at their level.
    pub shortage: u64,
    /// People who hold it, left when every position that can be filled is.
    pub surplus: u64,
}

impl Balance {
    /// Shortage and surplus, where the holders may be shown: beside what is required they would tell
    /// how many there are.
    pub fn beside(&self, holders: Option<u64>) -> (Option<u64>, Option<u64>) {
        (holders.map(|_| self.shortage), holders.map(|_| self.surplus))
    }
}

/// Shortage and surplus of each skill in each group: positions and people paired as far as levels
/// allow, the highest first, everyone once. A skill may be short at a high level and in surplus
/// below it. By group, then by skill. O(cells of both).
///
/// Each skill is looked at by itself: one person who holds two skills counts under both.
///
/// # Errors
///
/// [`Error::AxisMismatch`] for maps on two axes, [`Error::Argument`] unless their groups are the
/// same.
pub fn balance(required: &SkillMap, held: &SkillMap) -> Result<Vec<Balance>> {
    required.axis.check_same(&held.axis)?;
    if required.groups != held.groups {
        let value = format!("{} and {}", required.groups.len(), held.groups.len());
        return Err(Error::argument("groups", value, "the same for both maps"));
    }
    let mut balances = Vec::new();
    for group in (0u32..).take(required.groups.len()) {
        let people = held.sizes[group as usize];
        let mut sides: BTreeMap<u32, [&[MapCell]; 2]> = BTreeMap::new();
        for (side, map) in [required, held].into_iter().enumerate() {
            for cells in map.skills(group) {
                sides.entry(cells[0].skill).or_insert([&[], &[]])[side] = cells;
            }
        }
        for (skill, [asked, spoken]) in sides {
            let sum = |cells: &[MapCell]| cells.iter().map(|cell| cell.count).sum::<u64>();
            let holders = sum(spoken) - sum(&spoken[..spoken.partition_point(|c| c.level == 0)]);
            let (mut left, mut shortage) = (0, 0);
            let mut with = spoken.iter().rev().filter(|cell| cell.level > 0).peekable();
            for wanted in asked.iter().rev() {
                while let Some(some) = with.next_if(|some| some.level >= wanted.level) {
                    left += some.count;
                }
                shortage += wanted.count.saturating_sub(left);
                left = left.saturating_sub(wanted.count);
            }
            balances.push(Balance {
                group,
                skill,
                required: sum(asked),
                holders,
                silent: people.saturating_sub(sum(spoken)),
                shortage,
                surplus: left + with.map(|some| some.count).sum::<u64>(),
            });
        }
    }
    Ok(balances)
}
