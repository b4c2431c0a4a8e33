//! Which cells to hide.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::attack::{Equation, Hidden, narrowed};
use super::table::Table;
use crate::error::{Error, Result};

/// What must stay unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    threshold: u64,
    hide_zeros: bool,
}

/// Under how many people a cell is suppressed unless a lower threshold is asked for.
pub const THRESHOLD: u64 = 11;
/// How far from its value a larger hidden cell must stay possible.
const AROUND: u64 = 5;

impl Default for Rules {
    /// Cells about 1 to 10 people are suppressed; zeros are shown.
    fn default() -> Self {
        Self { threshold: THRESHOLD, hide_zeros: false }
    }
}

impl Rules {
    /// Another threshold: cells about 1 to `threshold − 1` people are suppressed. A lower one than
    /// 11 protects less and is written in every release.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] below 2, which would hide nothing.
    pub fn threshold(mut self, threshold: u64) -> Result<Self> {
        if threshold < 2 {
            return Err(Error::argument("threshold", threshold, "at least 2"));
        }
        self.threshold = threshold;
        Ok(self)
    }

    /// Hides cells about nobody as well: that nobody is somewhere may tell as much.
    #[must_use]
    pub fn hide_zeros(mut self) -> Self {
        self.hide_zeros = true;
        self
    }

    /// Whether a cell of that count is suppressed for itself.
    pub(super) fn is_small(self, count: u64) -> bool {
        (1..self.threshold).contains(&count) || (self.hide_zeros && count == 0)
    }
}

/// Why a cell is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It is about too few people.
    Small,
    /// It protects another.
    Protecting,
}

/// A table as it may be published.
///
/// [`Release::shown`] and [`Release::note`] are for everyone. Which hidden cell is hidden for which
/// reason is not: it would tell which are about few people. The release itself holds the counts,
/// for the next one to be made safe against it, and is as private as the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    table: Table,
    hidden: Vec<Option<Reason>>,
    rules: Rules,
    known_before: Vec<u32>,
    narrowed_before: Vec<u32>,
}

impl Release {
    /// Each cell's id with its count, or `None` where it is hidden. In the order of the table.
    pub fn shown(&self) -> impl ExactSizeIterator<Item = (&str, Option<u64>)> {
        let cells = self.table.ids.iter().zip(&self.table.counts).zip(&self.hidden);
        cells.map(|((id, &count), hidden)| (id.as_str(), hidden.is_none().then_some(count)))
    }

    /// The count of a cell, where it is shown; `None` where it is hidden or not there.
    pub fn get(&self, id: &str) -> Option<u64> {
        let at = self.table.ids.iter().position(|known| known == id)?;
        self.hidden[at].is_none().then(|| self.table.counts[at])
    }

    /// The table's cells and sums.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// How many cells are hidden for a reason.
    pub fn hidden_for(&self, reason: Reason) -> u64 {
        self.hidden.iter().filter(|&&hidden| hidden == Some(reason)).count() as u64
    }

    /// Small cells that an earlier release gave away, which nothing can hide any more.
    pub fn known_before(&self) -> impl Iterator<Item = &str> {
        self.known_before.iter().map(|&at| self.table.ids[at as usize].as_str())
    }

    /// Hidden cells of which the release before tells more than it should: this one adds nothing.
    pub fn narrowed_before(&self) -> impl Iterator<Item = &str> {
        self.narrowed_before.iter().map(|&at| self.table.ids[at as usize].as_str())
    }

    /// What to print beside the table: how much is hidden, why, and under which threshold.
    pub fn note(&self, language: &str) -> String {
        let (small, protecting) =
            (self.hidden_for(Reason::Small), self.hidden_for(Reason::Protecting));
        let (most, cells) = (self.rules.threshold - 1, self.table.len());
        let lower = self.rules.threshold < THRESHOLD;
        if language == "fr" {
            let lower = if lower {
                format!(" (seuil abaissé sur demande, au lieu de {THRESHOLD})")
            } else {
                String::new()
            };
            format!(
                "{} cases sur {cells} sont masquées : {small} concernent 1 à {most} personnes{lower}, {protecting} les protègent",
                small + protecting
            )
        } else {
            let lower = if lower {
                format!(" (a lower threshold was asked for than {THRESHOLD})")
            } else {
                String::new()
            };
            format!(
                "{} of {cells} cells are hidden: {small} are about 1 to {most} people{lower}, {protecting} protect them",
                small + protecting
            )
        }
    }
}

