//! One aspect under which occupations are alike.

use std::collections::BTreeMap;

use super::factors::directions;
use crate::error::Result;
use crate::framework::{Framework, LabelRole, Taxonomy};
use crate::label::{Terms, Words};
use crate::matrix::{HeldRow, Required, Sparse};
use crate::rank::{Account, Asked, Part, PartOf};
use crate::run::Run;
use crate::transfer::each_together;

/// What an aspect looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// The skills themselves.
    Skills,
    /// The words of the skills' labels.
    Words,
    /// The groups and skills above the skills.
    Groups,
    /// The skills required together with the skills.
    Together,
    /// The main directions of skills.
    Factors,
    /// The main directions of the words of skills.
    WordFactors,
    /// The words of the preferred label.
    Names,
    /// The words of job titles.
    Titles,
    /// The last words of label and titles, which say what sort of job it is in English.
    Heads,
    /// The words of the definition.
    Texts,
}

impl Kind {
    pub(super) const ALL: [(Self, &'static str); 10] = [
        (Self::Skills, "skills"),
        (Self::Words, "words"),
        (Self::Groups, "groups"),
        (Self::Together, "together"),
        (Self::Factors, "factors"),
        (Self::WordFactors, "word-factors"),
        (Self::Names, "names"),
        (Self::Titles, "titles"),
        (Self::Heads, "heads"),
        (Self::Texts, "texts"),
    ];
}

/// Occupations that must require two skills for them to go together.
const TOGETHER: u32 = 2;

/// Skills that go with one, at most: those of the most information.
const NEAR: usize = 30;

/// Directions kept.
const FACTORS: usize = 100;

/// Features in whole parts of this, and directions in whole parts of that: their products and sums
/// are whole numbers far below 2⁵³, so that a sum by skill and a sum by direction are the same bits.
const FEATURE: f64 = 4096.0;
const DIRECTION: f64 = 16384.0;
const UNIT: f64 = 262_144.0;

/// Features that skills lead to, such as their words.
#[derive(Debug)]
struct Through {
    /// For each skill its features.
    of_skill: Sparse,
    idf: Vec<f32>,
    /// Whether amounts of skills count, or only how many skills lead to a feature.
    amounts: bool,
}

#[derive(Debug)]
enum Of {
    /// From what is held, feature by feature.
    Held(Through),
    /// From what is held, along main directions.
    Directions { through: Through, count: usize, directions: Vec<i64>, units: Vec<i64> },
    /// From the texts of the occupation that asks.
    Own,
}

/// Occupations under one aspect.
#[derive(Debug)]
pub(super) struct Aspect {
    pub(super) name: &'static str,
    of: Of,
    /// The occupations' features, of length 1.
    rows: Sparse,
    postings: Sparse,
}

/// What asks, under one aspect.
enum Side {
    Cells(Vec<(u32, f32)>),
    Along(Vec<(u32, i64)>, Vec<i64>, f64),
    Nothing,
}

impl Aspect {
    pub(super) fn fit(
        kind: Kind,
        framework: &Framework,
        language: &str,
        idf: &[f32],
        run: &Run,
    ) -> Result<Self> {
        let name = Kind::ALL.iter().find(|(own, _)| *own == kind).map_or("", |(_, name)| *name);
        let words = Words::new(language);
        let through = match kind {
            Kind::Skills | Kind::Factors => Some(Through::skills(framework, idf)),
            Kind::Words | Kind::WordFactors => Some(Through::words(framework, language, &words)?),
            Kind::Groups => Some(Through::groups(framework)),
            Kind::Together => Some(Through::together(framework.required())),
            _ => None,
        };
        let Some(mut through) = through else {
            let mut titles = vec![Vec::new(); framework.occupations().members() as usize];
            for title in framework.titles().iter() {
                titles[title.occupation as usize].push(title.title);
            }
            let texts: Vec<Vec<String>> = (0u32..)
                .zip(&titles)
                .map(|(at, titles)| own_words(kind, framework, at, titles, language, &words))
                .collect();
            let (_, rows) = Terms::fit(texts.iter().map(Vec::as_slice))?;
            let postings = rows.turned();
            return Ok(Self { name, of: Of::Own, rows, postings });
        };
        let rows = through.fit(framework);
        let of = match kind {
            Kind::Factors | Kind::WordFactors => along(through, &rows, run)?,
            _ => Of::Held(through),
        };
        let postings = match of {
            Of::Directions { .. } => Sparse::default(),
            _ => rows.turned(),
        };
        Ok(Self { name, of, rows, postings })
    }

