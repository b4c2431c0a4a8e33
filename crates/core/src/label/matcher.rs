//! Free words to concepts, ranked.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::bm25::{Bm25Texts, WordQuery};
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
    /// The score under which the answer is "don't know", from 0 to 1. The default is right most often
    /// where every other thing that is asked for is not there, on ESCO's alternative labels.
    pub threshold: f64,
    /// Whether other labels than the preferred ones are known.
    pub other_labels: bool,
}

impl Default for MatchOptions {
    fn default() -> Self {
        Self { weights: [0.35, 0.05, 0.6], threshold: 0.58, other_labels: true }
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
/// assert_eq!(matcher.find("conduire les chariots élévateurs", 5)?.answer.map(|m| m.concept), Some(0));
/// assert_eq!(matcher.find("comptabilité", 5)?.answer, None, "don't know");
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
        let run_ranker = RawRanker::new(raw(&run_rows)?, run)?;
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
    ///
    /// # Errors
    ///
    /// As [`Matcher::find_all`].
    pub fn find(&self, text: &str, k: usize) -> Result<LabelMatches> {
        let found = self.find_all(&[text], k, &Run::new())?;
        Ok(found.into_iter().next().unwrap_or_default())
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
        let ask = |text: &S| {
            count.go_on()?;
            let words = self.words.of(text.as_ref());
            Ok(Asked {
                runs: self.run_terms.cells(&characters(text.as_ref())),
                own: self.label_words.query(&words),
                all: self.all_words.query(&words),
            })
        };
        let asked: Vec<Asked> = run.install(|| texts.par_iter().map(ask).collect::<Result<_>>())?;
        let runs = Sparse::from_rows(self.run_terms.width(), asked.iter().map(|a| a.runs.clone()));
        let runs = runs.normalised();
        let near_runs = top(&self.run_ranker, &runs, run)?;
        let near_own = self.label_words.top(asked.iter().map(|a| &a.own), run)?;
        let near_all = self.all_words.top(asked.iter().map(|a| &a.all), run)?;
        let find = |(at, asked): (usize, &Asked)| {
            count.go_on()?;
            let of_label = |at: i32| Some(self.concept_of[usize::try_from(at).ok()?]);
            let mut concepts: Vec<u32> =
                near_runs[at].iter().filter_map(|&at| of_label(at)).collect();
            concepts.extend(near_own[at].iter().filter_map(|&at| of_label(at)));
            concepts.extend(near_all[at].iter().filter_map(|&at| u32::try_from(at).ok()));
            count.add(1);
            Ok(self.matches(runs.cells_of(at).collect(), asked, concepts, k))
        };
        run.install(|| asked.par_iter().enumerate().map(find).collect())
    }

    /// Candidates with their scores, best first.
    fn matches(
        &self,
        runs: BTreeMap<u32, f32>,
        asked: &Asked,
        mut concepts: Vec<u32>,
        k: usize,
    ) -> LabelMatches {
        concepts.sort_unstable();
        concepts.dedup();
        let of_concept = |concept: u32| {
            let text = self.all_words.share(concept as usize, &asked.all);
            let of_label = |at: usize| {
                let shared = self.run_rows.cells_of(at);
                let products = shared.filter_map(|(term, value)| {
                    Some(f64::from(value) * f64::from(*runs.get(&term)?))
                });
                let own = self.label_words.share(at, &asked.own);
                let parts = [products.sum::<f64>().min(1.0), own, text];
                let weighed = parts.iter().zip(self.options.weights).map(|(p, w)| p * w);
                (weighed.sum::<f64>(), parts)
            };
            let labels = self.labels_of[concept as usize].clone().map(of_label);
            let best = labels.max_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default();
            #[expect(clippy::cast_possible_truncation, reason = "rounded once")]
            LabelMatch { concept, score: best.0 as f32, parts: best.1.map(|p| p as f32) }
        };
        let mut found: Vec<LabelMatch> = concepts.into_iter().map(of_concept).collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.concept.cmp(&b.concept)));
        found.truncate(k);
        let reaches = |best: &LabelMatch| f64::from(best.score) >= self.options.threshold;
        LabelMatches { answer: found.first().copied().filter(reaches), found }
    }
}

/// One text that asks.
struct Asked {
    runs: Vec<(u32, f32)>,
    own: WordQuery,
    all: WordQuery,
}

fn characters(text: &str) -> Vec<String> {
    runs(text, 2, 4)
}

pub(super) fn raw(rows: &Sparse) -> Result<RawRows<'_>> {
    let (offsets, columns, values) = rows.parts();
    RawRows::new(offsets, columns, values, rows.width())
}

/// The best rows for each row that asks; −1 after the last.
pub(super) fn top(ranker: &RawRanker, rows: &Sparse, run: &Run) -> Result<Vec<Vec<i32>>> {
    let mut positions = vec![-1; rows.len() * CANDIDATES];
    let mut scores = vec![0.0; positions.len()];
    ranker.rank_into(raw(rows)?, CANDIDATES, &mut positions, &mut scores, run)?;
    Ok(positions.chunks_exact(CANDIDATES).map(<[i32]>::to_vec).collect())
}
