//! Credit that one skill gives towards another.
//!
//! A [`Transfer`] says how much of skill *s* is credited to who holds skill *s′*. It answers silent
//! skills only: direct evidence, level 0 included, wins. One step, no chains: ĥ(p, s) is the largest
//! of τ(s′ → s)·h(p, s′), rounded down to a step. [`Transfer::apply`] gives another [`Held`], once,
//! and [`Credited`] keeps where each credit came from; kernels and strategies know nothing of it, so
//! that any strategy runs with it.
//!
//! What is credited is not known: it lowers the upper gap alone. The lower gap, the known share and
//! whether a person is eligible come from what was held before ([`Credited::bounds`]).

mod from;
mod together;

use std::sync::Arc;

use serde::Serialize;

pub use from::{CoOccurrence, EdgeCredits, Hierarchy};

#[cfg(feature = "label")]
pub(crate) use together::each_together;

use crate::error::{Error, Result};
use crate::matrix::{Held, HeldRow, Necessity, Required, RequiredRow, Sparse};
use crate::run::Run;
use crate::skill::SkillAxis;

/// What a credit comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CreditSource {
    /// Skills near in the hierarchy.
    Hierarchy,
    /// An edge of a crosswalk.
    Crosswalk,
    /// Skills required together.
    CoOccurrence,
    /// The caller.
    Given,
}

/// How much each skill credits others: τ in (0, 1], sparse.
///
/// # Example
///
/// ```
/// use std::sync::Arc;
/// use passerelle::transfer::Transfer;
/// use passerelle::{Held, LevelScale, SkillAxis};
///
/// let scale = LevelScale::new("steps", 4)?;
/// let axis = Arc::new(SkillAxis::from_ids("demo", "1", scale, ["weld", "braze", "read"])?);
/// let mut people = Held::builder(&axis);
/// people.hold("p1", "weld", 3)?;
/// people.hold("p1", "read", 0)?;
///
/// let transfer = Transfer::new(&axis, [("weld", "braze", 0.5), ("weld", "read", 1.0)])?;
/// let credited = transfer.apply(&people.build()?)?;
/// // Half of 3 steps, rounded down; and nothing makes up for what is known not to be held.
/// assert_eq!(credited.held().row(0).levels, [3, 1, 0]);
/// assert_eq!(credited.source(0, 1).map(|credit| credit.from), Some(0));
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Transfer {
    axis: Arc<SkillAxis>,
    /// From each skill to those that it credits.
    credits: Sparse,
    /// Beside the cells of `credits`, row by row.
    sources: Vec<Vec<CreditSource>>,
}

/// One credit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Credit {
    /// The skill that is held.
    pub from: u32,
    /// How much of it counts.
    pub share: f32,
    /// Where that comes from.
    pub source: CreditSource,
}

