//! Targets that come and go: needs arrive all day.

use super::index::{Index, shortened, totals_of};
use crate::error::{Error, Result};
use crate::kernel;
use crate::matrix::{Rows, check_positions};
use crate::run::Run;

/// The targets of an [`Index`] as rows again.
#[derive(Clone, Debug)]
pub struct IndexRows(kernel::Loose);

impl IndexRows {
    /// The rows.
    pub fn rows(&self) -> Rows<'_> {
        self.0.rows()
    }
}

impl Index {
    /// Adds targets after the last one.
    ///
    /// O(their requirements and those of the last 16,384 targets); where they bring so many new
    /// pairs of level and weight that the codes of the index do not do, O(all). What the index
    /// then says is what one that was built from all targets says, cell by cell; only skills that
    /// have become common since it was built are read as if they were rare, which takes longer.
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for rows of people or on another axis, [`Error::TooMany`] past 2³¹ − 1
    /// targets, [`Error::Cancelled`]: nothing is changed then.
    ///
    /// # Example
    ///
    /// ```
    /// use passerelle::gap::Index;
    /// use passerelle::matrix::Rows;
    /// use passerelle::Run;
    ///
    /// let run = Run::new();
    /// let morning = Rows::required(&[0, 1], &[0], &[2], &[1], 2)?;
    /// let noon = Rows::required(&[0, 1], &[1], &[3], &[1], 2)?;
    /// let mut index = Index::new(morning, &run)?;
    /// index.add(noon, &run)?;
    /// assert_eq!(index.totals(), [2, 3]);
    /// index.remove(&[0], &run)?;
    /// assert_eq!(index.totals(), [3]);
    /// # Ok::<(), passerelle::Error>(())
    /// ```
    pub fn add(&mut self, targets: Rows<'_>, run: &Run) -> Result<()> {
        if targets.skill_count() != self.index.skill_count() {
            let value = format!("on an axis of {} skills", targets.skill_count());
            let expected = format!("on the index's axis of {} skills", self.index.skill_count());
            return Err(Error::argument("targets", value, expected));
        }
        let totals = totals_of(targets, run)?;
        let count = (self.totals.len() + totals.len()) as u64;
        let limit = u64::from(i32::MAX.unsigned_abs());
        if count > limit {
            return Err(Error::TooMany { what: "targets", count, limit });
        }
        run.install(|| self.index.append(targets, run))?;
        self.totals.extend(totals);
        self.short_totals = shortened(&self.totals);
        Ok(())
    }

    /// The targets as rows again: those that it was built from, with what came and went.
    /// O(requirements + skills).
    ///
    /// # Errors
    ///
    /// [`Error::Cancelled`].
    ///
    /// # Example
    ///
    /// ```
    /// use passerelle::gap::Index;
    /// use passerelle::matrix::Rows;
    /// use passerelle::Run;
    ///
    /// let index = Index::new(Rows::required(&[0, 1], &[1], &[2], &[3], 2)?, &Run::new())?;
    /// let targets = index.to_rows(&Run::new())?;
    /// let row = targets.rows().row(0);
    /// assert_eq!((row.skills(), row.total()), (&[1][..], 6));
    /// # Ok::<(), passerelle::Error>(())
    /// ```
    pub fn to_rows(&self, run: &Run) -> Result<IndexRows> {
        self.index.to_rows(run).map(IndexRows)
    }

    /// Removes the targets at `positions`, which are in ascending order; those after them move up.
    ///
    /// O(requirements of the runs of 16,384 targets that lose one, + targets).
    ///
    /// # Errors
    ///
    /// [`Error::Argument`] for positions that do not ascend or are beyond the last target,
    /// [`Error::Cancelled`]: nothing is changed then.
    pub fn remove(&mut self, positions: &[u32], run: &Run) -> Result<()> {
        check_positions(positions, self.totals.len())?;
        run.install(|| self.index.remove(positions, run))?;
        let mut gone = positions.iter().copied().peekable();
        let mut at = 0_u32;
        self.totals.retain(|_| {
            let stays = gone.next_if_eq(&at).is_none();
            at += 1;
            stays
        });
        self.short_totals = shortened(&self.totals);
        Ok(())
    }
}