/// Suppresses the cells of a table about too few people, then as many others as it takes.
///
/// An attacker is supposed to know every shown cell, every sum, and each cell that the release
/// before showed with the count that it has still, with the sums of that release over such cells.
/// Hidden cells may be anything from 0 on. When it is done, each small hidden cell may be anything
/// from 1 to 10 for all that the attacker knows (threshold − 1), and each other one anything within
/// 5 of its count. Cells to hide beside are the smallest in a sum with the narrowed one; zeros and
/// totals come last.
///
/// What the release before lets an attacker know of a cell can't be taken back: where nothing is left
/// to hide around it, it stays hidden and [`Release::narrowed_before`] names it.
///
/// Two linear programs for each hidden cell at worst, over the hidden cells that sums connect; far
/// fewer as a rule.
pub fn suppress(table: &Table, rules: Rules, before: Option<&Release>) -> Release {
    let mut work = Work::new(table, rules, before);
    while let Some(narrowed) = work.narrowed() {
        work.protect(narrowed);
    }
    Release {
        table: table.clone(),
        hidden: work.hidden[..table.len()].to_vec(),
        rules,
        known_before: work.known_before,
        narrowed_before: work
            .exempt
            .into_iter()
            .filter(|&at| (at as usize) < table.len())
            .collect(),
    }
}

struct Work {
    rules: Rules,
    ids: Vec<String>,
    counts: Vec<u64>,
    hidden: Vec<Option<Reason>>,
    /// Cells that are out already, or are none of this table's.
    fixed: Vec<bool>,
    is_total: Vec<bool>,
    sums: Vec<(u32, Vec<u32>)>,
    sums_of: Vec<Vec<u32>>,
    known_before: Vec<u32>,
    /// Hidden cells that nothing can protect from the release before.
    exempt: BTreeSet<u32>,
    /// Hidden cells whose component was found safe.
    safe: BTreeSet<u32>,
}

impl Work {
    fn new(table: &Table, rules: Rules, before: Option<&Release>) -> Self {
        let mut work = Self {
            rules,
            ids: table.ids.clone(),
            counts: table.counts.clone(),
            hidden: vec![None; table.len()],
            fixed: vec![false; table.len()],
            is_total: vec![false; table.len()],
            sums: table.sums.clone(),
            sums_of: Vec::new(),
            known_before: Vec::new(),
            exempt: BTreeSet::new(),
            safe: BTreeSet::new(),
        };
        for &(total, _) in &table.sums {
            work.is_total[total as usize] = true;
        }
        for at in 0..table.len() {
            if rules.is_small(table.counts[at]) {
                work.hidden[at] = Some(Reason::Small);
            }
        }
        if let Some(before) = before {
            work.remember(before);
        }
        work.sums_of = vec![Vec::new(); work.ids.len()];
        for (at, (total, parts)) in (0u32..).zip(&work.sums) {
            for &cell in parts.iter().chain([total]) {
                work.sums_of[cell as usize].push(at);
            }
        }
        work
    }

    /// Takes in what the release before gave away: cells with the count that they have still, and
    /// cells that are no longer in the table.
    fn remember(&mut self, before: &Release) {
        let positions: BTreeMap<String, u32> = self.ids.iter().cloned().zip(0u32..).collect();
        // Where each cell of that table is here; `None` where its count has changed.
        let mut here = Vec::with_capacity(before.table.len());
        for (at, id) in before.table.ids.iter().enumerate() {
            let (count, hidden) = (before.table.counts[at], before.hidden[at]);
            here.push(match positions.get(id) {
                Some(&position) if self.counts[position as usize] == count => {
                    let own = position as usize;
                    if hidden.is_none() {
                        self.fixed[own] = true;
                        if self.hidden[own].take().is_some() {
                            self.known_before.push(position);
                        }
                    }
                    Some(position)
                }
                Some(_) => None,
                None => {
                    let position = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
                    self.ids.push(id.clone());
                    self.counts.push(count);
                    self.hidden.push(hidden);
                    self.fixed.push(true);
                    self.is_total.push(false);
                    Some(position)
                }
            });
        }
        for (total, parts) in &before.table.sums {
            let total = here[*total as usize];
            let parts: Option<Vec<u32>> = parts.iter().map(|&part| here[part as usize]).collect();
            if let (Some(total), Some(parts)) = (total, parts)
                && !self.sums.contains(&(total, parts.clone()))
            {
                self.sums.push((total, parts));
            }
        }
    }

