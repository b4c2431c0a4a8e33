//! Free words to concepts, ranked.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::bm25::Bm25Texts;
use super::terms::Terms;
use super::words::{Words, runs};
use crate::error::{Error, Result};
use crate::framework::{Framework, LabelRole, Taxonomy};
use crate::matrix::Sparse;
use crate::rank::{RawRanker, RawRows};
use crate::run::Run;

/// How labels are matched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MatchOptions {
    /// What the runs of characters, the words of labels and the words of all texts weigh. They are
    /// shares: divided by their sum.
    pub weights: [f64; 3],
    /// The score under which the answer is "don't know", from 0 to 1.
    pub threshold: f64,
    /// Whether other labels than the preferred ones are known.
    pub other_labels: bool,
}

impl Default for MatchOptions {
    fn default() -> Self {
        Self { weights: [0.6, 0.2, 0.2], threshold: 0.45, other_labels: true }
    }
}

/// One concept that may be meant.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct LabelMatch {
    /// The concept's position: a skill or an occupation.
    pub concept: u32,
    /// How well it fits, from 0 to 1.
    pub score: f32,
    /// The same for runs of characters, for words of labels and for words of all texts: the score is
    /// their weighted mean.
    pub parts: [f32; 3],
}

/// What words may mean.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct LabelMatches {
    /// The best, if it reaches the threshold; `None` says "don't know".
    pub answer: Option<LabelMatch>,
    /// All that were found, best first, whatever the threshold.
    pub found: Vec<LabelMatch>,
}

/// Candidates from each index that are looked at in full.
const CANDIDATES: usize = 64;

/// Matches free words with the skills or occupations of a framework, in one language.
///
/// Three indexes answer, each on the library's own sparse top-k: runs of 2 to 4 characters of labels
/// (TF-IDF, cosine), which forgive spelling; words of labels (BM25), and words of labels and
/// definitions together (BM25), both as a share of what the words could give at best. Words are
/// brought to one form first ([`Words`]). A concept has the best of its labels.
///
/// [`lookup`](crate::lookup) answers exact and nearly exact labels, as one types; this answers the
/// rest, such as a column of a file in an employer's own words.
///
/// # Example
///
/// ```
/// use passerelle::label::{MatchOptions, Matcher};
/// use passerelle::{Framework, Necessity, Requirement, Run, SkillKind};
///
/// let mut builder = Framework::builder("demo", "1", "fr");
/// for (id, label) in [("s1", "Conduire un chariot élévateur"), ("s2", "Lire un plan")] {
///     builder.skill(id, SkillKind::KnowHow)?;
///     builder.skill_label(id, "fr", label)?;
/// }
/// builder.occupation("o")?;
/// let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// builder.require("o", "s1", one)?;
/// let framework = builder.build()?;
///
/// let matcher = Matcher::skills(&framework, "fr", MatchOptions::default(), &Run::new())?;
/// assert_eq!(matcher.find("conduite de chariots élévateurs", 5).answer.map(|m| m.concept), Some(0));
/// assert_eq!(matcher.find("comptabilité", 5).answer, None, "don't know");
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Debug)]
pub struct Matcher {
    words: Words,
    options: MatchOptions,
    concepts: u32,
    /// For each label its concept.
    concept_of: Vec<u32>,
    /// For each concept its labels, which stand together.
    labels_of: Vec<std::ops::Range<usize>>,
    run_terms: Terms,
    run_rows: Sparse,
    run_ranker: RawRanker,
    label_words: Bm25Texts,
    all_words: Bm25Texts,
}

impl Matcher {
    /// For the skills of a framework.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for weights that are negative or all 0, [`Error::TooMany`] terms.
    pub fn skills(
        framework: &Framework,
        language: &str,
        options: MatchOptions,
        run: &Run,
    ) -> Result<Self> {
        let none = |_: u32| Vec::new();
        Self::new(framework.skills(), none, language, options, run)
    }

    /// For the occupations of a framework, with their job titles.
    ///
    /// # Errors
    ///
    /// As [`Matcher::skills`].
    pub fn occupations(
        framework: &Framework,
        language: &str,
        options: MatchOptions,
        run: &Run,
    ) -> Result<Self> {
        let mut titles = vec![Vec::new(); framework.required().len()];
        for title in framework.titles().iter().filter(|title| title.language == language) {
            titles[title.occupation as usize].push(title.title.to_owned());
        }
        let titles = |at: u32| titles[at as usize].clone();
        Self::new(framework.occupations(), titles, language, options, run)
    }

