//! One framework of what several sources say.

use std::collections::{BTreeMap, BTreeSet};

use super::{ConceptOf, Conflict, Fact, Required, Union};
use crate::error::{Error, Result};
use crate::framework::{Framework, FrameworkBuilder, LabelRole};
use crate::matrix::{Necessity, Requirement};
use crate::skill::{LevelScale, Reuse, SkillKind};

/// Assertions by what they are about.
type Said<K, V> = BTreeMap<K, Vec<(V, String)>>;

pub(super) struct Resolving<'u> {
    union: &'u Union,
    /// For each id that is not the smallest of its concept, the smallest.
    stands_for: BTreeMap<(ConceptOf, &'u str), &'u str>,
    conflicts: Vec<Conflict>,
}

impl<'u> Resolving<'u> {
    pub(super) fn new(union: &'u Union) -> Self {
        let mut stands_for: BTreeMap<(ConceptOf, &str), &str> = BTreeMap::new();
        let root = |stands_for: &BTreeMap<(ConceptOf, &'u str), &'u str>, of, mut id: &'u str| {
            while let Some(&smaller) = stands_for.get(&(of, id)) {
                id = smaller;
            }
            id
        };
        for (fact, _) in &union.facts {
            if let Fact::Alias { of, ids } = fact {
                let (a, b) = (root(&stands_for, *of, &ids.0), root(&stands_for, *of, &ids.1));
                if a != b {
                    stands_for.insert((*of, a.max(b)), a.min(b));
                }
            }
        }
        let flat = stands_for.keys().map(|&(of, id)| ((of, id), root(&stands_for, of, id)));
        let stands_for = flat.collect();
        Self { union, stands_for, conflicts: Vec::new() }
    }

