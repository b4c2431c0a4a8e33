//! The most that modules close for one learner beyond their prices, by branch and bound over the
//! modules and, for each set of them, over their sessions.

use crate::skill::Date;

/// Nodes for one learner after which what is left is not looked at, but counted as no set of
/// modules passes it.
const MOST_NODES: u32 = 200_000;

/// Sessions tried for one set of modules.
const MOST_TRIED: u32 = 20_000;

/// A module as a learner may follow it.
pub(super) struct Way {
    pub module: u32,
    pub price: f64,
    /// The price and the days of each session in reach, the cheapest first; no days where entry is
    /// rolling.
    pub sessions: Vec<(f64, Option<(Date, Date)>)>,
    /// The steps that it closes.
    pub closes: Vec<usize>,
    /// Its price for a unit of what it closes.
    pub ratio: f64,
    /// For each prerequisite that is not held, the ways that bring it.
    pub needs: Vec<Vec<usize>>,
}

/// What a learner closes at most beyond its price.
#[derive(Clone, Copy, Debug)]
pub(super) struct LearnerWorth {
    /// No pathway is worth more.
    pub at_most: f64,
    /// One that is worth so much was found.
    pub found: f64,
    /// Whether all were looked at.
    pub finished: bool,
}

/// The most that a set of ways closes of steps, up to what is asked, beyond its price.
pub(super) fn most(ways: &[Way], steps: &[f64], asked: f64, by_length: bool) -> LearnerWorth {
    // By way and step: the least ratio of this way and those after it that close the step.
    let mut least = vec![vec![1.0; steps.len()]; ways.len() + 1];
    for (at, way) in ways.iter().enumerate().rev() {
        least[at] = least[at + 1].clone();
        for &step in &way.closes {
            least[at][step] = f64::min(least[at][step], way.ratio.max(0.0));
        }
    }
    let mut search = Search {
        ways,
        steps,
        asked,
        least,
        closed: vec![0; steps.len()],
        taken: vec![None; ways.len()],
        by_length,
        nodes: 0,
        best: 0.0,
        relaxed: 0.0,
        finished: true,
    };
    search.decide(0, 0.0);
    let at_most = search.best.max(search.relaxed);
    LearnerWorth { at_most, found: search.best, finished: search.finished }
}

struct Search<'s> {
    ways: &'s [Way],
    steps: &'s [f64],
    asked: f64,
    least: Vec<Vec<f64>>,
    /// By step: how many of the ways taken close it.
    closed: Vec<u32>,
    /// By way: whether it is taken, once decided.
    taken: Vec<Option<bool>>,
    by_length: bool,
    nodes: u32,
    /// What the best is worth whose sessions follow one another.
    best: f64,
    /// What those are worth at most whose dates do not count, or that were not looked at.
    relaxed: f64,
    /// Whether all were looked at.
    finished: bool,
}

impl Search<'_> {
    /// What no completion passes: each step that is open is closed at its least ratio, and negative
    /// prices (a quota in reach) are earned.
    fn at_most(&self, at: usize, paid: f64) -> f64 {
        let steps = self.steps.iter().zip(&self.closed).zip(&self.least[at]);
        let closes: f64 = steps
            .map(|((weight, closed), least)| match closed {
                0 => weight * (1.0 - least).max(0.0),
                _ => *weight,
            })
            .sum();
        let earned: f64 = self.ways[at..].iter().map(|way| (-way.price).max(0.0)).sum();
        closes.min(self.asked) + earned - paid
    }

    fn decide(&mut self, at: usize, paid: f64) {
        self.nodes += 1;
        let lacks = |may: bool| {
            self.ways.iter().zip(&self.taken).any(|(way, taken)| {
                let brought = |by: &Vec<usize>| by.iter().any(|&by| self.taken[by].unwrap_or(may));
                *taken == Some(true) && !way.needs.iter().all(brought)
            })
        };
        if lacks(true) {
            return;
        }
        let steps = self.steps.iter().zip(&self.closed);
        let closes: f64 = steps.filter(|(_, closed)| **closed > 0).map(|(weight, _)| weight).sum();
        let closes = closes.min(self.asked);
        if closes - paid > self.best.max(self.relaxed) && !lacks(false) {
            self.follow(closes, paid);
        }
        let most = self.at_most(at, paid);
        if at == self.ways.len() || most <= self.best.max(self.relaxed) {
            return;
        }
        if self.nodes > MOST_NODES {
            (self.relaxed, self.finished) = (most, false);
            return;
        }
        let way = &self.ways[at];
        self.taken[at] = Some(true);
        for &step in &way.closes {
            self.closed[step] += 1;
        }
        self.decide(at + 1, paid + way.price);
        for &step in &way.closes {
            self.closed[step] -= 1;
        }
        self.taken[at] = Some(false);
        self.decide(at + 1, paid);
        self.taken[at] = None;
    }
    /// Looks for sessions of the ways taken that follow one another and cost least.
    fn follow(&mut self, closes: f64, paid: f64) {
        let taken: Vec<usize> =
            (0..self.ways.len()).filter(|&at| self.taken[at] == Some(true)).collect();
        let rolling = |at: &usize| self.ways[*at].sessions.iter().any(|(_, days)| days.is_none());
        if self.by_length || taken.iter().any(rolling) {
            self.relaxed = closes - paid;
            return;
        }
        let mut calendar = Calendar {
            ways: self.ways,
            taken: &taken,
            days: vec![None; self.ways.len()],
            least: closes - self.best,
            left: MOST_TRIED,
        };
        calendar.fill(0, 0.0, paid);
        if calendar.left == 0 {
            (self.relaxed, self.finished) = (closes - paid, false);
        }
        self.best = self.best.max(closes - calendar.least);
    }
}

/// Sessions for a set of ways.
struct Calendar<'s> {
    ways: &'s [Way],
    taken: &'s [usize],
    /// By way, when it is followed.
    days: Vec<Option<(Date, Date)>>,
    /// What the cheapest found costs, or must stay below.
    least: f64,
    left: u32,
}

impl Calendar<'_> {
    /// Tries the sessions of the ways from `at` on, which cost `rest` at least.
    fn fill(&mut self, at: usize, paid: f64, rest: f64) {
        let Some(&number) = self.taken.get(at) else {
            self.least = paid;
            return;
        };
        let way = &self.ways[number];
        let rest = rest - way.price;
        for &(price, days) in &way.sessions {
            if self.left == 0 || paid + price + rest >= self.least {
                return;
            }
            self.left -= 1;
            let Some((from, until)) = days else { continue };
            let meets = |&other: &usize| {
                self.days[other].is_some_and(|(start, end)| start <= until && from <= end)
            };
            if self.taken[..at].iter().any(meets) {
                continue;
            }
            self.days[number] = days;
            if self.taken[..=at].iter().all(|&way| self.prepared(way)) {
                self.fill(at + 1, paid + price, rest);
            }
            self.days[number] = None;
        }
    }

    /// Whether each prerequisite of a way is brought before it, or may be.
    fn prepared(&self, way: usize) -> bool {
        let starts = self.days[way];
        self.ways[way].needs.iter().all(|by| {
            by.iter().any(|by| {
                self.taken.contains(by)
                    && match (self.days[*by], starts) {
                        (Some((_, end)), Some((start, _))) => end < start,
                        _ => true,
                    }
            })
        })
    }
}