    fn side(&self, framework: &Framework, asked: Asked<'_>) -> Side {
        match (&self.of, asked.occupation) {
            (Of::Own, None) => Side::Nothing,
            (Of::Own, Some(own)) => Side::Cells(self.rows.cells_of(own as usize).collect()),
            (Of::Held(through), _) => Side::Cells(through.asked(framework, asked)),
            (Of::Directions { through, count, directions, .. }, _) => {
                let cells = whole(&through.asked(framework, asked));
                let along = project(&cells, *count, directions);
                let length = length(&along);
                Side::Along(cells, along, length)
            }
        }
    }

    /// Adds `weight` × the cosine of every occupation with who asks.
    pub(super) fn add(
        &self,
        framework: &Framework,
        asked: Asked<'_>,
        weight: f64,
        sums: &mut [f64],
    ) {
        match self.side(framework, asked) {
            Side::Nothing => {}
            Side::Cells(cells) => {
                let mut own = vec![0.0f64; sums.len()];
                for (feature, value) in cells {
                    for (at, other) in self.postings.cells_of(feature as usize) {
                        own[at as usize] += f64::from(value) * f64::from(other);
                    }
                }
                sums.iter_mut().zip(own).for_each(|(sum, own)| *sum += weight * own);
            }
            Side::Along(_, along, length) => {
                let Of::Directions { count, units, .. } = &self.of else { return };
                if length == 0.0 || *count == 0 {
                    return;
                }
                for (sum, unit) in sums.iter_mut().zip(units.chunks_exact(*count)) {
                    let dot: i64 = along.iter().zip(unit).map(|(a, b)| a * b).sum();
                    *sum += weight * cosine(dot, length);
                }
            }
        }
    }

    /// The cosine with one occupation as a part with its own account: what it is made of.
    pub(super) fn part(
        &self,
        framework: &Framework,
        asked: Asked<'_>,
        weight: f64,
        target: u32,
    ) -> Option<Part> {
        let (parts, person) = match self.side(framework, asked) {
            Side::Nothing => return None,
            Side::Cells(cells) => {
                let row: BTreeMap<u32, f32> = self.rows.cells_of(target as usize).collect();
                let shared = cells.into_iter().filter_map(|(feature, value)| {
                    Some((feature, f64::from(value), f64::from(*row.get(&feature)?)))
                });
                (shared.map(|(f, x, y)| Part::new(self.feature(f), x, y)).collect(), 1.0)
            }
            Side::Along(cells, _, length) => {
                let Of::Directions { count, directions, units, .. } = &self.of else { return None };
                if length == 0.0 || *count == 0 {
                    return None;
                }
                let unit = &units[target as usize * count..][..*count];
                let part = |(feature, value): (u32, i64)| {
                    let own = &directions[feature as usize * count..][..*count];
                    let dot: i64 = own.iter().zip(unit).map(|(a, b)| a * b).sum();
                    Part::new(self.feature(feature), exact(value), exact(dot))
                };
                (cells.into_iter().map(part).collect(), length)
            }
        };
        let mut account = Account {
            scorer: self.name.to_owned(),
            score: 0.0,
            parts,
            person,
            target: if matches!(self.of, Of::Directions { .. }) { UNIT } else { 1.0 },
        };
        let value = account.sum() / (account.person * account.target);
        #[expect(clippy::cast_possible_truncation, reason = "rounded once, as every score is")]
        {
            account.score = value as f32;
        }
        let of = PartOf::Term(self.name.to_owned());
        Some(Part { of, weight, value, account: Some(account) })
    }