    fn id(&self, of: ConceptOf, id: &'u str) -> &'u str {
        self.stands_for.get(&(of, id)).copied().unwrap_or(id)
    }

    /// The value that most sources give, of as many the first; a conflict where they differ.
    fn most<V: Clone + Ord + std::fmt::Debug>(
        &mut self,
        concept: &[&str],
        about: &'static str,
        said: &[(V, String)],
        name: impl Fn(&V) -> String,
    ) -> Option<V> {
        let mut counts: BTreeMap<&V, usize> = BTreeMap::new();
        said.iter().for_each(|(value, _)| *counts.entry(value).or_default() += 1);
        let most = counts.values().copied().max()?;
        let value = counts.iter().find(|(_, count)| **count == most)?.0;
        self.differ(concept, about, said, value, name);
        Some((*value).clone())
    }

    /// Reports where sources differ.
    fn differ<V: PartialEq>(
        &mut self,
        concept: &[&str],
        about: &'static str,
        said: &[(V, String)],
        resolved: &V,
        name: impl Fn(&V) -> String,
    ) {
        if said.iter().all(|(value, _)| value == resolved) {
            return;
        }
        self.conflicts.push(Conflict {
            concept: concept.iter().map(|id| (*id).to_owned()).collect(),
            about,
            said: said.iter().map(|(value, source)| (source.clone(), name(value))).collect(),
            resolved: name(resolved),
        });
    }

    pub(super) fn resolve(
        mut self,
        name: &str,
        version: &str,
    ) -> Result<(Framework, Vec<Conflict>)> {
        let language = self.union.facts.iter().find_map(|(fact, _)| match fact {
            Fact::Language { language } => Some(language.as_str()),
            _ => None,
        });
        let mut builder = Framework::builder(name, version, language.unwrap_or("en"));
        let denominator = self.denominator()?;
        builder.weight_denominator(denominator)?;
        let tops = self.skills(&mut builder)?;
        self.concepts(&mut builder)?;
        self.texts(&mut builder)?;
        self.requirements(&mut builder, denominator, &tops)?;
        self.edges(&mut builder)?;
        let framework = builder.build()?;
        self.conflicts.sort_unstable();
        Ok((framework, self.conflicts))
    }

    /// The least common multiple of the weights' denominators.
    fn denominator(&self) -> Result<u16> {
        let mut common = 1u64;
        for (fact, _) in &self.union.facts {
            if let Fact::Required { asked, .. } = fact {
                let own = u64::from(asked.weight.1);
                common = common / greatest_common_divisor(common, own) * own;
            }
            if common > u64::from(u16::MAX) {
                let expected = "denominators with a common multiple below 65536";
                return Err(Error::argument("weight denominators", common, expected));
            }
        }
        Ok(u16::try_from(common).unwrap_or(u16::MAX))
    }

    /// Adds the skills, and gives the top of each one's scale.
    fn skills(&mut self, builder: &mut FrameworkBuilder) -> Result<BTreeMap<&'u str, u16>> {
        let mut kinds: Said<&str, u8> = BTreeMap::new();
        let mut reuses: Said<&str, u8> = BTreeMap::new();
        let mut scales: Said<&str, (u16, String, u16)> = BTreeMap::new();
        for (fact, source) in &self.union.facts {
            let Fact::Skill { id, kind, reuse, scale } = fact else { continue };
            let id = self.id(ConceptOf::Skills, id);
            scales
                .entry(id)
                .or_default()
                .push(((scale.1, scale.0.clone(), scale.2), source.clone()));
            for (said, value) in [(&mut kinds, *kind), (&mut reuses, *reuse)] {
                let said = said.entry(id).or_default();
                if value > 0 {
                    said.push((value, source.clone()));
                }
            }
        }
        // The highest top, then the first by name.
        let chosen: BTreeMap<&str, (u16, String, u16)> = scales
            .iter()
            .filter_map(|(&id, said)| {
                let best = said
                    .iter()
                    .map(|(scale, _)| scale)
                    .min_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
                Some((id, best?.clone()))
            })
            .collect();
        let mut named: BTreeMap<(u16, String, u16), String> = BTreeMap::new();
        let mut used: BTreeSet<String> = BTreeSet::new();
        for scale in chosen.values() {
            if !named.contains_key(scale) {
                // Two scales of one name are told apart by their tops.
                let mut name = scale.1.clone();
                if !used.insert(name.clone()) {
                    name = format!("{} ({}/{})", scale.1, scale.0, scale.2);
                    used.insert(name.clone());
                }
                named.insert(scale.clone(), name);
            }
        }
        let scale = |((top, _, unit), name): (&(u16, String, u16), &String)| {
            LevelScale::new(name.clone(), *top)?.unit(*unit)
        };
        let all: Vec<LevelScale> = named.iter().map(scale).collect::<Result<_>>()?;
        if !all.is_empty() {
            builder.scales(all)?;
        }
        let mut tops = BTreeMap::new();
        for (id, scale) in &chosen {
            let kind_name =
                |&kind: &u8| SkillKind::from_number(kind).unwrap_or_default().to_string();
            let reuse_name =
                |&reuse: &u8| Reuse::from_number(reuse).unwrap_or_default().to_string();
            let kind = self.most(&[id], "kind", &kinds[id], kind_name).unwrap_or(0);
            let reuse = self.most(&[id], "reuse", &reuses[id], reuse_name).unwrap_or(0);
            self.differ(&[id], "scale", &scales[id], scale, |s| format!("{} (to {})", s.1, s.0));
            builder.skill_with(
                id,
                SkillKind::from_number(kind).unwrap_or_default(),
                Reuse::from_number(reuse).unwrap_or_default(),
                Some(&named[scale]),
            )?;
            tops.insert(*id, scale.0);
        }
        Ok(tops)
    }

    /// Adds occupations and groups.
    fn concepts(&self, builder: &mut FrameworkBuilder) -> Result<()> {
        let mut occupations = BTreeSet::new();
        let mut groups = BTreeSet::new();
        for (fact, _) in &self.union.facts {
            match fact {
                Fact::Occupation { id } => {
                    occupations.insert(self.id(ConceptOf::Occupations, id));
                }
                Fact::Group { of, id } => {
                    groups.insert((*of, self.id(*of, id)));
                }
                _ => {}
            }
        }
        for id in occupations {
            builder.occupation(id)?;
        }
        for (of, id) in groups {
            match of {
                ConceptOf::Skills => builder.skill_group(id)?,
                ConceptOf::Occupations => builder.occupation_group(id)?,
            }
        }
        Ok(())
    }

