//! A framework as sections, and back.

use std::collections::HashSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::codec;
use super::section::{HEADER, Opened, Sections, damaged};
use crate::error::Result;
use crate::framework::{
    Edges, Framework, JobTitles, LabelRole, Labels, Origin, Prerequisites, Taxonomy,
};
use crate::matrix::{Necessity, Required};
use crate::skill::{LevelScale, Reuse, SkillAxis, SkillKind};
use crate::text::{Ids, Texts};

/// The typed header: everything that is not an array.
#[derive(Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) version: String,
    language: String,
    licence: String,
    attribution: String,
    weight_denominator: u16,
    scales: Vec<Scale>,
    skills: Branch,
    occupations: Branch,
    title_languages: Vec<String>,
    titles: u32,
    requirements: u64,
}

#[derive(Serialize, Deserialize)]
struct Scale {
    name: String,
    top: u16,
    unit: u16,
    step_names: Vec<String>,
}

/// What a taxonomy is made of, but for its arrays.
#[derive(Serialize, Deserialize)]
struct Branch {
    members: u32,
    groups: u32,
    languages: Vec<String>,
    tags: Vec<String>,
}

impl Header {
    /// What there is and how much of it, for a summary.
    pub(super) fn counts(&self) -> Vec<(&'static str, u64)> {
        vec![
            ("skills", self.skills.members.into()),
            ("skill groups", self.skills.groups.into()),
            ("occupations", self.occupations.members.into()),
            ("occupation groups", self.occupations.groups.into()),
            ("job titles", self.titles.into()),
            ("requirements", self.requirements),
        ]
    }
}

fn branch(taxonomy: &Taxonomy) -> Branch {
    Branch {
        members: taxonomy.members,
        groups: count(taxonomy.groups.len()),
        languages: taxonomy.labels.languages.clone(),
        tags: taxonomy.tags.iter().map(str::to_owned).collect(),
    }
}

/// A count that the builders keep below 2³².
fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

/// The sections of a framework.
pub(super) fn sections(framework: &Framework) -> Result<Sections<'_>> {
    let (axis, required) = (&framework.axis, &framework.required);
    let scale = |scale: &LevelScale| Scale {
        name: scale.name().to_owned(),
        top: scale.top(),
        unit: scale.steps_per_unit(),
        step_names: scale.all_step_names().to_vec(),
    };
    let header = Header {
        name: axis.framework.clone(),
        version: axis.version.clone(),
        language: framework.origin.language.clone(),
        licence: framework.origin.licence.clone(),
        attribution: framework.origin.attribution.clone(),
        weight_denominator: axis.weight_denominator,
        scales: axis.scales.iter().map(scale).collect(),
        skills: branch(&framework.skills),
        occupations: branch(&framework.occupations),
        title_languages: framework.titles.languages.clone(),
        titles: count(framework.titles.len()),
        requirements: required.entries() as u64,
    };
    let mut out = Sections::default();
    out.bytes(HEADER, codec::encode(&header)?);
    out.texts("skills.ids", axis.ids.texts());
    out.bytes("skills.kinds", axis.kinds.iter().map(|&kind| kind as u8).collect::<Vec<_>>());
    out.bytes("skills.reuses", axis.reuses.iter().map(|&reuse| reuse as u8).collect::<Vec<_>>());
    out.bytes("skills.scales", axis.scale_of.as_slice());
    put_taxonomy(&mut out, "skills", &framework.skills);
    out.texts("occupations.ids", required.targets.texts());
    put_taxonomy(&mut out, "occupations", &framework.occupations);
    out.u64s("required.offsets", &required.offsets);
    out.u32s("required.skills", &required.skills);
    out.u16s("required.levels", &required.levels);
    out.u16s("required.weights", &required.weights);
    let necessities: Vec<_> = required.necessities.iter().map(|&n| n as u8).collect();
    out.bytes("required.necessities", necessities);
    out.u32s("required.totals", &required.totals);
    let titles = &framework.titles;
    out.texts("titles.ids", &titles.ids);
    out.u32s("titles.occupations", &titles.occupations);
    out.bytes("titles.languages", titles.language_of.as_slice());
    out.texts("titles.texts", &titles.texts);
    put_edges(&mut out, "prerequisites.strict", &framework.prerequisites.strict);
    put_edges(&mut out, "prerequisites.advisory", &framework.prerequisites.advisory);
    Ok(out)
}

