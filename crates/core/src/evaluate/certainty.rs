//! From which score on a matcher of labels should answer at all.

use serde::Serialize;

use super::Query;
use crate::error::Result;
use crate::label::Matcher;
use crate::run::Run;

/// How sure a matcher was of its best answer to each query of a task of labels: as it is, and with
/// what is asked for taken away, when every answer is wrong and "don't know" is right.
#[derive(Clone, Debug)]
pub struct Certainty {
    /// The best score of each query, and whether it is right.
    known: Vec<(f32, bool)>,
    /// The best score of each query among all that is wrong.
    absent: Vec<f32>,
}

/// What a threshold leads to: shares from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Decisions {
    /// The score from which on the matcher answers.
    pub threshold: f64,
    /// Right answers among the answers, where what is asked for is there; 1 where there are none.
    pub precision: f64,
    /// Right answers among the queries, where what is asked for is there.
    pub recall: f64,
    /// "Don't know" among the queries, where what is asked for is not there.
    pub refused: f64,
}

impl Decisions {
    /// The share of right decisions where every other thing that is asked for is not there: the mean
    /// of recall and refused.
    pub fn right(&self) -> f64 {
        (self.recall + self.refused) / 2.0
    }
}

impl Certainty {
    /// Asks a matcher every query.
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`](crate::Error::Cancelled).
    pub fn of(queries: &[Query], matcher: &Matcher, run: &Run) -> Result<Self> {
        let texts: Vec<&str> = queries.iter().map(|query| query.text.as_str()).collect();
        let most = queries.iter().map(|query| query.relevant.len()).max().unwrap_or(0);
        let (mut known, mut absent) = (Vec::new(), Vec::new());
        for (query, matches) in queries.iter().zip(matcher.find_all(&texts, most + 1, run)?) {
            let is_right = |concept: u32| {
                query.relevant.binary_search_by_key(&concept, |&(concept, _)| concept).is_ok()
            };
            let found = matches.found;
            known.push(
                found.first().map_or((0.0, false), |best| (best.score, is_right(best.concept))),
            );
            absent
                .push(found.iter().find(|one| !is_right(one.concept)).map_or(0.0, |one| one.score));
        }
        Ok(Self { known, absent })
    }

    /// What a threshold leads to.
    #[expect(clippy::cast_precision_loss, reason = "counts of queries")]
    pub fn at(&self, threshold: f64) -> Decisions {
        let share = |part: usize, whole: usize, none: f64| {
            if whole == 0 { none } else { part as f64 / whole as f64 }
        };
        let answers = |score: f32| f64::from(score) >= threshold;
        let answered = self.known.iter().filter(|&&(score, _)| answers(score)).count();
        let right = self.known.iter().filter(|&&(score, right)| right && answers(score)).count();
        let refused = self.absent.iter().filter(|&&score| !answers(score)).count();
        Decisions {
            threshold,
            precision: share(right, answered, 1.0),
            recall: share(right, self.known.len(), 0.0),
            refused: share(refused, self.absent.len(), 0.0),
        }
    }

    /// The threshold, in hundredths, with the greatest share of [right decisions](Decisions::right);
    /// of several the lowest.
    pub fn best(&self) -> Decisions {
        let all = (0..=100).map(|hundredth| self.at(f64::from(hundredth) / 100.0));
        // The last of equal ones is kept: from above, the lowest.
        all.rev().max_by(|a, b| a.right().total_cmp(&b.right())).unwrap_or_else(|| self.at(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_the_best_threshold_are_those_worked_by_hand() {
        let known = vec![(0.9, true), (0.6, true), (0.5, false), (0.2, true)];
        let certainty = Certainty { known, absent: vec![0.5, 0.3, 0.3, 0.1] };
        let decisions = certainty.at(0.5);
        assert_eq!((decisions.precision, decisions.recall), (2.0 / 3.0, 0.5));
        assert_eq!((decisions.refused, decisions.right()), (0.75, 0.625));
        let best = certainty.best();
        assert_eq!((best.threshold, best.right()), (0.51, 0.75));
        assert_eq!(certainty.at(1.0).precision, 1.0);
    }
}
