//! Tasks that a framework gives by itself.

use std::collections::BTreeMap;

use super::draw::{Draw, share_of};
use super::links::occupation_query;
use super::{Metric, Query, Ranks, Task};
use crate::framework::{Framework, LabelRole};
use crate::matrix::Necessity;

/// The group in which two occupations must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// The nearest group above, so many further up: 0 for ESCO's ISCO groups of 4 digits, 1 for 3.
    Above(usize),
    /// The occupation above: ROME's parent.
    Parent,
}

/// Each occupation asks for those of its own group (P@10). All occupations are queries, those that
/// are alone in their group too.
pub fn same_group(framework: &Framework, group: Group, name: &str) -> Task {
    let occupations = framework.occupations();
    let members = occupations.members();
    let first = |node: u32| occupations.broader().from(node).first().copied();
    let group_of = |occupation: u32| match group {
        Group::Parent => {
            let parent = first(occupation).filter(|&parent| parent < members);
            Some(parent.unwrap_or(occupation))
        }
        Group::Above(up) => {
            let mut node = occupation;
            while node < members {
                node = first(node)?;
            }
            (0..up).try_fold(node, |node, _| first(node))
        }
    };
    let mut grouped: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let groups: Vec<Option<u32>> = (0..members).map(group_of).collect();
    for (occupation, group) in (0..members).zip(&groups) {
        if let Some(group) = group {
            grouped.entry(*group).or_default().push(occupation);
        }
    }
    let queries = (0..members).map(|occupation| {
        let mut query = occupation_query(framework, occupation);
        let own = groups[occupation as usize].and_then(|group| grouped.get(&group));
        let others = own.into_iter().flatten().filter(|&&other| other != occupation);
        query.relevant = others.map(|&other| (other, 1.0)).collect();
        query
    });
    let queries = queries.collect();
    Task {
        name: name.to_owned(),
        ranks: Ranks::Occupations,
        metric: Metric::Precision(10),
        queries,
    }
}

/// What of an occupation's skills a query holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawn {
    /// Of which skills.
    pub of: Necessity,
    /// Which share of them, from 0 to 1.
    pub share: f64,
    /// Skills of nobody in particular that are added, as a share of those drawn.
    pub noise: f64,
    /// The share of those drawn that another skill of the same broader one stands in for.
    pub substituted: f64,
}

impl Drawn {
    /// A share of the essential skills, as they are.
    pub fn essentials(share: f64) -> Self {
        Self { of: Necessity::Essential, share, noise: 0.0, substituted: 0.0 }
    }
}

/// Someone holds some skills of an occupation: which one is it (P@1)? Occupations without such
/// skills are no queries.
pub fn some_skills(framework: &Framework, drawn: Drawn, name: &str, seed: u64) -> Task {
    let axis = framework.axis();
    let required = framework.required();
    let siblings = siblings(framework);
    let query = |occupation: u32| {
        let row = required.row(occupation);
        let wanted = |necessity: Necessity| necessity.is_essential() == drawn.of.is_essential();
        let skills: Vec<u32> =
            row.iter().filter(|(_, r)| wanted(r.necessity)).map(|(skill, _)| skill).collect();
        if skills.is_empty() {
            return None;
        }
        let id = &framework.occupation_ids()[occupation];
        let mut draw = Draw::of(id, seed);
        let mut held = draw.some(&skills, share_of(skills.len(), drawn.share));
        let replaced =
            if drawn.substituted > 0.0 { share_of(held.len(), drawn.substituted) } else { 0 };
        for skill in draw.some(&held.clone(), replaced) {
            let like: Vec<u32> = siblings[skill as usize]
                .iter()
                .copied()
                .filter(|other| row.skills.binary_search(other).is_err())
                .collect();
            if !like.is_empty() {
                held.retain(|&own| own != skill);
                held.push(like[draw.below(like.len())]);
            }
        }
        let noise = if drawn.noise > 0.0 { share_of(held.len(), drawn.noise) } else { 0 };
        for _ in 0..noise {
            #[expect(clippy::cast_possible_truncation, reason = "positions on an axis")]
            held.push(draw.below(axis.len()) as u32);
        }
        held.sort_unstable();
        held.dedup();
        let levels = held.iter().map(|&skill| {
            row.skills
                .binary_search(&skill)
                .map_or_else(|_| axis.scale(skill).top(), |at| row.levels[at])
        });
        Some(Query {
            id: id.to_owned(),
            levels: levels.collect(),
            skills: held,
            occupation: None,
            text: String::new(),
            unranked: Vec::new(),
            relevant: vec![(occupation, 1.0)],
        })
    };
    let queries = (0u32..).take(required.len()).filter_map(query).collect();
    Task { name: name.to_owned(), ranks: Ranks::Occupations, metric: Metric::Precision(1), queries }
}