impl Transfer {
    /// From the caller: held skill, credited skill, share.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] skill, [`Error::Argument`] for a share that is not above 0 and at most 1.
    pub fn new<'s>(
        axis: &Arc<SkillAxis>,
        credits: impl IntoIterator<Item = (&'s str, &'s str, f32)>,
    ) -> Result<Self> {
        let mut cells = Vec::new();
        for (from, to, share) in credits {
            cells.push((axis.position(from)?, axis.position(to)?, share));
        }
        Self::from_cells(axis, cells, CreditSource::Given)
    }

    /// From positions. Of a pair given twice the largest share counts; a skill credits not itself.
    pub(crate) fn from_cells(
        axis: &Arc<SkillAxis>,
        cells: impl IntoIterator<Item = (u32, u32, f32)>,
        source: CreditSource,
    ) -> Result<Self> {
        let mut rows: Vec<Vec<(u32, f32)>> = vec![Vec::new(); axis.len()];
        for (from, to, share) in cells {
            if !(share > 0.0 && share <= 1.0) {
                let ids = axis.ids();
                let value = format!("{share} for {} → {}", &ids[from], &ids[to]);
                return Err(Error::argument("share", value, "above 0 and at most 1"));
            }
            if from != to {
                rows[from as usize].push((to, share));
            }
        }
        for row in &mut rows {
            row.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
            row.dedup_by_key(|&mut (to, _)| to);
        }
        let sources = rows.iter().map(|row| vec![source; row.len()]).collect();
        let width = u32::try_from(axis.len()).unwrap_or(u32::MAX);
        Ok(Self { axis: Arc::clone(axis), credits: Sparse::from_rows(width, rows), sources })
    }

    /// The axis that both ends are on.
    pub fn axis(&self) -> &Arc<SkillAxis> {
        &self.axis
    }

    /// How many pairs of skills there are.
    pub fn len(&self) -> usize {
        self.credits.cells()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What a held skill credits: skill, share and source, skills ascending.
    ///
    /// # Panics
    ///
    /// When the position is not on the axis.
    pub fn from(&self, skill: u32) -> impl Iterator<Item = (u32, f32, CreditSource)> + '_ {
        let sources = self.sources[skill as usize].iter().copied();
        self.credits.cells_of(skill as usize).zip(sources).map(|((to, share), s)| (to, share, s))
    }

    /// Both together: of each pair the larger share, of equal ones that of `self`.
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`].
    pub fn with(&self, other: &Self) -> Result<Self> {
        self.axis.check_same(&other.axis)?;
        let (mut rows, mut sources) = (Vec::new(), Vec::new());
        for skill in (0u32..).take(self.axis.len()) {
            let mut all: Vec<_> = self.from(skill).chain(other.from(skill)).collect();
            // Stable, so that `self` stays first among equals.
            all.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
            all.dedup_by_key(|&mut (to, ..)| to);
            sources.push(all.iter().map(|&(.., source)| source).collect());
            rows.push(all.into_iter().map(|(to, share, _)| (to, share)).collect());
        }
        let axis = Arc::clone(&self.axis);
        Ok(Self { axis, credits: Sparse::from_rows(self.credits.width(), rows), sources })
    }

    /// Without credits towards what blocks any of these targets: a licence or a regulated title, for
    /// which no other skill makes up.
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`].
    pub fn never_blocking(&self, required: &Required) -> Result<Self> {
        self.axis.check_same(required.axis())?;
        let mut blocks = vec![false; self.axis.len()];
        for target in (0u32..).take(required.len()) {
            for (skill, requirement) in required.row(target).iter() {
                blocks[skill as usize] |= requirement.necessity == Necessity::Blocking;
            }
        }
        let (mut rows, mut sources) = (Vec::new(), Vec::new());
        for skill in (0u32..).take(self.axis.len()) {
            let kept = self.from(skill).filter(|&(to, ..)| !blocks[to as usize]);
            let kept: Vec<_> = kept.collect();
            sources.push(kept.iter().map(|&(.., source)| source).collect());
            rows.push(kept.into_iter().map(|(to, share, _)| (to, share)).collect());
        }
        let axis = Arc::clone(&self.axis);
        Ok(Self { axis, credits: Sparse::from_rows(self.credits.width(), rows), sources })
    }

    /// Credits silent skills, once. A credit of less than a step is none. Levels of skills on other
    /// scales count as shares of their tops. O(entries × credits of each).
    ///
    /// # Errors
    ///
    /// [`Error::AxisMismatch`].
    pub fn apply(&self, held: &Held) -> Result<Credited> {
        self.apply_on(held, &Run::new())
    }

    /// The same, which may be stopped.
    ///
    /// # Errors
    ///
    /// Those of [`Transfer::apply`]; [`Error::Cancelled`].
    pub fn apply_on(&self, held: &Held, run: &Run) -> Result<Credited> {
        self.axis.check_same(held.axis())?;
        let mut entries: Vec<(u32, u32, u16)> = Vec::with_capacity(held.entries());
        let mut sources: Vec<Vec<(u32, Credit)>> = Vec::with_capacity(held.len());
        for person in (0u32..).take(held.len()) {
            run.go_on()?;
            let row = held.row(person);
            let credited = self.row(row);
            let first = entries.len();
            entries.extend(row.iter().map(|(skill, level)| (person, skill, level)));
            entries.extend(credited.iter().map(|&(skill, level, _)| (person, skill, level)));
            entries[first..].sort_unstable();
            sources.push(credited.into_iter().map(|(skill, _, credit)| (skill, credit)).collect());
        }
        let people = Arc::clone(held.people());
        let after = Held::from_sorted(Arc::clone(&self.axis), people, entries);
        Ok(Credited { before: held.clone(), after, sources })
    }

    /// What one row is credited: skill, level and where from, skills ascending. Of credits that give
    /// the same level the largest share counts, then the lowest skill.
    fn row(&self, held: HeldRow<'_>) -> Vec<(u32, u16, Credit)> {
        let mut found: Vec<(u32, u16, Credit)> = Vec::new();
        for (from, level) in held.iter().filter(|&(_, level)| level > 0) {
            let top = f64::from(self.axis.scale(from).top());
            for (to, share, source) in self.from(from) {
                if held.level(to).is_none() {
                    let own = f64::from(self.axis.scale(to).top());
                    let steps = f64::from(share) * f64::from(level) * own / top;
                    // A share such as ⅓ of 3 steps is 1, though f32 rounds it below.
                    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
                    let steps = (steps + 1e-6).floor() as u16;
                    if steps > 0 {
                        found.push((to, steps, Credit { from, share, source }));
                    }
                }
            }
        }
        found.sort_by(|a, b| {
            a.0.cmp(&b.0)
                .then(b.1.cmp(&a.1))
                .then(b.2.share.total_cmp(&a.2.share))
                .then(a.2.from.cmp(&b.2.from))
        });
        found.dedup_by_key(|&mut (to, ..)| to);
        found
    }
}

