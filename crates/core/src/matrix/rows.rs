//! Views of sparse matrices on the skill axis, checked once when they are made.

use rayon::prelude::*;

use crate::error::{Error, Result};
use crate::run::Run;
use crate::skill::SkillAxis;
use crate::text::Ids;

/// A level and a weight: one cell of a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pair {
    /// Steps of the framework's scale.
    pub level: u16,
    /// Whole-number weight; 1 on the side of people.
    pub weight: u16,
}

/// A sparse matrix: rows of (skill, level, weight), skills ascending within a row.
///
/// A view of [`Required`](super::Required), of [`Held`](super::Held), or of arrays that the caller
/// has, checked once. Copying it copies a few pointers.
///
/// # Example
///
/// ```
/// use passerelle::matrix::Rows;
///
/// // Two people: the first holds skill 1 at level 3, the second skills 0 and 2 at level 1.
/// let (offsets, skills, levels) = ([0, 1, 3], [1, 0, 2], [3, 1, 1]);
/// let people = Rows::held(&offsets, &skills, &levels, 3)?;
/// assert_eq!(people.row(1).skills(), [0, 2]);
/// let beyond = Rows::held(&offsets, &skills, &levels, 2).unwrap_err();
/// assert!(beyond.to_string().starts_with("row 1"));
/// # Ok::<(), passerelle::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    offsets: &'a [u64],
    skills: &'a [u32],
    levels: &'a [u16],
    weights: Option<&'a [u16]>,
    skill_count: u32,
}

/// One row of [`Rows`].
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    skills: &'a [u32],
    levels: &'a [u16],
    weights: Option<&'a [u16]>,
}

impl<'a> Rows<'a> {
    /// Targets: every level and weight above 0, every total at most `u32::MAX`. A row may be empty.
    /// O(cells).
    ///
    /// # Errors
    ///
    /// [`Error::ArrayLength`], [`Error::RowBounds`], [`Error::RowSkills`], [`Error::RowZero`],
    /// [`Error::RowTotal`], each with the first row at fault; [`Error::TooMany`] past 2³¹ − 1 rows.
    pub fn required(
        offsets: &'a [u64],
        skills: &'a [u32],
        levels: &'a [u16],
        weights: &'a [u16],
        skill_count: u32,
    ) -> Result<Self> {
        let rows = Self { offsets, skills, levels, weights: Some(weights), skill_count };
        rows.check()?;
        (0..rows.len()).try_for_each(|row| rows.check_required(row))?;
        Ok(rows)
    }

    /// The same on the threads of a run, which may be stopped.
    ///
    /// # Errors
    ///
    /// Those of [`Rows::required`]; [`Error::Cancelled`].
    pub fn required_on(
        offsets: &'a [u64],
        skills: &'a [u32],
        levels: &'a [u16],
        weights: &'a [u16],
        skill_count: u32,
        run: &Run,
    ) -> Result<Self> {
        let rows = Self { offsets, skills, levels, weights: Some(weights), skill_count };
        rows.check()?;
        look_over(rows.len(), |row| rows.check_required(row), run)?;
        Ok(rows)
    }

    /// People: levels from 0, which is known not to be held. O(cells).
    ///
    /// # Errors
    ///
    /// As [`Rows::required`], of which levels and totals are not asked.
    pub fn held(
        offsets: &'a [u64],
        skills: &'a [u32],
        levels: &'a [u16],
        skill_count: u32,
    ) -> Result<Self> {
        let rows = Self { offsets, skills, levels, weights: None, skill_count };
        rows.check()?;
        (0..rows.len()).try_for_each(|row| rows.check_skills(row))?;
        Ok(rows)
    }

    /// The same on the threads of a run, which may be stopped.
    ///
    /// # Errors
    ///
    /// Those of [`Rows::held`]; [`Error::Cancelled`].
    pub fn held_on(
        offsets: &'a [u64],
        skills: &'a [u32],
        levels: &'a [u16],
        skill_count: u32,
        run: &Run,
    ) -> Result<Self> {
        let rows = Self { offsets, skills, levels, weights: None, skill_count };
        rows.check()?;
        look_over(rows.len(), |row| rows.check_skills(row), run)?;
        Ok(rows)
    }

