//! What sectors and occupations share: near sectors, common core, transversality from use.

use serde::Serialize;

use super::maps::SkillMap;
use crate::error::{Error, Result};
use crate::matrix::Required;
use crate::skill::Reuse;

/// Two rows of a map of required skills that look for the same skills.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NearGroups {
    /// The position of one group in the map.
    pub one: u32,
    /// The position of the other, above the first.
    pub other: u32,
    /// Σ min ÷ Σ max of the shares of positions that require each skill (weighted Jaccard, or
    /// Ruzicka similarity), from 0 to 1.
    pub similarity: f64,
    /// The skills that both look for, that which counts most first: the skill, and the smaller of
    /// the two shares of positions in millionths.
    pub shared: Vec<(u32, u64)>,
}

/// Groups that look for the same skills, the nearest first, then by position; pairs that share
/// none are left out. O(groups² × skills).
///
/// Shares are rounded down to millionths of a group's positions, so that a large sector and a
/// small one compare.
pub fn near_groups(map: &SkillMap) -> Vec<NearGroups> {
    let shares: Vec<Vec<(u32, u64)>> = (0u32..)
        .zip(map.sizes())
        .map(|(group, &size)| {
            let share = |cells: &[super::maps::MapCell]| {
                let positions: u64 = cells.iter().map(|cell| cell.count).sum();
                let share = u128::from(positions) * 1_000_000 / u128::from(size.max(1));
                (cells[0].skill, u64::try_from(share).unwrap_or(u64::MAX))
            };
            map.skills(group).map(share).filter(|&(_, share)| share > 0).collect()
        })
        .collect();
    let mut near = Vec::new();
    for (other, right) in (0u32..).zip(&shares) {
        for (one, left) in (0u32..other).zip(&shares) {
            let (mut smaller, mut larger) = (0u64, 0u64);
            let mut shared = Vec::new();
            let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
            loop {
                match (left.peek(), right.peek()) {
                    (Some(a), Some(b)) if a.0 == b.0 => {
                        smaller += a.1.min(b.1);
                        larger += a.1.max(b.1);
                        shared.push((a.0, a.1.min(b.1)));
                        left.next();
                        right.next();
                    }
                    (Some(a), Some(b)) if a.0 < b.0 => larger += left.next().map_or(0, |a| a.1),
                    (Some(_), None) => larger += left.next().map_or(0, |a| a.1),
                    (_, Some(_)) => larger += right.next().map_or(0, |b| b.1),
                    (None, None) => break,
                }
            }
            if shared.is_empty() {
                continue;
            }
            shared.sort_by_key(|&(skill, share)| (std::cmp::Reverse(share), skill));
            // Sums of millionths are far below 2⁵³.
            #[expect(clippy::cast_precision_loss)]
            let similarity = smaller as f64 / larger as f64;
            near.push(NearGroups { one, other, similarity, shared });
        }
    }
    near.sort_by(|a, b| {
        b.similarity.total_cmp(&a.similarity).then((a.one, a.other).cmp(&(b.one, b.other)))
    });
    near
}

/// The common core of a family of occupations, and what each has beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CommonCore {
    /// The skills that enough of them require: the skill, by how many, and the highest level that
    /// any of these requires.
    pub core: Vec<(u32, u32, u16)>,
    /// For each occupation of the family, in their order, its skills outside the core.
    pub specific: Vec<Vec<u32>>,
}

/// The skills that at least `percent` of a family's occupations require, ascending, and the rest
/// of each. O(entries of the family).
///
/// # Errors
///
/// [`Error::Argument`] for an empty family, a percentage outside 1 to 100, or an occupation that is
/// not there.
pub fn common_core(required: &Required, family: &[u32], percent: u8) -> Result<CommonCore> {
    if family.is_empty() || !(1..=100).contains(&percent) {
        let value = format!("{} occupations at {percent} %", family.len());
        return Err(Error::argument("family", value, "at least one, at 1 to 100 percent"));
    }
    if let Some(&beyond) = family.iter().find(|&&at| at as usize >= required.len()) {
        return Err(Error::argument("family", beyond, format!("below {}", required.len())));
    }
    let mut uses = std::collections::BTreeMap::<u32, (u32, u16)>::new();
    for &occupation in family {
        for (skill, requirement) in required.row(occupation).iter() {
            let (count, level) = uses.entry(skill).or_default();
            *count += 1;
            *level = (*level).max(requirement.level);
        }
    }
    let enough = |count: u32| u64::from(count) * 100 >= family.len() as u64 * u64::from(percent);
    let core: Vec<_> = uses
        .into_iter()
        .filter(|&(_, (count, _))| enough(count))
        .map(|(skill, (count, level))| (skill, count, level))
        .collect();
    let in_core = |skill: u32| core.binary_search_by_key(&skill, |&(skill, _, _)| skill).is_ok();
    let specific = family
        .iter()
        .map(|&at| required.row(at).skills.iter().copied().filter(|&s| !in_core(s)).collect())
        .collect();
    Ok(CommonCore { core, specific })
}

/// How widely a skill is used, from the requirements themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Use {
    /// Occupations that require it.
    pub occupations: u32,
    /// Transversal when at least half of the occupations do, transferable when several do,
    /// specific when one does, unspecified when none does.
    pub reuse: Reuse,
}

/// How widely each skill is used, by position on the axis. O(entries).
pub fn transversality(required: &Required) -> Vec<Use> {
    let mut uses = vec![0u32; required.axis().len()];
    for occupation in (0u32..).take(required.len()) {
        for &skill in required.row(occupation).skills {
            uses[skill as usize] += 1;
        }
    }
    let of = |occupations: u32| {
        let reuse = match occupations {
            0 => Reuse::Unspecified,
            1 => Reuse::Specific,
            many if many as usize * 2 >= required.len() => Reuse::Transversal,
            _ => Reuse::Transferable,
        };
        Use { occupations, reuse }
    };
    uses.into_iter().map(of).collect()
}