fn put_taxonomy<'a>(out: &mut Sections<'a>, name: &str, taxonomy: &'a Taxonomy) {
    let labels = &taxonomy.labels;
    out.texts(&format!("{name}.groups"), taxonomy.groups.texts());
    out.u32s(&format!("{name}.labels.ends"), &labels.ends);
    out.bytes(&format!("{name}.labels.languages"), labels.language_of.as_slice());
    let roles: Vec<_> = labels.roles.iter().map(|&role| role as u8).collect();
    out.bytes(&format!("{name}.labels.roles"), roles);
    out.texts(&format!("{name}.labels.texts"), &labels.texts);
    put_edges(out, &format!("{name}.broader"), &taxonomy.broader);
    put_edges(out, &format!("{name}.tagged"), &taxonomy.tagged);
}

/// Edges as two sections: where each node's end, and where they lead.
pub(super) fn put_edges<'a>(out: &mut Sections<'a>, name: &str, edges: &'a Edges) {
    out.u32s(&format!("{name}.ends"), &edges.ends);
    out.u32s(&format!("{name}.to"), &edges.to);
}

/// A framework from its sections. Everything that indexing relies on is checked; whether ids are
/// unique is not ([`check`] does that).
pub(super) fn read(mut from: Opened<'_>) -> Result<(Header, Framework)> {
    let header: Header = codec::decode(from.bytes(HEADER)?)?;
    let axis = Arc::new(axis(&mut from, &header)?);
    let skills = taxonomy(&mut from, "skills", &header.skills)?;
    let targets = ids(&mut from, "occupations.ids", header.occupations.members)?;
    let occupations = taxonomy(&mut from, "occupations", &header.occupations)?;
    let required = Arc::new(required(&mut from, &header, &axis, targets)?);
    let titles = titles(&mut from, &header)?;
    let nodes = axis.len();
    let prerequisites = Prerequisites {
        strict: edges(&mut from, "prerequisites.strict", nodes, nodes)?,
        advisory: edges(&mut from, "prerequisites.advisory", nodes, nodes)?,
    };
    from.finish()?;
    let mut both = Vec::new();
    for edges in [&prerequisites.strict, &prerequisites.advisory] {
        let pairs = |node| edges.from(node).iter().map(move |&to| (node, to));
        both.extend((0..header.skills.members).flat_map(pairs));
    }
    if !both.is_empty() && Edges::from_pairs(nodes, &mut both).cycle().is_some() {
        return Err(damaged(
            "prerequisites.advisory.to",
            "with the strict ones, they form a cycle",
        ));
    }
    let origin = Origin {
        language: header.language.clone(),
        licence: header.licence.clone(),
        attribution: header.attribution.clone(),
    };
    let framework =
        Framework { origin, axis, required, skills, occupations, titles, prerequisites };
    Ok((header, framework))
}

fn axis(from: &mut Opened<'_>, header: &Header) -> Result<SkillAxis> {
    let mut scales = Vec::new();
    for scale in &header.scales {
        // A name for each step at most, so that what was written comes back.
        if scale.step_names.len() > usize::from(scale.top) {
            return Err(damaged(HEADER, "a scale names steps beyond its top"));
        }
        scales.push(
            LevelScale::new(scale.name.clone(), scale.top)
                .and_then(|made| made.unit(scale.unit))
                .map_err(|error| damaged(HEADER, error))?
                .step_names(scale.step_names.iter().cloned()),
        );
    }
    if scales.is_empty() || scales.len() > 256 || header.weight_denominator == 0 {
        return Err(damaged(HEADER, "no scale, too many, or a weight denominator of 0"));
    }
    let ids = ids(from, "skills.ids", header.skills.members)?;
    let kinds = from.variants("skills.kinds", SkillKind::ALL)?;
    let reuses = from.variants("skills.reuses", Reuse::ALL)?;
    let scale_of = from.bytes("skills.scales")?.to_vec();
    check_length("skills.kinds", kinds.len(), ids.len())?;
    check_length("skills.reuses", reuses.len(), ids.len())?;
    check_length("skills.scales", scale_of.len(), ids.len())?;
    check_below("skills.scales", scale_of.iter().map(|&scale| scale.into()), scales.len())?;
    Ok(SkillAxis {
        framework: header.name.clone(),
        version: header.version.clone(),
        ids,
        kinds,
        reuses,
        scales,
        scale_of,
        weight_denominator: header.weight_denominator,
    })
}