    fn new(
        taxonomy: &Taxonomy,
        more: impl Fn(u32) -> Vec<String>,
        language: &str,
        options: MatchOptions,
        run: &Run,
    ) -> Result<Self> {
        let sum: f64 = options.weights.iter().sum();
        if !(sum.is_finite() && sum > 0.0 && options.weights.iter().all(|&w| w >= 0.0)) {
            let value = format!("{:?}", options.weights);
            return Err(Error::argument("weights", value, "at least 0, and not all of them 0"));
        }
        let words = Words::new(language);
        let (mut concept_of, mut labels_of) = (Vec::new(), Vec::new());
        let (mut labels, mut texts) = (Vec::new(), Vec::new());
        for concept in 0..taxonomy.members() {
            let start = concept_of.len();
            let mut own: Vec<String> = Vec::new();
            let mut text = String::new();
            let preferred = taxonomy.labels().preferred(concept, language).unwrap_or_default();
            own.push(preferred.to_owned());
            for label in taxonomy.labels().of(concept).filter(|l| l.language == language) {
                match label.role {
                    LabelRole::Definition => {
                        text.push(' ');
                        text.push_str(label.text);
                    }
                    LabelRole::Alternative | LabelRole::Hidden if options.other_labels => {
                        own.push(label.text.to_owned());
                    }
                    _ => {}
                }
            }
            if options.other_labels {
                own.extend(more(concept));
            }
            own.dedup();
            concept_of.resize(start + own.len(), concept);
            labels_of.push(start..concept_of.len());
            texts.push(words.of(&format!("{} {text}", own.join(" "))));
            labels.extend(own);
        }
        let of_labels: Vec<Vec<String>> =
            run.install(|| labels.par_iter().map(|label| characters(label)).collect());
        let (run_terms, run_rows) = Terms::fit(of_labels.iter().map(Vec::as_slice))?;
        let of_words: Vec<Vec<String>> =
            run.install(|| labels.par_iter().map(|label| words.of(label)).collect());
        let run_ranker = RawRanker::new(raw(&run_rows)?, run);
        Ok(Self {
            words,
            options: MatchOptions { weights: options.weights.map(|w| w / sum), ..options },
            concepts: taxonomy.members(),
            concept_of,
            labels_of,
            run_terms,
            run_rows,
            run_ranker,
            label_words: Bm25Texts::fit(&of_words, 1.2, 0.3, run)?,
            all_words: Bm25Texts::fit(&texts, 0.6, 0.75, run)?,
        })
    }

    /// How many concepts there are.
    pub fn concepts(&self) -> u32 {
        self.concepts
    }

    /// What words may mean: up to `k` concepts.
    pub fn find(&self, text: &str, k: usize) -> LabelMatches {
        self.try_find(text, k).unwrap_or_default()
    }

    /// The rankers refuse nothing that is built here.
    fn try_find(&self, text: &str, k: usize) -> Result<LabelMatches> {
        let run = Run::new().threads(1);
        let row = self.run_terms.row(&characters(text));
        let words = self.words.of(text);
        let (own, all) = (self.label_words.query(&words), self.all_words.query(&words));
        let mut concepts: Vec<u32> = Vec::new();
        let label = |&at: &u32| self.concept_of[at as usize];
        concepts.extend(top(&self.run_ranker, &row, &run)?.iter().map(label));
        concepts.extend(top(self.label_words.ranker(), &own.row, &run)?.iter().map(label));
        concepts.extend(top(self.all_words.ranker(), &all.row, &run)?);
        concepts.sort_unstable();
        concepts.dedup();
        let asked: BTreeMap<u32, f32> = row.cells_of(0).collect();
        let mut found: Vec<LabelMatch> = concepts
            .into_iter()
            .map(|concept| {
                let text = self.all_words.share(concept as usize, &all);
                let of_label = |at: usize| {
                    let shared = self.run_rows.cells_of(at);
                    let products = shared.filter_map(|(term, value)| {
                        Some(f64::from(value) * f64::from(*asked.get(&term)?))
                    });
                    let parts =
                        [products.sum::<f64>().min(1.0), self.label_words.share(at, &own), text];
                    let weighed = parts.iter().zip(self.options.weights).map(|(p, w)| p * w);
                    (weighed.sum::<f64>(), parts)
                };
                let labels = self.labels_of[concept as usize].clone().map(of_label);
                let best = labels.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default();
                #[expect(clippy::cast_possible_truncation, reason = "rounded once")]
                LabelMatch { concept, score: best.0 as f32, parts: best.1.map(|p| p as f32) }
            })
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.concept.cmp(&b.concept)));
        found.truncate(k);
        let reaches = |best: &LabelMatch| f64::from(best.score) >= self.options.threshold;
        Ok(LabelMatches { answer: found.first().copied().filter(reaches), found })
    }

    /// What each of many texts may mean.
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`].
    pub fn find_all<S: AsRef<str> + Sync>(
        &self,
        texts: &[S],
        k: usize,
        run: &Run,
    ) -> Result<Vec<LabelMatches>> {
        let count = run.count("labels", texts.len() as u64);
        let find = |text: &S| {
            count.go_on()?;
            let found = self.find(text.as_ref(), k);
            count.add(1);
            Ok(found)
        };
        run.install(|| texts.par_iter().map(find).collect())
    }
}

fn characters(text: &str) -> Vec<String> {
    runs(text, 2, 4)
}

pub(super) fn raw(rows: &Sparse) -> Result<RawRows<'_>> {
    let (offsets, columns, values) = rows.parts();
    RawRows::new(offsets, columns, values, rows.width())
}

/// The best rows for one row that asks.
fn top(ranker: &RawRanker, row: &Sparse, run: &Run) -> Result<Vec<u32>> {
    let (mut positions, mut scores) = (vec![-1; CANDIDATES], vec![0.0; CANDIDATES]);
    ranker.rank_into(raw(row)?, CANDIDATES, &mut positions, &mut scores, run)?;
    Ok(positions.into_iter().map_while(|at| u32::try_from(at).ok()).collect())
}
