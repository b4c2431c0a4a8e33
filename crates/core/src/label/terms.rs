//! Texts as rows of weighted terms.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::matrix::Sparse;
use crate::text::Ids;

/// The terms of many texts, and how telling each is.
#[derive(Clone, Debug)]
pub struct Terms {
    ids: Ids,
    /// ln((n + 1) ÷ (df + 1)) + 1 for each term.
    idf: Vec<f32>,
}

impl Terms {
    /// Learns the terms of texts, each given as the list of its terms, and gives a row for each.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`](crate::Error::TooMany) for more terms than a table holds.
    pub fn fit<'t>(texts: impl IntoIterator<Item = &'t [String]>) -> Result<(Self, Sparse)> {
        let mut ids = Ids::new();
        let mut frequency: Vec<u32> = Vec::new();
        let mut counted = Vec::new();
        for text in texts {
            let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
            for term in text {
                let (at, new) = ids.insert(term)?;
                if new {
                    frequency.push(0);
                }
                *counts.entry(at).or_default() += 1;
            }
            for &at in counts.keys() {
                frequency[at as usize] += 1;
            }
            counted.push(counts);
        }
        let idf = idf_of(&frequency, counted.len());
        let terms = Self { ids, idf };
        let rows = counted.into_iter().map(|counts| terms.weighted(counts));
        let rows = Sparse::from_rows(terms.width(), rows.collect::<Vec<_>>()).normalised();
        Ok((terms, rows))
    }

    /// How many terms there are.
    pub fn width(&self) -> u32 {
        u32::try_from(self.ids.len()).unwrap_or(u32::MAX)
    }

    /// The term at a position.
    pub fn term(&self, at: u32) -> &str {
        &self.ids[at]
    }

    /// The cells of a text: its terms that are known, each (1 + ln count) × idf; not yet of length 1.
    pub fn cells(&self, text: &[String]) -> Vec<(u32, f32)> {
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        for at in text.iter().filter_map(|term| self.ids.position(term)) {
            *counts.entry(at).or_default() += 1;
        }
        self.weighted(counts)
    }

    #[expect(clippy::cast_possible_truncation, reason = "a weight, rounded once")]
    fn weighted(&self, counts: BTreeMap<u32, u32>) -> Vec<(u32, f32)> {
        let weight = |(at, count): (u32, u32)| {
            (at, (1.0 + f64::from(count).ln()) as f32 * self.idf[at as usize])
        };
        counts.into_iter().map(weight).collect()
    }
}

/// ln((n + 1) ÷ (df + 1)) + 1, rounded to f32.
#[expect(clippy::cast_precision_loss, reason = "counts of texts")]
#[expect(clippy::cast_possible_truncation, reason = "a weight, rounded once")]
pub(crate) fn idf_of(frequency: &[u32], texts: usize) -> Vec<f32> {
    let more = texts as f64 + 1.0;
    frequency.iter().map(|&df| ((more / (f64::from(df) + 1.0)).ln() + 1.0) as f32).collect()
}