fn taxonomy(from: &mut Opened<'_>, name: &str, branch: &Branch) -> Result<Taxonomy> {
    let groups = ids(from, &format!("{name}.groups"), branch.groups)?;
    let nodes = branch
        .members
        .checked_add(branch.groups)
        .ok_or_else(|| damaged(HEADER, "more concepts and groups than fit"))?
        as usize;
    let ends_name = format!("{name}.labels.ends");
    let ends = from.u32s(&ends_name)?;
    let languages_name = format!("{name}.labels.languages");
    let language_of = from.bytes(&languages_name)?.to_vec();
    let roles_name = format!("{name}.labels.roles");
    let roles = from.variants(&roles_name, LabelRole::ALL)?;
    let texts = from.texts(&format!("{name}.labels.texts"))?;
    check_ends(&ends_name, &ends, nodes, texts.len())?;
    check_length(&languages_name, language_of.len(), texts.len())?;
    check_length(&roles_name, roles.len(), texts.len())?;
    let languages = language_of.iter().map(|&language| language.into());
    check_below(&languages_name, languages, branch.languages.len())?;
    let labels = Labels { languages: branch.languages.clone(), ends, language_of, roles, texts };
    let broader_name = format!("{name}.broader");
    let broader = edges(from, &broader_name, nodes, nodes)?;
    if broader.cycle().is_some() {
        return Err(damaged(&format!("{broader_name}.to"), "they form a cycle"));
    }
    let mut tags = Ids::new();
    for tag in &branch.tags {
        if !tags.insert(tag)?.1 {
            return Err(damaged(HEADER, format!("tag `{tag}` occurs twice")));
        }
    }
    let tagged = edges(from, &format!("{name}.tagged"), nodes, tags.len())?;
    Ok(Taxonomy { members: branch.members, groups, labels, broader, tags, tagged })
}

fn required(
    from: &mut Opened<'_>,
    header: &Header,
    axis: &Arc<SkillAxis>,
    targets: Ids,
) -> Result<Required> {
    let offsets = from.u64s("required.offsets")?;
    let skills = from.u32s("required.skills")?;
    let levels = from.u16s("required.levels")?;
    let weights = from.u16s("required.weights")?;
    let necessities = from.variants("required.necessities", Necessity::ALL)?;
    let totals = from.u32s("required.totals")?;
    if header.requirements != skills.len() as u64 {
        return Err(damaged("required.skills", "its length is not the one in the header"));
    }
    check_offsets("required.offsets", &offsets, targets.len(), skills.len())?;
    check_length("required.levels", levels.len(), skills.len())?;
    check_length("required.weights", weights.len(), skills.len())?;
    check_length("required.necessities", necessities.len(), skills.len())?;
    check_length("required.totals", totals.len(), targets.len())?;
    check_below("required.skills", skills.iter().copied(), axis.len())?;
    let tops = tops(axis);
    let top = |at: usize| tops[usize::from(axis.scale_of[skills[at] as usize])];
    if let Some(at) = (0..skills.len()).find(|&at| levels[at] == 0 || levels[at] > top(at)) {
        let problem = format!("level {} is not within 1..={}", levels[at], top(at));
        return Err(damaged("required.levels", problem));
    }
    if weights.contains(&0) {
        return Err(damaged("required.weights", "a weight is 0"));
    }
    for (row, &total) in rows(&offsets).zip(&totals) {
        if row.is_empty() {
            return Err(damaged("required.offsets", "an occupation requires nothing"));
        }
        if !skills[row.clone()].is_sorted_by(|a, b| a < b) {
            return Err(damaged("required.skills", "the skills of a row do not ascend"));
        }
        let sum: u64 = row.map(|at| u64::from(levels[at]) * u64::from(weights[at])).sum();
        if sum != u64::from(total) {
            return Err(damaged("required.totals", format!("{total}, where the sum is {sum}")));
        }
    }
    let (axis, targets) = (Arc::clone(axis), Arc::new(targets));
    Ok(Required { axis, targets, offsets, skills, levels, weights, necessities, totals })
}

fn titles(from: &mut Opened<'_>, header: &Header) -> Result<JobTitles> {
    let ids = from.texts("titles.ids")?;
    let occupations = from.u32s("titles.occupations")?;
    let language_of = from.bytes("titles.languages")?.to_vec();
    let texts = from.texts("titles.texts")?;
    let count = header.titles as usize;
    check_length("titles.ids.ends", ids.len(), count)?;
    check_length("titles.occupations", occupations.len(), count)?;
    check_length("titles.languages", language_of.len(), count)?;
    check_length("titles.texts.ends", texts.len(), count)?;
    let known = header.occupations.members as usize;
    check_below("titles.occupations", occupations.iter().copied(), known)?;
    let languages = language_of.iter().map(|&language| language.into());
    check_below("titles.languages", languages, header.title_languages.len())?;
    let languages = header.title_languages.clone();
    Ok(JobTitles { ids, occupations, languages, language_of, texts })
}