/// What people hold with what they are credited.
#[derive(Clone, Debug)]
pub struct Credited {
    before: Held,
    after: Held,
    /// For each person the credited skills, ascending, with where from.
    sources: Vec<Vec<(u32, Credit)>>,
}

/// What is known of a gap where some skills are credited, in steps × weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CreditedBounds {
    /// The upper gap: silence counts as what is credited, or as not held.
    pub gap: u32,
    /// The lower gap, of what the profile speaks of.
    pub gap_lower: u32,
    /// Σ w·r of what the profile speaks of.
    pub known: u32,
    /// Σ w·r of everything.
    pub total: u32,
}

impl Credited {
    /// What people hold and are credited, for gaps and rankings.
    pub fn held(&self) -> &Held {
        &self.after
    }

    /// What they hold.
    pub fn before(&self) -> &Held {
        &self.before
    }

    /// Where a person's credit for a skill came from; `None` for what is held or not credited.
    ///
    /// # Panics
    ///
    /// When the person's position is not below the number of people.
    pub fn source(&self, person: u32, skill: u32) -> Option<Credit> {
        let row = &self.sources[person as usize];
        row.binary_search_by_key(&skill, |&(at, _)| at).ok().map(|at| row[at].1)
    }

    /// How many skills are credited in all.
    pub fn credits(&self) -> usize {
        self.sources.iter().map(Vec::len).sum()
    }

    /// The bounds of a person's gap: the upper one after credit, the lower one before.
    ///
    /// # Panics
    ///
    /// When the person's position is not below the number of people.
    pub fn bounds(&self, person: u32, required: RequiredRow<'_>) -> CreditedBounds {
        let (before, after) = (self.before.row(person), self.after.row(person));
        let mut bounds = CreditedBounds { gap: 0, gap_lower: 0, known: 0, total: 0 };
        for (skill, r) in required.iter() {
            let weight = u32::from(r.weight);
            let short = |held: u16| weight * u32::from(r.level.saturating_sub(held));
            bounds.total += weight * u32::from(r.level);
            bounds.gap += short(after.level(skill).unwrap_or(0));
            if let Some(held) = before.level(skill) {
                bounds.gap_lower += short(held);
                bounds.known += weight * u32::from(r.level);
            }
        }
        bounds
    }
}
