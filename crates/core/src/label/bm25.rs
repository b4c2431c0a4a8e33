//! BM25 over texts, as sparse rows whose product with the words of a query is the score.

use std::collections::BTreeMap;

use super::matcher::{raw, top};
use crate::error::Result;
use crate::matrix::Sparse;
use crate::rank::RawRanker;
use crate::run::Run;
use crate::text::Ids;

/// Texts by their words. Robertson and Zaragoza (2009), with the idf that is never negative.
#[derive(Debug)]
pub(super) struct Bm25Texts {
    ids: Ids,
    /// The most that one word can give.
    most: Vec<f32>,
    rows: Sparse,
    ranker: RawRanker,
}

/// The words of a query: each once, and the most that they can give together.
pub(super) struct WordQuery {
    /// Those that some text has.
    words: Vec<u32>,
    most: f64,
}

impl Bm25Texts {
    #[expect(clippy::cast_precision_loss, reason = "counts of words and texts")]
    #[expect(clippy::cast_possible_truncation, reason = "weights, rounded once")]
    pub(super) fn fit(texts: &[Vec<String>], k1: f64, b: f64, run: &Run) -> Result<Self> {
        let mut ids = Ids::new();
        let mut frequency: Vec<u32> = Vec::new();
        let mut counted: Vec<BTreeMap<u32, u32>> = Vec::with_capacity(texts.len());
        for text in texts {
            let mut counts = BTreeMap::new();
            for word in text {
                let (at, new) = ids.insert(word)?;
                if new {
                    frequency.push(0);
                }
                *counts.entry(at).or_default() += 1;
            }
            counts.keys().for_each(|&at| frequency[at as usize] += 1);
            counted.push(counts);
        }
        let count = texts.len() as f64;
        let idf = |&df: &u32| {
            let df = f64::from(df);
            (1.0 + (count - df + 0.5) / (df + 0.5)).ln()
        };
        let idf: Vec<f64> = frequency.iter().map(idf).collect();
        let mean = texts.iter().map(Vec::len).sum::<usize>() as f64 / count.max(1.0);
        let rows = counted.into_iter().zip(texts).map(|(counts, text)| {
            let held = k1 * (1.0 - b + b * text.len() as f64 / mean.max(1.0));
            let weight = |(at, count): (u32, u32)| {
                let count = f64::from(count);
                (at, (idf[at as usize] * count * (k1 + 1.0) / (count + held)) as f32)
            };
            counts.into_iter().map(weight).collect::<Vec<_>>()
        });
        let width = u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let rows = Sparse::from_rows(width, rows);
        let ranker = RawRanker::new(raw(&rows)?, run)?;
        let most = idf.iter().map(|idf| (idf * (k1 + 1.0)) as f32).collect();
        Ok(Self { ids, most, rows, ranker })
    }

    /// The best texts for each query.
    pub(super) fn top<'q>(
        &self,
        queries: impl Iterator<Item = &'q WordQuery>,
        run: &Run,
    ) -> Result<Vec<Vec<i32>>> {
        let rows = queries.map(|query| query.words.iter().map(|&word| (word, 1.0)).collect());
        top(&self.ranker, &Sparse::from_rows(self.rows.width(), rows), run)
    }

    /// The words of a query. What no text has counts as much as the rarest that one has: it is not
    /// found, and what is found is less of what was asked.
    pub(super) fn query(&self, words: &[String]) -> WordQuery {
        let rarest = f64::from(self.most.iter().copied().fold(0.0, f32::max));
        let mut own: Vec<&String> = words.iter().collect();
        own.sort_unstable();
        own.dedup();
        let mut most = 0.0;
        let mut found = Vec::new();
        for word in own {
            match self.ids.position(word) {
                Some(at) => {
                    most += f64::from(self.most[at as usize]);
                    found.push(at);
                }
                None => most += rarest,
            }
        }
        found.sort_unstable();
        WordQuery { words: found, most }
    }

    /// What a text gives of what the query could give at most, in [0, 1].
    pub(super) fn share(&self, text: usize, query: &WordQuery) -> f64 {
        if query.most == 0.0 {
            return 0.0;
        }
        let (columns, values) = self.rows.row(text);
        let of = |word: u32| columns.binary_search(&word).map_or(0.0, |at| f64::from(values[at]));
        let sum: f64 = query.words.iter().map(|&word| of(word)).sum();
        (sum / query.most).min(1.0)
    }
}