    /// Rows whose maker has seen to what [`Rows::required`] and [`Rows::held`] check.
    pub(crate) fn trusted(
        offsets: &'a [u64],
        skills: &'a [u32],
        levels: &'a [u16],
        weights: Option<&'a [u16]>,
        skill_count: usize,
    ) -> Self {
        // Positions on an axis have 32 bits: its id table holds no more.
        let skill_count = u32::try_from(skill_count).unwrap_or(u32::MAX);
        Self { offsets, skills, levels, weights, skill_count }
    }

    /// The arrays stand side by side; what rows say is checked beside it.
    fn check(&self) -> Result<()> {
        check_length("levels", self.levels.len(), self.skills.len())?;
        check_length(
            "weights",
            self.weights.map_or(self.skills.len(), <[u16]>::len),
            self.skills.len(),
        )?;
        check_bounds(self.offsets, self.skills.len())
    }

    fn check_skills(&self, row: usize) -> Result<()> {
        check_skills(row, self.row(row).skills, self.skill_count)
    }

    fn check_required(&self, at: usize) -> Result<()> {
        self.check_skills(at)?;
        let (row, at) = (self.row(at), at as u64);
        if row.cells().any(|(_, pair)| pair.level == 0 || pair.weight == 0) {
            return Err(Error::RowZero { row: at });
        }
        let total = row.total();
        if u32::try_from(total).is_err() {
            return Err(Error::RowTotal { row: at, total });
        }
        Ok(())
    }

    /// Refuses an axis of another length.
    pub(super) fn check_axis(&self, axis: &SkillAxis) -> Result<()> {
        if self.skill_count as usize == axis.len() {
            return Ok(());
        }
        Err(Error::argument("skill_count", self.skill_count, format!("{}, as {axis}", axis.len())))
    }

    /// Copies of the arrays: offsets, skills, levels, weights (empty on the side of people).
    pub(super) fn into_vecs(self) -> (Vec<u64>, Vec<u32>, Vec<u16>, Vec<u16>) {
        let weights = self.weights.map(<[u16]>::to_vec).unwrap_or_default();
        (self.offsets.to_vec(), self.skills.to_vec(), self.levels.to_vec(), weights)
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many skills the axis has.
    #[must_use]
    pub fn skill_count(&self) -> u32 {
        self.skill_count
    }

    /// How many cells.
    #[must_use]
    pub fn cell_count(&self) -> usize {
        self.skills.len()
    }

    /// Row `row`; panics beyond the last.
    #[must_use]
    #[inline]
    pub fn row(&self, row: usize) -> Row<'a> {
        #[expect(clippy::cast_possible_truncation, reason = "bounds lie within arrays in memory")]
        let (start, end) = (self.offsets[row] as usize, self.offsets[row + 1] as usize);
        Row {
            skills: &self.skills[start..end],
            levels: &self.levels[start..end],
            weights: self.weights.map(|weights| &weights[start..end]),
        }
    }

    /// The rows, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Row<'a>> + 'a {
        let rows = *self;
        (0..rows.len()).map(move |at| rows.row(at))
    }

    /// The levels of all cells, and the weights where the rows carry them.
    pub(crate) fn columns(&self) -> (&'a [u16], Option<&'a [u16]>) {
        (self.levels, self.weights)
    }

    /// Whether the rows carry weights: targets do, people do not.
    #[must_use]
    pub fn is_weighted(&self) -> bool {
        self.weights.is_some()
    }

    /// Σ weight × level of every row.
    #[must_use]
    pub fn totals(&self) -> Vec<u64> {
        self.iter().map(Row::total).collect()
    }
}