    fn feature(&self, feature: u32) -> PartOf {
        match self.of {
            Of::Held(Through { amounts: true, .. })
            | Of::Directions { through: Through { amounts: true, .. }, .. } => {
                PartOf::Skill(feature)
            }
            _ => PartOf::Term(format!("{} {feature}", self.name)),
        }
    }
}

fn cosine(dot: i64, length: f64) -> f64 {
    exact(dot) / (length * UNIT)
}

#[expect(clippy::cast_precision_loss, reason = "below 2⁵³, as said at FEATURE")]
fn exact(whole: i64) -> f64 {
    whole as f64
}

#[expect(clippy::cast_possible_truncation, reason = "features of length 1, in parts")]
fn whole(cells: &[(u32, f32)]) -> Vec<(u32, i64)> {
    cells.iter().map(|&(at, value)| (at, (f64::from(value) * FEATURE).round() as i64)).collect()
}

/// The place of features along each direction.
fn project(cells: &[(u32, i64)], count: usize, directions: &[i64]) -> Vec<i64> {
    let mut along = vec![0i64; count];
    for &(feature, value) in cells {
        let own = &directions[feature as usize * count..][..count];
        along.iter_mut().zip(own).for_each(|(along, own)| *along += value * own);
    }
    along
}

fn length(along: &[i64]) -> f64 {
    along.iter().map(|&x| exact(x) * exact(x)).sum::<f64>().sqrt()
}

#[expect(clippy::cast_possible_truncation, reason = "directions of length 1, in parts")]
fn along(through: Through, rows: &Sparse, run: &Run) -> Result<Of> {
    let (count, directions) = directions(rows, FACTORS, run)?;
    let directions: Vec<i64> = directions.iter().map(|x| (x * DIRECTION).round() as i64).collect();
    let mut units = Vec::with_capacity(rows.len() * count);
    for row in 0..rows.len() {
        let cells: Vec<_> = rows.cells_of(row).collect();
        let along = project(&whole(&cells), count, &directions);
        let length = length(&along).max(1.0);
        units.extend(along.iter().map(|&x| (exact(x) / length * UNIT).round() as i64));
    }
    Ok(Of::Directions { through, count, directions, units })
}

impl Through {
    fn skills(framework: &Framework, idf: &[f32]) -> Self {
        let width = u32::try_from(framework.axis().len()).unwrap_or(u32::MAX);
        let of_skill = Sparse::from_rows(width, (0..width).map(|skill| vec![(skill, 1.0)]));
        Self { of_skill, idf: idf.to_vec(), amounts: true }
    }

    fn words(framework: &Framework, language: &str, words: &Words) -> Result<Self> {
        let mut ids = crate::text::Ids::new();
        let mut rows = Vec::new();
        for skill in 0..framework.skills().members() {
            let mut row = Vec::new();
            for word in words.of(framework.skill_name(skill, language)) {
                let at = ids.insert(&word)?.0;
                if !row.contains(&(at, 1.0)) {
                    row.push((at, 1.0));
                }
            }
            rows.push(row);
        }
        let width = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        Ok(Self { of_skill: Sparse::from_rows(width, rows), idf: Vec::new(), amounts: false })
    }

    fn groups(framework: &Framework) -> Self {
        let taxonomy = framework.skills();
        let width = u32::try_from(taxonomy.broader().nodes()).unwrap_or(u32::MAX);
        let above = |skill| above(taxonomy, skill).into_iter().map(|node| (node, 1.0)).collect();
        let rows = (0..taxonomy.members()).map(above);
        Self { of_skill: Sparse::from_rows(width, rows), idf: Vec::new(), amounts: false }
    }

    /// Skills as what is required together with them: their rows of positive pointwise mutual
    /// information, themselves included.
    fn together(required: &Required) -> Self {
        let width = u32::try_from(required.axis().len()).unwrap_or(u32::MAX);
        let mut rows = Vec::new();
        each_together(required, |skill, near| {
            let mut near: Vec<(u32, f64)> = near
                .iter()
                .filter(|other| other.skill == skill || other.both >= TOGETHER)
                .map(|other| (other.skill, other.information()))
                .filter(|&(_, information)| information > 0.0)
                .collect();
            near.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            near.truncate(NEAR);
            near.sort_by_key(|&(other, _)| other);
            #[expect(clippy::cast_possible_truncation, reason = "weights, rounded once")]
            rows.push(near.into_iter().map(|(other, weight)| (other, weight as f32)).collect());
        });
        let rows: Vec<Vec<(u32, f32)>> = rows;
        let of_skill = Sparse::from_rows(width, rows);
        Self { of_skill, idf: vec![1.0; width as usize], amounts: true }
    }