/// Ids, of which there must be as many as the header says.
pub(super) fn ids(from: &mut Opened<'_>, name: &str, count: u32) -> Result<Ids> {
    let texts = from.texts(name)?;
    check_length(&format!("{name}.ends"), texts.len(), count as usize)?;
    if i32::try_from(count).is_err() {
        return Err(damaged(name, format!("{count} ids are more than fit")));
    }
    Ok(Ids::from_unique(texts))
}

/// Edges from `nodes` nodes to positions below `targets`, ascending within a node.
pub(super) fn edges(
    from: &mut Opened<'_>,
    name: &str,
    nodes: usize,
    targets: usize,
) -> Result<Edges> {
    let (ends_name, to_name) = (format!("{name}.ends"), format!("{name}.to"));
    let edges = Edges { ends: from.u32s(&ends_name)?, to: from.u32s(&to_name)? };
    check_ends(&ends_name, &edges.ends, nodes, edges.len())?;
    check_below(&to_name, edges.to.iter().copied(), targets)?;
    let mut start = 0;
    for &end in &edges.ends {
        if !edges.to[start as usize..end as usize].is_sorted_by(|a, b| a < b) {
            return Err(damaged(&to_name, "those of a node do not ascend"));
        }
        start = end;
    }
    Ok(edges)
}

/// The top of each scale.
pub(super) fn tops(axis: &SkillAxis) -> Vec<u16> {
    axis.scales.iter().map(LevelScale::top).collect()
}

/// The rows between offsets that were checked.
#[expect(clippy::cast_possible_truncation, reason = "they end at the length of an array")]
pub(super) fn rows(offsets: &[u64]) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
    offsets.windows(2).map(|pair| pair[0] as usize..pair[1] as usize)
}

pub(super) fn check_length(name: &str, found: usize, expected: usize) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    Err(damaged(name, format!("{found} values, where there should be {expected}")))
}

pub(super) fn check_below(
    name: &str,
    positions: impl Iterator<Item = u32>,
    count: usize,
) -> Result<()> {
    match positions.max() {
        Some(highest) if highest as usize >= count => {
            Err(damaged(name, format!("position {highest} of {count}")))
        }
        _ => Ok(()),
    }
}

/// Where each of `nodes` rows ends, in `values` values.
fn check_ends(name: &str, ends: &[u32], nodes: usize, values: usize) -> Result<()> {
    check_length(name, ends.len(), nodes)?;
    if ends.is_sorted() && ends.last().map_or(0, |&end| end as usize) == values {
        return Ok(());
    }
    Err(damaged(name, format!("they do not ascend to {values}")))
}

/// Where each of `rows` rows starts and the last one ends, in `values` values.
pub(super) fn check_offsets(name: &str, offsets: &[u64], rows: usize, values: usize) -> Result<()> {
    check_length(name, offsets.len(), rows + 1)?;
    if offsets.is_sorted() && offsets[0] == 0 && offsets[rows] == values as u64 {
        return Ok(());
    }
    Err(damaged(name, format!("they do not ascend from 0 to {values}")))
}

/// What opening leaves out because nothing is indexed by it: ids and scale names are unique.
pub(super) fn check(framework: &Framework) -> Result<()> {
    let axis = &framework.axis;
    let scales = axis.scales.iter().map(LevelScale::name);
    check_unique(HEADER, scales)?;
    check_unique("skills.ids.bytes", axis.ids.iter().chain(framework.skills.groups.iter()))?;
    let occupations = framework.required.targets.iter();
    check_unique("occupations.ids.bytes", occupations.chain(framework.occupations.groups.iter()))
}

pub(super) fn check_unique<'a>(name: &str, mut ids: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut seen = HashSet::new();
    match ids.find(|id| !seen.insert(*id)) {
        Some(id) => Err(damaged(name, format!("`{id}` occurs twice"))),
        None => Ok(()),
    }
}

/// The texts' ends and bytes in one checksum, to know a list of ids by.
pub(super) fn checksum(texts: &Texts) -> u32 {
    let (bytes, ends) = texts.parts();
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(bytes.as_bytes());
    for &end in ends {
        checksum.update(&end.to_le_bytes());
    }
    checksum.finalize()
}