    /// Adds texts, tags, titles, and the ids that others stand for.
    fn texts(&mut self, builder: &mut FrameworkBuilder) -> Result<()> {
        let mut preferred: Said<(ConceptOf, &str, &str), String> = BTreeMap::new();
        let mut others = BTreeSet::new();
        let mut titles = BTreeSet::new();
        for (fact, source) in &self.union.facts {
            match fact {
                Fact::Text { of, id, language, role, text } => {
                    let id = self.id(*of, id);
                    if *role == LabelRole::Preferred {
                        let said = preferred.entry((*of, id, language)).or_default();
                        said.push((text.clone(), source.clone()));
                    } else {
                        others.insert((*of, id, language.as_str(), *role, text.as_str()));
                    }
                }
                Fact::Tag { of, id, tag } => match (of, self.id(*of, id)) {
                    (ConceptOf::Skills, id) => builder.skill_tag(id, tag)?,
                    (ConceptOf::Occupations, id) => builder.occupation_tag(id, tag)?,
                },
                Fact::Title { occupation, language, title } => {
                    let occupation = self.id(ConceptOf::Occupations, occupation);
                    titles.insert((occupation, language.as_str(), title.as_str()));
                }
                _ => {}
            }
        }
        for ((of, id, language), mut said) in preferred {
            // The first source by name; a source says one, but aliases may bring several.
            said.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
            let first = said[0].0.clone();
            text(builder, (of, id, language, LabelRole::Preferred, &first))?;
            for (other, _) in &said[1..] {
                text(builder, (of, id, language, LabelRole::Alternative, other))?;
            }
            self.differ(&[id], "preferred label", &said, &first, String::clone);
        }
        for other in others {
            text(builder, other)?;
        }
        for (&(of, id), &stands) in &self.stands_for {
            // An alias of what no source has names nothing.
            let _ = text(builder, (of, stands, "und", LabelRole::Hidden, id));
        }
        for (occupation, language, title) in titles {
            builder.job_title(occupation, language, title, None)?;
        }
        Ok(())
    }

    fn requirements(
        &mut self,
        builder: &mut FrameworkBuilder,
        denominator: u16,
        tops: &BTreeMap<&'u str, u16>,
    ) -> Result<()> {
        let mut asked: Said<(&str, &str), Required> = BTreeMap::new();
        for (fact, source) in &self.union.facts {
            if let Fact::Required { occupation, skill, asked: own } = fact {
                let occupation = self.id(ConceptOf::Occupations, occupation);
                let skill = self.id(ConceptOf::Skills, skill);
                asked.entry((occupation, skill)).or_default().push((*own, source.clone()));
            }
        }
        for ((occupation, skill), said) in asked {
            let top = tops.get(skill).copied().unwrap_or(1);
            // On the common scale and denominator: levels rounded up, weights exact.
            let common = |own: &Required| {
                let level = (u32::from(own.level.0) * u32::from(top)).div_ceil(own.level.1.into());
                let weight =
                    u64::from(own.weight.0) * u64::from(denominator) / u64::from(own.weight.1);
                (u16::try_from(level).unwrap_or(top), weight, own.necessity)
            };
            let of = |part: fn(&(u16, u64, Necessity)) -> u64| -> Vec<(u64, String)> {
                said.iter().map(|(own, source)| (part(&common(own)), source.clone())).collect()
            };
            let (levels, weights) = (of(|r| r.0.into()), of(|r| r.1));
            let binds = of(|r| (r.2 as u8).into());
            let strictest = |said: &[(u64, String)]| said.iter().map(|s| s.0).max().unwrap_or(1);
            let (level, weight, bind) =
                (strictest(&levels), strictest(&weights), strictest(&binds));
            let pair = [occupation, skill];
            self.differ(&pair, "level", &levels, &level, u64::to_string);
            self.differ(&pair, "weight", &weights, &weight, u64::to_string);
            let necessity = |&bind: &u64| {
                u8::try_from(bind).ok().and_then(Necessity::from_number).unwrap_or_default()
            };
            self.differ(&pair, "necessity", &binds, &bind, |bind| necessity(bind).to_string());
            let requirement = Requirement {
                level: u16::try_from(level).unwrap_or(top),
                weight: u16::try_from(weight).map_err(|_| {
                    Error::argument("weight", weight, "below 65536 on the common denominator")
                })?,
                necessity: necessity(&bind),
            };
            builder.require(occupation, skill, requirement)?;
        }
        Ok(())
    }