/// For each skill the others that share a broader skill or group with it.
fn siblings(framework: &Framework) -> Vec<Vec<u32>> {
    let taxonomy = framework.skills();
    let mut below: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for skill in 0..taxonomy.members() {
        for &broader in taxonomy.broader().from(skill) {
            below.entry(broader).or_default().push(skill);
        }
    }
    let of = |skill: u32| {
        let above = taxonomy.broader().from(skill).iter();
        let mut others: Vec<u32> =
            above.filter_map(|broader| below.get(broader)).flatten().copied().collect();
        others.sort_unstable();
        others.dedup();
        others.retain(|&other| other != skill);
        others
    };
    (0..taxonomy.members()).map(of).collect()
}

/// Each occupation lacks a share of its skills, which are to be found again (R@20). What it still
/// has is not ranked. Occupations of one skill are no queries.
///
/// The occupation that asks is named, so that a contestant can leave out its own row.
pub fn hidden_skills(framework: &Framework, share: f64, name: &str, seed: u64) -> Task {
    let required = framework.required();
    let query = |occupation: u32| {
        let row = required.row(occupation);
        if row.skills.len() < 2 {
            return None;
        }
        let id = &framework.occupation_ids()[occupation];
        let hidden = Draw::of(id, seed).some(row.skills, share_of(row.skills.len(), share));
        let seen = row.iter().filter(|(skill, _)| hidden.binary_search(skill).is_err());
        let (skills, levels): (Vec<_>, Vec<_>) = seen.map(|(skill, r)| (skill, r.level)).unzip();
        Some(Query {
            id: id.to_owned(),
            unranked: skills.clone(),
            skills,
            levels,
            occupation: Some(occupation),
            text: String::new(),
            relevant: hidden.into_iter().map(|skill| (skill, 1.0)).collect(),
        })
    };
    let queries = (0u32..).take(required.len()).filter_map(query).collect();
    Task { name: name.to_owned(), ranks: Ranks::Skills, metric: Metric::Recall(20), queries }
}

/// One alternative label of each skill that has some, drawn by the seed: which skill is it (MAP)?
///
/// A contestant may know the preferred labels of all skills; of the skills that are asked for it may
/// know no other label.
pub fn labels(framework: &Framework, language: &str, name: &str, seed: u64) -> Task {
    let taxonomy = framework.skills();
    let query = |skill: u32| {
        let preferred = taxonomy.labels().preferred(skill, language)?;
        let others: Vec<&str> = taxonomy
            .labels()
            .of(skill)
            .filter(|l| l.language == language && l.role == LabelRole::Alternative)
            .map(|label| label.text)
            .filter(|text| !text.eq_ignore_ascii_case(preferred))
            .collect();
        let id = &framework.axis().ids()[skill];
        let text = *others.get(Draw::of(id, seed).below(others.len().max(1)))?;
        Some(Query {
            id: id.to_owned(),
            skills: Vec::new(),
            levels: Vec::new(),
            occupation: None,
            text: text.to_owned(),
            unranked: Vec::new(),
            relevant: vec![(skill, 1.0)],
        })
    };
    let queries = (0..taxonomy.members()).filter_map(query).collect();
    Task { name: name.to_owned(), ranks: Ranks::Labels, metric: Metric::Map, queries }
}

/// The occupations of another version, by what it requires of skills that both have, ask for
/// themselves (MRR). Occupations that are gone, or that keep no skill, are no queries.
pub fn other_version(framework: &Framework, other: &Framework, name: &str) -> Task {
    let (ids, axis) = (framework.occupation_ids(), framework.axis().ids());
    let query = |(id, at): (&str, u32)| {
        let occupation = ids.position(id)?;
        let row = other.required().row(at);
        let mut held: Vec<(u32, u16)> = row
            .iter()
            .filter_map(|(skill, r)| Some((axis.position(&other.axis().ids()[skill])?, r.level)))
            .collect();
        held.sort_unstable();
        let (skills, levels): (Vec<_>, Vec<_>) = held.into_iter().unzip();
        (!skills.is_empty()).then(|| Query {
            id: id.to_owned(),
            skills,
            levels,
            occupation: None,
            text: String::new(),
            unranked: Vec::new(),
            relevant: vec![(occupation, 1.0)],
        })
    };
    let queries = other.occupation_ids().iter().zip(0u32..).filter_map(query).collect();
    Task { name: name.to_owned(), ranks: Ranks::Occupations, metric: Metric::Mrr, queries }
}