    /// The features of every occupation, of length 1; learns how telling each is.
    fn fit(&mut self, framework: &Framework) -> Sparse {
        let required = framework.required();
        let counts: Vec<Vec<(u32, f32)>> = (0u32..)
            .take(required.len())
            .map(|occupation| self.counts(amounts(framework, occupation)))
            .collect();
        if self.idf.is_empty() {
            let mut frequency = vec![0u32; self.of_skill.width() as usize];
            counts.iter().flatten().for_each(|&(feature, _)| frequency[feature as usize] += 1);
            self.idf = crate::label::idf_of(&frequency, counts.len());
        }
        let rows: Vec<_> = counts.into_iter().map(|counts| self.weighted(counts)).collect();
        Sparse::from_rows(self.of_skill.width(), rows).normalised()
    }

    /// How much of each feature, ascending.
    fn counts(&self, skills: impl Iterator<Item = (u32, f32)>) -> Vec<(u32, f32)> {
        let mut counts: BTreeMap<u32, f32> = BTreeMap::new();
        for (skill, amount) in skills {
            for (feature, share) in self.of_skill.cells_of(skill as usize) {
                let amount = if self.amounts { amount } else { 1.0 };
                *counts.entry(feature).or_default() += amount * share;
            }
        }
        counts.into_iter().collect()
    }

    fn weighted(&self, counts: Vec<(u32, f32)>) -> Vec<(u32, f32)> {
        let weight = |(feature, count): (u32, f32)| {
            let count = if self.amounts { count } else { 1.0 + count.ln() };
            (feature, count * self.idf[feature as usize])
        };
        counts.into_iter().map(weight).collect()
    }

    /// The features of who asks, of length 1.
    fn asked(&self, framework: &Framework, asked: Asked<'_>) -> Vec<(u32, f32)> {
        let counts = match asked.occupation {
            Some(occupation) if is_own(framework, occupation, asked.held) => {
                self.counts(amounts(framework, occupation))
            }
            _ => self.counts(
                asked.held.iter().filter(|&(_, level)| level > 0).map(|(s, l)| (s, f32::from(l))),
            ),
        };
        let row = Sparse::from_rows(self.of_skill.width(), [self.weighted(counts)]).normalised();
        row.cells_of(0).collect()
    }
}

/// Whether an occupation asks with all that it requires, so that its weights are known.
fn is_own(framework: &Framework, occupation: u32, held: HeldRow<'_>) -> bool {
    framework.required().row(occupation).skills == held.skills
}

/// What an occupation requires, by weight × level.
fn amounts(framework: &Framework, occupation: u32) -> impl Iterator<Item = (u32, f32)> + '_ {
    let row = framework.required().row(occupation);
    row.iter().map(|(skill, r)| (skill, f32::from(r.weight) * f32::from(r.level)))
}

/// Everything above a node, ascending.
fn above(taxonomy: &Taxonomy, node: u32) -> Vec<u32> {
    let mut found: Vec<u32> = Vec::new();
    let mut next = taxonomy.broader().from(node).to_vec();
    while let Some(node) = next.pop() {
        if let Err(place) = found.binary_search(&node) {
            found.insert(place, node);
            next.extend(taxonomy.broader().from(node));
        }
    }
    found
}

/// The words of an occupation's own texts.
fn own_words(
    kind: Kind,
    framework: &Framework,
    occupation: u32,
    titles: &[&str],
    language: &str,
    words: &Words,
) -> Vec<String> {
    let labels = framework.occupations().labels();
    let name = framework.occupation_name(occupation, language);
    let last = |text: &str| words.of(text).into_iter().next_back();
    match kind {
        Kind::Texts => labels
            .of(occupation)
            .filter(|label| label.role == LabelRole::Definition)
            .flat_map(|label| words.of(label.text))
            .collect(),
        Kind::Titles => titles.iter().flat_map(|title| words.of(title)).collect(),
        Kind::Heads => titles.iter().copied().chain([name]).filter_map(last).collect(),
        _ => words.of(name),
    }
}