    /// Adds broader concepts and prerequisites that close no cycle.
    fn edges(&mut self, builder: &mut FrameworkBuilder) -> Result<()> {
        let mut broader: Said<(ConceptOf, &str, &str), ()> = BTreeMap::new();
        let mut prerequisites: Said<(&str, &str), bool> = BTreeMap::new();
        for (fact, source) in &self.union.facts {
            match fact {
                Fact::Broader { of, id, broader: to } => {
                    let edge = (*of, self.id(*of, id), self.id(*of, to));
                    broader.entry(edge).or_default().push(((), source.clone()));
                }
                Fact::Prerequisite { skill, requires, strict } => {
                    let of = ConceptOf::Skills;
                    let edge = (self.id(of, skill), self.id(of, requires));
                    prerequisites.entry(edge).or_default().push((*strict, source.clone()));
                }
                _ => {}
            }
        }
        let mut above: BTreeMap<(ConceptOf, &str), Vec<&str>> = BTreeMap::new();
        for ((of, id, to), said) in broader {
            if reaches(&above, of, to, id) {
                self.cycle(id, to, said.into_iter().map(|(_, source)| source));
                continue;
            }
            above.entry((of, id)).or_default().push(to);
            match of {
                ConceptOf::Skills => builder.skill_broader(id, to)?,
                ConceptOf::Occupations => builder.occupation_broader(id, to)?,
            }
        }
        let mut before: BTreeMap<(ConceptOf, &str), Vec<&str>> = BTreeMap::new();
        for ((skill, requires), said) in prerequisites {
            if reaches(&before, ConceptOf::Skills, requires, skill) {
                self.cycle(skill, requires, said.into_iter().map(|(_, source)| source));
                continue;
            }
            before.entry((ConceptOf::Skills, skill)).or_default().push(requires);
            // Strict in one source is strict.
            builder.prerequisite(skill, requires, said.iter().any(|(strict, _)| *strict))?;
        }
        Ok(())
    }

    fn cycle(&mut self, from: &str, to: &str, sources: impl Iterator<Item = String>) {
        self.conflicts.push(Conflict {
            concept: vec![from.to_owned(), to.to_owned()],
            about: "cycle",
            said: sources.map(|source| (source, format!("{from} → {to}"))).collect(),
            resolved: "left out".to_owned(),
        });
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

fn text(
    builder: &mut FrameworkBuilder,
    (of, id, language, role, text): (ConceptOf, &str, &str, LabelRole, &str),
) -> Result<()> {
    match of {
        ConceptOf::Skills => builder.skill_text(id, language, role, text),
        ConceptOf::Occupations => builder.occupation_text(id, language, role, text),
    }
}

/// Whether edges lead from one concept to another, or they are the same.
fn reaches(
    edges: &BTreeMap<(ConceptOf, &str), Vec<&str>>,
    of: ConceptOf,
    from: &str,
    to: &str,
) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(id) = next.pop() {
        if id == to {
            return true;
        }
        if seen.insert(id) {
            next.extend(edges.get(&(of, id)).into_iter().flatten());
        }
    }
    false
}
