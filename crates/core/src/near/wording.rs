//! Skills that are worded like those that are held.

use crate::error::Result;
use crate::framework::Framework;
use crate::label::{Terms, Words};
use crate::matrix::{HeldRow, Sparse};
use crate::rank::{Account, Asked, NO_RESULT, Part, PartOf, Scorer, idf};

/// Scores skills by how near the words of their labels are to those of the skills that are held.
///
/// Labels are TF-IDF rows of length 1 (Salton and McGill, 1983). What is held is the sum of its
/// skills' rows, each times the idf of the skill, and the score is the cosine with it; so it is
/// Σ idf × cosine of two labels over the skills that are held, over the length of that sum. Right
/// beside what is learned from occupations, which says nothing of a skill that few require; alone it
/// takes *manage a shop* for the same field as *manage a forest*.
///
/// A query is O(words held × skills that share one).
///
/// # Example
///
/// ```
/// use passerelle::near::completion;
/// # use passerelle::{Framework, Necessity, Requirement, SkillKind};
/// use passerelle::Run;
///
/// # let mut builder = Framework::builder("demo", "1", "en");
/// # builder.occupation("welder")?;
/// # for skill in ["weld steel", "weld copper", "drive"] {
/// #     builder.skill(skill, SkillKind::KnowHow)?;
/// #     let one = Requirement { level: 1, weight: 1, necessity: Necessity::Essential };
/// #     builder.require("welder", skill, one)?;
/// # }
/// # let framework = builder.build()?;
/// let both = completion("mix(regression + 0.25*wording)", &framework, "en", &Run::new())?;
/// assert_eq!(both.targets(), framework.axis().len());
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Debug)]
pub struct Wording {
    idf: Vec<f64>,
    /// The skills' labels.
    labels: Sparse,
    postings: Sparse,
}

impl Wording {
    /// Learns the words of a framework's skills, in one language or else the framework's own.
    ///
    /// # Errors
    ///
    /// [`Error::TooMany`](crate::Error::TooMany) words.
    pub fn fit(framework: &Framework, language: &str) -> Result<Self> {
        let words = Words::new(language);
        let texts: Vec<_> = (0..framework.skills().members())
            .map(|skill| words.of(framework.skill_name(skill, language)))
            .collect();
        let (_, labels) = Terms::fit(texts.iter().map(Vec::as_slice))?;
        Ok(Self { idf: idf(framework.required()), postings: labels.turned(), labels })
    }

    /// The skills that are held, ascending, each with its idf.
    fn asking<'h>(&'h self, held: HeldRow<'h>) -> impl Iterator<Item = (u32, f64)> + 'h {
        let held = held.iter().filter(|&(_, level)| level > 0);
        held.map(|(skill, _)| (skill, self.idf[skill as usize]))
    }

    /// The length of the sum of rows that asks.
    fn length(&self, held: HeldRow<'_>) -> f64 {
        let mut sum = vec![0.0f64; self.labels.width() as usize];
        for (skill, idf) in self.asking(held) {
            for (word, value) in self.labels.cells_of(skill as usize) {
                sum[word as usize] += idf * f64::from(value);
            }
        }
        sum.iter().map(|x| x * x).sum::<f64>().sqrt()
    }

    /// The cosines of a skill's label with all that share a word with it, by skill.
    fn cosines(&self, skill: u32, out: &mut Cosines) {
        for (word, own) in self.labels.cells_of(skill as usize) {
            for (other, value) in self.postings.cells_of(word as usize) {
                let cosine = &mut out.values[other as usize];
                if *cosine == 0.0 {
                    out.found.push(other);
                }
                *cosine += f64::from(own) * f64::from(value);
            }
        }
    }
}

/// Cosines by skill, and which are above 0.
struct Cosines {
    values: Vec<f64>,
    found: Vec<u32>,
}

impl Scorer for Wording {
    fn name(&self) -> &'static str {
        "wording"
    }

    fn targets(&self) -> usize {
        self.labels.len()
    }

    #[expect(clippy::cast_possible_truncation, reason = "rounded once, as every score is")]
    fn scores(&self, asked: Asked<'_>, out: &mut [f32]) {
        let mut sums = vec![0.0f64; out.len()];
        let mut cosines = Cosines { values: vec![0.0; out.len()], found: Vec::new() };
        for (skill, idf) in self.asking(asked.held) {
            self.cosines(skill, &mut cosines);
            for other in cosines.found.drain(..) {
                sums[other as usize] += idf * std::mem::take(&mut cosines.values[other as usize]);
            }
        }
        let length = self.length(asked.held);
        for (out, sum) in out.iter_mut().zip(sums) {
            *out = if sum == 0.0 { NO_RESULT } else { (sum / length) as f32 };
        }
    }

    fn account(&self, asked: Asked<'_>, target: u32) -> Account {
        let mut cosines = Cosines { values: vec![0.0; self.targets()], found: Vec::new() };
        let mut part = |(skill, idf)| {
            self.cosines(skill, &mut cosines);
            let cosine = cosines.values[target as usize];
            cosines.found.drain(..).for_each(|other| cosines.values[other as usize] = 0.0);
            (cosine > 0.0).then(|| Part::new(PartOf::Skill(skill), idf, cosine))
        };
        let parts: Vec<_> = self.asking(asked.held).filter_map(&mut part).collect();
        if parts.is_empty() {
            Account::none(self)
        } else {
            Account::of(self, parts, (self.length(asked.held), 1.0))
        }
    }
}