    /// The cells of a sum.
    fn cells(&self, sum: u32) -> impl Iterator<Item = (u32, i8)> + '_ {
        let (total, parts) = &self.sums[sum as usize];
        parts.iter().map(|&part| (part, 1)).chain([(*total, -1)])
    }

    fn is_hidden(&self, cell: u32) -> bool {
        self.hidden[cell as usize].is_some()
    }

    /// The hidden cells that sums connect with one, ascending, and those sums.
    fn component(&self, start: u32) -> (Vec<u32>, BTreeSet<u32>) {
        let (mut reached, mut sums) = (BTreeSet::from([start]), BTreeSet::new());
        let mut open = vec![start];
        while let Some(cell) = open.pop() {
            for &sum in &self.sums_of[cell as usize] {
                if sums.insert(sum) {
                    let hidden =
                        self.cells(sum).map(|(cell, _)| cell).filter(|&c| self.is_hidden(c));
                    open.extend(hidden.filter(|&cell| reached.insert(cell)));
                }
            }
        }
        (reached.into_iter().collect(), sums)
    }

    /// A hidden cell that can be narrowed further than it may be, if there is one.
    fn narrowed(&mut self) -> Option<u32> {
        for start in (0u32..).take(self.ids.len()) {
            if !self.is_hidden(start) || self.safe.contains(&start) {
                continue;
            }
            let (cells, sums) = self.component(start);
            let alone = sums.iter().find_map(|&sum| {
                let mut hidden =
                    self.cells(sum).map(|(cell, _)| cell).filter(|&c| self.is_hidden(c));
                let first = hidden.next()?;
                hidden.next().is_none().then_some(first)
            });
            if alone.is_some_and(|cell| !self.exempt.contains(&cell)) {
                return alone;
            }
            let equations: Vec<Equation> = sums
                .iter()
                .map(|&sum| {
                    let (terms, shown): (Vec<_>, Vec<_>) =
                        self.cells(sum).partition(|&(cell, _)| self.is_hidden(cell));
                    let count = |&(cell, sign): &(u32, i8)| {
                        i64::from(sign)
                            * i64::try_from(self.counts[cell as usize]).unwrap_or(i64::MAX)
                    };
                    Equation { terms, rest: -shown.iter().map(count).sum::<i64>() }
                })
                .collect();
            let mut hidden: Vec<Hidden> = cells.iter().map(|&cell| self.wanted(cell)).collect();
            if let Some(cell) = narrowed(&mut hidden, &equations) {
                return Some(cell);
            }
            self.safe.extend(cells);
        }
        None
    }

    /// What must stay possible for a cell; its true count is.
    fn wanted(&self, cell: u32) -> Hidden {
        let count = self.counts[cell as usize];
        let wanted = match self.hidden[cell as usize] {
            _ if self.exempt.contains(&cell) => (count, count),
            Some(Reason::Small) => (1, self.rules.threshold - 1),
            _ => (count.saturating_sub(AROUND), count + AROUND),
        };
        // Counts of people are far below 2⁵³.
        #[expect(clippy::cast_precision_loss)]
        let real = |count: u64| count as f64;
        let reached = (real(count), real(count));
        Hidden { cell, wanted: (real(wanted.0), real(wanted.1)), reached }
    }

    /// Hides one more cell to protect one, or finds that there is none.
    fn protect(&mut self, narrowed: u32) {
        let (cells, sums) = self.component(narrowed);
        let own: BTreeSet<u32> = self.sums_of[narrowed as usize].iter().copied().collect();
        let choose = |sums: &BTreeSet<u32>| {
            let beside = sums.iter().flat_map(|&sum| self.cells(sum)).map(|(cell, _)| cell);
            let free = beside.filter(|&cell| !self.is_hidden(cell) && !self.fixed[cell as usize]);
            free.min_by_key(|&cell| {
                let count = self.counts[cell as usize];
                (self.is_total[cell as usize], count == 0, count, &self.ids[cell as usize])
            })
        };
        let Some(cell) = choose(&own).or_else(|| choose(&sums)) else {
            self.exempt.insert(narrowed);
            return;
        };
        self.hidden[cell as usize] = Some(Reason::Protecting);
        // What it joins is looked at again.
        let (joined, _) = self.component(cell);
        for cell in cells.into_iter().chain(joined) {
            self.safe.remove(&cell);
        }
    }
}