impl<'a> Row<'a> {
    /// The skills, ascending.
    #[must_use]
    pub fn skills(&self) -> &'a [u32] {
        self.skills
    }

    /// The levels, beside the skills.
    #[must_use]
    pub fn levels(&self) -> &'a [u16] {
        self.levels
    }

    /// The weights, beside the skills; `None` on the side of people.
    #[must_use]
    pub fn weights(&self) -> Option<&'a [u16]> {
        self.weights
    }

    /// Each skill with its cell.
    #[inline]
    pub fn cells(self) -> impl ExactSizeIterator<Item = (u32, Pair)> + 'a {
        (0..self.skills.len()).map(move |at| (self.skills[at], self.pair(at)))
    }

    /// The cell at place `at` of the row.
    #[inline]
    #[must_use]
    pub fn pair(&self, at: usize) -> Pair {
        Pair { level: self.levels[at], weight: self.weights.map_or(1, |weights| weights[at]) }
    }

    /// Σ weight × level.
    #[must_use]
    pub fn total(self) -> u64 {
        self.cells().map(|(_, pair)| u64::from(pair.level) * u64::from(pair.weight)).sum()
    }
}

/// The ids of rows that have none: their positions.
pub(super) fn numbered(rows: usize) -> Result<Ids> {
    let mut ids = Ids::new();
    for row in 0..rows {
        ids.insert(&row.to_string())?;
    }
    Ok(ids)
}

/// Arrays that stand side by side are of one length.
pub(crate) fn check_length(array: &'static str, length: usize, expected: usize) -> Result<()> {
    if length != expected {
        let (length, expected) = (length as u64, expected as u64);
        return Err(Error::ArrayLength { array, length, expected });
    }
    Ok(())
}

/// Positions ascend, each once, and there are that many rows.
pub(crate) fn check_positions(positions: &[u32], rows: usize) -> Result<()> {
    let wrong = positions.windows(2).find(|pair| pair[0] >= pair[1]).map(|pair| pair[1]);
    let beyond = positions.last().copied().filter(|&last| last as usize >= rows);
    if let Some(position) = wrong.or(beyond) {
        let expected = format!("ascending, and below {rows}");
        return Err(Error::argument("positions", position, expected));
    }
    Ok(())
}

/// Offsets start at 0, ascend and end at the number of cells; rows are as many as results can name.
pub(crate) fn check_bounds(offsets: &[u64], cells: usize) -> Result<()> {
    if offsets.first() != Some(&0) {
        return Err(Error::RowBounds { row: 0 });
    }
    let rows = offsets.len() - 1;
    let limit = u64::from(i32::MAX.unsigned_abs());
    if rows as u64 > limit {
        return Err(Error::TooMany { what: "rows", count: rows as u64, limit });
    }
    let wrong = offsets.windows(2).position(|pair| pair[0] > pair[1] || pair[1] > cells as u64);
    if let Some(row) = wrong {
        return Err(Error::RowBounds { row: row as u64 });
    }
    if offsets[rows] != cells as u64 {
        return Err(Error::RowBounds { row: rows.saturating_sub(1) as u64 });
    }
    Ok(())
}

/// The skills of a row are strictly ascending on the axis.
pub(crate) fn check_skills(row: usize, skills: &[u32], skill_count: u32) -> Result<()> {
    let ascending = skills.windows(2).all(|pair| pair[0] < pair[1]);
    if !ascending || skills.last().is_some_and(|&skill| skill >= skill_count) {
        return Err(Error::RowSkills { row: row as u64, skill_count });
    }
    Ok(())
}

/// Rows that are looked at before asking again whether to go on.
const ROWS_AT_ONCE: usize = 4096;

/// Looks at every row on the threads of a run; the error is that of the first at fault.
pub(crate) fn look_over(
    rows: usize,
    look: impl Fn(usize) -> Result<()> + Sync,
    run: &Run,
) -> Result<()> {
    let some = |part: usize| {
        run.go_on()?;
        (part * ROWS_AT_ONCE..rows.min((part + 1) * ROWS_AT_ONCE)).try_for_each(&look)
    };
    let parts = rows.div_ceil(ROWS_AT_ONCE);
    let fault = run.install(|| (0..parts).into_par_iter().map(some).find_first(Result::is_err));
    fault.unwrap_or(Ok(()))
}
